//! The case's folder: `case.toml`, `ground.db`, `blobs/` are precious; `derived.db` and `made/` are not.

use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use model::{Act, Deed, Digest, Item};

use crate::blobs::Blobs;
use crate::clock;
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
    derived: Derived,
    made: Blobs,
    derived_path: PathBuf,
    _lock: File,
}

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
    /// One sentence for each thing that is not as it should be.
    pub wrong: Vec<String>,
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
        // The database first and case.toml last: a folder with a case.toml is a whole case.
        Ground::at(&folder.join("ground.db"))?.enter(
            actor,
            "new",
            vec![name.to_owned(), purpose.to_owned()],
        )?;
        let path = folder.join("case.toml");
        let temporary = folder.join("case.toml.new");
        fs::write(&temporary, info.to_toml()).at(&temporary)?;
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

    fn open_deriving(folder: &Path, derive_in: &Path) -> Result<Self> {
        let info = read_info(folder)?;
        let lock = lock(folder)?;
        let derived_path = derive_in.join("derived.db");
        let case = Self {
            folder: folder.to_owned(),
            blobs: Blobs::at(&folder.join("blobs"))?,
            ground: Ground::at(&folder.join("ground.db"))?,
            info,
            derived: Derived::at(&derived_path)?,
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
        let anew = folder.join("rebuild");
        if anew.exists() {
            fs::remove_dir_all(&anew).at(&anew)?;
        }
        fs::create_dir_all(&anew).at(&anew)?;
        Self::open_deriving(&folder, &anew)
    }

    /// Closes a rebuild, comparing it with what it was rebuilt from, and removes it.
    pub fn finish_rebuild(self) -> Result<Vec<crate::Difference>> {
        let anew = self.folder.join("rebuild");
        let old = Derived::at(&self.folder.join("derived.db"))?;
        let differences = crate::compare(&old, &self.derived, &self.derived_path)?;
        drop(self);
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

    /// Enters what an analyst did, with the reason; returns the act.
    pub fn act(&mut self, actor: &str, deed: Deed, reason: &str) -> Result<Act> {
        let act = Act::new(clock::now(), actor, deed, reason);
        self.ground.act(&act)?;
        Ok(act)
    }

    /// Adds an entry to the custody log.
    pub fn enter(&mut self, actor: &str, command: &str, inputs: Vec<String>) -> Result<()> {
        self.ground.enter(actor, command, inputs)
    }

    /// Hashes every received blob anew and walks the custody log.
    pub fn verify(&self, mut watch: impl FnMut(u64, u64)) -> Result<Verified> {
        let mut verified = Verified::default();
        let items: Vec<Item> = self.ground.items()?;
        let mut expected: Vec<Digest> = items.iter().map(|item| item.blob).collect();
        expected.sort_unstable();
        expected.dedup();
        for (done, digest) in expected.iter().enumerate() {
            watch(done as u64, expected.len() as u64);
            let named =
                || items.iter().find(|item| item.blob == *digest).map_or("", |item| item.path.as_str());
            match self.blobs.holds(*digest).then(|| self.blobs.check(*digest)).transpose()? {
                Some(true) => verified.blobs += 1,
                Some(false) => {
                    verified.wrong.push(format!("the bytes of {} are no longer those of {digest}", named()))
                }
                None => verified.wrong.push(format!("the bytes of {} ({digest}) are gone", named())),
            }
        }
        for digest in self.blobs.all()? {
            if expected.binary_search(&digest).is_err() {
                verified.unentered += 1;
            }
        }
        let chain = self.ground.chain()?;
        let (entries, head) = chain.end();
        verified.entries = entries;
        verified.head = Some(head);
        verified.wrong.extend(chain.breaks);
        verified.wrong.extend(self.ground.unlogged()?);
        Ok(verified)
    }
}

impl Info {
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

fn lock(folder: &Path) -> Result<File> {
    let path = folder.join("lock");
    let file = File::options().create(true).truncate(false).write(true).open(&path).at(&path)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(Error::Busy(folder.to_owned())),
        Err(TryLockError::Error(error)) => Err(Error::Io { path, source: error }),
    }
}
