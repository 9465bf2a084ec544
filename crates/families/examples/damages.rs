//! What survives which damage: `damages [SHEETS [DISTRACTORS [SEED]]]` puts so many forged sheets and so many others into
//! the index, damages each of the former in every way that is forged, and prints for each way how often the sheet comes
//! first and how often the two are held to be one sheet, as lines of JSON. A word after the numbers takes only the ways that
//! have it in their name. Pairs that were not found go to standard error.

use families::{Feature, Index, Look, Outcome, features, verify};
use forge::camera::{Shot, fax, photograph, scan};
use forge::damage::{self, Damage};
use forge::rng::Rng;
use forge::shown::Shown;
use forge::typeset::{self, Look as Kind, Sheet};
use image::RgbImage;

/// The larger side of a picture as it is held against others.
const SIDE: f64 = 1600.0;

fn main() {
    let numbers: Vec<u64> = std::env::args().skip(1).filter_map(|arg| arg.parse().ok()).collect();
    let sheets = numbers.first().map_or(6, |n| *n as usize);
    let distractors = numbers.get(1).map_or(20, |n| *n as usize);
    let mut rng = Rng::new(numbers.get(2).copied().unwrap_or(3));
    let mut index = Index::default();
    let sheets: Vec<Sheet> =
        (0..sheets).map(|n| typeset::sheet(&mut rng, Kind::ALL[n % Kind::ALL.len()])).collect();
    let known: Vec<(Vec<Feature>, Look)> = sheets
        .iter()
        .map(|sheet| {
            let shot = Shot::hurried(&mut rng, sheet.size);
            look_at(&photograph(&sheet.raster(), &shot, &mut rng).image)
        })
        .collect();
    (0_u32..).zip(&known).for_each(|(n, (places, _))| index.add(n, places));
    for n in 0..distractors {
        let sheet = typeset::sheet(&mut rng, Kind::ALL[n % Kind::ALL.len()]).raster();
        let small = damage::rescale(&Shown::of(sheet), 0.45);
        index.add((sheets.len() + n) as u32, &features(&small.image));
    }
    let only = std::env::args().skip(1).find(|arg| arg.parse::<u64>().is_err()).unwrap_or_default();
    for way in WAYS.into_iter().filter(|way| way.contains(&only)) {
        let (mut first, mut same) = (0, 0);
        for (n, sheet) in sheets.iter().enumerate() {
            let (places, look) = look_at(&damaged(sheet, way, &mut rng));
            let near = index.near(&places, None);
            first += usize::from(near.first().is_some_and(|best| best.picture as usize == n));
            let found = near.iter().find(|candidate| candidate.picture as usize == n);
            same += usize::from(found.is_some_and(|candidate| {
                let (there, shown) = &known[n];
                let outcome = verify((&places, &look), (there, shown), Some(candidate.pose));
                let same = matches!(outcome, Outcome::Same(_));
                if !same {
                    tell(&format!("{way}, {}", sheet.look.name()), &outcome);
                }
                same
            }));
            if found.is_none() {
                eprintln!("{way}, {}: not proposed", sheet.look.name());
            }
        }
        println!(
            "{{\"damage\":{way:?},\"sheets\":{},\"distractors\":{distractors},\"first\":{first},\"same\":{same}}}",
            sheets.len()
        );
    }
}

fn tell(what: &str, outcome: &Outcome) {
    let measures = match outcome {
        Outcome::Same(held) | Outcome::Other(held) | Outcome::Unknown(Some(held)) => &held.measures[..],
        Outcome::Unknown(None) => &[],
    };
    let values: Vec<String> = measures.iter().map(|m| format!("{}={}", m.name, m.value)).collect();
    eprintln!("{what}: {}", values.join("; "));
}

const WAYS: [&str; 20] = [
    "another photograph",
    "born digital",
    "scan",
    "fax",
    "half the page",
    "a quarter of the page",
    "40 % size",
    "25 % size",
    "JPEG quality 30",
    "90 degrees",
    "tilt of 5 degrees",
    "caption",
    "pen marks",
    "highlighter",
    "black boxes",
    "mosaic",
    "watermark",
    "screenshot of a chat",
    "photograph of a screen",
    "blur of 2 pixels",
];

fn damaged(sheet: &Sheet, way: &str, rng: &mut Rng) -> RgbImage {
    let raster = sheet.raster();
    match way {
        "born digital" => return raster,
        "scan" => return scan(&raster, 150, rng).image,
        "fax" => return fax(&raster, 1728, rng).image,
        _ => {}
    }
    let shot = Shot::hurried(rng, sheet.size);
    let shown = photograph(&raster, &shot, rng);
    let at = (rng.range(0.1, 0.4), rng.range(0.1, 0.4));
    let said = ["have a look".to_owned(), "where is that from".to_owned()];
    let step = match way {
        "half the page" => Damage::Crop([at.0 / 2.0, at.1 / 2.0, 0.71, 0.71]),
        "a quarter of the page" => Damage::Crop([at.0, at.1, 0.5, 0.5]),
        "40 % size" => Damage::Rescale(0.4),
        "25 % size" => Damage::Rescale(0.25),
        "JPEG quality 30" => Damage::Reencode(30),
        "90 degrees" => Damage::Turn(1),
        "tilt of 5 degrees" => Damage::Tilt(5.0),
        "caption" => Damage::Caption("read this before it is gone".to_owned(), true),
        "pen marks" => Damage::Marks(damage::spots(sheet, 8, rng)),
        "highlighter" => Damage::Highlight(damage::spots(sheet, 8, rng)),
        "black boxes" => Damage::Redact(damage::spots(sheet, 12, rng)),
        "mosaic" => Damage::Mosaic(damage::spots(sheet, 8, rng)),
        "watermark" => Damage::Watermark("@the_watch".to_owned()),
        "screenshot of a chat" => Damage::Screenshot("general".to_owned(), said.to_vec()),
        "photograph of a screen" => Damage::Rephotograph,
        "blur of 2 pixels" => Damage::Soft(2.0),
        _ => Damage::Reencode(85),
    };
    damage::apply(&shown, &step, rng).image
}

fn look_at(image: &RgbImage) -> (Vec<Feature>, Look) {
    let longer = f64::from(image.width().max(image.height()));
    let proxy = damage::rescale(&Shown::of(image.clone()), (SIDE / longer).min(1.0));
    (features(&proxy.image), Look::of(&proxy.image))
}
