//! What sets a word of a picture apart from the words beside it on that same picture, as rewriting leaves it: letters off the
//! line, darker or sharper ones, paper of another grain, blocks that were encoded once less.
//!
//! Every word of the sheet is measured on the picture, and how far words usually lie from those beside them there is what a
//! place is held against. A place tells only where it is odd on the pictures of one side and not on those of the other.

use std::sync::OnceLock;

use model::{Because, Measure};

use crate::beside::{Word, beside};
use crate::decide::Verdict;
use crate::double::Double;
use crate::encoding::Original;
use crate::features::{BARE, FEATURES, FOOT, GRAIN, HEAD, Values, measured};
use crate::place::{Area, overlap};
use crate::plane::quantile;
use crate::sheet::SheetWord;
use crate::view::View;

/// Words that are measured on a picture at most, and at least for them to be what is usual.
const WORDS: (usize, usize) = (1500, 30);
/// From so many spreads on a word is odd, and up to so many it is not.
const ODD: f32 = 6.0;
const CALM: f32 = 4.0;
/// The share of a picture's words that may be as odd.
const RARE: f32 = 0.02;
/// How far the heads of letters may be moved for their feet, for them to be moved as a whole.
const ALIKE: (f32, f32) = (0.5, 1.6);
/// Pictures of each side that are looked at.
const LOOKED: usize = 3;
/// How much less a place must be explained by two encodings, where the rest of the picture is.
const ONCE: f32 = 0.3;

/// What tells which of two sides is the later at a place.
pub(crate) struct Trace {
    pub why: Because,
    pub side: usize,
    pub measures: Vec<Measure>,
}

/// The words of a sheet that all of its pictures have alike.
pub(crate) struct Traces<'a> {
    view: &'a View,
    originals: &'a [Option<Original<'a>>],
    words: Vec<Word>,
    /// The height of letters for that of a word's box.
    letters: f32,
    usual: Vec<OnceLock<Usual>>,
}

/// What is usual on one picture.
struct Usual {
    values: Vec<Values>,
    /// How far words lie from those beside them, by feature, the nearest first.
    off: [Vec<f32>; FEATURES.len()],
    double: Option<(Double, Vec<f32>)>,
}

