//! PDF pages, rendered by `hayro` at a fixed resolution, with their text layer.

use std::io;

use hayro::hayro_interpret::util::TransformExt;
use hayro::hayro_interpret::{Context, InterpreterSettings, interpret_page};
use hayro::hayro_syntax::page::Page;
use hayro::hayro_syntax::{LoadPdfError, Pdf};
use hayro::kurbo::{Affine, Rect};
use hayro::vello_cpu::color::palette::css::WHITE;
use hayro::{PixmapSettings, RenderCache, RenderSettings};
use image::RgbImage;
use model::{Code, TextLayer, Trouble};

use crate::surface::{Limits, Surface, Take, Told, within};
use crate::text::Reader;

/// Pixels per inch; a PDF unit is 1/72 inch (ISO 32000-1, 8.3.2.3).
const DPI: f64 = 150.0;
/// Longest side in pixels: the renderer counts in 16 bits.
const LONGEST: f64 = 12_000.0;

pub(crate) fn read(bytes: Vec<u8>, limits: &Limits, take: Take) -> io::Result<Vec<Trouble>> {
    let pdf = match Pdf::new(bytes) {
        Ok(pdf) => pdf,
        Err(LoadPdfError::Decryption(_)) => return Ok(vec![Trouble::new(Code::PdfEncrypted, "")]),
        Err(LoadPdfError::Invalid) => {
            return Ok(vec![Trouble::new(Code::PdfDamaged, "it has no readable structure")]);
        }
    };
    let mut troubles = Vec::new();
    let pages = pdf.pages();
    if pages.is_empty() {
        troubles.push(Trouble::new(Code::PdfDamaged, "it has no pages"));
    }
    if pages.len() > limits.pages as usize {
        let detail = format!("{} pages; the first {} were rendered", pages.len(), limits.pages);
        troubles.push(Trouble::new(Code::PdfTooManyPages, detail));
    }
    let cache = RenderCache::new();
    for (number, page) in pages.iter().enumerate().take(limits.pages as usize) {
        match render(page, &cache, number as u32, limits) {
            Ok(surface) => take(surface)?,
            Err(trouble) => {
                let detail = format!("page {}: {}", number + 1, trouble.detail);
                troubles.push(Trouble::new(trouble.code, detail));
            }
        }
    }
    Ok(troubles)
}

fn render<'a>(
    page: &'a Page<'a>,
    cache: &RenderCache<'a>,
    number: u32,
    limits: &Limits,
) -> Result<Surface, Trouble> {
    let (width, height) = page.render_dimensions();
    let (width, height) = (f64::from(width), f64::from(height));
    if !(width.is_finite() && height.is_finite() && width > 0.0 && height > 0.0) {
        return Err(Trouble::new(Code::PdfDamaged, "the page has no size"));
    }
    let scale = (DPI / 72.0).min(LONGEST / width.max(height));
    within((width * scale) as u64, (height * scale) as u64, limits)?;
    let settings = InterpreterSettings::default();
    let look = PixmapSettings { x_scale: scale as f32, y_scale: scale as f32, bg_color: WHITE };
    let pixmap = hayro::render(page, cache, &settings, &RenderSettings::default(), &look);
    let (columns, rows) = (u32::from(pixmap.width()), u32::from(pixmap.height()));
    let mut raster = RgbImage::new(columns, rows);
    // Laid on opaque white, so that premultiplied and straight colour are the same.
    for (to, from) in raster.pixels_mut().zip(pixmap.data()) {
        to.0 = [from.r, from.g, from.b];
    }
    let mut told = Told::plain(number);
    told.dpi = Some(72.0 * scale);
    told.text_layer = Some(text_layer(page, scale, f64::from(columns), f64::from(rows)));
    Ok(Surface { raster, told })
}

fn text_layer<'a>(page: &'a Page<'a>, scale: f64, width: f64, height: f64) -> TextLayer {
    let transform = Affine::scale(scale) * page.initial_transform(true).to_kurbo();
    let cache = hayro::hayro_interpret::InterpreterCache::new();
    let target = Rect::new(0.0, 0.0, width, height);
    let mut context = Context::new(transform, target, &cache, page.xref(), InterpreterSettings::default());
    let mut reader = Reader::default();
    interpret_page(page, &mut context, &mut reader);
    reader.finish()
}
