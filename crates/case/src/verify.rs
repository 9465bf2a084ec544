//! Holds every byte of a case against what the custody log tells of it, and names what differs.
//!
//! Nothing is written, and whatever stands in the files, what follows is looked at too. What is found falls in three: `wrong` is
//! ground that is not as it was received or entered; `derived` is what can be deleted and made again; `notes` are worth knowing.

use std::fs;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};

use model::{Digest, Item};
use rusqlite::{Connection, OpenFlags};

use crate::blobs::{Blobs, digest_of};
use crate::custody::Entry;
use crate::error::{Error, Result};
use crate::folder::{Case, Info, lock};
use crate::ground::PIN;
use crate::signed::stamps;

mod derived;
mod ground;

/// How many complaints of one kind are told one by one.
const TOLD: usize = 20;

/// What stands in a case's folder.
const OWN: [&str; 17] = [
    "blobs",
    "case.toml",
    "case.toml.new",
    "derived.db",
    "derived.db-shm",
    "derived.db-wal",
    "ground.db",
    "ground.db-journal",
    "ground.db-shm",
    "ground.db-wal",
    "ground.sum",
    "ground.sum.new",
    "lock",
    "made",
    "rebuild",
    "report.html",
    "request",
];

/// What `verify` found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verified {
    /// Blobs whose bytes were hashed anew.
    pub blobs: u64,
    /// Blobs without an arrival: copied by an `add` that was killed before it could enter them; harmless.
    pub unentered: u64,
    /// Entries of the custody log.
    pub entries: u64,
    /// Digest of the last entry: note it down elsewhere and the whole log is pinned.
    pub head: Option<Digest>,
    /// Signatures of acts that hold.
    pub signatures: u64,
    /// The time stamps that hold, a sentence each.
    pub stamps: Vec<String>,
    /// Files of our own making whose bytes were hashed anew.
    pub made: u64,
    /// One sentence for each thing of the ground that is not as it should be.
    pub wrong: Vec<String>,
    /// One sentence for each derived thing that is not as it was derived: `truecopy rebuild --replace` restores it.
    pub derived: Vec<String>,
    /// What is worth knowing and no fault.
    pub notes: Vec<String>,
}

/// Verifies the case in `folder`; `watch` is told how many of how many blobs were hashed.
pub fn verify(folder: &Path, watch: impl FnMut(u64, u64)) -> Result<Verified> {
    if !folder.join("case.toml").exists() && !folder.join("ground.db").exists() {
        return Err(Error::NotACase(folder.to_owned()));
    }
    let _lock = lock(folder)?;
    Ok(Check::of(folder, false, watch))
}

impl Case {
    /// Verifies this case while it is held open, as [`verify`] does a closed one. What is on the disk is read anew; the sum beside
    /// the ground is renewed only when the case is closed, so until then it may be of an earlier entry.
    pub fn verify(&self, watch: impl FnMut(u64, u64)) -> Verified {
        Check::of(&self.folder, true, watch)
    }
}

struct Check<'a> {
    folder: &'a Path,
    /// Whether the case is held open by this process.
    open: bool,
    entries: Vec<Entry>,
    items: Vec<Item>,
    found: Verified,
}

impl<'a> Check<'a> {
    fn of(folder: &'a Path, open: bool, watch: impl FnMut(u64, u64)) -> Verified {
        let (entries, items, found) = (Vec::new(), Vec::new(), Verified::default());
        let mut check = Self { folder, open, entries, items, found };
        check.ground();
        check.toml();
        check.signed();
        check.received(watch);
        check.made();
        check.derived();
        check.files();
        check.found
    }

    fn wrong(&mut self, says: impl Into<String>) {
        self.found.wrong.push(says.into());
    }

