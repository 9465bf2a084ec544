//! Where the pictures of a sheet differ: its versions, the differing places side by side, and what was made from what.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use maud::Markup;
use texts::{html, say, say_told};

use super::book::{Book, Sheet, address};
use super::places::Places;
use super::sheets::measured;
use super::shown::{anchor, counted, plain, second};
use super::{descent, left_out, quotes, silent};
use crate::told::{Alteration, AlterationKind, Derivation, Version};

/// Places and derivations of a sheet, at most.
const ROWS: usize = 60;
/// Words of a version that are shown, at most.
const SAYS: usize = 12;

pub(crate) fn differ(book: &Book, places: &Places, sheet: &Sheet) -> Markup {
    let versions = Versions::of(book, sheet);
    html! {
        (told_versions(book, &versions))
        (differences(book, places, sheet))
        (made(book, sheet, &versions))
    }
}

/// The versions of a sheet by their first appearance, each with a letter.
pub(crate) struct Versions<'a> {
    rows: Vec<&'a Version>,
}

impl<'a> Versions<'a> {
    pub fn of(book: &Book<'a>, sheet: &Sheet) -> Self {
        let of = book.dossier.versions.iter().filter(|version| version.family == sheet.family.id);
        let mut rows: Vec<&Version> = of.collect();
        rows.sort_by_key(|version| {
            let first = version.first.interval;
            (first.is_none(), first.map(|first| (first.earliest, first.latest)), &version.id)
        });
        Self { rows }
    }

    /// The letter of a version; None where there is but one.
    pub fn letter_of(&self, version: &str) -> Option<String> {
        let place = self.rows.iter().position(|row| row.id == version)?;
        (self.rows.len() > 1).then(|| letter(place))
    }

    /// Which version holds a picture, counted from 0; None where there is but one.
    pub fn place(&self, picture: &str) -> Option<usize> {
        let holds = |version: &&Version| version.pictures.iter().any(|id| id == picture);
        if self.rows.len() > 1 { self.rows.iter().position(holds) } else { None }
    }
}

/// "A" for the first, "B" for the second, after "Z" "A2".
pub(crate) fn letter(place: usize) -> String {
    let letter = char::from(b'A' + (place % 26) as u8);
    if place < 26 { letter.to_string() } else { format!("{letter}{}", place / 26 + 1) }
}

fn told_versions(book: &Book, versions: &Versions) -> Markup {
    html! {
        @if versions.rows.len() > 1 {
            h4 { "Versions" }
            p .note { "Pictures that say the same, as far as they show it. Letters follow the first appearance; a later letter is not a later version." }
            dl .first {
                @for (place, version) in versions.rows.iter().enumerate() {
                    dt { b .{ "version v" (place % 6) } { (letter(place)) } " " span .muted { (counted(version.pictures.len(), "picture", "pictures")) } }
                    dd {
                        (labels(book, version.pictures.iter().map(String::as_str)))
                        " · " (silent::seen(book, &version.first))
                        @if book.live { " · " a href={ "/timeline?version=" (address(&version.id)) } { "on the timeline" } }
                        @let said: Vec<&str> = version.says.iter().flatten().map(String::as_str).filter(|says| !says.is_empty()).collect();
                        @if !said.is_empty() {
                            " · reads "
                            @for (n, says) in said.iter().take(SAYS).enumerate() { @if n > 0 { ", " } q { (plain(says, 120)) } }
                            @if said.len() > SAYS { " and " (said.len() - SAYS) " more" }
                        }
                    }
                }
            }
            (order(book, versions))
        }
    }
}

/// Between which versions how many places tell which is the later.
fn order(book: &Book, versions: &Versions) -> Markup {
    let mut places: BTreeMap<(usize, usize), BTreeSet<[Option<&str>; 2]>> = BTreeMap::new();
    for row in &book.dossier.alterations {
        let (Some(own), Some(other)) = (versions.place(&row.picture), versions.place(&row.against)) else {
            continue;
        };
        let reads = [row.reads.as_deref(), row.reads_against.as_deref()];
        match row.later.filter(|_| own != other) {
            Some(true) => places.entry((own, other)).or_default().insert(reads),
            Some(false) => places.entry((other, own)).or_default().insert([reads[1], reads[0]]),
            None => continue,
        };
    }
    html! {
        @for ((later, earlier), at) in &places {
            p {
                "At " (counted(at.len(), "place", "places")) " " b { (letter(*later)) } " is held to be later than " b { (letter(*earlier)) }
                @if places.contains_key(&(*earlier, *later)) { ", and at others the other way round" }
                "; the reasons stand with each difference."
            }
        }
    }
}

fn labels<'a>(book: &Book, pictures: impl Iterator<Item = &'a str>) -> Markup {
    let labels: Vec<&str> = pictures.map(|picture| book.label(picture)).collect();
    html! { @for (n, label) in labels.iter().enumerate() { @if n > 0 { " " } b { (label) } } }
}

