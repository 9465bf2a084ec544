//! Bytes by their SHA-256: `blobs/ab/abcdef…`, written once, never changed.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use model::Digest;
use sha2::Digest as _;

use crate::error::{At, Result};

const CHUNK: usize = 1 << 20;

/// A folder of blobs.
#[derive(Clone, Debug)]
pub struct Blobs {
    folder: PathBuf,
}

/// A blob that was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stored {
    /// SHA-256 of its bytes.
    pub digest: Digest,
    /// How many bytes.
    pub size: u64,
}

impl Blobs {
    /// The blobs below `folder`, which is made if it is missing.
    pub fn at(folder: &Path) -> Result<Self> {
        fs::create_dir_all(folder.join("tmp")).at(folder)?;
        Ok(Self { folder: folder.to_owned() })
    }

    /// The blobs below `folder`, for reading: nothing is made.
    pub(crate) fn over(folder: &Path) -> Self {
        Self { folder: folder.to_owned() }
    }

    /// Where the bytes of `digest` lie, or would lie.
    pub fn path(&self, digest: Digest) -> PathBuf {
        let name = digest.to_string();
        self.folder.join(&name[..2]).join(name)
    }

    /// Whether they are held.
    pub fn holds(&self, digest: Digest) -> bool {
        self.path(digest).is_file()
    }

    /// Opens them for reading.
    pub fn open(&self, digest: Digest) -> Result<File> {
        let path = self.path(digest);
        File::open(&path).at(&path)
    }

    /// All bytes of a blob that is known to be small (one of our own making).
    pub fn read(&self, digest: Digest) -> Result<Vec<u8>> {
        let path = self.path(digest);
        fs::read(&path).at(&path)
    }

    /// The first `count` bytes, fewer where there are fewer.
    pub fn head(&self, digest: Digest, count: u64) -> Result<Vec<u8>> {
        let mut head = Vec::new();
        self.open(digest)?.take(count).read_to_end(&mut head).at(&self.path(digest))?;
        Ok(head)
    }

    /// Copies all of `from` in. With `durable`, the bytes are on the disk before this returns.
    pub fn put(&self, from: &mut dyn Read, durable: bool) -> io::Result<Stored> {
        let mut file = tempfile::NamedTempFile::new_in(self.folder.join("tmp"))?;
        let mut hasher = sha2::Sha256::new();
        let mut buffer = vec![0; CHUNK];
        let mut size = 0;
        loop {
            let count = match from.read(&mut buffer) {
                Ok(0) => break,
                Ok(count) => count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            hasher.update(&buffer[..count]);
            file.write_all(&buffer[..count])?;
            size += count as u64;
        }
        let digest = Digest::from(<[u8; 32]>::from(hasher.finalize()));
        let path = self.path(digest);
        if !path.is_file() {
            if durable {
                // What was received is for reading alone from here on.
                file.as_file().set_permissions(fs::Permissions::from_mode(0o444))?;
                file.as_file().sync_data()?;
            }
            let shard = path.parent().unwrap_or(&self.folder);
            fs::create_dir_all(shard)?;
            file.persist(&path).map_err(|error| error.error)?;
            if durable {
                File::open(shard)?.sync_all()?;
            }
        }
        Ok(Stored { digest, size })
    }

    /// Hashes the blob anew.
    pub fn check(&self, digest: Digest) -> Result<bool> {
        Ok(digest == digest_of(&self.path(digest))?)
    }

    /// Every digest held, sorted.
    pub fn all(&self) -> Result<Vec<Digest>> {
        let mut digests = Vec::new();
        for shard in fs::read_dir(&self.folder).at(&self.folder)? {
            let shard = shard.at(&self.folder)?.path();
            if !shard.is_dir() || shard.ends_with("tmp") {
                continue;
            }
            for file in fs::read_dir(&shard).at(&shard)? {
                let name = file.at(&shard)?.file_name();
                digests.extend(name.to_str().and_then(|name| name.parse::<Digest>().ok()));
            }
        }
        digests.sort_unstable();
        Ok(digests)
    }

    /// Paths of files below the folder that are no blobs: of another name, or in the wrong place. Sorted.
    pub fn strangers(&self) -> Result<Vec<PathBuf>> {
        let mut strangers = Vec::new();
        for shard in fs::read_dir(&self.folder).at(&self.folder)? {
            let shard = shard.at(&self.folder)?.path();
            if !shard.is_dir() {
                strangers.push(shard);
                continue;
            }
            for file in fs::read_dir(&shard).at(&shard)? {
                let path = file.at(&shard)?.path();
                let name = path.file_name().and_then(|name| name.to_str()?.parse::<Digest>().ok());
                if name.is_none_or(|digest| self.path(digest) != path) || !path.is_file() || path.is_symlink()
                {
                    strangers.push(path);
                }
            }
        }
        strangers.sort_unstable();
        Ok(strangers)
    }

    /// Removes what a killed process left half written. Call only while holding the case's lock.
    pub(crate) fn sweep(&self) -> Result<()> {
        let folder = self.folder.join("tmp");
        for file in fs::read_dir(&folder).at(&folder)? {
            let path = file.at(&folder)?.path();
            fs::remove_file(&path).at(&path)?;
        }
        Ok(())
    }
}

/// SHA-256 of a file.
pub(crate) fn digest_of(path: &Path) -> Result<Digest> {
    let mut file = File::open(path).at(path)?;
    let mut hasher = sha2::Sha256::new();
    io::copy(&mut file, &mut HashWriter(&mut hasher)).at(path)?;
    Ok(Digest::from(<[u8; 32]>::from(hasher.finalize())))
}

struct HashWriter<'a>(&'a mut sha2::Sha256);

impl Write for HashWriter<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
