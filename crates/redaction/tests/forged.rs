//! Forged redactions: words of known sheets withheld as the command does it, then attacked. None may come back.
//!
//! `cargo nextest run -p redaction --run-ignored all two_hundred --no-capture` prints the figures of docs/redaction. Without Tesseract what is read is not tested.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;

use forge::rng::Rng;
use forge::typeset::{Look, Sheet, sheet};
use image::{GrayImage, RgbImage, imageops};
use reading::{Looks, Tesseract, Upright, look};
use redaction::{
    Area, Key, Page, Placed, Region, Seen, Term, Terms, Weakness, Widen, attack, chosen, painted, png,
    regions,
};

/// A sheet as somebody has it: pixels, words with their places.
struct Held {
    raster: RgbImage,
    words: Vec<(String, Placed)>,
}

fn held(sheet: &Sheet, manner: usize) -> Held {
    let clean = sheet.raster();
    let (raster, scale) = match manner % 4 {
        0 => (clean, 1.0),
        1 => (encoded(&clean, 45), 1.0),
        2 => {
            let (width, height) = clean.dimensions();
            (imageops::resize(&clean, width * 7 / 10, height * 7 / 10, imageops::FilterType::Triangle), 0.7)
        }
        _ => (encoded(&forge::raster::blur(&clean, 0.8), 70), 1.0),
    };
    let mut lines: BTreeMap<i64, u32> = BTreeMap::new();
    let placed = |area: &[f64; 4], lines: &mut BTreeMap<i64, u32>| {
        let next = lines.len() as u32;
        let line = *lines.entry((area[1] * 4.0) as i64).or_insert(next);
        let [x, y, width, height] = area.map(|side| side * scale);
        // A reader of letters puts a box about the letters, which fill about the middle two thirds of a line's height.
        let area = Area::around(x, y + height * 0.15, x + width, y + height * 0.85, raster.dimensions());
        Placed { area: area.unwrap_or(Area { x: 0, y: 0, width: 1, height: 1 }), line }
    };
    let words = sheet.words.iter().filter(|word| !word.text.is_empty());
    let words = words.map(|word| (word.text.clone(), placed(&word.area, &mut lines))).collect();
    Held { raster, words }
}

fn encoded(raster: &RgbImage, quality: u8) -> RgbImage {
    let jpeg = forge::raster::jpeg(raster, quality).unwrap();
    image::load_from_memory(&jpeg).unwrap().into_rgb8()
}

/// Words of five letters or more, as names would be, each on a line of its own.
fn secrets(held: &Held, count: usize, rng: &mut Rng) -> Vec<String> {
    let mut order: Vec<usize> = (0..held.words.len()).collect();
    rng.shuffle(&mut order);
    let mut secrets: Vec<String> = Vec::new();
    for n in order {
        let text: String = held.words[n].0.chars().filter(|c| c.is_alphabetic()).collect();
        let plain = held.words[n].0.chars().all(|c| c.is_alphabetic() || matches!(c, '.' | ',' | ';'));
        if plain
            && (5..13).contains(&text.chars().count())
            && !secrets.iter().any(|known| known.eq_ignore_ascii_case(&text))
        {
            secrets.push(text);
        }
        if secrets.len() == count {
            break;
        }
    }
    secrets
}

fn withheld(held: &Held, secrets: &[String], key: &str) -> (RgbImage, Vec<Region>, Terms) {
    let terms = Terms(secrets.iter().filter_map(|secret| Term::name(secret)).collect());
    let words: Vec<&str> = held.words.iter().map(|(text, _)| text.as_str()).collect();
    let picks = chosen(&words, std::slice::from_ref(&terms));
    let chosen: Vec<(usize, usize)> = picks.iter().map(|pick| (pick.word, pick.rule)).collect();
    let placed: Vec<Placed> = held.words.iter().map(|(_, placed)| *placed).collect();
    let key = Key::of(key.as_bytes(), b"picture");
    let regions = regions(&held.raster, &placed, &chosen, &[], &key, Widen::Words);
    let areas: Vec<Area> = regions.iter().map(|region| region.area).collect();
    (painted(&held.raster, &areas), regions, terms)
}

