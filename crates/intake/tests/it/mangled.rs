//! Every file of the corpus, and every sample where they are there: cut, with flipped bytes, with renamed keys. Nothing
//! panics, what a cut leaves whole is kept and nothing else is invented, and what is wrong is told.

use std::collections::BTreeSet;
use std::path::Path;

use crate::gather::{Gathered, items, read, read_as, shared};

/// Numbers that look random, the same on every run (SplitMix64).
struct Dice(u64);

impl Dice {
    fn roll(&mut self, below: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) % below.max(1) as u64) as usize
    }
}

fn all() -> Vec<(String, Vec<u8>)> {
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus");
    let mut all = items(&own);
    all.retain(|(item, _)| !item.path.ends_with(".expected"));
    if let Some(samples) = shared("exports") {
        all.extend(items(&samples));
    }
    // The largest in part: what is damaged in them is damaged in the small ones as well.
    let part = |bytes: Vec<u8>| if bytes.len() > 200_000 { bytes[..200_000].to_vec() } else { bytes };
    let file = |(item, bytes): (model::Item, Vec<u8>)| (item.path.replace('+', "/"), part(bytes));
    all.into_iter().map(file).filter(|(path, bytes)| read(bytes, path).0 != "none").collect()
}

/// What each post says, but for the posts whose ids count those before them.
fn ids(got: &Gathered) -> BTreeSet<&str> {
    got.native_ids().into_iter().collect()
}

fn spans_lie_within(got: &Gathered, length: usize, what: &str) {
    for record in &got.records {
        let (_, span) = record.post.records[0];
        assert!(span.start.saturating_add(span.length) <= length as u64, "{what}: {span:?} of {length}");
    }
    for listing in &got.listings {
        assert!(listing.export.read <= got.records.len() as u64, "{what}");
    }
}

#[test]
fn cut_files_keep_what_is_whole() {
    let mut dice = Dice(1);
    let mut cuts = 0;
    for (path, bytes) in all() {
        let (format, whole) = read(&bytes, &path);
        let known = ids(&whole);
        let ended = whole.records.iter().map(|r| (r.post.native_id.as_str(), r.post.records[0].1));
        let ended: Vec<_> = ended.map(|(id, span)| (id, span.start + span.length)).collect();
        for _ in 0..50 {
            let cut = dice.roll(bytes.len());
            let got = read_as(format, &bytes[..cut], &path);
            let what = format!("{format} {path} cut at {cut} of {}", bytes.len());
            spans_lie_within(&got, cut, &what);
            // The last post of a text has no end of its own; a mail's id may be made of all its bytes.
            let last = got.native_ids().last().map(|id| (*id).to_owned());
            let own = ids(&got);
            for id in &own {
                assert!(known.contains(id) || last.as_deref() == Some(*id), "{what}: {id} is invented");
            }
            // What ends well before the cut is kept, where posts stand on their own and the file's head is whole.
            let alone = !matches!(format, "x" | "wacz" | "meta") && !path.ends_with(".jsonl");
            let head = ended.first().map_or(0, |(_, end)| *end);
            // Half a head line goes on the text before it.
            let running = matches!(format, "whatsapp" | "signal" | "discord-text" | "mail");
            let before = ended.iter().filter(|(_, end)| *end < cut as u64).count();
            let sure = ended.iter().take(before.saturating_sub(usize::from(running)));
            for (id, end) in sure.filter(|(_, end)| alone && cut as u64 > head && *end > 1) {
                assert!(own.contains(id), "{what}: {id}, which ends at {end}, is lost");
            }
            cuts += 1;
        }
    }
    assert!(cuts >= 50 * 40);
}

#[test]
fn flipped_bytes_and_renamed_keys_do_no_harm() {
    let mut dice = Dice(2);
    for (path, bytes) in all() {
        let (format, whole) = read(&bytes, &path);
        for turn in 0..20 {
            let mut broken = bytes.clone();
            for _ in 0..=turn {
                let place = dice.roll(broken.len());
                if let Some(byte) = broken.get_mut(place) {
                    *byte ^= 1 << dice.roll(8);
                }
            }
            let what = format!("{format} {path} flip {turn}");
            spans_lie_within(&read_as(format, &broken, &path), broken.len(), &what);
            // It may be taken for something else; that must do no harm either.
            spans_lie_within(&read(&broken, &path).1, broken.len(), &what);
        }
        let words: BTreeSet<Vec<u8>> = keys(&bytes);
        for key in words.into_iter().take(40) {
            let renamed = replaced(&bytes, &key);
            let got = read_as(format, &renamed, &path);
            spans_lie_within(
                &got,
                renamed.len(),
                &format!("{format} {path} without {}", String::from_utf8_lossy(&key)),
            );
            let told = !got.troubles.is_empty() || got.listings.iter().any(|l| !l.export.complete);
            assert!(
                !got.records.is_empty()
                    || told
                    || whole.records.is_empty()
                    || got.listings.is_empty()
                    || got.listings.iter().all(|l| l.export.read == 0),
                "{format} {path}: nothing read, nothing told"
            );
        }
    }
}

/// Words before a colon, and names of classes.
fn keys(bytes: &[u8]) -> BTreeSet<Vec<u8>> {
    let mut keys = BTreeSet::new();
    let mut word = Vec::new();
    for byte in bytes.iter().take(100_000) {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.') {
            word.push(*byte);
            continue;
        }
        if word.len() > 2 && matches!(byte, b'"' | b':' | b'=' | b' ' | b'>') {
            keys.insert(std::mem::take(&mut word));
        }
        word.clear();
    }
    keys
}

fn replaced(bytes: &[u8], key: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some(at) = rest.windows(key.len()).position(|window| window == key) {
        out.extend(&rest[..at]);
        out.extend(b"renamed");
        rest = &rest[at + key.len()..];
    }
    out.extend(rest);
    out
}
