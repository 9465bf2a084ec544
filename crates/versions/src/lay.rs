//! Lays a picture on the sheet view: every picture of a family in the same place, at the same scale, its paper evened.

use image::RgbImage;

use crate::geometry::Homography;
use crate::plane::{Plane, quantile};

/// Spacing of the nodes between which places are interpolated, in pixels of the view.
const STEP: usize = 16;
/// Side of the blocks over which the paper's brightness is taken.
const BLOCK: usize = 20;

/// How far each part of a picture lies from where its homography puts it, in pixels of the view.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Drift {
    /// Spacing of the nodes.
    pub step: f32,
    pub dx: Plane,
    pub dy: Plane,
}

impl Drift {
    pub fn none() -> Self {
        Self { step: 64.0, dx: Plane::new(1, 1), dy: Plane::new(1, 1) }
    }

    pub fn at(&self, x: f32, y: f32) -> (f32, f32) {
        let (u, v) = (x / self.step, y / self.step);
        (self.dx.between(u, v), self.dy.between(u, v))
    }
}

/// A picture as it comes in, in the form that laying needs.
pub(crate) struct Source {
    luma: Plane,
    /// Red less green, and blue less green, at half size.
    chroma: [Plane; 2],
}

impl Source {
    /// `scale` is how many pixels of the picture fall on one of the view.
    pub fn new(raster: &RgbImage, scale: f64) -> Self {
        let (w, h) = (raster.width() as usize, raster.height() as usize);
        let mut luma = Plane::new(w, h);
        let (cw, ch) = (w.div_ceil(2), h.div_ceil(2));
        let mut chroma = [Plane::new(cw, ch), Plane::new(cw, ch)];
        for (k, pixel) in raster.pixels().enumerate() {
            let [r, g, b] = pixel.0.map(f32::from);
            luma.data[k] = 0.299 * r + 0.587 * g + 0.114 * b;
            let half = (k / w / 2) * cw + (k % w) / 2;
            chroma[0].data[half] += (r - g) / 4.0;
            chroma[1].data[half] += (b - g) / 4.0;
        }
        if scale > 1.15 {
            luma = luma.blurred(0.5 * ((scale * scale - 1.0) as f32).sqrt());
        }
        Self { luma, chroma }
    }

    /// Width and height in pixels.
    pub fn size(&self) -> (usize, usize) {
        (self.luma.width, self.luma.height)
    }

    /// Red less green, and blue less green, at a place of the picture, in grey levels; `None` beyond it.
    pub fn tint(&self, (x, y): (f64, f64)) -> Option<[f32; 2]> {
        let [width, height] = [self.chroma[0].width as f64, self.chroma[0].height as f64];
        let (u, v) = ((x / 2.0).floor(), (y / 2.0).floor());
        let inside = u >= 0.0 && v >= 0.0 && u < width && v < height;
        let k = if inside { v as usize * self.chroma[0].width + u as usize } else { return None };
        Some([self.chroma[0].data[k], self.chroma[1].data[k]])
    }
}

/// A picture on the sheet view.
pub(crate) struct Laid {
    pub width: usize,
    pub height: usize,
    /// How dark against its paper: 0 is paper, 250 is black.
    pub ink: Vec<u8>,
    /// How far its colour lies from that of its paper, in grey levels.
    pub colour: Vec<u8>,
    /// 1 where the picture shows the sheet, 0 where it ends or something else lies on it.
    pub shown: Vec<u8>,
    /// Brightness of the paper, by blocks of `BLOCK` pixels.
    pub paper: Plane,
}

impl Laid {
    pub fn ink_plane(&self) -> Plane {
        Plane {
            width: self.width,
            height: self.height,
            data: self.ink.iter().map(|v| f32::from(*v) / 250.0).collect(),
        }
    }

    pub fn shown_plane(&self) -> Plane {
        Plane {
            width: self.width,
            height: self.height,
            data: self.shown.iter().map(|v| f32::from(*v)).collect(),
        }
    }
}

