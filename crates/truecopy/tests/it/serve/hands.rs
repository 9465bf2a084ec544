//! What the hand does: filters, spans of the timeline, zoom, pictures laid on each other, regions, hops, drops; and what follows by itself.

use std::time::{Duration, Instant};

use fantoccini::Locator;
use serde_json::Value;

use super::tasks::Day;
use crate::desk::{rows, text};

const END: &str = "\u{E010}";
const ENTER: &str = "\u{E007}";
const ESCAPE: &str = "\u{E00C}";
const HOME: &str = "\u{E011}";
const LEFT: &str = "\u{E012}";
const RIGHT: &str = "\u{E014}";

impl Day {
    async fn at(&self, path: &str) {
        self.browser.goto(&format!("{}{path}", self.served.base())).await;
        self.browser.seen(Locator::Css("html.scripted")).await;
    }

    /// What an expression comes to.
    async fn told(&self, expression: &str) -> Value {
        self.browser.run(&format!("return {expression}")).await
    }

    /// Waits until an expression holds.
    async fn comes(&self, expression: &str) {
        let since = Instant::now();
        while self.told(expression).await != true {
            assert!(since.elapsed() < Duration::from_secs(60), "{expression} does not come to hold");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    async fn focus(&self, css: &str) {
        self.browser.run(&format!("document.querySelector({css:?}).focus()")).await;
    }

    /// A sheet with two pictures that differ, laid on each other.
    fn pair(&self) -> String {
        let sheet = self.largest();
        let other =
            rows(&sheet, "pictures").iter().find(|one| one.as_str() != sheet["best"].as_str()).unwrap();
        format!("/of/{}?one={}&two={}", text(&sheet, "id"), other.as_str().unwrap(), text(&sheet, "best"))
    }
}

#[tokio::test]
async fn a_filter_brings_its_results_and_leaves_the_page() {
    let Some(mut day) = Day::begin().await else { return };
    let channel = text(&day.served.api("/api/channels")[0], "id").to_owned();
    let cookie = format!("Cookie: {}", day.served.cookie(0));
    let count = "document.querySelector('#results [role=status]').textContent";
    for view in ["/posts", "/sheets", "/timeline"] {
        day.at(view).await;
        let before = day.told(count).await;
        day.browser.run("window.stays = document.querySelector('form[data-live]')").await;
        let choice = day.browser.seen(Locator::Css("main select[name=channel]")).await;
        choice.select_by_value(&channel).await.unwrap();
        day.comes("location.search.includes('channel=')").await;
        day.comes("!document.querySelector('#results[aria-busy]')").await;
        let after = day.told(count).await;
        assert_ne!(before, after, "{view}");
        assert_eq!(day.told("window.stays === document.querySelector('form[data-live]')").await, true);
        // What came is what the server sends of the results alone, and is read aloud.
        let path = format!("{view}?channel={}", channel.replace(':', "%3A"));
        let sent = day.served.ask("GET", &path, &[&cookie, "truecopy-part: results"], &[]).body.len();
        let came = "performance.getEntriesByType('resource').filter((one) => one.initiatorType === 'fetch').at(-1).decodedBodySize";
        assert_eq!(day.told(came).await, sent, "{view}");
        day.comes(&format!("document.getElementById('voice').textContent === {count}")).await;
        // The address says it all.
        day.at(&path).await;
        assert_eq!(day.told(count).await, after, "{view}");
    }
    day.at("/sheets").await;
    let all = day.told(count).await;
    day.browser.write("main input[name=words]", "no such word on any sheet").await;
    day.comes(&format!("{count} !== {all}")).await;
    assert_eq!(day.told(count).await, "0 sheets");
}

#[tokio::test]
async fn what_is_chosen_by_a_link_shows_and_is_let_go() {
    let Some(mut day) = Day::begin().await else { return };
    let marks = "document.querySelector('#results [role=status]').textContent";
    day.at("/timeline").await;
    let all = day.told(marks).await;
    let best = day.served.api(&format!("/api/picture/{}", text(&day.largest(), "best")));
    let version = text(&best, "version");
    day.at(&format!("/timeline?version={version}")).await;
    assert_ne!(day.told(marks).await, all);
    let chip = day.browser.seen(Locator::Css("#filter a.chip.on")).await.text().await.unwrap();
    assert!(chip.contains("version"), "{chip}");
    day.browser.click(Locator::Css("#filter a.chip.on")).await;
    day.comes("location.search === ''").await;
    assert_eq!(day.told(marks).await, all);
    // A sheet that was seen once is no choice of every page, but of the page that shows it alone.
    let once = day
        .sheets()
        .into_iter()
        .find(|sheet| rows(sheet, "appearances").len() == 1)
        .expect("a sheet is seen once");
    for view in ["/timeline", "/posts"] {
        day.at(&format!("{view}?family={}", text(&once, "id"))).await;
        assert_eq!(day.told("document.querySelector('main select[name=family]').value").await, once["id"]);
    }
}

#[tokio::test]
async fn a_span_of_the_timeline_is_marked_by_hand_and_by_keys() {
    let Some(mut day) = Day::begin().await else { return };
    let fields =
        "['from', 'to'].map((name) => Date.parse(document.querySelector(`#filter [name=${name}]`).value))";
    let axis = "(() => { const all = JSON.parse(document.querySelector('svg.timeline').dataset.pieces); return [Date.parse(all[0].from), Date.parse(all.at(-1).to)]; })()";
    let span = |value: Value| {
        let ends: Vec<i64> = serde_json::from_value(value).unwrap();
        (ends[0], ends[1])
    };
    day.at("/timeline").await;
    let whole = span(day.told(axis).await);
    day.browser.drag("svg.timeline", (0.35, 0.03), (0.7, 0.03)).await;
    day.comes("location.search.includes('from=') && location.search.includes('to=')").await;
    let marked = span(day.told(fields).await);
    assert!(whole.0 < marked.0 && marked.0 < marked.1 && marked.1 < whole.1, "{whole:?} {marked:?}");
    day.comes(&format!("{axis}[0] === {}", marked.0)).await;
    assert_eq!(span(day.told(axis).await), marked);
    // Twice as near, and all again.
    day.browser.click(Locator::Css("main .tools button:nth-of-type(1)")).await;
    day.comes(&format!("{axis}[0] > {}", marked.0)).await;
    let near = span(day.told(axis).await);
    let half = (marked.1 - marked.0) / 2;
    assert!(((near.1 - near.0) - half).abs() < 3000, "{marked:?} {near:?}");
    day.browser.click(Locator::Css("main .tools button:nth-of-type(3)")).await;
    day.comes("location.search === ''").await;
    day.comes(&format!("{axis}[0] === {}", whole.0)).await;
    // The edges are sliders.
    day.focus(".edge-handle").await;
    let now = "Number(document.querySelector('.edge-handle').getAttribute('aria-valuenow'))";
    let before = day.told(now).await.as_i64().unwrap();
    day.browser.keys(&RIGHT.repeat(4)).await;
    let moved = day.told(now).await.as_i64().unwrap();
    assert!(moved > before);
    day.browser.keys(ENTER).await;
    day.comes("location.search.includes('from=')").await;
    assert!((span(day.told(fields).await).0 - moved).abs() < 1000);
    // Among the marks arrows lead from one to the next.
    day.at("/timeline").await;
    day.focus("svg.timeline a[tabindex='0']").await;
    day.browser.run("window.first = document.activeElement").await;
    day.browser.keys(&format!("{RIGHT}{LEFT}{RIGHT}")).await;
    assert_eq!(
        day.told(
            "document.activeElement.matches('svg.timeline a') && document.activeElement !== window.first"
        )
        .await,
        true
    );
}

/// A place of the frame without a word or a mark, as shares of its width and height.
const BARE: &str = "
    const frame = document.querySelector('.frame[data-zoom]');
    frame.scrollIntoView({ block: 'center' });
    const box = frame.getBoundingClientRect();
    for (let y = 0.3; y < 0.8; y += 0.02) for (let x = 0.3; x < 0.8; x += 0.02) {
      const found = document.elementFromPoint(box.left + x * box.width, box.top + y * box.height);
      if (frame.contains(found) && !found.closest('a, button, .word')) return [x, y];
    }";

#[tokio::test]
async fn a_picture_is_brought_nearer_and_moved() {
    let Some(mut day) = Day::begin().await else { return };
    let best = day.largest()["best"].as_str().unwrap().to_owned();
    day.at(&format!("/of/{best}")).await;
    day.browser.run("return document.querySelector('.stage img').decode()").await;
    let scale = "new DOMMatrix(getComputedStyle(document.querySelector('.frame .stage')).transform)";
    let near = format!("{scale}.a");
    assert_eq!(day.told(&near).await, 1);
    day.focus(".frame[data-zoom]").await;
    day.browser.keys("++").await;
    assert_eq!(day.told(&near).await, 2.25);
    let left = day.told(&format!("{scale}.e")).await.as_f64().unwrap();
    // Where no word lies under the hand: there a drag chooses words.
    let bare: Vec<f64> = serde_json::from_value(day.browser.run(BARE).await).unwrap();
    day.browser.drag(".frame[data-zoom]", (bare[0], bare[1]), (bare[0] - 0.1, bare[1])).await;
    assert!(day.told(&format!("{scale}.e")).await.as_f64().unwrap() < left - 20.0);
    day.browser.keys("0").await;
    assert_eq!(day.told(&near).await, 1);
    // A note at the margin leads to its place, and lights it up.
    day.browser.click(Locator::Css("li[data-marks] a[data-at]")).await;
    day.comes(&format!("{near} > 1")).await;
    assert_eq!(
        day.told(
            "!!document.querySelector('svg.overlay .lit') && !!document.querySelector('li[data-marks].lit')"
        )
        .await,
        true
    );
    let inside = day
        .told(
            "(() => { const [mark, frame] = ['svg.overlay .lit', '.frame[data-zoom]'].map((one) => document.querySelector(one).getBoundingClientRect());
               const [x, y] = [mark.left + mark.width / 2, mark.top + mark.height / 2];
               return x > frame.left && x < frame.right && y > frame.top && y < frame.bottom; })()",
        )
        .await;
    assert_eq!(inside, true, "the place shows in the frame");
}

