//! The places where some picture of a family differs from a better one, and which pictures say the same there.

use rayon::prelude::*;

use crate::differ::{self, Difference, Noise};
use crate::lay::Laid;
use crate::letters::pieces;
use crate::plane::Plane;
use crate::tint;
use crate::view::View;

/// A part of the view, `[left, top, right, bottom]` in its pixels.
pub(crate) type Area = [f32; 4];

/// What the comparison with the references found.
pub(crate) struct Found {
    /// Places to look at closely, in reading order.
    pub places: Vec<Area>,
    /// For each picture, parts where something large lies on it, or it does not show the sheet.
    pub covered: Vec<Vec<Area>>,
    /// The pairs that were compared as a whole.
    pub seen: Vec<Seen>,
}

/// Two pictures compared as a whole.
pub(crate) struct Seen {
    /// Picture, reference.
    pub pair: (usize, usize),
    pub noise: Noise,
    places: Vec<Area>,
    large: Vec<Area>,
    /// How odd the two differ at most, by squares of `POOL` pixels of half the view's size.
    peaks: Plane,
}

/// How odd a difference must be, in spreads, to be looked at closely.
const ODD: f32 = 4.5;
/// Places taken from one pair at most, the oddest first.
const MOST: usize = 36;
/// Which share of the contrast must differ, and from which on a difference is noted at all.
const SHARE: f32 = 0.10;
const SHARE_AT_ALL: f32 = 0.04;
/// Side of the squares by which differences are kept, in pixels of half the view's size.
const POOL: usize = 4;

/// Pictures that stand for all at a place: so many of the best, and so many of the others that differ most from better ones.
const PANEL: (usize, usize) = (5, 5);

/// Compares every picture with the best ones; the cost grows with the number of pictures, not with that of pairs.
pub(crate) fn find(view: &View) -> Found {
    let seen: Vec<Seen> = pairs(view).par_iter().filter_map(|pair| Seen::of(view, *pair)).collect();
    let areas = seen.iter().flat_map(|s| s.places.iter().copied()).collect();
    let large: Vec<(usize, usize, Area)> =
        seen.iter().flat_map(|s| s.large.iter().map(|area| (s.pair.0, s.pair.1, *area))).collect();
    let places = merged(areas, view.letter);
    let mut found = Found { places, covered: vec![Vec::new(); view.laid.len()], seen };
    for (a, b, area) in &large {
        // The one of the pair that also differs there from others; both if there are no others.
        let count = |p: usize| {
            large.iter().filter(|(x, y, o)| (*x == p || *y == p) && overlap(area, o) > 0.2).count()
        };
        let (ca, cb) = (count(*a), count(*b));
        if ca >= cb {
            found.covered[*a].push(*area);
        }
        if cb >= ca {
            found.covered[*b].push(*area);
        }
    }
    found
}

impl Found {
    /// How odd the difference of two pictures at a place is at most, in spreads; `None` if they were not compared as a whole.
    pub fn peak(&self, a: usize, b: usize, area: &Area) -> Option<f32> {
        self.seen.iter().find(|s| s.pair == (a, b) || s.pair == (b, a)).map(|s| s.peak(area))
    }

    /// The members that stand for all at a place, the better ones first: all of them where they are few, and never more than
    /// so many. The cost of looking at a place thus does not grow with the family.
    pub fn panel(&self, members: &[usize], area: &Area) -> Vec<usize> {
        if members.len() <= PANEL.0 + PANEL.1 {
            return members.to_vec();
        }
        let (best, others) = members.split_at(PANEL.0);
        let mut apart: Vec<(f32, usize)> =
            others.iter().map(|m| (self.apart(*m, members, area), *m)).collect();
        apart.sort_by(|a, b| b.0.total_cmp(&a.0));
        apart.truncate(PANEL.1);
        let chosen = |m: &usize| best.contains(m) || apart.iter().any(|(_, a)| a == m);
        members.iter().copied().filter(chosen).collect()
    }

    /// How oddly a picture differs at a place at most from those of some better ones that it was compared with as a whole.
    fn apart(&self, picture: usize, better: &[usize], area: &Area) -> f32 {
        let own = self.seen.iter().filter(|s| s.pair.0 == picture && better.contains(&s.pair.1));
        own.map(|s| s.peak(area)).fold(0.0, f32::max)
    }
}

