//! Who is meant: pronouns to persons where the text leaves one reading.
//!
//! In: a page and its statements. Out: parties. Invariant: of two that a pronoun can mean, none is chosen. After the plain end of
//! Lappin and Leass (1994): recency, the subject first, agreement of gender; without their weights, since a doubtful one is left
//! open.

use std::collections::BTreeSet;

use model::{EntityKind, Named};

use crate::parties::{Page, Who};
use crate::speech::Said;

/// A party whose name is looked up: the number of the name that is meant, if there is one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Meant {
    pub name: Option<usize>,
    pub role: Option<String>,
    pub named: Named,
}

/// The parties of all statements, in their order: speaker, addressee.
pub(crate) fn meant(page: &Page, said: &[Said]) -> Vec<(Option<Meant>, Option<Meant>)> {
    let mut all: Vec<(Option<Meant>, Option<Meant>)> = Vec::new();
    for n in 0..said.len() {
        let speaker = said[n].speaker.as_ref().and_then(|who| one(page, who, said, n, &all, None));
        let addressee =
            said[n].addressee.as_ref().and_then(|who| one(page, who, said, n, &all, speaker.as_ref()));
        let same = speaker.as_ref().and_then(|one| one.name).zip(addressee.as_ref().and_then(|one| one.name));
        let addressee = addressee.filter(|_| same.is_none_or(|(a, b)| !alike(page, a, b)));
        all.push((speaker, addressee));
    }
    all
}

fn one(
    page: &Page,
    who: &Who,
    said: &[Said],
    n: usize,
    earlier: &[(Option<Meant>, Option<Meant>)],
    speaker: Option<&Meant>,
) -> Option<Meant> {
    match who {
        Who::Named(name, role) => Some(Meant { name: Some(*name), role: role.clone(), named: Named::Name }),
        Who::Described(words) => {
            Some(Meant { name: None, role: Some(words.clone()), named: Named::Described })
        }
        Who::Paper(_) => None,
        Who::Pronoun(at) => {
            let token = page.token(*at);
            let woman = match token.low.as_str() {
                "he" | "him" => false,
                "she" | "her" => true,
                low => {
                    let words = if low == "i" { "I".to_owned() } else { token.text.clone() };
                    return Some(Meant { name: None, role: Some(words), named: Named::Described });
                }
            };
            let subject = matches!(token.low.as_str(), "he" | "she");
            let found = if subject {
                subject_of(page, *at, woman, said, n, earlier)
            } else {
                object_of(page, *at, woman, said, n, earlier, speaker)
            };
            found.map(|name| Meant { name: Some(name), role: None, named: Named::Pronoun })
        }
    }
}

/// Whether two names can name one person: one is a part of the other.
fn alike(page: &Page, a: usize, b: usize) -> bool {
    let words = |n: usize| -> BTreeSet<&str> {
        let name = &page.names[n];
        page.prose.tokens[name.from..name.to].iter().map(|token| token.low.as_str()).collect()
    };
    let (a, b) = (words(a), words(b));
    a.is_subset(&b) || b.is_subset(&a)
}

/// Persons on tokens from `from` to `to` that a pronoun of this gender can mean, each once, the first mention of each.
fn persons(page: &Page, from: usize, to: usize, woman: bool) -> Vec<usize> {
    let mut found: Vec<usize> = Vec::new();
    let first = page.names.partition_point(|name| name.from < from);
    for (n, name) in page.names.iter().enumerate().skip(first).take_while(|(_, name)| name.from < to) {
        let here = name.from >= from
            && name.to <= to
            && name.kind == EntityKind::Person
            && !page.token(name.to - 1).owns;
        let fits = name.woman.is_none_or(|one| one == woman);
        if here && fits && !found.iter().any(|other| alike(page, *other, n)) {
            found.push(n);
        }
    }
    found
}

fn fits(page: &Page, n: usize, woman: bool) -> bool {
    page.names[n].kind == EntityKind::Person && page.names[n].woman.is_none_or(|one| one == woman)
}

