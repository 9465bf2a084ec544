//! Reads pictures of sheets that are upright: files in, one JSON line a file out.
//!
//!     read [--languages eng+ukr] FILE...

use std::error::Error;

use image::GrayImage;
use model::{Id, PictureId};
use reading::{Looks, Manner, Tesseract, Upright, look, reading};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments: Vec<String> = std::env::args().skip(1).collect();
    let mut languages = "eng".to_owned();
    if let Some(at) = arguments.iter().position(|word| word == "--languages") {
        languages = arguments.get(at + 1).cloned().ok_or("--languages needs a value")?;
        arguments.drain(at..at + 2);
    }
    let tesseract = Tesseract::find()?;
    tesseract.knows(&languages)?;
    let looks =
        Looks { manner: Manner { languages: languages.clone(), ..Manner::default() }, ..Looks::default() };
    for files in arguments.chunks(4) {
        let rasters: Vec<GrayImage> = files
            .iter()
            .map(|file| Ok(image::open(file)?.into_luma8()))
            .collect::<Result<_, Box<dyn Error>>>()?;
        let uprights: Vec<Upright> = rasters.iter().map(|raster| Upright { raster, density: 1.0 }).collect();
        for ((file, raster), looked) in files.iter().zip(&rasters).zip(look(&tesseract, &uprights, &looks)?) {
            let picture = PictureId::make(|id| {
                id.text(file);
            });
            let read = reading(
                picture,
                &looked,
                f64::from(raster.height()),
                &|p| p,
                tesseract.signature(&languages),
            );
            println!("{}", serde_json::json!({ "file": file, "lost": looked.lost, "reading": read }));
        }
    }
    Ok(())
}
