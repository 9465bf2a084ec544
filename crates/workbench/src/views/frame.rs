//! The frame of every page: the bar, the views, the keys.

use axum::http::{HeaderMap, StatusCode};
use axum::response::{Html, IntoResponse, Response};
use dossier::{Page, shown};
use maud::{DOCTYPE, Markup};
use texts::{html, mark, say};

use crate::assets;
use crate::bench::Bench;
use crate::fields::Fields;
use crate::people::{Person, Role};

/// Path, name and key of each view, in the order in which they stand.
const VIEWS: [(&str, &str, &str); 19] = [
    ("/", mark("Overview"), "o"),
    ("/timeline", mark("Timeline"), "t"),
    ("/sheets", mark("Sheets"), "f"),
    ("/documents", mark("Documents"), "d"),
    ("/matrix", mark("Channels and sheets"), "m"),
    ("/hops", mark("From channel to channel"), "s"),
    ("/gaps", mark("What is missing"), "w"),
    ("/said", mark("Statements"), "y"),
    ("/mentioned", mark("People, bodies, places"), "n"),
    ("/touched", mark("Whom the sheets touch"), "e"),
    ("/search", mark("Search"), "q"),
    ("/posts", mark("Posts with pictures"), "p"),
    ("/channels", mark("Channels"), "c"),
    ("/unseen", mark("Referenced but unseen"), "u"),
    ("/discrepancies", mark("What exports tell differently"), "v"),
    ("/add", mark("Add material"), "a"),
    ("/hand", mark("Hand over"), "k"),
    ("/history", mark("What analysts did"), "h"),
    ("/problems", mark("Problems and notes"), "r"),
];

/// Who looks at what, for the frame.
pub(crate) struct Frame<'a> {
    pub bench: &'a Bench,
    pub who: &'a Person,
    /// The path of the view that is open.
    pub path: &'a str,
    pub title: &'a str,
}

/// A whole page.
pub(crate) fn framed(frame: &Frame, body: &Markup) -> Response {
    let live = frame.bench.live();
    let case = &live.dossier().case.name;
    let page = html! {
        (DOCTYPE)
        html lang=(texts::language()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (shown::plain(frame.title, 120)) " – " (shown::plain(case, 80)) }
                link rel="icon" href="data:,";
                link rel="stylesheet" href=(assets::address("report.css"));
                link rel="stylesheet" href=(assets::address("workbench.css"));
                @for name in assets::imported() { link rel="modulepreload" href=(assets::address(name)); }
                script type="module" src=(assets::address("main.js")) {}
            }
            body data-generation=(frame.bench.generation.load(std::sync::atomic::Ordering::Relaxed)) data-follow[frame.path == "/"] {
                a .skip href="#main" { "Skip to the view" }
                header .bar {
                    a .home href="/" { (shown::name(case)) }
                    details .menu { summary { "Views" } (views(frame.path, false)) }
                    form autocomplete="off" .find role="search" action="/search" { input name="q" type="search" aria-label="Search pages and posts" placeholder="Search"; }
                    span .who { (shown::name(&frame.who.name)) ", " (say(match frame.who.role { Role::Reader => mark("reader"), Role::Analyst => mark("analyst") })) }
                    (views(frame.path, true))
                }
                div #progress role="status" aria-live="polite" {}
                main #main tabindex="-1" { (body) }
                dialog #keys aria-label="Keys" {}
            }
        }
    };
    Html(page.into_string()).into_response()
}

/// What of a view with a filter is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    Whole,
    /// The results alone: who filters has the page and its choices already (filter.js).
    Results,
}

impl Part {
    pub fn of(headers: &HeaderMap) -> Self {
        if headers.get("truecopy-part").is_some_and(|part| part == "results") {
            Self::Results
        } else {
            Self::Whole
        }
    }
}

/// A page of a form that filters and what it leaves, or the latter alone.
pub(crate) fn filtered(
    frame: &Frame,
    part: Part,
    form: impl FnOnce() -> Markup,
    results: &Markup,
) -> Response {
    let results = html! { div #results { (results) } };
    match part {
        Part::Whole => framed(frame, &html! { (form()) (results) }),
        Part::Results => Html(results.into_string()).into_response(),
    }
}

fn views(path: &str, wide: bool) -> Markup {
    html! {
        nav aria-label=(if wide { say("Views") } else { say("Views, small") }) {
            ul {
                @for (to, name, key) in VIEWS {
                    li { a href=(to) data-key=[wide.then_some(key)] aria-current=[(to == path).then_some("page")] { (say(name)) } }
                }
                li { a href="/method" aria-current=[(path == "/method").then_some("page")] data-key=[wide.then_some("i")] { "Method and limits" } }
            }
        }
    }
}

/// Says that there is no such thing, and where to look.
pub(crate) fn missing(bench: &Bench, who: &Person, what: &'static str) -> Response {
    let frame = Frame { bench, who, path: "", title: say("Not found") };
    let body = html! {
        h1 { "Not found" }
        p role="alert" { "There is no " (say(what)) " in this case." }
        p { "It may have gone with the last run: look for it under " a href="/sheets" { "sheets" } " or by " a href="/search" { "search" } "." }
    };
    (StatusCode::NOT_FOUND, framed(&frame, &body)).into_response()
}

/// Links to the other pages of a list.
pub(crate) fn pager(page: Page, path: &str, fields: &Fields) -> Markup {
    let to = |number: usize| format!("{path}?{}", fields.with("page", &number.to_string()));
    html! {
        @if page.of > 1 {
            nav .pages aria-label="Pages" {
                @if page.number > 1 { a href=(to(page.number - 1)) rel="prev" { "Before" } " " }
                span { "Page " (page.number) " of " (page.of) }
                @if page.number < page.of { " " a href=(to(page.number + 1)) rel="next" { "Next" } }
            }
        }
    }
}
