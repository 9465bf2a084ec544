//! How the weights of `turn` come about: letters of forged text, and softmax regression on them. For tests only.
//!
//! Run `cargo test -p pages --lib learn -- --ignored --nocapture` to learn anew; it prints `weights.rs` as it should read.
//! The quick test beside it checks that the weights kept there still do well on text they were not learned from.

use forge::ink::{Face, Letters};
use forge::raster::{blur, jpeg};
use forge::rng::Rng;
use forge::words::Affair;
use image::{Rgb, RgbImage, imageops};

use crate::turn::{FEATURES, GRID, letters, turn};
use crate::weights::UPRIGHT;

const FACES: [Face; 5] = [Face::Sans, Face::SansBold, Face::Serif, Face::SerifBold, Face::Mono];

/// A page of text in one face, upright or slanting, capitals and figures in it, blurred, compressed and a little tilted.
fn page(rng: &mut Rng) -> RgbImage {
    let affair = Affair::new(rng);
    let face = *rng.pick(&FACES);
    let px = *rng.pick(&[11.0f32, 13.0, 15.0, 17.0, 20.0, 24.0, 30.0, 38.0]);
    let squeeze = rng.range(0.8, 1.25) as f32;
    let shade = rng.between(0, 90) as u8;
    let capitals = rng.unit();
    let mut page = RgbImage::from_pixel(1100, 900, Rgb([255; 3]));
    let mut y = 24.0;
    while y < 860.0 - px {
        let mut text = affair.sentence(rng);
        if capitals < 0.3 || rng.chance(0.15) {
            text = text.to_uppercase();
        }
        if rng.chance(0.3) {
            text = format!("{} {text} {}", rng.between(0, 99_999), rng.between(0, 9_999));
        }
        let line = Letters { text, x: 40.0, y, px, face, rgb: [shade; 3], squeeze };
        line.draw(&mut page);
        y += px * 1.35;
    }
    let tilt = rng.range(-0.03, 0.03);
    // A third of the pages slant as italics do.
    let slant = if rng.chance(0.33) { rng.range(0.12, 0.28) } else { 0.0 };
    let step = [[1.0, -tilt - slant, 12.0 + 450.0 * slant], [tilt, 1.0, -12.0], [0.0, 0.0, 1.0]];
    let step = forge::geometry::Homography(step);
    let page = forge::raster::warp(&page, &step, page.dimensions(), [255; 3]);
    let page = if rng.chance(0.7) { blur(&page, rng.range(0.3, 1.1)) } else { page };
    let bytes = jpeg(&page, *rng.pick(&[60, 80, 92])).unwrap_or_default();
    image::load_from_memory(&bytes).map_or(page, |read| read.into_rgb8())
}

/// A letter's cells after its picture was turned a quarter counterclockwise.
fn turned_back(cells: &[f32; FEATURES]) -> [f32; FEATURES] {
    std::array::from_fn(|k| {
        let (row, column) = (k / GRID, k % GRID);
        cells[column * GRID + GRID - 1 - row]
    })
}

/// One weight for each cell, so that letters score highest when they stand upright (Adam, Kingma & Ba 2015).
fn learned(pages: usize, rounds: i32) -> [f32; FEATURES] {
    let mut rng = Rng::new(3);
    let mut seen: Vec<[[f32; FEATURES]; 4]> = Vec::new();
    for _ in 0..pages {
        let even = crate::even(&imageops::grayscale(&page(&mut rng)));
        let all = letters(&even);
        let step = all.len().div_ceil(220).max(1);
        for cells in all.iter().step_by(step) {
            let mut ways = [*cells; 4];
            for way in 1..4 {
                ways[way] = turned_back(&ways[way - 1]);
            }
            seen.push(ways);
        }
    }
    let (mut weights, mut mean, mut square) = ([0.0f32; FEATURES], [0.0f32; FEATURES], [0.0f32; FEATURES]);
    for round in 1..=rounds {
        let mut slope = weights.map(|w| 2e-3 * w);
        for ways in &seen {
            let score = ways.map(|cells| cells.iter().zip(&weights).map(|(x, w)| x * w).sum::<f32>());
            let most = score.iter().copied().fold(f32::MIN, f32::max);
            let odds = score.map(|v| (v - most).exp());
            let sum: f32 = odds.iter().sum();
            for (way, cells) in ways.iter().enumerate() {
                let pull = (odds[way] / sum - f32::from(u8::from(way == 0))) / seen.len() as f32;
                slope.iter_mut().zip(cells).for_each(|(slope, x)| *slope += pull * x);
            }
        }
        for k in 0..FEATURES {
            mean[k] = 0.9 * mean[k] + 0.1 * slope[k];
            square[k] = 0.99 * square[k] + 0.01 * slope[k] * slope[k];
            let (m, s) = (mean[k] / (1.0 - 0.9f32.powi(round)), square[k] / (1.0 - 0.99f32.powi(round)));
            weights[k] -= 0.02 * m / (s.sqrt() + 1e-8);
        }
    }
    weights
}

#[test]
#[ignore = "minutes; prints the weights"]
fn learn() {
    let weights = learned(240, 400);
    for row in weights.chunks(GRID) {
        let cells: Vec<String> = row.iter().map(|w| format!("{w:.3}")).collect();
        println!("    {},", cells.join(", "));
    }
    let away = weights.iter().zip(&UPRIGHT).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
    assert!(away < 0.02, "weights.rs differs by {away}");
}

#[test]
fn text_of_all_faces_is_set_upright() {
    let mut rng = Rng::new(77);
    for _ in 0..8 {
        let even = crate::even(&imageops::grayscale(&page(&mut rng)));
        if turn(&even).letters < 100 {
            continue;
        }
        assert_eq!(turn(&even).quarters, 0);
        assert_eq!(turn(&imageops::rotate90(&even)).quarters, 1);
        assert_eq!(turn(&imageops::rotate180(&even)).quarters, 2);
        assert_eq!(turn(&imageops::rotate270(&even)).quarters, 3);
    }
}
