//! Says whether two pictures show one sheet, and why: one must lie on the other by a projective map, and where both hold
//! ink the ink must be the same.

use std::collections::BTreeSet;

use model::{Cells, Contrast, Ground, Match, Measure, PictureId};

use crate::agree::{CELL, Cell, Sheets};
use crate::code::Pose;
use crate::features::Feature;
use crate::homography::{Homography, Pair};
use crate::letters;
use crate::look::Look;
use crate::overlap::{self, Overlap, overlap};
use crate::tie::{Tie, tie};
use crate::traces::traces;

/// Prints below this quality are poor: a blank or nearly blank page. They are never matched, not even by equal pixels,
/// since every blank page looks like every other.
pub const MIN_QUALITY: u8 = 50;

/// Bounds found on pages whose truth is known.
const MIN_INLIERS: usize = 12;
const MIN_CELLS: usize = 40;
/// Of cells with ink in both pictures, the share that must agree.
const MIN_AGREE: f64 = 0.84;
/// The same where there are few cells.
const MIN_AGREE_FEW: f64 = 0.89;
const FEW_CELLS: usize = 150;
/// Below this share two pictures that lie on each other say other things.
const SURELY_OTHER: f64 = 0.72;
/// Of cells with ink in both, the share that may fit badly without a mark, box or stamp on one that would explain it.
const MAX_UNEXPLAINED: f64 = 0.14;
/// Of cells with ink in either picture.
const MIN_AGREE_EITHER: f64 = 0.50;
const MIN_MEDIAN: f64 = 0.70;
/// Of cells with ink, the share that may hold other ink; and in how many places apart.
const MAX_OTHER: f64 = 0.10;
/// A cell agrees if its correlation is at least this share of what the best cells of the pair reach.
const AGREES: f32 = 0.6;
const DIFFERS: f32 = 0.75;
const FITS: f32 = 0.8;
/// What only one loses: at least this share of ink, of which the other loses less than two fifths.
const COVERED: f32 = 0.08;
/// A cell holds other ink if of the ink of either picture at least this share is missing in the other.
const LOST: f32 = 0.12;
/// A cell holds ink if its grey levels deviate by this share of what inked cells of the picture do.
const INKED: f32 = 0.35;
/// Places with other letters from which on it is another sheet; between what one sheet may have and this nothing is said.
pub(crate) const SURELY_OTHER_LETTERS: usize = 16;
/// What is measured of letters.
pub(crate) const OTHER_LETTERS: &str = "places with other letters";
pub(crate) const LETTERS_TOLD: &str = "letters planted for a test that were told apart";
/// Every so many cells are looked at first.
const STRIDE: usize = 7;

/// What is said of a pair.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// They show one sheet.
    Same(Held),
    /// One lies on the other, and what is written there is another thing: evidence against.
    Other(Held),
    /// Nothing can be said: too little is shared, or too much of it is unclear; with what was measured, if anything.
    Unknown(Option<Held>),
}

/// Two pictures held against each other.
#[derive(Clone, Debug, PartialEq)]
pub struct Held {
    /// From the first raster's pixels to the second's.
    pub homography: Homography,
    /// The numbers.
    pub measures: Vec<Measure>,
    /// Where they agree and where not: for showing. `None` where nothing was held cell by cell.
    pub cells: Option<Grid>,
}

/// Where two pictures agree and where not, cell by cell.
#[derive(Clone, Debug, PartialEq)]
pub struct Grid {
    /// Are the cells squares on the first raster? Else on the second.
    pub on_first: bool,
    /// Where the first cell begins, in pixels of that raster: from the left, from the top.
    pub corner: (f64, f64),
    /// Side of a cell, in pixels of that raster.
    pub side: f64,
    /// Row by row, what each cell says, if it holds ink.
    pub rows: Vec<Vec<Option<Says>>>,
}

impl Grid {
    fn of(overlap: &Overlap, cells: &[Cell], says: &[Option<Says>]) -> Option<Self> {
        let back = overlap.frame.inverse()?;
        let (corner, next) = (back.apply((0.0, 0.0)), back.apply((CELL as f64, 0.0)));
        let count = |side: usize| side / CELL;
        let mut rows = vec![vec![None; count(overlap.still.width)]; count(overlap.still.height)];
        for (cell, says) in cells.iter().zip(says) {
            if let Some(at) = rows.get_mut(cell.row).and_then(|row| row.get_mut(cell.column)) {
                *at = *says;
            }
        }
        Some(Self { on_first: !overlap.swapped, corner, side: next.0 - corner.0, rows })
    }

