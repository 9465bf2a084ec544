//! What programs put around a picture: the window of a chat, and bars with a caption.
//!
//! Both are drawn, not seen: their ground has one colour to the last grey level, and their borders run along the pixels.

use image::RgbImage;

use crate::plane::Reduced;

/// A part of a raster: left, top, width, height.
pub(crate) type Part = [u32; 4];

/// Grey levels by which a drawn ground may waver after compression.
const WAVER: f32 = 8.0;
/// Share of the raster's edge that a colour must hold to be a window's ground.
const OF_EDGE: f64 = 0.06;

/// Takes bars off the four sides.
pub(crate) fn without_bars(image: &RgbImage, part: Part) -> Part {
    let mut part = part;
    for _ in 0..2 {
        let before = part;
        for side in 0..4 {
            if let Some(depth) = bar(image, part, side) {
                let [left, top, width, height] = part;
                part = match side {
                    0 => [left, top + depth, width, height - depth],
                    1 => [left, top, width, height - depth],
                    2 => [left + depth, top, width - depth, height],
                    _ => [left, top, width - depth, height],
                };
            }
        }
        if part == before {
            break;
        }
    }
    part
}

/// Whether bars were taken off two opposite sides: a program's head and foot, where a caption has but one.
pub(crate) fn between_bars(before: Part, after: Part) -> bool {
    let cut = |at: usize, side: usize| {
        let least = before[side] / 50;
        let first = after[at] - before[at];
        let last = before[side] - after[side] - first;
        first > least && last > least
    };
    cut(0, 2) || cut(1, 3)
}

/// A row of pixels counted from a side: the side's distance, and up to 400 places along it.
struct Rows<'a> {
    image: &'a RgbImage,
    part: Part,
    side: usize,
}

impl Rows<'_> {
    fn depth(&self) -> u32 {
        if self.side < 2 { self.part[3] } else { self.part[2] }
    }

    fn row(&self, at: u32) -> Vec<[f32; 3]> {
        let [left, top, width, height] = self.part;
        let along = if self.side < 2 { width } else { height };
        let count = along.min(400);
        (0..count)
            .map(|k| {
                let k = (u64::from(k) * u64::from(along) / u64::from(count)) as u32;
                let (x, y) = match self.side {
                    0 => (left + k, top + at),
                    1 => (left + k, top + height - 1 - at),
                    2 => (left + at, top + k),
                    _ => (left + width - 1 - at, top + k),
                };
                self.image.get_pixel(x, y).0.map(f32::from)
            })
            .collect()
    }
}

fn away(a: &[f32; 3], b: &[f32; 3]) -> f32 {
    (0..3).map(|k| (a[k] - b[k]).abs()).fold(0.0, f32::max)
}

fn median(row: &[[f32; 3]]) -> [f32; 3] {
    std::array::from_fn(|k| {
        let mut values: Vec<f32> = row.iter().map(|c| c[k]).collect();
        values.sort_by(f32::total_cmp);
        values.get(values.len() / 2).copied().unwrap_or(0.0)
    })
}

/// How deep a bar of white or black reaches from a side, if there is one.
fn bar(image: &RgbImage, part: Part, side: usize) -> Option<u32> {
    let rows = Rows { image, part, side };
    let depth = rows.depth();
    if depth < 64 {
        return None;
    }
    let ground = median(&rows.row(1));
    let (low, high) =
        (ground.iter().copied().fold(255.0, f32::min), ground.iter().copied().fold(0.0, f32::max));
    if high - low > 10.0 || (low < 238.0 && high > 40.0) {
        return None;
    }
    let plain = |row: &[[f32; 3]]| {
        let near = row.iter().filter(|c| away(c, &ground) <= 6.0).count();
        let off: f32 = row.iter().map(|c| away(c, &ground).min(6.0)).sum::<f32>() / row.len() as f32;
        near as f64 >= 0.985 * row.len() as f64 && off < 1.2
    };
    let mut blank = 0;
    let mut at = 0;
    while at < depth * 3 / 10 {
        let row = rows.row(at);
        if plain(&row) {
            blank += 1;
        } else {
            if blank >= 3 && at >= 8 && at + 8 < depth && all_differ(&rows, at, &ground) {
                return (!goes_on(&rows, at, &ground)).then_some(at);
            }
            if at == 0 {
                return None;
            }
            blank = 0;
        }
        at += 1;
    }
    None
}

/// Whether the bar's ground is much of what lies behind it, too: then it is a page's margin.
fn goes_on(rows: &Rows, at: u32, ground: &[f32; 3]) -> bool {
    let (mut same, mut all) = (0usize, 0usize);
    for k in 0..40 {
        let row = rows.row(at + (rows.depth() - at - 1) * k / 40);
        same += row.iter().filter(|c| away(c, ground) <= 2.0).count();
        all += row.len();
    }
    4 * same > all
}

