//! Print that stands on some pictures and on blank paper of the others: a stamp pasted in, a line taken out.
//!
//! The comparison by places (`place`) looks for words that say something else and takes what is higher than a line to
//! pieces. What is added or taken out as a whole is looked for here by its ink alone: dark on the one picture, blank paper
//! on the other, compact, and legible in letters of its own size. Whatever covers or tints the paper, is no darker than a
//! shadow, cannot be read, or comes again on the same picture, is not held to be print.

use rayon::prelude::*;

use crate::agree::{self, Looks, Pairs};
use crate::decide::{LEAST, ODD, SHARE, Side, Verdict, letters_only};
use crate::density::{Density, density, paper_kept};
use crate::letters::{Piece, pieces};
use crate::place::{self, Area, Found, overlap};
use crate::plane::{Plane, quantile};
use crate::reread::{self, Line, Reader, Spoken};
use crate::view::View;
use crate::wording::{alike, bare};

/// How much darker ink must be than on the other picture, for letters of the picture being 1.
const INK: f32 = 0.4;
/// Blocks taken from one pair at most, those with most ink first.
const MOST: usize = 16;
/// Least height and width, and most height and width of a block, in letters.
const LEAST_SIZE: (f32, f32) = (0.7, 2.5);
const MOST_SIZE: (f32, f32) = (8.0, 110.0);
/// Letters and digits that must be read without doubt, and the doubt that a word may have.
const READ: usize = 4;
const DOUBT: f32 = 0.2;
/// Lines of text in a block at most.
const LINES: usize = 3;
/// Pictures of the side that says something that are read, and at which sizes, over the usual one.
const READERS: usize = 2;
const SIZES: [f32; 2] = [1.0, 1.5];
/// Paper around a line that is read, in heights of its letters.
const PAD: f32 = 0.3;
/// How much of a block, and of its lines of text, may be dark where it is blank paper: a stamp may touch the next line.
const DARK: (f32, f32) = (0.06, 0.01);

/// A block with what the pictures show there.
struct Block {
    area: Area,
    /// Those with the print and those with blank paper, the better ones first.
    speaking: Vec<usize>,
    silent: Vec<usize>,
    lines: Vec<Line>,
    /// The print has a frame, or other parts that are no letters.
    framed: bool,
    odd: f32,
    share: f32,
}

/// The boxes of ink on one of two pictures that the other has not, in the view's pixels, in reading order.
pub(crate) fn boxes(view: &View, found: &Found) -> Vec<Area> {
    let each = found.seen.par_iter().flat_map_iter(|seen| {
        let ((a, b), blur) = (seen.pair, seen.noise.blur);
        let (pa, pb) = (blackened(view, a, blur.0), blackened(view, b, blur.1));
        [lacking(&pa, &pb, view.letter), lacking(&pb, &pa, view.letter)].concat()
    });
    once(each.collect())
}

/// Ink over the darkness of the picture's letters, at half the view's size, blurred.
fn blackened(view: &View, picture: usize, blur: f32) -> Plane {
    let plane = view.laid[picture].ink_plane().blurred(blur.hypot(0.07 * view.letter)).halved();
    let mut ink: Vec<f32> = plane.data.iter().step_by(7).copied().filter(|v| *v > 0.12).collect();
    let full = quantile(&mut ink, 0.7).max(0.1);
    plane.map(|v| v / full)
}

/// Boxes of what is dark on `a` and not on `b`, words of a line made one.
fn lacking(a: &Plane, b: &Plane, letter: f32) -> Vec<Area> {
    let mask = a.zip(b, |p, q| if p - q > INK && q < INK { 1.0 } else { 0.0 });
    // Wide enough to join letters to words, and a frame to what stands in it.
    let joined = mask.blurred(0.2 * letter);
    let mut out: Vec<(usize, Area)> = Vec::new();
    for Piece { extent: [x0, y0, x1, y1], .. } in pieces(&joined, 0.08) {
        let (mut ink, mut tight) = (0, [usize::MAX, usize::MAX, 0, 0]);
        for y in y0..=y1 {
            for x in (x0..=x1).filter(|x| mask.data[y * mask.width + x] > 0.0) {
                ink += 1;
                tight = [tight[0].min(x), tight[1].min(y), tight[2].max(x), tight[3].max(y)];
            }
        }
        let [x0, y0, x1, y1] = tight;
        if ink as f32 > 0.1 * letter * letter {
            out.push((ink, [x0, y0, x1 + 1, y1 + 1].map(|v| v as f32 * 2.0)));
        }
    }
    let mut out = lines_joined(out, letter);
    out.retain(|(_, [x0, y0, x1, y1])| {
        let (w, h) = ((x1 - x0) / letter, (y1 - y0) / letter);
        w > LEAST_SIZE.1 && h > LEAST_SIZE.0 && h < MOST_SIZE.0 && w < MOST_SIZE.1
    });
    out.sort_by(|a, b| b.0.cmp(&a.0).then(a.1[1].total_cmp(&b.1[1])));
    out.into_iter().take(MOST).map(|(_, area)| area).collect()
}

