//! How often sheets of one form are taken for one sheet: `editions [EDITIONS [SEED...]] [FORM...]` forges so many editions of
//! each of several forms (of those only whose names hold a FORM, where some are given), photographs, scans, crops, marks and re-encodes them, and holds every one against every other and against
//! the form; and it holds each form against itself, as it is and with up to 6 words altered. For each form one line of JSON;
//! pairs that went wrong go to standard error, and those that were merged, as pictures, into the folder that `EDITIONS_KEPT` names.
//!
//! A pair of which both pictures show fewer differing words than [`FEW`] is counted apart: it cannot be told from a sheet
//! that was altered.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use families::{Evidence, Feature, Look, Outcome, cluster, features, verify};
use forge::camera::{Shot, fax, photograph, scan};
use forge::damage::{self, Damage};
use forge::edit::{self, Edit};
use forge::rng::Rng;
use forge::shown::Shown;
use forge::typeset::{self, Look as Kind, Sheet};
use model::{Contrast, Id, Match, PictureId};

/// Words by which an edition differs from the form it is made from, at least and at most.
const WORDS: (usize, usize) = (20, 60);
/// The larger side of a picture as it is held against others.
const SIDE: f64 = 1600.0;
const FEW: usize = 12;
/// The words of a sheet that has nothing in common with the others but its form.
const ALL: usize = 999;

struct Taken {
    /// Which sheet.
    sheet: usize,
    how: String,
    /// What the words that were changed say, if they are in view, by their place: the others are as in the form.
    words: BTreeMap<usize, String>,
    /// Places of the words in view.
    view: BTreeSet<usize>,
    picture: image::RgbImage,
    features: Vec<Feature>,
    look: Look,
}

/// Pairs that were held, and those that were found to be one sheet.
#[derive(Default)]
struct Count(usize, usize);

impl Count {
    fn add(&mut self, found: bool) {
        *self = Self(self.0 + 1, self.1 + usize::from(found));
    }
}

#[derive(Default)]
struct Figures {
    editions: Count,
    told: usize,
    clustered: usize,
    few: Count,
    altered: Count,
    untouched: Count,
}

fn main() {
    let numbers: Vec<u64> = std::env::args().skip(1).filter_map(|arg| arg.parse().ok()).collect();
    let count = numbers.first().map_or(12, |n| *n as usize);
    let seeds = if numbers.len() > 1 { &numbers[1..] } else { &[7] };
    let forms: Vec<String> = std::env::args().skip(1).filter(|arg| arg.parse::<u64>().is_err()).collect();
    let wanted = |name: &str| forms.is_empty() || forms.iter().any(|form| name.contains(form.as_str()));
    let kinds = [Kind::Form, Kind::Memo, Kind::Cable, Kind::Letter, Kind::Minutes, Kind::Slide, Kind::Map];
    for seed in seeds {
        for (n, kind) in (0..).zip(kinds) {
            if !wanted(&format!("editions of one {}", kind.name())) {
                continue;
            }
            let mut rng = Rng::new(seed * 100 + n);
            let taken = editions(&typeset::sheet(&mut rng, kind), count, &mut rng);
            print(&format!("editions of one {}", kind.name()), *seed, &held(&taken));
        }
        let fresh = |name: &str, n: u64, sheet: &dyn Fn(&mut Rng) -> image::RgbImage| {
            if !wanted(name) {
                return;
            }
            let mut rng = Rng::new(seed * 100 + n);
            let taken: Vec<Taken> =
                (0..count).map(|n| take(&sheet(&mut rng), None, n, &[], &mut rng)).collect();
            print(name, *seed, &held(&taken));
        };
        fresh("one form, filled in", 50, &|rng| typeset::sheet(rng, Kind::Form).raster());
        fresh("memos under one heading", 51, &|rng| typeset::sheet(rng, Kind::Memo).raster());
        fresh("receipts", 52, &|rng| typeset::receipt(rng));
    }
}

