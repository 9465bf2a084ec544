//! Testimony, notes, labels and judgements: entered, told at their sheet, taken back; nothing is derived from them.

use std::fs;

use serde_json::Value;

use crate::desk::{Desk, rows, text};

fn told(desk: &Desk) -> Value {
    serde_json::from_str(&desk.dossier("leak.case")).unwrap()
}

fn report(desk: &Desk) -> String {
    desk.expect(0, &["report", "leak.case"]);
    fs::read_to_string(desk.path("leak.case/report.html")).unwrap()
}

/// A case with a sheet of several pictures, and what is said of it.
fn spoken(desk: &Desk) -> (Value, String) {
    desk.leak();
    desk.worked("leak.case", &["leak"]);
    let before = told(desk);
    let sheet = rows(&before, "families").iter().find(|one| rows(one, "pictures").len() > 1).unwrap();
    let (family, picture) = (text(sheet, "id").to_owned(), rows(sheet, "pictures")[0].as_str().unwrap());
    let own = |found: &&Value| found["a"] == picture || found["b"] == picture;
    let found = text(rows(&before, "matches").iter().find(own).unwrap(), "id").to_owned();
    let basis = "told by telephone by a member of the server";
    let testify = |when: &[&str], basis: &str, code| {
        let mut arguments =
            vec!["testify", "leak.case", &family, "--basis", basis, "--reason", "it hung there before"];
        arguments.extend(when);
        desk.expect(code, &arguments).talk
    };
    assert!(testify(&["--when", "yesterday"], basis, 2).contains("'yesterday' is no time"));
    assert!(testify(&["--when", "2023-02", "2023-01"], basis, 2).contains("ends before it begins"));
    assert!(testify(&[], " ", 2).contains("the basis is empty"));
    testify(&["--when", "2022-10-01", "2022-10-02"], basis, 0);
    let said = desk.expect(0, &["note", "leak.case", picture, "--reason", "a fold at the left"]).talk;
    assert!(said.starts_with("act:") && !said.contains("truecopy run"), "{said}");
    desk.expect(0, &["label", "leak.case", &family, "ask the ministry", "--reason", "its seal"]);
    desk.expect(0, &["judge", "leak.case", &found, "not", "--reason", "the seal is another"]);
    let again =
        desk.expect(1, &["label", "leak.case", &family, "ask the ministry", "--reason", "again"]).talk;
    assert!(again.contains("it has this label") && again.contains("truecopy undo leak.case act:"), "{again}");
    let again = desk.expect(1, &["judge", "leak.case", &found, "holds", "--reason", "no"]).talk;
    assert!(again.contains("judged before") && again.contains("truecopy undo leak.case act:"), "{again}");
    let odd = desk.expect(2, &["judge", "leak.case", picture, "holds", "--reason", "no"]).talk;
    assert!(odd.contains("is no observation"), "{odd}");
    desk.expect(2, &["judge", "leak.case", &found, "false", "--reason", "no"]);
    desk.expect(1, &["note", "leak.case", "post:ffffffffffffffff", "--reason", "no"]);
    (before, family)
}

#[test]
fn what_is_said_stands_beside_the_sheet_and_nothing_is_derived_from_it() {
    let desk = Desk::new();
    let (before, family) = spoken(&desk);
    assert!(desk.expect(0, &["run", "leak.case", "--no-reading"]).talk.contains("nothing to do"));
    let after = told(&desk);
    for table in ["families", "firsts", "matches", "alterations", "gaps", "hops"] {
        assert_eq!(before[table], after[table], "{table}");
    }
    let acts = rows(&after, "acts");
    let deeds: Vec<&str> = acts.iter().map(|act| text(act, "deed")).collect();
    assert_eq!(deeds, ["testify", "note", "label", "judge"]);
    assert_eq!(acts[0]["when"]["earliest"], "2022-10-01T00:00:00Z");
    assert_eq!(acts[0]["when"]["latest"], "2022-10-02T23:59:59Z");
    assert_eq!(acts[0]["basis"], "told by telephone by a member of the server");
    assert_eq!((&acts[2]["label"], &acts[2]["on"]), (&"ask the ministry".into(), &family.as_str().into()));
    assert_eq!(acts[3]["holds"], "not");
    let html = report(&desk);
    for words in [
        "What analysts say of it",
        "It is no post that was observed",
        "a fold at the left",
        "ask the ministry",
    ] {
        assert!(html.contains(words), "{words}");
    }
    let listed = desk.expect(0, &["list", "leak.case", "acts"]).out;
    assert!(deeds.iter().all(|deed| listed.contains(deed)), "{listed}");
    desk.expect(0, &["verify", "leak.case"]);
    for act in acts {
        desk.expect(0, &["undo", "leak.case", text(act, "id"), "--reason", "a slip"]);
    }
    assert!(rows(&told(&desk), "acts").iter().take(4).all(|act| act["stands"] == false));
    assert!(!report(&desk).contains("What analysts say of it"));
    assert!(desk.expect(0, &["run", "leak.case", "--no-reading"]).talk.contains("nothing to do"));
}

#[test]
fn what_is_said_of_a_sheet_goes_with_it_and_with_no_other() {
    let desk = Desk::new();
    let (before, family) = spoken(&desk);
    let other = rows(&before, "families").iter().map(|one| text(one, "id")).find(|id| *id != family).unwrap();
    for (sheet, output, acts) in [(family.as_str(), "own.bag", 4), (other, "other.bag", 0)] {
        desk.expect(0, &["package", "leak.case", "--family", sheet, "--output", output]);
        let json = fs::read_to_string(desk.path(output).join("data/dossier.json")).unwrap();
        let part: Value = serde_json::from_str(&json).unwrap();
        assert_eq!(rows(&part, "acts").len(), acts);
    }
    // A sheet that gains a picture has another id, and keeps what is said of it.
    desk.expect(0, &["join", "leak.case", &family, other, "--reason", "both bear the seal"]);
    desk.expect(0, &["run", "leak.case", "--no-reading"]);
    let after = told(&desk);
    assert!(rows(&after, "families").iter().all(|one| text(one, "id") != family));
    let html = report(&desk);
    let sheets = html.split_once("id=\"sheets\"").unwrap().1;
    assert!(sheets.contains("ask the ministry") && sheets.contains("it hung there before"));
}
