//! The main job: from a folder to a dossier.

use std::collections::{BTreeMap, BTreeSet};

use forge::leak::Recipe;
use serde_json::Value;

use crate::desk::{Desk, rows, text};

#[test]
fn a_folder_becomes_a_dossier() {
    let desk = Desk::new();
    let truth = desk.leak_of(&Recipe::small(5));
    let called = desk.expect(0, &["examine", "leak", "--no-reading"]);
    assert!(called.out.is_empty(), "talk goes to standard error: {}", called.out);
    assert!(called.talk.contains("report: leak.case/report.html"), "{}", called.talk);
    let report = std::fs::read_to_string(desk.path("leak.case/report.html")).unwrap();
    assert!(report.contains("data:image/jpeg;base64,") && report.contains("default-src 'none'"));
    let told: Value = serde_json::from_str(&desk.dossier("leak.case")).unwrap();
    check(&told, &truth);
    let again = desk.expect(0, &["examine", "leak", "--no-reading"]);
    assert!(again.talk.contains("nothing to do"), "{}", again.talk);
}

/// Every file and post of the truth is there, and no family holds two sheets.
pub fn check(told: &Value, truth: &Value) {
    let held: Vec<&Value> = rows(truth, "copies").iter().filter(|copy| copy["withheld"] == false).collect();
    let items: BTreeSet<&str> = rows(told, "items").iter().map(|item| text(item, "sha256")).collect();
    for copy in &held {
        assert!(items.contains(text(copy, "sha256")), "{} is missing", text(copy, "copy"));
    }
    let mut posts: BTreeMap<&str, u64> = BTreeMap::new();
    let name_of: BTreeMap<&str, &str> =
        rows(told, "channels").iter().map(|channel| (text(channel, "id"), text(channel, "name"))).collect();
    for post in rows(told, "posts") {
        *posts.entry(name_of[text(post, "channel")]).or_default() += 1;
    }
    for channel in rows(truth, "channels") {
        let is_thread = text(channel, "kind") == "4chan";
        let of_name = posts.get(text(channel, "id")).or(posts.get("thread").filter(|_| is_thread));
        assert_eq!(of_name.copied(), channel["posts"].as_u64(), "{}", text(channel, "id"));
    }
    let sheet_of: BTreeMap<&str, &str> =
        held.iter().map(|copy| (text(copy, "sha256"), text(copy, "sheet"))).collect();
    let sha_of: BTreeMap<&str, &str> =
        rows(told, "items").iter().map(|item| (text(item, "id"), text(item, "sha256"))).collect();
    let mut sheets_of: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for picture in rows(told, "pictures") {
        let sheet = sheet_of.get(sha_of[text(picture, "item")]);
        sheets_of.entry(text(picture, "family")).or_default().extend(sheet);
    }
    assert!(sheets_of.values().all(|sheets| sheets.len() <= 1), "a family holds two sheets");
}

#[test]
fn the_order_of_adding_does_not_matter() {
    let desk = Desk::new();
    desk.leak();
    desk.worked("one.case", &["leak/exports", "leak/loose"]);
    desk.worked("two.case", &["leak/loose", "leak/exports"]);
    let first = desk.dossier("one.case");
    assert_eq!(first, desk.dossier("two.case"));
    // In pieces, with work in between.
    desk.expect(0, &["new", "three.case", "--name", "A trial"]);
    desk.expect(0, &["add", "three.case", "leak/loose"]);
    desk.expect(0, &["run", "three.case", "--jobs", "1", "--no-reading"]);
    desk.expect(0, &["add", "three.case", "leak/exports"]);
    desk.expect(0, &["run", "three.case", "--no-reading"]);
    assert_eq!(first, desk.dossier("three.case"));
}

