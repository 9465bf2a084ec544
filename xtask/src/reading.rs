//! What reading costs and brings, beside the reader alone and beside RapidOCR, on the same pictures in one run.
//!
//! The pictures are the whole, uncovered copies of a forged leak, and of the bench's trove where that is beside. Words are
//! counted as the bench's scorer counts them: bags of words by spaces, in common with the sheet's. `MEASURE_PICTURES` takes
//! only so many of each; `RAPIDOCR_PYTHON` names a Python that has rapidocr_onnxruntime, without which its rows are missing.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use serde_json::Value;

use crate::measure::{Bench, Figure, Result, figure, run};

/// A seed that nothing was tuned on.
const SEED: &str = "--seed=2077";

/// All rows about reading.
pub fn reading(bench: &Bench, figures: &mut Vec<Figure>) -> Result<()> {
    let forged = PathBuf::from(bench.path("leak"));
    run(&bench.forge, &["leak", "--size=small", SEED, "--out", &forged.display().to_string()])?;
    leak(bench, "forged leak", &forged, figures)?;
    let trove = bench.root.join("../shared/bench/trove");
    if trove.is_dir() {
        leak(bench, "trove", &trove, figures)?;
    }
    clean(bench, figures)
}

/// A picture whose text is known.
pub(crate) struct Page {
    pub(crate) copy: String,
    file: PathBuf,
    text: String,
}

/// Words in common with the truth, words read, words true.
#[derive(Clone, Copy, Default)]
struct Words([usize; 3]);

impl Words {
    fn add(&mut self, read: &str, truth: &str) {
        let (a, b) = (bag(read), bag(truth));
        let common: usize = a.iter().map(|(word, n)| (*n).min(b.get(word).copied().unwrap_or(0))).sum();
        for (sum, part) in self.0.iter_mut().zip([common, a.values().sum(), b.values().sum()]) {
            *sum += part;
        }
    }

    fn tell(self, what: &str, how: &str, figures: &mut Vec<Figure>) {
        let [common, read, truth] = self.0.map(|n| n as f64);
        figures.push(figure(format!("{what}, words recall"), common / truth.max(1.0), "", how));
        figures.push(figure(format!("{what}, words precision"), common / read.max(1.0), "", how));
    }
}

fn bag(text: &str) -> BTreeMap<&str, usize> {
    let mut bag = BTreeMap::new();
    text.split_whitespace().for_each(|word| *bag.entry(word).or_default() += 1);
    bag
}

/// What a way to read took.
#[derive(Clone, Copy)]
struct Spent {
    wall: f64,
    processor: f64,
}

impl Spent {
    fn tell(self, what: &str, pages: usize, how: &str, figures: &mut Vec<Figure>) {
        let Self { wall, processor } = self;
        figures.push(figure(format!("{what}, pages a minute"), pages as f64 * 60.0 / wall, "pages/min", how));
        figures.push(figure(format!("{what}, processor a page"), processor / pages.max(1) as f64, "s", how));
        figures.push(figure(format!("{what}, processor over wall"), processor / wall, "", how));
    }
}

fn leak(bench: &Bench, label: &str, folder: &Path, figures: &mut Vec<Figure>) -> Result<()> {
    let pages = pages(bench, label, folder)?;
    if pages.is_empty() {
        return Err(format!("{label}: no whole copy"));
    }
    let count = pages.len();
    let (words, spent) = alone(&pages)?;
    let (what, how) =
        (format!("{label}, {count} pictures, Tesseract alone"), "tesseract FILE - -l eng, two at a time");
    words.tell(&what, how, figures);
    spent.tell(&what, count, how, figures);
    ours(bench, label, &pages, figures)?;
    evening(bench, label, folder, &pages, figures)?;
    match std::env::var_os("RAPIDOCR_PYTHON") {
        Some(python) => rapid(Path::new(&python), label, &pages, figures),
        None => {
            eprintln!("skipped: RAPIDOCR_PYTHON names no Python with rapidocr_onnxruntime");
            Ok(())
        }
    }
}

