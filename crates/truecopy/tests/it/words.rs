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
            assert_eq!(serde_json::from_str::<serde_json::Value>(&shown).unwrap(), row);
        }
    }
    let unclear = desk.expect(1, &["show", "leak.case", "a"]).talk;
    assert!(unclear.contains("more than one id"), "{unclear}");
    assert!(
        desk.expect(1, &["show", "leak.case", "fam:00000000000000000000"]).talk.contains("no id begins with")
    );
    assert!(desk.expect(2, &["show", "leak.case", "stone:12"]).talk.contains("known are item, page"));
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
