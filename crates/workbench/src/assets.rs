//! Scripts and styles of our own, as they were when the program was built.

use axum::extract::Path;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

const SCRIPT: &str = "text/javascript; charset=utf-8";
const STYLE: &str = "text/css; charset=utf-8";

/// Name, type and content of each.
const ALL: &[(&str, &str, &str)] = &[
    ("report.css", STYLE, dossier::STYLE),
    ("acts.js", SCRIPT, include_str!("assets/acts.js")),
    ("compare.js", SCRIPT, include_str!("assets/compare.js")),
    ("drop.js", SCRIPT, include_str!("assets/drop.js")),
    ("element.js", SCRIPT, include_str!("assets/element.js")),
    ("filter.js", SCRIPT, include_str!("assets/filter.js")),
    ("keys.js", SCRIPT, include_str!("assets/keys.js")),
    ("live.js", SCRIPT, include_str!("assets/live.js")),
    ("main.js", SCRIPT, include_str!("assets/main.js")),
    ("marks.js", SCRIPT, include_str!("assets/marks.js")),
    ("region.js", SCRIPT, include_str!("assets/region.js")),
    ("spread.js", SCRIPT, include_str!("assets/spread.js")),
    ("swap.js", SCRIPT, include_str!("assets/swap.js")),
    ("texts.js", SCRIPT, include_str!("assets/texts.js")),
    ("timeline.js", SCRIPT, include_str!("assets/timeline.js")),
    ("workbench.css", STYLE, include_str!("assets/workbench.css")),
    ("zoom.js", SCRIPT, include_str!("assets/zoom.js")),
];

/// What a translator made of the texts of the scripts, as texts.js takes it. JSON is a script as well, and nothing in it ends one.
fn translated() -> String {
    let told =
        texts::of_scripts().map(|(texts, forms)| serde_json::json!({ "texts": texts, "forms": forms }));
    format!("export default {};\n", told.unwrap_or(serde_json::Value::Null))
}

pub(crate) async fn asset(Path(name): Path<String>) -> Response {
    if name == "translated.js" {
        return ([(header::CONTENT_TYPE, SCRIPT)], translated()).into_response();
    }
    match ALL.iter().find(|asset| asset.0 == name) {
        Some((_, kind, content)) => ([(header::CONTENT_TYPE, *kind)], *content).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}
