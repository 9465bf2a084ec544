//! Rasters that no camera and no lossy copy has touched: nothing has to be made ready on them, and whatever is done costs
//! letters.
//!
//! In: a grey raster. Out: whether its paper is white and still and its letters end within a pixel or two. Absent: what it
//! shows.

use image::GrayImage;

/// As bright as paper, and as dark as ink.
const PAPER: u8 = 200;
const INK: u8 = 90;
/// Every so many rows are looked at.
const STEP: usize = 3;
/// The least share of bright pixels.
const BRIGHT: f64 = 0.6;
/// Grey levels by which neighbours on still paper differ at most, and the share of neighbours that may differ by more.
const STILL: u8 = 2;
const STIRRED: f64 = 0.03;
/// Pixels between paper and ink at most, and the least share of edges that are as steep.
const WIDE: usize = 2;
const STEEP: f64 = 0.9;
/// Edges that must be seen.
const EDGES: usize = 400;

/// What the rows of a raster show.
#[derive(Clone, Copy, Debug, Default)]
struct Rows {
    pixels: usize,
    bright: usize,
    stirred: usize,
    edges: usize,
    steep: usize,
}

/// Whether a raster is as sharp and still as if it had been drawn.
pub(crate) fn clean(raster: &GrayImage) -> bool {
    let mut seen = Rows::default();
    for row in raster.as_raw().chunks(raster.width().max(1) as usize).step_by(STEP) {
        seen.look(row);
    }
    let share = |part: usize, whole: usize| part as f64 / whole.max(1) as f64;
    seen.edges >= EDGES
        && share(seen.bright, seen.pixels) >= BRIGHT
        && share(seen.stirred, seen.bright) <= STIRRED
        && share(seen.steep, seen.edges) >= STEEP
}

impl Rows {
    fn look(&mut self, row: &[u8]) {
        self.pixels += row.len();
        for pair in row.windows(2).filter(|pair| pair[0].min(pair[1]) >= PAPER) {
            self.bright += 1;
            self.stirred += usize::from(pair[0].abs_diff(pair[1]) > STILL);
        }
        // The last pixel that was paper or ink, and whether it was ink.
        let mut last: Option<(usize, bool)> = None;
        for (x, v) in row.iter().enumerate().filter(|(_, v)| **v >= PAPER || **v <= INK) {
            let ink = *v <= INK;
            if let Some((from, _)) = last.filter(|(_, was)| *was != ink) {
                self.edges += 1;
                self.steep += usize::from(x - from <= WIDE + 1);
            }
            last = Some((x, ink));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::filters::blur;
    use image::Luma;

    /// Bars on white, as letters stand.
    fn drawn() -> GrayImage {
        GrayImage::from_fn(900, 600, |x, y| {
            let letter = y % 40 < 18 && x % 11 < 3 && x > 60 && x < 840;
            Luma([if letter { 20 } else { 255 }])
        })
    }

    #[test]
    fn what_was_drawn_is_clean_and_what_was_copied_is_not() {
        assert!(clean(&drawn()));
        let soft = blur(drawn().as_raw(), 900, 600, 2);
        assert!(!clean(&GrayImage::from_raw(900, 600, soft).unwrap()));
        let mut stirred = drawn();
        stirred.iter_mut().enumerate().for_each(|(n, v)| *v = v.saturating_sub((n * 7919 % 13) as u8));
        assert!(!clean(&stirred));
        let mut dark = drawn();
        dark.iter_mut().for_each(|v| *v = 255 - *v);
        assert!(!clean(&dark));
        for (w, h) in [(0, 0), (1, 1), (20_000, 30)] {
            assert!(!clean(&GrayImage::from_pixel(w, h, Luma([255]))));
        }
    }
}
