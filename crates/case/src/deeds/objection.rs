use model::{Act, ActId, Entity};

use super::LABEL;
use crate::error::Error;

/// Why what an analyst asks for cannot be done.
#[derive(Debug, thiserror::Error)]
pub enum Objection {
    /// One picture, or none, was to be joined.
    #[error("joining takes two pictures or families, or more")]
    FewPictures,
    /// One entity, or none, was to be joined.
    #[error("joining takes two entities, or more")]
    FewNames,
    /// Persons and places, say.
    #[error("entities of two kinds are neither joined nor split")]
    TwoKinds,
    /// Spellings were named, and several entities.
    #[error("spellings can be named of one entity only")]
    SpellingsOfSeveral,
    /// All of an entity's spellings were to be split off, or none.
    #[error("splitting an entity takes some of its spellings, not all of them")]
    AllSpellings,
    /// A spelling that the entity does not have.
    #[error("{} has no spelling '{name}'", entity.id)]
    NoSpelling {
        /// The entity.
        entity: Box<Entity>,
        /// The spelling.
        name: String,
    },
    /// All pictures of the families were to be split off, or none.
    #[error("nothing would be left of the family to split from")]
    NothingLeft,
    /// An act that stands says the contrary.
    #[error("an earlier act says the contrary: {} ({}, {})", .0.id, .0.deed.word(), .0.actor)]
    Contrary(Box<Act>),
    /// It was judged, and that stands.
    #[error("it was judged before: {} ({}, {})", .0.id, .0.deed.word(), .0.actor)]
    Judged(Box<Act>),
    /// It has this label, and that stands.
    #[error("it has this label: {} ({}, {})", .0.id, .0.deed.word(), .0.actor)]
    Labelled(Box<Act>),
    /// The act was taken back before, by this one.
    #[error("{act} was taken back before")]
    Undone {
        /// The act.
        act: ActId,
        /// The one that took it back.
        by: Box<Act>,
    },
    /// There is no such thing in the case.
    #[error("the case has no '{0}'")]
    Unknown(String),
    /// What is no observation cannot be judged.
    #[error("{0} is no observation")]
    NotObserved(String),
    /// No reason was given.
    #[error("the reason is empty")]
    NoReason,
    /// How it is known was not said.
    #[error("the basis is empty")]
    NoBasis,
    /// Nothing was named that it is about.
    #[error("no picture or sheet was named")]
    NoPicture,
    /// A label is a word or two.
    #[error("a label is one line of up to {} characters", LABEL)]
    BadLabel,
    /// A text that is no time.
    #[error("'{0}' is no time")]
    BadTime(String),
    /// A time that ends before it begins.
    #[error("the time ends before it begins")]
    Backwards,
    /// The case could not be read.
    #[error(transparent)]
    Case(#[from] Error),
}

impl Objection {
    /// The way out, where there is one to name.
    pub fn hint(&self) -> Option<String> {
        let way_out = match self {
            Self::NoSpelling { entity, .. } => format!("its spellings are: {}", entity.spellings.join("; ")),
            Self::NothingLeft => "name the pictures that are to leave it, not all of them".to_owned(),
            Self::Contrary(act) | Self::Judged(act) | Self::Labelled(act) => {
                format!("take that back first: {}", act.id)
            }
            Self::Undone { by, .. } => {
                format!("to have it again, take back the act that took it back: {}", by.id)
            }
            Self::NotObserved(_) => {
                "judged are matches, alterations, hops, gaps, quotes, statements and what else was observed; \
                 a proposed harm is confirmed or rejected"
                    .to_owned()
            }
            Self::NoReason => "say in a sentence why: it stands in the report".to_owned(),
            Self::NoBasis => {
                "say how it is known, such as: told by telephone by a member of the server".to_owned()
            }
            Self::BadTime(_) => {
                "a time is 2023-03-01T14:30:00Z, with another zone than UTC 2023-03-01T16:30:00+02:00; \
                 2023-03-01, 2023-03 and 2023 are a whole day, month and year in UTC"
                    .to_owned()
            }
            _ => return None,
        };
        Some(way_out)
    }

    /// The act that stands in the way.
    pub fn act(&self) -> Option<&Act> {
        match self {
            Self::Contrary(act) | Self::Judged(act) | Self::Labelled(act) => Some(act),
            _ => None,
        }
    }

    /// Whether it lies in what was asked, whatever the case holds.
    pub fn is_usage(&self) -> bool {
        match self {
            Self::FewPictures
            | Self::FewNames
            | Self::TwoKinds
            | Self::SpellingsOfSeveral
            | Self::AllSpellings
            | Self::NotObserved(_)
            | Self::NoReason
            | Self::NoBasis
            | Self::NoPicture
            | Self::BadLabel
            | Self::BadTime(_)
            | Self::Backwards => true,
            Self::NoSpelling { .. }
            | Self::NothingLeft
            | Self::Contrary(_)
            | Self::Judged(_)
            | Self::Labelled(_)
            | Self::Undone { .. }
            | Self::Unknown(_)
            | Self::Case(_) => false,
        }
    }
}
