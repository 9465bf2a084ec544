//! Reading pictures: a first look at every one, a second where the first is in doubt, and what is best of both.

use image::{GrayImage, imageops};
use model::{Point, Quad};
use serde::{Deserialize, Serialize};

use crate::align::{Token, cells};
use crate::alone::{Sheet, alone};
use crate::clean::clean;
use crate::doubt::{Traits, doubt};
use crate::letters::{Letters, measure, missed};
use crate::light::even;
use crate::prepare::{Ready, Recipe, ready_evened};
use crate::streaks::erase;
use crate::tesseract::{Fault, Layout, Leaf, Manner, Tesseract};
use crate::tidy::tidy;
use crate::vote::{absences, weigh};

/// A picture set upright, its light evened or not.
#[derive(Clone, Copy, Debug)]
pub struct Upright<'a> {
    /// Grey, upright.
    pub raster: &'a GrayImage,
    /// Pixels of the picture as it came for one pixel of the raster, along a side: below 1 if it was enlarged.
    pub density: f64,
}

/// A word in pixels of the upright raster.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Noted {
    /// Without spaces.
    pub text: String,
    /// In pixels of the upright raster.
    pub quad: Quad,
    /// The chance that it is wrong, 0 to 1.
    pub doubt: f64,
    /// Counted from 0 in reading order.
    pub line: u32,
    /// From a second look.
    pub second: bool,
    /// What the doubt was made of.
    pub traits: Traits,
}

/// What was read on one picture.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Looked {
    /// In reading order.
    pub words: Vec<Noted>,
    /// The time was up before it was read.
    pub lost: bool,
    /// x-height in pixels of the upright raster, if it shows letters.
    pub letters: Option<f64>,
    /// It reads better upside down: its words are in pixels of the raster turned over.
    #[serde(default)]
    pub turned: bool,
}

/// How to look.
#[derive(Clone, Debug, PartialEq)]
pub struct Looks {
    /// Languages, layout and time for a page.
    pub manner: Manner,
    /// How the first look is made ready.
    pub first: Recipe,
    /// The layouts and recipes of further looks, in order; each is taken if the reading so far is in doubt.
    pub further: Vec<(Layout, Recipe)>,
    /// The mean doubt (over letters) from which a page is looked at again.
    pub again: f64,
    /// The share of letters outside all words from which a page is looked at again.
    pub missed: f64,
}

impl Default for Looks {
    fn default() -> Self {
        Self {
            manner: Manner::default(),
            first: Recipe::FIRST,
            further: vec![(Layout::Block, Recipe::SECOND)],
            again: 0.06,
            missed: 0.08,
        }
    }
}

/// A raster of which more than this is dark once its light is evened is no page of text: noise, or nothing.
const DARK: f64 = 0.42;

/// Doubt below which a picture is not looked at upside down though it may be.
const SURE: f64 = 0.2;

/// Reads pictures in one thread; give it about four at a time, so that the reader starts once for them.
pub fn look(tesseract: &Tesseract, pictures: &[Upright], looks: &Looks) -> Result<Vec<Looked>, Fault> {
    look_either(tesseract, pictures, &[], looks)
}

/// As [`look`], for pictures of which some may be upside down, as `unsure` tells one by one (false for those it does not
/// reach): these are turned over if they read badly as they are, and [`Looked::turned`] tells which way read better.
pub fn look_either(
    tesseract: &Tesseract,
    pictures: &[Upright],
    unsure: &[bool],
    looks: &Looks,
) -> Result<Vec<Looked>, Fault> {
    let mut seen: Vec<Seen> = pictures.iter().map(seen).collect();
    let all: Vec<usize> = (0..seen.len()).filter(|&n| seen[n].letters.ink < DARK).collect();
    let mut read = vec![Looked::default(); seen.len()];
    let first = (looks.manner.layout, looks.first);
    for (&n, looked) in all.iter().zip(once(tesseract, &seen, &all, first, looks, false)?) {
        read[n] = looked;
    }
    let over = |&n: &usize| unsure.get(n) == Some(&true) && in_doubt(&read[n]) > SURE;
    let over: Vec<usize> = all.iter().copied().filter(over).collect();
    over.iter().for_each(|&n| seen[n].turn());
    for (&n, looked) in over.iter().zip(once(tesseract, &seen, &over, first, looks, false)?) {
        if worth(&looked) > worth(&read[n]) {
            read[n] = Looked { turned: true, ..looked };
        } else {
            seen[n].turn();
        }
    }
    for further in &looks.further {
        let again =
            |n: &usize| in_doubt(&read[*n]) > looks.again || left_out(&read[*n], &seen[*n]) > looks.missed;
        let poor: Vec<usize> = all.iter().copied().filter(again).collect();
        for (&n, second) in poor.iter().zip(once(tesseract, &seen, &poor, *further, looks, true)?) {
            read[n] = best(std::mem::take(&mut read[n]), second);
        }
    }
    let sheet = |n: usize| Sheet {
        evened: &seen[n].evened,
        letters: seen[n].letters.height,
        density: seen[n].density,
        words: &read[n].words,
    };
    let sheets: Vec<Sheet> = (0..read.len()).map(sheet).collect();
    for (n, k, word) in alone(tesseract, &sheets, &looks.manner)? {
        read[n].words[k] = word;
    }
    for looked in &mut read {
        looked.words = tidy(std::mem::take(&mut looked.words));
    }
    Ok(read)
}

