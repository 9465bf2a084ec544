//! Files damaged at random by the thousand: what becomes of each, how long it takes and how much memory; and what it costs to
//! open files shut in. `MEASURE_FILES` names another number of files.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use serde_json::Value;

use crate::measure::{Bench, Figure, Result, figure, lines, run};

const FILES: &str = "10000";
/// Codes of problems by which a reader was ended.
const ENDED: [&str; 3] = ["reader-crashed", "too-slow", "too-much-memory"];

/// So many damaged files, examined at once; an error where one of them is not accounted for.
pub(crate) fn hostile(bench: &Bench, figures: &mut Vec<Figure>) -> Result<()> {
    let files = std::env::var("MEASURE_FILES").unwrap_or_else(|_| FILES.to_owned());
    let (folder, case) = (bench.path("mutated"), bench.path("mutated.case"));
    let corpus = bench.root.join("crates/intake/tests/corpus").display().to_string();
    run(&bench.forge, &["mutated", "--out", &folder, "--count", &files, "--seeds", &corpus, "--seed", "11"])?;
    let cost = run(&bench.truecopy, &["examine", &folder, "--case", &case, "--no-reading", "--quiet"])?;
    let how = format!(
        "forge mutated --count {files} --seed 11 --seeds crates/intake/tests/corpus; truecopy examine"
    );
    let mut row = |what: &str, value: f64, unit| {
        figures.push(figure(format!("{files} damaged files, {what}"), value, unit, &how));
    };
    row("examined in", cost.seconds, "s");
    row("peak memory of the largest process", cost.mebibytes, "MiB");
    let told = Told::of(bench, &case)?;
    row("held", told.held as f64, "files");
    row("read, at least in part", told.read as f64, "files");
    row("not read, and a problem says so", told.refused as f64, "files");
    row("neither read nor named by a problem", told.silent.len() as f64, "files");
    row("by which a reader was ended", told.ended as f64, "files");
    run(&bench.truecopy, &["verify", &case, "--quiet"])?;
    if told.held as f64 != files.parse().unwrap_or(0.0) || !told.silent.is_empty() {
        return Err(format!("{} of {files} held; silent: {:?}", told.held, told.silent));
    }
    Ok(())
}

/// What became of the files of a case.
struct Told {
    held: usize,
    read: usize,
    refused: usize,
    ended: usize,
    silent: Vec<String>,
}

impl Told {
    fn of(bench: &Bench, case: &str) -> Result<Self> {
        let mut problems: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for row in lines(&bench.truecopy, &["problems", case, "--json"])? {
            problems.entry(text(&row, "about")).or_default().push(text(&row, "code"));
        }
        let path = format!("{case}.json");
        run(&bench.truecopy, &["export", case, "--output", &path, "--quiet"])?;
        let whole = fs::read_to_string(&path).map_err(|error| error.to_string())?;
        let dossier: Value = serde_json::from_str(&whole).map_err(|error| error.to_string())?;
        let list = |of: &Value, name: &str| of[name].as_array().cloned().unwrap_or_default();
        let (items, channels) = (list(&dossier, "items"), list(&dossier, "channels"));
        let mut opened: BTreeSet<String> = items.iter().map(|item| text(item, "inside")).collect();
        let exports = channels.iter().flat_map(|channel| list(channel, "exports"));
        opened.extend(exports.map(|export| text(&export, "item")));
        // A problem is named by the first path of its bytes.
        let mut about: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for item in &items {
            let named = problems.get(&text(item, "path")).cloned().unwrap_or_default();
            about.entry(text(item, "sha256")).or_default().extend(named);
        }
        let mut told = Self { held: 0, read: 0, refused: 0, ended: 0, silent: Vec::new() };
        for item in items.iter().filter(|item| item["inside"].is_null()) {
            told.held += 1;
            let about = about.get(&text(item, "sha256")).map(Vec::as_slice).unwrap_or_default();
            let read = opened.contains(&text(item, "id")) || READ.contains(&text(item, "kind").as_str());
            if about.iter().any(|code| ENDED.contains(&code.as_str())) {
                told.ended += 1;
            }
            if read {
                told.read += 1;
            } else if about.is_empty() {
                told.silent.push(text(item, "path"));
            } else {
                told.refused += 1;
            }
        }
        Ok(told)
    }
}

/// Kinds of files that are opened for what they hold.
const READ: [&str; 11] = ["jpeg", "png", "webp", "gif", "tiff", "bmp", "heic", "pdf", "zip", "tar", "gzip"];

fn text(row: &Value, key: &str) -> String {
    row[key].as_str().unwrap_or_default().to_owned()
}

/// The main job on the bench's trove with files opened shut in, and with files opened in one process, turn by turn.
pub(crate) fn isolation(bench: &Bench, figures: &mut Vec<Figure>) -> Result<()> {
    const TURNS: usize = 2;
    let trove = bench.root.join("../shared/bench/trove");
    if !trove.is_dir() {
        eprintln!("skipped: the bench's trove is not beside the workspace");
        return Ok(());
    }
    let material = [trove.join("exports"), trove.join("loose")].map(|path| path.display().to_string());
    let mut took = [0.0; 2];
    for turn in 0..TURNS {
        for (seconds, option) in took.iter_mut().zip([None, Some("--no-sandbox")]) {
            let case = bench.path(&format!("turn{turn}{}.case", option.unwrap_or_default()));
            let mut arguments =
                vec!["examine", &material[0], &material[1], "--case", &case, "--quiet", "--no-reading"];
            arguments.extend(option);
            *seconds += run(&bench.truecopy, &arguments)?.seconds;
        }
    }
    let how =
        "truecopy examine --no-reading of the bench's trove, two turns, over the same with --no-sandbox";
    figures.push(figure("isolation, wall time with over without", took[0] / took[1], "ratio", how));
    Ok(())
}
