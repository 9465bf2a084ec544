//! Every file of the corpus, and every sample where they are there: cut, with flipped bytes, with renamed keys. Nothing
//! panics, what a cut leaves whole is kept and nothing else is invented, and what is wrong is told.

use std::collections::{BTreeMap, BTreeSet};
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

/// What came of cutting the files of one format.
#[derive(Default)]
struct Tally {
    cuts: u32,
    /// Posts that end before the cut, and how many of them are kept.
    before: usize,
    kept: usize,
    /// Cuts that a problem tells of, and those that nothing could tell of.
    named: u32,
    unseen: u32,
    /// Cut so early that it is not recognised: told as not read.
    unknown: u32,
}

/// Text without an end mark: where it stops, nothing shows that there was more.
const ENDLESS: [&str; 4] = ["whatsapp", "signal", "discord-text", "mail"];

/// Whether nothing in the first `cut` bytes shows that there were more.
fn cannot_show(format: &str, path: &str, bytes: &[u8], cut: usize, ends: &[u64]) -> bool {
    let (before, after) = bytes.split_at(cut);
    // Nothing but space is left out; or it is one document a line, and the cut is between lines.
    let blank = after.iter().all(u8::is_ascii_whitespace);
    let table = path.ends_with(".csv");
    let lines = path.ends_with(".jsonl") || table;
    let between =
        before.last() == Some(&b'\n') || after.trim_ascii_start().is_empty() || after.first() == Some(&b'\n');
    // Nor does a table's last row that has all its fields.
    let row = || last_row(before) >= last_row(bytes.split(|b| *b == b'\n').next().unwrap_or_default());
    // A web capture ends where its last record does, with or without the empty lines after it.
    let record = after.trim_ascii_start().starts_with(b"WARC/")
        || ends.iter().any(|end| (*end..=end + 4).contains(&(cut as u64)));
    // The last post and the foot are there; what is left out closes the page.
    let closing = || after.len() < 100 && !after.windows(2).any(|pair| pair[0] == b'<' && pair[1] != b'/');
    // The last sector need not be full.
    let sector = format == "mail-msg" && after.len() < 512;
    ENDLESS.contains(&format)
        || cut == 0
        || sector
        || blank
        || lines && between
        || table && row()
        || format == "warc" && record
        || format.ends_with("-html") && closing()
}

/// How many separators the last row of a table has, outside of quotes.
fn last_row(table: &[u8]) -> usize {
    let (mut quoted, mut count) = (false, 0);
    for byte in table {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' if !quoted => count = 0,
            b',' | b';' if !quoted => count += 1,
            _ => {}
        }
    }
    count
}

fn tells_of_damage(got: &Gathered) -> bool {
    use model::Code::{DigestDiffers, ExportDamaged, ExportTruncated, JsonDamaged, JsonTruncated, NoPosts};
    let codes = [ExportDamaged, ExportTruncated, JsonDamaged, JsonTruncated, DigestDiffers, NoPosts];
    codes.into_iter().any(|code| got.codes(code) > 0)
}

#[test]
fn cut_files_keep_what_is_whole_and_say_that_they_are_cut() {
    let mut dice = Dice(1);
    let mut tallies: BTreeMap<&str, Tally> = BTreeMap::new();
    let mut faults = Vec::new();
    for (path, bytes) in all() {
        let (format, whole) = read(&bytes, &path);
        let known = ids(&whole);
        let ended = whole.records.iter().map(|r| (r.post.native_id.as_str(), r.post.records[0].1));
        let ended: Vec<_> = ended.map(|(id, span)| (id, span.start + span.length)).collect();
        let ends: Vec<u64> = ended.iter().map(|(_, end)| *end).collect();
        let tally = tallies.entry(format).or_default();
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
            // Half a head line goes on the text before it.
            let before = ended.iter().filter(|(_, end)| *end <= cut as u64 && *end > 1).map(|(id, _)| *id);
            let mut before: Vec<_> = before.collect();
            if ENDLESS.contains(&format) {
                before.pop();
            }
            let kept = before.iter().filter(|id| own.contains(**id)).count();
            tally.cuts += 1;
            tally.before += before.len();
            tally.kept += kept;
            // In this one a chat's id stands behind its messages: without it there is no telling whose they are.
            if kept < before.len() && path != "telegram-account.json" {
                faults.push(format!("{what}: {kept} kept of {} before", before.len()));
            }
            if tells_of_damage(&got) {
                tally.named += 1;
            } else if read(&bytes[..cut], &path).0 == "none" {
                tally.unknown += 1;
            } else if cannot_show(format, &path, &bytes, cut, &ends) {
                tally.unseen += 1;
            } else {
                faults.push(format!("{what}: nothing tells that it is cut"));
            }
        }
    }
    eprintln!(
        "{:16} {:>6} {:>7} {:>7} {:>6} {:>11} {:>11}",
        "format", "cuts", "before", "kept", "named", "cannot show", "not taken"
    );
    for (format, t) in &tallies {
        let Tally { cuts, before, kept, named, unseen, unknown } = t;
        eprintln!("{format:16} {cuts:>6} {before:>7} {kept:>7} {named:>6} {unseen:>11} {unknown:>11}");
    }
    assert!(tallies.values().map(|tally| tally.cuts).sum::<u32>() >= 50 * 40);
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
}

#[test]
fn flipped_bytes_and_renamed_keys_do_no_harm() {
    let mut dice = Dice(2);
    let mut faults = Vec::new();
    for (path, bytes) in all() {
        let (format, whole) = read(&bytes, &path);
        for turn in 0..50 {
            let mut broken = bytes.clone();
            for _ in 0..=turn % 20 {
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
        for key in keys(&bytes).into_iter().take(50) {
            let renamed = replaced(&bytes, &key);
            let what = format!("{format} {path} without {}", String::from_utf8_lossy(&key));
            spans_lie_within(&read_as(format, &renamed, &path), renamed.len(), &what);
            // As long as it is recognised, nothing is lost without a word.
            let (now, got) = read(&renamed, &path);
            let silent = got.troubles.is_empty() && got.listings.iter().all(|l| l.export.complete);
            if now == format && got.records.is_empty() && !whole.records.is_empty() && silent {
                faults.push(what);
            }
        }
    }
    assert!(faults.is_empty(), "nothing is read and nothing told:\n{}", faults.join("\n"));
}

/// The keys of JSON, with their quotes and colon; of anything else the words before a colon, and names of classes.
fn keys(bytes: &[u8]) -> BTreeSet<Vec<u8>> {
    let json = intake::sniff(bytes) == model::Kind::Json || bytes.starts_with(b"window.");
    let mut keys = BTreeSet::new();
    let mut word = Vec::new();
    for (at, byte) in bytes.iter().enumerate().take(100_000) {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.') {
            word.push(*byte);
            continue;
        }
        let key = bytes.get(at..).is_some_and(|rest| rest.starts_with(b"\":"));
        let whole =
            if json { key } else { matches!(byte, b'"' | b':' | b'=' | b' ' | b'>') && word.len() > 2 };
        if whole && json {
            keys.insert([b"\"", word.as_slice(), b"\":"].concat());
        } else if whole {
            keys.insert(word.clone());
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
        out.extend(if key.ends_with(b":") { &b"\"renamed\":"[..] } else { b"renamed" });
        rest = &rest[at + key.len()..];
    }
    out.extend(rest);
    out
}
