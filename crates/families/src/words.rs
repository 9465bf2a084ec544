//! What share of the text says other words, by windows some letters long.
//!
//! Where letters are a few pixels high, a window of one letter and a half ([`crate::letters`]) cannot tell one letter from
//! another: blur and coarse pixels make all of them fit badly. Over a word the same noise evens out, and another word fits
//! much worse than all the words that are the same. A window is odd where it lacks several times what windows of this pair
//! usually lack of a perfect correlation, and where either picture holds ink that the other does not, more than usual: a
//! mark, a box or a stain adds ink to one alone.

use crate::even::Even;
use crate::grey::Plane;
use crate::letters::{STEP, WINDOW};
use crate::moments::Moments;

/// Length of a window in pixels of the overlap; its height is that of a letter's window.
const LONG: usize = 28;
/// Standard deviation that ink makes in a window, as a share of the darkest: at least this, and this share of what windows
/// full of ink have.
const SOME: f32 = 0.12;
const FULL: f32 = 0.5;
/// A window is odd from so many times what is usual on, and where it lacks at least so much.
const ODD: f32 = 4.0;
const LACKS: f32 = 0.12;
/// Either must have so many times the ink without the other's that is usual.
const LOST: f32 = 2.0;
/// And of what either loses the one that loses less must lose this share.
const BALANCE: f32 = 0.4;
/// Fewer windows tell nothing.
const FEWEST: usize = 100;
/// A window that fits badly is tried at these places too, in pixels.
const MOVES: [(i32, i32); 6] = [(-1, 0), (1, 0), (0, -1), (0, 1), (2, 0), (-2, 0)];

/// The share of windows with ink, within `core` (left, top, right, bottom; pixels), in which two pictures brought onto each
/// other say other words; 0 where too little is in view.
pub(crate) fn differing(Even { still, laid, dark }: &Even, core: [f64; 4]) -> f64 {
    let clear = |(x, y): &(usize, usize)| {
        let mut rows = (*y..y + WINDOW).map(|row| row * still.width + x);
        rows.all(|at| dark.get(at..at + LONG).is_some_and(|line| !line.contains(&true)))
    };
    let corners = corners(still, core).filter(clear);
    let mut held: Vec<Long> = corners.filter_map(|at| Long::of(still, laid, at)).collect();
    let full = at(held.iter().map(|long| long.ink), 75);
    held.retain(|long| long.ink > FULL * full);
    if held.len() < FEWEST {
        return 0.0;
    }
    let usual = at(held.iter().map(|long| long.lacks), 40);
    let gain = at(held.iter().filter(|long| long.lacks <= usual).map(|long| long.gain(still, laid)), 50);
    let lost = |long: &Long| long.lost(still, laid, gain);
    let (lacks, loses) = ((ODD * usual).max(LACKS), LOST * at(held.iter().step_by(4).map(lost), 40));
    let odd = held.iter().filter(|long| long.lacks > lacks && lost(long) > loses);
    odd.count() as f64 / held.len() as f64
}

/// The upper left corners of the windows.
fn corners(still: &Plane, [left, top, right, bottom]: [f64; 4]) -> impl Iterator<Item = (usize, usize)> {
    let (columns, rows) = (still.width / STEP, still.height / STEP);
    let all =
        (1..rows).flat_map(move |row| (1..columns).step_by(2).map(move |column| (column * STEP, row * STEP)));
    all.filter(move |(x, y)| {
        let (u, v) = ((x + LONG / 2) as f64, (y + WINDOW / 2) as f64);
        u >= left && u <= right && v >= top && v <= bottom
    })
}

/// One window with ink in both.
struct Long {
    /// Its corner on either picture.
    on_still: (usize, usize),
    on_laid: (usize, usize),
    /// Standard deviation of the one with less ink.
    ink: f32,
    /// What it lacks of a perfect correlation.
    lacks: f32,
}

impl Long {
    fn of(still: &Plane, laid: &Plane, (x, y): (usize, usize)) -> Option<Self> {
        let here = moments(still, laid, (x, y), (x, y))?;
        let (mine, theirs, both) = here.spread();
        // Where one has no level, there is no number.
        if both.is_nan() || mine.min(theirs) < SOME {
            return None;
        }
        let lacks = 1.0 - here.correlation();
        let mut long = Self { on_still: (x, y), on_laid: (x, y), ink: mine.min(theirs), lacks };
        if lacks > LACKS {
            for (u, v) in MOVES.iter().filter_map(|(dx, dy)| {
                x.checked_add_signed(*dx as isize).zip(y.checked_add_signed(*dy as isize))
            }) {
                let there = moments(still, laid, (x, y), (u, v)).map_or(1.0, |sums| 1.0 - sums.correlation());
                if there < long.lacks {
                    (long.lacks, long.on_laid) = (there, (u, v));
                }
            }
        }
        Some(long)
    }

