//! Files that mean harm cost themselves and nothing else.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Seek, Write};
use std::sync::atomic::{AtomicBool, Ordering};

use forge::hostile::{self, Amount};
use serde_json::Value;

use crate::desk::{Desk, text};

/// The codes of the problems, by what they are about.
fn problems(desk: &Desk, case: &str) -> BTreeMap<String, Vec<String>> {
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for line in desk.call(&["problems", case, "--json"]).out.lines() {
        let row: Value = serde_json::from_str(line).unwrap();
        assert!(!text(&row, "says").is_empty() && !text(&row, "way_out").is_empty());
        found.entry(text(&row, "about").to_owned()).or_default().push(text(&row, "code").to_owned());
    }
    found
}

#[test]
fn each_costs_one_file_and_is_named() {
    let desk = Desk::new();
    hostile::write(&desk.path("bad"), 80).unwrap();
    desk.expect(3, &["examine", "bad", "--no-reading"]);
    let found = problems(&desk, "bad.case");
    let named = |file: &str, code: &str| {
        let codes = found.get(&format!("bad/{file}"));
        assert!(
            codes.is_some_and(|codes| codes.iter().any(|one| one == code)),
            "{file}: {codes:?}, not {code}"
        );
    };
    named("cut.jpg", "image-truncated");
    named("claims-60000x60000.png", "image-too-large");
    named("bomb-60000x60000.png", "image-too-large");
    named("bomb.gz", "archive-bomb");
    named("bomb.zip", "archive-bomb");
    named("nested-30.zip", "archive-too-deep");
    named("slip.zip", "archive-escape");
    named("traps.tar", "archive-escape");
    named("traps.tar", "archive-link");
    named("empty.jpg", "empty");
    named("loop/self", "link-not-followed");
    named("loop/inner/back", "link-not-followed");
    named("discord-cut.json", "json-truncated");
    named("telegram/result.json", "json-repaired");
    named("circle.pdf", "pdf-damaged");
    named("deep.pdf", "pdf-damaged");
    named("circle.tif", "image-damaged");
    named("frames.gif", "image-damaged");
    named("deep.json", "json-truncated");
    named("deep.eml", "export-damaged");
    named("page.html", "not-read");
    named("picture.svg", "not-read");
    let ended = |code: &String| ["reader-crashed", "too-slow", "too-much-memory"].contains(&code.as_str());
    assert!(!found.values().flatten().any(ended), "no reader had to be ended: {found:?}");
    assert!(!found.contains_key("bad/discord-2000.json"), "the good file has no problem");
    // The posts before the cut are kept, and those of the good file.
    let posts = desk.expect(0, &["list", "bad.case", "posts"]).out;
    assert!(posts.lines().count() > 2000, "{}", posts.lines().count());
    // Nothing climbed out.
    let beside: Vec<_> =
        std::fs::read_dir(desk.path("")).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(beside.len(), 2, "{beside:?}");
    // What a terminal would obey is not printed.
    let shown = desk.call(&["problems", "bad.case"]).out;
    assert!(!shown.contains('\u{1b}') && shown.contains("colour\u{fffd}[31m.txt"), "{shown}");
    assert!(!shown.contains('\u{202e}') && shown.contains("bidi \u{fffd}gpj.exe.txt"), "{shown}");
    desk.expect(0, &["verify", "bad.case"]);
}

