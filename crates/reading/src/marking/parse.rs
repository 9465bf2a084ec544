//! One marking out of noisy letters: a level, then parts, each with the separators the rules put between them.
//!
//! The letters come without spaces and in capitals. Every word of the tables may stand with errors of reading; look-alikes
//! (O and 0, I and 1 and /) cost little, other errors one each. Of all ways to read the letters the one is taken that
//! explains the most of them for the least.

use model::{Rules, Secrecy};

use super::tables::{COUNTRIES, ENTRIES, Entry, LEVELS, Level, Part};

/// A marking found in letters.
#[derive(Clone, Debug)]
pub(super) struct Parsed {
    pub rules: Rules,
    pub secrecy: Secrecy,
    pub says: String,
    pub parts: Vec<String>,
    pub unknown: Vec<String>,
    /// The years in which all of it was in the rules, if there are such.
    pub years: (u16, u16),
    /// Letters it takes up.
    pub length: usize,
    /// What the errors cost.
    pub cost: f64,
}

/// Which spellings of levels and parts are looked for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Spelling {
    /// In full, as banners have it.
    Banner,
    /// Abbreviated, as portions have it.
    Portion,
}

#[derive(Clone)]
struct State<'t> {
    at: usize,
    cost: f64,
    level: &'t Level,
    says: String,
    parts: Vec<String>,
    unknown: Vec<String>,
    years: (u16, u16),
    last: Option<Part>,
    list: bool,
}

/// The best marking that begins at the first of `letters`. `breaks[n]` tells whether a space stood before letter n.
pub(super) fn parse(letters: &[char], breaks: &[bool], spelling: Spelling) -> Option<Parsed> {
    let mut open: Vec<State> = LEVELS.iter().filter_map(|level| begin(letters, level, spelling)).collect();
    let mut best: Option<State> = None;
    let mut steps = 0;
    while let Some(state) = open.pop() {
        steps += 1;
        if steps > 4_000 {
            break;
        }
        follow(&state, letters, breaks, &mut open);
        if best.as_ref().is_none_or(|best| gain(&state) > gain(best)) {
            best = Some(state);
        }
    }
    best.map(|state| Parsed {
        rules: state.level.rules,
        secrecy: state.level.secrecy,
        says: state.says,
        parts: state.parts,
        unknown: state.unknown,
        years: state.years,
        length: state.at,
        cost: state.cost,
    })
}

fn gain(state: &State) -> f64 {
    state.at as f64 - 3.0 * state.cost - 0.01 * state.parts.len() as f64
}

fn begin<'t>(letters: &[char], level: &'t Level, spelling: Spelling) -> Option<State<'t>> {
    let word = if spelling == Spelling::Banner { level.says } else { level.short };
    if word.is_empty() {
        return None;
    }
    // Two letters tell a country's own level from the plain one: they are not guessed.
    if word.starts_with("UK") && !letters.starts_with(&['U', 'K']) {
        return None;
    }
    let (length, cost) = near(letters, word)?;
    Some(State {
        at: length,
        cost,
        level,
        says: word.to_owned(),
        parts: Vec::new(),
        unknown: Vec::new(),
        years: (level.since, level.until),
        last: None,
        list: false,
    })
}

fn follow<'t>(state: &State<'t>, letters: &[char], breaks: &[bool], open: &mut Vec<State<'t>>) {
    for (length, cost) in separators(&letters[state.at..]) {
        let at = state.at + length;
        let spaced =
            breaks.get(at).copied().unwrap_or(false) || breaks.get(state.at).copied().unwrap_or(false);
        if at >= letters.len() || (length == 0 && !spaced) {
            continue;
        }
        let rest = &letters[at..];
        if state.list {
            countries(state, rest, at, cost, open);
        }
        for entry in ENTRIES.iter().filter(|entry| fits(state, entry)) {
            // A short code after a space alone is as likely a speck.
            if length == 0 && entry.says.len() <= 3 {
                continue;
            }
            if let Some((taken, errors)) = near(rest, entry.says) {
                open.push(with(state, entry, at + taken, cost + errors, length > 0));
            }
        }
    }
    subcompartment(state, letters, open);
}

/// Parts come in the order of the rules; a short code right after a level is no part of it without a separator.
fn fits(state: &State, entry: &Entry) -> bool {
    let rank = |part: Part| match part {
        Part::List | Part::Control => Part::Control,
        other => other,
    };
    state.last.is_none_or(|last| rank(entry.part) >= rank(last))
        && !state.parts.iter().any(|part| part == entry.says)
}

