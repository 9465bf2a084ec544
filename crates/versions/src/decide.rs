//! What is said of a place: altered, covered, or nothing. A difference counts as an alteration only where the pixels differ
//! far beyond the noise of the pair and two readings say different words.

use crate::agree::{Looks, Split, split};
use crate::lay;
use crate::place::{Area, silence};
use crate::plane::quantile;
use crate::reread::{self, Said, Spoken};
use crate::view::View;

/// How odd the two that differ most must be, in spreads of their pair.
pub(crate) const ODD: f32 = 5.0;
/// The share of the contrast that must differ.
pub(crate) const SHARE: f32 = 0.17;
/// The doubt that the best reading of each side may have, and what it may have where the pixels differ grossly.
pub(crate) const DOUBT: f32 = 0.3;
const DOUBT_IF_GROSS: f32 = 0.65;
/// What differs grossly: oddness and share.
const GROSS: (f32, f32) = (12.0, 0.25);
/// The share that is enough where both sides are read without doubt.
const SHARE_IF_CLEAR: f32 = 0.10;
const CLEAR: f32 = 0.15;
/// For noisy pairs: least oddness, and the share and logarithm that are gross whatever the pair.
pub(crate) const LEAST: f32 = 1.1;
const GROSS_IN_ITSELF: (f32, f32) = (0.28, 2.4);

/// Two groups of pictures that say different words at a place.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Verdict {
    /// On the view.
    pub area: Area,
    pub sides: [Side; 2],
    pub odd: f32,
    pub share: f32,
    pub doubt: f32,
}

/// One side of it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Side {
    pub text: String,
    /// The better ones first.
    pub pictures: Vec<usize>,
}

/// A place with all that was found out about it.
pub(crate) struct Case {
    pub area: Area,
    /// The pictures that tell, the better ones first.
    pub members: Vec<usize>,
    pub looks: Looks,
    /// What was read on each member along the line.
    pub words: Vec<Vec<Spoken>>,
}

impl Case {
    /// What each member says at a part of the line.
    pub fn said(&self, area: &Area) -> Vec<Said> {
        self.words.iter().map(|words| reread::said(words, area)).collect()
    }
}

/// What is held of a place.
#[derive(Default)]
pub(crate) struct Held {
    pub verdicts: Vec<Verdict>,
    /// Pictures on which something covers it.
    pub covered: Vec<usize>,
}

/// Splits the members by what differs most; where a lone picture says nothing readable, it is put aside as covered and the
/// rest are split again.
pub(crate) fn decide(view: &View, case: &Case) -> Held {
    let mut members = case.members.clone();
    let mut held = Held::default();
    while let Some(found) = split(&case.looks, &members, LEAST).filter(worth_reading) {
        let verdicts = weigh(view, case, &found);
        if !verdicts.is_empty() {
            held.verdicts = verdicts;
            return held;
        }
        let aside = if found.a.len() <= found.b.len() { &found.a } else { &found.b };
        if found.look.share >= SHARE && found.odd >= ODD {
            held.covered.extend(aside);
        }
        let before = members.len();
        members.retain(|m| !aside.contains(m));
        if members.len() < 2 || members.len() == before {
            break;
        }
    }
    held
}

/// Whether a split may be an alteration at all: odd for its pair, or, where a pair is noisy all over (two photographs with
/// their own folds), at least gross in itself.
pub(crate) fn worth_reading(found: &Split) -> bool {
    found.odd >= ODD || found.look.share >= GROSS_IN_ITSELF.0 && found.look.log >= GROSS_IN_ITSELF.1
}

