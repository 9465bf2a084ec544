//! What happens to a picture on its way: cropped, re-encoded, captioned, marked, covered, turned, shown in a chat.

use crate::camera::{Shot, photograph};
use crate::geometry::Homography;
use crate::ink::{self, Face, Letters};
use crate::raster::{blur, each, jpeg, luma, warp};
use crate::rng::Rng;
use crate::shown::Shown;
use crate::typeset::Sheet;
use image::imageops::{self, FilterType};
use image::{Rgb, RgbImage};

/// One step of damage.
#[derive(Debug, Clone, PartialEq)]
pub enum Damage {
    /// Encoded as JPEG of this quality, and decoded.
    Reencode(u8),
    /// Scaled by this factor.
    Rescale(f64),
    /// Cut out: `[x, y, width, height]` as shares of the picture.
    Crop([f64; 4]),
    /// A bar with a text above (true) or below the picture.
    Caption(String, bool),
    /// Pen circles, arrows and underlines around these boxes of the sheet.
    Marks(Vec<[f64; 4]>),
    /// Highlighter over these boxes of the sheet.
    Highlight(Vec<[f64; 4]>),
    /// Black boxes over these boxes of the sheet.
    Redact(Vec<[f64; 4]>),
    /// Coarse mosaic over these boxes of the sheet.
    Mosaic(Vec<[f64; 4]>),
    /// Quarter turns clockwise: 1 to 3.
    Turn(u8),
    /// Turned by some degrees on a larger canvas.
    Tilt(f64),
    /// A text written slantwise all over, faintly.
    Watermark(String),
    /// Shown in a chat program: channel name, and the lines said around it.
    Screenshot(String, Vec<String>),
    /// Colours taken out.
    Grey,
    /// Brightness and contrast: offset in grey levels, factor.
    Tone(f64, f64),
    /// Blurred by a Gaussian of so many pixels.
    Soft(f64),
    /// Photographed off a screen.
    Rephotograph,
}

impl Damage {
    /// Its name in the `ops` of `truth.json`.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Self::Reencode(q) => format!("jpeg:q{q}"),
            Self::Rescale(f) => format!("scale{f:.2}"),
            Self::Crop([_, _, w, h]) => format!("crop{:.2}", w * h),
            Self::Caption(..) => "caption".to_owned(),
            Self::Marks(_) => "marks".to_owned(),
            Self::Highlight(_) => "highlight".to_owned(),
            Self::Redact(_) => "redacted".to_owned(),
            Self::Mosaic(_) => "mosaic".to_owned(),
            Self::Turn(n) => format!("turn{}", u32::from(*n) * 90),
            Self::Tilt(_) => "tilt".to_owned(),
            Self::Watermark(_) => "watermark".to_owned(),
            Self::Screenshot(..) => "screenshot".to_owned(),
            Self::Grey => "gray".to_owned(),
            Self::Tone(..) => "tone".to_owned(),
            Self::Soft(_) => "soft".to_owned(),
            Self::Rephotograph => "phone".to_owned(),
        }
    }

    /// Something that might happen to a picture of `sheet`; `said` are lines heard in the chat.
    pub fn any(sheet: &Sheet, said: &[String], rng: &mut Rng) -> Self {
        let text = rng.pick(said).clone();
        match rng.below(24) {
            0..=3 => {
                let (w, h) = (rng.range(0.5, 0.95), rng.range(0.4, 0.95));
                Self::Crop([rng.range(0.0, 1.0 - w), rng.range(0.0, 1.0 - h), w, h])
            }
            4..=6 => Self::Rescale(rng.range(0.42, 0.8)),
            7 | 8 => Self::Caption(text, rng.chance(0.5)),
            9 | 10 => Self::Marks(spots(sheet, 2, rng)),
            11 => Self::Highlight(spots(sheet, 4, rng)),
            12 | 13 => Self::Redact(spots(sheet, 3, rng)),
            14 => Self::Mosaic(spots(sheet, 3, rng)),
            15 => Self::Turn(1 + rng.below(3) as u8),
            16 => Self::Tilt(rng.range(1.0, 6.0) * if rng.chance(0.5) { 1.0 } else { -1.0 }),
            17 => Self::Watermark(format!("@{}", text.split(' ').next().unwrap_or("feed"))),
            18 | 19 => {
                Self::Screenshot("general".to_owned(), (0..5).map(|_| rng.pick(said).clone()).collect())
            }
            20 => Self::Grey,
            21 => Self::Tone(rng.range(-24.0, 24.0), rng.range(0.75, 1.3)),
            22 => Self::Soft(rng.range(0.6, 1.3)),
            _ => Self::Rephotograph,
        }
    }
}

