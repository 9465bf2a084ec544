//! What a small dossier and its report say, word for word.

use dossier::{Arrival, Context, Material, Previews, json, report, tell};
use expect_test::expect_file;
use model::{Exposure, Tell, Trace};

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

fn page(material: &Material) -> String {
    let context = Context {
        made_at: "2023-04-20 09:12:44 UTC".into(),
        version: "0.0.0".into(),
        custody_entries: 7,
        custody_head: "ab".repeat(32),
        view_all: false,
        arrivals: arrivals(material),
    };
    let previews = Previews { thumbnail: &|_| None, place: &|_, _| None, view: &|_| None, page: &|_| None };
    report(&tell(material), &context, &previews)
}

/// The later channel was added first, all else a day later.
fn arrivals(material: &Material) -> Vec<Arrival> {
    let (digest, rest): (Vec<_>, Vec<_>) =
        material.items.iter().partition(|item| item.path.starts_with("digest/"));
    let arrival = |at: &str, items: Vec<&model::Item>| Arrival {
        at: at.parse().unwrap(),
        items: items.into_iter().map(|item| item.id).collect(),
    };
    vec![arrival("2023-04-01T08:00:00Z", digest), arrival("2023-04-02T08:00:00Z", rest)]
}

#[test]
fn the_first_appearance_moves_as_material_is_added() {
    let html = page(&leak());
    assert_eq!(html.matches("How its first appearance moved").count(), 2);
}

#[test]
fn the_words_of_the_report() {
    let html = page(&leak());
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

#[test]
fn photographs_are_told_apart_in_the_report() {
    let mut leak = leak();
    let family = leak.families[0].id;
    let pictures = leak.exposures[0].pictures.clone();
    let by = Tell { a: pictures[0], b: pictures[1], by: Trace::Bend };
    let ids: Vec<_> = pictures.iter().map(|picture| Exposure::id_of(family, &[*picture])).collect();
    let alone = |n: usize| Exposure {
        id: ids[n],
        family,
        pictures: vec![pictures[n]],
        held: Vec::new(),
        apart: vec![(ids[1 - n], by)],
    };
    let together = page(&leak);
    leak.exposures = vec![alone(0), alone(1)];
    let apart = page(&leak);
    assert!(together.contains("Of one photograph, scan or drawing: ") && !together.contains("Of two: "));
    assert!(apart.matches("Of two: ").count() == 1 && !apart.contains("Of one photograph"));
}
