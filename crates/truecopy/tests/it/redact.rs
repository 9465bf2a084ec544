//! Redacted files attacked: five that are bad in ways that are known, and what is made here.

use std::fs;

use forge::rng::Rng;
use forge::typeset::{Look, Mark, Sheet, sheet};
use image::{ImageFormat, Rgb, RgbImage};
use serde_json::Value;

use crate::desk::{Desk, rows, text};

/// A sheet, and a word of it with its place.
fn secret(seed: u64) -> (Sheet, String, [u32; 4]) {
    let sheet = sheet(&mut Rng::new(seed), Look::Memo);
    let long = |word: &&forge::typeset::Word| {
        let plain = word.text.chars().all(char::is_alphabetic) && word.text.chars().count() > 6;
        plain && word.area[1] > 500.0 && word.area[0] > 300.0 && word.area[0] < 1200.0
    };
    let word = sheet.words.iter().find(long).unwrap();
    let [x, y, width, height] = word.area.map(|side| side as u32);
    let place = [x - 12, y - 6, width + 24, height + 12];
    let text = word.text.clone();
    (sheet, text, place)
}

/// A strip of the sheet about the place, and the place on it: what is read is little, so that it takes little time.
fn strip(sheet: &Sheet, [x, y, width, height]: [u32; 4]) -> (RgbImage, [u32; 4]) {
    let (left, top) = (x - 200, y - 100);
    let strip = image::imageops::crop_imm(&sheet.raster(), left, top, 640, 240).to_image();
    (strip, [x - left, y - top, width, height])
}

fn boxed(raster: &RgbImage, [x, y, width, height]: [u32; 4], share: u32) -> RgbImage {
    let mut raster = raster.clone();
    for (x, y) in (y..y + height).flat_map(|y| (x..x + width).map(move |x| (x, y))) {
        raster
            .get_pixel_mut(x, y)
            .0
            .iter_mut()
            .for_each(|level| *level = (u32::from(*level) * share / 100) as u8);
    }
    raster
}

fn jpeg(raster: &RgbImage) -> Vec<u8> {
    forge::raster::jpeg(raster, 88).unwrap()
}

/// A JPEG with EXIF that holds another as its thumbnail.
fn with_thumbnail(whole: &[u8], thumbnail: &[u8]) -> Vec<u8> {
    let mut exif = b"Exif\0\0MM\0*\0\0\0\x08\0\0\0\0\0\0".to_vec();
    exif.extend(thumbnail);
    let mut out = whole[..2].to_vec();
    out.extend([0xFF, 0xE1]);
    out.extend(u16::try_from(exif.len() + 2).unwrap().to_be_bytes());
    out.extend(exif);
    out.extend(&whole[2..]);
    out
}

fn weak(desk: &Desk, code: i32, arguments: &[&str]) -> Vec<String> {
    let mut all = vec!["redact", "--check"];
    all.extend(arguments);
    all.push("--json");
    let called = desk.expect(code, &all);
    let row = |line: &str| text(&serde_json::from_str::<Value>(line).unwrap(), "weakness").to_owned();
    called.out.lines().map(row).collect()
}

#[test]
fn bad_redactions_are_caught() {
    let desk = Desk::new();
    let (sheet, word, place) = secret(5);
    let (raster, on_strip) = strip(&sheet, place);
    let [x, y, width, height] = on_strip;
    let region = format!("{x},{y},{width},{height}");
    let save = |name: &str, bytes: &[u8]| fs::write(desk.path(name), bytes).unwrap();

    // A box drawn over text.
    let mut over = sheet.clone();
    over.marks.push(Mark::Fill(place.map(|side| side as f32), [0; 3]));
    save("over.pdf", &forge::pdf::printed(&[over]));
    let called = desk.call(&["redact", "--check", "over.pdf", "--search", &word, "--json"]);
    if called.talk.contains("Tesseract was not found") {
        eprintln!("skipped: Tesseract is not installed");
        return;
    }
    // The words are in the layer, so they are named wherever they are asked for.
    for weakness in ["text_under", "text_elsewhere", "drawn_over"] {
        assert!(called.out.contains(weakness), "{weakness}: {}{}", called.out, called.talk);
    }
    assert_eq!(called.code, Some(3));

    // A box that can be seen through.
    boxed(&raster, on_strip, 40).save_with_format(desk.path("through.png"), ImageFormat::Png).unwrap();
    let found = weak(&desk, 3, &["through.png", "--region", &region]);
    assert!(
        found.iter().any(|one| one == "uncovered") && found.iter().any(|one| one == "readable"),
        "{found:?}"
    );

    // Metadata left in the file.
    let black = boxed(&raster, on_strip, 0);
    let small = image::imageops::thumbnail(&raster, 320, 120);
    let clean = image::imageops::thumbnail(&black, 320, 120);
    save("exif.jpg", &with_thumbnail(&jpeg(&black), b""));
    let found = weak(&desk, 0, &["exif.jpg", "--region", &region]);
    assert!(
        found.iter().any(|one| one == "metadata") && !found.iter().any(|one| one == "part_shows"),
        "{found:?}"
    );

    // A thumbnail that shows what the picture does not; and one that was made after.
    save("thumbnail.jpg", &with_thumbnail(&jpeg(&black), &jpeg(&small)));
    let found = weak(&desk, 3, &["thumbnail.jpg", "--region", &region]);
    assert!(
        found.iter().any(|one| one == "thumbnail") && found.iter().any(|one| one == "part_shows"),
        "{found:?}"
    );
    save("after.jpg", &with_thumbnail(&jpeg(&black), &jpeg(&clean)));
    let found = weak(&desk, 0, &["after.jpg", "--region", &region]);
    assert!(
        found.iter().any(|one| one == "thumbnail") && !found.iter().any(|one| one == "part_shows"),
        "{found:?}"
    );

    // The old file behind the end of the new one.
    let whole = fs::read(desk.path("through.png")).unwrap();
    black.save_with_format(desk.path("black.png"), ImageFormat::Png).unwrap();
    save("behind.png", &[fs::read(desk.path("black.png")).unwrap(), whole].concat());
    let found = weak(&desk, 3, &["behind.png", "--region", &region]);
    assert!(
        found.iter().any(|one| one == "trailing") && found.iter().any(|one| one == "part_shows"),
        "{found:?}"
    );
    assert!(
        weak(&desk, 0, &["black.png", "--region", &region])
            .iter()
            .all(|one| one == "width_fits" || one == "sticks_out")
    );
    assert!(desk.expect(1, &["redact", "--check", "nothing.png"]).talk.contains("nothing.png"));
    save("noise.bin", b"no picture");
    assert!(desk.expect(1, &["redact", "--check", "noise.bin"]).talk.contains("neither PNG, JPEG nor PDF"));
}