/// The words in which the two groups differ.
fn weigh(view: &View, case: &Case, found: &Split) -> Vec<Verdict> {
    if found.look.share < SHARE_IF_CLEAR {
        return Vec::new();
    }
    let said = case.said(&case.area);
    let first = [voiced(view, case, &said, &found.a), voiced(view, case, &said, &found.b)];
    // Both sides over the same extent: that of the words of either.
    let areas = first.iter().flatten().flatten().map(|w| w.area);
    let area = areas.reduce(joined).unwrap_or(case.area);
    let said = case.said(&area);
    let (a, b) = match (voiced(view, case, &said, &found.a), voiced(view, case, &said, &found.b)) {
        (Some(a), Some(b)) => (a, b),
        (Some(a), None) => return one_sided(view, case, found, &a, true),
        (None, Some(b)) => return one_sided(view, case, found, &b, false),
        (None, None) => return Vec::new(),
    };
    let (mut wa, mut wb) = (a.as_slice(), b.as_slice());
    while let (Some(p), Some(q)) = (wa.first(), wb.first())
        && alike(&p.text, &q.text)
        && (wa.len() > 1 || wb.len() > 1)
    {
        (wa, wb) = (&wa[1..], &wb[1..]);
    }
    while let (Some(p), Some(q)) = (wa.last(), wb.last())
        && alike(&p.text, &q.text)
        && (wa.len() > 1 || wb.len() > 1)
    {
        (wa, wb) = (&wa[..wa.len() - 1], &wb[..wb.len() - 1]);
    }
    let couples: Vec<(Vec<Spoken>, Vec<Spoken>)> = if wa.len() == wb.len() {
        wa.iter().zip(wb).map(|(p, q)| (vec![p.clone()], vec![q.clone()])).collect()
    } else {
        vec![(wa.to_vec(), wb.to_vec())]
    };
    let told = |group: &[usize]| group.iter().take(1).all(|p| silence(view, &[], *p, &area).is_none());
    if !told(&found.a) || !told(&found.b) {
        return Vec::new();
    }
    if let (Some(p), Some(q)) = (found.a.first(), found.b.first())
        && (smeared(view, *p, *q, &area) || smeared(view, *q, *p, &area))
    {
        return Vec::new();
    }
    let doubts = (doubt(&a), doubt(&b));
    couples.into_iter().filter_map(|(p, q)| couple(case, found, (&p, &q), doubts)).collect()
}

fn doubt(words: &[Spoken]) -> f32 {
    words.iter().map(|w| w.doubt).fold(0.0, f32::max)
}

fn couple(
    case: &Case,
    found: &Split,
    (a, b): (&[Spoken], &[Spoken]),
    (da, db): (f32, f32),
) -> Option<Verdict> {
    let join = |w: &[Spoken]| w.iter().map(|s| s.text.as_str()).collect::<Vec<_>>().join(" ");
    let (mut ta, mut tb) = (join(a), join(b));
    let gross = found.odd >= GROSS.0 && found.look.share >= GROSS.1;
    let enough = found.look.share >= SHARE || da.max(db) <= CLEAR + 0.05;
    let odd = found.odd >= ODD || da.max(db) <= CLEAR && as_long(&ta, &tb);
    let sure = odd && enough && da.max(db) <= DOUBT
        || gross && da.max(db) <= DOUBT_IF_GROSS && da + db <= 0.75 && as_long(&ta, &tb);
    if alike(&ta, &tb)
        || !sure
        || one_letter_off(&ta, &tb) && (found.odd < 15.0 || found.look.share < 0.3 || da.max(db) > 0.12)
        || too_short(&ta)
        || too_short(&tb)
    {
        return None;
    }
    same_stop(&mut ta, &mut tb);
    let area = a.iter().chain(b).map(|s| s.area).reduce(joined).unwrap_or(case.area);
    if !meets(&area, &case.area) {
        return None;
    }
    let mut out = verdict(area, found, ta, tb, da.max(db));
    // Members that the pixels left open, by what they read.
    for (member, said) in case.members.iter().zip(case.said(&area)) {
        if found.a.contains(member) || found.b.contains(member) || said.doubt() > DOUBT {
            continue;
        }
        let text = said.text();
        let fits = [0, 1].map(|side| alike(&out.sides[side].text, &text));
        match fits {
            [true, false] => out.sides[0].pictures.push(*member),
            [false, true] => out.sides[1].pictures.push(*member),
            _ => {}
        }
    }
    Some(out)
}

