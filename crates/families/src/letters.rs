//! Counts the places where other letters stand, and says how well this pair can tell letters apart: two receipts of one
//! printer, two fillings of one form, or two editions agree nearly all over, yet here and there both hold ink and it is not
//! the same ink. Whoever alters a sheet alters few words.
//!
//! One picture is brought onto the other to parts of a pixel and the sharper one is made as soft as the other. Small
//! windows are then held against each other. A window is odd where it fits much worse than windows of this pair with as
//! much ink do, measured by how those scatter: blur, noise and coarse pixels make all of them fit worse, and then none is
//! odd. Odd windows that touch are one place. A place counts only if each picture holds ink there that the other does not:
//! a mark, a box, a stamp, a mosaic or a stain adds ink to one alone.
//!
//! To know what finding nothing is worth, other letters of the same picture are planted at places that agree, and it is
//! counted how many of them are found in just the same way.

use std::collections::BTreeSet;

use crate::agree::Sheets;
use crate::even::{Even, evened_out};
use crate::grey::Plane;
use crate::moments::Moments;
use crate::planted::{height, lettered, planted};
use crate::words::Words;

/// Pixels that the shared part is held against each other at.
pub(crate) const PIXELS: f64 = 900_000.0;
/// Side of a window, about one letter and a half; and the distance between windows.
pub(crate) const WINDOW: usize = 12;
pub(crate) const STEP: usize = 4;
/// Standard deviation that ink makes, as a share of the darkest, and as a share of what inked windows of the picture have.
const SOME: f32 = 0.04;
const INKED: f32 = 0.35;
/// Windows are put into so many classes by how much ink they hold.
pub(crate) const CLASSES: usize = 6;
/// A window is odd if what it lacks of a perfect fit is more than this many times what is usual in its class, in steps of
/// how that scatters (but no more than that); and at least this factor and this much.
const STEPS: f32 = 3.5;
const SCATTER: f32 = 1.9;
const FACTOR: f32 = 1.8;
const LACKS: f32 = 0.08;
/// Windows of a place, at least.
const LEAST: usize = 8;
/// Ink, as a share of the darkest, by which one must be darker than the other to count.
const DARKER: f32 = 0.1;
/// The share of its ink that either must have at a place where the other has none, beyond what is usual.
const BOTH_LOSE: f32 = 0.05;
/// Below so many windows with ink in both nothing is known.
const FEWEST: usize = 60;

/// Places with other letters that one sheet may have at most, if every letter can be told from every other and there are many.
const MOST: f64 = 8.0;
/// How many there may be for each planted letter that is seen, as a share of them; less this.
const FOR_SEEN: f64 = 18.0;
const LESS: f64 = 3.0;
/// And one for so many words that both show, but this many in any case.
const WORDS: f64 = 10.0;
const FEW: f64 = 2.0;
/// The share of the text that may differ on one sheet, and how many words may in any case.
const DIFFER: f64 = 0.06;
const FEW_DIFFER: f64 = 1.5;
/// Letters of so many pixels are told as they are. With each pixel less this share as much of what differs is seen, so that
/// this share as much may differ; with so few pixels letters are blots, of which nothing can be told.
const CLEAR: usize = 8;
const LESS_CLEAR: f64 = 0.65;
const BLOT: usize = 2;
/// Letters and words are two looks at one thing: a sheet that has about as many of both as it may is another one. The sum of
/// the squares of the shares that it has of either bound, at most.
pub(crate) const BOTH: f64 = 0.9;
/// Words that differ, by the share of the text and the words that both show: so many, or this share of the words, are what blur and
/// folds alone make up. Where there are more, other letters must be missing: at least so many places with other letters come to a
/// word that differs on another sheet. That none are found is worth something only where at least this share of planted ones is.
const MADE_UP: f64 = 7.0;
const MADE_UP_SHARE: f64 = 0.02;
const TO_A_WORD: f64 = 0.3;
const TELLING: f64 = 0.5;
/// And the better they are told, the more of the text may be put down to blur: this share of what is told beyond so much of it.
const TO_BLUR: f64 = 0.1;
const UNTOLD: f64 = 0.1;
/// Letters of so many pixels, or fewer, must be told one by one, or the pictures must agree so well all over (median correlation of
/// cells): in a soft picture words of two digits show too little of themselves there.
const SMALL: usize = 5;
const CLEAN: f64 = 0.98;
/// Where fewer places than this may differ letters say nothing: then this share as much of the text may differ.
const SAYING: f64 = 1.0;
const ALONE: f64 = 0.6;
/// Where less than this share of other words would be told, nothing is.
const TOLD: f64 = 0.5;

