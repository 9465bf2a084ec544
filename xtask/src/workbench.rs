//! How quick the workbench is, in headless Chromium: first views, filters and sheets of a case with many pictures and posts.
//!
//! Needs `chromium` and `chromedriver`. `MEASURE_CASE` names an examined case to be multiplied; without it the forge's small
//! leak is examined first.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::large::{Size, large};
use crate::measure::{Bench, Figure, Result, figure, run};

/// How often each view is opened; the median is told.
const TIMES: usize = 7;
const PICTURES: u64 = 20_000;
const POSTS: u64 = 1_000_000;

pub(crate) fn workbench(bench: &Bench, figures: &mut Vec<Figure>) -> Result<()> {
    let small = match std::env::var_os("MEASURE_CASE") {
        Some(case) => PathBuf::from(case),
        None => examined(bench)?,
    };
    let folder = bench.folder.join("large.case");
    let size = large(&small, &folder, &Size { pictures: PICTURES, posts: POSTS })?;
    let how = format!(
        "a case of {} pictures and {} posts, truecopy serve, headless Chromium",
        size.pictures, size.posts
    );
    let start = Instant::now();
    let served = Served::start(&bench.truecopy, &folder)?;
    figures.push(figure("workbench, opening the case", start.elapsed().as_secs_f64(), "s", &how));
    let browser = Browser::start()?;
    browser.open(&served.entry)?;
    views(&browser, &served, &how, figures)?;
    figures.push(figure("workbench, memory", served.mebibytes()?, "MiB", &how));
    Ok(())
}

fn examined(bench: &Bench) -> Result<PathBuf> {
    let (leak, case) = (bench.folder.join("leak"), bench.folder.join("small.case"));
    let words = |path: &Path| path.display().to_string();
    run(&bench.forge, &["leak", "--size", "small", "--out", &words(&leak)])?;
    run(&bench.truecopy, &["examine", &words(&leak), "--case", &words(&case), "--quiet"])?;
    Ok(case)
}

/// Each view, and what changes it.
fn views(browser: &Browser, served: &Served, how: &str, figures: &mut Vec<Figure>) -> Result<()> {
    let first = browser.open(&format!("{}/", served.base))?;
    figures.push(figure("workbench, overview, opened first", first, "ms", how));
    let sheet = browser.value("return (await fetch('/api/sheets').then(a => a.json())).sort((a, b) => b.pictures.length - a.pictures.length)[0]")?;
    let id = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let (family, picture) = (id(&sheet["id"]), id(&sheet["best"]));
    let channel = id(&browser.value("return (await fetch('/api/channels').then(a => a.json()))[0].id")?);
    let post = id(&sheet["first"]["candidates"][0]);
    let pages = [
        ("overview", "/".to_owned()),
        ("timeline", "/timeline".to_owned()),
        ("sheets", "/sheets".to_owned()),
        ("channels and sheets", "/matrix".to_owned()),
        ("from channel to channel", "/hops".to_owned()),
        ("what is missing", "/gaps".to_owned()),
        ("statements", "/said".to_owned()),
        ("people, bodies, places", "/mentioned".to_owned()),
        ("whom the sheets touch", "/touched".to_owned()),
        ("search for a word", "/search?q=harbour".to_owned()),
        ("search, posts alone chosen", "/search?q=harbour&kind=posts".to_owned()),
        ("posts with pictures", "/posts".to_owned()),
        ("a channel", format!("/of/{channel}")),
        ("a post with those around it", format!("/of/{post}")),
        ("a sheet", format!("/of/{family}")),
        ("a picture", format!("/of/{picture}")),
    ];
    for (name, path) in &pages {
        let mut times = Vec::new();
        for _ in 0..TIMES {
            times.push(browser.open(&format!("{}{path}", served.base))?);
        }
        figures.push(figure(format!("workbench, {name}"), median(times), "ms", how));
    }
    let filters = [
        ("sheets that differ", "/sheets", "differs", "yes"),
        ("sheets of a channel", "/sheets", "channel", &channel),
        ("sheets by pictures", "/sheets", "order", "pictures"),
        ("sheets with a word", "/sheets", "words", "harbour"),
        ("timeline of a channel", "/timeline", "channel", &channel),
        ("timeline of a sheet", "/timeline", "family", &family),
        ("timeline from a day on", "/timeline", "from", "2023-01-27"),
        ("posts of a channel", "/posts", "channel", &channel),
        ("posts of a sheet", "/posts", "family", &family),
        ("hits of a search from a day on", "/search?q=harbour", "from", "2023-01-27"),
        ("channels that had other sheets", "/matrix", "sheets", "2"),
    ];
    for (name, path, field, value) in filters {
        let mut times = Vec::new();
        for _ in 0..TIMES {
            browser.open(&format!("{}{path}", served.base))?;
            times.push(browser.filter(field, value)?);
        }
        figures.push(figure(format!("workbench, filter: {name}"), median(times), "ms", how));
    }
    Ok(())
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times.get(times.len() / 2).copied().unwrap_or_default()
}

