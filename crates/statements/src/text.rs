//! A sheet's text as tokens, sentences and the blocks they stand in, each with its characters in the reading.
//!
//! In: text with line feeds, and spans that are no prose (markings). Out: tokens, joined where a word is parted at the end of a
//! line, and sentences. Invariant: a token's span is the characters it stands on. A sentence never crosses a marking, a
//! heading or an empty line.

use std::ops::Range;

use model::Span;

use crate::lexicon::{self, Sort};

/// How a word is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Case {
    /// No capital at its head.
    Lower,
    /// A capital at its head, others behind.
    Title,
    /// Capitals only, two or more.
    Upper,
    /// One capital, as initials are.
    Initial,
    /// No letters.
    None,
}

/// A word, number or sign.
#[derive(Clone, Debug)]
pub(crate) struct Token {
    /// As written, parted words joined, without `'s`.
    pub text: String,
    /// In small letters without accents, digits read for letters undone.
    pub low: String,
    /// Its first character.
    pub start: usize,
    /// The character behind its last one.
    pub end: usize,
    /// How it is written.
    pub case: Case,
    /// `'s` stood behind it.
    pub owns: bool,
    /// A block begins here.
    pub opens: bool,
    /// It begins a line.
    pub line: bool,
    /// What sort of word it is by itself.
    pub sort: Sort,
}

impl Token {
    /// Whether it is a word or number.
    pub fn is_word(&self) -> bool {
        self.text.chars().next().is_some_and(char::is_alphanumeric)
    }

    /// Whether it begins with a capital.
    pub fn is_capital(&self) -> bool {
        matches!(self.case, Case::Title | Case::Upper | Case::Initial)
    }

    /// Whether it is this sign or word.
    pub fn is(&self, what: &str) -> bool {
        self.low == what
    }

    /// Whether it is one of these words.
    pub fn any(&self, what: &[&str]) -> bool {
        what.contains(&self.low.as_str())
    }

    /// Whether it is a quotation mark.
    pub fn is_quote(&self) -> bool {
        matches!(self.text.as_str(), "\"" | "“" | "”" | "„" | "«" | "»" | "''" | "``")
    }
}

/// A sentence, or a heading.
#[derive(Clone, Debug)]
pub(crate) struct Sentence {
    /// Its tokens.
    pub tokens: Range<usize>,
    /// It is written in capitals throughout.
    pub capitals: bool,
    /// It is the first one of its block.
    pub opens: bool,
    /// It reads as prose, not as a form, list or receipt.
    pub prose: bool,
}

/// Text taken apart.
#[derive(Debug)]
pub(crate) struct Prose {
    /// The characters.
    pub letters: Vec<char>,
    /// Words and signs.
    pub tokens: Vec<Token>,
    /// Sentences, in order, without gaps.
    pub sentences: Vec<Sentence>,
}

impl Prose {
    /// Takes a text apart. Characters of `masks` are no part of any sentence.
    pub fn of(text: &str, masks: &[Span]) -> Self {
        let letters: Vec<char> = text.chars().collect();
        let mut masked = vec![false; letters.len()];
        for mask in masks {
            let end = mask.start.saturating_add(mask.length).min(letters.len() as u64) as usize;
            let start = (mask.start as usize).min(end);
            masked[start..end].iter_mut().for_each(|one| *one = true);
        }
        let opens = openings(&letters);
        let tokens = tokens(&letters, &masked, &opens);
        let sentences = sentences(&tokens);
        Self { letters, tokens, sentences }
    }

