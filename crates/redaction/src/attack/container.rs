//! What a file holds beside the pixels it shows. Readers of our own that only walk: every step is bounded by the bytes there are.

use serde::{Deserialize, Serialize};

use super::{Finding, Weakness, pdf};

/// What a redacted file may come in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Container {
    /// Portable Network Graphics.
    Png,
    /// JPEG.
    Jpeg,
    /// PDF.
    Pdf,
}

/// A part of a file that can be opened like a file of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// What it is, in words.
    pub what: String,
    /// What its bytes are.
    pub container: Container,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// What a file holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scan {
    /// What is weak in it.
    pub findings: Vec<Finding>,
    /// Parts to be opened and held against the page.
    pub parts: Vec<Part>,
}

/// Parts handed on, at most.
const PARTS: usize = 32;
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";
const JPEG: &[u8] = b"\xff\xd8\xff";

/// What these bytes are; none if they are nothing a redacted file comes in.
pub fn container(bytes: &[u8]) -> Option<Container> {
    let head = bytes.get(..bytes.len().min(1024))?;
    match head {
        _ if head.starts_with(PNG) => Some(Container::Png),
        _ if head.starts_with(JPEG) => Some(Container::Jpeg),
        _ if head.windows(5).any(|five| five == b"%PDF-") => Some(Container::Pdf),
        _ => None,
    }
}

/// Walks a file.
pub fn scan(container: Container, bytes: &[u8]) -> Scan {
    let mut scan = Scan::default();
    match container {
        Container::Png => png(bytes, &mut scan),
        Container::Jpeg => jpeg(bytes, &mut scan),
        Container::Pdf => pdf::walk(bytes, &mut scan),
    }
    scan.findings.sort();
    scan.findings.dedup();
    scan
}

impl Scan {
    pub(super) fn found(&mut self, weakness: Weakness, detail: impl Into<String>) {
        self.findings.push(Finding::of_file(weakness, detail));
    }

    pub(super) fn part(&mut self, what: &str, bytes: &[u8]) {
        if let Some(container) = container(bytes).filter(|_| self.parts.len() < PARTS) {
            self.parts.push(Part { what: what.to_owned(), container, bytes: bytes.to_vec() });
        }
    }

    /// Pictures that begin somewhere inside these bytes.
    fn pictures_in(&mut self, what: &str, bytes: &[u8]) -> usize {
        let starts: Vec<usize> = [JPEG, PNG]
            .iter()
            .flat_map(|magic| bytes.windows(magic.len()).enumerate().filter(move |(_, run)| run == magic))
            .map(|(at, _)| at)
            .take(PARTS)
            .collect();
        for start in &starts {
            self.part(what, bytes.get(*start..).unwrap_or_default());
        }
        starts.len()
    }
}

/// Chunks that say how pixels are to be shown, and nothing else.
const PLAIN: [&[u8]; 8] = [b"IHDR", b"PLTE", b"IDAT", b"IEND", b"gAMA", b"sRGB", b"cHRM", b"pHYs"];

/// PNG (W3C, third edition): length, type, data, sum.
fn png(bytes: &[u8], scan: &mut Scan) {
    let mut at = PNG.len();
    loop {
        let Some((kind, data, next)) = chunk(bytes, at) else {
            scan.found(Weakness::Closed, "a chunk is cut off");
            return;
        };
        at = next;
        let name = String::from_utf8_lossy(kind).into_owned();
        match kind {
            b"IHDR" => {
                if matches!(data.get(9), Some(4 | 6)) {
                    scan.found(Weakness::Transparency, "an alpha channel");
                }
            }
            b"tRNS" => scan.found(Weakness::Transparency, "a transparent colour"),
            b"acTL" | b"fcTL" | b"fdAT" => scan.found(Weakness::Parts, "further frames"),
            b"eXIf" => {
                scan.found(Weakness::Metadata, "EXIF");
                exif(data, scan);
            }
            b"IEND" => break,
            _ if PLAIN.contains(&kind) => {}
            _ => scan.found(Weakness::Metadata, format!("the chunk {}", letters(&name))),
        }
    }
    behind(bytes.get(at..).unwrap_or_default(), scan);
}

