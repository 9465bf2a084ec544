//! Whether a place of a picture went through the encoding that the rest of it went through before its last one.
//!
//! A JPEG file that was made from another on the same grid of blocks has rounded frequencies that were rounded before: some
//! values come too often and others never (Popescu and Farid 2004, "Statistical tools for digital forensics"). What was
//! pasted in between the two encodings was not rounded the first time and lacks that (Lin, He, Tang and Tang 2009, "Fast,
//! automatic and fine-grained tampered JPEG image detection via DCT coefficient analysis"). Per frequency the step of the
//! first encoding is the one that explains the values of the whole picture best; a place is then weighed by how much better
//! its values are explained by two roundings than by one, as a mean logarithm of likelihoods.

use image::GrayImage;

use crate::encoding::{Original, waves};

const SIDE: usize = 8;
/// Frequencies that are looked at, row by row: the lowest ones, which are coded finely enough to tell.
const MODES: [usize; 9] = [1, 8, 16, 9, 2, 3, 10, 17, 24];
/// Steps of a first encoding that are tried.
const STEPS: std::ops::RangeInclusive<u16> = 2..=48;
/// The share of values that keep to no rule.
const STRAY: f32 = 0.05;
/// Values of a frequency that are needed for it to tell, and of a place.
const LEAST: (usize, usize) = (400, 30);
/// How much better than one rounding two must explain a frequency, on either half of the blocks.
const GAIN: f32 = 0.12;
/// Values up to this one are looked at for gaps, so many must be expected in the gaps on either half of the blocks, and this share
/// of them may be there.
const UP_TO: usize = 40;
const EXPECTED: f32 = 40.0;
const LEFT: f32 = 0.25;
/// How much better two roundings must explain all values, where gaps show.
const WITH_GAPS: f32 = 0.03;

/// A picture whose blocks were rounded twice.
pub(crate) struct Double {
    columns: usize,
    /// For each block what its values say for two roundings, and how many values say it.
    blocks: Vec<(f32, u16)>,
}

impl Double {
    /// `None` unless the picture as a whole shows two encodings on one grid.
    pub fn of(original: &Original) -> Option<Self> {
        let (luma, steps) = (original.luma, original.steps?);
        let (columns, rows) = (luma.width() as usize / SIDE, luma.height() as usize / SIDE);
        let values: Vec<[i16; MODES.len()]> =
            (0..columns * rows).map(|n| values(luma, (n % columns, n / columns), &steps)).collect();
        let mut blocks = vec![(0.0_f32, 0_u16); values.len()];
        let mut modes = 0;
        for (mode, place) in MODES.iter().enumerate() {
            let Some(first) = first_step(&values, mode, steps[*place]) else { continue };
            modes += 1;
            let table = table(first, steps[*place]);
            for (block, own) in blocks.iter_mut().zip(&values).filter(|(_, own)| own[mode] != 0) {
                block.0 += says(&table, own[mode]);
                block.1 += 1;
            }
        }
        (modes > 0).then_some(Self { columns, blocks })
    }

    /// What the blocks that lie whole within `[left, top, right, bottom]`, in pixels of the picture, say for two roundings
    /// rather than one: the mean logarithm of the likelihoods' ratio.
    pub fn at(&self, area: [f64; 4]) -> Option<f32> {
        let rows = self.blocks.len() / self.columns.max(1);
        let from = |v: f64, most: usize| ((v / SIDE as f64).ceil().max(0.0) as usize).min(most);
        let to = |v: f64, most: usize| ((v / SIDE as f64).floor().max(0.0) as usize).min(most);
        let (x0, x1) = (from(area[0], self.columns), to(area[2], self.columns));
        let (y0, y1) = (from(area[1], rows), to(area[3], rows));
        let within = (y0..y1).flat_map(|y| (x0..x1).map(move |x| (x, y)));
        let all = within.map(|(x, y)| self.blocks[y * self.columns + x]);
        let (sum, count) = all.fold((0.0, 0), |(sum, count), (s, n)| (sum + s, count + usize::from(n)));
        (count >= LEAST.1).then(|| sum / count as f32)
    }
}

/// The rounded frequencies of a block.
fn values(luma: &GrayImage, (column, row): (usize, usize), steps: &[u16; 64]) -> [i16; MODES.len()] {
    let (width, raw) = (luma.width() as usize, luma.as_raw());
    let level = |k: usize| raw[(row * SIDE + k / SIDE) * width + column * SIDE + k % SIDE];
    let waves = waves(&std::array::from_fn::<_, 64, _>(|k| f32::from(level(k)) - 128.0));
    MODES.map(|place| (waves[place] / f32::from(steps[place].max(1))).round() as i16)
}

/// The step of an earlier encoding that explains the values of a frequency, if one does on either half of the blocks.
fn first_step(values: &[[i16; MODES.len()]], mode: usize, last: u16) -> Option<u16> {
    let halves = halves(values.iter().map(|block| block[mode]))?;
    let best = STEPS
        .filter(|s| *s != last)
        .map(|s| (gain(&halves, s, last), s))
        .max_by(|a, b| a.0.total_cmp(&b.0))?;
    (best.0 >= GAIN).then_some(best.1)
}

/// A coarser step of an earlier encoding, after how much better it explains the values of a frequency than none: the values that
/// it leaves no room for must be missing.
pub(crate) fn coarser_first(halves: &[Vec<i16>; 2], last: u16) -> Option<(f32, u16)> {
    let steps = STEPS.filter(|s| *s > last && halves.iter().all(|half| gaps(half, *s, last)));
    let best = steps.map(|s| (gain(halves, s, last), s)).max_by(|a, b| a.0.total_cmp(&b.0))?;
    (best.0 >= WITH_GAPS).then_some(best)
}

