use model::{Ground, Match, Measure, PictureId};

use crate::index::RADIUS;
use crate::look::{Agreement, Look};

/// Prints below this quality are poor: a blank or nearly blank page. They are never matched, not even by equal pixels,
/// since every blank page looks like every other.
pub const MIN_QUALITY: u8 = 50;

/// Bounds found on pages whose truth is known: pairs of different sheets reach a median of at most 0.31 and a share of at
/// most 0.29, re-encodings of one sheet at least 0.9 and 0.96.
const MIN_MEDIAN: f64 = 0.85;
const MIN_SHARE: f64 = 0.95;
const MIN_CELLS: usize = 24;
/// Re-encoding keeps the ratio of the sides to the pixel.
const MAX_ASPECT: f64 = 1.02;

/// A match of two pictures whose pixels are the same and whose prints are not poor.
pub fn same_pixels(a: PictureId, b: PictureId, quality: u8) -> Option<Match> {
    let measures =
        vec![Measure::new("print quality", f64::from(quality), "of 100", Some(f64::from(MIN_QUALITY)))];
    (quality >= MIN_QUALITY).then(|| Match::new(a, b, Ground::SamePixels, measures))
}

/// A match of two pictures whose prints are near, if they agree cell by cell.
pub fn verify(a: (PictureId, &Look), b: (PictureId, &Look), distance: u32) -> Option<Match> {
    let Agreement { cells, median, share } = a.1.agreement(b.1);
    let aspect = (a.1.aspect / b.1.aspect).max(b.1.aspect / a.1.aspect);
    let holds = median >= MIN_MEDIAN
        && share >= MIN_SHARE
        && cells >= MIN_CELLS
        && aspect <= MAX_ASPECT
        && distance <= RADIUS;
    let measures = vec![
        Measure::new("print distance", f64::from(distance), "bits of 256", Some(f64::from(RADIUS))),
        Measure::new("median correlation of cells", rounded(median), "", Some(MIN_MEDIAN)),
        Measure::new("cells that agree", rounded(share), "share", Some(MIN_SHARE)),
        Measure::new("cells with structure", cells as f64, "of 256", Some(MIN_CELLS as f64)),
        Measure::new("ratio of the sides' ratios", rounded(aspect), "", Some(MAX_ASPECT)),
    ];
    holds.then(|| Match::new(a.0, b.0, Ground::SameLook, measures))
}

/// Four digits: what is measured is not known any better.
fn rounded(value: f64) -> f64 {
    (value * 10_000.0).round() / 10_000.0
}