fn read(tesseract: &Tesseract, raster: &GrayImage) -> Vec<Seen> {
    let looked = look(tesseract, &[Upright { raster, density: 1.0 }], &Looks::default()).unwrap();
    let seen = looked[0].words.iter().filter_map(|word| {
        let [a, _, c, _] = word.quad.0;
        let area = Area::around(a.x, a.y, c.x, c.y, raster.dimensions())?;
        Some(Seen { text: word.text.clone(), area, doubt: word.doubt })
    });
    seen.collect()
}

/// What attacking some redactions gave.
#[derive(Debug, Default)]
struct Tally {
    redactions: usize,
    /// Secrets of which the sheet before had a reading.
    readable_before: usize,
    recovered: Vec<String>,
    findings: BTreeMap<Weakness, usize>,
    /// Letters of the secret and width of its region, in letters of that sheet.
    widths: Vec<(f64, f64)>,
}

/// Withholds `each` words of so many sheets and attacks them; without a reader by pixels alone.
fn trial(
    tally: &mut Tally,
    tesseract: Option<&Tesseract>,
    looks: &[Look],
    sheets: usize,
    each: usize,
    seed: u64,
) {
    let mut rng = Rng::new(seed);
    for n in 0..sheets {
        let held = held(&sheet(&mut rng, looks[n % looks.len()]), n);
        let secrets = secrets(&held, each, &mut rng);
        let (left, regions, terms) = withheld(&held, &secrets, &format!("{seed} {n}"));
        // As a stranger has it: decoded from the file.
        let file = png(&left).unwrap();
        assert!(redaction::scan(redaction::Container::Png, &file).findings.is_empty());
        let file = image::load_from_memory(&file).unwrap().into_rgb8();
        let areas: Vec<Area> = regions.iter().map(|region| region.area).collect();
        let page = Page { number: 0, raster: &file, edge: 0, layer: &[], regions: &areas };
        let mut after = Vec::new();
        let found = attack(&page, &terms, &mut |raster| {
            let seen = tesseract.map(|tesseract| read(tesseract, raster)).unwrap_or_default();
            after.extend(seen.iter().map(|seen| seen.text.clone()));
            seen
        });
        for finding in found {
            *tally.findings.entry(finding.weakness).or_default() += 1;
        }
        let before = tesseract
            .map(|tesseract| read(tesseract, &imageops::grayscale(&held.raster)))
            .unwrap_or_default();
        let before: Vec<String> = before.into_iter().map(|seen| seen.text).collect();
        let stands = |words: &[String], secret: &String| {
            words.iter().any(|word| word.to_lowercase().contains(&secret.to_lowercase()))
        };
        tally.redactions += secrets.len();
        tally.readable_before += secrets.iter().filter(|secret| stands(&before, secret)).count();
        tally.recovered.extend(secrets.iter().filter(|secret| stands(&after, secret)).cloned());
        measure_widths(tally, &held, &secrets, &regions);
        if tesseract.is_some() {
            let Tally { redactions, readable_before, recovered, .. } = &tally;
            println!("{redactions} withheld, {readable_before} read before, {} recovered", recovered.len());
        }
    }
}

fn measure_widths(tally: &mut Tally, held: &Held, secrets: &[String], regions: &[Region]) {
    for secret in secrets {
        let stands = |(text, _): &&(String, Placed)| text.trim_end_matches(['.', ',', ';']) == secret;
        let Some((_, placed)) = held.words.iter().find(stands) else { continue };
        let within = |region: &&Region| region.area.near(&placed.area, 0);
        // A region of several secrets tells even less; it is left out here.
        let alone = |region: &&Region| {
            held.words
                .iter()
                .filter(|(text, other)| {
                    region.area.near(&other.area, 0)
                        && secrets.iter().any(|one| text.trim_end_matches(['.', ',', ';']) == one)
                })
                .count()
                == 1
        };
        if let Some(region) = regions.iter().find(|region| within(region) && alone(region)) {
            let letters = secret.chars().count() as f64;
            let letter = f64::from(placed.area.width) / letters;
            tally.widths.push((letters, f64::from(region.area.width) / letter));
        }
    }
}

/// Pearson's correlation.
fn correlation(pairs: &[(f64, f64)]) -> f64 {
    let n = pairs.len() as f64;
    let mean = |of: fn(&(f64, f64)) -> f64| pairs.iter().map(of).sum::<f64>() / n;
    let (mx, my) = (mean(|pair| pair.0), mean(|pair| pair.1));
    let (mut xy, mut xx, mut yy) = (0.0, 0.0, 0.0);
    for (x, y) in pairs {
        xy += (x - mx) * (y - my);
        xx += (x - mx).powi(2);
        yy += (y - my).powi(2);
    }
    xy / (xx * yy).sqrt()
}

