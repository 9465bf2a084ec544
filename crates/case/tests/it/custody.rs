//! Every changed, missing or added byte of a case is found and named.

use std::fs;
use std::path::{Path, PathBuf};

use case::{Case, Done, Finished, Rows, Verified, verify};
use model::{Code, Deed, Id, PictureId, Problem, RunId, Trouble};

/// A case with files, a refusal, an act, derived rows, a made file, a report.
fn full(folder: &Path) -> PathBuf {
    let material = folder.join("in");
    fs::create_dir_all(&material).unwrap();
    for n in 0..12 {
        fs::write(material.join(format!("{n}.txt")), format!("{n} ").repeat(60 * (n + 1))).unwrap();
    }
    std::os::unix::fs::symlink("0.txt", material.join("link")).unwrap();
    let path = folder.join("a.case");
    let mut case = Case::create(&path, "A trial", "To try", "tester").unwrap();
    case.receive(&[material], "tester", |_| true).unwrap();
    let picture = |n: u64| {
        PictureId::make(|id| {
            id.number(n);
        })
    };
    let deed = Deed::Join { pictures: vec![picture(1), picture(2)] };
    case.act_signed("tester", deed, "one stain", None).unwrap();
    let mut rows = Rows::default();
    for n in 0..60 {
        rows.put(&Problem::new(&format!("{n} of some"), Trouble::new(Code::Empty, ""))).unwrap();
    }
    let id = RunId::make(|id| {
        id.number(1);
    });
    let run = Finished { id, stage: "stage".to_owned(), input: "x".to_owned(), material: [0; 32] };
    case.derived().keep(&run, rows).unwrap();
    case.made().put(&mut &b"made of it"[..], false).unwrap();
    let outputs = case.derived().yielded().unwrap().iter().map(ToString::to_string).collect();
    case.enter(Done { actor: "tester", command: "run", inputs: Vec::new(), outputs }).unwrap();
    case.derived().entered().unwrap();
    fs::write(path.join("report.html"), "<p>told</p>").unwrap();
    let outputs = vec![case.output(&path.join("report.html"), model::Digest::of(b"<p>told</p>"))];
    case.enter(Done { actor: "tester", command: "report", inputs: Vec::new(), outputs }).unwrap();
    drop(case);
    path
}

fn found(case: &Path) -> Verified {
    verify(case, |_, _| {}).unwrap()
}

fn files(folder: &Path, into: &mut Vec<PathBuf>) {
    let mut entries: Vec<PathBuf> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() { files(&path, into) } else { into.push(path) }
    }
}

/// Writes over a file that may be read-only.
fn overwrite(path: &Path, bytes: &[u8]) {
    let _ = fs::remove_file(path);
    fs::write(path, bytes).unwrap();
}

#[test]
fn a_whole_case_has_nothing_wrong() {
    let folder = tempfile::tempdir().unwrap();
    let path = full(folder.path());
    let verified = found(&path);
    assert_eq!((verified.blobs, verified.made, verified.entries), (12, 1, 5));
    assert!(
        verified.wrong.is_empty() && verified.derived.is_empty() && verified.notes.is_empty(),
        "{verified:?}"
    );
    // Opening and looking leaves every byte as it was.
    drop(Case::open(&path).unwrap());
    assert_eq!(found(&path), verified);
}

#[test]
fn every_changed_byte_is_found_or_derived() {
    let folder = tempfile::tempdir().unwrap();
    let path = full(folder.path());
    let mut all = Vec::new();
    files(&path, &mut all);
    let (mut state, mut silent) = (7_u64, Vec::new());
    let mut random = |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % below
    };
    for file in all.iter().filter(|file| fs::metadata(file).unwrap().len() > 0) {
        let bytes = fs::read(file).unwrap();
        let database = file.extension().is_some_and(|ending| ending == "db");
        for _ in 0..if database { 60 } else { 4 } {
            let (place, bit) = (random(bytes.len()), random(8));
            let mut changed = bytes.clone();
            changed[place] ^= 1 << bit;
            overwrite(file, &changed);
            let name = file.strip_prefix(&path).unwrap().display().to_string();
            let verified = found(&path);
            if name == "derived.db" || name == "report.html" || name.starts_with("made") {
                assert!(verified.wrong.is_empty(), "{name} {place}: {:?}", verified.wrong);
                if verified.derived.is_empty() {
                    silent.push(place);
                }
            } else {
                assert!(!verified.wrong.is_empty(), "{name} {place} {bit}");
            }
        }
        overwrite(file, &bytes);
    }
    // Bytes of the derived database that carry neither a row nor an index entry: free space.
    assert!(silent.len() < 60, "{silent:?}");
    assert!(found(&path).wrong.is_empty());
}

