//! One alteration of a wanted kind: a digit, a letter, a word, a line gone, another marking, a stamp.

use crate::edit::{Edit, altered};
use crate::ink::{self, Face, Letters};
use crate::rng::Rng;
use crate::typeset::{Mark, Sheet};

/// What is done to a sheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// One digit for another.
    Digit,
    /// One small letter for another.
    Letter,
    /// A word for another.
    Word,
    /// All words of a line taken out.
    Line,
    /// The banner at the head.
    Marking,
    /// A dark stamp with a frame on clean paper.
    Stamp,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Digit, Self::Letter, Self::Word, Self::Line, Self::Marking, Self::Stamp];

    /// What it is called in tables.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Digit => "one digit",
            Self::Letter => "one letter",
            Self::Word => "a word",
            Self::Line => "a removed line",
            Self::Marking => "a changed marking",
            Self::Stamp => "a pasted stamp",
        }
    }
}

/// The sheet with one alteration of each of `kinds` that it has room for, each far from the others, and what was altered; a
/// line taken out is as many edits as it had words.
#[must_use]
pub fn alter(sheet: &Sheet, kinds: &[Kind], rng: &mut Rng) -> (Sheet, Vec<(Kind, Edit)>) {
    let mut made: Vec<(Kind, Edit)> = Vec::new();
    for kind in kinds.iter().filter(|k| **k != Kind::Stamp) {
        let mut order: Vec<usize> = (0..sheet.words.len()).collect();
        rng.shuffle(&mut order);
        let far = |at: &usize| made.iter().all(|(_, e)| apart(sheet, e.word, *at));
        let found = order.iter().filter(|at| far(at)).find_map(|at| edits(sheet, *kind, *at, rng));
        made.extend(found.unwrap_or_default().into_iter().map(|edit| (*kind, edit)));
    }
    made.sort_by_key(|(_, edit)| edit.word);
    let all: Vec<Edit> = made.iter().map(|(_, edit)| edit.clone()).collect();
    let mut out = altered(sheet, &all);
    if kinds.contains(&Kind::Stamp)
        && let Some(edit) = stamp(&mut out, rng)
    {
        made.push((Kind::Stamp, edit));
    }
    (out, made)
}

fn apart(sheet: &Sheet, a: usize, b: usize) -> bool {
    let (a, b) = (&sheet.words[a].area, &sheet.words[b].area);
    (a[1] - b[1]).abs() > 2.2 * a[3].max(b[3])
}

fn edits(sheet: &Sheet, kind: Kind, at: usize, rng: &mut Rng) -> Option<Vec<Edit>> {
    let word = &sheet.words[at];
    let old = word.text.clone();
    let Some(Mark::Letters(letters)) = sheet.marks.get(word.mark) else { return None };
    let running = word.area[1] > 160.0 && word.area[1] < f64::from(sheet.size.1) - 200.0;
    let small = old.len() >= 4 && old.chars().all(|c| c.is_ascii_lowercase());
    let one = |new: String| Some(vec![Edit { old: old.clone(), new, area: word.area, word: at }]);
    match kind {
        Kind::Digit if running => one(swapped(&old, |c| c.is_ascii_digit(), "123456789", rng)?),
        Kind::Letter if running && small => {
            one(swapped(&old, |c| "aceonsuvxz".contains(c), "aceonsuvxz", rng)?)
        }
        Kind::Word if running && small => one(like(sheet, &old, letters, rng)?),
        Kind::Line if running => line(sheet, at),
        Kind::Marking if word.area[1] <= 160.0 && sheet.marking.starts_with(&old) => {
            let room = ink::width(&old, letters.face, letters.px);
            let wide = |m: &str| ink::width(m, letters.face, letters.px);
            let fits = |m: &&str| !old.starts_with(*m) && wide(m) <= room * 1.1;
            let others = ["UNCLASSIFIED", "CONFIDENTIAL", "RESTRICTED", "OFFICIAL", "SECRET"];
            one(others.into_iter().find(fits)?.to_owned())
        }
        _ => None,
    }
}

/// One character of those meant, another in its place.
fn swapped(old: &str, meant: impl Fn(char) -> bool, others: &str, rng: &mut Rng) -> Option<String> {
    let mut chars: Vec<char> = old.chars().collect();
    let places: Vec<usize> = (0..chars.len()).filter(|k| meant(chars[*k])).collect();
    if places.is_empty() || chars.len() < 2 {
        return None;
    }
    let at = *rng.pick(&places);
    let others: Vec<char> = others.chars().filter(|c| *c != chars[at]).collect();
    chars[at] = *rng.pick(&others);
    Some(chars.into_iter().collect())
}

