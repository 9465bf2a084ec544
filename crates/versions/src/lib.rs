//! What pictures of one sheet say differently, and which picture was made from which.
//!
//! **In:** the pictures of one family as rasters, each with a homography from the sheet that is good to a few pixels, and a
//! [`Reader`] that reads strips of text. **Out:** [`Findings`]: alterations with their places and readings, versions,
//! derivations.
//!
//! The way: all pictures are laid on one view of the sheet and registered to a fraction of a letter (`view`, `lay`,
//! `register`); each is compared with the best ones at common sharpness and contrast, and what differs is held against what
//! that pair leaves everywhere (`differ`, `place`); each place found is looked at closely on every pair (`close`, `agree`),
//! and read again at full size on every picture (`reread`); an alteration is said only where pixels and readings agree that
//! there is one (`decide`). Versions follow from the alterations (`group`), derivations from light, bend, marks and detail
//! (`descent`).
//!
//! **Invariant:** the same input gives the same findings on any number of threads, and whatever the input is, it is
//! answered without a panic; no alteration is said between pictures that read the same.
//!
//! **Deliberately absent:** disk, clocks, processes (the caller brings the reader), deciding which pictures form a family,
//! and any word on which version is genuine: [`model::Alteration::later`] is an inference that may be undecided.

mod agree;
mod branching;
mod close;
mod decide;
mod density;
mod descent;
mod differ;
mod encoding;
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
mod solve;
mod view;
mod wording;

pub use encoding::{Original, steps};
pub use findings::{Findings, Looked, Shown};
pub use geometry::Homography;
use model::FamilyId;
use rayon::prelude::*;
pub use reread::{Reader, StripWord};

use agree::{Looks, Pairs};
use decide::{Case, Held};
use place::{Area, Found};
use reread::Line;
use view::View;

/// Places that are read at other sizes, at most.
const AGAIN: usize = 10;

/// Compares the pictures of one family. `sheet` is the width and height of the frame that the homographies lead from, in
/// any unit. The cost grows with the number of pictures, and with the square of it only by a little.
pub fn compare(family: FamilyId, sheet: (f64, f64), shown: &[Shown], reader: &dyn Reader) -> Findings {
    let able: Vec<&Shown> = shown.iter().filter(|s| s.usable()).collect();
    if able.len() < 2 {
        return findings::alone(family, shown);
    }
    let rasters: Vec<_> = able.iter().map(|s| s.raster).collect();
    let maps: Vec<_> = able.iter().map(|s| s.to_picture).collect();
    let view = View::new(&rasters, &maps, sheet);
    let found = place::find(&view);
    let pairs = Pairs::new(&view, &found);
    let (mut cases, lines) = cases(&view, &found, &pairs, reader);
    let mut held: Vec<Held> = cases.par_iter().map(|case| decide::decide(&view, case)).collect();
    again(&view, &mut cases, &mut held, &lines, reader);
    findings::tell(family, &able, &view, &cases, &held)
}

/// The places at which the members split, each read on every member.
fn cases<'a>(
    view: &View,
    found: &Found,
    pairs: &'a Pairs<'a>,
    reader: &dyn Reader,
) -> (Vec<Case<'a>>, Vec<Line>) {
    let looked: Vec<(Area, Vec<usize>, Looks<'a>)> = found
        .places
        .par_iter()
        .filter_map(|area| {
            let tells = |p: &usize| place::silence(view, &found.covered[*p], *p, area).is_none();
            let members: Vec<usize> = view.order.iter().copied().filter(tells).collect();
            let looks = Looks::new(pairs, *area);
            let top = agree::split(&looks, &members, decide::LEAST);
            top.filter(decide::worth_reading).map(|_| (*area, members, looks))
        })
        .collect();
    let lines: Vec<_> = looked.iter().map(|(area, members, _)| reread::line(view, area, members)).collect();
    let strips: Vec<_> = looked
        .par_iter()
        .zip(&lines)
        .flat_map_iter(|((_, members, _), line)| members.iter().map(move |m| reread::strip(view, *m, line)))
        .collect();
    let mut read = reader.read(&strips).into_iter();
    let cases = looked
        .into_iter()
        .zip(&lines)
        .map(|((area, members, looks), line)| {
            let words = members.iter().map(|_| reread::spoken(&read.next().unwrap_or_default(), line));
            let words = words.collect();
            Case { area, members, looks, words, again: Vec::new() }
        })
        .collect();
    (cases, lines)
}

/// Reads the places that the pixels tell apart and the readings do not at other sizes, and decides them again.
fn again(view: &View, cases: &mut [Case], held: &mut [Held], lines: &[Line], reader: &dyn Reader) {
    let mut unclear: Vec<(f32, usize, Vec<usize>)> = cases
        .iter()
        .zip(held.iter())
        .enumerate()
        .filter_map(|(n, (case, held))| decide::unclear(case, held).map(|(far, members)| (far, n, members)))
        .collect();
    unclear.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    unclear.truncate(AGAIN);
    let asked: Vec<(usize, usize, Line)> = unclear
        .iter()
        .flat_map(|(_, n, members)| members.iter().map(|m| (*n, *m)))
        .flat_map(|(n, m)| reread::others(view, &lines[n], &cases[n].area).map(|line| (n, m, line)))
        .collect();
    if asked.is_empty() {
        return;
    }
    let strips: Vec<_> = asked.par_iter().map(|(_, m, line)| reread::strip(view, *m, line)).collect();
    for ((n, member, line), words) in asked.iter().zip(reader.read(&strips)) {
        cases[*n].again.push((*member, reread::spoken(&words, line)));
    }
    for (_, n, _) in &unclear {
        held[*n] = decide::decide(view, &cases[*n]);
    }
}
