//! Exports that end anywhere, ids that no float holds, keys in any order.

use model::Code;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

use crate::gather::{Gathered, read, read_as};

const DISCORD: &str = r#"{"guild":{"id":"1","name":"G"},"channel":{"id":"7205759403792793600","type":"GuildTextChat","name":"c"},"exportedAt":"2023-02-01T00:00:00+00:00","messages":[
{"id":"1060953753550860429","type":"Default","timestamp":"2023-01-06T16:11:26.414+00:00","content":"a } ] \" b","author":{"id":"18446744073709551615","name":"n"},"attachments":[{"id":"1","url":"x_Files\\a.png","fileName":"a.png"}]},
{"id":"1060953780281167924","type":"Reply","timestamp":"2023-01-06T16:11:32.787+00:00","content":"ü","author":{"id":"2","name":"m"},"reference":{"messageId":"1060953753550860429","channelId":"7205759403792793600"}},
{"id":"1060954094627463098","type":"20","timestamp":"2023-01-06T16:12:47.733+00:00","content":"","author":{"id":"2","name":"m"}}],"messageCount":3}"#;

const TELEGRAM: &str = r#"{"name":"n","type":"private_group","id":9007199254740993,"messages":[
{"id":1,"type":"message","date":"2023-01-01T12:00:00","date_unixtime":"1672570800","from":"a","from_id":"user1","text":["x",{"type":"bold","text":"y"}]},
{"id":2,"type":"service","date":"2023-01-01T12:00:00","date_unixtime":"1672570800","actor":"a","actor_id":"user1","action":"pin_message","text":""},
{"id":9007199254740993,"type":"message","date":"2023-01-01T12:00:00","date_unixtime":"1672570800","from":null,"from_id":"user2","photo":"(File not included. Change data exporting settings to download.)","text":"z\x1F"}]}"#;

const BOARD: &str = r##"{"posts":[
{"no":9007199254740993,"resto":0,"time":1553850900,"com":"a","tim":1553850900879,"filename":"f","ext":".png","md5":"9q0a9DEJBTtwsfyKZmzJpA==","fsize":3},
{"no":9007199254740995,"resto":9007199254740993,"time":1553850901,"com":"<a href=\"#p9007199254740993\" class=\"quotelink\">&gt;&gt;9007199254740993</a>","name":"n","trip":"!t"},
{"no":9007199254740997,"resto":9007199254740993,"time":1553850902,"filedeleted":1,"filename":"g","ext":".png"}]}"##;

/// At every byte: nothing panics, and exactly the posts that end before the cut are kept.
fn cut_everywhere(format: &str, text: &str) {
    let whole = read_as(format, text.as_bytes(), "x.json");
    assert_eq!(whole.records.len(), 3);
    let ends: Vec<u64> =
        whole.records.iter().map(|r| r.post.records[0].1).map(|span| span.start + span.length).collect();
    for cut in 0..text.len() {
        let got = read_as(format, &text.as_bytes()[..cut], "x.json");
        let kept = ends.iter().filter(|end| **end <= cut as u64).count();
        let ids: Vec<_> = got.native_ids();
        assert_eq!(ids, whole.native_ids()[..kept], "{format} cut at {cut}");
        assert_eq!(got.codes(Code::JsonTruncated), 1, "{format} cut at {cut}");
        assert!(got.listings.iter().all(|l| !l.export.complete), "{format} cut at {cut}");
        assert_eq!(got.listings.iter().map(|l| l.export.read).sum::<u64>(), kept as u64);
        assert_eq!(got.codes(Code::JsonDamaged), 0, "{format} cut at {cut}: {:?}", got.troubles);
    }
}

#[test]
fn discord_cut_at_every_byte() {
    cut_everywhere("discord-json", DISCORD);
}

#[test]
fn telegram_cut_at_every_byte() {
    cut_everywhere("telegram-json", TELEGRAM);
}

#[test]
fn imageboard_cut_at_every_byte() {
    cut_everywhere("imageboard", BOARD);
}

