//! The JSON side: the same account and the same acts for programs, described by an OpenAPI document.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Extension, Json, Router};
use dossier::told;
use schemars::generate::{SchemaGenerator, SchemaSettings};
use schemars::{JsonSchema, Schema};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::acts::{self, Refusal};
use crate::bench::{Bench, Progress};
use crate::fields::Fields;
use crate::guard::Who;
use crate::people::Person;
use crate::{search, unpoisoned};

/// Rows of one answer, at most.
const ROWS: usize = 200;

/// Why a request was not done.
#[derive(Debug, Serialize, JsonSchema)]
struct Refused {
    /// Why.
    error: String,
    /// The way out.
    hint: Option<String>,
}

/// A hit of a search.
#[derive(Debug, Serialize, JsonSchema)]
struct Hit {
    /// The picture or the post.
    of: String,
    /// The words, with some around them.
    snippet: String,
    /// Where they stand: printed citations.
    cited: Vec<String>,
}

/// An act that is asked for. What each takes besides `reason` stands under `do`.
#[derive(Debug, Deserialize, JsonSchema)]
struct Wanted {
    /// `join`, `split` (id: pictures or sheets), `join_names`, `split_names` (id: entities; name: spellings), `undo` (act),
    /// `confirm`, `reject` (impact), `testify` (id, from, to, basis), `note`, `label`, `judge` (on; label; holds).
    #[serde(rename = "do")]
    #[schemars(rename = "do")]
    deed: String,
    /// Why, in a sentence.
    reason: String,
    /// Everything else, by name.
    #[serde(default)]
    fields: BTreeMap<String, Vec<String>>,
}

/// One way in: its path, what it does, what it takes and gives.
struct Way {
    path: &'static str,
    says: &'static str,
    /// Fields of the query or of the path: name, whether it stands in the path, what it means.
    takes: &'static [(&'static str, bool, &'static str)],
    gives: fn(&mut SchemaGenerator) -> Schema,
}

const PAGE: (&str, bool, &str) = ("page", false, "The page of rows, counted from 1; 200 rows a page.");

const WAYS: &[Way] = &[
    Way {
        path: "/api/counts",
        says: "What was counted.",
        takes: &[],
        gives: |g| g.subschema_for::<told::Counts>(),
    },
    Way {
        path: "/api/progress",
        says: "How far the stages are.",
        takes: &[],
        gives: |g| g.subschema_for::<Progress>(),
    },
    Way {
        path: "/api/sheets",
        says: "Sheets, by their numbers.",
        takes: &[PAGE],
        gives: |g| g.subschema_for::<Vec<told::Family>>(),
    },
    Way {
        path: "/api/sheet/{id}",
        says: "A sheet.",
        takes: &[("id", true, "Its printed id.")],
        gives: |g| g.subschema_for::<told::Family>(),
    },
    Way {
        path: "/api/sheet/{id}/differences",
        says: "Where the pictures of a sheet differ.",
        takes: &[("id", true, "The sheet's printed id.")],
        gives: |g| g.subschema_for::<Vec<told::Alteration>>(),
    },
    Way {
        path: "/api/picture/{id}",
        says: "A picture.",
        takes: &[("id", true, "Its printed id.")],
        gives: |g| g.subschema_for::<told::Picture>(),
    },
    Way {
        path: "/api/channels",
        says: "Channels.",
        takes: &[PAGE],
        gives: |g| g.subschema_for::<Vec<told::Channel>>(),
    },
    Way {
        path: "/api/parties",
        says: "Whom the sheets touch.",
        takes: &[PAGE],
        gives: |g| g.subschema_for::<Vec<told::AffectedParty>>(),
    },
    Way {
        path: "/api/problems",
        says: "What could not be received or read.",
        takes: &[PAGE],
        gives: |g| g.subschema_for::<Vec<told::Problem>>(),
    },
    Way {
        path: "/api/search",
        says: "Hits in what was read and posted, the best first.",
        takes: &[
            ("q", false, "Words, \"a phrase\", prefix*, AND, OR, NOT, NEAR(a b, 5)."),
            ("misread", false, "yes: letters may be misread."),
            ("kind", false, "posts or pictures."),
            ("channel", false, "The printed id of a channel."),
            ("account", false, "The printed id of an account."),
            ("banner", false, "A marking as it was read."),
            ("version", false, "The printed id of a version of a sheet."),
            ("party", false, "The printed id of somebody who is mentioned."),
            ("from", false, "Not before: RFC 3339, or in UTC a time of day, a date, a month or a year."),
            ("to", false, "Not after."),
            PAGE,
        ],
        gives: |g| g.subschema_for::<Vec<Hit>>(),
    },
    Way {
        path: "/api/acts",
        says: "What analysts did, in its order.",
        takes: &[PAGE],
        gives: |g| g.subschema_for::<Vec<told::Act>>(),
    },
];

