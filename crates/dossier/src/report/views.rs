//! The sheet view: two pictures of one sheet laid on each other, the differing places marked; beside each other, one over
//! the other with a handle to draw, in turns, or as their difference. Works without scripts.

use std::collections::{BTreeMap, BTreeSet};

use maud::Markup;
use texts::{html, say};

use super::book::{Book, Sheet, address};
use super::differ;
use super::{Context, Preview, embedded};
use crate::told::{Alteration, Picture};

/// Rasters in a report, at most: about 5 MB.
const MOST: usize = 24;
/// Pictures of a sheet that are held against its best one, at most.
const EACH: usize = 3;

/// The pairs of pictures that are shown laid on each other, and their rasters.
pub(crate) struct Views<'a> {
    pairs: BTreeMap<&'a str, Vec<(&'a Picture, &'a Picture)>>,
    /// None: they are asked for one by one.
    rasters: Option<BTreeMap<&'a str, String>>,
    /// Sheets that have none because there are too many.
    pub left_out: usize,
    open: bool,
}

impl<'a> Views<'a> {
    pub fn of(book: &Book<'a>, context: &Context, view: Preview) -> Self {
        let (mut shown, mut wanted, mut left_out) = (BTreeMap::new(), BTreeSet::new(), 0);
        for sheet in &book.sheets {
            let pairs = pairs(book, sheet, context.view_all);
            if pairs.is_empty() {
                continue;
            }
            if wanted.len() + pairs.len() + 1 > MOST {
                left_out += 1;
                continue;
            }
            wanted.extend(pairs.iter().flat_map(|(one, two)| [one.id.as_str(), two.id.as_str()]));
            shown.insert(sheet.family.id.as_str(), pairs);
        }
        let wanted: Vec<&str> = wanted.into_iter().collect();
        Self { pairs: shown, rasters: Some(embedded(view, &wanted)), left_out, open: context.view_all }
    }

    /// Those of one sheet that a workbench hands out: of two pictures, or of the best one with others.
    pub fn served(book: &Book<'a>, sheet: &Sheet<'a>, two: Option<(&str, &str)>) -> Self {
        let laid = |id: &str| book.picture(id).filter(|picture| picture.on_sheet.is_some());
        let pairs = match two.and_then(|(one, two)| Some((laid(one)?, laid(two)?))) {
            Some(pair) => vec![pair],
            None => pairs(book, sheet, true),
        };
        let pairs = BTreeMap::from([(sheet.family.id.as_str(), pairs)]);
        Self { pairs, rasters: None, left_out: 0, open: true }
    }

    /// Where a picture's raster comes from; None where it has none.
    fn source(&self, picture: &str) -> Option<String> {
        match &self.rasters {
            Some(rasters) => Some(format!("data:image/jpeg;base64,{}", rasters.get(picture)?)),
            None => Some(format!("/raster/view/{}", address(picture))),
        }
    }

    pub fn shown(&self, book: &Book, sheet: &Sheet) -> Markup {
        let pairs = self.pairs.get(sheet.family.id.as_str()).map(Vec::as_slice).unwrap_or_default();
        html! {
            @for (n, (one, two)) in pairs.iter().enumerate() {
                @if let (Some(under), Some(over)) = (self.source(&one.id), self.source(&two.id)) {
                    (view(book, sheet, n, self.open, (one, &under), (two, &over)))
                }
            }
        }
    }
}

/// The best picture of the sheet with the largest of each other version; with the others where all are wanted.
fn pairs<'a>(book: &Book<'a>, sheet: &Sheet<'a>, all: bool) -> Vec<(&'a Picture, &'a Picture)> {
    let laid = |id: &str| book.picture(id).filter(|picture| picture.on_sheet.is_some());
    let versions = || book.dossier.versions.iter().filter(|version| version.family == sheet.family.id);
    if versions().count() < 2 && !all {
        return Vec::new();
    }
    let area = |picture: &&Picture| {
        let [a, b, c, d] = picture.outline;
        ((c[0] - a[0]) * (d[1] - b[1]) - (d[0] - b[0]) * (c[1] - a[1])).abs()
    };
    let Some(best) = laid(&sheet.family.best) else { return Vec::new() };
    let others = versions().filter(|version| !version.pictures.contains(&best.id));
    let largest = |pictures: &'a [String]| {
        let shown = pictures.iter().filter_map(|id| laid(id));
        shown.max_by(|a, b| area(a).total_cmp(&area(b)).then(b.id.cmp(&a.id)))
    };
    let mut found: Vec<(&Picture, &Picture)> =
        others.filter_map(|version| Some((best, largest(&version.pictures)?))).collect();
    if found.is_empty() && all {
        found.extend(
            sheet.pictures.iter().filter(|id| **id != best.id).filter_map(|id| Some((best, laid(id)?))),
        );
    }
    found.truncate(EACH);
    found
}

/// The ways to look at a pair: a word for the class, and one for people.
const WAYS: [(&str, &str); 4] = [
    ("side", texts::mark("Side by side")),
    ("swipe", texts::mark("One over the other")),
    ("turns", texts::mark("In turns")),
    ("less", texts::mark("Difference")),
];

fn view(
    book: &Book,
    sheet: &Sheet,
    n: usize,
    open: bool,
    one: (&Picture, &str),
    two: (&Picture, &str),
) -> Markup {
    let group = format!("view-{}-{n}", sheet.number);
    let (first, second) = (book.label(&one.0.id), book.label(&two.0.id));
    html! {
        details .view open[open] {
            summary { "Picture " (first) " and picture " (second) ", laid on each other" }
            fieldset {
                legend .sr { "How to look at them" }
                @for (k, (way, says)) in WAYS.iter().enumerate() {
                    input type="radio" name=(group) id={ (group) "-" (way) } class={ "way-" (way) } checked[k == 0];
                    label for={ (group) "-" (way) } { (say(says)) }
                }
            }
            div .pair {
                div .under { (raster(book, sheet, one)) }
                div .over { (raster(book, sheet, two)) }
            }
            p .note { "Both are drawn onto the sheet as the best picture shows it. Places that differ are framed; draw the lower right corner of the upper one to swipe." }
        }
    }
}

fn raster(book: &Book, sheet: &Sheet, (picture, source): (&Picture, &str)) -> Markup {
    let label = book.label(&picture.id);
    let rows = differ::altered(book, sheet);
    let marks: Vec<String> = rows.iter().filter_map(|row| mark(row, picture)).collect();
    let (width, height) = picture.on_sheet.as_ref().map_or((1.0, 1.0), |laid| (laid.width, laid.height));
    html! {
        img src=(source) alt={ "Picture " (label) " on the sheet" };
        svg viewBox={ "0 0 " (width) " " (height) } preserveAspectRatio="none" aria-hidden="true" {
            @for points in &marks { polygon points=(points) {} }
        }
        span .tag { (label) }
    }
}

/// The corners of an altered place on the sheet, as an SVG polygon has them.
fn mark(row: &Alteration, picture: &Picture) -> Option<String> {
    let quad = match () {
        () if row.picture == picture.id => row.quad,
        () if row.against == picture.id => row.quad_against,
        () => return None,
    };
    let map = picture.on_sheet.as_ref()?.map;
    let onto = |[x, y]: [f64; 2]| {
        let w = map[6] * x + map[7] * y + map[8];
        let at = |k: usize| ((map[k] * x + map[k + 1] * y + map[k + 2]) / w * 10.0).round() / 10.0;
        format!("{},{}", at(0), at(3))
    };
    Some(quad.map(onto).join(" "))
}