#[test]
fn a_case_is_verified_while_it_is_held_open() {
    let folder = tempfile::tempdir().unwrap();
    let path = full(folder.path());
    let closed = found(&path);
    let mut case = Case::open(&path).unwrap();
    assert_eq!((case.verify(|_, _| {}), &closed.wrong), (closed.clone(), &Vec::new()));
    case.act_signed("tester", Deed::Note { on: "pic:1".into(), pictures: Vec::new() }, "a fold", None)
        .unwrap();
    let run = RunId::make(|id| {
        id.number(2);
    });
    let run = Finished { id: run, stage: "stage".to_owned(), input: "y".to_owned(), material: [0; 32] };
    case.derived().keep(&run, Rows::default()).unwrap();
    let mut seen = 0;
    let open = case.verify(|_, all| seen = all);
    assert!(open.wrong.is_empty() && open.derived.is_empty(), "{open:?}");
    assert_eq!((open.entries, seen), (closed.entries + 1, closed.blobs));
    assert!(open.notes.iter().any(|note| note.contains("renewed when the case is closed")), "{open:?}");
    assert!(verify(&path, |_, _| {}).is_err());
    let blob = case.blobs().path(case.blobs().all().unwrap()[3]);
    let bytes = fs::read(&blob).unwrap();
    overwrite(&blob, b"other");
    let changed = case.verify(|_, _| {});
    assert!(changed.wrong.len() == 1 && changed.wrong[0].contains("no longer those of"), "{changed:?}");
    overwrite(&blob, &bytes);
    // What it reads does not keep the case from being written.
    let outputs = case.derived().yielded().unwrap().iter().map(ToString::to_string).collect();
    case.enter(Done { actor: "tester", command: "run", inputs: Vec::new(), outputs }).unwrap();
    case.derived().entered().unwrap();
    drop(case);
    let again = found(&path);
    assert!(again.wrong.is_empty() && again.derived.is_empty() && again.notes == closed.notes, "{again:?}");
}

#[test]
fn what_is_missing_or_added_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = full(folder.path());
    let wrong = |part: &str| {
        let verified = found(&path);
        assert!(verified.wrong.iter().any(|says| says.contains(part)), "{part}: {verified:?}");
    };
    let mut blobs = Vec::new();
    files(&path.join("blobs"), &mut blobs);
    let bytes = fs::read(&blobs[3]).unwrap();
    assert!(fs::metadata(&blobs[3]).unwrap().permissions().readonly());
    fs::remove_file(&blobs[3]).unwrap();
    wrong("are gone");
    overwrite(&blobs[3], &[&bytes[..], b"x"].concat());
    wrong("are no longer those of");
    overwrite(&blobs[3], &bytes);
    fs::write(path.join("blobs/note.txt"), "x").unwrap();
    wrong("blobs/note.txt is no blob");
    fs::remove_file(path.join("blobs/note.txt")).unwrap();
    for name in ["case.toml", "ground.sum", "ground.db"] {
        let bytes = fs::read(path.join(name)).unwrap();
        fs::remove_file(path.join(name)).unwrap();
        wrong(name);
        fs::write(path.join(name), bytes).unwrap();
    }
    fs::write(path.join("odd.txt"), "x").unwrap();
    assert_eq!(found(&path).notes, ["odd.txt is no part of the case"]);
    fs::remove_file(path.join("odd.txt")).unwrap();
    assert_eq!(found(&path), Verified { wrong: Vec::new(), ..found(&path) });
}

