//! Changes single bytes at random places of a case, one at a time, and counts what `verify` says to each:
//! `cargo run -p case --example flips -- CASE NUMBER SEED`. The case is changed and set right again: give a copy.
//!
//! Places are drawn by kind of file (received bytes, ground.db, derived.db, made bytes, the small files), then by file, then by
//! byte, so that small kinds are not drowned by large ones. Prints CSV: kind, changes, found as ground, found as derived,
//! unseen. What stays unseen may only lie in derived data: it changed no row, and a rebuild does not read it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [case, number, seed] = arguments.as_slice() else { panic!("arguments: CASE NUMBER SEED") };
    let (case, number) = (PathBuf::from(case), number.parse::<usize>().expect("a number"));
    let mut state: u64 = seed.parse().expect("a seed");
    let mut random = move |below: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 24) % below.max(1)
    };
    enter(&case);
    let whole = case::verify(&case, |_, _| {}).expect("a case");
    assert!(whole.wrong.is_empty() && whole.derived.is_empty(), "it is not whole to begin with: {whole:?}");
    let kinds = kinds(&case);
    let names: Vec<&&str> = kinds.keys().collect();
    let mut counts: BTreeMap<&str, [u64; 4]> = BTreeMap::new();
    for _ in 0..number {
        let kind = *names[random(names.len() as u64) as usize];
        let files = &kinds[kind];
        let file = &files[random(files.len() as u64) as usize];
        let bytes = fs::read(file).unwrap();
        let (place, change) = (random(bytes.len() as u64) as usize, 1 + random(255) as u8);
        let mut changed = bytes.clone();
        changed[place] ^= change;
        put(file, &changed);
        let found = case::verify(&case, |_, _| {}).expect("a case");
        put(file, &bytes);
        let count = counts.entry(kind).or_default();
        count[0] += 1;
        let ground = !found.wrong.is_empty();
        let derived = !found.derived.is_empty();
        count[if ground {
            1
        } else if derived {
            2
        } else {
            3
        }] += 1;
        if !ground && !derived && kind != "derived.db" {
            println!("# UNSEEN: {} byte {place} by {change}", file.display());
        }
    }
    println!("kind,changes,found as ground,found as derived,unseen");
    for (kind, [all, ground, derived, unseen]) in counts {
        println!("{kind},{all},{ground},{derived},{unseen}");
    }
}

/// Enters what the stages yielded, as `truecopy run` does; a log of an earlier version is pinned by it.
fn enter(folder: &Path) {
    let mut case = case::Case::open(folder).expect("a case");
    if !case.derived().is_entered().unwrap() {
        let outputs = case.derived().yielded().unwrap().iter().map(ToString::to_string).collect();
        case.enter(case::Done { actor: "flips", command: "run", inputs: Vec::new(), outputs }).unwrap();
        case.derived().entered().unwrap();
    }
}

fn put(file: &Path, bytes: &[u8]) {
    let rights = fs::metadata(file).unwrap().permissions();
    fs::set_permissions(file, fs::Permissions::from_mode(0o644)).unwrap();
    fs::write(file, bytes).unwrap();
    fs::set_permissions(file, rights).unwrap();
}

/// Files with at least a byte, by kind.
fn kinds(case: &Path) -> BTreeMap<&'static str, Vec<PathBuf>> {
    let mut kinds: BTreeMap<&str, Vec<PathBuf>> = BTreeMap::new();
    let mut folders = vec![case.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.strip_prefix(case).unwrap().to_string_lossy().into_owned();
            if path.is_dir() {
                folders.push(path);
            } else if fs::metadata(&path).unwrap().len() > 0 {
                let kind = match name.as_str() {
                    "ground.db" => "ground.db",
                    "derived.db" => "derived.db",
                    "case.toml" | "ground.sum" => "case.toml and ground.sum",
                    name if name.starts_with("blobs") => "received bytes",
                    name if name.starts_with("made") => "made bytes",
                    _ => continue,
                };
                kinds.entry(kind).or_default().push(path);
            }
        }
    }
    kinds.values_mut().for_each(|files| files.sort());
    kinds
}
