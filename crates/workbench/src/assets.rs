//! Scripts and styles of our own, as they were when the program was built. Their addresses hold a digest of them all, so that a
//! browser keeps them until there are others.

use std::borrow::Cow;
use std::sync::OnceLock;

use axum::extract::Path;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

const SCRIPT: &str = "text/javascript; charset=utf-8";
const STYLE: &str = "text/css; charset=utf-8";
/// The script that is written when it is asked for.
const TRANSLATED: &str = "translated.js";

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

/// Where an asset is: its name behind a digest of all of them.
pub(crate) fn address(name: &str) -> String {
    format!("/assets/{}/{name}", digest())
}

/// The scripts that others import, for a page to ask for all at once.
pub(crate) fn imported() -> impl Iterator<Item = &'static str> {
    let scripts = ALL.iter().filter(|asset| asset.1 == SCRIPT && asset.0 != "main.js");
    scripts.map(|asset| asset.0).chain([TRANSLATED])
}

fn digest() -> &'static str {
    static DIGEST: OnceLock<String> = OnceLock::new();
    DIGEST.get_or_init(|| {
        let all: String = ALL.iter().flat_map(|asset| [asset.0, asset.2]).collect();
        model::Digest::of((all + &translated()).as_bytes()).to_string().chars().take(16).collect()
    })
}

/// One of another build, or under no digest, is answered too, and not kept.
pub(crate) async fn asset(Path((under, name)): Path<(String, String)>) -> Response {
    let kept = if under == digest() { "private, max-age=31536000, immutable" } else { "no-store" };
    let sent = |kind: &'static str, content: Cow<'static, str>| {
        ([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, kept)], content).into_response()
    };
    match ALL.iter().find(|asset| asset.0 == name) {
        Some((_, kind, content)) => sent(kind, Cow::Borrowed(content)),
        None if name == TRANSLATED => sent(SCRIPT, Cow::Owned(translated())),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}