    /// `case.toml`, byte by byte where the log has its digest, else by what it says.
    fn toml(&mut self) {
        let path = self.folder.join("case.toml");
        let bytes = match fs::read(&path) {
            Ok(bytes) => bytes,
            Err(error) => return self.wrong(format!("case.toml: {error}")),
        };
        let outputs =
            self.entries.iter().rev().filter(|entry| entry.command == "new" || entry.command == PIN);
        let mut pinned =
            outputs.flat_map(|entry| &entry.outputs).filter_map(|output| output.strip_prefix("case.toml "));
        match pinned.next() {
            Some(digest) if digest == Digest::of(&bytes).to_string() => {}
            Some(_) => self.wrong("case.toml is not as it was written"),
            None => {
                let said = Info::read(self.folder).map(|info| vec![info.name, info.purpose]);
                match (said, self.entries.first()) {
                    (Ok(said), Some(first)) if said == first.inputs => self.found.notes.push(
                        "the log has no digest of case.toml yet: an earlier version began it; its name and purpose were compared".to_owned(),
                    ),
                    (Ok(_), _) => self.wrong("case.toml does not say what the first entry of the log says"),
                    (Err(error), _) => self.wrong(error.to_string()),
                }
            }
        }
    }

    fn signed(&mut self) {
        let mut wrong = Vec::new();
        for entry in &self.entries {
            let mut by = Vec::new();
            for (text, signature) in entry.signatures() {
                match seals::ssh::check(seals::ssh::ACT, text.as_bytes(), signature) {
                    Ok(signed) => by.push(signed),
                    Err(why) => {
                        wrong.push(format!("a signature in entry {} does not hold: {why}", entry.seq))
                    }
                }
            }
            self.found.signatures += by.len() as u64;
            if by.iter().enumerate().any(|(place, one)| by.iter().skip(place + 1).any(|other| other == one)) {
                wrong.push(format!("entry {} is signed twice with one key", entry.seq));
            }
        }
        self.found.wrong.extend(wrong);
        for stamp in stamps(&self.entries) {
            match stamp {
                Ok(stamp) => self.found.stamps.push(format!(
                    "entry {} and all before it stood at {}, says the time stamp of {}{}",
                    stamp.entry,
                    stamp.token.at,
                    stamp.token.authority,
                    if stamp.token.unchecked.is_empty() {
                        ""
                    } else {
                        " (its signature could not be checked here)"
                    }
                )),
                Err(why) => self.wrong(why),
            }
        }
    }

    /// The received bytes.
    fn received(&mut self, mut watch: impl FnMut(u64, u64)) {
        let Some(blobs) = self.folder_of("blobs") else { return };
        let mut expected: Vec<(Digest, usize)> =
            self.items.iter().enumerate().map(|(place, item)| (item.blob, place)).collect();
        expected.sort_unstable();
        expected.dedup_by_key(|(digest, _)| *digest);
        let mut wrong = Vec::new();
        for (done, (digest, place)) in expected.iter().enumerate() {
            watch(done as u64, expected.len() as u64);
            let path = self.items.get(*place).map_or("", |item| item.path.as_str());
            match blobs.holds(*digest).then(|| blobs.check(*digest)) {
                Some(Ok(true)) => self.found.blobs += 1,
                Some(Ok(false)) => wrong.push(format!("the bytes of {path} are no longer those of {digest}")),
                Some(Err(error)) => {
                    wrong.push(format!("the bytes of {path} ({digest}) cannot be read: {error}"))
                }
                None => wrong.push(format!("the bytes of {path} ({digest}) are gone")),
            }
        }
        for digest in blobs.all().unwrap_or_default() {
            if expected.binary_search_by_key(&digest, |(digest, _)| *digest).is_err() {
                match blobs.check(digest) {
                    Ok(true) => self.found.unentered += 1,
                    _ => wrong.push(format!(
                        "blobs has {digest}, which no entry tells of and which are not those bytes"
                    )),
                }
            }
        }
        for path in blobs.strangers().unwrap_or_default() {
            wrong.push(format!("{} is no blob: something put it there", self.shown(&path)));
        }
        self.found.wrong.extend(wrong);
    }

