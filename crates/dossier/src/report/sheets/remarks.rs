//! What analysts say of a sheet: testimony, notes, labels, judgements. It stands beside what was observed, and apart from it.

use std::collections::BTreeSet;

use maud::Markup;
use texts::html;

use super::super::book::{Book, Sheet};
use super::super::left_out;
use super::super::shown::{counted, name, second, short, when, words};
use crate::told::{Act, Dossier};

/// Remarks on one sheet, at most.
const ROWS: usize = 100;

/// All that stands, in the order in which it was said; nothing where nobody said anything.
pub(crate) fn remarks(book: &Book, sheet: &Sheet) -> Markup {
    listed(about(book.dossier, sheet), |on| on == sheet.family.id || is_sheet(on))
}

/// The same of anything else with an id.
pub(crate) fn remarks_on(book: &Book, id: &str) -> Markup {
    let own = |act: &&Act| act.on.as_deref() == Some(id) || act.pictures.iter().any(|picture| picture == id);
    listed(said(book.dossier).filter(own).collect(), |on| on == id)
}

/// `is_it` tells whether an id is that of what they are shown with.
fn listed(acts: Vec<&Act>, is_it: impl Fn(&str) -> bool) -> Markup {
    let (testimony, rest): (Vec<&Act>, Vec<&Act>) = acts.into_iter().partition(|act| act.deed == "testify");
    html! {
        @if !testimony.is_empty() || !rest.is_empty() {
            h4 { "What analysts say of it" }
            @if !testimony.is_empty() {
                p .note {
                    (counted(testimony.len(), "testimony", "testimonies"))
                    ": somebody says so. It is no post that was observed, and moves no first appearance."
                }
                ul .about { @for act in testimony.iter().take(ROWS) { li { (testified(act)) } } }
                (left_out(ROWS, testimony.len(), "testimonies"))
            }
            @if !rest.is_empty() {
                ul .about { @for act in rest.iter().take(ROWS) { li { (remark(act, &is_it)) } } }
                (left_out(ROWS, rest.len(), "remarks"))
            }
        }
    }
}

fn testified(act: &Act) -> Markup {
    html! {
        b { "Testimony" } ": seen "
        @match act.when { Some(_) => (when(act.when.as_ref())), None => { "at a time that is not said" } }
        ". " q { (words(&act.reason)) }
        @if let Some(basis) = &act.basis { " Known by: " (name(basis)) "." }
        " " (by(act))
    }
}

fn remark(act: &Act, is_it: impl Fn(&str) -> bool) -> Markup {
    let other = act.on.as_deref().filter(|on| !is_it(on));
    html! {
        @match (&act.label, act.holds) {
            (Some(label), _) => { span .tag { (name(label)) } },
            (None, Some(holds)) => { b { "Judged" } ": " (holds.shown()) },
            (None, None) => { b { "Note" } },
        }
        @if let Some(on) = other { " (of " (short(on)) ")" }
        ": " q { (words(&act.reason)) } " " (by(act))
    }
}

/// A note stays with a sheet that gained pictures, under the id that it had then.
fn is_sheet(on: &str) -> bool {
    on.starts_with("fam:")
}

fn by(act: &Act) -> Markup {
    html! { span .muted { (name(&act.actor)) ", " (second(act.at)) " UTC, " (short(&act.id)) } }
}

/// The acts that stand and say something.
fn said(dossier: &Dossier) -> impl Iterator<Item = &Act> {
    dossier.acts.iter().filter(|act| act.stands && (act.deed == "testify" || act.on.is_some()))
}

/// Those that say something of a sheet, its pictures, or what was observed on them.
fn about<'a>(dossier: &'a Dossier, sheet: &Sheet) -> Vec<&'a Act> {
    let acts: Vec<&Act> = said(dossier).collect();
    if acts.is_empty() {
        return acts;
    }
    let pictures: BTreeSet<&str> = sheet.family.pictures.iter().map(String::as_str).collect();
    let kinds: BTreeSet<&str> =
        acts.iter().filter_map(|act| Some(act.on.as_deref()?.split_once(':')?.0)).collect();
    let own = own(dossier, sheet, &pictures, &kinds);
    acts.into_iter()
        .filter(|act| {
            act.pictures.iter().any(|picture| pictures.contains(picture.as_str()))
                || act.on.as_deref().is_some_and(|on| own.contains(on) || pictures.contains(on))
        })
        .collect()
}

/// The ids of what belongs to a sheet, of these kinds.
fn own<'a>(
    dossier: &'a Dossier,
    sheet: &Sheet<'a>,
    pictures: &BTreeSet<&str>,
    kinds: &BTreeSet<&str>,
) -> BTreeSet<&'a str> {
    let family = &sheet.family.id;
    let mut own: BTreeSet<&str> = BTreeSet::from([family.as_str()]);
    let mut take = |kind: &str, ids: &mut dyn Iterator<Item = &'a String>| {
        if kinds.contains(kind) {
            own.extend(ids.map(String::as_str));
        }
    };
    let shows = |picture: &String| pictures.contains(picture.as_str());
    let of = |other: &String| other == family;
    let d = dossier;
    take("item", &mut d.items.iter().filter(|one| one.pictures.iter().any(shows)).map(|one| &one.id));
    take("page", &mut d.pictures.iter().filter(|one| shows(&one.id)).map(|one| &one.page_id));
    take("alt", &mut d.alterations.iter().filter(|one| shows(&one.picture)).map(|one| &one.id));
    take("match", &mut d.matches.iter().filter(|one| shows(&one.a) || shows(&one.b)).map(|one| &one.id));
    take("exp", &mut d.exposures.iter().filter(|one| of(&one.family)).map(|one| &one.id));
    take("vers", &mut d.versions.iter().filter(|one| of(&one.family)).map(|one| &one.id));
    take("der", &mut d.derivations.iter().filter(|one| of(&one.family)).map(|one| &one.id));
    take("doc", &mut d.documents.iter().filter(|one| one.families.iter().any(of)).map(|one| &one.id));
    take("stmt", &mut d.statements.iter().filter(|one| of(&one.family)).map(|one| &one.id));
    take("event", &mut d.events.iter().filter(|one| of(&one.family)).map(|one| &one.id));
    take("subj", &mut d.subjects.iter().filter(|one| of(&one.family)).map(|one| &one.id));
    take("ment", &mut d.mentions.iter().filter(|one| of(&one.family)).map(|one| &one.id));
    take("gap", &mut d.gaps.iter().filter(|one| one.families.iter().any(of)).map(|one| &one.id));
    let quotes = |sheets: &[crate::told::Quoted]| sheets.iter().any(|one| of(&one.family));
    take("quote", &mut d.quotes.iter().filter(|one| quotes(&one.sheets)).map(|one| &one.id));
    take("post", &mut sheet.family.appearances.iter().map(|one| &one.post));
    own
}
