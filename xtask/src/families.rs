//! Figures of the families, written to `docs/families/`: other means side by side on the same pictures, what survives
//! which damage, how often editions of one form are merged, how the index grows. What the examples print is kept beside the
//! build, so that `families-pages` writes the pages of what was measured last anew without measuring.
//!
//! The peers are Python packages, installed by pip into a folder beside the build and never kept with the source.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

type Result<T> = std::result::Result<T, String>;

/// The leak that is measured on if the bench is not there: of this seed.
const SEED: &str = "21";
const PEERS: [&str; 5] = ["opencv-python-headless", "numpy", "pillow", "imagehash", "pdqhash"];

/// Measures what `name` says: `peers`, `damages`, `editions`, `growth`, or all of them; or writes `pages`.
pub fn measure(root: &Path, name: &str) -> Result<()> {
    let docs = root.join("docs/families");
    fs::create_dir_all(&docs).map_err(|error| error.to_string())?;
    let all = name == "families";
    let mut known = false;
    if all || name == "families-peers" {
        peers(root, &docs)?;
        known = true;
    }
    for (part, arguments, page) in [
        ("damages", &["21", "1000"][..], damages as fn(&Path, &[Value]) -> Result<()>),
        ("editions", &["20", "711", "712", "713", "714"], editions),
        ("growth", &["2000", "20000", "200000"], growth),
    ] {
        let kept = target(root).join(format!("families-{part}.jsonl"));
        if all || name == format!("families-{part}") {
            keep(&kept, &told(&example(root, part)?, arguments)?)?;
        } else if name != "families-pages" || !kept.exists() {
            continue;
        }
        let text = fs::read_to_string(&kept).map_err(|error| error.to_string())?;
        let rows: std::result::Result<Vec<Value>, _> = text.lines().map(serde_json::from_str).collect();
        page(&docs, &rows.map_err(|error| error.to_string())?)?;
        known = true;
    }
    if known { Ok(()) } else { Err(format!("there is no measure '{name}'")) }
}

fn peers(root: &Path, docs: &Path) -> Result<()> {
    let folder = target(root).join("peers");
    let python = folder.join("bin/python");
    if !python.exists() {
        run(Command::new("python3").args(["-m", "venv"]).arg(&folder))?;
        run(Command::new(&python).args(["-m", "pip", "install", "--quiet"]).args(PEERS))?;
    }
    let bench = root.join("../shared/bench/trove");
    let leak = if bench.is_dir() { bench } else { forged(root)? };
    let group = example(root, "group")?;
    let out = docs.join("peers.csv");
    let script = root.join("xtask/src/peers.py");
    run(Command::new(&python).arg(script).arg(&leak).arg(&group).arg(&out))?;
    let rows = fs::read_to_string(&out).map_err(|error| error.to_string())?;
    let mut page = String::from("# Families by other means, on the same pictures in one run\n\n");
    page += "Every peer has the threshold that is best for these pictures, found with the truth in hand; Truecopy has none \
             to choose. Figures are over pairs of pictures. `cargo xtask measure families-peers`\n\n";
    for (n, row) in rows.lines().enumerate() {
        let cells: Vec<&str> = row.split(',').collect();
        let _ = writeln!(page, "| {} |", cells.join(" | "));
        if n == 0 {
            let _ = writeln!(page, "|{}", "---|".repeat(cells.len()));
        }
    }
    keep(&docs.join("peers.md"), &page)
}

fn forged(root: &Path) -> Result<PathBuf> {
    let leak = target(root).join(format!("leak-{SEED}"));
    if !leak.join("truth.json").exists() {
        let cargo =
            ["run", "--quiet", "-p", "forge", "--", "leak", "--size", "small", "--seed", SEED, "--out"];
        run(Command::new("cargo").args(cargo).arg(&leak).current_dir(root))?;
    }
    Ok(leak)
}

fn damages(docs: &Path, rows: &[Value]) -> Result<()> {
    let head = "# What survives which damage\n\n![shares by damage](damages.svg)\n\nSheets photographed once and again, the \
                second time damaged; found first of all in the index, and held to be one sheet. `cargo xtask measure \
                families-damages`\n\n";
    table(docs, "damages", head, rows, &["damage", "sheets", "distractors", "first", "same"])?;
    keep(&docs.join("damages.svg"), &bars(rows))
}

