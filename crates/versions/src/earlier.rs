//! Which of two sides of a difference is the later, as an inference from reasons that may disagree.

use model::{Because, Clue, Measure};

use crate::dates;
use crate::decide::Verdict;
use crate::descent::Edge;
use crate::encoding;
use crate::place::Area;
use crate::sheet::{Contrary, SheetWord};
use crate::sums;
use crate::traces::Trace;
use crate::view::View;

/// How much finer the finest picture of a side must be than that of the other, as a ratio.
const FINER: f64 = 1.5;

/// A reason with the side that it holds to be the later.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Told {
    pub why: Because,
    pub side: usize,
    pub carries: bool,
    pub measures: Vec<Measure>,
}

impl Told {
    /// As it is told of an alteration whose picture is on a side.
    pub fn seen_from(&self, side: usize) -> Clue {
        Clue {
            why: self.why,
            later: self.side == side,
            carries: self.carries,
            measures: self.measures.clone(),
        }
    }
}

/// What all reasons rest on.
pub(crate) struct Ground<'a> {
    pub view: &'a View,
    pub words: &'a [SheetWord],
    pub verdicts: &'a [Verdict],
    pub exposure: &'a [usize],
    pub parents: &'a [Option<Edge>],
    pub seen: &'a [Option<i64>],
}

impl From<Trace> for Told {
    fn from(trace: Trace) -> Self {
        Self { why: trace.why, side: trace.side, carries: true, measures: trace.measures }
    }
}

/// Which pictures are later than which, by what they themselves show at the places at which they differ: for each place the
/// earlier ones and the later ones.
#[derive(Default)]
pub(crate) struct Order(pub Vec<[Vec<usize>; 2]>);

impl Order {
    /// `seen`: for each verdict what its pictures show.
    pub fn new(verdicts: &[Verdict], seen: &[Vec<Told>]) -> Self {
        let told = verdicts.iter().zip(seen).filter_map(|(verdict, seen)| {
            let side = later(seen)?;
            Some([1 - side, side].map(|s| verdict.sides[s].pictures.clone()))
        });
        Self(told.collect())
    }

    /// Whether at some place the second is the later of two, and at none the first.
    pub fn says(&self, first: usize, second: usize) -> bool {
        let later = |a: usize, b: usize| self.0.iter().any(|[e, l]| e.contains(&a) && l.contains(&b));
        later(first, second) && !later(second, first)
    }
}

/// The later side: that for which a reason carries, while none carries for the other.
pub(crate) fn later(reasons: &[Told]) -> Option<usize> {
    let carried = |side: usize| reasons.iter().any(|r| r.carries && r.side == side);
    match (carried(0), carried(1)) {
        (true, false) => Some(0),
        (false, true) => Some(1),
        _ => None,
    }
}

