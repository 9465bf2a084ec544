//! Who stands before and behind a verb of saying.
//!
//! In: prose with its names. Out: the party that ends or begins at a token. Invariant: a party is a name, a pronoun, or words for
//! somebody who can speak; of anything else nothing is said.

use model::{EntityKind, Form};

use crate::dates::Timed;
use crate::lexicon::{self, Sort};
use crate::names::Name;
use crate::text::{Case, Prose, Token};

/// Somebody in a sentence, before it is known who is meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Who {
    /// A name, by its number, with words of a role before it.
    Named(usize, Option<String>),
    /// A pronoun, by its token.
    Pronoun(usize),
    /// Words for somebody.
    Described(String),
    /// A paper, not a person: a source.
    Paper(String),
}

/// A party and the tokens it stands on.
#[derive(Clone, Debug)]
pub(crate) struct Found {
    pub who: Who,
    pub from: usize,
    pub to: usize,
}

/// Prose with what was found in it.
pub(crate) struct Page<'a> {
    pub prose: &'a Prose,
    pub names: &'a [Name],
    pub dates: &'a [Timed],
    /// For each token: the name on it.
    pub name_at: Vec<Option<usize>>,
    /// For each token: the date on it.
    pub date_at: Vec<Option<usize>>,
}

impl<'a> Page<'a> {
    pub fn new(prose: &'a Prose, names: &'a [Name], dates: &'a [Timed]) -> Self {
        let mut name_at = vec![None; prose.tokens.len()];
        let mut date_at = vec![None; prose.tokens.len()];
        for (n, name) in names.iter().enumerate() {
            name_at[name.role_from.min(name.from)..name.to].iter_mut().for_each(|at| *at = at.or(Some(n)));
            name_at[name.from..name.to].iter_mut().for_each(|at| *at = Some(n));
        }
        for (n, date) in dates.iter().enumerate() {
            date_at[date.from..date.to].iter_mut().for_each(|at| *at = Some(n));
        }
        Self { prose, names, dates, name_at, date_at }
    }

    pub fn token(&self, at: usize) -> &Token {
        &self.prose.tokens[at]
    }

    /// Whether a name can speak or be spoken to.
    fn speaks(&self, name: &Name) -> bool {
        name.form == Form::Name
            && matches!(
                name.kind,
                EntityKind::Person
                    | EntityKind::Body
                    | EntityKind::Country
                    | EntityKind::Place
                    | EntityKind::Unit
                    | EntityKind::CodeName
            )
    }

    /// The party that ends before the token `end`, not before `start`.
    pub fn before(&self, start: usize, end: usize) -> Option<Found> {
        let mut end = end;
        while end > start && self.date_at[end - 1].is_some() {
            end = self.dates[self.date_at[end - 1]?].from;
            if end > start && self.token(end - 1).any(&["on", "in", "at", "since", "during"]) {
                end -= 1;
            }
        }
        if end <= start {
            return None;
        }
        let last = self.token(end - 1);
        if last.sort == Sort::Pronoun || last.is("it") {
            return subject(last).then(|| Found { who: Who::Pronoun(end - 1), from: end - 1, to: end });
        }
        if last.is(")") {
            let open = (start..end).rev().find(|n| self.token(*n).is("("))?;
            return if end - open <= 6 { self.before(start, open) } else { None };
        }
        let first = self.phrase_before(start, end)?;
        // "officials at the World Bank", "the spokesman for the ministry", "Siobhan O'Rourke of the Garda"
        if first > start + 1 && self.token(first - 1).any(&["of", "at", "for", "from", "in", "with", "to"]) {
            if let Some(head) = self.phrase_before(start, first - 1) {
                let found = self.party(head, first - 1);
                let fits = match &found {
                    Some(Found { who: Who::Named(n, _), .. }) => self.names[*n].kind == EntityKind::Person,
                    Some(Found { who: Who::Described(_) | Who::Paper(_), .. }) => true,
                    _ => false,
                };
                if let Some(mut found) = found.filter(|_| fits) {
                    found.to = end;
                    if let Who::Described(words) | Who::Paper(words) = &mut found.who {
                        *words = self.prose.words(found.from, end);
                    }
                    return Some(found);
                }
            }
            // What stands behind a preposition and nobody before it opens the sentence: no subject, unless an article begins it.
            if !self.token(first).sort.eq(&Sort::Determiner) {
                return None;
            }
        }
        self.party(first, end)
    }