#[tokio::test]
async fn two_pictures_are_laid_on_each_other() {
    let Some(mut day) = Day::begin().await else { return };
    day.at(&day.pair()).await;
    day.browser.run("document.querySelector('details.view').open = true; document.querySelectorAll('.view .pair img').forEach((one) => { one.loading = 'eager'; })").await;
    day.browser.run("return Promise.all([...document.querySelectorAll('.view .pair img')].map((one) => one.decode()))").await;
    let over = "getComputedStyle(document.querySelector('.pair .over'))";
    let checked = |way: &str| format!("document.querySelector('.view .way-{way}').checked");
    day.focus(".view .pair").await;
    day.browser.keys("1").await;
    assert_eq!(day.told(&checked("side")).await, true);
    day.browser.keys("+").await;
    let joined = "[...document.querySelectorAll('.pair .stage')].map((one) => new DOMMatrix(getComputedStyle(one).transform).a)";
    assert_eq!(day.told(joined).await, serde_json::json!([1.5, 1.5]), "both come nearer together");
    day.browser.keys("02").await;
    assert_eq!(day.told(&checked("swipe")).await, true);
    assert!(day.told(&format!("{over}.clipPath")).await.as_str().unwrap().contains("50%"));
    day.focus("input.swipe").await;
    day.browser.keys(END).await;
    assert!(!day.told(&format!("{over}.clipPath")).await.as_str().unwrap().contains("50%"));
    day.focus(".view .pair").await;
    day.browser.keys("3").await;
    assert_eq!(day.told(&checked("turns")).await, true);
    let away = "document.querySelector('.pair .over').classList.contains('away')";
    day.comes(away).await;
    day.comes(&format!("!{away}")).await;
    // The other one, and held.
    day.browser.keys("x").await;
    let held = day.told(away).await;
    tokio::time::sleep(Duration::from_millis(2000)).await;
    assert_eq!(day.told(away).await, held);
    day.browser.keys("x4").await;
    assert_eq!(day.told(&checked("less")).await, true);
    assert_eq!(day.told(&format!("{over}.mixBlendMode")).await, "difference");
}

