//! What stands around the text: page numbers, serial and copy numbers, lines that printers and browsers set at the edge.

use model::{Imprint, Printed};

use crate::marking::Laid;
use crate::reading::span_of;

/// Words that a serial or copy number follows.
const BEFORE: [&str; 12] = [
    "SERIAL",
    "SERIAL:",
    "REF",
    "REF:",
    "NR",
    "NO.",
    "NO",
    "COPY",
    "NUMBER",
    "NUMBER:",
    "CONTROL",
    "SERIAL/NR",
];

/// All printed matter in words, in order.
pub(crate) fn printed(words: &[Laid]) -> Vec<Printed> {
    let mut found = Vec::new();
    for at in 0..words.len() {
        let here = page(words, at).or_else(|| serial(words, at)).or_else(|| stamp(words, at));
        if let Some((first, count, says)) = here {
            found.push(Printed {
                says,
                span: span_of(words, first, count),
                word: first as u32,
                count: count as u32,
            });
        }
    }
    found
}

type Found = (usize, usize, Imprint);

fn plain(word: &str) -> String {
    word.trim_matches(|c: char| "()[].,;-–—".contains(c)).to_uppercase()
}

/// "Page 2 of 5", "PAGE 2", "2 of 5" at the edge of the sheet, "Page 2/5".
fn page(words: &[Laid], at: usize) -> Option<Found> {
    let text =
        |n: usize| words.get(at + n).filter(|word| word.line == words[at].line).map(|word| plain(word.text));
    let number = |word: Option<String>| word?.parse::<u32>().ok().filter(|n| (1..10_000).contains(n));
    if matches!(text(0)?.as_str(), "PAGE" | "PG" | "P") {
        if let Some((number, of)) = text(1).as_deref().and_then(|word| word.split_once('/')) {
            let says = Imprint::Page { number: number.parse().ok()?, of: of.parse().ok() };
            return Some((at, 2, says));
        }
        let first = number(text(1))?;
        let of = text(2).filter(|word| word == "OF").and_then(|_| number(text(3))).filter(|of| *of >= first);
        return Some((at, if of.is_some() { 4 } else { 2 }, Imprint::Page { number: first, of }));
    }
    let edge = words[at].down.is_some_and(|down| !(0.1..=0.9).contains(&down));
    let alone = at == 0 || words[at - 1].line != words[at].line;
    if edge && alone && text(1)? == "OF" && text(3).is_none() {
        let (number, of) = (number(text(0))?, number(text(2))?);
        return (number <= of).then_some((at, 3, Imprint::Page { number, of: Some(of) }));
    }
    None
}

/// A number with a word before it that says so.
fn serial(words: &[Laid], at: usize) -> Option<Found> {
    let word = words[at].text.to_uppercase();
    if !BEFORE.contains(&word.as_str()) || words.get(at + 1)?.line != words[at].line {
        return None;
    }
    let first = at + 1;
    let number = words[first].text.trim_matches(|c: char| ".,;:()".contains(c));
    let digits = number.chars().filter(char::is_ascii_digit).count();
    // "No. 5" is as often a sentence; a serial is longer, or said in capitals with a colon.
    let sure = word.starts_with("SERIAL") || word.ends_with(':') || number.len() >= 5;
    let made = number.chars().all(|c| c.is_ascii_alphanumeric() || "-/._".contains(c));
    (digits >= 2 && sure && made).then(|| (first, 1, Imprint::Serial(number.to_owned())))
}

/// An address or file name at the edge of the sheet.
fn stamp(words: &[Laid], at: usize) -> Option<Found> {
    let word = &words[at];
    let edge = word.down.is_some_and(|down| !(0.06..=0.94).contains(&down));
    let lower = word.text.to_lowercase();
    let ends = [".pdf", ".doc", ".docx", ".ppt", ".pptx", ".htm", ".html", ".xls", ".xlsx", ".msg"];
    let address = lower.contains("://") || lower.starts_with("www.") || lower.starts_with("file:");
    let named = address || ends.iter().any(|end| lower.ends_with(end));
    (edge && named).then(|| (at, 1, Imprint::Stamp(word.text.to_owned())))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str, down: f64) -> Vec<Imprint> {
        let words: Vec<Laid> =
            text.split(' ').map(|text| Laid { text, line: 0, down: Some(down), start: 0 }).collect();
        printed(&words).into_iter().map(|printed| printed.says).collect()
    }

    #[test]
    fn pages_serials_stamps() {
        assert_eq!(found("Page 1 of 2", 0.97), [Imprint::Page { number: 1, of: Some(2) }]);
        assert_eq!(found("PAGE 3", 0.5), [Imprint::Page { number: 3, of: None }]);
        assert_eq!(found("Page 2/5", 0.5), [Imprint::Page { number: 2, of: Some(5) }]);
        assert_eq!(found("2 of 5", 0.98), [Imprint::Page { number: 2, of: Some(5) }]);
        assert!(found("2 of 5 ships", 0.5).is_empty());
        assert_eq!(found("SERIAL: B541-79/7", 0.2), [Imprint::Serial("B541-79/7".to_owned())]);
        assert_eq!(found("https://example.org/a.html 3/4", 0.99).len(), 1);
        assert!(found("the page was turned by no one", 0.5).is_empty());
    }
}
