//! Reads every copy of a leak whose truth is known, set upright by the truth's own geometry, and keeps what was read:
//!
//!     trove DIR OUT.jsonl [plain|first|default] [--whole]
//!
//! One JSON line a copy: its name, its sheet, whether it is whole, and what was looked at. `plain` is Tesseract on the
//! upright picture as it is, without our evening; `first` the first look alone; `default` all looks.
//! `--only=c0001,c0002` takes these alone. The last line on standard error is JSON: pages, seconds by the wall, processor
//! seconds of making ready and of the reader (and not of setting upright, which is the truth's).

#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::error::Error;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use image::{GrayImage, Luma, RgbImage};
use reading::{Layout, Leaf, Looked, Looks, Manner, Tesseract, Upright, look};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

type H = [[f64; 3]; 3];

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [dir, out, rest @ ..] = arguments.as_slice() else {
        return Err("trove DIR OUT.jsonl [plain|first|default]".into());
    };
    let whole_only = rest.iter().any(|word| word == "--whole");
    let mode = rest.iter().find(|word| !word.starts_with('-')).map_or("default", String::as_str);
    let only = rest.iter().find_map(|word| word.strip_prefix("--only=")).unwrap_or("").to_owned();
    let truth: Value = serde_json::from_slice(&fs::read(Path::new(dir).join("truth.json"))?)?;
    let mut files = BTreeMap::new();
    gather(Path::new(dir), &mut files)?;
    let copies: Vec<(&Value, PathBuf)> = truth["copies"]
        .as_array()
        .ok_or("no copies")?
        .iter()
        .filter(|copy| copy["H"].is_array() && copy["withheld"] == false)
        .filter(|copy| only.is_empty() || only.split(',').any(|name| copy["copy"] == name))
        .filter(|copy| !whole_only || copy["seen"].as_f64().unwrap_or(0.0) > 0.95)
        .filter_map(|copy| Some((copy, files.get(copy["sha256"].as_str()?)?.clone())))
        .collect();
    let tesseract = Tesseract::find()?;
    let started = (Instant::now(), children());
    let own = Mutex::new(0.0);
    let next = AtomicUsize::new(0);
    let lines: Mutex<BTreeMap<usize, String>> = Mutex::new(BTreeMap::new());
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                loop {
                    let start = next.fetch_add(4, Ordering::Relaxed);
                    let Some(batch) =
                        copies.get(start..copies.len().min(start + 4)).filter(|batch| !batch.is_empty())
                    else {
                        break;
                    };
                    let (done, seconds) = work(&tesseract, batch, mode).unwrap();
                    *own.lock().unwrap() += seconds;
                    lines
                        .lock()
                        .unwrap()
                        .extend(done.into_iter().enumerate().map(|(n, line)| (start + n, line)));
                }
            });
        }
    });
    let mut out = std::io::BufWriter::new(fs::File::create(out)?);
    for line in lines.lock().unwrap().values() {
        writeln!(out, "{line}")?;
    }
    let told = json!({
        "mode": mode, "pages": copies.len(), "wall": started.0.elapsed().as_secs_f64(),
        "ready": *own.lock().unwrap(), "reader": children() - started.1,
    });
    eprintln!("{told}");
    Ok(())
}

/// A line for each of the batch, and the processor seconds of this thread in reading it.
fn work(
    tesseract: &Tesseract,
    batch: &[(&Value, PathBuf)],
    mode: &str,
) -> Result<(Vec<String>, f64), Box<dyn Error>> {
    let mut uprights = Vec::new();
    for (copy, file) in batch {
        let raster = image::load_from_memory(&fs::read(file)?)?.into_rgb8();
        let h: H = serde_json::from_value(copy["H"].clone())?;
        uprights.push(upright(&raster, &h));
    }
    let pictures: Vec<Upright> =
        uprights.iter().map(|(raster, density)| Upright { raster, density: *density }).collect();
    let number = |name: &str, or: f64| std::env::var(name).ok().and_then(|v| v.parse().ok()).unwrap_or(or);
    let mut looks = Looks::default();
    looks.first.letters = number("LETTERS", looks.first.letters);
    looks.first.sharpen = number("SHARPEN", looks.first.sharpen);
    looks.first.reach = number("REACH", looks.first.reach);
    let before = thread();
    let looked = match mode {
        "plain" => {
            let rasters: Vec<&GrayImage> = uprights.iter().map(|(raster, _)| raster).collect();
            tesseract
                .read(&rasters, &Manner { layout: Layout::Page, ..Manner::default() })?
                .iter()
                .map(bare)
                .collect()
        }
        "first" => look(tesseract, &pictures, &Looks { further: Vec::new(), ..looks })?,
        _ => look(tesseract, &pictures, &looks)?,
    };
    let seconds = thread() - before;
    let lines = batch.iter().zip(looked).zip(&uprights).map(|(((copy, _), looked), (raster, density))| {
        let whole = copy["seen"].as_f64().unwrap_or(0.0) > 0.95;
        json!({"copy": copy["copy"], "sheet": copy["sheet"], "version": copy["version"], "ops": copy["ops"], "whole": whole,
            "H": copy["H"], "size": copy["size"], "upright": [raster.width(), raster.height()], "density": density, "looked": looked})
        .to_string()
    });
    Ok((lines.collect(), seconds))
}