/// The same difference on several pictures is told once: what is read on either side, with all who hold it.
fn differences(book: &Book, places: &Places, sheet: &Sheet) -> Markup {
    let rows = altered(book, sheet);
    let mut grouped: BTreeMap<_, Vec<&Alteration>> = BTreeMap::new();
    for row in &rows {
        grouped.entry((&row.reads, &row.reads_against, row.kind)).or_default().push(row);
    }
    let mut groups: Vec<Vec<&Alteration>> = grouped.into_values().collect();
    // The pictures that stand first in the sheet's list are shown: the best one, then by their first appearance.
    let place = |id: &str| sheet.pictures.iter().position(|picture| *picture == id);
    for group in &mut groups {
        group.sort_by_key(|row| (place(&row.picture).max(place(&row.against)), &row.id));
    }
    groups.sort_by_key(|group| (group[0].quad[0][1] as i64, group[0].quad[0][0] as i64, &group[0].id));
    html! {
        @if !groups.is_empty() {
            details open {
                summary { "Where its pictures differ " span .muted { (counted(groups.len(), "difference", "differences")) } }
                p .note { "That two pictures differ does not say which of them is the earlier, or who changed it." }
                ul .differ { @for group in groups.iter().take(ROWS) { (difference(book, places, group)) } }
                (left_out(ROWS, groups.len(), "differences"))
            }
        }
    }
}

/// The alterations of a sheet; what is covered is not among them.
pub(crate) fn altered<'a>(book: &Book<'a>, sheet: &Sheet) -> Vec<&'a Alteration> {
    let among: BTreeSet<&str> = sheet.pictures.iter().copied().collect();
    let all = book.dossier.alterations.iter().filter(|row| row.kind != AlterationKind::Obscured);
    all.filter(|row| among.contains(row.picture.as_str())).collect()
}

fn difference(book: &Book, places: &Places, group: &[&Alteration]) -> Markup {
    let Some(one) = group.first() else {
        return html! {};
    };
    let holders: BTreeSet<&str> = group.iter().map(|row| row.picture.as_str()).collect();
    let others: BTreeSet<&str> = group.iter().map(|row| row.against.as_str()).collect();
    html! {
        li id=(anchor(&one.id)) {
            (side(book, places, one, &one.picture, &holders, one.reads.as_deref()))
            (side(book, places, one, &one.against, &others, one.reads_against.as_deref()))
            div {
                (one.kind.shown())
                @if !one.touches.is_empty() { "; touches " (one.touches.iter().map(|touches| touched(touches)).collect::<Vec<_>>().join(", ")) }
                (later(book, one))
                (quotes::sided(book, group))
                details { summary { "Measured" } ul .measures { @for measure in &one.measures { li { (measured(measure)) } } } }
            }
        }
    }
}

/// Which of the two is held to be the later, and what speaks for either.
fn later(book: &Book, row: &Alteration) -> Markup {
    let name = |later: bool| book.label(if later { &row.picture } else { &row.against });
    html! {
        p {
            @match row.later {
                Some(later) => { b { (name(later)) } " is held to be the later of the two here" },
                None => { "Which of the two is the later is undecided" },
            }
        }
        @if !row.reasons.is_empty() {
            details {
                summary { "What speaks for either being the later" }
                ul .about {
                    @for clue in &row.reasons {
                        li {
                            "for " b { (name(clue.later)) } ": " (clue.why.shown())
                            @if !clue.carries { span .muted { " (does not decide by itself)" } }
                            ul .measures { @for measure in &clue.measures { li { (measured(measure)) } } }
                        }
                    }
                }
            }
        }
    }
}

fn side(
    book: &Book,
    places: &Places,
    row: &Alteration,
    picture: &str,
    holders: &BTreeSet<&str>,
    reads: Option<&str>,
) -> Markup {
    html! {
        figure {
            (places.image(&row.id, picture == row.picture, book.label(picture)))
            figcaption {
                (labels(book, holders.iter().copied()))
                @match reads { Some(reads) => { @if holders.len() == 1 { " reads " } @else { " read " } q { (plain(reads, 200)) } }, None => { " show nothing there" } }
            }
        }
    }
}

/// What a difference touches.
fn touched(word: &str) -> &str {
    match word {
        "figure" => say("a figure"),
        "name" => say("a name"),
        "date" => say("a date"),
        "marking" => say("a marking"),
        other => other,
    }
}

/// By what steps one was made from the other.
pub(crate) fn steps(row: &Derivation) -> String {
    row.steps.iter().map(|step| say_told(step)).collect::<Vec<_>>().join(", ")
}

/// What was made from what: drawn along time, then each with its reasons.
fn made(book: &Book, sheet: &Sheet, versions: &Versions) -> Markup {
    let of = book.dossier.derivations.iter().filter(|made| made.family == sheet.family.id);
    let rows: Vec<&Derivation> = of.collect();
    let mut seen: BTreeMap<&str, Timestamp> = BTreeMap::new();
    for appearance in &sheet.family.appearances {
        if let Some(window) = appearance.when {
            let known = seen.entry(&appearance.picture).or_insert(window.latest);
            *known = window.latest.min(*known);
        }
    }
    html! {
        @if !rows.is_empty() {
            details {
                summary { "What may have been made from what " span .muted { (counted(rows.len(), "pair", "pairs")) } }
                p .note {
                    "An arrow leads from a picture to one that was made from it, or from the nearest to that which is held. A broken line \
                     says that the two are near each other and that the reasons do not decide which came first."
                }
                (descent::drawn(book, sheet, &rows[..rows.len().min(ROWS)], &seen, versions))
                ul .about {
                    @for row in rows.iter().take(ROWS) {
                        li id=(anchor(&row.id)) {
                            b { (book.label(&row.from)) } @if row.decided { " → " } @else { " – " } b { (book.label(&row.to)) }
                            @if !row.steps.is_empty() { " " (steps(row)) }
                            @if let Some(at) = seen.get(row.to.as_str()) { span .muted { " · seen " (second(*at)) " UTC" } }
                            details { summary { "Reasons" } ul .measures { @for measure in &row.measures { li { (measured(measure)) } } } }
                        }
                    }
                }
                (left_out(ROWS, rows.len(), "pairs"))
            }
        }
    }
}
