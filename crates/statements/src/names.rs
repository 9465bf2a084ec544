//! Names in prose: persons with their titles, bodies, places, countries, units, ships, weapons, operations, cryptonyms, figures.
//!
//! In: prose, a gazetteer, the dates that were found. Out: runs of tokens with kind, name, role and grounds, none overlapping
//! another. Invariant: a run without a ground is no name: of an unknown capital word alone nothing is said. Two passes: what is sure
//! first (gazetteer, title, given name, head of a body), then what stands alone but is named in full elsewhere on the sheet.
//! Method: rules over capitals, own word lists and neighbours, as in the rule-based systems of MUC-7 (Mikheev, Moens and Grover,
//! 1999, "Named entity recognition without gazetteers": sure-fire rules first, then partial matches); no trained weights.

use model::{EntityKind, Form};

use crate::dates::Timed;
use crate::elsewhere::{acronyms, alone, genders, renamed};
use crate::gazetteer::Gazetteer;
use crate::lexicon::{self, Sort};
use crate::persons::{COMMON_GIVEN, clean_role};
use crate::text::{Case, Prose, Sentence, Token};
use crate::{bodies, figures};

/// A name in the text.
#[derive(Clone, Debug)]
pub(crate) struct Name {
    /// The first token of the name.
    pub from: usize,
    /// Behind its last one.
    pub to: usize,
    /// Where title or role begins; `from` if there is none.
    pub role_from: usize,
    pub kind: EntityKind,
    pub form: Form,
    pub name: String,
    pub role: Option<String>,
    /// A woman, a man, or not known.
    pub woman: Option<bool>,
    pub grounds: Vec<&'static str>,
}

impl Name {
    pub(crate) fn new(prose: &Prose, from: usize, to: usize, kind: EntityKind, ground: &'static str) -> Self {
        let name = clean(&prose.words(from, to));
        Self {
            from,
            to,
            role_from: from,
            kind,
            form: Form::Name,
            name,
            role: None,
            woman: None,
            grounds: vec![ground],
        }
    }
}

fn clean(name: &str) -> String {
    name.trim_matches(|c: char| {
        !c.is_alphanumeric() && !matches!(c, '.' | ')' | '(' | '$' | '€' | '£' | '+' | '"')
    })
    .replace("’", "'")
}

/// Names of a text, in its order.
pub(crate) fn names(prose: &Prose, gazetteer: &Gazetteer, dates: &[Timed]) -> Vec<Name> {
    let mut taken = vec![false; prose.tokens.len()];
    for date in dates {
        taken[date.from..date.to].iter_mut().for_each(|one| *one = true);
    }
    let mut found = Vec::new();
    for sentence in &prose.sentences {
        let reader = Reader { prose, gazetteer, sentence, end: sentence.tokens.end };
        let mut at = sentence.tokens.start;
        while at < sentence.tokens.end {
            let name = (!taken[at]).then(|| reader.name(at, &taken)).flatten();
            at = match name {
                Some(name) => {
                    let next = name.to.max(at + 1);
                    taken[name.from..name.to].iter_mut().for_each(|one| *one = true);
                    found.push(name);
                    next
                }
                None => at + 1,
            };
        }
    }
    renamed(prose, &mut found);
    found.extend(alone(prose, &found, &taken));
    found.sort_by_key(|name| name.from);
    acronyms(prose, &mut found);
    genders(prose, &mut found);
    found
}

/// Looks for a name at one token of a sentence.
pub(crate) struct Reader<'a> {
    pub prose: &'a Prose,
    pub gazetteer: &'a Gazetteer,
    pub sentence: &'a Sentence,
    pub end: usize,
}

