//! Looks that are mostly running text: memo, cable, letter, minutes.

use super::page::Page;
use crate::ink::{Face, width};
use crate::rng::Rng;
use crate::words::Affair;

pub(super) fn memo(p: &mut Page, affair: &Affair, rng: &mut Rng) {
    let (bold, face, px) = (p.style.bold, p.style.face, p.style.px);
    if p.first() {
        let y = p.y;
        p.rgb = p.style.accent;
        p.line(&affair.office.to_uppercase(), p.left, y, 44.0, bold);
        p.rgb = [24, 24, 26];
        p.y += 66.0;
        p.rule(5.0);
        let to = format!("{} {}", affair.persons[0].title, affair.persons[0].name);
        let from = format!("{}, {}", affair.persons[1].name, affair.persons[1].title);
        let heads = [
            ("TO:", to),
            ("FROM:", from),
            ("DATE:", affair.day.long()),
            ("REF:", affair.serial.clone()),
            ("SUBJECT:", affair.subject.clone()),
        ];
        for (head, text) in heads {
            let y = p.y;
            p.line(head, p.left, y, px, bold);
            p.line(&text, p.left + 240.0, y, px, face);
            p.y += px * 1.35;
        }
        p.y += 14.0;
        p.rule(2.0);
    }
    flow(p, affair, rng, 1.28, 0.0);
}

pub(super) fn cable(p: &mut Page, affair: &Affair, rng: &mut Rng) {
    p.style.px = p.style.px.min(32.0);
    let px = p.style.px;
    let heads = [
        format!(
            "{} {}Z {}",
            rng.pick(&["PP", "RR", "OO"]),
            rng.between(100_000, 312_359),
            affair.day.signal()
        ),
        format!("FM {}", affair.office.to_uppercase()),
        format!("TO {} {}", affair.persons[0].title.to_uppercase(), affair.places[0].to_uppercase()),
        format!("INFO {} / {}", affair.places[1].to_uppercase(), affair.places[2].to_uppercase()),
        format!("SERIAL {}", affair.serial),
        format!("SUBJ: {}", affair.subject.to_uppercase()),
        "BT".to_owned(),
    ];
    for head in heads.iter().skip(if p.first() { 0 } else { 4 }) {
        let y = p.y;
        p.line(head, p.left, y, px, Face::Mono);
        p.y += px * 1.25;
    }
    p.y += px;
    for n in 1.. {
        let lead_in = format!("{n}. {}", affair.portion);
        if n % 3 == 2 {
            p.said(&lead_in, affair.said(rng), 0.0, 0.0, 1.25);
        } else if !p.paragraph(
            &format!("{lead_in} {}", affair.paragraph(rng.below(2) + 2, rng).to_uppercase()),
            0.0,
            0.0,
            1.25,
        ) {
            break;
        }
        p.y += px * 0.8;
    }
    let y = p.y.min(p.bottom);
    p.line(&format!("BT #{:04}", rng.between(1, 9999)), p.left, y, px, Face::Mono);
}

pub(super) fn letter(p: &mut Page, affair: &Affair, rng: &mut Rng) {
    let (bold, face, px) = (p.style.bold, p.style.face, p.style.px);
    if p.first() {
        let (middle, accent) = (p.size().0 / 2.0, p.style.accent);
        crest(p, middle, p.y + 60.0, rng);
        p.rgb = accent;
        p.centred(&affair.office, middle, p.y + 140.0, 46.0, bold);
        p.rgb = [24, 24, 26];
        let street = format!("{} Quay Street, {}", rng.between(2, 99), affair.places[0]);
        p.centred(&street, middle, p.y + 194.0, 28.0, face);
        p.y += 270.0;
        let (y, date) = (p.y, affair.day.long());
        p.line(&format!("Our reference: {}", affair.serial), p.left, y, px, face);
        p.line(&date, p.right - width(&date, face, px), y, px, face);
        p.y += px * 2.2;
        let (y, to) = (p.y, &affair.persons[0]);
        p.line(&format!("{} {}", to.title, to.name), p.left, y, px, face);
        p.line(&affair.places[1], p.left, y + px * 1.25, px, face);
        p.y += px * 3.4;
        let y = p.y;
        p.line(&affair.subject, p.left, y, px, bold);
        p.y += px * 1.9;
    }
    p.bottom -= px * 7.0;
    flow(p, affair, rng, 1.32, 60.0);
    let (y, x) = (p.y + px, p.left + 760.0);
    p.line("I remain, with respect,", x, y, px, face);
    p.signature(x + 20.0, y + px * 2.6, rng);
    p.line(&affair.persons[1].name, x, y + px * 4.0, px, face);
    p.line(&affair.persons[1].title, x, y + px * 5.2, px, face);
}

