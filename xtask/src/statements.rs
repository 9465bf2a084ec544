//! What names, statements and entities cost beside reading the letters: the same pages, in one run.
//!
//! Letters are read on some whole copies of a forged leak, each set upright by the truth, in all looks; times 1,000 over their
//! number is an estimate, and said to be one. Names, statements and entities are told of 1,000 pages: those readings over and
//! over, and the texts of 1,000 forged sheets, each with names of its own. `MEASURE_PICTURES` takes another number of copies.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use forge::rng::Rng;
use forge::typeset::{Look, Sheet, sheet};
use model::{FamilyId, FamilyReading, Id, PictureId, Quad};
use reading::{Looked, Member, Noted, Traits, reading, together};
use serde_json::Value;

use crate::measure::{Bench, Figure, Result, figure, run, run_telling};
use crate::reading::pages;

/// A seed that nothing was tuned on.
const SEED: u64 = 2078;
/// Copies whose letters are read.
const READ: usize = 30;
/// Pages whose statements are told.
const PAGES: usize = 1000;

/// All rows about statements.
pub fn statements(bench: &Bench, figures: &mut Vec<Figure>) -> Result<()> {
    let folder = PathBuf::from(bench.path("leak"));
    let seed = format!("--seed={SEED}");
    run(&bench.forge, &["leak", "--size=small", &seed, "--out", &folder.display().to_string()])?;
    let (readings, letters) = read(bench, &folder, figures)?;
    let how =
        format!("forge leak --size small --seed {SEED}; reading/examples/trove default; say pace {PAGES}");
    told(bench, "pages as read, over and over", &how, &readings, letters, figures)?;
    let how = format!("forge's typeset, seed {SEED}, without reading letters; say pace {PAGES}");
    told(bench, "different forged sheets as written", &how, &sheets(), letters, figures)
}

/// The readings of the copies, and the processor seconds of reading 1,000 such.
fn read(bench: &Bench, folder: &Path, figures: &mut Vec<Figure>) -> Result<(Vec<FamilyReading>, f64)> {
    let mut copies = pages(bench, "whole copies", folder)?;
    copies.truncate(READ);
    let count = copies.len();
    if count == 0 {
        return Err("the leak has no whole copy".to_owned());
    }
    let only = copies.iter().map(|page| page.copy.as_str()).collect::<Vec<_>>().join(",");
    let (program, out) = (bench.forge.with_file_name("examples").join("trove"), bench.path("looked.jsonl"));
    let only = format!("--only={only}");
    let (cost, said) = run_telling(&program, &[&folder.display().to_string(), &out, "default", &only])?;
    let said: Value = serde_json::from_str(said.lines().last().unwrap_or_default())
        .map_err(|error| format!("{}: {error}: {said}", program.display()))?;
    let seconds = ["ready", "reader"].iter().filter_map(|part| said[part].as_f64()).sum::<f64>();
    let (each, how) = (seconds / count as f64, "reading/examples/trove default, set upright by the truth");
    let thousand = each * PAGES as f64;
    let what = format!("{count} copies of a forged leak, reading letters");
    figures.push(figure(format!("{what}, processor a page"), each, "s", how));
    figures.push(figure(format!("{what}, peak memory of the largest process"), cost.mebibytes, "MiB", how));
    figures.push(figure(
        "1,000 pages, reading letters, processor, estimated",
        thousand,
        "s",
        &format!("the row a page, of {count} copies, times 1,000"),
    ));
    let text = fs::read_to_string(&out).map_err(|error| error.to_string())?;
    let readings = text.lines().enumerate().map(|(n, line)| {
        let row: Value = serde_json::from_str(line).map_err(|error| error.to_string())?;
        let looked: Looked = serde_json::from_value(row["looked"].clone()).map_err(|e| e.to_string())?;
        Ok(family(n, &looked, row["upright"][1].as_f64().unwrap_or(2200.0)))
    });
    Ok((readings.collect::<Result<_>>()?, thousand))
}

/// A family of one picture.
fn family(n: usize, looked: &Looked, height: f64) -> FamilyReading {
    let picture = PictureId::make(|id| {
        id.number(n as u64);
    });
    let reading = reading(picture, looked, height, &|point| point, "measure".to_owned());
    let member = Member { reading: &reading, frame: None, shows: None, covered: Vec::new(), weight: 1.0 };
    let family = FamilyId::make(|id| {
        id.number(n as u64);
    });
    together(family, &[member])
}

/// Forged sheets, each about an affair of its own.
fn sheets() -> Vec<FamilyReading> {
    let looks = [Look::Memo, Look::Cable, Look::Letter, Look::Minutes, Look::Form, Look::Slide];
    let mut rng = Rng::new(SEED);
    let all = (0..PAGES).map(|n| {
        let sheet = sheet(&mut rng, looks[n % looks.len()]);
        family(n, &written(&sheet), f64::from(sheet.size.1))
    });
    all.collect()
}

/// A sheet's words, as if every letter had been read.
fn written(sheet: &Sheet) -> Looked {
    let mut lines: BTreeMap<i64, u32> = BTreeMap::new();
    let sure =
        Traits { confidence: 1.0, line: 1.0, letters: 1, others: 0, tall: 16.0, misfit: 0.0, odd: 0.0 };
    let words = sheet.words.iter().filter(|word| !word.text.is_empty()).map(|word| {
        let next = lines.len() as u32;
        let [x, y, width, height] = word.area;
        Noted {
            text: word.text.clone(),
            quad: Quad::rectangle(x, y, width, height),
            doubt: 0.01,
            line: *lines.entry((y * 4.0) as i64).or_insert(next),
            second: false,
            traits: sure,
        }
    });
    Looked { words: words.collect(), ..Looked::default() }
}

/// Names, statements and entities of 1,000 pages, in a process of their own.
fn told(
    bench: &Bench,
    which: &str,
    how: &str,
    readings: &[FamilyReading],
    letters: f64,
    figures: &mut Vec<Figure>,
) -> Result<()> {
    let (program, file) = (bench.forge.with_file_name("examples").join("say"), bench.path("readings.json"));
    let json = serde_json::to_vec(readings).map_err(|error| error.to_string())?;
    fs::write(&file, json).map_err(|error| error.to_string())?;
    let before = run(&program, &[&file, "pace", "0"])?;
    let cost = run(&program, &[&file, "pace", &PAGES.to_string()])?;
    let seconds = cost.processor_seconds - before.processor_seconds;
    let what = format!("1,000 pages ({which}), names, statements and entities");
    figures.push(figure(format!("{what}, processor"), seconds, "s", how));
    let share = 1000.0 * seconds / letters;
    figures.push(figure(format!("{what}, processor over reading letters"), share, "per mille", how));
    figures.push(figure(format!("{what}, peak memory"), cost.mebibytes, "MiB", how));
    figures.push(figure(
        format!("{what}, peak memory of holding the readings alone"),
        before.mebibytes,
        "MiB",
        how,
    ));
    Ok(())
}
