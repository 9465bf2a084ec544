//! How often sheets of one form are taken for one sheet: `editions [EDITIONS [SEED]]` forges so many editions of each of
//! several forms, photographs, scans and re-encodes them, and holds every one against every other; and it holds each
//! form against itself with 3 to 6 words altered. One line of JSON a form; pairs that went wrong go to standard error.

use families::{Feature, Look, Outcome, features, verify};
use forge::camera::{Shot, fax, photograph, scan};
use forge::damage::{self, Damage};
use forge::edit;
use forge::rng::Rng;
use forge::shown::Shown;
use forge::typeset::{self, Look as Kind, Sheet};
use image::RgbImage;

/// Words by which an edition differs from the form it is made from, at least and at most.
const WORDS: (usize, usize) = (20, 60);
/// The larger side of a picture as it is held against others.
const SIDE: f64 = 1600.0;

struct Taken {
    how: &'static str,
    changed: usize,
    features: Vec<Feature>,
    look: Look,
}

struct Figures {
    form: String,
    pairs: usize,
    merged: usize,
    told: usize,
    altered: (usize, usize),
    untouched: (usize, usize),
}

fn main() {
    let numbers: Vec<u64> = std::env::args().skip(1).filter_map(|arg| arg.parse().ok()).collect();
    let count = numbers.first().map_or(12, |n| *n as usize);
    let seed = numbers.get(1).copied().unwrap_or(7);
    let kinds = [Kind::Form, Kind::Form, Kind::Memo, Kind::Cable, Kind::Letter, Kind::Minutes, Kind::Slide];
    for (n, kind) in (0..).zip(kinds) {
        let mut rng = Rng::new(seed * 100 + n);
        let form = typeset::sheet(&mut rng, kind);
        let editions: Vec<Taken> = (0..count).map(|_| edition(&form, &mut rng)).collect();
        let mut figures = across(format!("editions of one {}", kind.name()), &editions);
        (figures.altered, figures.untouched) = alone(&form, count, &mut rng);
        figures.print();
    }
    let mut rng = Rng::new(seed * 100 + 50);
    let fillings = |kind: Kind, rng: &mut Rng| -> Vec<Taken> {
        (0..count).map(|_| take(&typeset::sheet(rng, kind).raster(), 999, rng)).collect()
    };
    across("one form, filled in".to_owned(), &fillings(Kind::Form, &mut rng)).print();
    across("memos under one heading".to_owned(), &fillings(Kind::Memo, &mut rng)).print();
    let receipts: Vec<Taken> = (0..count).map(|_| take(&typeset::receipt(&mut rng), 999, &mut rng)).collect();
    across("receipts".to_owned(), &receipts).print();
}

impl Figures {
    fn print(&self) {
        println!(
            "{{\"form\":{:?},\"pairs\":{},\"merged\":{},\"told_apart\":{},\"altered\":{},\"altered_found\":{},\"untouched\":{},\"untouched_found\":{}}}",
            self.form,
            self.pairs,
            self.merged,
            self.told,
            self.altered.1,
            self.altered.0,
            self.untouched.1,
            self.untouched.0
        );
    }
}

fn edition(form: &Sheet, rng: &mut Rng) -> Taken {
    let words = WORDS.0 + rng.below(WORDS.1 - WORDS.0);
    let edits = edit::propose(form, words, |_| true, rng);
    take(&edit::altered(form, &edits).raster(), edits.len(), rng)
}

fn take(sheet: &RgbImage, changed: usize, rng: &mut Rng) -> Taken {
    let (how, shown) = match rng.below(10) {
        0..=1 => ("born", Shown::of(sheet.clone())),
        2..=3 => ("scan", scan(sheet, 150, rng)),
        4 => ("fax", fax(sheet, 1728, rng)),
        _ => {
            let shot = Shot::hurried(rng, (sheet.width(), sheet.height()));
            ("photo", photograph(sheet, &shot, rng))
        }
    };
    let longer = f64::from(shown.image.width().max(shown.image.height()));
    let small = if rng.chance(0.3) { rng.range(0.5, 1.0) } else { 1.0 };
    let shown = damage::rescale(&shown, (SIDE / longer).min(1.0) * small);
    let shown = damage::apply(&shown, &Damage::Reencode(60 + rng.below(35) as u8), rng);
    Taken { how, changed, features: features(&shown.image), look: Look::of(&shown.image) }
}

fn held(a: &Taken, b: &Taken) -> Outcome {
    verify((&a.features, &a.look), (&b.features, &b.look), None)
}

fn across(form: String, taken: &[Taken]) -> Figures {
    let mut figures = Figures { form, pairs: 0, merged: 0, told: 0, altered: (0, 0), untouched: (0, 0) };
    for (n, a) in taken.iter().enumerate() {
        for b in &taken[n + 1..] {
            figures.pairs += 1;
            match held(a, b) {
                Outcome::Same(held) => {
                    figures.merged += 1;
                    tell("merged", a, b, &held.measures);
                }
                Outcome::Other(_) => figures.told += 1,
                Outcome::Unknown(_) => {}
            }
        }
    }
    figures
}

/// (found, of) pairs of a form and itself with 3 to 6 words altered, and with none.
fn alone(form: &Sheet, count: usize, rng: &mut Rng) -> ((usize, usize), (usize, usize)) {
    let (mut altered, mut untouched) = ((0, 0), (0, 0));
    let whole: Vec<Taken> = (0..4).map(|_| take(&form.raster(), 0, rng)).collect();
    for n in 0..count {
        let words = if n % 2 == 0 { 3 + rng.below(4) } else { 0 };
        let edits = edit::propose(form, words, |_| true, rng);
        let other = take(&edit::altered(form, &edits).raster(), words, rng);
        let of = if words > 0 { &mut altered } else { &mut untouched };
        for one in &whole {
            of.1 += 1;
            match held(one, &other) {
                Outcome::Same(_) => of.0 += 1,
                Outcome::Other(held) | Outcome::Unknown(Some(held)) => {
                    tell("missed", one, &other, &held.measures);
                }
                Outcome::Unknown(None) => tell("missed", one, &other, &[]),
            }
        }
    }
    (altered, untouched)
}

fn tell(what: &str, a: &Taken, b: &Taken, measures: &[model::Measure]) {
    let values: Vec<String> = measures.iter().map(|measure| measure.value.to_string()).collect();
    eprintln!("{what} {} {} {} {}: {}", a.how, a.changed, b.how, b.changed, values.join(" "));
}
