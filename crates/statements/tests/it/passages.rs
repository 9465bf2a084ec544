//! Precision and recall on the passages. `TELL=1` prints every error, `--nocapture` the table.

use std::collections::BTreeMap;

use model::{EntityKind, Form, Party};
use statements::{Gazetteer, Told, told};

use crate::given::{Annotated, Mark, Passage, passages};
use crate::reading::{day, reading};

#[derive(Clone, Copy, Debug, Default)]
pub struct Count {
    pub right: u32,
    pub said: u32,
    pub of: u32,
}

impl Count {
    pub fn precision(&self) -> f64 {
        f64::from(self.right) / f64::from(self.said.max(1))
    }

    pub fn recall(&self) -> f64 {
        f64::from(self.right) / f64::from(self.of.max(1))
    }
}

pub fn plain(text: &str) -> String {
    let low: String = text.to_lowercase().replace('\n', " ");
    let words = low.split_whitespace().filter(|word| !matches!(*word, "the" | "a" | "an"));
    let text: Vec<String> =
        words.map(|word| word.chars().filter(|c| c.is_alphanumeric()).collect()).collect();
    text.join(" ")
}

/// A title that the annotation has inside a name does not count.
fn untitled(text: &str) -> String {
    let mut rest = plain(text);
    for title in ["mrs ", "dr ", "mr ", "postal inspector "] {
        rest = rest.strip_prefix(title).map_or(rest.clone(), str::to_owned);
    }
    rest
}

fn kind_of(kind: EntityKind) -> Option<Mark> {
    match kind {
        EntityKind::Person => Some(Mark::Person),
        EntityKind::Body | EntityKind::Unit => Some(Mark::Body),
        EntityKind::Place | EntityKind::Country => Some(Mark::Place),
        _ => None,
    }
}

type Counts = BTreeMap<&'static str, Count>;

fn name_of(mark: Mark) -> &'static str {
    match mark {
        Mark::Person => "persons",
        Mark::Body => "bodies",
        Mark::Place => "places",
        Mark::Date => "dates",
        Mark::Either => "either",
    }
}

fn names(passage: &Passage, found: &Told, counts: &mut Counts, errors: &mut Vec<String>) {
    let mut said: Vec<(Mark, usize, usize, String)> = Vec::new();
    for mention in found.mentions.iter().filter(|mention| mention.form == Form::Name) {
        if let Some(mark) = kind_of(mention.kind) {
            let start = mention.cited.span.start as usize;
            said.push((mark, start, start + mention.cited.span.length as usize, mention.name.clone()));
        }
    }
    for date in &found.dates {
        let start = date.span.start as usize;
        said.push((Mark::Date, start, start + date.span.length as usize, date.verbatim.clone()));
    }
    let either = |start: usize, end: usize| {
        passage.marked.iter().any(|one| one.mark == Mark::Either && one.start < end && start < one.end)
    };
    for one in passage.marked.iter().filter(|one| one.mark != Mark::Either) {
        let count = counts.entry(name_of(one.mark)).or_default();
        count.of += 1;
        let hit = said.iter().any(|(mark, start, end, text)| {
            *mark == one.mark && *start < one.end && one.start < *end && untitled(text) == untitled(&one.text)
        });
        if hit {
            count.right += 1
        } else {
            errors.push(format!("{}: not found: {:?} {:?}", passage.title, one.mark, one.text))
        }
    }
    for (mark, start, end, text) in said {
        if either(start, end) {
            continue;
        }
        let count = counts.entry(name_of(mark)).or_default();
        count.said += 1;
        let hit = passage.marked.iter().any(|one| {
            one.mark == mark && start < one.end && one.start < end && untitled(&text) == untitled(&one.text)
        });
        if !hit {
            errors.push(format!("{}: wrongly: {mark:?} {text:?}", passage.title));
        }
    }
}

/// Whether a party is the annotated one. Somebody described is right if the words that describe are among those annotated or the
/// other way round, and no name is given.
fn is_party(party: Option<&Party>, annotated: &str) -> bool {
    let name = party.and_then(|party| party.name.as_deref());
    let role = party.and_then(|party| party.role.as_deref());
    match annotated.strip_prefix('~') {
        _ if annotated == "-" => party.is_none(),
        Some(words) => {
            let (words, role) = (plain(words), plain(role.unwrap_or("")));
            name.is_none() && !role.is_empty() && (words.contains(&role) || role.contains(&words))
        }
        None => name.is_some_and(|name| untitled(name) == untitled(annotated)),
    }
}

