//! Lines and homographies in the plane (Hartley & Zisserman, Multiple View Geometry, 2nd ed., chapter 2).

use model::{Point, Quad};

/// A projective map of the plane; the last entry is 1 where it can be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Homography(pub [[f64; 3]; 3]);

impl Homography {
    /// The map that takes the corners of `from` to those of `to`; `None` where three corners lie on one line.
    pub fn between(from: &Quad, to: &Quad) -> Option<Self> {
        let mut rows = [[0.0; 9]; 8];
        for (k, (a, b)) in from.0.iter().zip(&to.0).enumerate() {
            rows[2 * k] = [a.x, a.y, 1.0, 0.0, 0.0, 0.0, -a.x * b.x, -a.y * b.x, b.x];
            rows[2 * k + 1] = [0.0, 0.0, 0.0, a.x, a.y, 1.0, -a.x * b.y, -a.y * b.y, b.y];
        }
        let h = solve(rows)?;
        Some(Self([[h[0], h[1], h[2]], [h[3], h[4], h[5]], [h[6], h[7], 1.0]]))
    }

    /// Where a point goes.
    pub fn apply(&self, at: Point) -> Point {
        let m = &self.0;
        let w = m[2][0] * at.x + m[2][1] * at.y + m[2][2];
        let w = if w.abs() < 1e-12 { 1e-12 } else { w };
        Point {
            x: (m[0][0] * at.x + m[0][1] * at.y + m[0][2]) / w,
            y: (m[1][0] * at.x + m[1][1] * at.y + m[1][2]) / w,
        }
    }

    /// Where four corners go.
    pub fn quad(&self, quad: &Quad) -> Quad {
        Quad(quad.0.map(|corner| self.apply(corner)))
    }

    /// This map after `first`.
    pub fn after(&self, first: &Self) -> Self {
        let mut whole = [[0.0; 3]; 3];
        for (row, of) in whole.iter_mut().zip(&self.0) {
            for (k, value) in row.iter_mut().enumerate() {
                *value = of.iter().zip(&first.0).map(|(a, b)| a * b[k]).sum();
            }
        }
        Self(whole)
    }

    /// The map back; `None` where there is none.
    pub fn inverse(&self) -> Option<Self> {
        let [[a, b, c], [d, e, f], [g, h, i]] = self.0;
        let (p, q, r) = (e * i - f * h, f * g - d * i, d * h - e * g);
        let det = a * p + b * q + c * r;
        if det.abs() < 1e-18 || !det.is_finite() {
            return None;
        }
        let rows = [
            [p, c * h - b * i, b * f - c * e],
            [q, a * i - c * g, c * d - a * f],
            [r, b * g - a * h, a * e - b * d],
        ];
        let last = if (rows[2][2] / det).abs() > 1e-12 { rows[2][2] } else { det };
        Some(Self(rows.map(|row| row.map(|v| v / last))))
    }
}

/// Gauss's elimination with the largest pivot.
fn solve(mut rows: [[f64; 9]; 8]) -> Option<[f64; 8]> {
    for column in 0..8 {
        let pivot = (column..8).max_by(|a, b| rows[*a][column].abs().total_cmp(&rows[*b][column].abs()))?;
        if rows[pivot][column].abs() < 1e-9 {
            return None;
        }
        rows.swap(column, pivot);
        let lead = rows[column];
        for (k, row) in rows.iter_mut().enumerate() {
            if k != column {
                let factor = row[column] / lead[column];
                for (value, of_lead) in row.iter_mut().zip(&lead) {
                    *value -= factor * of_lead;
                }
            }
        }
    }
    let mut out = [0.0; 8];
    for (k, value) in out.iter_mut().enumerate() {
        *value = rows[k][8] / rows[k][k];
    }
    out.iter().all(|v| v.is_finite()).then_some(out)
}

/// The line of points with `nx * x + ny * y = rho`; the normal has length 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Line {
    pub(crate) nx: f64,
    pub(crate) ny: f64,
    pub(crate) rho: f64,
}

impl Line {
    pub(crate) fn away(&self, x: f64, y: f64) -> f64 {
        self.nx * x + self.ny * y - self.rho
    }

    pub(crate) fn meet(&self, other: &Line) -> Option<Point> {
        let det = self.nx * other.ny - self.ny * other.nx;
        if det.abs() < 0.2 {
            return None;
        }
        let x = (self.rho * other.ny - other.rho * self.ny) / det;
        let y = (other.rho * self.nx - self.rho * other.nx) / det;
        Some(Point { x, y })
    }

    /// The line through weighted points with the least squared distance; its normal points the way `like` does.
    pub(crate) fn fit(points: &[(f64, f64, f64)], like: &Line) -> Option<Line> {
        let total: f64 = points.iter().map(|p| p.2).sum();
        if points.len() < 3 || total <= 0.0 {
            return None;
        }
        let mx = points.iter().map(|p| p.0 * p.2).sum::<f64>() / total;
        let my = points.iter().map(|p| p.1 * p.2).sum::<f64>() / total;
        let (mut xx, mut xy, mut yy) = (0.0, 0.0, 0.0);
        for (x, y, w) in points {
            let (dx, dy) = (x - mx, y - my);
            xx += w * dx * dx;
            xy += w * dx * dy;
            yy += w * dy * dy;
        }
        let angle = 0.5 * (2.0 * xy).atan2(xx - yy);
        let (mut nx, mut ny) = (-angle.sin(), angle.cos());
        if nx * like.nx + ny * like.ny < 0.0 {
            (nx, ny) = (-nx, -ny);
        }
        Some(Line { nx, ny, rho: nx * mx + ny * my })
    }
}
