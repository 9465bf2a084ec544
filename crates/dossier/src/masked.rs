//! Text about one party with everything that names others taken out of it.
//!
//! Taken out are: every spelling of every other party, of persons each part of the name; what else can name a person (telephone
//! numbers, e-mail addresses, numbers of papers, code names, units, ships); the roles beside others' names; and in running text every
//! word with a capital that is not known to name something else. Rather a word too many than one too few.

use std::collections::{BTreeMap, BTreeSet};

use redaction::{Term, Terms, chosen, personal};

use crate::told::{AffectedParty, Dossier, Entity, EntityKind, Mention};

/// What stands for words that were taken out, however many.
pub(crate) const MARK: &str = "█████";

/// Takes out what names others.
pub(crate) struct Mask<'a> {
    /// Names of the party itself: whole, and of a person each part.
    own: Terms,
    others: Terms,
    /// Mentions by id.
    mentions: BTreeMap<&'a str, &'a Mention>,
    party: &'a str,
}

impl<'a> Mask<'a> {
    pub(crate) fn of(dossier: &'a Dossier, party: &'a AffectedParty) -> Self {
        let mut own_names: BTreeSet<String> = BTreeSet::from([lower(&party.name)]);
        let (mut own, mut others) = (Vec::new(), Vec::new());
        for entity in dossier.entities.iter().filter(|entity| entity.id == party.id) {
            own.extend(terms(entity));
            own_names.extend(entity.spellings.iter().map(|name| lower(name)));
        }
        for entity in
            dossier.entities.iter().filter(|entity| entity.id != party.id && names_somebody(entity.kind))
        {
            // A spelling that is the party's own as well says nothing about another.
            let names = entity.spellings.iter().chain([&entity.name]);
            let names = names.filter(|name| !own_names.contains(&lower(name)));
            others.extend(names.filter_map(|name| term(entity.kind, name)));
        }
        let mentions = dossier.mentions.iter().map(|mention| (mention.id.as_str(), mention)).collect();
        Self { own: Terms(own), others: Terms(others), mentions, party: &party.id }
    }

    /// A passage with the mentions that stand in it; second: whether it is written in capitals, so that names nobody knew of could
    /// not be told by theirs.
    pub(crate) fn passage(&self, text: &str, mentions: &[String]) -> (String, bool) {
        let there: Vec<&Mention> =
            mentions.iter().filter_map(|id| self.mentions.get(id.as_str()).copied()).collect();
        let mut more = Vec::new();
        let mut harmless = Vec::new();
        for mention in there {
            let own = mention.entity.as_deref() == Some(self.party);
            if !own && names_somebody(mention.kind) {
                more.extend(mention.role.as_deref().and_then(Term::phrase));
                more.extend(term(mention.kind, &mention.name));
            } else {
                harmless.extend(Term::phrase(&mention.name));
                harmless.extend(mention.role.as_deref().filter(|_| own).and_then(Term::phrase));
            }
        }
        let capitals = in_capitals(text);
        (self.cut(text, &Terms(more), (!capitals).then_some(&Terms(harmless))), capitals)
    }

    /// A line of ours, or of a platform: only known names are taken out.
    pub(crate) fn line(&self, text: &str) -> String {
        self.cut(text, &Terms::default(), None)
    }

    fn cut(&self, text: &str, more: &Terms, harmless: Option<&Terms>) -> String {
        let words: Vec<&str> = text.split_whitespace().collect();
        let picked = |terms: &Terms| -> BTreeSet<usize> {
            chosen(&words, std::slice::from_ref(terms)).into_iter().map(|pick| pick.word).collect()
        };
        let own = exact(&words, &self.own);
        let mut out: BTreeSet<usize> = &picked(&self.others) | &picked(more);
        out.extend(personal(&words));
        if let Some(harmless) = harmless {
            let kept = picked(harmless);
            out.extend((0..words.len()).filter(|n| name_like(&words, *n) && !kept.contains(n)));
        }
        let mut kept: Vec<String> = Vec::new();
        for (n, word) in words.iter().enumerate() {
            if !out.contains(&n) || own.contains(&n) {
                kept.push((*word).to_owned());
            } else {
                let end: String = word
                    .chars()
                    .rev()
                    .take_while(|c| matches!(c, '.' | ',' | ';' | ':' | '?' | '!'))
                    .collect();
                let end: String = end.chars().rev().collect();
                match kept.last_mut().filter(|last| last.starts_with(MARK)) {
                    Some(last) => *last = format!("{MARK}{end}"),
                    None => kept.push(format!("{MARK}{end}")),
                }
            }
        }
        kept.join(" ")
    }
}

