//! What is left, written anew: whole pixels, and nothing beside them.

use std::io::{Cursor, Write};

use flate2::Compression;
use flate2::write::ZlibEncoder;
use image::{ImageFormat, ImageResult, Rgb, RgbImage};

use crate::area::Area;

/// The colour of what is withheld.
pub const COVER: Rgb<u8> = Rgb([0, 0, 0]);

/// The raster with every pixel of the areas in one colour.
pub fn painted(raster: &RgbImage, areas: &[Area]) -> RgbImage {
    let mut left = raster.clone();
    for area in areas.iter().filter_map(|area| area.clipped(raster.dimensions())) {
        for y in area.y..area.bottom() {
            for x in area.x..area.right() {
                left.put_pixel(x, y, COVER);
            }
        }
    }
    left
}

/// A PNG of three chunks: head, pixels, end. No colour profile, no text, no time, no transparency.
pub fn png(raster: &RgbImage) -> ImageResult<Vec<u8>> {
    let mut out = Cursor::new(Vec::new());
    raster.write_to(&mut out, ImageFormat::Png)?;
    Ok(out.into_inner())
}

/// A PDF (1.4) of images alone: each page is one image that fills it. No text, no fonts, no document information, no
/// metadata, no file identifier. `dpi` sets how large the pages are.
pub fn pdf(rasters: &[RgbImage], dpi: f64) -> std::io::Result<Vec<u8>> {
    let mut out = Objects { bytes: b"%PDF-1.4\n%\xE2\xE3\xCF\xD3\n".to_vec(), starts: Vec::new() };
    let kids: Vec<String> = (0..rasters.len()).map(|n| format!("{} 0 R", 3 + n * 3)).collect();
    out.object(b"<< /Type /Catalog /Pages 2 0 R >>")?;
    let pages = format!("<< /Type /Pages /Kids [{}] /Count {} >>", kids.join(" "), kids.len());
    out.object(pages.as_bytes())?;
    for (n, raster) in rasters.iter().enumerate() {
        let (width, height) = raster.dimensions();
        let points = |pixels: u32| f64::from(pixels) * 72.0 / dpi.max(1.0);
        let (across, down) = (points(width), points(height));
        let (content, image) = (4 + n * 3, 5 + n * 3);
        let page = format!(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {across:.2} {down:.2}] /Contents {content} 0 R \
             /Resources << /XObject << /I {image} 0 R >> >> >>"
        );
        out.object(page.as_bytes())?;
        let drawn = format!("q {across:.2} 0 0 {down:.2} 0 0 cm /I Do Q");
        out.stream("", drawn.as_bytes())?;
        let mut packed = ZlibEncoder::new(Vec::new(), Compression::default());
        packed.write_all(raster.as_raw())?;
        let head = format!(
            "/Type /XObject /Subtype /Image /Width {width} /Height {height} /ColorSpace /DeviceRGB \
             /BitsPerComponent 8 /Filter /FlateDecode "
        );
        out.stream(&head, &packed.finish()?)?;
    }
    out.end()
}

/// A PDF as it grows.
struct Objects {
    bytes: Vec<u8>,
    starts: Vec<usize>,
}

impl Objects {
    fn object(&mut self, body: &[u8]) -> std::io::Result<()> {
        self.starts.push(self.bytes.len());
        writeln!(self.bytes, "{} 0 obj", self.starts.len())?;
        self.bytes.extend_from_slice(body);
        self.bytes.write_all(b"\nendobj\n")
    }

    fn stream(&mut self, head: &str, body: &[u8]) -> std::io::Result<()> {
        let mut whole = format!("<< {head}/Length {} >>\nstream\n", body.len()).into_bytes();
        whole.extend_from_slice(body);
        whole.extend_from_slice(b"\nendstream");
        self.object(&whole)
    }

    fn end(mut self) -> std::io::Result<Vec<u8>> {
        let table = self.bytes.len();
        let count = self.starts.len() + 1;
        write!(self.bytes, "xref\n0 {count}\n0000000000 65535 f \n")?;
        for start in &self.starts {
            writeln!(self.bytes, "{start:010} 00000 n ")?;
        }
        write!(self.bytes, "trailer\n<< /Size {count} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n")?;
        Ok(self.bytes)
    }
}