impl Seen {
    fn of(view: &View, pair: (usize, usize)) -> Option<Self> {
        let difference = differ::compare(&view.laid[pair.0], &view.laid[pair.1], view.letter)?;
        let large = wide(&difference, view.letter);
        let mut own = spots(&difference, view);
        own.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1[1].total_cmp(&b.1[1])));
        let places = oddest(own, view.letter);
        let peaks =
            pooled(&difference.odd.zip(&difference.share, |o, s| if s > SHARE_AT_ALL { o } else { 0.0 }));
        Some(Self { pair, places, large, peaks, noise: difference.noise })
    }

    /// How odd the difference at a place is at most, in spreads.
    fn peak(&self, area: &Area) -> f32 {
        let cell = |v: f32, count: usize| ((v.max(0.0) / (2.0 * POOL as f32)) as usize).min(count - 1);
        let (x0, x1) = (cell(area[0], self.peaks.width), cell(area[2], self.peaks.width));
        let (y0, y1) = (cell(area[1], self.peaks.height), cell(area[3], self.peaks.height));
        peak(&self.peaks, &[x0, y0, x1, y1])
    }
}

/// The largest values of squares of `POOL` pixels.
fn pooled(plane: &Plane) -> Plane {
    let mut out = Plane::new(plane.width.div_ceil(POOL).max(1), plane.height.div_ceil(POOL).max(1));
    for (y, row) in plane.data.chunks_exact(plane.width.max(1)).enumerate() {
        let line = &mut out.data[y / POOL * out.width..(y / POOL + 1) * out.width];
        for (x, v) in row.iter().enumerate() {
            line[x / POOL] = line[x / POOL].max(*v);
        }
    }
    out
}

/// The places of one pair, those that belong together made one, as many as are looked at.
fn oddest(own: Vec<(f32, Area)>, letter: f32) -> Vec<Area> {
    let joined = merged(own.iter().map(|(_, area)| *area).collect(), letter);
    let peak = |place: &Area| {
        let inside = own.iter().filter(|(_, area)| overlap(area, place) > 0.5);
        inside.map(|(peak, _)| *peak).fold(0.0, f32::max)
    };
    let mut ranked: Vec<(f32, Area)> = joined.into_iter().map(|place| (peak(&place), place)).collect();
    ranked.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1[1].total_cmp(&b.1[1])));
    ranked.into_iter().take(MOST).map(|(_, place)| place).collect()
}

/// Each picture with the two best; and where these do not show all that it shows, with the best that does.
pub(crate) fn pairs(view: &View) -> Vec<(usize, usize)> {
    let mut out: Vec<(usize, usize)> = Vec::new();
    for (rank, picture) in view.order.iter().enumerate() {
        let mut left: Vec<bool> = view.laid[*picture].shown.iter().step_by(31).map(|s| *s > 0).collect();
        let whole = left.iter().filter(|l| **l).count().max(1);
        let mut taken = 0;
        for other in &view.order[..rank] {
            let seen = view.laid[*other].shown.iter().step_by(31);
            let gain = left.iter().zip(seen).filter(|(l, s)| **l && **s > 0).count();
            if taken < 2 && gain * 8 > whole || gain * 5 > whole {
                out.push((*picture, *other));
                taken += 1;
                if taken >= 2 {
                    left.iter_mut().zip(view.laid[*other].shown.iter().step_by(31)).for_each(|(l, s)| {
                        if *s > 0 {
                            *l = false;
                        }
                    });
                }
            }
        }
    }
    out
}

pub(crate) fn overlap(a: &Area, b: &Area) -> f32 {
    let w = (a[2].min(b[2]) - a[0].max(b[0])).max(0.0);
    let h = (a[3].min(b[3]) - a[1].max(b[1])).max(0.0);
    let size = |r: &Area| ((r[2] - r[0]) * (r[3] - r[1])).max(1.0);
    w * h / size(a).min(size(b))
}

/// Parts many letters wide and high in which hardly anything agrees.
fn wide(difference: &Difference, letter: f32) -> Vec<Area> {
    let over = 1.3 * letter;
    let quarter = |p: &Plane| p.halved().blurred(over / 2.0);
    let (d, c) = (quarter(&difference.differs), quarter(&difference.contrast));
    let none = d.zip(&c, |d, c| if d > 1e-3 { d / (2.0 * c + 1e-3) } else { 0.0 });
    pieces(&none, 0.42)
        .into_iter()
        .map(|p| (stretched(p.extent, 4.0), p.pixels as f32 * 16.0))
        .filter(|([x0, y0, x1, y1], pixels)| {
            let (w, h) = (x1 - x0, y1 - y0);
            w > 11.0 * letter && h > 7.0 * letter && *pixels > 0.7 * w * h
        })
        .map(|(area, _)| area)
        .collect()
}

