//! Whom the sheets touch, on a case that was read: told from the test that reads one.

use std::collections::BTreeMap;
use std::fs;

use serde_json::Value;

use crate::desk::{Desk, rows, text};

/// Parties, judgements of harms, briefings, a party withheld: on `leak.case`, of which `told` is the dossier.
pub fn touched(desk: &Desk, told: &Value) {
    let list = desk.expect(0, &["parties", "leak.case"]).out;
    assert_eq!(list.lines().count(), rows(told, "parties").len());
    assert!(rows(told, "parties").len() > 3, "{list}");
    harms_are_judged(desk, told);
    no_briefing_names_another(desk, told);
    a_party_is_withheld(desk, told);
}

fn harms_are_judged(desk: &Desk, told: &Value) {
    let of = |party: &Value| -> Vec<Value> {
        rows(party, "passages").iter().flat_map(|passage| rows(passage, "harms").to_vec()).collect()
    };
    let harmed = rows(told, "parties")
        .iter()
        .find(|party| of(party).iter().any(|harm| harm["kind"] == "private conversation"));
    let harmed = harmed.expect("a forged leak tells who said what");
    let (party, harm) = (text(harmed, "id"), text(&of(harmed)[0], "id").to_owned());
    assert!(desk.expect(0, &["parties", "leak.case", party]).out.contains("proposed"));
    desk.expect(0, &["confirm", "leak.case", &harm, "--reason", "it is so"]);
    let shown = desk.expect(0, &["parties", "leak.case", party]).out;
    assert!(shown.contains("confirmed"), "{shown}");
    assert!(desk.expect(1, &["reject", "leak.case", &harm, "--reason", "no"]).talk.contains("judged before"));
    let acts = desk.expect(0, &["list", "leak.case", "acts"]).out;
    let act = acts.lines().last().unwrap().split('\t').next().unwrap().to_owned();
    desk.expect(0, &["undo", "leak.case", &act, "--reason", "a slip"]);
    assert!(!desk.expect(0, &["parties", "leak.case", party]).out.contains("confirmed"));
    // What an analyst says of harms changes no sheet: nothing is done anew.
    assert!(desk.expect(0, &["run", "leak.case"]).talk.contains("nothing to do"));
    // Other rules propose other harms, and nothing else does.
    fs::write(desk.path("harms.txt"), "mischief | named | words | the\n").unwrap();
    let other = desk.expect(0, &["parties", "leak.case", "--harms", "harms.txt", "--json"]).out;
    assert!(other.contains("mischief") && !other.contains("private conversation"));
    fs::write(desk.path("harms.txt"), "mischief | everybody | words | the\n").unwrap();
    assert!(desk.expect(1, &["parties", "leak.case", "--harms", "harms.txt"]).talk.contains("line 1"));
}

/// For each party: no name of any other stands in its briefing.
fn no_briefing_names_another(desk: &Desk, told: &Value) {
    let spelled: BTreeMap<&str, Vec<&str>> = rows(told, "entities")
        .iter()
        .map(|entity| {
            (text(entity, "id"), rows(entity, "spellings").iter().filter_map(Value::as_str).collect())
        })
        .collect();
    for party in rows(told, "parties") {
        let id = text(party, "id");
        desk.expect(0, &["briefing", "leak.case", id, "--ask", "grain harbour", "--output", "b.html"]);
        let mut shown = plain(&fs::read_to_string(desk.path("b.html")).unwrap());
        assert!(shown.contains(text(party, "name")), "{shown}");
        let mut own = spelled[id].clone();
        own.sort_by_key(|name| std::cmp::Reverse(name.len()));
        own.iter().for_each(|name| shown = shown.replace(name, " "));
        for other in rows(told, "parties").iter().filter(|other| text(other, "id") != id) {
            for name in spelled[text(other, "id")].iter().filter(|name| !own.contains(name)) {
                assert!(
                    !stands(&shown, name),
                    "'{name}' stands in the briefing for {}: {shown}",
                    text(party, "name")
                );
            }
        }
    }
    let id = text(&rows(told, "parties")[0], "id");
    a_package_for_a_party_has_its_briefing_alone(desk, told, id);
    desk.expect(0, &["briefing", "leak.case", id, "--output", "b.pdf"]);
    assert!(fs::read(desk.path("b.pdf")).unwrap().starts_with(b"%PDF-1."));
    assert!(
        desk.expect(1, &["briefing", "leak.case", "Nobody At All", "--output", "b.pdf"])
            .talk
            .contains("no party is called")
    );
}