fn editions(docs: &Path, rows: &[Value]) -> Result<()> {
    let sum = |key: &str| rows.iter().map(|row| number(row, key)).sum::<f64>();
    let (pairs, merged) = (sum("pairs"), sum("merged"));
    let head = format!(
        "# Editions of one form\n\nPairs of sheets of one form that were held to be one sheet; editions differ in 20 to 60 words from \
         the form, and every edition is held against every other and against the form. A third of the pictures is damaged on \
         the way, a third made smaller, down to a quarter. In one family: pairs of two sheets that the families made of all these pairs hold. \
         Few in view: both pictures show fewer than 12 differing words, as crops do; counted apart. Altered: the form \
         against itself with up to 6 words altered; untouched: with none. `cargo xtask measure families-editions`\n\n\
         In all {merged:.0} of {pairs:.0} pairs were merged, in one of 10,000 {:.1}, at most {:.1} (Wilson, 95 %).\n\n",
        merged / pairs.max(1.0) * 1e4,
        wilson(merged, pairs) * 1e4
    );
    let columns = [
        "form",
        "seed",
        "pairs",
        "merged",
        "told_apart",
        "in_one_family",
        "few_in_view",
        "few_merged",
        "altered",
        "altered_found",
        "untouched",
        "untouched_found",
    ];
    table(docs, "editions", &head, rows, &columns)
}

/// The upper end of the interval that holds a share with 95 % (Wilson 1927).
fn wilson(found: f64, of: f64) -> f64 {
    const Z: f64 = 1.96;
    let (of, share) = (of.max(1.0), found / of.max(1.0));
    let middle = share + Z * Z / (2.0 * of);
    let reach = Z * (share * (1.0 - share) / of + Z * Z / (4.0 * of * of)).sqrt();
    (middle + reach) / (1.0 + Z * Z / of)
}

fn growth(docs: &Path, rows: &[Value]) -> Result<()> {
    let head = "# Growth of the index\n\n![time by sheets](growth.svg)\n\nCodes forged in feature space, a third of them \
                shared by all sheets; time of the processor; bytes of memory for each picture; the most that the process held so far. `cargo xtask measure \
                families-growth`\n\n";
    let columns = ["sheets", "add_ms", "query_ms", "bytes", "peak_mib", "found_first", "of"];
    table(docs, "growth", head, rows, &columns)?;
    keep(&docs.join("growth.svg"), &plot(rows))
}

fn number(row: &Value, key: &str) -> f64 {
    row.get(key).and_then(Value::as_f64).unwrap_or(0.0)
}

/// The head of a drawing, light or dark as the reader has it.
fn drawing(width: u32, height: u32) -> String {
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" font-family=\"sans-serif\" font-size=\"12\">\n\
         <style>\n.ground {{ fill: #fff }}\ntext {{ fill: #222 }}\n.line {{ stroke: #ddd }}\n.a {{ stroke: #246 }}\n.b {{ stroke: #a40 }}\n\
         .fa {{ fill: #246 }}\n.fb {{ fill: #c85 }}\n@media (prefers-color-scheme: dark) {{\n.ground {{ fill: #16181c }}\n\
         text {{ fill: #ddd }}\n.line {{ stroke: #3a3d44 }}\n.a {{ stroke: #8bf }}\n.b {{ stroke: #fa6 }}\n.fa {{ fill: #8bf }}\n.fb {{ fill: #a63 }}\n}}\n</style>\n\
         <rect class=\"ground\" width=\"{width}\" height=\"{height}\"/>\n"
    )
}

/// For each damage the share of sheets found first, and the share held to be one sheet.
fn bars(rows: &[Value]) -> String {
    let mut svg = drawing(640, 60 + 24 * rows.len() as u32);
    for (n, row) in rows.iter().enumerate() {
        let y = 40 + 24 * n;
        let name = row.get("damage").and_then(Value::as_str).unwrap_or("");
        let _ = writeln!(svg, "<text x=\"180\" y=\"{}\" text-anchor=\"end\">{name}</text>", y + 14);
        for (k, (key, class)) in [("first", "fb"), ("same", "fa")].into_iter().enumerate() {
            let share = number(row, key) / number(row, "sheets").max(1.0);
            let (top, width) = (y + 9 * k, share * 400.0);
            let _ = writeln!(
                svg,
                "<rect class=\"{class}\" x=\"190\" y=\"{top}\" width=\"{width:.0}\" height=\"8\"/>"
            );
            if k == 1 {
                let _ = writeln!(svg, "<text x=\"598\" y=\"{}\">{:.0} %</text>", y + 14, share * 100.0);
            }
        }
    }
    svg += "<rect class=\"fb\" x=\"190\" y=\"14\" width=\"12\" height=\"8\"/><text x=\"208\" y=\"22\">found first</text>\
            <rect class=\"fa\" x=\"300\" y=\"14\" width=\"12\" height=\"8\"/><text x=\"318\" y=\"22\">held to be one sheet</text>\n</svg>\n";
    svg
}

