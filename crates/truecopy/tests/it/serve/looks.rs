//! How the views look: to axe-core, which holds them against WCAG 2 A and AA, to a screen reader, and to the eye.
//!
//! With `SHOTS=folder` each view is also written there as a picture, light, dark and as wide as a telephone.

use std::path::{Path, PathBuf};
use std::process::Command;

use expect_test::expect_file;
use fantoccini::Locator;
use serde_json::{Value, json};

use super::tasks::Day;

/// The rules' engine (MPL-2.0): a tool for tests, fetched where npm is, never kept with the source.
const AXE: &str = "axe-core@4.14.1";

/// axe-core's source; None, with a word, where there is none to be had.
fn axe() -> Option<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/axe");
    let script = folder.join("package/axe.min.js");
    if !script.is_file() {
        std::fs::create_dir_all(&folder).unwrap();
        let done = |program: &str, arguments: &[&str]| {
            Command::new(program)
                .args(arguments)
                .current_dir(&folder)
                .output()
                .is_ok_and(|out| out.status.success())
        };
        let packed = format!("{}.tgz", AXE.replace('@', "-"));
        if !done("npm", &["pack", "--silent", AXE]) || !done("tar", &["xzf", &packed]) {
            eprintln!("skipped: {AXE} cannot be fetched here (npm)");
            return None;
        }
    }
    Some(std::fs::read_to_string(script).unwrap())
}

/// Every view by a name of its own.
fn views(day: &Day) -> Vec<(&'static str, String)> {
    let sheet = day.largest();
    let id = sheet["id"].as_str().unwrap();
    let best = sheet["best"].as_str().unwrap();
    let parties = day.served.api("/api/parties");
    let party = parties[0]["id"].as_str().unwrap();
    let word = parties[0]["name"].as_str().unwrap().split(' ').next_back().unwrap();
    let post =
        sheet["appearances"].as_array().unwrap().iter().find_map(|seen| seen["post"].as_str()).unwrap();
    let channel = day.served.api("/api/channels")[0]["id"].as_str().unwrap().to_owned();
    let fixed = [
        ("overview", "/"),
        ("timeline", "/timeline"),
        ("sheets", "/sheets"),
        ("documents", "/documents"),
        ("matrix", "/matrix"),
        ("hops", "/hops"),
        ("gaps", "/gaps"),
        ("statements", "/said"),
        ("names", "/mentioned"),
        ("touched", "/touched"),
        ("posts", "/posts"),
        ("channels", "/channels"),
        ("unseen", "/unseen"),
        ("discrepancies", "/discrepancies"),
        ("add", "/add"),
        ("hand", "/hand"),
        ("history", "/history"),
        ("problems", "/problems"),
        ("method", "/method"),
        ("provenance", "/provenance"),
    ];
    let mut views: Vec<(&str, String)> =
        fixed.iter().map(|(name, path)| (*name, (*path).to_owned())).collect();
    views.push(("search", format!("/search?q={word}")));
    views.push(("sheet", format!("/of/{id}")));
    views.push(("picture", format!("/of/{best}?q={word}")));
    views.push(("post", format!("/of/{post}")));
    views.push(("channel", format!("/of/{channel}")));
    views.push(("party", format!("/of/{party}")));
    views.push(("redact", format!("/redact?id={best}")));
    views.push(("missing", "/of/fam:0".to_owned()));
    views
}

/// A case in which somebody has acted: the forms and the history have something to show.
async fn acted() -> Option<Day> {
    let day = Day::begin().await?;
    let sheet = day.largest()["id"].as_str().unwrap().to_owned();
    for form in [
        format!(
            "do=testify&id={sheet}&from=2025-12-24&basis=by+telephone&reason=it+hung+in+the+harbour+office"
        ),
        format!("do=label&on={sheet}&label=ask+the+harbour&reason=its+stamp"),
        format!("do=note&on={sheet}&reason=a+fold+at+the+left"),
    ] {
        assert!(day.served.post(0, "/act", &form).status < 400);
    }
    day.served.rested();
    Some(day)
}

#[tokio::test]
async fn no_view_breaks_wcag_a_or_aa() {
    let shots = std::env::var_os("SHOTS").map(PathBuf::from);
    let (axe, Some(day)) = (axe(), acted().await) else { return };
    if axe.is_none() && shots.is_none() {
        return;
    }
    let mut found = Vec::new();
    for (width, scheme) in [(1280, "light"), (1280, "dark"), (390, "light"), (390, "dark")] {
        day.browser.size(width, 900).await;
        day.browser.scheme(scheme).await;
        is_so(&day, width, scheme).await;
        for (name, path) in views(&day) {
            day.browser.goto(&format!("{}{path}", day.served.base())).await;
            day.browser.seen(Locator::Css("html.scripted")).await;
            if let Some(folder) = &shots {
                shot(&day, folder, &format!("{name}-{}{scheme}", if width < 600 { "phone-" } else { "" }))
                    .await;
            }
            // Nothing is cut off at the side.
            let over =
                day.browser.run("return document.documentElement.scrollWidth - window.innerWidth").await;
            if over.as_i64() > Some(0) {
                found.push(format!("{name} at {width} {scheme}: {over} px too wide"));
            }
            let Some(axe) = &axe else { continue };
            // What is folded is looked at too.
            day.browser
                .run("document.querySelectorAll('main details').forEach((one) => (one.open = true))")
                .await;
            found.extend(
                broken(&day, axe).await.iter().map(|one| format!("{name} at {width} {scheme}: {one}")),
            );
        }
    }
    for one in &found {
        println!("{one}");
    }
    assert!(found.is_empty(), "{} violations:\n{}", found.len(), found.join("\n"));
}