    /// As kept, on one of the two pictures, a pixel of whose raster is `unit` of its page.
    pub fn kept(&self, on: PictureId, unit: f64) -> Cells {
        let letter = |says: &Option<Says>| says.map_or('.', Says::letter);
        let rows = self.rows.iter().map(|row| row.iter().map(letter).collect()).collect();
        let (left, top) = (rounded(self.corner.0 * unit), rounded(self.corner.1 * unit));
        Cells { on, left, top, side: rounded(self.side * unit), rows }
    }
}

/// What a cell says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Says {
    /// Both hold the same ink.
    Same,
    /// Both hold ink, not clearly the same.
    Unclear,
    /// Ink of each is missing in the other.
    Other,
    /// Only one holds ink.
    One,
}

impl Says {
    /// The letter that is kept for it.
    pub fn letter(self) -> char {
        match self {
            Self::Same => 's',
            Self::Unclear => 'u',
            Self::Other => 'o',
            Self::One => '1',
        }
    }
}

impl Outcome {
    /// What was held, if anything was.
    pub fn held(&self) -> Option<&Held> {
        match self {
            Self::Same(held) | Self::Other(held) | Self::Unknown(Some(held)) => Some(held),
            Self::Unknown(None) => None,
        }
    }

    /// The match, if there is one.
    pub fn matched(&self, a: PictureId, b: PictureId) -> Option<Match> {
        let Self::Same(held) = self else { return None };
        let mut found = Match::new(a, b, Ground::SameLook, held.measures.clone());
        let map = if a <= b { Some(held.homography) } else { held.homography.inverse() };
        found.homography = map.map(|map| map.0);
        Some(found)
    }

    /// What speaks against their being one sheet, if anything does: other things written, or more places with other letters
    /// than one sheet may have where letters can be told apart.
    pub fn contrast(&self, a: PictureId, b: PictureId) -> Option<Contrast> {
        let held = match self {
            Self::Other(held) => held,
            Self::Unknown(Some(held)) => {
                let letters = held.measures.iter().find(|measure| measure.name == OTHER_LETTERS)?;
                let bound = letters.bound.filter(|bound| *bound >= 0.0)?;
                (letters.value > bound).then_some(held)?
            }
            Self::Unknown(None) | Self::Same(_) => return None,
        };
        let (a, b) = if a <= b { (a, b) } else { (b, a) };
        Some(Contrast { id: Match::id_of(a, b), a, b, measures: held.measures.clone(), cells: None })
    }
}

/// A match of two pictures whose pixels are the same and whose prints are not poor.
pub fn same_pixels(a: PictureId, b: PictureId, quality: u8) -> Option<Match> {
    let measures =
        vec![Measure::new("print quality", f64::from(quality), "of 100", Some(f64::from(MIN_QUALITY)))];
    (quality >= MIN_QUALITY).then(|| {
        let mut found = Match::new(a, b, Ground::SamePixels, measures);
        found.homography = Some(Homography::IDENTITY.0);
        found
    })
}

/// Holds two pictures against each other: their features and looks, all taken from rasters whose pixels the map is in.
/// `hint` is how the first lies on the second, where the index told it.
pub fn verify(a: (&[Feature], &Look), b: (&[Feature], &Look), hint: Option<Pose>) -> Outcome {
    let Some(tie) = tie(a.0, b.0, hint) else { return Outcome::Unknown(None) };
    if tie.inliers.len() < MIN_INLIERS {
        return Outcome::Unknown(None);
    }
    let Some(overlap) = laid_on(a.1, b.1, &tie, overlap::PIXELS) else { return Outcome::Unknown(None) };
    let sheets = Sheets::of(&overlap);
    let core = core_of(&tie, &overlap);
    let glance = Counts::of(&sheets.glance(STRIDE), core);
    let hopeless = glance.both >= 12 && glance.agree_both() < 0.5;
    let cells = if hopeless { Vec::new() } else { sheets.cells() };
    let counts = if hopeless { glance } else { Counts::of(&cells, core) };
    let measures = measures(&tie, &counts, overlap.shares, overlap.scale);
    let cells = if hopeless { None } else { Grid::of(&overlap, &cells, &counts.says) };
    let held = Held { homography: tie.map, measures, cells };
    if counts.both < MIN_CELLS && !hopeless {
        return Outcome::Unknown(Some(held));
    }
    let enough = if counts.both < FEW_CELLS { MIN_AGREE_FEW } else { MIN_AGREE };
    let same = !hopeless
        && counts.agree_both() >= enough
        && counts.agree_either() >= MIN_AGREE_EITHER
        && counts.median >= MIN_MEDIAN
        && counts.other_share() <= MAX_OTHER
        && counts.unexplained_share() <= MAX_UNEXPLAINED;
    if !same {
        let surely = tie.inliers.len() >= 2 * MIN_INLIERS && (hopeless || counts.agree_both() < SURELY_OTHER);
        return if surely { Outcome::Other(held) } else { Outcome::Unknown(Some(held)) };
    }
    let mut held = held;
    let Some(fine) = laid_on(a.1, b.1, &tie, letters::PIXELS) else { return Outcome::Unknown(Some(held)) };
    let (sheets, core) = (Sheets::of(&fine), core_of(&tie, &fine));
    let letters = letters::letters(&sheets, core, counts.median);
    let (places, bound) = (letters.places as f64, rounded(letters.bound()));
    held.measures.push(Measure::new(OTHER_LETTERS, places, "places", Some(bound)));
    held.measures.push(Measure::new(LETTERS_TOLD, rounded(letters.seen_share()), "share", None));
    held.measures.push(Measure::new(
        "words that both show, about",
        letters.text.count.round(),
        "words",
        None,
    ));
    held.measures.push(Measure::new(
        "height of letters, about",
        letters.height as f64,
        "pixels of the overlap",
        None,
    ));
    let (differ, most) = (rounded(letters.text.differ), rounded(letters.most_differ()));
    held.measures.push(Measure::new("share of the text that differs, about", differ, "share", Some(most)));
    held.measures.push(Measure::new(
        "other words of the same line that were told apart",
        rounded(letters.text.told),
        "share",
        None,
    ));
    let (words, most) = (rounded(letters.other_words()), rounded(letters.most_other_words()));
    held.measures.push(Measure::new("words that differ, about", words, "words", Some(most)));
    let both = Some(letters::BOTH);
    held.measures.push(Measure::new("letters and text together", rounded(letters.both()), "", both));
    if letters.of_one_sheet() {
        held.measures.extend(traces(&fine, &sheets, core));
        Outcome::Same(held)
    } else if letters.places >= SURELY_OTHER_LETTERS {
        Outcome::Other(held)
    } else {
        Outcome::Unknown(Some(held))
    }
}