fn statements(passage: &Passage, found: &Told, counts: &mut Counts, errors: &mut Vec<String>) {
    let mut used = vec![false; found.statements.len()];
    for one in &passage.statements {
        let right = |both: bool, one: &Annotated| {
            found.statements.iter().position(|said| {
                let verb = plain(&said.verb).contains(&plain(&one.verb))
                    || plain(&one.verb).contains(&plain(&said.verb))
                    || said.verb.replace("-\n", "").contains(&one.verb)
                    || said.verb.ends_with(&one.verb);
                verb && is_party(said.speaker.as_ref(), &one.speaker)
                    && (!both || is_party(said.addressee.as_ref(), &one.addressee))
            })
        };
        for (what, both) in [("statements", true), ("speakers", false)] {
            let count = counts.entry(what).or_default();
            count.of += 1;
            match right(both, one) {
                Some(n) => {
                    count.right += 1;
                    used[n] |= both;
                }
                None => errors.push(format!(
                    "{}: {what} not found: {} > {} : {}",
                    passage.title, one.speaker, one.addressee, one.verb
                )),
            }
        }
    }
    for what in ["statements", "speakers"] {
        counts.entry(what).or_default().said += found.statements.len() as u32;
    }
    for (said, used) in found.statements.iter().zip(used) {
        if !used {
            let show = |party: Option<&Party>| {
                party.map_or("-".to_owned(), |party| {
                    format!(
                        "{}[{}]",
                        party.name.as_deref().unwrap_or("~"),
                        party.role.as_deref().unwrap_or("")
                    )
                })
            };
            errors.push(format!(
                "{}: statement wrongly: {} > {} : {}",
                passage.title,
                show(said.speaker.as_ref()),
                show(said.addressee.as_ref()),
                said.verb
            ));
        }
    }
}

/// Dates that the text has, held against the page's own: right if every day that is said lies within those annotated.
fn resolved(passage: &Passage, found: &Told, counts: &mut Counts, errors: &mut Vec<String>) {
    for (date, first, last) in &passage.days {
        let count = counts.entry("resolved").or_default();
        count.of += 1;
        let one = found.dates.iter().find(|timed| plain(&timed.verbatim) == plain(date));
        let Some(interval) = one.and_then(|timed| timed.interval) else {
            errors.push(format!("{}: not resolved: {date}", passage.title));
            continue;
        };
        count.said += 1;
        // An interval spans every zone: 14 hours either way.
        let day = |at: jiff::Timestamp, hours: i64| {
            let moved = at.checked_add(jiff::SignedDuration::from_hours(hours)).unwrap();
            jiff::tz::Offset::UTC.to_datetime(moved).date().to_string()
        };
        let (from, to) = (day(interval.earliest, 14), day(interval.latest, -14));
        if from >= *first && to <= *last {
            count.right += 1;
        } else {
            errors.push(format!("{}: resolved wrongly: {date} = {from}..{to}", passage.title));
        }
    }
}

/// What was reached once is not lost again.
fn keeps(counts: &Counts, names: f64, statements: f64) {
    for (what, count) in counts.iter().filter(|(what, _)| **what != "either") {
        let bound = if matches!(*what, "statements" | "speakers") { statements } else { names };
        assert!(count.precision() >= bound && count.recall() >= bound, "{what}: {count:?}");
    }
}

/// Counts over all passages of a file.
fn counted(file: &str) -> (Counts, Vec<String>) {
    let (mut counts, mut errors) = (Counts::new(), Vec::new());
    for passage in passages(file) {
        let found = told(&reading(&passage.text), day(&passage.day), Gazetteer::shipped());
        names(&passage, &found, &mut counts, &mut errors);
        statements(&passage, &found, &mut counts, &mut errors);
        resolved(&passage, &found, &mut counts, &mut errors);
    }
    (counts, errors)
}

fn table(half: &str, counts: &Counts) {
    for (what, count) in counts {
        println!(
            "{half:7} {what:11} precision {:.2} recall {:.2} ({} right, {} said, {} of truth)",
            count.precision(),
            count.recall(),
            count.right,
            count.said,
            count.of
        );
    }
}

pub const TUNED: &str = include_str!("passages/tuned.txt");
pub const FRESH: &str = include_str!("passages/fresh.txt");
pub const UNSEEN: &str = include_str!("passages/unseen.txt");

#[test]
fn the_half_that_was_tuned_on() {
    let (counts, errors) = counted(TUNED);
    table("tuned", &counts);
    if std::env::var_os("TELL").is_some() {
        errors.iter().for_each(|error| println!("{error}"));
    }
    keeps(&counts, 0.95, 0.95);
}

#[test]
fn the_half_that_was_never_tuned_on() {
    // No errors are printed here, so that nothing is tuned on them; UNSEEN=1 prints them for the discussion in docs.
    let (counts, errors) = counted(UNSEEN);
    table("unseen", &counts);
    if std::env::var_os("UNSEEN").is_some() {
        errors.iter().for_each(|error| println!("{error}"));
    }
    keeps(&counts, 0.8, 0.8);
}

#[test]
fn the_sixteen_that_came_later() {
    let (counts, errors) = counted(FRESH);
    table("fresh", &counts);
    if std::env::var_os("FRESH").is_some() {
        errors.iter().for_each(|error| println!("{error}"));
    }
    keeps(&counts, 0.5, 0.4);
}
