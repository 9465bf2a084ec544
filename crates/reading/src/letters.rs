//! How high the small letters of a raster are.
//!
//! In: a grey raster. Out: the commonest height of pieces that look like letters, in pixels. Absent: what they say.

use image::GrayImage;

use crate::filters::sharpen;
use crate::light::even;

/// The height of small letters in pixels: the commonest height of connected dark pieces that have the shape of letters, or
/// none if there are too few. Light is evened inside.
pub fn letter_height(raster: &GrayImage) -> Option<f64> {
    measure(&even(raster)).height
}

/// What letters a raster shows.
#[derive(Clone, Debug, Default)]
pub(crate) struct Letters {
    /// Height of small letters, in pixels.
    pub height: Option<f64>,
    /// The share of the raster that is dark.
    pub ink: f64,
    /// The middles of pieces that may be letters by their size.
    pub middles: Vec<(u32, u32)>,
}

/// The letters of a raster whose light is evened.
pub(crate) fn measure(evened: &GrayImage) -> Letters {
    let mut sharp = evened.clone();
    sharpen(&mut sharp, 2.0, 1.6);
    let dark = sharp.as_raw().iter().filter(|v| **v < INK).count();
    let ink = dark as f64 / sharp.as_raw().len().max(1) as f64;
    let pieces: Vec<Piece> = pieces(&sharp, INK).into_iter().filter(shaped).collect();
    let height = height_of(&pieces);
    let like = |piece: &&Piece| {
        height.is_some_and(|height| (0.6 * height..2.2 * height).contains(&f64::from(piece.height)))
    };
    let middle = |piece: &Piece| (piece.left + piece.width / 2, piece.top + piece.height / 2);
    Letters { height, ink, middles: pieces.iter().filter(like).map(middle).collect() }
}

/// The share of letters that stand in none of the boxes (left, top, right, bottom, in pixels of the raster). Those that
/// stand alone, with less than five others near, are not counted: specks and patterns are no lines.
pub(crate) fn missed(letters: &Letters, boxes: impl Iterator<Item = [f64; 4]>) -> f64 {
    let cell = letters.height.unwrap_or(16.0).max(4.0);
    let at = |v: f64| (v.max(0.0) / cell) as usize;
    let bound = |k: fn(&(u32, u32)) -> u32| {
        letters.middles.iter().map(|m| at(f64::from(k(m)))).max().map_or(0, |m| m + 1)
    };
    let (across, down) = (bound(|m| m.0), bound(|m| m.1));
    let mut covered = vec![false; across * down];
    for [left, top, right, bottom] in boxes {
        for y in at(top - cell / 2.0)..=at(bottom + cell / 2.0).min(down.saturating_sub(1)) {
            let (from, to) = (at(left - cell / 2.0).min(across), (at(right + cell / 2.0) + 1).min(across));
            if let Some(row) = covered.get_mut(y * across + from..y * across + to.max(from)) {
                row.fill(true);
            }
        }
    }
    // Letters in a line have others beside them.
    let mut rows = vec![0u32; across * down];
    let place = |m: &(u32, u32)| at(f64::from(m.1)) * across + at(f64::from(m.0));
    letters.middles.iter().for_each(|m| rows[place(m)] += 1);
    let beside = |n: usize| {
        let (x, row) = (n % across, n / across * across);
        rows[row + x.saturating_sub(4)..row + (x + 5).min(across)].iter().sum::<u32>() > 5
    };
    let (mut all, mut open) = (0usize, 0usize);
    for n in letters.middles.iter().map(place).filter(|n| beside(*n)) {
        all += 1;
        open += usize::from(!covered[n]);
    }
    if all < 40 { 0.0 } else { open as f64 / all as f64 }
}

/// Darker than this is ink, where paper is 245.
const INK: u8 = 150;

/// A connected piece of ink.
#[derive(Clone, Copy, Debug)]
struct Piece {
    left: u32,
    top: u32,
    width: u32,
    height: u32,
    area: u32,
}

/// Is it as slim and as full as letters are?
fn shaped(piece: &Piece) -> bool {
    let full = f64::from(piece.area) / f64::from(piece.width * piece.height);
    (4..96).contains(&piece.height)
        && piece.width <= piece.height * 3
        && piece.height <= piece.width * 5
        && (0.12..0.9).contains(&full)
}

fn height_of(pieces: &[Piece]) -> Option<f64> {
    let mut counts = [0u32; 96];
    pieces.iter().for_each(|piece| counts[piece.height as usize] += 1);
    let total: u32 = counts.iter().sum();
    if total < 40 {
        return None;
    }
    // Each height with its neighbours, so that a peak between two counts as one. Specks are many but small: a height
    // speaks for itself by the ink it stands for.
    let near = |h: usize| -> f64 {
        let sum: u32 = counts[h.saturating_sub(1)..(h + 2).min(96)].iter().sum();
        f64::from(sum) * (h as f64).sqrt()
    };
    let best = (4..96).max_by(|a, b| near(*a).total_cmp(&near(*b)))?;
    let around = best.saturating_sub(1)..(best + 2).min(96);
    let (sum, weighted) = around.fold((0u32, 0f64), |(sum, weighted), h| {
        (sum + counts[h], weighted + f64::from(counts[h]) * h as f64)
    });
    Some(weighted / f64::from(sum.max(1)))
}