fn subject_of(
    page: &Page,
    at: usize,
    woman: bool,
    said: &[Said],
    n: usize,
    earlier: &[(Option<Meant>, Option<Meant>)],
) -> Option<usize> {
    let sentence = &page.prose.sentences[said[n].sentence];
    // "X, he said, had …": the one who speaks aside is not X.
    let aside = at > sentence.tokens.start
        && page.token(at - 1).is(",")
        && page.prose.tokens.get(said[n].verb + 1).is_some_and(|next| next.is(","));
    let here = if aside { Vec::new() } else { persons(page, sentence.tokens.start, at, woman) };
    // Who spoke last in this sentence goes on speaking.
    let spoke = |k: usize| {
        earlier
            .get(k)
            .and_then(|(speaker, _)| speaker.as_ref())
            .and_then(|one| one.name)
            .filter(|name| fits(page, *name, woman))
    };
    if let Some(last) = (0..n).rev().find(|k| said[*k].sentence == said[n].sentence) {
        if let Some(name) = spoke(last) {
            return Some(name);
        }
        return if here.len() == 1 && said[last].speaker.is_none() { here.first().copied() } else { None };
    }
    match here[..] {
        [one] => return Some(one),
        [] => {}
        _ => return None,
    }
    let before = previous(page, said[n].sentence)?;
    let range = page.prose.sentences[before].tokens.clone();
    let spoken: Vec<usize> = (0..n).filter(|k| said[*k].sentence == before).collect();
    if let Some(last) = spoken.last() {
        return match (spoke(*last), &earlier[*last].0) {
            (Some(name), _) => Some(name),
            // Somebody who is only described, or of the other gender, spoke: the pronoun may mean them.
            (None, Some(_)) => None,
            (None, None) => one_of(&persons(page, range.start, range.end, woman)),
        };
    }
    let opening = described_opening(page, range.start, range.end);
    if opening { None } else { one_of(&persons(page, range.start, range.end, woman)) }
}

fn one_of(found: &[usize]) -> Option<usize> {
    if found.len() == 1 { found.first().copied() } else { None }
}

/// Whether a sentence begins with somebody who is not named.
fn described_opening(page: &Page, from: usize, to: usize) -> bool {
    matches!(page.behind(from, to, false).map(|found| found.who), Some(Who::Described(_)))
}

/// The sentence before, in the same block; lone numbers and letters of paragraphs are passed over.
fn previous(page: &Page, sentence: usize) -> Option<usize> {
    let mut at = sentence;
    while at > 0 && !page.prose.sentences[at].opens {
        at -= 1;
        if page.prose.sentences[at].tokens.len() > 3 {
            return Some(at);
        }
    }
    None
}

fn object_of(
    page: &Page,
    at: usize,
    woman: bool,
    said: &[Said],
    n: usize,
    earlier: &[(Option<Meant>, Option<Meant>)],
    speaker: Option<&Meant>,
) -> Option<usize> {
    let sentence = &page.prose.sentences[said[n].sentence];
    let name = speaker.and_then(|one| one.name);
    let others = |from: usize, to: usize| -> Vec<usize> {
        persons(page, from, to, woman)
            .into_iter()
            .filter(|one| name.is_none_or(|name| !alike(page, name, *one)))
            .collect()
    };
    let here = others(sentence.tokens.start, at);
    if here.len() == 1 && name.is_some() {
        return here.first().copied();
    }
    if !here.is_empty() {
        return None;
    }
    // "X told Y … Y replied to him": the other one of the talk before.
    let before = previous(page, said[n].sentence)?;
    let last = (0..n).rev().find(|k| said[*k].sentence == before)?;
    let (spoke, heard) = &earlier[last];
    let (spoke, heard) = (spoke.as_ref()?.name?, heard.as_ref()?.name?);
    let name = name?;
    let other = if alike(page, name, spoke) {
        heard
    } else if alike(page, name, heard) {
        spoke
    } else {
        return None;
    };
    fits(page, other, woman).then_some(other)
}
