//! The ten tasks of a desk's first day, each by clicks and words alone, in no more of them than the table in
//! docs/workbench/README.md says.

use std::path::Path;
use std::time::Duration;

use fantoccini::Locator;
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::browser::Browser;
use super::material::Material;
use super::served::Served;
use crate::desk::{rows, text};

/// A case that is served, and a browser in which its overview is open.
pub struct Day {
    pub browser: Browser,
    pub served: Served,
    pub material: Material,
}

impl Day {
    pub async fn begin() -> Option<Self> {
        let browser = Browser::start().await?;
        let material = Material::copied()?;
        let served = Served::of(&material.path("leak.case"));
        browser.goto(&served.addresses[0]).await;
        browser.seen(Locator::Css("main")).await;
        Some(Self { browser, served, material })
    }

    pub fn sheets(&self) -> Vec<Value> {
        self.served.api("/api/sheets").as_array().unwrap().clone()
    }

    /// The sheet with most pictures.
    pub fn largest(&self) -> Value {
        self.sheets().into_iter().max_by_key(|sheet| rows(sheet, "pictures").len()).unwrap()
    }

    /// "Sheet 3", as the views call it.
    pub fn called(&self, sheet: &Value) -> String {
        let page = self.served.get(&format!("/of/{}", text(sheet, "id"))).text();
        page.split("<h1>").nth(1).unwrap().split("</h1>").next().unwrap().to_owned()
    }

    async fn open_sheet(&mut self, sheet: &Value) {
        let called = self.called(sheet);
        self.browser.press("Sheets").await;
        self.browser.press(&called).await;
        self.browser.until("the sheet is open", |said| said.starts_with(&called)).await;
    }

    /// The button of the form that is unfolded.
    async fn submit(&mut self) {
        self.browser.click(Locator::Css("details[open] > form.act button[type=submit]")).await;
    }

    async fn because(&mut self, reason: &str) {
        self.browser.write("details[open] > form.act textarea[name=reason]", reason).await;
    }

    fn family_of(&self, picture: &str) -> String {
        text(&self.served.api(&format!("/api/picture/{picture}")), "family").to_owned()
    }

    /// Ends the day: the task took no more than the table says, and the browser asked nobody but this machine.
    async fn took(self, task: usize) {
        let (clicks, words) = (self.browser.clicks, self.browser.typed);
        let told = self.browser.end().await;
        asked_nobody(&told, self.served.port);
        println!("task {task}: {clicks} clicks, {words} fields or keys");
        assert_eq!(
            (clicks, words),
            table(task),
            "clicks and fields of task {task} are not those of the table"
        );
    }
}

/// Clicks and fields of a task, as the documentation has them: `| 3 | … | 6 | 1 |`.
fn table(task: usize) -> (usize, usize) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/workbench/README.md");
    let told = std::fs::read_to_string(path).unwrap();
    let row =
        told.lines().find(|line| line.starts_with(&format!("| {task} |"))).expect("the table has the task");
    let cells: Vec<&str> = row.trim_matches('|').split('|').map(str::trim).collect();
    let [.., clicks, words] = cells.as_slice() else { panic!("{row}") };
    (clicks.parse().unwrap(), words.parse().unwrap())
}

/// What the browser's own log has of requests that a page of the workbench led to: none went anywhere but there. What Chromium
/// asks for of its own accord (a start page, updates) has no part in it, and is not counted.
fn asked_nobody(log: &str, port: u16) {
    let log: Value =
        serde_json::from_str(log).unwrap_or_else(|error| panic!("{error}: {} bytes of log", log.len()));
    let own = format!("http://127.0.0.1:{port}/");
    let keys = ["initiator", "network_isolation_key", "network_anonymization_key", "site_for_cookies", "url"];
    let is_ours = |event: &&Value| {
        keys.iter().any(|key| event["params"][key].as_str().is_some_and(|told| told.contains("//127.0.0.1")))
    };
    let source = |event: &Value| event["source"]["id"].as_u64();
    let ours: std::collections::BTreeSet<Option<u64>> =
        rows(&log, "events").iter().filter(is_ours).map(source).collect();
    let mut requests = 0;
    for event in rows(&log, "events").iter().filter(|event| ours.contains(&source(event))) {
        let told = &event["params"];
        if let Some(url) = told["url"].as_str().filter(|url| url.starts_with("http") || url.starts_with("ws"))
        {
            assert!(url.starts_with(&own), "a page asked {url}: {event}");
            requests += 1;
        }
    }
    // All names are looked up under one source: each says itself for whom.
    for event in rows(&log, "events").iter().filter(is_ours) {
        let host = event["params"]["host"].as_str().unwrap_or("127.0.0.1");
        assert!(host.contains("127.0.0.1"), "a page asked for {host}: {event}");
    }
    assert!(requests > 5, "the browser's log tells of {requests} requests");
}