    /// The party that "who" behind `end` stands for: the phrase that ends there, whatever stands before it.
    pub fn antecedent(&self, start: usize, end: usize) -> Option<Found> {
        self.before(start, end).or_else(|| {
            let first = self.phrase_before(start, end)?;
            self.party(first, end).filter(|found| matches!(found.who, Who::Named(..) | Who::Described(_)))
        })
    }

    /// Where the phrase begins that ends before `end`.
    fn phrase_before(&self, start: usize, end: usize) -> Option<usize> {
        let mut at = end;
        let mut named = false;
        while at > start {
            let token = self.token(at - 1);
            if self.date_at[at - 1].is_some() {
                break;
            }
            if let Some(n) = self.name_at[at - 1] {
                let name = &self.names[n];
                let from = name.role_from.min(name.from).max(start);
                if named
                    && name.form == Form::Name
                    && name.kind == EntityKind::Person
                    && !self.token(name.to - 1).owns
                {
                    break;
                }
                if named
                    && name.form == Form::Name
                    && matches!(name.kind, EntityKind::Place | EntityKind::Country)
                    && self.names.iter().any(|n| n.from == at && n.kind == EntityKind::Person)
                {
                    break;
                }
                at = from;
                named = true;
                continue;
            }
            match token.sort {
                Sort::Determiner => {
                    at -= 1;
                    break;
                }
                Sort::Common | Sort::Odd => {
                    if stops(token) && at < end && !lexicon::is_title(&token.low) && !agent(&token.low) {
                        break;
                    }
                    at -= 1;
                }
                Sort::Number => at -= 1,
                Sort::Sign if token.text == "-" && at < end => at -= 1,
                Sort::Conjunction
                    if at < end
                        && at - 1 > start
                        && self.token(at).is_capital()
                        && self.token(at - 2).is_capital()
                        && self.name_at[at].is_none() =>
                {
                    at -= 1
                }
                _ => break,
            }
        }
        (at < end).then_some(at)
    }

    /// The party on the tokens from `from` to `to`, a whole phrase.
    fn party(&self, from: usize, to: usize) -> Option<Found> {
        let found = |who| Some(Found { who, from, to });
        let last = self.token(to - 1);
        if last.owns {
            return None;
        }
        if let Some(n) = self.name_at[to - 1].filter(|n| self.names[*n].to == to) {
            let name = &self.names[n];
            if !self.speaks(name) {
                return if name.form == Form::Adjective && last.text.ends_with('s') {
                    found(Who::Described(self.prose.words(from, to)))
                } else {
                    None
                };
            }
            let words = (from < name.from)
                .then(|| self.prose.words(from, name.from))
                .filter(|words| !words.is_empty());
            let bare =
                words.as_deref().is_none_or(|words| matches!(words.to_lowercase().as_str(), "the" | "a"));
            // "commander Sixth Fleet": somebody of the body, not the body.
            let head = self.prose.tokens[from..name.from]
                .iter()
                .any(|token| lexicon::is_title(&token.low) || agent(&token.low));
            if name.kind != EntityKind::Person && head {
                return found(Who::Described(self.prose.words(from, to)));
            }
            let tells = name.role.is_some() || head;
            let role = name
                .role
                .clone()
                .or(words)
                .filter(|_| tells && (!bare || name.role.is_some()))
                .map(|role| strip_article(&role));
            return found(Who::Named(n, role.filter(|role| !role.is_empty())));
        }
        let low = last.low.as_str();
        let words = self.prose.words(from, to);
        if PAPERS.contains(&low) || PAPERS.contains(&low.trim_end_matches('s')) {
            return found(Who::Paper(words));
        }
        let informant = self.prose.tokens[from..to].iter().any(|token| agent(&token.low))
            && last.sort == Sort::Odd
            || last.text.contains('-') && last.text.chars().any(|c| c.is_ascii_digit()) && last.is_capital();
        if agent(low)
            || lexicon::is_title(low)
            || lexicon::is_body_head(low) && last.is_capital()
            || informant
            || lexicon::is_body_head(low) && AGENT_BODIES.contains(&low)
        {
            return found(Who::Described(words));
        }
        None
    }