/// What holding the letters of two pictures against each other came to.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Letters {
    /// Places with other letters.
    pub places: usize,
    /// Places at which another letter was planted into one of the pictures, to see whether it would be seen.
    pub planted: usize,
    /// Those of them that were seen.
    pub seen: usize,
    /// Words that both pictures show, about.
    pub words: f64,
    /// What of the text differs.
    pub text: Words,
    /// How high letters are, in pixels of the coarser picture, about.
    pub height: usize,
    /// How well the pictures agree: the median correlation of cells with ink in both.
    pub agree: f64,
}

impl Letters {
    /// The share of planted letters that were seen: how well this pair tells letters apart.
    pub fn seen_share(&self) -> f64 {
        self.seen as f64 / self.planted.max(1) as f64
    }

    /// Can these be the letters of one sheet?
    pub fn of_one_sheet(&self) -> bool {
        let few = self.bound() >= SAYING || self.places as f64 <= SAYING;
        let clear = self.telling() || self.agree >= CLEAN;
        let told = self.text.told >= TOLD && self.height > if clear { BLOT } else { SMALL };
        told && few && self.both() <= BOTH && self.made_up()
    }

    /// How many words differ, about.
    pub fn other_words(&self) -> f64 {
        self.text.differ * self.text.count
    }

    /// How many words may differ where other letters are not missing.
    pub fn most_other_words(&self) -> f64 {
        MADE_UP.max(MADE_UP_SHARE * self.text.count) * self.clear()
    }

    /// Whether what differs can be of blur and folds: it is little, or it comes without other letters where these would be told.
    fn made_up(&self) -> bool {
        let without = self.telling()
            && self.places as f64 <= TO_A_WORD * self.other_words()
            && self.text.differ <= TO_BLUR * (self.seen_share() - UNTOLD);
        without || self.other_words() < self.most_other_words()
    }

    /// Whether letters are told from each other well enough for finding none to be worth something.
    fn telling(&self) -> bool {
        self.seen_share() >= TELLING
    }

    /// How well letters of their height are told, as a share of how large ones are.
    fn clear(&self) -> f64 {
        LESS_CLEAR.powi(CLEAR.saturating_sub(self.height) as i32)
    }

    /// How large a share of the text may differ on one sheet.
    pub fn most_differ(&self) -> f64 {
        let alone = if self.bound() < SAYING { ALONE } else { 1.0 };
        DIFFER.max(FEW_DIFFER / self.text.count.max(1.0)) * self.clear() * alone
    }

    /// Letters and words together: the sum of the squares of what they are of what they may be.
    pub fn both(&self) -> f64 {
        let bound = self.bound();
        let places = if bound < SAYING { 0.0 } else { self.places as f64 / bound };
        places.powi(2) + (self.text.differ / self.most_differ().max(1e-4)).powi(2)
    }

    /// How many places with other letters one sheet may have at most; below 1 where the pair cannot tell.
    ///
    /// Another sheet of the same form differs in twenty words and more, of which the pair shows about as large a share as of
    /// those that were planted.
    pub fn bound(&self) -> f64 {
        (FOR_SEEN * self.seen_share() - LESS).min((self.words / WORDS).max(FEW)).min(MOST)
    }
}

/// One window with ink in both.
#[derive(Clone, Copy)]
pub(crate) struct Window {
    pub row: usize,
    pub column: usize,
    /// What it lacks of a perfect correlation.
    pub lacks: f32,
    pub class: usize,
}

