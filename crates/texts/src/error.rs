/// Why a translator's file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// It cannot be read from the disk.
    #[error("{0}: {1}")]
    Disk(String, std::io::Error),
    /// It is not what its format says.
    #[error("{0} is no file of translations that can be read: {1}")]
    Format(String, String),
    /// It does not say which language it is in.
    #[error("{0} does not say its language: its header has no line \"Language: …\", or none that names one")]
    Language(String),
    /// Its plural rule cannot be followed.
    #[error("{0}: its line \"Plural-Forms: …\" cannot be followed: {1}")]
    Plural(String, String),
    /// A language was loaded before.
    #[error("a language was loaded before")]
    Loaded,
}
