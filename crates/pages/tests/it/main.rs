//! Every format decoded, limits held, damage told.

#![allow(clippy::unwrap_used, missing_docs)]

use std::io::Cursor;

use image::{DynamicImage, ImageFormat, Rgb, RgbImage};
use model::{Code, Kind, Trouble};
use pages::{Limits, Surface, read};

fn surfaces(kind: Kind, bytes: &[u8], limits: &Limits) -> (Vec<Surface>, Vec<Trouble>) {
    let mut seen = Vec::new();
    let troubles = read(kind, bytes.to_vec(), limits, &mut |surface| {
        seen.push(surface);
        Ok(())
    });
    (seen, troubles.unwrap())
}

fn corpus(name: &str) -> Vec<u8> {
    std::fs::read(format!("{}/tests/corpus/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

/// Dark above, light below, a red corner at the top left.
fn drawn() -> RgbImage {
    RgbImage::from_fn(60, 40, |x, y| match (x, y) {
        (0..20, 0..10) => Rgb([220, 20, 20]),
        (_, 0..20) => Rgb([30, 30, 30]),
        _ => Rgb([230, 230, 230]),
    })
}

fn encoded(format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    DynamicImage::from(drawn()).write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

fn near(a: Rgb<u8>, b: [u8; 3], within: u8) -> bool {
    a.0.iter().zip(b).all(|(a, b)| a.abs_diff(b) <= within)
}

#[test]
fn formats_without_loss_come_back_as_they_were() {
    let all = [
        (Kind::Png, ImageFormat::Png),
        (Kind::Tiff, ImageFormat::Tiff),
        (Kind::Bmp, ImageFormat::Bmp),
        (Kind::Webp, ImageFormat::WebP),
        (Kind::Gif, ImageFormat::Gif),
    ];
    for (kind, format) in all {
        let (seen, troubles) = surfaces(kind, &encoded(format), &Limits::default());
        assert!(troubles.is_empty(), "{kind:?}: {troubles:?}");
        let raster = &seen[0].raster;
        assert_eq!(raster.dimensions(), (60, 40), "{kind:?}");
        assert!(raster.pixels().zip(drawn().pixels()).all(|(a, b)| near(*a, b.0, 2)), "{kind:?}");
    }
}

#[test]
fn jpeg_cmyk_and_heic_show_the_same_picture() {
    let plain = surfaces(Kind::Jpeg, &corpus("plain.jpg"), &Limits::default()).0;
    for (name, kind) in [("cmyk.jpg", Kind::Jpeg), ("own.heic", Kind::Heic)] {
        let (seen, troubles) = surfaces(kind, &corpus(name), &Limits::default());
        assert!(troubles.is_empty(), "{name}: {troubles:?}");
        assert_eq!(seen[0].raster.dimensions(), (96, 64), "{name}");
        // A spot in the red box, the blue box and the ground.
        for (x, y) in [(20, 20), (70, 40), (20, 50)] {
            let (a, b) = (seen[0].raster.get_pixel(x, y), plain[0].raster.get_pixel(x, y));
            assert!(near(*a, b.0, 40), "{name} at {x}, {y}: {a:?} {b:?}");
        }
    }
}

/// A JPEG with an EXIF block that says which way is up.
fn oriented(orientation: u8) -> Vec<u8> {
    let mut tiff = b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0".to_vec();
    tiff.extend([orientation, 0, 0, 0, 0, 0, 0, 0]);
    let jpeg = encoded(ImageFormat::Jpeg);
    let length = (tiff.len() as u16 + 2).to_be_bytes();
    [&jpeg[..2], &[0xFF, 0xE1], &length, &tiff, &jpeg[2..]].concat()
}

#[test]
fn exif_orientation_is_applied() {
    // Where the red corner goes, by orientation (Exif 2.32, tag 274).
    let corners =
        [(1, 2, 2), (2, 57, 2), (3, 57, 37), (4, 2, 37), (5, 2, 2), (6, 37, 2), (7, 37, 57), (8, 2, 57)];
    for (orientation, x, y) in corners {
        let (seen, _) = surfaces(Kind::Jpeg, &oriented(orientation), &Limits::default());
        let surface = &seen[0];
        assert_eq!(surface.told.orientation, orientation);
        let turned = if orientation > 4 { (40, 60) } else { (60, 40) };
        assert_eq!(surface.raster.dimensions(), turned, "{orientation}");
        assert!(near(*surface.raster.get_pixel(x, y), [220, 20, 20], 30), "{orientation}");
    }
}

#[test]
fn a_cut_jpeg_shows_what_is_there_and_a_broken_file_nothing() {
    let cut = forge::hostile::jpeg_cut();
    let (seen, troubles) = surfaces(Kind::Jpeg, &cut, &Limits::default());
    assert_eq!((seen.len(), troubles[0].code), (1, Code::ImageTruncated));
    for kind in [Kind::Jpeg, Kind::Png, Kind::Webp, Kind::Gif, Kind::Tiff, Kind::Bmp, Kind::Heic, Kind::Pdf] {
        let (seen, troubles) = surfaces(kind, b"nothing of the kind", &Limits::default());
        assert!(seen.is_empty() && troubles.len() == 1, "{kind:?}: {troubles:?}");
    }
    let (_, troubles) = surfaces(Kind::Avif, b"", &Limits::default());
    assert_eq!(troubles[0].code, Code::FormatNotSupported);
}

#[test]
fn what_is_larger_than_the_limits_is_refused() {
    let limits = Limits { pixels: 2000, ..Limits::default() };
    for (kind, format) in [(Kind::Png, ImageFormat::Png), (Kind::Jpeg, ImageFormat::Jpeg)] {
        let (seen, troubles) = surfaces(kind, &encoded(format), &limits);
        assert_eq!((seen.len(), troubles[0].code), (0, Code::ImageTooLarge), "{kind:?}");
    }
    let claims = forge::hostile::png_claiming(60_000, 60_000);
    assert_eq!(surfaces(Kind::Png, &claims, &Limits::default()).1[0].code, Code::ImageTooLarge);
}

#[test]
fn a_printed_pdf_is_rendered_and_its_words_stand_where_they_are() {
    let sheets = forge::typeset::document(&mut forge::rng::Rng::new(3), forge::typeset::Look::Memo, 2);
    let pdf = forge::pdf::printed(&sheets);
    let (seen, troubles) = surfaces(Kind::Pdf, &pdf, &Limits::default());
    assert!(troubles.is_empty(), "{troubles:?}");
    assert_eq!(seen.len(), sheets.len());
    for (surface, sheet) in seen.iter().zip(&sheets) {
        let layer = surface.told.text_layer.as_ref().unwrap();
        let read: Vec<&str> = layer.text.split_whitespace().collect();
        let text = sheet.text();
        let wanted: Vec<&str> = text.split_whitespace().collect();
        let found = wanted.iter().filter(|word| read.contains(word)).count();
        assert!(found * 100 >= wanted.len() * 98, "{found} of {}", wanted.len());
        let ink = |x: f64, y: f64| surface.raster.get_pixel(x as u32, y as u32).0[0] < 128;
        let inked = layer.words.iter().filter(|word| {
            let [a, _, c, _] = word.quad.0;
            (a.x as i64..=c.x as i64).any(|x| (a.y as i64..=c.y as i64).any(|y| ink(x as f64, y as f64)))
        });
        assert!(inked.count() * 100 >= layer.words.len() * 95);
    }
    let limits = Limits { pages: 1, ..Limits::default() };
    let (seen, troubles) = surfaces(Kind::Pdf, &pdf, &limits);
    assert_eq!((seen.len(), troubles[0].code), (1, Code::PdfTooManyPages));
}

#[test]
fn strange_shapes_do_no_harm() {
    for (width, height) in [(1, 1), (20_000, 30), (30, 20_000)] {
        let mut bytes = Cursor::new(Vec::new());
        DynamicImage::from(RgbImage::new(width, height)).write_to(&mut bytes, ImageFormat::Png).unwrap();
        let (seen, troubles) = surfaces(Kind::Png, &bytes.into_inner(), &Limits::default());
        assert!(troubles.is_empty());
        let proxy = image::load_from_memory(&pages::proxy(&seen[0].raster).unwrap()).unwrap();
        assert!(proxy.width().max(proxy.height()) <= pages::PROXY_LONGEST);
    }
}