/// Changes made by somebody who knows SQL, and renews the sum.
#[test]
fn rows_are_held_against_the_log() {
    let folder = tempfile::tempdir().unwrap();
    let path = full(folder.path());
    let (database, sum) = (path.join("ground.db"), path.join("ground.sum"));
    let (rows, told) = (fs::read(&database).unwrap(), fs::read_to_string(&sum).unwrap());
    let check = |sql: &str, part: &str| {
        let connection = rusqlite::Connection::open(&database).unwrap();
        assert!(connection.execute(sql, []).unwrap() > 0, "{sql}");
        drop(connection);
        let digest = model::Digest::of(&fs::read(&database).unwrap()).to_string();
        let line = told.lines().next().unwrap();
        fs::write(&sum, format!("{line}\n{digest}  ground.db\n")).unwrap();
        let verified = found(&path);
        assert!(verified.wrong.iter().any(|says| says.contains(part)), "{sql}: {verified:?}");
        fs::write(&database, &rows).unwrap();
        fs::write(&sum, &told).unwrap();
    };
    check(
        "UPDATE arrival SET body = replace(body, '2026', '2025') WHERE key = (SELECT min(key) FROM arrival)",
        "was changed after it was entered",
    );
    check("DELETE FROM arrival WHERE key = (SELECT min(key) FROM arrival)", "its row is gone");
    check("UPDATE arrival SET seq = 0 WHERE key = (SELECT max(key) FROM arrival)", "its row says otherwise");
    check(
        "UPDATE arrival SET key = x'00' WHERE key = (SELECT max(key) FROM arrival)",
        "is not as it was written",
    );
    check("INSERT INTO act SELECT x'00', seq, body FROM act", "is not as it was written");
    check("DELETE FROM act", "its row is gone");
    check("DELETE FROM refused", "its row is gone");
    check("UPDATE refused SET about = 'other'", "not about what their row says");
    check("DELETE FROM entry WHERE seq = 4", "ground.sum tells of 5");
    check("DELETE FROM entry WHERE seq = 2", "entry 2 is missing");
    check("UPDATE entry SET body = replace(body, 'tester', 'Tester') WHERE seq = 1", "entry 1 was changed");
    check("UPDATE entry SET body = body || ' ' WHERE seq = 1", "entry 1 is not as it was written");
    check("UPDATE entry SET seq = 9 WHERE seq = 4", "stands in the place of entry 9");
    assert!(found(&path).wrong.is_empty());
}

#[test]
fn a_killed_writer_is_no_alarm() {
    let folder = tempfile::tempdir().unwrap();
    let path = full(folder.path());
    let sum = fs::read(path.join("ground.sum")).unwrap();
    let mut case = Case::open(&path).unwrap();
    case.enter(Done { actor: "tester", command: "export", ..Done::default() }).unwrap();
    drop(case);
    // As if it had been killed before it could renew the sum.
    fs::write(path.join("ground.sum"), sum).unwrap();
    let verified = found(&path);
    assert!(verified.wrong.is_empty() && verified.notes[0].contains("a command was killed"), "{verified:?}");
}

#[test]
fn a_derivation_in_ruins_is_replaced() {
    let folder = tempfile::tempdir().unwrap();
    let path = full(folder.path());
    fs::write(path.join("derived.db"), "no database").unwrap();
    assert!(found(&path).wrong.is_empty() && !found(&path).derived.is_empty());
    assert!(Case::open(&path).is_err());
    let anew = Case::open_rebuild(&path).unwrap();
    let differences = anew.finish_rebuild(true).unwrap();
    assert_eq!(differences[0].says, "cannot be read");
    assert!(Case::open(&path).is_ok() && !path.join("rebuild").exists());
}

/// Makes a case look as version 0.1 left it: entries without outputs, host and version, no sum, a log of writes.
fn aged(path: &Path) {
    let database = rusqlite::Connection::open(path.join("ground.db")).unwrap();
    let mut entries: Vec<case::Entry> = Vec::new();
    for body in bodies(&database) {
        let mut entry: case::Entry = serde_json::from_str(&body).unwrap();
        (entry.outputs, entry.host, entry.version) = Default::default();
        if let Some(last) = entries.last() {
            entry.previous = last.digest;
        }
        entry.digest = entry.compute();
        database
            .execute(
                "UPDATE entry SET body = ?1 WHERE seq = ?2",
                (serde_json::to_string(&entry).unwrap(), entry.seq),
            )
            .unwrap();
        entries.push(entry);
    }
    database.pragma_update(None, "journal_mode", "WAL").unwrap();
    drop(database);
    fs::remove_file(path.join("ground.sum")).unwrap();
}

