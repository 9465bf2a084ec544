//! What share of the text says other words, by windows as long as half a word.
//!
//! Where letters are a few pixels high, a window of one letter and a half ([`crate::letters`]) cannot tell one letter from
//! another: blur and coarse pixels make all of them fit badly. Over half a word the same noise evens out, and another word
//! fits much worse than all the words that are the same. A window is odd where it lacks several times what windows of this
//! pair usually lack of a perfect correlation, and where either picture holds ink that the other does not, more than usual: a
//! mark, a box or a stain adds ink to one alone.
//!
//! What finding little is worth is asked of the pair itself: each of many windows is held against a window of the same line
//! elsewhere, where other words stand, and it is counted how many of these are odd in just the same way. The share of odd
//! windows over the share of odd ones among those is about the share of the text that differs.

use crate::even::{Even, closed};
use crate::grey::Plane;
use crate::moments::Moments;

/// Length and height of a window in heights of a letter, and the least and most of both in pixels.
const LONG: (f64, usize, usize) = (3.2, 16, 44);
const HIGH: (f64, usize, usize) = (1.35, 8, 18);
/// Distance between windows, across and down.
const STEPS: (usize, usize) = (8, 4);
/// Standard deviation that ink makes in a window, as a share of the darkest: at least this, and this share of what windows
/// full of ink have.
const SOME: f32 = 0.06;
const FULL: f32 = 0.5;
/// Windows that begin on a word, for each square pixel of the height of a letter.
const WINDOWS: f64 = 0.3;
/// Ink that runs on for so many heights of a letter, across or down, is none of writing.
const RULED: (usize, usize) = (11, 3);
/// Rows between lines of writing hold at most this share of the ink that the fullest row does.
const GAP: f32 = 0.35;
/// A window is odd from so many times what is usual on, and where it lacks at least so much.
const ODD: f32 = 4.0;
const LACKS: f32 = 0.06;
/// Of what either loses the one that loses less must lose this share of the other's loss, and as much as is usual.
const BALANCE: f32 = 0.25;
/// Fewer windows tell nothing.
const FEWEST: usize = 40;
/// A window is tried at these places too, in pixels, until it fits so well.
const MOVES: [(isize, isize); 6] = [(-1, 0), (1, 0), (0, -1), (0, 1), (2, 0), (-2, 0)];
const ENOUGH: f32 = 0.02;
/// Windows that are held against others of their line, and how many are drawn for that at most.
const DECOYS: usize = 400;
const DRAWN: usize = 1500;

/// What holding words against each other came to.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Words {
    /// About the share of the text that differs; 0 where too little is in view.
    pub differ: f64,
    /// The share of other words of the same line that would be told; 0 where too little is in view.
    pub told: f64,
    /// Words that both show, about, by the windows with ink in both.
    pub count: f64,
}

/// Holds the words of two pictures brought onto each other against each other, within `core` (left, top, right, bottom;
/// pixels), letters `height` pixels high.
pub(crate) fn words(even: &Even, core: [f64; 4], height: usize) -> Words {
    let (still, laid) = (unruled(&even.still, height), unruled(&even.laid, height));
    let field = Field::of(&still, &laid, &even.dark, height);
    let mut held: Vec<Window> =
        field.corners(core).filter(|at| field.clear(*at)).filter_map(|at| field.window(at)).collect();
    let full = at(held.iter().map(|window| window.ink), 75);
    held.retain(|window| window.ink > FULL * full);
    if held.len() < FEWEST {
        return Words::default();
    }
    let usual = at(held.iter().map(|window| window.lacks), 40);
    let fitting = held.iter().filter(|window| window.lacks <= usual);
    let gain = at(fitting.map(|window| field.gain(window)), 50);
    let loses = at(held.iter().step_by(2).map(|window| field.lost(window, gain).0), 40);
    let lacks = (ODD * usual).max(LACKS);
    let odd = |window: &Window| {
        window.lacks > lacks && {
            let (least, balance) = field.lost(window, gain);
            balance >= BALANCE && least >= loses
        }
    };
    let share = |windows: &[Window]| {
        windows.iter().filter(|window| odd(window)).count() as f64 / windows.len().max(1) as f64
    };
    let decoys = field.decoys(&held);
    if decoys.len() < FEWEST {
        return Words::default();
    }
    let told = share(&decoys);
    let count = held.len() as f64 / (WINDOWS * (height * height).max(1) as f64);
    Words { differ: share(&held) / told.max(0.05), told, count }
}

/// One window with ink in both.
struct Window {
    /// Its corner on the first picture, where that falls on the second, and where it fits best there.
    on_still: (usize, usize),
    falls: (usize, usize),
    on_laid: (usize, usize),
    /// Standard deviation of the one with less ink.
    ink: f32,
    /// What it lacks of a perfect correlation.
    lacks: f32,
}

/// Two pictures brought onto each other, and how large windows on them are.
struct Field<'a> {
    still: &'a Plane,
    laid: &'a Plane,
    dark: &'a [bool],
    long: usize,
    high: usize,
}

