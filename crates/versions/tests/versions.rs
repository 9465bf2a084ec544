//! The engine on forged sheets: what was altered is found where it is, what was not is left alone, junk does no harm.

#![allow(clippy::unwrap_used)]

use forge::camera::{Shot, photograph};
use forge::damage::{Damage, apply};
use forge::edit::{Edit, altered, paint, propose};
use forge::ink::{self, Face};
use forge::kinds::{Kind, alter};
use forge::rng::Rng;
use forge::shown::Shown as Forged;
use forge::typeset::{Look, Mark, Sheet, sheet};
use image::{GrayImage, Rgb, RgbImage};
use model::{Change, FamilyId, Id, PictureId};
use versions::{Findings, Homography, Shown, StripWord, compare};

/// What the forge's word boxes are measured in.
fn size(sheet: &Sheet) -> (f64, f64) {
    (f64::from(sheet.size.0), f64::from(sheet.size.1))
}

fn name(n: usize) -> PictureId {
    PictureId::make(|id| {
        id.number(n as u64);
    })
}

/// The pictures with homographies that are some pixels off.
fn findings(sheet: (f64, f64), pictures: &[&Forged], reader: &dyn versions::Reader) -> Findings {
    let mut rng = Rng::new(99);
    let shown: Vec<Shown> = pictures
        .iter()
        .enumerate()
        .map(|(n, picture)| {
            let off = Homography::stretch(
                1.0 + rng.range(-0.002, 0.002),
                1.0,
                rng.range(-3.0, 3.0),
                rng.range(-3.0, 3.0),
            );
            Shown {
                picture: name(n),
                raster: &picture.image,
                to_picture: Homography(picture.homography.0).after(&off),
                original: None,
                first_seen: Some(n as i64),
            }
        })
        .collect();
    compare(FamilyId::make(|_| {}), &frame(sheet), &shown, reader)
}

fn frame(size: (f64, f64)) -> versions::Sheet {
    versions::Sheet { size, words: Vec::new() }
}

/// Reads another word on every strip, without doubt: all that stands between this reader and an alteration are the pixels.
fn liar(strips: &[GrayImage]) -> Vec<Vec<StripWord>> {
    let word = |n: usize, s: &GrayImage| StripWord {
        text: format!("{}", 1234 + 1111 * (n % 7)),
        area: [0.0, 0.0, s.width() as f32, s.height() as f32],
        doubt: 0.0,
    };
    strips.iter().enumerate().map(|(n, s)| vec![word(n, s)]).collect()
}

fn silent(strips: &[GrayImage]) -> Vec<Vec<StripWord>> {
    vec![Vec::new(); strips.len()]
}

fn photo(sheet: &Sheet, seed: u64) -> Forged {
    let mut rng = Rng::new(seed);
    // Creases differ between photographs; that they are not words is for the reader to say.
    let shot = Shot { folds: Vec::new(), ..Shot::hurried(&mut rng, sheet.size) };
    photograph(&sheet.raster(), &shot, &mut rng)
}

#[test]
fn an_altered_word_is_found_where_it_is_and_nothing_else() {
    let mut rng = Rng::new(5);
    let memo = sheet(&mut rng, Look::Memo);
    let original = photo(&memo, 11);
    let edits = propose(&memo, 2, |area| original.shows(area), &mut rng);
    let painted = paint(&original, &altered(&memo, &edits).raster(), &edits);
    let passed_on = apply(&original, &Damage::Reencode(84), &mut rng);
    let forged = apply(&apply(&painted, &Damage::Rescale(0.7), &mut rng), &Damage::Reencode(82), &mut rng);
    // The order of the strips of a place is that of the pictures' worth: of one size first, the smaller last.
    let found = findings(size(&memo), &[&original, &passed_on, &forged], &liar);
    let said: Vec<_> = found.alterations.iter().filter(|a| a.change != Change::Obscured).collect();
    assert!(!said.is_empty());
    for alteration in &said {
        let Some(n) = [name(0), name(1), name(2)].iter().position(|p| *p == alteration.picture) else {
            panic!("a picture that was not given")
        };
        let map = [&original, &passed_on, &forged][n].homography.inverse();
        let corners = alteration.quad.0.map(|p| map.apply((p.x, p.y)));
        let (top, low) = (corners[0].1.min(corners[1].1), corners[2].1.max(corners[3].1));
        let middle = (top + low) / 2.0;
        let near = |e: &forge::edit::Edit| middle > e.area[1] - 20.0 && middle < e.area[1] + e.area[3] + 20.0;
        assert!(edits.iter().any(near), "{corners:?} {edits:?}");
    }
}

