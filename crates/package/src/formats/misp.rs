//! A MISP event: a `leaked-document` object for each sheet, a `file` object for each received file
//! (<https://www.misp-project.org/objects.html>), as MISP's core format has them.

use std::collections::{BTreeMap, BTreeSet};

use dossier::Dossier;
use dossier::told::{Family, Item};
use serde_json::{Value, json};

use super::{Index, instant, span};
use crate::facts::{Facts, media_type};
use crate::uuid::uuid;

/// Templates of the objects: name, what they are, their own UUID and version.
const LEAKED: (&str, &str, &str, &str) =
    ("leaked-document", "Object describing a leaked document.", "ea145ecd-b3c2-4f57-ac11-c16e883c4247", "6");
const FILE: (&str, &str, &str, &str) = (
    "file",
    "File object describing a file with meta-information",
    "688c46fb-5edb-40a3-8273-1af7923e2215",
    "25",
);

/// The event, not published and for the own organisation alone until somebody decides otherwise.
pub(crate) fn event(dossier: &Dossier, facts: &Facts) -> Value {
    let index = Index::of(dossier);
    let stamp = facts.made.as_second().to_string();
    let mut files: BTreeMap<&str, &Item> = BTreeMap::new();
    for item in &dossier.items {
        files.entry(&item.sha256).or_insert(item);
    }
    let mut objects: Vec<Value> =
        dossier.families.iter().map(|family| leaked(family, &index, &stamp)).collect();
    objects.extend(files.values().map(|item| file(item, &stamp)));
    json!({ "Event": {
        "uuid": uuid("event", &facts.head().to_string()),
        "info": format!("Leaked pages: {}", dossier.case.name),
        "date": facts.made.strftime("%Y-%m-%d").to_string(),
        "timestamp": stamp, "threat_level_id": "4", "analysis": "1", "distribution": "0", "published": false,
        "Attribute": [], "Object": objects,
    }})
}

fn object(template: (&str, &str, &str, &str), of: &str, stamp: &str, comment: &str) -> Value {
    let (name, description, template, version) = template;
    json!({
        "uuid": uuid(name, of), "name": name, "meta-category": "file", "description": description,
        "template_uuid": template, "template_version": version, "timestamp": stamp, "distribution": "5",
        "comment": comment, "Attribute": [], "ObjectReference": [],
    })
}

/// Adds an attribute: its relation in the template, type, category, value.
fn add(object: &mut Value, relation: &str, kind: &str, category: &str, value: &str, comment: &str) {
    let of = object.get("uuid").and_then(Value::as_str).unwrap_or_default().to_owned();
    let stamp = object.get("timestamp").cloned().unwrap_or_default();
    if let Some(all) = object.get_mut("Attribute").and_then(Value::as_array_mut) {
        all.push(json!({
            "uuid": uuid("attribute", &format!("{of} {relation} {value}")), "object_relation": relation, "type": kind,
            "category": category, "value": value, "to_ids": false, "disable_correlation": kind == "datetime",
            "distribution": "5", "comment": comment, "timestamp": stamp,
        }));
    }
}

/// A sheet. Who leaked it, to what end and where it is from are not told: nobody knows from the material.
fn leaked(family: &Family, index: &Index, stamp: &str) -> Value {
    let marking =
        family.marking.banner.as_deref().map(|banner| format!(", marked {banner}")).unwrap_or_default();
    let comment = format!("first seen {}: {}{marking}", span(family.first.interval), family.first.says);
    let mut object = object(LEAKED, &family.id, stamp, &comment);
    add(&mut object, "document-name", "text", "Other", &format!("sheet {}", family.id), "");
    if let Some(text) = family.text.as_deref().filter(|text| !text.trim().is_empty()) {
        add(
            &mut object,
            "document-text",
            "text",
            "Other",
            text,
            "as read from its pictures, with misread letters",
        );
    }
    if let Some(at) = instant(family.first.interval) {
        add(&mut object, "first-seen", "datetime", "Other", &at.to_string(), family.first.basis.says());
    }
    let last = family.appearances.iter().filter_map(|seen| instant(seen.when)).max();
    if let Some(at) = last {
        add(&mut object, "last-seen", "datetime", "Other", &at.to_string(), "in this material");
    }
    let own = object.get("uuid").cloned().unwrap_or_default();
    let pictures = index.pictures.get(family.id.as_str()).into_iter().flatten();
    let items = pictures.flat_map(|picture| &picture.items).filter_map(|id| index.items.get(id.as_str()));
    let shown: BTreeSet<&str> = items.map(|item| item.sha256.as_str()).collect();
    let references: Vec<Value> = shown
        .iter()
        .map(|sha256| {
            json!({
                "uuid": uuid("reference", &format!("{} {sha256}", family.id)), "object_uuid": own,
                "referenced_uuid": uuid("file", sha256), "relationship_type": "contained-within",
                "timestamp": stamp, "comment": "the file shows the sheet",
            })
        })
        .collect();
    if let Some(object) = object.as_object_mut() {
        object.insert("ObjectReference".to_owned(), json!(references));
    }
    object
}

fn file(item: &Item, stamp: &str) -> Value {
    let mut object = object(FILE, &item.sha256, stamp, "");
    add(&mut object, "filename", "filename", "Payload delivery", &item.name, "as received");
    add(&mut object, "sha256", "sha256", "Payload delivery", &item.sha256, "");
    add(&mut object, "size-in-bytes", "size-in-bytes", "Other", &item.size.to_string(), "");
    add(&mut object, "mimetype", "mime-type", "Artifacts dropped", media_type(item.kind), "by its bytes");
    object
}
