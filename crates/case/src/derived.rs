//! `derived.db`: finished runs and the nouns they yielded. May be deleted; comes out identical.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use model::{Digest, Hasher, Noun, Problem, RunId};
use rusqlite::{Connection, OpenFlags, OptionalExtension, params};

use crate::error::{At, Result};
use crate::rows::Rows;
use crate::search;

/// Raise when the tables change: an older file is deleted and derived anew.
const LAYOUT: i32 = 4;

/// Bytes of the database that the connection that writes keeps in memory, and each that reads: keys are digests, so that rows
/// come to the indexes in no order, and what is not kept is read again for each.
const KEPT_TO_WRITE: i64 = 48 << 20;
const KEPT_TO_READ: i64 = 8 << 20;

const SCHEMA: &str = "
    CREATE TABLE IF NOT EXISTS run (
        n INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, stage TEXT NOT NULL, input TEXT NOT NULL,
        material BLOB NOT NULL, UNIQUE (stage, input));
    CREATE TABLE IF NOT EXISTS noun (
        n INTEGER PRIMARY KEY, kind TEXT NOT NULL, key BLOB NOT NULL, owner BLOB, run INTEGER NOT NULL,
        body TEXT NOT NULL);
    CREATE UNIQUE INDEX IF NOT EXISTS noun_by_key ON noun (kind, key);
    CREATE INDEX IF NOT EXISTS noun_by_owner ON noun (kind, owner, key, run);
    CREATE INDEX IF NOT EXISTS noun_by_run ON noun (run);
    CREATE TABLE IF NOT EXISTS entered (one INTEGER PRIMARY KEY);
";

/// The derived database: one connection that writes, as many as needed that read.
#[derive(Debug)]
pub struct Derived {
    path: PathBuf,
    // Closed before the one that writes, which then moves the log of writes into the database and removes it.
    readers: Mutex<Vec<Connection>>,
    writer: Mutex<Connection>,
}

/// A finished run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finished {
    /// Made of the stage's name and version and all that the result depends on.
    pub id: RunId,
    /// The stage.
    pub stage: String,
    /// What it worked on, in the stage's words.
    pub input: String,
    /// Digest of the material alone, without the tools: tells whether the result still holds where the tools are not at
    /// hand.
    pub material: [u8; 32],
}

impl Finished {
    /// Whether this run answers what `due` asks for; `tools` is whether the tools count too.
    pub fn holds(&self, due: &Self, tools: bool) -> bool {
        if tools { self.id == due.id } else { self.material == due.material }
    }
}

/// What a stage yielded over all its runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Yielded {
    /// The stage.
    pub stage: String,
    /// How many runs it finished.
    pub runs: u64,
    /// SHA-256 over its runs by input and the nouns of each by kind and key.
    pub digest: Digest,
}

impl fmt::Display for Yielded {
    /// As it stands in the custody log.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "stage {} runs {} {}", self.stage, self.runs, self.digest)
    }
}

/// What every stage yielded, sorted by stage.
pub(crate) fn yielded(connection: &Connection) -> Result<Vec<Yielded>> {
    let mut runs =
        connection.prepare("SELECT n, id, stage, input, material FROM run ORDER BY stage, input")?;
    let mut nouns =
        connection.prepare("SELECT kind, key, owner, body FROM noun WHERE run = ?1 ORDER BY kind, key")?;
    let (mut all, mut hasher) = (Vec::<Yielded>::new(), Hasher::new("yielded"));
    let mut rows = runs.query([])?;
    while let Some(row) = rows.next()? {
        let stage: String = row.get(2)?;
        if all.last().is_none_or(|last| last.stage != stage) {
            let done = std::mem::replace(&mut hasher, Hasher::new("yielded"));
            if let Some(last) = all.last_mut() {
                last.digest = Digest::from(done.finish());
            }
            all.push(Yielded { stage, runs: 0, digest: Digest::from([0; 32]) });
        }
        if let Some(last) = all.last_mut() {
            last.runs += 1;
        }
        for column in [1, 3, 4] {
            field(&mut hasher, row, column)?;
        }
        let mut yielded = nouns.query([row.get::<_, i64>(0)?])?;
        while let Some(noun) = yielded.next()? {
            for column in 0..4 {
                field(&mut hasher, noun, column)?;
            }
        }
    }
    if let Some(last) = all.last_mut() {
        last.digest = Digest::from(hasher.finish());
    }
    Ok(all)
}

