//! What the sheets say: statements by sheet, and who and what is mentioned.

use std::collections::BTreeMap;

use maud::Markup;
use texts::{filled, html, mark, say, say_told};

use super::book::{Book, Sheet};
use super::shown::{anchor, counted, name, number, plain};
use super::{left_out, section};
use crate::told::{Entity, EntityKind, Named, Speech, Statement};

/// Statements in the report, at most.
const STATEMENTS: usize = 1000;
/// Entities of one kind, at most.
const ENTITIES: usize = 200;
/// Up to so many statements of a sheet the list stands open.
const OPEN: usize = 30;

pub(crate) fn said(book: &Book) -> Markup {
    let all = &book.dossier.statements;
    let mut of: BTreeMap<&str, Vec<&Statement>> = BTreeMap::new();
    for statement in all {
        of.entry(&statement.family).or_default().push(statement);
    }
    let sheets: Vec<(&Sheet, &Vec<&Statement>)> =
        book.sheets.iter().filter_map(|sheet| Some((sheet, of.get(sheet.family.id.as_str())?))).collect();
    let mut left = STATEMENTS;
    section(
        "said",
        "What the sheets say",
        html! {
            @if all.is_empty() { p { "No sheet that was read reports what somebody said." } }
            @else {
                p {
                    (counted(all.len(), "statement", "statements")) " on " (counted(sheets.len(), "sheet", "sheets"))
                    ": who is reported to have said what to whom. The sheets say so; whether it is so, or was said, is not asked. \
                     A speaker or addressee that the words leave in doubt is not named."
                }
            }
            @for (sheet, statements) in &sheets {
                @let shown = statements.len().min(left);
                @if shown > 0 { (of_sheet(book, sheet, &statements[..shown], sheets.len() <= OPEN)) }
                @let () = left -= shown;
            }
            (left_out(STATEMENTS, all.len(), "statements"))
        },
    )
}

fn of_sheet(book: &Book, sheet: &Sheet, statements: &[&Statement], open: bool) -> Markup {
    html! {
        details open[open] {
            summary { "Sheet " (sheet.number) " " span .muted { (counted(statements.len(), "statement", "statements")) } }
            ul .sayings {
                @for sentence in statements.chunk_by(|a, b| a.cited.start == b.cited.start) { li { (told(book, sheet, sentence)) } }
            }
        }
    }
}

/// The statements of one sentence, and the sentence.
fn told(book: &Book, sheet: &Sheet, statements: &[&Statement]) -> Markup {
    let Some(first) = statements.first() else { return html! {} };
    html! {
        div { @for statement in statements { span id=(anchor(&statement.id)) { (who(statement)) (book.ways_to_judge(&statement.id)) } } }
        div {
            blockquote { (super::shown::words(&first.quote)) }
            @for statement in statements {
                @if let Some(about) = &statement.about { p .small { span .muted { "About: " } (name(about)) } }
            }
            @for one in &first.likelihood { p .small { span .muted { "“" (name(&one.words)) "”: " } (meaning(one)) } }
            @for one in &first.otherwise {
                p .small .differs {
                    @for picture in &one.pictures { "Picture " (book.label(picture)) " " }
                    @if one.there.is_empty() { "has nothing for “" (name(&one.here)) "”." }
                    @else { "reads “" (name(&one.there)) "” for “" (name(&one.here)) "”." }
                }
            }
        }
        p .small .muted { (place(book, sheet, first)) }
    }
}

fn who(statement: &Statement) -> Markup {
    let how = match statement.speech {
        Speech::Judged => say("a judgement"),
        Speech::Quoted => say("in quotation marks"),
        Speech::Reported => say("reported"),
    };
    html! {
        p .who {
            (party(statement.speaker.as_deref(), statement.speaker_role.as_deref(), statement.speaker_named))
            " " span .verb { (name(&statement.verb)) } " "
            @if statement.addressee.is_some() || statement.addressee_role.is_some() {
                (party(statement.addressee.as_deref(), statement.addressee_role.as_deref(), statement.addressee_named))
            }
        }
        p .small .muted {
            (how)
            @if let Some(when) = &statement.when { ", “" (name(&when.verbatim)) "”" }
            @if let Some(source) = &statement.source { ", according to " (name(source)) }
        }
    }
}

/// Somebody by name and role, or as described.
fn party(named: Option<&str>, role: Option<&str>, how: Option<Named>) -> Markup {
    html! {
        @match (named, role) {
            (Some(named), role) => {
                b { (name(named)) }
                @if let Some(role) = role { span .muted { " (" (name(role)) ")" } }
                @if how == Some(Named::Pronoun) { span .muted { " (by a pronoun)" } }
            },
            (None, Some(role)) => span { (name(role)) },
            (None, None) => span .muted { "not named" },
        }
    }
}