    /// The party that begins at `at`: an object, or a subject behind its verb.
    pub fn behind(&self, at: usize, end: usize, object: bool) -> Option<Found> {
        if at >= end || self.date_at[at].is_some() {
            return None;
        }
        let first = self.token(at);
        let her = first.is("her")
            && object
            && (at + 1 >= end || !self.token(at + 1).is_word() || self.token(at + 1).sort.is_closed());
        if first.sort == Sort::Pronoun && !first.is("those") || her {
            let right = if object { as_object(first) || her } else { subject(first) };
            return right.then(|| Found { who: Who::Pronoun(at), from: at, to: at + 1 });
        }
        if first.any(&["that", "those"])
            && !(at + 1 < end && self.token(at + 1).any(&["present", "attending", "assembled"]))
        {
            return None;
        }
        if first.is("those") {
            return Some(Found { who: Who::Described(self.prose.words(at, at + 2)), from: at, to: at + 2 });
        }
        let mut to = at;
        while to < end && self.date_at[to].is_none() {
            if let Some(n) = self.name_at[to] {
                let name = &self.names[n];
                if self.speaks(name)
                    && to > at
                    && self.prose.tokens[at..to]
                        .iter()
                        .any(|t| self.prose.tokens[to - 1].end > t.start && self.name_at[to - 1].is_some())
                    && name.kind == EntityKind::Person
                    && self.names[self.name_at[to - 1]?].form == Form::Name
                    && !self.token(to - 1).owns
                {
                    break;
                }
                to = name.to;
                if name.kind == EntityKind::Person && !self.token(to - 1).owns {
                    break;
                }
                continue;
            }
            let token = self.token(to);
            let goes = match token.sort {
                Sort::Determiner => to == at,
                Sort::Common | Sort::Odd => {
                    to <= at || !stops(token) || agent(&token.low) || lexicon::is_title(&token.low)
                }
                Sort::Number => true,
                Sort::Preposition => {
                    token.any(&["of", "from", "at"]) && to > at && to + 1 < end && self.part_of_phrase(to)
                }
                _ => false,
            };
            if !goes {
                break;
            }
            to += 1;
        }
        while to > at && self.token(to - 1).sort == Sort::Preposition {
            to -= 1;
        }
        if to == at {
            return None;
        }
        if let Some(of) =
            (at + 1..to).find(|n| self.token(*n).sort == Sort::Preposition && self.name_at[*n].is_none())
        {
            let mut head = self.party(at, of)?;
            head.to = to;
            if let Who::Described(words) | Who::Paper(words) = &mut head.who {
                *words = self.prose.words(at, to);
            }
            return Some(head);
        }
        self.party(at, to)
    }

    /// Whether "of …" at `at` goes on with a phrase that describes somebody.
    fn part_of_phrase(&self, at: usize) -> bool {
        let before = self.token(at - 1);
        let name = self.name_at[at - 1].is_some_and(|n| self.names[n].kind == EntityKind::Person);
        let next = self.token(at + 1);
        (name || agent(&before.low) || lexicon::is_title(&before.low) || lexicon::is_body_head(&before.low))
            && self.date_at[at + 1].is_none()
            && (next.is_capital() || next.is("the") || next.case == Case::Lower && next.sort == Sort::Common)
    }
}

fn strip_article(role: &str) -> String {
    let low = role.to_lowercase();
    for article in ["the ", "a ", "an "] {
        if low.starts_with(article) {
            return role[article.len()..].trim().to_owned();
        }
    }
    role.trim().to_owned()
}

/// Whether a pronoun can be a subject.
fn subject(token: &Token) -> bool {
    token.any(&["he", "she", "they", "we", "i", "who"])
}

fn as_object(token: &Token) -> bool {
    token.any(&["him", "her", "them", "us", "me", "you"])
}

/// Whether a word in small letters is more likely a verb than a part of a phrase for somebody.
fn stops(token: &Token) -> bool {
    let verb = lexicon::verb(&token.low).is_some_and(|verb| verb.tense != lexicon::Tense::Base);
    let past = token.low.ends_with("ed") && token.case == Case::Lower && token.low.len() > 4;
    verb || past
}