#[tokio::test]
async fn one_the_first_appearance_of_a_sheet() {
    let Some(mut day) = Day::begin().await else { return };
    let sheet = day.largest();
    day.open_sheet(&sheet).await;
    day.browser.click(Locator::Css("dl.first a[href^='/of/post:']")).await;
    day.browser.until("the post is open", |said| said.starts_with("Post ")).await;
    let said = day.browser.said().await;
    let native = said.split_whitespace().nth(1).unwrap();
    let truth = &day.material.truth;
    let post = rows(truth, "posts").iter().find(|post| post["post"] == native).expect("a forged post");
    let of = |post: &Value| day.material.copy_of(post).map(|copy| text(copy, "sheet").to_owned());
    let sheet = of(post).unwrap();
    let posts = rows(truth, "posts").iter().filter(|post| of(post).as_deref() == Some(&sheet));
    let first = posts.min_by_key(|post| text(post, "when").to_owned()).unwrap();
    assert_eq!(post, first);
    assert!(said.contains(text(first, "channel")), "{said}");
    let second = text(first, "when")[..19].replace('T', " ");
    assert!(said.contains(&second), "{second}: {said}");
    day.took(1).await;
}

#[tokio::test]
async fn two_the_altered_figure_with_both_readings() {
    let Some(mut day) = Day::begin().await else { return };
    let is_figure = |text: &str| !text.is_empty() && text.chars().all(|sign| sign.is_ascii_digit());
    let edited = |a: &str, b: &str| {
        let edits = rows(&day.material.truth, "versions").iter().flat_map(|version| rows(version, "edits"));
        edits.into_iter().any(|edit| {
            let pair = (text(edit, "old"), text(edit, "new"));
            pair == (a, b) || pair == (b, a)
        })
    };
    let altered = day.sheets().into_iter().find_map(|sheet| {
        let all = day.served.api(&format!("/api/sheet/{}/differences", text(&sheet, "id")));
        let found = all.as_array()?.iter().find(|row| {
            let (a, b) = (text(row, "reads"), text(row, "reads_against"));
            is_figure(a) && is_figure(b) && edited(a, b)
        });
        Some((sheet.clone(), found?.clone()))
    });
    let (sheet, row) = altered.expect("a figure was altered in the forged leak, and found");
    let called = day.called(&sheet);
    day.browser.press("sheets that differ").await;
    day.browser.press(&called).await;
    let id = text(&row, "id").split(':').nth(1).unwrap()[..12].to_owned();
    let place = day.browser.seen(Locator::Id(&format!("alt-{id}"))).await;
    let said = place.text().await.unwrap();
    for reading in [text(&row, "reads"), text(&row, "reads_against")] {
        assert!(said.contains(reading), "{reading}: {said}");
    }
    assert!(said.contains("figure"), "{said}");
    let drawn = format!(
        "const all = [...document.querySelectorAll('#alt-{id} figure img')]; all.forEach((one) => one.scrollIntoView());
         return Promise.all(all.map((one) => one.decode())).then(() => all.map((one) => one.naturalWidth))"
    );
    let widths = day.browser.run(&drawn).await;
    assert!(
        widths.as_array().unwrap().len() == 2
            && widths.as_array().unwrap().iter().all(|width| width.as_u64() > Some(10))
    );
    day.took(2).await;
}

#[tokio::test]
async fn three_a_wrong_family_is_split() {
    let Some(mut day) = Day::begin().await else { return };
    let sheet = day.largest();
    let pictures: Vec<String> =
        rows(&sheet, "pictures").iter().map(|picture| picture.as_str().unwrap().to_owned()).collect();
    let leaves = pictures.iter().rfind(|picture| **picture != text(&sheet, "best")).unwrap().clone();
    day.open_sheet(&sheet).await;
    day.browser.press("Split").await;
    day.browser.click(Locator::Css(&format!("details[open] > form.act input[value='{leaves}']"))).await;
    day.because("another stamp at the foot").await;
    day.submit().await;
    day.browser
        .until("the act stands in the history", |said| said.contains("another stamp at the foot"))
        .await;
    day.served.rested();
    let stays = day.family_of(text(&sheet, "best"));
    assert_ne!(day.family_of(&leaves), stays);
    assert!(pictures.iter().filter(|one| **one != leaves).all(|one| day.family_of(one) == stays));
    // Where the sheet was, the sheet without the picture is.
    let now = day.served.api(&format!("/api/sheet/{stays}"));
    day.open_sheet(&now).await;
    let shown = |picture: &str| format!("#pic-{}", &picture.split(':').nth(1).unwrap()[..12]);
    day.browser.seen(Locator::Css(&shown(text(&sheet, "best")))).await;
    assert!(day.browser.client.find(Locator::Css(&shown(&leaves))).await.is_err());
    assert_eq!(day.served.api("/api/acts")[0]["reason"], "another stamp at the foot");
    day.took(3).await;
}

