use std::io;
use std::path::PathBuf;

/// Why a package could not be made or taken in.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The case refused.
    #[error(transparent)]
    Case(#[from] case::Error),
    /// The case is not as it was received, a sentence for each thing.
    #[error("the case is not as it was received: {}", .0.join("; "))]
    Changed(Vec<String>),
    /// Something was entered after the case was verified.
    #[error("the case went on after it was verified")]
    Stale,
    /// No sheet or party has this id.
    #[error("the case has no '{0}'")]
    Unknown(String),
    /// The part refers to something that is not in it.
    #[error("the part refers to {0}, which is not in it")]
    Stray(String),
    /// The account could not be written down.
    #[error("the account could not be written down: {0}")]
    Account(#[source] io::Error),
    /// The package's folder could not be written.
    #[error("{} could not be written: {source}", folder.display())]
    Writing {
        /// Which folder.
        folder: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The package's folder could not be read.
    #[error("{}: {source}", folder.display())]
    Reading {
        /// Which folder.
        folder: PathBuf,
        /// Why.
        source: io::Error,
    },
}

/// What a result of this crate is.
pub type Result<T> = std::result::Result<T, Error>;
