//! Planes of numbers, and the few filters that the comparison needs.

/// `width` x `height` numbers, row by row.
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

    /// The value at a pixel, the nearest one for pixels outside.
    pub fn at(&self, x: isize, y: isize) -> f32 {
        if self.data.is_empty() {
            return 0.0;
        }
        let x = x.clamp(0, self.width as isize - 1) as usize;
        let y = y.clamp(0, self.height as isize - 1) as usize;
        self.data[y * self.width + x]
    }

    /// Between pixels, by bilinear interpolation; the middle of the first pixel is (0, 0).
    pub fn between(&self, x: f32, y: f32) -> f32 {
        let (x0, y0) = (below(x), below(y));
        let (fx, fy) = (x - x0 as f32, y - y0 as f32);
        let top = self.at(x0, y0) * (1.0 - fx) + self.at(x0 + 1, y0) * fx;
        let low = self.at(x0, y0 + 1) * (1.0 - fx) + self.at(x0 + 1, y0 + 1) * fx;
        top * (1.0 - fy) + low * fy
    }

    pub fn map(&self, f: impl Fn(f32) -> f32) -> Self {
        Self { width: self.width, height: self.height, data: self.data.iter().map(|v| f(*v)).collect() }
    }

    pub fn zip(&self, other: &Self, f: impl Fn(f32, f32) -> f32) -> Self {
        let data = self.data.iter().zip(&other.data).map(|(a, b)| f(*a, *b)).collect();
        Self { width: self.width, height: self.height, data }
    }

    /// A part; pixels outside repeat the border.
    pub fn part(&self, x0: isize, y0: isize, width: usize, height: usize) -> Self {
        let mut data = Vec::with_capacity(width * height);
        let within = x0 >= 0 && x0 as usize + width <= self.width && self.height > 0;
        for y in 0..height as isize {
            if within {
                let row = (y0 + y).clamp(0, self.height as isize - 1) as usize * self.width + x0 as usize;
                data.extend_from_slice(&self.data[row..row + width]);
            } else {
                data.extend((0..width as isize).map(|x| self.at(x0 + x, y0 + y)));
            }
        }
        Self { width, height, data }
    }

    /// Its value `(dx, dy)` beside each pixel, by bilinear interpolation; pixels outside repeat the border.
    pub fn shifted(&self, dx: f32, dy: f32) -> Self {
        if dx == 0.0 && dy == 0.0 || self.data.is_empty() {
            return self.clone();
        }
        let (x0, y0) = (below(dx), below(dy));
        let (fx, fy) = (dx - x0 as f32, dy - y0 as f32);
        let (w, h) = (self.width, self.height);
        let wide = self.part(x0, y0, w + 1, h + 1);
        let mut out = Self::new(w, h);
        for (y, row) in out.data.chunks_exact_mut(w).enumerate() {
            let (top, low) = wide.data[y * (w + 1)..(y + 2) * (w + 1)].split_at(w + 1);
            let ends = top.iter().zip(&top[1..]).zip(low.iter().zip(&low[1..]));
            for (o, ((a, b), (c, d))) in row.iter_mut().zip(ends) {
                *o = (a * (1.0 - fx) + b * fx) * (1.0 - fy) + (c * (1.0 - fx) + d * fx) * fy;
            }
        }
        out
    }

    /// Spread over `width` x `height` pixels, `by` of them for each of its own, by bilinear interpolation; the middle of its
    /// first pixel lies in the middle of the first `by` x `by` pixels.
    pub fn spread(&self, by: usize, width: usize, height: usize) -> Self {
        let own = |k: usize| (k as f32 + 0.5) / by as f32 - 0.5;
        let columns: Vec<(usize, usize, f32)> = (0..width).map(|x| ends(own(x), self.width)).collect();
        let mut out = Self::new(width, height);
        if self.data.is_empty() || width == 0 {
            return out;
        }
        let mut line = vec![0.0_f32; self.width];
        for (y, row) in out.data.chunks_exact_mut(width).enumerate() {
            let (top, low, fy) = ends(own(y), self.height);
            let (top, low) = (&self.data[top * self.width..], &self.data[low * self.width..]);
            for ((l, t), b) in line.iter_mut().zip(top).zip(low) {
                *l = t * (1.0 - fy) + b * fy;
            }
            for (o, (left, right, fx)) in row.iter_mut().zip(&columns) {
                *o = line[*left] * (1.0 - fx) + line[*right] * fx;
            }
        }
        out
    }

    /// Means over 2 x 2 pixels.
    pub fn halved(&self) -> Self {
        let (w, h) = ((self.width / 2).max(1), (self.height / 2).max(1));
        let mut out = Self::new(w, h);
        if self.width < 2 || self.height < 2 {
            for (k, o) in out.data.iter_mut().enumerate() {
                let (u, v) = (2 * (k % w) as isize, 2 * (k / w) as isize);
                *o = (self.at(u, v) + self.at(u + 1, v) + self.at(u, v + 1) + self.at(u + 1, v + 1)) / 4.0;
            }
            return out;
        }
        for (row, two) in out.data.chunks_exact_mut(w).zip(self.data.chunks_exact(2 * self.width)) {
            let (top, low) = two.split_at(self.width);
            let couples = top.chunks_exact(2).zip(low.chunks_exact(2));
            for (o, (t, l)) in row.iter_mut().zip(couples) {
                *o = (t[0] + t[1] + l[0] + l[1]) / 4.0;
            }
        }
        out
    }

    /// Blurred by about a Gaussian of `sigma` pixels: an exact kernel for small ones, three boxes for large ones
    /// (Wells 1986, "Efficient synthesis of Gaussian filters by cascaded uniform filters").
    pub fn blurred(&self, sigma: f32) -> Self {
        if sigma < 0.15 || self.data.is_empty() {
            return self.clone();
        }
        if sigma < 2.5 {
            return self.convolved(&kernel(sigma));
        }
        let mut out = self.clone();
        for radius in radii(sigma) {
            out = out.boxed(radius);
        }
        out
    }

    fn convolved(&self, kernel: &[f32]) -> Self {
        let (w, h, r) = (self.width, self.height, kernel.len() / 2);
        let mut across = Self::new(w, h);
        let mut line = vec![0.0; w + 2 * r];
        for y in 0..h {
            let row = &self.data[y * w..(y + 1) * w];
            line[r..r + w].copy_from_slice(row);
            line[..r].fill(row[0]);
            line[r + w..].fill(row[w - 1]);
            let target = &mut across.data[y * w..(y + 1) * w];
            for (k, weight) in kernel.iter().enumerate() {
                target.iter_mut().zip(&line[k..]).for_each(|(o, v)| *o += weight * v);
            }
        }
        let mut out = Self::new(w, h);
        for y in 0..h {
            let target = &mut out.data[y * w..(y + 1) * w];
            for (k, weight) in kernel.iter().enumerate() {
                let from = (y + k).saturating_sub(r).min(h - 1);
                for (o, v) in target.iter_mut().zip(&across.data[from * w..(from + 1) * w]) {
                    *o += weight * v;
                }
            }
        }
        out
    }

    /// Means over squares of side 2 * `radius` + 1, the border repeated.
    pub fn boxed(&self, radius: usize) -> Self {
        let (w, h) = (self.width, self.height);
        if w == 0 || h == 0 || radius == 0 {
            return self.clone();
        }
        let share = 1.0 / (2 * radius + 1) as f32;
        let mut across = Self::new(w, h);
        let mut line = vec![0.0; w + 2 * radius + 1];
        for y in 0..h {
            let row = &self.data[y * w..(y + 1) * w];
            line[radius..radius + w].copy_from_slice(row);
            line[..radius].fill(row[0]);
            line[radius + w..].fill(row[w - 1]);
            let mut sum: f64 = line[..=2 * radius].iter().copied().map(f64::from).sum();
            let ends = line[2 * radius + 1..].iter().zip(&line);
            for (o, (enter, leave)) in across.data[y * w..(y + 1) * w].iter_mut().zip(ends) {
                *o = sum as f32 * share;
                sum += f64::from(enter - leave);
            }
        }
        let mut out = Self::new(w, h);
        let row = |y: isize| {
            let y = y.clamp(0, h as isize - 1) as usize;
            &across.data[y * w..(y + 1) * w]
        };
        let mut sums = vec![0.0_f32; w];
        for y in -(radius as isize)..=radius as isize {
            sums.iter_mut().zip(row(y)).for_each(|(s, v)| *s += v);
        }
        for y in 0..h {
            for (o, s) in out.data[y * w..(y + 1) * w].iter_mut().zip(&sums) {
                *o = s * share;
            }
            let (enter, leave) = (row((y + radius + 1) as isize), row(y as isize - radius as isize));
            for ((s, e), l) in sums.iter_mut().zip(enter).zip(leave) {
                *s += e - l;
            }
        }
        out
    }

    /// Squared length of the gradient, by central differences.
    pub fn slope(&self) -> Self {
        let (w, h) = (self.width, self.height);
        let mut out = Self::new(w, h);
        for y in 1..h.saturating_sub(1) {
            for x in 1..w.saturating_sub(1) {
                let k = y * w + x;
                let dx = (self.data[k + 1] - self.data[k - 1]) / 2.0;
                let dy = (self.data[k + w] - self.data[k - w]) / 2.0;
                out.data[k] = dx * dx + dy * dy;
            }
        }
        out
    }
}

