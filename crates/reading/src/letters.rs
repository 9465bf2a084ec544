//! How high the small letters of a raster are.
//!
//! In: a grey raster. Out: the commonest height of pieces that look like letters, in pixels. Absent: what they say.

use image::GrayImage;

use crate::filters::sharpen;
use crate::light::even;

/// The height of small letters in pixels: the commonest height of connected dark pieces that have the shape of letters, or
/// none if there are too few. Light is evened inside.
pub fn letter_height(raster: &GrayImage) -> Option<f64> {
    measure(&even(raster)).0
}

/// The letter height of a raster whose light is evened, and the share of it that is dark.
pub(crate) fn measure(evened: &GrayImage) -> (Option<f64>, f64) {
    let mut sharp = evened.clone();
    sharpen(&mut sharp, 2.0, 1.6);
    let dark = sharp.as_raw().iter().filter(|v| **v < INK).count();
    let ink = dark as f64 / sharp.as_raw().len().max(1) as f64;
    (height_of(&sharp), ink)
}

/// Darker than this is ink, where paper is 245.
const INK: u8 = 150;

fn height_of(evened: &GrayImage) -> Option<f64> {
    let mut counts = [0u32; 96];
    for (width, height, area) in pieces(evened, INK) {
        let full = f64::from(area) / f64::from(width * height);
        if (4..96).contains(&height)
            && width <= height * 3
            && height <= width * 5
            && (0.12..0.9).contains(&full)
        {
            counts[height as usize] += 1;
        }
    }
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

/// Width, height and area of each connected piece (8 neighbours) darker than `below`.
fn pieces(raster: &GrayImage, below: u8) -> Vec<(u32, u32, u32)> {
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
    roots.map(|n| (boxes[n][2] - boxes[n][0], boxes[n][3] - boxes[n][1], boxes[n][4])).collect()
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
