//! Small PDF 1.4 files, written by hand: sheets as a word processor prints them, with their text; and pages that are
//! nothing but a picture, as a scanner makes them.

use crate::ink::Colour;
use crate::typeset::{Mark, Sheet};
use std::fmt::Write;

/// Points (1/72 inch) to a sheet pixel (1/200 inch).
const POINT: f32 = 0.36;
const FONTS: [&str; 5] = ["Helvetica", "Helvetica-Bold", "Times-Roman", "Times-Bold", "Courier"];

/// A picture for a page: the bytes of a JPEG file, and its size in pixels.
#[derive(Debug, Clone, Copy)]
pub struct Scan<'a> {
    /// The file.
    pub jpeg: &'a [u8],
    /// Width and height in pixels.
    pub size: (u32, u32),
    /// Dots an inch it was scanned at.
    pub dpi: u32,
}

/// `sheets` as a document born digital: one page each, text in the base 14 fonts, rules and figures as vectors.
#[must_use]
pub fn printed(sheets: &[Sheet]) -> Vec<u8> {
    let mut file = File::new();
    let fonts: String = (0..FONTS.len()).fold(String::new(), |mut out, k| {
        let _ = write!(out, "/F{k} {} 0 R ", 3 + k);
        out
    });
    for name in FONTS {
        file.object(
            &format!("<< /Type /Font /Subtype /Type1 /BaseFont /{name} /Encoding /WinAnsiEncoding >>"),
            None,
        );
    }
    let pages: Vec<usize> = sheets
        .iter()
        .map(|sheet| {
            let content = content(sheet);
            let content = file.object("", Some(content.as_bytes()));
            let (w, h) = (sheet.size.0 as f32 * POINT, sheet.size.1 as f32 * POINT);
            file.page((w, h), &format!("/Font << {fonts}>>"), content)
        })
        .collect();
    file.finish(&pages)
}

/// `scans` as a document without text: one page each, filled by its picture.
#[must_use]
pub fn scanned(scans: &[Scan]) -> Vec<u8> {
    let mut file = File::new();
    let pages: Vec<usize> = scans
        .iter()
        .map(|scan| {
            let (w, h) = scan.size;
            let dict = format!(
                "/Type /XObject /Subtype /Image /Width {w} /Height {h} /ColorSpace /DeviceRGB /BitsPerComponent 8 /Filter /DCTDecode"
            );
            let picture = file.object(&dict, Some(scan.jpeg));
            let point = |pixels: u32| pixels as f32 * 72.0 / scan.dpi as f32;
            let content = format!("q {:.2} 0 0 {:.2} 0 0 cm /P Do Q\n", point(w), point(h));
            let content = file.object("", Some(content.as_bytes()));
            file.page((point(w), point(h)), &format!("/XObject << /P {picture} 0 R >>"), content)
        })
        .collect();
    file.finish(&pages)
}

/// A file being written. Objects 1 and 2 are the catalogue and the page tree, which come last.
struct File {
    bytes: Vec<u8>,
    offsets: Vec<usize>,
}

impl File {
    fn new() -> Self {
        Self { bytes: b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n".to_vec(), offsets: vec![0, 0] }
    }

    /// Adds an object: a dictionary, or, with `stream`, a stream whose dictionary has the entries `dict` besides its length.
    fn object(&mut self, dict: &str, stream: Option<&[u8]>) -> usize {
        self.offsets.push(0);
        let number = self.offsets.len();
        self.place(number, dict, stream);
        number
    }

    fn place(&mut self, number: usize, dict: &str, stream: Option<&[u8]>) {
        self.offsets[number - 1] = self.bytes.len();
        self.bytes.extend(format!("{number} 0 obj\n").bytes());
        if let Some(stream) = stream {
            self.bytes.extend(format!("<< {dict} /Length {} >>\nstream\n", stream.len()).bytes());
            self.bytes.extend(stream);
            self.bytes.extend(b"\nendstream");
        } else {
            self.bytes.extend(dict.bytes());
        }
        self.bytes.extend(b"\nendobj\n");
    }

    fn page(&mut self, (w, h): (f32, f32), resources: &str, content: usize) -> usize {
        let dict = format!(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {w:.2} {h:.2}] /Resources << {resources} >> /Contents {content} 0 R >>"
        );
        self.object(&dict, None)
    }

    fn finish(mut self, pages: &[usize]) -> Vec<u8> {
        let kids: Vec<String> = pages.iter().map(|p| format!("{p} 0 R")).collect();
        self.place(1, "<< /Type /Catalog /Pages 2 0 R >>", None);
        self.place(2, &format!("<< /Type /Pages /Kids [{}] /Count {} >>", kids.join(" "), pages.len()), None);
        let start = self.bytes.len();
        let mut end = format!("xref\n0 {}\n0000000000 65535 f \n", self.offsets.len() + 1);
        for offset in &self.offsets {
            let _ = writeln!(end, "{offset:010} 00000 n ");
        }
        let _ = write!(
            end,
            "trailer\n<< /Size {} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n",
            self.offsets.len() + 1
        );
        self.bytes.extend(end.bytes());
        self.bytes
    }
}

