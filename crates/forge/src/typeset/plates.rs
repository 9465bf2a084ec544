//! Looks that are mostly figure: form with a table, slide with a chart, sketch map; and the till receipt.

use super::page::{Page, wrap};
use crate::ink::{self, Face, width};
use crate::rng::Rng;
use crate::words::{self, Affair};
use image::{Rgb, RgbImage};

pub(super) fn form(p: &mut Page, affair: &Affair, rng: &mut Rng) {
    let (left, right) = (p.left, p.right);
    let y = p.y;
    p.line(
        &format!("FORM {}-{}", rng.pick(&["TR", "MV", "KD"]), rng.between(10, 99)),
        left,
        y,
        30.0,
        Face::SansBold,
    );
    p.centred("RETURN OF MOVEMENTS AND STORES", (left + right) / 2.0, y + 44.0, 44.0, Face::SansBold);
    p.y += 120.0;
    let entries = [
        ("Issuing office", affair.office.clone()),
        ("Serial", affair.serial.clone()),
        ("Station", affair.places[0].clone()),
        ("Date of return", affair.day.long()),
        ("Officer", affair.persons[0].name.clone()),
        ("Countersigned", affair.persons[1].name.clone()),
    ];
    for (k, (head, entry)) in entries.iter().enumerate() {
        let (x, y) = (left + (k % 2) as f32 * 700.0, p.y + (k / 2) as f32 * 110.0);
        p.frame([x, y, 702.0, 112.0], 2.0, [60; 3]);
        p.line(head, x + 14.0, y + 10.0, 25.0, Face::Sans);
        typed(p, entry, x + 24.0, y + 54.0, 36.0);
    }
    p.y += 380.0;
    table(p, affair, rng);
    p.y += 40.0;
    let y = p.y;
    p.line("Remarks", left, y, 28.0, Face::SansBold);
    p.y += 50.0;
    for line in wrap(&affair.paragraph(3, rng), Face::Mono, 31.0, right - left - 20.0, 0.0) {
        let y = p.y;
        if y + 60.0 > p.bottom {
            break;
        }
        typed(p, &line, left + 10.0, y, 31.0);
        p.fill([left, y + 38.0, right - left, 1.5], [130; 3]);
        p.y += 52.0;
    }
    stamp(p, affair, rng);
}

/// A ruled table of figures with its sum.
fn table(p: &mut Page, affair: &Affair, rng: &mut Rng) {
    let (left, top, row) = (p.left, p.y, 58.0);
    let columns = [(0.0, "Place"), (430.0, "Goods"), (790.0, "Crates"), (970.0, "Tonnes"), (1160.0, "Date")];
    let rows = 6 + rng.below(5);
    p.fill([left, top, 1400.0, row], [222, 224, 228]);
    for (x, head) in columns {
        p.line(head, left + x + 14.0, top + 14.0, 29.0, Face::SansBold);
    }
    let (mut crates, mut tonnes) = (0, 0);
    for k in 1..=rows {
        let y = top + k as f32 * row + 14.0;
        let (c, t) = (rng.between(11, 980), rng.between(2, 88));
        crates += c;
        tonnes += t;
        let day = affair.day.plus(-rng.between(1, 60)).signal();
        let place = rng.pick(&affair.places).clone();
        let cells = [place, words::goods(rng).to_owned(), c.to_string(), t.to_string(), day];
        for ((x, _), cell) in columns.iter().zip(&cells) {
            typed(p, cell, left + x + 14.0, y, 33.0);
        }
    }
    let y = top + (rows + 1) as f32 * row + 14.0;
    p.line("Total", left + 14.0, y, 29.0, Face::SansBold);
    typed(p, &crates.to_string(), left + 804.0, y, 33.0);
    typed(p, &tonnes.to_string(), left + 984.0, y, 33.0);
    let height = (rows + 2) as f32 * row;
    for k in 0..=rows + 2 {
        p.fill([left, top + k as f32 * row, 1400.0, if k < 2 { 3.0 } else { 1.5 }], [70; 3]);
    }
    for x in columns.map(|c| c.0).into_iter().chain([1398.0]) {
        p.fill([left + x, top, 2.0, height], [70; 3]);
    }
    p.y = top + height;
}

/// Typewriter text: each word a hair off the line.
fn typed(p: &mut Page, text: &str, x: f32, y: f32, px: f32) {
    let was = p.rgb;
    p.rgb = [36, 38, 70];
    p.line(text, x, y, px, Face::Mono);
    p.rgb = was;
}

