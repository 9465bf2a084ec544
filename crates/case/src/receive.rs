//! Receiving: walks what is added, copies every file into the blobs, enters it in the custody log.

use std::ffi::OsStr;
use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, Read};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use model::{Clock, Code, Interval, Item, Problem, Trouble, When, Zone};

use crate::blobs::Blobs;
use crate::error::{At, Error, Result};
use crate::folder::Case;

/// Files received between two entries of the log.
const BATCH: usize = 64;
/// How often a file that changes is tried.
const TRIES: usize = 3;
/// How deep folders may lie in each other.
const DEPTH: usize = 100;

/// How far receiving is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Files looked at so far.
    pub files: u64,
    /// Files found so far.
    pub found: u64,
    /// Bytes read so far.
    pub bytes: u64,
    /// Files refused so far.
    pub refused: u64,
}

/// What was received.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Received {
    /// Files that are held now, new or not.
    pub files: u64,
    /// Those of them that were not held before, at this path with these bytes.
    pub new: u64,
    /// Bytes of all of them.
    pub bytes: u64,
    /// What could not be received.
    pub refused: Vec<Problem>,
    /// Whether it was stopped before its end.
    pub stopped: bool,
}

struct Found {
    on_disk: PathBuf,
    path: String,
}

impl Case {
    /// Receives files and folders: hashes, copies, enters them in the log, a batch at a time. `watch` is told how
    /// far it is, and stops it by returning false; what was received until then stays.
    pub fn receive(
        &mut self,
        roots: &[PathBuf],
        actor: &str,
        mut watch: impl FnMut(Progress) -> bool,
    ) -> Result<Received> {
        let mut refused = Vec::new();
        let mut found = Vec::new();
        let own = fs::canonicalize(&self.folder).at(&self.folder)?;
        for root in roots {
            let name = root_name(root)?;
            let metadata = fs::metadata(root).at(root)?;
            let entry = Found { on_disk: root.clone(), path: name };
            visit(entry, &metadata, &own, 0, &mut found, &mut refused);
        }
        let mut received = Received::default();
        let mut progress =
            Progress { found: found.len() as u64, refused: refused.len() as u64, ..Progress::default() };
        let mut reported = 0;
        for batch in found.chunks(BATCH) {
            let mut items = Vec::new();
            for file in batch {
                progress.files += 1;
                match receive_file(&self.blobs, file) {
                    Ok(item) => {
                        progress.bytes += item.size;
                        items.push(item);
                    }
                    Err(Refusal::Material(trouble)) => refused.push(Problem::new(&file.path, trouble)),
                    Err(Refusal::Case(source)) => return Err(source),
                }
                progress.refused = refused.len() as u64;
                if !watch(progress) {
                    received.stopped = true;
                    break;
                }
            }
            received.files += items.len() as u64;
            received.bytes += items.iter().map(|item| item.size).sum::<u64>();
            received.new += self.ground.receive(actor, &items, &refused[reported..])? as u64;
            reported = refused.len();
            if received.stopped {
                break;
            }
        }
        if reported < refused.len() || found.is_empty() {
            self.ground.receive(actor, &[], &refused[reported..])?;
        }
        received.refused = refused;
        Ok(received)
    }
}

fn root_name(root: &Path) -> Result<String> {
    let name = match root.file_name() {
        Some(name) => name.to_owned(),
        None => fs::canonicalize(root).at(root)?.file_name().unwrap_or(OsStr::new("root")).to_owned(),
    };
    Ok(name.to_string_lossy().into_owned())
}

fn visit(
    entry: Found,
    metadata: &Metadata,
    own: &Path,
    depth: usize,
    found: &mut Vec<Found>,
    refused: &mut Vec<Problem>,
) {
    if metadata.is_file() {
        found.push(entry);
    } else if metadata.is_dir() {
        if fs::canonicalize(&entry.on_disk).is_ok_and(|real| real == own) {
            return;
        }
        if depth >= DEPTH {
            let trouble = Trouble::new(Code::Unreadable, format!("folders lie more than {DEPTH} deep"));
            refused.push(Problem::new(&entry.path, trouble));
            return;
        }
        visit_folder(&entry, own, depth, found, refused);
    } else {
        let code = if metadata.is_symlink() { Code::LinkNotFollowed } else { Code::SpecialFile };
        let target = fs::read_link(&entry.on_disk).map(|to| to.to_string_lossy().into_owned());
        refused.push(Problem::new(&entry.path, Trouble::new(code, target.unwrap_or_default())));
    }
}

