//! Straight borders in a reduced raster.
//!
//! Edges are thinned along their gradient (Canny 1986), vote for lines near their own direction (Duda & Hart 1972, with the
//! gradient as O'Gorman & Clowes 1976 use it), and each line is fitted again to the edges it gathered. Of each line a
//! profile is kept, so that any stretch of it can be judged at once: how much of it has an edge, and the colours beside it.

use crate::geometry::Line;
use crate::plane::{Plane, Reduced};

/// Directions told apart over half a turn.
const TURNS: usize = 360;
/// Votes go to directions this near to the gradient's, in steps of half a degree.
const SPREAD: i64 = 8;
/// Lines kept.
const MOST: usize = 44;
/// Grey levels over two pixels below which there is no edge.
const FAINT: f32 = 5.0;
/// How far to each side of a line its colours are taken, in reduced pixels.
const BESIDE: f64 = 3.5;

/// Thinned edges: strength (0 where none) and unit gradient.
pub(crate) struct Edges {
    pub(crate) strength: Plane,
    pub(crate) gx: Plane,
    pub(crate) gy: Plane,
}

/// A line and what stands along it.
pub(crate) struct Border {
    pub(crate) line: Line,
    /// Whether it is the raster's own edge.
    pub(crate) frame: bool,
    /// Sums up to each step along the line: edge, colour before (against the normal), colour behind, squares of both.
    sums: Vec<[f64; 9]>,
    /// Where along the direction the first step stands.
    start: f64,
}

/// A stretch of a border.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Stretch {
    /// Share of it that has an edge of its direction.
    pub(crate) edge: f64,
    /// Mean colour on the side the normal points away from, and towards.
    pub(crate) before: [f64; 3],
    pub(crate) behind: [f64; 3],
    /// Standard deviation of the brightness on both sides.
    pub(crate) rough_before: f64,
    pub(crate) rough_behind: f64,
    /// Steps inside the raster, and the whole length.
    pub(crate) seen: f64,
    pub(crate) length: f64,
}

impl Edges {
    pub(crate) fn of(reduced: &Reduced) -> Self {
        let (w, h) = (reduced.width(), reduced.height());
        let (mut strong, mut gx, mut gy) = (Plane::new(w, h), Plane::new(w, h), Plane::new(w, h));
        for plane in &reduced.colour {
            let framed = framed(plane);
            for y in 0..h {
                let row = |k: usize| &framed[(y + k) * (w + 2)..(y + k + 1) * (w + 2)];
                let (above, here, below) = (row(0), row(1), row(2));
                for x in 0..w {
                    let right = above[x + 2] + 2.0 * here[x + 2] + below[x + 2];
                    let left = above[x] + 2.0 * here[x] + below[x];
                    let top = above[x] + 2.0 * above[x + 1] + above[x + 2];
                    let foot = below[x] + 2.0 * below[x + 1] + below[x + 2];
                    let (dx, dy) = ((right - left) / 4.0, (foot - top) / 4.0);
                    let (size, at) = (dx * dx + dy * dy, y * w + x);
                    if size > strong.at[at] {
                        (strong.at[at], gx.at[at], gy.at[at]) = (size, dx, dy);
                    }
                }
            }
        }
        for ((strong, gx), gy) in strong.at.iter_mut().zip(&mut gx.at).zip(&mut gy.at) {
            *strong = strong.sqrt();
            let size = strong.max(1e-6);
            (*gx, *gy) = (*gx / size, *gy / size);
        }
        let strength = thin(&strong, &gx, &gy);
        Self { strength, gx, gy }
    }
}

/// The plane with its border pixels repeated once all round.
fn framed(plane: &Plane) -> Vec<f32> {
    let w = plane.width;
    let mut out = Vec::with_capacity((w + 2) * (plane.height + 2));
    for y in -1..=plane.height as i64 {
        let y = y.clamp(0, plane.height as i64 - 1) as usize;
        let row = &plane.at[y * w..(y + 1) * w];
        out.push(row[0]);
        out.extend_from_slice(row);
        out.push(row[w - 1]);
    }
    out
}

fn thin(strong: &Plane, gx: &Plane, gy: &Plane) -> Plane {
    let mut out = Plane::new(strong.width, strong.height);
    for y in 1..strong.height.saturating_sub(1) {
        for x in 1..strong.width.saturating_sub(1) {
            let at = y * strong.width + x;
            let size = strong.at[at];
            if size < FAINT {
                continue;
            }
            let (dx, dy) = (gx.at[at].round() as i64, gy.at[at].round() as i64);
            let (x, y) = (x as i64, y as i64);
            if size >= strong.get(x + dx, y + dy) && size > strong.get(x - dx, y - dy) {
                out.at[at] = size;
            }
        }
    }
    out
}

