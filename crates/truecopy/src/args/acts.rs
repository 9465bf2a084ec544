//! Arguments of what analysts do.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

#[derive(Debug, Args)]
pub(crate) struct Judged {
    /// The case's folder
    pub(crate) case: PathBuf,
    /// Pictures, or families for all their pictures, or entities, by id or the shortest beginning of it
    #[arg(required = true, value_name = "ID")]
    pub(crate) ids: Vec<String>,
    /// Why, in a sentence; it stands in the report
    #[arg(short, long, value_name = "TEXT")]
    pub(crate) reason: String,
    #[command(flatten)]
    pub(crate) signing: Signing,
}

#[derive(Debug, Args)]
pub(crate) struct Split {
    #[command(flatten)]
    pub(crate) judged: Judged,
    /// Of one entity: these of its spellings name somebody else
    #[arg(long, value_name = "SPELLING")]
    pub(crate) name: Vec<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Testify {
    /// The case's folder
    pub(crate) case: PathBuf,
    /// Pictures of the sheet, or its family for all its pictures, by id or the shortest beginning of it
    #[arg(required = true, value_name = "ID")]
    pub(crate) ids: Vec<String>,
    /// When it was seen, as it is said: an instant with its zone (2023-03-01T14:30:00Z), or a whole day, month or year in UTC
    /// (2023-03-01, 2023-03, 2023); with two, from the first to the end of the second [default: not said]
    #[arg(long, value_name = "FROM [TO]", num_args = 1..=2)]
    pub(crate) when: Vec<String>,
    /// How it is known that this is said: "told by telephone by a member of the server"
    #[arg(long, value_name = "TEXT")]
    pub(crate) basis: String,
    /// What is said, in a sentence; it stands in the report
    #[arg(short, long, value_name = "TEXT")]
    pub(crate) reason: String,
    #[command(flatten)]
    pub(crate) signing: Signing,
}

#[derive(Debug, Args)]
pub(crate) struct Note {
    /// The case's folder
    pub(crate) case: PathBuf,
    /// What it is about, by id or the shortest beginning of it
    pub(crate) id: String,
    /// The note's text, or why; it stands in the report
    #[arg(short, long, value_name = "TEXT")]
    pub(crate) reason: String,
    #[command(flatten)]
    pub(crate) signing: Signing,
}

#[derive(Debug, Args)]
pub(crate) struct Label {
    #[command(flatten)]
    pub(crate) note: Note,
    /// A word or two
    pub(crate) label: String,
}

#[derive(Debug, Args)]
pub(crate) struct Judge {
    #[command(flatten)]
    pub(crate) note: Note,
    /// What you hold of it
    #[arg(value_enum)]
    pub(crate) holds: Held,
}

/// What an analyst holds of an observation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Held {
    /// It holds
    Holds,
    /// It does not hold
    Not,
    /// It was looked at, and cannot be told
    Open,
}

impl From<Held> for model::Held {
    fn from(held: Held) -> Self {
        match held {
            Held::Holds => Self::Holds,
            Held::Not => Self::Not,
            Held::Open => Self::Open,
        }
    }
}

#[derive(Debug, Args)]
pub(crate) struct Judgement {
    /// The case's folder
    pub(crate) case: PathBuf,
    /// The harm, by id or the shortest beginning of it; `truecopy parties CASE PARTY` shows them
    pub(crate) impact: String,
    /// Rules that propose harms, in place of those of the program
    #[arg(long, value_name = "FILE")]
    pub(crate) harms: Option<PathBuf>,
    /// Why, in a sentence; it stands in the report
    #[arg(short, long, value_name = "TEXT")]
    pub(crate) reason: String,
    #[command(flatten)]
    pub(crate) signing: Signing,
}

#[derive(Debug, Args)]
pub(crate) struct Undo {
    /// The case's folder
    pub(crate) case: PathBuf,
    /// The act, by id or the shortest beginning of it
    pub(crate) act: String,
    /// Why, in a sentence; it stands in the report
    #[arg(short, long, value_name = "TEXT")]
    pub(crate) reason: String,
    #[command(flatten)]
    pub(crate) signing: Signing,
}

#[derive(Debug, Args)]
pub(crate) struct Second {
    /// The case's folder
    pub(crate) case: PathBuf,
    /// The act, by id or the shortest beginning of it
    #[arg(requires = "key")]
    pub(crate) act: Option<String>,
    /// An ed25519 key as `ssh-keygen -t ed25519` makes it, other than the one that proposed the act
    #[arg(long, value_name = "FILE")]
    pub(crate) key: Option<PathBuf>,
}

/// How an act is signed.
#[derive(Clone, Debug, Args)]
pub(crate) struct Signing {
    /// Sign it with this ed25519 key as `ssh-keygen -t ed25519` makes it
    #[arg(long, value_name = "FILE")]
    pub(crate) key: Option<PathBuf>,
    /// It takes effect only when another key seconds it: `truecopy second`
    #[arg(long, requires = "key")]
    pub(crate) two: bool,
}