fn chunk(bytes: &[u8], at: usize) -> Option<(&[u8], &[u8], usize)> {
    let length = u32::from_be_bytes(bytes.get(at..at.checked_add(4)?)?.try_into().ok()?) as usize;
    let kind = bytes.get(at + 4..at + 8)?;
    let end = at.checked_add(8)?.checked_add(length)?;
    let data = bytes.get(at + 8..end)?;
    let next = end.checked_add(4)?;
    (next <= bytes.len()).then_some((kind, data, next))
}

fn letters(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).take(12).collect()
}

/// What stands behind the end: nothing ought to (CVE-2023-21036 left the old picture there).
fn behind(rest: &[u8], scan: &mut Scan) {
    if rest.iter().all(|byte| *byte == 0) {
        return;
    }
    scan.found(Weakness::Trailing, format!("{} of them", rest.len()));
    scan.pictures_in("a picture behind the end", rest);
}

/// EXIF (CIPA DC-008): that it is there, and pictures in it.
fn exif(data: &[u8], scan: &mut Scan) {
    if scan.pictures_in("the EXIF thumbnail", data) > 0 {
        scan.found(Weakness::Thumbnail, "EXIF");
    }
}

/// JPEG (ITU-T T.81): segments up to each scan, its data, further segments, the end.
fn jpeg(bytes: &[u8], scan: &mut Scan) {
    let mut at = 2;
    loop {
        let Some((marker, next)) = marker(bytes, at) else {
            scan.found(Weakness::Closed, "the picture does not end");
            return;
        };
        at = next;
        match marker {
            0xD9 => break,
            0x01 | 0xD0..=0xD8 => continue,
            _ => {}
        }
        let length = bytes.get(at..at + 2).map_or(0, |two| usize::from(u16::from_be_bytes([two[0], two[1]])));
        let Some(data) = at.checked_add(length).and_then(|end| bytes.get(at + 2..end)) else {
            scan.found(Weakness::Closed, "a segment is cut off");
            return;
        };
        at += length;
        segment(marker, data, scan);
    }
    behind(bytes.get(at..).unwrap_or_default(), scan);
}

/// The next marker from `at` on, past whatever is none, and where its segment begins.
fn marker(bytes: &[u8], mut at: usize) -> Option<(u8, usize)> {
    loop {
        let two = bytes.get(at..at + 2)?;
        match two {
            [0xFF, 0x00 | 0xFF] => at += 1,
            [0xFF, marker] => return Some((*marker, at + 2)),
            _ => at += 1,
        }
    }
}

/// Whether a JFIF segment says that a reduced picture follows.
fn reduced(jfif: &[u8]) -> bool {
    jfif.get(12).zip(jfif.get(13)).is_some_and(|(across, down)| *across > 0 && *down > 0)
}

