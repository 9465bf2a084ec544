//! Ink beside a region: letters of it that stick out.

use image::GrayImage;

use crate::area::Area;

/// Levels by which ink is darker than the paper around it.
const CONTRAST: u8 = 60;

/// A side of a region.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Side {
    Left,
    Top,
    Right,
    Bottom,
}

/// The sides at which a piece of ink too small to be a letter of its own touches the region: tips of what is withheld.
pub(crate) fn tips(grey: &GrayImage, area: &Area) -> Vec<Side> {
    let Some(area) = area.clipped(grey.dimensions()) else { return Vec::new() };
    let paper = paper(grey, &area);
    [Side::Left, Side::Top, Side::Right, Side::Bottom]
        .into_iter()
        .filter(|side| Band::of(grey, &area, *side, paper).has_tip())
        .collect()
}

/// The level of the paper around a region: three quarters of the pixels in a frame about it are darker or the same.
fn paper(grey: &GrayImage, area: &Area) -> u8 {
    let frame = (area.height / 2).clamp(4, 60);
    let (left, top) = (area.x.saturating_sub(frame), area.y.saturating_sub(frame));
    let right = area.right().saturating_add(frame).min(grey.width());
    let bottom = area.bottom().saturating_add(frame).min(grey.height());
    let mut levels = [0_u64; 256];
    for y in top..bottom {
        for x in left..right {
            let inside = x >= area.x && x < area.right() && y >= area.y && y < area.bottom();
            if !inside {
                levels[usize::from(grey.get_pixel(x, y)[0])] += 1;
            }
        }
    }
    let total: u64 = levels.iter().sum();
    let mut seen = 0;
    let level = levels.iter().position(|count| {
        seen += count;
        seen * 4 >= total * 3
    });
    u8::try_from(level.unwrap_or(255)).unwrap_or(255)
}

/// Pixels beside one side of a region, turned so that row 0 touches it; true where there is ink.
struct Band {
    along: usize,
    deep: usize,
    ink: Vec<bool>,
    /// A piece that goes no further out is a tip.
    tip: usize,
    /// A piece that is longer along the side is none.
    long: usize,
}

impl Band {
    fn of(grey: &GrayImage, area: &Area, side: Side, paper: u8) -> Self {
        let flat = matches!(side, Side::Top | Side::Bottom);
        let (along, reach) = if flat { (area.width, area.height) } else { (area.height, area.height) };
        let room = match side {
            Side::Left => area.x,
            Side::Top => area.y,
            Side::Right => grey.width() - area.right(),
            Side::Bottom => grey.height() - area.bottom(),
        };
        let deep = (reach * 7 / 10).clamp(3, 80).min(room);
        let bound = paper.saturating_sub(CONTRAST);
        let mut ink = Vec::with_capacity((along * deep) as usize);
        for out in 0..deep {
            for at in 0..along {
                let (x, y) = match side {
                    Side::Left => (area.x - 1 - out, area.y + at),
                    Side::Right => (area.right() + out, area.y + at),
                    Side::Top => (area.x + at, area.y - 1 - out),
                    Side::Bottom => (area.x + at, area.bottom() + out),
                };
                ink.push(grey.get_pixel(x, y)[0] < bound);
            }
        }
        let share = if flat { 3 } else { 6 };
        let tip = (reach * share / 10).max(2) as usize;
        Self { along: along as usize, deep: deep as usize, ink, tip, long: (area.height as usize).max(4) }
    }

    /// Whether a piece of ink begins at the region and ends soon.
    fn has_tip(mut self) -> bool {
        (0..self.along).any(|at| self.ink.get(at) == Some(&true) && self.piece_is_tip(at))
    }

    /// Takes the piece of ink at `start` out, and says whether it was a tip.
    fn piece_is_tip(&mut self, start: usize) -> bool {
        let (mut open, mut depth, mut count) = (vec![(start, 0)], 0, 0);
        let (mut least, mut most) = (start, start);
        while let Some((at, out)) = open.pop() {
            let Some(ink) = self.ink.get_mut(out * self.along + at).filter(|ink| **ink) else { continue };
            *ink = false;
            count += 1;
            depth = depth.max(out + 1);
            (least, most) = (least.min(at), most.max(at));
            let beside = [at.checked_sub(1), Some(at), (at + 1 < self.along).then_some(at + 1)];
            for next in beside.into_iter().flatten() {
                let rows = [out.checked_sub(1), Some(out), (out + 1 < self.deep).then_some(out + 1)];
                open.extend(rows.into_iter().flatten().map(|row| (next, row)));
            }
        }
        // A single dot is grain.
        count > 2 && depth <= self.tip && depth < self.deep && most - least < self.long
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::Luma;

    #[test]
    fn what_sticks_out_is_told_from_what_stands_beside() {
        let mut grey = GrayImage::from_pixel(200, 120, Luma([250]));
        let area = Area { x: 50, y: 40, width: 80, height: 30 };
        assert!(tips(&grey, &area).is_empty());
        // The upper end of a letter.
        for y in 35..40 {
            grey.put_pixel(70, y, Luma([10]));
            grey.put_pixel(71, y, Luma([10]));
        }
        assert_eq!(tips(&grey, &area), [Side::Top]);
        // A letter of the line above that reaches down to it, and a rule at its foot.
        let mut grey = GrayImage::from_pixel(200, 120, Luma([250]));
        for y in 12..40 {
            grey.put_pixel(70, y, Luma([10]));
            grey.put_pixel(71, y, Luma([10]));
        }
        for x in 0..200 {
            grey.put_pixel(x, 70, Luma([10]));
        }
        assert!(tips(&grey, &area).is_empty());
    }
}
