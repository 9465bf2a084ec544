//! Whether a picture was rounded by an encoder before its last encoding, on the same grid of blocks.
//!
//! What was rounded twice has values of a frequency that come too often, and others that come too seldom or never (Popescu and
//! Farid 2004, "Statistical tools for digital forensics"). How often values would come without that is asked of the picture itself,
//! moved by parts of a block, where no grid is (Fridrich, Goljan and Hogea 2002, "Attacking the OutGuess"). The tables that the
//! Independent JPEG Group's encoder scales by a quality are tried whole: one quality has to explain all of the lower frequencies at
//! once. A table of another kind is looked for frequency by frequency, and told only where it leaves gaps.

use std::collections::BTreeMap;

use image::RgbImage;
use model::Earlier;

use crate::double::{coarser_first, halves};
use crate::encoding::waves;

const SIDE: usize = 8;
/// Frequencies that are looked at, row by row: the lowest ones, which are coded finely enough to tell.
pub(crate) const MODES: [usize; 20] =
    [1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40];
/// So many of them, the first, can tell each by itself.
const ALONE: usize = 9;
/// How near to a whole step values lie that were rounded on this grid, and the share of them that must, for a frequency to
/// tell of the picture: one that was turned or cut after its last encoding keeps no grid.
const NEAR: f32 = 0.25;
const ON_GRID: f32 = 0.8;
/// Blocks of a picture that are looked at, about.
const BLOCKS: usize = 16_000;
/// Values other than none that a frequency needs to tell, and how large they may be.
const LEAST: usize = 300;
const MOST: usize = 60;
/// Where else the grid is laid, in pixels across and down.
const MOVES: [(usize, usize); 3] = [(4, 4), (3, 5), (5, 2)];
/// Qualities that are tried.
const QUALITIES: std::ops::RangeInclusive<u32> = 50..=99;
/// What rounding to whole levels of brightness moves a frequency by, as a standard deviation, in levels.
const MOVED: f64 = 0.35;
/// The share of values that keep to no rule.
const STRAY: f64 = 0.05;
/// How much likelier all values must be of two roundings than of one, as a mean logarithm; and the share of the frequencies, and how
/// many, that must be so.
const GAIN: f64 = 0.004;
/// The share that it explains of how the values differ from those that one rounding would leave, at least: what else makes them
/// differ, a pattern that goes with the blocks, explains them no better.
const EXPLAINED: f64 = 0.2;
const SHARE: f64 = 0.67;
const FEWEST: usize = 4;
/// How many qualities beside the best one have much the same table; and the share of its gain that all others have at most.
const BESIDE: u32 = 3;
const OTHERS: f64 = 0.5;

/// Brightness steps at quality 50, row by row (ITU-T T.81, table K.1).
const HALF: [u32; 64] = [
    16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55, 14, 13, 16, 24, 40, 57, 69, 56, 14, 17,
    22, 29, 51, 87, 80, 62, 18, 22, 37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113, 92, 49, 64, 78,
    87, 103, 121, 120, 101, 72, 92, 95, 98, 112, 100, 103, 99,
];

/// The frequencies of a block, in steps.
pub(crate) type Block = [f32; MODES.len()];

/// One frequency of a picture.
struct Mode {
    place: usize,
    last: u16,
    /// How often each value comes, by size, in steps of the last encoding.
    counts: [f64; MOST],
    /// How often each would come without an encoding before.
    once: [f64; MOST],
    /// How much likelier its values are by how often they came than by `once`, as a sum of logarithms.
    open: f64,
    /// What it is where the picture is moved, in levels.
    moved: Vec<f32>,
}

/// The frequencies of a picture that were rounded to another step before its last encoding, on the same grid of blocks.
/// `steps` are those of the last encoding.
pub fn rounded_before(raster: &RgbImage, steps: &[u16; 64]) -> Vec<Earlier> {
    let own = blocks(raster, steps, (0, 0), 1);
    let on_grid = |mode: usize| {
        let values = own.iter().map(|block| block[mode]).filter(|value| value.round() != 0.0);
        let (all, near) = values.fold((0_usize, 0_usize), |(all, near), value| {
            (all + 1, near + usize::from((value - value.round()).abs() < NEAR))
        });
        all >= LEAST && near as f32 >= ON_GRID * all as f32
    };
    let kept: Vec<usize> = (0..MODES.len()).filter(|mode| on_grid(*mode)).collect();
    if kept.is_empty() {
        return Vec::new();
    }
    let moved: Vec<Block> =
        MOVES.iter().flat_map(|moved| blocks(raster, steps, *moved, MOVES.len())).collect();
    let modes: Vec<Mode> = kept.iter().map(|mode| Mode::of(*mode, steps, &own, &moved)).collect();
    of_a_quality(&modes).unwrap_or_else(|| {
        let told = |mode: &usize| {
            let place = MODES[*mode];
            let halves = halves(own.iter().map(|block| block[*mode].round() as i16))?;
            let (gain, step) = coarser_first(&halves, steps[place])?;
            Some(Earlier { place: place as u8, step, gain: f64::from(gain) })
        };
        kept.iter().filter(|mode| **mode < ALONE).filter_map(told).collect()
    })
}

