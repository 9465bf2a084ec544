//! Sections of the report as pages, and those with filters.

use axum::response::Response;
use dossier::{Chosen, Live, Order, Wanted, shown};
use maud::Markup;
use texts::{filled, html, mark, say};

use super::{Frame, Part, filtered, pager};
use crate::acts::Refusal;
use crate::bench::Bench;
use crate::fields::Fields;
use crate::people::Person;

/// A section of the report by its name.
pub(crate) fn section(bench: &Bench, who: &Person, name: &str) -> Option<Response> {
    let section = bench.live().section(name)?;
    let (path, title) = (format!("/{name}"), say(heading(name)));
    let body = html! { h1 .sr { (title) } (section) };
    Some(super::framed(&Frame { bench, who, path: &path, title }, &body))
}

fn heading(name: &str) -> &'static str {
    match name {
        "hops" => mark("From channel to channel"),
        "gaps" => mark("What is missing"),
        "documents" => mark("Documents"),
        "said" => mark("Statements"),
        "mentioned" => mark("People, bodies, places"),
        "touched" => mark("Whom the sheets touch"),
        "channels" => mark("Channels"),
        "unseen" => mark("Referenced but unseen"),
        "discrepancies" => mark("What exports tell differently"),
        "problems" => mark("Problems and notes"),
        _ => mark("Method and limits"),
    }
}

/// Channels with their ids, for a choice.
pub(super) fn channels(bench: &Bench) -> Vec<(String, String)> {
    let live = bench.live();
    let one = |channel: &dossier::told::Channel| (channel.id.clone(), cut(&channel.name));
    let mut all: Vec<(String, String)> = live.dossier().channels.iter().map(one).collect();
    all.sort_by(|a, b| a.1.cmp(&b.1).then_with(|| a.0.cmp(&b.0)));
    all
}

fn cut(name: &str) -> String {
    name.chars().map(|c| if c.is_control() { ' ' } else { c }).take(60).collect()
}

/// A choice of one value or none.
pub(super) fn choice(
    name: &str,
    label: &'static str,
    any: &str,
    values: &[(String, String)],
    now: Option<&str>,
) -> Markup {
    html! {
        label .field {
            span { (say(label)) }
            select name=(name) {
                option value="" { (any) }
                @for (value, words) in values { option value=(value) selected[now == Some(value)] { (shown::plain(words, 80)) } }
            }
        }
    }
}

fn pairs(values: &[(&str, &str)]) -> Vec<(String, String)> {
    values.iter().map(|(value, words)| ((*value).to_owned(), (*words).to_owned())).collect()
}

/// What an analyst can hold of an observation.
pub(super) fn judgements() -> Vec<(String, String)> {
    [
        ("holds", say("it is as observed")),
        ("not", say("it is not as observed")),
        ("open", say("it stays open")),
    ]
    .map(|(value, words)| (value.to_owned(), words.to_owned()))
    .to_vec()
}

/// The timeline with its filter.
pub(crate) fn timeline(bench: &Bench, who: &Person, fields: &Fields, part: Part) -> Response {
    let live = bench.live();
    let results = match chosen(fields) {
        Ok(chosen) => live.timeline(&chosen),
        Err(refusal) => refusal.markup(),
    };
    let frame = Frame { bench, who, path: "/timeline", title: say("Timeline") };
    let form = || {
        html! {
            h1 .sr { "Timeline" }
            form autocomplete="off" #filter .filter data-live action="/timeline" {
                label .field { span { "From (UTC)" } input name="from" value=[fields.get("from")] placeholder="2023-01-27T13:00"; }
                label .field { span { "To (UTC)" } input name="to" value=[fields.get("to")] placeholder="2023-01-28"; }
                (choice("channel", "Channel", say("all channels"), &channels(bench), fields.get("channel")))
                (choice("family", "Sheet", say("all sheets"), &several(&live, fields.get("family")), fields.get("family")))
                @if let Some(version) = fields.get("version") {
                input type="hidden" name="version" value=(version);
                a .chip.on href={ "/timeline?" (fields.with("version", "")) } { (of_version(&live, version)) " ✕" }
            }
                button .without-script type="submit" { "Show" }
                a .button href="/timeline" { "All" }
            }
        }
    };
    filtered(&frame, part, form, &results)
}

fn chosen(fields: &Fields) -> Result<Chosen, Refusal> {
    let owned = |name: &str| fields.get(name).map(str::to_owned);
    Ok(Chosen {
        from: fields.instant("from", false)?,
        to: fields.instant("to", true)?,
        family: owned("family"),
        version: owned("version"),
        channel: owned("channel"),
    })
}

