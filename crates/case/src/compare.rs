//! Holds one derivation against another, row by row.

use std::path::Path;

use model::Digest;
use rusqlite::Connection;

use crate::blobs::Blobs;
use crate::derived::Derived;
use crate::error::{Error, Result};

/// A row in which two derivations differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// "run" or the kind of noun.
    pub kind: String,
    /// Its key in hexadecimal digits; for a run its stage and input.
    pub key: String,
    /// What is the matter, in words.
    pub says: &'static str,
}

impl Difference {
    /// The old database cannot be read at all.
    pub(crate) fn unreadable(error: &Error) -> Self {
        Self { kind: "derived.db".to_owned(), key: error.to_string(), says: "cannot be read" }
    }
}

/// Files of our own making that are missing in the old one, or no longer have their bytes there. What only the old one has is
/// left over from material that is no more.
pub(crate) fn made(old: &Blobs, new: &Blobs) -> Result<Vec<Difference>> {
    let (held, anew) = (old.all().unwrap_or_default(), new.all()?);
    let difference =
        |digest: &Digest, says| Difference { kind: "made".to_owned(), key: digest.to_string(), says };
    let mut found = Vec::new();
    for digest in &anew {
        if held.binary_search(digest).is_err() {
            found.push(difference(digest, "only in the rebuilt one"));
        } else if !old.check(*digest).unwrap_or(false) {
            found.push(difference(digest, "has other bytes"));
        }
    }
    Ok(found)
}

/// Every run and noun that is in one and not in the other, or reads differently; empty where they are identical.
pub fn compare(old: &Derived, new: &Derived, new_path: &Path) -> Result<Vec<Difference>> {
    // Both are open here; the second is attached by path so that SQLite does the work in bounded memory.
    let _ = new.count("item")?;
    old.read(|connection| {
        connection.execute("ATTACH DATABASE ?1 AS other", [new_path.to_string_lossy()])?;
        let result = differences(connection);
        connection.execute("DETACH DATABASE other", [])?;
        result
    })
}

fn differences(connection: &Connection) -> Result<Vec<Difference>> {
    let mut found = Vec::new();
    let runs = [("only in the case", "main", "other"), ("only in the rebuilt one", "other", "main")];
    for (says, here, there) in runs {
        let sql = format!(
            "SELECT 'run', stage || ' ' || input FROM {here}.run WHERE id NOT IN (SELECT id FROM {there}.run) ORDER BY 2"
        );
        collect(connection, &sql, says, &mut found)?;
        let sql = format!(
            "SELECT kind, lower(hex(key)) FROM {here}.noun a WHERE NOT EXISTS
             (SELECT 1 FROM {there}.noun b WHERE b.kind = a.kind AND b.key = a.key) ORDER BY 1, 2"
        );
        collect(connection, &sql, says, &mut found)?;
    }
    let sql = "SELECT a.kind, lower(hex(a.key)) FROM main.noun a JOIN other.noun b
               ON b.kind = a.kind AND b.key = a.key WHERE a.body <> b.body OR a.owner IS NOT b.owner ORDER BY 1, 2";
    collect(connection, sql, "reads differently", &mut found)?;
    Ok(found)
}

fn collect(connection: &Connection, sql: &str, says: &'static str, into: &mut Vec<Difference>) -> Result<()> {
    let mut statement = connection.prepare(sql)?;
    let rows = statement.query_map([], |row| Ok(Difference { kind: row.get(0)?, key: row.get(1)?, says }))?;
    for row in rows {
        into.push(row?);
    }
    Ok(())
}
