//! Nouns as lines for people. What came from outside is shown with control characters taken out.

use std::io::{self, Write};

use model::{Code, NOUNS};
use serde_json::Value;

use crate::commands::found::Found;
use crate::talk::plain;

/// Characters of a text that a line shows.
const SHOWN: usize = 60;
/// Elements of a list that `show` prints.
const ELEMENTS: usize = 40;

/// A noun in one line: its short id, then what it is known by, parted by tabs.
pub(crate) fn row(found: &Found) -> String {
    let keys: &[&str] = match found.kind.kind {
        "item" => &["path", "size"],
        "page" => &["width", "height", "number", "software"],
        "picture" => &["capture", "page"],
        "family" => &["pictures", "best"],
        "match" => &["a", "b", "ground"],
        "exposure" => &["pictures", "family"],
        "quote" => &["post", "same", "words"],
        "document" => &["families"],
        "version" => &["pictures", "family"],
        "alteration" => &["picture", "reads", "against", "reads_against", "change"],
        "derivation" => &["from", "to", "decided", "steps"],
        "subject" => &["text", "heads", "family"],
        "event" => &["kind", "when", "dated", "quote"],
        "statement" => &["speaker", "verb", "addressee", "about", "quote"],
        "entity" => &["kind", "name", "mentions", "families"],
        "mention" => &["kind", "name", "role", "family"],
        "channel" => &["platform", "name", "posts"],
        "post" => &["posted", "author", "attached", "text"],
        "account" => &["platform", "names", "posts"],
        "attachment" => &["state", "declared", "post"],
        "gap" => &["lack", "sure", "families", "seek"],
        "hop" => &["from", "to", "decided", "families"],
        "discrepancy" => &["differs", "post", "was", "is"],
        "appearance" => &["when", "picture", "post"],
        "listing" => &["platform", "name", "export"],
        "act" => &["at", "actor", "deed", "reason"],
        "record" => &["post"],
        _ => &["code", "about", "detail"],
    };
    let cells = keys.iter().map(|key| cell(key, found.body.get(*key).unwrap_or(&Value::Null)));
    let cells: Vec<String> = std::iter::once(short(found.id())).chain(cells).collect();
    cells.join("\t")
}

/// A value in a few words.
fn cell(key: &str, value: &Value) -> String {
    let field = |name: &str| value.get(name).and_then(Value::as_str).unwrap_or_default();
    match (key, value) {
        ("posted", Value::Array(times)) => earliest(times),
        ("when", Value::Object(_)) => field("earliest").to_owned(),
        ("author" | "declared", Value::Object(_)) => cut(field("name")),
        ("speaker" | "addressee", Value::Object(_)) => {
            cut(if field("name").is_empty() { field("role") } else { field("name") })
        }
        ("export", Value::Object(_)) => format!("{}, {} posts read", field("format"), value["read"]),
        ("seek", Value::Object(_)) => {
            let told = ["platform", "channel", "post", "file"]
                .map(field)
                .into_iter()
                .filter(|part| !part.is_empty());
            cut(&told.collect::<Vec<_>>().join(" "))
        }
        ("post", Value::Object(_)) => cut(field("text")),
        ("deed", Value::Object(deed)) => deed.keys().next().cloned().unwrap_or_default(),
        ("names", Value::Array(names)) => {
            let names: Vec<String> = names.iter().filter_map(Value::as_str).map(cut).collect();
            names.join(", ")
        }
        ("pictures" | "attached" | "families" | "mentions", Value::Array(all)) => {
            let noun = match key {
                "pictures" => "picture",
                "families" => "sheet",
                "mentions" => "mention",
                _ => "file",
            };
            crate::talk::count(all.len() as u64, noun)
        }
        (_, Value::Null) => "-".to_owned(),
        (_, Value::String(text)) => short(text),
        (_, other) => other.to_string(),
    }
}

/// The narrowest of several times is not looked for here: the earliest bound of the first.
fn earliest(times: &[Value]) -> String {
    let time = times.first().and_then(|when| when.pointer("/interval/earliest")).and_then(Value::as_str);
    time.unwrap_or("no time").to_owned()
}

/// An id cut to eight digits; any other text in one line.
fn short(text: &str) -> String {
    match text.split_once(':') {
        Some((word, digits)) if digits.len() == 64 && NOUNS.iter().any(|noun| noun.prefix == word) => {
            text.chars().take(word.len() + 9).collect()
        }
        _ => cut(text),
    }
}

/// A text cut where it is long.
fn cut(text: &str) -> String {
    let one_line = plain(text);
    if one_line.chars().count() <= SHOWN {
        return one_line;
    }
    one_line.chars().take(SHOWN - 1).chain(['…']).collect()
}

/// A noun as an indented outline.
pub(crate) fn outline(value: &Value, depth: usize, out: &mut dyn Write) -> io::Result<()> {
    let indent = "  ".repeat(depth + 1);
    match value {
        Value::Object(fields) => fields
            .iter()
            .filter(|(_, value)| !value.is_null())
            .try_for_each(|(key, value)| entry(&format!("{indent}{key}"), value, depth, out)),
        Value::Array(all) => {
            let shown = all.iter().take(ELEMENTS);
            shown.into_iter().try_for_each(|value| entry(&format!("{indent}-"), value, depth, out))?;
            match all.len().saturating_sub(ELEMENTS) {
                0 => Ok(()),
                more => writeln!(out, "{indent}… {more} more; --json shows all"),
            }
        }
        other => writeln!(out, "{indent}{}", scalar(other)),
    }
}

fn entry(label: &str, value: &Value, depth: usize, out: &mut dyn Write) -> io::Result<()> {
    match value {
        Value::Object(fields) if fields.is_empty() => Ok(()),
        Value::Array(all) if all.is_empty() => Ok(()),
        Value::Array(all) if all.iter().all(|one| !one.is_object() && !one.is_array()) && all.len() <= 4 => {
            let all: Vec<String> = all.iter().map(scalar).collect();
            writeln!(out, "{label}: {}", all.join(", "))
        }
        Value::Object(_) | Value::Array(_) => {
            writeln!(out, "{label}:")?;
            outline(value, depth + 1, out)
        }
        scalar_value => writeln!(out, "{label}: {}", scalar(scalar_value)),
    }
}

fn scalar(value: &Value) -> String {
    match value {
        Value::String(text) => plain(text),
        other => other.to_string(),
    }
}

/// What is to be said beside the fields.
pub(crate) fn remarks(found: &Found) -> Vec<String> {
    let code = found.body.get("code").filter(|_| found.kind.kind == "problem");
    let code = code.and_then(|code| serde_json::from_value::<Code>(code.clone()).ok());
    code.map_or_else(Vec::new, |code| {
        vec![format!("  {}", code.says()), format!("  way out: {}", code.way_out())]
    })
}
