//! Small float rasters to reckon on: reduced, closed over the ink, softened.

use image::RgbImage;

/// One channel, rows first.
#[derive(Clone, Debug)]
pub(crate) struct Plane {
    pub(crate) width: usize,
    pub(crate) height: usize,
    pub(crate) at: Vec<f32>,
}

/// Whether a filter keeps the brightest or the darkest of a window.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Keep {
    Brightest,
    Darkest,
}

impl Plane {
    pub(crate) fn new(width: usize, height: usize) -> Self {
        Self { width, height, at: vec![0.0; width * height] }
    }

    /// The value at whole coordinates, those outside held to the border.
    pub(crate) fn get(&self, x: i64, y: i64) -> f32 {
        let x = x.clamp(0, self.width as i64 - 1) as usize;
        let y = y.clamp(0, self.height as i64 - 1) as usize;
        self.at[y * self.width + x]
    }

    /// The value at a point; pixel centres stand at halves.
    pub(crate) fn sample(&self, x: f64, y: f64) -> f32 {
        let (x, y) = (x - 0.5, y - 0.5);
        let (x0, y0) = (x.floor(), y.floor());
        let (fx, fy) = ((x - x0) as f32, (y - y0) as f32);
        let (x0, y0) = (x0 as i64, y0 as i64);
        let top = self.get(x0, y0) * (1.0 - fx) + self.get(x0 + 1, y0) * fx;
        let low = self.get(x0, y0 + 1) * (1.0 - fx) + self.get(x0 + 1, y0 + 1) * fx;
        top * (1.0 - fy) + low * fy
    }

    /// The brightest or darkest within `reach` pixels to each side, what lies outside left out. Runs of one, two, four and
    /// so on are joined, so that the cost grows with the logarithm of the window.
    pub(crate) fn extreme(&self, reach: usize, keep: Keep) -> Self {
        match keep {
            Keep::Brightest => self.joined(reach, f32::MIN, |a, b| if a > b { a } else { b }),
            Keep::Darkest => self.joined(reach, f32::MAX, |a, b| if a < b { a } else { b }),
        }
    }

    fn joined(&self, reach: usize, none: f32, join: impl Fn(f32, f32) -> f32) -> Self {
        let (w, h, window) = (self.width, self.height, 2 * reach + 1);
        let mut out = Self::new(w, h);
        let (mut from, mut to) = (vec![none; w + 2 * reach], vec![none; w + 2 * reach]);
        for (row, out) in self.at.chunks_exact(w).zip(out.at.chunks_exact_mut(w)) {
            from.fill(none);
            from[reach..reach + w].copy_from_slice(row);
            let span = doubled(&mut from, &mut to, 1, window, &join);
            pairwise(&from, &from[window - span..], out, &join);
        }
        let tall = (h + 2 * reach) * w;
        let (mut from, mut to) = (vec![none; tall], vec![none; tall]);
        from[reach * w..(reach + h) * w].copy_from_slice(&out.at);
        let span = doubled(&mut from, &mut to, w, window, &join);
        pairwise(&from, &from[(window - span) * w..], &mut out.at, &join);
        out
    }

    /// The mean within `reach` pixels to each side, what lies outside left out.
    pub(crate) fn mean(&self, reach: usize) -> Self {
        let (w, h) = (self.width, self.height);
        let mut out = Self::new(w, h);
        let mut padded = vec![0.0f32; w + 2 * reach];
        let inside = |at: usize, most: usize| ((at + reach + 1).min(most) - at.saturating_sub(reach)) as f32;
        for (row, out) in self.at.chunks_exact(w).zip(out.at.chunks_exact_mut(w)) {
            padded[reach..reach + w].copy_from_slice(row);
            for shift in 0..=2 * reach {
                out.iter_mut().zip(&padded[shift..]).for_each(|(sum, value)| *sum += value);
            }
            out.iter_mut().enumerate().for_each(|(x, sum)| *sum /= inside(x, w));
        }
        let rows = out;
        let mut out = Self::new(w, h);
        for (y, to) in out.at.chunks_exact_mut(w).enumerate() {
            for row in y.saturating_sub(reach)..(y + reach + 1).min(h) {
                let from = &rows.at[row * w..(row + 1) * w];
                to.iter_mut().zip(from).for_each(|(sum, value)| *sum += value);
            }
            let count = inside(y, h);
            to.iter_mut().for_each(|sum| *sum /= count);
        }
        out
    }
}

