//! What analysts did. Ground, like the bytes received: an act is never changed, another act takes it back.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{ActId, EntityKind, Id, ImpactId, PictureId};

/// One act of an analyst.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Act {
    /// Made of all the fields below.
    pub id: ActId,
    /// When, by the clock of the machine.
    pub at: Timestamp,
    /// Who, as the machine names the user.
    pub actor: String,
    /// What was done.
    pub deed: Deed,
    /// Why, in the analyst's words.
    pub reason: String,
}

/// What an act does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Deed {
    /// These pictures show one sheet.
    Join {
        /// Two or more, sorted.
        pictures: Vec<PictureId>,
    },
    /// None of these pictures shows the same sheet as any of those.
    Split {
        /// One or more, sorted.
        pictures: Vec<PictureId>,
        /// One or more others, sorted.
        from: Vec<PictureId>,
    },
    /// These spellings name one person, body or whatever bears them.
    JoinNames {
        /// What bears them.
        kind: EntityKind,
        /// Two or more, sorted.
        names: Vec<String>,
    },
    /// None of these spellings names what any of those names.
    SplitNames {
        /// What bears them.
        kind: EntityKind,
        /// One or more, sorted.
        names: Vec<String>,
        /// One or more others, sorted.
        from: Vec<String>,
    },
    /// A harm that was proposed is one.
    Confirm {
        /// That harm.
        impact: ImpactId,
    },
    /// A harm that was proposed is none.
    Reject {
        /// That harm.
        impact: ImpactId,
    },
    /// An earlier act is taken back.
    Undo {
        /// That act.
        act: ActId,
    },
}

impl Act {
    /// An act with its id.
    pub fn new(at: Timestamp, actor: &str, deed: Deed, reason: &str) -> Self {
        let id = ActId::make(|id| {
            id.text(&at.to_string()).text(actor).text(reason).text(deed.word());
            let (pictures, from) = deed.pictures();
            id.number(pictures.len() as u64);
            for picture in pictures.iter().chain(from) {
                id.id(*picture);
            }
            match &deed {
                Deed::Undo { act } => {
                    id.id(*act);
                }
                Deed::Confirm { impact } | Deed::Reject { impact } => {
                    id.id(*impact);
                }
                Deed::JoinNames { kind, names } => {
                    id.text(&format!("{kind:?}"));
                    names.iter().for_each(|name| _ = id.text(name));
                }
                Deed::SplitNames { kind, names, from } => {
                    id.text(&format!("{kind:?}")).number(names.len() as u64);
                    names.iter().chain(from).for_each(|name| _ = id.text(name));
                }
                Deed::Join { .. } | Deed::Split { .. } => {}
            }
        });
        Self { id, at, actor: actor.to_owned(), deed, reason: reason.to_owned() }
    }
}

/// The acts that stand: of `acts`, in the order in which they were done, those that no later one that stands took back.
pub fn standing(acts: &[Act]) -> BTreeSet<ActId> {
    let (mut undone, mut standing) = (BTreeSet::new(), BTreeSet::new());
    for act in acts.iter().rev() {
        if undone.contains(&act.id) {
            continue;
        }
        standing.insert(act.id);
        if let Deed::Undo { act } = act.deed {
            undone.insert(act);
        }
    }
    standing
}

impl Deed {
    /// The word for it.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Join { .. } => "join",
            Self::Split { .. } => "split",
            Self::JoinNames { .. } => "join names",
            Self::SplitNames { .. } => "split names",
            Self::Confirm { .. } => "confirm",
            Self::Reject { .. } => "reject",
            Self::Undo { .. } => "undo",
        }
    }

    /// The pictures it is about, and those they are split from.
    pub fn pictures(&self) -> (&[PictureId], &[PictureId]) {
        match self {
            Self::Join { pictures } => (pictures, &[]),
            Self::Split { pictures, from } => (pictures, from),
            _ => (&[], &[]),
        }
    }

    /// The harm it judges, and whether it is one.
    pub fn judges(&self) -> Option<(ImpactId, bool)> {
        match self {
            Self::Confirm { impact } => Some((*impact, true)),
            Self::Reject { impact } => Some((*impact, false)),
            _ => None,
        }
    }

    /// What bears the spellings it joins or splits, the spellings, and those they are split from.
    pub fn names(&self) -> Option<(EntityKind, &[String], &[String])> {
        match self {
            Self::JoinNames { kind, names } => Some((*kind, names.as_slice(), Default::default())),
            Self::SplitNames { kind, names, from } => Some((*kind, names.as_slice(), from.as_slice())),
            _ => None,
        }
    }

    /// The pairs of pictures it joins or splits.
    pub fn pairs(&self) -> Vec<(PictureId, PictureId)> {
        match self {
            Self::Join { pictures } => pictures.windows(2).map(|pair| (pair[0], pair[1])).collect(),
            Self::Split { pictures, from } => {
                pictures.iter().flat_map(|a| from.iter().map(move |b| (*a, *b))).collect()
            }
            _ => Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_taken_back_and_that_taken_back_stands_again() {
        let act = |deed| Act::new(Timestamp::UNIX_EPOCH, "a", deed, "because");
        let join = act(Deed::Join { pictures: Vec::new() });
        let back = act(Deed::Undo { act: join.id });
        let again = act(Deed::Undo { act: back.id });
        assert_eq!(standing(&[join.clone(), back.clone()]), BTreeSet::from([back.id]));
        assert_eq!(standing(&[join.clone(), back, again.clone()]), BTreeSet::from([join.id, again.id]));
    }
}
