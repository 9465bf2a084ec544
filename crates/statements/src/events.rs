//! What a sheet says happened, or is to happen: a word of the table of happenings, with who, where and when its sentence names.
//!
//! In: prose with its names and dates. Out: events in the order of the text. Invariant: a happening without anybody named and without a
//! date is none; what is denied ("did not meet") is none; of one kind a sentence tells one. Deliberately absent: whether it
//! happened, and whether two sentences tell of one event.

use std::collections::HashMap;
use std::sync::LazyLock;

use model::{EntityKind, Form};

use crate::lexicon::Sort;
use crate::parties::Page;
use crate::speech::Said;
use crate::text::Sentence;

/// An event by its tokens, names and dates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Happened {
    pub sentence: usize,
    /// The token of the word.
    pub word: usize,
    pub kind: &'static str,
    /// The date in its sentence that stands nearest, by its number: within what somebody says, a date of that, and not the day it
    /// was said.
    pub date: Option<usize>,
    /// Names, by their numbers.
    pub who: Vec<usize>,
    pub places: Vec<usize>,
}

/// How a word tells of a happening.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sense {
    Past,
    Base,
    Noun,
}

struct Word {
    kind: &'static str,
    sense: Sense,
    /// Only before a name or a word of place.
    led: bool,
}

static HAPPENINGS: LazyLock<HashMap<&'static str, Vec<Word>>> = LazyLock::new(|| {
    let mut words: HashMap<&str, Vec<Word>> = HashMap::new();
    for line in include_str!("tables/happenings.txt").lines().filter(|line| !line.starts_with('#')) {
        let mut parts = line.split('|').map(str::trim);
        let Some(kind) = parts.next().filter(|kind| !kind.is_empty()) else { continue };
        for (forms, sense) in parts.zip([Sense::Past, Sense::Base, Sense::Noun]) {
            for form in forms.split_whitespace() {
                let bare = form.trim_end_matches('*');
                words.entry(bare).or_default().push(Word { kind, sense, led: bare != form });
            }
        }
    }
    words
});

/// Events of a text, in its order.
pub(crate) fn events(page: &Page, said: &[Said]) -> Vec<Happened> {
    let mut all = Vec::new();
    for (n, sentence) in page.prose.sentences.iter().enumerate() {
        let ended =
            sentence.tokens.clone().next_back().is_some_and(|last| page.token(last).any(&[".", "?", "!"]));
        if !sentence.prose && !sentence.capitals && !ended {
            continue;
        }
        let mut kinds: Vec<&str> = Vec::new();
        for at in sentence.tokens.clone() {
            if let Some(event) =
                event(page, said, n, sentence, at).filter(|event| !kinds.contains(&event.kind))
            {
                kinds.push(event.kind);
                all.push(event);
            }
        }
    }
    all
}

fn event(page: &Page, said: &[Said], n: usize, sentence: &Sentence, at: usize) -> Option<Happened> {
    let (start, end) = (sentence.tokens.start, sentence.tokens.end);
    if page.name_at[at].is_some() || page.date_at[at].is_some() {
        return None;
    }
    let words = HAPPENINGS.get(page.token(at).low.as_str())?;
    let word = words.iter().find(|word| fits(page, word, at, start, end))?;
    if denied(page, at, start) {
        return None;
    }
    let within = |n: &usize| page.dates[*n].from >= start && page.dates[*n].to <= end;
    let dates: Vec<usize> = (0..page.dates.len()).filter(within).collect();
    let far = |n: &usize| page.dates[*n].from.abs_diff(at).min(page.dates[*n].to.abs_diff(at));
    let said: Vec<&Said> = said.iter().filter(|one| one.sentence == n).collect();
    let own = dates.iter().copied().filter(|n| together(&said, page.dates[*n].from, at));
    let date = own.min_by_key(|n| (far(n), *n));
    let named = |kinds: &[EntityKind]| -> Vec<usize> {
        let within = |n: &usize| {
            let name = &page.names[*n];
            name.from >= start && name.to <= end && name.form == Form::Name && kinds.contains(&name.kind)
        };
        (0..page.names.len()).filter(within).collect()
    };
    let who = named(&[
        EntityKind::Person,
        EntityKind::Body,
        EntityKind::Country,
        EntityKind::Unit,
        EntityKind::Ship,
        EntityKind::CodeName,
    ]);
    let places = named(&[EntityKind::Place, EntityKind::Coordinate]);
    let enough = match word.sense {
        Sense::Noun => !dates.is_empty(),
        Sense::Past | Sense::Base => !dates.is_empty() || !who.is_empty(),
    };
    enough.then_some(Happened { sentence: n, word: at, kind: word.kind, date, who, places })
}

