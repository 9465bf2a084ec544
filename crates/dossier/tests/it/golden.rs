//! What a small dossier and its report say, word for word.

use dossier::{Context, Previews, json, report, tell};
use expect_test::expect_file;

use crate::material::leak;

#[test]
fn dossier_json() {
    let mut told = tell(&leak());
    // The method is prose; it is read in the report.
    told.method.clear();
    let mut bytes = Vec::new();
    json(&told, &mut bytes).unwrap();
    expect_file!["golden/dossier.json"].assert_eq(&String::from_utf8(bytes).unwrap());
}

#[test]
fn the_words_of_the_report() {
    let context = Context {
        made_at: "2023-04-20 09:12:44 UTC".into(),
        version: "0.0.0".into(),
        custody_entries: 7,
        custody_head: "ab".repeat(32),
        view_all: false,
    };
    let html = report(
        &tell(&leak()),
        &context,
        &Previews { thumbnail: &|_| None, place: &|_, _| None, view: &|_| None },
    );
    expect_file!["golden/report.txt"].assert_eq(&words(&html));
}

/// The text of a page, one line a block.
fn words(html: &str) -> String {
    let body = html.split_once("<body>").unwrap().1;
    let mut text = String::new();
    for piece in body.split('<') {
        let (tag, after) = piece.split_once('>').unwrap_or(("", piece));
        let name = tag.trim_start_matches('/').split(' ').next().unwrap();
        let inline = ["a", "b", "bdi", "code", "span", "strong", "time", "i"].contains(&name);
        if !inline && !text.ends_with('\n') {
            text.push('\n');
        }
        if name.starts_with('h') && name.len() == 2 && !tag.starts_with('/') {
            text.push_str(&"#".repeat(name[1..].parse().unwrap_or(0)));
            text.push(' ');
        }
        text.push_str(after);
    }
    let lines: Vec<&str> = text.lines().map(str::trim_end).filter(|line| !line.is_empty()).collect();
    format!("{}\n", lines.join("\n"))
}
