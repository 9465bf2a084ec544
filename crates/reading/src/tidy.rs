//! Small errors that the reader makes again and again, undone where the page itself tells how.
//!
//! Each rule looks at the page, never at a list of words: quotation marks as the page's other ones are; a bar between words
//! is the letter I; what a hyphen split without a gap belongs together; specks are not words.

use model::Quad;

use crate::look::{Noted, hull};

/// Applies all rules.
pub(crate) fn tidy(words: Vec<Noted>) -> Vec<Noted> {
    let mut words = without_specks(words);
    bars(&mut words);
    quotes(&mut words);
    joined(words)
}

/// Drops marks without letters that are far from the size of text, or stand alone on their line.
fn without_specks(words: Vec<Noted>) -> Vec<Noted> {
    let lettered = |word: &Noted| word.traits.letters > 0;
    let mut lines = std::collections::BTreeMap::new();
    words.iter().filter(|word| lettered(word)).for_each(|word| *lines.entry(word.line).or_insert(0) += 1);
    let speck = |word: &Noted| {
        let alone = !lines.contains_key(&word.line);
        !lettered(word) && (alone || word.doubt > 0.6 || (word.traits.misfit > 1.2 && word.traits.odd > 0.5))
    };
    words.into_iter().filter(|word| !speck(word)).collect()
}

/// "|" for the letter I: within a word of letters, or between two words of one line.
fn bars(words: &mut [Noted]) {
    for n in 0..words.len() {
        if !words[n].text.contains('|') {
            continue;
        }
        let text = &words[n].text;
        if text == "|" {
            let sentence = |other: Option<&Noted>| {
                other.is_some_and(|word| word.line == words[n].line && word.doubt < 0.3 && word.text.chars().any(char::is_lowercase))
            };
            if sentence(n.checked_sub(1).and_then(|k| words.get(k))) && sentence(words.get(n + 1)) {
                words[n].text = "I".to_owned();
            }
        } else {
            let letters = text.chars().filter(|c| c.is_alphabetic()).count();
            let inside = text.trim_end_matches('|').contains('|') && !text.starts_with('|');
            if inside && letters >= 3 {
                words[n].text = text.replace('|', "I");
            }
        }
    }
}

/// Writes all quotation marks as most of the page's are, straight or curled.
fn quotes(words: &mut [Noted]) {
    let count = |set: &str| words.iter().flat_map(|word| word.text.chars()).filter(|c| set.contains(*c)).count();
    let (straight, curled) = (count("'\""), count("‘’“”"));
    if straight < curled || curled == 0 {
        return;
    }
    for word in words.iter_mut() {
        word.text = word.text.replace(['‘', '’'], "'").replace(['“', '”'], "\"");
    }
}

/// Joins words of one line of which the first ends with a hyphen and between which there is no gap.
fn joined(words: Vec<Noted>) -> Vec<Noted> {
    let mut out: Vec<Noted> = Vec::with_capacity(words.len());
    for word in words {
        let Some(last) = out.last_mut() else {
            out.push(word);
            continue;
        };
        let (a, b) = (hull(&last.quad), hull(&word.quad));
        let high = (a[3] - a[1]).max(b[3] - b[1]);
        let lettered = last.text.ends_with('-') && last.traits.letters > 1 && word.traits.letters > 1;
        let touching = last.line == word.line && (-0.2 * high..0.15 * high).contains(&(b[0] - a[2]));
        if lettered && touching {
            last.text.push_str(&word.text);
            let (top, bottom) = (a[1].min(b[1]), a[3].max(b[3]));
            last.quad = Quad::rectangle(a[0], top, b[2] - a[0], bottom - top);
            last.doubt = last.doubt.max(word.doubt);
            last.traits.letters += word.traits.letters;
        } else {
            out.push(word);
        }
    }
    out
}
