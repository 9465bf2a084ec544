//! What a picture looks like, cell by cell, small enough to hold two against each other at once.

use image::imageops::{self, FilterType};
use image::{GrayImage, RgbImage};

const SIDE: usize = 256;
const CELL: usize = 16;
/// Radius of the mean that is taken away, so that light and tone do not count.
const RADIUS: usize = 8;
/// Variance of grey levels above which a cell has something to compare.
const TEXTURE: f32 = 25.0;
/// Correlation above which a cell counts as agreeing.
const AGREES: f32 = 0.5;

/// A picture brought to 256 x 256 grey levels with the local mean taken away.
#[derive(Clone, Debug)]
pub struct Look {
    detail: Vec<f32>,
    /// Width over height of the picture it was made from.
    pub aspect: f64,
}

/// How far two looks agree.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Agreement {
    /// Cells of 256 in which either has structure.
    pub cells: usize,
    /// Median correlation (Pearson) over those cells.
    pub median: f64,
    /// Share of those cells that correlate above 0.5.
    pub share: f64,
}

impl Look {
    /// The look of a raster.
    pub fn of(raster: &RgbImage) -> Self {
        let grey: GrayImage = imageops::grayscale(raster);
        let small = imageops::resize(&grey, SIDE as u32, SIDE as u32, FilterType::Triangle);
        let levels: Vec<f32> = small.as_raw().iter().map(|level| f32::from(*level)).collect();
        let mean = local_mean(&levels);
        let detail = levels.iter().zip(&mean).map(|(level, mean)| level - mean).collect();
        Look { detail, aspect: f64::from(raster.width()) / f64::from(raster.height().max(1)) }
    }

    /// Holds it against another.
    pub fn agreement(&self, other: &Look) -> Agreement {
        let mut correlations = Vec::new();
        for row in (0..SIDE).step_by(CELL) {
            for column in (0..SIDE).step_by(CELL) {
                correlations.extend(self.correlation(other, row, column));
            }
        }
        correlations.sort_by(f32::total_cmp);
        let cells = correlations.len();
        let agreeing = correlations.iter().filter(|value| **value > AGREES).count();
        Agreement {
            cells,
            median: correlations.get(cells / 2).copied().map_or(0.0, f64::from),
            share: if cells == 0 { 0.0 } else { agreeing as f64 / cells as f64 },
        }
    }

    fn correlation(&self, other: &Look, row: usize, column: usize) -> Option<f32> {
        let count = (CELL * CELL) as f32;
        let (mut a, mut b, mut aa, mut bb, mut ab) = (0.0, 0.0, 0.0, 0.0, 0.0);
        for line in row..row + CELL {
            let span = line * SIDE + column..line * SIDE + column + CELL;
            for (x, y) in self.detail[span.clone()].iter().zip(&other.detail[span]) {
                (a, b) = (a + x, b + y);
                (aa, bb, ab) = (aa + x * x, bb + y * y, ab + x * y);
            }
        }
        let variance = |sum: f32, squares: f32| (squares / count - (sum / count) * (sum / count)).max(0.0);
        let (of_a, of_b) = (variance(a, aa), variance(b, bb));
        let together = ab / count - (a / count) * (b / count);
        (of_a.max(of_b) > TEXTURE).then(|| together / (of_a * of_b + 1e-6).sqrt())
    }
}

/// The mean over a square of 2 x RADIUS + 1 around each place, edges repeated, by two running sums.
fn local_mean(levels: &[f32]) -> Vec<f32> {
    let along = |from: &[f32], stride: usize, across: usize| {
        let mut to = vec![0.0; from.len()];
        for line in 0..SIDE {
            let at = |k: isize| from[line * across + k.clamp(0, SIDE as isize - 1) as usize * stride];
            let reach = RADIUS as isize;
            let mut sum: f32 = (-reach..=reach).map(at).sum();
            for k in 0..SIDE as isize {
                to[line * across + k as usize * stride] = sum / (2 * RADIUS + 1) as f32;
                sum += at(k + reach + 1) - at(k - reach);
            }
        }
        to
    };
    along(&along(levels, 1, SIDE), SIDE, 1)
}
