//! Real exports, counted by an independent script, and a leak with known truth.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use intake::{merge_listings, merge_posts};
use model::{AttachmentState, Code, Listing, Record, Zone};
use serde_json::Value;

use crate::gather::{Gathered, items, read, shared};

fn expected(folder: &Path) -> BTreeMap<String, Value> {
    serde_json::from_slice(&std::fs::read(folder.join("expected.json")).unwrap()).unwrap()
}

fn authors(gathered: &Gathered, posts: impl Fn(&Record) -> bool) -> u64 {
    let ids = gathered.records.iter().filter(|r| posts(r)).filter_map(|r| r.post.author.as_ref());
    ids.map(|a| &a.native_id).collect::<BTreeSet<_>>().len() as u64
}

#[test]
fn discord_counts_are_those_of_the_script() {
    let Some(folder) = shared("exports/discord-dce-json") else { return };
    for (path, of) in expected(&folder) {
        let (format, got) = read(&std::fs::read(folder.join(&path)).unwrap(), &path);
        assert_eq!(format, "discord-json");
        let listing = &got.listings[0];
        assert_eq!(listing.native_id, of["channel_id"]);
        assert_eq!(listing.kind.as_deref(), of["channel_type"].as_str());
        assert_eq!(listing.export.declared, of["declared_message_count"].as_u64());
        assert_eq!(listing.export.read, of["messages"]);
        assert!(listing.export.complete);
        assert_eq!(got.count(|_| true), of["messages"]);
        assert_eq!(authors(&got, |_| true), of["authors"]);
        assert_eq!(got.count(|r| !r.post.edited.is_empty()), of["edited"]);
        assert_eq!(got.count(|r| r.post.forwarded.is_some()), of["forwards"]);
        let replies = of["replies_or_references"].as_u64().unwrap();
        let started_threads = of["references_without_message_id"].as_u64().unwrap();
        let threads_apart = got.count(|r| r.post.reply_to.is_some());
        assert!(threads_apart == replies || threads_apart + started_threads == replies + 1, "{path}");
        let files: usize = got.records.iter().map(|r| r.post.attached.len()).sum();
        assert_eq!(files as u64, of["attachments"]);
        assert_eq!(got.codes(Code::ClocksDisagree) as u64, of["id_time_mismatch_over_1s"], "{path}");
        let kinds = of["types"].as_object().unwrap();
        let services = kinds.iter().filter(|(k, _)| !matches!(k.as_str(), "Default" | "Reply"));
        let services: u64 = services.map(|(_, n)| n.as_u64().unwrap()).sum();
        assert_eq!(got.count(|r| r.post.service.is_some()), services);
        let first = got.records.iter().map(|r| r.post.posted[0].interval.earliest).min().unwrap();
        assert_eq!(first.to_string(), of["first_utc"].as_str().unwrap().trim_end_matches(".000Z"), "{path}");
    }
}

#[test]
fn telegram_counts_are_those_of_the_script() {
    let Some(folder) = shared("exports/telegram-json") else { return };
    for (path, of) in expected(&folder) {
        let (format, got) = read(&std::fs::read(folder.join(&path)).unwrap(), &path);
        assert_eq!(format, "telegram-json");
        assert_eq!(got.listings.len() as u64, of["chats"]);
        let listing = &got.listings[0];
        assert_eq!(listing.name, of["names"][0]);
        assert_eq!(listing.kind.as_deref(), of["types"][0].as_str());
        assert_eq!(got.count(|_| true), of["entries"]);
        let is_post = |r: &Record| r.post.service.is_none();
        assert_eq!(got.count(is_post), of["messages"]);
        assert_eq!(
            got.count(|r| !is_post(r) && r.post.service.as_deref() != Some("unsupported")),
            of["service"]
        );
        assert_eq!(authors(&got, is_post), of["authors"]);
        assert_eq!(got.count(|r| !r.post.edited.is_empty()), of["edited"]);
        assert_eq!(got.count(|r| r.post.forwarded.is_some()), of["forwards"]);
        assert_eq!(got.count(|r| r.post.reply_to.is_some()), of["replies"]);
        assert_eq!(
            got.count(|r| r.post.posted.is_empty() || r.floating),
            of["messages_without_absolute_time"]
        );
        let withheld =
            |r: &Record| r.post.attached.iter().any(|f| f.withheld == Some(AttachmentState::NotIncluded));
        assert_eq!(got.count(withheld), of["media_not_included"], "{path}");
        assert_eq!(got.count(|r| !r.post.attached.is_empty()), of["media_entries"], "{path}");
        let hours: Vec<f64> =
            of["local_minus_utc_hours"].as_array().unwrap().iter().map(|h| h.as_f64().unwrap()).collect();
        let seen = (hours[0] * 3600.0, hours[hours.len() - 1] * 3600.0);
        assert_eq!(listing.offsets, Some((seen.0 as i32, seen.1 as i32)));
    }
}

