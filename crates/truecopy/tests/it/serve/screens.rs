//! Screenshots of views, kept as goldens a quarter as large: of views that hold neither a clock nor words that were read from pictures.
//!
//! `UPDATE_EXPECT=1` takes what is drawn now. They hold for the fonts of the machine that drew them: where words are of another
//! width the test says so and passes.

use std::path::{Path, PathBuf};

use fantoccini::Locator;
use image::RgbImage;
use image::imageops::{FilterType, resize};

use super::tasks::Day;

const VIEWS: [(&str, &str); 6] = [
    ("timeline", "/timeline"),
    ("posts", "/posts"),
    ("matrix", "/matrix"),
    ("hops", "/hops"),
    ("search", "/search"),
    ("add", "/add"),
];
const SMALLER: u32 = 4;
/// A pixel is another one if one of its colours is farther off than this, of 255.
const FAR: u8 = 20;
/// Share of the pixels that may be others.
const OTHERS: f64 = 0.004;
/// How wide words are in the three fonts of the pages.
const WIDTHS: &str = "return ['h1', 'p', 'code'].map((name) => {
    const one = document.createElement(name);
    one.textContent = 'Sheets that differ, 0123456789';
    Object.assign(one.style, { position: 'absolute', whiteSpace: 'nowrap' });
    document.body.append(one);
    const width = one.getBoundingClientRect().width.toFixed(1);
    one.remove();
    return width;
}).join(' ')";

#[tokio::test]
async fn views_look_as_they_did() {
    let Some(day) = Day::begin().await else { return };
    let update = std::env::var_os("UPDATE_EXPECT").is_some();
    let fonts = day.browser.run(WIDTHS).await.as_str().unwrap().to_owned() + "\n";
    if update {
        std::fs::create_dir_all(kept("")).unwrap();
        std::fs::write(kept("fonts.txt"), &fonts).unwrap();
    } else if std::fs::read_to_string(kept("fonts.txt")).unwrap() != fonts {
        eprintln!("skipped: the screenshots were drawn with other fonts");
        return;
    }
    let mut other = Vec::new();
    for scheme in ["light", "dark"] {
        day.browser.size(1280, 900).await;
        day.browser.scheme(scheme).await;
        for (name, path) in VIEWS {
            let name = format!("{name}-{scheme}.png");
            let now = small(&day, path).await;
            if update {
                now.save(kept(&name)).unwrap();
            }
            let share = others(&image::open(kept(&name)).unwrap().to_rgb8(), &now);
            if share > OTHERS {
                let seen = Path::new(env!("CARGO_TARGET_TMPDIR")).join(&name);
                now.save(&seen).unwrap();
                other.push(format!(
                    "{name}: {:.2} % of it is other than before, see {}",
                    share * 100.0,
                    seen.display()
                ));
            }
        }
    }
    assert!(other.is_empty(), "{}", other.join("\n"));
}

fn kept(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/serve/golden/screens").join(name)
}

/// A view as it is drawn, without the name of the case.
async fn small(day: &Day, path: &str) -> RgbImage {
    day.browser.goto(&format!("{}{path}", day.served.base())).await;
    day.browser.seen(Locator::Css("html.scripted")).await;
    day.browser.run("document.querySelector('.home').textContent = 'case'").await;
    let drawn = image::load_from_memory(&day.drawn().await).unwrap().to_rgb8();
    let (width, height) = (drawn.width() / SMALLER, drawn.height() / SMALLER);
    resize(&drawn, width, height, FilterType::Triangle)
}

/// The share of pixels that differ; all of them where the sizes do.
fn others(before: &RgbImage, now: &RgbImage) -> f64 {
    if before.dimensions() != now.dimensions() {
        return 1.0;
    }
    let far = |pair: &(&image::Rgb<u8>, &image::Rgb<u8>)| {
        pair.0.0.iter().zip(pair.1.0).any(|(before, now)| before.abs_diff(now) > FAR)
    };
    let count = before.pixels().zip(now.pixels()).filter(far).count();
    count as f64 / before.pixels().len() as f64
}