#[tokio::test]
async fn four_a_testimony_is_entered() {
    let Some(mut day) = Day::begin().await else { return };
    let sheet = day.largest();
    let first = day.served.api(&format!("/api/sheet/{}", text(&sheet, "id")))["first"].clone();
    day.open_sheet(&sheet).await;
    day.browser.press("Enter testimony").await;
    day.browser.write("details[open] > form.act input[name=from]", "2025-12-24").await;
    day.browser.write("details[open] > form.act input[name=basis]", "by telephone").await;
    day.because("it hung in the harbour office").await;
    day.submit().await;
    day.browser.until("the testimony shows", |said| said.contains("What analysts say of it")).await;
    let said = day.browser.said().await;
    for words in ["by telephone", "it hung in the harbour office", "2025-12-24", "Ann"] {
        assert!(said.contains(words), "{words}: {said}");
    }
    day.served.rested();
    let again = day.served.api(&format!("/api/sheet/{}", text(&sheet, "id")));
    assert_eq!(again["first"], first, "a testimony moves no first appearance");
    day.took(4).await;
}

#[tokio::test]
async fn five_a_name_is_searched_and_its_region_opened() {
    let Some(mut day) = Day::begin().await else { return };
    let parties = day.served.api("/api/parties");
    let names = parties.as_array().unwrap().iter().filter(|party| party["kind"] == "person");
    let mut last = names.filter_map(|party| text(party, "name").split_whitespace().nth(1));
    let name = last.find(|name| {
        let hits = day.served.api(&format!("/api/search?q={name}"));
        hits.as_array().unwrap().iter().any(|hit| text(hit, "of").starts_with("pic:"))
    });
    let name = name.expect("somebody is named on a picture").to_owned();
    day.browser.write("form.find input", &name).await;
    day.browser.keys("\u{E007}").await;
    day.browser.click(Locator::Css("#results a[href^='/of/pic:'][href*='q=']")).await;
    day.browser.until("the picture is open", |said| said.starts_with("Picture ")).await;
    day.browser.seen(Locator::Css(".overlay polygon.hit")).await;
    let inside = day
        .browser
        .run(
            "const image = document.querySelector('.stage img'); const page = image.getBoundingClientRect();
             return image.decode().then(() => [...document.querySelectorAll('.overlay polygon.hit')].every((one) => {
               const box = one.getBoundingClientRect();
               return box.width > 4 && box.height > 2 && box.left >= page.left && box.right <= page.right && box.top >= page.top && box.bottom <= page.bottom;
             }))",
        )
        .await;
    assert_eq!(inside, true, "what was found is marked on the page");
    let marks = day.browser.run("return [...document.querySelectorAll('.overlay polygon.hit title')].map((one) => one.textContent).join(' ')").await;
    assert!(marks.as_str().unwrap().to_lowercase().contains(&name.to_lowercase()), "{marks}");
    day.took(5).await;
}

/// Somebody whom passages touch, opened from among those whom the sheets touch.
async fn open_party(day: &mut Day) -> Value {
    let parties = day.served.api("/api/parties");
    let people = parties.as_array().unwrap().iter().filter(|party| party["kind"] == "person");
    let party = people.max_by_key(|party| rows(party, "passages").len()).unwrap().clone();
    day.browser.press("Whom the sheets touch").await;
    day.browser.click(Locator::XPath("//main//summary[starts-with(normalize-space(), 'Persons')]")).await;
    day.browser.click(Locator::Css(&format!("main a[href='/of/{}']", text(&party, "id")))).await;
    let name = text(&party, "name").to_owned();
    day.browser.until("the party is open", |said| said.starts_with(&name)).await;
    party
}