/// The frequencies of one of `part` of the picture's blocks, the grid moved by so many pixels across and down.
fn blocks(raster: &RgbImage, steps: &[u16; 64], moved: (usize, usize), part: usize) -> Vec<Block> {
    let whole = |side: u32, moved: usize| (side as usize).saturating_sub(moved) / SIDE;
    let (columns, rows) = (whole(raster.width(), moved.0), whole(raster.height(), moved.1));
    // An odd step, so that those taken are of all columns.
    let step = (columns * rows * part / BLOCKS).max(part) | 1;
    // Brightness as files hold it (ITU-T T.871), not rounded.
    let luma = |x: usize, y: usize| {
        let [red, green, blue] = raster.get_pixel(x as u32, y as u32).0.map(f32::from);
        0.299 * red + 0.587 * green + 0.114 * blue - 128.0
    };
    let block = |n: usize| {
        let (left, top) = (n % columns * SIDE + moved.0, n / columns * SIDE + moved.1);
        let waves = waves(&std::array::from_fn::<_, 64, _>(|k| luma(left + k % SIDE, top + k / SIDE)));
        MODES.map(|place| waves[place] / f32::from(steps[place].max(1)))
    };
    (0..columns * rows).step_by(step).map(block).collect()
}

impl Mode {
    fn of(mode: usize, steps: &[u16; 64], own: &[Block], moved: &[Block]) -> Self {
        let place = MODES[mode];
        let last = steps[place].max(1);
        let counted = |blocks: &[Block], from: f64| {
            let mut counts = [from; MOST];
            for block in blocks {
                if let Some(count) = counts.get_mut(block[mode].round().abs() as usize) {
                    *count += 1.0;
                }
            }
            counts
        };
        let (counts, once) = (counted(own, 0.0), shares(counted(moved, 0.5)));
        let moved = moved.iter().map(|block| block[mode].abs() * f32::from(last)).collect();
        let all: f64 = counts.iter().skip(1).sum();
        let came = counts.iter().zip(&once).skip(1).filter(|(count, _)| **count > 0.0);
        let open = came.map(|(count, once)| count * (count / all / once).ln()).sum();
        Self { place, last, counts, once, open, moved }
    }

    /// How much likelier its values are after a rounding to `first` than without, as a sum of logarithms; and how many they are.
    fn gain(&self, first: u16) -> (f64, f64) {
        let mut rounded: Vec<u32> = Vec::new();
        for value in &self.moved {
            let value = (value / f32::from(first)).round() as usize;
            if value >= rounded.len() {
                rounded.resize(value + 1, 0);
            }
            rounded[value] += 1;
        }
        let last = f64::from(self.last);
        let mut twice = [0.5; MOST];
        for (value, count) in rounded.into_iter().enumerate().filter(|(_, count)| *count > 0) {
            let (value, count) = (value as f64 * f64::from(first) / last, f64::from(count));
            let mut before = 0.0;
            for near in [value.round() - 1.0, value.round(), value.round() + 1.0] {
                let until = below((near + 0.5 - value) * last / MOVED);
                if let Some(all) = twice.get_mut(near.abs() as usize) {
                    *all += count * (until - before);
                }
                before = until;
            }
        }
        let mut sum = (0.0, 0.0);
        for ((count, once), twice) in self.counts.iter().zip(&self.once).zip(shares(twice)).skip(1) {
            sum.0 += count * (STRAY + (1.0 - STRAY) * twice / once).ln();
            sum.1 += count;
        }
        sum
    }
}

/// Each as a share of all values other than none.
fn shares(counts: [f64; MOST]) -> [f64; MOST] {
    let sum: f64 = counts.iter().skip(1).sum();
    counts.map(|count| count / sum)
}

/// The share of a normal distribution that lies below so many standard deviations (logistic, to 0.01).
fn below(deviations: f64) -> f64 {
    1.0 / (1.0 + (-1.702 * deviations).exp())
}

/// A step at a quality, as the Independent JPEG Group's encoder scales the table.
fn step(place: usize, quality: u32) -> u16 {
    let scale = if quality < 50 { 5000 / quality.max(1) } else { 200 - 2 * quality.min(100) };
    ((HALF[place] * scale + 50) / 100).clamp(1, 255) as u16
}

/// What one quality says of all frequencies.
struct Tried {
    quality: u32,
    /// How much likelier all values are, as a sum of logarithms; what there was to gain; and how many they are.
    gain: f64,
    open: f64,
    values: f64,
    /// How many frequencies it has other steps for than the last encoding, and those of them whose values it makes likelier.
    asked: usize,
    earlier: Vec<Earlier>,
}