/// The strongest lines, and the raster's four edges after them.
pub(crate) fn borders(reduced: &Reduced, edges: &Edges) -> Vec<Border> {
    let mut lines = strongest(edges);
    let (w, h) = (reduced.width() as f64, reduced.height() as f64);
    let found = lines.len();
    for (nx, ny, rho) in [(1.0, 0.0, 0.0), (1.0, 0.0, w), (0.0, 1.0, 0.0), (0.0, 1.0, h)] {
        lines.push(Line { nx, ny, rho });
    }
    lines.iter().enumerate().map(|(k, line)| Border::along(*line, k >= found, reduced, edges)).collect()
}

fn strongest(edges: &Edges) -> Vec<Line> {
    let (w, h) = (edges.strength.width, edges.strength.height);
    let reach = (w as f64).hypot(h as f64).ceil() as usize + 2;
    let table: Vec<(f64, f64)> =
        (0..TURNS).map(|k| (k as f64 * std::f64::consts::PI / TURNS as f64).sin_cos()).collect();
    let mut votes = vec![0.0f32; TURNS * 2 * reach];
    let mut points: Vec<(f64, f64, f64, f64, f64)> = Vec::new();
    for y in 0..h {
        for x in 0..w {
            let at = y * w + x;
            let size = edges.strength.at[at];
            if size <= 0.0 {
                continue;
            }
            let (gx, gy) = (f64::from(edges.gx.at[at]), f64::from(edges.gy.at[at]));
            let weight = f64::from((size / 24.0).min(1.0)).sqrt();
            let (px, py) = (x as f64 + 0.5, y as f64 + 0.5);
            points.push((px, py, weight, gx, gy));
            let turn = (gy.atan2(gx) / std::f64::consts::PI * TURNS as f64).round() as i64;
            for step in turn - SPREAD..=turn + SPREAD {
                let k = step.rem_euclid(TURNS as i64) as usize;
                let (sin, cos) = table[k];
                let rho = (px * cos + py * sin).round() as i64 + reach as i64;
                votes[k * 2 * reach + rho as usize] += weight as f32;
            }
        }
    }
    let mut out: Vec<Line> = Vec::new();
    let least = (w.min(h) as f32 * 0.12).max(8.0);
    let mut peaks: Vec<(f32, usize)> = votes.chunks_exact(2 * reach).map(peak).collect();
    for _ in 0..MOST {
        let Some((k, (size, rho))) = highest(&peaks) else {
            break;
        };
        if size <= least {
            break;
        }
        let (sin, cos) = table[k];
        let rough = Line { nx: cos, ny: sin, rho: rho as f64 - reach as f64 };
        for turn in quiet(&mut votes, reach, k, rho) {
            peaks[turn] = peak(&votes[turn * 2 * reach..(turn + 1) * 2 * reach]);
        }
        let line = gather(&points, rough);
        let same = |other: &Line| near(&line, other, w as f64, h as f64);
        if !out.iter().any(same) {
            out.push(line);
        }
    }
    out
}

/// The first of the highest values of a row, and where it stands.
fn peak(row: &[f32]) -> (f32, usize) {
    let most = row.iter().fold(0.0f32, |most, value| if *value > most { *value } else { most });
    (most, row.iter().position(|value| *value == most).unwrap_or(0))
}

fn highest(peaks: &[(f32, usize)]) -> Option<(usize, (f32, usize))> {
    let mut best: Option<(usize, (f32, usize))> = None;
    for (k, peak) in peaks.iter().enumerate() {
        if best.is_none_or(|(_, before)| peak.0 > before.0) {
            best = Some((k, *peak));
        }
    }
    best
}

/// Strikes out a peak with its surroundings; the directions that were touched.
fn quiet(votes: &mut [f32], reach: usize, k: usize, rho: usize) -> [usize; 17] {
    std::array::from_fn(|step| {
        let turn = k as i64 + step as i64 - 8;
        let (turn, centre) = match turn {
            t if t < 0 => (t + TURNS as i64, 2 * reach as i64 - rho as i64),
            t if t >= TURNS as i64 => (t - TURNS as i64, 2 * reach as i64 - rho as i64),
            t => (t, rho as i64),
        };
        for r in centre - 3..=centre + 3 {
            if r >= 0 && r < 2 * reach as i64 {
                votes[turn as usize * 2 * reach + r as usize] = 0.0;
            }
        }
        turn as usize
    })
}