fn meaning(one: &crate::told::Likelihood) -> Markup {
    html! {
        @match (one.at_least, one.at_most, &one.confidence) {
            (Some(least), Some(most), _) => { (least) " to " (most) " percent by ICD 203" },
            (_, _, Some(level)) => { (name(level)) " confidence" },
            _ => {},
        }
    }
}

/// Where it stands: the picture, linked to its sheet.
fn place(book: &Book, sheet: &Sheet, statement: &Statement) -> Markup {
    html! {
        @if let Some(spot) = statement.cited.places.first() {
            @let words = filled("picture {label}", &[("label", &book.label(&spot.picture))]);
            @if book.is_told(&sheet.family.id) { a href=(book.to(&sheet.family.id)) title=(plain(spot.cite.as_deref().unwrap_or(""), 200)) { (words) } }
            @else { (words) }
        }
        @if statement.cited.doubt > 0.5 { br; "a word is read with doubt" }
    }
}

/// Kinds in the order they are told in, with their heading.
const KINDS: [(EntityKind, &str); 14] = [
    (EntityKind::Person, mark("Persons")),
    (EntityKind::Body, mark("Bodies")),
    (EntityKind::Country, mark("Countries")),
    (EntityKind::Place, mark("Places")),
    (EntityKind::Unit, mark("Units")),
    (EntityKind::CodeName, mark("Code names")),
    (EntityKind::Operation, mark("Operations")),
    (EntityKind::Ship, mark("Ships")),
    (EntityKind::Weapon, mark("Weapons")),
    (EntityKind::Money, mark("Sums of money")),
    (EntityKind::Coordinate, mark("Coordinates")),
    (EntityKind::Phone, mark("Telephone numbers")),
    (EntityKind::Email, mark("E-mail addresses")),
    (EntityKind::Identifier, mark("Numbers of passports, files and cases")),
];

pub(crate) fn mentioned(book: &Book) -> Markup {
    let all = &book.dossier.entities;
    section(
        "mentioned",
        "Who and what is mentioned",
        html! {
            @if all.is_empty() { p { "No names were found." } }
            @else {
                p { "Names in the texts of the sheets, gathered over their spellings: proposals with their reasons. One name can be borne by \
                     two; one who is named in two ways that nothing joins stands here twice." }
            }
            @for (kind, heading) in KINDS {
                @let rows = of_kind(all, kind);
                @if !rows.is_empty() {
                    details open[kind == EntityKind::Person && rows.len() <= ENTITIES] {
                        summary { (say(heading)) " " span .muted { (number(rows.len() as u64)) } }
                        ul .names { @for entity in rows.iter().take(ENTITIES) { li id=(anchor(&entity.id)) { (bears(book, entity)) } } }
                        (left_out(ENTITIES, rows.len(), "names"))
                    }
                }
            }
        },
    )
}

fn of_kind(all: &[Entity], kind: EntityKind) -> Vec<&Entity> {
    let mut rows: Vec<&Entity> = all.iter().filter(|entity| entity.kind == kind).collect();
    rows.sort_by_cached_key(|entity| {
        (std::cmp::Reverse(entity.mentions.len()), entity.name.to_lowercase(), &entity.id)
    });
    rows
}

fn bears(book: &Book, entity: &Entity) -> Markup {
    let others: Vec<&String> = entity.spellings.iter().filter(|spelling| **spelling != entity.name).collect();
    let mut sheets: Vec<&Sheet> = entity.families.iter().filter_map(|family| book.sheet(family)).collect();
    sheets.sort_by_key(|sheet| sheet.number);
    html! {
        span { b { (book.bearer(&entity.id, &entity.name)) } @if let Some(role) = entity.roles.first() { span .muted { " " (name(role)) } } }
        span .small {
            (counted(entity.mentions.len(), "mention", "mentions")) " on "
            @for (n, sheet) in sheets.iter().take(12).enumerate() {
                @if n > 0 { ", " }
                @if book.is_told(&sheet.family.id) { a href=(book.to(&sheet.family.id)) { (sheet.number) } } @else { (sheet.number) }
            }
            @if sheets.len() > 12 { " and " (sheets.len() - 12) " more" }
        }
        @if !others.is_empty() || !entity.joined.is_empty() {
            span .small .muted {
                @if !others.is_empty() {
                    "also " @for (n, other) in others.iter().take(8).enumerate() { @if n > 0 { ", " } (name(other)) }
                }
                @for one in entity.joined.iter().take(4) { br; (name(&one.one)) " and " (name(&one.other)) ": " (say_told(&one.because)) }
            }
        }
    }
}
