//! The ground's database: the log's chain, every row against the log, the file against its sum.

use std::collections::BTreeMap;

use model::{Act, Digest, Item, Noun, Problem, Trouble};
use rusqlite::Connection;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{Check, TOLD, integrity};
use crate::blobs::digest_of;
use crate::custody::{Chain, Entry};
use crate::ground::{ACTS, PIN, rows_before};
use crate::sum::Sum;

/// What the log says of a row: under which entry, and the digest of its text where the log has it.
type Told = BTreeMap<String, (u64, Option<Digest>)>;

impl Check<'_> {
    /// Everything of `ground.db`.
    pub(super) fn ground(&mut self) {
        self.recover();
        let connection = match self.open("ground.db") {
            None => return self.wrong("ground.db is gone"),
            Some(Err(error)) => return self.wrong(format!("ground.db: {error}")),
            Some(Ok(connection)) => connection,
        };
        let before = self.found.wrong.len();
        self.found.wrong.extend(integrity(&connection).into_iter().map(|says| format!("ground.db: {says}")));
        if let Err(error) = self.log(&connection) {
            self.wrong(format!("ground.db: the log: {error}"));
        }
        let mut told = told(&self.entries);
        let tables = [
            ("arrival", self.arrivals(&connection, &mut told)),
            ("refused", self.refusals(&connection, &mut told)),
            ("act", self.acts(&connection, &mut told)),
        ];
        for (table, result) in tables {
            if let Err(error) = result {
                self.wrong(format!("ground.db: {table}: {error}"));
            }
        }
        for (id, (seq, _)) in told.iter().take(TOLD) {
            self.wrong(format!("{id} is told of by entry {seq}, and its row is gone"));
        }
        self.pinned(&connection);
        let rows_are_whole = self.found.wrong.len() == before;
        self.sum(rows_are_whole);
    }

    /// Where a writer was killed within a transaction, SQLite has to undo it first: its journal says how.
    fn recover(&mut self) {
        let journal = self.folder.join("ground.db-journal");
        if std::fs::metadata(&journal).is_ok_and(|journal| journal.len() > 0) {
            let undone =
                crate::ground::Ground::at(&self.folder.join("ground.db")).and_then(|ground| ground.entries());
            self.found.notes.push(match undone {
                Ok(_) => "a command was killed while it wrote; what it had begun was undone".to_owned(),
                Err(error) => {
                    format!("a command was killed while it wrote, and that could not be undone: {error}")
                }
            });
        }
    }

    fn log(&mut self, connection: &Connection) -> rusqlite::Result<()> {
        let mut chain = Chain::default();
        let mut statement = connection.prepare("SELECT seq, body FROM entry ORDER BY seq")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let seq: i64 = row.get(0)?;
            let Some(entry) = text(row, 1).as_deref().and_then(canonical::<Entry>) else {
                self.wrong(format!("entry {seq} is not as it was written"));
                continue;
            };
            if i64::try_from(entry.seq) != Ok(seq) {
                self.wrong(format!("entry {} stands in the place of entry {seq}", entry.seq));
            }
            chain.push(entry.clone());
            self.entries.push(entry);
        }
        let (_, head) = chain.end();
        self.found.entries = self.entries.len() as u64;
        self.found.head = Some(head);
        self.found.wrong.append(&mut chain.breaks);
        if self.entries.is_empty() {
            self.wrong("the log has no entries");
        }
        Ok(())
    }

    fn arrivals(&mut self, connection: &Connection, told: &mut Told) -> rusqlite::Result<()> {
        self.rows(connection, "arrival", told, |check, row: Item, old| {
            let named = row.path.rsplit('/').next().unwrap_or(&row.path) == row.name;
            let sound =
                Item::id_of(row.blob, &row.path, row.inside) == row.id && named && row.inside.is_none();
            // The log of an earlier version has the id alone: what that is not made of is held against the bytes.
            let size = || {
                Some(
                    std::fs::metadata(super::Blobs::over(&check.folder.join("blobs")).path(row.blob))
                        .ok()?
                        .len(),
                )
            };
            let sound = sound && (!old || size().is_none_or(|size| size == row.size));
            let shown = format!("{} ({})", row.id, row.path);
            check.items.push(row);
            (shown, sound)
        })
    }

    fn refusals(&mut self, connection: &Connection, told: &mut Told) -> rusqlite::Result<()> {
        self.rows(connection, "refused", told, |_, row: Problem, _| {
            let again = Problem::new(&row.about, Trouble::new(row.code, row.detail.clone()));
            (format!("{} ({})", row.id, row.about), again.id == row.id)
        })?;
        let sql = "SELECT count(*) FROM refused WHERE about IS NOT (body ->> 'about')";
        let differ: i64 = connection.query_row(sql, [], |row| row.get(0))?;
        if differ > 0 {
            self.wrong(format!("{differ} refusals are not about what their row says"));
        }
        Ok(())
    }

    fn acts(&mut self, connection: &Connection, told: &mut Told) -> rusqlite::Result<()> {
        self.rows(connection, "act", told, |_, row: Act, _| {
            let again = Act::new(row.at, &row.actor, row.deed.clone(), &row.reason);
            (row.id.to_string(), again.id == row.id)
        })
    }

    /// Every row of a table: as it was written, under its own key, and as the log tells of it. `sound` gives its name and
    /// whether it makes sense by itself; it is told whether the log has no digest of it.
    fn rows<T: Noun + Serialize + DeserializeOwned>(
        &mut self,
        connection: &Connection,
        table: &str,
        told: &mut Told,
        sound: impl Fn(&mut Self, T, bool) -> (String, bool),
    ) -> rusqlite::Result<()> {
        let mut statement =
            connection.prepare(&format!("SELECT key, seq, body FROM {table} ORDER BY key"))?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let key: Vec<u8> = row.get_ref(0)?.as_bytes().map(<[u8]>::to_vec).unwrap_or_default();
            let hex: String = key.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
            let seq = row.get::<_, i64>(1).ok().and_then(|seq| u64::try_from(seq).ok());
            let body = text(row, 2);
            let Some(noun) =
                body.as_deref().and_then(canonical::<T>).filter(|noun| noun.key()[..] == key[..])
            else {
                self.wrong(format!("the row {hex}… of {table} is not as it was written"));
                continue;
            };
            let id =
                serde_json::to_value(&noun).ok().and_then(|noun| Some(noun.get("id")?.as_str()?.to_owned()));
            let id = id.unwrap_or_default();
            let line = told.remove(&id).or_else(|| self.refused_before(table, &noun, seq));
            let digest = line.and_then(|(_, digest)| digest);
            let (shown, sound) = sound(self, noun, digest.is_none());
            let same =
                digest.is_none_or(|digest| body.is_some_and(|body| Digest::of(body.as_bytes()) == digest));
            match line {
                _ if !sound || !same => self.wrong(format!("{shown} was changed after it was entered")),
                None => self.wrong(format!("{shown} stands in ground.db and no entry tells of it")),
                Some((entry, _)) if Some(entry) != seq => {
                    self.wrong(format!("{shown} was entered by entry {entry}, and its row says otherwise"));
                }
                Some(_) => {}
            }
        }
        Ok(())
    }

    /// Logs of an earlier version tell of a refusal by its words alone.
    fn refused_before<T: Noun + Serialize>(
        &self,
        table: &str,
        noun: &T,
        seq: Option<u64>,
    ) -> Option<(u64, Option<Digest>)> {
        let entry = self
            .entries
            .get(usize::try_from(seq?).ok()?)
            .filter(|entry| table == "refused" && entry.is_old())?;
        let noun = serde_json::to_value(noun).ok()?;
        let words = format!("refused {} {}", noun.get("code")?.as_str()?, noun.get("about")?.as_str()?);
        entry.inputs.contains(&words).then_some((entry.seq, None))
    }

    /// What an earlier version entered, as the entry that pins it found it.
    fn pinned(&mut self, connection: &Connection) {
        let mut wrong = Vec::new();
        for entry in self.entries.iter().filter(|entry| entry.command == PIN) {
            for output in entry.outputs.iter().filter(|output| output.starts_with("rows ")) {
                let held = rows_before(connection, entry.seq)
                    .map(|(count, digest)| format!("rows {count} {digest}"));
                if held.ok().as_ref() != Some(output) {
                    wrong.push(format!(
                        "rows that were entered before entry {} are not as they were then",
                        entry.seq
                    ));
                }
            }
        }
        self.found.wrong.extend(wrong);
        if self.entries.iter().all(Entry::is_old) {
            self.found.notes.push(
                "an earlier version began the log, and it has no digests of its rows: times of files are not pinned yet; \
                 the next command that writes pins them"
                    .to_owned(),
            );
        }
    }

    /// The file against the sum beside it.
    fn sum(&mut self, rows_are_whole: bool) {
        let path = self.folder.join("ground.db");
        let ours = self.entries.first().is_some_and(|first| !first.is_old());
        match Sum::beside(&path) {
            None if ours => self.wrong("ground.sum is gone"),
            None => self
                .found
                .notes
                .push("there is no ground.sum yet: the next command that writes makes it".to_owned()),
            Some(Err(why)) => self.wrong(format!("ground.sum: {why}")),
            Some(Ok(sum)) if sum.entries > self.found.entries => self.wrong(format!(
                "the log ends after {} entries; ground.sum tells of {}",
                self.found.entries, sum.entries
            )),
            Some(Ok(sum)) if sum.entries < self.found.entries => {
                let place = usize::try_from(sum.entries).unwrap_or_default().checked_sub(1);
                let then = place.and_then(|place| self.entries.get(place)).map(|entry| entry.digest);
                if then == Some(sum.head) {
                    self.found.notes.push(
                        if self.open {
                            "ground.sum is of an earlier entry: it is renewed when the case is closed"
                        } else {
                            "ground.sum is of an earlier entry: a command was killed; the next one that writes renews it"
                        }
                        .to_owned(),
                    );
                } else {
                    self.wrong("ground.sum tells of another log");
                }
            }
            Some(Ok(sum)) => {
                if Some(sum.head) != self.found.head {
                    self.wrong("ground.sum tells of another log");
                }
                match digest_of(&path) {
                    Ok(digest) if digest == sum.digest => {}
                    Ok(_) if rows_are_whole => self.wrong(
                        "ground.db is not as it was left: bytes were changed that carry no row; every row is as it was entered",
                    ),
                    Ok(_) => self.wrong("ground.db is not as it was left"),
                    Err(error) => self.wrong(error.to_string()),
                }
            }
        }
    }
}

