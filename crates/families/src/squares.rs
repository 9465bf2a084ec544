//! Squares of one plane held against those of another: how well they fit, moved by some pixels or parts of one.

use crate::grey::Plane;

/// A plane whose squares are asked for. Places without a level are none.
pub(crate) struct Sums<'a> {
    pub plane: &'a Plane,
}

/// A square with its mean taken away.
pub(crate) struct Square {
    side: usize,
    data: Vec<f32>,
    pub deviation: f32,
}

impl<'a> Sums<'a> {
    pub fn of(plane: &'a Plane) -> Self {
        Self { plane }
    }

    pub fn columns(&self, side: usize) -> usize {
        self.plane.width / side
    }

    pub fn rows(&self, side: usize) -> usize {
        self.plane.height / side
    }

    /// The rows of a square; `None` where it does not lie within.
    fn lines(&self, x: i32, y: i32, side: usize) -> Option<impl Iterator<Item = &'a [f32]> + use<'a>> {
        let (x, y) = (usize::try_from(x).ok()?, usize::try_from(y).ok()?);
        let (width, plane) = (self.plane.width, self.plane);
        if x + side > width || y + side > plane.height {
            return None;
        }
        Some((y..y + side).map(move |row| &plane.data[row * width + x..row * width + x + side]))
    }

    /// Mean and standard deviation over a square; `None` where it does not lie within.
    pub fn spread(&self, x: i32, y: i32, side: usize) -> Option<(f32, f32)> {
        let (mut sums, mut squares) = ([0.0_f32; 8], [0.0_f32; 8]);
        for line in self.lines(x, y, side)? {
            let (eights, rest) = line.as_chunks::<8>();
            for eight in eights {
                for k in 0..8 {
                    sums[k] += eight[k];
                    squares[k] += eight[k] * eight[k];
                }
            }
            for level in rest {
                sums[0] += level;
                squares[0] += level * level;
            }
        }
        deviation(&sums, &squares, side)
    }

    /// Standard deviations over a square at all moves by up to `reach` from (x, y), row by row; `None` where it does not lie
    /// within.
    fn spreads(&self, (x, y): (i32, i32), side: usize, reach: i32) -> Vec<Option<f32>> {
        let moves = 2 * reach as usize + 1;
        let whole = side + moves - 1;
        let around = || (-reach..=reach).flat_map(|v| (-reach..=reach).map(move |u| (u, v)));
        let alone = || around().map(|(u, v)| Some(self.spread(x + u, y + v, side)?.1)).collect();
        let Some(lines) = self.lines(x - reach, y - reach, whole) else { return alone() };
        // Of each column over the rows of the squares, each from the one above; then of squares, each from the one before.
        let lines: Vec<&[f32]> = lines.collect();
        let mut columns = vec![(0.0_f32, 0.0_f32); whole];
        let add = |columns: &mut [(f32, f32)], line: &[f32], sign: f32| {
            for (sums, level) in columns.iter_mut().zip(line) {
                *sums = (sums.0 + sign * level, sums.1 + sign * level * level);
            }
        };
        lines[..side].iter().for_each(|line| add(&mut columns, line, 1.0));
        let mut spreads = Vec::with_capacity(moves * moves);
        for v in 0..moves {
            if v > 0 {
                add(&mut columns, lines[v - 1], -1.0);
                add(&mut columns, lines[v + side - 1], 1.0);
            }
            spreads.extend(slid(&columns, side).map(|sums| Some(spread_of(sums, side).1)));
        }
        // A sum that once held a place without a level is lost.
        if columns.iter().any(|sums| sums.0.is_nan()) { alone() } else { spreads }
    }

    /// Can a square be moved by `reach` each way?
    pub fn reaches(&self, (x, y): (i32, i32), side: usize, reach: i32) -> bool {
        self.spread(x - reach, y - reach, side + 2 * reach as usize).is_some()
    }

    pub fn square(&self, x: i32, y: i32, side: usize) -> Option<Square> {
        let (mean, deviation) = self.spread(x, y, side)?;
        let mut data = Vec::with_capacity(side * side);
        self.lines(x, y, side)?.for_each(|line| data.extend(line.iter().map(|level| level - mean)));
        Some(Square { side, data, deviation })
    }
}

/// Mean and standard deviation from sums; `None` where a place without a level was among them.
fn deviation(sums: &[f32; 8], squares: &[f32; 8], side: usize) -> Option<(f32, f32)> {
    let all = |lanes: &[f32; 8]| lanes.iter().map(|v| f64::from(*v)).sum::<f64>();
    let sums = (all(sums), all(squares));
    (!sums.0.is_nan()).then(|| spread_of(sums, side))
}

/// Mean and standard deviation over a square from the sums of its levels and of their squares.
fn spread_of((sum, square): (f64, f64), side: usize) -> (f32, f32) {
    let count = (side * side) as f64;
    let mean = sum / count;
    (mean as f32, (square / count - mean * mean).max(0.0).sqrt() as f32)
}

