use serde::{Deserialize, Serialize};

use crate::{ExposureId, FamilyId, Id, PictureId};

/// Pictures of one sheet that go back to one photograph, scan or drawing; what is not clear stands alone in one of its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exposure {
    /// Made of the sheet and the pictures.
    pub id: ExposureId,
    /// The sheet.
    pub family: FamilyId,
    /// Sorted by id.
    pub pictures: Vec<PictureId>,
    /// The pairs of its pictures that it rests on; none for a picture that stands alone.
    pub held: Vec<Tell>,
    /// Exposures that clearly are others, with one pair that tells it. Of any other exposure nothing is known.
    pub apart: Vec<(ExposureId, Tell)>,
}

/// A pair of pictures that tells whether they go back to one exposure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Tell {
    /// One picture.
    pub a: PictureId,
    /// The other.
    pub b: PictureId,
    /// By what.
    pub by: Trace,
}

/// What tells that two pictures go back to one exposure, or to two.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Trace {
    /// All pixels are the same.
    Pixels,
    /// Folds and shadows on the paper: the same, or others.
    Shade,
    /// The grain of blank paper.
    Grain,
    /// Neither has shade or grain, and the ink is the same to a fraction of a pixel: both were drawn, not taken.
    Drawn,
    /// One has folds or shadows, the other none, and the paper is bent in one otherwise than in the other.
    Bend,
}

impl Exposure {
    /// The id of an exposure of these pictures.
    pub fn id_of(family: FamilyId, pictures: &[PictureId]) -> ExposureId {
        ExposureId::make(|id| {
            id.id(family);
            for picture in pictures {
                id.id(*picture);
            }
        })
    }
}
