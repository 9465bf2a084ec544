//! Homographies between a sheet and the pictures of it.

/// A point in pixels, origin top left.
pub type Point = (f64, f64);
/// Four corners, clockwise from the top left one of the thing they outline.
pub type Quad = [Point; 4];

/// A projective map of the plane, row by row.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Homography(pub [[f64; 3]; 3]);

impl Homography {
    /// The map that moves nothing.
    pub const IDENTITY: Self = Self([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]);

    /// Stretches by `sx` and `sy`, then moves by `(tx, ty)`.
    #[must_use]
    pub const fn stretch(sx: f64, sy: f64, tx: f64, ty: f64) -> Self {
        Self([[sx, 0.0, tx], [0.0, sy, ty], [0.0, 0.0, 1.0]])
    }

    /// The map of the rectangle `width` x `height` onto `quad` (Heckbert 1989, unit square to quadrilateral).
    #[must_use]
    pub fn onto(width: f64, height: f64, quad: &Quad) -> Self {
        let [(x0, y0), (x1, y1), (x2, y2), (x3, y3)] = *quad;
        let (dx1, dx2, sx) = (x1 - x2, x3 - x2, x0 - x1 + x2 - x3);
        let (dy1, dy2, sy) = (y1 - y2, y3 - y2, y0 - y1 + y2 - y3);
        let det = dx1 * dy2 - dx2 * dy1;
        let g = (sx * dy2 - dx2 * sy) / det;
        let h = (dx1 * sy - sx * dy1) / det;
        let unit = Self([
            [x1 - x0 + g * x1, x3 - x0 + h * x3, x0],
            [y1 - y0 + g * y1, y3 - y0 + h * y3, y0],
            [g, h, 1.0],
        ]);
        unit.after(&Self::stretch(1.0 / width, 1.0 / height, 0.0, 0.0))
    }

    /// Where `p` lands.
    #[must_use]
    pub fn apply(&self, p: Point) -> Point {
        let m = &self.0;
        let w = m[2][0] * p.0 + m[2][1] * p.1 + m[2][2];
        ((m[0][0] * p.0 + m[0][1] * p.1 + m[0][2]) / w, (m[1][0] * p.0 + m[1][1] * p.1 + m[1][2]) / w)
    }

    /// Where the box `[x, y, width, height]` lands.
    #[must_use]
    pub fn apply_box(&self, b: [f64; 4]) -> Quad {
        let [x, y, w, h] = b;
        [(x, y), (x + w, y), (x + w, y + h), (x, y + h)].map(|p| self.apply(p))
    }

    /// First `first`, then `self`; scaled so that the last entry is 1.
    #[must_use]
    pub fn after(&self, first: &Self) -> Self {
        let mut out = [[0.0; 3]; 3];
        for (r, row) in out.iter_mut().enumerate() {
            for (c, cell) in row.iter_mut().enumerate() {
                *cell = (0..3).map(|k| self.0[r][k] * first.0[k][c]).sum();
            }
        }
        Self(out.map(|row| row.map(|v| v / out[2][2])))
    }

    /// The way back.
    #[must_use]
    pub fn inverse(&self) -> Self {
        let [[a, b, c], [d, e, f], [g, h, i]] = self.0;
        let (ca, cb, cc) = (e * i - f * h, f * g - d * i, d * h - e * g);
        let det = a * ca + b * cb + c * cc;
        let adj = [
            [ca, c * h - b * i, b * f - c * e],
            [cb, a * i - c * g, c * d - a * f],
            [cc, b * g - a * h, a * e - b * d],
        ];
        Self(adj.map(|row| row.map(|v| v / det)))
    }
}

/// Mean length of the left and right sides of `quad`: how high, in pixels, a line of text stands there.
#[must_use]
pub fn upright_length(quad: &Quad) -> f64 {
    let side = |a: Point, b: Point| (a.0 - b.0).hypot(a.1 - b.1);
    (side(quad[0], quad[3]) + side(quad[1], quad[2])) / 2.0
}

/// The upright box around `quad`: left, top, right, bottom.
#[must_use]
pub fn bounds(quad: &Quad) -> [f64; 4] {
    quad.iter().fold([f64::MAX, f64::MAX, f64::MIN, f64::MIN], |b, p| {
        [b[0].min(p.0), b[1].min(p.1), b[2].max(p.0), b[3].max(p.1)]
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn corners_go_to_the_quad_and_back() {
        let quad = [(120.0, 80.0), (1500.0, 140.0), (1420.0, 1900.0), (60.0, 1810.0)];
        let h = Homography::onto(1700.0, 2200.0, &quad);
        let sheet = [(0.0, 0.0), (1700.0, 0.0), (1700.0, 2200.0), (0.0, 2200.0)];
        for (s, q) in sheet.iter().zip(&quad) {
            let p = h.apply(*s);
            assert!((p.0 - q.0).abs() < 1e-6 && (p.1 - q.1).abs() < 1e-6, "{p:?} {q:?}");
            let back = h.inverse().apply(*q);
            assert!((back.0 - s.0).abs() < 1e-6 && (back.1 - s.1).abs() < 1e-6);
        }
    }
}
