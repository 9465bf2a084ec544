//! From words to regions: how far a place is widened, and what is joined.
//!
//! The gap between the words that stay tells how wide the words are that do not (Bland, Iyer and Levchenko, "Story Beyond the
//! Eye: Glyph Positions Break PDF Text Redaction", PETS 2023). So a region takes words on either side with it: by an amount
//! drawn from a key that no holder of the derivative has, to the end of the word it falls on, or the whole line.

use image::{RgbImage, imageops};
use model::Hasher;

use crate::area::Area;
use crate::ink::{Side, tips};

/// Blocks of the source's encoding are withheld whole, since they mix what is in them (JPEG, ITU-T T.81: 8 by 8 samples).
const BLOCK: u32 = 8;
/// Letters by which a region is widened on either side, at least, and how many more there may be.
const LETTERS: (u64, u64) = (6, 8);
/// The width of a letter for one pixel of a word's height.
const LETTER: f64 = 0.55;
/// Rounds in which a region grows while letters of it stick out.
const GROWTH: usize = 16;

/// What the widths are drawn from: secret to whoever gets the derivative, the same each time for one picture.
#[derive(Clone)]
pub struct Key([u8; 32]);

impl Key {
    /// A key of a secret and what it is for.
    pub fn of(secret: &[u8], picture: &[u8]) -> Self {
        let mut hasher = Hasher::new("redaction widths");
        hasher.bytes(secret).bytes(picture);
        Self(hasher.finish())
    }

    /// Letters to widen by, on the `side` of the `n`th place.
    fn letters(&self, n: usize, side: u64) -> f64 {
        let mut hasher = Hasher::new("redaction letters");
        hasher.bytes(&self.0).number(n as u64).number(side);
        let drawn = hasher.finish();
        let number = u64::from(u16::from_be_bytes([drawn[0], drawn[1]]));
        (LETTERS.0 + number % (LETTERS.1 + 1)) as f64
    }
}

/// How far a region reaches beyond what it is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Widen {
    /// Some letters on either side, to the end of the word.
    #[default]
    Words,
    /// The whole line.
    Line,
}

/// A word on a raster.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Placed {
    /// Its place.
    pub area: Area,
    /// The line it stands on.
    pub line: u32,
}

/// What is withheld, and by which rules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Region {
    /// Where, on the raster.
    pub area: Area,
    /// The rules it is withheld by, sorted.
    pub rules: Vec<usize>,
}

/// The regions that withhold the chosen words (number of the word, number of the rule) and the areas set by hand (with the
/// number of the rule), widened and joined, sorted from the top.
pub fn regions(
    raster: &RgbImage,
    words: &[Placed],
    chosen: &[(usize, usize)],
    by_hand: &[(Area, usize)],
    key: &Key,
    widen: Widen,
) -> Vec<Region> {
    let grey = imageops::grayscale(raster);
    let size = raster.dimensions();
    let mut found: Vec<Region> = Vec::new();
    for (n, run) in runs(words, chosen).iter().enumerate() {
        found.extend(widened(words, run, n, key, widen, size));
    }
    for (area, rule) in by_hand {
        let clipped = area.clipped(size);
        found.extend(clipped.map(|area| Region { area: area.stepped(BLOCK, size), rules: vec![*rule] }));
    }
    for region in &mut found {
        grow(&grey, region);
    }
    joined(found)
}

/// Chosen words that stand side by side on one line, with their rules.
struct Run {
    words: Vec<usize>,
    rules: Vec<usize>,
}

fn runs(words: &[Placed], chosen: &[(usize, usize)]) -> Vec<Run> {
    let mut sorted: Vec<(usize, usize)> =
        chosen.iter().copied().filter(|(word, _)| *word < words.len()).collect();
    sorted.sort_unstable();
    let mut runs: Vec<Run> = Vec::new();
    for (word, rule) in sorted {
        let follows = runs
            .last()
            .and_then(|run| run.words.last())
            .is_some_and(|last| word <= last + 1 && words[*last].line == words[word].line);
        match runs.last_mut().filter(|_| follows) {
            Some(run) => {
                if run.words.last() != Some(&word) {
                    run.words.push(word);
                }
                run.rules.push(rule);
            }
            None => runs.push(Run { words: vec![word], rules: vec![rule] }),
        }
    }
    runs
}

fn widened(
    words: &[Placed],
    run: &Run,
    n: usize,
    key: &Key,
    widen: Widen,
    size: (u32, u32),
) -> Option<Region> {
    let core = run.words.iter().map(|word| words[*word].area).reduce(|a, b| a.with(&b))?;
    let line = run.words.first().map(|word| words[*word].line)?;
    let on_line: Vec<Area> = words.iter().filter(|word| word.line == line).map(|word| word.area).collect();
    let height = middle(on_line.iter().map(|area| area.height)).max(core.height.min(12));
    let letter = f64::from(height) * LETTER;
    let (mut left, mut right) = (
        f64::from(core.x) - key.letters(n, 0) * letter,
        f64::from(core.right()) + key.letters(n, 1) * letter,
    );
    // Ends go outward to whole blocks: a word that lies so near is taken too.
    let (begin, end, step) = (left, right, f64::from(BLOCK));
    for area in &on_line {
        let (from, to) = (f64::from(area.x), f64::from(area.right()));
        if widen == Widen::Line || to + step > begin && from < end + step {
            let gap = letter * 0.3;
            (left, right) = (left.min(from - gap), right.max(to + gap));
        }
    }
    let (top, bottom) = on_line
        .iter()
        .filter(|area| f64::from(area.right()) > left && f64::from(area.x) < right)
        .fold((core.y, core.bottom()), |(top, bottom), area| (top.min(area.y), bottom.max(area.bottom())));
    let above = (f64::from(height) * 0.3).max(f64::from(BLOCK));
    let area = Area::around(left, f64::from(top) - above, right, f64::from(bottom) + above, size)?;
    let mut rules = run.rules.clone();
    rules.sort_unstable();
    rules.dedup();
    Some(Region { area: area.stepped(BLOCK, size), rules })
}

