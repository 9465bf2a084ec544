//! Light evened out, for reading.
//!
//! The paper's own brightness is estimated where it shows between the ink (grey closing on a reduced raster, as in Gatos,
//! Pratikakis & Perantonis 2006, without the binarisation) and each pixel is divided by it. Nothing is drawn: a pixel's
//! order among its near neighbours is kept.

use image::{GrayImage, RgbImage};

use crate::plane::{Keep, Plane};

/// Pixels averaged into one for the estimate.
const CELL: usize = 8;

/// The upright raster in grey, its paper at white everywhere. In: RGB of any size; out: grey of the same size.
pub fn even(upright: &RgbImage) -> GrayImage {
    let (width, height) = (upright.width() as usize, upright.height() as usize);
    if width == 0 || height == 0 {
        return GrayImage::new(upright.width(), upright.height());
    }
    let grey: Vec<u8> = upright.as_raw().chunks_exact(3).map(grey).collect();
    let paper = paper(&grey, width, height);
    let mut out = vec![0u8; grey.len()];
    let step = 1.0 / CELL as f32;
    for (y, (from, to)) in grey.chunks_exact(width).zip(out.chunks_exact_mut(width)).enumerate() {
        let row = paper_row(&paper, (y as f32 + 0.5) * step - 0.5);
        let (mut at, last) = (0.5 * step - 0.5, (paper.width - 1) as f32);
        for (value, out) in from.iter().zip(to) {
            let held = at.clamp(0.0, last);
            let x = held as usize;
            let part = held - x as f32;
            let here = row[x] + (row[(x + 1).min(paper.width - 1)] - row[x]) * part;
            *out = (f32::from(*value) * here).min(255.0) as u8;
            at += step;
        }
    }
    GrayImage::from_raw(upright.width(), upright.height(), out).unwrap_or_default()
}

fn grey(pixel: &[u8]) -> u8 {
    ((u32::from(pixel[0]) * 77 + u32::from(pixel[1]) * 150 + u32::from(pixel[2]) * 29 + 128) >> 8) as u8
}

/// One row of factors, between two rows of cells.
fn paper_row(paper: &Plane, y: f32) -> Vec<f32> {
    let held = y.clamp(0.0, (paper.height - 1) as f32);
    let top = held as usize;
    let low = (top + 1).min(paper.height - 1);
    let part = held - top as f32;
    (0..paper.width)
        .map(|x| {
            let (a, b) = (paper.at[top * paper.width + x], paper.at[low * paper.width + x]);
            252.0 / (a + (b - a) * part).max(8.0)
        })
        .collect()
}

/// The paper's brightness, one value a cell.
fn paper(grey: &[u8], width: usize, height: usize) -> Plane {
    let (w, h) = (width.div_ceil(CELL), height.div_ceil(CELL));
    let mut light = Plane::new(w, h);
    for cy in 0..h {
        for cx in 0..w {
            let (x1, y1) = (((cx + 1) * CELL).min(width), ((cy + 1) * CELL).min(height));
            // The mean of the brighter half: noise does not lift it, thin ink does not sink it.
            let mut counts = [0u16; 32];
            let mut all = 0u16;
            for y in cy * CELL..y1 {
                for value in &grey[y * width + cx * CELL..y * width + x1] {
                    counts[usize::from(value >> 3)] += 1;
                    all += 1;
                }
            }
            let (mut left, mut sum, mut taken) = (all.div_ceil(3), 0.0f32, 0.0f32);
            for (bin, count) in counts.iter().enumerate().rev() {
                let take = (*count).min(left);
                sum += f32::from(take) * (bin as f32 * 8.0 + 3.5);
                taken += f32::from(take);
                left -= take;
            }
            light.at[cy * w + cx] = sum / taken.max(1.0);
        }
    }
    let near = light.extreme(3, Keep::Brightest).extreme(3, Keep::Darkest);
    let far = near.extreme(10, Keep::Brightest).extreme(10, Keep::Darkest);
    let mut out = near;
    for (near, far) in out.at.iter_mut().zip(&far.at) {
        // Bars and pictures are darker than any paper beside them: they stay dark.
        *near = if *near < 0.55 * far { *far } else { *near };
    }
    out.mean(2)
}
