//! A PDF taken apart without its cross-reference table: all dictionaries and streams that stand in it, those of earlier states
//! too (ISO 32000-1, 7.3 to 7.5). What cannot be taken apart is said to be closed.

use std::io::Read;

use flate2::read::ZlibDecoder;
use image::{DynamicImage, GrayImage, RgbImage};

use super::Weakness;
use super::container::{self, Container, Scan};

/// Streams that are looked into, at most.
const STREAMS: usize = 20_000;
/// Bytes of one stream, and of all, once unpacked.
const UNPACKED: (u64, u64) = (64 << 20, 512 << 20);

/// Words in dictionaries that say what else a file holds.
const PARTS: [(&[u8], &str); 8] = [
    (b"/EmbeddedFile", "attached files"),
    (b"/JavaScript", "scripts"),
    (b"/AcroForm", "a form"),
    (b"/OCProperties", "layers that can be switched off"),
    (b"/RichMedia", "media"),
    (b"/XFA", "a form (XFA)"),
    (b"/PieceInfo", "an editor's own data"),
    (b"/AF", "associated files"),
];

pub(super) fn walk(bytes: &[u8], scan: &mut Scan) {
    let (outside, streams) = apart(bytes, scan);
    let mut words = outside;
    let mut content = Vec::new();
    let mut left = UNPACKED.1;
    for stream in &streams {
        let Some(data) = stream.unpacked(&mut left, scan) else { continue };
        if stream.says(b"/ObjStm") {
            words.extend_from_slice(&data);
            words.push(b'\n');
        } else if stream.says(b"/Image") {
            picture(&data, scan);
            let raw = stream.raster(&data);
            scan.part("a picture in the PDF", raw.as_ref().unwrap_or(&data));
        } else if stream.says(b"/Form")
            || !(stream.says(b"/Type") || stream.says(b"/Subtype") || stream.says(b"/Length1"))
        {
            content.push(data);
        }
    }
    dictionaries(&words, scan);
    revisions(bytes, scan);
    for content in &content {
        drawn(content, scan);
    }
}

/// What a JPEG in the file holds beside its pixels, as if it came alone.
fn picture(data: &[u8], scan: &mut Scan) {
    if container::container(data) == Some(Container::Jpeg) {
        let inside = container::scan(Container::Jpeg, data);
        scan.findings.extend(inside.findings);
        inside.parts.iter().for_each(|part| scan.part(&part.what, &part.bytes));
    }
}

fn has(bytes: &[u8], word: &[u8]) -> bool {
    let ends = |at: usize| bytes.get(at).is_none_or(|next| !next.is_ascii_alphanumeric());
    bytes.windows(word.len()).enumerate().any(|(at, run)| run == word && ends(at + word.len()))
}

fn dictionaries(words: &[u8], scan: &mut Scan) {
    if has(words, b"/Encrypt") {
        scan.found(Weakness::Closed, "it is encrypted");
    }
    if has(words, b"/Annots") || has(words, b"/Annot") {
        let unapplied = has(words, b"/Redact");
        scan.found(
            Weakness::Annotations,
            if unapplied { "redactions that were marked and not applied" } else { "" },
        );
    }
    if has(words, b"/Info") {
        scan.found(Weakness::Metadata, "document information");
    }
    if has(words, b"/Metadata") {
        scan.found(Weakness::Metadata, "XMP");
    }
    if has(words, b"/Thumb") {
        scan.found(Weakness::Thumbnail, "a page's");
    }
    if has(words, b"/Font") {
        scan.found(Weakness::TextObjects, "fonts");
    }
    if has(words, b"/SMask") || has(words, b"/Mask") {
        scan.found(Weakness::Transparency, "a mask");
    }
    for (word, says) in PARTS {
        if has(words, word) {
            scan.found(Weakness::Parts, says);
        }
    }
}

/// Earlier states: the file up to each end but the last opens by itself.
fn revisions(bytes: &[u8], scan: &mut Scan) {
    const END: &[u8] = b"%%EOF";
    let ends: Vec<usize> = bytes
        .windows(END.len())
        .enumerate()
        .filter(|(_, run)| run == &END)
        .map(|(at, _)| at + END.len())
        .collect();
    let linear = has(bytes.get(..bytes.len().min(2048)).unwrap_or_default(), b"/Linearized");
    let own = if linear { 2 } else { 1 };
    if ends.len() > own {
        scan.found(Weakness::Revisions, format!("{} of them", ends.len() - own));
        for end in ends.iter().take(ends.len() - 1).skip(own - 1) {
            scan.part("an earlier state of the file", bytes.get(..*end).unwrap_or_default());
        }
    }
    let rest = ends.last().and_then(|end| bytes.get(*end..)).unwrap_or_default();
    if !rest.iter().all(|byte| byte.is_ascii_whitespace() || *byte == 0) {
        scan.found(Weakness::Trailing, format!("{} of them", rest.len()));
    }
}

/// A stream with the dictionary before it.
struct Stream<'a> {
    head: &'a [u8],
    data: &'a [u8],
}