impl<'a> Traces<'a> {
    /// `words` in the sheet's frame; those that differ say nothing of what is usual.
    pub fn new(
        view: &'a View,
        originals: &'a [Option<Original<'a>>],
        words: &[SheetWord],
        differ: &[Verdict],
    ) -> Self {
        let onto = |word: &SheetWord| {
            let [x0, y0, x1, y1] = word.area;
            let back = view.to_sheet.inverse()?;
            let (a, b) = (back.apply(x0, y0), back.apply(x1, y1));
            let area = [a.0 as f32, a.1 as f32, b.0 as f32, b.1 as f32];
            let [wide, tall] = [view.size.0 as f32, view.size.1 as f32];
            let inside = area[0] >= 0.0 && area[1] >= 0.0 && area[2] <= wide && area[3] <= tall;
            let worded = (2.0..=0.1 * tall).contains(&(area[3] - area[1])) && area[2] > area[0] + 1.0;
            (inside && worded).then_some(area)
        };
        let same = |area: &Area| differ.iter().all(|v| overlap(&v.area, area) < 0.2);
        // Where nothing differs, nothing is asked.
        let some = if differ.is_empty() { 0 } else { WORDS.0 };
        let areas: Vec<Area> = words.iter().take(some).filter_map(onto).filter(same).collect();
        let mut heights: Vec<f32> = areas.iter().map(|a| a[3] - a[1]).collect();
        let letters = (view.letter / quantile(&mut heights, 0.5).max(1.0)).clamp(0.2, 1.5);
        let words = areas.iter().map(|area| Word::new(area, &areas, letters)).collect();
        let usual = view.laid.iter().map(|_| OnceLock::new()).collect();
        Self { view, originals, words, letters, usual }
    }

    /// What tells which of the two sides of a difference is the later.
    pub fn told(&self, verdict: &Verdict) -> Vec<Trace> {
        let area = &verdict.area;
        let [wide, tall] = [self.view.size.0 as f32, self.view.size.1 as f32];
        if !(area[0] >= -wide && area[1] >= -tall && area[2] <= 2.0 * wide && area[3] <= 2.0 * tall) {
            return Vec::new();
        }
        let sides = [0, 1].map(|s: usize| verdict.sides[s].pictures.as_slice());
        let areas: Vec<Area> = self.words.iter().map(|w| w.area).collect();
        let place = Word::new(area, &areas, self.letters);
        let off = sides.map(|pictures| {
            let some = pictures.iter().take(LOOKED);
            some.map(|p| self.off(&place, *p)).collect::<Vec<_>>()
        });
        let told = (0..BARE).filter_map(|feature| told_by(feature, &off));
        told.chain(self.encoded(area, sides)).collect()
    }

    /// How far a place lies from the words beside it on a picture.
    fn off(&self, place: &Word, picture: usize) -> [Option<Off>; FEATURES.len()] {
        let usual = self.usual(picture);
        let beside = beside(place, &self.words, &usual.values);
        let foot = beside[FOOT].map_or(place.foot, |v| v);
        let own = measured(self.view, picture, [place.area[0], place.area[2]], foot, place.height);
        let inked = own[GRAIN].is_some();
        let head = own[HEAD].map(|by| Off { by, spreads: 0.0, rare: 0.0 });
        std::array::from_fn(|f| {
            if f == HEAD || f == BARE && inked {
                return head.filter(|_| f == HEAD);
            }
            let value = own[f].map(|v| if f == FOOT { foot + v * place.height } else { v });
            let by = value.zip(beside[f]).map(|(v, b)| v - b)?;
            let by = if f == FOOT { by / place.height } else { by };
            let known = &usual.off[f];
            if known.len() < WORDS.1 {
                return None;
            }
            let spread = (1.48 * known[known.len() / 2]).max(FEATURES[f].floor);
            let rarer = known.len() - known.partition_point(|o| *o < by.abs());
            Some(Off { by, spreads: by.abs() / spread, rare: rarer as f32 / known.len() as f32 })
        })
    }

    fn usual(&self, picture: usize) -> &Usual {
        self.usual[picture].get_or_init(|| {
            let values: Vec<Values> = self
                .words
                .iter()
                .map(|w| {
                    let mut own = measured(self.view, picture, [w.area[0], w.area[2]], w.foot, w.height);
                    own[FOOT] = own[FOOT].map(|v| w.foot + v * w.height);
                    own
                })
                .collect();
            let mut off: [Vec<f32>; FEATURES.len()] = Default::default();
            for (word, own) in self.words.iter().zip(&values) {
                let beside = beside(word, &self.words, &values);
                for (f, list) in off.iter_mut().enumerate() {
                    let unit = if f == FOOT { word.height } else { 1.0 };
                    list.extend(own[f].zip(beside[f]).map(|(v, b)| (v - b).abs() / unit));
                }
            }
            off.iter_mut().for_each(|list| list.sort_by(f32::total_cmp));
            let double =
                self.originals.get(picture).and_then(Option::as_ref).and_then(Double::of).map(|double| {
                    let mut known: Vec<f32> = self
                        .words
                        .iter()
                        .filter_map(|w| double.at(self.on_original(picture, &w.area)?))
                        .collect();
                    known.sort_by(f32::total_cmp);
                    (double, known)
                });
            Usual { values, off, double }
        })
    }

    /// The box of a place on the picture as it was received.
    fn on_original(&self, picture: usize, area: &Area) -> Option<[f64; 4]> {
        let original = self.originals.get(picture)?.as_ref()?;
        let map = original.to_original.after(&self.view.to_sheet);
        let corners = [(0, 1), (2, 1), (2, 3), (0, 3)].map(|(x, y)| {
            let (x, y) = (area[x], area[y]);
            let (dx, dy) = self.view.drift[picture].at(x, y);
            map.apply(f64::from(x + dx), f64::from(y + dy))
        });
        let least = |get: fn(&(f64, f64)) -> f64| corners.iter().map(get).fold(f64::MAX, f64::min);
        let most = |get: fn(&(f64, f64)) -> f64| corners.iter().map(get).fold(f64::MIN, f64::max);
        Some([least(|c| c.0), least(|c| c.1), most(|c| c.0), most(|c| c.1)])
    }

    /// The side on which a place alone lacks an encoding that the rest of its picture went through.
    fn encoded(&self, area: &Area, sides: [&[usize]; 2]) -> Option<Trace> {
        let lacks = |picture: &usize| {
            let (double, known) = self.usual(*picture).double.as_ref()?;
            let own = double.at(self.on_original(*picture, area)?)?;
            if known.len() < WORDS.1 {
                return None;
            }
            let below = known.partition_point(|k| *k <= own);
            let less = known[known.len() / 2] - own;
            Some((less, below as f32 / known.len() as f32))
        };
        let found = sides.map(|pictures| pictures.iter().take(LOOKED).filter_map(lacks).collect::<Vec<_>>());
        let lacking =
            found.each_ref().map(|f| f.iter().copied().find(|(less, rare)| *less >= ONCE && *rare <= RARE));
        let (side, (less, _)) = match lacking {
            [Some(odd), None] => (0, odd),
            [None, Some(odd)] => (1, odd),
            _ => return None,
        };
        let measures = vec![Measure::new(
            "less explained by two encodings than the rest of the picture",
            f64::from(less),
            "logarithm of likelihoods",
            Some(f64::from(ONCE)),
        )];
        Some(Trace { why: Because::Encoding, side, measures })
    }
}

