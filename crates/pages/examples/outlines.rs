//! Draws the outlines of the sheets found over picture files, and writes them side by side as one PNG.
//!
//! `outlines OUT.png FILE...`: red are the outlines, green the corner that is each sheet's own top left; three to a row.

use std::error::Error;
use std::path::Path;

use image::{Rgb, RgbImage, imageops};
use model::Kind;
use pages::{Limits, Sheet};

/// Longest side of one picture, and the gap around it.
const TILE: u32 = 480;
const GAP: u32 = 8;
const COLUMNS: u32 = 3;

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let Some((out, files)) = args.split_first() else {
        return Err("outlines OUT.png FILE...".into());
    };
    let mut tiles = Vec::new();
    for file in files {
        if let Some(raster) = decode(Path::new(file))? {
            tiles.push(drawn(&raster, &pages::sheets(&raster).value));
        }
    }
    contact(&tiles).save(out)?;
    Ok(())
}

fn decode(path: &Path) -> Result<Option<RgbImage>, Box<dyn Error>> {
    let ending = path.extension().and_then(|e| e.to_str()).unwrap_or_default().to_lowercase();
    let kind = match ending.as_str() {
        "jpg" | "jpeg" => Kind::Jpeg,
        "png" => Kind::Png,
        "webp" => Kind::Webp,
        "tif" | "tiff" => Kind::Tiff,
        _ => return Ok(None),
    };
    let mut first = None;
    pages::read(kind, std::fs::read(path)?, &Limits::default(), &mut |surface| {
        first.get_or_insert(surface.raster);
        Ok(())
    })?;
    Ok(first)
}

fn drawn(raster: &RgbImage, sheets: &[Sheet]) -> RgbImage {
    let scale = f64::from(TILE) / f64::from(raster.width().max(raster.height()));
    let side = |v: u32| (f64::from(v) * scale).max(1.0) as u32;
    let mut out = imageops::thumbnail(raster, side(raster.width()), side(raster.height()));
    for sheet in sheets {
        let corners = sheet.outline.0;
        for k in 0..4 {
            let (a, b) = (corners[k], corners[(k + 1) % 4]);
            for step in 0..=2 * TILE {
                let t = f64::from(step) / f64::from(2 * TILE);
                let (x, y) = ((a.x + (b.x - a.x) * t) * scale, (a.y + (b.y - a.y) * t) * scale);
                dot(&mut out, x, y, 1, Rgb([225, 30, 40]));
            }
        }
        dot(&mut out, corners[0].x * scale, corners[0].y * scale, 5, Rgb([20, 190, 60]));
    }
    out
}

/// A square dot; what would lie outside is drawn at the border.
fn dot(image: &mut RgbImage, x: f64, y: f64, reach: i64, colour: Rgb<u8>) {
    let (w, h) = (i64::from(image.width()), i64::from(image.height()));
    for dy in -reach..=reach {
        for dx in -reach..=reach {
            let (px, py) = ((x as i64 + dx).clamp(0, w - 1), (y as i64 + dy).clamp(0, h - 1));
            image.put_pixel(px as u32, py as u32, colour);
        }
    }
}

fn contact(tiles: &[RgbImage]) -> RgbImage {
    let count = tiles.len() as u32;
    let columns = count.clamp(1, COLUMNS);
    let rows: Vec<u32> = tiles
        .chunks(COLUMNS as usize)
        .map(|row| row.iter().map(RgbImage::height).max().unwrap_or(0) + 2 * GAP)
        .collect();
    let mut out =
        RgbImage::from_pixel(columns * (TILE + 2 * GAP), rows.iter().sum::<u32>().max(1), Rgb([255; 3]));
    let mut top = 0;
    for (row, tall) in tiles.chunks(COLUMNS as usize).zip(rows) {
        for (k, tile) in row.iter().enumerate() {
            let left = k as u32 * (TILE + 2 * GAP) + GAP + (TILE - tile.width()) / 2;
            imageops::replace(&mut out, tile, i64::from(left), i64::from(top + GAP));
        }
        top += tall;
    }
    out
}