/// Reads one long word on every strip, without doubt.
fn constant(strips: &[GrayImage]) -> Vec<Vec<StripWord>> {
    let word = |s: &GrayImage| StripWord {
        text: "RECEIVED".to_owned(),
        area: [0.0, 0.0, s.width() as f32, s.height() as f32],
        doubt: 0.0,
    };
    strips.iter().map(|s| vec![word(s)]).collect()
}

/// What is said of a photograph and of a copy with something set on clean paper at `[640, 1700]`, by `draw`; places on the
/// sheet.
fn said_of(draw: impl Fn(&mut RgbImage)) -> Vec<(Change, (f64, f64))> {
    let mut sheet = sheet(&mut Rng::new(5), Look::Memo);
    sheet.marks.retain(|mark| !matches!(mark, Mark::Letters(l) if l.y > 1500.0 && l.y < 1950.0));
    let original = photo(&sheet, 11);
    let mut drawn = sheet.raster();
    draw(&mut drawn);
    let edit = Edit { old: String::new(), new: String::new(), area: [600.0, 1660.0, 700.0, 200.0], word: 0 };
    let painted = paint(&original, &drawn, &[edit]);
    let forged = apply(&painted, &Damage::Reencode(82), &mut Rng::new(7));
    let found = findings(size(&sheet), &[&original, &forged], &constant);
    let back = [&original, &forged].map(|p| p.homography.inverse());
    let place = |a: &model::Alteration| {
        let n = usize::from(a.picture == name(1));
        let [p, _, q, _] = a.quad.0.map(|p| back[n].apply((p.x, p.y)));
        ((p.0 + q.0) / 2.0, (p.1 + q.1) / 2.0)
    };
    let told = found.alterations.iter().filter(|a| a.change != Change::Obscured);
    told.map(|a| (a.change, place(a))).collect()
}

/// A stamp 300 pixels wide.
fn stamp(image: &mut RgbImage, (x, y): (f32, f32)) {
    let frame = [(x, y), (x + 300.0, y), (x + 300.0, y + 72.0), (x, y + 72.0), (x, y)];
    ink::stroke(image, &frame, 5.0, [40, 40, 60], 1.0);
    ink::write(image, "RECEIVED", x + 38.0, y + 12.0, 48.0, Face::SansBold, [40, 40, 60]);
}

#[test]
fn a_stamp_on_clean_paper_is_told_as_a_whole() {
    let said = said_of(|image| stamp(image, (640.0, 1700.0)));
    let [(change, (x, y))] = said[..] else { panic!("{said:?}") };
    assert!(matches!(change, Change::Added | Change::Removed), "{said:?}");
    assert!((x - 790.0).abs() < 20.0 && (y - 1736.0).abs() < 20.0, "{said:?}");
}

#[test]
fn what_brings_paper_of_its_own_or_comes_twice_is_no_stamp() {
    let sticker = said_of(|image| {
        ink::fill(image, [630.0, 1690.0, 330.0, 92.0], [196, 196, 196]);
        stamp(image, (640.0, 1700.0));
    });
    assert!(sticker.is_empty(), "{sticker:?}");
    let repeated = said_of(|image| {
        stamp(image, (620.0, 1670.0));
        stamp(image, (960.0, 1770.0));
    });
    assert!(repeated.is_empty(), "{repeated:?}");
    let faint = said_of(|image| {
        ink::write(image, "RECEIVED", 640.0, 1700.0, 60.0, Face::SansBold, [190, 190, 190]);
    });
    assert!(faint.is_empty(), "{faint:?}");
}

