//! PDQ, written after the paper: "The TMK+PDQF video-hashing algorithm and the PDQ image-hashing algorithm", Facebook,
//! 2019. Luma, a two-pass box filter in both directions (Jarosz), 64 x 64 samples, the 16 x 16 lowest cosine
//! frequencies without the zeroth, each set against their median.

use std::f32::consts::PI;
use std::fmt;
use std::ops::Range;
use std::str::FromStr;

use image::RgbImage;
use model::{Digest, PictureId, Print};

const SIDE: usize = 64;
const BITS: usize = 16;
/// One filter pass spans a 128th of the picture: half the distance of samples.
const WINDOW_DIVISOR: usize = 128;

/// 256 bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hash(pub [u16; 16]);

impl Hash {
    /// In how many bits two hashes differ.
    pub fn distance(&self, other: &Hash) -> u32 {
        self.0.iter().zip(&other.0).map(|(a, b)| (a ^ b).count_ones()).sum()
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().rev().try_for_each(|word| write!(f, "{word:04x}"))
    }
}

impl FromStr for Hash {
    type Err = std::num::ParseIntError;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut words = [0; 16];
        for (k, word) in words.iter_mut().rev().enumerate() {
            *word = u16::from_str_radix(text.get(k * 4..k * 4 + 4).unwrap_or(""), 16)?;
        }
        Ok(Hash(words))
    }
}

/// The print of a picture: its PDQ, taken from its raster or from a proxy of it, and how many places were found on it.
pub fn print(picture: PictureId, raster: &RgbImage, places: usize, features: Digest) -> Print {
    let (hash, quality) = pdq(raster);
    Print {
        picture,
        pdq: hash.to_string(),
        quality,
        places: u32::try_from(places).unwrap_or(u32::MAX),
        features,
    }
}

fn pdq(raster: &RgbImage) -> (Hash, u8) {
    let (columns, rows) = (raster.width() as usize, raster.height() as usize);
    if columns == 0 || rows == 0 {
        return (Hash([0; 16]), 0);
    }
    let luma = |pixel: &image::Rgb<u8>| {
        0.299 * f32::from(pixel.0[0]) + 0.587 * f32::from(pixel.0[1]) + 0.114 * f32::from(pixel.0[2])
    };
    let mut plane: Vec<f32> = raster.pixels().map(luma).collect();
    smooth(&mut plane, rows, columns);
    let mut samples = [[0.0_f32; SIDE]; SIDE];
    for (i, line) in samples.iter_mut().enumerate() {
        let row = (2 * i + 1) * rows / (2 * SIDE);
        for (j, sample) in line.iter_mut().enumerate() {
            *sample = plane[row * columns + (2 * j + 1) * columns / (2 * SIDE)];
        }
    }
    (hash(&samples), quality(&samples))
}

/// Two passes of a box filter along each row, then along each column.
fn smooth(plane: &mut [f32], rows: usize, columns: usize) {
    let mut other = vec![0.0; plane.len()];
    for _ in 0..2 {
        for row in 0..rows {
            let line = row * columns..(row + 1) * columns;
            along(&plane[line.clone()], &mut other[line], window(columns));
        }
        down(&other, plane, columns, window(rows));
    }
}

fn window(length: usize) -> usize {
    length.div_ceil(WINDOW_DIVISOR)
}

/// A running mean over `window` values around each; narrower at the ends.
fn along(from: &[f32], to: &mut [f32], window: usize) {
    let mut sum = 0.0_f32;
    let step = |step: Step| {
        step.add.for_each(|k| sum += from[k]);
        if let Some(k) = step.take {
            sum -= from[k];
        }
        to[step.at] = sum / step.held;
    };
    steps(from.len(), window).for_each(step);
}

/// The same along every column at once, row by row, as the rows lie in memory.
fn down(from: &[f32], to: &mut [f32], columns: usize, window: usize) {
    let mut sums = vec![0.0_f32; columns];
    let line = |row: usize| &from[row * columns..(row + 1) * columns];
    for step in steps(from.len() / columns, window) {
        step.add.for_each(|row| sums.iter_mut().zip(line(row)).for_each(|(sum, level)| *sum += level));
        if let Some(row) = step.take {
            sums.iter_mut().zip(line(row)).for_each(|(sum, level)| *sum -= level);
        }
        let to = &mut to[step.at * columns..(step.at + 1) * columns];
        to.iter_mut().zip(&sums).for_each(|(to, sum)| *to = sum / step.held);
    }
}

