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

    fn turned(&self) -> Self {
        let mut out = Self::new(self.height, self.width);
        for (y, row) in self.at.chunks_exact(self.width).enumerate() {
            for (x, value) in row.iter().enumerate() {
                out.at[x * self.height + y] = *value;
            }
        }
        out
    }

    /// The brightest or darkest within `reach` pixels to each side (van Herk's running extremum would be as good).
    pub(crate) fn extreme(&self, reach: usize, keep: Keep) -> Self {
        self.extreme_rows(reach, keep).turned().extreme_rows(reach, keep).turned()
    }

    fn extreme_rows(&self, reach: usize, keep: Keep) -> Self {
        let mut out = self.clone();
        for (from, to) in self.at.chunks_exact(self.width).zip(out.at.chunks_exact_mut(self.width)) {
            for (x, value) in to.iter_mut().enumerate() {
                let window = &from[x.saturating_sub(reach)..(x + reach + 1).min(self.width)];
                *value = match keep {
                    Keep::Brightest => window.iter().copied().fold(f32::MIN, f32::max),
                    Keep::Darkest => window.iter().copied().fold(f32::MAX, f32::min),
                };
            }
        }
        out
    }

    /// The mean within `reach` pixels to each side.
    pub(crate) fn mean(&self, reach: usize) -> Self {
        self.mean_rows(reach).turned().mean_rows(reach).turned()
    }

    fn mean_rows(&self, reach: usize) -> Self {
        let mut out = self.clone();
        let mut sums = vec![0.0f64; self.width + 1];
        for (from, to) in self.at.chunks_exact(self.width).zip(out.at.chunks_exact_mut(self.width)) {
            for (x, value) in from.iter().enumerate() {
                sums[x + 1] = sums[x] + f64::from(*value);
            }
            for (x, value) in to.iter_mut().enumerate() {
                let (a, b) = (x.saturating_sub(reach), (x + reach + 1).min(self.width));
                *value = ((sums[b] - sums[a]) / (b - a) as f64) as f32;
            }
        }
        out
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