/// Shares of secrets whose letters are counted right: by the most frequent count, and by the width (leave one out, the nearest
/// width tells).
fn counted(pairs: &[(f64, f64)]) -> (f64, f64) {
    let mut counts: BTreeMap<i64, usize> = BTreeMap::new();
    pairs.iter().for_each(|(letters, _)| *counts.entry(*letters as i64).or_default() += 1);
    let blind = counts.values().max().copied().unwrap_or(0) as f64 / pairs.len() as f64;
    let right = pairs.iter().enumerate().filter(|(n, (letters, width))| {
        let others = pairs.iter().enumerate().filter(|(k, _)| k != n).map(|(_, pair)| pair);
        let nearest = others.min_by(|a, b| (a.1 - width).abs().total_cmp(&(b.1 - width).abs()));
        nearest.is_some_and(|nearest| nearest.0 == *letters)
    });
    (blind, right.count() as f64 / pairs.len() as f64)
}

fn nothing_grave(tally: &Tally) {
    assert!(tally.recovered.is_empty(), "{:?}", tally.recovered);
    let grave: Vec<_> = tally.findings.iter().filter(|(weakness, _)| weakness.grave()).collect();
    assert!(grave.is_empty(), "{grave:?}");
}

#[test]
fn forged_redactions_do_not_come_back() {
    let mut tally = Tally::default();
    let tesseract = Tesseract::find().ok();
    trial(&mut tally, tesseract.as_ref(), &[Look::Memo, Look::Cable], 2, 6, 9);
    assert_eq!(tally.redactions, 12);
    if tesseract.is_some() {
        assert!(tally.readable_before >= 10, "{tally:?}");
    }
    nothing_grave(&tally);
}

/// Two hundred of them, by their pixels: each region of one colour to the last bit, few at which a piece of a letter ends.
#[test]
fn two_hundred_forged_redactions_leave_no_pixel() {
    let mut tally = two_hundred(None);
    // Pieces of the letters beside it, cut by its edge, count as sticking out: a note.
    let pieces = tally.findings.remove(&Weakness::SticksOut).unwrap_or(0);
    assert!(pieces <= 40 && tally.findings.is_empty(), "{pieces} {:?}", tally.findings);
    let (blind, by_width) = counted(&tally.widths);
    assert!(
        by_width < blind + 0.15,
        "{by_width} of the words are counted right by their width, {blind} blind"
    );
}

/// And read.
#[test]
#[ignore = "takes many minutes"]
fn two_hundred_forged_redactions_are_not_read() {
    let Ok(tesseract) = Tesseract::find() else { return };
    let tally = two_hundred(Some(&tesseract));
    // A reader that reads nothing recovers nothing: it read them before.
    assert!(tally.readable_before >= 190, "{} read before", tally.readable_before);
    nothing_grave(&tally);
}

fn two_hundred(tesseract: Option<&Tesseract>) -> Tally {
    let mut tally = Tally::default();
    let looks = [Look::Memo, Look::Cable, Look::Letter, Look::Minutes, Look::Form];
    trial(&mut tally, tesseract, &looks, 20, 10, 41);
    let (blind, by_width) = counted(&tally.widths);
    println!(
        "{} redactions, {} read before, {} recovered; findings {:?}; widths of {}: correlation {:.2}, letters counted \
         right {:.2} blind, {:.2} by width",
        tally.redactions,
        tally.readable_before,
        tally.recovered.len(),
        tally.findings,
        tally.widths.len(),
        correlation(&tally.widths),
        blind,
        by_width
    );
    assert_eq!(tally.redactions, 200);
    tally
}

