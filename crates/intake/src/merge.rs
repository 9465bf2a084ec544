//! Several exports of one channel, or several records of one post, made one. Pure; the order of arrival does not matter.

use jiff::{SignedDuration, Timestamp};
use model::{Channel, ChannelId, Clock, Declared, Interval, ItemId, Listing, Post, Record, When, Zone};

use crate::clock::WIDEST;
use crate::exports::basename;

/// One post out of all `records` of it; None where there are none. What the latest export says wins (by when it was
/// made; one that does not say counts as the earliest; then by when it says the post was edited; of equals the greater
/// item, then the later place). What it does not tell (author, what is answered, where from; another format may tell
/// less) is taken from the others. Times and places are united. Local times without a zone are narrowed by the offsets
/// that their own export shows.
pub fn merge_posts(records: &[Record], listings: &[Listing]) -> Option<Post> {
    let rank = |record: &&Record| {
        let (item, start) = place(record);
        let exported = listing(listings, item).and_then(|l| l.export.exported.as_ref()).map(|w| w.interval);
        let edited = record.post.edited.iter().map(|when| when.interval.latest).max();
        (exported.map(|e| (e.latest, e.earliest)), edited, item, start, record.id)
    };
    let mut ranked: Vec<&Record> = records.iter().collect();
    ranked.sort_by_key(rank);
    let mut post = ranked.last()?.post.clone();
    for record in ranked.iter().rev().skip(1) {
        recall_files(&mut post.attached, &record.post.attached);
        recall(&mut post, &record.post);
    }
    post.posted.clear();
    post.edited.clear();
    post.records.clear();
    for record in ranked {
        let offsets = place(record).0.and_then(|item| listing(listings, Some(item))).and_then(|l| l.offsets);
        let settle = |when: &When, summer: i32| {
            if record.floating { narrowed(when, offsets, summer) } else { when.clone() }
        };
        post.posted.extend(record.post.posted.iter().map(|when| settle(when, 0)));
        post.edited.extend(record.post.edited.iter().map(|when| settle(when, SUMMER)));
        post.records.extend(&record.post.records);
        if let Some(first) = post.forwarded.as_mut().and_then(|forward| forward.posted.as_mut())
            && record.post.forwarded.as_ref().is_some_and(|own| own.posted.as_ref() == Some(&*first))
        {
            *first = settle(first, SUMMER);
        }
    }
    sort_times(&mut post.posted);
    sort_times(&mut post.edited);
    post.records.sort_unstable_by_key(|(item, span)| (*item, span.start, span.length));
    post.records.dedup();
    Some(post)
}

/// One channel out of all `listings` of it, which hold `posts` posts, each counted once. The latest export's name wins.
pub fn merge_listings(listings: &[Listing], posts: u64) -> Channel {
    let mut ranked: Vec<&Listing> = listings.iter().collect();
    ranked.sort_by_key(|l| {
        let exported = l.export.exported.as_ref().map(|w| (w.interval.latest, w.interval.earliest));
        (exported, l.export.item)
    });
    let said = |of: fn(&Listing) -> Option<&String>| ranked.iter().rev().find_map(|l| of(l)).cloned();
    let latest = ranked.last();
    let text = |of: fn(&Listing) -> &String| latest.map(|l| of(l).clone()).unwrap_or_default();
    let mut exports: Vec<_> = ranked.iter().map(|l| l.export.clone()).collect();
    exports.dedup();
    Channel {
        id: latest.map_or(ChannelId::from([0; 32]), |l| l.channel),
        platform: text(|l| &l.platform),
        native_id: text(|l| &l.native_id),
        name: text(|l| &l.name),
        space: said(|l| l.space.as_ref()),
        kind: said(|l| l.kind.as_ref()),
        exports,
        posts,
    }
}

fn place(record: &Record) -> (Option<ItemId>, u64) {
    record.post.records.first().map_or((None, 0), |(item, span)| (Some(*item), span.start))
}

fn listing(listings: &[Listing], item: Option<ItemId>) -> Option<&Listing> {
    listings.iter().find(|l| Some(l.export.item) == item)
}

fn sort_times(times: &mut Vec<When>) {
    times.sort_by(|a, b| {
        let key = |w: &When| (w.clock, w.interval.earliest, w.interval.latest, w.zone != Zone::Inferred);
        key(a).cmp(&key(b)).then_with(|| a.verbatim.cmp(&b.verbatim))
    });
    times.dedup();
}

/// What the latest record leaves open, an earlier one may tell. An edit by itself has no files; a deletion no words.
fn recall(post: &mut Post, earlier: &Post) {
    let bare = post.posted.is_empty();
    post.deleted |= earlier.deleted;
    post.author = post.author.take().or_else(|| earlier.author.clone());
    post.reply_to = post.reply_to.take().or_else(|| earlier.reply_to.clone());
    match (&mut post.forwarded, &earlier.forwarded) {
        (Some(own), Some(other)) => {
            own.from = own.from.take().or_else(|| other.from.clone());
            own.from_id = own.from_id.take().or_else(|| other.from_id.clone());
            own.native_id = own.native_id.take().or_else(|| other.native_id.clone());
            own.posted = own.posted.take().or_else(|| other.posted.clone());
        }
        (own @ None, other) => own.clone_from(other),
        _ => {}
    }
    if bare || post.deleted {
        if post.attached.is_empty() {
            post.attached.clone_from(&earlier.attached);
        }
        if post.text.is_empty() {
            post.text.clone_from(&earlier.text);
        }
        post.service = post.service.take().or_else(|| earlier.service.clone());
    }
}

/// An earlier export may have kept a file that the latest only gives an address for: its name is looked for as well.
fn recall_files(attached: &mut [Declared], earlier: &[Declared]) {
    for (position, file) in attached.iter_mut().enumerate() {
        let Some(old) = earlier.get(position).filter(|old| old.name == file.name) else { continue };
        let kept = Some(&old.reference).filter(|r| !r.is_empty() && !r.contains("://"));
        for name in kept.map(|r| basename(r)).into_iter().chain(old.also.iter().map(String::as_str)) {
            if !name.is_empty() && !file.also.iter().any(|known| known == name) {
                file.also.push(name.to_owned());
            }
        }
        file.md5 = file.md5.take().or_else(|| old.md5.clone());
        file.size = file.size.or(old.size);
    }
}

/// Edits and first postings can lie in another half of the year than any post of the export.
const SUMMER: i32 = 3600;

/// A time that spans every zone, cut down to the offsets (seconds east of UTC) that its export shows, and `summer`
/// seconds to either side.
fn narrowed(when: &When, offsets: Option<(i32, i32)>, summer: i32) -> When {
    let offsets = offsets.map(|(least, most)| (least.saturating_sub(summer), most.saturating_add(summer)));
    let (Some((least, most)), Zone::Unknown, Clock::Platform) = (offsets, when.zone, when.clock) else {
        return when.clone();
    };
    let east = |seconds: i32| SignedDuration::from_secs(i64::from(seconds));
    let shift = |at: Timestamp, by: SignedDuration| at.checked_add(by).ok();
    let earliest = shift(when.interval.earliest, WIDEST).and_then(|wall| wall.checked_sub(east(most)).ok());
    let latest = shift(when.interval.latest, -WIDEST).and_then(|wall| wall.checked_sub(east(least)).ok());
    match (earliest, latest) {
        (Some(earliest), Some(latest)) if earliest <= latest => {
            When { interval: Interval { earliest, latest }, zone: Zone::Inferred, ..when.clone() }
        }
        _ => when.clone(),
    }
}
