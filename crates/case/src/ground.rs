//! `ground.db`: arrivals, what could not be received, what analysts did, and the custody log. Rows are only ever added.
//!
//! All that was committed is in this one file: SQLite keeps a journal beside it only while it writes. `ground.sum` beside it
//! holds the file's SHA-256 as it was last left, so that a changed byte shows even where it carries no row.

use std::fs;
use std::path::{Path, PathBuf};

use model::{Act, Deed, Digest, Hasher, Item, Noun, Problem};
use rusqlite::{Connection, OptionalExtension, params};

use crate::clock;
use crate::custody::{Chain, Done, Entry};
use crate::error::{At, Result};
use crate::sum::Sum;

const SCHEMA: &str = "
    CREATE TABLE IF NOT EXISTS arrival (key BLOB PRIMARY KEY, seq INTEGER NOT NULL, body TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS refused (key BLOB PRIMARY KEY, seq INTEGER NOT NULL, about TEXT NOT NULL, body TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS act (key BLOB PRIMARY KEY, seq INTEGER NOT NULL, body TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS entry (seq INTEGER PRIMARY KEY, body TEXT NOT NULL);
";

/// The tables that hold rows of the ground, beside the log itself.
pub(crate) const TABLES: [&str; 3] = ["arrival", "refused", "act"];
/// The command under which acts stand in the custody log.
pub(crate) const ACTS: &str = "act";
/// The command of the entry that takes into the log what an earlier version had entered without digests.
pub(crate) const PIN: &str = "pin";
/// What an output that holds a signature begins with.
pub(crate) const SIGNATURE: &str = "signature ";

/// The ground's database.
#[derive(Debug)]
pub struct Ground {
    connection: Connection,
    path: PathBuf,
    written: bool,
}

impl Ground {
    pub(crate) fn at(path: &Path) -> Result<Self> {
        let connection = Connection::open(path)?;
        let mode: String = connection.pragma_query_value(None, "journal_mode", |row| row.get(0))?;
        let written = mode != "delete";
        if written {
            connection.pragma_update(None, "journal_mode", "DELETE")?;
        }
        connection.pragma_update(None, "synchronous", "FULL")?;
        connection.busy_timeout(std::time::Duration::from_secs(20))?;
        connection.execute_batch(SCHEMA)?;
        Ok(Self { connection, path: path.to_owned(), written })
    }

    /// Adds arrivals and refusals together with the entry that tells of them; returns how many arrivals were new.
    pub(crate) fn receive(&mut self, actor: &str, items: &[Item], refused: &[Problem]) -> Result<usize> {
        self.writing(|transaction, last| {
            let (mut inputs, mut outputs, mut new) = (Vec::new(), Vec::new(), 0);
            let seq = last.map_or(0, |last| last.seq + 1);
            for item in items {
                let body = serde_json::to_string(item)?;
                let changed = transaction.execute(
                    "INSERT INTO arrival (key, seq, body) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
                    params![item.key(), seq, body],
                )?;
                new += changed;
                let again = if changed == 0 { " again" } else { "" };
                inputs.push(format!("{}{again}", item.id));
                outputs.extend((changed > 0).then(|| row_output(item.id, &body)));
            }
            for problem in refused {
                let body = serde_json::to_string(problem)?;
                let changed = transaction.execute(
                    "INSERT INTO refused (key, seq, about, body) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING",
                    params![problem.key(), seq, problem.about, body],
                )?;
                inputs.push(format!("refused {} {}", problem.code.slug(), problem.about));
                outputs.extend((changed > 0).then(|| row_output(problem.id, &body)));
            }
            append(transaction, last, Done { actor, command: "add", inputs, outputs })?;
            Ok(new)
        })
    }

    /// Adds an act together with the entry that tells of it, which `actor` makes. `signatures` are over the act's JSON.
    pub(crate) fn act(&mut self, actor: &str, act: &Act, signatures: &[String]) -> Result<()> {
        self.writing(|transaction, last| {
            let seq = last.map_or(0, |last| last.seq + 1);
            let body = serde_json::to_string(act)?;
            let mut outputs = vec![row_output(act.id, &body)];
            outputs.extend(signatures.iter().map(|signature| format!("{SIGNATURE}{signature}")));
            // The whole act is in the log, so that the chain holds it too.
            let inputs = vec![act.id.to_string(), body.clone()];
            transaction.execute(
                "INSERT INTO act (key, seq, body) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
                params![act.key(), seq, body],
            )?;
            append(transaction, last, Done { actor, command: ACTS, inputs, outputs })
        })
    }

    /// One transaction that ends with an entry; `work` is told the last entry before it. A log of an earlier version is pinned first.
    fn writing<T>(&mut self, work: impl FnOnce(&Connection, Option<&Entry>) -> Result<T>) -> Result<T> {
        let toml = self.path.with_file_name("case.toml");
        let transaction = self.connection.transaction()?;
        let mut last = last_entry(&transaction)?;
        if last.as_ref().is_some_and(Entry::is_old) {
            let outputs = pin_outputs(&transaction, &fs::read(&toml).at(&toml)?)?;
            append(
                &transaction,
                last.as_ref(),
                Done { actor: "truecopy", command: PIN, inputs: Vec::new(), outputs },
            )?;
            last = last_entry(&transaction)?;
        }
        self.written = true;
        let value = work(&transaction, last.as_ref())?;
        transaction.commit()?;
        Ok(value)
    }

    /// Every act, in the order in which they were done.
    pub fn acts(&self) -> Result<Vec<Act>> {
        self.bodies("SELECT body FROM act ORDER BY seq")
    }

    /// The acts that stand and are no taking back, in their order.
    pub fn standing(&self) -> Result<Vec<Act>> {
        let mut acts = self.acts()?;
        let standing = model::standing(&acts);
        acts.retain(|act| standing.contains(&act.id) && !matches!(act.deed, Deed::Undo { .. }));
        Ok(acts)
    }

    /// Adds an entry to the custody log.
    pub fn enter(&mut self, done: Done) -> Result<()> {
        self.writing(|transaction, last| append(transaction, last, done))
    }

    /// Every arrival, sorted by id.
    pub fn items(&self) -> Result<Vec<Item>> {
        self.bodies("SELECT body FROM arrival ORDER BY key")
    }

    /// What could not be received and has not been received since, sorted by id.
    pub fn refused(&self) -> Result<Vec<Problem>> {
        self.bodies(
            "SELECT r.body FROM refused r WHERE NOT EXISTS
             (SELECT 1 FROM arrival a WHERE a.seq >= r.seq AND a.body ->> 'path' = r.about) ORDER BY r.key",
        )
    }

    /// The custody log from its beginning.
    pub fn entries(&self) -> Result<Vec<Entry>> {
        self.bodies("SELECT body FROM entry ORDER BY seq")
    }

    /// Walks the custody log.
    pub fn chain(&self) -> Result<Chain> {
        let mut chain = Chain::default();
        self.entries()?.into_iter().for_each(|entry| chain.push(entry));
        Ok(chain)
    }

    fn bodies<T: serde::de::DeserializeOwned>(&self, sql: &str) -> Result<Vec<T>> {
        let mut statement = self.connection.prepare(sql)?;
        let rows = statement.query_map([], |row| row.get::<_, String>(0))?;
        rows.map(|body| Ok(serde_json::from_str(&body?)?)).collect()
    }
}

impl Drop for Ground {
    /// Leaves the file's own digest beside it. Where that fails, or the process is killed before, the sum is of an earlier
    /// entry, which `verify` tells apart from a changed file.
    fn drop(&mut self) {
        if self.written
            && let Ok(chain) = self.chain()
        {
            let _ = Sum::renew(&self.path, chain.end());
        }
    }
}

fn last_entry(connection: &Connection) -> Result<Option<Entry>> {
    let body: Option<String> = connection
        .query_row("SELECT body FROM entry ORDER BY seq DESC LIMIT 1", [], |row| row.get(0))
        .optional()?;
    Ok(body.map(|body| serde_json::from_str(&body)).transpose()?)
}

fn append(connection: &Connection, last: Option<&Entry>, done: Done) -> Result<()> {
    let entry = Entry::after(last, clock::now(), done);
    connection.execute(
        "INSERT INTO entry (seq, body) VALUES (?1, ?2)",
        params![entry.seq, serde_json::to_string(&entry)?],
    )?;
    Ok(())
}

/// How a new row stands in the log.
fn row_output(id: impl std::fmt::Display, body: &str) -> String {
    format!("{id} {}", Digest::of(body.as_bytes()))
}

/// How what an earlier version entered is taken into the log: rows in the order of tables and keys, and `case.toml`.
pub(crate) fn pin_outputs(connection: &Connection, toml: &[u8]) -> Result<Vec<String>> {
    let (count, digest) = rows_before(connection, u64::MAX >> 1)?;
    Ok(vec![format!("rows {count} {digest}"), format!("case.toml {}", Digest::of(toml))])
}

/// How many rows were entered before entry `seq`, and the digest over them.
pub(crate) fn rows_before(connection: &Connection, seq: u64) -> Result<(u64, Digest)> {
    let (mut hasher, mut count) = (Hasher::new("rows"), 0);
    for table in TABLES {
        hasher.text(table);
        let sql = format!("SELECT key, seq, body FROM {table} WHERE seq < ?1 ORDER BY key");
        let mut statement = connection.prepare(&sql)?;
        let mut rows = statement.query([seq])?;
        while let Some(row) = rows.next()? {
            hasher.bytes(row.get_ref(0)?.as_bytes().map_err(rusqlite::Error::from)?);
            hasher.number(row.get(1)?);
            hasher.bytes(row.get_ref(2)?.as_bytes().map_err(rusqlite::Error::from)?);
            count += 1;
        }
    }
    Ok((count, Digest::from(hasher.finish())))
}
