//! The case's folder: `case.toml`, `ground.db`, `blobs/` are precious; `derived.db` and `made/` are not.

use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::Timestamp;
use model::{Digest, Problem};

use crate::blobs::Blobs;
use crate::clock;
use crate::custody::Done;
use crate::derived::Derived;
use crate::error::{At, Error, Result};
use crate::ground::Ground;

/// What `case.toml` says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Info {
    /// The case's name.
    pub name: String,
    /// When it was opened.
    pub opened: Timestamp,
    /// What it is for, in the analyst's words.
    pub purpose: String,
}

/// A case, open for work: nobody else can write it meanwhile.
#[derive(Debug)]
pub struct Case {
    pub(crate) folder: PathBuf,
    pub(crate) blobs: Blobs,
    pub(crate) ground: Ground,
    info: Info,
    derived: Arc<Derived>,
    made: Blobs,
    derived_path: PathBuf,
    _lock: File,
}

impl Case {
    /// Makes a new case in `folder`, which must be missing or empty.
    pub fn create(folder: &Path, name: &str, purpose: &str, actor: &str) -> Result<Self> {
        let occupied = fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_some());
        if occupied || folder.is_file() {
            return Err(Error::Exists(folder.to_owned()));
        }
        fs::create_dir_all(folder).at(folder)?;
        let info = Info { name: name.to_owned(), opened: clock::now(), purpose: purpose.to_owned() };
        let toml = info.to_toml();
        // The database first and case.toml last: a folder with a case.toml is a whole case.
        Ground::at(&folder.join("ground.db"))?.enter(Done {
            actor,
            command: "new",
            inputs: vec![name.to_owned(), purpose.to_owned()],
            outputs: vec![format!("case.toml {}", Digest::of(toml.as_bytes()))],
        })?;
        let path = folder.join("case.toml");
        let temporary = folder.join("case.toml.new");
        fs::write(&temporary, toml).at(&temporary)?;
        fs::rename(&temporary, &path).at(&path)?;
        Self::open(folder)
    }

    /// Opens the case in `folder`.
    pub fn open(folder: &Path) -> Result<Self> {
        Self::open_deriving(folder, folder)
    }

    /// Whether `folder` holds a case.
    pub fn is_at(folder: &Path) -> bool {
        folder.join("case.toml").is_file()
    }

    /// Opens the case with nothing derived but what is derived anew beside it: for where `derived.db` cannot be read.
    pub fn open_rebuild(folder: &Path) -> Result<Self> {
        let info = read_info(folder)?;
        let lock = lock(folder)?;
        drop((info, lock));
        let anew = folder.join("rebuild");
        clear(&anew)?;
        Self::open_deriving(folder, &anew)
    }

    fn open_deriving(folder: &Path, derive_in: &Path) -> Result<Self> {
        let info = read_info(folder)?;
        let lock = lock(folder)?;
        let derived_path = derive_in.join("derived.db");
        let case = Self {
            folder: folder.to_owned(),
            blobs: Blobs::at(&folder.join("blobs"))?,
            ground: Ground::at(&folder.join("ground.db"))?,
            info,
            derived: Arc::new(Derived::at(&derived_path)?),
            made: Blobs::at(&derive_in.join("made"))?,
            derived_path,
            _lock: lock,
        };
        case.blobs.sweep()?;
        case.made.sweep()?;
        Ok(case)
    }

    /// Turns this case into one that shares its ground and derives everything anew in `rebuild/`.
    pub fn into_rebuild(self) -> Result<Self> {
        let folder = self.folder.clone();
        drop(self);
        Self::open_rebuild(&folder)
    }

    /// Closes a rebuild, comparing it with what it was rebuilt from. With `replace`, what was derived anew takes the place of
    /// the old where they differ; else it is removed.
    pub fn finish_rebuild(self, replace: bool) -> Result<Vec<crate::Difference>> {
        let (folder, anew) = (self.folder.clone(), self.folder.join("rebuild"));
        let old = folder.join("derived.db");
        let mut differences =
            match Derived::at(&old).and_then(|old| crate::compare(&old, &self.derived, &self.derived_path)) {
                Ok(differences) => differences,
                Err(error) => vec![crate::Difference::unreadable(&error)],
            };
        differences.extend(crate::compare::made(&Blobs::over(&folder.join("made")), &self.made)?);
        drop(self);
        if replace {
            crate::derived::remove(&old)?;
            clear(&folder.join("made"))?;
            for name in ["derived.db", "made"] {
                let (from, to) = (anew.join(name), folder.join(name));
                if to.is_dir() {
                    fs::remove_dir_all(&to).at(&to)?;
                }
                fs::rename(&from, &to).at(&from)?;
            }
        }
        fs::remove_dir_all(&anew).at(&anew)?;
        Ok(differences)
    }

    /// The case's folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// What `case.toml` says.
    pub fn info(&self) -> &Info {
        &self.info
    }

    /// The received bytes.
    pub fn blobs(&self) -> &Blobs {
        &self.blobs
    }

    /// The bytes of our own making, and those unpacked from archives.
    pub fn made(&self) -> &Blobs {
        &self.made
    }

    /// The bytes of `digest`, received or unpacked.
    pub fn bytes(&self, digest: Digest) -> Result<File> {
        if self.blobs.holds(digest) { self.blobs.open(digest) } else { self.made.open(digest) }
    }

    /// The ground's database.
    pub fn ground(&self) -> &Ground {
        &self.ground
    }

    /// The derived database.
    pub fn derived(&self) -> &Derived {
        &self.derived
    }

    /// What can be read of the case while somebody else works on it.
    pub fn shelf(&self) -> Shelf {
        Shelf { derived: Arc::clone(&self.derived), blobs: self.blobs.clone(), made: self.made.clone() }
    }

    /// Adds an entry to the custody log.
    pub fn enter(&mut self, done: Done) -> Result<()> {
        self.ground.enter(done)
    }

    /// Enters what was found amiss with what was handed in, beside what could not be received.
    pub fn observe(&mut self, actor: &str, problems: &[Problem]) -> Result<()> {
        if !problems.is_empty() {
            self.ground.receive(actor, &[], problems)?;
        }
        Ok(())
    }

    /// How a file that was written stands in the custody log: by its place in the case's folder, or by its name alone where it
    /// lies elsewhere, with its digest.
    pub fn output(&self, path: &Path, digest: Digest) -> String {
        let own = |path: &Path| fs::canonicalize(path).ok();
        let inside = own(path).and_then(|path| Some(path.strip_prefix(own(&self.folder)?).ok()?.to_owned()));
        match inside {
            Some(inside) => format!("{} sha256 {digest}", inside.to_string_lossy()),
            None => {
                let name = path.file_name().map_or("-".into(), |name| name.to_string_lossy());
                format!("(elsewhere) {name} sha256 {digest}")
            }
        }
    }
}