impl Tried {
    fn holds(&self) -> bool {
        self.asked >= FEWEST
            && self.earlier.len() as f64 >= SHARE * self.asked as f64
            && self.gain >= (GAIN * self.values).max(EXPLAINED * self.open)
    }
}

/// The steps of the quality that explains all frequencies best, if it does, and no other does nearly as well.
fn of_a_quality(modes: &[Mode]) -> Option<Vec<Earlier>> {
    let mut known: BTreeMap<(usize, u16), (f64, f64)> = BTreeMap::new();
    let mut tried: Vec<Tried> = Vec::new();
    // A picture that was turned by a quarter keeps the grid, and its table lies turned.
    for (quality, turned) in QUALITIES.flat_map(|quality| [(quality, false), (quality, true)]) {
        let mut one = Tried { quality, gain: 0.0, open: 0.0, values: 0.0, asked: 0, earlier: Vec::new() };
        for mode in modes {
            let place = if turned { mode.place % SIDE * SIDE + mode.place / SIDE } else { mode.place };
            let first = step(place, quality);
            // Whole levels are what every encoding comes from.
            if first == mode.last || first < 2 {
                continue;
            }
            let (gain, values) = *known.entry((mode.place, first)).or_insert_with(|| mode.gain(first));
            one.gain += gain;
            one.values += values;
            one.open += mode.open;
            one.asked += 1;
            if gain > 0.0 {
                let gain = gain / values.max(1.0);
                one.earlier.push(Earlier { place: mode.place as u8, step: first, gain });
            }
        }
        tried.push(one);
    }
    let best = tried.iter().max_by(|a, b| a.gain.total_cmp(&b.gain)).filter(|best| best.holds())?;
    let beside = |one: &&Tried| one.quality.abs_diff(best.quality) <= BESIDE;
    let others = tried.iter().filter(|one| !beside(one)).all(|one| one.gain <= OTHERS * best.gain);
    others.then(|| best.earlier.clone())
}

#[cfg(test)]
mod tests {
    use image::GrayImage;

    use super::*;
    use crate::double::tests::{encoded, letters};

    fn found(luma: &GrayImage, steps: Option<[u16; 64]>) -> Vec<Earlier> {
        rounded_before(&image::DynamicImage::from(luma.clone()).into_rgb8(), &steps.unwrap())
    }

    #[test]
    fn an_earlier_encoding_shows_on_its_own_grid_only() {
        let (first, before) = encoded(&letters(1), 60);
        let (last, steps) = encoded(&first, 90);
        let told = found(&last, steps);
        assert!(!told.is_empty());
        for earlier in &told {
            assert_eq!(earlier.step, before.unwrap()[usize::from(earlier.place)], "{told:?}");
        }
        // Cut after the last encoding, or moved before it, it keeps no grid.
        let cut = image::imageops::crop_imm(&last, 3, 2, 300, 220).to_image();
        assert!(found(&cut, steps).is_empty());
        let moved = image::imageops::crop_imm(&first, 3, 2, 304, 224).to_image();
        let (moved, steps) = encoded(&moved, 90);
        assert!(found(&moved, steps).is_empty());
    }

    /// Strokes at places that go with no grid, softened, with grain.
    fn strokes() -> GrayImage {
        let (width, height) = (800_usize, 600_usize);
        let mut state = 7_u32;
        let mut next = |below: usize| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 8) as usize % below
        };
        let mut ink = vec![205.0_f32; width * height];
        for _ in 0..9000 {
            let (left, top, long, wide) = (next(width - 20), next(height - 20), 3 + next(14), 1 + next(3));
            let level = 40.0 + next(60) as f32;
            let (across, down) = if next(2) == 0 { (long, wide) } else { (wide, long) };
            for row in top..top + down {
                ink[row * width + left..][..across].fill(level);
            }
        }
        GrayImage::from_fn(width as u32, height as u32, |x, y| {
            let (x, y) = ((x as usize).clamp(1, width - 2), (y as usize).clamp(1, height - 2));
            let near = (0..9).map(|k| ink[(y + k / 3 - 1) * width + x + k % 3 - 1]).sum::<f32>() / 9.0;
            image::Luma([(near + next(9) as f32) as u8])
        })
    }

    #[test]
    fn a_finer_encoding_before_a_coarser_one_is_told_and_one_alone_is_not() {
        let (first, before) = encoded(&strokes(), 90);
        let (last, steps) = encoded(&first, 86);
        let told = found(&last, steps);
        assert!(told.len() >= FEWEST, "{told:?}");
        for earlier in &told {
            assert_eq!(earlier.step, before.unwrap()[usize::from(earlier.place)], "{told:?}");
        }
        for quality in [75, 85, 90, 95] {
            let (once, steps) = encoded(&strokes(), quality);
            assert_eq!(found(&once, steps), [], "{quality}");
        }
        assert_eq!(found(&GrayImage::new(5, 3), Some([1; 64])), []);
    }
}