/// What is usual in a class, and from where on a window is odd.
#[derive(Clone, Copy, Default)]
pub(crate) struct Usual {
    least_ink: f32,
    pub lacks: f32,
    pub odd: f32,
}

/// Holds the letters of two pictures that `agree` so well against each other within `core` (left, top, right, bottom; pixels of
/// the overlap).
pub(crate) fn letters(sheets: &Sheets, core: [f64; 4], agree: f64) -> Letters {
    let even = evened_out(sheets, core);
    let Even { still, laid, .. } = &even;
    let (windows, usual) = windows(still, laid, core);
    if windows.len() < FEWEST {
        return Letters::default();
    }
    let usually = windows.iter().filter(|window| window.lacks <= usual[window.class].lacks);
    let inks = Inks::of(still, laid, usually);
    let odd = windows.iter().filter(|window| window.lacks > usual[window.class].odd);
    let odd: BTreeSet<(usize, usize)> = odd.map(|window| (window.row, window.column)).collect();
    let places = places(odd).iter().filter(|place| inks.differ(place)).count();
    let mut lettered = lettered(still, &windows);
    if lettered.len() < FEWEST {
        lettered.clone_from(&windows);
    }
    let height = height(still, &lettered);
    let (planted, seen) = planted(&inks, &windows, &usual, (&lettered, height));
    // A letter takes about one and a half squares of its height with what is around it, a word six letters.
    let side = height.max(6) as f64;
    let words = (lettered.len() * STEP * STEP) as f64 / (9.0 * side * side);
    Letters { places, planted, seen, words, text: crate::words::words(&even, core, height), height, agree }
}

/// The moments of a window whose corner is at (x, y) on the first and (u, v) on the second.
pub(crate) fn moments(
    still: &Plane,
    laid: &Plane,
    (x, y): (usize, usize),
    (u, v): (usize, usize),
) -> Option<Moments> {
    let mut sums = Moments::default();
    for row in 0..WINDOW {
        let (p, q) = ((y + row) * still.width + x, (v + row) * laid.width + u);
        sums.add(still.data.get(p..p + WINDOW)?, laid.data.get(q..q + WINDOW)?);
    }
    Some(sums)
}

/// What a window lacks of a perfect fit, moved by up to a pixel.
pub(crate) fn lacks(still: &Plane, laid: &Plane, (x, y): (usize, usize)) -> f32 {
    let mut best = -1.0_f32;
    for (u, v) in [(1, 1), (0, 1), (2, 1), (1, 0), (1, 2)] {
        if let Some((u, v)) = (x + u).checked_sub(1).zip((y + v).checked_sub(1))
            && u + WINDOW <= laid.width
            && let Some(sums) = moments(still, laid, (x, y), (u, v))
        {
            best = best.max(sums.correlation());
        }
    }
    1.0 - best
}

fn windows(
    still: &Plane,
    laid: &Plane,
    [left, top, right, bottom]: [f64; 4],
) -> (Vec<Window>, [Usual; CLASSES]) {
    let places = |side: usize| if side < WINDOW { 0 } else { (side - WINDOW) / STEP + 1 };
    let (columns, rows) = (places(still.width), places(still.height));
    let mut seen = Vec::new();
    for k in 0..columns * rows {
        let (row, column) = (k / columns, k % columns);
        let (x, y) = (column * STEP, row * STEP);
        let (u, v) = ((x + WINDOW / 2) as f64, (y + WINDOW / 2) as f64);
        if u < left || u > right || v < top || v > bottom {
            continue;
        }
        let Some(sums) = moments(still, laid, (x, y), (x, y)) else { continue };
        let (mine, theirs, both) = sums.spread();
        // Where one has no level, there is no number.
        if !both.is_nan() && mine.max(theirs) > SOME {
            seen.push((row, column, mine, theirs));
        }
    }
    let inked = |take: fn(&(usize, usize, f32, f32)) -> f32| {
        let mut all: Vec<f32> = seen.iter().map(take).collect();
        all.sort_unstable_by(f32::total_cmp);
        all.get(all.len() * 3 / 4).copied().unwrap_or(1.0).max(SOME)
    };
    let (full_mine, full_theirs) = (inked(|one| one.2), inked(|one| one.3));
    let mut held: Vec<(Window, f32)> = Vec::new();
    for (row, column, mine, theirs) in seen {
        let ink = (mine / full_mine).min(theirs / full_theirs);
        if ink > INKED && mine.min(theirs) > SOME {
            let lacks = lacks(still, laid, (column * STEP, row * STEP));
            held.push((Window { row, column, lacks, class: 0 }, ink));
        }
    }
    classed(held)
}

