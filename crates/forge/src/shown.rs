//! A sheet as a picture shows it: the pixels, and where on them the sheet lies.

use crate::geometry::{Homography, Point, Quad};
use crate::typeset::Sheet;
use image::RgbImage;

/// Cells along each side of the grid that keeps what a picture still shows of its sheet.
const CELLS: u32 = 60;

/// A picture of a sheet, with the truth about it.
#[derive(Debug, Clone)]
pub struct Shown {
    /// The pixels.
    pub image: RgbImage,
    /// Sheet pixels to picture pixels. Curl and fax feed move points by some pixels more.
    pub homography: Homography,
    /// Width and height of the sheet in its own pixels.
    pub sheet: (u32, u32),
    /// Boxes `[x, y, width, height]` on the sheet that something opaque lies on.
    pub covered: Vec<[f64; 4]>,
    seen: Vec<bool>,
}

impl Shown {
    /// A sheet as it left the word processor: its own raster.
    #[must_use]
    pub fn born(sheet: &Sheet) -> Self {
        Self::of(sheet.raster())
    }

    /// Any raster, taken as a whole sheet of its own.
    #[must_use]
    pub fn of(image: RgbImage) -> Self {
        let sheet = image.dimensions();
        let seen = vec![true; (CELLS * CELLS) as usize];
        Self { image, homography: Homography::IDENTITY, sheet, covered: Vec::new(), seen }
    }

    /// The share of the sheet's surface within the picture, 0 to 1; opaque things lying on it do not count against it.
    #[must_use]
    pub fn seen(&self) -> f64 {
        self.seen.iter().filter(|s| **s).count() as f64 / self.seen.len() as f64
    }

    /// Where the sheet's corners lie on the picture, clockwise from its own top left.
    #[must_use]
    pub fn outline(&self) -> Quad {
        self.homography.apply_box([0.0, 0.0, f64::from(self.sheet.0), f64::from(self.sheet.1)])
    }

    /// Can the box on the sheet be read here: its middle in the picture, and nothing opaque on it?
    #[must_use]
    pub fn shows(&self, area: [f64; 4]) -> bool {
        let middle = (area[0] + area[2] / 2.0, area[1] + area[3] / 2.0);
        let over = |c: &[f64; 4]| {
            let w = (area[0] + area[2]).min(c[0] + c[2]) - area[0].max(c[0]);
            let h = (area[1] + area[3]).min(c[1] + c[3]) - area[1].max(c[1]);
            w > 0.2 * area[2] && h > 0.2 * area[3]
        };
        self.sees(middle) && !self.covered.iter().any(over)
    }

    /// The same sheet after a step that made `image` by moving every pixel through `step`.
    #[must_use]
    pub fn moved(&self, image: RgbImage, step: &Homography) -> Self {
        let homography = step.after(&self.homography);
        let mut next = Self {
            image,
            homography,
            sheet: self.sheet,
            covered: self.covered.clone(),
            seen: self.seen.clone(),
        };
        let (w, h) = (f64::from(next.image.width()), f64::from(next.image.height()));
        for cell in 0..CELLS * CELLS {
            let p = homography.apply(self.cell(cell));
            let inside = p.0 >= 0.0 && p.1 >= 0.0 && p.0 < w && p.1 < h;
            next.seen[cell as usize] &= inside;
        }
        next
    }

    /// The same geometry with other pixels of the same size.
    #[must_use]
    pub fn recoloured(&self, image: RgbImage) -> Self {
        Self { image, ..self.clone() }
    }

    fn sees(&self, p: Point) -> bool {
        let column =
            (p.0 / f64::from(self.sheet.0) * f64::from(CELLS)).clamp(0.0, f64::from(CELLS - 1)) as u32;
        let row = (p.1 / f64::from(self.sheet.1) * f64::from(CELLS)).clamp(0.0, f64::from(CELLS - 1)) as u32;
        let at = self.homography.apply(p);
        let (w, h) = (f64::from(self.image.width()), f64::from(self.image.height()));
        self.seen[(row * CELLS + column) as usize] && at.0 >= 0.0 && at.1 >= 0.0 && at.0 < w && at.1 < h
    }

    fn cell(&self, cell: u32) -> Point {
        let at = |k: u32, length: u32| (f64::from(k) + 0.5) * f64::from(length) / f64::from(CELLS);
        (at(cell % CELLS, self.sheet.0), at(cell / CELLS, self.sheet.1))
    }
}
