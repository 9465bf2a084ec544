//! Evening the light: paper near white everywhere, ink as dark against it as it was printed.
//!
//! In: a grey raster. Out: one of the same size. Invariant: no ink is made where the raster has none; each pixel is only
//! divided by what the paper about it is held to be. Absent: sharpening, thresholds.

use image::GrayImage;

use crate::filters::{blur, closed};

/// What paper is brought to.
const PAPER: f32 = 245.0;

/// Divides by the paper's own brightness, so that paper is near white everywhere: each cell's paper is a high quantile of
/// its pixels, smoothed over the neighbours. Dark pages (light text on dark ground) are turned over first.
pub fn even(raster: &GrayImage) -> GrayImage {
    let (width, height) = (raster.width() as usize, raster.height() as usize);
    let mut out = raster.clone();
    if width == 0 || height == 0 {
        return out;
    }
    if dark(raster) {
        out.iter_mut().for_each(|v| *v = 255 - *v);
    }
    let cell = (width.max(height) / 64).clamp(8, 64);
    let (across, down) = (width.div_ceil(cell), height.div_ceil(cell));
    let papers = papers(out.as_raw(), width, height, cell);
    // Cells full of ink take the paper of their neighbours.
    let papers = smooth(&widest(&papers, across, down), across, down);
    let mut cells = vec![0f32; across];
    let mut ground = vec![0f32; width];
    for (y, row) in out.chunks_mut(width).enumerate() {
        let (y0, fy) = place(y, cell, down);
        let y1 = (y0 + 1).min(down - 1);
        for (x, value) in cells.iter_mut().enumerate() {
            *value = papers[y0 * across + x] * (1.0 - fy) + papers[y1 * across + x] * fy;
        }
        spread(&cells, cell, &mut ground);
        divide(row, &ground);
    }
    out
}

/// The cell whose middle comes before this pixel, and how far on to the next one's middle it is.
fn place(at: usize, cell: usize, count: usize) -> (usize, f32) {
    let at = ((at as f32 + 0.5) / cell as f32 - 0.5).clamp(0.0, (count - 1) as f32);
    (at as usize, at.fract())
}

/// Values at the middles of cells, straight between them.
fn spread(cells: &[f32], cell: usize, out: &mut [f32]) {
    let (first, last) = (cells[0], cells[cells.len() - 1]);
    let half = cell / 2;
    let lead = half.min(out.len());
    out[..lead].fill(first);
    for (n, part) in out[lead..].chunks_mut(cell).enumerate() {
        let (from, to) = (cells.get(n).copied().unwrap_or(last), cells.get(n + 1).copied().unwrap_or(last));
        let step = (to - from) / cell as f32;
        let offset = half as f32 + 0.5 - cell as f32 / 2.0;
        for (k, value) in part.iter_mut().enumerate() {
            *value = from + step * (k as f32 + offset);
        }
    }
}

fn divide(row: &mut [u8], ground: &[f32]) {
    for (pixel, ground) in row.iter_mut().zip(ground) {
        *pixel = (f32::from(*pixel) * PAPER / ground.max(12.0)).min(255.0) as u8;
    }
}

/// Of each cell the brightness that four fifths of its pixels do not exceed.
fn papers(pixels: &[u8], width: usize, height: usize, cell: usize) -> Vec<f32> {
    let across = width.div_ceil(cell);
    let mut papers = Vec::with_capacity(across * height.div_ceil(cell));
    for y0 in (0..height).step_by(cell) {
        let mut counts = vec![[0u32; 256]; across];
        for row in pixels[y0 * width..].chunks(width).take(cell.min(height - y0)) {
            for (part, counts) in row.chunks(cell).zip(&mut counts) {
                part.iter().for_each(|v| counts[usize::from(*v)] += 1);
            }
        }
        papers.extend(counts.iter().map(|counts| f32::from(quantile(counts, 0.8))));
    }
    papers
}

/// Divides by a finer paper: the closing of the raster with a square `side` pixels wide, which strokes of letters do not
/// survive and folds do. What is darker than half the paper is ink however wide it is.
pub(crate) fn flatten(raster: &mut GrayImage, side: usize) {
    let (width, height) = (raster.width() as usize, raster.height() as usize);
    let paper = closed(raster.as_raw(), width, height, side / 2);
    let paper = blur(&paper, width, height, side / 2);
    for (pixel, paper) in raster.iter_mut().zip(paper) {
        *pixel = (f32::from(*pixel) * PAPER / f32::from(paper).max(135.0)).min(255.0) as u8;
    }
}

/// More of it is dark than light.
fn dark(raster: &GrayImage) -> bool {
    let step = (raster.as_raw().len() / 20_000).max(1);
    let sample = || raster.as_raw().iter().step_by(step);
    let count = sample().count();
    sample().filter(|v| **v < 96).count() * 10 > count * 6
}

fn quantile(counts: &[u32; 256], share: f64) -> u8 {
    let total: u32 = counts.iter().sum();
    let mut seen = 0;
    for (value, count) in counts.iter().enumerate() {
        seen += count;
        if f64::from(seen) >= f64::from(total) * share && total > 0 {
            return value as u8;
        }
    }
    255
}

fn widest(cells: &[f32], across: usize, down: usize) -> Vec<f32> {
    around(cells, across, down, |near| near.iter().copied().fold(0.0, f32::max))
}

fn smooth(cells: &[f32], across: usize, down: usize) -> Vec<f32> {
    around(cells, across, down, |near| near.iter().sum::<f32>() / near.len() as f32)
}

fn around(cells: &[f32], across: usize, down: usize, take: impl Fn(&[f32]) -> f32) -> Vec<f32> {
    let mut near = Vec::with_capacity(9);
    (0..cells.len())
        .map(|n| {
            near.clear();
            let (x, y) = (n % across, n / across);
            for v in y.saturating_sub(1)..(y + 2).min(down) {
                near.extend_from_slice(
                    &cells[v * across + x.saturating_sub(1)..v * across + (x + 2).min(across)],
                );
            }
            take(&near)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::Luma;

    #[test]
    fn shadow_is_evened() {
        let raster = GrayImage::from_fn(400, 300, |x, y| {
            let ink = x % 40 < 4 && y % 30 < 20;
            let light = 90.0 + 150.0 * f64::from(x) / 400.0;
            Luma([(light * if ink { 0.3 } else { 1.0 }) as u8])
        });
        let evened = even(&raster);
        let paper: Vec<u8> = (10..390).step_by(40).map(|x| evened.get_pixel(x + 10, 150).0[0]).collect();
        assert!(paper.iter().all(|v| *v > 225), "{paper:?}");
        assert!(evened.get_pixel(81, 151).0[0] < 110);
    }

    #[test]
    fn dark_pages_are_turned_over_and_odd_sizes_pass() {
        let page = GrayImage::from_fn(200, 200, |x, _| Luma([if x % 20 < 3 { 230 } else { 30 }]));
        let evened = even(&page);
        assert!(evened.get_pixel(10, 100).0[0] > 200 && evened.get_pixel(101, 100).0[0] < 60);
        for (w, h) in [(0, 0), (1, 1), (1, 900), (9, 3), (20_000, 30), (7, 7)] {
            let raster = GrayImage::from_pixel(w, h, Luma([90]));
            assert!(even(&raster).iter().all(|v| *v > 240 || *v == 90), "{w} x {h}");
            flatten(&mut raster.clone(), 9);
        }
    }
}
