//! Problems, method, provenance.

use maud::Markup;
use texts::{html, say_told};

use super::book::Book;
use super::shown::{counted, name, number, plain};
use super::{Context, left_out, section};
use crate::told::{Act, Level, Problem};

/// Files listed under one kind of problem, at most.
const ROWS: usize = 200;
/// Up to so many rows the list is not folded.
const OPEN: usize = 12;

pub(crate) fn acts(book: &Book) -> Markup {
    let acts = &book.dossier.acts;
    section(
        "acts",
        "What analysts did",
        html! {
            @if acts.is_empty() { p { "Nothing: all is as the program found it." } }
            @else {
                p {
                    "What analysts join or split comes before what the program finds. What they testify, note, label and judge stands \
                     beside it, and nothing is derived from it. Each act stands until it is taken back."
                }
                ul .about { @for act in acts { li { (act_line(book, act)) } } }
            }
        },
    )
}

/// An act in words.
pub(crate) fn act_line(book: &Book, act: &Act) -> Markup {
    let ids = |ids: &[String]| html! { @for id in ids { " " (known(book, id)) } };
    html! {
        (super::shown::short(&act.id)) " " (act.at.to_string()) ", " (name(&act.actor)) ": "
        @match act.deed.as_str() {
            "join" => { "joined" (ids(&act.pictures)) },
            "split" => { "split" (ids(&act.pictures)) " from" (ids(&act.from)) },
            "join names" => { "joined " (name(&act.names.join("; "))) },
            "split names" => { "split " (name(&act.names.join("; "))) " from " (name(&act.names_from.join("; "))) },
            "confirm" | "reject" => {
                @if act.deed == "confirm" { "confirmed" } @else { "rejected" }
                @if let Some(impact) = &act.judges { " " (known(book, impact)) }
            },
            "testify" => {
                "entered testimony, which is no observation: seen "
                @match act.when { Some(_) => (super::shown::when(act.when.as_ref())), None => { "at a time that is not said" } }
                "," (ids(&act.pictures))
                @if let Some(basis) = &act.basis { "; known by: " (name(basis)) }
            },
            "note" | "label" | "judge" => {
                @match (&act.label, act.holds) {
                    (Some(label), _) => { "labelled" (ids(act.on.as_slice())) " " span .tag { (name(label)) } },
                    (None, Some(holds)) => { "judged" (ids(act.on.as_slice())) ": " (holds.shown()) },
                    (None, None) => { "noted on" (ids(act.on.as_slice())) },
                }
            },
            _ => { "took back" @if let Some(act) = &act.undoes { " " (super::shown::short(act)) } },
        }
        ". " q { (name(&act.reason)) }
        @if !act.stands { " " span .muted { "Taken back." } }
    }
}

/// What has an id: where it can be opened, a link that says what it is.
fn known(book: &Book, id: &str) -> Markup {
    let label = Some(book.label(id)).filter(|label| *label != "?");
    html! {
        @if !book.live { (super::shown::short(id)) }
        @else {
            a href=(book.to(id)) {
                @match (book.sheet(id), label) {
                    (Some(sheet), _) => { "sheet " (sheet.number) },
                    (None, Some(label)) => { "picture " (label) },
                    (None, None) => (super::shown::short(id)),
                }
            }
        }
    }
}

pub(crate) fn problems(book: &Book) -> Markup {
    // Problems come sorted by number.
    let kinds: Vec<&[Problem]> = book.dossier.problems.chunk_by(|a, b| a.number == b.number).collect();
    let of_level = |level| kinds.iter().filter(move |kind| kind[0].level == level);
    section(
        "problems",
        "Problems and notes",
        html! {
            @if kinds.is_empty() { p { "Everything that was handed in was received and read." } }
            @else { p { "One bad file costs one file: it stays in the case, listed here with what can be done." } }
            @if of_level(Level::Problem).next().is_some() { h3 { "Not received or not read" } }
            @for kind in of_level(Level::Problem) { (problem(book, kind)) }
            @if of_level(Level::Note).next().is_some() { h3 { "Notes" } p { "Worth knowing; nothing was lost." } }
            @for kind in of_level(Level::Note) { (problem(book, kind)) }
        },
    )
}

fn problem(book: &Book, kind: &[Problem]) -> Markup {
    let Some(one) = kind.first() else {
        return html! {};
    };
    html! {
        div .problem {
            h4 { (sentence(say_told(&one.says))) " " code .id { (one.code) " " (one.number) } }
            p { span .muted { "Way out: " } (say_told(&one.way_out)) "." }
            @if kind.len() <= OPEN { (listed(book, kind)) }
            @else { details { summary { (counted(kind.len(), "time", "times")) } (listed(book, kind)) } }
        }
    }
}

fn listed(book: &Book, kind: &[Problem]) -> Markup {
    html! {
        ul .about {
            @for problem in kind.iter().take(ROWS) {
                li {
                    span .path { (about(book, &problem.about)) }
                    @if !problem.detail.is_empty() { " " span .muted { (name(&problem.detail)) } }
                }
            }
        }
        (left_out(ROWS, kind.len(), "of this kind"))
    }
}

/// The path of an item that is named by its id; anything else as it is.
fn about(book: &Book, about: &str) -> Markup {
    html! {
        @match book.item(about) {
            Some(item) => { (name(&item.path)) " " (super::shown::short(about)) },
            None => (name(about)),
        }
    }
}

fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
}

pub(crate) fn method(book: &Book) -> Markup {
    section(
        "method",
        "Method and limits",
        html! {
            @for method in &book.dossier.method {
                div .method {
                    h3 { (sentence(say_told(&method.engine))) }
                    p { (say_told(&method.does)) }
                    ul { @for limit in &method.limits { li { (say_told(limit)) } } }
                }
            }
        },
    )
}

pub(crate) fn provenance(context: &Context, json: Option<model::Digest>) -> Markup {
    section(
        "provenance",
        "Provenance",
        html! {
            dl .meta {
                div { dt { "Report made" } dd { (plain(&context.made_at, 60)) } }
                div { dt { "Program" } dd { "Truecopy " (plain(&context.version, 40)) } }
                div { dt { "Custody log" } dd { (number(context.custody_entries)) " entries" } }
                div { dt { "Head of the log" } dd { code { (plain(&context.custody_head, 64)) } } }
                @if let Some(json) = json {
                    div { dt { "dossier.json, SHA-256" } dd { code { (json) } } }
                }
            }
            h3 { "How to check it" }
            ul {
                li { code { "truecopy verify CASE" } " hashes every received byte anew and walks the custody log. Its head must be the one above." }
                li { code { "truecopy rebuild CASE" } " derives everything again from the received bytes and compares." }
                li {
                    code { "truecopy export CASE --format json" }
                    " writes the dossier this report was made from; its SHA-256 must be the one above."
                }
                li { code { "truecopy show CASE ID" } " shows what stands behind any id of this report." }
                li { "A file's SHA-256 can be computed with any other tool as well. All of them are in dossier.json." }
            }
            p .note {
                "This file holds no received bytes: previews are small JPEGs made anew, and received text is escaped. It asks \
                 the network for nothing."
            }
        },
    )
}
