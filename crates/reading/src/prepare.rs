//! Making a raster ready for the reader: light evened, letters brought to the size it reads best, edges sharpened.
//!
//! Tesseract's recogniser squeezes every line to a fixed height, so that what counts is not size as such but how its line
//! finder, its own binarisation (Otsu over the page) and soft edges behave: evened light and steep edges matter most.
//!
//! In: an upright grey raster. Out: another, and the factor between them. Absent: finding the sheet, turning it upright.

use image::{GrayImage, Luma};

/// How a raster is made ready.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Recipe {
    /// The height of small letters (x-height) wanted, in pixels.
    pub letters: f64,
    /// How much of the difference to a blurred copy is added (unsharp masking); 0 for none.
    pub sharpen: f64,
    /// The blur of that copy, as a share of the x-height.
    pub reach: f64,
    /// A median over 3 x 3 pixels first, against specks.
    pub despeckle: bool,
    /// Black and white by Wolf's threshold, instead of grey.
    pub binary: bool,
    /// Shades wider than a stroke but lighter than ink (folds, creases, broad pens) are evened as well.
    pub folds: bool,
}

impl Recipe {
    /// What reads best on most pages.
    pub const FIRST: Recipe =
        Recipe { letters: 20.0, sharpen: 1.5, reach: 0.12, despeckle: false, binary: false, folds: false };
    /// For what the first could not make out.
    pub const SECOND: Recipe =
        Recipe { letters: 24.0, sharpen: 2.5, reach: 0.16, despeckle: false, binary: false, folds: true };
    /// As it is, at the size wanted: for pages that are sharp already.
    pub const PLAIN: Recipe =
        Recipe { letters: 20.0, sharpen: 0.0, reach: 0.12, despeckle: false, binary: false, folds: false };
    /// Black and white.
    pub const BINARY: Recipe =
        Recipe { letters: 26.0, sharpen: 1.0, reach: 0.12, despeckle: false, binary: true, folds: false };
}

/// A raster made ready.
#[derive(Clone, Debug)]
pub struct Ready {
    /// What the reader gets.
    pub raster: GrayImage,
    /// Its pixels for one pixel of the raster it was made from, across and down.
    pub scale: (f64, f64),
}

/// Pixels that no raster made ready exceeds.
const MOST: f64 = 24e6;

/// Letters lower than this, in pixels of the picture as it came, are small.
const SMALL: f64 = 8.0;
/// The blur of what was enlarged, in pixels of the picture as it came.
const SOFT: f64 = 0.6;
/// What small letters are enlarged by beyond the size wanted.
const ENLARGE: f64 = 1.5;

/// Makes a raster ready. `letters` is its x-height as [`letter_height`] measured it, in pixels; `density` the pixels of the
/// picture as it came for one pixel of the raster. What was enlarged is soft over that many more pixels, and is sharpened
/// over as many.
pub fn ready(raster: &GrayImage, letters: Option<f64>, density: f64, recipe: &Recipe) -> Ready {
    let (width, height) = raster.dimensions();
    if width == 0 || height == 0 {
        return Ready { raster: raster.clone(), scale: (1.0, 1.0) };
    }
    let area = f64::from(width) * f64::from(height);
    let wanted = letters.map_or(1.0, |letters| recipe.letters / letters.max(1.0));
    // What is nearly right is left alone: every resampling costs edges.
    let wanted = if (0.62..=1.6).contains(&wanted) { 1.0 } else { wanted };
    let small = letters.is_some_and(|letters| letters * density < SMALL) && density < 0.6;
    let wanted = if small { wanted * ENLARGE } else { wanted };
    let factor = wanted.clamp(0.3, 5.0).min((MOST / area).sqrt());
    let (w, h) = (resized(width, factor), resized(height, factor));
    let mut made = even(raster);
    if recipe.despeckle {
        made = median(&made);
    }
    if recipe.folds {
        flatten(&mut made, (letters.unwrap_or(16.0) * 0.5).round().clamp(5.0, 24.0) as usize);
    }
    if (w, h) != (width, height) {
        let filter = image::imageops::FilterType::CatmullRom;
        made = image::imageops::resize(&made, w, h, filter);
    }
    let scale = (f64::from(w) / f64::from(width), f64::from(h) / f64::from(height));
    let tall = letters.unwrap_or(16.0) * scale.1;
    if recipe.sharpen > 0.0 {
        let soft = if small { (SOFT * scale.0 / density.max(0.1)).min(0.25 * tall) } else { 0.0 };
        sharpen(&mut made, recipe.sharpen, (tall * recipe.reach).max(soft).clamp(0.8, 8.0));
    }
    if recipe.binary {
        made = wolf(&made, (tall * 1.6) as u32);
    }
    Ready { raster: made, scale }
}

fn resized(length: u32, factor: f64) -> u32 {
    (f64::from(length) * factor).round().clamp(1.0, 31_999.0) as u32
}

