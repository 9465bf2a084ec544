//! A sheet: its pictures, where they differ, laid on each other, and what an analyst can do about it.

use axum::response::Response;
use dossier::Live;
use maud::Markup;
use texts::{filled, html, say};

use super::lists::choice;
use super::{Field, Frame, act, framed, missing};
use crate::bench::Bench;
use crate::fields::Fields;
use crate::people::Person;

pub(crate) fn sheet(bench: &Bench, who: &Person, id: &str, fields: &Fields) -> Response {
    let live = bench.live();
    let two = fields.get("one").zip(fields.get("two"));
    let Some(told) = live.sheet(id, two) else {
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
        (pair(&live, id, fields))
        (told)
        (deeds(&live, who, id))
    };
    framed(&Frame { bench, who, path: "/sheets", title: &title }, &body)
}

fn neighbour(live: &Live, number: usize) -> Option<String> {
    live.by_number(number)
}

/// Which two pictures are laid on each other.
fn pair(live: &Live, id: &str, fields: &Fields) -> Markup {
    let pictures = labelled(live, id);
    html! {
        @if pictures.len() > 1 {
            form autocomplete="off" .filter action={ "/of/" (id) } {
                (choice("one", "Lay picture", say("the best one"), &pictures, fields.get("one")))
                (choice("two", "on picture", say("of each other version"), &pictures, fields.get("two")))
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
        .take(2000)
        .collect();
    let among: std::collections::BTreeSet<&str> = live.pictures(id).iter().copied().collect();
    let differences: Vec<(String, String)> = live
        .dossier()
        .alterations
        .iter()
        .filter(|row| among.contains(row.picture.as_str()))
        .take(200)
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
            (act(who, "testify", "Enter testimony", "Somebody says when or where this sheet was seen. It is told as testimony, and never moves what the posts show.",
                &[Field::Given("id", id), Field::Line("from", "From (UTC date or time, if it is said)", false), Field::Line("to", "To (UTC)", false),
                  Field::Line("basis", "How it is known", true)]))
            @if !differences.is_empty() {
                (act(who, "judge", "Judge a difference", "", &[Field::One("on", "The difference", differences), Field::One("holds", "Your judgement", judgements())]))
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

fn judgements() -> Vec<(String, String)> {
    [
        ("holds", say("it is as observed")),
        ("not", say("it is not as observed")),
        ("open", say("it stays open")),
    ]
    .map(|(value, words)| (value.to_owned(), words.to_owned()))
    .to_vec()
}