/// Channels and sheets, a group of sheets and a page of channels at a time.
pub(crate) fn matrix(bench: &Bench, who: &Person, fields: &Fields, part: Part) -> Response {
    let live = bench.live();
    let groups = live.groups();
    let group = fields.number("sheets");
    let (told, page) = live.matrix(group, fields.number("page"));
    let ranges: Vec<(String, String)> =
        groups.iter().enumerate().map(|(n, range)| ((n + 1).to_string(), range.clone())).collect();
    let frame = Frame { bench, who, path: "/matrix", title: say("Channels and sheets") };
    let form = || {
        html! {
            h1 .sr { "Channels and sheets" }
            @if let [first, others @ ..] = ranges.as_slice() {
                @if !others.is_empty() {
                    form autocomplete="off" .filter data-live action="/matrix" {
                        (choice("sheets", "Sheets", &first.1, others, fields.get("sheets")))
                        button .without-script type="submit" { "Show" }
                    }
                }
            }
        }
    };
    let results = html! {
        @if page.of > 1 { p role="status" { (shown::counted(page.all, "channel", "channels")) " had any of these sheets." } }
        (told)
        (pager(page, "/matrix", fields))
    };
    filtered(&frame, part, form, &results)
}

/// The grid of sheets with its filter.
pub(crate) fn sheets(bench: &Bench, who: &Person, fields: &Fields, part: Part) -> Response {
    let live = bench.live();
    let wanted = Wanted {
        words: fields.get("words").unwrap_or_default().to_owned(),
        differs: fields.is("differs"),
        channel: fields.get("channel").map(str::to_owned),
        banner: fields.get("banner").map(str::to_owned),
        several: fields.is("several"),
        order: match fields.get("order") {
            Some("pictures") => Order::Pictures,
            Some("versions") => Order::Versions,
            Some("appearances") => Order::Appearances,
            _ => Order::First,
        },
        page: fields.number("page"),
    };
    let (list, page) = live.sheets(&wanted);
    let orders = pairs(&[
        ("pictures", say("most pictures")),
        ("versions", say("most versions")),
        ("appearances", say("most appearances")),
    ]);
    let frame = Frame { bench, who, path: "/sheets", title: say("Sheets") };
    let form = || {
        html! {
            h1 { "Sheets" }
            form autocomplete="off" .filter data-live action="/sheets" {
                label .field { span { "Words on the sheet" } input type="search" name="words" value=[fields.get("words")]; }
                (choice("differs", "Pictures", say("that differ or not"), &pairs(&[("yes", say("that differ")), ("no", say("that do not"))]), fields.get("differs")))
                (choice("several", "Seen", say("once or more"), &pairs(&[("yes", say("more than once")), ("no", say("once"))]), fields.get("several")))
                (choice("channel", "In channel", say("any"), &channels(bench), fields.get("channel")))
                (choice("banner", "Marked", say("any marking"), &banners(&live), fields.get("banner")))
                (choice("order", "Order", say("by first appearance"), &orders, fields.get("order")))
                button .without-script type="submit" { "Show" }
            }
        }
    };
    let results = html! {
        p role="status" { (shown::counted(page.all, "sheet", "sheets")) }
        (list)
        (pager(page, "/sheets", fields))
    };
    filtered(&frame, part, form, &results)
}

/// Posts that carry pictures.
pub(crate) fn posts(bench: &Bench, who: &Person, fields: &Fields, part: Part) -> Response {
    let live = bench.live();
    let (list, page) = live.posts(fields.number("page"), fields.get("channel"), fields.get("family"));
    let frame = Frame { bench, who, path: "/posts", title: say("Posts with pictures") };
    let form = || {
        html! {
            h1 { "Posts with pictures" }
            form autocomplete="off" .filter data-live action="/posts" {
                (choice("channel", "Channel", say("all channels"), &channels(bench), fields.get("channel")))
                (choice("family", "Sheet", say("all sheets"), &several(&live, fields.get("family")), fields.get("family")))
                button .without-script type="submit" { "Show" }
            }
        }
    };
    let results = html! {
        p role="status" { (shown::counted(page.all, "post", "posts")) ", in the order of the earliest time each can have been posted; those without a time stand last." }
        (list)
        (pager(page, "/posts", fields))
    };
    filtered(&frame, part, form, &results)
}

/// The markings of sheets with how many have them, for a choice.
fn banners(live: &Live) -> Vec<(String, String)> {
    let one = |(banner, count): (&String, &usize)| (banner.clone(), format!("{} ({count})", cut(banner)));
    live.banners().iter().map(one).collect()
}

/// "sheet 3, version B".
fn of_version(live: &Live, id: &str) -> String {
    let version = live.dossier().versions.iter().find(|version| version.id == id);
    let name = version.and_then(|version| live.version_name(&version.family, id));
    name.unwrap_or_else(|| say("no version of this case").to_owned())
}

/// The sheets that were seen more than once, and the one that is chosen, for a choice.
fn several(live: &Live, chosen: Option<&str>) -> Vec<(String, String)> {
    let offered = live
        .dossier()
        .families
        .iter()
        .filter(|family| family.appearances.len() > 1 || chosen == Some(&family.id));
    let by_number: std::collections::BTreeMap<usize, String> =
        offered.filter_map(|family| Some((live.number(&family.id)?, family.id.clone()))).collect();
    by_number.into_iter().map(|(number, id)| (id, filled("Sheet {n}", &[("n", &number)]))).collect()
}
