//! Rasters drawn through a homography, one bilinear sample for each pixel.
//!
//! The map is computed exactly at every sixteenth pixel of a row and runs straight in between, in fixed point: over so
//! few pixels a photograph's perspective bends by less than a hundredth of a pixel. A colour pixel is blended with all its
//! channels in one word.

use image::{GrayImage, RgbImage};

use crate::geometry::Homography;

/// Pixels between two exact places.
const STEP: usize = 16;
/// Bits behind the point.
const BITS: u32 = 16;

/// Pixels of a row that lie evenly on a line of the page; places in fixed point, pixel centres whole.
struct Run {
    start: usize,
    length: usize,
    at: (i64, i64),
    step: (i64, i64),
}

/// Calls `put` with each run of a row of `width`.
fn walk(to_page: &Homography, y: usize, width: usize, mut put: impl FnMut(Run)) {
    let m = &to_page.0;
    let v = y as f64 + 0.5;
    let exact = |x: usize| {
        let u = x as f64 + 0.5;
        let d = m[2][0] * u + m[2][1] * v + m[2][2];
        let d = if d.abs() < 1e-12 { 1e-12 } else { d };
        let fixed = |top: f64| ((top / d - 0.5).clamp(-1e9, 1e9) * f64::from(1u32 << BITS)) as i64;
        (fixed(m[0][0] * u + m[0][1] * v + m[0][2]), fixed(m[1][0] * u + m[1][1] * v + m[1][2]))
    };
    let mut at = exact(0);
    for start in (0..width).step_by(STEP) {
        let to = exact(start + STEP);
        let step = ((to.0 - at.0) / STEP as i64, (to.1 - at.1) / STEP as i64);
        put(Run { start, length: STEP.min(width - start), at, step });
        at = to;
    }
}

impl Run {
    fn place(&self, k: usize) -> (i64, i64) {
        (self.at.0 + self.step.0 * k as i64, self.at.1 + self.step.1 * k as i64)
    }

    /// Whether all of it, with the pixels to the right and below, lies on a raster of this size.
    fn inside(&self, width: usize, height: usize) -> bool {
        let last = self.place(self.length - 1);
        let within = |v: i64, most: usize| v >= 0 && v >> BITS < most as i64 - 1;
        [self.at, last].iter().all(|(px, py)| within(*px, width) && within(*py, height))
    }
}

/// The pixel left above a place, the offset of the one below, and the shares of right and below, 0 to 256; `None` outside.
/// `inside` says that it surely lies inside.
#[inline(always)]
fn near(px: i64, py: i64, width: usize, height: usize, inside: bool) -> Option<(usize, usize, u64, u64)> {
    let one = 1i64 << BITS;
    let share = |v: i64| ((v & (one - 1)) >> (BITS - 8)) as u64;
    if inside {
        return Some(((py >> BITS) as usize * width + (px >> BITS) as usize, width, share(px), share(py)));
    }
    let (w, h) = ((width as i64) << BITS, (height as i64) << BITS);
    if px <= -one || py <= -one || px >= w || py >= h {
        return None;
    }
    let (px, py) = (px.clamp(0, w - one), py.clamp(0, h - one));
    let at = (py >> BITS) as usize * width + (px >> BITS) as usize;
    let below = if (py >> BITS) + 1 < height as i64 { width } else { 0 };
    Some((at, below, share(px), share(py)))
}

/// Colours; what lies outside `image` is white.
pub(crate) fn colour(image: &RgbImage, to_page: &Homography, size: (u32, u32)) -> RgbImage {
    let mut out = RgbImage::from_pixel(size.0, size.1, image::Rgb([255; 3]));
    let (w, h) = (image.width() as usize, image.height() as usize);
    if w == 0 || h == 0 || size.0 == 0 {
        return out;
    }
    let raw: &[u8] = image.as_raw();
    for (y, row) in out.as_mut().chunks_exact_mut(size.0 as usize * 3).enumerate() {
        walk(to_page, y, size.0 as usize, |run| {
            let inside = run.inside(w, h);
            let pixels = &mut row[3 * run.start..3 * (run.start + run.length)];
            for (k, pixel) in pixels.chunks_exact_mut(3).enumerate() {
                let (px, py) = run.place(k);
                let Some((at, below, right, down)) = near(px, py, w, h, inside) else {
                    continue;
                };
                let top = blend(pair(raw, at), right);
                let low = blend(pair(raw, at + below), right);
                let mixed = mix(top, low, down);
                pixel[0] = mixed as u8;
                pixel[1] = (mixed >> 16) as u8;
                pixel[2] = (mixed >> 32) as u8;
            }
        });
    }
    out
}

