//! The descent of a sheet's pictures as a drawing: from left to right by their first appearance, an arrow from each picture
//! to what was made from it, coloured by version.

use std::collections::BTreeMap;

use jiff::Timestamp;
use maud::Markup;
use texts::html;

use super::book::{Book, Sheet};
use super::differ::{Versions, letter, steps};
use super::sheets::linked;
use super::shown::{anchor, second};
use super::thumbs::IN_STRIP;
use crate::told::Derivation;

/// Pictures that are drawn, at most.
const MOST: usize = 40;
const COLUMN: f64 = 74.0;
const ROW: f64 = 46.0;
const LEFT: f64 = 30.0;
const TOP: f64 = 34.0;

pub(crate) fn drawn(
    book: &Book,
    sheet: &Sheet,
    rows: &[&Derivation],
    seen: &BTreeMap<&str, Timestamp>,
    versions: &Versions,
) -> Markup {
    let mut order: Vec<&str> = sheet.pictures.clone();
    order.sort_by_key(|picture| (seen.get(picture).is_none(), seen.get(picture).copied(), *picture));
    order.truncate(MOST);
    let places = placed(&order, rows);
    let shown: Vec<&str> = sheet.pictures.iter().take(IN_STRIP).copied().collect();
    let lanes = places.values().map(|place| place.1).max().unwrap_or(0);
    let (width, height) = (LEFT * 2.0 + COLUMN * order.len() as f64, TOP * 2.0 + ROW * lanes as f64);
    let at = |picture: &str| {
        let (column, lane) = places.get(picture).copied()?;
        Some((LEFT + COLUMN * column as f64, TOP + ROW * lane as f64))
    };
    html! {
        div .scroll tabindex="0" role="region" aria-label={ "Descent of the pictures of sheet " (sheet.number) } {
            svg .descent width=(width) height=(height) viewBox={ "0 0 " (width) " " (height) } role="group" aria-label="Descent, told below" {
                @for row in rows {
                    @if let (Some(from), Some(to)) = (at(&row.from), at(&row.to)) { (edge(row, from, to)) }
                }
                @for picture in &order {
                    @if let Some((x, y)) = at(picture) {
                        @let version = versions.place(picture);
                        (linked(book, shown.contains(picture), picture, html! {
                            circle .{ "node v" (version.unwrap_or(0) % 6) } cx=(x) cy=(y) r="7" {
                                @if let Some(at) = seen.get(picture) { title { "seen " (second(*at)) " UTC" } } @else { title { "in no post" } }
                            }
                            text x=(x) y=(y - 12.0) text-anchor="middle" {
                                (book.label(picture)) @if let Some(version) = version { " " (letter(version)) }
                            }
                        }))
                    }
                }
            }
        }
    }
}

/// Column and lane of each picture: by time, the first child in the lane of its parent, further ones in lanes of their own.
fn placed<'a>(order: &[&'a str], rows: &[&Derivation]) -> BTreeMap<&'a str, (usize, usize)> {
    let parent: BTreeMap<&str, &str> = rows.iter().map(|row| (row.to.as_str(), row.from.as_str())).collect();
    let mut places: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    // The column up to which a lane is taken.
    let mut taken: Vec<usize> = Vec::new();
    for (column, picture) in order.iter().enumerate() {
        let above = parent.get(picture).and_then(|parent| places.get(parent)).copied();
        let follows = above.filter(|(at, lane)| taken.get(*lane) == Some(at));
        let lane = match follows {
            Some((_, lane)) => lane,
            None => {
                taken.push(column);
                taken.len() - 1
            }
        };
        taken[lane] = column;
        places.insert(picture, (column, lane));
    }
    places
}

fn edge(row: &Derivation, from: (f64, f64), to: (f64, f64)) -> Markup {
    // From the rim of one circle to the rim of the other.
    let (x, y) = (to.0 - from.0, to.1 - from.1);
    let length = x.hypot(y).max(1.0);
    let (x, y) = (x / length, y / length);
    let (start, end) = ((from.0 + x * 9.0, from.1 + y * 9.0), (to.0 - x * 10.0, to.1 - y * 10.0));
    let wing = |side: f64| {
        let (back, across) = (7.0, 3.5 * side);
        (end.0 - x * back - y * across, end.1 - y * back + x * across)
    };
    let (one, two) = (wing(1.0), wing(-1.0));
    html! {
        a href={ "#" (anchor(&row.id)) } {
            line .{ "edge " (if row.decided { "decided" } else { "near" }) } x1=(round(start.0)) y1=(round(start.1)) x2=(round(end.0)) y2=(round(end.1)) {
                title { (steps(row)) }
            }
            @if row.decided {
                polygon .tip points={ (round(end.0)) "," (round(end.1)) " " (round(one.0)) "," (round(one.1)) " " (round(two.0)) "," (round(two.1)) } {}
            }
        }
    }
}

fn round(value: f64) -> f64 {
    (value * 10.0).round() / 10.0
}