/// Places no higher than a line or two at which a pair differs oddly. What is larger is looked at again with a higher
/// bound: two altered words that stand close come apart, and a mark's glow falls away.
fn spots(difference: &Difference, view: &View) -> Vec<(f32, Area)> {
    let letter = view.letter;
    let both = difference.odd.zip(&difference.share, |o, s| if s > SHARE { o } else { 0.0 });
    let mut out = apart(&both, [0.0; 2], ODD, letter);
    let margin = [view.size.0 as f32 * 0.012, view.size.1 as f32 * 0.012];
    out.retain(|(_, [x0, y0, x1, y1])| {
        *x0 > margin[0]
            && *y0 > margin[1]
            && *x1 < view.size.0 as f32 - margin[0]
            && *y1 < view.size.1 as f32 - margin[1]
    });
    out
}

/// The pieces above `level`; the large ones taken apart by higher levels, as long as something is left of them.
fn apart(plane: &Plane, origin: [f32; 2], level: f32, letter: f32) -> Vec<(f32, Area)> {
    let mut out = Vec::new();
    for piece in pieces(plane, level) {
        let [x0, y0, x1, y1] = piece.extent;
        let part = stretched(piece.extent, 2.0);
        let area = [part[0] + origin[0], part[1] + origin[1], part[2] + origin[0], part[3] + origin[1]];
        let (w, h) = (area[2] - area[0], area[3] - area[1]);
        if w * h < 0.25 * letter * letter {
            continue;
        }
        let own = (peak(plane, &piece.extent), area);
        if h < 2.8 * letter && w < 40.0 * letter {
            out.push(own);
            continue;
        }
        let inner = plane.part(x0 as isize, y0 as isize, x1 + 1 - x0, y1 + 1 - y0);
        let below =
            if level < 20.0 { apart(&inner, [area[0], area[1]], level * 1.4, letter) } else { Vec::new() };
        if below.is_empty() && h < 4.6 * letter && w < 40.0 * letter {
            // Two lines, or one with what an eraser left around it.
            let middle = area[1] + h / 2.0;
            out.push((own.0, [area[0], area[1], area[2], middle]));
            out.push((own.0, [area[0], middle, area[2], area[3]]));
        }
        out.extend(below);
    }
    out
}

fn peak(plane: &Plane, [x0, y0, x1, y1]: &[usize; 4]) -> f32 {
    let rows = (*y0..=*y1).flat_map(|y| &plane.data[y * plane.width + x0..=y * plane.width + x1]);
    rows.fold(0.0, |m, v| v.max(m))
}

fn stretched([x0, y0, x1, y1]: [usize; 4], by: f32) -> Area {
    [x0, y0, x1 + 1, y1 + 1].map(|v| v as f32 * by)
}

/// Places that touch, or stand close on one line, become one.
fn merged(mut areas: Vec<Area>, letter: f32) -> Vec<Area> {
    loop {
        let mut out: Vec<Area> = Vec::new();
        for area in &areas {
            let near = |o: &Area| {
                let gap = (o[0].max(area[0]) - o[2].min(area[2])).max(0.0);
                let shared = o[3].min(area[3]) - o[1].max(area[1]);
                let height = (o[3] - o[1]).min(area[3] - area[1]);
                let tall = o[3].max(area[3]) - o[1].min(area[1]);
                gap < 0.9 * letter && shared > 0.4 * height && tall < 2.9 * letter
            };
            match out.iter_mut().find(|o| near(o)) {
                Some(o) => {
                    *o = [o[0].min(area[0]), o[1].min(area[1]), o[2].max(area[2]), o[3].max(area[3])];
                }
                None => out.push(*area),
            }
        }
        if out.len() == areas.len() {
            out.sort_by(|a, b| a[1].total_cmp(&b[1]).then(a[0].total_cmp(&b[0])));
            return out;
        }
        areas = out;
    }
}

