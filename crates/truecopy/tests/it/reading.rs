//! Pictures read and searched, where Tesseract is installed.

use serde_json::Value;

use crate::desk::{Desk, rows, text};

#[test]
fn pictures_are_read_and_found_by_their_words() {
    let desk = Desk::new();
    let truth = desk.leak();
    let (typed, left) = typed_off(&desk, &truth);
    desk.expect(0, &["new", "leak.case"]);
    desk.expect(0, &["add", "leak.case", "leak"]);
    let ran = desk.call(&["run", "leak.case"]);
    if ran.talk.contains("Tesseract was not found") {
        assert_eq!(ran.code, Some(1));
        assert!(
            ran.talk.contains("apt install tesseract-ocr") && ran.talk.contains("--no-reading"),
            "{}",
            ran.talk
        );
        eprintln!("skipped: Tesseract is not installed");
        return;
    }
    let told: Value = serde_json::from_str(&desk.dossier("leak.case")).unwrap();
    let wanted: Vec<&str> =
        rows(&truth, "sheets").iter().flat_map(|sheet| text(sheet, "text").split_whitespace()).collect();
    let read: Vec<&str> =
        rows(&told, "families").iter().flat_map(|family| text(family, "text").split_whitespace()).collect();
    let found = wanted.iter().filter(|word| read.contains(word)).count();
    assert!(found * 100 >= wanted.len() * 85, "{found} of {} words were read", wanted.len());
    let banner = |row: &Value| row["marking"]["banner"].as_str().is_some_and(|banner| !banner.is_empty());
    assert!(rows(&told, "families").iter().any(banner));
    let said = |sheet: &Value| rows(sheet, "statements").to_vec();
    let truly: Vec<Value> = rows(&truth, "sheets").iter().flat_map(said).collect();
    let told_of = |one: &&Value| {
        let same = |row: &Value, key: &str| row[key].as_str() == one[key].as_str();
        rows(&told, "statements").iter().any(|row| same(row, "speaker") && same(row, "addressee"))
    };
    let right = truly.iter().filter(told_of).count();
    assert!(right * 10 >= truly.len() * 7, "{right} of {} statements were told", truly.len());
    for row in rows(&told, "statements") {
        assert!(rows(&row["cited"], "places").iter().all(|place| text(place, "cite").starts_with("page:")));
    }
    // A long word of the truth that was read is found, and its place is a region of a page.
    let word = wanted
        .iter()
        .find(|word| word.len() > 8 && word.chars().all(char::is_alphabetic) && read.contains(word));
    let word = word.unwrap().to_lowercase();
    let hits = desk.expect(0, &["search", "leak.case", &word, "--json"]).out;
    let hit: Value = serde_json::from_str(hits.lines().next().unwrap()).unwrap();
    assert!(text(&hit, "snippet").to_lowercase().contains(&word), "{hits}");
    assert!(hits.contains("page:"), "{hits}");
    // The same word with a letter misread is found on request.
    let misread = word.replacen(&word[3..4], if &word[3..4] == "x" { "y" } else { "x" }, 1);
    assert!(desk.expect(0, &["search", "leak.case", &misread]).out.is_empty());
    assert!(!desk.expect(0, &["search", "leak.case", &misread, "--misread"]).out.is_empty());
    assert!(desk.expect(0, &["run", "leak.case"]).talk.contains("nothing to do"));
    let quote = rows(&told, "quotes").iter().find(|quote| typed.contains(text(quote, "text"))).unwrap();
    assert!(rows(quote, "differs").iter().any(|one| one["says"] == "Zebra" && one["sheet_says"] == *left));
    two_pictures_are_compared(&desk, &told);
    crate::parties::touched(&desk, &told);
    crate::ftm::accepted(&desk);
    crate::asked::held_against_the_text(&desk, &told);
    crate::named::found(&desk, &told);
}

/// Lets a post of the leak say thirty words of a sheet, one of them changed: the post's text, and the word of the sheet.
fn typed_off(desk: &Desk, truth: &Value) -> (String, String) {
    let longest = rows(truth, "sheets").iter().max_by_key(|sheet| text(sheet, "text").len()).unwrap();
    let mut words: Vec<&str> = text(longest, "text").split_whitespace().skip(100).take(30).collect();
    let place = (10..20).find(|n| words[*n].len() > 4 && words[*n].chars().all(char::is_alphabetic)).unwrap();
    let left = std::mem::replace(&mut words[place], "Zebra").to_owned();
    let typed = words.join(" ");
    let folder = std::fs::read_dir(desk.path("leak/exports/discord/screens")).unwrap();
    let mut files = folder.map(|entry| entry.unwrap().path());
    let file = files.find(|file| file.extension().is_some_and(|extension| extension == "json")).unwrap();
    let export = std::fs::read_to_string(&file).unwrap();
    let message = &serde_json::from_str::<Value>(&export).unwrap()["messages"][0];
    let was = format!("\"content\": {}", message["content"]);
    assert!(export.contains(&was));
    let is = format!("\"content\": {}", Value::from(typed.clone()));
    std::fs::write(&file, export.replacen(&was, &is, 1)).unwrap();
    (typed, left)
}

/// Two pictures of one sheet, and one of another sheet, out of the case.
fn two_pictures_are_compared(desk: &Desk, told: &Value) {
    let pictures = |family: &Value| -> Vec<String> {
        rows(family, "pictures").iter().map(|id| id.as_str().unwrap().to_owned()).collect()
    };
    let mut families: Vec<Vec<String>> = rows(told, "families").iter().map(pictures).collect();
    families.sort_by_key(|pictures| std::cmp::Reverse(pictures.len()));
    let (one, other) = (&families[0], &families[1]);
    let called = desk
        .expect(0, &["compare", "--case", "leak.case", &one[0], &one[1], "--report", "two.html", "--json"]);
    let row: Value = serde_json::from_str(&called.out).unwrap();
    assert_eq!(rows(&row, "sheets_in_common").len(), 1, "{}", called.out);
    let html = std::fs::read_to_string(desk.path("two.html")).unwrap();
    assert!(html.contains("laid on each other"));
    let apart = desk.expect(0, &["compare", "--case", "leak.case", &one[0], &other[0]]).out;
    assert!(apart.contains("not found to show one sheet"), "{apart}");
    let gone = desk.expect(1, &["compare", "gone.jpg", "leak.case/case.toml"]).talk;
    assert!(gone.contains("gone.jpg"), "{gone}");
}

#[test]
fn a_language_without_data_is_named() {
    let desk = Desk::new();
    desk.expect(0, &["new", "leak.case"]);
    let said = desk.expect(1, &["run", "leak.case", "--languages", "eng+tlh"]).talk;
    assert!(said.contains("tesseract-ocr"), "{said}");
}
