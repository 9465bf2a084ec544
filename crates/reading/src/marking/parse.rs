//! One marking out of noisy letters: a level, then parts, each with the separators the rules put between them.
//!
//! The letters come without spaces and in capitals. Every word of the tables may stand with errors of reading; look-alikes
//! (O and 0, I and 1 and /) cost little, other errors one each. Of all ways to read the letters the one is taken that
//! explains the most of them for the least.

use model::{Rules, Secrecy};

use super::tables::{COUNTRIES, ENTRIES, Entry, LEVELS, Level, Part, Text};

/// A marking found in letters.
#[derive(Clone, Debug)]
pub(super) struct Parsed {
    pub rules: Rules,
    pub secrecy: Secrecy,
    pub says: String,
    pub parts: Vec<String>,
    pub unknown: Vec<String>,
    /// Of the texts known to list its words, the latest; of those that drop one, the earliest.
    pub texts: (Option<&'static Text>, Option<&'static Text>),
    /// Letters it takes up.
    pub length: usize,
    /// What the errors cost.
    pub cost: f64,
    /// A part is set off by more than a space.
    pub slashed: bool,
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
    texts: (Option<&'static Text>, Option<&'static Text>),
    last: Option<Part>,
    list: bool,
    slashed: bool,
    /// The last letter ran into the stroke after it: "SW" for "SI/".
    merged: bool,
}

/// Readings kept for each place in the letters: the cheapest.
const KEPT: usize = 6;

/// The best marking that begins at the first of `letters`. `breaks[n]` tells whether a space stood before letter n.
pub(super) fn parse(letters: &[char], breaks: &[bool], spelling: Spelling) -> Option<Parsed> {
    let mut open: Vec<Vec<State>> = vec![Vec::new(); letters.len() + 1];
    for state in LEVELS.iter().flat_map(|level| begin(letters, level, spelling)) {
        open[state.at].push(state);
    }
    let mut best: Option<State> = None;
    for at in 0..open.len() {
        let mut here = std::mem::take(&mut open[at]);
        here.sort_by(|a, b| a.cost.total_cmp(&b.cost).then_with(|| a.says.cmp(&b.says)));
        for state in here.into_iter().take(KEPT) {
            let mut next = Vec::new();
            follow(&state, letters, breaks, spelling, &mut next);
            next.into_iter().filter(|next| next.at > at).for_each(|next| open[next.at].push(next));
            if best.as_ref().is_none_or(|best| gain(&state) > gain(best)) {
                best = Some(state);
            }
        }
    }
    best.map(|state| Parsed {
        rules: state.level.rules,
        secrecy: state.level.secrecy,
        says: state.says,
        parts: state.parts,
        unknown: state.unknown,
        texts: state.texts,
        length: state.at,
        cost: state.cost,
        slashed: state.slashed,
    })
}

fn gain(state: &State) -> f64 {
    state.at as f64 - 3.0 * state.cost - 0.01 * state.parts.len() as f64
}

/// The states in which this level has been read.
fn begin<'t>(letters: &[char], level: &'t Level, spelling: Spelling) -> Vec<State<'t>> {
    let word = if spelling == Spelling::Banner { level.says } else { level.short };
    // Two letters tell a country's own level from the plain one: they are not guessed.
    if word.is_empty() || (word.starts_with("UK") && !letters.starts_with(&['U', 'K'])) {
        return Vec::new();
    }
    let read: Vec<(usize, f64)> = match word.strip_prefix("TOP ") {
        // Nor is TOP: it is there, or what is there looks like it.
        Some(rest) if level.rules == Rules::Us => tops(letters)
            .filter_map(|(top, cost)| near(&letters[top..], rest).map(|(n, more)| (top + n, cost + more)))
            .collect(),
        // Three letters are not guessed.
        _ if word.len() <= 3 => near(letters, word).filter(|(_, cost)| *cost == 0.0).into_iter().collect(),
        _ => near(letters, word).into_iter().collect(),
    };
    let state = |(length, cost)| State {
        at: length,
        cost,
        level,
        says: word.to_owned(),
        parts: Vec::new(),
        unknown: Vec::new(),
        texts: (level.seen, level.dropped),
        last: None,
        list: false,
        slashed: false,
        merged: false,
    };
    read.into_iter().map(state).collect()
}

