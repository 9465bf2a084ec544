//! Sheets of known place are found, upright, and nothing breaks on what is no sheet.

use forge::camera::{self, Shot};
use forge::rng::Rng;
use image::{Rgb, RgbImage, imageops};
use model::{Capture, Point, Quad};

fn page() -> RgbImage {
    let mut page = RgbImage::from_pixel(1700, 2200, Rgb([255; 3]));
    let words = "The committee noted that the ferry treaty had been read by all of its members before";
    for line in 0..36 {
        let y = 160.0 + 52.0 * line as f32;
        let end = if line % 6 == 5 { 40 } else { words.len() };
        forge::ink::write(&mut page, &words[..end], 170.0, y, 34.0, forge::ink::Face::Serif, [20; 3]);
    }
    page
}

fn away(outline: &Quad, corners: &[(f64, f64); 4]) -> f64 {
    let apart = |p: &Point, q: &(f64, f64)| (p.x - q.0).hypot(p.y - q.1);
    outline.0.iter().zip(corners).map(|(p, q)| apart(p, q)).fold(0.0, f64::max)
}

#[test]
fn photographed_sheets_are_placed_to_a_few_pixels() {
    let page = page();
    let mut rng = Rng::new(5);
    for _ in 0..4 {
        let shot = Shot::hurried(&mut rng, page.dimensions());
        let shown = camera::photograph(&page, &shot, &mut rng);
        let found = pages::sheets(&shown.image);
        assert!(found.troubles.is_empty());
        let sheet = &found.value[0];
        assert!(sheet.whole);
        assert_eq!(sheet.capture, Capture::Photo);
        let off = away(&sheet.outline, &shot.corners);
        assert!(off < 14.0, "{off} px away on {:?}", shot.surface);
    }
}

#[test]
fn turned_pages_are_set_upright() {
    let page = imageops::resize(&page(), 850, 1100, imageops::FilterType::Triangle);
    let turned = [imageops::rotate90(&page), imageops::rotate180(&page), imageops::rotate270(&page)];
    let firsts = [(1100.0, 0.0), (850.0, 1100.0), (0.0, 850.0)];
    for (image, first) in turned.iter().zip(firsts) {
        let found = pages::sheets(image);
        let corner = found.value[0].outline.0[0];
        assert!((corner.x - first.0).hypot(corner.y - first.1) < 30.0, "{corner:?}, not {first:?}");
        let upright = pages::upright(image, &found.value[0]);
        assert!(upright.height() > upright.width());
    }
}

#[test]
fn evened_paper_is_white_and_ink_stays() {
    let mut page = page();
    for (x, _, pixel) in page.enumerate_pixels_mut() {
        let light = 0.4 + 0.5 * f64::from(x) / 1700.0;
        pixel.0 = pixel.0.map(|v| (f64::from(v) * light) as u8);
    }
    let even = pages::even(&imageops::grayscale(&page));
    let white = even.pixels().filter(|p| p.0[0] > 235).count() as f64 / even.pixels().len() as f64;
    let dark = even.pixels().filter(|p| p.0[0] < 90).count() as f64 / even.pixels().len() as f64;
    assert!(white > 0.85, "{white}");
    assert!(dark > 0.02 && dark < 0.15, "{dark}");
}

#[test]
fn what_is_no_sheet_breaks_nothing() {
    let sizes = [(1, 1), (2, 3000), (20_000, 30), (30, 20_000), (25, 25), (640, 480)];
    for (width, height) in sizes {
        let mut seed = 1u32;
        let mut noise = || {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (seed >> 24) as u8
        };
        let noisy = RgbImage::from_fn(width, height, |_, _| Rgb([noise(), noise(), noise()]));
        for image in [RgbImage::new(width, height), RgbImage::from_pixel(width, height, Rgb([255; 3])), noisy]
        {
            let found = pages::sheets(&image);
            assert_eq!(found.value.len(), 1);
            assert_eq!(found.troubles.len(), 1, "{width} x {height}");
            let upright = pages::upright(&image, &found.value[0]);
            assert_eq!(pages::even(&imageops::grayscale(&upright)).dimensions(), upright.dimensions());
        }
    }
}

#[test]
fn no_sheet_is_seen_on_a_soft_dark_blob() {
    let blob = RgbImage::from_fn(1200, 900, |x, y| {
        let (dx, dy) = ((f64::from(x) - 560.0) / 300.0, (f64::from(y) - 480.0) / 220.0);
        let ear = |at: f64| ((f64::from(x) - at) / 60.0).powi(2) + ((f64::from(y) - 260.0) / 90.0).powi(2);
        let near = (dx * dx + dy * dy).min(ear(420.0)).min(ear(700.0));
        let light = 200.0 - 150.0 / (1.0 + (near * near).min(1e6));
        let stripe = 8.0 * (f64::from(x + 2 * y) / 23.0).sin();
        Rgb([(light + stripe) as u8, (0.9 * light + stripe) as u8, (0.8 * light) as u8])
    });
    let found = pages::sheets(&blob);
    assert_eq!(found.value.len(), 1);
    assert_eq!(found.troubles.len(), 1);
    assert!(pages::bend(&imageops::grayscale(&pages::upright(&blob, &found.value[0]))).is_none());
}

#[test]
fn bent_lines_are_read_level() {
    let page = page();
    let (w, h) = page.dimensions();
    let rise = |x: u32, y: u32| {
        let (x, y) = (f64::from(x) / f64::from(w), f64::from(y) / f64::from(h));
        46.0 * (x * 3.0).sin() * (1.2 - y)
    };
    let bent = RgbImage::from_fn(w, h, |x, y| {
        let from = (f64::from(y) - rise(x, y)).clamp(0.0, f64::from(h - 1));
        *page.get_pixel(x, from as u32)
    });
    let bent = imageops::grayscale(&bent);
    let bend = pages::bend(&bent).expect("the lines are bent");
    let straight = bend.straightened(&bent);
    assert!(pages::bend(&straight).is_none(), "what is straight stays so");
    // A level line meets text and gaps only in turn: rows of the straightened raster differ more than those of the bent one.
    let spread = |image: &image::GrayImage| {
        let rows = image.rows().map(|row| row.map(|p| f64::from(p.0[0])).sum::<f64>() / f64::from(w));
        let rows: Vec<f64> = rows.collect();
        let mean = rows.iter().sum::<f64>() / rows.len() as f64;
        rows.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / rows.len() as f64
    };
    let level = spread(&imageops::grayscale(&page));
    assert!(spread(&straight) > 0.8 * level && spread(&bent) < 0.6 * level);
    let back = bend.back(Point { x: 800.0, y: 900.0 });
    assert!((back.x - 800.0).abs() < 1e-9 && (back.y - 900.0).abs() < 80.0);
}

#[test]
fn level_lines_are_left_alone() {
    assert!(pages::bend(&imageops::grayscale(&page())).is_none());
    for (width, height) in [(1, 1), (20_000, 30), (30, 20_000), (640, 480)] {
        assert!(pages::bend(&image::GrayImage::new(width, height)).is_none());
    }
}