/// One step of a running mean: which values come in, which goes out, and of how many it is then the mean.
struct Step {
    at: usize,
    add: Range<usize>,
    take: Option<usize>,
    held: f32,
}

fn steps(count: usize, window: usize) -> impl Iterator<Item = Step> {
    let ahead = (window / 2 + 1).min(count);
    let (mut left, mut right) = (0, 0);
    (0..count).map(move |at| {
        let end = (ahead + at).min(count);
        let add = right..end;
        right = end;
        let full = right - left > window || (right == count && at + ahead > count);
        let take = full.then_some(left);
        left += usize::from(full);
        Step { at, add, take, held: (right - left) as f32 }
    })
}

/// Sum of the differences of neighbouring samples, in hundredths of the range, capped at 100.
fn quality(samples: &[[f32; SIDE]; SIDE]) -> u8 {
    let step = |a: f32, b: f32| (((a - b) * 100.0) / 255.0) as i32;
    let mut sum = 0;
    for i in 0..SIDE {
        for j in 0..SIDE {
            if i + 1 < SIDE {
                sum += step(samples[i][j], samples[i + 1][j]).abs();
            }
            if j + 1 < SIDE {
                sum += step(samples[i][j], samples[i][j + 1]).abs();
            }
        }
    }
    (sum / 90).min(100) as u8
}