#[test]
fn damaged_files_are_all_accounted_for() {
    let desk = Desk::new();
    let corpus = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../intake/tests/corpus");
    let mut seeds = hostile::seeds();
    for entry in std::fs::read_dir(corpus).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|end| end != "expected") {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            seeds.push((name, std::fs::read(path).unwrap()));
        }
    }
    seeds.sort();
    std::fs::create_dir(desk.path("odd")).unwrap();
    let mut names = Vec::new();
    for (name, bytes) in hostile::mutated(&seeds, 240, 5) {
        std::fs::write(desk.path("odd").join(&name), bytes).unwrap();
        names.push(format!("odd/{name}"));
    }
    // A byte that no text has makes a mail no other thing.
    let mail =
        b"From: a@example.invalid\r\nDate: Mon, 2 Feb 2026 10:00:00 +0000\r\nSubject: o\0dd\r\n\r\nwords\r\n";
    std::fs::write(desk.path("odd/nul.eml"), mail).unwrap();
    names.push("odd/nul.eml".to_owned());
    desk.expect(3, &["examine", "odd", "--no-reading"]);
    let dossier: Value =
        serde_json::from_str(&desk.expect(0, &["export", "odd.case", "--output", "-"]).out).unwrap();
    let list = |of: &Value, name: &str| of[name].as_array().cloned().unwrap_or_default();
    let exports = list(&dossier, "channels").into_iter().flat_map(|channel| list(&channel, "exports"));
    let mut opened: BTreeSet<String> = exports.map(|export| text(&export, "item").to_owned()).collect();
    let items = list(&dossier, "items");
    opened.extend(items.iter().filter_map(|item| item["inside"].as_str()).map(str::to_owned));
    let found = problems(&desk, "odd.case");
    // A problem is named by the first path of its bytes.
    let named: BTreeSet<&str> = items
        .iter()
        .filter(|item| found.contains_key(text(item, "path")))
        .map(|item| text(item, "sha256"))
        .collect();
    let received: Vec<&Value> = items.iter().filter(|item| item["inside"].is_null()).collect();
    assert_eq!(received.iter().map(|item| text(item, "path")).collect::<BTreeSet<_>>().len(), names.len());
    for item in received {
        let pages = ["jpeg", "png", "webp", "gif", "tiff", "bmp", "pdf", "zip", "tar", "gzip"];
        let read = opened.contains(text(item, "id")) || pages.contains(&text(item, "kind"));
        assert!(read || named.contains(text(item, "sha256")), "{item}");
    }
    desk.expect(0, &["verify", "odd.case"]);
}

#[test]
fn a_worker_is_kept_from_what_it_tries() {
    let desk = Desk::new();
    let told = desk.call(&["shield", "--json"]);
    if told.talk.contains("cannot be opened shut in") {
        eprintln!("skipped: this kernel has no seccomp");
        return;
    }
    let rows: Vec<Value> = told.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    for attempt in [
        "open a file",
        "write a file",
        "open a network socket",
        "start a process",
        "run a program",
        "signal its parent",
        "look into its parent's memory",
        "have memory that can be run",
        "take memory beyond its bound",
        "run on beyond its time",
    ] {
        let row = rows.iter().find(|row| row["attempt"] == attempt).unwrap();
        assert_eq!(row["stopped"], true, "{row}");
    }
    let ended = |attempt: &str| {
        rows.iter().any(|row| row["attempt"] == attempt && text(row, "how").starts_with("ended:"))
    };
    assert!(ended("take memory beyond its bound") && ended("run on beyond its time"), "{rows:?}");
}

#[test]
fn shut_in_or_not_the_same_is_told() {
    let desk = Desk::new();
    forge::leak::write(&forge::leak::Recipe::tiny(3), &desk.path("leak")).unwrap();
    std::fs::rename(desk.path("leak/truth.json"), desk.path("truth.json")).unwrap();
    let told = |options: &[&str]| {
        let mut arguments = vec!["examine", "leak", "--no-reading", "--case", "one.case"];
        arguments.extend(options);
        desk.call(&arguments);
        let told = desk.expect(0, &["export", "one.case", "--output", "-"]).out;
        std::fs::remove_dir_all(desk.path("one.case")).unwrap();
        told
    };
    assert!(told(&[]) == told(&["--no-sandbox"]), "another dossier without the sandbox");
}

