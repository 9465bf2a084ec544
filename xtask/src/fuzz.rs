//! Every reader fed with what chance makes of good files, one after the other; a row for each in `docs/fuzz.md`.
//!
//! The targets of `fuzz/` are built by `cargo fuzz` with coverage and without a sanitizer (there is no unsafe code of ours to
//! look at), which works on a stable compiler with `RUSTC_BOOTSTRAP=1`. What chance found stays in `fuzz/corpus`, made small.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

type Result<T> = std::result::Result<T, String>;

/// The most that a target's corpus keeps, in bytes.
const KEPT: u64 = 300_000;
const HEAD: &str = "\
# Fuzzing

Written by `cargo xtask fuzz` (see [fuzz/README.md](../fuzz/README.md)): how long each reader was fed with what chance makes of
good files, on one core beside other work, how often it ran, how many edges of its code that reached, and on how many inputs it
panicked, took over ten seconds or over 2 GB. The corpus is what is left of the inputs after they were made few.

| target | seconds | executions | edges | crashes | corpus files | corpus bytes | date |
|---|---|---|---|---|---|---|---|
";

/// What was asked for.
struct Asked {
    seconds: u64,
    names: Vec<String>,
    seeds: Vec<PathBuf>,
    pages: bool,
    built: bool,
}

/// `fuzz [--seconds N] [--seeds FOLDER]... [--no-pages] [--built] [NAME]...`
pub fn fuzz(root: &Path, arguments: &[&str]) -> Result<()> {
    let asked = asked(arguments)?;
    let known = targets(root, asked.pages)?;
    if let Some(name) = asked.names.iter().find(|name| !known.contains(name)) {
        return Err(format!("no target {name}; there are {}", known.join(", ")));
    }
    if !asked.built {
        build(root, asked.pages)?;
    }
    let wanted = |name: &&String| asked.names.is_empty() || asked.names.contains(name);
    let mut crashed = Vec::new();
    for name in known.iter().filter(wanted) {
        let row = run(root, name, &asked)?;
        eprintln!("{}", row.trim());
        append(&root.join("docs/fuzz.md"), &row)?;
        if !files(&root.join("fuzz/artifacts").join(name)).is_empty() {
            crashed.push(name.as_str());
        }
    }
    if crashed.is_empty() { Ok(()) } else { Err(format!("look into fuzz/artifacts: {}", crashed.join(", "))) }
}

fn asked(arguments: &[&str]) -> Result<Asked> {
    let mut asked = Asked { seconds: 600, names: Vec::new(), seeds: Vec::new(), pages: true, built: false };
    let mut rest = arguments.iter();
    while let Some(word) = rest.next() {
        match *word {
            "--seconds" => {
                let number = rest.next().and_then(|number| number.parse().ok());
                asked.seconds = number.ok_or("--seconds wants a number")?;
            }
            "--seeds" => asked.seeds.push(PathBuf::from(rest.next().ok_or("--seeds wants a folder")?)),
            "--no-pages" => asked.pages = false,
            "--built" => asked.built = true,
            name => asked.names.push(name.to_owned()),
        }
    }
    Ok(asked)
}

/// The names of the targets, as `fuzz/Cargo.toml` has them.
fn targets(root: &Path, pages: bool) -> Result<Vec<String>> {
    let text =
        fs::read_to_string(root.join("fuzz/Cargo.toml")).map_err(|e| format!("fuzz/Cargo.toml: {e}"))?;
    let each = text.split("[[bin]]").skip(1).filter(|bin| pages || !bin.contains("required-features"));
    let name = |bin: &str| Some(bin.split_once("name = \"")?.1.split_once('"')?.0.to_owned());
    Ok(each.filter_map(name).collect())
}

fn build(root: &Path, pages: bool) -> Result<()> {
    let mut cargo = Command::new("cargo");
    cargo.args(["fuzz", "build", "--sanitizer", "none", "-O"]).current_dir(root.join("fuzz"));
    if !pages {
        cargo.arg("--no-default-features");
    }
    cargo.env("RUSTC_BOOTSTRAP", "1").env("CARGO_TARGET_DIR", built(root));
    let done = cargo.status().map_err(|e| format!("cargo fuzz: {e}; cargo install cargo-fuzz"))?;
    if done.success() { Ok(()) } else { Err("the targets could not be built".to_owned()) }
}

