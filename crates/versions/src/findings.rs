//! From what was found on the view to alterations, versions and derivations of pictures.

use image::RgbImage;
use model::{Alteration, Change, Derivation, FamilyId, Measure, PictureId, Quad, Step, Touches, Version};
use rayon::prelude::*;

use crate::case::Case;
use crate::decide::{Held, Verdict};
use crate::descent::{self, Edge, Kinship};
use crate::earlier::{self, Ground, Order, Told};
use crate::encoding::{self, Original};
use crate::geometry::Homography;
use crate::group;
use crate::place::{Area, overlap};
use crate::sheet::SheetWord;
use crate::traces::Traces;
use crate::view::View;

/// From so many spreads on a picture that stands alone is as likely the one that says what the paper said as the several.
const BEYOND_DOUBT: f32 = 8.0;

/// A picture of the sheet.
#[derive(Clone, Debug)]
pub struct Shown<'a> {
    /// Which.
    pub picture: PictureId,
    /// Its pixels: the page it lies on, or an upright raster of the sheet.
    pub raster: &'a RgbImage,
    /// From the sheet's frame to the raster's pixels, good to a few pixels.
    pub to_picture: Homography,
    /// The picture as it was received, if it is at hand: for what its encoding tells about descent.
    pub original: Option<Original<'a>>,
    /// When it was first seen, in milliseconds since 1970, if a post tells.
    pub first_seen: Option<i64>,
}

impl Shown<'_> {
    pub(crate) fn usable(&self) -> bool {
        let finite = self.to_picture.0.iter().flatten().all(|v| v.is_finite());
        self.raster.width() >= 24
            && self.raster.height() >= 24
            && finite
            && self.to_picture.inverse().is_some()
    }
}

/// A place that was looked at closely, whatever came of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Looked {
    /// `[left, top, right, bottom]` in the sheet's frame.
    pub area: [f64; 4],
    /// What each picture that was read there reads, the better ones first, and the doubt.
    pub reads: Vec<(PictureId, String, f32)>,
    /// The oddest difference between two of them, in spreads of their pair, and the share of contrast that differs.
    pub odd: f32,
    /// The share of contrast that differs.
    pub share: f32,
    /// How many alterations were said of it.
    pub said: usize,
}

/// All that was found about a family.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Findings {
    /// One for each altered picture and place, in reading order; with `Change::Obscured` for places that are covered.
    pub alterations: Vec<Alteration>,
    /// At least one where there are pictures; a picture may be in none, if it shows none of the places that tell.
    pub versions: Vec<Version>,
    /// One for each picture that was made from another.
    pub derivations: Vec<Derivation>,
    /// All places that were looked at closely.
    pub looked: Vec<Looked>,
}

/// A family without two pictures to compare.
pub(crate) fn alone(family: FamilyId, shown: &[Shown]) -> Findings {
    let versions = shown.iter().map(|s| Version::new(family, vec![s.picture], Vec::new())).take(1).collect();
    Findings { versions, ..Findings::default() }
}

/// Puts everything together.
pub(crate) fn tell(
    family: FamilyId,
    shown: &[&Shown],
    view: &View,
    cases: &[Case],
    held: &[Held],
    blocks: &[Verdict],
    words: &[SheetWord],
) -> Findings {
    let verdicts = distinct(held, blocks);
    let says = group::says(&verdicts, shown.len());
    let mut groups = group::groups(&says);
    let kin = descent::kinships(view);
    let exposure = descent::exposures(shown.len(), &kin);
    let seen: Vec<Option<i64>> = shown.iter().map(|s| s.first_seen).collect();
    let originals: Vec<Option<Original>> = shown.iter().map(|s| s.original.clone()).collect();
    let grain = |from, to| encoding::told(view, &originals, from, to);
    let traces = Traces::new(view, &originals, words, &verdicts);
    let shown_by: Vec<Vec<Told>> =
        verdicts.par_iter().map(|v| traces.told(v).into_iter().map(Told::from).collect()).collect();
    let order = Order::new(&verdicts, &shown_by);
    let parents = descent::parents(&kin, &exposure, (&groups, &order), &seen, &grain);
    let parent_of: Vec<Option<usize>> = parents.iter().map(|e| e.as_ref().map(|e| e.from)).collect();
    group::adopt(&mut groups, &parent_of);
    let ground =
        Ground { view, words, verdicts: &verdicts, exposure: &exposure, parents: &parents, seen: &seen };
    let mut alterations = Vec::new();
    for (verdict, seen) in verdicts.iter().zip(&shown_by) {
        alterations.extend(rows(family, shown, view, verdict, &ground.reasons(verdict, seen)));
    }
    // The parts of a block that is told as a whole are not told once more as covered.
    let of_block = |case: &Case| blocks.iter().any(|v| overlap(&v.area, &case.area) > 0.4);
    for (case, held) in cases.iter().zip(held).filter(|(case, _)| !of_block(case)) {
        alterations.extend(covered(family, shown, view, case, held));
    }
    let derivations = parents.iter().flatten().map(|e| derivation(family, shown, &groups, e)).collect();
    let looked = cases.iter().zip(held).map(|(c, h)| looked(shown, view, c, h)).collect();
    Findings {
        alterations,
        versions: versions(family, shown, &verdicts, &says, &groups),
        derivations,
        looked,
    }
}