fn with<'t>(state: &State<'t>, entry: &Entry, at: usize, cost: f64, separated: bool) -> State<'t> {
    let mut next = state.clone();
    let group = |part: Part| if part == Part::List { Part::Control } else { part };
    let between = match state.last {
        _ if !separated || state.level.rules != Rules::Us => " ",
        Some(last) if group(last) == group(entry.part) => "/",
        _ => "//",
    };
    next.says.push_str(between);
    next.says.push_str(entry.says);
    next.parts.push(entry.says.to_owned());
    next.years = (next.years.0.max(entry.since), next.years.1.min(entry.until));
    next.last = Some(entry.part);
    next.list = entry.part == Part::List;
    (next.at, next.cost) = (at, state.cost + cost);
    next
}

fn countries<'t>(state: &State<'t>, rest: &[char], at: usize, cost: f64, open: &mut Vec<State<'t>>) {
    for country in COUNTRIES {
        let Some((taken, errors)) = near(rest, country) else { continue };
        // A code is not the beginning of a longer word.
        let ends = rest.get(taken).is_none_or(|next| !next.is_ascii_uppercase());
        let cost = cost + errors + if ends { 0.0 } else { 0.4 };
        let mut next = state.clone();
        let listed =
            state.says.ends_with("REL TO") || state.says.ends_with("REL") || state.says.ends_with("ONLY");
        next.says.push_str(if listed { " " } else { ", " });
        next.says.push_str(country);
        next.parts.push((*country).to_owned());
        (next.at, next.cost) = (at + taken, state.cost + cost);
        open.push(next);
    }
}

/// A compartment's sub-compartment that no table knows: a hyphen and up to four letters.
fn subcompartment<'t>(state: &State<'t>, letters: &[char], open: &mut Vec<State<'t>>) {
    if state.last != Some(Part::Compartment) || letters.get(state.at) != Some(&'-') {
        return;
    }
    let name: String = letters[state.at + 1..].iter().take_while(|c| c.is_ascii_alphanumeric()).collect();
    if (1..=4).contains(&name.len()) {
        let mut next = state.clone();
        next.says.push('-');
        next.says.push_str(&name);
        next.at += 1 + name.len();
        next.cost += 0.8;
        next.unknown.push(name);
        open.push(next);
    }
}

/// How many letters separators may take from here, and what that costs: none, then more as long as they look like some.
fn separators(letters: &[char]) -> Vec<(usize, f64)> {
    let mut out = vec![(0, 0.0)];
    let mut cost = 0.0;
    for (n, letter) in letters.iter().take(4).enumerate() {
        cost += match letter {
            '/' | ',' => 0.0,
            '\\' | '|' | '.' | ';' | '!' | '-' | '–' | '—' | '&' => 0.2,
            '1' | 'I' | 'L' | 'J' | '7' | ':' | '\'' | '’' | '(' | ')' | '[' | ']' | 'Y' | 'V' | 'F'
            | 'M' | 'N' | 'H' => 0.5,
            _ => break,
        };
        if cost > 1.2 {
            break;
        }
        out.push((n + 1, cost));
    }
    out
}

/// How many of the first letters are `word` (without its spaces), and at what cost; none if it would be too much.
fn near(letters: &[char], word: &str) -> Option<(usize, f64)> {
    let word: Vec<char> = word.chars().filter(|c| *c != ' ').collect();
    let n = word.len();
    let (slack, most) = match n {
        0..=2 => (0, 0.3),
        3..=4 => (0, 0.5),
        5..=7 => (1, 1.3),
        _ => (2, 0.2 * n as f64),
    };
    // Quickly past what cannot be it.
    let same = word.iter().zip(letters).filter(|(a, b)| a == b).count();
    if slack == 0 && same + 1 < n {
        return None;
    }
    let mut row: Vec<f64> = (0..=n).map(|k| k as f64).collect();
    let mut best: Option<(usize, f64)> = None;
    let longest = letters.len().min(n + slack);
    for (i, letter) in letters[..longest].iter().enumerate() {
        let mut corner = row[0];
        row[0] = (i + 1) as f64;
        for k in 0..n {
            let swap = corner + substitution(*letter, word[k]);
            corner = row[k + 1];
            row[k + 1] = swap.min(corner + 1.0).min(row[k] + 1.0);
        }
        let (length, cost) = (i + 1, row[n]);
        if length + slack >= n && cost <= most && best.is_none_or(|(_, least)| cost < least) {
            best = Some((length, cost));
        }
    }
    best
}

/// What it costs to read one letter for another.
fn substitution(read: char, meant: char) -> f64 {
    if read == meant {
        return 0.0;
    }
    const ALIKE: [&str; 9] = ["O0QDC", "I1L|!/T", "S5$8", "B8", "E€F", "G6C", "Z2", "UV", "KX"];
    if ALIKE.iter().any(|group| group.contains(read) && group.contains(meant)) { 0.3 } else { 1.0 }
}