fn hash(samples: &[[f32; SIDE]; SIDE]) -> Hash {
    let mut cosines = [[0.0_f32; SIDE]; BITS];
    for (i, line) in cosines.iter_mut().enumerate() {
        for (j, value) in line.iter_mut().enumerate() {
            let angle = (PI / 2.0 / SIDE as f32) * (i + 1) as f32 * (2 * j + 1) as f32;
            *value = (2.0 / SIDE as f32).sqrt() * angle.cos();
        }
    }
    let mut half = [[0.0_f32; SIDE]; BITS];
    for (i, line) in half.iter_mut().enumerate() {
        for (j, value) in line.iter_mut().enumerate() {
            *value = (0..SIDE).map(|k| cosines[i][k] * samples[k][j]).sum();
        }
    }
    let mut frequencies = [0.0_f32; BITS * BITS];
    for i in 0..BITS {
        for j in 0..BITS {
            frequencies[i * BITS + j] = (0..SIDE).map(|k| half[i][k] * cosines[j][k]).sum();
        }
    }
    let mut sorted = frequencies;
    sorted.sort_by(f32::total_cmp);
    let median = sorted[BITS * BITS / 2 - 1];
    let mut words = [0; 16];
    for (k, value) in frequencies.iter().enumerate() {
        if *value > median {
            words[k / 16] |= 1 << (k % 16);
        }
    }
    Hash(words)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::PathBuf;

    /// Hashes that the PDQ project publishes for its example picture and the turns of it.
    const PUBLISHED: [(&str, &str); 8] = [
        ("bridge-1-original", "f8f8f0cee0f4a84f06370a22038f63f0b36e2ed596621e1d33e6b39c4e9c9b22"),
        ("bridge-2-rotate-90", "30a10efd71cc3d429013d48d0ffffc52e34e0e17ada952a9d29685211ea9e5af"),
        ("bridge-3-rotate-180", "adad5a64b5a142e75b62a09857da895ae63b847fc23794b766b319361bc93188"),
        ("bridge-4-rotate-270", "a5f0a457a48995e8c9065c275aaa5498b61ba4bdf8fcf80387c32f8b1bfc4f05"),
        ("bridge-5-flipx", "f8f80f31e0f417b20e37f5cd028f980fb36ed02a9662c1e233e64c634e9c64dd"),
        ("bridge-6-flipy", "0dad2599b1a1bd1a5362576742da32a5e63b7380c2374b4866b366c91bc9ce77"),
        ("bridge-7-flip-plus-1", "f0a5e102f1ccc0bd945308720fff038de34ef1e8ada9a956d2967ade5ea91a50"),
        ("bridge-8-flip-minus-1", "a5f05aa8a4896a17c906a2d85aaaab07b61b5b42f8fc07fc87c3d0741bfcb0fa"),
    ];

    /// The pictures come with the source of the `pdqhash` crate, where that was ever fetched.
    fn published_pictures() -> Option<PathBuf> {
        let home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
        let home = home.or_else(|| std::env::home_dir().map(|home| home.join(".cargo")))?;
        let registries = std::fs::read_dir(home.join("registry/src")).ok()?;
        registries
            .flatten()
            .map(|entry| entry.path().join("pdqhash-0.1.1/src/test_data"))
            .find(|path| path.is_dir())
    }

    #[test]
    fn published_vectors() {
        let Some(folder) = published_pictures() else {
            eprintln!(
                "skipped: the published pictures are not here; `cargo fetch` of the crate pdqhash 0.1.1 brings them"
            );
            return;
        };
        for (name, expected) in PUBLISHED {
            let image = image::open(folder.join(format!("{name}.jpg"))).unwrap().into_rgb8();
            let (hash, quality) = pdq(&image);
            let expected: Hash = expected.parse().unwrap();
            // JPEG decoders differ by a grey level here and there; the project itself allows 10 bits for that.
            assert!(hash.distance(&expected) <= 4, "{name}: {} bits", hash.distance(&expected));
            assert!(quality >= 99, "{name}: quality {quality}");
        }
    }

    /// A picture that any language draws alike.
    fn drawn(width: u32, height: u32) -> RgbImage {
        RgbImage::from_fn(width, height, |x, y| {
            let checks = (x / 37 + y / 53) % 2 * 60;
            let (u, v) = (i64::from(x) * 2 - i64::from(width), i64::from(y) * 2 - i64::from(height));
            let disc = if u * u + v * v < i64::from(width.min(height)).pow(2) / 3 { 90 } else { 0 };
            let ramp = x * 80 / width;
            image::Rgb([
                (checks + disc + ramp) as u8,
                (disc + ramp / 2) as u8,
                (checks + y * 100 / height) as u8,
            ])
        })
    }

    #[test]
    fn hashes_print_and_parse() {
        let (hash, _) = pdq(&drawn(300, 200));
        assert_eq!(hash.to_string().parse::<Hash>(), Ok(hash));
    }

    #[test]
    fn agrees_with_the_reference_implementation() {
        // Taken from PyPI pdqhash 0.2.8, which wraps the project's C++ code, on the same pixels.
        for (width, height, expected, expected_quality) in REFERENCE {
            let (hash, quality) = pdq(&drawn(width, height));
            assert_eq!(
                (hash.to_string().as_str(), quality),
                (expected, expected_quality),
                "{width} x {height}"
            );
        }
    }

    const REFERENCE: [(u32, u32, &str, u8); 5] = [
        (300, 200, "7d8cf277325dcaf7c2775d08dd2260dd3588a2fdf30c2af70877d5003582d508", 100),
        (640, 480, "75dd0777f77d5d77df77fddffdf7004020881f7d82082077086202d7a0c20048", 100),
        (517, 701, "3d77b7dfb5d7ea284a08eaa26820ebdfc282eaac6a08eaa6e0a0eaae4a0aeaac", 100),
        (64, 64, "f3c9b3cccb39d30c2c330d31b0c664d3c34cc2db2d3c3b2cf0f393264f4b9326", 63),
        (1280, 960, "659d0000e75d00229f77008859f7008d659d827d96592d77796727dfe7969d7d", 100),
    ];

    #[test]
    fn a_blank_picture_has_no_quality() {
        let blank = RgbImage::from_pixel(200, 300, image::Rgb([255; 3]));
        assert_eq!(pdq(&blank).1, 0);
        assert_eq!(pdq(&RgbImage::from_pixel(1, 1, image::Rgb([9; 3]))).1, 0);
    }
}