/// What the log tells of rows.
fn told(entries: &[Entry]) -> Told {
    let mut told = Told::new();
    for entry in entries.iter().filter(|entry| entry.command == "add" || entry.command == ACTS) {
        let ids = entry.inputs.iter().filter(|input| entry.command == ACTS || input.starts_with("item:"));
        for id in
            ids.take(if entry.command == ACTS { 1 } else { usize::MAX }).filter(|id| !id.ends_with(" again"))
        {
            let body = entry.inputs.get(1).filter(|_| entry.command == ACTS);
            told.entry(id.clone()).or_insert((entry.seq, body.map(|body| Digest::of(body.as_bytes()))));
        }
        for (id, digest) in entry.outputs.iter().filter_map(|output| output.split_once(' ')) {
            if let Ok(digest) = digest.parse() {
                told.insert(id.to_owned(), (entry.seq, Some(digest)));
            }
        }
    }
    told
}

fn text(row: &rusqlite::Row, column: usize) -> Option<String> {
    row.get::<_, String>(column).ok()
}

/// What a text says, if it is written as it is written here.
fn canonical<T: Serialize + DeserializeOwned>(text: &str) -> Option<T> {
    let value: T = serde_json::from_str(text).ok()?;
    (serde_json::to_string(&value).ok()? == text).then_some(value)
}