/// Milliseconds over sheets, both on logarithmic scales.
fn plot(rows: &[Value]) -> String {
    let place = |sheets: f64, time: f64| {
        (60.0 + (sheets.log10() - 3.0) / 3.0 * 440.0, 300.0 - (time.log10() + 1.0) / 4.0 * 260.0)
    };
    let mut svg = drawing(640, 350);
    for k in 3..=6 {
        let (x, _) = place(10_f64.powi(k), 1.0);
        let _ = writeln!(
            svg,
            "<path class=\"line\" d=\"M{x:.0} 40V300\"/><text x=\"{x:.0}\" y=\"318\" text-anchor=\"middle\">{}</text>",
            10_i64.pow(k as u32)
        );
    }
    for k in -1..=3 {
        let (_, y) = place(1000.0, 10_f64.powi(k));
        let _ = writeln!(
            svg,
            "<path class=\"line\" d=\"M60 {y:.0}H500\"/><text x=\"54\" y=\"{:.0}\" text-anchor=\"end\">{}</text>",
            y + 4.0,
            10_f64.powi(k)
        );
    }
    for (key, class, label) in [("add_ms", "a", "to add a picture"), ("query_ms", "b", "to ask for one")] {
        let points: Vec<(f64, f64)> = rows
            .iter()
            .map(|row| place(number(row, "sheets").max(1.0), number(row, key).max(1e-3)))
            .collect();
        let path: Vec<String> = points.iter().map(|(x, y)| format!("{x:.0},{y:.0}")).collect();
        let _ = writeln!(
            svg,
            "<polyline class=\"{class}\" points=\"{}\" fill=\"none\" stroke-width=\"2\"/>",
            path.join(" ")
        );
        if let Some((x, y)) = points.last() {
            let _ = writeln!(svg, "<text x=\"{:.0}\" y=\"{:.0}\">{label}</text>", x + 6.0, y + 4.0);
        }
    }
    svg += "<text x=\"280\" y=\"340\" text-anchor=\"middle\">sheets in the index</text><text x=\"60\" y=\"28\">milliseconds</text>\n</svg>\n";
    svg
}

fn table(docs: &Path, name: &str, head: &str, rows: &[Value], columns: &[&str]) -> Result<()> {
    let cell = |row: &Value, key: &str| match row.get(key) {
        Some(Value::String(text)) => text.clone(),
        Some(value) => value.to_string(),
        None => String::new(),
    };
    let (mut page, mut csv) = (head.to_owned(), format!("{}\n", columns.join(",")));
    let titles: Vec<String> = columns.iter().map(|key| key.replace('_', " ")).collect();
    let _ = writeln!(page, "| {} |\n|{}", titles.join(" | "), "---|".repeat(columns.len()));
    for row in rows {
        let cells: Vec<String> = columns.iter().map(|key| cell(row, key)).collect();
        let _ = writeln!(page, "| {} |", cells.join(" | "));
        let quoted: Vec<String> = cells
            .iter()
            .map(|cell| if cell.contains(',') { format!("\"{cell}\"") } else { cell.clone() })
            .collect();
        let _ = writeln!(csv, "{}", quoted.join(","));
    }
    keep(&docs.join(format!("{name}.md")), &page)?;
    keep(&docs.join(format!("{name}.csv")), &csv)
}

/// Builds an example of the crate `families`, and says where it lies. The workspace's engines are optimised in the dev
/// profile too.
fn example(root: &Path, name: &str) -> Result<PathBuf> {
    run(Command::new("cargo")
        .args(["build", "--quiet", "-p", "families", "--example", name])
        .current_dir(root))?;
    Ok(target(root).join("debug/examples").join(name))
}

fn target(root: &Path) -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from)
}

fn told(program: &Path, arguments: &[&str]) -> Result<String> {
    let output = Command::new(program).args(arguments).output().map_err(|error| error.to_string())?;
    if !output.status.success() {
        return Err(format!("{} failed", program.display()));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

fn run(command: &mut Command) -> Result<()> {
    let status = command.status().map_err(|error| error.to_string())?;
    if status.success() { Ok(()) } else { Err(format!("{command:?} failed")) }
}

fn keep(path: &Path, text: &str) -> Result<()> {
    fs::write(path, text).map_err(|error| error.to_string())
}