/// Whether nearly all pixels behind the bar's end differ from its ground.
fn all_differ(rows: &Rows, at: u32, ground: &[f32; 3]) -> bool {
    let lines: Vec<Vec<[f32; 3]>> = (1..7).map(|k| rows.row(at + k)).collect();
    let count = lines[0].len();
    let differ = (0..count)
        .filter(|k| {
            let mean: [f32; 3] = std::array::from_fn(|c| {
                lines.iter().map(|line| line[*k][c]).sum::<f32>() / lines.len() as f32
            });
            away(&mean, ground) > 2.0
        })
        .count();
    differ as f64 >= 0.9 * count as f64
}

/// The pictures inside a window whose ground is drawn, if this is one, from top to bottom; the largest, and others that are
/// no lines of talk.
pub(crate) fn inner(image: &RgbImage, part: Part) -> Vec<Part> {
    boxes(image, part).unwrap_or_default()
}

fn boxes(image: &RgbImage, part: Part) -> Option<Vec<Part>> {
    if !flat_rim(image, part) {
        return None;
    }
    let reduced = Reduced::of(image, part, 700);
    let (w, h) = (reduced.width(), reduced.height());
    if w < 40 || h < 40 {
        return None;
    }
    let at = |x: usize, y: usize| [0, 1, 2].map(|k| reduced.colour[k].at[y * w + x]);
    let grounds = grounds(w, h, &at);
    if grounds.is_empty() {
        return None;
    }
    let ground: Vec<bool> = (0..w * h)
        .map(|k| {
            let colour = at(k % w, k / w);
            grounds.iter().any(|ground| away(ground, &colour) <= WAVER)
        })
        .collect();
    let outside = flood(&ground, w, h);
    let share = outside.iter().filter(|v| **v).count() as f64 / (w * h) as f64;
    if share < 0.15 {
        return None;
    }
    let things = things(&outside, w, h);
    let largest = things.iter().max_by_key(|thing| thing.count)?;
    if !largest.fills() || area(&largest.bounds) as f64 > 0.9 * (w * h) as f64 {
        return None;
    }
    let dark = grounds.iter().all(|g| g.iter().all(|v| *v < 90.0));
    let share = area(&largest.bounds) as f64 / (w * h) as f64;
    let least = if dark || grounds.len() > 1 { 0.06 } else { 0.35 };
    if share < least || !flat(image, part, &outside, w, h) {
        return None;
    }
    let beside = |thing: &&Thing| {
        let [x0, y0, x1, y1] = thing.bounds;
        let (wide, tall) = (x1 - x0, y1 - y0);
        let talk = wide > 2 * tall || tall > 2 * wide || 4 * wide.min(tall) < w.min(h);
        thing.bounds == largest.bounds
            || (thing.fills() && !talk && 3 * area(&thing.bounds) > area(&largest.bounds))
    };
    let (sx, sy) = (f64::from(part[2]) / w as f64, f64::from(part[3]) / h as f64);
    let part_of = |thing: &Thing| {
        let [x0, y0, x1, y1] = thing.bounds;
        let (x0, y0) = ((x0 as f64 * sx).round() as u32, (y0 as f64 * sy).round() as u32);
        let (x1, y1) = ((x1 as f64 * sx).round() as u32, (y1 as f64 * sy).round() as u32);
        [part[0] + x0, part[1] + y0, (x1 - x0).max(1), (y1 - y0).max(1)]
    };
    Some(things.iter().filter(beside).map(part_of).collect())
}

/// Whether enough of the raster's rim is flat as drawn grounds are, so that a window is worth looking for.
fn flat_rim(image: &RgbImage, part: Part) -> bool {
    let [left, top, width, height] = part;
    if width < 40 || height < 40 {
        return false;
    }
    let step = (width.max(height) / 500).max(1) as usize;
    let depth = (width.max(height) / 280).max(2);
    let (right, foot) = (left + width - 1 - depth, top + height - 1 - depth);
    let rows = (left..left + width - 1).step_by(step).flat_map(|x| [(x, top + depth), (x, foot)]);
    let columns = (top..top + height - 1).step_by(step).flat_map(|y| [(left + depth, y), (right, y)]);
    let (mut flat, mut all) = (0usize, 0usize);
    for (x, y) in rows.chain(columns) {
        let here = image.get_pixel(x, y).0.map(f32::from);
        let near = |x, y| away(&image.get_pixel(x, y).0.map(f32::from), &here) <= 2.0;
        all += 1;
        flat += usize::from(near(x + 1, y) && near(x, y + 1));
    }
    4 * flat > all
}