fn built(root: &Path) -> PathBuf {
    root.join("target/fuzz")
}

fn program(root: &Path, name: &str) -> Command {
    let arch = std::env::consts::ARCH;
    Command::new(built(root).join(format!("{arch}-unknown-linux-gnu/release/{name}")))
}

/// Runs one target; its row.
fn run(root: &Path, name: &str, asked: &Asked) -> Result<String> {
    let (corpus, crashes) = (root.join("fuzz/corpus").join(name), root.join("fuzz/artifacts").join(name));
    for folder in [&corpus, &crashes] {
        fs::create_dir_all(folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    }
    let before = files(&crashes).len();
    let mut fuzzer = program(root, name);
    fuzzer.arg(&corpus).args(seeds(root, name, asked));
    fuzzer.arg(format!("-max_total_time={}", asked.seconds));
    fuzzer.arg(format!("-artifact_prefix={}/", crashes.display()));
    fuzzer.args(["-rss_limit_mb=2048", "-timeout=10", "-max_len=32768", "-print_final_stats=1"]);
    let started = Instant::now();
    let done = fuzzer.output().map_err(|e| format!("{name}: {e}"))?;
    let seconds = started.elapsed().as_secs();
    let told = String::from_utf8_lossy(&done.stderr).into_owned();
    let word = |line: &str, key: &str| Some(line.split_once(key)?.1.split_whitespace().next()?.to_owned());
    let last =
        |key: &str| told.lines().rev().find_map(|line| word(line, key)).unwrap_or_else(|| "?".to_owned());
    let crashes = files(&crashes).len().saturating_sub(before);
    minimise(root, name, &corpus)?;
    let kept = files(&corpus);
    let bytes: u64 = kept.iter().map(|(size, _)| size).sum();
    let executions = last("stat::number_of_executed_units:");
    let edges = last(" cov: ");
    Ok(format!(
        "| {name} | {seconds} | {executions} | {edges} | {crashes} | {} | {bytes} | {} |\n",
        kept.len(),
        day()
    ))
}

/// What it starts from: our own odd files, what earlier runs left, whatever else was named.
fn seeds(root: &Path, name: &str, asked: &Asked) -> Vec<PathBuf> {
    let own = [root.join("crates/intake/tests/corpus"), root.join("fuzz/seeds").join(name)];
    own.into_iter().chain(asked.seeds.iter().cloned()).filter(|folder| folder.is_dir()).collect()
}

/// Keeps of a corpus what together reaches as much code, and of that what fits.
fn minimise(root: &Path, name: &str, corpus: &Path) -> Result<()> {
    let fewer = corpus.with_extension("fewer");
    let fail = |e: std::io::Error| format!("{}: {e}", corpus.display());
    let _ = fs::remove_dir_all(&fewer);
    fs::create_dir_all(&fewer).map_err(fail)?;
    let merged = program(root, name)
        .args(["-merge=1", "-rss_limit_mb=2048", "-timeout=10"])
        .arg(&fewer)
        .arg(corpus)
        .output();
    if merged.is_ok_and(|done| done.status.success()) {
        fs::remove_dir_all(corpus).and_then(|()| fs::rename(&fewer, corpus)).map_err(fail)?;
    }
    let _ = fs::remove_dir_all(&fewer);
    let mut total = 0;
    // The smallest first.
    for (size, path) in files(corpus) {
        total += size;
        if total > KEPT {
            fs::remove_file(path).map_err(fail)?;
        }
    }
    Ok(())
}

/// The files of a folder with their sizes, the smallest first.
fn files(folder: &Path) -> BTreeSet<(u64, PathBuf)> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries
        .filter_map(|entry| Some((entry.metadata().ok().filter(fs::Metadata::is_file)?.len(), entry.path())))
        .collect()
}

fn day() -> String {
    let told = Command::new("date").args(["-u", "+%F"]).output();
    told.map(|done| String::from_utf8_lossy(&done.stdout).trim().to_owned()).unwrap_or_default()
}

fn append(table: &Path, row: &str) -> Result<()> {
    let before = fs::read_to_string(table).unwrap_or_else(|_| HEAD.to_owned());
    fs::write(table, before + row).map_err(|e| format!("{}: {e}", table.display()))
}