fn middle(values: impl Iterator<Item = u32>) -> u32 {
    let mut sorted: Vec<u32> = values.collect();
    sorted.sort_unstable();
    sorted.get(sorted.len() / 2).copied().unwrap_or(0)
}

/// Grows a region on the sides at which something of it sticks out.
fn grow(grey: &image::GrayImage, region: &mut Region) {
    let size = grey.dimensions();
    for _ in 0..GROWTH {
        let sides = tips(grey, &region.area);
        if sides.is_empty() {
            return;
        }
        let by = |side: Side| if sides.contains(&side) { f64::from(BLOCK) } else { 0.0 };
        let Area { x, y, .. } = region.area;
        let grown = Area::around(
            f64::from(x) - by(Side::Left),
            f64::from(y) - by(Side::Top),
            f64::from(region.area.right()) + by(Side::Right),
            f64::from(region.area.bottom()) + by(Side::Bottom),
            size,
        );
        match grown.filter(|grown| *grown != region.area) {
            Some(grown) => region.area = grown,
            None => return,
        }
    }
}

/// Whether two regions are to be one: they touch, and beside each other, so that the one holds little that neither holds.
fn one(a: &Area, b: &Area) -> bool {
    let whole = a.with(b);
    a.near(b, BLOCK) && whole.size() * 4 <= (a.size() + b.size()) * 5
}

/// Regions that touch are one.
fn joined(mut regions: Vec<Region>) -> Vec<Region> {
    let mut done: Vec<Region> = Vec::new();
    while let Some(mut region) = regions.pop() {
        match done.iter().position(|other| one(&other.area, &region.area)) {
            Some(at) => {
                let other = done.swap_remove(at);
                region.area = region.area.with(&other.area);
                region.rules.extend(other.rules);
                region.rules.sort_unstable();
                region.rules.dedup();
                // The joined one may touch others now.
                regions.push(region);
            }
            None => done.push(region),
        }
    }
    done.sort_by_key(|region| (region.area.y, region.area.x));
    done
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::Rgb;

    /// A line of words `widths` wide, the chosen one in the middle.
    fn line(widths: &[u32]) -> Vec<Placed> {
        let mut x = 400;
        widths
            .iter()
            .map(|width| {
                let area = Area { x, y: 100, width: *width, height: 24 };
                x += width + 12;
                Placed { area, line: 0 }
            })
            .collect()
    }

    fn of(words: &[Placed], chosen: usize, key: &str, widen: Widen) -> Vec<Region> {
        let raster = RgbImage::from_pixel(2000, 300, Rgb([255; 3]));
        regions(&raster, words, &[(chosen, 0)], &[], &Key::of(key.as_bytes(), b"x"), widen)
    }

    #[test]
    fn words_on_either_side_go_with_it() {
        let words = line(&[80, 60, 120, 40, 90, 50, 130, 70, 60]);
        let regions = of(&words, 4, "a", Widen::Words);
        let [region] = &regions[..] else { panic!("{regions:?}") };
        let (core, area) = (words[4].area, region.area);
        assert!(core.x - area.x >= 79 && area.right() - core.right() >= 79, "{area:?}");
        // No word is cut.
        for word in &words {
            let inside = word.area.x >= area.x && word.area.right() <= area.right();
            let outside = word.area.right() <= area.x || word.area.x >= area.right();
            assert!(inside || outside, "{word:?} {area:?}");
        }
        assert!(area.x % BLOCK == 0 && area.right() % BLOCK == 0 && area.y % BLOCK == 0);
    }

    #[test]
    fn the_key_sets_the_width_and_the_word_does_not() {
        let widths =
            |key: &str, chosen: u32| of(&line(&[500, chosen, 500]), 1, key, Widen::Words)[0].area.width;
        // With long words on either side, one width stands for words of any length.
        assert_eq!(
            of(&line(&[80, 60, 70]), 1, "a", Widen::Line),
            of(&line(&[80, 60, 70]), 1, "a", Widen::Line)
        );
        let drawn: std::collections::BTreeSet<String> =
            (0..40).map(|n| format!("{:?}", Key::of(&[n], b"x").letters(0, 0) as u64)).collect();
        assert!(drawn.len() >= 7, "{drawn:?}");
        assert!(widths("a", 60) >= 500);
    }

    #[test]
    fn a_line_goes_whole_and_what_touches_is_one() {
        let words = line(&[80, 60, 120, 40]);
        let region = &of(&words, 0, "a", Widen::Line)[0];
        assert!(region.area.x <= 400 && region.area.right() >= words[3].area.right());
        let raster = RgbImage::from_pixel(600, 300, Rgb([255; 3]));
        let by_hand = [
            (Area { x: 0, y: 0, width: 50, height: 20 }, 0),
            (Area { x: 8, y: 25, width: 60, height: 20 }, 1),
        ];
        let key = Key::of(b"", b"");
        let joined = regions(&raster, &[], &[(7, 0)], &by_hand, &key, Widen::Words);
        assert_eq!(joined, [Region { area: Area { x: 0, y: 0, width: 72, height: 48 }, rules: vec![0, 1] }]);
    }
}
