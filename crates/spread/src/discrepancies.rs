//! What two exports of one channel tell differently of a post: other words without a mark of an edit, other files, a post that
//! the later one does not have (R18).
//!
//! Only exports of one format that say when they were made are held against each other: formats differ in what they tell. That a
//! post is not in an export is said only where the export has nearly all others around it; else it was made with a filter.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use model::{Differs, Discrepancy, Interval, ItemId, Listing, Post, PostId, Record, Span};

/// Share of the posts around it that an export must have, for the absence of one to say something.
const NEARLY_ALL: f64 = 0.9;
/// Posts around it, at least.
const LEAST: usize = 5;
/// Letters of a text that are kept.
const LETTERS: usize = 2000;

/// One export: its file, when it was made, and its record of each post.
struct Made<'a> {
    item: ItemId,
    at: Interval,
    posts: BTreeMap<PostId, &'a Record>,
}

/// The discrepancies of a channel between each export and the next one of its format, sorted by id.
pub fn discrepancies(listings: &[Listing], records: &[Record]) -> Vec<Discrepancy> {
    let mut formats: BTreeMap<&str, Vec<Made>> = BTreeMap::new();
    for listing in listings {
        let (item, at) = (listing.export.item, listing.export.exported.as_ref().map(|when| when.interval));
        let Some(at) = at else { continue };
        let of_it =
            records.iter().filter(|record| record.post.records.first().is_some_and(|(own, _)| *own == item));
        let posts = of_it.map(|record| (record.post.id, record)).collect();
        formats.entry(&listing.export.format).or_default().push(Made { item, at, posts });
    }
    let mut found = Vec::new();
    for exports in formats.values_mut() {
        exports.sort_by_key(|made| (made.at.earliest, made.at.latest, made.item));
        for pair in exports.windows(2) {
            // Of two that may have been made at once none is the later.
            if let [earlier, later] = pair
                && earlier.at.latest < later.at.earliest
            {
                compare(earlier, later, &mut found);
            }
        }
    }
    found.sort_by_key(|one| one.id);
    found
}

fn compare(earlier: &Made, later: &Made, found: &mut Vec<Discrepancy>) {
    let mut put = |was: Option<&Record>, is: Option<&Record>, differs: Differs, words: (String, String)| {
        let Some(post) = was.or(is).map(|record| &record.post) else { return };
        let between = Interval { earliest: earlier.at.earliest, latest: later.at.latest };
        found.push(Discrepancy {
            id: Discrepancy::id_of(post.id, earlier.item, later.item, differs),
            channel: post.channel,
            post: post.id,
            differs,
            earlier: (earlier.item, was.and_then(span)),
            later: (later.item, is.and_then(span)),
            between: Some(between),
            was: words.0,
            is: words.1,
        });
    };
    for (id, was) in &earlier.posts {
        let Some(is) = later.posts.get(id) else { continue };
        if plain(&was.post.text) != plain(&is.post.text) && !is.post.deleted {
            let marked = latest(&is.post) > latest(&was.post);
            let differs = if marked { Differs::Edited } else { Differs::Reworded };
            put(Some(was), Some(is), differs, (cut(&was.post.text), cut(&is.post.text)));
        }
        let (had, has) = (files(&was.post), files(&is.post));
        if had != has && !is.post.deleted {
            put(Some(was), Some(is), Differs::Files, (had.join("\n"), has.join("\n")));
        }
    }
    for post in absent(earlier, later) {
        put(Some(post), None, Differs::Gone, (cut(&post.post.text), String::new()));
    }
    for post in absent(later, earlier) {
        // Only what was there when the earlier one was made.
        if post.post.when().is_some_and(|when| when.latest < earlier.at.earliest) {
            put(None, Some(post), Differs::Appeared, (String::new(), cut(&post.post.text)));
        }
    }
}

/// The posts of the one export that the other lacks, though it has posts before and after, and nearly all between.
fn absent<'a>(one: &Made<'a>, other: &Made<'a>) -> Vec<&'a Record> {
    let at = |record: &Record| record.post.when().map(|when| when.earliest);
    let times: BTreeSet<Timestamp> = other.posts.values().filter_map(|record| at(record)).collect();
    let (Some(from), Some(to)) = (times.first(), times.last()) else { return Vec::new() };
    let within = |record: &&&Record| {
        record.post.service.is_none() && at(record).is_some_and(|at| *from < at && at < *to)
    };
    let around: Vec<&&Record> = one.posts.values().filter(within).collect();
    let lacking: Vec<&Record> = around
        .iter()
        .filter(|record| !other.posts.contains_key(&record.post.id))
        .map(|record| **record)
        .collect();
    let has = around.len() - lacking.len();
    if has < LEAST || (has as f64) < NEARLY_ALL * around.len() as f64 { Vec::new() } else { lacking }
}