#[test]
fn what_analysts_say_wins_until_they_take_it_back() {
    let desk = Desk::new();
    desk.leak();
    desk.worked("leak.case", &["leak"]);
    let families = |wanted: usize| -> Value {
        let told: Value = serde_json::from_str(&desk.dossier("leak.case")).unwrap();
        assert_eq!(rows(&told, "families").len(), wanted);
        told
    };
    let told: Value = serde_json::from_str(&desk.dossier("leak.case")).unwrap();
    let before = rows(&told, "families").len();
    let (one, two) = (text(&rows(&told, "families")[0], "id"), text(&rows(&told, "families")[1], "id"));
    let refused = desk.expect(2, &["join", "leak.case", one, two, "--reason", " "]).talk;
    assert!(refused.contains("the reason is empty"), "{refused}");
    let said = desk.expect(0, &["join", "leak.case", one, two, "--reason", "both bear the seal"]).talk;
    desk.expect(0, &["run", "leak.case", "--no-reading"]);
    let told = families(before - 1);
    assert_eq!(text(&rows(&told, "acts")[0], "reason"), "both bear the seal");
    assert_eq!(desk.expect(0, &["rebuild", "leak.case", "--no-reading"]).out, "identical\n");
    // A picture of the joined ones cannot be split off while the act stands.
    let picture = rows(&told, "acts")[0]["pictures"][0].as_str().unwrap();
    let refused = desk.expect(1, &["split", "leak.case", picture, "--reason", "another hand"]).talk;
    assert!(refused.contains("truecopy undo"), "{refused}");
    let act = said.split(';').next().unwrap().trim();
    desk.expect(0, &["undo", "leak.case", act, "--reason", "a slip"]);
    desk.expect(0, &["run", "leak.case", "--no-reading"]);
    let told = families(before);
    assert_eq!(rows(&told, "acts")[0]["stands"], false);
    let several = rows(&told, "families").iter().find(|family| rows(family, "pictures").len() > 1).unwrap();
    let picture = rows(several, "pictures")[0].as_str().unwrap();
    desk.expect(0, &["split", "leak.case", picture, "--reason", "another hand"]);
    desk.expect(0, &["run", "leak.case", "--no-reading"]);
    families(before + 1);
    assert!(desk.expect(0, &["list", "leak.case", "acts"]).out.lines().count() == 3);
    desk.expect(0, &["verify", "leak.case"]);
}

#[test]
fn a_rebuild_is_identical_and_a_deleted_derivation_comes_back() {
    let desk = Desk::new();
    desk.leak();
    desk.worked("leak.case", &["leak"]);
    let before = desk.dossier("leak.case");
    assert_eq!(desk.expect(0, &["rebuild", "leak.case", "--no-reading"]).out, "identical\n");
    assert!(!desk.path("leak.case/rebuild").exists());
    for derived in ["derived.db", "derived.db-wal", "derived.db-shm"] {
        let _ = std::fs::remove_file(desk.path("leak.case").join(derived));
    }
    std::fs::remove_dir_all(desk.path("leak.case/made")).unwrap();
    desk.expect(0, &["run", "leak.case", "--no-reading"]);
    assert_eq!(desk.dossier("leak.case"), before);
}

/// Where Tesseract is installed: what was read of pictures that are grouped otherwise now does not stay behind.
#[test]
fn what_reading_told_stays_only_as_long_as_it_holds() {
    let desk = Desk::new();
    desk.leak();
    desk.expect(0, &["new", "one.case", "--name", "A trial"]);
    desk.expect(0, &["add", "one.case", "leak/exports/discord/screens"]);
    if desk.call(&["run", "one.case"]).talk.contains("Tesseract was not found") {
        eprintln!("skipped: Tesseract is not installed");
        return;
    }
    let before: Value = serde_json::from_str(&desk.dossier("one.case")).unwrap();
    assert!(rows(&before, "pictures").iter().any(|picture| !text(picture, "text").is_empty()));
    // Nothing new: all of it stays, also where nothing is to be read.
    desk.expect(0, &["run", "one.case", "--no-reading"]);
    assert_eq!(serde_json::from_str::<Value>(&desk.dossier("one.case")).unwrap(), before);
    desk.expect(0, &["add", "one.case", "leak"]);
    desk.expect(0, &["run", "one.case", "--no-reading"]);
    let now: Value = serde_json::from_str(&desk.dossier("one.case")).unwrap();
    let pictures_of = |told: &Value, family: &str| -> BTreeSet<String> {
        let of = rows(told, "pictures").iter().filter(|picture| text(picture, "family") == family);
        of.map(|picture| text(picture, "id").to_owned()).collect()
    };
    for family in rows(&now, "families") {
        let grown = pictures_of(&before, text(family, "id")) != pictures_of(&now, text(family, "id"));
        assert!(!grown || text(family, "text").is_empty(), "a text of other pictures stays");
    }
    for altered in rows(&now, "alterations") {
        assert!(rows(&now, "pictures").iter().any(|picture| picture["id"] == altered["picture"]));
    }
    // Read at last, it is as if it had come at once.
    desk.expect(0, &["run", "one.case"]);
    assert_eq!(desk.expect(0, &["rebuild", "one.case"]).out, "identical\n");
}