/// The bytes outside of streams, and the streams.
fn apart<'a>(bytes: &'a [u8], scan: &mut Scan) -> (Vec<u8>, Vec<Stream<'a>>) {
    let (mut outside, mut streams, mut at) = (Vec::new(), Vec::new(), 0);
    while let Some(begin) = find(bytes, at, b"stream") {
        let before = bytes.get(at..begin).unwrap_or_default();
        outside.extend_from_slice(before);
        let mut start = begin + b"stream".len();
        start += bytes
            .get(start..)
            .unwrap_or_default()
            .iter()
            .take(2)
            .take_while(|b| matches!(b, b'\r' | b'\n'))
            .count();
        let Some(end) = find(bytes, start, b"endstream") else {
            scan.found(Weakness::Closed, "a stream does not end");
            return (outside, streams);
        };
        let from = before
            .windows(5)
            .rposition(|run| run == b" obj\n" || run == b" obj\r" || run == b" obj<" || run == b" obj ");
        let head = before.get(from.unwrap_or(before.len().saturating_sub(4096))..).unwrap_or_default();
        streams.push(Stream { head, data: lined(bytes.get(start..end).unwrap_or_default()) });
        at = end + b"endstream".len();
        if streams.len() > STREAMS {
            scan.found(Weakness::Closed, "there are too many streams");
            return (outside, streams);
        }
    }
    outside.extend_from_slice(bytes.get(at..).unwrap_or_default());
    (outside, streams)
}

/// Without the end of line that stands before `endstream` and is no data.
fn lined(data: &[u8]) -> &[u8] {
    let data = data.strip_suffix(b"\n").unwrap_or(data);
    data.strip_suffix(b"\r").unwrap_or(data)
}

fn find(bytes: &[u8], from: usize, word: &[u8]) -> Option<usize> {
    bytes.get(from..)?.windows(word.len()).position(|run| run == word).map(|at| from + at)
}

impl Stream<'_> {
    fn says(&self, word: &[u8]) -> bool {
        has(self.head, word)
    }

    /// A picture of 8 bits a channel, grey or RGB, without prediction, as a PNG.
    fn raster(&self, data: &[u8]) -> Option<Vec<u8>> {
        let number = |word: &[u8]| -> Option<u32> {
            let at = find(self.head, 0, word)? + word.len();
            let rest = self.head.get(at..)?.iter().copied().skip_while(u8::is_ascii_whitespace);
            let digits: String = rest.take_while(u8::is_ascii_digit).take(6).map(char::from).collect();
            digits.parse().ok()
        };
        let (width, height) = (number(b"/Width")?, number(b"/Height")?);
        if number(b"/BitsPerComponent") != Some(8) || self.says(b"/Predictor") {
            return None;
        }
        let pixels = u64::from(width) * u64::from(height);
        let raster = match data.len() as u64 {
            bytes if bytes == pixels * 3 => RgbImage::from_raw(width, height, data.to_vec())?,
            bytes if bytes == pixels => {
                DynamicImage::ImageLuma8(GrayImage::from_raw(width, height, data.to_vec())?).into_rgb8()
            }
            _ => return None,
        };
        crate::write::png(&raster).ok()
    }

    /// The stream without its compression; as it is where it is a picture of a format of its own. None, and said to be
    /// closed, where it is packed in another way or unpacks to too much.
    fn unpacked(&self, left: &mut u64, scan: &mut Scan) -> Option<Vec<u8>> {
        let known: [&[u8]; 2] = [b"/DCTDecode", b"/DCT"];
        if known.iter().any(|word| self.says(word)) && !self.says(b"/FlateDecode") || !self.says(b"/Filter") {
            return Some(self.data.to_vec());
        }
        if !self.says(b"/FlateDecode") && !self.says(b"/Fl") {
            if !self.says(b"/Image") {
                scan.found(Weakness::Closed, "a stream is packed in a way that is not looked into");
            }
            return None;
        }
        let most = UNPACKED.0.min(*left);
        let mut data = Vec::new();
        // What a damaged stream gave before it broke is looked at as well.
        let _ = ZlibDecoder::new(self.data).take(most).read_to_end(&mut data);
        *left = left.saturating_sub(data.len() as u64);
        if data.len() as u64 >= most {
            scan.found(Weakness::Closed, "a stream unpacks to too much");
        }
        Some(data)
    }
}

/// What a content stream draws: text, and boxes over what was drawn before.
fn drawn(content: &[u8], scan: &mut Scan) {
    let (mut shown, mut path) = (false, false);
    let mut inside = 0_u32;
    for word in content.split(|byte| byte.is_ascii_whitespace() || matches!(byte, b'[' | b']' | b'<' | b'>'))
    {
        // Text in brackets is not taken for operators.
        let (opens, closes) = (count(word, b'('), count(word, b')'));
        let quoted = inside > 0 || opens > 0;
        inside = (inside + opens).saturating_sub(closes);
        let word = word.rsplit(|byte| *byte == b')').next().unwrap_or_default();
        if quoted && inside > 0 {
            continue;
        }
        match word {
            b"Tj" | b"TJ" | b"'" | b"\"" => {
                scan.found(Weakness::TextObjects, "text");
                shown = true;
            }
            b"Do" | b"EI" | b"sh" => shown = true,
            b"re" | b"l" | b"c" | b"v" | b"y" | b"h" => path = true,
            b"f" | b"F" | b"f*" | b"B" | b"B*" | b"b" | b"b*" => {
                if shown && path {
                    scan.found(Weakness::DrawnOver, "");
                }
                path = false;
            }
            b"n" => path = false,
            b"BDC" | b"BMC" => scan.found(Weakness::Parts, "marked content"),
            _ => {}
        }
    }
}

fn count(word: &[u8], of: u8) -> u32 {
    word.iter().filter(|byte| **byte == of).count() as u32
}
