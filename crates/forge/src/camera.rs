//! Ways a sheet becomes a picture: photographed on a table, laid on a scanner, sent by fax.

use crate::geometry::{Homography, Quad};
use crate::ink::{self, Face};
use crate::raster::{blur, byte, each, luma, sample, warp};
use crate::rng::{Rng, scatter};
use crate::shown::Shown;
use crate::surface::Surface;
use image::{Rgb, RgbImage};

/// A crease in the paper.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fold {
    /// Runs down the sheet; otherwise across it.
    pub upright: bool,
    /// Where, as a share of the sheet's width or height.
    pub at: f64,
    /// How much lighter one side and darker the other, as a share; the sign says which.
    pub depth: f64,
}

/// One photograph: all that makes it differ from the next.
#[derive(Debug, Clone, PartialEq)]
pub struct Shot {
    /// Width and height of the photograph.
    pub size: (u32, u32),
    /// Where the sheet's corners fall, clockwise from its own top left, in photograph pixels.
    pub corners: Quad,
    /// The creases.
    pub folds: Vec<Fold>,
    /// How far the middle of the sheet bulges, in sheet pixels.
    pub curl: f64,
    /// Fall of light across the photograph, right and down, as shares.
    pub lamp: (f64, f64),
    /// Colour of the light on white paper, 255 being full.
    pub paper: [f32; 3],
    /// Sensor noise, standard deviation in grey levels.
    pub noise: f64,
    /// Blur, in sheet pixels.
    pub blur: f64,
    /// What the sheet lies on.
    pub surface: Surface,
    /// Depth of the shadow the sheet throws, as a share.
    pub shadow: f64,
}

impl Shot {
    /// A shot as a hurried person would take it, of a sheet of `sheet` pixels; 1600 to 2600 pixels high.
    pub fn hurried(rng: &mut Rng, sheet: (u32, u32)) -> Self {
        let landscape = sheet.0 > sheet.1;
        let long = rng.between(200, 320) as u32 * 8;
        let size = if landscape { (long, long * 3 / 4) } else { (long * 3 / 4, long) };
        let (w, h) = (f64::from(size.0), f64::from(size.1));
        let scale = (w / f64::from(sheet.0)).min(h / f64::from(sheet.1)) * rng.range(0.82, 0.93);
        let (sw, sh) = (f64::from(sheet.0) * scale / 2.0, f64::from(sheet.1) * scale / 2.0);
        let angle = rng.range(-0.07, 0.07);
        let (cx, cy) = (w / 2.0 + rng.range(-0.012, 0.012) * w, h / 2.0 + rng.range(-0.012, 0.012) * h);
        let (sin, cos) = angle.sin_cos();
        let corners = [(-sw, -sh), (sw, -sh), (sw, sh), (-sw, sh)].map(|(x, y)| {
            let (x, y) = (x * rng.range(0.955, 1.0), y * rng.range(0.965, 1.0));
            (cx + x * cos - y * sin, cy + x * sin + y * cos)
        });
        let warm = rng.range(-22.0, 22.0) as f32;
        let light = rng.range(196.0, 238.0) as f32;
        Self {
            size,
            corners,
            folds: folds(rng),
            curl: if rng.chance(0.5) { rng.range(-7.0, 7.0) } else { 0.0 },
            lamp: (rng.range(-0.2, 0.2), rng.range(-0.2, 0.2)),
            paper: [light + warm * 0.5, light, light - warm],
            noise: rng.range(2.0, 5.0),
            blur: rng.range(0.0, 0.7),
            surface: Surface::any(rng),
            shadow: rng.range(0.2, 0.5),
        }
    }

    /// A shot of a screen: square on, with a dark edge.
    pub fn of_screen(rng: &mut Rng, shown: (u32, u32)) -> Self {
        let mut shot = Self::hurried(rng, shown);
        shot.folds.clear();
        shot.curl = 0.0;
        shot.surface = Surface::Bezel;
        shot.paper = [214.0, 226.0, 240.0];
        shot
    }
}