/// The whole number at or below a value.
fn below(value: f32) -> isize {
    let whole = value as isize;
    whole - isize::from((whole as f32) > value)
}

/// The two pixels between which a place lies along a line of `count`, and how far it is from the first.
fn ends(at: f32, count: usize) -> (usize, usize, f32) {
    let first = below(at);
    let last = count.saturating_sub(1) as isize;
    let within = |k: isize| k.clamp(0, last) as usize;
    (within(first), within(first + 1), at - first as f32)
}

fn kernel(sigma: f32) -> Vec<f32> {
    let r = (sigma * 3.0).ceil() as i32;
    let raw: Vec<f32> = (-r..=r).map(|k| (-((k * k) as f32) / (2.0 * sigma * sigma)).exp()).collect();
    let sum: f32 = raw.iter().sum();
    raw.iter().map(|v| v / sum).collect()
}

fn radii(sigma: f32) -> [usize; 3] {
    let ideal = (12.0 * sigma * sigma / 3.0 + 1.0).sqrt();
    let low = ((ideal - 1.0) / 2.0).floor().max(0.0);
    let width = 2.0 * low + 1.0;
    let count = (12.0 * sigma * sigma - 3.0 * width * width - 12.0 * width - 9.0) / (-4.0 * width - 4.0);
    std::array::from_fn(|k| if (k as f32) < count.round() { low as usize } else { low as usize + 1 })
}

