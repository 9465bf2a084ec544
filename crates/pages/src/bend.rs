//! Pages that do not lie flat, straightened by their lines of text.
//!
//! In: an upright raster in grey. Out: how far each point of it stands off the place it would have if all lines ran level, if
//! that is much. Letters are chained into lines as in Zucker's page_dewarp; one smooth surface, a polynomial of low degree,
//! is fitted to the feet of all chains at once (iteratively reweighted, so that descenders do not count). Invariant: the map
//! is one to one and moves points up and down only. Deliberately absent: what a curl does along the lines (letters near a
//! spine stay narrow), and figures without text, which follow the text around them.

use image::GrayImage;
use model::Point;

use crate::{even, sample, turn};

/// Longest side of the raster that letters are chained on.
const LOOKED: u32 = 1400;
/// Degrees of the surface along and across the lines; what does not change along them is none of its business.
const ALONG: usize = 4;
const ACROSS: usize = 3;
const TERMS: usize = ALONG * ACROSS;
/// Letters that make a chain, and chains that make a page.
const LETTERS: usize = 8;
const CHAINS: usize = 5;
/// Pixels of the raster looked at by which feet of letters of one line differ anyway.
const UNEVEN: f64 = 1.5;
/// Pixels by which lines have to rise and fall.
const LEAST: f64 = 2.5;

/// How a page is bent.
#[derive(Clone, Debug, PartialEq)]
pub struct Bend {
    width: f64,
    height: f64,
    /// In shares of the height.
    terms: [f64; TERMS],
}

/// The feet of the letters of one line, in pixels.
struct Chain {
    feet: Vec<(f64, f64)>,
    level: f64,
}

/// One letter's foot in the fit.
struct Foot {
    powers: [f64; TERMS],
    y: f64,
    weight: f64,
}

/// How the page on an upright raster is bent, where its lines tell and it is much.
pub fn bend(upright: &GrayImage) -> Option<Bend> {
    let longest = upright.width().max(upright.height());
    if longest <= LOOKED {
        return of_lines(&even::even(upright));
    }
    let side = |side: u32| (u64::from(side) * u64::from(LOOKED) / u64::from(longest)).max(1) as u32;
    let small = sample::averaged_grey(upright, side(upright.width()), side(upright.height()));
    let bend = of_lines(&even::even(&small))?;
    Some(Bend { width: f64::from(upright.width()), height: f64::from(upright.height()), ..bend })
}

fn of_lines(even: &GrayImage) -> Option<Bend> {
    let chains = chains(&turn::sized(even));
    if chains.len() < CHAINS {
        return None;
    }
    let (width, height) = (f64::from(even.width()), f64::from(even.height()));
    let mut bend = Bend { width, height, terms: [0.0; TERMS] };
    let before = bend.uneven(&chains);
    for _ in 0..8 {
        bend.terms = bend.better(&chains)?;
    }
    let (after, rise) = (bend.uneven(&chains), bend.rise(&chains));
    (rise > LEAST && after < 0.7 * before && bend.is_one_to_one()).then_some(bend)
}

impl Bend {
    fn powers(&self, x: f64, y: f64) -> [f64; TERMS] {
        let (x, y) = (2.0 * x / self.width - 1.0, 2.0 * y / self.height - 1.0);
        let mut out = [0.0; TERMS];
        let mut of_x = x;
        for along in out.chunks_exact_mut(ACROSS) {
            let mut term = of_x;
            for value in along {
                *value = term;
                term *= y;
            }
            of_x *= x;
        }
        out
    }

    /// Pixels by which what belongs at a point stands below it.
    fn off(&self, x: f64, y: f64) -> f64 {
        let powers = self.powers(x, y);
        self.height * powers.iter().zip(&self.terms).map(|(power, term)| power * term).sum::<f64>()
    }

    /// Where on the bent raster a point of the straightened one stands. Both have the same size.
    pub fn back(&self, at: Point) -> Point {
        Point { x: at.x, y: at.y + self.off(at.x, at.y) }
    }

    /// The raster with its lines level. In: one of the size that the bend was found on; what comes from outside is white.
    pub fn straightened(&self, upright: &GrayImage) -> GrayImage {
        const STEP: usize = 16;
        let (w, h) = (upright.width() as usize, upright.height() as usize);
        let mut out = GrayImage::from_pixel(upright.width(), upright.height(), image::Luma([255]));
        let raw: &[u8] = upright.as_raw();
        let pick = |x: usize, y: i64| match usize::try_from(y) {
            Ok(y) if y < h => f32::from(raw[y * w + x]),
            _ => 255.0,
        };
        for (y, row) in out.as_mut().chunks_exact_mut(w.max(1)).enumerate() {
            let middle = y as f64 + 0.5;
            for (k, part) in row.chunks_mut(STEP).enumerate() {
                let start = (k * STEP) as f64 + 0.5;
                let from = self.off(start, middle) as f32;
                let step = (self.off(start + STEP as f64, middle) as f32 - from) / STEP as f32;
                for (n, pixel) in part.iter_mut().enumerate() {
                    let at = y as f32 + from + step * n as f32;
                    let above = at.floor();
                    let (share, above) = (at - above, above as i64);
                    let (a, b) = (pick(k * STEP + n, above), pick(k * STEP + n, above + 1));
                    *pixel = (a + (b - a) * share + 0.5) as u8;
                }
            }
        }
        out
    }