#[test]
fn what_cannot_be_read_is_refused_by_name() {
    let desk = Desk::new();
    std::fs::create_dir(desk.path("odd")).unwrap();
    std::fs::write(desk.path("odd/good.txt"), "words").unwrap();
    let made = std::process::Command::new("mkfifo").arg(desk.path("odd/pipe")).status();
    desk.expect(0, &["new", "odd.case"]);
    // Reading this file fails even for root.
    let added = desk.expect(3, &["add", "odd.case", "odd", "/proc/self/mem"]);
    assert!(added.talk.contains("refused mem: the file could not be read"), "{}", added.talk);
    if made.is_ok_and(|status| status.success()) {
        assert!(added.talk.contains("refused odd/pipe: not a file or folder"), "{}", added.talk);
    }
    desk.expect(3, &["run", "odd.case", "--no-reading"]);
    let missing = desk.expect(1, &["add", "odd.case", "nowhere"]);
    assert!(missing.talk.contains("nowhere") && missing.talk.contains("hint:"), "{}", missing.talk);
}

#[test]
fn a_file_that_changes_while_it_is_read_is_not_taken() {
    static DONE: AtomicBool = AtomicBool::new(false);
    let desk = Desk::new();
    std::fs::create_dir(desk.path("live")).unwrap();
    let path = desk.path("live/growing.log");
    std::fs::write(&path, vec![b'x'; 24 << 20]).unwrap();
    desk.expect(0, &["new", "live.case"]);
    let writer = std::thread::spawn(move || {
        let mut file = std::fs::File::options().write(true).open(path).unwrap();
        while !DONE.load(Ordering::Relaxed) {
            file.seek(std::io::SeekFrom::Start(5)).unwrap();
            file.write_all(b"changed").unwrap();
            file.seek(std::io::SeekFrom::End(0)).unwrap();
            file.write_all(b"more").unwrap();
        }
    });
    let added = desk.call(&["add", "live.case", "live"]);
    DONE.store(true, Ordering::Relaxed);
    writer.join().unwrap();
    assert_eq!(added.code, Some(3), "{}", added.talk);
    assert!(added.talk.contains("changed while it was being read"), "{}", added.talk);
    // Once it is still, it is taken, and the problem is gone.
    desk.expect(0, &["add", "live.case", "live"]);
    desk.expect(0, &["run", "live.case", "--no-reading"]);
    assert!(!problems(&desk, "live.case").values().flatten().any(|code| code == "changed-while-read"));
}

#[test]
fn a_huge_export_is_read_in_bounded_memory() {
    let desk = Desk::new();
    std::fs::create_dir(desk.path("huge")).unwrap();
    let mut file = std::io::BufWriter::new(std::fs::File::create(desk.path("huge/long.json")).unwrap());
    let count = hostile::discord_stream(&mut file, Amount::Bytes(40_000_000)).unwrap();
    file.flush().unwrap();
    desk.expect(0, &["new", "huge.case"]);
    desk.expect(0, &["add", "huge.case", "huge"]);
    let child = desk
        .command(&["run", "huge.case", "--no-reading"])
        .stderr(std::process::Stdio::null())
        .spawn()
        .unwrap();
    let most = peak_memory(child);
    assert!(most < 160 << 20, "{} MiB", most >> 20);
    let status = desk.expect(0, &["status", "huge.case", "--json"]).out;
    let status: Value = serde_json::from_str(&status).unwrap();
    assert_eq!(status["posts"].as_u64(), Some(count));
}

/// Waits for a child and returns the most memory it held, in bytes.
fn peak_memory(child: std::process::Child) -> u64 {
    let (mut status, mut usage) = (0, std::mem::MaybeUninit::<libc::rusage>::zeroed());
    // SAFETY: the child is ours, both pointers are live, and zeroed is a value of rusage.
    let usage = unsafe {
        assert_eq!(libc::wait4(child.id() as i32, &raw mut status, 0, usage.as_mut_ptr()), child.id() as i32);
        usage.assume_init()
    };
    assert_eq!(status, 0);
    usage.ru_maxrss as u64 * 1024
}
