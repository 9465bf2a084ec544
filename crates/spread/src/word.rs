//! Words of a text as they are held against each other: without case and marks, a misread letter forgiven.

use model::Span;

/// A word without case and marks, and its characters.
pub(crate) struct Word {
    pub text: String,
    pub hash: u64,
    pub start: usize,
    pub end: usize,
}

/// Whether two words are the same but for a misread letter, or two in a long word. Figures must be the same.
pub(crate) fn alike(a: &Word, b: &Word) -> bool {
    if a.hash == b.hash {
        return true;
    }
    let figures = |word: &Word| word.text.bytes().any(|byte| byte.is_ascii_digit());
    let longest = a.text.chars().count().max(b.text.chars().count());
    let most = longest / 4;
    most > 0 && !figures(a) && !figures(b) && within(&a.text, &b.text, most.min(2))
}

/// Whether at most so many letters were changed, added or left out (Levenshtein 1966).
fn within(a: &str, b: &str, most: usize) -> bool {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    if a.len().abs_diff(b.len()) > most {
        return false;
    }
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (n, letter) in a.iter().enumerate() {
        let mut corner = row[0];
        row[0] = n + 1;
        for k in 0..b.len() {
            let changed = corner + usize::from(*letter != b[k]);
            corner = row[k + 1];
            row[k + 1] = changed.min(row[k] + 1).min(corner + 1);
        }
    }
    row[b.len()] <= most
}

/// The words of a text; what is marks alone is none.
pub(crate) fn words(text: &str) -> Vec<Word> {
    let mut words = Vec::new();
    let (mut start, mut letters) = (0, String::new());
    for (at, letter) in text.chars().chain([' ']).enumerate() {
        if !letter.is_whitespace() {
            letters.extend(letter.to_lowercase().filter(|c| c.is_alphanumeric()));
            continue;
        }
        if !letters.is_empty() {
            let text = std::mem::take(&mut letters);
            words.push(Word { hash: hash(&text), text, start, end: at });
        }
        start = at + 1;
    }
    words
}

/// FNV-1a.
pub(crate) fn hash(text: &str) -> u64 {
    text.bytes()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

/// From the first character of the words `from` to the last one of those before `to`.
pub(crate) fn span(words: &[Word], (from, to): (usize, usize)) -> Span {
    let start = words.get(from).map_or(0, |word| word.start);
    let end = to.checked_sub(1).and_then(|last| words.get(last)).map_or(start, |word| word.end);
    Span { start: start as u64, length: end.saturating_sub(start) as u64 }
}