/// Boxes that overlap, or follow each other on one line, made one; with their ink.
fn lines_joined(mut boxes: Vec<(usize, Area)>, letter: f32) -> Vec<(usize, Area)> {
    loop {
        let mut out: Vec<(usize, Area)> = Vec::new();
        for (ink, area) in &boxes {
            let near = |o: &Area| {
                let gap = o[0].max(area[0]) - o[2].min(area[2]);
                let shared = o[3].min(area[3]) - o[1].max(area[1]);
                let height = (o[3] - o[1]).min(area[3] - area[1]);
                gap < 1.3 * letter && shared > 0.5 * height
            };
            match out.iter_mut().find(|(_, o)| near(o)) {
                Some((sum, o)) => {
                    *sum += ink;
                    *o = [o[0].min(area[0]), o[1].min(area[1]), o[2].max(area[2]), o[3].max(area[3])];
                }
                None => out.push((*ink, *area)),
            }
        }
        if out.len() == boxes.len() {
            return out;
        }
        boxes = out;
    }
}

/// Each box once, though several pairs show it.
fn once(mut boxes: Vec<Area>) -> Vec<Area> {
    boxes.sort_by(|a, b| a[1].total_cmp(&b[1]).then(a[0].total_cmp(&b[0])).then(b[2].total_cmp(&a[2])));
    let mut out: Vec<Area> = Vec::new();
    for area in boxes {
        if out.iter().all(|o| overlap(o, &area) < 0.5) {
            out.push(area);
        }
    }
    out
}

/// The blocks that were added or taken out, as far as `known` verdicts do not tell already.
pub(crate) fn told(
    view: &View,
    pairs: &Pairs,
    boxes: &[Area],
    known: &[&Verdict],
    reader: &dyn Reader,
) -> Vec<Verdict> {
    let fresh = boxes.par_iter().filter(|area| known.iter().all(|v| overlap(&v.area, area) < 0.3));
    let blocks: Vec<Block> = fresh.filter_map(|area| block(view, pairs, area)).collect();
    let asked: Vec<(usize, usize, Line)> = blocks
        .iter()
        .enumerate()
        .flat_map(|(n, block)| block.asked().map(move |(p, line)| (n, p, line)))
        .collect();
    let mut read = reread::read(view, reader, &asked).into_iter();
    let mut out = Vec::new();
    for block in &blocks {
        // As many lists of words as there are lines, for each picture and size.
        let words: Vec<Vec<Spoken>> = read.by_ref().take(block.asked().count()).collect();
        let said = words.chunks(block.lines.len()).max_by_key(|lines| clear(lines));
        out.extend(said.map(|lines| verdicts(block, lines)).unwrap_or_default());
    }
    single(out).into_iter().filter(|v| known.iter().all(|o| descends(v, o))).collect()
}

impl Block {
    /// What is to be read of it: pictures and lines, all lines of one picture and size together.
    fn asked(&self) -> impl Iterator<Item = (usize, Line)> {
        let readers = self.speaking.iter().take(READERS).flat_map(|p| SIZES.map(|size| (*p, size)));
        readers.flat_map(|(p, size)| {
            self.lines.iter().map(move |line| (p, Line { area: line.area, zoom: line.zoom * size }))
        })
    }
}

/// What the pictures show in a box; `None` unless some show print there, others blank paper, and nothing else differs. Those
/// that stand for all are asked first.
fn block(view: &View, pairs: &Pairs, area: &Area) -> Option<Block> {
    let edge = 0.033 * view.size.1 as f32;
    if area[1] < edge || area[3] > view.size.1 as f32 - edge {
        return None;
    }
    let members: Vec<usize> = view.order.iter().copied().filter(|p| plain(view, *p, area)).collect();
    let panel = pairs.found.panel(&members, area);
    let told = block_on(view, pairs, area, &panel)?;
    if panel.len() < members.len() { block_on(view, pairs, area, &members) } else { Some(told) }
}