/// Divides by the paper's own brightness, so that paper is near white everywhere: each cell's paper is a high quantile of
/// its pixels, smoothed over the neighbours. Dark pages (light text on dark ground) are turned over first.
pub fn even(raster: &GrayImage) -> GrayImage {
    let (width, height) = raster.dimensions();
    let cell = (width.max(height) / 64).clamp(8, 64);
    let (across, down) = (width.div_ceil(cell) as usize, height.div_ceil(cell) as usize);
    let turned = dark(raster);
    let at = |x: u32, y: u32| {
        let v = raster.get_pixel(x, y).0[0];
        if turned { 255 - v } else { v }
    };
    let mut paper = vec![0f32; across * down];
    for (n, value) in paper.iter_mut().enumerate() {
        let (x0, y0) = ((n % across) as u32 * cell, (n / across) as u32 * cell);
        let mut counts = [0u32; 256];
        for y in y0..(y0 + cell).min(height) {
            for x in x0..(x0 + cell).min(width) {
                counts[usize::from(at(x, y))] += 1;
            }
        }
        *value = quantile(&counts, 0.8) as f32;
    }
    // Cells full of ink take the paper of their neighbours.
    let paper = smooth(&widest(&paper, across, down), across, down);
    let mut out = GrayImage::new(width, height);
    for (x, y, pixel) in out.enumerate_pixels_mut() {
        let ground = between(
            &paper,
            across,
            down,
            (x as f32 + 0.5) / cell as f32 - 0.5,
            (y as f32 + 0.5) / cell as f32 - 0.5,
        );
        *pixel = Luma([(f32::from(at(x, y)) * 245.0 / ground.max(12.0)).min(255.0) as u8]);
    }
    out
}

/// Divides by a finer paper: the closing of the raster with a square `side` pixels wide, which strokes of letters do not
/// survive and folds do. What is darker than half the paper is ink however wide it is.
fn flatten(raster: &mut GrayImage, side: usize) {
    let (width, height) = (raster.width() as usize, raster.height() as usize);
    let mut paper = raster.as_raw().clone();
    for brighter in [true, false] {
        paper = extreme_rows(&paper, width, side, brighter);
        paper = turned(&extreme_rows(&turned(&paper, width, height), height, side, brighter), height, width);
    }
    paper = box_columns(&box_rows(&paper, width, height, side / 2), width, height, side / 2);
    for (pixel, paper) in raster.iter_mut().zip(paper) {
        *pixel = (f32::from(*pixel) * 245.0 / f32::from(paper).max(135.0)).min(255.0) as u8;
    }
}

/// The brightest (or darkest) pixel of each row within `side` about each pixel.
fn extreme_rows(from: &[u8], width: usize, side: usize, brighter: bool) -> Vec<u8> {
    let mut to = vec![0u8; from.len()];
    let half = side / 2;
    for (row, out) in from.chunks(width.max(1)).zip(to.chunks_mut(width.max(1))) {
        for (x, out) in out.iter_mut().enumerate() {
            let near = row[x.saturating_sub(half)..(x + half + 1).min(row.len())].iter().copied();
            *out = if brighter { near.max() } else { near.min() }.unwrap_or(255);
        }
    }
    to
}