/// What `shown` becomes under `damage`.
pub fn apply(shown: &Shown, damage: &Damage, rng: &mut Rng) -> Shown {
    let image = &shown.image;
    match damage {
        Damage::Reencode(quality) => {
            let decoded = jpeg(image, *quality).and_then(|bytes| image::load_from_memory(&bytes));
            decoded.map_or_else(|_| shown.clone(), |d| shown.recoloured(d.to_rgb8()))
        }
        Damage::Rescale(factor) => rescale(shown, *factor),
        Damage::Crop(share) => crop(shown, *share),
        Damage::Caption(text, above) => caption(shown, text, *above, rng),
        Damage::Marks(spots) => marks(shown, spots, rng),
        Damage::Highlight(spots) => highlight(shown, spots, rng),
        Damage::Redact(spots) => cover(shown, spots, |_, _, _| [6.0; 3]),
        Damage::Mosaic(spots) => mosaic(shown, spots),
        Damage::Turn(quarters) => turn(shown, *quarters),
        Damage::Tilt(degrees) => tilt(shown, *degrees),
        Damage::Watermark(text) => watermark(shown, text, rng),
        Damage::Screenshot(channel, said) => crate::window::screenshot(shown, channel, said, rng),
        Damage::Grey => repaint(shown, |_, _, rgb| [luma(rgb); 3]),
        Damage::Tone(offset, factor) => {
            let (o, f) = (*offset as f32, *factor as f32);
            repaint(shown, |_, _, rgb| rgb.map(|v| (v - 128.0) * f + 128.0 + o))
        }
        Damage::Soft(sigma) => shown.recoloured(blur(image, *sigma)),
        Damage::Rephotograph => {
            let shot = Shot::of_screen(rng, image.dimensions());
            let again = photograph(image, &shot, rng);
            shown.moved(again.image, &again.homography)
        }
    }
}

/// The picture scaled by `factor`.
#[must_use]
pub fn rescale(shown: &Shown, factor: f64) -> Shown {
    let (w, h) = shown.image.dimensions();
    let size = (((f64::from(w) * factor) as u32).max(16), ((f64::from(h) * factor) as u32).max(16));
    let step =
        Homography::stretch(f64::from(size.0) / f64::from(w), f64::from(size.1) / f64::from(h), 0.0, 0.0);
    shown.moved(imageops::resize(&shown.image, size.0, size.1, FilterType::Triangle), &step)
}

/// Boxes around runs of words on one line, for pens and black bars.
pub fn spots(sheet: &Sheet, count: usize, rng: &mut Rng) -> Vec<[f64; 4]> {
    (0..count)
        .map(|_| {
            let from = rng.below(sheet.words.len());
            let [x, y, mut w, h] = sheet.words[from].area;
            for word in sheet.words[from + 1..].iter().take(rng.below(4)) {
                if (word.area[1] - y).abs() < 1.0 && word.area[0] > x {
                    w = word.area[0] + word.area[2] - x;
                }
            }
            [x - 3.0, y, w + 6.0, h]
        })
        .collect()
}

fn crop(shown: &Shown, share: [f64; 4]) -> Shown {
    let (w, h) = shown.image.dimensions();
    let [x, y, cw, ch] = share;
    let at = |s: f64, length: u32| (s * f64::from(length)) as u32;
    let (x, y) = (at(x, w).min(w - 1), at(y, h).min(h - 1));
    let (cw, ch) = (at(cw, w).clamp(1, w - x), at(ch, h).clamp(1, h - y));
    let image = imageops::crop_imm(&shown.image, x, y, cw, ch).to_image();
    shown.moved(image, &Homography::stretch(1.0, 1.0, -f64::from(x), -f64::from(y)))
}