/// Colours that hold much of the raster's edge, the commonest first.
fn grounds(w: usize, h: usize, at: &dyn Fn(usize, usize) -> [f32; 3]) -> Vec<[f32; 3]> {
    let mut ring = Vec::new();
    for x in 0..w {
        ring.push(at(x, 2));
        ring.push(at(x, h - 3));
    }
    for y in 0..h {
        ring.push(at(2, y));
        ring.push(at(w - 3, y));
    }
    let mut out: Vec<[f32; 3]> = Vec::new();
    let whole = ring.len() as f64;
    for _ in 0..4 {
        let mut bins = std::collections::BTreeMap::new();
        for colour in &ring {
            *bins.entry(colour.map(|v| (v / 6.0) as u8)).or_insert(0usize) += 1;
        }
        let Some((bin, _)) = bins.iter().max_by_key(|(_, count)| **count) else {
            break;
        };
        let centre = bin.map(|v| f32::from(v) * 6.0 + 3.0);
        let mine: Vec<[f32; 3]> = ring.iter().filter(|c| away(c, &centre) <= WAVER).copied().collect();
        if (mine.len() as f64) < OF_EDGE * whole {
            break;
        }
        out.push(median(&mine));
        ring.retain(|c| away(c, &centre) > WAVER);
    }
    out
}

/// What of `ground` hangs together with the raster's edge.
fn flood(ground: &[bool], w: usize, h: usize) -> Vec<bool> {
    let mut seen = vec![false; w * h];
    let mut open: Vec<usize> = (0..w)
        .flat_map(|x| [x, (h - 1) * w + x])
        .chain((0..h).flat_map(|y| [y * w, y * w + w - 1]))
        .collect();
    while let Some(k) = open.pop() {
        if seen[k] || !ground[k] {
            continue;
        }
        seen[k] = true;
        let (x, y) = (k % w, k / w);
        if x > 0 {
            open.push(k - 1);
        }
        if x + 1 < w {
            open.push(k + 1);
        }
        if y > 0 {
            open.push(k - w);
        }
        if y + 1 < h {
            open.push(k + w);
        }
    }
    seen
}

/// Something that hangs together and is not ground: its pixels, and its box with ends exclusive.
struct Thing {
    count: usize,
    bounds: [usize; 4],
}

impl Thing {
    fn fills(&self) -> bool {
        self.count as f64 >= 0.95 * area(&self.bounds) as f64
    }
}

fn area(bounds: &[usize; 4]) -> usize {
    bounds[2].saturating_sub(bounds[0]) * bounds[3].saturating_sub(bounds[1])
}

/// What is left over, in the order of its first pixels.
fn things(outside: &[bool], w: usize, h: usize) -> Vec<Thing> {
    let mut seen = outside.to_vec();
    let mut out = Vec::new();
    for first in 0..w * h {
        if seen[first] {
            continue;
        }
        let (mut count, mut bounds, mut open) = (0, [w, h, 0, 0], vec![first]);
        seen[first] = true;
        while let Some(k) = open.pop() {
            count += 1;
            let (x, y) = (k % w, k / w);
            bounds = [bounds[0].min(x), bounds[1].min(y), bounds[2].max(x + 1), bounds[3].max(y + 1)];
            let mut step = |next: usize| {
                if !seen[next] {
                    seen[next] = true;
                    open.push(next);
                }
            };
            if x > 0 {
                step(k - 1);
            }
            if x + 1 < w {
                step(k + 1);
            }
            if y > 0 {
                step(k - w);
            }
            if y + 1 < h {
                step(k + w);
            }
        }
        out.push(Thing { count, bounds });
    }
    out
}

/// Whether the ground, at full size, is of one colour as only drawn grounds are: neighbours hardly differ.
fn flat(image: &RgbImage, part: Part, outside: &[bool], w: usize, h: usize) -> bool {
    let (mut flat, mut all) = (0usize, 0usize);
    for y in (1..h.saturating_sub(1)).step_by(3) {
        for x in (1..w.saturating_sub(1)).step_by(3) {
            let around = [(x - 1, y), (x + 1, y), (x, y - 1), (x, y + 1), (x, y)];
            if !around.iter().all(|(x, y)| outside[y * w + x]) {
                continue;
            }
            let px = part[0] + (x as u64 * u64::from(part[2]) / w as u64) as u32;
            let py = part[1] + (y as u64 * u64::from(part[3]) / h as u64) as u32;
            let near = |dx: u32, dy: u32| {
                let at = |v: u32, d: u32, most: u32| (v + d).min(most - 1);
                image.get_pixel(at(px, dx, image.width()), at(py, dy, image.height())).0.map(f32::from)
            };
            let here = near(0, 0);
            all += 1;
            flat += usize::from(away(&near(1, 0), &here) <= 2.0 && away(&near(0, 1), &here) <= 2.0);
        }
    }
    all > 20 && flat as f64 >= 0.85 * all as f64
}
