//! FollowTheMoney entities (<https://followthemoney.tech>), one JSON object a line, as newsrooms' tools load them: files, posts and
//! accounts, and with them what the dossier tells in this form: sheets with their text, who is named on them, who says what.

use std::collections::{BTreeMap, BTreeSet};
use std::io;

use case::Entry;
use dossier::Dossier;
use dossier::told::{Item, Kind};
use serde_json::{Value, json};

use super::{Index, instant, span};
use crate::facts::{Facts, media_type};

/// All entities, by kind and id.
pub(crate) fn lines(dossier: &Dossier, facts: &Facts) -> io::Result<String> {
    let index = Index::of(dossier);
    let mut carried: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for post in &dossier.posts {
        for item in post.attached.iter().flat_map(|file| &file.items) {
            carried.entry(item).or_default().insert(&post.id);
        }
    }
    let arrivals = facts.arrivals();
    let mut all: Vec<Value> = dossier
        .items
        .iter()
        .map(|item| {
            file(item, &index, carried.get(item.id.as_str()), arrivals.get(item.id.as_str()).copied())
        })
        .collect();
    all.extend(dossier.accounts.iter().map(|account| {
        entity(
            &account.id,
            "UserAccount",
            &[
                ("username", account.names.clone()),
                ("service", vec![account.platform.clone()]),
                ("description", vec![format!("account {} as the platform names it", account.native_id)]),
            ],
        )
    }));
    all.extend(posts(dossier, &index));
    all.extend(shown(dossier, &index));
    let mut out = String::new();
    for one in all {
        out += &serde_json::to_string(&one)?;
        out.push('\n');
    }
    out += &dossier::ftm(dossier);
    Ok(out)
}

/// An entity; properties without a value are left out.
fn entity(id: &str, schema: &str, properties: &[(&str, Vec<String>)]) -> Value {
    let mut told = serde_json::Map::new();
    for (name, values) in properties {
        let values: Vec<&String> = values.iter().filter(|value| !value.trim().is_empty()).collect();
        if !values.is_empty() {
            told.insert((*name).to_owned(), json!(values));
        }
    }
    json!({ "id": key(id), "schema": schema, "properties": told })
}

/// An id as FollowTheMoney has them: letters, digits, hyphens.
fn key(id: &str) -> String {
    id.replace(':', "-")
}

fn file(item: &Item, index: &Index, posts: Option<&BTreeSet<&str>>, arrival: Option<&Entry>) -> Value {
    let schema = match item.kind {
        Kind::Pdf => "Pages",
        Kind::Zip | Kind::Tar | Kind::Gzip => "Package",
        Kind::Html => "HyperText",
        Kind::Text | Kind::Json => "PlainText",
        Kind::Jpeg
        | Kind::Png
        | Kind::Webp
        | Kind::Gif
        | Kind::Tiff
        | Kind::Bmp
        | Kind::Heic
        | Kind::Avif => "Image",
        _ => "Document",
    };
    let archive = item.inside.as_deref().and_then(|outer| index.items.get(outer));
    let archive = archive.filter(|outer| matches!(outer.kind, Kind::Zip | Kind::Tar | Kind::Gzip));
    let parents = archive.map(|outer| key(&outer.id)).into_iter();
    let parents = parents.chain(posts.into_iter().flatten().map(|post| key(post))).collect();
    let received =
        arrival.map(|entry| format!("received {} (entry {} of the custody log)", entry.at, entry.seq));
    entity(
        &item.id,
        schema,
        &[
            ("fileName", vec![item.name.clone()]),
            ("title", vec![item.path.clone()]),
            ("fileSize", vec![item.size.to_string()]),
            ("mimeType", vec![media_type(item.kind).to_owned()]),
            ("parent", parents),
            ("description", vec![format!("SHA-256 {}", item.sha256)]),
            ("notes", received.into_iter().collect()),
        ],
    )
}

/// A time that is wider than a second is told in words alone.
fn posts(dossier: &Dossier, index: &Index) -> Vec<Value> {
    let of = |post: &dossier::told::Post| {
        let channel = index.channels.get(post.channel.as_str());
        let place =
            channel.map(|channel| format!("{} on {}", channel.name, channel.platform)).unwrap_or_default();
        let at = instant(post.when).map(|at| at.strftime("%Y-%m-%dT%H:%M:%S").to_string());
        let reply = post.reply_to.as_ref().and_then(|reply| reply.post.as_ref());
        entity(
            &post.id,
            "Message",
            &[
                ("bodyText", vec![post.text.clone()]),
                ("date", at.into_iter().collect()),
                ("senderAccount", post.account.iter().map(|id| key(id)).collect()),
                ("threadTopic", channel.map(|channel| channel.name.clone()).into_iter().collect()),
                ("inReplyToMessage", reply.map(|id| key(id)).into_iter().collect()),
                ("description", vec![format!("posted {} in {place}", span(post.when))]),
            ],
        )
    };
    dossier.posts.iter().map(of).collect()
}

/// The sheets linked with the files that show them.
fn shown(dossier: &Dossier, index: &Index) -> Vec<Value> {
    let mut shown: BTreeSet<(&str, &str)> = BTreeSet::new();
    for picture in &dossier.pictures {
        let (Some(family), Some(item)) = (picture.family.as_deref(), picture.item.as_deref()) else {
            continue;
        };
        if index.items.contains_key(item) {
            shown.insert((family, item));
        }
    }
    let link = |(family, item): (&str, &str)| {
        entity(
            &format!("shows-{}-{}", crate::uuid::uuid("shows", family), crate::uuid::uuid("shows", item)),
            "UnknownLink",
            &[
                ("subject", vec![key(item)]),
                ("object", vec![key(family)]),
                ("role", vec!["the file shows the sheet".to_owned()]),
            ],
        )
    };
    shown.into_iter().map(link).collect()
}
