//! Which way is up.
//!
//! Each connected piece of ink that may be a letter, or a few that touch, is looked at by itself: its shape on a small grid,
//! and what stands around it. A linear classifier (softmax over the four quarter turns, learned from text in several faces at
//! many sizes; `learn.rs`, `weights.rs`) gives each a vote in log odds, as van Beusekom, Shafait & Breuel 2010 do with ascenders
//! and descenders, but for capitals and digits too. Letters are many, so that even weak votes decide.

use image::GrayImage;

use crate::weights::UPRIGHT;

/// Cells of the grid along each side.
pub(crate) const GRID: usize = 10;
/// What is measured of one piece: the grid.
pub(crate) const FEATURES: usize = GRID * GRID;
/// Letters looked at.
const MOST: usize = 1500;
/// Darker than this on an evened raster is ink.
const INK: u8 = 150;
/// Letters stand in words, their errors hang together: the sum of votes is damped as if this many were one.
const TOGETHER: f64 = 6.0;

/// What the letters say about a raster that may stand on any of its sides.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Turn {
    /// Quarter turns clockwise that the content is away from upright.
    pub(crate) quarters: usize,
    /// Log odds of the chosen way against the next best.
    pub(crate) sure: f64,
    /// Letters that were asked.
    pub(crate) letters: usize,
}

/// Judges an evened raster, about 1400 pixels long.
pub(crate) fn turn(even: &GrayImage) -> Turn {
    let letters = letters(even);
    let weights = ways();
    let mut sums = [0.0f64; 4];
    for letter in &letters {
        let logits: [f64; 4] = std::array::from_fn(|way| {
            let sum: f32 = weights[way].iter().zip(letter).map(|(w, x)| w * x).sum();
            f64::from(sum)
        });
        let most = logits.iter().copied().fold(f64::MIN, f64::max);
        let norm = most + logits.iter().map(|v| (v - most).exp()).sum::<f64>().ln();
        for (sum, logit) in sums.iter_mut().zip(&logits) {
            // No single piece may say more than a hundred to one.
            *sum += (logit - norm).max(-4.6);
        }
    }
    let mut order = [0, 1, 2, 3];
    order.sort_by(|a: &usize, b: &usize| sums[*b].total_cmp(&sums[*a]));
    let sure = (sums[order[0]] - sums[order[1]]) / TOGETHER;
    Turn { quarters: if letters.is_empty() { 0 } else { order[0] }, sure, letters: letters.len() }
}

/// The weights for letters turned clockwise by 0 to 3 quarters.
fn ways() -> [[f32; FEATURES]; 4] {
    let mut out = [UPRIGHT; 4];
    for way in 1..4 {
        let before = out[way - 1];
        for (k, weight) in out[way].iter_mut().enumerate() {
            let (row, column) = (k / GRID, k % GRID);
            *weight = before[(GRID - 1 - column) * GRID + row];
        }
    }
    out
}

/// The measured letters of an evened raster, spread evenly over those there are.
pub(crate) fn letters(even: &GrayImage) -> Vec<[f32; FEATURES]> {
    let mine = sized(even);
    let step = mine.len().div_ceil(MOST).max(1);
    mine.iter().step_by(step).map(|b| grid(even, b)).collect()
}

/// Boxes (left, top, right, foot, ends exclusive) of what may be letters. Letters of the text have about one size; specks and
/// plates do not.
pub(crate) fn sized(even: &GrayImage) -> Vec<[usize; 4]> {
    let boxes = pieces(even);
    let fit: Vec<[usize; 4]> = boxes.into_iter().filter(letter_like).collect();
    let mut sizes: Vec<usize> = fit.iter().map(|b| (b[2] - b[0]).max(b[3] - b[1])).collect();
    sizes.sort_unstable();
    let Some(usual) = sizes.get(sizes.len() / 2).copied() else {
        return Vec::new();
    };
    let usual_size = |b: &[usize; 4]| {
        let size = (b[2] - b[0]).max(b[3] - b[1]);
        2 * size >= usual && size <= 4 * usual
    };
    fit.into_iter().filter(usual_size).collect()
}

fn letter_like(b: &[usize; 4]) -> bool {
    let (w, h) = (b[2] - b[0], b[3] - b[1]);
    w.min(h) >= 3 && w.max(h) >= 6 && w.max(h) <= 90 && w.max(h) <= 6 * w.min(h)
}

/// Boxes of connected ink (eight neighbours); ends exclusive.
fn pieces(even: &GrayImage) -> Vec<[usize; 4]> {
    let (w, h) = (even.width() as usize, even.height() as usize);
    let mut open: Vec<bool> = even.as_raw().iter().map(|v| *v < INK).collect();
    let mut out = Vec::new();
    let mut stack = Vec::new();
    for first in 0..w * h {
        if !open[first] {
            continue;
        }
        let mut bounds = [w, h, 0, 0];
        open[first] = false;
        stack.push(first);
        while let Some(k) = stack.pop() {
            let (x, y) = (k % w, k / w);
            bounds = [bounds[0].min(x), bounds[1].min(y), bounds[2].max(x + 1), bounds[3].max(y + 1)];
            for ny in y.saturating_sub(1)..(y + 2).min(h) {
                for nx in x.saturating_sub(1)..(x + 2).min(w) {
                    let next = ny * w + nx;
                    if open[next] {
                        open[next] = false;
                        stack.push(next);
                    }
                }
            }
        }
        out.push(bounds);
    }
    out
}

/// Mean darkness in each cell of a square laid round the middle of a piece, so that its proportions show, and reaching half as
/// far again as the piece, so that its neighbours do.
fn grid(even: &GrayImage, b: &[usize; 4]) -> [f32; FEATURES] {
    let size = 1.5 * ((b[2] - b[0]).max(b[3] - b[1])) as f32;
    let (cx, cy) = ((b[0] + b[2]) as f32 / 2.0, (b[1] + b[3]) as f32 / 2.0);
    let cell = size / GRID as f32;
    let fine = (cell.ceil() as usize).clamp(1, 6);
    let (w, h) = (even.width() as i64, even.height() as i64);
    let raw = even.as_raw();
    let mut out = [0.0f32; FEATURES];
    for (k, value) in out.iter_mut().enumerate() {
        let (gx, gy) = ((k % GRID) as f32, (k / GRID) as f32);
        let mut sum = 0.0;
        for s in 0..fine * fine {
            let (dx, dy) = ((s % fine) as f32 + 0.5, (s / fine) as f32 + 0.5);
            let x = (cx - size / 2.0 + (gx + dx / fine as f32) * cell).floor() as i64;
            let y = (cy - size / 2.0 + (gy + dy / fine as f32) * cell).floor() as i64;
            if x >= 0 && y >= 0 && x < w && y < h {
                sum += f32::from(255 - raw[(y * w + x) as usize]);
            }
        }
        *value = sum / (255 * fine * fine) as f32;
    }
    let mean = out.iter().sum::<f32>() / FEATURES as f32;
    let spread = (out.iter().map(|v| (v - mean).powi(2)).sum::<f32>() / FEATURES as f32).sqrt().max(0.02);
    out.map(|v| (v - mean) / spread)
}