/// The altered word is red on both pictures; or on the copy alone.
#[test]
fn what_is_printed_in_colour_is_compared_and_a_mark_is_not() {
    let red = [190, 20, 30];
    let said = |before: [u8; 3], after: [u8; 3]| {
        let mut one = sheet(&mut Rng::new(5), Look::Memo);
        let (_, edits) = alter(&one, &[Kind::Word], &mut Rng::new(3));
        let edit = edits[0].1.clone();
        let coloured = |sheet: &mut Sheet, rgb| {
            let mark = sheet.words[edit.word].mark;
            if let Mark::Letters(letters) = &mut sheet.marks[mark] {
                letters.rgb = rgb;
            }
        };
        coloured(&mut one, before);
        let original = photo(&one, 11);
        let mut other = altered(&one, std::slice::from_ref(&edit));
        coloured(&mut other, after);
        let painted = paint(&original, &other.raster(), std::slice::from_ref(&edit));
        let forged = apply(&painted, &Damage::Reencode(84), &mut Rng::new(8));
        let found = findings(size(&one), &[&original, &forged], &liar);
        found.alterations.iter().filter(|a| a.change != Change::Obscured).count()
    };
    assert_eq!(said(red, red), 1);
    assert_eq!(said([20; 3], red), 0);
}

/// The reader lies at every place; that nothing is said all the same is for the pixels.
#[test]
fn photographs_of_one_sheet_differ_in_nothing() {
    for (seed, look) in [(8, Look::Letter), (9, Look::Memo), (10, Look::Cable)] {
        let sheet = sheet(&mut Rng::new(seed), look);
        let (one, other) = (photo(&sheet, 10 * seed), photo(&sheet, 10 * seed + 1));
        let found = findings(size(&sheet), &[&one, &other], &liar);
        let said: Vec<_> = found.alterations.iter().filter(|a| a.change != Change::Obscured).collect();
        assert!(said.is_empty(), "{said:?}");
        assert!(found.derivations.is_empty(), "two exposures are not made from each other");
    }
}

/// A raster as an encoder leaves it, and the encoder's steps.
fn encoded(raster: &RgbImage, quality: u8) -> (RgbImage, Option<[u16; 64]>) {
    let mut bytes = Vec::new();
    image::codecs::jpeg::JpegEncoder::new_with_quality(&mut bytes, quality).encode_image(raster).unwrap();
    (image::load_from_memory(&bytes).unwrap().to_rgb8(), versions::steps(&bytes))
}

#[test]
fn a_copy_is_made_from_the_one_whose_rounding_it_went_through() {
    let sheet = sheet(&mut Rng::new(17), Look::Memo);
    let lost = photo(&sheet, 51);
    let one = encoded(&lost.image, 78);
    let other = encoded(&lost.image, 84);
    let made = encoded(&one.0, 88);
    let files = [one, other, made];
    let lumas: Vec<GrayImage> =
        files.iter().map(|(r, _)| image::DynamicImage::from(r.clone()).into_luma8()).collect();
    let map = Homography(lost.homography.0);
    let shown: Vec<Shown> = (0..3)
        .map(|n| Shown {
            picture: name(n),
            raster: &files[n].0,
            to_picture: map,
            original: Some(versions::Original { luma: &lumas[n], to_original: map, steps: files[n].1 }),
            first_seen: None,
        })
        .collect();
    let found = compare(FamilyId::make(|_| {}), &frame(size(&sheet)), &shown, &silent);
    let edges: Vec<_> = found.derivations.iter().map(|d| (d.from, d.to)).collect();
    assert!(edges.contains(&(name(0), name(2))) && !edges.contains(&(name(1), name(2))), "{edges:?}");
}

