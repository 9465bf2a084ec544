//! One who bears a name: where it is mentioned, what is said by, to and about it, which harm is proposed, and its briefing.

use axum::response::Response;
use dossier::told::{AffectedParty, Entity, Harm};
use dossier::{Live, shown};
use maud::Markup;
use texts::{html, say, say_told};

use super::{Field, Frame, act, framed, missing};
use crate::bench::Bench;
use crate::people::Person;

/// Rows of a list, at most.
const ROWS: usize = 200;
/// Other names that are offered to be joined, at most.
const OTHERS: usize = 1000;

pub(crate) fn party(bench: &Bench, who: &Person, id: &str) -> Response {
    let live = bench.live();
    let Some(entity) = live.dossier().entities.iter().find(|entity| entity.id == id) else {
        return missing(bench, who, "name of this id");
    };
    let party = live.dossier().parties.iter().find(|party| party.id == id);
    let body = html! {
        h1 { (shown::name(&entity.name)) }
        p .summary { (shown::counted(entity.mentions.len(), "mention", "mentions")) @for role in entity.roles.iter().take(4) { " · " (shown::name(role)) } }
        p .ways {
            a href={ "/search?party=" (id) "&q=" (first_word(&entity.name)) } { "Search" }
            @if party.is_some() && who.may_act() {
                " · " a href={ "/briefing/" (id) ".html" } { "Briefing" } " · " a href={ "/briefing/" (id) ".pdf" } { "Briefing as PDF" }
                " · " a href={ "/redact?party=" (id) } { "Redact its passages" } " · " a href={ "/hand?party=" (id) } { "Hand over its briefing" }
            }
        }
        (spellings(entity))
        (mentions(&live, id))
        @if let Some(party) = party { (touched(&live, who, party)) (said(&live, party)) }
        (live.remarks_on(id))
        (deeds(&live, who, entity))
    };
    framed(&Frame { bench, who, path: "/mentioned", title: &entity.name }, &body)
}

fn first_word(name: &str) -> String {
    let last = name.split_whitespace().last().unwrap_or_default();
    last.chars().filter(|sign| sign.is_alphanumeric()).collect()
}

fn spellings(entity: &Entity) -> Markup {
    html! {
        @if entity.spellings.len() > 1 {
            p { "Spelled " @for (n, name) in entity.spellings.iter().take(20).enumerate() { @if n > 0 { ", " } (shown::name(name)) } "." }
        }
        @if !entity.joined.is_empty() {
            ul .about { @for one in entity.joined.iter().take(20) { li { (shown::name(&one.one)) " and " (shown::name(&one.other)) ": " (say_told(&one.because)) } } }
        }
    }
}

/// Where it is named, each with a link to the place on the picture.
fn mentions(live: &Live, id: &str) -> Markup {
    let own = live.dossier().mentions.iter().filter(|mention| mention.entity.as_deref() == Some(id));
    let rows: Vec<&dossier::told::Mention> = own.collect();
    html! {
        section aria-labelledby="where-h" {
            h2 #where-h { "Where it is named" }
            ul .about {
                @for mention in rows.iter().take(ROWS) {
                    li data-row {
                        (live.sheet_link(&mention.family)) ": " (shown::name(&mention.name))
                        @for spot in mention.cited.places.iter().take(3) { " · " (place(live, spot)) }
                    }
                }
            }
            (more(rows.len()))
        }
    }
}

/// How many rows are not shown.
fn more(all: usize) -> Markup {
    html! { @if all > ROWS { p .note { (shown::number((all - ROWS) as u64)) " more are left out here. All are in dossier.json." } } }
}

/// A place on a picture, as a link that opens it there.
fn place(live: &Live, spot: &dossier::told::Spot) -> Markup {
    let at = spot.cite.as_deref().unwrap_or_default();
    let encoded: String = form_urlencoded::byte_serialize(at.as_bytes()).collect();
    html! { a href={ "/of/" (spot.picture) "?at=" (encoded) } { "picture " (live.label(&spot.picture)) } }
}