fn print(form: &str, seed: u64, figures: &Figures) {
    println!(
        "{{\"form\":{form:?},\"seed\":{seed},\"pairs\":{},\"merged\":{},\"told_apart\":{},\"in_one_family\":{},\"few_in_view\":{},\"few_merged\":{},\"altered\":{},\"altered_found\":{},\"untouched\":{},\"untouched_found\":{}}}",
        figures.editions.0,
        figures.editions.1,
        figures.told,
        figures.clustered,
        figures.few.0,
        figures.few.1,
        figures.altered.0,
        figures.altered.1,
        figures.untouched.0,
        figures.untouched.1
    );
}

/// Editions of a form, each taken once, and the form itself: four times as it is, and altered in up to 6 words.
fn editions(form: &Sheet, count: usize, rng: &mut Rng) -> Vec<Taken> {
    let mut taken = Vec::new();
    for n in 0..count {
        let words = WORDS.0 + rng.below(WORDS.1 - WORDS.0);
        let edits = edit::propose(form, words, |_| true, rng);
        taken.push(take(&edit::altered(form, &edits).raster(), Some(form), n + 1, &edits, rng));
    }
    for n in 0..4 + count / 3 {
        let words = if n < 4 { 0 } else { rng.below(7) };
        let edits = edit::propose(form, words, |_| true, rng);
        taken.push(take(&edit::altered(form, &edits).raster(), Some(form), 0, &edits, rng));
    }
    taken
}

/// A picture of a sheet, by one of the ways in which sheets become pictures, and often damaged.
fn take(
    sheet: &image::RgbImage,
    form: Option<&Sheet>,
    number: usize,
    edits: &[Edit],
    rng: &mut Rng,
) -> Taken {
    let (mut how, mut shown) = match rng.below(10) {
        0..=1 => ("born".to_owned(), Shown::of(sheet.clone())),
        2..=3 => ("scan".to_owned(), scan(sheet, 150, rng)),
        4 => ("fax".to_owned(), fax(sheet, 1728, rng)),
        _ => {
            let shot = Shot::hurried(rng, (sheet.width(), sheet.height()));
            ("photo".to_owned(), photograph(sheet, &shot, rng))
        }
    };
    if let Some(form) = form.filter(|_| rng.chance(0.35)) {
        let said = ["have a look", "where is that from", "no way", "who sent it"].map(str::to_owned);
        let step = Damage::any(form, &said, rng);
        how = format!("{how} {}", step.name());
        shown = damage::apply(&shown, &step, rng);
    }
    let longer = f64::from(shown.image.width().max(shown.image.height()));
    let small = if rng.chance(0.3) { rng.range(0.25, 1.0) } else { 1.0 };
    let shown = damage::rescale(&shown, (SIDE / longer).min(1.0) * small);
    let shown = damage::apply(&shown, &Damage::Reencode(60 + rng.below(35) as u8), rng);
    let (wide, high) = (f64::from(shown.image.width()), f64::from(shown.image.height()));
    let inside = |area: [f64; 4]| {
        let (x, y) = shown.homography.apply((area[0] + area[2] / 2.0, area[1] + area[3] / 2.0));
        let (u, v) = (area[0] + area[2] / 2.0, area[1] + area[3] / 2.0);
        let covered = shown
            .covered
            .iter()
            .any(|box_| u >= box_[0] && v >= box_[1] && u <= box_[0] + box_[2] && v <= box_[1] + box_[3]);
        x >= 0.0 && y >= 0.0 && x < wide && y < high && !covered
    };
    let words: &[typeset::Word] = form.map_or(&[], |form| &form.words);
    Taken {
        sheet: number,
        how: format!("{how} {small:.2}"),
        words: edits
            .iter()
            .map(|edit| (edit.word, format!("{} {}", edit.new, edit.old.is_empty())))
            .collect(),
        view: (0..words.len()).filter(|n| inside(words[*n].area)).collect(),
        features: features(&shown.image),
        look: Look::of(&shown.image),
        picture: shown.image,
    }
}

