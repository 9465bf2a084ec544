//! Projective maps of the plane, and fitting them to pairs of points.

/// A projective map, row by row.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Homography(pub [f64; 9]);

impl Homography {
    /// The map that moves nothing.
    pub const IDENTITY: Self = Self([1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0]);

    /// Stretches by `factor`.
    pub fn stretch(factor: f64) -> Self {
        Self([factor, 0.0, 0.0, 0.0, factor, 0.0, 0.0, 0.0, 1.0])
    }

    /// Where a point lands; far away where it has no place.
    #[inline]
    pub fn apply(&self, (x, y): (f64, f64)) -> (f64, f64) {
        let h = &self.0;
        let w = h[6] * x + h[7] * y + h[8];
        if w <= 1e-9 {
            return (-1e9, -1e9);
        }
        ((h[0] * x + h[1] * y + h[2]) / w, (h[3] * x + h[4] * y + h[5]) / w)
    }

    /// First the other map, then this one.
    pub fn after(&self, first: &Self) -> Self {
        let (a, b) = (&self.0, &first.0);
        let mut out = [0.0; 9];
        for (k, value) in out.iter_mut().enumerate() {
            let (row, column) = (k / 3 * 3, k % 3);
            *value = a[row] * b[column] + a[row + 1] * b[column + 3] + a[row + 2] * b[column + 6];
        }
        Self(out).scaled()
    }

    /// The way back, where there is one.
    pub fn inverse(&self) -> Option<Self> {
        let [a, b, c, d, e, f, g, h, i] = self.0;
        let out = [
            e * i - f * h,
            c * h - b * i,
            b * f - c * e,
            f * g - d * i,
            a * i - c * g,
            c * d - a * f,
            d * h - e * g,
            b * g - a * h,
            a * e - b * d,
        ];
        let det = a * out[0] + b * out[3] + c * out[6];
        (det.abs() > 1e-12 && det.is_finite()).then(|| Self(out.map(|v| v / det)).scaled())
    }

    /// By what the map multiplies areas around a point; negative where it mirrors.
    pub fn area(&self, (x, y): (f64, f64)) -> f64 {
        let h = &self.0;
        let w = h[6] * x + h[7] * y + h[8];
        let det = h[0] * (h[4] * h[8] - h[5] * h[7]) - h[1] * (h[3] * h[8] - h[5] * h[6])
            + h[2] * (h[3] * h[7] - h[4] * h[6]);
        if w <= 1e-9 { 0.0 } else { det / (w * w * w) }
    }

    fn scaled(self) -> Self {
        let last = self.0[8];
        if last.abs() > 1e-12 { Self(self.0.map(|v| v / last)) } else { self }
    }

    /// The map with the least sum of weighted squares of distances (algebraic) over pairs of points, with `free` of its
    /// numbers free: 6 for an affine map, 8 for a projective one.
    pub fn fit(pairs: &[Pair], weights: &[f64], free: usize) -> Option<Self> {
        if pairs.len() * 2 < free {
            return None;
        }
        let (from, to) = (Frame::of(pairs.iter().map(|p| p.a)), Frame::of(pairs.iter().map(|p| p.b)));
        let mut m = [[0.0_f64; 9]; 8];
        for (pair, weight) in pairs.iter().zip(weights) {
            let ((x, y), (u, v)) = (from.bring(pair.a), to.bring(pair.b));
            let lines = [
                ([x, y, 1.0, 0.0, 0.0, 0.0, -u * x, -u * y], u),
                ([0.0, 0.0, 0.0, x, y, 1.0, -v * x, -v * y], v),
            ];
            for (line, value) in lines {
                for r in 0..free {
                    for c in 0..free {
                        m[r][c] += weight * line[r] * line[c];
                    }
                    m[r][8] += weight * line[r] * value;
                }
            }
        }
        let solved = solve(&mut m, free)?;
        let inner = Self([
            solved[0], solved[1], solved[2], solved[3], solved[4], solved[5], solved[6], solved[7], 1.0,
        ]);
        let out = to.map().inverse()?.after(&inner.after(&from.map()));
        out.0.iter().all(|v| v.is_finite()).then_some(out)
    }