/// The same words with a box that just covers them: what the widening is for.
#[test]
fn tight_boxes_are_told_by_their_width_and_loose_ones_by_what_sticks_out() {
    let mut rng = Rng::new(12);
    let held = held(&sheet(&mut rng, Look::Memo), 0);
    let all = secrets(&held, 60, &mut rng);
    let letters = |word: &&String| word.chars().count();
    let secrets: Vec<String> = [all.iter().min_by_key(letters), all.iter().max_by_key(letters)]
        .into_iter()
        .flatten()
        .cloned()
        .collect();
    // Others that may stand there, and are far longer.
    let others = ["a", "e", "o"].map(|letter| letter.repeat(70));
    let names = secrets.iter().chain(&others);
    let terms = Terms(names.filter_map(|name| Term::name(name)).collect());
    let seen = |(text, placed): &(String, Placed)| Seen { text: text.clone(), area: placed.area, doubt: 0.0 };
    let whole: Vec<Seen> = held.words.iter().map(seen).collect();
    let tight: Vec<Area> =
        held.words.iter().filter(|(text, _)| secrets.contains(text)).map(|(_, placed)| placed.area).collect();
    let found = |areas: &[Area]| -> Vec<Weakness> {
        let file = painted(&held.raster, areas);
        let page = Page { number: 0, raster: &file, edge: 0, layer: &[], regions: areas };
        // What is left to be read, as a perfect reader would have it.
        let left: Vec<Seen> =
            whole.iter().filter(|seen| !areas.iter().any(|area| area.near(&seen.area, 0))).cloned().collect();
        attack(&page, &terms, &mut |_| left.clone()).into_iter().map(|finding| finding.weakness).collect()
    };
    assert!(found(&tight).contains(&Weakness::WidthFits), "{:?}", found(&tight));
    // Boxes that leave the tops of letters.
    let low: Vec<Area> = tight
        .iter()
        .map(|area| Area { y: area.y + area.height / 3, height: area.height * 2 / 3, ..*area })
        .collect();
    assert!(found(&low).contains(&Weakness::SticksOut));
    let (_, regions, _) = withheld(&held, &secrets, "k");
    let areas: Vec<Area> = regions.iter().map(|region| region.area).collect();
    assert!(found(&areas).is_empty(), "{:?}", found(&areas));
}

/// A word withheld at one place and left at another.
#[test]
fn a_word_left_elsewhere_is_named() {
    let mut rng = Rng::new(13);
    let held = held(&sheet(&mut rng, Look::Memo), 0);
    let secret = secrets(&held, 1, &mut rng);
    let terms = Terms(secret.iter().filter_map(|secret| Term::name(secret)).collect());
    let area = Area { x: 0, y: 0, width: 10, height: 10 };
    let raster = painted(&held.raster, &[area]);
    let page = Page { number: 0, raster: &raster, edge: 0, layer: &[], regions: &[area] };
    let seen = Seen {
        text: format!("({})", secret[0]),
        area: Area { x: 300, y: 300, width: 90, height: 20 },
        doubt: 0.1,
    };
    let found = attack(&page, &terms, &mut |_| vec![seen.clone()]);
    assert_eq!(found.iter().map(|one| one.weakness).collect::<Vec<_>>(), [Weakness::StillRead]);
    let layered = Page { layer: &[seen], ..page };
    let found = attack(&layered, &terms, &mut |_| Vec::new());
    assert_eq!(found.iter().map(|one| one.weakness).collect::<Vec<_>>(), [Weakness::TextElsewhere]);
}

/// A box that is nearly black: its pixels are not of one colour, and stretched it is read.
#[test]
fn a_box_that_is_nearly_black_is_read() {
    let Ok(tesseract) = Tesseract::find() else { return };
    let mut rng = Rng::new(14);
    let held = held(&sheet(&mut rng, Look::Memo), 0);
    let long = held.words.iter().filter(|(text, _)| text.len() > 6 && text.chars().all(char::is_alphabetic));
    let area = long.map(|(_, placed)| placed.area).next().unwrap();
    let area = Area { x: area.x - 12, y: area.y - 8, width: area.width + 24, height: area.height + 16 };
    let mut raster = held.raster.clone();
    for (x, y) in (area.y..area.bottom()).flat_map(|y| (area.x..area.right()).map(move |x| (x, y))) {
        raster.get_pixel_mut(x, y).0.iter_mut().for_each(|level| *level /= 20);
    }
    let page = Page { number: 0, raster: &raster, edge: 0, layer: &[], regions: &[area] };
    let found = attack(&page, &Terms::default(), &mut |raster| read(&tesseract, raster));
    let weak: Vec<Weakness> = found.iter().map(|one| one.weakness).collect();
    assert!(weak.contains(&Weakness::Uneven) && weak.contains(&Weakness::Readable), "{found:?}");
}