/// Photographs `image` (a sheet's raster, or a screen showing something).
pub fn photograph(image: &RgbImage, shot: &Shot, rng: &mut Rng) -> Shown {
    let (w, h) = (f64::from(image.width()), f64::from(image.height()));
    let homography = Homography::onto(w, h, &shot.corners);
    let back = homography.inverse().0;
    // Pixels of the sheet under one pixel of the photograph: what the lens averages over.
    let ratio = w / (shot.corners[1].0 - shot.corners[0].0).hypot(shot.corners[1].1 - shot.corners[0].1);
    let soft = blur(image, shot.blur.hypot(0.42 * ratio));
    let shade = (shading(image.width(), true, shot), shading(image.height(), false, shot));
    let seed = rng.draw();
    let (pw, ph) = (f64::from(shot.size.0), f64::from(shot.size.1));
    let out = RgbImage::from_fn(shot.size.0, shot.size.1, |px, py| {
        let (x, y) = (f64::from(px) + 0.5, f64::from(py) + 0.5);
        let d = back[2][0] * x + back[2][1] * y + back[2][2];
        let u = (back[0][0] * x + back[0][1] * y + back[0][2]) / d;
        let v = (back[1][0] * x + back[1][1] * y + back[1][2]) / d;
        let bulge =
            if shot.curl == 0.0 { 0.0 } else { shot.curl * ((u / w * std::f64::consts::PI).sin() - 0.64) };
        let v = v + bulge;
        let edge = u.min(v).min(w - u).min(h - v) / ratio;
        let on = (edge + 0.5).clamp(0.0, 1.0) as f32;
        let mut rgb = [0.0; 3];
        if on > 0.0 {
            let light = at(&shade.0, u) * at(&shade.1, v);
            let paper = sample(&soft, u, v);
            rgb = std::array::from_fn(|k| (12.0 + paper[k] / 255.0 * (shot.paper[k] - 12.0)) * light * on);
        }
        if on < 1.0 {
            let far = (-(u - 26.0)).max(u - w - 26.0).max(-(v - 26.0)).max(v - h - 26.0).max(0.0);
            let dim = (1.0 - shot.shadow * (-far / 34.0).exp()) as f32;
            let ground = shot.surface.colour(x, y, seed);
            rgb = std::array::from_fn(|k| rgb[k] + ground[k] * dim * (1.0 - on));
        }
        let (dx, dy) = (x / pw - 0.5, y / ph - 0.5);
        let lamp = (1.0 + shot.lamp.0 * dx + shot.lamp.1 * dy - 0.24 * (dx * dx + dy * dy)) as f32;
        Rgb(grain(rgb.map(|v| v * lamp), shot.noise as f32, seed, px, py))
    });
    Shown::of(image.clone()).moved(out, &homography)
}

/// Scans `image` at about `dpi` dots an inch on a grey machine: a slight tilt, dust, the lid's shadow at one edge.
pub fn scan(image: &RgbImage, dpi: u32, rng: &mut Rng) -> Shown {
    let scale = f64::from(dpi) / 200.0;
    let (w, h) = (f64::from(image.width()) * scale, f64::from(image.height()) * scale);
    let (sin, cos) = rng.range(-0.02, 0.02).sin_cos();
    let (mx, my) = (w * 0.012, h * 0.01);
    let (tx, ty) = (mx + (w - w * cos + h * sin) / 2.0, my + (h - w * sin - h * cos) / 2.0);
    let step = Homography([[scale * cos, -scale * sin, tx], [scale * sin, scale * cos, ty], [0.0, 0.0, 1.0]]);
    let size = ((w + 2.0 * mx) as u32, (h + 2.0 * my) as u32);
    let mut out = warp(&blur(image, 0.42 / scale), &step, size, [226, 226, 224]);
    let (seed, lid, edge) = (rng.draw(), rng.range(10.0, 40.0) as f32, f64::from(size.0));
    each(&mut out, |x, y, rgb| {
        let near = ((edge - f64::from(x)) / 14.0) as f32;
        let grey = 14.0 + luma(rgb) * 0.93 - lid * (-near).exp();
        grain([grey; 3], 2.2, seed, x, y).map(f32::from)
    });
    for _ in 0..rng.between(10, 50) {
        let at = (rng.range(0.0, edge) as f32, rng.range(0.0, f64::from(size.1)) as f32);
        ink::ring(&mut out, at, rng.range(0.6, 2.4) as f32, 9.0, [70; 3], 0.7);
    }
    Shown::of(image.clone()).moved(out, &step)
}

