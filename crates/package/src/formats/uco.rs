//! The files and how they came, in CASE 1.4 / UCO 1.4 (<https://caseontology.org>) as JSON-LD, as police tools read it.

use std::collections::BTreeSet;

use dossier::Dossier;
use dossier::told::{Item, Post};
use serde_json::{Value, json};

use super::{Index, instant, span};
use crate::facts::{Facts, media_type};
use crate::uuid::uuid;

/// The graph: an investigation, files with their digests, who received them when with which program, and the posts that
/// carried them.
pub(crate) fn graph(dossier: &Dossier, facts: &Facts) -> Value {
    let mut nodes = vec![json!({
        "@id": kb("investigation", &dossier.case.name), "@type": "case-investigation:Investigation",
        "uco-core:name": dossier.case.name, "uco-core:description": dossier.case.purpose,
        "uco-core:object": dossier.items.iter().map(|item| json!({ "@id": kb("file", &item.id) })).collect::<Vec<_>>(),
    })];
    nodes.extend(dossier.items.iter().map(file));
    nodes.extend(dossier.items.iter().filter_map(inside));
    nodes.extend(actions(dossier, facts));
    let index = Index::of(dossier);
    let carrying: BTreeSet<&str> = dossier
        .families
        .iter()
        .flat_map(|family| &family.appearances)
        .map(|seen| seen.post.as_str())
        .collect();
    for post in carrying.iter().filter_map(|id| index.posts.get(id)) {
        nodes.push(message(post, &index));
        nodes.extend(attachments(post, &index));
    }
    json!({ "@context": context(), "@graph": nodes })
}

fn context() -> Value {
    let uco = |part: &str| format!("https://ontology.unifiedcyberontology.org/uco/{part}/");
    json!({
        "@vocab": "urn:truecopy:terms:",
        "kb": "urn:truecopy:kb:",
        "case-investigation": "https://ontology.caseontology.org/case/investigation/",
        "uco-action": uco("action"), "uco-core": uco("core"), "uco-identity": uco("identity"),
        "uco-observable": uco("observable"), "uco-tool": uco("tool"), "uco-types": uco("types"),
        "uco-vocabulary": uco("vocabulary"),
        "xsd": "http://www.w3.org/2001/XMLSchema#",
    })
}

fn kb(kind: &str, of: &str) -> String {
    format!("kb:{kind}-{}", uuid(kind, of))
}

fn typed(kind: &str, value: impl ToString) -> Value {
    json!({ "@type": kind, "@value": value.to_string() })
}

fn file(item: &Item) -> Value {
    let name = item.name.clone();
    json!({
        "@id": kb("file", &item.id), "@type": "uco-observable:File", "uco-core:name": name,
        "uco-core:hasFacet": [
            {
                "@id": kb("file-facet", &item.id), "@type": "uco-observable:FileFacet",
                "uco-observable:fileName": name, "uco-observable:filePath": item.path,
                "uco-observable:sizeInBytes": typed("xsd:integer", item.size),
            },
            {
                "@id": kb("content-facet", &item.id), "@type": "uco-observable:ContentDataFacet",
                "uco-observable:mimeType": media_type(item.kind),
                "uco-observable:sizeInBytes": typed("xsd:integer", item.size),
                "uco-observable:hash": {
                    "@id": kb("hash", &item.id), "@type": "uco-types:Hash",
                    "uco-types:hashMethod": "SHA256",
                    "uco-types:hashValue": typed("xsd:hexBinary", item.sha256.to_uppercase()),
                },
            },
        ],
    })
}

/// That a file was found in another.
fn inside(item: &Item) -> Option<Value> {
    let outer = item.inside.as_ref()?;
    Some(relation(&kb("file", &item.id), &kb("file", outer), "Contained_Within"))
}