fn stamp(p: &mut Page, affair: &Affair, rng: &mut Rng) {
    let (x, y) = (rng.range(880.0, 1100.0) as f32, p.bottom - 130.0);
    if p.y > y {
        return;
    }
    p.frame([x, y, 420.0, 120.0], 5.0, [170, 40, 60]);
    p.rgb = [170, 40, 60];
    p.centred("RECEIVED", x + 210.0, y + 14.0, 46.0, Face::SansBold);
    p.centred(&affair.day.plus(3).signal(), x + 210.0, y + 66.0, 40.0, Face::Mono);
    p.rgb = [24, 24, 26];
}

pub(super) fn slide(p: &mut Page, affair: &Affair, rng: &mut Rng) {
    let ((w, h), accent) = (p.size(), p.style.accent);
    p.fill([0.0, 150.0, w, 150.0], accent);
    p.rgb = [255; 3];
    p.line(&affair.subject, 150.0, 190.0, 66.0, Face::SansBold);
    p.rgb = [24, 24, 26];
    let source = format!("{} | {} | {}", affair.office, affair.serial, affair.day.long());
    p.line(&source, 150.0, 320.0, 34.0, Face::Sans);
    p.y = 420.0;
    p.right = w * 0.53;
    for _ in 0..5 {
        let y = p.y;
        if p.paragraph(&format!("{} {}", affair.portion, affair.sentence(rng)), 50.0, 0.0, 1.14) {
            p.ring((p.left + 18.0, y + 24.0), 11.0, 11.0, accent);
        }
        p.y += 22.0;
    }
    p.said(affair.portion, affair.said(rng), 50.0, 0.0, 1.14);
    chart(p, affair, rng, [w * 0.58, 430.0, w * 0.35, h - 760.0]);
}

fn chart(p: &mut Page, affair: &Affair, rng: &mut Rng, [x, y, w, h]: [f32; 4]) {
    let accent = p.style.accent;
    p.line(&format!("{}, tonnes a week", words::capital(words::goods(rng))), x, y, 38.0, Face::SansBold);
    let (top, base) = (y + 90.0, y + h);
    p.fill([x, top, 3.0, base - top], [60; 3]);
    p.fill([x, base, w, 3.0], [60; 3]);
    let step = w / 5.0;
    for k in 0..5 {
        let value = rng.between(80, 990);
        let (bx, tall) = (x + k as f32 * step + 24.0, (base - top - 60.0) * value as f32 / 1000.0);
        p.fill([bx, base - tall, step * 0.62, tall], if k == 3 { [196, 120, 30] } else { accent });
        p.centred(&value.to_string(), bx + step * 0.31, base - tall - 48.0, 40.0, Face::SansBold);
        let name = affair.places[k].replace("Port ", "").replace(" Reach", "");
        let px = (32.0 * step * 0.92 / width(&name, Face::Sans, 32.0)).min(32.0);
        p.centred(&name, bx + step * 0.31, base + 14.0, px, Face::Sans);
    }
}

pub(super) fn map(p: &mut Page, affair: &Affair, rng: &mut Rng) {
    let (left, right) = (p.left, p.right);
    let y = p.y;
    p.line(&affair.subject, left, y, 44.0, Face::SansBold);
    p.line(
        &format!("Sketch map {} - {} - {}", affair.serial, affair.office, affair.day.long()),
        left,
        y + 62.0,
        30.0,
        Face::Sans,
    );
    let (top, tall) = (y + 130.0, 1130.0);
    let coast = coastline(left, right, top, rng);
    for pair in coast.windows(2) {
        let (a, b) = (pair[0], pair[1]);
        p.fill([a.0, top, b.0 - a.0 + 1.0, (a.1 + b.1) / 2.0 - top], [206, 224, 236]);
    }
    p.stroke(coast, 4.0, [60, 80, 110]);
    p.frame([left, top, right - left, tall], 4.0, [50; 3]);
    let sites: Vec<(f32, f32)> = (0..6)
        .map(|k| {
            let (c, r) = ((k % 3) as f32, (k / 3) as f32);
            (
                left + 190.0 + c * 440.0 + rng.range(-70.0, 70.0) as f32,
                top + 560.0 + r * 300.0 + rng.range(-60.0, 60.0) as f32,
            )
        })
        .collect();
    for pair in sites.windows(2) {
        dashes(p, pair[0], pair[1]);
    }
    for (place, &(x, y)) in affair.places.iter().zip(&sites) {
        p.ring((x, y), 13.0, 13.0, [170, 30, 30]);
        let end = p.line(place, x - 10.0, y - 96.0, 36.0, Face::SansBold);
        p.line(&format!("{} t", rng.between(20, 980)), (x - 10.0).min(end), y - 56.0, 32.0, Face::Sans);
    }
    p.fill([left + 60.0, top + tall - 60.0, 300.0, 8.0], [30; 3]);
    p.line(&format!("{} miles", rng.between(2, 9) * 5), left + 60.0, top + tall - 110.0, 30.0, Face::Sans);
    p.y = top + tall + 40.0;
    while p.paragraph(&format!("{} {}", affair.portion, affair.sentence(rng)), 0.0, 0.0, 1.25) {
        p.y += 10.0;
    }
}