/// Puts windows into classes by their ink, and finds what is usual in each.
fn classed(mut held: Vec<(Window, f32)>) -> (Vec<Window>, [Usual; CLASSES]) {
    let mut inks: Vec<f32> = held.iter().map(|(_, ink)| *ink).collect();
    inks.sort_unstable_by(f32::total_cmp);
    let mut usual: [Usual; CLASSES] = std::array::from_fn(|k| Usual {
        least_ink: inks.get(k * inks.len() / CLASSES).copied().unwrap_or(0.0),
        ..Usual::default()
    });
    for (window, ink) in &mut held {
        window.class = usual.iter().rposition(|usual| *ink >= usual.least_ink).unwrap_or(0);
    }
    for (k, usual) in usual.iter_mut().enumerate() {
        let of = held.iter().filter(|(window, _)| window.class == k);
        let mut lacks: Vec<f32> = of.map(|(window, _)| window.lacks.max(1e-3)).collect();
        lacks.sort_unstable_by(f32::total_cmp);
        let at = |share: usize| lacks.get(lacks.len() * share / 100).copied().unwrap_or(1.0);
        // Other letters make windows fit worse, not better: the better half tells how all scatter.
        let scatter = (at(50) / at(16)).clamp(1.0, SCATTER);
        usual.lacks = at(50);
        usual.odd = (at(50) * scatter.powf(STEPS).max(FACTOR)).max(LACKS);
    }
    (held.into_iter().map(|(window, _)| window).collect(), usual)
}

/// The ink of both pictures, and what of it is usually lost where they agree.
#[derive(Clone, Copy)]
pub(crate) struct Inks<'a> {
    pub still: &'a Plane,
    pub laid: &'a Plane,
    pub usual: (f32, f32),
    pub usual_as_is: (f32, f32),
}

impl<'a> Inks<'a> {
    fn of<'w>(still: &'a Plane, laid: &'a Plane, agreeing: impl Iterator<Item = &'w Window>) -> Self {
        let mut inks = Self { still, laid, usual: (0.0, 0.0), usual_as_is: (0.0, 0.0) };
        let some: Vec<(usize, usize)> =
            agreeing.step_by(4).map(|window| (window.row, window.column)).collect();
        (inks.usual, inks.usual_as_is) = (inks.lost(&some, true), inks.lost(&some, false));
        inks
    }

    /// Do both hold ink at a place that the other does not, as they are and once made alike? A pen that crosses letters adds
    /// ink to one as they are, a fold or a shadow takes from neither once they are made alike.
    pub fn differ(&self, place: &[(usize, usize)]) -> bool {
        let differ = |alike: bool| {
            let (lost, usual) = (self.lost(place, alike), if alike { self.usual } else { self.usual_as_is });
            (lost.0 - usual.0).min(lost.1 - usual.1) > BOTH_LOSE
        };
        place.len() >= LEAST && differ(false) && differ(true)
    }

    /// The share of either's ink over windows that the other has not; once the first is as dark and as deep as the second, if
    /// `alike`.
    fn lost(&self, windows: &[(usize, usize)], alike: bool) -> (f32, f32) {
        let mut all = Moments::default();
        let lines = || {
            let rows = windows.iter().flat_map(|(row, column)| {
                (row * STEP..row * STEP + WINDOW).map(move |row| (row, column * STEP))
            });
            rows.filter_map(|(row, x)| {
                let at = |plane: &Plane| row * plane.width + x;
                let (p, q) = (at(self.still), at(self.laid));
                self.still.data.get(p..p + WINDOW).zip(self.laid.data.get(q..q + WINDOW))
            })
        };
        lines().for_each(|(mine, theirs)| all.add(mine, theirs));
        let (gain, offset) = if alike { all.likened() } else { (1.0, 0.0) };
        let (mut lost, mut of) = ((0.0, 0.0), (0.0, 0.0));
        for (mine, theirs) in lines().flat_map(|(mine, theirs)| mine.iter().zip(theirs)) {
            let mine = mine * gain + offset;
            lost.0 += (mine - theirs - DARKER).max(0.0);
            lost.1 += (theirs - mine - DARKER).max(0.0);
            of.0 += mine.max(0.0);
            of.1 += theirs.max(0.0);
        }
        (lost.0 / f32::max(of.0, 1.0), lost.1 / f32::max(of.1, 1.0))
    }
}