    /// The turn, stretch and move that takes two points to two others.
    pub fn similar(one: &Pair, two: &Pair) -> Option<Self> {
        let (dx, dy) = (two.a.0 - one.a.0, two.a.1 - one.a.1);
        let (du, dv) = (two.b.0 - one.b.0, two.b.1 - one.b.1);
        let square = dx * dx + dy * dy;
        if square < 1e-6 {
            return None;
        }
        let (c, s) = ((dx * du + dy * dv) / square, (dx * dv - dy * du) / square);
        let (tx, ty) = (one.b.0 - c * one.a.0 + s * one.a.1, one.b.1 - s * one.a.0 - c * one.a.1);
        Some(Self([c, -s, tx, s, c, ty, 0.0, 0.0, 1.0]))
    }
}

/// A point and what it should land on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pair {
    /// On the first picture.
    pub a: (f64, f64),
    /// On the second.
    pub b: (f64, f64),
}

/// Brings points around the origin (Hartley, PAMI 1997).
struct Frame {
    x: f64,
    y: f64,
    scale: f64,
}

impl Frame {
    fn of(points: impl Iterator<Item = (f64, f64)> + Clone) -> Self {
        let count = points.clone().count().max(1) as f64;
        let (x, y) = points.clone().fold((0.0, 0.0), |sum, p| (sum.0 + p.0 / count, sum.1 + p.1 / count));
        let spread = points.map(|p| (p.0 - x).hypot(p.1 - y)).sum::<f64>() / count;
        Self { x, y, scale: 1.0 / spread.max(1e-6) }
    }

    fn bring(&self, (x, y): (f64, f64)) -> (f64, f64) {
        ((x - self.x) * self.scale, (y - self.y) * self.scale)
    }

    fn map(&self) -> Homography {
        let s = self.scale;
        Homography([s, 0.0, -self.x * s, 0.0, s, -self.y * s, 0.0, 0.0, 1.0])
    }
}

/// Gauss with pivots; numbers that are not free are 0.
fn solve(m: &mut [[f64; 9]; 8], free: usize) -> Option<[f64; 8]> {
    for k in 0..free {
        let pivot = (k..free).max_by(|a, b| m[*a][k].abs().total_cmp(&m[*b][k].abs()))?;
        m.swap(k, pivot);
        if m[k][k].abs() < 1e-12 {
            return None;
        }
        for row in 0..free {
            if row != k {
                let factor = m[row][k] / m[k][k];
                let above = m[k];
                for (value, above) in m[row].iter_mut().zip(above).skip(k) {
                    *value -= factor * above;
                }
            }
        }
    }
    Some(std::array::from_fn(|k| if k < free { m[k][8] / m[k][k] } else { 0.0 }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fits_what_it_was_made_with_and_goes_back() {
        let map = Homography([0.9, -0.1, 30.0, 0.12, 1.1, -8.0, 1e-4, -2e-4, 1.0]);
        let points = [(0.0, 0.0), (900.0, 10.0), (880.0, 1200.0), (3.0, 1190.0), (400.0, 500.0)];
        let pairs: Vec<Pair> = points.iter().map(|a| Pair { a: *a, b: map.apply(*a) }).collect();
        let fitted = Homography::fit(&pairs, &[1.0; 5], 8).unwrap();
        for point in points {
            let (x, y) = fitted.apply(point);
            let (u, v) = map.apply(point);
            assert!((x - u).hypot(y - v) < 1e-6);
            let (x, y) = map.inverse().unwrap().apply((u, v));
            assert!((x - point.0).hypot(y - point.1) < 1e-6);
        }
        assert!(Homography::fit(&pairs[..3], &[1.0; 3], 8).is_none());
    }
}
