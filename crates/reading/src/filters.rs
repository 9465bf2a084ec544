//! Filters over grey rasters as plain rows of bytes: blurs, closings, sharpening, thresholds.
//!
//! Each is a pass over whole rows without branches, which compilers turn into wide instructions; sums that cannot overflow
//! are added wrapping, so that no check stands in the way. In: pixels, width, height.
//! Out: as many pixels. Outside a raster there is nothing: windows are cut at its edges.

use image::{GrayImage, Luma};

/// Unsharp masking with a blur of three box passes.
pub(crate) fn sharpen(raster: &mut GrayImage, amount: f64, sigma: f64) {
    let radius = (((sigma * sigma * 4.0 + 1.0).sqrt() - 1.0) / 2.0).round().max(1.0) as usize;
    let (width, height) = (raster.width() as usize, raster.height() as usize);
    let mut blurred = blur(raster.as_raw(), width, height, radius);
    for _ in 1..3 {
        blurred = blur(&blurred, width, height, radius);
    }
    let amount = amount as f32;
    for (pixel, soft) in raster.iter_mut().zip(blurred) {
        let (v, soft) = (f32::from(*pixel), f32::from(soft));
        *pixel = (v + (v - soft) * amount).clamp(0.0, 255.0) as u8;
    }
}

/// The mean over a square of 2 · radius + 1 pixels, at most 127 of radius.
pub(crate) fn blur(from: &[u8], width: usize, height: usize, radius: usize) -> Vec<u8> {
    let radius = radius.min(127);
    let mut to = vec![0u8; from.len()];
    if width == 0 || radius == 0 {
        to.copy_from_slice(from);
        return to;
    }
    let mut sums = vec![0u16; width];
    for (row, out) in from.chunks(width).zip(to.chunks_mut(width)) {
        row_means(row, out, radius, &mut sums);
    }
    column_means(&to.clone(), &mut to, width, height, radius, &mut sums);
    to
}

/// `(sum + count / 2) / count` without dividing: exact for counts up to 255 and sums of as many bytes.
fn means(sums: &[u16], out: &mut [u8], count: usize) {
    if (2..=15).contains(&count) {
        // (count - 1) * (255 * count + count / 2) stays below 65,536, and the rounding up of the factor below one.
        let (half, factor) = (count as u16 / 2, 65_536usize.div_ceil(count) as u16);
        let mut high = [0u16; 256];
        for (out, sums) in out.chunks_mut(high.len()).zip(sums.chunks(high.len())) {
            for (high, sum) in high.iter_mut().zip(sums) {
                *high = (u32::from(sum.wrapping_add(half)).wrapping_mul(u32::from(factor)) >> 16) as u16;
            }
            out.iter_mut().zip(&high).for_each(|(out, high)| *out = *high as u8);
        }
        return;
    }
    let (half, factor) = (count as u32 / 2, (1u32 << 24) / count.max(1) as u32 + 1);
    for (out, sum) in out.iter_mut().zip(sums) {
        *out = (((u64::from(u32::from(*sum) + half)) * u64::from(factor)) >> 24) as u8;
    }
}

fn row_means(row: &[u8], out: &mut [u8], radius: usize, sums: &mut [u16]) {
    let width = row.len();
    let side = 2 * radius + 1;
    if width >= side {
        // Whole windows: shifted rows added up while that is cheaper than a running sum.
        let inner = width - side + 1;
        let sums = &mut sums[..inner];
        if side <= 17 {
            sums.fill(0);
            for shift in 0..side {
                for (sum, v) in sums.iter_mut().zip(&row[shift..]) {
                    *sum = sum.wrapping_add(u16::from(*v));
                }
            }
        } else {
            let mut sum: u16 = row[..side - 1].iter().map(|v| u16::from(*v)).sum();
            for (n, out) in sums.iter_mut().enumerate() {
                sum += u16::from(row[n + side - 1]);
                *out = sum;
                sum -= u16::from(row[n]);
            }
        }
        means(sums, &mut out[radius..radius + inner], side);
    }
    let edge = if width >= side { radius } else { width };
    let cut = |x: usize| {
        let near = &row[x.saturating_sub(radius)..(x + radius + 1).min(width)];
        let sum: u32 = near.iter().map(|v| u32::from(*v)).sum();
        ((sum + near.len() as u32 / 2) / near.len().max(1) as u32) as u8
    };
    for x in (0..edge).chain(width.saturating_sub(edge)..width) {
        out[x] = cut(x);
    }
}

fn column_means(from: &[u8], to: &mut [u8], width: usize, height: usize, radius: usize, sums: &mut [u16]) {
    sums.fill(0);
    let row = |y: usize| &from[y * width..(y + 1) * width];
    let mut count = radius.min(height);
    for y in 0..count {
        sums.iter_mut().zip(row(y)).for_each(|(sum, v)| *sum = sum.wrapping_add(u16::from(*v)));
    }
    for (y, out) in to.chunks_mut(width).enumerate() {
        if y + radius < height {
            sums.iter_mut().zip(row(y + radius)).for_each(|(sum, v)| *sum = sum.wrapping_add(u16::from(*v)));
            count += 1;
        }
        if y > radius {
            sums.iter_mut()
                .zip(row(y - radius - 1))
                .for_each(|(sum, v)| *sum = sum.wrapping_sub(u16::from(*v)));
            count -= 1;
        }
        means(sums, out, count);
    }
}