fn caption(shown: &Shown, text: &str, above: bool, rng: &mut Rng) -> Shown {
    let (w, h) = shown.image.dimensions();
    let (bar, dark) = ((w / 11).clamp(36, 150), rng.chance(0.5));
    let (ground, letters) = if dark { ([12; 3], [250; 3]) } else { ([250; 3], [10; 3]) };
    let mut image = RgbImage::from_pixel(w, h + bar, Rgb(ground));
    let top = if above { bar } else { 0 };
    imageops::replace(&mut image, &shown.image, 0, i64::from(top));
    let px = (bar as f32 * 0.62).min(
        bar as f32 * 0.62 * w as f32 * 0.94 / ink::width(text, Face::SansBold, bar as f32 * 0.62).max(1.0),
    );
    let y = if above { 0.0 } else { h as f32 } + (bar as f32 - px) / 2.0;
    let x = (w as f32 - ink::width(text, Face::SansBold, px)) / 2.0;
    ink::write(&mut image, text, x, y, px, Face::SansBold, letters);
    shown.moved(image, &Homography::stretch(1.0, 1.0, 0.0, f64::from(top)))
}

fn marks(shown: &Shown, spots: &[[f64; 4]], rng: &mut Rng) -> Shown {
    let mut image = shown.image.clone();
    let pen = *rng.pick(&[[214, 24, 30], [230, 160, 0], [30, 60, 200], [20, 150, 60]]);
    let wide = (image.width() as f32 / 260.0).max(2.0);
    for spot in spots {
        let quad =
            shown.homography.apply_box([spot[0] - 14.0, spot[1] - 10.0, spot[2] + 28.0, spot[3] + 20.0]);
        let [a, b, c, d] = quad.map(|p| (p.0 as f32, p.1 as f32));
        let points: Vec<(f32, f32)> = match rng.below(3) {
            0 => {
                let (x, y) = ((a.0 + c.0) / 2.0, (a.1 + c.1) / 2.0);
                let (rx, ry) = ((b.0 - a.0) * 0.58, (d.1 - a.1) * 0.75);
                (0..40)
                    .map(|k| k as f32 * 0.17)
                    .map(|t| (x + rx * t.cos() + t, y + ry * t.sin() - t))
                    .collect()
            }
            1 => (0..20)
                .map(|k| k as f32 / 19.0)
                .map(|t| (d.0 + (c.0 - d.0) * t, d.1 + (c.1 - d.1) * t + (t * 21.0).sin() * wide))
                .collect(),
            _ => {
                let (l, y) = (wide * 9.0, (a.1 + d.1) / 2.0);
                vec![
                    (a.0 - 9.0 * l, y + 3.0 * l),
                    (a.0, y),
                    (a.0 - 2.0 * l, y - l * 0.6),
                    (a.0, y),
                    (a.0 - 1.4 * l, y + 1.7 * l),
                ]
            }
        };
        ink::stroke(&mut image, &points, wide, pen, 0.95);
    }
    shown.recoloured(image)
}

fn highlight(shown: &Shown, spots: &[[f64; 4]], rng: &mut Rng) -> Shown {
    let tint = *rng.pick(&[[255.0, 240.0, 40.0], [120.0, 255.0, 120.0], [255.0, 150.0, 200.0]]);
    let mut next = cover(shown, spots, |_, _, rgb| std::array::from_fn(|k| rgb[k] * tint[k] / 255.0));
    next.covered.clone_from(&shown.covered);
    next
}

fn mosaic(shown: &Shown, spots: &[[f64; 4]]) -> Shown {
    let cell = (shown.image.width() / 64).max(10);
    let (w, h) = (shown.image.width().div_ceil(cell), shown.image.height().div_ceil(cell));
    let coarse = imageops::resize(&shown.image, w, h, FilterType::Triangle);
    cover(shown, spots, |x, y, _| {
        coarse.get_pixel((x / cell).min(w - 1), (y / cell).min(h - 1)).0.map(f32::from)
    })
}

