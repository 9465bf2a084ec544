//! Real exports of the other formats, counted by an independent script: each count that the records can tell.

use std::collections::{BTreeMap, BTreeSet};

use intake::Beside;
use model::{AttachmentState, Code, Digest, Record};
use serde_json::Value;

use crate::gather::{Gathered, read, read_beside, shared};

/// Each sample of a folder with what the script counted in it.
fn samples(folder: &str) -> Vec<(String, Vec<u8>, Value)> {
    let Some(folder) = shared(&format!("exports/{folder}")) else { return Vec::new() };
    let expected: BTreeMap<String, Value> =
        serde_json::from_slice(&std::fs::read(folder.join("expected.json")).unwrap()).unwrap();
    expected.into_iter().map(|(path, of)| (path.clone(), std::fs::read(folder.join(path)).unwrap(), of)).collect()
}

fn authors(got: &Gathered, like: impl Fn(&Record) -> bool) -> BTreeSet<&str> {
    got.records.iter().filter(|r| like(r)).filter_map(|r| r.post.author.as_ref()).map(|a| a.native_id.as_str()).collect()
}

fn is_post(record: &Record) -> bool {
    record.post.service.is_none()
}

fn files(got: &Gathered) -> u64 {
    got.records.iter().map(|r| r.post.attached.len() as u64).sum()
}

/// Earliest and latest time by the narrowest clock, to the millisecond.
fn span(got: &Gathered) -> (String, String) {
    let times = || got.records.iter().filter_map(|r| r.post.when()).map(|when| when.earliest);
    let shown = |at: Option<jiff::Timestamp>| at.map_or("null".to_owned(), |at| format!("{at:.3}"));
    (shown(times().min()), shown(times().max()))
}

fn distinct(got: &Gathered) -> u64 {
    got.native_ids().into_iter().collect::<BTreeSet<_>>().len() as u64
}