/// What is derived and the bytes, to be read from many threads while the case is worked on. It must not outlive the case.
#[derive(Clone, Debug)]
pub struct Shelf {
    derived: Arc<Derived>,
    blobs: Blobs,
    made: Blobs,
}

impl Shelf {
    /// The derived database.
    pub fn derived(&self) -> &Derived {
        &self.derived
    }

    /// The received bytes.
    pub fn blobs(&self) -> &Blobs {
        &self.blobs
    }

    /// The bytes of our own making, and those unpacked from archives.
    pub fn made(&self) -> &Blobs {
        &self.made
    }
}

impl Info {
    pub(crate) fn read(folder: &Path) -> Result<Self> {
        read_info(folder)
    }

    fn to_toml(&self) -> String {
        format!(
            "# A Truecopy case. This file, ground.db and blobs/ are the ground: keep them. derived.db and made/ can be\n\
             # deleted; `truecopy run` makes them again.\nname = {}\nopened = {}\npurpose = {}\n",
            quote(&self.name),
            quote(&self.opened.to_string()),
            quote(&self.purpose)
        )
    }
}

/// A TOML basic string; JSON's escapes are a subset of TOML's.
fn quote(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// Makes an empty folder.
fn clear(folder: &Path) -> Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder).at(folder)?;
    }
    fs::create_dir_all(folder).at(folder)
}

fn read_info(folder: &Path) -> Result<Info> {
    let path = folder.join("case.toml");
    if !path.is_file() {
        return Err(Error::NotACase(folder.to_owned()));
    }
    let text = fs::read_to_string(&path).at(&path)?;
    let value = |key: &str| -> Result<String> {
        let line = text.lines().find_map(|line| line.strip_prefix(key)?.trim_start().strip_prefix('='));
        let reason = || Error::Toml {
            path: path.clone(),
            reason: format!("'{key} = \"…\"' is missing or not a string"),
        };
        serde_json::from_str(line.ok_or_else(reason)?.trim()).map_err(|_| reason())
    };
    let opened = value("opened")?;
    let opened = opened.parse().map_err(|_| Error::Toml {
        path: path.clone(),
        reason: format!("'{opened}' is not a time in RFC 3339"),
    })?;
    Ok(Info { name: value("name")?, opened, purpose: value("purpose")? })
}

pub(crate) fn lock(folder: &Path) -> Result<File> {
    let path = folder.join("lock");
    let file = File::options().create(true).truncate(false).write(true).open(&path).at(&path)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(Error::Busy(folder.to_owned())),
        Err(TryLockError::Error(error)) => Err(Error::Io { path, source: error }),
    }
}