fn visit_folder(
    folder: &Found,
    own: &Path,
    depth: usize,
    found: &mut Vec<Found>,
    refused: &mut Vec<Problem>,
) {
    let children = fs::read_dir(&folder.on_disk).and_then(|entries| entries.collect::<io::Result<Vec<_>>>());
    let mut children = match children {
        Ok(children) => children,
        Err(error) => {
            refused.push(Problem::new(&folder.path, Trouble::new(Code::Unreadable, reason(&error))));
            return;
        }
    };
    children.sort_by_key(std::fs::DirEntry::file_name);
    for child in children {
        let path = format!("{}/{}", folder.path, child.file_name().to_string_lossy());
        let entry = Found { on_disk: child.path(), path };
        match fs::symlink_metadata(&entry.on_disk) {
            Ok(metadata) => visit(entry, &metadata, own, depth + 1, found, refused),
            Err(error) => {
                refused.push(Problem::new(&entry.path, Trouble::new(Code::Unreadable, reason(&error))));
            }
        }
    }
}

enum Refusal {
    /// The file's fault: it is named and the others go on.
    Material(Trouble),
    /// The case's fault (its disk is full): nothing can go on.
    Case(Error),
}

fn receive_file(blobs: &Blobs, file: &Found) -> std::result::Result<Item, Refusal> {
    let unreadable = |error: io::Error| Refusal::Material(Trouble::new(Code::Unreadable, reason(&error)));
    for _ in 0..TRIES {
        let source = OpenOptions::new()
            .read(true)
            .custom_flags(libc::O_NONBLOCK | libc::O_CLOEXEC)
            .open(&file.on_disk)
            .map_err(unreadable)?;
        let before = source.metadata().map_err(unreadable)?;
        if !before.is_file() {
            return Err(Refusal::Material(Trouble::new(Code::SpecialFile, "")));
        }
        let mut failing = Failing { file: (&source).take(before.len() + 1), failed: None };
        let stored = match blobs.put(&mut failing, true) {
            Ok(stored) => stored,
            Err(error) => {
                return Err(match failing.failed {
                    Some(failed) => unreadable(failed),
                    None => Refusal::Case(Error::Io { path: file.on_disk.clone(), source: error }),
                });
            }
        };
        let after = source.metadata().map_err(unreadable)?;
        if stored.size == before.len() && stamp(&before) == stamp(&after) {
            return Ok(item(file, stored.digest, stored.size, &before));
        }
    }
    let detail = format!("it changed in each of {TRIES} readings");
    Err(Refusal::Material(Trouble::new(Code::ChangedWhileRead, detail)))
}

/// Tells a failure to read the source from a failure to write the copy.
struct Failing<'a> {
    file: io::Take<&'a File>,
    failed: Option<io::Error>,
}

impl Read for Failing<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.file.read(buffer).map_err(|error| {
            let kind = error.kind();
            if kind != io::ErrorKind::Interrupted {
                self.failed = Some(error);
            }
            io::Error::from(kind)
        })
    }
}

fn stamp(metadata: &Metadata) -> (u64, i64, i64) {
    (metadata.len(), metadata.mtime(), metadata.mtime_nsec())
}

fn item(file: &Found, blob: model::Digest, size: u64, metadata: &Metadata) -> Item {
    let name = file.path.rsplit('/').next().unwrap_or(&file.path).to_owned();
    Item {
        id: Item::id_of(blob, &file.path, None),
        blob,
        size,
        name,
        path: file.path.clone(),
        inside: None,
        times: modified(metadata).into_iter().collect(),
    }
}

fn modified(metadata: &Metadata) -> Option<When> {
    let instant = Timestamp::new(metadata.mtime(), metadata.mtime_nsec() as i32).ok()?;
    let interval = Interval { earliest: instant, latest: instant };
    Some(When { verbatim: instant.to_string(), interval, clock: Clock::FileSystem, zone: Zone::Utc })
}

fn reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::PermissionDenied => "no permission to read it".to_owned(),
        io::ErrorKind::NotFound => "it went away".to_owned(),
        _ => error.to_string(),
    }
}
