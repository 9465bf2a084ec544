//! Anything with an id: what analysts say of it, and the forms to judge, label or note it.

use axum::response::Response;
use dossier::shown;
use texts::{filled, html};

use super::lists::judgements;
use super::{Field, Frame, act, framed};
use crate::bench::Bench;
use crate::people::Person;

pub(crate) fn about(bench: &Bench, who: &Person, id: &str) -> Response {
    let live = bench.live();
    let cut: String = id.chars().take(17).collect();
    let title = filled("About {id}", &[("id", &cut)]);
    let body = html! {
        h1 { "About " (shown::short(id)) }
        p { a href={ "/of/" (id) } { "Where it stands" } }
        (live.remarks_on(id))
        @if !who.may_act() { p { "A reader looks; an analyst acts." } }
        (act(who, "judge", "Judge", "Whether what was observed holds. Nothing is derived from it.", &[Field::Given("on", id), Field::One("holds", "Your judgement", judgements())]))
        (act(who, "label", "Label", "", &[Field::Given("on", id), Field::Line("label", "The label", true)]))
        (act(who, "note", "Note", "", &[Field::Given("on", id)]))
    };
    framed(&Frame { bench, who, path: "", title: &title }, &body)
}
