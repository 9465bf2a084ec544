//! What analysts did, the latest first, each with a way to take it back.

use axum::response::Response;
use dossier::{Page, shown};
use texts::{html, say};

use super::{Field, Frame, act, framed, pager};
use crate::bench::Bench;
use crate::fields::Fields;
use crate::people::Person;

pub(crate) fn history(bench: &Bench, who: &Person, fields: &Fields) -> Response {
    let live = bench.live();
    let mut acts: Vec<&dossier::told::Act> = live.dossier().acts.iter().collect();
    acts.sort_by_key(|act| std::cmp::Reverse(act.at));
    let page = Page::of(fields.number("page"), acts.len());
    let rows = acts.get(page.rows()).unwrap_or_default();
    let body = html! {
        h1 { "What analysts did" }
        p { "Each act stands until it is taken back; what is taken back stays here. What the program finds anew after an act shows as soon as it is done." }
        @if rows.is_empty() { p { "Nothing: all is as the program found it." } }
        ol .history {
            @for row in rows {
                li id=(shown::anchor(&row.id)) data-row .taken-back[!row.stands] {
                    div { (live.act_line(row)) }
                    div { @if row.stands { (act(who, "undo", "Take back", "", &[Field::Given("act", &row.id)])) } }
                }
            }
        }
        (pager(page, "/history", fields))
        p { a href="/provenance" { "Provenance and the head of the custody log" } }
    };
    framed(&Frame { bench, who, path: "/history", title: say("What analysts did") }, &body)
}
