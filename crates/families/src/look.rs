//! What a picture looks like, in grey and small enough to hold two against each other at once.

use image::RgbImage;

use crate::grey::Plane;

/// Pixels of a look.
const PIXELS: f64 = 900_000.0;

/// A picture in at most 900,000 grey levels.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Look {
    /// In pixels.
    pub width: u32,
    /// In pixels.
    pub height: u32,
    /// Row by row.
    pub levels: Vec<u8>,
    /// Pixels of the raster it was made from, along its width.
    pub of_width: u32,
}

impl Look {
    /// The look of a raster.
    pub fn of(raster: &RgbImage) -> Self {
        let small = f64::from(raster.width()) * f64::from(raster.height()) <= PIXELS;
        let pixels = if small { f64::from(raster.width()) * f64::from(raster.height()) } else { PIXELS };
        let (plane, _) = Plane::of(raster, pixels);
        let levels = plane.data.iter().map(|level| level.round().clamp(0.0, 255.0) as u8).collect();
        Self { width: plane.width as u32, height: plane.height as u32, levels, of_width: raster.width() }
    }

    /// Pixels of the look for one of the raster.
    pub fn factor(&self) -> f64 {
        f64::from(self.width) / f64::from(self.of_width.max(1))
    }

    pub(crate) fn plane(&self) -> Plane {
        let data = self.levels.iter().map(|level| f32::from(*level)).collect();
        Plane { width: self.width as usize, height: self.height as usize, data }
    }
}
