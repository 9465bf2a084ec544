//! Posts and appearances as rows (RFC 4180), guarded against spreadsheets that calculate.

use std::collections::{BTreeMap, BTreeSet};

use dossier::Dossier;
use dossier::cells::row;
use dossier::told::Window;

use super::Index;

/// A row a post, in the order of their ids.
pub(crate) fn posts(dossier: &Dossier) -> String {
    let index = Index::of(dossier);
    let mut shows: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for family in &dossier.families {
        for seen in &family.appearances {
            shows.entry(&seen.post).or_default().insert(&family.id);
        }
    }
    let mut out = String::new();
    row(
        &mut out,
        [
            "post",
            "platform",
            "space",
            "channel_id",
            "channel_name",
            "post_id",
            "author_id",
            "author_name",
            "earliest_utc",
            "latest_utc",
            "verbatim",
            "clock",
            "text",
            "files",
            "deleted",
            "sheets",
            "records",
        ],
    );
    for post in &dossier.posts {
        let channel = index.channels.get(post.channel.as_str());
        let of = |get: fn(&dossier::told::Channel) -> &str| {
            channel.map(|channel| get(channel)).unwrap_or_default()
        };
        let author = post.author.as_ref();
        let first = post.posted.iter().find(|time| Some(time.window) == post.when);
        let (earliest, latest) = ends(post.when);
        let files: Vec<&str> = post.attached.iter().map(|file| file.name.as_str()).collect();
        let sheets = shows.get(post.id.as_str()).map(|all| all.iter().copied().collect::<Vec<_>>().join(" "));
        let cells = [
            post.id.as_str(),
            of(|channel| &channel.platform),
            of(|channel| channel.space.as_deref().unwrap_or_default()),
            of(|channel| &channel.native_id),
            of(|channel| &channel.name),
            &post.native_id,
            author.map(|author| author.native_id.as_str()).unwrap_or_default(),
            author.map(|author| author.name.as_str()).unwrap_or_default(),
            &earliest,
            &latest,
            first.map(|time| time.verbatim.as_str()).unwrap_or_default(),
            first.map(|time| time.clock.says()).unwrap_or_default(),
            &post.text,
            &files.join("\n"),
            if post.deleted { "yes" } else { "no" },
            &sheets.unwrap_or_default(),
            &post.records.join(" "),
        ];
        row(&mut out, cells);
    }
    out
}

/// A row a picture in a post, by sheet and time.
pub(crate) fn appearances(dossier: &Dossier) -> String {
    let index = Index::of(dossier);
    let mut out = String::new();
    row(
        &mut out,
        [
            "sheet",
            "picture",
            "file_sha256",
            "file_path",
            "post",
            "platform",
            "channel_id",
            "channel_name",
            "post_id",
            "earliest_utc",
            "latest_utc",
        ],
    );
    for family in &dossier.families {
        for seen in &family.appearances {
            let item = index.items.get(seen.item.as_str());
            let channel = seen.channel.as_deref().and_then(|id| index.channels.get(id));
            let post = index.posts.get(seen.post.as_str());
            let (earliest, latest) = ends(seen.when);
            let cells = [
                family.id.as_str(),
                &seen.picture,
                item.map(|item| item.sha256.as_str()).unwrap_or_default(),
                item.map(|item| item.path.as_str()).unwrap_or_default(),
                &seen.post,
                channel.map(|channel| channel.platform.as_str()).unwrap_or_default(),
                channel.map(|channel| channel.native_id.as_str()).unwrap_or_default(),
                channel.map(|channel| channel.name.as_str()).unwrap_or_default(),
                post.map(|post| post.native_id.as_str()).unwrap_or_default(),
                &earliest,
                &latest,
            ];
            row(&mut out, cells);
        }
    }
    out
}

fn ends(window: Option<Window>) -> (String, String) {
    window.map(|window| (window.earliest.to_string(), window.latest.to_string())).unwrap_or_default()
}