/// How many of the first letters are TOP, perhaps misread, and at what cost. A letter of it may be lost if O or T before P
/// is left; no letter may be too many: STOP is another word.
fn tops(letters: &[char]) -> impl Iterator<Item = (usize, f64)> + '_ {
    let skipped = letters.iter().take(2).take_while(|c| !c.is_alphanumeric()).count();
    let marks = |from: usize| letters[from..].iter().take(2).take_while(|c| !c.is_alphanumeric()).count();
    let alike = |at: usize, set: &str| letters.get(at).is_some_and(|c| set.contains(*c));
    let odd = |at: usize, meant: char| if letters.get(at) == Some(&meant) { 0.0 } else { 0.3 };
    let (a, b, c) = (skipped, skipped + 1, skipped + 2);
    let whole = alike(a, "T7I1Y|") && alike(b, "O0QDCG") && alike(c, "PFR");
    let whole = whole.then(|| (3, odd(a, 'T') + odd(b, 'O') + odd(c, 'P'))).filter(|(_, cost)| *cost < 0.7);
    let part = (alike(a, "TO0QD") && alike(b, "P")).then_some((2, 0.8));
    whole.into_iter().chain(part).map(move |(n, cost)| {
        let after = marks(skipped + n);
        (skipped + n + after, cost + 0.2 * (skipped + after) as f64)
    })
}

/// Abbreviations that only portions have.
const PORTION_ONLY: [&str; 6] = ["OC", "NF", "PR", "XD", "ND", "REL"];

fn follow<'t>(
    state: &State<'t>,
    letters: &[char],
    breaks: &[bool],
    spelling: Spelling,
    open: &mut Vec<State<'t>>,
) {
    let broken = |at: usize| breaks.get(at).copied().unwrap_or(true);
    for (length, cost) in separators(&letters[state.at..]) {
        let at = state.at + length;
        if at >= letters.len() {
            continue;
        }
        let spaced = broken(at) || broken(state.at);
        // A word's first letter after a space is a stroke only before a part as it is written, and if it looks like one.
        let worded = length > 0 && broken(state.at) && letters[state.at].is_alphanumeric();
        if worded && !matches!(letters[state.at], 'I' | '1' | 'L' | 'J') {
            continue;
        }
        // With nothing between, a long word may still follow: the strokes were lost.
        let run_on = length == 0 && !spaced && !state.merged;
        let (rest, cost) = (&letters[at..], cost + if run_on { 0.6 } else { 0.0 });
        if state.list && (!run_on || state.says.ends_with("REL TO")) {
            countries(state, letters, breaks, (at, cost, length > 0), open);
        }
        for entry in ENTRIES.iter().filter(|entry| fits(state, entry)) {
            let short = entry.says.len() <= 3;
            if spelling == Spelling::Banner && PORTION_ONLY.contains(&entry.says) {
                continue;
            }
            // A short code after a space alone is as likely a speck.
            let chained = entry.part == Part::Compartment && state.last == Some(Part::Compartment);
            if length == 0 && !state.merged && (if run_on { short && !chained } else { short }) {
                continue;
            }
            for (taken, errors, merged) in spelled(rest, entry) {
                let end = at + taken;
                let ends = merged || broken(end) || letters.get(end).is_none_or(|c| separates(*c).is_some());
                let unsure = errors > 0.0 && (!ends || worded || (short && entry.says != "SI"));
                if unsure || (short && run_on && !ends) {
                    continue;
                }
                let mut next = with(state, entry, end, cost + errors, length > 0 || state.merged || run_on);
                next.merged = merged;
                open.push(next);
            }
        }
    }
    subcompartment(state, letters, open);
}