/// The words stand where the pixels differ: not on the next line, nor beside the place.
fn meets(words: &Area, place: &Area) -> bool {
    let height = (words[3] - words[1]).min(place[3] - place[1]);
    let shared = words[3].min(place[3]) - words[1].max(place[1]);
    let beside = words[0].max(place[0]) - words[2].min(place[2]);
    shared > 0.4 * height && beside < 0.0
}

/// One letter for another in an otherwise equal word, no figure among them: what readers do to small letters.
fn one_letter_off(a: &str, b: &str) -> bool {
    let (a, b): (Vec<char>, Vec<char>) = (bare(a).chars().collect(), bare(b).chars().collect());
    let mut off = a.iter().zip(&b).filter(|(p, q)| p != q);
    let first = off.next();
    let lettered = |c: &char| c.is_alphabetic();
    a.len() == b.len()
        && a.len() > 2
        && off.next().is_none()
        && first.is_some_and(|(p, q)| lettered(p) || lettered(q))
}

/// About the same number of letters, and figures against figures: what a fold makes of a word is seldom so.
fn as_long(a: &str, b: &str) -> bool {
    let (la, lb) = (bare(a).chars().count(), bare(b).chars().count());
    let figures = |t: &str| t.chars().any(|c| c.is_ascii_digit());
    figures(a) == figures(b) && (la == lb || la.min(lb) >= 4 && la.abs_diff(lb) <= 2)
}

fn verdict(area: Area, found: &Split, a: String, b: String, doubt: f32) -> Verdict {
    let side = |text: String, pictures: &[usize]| Side { text, pictures: pictures.to_vec() };
    Verdict {
        area,
        sides: [side(a, &found.a), side(b, &found.b)],
        odd: found.odd,
        share: found.look.share,
        doubt,
    }
}

/// One group says a clear word and the other shows clean paper: removed or added.
fn one_sided(view: &View, case: &Case, found: &Split, voice: &[Spoken], first: bool) -> Vec<Verdict> {
    let (speaking, silent) = if first { (&found.a, &found.b) } else { (&found.b, &found.a) };
    let text = voice.iter().map(|w| w.text.as_str()).collect::<Vec<_>>().join(" ");
    let doubt = doubt(voice);
    let area = voice.iter().map(|w| w.area).reduce(joined).unwrap_or(case.area);
    let edge = 0.033 * view.size.1 as f32;
    // Machines print their own lines at the very top and bottom.
    let own = area[1] < edge || area[3] > view.size.1 as f32 - edge;
    if own || found.odd < ODD || doubt > DOUBT || bare(&text).chars().count() < 2 || found.look.share < 0.3 {
        return Vec::new();
    }
    let inked = speaking.iter().map(|p| density(view, *p, &area).mean).fold(f32::MAX, f32::min);
    let clean = |p: &usize| {
        let found = density(view, *p, &area);
        found.mean < 0.22 * inked && found.mean > -0.3 * inked && found.dark < 0.3
    };
    if !silent.iter().all(clean) {
        return Vec::new();
    }
    let (a, b) = if first { (text, String::new()) } else { (String::new(), text) };
    vec![verdict(area, found, a, b, doubt)]
}

/// How much darker than the paper around it a place is, for letters of the picture being 1: on the mean, and its darkest
/// parts. Letters made unreadable by a mosaic keep their mean; paper does not have it, and other letters keep both.
struct Density {
    mean: f32,
    dark: f32,
}

fn density(view: &View, picture: usize, area: &Area) -> Density {
    let letter = view.letter;
    let around = [area[0] - 3.0 * letter, area[1] - letter, area[2] + 3.0 * letter, area[3] + letter];
    let raw =
        lay::strip(&view.sources[picture], &view.to_picture[picture], &view.drift[picture], around, 1.0);
    let (mut within, mut outside) = (Vec::new(), Vec::new());
    let inset = 0.15 * (area[3] - area[1]);
    for y in 0..raw.height {
        for x in 0..raw.width {
            let value = raw.data[y * raw.width + x];
            let (vx, vy) = (around[0] + x as f32, around[1] + y as f32);
            let inside = vx >= area[0] && vx < area[2] && vy >= area[1] + inset && vy < area[3] - inset;
            if value.is_finite() {
                if inside { within.push(value) } else { outside.push(value) }
            }
        }
    }
    let paper = quantile(&mut outside, 0.7).max(1.0);
    let mean = within.iter().sum::<f32>() / within.len().max(1) as f32;
    let full = view.blackness[picture].max(0.05);
    Density { mean: (1.0 - mean / paper) / full, dark: (1.0 - quantile(&mut within, 0.06) / paper) / full }
}

