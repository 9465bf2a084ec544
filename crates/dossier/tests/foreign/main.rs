//! The report and its views in a language of no land, in which every text of ours stands in brackets: what is not looked up shows.
//!
//! A language is of a whole process: these tests stand apart from the others, and all want the same.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs, dead_code)]

mod english;
#[path = "../it/material.rs"]
mod material;

use std::io::Write as _;
use std::sync::OnceLock;

use dossier::{Chosen, Context, Live, Previews, Sought, Wanted, report, tell};
use english::{Received, left};
use material::leak;

const LIST: &str = include_str!("../../../../docs/texts/truecopy.pot");
const SECTIONS: [&str; 12] = [
    "hops",
    "gaps",
    "documents",
    "said",
    "mentioned",
    "touched",
    "channels",
    "unseen",
    "discrepancies",
    "problems",
    "method",
    "provenance",
];

/// Loads the language, once.
fn foreign() {
    static LOADED: OnceLock<()> = OnceLock::new();
    LOADED.get_or_init(|| {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(texts::bracketed(LIST).as_bytes()).unwrap();
        texts::load(file.path()).unwrap();
    });
}

fn context() -> Context {
    Context {
        made_at: "2023-04-20 09:12:44 UTC".into(),
        version: "0.0.0".into(),
        custody_head: "ab".repeat(32),
        ..Context::default()
    }
}

#[test]
fn no_view_has_english_of_ours() {
    foreign();
    let leak = leak();
    let live = Live::new(tell(&leak), context(), true);
    let received = Received::of(&serde_json::to_value(live.dossier()).unwrap(), LIST);
    let mut views: Vec<(String, String)> = Vec::new();
    for name in SECTIONS {
        views.push((name.to_owned(), live.section(name).unwrap().into_string()));
    }
    views.push(("overview".to_owned(), live.overview().into_string()));
    views.push(("matrix".to_owned(), live.matrix(1, 1).0.into_string()));
    views.push(("timeline".to_owned(), live.timeline(&Chosen::default()).into_string()));
    views.push(("posts".to_owned(), live.posts(1, None, None).0.into_string()));
    views.push(("sheets".to_owned(), live.sheets(&Wanted::default()).0.into_string()));
    for picture in &leak.pictures {
        views.push(("page".to_owned(), live.page(picture, None, &Sought::default()).into_string()));
    }
    for family in &live.dossier().families {
        views.push((family.id.clone(), live.sheet(&family.id, None).unwrap().into_string()));
    }
    let mut english = Vec::new();
    for (name, html) in views {
        assert!(html.contains('⟦'), "{name}");
        english.extend(left(&html, &received).into_iter().map(|text| format!("{name}: {text}")));
    }
    assert!(english.is_empty(), "{}", english.join("\n"));
}

#[test]
fn the_report_has_no_english_of_ours() {
    foreign();
    let told = tell(&leak());
    let received = Received::of(&serde_json::to_value(&told).unwrap(), LIST);
    let previews = Previews { thumbnail: &|_| None, place: &|_, _| None, view: &|_| None, page: &|_| None };
    let html = report(&told, &context(), &previews);
    assert!(html.contains("<html lang=\"qaa\">"));
    let english = left(&html, &received);
    assert!(english.is_empty(), "{}", english.join("\n"));
}

/// Words that are received stay as they are, though a text of ours is the same.
#[test]
fn received_words_are_not_looked_up() {
    foreign();
    let mut leak = leak();
    leak.name = "Sheets".to_owned();
    leak.purpose = "Documents".to_owned();
    leak.channels[0].name = "Channels".to_owned();
    leak.posts[0].text = "Timeline".to_owned();
    leak.items[0].path = "What is missing".to_owned();
    let told = tell(&leak);
    let previews = Previews { thumbnail: &|_| None, place: &|_, _| None, view: &|_| None, page: &|_| None };
    let html = report(&told, &context(), &previews);
    for text in ["Sheets", "Channels"] {
        assert!(html.contains(&format!("<bdi>{text}</bdi>")), "{text}");
        assert!(html.contains(&format!("⟦{text}⟧")) && !html.contains(&format!("<bdi>⟦{text}⟧")), "{text}");
    }
    assert!(html.contains("<bdi class=\"words\">Documents</bdi>"));
}

/// The account and what is made of it for programs and for one party stay English.
#[test]
fn what_programs_read_stays_english() {
    foreign();
    let told = tell(&leak());
    let mut json = Vec::new();
    dossier::json(&told, &mut json).unwrap();
    let mut all = vec![
        String::from_utf8(json).unwrap(),
        dossier::gexf(&told),
        dossier::hops_csv(&told),
        dossier::ftm(&told),
    ];
    for party in &told.parties {
        all.extend(dossier::briefing(&told, &party.id, &[]).map(|briefing| briefing.html()));
    }
    for (_, text) in dossier::request(&told, &Default::default()) {
        all.push(text);
    }
    assert!(all.iter().all(|text| !text.contains('⟦')));
}
