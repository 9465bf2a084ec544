use std::fmt::Display;
use std::io;
use std::process::ExitCode;

use case::Objection;

use crate::talk::plain;

/// What a command gives back.
pub(crate) type Outcome<T = End> = Result<T, Fault>;

/// How a command ended that did not fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// All is well.
    Done,
    /// Done, and something could not be read or is not as it should be.
    Problems,
    /// The user stopped it; what was finished is kept.
    Stopped,
}

/// Whose move it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The user can mend it.
    User,
    /// The arguments make no sense.
    Usage,
    /// A mistake of ours.
    Ours,
}

/// Why a command could not do what was asked, and the ways out.
#[derive(Debug)]
pub(crate) struct Fault {
    pub(crate) kind: Kind,
    pub(crate) error: String,
    pub(crate) hints: Vec<String>,
}

impl Fault {
    pub(crate) fn user(error: impl Display) -> Self {
        Self { kind: Kind::User, error: error.to_string(), hints: Vec::new() }
    }

    pub(crate) fn usage(error: impl Display) -> Self {
        Self { kind: Kind::Usage, error: error.to_string(), hints: Vec::new() }
    }

    pub(crate) fn ours(error: impl Display) -> Self {
        let hint = "please report it with what you did; the received files are not touched";
        Self { kind: Kind::Ours, error: error.to_string(), hints: vec![hint.to_owned()] }
    }

    pub(crate) fn hint(mut self, hint: impl Display) -> Self {
        self.hints.push(hint.to_string());
        self
    }

    /// Writing to a file or to standard output failed.
    pub(crate) fn writing(what: impl Display, error: &io::Error) -> Self {
        Self::user(format!("{what} could not be written: {error}"))
    }
}

impl From<case::Error> for Fault {
    fn from(error: case::Error) -> Self {
        use case::Error;
        match &error {
            Error::NotACase(folder) => {
                let folder = folder.display();
                Self::user(&error)
                    .hint(format!("make one with `truecopy new {folder}`"))
                    .hint("or let `truecopy examine FOLDER` do all steps at once")
            }
            Error::Exists(_) => {
                Self::user(&error).hint("name a folder that does not exist yet, or an empty one")
            }
            Error::Busy(_) => {
                Self::user(&error).hint("wait until it has finished, or stop it with Ctrl-C; nothing is lost")
            }
            Error::Io { source, .. } if source.kind() == io::ErrorKind::StorageFull => Self::user(&error)
                .hint("make room on the disk and repeat the command; it goes on where it stopped"),
            Error::Io { source, .. } if source.kind() == io::ErrorKind::NotFound => {
                Self::user(&error).hint("check the spelling of the path")
            }
            Error::Io { .. } => Self::user(&error),
            Error::Toml { .. } => {
                Self::user(&error).hint("mend the file by hand; the rest of the case is as it was")
            }
            Error::Refused(_) => Self::user(&error),
            Error::Damaged(_) => {
                Self::user(&error).hint("`truecopy verify` lists what is not as it should be")
            }
            Error::Sql(_) | Error::Row(_) => Self::user(&error)
                .hint("if derived.db in the case is damaged: `truecopy rebuild CASE --replace` makes it anew")
                .hint("if ground.db is damaged, go back to a copy of the case"),
        }
    }
}

impl From<Objection> for Fault {
    fn from(objection: Objection) -> Self {
        let (error, hint) = match objection {
            Objection::Case(error) => return error.into(),
            // In the command, spellings are an option, and acts and families are listed.
            Objection::SpellingsOfSeveral => ("--name takes spellings of one entity".to_owned(), None),
            Objection::AllSpellings => (format!("{objection}: --name"), None),
            Objection::NothingLeft => (
                objection.to_string(),
                Some(
                    "name the pictures that are to leave it; `truecopy show CASE FAMILY` lists all it has"
                        .to_owned(),
                ),
            ),
            Objection::Undone { .. } => (
                objection.to_string(),
                Some(
                    "to have it again, undo the act that took it back; `truecopy list CASE acts`".to_owned(),
                ),
            ),
            _ => (objection.to_string(), objection.hint()),
        };
        let fault = if objection.is_usage() { Self::usage(plain(&error)) } else { Self::user(plain(&error)) };
        hint.into_iter().fold(fault, |fault, hint| fault.hint(plain(&hint)))
    }
}

impl From<pipeline::Error> for Fault {
    fn from(error: pipeline::Error) -> Self {
        match error {
            pipeline::Error::Case(error) => error.into(),
            pipeline::Error::Ours(_) => Self::ours(error),
            pipeline::Error::Worker(_) | pipeline::Error::CutOff => {
                Self::user(error).hint("repeat the command; it goes on where it stopped")
            }
            pipeline::Error::NoSandbox => Self::user(error)
                .hint("`truecopy shield` tells what this machine can do")
                .hint("for material that you trust, --no-sandbox opens files in this process, not shut in"),
            pipeline::Error::Reader(_) => {
                Self::user(error).hint("or go on without reading the pictures: --no-reading")
            }
            pipeline::Error::Material(_) | pipeline::Error::Made(_) => {
                Self::user(error).hint("check the disk; `truecopy verify` finds bytes that changed")
            }
        }
    }
}

impl From<pipeline::redact::Objection> for Fault {
    fn from(objection: pipeline::redact::Objection) -> Self {
        use pipeline::redact::Objection;
        // In the command, what is to be withheld is named by options.
        let hint = match &objection {
            Objection::NothingChosen => Some("name --personal, --names, --party, --search or --region"),
            Objection::Unread(_) => Some("`truecopy run CASE` reads the pictures; or name a --region"),
            Objection::SeveralInPng => Some("name the output .pdf for several"),
            _ => objection.hint(),
        };
        let fault = match objection {
            Objection::Work(error) => return error.into(),
            Objection::Ours(why) => return Self::ours(why),
            _ if objection.is_usage() => Self::usage(&objection),
            _ => Self::user(&objection),
        };
        hint.into_iter().fold(fault, Fault::hint)
    }
}

impl From<package::Error> for Fault {
    fn from(error: package::Error) -> Self {
        use package::Error;
        match error {
            Error::Case(error) => error.into(),
            Error::Changed(_) => {
                Self::user(error).hint("`truecopy verify` lists what differs; go back to a copy of the case")
            }
            Error::Stale => Self::user(error).hint("repeat the command"),
            Error::Writing { .. } => {
                Self::user(error).hint("name a folder that does not exist yet with --output")
            }
            Error::Reading { .. } => Self::user(error),
            Error::Unknown(_) | Error::Stray(_) | Error::Account(_) => Self::ours(error),
        }
    }
}

impl From<End> for ExitCode {
    fn from(end: End) -> Self {
        ExitCode::from(match end {
            End::Done => 0,
            End::Problems => 3,
            End::Stopped => 130,
        })
    }
}

impl From<Kind> for ExitCode {
    fn from(kind: Kind) -> Self {
        ExitCode::from(match kind {
            Kind::User => 1,
            Kind::Usage => 2,
            Kind::Ours => 70,
        })
    }
}