#[tokio::test]
async fn a_rectangle_drawn_by_hand_is_withheld() {
    let Some(mut day) = Day::begin().await else { return };
    let best = day.largest()["best"].as_str().unwrap().to_owned();
    day.at(&format!("/redact?id={best}")).await;
    day.browser.run("return document.querySelector('.stage img').decode()").await;
    let regions = "[...document.querySelectorAll('#withhold input[name=region]')].map((one) => one.value.split(',').map(Number))";
    // While nothing is drawn the picture only moves.
    day.browser.drag("svg.overlay", (0.3, 0.3), (0.6, 0.5)).await;
    assert_eq!(day.told(regions).await, serde_json::json!([]));
    day.focus(".frame[data-regions]").await;
    day.browser.keys("d").await;
    day.browser.drag("svg.overlay", (0.3, 0.3), (0.6, 0.5)).await;
    let drawn: Vec<Vec<f64>> = serde_json::from_value(day.told(regions).await).unwrap();
    let size = "[...document.querySelector('svg.overlay').getAttribute('viewBox').split(' ')].map(Number)";
    let size: Vec<f64> = serde_json::from_value(day.told(size).await).unwrap();
    let meant = [0.3 * size[2], 0.3 * size[3], 0.3 * size[2], 0.2 * size[3]];
    let near = |a: f64, b: f64, of: f64| (a - b).abs() <= 2.0 + of / 200.0;
    assert_eq!(drawn.len(), 1);
    assert!(drawn[0].iter().zip(meant).all(|(a, b)| near(*a, b, size[2])), "{drawn:?} {meant:?}");
    // Another one by its numbers, and taken back.
    for (n, number) in ["5", "6", "40", "30"].iter().enumerate() {
        day.browser.write(&format!(".region-entry label:nth-of-type({}) input", n + 1), number).await;
    }
    day.browser.click(Locator::Css(".region-entry button")).await;
    assert_eq!(day.told(&format!("{regions}[1]")).await, serde_json::json!([5, 6, 40, 30]));
    day.browser.click(Locator::Css(".region-list li:nth-child(2) button")).await;
    assert_eq!(day.told(&format!("{regions}.length")).await, 1);
    day.browser.write("#withhold textarea[name=reason]", "a place drawn by hand").await;
    day.browser.click(Locator::Css("#withhold button[type=submit]")).await;
    day.browser.until("the attack is told", |said| said.contains("The attack found")).await;
    let mut files =
        std::fs::read_dir(day.material.path("leak.handed")).unwrap().map(|file| file.unwrap().path());
    let made = files.find(|path| path.extension().is_some_and(|ending| ending == "png")).unwrap();
    let made = image::open(made).unwrap().to_luma8();
    let [x, y, w, h] = <[f64; 4]>::try_from(drawn[0].clone()).unwrap().map(|number| number as u32);
    assert_eq!((f64::from(made.width()), f64::from(made.height())), (size[2], size[3]));
    let inner = image::imageops::crop_imm(&made, x + 1, y + 1, w - 2, h - 2).to_image();
    let inks: std::collections::BTreeSet<u8> = inner.pixels().map(|pixel| pixel.0[0]).collect();
    assert_eq!(inks.len(), 1, "what is withheld is of one colour: {inks:?}");
    let page: std::collections::BTreeSet<u8> = made.pixels().map(|pixel| pixel.0[0]).collect();
    assert!(page.len() > 10);
}

