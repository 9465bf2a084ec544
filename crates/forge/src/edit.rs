//! Alterations: some words of a sheet say something else, on the sheet itself or painted into a picture of it.

use crate::geometry::bounds;
use crate::ink::{self, Face};
use crate::raster::{blur, byte, sample};
use crate::rng::Rng;
use crate::shown::Shown;
use crate::typeset::{Look, Mark, Sheet, Word};
use crate::words;
use image::RgbImage;

/// One word changed.
#[derive(Debug, Clone, PartialEq)]
pub struct Edit {
    /// What stood there; empty if the word was added.
    pub old: String,
    /// What stands there now; empty if the word was removed.
    pub new: String,
    /// `[x, y, width, height]` in sheet pixels: the old word's box, or the new one's if there was none.
    pub area: [f64; 4],
    /// The word's place in [`Sheet::words`]; an added word comes right after it.
    pub word: usize,
}

/// Proposes up to `count` edits of `sheet` in places for which `readable` holds: figures and dates by preference, then
/// names and other words, now and then a word removed or added.
pub fn propose(sheet: &Sheet, count: usize, readable: impl Fn([f64; 4]) -> bool, rng: &mut Rng) -> Vec<Edit> {
    let mut order: Vec<usize> = (0..sheet.words.len()).collect();
    rng.shuffle(&mut order);
    // A stable sort: the figures and a quarter of the other words first, each part in its random order.
    order.sort_by_key(|&k| !figures(&sheet.words[k].text) && k % 4 > 0);
    let mut edits: Vec<Edit> = Vec::new();
    for word in order {
        if edits.len() == count {
            break;
        }
        let far = edits.iter().all(|e| e.word.abs_diff(word) > 2);
        if !far || !alterable(sheet, word) || !readable(sheet.words[word].area) {
            continue;
        }
        if let Some(edit) = change(sheet, word, rng).filter(|e| readable(e.area)) {
            edits.push(edit);
        }
    }
    edits.sort_by_key(|e| e.word);
    edits
}

/// The sheet with `edits` (ordered by word, as [`propose`] gives them) carried out.
#[must_use]
pub fn altered(sheet: &Sheet, edits: &[Edit]) -> Sheet {
    let mut out = sheet.clone();
    for edit in edits.iter().rev() {
        let Some(Mark::Letters(letters)) = out.marks.get(out.words[edit.word].mark).cloned() else {
            continue;
        };
        let mut fresh = letters.clone();
        fresh.text.clone_from(&edit.new);
        if edit.old.is_empty() {
            fresh.x = edit.area[0] as f32;
            out.words.insert(
                edit.word + 1,
                Word { text: edit.new.clone(), area: edit.area, mark: out.marks.len() },
            );
            out.marks.push(Mark::Letters(fresh));
            continue;
        }
        let room = edit.area[2] as f32;
        fresh.squeeze = if fresh.width() > room { room / fresh.width() } else { 1.0 };
        let word = &mut out.words[edit.word];
        word.text.clone_from(&edit.new);
        word.area[2] = f64::from(fresh.width());
        out.marks[word.mark] = Mark::Letters(fresh);
    }
    out
}

/// Paints `edits` into a picture of `sheet`, as one does who has only the picture: the place is covered with its own
/// paper colour, and the new word is set on it in the old perspective. `altered` is the raster of the altered sheet.
#[must_use]
pub fn paint(shown: &Shown, altered: &RgbImage, edits: &[Edit]) -> Shown {
    let mut image = shown.image.clone();
    let back = shown.homography.inverse();
    for edit in edits {
        let [x, y, w, h] = edit.area;
        let pad = 5.0;
        let (left, top) = ((x - pad).max(0.0).floor(), (y - 1.0).max(0.0).floor());
        let (wide, tall) = ((w + 2.0 * pad).ceil(), (h + 2.0).ceil());
        let quad = shown.homography.apply_box([left, top, wide, tall]);
        let near = bounds(&quad);
        let ratio = h / crate::geometry::upright_length(&shown.homography.apply_box(edit.area)).max(1e-3);
        let patch =
            image::imageops::crop_imm(altered, left as u32, top as u32, wide as u32, tall as u32).to_image();
        let patch = blur(&patch, 0.45 * ratio);
        let edge = |v: f64, limit: u32| v.clamp(0.0, f64::from(limit)) as u32;
        let (x0, x1) = (edge(near[0].floor(), image.width()), edge(near[2].ceil(), image.width()));
        let (y0, y1) = (edge(near[1].floor(), image.height()), edge(near[3].ceil(), image.height()));
        let paper = paper(&image, x0..x1, y0..y1);
        for py in y0..y1 {
            for px in x0..x1 {
                let (u, v) = back.apply((f64::from(px) + 0.5, f64::from(py) + 0.5));
                let (u, v) = (u - left, v - top);
                if u >= 0.0 && v >= 0.0 && u < wide && v < tall {
                    let ink = sample(&patch, u, v);
                    image.get_pixel_mut(px, py).0 =
                        std::array::from_fn(|k| byte(paper[k] * (0.05 + 0.95 * ink[k] / 252.0)));
                }
            }
        }
    }
    shown.recoloured(image)
}

