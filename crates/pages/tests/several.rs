//! Sheets that lie side by side, or stand one under the other in a window, are each found; one sheet stays one.

use forge::camera::{self, Fold, Shot};
use forge::ink::{self, Face};
use forge::rng::Rng;
use image::{Rgb, RgbImage, imageops};
use model::{Capture, Quad};

const LINES: [&str; 3] = [
    "The committee noted that the ferry treaty had been read by all of its members before",
    "Of the seven lamps ordered in March four were delivered, and none of them was of brass",
    "Whoever keeps the harbour book shall enter each barge with its burden and its master",
];

fn page(text: &str, lines: usize) -> RgbImage {
    let mut page = RgbImage::from_pixel(1275, 1650, Rgb([255; 3]));
    for line in 0..lines {
        let y = 120.0 + 42.0 * line as f32;
        let end = if line % 6 == 5 { text.len() / 2 } else { text.len() };
        ink::write(&mut page, &text[..end], 128.0, y, 27.0, Face::Serif, [20; 3]);
    }
    page
}

/// A photograph of `count` sheets beside each other, `gap` of a sheet's width between them (overlapping where negative).
fn table(count: usize, gap: f64, seed: u64) -> (RgbImage, Vec<[(f64, f64); 4]>) {
    let mut rng = Rng::new(seed);
    let mut shot = Shot::hurried(&mut rng, (1275, 1650));
    let (w, h) = (2600.0, if count > 2 { 1500.0_f64 } else { 1950.0 });
    shot.size = (w as u32, h as u32);
    let tall = (h * 0.8).min(w * 0.9 / (count as f64 * (1.0 + gap.max(0.0))) * 1.294);
    let wide = tall / 1.294;
    let start = rng.draw();
    let mut out: Option<RgbImage> = None;
    let mut all = Vec::new();
    for k in 0..count {
        let angle = rng.range(-0.08, 0.08);
        let (sin, cos) = angle.sin_cos();
        let centre = w / 2.0 + (k as f64 - (count as f64 - 1.0) / 2.0) * wide * (1.0 + gap);
        let middle = h / 2.0 + rng.range(-0.03, 0.03) * h;
        let corners = [(-0.5, -0.5), (0.5, -0.5), (0.5, 0.5), (-0.5, 0.5)].map(|(x, y): (f64, f64)| {
            let (x, y) = (x * wide * rng.range(0.97, 1.0), y * tall * rng.range(0.97, 1.0));
            (centre + x * cos - y * sin, middle + x * sin + y * cos)
        });
        shot.corners = corners;
        let page = page(LINES[k % 3], 33);
        let shown = camera::photograph(&page, &shot, &mut Rng::new(start)).image;
        out = Some(match out {
            None => shown,
            Some(mut under) => {
                lay(&mut under, &shown, &corners);
                under
            }
        });
        all.push(corners);
    }
    (out.unwrap_or_default(), all)
}

/// Takes from `over` what lies within `corners`, and throws a shadow around it.
fn lay(under: &mut RgbImage, over: &RgbImage, corners: &[(f64, f64); 4]) {
    let away = |x: f64, y: f64| {
        (0..4).fold(0.0f64, |most, k| {
            let ((ax, ay), (bx, by)) = (corners[k], corners[(k + 1) % 4]);
            most.max(-((bx - ax) * (y - ay) - (by - ay) * (x - ax)) / (bx - ax).hypot(by - ay))
        })
    };
    for (x, y, pixel) in under.enumerate_pixels_mut() {
        let away = away(f64::from(x) + 0.5, f64::from(y) + 0.5);
        if away < 1.5 {
            *pixel = *over.get_pixel(x, y);
        } else if away < 60.0 {
            pixel.0 = pixel.0.map(|v| (f64::from(v) * (1.0 - 0.3 * (-away / 12.0).exp())) as u8);
        }
    }
}

fn off(outline: &Quad, corners: &[(f64, f64); 4]) -> f64 {
    outline.0.iter().zip(corners).map(|(p, q)| (p.x - q.0).hypot(p.y - q.1)).fold(0.0, f64::max)
}

/// Of `count` sheets on each of some tables: how many were found, how many outlines were none.
fn tried(count: usize, gap: f64, seeds: std::ops::Range<u64>) -> (usize, usize) {
    let (mut right, mut wrong) = (0, 0);
    for seed in seeds {
        let (image, truth) = table(count, gap, seed);
        let found = pages::sheets(&image).value;
        let hit = |sheet: &&pages::Sheet| truth.iter().any(|corners| off(&sheet.outline, corners) < 25.0);
        let hits = found.iter().filter(hit).count();
        right += hits;
        wrong += found.len() - hits;
    }
    (right, wrong)
}

#[test]
fn two_sheets_are_two() {
    let (right, wrong) = tried(2, 0.12, 42..45);
    assert!(right >= 4 && wrong <= 1, "{right} found of 6, {wrong} wrong");
}

#[test]
fn three_sheets_are_three() {
    assert_eq!(tried(3, 0.1, 50..52), (6, 0));
}

#[test]
fn corners_may_overlap() {
    let (right, wrong) = tried(2, 0.03, 60..62);
    assert!(right >= 3 && wrong <= 1, "{right} found of 4, {wrong} wrong");
}

#[test]
fn a_folded_sheet_stays_one() {
    let page = page(LINES[0], 33);
    for seed in 90..98 {
        let mut rng = Rng::new(seed);
        let mut shot = Shot::hurried(&mut rng, page.dimensions());
        let fold = |at, depth| Fold { upright: false, at, depth };
        shot.folds = vec![fold(0.25, 0.14), fold(0.5, -0.14), fold(0.75, 0.12)];
        let shown = camera::photograph(&page, &shot, &mut rng);
        assert_eq!(pages::sheets(&shown.image).value.len(), 1, "seed {seed}");
    }
}

#[test]
fn a_window_may_show_two_pictures() {
    let mut window = RgbImage::from_pixel(1080, 1900, Rgb([24, 28, 34]));
    for (k, y) in [(0u64, 200i64), (1, 1050)] {
        let (photo, _) = table(1, 0.0, 80 + k);
        let small = imageops::resize(&photo, 900, 675, imageops::FilterType::Triangle);
        imageops::replace(&mut window, &small, 90, y);
        let says = "did you see what is on the second one";
        ink::write(&mut window, says, 90.0, y as f32 + 730.0, 36.0, Face::Sans, [220; 3]);
    }
    let found = pages::sheets(&window).value;
    assert_eq!(found.len(), 2);
    assert!(found.iter().all(|sheet| sheet.capture == Capture::Screenshot && sheet.whole));
}
