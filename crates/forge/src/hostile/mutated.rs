//! Files damaged at random, by what readers fall over: cut, bits turned, lengths made huge, pieces left out, written twice or
//! put together.

use image::{ImageFormat, imageops};

use super::document::encoded;
use super::{archive, bomb};
use crate::pdf;
use crate::rng::Rng;
use crate::typeset::{Look, sheet};

/// A file: its name and its bytes.
pub type Seed = (String, Vec<u8>);

/// Small whole files of the formats of pictures, documents and archives, to be damaged.
#[must_use]
pub fn seeds() -> Vec<Seed> {
    let page = sheet(&mut Rng::new(13), Look::Memo);
    // Too small to be matched with each other: readers are tried here, not engines.
    let small = imageops::thumbnail(&page.raster(), 60, 80);
    let formats = [
        ("png", ImageFormat::Png),
        ("jpg", ImageFormat::Jpeg),
        ("gif", ImageFormat::Gif),
        ("webp", ImageFormat::WebP),
        ("tif", ImageFormat::Tiff),
        ("bmp", ImageFormat::Bmp),
    ];
    let mut seeds: Vec<Seed> =
        formats.iter().map(|(end, format)| (format!("picture.{end}"), encoded(&small, *format))).collect();
    seeds.push(("printed.pdf".to_owned(), pdf::printed(&[page])));
    seeds.push(("nested.zip".to_owned(), archive::zip_nested(3)));
    seeds.push(("some.tar".to_owned(), archive::tar_traps()));
    seeds.push(("some.gz".to_owned(), bomb::gzip_bomb(1)));
    seeds
}

/// So many files made of `seeds` by damage, each with a name that says of which and how often it was damaged.
pub fn mutated(seeds: &[Seed], count: usize, seed: u64) -> impl Iterator<Item = Seed> + '_ {
    let mut rng = Rng::new(seed);
    (0..count).filter_map(move |n| {
        let (name, bytes) = seeds.get(n % seeds.len().max(1))?;
        let mut bytes = bytes.clone();
        let times = 1 + rng.below(4);
        for _ in 0..times {
            damage(&mut bytes, seeds, &mut rng);
        }
        let (stem, end) = name.rsplit_once('.').unwrap_or((name, "bin"));
        let stem: String = stem.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
        Some((format!("{n:05}-{stem}.{end}"), bytes))
    })
}

fn damage(bytes: &mut Vec<u8>, seeds: &[Seed], rng: &mut Rng) {
    if bytes.is_empty() {
        bytes.push(rng.below(256) as u8);
        return;
    }
    let at = rng.below(bytes.len());
    let end = (at + 1 + rng.below(64)).min(bytes.len());
    match rng.below(9) {
        0 => bytes.truncate(at),
        1 => bytes[at] ^= 1 << rng.below(8),
        2 => bytes[at..end].iter_mut().for_each(|byte| *byte = rng.below(256) as u8),
        3 => bytes[at..end].fill([0, 0xff, b'0', b'['][rng.below(4)]),
        4 => drop(bytes.drain(at..end)),
        5 => {
            let piece = bytes[at..end].repeat(1 + rng.below(200));
            bytes.splice(at..at, piece);
        }
        // What may be a length or an offset.
        6 => {
            let huge = [[0xff; 4], [0x7f, 0xff, 0xff, 0xff], [0xff, 0xff, 0xff, 0x7f], [0, 0, 0, 0x80]]
                [rng.below(4)];
            bytes[at..end].iter_mut().zip(huge).for_each(|(byte, new)| *byte = new);
        }
        // The head of one, the rest of another.
        7 => {
            if let Some((_, other)) = seeds.get(rng.below(seeds.len().max(1))) {
                let from = rng.below(other.len().max(1));
                bytes.truncate(at);
                bytes.extend(&other[from.min(other.len())..]);
            }
        }
        _ => {
            if let Some((_, other)) = seeds.get(rng.below(seeds.len().max(1))) {
                bytes.splice(at..at, other.iter().copied().take(4096));
            }
        }
    }
}
