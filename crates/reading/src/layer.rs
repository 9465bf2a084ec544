//! A PDF's own text held against what was read from its picture.
//!
//! In: a text layer and the words read. Out: whether the layer can be used as text, and passages where the two say
//! something else. A layer that says something else than the picture is an observation, not an error: which of the two
//! is meant to be seen is not decided here.

use model::{Span, TextLayer, Word};

use crate::align::{Token, cells, distance};
use crate::doubt::oddness;

/// What a text layer is worth.
#[derive(Clone, Debug, PartialEq)]
pub struct Judged {
    /// It can stand for the text of the page.
    pub sound: bool,
    /// Share of its characters that no font names, 0 to 1.
    pub unknown: f64,
    /// Mean oddness of its words, 0 to 1: glyphs named wrongly make words that are none.
    pub odd: f64,
    /// Share of the surely read words that the layer has as well; none if too few were read to tell.
    pub agrees: Option<f64>,
    /// Passages that differ, in the order of the layer.
    pub differing: Vec<Passage>,
}

/// A passage on which the layer and the picture differ.
#[derive(Clone, Debug, PartialEq)]
pub struct Passage {
    /// What the layer says; empty if it says nothing there.
    pub layer: String,
    /// What was read from the picture; empty if nothing was.
    pub picture: String,
    /// Bytes of the layer's text, if it says something.
    pub span: Option<Span>,
    /// Numbers of the words read, ascending.
    pub words: Vec<u32>,
}

/// Readings at more doubt than this do not speak against a layer.
const SURE: f64 = 0.15;
/// Fewer sure words than this do not tell.
const ENOUGH: usize = 8;

/// Judges a layer against words read from a picture of the same page.
pub fn judge(layer: &TextLayer, read: &[Word]) -> Judged {
    let total = layer.text.chars().filter(|c| !c.is_whitespace()).count() + layer.unknown_glyphs as usize;
    let strange =
        layer.text.chars().filter(|c| *c == '\u{fffd}' || ('\u{e000}'..='\u{f8ff}').contains(c)).count();
    let unknown = (f64::from(layer.unknown_glyphs) + strange as f64) / total.max(1) as f64;
    let texts: Vec<(&str, Span)> =
        layer.words.iter().filter_map(|word| Some((slice(&layer.text, word.span)?, word.span))).collect();
    let odd = texts.iter().map(|(text, _)| oddness(text)).sum::<f64>() / texts.len().max(1) as f64;
    let ours: Vec<Token> = texts.iter().map(|(text, _)| token(text, 0.0)).collect();
    let theirs: Vec<Token> = read.iter().map(|word| token(&word.text, word.doubt)).collect();
    let accounts = [ours, theirs];
    let (mut same, mut sure, mut differing) = (0, 0, Vec::new());
    for cell in cells(&accounts, &[0, 1]) {
        let (said, seen) = (cell.text(0, &accounts[0]), cell.text(1, &accounts[1]));
        let certain = !cell.members[1].is_empty() && cell.doubt(1, &accounts[1]) < SURE;
        sure += usize::from(certain);
        same += usize::from(certain && plain(&said) == plain(&seen));
        if differs(&said, &seen, certain) {
            let span = cell.members[0].first().map(|&n| texts[n].1);
            let words = cell.members[1].iter().map(|&n| n as u32).collect();
            differing.push(Passage { layer: said, picture: seen, span, words });
        }
    }
    let agrees = (sure >= ENOUGH).then(|| same as f64 / sure as f64);
    let sound = !texts.is_empty() && unknown < 0.05 && odd < 0.25 && agrees.is_none_or(|agrees| agrees > 0.7);
    Judged { sound, unknown, odd, agrees, differing }
}

fn token(text: &str, doubt: f64) -> Token {
    Token { text: text.to_owned(), doubt, place: None, line: 0, edges: (false, false) }
}

fn slice(text: &str, span: Span) -> Option<&str> {
    let start = usize::try_from(span.start).ok()?;
    text.get(start..start.checked_add(usize::try_from(span.length).ok()?)?)
}

/// Letters and digits alone: punctuation is what readers and fonts most often disagree on.
fn plain(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

fn differs(said: &str, seen: &str, certain: bool) -> bool {
    let (a, b) = (plain(said), plain(seen));
    if a == b || (b.is_empty() && a.chars().count() < 3) || (a.is_empty() && b.chars().count() < 3) {
        return false;
    }
    // A word that was not read at all says nothing of the layer unless it stands alone; digits count at once.
    if b.is_empty() {
        return true;
    }
    certain && (a.chars().chain(b.chars()).any(|c| c.is_ascii_digit()) || distance(&a, &b) > 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{Quad, TextWord};

    fn layer(text: &str) -> TextLayer {
        let mut start = 0;
        let words = text
            .split(' ')
            .map(|word| {
                let span = Span { start, length: word.len() as u64 };
                start += word.len() as u64 + 1;
                TextWord { span, quad: Quad::rectangle(0.0, 0.0, 1.0, 1.0) }
            })
            .collect();
        TextLayer { text: text.to_owned(), words, unknown_glyphs: 0 }
    }

    fn read(text: &str) -> Vec<Word> {
        let span = Span { start: 0, length: 0 };
        let quad = Quad::rectangle(0.0, 0.0, 1.0, 1.0);
        text.split(' ')
            .map(|text| Word { text: text.to_owned(), span, quad, doubt: 0.02, line: 0, second: false })
            .collect()
    }

    #[test]
    fn a_layer_that_says_the_same_is_sound() {
        let text = "The port took in forty ships on 12 May and let none of them go";
        let judged = judge(&layer(text), &read(text));
        assert!(judged.sound && judged.differing.is_empty() && judged.agrees == Some(1.0));
    }

    #[test]
    fn what_differs_is_told() {
        let judged = judge(
            &layer("The port took in 40 ships on 12 May and let none of them go"),
            &read("The port took in 90 ships on 12 May and let none of them go"),
        );
        assert_eq!(judged.differing.len(), 1);
        assert_eq!((judged.differing[0].layer.as_str(), judged.differing[0].picture.as_str()), ("40", "90"));
        assert!(judged.sound);
        let other = judge(
            &layer("xq zzt wrvk qqp lkj mnb vcx zzz"),
            &read("The port took in ninety ships on May and let go"),
        );
        assert!(!other.sound);
    }

    #[test]
    fn unknown_glyphs_make_it_unsound() {
        let judged = judge(&TextLayer { unknown_glyphs: 40, ..layer("The port took in forty ships") }, &[]);
        assert!(!judged.sound && judged.unknown > 0.5);
        assert!(!judge(&TextLayer::default(), &[]).sound);
    }
}