#[tokio::test]
async fn hops_of_a_channel_stand_out_and_show_along_time() {
    let Some(mut day) = Day::begin().await else { return };
    day.at("/hops").await;
    let dim = "document.querySelectorAll('svg.hops .dim').length";
    assert_eq!(day.told(dim).await, 0);
    // A click pins what a channel has to do with, and Escape lets go.
    day.browser.click(Locator::Css("svg.hops a:has(text.channel) text.channel")).await;
    assert_eq!(day.browser.path().await, "/hops");
    day.comes("!!document.querySelector('svg.hops a.pinned')").await;
    assert!(day.told(dim).await.as_u64() > Some(0));
    let own = "document.querySelectorAll('svg.hops a.pinned.dim').length";
    assert_eq!(day.told(own).await, 0);
    let hops = "document.querySelectorAll('svg.hops a:has(path.hop)').length";
    let dimmed = "document.querySelectorAll('svg.hops a.dim:has(path.hop)').length";
    let (hops, dimmed) = (day.told(hops).await.as_u64().unwrap(), day.told(dimmed).await.as_u64().unwrap());
    assert!(0 < dimmed && dimmed < hops, "{dimmed} of {hops}");
    day.browser.keys(ESCAPE).await;
    assert_eq!(day.told(dim).await, 0);
    // Along time.
    let later = "document.querySelectorAll('svg.hops a.later').length";
    assert_eq!(day.told(later).await, 0);
    day.focus(".along input[type=range]").await;
    day.browser.keys(HOME).await;
    assert_eq!(day.told(later).await, hops);
    day.browser.keys(END).await;
    assert_eq!(day.told(later).await, 0);
}