/// A pixel and the one to its right, six bytes from the lowest on.
#[inline(always)]
fn pair(raw: &[u8], at: usize) -> u64 {
    let from = 3 * at;
    if let Some(bytes) = raw.get(from..from + 8).and_then(|bytes| bytes.first_chunk()) {
        return u64::from_le_bytes(*bytes);
    }
    (0..6).rev().fold(0, |word, k| word << 8 | u64::from(raw.get(from + k).copied().unwrap_or(0)))
}

#[inline(always)]
fn blend(pair: u64, right: u64) -> u64 {
    let spread = |v: u64| (v & 0xff) | (v & 0xff00) << 8 | (v & 0x00ff_0000) << 16;
    mix(spread(pair), spread(pair >> 24), right)
}

/// Three channels, one in every sixteen bits; `share` of 256 is taken of `b`.
#[inline(always)]
fn mix(a: u64, b: u64, share: u64) -> u64 {
    ((a * (256 - share) + b * share + 0x0080_0080_0080) >> 8) & 0x00ff_00ff_00ff
}

/// Grey; what lies outside is white.
pub(crate) fn grey(image: &GrayImage, to_page: &Homography, size: (u32, u32)) -> GrayImage {
    let mut out = GrayImage::from_pixel(size.0, size.1, image::Luma([255]));
    let (w, h) = (image.width() as usize, image.height() as usize);
    if w == 0 || h == 0 || size.0 == 0 {
        return out;
    }
    let raw: &[u8] = image.as_raw();
    let pick = |at: usize| u32::from(raw.get(at).copied().unwrap_or(0));
    for (y, row) in out.as_mut().chunks_exact_mut(size.0 as usize).enumerate() {
        walk(to_page, y, size.0 as usize, |run| {
            let inside = run.inside(w, h);
            for (k, pixel) in row[run.start..run.start + run.length].iter_mut().enumerate() {
                let (px, py) = run.place(k);
                let Some((at, below, right, down)) = near(px, py, w, h, inside) else {
                    continue;
                };
                let (right, down) = (right as u32, down as u32);
                let top = pick(at) * (256 - right) + pick(at + 1) * right;
                let low = pick(at + below) * (256 - right) + pick(at + below + 1) * right;
                *pixel = ((top * (256 - down) + low * down + (1 << 15)) >> 16) as u8;
            }
        });
    }
    out
}

/// The mean of each block of `by` by `by` pixels; what is left over at the right and below is dropped.
pub(crate) fn blocks(image: &RgbImage, by: u32) -> RgbImage {
    let (width, height) = ((image.width() / by).max(1), (image.height() / by).max(1));
    let mut out = RgbImage::new(width, height);
    let stride = image.width() as usize * 3;
    let (side, raw) = (by as usize, image.as_raw());
    let mut sums = vec![0u32; width as usize * 3];
    for (y, row) in out.as_mut().chunks_exact_mut(width as usize * 3).enumerate() {
        sums.fill(0);
        let mut rows = 0;
        for line in raw.chunks_exact(stride).skip(y * side).take(side) {
            rows += 1;
            for (sum, block) in sums.chunks_exact_mut(3).zip(line.chunks(side * 3)) {
                for pixel in block.chunks_exact(3) {
                    sum[0] += u32::from(pixel[0]);
                    sum[1] += u32::from(pixel[1]);
                    sum[2] += u32::from(pixel[2]);
                }
            }
        }
        let area = (rows * by.min(image.width())).max(1);
        for (value, sum) in row.iter_mut().zip(&sums) {
            *value = ((sum + area / 2) / area) as u8;
        }
    }
    out
}