pub(crate) fn routes() -> Router<Arc<Bench>> {
    Router::new()
        .route("/api/openapi.json", get(|| async { Json(openapi()) }))
        .route("/api/acts", get(list).post(act))
        .route("/api/sheet/{id}/differences", get(differences))
        .route("/api/{what}/{id}", get(one))
        .route("/api/{what}", get(list))
}

fn refused(refusal: Refusal) -> Response {
    (refusal.status, Json(Refused { error: refusal.says, hint: refusal.hint })).into_response()
}

fn unknown(what: &str) -> Response {
    refused(Refusal { status: StatusCode::NOT_FOUND, says: format!("there is no {what}"), hint: None })
}

/// A page of rows.
fn rows<T: Serialize>(all: &[T], fields: &Fields) -> Response {
    let start = (fields.number("page").max(1) - 1).saturating_mul(ROWS).min(all.len());
    Json(&all[start..(start + ROWS).min(all.len())]).into_response()
}

async fn list(State(bench): State<Arc<Bench>>, uri: axum::http::Uri, RawQuery(query): RawQuery) -> Response {
    let what = uri.path().trim_start_matches("/api/").to_owned();
    let told = tokio::task::spawn_blocking(move || {
        let fields = Fields::of(&query.unwrap_or_default());
        let live = bench.live();
        let account = live.dossier();
        match what.as_str() {
            "counts" => Json(account.counts).into_response(),
            "progress" => Json(unpoisoned(bench.progress.read()).clone()).into_response(),
            "sheets" => rows(&account.families, &fields),
            "channels" => rows(&account.channels, &fields),
            "parties" => rows(&account.parties, &fields),
            "problems" => rows(&account.problems, &fields),
            "acts" => rows(&account.acts, &fields),
            "search" => found(&bench, &fields),
            _ => unknown("list of this name"),
        }
    });
    told.await.unwrap_or_else(|error| refused(Refusal::ours(error)))
}

fn found(bench: &Bench, fields: &Fields) -> Response {
    let live = bench.live();
    let search::Hits { all, kept, .. } = match search::rows(bench, &live, fields) {
        Ok(found) => found,
        Err(refusal) => return refused(refusal),
    };
    let terms = dossier::terms(fields.get("q").unwrap_or_default());
    let misread = fields.is("misread") == Some(true);
    let start = (fields.number("page").max(1) - 1).saturating_mul(ROWS);
    let chosen = kept.iter().skip(start).take(ROWS).filter_map(|place| all.get(*place));
    let hits: Vec<Hit> = chosen
        .filter_map(|row| row.found(bench, &terms, misread))
        .map(|found| Hit {
            of: found.of.clone(),
            snippet: found.snippet.clone(),
            cited: found.cited.iter().map(ToString::to_string).collect(),
        })
        .collect();
    Json(hits).into_response()
}

async fn one(State(bench): State<Arc<Bench>>, Path((what, id)): Path<(String, String)>) -> Response {
    let live = bench.live();
    match what.as_str() {
        "sheet" => {
            live.family(&id).map_or_else(|| unknown("sheet of this id"), |row| Json(row).into_response())
        }
        "picture" => {
            live.picture(&id).map_or_else(|| unknown("picture of this id"), |row| Json(row).into_response())
        }
        _ => unknown("list of this name"),
    }
}

async fn differences(State(bench): State<Arc<Bench>>, Path(id): Path<String>) -> Response {
    let live = bench.live();
    if live.family(&id).is_none() {
        return unknown("sheet of this id");
    }
    let among: std::collections::BTreeSet<&str> = live.pictures(&id).iter().copied().collect();
    let own = live.dossier().alterations.iter().filter(|row| among.contains(row.picture.as_str()));
    Json(own.collect::<Vec<_>>()).into_response()
}

