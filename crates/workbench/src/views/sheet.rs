//! A sheet: its pictures, where they differ, laid on each other, and what an analyst can do about it.

use axum::response::Response;
use dossier::Live;
use maud::Markup;
use texts::{filled, html, say};

use super::lists::{choice, judgements};
use super::{Field, Frame, act, framed, missing};
use crate::bench::Bench;
use crate::fields::Fields;
use crate::people::Person;

/// Other sheets that are offered to be joined, at most.
const OFFERED: usize = 2000;
/// Differences that are offered to be judged, at most.
const DIFFERENCES: usize = 200;

pub(crate) fn sheet(bench: &Bench, who: &Person, id: &str, fields: &Fields) -> Response {
    let live = bench.live();
    let two = two(&live, id, fields);
    let same = two.is_some_and(|(one, two)| one == two);
    let Some(told) = live.sheet(id, two.filter(|_| !same)) else {
        return missing(bench, who, "sheet of this id");
    };
    let number = live.number(id).unwrap_or(0);
    let title = filled("Sheet {n}", &[("n", &number)]);
    let body = html! {
        h1 { (title) }
        p .ways {
            a href={ "/timeline?family=" (id) } { "On the timeline" } " · " a href={ "/redact?id=" (id) } { "Redact" } " · "
            a href={ "/hand?family=" (id) } { "Hand over" }
            @if number > 1 { @if let Some(before) = neighbour(&live, number - 1) { " · " a rel="prev" href={ "/of/" (before) } { "Sheet before" } } }
            @if let Some(after) = neighbour(&live, number + 1) { " · " a rel="next" href={ "/of/" (after) } { "Sheet after" } }
        }
        (pair(&live, id, two))
        @if same { p role="alert" { "A picture lies on itself: choose two." } }
        (told)
        (deeds(&live, who, id))
    };
    framed(&Frame { bench, who, path: "/sheets", title: &title }, &body)
}

fn neighbour(live: &Live, number: usize) -> Option<String> {
    live.by_number(number)
}

/// Two pictures that are named; where one of them is, the other is the best one, or the first that is another.
fn two<'a>(live: &'a Live, id: &str, fields: &'a Fields) -> Option<(&'a str, &'a str)> {
    let best = live.family(id)?.best.as_str();
    let other = |own: &str| {
        let pictures = std::iter::once(best).chain(live.pictures(id).iter().copied());
        pictures.into_iter().find(|picture| *picture != own)
    };
    match (fields.get("one"), fields.get("two")) {
        (None, None) => None,
        (Some(one), Some(two)) => Some((one, two)),
        (Some(one), None) => Some((one, other(one)?)),
        (None, Some(two)) => Some((other(two)?, two)),
    }
}

/// Which two pictures are laid on each other.
fn pair(live: &Live, id: &str, two: Option<(&str, &str)>) -> Markup {
    let pictures = labelled(live, id);
    html! {
        @if pictures.len() > 1 {
            form autocomplete="off" .filter action={ "/of/" (id) } {
                (choice("one", "Lay picture", say("the best one"), &pictures, two.map(|two| two.0)))
                (choice("two", "on picture", say("of each other version"), &pictures, two.map(|two| two.1)))
                button type="submit" { "Compare" }
            }
        }
    }
}

fn labelled(live: &Live, id: &str) -> Vec<(String, String)> {
    live.pictures(id)
        .iter()
        .map(|picture| ((*picture).to_owned(), filled("Picture {label}", &[("label", &live.label(picture))])))
        .collect()
}

fn deeds(live: &Live, who: &Person, id: &str) -> Markup {
    let pictures = labelled(live, id);
    let others: Vec<(String, String)> = live
        .dossier()
        .families
        .iter()
        .filter(|family| family.id != id)
        .filter_map(|family| {
            Some((family.id.clone(), filled("Sheet {n}", &[("n", &live.number(&family.id)?)])))
        })
        .take(OFFERED)
        .collect();
    let among: std::collections::BTreeSet<&str> = live.pictures(id).iter().copied().collect();
    let differences: Vec<(String, String)> = live
        .dossier()
        .alterations
        .iter()
        .filter(|row| among.contains(row.picture.as_str()))
        .take(DIFFERENCES)
        .map(|row| (row.id.clone(), difference(live, row)))
        .collect();
    html! {
        section #deeds aria-labelledby="deeds-h" {
            h2 #deeds-h { "What to do about it" }
            @if !who.may_act() { p { "A reader looks; an analyst acts." } }
            @if pictures.len() > 1 {
                (act(who, "split", "Split", "These pictures do not show what the others of this sheet show.", &[Field::Any("id", "Pictures that leave", pictures.clone())]))
            }
            (act(who, "join", "Join", "This sheet and another one are one sheet.", &[Field::Given("id", id), Field::One("id", "The other sheet", others)]))
            @if live.dossier().families.len() > OFFERED { p .note { "Only the first " (OFFERED) " sheets are offered; `truecopy join` takes any." } }
            (act(who, "testify", "Enter testimony", "Somebody says when or where this sheet was seen. It is told as testimony, and never moves what the posts show.",
                &[Field::Given("id", id), Field::Line("from", "From (UTC date or time, if it is said)", false), Field::Line("to", "To (UTC)", false),
                  Field::Line("basis", "How it is known", true)]))
            @let differences_left = differences.len() == DIFFERENCES;
            @if !differences.is_empty() {
                (act(who, "judge", "Judge a difference", "", &[Field::One("on", "The difference", differences), Field::One("holds", "Your judgement", judgements())]))
                @if differences_left { p .note { "Only the first " (DIFFERENCES) " differences are offered; `truecopy judge` takes any." } }
            }
            (act(who, "label", "Label", "", &[Field::Given("on", id), Field::Line("label", "The label", true)]))
            (act(who, "note", "Note", "", &[Field::Given("on", id)]))
        }
    }
}

fn difference(live: &Live, row: &dossier::told::Alteration) -> String {
    let read = |text: &Option<String>| {
        text.as_deref().map_or_else(
            || say("nothing").to_owned(),
            |text| format!("“{}”", text.chars().take(40).collect::<String>()),
        )
    };
    format!(
        "{} {} / {} {}",
        live.label(&row.picture),
        read(&row.reads),
        live.label(&row.against),
        read(&row.reads_against)
    )
}
