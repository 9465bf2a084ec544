//! Finds nouns by the beginning of their id, those of the ground and those derived.

use case::Case;
use model::{Item, NOUNS, Noun, NounKind};
use serde_json::Value;

use crate::fault::{Fault, Outcome};

/// How many candidates are named where an id is not the only one.
const NAMED: usize = 8;

/// A noun and its kind, as the case keeps it.
pub(crate) struct Found {
    pub(crate) kind: &'static NounKind,
    pub(crate) body: Value,
}

impl Found {
    /// Its printed id.
    pub(crate) fn id(&self) -> &str {
        self.body.get("id").and_then(Value::as_str).unwrap_or_default()
    }
}

/// The only noun whose id begins so.
pub(crate) fn one(case: &Case, wanted: &str) -> Outcome<Found> {
    let (kinds, digits) = parse(wanted)?;
    let mut found = Vec::new();
    for kind in kinds {
        found.extend(starting(case, kind, &digits)?);
    }
    match found.len() {
        0 => Err(Fault::user(format!("no id begins with '{wanted}'"))
            .hint("`truecopy list CASE NOUN` shows ids; after adding, `truecopy run` makes new ones")),
        1 => Ok(found.remove(0)),
        _ => {
            let fault = Fault::user(format!("'{wanted}' is the beginning of more than one id"));
            Err(found.iter().take(NAMED).fold(fault, |fault, one| fault.hint(one.id())))
        }
    }
}

fn parse(wanted: &str) -> Outcome<(Vec<&'static NounKind>, String)> {
    let (kinds, digits) = match wanted.split_once(':') {
        None => (NOUNS.iter().collect(), wanted),
        Some((word, digits)) => {
            let kind =
                NOUNS.iter().find(|noun| noun.prefix == word || noun.plural == word || noun.kind == word);
            let words: Vec<&str> = NOUNS.iter().map(|noun| noun.prefix).collect();
            let unknown = || {
                Fault::usage(format!("no id has '{word}' before its colon; known are {}", words.join(", ")))
            };
            (vec![kind.ok_or_else(unknown)?], digits)
        }
    };
    let digits = digits.trim_end_matches('…').to_lowercase();
    if digits.len() > 64 || !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) || digits.is_empty() {
        let hint =
            "an id is a word, a colon and hexadecimal digits, such as pic:3fa9; the first digits suffice";
        return Err(Fault::usage(format!("'{wanted}' is not the beginning of an id")).hint(hint));
    }
    Ok((kinds, digits))
}

fn starting(case: &Case, kind: &'static NounKind, digits: &str) -> Outcome<Vec<Found>> {
    let mut found = Vec::new();
    for body in case.derived().starting(kind.kind, digits, NAMED + 1)? {
        found.push(Found { kind, body: serde_json::from_str(&body).map_err(case::Error::from)? });
    }
    let of_ground = |body: Value| {
        let found = Found { kind, body };
        found.id().split_once(':').is_some_and(|(_, all)| all.starts_with(digits)).then_some(found)
    };
    found.extend(ground(case, kind)?.into_iter().filter_map(of_ground).take(NAMED + 1));
    Ok(found)
}

/// The nouns of a kind that are ground, not derived, as JSON.
fn ground(case: &Case, kind: &NounKind) -> Outcome<Vec<Value>> {
    let to_json =
        |noun: Result<Value, serde_json::Error>| noun.map_err(|error| case::Error::from(error).into());
    match kind.kind {
        Item::KIND => case.ground().items()?.iter().map(|item| to_json(serde_json::to_value(item))).collect(),
        model::Act::KIND => {
            case.ground().acts()?.iter().map(|act| to_json(serde_json::to_value(act))).collect()
        }
        model::Problem::KIND => {
            case.ground().refused()?.iter().map(|one| to_json(serde_json::to_value(one))).collect()
        }
        _ => Ok(Vec::new()),
    }
}

/// Hands on every noun of a kind, ground first, each sorted by id.
pub(crate) fn each(
    case: &Case,
    kind: &'static NounKind,
    mut take: impl FnMut(Found) -> Outcome<()>,
) -> Outcome<()> {
    for body in ground(case, kind)? {
        take(Found { kind, body })?;
    }
    let mut fault = None;
    let walked = case.derived().each_body(kind.kind, |body| {
        let body = serde_json::from_str(body)?;
        take(Found { kind, body }).map_err(|stop| {
            fault = Some(stop);
            case::Error::Damaged("stopped".to_owned())
        })
    });
    match fault {
        Some(fault) => Err(fault),
        None => Ok(walked?),
    }
}