/// The ways in which an entry may stand at the first letters: how many it takes, at what cost, and whether its last stroke
/// ran into the one after it.
fn spelled(letters: &[char], entry: &Entry) -> Vec<(usize, f64, bool)> {
    let plain = near(letters, entry.says).map(|(n, cost)| (n, cost, false));
    let ran = entry.says == "SI"
        && letters.first().is_some_and(|c| substitution(*c, 'S') < 1.0)
        && letters.get(1).is_some_and(|c| "UVWYNM".contains(*c));
    plain.into_iter().chain(ran.then_some((2, 0.6, true))).collect()
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
    let seen = state.texts.0.into_iter().chain(entry.seen).max_by_key(|text| text.year);
    let dropped = state.texts.1.into_iter().chain(entry.dropped).min_by_key(|text| text.year);
    next.texts = (seen, dropped);
    next.last = Some(entry.part);
    next.list = entry.part == Part::List;
    next.slashed |= separated;
    (next.at, next.cost) = (at, state.cost + cost);
    next
}

/// The countries that the letters from `at` on may name. `set_off`: a comma or the like stands before them.
fn countries<'t>(
    state: &State<'t>,
    letters: &[char],
    breaks: &[bool],
    (at, cost, set_off): (usize, f64, bool),
    open: &mut Vec<State<'t>>,
) {
    let rest = &letters[at..];
    let first = ["REL TO", "REL", "ONLY"].iter().any(|word| state.says.ends_with(word));
    let mut add = |country: &str, taken: usize, errors: f64| {
        let mut next = state.clone();
        next.says.push_str(if first { " " } else { ", " });
        next.says.push_str(country);
        next.parts.push(country.to_owned());
        (next.at, next.cost, next.merged) = (at + taken, state.cost + cost + errors, false);
        open.push(next);
    };
    let mut named = false;
    for country in COUNTRIES {
        let Some((taken, errors)) = near(rest, country) else { continue };
        if (1..taken).any(|k| breaks.get(at + k).copied().unwrap_or(false)) {
            continue;
        }
        // A code is not the beginning of a longer word.
        let ends = rest.get(taken).is_none_or(|next| !next.is_ascii_uppercase());
        named |= ends && errors == 0.0;
        add(country, taken, errors + if ends { 0.0 } else { 0.4 });
    }
    let long =
        |k: &usize| *k == 0 || (!breaks.get(at + k).copied().unwrap_or(true) && rest[*k].is_alphanumeric());
    let length = (0..rest.len()).take_while(long).count();
    let token = &rest[..length];
    if named || !(2..=5).contains(&length) || !(set_off || first) {
        return;
    }
    // The rules put the USA first; the other four of the Five Eyes are in most lists. Where no code is nearer than all
    // others, what was read is kept as unknown.
    let usual = |country: &str| if FIVE.contains(&country) && length == 3 { 0.0 } else { 0.5 };
    let mut ranked: Vec<(f64, &str)> =
        COUNTRIES.iter().map(|country| (far(token, country) + usual(country), *country)).collect();
    ranked.sort_by(|a, b| a.0.total_cmp(&b.0).then_with(|| a.1.cmp(b.1)));
    let usa = far(token, "USA");
    let like_usa = usa <= 1.0 || (usa <= 2.0 && token.contains(&'A') && token.contains(&'S'));
    match ranked.as_slice() {
        _ if first && like_usa => add("USA", length, usa),
        [(least, country), (second, _), ..] if *least - usual(country) <= 1.0 && second - least >= 0.4 => {
            add(country, length, *least);
        }
        _ if set_off => {
            let read: String = token.iter().collect();
            add(&read, length, 1.2);
            if let Some(last) = open.last_mut() {
                last.unknown.extend(last.parts.pop());
            }
        }
        _ => {}
    }
}

const FIVE: [&str; 5] = ["USA", "AUS", "CAN", "GBR", "NZL"];

