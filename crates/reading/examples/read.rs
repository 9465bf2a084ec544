//! Reads pictures of sheets that are upright: files in, one JSON line a file out.
//!
//!     read [--languages eng+ukr] [--first] FILE...
//!     read --list LIST          a line a file: its name, a tab, the density ([`Upright::density`])
//!
//! The last line on standard error tells the processor seconds of this process (making ready) and of the reader.
//! `--first` looks once; `--either` turns over what reads badly.

use std::error::Error;

use image::{GrayImage, ImageReader};
use model::{Id, PictureId};
use reading::{Looks, Manner, Tesseract, Upright, look, look_either, reading};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments: Vec<String> = std::env::args().skip(1).collect();
    let languages = option(&mut arguments, "--languages")?.unwrap_or_else(|| "eng".to_owned());
    let list = option(&mut arguments, "--list")?;
    let first = arguments.iter().position(|word| word == "--first").map(|at| arguments.remove(at)).is_some();
    let either =
        arguments.iter().position(|word| word == "--either").map(|at| arguments.remove(at)).is_some();
    let mut files: Vec<(String, f64)> = arguments.into_iter().map(|file| (file, 1.0)).collect();
    if let Some(list) = list {
        for line in std::fs::read_to_string(list)?.lines() {
            let (file, density) = line.split_once('\t').unwrap_or((line, "1"));
            files.push((file.to_owned(), density.parse()?));
        }
    }
    let tesseract = Tesseract::find()?;
    tesseract.knows(&languages)?;
    let mut looks =
        Looks { manner: Manner { languages: languages.clone(), ..Manner::default() }, ..Looks::default() };
    if first {
        looks.further.clear();
    }
    let (mut own, mut child) = (0.0, 0.0);
    let mut again = 0;
    for batch in files.chunks(4) {
        let rasters: Vec<GrayImage> = batch
            .iter()
            .map(|(file, _)| Ok(ImageReader::open(file)?.with_guessed_format()?.decode()?.into_luma8()))
            .collect::<Result<_, Box<dyn Error>>>()?;
        let pairs = rasters.iter().zip(batch);
        let uprights: Vec<Upright> =
            pairs.map(|(raster, (_, density))| Upright { raster, density: *density }).collect();
        let before = processor();
        let read = if either {
            look_either(&tesseract, &uprights, &vec![true; uprights.len()], &looks)?
        } else {
            look(&tesseract, &uprights, &looks)?
        };
        again += read.iter().filter(|looked| looked.words.iter().any(|word| word.second)).count();
        let after = processor();
        (own, child) = (own + after.0 - before.0, child + after.1 - before.1);
        for (((file, _), raster), looked) in batch.iter().zip(&rasters).zip(read) {
            let picture = PictureId::make(|id| {
                id.text(file);
            });
            let signature = tesseract.signature(&languages);
            let read = reading(picture, &looked, f64::from(raster.height()), &|p| p, signature);
            println!("{}", serde_json::json!({ "file": file, "lost": looked.lost, "reading": read }));
        }
    }
    eprintln!(
        "{} pictures: {own:.2} s making ready, {child:.2} s reading; {:.3} and {:.3} a picture; {again} \
         took words from a second look",
        files.len(),
        own / files.len().max(1) as f64,
        child / files.len().max(1) as f64
    );
    Ok(())
}

fn option(arguments: &mut Vec<String>, name: &str) -> Result<Option<String>, Box<dyn Error>> {
    let Some(at) = arguments.iter().position(|word| word == name) else { return Ok(None) };
    let value = arguments.get(at + 1).cloned().ok_or_else(|| format!("{name} needs a value"))?;
    arguments.drain(at..at + 2);
    Ok(Some(value))
}

/// Processor seconds of this process and of its finished children (Linux counts them in hundredths).
fn processor() -> (f64, f64) {
    let line = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let cells: Vec<f64> = line
        .rsplit(')')
        .next()
        .unwrap_or("")
        .split_whitespace()
        .skip(11)
        .take(4)
        .filter_map(|cell| cell.parse().ok())
        .collect();
    let sum = |from: usize| cells.iter().skip(from).take(2).sum::<f64>() / 100.0;
    (sum(0), sum(2))
}