fn touched(live: &Live, who: &Person, party: &AffectedParty) -> Markup {
    html! {
        section aria-labelledby="touched-h" {
            h2 #touched-h { "How it is touched" }
            p {
                @match party.first {
                    Some(first) => { "First seen no earlier than " (shown::second(first.earliest)) " UTC; " },
                    None => { "Not seen in a post that is held; " },
                }
                (shown::counted(party.public_sheets as usize, "sheet", "sheets")) " where anyone can look."
            }
            ul .passages {
                @for passage in party.passages.iter().take(ROWS) {
                    li data-row {
                        blockquote { (shown::words(&live.words_of(&passage.family, &passage.cited))) }
                        p .small {
                            (live.sheet_link(&passage.family))
                            @for spot in passage.cited.places.iter().take(2) { " · " (place(live, spot)) }
                            @if let Some(marking) = &passage.marking { " · " (shown::name(marking)) }
                        }
                        @for harm in &passage.harms { (proposed(who, harm)) }
                    }
                }
            }
            (more(party.passages.len()))
        }
    }
}

fn proposed(who: &Person, harm: &Harm) -> Markup {
    html! {
        p .harm {
            b { (shown::name(&harm.kind)) } " "
            @match harm.judged {
                None => span .chip { "proposed" },
                Some(true) => span .chip { "confirmed" },
                Some(false) => span .chip { "rejected" },
            }
            ": " (shown::name(&harm.because)) span .muted { " (rule " (shown::name(&harm.rule)) ")" }
        }
        @if harm.judged.is_none() {
            (act(who, "confirm", "Confirm", "", &[Field::Given("impact", &harm.id)]))
            (act(who, "reject", "Reject", "", &[Field::Given("impact", &harm.id)]))
        }
    }
}

fn said(live: &Live, party: &AffectedParty) -> Markup {
    let ids: std::collections::BTreeSet<&String> =
        party.said.iter().chain(&party.told).chain(&party.about).collect();
    let rows = live.dossier().statements.iter().filter(|said| ids.contains(&said.id));
    let rows: Vec<&dossier::told::Statement> = rows.collect();
    html! {
        @if !rows.is_empty() {
            section aria-labelledby="said-h" {
                h2 #said-h { "What it is reported to have said, was told, or is said of it" }
                ul .sayings {
                    @for said in rows.iter().take(ROWS) {
                        li data-row {
                            div {
                                b { (shown::name(said.speaker.as_deref().unwrap_or(say("not named")))) } " " (shown::name(&said.verb)) " "
                                @if let Some(to) = &said.addressee { b { (shown::name(to)) } }
                            }
                            div { blockquote { (shown::words(&said.quote)) } }
                            p .small { (live.sheet_link(&said.family)) }
                        }
                    }
                }
                (more(rows.len()))
            }
        }
    }
}

fn deeds(live: &Live, who: &Person, entity: &Entity) -> Markup {
    let same =
        live.dossier().entities.iter().filter(|other| other.kind == entity.kind && other.id != entity.id);
    let mut others: Vec<(String, String)> =
        same.map(|other| (other.id.clone(), other.name.clone())).collect();
    others.sort_by(|a, b| a.1.cmp(&b.1));
    let left = others.len().saturating_sub(OTHERS);
    others.truncate(OTHERS);
    let names: Vec<(String, String)> =
        entity.spellings.iter().map(|name| (name.clone(), name.clone())).collect();
    html! {
        (act(who, "join_names", "Join names", "Both names are borne by one.", &[Field::Given("id", &entity.id), Field::One("id", "The other", others)]))
        @if left > 0 { p .note { (shown::number(left as u64)) " more names are not offered; `truecopy join` takes any." } }
        @if names.len() > 1 {
            (act(who, "split_names", "Split names", "These spellings are borne by somebody else.", &[Field::Given("id", &entity.id), Field::Any("name", "Spellings", names)]))
        }
        (act(who, "note", "Note", "", &[Field::Given("on", &entity.id)]))
    }
}