/// Whether two tokens stand in the same words of somebody, or both outside of all: "told him on 3 May that it was signed" does not say
/// when it was signed.
fn together(said: &[&Said], one: usize, other: usize) -> bool {
    let stands = |at: usize, said: &Said| said.content.0 <= at && at < said.content.1;
    said.iter().all(|said| stands(one, said) == stands(other, said))
}

fn fits(page: &Page, word: &Word, at: usize, start: usize, end: usize) -> bool {
    let next = at + 1;
    let led = next < end
        && (page.name_at[next].is_some()
            || page.date_at[next].is_some()
            || page.token(next).any(&["for", "from", "in", "at", "to", "on", "the"]));
    let before = |words: &[&str]| at > start && page.token(at - 1).any(words);
    let sense = match word.sense {
        Sense::Past => !before(&["to", "the", "a", "an"]),
        Sense::Base => is_to_be(page, at, start),
        Sense::Noun => !(before(&["to"]) || (at > start && page.token(at - 1).sort == Sort::Modal)),
    };
    sense && (led || !word.led)
}

/// Whether a base form stands behind "will" or "to", adverbs between: "would very likely withdraw".
fn is_to_be(page: &Page, at: usize, start: usize) -> bool {
    let group = (start..at).rev().find(|n| page.token(*n).sort != Sort::Adverb || page.date_at[*n].is_some());
    group.is_some_and(|n| page.token(n).sort == Sort::Modal || n + 1 == at && page.token(n).is("to"))
}

/// Whether "not", "never" or "no" stands before it, an auxiliary or an adverb at most between.
fn denied(page: &Page, at: usize, start: usize) -> bool {
    let mut n = at;
    while n > start && at - n < 4 {
        n -= 1;
        let token = page.token(n);
        if token.any(&["not", "never", "no", "cannot"]) || token.low.ends_with("n't") {
            return true;
        }
        if !matches!(token.sort, Sort::Auxiliary | Sort::Modal | Sort::Adverb) && !token.is("to") {
            return false;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dates::dates;
    use crate::gazetteer::Gazetteer;
    use crate::names::names;
    use crate::speech::statements;
    use crate::text::Prose;

    fn found(text: &str) -> Vec<String> {
        let prose = Prose::of(text, &[]);
        let dates = dates(&prose, "2023-04-20".parse().ok());
        let names = names(&prose, Gazetteer::shipped(), &dates);
        let page = Page::new(&prose, &names, &dates);
        let show = |event: Happened| {
            let date = event.date.map_or("-", |n| page.dates[n].verbatim.as_str());
            let list =
                |all: &[usize]| all.iter().map(|n| page.names[*n].name.clone()).collect::<Vec<_>>().join("+");
            format!("{} {date} {} @{}", event.kind, list(&event.who), list(&event.places))
        };
        events(&page, &statements(&page)).into_iter().map(show).collect()
    }

    #[test]
    fn what_happened_with_whom_where_and_when() {
        for (text, says) in [
            (
                "John Smith met Mary Brown in Geneva last July.",
                "meeting last July John Smith+Mary Brown @Geneva",
            ),
            ("Turkey will deploy two battalions in mid-February.", "movement mid-February Turkey @"),
            ("The attack on the depot of 2 April failed.", "attack 2 April  @"),
            ("Anna Keller was arrested in Odesa.", "arrest - Anna Keller @Odesa"),
            ("Turkey will very probably withdraw from Idlib in May.", "withdrawal May Turkey @Idlib"),
        ] {
            assert_eq!(found(text), [says], "{text}");
        }
    }

    #[test]
    fn the_day_on_which_it_was_said_is_not_the_day_on_which_it_happened() {
        for (text, says) in [
            (
                "John Smith told Mary Brown on 2 April that Anna Keller was arrested in Odesa.",
                "arrest - John Smith+Mary Brown+Anna Keller @Odesa",
            ),
            (
                "John Smith told Mary Brown on 2 April that Anna Keller was arrested on 30 March.",
                "arrest 30 March John Smith+Mary Brown+Anna Keller @",
            ),
            (
                "On 3 April John Smith met Mary Brown and told her that Odesa would be calm in May.",
                "meeting 3 April John Smith+Mary Brown @Odesa",
            ),
        ] {
            assert_eq!(found(text), [says], "{text}");
        }
    }

    #[test]
    fn what_is_denied_or_names_nobody_is_none() {
        for text in [
            "John Smith did not meet Mary Brown last July.",
            "He never visited Geneva in May.",
            "The attack failed.",
            "John Smith is on the left side.",
            "It is hoped that they met.",
        ] {
            assert!(found(text).is_empty(), "{text}: {:?}", found(text));
        }
    }
}
