use model::PictureId;

use crate::error::Error;

/// Why nothing is withheld as it was asked for.
#[derive(Debug, thiserror::Error)]
pub enum Objection {
    /// No rule was asked for.
    #[error("nothing is to be withheld")]
    NothingChosen,
    /// The log would say what the derivative does not.
    #[error("the reason is empty, or says what is to be withheld")]
    Reason,
    /// A derivative is made of something.
    #[error("no picture was named")]
    NoPicture,
    /// The case has no such picture.
    #[error("{0} is no picture")]
    NotAPicture(PictureId),
    /// Words were to be withheld where none were read.
    #[error("{0} was not read, so no word of it can be found")]
    Unread(PictureId),
    /// A rectangle by hand that the picture, of this size, does not have.
    #[error("a region lies outside the picture, which is {} x {}", .0.0, .0.1)]
    Outside((u32, u32)),
    /// Several pictures were to be one PNG.
    #[error("a PNG holds one picture")]
    SeveralInPng,
    /// Something that can only be a mistake in Truecopy.
    #[error("{0}")]
    Ours(String),
    /// The work could not go on.
    #[error(transparent)]
    Work(#[from] Error),
}

impl Objection {
    /// The way out, where there is one to name.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::NothingChosen => {
                Some("name personal data, names, a party, words to search for, or a region")
            }
            Self::Reason => Some("it stands in the log, which goes with the derivative"),
            Self::Unread(_) => Some("have the pictures read; or name a region"),
            Self::SeveralInPng => Some("make a PDF of several"),
            _ => None,
        }
    }

    /// Whether it lies in what was asked, whatever was read on the pictures.
    pub fn is_usage(&self) -> bool {
        match self {
            Self::NothingChosen
            | Self::Reason
            | Self::NoPicture
            | Self::NotAPicture(_)
            | Self::Outside(_)
            | Self::SeveralInPng => true,
            Self::Unread(_) | Self::Ours(_) | Self::Work(_) => false,
        }
    }
}