/// The whole copies without covered places, each a file of its own in a folder of ours.
pub(crate) fn pages(bench: &Bench, label: &str, folder: &Path) -> Result<Vec<Page>> {
    let truth = fs::read(folder.join("truth.json")).map_err(|error| error.to_string())?;
    let truth: Value = serde_json::from_slice(&truth).map_err(|error| error.to_string())?;
    let rows = |name: &str| truth[name].as_array().cloned().unwrap_or_default();
    let named = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let texts: BTreeMap<String, String> =
        rows("sheets").iter().map(|sheet| (named(&sheet["sheet"]), named(&sheet["text"]))).collect();
    let files = digests(folder)?;
    let most =
        std::env::var("MEASURE_PICTURES").ok().and_then(|most| most.parse().ok()).unwrap_or(usize::MAX);
    let to = PathBuf::from(bench.path(&label.replace(' ', "-")));
    fs::create_dir_all(&to).map_err(|error| error.to_string())?;
    let mut pages = Vec::new();
    for copy in rows("copies") {
        let covered = copy["ops"].to_string();
        let whole = copy["seen"].as_f64().unwrap_or(0.0) > 0.95
            && copy["withheld"] == false
            && !covered.contains("\"redacted\"")
            && !covered.contains("\"mosaic\"");
        let (Some(text), Some(from)) =
            (texts.get(&named(&copy["sheet"])), files.get(&named(&copy["sha256"])))
        else {
            continue;
        };
        if !whole || pages.len() >= most {
            continue;
        }
        let copy = named(&copy["copy"]);
        let ending = from.extension().map_or_else(|| "jpg".into(), |ending| ending.to_string_lossy());
        let file = to.join(format!("{copy}.{ending}"));
        fs::copy(from, &file).map_err(|error| error.to_string())?;
        pages.push(Page { copy, file, text: text.clone() });
    }
    Ok(pages)
}

/// All files below a folder by their SHA-256.
fn digests(folder: &Path) -> Result<BTreeMap<String, PathBuf>> {
    let output =
        Command::new("find").arg(folder).args(["-type", "f", "-exec", "sha256sum", "-z", "{}", "+"]).output();
    let output = output.map_err(|error| format!("find: {error}"))?;
    let told = String::from_utf8_lossy(&output.stdout).into_owned();
    let rows = told.split('\0').filter_map(|row| row.split_once("  "));
    Ok(rows.map(|(digest, file)| (digest.to_owned(), PathBuf::from(file))).collect())
}

/// Processor seconds of all children that have ended.
fn children() -> f64 {
    let mut usage = std::mem::MaybeUninit::<libc::rusage>::zeroed();
    // SAFETY: the pointer is live, and zeroed is a value of rusage.
    let usage = unsafe {
        libc::getrusage(libc::RUSAGE_CHILDREN, usage.as_mut_ptr());
        usage.assume_init()
    };
    let seconds = |time: libc::timeval| time.tv_sec as f64 + time.tv_usec as f64 / 1e6;
    seconds(usage.ru_utime) + seconds(usage.ru_stime)
}

/// Tesseract on the pictures as they are, a process each, two at a time.
fn alone(pages: &[Page]) -> Result<(Words, Spent)> {
    let (start, before) = (Instant::now(), children());
    let (next, words) = (AtomicUsize::new(0), Mutex::new(Words::default()));
    std::thread::scope(|scope| {
        let worker = || {
            while let Some(page) = pages.get(next.fetch_add(1, Ordering::Relaxed)) {
                let output = Command::new("tesseract")
                    .arg(&page.file)
                    .args(["-", "-l", "eng"])
                    .env("OMP_THREAD_LIMIT", "1")
                    .stderr(Stdio::null())
                    .output()
                    .map_err(|error| format!("tesseract: {error}"))?;
                let mut words = words.lock().map_err(|error| error.to_string())?;
                words.add(&String::from_utf8_lossy(&output.stdout), &page.text);
            }
            Ok(())
        };
        let threads = [scope.spawn(worker), scope.spawn(worker)];
        threads
            .into_iter()
            .try_for_each(|thread| thread.join().unwrap_or_else(|_| Err("a thread broke".to_owned())))
    })?;
    let words = words.into_inner().map_err(|error| error.to_string())?;
    Ok((words, Spent { wall: start.elapsed().as_secs_f64(), processor: children() - before }))
}