/// Bodies that speak as "the ministry said".
const AGENT_BODIES: [&str; 22] = [
    "ministry",
    "department",
    "agency",
    "bureau",
    "committee",
    "commission",
    "council",
    "embassy",
    "station",
    "headquarters",
    "staff",
    "delegation",
    "mission",
    "company",
    "bank",
    "party",
    "service",
    "command",
    "junta",
    "court",
    "board",
    "police",
];

/// Papers and the like, by which something is known.
const PAPERS: [&str; 34] = [
    "report",
    "reporting",
    "intelligence",
    "sigint",
    "humint",
    "comint",
    "intercept",
    "message",
    "cable",
    "telegram",
    "document",
    "paper",
    "letter",
    "memorandum",
    "memo",
    "press",
    "radio",
    "article",
    "newspaper",
    "broadcast",
    "communique",
    "statement",
    "record",
    "file",
    "media",
    "imagery",
    "dispatch",
    "summary",
    "note",
    "evidence",
    "communication",
    "traffic",
    "study",
    "transcript",
];

/// Words for somebody who can speak, by themselves or by their ending.
pub(crate) fn agent(low: &str) -> bool {
    AGENTS.contains(&low)
        || low.len() > 5
            && ["ists", "ist", "men", "man", "woman", "women", "ian", "ians"]
                .iter()
                .any(|tail| low.ends_with(tail))
            && lexicon::sort(low) == Sort::Common
            && !matches!(
                low,
                "human"
                    | "german"
                    | "woman's"
                    | "civilian"
                    | "specimen"
                    | "regimen"
                    | "exist"
                    | "assist"
                    | "consist"
                    | "insist"
                    | "resist"
                    | "persist"
                    | "enlist"
            )
        || low.len() > 6
            && ["ers", "ors", "ants"].iter().any(|tail| low.ends_with(tail))
            && !matches!(
                low,
                "numbers"
                    | "members"
                    | "matters"
                    | "letters"
                    | "factors"
                    | "sectors"
                    | "orders"
                    | "borders"
                    | "quarters"
                    | "headquarters"
                    | "papers"
                    | "fighters"
                    | "weathers"
                    | "reactors"
                    | "corridors"
            )
}

/// Words for somebody who can speak.
const AGENTS: [&str; 112] = [
    "official",
    "officials",
    "officer",
    "officers",
    "source",
    "sources",
    "informant",
    "informants",
    "service",
    "services",
    "witness",
    "witnesses",
    "ambassador",
    "minister",
    "ministers",
    "president",
    "spokesman",
    "spokeswoman",
    "spokesperson",
    "diplomat",
    "diplomats",
    "leader",
    "leaders",
    "chief",
    "chiefs",
    "commander",
    "commanders",
    "general",
    "generals",
    "colonel",
    "prisoner",
    "prisoners",
    "prosecutor",
    "lawyer",
    "aide",
    "aides",
    "adviser",
    "advisers",
    "member",
    "members",
    "delegate",
    "delegates",
    "delegation",
    "observer",
    "observers",
    "analyst",
    "analysts",
    "expert",
    "experts",
    "operative",
    "operatives",
    "agent",
    "agents",
    "asset",
    "contact",
    "contacts",
    "friend",
    "friends",
    "colleague",
    "colleagues",
    "counterpart",
    "counterparts",
    "interlocutor",
    "interlocutors",
    "follower",
    "followers",
    "reporter",
    "reporters",
    "journalist",
    "journalists",
    "creditors",
    "workers",
    "poloff",
    "econoff",
    "emboff",
    "legatt",
    "dcm",
    "cos",
    "undersigned",
    "husband",
    "wife",
    "brother",
    "father",
    "son",
    "lordship",
    "excellency",
    "highness",
    "majesty",
    "secretary",
    "senator",
    "director",
    "chairman",
    "author",
    "writer",
    "defector",
    "subject",
    "pilot",
    "captain",
    "governor",
    "group",
    "team",
    "press",
    "management",
    "detainee",
    "detainees",
    "residents",
    "mother",
    "sister",
    "daughter",
    "deponent",
    "defendant",
    "correspondents",
];
