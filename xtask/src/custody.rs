//! Single bytes changed at random places of a case, one at a time: what `truecopy verify` says to each, and whether a rebuild
//! restores what is derived. `MEASURE_CHANGES` names another number of changes.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use forge::rng::Rng;

use crate::measure::{Bench, Figure, Result, figure, lines, run};

const CHANGES: &str = "1000";
const SEED: u64 = 17;
/// The kinds of files of a case whose change may be told as derived, and which a rebuild makes anew.
const DERIVED: [&str; 2] = ["derived.db", "made files"];

/// One changed byte.
struct Change {
    kind: &'static str,
    file: PathBuf,
    place: usize,
    by: u8,
}

/// What was said to the changes of one kind of file.
#[derive(Default)]
struct Said {
    changes: u64,
    ground: u64,
    derived: u64,
    nothing: u64,
}

/// So many changes, each seen by itself and set right again; then all those of derived data at once, and a rebuild. An error
/// where a change of ground goes unseen, or where the account is another one after the rebuild.
pub(crate) fn custody(bench: &Bench, figures: &mut Vec<Figure>) -> Result<()> {
    let number = std::env::var("MEASURE_CHANGES").unwrap_or_else(|_| CHANGES.to_owned());
    let number: usize = number.parse().map_err(|_| "MEASURE_CHANGES is not a number".to_owned())?;
    let case = forged(bench)?;
    let before = account(bench, &case)?;
    let changes = drawn(Path::new(&case), number)?;
    let mut said: BTreeMap<&str, Said> = BTreeMap::new();
    for change in &changes {
        let bytes = change.make()?;
        let (ground, derived) = verified(bench, &case)?;
        put(&change.file, &bytes)?;
        let kind = said.entry(change.kind).or_default();
        kind.changes += 1;
        match (ground, derived) {
            (true, _) => kind.ground += 1,
            (false, true) => kind.derived += 1,
            (false, false) => kind.nothing += 1,
        }
        if !ground && !DERIVED.contains(&change.kind) {
            return Err(format!("unseen: byte {} of {}", change.place, change.file.display()));
        }
    }
    if verified(bench, &case)? != (false, false) {
        return Err("the case was not set right again".to_owned());
    }
    restored(bench, &case, &changes, &before)?;
    let how = format!(
        "forge leak --size small --seed 31; {number} bytes, each changed alone; truecopy verify; rebuild --replace"
    );
    for (kind, said) in said {
        let mut row = |what: &str, value: u64| {
            figures.push(figure(format!("changed bytes, {kind}, {what}"), value as f64, "changes", &how));
        };
        row("all", said.changes);
        row("found as ground", said.ground);
        row("found as derived", said.derived);
        row("not told, and restored by a rebuild", said.nothing);
    }
    Ok(())
}

fn forged(bench: &Bench) -> Result<String> {
    let (leak, case) = (bench.path("custody"), bench.path("custody.case"));
    run(&bench.forge, &["leak", "--size", "small", "--seed", "31", "--out", &leak])?;
    run(&bench.truecopy, &["examine", &leak, "--case", &case, "--no-reading", "--quiet"])?;
    fs::remove_dir_all(&leak).map_err(|error| error.to_string())?;
    Ok(case)
}

/// All changes of derived data at once: a rebuild puts things right, and the account is the one before.
fn restored(bench: &Bench, case: &str, changes: &[Change], before: &[u8]) -> Result<()> {
    for change in changes.iter().filter(|change| DERIVED.contains(&change.kind)) {
        change.make()?;
    }
    run(&bench.truecopy, &["rebuild", case, "--no-reading", "--replace", "--quiet"])?;
    if verified(bench, case)? != (false, false) {
        return Err("a rebuild did not put the case right".to_owned());
    }
    if account(bench, case)? != before {
        return Err("the account is another one after the rebuild".to_owned());
    }
    Ok(())
}

/// Places drawn by kind of file, then by file, then by byte, so that small kinds are not drowned by large ones.
fn drawn(case: &Path, number: usize) -> Result<Vec<Change>> {
    let kinds = kinds(case)?;
    let mut rng = Rng::new(SEED);
    let mut changes = Vec::new();
    while changes.len() < number {
        let (kind, files) = kinds.iter().nth(rng.below(kinds.len())).ok_or("the case has no files")?;
        let file = &files[rng.below(files.len())];
        let size = fs::metadata(file).map_err(|error| error.to_string())?.len() as usize;
        let (place, by) = (rng.below(size), 1 + rng.below(255) as u8);
        changes.push(Change { kind, file: file.clone(), place, by });
    }
    Ok(changes)
}

/// Files with at least a byte, by kind.
fn kinds(case: &Path) -> Result<BTreeMap<&'static str, Vec<PathBuf>>> {
    let mut kinds: BTreeMap<&str, Vec<PathBuf>> = BTreeMap::new();
    let mut folders = vec![case.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).map_err(|error| format!("{}: {error}", folder.display()))? {
            let path = entry.map_err(|error| error.to_string())?.path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let name = path.strip_prefix(case).unwrap_or(&path).to_string_lossy().into_owned();
            let kind = match name.as_str() {
                "ground.db" => "ground.db with the custody log",
                "derived.db" => "derived.db",
                "case.toml" | "ground.sum" => "case.toml and ground.sum",
                name if name.starts_with("blobs") => "received files",
                name if name.starts_with("made") => "made files",
                _ => continue,
            };
            if fs::metadata(&path).is_ok_and(|file| file.len() > 0) {
                kinds.entry(kind).or_default().push(path);
            }
        }
    }
    kinds.values_mut().for_each(|files| files.sort());
    Ok(kinds)
}

impl Change {
    /// Makes the change; the file as it was.
    fn make(&self) -> Result<Vec<u8>> {
        let bytes = fs::read(&self.file).map_err(|error| error.to_string())?;
        let mut changed = bytes.clone();
        changed[self.place] ^= self.by;
        put(&self.file, &changed)?;
        Ok(bytes)
    }
}

fn put(file: &Path, bytes: &[u8]) -> Result<()> {
    let rights = fs::metadata(file).map_err(|error| error.to_string())?.permissions();
    let writable = fs::Permissions::from_mode(0o644);
    fs::set_permissions(file, writable)
        .and_then(|()| fs::write(file, bytes))
        .and_then(|()| fs::set_permissions(file, rights))
        .map_err(|error| format!("{}: {error}", file.display()))
}

/// Whether `verify` names something of the ground, and something that is derived.
fn verified(bench: &Bench, case: &str) -> Result<(bool, bool)> {
    let told = lines(&bench.truecopy, &["verify", case, "--json", "--quiet"])?;
    let told = told.first().ok_or("verify told nothing")?;
    let some = |key: &str| told[key].as_array().is_some_and(|list| !list.is_empty());
    Ok((some("wrong"), some("derived")))
}

fn account(bench: &Bench, case: &str) -> Result<Vec<u8>> {
    let path = bench.path("account.json");
    run(&bench.truecopy, &["export", case, "--output", &path, "--quiet"])?;
    fs::read(&path).map_err(|error| error.to_string())
}