#[test]
fn a_zip_of_the_leak_tells_the_same_posts() {
    let desk = Desk::new();
    let truth = desk.leak();
    let packed = std::process::Command::new("tar")
        .args(["czf", "leak.tar.gz", "leak"])
        .current_dir(desk.path(""))
        .status();
    if !packed.is_ok_and(|status| status.success()) {
        eprintln!("skipped: there is no tar here");
        return;
    }
    desk.worked("packed.case", &["leak.tar.gz"]);
    let told: Value = serde_json::from_str(&desk.dossier("packed.case")).unwrap();
    check(&told, &truth);
}

#[test]
fn verify_names_what_changed() {
    let desk = Desk::new();
    desk.leak();
    desk.worked("leak.case", &["leak"]);
    let sound = desk.expect(0, &["verify", "leak.case"]);
    assert!(sound.out.contains("in the custody log, the last one "), "{}", sound.out);
    let told: Value = serde_json::from_str(&desk.dossier("leak.case")).unwrap();
    let blob = |n: usize| {
        let sha = text(&rows(&told, "items")[n], "sha256");
        desk.path("leak.case/blobs").join(&sha[..2]).join(sha)
    };
    let (changed, gone) = (blob(0), blob(1));
    let mut bytes = std::fs::read(&changed).unwrap();
    bytes[7] ^= 1;
    std::fs::remove_file(&changed).unwrap();
    std::fs::write(&changed, bytes).unwrap();
    std::fs::remove_file(gone).unwrap();
    let wrong = desk.expect(3, &["verify", "leak.case", "--json"]);
    let wrong: Value = serde_json::from_str(&wrong.out).unwrap();
    let sentences: Vec<&str> = rows(&wrong, "wrong").iter().filter_map(Value::as_str).collect();
    assert_eq!(sentences.len(), 2, "{sentences:?}");
    assert!(sentences.iter().any(|one| one.contains("no longer those of")), "{sentences:?}");
    assert!(sentences.iter().any(|one| one.contains("are gone")), "{sentences:?}");
}

/// Exports that come later move first appearances; the sheet and its report say how (R20).
#[test]
fn a_late_export_moves_a_first_appearance() {
    let desk = Desk::new();
    desk.leak_of(&Recipe::small(41));
    desk.expect(0, &["new", "late.case", "--name", "A trial"]);
    for part in ["leak/exports/telegram", "leak/exports/4chan", "leak/exports/discord"] {
        desk.expect(0, &["add", "late.case", part]);
    }
    desk.expect(0, &["run", "late.case", "--no-reading"]);
    let told: Value = serde_json::from_str(&desk.dossier("late.case")).unwrap();
    let mut moved = 0;
    for family in rows(&told, "families") {
        let id = text(family, "id");
        let shown: Value =
            serde_json::from_str(&desk.expect(0, &["show", "late.case", id, "--json"]).out).unwrap();
        let steps = shown["moved"].as_array().map_or(&[][..], Vec::as_slice);
        let Some(last) = steps.last() else { continue };
        assert_eq!(last["candidates"], family["first"]["candidates"]);
        let words = desk.expect(0, &["show", "late.case", id]).out;
        assert_eq!(words.contains("moved as material was added"), steps.len() > 1);
        if let [before, .., after] = steps {
            moved += 1;
            // To the second: fractions are written as long as they are.
            let second = |of: &Value, key: &str| text(of, key).get(..19).unwrap_or_default().to_owned();
            assert!(second(before, "added") <= second(after, "added"));
            assert!(second(&before["first"], "latest") >= second(&after["first"], "latest"));
        }
    }
    assert!(moved > 0, "no first appearance moved");
    desk.expect(0, &["report", "late.case"]);
    let report = std::fs::read_to_string(desk.path("late.case/report.html")).unwrap();
    assert_eq!(report.matches("How its first appearance moved").count(), moved);
}