impl Ground<'_> {
    /// All reasons at a place, those that carry first; `seen` is what the pictures themselves show there.
    pub fn reasons(&self, verdict: &Verdict, seen: &[Told]) -> Vec<Told> {
        let mut out = seen.to_vec();
        out.extend(self.made(verdict));
        out.extend(self.alone(verdict));
        out.extend(self.worded(verdict));
        out.extend(self.detail(verdict));
        out.sort_by_key(|told| (!told.carries, told.why));
        out
    }

    /// What the rest of the sheet says against one of the readings, words that differ left out. A date may be the writer's own
    /// error, and does not carry.
    fn worded(&self, verdict: &Verdict) -> Vec<Told> {
        let on_sheet = |area: &Area| {
            let [x0, y0, x1, y1] = area.map(f64::from);
            let (a, b) = (self.view.to_sheet.apply(x0, y0), self.view.to_sheet.apply(x1, y1));
            [a.0, a.1, b.0, b.1]
        };
        let others: Vec<[f64; 4]> =
            self.verdicts.iter().filter(|v| v.area != verdict.area).map(|v| on_sheet(&v.area)).collect();
        let meets = |a: &[f64; 4], b: &[f64; 4]| a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3];
        let same = |word: &&SheetWord| !others.iter().any(|o| meets(o, &word.area));
        let words: Vec<SheetWord> = self.words.iter().filter(same).cloned().collect();
        let texts = [0, 1].map(|s: usize| verdict.sides[s].text.as_str());
        let first = |s: usize| verdict.sides[s].pictures.iter().filter_map(|p| self.seen[*p]).min();
        let area = on_sheet(&verdict.area);
        let sum = sums::contrary(&words, area, texts).map(|found| (Because::Sum, true, found));
        let date = dates::contrary(&words, area, texts, [first(0), first(1)]);
        let date = date.map(|found| (Because::Date, false, found));
        let told = |(why, carries, found): (Because, bool, Contrary)| Told {
            why,
            side: found.side,
            carries,
            measures: found.measures,
        };
        sum.into_iter().chain(date).map(told).collect()
    }

    /// Pictures of one side were made from pictures of the other. It carries where the encodings show that nothing came
    /// between: else both may have been made from one that is not here.
    fn made(&self, verdict: &Verdict) -> Option<Told> {
        let side = |picture: usize| (0..2).find(|s| verdict.sides[*s].pictures.contains(&picture));
        let made = |s: usize| {
            let all = self.parents.iter().flatten();
            all.filter(move |e| e.decided && side(e.to) == Some(s) && side(e.from) == Some(1 - s))
                .collect::<Vec<_>>()
        };
        let (a, b) = (made(0), made(1));
        let (side, edges) = match (a.is_empty(), b.is_empty()) {
            (false, true) => (0, a),
            (true, false) => (1, b),
            _ => return None,
        };
        let at_once = edges.iter().any(|e| e.told.is_some_and(encoding::Told::at_once));
        let measures = vec![Measure::new(
            "pictures made from one of the other side",
            edges.len() as f64,
            "pictures",
            None,
        )];
        Some(Told { why: Because::Made, side, carries: at_once, measures })
    }

    /// Of a sheet photographed twice, one side differs from what two exposures show. It does not carry: a print of the
    /// altered sheet may have been photographed too.
    fn alone(&self, verdict: &Verdict) -> Option<Told> {
        let kinds = |side: usize| {
            let mut all: Vec<usize> =
                verdict.sides[side].pictures.iter().map(|p| self.exposure[*p]).collect();
            all.sort_unstable();
            all.dedup();
            all
        };
        let kinds = [kinds(0), kinds(1)];
        let inside = |s: usize| {
            let (few, many) = (&kinds[s], &kinds[1 - s]);
            few.len() == 1 && many.len() > 1 && many.contains(&few[0])
        };
        let side = match (inside(0), inside(1)) {
            (true, false) => 0,
            (false, true) => 1,
            _ => return None,
        };
        let count = kinds[1 - side].len() as f64;
        let measures =
            vec![Measure::new("photographs or scans that show the other", count, "exposures", Some(2.0))];
        Some(Told { why: Because::Alone, side, carries: false, measures })
    }

    /// The finest picture of one side is much finer than that of the other.
    fn detail(&self, verdict: &Verdict) -> Option<Told> {
        let at = middle(&verdict.area);
        let finest = |s: usize| {
            let pictures = verdict.sides[s].pictures.iter();
            pictures.map(|p| self.view.to_picture[*p].scale_at(at.0, at.1)).fold(0.0, f64::max)
        };
        let (a, b) = (finest(0), finest(1));
        let side = if a > FINER * b {
            1
        } else if b > FINER * a {
            0
        } else {
            return None;
        };
        let ratio = a.max(b) / a.min(b).max(1e-6);
        let measures = vec![Measure::new(
            "the finest picture of the other against the finest of this",
            ratio,
            "ratio",
            Some(FINER),
        )];
        Some(Told { why: Because::Detail, side, carries: false, measures })
    }
}

fn middle(area: &Area) -> (f64, f64) {
    (f64::from(area[0] + area[2]) / 2.0, f64::from(area[1] + area[3]) / 2.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(side: usize, carries: bool) -> Told {
        Told { why: Because::Line, side, carries, measures: Vec::new() }
    }

    #[test]
    fn reasons_that_disagree_leave_it_undecided() {
        assert_eq!(later(&[]), None);
        assert_eq!(later(&[told(0, false), told(0, false)]), None, "what only supports does not decide");
        assert_eq!(later(&[told(1, true), told(0, false)]), Some(1));
        assert_eq!(later(&[told(1, true), told(0, true)]), None);
    }
}
