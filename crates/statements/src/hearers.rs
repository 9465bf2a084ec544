//! What stands behind a verb of saying: who is told, when, and what.
//!
//! In: a verb's place in its sentence. Out: the addressee, the day, the run of tokens that is said. Invariant: an object is an addressee
//! only if what follows it says that it is not the subject of what is said.

use model::EntityKind;

use crate::lexicon::{Sort, Verb};
use crate::parties::{Found, Who};
use crate::speech::Reader;

impl Reader<'_> {
    /// Over adverbs, dates and places of the saying: "on 5 March in Geneva".
    pub(crate) fn skip_when(&self, from: usize) -> usize {
        let mut at = from;
        loop {
            if at >= self.end {
                return at;
            }
            if self.page.date_at[at].is_some()
                || self.token(at).sort == Sort::Adverb && !self.is(at, &["about", "not"])
            {
                at += 1;
                continue;
            }
            if self.is(at, &["with"]) && self.is(at + 2, &["confidence"]) {
                at += 3;
                continue;
            }
            let lead =
                self.is(at, &["on", "in", "at", "during", "from", "over", "since"]) && at + 1 < self.end;
            if lead && self.page.date_at[at + 1].is_some() {
                at += 2;
                continue;
            }
            let the = usize::from(self.is(at + 1, &["the", "a", "his", "her"]));
            let place = lead.then(|| self.page.name_at.get(at + 1 + the).copied().flatten()).flatten();
            if let Some(n) = place
                && matches!(self.page.names[n].kind, EntityKind::Place | EntityKind::Country)
            {
                at = self.page.names[n].to;
                continue;
            }
            const EVENTS: [&str; 12] = [
                "meeting",
                "conversation",
                "dinner",
                "lunch",
                "interview",
                "letter",
                "call",
                "private",
                "office",
                "talks",
                "public",
                "confidence",
            ];
            let event = lead && (at + 1..(at + 4).min(self.end)).find(|n| self.is(*n, &EVENTS)).is_some();
            if event && let Some(last) = (at + 1..(at + 4).min(self.end)).find(|n| self.is(*n, &EVENTS)) {
                at = last + 1;
                continue;
            }
            return at;
        }
    }

    /// What is said, from `from` on: first token, behind the last one, and whether a word or sign opens it.
    pub(crate) fn content(&self, from: usize) -> (usize, usize, bool) {
        let mut at = self.skip_when(from);
        // "told Y, in a letter, that"
        if self.is(at, &[","])
            && let Some(close) = (at + 1..(at + 16).min(self.end)).find(|n| self.token(*n).is(","))
            && self.is(close + 1, &["that"])
        {
            at = close + 1;
        }
        if at >= self.end {
            return (self.end, self.end, false);
        }
        let token = self.token(at);
        let opens = token.any(&["that", "whether", "how", "why", "what", "when", "where", ":", "if"])
            || token.is_quote();
        if token.is(",") && at + 1 < self.end && self.token(at + 1).is_quote() {
            return (at + 1, self.end, true);
        }
        (if token.any(&["that", ":"]) { at + 1 } else { at }, self.end, opens)
    }

    /// Whom the words behind a verb name as spoken to, and where they end.
    pub(crate) fn addressee(&self, from: usize, verb: &Verb) -> (Option<Who>, usize) {
        let none = (None, from);
        let mut at = from;
        let to = self.is(at, &["to"]);
        if to && (verb.has('s') || verb.has('t')) {
            at += 1;
        } else if !(verb.has('T') || verb.has('t')) {
            // "complained in Geneva to Y", "confided on 5 May to Y"
            let later = self.skip_when(at);
            if later > at && self.is(later, &["to"]) && verb.has('s') {
                at = later + 1;
            } else {
                return none;
            }
        } else if to {
            return none;
        }
        let Some(found) = self.page.behind(at, self.end, true) else { return none };
        if matches!(found.who, Who::Paper(_)) {
            return none;
        }
        let next = found.to;
        if at == from && verb.has('t') && !self.follows(next) {
            return none;
        }
        // "asked that", "advised the withdrawal of": what is not somebody is not spoken to.
        (Some(found.who), next)
    }

    /// Whether what follows an object says that it is one and not the subject of what is said.
    pub(crate) fn follows(&self, next: usize) -> bool {
        if next >= self.end || self.page.date_at[next].is_some() {
            return true;
        }
        let token = self.token(next);
        !token.is_word()
            || token.any(&[
                "that", "to", "about", "of", "against", "whether", "how", "why", "if", "not", "on", "in",
                "at", "from", "for", "by", "during", "what", "when", "where", "who", "a",
            ])
            || token.sort == Sort::Adverb
    }

    /// Whom a meeting or letter in the same sentence names: "in a conversation with Y, X said", "in his report to Y, X wrote".
    pub(crate) fn met(&self, at: usize, left: usize) -> Option<Who> {
        const TALKS: [&str; 18] = [
            "conversation",
            "conversations",
            "meeting",
            "talk",
            "talks",
            "call",
            "dinner",
            "lunch",
            "interview",
            "discussion",
            "discussions",
            "session",
            "exchange",
            "audience",
            "luncheon",
            "speaking",
            "talking",
            "speech",
        ];
        const LETTERS: [&str; 16] = [
            "letter",
            "cable",
            "message",
            "note",
            "telegram",
            "report",
            "memorandum",
            "memo",
            "speech",
            "address",
            "letters",
            "remarks",
            "dispatch",
            "reply",
            "speaking",
            "statement",
        ];
        let words = |n: usize| if self.is(n, &["with"]) { &TALKS[..] } else { &LETTERS[..] };
        let found = (self.start..self.end)
            .filter(|n| self.is(*n, &["with", "to"]) && *n > self.start && (*n < left || *n < at + 12))
            .find(|n| {
                let near = (self.start..*n).rev().take(4).any(|k| {
                    self.is(k, words(*n))
                        && (k + 1 == *n
                            || self.page.date_at[k + 1].is_some()
                            || self.is(k + 1, &["on", "in", "yesterday"]))
                });
                let lead = (self.start..*n)
                    .rev()
                    .take(7)
                    .any(|k| self.is(k, &["in", "during", "at", "speaking", "over"]));
                let aside = *n < left || self.token(at + 1).any(&["in", "during", "at"]);
                near && lead && aside
            })?;
        self.page
            .behind(found + 1, self.end, true)
            .map(|one| one.who)
            .filter(|who| !matches!(who, Who::Paper(_)))
    }

    /// The date of the saying: before the verb, or between it and what is said.
    pub(crate) fn day(&self, at: usize, content: usize) -> Option<usize> {
        let before = (self.start..at).rev().find_map(|n| self.page.date_at[n]);
        let behind = (at..content.min(self.end)).find_map(|n| self.page.date_at[n]);
        let opening = before.filter(|n| {
            let from = self.page.dates[*n].from;
            // Of what came before only a date that opens the sentence or stands by the subject; not one in another clause.
            !(from..at).any(|k| self.token(k).any(&["that", ";"]))
        });
        behind.or(opening)
    }

    /// Whether a clause begins at `at`: a phrase, then an auxiliary or the like.
    pub(crate) fn is_clause(&self, at: usize) -> bool {
        (at..(at + 14).min(self.end)).take_while(|n| !self.token(*n).any(&[",", ";", ":"])).any(|n| {
            n > at
                && (matches!(self.token(n).sort, Sort::Auxiliary | Sort::Modal)
                    || self.token(n).low.ends_with("ed")
                        && self.token(n).sort == Sort::Common
                        && !self.token(n - 1).sort.eq(&Sort::Determiner))
        })
    }

    /// "expressed to me his conviction that"
    pub(crate) fn expressed(&self, after: usize) -> bool {
        (after..(after + 4).min(self.end)).any(|n| {
            self.is(
                n,
                &[
                    "conviction",
                    "concern",
                    "concerns",
                    "doubt",
                    "doubts",
                    "hope",
                    "fear",
                    "view",
                    "opinion",
                    "belief",
                    "confidence",
                    "surprise",
                    "regret",
                    "interest",
                    "dissatisfaction",
                ],
            )
        })
    }

    /// "LAYTON ESTIMATES ATTACK ON 4 JUNE": somebody named holds something to be so, without a clause.
    pub(crate) fn holds(&self, at: usize, speakers: &[Found]) -> bool {
        let named = speakers.iter().any(
            |one| matches!(&one.who, Who::Named(n, _) if self.page.names[*n].kind == EntityKind::Person),
        );
        let next = at + 1 < self.end
            && self.token(at + 1).is_word()
            && !matches!(
                self.token(at + 1).sort,
                Sort::Preposition | Sort::Auxiliary | Sort::Conjunction | Sort::Adverb
            );
        named && next && !self.is(at + 1, &["this", "it", "him", "her", "them"])
    }
}