impl<'a> Field<'a> {
    fn of(still: &'a Plane, laid: &'a Plane, dark: &'a [bool], height: usize) -> Self {
        let side = |(heights, least, most): (f64, usize, usize)| {
            ((height as f64 * heights).round() as usize).clamp(least, most)
        };
        // Sums go by four pixels.
        Self { still, laid, dark, long: (side(LONG) + 2) / 4 * 4, high: side(HIGH) }
    }

    /// The upper left corners of the windows.
    fn corners(&self, [left, top, right, bottom]: [f64; 4]) -> impl Iterator<Item = (usize, usize)> + use<> {
        let (long, high) = (self.long, self.high);
        let (width, height) = (self.still.width, self.still.height);
        let rows = (STEPS.1..(height + 1).saturating_sub(high)).step_by(STEPS.1);
        let columns = move || (STEPS.0 / 2..(width + 1).saturating_sub(long)).step_by(STEPS.0);
        rows.flat_map(move |y| columns().map(move |x| (x, y))).filter(move |(x, y)| {
            let (u, v) = ((x + long / 2) as f64, (y + high / 2) as f64);
            u >= left && u <= right && v >= top && v <= bottom
        })
    }

    fn clear(&self, (x, y): (usize, usize)) -> bool {
        let mut rows = (y..y + self.high).map(|row| row * self.still.width + x);
        rows.all(|at| self.dark.get(at..at + self.long).is_some_and(|line| !line.contains(&true)))
    }

    fn window(&self, at: (usize, usize)) -> Option<Window> {
        let (mine, theirs, both) = self.moments(at, at)?.spread();
        // Where one has no level, there is no number.
        let written = || self.lined(self.still, at) && self.lined(self.laid, at);
        (!both.is_nan() && mine.min(theirs) >= SOME && written())
            .then(|| self.fitted(at, at, mine.min(theirs)))
    }

    /// Is there a line of writing: are there rows with little ink, above it or below?
    fn lined(&self, plane: &Plane, (x, y): (usize, usize)) -> bool {
        let around = y.saturating_sub(self.high / 2)..(y + self.high + self.high / 2).min(plane.height);
        let rows =
            around.filter_map(|row| plane.data.get(row * plane.width + x..row * plane.width + x + self.long));
        let inks = rows.map(|row| row.iter().map(|level| level.max(0.0)).sum::<f32>());
        let (least, most) =
            inks.fold((f32::MAX, 0.0_f32), |(least, most), ink| (least.min(ink), most.max(ink)));
        least < GAP * most
    }

    /// A window of the first picture where it fits best on the second, near a place.
    fn fitted(&self, on_still: (usize, usize), falls: (usize, usize), ink: f32) -> Window {
        let lacks = |on_laid| self.moments(on_still, on_laid).map_or(2.0, |sums| 1.0 - sums.correlation());
        let mut window = Window { on_still, falls, on_laid: falls, ink, lacks: lacks(falls) };
        for (dx, dy) in MOVES {
            if window.lacks < ENOUGH {
                break;
            }
            let moved = falls.0.checked_add_signed(dx).zip(falls.1.checked_add_signed(dy));
            if let Some((moved, lacks)) = moved.map(|moved| (moved, lacks(moved)))
                && lacks < window.lacks
            {
                (window.on_laid, window.lacks) = (moved, lacks);
            }
        }
        window
    }

