//! Events and subjects on the passages: `--nocapture` prints the table, `EVENTS=1` every error.

use model::{Event, Subject};
use statements::{Gazetteer, told};

use crate::given::{Passage, passages};
use crate::passages::{Count, FRESH, TUNED, UNSEEN, plain};
use crate::reading::{day, reading};

#[derive(Default)]
struct Tally {
    /// The word is one that was marked.
    events: Count,
    /// And the date is the annotated one, or both have none.
    dated: Count,
    /// Of the passages: those of which a subject is told, and a right one.
    about: Count,
    subjects: Count,
    errors: Vec<String>,
}

fn tally(file: &str) -> Tally {
    let mut tally = Tally::default();
    for passage in passages(file) {
        let found = told(&reading(&passage.text), day(&passage.day), Gazetteer::shipped());
        events(&passage, &found.events, &mut tally);
        subjects(&passage, &found.subjects, &mut tally);
    }
    tally
}

/// Whether the word said is the marked one: for marks of one word of several ("set up") a word of it is enough.
fn is_word(said: &str, marked: &str) -> bool {
    plain(said).split(' ').any(|word| word == plain(marked))
}

fn events(passage: &Passage, said: &[Event], tally: &mut Tally) {
    let (mut used, mut perhaps) = (vec![false; said.len()], passage.perhaps.clone());
    for one in &passage.events {
        let hits = |n: usize| !used[n] && one.words.iter().any(|word| is_word(&said[n].word, word));
        for count in [&mut tally.events, &mut tally.dated] {
            count.of += 1;
        }
        let Some(n) = (0..said.len()).find(|n| hits(*n)) else {
            tally.errors.push(format!("{}: not found: {:?}", passage.title, one.words));
            continue;
        };
        used[n] = true;
        tally.events.right += 1;
        let dates = [one.date.as_deref(), said[n].dated.as_deref()].map(|date| date.map(plain));
        if dates[0] == dates[1] {
            tally.dated.right += 1;
        } else {
            tally.errors.push(format!("{}: date of {:?}: {dates:?}", passage.title, said[n].word));
        }
        // "called a meeting": both words tell of the one event; the second counts neither way.
        perhaps.extend(one.words.iter().filter(|word| !is_word(&said[n].word, word)).cloned());
    }
    for (one, used) in said.iter().zip(used) {
        let maybe = perhaps.iter().position(|word| is_word(&one.word, word)).filter(|_| !used);
        if let Some(maybe) = maybe {
            perhaps.remove(maybe);
            continue;
        }
        for count in [&mut tally.events, &mut tally.dated] {
            count.said += 1;
        }
        if !used {
            tally
                .errors
                .push(format!("{}: wrongly: {} {:?} {:?}", passage.title, one.kind, one.word, one.dated));
        }
    }
}

fn subjects(passage: &Passage, said: &[Subject], tally: &mut Tally) {
    let near = |one: &Subject, about: &String| {
        let (said, about) = (plain(&one.text), plain(about));
        said.contains(&about) || about.contains(&said)
    };
    let right = |one: &&Subject| passage.about.iter().any(|about| near(one, about));
    let rights = said.iter().filter(right).count() as u32;
    for (count, right, of, said) in [
        (&mut tally.subjects, rights, said.len(), said.len()),
        (&mut tally.about, rights.min(1), passage.about.len().min(1), said.len().min(1)),
    ] {
        count.right += right;
        count.said += said as u32;
        count.of += of as u32;
    }
    for one in said.iter().filter(|one| !right(one)) {
        tally.errors.push(format!("{}: subject wrongly: {:?} {:?}", passage.title, one.text, one.heads));
    }
    if said.is_empty() && !passage.about.is_empty() {
        tally.errors.push(format!("{}: no subject", passage.title));
    }
}

fn shown(half: &str, tally: &Tally) {
    let Tally { events, dated, about, subjects, .. } = tally;
    for (what, count) in [("events", events), ("with date", dated), ("about", about), ("subjects", subjects)]
    {
        println!(
            "{half:7} {what:11} precision {:.2} recall {:.2} ({} right, {} said, {} of truth)",
            count.precision(),
            count.recall(),
            count.right,
            count.said,
            count.of
        );
    }
    if std::env::var_os("EVENTS").is_some() {
        tally.errors.iter().for_each(|error| println!("{error}"));
    }
}

#[test]
fn events_and_subjects_of_the_passages() {
    for (half, file) in [("tuned", TUNED), ("unseen", UNSEEN), ("fresh", FRESH)] {
        let tally = tally(file);
        shown(half, &tally);
        // What was reached once is not lost again.
        for (count, precision, recall) in [
            (tally.events, 0.8, 0.35),
            (tally.dated, 0.7, 0.3),
            (tally.subjects, 0.9, 0.9),
            (tally.about, 0.9, 0.0),
        ] {
            assert!(count.precision() >= precision && count.recall() >= recall, "{half}: {count:?}");
        }
    }
}