/// Verdicts in reading order; of two on one place the more unusual.
fn distinct(held: &[Held], blocks: &[Verdict]) -> Vec<Verdict> {
    let mut all: Vec<&Verdict> = held.iter().flat_map(|h| &h.verdicts).chain(blocks).collect();
    all.sort_by(|a, b| b.odd.total_cmp(&a.odd).then(a.area[1].total_cmp(&b.area[1])));
    let mut out: Vec<Verdict> = Vec::new();
    for verdict in all {
        if out.iter().all(|o| overlap(&o.area, &verdict.area) < 0.4) {
            out.push(verdict.clone());
        }
    }
    out.sort_by(|a, b| a.area[1].total_cmp(&b.area[1]).then(a.area[0].total_cmp(&b.area[0])));
    out
}

fn quad(view: &View, picture: usize, area: &Area) -> Quad {
    let [x0, y0, x1, y1] = *area;
    Quad([(x0, y0), (x1, y0), (x1, y1), (x0, y1)].map(|(x, y)| {
        let (x, y) = view.on_picture(picture, x, y);
        model::Point { x, y }
    }))
}

/// One row for each picture of the later side, against one of the other. Where it is not told which is the later: one row, on
/// that picture, where one alone differs a little from several, else as many rows as name every picture of both sides.
fn rows(
    family: FamilyId,
    shown: &[&Shown],
    view: &View,
    verdict: &Verdict,
    reasons: &[Told],
) -> Vec<Alteration> {
    let later = earlier::later(reasons);
    let sizes = [0, 1].map(|side| verdict.sides[side].pictures.len());
    let fewer = usize::from(sizes[1] < sizes[0]);
    let alone = (sizes[fewer] == 1 && verdict.odd < BEYOND_DOUBT).then_some(fewer);
    let first = later.or(alone).unwrap_or_else(|| usize::from(sizes[1] > sizes[0]));
    let (own, other) = (&verdict.sides[first], &verdict.sides[1 - first]);
    let count = if later.or(alone).is_some() { sizes[first] } else { sizes[0].max(sizes[1]) };
    let pick = |list: &[usize], n: usize| list.get(n).or(list.first()).copied();
    (0..count)
        .filter_map(|n| Some((pick(&own.pictures, n)?, pick(&other.pictures, n)?)))
        .map(|(p, against)| {
            let quad_on = quad(view, p, &verdict.area);
            let change = match (own.text.is_empty(), other.text.is_empty()) {
                (true, _) => Change::Removed,
                (_, true) => Change::Added,
                _ => Change::Replaced,
            };
            Alteration {
                id: Alteration::id_of(shown[p].picture, shown[against].picture, &quad_on),
                family,
                picture: shown[p].picture,
                against: shown[against].picture,
                quad: quad_on,
                quad_against: quad(view, against, &verdict.area),
                change,
                reads: own.text.clone(),
                reads_against: other.text.clone(),
                touches: touches(&own.text, &other.text),
                later: later.map(|_| true),
                reasons: reasons.iter().map(|r| r.seen_from(first)).collect(),
                measures: vec![
                    Measure::new(
                        "difference",
                        f64::from(verdict.odd),
                        "spreads",
                        Some(f64::from(crate::decide::ODD)),
                    ),
                    Measure::new(
                        "contrast that differs",
                        f64::from(verdict.share),
                        "share",
                        Some(f64::from(crate::decide::SHARE)),
                    ),
                    Measure::new(
                        "doubt of the readings",
                        f64::from(verdict.doubt),
                        "probability",
                        Some(f64::from(crate::decide::DOUBT)),
                    ),
                ],
            }
        })
        .collect()
}

fn covered(family: FamilyId, shown: &[&Shown], view: &View, case: &Case, held: &Held) -> Vec<Alteration> {
    let clear = case.panel.iter().find(|m| !held.covered.contains(m));
    let Some(clear) = clear else { return Vec::new() };
    held.covered
        .iter()
        .map(|p| {
            let quad_on = quad(view, *p, &case.area);
            Alteration {
                id: Alteration::id_of(shown[*p].picture, shown[*clear].picture, &quad_on),
                family,
                picture: shown[*p].picture,
                against: shown[*clear].picture,
                quad: quad_on,
                quad_against: quad(view, *clear, &case.area),
                change: Change::Obscured,
                reads: String::new(),
                reads_against: String::new(),
                touches: Vec::new(),
                later: None,
                reasons: Vec::new(),
                measures: Vec::new(),
            }
        })
        .collect()
}

