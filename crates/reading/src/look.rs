//! Reading pictures: a first look at every one, a second where the first is in doubt, and what is best of both.

use image::GrayImage;
use model::{Point, Quad};
use serde::{Deserialize, Serialize};

use crate::align::{Token, cells};
use crate::doubt::{Traits, doubt};
use crate::letters::measure;
use crate::light::even;
use crate::prepare::{Ready, Recipe, ready_evened};
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
}

impl Default for Looks {
    fn default() -> Self {
        Self {
            manner: Manner::default(),
            first: Recipe::FIRST,
            further: vec![(Layout::Block, Recipe::SECOND)],
            again: 0.06,
        }
    }
}

/// A raster of which more than this is dark once its light is evened is no page of text: noise, or nothing.
const DARK: f64 = 0.42;

/// Reads pictures in one thread; give it about four at a time, so that the reader starts once for them.
pub fn look(tesseract: &Tesseract, pictures: &[Upright], looks: &Looks) -> Result<Vec<Looked>, Fault> {
    let evened: Vec<GrayImage> = pictures.iter().map(|picture| even(picture.raster)).collect();
    let measures: Vec<(Option<f64>, f64)> = evened.iter().map(measure).collect();
    let letters: Vec<Option<f64>> = measures.iter().map(|measure| measure.0).collect();
    let all: Vec<usize> = (0..pictures.len()).filter(|&n| measures[n].1 < DARK).collect();
    let mut read = vec![Looked::default(); pictures.len()];
    let firsts =
        once(tesseract, pictures, &evened, &letters, &all, looks.manner.layout, &looks.first, looks, false)?;
    for (&n, first) in all.iter().zip(firsts) {
        read[n] = first;
    }
    for (layout, recipe) in &looks.further {
        let poor: Vec<usize> = all.iter().copied().filter(|&n| in_doubt(&read[n]) > looks.again).collect();
        if poor.is_empty() {
            break;
        }
        let again = once(tesseract, pictures, &evened, &letters, &poor, *layout, recipe, looks, true)?;
        for (n, second) in poor.into_iter().zip(again) {
            read[n] = best(std::mem::take(&mut read[n]), second);
        }
    }
    for looked in &mut read {
        looked.words = tidy(std::mem::take(&mut looked.words));
    }
    Ok(read)
}

/// The mean doubt over letters; 1 for a page that shows letters and gave no words.
fn in_doubt(looked: &Looked) -> f64 {
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

#[expect(clippy::too_many_arguments, reason = "one look is all of this")]
fn once(
    tesseract: &Tesseract,
    pictures: &[Upright],
    evened: &[GrayImage],
    letters: &[Option<f64>],
    which: &[usize],
    layout: Layout,
    recipe: &Recipe,
    looks: &Looks,
    second: bool,
) -> Result<Vec<Looked>, Fault> {
    let made = |&n: &usize| ready_evened(evened[n].clone(), letters[n], pictures[n].density, recipe);
    let made: Vec<Ready> = which.iter().map(made).collect();
    let rasters: Vec<&GrayImage> = made.iter().map(|ready| &ready.raster).collect();
    let leaves = tesseract.read(&rasters, &Manner { layout, ..looks.manner.clone() })?;
    let noted = which.iter().zip(made.iter().zip(leaves));
    Ok(noted.map(|(&n, (ready, leaf))| note(&leaf, ready, pictures[n].density, letters[n], second)).collect())
}

/// The least doubt of a word that the picture's edge may have cut.
pub(crate) const CUT: f64 = 0.6;

fn note(leaf: &Leaf, ready: &Ready, density: f64, letters: Option<f64>, second: bool) -> Looked {
    let traits = Traits::of_page(&leaf.seen, letters.unwrap_or(16.0) * density);
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
    Looked { words, lost: leaf.lost, letters }
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
        let line = words.last().map_or(0, |word| word.line);
        for &n in &cell.members[account] {
            let mut word = looks[account].words[n].clone();
            if agreed {
                word.doubt *= 0.5;
            } else if cell.members.iter().all(|members| !members.is_empty()) {
                word.doubt = 1.0 - (1.0 - word.doubt) * 0.8;
            }
            if account != lead {
                word.line = line;
            }
            words.push(word);
        }
    }
    Looked { words, lost: first.lost && second.lost, letters: first.letters }
}
