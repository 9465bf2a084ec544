//! Grey planes: reducing, blurring, sampling.

use image::RgbImage;

/// A picture in grey levels, row by row.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Plane {
    pub width: usize,
    pub height: usize,
    pub data: Vec<f32>,
}

impl Plane {
    pub fn new(width: usize, height: usize) -> Self {
        Self { width, height, data: vec![0.0; width * height] }
    }

    /// A raster in grey, scaled so that it has `pixels` pixels: by means over areas where it is larger, between pixels
    /// where it is smaller, at most to twice its sides. Goes with the factor by which the sides were multiplied.
    pub fn of(raster: &RgbImage, pixels: f64) -> (Self, f64) {
        let (width, height) = (raster.width() as usize, raster.height() as usize);
        if width == 0 || height == 0 {
            return (Self::default(), 1.0);
        }
        let mut factor = (pixels / (width as f64 * height as f64)).sqrt().min(2.0);
        if (0.95..1.05).contains(&factor) {
            factor = 1.0;
        }
        let (w, h) = (scaled(width, factor), scaled(height, factor));
        let columns = Weights::new(width, w, factor);
        let rows = Weights::new(height, h, factor);
        let mut wide = Self::new(w, height);
        let mut line = vec![0.0_f32; width];
        for (row, to) in raster.as_raw().chunks_exact(3 * width).zip(wide.data.chunks_exact_mut(w)) {
            for (level, rgb) in line.iter_mut().zip(row.as_chunks::<3>().0) {
                *level = 0.299 * f32::from(rgb[0]) + 0.587 * f32::from(rgb[1]) + 0.114 * f32::from(rgb[2]);
            }
            columns.apply(&line, to);
        }
        (wide.shrunk_down(&rows, h), factor)
    }

    /// Scaled down by `factor`, at most 1.
    pub fn shrunk(&self, factor: f64) -> Self {
        let (w, h) = (scaled(self.width, factor), scaled(self.height, factor));
        if self.data.is_empty() {
            return Self::default();
        }
        let low = self.shrunk_down(&Weights::new(self.height, h, factor), h);
        let columns = Weights::new(self.width, w, factor);
        let mut out = Self::new(w, h);
        for (row, to) in low.data.chunks_exact(self.width).zip(out.data.chunks_exact_mut(w)) {
            columns.apply(row, to);
        }
        out
    }

    fn shrunk_down(&self, rows: &Weights, height: usize) -> Self {
        let mut out = Self::new(self.width, height);
        for (k, to) in out.data.chunks_exact_mut(self.width).enumerate() {
            for (from, weight) in rows.of(k) {
                let start = from * self.width;
                for (sum, level) in to.iter_mut().zip(&self.data[start..start + self.width]) {
                    *sum += weight * level;
                }
            }
        }
        out
    }

    /// Every second pixel of every second row.
    pub fn halved(&self) -> Self {
        let (width, height) = (self.width.div_ceil(2), self.height.div_ceil(2));
        let mut out = Self::new(width, height);
        if width == 0 {
            return out;
        }
        for (to, from) in out.data.chunks_exact_mut(width).zip(self.data.chunks_exact(self.width).step_by(2))
        {
            for (level, from) in to.iter_mut().zip(from.iter().step_by(2)) {
                *level = *from;
            }
        }
        out
    }

    /// Blurred by a Gaussian, edges repeated.
    pub fn blurred(&self, sigma: f32) -> Self {
        let reach = (3.0 * sigma).ceil().max(1.0) as usize;
        let mut kernel: Vec<f32> =
            (0..=reach).map(|k| (-((k * k) as f32) / (2.0 * sigma * sigma)).exp()).collect();
        let sum = kernel[0] + 2.0 * kernel[1..].iter().sum::<f32>();
        kernel.iter_mut().for_each(|weight| *weight /= sum);
        let mut wide = Self::new(self.width, self.height);
        if self.data.is_empty() {
            return wide;
        }
        let (w, h) = (self.width, self.height);
        let mut padded = vec![0.0_f32; w + 2 * reach];
        for (row, to) in self.data.chunks_exact(w).zip(wide.data.chunks_exact_mut(w)) {
            padded[..reach].fill(row[0]);
            padded[reach..reach + w].copy_from_slice(row);
            padded[reach + w..].fill(row[w - 1]);
            weigh(to, &padded[reach..reach + w], &padded[reach..reach + w], kernel[0] * 0.5);
            for (k, weight) in kernel.iter().enumerate().skip(1) {
                weigh(to, &padded[reach - k..reach - k + w], &padded[reach + k..reach + k + w], *weight);
            }
        }
        let mut out = Self::new(w, h);
        for (row, to) in out.data.chunks_exact_mut(w).enumerate() {
            let line = |at: usize| &wide.data[at * w..(at + 1) * w];
            weigh(to, line(row), line(row), kernel[0] * 0.5);
            for (k, weight) in kernel.iter().enumerate().skip(1) {
                weigh(to, line(row.saturating_sub(k)), line((row + k).min(h - 1)), *weight);
            }
        }
        out
    }

