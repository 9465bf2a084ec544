//! Everything is reached by keys alone, and it shows where one is.

use fantoccini::Locator;

use super::tasks::Day;

const TAB: &str = "\u{E004}";
const ENTER: &str = "\u{E007}";
const ESCAPE: &str = "\u{E00C}";

#[tokio::test]
async fn every_view_is_reached_by_two_keys() {
    let Some(mut day) = Day::begin().await else { return };
    let told = day
        .browser
        .run("return [...document.querySelectorAll('a[data-key]')].map((one) => [one.dataset.key, one.getAttribute('href')])")
        .await;
    let ways: Vec<(String, String)> = serde_json::from_value(told).unwrap();
    assert!(ways.len() >= 20, "{ways:?}");
    let keys: std::collections::BTreeSet<&String> = ways.iter().map(|way| &way.0).collect();
    assert_eq!(keys.len(), ways.len(), "a key is used twice");
    for (key, path) in &ways {
        day.browser.keys(&format!("g{key}")).await;
        day.arrived(path).await;
        // Scripts start when the page has loaded.
        day.browser.seen(Locator::Css("html.scripted")).await;
    }
}

#[tokio::test]
async fn keys_open_their_list_the_search_and_rows() {
    let Some(mut day) = Day::begin().await else { return };
    day.browser.seen(Locator::Css("html.scripted")).await;
    day.browser.keys("?").await;
    let list = day.browser.seen(Locator::Css("dialog[open]")).await.text().await.unwrap();
    for view in ["Timeline", "Sheets", "What analysts did", "Hand over"] {
        assert!(list.contains(view), "{list}");
    }
    // While the list is open no other key does anything.
    day.browser.keys("gt").await;
    assert_eq!(day.browser.path().await, "/");
    day.browser.keys(ESCAPE).await;
    assert!(day.browser.client.find(Locator::Css("dialog[open]")).await.is_err());
    day.browser.keys("/").await;
    assert_eq!(day.focused("one.name").await, "q");
    day.browser.keys("gt").await;
    assert_eq!(day.focused("one.value").await, "gt", "letters are letters where somebody types");
    day.browser.keys(ESCAPE).await;
    day.browser.keys("gf").await;
    day.arrived("/sheets").await;
    day.browser.seen(Locator::Css("html.scripted")).await;
    let row = "one.closest('[data-row]') ? [...document.querySelectorAll('[data-row]')].indexOf(one.closest('[data-row]')) : -1";
    for (key, place) in [("j", 0), ("j", 1), ("j", 2), ("k", 1), ("k", 0), ("k", 0)] {
        day.browser.keys(key).await;
        assert_eq!(day.focused(row).await, place, "after {key}");
    }
    day.browser.keys(ENTER).await;
    day.browser
        .until("a sheet is open", |said| said.starts_with("Sheet ") && !said.starts_with("Sheets"))
        .await;
}

#[tokio::test]
async fn the_focus_shows_wherever_it_is() {
    let Some(mut day) = Day::begin().await else { return };
    let sheet = format!("/of/{}", day.largest()["id"].as_str().unwrap());
    let picture = format!("/of/{}", day.largest()["best"].as_str().unwrap());
    for path in ["/", "/timeline", "/sheets", "/add", "/hand", &sheet, &picture] {
        day.browser.goto(&format!("{}{path}", day.served.base())).await;
        day.browser.seen(Locator::Css("html.scripted")).await;
        let mut stops = std::collections::BTreeSet::new();
        for _ in 0..60 {
            day.browser.keys(TAB).await;
            let what = day.focused("one.outerHTML.slice(0, 160)").await;
            let shows = day.focused(SHOWS).await;
            assert_eq!(shows, true, "{path}: the focus does not show on {what}");
            stops.insert(what.to_string());
        }
        assert!(stops.len() > 20, "{path}: the focus reaches {} things", stops.len());
    }
}

/// Whether an outline, a shadow or a stroke tells that the focus is here.
const SHOWS: &str = "(() => {
  if (one === document.body) return true;
  const told = (style) => (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2) || style.boxShadow !== 'none' || style.filter !== 'none';
  const within = [...one.querySelectorAll('*')].some((part) => part instanceof SVGElement && parseFloat(getComputedStyle(part).strokeWidth) >= 2);
  return told(getComputedStyle(one)) || within || ['LI', 'DIV'].includes(one.parentElement.tagName) && told(getComputedStyle(one.parentElement));
})()";

impl Day {
    /// What an expression says of the element that has the focus, `one`.
    async fn focused(&self, expression: &str) -> serde_json::Value {
        self.browser
            .run(&format!("const one = document.activeElement ?? document.body; return {expression}"))
            .await
    }

    async fn arrived(&self, path: &str) {
        let since = std::time::Instant::now();
        while self.browser.path().await != path {
            assert!(
                since.elapsed().as_secs() < 30,
                "{path} does not open, but {}",
                self.browser.path().await
            );
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
    }
}
