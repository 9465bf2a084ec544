//! What pictures of one sheet say differently, and which picture was made from which.
//!
//! **In:** the pictures of one family as rasters, each with a homography from the sheet that is good to a few pixels, and a
//! [`Reader`] that reads strips of text. **Out:** [`Findings`]: alterations with their places and readings, versions,
//! derivations.
//!
//! The way: all pictures are laid on one view of the sheet and registered to a fraction of a letter (`view`, `lay`,
//! `register`); each is compared with the best ones at common sharpness and contrast, and what differs is held against what
//! that pair leaves everywhere (`differ`, `place`); each place found is looked at closely where it differs at all (`close`,
//! `agree`), in a large family on some pictures that stand for all, and read again at full size on some pictures of both
//! sides, on more where these do not read the same (`reread`); only where they contradict each other the others are asked
//! as well (`case`); an alteration is said only where pixels and readings agree that there is one (`decide`). What was added or
//! taken out as a whole, a stamp or a line, is looked for by its ink (`block`); a colour that all pictures have belongs to the
//! sheet (`tint`). Which side of a difference is the later is an inference from reasons (`earlier`): what rewriting leaves on
//! the picture itself (`traces`, with `features`, `beside`, `double`), what the sheet says elsewhere (`sums`, `dates`),
//! exposures and descent. Versions follow from the alterations (`group`), derivations from light, bend, marks and detail, and
//! from which side is the later (`descent`).
//!
//! **Invariant:** the same input gives the same findings on any number of threads, and whatever the input is, it is
//! answered without a panic; no alteration is said between pictures that read the same.
//!
//! **Deliberately absent:** disk, clocks, processes (the caller brings the reader), deciding which pictures form a family,
//! and any word on which version is genuine: [`model::Alteration::later`] is an inference that may be undecided.

mod agree;
mod beside;
mod block;
mod branching;
mod case;
mod close;
mod dates;
mod decide;
mod density;
mod descent;
mod differ;
mod double;
mod earlier;
mod encoding;
mod features;
mod findings;
mod geometry;
mod grain;
mod group;
mod lay;
mod letters;
mod place;
mod plane;
mod register;
mod reread;
mod rounded;
mod sheet;
mod solve;
mod sums;
mod tint;
mod traces;
mod view;
mod wording;

pub use encoding::{Original, steps};
pub use findings::{Findings, Looked, Shown};
pub use geometry::Homography;
use model::FamilyId;
use rayon::prelude::*;
pub use reread::{Reader, StripWord};
pub use rounded::rounded_before;
pub use sheet::{Sheet, SheetWord};

use agree::Pairs;
use case::Case;
use decide::{Held, Turn};
use place::{Area, Found};
use reread::Line;
use view::View;

/// Places that are read at other sizes, at most.
const AGAIN: usize = 10;

/// Compares the pictures of one family. Their homographies lead from the sheet's frame. The cost grows with the number of
/// pictures, and with the square of it only by a little.
pub fn compare(family: FamilyId, sheet: &Sheet, shown: &[Shown], reader: &dyn Reader) -> Findings {
    let able: Vec<&Shown> = shown.iter().filter(|s| s.usable()).collect();
    if able.len() < 2 {
        return findings::alone(family, shown);
    }
    let rasters: Vec<_> = able.iter().map(|s| s.raster).collect();
    let maps: Vec<_> = able.iter().map(|s| s.to_picture).collect();
    let view = View::new(&rasters, &maps, sheet.size);
    let found = place::find(&view);
    let pairs = Pairs::new(&view, &found);
    let mut cases = cases(&view, &found, &pairs);
    let lines: Vec<Line> =
        cases.par_iter().map(|case| reread::line(&view, &case.area, &case.members)).collect();
    let mut held: Vec<Option<Held>> = cases.iter().map(|_| None).collect();
    decided(&view, &mut cases, &mut held, &lines, reader);
    again(&view, &mut cases, &mut held, &lines, reader);
    let held: Vec<Held> = held.into_iter().map(Option::unwrap_or_default).collect();
    let known: Vec<&decide::Verdict> = held.iter().flat_map(|h| &h.verdicts).collect();
    let blocks = block::told(&view, &pairs, &block::boxes(&view, &found), &known, reader);
    findings::tell(family, &able, &view, &cases, &held, &blocks, &sheet.words)
}

/// The places at which the members split.
fn cases<'a>(view: &View, found: &Found, pairs: &'a Pairs<'a>) -> Vec<Case<'a>> {
    let case = |area: &Area| {
        let tells = |p: &usize| place::silence(view, &found.covered[*p], *p, area).is_none();
        let members: Vec<usize> = view.order.iter().copied().filter(tells).collect();
        Case::new(pairs, *area, members)
    };
    found.places.par_iter().filter_map(case).collect()
}

/// Decides the places of which nothing is held yet, reading on the way what that takes.
fn decided(view: &View, cases: &mut [Case], held: &mut [Option<Held>], lines: &[Line], reader: &dyn Reader) {
    loop {
        let open = cases.par_iter().zip(held.par_iter()).enumerate().filter(|(_, (_, held))| held.is_none());
        let turns: Vec<(usize, Turn)> = open.map(|(n, (case, _))| (n, decide::decide(view, case))).collect();
        let mut asked = Vec::new();
        for (n, turn) in turns {
            match turn {
                Turn::Held(told) => held[n] = Some(told),
                Turn::Read(members) => asked.extend(members.into_iter().map(|m| (n, m, lines[n].clone()))),
            }
        }
        if asked.is_empty() {
            return;
        }
        let read = reread::read(view, reader, &asked);
        for ((n, member, _), words) in asked.into_iter().zip(read) {
            let at = cases[n].members.iter().position(|m| *m == member);
            if let Some(at) = at {
                cases[n].words[at] = Some(words);
            }
        }
    }
}

/// Reads the places that the pixels tell apart and the readings do not at other sizes, and decides them again.
fn again(view: &View, cases: &mut [Case], held: &mut [Option<Held>], lines: &[Line], reader: &dyn Reader) {
    let mut unclear: Vec<(f32, usize, Vec<usize>)> = cases
        .iter()
        .zip(held.iter())
        .enumerate()
        .filter_map(|(n, (case, held))| {
            decide::unclear(case, held.as_ref()?).map(|(far, members)| (far, n, members))
        })
        .collect();
    unclear.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    unclear.truncate(AGAIN);
    let asked: Vec<(usize, usize, Line)> = unclear
        .iter()
        .flat_map(|(_, n, members)| members.iter().map(|m| (*n, *m)))
        .flat_map(|(n, m)| reread::others(view, &lines[n], &cases[n].area).map(|line| (n, m, line)))
        .collect();
    let read = reread::read(view, reader, &asked);
    for ((n, member, _), words) in asked.into_iter().zip(read) {
        cases[n].again.push((member, words));
        held[n] = None;
    }
    decided(view, cases, held, lines, reader);
}