/// Counts the bars that show how far stages are.
const BARS: &str = "
    window.bars = 0;
    const counted = () => { window.bars += document.querySelectorAll('#progress progress').length; };
    new MutationObserver(counted).observe(document.getElementById('progress'), { childList: true, subtree: true });";

#[tokio::test]
async fn a_page_follows_the_case_or_says_that_it_changed() {
    let Some(mut day) = Day::begin().await else { return };
    day.browser.seen(Locator::Css("html.scripted")).await;
    day.browser.run("window.stays = true; document.querySelector('main').dataset.old = 'yes'").await;
    day.browser.run(BARS).await;
    let sheet = day.largest();
    let leaves = rows(&sheet, "pictures").iter().rfind(|one| one.as_str() != sheet["best"].as_str()).unwrap();
    let form = format!("do=split&id={}&reason=another+stamp", leaves.as_str().unwrap());
    assert!(day.served.post(0, "/act", &form).status < 400);
    day.comes("!('old' in document.querySelector('main').dataset)").await;
    assert_eq!(day.told("window.stays").await, true, "the page itself is the same");
    assert!(day.told("window.bars").await.as_u64() > Some(0), "how far the stages are was told");
    day.served.rested();
    day.comes("document.querySelectorAll('#progress progress').length === 0").await;
    // Elsewhere nothing moves under the reader's eyes.
    day.at("/sheets").await;
    day.browser.run("document.querySelector('main').dataset.old = 'yes'").await;
    let act = day.served.api("/api/acts")[0]["id"].as_str().unwrap().to_owned();
    assert!(day.served.post(0, "/act", &format!("do=undo&act={act}&reason=it+was+a+stain")).status < 400);
    day.browser.seen(Locator::Css("#progress [data-kind=changed]")).await;
    assert_eq!(day.told("document.querySelector('main').dataset.old").await, "yes");
    day.browser.click(Locator::Css("#progress [data-kind=changed] a")).await;
    day.comes("document.readyState === 'complete' && !('old' in document.querySelector('main').dataset)")
        .await;
}

#[tokio::test]
async fn files_are_dropped_on_the_page_that_takes_them() {
    let Some(mut day) = Day::begin().await else { return };
    let drop = "const held = new DataTransfer(); held.items.add(new File(['a note that came late'], 'late note.txt'));
        document.querySelector('main').dispatchEvent(new DragEvent('drop', { dataTransfer: held, bubbles: true, cancelable: true }))";
    day.at("/sheets").await;
    day.browser.run(drop).await;
    let way = day.browser.seen(Locator::Css("#progress [data-kind=drop] a")).await;
    assert!(way.attr("href").await.unwrap().unwrap().ends_with("/add"));
    let before = day.served.api("/api/counts")["files"].as_u64().unwrap();
    day.at("/add").await;
    day.browser.run(drop).await;
    let told = "1 file is handed in. Received: 1; new: 1; refused: 0.";
    day.browser.until("the file is taken", |said| said.contains(told)).await;
    day.served.rested();
    assert_eq!(day.served.api("/api/counts")["files"].as_u64().unwrap(), before + 1);
    // A path that is none is told in the form, and what was typed stays.
    day.browser.write("#add input[name=path]", "/no/such/thing").await;
    day.browser.click(Locator::Css("#add button[type=submit]")).await;
    let alert = day.browser.seen(Locator::Css("#add > [role=alert]")).await;
    assert_eq!(alert.text().await.unwrap(), "/no/such/thing does not exist.");
    assert_eq!(day.told("document.querySelector('#add input[name=path]').value").await, "/no/such/thing");
    assert_eq!(day.browser.path().await, "/add");
}