    /// Windows drawn with a fixed seed, each against one of its line that it does not touch.
    fn decoys(&self, held: &[Window]) -> Vec<Window> {
        let mut state = 0x2545_F491_4F6C_DD1D_u64;
        let mut next = |below: usize| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            (state >> 11) as usize % below.max(1)
        };
        let mut decoys = Vec::with_capacity(DECOYS);
        for _ in 0..DRAWN {
            let Some(one) = held.get(next(held.len())).filter(|_| decoys.len() < DECOYS) else { break };
            // Windows are in the order of their lines.
            let line = |other: &Window| other.on_still.1 == one.on_still.1;
            let from = held.partition_point(|other| other.on_still.1 < one.on_still.1);
            let others: Vec<&Window> = held[from..]
                .iter()
                .take_while(|other| line(other))
                .filter(|other| other.on_still.0.abs_diff(one.on_still.0) >= self.long)
                .collect();
            if let Some(other) = others.get(next(others.len())) {
                decoys.push(self.fitted(one.on_still, other.on_still, one.ink));
            }
        }
        decoys
    }

    /// By how much the second has more ink.
    fn gain(&self, window: &Window) -> f32 {
        let sum =
            |plane: &Plane, at| self.lines(plane, at).flatten().map(|level| level.max(0.0)).sum::<f32>();
        sum(self.laid, window.on_laid) / sum(self.still, window.on_still).max(1.0)
    }

    /// The share of its ink that either holds without the other, once the first has `gain` times its own: the smaller of the
    /// two, and that over the larger; where the window was moved, at the better of both places.
    fn lost(&self, window: &Window, gain: f32) -> (f32, f32) {
        let at = |on_laid| {
            let (mut lost, mut of) = ((0.0_f32, 0.0_f32), (0.0_f32, 0.0_f32));
            for (mine, theirs) in self.lines(self.still, window.on_still).zip(self.lines(self.laid, on_laid))
            {
                for (mine, theirs) in mine.iter().zip(theirs).map(|(a, b)| (a.max(0.0) * gain, b.max(0.0))) {
                    lost = (lost.0 + (mine - theirs).max(0.0), lost.1 + (theirs - mine).max(0.0));
                    of = (of.0 + mine, of.1 + theirs);
                }
            }
            let (mine, theirs) = (lost.0 / of.0.max(1.0), lost.1 / of.1.max(1.0));
            (mine.min(theirs), mine.min(theirs) / mine.max(theirs).max(1e-3))
        };
        let (here, there) = (at(window.falls), at(window.on_laid));
        (here.0.min(there.0), here.1.min(there.1))
    }

    /// The rows of a window that lie within.
    fn lines<'p>(
        &self,
        plane: &'p Plane,
        (x, y): (usize, usize),
    ) -> impl Iterator<Item = &'p [f32]> + use<'p> {
        let long = self.long;
        (y..y + self.high)
            .filter_map(move |row| plane.data.get(row * plane.width + x..row * plane.width + x + long))
    }

    fn moments(&self, on_still: (usize, usize), on_laid: (usize, usize)) -> Option<Moments> {
        let within = |plane: &Plane, (x, y): (usize, usize)| {
            x + self.long <= plane.width && y + self.high <= plane.height
        };
        if !within(self.still, on_still) || !within(self.laid, on_laid) {
            return None;
        }
        let mut sums = Moments::default();
        self.lines(self.still, on_still)
            .zip(self.lines(self.laid, on_laid))
            .for_each(|(mine, theirs)| sums.add(mine, theirs));
        Some(sums)
    }
}

/// Ink without what runs on for longer than writing does, as ruled lines, folds and the edges of sheets do (a top hat: Serra
/// 1982). NaN stays.
fn unruled(plane: &Plane, height: usize) -> Plane {
    let mut out = plane.clone();
    for span in [(height * RULED.0, 1), (1, height * RULED.1)] {
        // To open is to close the negative.
        let data = out.data.iter().map(|level| -level).collect();
        let long = closed(&Plane { data, ..out }, span);
        out.data.iter_mut().zip(&long.data).for_each(|(level, long)| *level -= (-long).max(0.0));
    }
    out
}

/// The value below which so many of a hundred lie; 0 of none.
fn at(values: impl Iterator<Item = f32>, hundredths: usize) -> f32 {
    let mut all: Vec<f32> = values.collect();
    let nth = all.len() * hundredths / 100;
    if nth < all.len() { *all.select_nth_unstable_by(nth, f32::total_cmp).1 } else { 0.0 }
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
            words(&Even { still: text(|_| false), laid, dark: vec![dark; 640 * 480] }, core, 9)
        };
        let alike = with(text(|_| false), false);
        assert!(alike.differ == 0.0 && alike.told > 0.8, "{alike:?}");
        let dark = with(text(|n| n % 5 == 0), true);
        assert_eq!((dark.differ, dark.told), (0.0, 0.0), "what is dark says nothing");
        let some = with(text(|n| n % 5 == 0), false);
        assert!((0.12..0.4).contains(&some.differ), "{some:?}");
        // A stroke a little lighter than the letters that it crosses.
        let mut struck = text(|_| false);
        for row in (0..480).filter(|row| (4..9).contains(&(row % 48))) {
            for from in (0..640).step_by(160) {
                struck.data[row * 640 + from..row * 640 + from + 90].fill(0.85);
            }
        }
        let marked = with(struck, false);
        assert!(marked.differ < 0.05 && marked.told > 0.5, "{marked:?}");
    }

    #[test]
    fn a_table_beside_the_sheet_says_nothing_of_words() {
        let plain = text(|_| false);
        let with = |change: &dyn Fn(usize, usize, usize) -> Option<f32>| {
            let picture = |which: usize| {
                let mut plane = plain.clone();
                for (k, level) in plane.data.iter_mut().enumerate() {
                    *level += ((k * 2_654_435_761 * (which + 1)) >> 9) as u8 as f32 / 255.0 * 0.08 - 0.04;
                    *level = change(k % 640, k / 640, which).unwrap_or(*level);
                }
                plane
            };
            let even = Even { still: picture(0), laid: picture(1), dark: vec![false; 640 * 480] };
            words(&even, [0.0, 0.0, 640.0, 480.0], 9)
        };
        // A table beside the sheet, of other grain on either picture.
        let table = with(&|x, y, which| {
            let grain = ((x + y * 640 + which * 7919) / 3).wrapping_mul(2_654_435_761) >> 9;
            (x > 480).then_some((grain as u8) as f32 / 255.0)
        });
        assert!(table.differ < 0.05 && table.told > 0.5, "{table:?}");
    }
}
