//! One FollowTheMoney entity (followthemoney.tech) to a kind and its names.

use model::EntityKind;
use serde_json::Value;

/// Names of one entity, and letters of a name, at most.
const NAMES: usize = 200;
const LETTERS: usize = 200;

/// The names of an entity, the first one its own; none for schemata that bear no names here. An error says what is wrong.
pub(crate) fn row(line: &str) -> Result<Option<(EntityKind, Vec<String>)>, String> {
    let entity: Value = serde_json::from_str(line).map_err(|_| "is no JSON object".to_owned())?;
    let schema = entity.get("schema").and_then(Value::as_str).ok_or("has no schema")?;
    let kind = match schema {
        "Person" => EntityKind::Person,
        "Organization" | "Company" | "PublicBody" | "LegalEntity" | "Asset" => EntityKind::Body,
        "Vessel" => EntityKind::Ship,
        "Address" => EntityKind::Place,
        "Territory" | "Country" => EntityKind::Country,
        _ => return Ok(None),
    };
    let own: &[&str] = if kind == EntityKind::Place {
        &["name", "city"]
    } else {
        &["name", "alias", "weakAlias", "previousName", "abbreviation"]
    };
    let mut names: Vec<String> = Vec::new();
    let listed = own.iter().filter_map(|key| entity.get("properties")?.get(*key)?.as_array()).flatten();
    for name in listed.filter_map(Value::as_str).chain(entity.get("caption").and_then(Value::as_str)) {
        let name = name.trim();
        let fits = !name.is_empty() && name.chars().count() <= LETTERS && names.len() < NAMES;
        if fits && !names.iter().any(|known| known == name) {
            names.push(name.to_owned());
        }
    }
    if names.is_empty() { Err("has no name".to_owned()) } else { Ok(Some((kind, names))) }
}