fn turned(from: &[u8], width: usize, height: usize) -> Vec<u8> {
    let mut to = vec![0u8; from.len()];
    for (y, row) in from.chunks(width.max(1)).enumerate() {
        for (x, value) in row.iter().enumerate() {
            to[x * height + y] = *value;
        }
    }
    to
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

fn between(cells: &[f32], across: usize, down: usize, x: f32, y: f32) -> f32 {
    let (x, y) = (x.clamp(0.0, (across - 1) as f32), y.clamp(0.0, (down - 1) as f32));
    let (x0, y0) = (x as usize, y as usize);
    let (x1, y1) = ((x0 + 1).min(across - 1), (y0 + 1).min(down - 1));
    let (fx, fy) = (x - x0 as f32, y - y0 as f32);
    let row = |y: usize| cells[y * across + x0] * (1.0 - fx) + cells[y * across + x1] * fx;
    row(y0) * (1.0 - fy) + row(y1) * fy
}

/// Unsharp masking with a blur of three box passes.
fn sharpen(raster: &mut GrayImage, amount: f64, sigma: f64) {
    let radius = (((sigma * sigma * 4.0 + 1.0).sqrt() - 1.0) / 2.0).round().max(1.0) as usize;
    let mut blurred: Vec<u8> = raster.as_raw().clone();
    let (width, height) = (raster.width() as usize, raster.height() as usize);
    for _ in 0..3 {
        blurred = box_rows(&blurred, width, height, radius);
        blurred = box_columns(&blurred, width, height, radius);
    }
    for (pixel, soft) in raster.iter_mut().zip(blurred) {
        let (v, soft) = (f64::from(*pixel), f64::from(soft));
        *pixel = (v + (v - soft) * amount).clamp(0.0, 255.0) as u8;
    }
}

fn box_rows(from: &[u8], width: usize, height: usize, radius: usize) -> Vec<u8> {
    let mut to = vec![0u8; from.len()];
    for y in 0..height {
        let (row, out) = (&from[y * width..(y + 1) * width], &mut to[y * width..(y + 1) * width]);
        let mut sum: u32 = row.iter().take(radius.min(width)).map(|v| u32::from(*v)).sum();
        let mut count = radius.min(width) as u32;
        for x in 0..width {
            if x + radius < width {
                sum += u32::from(row[x + radius]);
                count += 1;
            }
            if x > radius {
                sum -= u32::from(row[x - radius - 1]);
                count -= 1;
            }
            out[x] = ((sum + count / 2) / count.max(1)) as u8;
        }
    }
    to
}

fn box_columns(from: &[u8], width: usize, height: usize, radius: usize) -> Vec<u8> {
    let mut to = vec![0u8; from.len()];
    let mut sums = vec![0u32; width];
    let mut count = radius.min(height) as u32;
    for y in 0..radius.min(height) {
        sums.iter_mut().zip(&from[y * width..]).for_each(|(sum, v)| *sum += u32::from(*v));
    }
    for y in 0..height {
        if y + radius < height {
            sums.iter_mut().zip(&from[(y + radius) * width..]).for_each(|(sum, v)| *sum += u32::from(*v));
            count += 1;
        }
        if y > radius {
            sums.iter_mut().zip(&from[(y - radius - 1) * width..]).for_each(|(sum, v)| *sum -= u32::from(*v));
            count -= 1;
        }
        for (out, sum) in to[y * width..(y + 1) * width].iter_mut().zip(&sums) {
            *out = ((sum + count / 2) / count.max(1)) as u8;
        }
    }
    to
}

fn median(raster: &GrayImage) -> GrayImage {
    let (width, height) = raster.dimensions();
    GrayImage::from_fn(width, height, |x, y| {
        let mut near = [0u8; 9];
        for (n, value) in near.iter_mut().enumerate() {
            let (dx, dy) = (n as i64 % 3 - 1, n as i64 / 3 - 1);
            let at = |v: u32, d: i64, most: u32| (i64::from(v) + d).clamp(0, i64::from(most) - 1) as u32;
            *value = raster.get_pixel(at(x, dx, width), at(y, dy, height)).0[0];
        }
        near.sort_unstable();
        Luma([near[4]])
    })
}

/// Wolf's threshold (C. Wolf, J.-M. Jolion, "Extraction and recognition of artificial text in multimedia documents", 2004):
/// mean − 0.4 · (1 − deviation / greatest deviation) · (mean − darkest), over a window.
pub fn wolf(raster: &GrayImage, radius: u32) -> GrayImage {
    let (width, height) = (raster.width() as usize, raster.height() as usize);
    let radius = radius.max(4) as usize;
    let (mut sums, mut squares) =
        (vec![0f64; (width + 1) * (height + 1)], vec![0f64; (width + 1) * (height + 1)]);
    for y in 0..height {
        let (mut sum, mut square) = (0.0, 0.0);
        for x in 0..width {
            let v = f64::from(raster.as_raw()[y * width + x]);
            sum += v;
            square += v * v;
            let n = (y + 1) * (width + 1) + x + 1;
            sums[n] = sums[n - width - 1] + sum;
            squares[n] = squares[n - width - 1] + square;
        }
    }
    let window = |x: usize, y: usize| {
        let (x0, y0) = (x.saturating_sub(radius), y.saturating_sub(radius));
        let (x1, y1) = ((x + radius + 1).min(width), (y + radius + 1).min(height));
        let area = ((x1 - x0) * (y1 - y0)) as f64;
        let of = |t: &[f64]| {
            t[y1 * (width + 1) + x1] - t[y0 * (width + 1) + x1] - t[y1 * (width + 1) + x0]
                + t[y0 * (width + 1) + x0]
        };
        let mean = of(&sums) / area;
        (mean, (of(&squares) / area - mean * mean).max(0.0).sqrt())
    };
    let darkest = f64::from(raster.as_raw().iter().copied().min().unwrap_or(0));
    let mut greatest = 1.0f64;
    for y in (0..height).step_by(4) {
        for x in (0..width).step_by(4) {
            greatest = greatest.max(window(x, y).1);
        }
    }
    GrayImage::from_fn(raster.width(), raster.height(), |x, y| {
        let (mean, deviation) = window(x as usize, y as usize);
        let threshold = mean - 0.4 * (1.0 - deviation / greatest) * (mean - darkest);
        Luma([if f64::from(raster.get_pixel(x, y).0[0]) < threshold { 0 } else { 255 }])
    })
}

/// The height of small letters in pixels: the commonest height of connected dark pieces that have the shape of letters, or
/// none if there are too few. Light is evened inside.
pub fn letter_height(raster: &GrayImage) -> Option<f64> {
    measure(raster).0
}

/// The letter height, and the share of the raster that is dark once its light is evened.
pub(crate) fn measure(raster: &GrayImage) -> (Option<f64>, f64) {
    let mut evened = even(raster);
    sharpen(&mut evened, 2.0, 1.6);
    let ink =
        evened.as_raw().iter().filter(|v| **v < 150).count() as f64 / evened.as_raw().len().max(1) as f64;
    (height_of(&evened), ink)
}

fn height_of(evened: &GrayImage) -> Option<f64> {
    let mut counts = [0u32; 96];
    for (width, height, area) in pieces(evened, 150) {
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