/// Errors between all of these letters and a word.
fn far(letters: &[char], word: &str) -> f64 {
    let word: Vec<char> = word.chars().collect();
    let mut row: Vec<f64> = (0..=word.len()).map(|k| k as f64).collect();
    for (i, letter) in letters.iter().enumerate() {
        step(&mut row, (i + 1) as f64, *letter, &word);
    }
    row[word.len()]
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
        cost += separates(*letter).unwrap_or(1.0);
        if cost > 1.2 {
            break;
        }
        out.push((n + 1, cost));
    }
    out
}

/// What it costs to take a letter for a separator, if it looks like one.
fn separates(letter: char) -> Option<f64> {
    match letter {
        '/' | ',' => Some(0.0),
        '\\' | '|' | '.' | ';' | '!' | '-' | '–' | '—' | '&' => Some(0.2),
        '1' | 'I' | 'L' | 'J' | '7' | ':' | '\'' | '’' | '(' | ')' | '[' | ']' | 'Y' | 'V' | 'F' | 'M'
        | 'N' | 'H' => Some(0.5),
        _ => None,
    }
}

/// How many of the first letters are `word` (without its spaces), and at what cost; none if it would be too much.
fn near(letters: &[char], word: &str) -> Option<(usize, f64)> {
    let written = || word.chars().filter(|c| *c != ' ');
    let n = written().count();
    let (slack, most) = match n {
        0..=2 => (0, 0.3),
        3 => (0, 0.5),
        4 => (0, 1.0),
        5..=7 => (1, 1.3),
        _ => (2, 0.2 * n as f64),
    };
    // Quickly past what cannot be it.
    let same = || written().zip(letters).filter(|(a, b)| a == *b).count();
    let begins = || written().take(2).any(|w| letters.iter().take(2).any(|c| substitution(*c, w) < 1.0));
    if letters.len() + slack < n || if slack == 0 { same() + 1 < n } else { !begins() } {
        return None;
    }
    let word: Vec<char> = written().collect();
    let mut row: Vec<f64> = (0..=n).map(|k| k as f64).collect();
    let mut best: Option<(usize, f64)> = None;
    let longest = letters.len().min(n + slack);
    for (i, letter) in letters[..longest].iter().enumerate() {
        step(&mut row, (i + 1) as f64, *letter, &word);
        let (length, cost) = (i + 1, row[n]);
        if length + slack >= n && cost <= most && best.is_none_or(|(_, least)| cost <= least) {
            best = Some((length, cost));
        }
    }
    best
}

/// One more letter in a table of edit distances, of which `row` is the last row.
fn step(row: &mut [f64], first: f64, letter: char, word: &[char]) {
    let mut corner = row[0];
    row[0] = first;
    for (k, meant) in word.iter().enumerate() {
        let swap = corner + substitution(letter, *meant);
        corner = row[k + 1];
        row[k + 1] = swap.min(corner + 1.0).min(row[k] + 1.0);
    }
}

/// What it costs to read one letter for another.
fn substitution(read: char, meant: char) -> f64 {
    if read == meant {
        return 0.0;
    }
    if groups(read) & groups(meant) != 0 { 0.3 } else { 1.0 }
}

/// The groups of look-alikes that a letter is in, a bit each.
fn groups(letter: char) -> u16 {
    const ALIKE: [&[u8]; 12] =
        [b"O0QDC", b"I1L|!/T", b"S5$8", b"B8", b"EF", b"G6C", b"Z2", b"UV", b"KX", b"PFR", b"NMHW", b"A4"];
    const TABLE: [u16; 128] = {
        let mut table = [0; 128];
        let mut group = 0;
        while group < ALIKE.len() {
            let mut n = 0;
            while n < ALIKE[group].len() {
                table[ALIKE[group][n] as usize] |= 1 << group;
                n += 1;
            }
            group += 1;
        }
        table
    };
    let letter = if letter == '€' { 'E' } else { letter };
    TABLE.get(letter as usize).copied().unwrap_or(0)
}