/// The same on some pictures that show the whole box.
fn block_on(view: &View, pairs: &Pairs, area: &Area, members: &[usize]) -> Option<Block> {
    let shown: Vec<(usize, Density)> = members.iter().map(|p| (*p, density(view, *p, area))).collect();
    let most = shown.iter().map(|(_, d)| d.mean).fold(0.0, f32::max);
    let speaks = |(p, d): &&(usize, Density)| {
        d.mean > 0.6 * most && d.dark >= 0.6 && place::dark(&view.laid[*p], area) < 0.5
    };
    let speaking: Vec<usize> = shown.iter().filter(speaks).map(|(p, _)| *p).collect();
    let s = *speaking.first()?;
    let (lines, framed) = lines(view, s, area)?;
    let clean = |(p, d): &&(usize, Density)| {
        let text = lines.iter().all(|line| dark_share(view, *p, &letters_of(line)) < DARK.1);
        d.mean.abs() < 0.25 * most && text && dark_share(view, *p, area) < DARK.0
    };
    let silent: Vec<usize> = shown.iter().filter(clean).map(|(p, _)| *p).collect();
    let t = *silent.first()?;
    if !among(view, s, t, area)
        || !letters_only(view, (&speaking, &silent), area)
        || !paper_kept(view, s, t, area)
    {
        return None;
    }
    let looks = Looks::new(pairs, *area);
    let top = agree::top(&looks, &[s.min(t), s.max(t)], LEAST)?;
    let block = Block { area: *area, speaking, silent, lines, framed, odd: top.odd, share: top.look.share };
    (block.odd >= ODD && block.share >= SHARE).then_some(block)
}

/// Whether a picture shows the whole of a place, and nothing coloured lies on it.
fn plain(view: &View, picture: usize, area: &Area) -> bool {
    !place::cut_off(view, picture, area)
        && well_inside(view, picture, area)
        && place::tinted(view, picture, area) <= 0.04
}

/// Whether a place lies within the print that two pictures show alike: above it and below it lines agree. What stands outside,
/// on the bar of a caption or in a chat, is not on the sheet.
fn among(view: &View, a: usize, b: usize, area: &Area) -> bool {
    let inked = |p: usize| {
        let (ink, bound) = (&view.laid[p].ink, 0.5 * 250.0 * view.blackness[p]);
        move |k: usize| f32::from(ink[k]) > bound
    };
    let (one, other) = (inked(a), inked(b));
    let agrees = |top: usize, low: usize| {
        let (mut sums, mut both) = ([0_usize; 2], 0_usize);
        for k in top * view.size.0..low * view.size.0 {
            let dark = [one(k), other(k)];
            (0..2).for_each(|n| sums[n] += usize::from(dark[n]));
            both += usize::from(dark == [true; 2]);
        }
        both > 40 && 5 * both > 2 * sums[0].max(sums[1])
    };
    let step = (view.letter as usize).max(1);
    let bands =
        |from: usize, to: usize| (from..to.saturating_sub(step)).step_by(step).any(|y| agrees(y, y + step));
    bands(0, area[1].max(0.0) as usize) && bands(area[3].max(0.0) as usize, view.size.1)
}

/// Whether a place lies at least its own height from the edges of a picture.
fn well_inside(view: &View, picture: usize, area: &Area) -> bool {
    let (width, height) = view.sources[picture].size();
    let pad = area[3] - area[1];
    let [x0, y0, x1, y1] = [area[0], area[1] - pad, area[2], area[3] + pad];
    [(x0, y0), (x1, y0), (x1, y1), (x0, y1)].iter().all(|(x, y)| {
        let (x, y) = view.on_picture(picture, *x, *y);
        x > 0.0 && y > 0.0 && x < width as f64 && y < height as f64
    })
}

/// Share of a place that is darker on a picture than blank paper is.
fn dark_share(view: &View, picture: usize, area: &Area) -> f32 {
    let laid = &view.laid[picture];
    let bound = 0.35 * 250.0 * view.blackness[picture];
    let (mut dark, mut count) = (0_usize, 0_usize);
    place::each(laid, area, |k| {
        dark += usize::from(f32::from(laid.ink[k]) > bound);
        count += 1;
    });
    dark as f32 / count.max(1) as f32
}