async fn act(State(bench): State<Arc<Bench>>, Extension(Who(who)): Extension<Who>, body: Bytes) -> Response {
    let done = tokio::task::spawn_blocking(move || entered(&bench, &who, &body));
    done.await.unwrap_or_else(|error| refused(Refusal::ours(error)))
}

fn entered(bench: &Bench, who: &Person, body: &[u8]) -> Response {
    let wanted: Wanted = match serde_json::from_slice(body) {
        Ok(wanted) => wanted,
        Err(error) => return refused(Refusal::usage(format!("the act cannot be read: {error}"))),
    };
    let mut form = form_urlencoded::Serializer::new(String::new());
    form.append_pair("do", &wanted.deed).append_pair("reason", &wanted.reason);
    for (name, value) in
        wanted.fields.iter().flat_map(|(name, all)| all.iter().map(move |value| (name, value)))
    {
        form.append_pair(name, value);
    }
    match acts::entered(bench, who, &Fields::of(&form.finish())) {
        Ok(act) => (StatusCode::CREATED, Json(json!({ "id": act.id.to_string() }))).into_response(),
        Err(refusal) => refused(refusal),
    }
}

/// The OpenAPI document (3.1) of the JSON side.
pub fn openapi() -> Value {
    let mut settings = SchemaSettings::draft2020_12();
    settings.definitions_path = "/components/schemas".into();
    let mut generator = settings.into_generator();
    let refused = generator.subschema_for::<Refused>();
    let wanted = generator.subschema_for::<Wanted>();
    let mut paths: BTreeMap<&str, Value> = BTreeMap::new();
    for way in WAYS {
        let takes: Vec<Value> =
            way.takes.iter().map(|(name, in_path, says)| parameter(name, *in_path, says)).collect();
        let gives = (way.gives)(&mut generator);
        let mut answers = answers(&refused);
        answers.insert("200".to_owned(), content("The rows.", &gives));
        if way.takes.iter().any(|(name, ..)| *name == "from") {
            answers.insert("422".to_owned(), content("What is asked makes no sense.", &refused));
        }
        paths.insert(
            way.path,
            json!({ "get": { "summary": way.says, "parameters": takes, "responses": answers } }),
        );
    }
    if let Some(acts) = paths.get_mut("/api/acts") {
        let mut answers = answers(&refused);
        let id =
            json!({ "type": "object", "properties": { "id": { "type": "string" } }, "required": ["id"] });
        answers.insert(
            "201".to_owned(),
            json!({ "description": "Entered.", "content": { "application/json": { "schema": id } } }),
        );
        answers.insert("422".to_owned(), content("It cannot be done, or makes no sense.", &refused));
        let body = json!({ "required": true, "content": { "application/json": { "schema": wanted } } });
        acts["post"] = json!({ "summary": "Enters an act.", "requestBody": body, "responses": answers });
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Truecopy workbench", "version": env!("CARGO_PKG_VERSION"),
            "description": "The account of a case and what analysts do with it, on the loopback of one machine. Every request bears the cookie that /enter gives, called `truecopy-` and the port; one that acts bears the Origin of the workbench.",
        },
        "paths": paths,
        "components": {
            "schemas": generator.take_definitions(true),
            "securitySchemes": { "key": { "type": "apiKey", "in": "cookie", "name": "truecopy-8377" } },
        },
        "security": [{ "key": [] }],
    })
}

fn parameter(name: &str, in_path: bool, says: &str) -> Value {
    let place = if in_path { "path" } else { "query" };
    json!({ "name": name, "in": place, "required": in_path, "description": says, "schema": { "type": "string" } })
}

fn content(says: &str, schema: &Schema) -> Value {
    json!({ "description": says, "content": { "application/json": { "schema": schema } } })
}

/// What every request can come to.
fn answers(refused: &Schema) -> serde_json::Map<String, Value> {
    let mut answers = serde_json::Map::new();
    for (code, says) in
        [("401", "No key of this start."), ("403", "Not of this machine or page, or a reader who would act.")]
    {
        answers.insert(code.to_owned(), json!({ "description": says }));
    }
    answers.insert("404".to_owned(), content("There is no such thing.", refused));
    answers
}