/// The grey levels of `source` in a strip of the view, `zoom` times as large, its top left at `(x0, y0)` of the view;
/// white where the picture ends.
pub(crate) fn strip(
    source: &Source,
    to_picture: &Homography,
    drift: &Drift,
    [x0, y0, x1, y1]: [f32; 4],
    zoom: f32,
) -> Plane {
    let (w, h) = (((x1 - x0) * zoom).ceil().max(1.0) as usize, ((y1 - y0) * zoom).ceil().max(1.0) as usize);
    let (pw, ph) = (source.luma.width as f32, source.luma.height as f32);
    let mut out = Plane::new(w, h);
    for y in 0..h {
        for x in 0..w {
            let (vx, vy) = (x0 + (x as f32 + 0.5) / zoom, y0 + (y as f32 + 0.5) / zoom);
            let (dx, dy) = drift.at(vx, vy);
            let (u, v) = to_picture.apply(f64::from(vx + dx), f64::from(vy + dy));
            let (u, v) = (u as f32 - 0.5, v as f32 - 0.5);
            let inside = u >= 1.0 && v >= 1.0 && u < pw - 2.0 && v < ph - 2.0;
            out.data[y * w + x] = if inside { cubic(&source.luma, u, v) } else { f32::NAN };
        }
    }
    out
}

/// Lays `source` on a view of `size`; `to_picture` leads from the view to the picture.
pub(crate) fn lay(source: &Source, to_picture: &Homography, drift: &Drift, size: (usize, usize)) -> Laid {
    let (width, height) = size;
    let places = places(to_picture, drift, size);
    let columns = width.div_ceil(STEP) + 1;
    let (pw, ph) = (source.luma.width as f32, source.luma.height as f32);
    let mut luma = Plane::new(width, height);
    let mut shown = vec![0_u8; width * height];
    let mut tint = [vec![0_i16; width * height], vec![0_i16; width * height]];
    for y in 0..height {
        let (row, fy) = (y / STEP, (y % STEP) as f32 / STEP as f32);
        let side = |k: usize| {
            let (top, low) = (places[row * columns + k], places[(row + 1) * columns + k]);
            (top.0 * (1.0 - fy) + low.0 * fy, top.1 * (1.0 - fy) + low.1 * fy)
        };
        let mut between = (side(0), side(1));
        for x in 0..width {
            let fx = (x % STEP) as f32 / STEP as f32;
            if x > 0 && x % STEP == 0 {
                between = (between.1, side(x / STEP + 1));
            }
            let (left, right) = between;
            let u = left.0 * (1.0 - fx) + right.0 * fx - 0.5;
            let v = left.1 * (1.0 - fx) + right.1 * fx - 0.5;
            if !(u >= 1.0 && v >= 1.0 && u < pw - 2.0 && v < ph - 2.0) {
                continue;
            }
            let at = y * width + x;
            shown[at] = 1;
            luma.data[at] = cubic(&source.luma, u, v);
            // The nearest pixel at half size.
            let near = (v as usize).div_ceil(2) * source.chroma[0].width + (u as usize).div_ceil(2);
            for (tint, chroma) in tint.iter_mut().zip(&source.chroma) {
                tint[at] = chroma.data.get(near).map_or(0, |v| *v as i16);
            }
        }
    }
    let paper = paper(&luma, &shown);
    let ink = ink(&luma, &shown, &paper);
    let colour = colour(&tint, &shown);
    Laid { width, height, ink, colour, shown, paper }
}

/// Where the nodes of the view fall on the picture.
fn places(to_picture: &Homography, drift: &Drift, (width, height): (usize, usize)) -> Vec<(f32, f32)> {
    let (columns, rows) = (width.div_ceil(STEP) + 1, height.div_ceil(STEP) + 1);
    let mut out = Vec::with_capacity(columns * rows);
    for row in 0..rows {
        for column in 0..columns {
            let (x, y) = ((column * STEP) as f32, (row * STEP) as f32);
            let (dx, dy) = drift.at(x, y);
            let (u, v) = to_picture.apply(f64::from(x + dx) + 0.5, f64::from(y + dy) + 0.5);
            out.push((u as f32, v as f32));
        }
    }
    out
}

