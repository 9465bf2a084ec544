//! Holds one derivation against another, row by row.

use std::path::Path;

use rusqlite::Connection;

use crate::derived::Derived;
use crate::error::Result;

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
