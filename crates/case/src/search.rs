//! Full-text search over the nouns that have words, in SQLite's FTS5. The index holds no text of its own: words are
//! found in the noun. Readings, where letters are misread, are indexed by trigrams as well.

use model::{Noun, Reading};
use rusqlite::{Connection, Transaction, params};

use crate::derived::Derived;
use crate::error::{Error, Result};

pub(crate) const SCHEMA: &str = "
    CREATE TABLE IF NOT EXISTS searched (
        id INTEGER PRIMARY KEY, kind TEXT NOT NULL, key BLOB NOT NULL, run INTEGER NOT NULL);
    CREATE INDEX IF NOT EXISTS searched_by_run ON searched (run);
    CREATE VIRTUAL TABLE IF NOT EXISTS words USING fts5 (
        text, content = '', contentless_delete = 1, tokenize = 'unicode61 remove_diacritics 2');
    CREATE VIRTUAL TABLE IF NOT EXISTS trigrams USING fts5 (
        text, content = '', contentless_delete = 1, tokenize = 'trigram', detail = 'none');
";

/// A noun that a search found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    /// Its kind.
    pub kind: String,
    /// What it is found by.
    pub key: [u8; 32],
}

/// Puts the words of a noun into the index.
pub(crate) fn index(
    transaction: &Transaction,
    kind: &str,
    key: &[u8; 32],
    run: i64,
    words: &str,
) -> Result<()> {
    transaction
        .prepare_cached("INSERT INTO searched (kind, key, run) VALUES (?1, ?2, ?3)")?
        .execute(params![kind, key, run])?;
    let id = transaction.last_insert_rowid();
    transaction
        .prepare_cached("INSERT INTO words (rowid, text) VALUES (?1, ?2)")?
        .execute(params![id, words])?;
    if kind == Reading::KIND {
        transaction
            .prepare_cached("INSERT INTO trigrams (rowid, text) VALUES (?1, ?2)")?
            .execute(params![id, words])?;
    }
    Ok(())
}

/// Takes all that a run yielded out of the index.
pub(crate) fn forget(connection: &Connection, run: i64) -> Result<()> {
    for table in ["words", "trigrams"] {
        let sql = format!("DELETE FROM {table} WHERE rowid IN (SELECT id FROM searched WHERE run = ?1)");
        connection.prepare_cached(&sql)?.execute([run])?;
    }
    connection.prepare_cached("DELETE FROM searched WHERE run = ?1")?.execute([run])?;
    Ok(())
}

impl Derived {
    /// Nouns whose words match an FTS5 query (words, "phrase", prefix*, AND, OR, NOT, NEAR(a b, 5)), the best first
    /// (BM25), of equals the one with the smaller key. A query that FTS5 does not understand is taken word by word.
    pub fn search(&self, query: &str, limit: usize) -> Result<Vec<Hit>> {
        match self.matching("words", query, limit) {
            Err(Error::Sql(_)) => self.matching("words", &quoted(query), limit),
            found => found,
        }
    }

    /// Readings that share trigrams with a word, those with most of them first: candidates for a misread word.
    pub fn resembling(&self, word: &str, limit: usize) -> Result<Vec<Hit>> {
        let letters: Vec<char> = word.chars().collect();
        let grams: Vec<String> = letters
            .windows(3)
            .map(|gram| format!("\"{}\"", gram.iter().collect::<String>().replace('"', "\"\"")))
            .collect();
        if grams.is_empty() {
            return Ok(Vec::new());
        }
        self.matching("trigrams", &grams.join(" OR "), limit)
    }

    fn matching(&self, table: &str, query: &str, limit: usize) -> Result<Vec<Hit>> {
        self.read(|connection| {
            let sql = format!(
                "SELECT s.kind, s.key FROM {table} JOIN searched s ON s.id = {table}.rowid
                 WHERE {table} MATCH ?1 ORDER BY {table}.rank, s.key LIMIT ?2"
            );
            let mut statement = connection.prepare_cached(&sql)?;
            let limit = i64::try_from(limit).unwrap_or(i64::MAX);
            let rows = statement
                .query_map(params![query, limit], |row| Ok(Hit { kind: row.get(0)?, key: row.get(1)? }))?;
            rows.map(|row| Ok(row?)).collect()
        })
    }
}

/// Every word as a phrase of its own, so that no sign in it means anything.
fn quoted(query: &str) -> String {
    let words = query.split_whitespace().map(|word| format!("\"{}\"", word.replace('"', "\"\"")));
    words.collect::<Vec<_>>().join(" ")
}
