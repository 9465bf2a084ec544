use std::io;

/// What a result of this crate is.
pub type Result<T> = std::result::Result<T, Error>;

/// Why work could not go on. Bad material is never an error: it is a trouble in a yield.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The case refused.
    #[error(transparent)]
    Case(#[from] case::Error),
    /// A worker process could not be started or spoken to.
    #[error("a worker process failed: {0}")]
    Worker(#[source] io::Error),
    /// Workers cannot shut themselves in on this machine.
    #[error(
        "files cannot be opened shut in on this machine (seccomp is needed: Linux 3.17 or later); nothing was opened"
    )]
    NoSandbox,
    /// Bytes that are held could not be read back.
    #[error("the case's bytes could not be read: {0}")]
    Material(#[source] io::Error),
    /// Bytes of our own making could not be kept.
    #[error("the case's folder could not be written: {0}")]
    Made(#[source] io::Error),
    /// The reader of pictures could not work.
    #[error(transparent)]
    Reader(#[from] reading::Fault),
    /// Work was stopped in the middle: the piece is left for the next run.
    #[error("the work was cut off")]
    CutOff,
    /// Something that can only be a mistake in Truecopy.
    #[error("this should not happen: {0}")]
    Ours(String),
}