/// The raster reduced to `width` by `height`, each pixel the mean of what it covers, to the share of a pixel. Both sides
/// must be no larger than the raster's.
pub(crate) fn averaged(image: &RgbImage, width: u32, height: u32) -> RgbImage {
    let out = means::<3>(image.as_raw(), image.dimensions(), (width, height));
    RgbImage::from_raw(width, height, out).unwrap_or_default()
}

/// The same of a raster in grey.
pub(crate) fn averaged_grey(image: &GrayImage, width: u32, height: u32) -> GrayImage {
    let out = means::<1>(image.as_raw(), image.dimensions(), (width, height));
    GrayImage::from_raw(width, height, out).unwrap_or_default()
}

fn means<const CHANNELS: usize>(raw: &[u8], from: (u32, u32), to: (u32, u32)) -> Vec<u8> {
    let (columns, rows) = (covers(from.0, to.0), covers(from.1, to.1));
    let (stride, wide) = (from.0 as usize * CHANNELS, to.0 as usize * CHANNELS);
    let mut out = vec![0u8; wide * to.1 as usize];
    // One row of the raster, averaged along, then gathered down; a share is out of 256, a sum below 2^24.
    let mut along = vec![0u16; wide];
    let mut sums = vec![0u32; wide];
    let mut last = usize::MAX;
    for (row, to) in rows.iter().zip(out.chunks_exact_mut(wide.max(1))) {
        sums.fill(0);
        for (k, share) in row.shares() {
            if k != last {
                along_row::<CHANNELS>(&raw[k * stride..(k + 1) * stride], &columns, &mut along);
                last = k;
            }
            sums.iter_mut().zip(&along).for_each(|(sum, value)| *sum += u32::from(*value) * share);
        }
        let half = 1 << 15;
        to.iter_mut().zip(&sums).for_each(|(to, sum)| *to = ((sum + half) >> 16).min(255) as u8);
    }
    out
}

/// The pixels that one reduced pixel covers: the first, and the share of each, all together 256.
struct Cover {
    first: usize,
    shares: Vec<u32>,
}

impl Cover {
    fn shares(&self) -> impl Iterator<Item = (usize, u32)> {
        self.shares.iter().enumerate().map(|(k, share)| (self.first + k, *share))
    }
}

fn covers(from: u32, to: u32) -> Vec<Cover> {
    let (from, to) = (u64::from(from), u64::from(to));
    // In units of which a pixel has `to` and a reduced pixel `from`.
    let cover = |k: u64| {
        let (start, end) = (k * from, (k + 1) * from);
        let first = start / to;
        let shares = (first..end.div_ceil(to)).map(|pixel| {
            // Rounded at both ends, so that the sum is whole.
            let at = |v: u64| ((v.clamp(start, end) - start) * 256 + from / 2) / from;
            (at((pixel + 1) * to) - at(pixel * to)) as u32
        });
        Cover { first: first as usize, shares: shares.collect() }
    };
    (0..to).map(cover).collect()
}

/// Means along a row, in 256ths of a grey level.
fn along_row<const CHANNELS: usize>(row: &[u8], columns: &[Cover], out: &mut [u16]) {
    for (cover, out) in columns.iter().zip(out.chunks_exact_mut(CHANNELS)) {
        let mut sum = [0u32; CHANNELS];
        let pixels = row[CHANNELS * cover.first..].chunks_exact(CHANNELS);
        for (pixel, share) in pixels.zip(&cover.shares) {
            for (sum, value) in sum.iter_mut().zip(pixel) {
                *sum += u32::from(*value) * share;
            }
        }
        out.iter_mut().zip(sum).for_each(|(out, sum)| *out = sum as u16);
    }
}

/// The mean brightness of each block of `by` by `by` pixels; with `by` 1, of each pixel.
pub(crate) fn brightness(image: &RgbImage, by: u32) -> GrayImage {
    if by > 1 {
        return brightness(&blocks(image, by), 1);
    }
    let grey = image.as_raw().chunks_exact(3).map(luma).collect();
    GrayImage::from_raw(image.width(), image.height(), grey).unwrap_or_default()
}

/// ITU-R BT.601 in 256ths.
#[inline(always)]
fn luma(pixel: &[u8]) -> u8 {
    ((u32::from(pixel[0]) * 77 + u32::from(pixel[1]) * 150 + u32::from(pixel[2]) * 29 + 128) >> 8) as u8
}