/// Whether values are missing that two roundings leave no room for, by what the values on either side of them are like: of
/// one rounding, numbers of values fall off evenly on a logarithmic scale.
fn gaps(values: &[i16], first: u16, last: u16) -> bool {
    let mut counts = [0.0_f32; UP_TO + 1];
    for value in values {
        if let Some(count) = counts.get_mut(usize::from(value.unsigned_abs())) {
            *count += 1.0;
        }
    }
    let hits = hits(first, last);
    let hit = |k: &usize| hits.get(*k).is_some_and(|hit| *hit > 0.0);
    let (mut there, mut expected) = (0.0, 0.0);
    for k in (1..UP_TO).filter(|k| !hit(k)) {
        let below = (1..k).rev().find(hit);
        let above = (k + 1..=UP_TO).find(hit);
        let Some((below, above)) = below.zip(above) else { continue };
        let share = (k - below) as f32 / (above - below) as f32;
        let log = |k: usize| (counts[k] + 0.5).ln();
        expected += (log(below) * (1.0 - share) + log(above) * share).exp();
        there += counts[k];
    }
    expected >= EXPECTED && there <= LEFT * expected
}

/// The values of a frequency other than none, on every other block and on those between; None where they are too few.
pub(crate) fn halves(values: impl Iterator<Item = i16> + Clone) -> Option<[Vec<i16>; 2]> {
    let half = |half| values.clone().skip(half).step_by(2).filter(|v| *v != 0 && v.abs() < 60).collect();
    let halves: [Vec<i16>; 2] = [half(0), half(1)];
    halves.iter().all(|h| h.len() >= LEAST.0).then_some(halves)
}

/// How much better an earlier step explains the values than none, on the half on which it does so less.
fn gain(halves: &[Vec<i16>; 2], step: u16, last: u16) -> f32 {
    let table = table(step, last);
    let mean = |h: &Vec<i16>| h.iter().map(|v| says(&table, *v)).sum::<f32>() / h.len() as f32;
    halves.iter().map(mean).fold(f32::MAX, f32::min)
}

/// For each rounded value 0 to 63: the logarithm of how much likelier it is after two roundings than after one.
fn table(first: u16, last: u16) -> [f32; 64] {
    let (from, to) = (f32::from(first), f32::from(last.max(1)));
    hits(first, last).map(|n| (STRAY + (1.0 - STRAY) * n * from / to).ln())
}

/// For each rounded value 0 to 63: how many values of the first rounding become it.
fn hits(first: u16, last: u16) -> [f32; 64] {
    let (first, last) = (f32::from(first), f32::from(last.max(1)));
    let mut hits = [0.0_f32; 64];
    for m in 0..=(64.0 * last / first) as usize + 1 {
        let value = (m as f32 * first / last).round() as usize;
        if let Some(hit) = hits.get_mut(value) {
            *hit += 1.0;
        }
    }
    hits
}

fn says(table: &[f32; 64], value: i16) -> f32 {
    table.get(usize::from(value.unsigned_abs())).copied().unwrap_or(0.0)
}

#[cfg(test)]
pub(crate) mod tests {
    use image::RgbImage;
    use image::codecs::jpeg::JpegEncoder;

    use super::*;
    use crate::Homography;

    pub fn encoded(raster: &GrayImage, quality: u8) -> (GrayImage, Option<[u16; 64]>) {
        let colour = RgbImage::from_fn(raster.width(), raster.height(), |x, y| {
            image::Rgb([raster.get_pixel(x, y).0[0]; 3])
        });
        let mut bytes = Vec::new();
        JpegEncoder::new_with_quality(&mut bytes, quality).encode_image(&colour).unwrap();
        let steps = crate::steps(&bytes);
        (image::load_from_memory(&bytes).unwrap().into_luma8(), steps)
    }

    pub fn letters(seed: u32) -> GrayImage {
        let noise = |x: u32, y: u32| (x * 7919 + y * 104_729 + seed).wrapping_mul(2_654_435_761) >> 28;
        GrayImage::from_fn(320, 240, |x, y| {
            let ink = (x / 5 + seed).is_multiple_of(3) && y % 23 < 14
                || (y / 4) % 6 == 1 && (x + 3 * seed) % 17 < 9;
            image::Luma([(if ink { 50 } else { 205 }) + noise(x, y) as u8])
        })
    }

    #[test]
    fn what_was_pasted_between_two_encodings_lacks_the_first() {
        let (mut first, _) = encoded(&letters(1), 60);
        let other = letters(5);
        for (x, y) in (96..160).flat_map(|x| (80..120).map(move |y| (x, y))) {
            first.put_pixel(x, y, *other.get_pixel(x, y));
        }
        let (last, steps) = encoded(&first, 90);
        let map = Homography::stretch(1.0, 1.0, 0.0, 0.0);
        let found = Double::of(&Original { luma: &last, to_original: map, steps }).unwrap();
        let (pasted, kept) =
            (found.at([96.0, 80.0, 160.0, 120.0]).unwrap(), found.at([200.0, 80.0, 264.0, 120.0]));
        assert!(kept.unwrap() > pasted + 0.5, "{kept:?} {pasted}");
    }

    #[test]
    fn one_encoding_tells_nothing() {
        let (once, steps) = encoded(&letters(1), 85);
        let map = Homography::stretch(1.0, 1.0, 0.0, 0.0);
        assert!(Double::of(&Original { luma: &once, to_original: map, steps }).is_none());
        assert!(Double::of(&Original { luma: &once, to_original: map, steps: None }).is_none());
        let tiny = GrayImage::new(5, 3);
        assert!(Double::of(&Original { luma: &tiny, to_original: map, steps }).is_none());
    }
}