/// Adds a value with its type; nothing and empty are two things.
fn field(hasher: &mut Hasher, row: &rusqlite::Row, column: usize) -> Result<()> {
    let value = row.get_ref(column)?;
    hasher.text(&value.data_type().to_string());
    hasher.bytes(value.as_bytes_or_null().map_err(rusqlite::Error::from)?.unwrap_or_default());
    Ok(())
}

/// Whether the log tells of all that was derived.
pub(crate) fn is_entered(connection: &Connection) -> Result<bool> {
    Ok(connection.query_row("SELECT EXISTS (SELECT 1 FROM entered)", [], |row| row.get(0))?)
}

impl Derived {
    pub(crate) fn at(path: &Path) -> Result<Self> {
        let mut connection = open(path)?;
        let layout: i32 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
        if layout != LAYOUT && layout != 0 {
            drop(connection);
            remove(path)?;
            connection = open(path)?;
        }
        connection.execute_batch(SCHEMA)?;
        connection.execute_batch(search::SCHEMA)?;
        connection.pragma_update(None, "user_version", LAYOUT)?;
        Ok(Self { path: path.to_owned(), writer: Mutex::new(connection), readers: Mutex::default() })
    }

    /// Every finished run of `stage`, by input.
    pub fn finished(&self, stage: &str) -> Result<Vec<Finished>> {
        self.read(|connection| {
            let mut statement = connection
                .prepare_cached("SELECT id, input, material FROM run WHERE stage = ?1 ORDER BY input")?;
            let rows = statement.query_map([stage], |row| {
                let id: [u8; 32] = row.get(0)?;
                let (input, material) = (row.get(1)?, row.get(2)?);
                Ok(Finished { id: RunId::from(id), stage: stage.to_owned(), input, material })
            })?;
            rows.map(|row| Ok(row?)).collect()
        })
    }

    /// Writes a run and all it yielded in one transaction, in place of an earlier run of that stage on that input. A noun
    /// that another run yielded before becomes this one's.
    pub fn keep(&self, run: &Finished, rows: Rows) -> Result<()> {
        let mut writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        let transaction = writer.transaction()?;
        transaction.prepare_cached("DELETE FROM entered")?.execute([])?;
        forget_in(&transaction, &run.stage, &run.input)?;
        transaction.execute(
            "INSERT INTO run (id, stage, input, material) VALUES (?1, ?2, ?3, ?4)",
            params![<[u8; 32]>::from(run.id), run.stage, run.input, run.material],
        )?;
        let number = transaction.last_insert_rowid();
        {
            let mut insert = transaction.prepare_cached(
                "INSERT OR REPLACE INTO noun (kind, key, owner, run, body) VALUES (?1, ?2, ?3, ?4, ?5)",
            )?;
            rows.each(|row| {
                insert.execute(params![row.kind, row.key, row.owner, number, row.body])?;
                if !row.words.is_empty() {
                    search::index(&transaction, &row.kind, &row.key, number, &row.words)?;
                }
                Ok(())
            })?;
        }
        transaction.commit()?;
        Ok(())
    }

    /// Moves what was written from the log of writes into the database, and empties the log: while others read, SQLite lets it
    /// grow. To be called while nobody reads.
    pub fn settle(&self) -> Result<()> {
        self.readers.lock().unwrap_or_else(PoisonError::into_inner).clear();
        let writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        writer.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
        Ok(())
    }

    /// Removes a run whose input is no more, and all it yielded.
    pub fn forget(&self, stage: &str, input: &str) -> Result<()> {
        let mut writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        let transaction = writer.transaction()?;
        transaction.prepare_cached("DELETE FROM entered")?.execute([])?;
        forget_in(&transaction, stage, input)?;
        transaction.commit()?;
        Ok(())
    }