/// Each connected piece (8 neighbours) darker than `below`.
fn pieces(raster: &GrayImage, below: u8) -> Vec<Piece> {
    let width = raster.width() as usize;
    let mut parents: Vec<u32> = Vec::new();
    let mut boxes: Vec<[u32; 5]> = Vec::new();
    let mut above: Vec<(usize, usize, u32)> = Vec::new();
    for (y, row) in raster.as_raw().chunks(width.max(1)).enumerate() {
        let mut runs: Vec<(usize, usize, u32)> = Vec::new();
        let (mut x, mut first) = (0, 0);
        while x < row.len() {
            if row[x] >= below {
                x += 1;
                continue;
            }
            let start = x;
            while x < row.len() && row[x] < below {
                x += 1;
            }
            let label = parents.len() as u32;
            parents.push(label);
            boxes.push([start as u32, y as u32, x as u32, y as u32 + 1, (x - start) as u32]);
            while first < above.len() && above[first].1 < start {
                first += 1;
            }
            for run in above[first..].iter().take_while(|run| run.0 <= x) {
                join(&mut parents, label, run.2);
            }
            runs.push((start, x, label));
        }
        above = runs;
    }
    for n in 0..parents.len() {
        let root = root(&mut parents, n as u32) as usize;
        if root != n {
            let (from, to) = (boxes[n], &mut boxes[root]);
            *to = [
                to[0].min(from[0]),
                to[1].min(from[1]),
                to[2].max(from[2]),
                to[3].max(from[3]),
                to[4] + from[4],
            ];
        }
    }
    let roots = (0..parents.len()).filter(|&n| parents[n] as usize == n);
    let piece = |[left, top, right, bottom, area]: [u32; 5]| Piece {
        left,
        top,
        width: right - left,
        height: bottom - top,
        area,
    };
    roots.map(|n| piece(boxes[n])).collect()
}

fn root(parents: &mut [u32], mut n: u32) -> u32 {
    while parents[n as usize] != n {
        parents[n as usize] = parents[parents[n as usize] as usize];
        n = parents[n as usize];
    }
    n
}

fn join(parents: &mut [u32], a: u32, b: u32) {
    let (a, b) = (root(parents, a), root(parents, b));
    parents[a.max(b) as usize] = a.min(b);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prepare::{Recipe, ready};
    use image::Luma;

    #[test]
    fn lines_that_no_word_covers_are_missed() {
        let middles = (0..200u32).map(|n| (20 + n % 40 * 14, 30 + n / 40 * 60)).collect();
        let letters = Letters { height: Some(16.0), ink: 0.1, middles };
        let lines =
            |count: usize| (0..count).map(|n| [10.0, 20.0 + 60.0 * n as f64, 590.0, 40.0 + 60.0 * n as f64]);
        assert_eq!(missed(&letters, lines(5)), 0.0);
        assert!((missed(&letters, lines(3)) - 0.4).abs() < 0.01);
        assert_eq!(missed(&letters, lines(0)), 1.0);
        assert_eq!(missed(&Letters::default(), lines(2)), 0.0);
        assert_eq!(missed(&letters, [[-9.0, -9.0, 1e9, 1e9]].into_iter()), 0.0);
    }

    #[test]
    fn letters_are_measured_and_odd_rasters_pass() {
        let mut raster = GrayImage::from_pixel(600, 400, Luma([240]));
        for n in 0..200u32 {
            let (x0, y0) = (10 + n % 25 * 22, 10 + n / 25 * 40);
            for y in 0..17 {
                for x in 0..3 {
                    raster.put_pixel(x0 + x, y0 + y, Luma([20]));
                    raster.put_pixel(x0 + 8 + x, y0 + y, Luma([20]));
                }
            }
            for x in 0..11 {
                raster.put_pixel(x0 + x, y0 + 8, Luma([20]));
            }
        }
        assert!((letter_height(&raster).unwrap() - 17.0).abs() < 0.6);
        for (w, h, v) in [(1, 1, 0), (20_000, 30, 9), (64, 64, 255), (64, 64, 0)] {
            let raster = GrayImage::from_pixel(w, h, Luma([v]));
            assert!(letter_height(&raster).is_none());
            let made = ready(&raster, None, 0.0, &Recipe::BINARY);
            assert!(made.raster.width() > 0 && made.scale.0 > 0.0);
        }
    }
}
