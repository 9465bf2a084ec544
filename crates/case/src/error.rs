use std::io;
use std::path::{Path, PathBuf};

/// What a result of this crate is.
pub type Result<T> = std::result::Result<T, Error>;

/// Why the case could not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file or folder could not be read or written.
    #[error("{}: {source}", path.display())]
    Io {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The folder holds no case.
    #[error("{} is not a case (it has no case.toml)", .0.display())]
    NotACase(PathBuf),
    /// There is something there already.
    #[error("{} exists already and is not empty", .0.display())]
    Exists(PathBuf),
    /// Another process works on it.
    #[error("another truecopy is working on {}", .0.display())]
    Busy(PathBuf),
    /// `case.toml` could not be understood.
    #[error("{}: {reason}", path.display())]
    Toml {
        /// Which file.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// The database refused.
    #[error("the case's database: {0}")]
    Sql(#[from] rusqlite::Error),
    /// A row is not what it should be.
    #[error("a row of the case's database cannot be read: {0}")]
    Row(#[from] serde_json::Error),
    /// What was handed over does not do.
    #[error("{0}")]
    Refused(String),
    /// The bytes of a blob are not those of its digest, or the log's chain is broken.
    #[error("the case is damaged: {0}")]
    Damaged(String),
}

/// Names the path on which an I/O error happened.
pub(crate) trait At<T> {
    fn at(self, path: &Path) -> Result<T>;
}

impl<T> At<T> for io::Result<T> {
    fn at(self, path: &Path) -> Result<T> {
        self.map_err(|source| Error::Io { path: path.to_owned(), source })
    }
}
