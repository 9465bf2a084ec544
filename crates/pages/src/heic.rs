//! HEIC, through `heic-decoder`. The container's own rotation is applied by the decoder.

use std::io;

use image::RgbImage;
use model::{Code, Trouble};

use crate::surface::{Limits, Surface, Take, Told, within};

pub(crate) fn read(bytes: &[u8], limits: &Limits, take: Take) -> io::Result<Vec<Trouble>> {
    match decode(bytes, limits) {
        Ok(surface) => take(surface).map(|()| Vec::new()),
        Err(trouble) => Ok(vec![trouble]),
    }
}

fn decode(bytes: &[u8], limits: &Limits) -> Result<Surface, Trouble> {
    let damaged = |error: heic_decoder::HeifError| Trouble::new(Code::ImageDamaged, error.to_string());
    let info = heic_decoder::probe(bytes).map_err(damaged)?;
    within(info.width as u64, info.height as u64, limits)?;
    within(info.coded_width as u64, info.coded_height as u64, limits)?;
    let decoded = heic_decoder::decode(bytes).map_err(damaged)?;
    let mut told = Told::plain(0);
    if let Some(exif) = decoded.metadata.exif.clone() {
        crate::exif::tell(exif, &mut told);
    }
    let rgb = decoded.to_rgb8().map_err(damaged)?;
    let (width, height) = (rgb.width as u32, rgb.height as u32);
    let raster = RgbImage::from_raw(width, height, rgb.data)
        .ok_or_else(|| Trouble::new(Code::ImageDamaged, "the decoder gave fewer pixels than it said"))?;
    Ok(Surface { raster, told })
}
