//! Persons: title and name, given name and surname, and the other way round.
//!
//! In: a token of a sentence. Out: the name that begins there, its title apart. Invariant: a capital word alone is no person here;
//! a title, a given name or the form of an East Asian name has to stand by it.

use model::{EntityKind, Form};

use crate::lexicon::{self, Sort};
use crate::names::{Name, Reader, namelike};
use crate::text::{Case, Token};

impl Reader<'_> {
    /// A person: title and name, or given name and more.
    pub(crate) fn person(&self, at: usize, taken: &[bool]) -> Option<Name> {
        let title = self.title(at);
        let start = title.unwrap_or(at);
        if let Some(name) = self.titled(at, start, title.is_some(), taken) {
            return Some(name);
        }
        let token = self.token(at)?;
        if let Some(name) = self.surname_first(at, taken) {
            return Some(name);
        }
        let woman = lexicon::given(&token.low)?;
        if !token.is_capital() || token.owns || taken[at] {
            return None;
        }
        let to = self.extent(at, taken, true);
        let more = to > at + 1;
        let next = self.token(at + 1);
        let headed = self.token(to).is_some_and(|t| {
            t.is_capital()
                && !self.sentence.capitals
                && (lexicon::is_body_head(&t.low) || lexicon::is_place_head(&t.low))
                && !self.prose.tokens[to - 1].owns
        });
        let common = COMMON_GIVEN.contains(&token.low.as_str());
        if !more
            || headed
            || common && !next.is_some_and(|next| namelike(next, false) && next.sort == Sort::Odd)
        {
            return None;
        }
        // "Sofia" the city before a capital word that is no name.
        // "J. Edgar Hoover".
        let initial = |n: usize| {
            let token = &self.prose.tokens[n];
            token.case == Case::Initial && token.text.ends_with('.') && !taken[n]
        };
        let mut from = at;
        while from > self.sentence.tokens.start && initial(from - 1) {
            from -= 1;
        }
        let mut name = Name::new(self.prose, from, to, EntityKind::Person, "given name");
        name.woman = Some(woman);
        Some(name)
    }

    /// A surname and a given name of two syllables: "Park Jin-ho", "Chou En-lai".
    pub(crate) fn surname_first(&self, at: usize, taken: &[bool]) -> Option<Name> {
        let (first, second) = (self.token(at)?, self.token(at + 1)?);
        let (one, other) = second.text.split_once('-')?;
        let syllable =
            |text: &str| (2..=6).contains(&text.chars().count()) && text.chars().all(char::is_alphabetic);
        let syllables = syllable(one)
            && syllable(other)
            && one.starts_with(char::is_uppercase)
            && other.chars().all(char::is_lowercase);
        let surname = first.case == Case::Title
            && first.text.chars().count() <= 6
            && !first.sort.is_closed()
            && !first.owns
            && !taken[at];
        let plain = second.sort != Sort::Odd || lexicon::is_title(&first.low);
        (syllables && surname && !plain)
            .then(|| Name::new(self.prose, at, at + 2, EntityKind::Person, SURNAME_FIRST))
    }

    /// A name behind a title; `start` is where the title ends.
    pub(crate) fn titled(&self, at: usize, start: usize, has_title: bool, taken: &[bool]) -> Option<Name> {
        if !has_title {
            return None;
        }
        let first = self.token(start)?;
        let particle = is_particle(&first.low) && self.token(start + 1).is_some_and(Token::is_capital);
        if taken[start]
            || !(first.is_capital() && first.is_word() || particle)
            || first.sort.is_closed() && !particle
        {
            return None;
        }
        let last = &self.prose.tokens[start - 1];
        let word = matches!(
            last.low.trim_end_matches('.'),
            "mr" | "mrs" | "ms" | "miss" | "dr" | "mme" | "sir" | "lady"
        );
        let plain = first.sort == Sort::Common
            && !(self.sentence.capitals && lexicon::is_surname(&first.low) || word);
        let known =
            self.gazetteer.at(&self.prose.tokens[start..self.end.min(start + 6)], self.sentence.capitals);
        let elsewhere = known.is_some_and(|(known, count)| {
            known.form == Form::Adjective
                || known.kind == EntityKind::Body
                || (known.kind == EntityKind::Country || known.kind == EntityKind::Place)
                    && !word
                    && count >= 1
                    && !self
                        .token(start + count)
                        .is_some_and(|t| namelike(t, self.sentence.capitals) && t.sort == Sort::Odd)
                    && !lexicon::is_surname(&first.low)
        });
        let verb =
            lexicon::verb(&first.low).is_some() && self.sentence.capitals && !lexicon::is_surname(&first.low);
        if plain && !self.is_odd_run(start)
            || elsewhere
            || verb
            || lexicon::is_title(&first.low) && !lexicon::is_surname(&first.low) && !word
        {
            return None;
        }
        if self.sentence.capitals && first.sort == Sort::Common && !lexicon::is_surname(&first.low) && !word {
            return None;
        }
        let to = self.extent(start, taken, lexicon::given(&first.low).is_some());
        // "Chief Auditor Felix Eskgarde": what stands before the given name belongs to the title.
        let start = self.given_in(start, to).unwrap_or(start);
        let to = if start > at {
            self.extent(start, taken, lexicon::given(&self.prose.tokens[start].low).is_some())
        } else {
            to
        };
        let first = &self.prose.tokens[start];
        if self
            .token(to)
            .is_some_and(|t| t.is_capital() && !self.sentence.capitals && lexicon::is_body_head(&t.low))
            && !self.prose.tokens[to - 1].owns
        {
            return None;
        }
        let mut name = Name::new(self.prose, start, to, EntityKind::Person, "title");
        name.role_from = self.role_from(at);
        name.role = Some(clean_role(&self.prose.words(name.role_from, start)));
        name.woman = gender(&last.low).or_else(|| lexicon::given(&first.low));
        Some(name)
    }

    /// In a run of names: where a given name stands behind a word for what somebody is ("Auditor Felix Eskgarde").
    pub(crate) fn given_in(&self, from: usize, to: usize) -> Option<usize> {
        const TAILS: [&str; 12] =
            ["er", "or", "ar", "ist", "ant", "ent", "ian", "man", "ary", "eer", "ess", "ate"];
        let first = self.token(from)?;
        let role = lexicon::given(&first.low).is_none()
            && first.text.chars().count() > 4
            && TAILS.iter().any(|tail| first.low.ends_with(tail));
        let start = from + 1;
        let given =
            start + 1 < to && self.token(start).is_some_and(|token| lexicon::given(&token.low).is_some());
        (role && given && !first.owns).then_some(start)
    }

    /// Whether a common word begins a run in which a word is odd: "Captain Young Tolliver".
    pub(crate) fn is_odd_run(&self, at: usize) -> bool {
        self.token(at + 1).is_some_and(|t| {
            namelike(t, self.sentence.capitals) && t.sort == Sort::Odd && !self.prose.tokens[at].owns
        })
    }

    /// Behind the name that begins at `from`.
    pub(crate) fn extent(&self, from: usize, taken: &[bool], given: bool) -> usize {
        let mut to = from;
        let mut words = 0;
        while to < self.end && words < 5 && !taken[to] {
            let token = &self.prose.tokens[to];
            if to > from && is_particle(&token.low) && token.case != Case::Title && words > 0 {
                let mut next = to;
                while self.token(next).is_some_and(|t| is_particle(&t.low)) {
                    next += 1;
                }
                let lower = self.prose.tokens[to].case == Case::Lower || self.sentence.capitals;
                if lower
                    && self.is_namelike(next)
                    && (next - to > 1
                        || !matches!(token.low.as_str(), "y" | "e" | "la" | "al")
                        || self.prose.tokens[next].sort == Sort::Odd)
                {
                    to = next + 1;
                    words += 1;
                    if self.prose.tokens[to - 1].owns {
                        break;
                    }
                    continue;
                }
                break;
            }
            let first = to == from;
            if !self.is_namelike(to) && !(first && (token.is_capital() || is_particle(&token.low))) {
                break;
            }
            if words > 0 && token.text.ends_with('.') && token.text.len() > 3 {
                break;
            }
            let surname = given && words == 1 || self.sentence.capitals || lexicon::is_surname(&token.low);
            if !first && (token.sort == Sort::Common && !surname || self.breaks(to)) {
                break;
            }
            to += 1;
            words += 1;
            if token.owns {
                break;
            }
        }
        to.max(from + 1)
    }

    /// Whether a new name begins at `at`, which stands behind a part of a name.
    pub(crate) fn breaks(&self, at: usize) -> bool {
        let known = self.gazetteer.at(&self.prose.tokens[at..self.end.min(at + 6)], self.sentence.capitals);
        let token = &self.prose.tokens[at];
        let other = known.is_some_and(|(known, count)| {
            count > 1
                || known.form == Form::Adjective
                || self.sentence.capitals && known.kind != EntityKind::Place
        });
        other || self.sentence.capitals && lexicon::verb(&token.low).is_some()
    }

    /// Behind the title that begins at `at`.
    pub(crate) fn title(&self, at: usize) -> Option<usize> {
        let first = self.token(at)?;
        if !first.is_capital() && !matches!(first.low.as_str(), "gen" | "col" | "lt") || first.owns {
            return None;
        }
        let mut to = at;
        let mut end = None;
        while to < self.end && to < at + 7 {
            let token = &self.prose.tokens[to];
            if token.owns
                || lexicon::given(&token.low).is_some() && end.is_some() && !lexicon::is_title(&token.low)
            {
                break;
            }
            if token.is_capital() && lexicon::is_title(&token.low) {
                to += 1;
                end = Some(to);
                let of = self.token(to).is_some_and(|t| t.is("of"));
                let what = self.token(to + 1);
                if of
                    && what.is_some_and(|t| {
                        t.is_capital()
                            && matches!(
                                t.low.as_str(),
                                "staff"
                                    | "state"
                                    | "defense"
                                    | "defence"
                                    | "mission"
                                    | "government"
                                    | "station"
                                    | "police"
                                    | "war"
                                    | "interior"
                                    | "agriculture"
                                    | "finance"
                                    | "justice"
                                    | "foreign"
                                    | "naval"
                                    | "operations"
                            )
                    })
                {
                    to += 2;
                    while self.token(to).is_some_and(|t| {
                        t.is_capital() && t.sort == Sort::Common && !lexicon::is_title(&t.low)
                    }) {
                        to += 1;
                    }
                    end = Some(to);
                }
                continue;
            }
            let verb = self.sentence.capitals && lexicon::verb(&token.low).is_some();
            let qualifies = token.is_capital() && token.sort == Sort::Common && !verb
                || token.is("and") && end.is_none() && to > at;
            if !qualifies {
                break;
            }
            to += 1;
        }
        // "Admiral King that": a title that is a surname, with no other name behind it.
        let Some(last) = end.filter(|end| *end > at + 1).map(|end| end - 1) else { return end };
        let surname = lexicon::is_surname(&self.prose.tokens[last].low)
            && lexicon::is_title(&self.prose.tokens[last - 1].low);
        if surname && !self.is_namelike(last + 1) { Some(last) } else { end }
    }

    /// The beginning of a role before a title: adjectives of countries and words of everyday, as far as the article.
    pub(crate) fn role_from(&self, at: usize) -> usize {
        let mut from = at;
        while from > self.sentence.tokens.start && at - from < 4 {
            let before = &self.prose.tokens[from - 1];
            let adjective = self
                .gazetteer
                .at(&self.prose.tokens[from - 1..from], self.sentence.capitals)
                .is_some_and(|(known, _)| known.form == Form::Adjective);
            let word = before.sort == Sort::Common
                && before.is_capital()
                && !self.sentence.capitals
                && from - 1 > self.sentence.tokens.start
                && !lexicon::is_body_head(&before.low)
                && lexicon::verb(&before.low).is_none();
            let former = before.any(&[
                "former",
                "then",
                "acting",
                "deputy",
                "retired",
                "late",
                "ex",
                "senior",
                "state",
                "police",
                "detective",
                "vice",
                "prime",
                "foreign",
                "defence",
                "defense",
                "interior",
                "finance",
            ]) && !before.is_capital();
            if !(adjective || word || former) || before.owns {
                break;
            }
            from -= 1;
        }
        from
    }
}