/// The lines of text in a block, by the letters that stand in it, and whether it has other parts as well; `None` if there
/// are no letters or too many lines.
fn lines(view: &View, picture: usize, area: &Area) -> Option<(Vec<Line>, bool)> {
    let [x0, y0, x1, y1] = area.map(|v| v.max(0.0) as usize);
    let (w, h) = ((x1 - x0) as f32, (y1 - y0) as f32);
    let ink = view.laid[picture].ink_plane().part(x0 as isize, y0 as isize, x1 - x0, y1 - y0);
    let all = pieces(&ink, INK * view.blackness[picture]);
    let size = |p: &Piece| ((p.extent[2] - p.extent[0] + 1) as f32, (p.extent[3] - p.extent[1] + 1) as f32);
    let tall = h > 2.5 * view.letter;
    let drawn = |p: &Piece| {
        let (pw, ph) = size(p);
        pw > 0.5 * w && (tall && ph > 0.75 * h || ph < 0.4 * view.letter)
            || tall && ph > 0.75 * h && pw < 0.5 * view.letter
    };
    let letters: Vec<&Piece> = all.iter().filter(|p| !drawn(p) && size(p).1 > 0.4 * view.letter).collect();
    let height = quantile(&mut letters.iter().map(|p| size(p).1).collect::<Vec<_>>(), 0.6);
    let mut rows: Vec<Area> = Vec::new();
    for piece in letters.iter().filter(|p| size(p).1 > 0.5 * height) {
        let [a, b, c, d] = piece.extent.map(|v| v as f32);
        let own = [a + area[0], b + area[1], c + 1.0 + area[0], d + 1.0 + area[1]];
        let level = |o: &&mut Area| o[3].min(own[3]) - o[1].max(own[1]) > 0.4 * (own[3] - own[1]);
        match rows.iter_mut().find(level) {
            Some(o) => *o = [o[0].min(own[0]), o[1].min(own[1]), o[2].max(own[2]), o[3].max(own[3])],
            None => rows.push(own),
        }
    }
    rows.retain(|r| r[2] - r[0] > 1.5 * height);
    rows.sort_by(|a, b| a[1].total_cmp(&b[1]));
    let (pad, zoom) = (PAD * height, (reread::LETTER / height).clamp(0.3, 5.0));
    let line = |r: &Area| Line { area: [r[0] - pad, r[1] - pad, r[2] + pad, r[3] + pad], zoom };
    let fits = !rows.is_empty() && rows.len() <= LINES;
    fits.then(|| (rows.iter().map(line).collect(), all.iter().any(drawn)))
}

/// The part of a line in which the letters stand.
fn letters_of(line: &Line) -> Area {
    let [x0, y0, x1, y1] = line.area;
    let pad = (y1 - y0) * PAD / (1.0 + 2.0 * PAD);
    [x0 + pad, y0 + pad, x1 - pad, y1 - pad]
}

/// Letters and digits that are read without doubt.
fn clear(lines: &[Vec<Spoken>]) -> usize {
    let words = lines.iter().flatten().filter(|w| w.doubt <= DOUBT);
    words.map(|w| bare(&w.text).chars().count()).sum()
}

/// What is said of a block: of a stamp all that stands in it, of lines the words that are read without doubt.
fn verdicts(block: &Block, lines: &[Vec<Spoken>]) -> Vec<Verdict> {
    let width = |w: &Spoken| w.area[2] - w.area[0];
    let known = |w: &&Spoken| w.doubt <= DOUBT;
    let read: f32 = lines.iter().flatten().filter(known).map(width).sum();
    let whole: f32 = block.lines.iter().map(|l| l.area[2] - l.area[0]).sum();
    if clear(lines) < READ || read < 0.5 * whole {
        return Vec::new();
    }
    let runs: Vec<Vec<&Spoken>> = if block.framed {
        vec![lines.iter().flatten().filter(known).collect()]
    } else {
        let runs = lines.iter().flat_map(|l| l.split(|w| w.doubt > DOUBT));
        runs.map(|run| run.iter().collect()).collect()
    };
    let told = |run: &Vec<&Spoken>| {
        let text = run.iter().map(|w| w.text.as_str()).collect::<Vec<_>>().join(" ");
        let words = run.iter().map(|w| w.area).reduce(joined)?;
        let area = if block.framed { block.area } else { words };
        let side = |text: String, pictures: &[usize]| Side { text, pictures: pictures.to_vec() };
        let doubt = run.iter().map(|w| w.doubt).fold(0.0, f32::max);
        let sides = [side(text.clone(), &block.speaking), side(String::new(), &block.silent)];
        let verdict = Verdict { area, sides, odd: block.odd, share: block.share, doubt };
        (bare(&text).chars().count() >= READ).then_some(verdict)
    };
    runs.iter().filter_map(told).collect()
}