/// The drawing operators of a sheet, origin moved to the lower left.
fn content(sheet: &Sheet) -> String {
    let mut out = String::new();
    let high = sheet.size.1 as f32;
    let (x, y) = (|v: f32| v * POINT, |v: f32| (high - v) * POINT);
    for mark in &sheet.marks {
        let _ = match mark {
            Mark::Letters(l) => writeln!(
                out,
                "BT {} rg /F{} {:.3} Tf {:.2} Tz {:.3} {:.3} Td ({}) Tj ET",
                colour(l.rgb),
                l.face as usize,
                l.em() * POINT,
                l.squeeze * 100.0,
                x(l.x),
                y(l.baseline()),
                escaped(&l.text)
            ),
            Mark::Fill([l, t, w, h], rgb) => {
                writeln!(
                    out,
                    "{} rg {:.2} {:.2} {:.2} {:.2} re f",
                    colour(*rgb),
                    x(*l),
                    y(t + h),
                    w * POINT,
                    h * POINT
                )
            }
            Mark::Stroke(points, width, rgb) => {
                let _ = write!(out, "{} RG 1 J 1 j {:.2} w ", colour(*rgb), width * POINT);
                for (k, p) in points.iter().enumerate() {
                    let _ = write!(out, "{:.2} {:.2} {} ", x(p.0), y(p.1), if k == 0 { 'm' } else { 'l' });
                }
                writeln!(out, "S")
            }
            Mark::Ring(centre, r, width, rgb) => {
                // A dot is a line of no length with round ends; a ring, a polygon of 48 sides.
                let (r, w) = if width < r { (r - width / 2.0, *width) } else { (0.0, 2.0 * r) };
                let _ = write!(out, "{} RG 1 J 1 j {:.2} w ", colour(*rgb), w * POINT);
                for k in 0..=48 {
                    let a = k as f32 * std::f32::consts::TAU / 48.0;
                    let op = if k == 0 { 'm' } else { 'l' };
                    let _ = write!(
                        out,
                        "{:.2} {:.2} {op} ",
                        x(centre.0 + r * a.cos()),
                        y(centre.1 + r * a.sin())
                    );
                }
                writeln!(out, "S")
            }
        };
    }
    out
}

fn colour(rgb: Colour) -> String {
    let [r, g, b] = rgb.map(|v| f32::from(v) / 255.0);
    format!("{r:.3} {g:.3} {b:.3}")
}

fn escaped(text: &str) -> String {
    text.chars().fold(String::new(), |mut out, c| {
        match c {
            '(' | ')' | '\\' => out.extend(['\\', c]),
            ' '..='~' => out.push(c),
            _ => out.push('?'),
        }
        out
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::Rng;
    use crate::typeset::{Look, document};

    fn text(bytes: &[u8]) -> String {
        String::from_utf8_lossy(bytes).into_owned()
    }

    /// Every offset of the cross-reference table points at its object.
    fn check_xref(bytes: &[u8]) {
        let from = bytes.windows(5).rposition(|w| w == b"xref\n").unwrap();
        let from = bytes[..from].windows(5).rposition(|w| w == b"xref\n").unwrap_or(from);
        let table = text(&bytes[from..]);
        let entries: Vec<&str> = table.lines().skip(3).take_while(|l| l.ends_with(" n ")).collect();
        assert!(entries.len() > 3);
        for (k, line) in entries.iter().enumerate() {
            let offset: usize = line[..10].parse().unwrap();
            assert!(bytes[offset..].starts_with(format!("{} 0 obj\n", k + 1).as_bytes()), "object {}", k + 1);
        }
        assert!(table.trim_end().ends_with(&format!("startxref\n{from}\n%%EOF")));
    }

    #[test]
    fn printed_pages_hold_every_word() {
        let sheets = document(&mut Rng::new(5), Look::Memo, 2);
        let bytes = printed(&sheets);
        check_xref(&bytes);
        let body = text(&bytes);
        assert!(body.contains("/Count 2"));
        assert_eq!(body.matches(" Tj ET").count(), sheets.iter().map(|s| s.words.len()).sum::<usize>());
        assert!(body.contains("(\\(") && bytes.starts_with(b"%PDF-1.4"));
    }

    #[test]
    fn scanned_pages_hold_the_very_jpeg() {
        let jpeg = crate::raster::jpeg(&image::RgbImage::new(40, 60), 80).unwrap();
        let bytes = scanned(&[Scan { jpeg: &jpeg, size: (40, 60), dpi: 100 }]);
        check_xref(&bytes);
        assert!(bytes.windows(jpeg.len()).any(|w| w == jpeg));
        assert!(text(&bytes).contains("/MediaBox [0 0 28.80 43.20]"));
    }
}
