use serde::{Deserialize, Serialize};

use crate::{FamilyId, PictureId};

/// How a picture lies on the view of its sheet, which all pictures of the family share: the best picture set upright.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Placing {
    /// This picture.
    pub picture: PictureId,
    /// Its family.
    pub family: FamilyId,
    /// The projective map, row by row, from pixels of its page to the view.
    pub to_view: [f64; 9],
    /// Width and height of the view, the longer one 2000.
    pub view: (f64, f64),
}