/// The shared part, the negative of the second picture where they are negatives of each other.
fn laid_on(a: &Look, b: &Look, tie: &Tie, pixels: f64) -> Option<Overlap> {
    let mut overlap = overlap(a, b, &tie.map, pixels)?;
    if tie.pose.negative {
        overlap.laid.data.iter_mut().for_each(|level| *level = 255.0 - *level);
    }
    Some(overlap)
}

/// What the cells come to.
struct Counts {
    both: usize,
    either: usize,
    agree: usize,
    other: usize,
    unexplained: usize,
    spots: usize,
    covered: usize,
    median: f64,
    shift: f64,
    says: Vec<Option<Says>>,
}

impl Counts {
    fn of(cells: &[Cell], core: [f64; 4]) -> Self {
        let inked = |take: fn(&Cell) -> f32| {
            let mut all: Vec<f32> = cells.iter().map(take).collect();
            all.sort_unstable_by(f32::total_cmp);
            (all.get(all.len() * 3 / 4).copied().unwrap_or(0.0) * INKED).max(2.5)
        };
        let (least_a, least_b) = (inked(|cell| cell.ink.0), inked(|cell| cell.ink.1));
        let holds = |cell: &Cell| (cell.ink.0 > least_a, cell.ink.1 > least_b);
        let mut fits: Vec<f32> =
            cells.iter().filter(|cell| holds(cell) == (true, true)).map(|cell| cell.fit).collect();
        fits.sort_unstable_by(f32::total_cmp);
        let top = fits.get(fits.len() * 4 / 5).copied().unwrap_or(0.0);
        let says: Vec<Option<Says>> = cells
            .iter()
            .map(|cell| {
                let lost = cell.lost.0.min(cell.lost.1) > LOST;
                match holds(cell) {
                    (false, false) => None,
                    _ if cell.fit < DIFFERS * top && lost => Some(Says::Other),
                    (true, true) if cell.fit >= AGREES * top => Some(Says::Same),
                    (true, true) => Some(Says::Unclear),
                    _ => Some(Says::One),
                }
            })
            .collect();
        let both = fits.len();
        let agree =
            cells.iter().filter(|cell| holds(cell) == (true, true) && cell.fit >= AGREES * top).count();
        let mut unexplained = Vec::new();
        let mut covered = 0;
        for cell in cells.iter().filter(|cell| holds(cell) == (true, true) && cell.fit < FITS * top) {
            let (less, more) = (cell.lost.0.min(cell.lost.1), cell.lost.0.max(cell.lost.1));
            if more > COVERED && less < 0.4 * more {
                covered += 1;
            } else if within(cell, core) {
                unexplained.push((cell.row, cell.column));
            }
        }
        let mut shifts: Vec<f64> = cells
            .iter()
            .filter(|cell| holds(cell) == (true, true) && cell.fit >= AGREES * top)
            .map(|cell| f64::from(cell.moved.0).hypot(f64::from(cell.moved.1)))
            .collect();
        shifts.sort_unstable_by(f64::total_cmp);
        let shift = shifts.get(shifts.len() * 9 / 10).copied().map_or(0.0, rounded);
        let spots = spots(&unexplained);
        let unexplained = unexplained.len();
        let other = says.iter().filter(|says| **says == Some(Says::Other)).count();
        let either = says.iter().flatten().count();
        let median = fits.get(both / 2).copied().map_or(0.0, f64::from);
        Self { both, either, agree, other, unexplained, spots, covered, median, shift, says }
    }