/// Joins every value with those after it, `step` apart, until runs as long as fit into `window` are joined; how long.
fn doubled(
    from: &mut Vec<f32>,
    to: &mut Vec<f32>,
    step: usize,
    window: usize,
    join: &impl Fn(f32, f32) -> f32,
) -> usize {
    let mut span = 1;
    while 2 * span <= window {
        pairwise(from, &from[span * step..], to, join);
        std::mem::swap(from, to);
        span *= 2;
    }
    span
}

fn pairwise(a: &[f32], b: &[f32], out: &mut [f32], join: &impl Fn(f32, f32) -> f32) {
    for ((out, a), b) in out.iter_mut().zip(a).zip(b) {
        *out = join(*a, *b);
    }
}

/// Red, green and blue of a reduced raster, and by how much it was reduced.
#[derive(Clone, Debug)]
pub(crate) struct Reduced {
    pub(crate) colour: [Plane; 3],
    /// Reduced pixels for one pixel of the page, across and down.
    pub(crate) scale: (f64, f64),
}

impl Reduced {
    /// The part of `image` from `x`, `y`, `width` by `height`, box-averaged so that its longest side is `longest`.
    pub(crate) fn of(image: &RgbImage, part: [u32; 4], longest: u32) -> Self {
        let [left, top, width, height] = part;
        let ratio = (f64::from(longest) / f64::from(width.max(height).max(1))).min(1.0);
        let side = |side: u32| ((f64::from(side) * ratio).round() as usize).max(1);
        let (w, h) = (side(width), side(height));
        let mut colour = [Plane::new(w, h), Plane::new(w, h), Plane::new(w, h)];
        let columns: Vec<usize> = (0..=w).map(|x| x * width as usize / w).collect();
        let raw = image.as_raw();
        let stride = image.width() as usize * 3;
        let mut sums = vec![[0u32; 3]; w];
        for y in 0..h {
            sums.iter_mut().for_each(|sum| *sum = [0; 3]);
            let rows =
                (y * height as usize / h)..((y + 1) * height as usize / h).max(y * height as usize / h + 1);
            let count = rows.len();
            for row in rows {
                let start = (row + top as usize) * stride + left as usize * 3;
                let line = &raw[start..start + width as usize * 3];
                for (x, sum) in sums.iter_mut().enumerate() {
                    for pixel in line[columns[x] * 3..columns[x + 1] * 3].chunks_exact(3) {
                        for k in 0..3 {
                            sum[k] += u32::from(pixel[k]);
                        }
                    }
                }
            }
            for (x, sum) in sums.iter().enumerate() {
                let area = ((columns[x + 1] - columns[x]) * count).max(1) as f32;
                for k in 0..3 {
                    colour[k].at[y * w + x] = sum[k] as f32 / area;
                }
            }
        }
        let scale = (w as f64 / f64::from(width.max(1)), h as f64 / f64::from(height.max(1)));
        Self { colour, scale }
    }

    pub(crate) fn width(&self) -> usize {
        self.colour[0].width
    }

    pub(crate) fn height(&self) -> usize {
        self.colour[0].height
    }

    /// Thin dark strokes filled with the paper around them: grey closing of each channel.
    pub(crate) fn without_ink(&self, reach: usize) -> Self {
        let close =
            |plane: &Plane| plane.extreme(reach, Keep::Brightest).extreme(reach, Keep::Darkest).mean(1);
        Self {
            colour: [close(&self.colour[0]), close(&self.colour[1]), close(&self.colour[2])],
            scale: self.scale,
        }
    }

    pub(crate) fn sample(&self, x: f64, y: f64) -> [f32; 3] {
        [self.colour[0].sample(x, y), self.colour[1].sample(x, y), self.colour[2].sample(x, y)]
    }
}