/// What the altered words are, by their form.
fn touches(own: &str, other: &str) -> Vec<Touches> {
    const MONTHS: [&str; 12] =
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    const MARKINGS: [&str; 9] = [
        "SECRET",
        "CONFIDENTIAL",
        "UNCLASSIFIED",
        "NOFORN",
        "FVEY",
        "REL",
        "RESTRICTED",
        "ORCON",
        "OFFICIAL",
    ];
    let any = |test: &dyn Fn(&str) -> bool| test(own) || test(other);
    let mut out = Vec::new();
    if any(&|t| t.chars().any(|c| c.is_ascii_digit())) {
        out.push(Touches::Figure);
    }
    let month = |t: &str| MONTHS.iter().any(|m| t.to_lowercase().starts_with(m));
    let year = |t: &str| {
        let digits: String = t.chars().filter(char::is_ascii_digit).collect();
        digits.len() == 4 && (digits.starts_with("19") || digits.starts_with("20"))
    };
    if any(&|t| month(t) || year(t) || t.matches(['/', '-']).count() == 2) {
        out.push(Touches::Date);
    }
    if any(&|t| MARKINGS.iter().any(|m| t.contains(m))) {
        out.push(Touches::Marking);
    } else if any(&|t| t.chars().next().is_some_and(char::is_uppercase)) {
        out.push(Touches::Name);
    }
    out
}

fn versions(
    family: FamilyId,
    shown: &[&Shown],
    verdicts: &[Verdict],
    says: &[Vec<Option<u8>>],
    groups: &[Option<usize>],
) -> Vec<Version> {
    let count = groups.iter().flatten().max().map_or(0, |m| m + 1);
    (0..count)
        .map(|g| {
            let members: Vec<usize> = (0..shown.len()).filter(|k| groups[*k] == Some(g)).collect();
            let texts = (0..verdicts.len())
                .map(|n| {
                    let side = members.iter().find_map(|m| says[*m][n]);
                    side.map(|s| verdicts[n].sides[usize::from(s)].text.clone())
                })
                .collect();
            Version::new(family, members.iter().map(|m| shown[*m].picture).collect(), texts)
        })
        .collect()
}

fn derivation(family: FamilyId, shown: &[&Shown], groups: &[Option<usize>], edge: &Edge) -> Derivation {
    let (from, to, k) = (edge.from, edge.to, edge.kinship);
    let ratio = 1.0 / f64::from(k.ratio);
    let mut steps = Vec::new();
    if k.covers.0 < 0.97 {
        steps.push(Step::Crop);
    }
    if ratio < 0.97 {
        steps.push(Step::Rescale);
    }
    if k.marks.1 > 0.002 {
        steps.push(Step::Annotate);
    }
    if groups[from] != groups[to] && groups[from].is_some() && groups[to].is_some() {
        steps.push(Step::Alter);
    }
    if steps.is_empty() {
        steps.push(Step::Reencode);
    }
    Derivation {
        id: Derivation::id_of(shown[from].picture, shown[to].picture),
        family,
        from: shown[from].picture,
        to: shown[to].picture,
        decided: edge.decided,
        steps,
        measures: measures(&k, ratio, edge.told),
    }
}

fn measures(k: &Kinship, ratio: f64, told: Option<encoding::Told>) -> Vec<Measure> {
    let plain = |name: &str, value: f32, unit: &str| Measure::new(name, f64::from(value), unit, None);
    let mut out = vec![
        plain("of what the first shows, shown by the second", k.covers.0, "share"),
        plain("of what the second shows, shown by the first", k.covers.1, "share"),
        Measure::new("size of the second to the first", ratio, "ratio", None),
        plain("unevenness of light between them", k.light, "logarithm"),
        plain("bend of one against the other", k.bend, "px"),
        plain("darker on the second", k.marks.1, "share"),
        plain("darker on the first", k.marks.0, "share"),
        plain("difference that is left", k.rest, "contrast"),
        plain(
            "distance of the grain",
            k.grain.into_iter().find(|g| !g.is_nan()).unwrap_or(-1.0),
            "neg. log. correlation",
        ),
        plain("grain lost", if k.surplus.is_nan() { 0.0 } else { k.surplus }, "logarithm"),
    ];
    if let Some(told) = told {
        out.push(plain(
            "farther than the encoding of the second explains",
            told.excess,
            "neg. log. correlation",
        ));
        out.push(plain("moved by the encoding of the first", told.own, "neg. log. correlation"));
    }
    out
}

fn looked(shown: &[&Shown], view: &View, case: &Case, held: &Held) -> Looked {
    let top = crate::agree::top(&case.looks, &case.panel, 0.0);
    let [x0, y0, x1, y1] = case.area.map(f64::from);
    let (a, b) = (view.to_sheet.apply(x0, y0), view.to_sheet.apply(x1, y1));
    Looked {
        area: [a.0, a.1, b.0, b.1],
        reads: case.said(&case.area).map(|(m, s)| (shown[m].picture, s.text(), s.doubt())).collect(),
        odd: top.as_ref().map_or(0.0, |t| t.odd),
        share: top.as_ref().map_or(0.0, |t| t.look.share),
        said: held.verdicts.len(),
    }
}