/// Another word of the sheet, about as wide.
fn like(sheet: &Sheet, old: &str, letters: &Letters, rng: &mut Rng) -> Option<String> {
    let room = ink::width(old, letters.face, letters.px);
    let fits = |text: &str| {
        let wide = ink::width(text, letters.face, letters.px);
        text != old && wide <= room * 1.05 && wide >= room * 0.7
    };
    let from = rng.below(sheet.words.len());
    let around = sheet.words[from..].iter().chain(&sheet.words[..from]);
    let plain = |text: &&str| text.len() >= 3 && text.chars().all(|c| c.is_ascii_lowercase());
    around.map(|w| w.text.as_str()).filter(plain).find(|text| fits(text)).map(str::to_owned)
}

/// All words of the line that holds the word, if they are three or more.
fn line(sheet: &Sheet, at: usize) -> Option<Vec<Edit>> {
    let y = sheet.words[at].area[1];
    let words = sheet.words.iter().enumerate().filter(|(_, w)| (w.area[1] - y).abs() < 1.0);
    let out: Vec<Edit> =
        words.map(|(k, w)| Edit { old: w.text.clone(), new: String::new(), area: w.area, word: k }).collect();
    (out.len() >= 3).then_some(out)
}

/// Sets a stamp on clean paper, if there is room.
fn stamp(sheet: &mut Sheet, rng: &mut Rng) -> Option<Edit> {
    let raster = sheet.raster();
    let (px, face) = (48.0_f32, Face::SansBold);
    let text = (*rng.pick(&["RECEIVED", "COPY 2", "APPROVED"])).to_owned();
    let (w, h) = (f64::from(ink::width(&text, face, px)) + 44.0, f64::from(px) * 1.6);
    let clean = |x: f64, y: f64| {
        (0..30).all(|v| {
            (0..60).all(|u| {
                let at = (x + w * f64::from(u) / 59.0, y + h * f64::from(v) / 29.0);
                raster.get_pixel_checked(at.0 as u32, at.1 as u32).is_some_and(|p| p.0[1] > 225)
            })
        })
    };
    for _ in 0..400 {
        let x = rng.range(120.0, f64::from(sheet.size.0) - 140.0 - w).floor();
        let y = rng.range(180.0, f64::from(sheet.size.1) - 240.0 - h).floor();
        if clean(x, y) {
            let (l, t, r, b) = (x as f32 + 5.0, y as f32 + 5.0, (x + w) as f32 - 5.0, (y + h) as f32 - 5.0);
            let frame = vec![(l, t), (r, t), (r, b), (l, b), (l, t)];
            let rgb = [40, 40, 60];
            sheet.marks.push(Mark::Stroke(frame, 5.0, rgb));
            let (x0, y0) = (x as f32 + 22.0, y as f32 + (h as f32 - px) / 2.0);
            sheet.marks.push(Mark::Letters(Letters {
                text: text.clone(),
                x: x0,
                y: y0,
                px,
                face,
                rgb,
                squeeze: 1.0,
            }));
            return Some(Edit { old: String::new(), new: text, area: [x, y, w, h], word: 0 });
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::typeset::{Look, sheet};

    #[test]
    fn every_kind_changes_the_sheet_where_it_says() {
        let mut rng = Rng::new(4);
        let memo = sheet(&mut rng, Look::Memo);
        let (after, made) = alter(&memo, &Kind::ALL, &mut rng);
        let (before, after) = (memo.raster(), after.raster());
        for kind in [Kind::Digit, Kind::Letter, Kind::Word, Kind::Line, Kind::Stamp] {
            let mine: Vec<&Edit> = made.iter().filter(|(k, _)| *k == kind).map(|(_, e)| e).collect();
            assert!(!mine.is_empty(), "{kind:?}");
            for edit in mine {
                let [x, y, w, h] = edit.area.map(|v| v as u32);
                let differs =
                    (y..y + h).any(|v| (x..x + w).any(|u| before.get_pixel(u, v) != after.get_pixel(u, v)));
                assert!(differs, "{edit:?}");
            }
        }
    }
}