/// Groups of windows that touch each other.
pub(crate) fn places(mut left: BTreeSet<(usize, usize)>) -> Vec<Vec<(usize, usize)>> {
    let mut places = Vec::new();
    while let Some(first) = left.pop_first() {
        let mut place = Vec::new();
        let mut open = vec![first];
        while let Some((row, column)) = open.pop() {
            place.push((row, column));
            for r in row.saturating_sub(1)..=row + 1 {
                open.extend(
                    (column.saturating_sub(1)..=column + 1).map(|c| (r, c)).filter(|at| left.remove(at)),
                );
            }
        }
        places.push(place);
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_of_one_sheet() {
        let told = |places, seen, differ, told, height| {
            let text = Words { differ, told, count: 150.0 };
            Letters { places, planted: 80, seen, words: 150.0, text, height, agree: 0.95 }.of_one_sheet()
        };
        assert!(told(6, 42, 0.0, 0.9, 9) && told(0, 56, 0.05, 0.9, 9));
        assert!(!told(6, 42, 0.04, 0.9, 9), "at the edge of both bounds");
        assert!(!told(7, 42, 0.0, 0.9, 9) && !told(0, 42, 0.07, 0.9, 9), "beyond one of them");
        assert!(
            told(2, 56, 0.048, 0.9, 9) && !told(3, 56, 0.048, 0.9, 9),
            "seven words come with other letters"
        );
        assert!(
            told(0, 48, 0.048, 0.9, 9) && !told(0, 42, 0.048, 0.9, 9),
            "the better these are told, the more"
        );
        assert!(!told(0, 30, 0.048, 0.9, 9) && told(0, 30, 0.045, 0.9, 9), "which must be told for that");
        assert!(
            told(0, 12, 0.03, 0.9, 9) && told(1, 12, 0.03, 0.9, 9),
            "where letters say nothing, words do"
        );
        assert!(!told(0, 12, 0.05, 0.9, 9) && !told(2, 12, 0.0, 0.9, 9), "and less may differ");
        assert!(!told(0, 42, 0.0, 0.4, 9), "where words cannot be told");
        assert!(told(0, 42, 0.02, 0.9, 6) && !told(0, 42, 0.05, 0.9, 6), "small letters show less");
        assert!(
            told(0, 42, 0.01, 0.9, 5) && !told(0, 38, 0.01, 0.9, 5) && told(0, 38, 0.01, 0.9, 6),
            "small ones must be told one by one"
        );
        let text = Words { differ: 0.0, told: 0.9, count: 150.0 };
        let small = Letters { planted: 80, seen: 20, words: 150.0, text, height: 3, ..Letters::default() };
        assert!(Letters { agree: 0.98, ..small }.of_one_sheet(), "or the pictures agree all over");
        assert!(!Letters { agree: 0.97, ..small }.of_one_sheet());
        assert!(
            told(0, 42, 0.01, 0.9, 4) && !told(0, 42, 0.0, 0.9, 2) && !told(0, 12, 0.0, 0.9, 4),
            "blots show nothing"
        );
    }
}
