//! Sheets and what they say as FollowTheMoney entities (followthemoney.tech, model 4), one JSON object a line.
//!
//! A sheet is a `Pages` with one `Page`; persons are `Person`, bodies `Organization`, countries `Territory`, places `Address`, ships
//! `Vessel`. A `Mention` ties a name to its sheet, a `Documentation` ties what is no legal entity to it. A statement is an `Event`
//! in which speaker and addressee are involved; what a sheet says happened is one as well, with who is named and where. Other kinds of names have no schema there and are left out.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::told::{Dossier, Entity, EntityKind, Event, Family, Statement, Window};

/// The entities, sorted by what they are, then by id; the same dossier gives the same bytes.
pub fn ftm(dossier: &Dossier) -> String {
    let mut lines = String::new();
    let mut put = |schema: &str, id: String, properties: Properties| {
        let row = json!({ "id": id, "schema": schema, "properties": properties.0 });
        lines.push_str(&row.to_string());
        lines.push('\n');
    };
    for family in &dossier.families {
        put("Pages", own(&family.id), sheet(family));
        let mut page = Properties::default();
        page.add("document", own(&family.id))
            .add("index", "1")
            .add("bodyText", family.text.as_deref().unwrap_or(""));
        put("Page", format!("{}-page", own(&family.id)), page);
    }
    let schemas: BTreeMap<&str, &str> = dossier
        .entities
        .iter()
        .filter_map(|entity| Some((entity.id.as_str(), schema(entity.kind)?)))
        .collect();
    for entity in &dossier.entities {
        let Some(schema) = schemas.get(entity.id.as_str()) else { continue };
        put(schema, own(&entity.id), bearer(entity));
        if legal(schema) {
            continue;
        }
        for family in &entity.families {
            let mut tie = Properties::default();
            tie.add("document", own(family)).add("entity", own(&entity.id)).add("role", "mentioned");
            put("Documentation", format!("{}-{}", own(family), own(&entity.id)), tie);
        }
    }
    for mention in &dossier.mentions {
        let resolved =
            mention.entity.as_deref().filter(|id| schemas.get(id).is_some_and(|schema| legal(schema)));
        let Some(resolved) = resolved else { continue };
        let mut tie = Properties::default();
        tie.add("document", own(&mention.family)).add("name", &mention.name).add("resolved", own(resolved));
        tie.add("detectedSchema", schemas.get(resolved).copied().unwrap_or("LegalEntity"));
        put("Mention", own(&mention.id), tie);
    }
    for statement in &dossier.statements {
        put("Event", own(&statement.id), said(statement, &schemas));
    }
    let named: BTreeMap<&str, &str> =
        dossier.entities.iter().map(|entity| (entity.id.as_str(), entity.name.as_str())).collect();
    for event in &dossier.events {
        put("Event", own(&event.id), happened(event, &schemas, &named));
    }
    lines
}

/// Properties with their values, none of them empty, each value once.
#[derive(Default)]
struct Properties(BTreeMap<&'static str, BTreeSet<String>>);

impl Properties {
    fn add(&mut self, name: &'static str, value: impl Into<String>) -> &mut Self {
        let value: String = value.into();
        if !value.trim().is_empty() {
            self.0.entry(name).or_default().insert(value);
        }
        self
    }
}

impl serde::Serialize for Properties {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Value::from_iter(
            self.0.iter().map(|(name, values)| (*name, Value::from_iter(values.iter().cloned()))),
        )
        .serialize(serializer)
    }
}

/// An id as that model likes it.
fn own(id: &str) -> String {
    id.replace(':', "-")
}

fn schema(kind: EntityKind) -> Option<&'static str> {
    Some(match kind {
        EntityKind::Person => "Person",
        EntityKind::Body => "Organization",
        EntityKind::Country => "Territory",
        EntityKind::Place => "Address",
        EntityKind::Ship => "Vessel",
        _ => return None,
    })
}

fn legal(schema: &str) -> bool {
    matches!(schema, "Person" | "Organization")
}

fn sheet(family: &Family) -> Properties {
    let mut sheet = Properties::default();
    let name: String = family.id.chars().take(16).collect();
    sheet.add("name", own(&name)).add("fileName", own(&name)).add("title", format!("Sheet {name}"));
    if let Some(banner) = &family.marking.banner {
        sheet.add("summary", format!("Marked {banner}"));
    }
    sheet
}

fn bearer(entity: &Entity) -> Properties {
    let mut bearer = Properties::default();
    bearer.add("name", &entity.name);
    for spelling in entity.spellings.iter().filter(|spelling| **spelling != entity.name) {
        bearer.add("weakAlias", spelling);
    }
    match entity.kind {
        EntityKind::Person => entity.roles.iter().for_each(|role| _ = bearer.add("position", role)),
        EntityKind::Place => _ = bearer.add("full", &entity.name),
        EntityKind::Country => _ = bearer.add("level", "country"),
        _ => {}
    }
    bearer
}

fn said(statement: &Statement, schemas: &BTreeMap<&str, &str>) -> Properties {
    let mut event = Properties::default();
    let party = |name: &Option<String>, role: &Option<String>| {
        name.clone().or_else(|| role.clone()).unwrap_or_else(|| "somebody".to_owned())
    };
    let speaker = party(&statement.speaker, &statement.speaker_role);
    let name = match statement.addressee.is_some() || statement.addressee_role.is_some() {
        true => {
            let addressee = party(&statement.addressee, &statement.addressee_role);
            format!("{speaker} {} {addressee}", statement.verb)
        }
        false => format!("{speaker} {}", statement.verb),
    };
    event.add("name", name).add("summary", &statement.quote).add("description", &statement.says);
    event.add("recordId", &statement.id).add("proof", own(&statement.family));
    for id in [&statement.speaker_entity, &statement.addressee_entity].into_iter().flatten() {
        if schemas.get(id.as_str()).is_some_and(|schema| legal(schema)) {
            event.add("involved", own(id));
        }
    }
    if let Some(when) = &statement.when {
        let Window { earliest, latest } = when.window;
        event.add("startDate", day(earliest)).add("endDate", day(latest));
    }
    event
}

fn happened(event: &Event, schemas: &BTreeMap<&str, &str>, named: &BTreeMap<&str, &str>) -> Properties {
    let mut row = Properties::default();
    let name = |id: &String| named.get(id.as_str()).copied();
    let who: Vec<&str> = event.who.iter().filter_map(name).collect();
    row.add("name", format!("{}: {}", event.kind, who.join(", ")).trim_end_matches([':', ' ']).to_owned());
    row.add("summary", &event.quote).add("recordId", &event.id).add("proof", own(&event.family));
    for id in event.who.iter().filter(|id| schemas.get(id.as_str()).is_some_and(|schema| legal(schema))) {
        row.add("involved", own(id));
    }
    event.places.iter().filter_map(name).for_each(|place| _ = row.add("location", place));
    if let Some(when) = &event.when {
        let Window { earliest, latest } = when.window;
        row.add("startDate", day(earliest)).add("endDate", day(latest));
    }
    row
}

fn day(at: jiff::Timestamp) -> String {
    at.to_string().chars().take(10).collect()
}
