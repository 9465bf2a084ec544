//! What pictures of one sheet say differently, and which picture was made from which.

use serde::{Deserialize, Serialize};

use crate::{AlterationId, DerivationId, FamilyId, Id, Measure, PictureId, Quad, VersionId};

/// In which way a picture differs at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// Other words stand there.
    Replaced,
    /// Words are missing, on clean paper.
    Removed,
    /// Words stand where the other has clean paper.
    Added,
    /// Something covers the place; what the sheet says there is not told, and not altered.
    Obscured,
}

/// What an altered word is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Touches {
    /// A figure.
    Figure,
    /// A word with a capital in running text.
    Name,
    /// A date, or a part of one.
    Date,
    /// A classification marking.
    Marking,
}

/// By what one of two pictures is held to be the later at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Because {
    /// Its letters do not stand on the line of the words beside them.
    Line,
    /// Its letters are darker, paler, sharper or softer than those beside them.
    Letters,
    /// The paper about its letters has another grain than that beside.
    Paper,
    /// Its blocks were encoded once less than the rest of the picture.
    Encoding,
    /// Figures of the sheet that add up with the other reading do not add up with this.
    Sum,
    /// A date of the sheet that holds with the other reading does not hold with this.
    Date,
    /// Two photographs or scans show the other.
    Alone,
    /// Pictures that show it were made from pictures that show the other.
    Made,
    /// The other is on a much finer picture.
    Detail,
}

/// What speaks for one of two pictures being the later at a place at which they differ.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Clue {
    /// By what.
    pub why: Because,
    /// Whether it speaks for the picture being the later, or for the one it is held against.
    pub later: bool,
    /// Whether it decides by itself, if nothing that does so speaks for the other.
    pub carries: bool,
    /// What it rests on.
    pub measures: Vec<Measure>,
}

/// A place at which one picture differs from another picture of the same sheet.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Alteration {
    /// Made of both pictures and the place.
    pub id: AlterationId,
    /// The family of both.
    pub family: FamilyId,
    /// The picture that differs.
    pub picture: PictureId,
    /// The one it is held against.
    pub against: PictureId,
    /// The place on `picture`, in its page's pixels.
    pub quad: Quad,
    /// The place on `against`, in its page's pixels.
    pub quad_against: Quad,
    /// In which way.
    pub change: Change,
    /// What `picture` says there; empty for removed words.
    pub reads: String,
    /// What `against` says there; empty for added words.
    pub reads_against: String,
    /// What the words are.
    pub touches: Vec<Touches>,
    /// Whether `picture` is held to be the later one of the two; `None` if the reasons do not carry.
    pub later: Option<bool>,
    /// What speaks for either, those that decide first.
    #[serde(default)]
    pub reasons: Vec<Clue>,
    /// How unusual the difference is for these two pictures, and what else was measured.
    pub measures: Vec<Measure>,
}

impl Alteration {
    /// The id of what differs on `picture` from `against` at a place.
    pub fn id_of(picture: PictureId, against: PictureId, quad: &Quad) -> AlterationId {
        AlterationId::make(|id| {
            id.id(picture).id(against);
            for corner in quad.0 {
                id.number(corner.x.to_bits()).number(corner.y.to_bits());
            }
        })
    }
}

/// Pictures of a family that say the same, as far as they show it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Version {
    /// Made of its pictures.
    pub id: VersionId,
    /// The family.
    pub family: FamilyId,
    /// Sorted by id.
    pub pictures: Vec<PictureId>,
    /// What distinguishes it: what it says at each place at which versions of the family differ, in reading order; `None`
    /// where none of its pictures shows the place.
    pub says: Vec<Option<String>>,
}

impl Version {
    /// The version of these pictures.
    pub fn new(family: FamilyId, mut pictures: Vec<PictureId>, says: Vec<Option<String>>) -> Self {
        pictures.sort_unstable();
        let id = VersionId::make(|id| {
            id.id(family);
            for picture in &pictures {
                id.id(*picture);
            }
        });
        Self { id, family, pictures, says }
    }
}

/// What was done to a picture to make another of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// A part was cut out.
    Crop,
    /// It was made smaller, or softer.
    Rescale,
    /// It was encoded again.
    Reencode,
    /// It was turned or set into something larger.
    Turn,
    /// Something was drawn or written on it, or covered.
    Annotate,
    /// Words were altered.
    Alter,
}

/// One picture made from another, both of one exposure.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Derivation {
    /// Made of both pictures.
    pub id: DerivationId,
    /// The family of both.
    pub family: FamilyId,
    /// The picture it was made from, or the nearest to that which is held.
    pub from: PictureId,
    /// The picture that was made.
    pub to: PictureId,
    /// Whether the reasons decide which of the two came first.
    pub decided: bool,
    /// What was done, as far as it shows.
    pub steps: Vec<Step>,
    /// What it rests on.
    pub measures: Vec<Measure>,
}

impl Derivation {
    /// The id of the derivation of `to` from `from`.
    pub fn id_of(from: PictureId, to: PictureId) -> DerivationId {
        DerivationId::make(|id| {
            id.id(from).id(to);
        })
    }
}