#[test]
fn imageboard_counts_are_those_of_the_script() {
    let Some(folder) = shared("exports/imageboard") else { return };
    for (path, of) in expected(&folder) {
        let (format, got) = read(&std::fs::read(folder.join(&path)).unwrap(), &path);
        assert_eq!(format, "imageboard");
        assert_eq!(got.count(|_| true), of["posts"]);
        let files: Vec<_> = got.records.iter().flat_map(|r| &r.post.attached).collect();
        assert_eq!(files.len() as u64, of["attachments"]);
        assert!(files.iter().all(|f| f.md5.as_ref().is_some_and(|md5| md5.len() == 32)));
        let first = got.records.iter().map(|r| r.post.posted[0].interval.earliest).min().unwrap();
        assert_eq!(format!("{first:.3}"), of["first_utc"]);
        if let Some(quotes) = of["quotelinks"].as_u64() {
            assert!(got.count(|r| r.post.reply_to.is_some()) <= quotes);
            assert_eq!(got.count(|r| r.post.reply_to.is_some()) > 0, quotes > 0);
        }
        if let Some(replies) = of["declared_replies"].as_u64() {
            assert_eq!(got.listings[0].export.declared, Some(replies + 1));
        }
    }
}

#[test]
fn two_exports_of_a_channel_merge_in_either_order() {
    let Some(folder) = shared("exports/discord-dce-json") else { return };
    let stem = "Example guild - Text Channels - chill talk [1012224565567125544]";
    let both = [format!("{stem}.json"), format!("{stem} without deleted message.json")];
    let mut records: BTreeMap<_, Vec<Record>> = BTreeMap::new();
    let mut listings: Vec<Listing> = Vec::new();
    for path in &both {
        let (_, got) = read(&std::fs::read(folder.join(path)).unwrap(), path);
        for record in got.records {
            records.entry(record.post.id).or_default().push(record);
        }
        listings.extend(got.listings);
    }
    assert_eq!(records.len(), 6);
    assert_eq!(records.values().filter(|of| of.len() == 1).count(), 1, "one was deleted");
    let changed = records.values().filter(|of| of.iter().any(|r| r.post.text != of[0].post.text));
    assert_eq!(changed.count(), 1, "one was changed without a mark");
    for of in records.values() {
        let mut turned = of.clone();
        turned.reverse();
        let mut other = listings.clone();
        other.reverse();
        assert_eq!(merge_posts(of, &listings), merge_posts(&turned, &other));
        let twice: Vec<_> = of.iter().chain(of).cloned().collect();
        assert_eq!(
            merge_posts(&twice, &listings),
            merge_posts(of, &listings),
            "adding again changes nothing"
        );
    }
    let channel = merge_listings(&listings, records.len() as u64);
    listings.reverse();
    assert_eq!(channel, merge_listings(&listings, 6));
    assert_eq!((channel.exports.len(), channel.posts, channel.name.as_str()), (2, 6, "chill talk"));
}

#[test]
fn a_local_time_is_narrowed_but_never_called_utc() {
    let text = r#"{"name":"n","type":"private_group","id":5,"messages":[
        {"id":1,"type":"message","date":"2023-01-01T12:00:00","date_unixtime":"1672570800","from":"a","from_id":"user1","text":"x"},
        {"id":2,"type":"message","date":"2023-01-01T13:00:00","from":"a","from_id":"user1","text":"y"}]}"#;
    let (_, got) = read(text.as_bytes(), "result.json");
    assert_eq!(got.listings[0].offsets, Some((3600, 3600)));
    let post = merge_posts(&got.records[1..], &got.listings).unwrap();
    assert_eq!(post.posted[0].zone, Zone::Inferred);
    assert_eq!(post.posted[0].interval.earliest.to_string(), "2023-01-01T12:00:00Z");
    assert_eq!(post.posted[0].interval.latest.to_string(), "2023-01-01T12:00:00.999999999Z");
    let alone = merge_posts(&got.records[1..], &[]).unwrap();
    assert_eq!(alone.posted[0].zone, Zone::Unknown);
    assert_eq!(alone.posted[0].interval.latest.to_string(), "2023-01-02T03:00:00.999999999Z");
}

#[test]
fn the_leak_has_as_many_posts_as_its_truth() {
    let Some(trove) = shared("bench/trove") else { return };
    let truth: Value = serde_json::from_slice(&std::fs::read(trove.join("truth.json")).unwrap()).unwrap();
    let mut found = BTreeMap::new();
    for (item, bytes) in items(&trove.join("exports")) {
        let (format, got) = read(&bytes, &item.path);
        if format == "none" {
            assert!(!item.path.ends_with(".json"), "{}", item.path);
            continue;
        }
        assert!(got.troubles.is_empty(), "{}: {:?}", item.path, got.troubles);
        for listing in got.listings {
            found.insert(listing.name, listing.export.read);
        }
    }
    let of = truth["channels"].as_array().unwrap();
    let expected: BTreeMap<_, _> =
        of.iter().map(|c| (c["id"].as_str().unwrap().to_owned(), c["posts"].as_u64().unwrap())).collect();
    assert_eq!(found, expected);
}