/// The paper's colour in a part of a picture: of each channel, the value four fifths of the pixels do not pass.
fn paper(image: &RgbImage, xs: std::ops::Range<u32>, ys: std::ops::Range<u32>) -> [f32; 3] {
    std::array::from_fn(|k| {
        let mut counts = [0_u32; 256];
        let mut total = 0;
        for y in ys.clone() {
            for x in xs.clone() {
                counts[usize::from(image.get_pixel(x, y).0[k])] += 1;
                total += 1;
            }
        }
        let mut below = 0;
        let level = counts.iter().position(|n| {
            below += n;
            below * 5 >= total * 4
        });
        level.unwrap_or(255) as f32
    })
}

fn change(sheet: &Sheet, at: usize, rng: &mut Rng) -> Option<Edit> {
    let word = &sheet.words[at];
    let Some(Mark::Letters(letters)) = sheet.marks.get(word.mark) else { return None };
    let (face, px) = (letters.face, letters.px);
    let old = word.text.clone();
    let roll = rng.below(12);
    if roll == 0 {
        return Some(Edit { old, new: String::new(), area: word.area, word: at });
    }
    if let Some(area) = (roll == 1).then(|| free(sheet, at, face, px)).flatten() {
        return Some(Edit { old: String::new(), new: "not".to_owned(), area, word: at });
    }
    let new = if figures(&old) { other_figure(&old, rng) } else { other_word(&old, face, px, rng)? };
    Some(Edit { old, new, area: word.area, word: at })
}

/// Room for the word "not" after the last word of a line of running text.
fn free(sheet: &Sheet, at: usize, face: Face, px: f32) -> Option<[f64; 4]> {
    if !matches!(sheet.look, Look::Memo | Look::Letter | Look::Minutes) {
        return None;
    }
    let [x, y, w, h] = sheet.words[at].area;
    let next = sheet.words.get(at + 1)?.area[1];
    let (left, wide) = (x + w + f64::from(ink::width(" ", face, px)), f64::from(ink::width("not", face, px)));
    (next > y + h * 0.8 && left + wide < f64::from(sheet.size.0) - 160.0 && x < 1200.0)
        .then_some([left, y, wide, h])
}

/// One or two digits changed; the number of digits stays.
fn other_figure(old: &str, rng: &mut Rng) -> String {
    let mut chars: Vec<char> = old.chars().collect();
    let digits: Vec<usize> = (0..chars.len()).filter(|&k| chars[k].is_ascii_digit()).collect();
    for _ in 0..=rng.below(2) {
        let k = *rng.pick(&digits);
        if let Some(d) =
            chars[k].to_digit(10).and_then(|d| char::from_digit((d + 1 + rng.below(8) as u32) % 9 + 1, 10))
        {
            chars[k] = d;
        }
    }
    let new: String = chars.iter().collect();
    if new == old { other_figure(old, rng) } else { new }
}

/// Another word of about the same width, with the same capitals and the same stop after it.
fn other_word(old: &str, face: Face, px: f32, rng: &mut Rng) -> Option<String> {
    let bare = old.trim_end_matches(['.', ',', ';', ':']);
    let stop = &old[bare.len()..];
    let room = ink::width(bare, face, px);
    let upper = bare.chars().all(|c| !c.is_lowercase());
    let title = bare.chars().next().is_some_and(char::is_uppercase);
    for _ in 0..60 {
        let new = if title {
            let person = words::person(rng);
            person.name.split(' ').nth(1).unwrap_or_default().to_owned()
        } else {
            (*rng.pick(&[
                "before", "never", "perhaps", "only", "twice", "gold", "steel", "without", "behind", "under",
                "early", "half",
            ]))
            .to_owned()
        };
        let new = if upper { new.to_uppercase() } else { new };
        let wide = ink::width(&new, face, px);
        if new != bare && wide <= room * 1.08 && wide >= room * 0.7 {
            return Some(new + stop);
        }
    }
    None
}

/// Dark letters below the banner and above the foot, long enough to notice.
fn alterable(sheet: &Sheet, at: usize) -> bool {
    let word = &sheet.words[at];
    let dark = matches!(sheet.marks.get(word.mark), Some(Mark::Letters(l)) if l.rgb[1] < 140);
    let inside = word.area[1] > 160.0 && word.area[1] < f64::from(sheet.size.1) - 200.0;
    dark && inside
        && word.text.len() >= 2
        && word.text.chars().any(char::is_alphanumeric)
        && !word.text.starts_with('(')
}

fn figures(text: &str) -> bool {
    text.chars().any(|c| c.is_ascii_digit())
}