/// Given names that are words of everyday.
pub(crate) const COMMON_GIVEN: [&str; 20] = [
    "mark", "bill", "frank", "will", "grant", "rose", "may", "june", "april", "august", "max", "don", "said",
    "king", "dean", "grace", "hope", "joy", "pat", "art",
];

pub(crate) fn is_particle(low: &str) -> bool {
    matches!(
        low,
        "van"
            | "der"
            | "den"
            | "von"
            | "de"
            | "del"
            | "della"
            | "da"
            | "dos"
            | "du"
            | "la"
            | "le"
            | "bin"
            | "ibn"
            | "abu"
            | "al"
            | "el"
            | "ben"
            | "y"
            | "ter"
            | "ten"
            | "zu"
            | "di"
            | "af"
            | "e"
    )
}

pub(crate) fn gender(title: &str) -> Option<bool> {
    match title.trim_end_matches('.') {
        "mr" | "sir" | "lord" | "king" | "herr" | "monsieur" | "señor" | "senor" | "don" | "congressman"
        | "father" | "prince" | "earl" => Some(false),
        "mrs" | "ms" | "miss" | "lady" | "dame" | "queen" | "mme" | "frau" | "madame" | "señora"
        | "senora" | "princess" | "congresswoman" | "sister" => Some(true),
        _ => None,
    }
}

pub(crate) fn clean_role(role: &str) -> String {
    role.trim_matches(|c: char| c == ',' || c.is_whitespace()).to_owned()
}

pub(crate) const SURNAME_FIRST: &str = "surname first";