/// A ragged shore across the page, by halving and shaking.
fn coastline(left: f32, right: f32, top: f32, rng: &mut Rng) -> Vec<(f32, f32)> {
    let mut ys = vec![rng.range(180.0, 380.0), rng.range(180.0, 420.0)];
    let mut shake = 120.0;
    for _ in 0..7 {
        let mut finer = Vec::with_capacity(ys.len() * 2);
        for pair in ys.windows(2) {
            finer.extend([pair[0], (pair[0] + pair[1]) / 2.0 + rng.range(-shake, shake)]);
        }
        finer.extend(ys.last());
        ys = finer;
        shake *= 0.52;
    }
    let step = (right - left) / (ys.len() - 1) as f32;
    ys.iter()
        .enumerate()
        .map(|(k, y)| (left + k as f32 * step, top + (*y as f32).clamp(60.0, 470.0)))
        .collect()
}

fn dashes(p: &mut Page, a: (f32, f32), b: (f32, f32)) {
    let n = ((a.0 - b.0).hypot(a.1 - b.1) / 34.0) as usize;
    let at = |t: f32| (a.0 + (b.0 - a.0) * t, a.1 + (b.1 - a.1) * t);
    for k in 0..n {
        let t = k as f32 / n as f32;
        p.stroke(vec![at(t), at(t + 0.6 / n as f32)], 5.0, [110, 90, 60]);
    }
}

/// A till receipt of 620 pixels width.
pub(super) fn receipt(rng: &mut Rng) -> RgbImage {
    let rows = 5 + rng.below(9);
    let mut image = RgbImage::from_pixel(620, 640 + rows as u32 * 42, Rgb([249, 248, 244]));
    let shop = format!(
        "{} {}",
        words::place(rng),
        rng.pick(&["STORES", "BAKERY", "CHANDLERS", "CANTEEN", "PHARMACY"])
    );
    let mut y = 40.0;
    let dark = [40 + rng.below(50) as u8; 3];
    let mut line = |image: &mut RgbImage, left: &str, right: &str, px: f32| {
        ink::write(image, left, 36.0, y, px, Face::Mono, dark);
        ink::write(image, right, 584.0 - width(right, Face::Mono, px), y, px, Face::Mono, dark);
        y += px * 1.4;
    };
    line(&mut image, &shop.to_uppercase(), "", 32.0);
    line(&mut image, &format!("TILL {} CLERK {}", rng.between(1, 9), rng.between(10, 99)), "", 26.0);
    line(
        &mut image,
        &format!(
            "{:02}/{:02}/26 {:02}:{:02}",
            rng.between(1, 28),
            rng.between(1, 3),
            rng.between(8, 20),
            rng.between(0, 59)
        ),
        "",
        26.0,
    );
    line(&mut image, "------------------------------", "", 28.0);
    let mut total = 0;
    for _ in 0..rows {
        let cents = rng.between(45, 2400);
        total += cents;
        let what = format!("{} {}", rng.between(1, 4), words::goods(rng));
        line(&mut image, &what.to_uppercase(), &format!("{}.{:02}", cents / 100, cents % 100), 28.0);
    }
    line(&mut image, "------------------------------", "", 28.0);
    line(&mut image, "TOTAL", &format!("{}.{:02}", total / 100, total % 100), 38.0);
    line(&mut image, "CASH", &format!("{}.00", total / 100 + 1), 28.0);
    line(&mut image, "", "", 28.0);
    line(&mut image, &format!("    THANK YOU  NO {:06}", rng.between(1, 999_999)), "", 26.0);
    image
}
