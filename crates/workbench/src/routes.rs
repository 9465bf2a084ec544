//! Which address is answered by what.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Path, RawQuery, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use axum::{Extension, Router, middleware};
use tokio_stream::wrappers::BroadcastStream;
use tokio_stream::{Stream, StreamExt};

use crate::bench::{Bench, Told};
use crate::fields::Fields;
use crate::guard::{Who, guard};
use crate::people::Person;
use crate::views::{self, Frame, Part, framed, missing};
use crate::{acts, add, api, assets, hand, rasters, redact, search, unpoisoned};

/// Bytes of a form, at most.
const FORM: usize = 1 << 20;

type Shared = State<Arc<Bench>>;
type Named = Extension<Who>;

/// All of them, behind the guard.
pub(crate) fn routes(bench: Arc<Bench>) -> Router {
    Router::new()
        .route("/", get(overview))
        .route("/of/{id}", get(of))
        .route("/about/{id}", get(about))
        .route("/{view}", get(view))
        .route("/assets/{digest}/{name}", get(assets::asset))
        .route("/raster/{kind}/{id}", get(rasters::raster))
        .route("/raster/place/{id}/{side}", get(rasters::place))
        .route("/briefing/{name}", get(briefing))
        .route("/export/{name}", get(export))
        .route("/handed/{name}", get(handed))
        .route("/act", post(act))
        .route("/redact", get(redact_page).post(redacted))
        .route("/hand", get(hand_page).post(packed))
        .route("/add/path", post(add_path))
        .route("/add/done", post(add_done))
        .route("/events", get(events))
        .merge(api::routes())
        .layer(DefaultBodyLimit::max(FORM))
        // A file that is handed in is as large as it is: it goes to the disk as it comes.
        .route("/add", get(add_page).post(add::file).layer(DefaultBodyLimit::disable()))
        .fallback(nothing)
        .layer(middleware::from_fn_with_state(Arc::clone(&bench), guard))
        .with_state(bench)
}

/// Work that may take a while, off the threads that answer.
async fn apart<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, (StatusCode, &'static str)> {
    let failed =
        |_| (StatusCode::INTERNAL_SERVER_ERROR, texts::say("this view failed; the case is as it was"));
    tokio::task::spawn_blocking(work).await.map_err(failed)
}

/// Answers a request with what `told` makes of it.
async fn answered(
    bench: Arc<Bench>,
    who: Person,
    query: Option<String>,
    told: impl FnOnce(&Bench, &Person, &Fields) -> Response + Send + 'static,
) -> Response {
    apart(move || told(&bench, &who, &Fields::of(&query.unwrap_or_default()))).await.into_response()
}

/// The fields of a form that was sent.
fn sent(body: &Bytes) -> Option<String> {
    String::from_utf8(body.to_vec()).ok()
}

async fn overview(State(bench): Shared, Extension(Who(who)): Named) -> Response {
    answered(bench, who, None, |bench, who, _| {
        let body = texts::html! { h1 { "Overview" } (bench.live().overview()) };
        framed(&Frame { bench, who, path: "/", title: texts::say("Overview") }, &body)
    })
    .await
}

async fn view(
    State(bench): Shared,
    Extension(Who(who)): Named,
    Path(name): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let part = Part::of(&headers);
    answered(bench, who, query, move |bench, who, fields| match name.as_str() {
        "timeline" => views::timeline(bench, who, fields, part),
        "matrix" => views::matrix(bench, who, fields, part),
        "sheets" => views::sheets(bench, who, fields, part),
        "posts" => views::posts(bench, who, fields, part),
        "search" => search::search(bench, who, fields, part),
        "history" => views::history(bench, who, fields),
        name => views::section(bench, who, name).unwrap_or_else(|| missing(bench, who, "view of this name")),
    })
    .await
}

async fn add_page(State(bench): Shared, Extension(Who(who)): Named) -> Response {
    answered(bench, who, None, |bench, who, _| add::page(bench, who)).await
}

async fn hand_page(State(bench): Shared, Extension(Who(who)): Named, RawQuery(query): RawQuery) -> Response {
    answered(bench, who, query, hand::page).await
}

async fn redact_page(
    State(bench): Shared,
    Extension(Who(who)): Named,
    RawQuery(query): RawQuery,
) -> Response {
    answered(bench, who, query, redact::page).await
}