/// Sends `image` by fax (ITU-T T.4 fine: 204 x 196 dots an inch, black or white) at `dots` pixels width.
pub fn fax(image: &RgbImage, dots: u32, rng: &mut Rng) -> Shown {
    let scale = f64::from(dots) / f64::from(image.width());
    let size = (dots, (f64::from(image.height()) * scale) as u32);
    let step = Homography::stretch(scale, scale, 0.0, 0.0);
    let mut out = warp(&blur(image, 0.5 / scale), &step, size, [255; 3]);
    let (seed, level) = (rng.draw(), rng.range(120.0, 160.0) as f32);
    let streaks: Vec<u32> = (0..rng.between(1, 4)).map(|_| rng.below(dots as usize) as u32).collect();
    each(&mut out, |x, y, rgb| {
        let noise = (scatter(seed, x, y) & 63) as f32 - 31.5;
        let streak =
            streaks.iter().any(|s| x.abs_diff(*s) < 1) && !scatter(seed ^ 9, x, y / 40).is_multiple_of(3);
        [if luma(rgb) + noise < level || streak || scatter(seed, y, x).is_multiple_of(4001) {
            0.0
        } else {
            255.0
        }; 3]
    });
    let header = format!(
        "2026-{:02}-{:02} {:02}:{:02}   FROM: REGISTRY   P.{:02}",
        rng.between(1, 3),
        rng.between(1, 28),
        rng.between(6, 19),
        rng.between(0, 59),
        rng.between(1, 9)
    );
    ink::write(&mut out, &header, 60.0, 10.0, 26.0 * scale as f32 + 4.0, Face::Mono, [0; 3]);
    Shown::of(image.clone()).moved(out, &step)
}

fn folds(rng: &mut Rng) -> Vec<Fold> {
    let kind = rng.below(4);
    let mut fold = |upright, at: f64| Fold {
        upright,
        at: at + rng.range(-0.02, 0.02),
        depth: rng.range(0.05, 0.14) * if rng.chance(0.5) { 1.0 } else { -1.0 },
    };
    match kind {
        0 => Vec::new(),
        1 => vec![fold(false, 0.33), fold(false, 0.66)],
        2 => vec![fold(true, 0.5), fold(false, 0.5)],
        _ => vec![fold(true, 0.5), fold(false, 0.25), fold(false, 0.5), fold(false, 0.75)],
    }
}

/// Light along one side of the sheet, a value for each sheet pixel: a step at each crease that fades, and its dark line.
fn shading(length: u32, upright: bool, shot: &Shot) -> Vec<f32> {
    let folds: Vec<&Fold> = shot.folds.iter().filter(|f| f.upright == upright).collect();
    (0..length)
        .map(|k| {
            folds.iter().fold(1.0, |light, f| {
                let d = f64::from(k) - f.at * f64::from(length);
                let side = if d > 0.0 { f.depth } else { -f.depth };
                light * (1.0 + side * (-d.abs() / 170.0).exp()) * (1.0 - 0.16 * (-d * d / 9.0).exp())
            }) as f32
        })
        .collect()
}

fn at(shade: &[f32], place: f64) -> f32 {
    shade[(place.max(0.0) as usize).min(shade.len() - 1)]
}

/// Adds noise of standard deviation `sigma`, the sum of four bytes for each channel.
fn grain(rgb: [f32; 3], sigma: f32, seed: u64, x: u32, y: u32) -> [u8; 3] {
    let mut bits = scatter(seed, x, y);
    rgb.map(|v| {
        // Four uniform values of 5 bits: mean 62, standard deviation 18.5.
        let sum = (bits & 31) + (bits >> 5 & 31) + (bits >> 10 & 31) + (bits >> 15 & 31);
        bits >>= 20;
        byte(v + (sum as f32 - 62.0) / 18.5 * sigma)
    })
}