/// Why a picture does not tell what stands at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Silence {
    /// Out of the picture.
    Outside,
    /// Something large lies on it or beside it.
    Covered,
    /// A coloured mark.
    Colour,
    /// Dark all over.
    Dark,
}

/// Whether a picture tells what stands at a place.
pub(crate) fn silence(view: &View, covered: &[Area], picture: usize, area: &Area) -> Option<Silence> {
    let laid = &view.laid[picture];
    let (mut count, mut seen) = (0.0_f32, 0.0_f32);
    each(laid, area, |k| {
        count += 1.0;
        seen += f32::from(laid.shown[k]);
    });
    if count == 0.0 || seen < 0.97 * count {
        return Some(Silence::Outside);
    }
    let quarter = (area[3] - area[1]) / 4.0;
    if dark(laid, area) > 0.55 || dark(laid, &[area[0], area[1] + quarter, area[2], area[3] - quarter]) > 0.65
    {
        return Some(Silence::Dark);
    }
    if covered.iter().any(|c| overlap(c, area) > 0.5) {
        return Some(Silence::Covered);
    }
    (tinted(view, picture, area) > 0.04 && !tint::printed(view, picture, area)).then_some(Silence::Colour)
}

/// Whether a picture's edge runs through or close beside a place, so that its words may be cut off.
pub(crate) fn cut_off(view: &View, picture: usize, area: &Area) -> bool {
    let pad = 0.5 * view.letter;
    let ends = [[area[0] - pad, area[1], area[0], area[3]], [area[2], area[1], area[2] + pad, area[3]]];
    ends.iter().chain([area]).any(|part| {
        let laid = &view.laid[picture];
        let (mut count, mut seen) = (0_usize, 0_usize);
        each(laid, part, |k| {
            count += 1;
            seen += usize::from(laid.shown[k]);
        });
        seen * 100 < count * 97
    })
}

/// Share of a place that is far darker than paper.
pub(crate) fn dark(laid: &Laid, area: &Area) -> f32 {
    let (mut dark, mut count) = (0, 0);
    each(laid, area, |k| {
        dark += usize::from(laid.ink[k] > 140);
        count += 1;
    });
    dark as f32 / count.max(1) as f32
}

/// Share of a place that is coloured far beyond what is usual in the picture.
pub(crate) fn tinted(view: &View, picture: usize, area: &Area) -> f32 {
    let (laid, bound) = (&view.laid[picture], view.colours[picture].bound);
    let (mut tinted, mut count) = (0, 0);
    each(laid, area, |k| {
        tinted += usize::from(f32::from(laid.colour[k]) > bound);
        count += 1;
    });
    tinted as f32 / count.max(1) as f32
}

pub(crate) fn each(laid: &Laid, area: &Area, mut f: impl FnMut(usize)) {
    let (x0, y0) = (area[0].max(0.0) as usize, area[1].max(0.0) as usize);
    for y in y0..(area[3].max(0.0) as usize).min(laid.height) {
        for x in x0..(area[2].max(0.0) as usize).min(laid.width) {
            f(y * laid.width + x);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// So many pictures, each compared with the first as a whole; at the place all differ alike but for one.
    fn found(pictures: usize, different: usize) -> Found {
        let noise = Noise { blur: (0.0, 0.0), floor: 0.0, slope: 0.0, middle: 0.0, spread: 1.0 };
        let seen = |p: usize| {
            let odd = if p == different { 20.0 } else { 3.0 };
            let peaks = Plane { width: 2, height: 1, data: vec![odd, 30.0] };
            Seen { pair: (p, 0), noise, places: Vec::new(), large: Vec::new(), peaks }
        };
        let covered = vec![Vec::new(); pictures];
        Found { places: Vec::new(), covered, seen: (1..pictures).map(seen).collect() }
    }

    #[test]
    fn as_many_pictures_are_looked_at_in_a_family_of_any_size() {
        let (place, most) = ([0.0, 0.0, 4.0, 4.0], PANEL.0 + PANEL.1);
        let few: Vec<usize> = (0..most).collect();
        assert_eq!(found(most, 7).panel(&few, &place), few);
        for pictures in [most + 2, 4 * most] {
            let members: Vec<usize> = (0..pictures).collect();
            let panel = found(pictures, pictures - 1).panel(&members, &place);
            assert_eq!(panel.len(), most);
            assert!(panel.starts_with(&members[..PANEL.0]) && panel.contains(&(pictures - 1)), "{panel:?}");
        }
    }
}
