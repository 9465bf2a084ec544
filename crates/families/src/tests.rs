//! Properties of the whole way from rasters to families, on forged sheets.

use forge::damage::{self, Damage};
use forge::edit;
use forge::rng::Rng;
use forge::shown::Shown;
use forge::typeset::{self, Look as Kind};
use image::{Rgb, RgbImage};

use crate::{Feature, Look, Outcome, features, propose, verify};

struct Taken(Vec<Feature>, Look);

fn take(raster: &RgbImage) -> Taken {
    Taken(features(raster), Look::of(raster))
}

fn held(a: &Taken, b: &Taken) -> Outcome {
    verify((&a.0, &a.1), (&b.0, &b.1), None)
}

fn same(a: &Taken, b: &Taken) -> bool {
    matches!(held(a, b), Outcome::Same(_))
}

#[test]
fn damaged_pictures_are_found_and_lie_where_they_should() {
    let mut rng = Rng::new(5);
    let sheet = typeset::sheet(&mut rng, Kind::Memo);
    let whole = Shown::born(&sheet);
    let first = take(&whole.image);
    let steps: [&[Damage]; 5] = [
        &[Damage::Crop([0.1, 0.2, 0.5, 0.5]), Damage::Reencode(70)],
        &[Damage::Turn(1), Damage::Rescale(0.4)],
        &[Damage::Tilt(5.0), Damage::Grey, Damage::Tone(20.0, 0.7)],
        &[Damage::Redact(vec![[200.0, 700.0, 700.0, 60.0]]), Damage::Soft(1.0), Damage::Turn(2)],
        &[Damage::Caption("look at this".to_owned(), true), Damage::Rescale(0.6), Damage::Reencode(60)],
    ];
    for steps in steps {
        let shown = steps.iter().fold(whole.clone(), |shown, step| damage::apply(&shown, step, &mut rng));
        let other = take(&shown.image);
        assert_eq!(propose(&[&first.0, &other.0]).len(), 1, "{steps:?}");
        let Outcome::Same(held) = held(&first, &other) else { panic!("{steps:?} is not found") };
        let point = (600.0, 800.0);
        let (x, y) = held.homography.apply(point);
        let (u, v) = shown.homography.apply(point);
        assert!((x - u).hypot(y - v) < 4.0, "{steps:?}: {x} {y} for {u} {v}");
    }
}

#[test]
fn forms_filled_in_differently_are_not_one_sheet() {
    for kind in [Kind::Form, Kind::Memo] {
        let taken: Vec<Taken> =
            (0..7).map(|n| take(&typeset::sheet(&mut Rng::new(90 + n), kind).raster())).collect();
        for (n, a) in taken.iter().enumerate() {
            for b in &taken[n + 1..] {
                assert!(!same(a, b), "{kind:?}");
            }
        }
    }
}

#[test]
fn six_altered_words_are_the_same_sheet_and_thirty_are_another() {
    for (kind, seed) in [(Kind::Form, 11), (Kind::Letter, 12), (Kind::Cable, 13)] {
        let mut rng = Rng::new(seed);
        let sheet = typeset::sheet(&mut rng, kind);
        let first = take(&damage::apply(&Shown::born(&sheet), &Damage::Reencode(80), &mut rng).image);
        for (count, expected) in [(6, true), (30, false)] {
            let edits = edit::propose(&sheet, count, |_| true, &mut rng);
            assert_eq!(edits.len(), count);
            let shown = Shown::born(&edit::altered(&sheet, &edits));
            let shown = damage::apply(&shown, &Damage::Rescale(0.7), &mut rng);
            assert_eq!(same(&first, &take(&shown.image)), expected, "{kind:?} {count}");
        }
    }
}

#[test]
fn the_negative_is_the_same_sheet() {
    let raster = typeset::sheet(&mut Rng::new(3), Kind::Letter).raster();
    let mut negative = raster.clone();
    negative.pixels_mut().for_each(|pixel| pixel.0 = pixel.0.map(|level| 255 - level));
    assert!(same(&take(&raster), &take(&negative)));
}

#[test]
fn odd_pictures_neither_panic_nor_match() {
    let mut noise = RgbImage::new(300, 300);
    let mut rng = Rng::new(1);
    noise.pixels_mut().for_each(|pixel| pixel.0 = [rng.below(256) as u8; 3]);
    let odd: Vec<Taken> = [
        RgbImage::new(0, 0),
        RgbImage::new(1, 1),
        RgbImage::new(20_000, 30),
        RgbImage::new(17, 900),
        RgbImage::from_pixel(800, 1000, Rgb([255; 3])),
        RgbImage::from_pixel(800, 1000, Rgb([250; 3])),
        noise,
    ]
    .iter()
    .map(take)
    .collect();
    for (n, a) in odd.iter().enumerate() {
        for b in &odd[n + 1..] {
            assert!(!same(a, b));
        }
    }
    assert!(!same(&odd[4], &odd[4]));
}
