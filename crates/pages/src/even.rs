//! Light evened out, for judging letters and lines.
//!
//! The paper's own brightness is estimated where it shows between the ink (grey closing on a reduced raster, as in Gatos,
//! Pratikakis & Perantonis 2006, without the binarisation) and each pixel is divided by it. Nothing is drawn: a pixel's
//! order among its near neighbours is kept.

use image::GrayImage;

use crate::plane::{Keep, Plane};

/// Pixels averaged into one for the estimate.
const CELL: usize = 8;

/// The raster with its paper at white everywhere, of the same size.
pub fn even(grey: &GrayImage) -> GrayImage {
    let (width, height) = (grey.width() as usize, grey.height() as usize);
    if width == 0 || height == 0 {
        return GrayImage::new(grey.width(), grey.height());
    }
    let paper = paper(grey.as_raw(), width, height);
    let mut out = vec![0u8; width * height];
    let mut factors = vec![0u16; width];
    for (y, (from, to)) in grey.as_raw().chunks_exact(width).zip(out.chunks_exact_mut(width)).enumerate() {
        if y % FINE == 0 {
            stretched(&paper_row(&paper, (y as f32 + 0.5 * FINE as f32) / CELL as f32 - 0.5), &mut factors);
        }
        for ((value, factor), out) in from.iter().zip(&factors).zip(to) {
            *out = ((u32::from(*value) * u32::from(*factor) + HALF) >> BITS).min(255) as u8;
        }
    }
    GrayImage::from_raw(grey.width(), grey.height(), out).unwrap_or_default()
}

/// Rows that share their factors.
const FINE: usize = 2;

/// Bits behind the point of a factor.
const BITS: u32 = 10;
const HALF: u32 = 1 << (BITS - 1);

/// The factors of cells drawn out to those of pixels.
fn stretched(row: &[f32], out: &mut [u16]) {
    let get = |k: usize| row.get(k).or(row.last()).copied().unwrap_or(1.0) * (1 << BITS) as f32;
    let (head, rest) = out.split_at_mut((CELL / 2).min(out.len()));
    head.fill(get(0) as u16);
    for (k, pixels) in rest.chunks_mut(CELL).enumerate() {
        let (a, b) = (get(k), get(k + 1));
        let step = (b - a) / CELL as f32;
        pixels.iter_mut().enumerate().for_each(|(x, v)| *v = (a + step * (x as f32 + 0.5)) as u16);
    }
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
            // The mean of the brightest third of every other row: noise does not lift it, thin ink does not sink it.
            let mut counts = [0u16; 32];
            let mut all = 0u16;
            for y in (cy * CELL..y1).step_by(2) {
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