fn bodies(database: &rusqlite::Connection) -> Vec<String> {
    let mut statement = database.prepare("SELECT body FROM entry ORDER BY seq").unwrap();
    statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
}

#[test]
fn a_log_of_an_earlier_version_stays_valid_and_is_pinned() {
    let folder = tempfile::tempdir().unwrap();
    let path = full(folder.path());
    aged(&path);
    let verified = found(&path);
    assert!(verified.wrong.is_empty() && verified.notes.len() == 4, "{verified:?}");
    let before = bodies(&rusqlite::Connection::open(path.join("ground.db")).unwrap());
    let mut case = Case::open(&path).unwrap();
    case.enter(Done { actor: "tester", command: "export", ..Done::default() }).unwrap();
    drop(case);
    let database = rusqlite::Connection::open(path.join("ground.db")).unwrap();
    let after = bodies(&database);
    assert_eq!(after[..before.len()], before);
    assert!(after[before.len()].contains("\"command\":\"pin\"") && after.len() == before.len() + 2);
    let verified = found(&path);
    assert!(verified.wrong.is_empty() && verified.notes.len() == 1, "{verified:?}");
    // What the old log did not hold is held now: the times of files.
    database.execute("UPDATE arrival SET body = replace(body, 'Z', '1Z')", []).unwrap();
    let wrong = found(&path).wrong;
    assert!(wrong.iter().any(|says| says.contains("before entry 5")), "{wrong:?}");
    fs::write(path.join("case.toml"), fs::read_to_string(path.join("case.toml")).unwrap() + "\n").unwrap();
    assert!(found(&path).wrong.iter().any(|says| says == "case.toml is not as it was written"));
}

#[test]
fn acts_are_signed_and_two_keys_are_two() {
    let folder = tempfile::tempdir().unwrap();
    let path = full(folder.path());
    let read = |name: &str, word| {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../seals/tests/keys").join(name);
        seals::ssh::Signer::read(&fs::read_to_string(file).unwrap(), word).unwrap()
    };
    let (one, other) = (read("plain", None), read("locked", Some("open sesame")));
    let mut case = Case::open(&path).unwrap();
    let before = case.ground().acts().unwrap().len();
    let deed = || Deed::Undo { act: case_act(7) };
    case.act_signed("tester", deed(), "signed", Some(&one)).unwrap();
    let waits = case.propose("tester", deed(), "with two", &one).unwrap();
    assert_eq!(case.ground().acts().unwrap().len(), before + 1);
    assert_eq!(case::pending(&case.ground().entries().unwrap())[0].act, waits);
    assert!(case.confirm("tester", waits.id, &one).unwrap_err().to_string().contains("this same key"));
    assert_eq!(case.confirm("second", waits.id, &other).unwrap(), waits);
    assert!(case.confirm("second", waits.id, &other).is_err());
    assert_eq!(case.ground().acts().unwrap().len(), before + 2);
    assert!(case::pending(&case.ground().entries().unwrap()).is_empty());
    drop(case);
    let verified = found(&path);
    assert!(verified.wrong.is_empty() && verified.signatures == 4, "{verified:?}");
}

fn case_act(n: u64) -> model::ActId {
    model::ActId::make(|id| {
        id.number(n);
    })
}

#[test]
fn a_time_stamp_is_of_the_head_or_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = full(folder.path());
    let mut case = Case::open(&path).unwrap();
    let (entry, head, request) = case.stamp_request("tester").unwrap();
    assert_eq!((entry, case.ground().entries().unwrap()[4].digest), (4, head));
    assert!(request.windows(32).any(|window| window == <[u8; 32]>::from(head)));
    // Of another digest.
    let other = Path::new(env!("CARGO_MANIFEST_DIR")).join("../seals/tests/stamps/rsa.tsr");
    let refused = case.stamp_accept("tester", &fs::read(other).unwrap()).unwrap_err();
    assert!(refused.to_string().contains("which no entry of the log has"), "{refused}");
}
