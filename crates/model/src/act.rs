//! What analysts did. Ground, like the bytes received: an act is never changed, another act takes it back.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{ActId, EntityKind, Id, ImpactId, Interval, PictureId};

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
    /// Somebody says that a sheet was seen. What is said is the act's reason. It is no post that anybody observed, and moves no
    /// first appearance.
    Testify {
        /// Pictures of the sheet, sorted.
        pictures: Vec<PictureId>,
        /// When it was seen, as it is said.
        when: Option<Interval>,
        /// How it is known that this is said.
        basis: String,
    },
    /// A note on something. Its text is the act's reason.
    Note {
        /// The printed id of what it is on.
        on: String,
        /// The pictures of what it is on, where that is made of pictures: a sheet keeps its note when it gains others. Sorted.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        pictures: Vec<PictureId>,
    },
    /// A label for something.
    Label {
        /// The printed id of what bears it.
        on: String,
        /// The pictures of what bears it, as for a note.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        pictures: Vec<PictureId>,
        /// A word or two.
        label: String,
    },
    /// What an analyst holds of an observation.
    Judge {
        /// The printed id of the observation.
        on: String,
        /// Whether it holds.
        holds: Held,
    },
}

/// What an analyst holds of an observation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Held {
    /// It holds.
    Holds,
    /// It does not hold.
    Not,
    /// It was looked at, and cannot be told.
    Open,
}

impl Held {
    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Holds => "holds",
            Self::Not => "not",
            Self::Open => "open",
        }
    }
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
                Deed::Testify { when, basis, .. } => {
                    let times = when.iter().flat_map(|when| [when.earliest, when.latest]);
                    id.text(basis);
                    times.for_each(|time| _ = id.text(&time.to_string()));
                }
                Deed::Note { on, .. } => _ = id.text(on),
                Deed::Label { on, label, .. } => _ = id.text(on).text(label),
                Deed::Judge { on, holds } => _ = id.text(on).text(holds.word()),
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
            Self::Testify { .. } => "testify",
            Self::Note { .. } => "note",
            Self::Label { .. } => "label",
            Self::Judge { .. } => "judge",
        }
    }

    /// The pictures it is about, and those they are split from.
    pub fn pictures(&self) -> (&[PictureId], &[PictureId]) {
        match self {
            Self::Join { pictures }
            | Self::Testify { pictures, .. }
            | Self::Note { pictures, .. }
            | Self::Label { pictures, .. } => (pictures, &[]),
            Self::Split { pictures, from } => (pictures, from),
            _ => (&[], &[]),
        }
    }

    /// Whether it joins or splits pictures, so that sheets are to be gathered anew.
    pub fn gathers(&self) -> bool {
        matches!(self, Self::Join { .. } | Self::Split { .. })
    }

    /// Whether it only says something beside the material, from which nothing is derived: testimony, a note, a label, a judgement.
    pub fn is_said(&self) -> bool {
        matches!(self, Self::Testify { .. }) || self.on().is_some()
    }

    /// The printed id of what a note, a label or a judgement is about.
    pub fn on(&self) -> Option<&str> {
        match self {
            Self::Note { on, .. } | Self::Label { on, .. } | Self::Judge { on, .. } => Some(on),
            _ => None,
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

    #[test]
    fn an_id_is_made_of_every_field() {
        let picture = |n: u8| PictureId::from([n; 32]);
        let time = |second| Timestamp::from_second(second).unwrap();
        let between = |from, to| Some(Interval { earliest: time(from), latest: time(to) });
        let testify = |pictures: &[PictureId], when, basis: &str| Deed::Testify {
            pictures: pictures.to_vec(),
            when,
            basis: basis.to_owned(),
        };
        let note = |on: &str| Deed::Note { on: on.to_owned(), pictures: Vec::new() };
        let label = |on: &str, label: &str, pictures: &[PictureId]| Deed::Label {
            on: on.to_owned(),
            pictures: pictures.to_vec(),
            label: label.to_owned(),
        };
        let judge = |on: &str, holds| Deed::Judge { on: on.to_owned(), holds };
        let deeds = [
            testify(&[picture(1)], None, "told"),
            testify(&[picture(2)], None, "told"),
            testify(&[picture(1), picture(2)], None, "told"),
            testify(&[picture(1)], None, "written"),
            testify(&[picture(1)], between(0, 9), "told"),
            testify(&[picture(1)], between(1, 9), "told"),
            testify(&[picture(1)], between(0, 8), "told"),
            note("pic:a"),
            note("pic:b"),
            Deed::Note { on: "pic:a".to_owned(), pictures: vec![picture(1)] },
            label("pic:a", "seal", &[]),
            label("pic:b", "seal", &[]),
            label("pic:a", "fold", &[]),
            label("pic:a", "seal", &[picture(1)]),
            judge("alt:a", Held::Holds),
            judge("alt:a", Held::Not),
            judge("alt:a", Held::Open),
            judge("alt:b", Held::Open),
        ];
        let ids: BTreeSet<ActId> =
            deeds.iter().map(|deed| Act::new(time(0), "a", deed.clone(), "said").id).collect();
        assert_eq!(ids.len(), deeds.len());
        for deed in deeds {
            let act = Act::new(time(0), "a", deed, "said");
            let json = serde_json::to_string(&act).unwrap();
            assert_eq!(serde_json::from_str::<Act>(&json).unwrap(), act);
            assert!(
                act.deed.is_said()
                    && !act.deed.gathers()
                    && act.deed.pairs().is_empty()
                    && act.deed.judges().is_none()
            );
        }
    }
}
