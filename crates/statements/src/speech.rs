//! Statements: verbs of saying, who stands before and behind them, what is said.
//!
//! In: prose with names and dates. Out: statements with their parties as the text has them. Invariant: a statement has a verb in
//! the text and somebody who speaks or is spoken to; where the subject of the verb is not found, it is left open. Left out: what
//! is only to be said ("will tell"), what was not said ("did not say"), and words for saying that are nouns.

use model::{EntityKind, Saying};

use crate::lexicon::{self, Sort, Tense, Verb};
use crate::parties::{Found, Page, Who};
use crate::text::{Sentence, Token};

/// A statement before it is known who is meant.
#[derive(Clone, Debug)]
pub(crate) struct Said {
    pub sentence: usize,
    pub verb: usize,
    pub saying: Saying,
    pub speaker: Option<Who>,
    pub addressee: Option<Who>,
    /// What is said: the first token and behind the last one.
    pub content: (usize, usize),
    pub quoted: bool,
    pub source: Option<String>,
    /// The day it was said: a date's number.
    pub date: Option<usize>,
}

/// All statements of a text.
pub(crate) fn statements(page: &Page) -> Vec<Said> {
    let mut all = Vec::new();
    for (n, sentence) in page.prose.sentences.iter().enumerate() {
        let mut said = Vec::new();
        let reader =
            Reader { page, number: n, sentence, start: sentence.tokens.start, end: body_end(page, sentence) };
        for at in sentence.tokens.clone() {
            if page.name_at[at].is_some_and(|n| page.names[n].from <= at) || page.date_at[at].is_some() {
                continue;
            }
            if let Some(one) = reader.at(at, &said) {
                said.extend(one);
            }
        }
        reader.accordingly(&mut said);
        all.extend(said);
    }
    all
}

/// Behind the last token that is not a closing stop.
fn body_end(page: &Page, sentence: &Sentence) -> usize {
    let mut end = sentence.tokens.end;
    while end > sentence.tokens.start + 1
        && (matches!(page.token(end - 1).text.as_str(), "." | "!" | "?") || page.token(end - 1).is_quote())
    {
        end -= 1;
    }
    end
}

pub(crate) struct Reader<'a> {
    pub page: &'a Page<'a>,
    pub number: usize,
    pub sentence: &'a Sentence,
    pub start: usize,
    pub end: usize,
}

/// The subject of a verb as it was looked for.
enum Subject {
    Is(Vec<Found>),
    /// The one of an earlier verb of the sentence.
    Same,
    Unknown,
}

