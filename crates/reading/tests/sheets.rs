//! Forged sheets, read: never worse than the reader alone on clean ones.
//! Without Tesseract installed there is nothing to test here.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;

use forge::rng::Rng;
use forge::typeset::{Look, Sheet, sheet};
use image::GrayImage;
use model::{Id, PictureId, Reading};
use reading::{Looks, Manner, Tesseract, Upright, look, reading};

fn bag(text: &str) -> BTreeMap<&str, usize> {
    let mut bag = BTreeMap::new();
    text.split_whitespace().for_each(|word| *bag.entry(word).or_default() += 1);
    bag
}

/// Words in common, twice, over words of both: 1 if all are the same.
fn alike(read: &str, truth: &str) -> f64 {
    let (a, b) = (bag(read), bag(truth));
    let common: usize = a.iter().map(|(word, n)| (*n).min(b.get(word).copied().unwrap_or(0))).sum();
    2.0 * common as f64 / (a.values().sum::<usize>() + b.values().sum::<usize>()).max(1) as f64
}

fn read(tesseract: &Tesseract, rasters: &[GrayImage]) -> Vec<Reading> {
    let uprights: Vec<Upright> = rasters.iter().map(|raster| Upright { raster, density: 1.0 }).collect();
    let looked = look(tesseract, &uprights, &Looks::default()).unwrap();
    let each = looked.iter().zip(rasters).enumerate();
    each.map(|(n, (looked, raster))| {
        let picture = PictureId::make(|id| {
            id.number(n as u64);
        });
        reading(picture, looked, f64::from(raster.height()), &|p| p, tesseract.signature("eng"))
    })
    .collect()
}

fn sheets() -> Vec<Sheet> {
    let mut rng = Rng::new(77);
    [Look::Memo, Look::Cable].map(|look| sheet(&mut rng, look)).to_vec()
}

#[test]
fn clean_sheets_are_read_no_worse_than_by_the_reader_alone() {
    let Ok(tesseract) = Tesseract::find() else { return };
    let sheets = sheets();
    let rasters: Vec<GrayImage> =
        sheets.iter().map(|sheet| image::imageops::grayscale(&sheet.raster())).collect();
    let plain = tesseract.read(&rasters.iter().collect::<Vec<_>>(), &Manner::default()).unwrap();
    for ((sheet, leaf), ours) in sheets.iter().zip(plain).zip(read(&tesseract, &rasters)) {
        let texts: Vec<&str> = leaf.seen.iter().map(|seen| seen.text.as_str()).collect();
        let (alone, ours_alike) = (alike(&texts.join(" "), &sheet.text()), alike(&ours.text, &sheet.text()));
        assert!(ours_alike >= alone && ours_alike > 0.97, "{ours_alike} against {alone}");
        let banner = ours.markings.iter().find(|marking| marking.stands == model::Stands::Head);
        assert_eq!(banner.map(|banner| banner.says.as_str()), Some(sheet.marking.as_str()));
        for word in &ours.words {
            let read: String =
                ours.text.chars().skip(word.span.start as usize).take(word.span.length as usize).collect();
            assert_eq!(read, word.text);
        }
    }
}

/// Figures over the bars of a chart, which a sharpened page spoils, are read alone.
#[test]
fn figures_on_a_chart_are_read() {
    let Ok(tesseract) = Tesseract::find() else { return };
    let mut rng = Rng::new(5);
    let looks = [Look::Memo, Look::Cable, Look::Slide];
    let slide = (0..9).map(|n| sheet(&mut rng, looks[n % 3])).last().unwrap();
    let read = read(&tesseract, &[image::imageops::grayscale(&slide.raster())]);
    let words = bag(&read[0].text);
    let text = slide.text();
    let missed: Vec<&str> = bag(&text).into_keys().filter(|word| !words.contains_key(word)).collect();
    assert!(missed.is_empty(), "{missed:?}");
}
