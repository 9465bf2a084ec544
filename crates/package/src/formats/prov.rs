//! Where everything came from, in W3C PROV (PROV-O, <https://www.w3.org/TR/prov-o/>) as JSON-LD 1.1. Nothing in it has to be
//! fetched: its context stands in it.

use std::collections::{BTreeMap, BTreeSet};

use dossier::Dossier;
use serde_json::{Value, json};

use crate::facts::Facts;

/// The graph: files as entities, entries of the log as activities, who did them and with which program as agents; pictures
/// derived from files, sheets as collections of pictures.
pub(crate) fn graph(dossier: &Dossier, facts: &Facts) -> Value {
    let mut nodes = agents(facts);
    nodes.extend(activities(facts));
    nodes.extend(files(dossier, facts));
    for picture in &dossier.pictures {
        let mut node =
            json!({ "@id": urn(&picture.id), "@type": "prov:Entity", "label": "a sheet seen on a page" });
        if let Some(item) = &picture.item {
            set(&mut node, "wasDerivedFrom", json!(urn(item)));
        }
        nodes.push(node);
    }
    for family in &dossier.families {
        let members: Vec<String> = family.pictures.iter().map(|id| urn(id)).collect();
        nodes.push(json!({
            "@id": urn(&family.id), "@type": ["prov:Entity", "prov:Collection"],
            "label": "all pictures of one sheet", "hadMember": members,
        }));
    }
    nodes.push(json!({
        "@id": "urn:truecopy:dossier", "@type": "prov:Entity", "label": "dossier.json and report.html of this package",
        "wasGeneratedBy": "urn:truecopy:packaging",
    }));
    json!({ "@context": context(), "@graph": nodes })
}

fn context() -> Value {
    let id = |name: &str| json!({ "@id": format!("prov:{name}"), "@type": "@id" });
    let time = |name: &str| json!({ "@id": format!("prov:{name}"), "@type": "xsd:dateTime" });
    json!({
        "@version": 1.1,
        "prov": "http://www.w3.org/ns/prov#",
        "xsd": "http://www.w3.org/2001/XMLSchema#",
        "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
        "tc": "urn:truecopy:terms:",
        "label": "rdfs:label",
        "sha256": "tc:sha256",
        "host": "tc:host",
        "entryDigest": "tc:entryDigest",
        "wasDerivedFrom": id("wasDerivedFrom"),
        "wasGeneratedBy": id("wasGeneratedBy"),
        "wasAssociatedWith": id("wasAssociatedWith"),
        "wasInformedBy": id("wasInformedBy"),
        "actedOnBehalfOf": id("actedOnBehalfOf"),
        "used": id("used"),
        "hadMember": id("hadMember"),
        "startedAtTime": time("startedAtTime"),
        "endedAtTime": time("endedAtTime"),
    })
}

/// People, as the machine names them, and versions of the program.
fn agents(facts: &Facts) -> Vec<Value> {
    let mut programs: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut people: BTreeSet<&str> = facts.entries.iter().map(|entry| entry.actor.as_str()).collect();
    people.insert(&facts.actor);
    let entries = facts.entries.iter().map(|entry| (entry.version.as_str(), entry.actor.as_str()));
    for (program, actor) in entries.chain([(facts.program.as_str(), facts.actor.as_str())]) {
        programs.entry(program_urn(program)).or_default().insert(agent(actor));
    }
    let person =
        |name: &&str| json!({ "@id": agent(name), "@type": ["prov:Agent", "prov:Person"], "label": name });
    let mut nodes: Vec<Value> = people.iter().map(person).collect();
    nodes.extend(programs.into_iter().map(|(program, actors)| {
        json!({ "@id": program, "@type": ["prov:Agent", "prov:SoftwareAgent"], "label": program, "actedOnBehalfOf": actors })
    }));
    nodes
}

/// One for each entry of the log, each informed by the one before, and the packaging.
fn activities(facts: &Facts) -> Vec<Value> {
    let mut nodes = Vec::new();
    let mut before: Option<String> = None;
    for entry in &facts.entries {
        let id = format!("urn:truecopy:entry:{}", entry.digest);
        let mut node = json!({
            "@id": id, "@type": "prov:Activity", "label": entry.command,
            "startedAtTime": entry.at.to_string(), "endedAtTime": entry.at.to_string(),
            "wasAssociatedWith": [agent(&entry.actor), program_urn(&entry.version)],
            "host": entry.host, "entryDigest": entry.digest.to_string(),
        });
        if let Some(before) = before.replace(id) {
            set(&mut node, "wasInformedBy", json!(before));
        }
        nodes.push(node);
    }
    let used: Vec<String> =
        facts.originals.iter().flat_map(|original| &original.names).map(|(item, _, _)| urn(item)).collect();
    let mut packaging = json!({
        "@id": "urn:truecopy:packaging", "@type": "prov:Activity", "label": "package",
        "startedAtTime": facts.made.to_string(), "endedAtTime": facts.made.to_string(),
        "wasAssociatedWith": [agent(&facts.actor), program_urn(&facts.program)], "host": facts.host, "used": used,
    });
    if let Some(before) = before {
        set(&mut packaging, "wasInformedBy", json!(before));
    }
    nodes.push(packaging);
    nodes
}

fn files(dossier: &Dossier, facts: &Facts) -> Vec<Value> {
    let arrivals = facts.arrivals();
    let of = |item: &dossier::told::Item| {
        let mut node = json!({
            "@id": urn(&item.id), "@type": "prov:Entity", "label": item.path, "sha256": item.sha256,
        });
        if let Some(entry) = arrivals.get(item.id.as_str()) {
            set(&mut node, "wasGeneratedBy", json!(format!("urn:truecopy:entry:{}", entry.digest)));
        }
        if let Some(outer) = &item.inside {
            set(&mut node, "wasDerivedFrom", json!(urn(outer)));
        }
        node
    };
    dossier.items.iter().map(of).collect()
}

fn set(node: &mut Value, key: &str, value: Value) {
    if let Some(object) = node.as_object_mut() {
        object.insert(key.to_owned(), value);
    }
}

/// An id of the dossier as a URN.
fn urn(id: &str) -> String {
    format!("urn:truecopy:{id}")
}

fn agent(name: &str) -> String {
    format!("urn:truecopy:person:{}", encoded(name))
}

fn program_urn(version: &str) -> String {
    format!("urn:truecopy:program:{}", encoded(if version.is_empty() { "truecopy" } else { version }))
}

/// Whatever is not a letter or digit as its bytes (RFC 3986).
fn encoded(text: &str) -> String {
    let byte = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' => (byte as char).to_string(),
        _ => format!("%{byte:02X}"),
    };
    text.bytes().map(byte).collect()
}
