//! A picture: the page as it lies, with what was read and found on it, and what is known of it at its margin.

use axum::response::Response;
use dossier::{Live, Sought, shown};
use maud::Markup;
use model::{Picture, PictureId, Point, Quad, Reading};
use texts::{filled, html};

use super::{Field, Frame, act, framed, missing};
use crate::bench::Bench;
use crate::fields::Fields;
use crate::people::Person;

pub(crate) fn picture(bench: &Bench, who: &Person, id: &str, fields: &Fields) -> Response {
    let key = id.parse::<PictureId>().ok();
    let Some(picture) = key.and_then(|key| bench.shelf.derived().get::<Picture>(key).ok()?) else {
        return missing(bench, who, "picture of this id");
    };
    let reading = bench.shelf.derived().get::<Reading>(picture.id).ok().flatten();
    let live = bench.live();
    let label = live.label(id).to_owned();
    let title = filled("Picture {label}", &[("label", &label)]);
    let sought = Sought {
        terms: dossier::terms(fields.get("q").unwrap_or_default()),
        cited: fields.get("at").and_then(|at| region(at, &picture)),
    };
    let body = html! {
        h1 { (title) }
        (told(&live, id))
        (live.page(&picture, reading.as_ref(), &sought))
        (live.remarks_on(id))
        (act(who, "note", "Note on this picture", "", &[Field::Given("on", id)]))
        (act(who, "label", "Label this picture", "", &[Field::Given("on", id), Field::Line("label", "The label", true)]))
    };
    framed(&Frame { bench, who, path: "/sheets", title: &title }, &body)
}

/// What is known of the picture and of its file.
fn told(live: &Live, id: &str) -> Markup {
    let Some(row) = live.picture(id) else { return html! {} };
    html! {
        p .summary {
            @if let Some(family) = &row.family { (live.sheet_link(family)) " · " }
            (row.width) " × " (row.height) " px · " (row.capture.shown())
            @if let Some(item) = row.item.as_deref().and_then(|item| live.item(item)) {
                " · " (shown::name(&item.path)) " · page " (row.page + 1) " · " code .id title=(item.sha256) { "sha256 " (item.sha256.chars().take(12).collect::<String>()) }
            }
        }
        p .ways { a href={ "/redact?id=" (id) } { "Redact" } }
    }
}

/// The region of a printed citation of this picture's page.
fn region(cited: &str, picture: &Picture) -> Option<Quad> {
    let (page, place) = cited.split_once('#')?;
    if page != picture.page.to_string() {
        return None;
    }
    let numbers: Vec<f64> = place.split([',', ';']).filter_map(|number| number.parse().ok()).collect();
    match numbers.as_slice() {
        [a, b, c, d, e, f, g, h] => {
            let corners = [(a, b), (c, d), (e, f), (g, h)];
            Some(Quad(corners.map(|(x, y)| Point { x: *x, y: *y })))
        }
        _ => None,
    }
}