    /// By how much the second has more ink.
    fn gain(&self, still: &Plane, laid: &Plane) -> f32 {
        let sum = |plane: &Plane, at| lines(plane, at).flatten().map(|level| level.max(0.0)).sum::<f32>();
        sum(laid, self.on_laid) / sum(still, self.on_still).max(1.0)
    }

    /// The share of its ink that either holds without the other, once the first has `gain` times its own: the smaller of the
    /// two; where the window was moved, at the better of both places.
    fn lost(&self, still: &Plane, laid: &Plane, gain: f32) -> f32 {
        let at = |on_laid| {
            let (mut lost, mut of) = ((0.0_f32, 0.0_f32), (0.0_f32, 0.0_f32));
            for (mine, theirs) in lines(still, self.on_still).zip(lines(laid, on_laid)) {
                for (mine, theirs) in mine.iter().zip(theirs).map(|(a, b)| (a.max(0.0) * gain, b.max(0.0))) {
                    lost = (lost.0 + (mine - theirs).max(0.0), lost.1 + (theirs - mine).max(0.0));
                    of = (of.0 + mine, of.1 + theirs);
                }
            }
            // A stroke over words adds much ink, and takes a little from the letters that it crosses.
            let balanced = lost.0.min(lost.1) >= BALANCE * lost.0.max(lost.1);
            if balanced { (lost.0 / of.0.max(1.0)).min(lost.1 / of.1.max(1.0)) } else { 0.0 }
        };
        at(self.on_still).min(at(self.on_laid))
    }
}

/// The rows of a window that lie within.
fn lines(plane: &Plane, (x, y): (usize, usize)) -> impl Iterator<Item = &[f32]> {
    (y..y + WINDOW).filter_map(move |row| plane.data.get(row * plane.width + x..row * plane.width + x + LONG))
}

fn moments(still: &Plane, laid: &Plane, (x, y): (usize, usize), (u, v): (usize, usize)) -> Option<Moments> {
    let within = |plane: &Plane, x: usize, y: usize| x + LONG <= plane.width && y + WINDOW <= plane.height;
    if !within(still, x, y) || !within(laid, u, v) {
        return None;
    }
    let mut sums = Moments::default();
    lines(still, (x, y)).zip(lines(laid, (u, v))).for_each(|(mine, theirs)| sums.add(mine, theirs));
    Some(sums)
}

/// The value below which so many of a hundred lie; 0 of none.
fn at(values: impl Iterator<Item = f32>, hundredths: usize) -> f32 {
    let mut all: Vec<f32> = values.collect();
    all.sort_unstable_by(f32::total_cmp);
    all.get(all.len() * hundredths / 100).copied().unwrap_or(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Words of bars, of which `other` say which are drawn otherwise; grey as after a blur.
    fn text(other: impl Fn(usize) -> bool) -> Plane {
        let (width, height) = (640, 480);
        let mut plane = Plane::new(width, height);
        for (k, level) in plane.data.iter_mut().enumerate() {
            let (x, y) = (k % width, k / width);
            let (word, line) = (x / 40, y / 16);
            let n = line * 16 + word;
            let seed = if other(n) { n * 7 + 3 } else { n };
            let bar = ((seed * 2_654_435_761) >> (x % 40 / 4)) & 1 == 1;
            *level = if x % 40 < 34 && y % 16 < 9 && bar { 1.0 } else { 0.0 };
        }
        plane.blurred(1.2)
    }

    #[test]
    fn other_words_are_told_and_a_stroke_is_not() {
        let core = [0.0, 0.0, 640.0, 480.0];
        let with = |mut laid: Plane, dark: bool| {
            // Grain, without which everything usual is none at all.
            for (k, level) in laid.data.iter_mut().enumerate() {
                *level += ((k * 2_654_435_761) >> 9) as u8 as f32 / 255.0 * 0.08 - 0.04;
            }
            differing(&Even { still: text(|_| false), laid, dark: vec![dark; 640 * 480] }, core)
        };
        assert_eq!(with(text(|_| false), false), 0.0);
        assert_eq!(with(text(|n| n % 5 == 0), true), 0.0, "what is dark says nothing");
        let some = with(text(|n| n % 5 == 0), false);
        assert!((0.08..0.5).contains(&some), "{some}");
        // A stroke a little lighter than the letters that it crosses.
        let mut struck = text(|_| false);
        for row in (0..480).filter(|row| (4..9).contains(&(row % 48))) {
            struck.data[row * 640..(row + 1) * 640].fill(0.85);
        }
        let marked = with(struck, false);
        assert!(marked < 0.01, "{marked}");
    }
}