#[tokio::test]
async fn six_a_briefing_is_made() {
    let Some(mut day) = Day::begin().await else { return };
    let party = open_party(&mut day).await;
    day.browser.press("Briefing as PDF").await;
    let saved = day.browser.saved(".pdf").await;
    assert!(saved.starts_with(b"%PDF-1.") && saved.len() > 1000);
    // The same is to be had as a page, which names the party.
    let html = day.served.get(&format!("/briefing/{}.html", text(&party, "id"))).text();
    assert!(html.contains(text(&party, "name")));
    day.took(6).await;
}

#[tokio::test]
async fn seven_a_name_is_withheld_and_the_attack_told() {
    let Some(mut day) = Day::begin().await else { return };
    open_party(&mut day).await;
    day.browser.press("Redact its passages").await;
    day.browser.write("#withhold textarea[name=reason]", "asked for by the party").await;
    day.browser.click(Locator::Css("#withhold button[type=submit]")).await;
    day.browser
        .until("the attack is told", |said| said.starts_with("Redacted") && said.contains("The attack found"))
        .await;
    let said = day.browser.said().await;
    assert!(said.contains("The attack found nothing grave") && said.contains("withheld"), "{said}");
    let made: Vec<_> = std::fs::read_dir(day.material.path("leak.handed"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    assert_eq!(made.len(), 2, "a file and its log: {made:?}");
    day.took(7).await;
}

#[tokio::test]
async fn eight_a_package_is_exported() {
    let Some(mut day) = Day::begin().await else { return };
    day.browser.press("Hand over").await;
    day.browser.press("Export the package").await;
    day.browser.until("the package is told", |said| said.contains("Written to")).await;
    let said = day.browser.said().await;
    let handed = std::fs::read_dir(day.material.path("leak.handed")).unwrap().next().unwrap().unwrap().path();
    let manifest = std::fs::read(handed.join("tagmanifest-sha256.txt")).unwrap();
    let digest: String = Sha256::digest(&manifest).iter().map(|byte| format!("{byte:02x}")).collect();
    assert!(said.contains(&digest), "{digest}: {said}");
    assert!(handed.join("data/dossier.json").is_file() && handed.join("README.txt").is_file());
    day.took(8).await;
}

#[tokio::test]
async fn nine_a_late_export_moves_a_first_appearance() {
    let Some(mut day) = Day::begin().await else { return };
    let (files, _) = day.material.late(30);
    assert!(day.browser.said().await.contains("0 sheets are seen earlier"));
    day.browser.press("Add material").await;
    let folder = files[0].parent().unwrap().to_str().unwrap().to_owned();
    day.browser.hand_in("#add input[webkitdirectory]", &folder).await;
    day.browser.until("the files are taken", |said| said.contains("2 files are handed in")).await;
    day.browser.press("Overview").await;
    day.browser.until("what moved is told", |said| said.contains("1 sheet is seen earlier")).await;
    day.served.rested();
    let moved = day.sheets().into_iter().find(|sheet| {
        let channel = rows(sheet, "appearances")
            .iter()
            .find(|seen| seen["when"]["earliest"].as_str() < Some("2026-01-01"));
        channel.is_some()
    });
    let moved = moved.expect("a sheet is seen in December");
    let page = day.served.get(&format!("/of/{}", text(&moved, "id"))).text();
    assert!(page.contains("attic"), "the sheet is first seen in the channel that came late");
    assert!(day.browser.said().await.contains(day.called(&moved).trim_start_matches("Sheet ")));
    day.took(9).await;
}

#[tokio::test]
async fn ten_a_split_is_taken_back() {
    let Some(mut day) = Day::begin().await else { return };
    let sheet = day.largest();
    let leaves = rows(&sheet, "pictures").iter().rfind(|one| one.as_str() != sheet["best"].as_str()).unwrap();
    let leaves = leaves.as_str().unwrap().to_owned();
    let form = format!("do=split&id={leaves}&reason=another+stamp");
    assert!(day.served.post(0, "/act", &form).status < 400);
    day.served.rested();
    assert_ne!(day.family_of(&leaves), text(&sheet, "id"));
    day.browser.press("What analysts did").await;
    day.browser.press("Take back").await;
    day.because("the stamp is a stain").await;
    day.submit().await;
    day.browser.until("it is taken back", |said| said.contains("the stamp is a stain")).await;
    tokio::time::sleep(Duration::from_millis(200)).await;
    day.served.rested();
    assert_eq!(day.family_of(&leaves), text(&sheet, "id"), "the sheet is whole again");
    day.took(10).await;
}