pub(super) fn minutes(p: &mut Page, affair: &Affair, rng: &mut Rng) {
    let (bold, face, px) = (p.style.bold, p.style.face, p.style.px);
    if p.first() {
        let (middle, y) = (p.size().0 / 2.0, p.y);
        p.centred(&affair.office, middle, y, 42.0, bold);
        p.centred(
            &format!("Minutes of the meeting held at {} on {}", affair.places[0], affair.day.long()),
            middle,
            y + 62.0,
            px,
            face,
        );
        p.centred(&format!("{} - {}", affair.subject, affair.serial), middle, y + 112.0, px, face);
        p.y += 190.0;
        let y = p.y;
        p.line("Present:", p.left, y, px, bold);
        for (k, who) in affair.persons.iter().enumerate() {
            let (x, y) = (p.left + 190.0 + (k % 2) as f32 * 610.0, p.y + (k / 2) as f32 * px * 1.25);
            p.line(&format!("{}, {}", who.name, who.title), x, y, px, face);
        }
        p.y += px * 5.0;
        p.rule(2.0);
    }
    for n in 1.. {
        let y = p.y;
        if y + px * 7.0 > p.bottom {
            break;
        }
        let heading = format!("{n}. {}", capital_matter(affair, n));
        p.line(&heading, p.left, y, px, bold);
        p.y += px * 1.3;
        if n % 2 == 1 {
            p.said(affair.portion, affair.said(rng), 60.0, 0.0, 1.24);
        }
        p.paragraph(&affair.paragraph(rng.below(3) + 2, rng), 60.0, 0.0, 1.24);
        let action = format!(
            "ACTION: {} by {}.",
            affair.persons[rng.below(6)].name,
            affair.day.plus(rng.between(3, 40)).long()
        );
        p.paragraph(&action, 60.0, 0.0, 1.24);
        p.y += px * 0.7;
    }
}

fn capital_matter(affair: &Affair, n: usize) -> String {
    let heads = [
        "Matters arising",
        "Report from",
        "Estimates for",
        "The case of",
        "Carriage to",
        "Any other business at",
    ];
    format!("{} {}", heads[n % heads.len()], affair.places[n % affair.places.len()])
}

/// Paragraphs until the page is full; about one in three reports what somebody said.
fn flow(p: &mut Page, affair: &Affair, rng: &mut Rng, lead: f32, indent: f32) {
    let px = p.style.px;
    for n in 0.. {
        if n % 3 == 1 {
            p.said(affair.portion, affair.said(rng), indent, -indent, lead);
        } else {
            let text = format!("{} {}", affair.portion, affair.paragraph(rng.below(4) + 2, rng));
            if !p.paragraph(text.trim(), indent, -indent, lead) {
                break;
            }
        }
        p.y += px * 0.75;
    }
}

/// The crest of an office that never was: a star in a ring, over waves.
fn crest(p: &mut Page, x: f32, y: f32, rng: &mut Rng) {
    let rgb = p.style.accent;
    p.ring((x, y), 58.0, 5.0, rgb);
    let rays = 5 + rng.below(4);
    let star = (0..=rays * 2)
        .map(|k| {
            let (a, r) =
                (k as f32 * std::f32::consts::PI / rays as f32, if k % 2 == 0 { 40.0 } else { 17.0 });
            (x + r * a.sin(), y - 8.0 - r * a.cos())
        })
        .collect();
    p.stroke(star, 4.0, rgb);
    for row in 0..2 {
        let wave = (0..24)
            .map(|k| (x - 36.0 + k as f32 * 3.1, y + 34.0 + row as f32 * 9.0 + (k as f32 * 0.9).sin() * 4.0))
            .collect();
        p.stroke(wave, 2.5, rgb);
    }
}
