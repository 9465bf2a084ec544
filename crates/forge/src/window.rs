//! A picture as it stands in the window of a chat program, on a telephone or on a desk.

use crate::geometry::Homography;
use crate::ink::{self, Colour, Face};
use crate::rng::Rng;
use crate::shown::Shown;
use crate::words;
use image::{Rgb, RgbImage, imageops};

struct Skin {
    ground: Colour,
    bar: Colour,
    bubble: Colour,
    text: Colour,
    faint: Colour,
}

const DARK: Skin = Skin {
    ground: [49, 51, 56],
    bar: [30, 31, 34],
    bubble: [62, 65, 73],
    text: [219, 222, 225],
    faint: [148, 155, 164],
};
const LIGHT: Skin = Skin {
    ground: [222, 231, 220],
    bar: [84, 132, 168],
    bubble: [255; 3],
    text: [20, 22, 24],
    faint: [120, 128, 134],
};

/// `shown` in a chat window, said to be of `channel`, with the lines of `said` above and below.
pub fn screenshot(shown: &Shown, channel: &str, said: &[String], rng: &mut Rng) -> Shown {
    let phone = rng.chance(0.6);
    let skin = if rng.chance(0.55) { DARK } else { LIGHT };
    let size: (u32, u32) = if phone { (1080, 2340) } else { (1720, 1180) };
    let side = if phone { 0.0 } else { 300.0 };
    let mut screen = RgbImage::from_pixel(size.0, size.1, Rgb(skin.ground));
    let (w, h) = (size.0 as f32, size.1 as f32);
    if !phone {
        sidebar(&mut screen, &skin, h, rng);
    }
    let head = if phone { status(&mut screen, &skin, w, rng) } else { 0.0 };
    ink::fill(&mut screen, [side, head, w - side, 96.0], skin.bar);
    ink::write(
        &mut screen,
        &format!("# {channel}"),
        side + 36.0,
        head + 26.0,
        44.0,
        Face::SansBold,
        [240; 3],
    );
    let half = said.len() / 2;
    let mut y = head + 124.0;
    for line in &said[..half] {
        y = bubble(&mut screen, &skin, line, side, y, rng);
    }
    let (iw, ih) = (f64::from(shown.image.width()), f64::from(shown.image.height()));
    let room = (f64::from(w - side) - 150.0, f64::from(h - y) - if phone { 520.0 } else { 240.0 });
    let scale = (room.0 / iw).min(room.1 / ih).min(1.0);
    let step = Homography::stretch(scale, scale, f64::from(side) + 110.0, f64::from(y).round());
    let small = imageops::resize(
        &shown.image,
        (iw * scale) as u32,
        (ih * scale) as u32,
        imageops::FilterType::Triangle,
    );
    imageops::replace(&mut screen, &small, i64::from(side as u32) + 110, f64::from(y).round() as i64);
    y += (ih * scale) as f32 + 30.0;
    for line in &said[half..] {
        if y + 220.0 < h {
            y = bubble(&mut screen, &skin, line, side, y, rng);
        }
    }
    ink::fill(&mut screen, [side, h - 110.0, w - side, 110.0], skin.bar);
    ink::write(
        &mut screen,
        &format!("Message #{channel}"),
        side + 110.0,
        h - 78.0,
        38.0,
        Face::Sans,
        skin.faint,
    );
    shown.moved(screen, &step)
}

fn status(screen: &mut RgbImage, skin: &Skin, w: f32, rng: &mut Rng) -> f32 {
    ink::fill(screen, [0.0, 0.0, w, 80.0], skin.bar);
    let clock = format!("{:02}:{:02}", rng.between(0, 23), rng.between(0, 59));
    ink::write(screen, &clock, 50.0, 22.0, 38.0, Face::SansBold, [240; 3]);
    let charge = format!("{}%", rng.between(4, 99));
    ink::write(screen, &charge, w - 140.0, 22.0, 36.0, Face::Sans, [240; 3]);
    for k in 0..4 {
        let tall = 8.0 + 7.0 * k as f32;
        ink::fill(screen, [w - 240.0 + 16.0 * k as f32, 56.0 - tall, 10.0, tall], [240; 3]);
    }
    80.0
}

fn sidebar(screen: &mut RgbImage, skin: &Skin, h: f32, rng: &mut Rng) {
    ink::fill(screen, [0.0, 0.0, 300.0, h], skin.bar);
    let names =
        ["rules", "general", "screens", "maps-and-mods", "trade", "off-topic", "voice-text", "archive"];
    let from = rng.below(names.len());
    for (k, y) in (0..9).map(|k| (k, 130.0 + 54.0 * k as f32)) {
        ink::write(
            screen,
            &format!("# {}", names[(from + k) % names.len()]),
            28.0,
            y,
            30.0,
            Face::Sans,
            [170, 176, 184],
        );
    }
}

/// One line somebody said; returns where the next may begin.
fn bubble(screen: &mut RgbImage, skin: &Skin, line: &str, side: f32, y: f32, rng: &mut Rng) -> f32 {
    let name = words::person(rng).name.to_lowercase().replace(' ', "_");
    let hue = *rng.pick(&[[200, 90, 80], [90, 160, 90], [90, 120, 200], [190, 150, 60]]);
    ink::ring(screen, (side + 58.0, y + 42.0), 34.0, 40.0, hue, 1.0);
    let wide = ink::width(line, Face::Sans, 36.0).max(ink::width(&name, Face::SansBold, 30.0) + 130.0) + 44.0;
    ink::fill(screen, [side + 108.0, y, wide, 104.0], skin.bubble);
    let end = ink::write(screen, &name, side + 128.0, y + 12.0, 30.0, Face::SansBold, hue);
    let clock = format!("{:02}:{:02}", rng.between(0, 23), rng.between(0, 59));
    ink::write(screen, &clock, end + 20.0, y + 15.0, 24.0, Face::Sans, skin.faint);
    ink::write(screen, line, side + 128.0, y + 52.0, 36.0, Face::Sans, skin.text);
    y + 124.0
}