impl Reader<'_> {
    pub(crate) fn token(&self, at: usize) -> Option<&Token> {
        self.prose.tokens.get(at).filter(|_| at < self.end)
    }

    fn name(&self, at: usize, taken: &[bool]) -> Option<Name> {
        let tokens = &self.prose.tokens;
        if let Some((kind, to)) = figures::figure(tokens, at, self.end) {
            let mut name = Name::new(self.prose, at, to, kind, "form");
            // A number is what stands there, not words with spaces between them.
            let span = self.prose.span(at, to);
            name.name = self.prose.slice(span.start as usize, (span.start + span.length) as usize);
            return Some(name);
        }
        if let Some((from, to)) = figures::numbered(tokens, at, self.end) {
            return Some(Name::new(self.prose, from, to, EntityKind::Identifier, "word before it"));
        }
        if !tokens[at].is_word() {
            return None;
        }
        self.ship(at)
            .or_else(|| self.operation(at))
            .or_else(|| self.known(at, 2))
            .or_else(|| bodies::unit(self.prose, at, self.end, self.sentence.capitals))
            .or_else(|| bodies::body(self.prose, self.gazetteer, at, self.end, self.sentence.capitals, taken))
            .or_else(|| self.person(at, taken))
            .or_else(|| self.known(at, 1))
            .or_else(|| self.weapon(at))
            .or_else(|| self.place(at))
            .or_else(|| self.unknown(at, taken))
    }

    /// A name of the gazetteer, of so many words at least.
    fn known(&self, at: usize, least: usize) -> Option<Name> {
        let end = self.end.min(at + 10);
        let (known, count) = self.gazetteer.at(&self.prose.tokens[at..end], self.sentence.capitals)?;
        let own = known.own && known.kind != EntityKind::Person;
        if count < least && !own {
            return None;
        }
        let single = count == 1 && !known.own;
        if single && known.kind == EntityKind::Place && self.is_surname_here(at) {
            return None;
        }
        let mut name = Name::new(
            self.prose,
            at,
            at + count,
            known.kind,
            if known.own { "own gazetteer" } else { "gazetteer" },
        );
        name.form = known.form;
        let next = self.token(at + count);
        let noun = next.is_some_and(|next| {
            matches!(next.sort, Sort::Common) && !lexicon::is_speech(&next.low)
                || next.sort == Sort::Odd && next.is_capital()
        });
        if known.kind == EntityKind::Country
            && count == 1
            && noun
            && matches!(self.prose.tokens[at].text.as_str(), "US" | "U.S." | "UK" | "U.K." | "USA")
        {
            name.form = Form::Adjective;
        }
        // "Moscow Oblast", "Guantanamo Bay" as places of their own.
        let next = self.token(at + count);
        let headed = next.is_some_and(|next| {
            next.is_capital() && lexicon::is_place_head(&next.low) && !self.sentence.capitals
        });
        if headed && known.kind == EntityKind::Place && !self.prose.tokens[at + count - 1].owns {
            name.to += 1;
            name.name = clean(&self.prose.words(name.from, name.to));
        }
        Some(name)
    }

    /// Whether a place's name is somebody's surname here: a title or given name stands before it.
    fn is_surname_here(&self, at: usize) -> bool {
        let before =
            at.checked_sub(1).filter(|n| *n >= self.sentence.tokens.start).map(|n| &self.prose.tokens[n]);
        before.is_some_and(|before| {
            before.is_capital()
                && !before.owns
                && (lexicon::is_title(&before.low) || lexicon::given(&before.low).is_some())
        })
    }

    fn ship(&self, at: usize) -> Option<Name> {
        let token = &self.prose.tokens[at];
        let prefix = matches!(
            token.text.as_str(),
            "USS" | "HMS" | "USNS" | "HMCS" | "HMAS" | "SS" | "MV" | "M/V" | "RFS" | "USCGC" | "MT" | "RFA"
        );
        const SORTS: [&str; 16] = [
            "cruiser",
            "destroyer",
            "frigate",
            "submarine",
            "tanker",
            "freighter",
            "vessel",
            "trawler",
            "corvette",
            "steamer",
            "battleship",
            "carrier",
            "minesweeper",
            "yacht",
            "ferry",
            "ship",
        ];
        let sort = token.any(&SORTS) && token.case == Case::Lower && !self.sentence.capitals;
        if !prefix && !sort {
            return None;
        }
        let mut to = at + 1;
        while to < at + 4
            && self.token(to).is_some_and(|t| {
                t.is_capital()
                    && !t.sort.is_closed()
                    && (!self.sentence.capitals || to == at + 1 || t.sort == Sort::Odd)
            })
        {
            to += 1;
        }
        let from = if prefix { at } else { at + 1 };
        let letters = self.prose.tokens[at + 1..to]
            .iter()
            .all(|token| token.text.chars().filter(|c| c.is_alphabetic()).count() > 2);
        let single = !letters
            || to == at + 2
                && self
                    .gazetteer
                    .at(&self.prose.tokens[at + 1..to], false)
                    .is_some_and(|(known, _)| known.form == Form::Adjective);
        (to > at + 1 && !single).then(|| Name::new(self.prose, from, to, EntityKind::Ship, "word before it"))
    }

    fn operation(&self, at: usize) -> Option<Name> {
        let token = &self.prose.tokens[at];
        let word = token.any(&["operation", "project", "exercise"]) && token.is_capital();
        let coded = token.any(&["code-named", "codenamed", "codename", "cryptonym", "crypt"]);
        let mut next = at + 1;
        while coded && self.token(next).is_some_and(|t| t.is_quote() || t.is("is")) {
            next += 1;
        }
        let name = self.token(next)?;
        if coded && name.is_capital() && !name.sort.is_closed() {
            return Some(Name::new(self.prose, next, next + 1, EntityKind::CodeName, "word before it"));
        }
        let named =
            name.is_capital() && name.is_word() && !name.sort.is_closed() && !lexicon::is_title(&name.low);
        if !word || !named || self.sentence.capitals && name.sort != Sort::Odd {
            return None;
        }
        let mut to = next + 1;
        while to < next + 3
            && self.token(to).is_some_and(|t| t.is_capital() && t.case == name.case && !t.sort.is_closed())
        {
            to += 1;
        }
        Some(Name::new(self.prose, at, to, EntityKind::Operation, "word before it"))
    }

    fn weapon(&self, at: usize) -> Option<Name> {
        let token = &self.prose.tokens[at];
        let digits = token.text.chars().any(|c| c.is_ascii_digit());
        let named = token.is_capital() && !self.sentence.capitals && at > self.sentence.tokens.start;
        (lexicon::is_weapon(&token.low) && (digits && token.is_capital() || named))
            .then(|| Name::new(self.prose, at, at + 1, EntityKind::Weapon, "gazetteer"))
    }

    /// Capital words before "River", "Province", "Strait", or behind "Lake", "Mount".
    fn place(&self, at: usize) -> Option<Name> {
        if self.sentence.capitals || !self.is_namelike(at) {
            return None;
        }
        let mut to = at;
        while to < at + 4
            && self.token(to).is_some_and(|t| t.is_capital() && !t.sort.is_closed() && t.is_word() && !t.owns)
        {
            to += 1;
            let head = &self.prose.tokens[to - 1];
            if to > at + 1 && lexicon::is_place_head(&head.low) && head.is_capital() {
                return Some(Name::new(self.prose, at, to, EntityKind::Place, "head of a place"));
            }
        }
        None
    }

    /// Whether the token at `at` can be part of a name of a person.
    pub(crate) fn is_namelike(&self, at: usize) -> bool {
        let Some(token) = self.token(at) else { return false };
        namelike(token, self.sentence.capitals)
    }

    /// Capital words that nothing tells of, by what stands beside them.
    fn unknown(&self, at: usize, taken: &[bool]) -> Option<Name> {
        let token = &self.prose.tokens[at];
        let list = !self.sentence.prose && self.sentence.tokens.len() > 3 && !self.heads();
        if taken[at] || !token.is_capital() || !token.is_word() || token.sort.is_closed() || list {
            return None;
        }
        if self.sentence.capitals {
            return self.unknown_in_capitals(at, taken);
        }
        if token.case == Case::Upper && token.text.chars().count() > 1 {
            return self.upper(at, taken);
        }
        if token.sort != Sort::Odd || token.case == Case::Initial && !token.text.ends_with('.') {
            return None;
        }
        let to = self.extent(at, taken, false);
        if let Some(start) = self.given_in(at, to) {
            let to = self.extent(start, taken, true);
            let mut name = Name::new(self.prose, start, to, EntityKind::Person, "given name");
            name.role_from = at;
            name.role = Some(clean_role(&self.prose.words(at, start)));
            name.woman = lexicon::given(&self.prose.tokens[start].low);
            return Some(name);
        }
        let (kind, ground) = self.beside(at, to)?;
        Some(Name::new(self.prose, at, to, kind, ground))
    }

    /// What an unknown run of capital words is, by what stands before and behind it.
    fn beside(&self, at: usize, to: usize) -> Option<(EntityKind, &'static str)> {
        let token = &self.prose.tokens[at];
        let next = self.token(to);
        let before =
            at.checked_sub(1).filter(|n| *n >= self.sentence.tokens.start).map(|n| &self.prose.tokens[n]);
        if next.is_some_and(|t| t.is_capital() && t.sort == Sort::Common && t.is_word())
            && !self.prose.tokens[to - 1].owns
            && to == at + 1
        {
            return None;
        }
        let speaks = self.speaks(to)
            || before.is_some_and(|b| {
                lexicon::verb(&b.low).is_some_and(|v| v.has('T') || v.has('t') || v.has('i'))
                    || b.any(&["who", "whom"])
            });
        let placed = before.is_some_and(|b| {
            b.any(&["in", "at", "near", "from", "into", "outside", "around", "towards", "toward", "to"])
        });
        let lead =
            at.checked_sub(2).filter(|n| *n >= self.sentence.tokens.start).map(|n| &self.prose.tokens[n]);
        let moved = before.is_some_and(|b| b.any(&["from", "to", "for", "through"]))
            && lead.is_some_and(|lead| MOTIONS.iter().any(|stem| lead.low.starts_with(stem)));
        let met = before.is_some_and(|b| b.is("with"))
            && lead.is_some_and(|lead| {
                lead.any(&[
                    "conversation",
                    "conversations",
                    "meeting",
                    "talk",
                    "talks",
                    "dinner",
                    "lunch",
                    "met",
                    "spoke",
                    "call",
                    "interview",
                    "discussion",
                    "discussions",
                ])
            });
        let words = to - at;
        Some(if words >= 2 {
            if !self.sentence.prose && !self.heads() || before.is_some_and(|b| b.is("the")) {
                return None;
            }
            (EntityKind::Person, "two names")
        } else if speaks && !before.is_some_and(|b| b.is("the")) {
            (EntityKind::Person, "speaks")
        } else if met {
            (EntityKind::Person, "word before it")
        } else if moved || placed && !before.is_some_and(|b| b.any(&["from", "to"])) {
            (EntityKind::Place, "word before it")
        } else if lexicon::is_surname(&token.low) && !before.is_some_and(|b| b.is("the")) {
            (EntityKind::Person, "surname")
        } else {
            return None;
        })
    }

    /// Whether the sentence is a line of a head ("FROM: …").
    fn heads(&self) -> bool {
        self.prose.tokens.get(self.sentence.tokens.start + 1).is_some_and(|token| token.is(":"))
    }

    /// Whether a verb of saying or doing of persons follows.
    fn speaks(&self, at: usize) -> bool {
        let mut next = at;
        while self.token(next).is_some_and(|t| t.sort == Sort::Adverb || t.any(&["has", "had", "was"])) {
            next += 1;
        }
        self.token(next).is_some_and(|t| lexicon::is_speech(&t.low)) && !self.prose.tokens[at - 1].owns
    }

    fn upper(&self, at: usize, taken: &[bool]) -> Option<Name> {
        let token = &self.prose.tokens[at];
        let letters = token.text.chars().filter(|c| c.is_alphabetic()).count();
        let digits = token.text.chars().any(|c| c.is_ascii_digit());
        let before =
            at.checked_sub(1).filter(|n| *n >= self.sentence.tokens.start).map(|n| &self.prose.tokens[n]);
        if NO_NAME.contains(&token.text.as_str()) || token.text.chars().all(|c| "IVXLCM".contains(c)) {
            return None;
        }
        if lexicon::is_surname(&token.low) && !digits {
            let to = self.extent(at, taken, false);
            return Some(Name::new(self.prose, at, to, EntityKind::Person, "surname"));
        }
        if token.sort != Sort::Odd {
            return None;
        }
        let named =
            before.is_some_and(|b| b.case == Case::Title && namelike(b, false) && b.sort == Sort::Odd);
        if cryptonym(&token.text) && !named {
            return Some(Name::new(self.prose, at, at + 1, EntityKind::CodeName, "form"));
        }
        let the = before.is_some_and(|b| b.any(&["the", "of"]));
        if (2..=6).contains(&letters) && !digits && (the || self.speaks(at + 1) || token.owns) {
            return Some(Name::new(self.prose, at, at + 1, EntityKind::Body, "initials"));
        }
        if letters >= 5
            && !digits
            && (self.speaks(at + 1)
                || before.is_some_and(|b| lexicon::verb(&b.low).is_some_and(|v| v.has('T'))))
        {
            return Some(Name::new(self.prose, at, at + 1, EntityKind::Person, "speaks"));
        }
        None
    }

    fn unknown_in_capitals(&self, at: usize, taken: &[bool]) -> Option<Name> {
        let token = &self.prose.tokens[at];
        let to = self.extent(at, taken, false);
        if lexicon::is_surname(&token.low) && !COMMON_GIVEN.contains(&token.low.as_str()) {
            return Some(Name::new(self.prose, at, to, EntityKind::Person, "surname"));
        }
        if token.sort == Sort::Odd && cryptonym(&token.text) {
            return Some(Name::new(self.prose, at, at + 1, EntityKind::CodeName, "form"));
        }
        let letters = token.text.chars().filter(|c| c.is_alphabetic()).count();
        if token.sort == Sort::Odd && letters >= 4 && self.speaks(at + 1) && to == at + 1 {
            return Some(Name::new(self.prose, at, to, EntityKind::Person, "speaks"));
        }
        None
    }
}