/// The value below which a share of the values lies; 0 for none.
pub(crate) fn quantile(values: &mut [f32], share: f64) -> f32 {
    if values.is_empty() {
        return 0.0;
    }
    let k = ((values.len() - 1) as f64 * share.clamp(0.0, 1.0)).round() as usize;
    *values.select_nth_unstable_by(k, f32::total_cmp).1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blur_keeps_the_sum_and_spreads_as_told() {
        for sigma in [0.8_f32, 2.0, 4.0, 9.0] {
            let mut plane = Plane::new(121, 121);
            plane.data[60 * 121 + 60] = 1.0;
            let out = plane.blurred(sigma);
            let sum: f32 = out.data.iter().sum();
            let spread: f32 =
                (0..121 * 121).map(|k| out.data[k] * ((k % 121) as f32 - 60.0).powi(2)).sum::<f32>().sqrt();
            assert!((sum - 1.0).abs() < 1e-3, "{sum}");
            assert!((spread - sigma).abs() < 0.06 * sigma + 0.05, "{spread} {sigma}");
        }
    }

    #[test]
    fn tiny_planes_do_not_break() {
        for (w, h) in [(1, 1), (3, 1), (1, 5)] {
            let plane = Plane::new(w, h);
            for sigma in [0.5, 3.0, 20.0] {
                assert_eq!(plane.blurred(sigma).data.len(), w * h);
            }
            assert_eq!(plane.slope().data.len(), w * h);
            assert!(plane.halved().data.len() == 1 || w * h > 3);
        }
    }
}
