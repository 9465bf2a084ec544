//! The way from the pages of a family's pictures to one common frame: the best picture's upright raster.

use std::collections::{BTreeMap, VecDeque};

use families::Homography;
use model::{Match, Picture, PictureId};

/// Height of the common frame's longer side, in its units.
pub(super) const LONG: f64 = 2000.0;

/// The picture whose upright raster is the frame: a whole sheet rather than a part, then the largest.
pub(super) fn base(pictures: &[Picture]) -> Option<&Picture> {
    let better = |a: &&Picture, b: &&Picture| {
        let area = a.outline.area().total_cmp(&b.outline.area());
        a.whole.cmp(&b.whole).then(area).then(b.id.cmp(&a.id))
    };
    pictures.iter().max_by(better)
}

/// From page pixels of each picture to the frame of `base`, along the matches that lead to it; pictures that none leads to
/// are left out. Nearer matches come first, of equals those with the smaller id, so that the order does not matter.
pub(super) fn frames(base: &Picture, matches: &[Match]) -> BTreeMap<PictureId, Homography> {
    let to_frame = Homography::stretch(LONG / f64::from(base.size.0.max(base.size.1).max(1)));
    let Some(to_upright) = Homography(base.to_page).inverse() else { return BTreeMap::new() };
    let mut frames = BTreeMap::from([(base.id, to_frame.after(&to_upright))]);
    let mut open = VecDeque::from([base.id]);
    while let Some(near) = open.pop_front() {
        let Some(of_near) = frames.get(&near).copied() else { continue };
        for found in matches {
            let map = found.homography.map(Homography);
            let (far, map) = match (found.a == near, found.b == near) {
                (true, _) => (found.b, map.and_then(|map| map.inverse())),
                (_, true) => (found.a, map),
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