/// All posts of an answer of the API share one document.
#[test]
fn an_answer_of_x_that_is_cut_keeps_its_posts() {
    let tweet = |id: &str| {
        format!(r#"{{"id":"{id}","text":"t","author_id":"7","created_at":"2023-01-06T16:11:26.000Z"}}"#)
    };
    let (one, two) = (tweet("1611396423118462976"), tweet("1611396423118462977"));
    let text = format!(r#"{{"data":[{one},{two}],"includes":{{"users":[{{"id":"7","username":"ann"}}]}}}}"#);
    assert_eq!(read(text.as_bytes(), "x.json").0, "x");
    assert_eq!(read_as("x", text.as_bytes(), "x.json").records.len(), 2);
    for cut in 1..text.len() {
        let got = read_as("x", &text.as_bytes()[..cut], "x.json");
        let whole = [&one, &two]
            .iter()
            .filter(|tweet| text.find(tweet.as_str()).unwrap() + tweet.len() <= cut)
            .count();
        assert_eq!((got.records.len(), got.codes(Code::JsonTruncated)), (whole, 1), "cut at {cut}");
        assert!(got.records.iter().all(|record| record.post.author.as_ref().unwrap().native_id == "7"));
    }
}

#[test]
fn a_mail_in_parts_that_is_cut_says_so() {
    let mail = include_bytes!("../corpus/mail-latin1.eml");
    let parts = mail.windows(3).position(|bytes| bytes == b"--b").unwrap();
    for cut in parts + 10..mail.len() - 6 {
        assert_eq!(read_as("mail", &mail[..cut], "x.eml").codes(Code::ExportDamaged), 1, "cut at {cut}");
    }
    assert_eq!(read_as("mail", mail, "x.eml").codes(Code::ExportDamaged), 0);
}

fn spans_hold(text: &str, got: &Gathered) {
    for record in &got.records {
        let (_, span) = record.post.records[0];
        let bytes = &text[span.start as usize..][..span.length as usize];
        assert!(bytes.starts_with('{') && bytes.ends_with('}') && bytes.contains(&record.post.native_id));
    }
}

#[test]
fn ids_are_exact_and_spans_hold() {
    let (_, discord) = read(DISCORD.as_bytes(), "x.json");
    assert_eq!(discord.listings[0].native_id, "7205759403792793600");
    assert_eq!(discord.records[0].post.author.as_ref().unwrap().native_id, "18446744073709551615");
    assert_eq!(discord.records[2].post.service.as_deref(), Some("20"));
    let (_, telegram) = read(TELEGRAM.as_bytes(), "x.json");
    assert_eq!(telegram.listings[0].native_id, "9007199254740993");
    assert_eq!(telegram.native_ids()[2], "9007199254740993");
    assert_eq!(telegram.records[0].post.text, "xy");
    assert_eq!(telegram.records[2].post.text, "z\u{1F}");
    assert_eq!(telegram.records[2].post.attached[0].reference, "");
    assert_eq!(telegram.codes(Code::JsonRepaired), 1);
    let (_, board) = read(BOARD.as_bytes(), "pol/thread/9007199254740993.json");
    assert_eq!(board.listings[0].native_id, "pol/9007199254740993");
    assert_eq!(board.native_ids()[1], "9007199254740995");
    assert_eq!(board.records[0].post.posted.len(), 2);
    for (text, got) in [(DISCORD, &discord), (TELEGRAM, &telegram), (BOARD, &board)] {
        spans_hold(text, got);
    }
    let floats = DISCORD.replace("\"1060953753550860429\",\"type\"", "1.0609537535508604e18,\"type\"");
    assert_eq!(read(floats.as_bytes(), "x.json").1.records.len(), 2, "a float is no id");
    let bare = DISCORD.replace("\"1060953753550860429\",\"type\"", "1060953753550860429,\"type\"");
    assert_eq!(read(bare.as_bytes(), "x.json").1.native_ids(), discord.native_ids());
}

#[test]
fn the_order_of_keys_does_not_matter() {
    let messages =
        &DISCORD[DISCORD.find("\"messages\"").unwrap()..DISCORD.find(",\"messageCount\"").unwrap()];
    let head = &DISCORD[1..DISCORD.find(",\"exportedAt\"").unwrap()];
    let turned = format!("{{\"messageCount\":3,{messages},{head}}}");
    let (format, got) = read(turned.as_bytes(), "x.json");
    assert_eq!(format, "discord-json");
    assert_eq!(got.native_ids(), read(DISCORD.as_bytes(), "x.json").1.native_ids());
    assert_eq!(got.listings[0].native_id, "7205759403792793600");
    assert!(got.listings[0].export.complete && got.troubles.is_empty(), "{:?}", got.troubles);
}

#[test]
fn forged_exports_are_read_as_far_as_they_go() {
    use forge::hostile;
    let (_, cut) = read(&hostile::discord_cut(), "x.json");
    assert_eq!((cut.records.len(), cut.codes(Code::JsonTruncated)), (30, 1));
    let (_, bare) = read(&hostile::discord_bare_numbers(), "x.json");
    let mut ids = bare.native_ids();
    ids.dedup();
    assert_eq!(ids.len(), 3);
    let (_, mended) = read(&hostile::telegram_repairable(), "x.json");
    assert_eq!(
        (mended.records.len(), mended.codes(Code::JsonRepaired), mended.codes(Code::JsonDamaged)),
        (4, 1, 0)
    );
    assert_eq!(mended.records[1].post.text, "a line with \u{1F} and \u{B} in it, and a \\x1F that is none");
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, rng_seed: RngSeed::Fixed(52), cases: 1000, ..ProptestConfig::default() })]

    #[test]
    fn no_damage_makes_it_panic_or_costs_what_it_does_not_touch(
        places in prop::collection::vec((any::<prop::sample::Index>(), prop_oneof![any::<u8>(), prop::sample::select(b"{}[]\",:\\ 1".to_vec())]), 1..4),
        which in 0usize..3,
    ) {
        let (name, text) = [("discord-json", DISCORD), ("telegram-json", TELEGRAM), ("imageboard", BOARD)][which];
        let whole = read_as(name, text.as_bytes(), "x.json");
        let mut bytes = text.as_bytes().to_vec();
        let places: Vec<_> = places.into_iter().map(|(place, byte)| (place.index(bytes.len()), byte)).collect();
        for (place, byte) in &places {
            bytes[*place] = *byte;
        }
        for format in intake::formats() {
            let got = read_as(format.name(), &bytes, "x.json");
            for record in &got.records {
                let (_, span) = record.post.records[0];
                prop_assert!(span.start + span.length <= bytes.len() as u64);
                let json = ["discord-json", "telegram-json", "imageboard"].contains(&format.name());
                prop_assert!(!json || bytes.get(span.start as usize) == Some(&0x7B));
            }
        }
        let got = read_as(name, &bytes, "x.json");
        let first = whole.records[0].post.records[0].1.start;
        for record in &whole.records {
            let (_, span) = record.post.records[0];
            // Damage before the first post can hide the list itself, and damage just beside a post the post's own bounds.
            let near = |place: u64| place < first || place + 3 >= span.start && place <= span.start + span.length + 1;
            if !places.iter().any(|(place, _)| near(*place as u64)) {
                prop_assert!(got.native_ids().contains(&record.post.native_id.as_str()), "{} lost to {places:?}", record.post.native_id);
            }
        }
    }
}
