//! The way from the pages of a family's pictures to one common frame: the best picture's upright raster.

use std::collections::{BTreeMap, VecDeque};

use families::Homography;
use model::{Picture, PictureId};

use crate::stages::kin::Tie;

/// Height of the common frame's longer side, in its units.
pub(super) const LONG: f64 = 2000.0;

/// The picture whose upright raster is the frame: a whole sheet rather than a part, then the largest.
pub(super) fn base<'a>(pictures: impl IntoIterator<Item = &'a Picture>) -> Option<&'a Picture> {
    let better = |a: &&Picture, b: &&Picture| {
        let area = a.outline.area().total_cmp(&b.outline.area());
        a.whole.cmp(&b.whole).then(area).then(b.id.cmp(&a.id))
    };
    pictures.into_iter().max_by(better)
}

/// From page pixels of each picture to the frame of `base`, along the ties that lead to it; pictures that none leads to are
/// left out. Nearer ties come first, of equals those with the smaller id, so that the order does not matter.
pub(super) fn frames(base: &Picture, ties: &[Tie]) -> BTreeMap<PictureId, Homography> {
    let to_frame = Homography::stretch(LONG / f64::from(base.size.0.max(base.size.1).max(1)));
    let Some(to_upright) = Homography(base.to_page).inverse() else { return BTreeMap::new() };
    let mut frames = BTreeMap::from([(base.id, to_frame.after(&to_upright))]);
    let mut open = VecDeque::from([base.id]);
    while let Some(near) = open.pop_front() {
        let Some(of_near) = frames.get(&near).copied() else { continue };
        for tie in ties {
            let (far, map) = match (tie.a == near, tie.b == near) {
                (true, _) => (tie.b, tie.map.inverse()),
                (_, true) => (tie.a, Some(tie.map)),
                _ => continue,
            };
            if let Some(map) = map.filter(|_| !frames.contains_key(&far)) {
                frames.insert(far, of_near.after(&map));
                open.push_back(far);
            }
        }
    }
    frames
}