/// The program on the same pictures.
fn ours(bench: &Bench, label: &str, pages: &[Page], figures: &mut Vec<Figure>) -> Result<()> {
    let case = bench.path(&format!("{}.case", label.replace(' ', "-")));
    let folder = pages[0].file.parent().unwrap_or(Path::new(".")).display().to_string();
    let cost = run(&bench.truecopy, &["examine", &folder, "--case", &case, "--quiet"])?;
    let out = bench.path("dossier.json");
    run(&bench.truecopy, &["export", &case, "--format", "json", "--output", &out, "--quiet"])?;
    let dossier = fs::read(&out).map_err(|error| error.to_string())?;
    let dossier: Value = serde_json::from_slice(&dossier).map_err(|error| error.to_string())?;
    let rows = |name: &str| dossier[name].as_array().cloned().unwrap_or_default();
    let items: BTreeMap<String, String> = rows("items")
        .iter()
        .map(|item| (item["sha256"].as_str().unwrap_or_default().to_owned(), item["id"].to_string()))
        .collect();
    // Of several sheets on one picture the one that says most.
    let mut said: BTreeMap<String, String> = BTreeMap::new();
    for picture in rows("pictures") {
        let text = picture["text"].as_str().unwrap_or_default();
        let entry = said.entry(picture["item"].to_string()).or_default();
        if text.len() > entry.len() {
            text.clone_into(entry);
        }
    }
    let digests = digests(Path::new(&folder))?;
    let of_file: BTreeMap<&PathBuf, &String> = digests.iter().map(|(digest, file)| (file, digest)).collect();
    let mut words = Words::default();
    for page in pages {
        let item = of_file.get(&page.file).and_then(|digest| items.get(*digest));
        words.add(item.and_then(|item| said.get(item)).map_or("", String::as_str), &page.text);
    }
    let (what, how) = (format!("{label}, {} pictures, truecopy", pages.len()), "truecopy examine");
    words.tell(&what, how, figures);
    Spent { wall: cost.seconds, processor: cost.processor_seconds }.tell(&what, pages.len(), how, figures);
    Ok(())
}

/// Processor seconds of finding the sheets, setting them upright and making their lines level.
fn seeing(bench: &Bench, pages: &[Page]) -> Result<f64> {
    let program = bench.forge.with_file_name("examples").join("see");
    let output = Command::new(&program).args(pages.iter().map(|page| &page.file)).output();
    let output = output.map_err(|error| format!("{}: {error}", program.display()))?;
    let mut seconds = 0.0;
    for line in String::from_utf8_lossy(&output.stdout).lines() {
        let told: Value = serde_json::from_str(line).map_err(|error| error.to_string())?;
        let parts = ["sheets", "upright", "bend"].map(|part| told["ms"][part].as_f64().unwrap_or(0.0));
        seconds += parts.iter().sum::<f64>() / 1e3;
    }
    Ok(seconds)
}