/// A picture whose light is evened, and what letters it shows.
struct Seen {
    evened: GrayImage,
    /// It is as it was drawn: not evened, and not to be sharpened.
    clean: bool,
    letters: Letters,
    density: f64,
}

fn seen(picture: &Upright) -> Seen {
    if clean(picture.raster) {
        let letters = measure(picture.raster);
        return Seen { evened: picture.raster.clone(), clean: true, letters, density: picture.density };
    }
    let mut evened = even(picture.raster);
    let letters = measure(&evened);
    if let Some(height) = letters.height {
        erase(&mut evened, height);
    }
    Seen { evened, clean: false, letters, density: picture.density }
}

impl Seen {
    /// Upside down.
    fn turn(&mut self) {
        imageops::rotate180_in_place(&mut self.evened);
        let (width, height) = self.evened.dimensions();
        for (x, y) in &mut self.letters.middles {
            (*x, *y) = ((width - 1).saturating_sub(*x), (height - 1).saturating_sub(*y));
        }
    }
}

/// How much was read: letters, each by how likely it is right.
fn worth(looked: &Looked) -> f64 {
    looked.words.iter().map(|word| word.text.chars().count() as f64 * (1.0 - word.doubt).powi(2)).sum()
}

/// The share of letters shown that no word covers.
fn left_out(looked: &Looked, seen: &Seen) -> f64 {
    if looked.lost { 0.0 } else { missed(&seen.letters, looked.words.iter().map(|word| hull(&word.quad))) }
}

/// The mean doubt over letters; 1 for a page that shows letters and gave no words.
pub(crate) fn in_doubt(looked: &Looked) -> f64 {
    let (sum, count) = looked.words.iter().fold((0.0, 0.0), |(sum, count), word| {
        let letters = word.text.chars().count() as f64;
        (sum + word.doubt * letters, count + letters)
    });
    match looked.letters {
        _ if count > 0.0 => sum / count,
        Some(_) if !looked.lost => 1.0,
        _ => 0.0,
    }
}

fn once(
    tesseract: &Tesseract,
    seen: &[Seen],
    which: &[usize],
    (layout, recipe): (Layout, Recipe),
    looks: &Looks,
    second: bool,
) -> Result<Vec<Looked>, Fault> {
    if which.is_empty() {
        return Ok(Vec::new());
    }
    let made = |&n: &usize| {
        let recipe = if seen[n].clean && !second { Recipe { sharpen: 0.0, ..recipe } } else { recipe };
        ready_evened(seen[n].evened.clone(), seen[n].letters.height, seen[n].density, &recipe)
    };
    let made: Vec<Ready> = which.iter().map(made).collect();
    let rasters: Vec<&GrayImage> = made.iter().map(|ready| &ready.raster).collect();
    let leaves = tesseract.read(&rasters, &Manner { layout, ..looks.manner.clone() })?;
    let noted = which.iter().zip(made.iter().zip(leaves));
    Ok(noted.map(|(&n, (ready, leaf))| note(&leaf, ready, &seen[n], second)).collect())
}

/// The least doubt of a word that the picture's edge may have cut.
pub(crate) const CUT: f64 = 0.6;