/// Those that come once on a picture: what says the same in several places was laid on, as watermarks are.
fn single(verdicts: Vec<Verdict>) -> Vec<Verdict> {
    let again = |v: &Verdict| {
        let same = |o: &&Verdict| {
            alike(&o.sides[0].text, &v.sides[0].text)
                && o.sides[0].pictures.iter().any(|p| v.sides[0].pictures.contains(p))
        };
        verdicts.iter().filter(same).count() > 1
    };
    verdicts.iter().filter(|v| !again(v)).cloned().collect()
}

/// Whether copies of copies could show a block and another alteration as they do: not in all four ways, with and without
/// either. What was laid on copies of both versions is a mark of who passed them on.
fn descends(block: &Verdict, other: &Verdict) -> bool {
    let meet =
        |a: usize, b: usize| block.sides[a].pictures.iter().any(|p| other.sides[b].pictures.contains(p));
    !(meet(0, 0) && meet(0, 1) && meet(1, 0) && meet(1, 1))
}

fn joined(a: Area, b: Area) -> Area {
    [a[0].min(b[0]), a[1].min(b[1]), a[2].max(b[2]), a[3].max(b[3])]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(text: &str, area: Area, speaking: &[usize], silent: &[usize]) -> Verdict {
        let side =
            |text: &str, pictures: &[usize]| Side { text: text.to_owned(), pictures: pictures.to_vec() };
        Verdict { area, sides: [side(text, speaking), side("", silent)], odd: 9.0, share: 0.4, doubt: 0.1 }
    }

    #[test]
    fn what_comes_again_on_one_picture_is_laid_on() {
        let (high, low) = ([0.0, 0.0, 90.0, 20.0], [0.0, 400.0, 90.0, 420.0]);
        let twice = vec![said("RECEIVED", high, &[0, 1], &[2]), said("RECEIVED", low, &[1], &[0, 2])];
        assert!(single(twice).is_empty());
        let apart = vec![said("RECEIVED", high, &[0], &[2]), said("RECEIVED", low, &[1], &[2])];
        assert_eq!(single(apart).len(), 2);
    }

    #[test]
    fn a_mark_on_copies_of_both_versions_is_no_alteration() {
        let word = said("four", [0.0; 4], &[0, 1], &[2, 3]);
        assert!(descends(&said("RECEIVED", [0.0; 4], &[0], &[1, 2, 3]), &word));
        assert!(!descends(&said("RECEIVED", [0.0; 4], &[0, 2], &[1, 3]), &word));
    }

    #[test]
    fn words_of_a_line_are_one_box_and_lines_are_not() {
        let word = |x: f32, y: f32| (9, [x, y, x + 60.0, y + 15.0]);
        let joined =
            lines_joined(vec![word(0.0, 0.0), word(70.0, 1.0), word(140.0, 0.0), word(0.0, 30.0)], 15.0);
        assert_eq!(joined, vec![(27, [0.0, 0.0, 200.0, 16.0]), word(0.0, 30.0)]);
    }

    /// A frame around what stands in it, and the gap between two words.
    #[test]
    fn ink_that_the_other_lacks_is_found_with_its_frame() {
        let mut plane = Plane::new(300, 120);
        let mut fill = |x0: usize, y0: usize, x1: usize, y1: usize| {
            (y0..y1).for_each(|y| plane.data[y * 300 + x0..y * 300 + x1].fill(1.0));
        };
        fill(40, 30, 140, 33);
        fill(40, 60, 140, 63);
        fill(40, 30, 43, 63);
        fill(137, 30, 140, 63);
        (0..7).for_each(|n| fill(52 + 11 * n, 40, 58 + 11 * n, 53));
        let blank = Plane::new(300, 120);
        assert_eq!(lacking(&plane, &blank, 14.0), vec![[80.0, 60.0, 280.0, 126.0]]);
        assert!(lacking(&plane, &plane, 14.0).is_empty() && lacking(&blank, &plane, 14.0).is_empty());
    }
}
