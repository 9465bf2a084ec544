//! Words that somebody else says stand on a sheet, held against its text.
//!
//! In: a reading, and words. Out: the places at which they stand, word for word; line ends count as spaces. Invariant: what does not
//! stand there has no place.

use model::{Cited, FamilyReading, Span};

use crate::page::Places;

/// Places of one piece of words, at most.
const MOST: usize = 50;

/// Where words stand on a sheet, whole, in the order of its text; the first fifty places.
pub fn held(reading: &FamilyReading, words: &str) -> Vec<Cited> {
    let (text, at) = spaced(&reading.text);
    let (wanted, _) = spaced(words.trim());
    if wanted.is_empty() || wanted.len() > text.len() {
        return Vec::new();
    }
    let letter = |n: Option<usize>| n.and_then(|n| text.get(n)).is_some_and(|c| c.is_alphanumeric());
    let (first, last) = (wanted[0].is_alphanumeric(), wanted[wanted.len() - 1].is_alphanumeric());
    let starts = (0..=text.len() - wanted.len()).filter(|n| {
        let end = n + wanted.len();
        text[*n..end] == wanted[..] && !(first && letter(n.checked_sub(1))) && !(last && letter(Some(end)))
    });
    let places = Places { reading };
    let cite = |n: usize| {
        let (start, end) = (at[n], at[n + wanted.len() - 1] + 1);
        places.cited(Span { start: start as u64, length: (end - start) as u64 })
    };
    starts.take(MOST).map(cite).collect()
}

/// Characters with each run of spaces as one, and where each of them stands.
fn spaced(text: &str) -> (Vec<char>, Vec<usize>) {
    let (mut letters, mut at) = (Vec::new(), Vec::new());
    for (n, letter) in text.chars().enumerate() {
        let space = letter.is_whitespace();
        if space && letters.last() == Some(&' ') {
            continue;
        }
        letters.push(if space { ' ' } else { letter });
        at.push(n);
    }
    (letters, at)
}