/// Seeing and evening out over what the reader itself takes on the same pages set upright.
fn evening(
    bench: &Bench,
    label: &str,
    folder: &Path,
    pages: &[Page],
    figures: &mut Vec<Figure>,
) -> Result<()> {
    let seeing = seeing(bench, pages)?;
    let program = bench.forge.with_file_name("examples").join("trove");
    let only = pages.iter().map(|page| page.copy.as_str()).collect::<Vec<_>>().join(",");
    let told = |mode: &str| -> Result<(f64, f64)> {
        let output = Command::new(&program)
            .arg(folder)
            .args([&bench.path("looked.jsonl"), mode, &format!("--only={only}")])
            .output()
            .map_err(|error| format!("{}: {error}", program.display()))?;
        let error = String::from_utf8_lossy(&output.stderr).into_owned();
        let told: Value = serde_json::from_str(error.lines().last().unwrap_or_default())
            .map_err(|_| format!("{}: {error}", program.display()))?;
        Ok((told["ready"].as_f64().unwrap_or(0.0), told["reader"].as_f64().unwrap_or(0.0)))
    };
    let ((_, reader), (ready, all)) = (told("plain")?, told("default")?);
    let (what, how) = (
        format!("{label}, {} pictures", pages.len()),
        "reading/examples/trove plain and default, set upright by the truth",
    );
    let each = |seconds: f64| seconds / pages.len() as f64;
    figures.push(figure(
        format!("{what}, Tesseract on upright pages, processor a page"),
        each(reader),
        "s",
        how,
    ));
    figures.push(figure(format!("{what}, all looks, processor of Tesseract a page"), each(all), "s", how));
    figures.push(figure(format!("{what}, evening out and making ready a page"), each(ready), "s", how));
    figures.push(figure(format!("{what}, evening out over Tesseract"), ready / reader, "", how));
    figures.push(figure(format!("{what}, seeing a page"), each(seeing), "s", "pages/examples/see"));
    let how =
        "pages/examples/see (sheets, upright, level), and evening out, over plain Tesseract on upright pages";
    figures.push(figure(
        format!("{what}, seeing and evening out over Tesseract"),
        (seeing + ready) / reader,
        "",
        how,
    ));
    Ok(())
}

/// Reads the files it is given, one JSON string a line.
const RAPID: &str = "\
import json, sys
from rapidocr_onnxruntime import RapidOCR
engine = RapidOCR()
for name in sys.argv[1:]:
    found, _ = engine(name)
    print(json.dumps(' '.join(row[1] for row in found or [])))
";

fn rapid(python: &Path, label: &str, pages: &[Page], figures: &mut Vec<Figure>) -> Result<()> {
    let (start, before) = (Instant::now(), children());
    let files = pages.iter().map(|page| &page.file);
    let output = Command::new(python).args(["-c", RAPID]).args(files).stderr(Stdio::inherit()).output();
    let output = output.map_err(|error| format!("{}: {error}", python.display()))?;
    let spent = Spent { wall: start.elapsed().as_secs_f64(), processor: children() - before };
    let told = String::from_utf8_lossy(&output.stdout).into_owned();
    let texts: Vec<String> = told.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    if texts.len() != pages.len() {
        return Err(format!("{} read {} of {} pictures", python.display(), texts.len(), pages.len()));
    }
    let mut words = Words::default();
    texts.iter().zip(pages).for_each(|(text, page)| words.add(text, &page.text));
    let (what, how) =
        (format!("{label}, {} pictures, RapidOCR", pages.len()), "rapidocr_onnxruntime, as installed");
    words.tell(&what, how, figures);
    spent.tell(&what, pages.len(), how, figures);
    Ok(())
}

/// Sheets that no camera saw: never more errors than the reader alone makes.
fn clean(bench: &Bench, figures: &mut Vec<Figure>) -> Result<()> {
    let program = bench.forge.with_file_name("examples").join("clean");
    let output = Command::new(&program).args(["2077", "24"]).output();
    let output = output.map_err(|error| format!("{}: {error}", program.display()))?;
    let told: Value = serde_json::from_slice(&output.stdout).map_err(|error| error.to_string())?;
    let count = told["sheets"].as_u64().unwrap_or(0);
    let how = "reading/examples/clean 2077 24";
    for (name, key) in [("Tesseract alone", "alone"), ("all looks", "all")] {
        let words: [usize; 3] =
            serde_json::from_value(told[key].clone()).map_err(|error| error.to_string())?;
        Words(words).tell(&format!("{count} clean sheets, {name}"), how, figures);
    }
    for (key, name) in [
        ("worse", "read with more errors than by Tesseract alone"),
        ("fewer", "read with fewer right words than by Tesseract alone"),
    ] {
        let sheets = told[key].as_f64().unwrap_or(f64::NAN);
        figures.push(figure(format!("{count} clean sheets, {name}"), sheets, "sheets", how));
    }
    Ok(())
}
