//! What the program says, and with which exit codes.

use crate::desk::Desk;

#[test]
fn help_teaches_and_wrong_usage_is_two() {
    let desk = Desk::new();
    for arguments in [&["--help"][..], &["add", "--help"], &["list", "--help"], &["examine", "--help"]] {
        let help = desk.expect(0, arguments).out;
        assert!(help.contains("Usage:"), "{help}");
    }
    assert!(desk.expect(0, &["--help"]).out.contains("truecopy examine leak/"));
    assert!(desk.expect(0, &["list", "--help"]).out.contains("sheets seen on pages"));
    for wrong in [&["frobnicate"][..], &["list", "a.case", "stones"], &["add"]] {
        assert!(!desk.expect(2, wrong).talk.is_empty());
    }
    assert!(desk.expect(0, &["completions", "bash"]).out.contains("_truecopy()"));
    assert!(desk.expect(0, &["man"]).out.contains(".TH truecopy 1"));
    let formats = desk.expect(0, &["formats"]).out;
    assert!(formats.lines().next().unwrap().contains("accounts"), "{formats}");
    assert!(formats.contains("discord-json") && formats.contains("whatsapp"), "{formats}");
    for line in desk.expect(0, &["formats", "--json"]).out.lines() {
        let format: serde_json::Value = serde_json::from_str(line).unwrap();
        assert!(["yes", "partly", "no"].contains(&format["abilities"]["zone"].as_str().unwrap()), "{format}");
    }
}

#[test]
fn errors_name_the_folder_and_the_way_out() {
    let desk = Desk::new();
    let said = desk.expect(1, &["run", "none.case"]).talk;
    assert!(said.contains("none.case is not a case") && said.contains("truecopy new none.case"), "{said}");
    desk.expect(0, &["new", "a.case"]);
    let said = desk.expect(1, &["new", "a.case"]).talk;
    assert!(said.contains("a.case exists already") && said.contains("hint:"), "{said}");
    std::fs::write(desk.path("a.case/case.toml"), "name = 7\n").unwrap();
    let said = desk.expect(1, &["status", "a.case"]).talk;
    assert!(said.contains("case.toml"), "{said}");
}

#[test]
fn every_noun_is_listed_and_shown() {
    let desk = Desk::new();
    desk.leak();
    desk.worked("leak.case", &["leak"]);
    for noun in model::NOUNS {
        let list = desk.expect(0, &["list", "leak.case", noun.plural]).out;
        let json = desk.expect(0, &["list", "leak.case", noun.plural, "--json"]).out;
        assert_eq!(list.lines().count(), json.lines().count(), "{}", noun.plural);
        // Differences are told only of pictures that were read, no channel was exported twice, and nobody did anything yet.
        let read = [
            "document",
            "version",
            "alteration",
            "derivation",
            "act",
            "statement",
            "subject",
            "event",
            "entity",
            "mention",
            "quote",
            "discrepancy",
        ];
        let read = read.contains(&noun.kind);
        if noun.kind != "problem" && !read {
            assert!(!list.is_empty(), "there are no {}", noun.plural);
        }
        for (line, row) in list.lines().zip(json.lines()).take(3) {
            let short = line.split('\t').next().unwrap();
            let row: serde_json::Value = serde_json::from_str(row).unwrap();
            let whole = row["id"].as_str().unwrap();
            assert!(whole.starts_with(short), "{whole} {short}");
            assert!(desk.expect(0, &["show", "leak.case", short]).out.starts_with(whole));
            let digits = whole.split_once(':').unwrap().1;
            let shown = desk.expect(0, &["show", "leak.case", &digits[..40], "--json"]).out;
            let mut shown: serde_json::Value = serde_json::from_str(&shown).unwrap();
            // How a first appearance moved is no part of the noun.
            shown.as_object_mut().unwrap().remove("moved");
            assert_eq!(shown, row);
        }
    }
    two_pictures_are_held_against_each_other(&desk);
    let unclear = desk.expect(1, &["show", "leak.case", "a"]).talk;
    assert!(unclear.contains("more than one id"), "{unclear}");
    assert!(
        desk.expect(1, &["show", "leak.case", "fam:00000000000000000000"]).talk.contains("no id begins with")
    );
    assert!(desk.expect(2, &["show", "leak.case", "stone:12"]).talk.contains("known are item, page"));
}