impl Reader<'_> {
    pub(crate) fn token(&self, at: usize) -> &Token {
        self.page.token(at)
    }

    pub(crate) fn is(&self, at: usize, words: &[&str]) -> bool {
        at < self.sentence.tokens.end && self.token(at).any(words)
    }

    fn at(&self, at: usize, earlier: &[Said]) -> Option<Vec<Said>> {
        let verb = lexicon::verb(&self.token(at).low)?;
        let left = self.left(at);
        if self.unreal(at, left, verb) {
            return None;
        }
        let be = (left..at).any(|n| self.token(n).any(&["is", "are", "was", "were", "be", "been", "being"]));
        let participle = verb.tense == Tense::Participle || verb.tense == Tense::Past;
        if be && participle {
            return self.passive(at, left, verb);
        }
        if self.is(at.wrapping_sub(1), &["as"]) && at > self.start && participle && self.is(at + 1, &["by"]) {
            return self.passive(at, left, verb);
        }
        if verb.tense == Tense::Going {
            return self.going(at, left, verb, earlier);
        }
        if verb.tense == Tense::Participle && !(left..at).any(|n| self.token(n).any(&["has", "have", "had"]))
        {
            return None;
        }
        self.active(at, left, verb, earlier)
    }

    /// The first token of the verb's group: auxiliaries and adverbs before it.
    fn left(&self, at: usize) -> usize {
        let mut left = at;
        while left > self.start {
            let token = self.token(left - 1);
            let group = matches!(token.sort, Sort::Auxiliary | Sort::Modal)
                || token.sort == Sort::Adverb && self.page.date_at[left - 1].is_none();
            let in_turn = token.is("turn") && left > self.start + 1 && self.is(left - 2, &["in"]);
            let to = token.is("to") && left == at;
            if in_turn {
                left -= 2;
            } else if group || to {
                left -= 1;
            } else {
                break;
            }
        }
        left
    }

    /// What is only to be said, or was not said, or is a noun.
    fn unreal(&self, at: usize, left: usize, verb: &Verb) -> bool {
        let group = &self.page.prose.tokens[left..at];
        if group.iter().any(|token| {
            token.sort == Sort::Modal
                || token.any(&["not", "never", "to", "hardly", "scarcely"])
                || token.low.ends_with("n't")
        }) {
            return true;
        }
        let before = left.checked_sub(1).filter(|n| *n >= self.start).map(|n| self.token(n));
        if before.is_some_and(|before| {
            before.any(&["neither", "nor", "nobody", "none", "to"]) && !before.is("none")
        }) {
            return true;
        }
        let noun = before.is_some_and(|token| {
            token.sort == Sort::Determiner && !token.any(&["this", "that", "all", "both"])
                || token.sort == Sort::Preposition && !token.any(&["as", "on", "in", "out"])
        });
        if left == at && noun && (matches!(verb.tense, Tense::Base | Tense::Third) || !verb.has('T')) {
            return true;
        }
        let next = (at + 1 < self.end).then(|| self.token(at + 1));
        if matches!(verb.tense, Tense::Base | Tense::Third) {
            let verbal = next.is_some_and(|next| {
                matches!(next.sort, Sort::Auxiliary | Sort::Modal)
                    || next.any(&["of", "from", "by", "and", "or"])
                    || lexicon::verb(&next.low).is_some_and(|v| v.tense == Tense::Past)
            });
            return verbal && !(self.sentence.capitals && next.is_some_and(|next| next.any(&["and"])));
        }
        false
    }

    fn active(&self, at: usize, left: usize, verb: &Verb, earlier: &[Said]) -> Option<Vec<Said>> {
        if let Some(found) = self.inverted(at, left, verb) {
            return Some(found);
        }
        let subject = self.subject(left, earlier);
        if verb.saying == Saying::Assessed
            && let Subject::Is(found) = &subject
            && found.iter().any(|one| {
                one.from > self.start && self.is(one.from - 1, &["if", "whether", "unless", "until"])
            })
        {
            return None;
        }
        let speakers = match subject {
            Subject::Is(found) => found,
            Subject::Same => {
                let found = self.same(left, earlier)?;
                return self.made(at, left, verb, &[found]);
            }
            Subject::Unknown => return None,
        };
        if verb.tense == Tense::Base
            && !speakers.iter().any(|one| self.is_many(&one.who))
            && speakers.len() < 2
        {
            return None;
        }
        self.made(at, left, verb, &speakers)
    }

    /// Whether a subject takes a verb without "s".
    fn is_many(&self, who: &Who) -> bool {
        match who {
            Who::Pronoun(at) => self.token(*at).any(&["we", "i", "they", "who"]),
            Who::Named(n, _) => self.page.names[*n].kind == EntityKind::Body,
            Who::Described(words) | Who::Paper(words) => {
                let head = words.split(" at ").next().unwrap_or(words).split(" of ").next().unwrap_or(words);
                head.ends_with('s') || head.ends_with("men")
            }
        }
    }

    fn subject(&self, left: usize, earlier: &[Said]) -> Subject {
        if left <= self.start {
            return Subject::Unknown;
        }
        let before = self.token(left - 1);
        if before.any(&["and", "but", "or", "then"])
            || before.is(",") && left >= self.start + 2 && self.is(left - 2, &["and", "but"])
        {
            return Subject::Same;
        }
        if before.any(&["who", "which", "that"]) {
            let comma = usize::from(left >= self.start + 2 && self.token(left - 2).is(","));
            let found = self.page.antecedent(self.start, left - 1 - comma);
            return found.map_or(Subject::Unknown, |found| Subject::Is(vec![found]));
        }
        if before.is(",") {
            let mut close = left - 1;
            while let Some(open) = self.opening(close) {
                // "X, a member of Y, who had Z, said": clauses that describe X are passed over.
                let aside = open > self.start
                    && self.opening(open).is_some_and(|before| self.describes(before + 1, open));
                if aside {
                    close = open;
                    continue;
                }
                if let Some(found) = self.page.before(self.start, open) {
                    let found = self.named_aside(&found, open, close).unwrap_or(found);
                    return Subject::Is(self.with_others(found));
                }
                break;
            }
            // "X met Y, told him that": the first one of the sentence.
            return if earlier.is_empty() { Subject::Unknown } else { Subject::Same };
        }
        match self.page.before(self.start, left) {
            Some(found) => Subject::Is(self.with_others(found)),
            None => Subject::Unknown,
        }
    }

    /// Whether what stands from `from` to `to` describes somebody before it.
    fn describes(&self, from: usize, to: usize) -> bool {
        let first = self.token(from);
        let clause = first.any(&["who", "which", "whose", "a", "an", "formerly", "then", "now"]);
        let named = self.page.name_at[from].is_some_and(|n| self.page.names[n].kind == EntityKind::Person);
        let title = first.is_capital() && !named && (from..to).any(|n| lexicon::is_title(&self.token(n).low));
        let person = self.page.before(self.start, from - 1).is_some_and(
            |found| matches!(&found.who, Who::Named(n, _) if self.page.names[*n].kind == EntityKind::Person),
        );
        clause || title && person
    }

    /// "Its chairman, X, told": who is described before the comma is named behind it.
    fn named_aside(&self, found: &Found, open: usize, close: usize) -> Option<Found> {
        let Who::Described(words) = &found.who else { return None };
        let inner = self.page.before(open + 1, close).filter(|inner| inner.from == open + 1)?;
        match inner.who {
            Who::Named(n, role) if self.page.names[n].kind == EntityKind::Person => {
                let who = Who::Named(n, role.or_else(|| Some(words.clone())));
                Some(Found { who, from: found.from, to: found.to })
            }
            _ => None,
        }
    }

    /// The comma that opens what the comma at `close` closes.
    fn opening(&self, close: usize) -> Option<usize> {
        (self.start + 1..close)
            .rev()
            .take(30)
            .find(|n| self.token(*n).is(",") && self.page.date_at[*n].is_none())
    }

    /// "X and Y told": the others before the last one, where the list begins its clause.
    fn with_others(&self, last: Found) -> Vec<Found> {
        let mut all = vec![last];
        while all.len() < 3 {
            let from = all[all.len() - 1].from;
            let and = all.len() == 1;
            let joined = from > self.start + 1
                && (and && self.is(from - 1, &["and"]) || !and && self.token(from - 1).is(","));
            if !joined {
                break;
            }
            let Some(other) = self.page.before(self.start, from - 1) else { break };
            let clear = other.from == self.start
                || self.token(other.from - 1).any(&[",", "that", ";", ":"])
                || self.page.date_at[other.from - 1].is_some();
            let list = !and || clear || self.token(other.from - 1).is(",");
            if !list || !matches!(other.who, Who::Named(..)) {
                break;
            }
            all.push(other);
        }
        if all.len() > 1 {
            let first = &all[all.len() - 1];
            let clear = first.from == self.start
                || self.token(first.from - 1).any(&[",", "that", ";", ":"])
                || self.page.date_at[first.from - 1].is_some();
            if !clear {
                all.truncate(1);
            }
        }
        all.reverse();
        all
    }

    /// The subject of an earlier verb: of the last statement of the sentence, else the first party of the clause.
    fn same(&self, left: usize, earlier: &[Said]) -> Option<Found> {
        if let Some(last) = earlier.iter().rev().find(|said| said.content.0 <= left) {
            let who = last.speaker.clone()?;
            return Some(Found { who, from: self.start, to: self.start });
        }
        self.first_party(left)
    }

    /// The party a sentence begins with, behind a date or the like.
    fn first_party(&self, before: usize) -> Option<Found> {
        let mut at = self.start;
        while at < before {
            let token = self.token(at);
            if self.page.date_at[at].is_some()
                || token.sort == Sort::Adverb
                || token.is(",")
                || !token.is_word()
                || token.sort == Sort::Number
            {
                at += 1;
            } else if token.sort == Sort::Preposition {
                at = (at..before)
                    .find(|n| self.token(*n).is(","))
                    .or_else(|| (at..before).find(|n| self.page.date_at[*n].is_some()))?
                    + 1;
                while at < before && self.page.date_at[at].is_some() {
                    at += 1;
                }
            } else {
                return self.page.behind(at, before, false);
            }
        }
        None
    }

    /// "…," said X.
    fn inverted(&self, at: usize, left: usize, verb: &Verb) -> Option<Vec<Said>> {
        let open = left > self.start
            && (self.token(left - 1).is(",")
                || self.token(left - 1).is_quote()
                || self.token(left - 1).any(&["?", "!"]));
        if !verb.has('i') || !open || left != at {
            return None;
        }
        let found = self.page.behind(at + 1, self.end, false)?;
        let next = found.to;
        let closes = next >= self.end
            || !self.token(next).is_word()
            || self.is(next, &["on", "in", "to", "at", "yesterday", "today"])
            || self.page.date_at[next].is_some();
        if !closes {
            return None;
        }
        let addressee = self.is(next, &["to"]).then(|| self.page.behind(next + 1, self.end, true)).flatten();
        let content = (self.start, left);
        Some(vec![self.put(at, verb, Some(found.who), addressee.map(|one| one.who), content)])
    }

    /// "Y was told by X that", "it was pointed out by X that".
    fn passive(&self, at: usize, left: usize, verb: &Verb) -> Option<Vec<Said>> {
        let mut next = at + 1;
        if self.is(next, &["out"]) {
            next += 1;
        }
        // "is quoted as telling Y" is told at "telling".
        let by = self
            .is(next, &["by"])
            .then(|| {
                self.page
                    .behind(next + 1, self.end, true)
                    .or_else(|| self.page.behind(next + 1, self.end, false))
            })
            .flatten();
        let direct = verb.has('T') || verb.has('t');
        let hearer = if direct && left > self.start { self.page.before(self.start, left) } else { None };
        let after = by.as_ref().map_or(next, |by| by.to);
        let content = self.content(after);
        let says = content.2
            || self.is(after, &["about", "of", "to"])
            || self.page.date_at.get(after).is_some_and(Option::is_some);
        let judged = verb.saying == Saying::Assessed;
        if by.is_none() && (!direct || !content.2 || hearer.is_none())
            || judged && by.is_none()
            || by.is_some() && !says && !direct
        {
            return None;
        }
        let to = self.is(after, &["to"]).then(|| self.page.behind(after + 1, self.end, true)).flatten();
        let to = to.or_else(|| {
            let date = self.skip_when(after);
            self.is(date, &["to"]).then(|| self.page.behind(date + 1, self.end, true)).flatten()
        });
        let addressee = hearer.or(if direct { None } else { to });
        let paper = matches!(by, Some(Found { who: Who::Paper(_), .. }));
        if paper {
            return None;
        }
        Some(vec![self.put(
            at,
            verb,
            by.map(|one| one.who),
            addressee.map(|one| one.who),
            (content.0, content.1),
        )])
    }

    /// "saying that", "is quoted as telling Y".
    fn going(&self, at: usize, left: usize, verb: &Verb, earlier: &[Said]) -> Option<Vec<Said>> {
        if left <= self.start {
            return None;
        }
        let quoted = self.is(left - 1, &["as"])
            && left >= self.start + 2
            && self.is(left - 2, &["quoted", "cited", "described", "reported"]);
        if quoted {
            let group = self.left(left - 2);
            let found = self.page.before(self.start, group)?;
            return self.made(at, left, verb, &[found]);
        }
        let comma = self.token(left - 1).is(",")
            && verb.any_of(&["say", "tell", "add", "warn", "explain", "note", "claim", "insist"]);
        let content = self.content(at + 1);
        if !comma || !(content.2 || verb.has('T')) {
            return None;
        }
        let found = self.same(left, earlier)?;
        self.made(at, left, verb, &[found])
    }

    /// The statements of one verb with these speakers.
    fn made(&self, at: usize, left: usize, verb: &Verb, speakers: &[Found]) -> Option<Vec<Said>> {
        let mut next = at + 1;
        if verb.lemma == "point" {
            if !self.is(next, &["out"]) {
                return None;
            }
            next += 1;
        }
        let (addressee, after) = self.addressee(next, verb);
        let aside = self.aside(at, left);
        let content = if aside { (self.start, self.end, true) } else { self.content(after) };
        let named = speakers.iter().any(|one| !matches!(one.who, Who::Paper(_)));
        let quotes = (at..self.end).any(|n| self.token(n).is_quote());
        let what = content.2 || after < self.end && !self.token(after).is_word() && quotes;
        let clause = what || self.is_clause(content.0);
        let strict = verb.has('c');
        let wants = addressee.is_some()
            && (self.is(after, &["to", "about", "of", "against", "on", "for", "not", "nothing"])
                || self.page.date_at.get(after).is_some_and(Option::is_some));
        let last = self.page.prose.tokens.get(at + 1).is_none_or(|token| !token.is_word())
            || self.is(at + 1, &["this", "it"]);
        let judged = verb.saying == Saying::Assessed;
        let fits = match () {
            () if verb.has('q') => {
                quotes && addressee.is_none() && !self.is(at + 1, &["for", "on", "upon", "a", "up", "off"])
            }
            () if judged => {
                what || self.holds(at, speakers)
                    || clause
                        && speakers.iter().any(|one| !matches!(one.who, Who::Paper(_) | Who::Described(_)))
                    || clause && verb.tense != Tense::Past
            }
            () if strict => {
                what || wants
                    || clause && matches!(verb.saying, Saying::Told | Saying::Claimed)
                    || verb.lemma == "express" && self.expressed(after)
            }
            () if verb.has('T') => addressee.is_some() || what,
            () => {
                addressee.is_some()
                    || what
                    || clause
                    || !last
                    || verb.saying == Saying::Confirmed
                    || verb.saying == Saying::Denied
                    || verb.saying == Saying::Promised
            }
        };
        if !fits || !named {
            return None;
        }
        if verb.has('T') && addressee.is_none() && !what {
            return None;
        }
        if matches!(verb.saying, Saying::Denied | Saying::Confirmed)
            && last
            && !self.is(at + 1, &["this", "it"])
            && content.0 >= self.end
            && left == at
            && !aside
        {
            return None;
        }
        let addressee = addressee.or_else(|| self.met(at, left));
        let rows = speakers.iter().map(|one| {
            let speaker = if matches!(one.who, Who::Paper(_)) { None } else { Some(one.who.clone()) };
            self.put(at, verb, speaker, addressee.clone(), (content.0, content.1))
        });
        Some(rows.collect())
    }

    /// Whether a verb stands aside: "X, he said, had" or at the end behind a comma or quotation.
    fn aside(&self, at: usize, left: usize) -> bool {
        let closed = at + 1 >= self.end || self.token(at + 1).any(&[",", ".", ";"]);
        let subject = self.page.before(self.start, left);
        let opened = subject.is_some_and(|one| {
            one.from > self.start && (self.token(one.from - 1).is(",") || self.token(one.from - 1).is_quote())
        });
        closed && opened
    }

    pub(crate) fn put(
        &self,
        at: usize,
        verb: &Verb,
        speaker: Option<Who>,
        addressee: Option<Who>,
        content: (usize, usize),
    ) -> Said {
        let quoted = (content.0.min(at)..self.sentence.tokens.end.min(content.1.max(at) + 2))
            .any(|n| self.token(n).is_quote());
        Said {
            sentence: self.number,
            verb: at,
            saying: verb.saying,
            speaker,
            addressee,
            content,
            quoted,
            source: None,
            date: self.day(at, content.0),
        }
    }
}

impl Verb {
    fn any_of(&self, lemmas: &[&str]) -> bool {
        lemmas.contains(&self.lemma)
    }
}
