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
    expected
        .into_iter()
        .map(|(path, of)| (path.clone(), std::fs::read(folder.join(path)).unwrap(), of))
        .collect()
}

fn authors(got: &Gathered, like: impl Fn(&Record) -> bool) -> BTreeSet<&str> {
    got.records
        .iter()
        .filter(|r| like(r))
        .filter_map(|r| r.post.author.as_ref())
        .map(|a| a.native_id.as_str())
        .collect()
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
    for (path, bytes, of) in
        samples("discord-dce-html").into_iter().chain(samples("discord-dce-2019-csv-txt-html"))
    {
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
        let own: usize =
            got.records.iter().filter(|r| r.post.forwarded.is_none()).map(|r| r.post.attached.len()).sum();
        assert_eq!(own as u64, of["attachments"]);
        assert_eq!(authors(&got, |_| true).len() as u64, of["authors_named"]);
        assert!(got.records.iter().all(|r| r.post.author.is_some() && r.post.posted.len() == 2));
        assert_eq!(span(&got), (text(&of["first_utc_from_id"]), text(&of["last_utc_from_id"])));
        let listing = &got.listings[0];
        assert_eq!(listing.export.declared, Some(listing.export.read));
        assert!(listing.export.complete);
        if path == "announcements.html" {
            assert_eq!(
                (listing.name.as_str(), listing.space.as_deref()),
                ("announcements", Some("MeshCore"))
            );
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
        let words: String =
            r.post.text.replace("**", "").replace("@everyone", "everyone").split_whitespace().collect();
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
        let left_out =
            |r: &Record| r.post.attached.iter().any(|f| f.withheld == Some(AttachmentState::NotIncluded));
        assert_eq!(got.count(left_out), of["media_not_included"]);
        assert!(
            got.records
                .iter()
                .flat_map(|r| &r.post.attached)
                .all(|f| f.withheld.is_none() || f.reference.is_empty())
        );
        assert!(got.records.iter().filter(|r| is_post(r)).all(|r| r.post.author.is_some()));
        assert_eq!(span(&got), (text(&of["first_utc"]), text(&of["last_utc"])));
        let ids: Vec<i64> = got.native_ids().iter().map(|id| id.parse().unwrap()).collect();
        assert_eq!(
            (ids.iter().min(), ids.iter().max()),
            (of["first_id"].as_i64().as_ref(), of["last_id"].as_i64().as_ref())
        );
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
    let _ = intake::unpack(
        kind,
        &mut std::io::Cursor::new(bytes),
        bytes.len() as u64,
        path,
        &limits,
        &mut |entry, data| {
            let mut content = Vec::new();
            data.read_to_end(&mut content)?;
            all.insert(entry.path, content);
            Ok(())
        },
    );
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
        let services =
            ["channel_join", "bot_add"].iter().filter_map(|kind| of["subtypes"][kind].as_u64()).sum::<u64>();
        assert_eq!(got.count(|r| !is_post(r)), services);
        let (first, last) = span(&got);
        assert_eq!(
            (&first[..19], &last[..19]),
            (&text(&of["first_utc"])[..19], &text(&of["last_utc"])[..19])
        );
        match of["channels_with_messages"].as_object() {
            Some(channels) => {
                for (name, count) in channels {
                    let read = |l: &&model::Listing| l.name == *name && l.native_id.starts_with('C');
                    assert_eq!(got.listings.iter().filter(read).map(|l| l.export.read).sum::<u64>(), *count);
                }
                assert!(
                    got.records.iter().any(|r| r.post.author.as_ref().is_some_and(|a| a.name == "abilinski"))
                );
            }
            None => assert_eq!(got.listings[0].native_id, of["channel_id"]),
        }
        let bots_and_deleted = got.records.iter().filter(|r| r.post.author.is_none()).count();
        assert!(
            authors(&got, |_| true).len() as u64 + u64::from(bots_and_deleted > 0)
                >= of["authors"].as_u64().unwrap()
        );
    }
}

#[test]
fn whatsapp() {
    for (path, bytes, of) in samples("whatsapp") {
        let (path, bytes) = if path.ends_with(".zip") {
            unpacked(&bytes, &path).0.into_iter().next().unwrap()
        } else {
            (path, bytes)
        };
        let (format, got) = read(&bytes, &path);
        assert_eq!(format, "whatsapp", "{path}");
        let system = of["system_lines"].as_u64().unwrap();
        assert_eq!(got.count(|r| !is_post(r)), system, "{path}");
        // The script counts notices among the messages of some samples, and apart of others.
        let messages = of["messages"].as_u64().unwrap();
        assert!([messages, messages + system].contains(&got.count(|_| true)), "{path}");
        let named: BTreeSet<&str> =
            of["authors"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
        assert_eq!(authors(&got, |_| true), named, "{path}");
        let left_out = |r: &Record| r.post.attached.iter().any(|f| f.withheld.is_some());
        assert_eq!(got.count(left_out), of["media_omitted"]);
        let continued: usize = got.records.iter().map(|r| r.post.text.matches('\n').count()).sum();
        assert_eq!(continued as u64, of["continuation_lines"]);
        assert!(got.records.iter().all(|r| r.floating && r.post.posted[0].zone == model::Zone::Unknown));
        assert_eq!(got.codes(Code::ZoneUnknown), 1);
        let verbatim = |n: usize| got.records[n].post.posted[0].verbatim.as_str();
        assert_eq!(verbatim(0), of["first_header"]);
        if path.contains("test_") {
            assert_eq!(verbatim(got.records.len() - 1), of["last_header"]);
            assert_eq!(got.codes(Code::DateAmbiguous), 0);
            let first =
                got.records[1].post.posted[0].interval.earliest + jiff::SignedDuration::from_hours(14);
            assert_eq!(first.to_string(), "2019-01-20T11:23:00Z", "{path}");
        }
    }
}

#[test]
fn signal() {
    for (path, bytes, of) in samples("signal") {
        let (format, got) = read(&bytes, &path);
        assert_eq!(format, "signal");
        assert_eq!(got.count(|_| true), of["messages"]);
        let named: BTreeSet<&str> =
            of["authors"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
        assert_eq!(authors(&got, |_| true), named);
        let local: Vec<String> =
            got.records.iter().map(|r| r.post.posted[0].verbatim.replace(',', "")).collect();
        assert_eq!(
            (local[0].as_str(), local[1].as_str()),
            (of["first_local"].as_str().unwrap(), of["last_local"].as_str().unwrap())
        );
    }
}

#[test]
fn mail() {
    for (path, bytes, of) in samples("email") {
        let (format, got) = read(&bytes, &path);
        assert_eq!(format, "mail", "{path}");
        assert_eq!(got.count(|_| true), of["messages"]);
        if let Some(id) = of["message_id"].as_str() {
            assert_eq!(format!("<{}>", got.records[0].post.native_id), id);
        }
        if let Some(date) = of["date_utc"].as_str() {
            assert_eq!(format!("{:.3}", got.records[0].post.posted[0].interval.earliest), date);
        }
        let held = unpacked(&bytes, &path);
        let declared: Vec<_> = got.records.iter().flat_map(|r| &r.post.attached).collect();
        assert_eq!(held.0.keys().collect::<BTreeSet<_>>(), declared.iter().map(|f| &f.reference).collect());
        for part in of["named_parts"].as_array().into_iter().flatten() {
            assert!(declared.iter().any(|f| f.name == *part), "{path}: {part}");
        }
        let png = held.0.values().filter(|bytes| bytes.starts_with(b"\x89PNG")).count() as u64;
        let pictures = of["leaf_types"]
            .as_object()
            .map_or(png, |types| types.get("image/png").and_then(Value::as_u64).unwrap_or(0));
        assert_eq!(png, pictures, "{path}");
        assert_eq!(
            got.count(|r| r.post.forwarded.is_some()),
            of["embedded_messages"].as_u64().unwrap_or(0).max(u64::from(path == "three.mbox"))
        );
        for subject in of["subjects"].as_array().into_iter().flatten() {
            assert!(got.records.iter().any(|r| r.post.text.starts_with(subject.as_str().unwrap())));
        }
        if path.starts_with("maildir/cur") {
            assert_eq!(got.records[0].post.posted[0].interval.earliest.to_string(), "2017-04-11T20:16:33Z");
        }
    }
}

#[test]
fn matrix() {
    for (path, bytes, of) in samples("matrix") {
        let (format, got) = read(&bytes, &path);
        assert_eq!(format, "matrix");
        assert_eq!(got.count(|_| true), of["messages"]);
        let edits = got.count(|r| r.post.posted.is_empty());
        assert_eq!(edits, of["edit_events"]);
        assert_eq!(
            got.listings.iter().map(|l| l.export.read).sum::<u64>(),
            of["messages_after_folding_edits"]
        );
        assert_eq!(distinct(&got), of["messages_after_folding_edits"]);
        let bundled = got.count(|r| !r.post.posted.is_empty() && !r.post.edited.is_empty());
        assert_eq!(bundled, of["bundled_edits"]);
        assert_eq!(got.count(|r| r.post.reply_to.is_some()), of["in_reply_to"]);
        assert_eq!(authors(&got, |_| true).len() as u64, of["senders"]);
        assert_eq!(span(&got), (text(&of["first_utc"]), text(&of["last_utc"])));
        let id = "$9B0_jyvdHmVlBQGHh5JEeOQA8iAktCbDbBRq-QfZUXo";
        let mut one: Vec<_> = got.records.iter().filter(|r| r.post.native_id == id).cloned().collect();
        let folded = intake::merge_posts(&one, &got.listings).unwrap();
        assert_eq!(folded.text, "inside thread - edits (check on reload)? 6");
        assert_eq!(
            (folded.posted.len(), folded.records.len() > 5, folded.reply_to.is_some()),
            (1, true, true)
        );
        one.reverse();
        assert_eq!(intake::merge_posts(&one, &got.listings).unwrap(), folded);
    }
}

#[test]
fn x() {
    for (path, bytes, of) in samples("x-twitter") {
        let (format, got) = read(&bytes, &path);
        assert_eq!(format, "x", "{path}");
        // What a page includes of others is read as well.
        let first: Value = bytes
            .split(|b| *b == b'\n')
            .find_map(|line| serde_json::from_slice(line).ok())
            .unwrap_or_default();
        let own: Option<BTreeSet<&str>> =
            first["data"].as_array().map(|all| all.iter().filter_map(|t| t["id"].as_str()).collect());
        let is_own = |r: &Record| own.as_ref().is_none_or(|own| own.contains(r.post.native_id.as_str()));
        let alive = |r: &Record| is_own(r) && !r.post.deleted;
        assert_eq!(got.count(alive), of["tweets"], "{path}");
        let all =
            first["includes"]["tweets"].as_array().into_iter().flatten().filter_map(|t| t["id"].as_str());
        let included = all.filter(|id| own.as_ref().is_some_and(|own| !own.contains(id))).count();
        assert_eq!(got.count(|r| !is_own(r)), included as u64);
        if let Some(count) = of["authors"].as_u64() {
            assert_eq!(authors(&got, is_own).len() as u64, count);
        }
        let edited = of["edited"].as_u64().or(of["edits_declared"].as_u64()).unwrap();
        assert_eq!(got.count(|r| is_own(r) && !r.post.edited.is_empty()), edited, "{path}");
        if path == "tweets_compliance.jsonl" {
            assert_eq!(got.count(|r| r.post.deleted), 2);
            continue;
        }
        let times: BTreeSet<_> =
            got.records.iter().filter(|r| is_own(r)).map(|r| r.post.posted[0].interval.earliest).collect();
        assert_eq!(format!("{:.3}", times.first().unwrap()), of["first_utc"]);
        assert_eq!(format!("{:.3}", times.last().unwrap()), of["last_utc"]);
        let by_number = got.count(|r| {
            let times = &r.post.posted;
            is_own(r)
                && times.len() == 2
                && (times[1].interval.earliest.as_millisecond() - times[0].interval.earliest.as_millisecond())
                    .abs()
                    < 2000
        });
        assert_eq!(by_number, of["snowflake_within_2s"]);
        let reposts = of["retweets_by_text"]
            .as_u64()
            .unwrap_or_else(|| of["referenced"]["retweeted"].as_u64().unwrap_or(0));
        assert_eq!(got.count(|r| is_own(r) && r.post.forwarded.is_some()), reposts);
        if let Some(replies) = of["replies"].as_u64() {
            assert_eq!(got.count(|r| r.post.reply_to.is_some()), replies);
        }
        if let Some(media) = of["media_items"].as_u64().or(of["included_media"].as_u64()) {
            let files: usize = got.records.iter().filter(|r| is_own(r)).map(|r| r.post.attached.len()).sum();
            assert_eq!(files as u64, media);
        }
    }
}

#[test]
fn mastodon() {
    for (path, bytes, of) in samples("mastodon") {
        let (format, got) = read(&bytes, &path);
        assert_eq!(format, "mastodon");
        assert_eq!(got.count(|_| true), of["activities"]);
        assert_eq!(got.listings.len() as u64, of["actors"]);
        assert_eq!(files(&got), of["attachments"]);
        assert_eq!(got.count(|r| r.post.forwarded.is_some()), of["boosts"]);
        assert_eq!(got.count(|r| !r.post.edited.is_empty()), of["edited"]);
        assert_eq!(got.count(|r| r.post.reply_to.is_some()), of["replies"]);
        assert_eq!(got.listings[0].export.declared, of["declared_totalItems"].as_u64());
        let times = got.records.iter().map(|r| r.post.posted[0].interval.earliest);
        assert_eq!(format!("{:.3}", times.clone().min().unwrap()), of["first_utc"]);
        assert_eq!(format!("{:.3}", times.max().unwrap()), of["last_utc"]);
        let created = of["types"]["Create"].as_u64().unwrap();
        assert!(got.count(|r| r.post.posted.len() == 2) >= created);
    }
}

#[test]
fn reddit() {
    for (path, bytes, of) in samples("reddit") {
        let (format, got) = read(&bytes, &path);
        assert_eq!(format, "reddit");
        assert_eq!(got.count(|_| true), of["items"]);
        assert_eq!(authors(&got, |_| true).len() as u64, of["authors"]);
        let raw: Vec<_> = got.records.iter().map(|r| r.post.posted[0].verbatim.as_str()).collect();
        assert_eq!(
            (raw.iter().min().unwrap(), raw.iter().max().unwrap()),
            (&of["time_first_raw"].as_str().unwrap(), &of["time_last_raw"].as_str().unwrap())
        );
        assert!(got.records.iter().all(|r| r.floating && r.post.posted[0].zone == model::Zone::Unknown));
        assert_eq!(got.codes(Code::ZoneUnknown), 1);
        assert_eq!((got.listings.len(), got.listings[0].native_id.as_str()), (1, "r/askreddit"));
        let comments = got.count(|r| r.post.native_id.starts_with("t1_"));
        assert_eq!(got.count(|r| r.post.reply_to.is_some()), comments);
        assert_eq!(comments, if path.starts_with("livestream") { 34 } else { 0 });
    }
}

#[test]
fn meta() {
    for (path, bytes, of) in samples("meta-messenger") {
        let (format, got) = read(&bytes, &path);
        assert_eq!(format, "meta");
        assert_eq!(got.count(|_| true), of["messages"]);
        assert_eq!(authors(&got, |_| true).len() as u64, of["authors"]);
        assert_eq!(files(&got), of["attachments"]);
        assert_eq!(span(&got), (text(&of["first_utc"]), text(&of["last_utc"])));
    }
}

#[test]
fn warc() {
    for (path, bytes, of) in samples("warc-wacz") {
        if path.ends_with(".wacz") {
            continue;
        }
        let bytes = if bytes.starts_with(b"\x1f\x8b") {
            unpacked(&bytes, &path).0.into_values().next().unwrap()
        } else {
            bytes
        };
        let (format, got) = read(&bytes, &path);
        assert_eq!(format, "warc", "{path}");
        let kinds = &of["types"];
        let captures =
            ["response", "resource", "revisit"].iter().filter_map(|kind| kinds[kind].as_u64()).sum::<u64>();
        assert_eq!(got.count(|_| true), captures, "{path}");
        for record in &got.records {
            let at = record.post.posted[0].interval.earliest.to_string();
            assert!(
                at.as_str() >= of["first_date"].as_str().unwrap()
                    && at.as_str() <= of["last_date"].as_str().unwrap()
            );
            let (_, span) = record.post.records[0];
            assert!(bytes[span.start as usize..].starts_with(b"WARC/1."));
        }
        let wrong = if path == "example-digest.warc" { 1 } else { 0 };
        let damaged = path == "example-trunc.warc";
        assert_eq!(
            got.codes(Code::ExportTruncated) + got.codes(Code::ExportDamaged) > 0,
            damaged,
            "{path}: {:?}",
            got.troubles
        );
        assert!(got.codes(Code::DigestDiffers) == wrong || damaged, "{path}: {:?}", got.troubles);
        let held = unpacked(&bytes, &path);
        let declared: BTreeSet<_> =
            got.records.iter().flat_map(|r| &r.post.attached).map(|f| f.reference.clone()).collect();
        assert_eq!(held.0.keys().cloned().collect::<BTreeSet<_>>(), declared, "{path}");
        if path.starts_with("example.warc") {
            assert!(held.0.values().all(|page| page.starts_with(b"<!doctype html>")), "{path}");
        }
    }
}

#[test]
fn wacz() {
    for (path, bytes, of) in samples("warc-wacz") {
        if !path.ends_with(".wacz") {
            continue;
        }
        let mut folder = unpacked(&bytes, &path);
        assert_eq!(folder.0.len(), of["entries"].as_array().unwrap().len());
        let list = folder.0["datapackage.json"].clone();
        let (format, got) = read_beside(&list, "datapackage.json", &folder);
        assert_eq!(format, "wacz");
        assert_eq!(got.codes(Code::DigestDiffers) + got.codes(Code::FileAbsent), 0, "{:?}", got.troubles);
        assert_eq!(got.codes(Code::SignatureHolds) == 1, of["signed"] == true, "{:?}", got.troubles);
        let pages = folder.0.get_mut("pages/pages.jsonl").unwrap();
        pages.push(b' ');
        folder.0.remove("indexes/index.idx");
        let (_, got) = read_beside(&list, "datapackage.json", &folder);
        assert_eq!((got.codes(Code::DigestDiffers), got.codes(Code::FileAbsent)), (1, 1));
    }
}