fn relation(source: &str, target: &str, kind: &str) -> Value {
    json!({
        "@id": kb("relation", &format!("{source} {kind} {target}")), "@type": "uco-observable:ObservableRelationship",
        "uco-core:source": { "@id": source }, "uco-core:target": { "@id": target },
        "uco-core:isDirectional": typed("xsd:boolean", true), "uco-core:kindOfRelationship": kind,
    })
}

/// Who did what with which program: the entries of the log.
fn actions(dossier: &Dossier, facts: &Facts) -> Vec<Value> {
    let mut nodes = Vec::new();
    let people: BTreeSet<&str> = facts.entries.iter().map(|entry| entry.actor.as_str()).collect();
    nodes.extend(people.iter().map(|name| {
        json!({ "@id": kb("identity", name), "@type": "uco-identity:Identity", "uco-core:name": name })
    }));
    let program = |version: &str| if version.is_empty() { "truecopy".to_owned() } else { version.to_owned() };
    let tools: BTreeSet<String> = facts.entries.iter().map(|entry| program(&entry.version)).collect();
    nodes.extend(tools.iter().map(|tool| {
        let (name, version) = tool.split_once(' ').unwrap_or((tool, ""));
        json!({
            "@id": kb("tool", tool), "@type": "uco-tool:Tool", "uco-core:name": name, "uco-tool:version": version,
        })
    }));
    let told: BTreeSet<&str> = dossier.items.iter().map(|item| item.id.as_str()).collect();
    for entry in &facts.entries {
        let digest = entry.digest.to_string();
        let own = entry.inputs.iter().filter(|input| told.contains(input.as_str()));
        let items: Vec<Value> = own.map(|item| json!({ "@id": kb("file", item) })).collect();
        let mut action = json!({
            "@id": kb("action", &digest), "@type": "case-investigation:InvestigativeAction",
            "uco-core:name": entry.command,
            "uco-core:description": format!("entry {} of the custody log, SHA-256 {digest}", entry.seq),
            "uco-action:startTime": typed("xsd:dateTime", entry.at), "uco-action:endTime": typed("xsd:dateTime", entry.at),
            "uco-action:performer": { "@id": kb("identity", &entry.actor) },
            "uco-action:instrument": { "@id": kb("tool", &program(&entry.version)) },
        });
        if !items.is_empty() {
            let record = kb("provenance", &digest);
            nodes.push(json!({
                "@id": record, "@type": "case-investigation:ProvenanceRecord",
                "case-investigation:exhibitNumber": format!("entry {}", entry.seq), "uco-core:object": items,
            }));
            if let Some(action) = action.as_object_mut() {
                action.insert("uco-action:object".to_owned(), json!(items));
                action.insert("uco-action:result".to_owned(), json!([{ "@id": record }]));
            }
        }
        nodes.push(action);
    }
    nodes
}

/// A post. A time wider than a second is told in words, not as an instant.
fn message(post: &Post, index: &Index) -> Value {
    let channel = index.channels.get(post.channel.as_str());
    let mut facet = json!({
        "@id": kb("message-facet", &post.id), "@type": "uco-observable:MessageFacet",
        "uco-observable:messageID": post.native_id, "uco-observable:messageText": post.text,
    });
    if let (Some(at), Some(facet)) = (instant(post.when), facet.as_object_mut()) {
        facet.insert("uco-observable:sentTime".to_owned(), typed("xsd:dateTime", at));
    }
    let place = channel.map(|channel| format!("{}, {}", channel.platform, channel.name)).unwrap_or_default();
    json!({
        "@id": kb("message", &post.id), "@type": "uco-observable:Message",
        "uco-core:description": format!("posted {} in {place}", span(post.when)), "uco-core:hasFacet": [facet],
    })
}

fn attachments(post: &Post, index: &Index) -> Vec<Value> {
    let held =
        post.attached.iter().flat_map(|file| &file.items).filter(|id| index.items.contains_key(id.as_str()));
    held.collect::<BTreeSet<_>>()
        .into_iter()
        .map(|item| relation(&kb("file", item), &kb("message", &post.id), "Attachment_Of"))
        .collect()
}