    fn agree_both(&self) -> f64 {
        share(self.agree, self.both)
    }

    fn agree_either(&self) -> f64 {
        share(self.agree, self.either)
    }

    fn unexplained_share(&self) -> f64 {
        share(self.unexplained, self.both - self.covered)
    }

    fn other_share(&self) -> f64 {
        share(self.other, self.either)
    }
}

/// The box of the overlap that all but a few of the places lie in; what lies around the sheet has few.
fn core_of(tie: &Tie, overlap: &Overlap) -> [f64; 4] {
    let on = |pair: &Pair| overlap.frame.apply(if overlap.swapped { pair.b } else { pair.a });
    let (mut xs, mut ys): (Vec<f64>, Vec<f64>) = tie.inliers.iter().map(on).unzip();
    xs.sort_unstable_by(f64::total_cmp);
    ys.sort_unstable_by(f64::total_cmp);
    let few = xs.len() / 40;
    let end = |values: &[f64], k: usize| values.get(k).copied().unwrap_or(0.0);
    let last = xs.len().saturating_sub(few + 1);
    [end(&xs, few), end(&ys, few), end(&xs, last), end(&ys, last)]
}

fn within(cell: &Cell, [left, top, right, bottom]: [f64; 4]) -> bool {
    let middle = |k: usize| (k as f64 + 0.5) * CELL as f64;
    let (x, y) = (middle(cell.column), middle(cell.row));
    x >= left && x <= right && y >= top && y <= bottom
}

/// How many groups of cells that touch each other.
fn spots(cells: &[(usize, usize)]) -> usize {
    let mut left: BTreeSet<(usize, usize)> = cells.iter().copied().collect();
    let mut count = 0;
    while let Some(first) = left.pop_first() {
        count += 1;
        let mut open = vec![first];
        while let Some((row, column)) = open.pop() {
            for r in row.saturating_sub(1)..=row + 1 {
                open.extend(
                    (column.saturating_sub(1)..=column + 1).map(|c| (r, c)).filter(|cell| left.remove(cell)),
                );
            }
        }
    }
    count
}

fn share(part: usize, of: usize) -> f64 {
    if of == 0 { 0.0 } else { part as f64 / of as f64 }
}

fn measures(tie: &Tie, counts: &Counts, shares: (f64, f64), scale: f64) -> Vec<Measure> {
    vec![
        Measure::new(
            "places that lie on each other",
            tie.inliers.len() as f64,
            "places",
            Some(MIN_INLIERS as f64),
        ),
        Measure::new("places that look alike", tie.pairs as f64, "places", None),
        Measure::new("cells with ink in both", counts.both as f64, "cells", Some(MIN_CELLS as f64)),
        Measure::new(
            "cells with ink in both that agree",
            rounded(counts.agree_both()),
            "share",
            Some(MIN_AGREE),
        ),
        Measure::new(
            "cells with ink that agree",
            rounded(counts.agree_either()),
            "share",
            Some(MIN_AGREE_EITHER),
        ),
        Measure::new("cells with other ink", rounded(counts.other_share()), "share", Some(MAX_OTHER)),
        Measure::new(
            "cells that fit badly, nothing covering them",
            rounded(counts.unexplained_share()),
            "share",
            Some(MAX_UNEXPLAINED),
        ),
        Measure::new(
            "shift of nine cells in ten beyond the map, at most",
            counts.shift,
            "pixels of the overlap",
            None,
        ),
        Measure::new("places apart of such cells", counts.spots as f64, "places", None),
        Measure::new("median correlation of cells", rounded(counts.median), "", Some(MIN_MEDIAN)),
        Measure::new("share of the first seen in the second", rounded(shares.0), "share", None),
        Measure::new("share of the second seen in the first", rounded(shares.1), "share", None),
        Measure::new("scale of the second against the first", rounded(scale), "", None),
        Measure::new("quarter turns", f64::from(tie.pose.turns), "turns", None),
        Measure::new("light and dark exchanged", if tie.pose.negative { 1.0 } else { 0.0 }, "", None),
    ]
}

/// Four digits: what is measured is not known any better.
fn rounded(value: f64) -> f64 {
    (value * 10_000.0).round() / 10_000.0
}
