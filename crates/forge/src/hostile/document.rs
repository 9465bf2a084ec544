//! Documents and pictures that lead in circles, nest without end, carry programs, or are two things at once.

use std::fmt::Write as _;
use std::io::Cursor;

use image::{ImageFormat, RgbImage};

use super::archive;
use crate::raster::jpeg;
use crate::rng::Rng;
use crate::typeset::{Look, sheet};

/// A PDF of one page with words, which runs JavaScript when it is opened, starts a program at a click, and carries a file.
#[must_use]
pub fn pdf_active() -> Vec<u8> {
    let text = "BT /F 24 Tf 72 700 Td (PAYMENT ORDER 1742) Tj ET";
    written(&[
        "<< /Type /Catalog /Pages 2 0 R /OpenAction << /S /JavaScript /JS (app.launchURL\\('http://example.invalid/'\\);) >> \
         /Names << /EmbeddedFiles << /Names [(run.exe) 6 0 R] >> >> >>"
            .to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 5 0 R /Resources << /Font << /F 4 0 R >> >> \
         /Annots [<< /Type /Annot /Subtype /Link /Rect [0 0 595 842] /A << /S /Launch /F (/bin/sh) >> >>] >>"
            .to_owned(),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_owned(),
        format!("<< /Length {} >>\nstream\n{text}\nendstream", text.len()),
        "<< /Type /Filespec /F (run.exe) /EF << /F 7 0 R >> >>".to_owned(),
        "<< /Type /EmbeddedFile /Length 2 >>\nstream\nMZ\nendstream".to_owned(),
    ])
}

/// A PDF whose page tree leads back into itself and promises a thousand million pages.
#[must_use]
pub fn pdf_circle() -> Vec<u8> {
    written(&[
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R 2 0 R] /Count 1000000000 >>".to_owned(),
        "<< /Type /Pages /Parent 2 0 R /Kids [2 0 R 3 0 R] /Count 1000000000 >>".to_owned(),
    ])
}

/// A PDF of which an array is nested so deep.
#[must_use]
pub fn pdf_deep(depth: usize) -> Vec<u8> {
    let nest = format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    written(&[
        format!("<< /Type /Catalog /Pages 2 0 R /Nest {nest} >>"),
        "<< /Type /Pages /Kids [] /Count 0 >>".to_owned(),
    ])
}

fn written(objects: &[String]) -> Vec<u8> {
    let mut out = "%PDF-1.7\n".to_owned();
    let mut offsets = Vec::new();
    for (n, object) in objects.iter().enumerate() {
        offsets.push(out.len());
        let _ = write!(out, "{} 0 obj\n{object}\nendobj\n", n + 1);
    }
    let start = out.len();
    let _ = write!(out, "xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
    for offset in offsets {
        let _ = writeln!(out, "{offset:010} 00000 n ");
    }
    let _ =
        write!(out, "trailer\n<< /Size {} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n", objects.len() + 1);
    out.into_bytes()
}

/// A TIFF whose list of pictures leads back to its beginning.
#[must_use]
pub fn tiff_circle() -> Vec<u8> {
    let picture = RgbImage::from_pixel(8, 8, image::Rgb([200; 3]));
    let mut bytes = encoded(&picture, ImageFormat::Tiff);
    let at = |bytes: &[u8], k: usize| {
        bytes.get(k..k + 4).and_then(|four| four.try_into().ok()).map_or(0, u32::from_le_bytes) as usize
    };
    let first = at(&bytes, 4);
    let count = bytes.get(first..first + 2).map_or(0, |two| usize::from(two[0]) + 256 * usize::from(two[1]));
    let next = first + 2 + 12 * count;
    if let Some(link) = bytes.get_mut(next..next + 4) {
        link.copy_from_slice(&(first as u32).to_le_bytes());
    }
    bytes
}

/// An export of JSON whose lists are nested so deep.
#[must_use]
pub fn json_deep(depth: usize) -> Vec<u8> {
    format!("{{\"guild\":{{\"id\":\"1\"}},\"channel\":{{\"id\":\"2\"}},\"messages\":{}", "[".repeat(depth))
        .into_bytes()
}

/// A mail whose parts are nested so deep.
#[must_use]
pub fn mail_deep(depth: usize) -> Vec<u8> {
    let mut out =
        "From: a@example.invalid\r\nTo: b@example.invalid\r\nDate: Mon, 2 Feb 2026 10:00:00 +0000\r\n\
                   Message-ID: <deep@example.invalid>\r\nSubject: deep\r\nMIME-Version: 1.0\r\n"
            .to_owned();
    for n in 0..depth {
        let _ = write!(out, "Content-Type: multipart/mixed; boundary=\"b{n}\"\r\n\r\n--b{n}\r\n");
    }
    out += "Content-Type: text/plain\r\n\r\nat the bottom\r\n";
    out.into_bytes()
}

/// A JPEG of a page that is a ZIP archive too, whose one entry would climb out.
#[must_use]
pub fn jpeg_and_zip() -> Vec<u8> {
    let mut bytes = jpeg(&sheet(&mut Rng::new(12), Look::Memo).raster(), 70).unwrap_or_default();
    bytes.extend(archive::zip_slip());
    bytes
}

/// A GIF of so many frames, each as large as a page.
#[must_use]
pub fn gif_frames(frames: u16) -> Vec<u8> {
    let mut bytes = b"GIF89a\xd0\x07\xd0\x07\x80\x00\x00\x00\x00\x00\xff\xff\xff".to_vec();
    for _ in 0..frames {
        bytes.extend(b"\x2c\x00\x00\x00\x00\xd0\x07\xd0\x07\x00\x02\x02\x4c\x01\x00");
    }
    bytes.push(0x3b);
    bytes
}

/// A vector picture that runs a script, and a page that does.
#[must_use]
pub fn scripts() -> [(&'static str, &'static str); 2] {
    [
        (
            "picture.svg",
            "<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\"><script>alert(2)</script></svg>",
        ),
        ("page.html", "<!doctype html><title>x</title><script>alert(3)</script><img src=x onerror=alert(4)>"),
    ]
}

pub(super) fn encoded(picture: &RgbImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    // Writing to memory cannot fail.
    let _ = picture.write_to(&mut bytes, format);
    bytes.into_inner()
}