/// Whether the browser shows pages as wide and in the colours that were asked for.
async fn is_so(day: &Day, width: u32, scheme: &str) {
    day.browser.goto(&day.served.base()).await;
    let told = day
        .browser
        .run("return [document.documentElement.clientWidth, matchMedia('(prefers-color-scheme: dark)').matches]")
        .await;
    assert!(told[0].as_u64().is_some_and(|own| own.abs_diff(u64::from(width)) <= 20), "{told}");
    assert_eq!(told[1], scheme == "dark", "{told}");
}

#[tokio::test]
async fn faults_that_are_planted_are_found() {
    let (Some(axe), Some(day)) = (axe(), Day::begin().await) else { return };
    day.browser.goto(&day.served.base()).await;
    day.browser.seen(Locator::Css("html.scripted")).await;
    assert_eq!(broken(&day, &axe).await, [""; 0]);
    day.browser
        .run(
            "const [picture, field, pale] = ['img', 'input', 'p'].map((name) => document.createElement(name));
            picture.src = '/assets/none';
            pale.textContent = 'hardly to be read';
            pale.style.color = 'light-dark(#ddd, #333)';
            document.querySelector('main').append(picture, field, pale);",
        )
        .await;
    let found = broken(&day, &axe).await.join("\n");
    for rule in ["image-alt", "label", "color-contrast"] {
        assert!(found.contains(rule), "{rule} is not among: {found}");
    }
}

/// The rules that the page breaks, each with the elements that break it.
async fn broken(day: &Day, axe: &str) -> Vec<String> {
    let script = "
        const told = arguments[arguments.length - 1];
        axe.run(document, { runOnly: ['wcag2a', 'wcag2aa'], resultTypes: ['violations'] }).then(
          (result) => told(result.violations.map((one) => [one.id, one.help, one.nodes.length,
            one.nodes.slice(0, 3).map((node) => `${node.target.join(' ')} | ${node.html.slice(0, 160)} | ${node.failureSummary.split('\\n').slice(1).join(';').slice(0, 240)}`)])),
          (error) => told([['failed', String(error), 0, []]]))";
    // As a script of the driver's, which the page's policy does not bind.
    day.browser.run(axe).await;
    let told = day.browser.client.execute_async(script, Vec::new()).await.unwrap();
    let rules = told.as_array().unwrap().iter();
    rules.map(|rule| format!("{} ({}), {} times: {}", rule[0], rule[1], rule[2], rule[3])).collect()
}

async fn shot(day: &Day, folder: &Path, name: &str) {
    std::fs::create_dir_all(folder).unwrap();
    std::fs::write(folder.join(format!("{name}.png")), day.drawn().await).unwrap();
}

impl Day {
    /// What the window shows, as a PNG.
    pub async fn drawn(&self) -> Vec<u8> {
        // Pictures that come when they are looked at are asked for at once; a page is shown as far as two screens.
        let loaded = "const all = [...document.images]; all.forEach((one) => (one.loading = 'eager'));
            return Promise.race([Promise.all(all.map((one) => one.decode().catch(() => 0))).then(() => 1), new Promise((done) => setTimeout(done, 4000))])";
        self.browser.run(loaded).await;
        self.browser.client.screenshot().await.unwrap()
    }
}

/// What a screen reader is told of the views that hold neither a clock nor words that were read from pictures, which another
/// reader of letters reads otherwise.
#[tokio::test]
async fn screen_readers_are_told_the_same() {
    let Some(day) = Day::begin().await else { return };
    let mut told = String::new();
    for path in ["/timeline", "/add", "/history", "/search"] {
        day.browser.goto(&format!("{}{path}", day.served.base())).await;
        day.browser.seen(Locator::Css("html.scripted")).await;
        let tree = day.browser.command("Accessibility.getFullAXTree", json!({})).await;
        let case = day.browser.run("return document.querySelector('.home').textContent").await;
        let named = format!("  link {}\n", case.as_str().unwrap());
        told.push_str(&format!("{path}\n{}\n", outline(&tree).replace(&named, "  link (the case)\n")));
    }
    expect_file!["golden/tree.txt"].assert_eq(&told);
}

/// Headings, landmarks and controls of a tree, one a line.
fn outline(tree: &Value) -> String {
    let wanted = [
        "heading",
        "banner",
        "navigation",
        "main",
        "search",
        "form",
        "region",
        "link",
        "button",
        "textbox",
        "searchbox",
        "combobox",
        "checkbox",
        "radio",
        "slider",
        "status",
        "alert",
        "dialog",
        "DisclosureTriangle",
        "figure",
        "spinbutton",
    ];
    let mut lines = String::new();
    for node in tree["nodes"].as_array().unwrap().iter().filter(|node| node["ignored"] != true) {
        let (role, name) = (
            node["role"]["value"].as_str().unwrap_or_default(),
            node["name"]["value"].as_str().unwrap_or_default(),
        );
        if wanted.contains(&role) {
            lines.push_str(&format!("  {role} {name}\n"));
        }
    }
    lines
}