/// Words that differ in what both show.
fn differ(a: &Taken, b: &Taken) -> usize {
    if a.view.is_empty() && b.view.is_empty() {
        return ALL;
    }
    a.view.intersection(&b.view).filter(|word| a.words.get(word) != b.words.get(word)).count()
}

fn id(n: usize) -> PictureId {
    PictureId::make(|id| {
        id.number(n as u64);
    })
}

/// Holds every picture against every other on two threads, and makes families.
fn held(taken: &[Taken]) -> Figures {
    let pairs: Vec<(usize, usize)> =
        (0..taken.len()).flat_map(|a| (a + 1..taken.len()).map(move |b| (a, b))).collect();
    let (next, figures) = (AtomicUsize::new(0), Mutex::new(Figures::default()));
    let found: Mutex<(Vec<Match>, Vec<Contrast>)> = Mutex::default();
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while let Some((n, m)) = pairs.get(next.fetch_add(1, Ordering::Relaxed)).copied() {
                    let (a, b) = (&taken[n], &taken[m]);
                    let outcome = verify((&a.features, &a.look), (&b.features, &b.look), None);
                    count(&mut figures.lock().unwrap_or_else(PoisonError::into_inner), a, b, &outcome);
                    let mut found = found.lock().unwrap_or_else(PoisonError::into_inner);
                    found.0.extend(outcome.matched(id(n), id(m)));
                    found.1.extend(outcome.contrast(id(n), id(m)));
                }
            });
        }
    });
    let (matches, others) = found.into_inner().unwrap_or_else(PoisonError::into_inner);
    let mut figures = figures.into_inner().unwrap_or_else(PoisonError::into_inner);
    let area = (0..taken.len()).map(|n| (id(n), f64::from(taken[n].look.width))).collect();
    let number: BTreeMap<PictureId, usize> = (0..taken.len()).map(|n| (id(n), n)).collect();
    let evidence = Evidence { matches: &matches, others: &others, ..Evidence::default() };
    for family in cluster(&area, evidence) {
        let sheets: Vec<usize> = family.pictures.iter().map(|id| taken[number[id]].sheet).collect();
        for (n, sheet) in sheets.iter().enumerate() {
            figures.clustered += sheets[n + 1..].iter().filter(|other| *other != sheet).count();
        }
    }
    figures
}

fn count(figures: &mut Figures, a: &Taken, b: &Taken, outcome: &Outcome) {
    let (differing, same) = (differ(a, b), matches!(outcome, Outcome::Same(_)));
    let altered = !a.words.is_empty() || !b.words.is_empty();
    let wrong = match (a.sheet == b.sheet, altered) {
        (false, _) if differing < FEW => {
            figures.few.add(same);
            return;
        }
        (false, _) => {
            figures.editions.add(same);
            figures.told += usize::from(matches!(outcome, Outcome::Other(_)));
            same
        }
        (true, true) => {
            figures.altered.add(same);
            !same
        }
        (true, false) => {
            figures.untouched.add(same);
            !same
        }
    };
    if wrong {
        let measures = match outcome {
            Outcome::Same(held) | Outcome::Other(held) | Outcome::Unknown(Some(held)) => &held.measures[..],
            Outcome::Unknown(None) => &[],
        };
        let values: Vec<String> =
            measures.iter().map(|m| format!("{}={}", m.name.replace(' ', "_"), m.value)).collect();
        let what = if same { "merged" } else { "missed" };
        if same && let Some(folder) = std::env::var_os("EDITIONS_KEPT").map(std::path::PathBuf::from) {
            for (one, end) in [(a, "a"), (b, "b")] {
                let name = format!("{}-{end}.png", (a.how.clone() + " " + &b.how).replace(' ', "_"));
                if let Err(error) = one.picture.save(folder.join(&name)) {
                    eprintln!("{name}: {error}");
                }
            }
            eprintln!("words\t{:?}\t{:?}", a.words, b.words);
        }
        eprintln!("{what}\t{}\t{}\t{differing}\t{}", a.how, b.how, values.join(" "));
    }
}