/// Kinds of which a name may lead to a person or party.
fn names_somebody(kind: EntityKind) -> bool {
    !matches!(
        kind,
        EntityKind::Place
            | EntityKind::Weapon
            | EntityKind::Operation
            | EntityKind::Money
            | EntityKind::Coordinate
    )
}

fn term(kind: EntityKind, name: &str) -> Option<Term> {
    if kind == EntityKind::Person { Term::name(name) } else { Term::phrase(name) }
}

fn terms(entity: &Entity) -> Vec<Term> {
    let names = entity.spellings.iter().chain([&entity.name]);
    names.filter_map(|name| term(entity.kind, name)).collect()
}

fn lower(name: &str) -> String {
    name.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

/// Words that are the party's own name, letter for letter: what is only like it may be somebody else's.
fn exact(words: &[&str], own: &Terms) -> BTreeSet<usize> {
    let like = chosen(words, std::slice::from_ref(own)).into_iter().map(|pick| pick.word);
    like.filter(|n| own.0.iter().any(|term| words.get(*n).is_some_and(|word| term.has(word)))).collect()
}

/// Whether a word is written like a name: with a capital, and at the head of a sentence no word that many begin with.
fn name_like(words: &[&str], n: usize) -> bool {
    let Some(word) = words.get(n) else { return false };
    let letters = word.trim_start_matches(|c: char| !c.is_alphanumeric());
    let capital = letters.chars().next().is_some_and(char::is_uppercase);
    let plain = letters.trim_end_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    let before = n.checked_sub(1).and_then(|before| words.get(before));
    let begins = before.is_none_or(|before| before.ends_with(['.', '?', '!', ':']) && before.len() > 3);
    let common = CALENDAR.contains(&plain.as_str()) || begins && STARTERS.contains(&plain.as_str());
    capital && !common
}

const CALENDAR: [&str; 21] = [
    "i",
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "utc",
];

/// Words that often begin a sentence.
const STARTERS: &[&str] = &[
    "a",
    "about",
    "according",
    "after",
    "all",
    "also",
    "although",
    "among",
    "an",
    "and",
    "any",
    "as",
    "asked",
    "at",
    "because",
    "before",
    "both",
    "but",
    "by",
    "despite",
    "during",
    "each",
    "earlier",
    "even",
    "every",
    "few",
    "first",
    "following",
    "for",
    "four",
    "from",
    "given",
    "he",
    "her",
    "his",
    "however",
    "if",
    "in",
    "it",
    "its",
    "last",
    "later",
    "many",
    "meanwhile",
    "more",
    "most",
    "neither",
    "no",
    "none",
    "nor",
    "not",
    "on",
    "one",
    "only",
    "other",
    "others",
    "our",
    "over",
    "pending",
    "second",
    "several",
    "she",
    "since",
    "so",
    "some",
    "such",
    "than",
    "that",
    "the",
    "their",
    "then",
    "there",
    "these",
    "they",
    "this",
    "those",
    "three",
    "through",
    "thus",
    "to",
    "two",
    "under",
    "until",
    "we",
    "what",
    "when",
    "where",
    "whether",
    "while",
    "who",
    "with",
    "without",
];

/// Whether most letters are capitals, so that a capital tells nothing.
fn in_capitals(text: &str) -> bool {
    let (upper, all) = text
        .chars()
        .filter(|c| c.is_alphabetic())
        .fold((0, 0), |(upper, all), c| (upper + usize::from(c.is_uppercase()), all + 1));
    all > 0 && upper * 10 >= all * 6
}