    /// The level at a place between pixel centres at whole numbers, which must lie within.
    #[inline]
    pub fn between(&self, x: f32, y: f32) -> f32 {
        let (column, row) = (x as u32, y as u32);
        let (u, v) = (x - column as f32, y - row as f32);
        let k = row as usize * self.width + column as usize;
        let (top, bottom) = (&self.data[k..k + 2], &self.data[k + self.width..k + self.width + 2]);
        let above = top[0] + (top[1] - top[0]) * u;
        above + (bottom[0] + (bottom[1] - bottom[0]) * u - above) * v
    }
}

fn scaled(side: usize, factor: f64) -> usize {
    ((side as f64 * factor).round() as usize).max(1)
}

fn weigh(to: &mut [f32], one: &[f32], other: &[f32], weight: f32) {
    for ((sum, a), b) in to.iter_mut().zip(one).zip(other) {
        *sum += weight * (a + b);
    }
}

/// Which places of a line go into each place of a shorter or longer one, and how much.
struct Weights(Vec<(usize, Vec<f32>)>);

impl Weights {
    fn new(from: usize, to: usize, factor: f64) -> Self {
        Self(
            (0..to)
                .map(|k| if factor < 1.0 { covered(k, from, factor) } else { between(k, from, factor) })
                .collect(),
        )
    }

    fn of(&self, k: usize) -> impl Iterator<Item = (usize, f32)> + '_ {
        let (start, weights) = &self.0[k];
        weights.iter().enumerate().map(move |(n, weight)| (start + n, *weight))
    }

    fn apply(&self, line: &[f32], to: &mut [f32]) {
        for (level, (start, weights)) in to.iter_mut().zip(&self.0) {
            *level = weights.iter().zip(&line[*start..]).map(|(weight, from)| weight * from).sum();
        }
    }
}

fn covered(k: usize, from: usize, factor: f64) -> (usize, Vec<f32>) {
    let (low, high) = (k as f64 / factor, ((k + 1) as f64 / factor).min(from as f64));
    let start = (low as usize).min(from - 1);
    let end = (high.ceil() as usize).clamp(start + 1, from);
    let share = |n: usize| (high.min((n + 1) as f64) - low.max(n as f64)).max(1e-6);
    let sum: f64 = (start..end).map(share).sum();
    (start, (start..end).map(|n| (share(n) / sum) as f32).collect())
}

fn between(k: usize, from: usize, factor: f64) -> (usize, Vec<f32>) {
    let at = ((k as f64 + 0.5) / factor - 0.5).clamp(0.0, (from - 1) as f64);
    let start = at as usize;
    let part = (at - start as f64) as f32;
    if part == 0.0 || start + 1 >= from { (start, vec![1.0]) } else { (start, vec![1.0 - part, part]) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::Rgb;

    #[test]
    fn scaling_and_blurring_keep_an_even_grey() {
        for (width, height) in [(1, 1), (3000, 30), (7, 2000), (640, 480)] {
            let raster = RgbImage::from_pixel(width, height, Rgb([90; 3]));
            let (plane, factor) = Plane::of(&raster, 100_000.0);
            assert!(factor <= 2.0);
            assert!(plane.blurred(1.6).data.iter().all(|level| (level - 90.0).abs() < 0.01));
            assert!(plane.shrunk(0.4).data.iter().all(|level| (level - 90.0).abs() < 0.01));
        }
    }
}