/// How far a place lies from the words beside it: in the feature's unit, in spreads of the picture, and the share of the
/// picture's words that lie as far.
#[derive(Clone, Copy, Debug)]
struct Off {
    by: f32,
    spreads: f32,
    rare: f32,
}

/// What a feature tells, of how far the place lies off on the pictures of either side.
fn told_by(feature: usize, off: &[Vec<[Option<Off>; FEATURES.len()]>; 2]) -> Option<Trace> {
    let what = &FEATURES[feature];
    // Where a side shows no letters, its bare paper stands for that between letters.
    let of = |o: &[Option<Off>; FEATURES.len()]| o[feature].or(o[BARE].filter(|_| feature == GRAIN));
    let own = [0, 1].map(|s: usize| off[s].iter().filter_map(of).collect::<Vec<Off>>());
    let side = odd_side(&own, what.least)?;
    if feature == FOOT && !moved(off, side) {
        return None;
    }
    let most = |s: usize| own[s].iter().max_by(|a, b| a.by.abs().total_cmp(&b.by.abs()));
    let (odd, calm) = (most(side)?, most(1 - side)?);
    let why = match feature {
        FOOT => Because::Line,
        GRAIN => Because::Paper,
        _ => Because::Letters,
    };
    let measure = |name: &str, value: f32, unit: &str, bound: f32| {
        Measure::new(name, f64::from(value), unit, Some(f64::from(bound)))
    };
    let measures = vec![
        measure(what.name, odd.by, what.unit, what.least),
        measure("the same in spreads of the picture's words", odd.spreads, "spreads", ODD),
        measure("the same on the other side", calm.spreads, "spreads", CALM),
    ];
    Some(Trace { why, side, measures })
}

/// Whether the letters of a side are moved as a whole against those of the other, their heads as their feet: tails of letters and
/// brackets draw the foot alone.
fn moved(off: &[Vec<[Option<Off>; FEATURES.len()]>; 2], side: usize) -> bool {
    let middle = |s: usize, f: usize| {
        let mut all: Vec<f32> = off[s].iter().filter_map(|o| o[f].map(|o| o.by)).collect();
        (!all.is_empty()).then(|| quantile(&mut all, 0.5))
    };
    let by = |f: usize| Some(middle(side, f)? - middle(1 - side, f)?);
    by(FOOT).zip(by(HEAD)).is_some_and(|(foot, head)| (ALIKE.0..=ALIKE.1).contains(&(head / foot)))
}

/// The side on which a place is odd, on most of its pictures and the same way, while on the other it is odd on none, calm on
/// most, and less than half as far off.
fn odd_side(sides: &[Vec<Off>; 2], least: f32) -> Option<usize> {
    let is_odd = |o: &Off| o.by.abs() >= least && o.spreads >= ODD && o.rare <= RARE;
    let mean = |side: &[Off]| side.iter().map(|o| o.by.abs()).sum::<f32>() / side.len().max(1) as f32;
    let odd = |side: &[Off]| {
        let odd = side.iter().filter(|o| is_odd(o));
        let (up, down) = odd.fold((0, 0), |(u, d), o| if o.by > 0.0 { (u + 1, d) } else { (u, d + 1) });
        2 * up.max(down) > side.len() && up.min(down) == 0
    };
    let calm = |side: &[Off]| {
        let count = side.iter().filter(|o| o.spreads <= CALM).count();
        2 * count >= side.len().max(1) && !side.iter().any(is_odd)
    };
    let apart = |s: usize| 2.0 * mean(&sides[1 - s]) <= mean(&sides[s]);
    (0..2).find(|s| odd(&sides[*s]) && calm(&sides[1 - s]) && apart(*s))
}