/// Sums over `side` columns in a row, from each on that has so many.
fn slid(columns: &[(f32, f32)], side: usize) -> impl Iterator<Item = (f64, f64)> {
    let add = |sum: (f64, f64), (one, two): (f32, f32), sign: f64| {
        (sum.0 + sign * f64::from(one), sum.1 + sign * f64::from(two))
    };
    let mut sum = columns[..side].iter().fold((0.0, 0.0), |sum, column| add(sum, *column, 1.0));
    (0..=columns.len() - side).map(move |k| {
        if k > 0 {
            sum = add(add(sum, columns[k - 1], -1.0), columns[k + side - 1], 1.0);
        }
        sum
    })
}

impl Square {
    /// Correlation (Pearson) with the square of a plane at a place, whose standard deviation is known; `None` outside.
    fn correlation(&self, with: &Sums, (x, y): (i32, i32), deviation: f32) -> Option<f32> {
        let mut products = [0.0_f32; 8];
        let lines = with.lines(x, y, self.side)?;
        for (mine, theirs) in self.data.chunks_exact(self.side).zip(lines) {
            for (p, q) in mine.as_chunks::<8>().0.iter().zip(theirs.as_chunks::<8>().0) {
                for k in 0..8 {
                    products[k] += p[k] * q[k];
                }
            }
        }
        let both = products.iter().sum::<f32>() / (self.side * self.side) as f32;
        Some(both / (self.deviation * deviation).max(1.0))
    }
}

/// The move, at most `reach` from (dx, dy), at which a square fits best, and how well. Moves by one pixel come first; if
/// one of them fits better than `enough`, no others are tried.
pub(crate) fn best(
    mine: &Square,
    laid: &Sums,
    (x, y): (i32, i32),
    (dx, dy): (i32, i32),
    (reach, enough): (i32, f32),
) -> (f32, (i32, i32)) {
    let mut best = (-1.0, (dx, dy));
    for reach in [1, reach].into_iter().take(reach as usize) {
        if reach > 1 && best.0 > enough {
            break;
        }
        let spreads = laid.spreads((x + dx, y + dy), mine.side, reach);
        let around = (-reach..=reach).flat_map(|v| (-reach..=reach).map(move |u| (u, v)));
        for ((u, v), deviation) in around.zip(spreads) {
            let known = reach > 1 && u.abs().max(v.abs()) <= 1;
            if let Some(deviation) = deviation.filter(|_| !known)
                && let Some(value) = mine.correlation(laid, (x + dx + u, y + dy + v), deviation)
                && value > best.0
            {
                best = (value, (dx + u, dy + v));
            }
        }
    }
    best
}

/// The move near (dx, dy) at which a square fits best, to parts of a pixel (the top of a parabola through the best move and
/// its neighbours), and how well it fits there; `None` where it cannot be moved enough.
pub(crate) fn fine(
    mine: &Square,
    laid: &Sums,
    (x, y): (i32, i32),
    off: (i32, i32),
) -> Option<(f32, (f64, f64))> {
    let (fit, (dx, dy)) = best(mine, laid, (x, y), off, (3, 0.6));
    let at = |u: i32, v: i32| {
        let place = (x + dx + u, y + dy + v);
        mine.correlation(laid, place, laid.spread(place.0, place.1, mine.side)?.1)
    };
    let top = |before: f32, after: f32| {
        let curve = before + after - 2.0 * fit;
        if curve < -1e-6 { (f64::from((before - after) / (2.0 * curve))).clamp(-0.6, 0.6) } else { 0.0 }
    };
    let (across, down) = (top(at(-1, 0)?, at(1, 0)?), top(at(0, -1)?, at(0, 1)?));
    Some((fit, (f64::from(dx) + across, f64::from(dy) + down)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spreads_at_all_moves_are_those_of_the_squares_there() {
        let mut plane = Plane::new(60, 50);
        for (k, level) in plane.data.iter_mut().enumerate() {
            *level = ((k * 2_654_435_761) >> 11) as u8 as f32;
        }
        plane.data[30 * 60 + 40] = f32::NAN;
        let sums = Sums::of(&plane);
        // Whole, with a place without a level, and at an edge.
        for (x, y) in [(4, 5), (20, 20), (1, 33)] {
            let spreads = sums.spreads((x, y), 16, 3);
            assert_eq!(spreads.len(), 49);
            for (k, spread) in (0..).zip(spreads) {
                let there = sums.spread(x + k % 7 - 3, y + k / 7 - 3, 16).map(|both| both.1);
                assert_eq!(spread.is_some(), there.is_some(), "{k} at {x}, {y}");
                let off = (spread.unwrap_or(0.0) - there.unwrap_or(0.0)).abs();
                assert!(off < 1e-2, "{off}");
            }
        }
    }

    #[test]
    fn a_square_is_found_where_it_was_moved_to() {
        let level = |x: i32, y: i32| ((x * 7919 + y * 104_729) % 251) as f32;
        let mut planes = [Plane::new(48, 48), Plane::new(48, 48)];
        for k in 0..48 * 48 {
            let (x, y) = (k as i32 % 48, k as i32 / 48);
            planes[0].data[k] = level(x + 60, y + 60);
            planes[1].data[k] = level(x + 60 - 2, y + 60 + 3);
        }
        let (still, laid) = (Sums::of(&planes[0]), Sums::of(&planes[1]));
        let square = still.square(16, 16, 16).unwrap();
        let (fit, moved) = best(&square, &laid, (16, 16), (0, 0), (4, 0.9));
        assert!(fit > 0.99 && moved == (2, -3), "{fit} {moved:?}");
    }
}
