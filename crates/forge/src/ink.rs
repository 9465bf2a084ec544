//! Drawing on a raster: words in the Liberation faces, strokes, discs, boxes.

use ab_glyph::{Font, FontRef, PxScale, ScaleFont, point};
use image::{Rgb, RgbImage};
use std::sync::LazyLock;

/// A colour, red, green, blue.
pub type Colour = [u8; 3];

/// The faces at hand. Their advance widths equal those of Helvetica, Times and Courier.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Face {
    /// Liberation Sans.
    Sans,
    /// Liberation Sans Bold.
    SansBold,
    /// Liberation Serif.
    Serif,
    /// Liberation Serif Bold.
    SerifBold,
    /// Liberation Mono.
    Mono,
}

/// A run of letters on one line.
#[derive(Debug, Clone, PartialEq)]
pub struct Letters {
    /// What it says.
    pub text: String,
    /// Left end, in pixels.
    pub x: f32,
    /// Top of the line box, in pixels.
    pub y: f32,
    /// Height of the line box (ascent to descent), in pixels.
    pub px: f32,
    /// The face.
    pub face: Face,
    /// The colour.
    pub rgb: Colour,
    /// Letters are drawn this much wider than the face has them.
    pub squeeze: f32,
}

impl Letters {
    /// Advance width in pixels.
    #[must_use]
    pub fn width(&self) -> f32 {
        width(&self.text, self.face, self.px) * self.squeeze
    }

    /// Height of the base line, in pixels from the top of the page.
    #[must_use]
    pub fn baseline(&self) -> f32 {
        self.y + font(self.face).map_or(0.8 * self.px, |f| f.as_scaled(self.px).ascent())
    }

    /// The size a printer would name: pixels of one em.
    #[must_use]
    pub fn em(&self) -> f32 {
        let em = font(self.face).and_then(|f| Some(f.units_per_em()? / f.height_unscaled()));
        self.px * em.unwrap_or(0.9)
    }

    /// Draws the run onto `image`, blending with what is there by the ink's coverage.
    pub fn draw(&self, image: &mut RgbImage) {
        self.cover(|x, y, c| blend(image, x, y, self.rgb, c));
    }

    /// Calls `ink` with every pixel touched and its coverage in 0..=1.
    pub fn cover(&self, mut ink: impl FnMut(i64, i64, f32)) {
        let Some(font) = font(self.face) else { return };
        let scaled = font.as_scaled(PxScale { x: self.px * self.squeeze, y: self.px });
        let base = self.y + scaled.ascent();
        let mut x = self.x;
        for c in self.text.chars() {
            let id = scaled.glyph_id(c);
            let glyph = id.with_scale_and_position(scaled.scale(), point(x, base));
            x += scaled.h_advance(id);
            if let Some(outline) = font.outline_glyph(glyph) {
                let corner = outline.px_bounds().min;
                outline.draw(|gx, gy, c| {
                    ink(corner.x as i64 + i64::from(gx), corner.y as i64 + i64::from(gy), c)
                });
            }
        }
    }
}

/// Advance width of `text` in pixels, at line height `px`.
#[must_use]
pub fn width(text: &str, face: Face, px: f32) -> f32 {
    let Some(font) = font(face) else { return 0.0 };
    let scaled = font.as_scaled(px);
    text.chars().map(|c| scaled.h_advance(scaled.glyph_id(c))).sum()
}

/// Draws `text` with its line box's top left corner at `(x, y)`; returns where it ends.
pub fn write(image: &mut RgbImage, text: &str, x: f32, y: f32, px: f32, face: Face, rgb: Colour) -> f32 {
    let letters = Letters { text: text.to_owned(), x, y, px, face, rgb, squeeze: 1.0 };
    letters.draw(image);
    x + letters.width()
}

/// Fills the box `[x, y, width, height]`, clipped to the image.
pub fn fill(image: &mut RgbImage, [x, y, w, h]: [f32; 4], rgb: Colour) {
    let (width, height) = (image.width() as f32, image.height() as f32);
    let (x0, x1) = (x.round().clamp(0.0, width) as u32, (x + w).round().clamp(0.0, width) as u32);
    let (y0, y1) = (y.round().clamp(0.0, height) as u32, (y + h).round().clamp(0.0, height) as u32);
    for py in y0..y1 {
        for px in x0..x1 {
            image.put_pixel(px, py, Rgb(rgb));
        }
    }
}