    fn folder_of(&mut self, name: &str) -> Option<Blobs> {
        let path = self.folder.join(name);
        if path.is_dir() {
            return Some(Blobs::over(&path));
        }
        if name == "blobs" {
            self.wrong("the folder blobs is gone");
        }
        None
    }

    /// What was made: each file's name is the digest of its bytes.
    fn made(&mut self) {
        let Some(made) = self.folder_of("made") else { return };
        let mut found = Vec::new();
        for digest in made.all().unwrap_or_default() {
            match made.check(digest) {
                Ok(true) => self.found.made += 1,
                _ => found.push(format!("made: {digest} no longer has its bytes")),
            }
        }
        found.extend(
            made.strangers()
                .unwrap_or_default()
                .iter()
                .map(|path| format!("{} is nothing that was made", self.shown(path))),
        );
        self.found.derived.extend(found);
    }

    /// Files that were written into the case's folder, and files that nobody wrote there.
    fn files(&mut self) {
        let mut last: std::collections::BTreeMap<&str, &str> = Default::default();
        for entry in self
            .entries
            .iter()
            .filter(|entry| ["report", "export", "request"].contains(&entry.command.as_str()))
        {
            last.extend(entry.outputs.iter().filter_map(|output| output.split_once(" sha256 ")));
        }
        let mut found = Vec::new();
        for (name, digest) in &last {
            let path = self.folder.join(name);
            let inside =
                Path::new(name).components().all(|part| matches!(part, std::path::Component::Normal(_)));
            if inside && path.is_file() && digest_of(&path).is_ok_and(|held| held.to_string() != **digest) {
                found.push(format!("{name} is not as it was written"));
            }
        }
        let written: Vec<String> = last.keys().map(|name| (*name).to_owned()).collect();
        self.found.derived.extend(found);
        let Ok(names) = fs::read_dir(self.folder) else { return };
        let mut names: Vec<String> =
            names.filter_map(|entry| Some(entry.ok()?.file_name().to_string_lossy().into_owned())).collect();
        names.sort_unstable();
        for name in names.iter().filter(|name| !OWN.contains(&name.as_str()) && !written.contains(name)) {
            self.found.notes.push(format!("{name} is no part of the case"));
        }
    }

    fn shown(&self, path: &Path) -> String {
        path.strip_prefix(self.folder).unwrap_or(path).to_string_lossy().into_owned()
    }

    /// Opens a database for reading. Where no log of writes stands beside it, nothing is written beside it either.
    fn open(&self, name: &str) -> Option<rusqlite::Result<Connection>> {
        let path: PathBuf = self.folder.join(name);
        let logged = fs::metadata(self.folder.join(format!("{name}-wal"))).is_ok_and(|wal| wal.len() > 0);
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let flags = if logged { flags } else { flags | OpenFlags::SQLITE_OPEN_URI };
        let address = if logged { path.clone() } else { as_it_is(&path) };
        path.exists().then(|| Connection::open_with_flags(address, flags))
    }
}

/// SQLite's address (<https://www.sqlite.org/uri.html>) of a file that does not change while it is read.
fn as_it_is(path: &Path) -> PathBuf {
    let byte = |byte: &u8| match byte {
        b'/' | b'.' | b'-' | b'_' | b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => (*byte as char).to_string(),
        _ => format!("%{byte:02X}"),
    };
    let whole = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let encoded: String = whole.as_os_str().as_bytes().iter().map(byte).collect();
    PathBuf::from(format!("file:{encoded}?immutable=1"))
}

/// What SQLite itself finds amiss in its file; empty where it is sound.
fn integrity(connection: &Connection) -> Vec<String> {
    let check = || -> rusqlite::Result<Vec<String>> {
        let mut statement = connection.prepare(&format!("PRAGMA integrity_check({TOLD})"))?;
        let rows = statement.query_map([], |row| row.get::<_, String>(0))?;
        rows.filter(|row| !row.as_ref().is_ok_and(|says| says == "ok")).collect()
    };
    check().unwrap_or_else(|error| vec![error.to_string()])
}
