//! How a heap of posts in many channels is taken in and told: time, memory, size, and whether they grow with the posts.
//! `MEASURE_POSTS` names other numbers of posts, with commas between.

use std::fs;
use std::path::Path;

use crate::measure::{Bench, Cost, Figure, Result, figure, run};

const POSTS: &str = "10000,100000,1000000";
const BROWSER: &str = "/usr/bin/chromium";

/// What one heap cost.
struct Told {
    posts: f64,
    /// Taking in and working off, and the report.
    taken: [Cost; 2],
    report: Cost,
    case: f64,
    page: f64,
    shown: Option<f64>,
}

/// One heap after the other, the smaller first.
pub(crate) fn heap(bench: &Bench, figures: &mut Vec<Figure>) -> Result<()> {
    let wanted = std::env::var("MEASURE_POSTS").unwrap_or_else(|_| POSTS.to_owned());
    let mut before: Option<(f64, f64)> = None;
    for posts in wanted.split(',') {
        let told = one(bench, posts.trim())?;
        let how = format!("forge heap --posts {posts}; truecopy new, add, run --no-reading, report");
        let mut row = |what: &str, value, unit| {
            figures.push(figure(format!("heap of {posts} posts, {what}"), value, unit, &how));
        };
        let seconds = told.taken.iter().map(|cost| cost.seconds).sum::<f64>();
        row("add and run", seconds, "s");
        row("add and run", told.posts / seconds, "posts/s");
        row("run, peak memory of the largest process", told.taken[1].mebibytes, "MiB");
        row("case", told.case, "MiB");
        row("report", told.report.seconds, "s");
        row("report, peak memory", told.report.mebibytes, "MiB");
        row("report, size", told.page, "MiB");
        if let Some(shown) = told.shown {
            row("report, opened and drawn by a browser", shown, "s");
        }
        if let Some((fewer, took)) = before.replace((told.posts, seconds)) {
            row("time a post, against the heap before", seconds / told.posts * fewer / took, "ratio");
        }
    }
    Ok(())
}

fn one(bench: &Bench, posts: &str) -> Result<Told> {
    let (folder, case) = (bench.path(&format!("heap{posts}")), bench.path(&format!("heap{posts}.case")));
    run(&bench.forge, &["heap", "--posts", posts, "--out", &folder])?;
    run(&bench.truecopy, &["new", &case, "--quiet"])?;
    let add = run(&bench.truecopy, &["add", &case, &format!("{folder}/exports"), "--quiet"])?;
    let work = run(&bench.truecopy, &["run", &case, "--no-reading", "--quiet"])?;
    let report = run(&bench.truecopy, &["report", &case, "--quiet"])?;
    let page = format!("{case}/report.html");
    let shown = Path::new(BROWSER).is_file().then(|| drawn(bench, &page)).transpose()?;
    let told = Told {
        posts: posts.parse().map_err(|_| format!("'{posts}' is no number of posts"))?,
        taken: [add, work],
        report,
        case: size(Path::new(&case))?,
        page: size(Path::new(&page))?,
        shown,
    };
    if std::env::var_os("MEASURE_KEPT").is_none() {
        for made in [folder, case] {
            fs::remove_dir_all(made).map_err(|error| error.to_string())?;
        }
    }
    Ok(told)
}

/// Seconds until the head of the report, with its timeline, is drawn.
fn drawn(bench: &Bench, page: &str) -> Result<f64> {
    let picture = format!("--screenshot={}", bench.path("report.png"));
    let page = format!("file://{page}");
    let fixed = ["--headless=new", "--no-sandbox", "--disable-gpu", "--window-size=1300,4000"];
    let arguments: Vec<&str> = fixed.into_iter().chain([picture.as_str(), page.as_str()]).collect();
    Ok(run(Path::new(BROWSER), &arguments)?.seconds)
}

/// Mebibytes of a file, or of all in a folder.
fn size(path: &Path) -> Result<f64> {
    let failed = |error: std::io::Error| format!("{}: {error}", path.display());
    if path.is_file() {
        return Ok(path.metadata().map_err(failed)?.len() as f64 / f64::from(1 << 20));
    }
    let mut sum = 0.0;
    for entry in fs::read_dir(path).map_err(failed)? {
        sum += size(&entry.map_err(failed)?.path())?;
    }
    Ok(sum)
}
