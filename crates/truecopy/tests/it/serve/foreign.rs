//! The workbench in a language of no land: every text of ours stands in brackets, on pages and in scripts.

use std::collections::BTreeSet;
use std::fs;

use super::material::Material;
use super::served::Served;

#[path = "../../../../dossier/tests/foreign/english.rs"]
mod english;

const LIST: &str = include_str!("../../../../../docs/texts/truecopy.pot");
const VIEWS: [&str; 22] = [
    "/",
    "/timeline",
    "/sheets",
    "/documents",
    "/matrix",
    "/hops",
    "/gaps",
    "/said",
    "/mentioned",
    "/touched",
    "/search?q=the",
    "/posts",
    "/channels",
    "/unseen",
    "/discrepancies",
    "/add",
    "/hand",
    "/history",
    "/method",
    "/provenance",
    "/redact",
    "/nowhere",
];
/// Nouns of which the first few have their pages asked for.
const NOUNS: [(&str, &str); 5] =
    [("families", "fam"), ("pictures", "pic"), ("posts", "post"), ("channels", "chan"), ("entities", "ent")];

#[test]
fn no_page_has_english_of_ours() {
    let Some(material) = Material::copied() else { return };
    let file = material.path("qaa.po");
    fs::write(&file, texts::bracketed(LIST)).unwrap();
    let served = Served::with(&material.path("leak.case"), &["--texts", file.to_str().unwrap()]);
    let account = served.get("/export/dossier.json").json();
    // The case is called by its folder, and those who look by their names.
    let mut known = account.clone();
    known["people"] = serde_json::json!(["Ann", "Rob", material.path("").display().to_string()]);
    let received = english::Received::of(&known, LIST);
    let ids = NOUNS.iter().flat_map(|(noun, _)| {
        let rows = account[*noun].as_array().into_iter().flatten().take(3);
        rows.map(|row| format!("/of/{}", row["id"].as_str().unwrap())).collect::<Vec<_>>()
    });
    let mut english = BTreeSet::new();
    for path in VIEWS.iter().map(|path| (*path).to_owned()).chain(ids) {
        let page = served.get(&path).text();
        assert!(page.contains("<html lang=\"qaa\">") && page.contains('⟦'), "{path}: {page}");
        english.extend(english::left(&page, &received).into_iter().map(|text| format!("{path}: {text}")));
    }
    assert!(english.is_empty(), "{}", english.into_iter().collect::<Vec<_>>().join("\n"));
    let report = served.get("/export/report.html").text();
    assert!(report.contains("<html lang=\"qaa\">"));
    let json = served.get("/export/dossier.json").text();
    assert!(!json.contains('⟦') && !served.get("/api/counts").text().contains('⟦'));
    let scripts = served.get("/assets/-/translated.js");
    assert_eq!(scripts.header("content-type"), Some("text/javascript; charset=utf-8"));
    assert!(scripts.text().contains("\"zoom.in\":[\"⟦Zoom in⟧\"]"), "{}", scripts.text());
}

#[test]
fn without_a_file_scripts_are_told_of_none() {
    let Some(material) = Material::copied() else { return };
    let served = Served::of(&material.path("leak.case"));
    assert_eq!(served.get("/assets/-/translated.js").text(), "export default null;\n");
    assert!(served.get("/").text().contains("<html lang=\"en\">"));
}

#[test]
fn a_file_that_cannot_be_used_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let bad = folder.path().join("bad.po");
    fs::write(&bad, "Hello").unwrap();
    for (file, says) in [(bad, "line 1"), (folder.path().join("none.po"), "No such file")] {
        for command in ["serve", "report"] {
            let out = std::process::Command::new(env!("CARGO_BIN_EXE_truecopy"))
                .args([command, "no.case", "--texts"])
                .arg(&file)
                .output()
                .unwrap();
            let talk = String::from_utf8_lossy(&out.stderr).into_owned();
            assert_eq!(out.status.code(), Some(1), "{talk}");
            assert!(talk.contains(&file.display().to_string()) && talk.contains(says), "{talk}");
        }
    }
}