    /// What every stage yielded, sorted by stage: what is to be entered in the custody log.
    pub fn yielded(&self) -> Result<Vec<Yielded>> {
        self.read(yielded)
    }

    /// Whether the custody log was told of all that was derived ([`Self::entered`]), and nothing was derived since.
    pub fn is_entered(&self) -> Result<bool> {
        self.read(is_entered)
    }

    /// Notes that the custody log tells of all that was derived.
    pub fn entered(&self) -> Result<()> {
        let writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        writer.execute("INSERT OR REPLACE INTO entered (one) VALUES (1)", [])?;
        Ok(())
    }

    /// Every noun of a kind, sorted by key.
    pub fn all<T: Noun>(&self) -> Result<Vec<T>> {
        let mut nouns = Vec::new();
        self.each(|noun| {
            nouns.push(noun);
            Ok(())
        })?;
        Ok(nouns)
    }

    /// Hands on every noun of a kind, sorted by key, without holding them all.
    pub fn each<T: Noun>(&self, mut take: impl FnMut(T) -> Result<()>) -> Result<()> {
        self.each_body(T::KIND, |body| take(serde_json::from_str(body)?))
    }

    /// Hands on every noun of a kind as the JSON it is kept as, sorted by key.
    pub fn each_body(&self, kind: &str, mut take: impl FnMut(&str) -> Result<()>) -> Result<()> {
        self.read(|connection| {
            let mut statement =
                connection.prepare_cached("SELECT body FROM noun WHERE kind = ?1 ORDER BY key")?;
            let mut rows = statement.query([kind])?;
            while let Some(row) = rows.next()? {
                take(row.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?)?;
            }
            Ok(())
        })
    }

    /// Hands on every noun of a kind that belongs to `owner`, sorted by key.
    pub fn each_of<T: Noun>(
        &self,
        owner: impl Into<[u8; 32]>,
        mut take: impl FnMut(T) -> Result<()>,
    ) -> Result<()> {
        self.read(|connection| {
            let mut statement = connection
                .prepare_cached("SELECT body FROM noun WHERE kind = ?1 AND owner = ?2 ORDER BY key")?;
            let mut rows = statement.query(params![T::KIND, owner.into()])?;
            while let Some(row) = rows.next()? {
                take(serde_json::from_str(row.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?)?)?;
            }
            Ok(())
        })
    }

    /// All nouns of a kind that belong to `owner`, sorted by key.
    pub fn of<T: Noun>(&self, owner: impl Into<[u8; 32]>) -> Result<Vec<T>> {
        let mut nouns = Vec::new();
        self.each_of(owner, |noun| {
            nouns.push(noun);
            Ok(())
        })?;
        Ok(nouns)
    }

    /// The noun with this key.
    pub fn get<T: Noun>(&self, key: impl Into<[u8; 32]>) -> Result<Option<T>> {
        let body = self.read(|connection| {
            let mut statement =
                connection.prepare_cached("SELECT body FROM noun WHERE kind = ?1 AND key = ?2")?;
            Ok(statement.query_row(params![T::KIND, key.into()], |row| row.get::<_, String>(0)).optional()?)
        })?;
        Ok(body.map(|body| serde_json::from_str(&body)).transpose()?)
    }