    /// The text between two characters, line feeds as spaces.
    pub fn slice(&self, start: usize, end: usize) -> String {
        let end = end.min(self.letters.len());
        let text: String = self.letters[start.min(end)..end].iter().collect();
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// The words of a run of tokens as a name is written.
    pub fn words(&self, from: usize, to: usize) -> String {
        let mut text = String::new();
        for (n, token) in self.tokens[from.min(to)..to].iter().enumerate() {
            if n > 0 && (token.is_word() || matches!(token.text.as_str(), "(" | "\"" | "“")) {
                text.push(' ');
            }
            text.push_str(&token.text);
            if token.owns && from + n + 1 < to {
                text.push_str("'s");
            }
        }
        text
    }

    /// The characters of a run of tokens.
    pub fn span(&self, from: usize, to: usize) -> Span {
        let start = self.tokens.get(from).map_or(0, |token| token.start);
        let end = to.checked_sub(1).and_then(|last| self.tokens.get(last)).map_or(start, |token| token.end);
        Span { start: start as u64, length: end.saturating_sub(start) as u64 }
    }
}

/// Labels that open a line of a letter's or message's head.
const LABELS: [&str; 26] = [
    "from",
    "to",
    "subject",
    "subj",
    "date",
    "serial",
    "ref",
    "refs",
    "reference",
    "dtg",
    "info",
    "via",
    "fm",
    "attn",
    "attention",
    "memorandum",
    "cc",
    "thru",
    "through",
    "classification",
    "source",
    "place",
    "for",
    "copies",
    "copy",
    "status",
];

/// For each character: a block begins with it, by the lines it stands on.
fn openings(letters: &[char]) -> Vec<bool> {
    let mut opens = vec![false; letters.len()];
    let mut lines: Vec<Range<usize>> = Vec::new();
    let mut start = 0;
    for (n, letter) in letters.iter().enumerate() {
        if *letter == '\n' {
            lines.push(start..n);
            start = n + 1;
        }
    }
    lines.push(start..letters.len());
    let mut widths: Vec<usize> = lines.iter().map(|line| line.len()).filter(|width| *width > 0).collect();
    widths.sort_unstable();
    let usual = widths.get(widths.len() * 3 / 4).copied().unwrap_or(0);
    for pair in lines.windows(2) {
        let (before, here) = (&letters[pair[0].clone()], &letters[pair[1].clone()]);
        let blank = |line: &[char]| line.iter().all(|c| c.is_whitespace());
        if pair[1].start < letters.len()
            && (blank(before)
                || labelled(here)
                || labelled(before) && before.len() * 10 < usual * 9
                || ends(before, here, usual))
        {
            opens[pair[1].start] = true;
        }
    }
    opens
}

/// Whether a line begins with a label, as "FROM: " or "DTG 121530Z".
fn labelled(line: &[char]) -> bool {
    let word: String = line.iter().take_while(|c| c.is_alphabetic()).collect();
    let next = line.get(word.chars().count());
    let low = word.to_lowercase();
    let upper = word.chars().all(char::is_uppercase) && word.len() > 1;
    LABELS.contains(&low.as_str())
        && (next == Some(&':')
            || upper && matches!(low.as_str(), "fm" | "info" | "memorandum" | "dtg" | "to"))
}

/// Whether a line ends a block: short, not in the midst of a phrase, and the next one begins anew.
fn ends(before: &[char], here: &[char], usual: usize) -> bool {
    let begins = here.iter().find(|c| !c.is_whitespace());
    if !begins
        .is_some_and(|c| c.is_uppercase() || c.is_ascii_digit() || matches!(c, '(' | '[' | '"' | '•' | '-'))
    {
        return false;
    }
    if before.len() * 100 >= usual * 62 {
        return false;
    }
    let text: String = before.iter().collect();
    let last = text.split_whitespace().last().unwrap_or("").to_lowercase();
    !last.ends_with([',', '-', ';']) && !lexicon::binds(&last)
}

fn tokens(letters: &[char], masked: &[bool], opens: &[bool]) -> Vec<Token> {
    let mut tokens: Vec<Token> = Vec::new();
    let (mut at, mut block, mut line) = (0, true, true);
    while at < letters.len() {
        block |= opens[at];
        if masked[at] {
            block = true;
            at += 1;
            continue;
        }
        let letter = letters[at];
        if letter.is_whitespace() {
            line |= letter == '\n';
            at += 1;
            continue;
        }
        let (mut token, next) =
            if letter.is_alphanumeric() { word(letters, masked, at) } else { sign(letters, at) };
        token.opens = block;
        token.line = line;
        (block, line) = (false, false);
        tokens.push(token);
        at = next;
    }
    tokens
}

fn sign(letters: &[char], at: usize) -> (Token, usize) {
    let twice = letters.get(at + 1) == Some(&letters[at]) && matches!(letters[at], '\'' | '`' | '-');
    let end = at + if twice { 2 } else { 1 };
    let text: String = letters[at..end].iter().collect();
    let mut token = made(text, at, end, false);
    // A stroke that stands alone before a word is an "I" that was misread.
    let alone = |n: Option<usize>| n.and_then(|n| letters.get(n)).is_none_or(|c| c.is_whitespace());
    if token.text == "|"
        && alone(at.checked_sub(1))
        && alone(Some(end))
        && letters.get(end + 1).is_some_and(|c| c.is_lowercase())
    {
        token.low = "i".to_owned();
        token.case = Case::Initial;
        token.sort = Sort::Pronoun;
    }
    (token, end)
}

fn made(text: String, start: usize, end: usize, owns: bool) -> Token {
    let low = lexicon::mended(&text);
    let case = case(&text);
    let sort = lexicon::sort(&low);
    Token { text, low, start, end, case, owns, opens: false, line: false, sort }
}

fn case(text: &str) -> Case {
    let bare = text.strip_prefix("al-").or_else(|| text.strip_prefix("el-")).unwrap_or(text);
    let letters: Vec<char> = bare.chars().filter(|c| c.is_alphabetic()).collect();
    match letters.as_slice() {
        [] => Case::None,
        [one] => {
            if one.is_uppercase() {
                Case::Initial
            } else {
                Case::Lower
            }
        }
        [first, ..] if !first.is_uppercase() => Case::Lower,
        all if all.iter().all(|c| c.is_uppercase()) => Case::Upper,
        _ => Case::Title,
    }
}

/// A word from `at` on: letters and digits, and what holds them together.
fn word(letters: &[char], masked: &[bool], at: usize) -> (Token, usize) {
    let get = |n: usize| letters.get(n).copied().filter(|_| !masked[n]).unwrap_or(' ');
    let mut text = String::new();
    let mut next = at;
    let mut end = at;
    while next < letters.len() && !masked[next] {
        let letter = letters[next];
        if letter.is_alphanumeric() || letter == '_' {
            text.push(letter);
            next += 1;
            end = next;
        } else if let Some(after) = parted(letters, next) {
            next = after;
        } else if holds(letters, masked, &text, next) {
            text.push(letter);
            next += 1;
        } else {
            break;
        }
    }
    let mut owns = false;
    for tail in ["'s", "’s", "'S", "’S", "‘s", "ʼs"] {
        if text.len() > tail.len() && text.ends_with(tail) {
            text.truncate(text.len() - tail.len());
            end -= 2;
            owns = true;
        }
    }
    if get(next) == '.' && !owns && lexicon::shortened(&text, get(next + 1), get(next + 2)) {
        text.push('.');
        next += 1;
        end = next;
    }
    (made(text, at, end, owns), next)
}

/// Behind a hyphen at the end of a line that parts a word: where it goes on.
fn parted(letters: &[char], at: usize) -> Option<usize> {
    if letters[at] != '-' || at == 0 {
        return None;
    }
    let mut next = at + 1;
    while letters.get(next).is_some_and(|c| c.is_whitespace()) {
        next += 1;
    }
    let (before, after) = (letters[at - 1], *letters.get(next)?);
    let alike =
        before.is_lowercase() && after.is_lowercase() || before.is_uppercase() && after.is_uppercase();
    let word: String = letters[next..].iter().take_while(|c| c.is_alphabetic()).collect();
    (next > at + 1 && next <= at + 3 && alike && !lexicon::binds(&word.to_lowercase())).then_some(next)
}

/// Whether the sign at `at` stands within a word.
fn holds(letters: &[char], masked: &[bool], so_far: &str, at: usize) -> bool {
    let Some(after) = letters.get(at + 1).filter(|c| c.is_alphanumeric()) else { return false };
    if masked[at + 1] {
        return false;
    }
    let digit = so_far.chars().last().is_some_and(|c| c.is_ascii_digit());
    match letters[at] {
        '\'' | '’' | '‘' | 'ʼ' => true,
        '-' | '‐' | '‑' => true,
        '.' => {
            let lone = so_far.chars().rev().take_while(|c| c.is_alphabetic()).count() == 1;
            let dotted = letters.get(at + 2).is_some_and(|c| *c == '.' || !c.is_alphanumeric());
            digit && after.is_ascii_digit() || lone && after.is_alphabetic() && dotted
        }
        ',' => digit && after.is_ascii_digit(),
        '/' => digit && after.is_ascii_digit(),
        '&' => so_far.chars().all(char::is_uppercase) && after.is_uppercase(),
        _ => false,
    }
}

/// Tokens of a sentence, at most: a longer one is none.
const LONGEST: usize = 250;

fn sentences(tokens: &[Token]) -> Vec<Sentence> {
    let mut sentences = Vec::new();
    let (mut start, mut opens) = (0, true);
    for n in 0..tokens.len() {
        let last = n + 1 == tokens.len();
        let cut = tokens.get(n + 1).is_some_and(|next| next.opens);
        if last || cut || n - start >= LONGEST || ended(tokens, n) {
            let run = &tokens[start..=n];
            sentences.push(Sentence {
                tokens: start..n + 1,
                capitals: capitals(run),
                opens,
                prose: prose(run),
            });
            start = n + 1;
            opens = cut;
        }
    }
    sentences
}

/// Whether a sentence ends with the token at `n`.
fn ended(tokens: &[Token], n: usize) -> bool {
    let (here, next) = (&tokens[n], &tokens[n + 1]);
    let begins = |token: &Token| {
        token.is_capital() || token.case == Case::None && token.is_word() || token.is_quote() || token.is("(")
    };
    let stop = |token: &Token| matches!(token.text.as_str(), "." | "?" | "!");
    if here.is_quote() && n > 0 && stop(&tokens[n - 1]) && closes(tokens, n) {
        let spoken = tokens.get(n + 2).is_some_and(|then| lexicon::is_speech(&then.low));
        return begins(next) && !spoken;
    }
    if stop(here) {
        return begins(next) && !(next.is_quote() && closes(tokens, n + 1));
    }
    // "U.S. The": a shortened word ends a sentence where a word follows that never stands in a name.
    here.text.ends_with('.')
        && here.text.len() > 1
        && next.case == Case::Title
        && next.sort.is_closed()
        && !lexicon::is_title(&here.low)
}

/// Whether the quotation mark at `n` closes a quotation: it stands close to what is before it.
fn closes(tokens: &[Token], n: usize) -> bool {
    match tokens[n].text.as_str() {
        "”" | "»" => true,
        "“" | "„" | "«" => false,
        _ => n > 0 && tokens[n - 1].end == tokens[n].start,
    }
}

/// Whether a run reads as prose: words that bind others stand among its words, at least one to eight, and most are words.
fn prose(tokens: &[Token]) -> bool {
    let words = tokens.iter().filter(|token| token.is_word()).count();
    let closed = |token: &&Token| {
        token.sort.is_closed() && token.text.chars().count() > 1 && token.case != Case::Upper
            || token.sort.is_closed() && token.case == Case::Upper
    };
    let binding = tokens.iter().filter(closed).count();
    let numbers = tokens.iter().filter(|token| token.case == Case::None && token.is_word()).count();
    words >= 3 && binding * 9 >= words && binding >= 1 && numbers * 3 <= words
}

fn capitals(tokens: &[Token]) -> bool {
    let words = tokens.iter().filter(|token| token.text.chars().filter(|c| c.is_alphabetic()).count() > 1);
    let (mut all, mut upper) = (0, 0);
    for word in words {
        all += 1;
        upper += usize::from(word.case == Case::Upper);
    }
    all >= 3 && upper * 100 >= all * 72
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(text: &str) -> Vec<String> {
        let prose = Prose::of(text, &[]);
        prose.sentences.iter().map(|s| prose.words(s.tokens.start, s.tokens.end)).collect()
    }

    #[test]
    fn sentences_end_where_they_end() {
        assert_eq!(parts("Mr. Smith met Gen. Y. He left the U.S. The end came.").len(), 3);
        assert_eq!(parts("\"We go,\" he said. \"Why?\" asked Brown. No answer.").len(), 3);
        assert_eq!(
            parts("He was re-\nplied to by the al-\nlies in paci- fication.")[0],
            "He was replied to by the allies in pacification."
        );
        assert_eq!(parts("SUBJECT: Port\nDATE: 2 May 2023\nOn 3 May X said that it was so.").len(), 3);
    }

    #[test]
    fn spans_are_those_of_the_text() {
        let text = "Siobhan O'Rourke's paper, U.S. aid of 30,000 dol-\nlars.";
        let prose = Prose::of(text, &[]);
        let letters: Vec<char> = text.chars().collect();
        for token in &prose.tokens {
            let span: String = letters[token.start..token.end].iter().collect();
            assert_eq!(span.replace("-\n", ""), token.text);
        }
        assert!(
            prose.tokens.iter().any(|t| t.text == "U.S.") && prose.tokens.iter().any(|t| t.text == "30,000")
        );
    }
}