fn span(record: &Record) -> Option<Span> {
    record.post.records.first().map(|(_, span)| *span)
}

fn latest(post: &Post) -> Option<Timestamp> {
    post.edited.iter().map(|when| when.interval.latest).max()
}

/// The words alone: how spaces are written is the exporter's.
fn plain(text: &str) -> Vec<&str> {
    text.split_whitespace().collect()
}

fn files(post: &Post) -> Vec<String> {
    let mut names: Vec<String> = post.attached.iter().map(|file| file.name.clone()).collect();
    names.sort_unstable();
    names
}

fn cut(text: &str) -> String {
    text.chars().take(LETTERS).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{Channel, ChannelId, Clock, Export, Id, RecordId, When, Zone};

    fn when(second: i64) -> When {
        let at = Timestamp::from_second(second).unwrap();
        let interval = Interval { earliest: at, latest: at };
        When { verbatim: second.to_string(), interval, clock: Clock::Platform, zone: Zone::Utc }
    }

    fn channel() -> ChannelId {
        Channel::id_of("discord", "1")
    }

    fn item(n: u64) -> ItemId {
        ItemId::make(|id| {
            id.number(n);
        })
    }

    fn listing(n: u64, at: Option<i64>, format: &str) -> Listing {
        let exported = at.map(when);
        Listing {
            id: Listing::id_of(item(n), channel()),
            channel: channel(),
            platform: "discord".into(),
            native_id: "1".into(),
            name: "general".into(),
            space: None,
            kind: None,
            export: Export {
                item: item(n),
                format: format.into(),
                exported,
                declared: None,
                read: 0,
                complete: true,
            },
            offsets: None,
        }
    }

    fn record(n: u64, post: i64, text: &str) -> Record {
        let id = Post::id_of(channel(), &post.to_string());
        let post = Post {
            id,
            channel: channel(),
            native_id: post.to_string(),
            author: None,
            posted: vec![when(post)],
            edited: vec![],
            text: text.into(),
            service: None,
            attached: vec![],
            reply_to: None,
            forwarded: None,
            deleted: false,
            records: vec![(item(n), Span { start: post as u64, length: 1 })],
        };
        Record { id: RecordId::of(id, item(n), 0), post, floating: false }
    }

    fn both(change: impl Fn(&mut Vec<Record>)) -> Vec<Record> {
        let mut later: Vec<Record> = (1..=20).map(|post| record(2, post, "as it was")).collect();
        change(&mut later);
        (1..=20).map(|post| record(1, post, "as  it was")).chain(later).collect()
    }

    fn told(records: &[Record]) -> Vec<(String, Differs)> {
        let listings =
            [listing(2, Some(2000), "json"), listing(1, Some(1000), "json"), listing(3, None, "json")];
        let name = |post: PostId| {
            (1..=30).find(|n| Post::id_of(channel(), &n.to_string()) == post).unwrap().to_string()
        };
        let mut told: Vec<_> =
            discrepancies(&listings, records).into_iter().map(|one| (name(one.post), one.differs)).collect();
        told.sort();
        told
    }

    #[test]
    fn the_same_twice_says_nothing() {
        assert!(told(&both(|_| {})).is_empty());
    }

    #[test]
    fn other_words_are_silent_or_marked() {
        let records = both(|later| {
            later[3].post.text = "as it never was".into();
            later[4].post.text = "mended".into();
            later[4].post.edited = vec![when(1500)];
        });
        assert_eq!(told(&records), [("4".into(), Differs::Reworded), ("5".into(), Differs::Edited)]);
    }

    #[test]
    fn a_post_that_is_not_returned_is_named() {
        let records = both(|later| drop(later.remove(9)));
        assert_eq!(told(&records), [("10".into(), Differs::Gone)]);
        // At the end it may simply have been cut off; with a filter most are absent.
        assert!(told(&both(|later| later.truncate(12))).is_empty());
        assert!(told(&both(|later| later.retain(|one| one.post.native_id.len() == 2))).is_empty());
    }

    #[test]
    fn exports_of_two_formats_or_of_no_time_are_not_compared() {
        let records = both(|later| later[3].post.text = "other".into());
        let listings = [listing(1, Some(1000), "json"), listing(2, Some(2000), "html")];
        assert!(discrepancies(&listings, &records).is_empty());
        assert!(
            discrepancies(&[listing(1, None, "json"), listing(2, Some(2000), "json")], &records).is_empty()
        );
    }
}