/// A running workbench.
struct Served {
    child: Child,
    entry: String,
    base: String,
}

impl Served {
    fn start(truecopy: &Path, case: &Path) -> Result<Self> {
        let mut child = Command::new(truecopy)
            .arg("serve")
            .arg(case)
            .args(["--port", "0", "--no-reading", "--quiet"])
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| format!("{}: {error}", truecopy.display()))?;
        let mut entry = String::new();
        if let Some(out) = child.stdout.take() {
            BufReader::new(out).read_line(&mut entry).map_err(|error| error.to_string())?;
        }
        let entry = entry.trim().to_owned();
        let base = entry.split("/enter").next().unwrap_or_default().to_owned();
        if base.is_empty() {
            let _ = child.kill();
            return Err("the workbench gave no address".to_owned());
        }
        Ok(Self { child, entry, base })
    }

    fn mebibytes(&self) -> Result<f64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()))
            .map_err(|e| e.to_string())?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or_default();
        let kibibytes: f64 =
            line.trim().trim_end_matches(" kB").parse().map_err(|_| "no VmHWM".to_owned())?;
        Ok(kibibytes / 1024.0)
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A headless Chromium behind its driver, spoken to in WebDriver (W3C).
struct Browser {
    driver: Child,
    session: String,
}

impl Browser {
    fn start() -> Result<Self> {
        const PORT: u16 = 19_515;
        let driver = Command::new("chromedriver")
            .arg(format!("--port={PORT}"))
            .stdout(Stdio::null())
            .spawn()
            .map_err(|error| format!("chromedriver: {error}; install chromium and chromium-driver"))?;
        let mut browser = Self { driver, session: format!("http://127.0.0.1:{PORT}/session") };
        let arguments = [
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--window-size=1280,900",
        ];
        let wanted =
            json!({ "capabilities": { "alwaysMatch": { "goog:chromeOptions": { "args": arguments } } } });
        let begun = Instant::now();
        let answer = loop {
            match browser.post("", &wanted) {
                Ok(answer) => break answer,
                Err(error) if begun.elapsed() > Duration::from_secs(20) => return Err(error),
                Err(_) => std::thread::sleep(Duration::from_millis(200)),
            }
        };
        let id = answer["sessionId"].as_str().ok_or("the driver gave no session")?.to_owned();
        browser.session = format!("{}/{id}", browser.session);
        Ok(browser)
    }

    fn post(&self, path: &str, body: &Value) -> Result<Value> {
        let url = format!("{}{path}", self.session);
        let mut answer = ureq::post(&url)
            .header("content-type", "application/json")
            .send(body.to_string())
            .map_err(|error| format!("{url}: {error}"))?;
        let text = answer.body_mut().read_to_string().map_err(|error| error.to_string())?;
        let mut value: Value = serde_json::from_str(&text).map_err(|error| error.to_string())?;
        Ok(value["value"].take())
    }

    /// What a script, the body of an async function, comes to.
    fn value(&self, script: &str) -> Result<Value> {
        let script = format!(
            "const done = arguments[arguments.length - 1]; (async () => {{ {script} }})().then(done, error => done(String(error)));"
        );
        self.post("/execute/async", &json!({ "script": script, "args": [] }))
    }

    /// Opens a page; gives the milliseconds until it was shown whole.
    fn open(&self, url: &str) -> Result<f64> {
        self.post("/url", &json!({ "url": url }))?;
        let shown = self.value("const [at] = performance.getEntriesByType('navigation'); return at.loadEventEnd || at.domComplete;")?;
        shown.as_f64().ok_or_else(|| format!("{url}: no time was told"))
    }

    /// Changes a field of the filter; gives the milliseconds until what it leaves is shown.
    fn filter(&self, field: &str, value: &str) -> Result<f64> {
        let script = format!(
            "const field = document.querySelector('form[data-live] [name={field}]'); const start = performance.now();
             const swapped = new Promise(done => document.addEventListener('swapped', () => done(performance.now() - start), {{ once: true }}));
             field.value = {}; field.dispatchEvent(new Event('input', {{ bubbles: true }})); field.dispatchEvent(new Event('change', {{ bubbles: true }}));
             return await swapped;",
            json!(value)
        );
        self.value(&script)?.as_f64().ok_or_else(|| format!("the filter {field} changed nothing"))
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        let _ = ureq::delete(&self.session).call();
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}