fn gather(points: &[(f64, f64, f64, f64, f64)], rough: Line) -> Line {
    let mut line = rough;
    for width in [2.5, 1.6] {
        let mine: Vec<(f64, f64, f64)> = points
            .iter()
            .filter(|(x, y, _, gx, gy)| {
                line.away(*x, *y).abs() < width && (gx * line.nx + gy * line.ny).abs() > 0.96
            })
            .map(|(x, y, weight, _, _)| (*x, *y, *weight))
            .collect();
        if let Some(better) = Line::fit(&mine, &line)
            && better.nx * rough.nx + better.ny * rough.ny > 0.99
        {
            line = better;
        }
    }
    line
}

/// Whether two lines run within two pixels of each other all over the raster.
fn near(a: &Line, b: &Line, w: f64, h: f64) -> bool {
    let dot = a.nx * b.nx + a.ny * b.ny;
    if dot.abs() < 0.999 {
        return false;
    }
    let (x, y) = (w / 2.0, h / 2.0);
    (a.away(x, y) - dot.signum() * b.away(x, y)).abs() < 2.0
}

impl Border {
    fn along(line: Line, frame: bool, reduced: &Reduced, edges: &Edges) -> Self {
        let (w, h) = (reduced.width() as f64, reduced.height() as f64);
        let (dx, dy) = (-line.ny, line.nx);
        let (ox, oy) = (line.nx * line.rho, line.ny * line.rho);
        let mut range = (f64::NEG_INFINITY, f64::INFINITY);
        for (o, d, most) in [(ox, dx, w), (oy, dy, h)] {
            if d.abs() > 1e-9 {
                let (a, b) = (-o / d, (most - o) / d);
                range = (range.0.max(a.min(b)), range.1.min(a.max(b)));
            }
        }
        let start = if range.0.is_finite() { range.0 } else { 0.0 };
        let steps =
            if range.1.is_finite() && range.1 > start { (range.1 - start).ceil() as usize } else { 0 };
        let mut sums = vec![[0.0; 9]];
        let mut total = [0.0; 9];
        for step in 0..steps {
            let t = start + step as f64 + 0.5;
            let (x, y) = (ox + t * dx, oy + t * dy);
            let shift = |by: f64| reduced.sample(x + by * line.nx, y + by * line.ny);
            let (before, behind) = (shift(-BESIDE), shift(BESIDE));
            total[0] += if frame { 0.0 } else { edge_at(edges, &line, x, y) };
            for k in 0..3 {
                total[1 + k] += f64::from(before[k]);
                total[4 + k] += f64::from(behind[k]);
            }
            let light = |c: [f32; 3]| f64::from(c[0] + c[1] + c[2]) / 3.0;
            total[7] += light(before).powi(2);
            total[8] += light(behind).powi(2);
            sums.push(total);
        }
        Self { line, frame, sums, start }
    }

    /// The place of a point along the line.
    pub(crate) fn place(&self, x: f64, y: f64) -> f64 {
        -self.line.ny * x + self.line.nx * y
    }

    /// What stands between two places.
    pub(crate) fn stretch(&self, from: f64, to: f64) -> Stretch {
        let (from, to) = (from.min(to), from.max(to));
        let last = self.sums.len() as f64 - 1.0;
        let a = (from - self.start).clamp(0.0, last).round() as usize;
        let b = (to - self.start).clamp(0.0, last).round() as usize;
        let seen = b as f64 - a as f64;
        let mut out = Stretch { seen, length: to - from, ..Stretch::default() };
        if b <= a {
            return out;
        }
        let mean = |k: usize| (self.sums[b][k] - self.sums[a][k]) / seen;
        out.edge = mean(0);
        out.before = [mean(1), mean(2), mean(3)];
        out.behind = [mean(4), mean(5), mean(6)];
        let light = |c: [f64; 3]| (c[0] + c[1] + c[2]) / 3.0;
        out.rough_before = (mean(7) - light(out.before).powi(2)).max(0.0).sqrt();
        out.rough_behind = (mean(8) - light(out.behind).powi(2)).max(0.0).sqrt();
        out
    }
}

fn edge_at(edges: &Edges, line: &Line, x: f64, y: f64) -> f64 {
    let mut best = 0.0f64;
    for step in -2..=2 {
        let (px, py) = (x + f64::from(step) * line.nx, y + f64::from(step) * line.ny);
        if px < 0.0 || py < 0.0 || px >= edges.strength.width as f64 || py >= edges.strength.height as f64 {
            continue;
        }
        let at = py as usize * edges.strength.width + px as usize;
        if edges.strength.at[at] > 0.0 {
            let along = f64::from(edges.gx.at[at]) * line.nx + f64::from(edges.gy.at[at]) * line.ny;
            if along.abs() > 0.9 {
                best = best.max(f64::from((edges.strength.at[at] / 16.0).min(1.0)));
            }
        }
    }
    best
}