    /// The bodies of the nouns of a kind whose key begins with these hexadecimal digits; at most `limit`.
    pub fn starting(&self, kind: &str, digits: &str, limit: usize) -> Result<Vec<String>> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT body FROM noun WHERE kind = ?1 AND key >= ?2 AND substr(lower(hex(key)), 1, ?3) = ?4
                 ORDER BY key LIMIT ?5",
            )?;
            let floor = floor(digits);
            let rows =
                statement.query_map(params![kind, floor, digits.len(), digits, limit], |row| row.get(0))?;
            rows.map(|row| Ok(row?)).collect()
        })
    }

    /// How many nouns of a kind there are.
    pub fn count(&self, kind: &str) -> Result<u64> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached("SELECT count(*) FROM noun WHERE kind = ?1")?;
            Ok(statement.query_row([kind], |row| row.get(0))?)
        })
    }

    /// The runs that yielded the nouns of `kind` (of `owner`, if given), sorted: what a result gathered from them
    /// depends on.
    pub fn runs_behind(&self, kind: &str, owner: Option<[u8; 32]>) -> Result<Vec<RunId>> {
        self.read(|connection| {
            let sql = match owner {
                None => "SELECT id FROM run WHERE n IN (SELECT DISTINCT run FROM noun WHERE kind = ?1) ORDER BY id",
                Some(_) => {
                    "SELECT id FROM run WHERE n IN (SELECT DISTINCT run FROM noun WHERE kind = ?1 AND owner = ?2)
                     ORDER BY id"
                }
            };
            let mut statement = connection.prepare_cached(sql)?;
            let take = |row: &rusqlite::Row| row.get::<_, [u8; 32]>(0).map(RunId::from);
            let rows = match owner {
                None => statement.query_map([kind], take)?,
                Some(owner) => statement.query_map(params![kind, owner], take)?,
            };
            rows.map(|row| Ok(row?)).collect()
        })
    }

    /// The owners of the nouns of a kind, each once, sorted.
    pub fn owners(&self, kind: &str) -> Result<Vec<[u8; 32]>> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT DISTINCT owner FROM noun WHERE kind = ?1 AND owner IS NOT NULL ORDER BY owner",
            )?;
            let rows = statement.query_map([kind], |row| row.get(0))?;
            rows.map(|row| Ok(row?)).collect()
        })
    }

    /// Problems that stages met, sorted by id.
    pub fn problems(&self) -> Result<Vec<Problem>> {
        self.all()
    }

    pub(crate) fn read<T>(&self, work: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
        let pooled = self.readers.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let connection = match pooled {
            Some(connection) => connection,
            None => {
                let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
                let connection = Connection::open_with_flags(&self.path, flags)?;
                connection.busy_timeout(Duration::from_secs(20))?;
                keep_in_memory(&connection, KEPT_TO_READ)?;
                connection
            }
        };
        let result = work(&connection);
        self.readers.lock().unwrap_or_else(PoisonError::into_inner).push(connection);
        result
    }
}

fn open(path: &Path) -> Result<Connection> {
    let connection = Connection::open(path)?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "NORMAL")?;
    connection.busy_timeout(Duration::from_secs(20))?;
    keep_in_memory(&connection, KEPT_TO_WRITE)?;
    Ok(connection)
}

/// Below zero SQLite takes kibibytes, above it pages.
fn keep_in_memory(connection: &Connection, bytes: i64) -> Result<()> {
    Ok(connection.pragma_update(None, "cache_size", -(bytes >> 10))?)
}

pub(crate) fn remove(path: &Path) -> Result<()> {
    for suffix in ["", "-wal", "-shm"] {
        let mut name = path.as_os_str().to_owned();
        name.push(suffix);
        let file = PathBuf::from(name);
        if file.exists() {
            fs::remove_file(&file).at(&file)?;
        }
    }
    Ok(())
}

fn forget_in(connection: &Connection, stage: &str, input: &str) -> Result<()> {
    let old: Option<i64> = connection
        .prepare_cached("SELECT n FROM run WHERE stage = ?1 AND input = ?2")?
        .query_row(params![stage, input], |row| row.get(0))
        .optional()?;
    if let Some(old) = old {
        search::forget(connection, old)?;
        connection.execute("DELETE FROM noun WHERE run = ?1", [old])?;
        connection.execute("DELETE FROM run WHERE n = ?1", [old])?;
    }
    Ok(())
}

/// The smallest key that begins with these digits.
fn floor(digits: &str) -> Vec<u8> {
    let padded = format!("{digits}{}", if digits.len() % 2 == 1 { "0" } else { "" });
    padded
        .as_bytes()
        .chunks_exact(2)
        .filter_map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok())
        .collect()
}
