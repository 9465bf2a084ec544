//! `ground.db`: arrivals, what could not be received, what analysts did, and the custody log. Rows are only ever added.

use std::collections::BTreeMap;
use std::path::Path;

use model::{Act, Deed, Item, Noun, Problem};
use rusqlite::{Connection, OptionalExtension, params};

use crate::clock;
use crate::custody::{Chain, Entry};
use crate::error::Result;

const SCHEMA: &str = "
    CREATE TABLE IF NOT EXISTS arrival (key BLOB PRIMARY KEY, seq INTEGER NOT NULL, body TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS refused (key BLOB PRIMARY KEY, seq INTEGER NOT NULL, about TEXT NOT NULL, body TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS act (key BLOB PRIMARY KEY, seq INTEGER NOT NULL, body TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS entry (seq INTEGER PRIMARY KEY, body TEXT NOT NULL);
";

/// The command under which acts stand in the custody log.
const ACTS: &str = "act";

/// The ground's database.
#[derive(Debug)]
pub struct Ground {
    connection: Connection,
}

impl Ground {
    pub(crate) fn at(path: &Path) -> Result<Self> {
        let connection = Connection::open(path)?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        connection.busy_timeout(std::time::Duration::from_secs(20))?;
        connection.execute_batch(SCHEMA)?;
        Ok(Self { connection })
    }

    /// Adds arrivals and refusals together with the entry that tells of them; returns how many arrivals were new.
    pub(crate) fn receive(&mut self, actor: &str, items: &[Item], refused: &[Problem]) -> Result<usize> {
        let transaction = self.connection.transaction()?;
        let last = last_entry(&transaction)?;
        let mut inputs = Vec::new();
        let mut new = 0;
        let seq = last.as_ref().map_or(0, |last| last.seq + 1);
        for item in items {
            let body = serde_json::to_string(item)?;
            let changed = transaction.execute(
                "INSERT INTO arrival (key, seq, body) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
                params![item.key(), seq, body],
            )?;
            new += changed;
            let again = if changed == 0 { " again" } else { "" };
            inputs.push(format!("{}{again}", item.id));
        }
        for problem in refused {
            let body = serde_json::to_string(problem)?;
            transaction.execute(
                "INSERT INTO refused (key, seq, about, body) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING",
                params![problem.key(), seq, problem.about, body],
            )?;
            inputs.push(format!("refused {} {}", problem.code.slug(), problem.about));
        }
        append(&transaction, last.as_ref(), actor, "add", inputs)?;
        transaction.commit()?;
        Ok(new)
    }

    /// Adds an act together with the entry that tells of it.
    pub(crate) fn act(&mut self, act: &Act) -> Result<()> {
        let transaction = self.connection.transaction()?;
        let last = last_entry(&transaction)?;
        let seq = last.as_ref().map_or(0, |last| last.seq + 1);
        let body = serde_json::to_string(act)?;
        // The whole act is in the log, so that the chain holds it too.
        let inputs = vec![act.id.to_string(), body.clone()];
        transaction.execute(
            "INSERT INTO act (key, seq, body) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
            params![act.key(), seq, body],
        )?;
        append(&transaction, last.as_ref(), &act.actor, ACTS, inputs)?;
        transaction.commit()?;
        Ok(())
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

    /// One sentence for each act that is not as the custody log has it.
    pub(crate) fn unlogged(&self) -> Result<Vec<String>> {
        let mut acts: BTreeMap<String, String> = BTreeMap::new();
        for act in self.acts()? {
            acts.insert(act.id.to_string(), serde_json::to_string(&act)?);
        }
        let mut wrong = Vec::new();
        for entry in self.entries()? {
            let (ACTS, [id, body]) = (entry.command.as_str(), entry.inputs.as_slice()) else { continue };
            match acts.remove(id) {
                None => wrong.push(format!("{id} is in the log and no longer among the acts")),
                Some(held) if held != *body => wrong.push(format!("{id} was changed after it was entered")),
                Some(_) => {}
            }
        }
        wrong.extend(acts.into_keys().map(|id| format!("{id} stands among the acts and not in the log")));
        Ok(wrong)
    }

    /// Adds an entry to the custody log.
    pub fn enter(&mut self, actor: &str, command: &str, inputs: Vec<String>) -> Result<()> {
        let transaction = self.connection.transaction()?;
        let last = last_entry(&transaction)?;
        append(&transaction, last.as_ref(), actor, command, inputs)?;
        transaction.commit()?;
        Ok(())
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

fn last_entry(connection: &Connection) -> Result<Option<Entry>> {
    let body: Option<String> = connection
        .query_row("SELECT body FROM entry ORDER BY seq DESC LIMIT 1", [], |row| row.get(0))
        .optional()?;
    Ok(body.map(|body| serde_json::from_str(&body)).transpose()?)
}

fn append(
    connection: &Connection,
    last: Option<&Entry>,
    actor: &str,
    command: &str,
    inputs: Vec<String>,
) -> Result<()> {
    let entry = Entry::after(last, clock::now(), actor, command, inputs);
    connection.execute(
        "INSERT INTO entry (seq, body) VALUES (?1, ?2)",
        params![entry.seq, serde_json::to_string(&entry)?],
    )?;
    Ok(())
}