fn bare(leaf: &Leaf) -> Looked {
    let words = leaf.seen.iter().map(|seen| reading::Noted {
        text: seen.text.clone(),
        quad: model::Quad::rectangle(
            seen.left.into(),
            seen.top.into(),
            seen.width.into(),
            seen.height.into(),
        ),
        doubt: 1.0 - seen.confidence / 100.0,
        line: seen.line.0 * 1000 + seen.line.1 * 100 + seen.line.2,
        second: false,
        traits: reading::Traits::of_page(std::slice::from_ref(seen), 16.0)[0],
    });
    Looked { words: words.collect(), lost: leaf.lost, letters: None, turned: false }
}

/// The sheet set upright, 2200 pixels along its longer side, and picture pixels for one of its pixels.
fn upright(raster: &RgbImage, h: &H) -> (GrayImage, f64) {
    let at = |x: f64, y: f64| {
        let w = h[2][0] * x + h[2][1] * y + h[2][2];
        ((h[0][0] * x + h[0][1] * y + h[0][2]) / w, (h[1][0] * x + h[1][1] * y + h[1][2]) / w)
    };
    let far = |a: (f64, f64), b: (f64, f64)| (a.0 - b.0).hypot(a.1 - b.1);
    let (tl, tr, br, bl) = (at(0.0, 0.0), at(1700.0, 0.0), at(1700.0, 2200.0), at(0.0, 2200.0));
    let (across, down) = ((far(tl, tr) + far(bl, br)) / 2.0, (far(tl, bl) + far(tr, br)) / 2.0);
    let long = across.max(down);
    let (width, height) = ((across / long * 2200.0) as u32, (down / long * 2200.0) as u32);
    let grey = image::imageops::grayscale(raster);
    let made = GrayImage::from_fn(width.max(1), height.max(1), |x, y| {
        let (fx, fy) = at(
            (f64::from(x) + 0.5) * 1700.0 / f64::from(width),
            (f64::from(y) + 0.5) * 2200.0 / f64::from(height),
        );
        Luma([cubic(&grey, fx - 0.5, fy - 0.5)])
    });
    (made, long / 2200.0)
}

/// Catmull-Rom; white outside.
fn cubic(raster: &GrayImage, x: f64, y: f64) -> u8 {
    let (x0, y0) = (x.floor(), y.floor());
    let weights = |t: f64| {
        let (t2, t3) = (t * t, t * t * t);
        [
            -0.5 * t + t2 - 0.5 * t3,
            1.0 - 2.5 * t2 + 1.5 * t3,
            0.5 * t + 2.0 * t2 - 1.5 * t3,
            -0.5 * t2 + 0.5 * t3,
        ]
    };
    let (wx, wy) = (weights(x - x0), weights(y - y0));
    let mut sum = 0.0;
    for (j, wy) in wy.iter().enumerate() {
        for (i, wx) in wx.iter().enumerate() {
            let (px, py) = (x0 as i64 + i as i64 - 1, y0 as i64 + j as i64 - 1);
            let inside =
                px >= 0 && py >= 0 && px < i64::from(raster.width()) && py < i64::from(raster.height());
            sum +=
                wx * wy * if inside { f64::from(raster.get_pixel(px as u32, py as u32).0[0]) } else { 255.0 };
        }
    }
    sum.clamp(0.0, 255.0) as u8
}

fn gather(folder: &Path, files: &mut BTreeMap<String, PathBuf>) -> Result<(), Box<dyn Error>> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            gather(&path, files)?;
        } else {
            let digest: String =
                Sha256::digest(fs::read(&path)?).iter().map(|byte| format!("{byte:02x}")).collect();
            files.insert(digest, path);
        }
    }
    Ok(())
}

/// Processor seconds of this process's finished children (Linux counts them in hundredths).
fn children() -> f64 {
    let line = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let cells = line.rsplit(')').next().unwrap_or("").split_whitespace().skip(13).take(2);
    cells.filter_map(|cell| cell.parse::<f64>().ok()).sum::<f64>() / 100.0
}

/// Processor seconds of this thread.
fn thread() -> f64 {
    let line = fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    line.split_whitespace().next().and_then(|cell| cell.parse::<f64>().ok()).unwrap_or(0.0) / 1e9
}