/// Draws a line through `points`, `width` pixels wide, with round ends; `strength` 1 covers, less lets through.
pub fn stroke(image: &mut RgbImage, points: &[(f32, f32)], width: f32, rgb: Colour, strength: f32) {
    for pair in points.windows(2) {
        let (a, b) = (pair[0], pair[1]);
        let reach = width / 2.0 + 1.0;
        let near = [a.0.min(b.0) - reach, a.1.min(b.1) - reach, a.0.max(b.0) + reach, a.1.max(b.1) + reach];
        over(image, near, |x, y| {
            let coverage = (width / 2.0 + 0.5 - distance((x, y), a, b)).clamp(0.0, 1.0);
            (rgb, coverage * strength)
        });
    }
}

/// Draws a ring of radius `r` and line width `width`, or a full disc when `width` is not less than `r`.
pub fn ring(image: &mut RgbImage, centre: (f32, f32), r: f32, width: f32, rgb: Colour, strength: f32) {
    let near = [centre.0 - r - 2.0, centre.1 - r - 2.0, centre.0 + r + 2.0, centre.1 + r + 2.0];
    over(image, near, |x, y| {
        let d = (x - centre.0).hypot(y - centre.1);
        let coverage = (r + 0.5 - d).clamp(0.0, 1.0)
            * if width < r { (d - r + width + 0.5).clamp(0.0, 1.0) } else { 1.0 };
        (rgb, coverage * strength)
    });
}

/// Mixes `rgb` into one pixel; outside the image nothing happens.
pub fn blend(image: &mut RgbImage, x: i64, y: i64, rgb: Colour, coverage: f32) {
    let (Ok(x), Ok(y)) = (u32::try_from(x), u32::try_from(y)) else { return };
    if let Some(pixel) = image.get_pixel_mut_checked(x, y) {
        for (old, new) in pixel.0.iter_mut().zip(rgb) {
            *old = (f32::from(*old) + (f32::from(new) - f32::from(*old)) * coverage.clamp(0.0, 1.0)).round()
                as u8;
        }
    }
}

/// Distance of `p` from the segment `a`-`b`.
#[must_use]
pub fn distance(p: (f32, f32), a: (f32, f32), b: (f32, f32)) -> f32 {
    let (dx, dy) = (b.0 - a.0, b.1 - a.1);
    let t = (((p.0 - a.0) * dx + (p.1 - a.1) * dy) / (dx * dx + dy * dy).max(1e-6)).clamp(0.0, 1.0);
    (p.0 - a.0 - t * dx).hypot(p.1 - a.1 - t * dy)
}

fn over(image: &mut RgbImage, near: [f32; 4], paint: impl Fn(f32, f32) -> (Colour, f32)) {
    let (w, h) = (image.width() as f32, image.height() as f32);
    for y in near[1].floor().clamp(0.0, h) as u32..near[3].ceil().clamp(0.0, h) as u32 {
        for x in near[0].floor().clamp(0.0, w) as u32..near[2].ceil().clamp(0.0, w) as u32 {
            let (rgb, coverage) = paint(x as f32 + 0.5, y as f32 + 0.5);
            if coverage > 0.0 {
                blend(image, i64::from(x), i64::from(y), rgb, coverage);
            }
        }
    }
}

fn font(face: Face) -> Option<&'static FontRef<'static>> {
    static FACES: LazyLock<[Option<FontRef<'static>>; 5]> = LazyLock::new(|| {
        [
            &include_bytes!("../fonts/LiberationSans-Regular.ttf")[..],
            &include_bytes!("../fonts/LiberationSans-Bold.ttf")[..],
            &include_bytes!("../fonts/LiberationSerif-Regular.ttf")[..],
            &include_bytes!("../fonts/LiberationSerif-Bold.ttf")[..],
            &include_bytes!("../fonts/LiberationMono-Regular.ttf")[..],
        ]
        .map(|bytes| FontRef::try_from_slice(bytes).ok())
    });
    FACES[face as usize].as_ref()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_face_loads_and_marks_paper() {
        for face in [Face::Sans, Face::SansBold, Face::Serif, Face::SerifBold, Face::Mono] {
            let mut image = RgbImage::from_pixel(200, 60, Rgb([255; 3]));
            let end = write(&mut image, "Harbour", 10.0, 10.0, 36.0, face, [0; 3]);
            assert!(end > 80.0 && image.pixels().any(|p| p.0[0] < 40), "{face:?} {end}");
        }
    }
}