fn note(leaf: &Leaf, ready: &Ready, picture: &Seen, second: bool) -> Looked {
    let letters = picture.letters.height;
    let traits = Traits::of_page(&leaf.seen, letters.unwrap_or(16.0) * picture.density);
    let mut line = 0;
    let mut words = Vec::with_capacity(leaf.seen.len());
    for (n, (seen, traits)) in leaf.seen.iter().zip(traits).enumerate() {
        if n > 0 && leaf.seen[n - 1].line != seen.line {
            line += 1;
        }
        let (x, y) = (f64::from(seen.left) / ready.scale.0, f64::from(seen.top) / ready.scale.1);
        let (w, h) = (f64::from(seen.width) / ready.scale.0, f64::from(seen.height) / ready.scale.1);
        let quad = Quad::rectangle(x, y, w, h);
        let cut = seen.left <= 1 || seen.left + seen.width + 1 >= ready.raster.width() as i32;
        let doubt = doubt(&traits).max(if cut && traits.letters > 0 { CUT } else { 0.0 });
        words.push(Noted { text: seen.text.clone(), quad, doubt, line, second, traits });
    }
    Looked { words, lost: leaf.lost, letters, turned: false }
}

/// Left, top, right, bottom of a quad.
pub(crate) fn hull(quad: &Quad) -> [f64; 4] {
    let start = [f64::MAX, f64::MAX, f64::MIN, f64::MIN];
    quad.0.iter().fold(start, |h, p: &Point| [h[0].min(p.x), h[1].min(p.y), h[2].max(p.x), h[3].max(p.y)])
}

/// Of two looks at one picture, place by place the surer one.
fn best(first: Looked, second: Looked) -> Looked {
    if second.words.is_empty() {
        return first;
    }
    let token = |word: &Noted| Token {
        text: word.text.clone(),
        doubt: word.doubt,
        place: Some(hull(&word.quad)),
        line: word.line,
        edges: (false, false),
    };
    let accounts: Vec<Vec<Token>> =
        [&first, &second].map(|looked| looked.words.iter().map(token).collect()).to_vec();
    // The surer look leads: its order is kept.
    let lead = usize::from(in_doubt(&second) < in_doubt(&first));
    let order = [lead, 1 - lead];
    let cells = cells(&accounts, &order);
    let absent = absences(&cells, &accounts, &|_, _| Some(true));
    let mut words: Vec<Noted> = Vec::new();
    // Lines are those of the look that leads, and where the other one speaks, what the places of words tell.
    let (mut line, mut last_of_lead) = (0, None);
    let looks = [&first, &second];
    for (cell, absent) in cells.iter().zip(absent) {
        // Nothing speaks less loudly here than between pictures: the reader passes over words more often than it invents.
        let absent: Vec<f64> = absent.iter().map(|a| a * 0.5).collect();
        let voices = weigh(cell, &accounts, &[1.0, 1.0], &absent);
        let Some(voice) = voices.first().filter(|voice| !voice.text.is_empty()) else {
            continue;
        };
        let account = voice
            .by
            .iter()
            .copied()
            .min_by(|a, b| cell.doubt(*a, &accounts[*a]).total_cmp(&cell.doubt(*b, &accounts[*b])));
        let Some(account) = account else { continue };
        let agreed = voice.by.len() == 2;
        for &n in &cell.members[account] {
            let mut word = looks[account].words[n].clone();
            if agreed {
                word.doubt *= 0.5;
            } else if cell.members.iter().all(|members| !members.is_empty()) {
                word.doubt = 1.0 - (1.0 - word.doubt) * 0.8;
            }
            let of_lead = account == lead;
            let new = words.last().is_some_and(|last| match last_of_lead {
                Some(before) if of_lead => before != word.line,
                _ => apart(&last.quad, &word.quad),
            });
            last_of_lead = of_lead.then_some(word.line);
            line += u32::from(new);
            word.line = line;
            words.push(word);
        }
    }
    Looked { words, lost: first.lost && second.lost, letters: first.letters, turned: first.turned }
}

/// Does the second word not go on in the first one's line?
fn apart(a: &Quad, b: &Quad) -> bool {
    let (a, b) = (hull(a), hull(b));
    let high = (a[3] - a[1]).max(b[3] - b[1]);
    ((a[1] + a[3]) - (b[1] + b[3])).abs() > high || b[2] < a[0]
}