/// Closing (the brightest, then the darkest) with a square of 2 · radius + 1 pixels.
pub(crate) fn closed(from: &[u8], width: usize, height: usize, radius: usize) -> Vec<u8> {
    let mut plane = from.to_vec();
    for brighter in [true, false] {
        extreme_rows(&mut plane, width, radius, brighter);
        plane = extreme_columns(&plane, width, height, radius, brighter);
    }
    plane
}

fn extreme(into: &mut [u8], other: &[u8], brighter: bool) {
    if brighter {
        into.iter_mut().zip(other).for_each(|(a, b)| *a = (*a).max(*b));
    } else {
        into.iter_mut().zip(other).for_each(|(a, b)| *a = (*a).min(*b));
    }
}

/// The steps by which a window of one grows to `side`, each at most as wide as what it has grown to.
fn steps(side: usize) -> impl Iterator<Item = usize> {
    let mut grown = 1;
    std::iter::from_fn(move || {
        let step = grown.min(side - grown);
        grown += step;
        (step > 0).then_some(step)
    })
}

fn extreme_rows(plane: &mut [u8], width: usize, radius: usize, brighter: bool) {
    let nothing = if brighter { 0 } else { 255 };
    let mut padded = vec![nothing; width + 2 * radius];
    let mut shifted = padded.clone();
    for row in plane.chunks_mut(width.max(1)) {
        padded.fill(nothing);
        padded[radius..radius + row.len()].copy_from_slice(row);
        for step in steps(2 * radius + 1) {
            let rest = padded.len() - step;
            shifted[..rest].copy_from_slice(&padded[step..]);
            extreme(&mut padded[..rest], &shifted[..rest], brighter);
        }
        row.copy_from_slice(&padded[..row.len()]);
    }
}

fn extreme_columns(plane: &[u8], width: usize, height: usize, radius: usize, brighter: bool) -> Vec<u8> {
    let nothing = if brighter { 0 } else { 255 };
    let mut padded = vec![nothing; width * (height + 2 * radius)];
    padded[radius * width..][..plane.len()].copy_from_slice(plane);
    for step in steps(2 * radius + 1) {
        for y in 0..height + 2 * radius - step {
            let (above, below) = padded.split_at_mut((y + step) * width);
            extreme(&mut above[y * width..(y + 1) * width], &below[..width], brighter);
        }
    }
    padded.truncate(plane.len());
    padded
}

pub(crate) fn median(raster: &GrayImage) -> GrayImage {
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

#[cfg(test)]
mod tests {
    use super::*;

    fn noise(width: usize, height: usize) -> Vec<u8> {
        let mut state = 7u32;
        (0..width * height)
            .map(|_| {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                (state >> 24) as u8
            })
            .collect()
    }

    /// The pixels of a row or column within the window, in one dimension.
    fn near(from: &[u8], n: usize, radius: usize) -> &[u8] {
        &from[n.saturating_sub(radius)..(n + radius + 1).min(from.len())]
    }

    fn across(from: &[u8], width: usize, take: &dyn Fn(&[u8]) -> u8, radius: usize) -> Vec<u8> {
        from.chunks(width).flat_map(|row| (0..width).map(move |x| take(near(row, x, radius)))).collect()
    }

    fn turned(from: &[u8], width: usize) -> Vec<u8> {
        (0..width).flat_map(|x| from.iter().skip(x).step_by(width).copied()).collect()
    }

    fn both(from: &[u8], width: usize, take: &dyn Fn(&[u8]) -> u8, radius: usize) -> Vec<u8> {
        let height = from.len() / width;
        let rows = across(from, width, take, radius);
        turned(&across(&turned(&rows, width), height, take, radius), height)
    }

    #[test]
    fn means_are_exact() {
        for count in 1..=255usize {
            let sums: Vec<u16> = (0..=(255 * count) as u16).collect();
            let mut out = vec![0; sums.len()];
            means(&sums, &mut out, count);
            let right =
                |(sum, out): (&u16, &u8)| (usize::from(*sum) + count / 2) / count == usize::from(*out);
            assert!(sums.iter().zip(&out).all(right), "{count}");
        }
    }

    #[test]
    fn passes_do_what_windows_do() {
        for (width, height, radius) in
            [(40, 30, 2), (9, 70, 6), (70, 5, 12), (1, 1, 3), (3, 3, 1), (64, 2, 9)]
        {
            let from = noise(width, height);
            let mean = |near: &[u8]| {
                let sum: u32 = near.iter().map(|v| u32::from(*v)).sum();
                ((sum + near.len() as u32 / 2) / near.len() as u32) as u8
            };
            assert_eq!(blur(&from, width, height, radius), both(&from, width, &mean, radius));
            let most = |near: &[u8]| near.iter().copied().max().unwrap_or(0);
            let least = |near: &[u8]| near.iter().copied().min().unwrap_or(0);
            let wide = both(&from, width, &most, radius);
            assert_eq!(closed(&from, width, height, radius), both(&wide, width, &least, radius));
        }
    }
}