#[test]
fn a_reader_that_reads_nothing_yields_no_alteration_of_words_and_a_copy_has_its_source() {
    let sheet = sheet(&mut Rng::new(13), Look::Memo);
    let mut rng = Rng::new(14);
    let original = apply(&photo(&sheet, 31), &Damage::Reencode(92), &mut rng);
    let passed_on = apply(&original, &Damage::Reencode(85), &mut rng);
    let cut = apply(&passed_on, &Damage::Crop([0.1, 0.1, 0.8, 0.6]), &mut rng);
    let cut = apply(&cut, &Damage::Reencode(80), &mut rng);
    let found = findings(size(&sheet), &[&original, &passed_on, &cut], &silent);
    assert!(found.alterations.iter().all(|a| a.change == Change::Obscured));
    assert_eq!(found.versions.len(), 1);
    let edges: Vec<_> = found.derivations.iter().map(|d| (d.from, d.to)).collect();
    assert!(edges.contains(&(name(0), name(1))), "{edges:?}");
    assert!(edges.contains(&(name(1), name(2))) || edges.contains(&(name(0), name(2))), "{edges:?}");
}

/// Where one picture of each side reads the same as one of the other, the rest need not be read.
#[test]
fn of_many_copies_only_some_are_read() {
    let sheet = sheet(&mut Rng::new(19), Look::Memo);
    let mut rng = Rng::new(20);
    let original = photo(&sheet, 61);
    let edits = propose(&sheet, 2, |area| original.shows(area), &mut rng);
    let forged = paint(&original, &altered(&sheet, &edits).raster(), &edits);
    let copy = |n: usize| {
        let from = if n.is_multiple_of(2) { &original } else { &forged };
        apply(from, &Damage::Reencode(80 + n as u8), &mut rng)
    };
    let copies: Vec<Forged> = (0..8).map(copy).collect();
    let same = |strips: &[GrayImage]| {
        let word = |s: &GrayImage| StripWord {
            text: "same".to_owned(),
            area: [0.0, 0.0, s.width() as f32, s.height() as f32],
            doubt: 0.0,
        };
        strips.iter().map(|s| vec![word(s)]).collect()
    };
    let found = findings(size(&sheet), &copies.iter().collect::<Vec<_>>(), &same);
    assert!(!found.looked.is_empty(), "what was altered is looked at");
    let read: usize = found.looked.iter().map(|l| l.reads.len()).sum();
    assert!(read <= 4 * found.looked.len(), "{read} read at {} places", found.looked.len());
}

#[test]
fn the_number_of_threads_does_not_matter() {
    let sheet = sheet(&mut Rng::new(3), Look::Memo);
    let (one, other) = (photo(&sheet, 41), photo(&sheet, 42));
    let run = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| findings(size(&sheet), &[&one, &other], &liar))
    };
    assert_eq!(run(1), run(3));
}

#[test]
fn junk_does_no_harm() {
    let noise = RgbImage::from_fn(300, 200, |x, y| {
        let v = (x.wrapping_mul(2_654_435_761) ^ y.wrapping_mul(40_503)) as u8;
        Rgb([v, v.wrapping_mul(3), v ^ 0x55])
    });
    let rasters = [
        RgbImage::new(1, 1),
        RgbImage::new(4000, 6),
        RgbImage::from_pixel(640, 480, Rgb([255; 3])),
        RgbImage::new(500, 700),
        noise,
    ];
    let maps = [
        Homography::IDENTITY,
        Homography::stretch(0.3, 0.3, 0.0, 0.0),
        Homography([[f64::NAN; 3]; 3]),
        Homography([[0.0; 3]; 3]),
        Homography([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.01, 0.01, 1.0]]),
        Homography::stretch(1e6, 1e6, -1e9, 3.0),
        Homography::stretch(-0.2, 0.2, 300.0, 0.0),
    ];
    for sheet in [(1700.0, 2200.0), (1.0, 1.0), (1e9, 2.0), (f64::NAN, 100.0)] {
        let shown: Vec<Shown> = rasters
            .iter()
            .flat_map(|r| maps.iter().map(move |m| (r, m)))
            .enumerate()
            .filter(|(n, _)| n % 3 == 0)
            .map(|(n, (raster, map))| Shown {
                picture: name(n),
                raster,
                to_picture: *map,
                original: None,
                first_seen: None,
            })
            .collect();
        let found = compare(FamilyId::make(|_| {}), &frame(sheet), &shown[..6], &liar);
        assert!(found.alterations.iter().all(|a| a.change == Change::Obscured));
    }
    assert!(compare(FamilyId::make(|_| {}), &frame((10.0, 10.0)), &[], &liar).versions.is_empty());
}