/// The text of a page.
fn plain(html: &str) -> String {
    let body = html.split("<body>").nth(1).unwrap();
    let mut out = String::new();
    for piece in body.split('<') {
        out.push(' ');
        out.push_str(piece.split_once('>').map_or(piece, |(_, text)| text));
    }
    out.replace("&amp;", "&").replace("&quot;", "\"").replace("&lt;", "<")
}

fn stands(text: &str, name: &str) -> bool {
    text.match_indices(name).any(|(at, _)| {
        let before = text[..at].chars().next_back().is_none_or(|c| !c.is_alphanumeric());
        let after = text[at + name.len()..].chars().next().is_none_or(|c| !c.is_alphanumeric());
        before && after
    })
}

/// A person's passages withheld from a sheet: the name is not read any more.
fn a_party_is_withheld(desk: &Desk, told: &Value) {
    let person = rows(told, "parties")
        .iter()
        .find(|party| party["kind"] == "person" && !rows(party, "passages").is_empty());
    let person = person.expect("a forged leak names persons");
    let family = text(&rows(person, "passages")[0], "family");
    let (id, name) = (text(person, "id"), text(person, "name"));
    let called = desk.call(&[
        "redact",
        "leak.case",
        family,
        "--party",
        id,
        "--reason",
        "asked for by the party",
        "--output",
        "party.png",
    ]);
    assert_eq!(called.code, Some(0), "{}{}", called.out, called.talk);
    let log = fs::read_to_string(desk.path("party.png.log.json")).unwrap();
    let said = format!("{log}{}", fs::read_to_string(desk.path("party.png.log.txt")).unwrap());
    assert!(!said.contains(name) && !said.contains(id) && said.contains("a party's passages"), "{said}");
    fs::write(desk.path("names.txt"), format!("{name}\n")).unwrap();
    let checked = desk.expect(
        0,
        &["redact", "--check", "party.png", "--log", "party.png.log.json", "--names", "names.txt"],
    );
    assert!(!checked.out.contains("grave"), "{}", checked.out);
    let custody = desk.expect(0, &["verify", "leak.case"]);
    assert_eq!(custody.code, Some(0));
}

/// A package for one party: every file of it is the party's own or of nobody.
fn a_package_for_a_party_has_its_briefing_alone(desk: &Desk, told: &Value, party: &str) {
    desk.expect(0, &["briefing", "leak.case", party, "--output", "same.html"]);
    desk.expect(0, &["package", "leak.case", "--party", party, "-o", "for-a-party"]);
    let (bag, mut files) = (desk.path("for-a-party"), Vec::new());
    let mut folders = vec![bag.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { folders.push(path) } else { files.push(path) }
        }
    }
    let names = |path: &std::path::PathBuf| path.strip_prefix(&bag).unwrap().display().to_string();
    let payload: std::collections::BTreeSet<String> =
        files.iter().map(names).filter(|name| name.starts_with("data/")).collect();
    let all = ["briefing.html", "briefing.json", "briefing.pdf", "custody/log.json", "custody/log.txt"];
    assert!(payload.iter().eq(all.map(|name| format!("data/{name}")).iter()), "{payload:?}");
    assert_eq!(fs::read(bag.join("data/briefing.html")).unwrap(), fs::read(desk.path("same.html")).unwrap());
    let json: Value = serde_json::from_slice(&fs::read(bag.join("data/briefing.json")).unwrap()).unwrap();
    let html = plain(&fs::read_to_string(desk.path("same.html")).unwrap());
    let told_passages = rows(&json, "blocks").iter().filter_map(|block| block["passage"].as_str());
    assert!(told_passages.clone().count() > 0);
    for words in told_passages {
        assert!(html.contains(words), "{words}");
    }
    // Beside the briefing nothing names a sheet, a file, a post or the case.
    for path in files.iter().filter(|path| !names(path).starts_with("data/briefing")) {
        let shown = fs::read_to_string(path).unwrap();
        for (table, key) in
            [("items", "id"), ("items", "path"), ("items", "sha256"), ("families", "id"), ("entities", "id")]
        {
            for row in rows(told, table) {
                assert!(!shown.contains(text(row, key)), "{}: {}", path.display(), text(row, key));
            }
        }
    }
    let info = fs::read_to_string(bag.join("bag-info.txt")).unwrap();
    assert!(info.contains(&format!("External-Description: {}", text(&json, "title"))), "{info}");
    desk.expect(2, &["package", "leak.case", "--party", party, "--family", "fam:0", "-o", "both"]);
}
