//! Forged sheets, read: never worse than the reader alone on clean ones, a family better than its pictures.
//! Without Tesseract installed there is nothing to test here.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;

use forge::rng::Rng;
use forge::typeset::{Look, Sheet, sheet};
use image::GrayImage;
use model::{FamilyId, Id, PictureId, Reading};
use reading::{Looks, Manner, Member, Tesseract, Upright, look, reading, together};

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
        assert!(ours_alike >= alone - 0.003 && ours_alike > 0.97, "{ours_alike} against {alone}");
        let banner = ours.markings.iter().find(|marking| marking.stands == model::Stands::Head);
        assert_eq!(banner.map(|banner| banner.says.as_str()), Some(sheet.marking.as_str()));
        for word in &ours.words {
            let read: String =
                ours.text.chars().skip(word.span.start as usize).take(word.span.length as usize).collect();
            assert_eq!(read, word.text);
        }
    }
}

#[test]
fn a_family_reads_better_than_its_pictures_and_keeps_dissent() {
    let Ok(tesseract) = Tesseract::find() else { return };
    let mut rng = Rng::new(5);
    let sheet = sheet(&mut rng, Look::Letter);
    let mut rasters = Vec::new();
    for n in 0..3u32 {
        let mut raster =
            image::imageops::grayscale(&forge::camera::fax(&sheet.raster(), 1100, &mut rng).image);
        // Each picture is smeared at another place.
        let (height, width) = (raster.height(), raster.width());
        for y in height * (3 + n) / 10..height * (3 + n) / 10 + height / 20 {
            for x in 0..width {
                let left = raster.get_pixel(x.saturating_sub(2), y).0[0];
                let here = raster.get_pixel(x, y).0[0];
                raster.put_pixel(x, y, image::Luma([((u16::from(left) * 3 + u16::from(here)) / 4) as u8]));
            }
        }
        rasters.push(raster);
    }
    let mut readings = read(&tesseract, &rasters);
    // One of them says another name, surely.
    let sure = |reading: &Reading, text: &str| {
        let mut all = reading.words.iter().filter(|word| word.text == text);
        all.next().is_some_and(|word| word.doubt < 0.05) && all.next().is_none()
    };
    let all_sure = |text: &str| text.len() > 5 && readings.iter().all(|reading| sure(reading, text));
    let at = readings[0].words.iter().position(|word| all_sure(&word.text)).unwrap();
    readings[0].words[at].text = "ALTERED".to_owned();
    let single = readings.iter().map(|reading| alike(&reading.text, &sheet.text())).fold(0.0, f64::max);
    let members: Vec<Member> = readings
        .iter()
        .map(|reading| Member { reading, frame: None, shows: None, covered: Vec::new(), weight: 1.0 })
        .collect();
    let family = FamilyId::make(|id| {
        id.text("letter");
    });
    let all = together(family, &members);
    assert!(
        alike(&all.text, &sheet.text()) >= single - 0.002,
        "{} against {single}",
        alike(&all.text, &sheet.text())
    );
    assert!(
        all.dissents.iter().any(|dissent| dissent.variants.iter().any(|variant| variant.text == "ALTERED"))
    );
    let turned: Vec<Member> = members.into_iter().rev().collect();
    assert_eq!(together(family, &turned), all);
}
