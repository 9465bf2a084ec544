//! Projective maps between a sheet and the pictures of it.

use model::{Point, Quad};

/// A projective map of the plane, row by row; the last entry is kept at 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Homography(pub [[f64; 3]; 3]);

impl Homography {
    /// The map that moves nothing.
    pub const IDENTITY: Self = Self([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]);

    /// Stretches by `sx` and `sy`, then moves by `tx`, `ty`.
    pub const fn stretch(sx: f64, sy: f64, tx: f64, ty: f64) -> Self {
        Self([[sx, 0.0, tx], [0.0, sy, ty], [0.0, 0.0, 1.0]])
    }

    /// Where a point lands; points on the horizon land far away.
    pub fn apply(&self, x: f64, y: f64) -> (f64, f64) {
        let m = &self.0;
        let w = m[2][0] * x + m[2][1] * y + m[2][2];
        let w = if w.abs() < 1e-12 { 1e-12 } else { w };
        ((m[0][0] * x + m[0][1] * y + m[0][2]) / w, (m[1][0] * x + m[1][1] * y + m[1][2]) / w)
    }

    /// First `first`, then `self`.
    pub fn after(&self, first: &Self) -> Self {
        let cell = |r: usize, c: usize| (0..3).map(|k| self.0[r][k] * first.0[k][c]).sum::<f64>();
        Self(std::array::from_fn(|r| std::array::from_fn(|c| cell(r, c)))).scaled()
    }

    /// The way back; `None` for a map that folds the plane to a line.
    pub fn inverse(&self) -> Option<Self> {
        let [[a, b, c], [d, e, f], [g, h, i]] = self.0;
        let (ca, cb, cc) = (e * i - f * h, f * g - d * i, d * h - e * g);
        let det = a * ca + b * cb + c * cc;
        let size = self.0.iter().flatten().fold(0.0_f64, |m, v| m.max(v.abs()));
        if !det.is_finite() || det.abs() < 1e-15 * size {
            return None;
        }
        let adjugate = [
            [ca, c * h - b * i, b * f - c * e],
            [cb, a * i - c * g, c * d - a * f],
            [cc, b * g - a * h, a * e - b * d],
        ];
        Some(Self(adjugate).scaled())
    }

    /// Pixels of the target under one pixel of the source at a point, as a length.
    pub fn scale_at(&self, x: f64, y: f64) -> f64 {
        let (o, r, d) = (self.apply(x, y), self.apply(x + 1.0, y), self.apply(x, y + 1.0));
        ((r.0 - o.0) * (d.1 - o.1) - (r.1 - o.1) * (d.0 - o.0)).abs().sqrt()
    }

    /// The upright rectangle from `x0`, `y0` to `x1`, `y1` as it lands.
    pub fn quad(&self, [x0, y0, x1, y1]: [f64; 4]) -> Quad {
        Quad([(x0, y0), (x1, y0), (x1, y1), (x0, y1)].map(|(x, y)| {
            let (x, y) = self.apply(x, y);
            Point { x, y }
        }))
    }

    fn scaled(self) -> Self {
        let last = self.0[2][2];
        if last.abs() < 1e-300 { self } else { Self(self.0.map(|row| row.map(|v| v / last))) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_and_back() {
        let map = Homography([[0.9, 0.1, 30.0], [-0.05, 1.1, 12.0], [1e-5, -2e-5, 1.0]]);
        let back = map.inverse().unwrap();
        let (x, y) = map.apply(700.0, 900.0);
        let (x, y) = back.apply(x, y);
        assert!((x - 700.0).abs() < 1e-6 && (y - 900.0).abs() < 1e-6);
        let both = back.after(&map);
        assert!((both.0[0][0] - 1.0).abs() < 1e-9 && both.0[0][1].abs() < 1e-9);
        assert!(Homography([[1.0, 2.0, 0.0], [2.0, 4.0, 0.0], [0.0, 0.0, 1.0]]).inverse().is_none());
    }
}
