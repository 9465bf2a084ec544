//! Finds the sheets on picture files and prints one JSON line for each file.
//!
//! `see [--out FOLDER] [--contact FILE] FILE...`: with a folder, the upright raster of each sheet and the one with level lines are
//! written there as PNG, and the file reduced to 640 pixels with the outlines drawn on it as JPEG. With a contact file, one picture
//! shows every file with its outlines (red; green is the corner that is the sheet's own top left), and under it the sheet set
//! upright with its lines level, as it is read. Times are milliseconds of this thread's processor.

use std::error::Error;
use std::path::{Path, PathBuf};

use image::{DynamicImage, GrayImage, Rgb, RgbImage, imageops};
use model::{Kind, Quad};
use pages::{Limits, Sheet};
use serde_json::json;

fn main() -> Result<(), Box<dyn Error>> {
    let (mut out, mut contact): (Option<PathBuf>, Option<PathBuf>) = (None, None);
    let mut tiles = Vec::new();
    let mut args = std::env::args().skip(1);
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "--out" => out = args.next().map(PathBuf::from),
            "--contact" => contact = args.next().map(PathBuf::from),
            file => {
                if let Some(raster) = decode(Path::new(file))? {
                    let (sheets, level) = see(file, &raster, out.as_deref())?;
                    tiles.extend(contact.is_some().then(|| tile(&raster, &sheets, level.as_ref())));
                }
            }
        }
    }
    if let Some(file) = contact {
        sheet_of(&tiles).save(file)?;
    }
    Ok(())
}

fn decode(path: &Path) -> Result<Option<RgbImage>, Box<dyn Error>> {
    let ending = path.extension().and_then(|e| e.to_str()).unwrap_or_default().to_lowercase();
    let kind = match ending.as_str() {
        "jpg" | "jpeg" => Kind::Jpeg,
        "png" => Kind::Png,
        "webp" => Kind::Webp,
        "tif" | "tiff" => Kind::Tiff,
        "gif" => Kind::Gif,
        "pdf" => Kind::Pdf,
        _ => return Ok(None),
    };
    let mut first = None;
    pages::read(kind, std::fs::read(path)?, &Limits::default(), &mut |surface| {
        first.get_or_insert(surface.raster);
        Ok(())
    })?;
    Ok(first)
}

/// Milliseconds of processor time this thread has spent (Linux), or 0.
fn spent() -> f64 {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    told.split_whitespace().next().and_then(|ns| ns.parse::<f64>().ok()).unwrap_or(0.0) / 1e6
}

/// Prints what is found on a page; gives its sheets, and the first of them upright with its lines level.
fn see(
    path: &str,
    raster: &RgbImage,
    out: Option<&Path>,
) -> Result<(Vec<Sheet>, Option<GrayImage>), Box<dyn Error>> {
    let start = spent();
    let found = pages::sheets(raster);
    let sought = spent() - start;
    let quad = |quad: &Quad| quad.0.iter().map(|p| json!([p.x, p.y])).collect::<Vec<_>>();
    let sheets: Vec<_> = found
        .value
        .iter()
        .map(|sheet| {
            let ground: Vec<_> = sheet.ground.iter().map(|m| json!([m.name, m.value])).collect();
            json!({"outline": quad(&sheet.outline), "capture": sheet.capture, "size": [sheet.size.0, sheet.size.1],
                "within": quad(&sheet.within), "whole": sheet.whole, "ground": ground})
        })
        .collect();
    let start = spent();
    let rasters: Vec<_> = found.value.iter().map(|sheet| pages::upright(raster, sheet)).collect();
    let upright = spent() - start;
    let start = spent();
    let level: Vec<_> = rasters.iter().map(level).collect();
    let bent = spent() - start;
    let start = spent();
    for raster in &rasters {
        pages::kept(raster)?;
    }
    let kept = spent() - start;
    let start = spent();
    pages::proxy(raster)?;
    let proxied = spent() - start;
    let troubles: Vec<_> = found.troubles.iter().map(|t| t.code.slug()).collect();
    let times = json!({"sheets": sought, "upright": upright, "bend": bent, "kept": kept, "proxy": proxied});
    println!(
        "{}",
        json!({"file": path, "size": [raster.width(), raster.height()], "sheets": sheets, "bent": level.iter().map(|(_, bent)| *bent).collect::<Vec<_>>(), "troubles": troubles, "ms": times})
    );
    if let Some(folder) = out {
        let stem = Path::new(path).file_stem().and_then(|s| s.to_str()).unwrap_or("page");
        for (k, (raster, (level, _))) in rasters.iter().zip(&level).enumerate() {
            let tail = if k == 0 { String::new() } else { format!(".{k}") };
            raster.save(folder.join(format!("{stem}{tail}.upright.png")))?;
            level.save(folder.join(format!("{stem}{tail}.level.png")))?;
        }
        drawn(raster, &found.value).save(folder.join(format!("{stem}.outline.jpg")))?;
    }
    Ok((found.value, level.into_iter().next().map(|(level, _)| level)))
}

