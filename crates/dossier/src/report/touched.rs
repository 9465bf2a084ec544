//! Whom the sheets touch.

use std::collections::BTreeMap;

use maud::Markup;
use texts::{html, mark, say};

use super::book::Book;
use super::shown::{counted, name, number, second, short};
use super::{left_out, section};
use crate::told::{AffectedParty, EntityKind};

/// Parties told of each kind, at most.
const PARTIES: usize = 100;

pub(crate) fn touched(book: &Book) -> Markup {
    let all = &book.dossier.parties;
    let kinds = [
        (EntityKind::Person, mark("Persons")),
        (EntityKind::Body, mark("Bodies")),
        (EntityKind::Country, mark("Countries")),
    ];
    section(
        "touched",
        "Whom the sheets touch",
        html! {
            @if all.is_empty() { p { "No person, body or country was found in what was read." } }
            @else {
                p {
                    "For each party the passages that mention it, and kinds of harm that listed rules propose. A proposal is no finding: it \
                     says which words stand there, and an analyst confirms or rejects it. How public a sheet is follows from the posts that are \
                     held; it can have been seen elsewhere."
                }
            }
            @for (kind, heading) in kinds {
                @let rows = of_kind(all, kind);
                @if !rows.is_empty() {
                    details {
                        summary { (say(heading)) " " span .muted { (number(rows.len() as u64)) } }
                        ul .names { @for party in rows.iter().take(PARTIES) { li { (told(book, party)) } } }
                        (left_out(PARTIES, rows.len(), "parties"))
                    }
                }
            }
        },
    )
}

fn of_kind(all: &[AffectedParty], kind: EntityKind) -> Vec<&AffectedParty> {
    let mut rows: Vec<&AffectedParty> = all.iter().filter(|party| party.kind == kind).collect();
    let harms =
        |party: &AffectedParty| party.passages.iter().map(|passage| passage.harms.len()).sum::<usize>();
    rows.sort_by_key(|party| {
        (std::cmp::Reverse((harms(party), party.passages.len())), party.name.clone(), party.id.clone())
    });
    rows
}

fn told(book: &Book, party: &AffectedParty) -> Markup {
    let mut harms: BTreeMap<&str, [usize; 3]> = BTreeMap::new();
    for harm in party.passages.iter().flat_map(|passage| &passage.harms) {
        let place = match harm.judged {
            None => 0,
            Some(true) => 1,
            Some(false) => 2,
        };
        harms.entry(&harm.kind).or_default()[place] += 1;
    }
    html! {
        span { b { (book.bearer(&party.id, &party.name)) } " " span .muted { (short(&party.id)) } }
        span .small {
            (counted(party.passages.len(), "passage", "passages")) "; "
            (counted(party.said.len(), "statement by it", "statements by it")) ", "
            (number(party.told.len() as u64)) " to it, " (number(party.about.len() as u64)) " about it"
        }
        span .small .muted {
            @match party.first {
                Some(first) => { "first seen no earlier than " (second(first.earliest)) " UTC; " },
                None => { "not seen in a post that is held; " },
            }
            (counted(party.public_sheets as usize, "sheet", "sheets")) " where anyone can look"
            @for (kind, [proposed, confirmed, rejected]) in &harms {
                br; (name(kind)) ": "
                (proposed) " proposed"
                @if *confirmed > 0 { ", " (confirmed) " confirmed" }
                @if *rejected > 0 { ", " (rejected) " rejected" }
            }
        }
    }
}
