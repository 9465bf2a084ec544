//! Figures of the families, written to `docs/families/`: other means side by side on the same pictures, what survives
//! which damage, how often editions of one form are merged, how the index grows.
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

/// Measures what `name` says: `peers`, `damages`, `editions`, `growth`, or all of them.
pub fn measure(root: &Path, name: &str) -> Result<()> {
    let docs = root.join("docs/families");
    fs::create_dir_all(&docs).map_err(|error| error.to_string())?;
    let all = name == "families";
    let mut known = false;
    for (part, act) in [
        ("peers", peers as fn(&Path, &Path) -> Result<()>),
        ("damages", damages),
        ("editions", editions),
        ("growth", growth),
    ] {
        if all || name == format!("families-{part}") {
            act(root, &docs)?;
            known = true;
        }
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

fn damages(root: &Path, docs: &Path) -> Result<()> {
    let rows = lines(&example(root, "damages")?, &["21", "1000"])?;
    let head = "# What survives which damage\n\nSheets photographed once and again, the second time damaged; found first \
                of all in the index, and held to be one sheet. `cargo xtask measure families-damages`\n\n";
    table(docs, "damages", head, &rows, &["damage", "sheets", "distractors", "first", "same"])
}

fn editions(root: &Path, docs: &Path) -> Result<()> {
    let rows = lines(&example(root, "editions")?, &["46"])?;
    let head = "# Editions of one form\n\nPairs of sheets of one form that were merged; editions differ in 20 to 60 words \
                from the form. Altered: the form against itself with 3 to 6 words altered, untouched: with none. \
                `cargo xtask measure families-editions`\n\n";
    let columns =
        ["form", "pairs", "merged", "told_apart", "altered", "altered_found", "untouched", "untouched_found"];
    table(docs, "editions", head, &rows, &columns)
}

fn growth(root: &Path, docs: &Path) -> Result<()> {
    let rows = lines(&example(root, "growth")?, &["500", "2000", "5000", "20000"])?;
    let head = "# Growth of the index\n\n![time by sheets](growth.svg)\n\nCodes forged in feature space, a third of them \
                shared by all sheets. `cargo xtask measure families-growth`\n\n";
    let columns = ["sheets", "add_ms", "query_ms", "bytes", "found_first", "of"];
    table(docs, "growth", head, &rows, &columns)?;
    keep(&docs.join("growth.svg"), &plot(&rows))
}

/// Milliseconds over sheets, both on logarithmic scales.
fn plot(rows: &[Value]) -> String {
    let number = |row: &Value, key: &str| row.get(key).and_then(Value::as_f64).unwrap_or(0.0).max(1e-3);
    let place = |sheets: f64, time: f64| {
        (60.0 + (sheets.log10() - 2.0) / 4.0 * 520.0, 300.0 - (time.log10() + 2.0) / 5.0 * 260.0)
    };
    let mut svg = String::from(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 640 350\" font-family=\"sans-serif\" font-size=\"12\">\n\
         <rect width=\"640\" height=\"350\" fill=\"white\"/>\n",
    );
    for k in 2..=6 {
        let (x, _) = place(10_f64.powi(k), 1.0);
        let _ = writeln!(
            svg,
            "<path d=\"M{x:.0} 40V300\" stroke=\"#ddd\"/><text x=\"{x:.0}\" y=\"318\" text-anchor=\"middle\">{}</text>",
            10_i64.pow(k as u32)
        );
    }
    for k in -2..=3 {
        let (_, y) = place(100.0, 10_f64.powi(k));
        let _ = writeln!(
            svg,
            "<path d=\"M60 {y:.0}H580\" stroke=\"#ddd\"/><text x=\"54\" y=\"{:.0}\" text-anchor=\"end\">{}</text>",
            y + 4.0,
            10_f64.powi(k)
        );
    }
    for (key, colour, label) in
        [("add_ms", "#246", "to add a picture"), ("query_ms", "#a40", "to ask for one")]
    {
        let points: Vec<(f64, f64)> =
            rows.iter().map(|row| place(number(row, "sheets"), number(row, key))).collect();
        let path: Vec<String> = points.iter().map(|(x, y)| format!("{x:.0},{y:.0}")).collect();
        let _ = writeln!(
            svg,
            "<polyline points=\"{}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\"/>",
            path.join(" ")
        );
        if let Some((x, y)) = points.last() {
            let _ = writeln!(
                svg,
                "<text x=\"{:.0}\" y=\"{:.0}\" fill=\"{colour}\">{label}</text>",
                x + 6.0,
                y + 4.0
            );
        }
    }
    svg += "<text x=\"320\" y=\"340\" text-anchor=\"middle\">sheets in the index</text><text x=\"60\" y=\"28\">milliseconds</text>\n</svg>\n";
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

fn lines(program: &Path, arguments: &[&str]) -> Result<Vec<Value>> {
    let output = Command::new(program).args(arguments).output().map_err(|error| error.to_string())?;
    if !output.status.success() {
        return Err(format!("{} failed", program.display()));
    }
    let text = String::from_utf8_lossy(&output.stdout);
    text.lines().map(|line| serde_json::from_str(line).map_err(|error| error.to_string())).collect()
}

fn run(command: &mut Command) -> Result<()> {
    let status = command.status().map_err(|error| error.to_string())?;
    if status.success() { Ok(()) } else { Err(format!("{command:?} failed")) }
}

fn keep(path: &Path, text: &str) -> Result<()> {
    fs::write(path, text).map_err(|error| error.to_string())
}
