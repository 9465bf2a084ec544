//! Reads forged sheets that no camera saw, by the reader alone and by all looks:
//!
//!     clean [SEED] [COUNT]
//!
//! One line of JSON: words in common with the truth, read and true of both; on how many sheets all looks made more errors
//! (words of the truth that are missing and words that are not in it), and on how many they have fewer words of the truth,
//! whatever the errors. Which words those were goes to standard error.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::error::Error;

use forge::rng::Rng;
use forge::typeset::{Look, sheet};
use image::GrayImage;
use model::{Id, PictureId};
use reading::{Looks, Manner, Tesseract, Upright, look, reading};

fn main() -> Result<(), Box<dyn Error>> {
    let number = |n: usize, or: u64| std::env::args().nth(n).map_or(Ok(or), |word| word.parse());
    let (mut rng, count) = (Rng::new(number(1, 2_077)?), number(2, 12)? as usize);
    let looks = [Look::Memo, Look::Cable, Look::Slide];
    let tesseract = Tesseract::find()?;
    let (mut alone, mut all, mut worse, mut fewer) = ([0; 3], [0; 3], 0, 0);
    for n in 0..count {
        let sheet = sheet(&mut rng, looks[n % looks.len()]);
        let raster: GrayImage = image::imageops::grayscale(&sheet.raster());
        let plain = tesseract.read(&[&raster], &Manner::default())?;
        let plain: Vec<&str> = plain[0].seen.iter().map(|seen| seen.text.as_str()).collect();
        let looked = look(&tesseract, &[Upright { raster: &raster, density: 1.0 }], &Looks::default())?;
        let picture = PictureId::make(|id| {
            id.number(n as u64);
        });
        let signature = tesseract.signature("eng");
        let ours = reading(picture, &looked[0], f64::from(raster.height()), &|p| p, signature);
        let (a, b) = (held(&plain.join(" "), &sheet.text()), held(&ours.text, &sheet.text()));
        worse += usize::from(errors(b) > errors(a));
        if b[0] < a[0] {
            fewer += 1;
            eprintln!("sheet {n}: {a:?} {b:?}, lost {:?}", lost(&plain.join(" "), &ours.text, &sheet.text()));
        }
        alone.iter_mut().zip(a).for_each(|(sum, part)| *sum += part);
        all.iter_mut().zip(b).for_each(|(sum, part)| *sum += part);
    }
    println!(
        "{}",
        serde_json::json!({ "sheets": count, "alone": alone, "all": all, "worse": worse, "fewer": fewer })
    );
    Ok(())
}

/// Words of the truth that the one reading has and the other has not.
fn lost<'a>(one: &'a str, other: &str, truth: &str) -> Vec<&'a str> {
    let has = |text: &str, word: &str| text.split_whitespace().filter(|w| *w == word).count();
    let words = one.split_whitespace().filter(|word| has(truth, word) > 0);
    words.filter(|word| has(other, word) < has(one, word).min(has(truth, word))).collect()
}

/// Words missing and words too many.
fn errors([common, read, all]: [usize; 3]) -> usize {
    read + all - 2 * common
}

/// Words in common, read, true.
fn held(read: &str, truth: &str) -> [usize; 3] {
    let bag = |text: &str| {
        let mut bag: BTreeMap<String, usize> = BTreeMap::new();
        text.split_whitespace().for_each(|word| *bag.entry(word.to_owned()).or_default() += 1);
        bag
    };
    let (a, b) = (bag(read), bag(truth));
    let common = a.iter().map(|(word, n)| (*n).min(b.get(word).copied().unwrap_or(0))).sum();
    [common, a.values().sum(), b.values().sum()]
}