    /// What is left of each foot once the bend and its line's own height are taken off.
    fn rests<'a>(&'a self, chain: &'a Chain) -> impl Iterator<Item = f64> + 'a {
        let off = |foot: &(f64, f64)| foot.1 - self.off(foot.0, chain.level);
        let own = median(chain.feet.iter().map(off).collect());
        chain.feet.iter().map(move |foot| off(foot) - own)
    }

    /// The mean over all chains of the middle distance from their own height.
    fn uneven(&self, chains: &[Chain]) -> f64 {
        let middles = chains.iter().map(|chain| median(self.rests(chain).map(f64::abs).collect()));
        middles.sum::<f64>() / chains.len().max(1) as f64
    }

    /// The mean over all chains of how far they rise and fall.
    fn rise(&self, chains: &[Chain]) -> f64 {
        let rises = chains.iter().map(|chain| {
            let offs = chain.feet.iter().map(|foot| self.off(foot.0, chain.level));
            let (low, high) = offs.fold((f64::MAX, f64::MIN), |(a, b), v| (a.min(v), b.max(v)));
            high - low
        });
        rises.sum::<f64>() / chains.len().max(1) as f64
    }

    /// Terms that leave less; feet that are off count the less the further they are.
    fn better(&self, chains: &[Chain]) -> Option<[f64; TERMS]> {
        let mut rows = [[0.0; TERMS + 1]; TERMS];
        for chain in chains {
            let feet: Vec<Foot> = (chain.feet.iter().zip(self.rests(chain)))
                .map(|(foot, rest)| Foot {
                    powers: self.powers(foot.0, chain.level),
                    y: foot.1 / self.height,
                    weight: 1.0 / (1.0 + (rest / UNEVEN).powi(2)),
                })
                .collect();
            let all = feet.iter().map(|foot| foot.weight).sum::<f64>().max(1e-9);
            let middle: [f64; TERMS] =
                std::array::from_fn(|k| feet.iter().map(|f| f.powers[k] * f.weight).sum::<f64>() / all);
            let height = feet.iter().map(|f| f.y * f.weight).sum::<f64>() / all;
            for Foot { powers, y, weight } in &feet {
                for (k, row) in rows.iter_mut().enumerate() {
                    let lead = weight * (powers[k] - middle[k]);
                    for n in 0..TERMS {
                        row[n] += lead * (powers[n] - middle[n]);
                    }
                    row[TERMS] += lead * (y - height);
                }
            }
        }
        // A little pull to flatness, more on high degrees, holds the surface where there is no text.
        let letters: f64 = chains.iter().map(|chain| chain.feet.len() as f64).sum();
        for (k, row) in rows.iter_mut().enumerate() {
            row[k] += letters * 1e-5 * (1 + k / ACROSS + k % ACROSS) as f64;
        }
        solved(rows)
    }

    fn is_one_to_one(&self) -> bool {
        let part = self.height / 40.0;
        (0..=20).all(|column| {
            let x = self.width * f64::from(column) / 20.0;
            let places = (0..=40).map(|row| f64::from(row) * part + self.off(x, f64::from(row) * part));
            let places: Vec<f64> = places.collect();
            places.windows(2).all(|pair| pair[1] - pair[0] > 0.4 * part && pair[1] - pair[0] < 2.5 * part)
        })
    }
}

/// Gauss's elimination; the matrix is positive definite.
fn solved(mut rows: [[f64; TERMS + 1]; TERMS]) -> Option<[f64; TERMS]> {
    for k in 0..TERMS {
        let lead = rows[k];
        if lead[k].abs() < 1e-12 {
            return None;
        }
        for (_, row) in rows.iter_mut().enumerate().filter(|(n, _)| *n != k) {
            let factor = row[k] / lead[k];
            row.iter_mut().zip(&lead).for_each(|(value, of_lead)| *value -= factor * of_lead);
        }
    }
    let out: [f64; TERMS] = std::array::from_fn(|k| rows[k][TERMS] / rows[k][k]);
    out.iter().all(|v| v.is_finite()).then_some(out)
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(0.0)
}

/// Letters in a row, left to right.
fn chains(letters: &[[usize; 4]]) -> Vec<Chain> {
    let mut letters = letters.to_vec();
    letters.sort_unstable();
    let mut next: Vec<Option<usize>> = vec![None; letters.len()];
    let mut led = vec![false; letters.len()];
    for (k, here) in letters.iter().enumerate() {
        let tall = here[3] - here[1];
        let follows = |n: &usize| {
            let other = &letters[*n];
            let common = here[3].min(other[3]).saturating_sub(here[1].max(other[1]));
            !led[*n] && 5 * common >= 2 * tall.min(other[3] - other[1]) && other[0] + 2 >= here[2]
        };
        let reach = here[2] + 2 * tall.max(8);
        let near = (k + 1..letters.len()).take_while(|n| letters[*n][0] <= reach);
        if let Some(n) = near.filter(follows).min_by_key(|n| letters[*n][0]) {
            next[k] = Some(n);
            led[n] = true;
        }
    }
    let mut out = Vec::new();
    for first in (0..letters.len()).filter(|k| !led[*k]) {
        let mut feet = Vec::new();
        let mut at = Some(first);
        while let Some(k) = at {
            let b = letters[k];
            feet.push(((b[0] + b[2]) as f64 / 2.0, b[3] as f64));
            at = next[k];
        }
        if feet.len() >= LETTERS {
            let level = median(feet.iter().map(|foot| foot.1).collect());
            out.push(Chain { feet, level });
        }
    }
    out
}