#[test]
fn discord_html() {
    for (path, bytes, of) in samples("discord-dce-html").into_iter().chain(samples("discord-dce-2019-csv-txt-html")) {
        if !path.ends_with(".html") {
            continue;
        }
        let (format, got) = read(&bytes, &path);
        assert_eq!(format, "discord-html");
        assert_eq!(got.count(|_| true), of["messages"], "{path}");
        assert_eq!(distinct(&got), of["unique_message_ids"]);
        assert_eq!(got.count(|r| !r.post.edited.is_empty()), of["edited"], "{path}");
        assert_eq!(got.count(|r| r.post.forwarded.is_some()), of["forwards"]);
        assert_eq!(got.count(|r| r.post.reply_to.is_some()), of["replies"]);
        assert_eq!(got.count(|r| r.post.service.is_some()), of["system_notifications"]);
        let own: usize = got.records.iter().filter(|r| r.post.forwarded.is_none()).map(|r| r.post.attached.len()).sum();
        assert_eq!(own as u64, of["attachments"]);
        assert_eq!(authors(&got, |_| true).len() as u64, of["authors_named"]);
        assert!(got.records.iter().all(|r| r.post.author.is_some() && r.post.posted.len() == 2));
        assert_eq!(span(&got), (text(&of["first_utc_from_id"]), text(&of["last_utc_from_id"])));
        let listing = &got.listings[0];
        assert_eq!(listing.export.declared, Some(listing.export.read));
        assert!(listing.export.complete);
        if path == "announcements.html" {
            assert_eq!((listing.name.as_str(), listing.space.as_deref()), ("announcements", Some("MeshCore")));
            // The foot says UTC−5; 14 of 29 posts are printed in summer time.
            assert_eq!(listing.offsets, Some((-5 * 3600, -4 * 3600)));
            let said = got.troubles.iter().find(|t| t.code == Code::ZoneDiffers).unwrap();
            assert_eq!(said.detail, "the foot says UTC-5; 14 of 29 posts are printed in another");
        }
        assert_eq!(got.codes(Code::ClocksDisagree), 0);
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or("null").to_owned()
}

/// What all three say of a post: author, minute, words without mark-up.
fn said(got: &Gathered) -> BTreeSet<(String, String, String)> {
    let said = |r: &Record| {
        let minute = r.post.posted[0].verbatim.clone();
        let words: String = r.post.text.replace("**", "").replace("@everyone", "everyone").split_whitespace().collect();
        (r.post.author.as_ref().unwrap().name.clone(), minute, words)
    };
    got.records.iter().map(said).collect()
}

#[test]
fn discord_csv_text_and_html_say_the_same() {
    let mut told = Vec::new();
    for (path, bytes, of) in samples("discord-dce-2019-csv-txt-html") {
        let (format, got) = read(&bytes, &path);
        assert_eq!(got.count(|_| true), of["messages"], "{path}");
        assert!(got.listings[0].export.complete, "{path}: {:?}", got.troubles);
        if format != "discord-html" {
            let named = if format == "discord-csv" { &of["authors"] } else { &of["authors_by_name"] };
            assert_eq!(authors(&got, |_| true).len() as u64, *named);
            assert_eq!(got.codes(Code::ZoneUnknown), 1);
            // Printed as if it were UTC, it is the middle of what it can mean.
            let first = got.records[0].post.when().unwrap().earliest + jiff::SignedDuration::from_hours(14);
            assert_eq!(format!("{first:.3}"), of["first_utc_if_utc"]);
            assert!(got.records.iter().all(|r| r.floating));
        }
        told.push(said(&got));
    }
    assert!(told.windows(2).all(|pair| pair[0] == pair[1]), "{told:?}");
}

#[test]
fn telegram_html() {
    for (path, bytes, of) in samples("telegram-html") {
        let (format, got) = read(&bytes, &path);
        assert_eq!(format, "telegram-html");
        assert_eq!(got.count(is_post), of["messages"]);
        assert_eq!(got.count(|r| !is_post(r)), of["service_real"]);
        assert_eq!(got.count(|r| r.post.forwarded.is_some()), of["forwards"]);
        assert_eq!(got.count(|r| r.post.reply_to.is_some()), of["replies"]);
        let left_out = |r: &Record| r.post.attached.iter().any(|f| f.withheld == Some(AttachmentState::NotIncluded));
        assert_eq!(got.count(left_out), of["media_not_included"]);
        assert!(got.records.iter().flat_map(|r| &r.post.attached).all(|f| f.withheld.is_none() || f.reference.is_empty()));
        assert!(got.records.iter().filter(|r| is_post(r)).all(|r| r.post.author.is_some()));
        assert_eq!(span(&got), (text(&of["first_utc"]), text(&of["last_utc"])));
        let ids: Vec<i64> = got.native_ids().iter().map(|id| id.parse().unwrap()).collect();
        assert_eq!((ids.iter().min(), ids.iter().max()), (of["first_id"].as_i64().as_ref(), of["last_id"].as_i64().as_ref()));
        assert!(got.records.iter().all(|r| r.post.posted.iter().all(|w| w.zone == model::Zone::Written)));
    }
}

/// The entries of an archive, to be looked into.
pub struct Folder(pub BTreeMap<String, Vec<u8>>);

impl Beside for Folder {
    fn digest(&self, path: &str) -> Option<Digest> {
        self.0.get(path).map(|bytes| Digest::of(bytes))
    }
    fn bytes(&self, path: &str, most: usize) -> Option<Vec<u8>> {
        self.0.get(path).map(|bytes| bytes[..bytes.len().min(most)].to_vec())
    }
}

/// The files in an archive.
pub fn unpacked(bytes: &[u8], path: &str) -> Folder {
    let mut all = BTreeMap::new();
    let kind = intake::sniff(bytes);
    let limits = intake::Limits::default();
    let _ = intake::unpack(kind, &mut std::io::Cursor::new(bytes), bytes.len() as u64, path, &limits, &mut |entry, data| {
        let mut content = Vec::new();
        data.read_to_end(&mut content)?;
        all.insert(entry.path, content);
        Ok(())
    });
    Folder(all)
}

#[test]
fn slack() {
    for (path, bytes, of) in samples("slack") {
        let folder = if path.ends_with(".zip") {
            unpacked(&bytes, &path)
        } else {
            Folder([(path.clone(), bytes)].into())
        };
        let mut got = Gathered::default();
        for (inner, content) in &folder.0 {
            let (format, one) = read_beside(content, inner, &folder);
            assert!(format == "slack" || one.records.is_empty(), "{inner}: {format}");
            got.records.extend(one.records);
            got.listings.extend(one.listings);
        }
        assert_eq!(got.count(|_| true), of["messages"], "{path}");
        assert_eq!(got.count(|r| !r.post.edited.is_empty()), of["edited"]);
        assert_eq!(files(&got), of["files"]);
        assert_eq!(got.count(|r| r.post.deleted), of["tombstones"]);
        assert_eq!(got.count(|r| r.post.reply_to.is_some()), of["thread_replies"]);
        let services = ["channel_join", "bot_add"].iter().filter_map(|kind| of["subtypes"][kind].as_u64()).sum::<u64>();
        assert_eq!(got.count(|r| !is_post(r)), services);
        let (first, last) = span(&got);
        assert_eq!((&first[..19], &last[..19]), (&text(&of["first_utc"])[..19], &text(&of["last_utc"])[..19]));
        match of["channels_with_messages"].as_object() {
            Some(channels) => {
                for (name, count) in channels {
                    let read = |l: &&model::Listing| l.name == *name && l.native_id.starts_with('C');
                    assert_eq!(got.listings.iter().filter(read).map(|l| l.export.read).sum::<u64>(), *count);
                }
                assert!(got.records.iter().any(|r| r.post.author.as_ref().is_some_and(|a| a.name == "abilinski")));
            }
            None => assert_eq!(got.listings[0].native_id, of["channel_id"]),
        }
        let bots_and_deleted = got.records.iter().filter(|r| r.post.author.is_none()).count();
        assert!(authors(&got, |_| true).len() as u64 + u64::from(bots_and_deleted > 0) >= of["authors"].as_u64().unwrap());
    }
}