/// Between pixels, by Catmull and Rom's cubic.
pub(crate) fn cubic(plane: &Plane, x: f32, y: f32) -> f32 {
    let weights = |t: f32| {
        let (t2, t3) = (t * t, t * t * t);
        [
            -0.5 * t3 + t2 - 0.5 * t,
            1.5 * t3 - 2.5 * t2 + 1.0,
            -1.5 * t3 + 2.0 * t2 + 0.5 * t,
            0.5 * t3 - 0.5 * t2,
        ]
    };
    // Both are at least 1.
    let (x0, y0) = (x as usize, y as usize);
    let (wx, wy) = (weights(x - x0 as f32), weights(y - y0 as f32));
    let (x0, y0) = (x0.max(1) - 1, y0.max(1) - 1);
    let mut sum = 0.0;
    for (r, w) in wy.iter().enumerate() {
        let from = (y0 + r) * plane.width + x0;
        let Some(row) = plane.data.get(from..from + 4) else { return plane.at(x as isize, y as isize) };
        sum += w * (row[0] * wx[0] + row[1] * wx[1] + row[2] * wx[2] + row[3] * wx[3]);
    }
    sum
}

/// Brightness of the paper by blocks: what the brighter part of each block reaches, spread over dark blocks, smoothed.
fn paper(luma: &Plane, shown: &[u8]) -> Plane {
    let (w, h) = (luma.width.div_ceil(BLOCK), luma.height.div_ceil(BLOCK));
    let mut raw = Plane::new(w, h);
    let mut values = Vec::with_capacity(BLOCK * BLOCK);
    for by in 0..h {
        for bx in 0..w {
            values.clear();
            for y in by * BLOCK..((by + 1) * BLOCK).min(luma.height) {
                let row = y * luma.width + bx * BLOCK..y * luma.width + ((bx + 1) * BLOCK).min(luma.width);
                let lit = luma.data[row.clone()].iter().zip(&shown[row]).filter(|(_, s)| **s > 0);
                values.extend(lit.map(|(v, _)| *v));
            }
            raw.data[by * w + bx] = quantile(&mut values, 0.88);
        }
    }
    let mut lit: Vec<f32> = raw.data.iter().copied().filter(|v| *v > 0.0).collect();
    let usual = quantile(&mut lit, 0.6).max(8.0);
    let mut wide = Plane::new(w, h);
    for y in 0..h as isize {
        for x in 0..w as isize {
            let mut near: Vec<f32> = (-1..=1)
                .flat_map(|dy| (-1..=1).map(move |dx| (dx, dy)))
                .map(|(dx, dy)| raw.at(x + dx, y + dy))
                .filter(|v| *v > 0.45 * usual)
                .collect();
            wide.data[y as usize * w + x as usize] =
                if near.is_empty() { usual } else { quantile(&mut near, 0.7) };
        }
    }
    wide.blurred(0.8)
}

fn ink(luma: &Plane, shown: &[u8], paper: &Plane) -> Vec<u8> {
    let light = paper.spread(BLOCK, luma.width, luma.height);
    let ink = |((v, l), s): ((&f32, &f32), &u8)| {
        if *s > 0 { ((1.0 - v / l.max(1.0)) * 250.0).clamp(0.0, 255.0) as u8 } else { 0 }
    };
    luma.data.iter().zip(&light.data).zip(shown).map(ink).collect()
}

/// Distance of each pixel's colour from the middle one of the picture.
fn colour(tint: &[Vec<i16>; 2], shown: &[u8]) -> Vec<u8> {
    let middle: [i16; 2] = std::array::from_fn(|c| {
        let mut some: Vec<f32> = tint[c]
            .iter()
            .zip(shown)
            .step_by(97)
            .filter(|(_, s)| **s > 0)
            .map(|(t, _)| f32::from(*t))
            .collect();
        quantile(&mut some, 0.5) as i16
    });
    (0..shown.len())
        .map(|k| {
            if shown[k] == 0 {
                return 0;
            }
            let off = |c: usize| (tint[c][k] - middle[c]).unsigned_abs();
            off(0).max(off(1)).min(255) as u8
        })
        .collect()
}