fn segment(marker: u8, data: &[u8], scan: &mut Scan) {
    match marker {
        0xE0 if data.starts_with(b"JFIF\0") && reduced(data) => scan.found(Weakness::Thumbnail, "JFIF"),
        0xE0 if data.starts_with(b"JFIF\0") => {}
        0xE0 if data.starts_with(b"JFXX\0") => {
            scan.found(Weakness::Thumbnail, "JFXX");
            scan.pictures_in("the JFXX thumbnail", data);
        }
        0xE1 if data.starts_with(b"Exif\0") => {
            scan.found(Weakness::Metadata, "EXIF");
            exif(data, scan);
        }
        0xE1 => {
            scan.found(Weakness::Metadata, "XMP");
            if data.windows(10).any(|run| run == b"Thumbnails" || run == b"thumbnails") {
                scan.found(Weakness::Thumbnail, "XMP");
            }
        }
        0xE2 if data.starts_with(b"MPF\0") => scan.found(Weakness::Parts, "further pictures (MPF)"),
        // A colour profile, and Adobe's word on how colours are to be read.
        0xE2 if data.starts_with(b"ICC_PROFILE\0") => {}
        0xEE if data.starts_with(b"Adobe") && data.len() <= 12 => {}
        0xED => {
            scan.found(Weakness::Metadata, "Photoshop or IPTC");
            if scan.pictures_in("the Photoshop thumbnail", data) > 0 {
                scan.found(Weakness::Thumbnail, "Photoshop");
            }
        }
        0xFE => scan.found(Weakness::Metadata, "a comment"),
        0xE0..=0xEF => scan.found(Weakness::Metadata, format!("segment APP{}", marker - 0xE0)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::write;
    use image::{Rgb, RgbImage};

    fn weak(bytes: &[u8]) -> Vec<Weakness> {
        scan(container(bytes).unwrap(), bytes).findings.iter().map(|finding| finding.weakness).collect()
    }

    #[test]
    fn what_is_written_here_holds_nothing_else() {
        let raster = RgbImage::from_fn(60, 40, |x, y| Rgb([x as u8, y as u8, 9]));
        assert!(weak(&write::png(&raster).unwrap()).is_empty());
        let pdf = write::pdf(&[raster.clone(), raster], 150.0).unwrap();
        assert!(weak(&pdf).is_empty(), "{:?}", weak(&pdf));
    }

    #[test]
    fn what_is_left_in_a_png_is_named() {
        let raster = RgbImage::from_pixel(20, 20, Rgb([1, 2, 3]));
        let png = write::png(&raster).unwrap();
        let with = |kind: &[u8], data: &[u8]| {
            let mut out = png[..33].to_vec();
            out.extend((data.len() as u32).to_be_bytes());
            out.extend(kind);
            out.extend(data);
            out.extend([0; 4]);
            out.extend(&png[33..]);
            out
        };
        assert_eq!(weak(&with(b"tEXt", b"Author\0me")), [Weakness::Metadata]);
        assert_eq!(weak(&with(b"tRNS", &[0; 6])), [Weakness::Transparency]);
        let trailing = [&png[..], &png[..]].concat();
        let scanned = scan(Container::Png, &trailing);
        assert_eq!((weak(&trailing), scanned.parts.len()), (vec![Weakness::Trailing], 1));
        assert_eq!(weak(&png[..40]), [Weakness::Closed]);
    }

    #[test]
    fn what_is_left_in_a_jpeg_is_named() {
        let raster = RgbImage::from_pixel(24, 24, Rgb([1, 2, 3]));
        let jpeg = forge::raster::jpeg(&raster, 80).unwrap();
        assert!(weak(&jpeg).is_empty(), "{:?}", weak(&jpeg));
        let mut exif = b"Exif\0\0MM\0*".to_vec();
        exif.extend(&jpeg);
        let mut with = jpeg[..2].to_vec();
        with.extend([0xFF, 0xE1]);
        with.extend((exif.len() as u16 + 2).to_be_bytes());
        with.extend(exif);
        with.extend(&jpeg[2..]);
        let scanned = scan(Container::Jpeg, &with);
        assert_eq!(weak(&with), [Weakness::Metadata, Weakness::Thumbnail]);
        assert!(scanned.parts[0].bytes.starts_with(&jpeg), "the thumbnail is handed on");
    }

    #[test]
    fn any_bytes_are_walked_to_an_end() {
        let raster = RgbImage::from_pixel(24, 24, Rgb([1, 2, 3]));
        let whole = [
            write::png(&raster).unwrap(),
            forge::raster::jpeg(&raster, 80).unwrap(),
            write::pdf(&[raster], 72.0).unwrap(),
        ];
        for bytes in &whole {
            let kind = container(bytes).unwrap();
            for cut in 0..bytes.len() {
                scan(kind, &bytes[..cut]);
                let mut turned = bytes.clone();
                turned[cut] ^= 0x55;
                scan(kind, &turned);
            }
        }
    }
}