#[cfg(test)]
mod tests {
    use forge::camera::{Shot, photograph};
    use forge::edit::{Edit, altered, paint, propose};
    use forge::rng::Rng;
    use forge::shown::Shown;
    use forge::typeset::{Look, Mark, Sheet, sheet};
    use image::{DynamicImage, RgbImage};

    use super::*;
    use crate::Homography;
    use crate::decide::Side;

    fn encoded(raster: &RgbImage, quality: u8) -> (RgbImage, Option<[u16; 64]>) {
        let bytes = forge::raster::jpeg(raster, quality).unwrap();
        (image::load_from_memory(&bytes).unwrap().to_rgb8(), crate::steps(&bytes))
    }

    /// A sheet, its photograph as posted, and an edit of it.
    fn posted() -> (Sheet, Shown, Edit) {
        let sheet = sheet(&mut Rng::new(5), Look::Memo);
        let mut rng = Rng::new(11);
        let shot = Shot { folds: Vec::new(), ..Shot::hurried(&mut rng, sheet.size) };
        let photo = photograph(&sheet.raster(), &shot, &mut rng);
        let image = encoded(&photo.image, 70).0;
        let photo = photo.recoloured(image);
        let edit = propose(&sheet, 1, |area| photo.shows(area) && area[2] > 90.0, &mut rng).remove(0);
        (sheet, photo, edit)
    }

    /// The kind and side of what tells the later of two pictures at each of some places.
    fn told(
        sheet: &Sheet,
        homography: &Homography,
        areas: &[[f64; 4]],
        rasters: [&RgbImage; 2],
    ) -> Vec<Vec<(Because, usize)>> {
        let pictures = rasters.map(|r| encoded(r, 92));
        let lumas = pictures.each_ref().map(|(r, _)| DynamicImage::from(r.clone()).into_luma8());
        let size = (f64::from(sheet.size.0), f64::from(sheet.size.1));
        let view = View::new(&[&pictures[0].0, &pictures[1].0], &[*homography; 2], size);
        let originals = [0, 1].map(|n: usize| {
            Some(Original { luma: &lumas[n], to_original: *homography, steps: pictures[n].1 })
        });
        let boxed = |[x, y, w, h]: [f64; 4]| [x, y, x + w, y + h];
        let word =
            |w: &forge::typeset::Word| SheetWord { text: w.text.clone(), area: boxed(w.area), line: 0 };
        let words: Vec<SheetWord> = sheet.words.iter().map(word).collect();
        let back = view.to_sheet.inverse().unwrap();
        let verdict = |area: &[f64; 4]| {
            let [x0, y0, x1, y1] = boxed(*area);
            let (a, b) = (back.apply(x0, y0), back.apply(x1, y1));
            let side = |n: usize| Side { text: String::new(), pictures: vec![n] };
            let area = [a.0 as f32, a.1 as f32, b.0 as f32, b.1 as f32];
            Verdict { area, sides: [side(0), side(1)], odd: 9.0, share: 0.3, doubt: 0.1 }
        };
        let verdicts: Vec<Verdict> = areas.iter().map(verdict).collect();
        let traces = Traces::new(&view, &originals, &words, &verdicts[..1]);
        verdicts.iter().map(|v| traces.told(v).into_iter().map(|t| (t.why, t.side)).collect()).collect()
    }

    #[test]
    fn what_was_painted_over_tells_on_its_own_picture_and_nowhere_else() {
        let (sheet, photo, edit) = posted();
        let map = Homography(photo.homography.0);
        let mut after = altered(&sheet, std::slice::from_ref(&edit));
        if let Some(Mark::Letters(letters)) = after.marks.get_mut(after.words[edit.word].mark) {
            letters.y += 4.0;
        }
        let painted = paint(&photo, &after.raster(), std::slice::from_ref(&edit));
        for (pair, side) in [([&photo.image, &painted.image], 1), ([&painted.image, &photo.image], 0)] {
            let found = told(&sheet, &map, &[edit.area], pair).remove(0);
            assert!(found.iter().all(|(_, s)| *s == side), "{found:?}");
            let by: Vec<Because> = found.iter().map(|(why, _)| *why).collect();
            assert!(by.contains(&Because::Line) && by.contains(&Because::Encoding), "{found:?}");
        }
    }