/// Whether the letters of `of` were smeared to an even grey, as by a mosaic, compared with those of `against`.
fn smeared(view: &View, of: usize, against: usize, area: &Area) -> bool {
    let (own, other) = (density(view, of, area), density(view, against, area));
    own.dark < 0.5 * other.dark && own.mean > 0.35 * other.mean
}

/// The words on which the better members of a group agree, or the surest of one of them; `None` if none of them reads
/// anything.
fn voiced(view: &View, case: &Case, said: &[Said], group: &[usize]) -> Option<Vec<Spoken>> {
    let said: Vec<(&Said, f32)> = case
        .members
        .iter()
        .zip(said)
        .filter(|(m, s)| group.contains(m) && !s.words.is_empty())
        .map(|(m, s)| (s, (view.scale[*m] as f32).min(1.0) * (1.02 - s.doubt())))
        .collect();
    let mut best: Option<(f32, f32, &Said)> = None;
    for (one, own) in &said {
        let votes: f32 = said.iter().filter(|(o, _)| o.text() == one.text()).map(|(_, w)| w).sum();
        if best.is_none_or(|(v, o, _)| votes > v + 1e-6 || (votes - v).abs() <= 1e-6 && *own > o) {
            best = Some((votes, *own, one));
        }
    }
    best.map(|(_, _, said)| said.words.clone())
}

fn joined(a: Area, b: Area) -> Area {
    [a[0].min(b[0]), a[1].min(b[1]), a[2].max(b[2]), a[3].max(b[3])]
}

/// Letters and digits alone, those that readers confuse made one.
fn bare(text: &str) -> String {
    text.chars()
        .filter(|c| c.is_alphanumeric())
        .map(|c| match c {
            'O' | 'o' | 'Q' | 'D' => '0',
            'l' | 'I' | 'i' | '|' | '!' => '1',
            'S' | 's' => '5',
            'Z' | 'z' => '2',
            'B' => '8',
            other => other,
        })
        .collect::<String>()
        .to_lowercase()
}

/// Nothing, or a lone letter that is no word: what readers make of specks and edges.
fn too_short(text: &str) -> bool {
    let mut chars = text.chars().filter(|c| c.is_alphanumeric());
    match (chars.next(), chars.next()) {
        (None, _) => true,
        (Some(c), None) => c.is_lowercase() && c != 'a',
        _ => false,
    }
}

/// Whether two readings may stand for one word.
fn alike(a: &str, b: &str) -> bool {
    bare(a) == bare(b)
}

/// A full stop is often read as a comma, seldom the other way round: where the two readings differ in this, both get the
/// full stop.
fn same_stop(a: &mut String, b: &mut String) {
    if a.ends_with(',') && b.ends_with('.') {
        a.pop();
        a.push('.');
    } else if b.ends_with(',') && a.ends_with('.') {
        b.pop();
        b.push('.');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_readers_confuse_is_alike_and_what_forgers_change_is_not() {
        assert!(alike("15en", "I5en") && alike("7,", "7.") && alike("S0", "SO"));
        assert!(!alike("1959", "3959") && !alike("3.", "9.") && !alike("11", "12") && !alike("", "not"));
    }

    #[test]
    fn a_full_stop_outdoes_a_comma() {
        let (mut one, mut other) = ("1.".to_owned(), "7,".to_owned());
        same_stop(&mut one, &mut other);
        assert_eq!((one.as_str(), other.as_str()), ("1.", "7."));
        same_stop(&mut other, &mut "Kiew,".to_owned());
        assert_eq!(other, "7.");
    }
}
