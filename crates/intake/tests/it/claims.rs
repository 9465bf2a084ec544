//! What `truecopy formats` says of each format, held against what its reader made of our own files and of the samples.

use std::collections::BTreeMap;
use std::path::Path;

use intake::{Tell, merge_posts};
use model::{Listing, Record, Zone};

use crate::gather::{items, read, shared};

/// The platforms and forms that are promised, and the formats that read them.
const PROMISED: [(&str, &str); 26] = [
    ("Discord JSON", "discord-json"),
    ("Discord HTML", "discord-html"),
    ("Discord CSV", "discord-csv"),
    ("Discord text", "discord-text"),
    ("Discord data package", "discord-package"),
    ("Telegram JSON", "telegram-json"),
    ("Telegram HTML", "telegram-html"),
    ("4chan, vichan, FoolFuuka, makaba, lynxchan", "imageboard"),
    ("Slack export", "slack"),
    ("slackdump", "slack"),
    ("Matrix", "matrix"),
    ("WhatsApp", "whatsapp"),
    ("Signal", "signal"),
    ("X archive", "x"),
    ("X API 1.1", "x"),
    ("X API 2", "x"),
    ("Mastodon outbox", "mastodon"),
    ("Reddit", "reddit"),
    ("Messenger", "meta"),
    ("Instagram", "meta"),
    ("eml", "mail"),
    ("mbox", "mail"),
    ("maildir", "mail"),
    ("msg", "mail-msg"),
    ("WARC", "warc"),
    ("WACZ", "wacz"),
];

#[test]
fn every_promised_format_has_a_row_and_no_row_is_unpromised() {
    let rows: Vec<&str> = intake::formats().iter().map(|format| format.name()).collect();
    assert!(PROMISED.iter().all(|(_, row)| rows.contains(row)), "{rows:?}");
    assert!(rows.iter().all(|row| PROMISED.iter().any(|(_, name)| name == row)), "{rows:?}");
    for format in intake::formats() {
        assert!(!format.title().is_empty() && format.tells().contains("; not:"), "{}", format.name());
    }
}

/// How many posts show each ability, in the order of `Abilities::each`, and how many there are.
#[derive(Default)]
struct Seen {
    posts: usize,
    shown: [usize; 8],
}

impl Seen {
    fn add(&mut self, record: &Record, listings: &[Listing]) {
        let post = &record.post;
        // With what the rest of the file shows of the zone.
        let merged = merge_posts(std::slice::from_ref(record), listings);
        let posted = merged.map(|post| post.posted).unwrap_or_default();
        let instant = posted.iter().any(|when| when.zone != Zone::Unknown);
        let shows = [
            !post.native_id.starts_with('~'),
            post.author.as_ref().is_some_and(|author| {
                !author.native_id.eq_ignore_ascii_case(&author.name) || is_id(&author.name)
            }),
            instant,
            post.reply_to.is_some(),
            post.forwarded.is_some(),
            !post.edited.is_empty(),
            post.deleted,
            !post.attached.is_empty(),
        ];
        self.posts += 1;
        self.shown.iter_mut().zip(shows).for_each(|(count, shows)| *count += usize::from(shows));
    }
}

/// Matrix shows an id where it knows no name.
fn is_id(name: &str) -> bool {
    name.starts_with('@') && name.contains(':')
}

/// What a file alone does not show: the account of a data package stands in a file beside it (`together.rs`).
const BESIDE: [(&str, &str); 1] = [("discord-package", "accounts")];

#[test]
fn what_a_format_claims_to_tell_is_what_its_reader_tells() {
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus");
    let mut files = items(&own);
    let samples = shared("exports").map(|folder| items(&folder)).unwrap_or_default();
    files.extend(samples);
    let mut all: BTreeMap<&str, Seen> = BTreeMap::new();
    for (item, bytes) in files {
        let (format, got) = read(&bytes, &item.path.replace('+', "/"));
        let seen = all.entry(format).or_default();
        got.records.iter().for_each(|record| seen.add(record, &got.listings));
    }
    let mut faults = Vec::new();
    for format in intake::formats().iter().filter(|format| format.name() != "wacz") {
        let Some(seen) = all.get(format.name()) else { panic!("no file of {}", format.name()) };
        for ((ability, tell), shown) in format.abilities().each().into_iter().zip(seen.shown) {
            let holds = match tell {
                Tell::No => shown == 0,
                Tell::Partly | Tell::Yes => shown > 0,
            };
            // What every post has.
            let each = !matches!((ability, tell), ("ids", Tell::Yes)) || shown == seen.posts;
            if !(holds && each || BESIDE.contains(&(format.name(), ability))) {
                faults.push(format!(
                    "{} {ability}: {} of {} posts, claimed {}",
                    format.name(),
                    shown,
                    seen.posts,
                    tell.word()
                ));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