/// Whatever has an id.
async fn of(
    State(bench): Shared,
    Extension(Who(who)): Named,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> Response {
    answered(bench, who, query, move |bench, who, fields| {
        let word = id.split_once(':').map_or("", |(word, _)| word);
        match word {
            "fam" => match bench.successor(&id).filter(|_| bench.live().family(&id).is_none()) {
                Some(now) => Redirect::to(&format!("/of/{now}")).into_response(),
                None => views::sheet(bench, who, &id, fields),
            },
            "pic" => views::picture(bench, who, &id, fields),
            "post" => views::post(bench, who, &id),
            "chan" => views::channel(bench, who, &id, fields),
            "ent" => views::party(bench, who, &id),
            _ => elsewhere(bench, who, &id),
        }
    })
    .await
}

/// What is said of whatever has an id, and can be.
async fn about(State(bench): Shared, Extension(Who(who)): Named, Path(id): Path<String>) -> Response {
    answered(bench, who, None, move |bench, who, _| views::about(bench, who, &id)).await
}

/// An id that is told on the page of another, or in a list.
fn elsewhere(bench: &Bench, who: &Person, id: &str) -> Response {
    let live = bench.live();
    let account = live.dossier();
    let place = dossier::shown::anchor(id);
    let sheet_of = |picture: &str| live.picture(picture).and_then(|picture| picture.family.clone());
    let altered = account.alterations.iter().find(|row| row.id == id).and_then(|row| sheet_of(&row.picture));
    let said = account.statements.iter().find(|row| row.id == id).map(|row| row.family.clone());
    if let Some(family) = altered.or(said) {
        return Redirect::to(&format!("/of/{family}#{place}")).into_response();
    }
    if account.hops.iter().any(|hop| hop.id == id) {
        return Redirect::to(&format!("/hops#{place}")).into_response();
    }
    if account.gaps.iter().any(|gap| gap.id == id) {
        return Redirect::to(&format!("/gaps#{place}")).into_response();
    }
    if account.acts.iter().any(|act| act.id == id) {
        return Redirect::to(&format!("/history#{place}")).into_response();
    }
    let picture = live.item(id).and_then(|item| item.pictures.first());
    match picture {
        Some(picture) => Redirect::to(&format!("/of/{picture}")).into_response(),
        None => missing(bench, who, "page for this id"),
    }
}

async fn briefing(State(bench): Shared, Extension(Who(who)): Named, Path(name): Path<String>) -> Response {
    answered(bench, who, None, move |bench, who, _| hand::briefing(bench, who, &name)).await
}

async fn export(State(bench): Shared, Extension(Who(who)): Named, Path(name): Path<String>) -> Response {
    answered(bench, who, None, move |bench, who, _| hand::export(bench, who, &name)).await
}

async fn handed(State(bench): Shared, Extension(Who(who)): Named, Path(name): Path<String>) -> Response {
    answered(bench, who, None, move |bench, who, _| hand::handed(bench, who, &name)).await
}

async fn act(State(bench): Shared, Extension(Who(who)): Named, body: Bytes) -> Response {
    answered(bench, who, sent(&body), acts::act).await
}

async fn redacted(State(bench): Shared, Extension(Who(who)): Named, body: Bytes) -> Response {
    answered(bench, who, sent(&body), redact::made).await
}

async fn packed(State(bench): Shared, Extension(Who(who)): Named, body: Bytes) -> Response {
    answered(bench, who, sent(&body), hand::pack).await
}

async fn add_path(State(bench): Shared, Extension(Who(who)): Named, body: Bytes) -> Response {
    answered(bench, who, sent(&body), add::path).await
}

async fn add_done(State(bench): Shared, Extension(Who(who)): Named, RawQuery(query): RawQuery) -> Response {
    answered(bench, who, query, |bench, who, fields| match add::done(bench, who, fields) {
        Ok(received) => axum::response::Html(add::told(&received).into_string()).into_response(),
        Err(refusal) => refusal.into_response(),
    })
    .await
}

async fn nothing(State(bench): Shared, Extension(Who(who)): Named) -> Response {
    answered(bench, who, None, |bench, who, _| missing(bench, who, "page at this address")).await
}

/// How far the work is, as it goes on.
async fn events(
    State(bench): Shared,
    Extension(Who(_)): Named,
) -> Sse<impl Stream<Item = Result<Event, std::convert::Infallible>>> {
    let generation = bench.generation.load(std::sync::atomic::Ordering::Relaxed);
    let now = [Told::Changed { generation }, Told::Progress(unpoisoned(bench.progress.read()).clone())];
    let later = BroadcastStream::new(bench.events.subscribe()).filter_map(Result::ok);
    let all = tokio_stream::iter(now).chain(later).map(|told| {
        let name = match &told {
            Told::Progress(_) => "progress",
            Told::Changed { .. } => "changed",
            Told::Problem { .. } => "problem",
        };
        let data = serde_json::to_string(&told).unwrap_or_default();
        Ok(Event::default().event(name).data(data))
    });
    Sse::new(all).keep_alive(KeepAlive::default())
}