/// A CIA cryptonym (two letters of a country or office, then a word) or a word with a number behind it: AMWHIP-1, ODENVY.
pub(crate) fn cryptonym(text: &str) -> bool {
    const DIGRAPHS: [&str; 24] = [
        "AM", "AE", "KU", "LI", "OD", "PB", "ZR", "JM", "WO", "QJ", "BE", "CA", "DB", "DI", "EG", "ES", "FJ",
        "GP", "HT", "IN", "LC", "MK", "SG", "UN",
    ];
    let (word, number) = text.split_once('-').unwrap_or((text, ""));
    let upper = word.chars().all(|c| c.is_ascii_uppercase()) && word.len() >= 5;
    let numbered = !number.is_empty() && number.len() <= 2 && number.chars().all(|c| c.is_ascii_digit());
    let sharp = ["AM", "AE", "KU", "LI", "OD", "PB", "ZR", "JM", "QJ"]
        .iter()
        .any(|digraph| word.starts_with(digraph));
    upper
        && (numbered
            || sharp
                && DIGRAPHS.iter().any(|digraph| word.starts_with(digraph))
                && word.len() <= 8
                && lexicon::given(&word.to_lowercase()).is_none())
}

/// Words in capitals that are no names: of markings, of trades.
pub(crate) const NO_NAME: [&str; 52] = [
    "SECRET",
    "TOP",
    "CONFIDENTIAL",
    "UNCLASSIFIED",
    "NOFORN",
    "ORCON",
    "REL",
    "FVEY",
    "NF",
    "OC",
    "SI",
    "TS",
    "TK",
    "HCS",
    "FISA",
    "RSEN",
    "PROPIN",
    "HUMINT",
    "SIGINT",
    "COMINT",
    "IMINT",
    "OSINT",
    "ELINT",
    "MASINT",
    "DTG",
    "SUBJ",
    "REF",
    "INFO",
    "FM",
    "ROUTINE",
    "PRIORITY",
    "IMMEDIATE",
    "FLASH",
    "COB",
    "DCM",
    "COS",
    "POC",
    "ETA",
    "ASAP",
    "FYI",
    "NB",
    "PM",
    "AM",
    "OK",
    "TV",
    "ID",
    "PS",
    "EDT",
    "EST",
    "GMT",
    "UTC",
    "END",
];

/// Beginnings of words for going somewhere.
const MOTIONS: [&str; 18] = [
    "withdr", "travel", "arriv", "return", "depart", "left", "went", "mov", "flew", "sail", "drove",
    "retreat", "march", "proceed", "deploy", "fled", "flight", "convoy",
];

pub(crate) fn namelike(token: &Token, capitals: bool) -> bool {
    if !token.is_word() || token.sort.is_closed() || token.sort == Sort::Number {
        return false;
    }
    if capitals {
        let name = lexicon::given(&token.low).is_some() || lexicon::is_surname(&token.low);
        return token.case == Case::Initial && token.text.ends_with('.')
            || name
            || token.sort == Sort::Odd && lexicon::verb(&token.low).is_none();
    }
    if !token.is_capital() {
        return false;
    }
    if token.case == Case::Initial {
        return token.text.ends_with('.');
    }
    let head = lexicon::is_body_head(&token.low) || lexicon::is_title(&token.low) && token.sort != Sort::Odd;
    !head && !NO_NAME.contains(&token.text.as_str()) && !cryptonym(&token.text)
}