/// Pictures of one sheet, of two, and what is no picture.
fn two_pictures_are_held_against_each_other(desk: &Desk) {
    let told: serde_json::Value = serde_json::from_str(&desk.dossier("leak.case")).unwrap();
    let found = told["matches"].as_array().unwrap().iter().find(|found| !found["cells"].is_null()).unwrap();
    let (a, b) = (found["a"].as_str().unwrap(), found["b"].as_str().unwrap());
    let said = desk.expect(0, &["show", "leak.case", b, a, "--json", "--overlay", "why.png"]).out;
    let said: serde_json::Value = serde_json::from_str(&said).unwrap();
    assert_eq!(
        (said["a"].as_str(), said["b"].as_str(), said["says"].as_str()),
        (Some(a), Some(b), Some("same"))
    );
    assert_eq!(said["measures"], found["measures"]);
    assert!(std::fs::read(desk.path("why.png")).unwrap().starts_with(b"\x89PNG"));
    let cells: Vec<&str> =
        found["cells"]["rows"].as_array().unwrap().iter().map(|row| row.as_str().unwrap()).collect();
    assert!(cells.concat().matches('s').count() > 40 && cells.iter().all(|row| row.len() == cells[0].len()));
    let elsewhere = told["families"].as_array().unwrap().iter();
    let elsewhere = elsewhere.map(|family| family["best"].as_str().unwrap()).find(|best| {
        !told["families"].as_array().unwrap().iter().any(|family| {
            let pictures = family["pictures"].as_array().unwrap();
            family["best"] == *best && pictures.iter().any(|picture| picture == a)
        })
    });
    let other = desk.expect(0, &["show", "leak.case", a, elsewhere.unwrap()]).out;
    assert!(other.contains("undecided") || other.contains("two sheets that look alike"), "{other}");
    assert!(desk.expect(2, &["show", "leak.case", a, a]).talk.contains("both ids are of one picture"));
    let family = told["families"][0]["id"].as_str().unwrap();
    assert!(desk.expect(2, &["show", "leak.case", a, family]).talk.contains("is not a picture"));
}

#[test]
fn a_bad_row_of_a_gazetteer_is_named() {
    let desk = Desk::new();
    desk.expect(0, &["new", "a.case"]);
    std::fs::write(desk.path("names.csv"), "kind,name\nperson,Ruth Novak\nfish,Cod\n").unwrap();
    let said = desk.expect(1, &["run", "a.case", "--no-reading", "--gazetteer", "names.csv"]).talk;
    assert!(said.contains("names.csv, line 3") && said.contains("'fish'"), "{said}");
}

#[test]
fn standard_output_can_be_closed_early() {
    let desk = Desk::new();
    desk.leak();
    desk.worked("leak.case", &["leak"]);
    let mut child =
        desk.command(&["export", "leak.case"]).stdout(std::process::Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[test]
fn what_is_handed_to_others_is_written() {
    let desk = Desk::new();
    desk.leak();
    desk.worked("leak.case", &["leak"]);
    desk.expect(0, &["request", "leak.case", "--out", "pack"]);
    let read = |name: &str| std::fs::read_to_string(desk.path("pack").join(name)).unwrap();
    assert!(read("discord.csv").starts_with("asked,space,channel_id,"), "{}", read("discord.csv"));
    assert!(read("discord.txt").contains("Posts that show the sheets"), "{}", read("discord.txt"));
    assert!(read("preserve.csv").starts_with("expires_utc,"));
    let family = desk.expect(0, &["list", "leak.case", "families"]).out;
    let family = family.split('\t').next().unwrap();
    desk.expect(0, &["request", "leak.case", "--family", family, "--out", "one"]);
    let said = desk.expect(2, &["request", "leak.case", "--family", "chan:", "--out", "one"]).talk;
    assert!(said.contains("is not the beginning of an id"), "{said}");
    for (format, begins) in [("gexf", "<?xml"), ("graphml", "<?xml"), ("csv", "hop,")] {
        let out = desk.expect(0, &["export", "leak.case", "--format", format]).out;
        assert!(out.starts_with(begins), "{format}: {out}");
    }
    desk.expect(0, &["verify", "leak.case"]);
}