    #[test]
    fn a_place_that_nobody_touched_tells_nothing() {
        let (sheet, photo, edit) = posted();
        let map = Homography(photo.homography.0);
        let dim = image::imageops::brighten(&photo.image, -20);
        let mut areas = vec![edit.area];
        areas.extend(sheet.words.iter().map(|w| w.area).filter(|area| photo.shows(*area)));
        for found in told(&sheet, &map, &areas, [&photo.image, &dim]) {
            assert!(found.is_empty(), "{found:?}");
        }
    }

    #[test]
    fn a_side_is_told_only_where_the_other_is_calm() {
        let off = |by: f32, spreads: f32| Off { by, spreads, rare: 0.0 };
        let (odd, calm) = (off(0.2, 12.0), off(0.02, 1.0));
        assert_eq!(odd_side(&[vec![calm, calm], vec![odd, odd]], 0.05), Some(1));
        assert_eq!(odd_side(&[vec![odd], vec![calm]], 0.05), Some(0));
        assert_eq!(odd_side(&[vec![odd], vec![odd]], 0.05), None, "both odd");
        assert_eq!(odd_side(&[vec![odd], vec![off(0.15, 5.0)]], 0.05), None, "the other is not calm");
        assert_eq!(odd_side(&[vec![odd], vec![off(0.15, 3.0)]], 0.05), None, "nearly as far off");
        assert_eq!(odd_side(&[vec![odd, calm, calm], vec![calm]], 0.05), None, "one picture of three");
        assert_eq!(odd_side(&[vec![odd, off(-0.2, 12.0), odd], vec![calm]], 0.05), None, "either way");
        assert_eq!(odd_side(&[vec![odd], vec![]], 0.05), None, "nothing to hold it against");
        assert_eq!(odd_side(&[vec![off(0.2, 12.0)], vec![calm]], 0.3), None, "less than the least");
    }

    #[test]
    fn what_draws_the_foot_alone_does_not_move_a_word() {
        let side = |foot: f32, head: Option<f32>| {
            let off = |by| Off { by, spreads: 9.0, rare: 0.0 };
            let mut all = [None; FEATURES.len()];
            (all[FOOT], all[HEAD]) = (Some(off(foot)), head.map(off));
            vec![all]
        };
        let calm = || side(0.0, Some(-1.0));
        assert!(moved(&[calm(), side(0.2, Some(-0.82))], 1) && moved(&[side(-0.2, Some(-1.15)), calm()], 0));
        assert!(!moved(&[calm(), side(0.2, Some(-1.0))], 1), "a tail below the line");
        assert!(!moved(&[calm(), side(0.2, Some(-1.2))], 1), "taller both ways");
        assert!(!moved(&[calm(), side(0.2, None)], 1), "no head to be seen");
    }

    #[test]
    fn odd_words_and_places_do_no_harm() {
        let raster = RgbImage::from_fn(300, 400, |x, y| image::Rgb([(x * y % 251) as u8; 3]));
        let view = View::new(&[&raster, &raster], &[Homography::IDENTITY; 2], (300.0, 400.0));
        let edges = [f64::NAN, f64::INFINITY, -1e9, 0.0, 40.0, 90.0, 1e12];
        let mut words = Vec::new();
        for (n, x0) in edges.into_iter().enumerate() {
            for (x1, y1) in edges.into_iter().flat_map(|x| edges.map(|y| (x, y))) {
                words.push(SheetWord { text: "word".to_owned(), area: [x0, edges[6 - n], x1, y1], line: 0 });
            }
        }
        words.extend((0..60).map(|n| {
            let (x, y) = (f64::from(n % 6) * 48.0, f64::from(n / 6) * 36.0);
            SheetWord { text: "word".to_owned(), area: [x, y, x + 40.0, y + 14.0], line: 0 }
        }));
        let side = |n: usize| Side { text: String::new(), pictures: vec![n] };
        for area in [[0.0; 4], [-5e3, -5e3, 9e3, 9e3], [10.0, 10.0, 60.0, 30.0], [f32::NAN; 4]] {
            let verdict = Verdict { area, sides: [side(0), side(1)], odd: 9.0, share: 0.3, doubt: 0.1 };
            let traces = Traces::new(&view, &[None, None], &words, std::slice::from_ref(&verdict));
            assert!(traces.told(&verdict).is_empty());
        }
    }
}
