//! Bringing a grey raster to another size: Catmull-Rom, separable; a wider kernel where it shrinks.
//!
//! In: a raster and a size. Out: that size. The kernel: E. Catmull, R. Rom, "A class of local interpolating splines", 1974.

use image::GrayImage;

/// For each place of the new row: where in the old one its weights begin, and the weights.
struct Taps {
    starts: Vec<usize>,
    weights: Vec<f32>,
    count: usize,
}

/// The raster at `width` x `height`; unchanged if either has no area.
pub(crate) fn resize(raster: &GrayImage, width: u32, height: u32) -> GrayImage {
    let (old_width, old_height) = (raster.width() as usize, raster.height() as usize);
    let none = old_width == 0 || old_height == 0 || width == 0 || height == 0;
    if none || (width, height) == raster.dimensions() {
        return raster.clone();
    }
    let (across, down) = (taps(old_width, width as usize), taps(old_height, height as usize));
    let mut wide = vec![0f32; width as usize * old_height];
    for (row, out) in raster.as_raw().chunks(old_width).zip(wide.chunks_mut(width as usize)) {
        match across.count {
            ENLARGED => along::<ENLARGED>(row, &across, out),
            _ => along_any(row, &across, out),
        }
    }
    let mut made = GrayImage::new(width, height);
    let mut sums = vec![0f32; width as usize];
    for ((out, start), weights) in
        made.chunks_mut(width as usize).zip(&down.starts).zip(down.weights.chunks(down.count))
    {
        sums.fill(0.5);
        for (row, weight) in wide[start * width as usize..].chunks(width as usize).zip(weights) {
            sums.iter_mut().zip(row).for_each(|(sum, v)| *sum += v * weight);
        }
        out.iter_mut().zip(&sums).for_each(|(out, sum)| *out = sum.clamp(0.0, 255.0) as u8);
    }
    made
}

/// The count of taps of a row that grows.
const ENLARGED: usize = 5;

fn along<const N: usize>(row: &[u8], taps: &Taps, out: &mut [f32]) {
    let (weights, _) = taps.weights.as_chunks::<N>();
    for ((out, start), weights) in out.iter_mut().zip(&taps.starts).zip(weights) {
        if let Some(taken) = row[*start..].first_chunk::<N>() {
            *out = taken.iter().zip(weights).map(|(v, w)| f32::from(*v) * w).sum();
        }
    }
}

fn along_any(row: &[u8], taps: &Taps, out: &mut [f32]) {
    for ((out, start), weights) in out.iter_mut().zip(&taps.starts).zip(taps.weights.chunks(taps.count)) {
        let taken = &row[*start..*start + taps.count];
        *out = taken.iter().zip(weights).map(|(v, w)| f32::from(*v) * w).sum();
    }
}

fn taps(old: usize, new: usize) -> Taps {
    let ratio = old as f64 / new as f64;
    let spread = ratio.max(1.0);
    let count = ((4.0 * spread).ceil() as usize + 1).min(old);
    let (mut starts, mut all) = (Vec::with_capacity(new), Vec::with_capacity(new * count));
    for n in 0..new {
        let middle = (n as f64 + 0.5) * ratio - 0.5;
        let first = (middle - 2.0 * spread).ceil().max(0.0) as usize;
        let start = first.min(old - count);
        let weights: Vec<f64> =
            (start..start + count).map(|k| kernel((k as f64 - middle) / spread)).collect();
        let sum: f64 = weights.iter().sum();
        starts.push(start);
        all.extend(weights.iter().map(|weight| (weight / sum) as f32));
    }
    Taps { starts, weights: all, count }
}

fn kernel(at: f64) -> f64 {
    let x = at.abs();
    if x < 1.0 {
        1.5 * x.powi(3) - 2.5 * x.powi(2) + 1.0
    } else if x < 2.0 {
        -0.5 * x.powi(3) + 2.5 * x.powi(2) - 4.0 * x + 2.0
    } else {
        0.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::Luma;
    use image::imageops::{FilterType, resize as known};

    #[test]
    fn it_does_what_is_known_to_be_right() {
        let raster = GrayImage::from_fn(61, 47, |x, y| Luma([((x * 37 + y * 91) % 256) as u8]));
        for (w, h) in [(122, 94), (90, 31), (61, 47), (20, 200), (7, 5), (1, 1)] {
            let (ours, theirs) = (resize(&raster, w, h), known(&raster, w, h, FilterType::CatmullRom));
            let most = ours.iter().zip(theirs.iter()).map(|(a, b)| a.abs_diff(*b)).max().unwrap_or(0);
            assert!(most <= 1, "{w} x {h}: {most}");
        }
        for (w, h) in [(1, 1), (20_000, 3), (2, 900)] {
            let even = resize(&GrayImage::from_pixel(w, h, Luma([77])), 31, 17);
            assert!(even.iter().all(|v| *v == 77));
        }
    }
}