/// The same sheet twice in a case: what is withheld of one is to be seen on the other.
#[test]
fn an_unredacted_twin_is_named_and_the_derivative_holds_nothing_else() {
    let desk = Desk::new();
    let (sheet, _, place) = secret(6);
    let raster = sheet.raster();
    fs::create_dir(desk.path("two")).unwrap();
    fs::write(desk.path("two/a.jpg"), jpeg(&raster)).unwrap();
    let smaller = image::imageops::resize(&raster, 1275, 1650, image::imageops::FilterType::Triangle);
    fs::write(desk.path("two/b.jpg"), forge::raster::jpeg(&smaller, 70).unwrap()).unwrap();
    desk.worked("two.case", &["two"]);
    let told: Value = serde_json::from_str(&desk.dossier("two.case")).unwrap();
    let family = &rows(&told, "families")[0];
    assert_eq!((rows(&told, "families").len(), rows(family, "pictures").len()), (1, 2));
    let best = text(family, "best").to_owned();
    let region = place.map(|side| side.to_string()).join(",");
    let arguments = [
        "redact",
        "two.case",
        &best,
        "--region",
        &region,
        "--reason",
        "a source is at risk",
        "--output",
        "out.png",
    ];
    let called = desk.call(&arguments);
    if called.talk.contains("Tesseract was not found") {
        eprintln!("skipped: Tesseract is not installed");
        return;
    }
    assert_eq!(called.code, Some(0), "{}{}", called.out, called.talk);
    assert!(called.out.contains("another picture of the sheet shows the place"), "{}", called.out);
    let other = rows(family, "pictures").iter().filter_map(Value::as_str).find(|id| *id != best).unwrap();
    assert!(called.out.contains(other), "{}", called.out);
    let log: Value =
        serde_json::from_str(&fs::read_to_string(desk.path("out.png.log.json")).unwrap()).unwrap();
    let withheld = &rows(&rows(&log, "pages")[0], "withheld")[0];
    assert_eq!(withheld["rules"][0], "by hand");
    assert!(fs::read_to_string(desk.path("out.png.log.txt")).unwrap().contains("a source is at risk"));
    // What was made is attacked as a stranger would.
    let found = weak(&desk, 3, &["out.png", "two.case", &best, "--log", "out.png.log.json"]);
    assert_eq!(found, ["twin"]);
    // The same bytes each time; and as a PDF of pixels alone.
    let once = fs::read(desk.path("out.png")).unwrap();
    let mut again = arguments;
    again[arguments.len() - 1] = "again.png";
    desk.expect(0, &again);
    assert_eq!(once, fs::read(desk.path("again.png")).unwrap());
    again[arguments.len() - 1] = "out.pdf";
    desk.expect(0, &again);
    let found = weak(&desk, 0, &["out.pdf", "--log", "out.pdf.log.json"]);
    assert!(found.is_empty(), "{found:?}");
    let wrong = desk.expect(
        2,
        &["redact", "two.case", &best, "--search", "harbour", "--reason", "the harbour", "--output", "x.png"],
    );
    assert!(wrong.talk.contains("says what is to be withheld"), "{}", wrong.talk);
    assert!(desk.expect(0, &["verify", "two.case"]).code == Some(0));
    assert_eq!(
        Rgb([0_u8; 3]),
        *image::open(desk.path("out.png")).unwrap().into_rgb8().get_pixel(place[0] + 20, place[1] + 10)
    );
}