/// Paints over boxes of the sheet, and remembers that they are covered.
fn cover(shown: &Shown, spots: &[[f64; 4]], paint: impl Fn(u32, u32, [f32; 3]) -> [f32; 3]) -> Shown {
    let mut next = shown.clone();
    let back = shown.homography.inverse();
    for spot in spots {
        let near = crate::geometry::bounds(&shown.homography.apply_box(*spot));
        let (w, h) = (f64::from(next.image.width()), f64::from(next.image.height()));
        for y in near[1].clamp(0.0, h) as u32..near[3].ceil().clamp(0.0, h) as u32 {
            for x in near[0].clamp(0.0, w) as u32..near[2].ceil().clamp(0.0, w) as u32 {
                let (u, v) = back.apply((f64::from(x) + 0.5, f64::from(y) + 0.5));
                if u >= spot[0] && v >= spot[1] && u < spot[0] + spot[2] && v < spot[1] + spot[3] {
                    let pixel = next.image.get_pixel_mut(x, y);
                    pixel.0 = paint(x, y, pixel.0.map(f32::from)).map(crate::raster::byte);
                }
            }
        }
    }
    next.covered.extend_from_slice(spots);
    next
}

fn turn(shown: &Shown, quarters: u8) -> Shown {
    let (w, h) = (f64::from(shown.image.width()), f64::from(shown.image.height()));
    match quarters % 4 {
        1 => shown.moved(
            imageops::rotate90(&shown.image),
            &Homography([[0.0, -1.0, h], [1.0, 0.0, 0.0], [0.0, 0.0, 1.0]]),
        ),
        2 => shown.moved(imageops::rotate180(&shown.image), &Homography::stretch(-1.0, -1.0, w, h)),
        3 => shown.moved(
            imageops::rotate270(&shown.image),
            &Homography([[0.0, 1.0, 0.0], [-1.0, 0.0, w], [0.0, 0.0, 1.0]]),
        ),
        _ => shown.clone(),
    }
}

fn tilt(shown: &Shown, degrees: f64) -> Shown {
    let (w, h) = (f64::from(shown.image.width()), f64::from(shown.image.height()));
    let (sin, cos) = degrees.to_radians().sin_cos();
    let (nw, nh) = (w * cos + h * sin.abs(), w * sin.abs() + h * cos);
    let (tx, ty) = ((nw - w * cos + h * sin) / 2.0, (nh - w * sin - h * cos) / 2.0);
    let step = Homography([[cos, -sin, tx], [sin, cos, ty], [0.0, 0.0, 1.0]]);
    let ground = if degrees > 0.0 { [255; 3] } else { [0; 3] };
    shown.moved(warp(&shown.image, &step, (nw as u32, nh as u32), ground), &step)
}

/// The text once along each slanting row, a fifth as strong as ink.
fn watermark(shown: &Shown, text: &str, rng: &mut Rng) -> Shown {
    let mut image = shown.image.clone();
    let px = image.width() as f32 / rng.range(11.0, 20.0) as f32;
    let step = ink::width(text, Face::SansBold, px) * 1.7;
    let tone = if rng.chance(0.5) { [255; 3] } else { [110, 110, 118] };
    let (sin, cos) = 0.46_f32.sin_cos();
    let reach = image.width() as f32 + image.height() as f32;
    let letters =
        Letters { text: text.to_owned(), x: 0.0, y: 0.0, px, face: Face::SansBold, rgb: tone, squeeze: 1.0 };
    let mut mask = image::GrayImage::new(step as u32 + 1, (px * 1.3) as u32 + 1);
    letters.cover(|x, y, c| {
        if let (Ok(x), Ok(y)) = (u32::try_from(x), u32::try_from(y))
            && let Some(pixel) = mask.get_pixel_mut_checked(x, y)
        {
            pixel.0[0] = (c * 255.0) as u8;
        }
    });
    for y in 0..image.height() {
        for x in 0..image.width() {
            let (u, v) = (x as f32 * cos - y as f32 * sin + reach, x as f32 * sin + y as f32 * cos);
            let row = (v / (px * 6.0)).floor();
            let (mx, my) = ((u + row * step * 0.5) % step, v - row * px * 6.0);
            if let Some(c) = mask.get_pixel_checked(mx as u32, my as u32).filter(|c| c.0[0] > 0) {
                ink::blend(&mut image, i64::from(x), i64::from(y), tone, f32::from(c.0[0]) / 255.0 * 0.34);
            }
        }
    }
    shown.recoloured(image)
}

fn repaint(shown: &Shown, paint: impl Fn(u32, u32, [f32; 3]) -> [f32; 3]) -> Shown {
    let mut image = shown.image.clone();
    each(&mut image, paint);
    shown.recoloured(image)
}