/// The page with its outlines, and its first sheet as it is read.
fn tile(raster: &RgbImage, sheets: &[Sheet], level: Option<&GrayImage>) -> [RgbImage; 2] {
    let read = level.map_or_else(RgbImage::default, |level| {
        let even = pages::even(level);
        RgbImage::from_fn(even.width(), even.height(), |x, y| Rgb([even.get_pixel(x, y).0[0]; 3]))
    });
    [drawn(raster, sheets), read]
}

/// A sheet's raster in grey with its lines level, and whether they were bent.
fn level(upright: &RgbImage) -> (GrayImage, bool) {
    let grey = imageops::grayscale(upright);
    match pages::bend(&grey) {
        Some(bend) => (bend.straightened(&grey), true),
        None => (grey, false),
    }
}

/// Longest side of a picture on the contact sheet, and the gap around it.
const TILE: u32 = 640;
const GAP: u32 = 8;

/// A column for each page: with its outlines, and as it is read.
fn sheet_of(tiles: &[[RgbImage; 2]]) -> RgbImage {
    let step = TILE + GAP;
    let mut out = RgbImage::from_pixel(tiles.len() as u32 * step + GAP, 2 * step + GAP, Rgb([255; 3]));
    for (column, pair) in tiles.iter().enumerate() {
        for (row, tile) in pair.iter().enumerate().filter(|(_, tile)| tile.width() > 0) {
            let tile = DynamicImage::from(tile.clone()).resize(TILE, TILE, imageops::FilterType::Triangle);
            let (left, top) = (column as u32 * step + GAP, row as u32 * step + GAP);
            let left = left + (TILE - tile.width()) / 2;
            imageops::replace(&mut out, &tile.into_rgb8(), i64::from(left), i64::from(top));
        }
    }
    out
}

/// The page reduced, with the outlines in red and a green dot at each sheet's own top left.
fn drawn(raster: &RgbImage, sheets: &[Sheet]) -> RgbImage {
    let scale = 640.0 / f64::from(raster.width().max(raster.height()));
    let side = |v: u32| (f64::from(v) * scale).max(1.0) as u32;
    let mut out = imageops::thumbnail(raster, side(raster.width()), side(raster.height()));
    for sheet in sheets {
        let corners = sheet.outline.0;
        for k in 0..4 {
            let (a, b) = (corners[k], corners[(k + 1) % 4]);
            for step in 0..=1400 {
                let t = f64::from(step) / 1400.0;
                let (x, y) = ((a.x + (b.x - a.x) * t) * scale, (a.y + (b.y - a.y) * t) * scale);
                dot(&mut out, x, y, 1, Rgb([235, 30, 30]));
            }
        }
        dot(&mut out, corners[0].x * scale, corners[0].y * scale, 5, Rgb([20, 200, 40]));
    }
    out
}

fn dot(image: &mut RgbImage, x: f64, y: f64, reach: i64, colour: Rgb<u8>) {
    for dy in -reach..=reach {
        for dx in -reach..=reach {
            let (px, py) = (x as i64 + dx, y as i64 + dy);
            if px >= 0 && py >= 0 && px < i64::from(image.width()) && py < i64::from(image.height()) {
                image.put_pixel(px as u32, py as u32, colour);
            }
        }
    }
}
