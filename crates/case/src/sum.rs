//! `ground.sum`: the SHA-256 of `ground.db` as it was last left, as `sha256sum -c` takes it, with the head of the log it
//! belonged to in a comment.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use model::Digest;

use crate::blobs::digest_of;
use crate::error::{At, Result};

/// What the file says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Sum {
    pub(crate) digest: Digest,
    pub(crate) entries: u64,
    pub(crate) head: Digest,
}

impl Sum {
    fn path(database: &Path) -> PathBuf {
        database.with_extension("sum")
    }

    /// Hashes the database and writes what it found, whole or not at all.
    pub(crate) fn renew(database: &Path, (entries, head): (u64, Digest)) -> Result<()> {
        let sum = Self { digest: digest_of(database)?, entries, head };
        let (path, new) = (Self::path(database), database.with_extension("sum.new"));
        let write = || -> io::Result<()> {
            let mut file = fs::File::create(&new)?;
            file.write_all(sum.text().as_bytes())?;
            file.sync_all()?;
            fs::rename(&new, &path)
        };
        write().at(&path)
    }

    /// What stands beside the database: None where there is nothing, an error in words where it makes no sense.
    pub(crate) fn beside(database: &Path) -> Option<std::result::Result<Self, String>> {
        match fs::read(Self::path(database)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => Some(Err(error.to_string())),
            // Read back as it is written, to the byte.
            Ok(bytes) => Some(
                std::str::from_utf8(&bytes)
                    .ok()
                    .and_then(|text| Self::read(text).filter(|sum| sum.text() == text))
                    .ok_or_else(|| "it is not as it was written".to_owned()),
            ),
        }
    }

    fn text(&self) -> String {
        format!("# entries {} head {}\n{}  ground.db\n", self.entries, self.head, self.digest)
    }

    fn read(text: &str) -> Option<Self> {
        let (first, second) = text.split_once('\n')?;
        let (entries, head) = first.strip_prefix("# entries ")?.split_once(" head ")?;
        let digest = second.trim_end().strip_suffix("  ground.db")?;
        Some(Self { digest: digest.parse().ok()?, entries: entries.parse().ok()?, head: head.parse().ok()? })
    }
}
