//! What a sheet is about, in its own words: the line that says so, else its heading, else the names it has most often.
//!
//! In: prose with its names. Out: runs of characters. Invariant: the words are those of the sheet; where it has none of the three,
//! nothing is said.

use std::collections::BTreeMap;

use model::{EntityKind, Form, Heads, Span};

use crate::lexicon::Sort;
use crate::names::Name;
use crate::text::{Case, Prose};

/// Tokens of a subject, at most.
const LONGEST: usize = 40;
/// Names that stand for a subject, at most, and how often each must be there.
const NAMES: usize = 3;
const OFTEN: usize = 3;

/// What a sheet is about: the characters, and what tells it.
pub(crate) fn subjects(prose: &Prose, names: &[Name]) -> Vec<(Span, Heads)> {
    let lines = subject_lines(prose);
    if !lines.is_empty() {
        return lines.into_iter().map(|span| (span, Heads::SubjectLine)).collect();
    }
    match heading(prose) {
        Some(span) => vec![(span, Heads::Heading)],
        None => most(prose, names).into_iter().map(|span| (span, Heads::NamedMost)).collect(),
    }
}

/// "SUBJECT: Grain exports through Odesa", to the end of its block.
fn subject_lines(prose: &Prose) -> Vec<Span> {
    let mut found: Vec<Span> = Vec::new();
    for sentence in &prose.sentences {
        for at in sentence.tokens.clone() {
            let token = &prose.tokens[at];
            let label = token.any(&["subject", "subj", "subjects", "re", "topic", "title"]) && token.line;
            if !label || at + 1 >= sentence.tokens.end || !prose.tokens[at + 1].is(":") {
                continue;
            }
            let (from, mut to) = (at + 2, sentence.tokens.end.min(at + 2 + LONGEST));
            while to > from && !prose.tokens[to - 1].is_word() {
                to -= 1;
            }
            if to > from {
                found.push(prose.span(from, to));
            }
            break;
        }
    }
    found
}

/// A line at the head of the sheet, alone in its block, every word of which but small ones has a capital.
fn heading(prose: &Prose) -> Option<Span> {
    let most = prose.tokens.len().div_ceil(3);
    let found = prose.sentences.iter().enumerate().take(8).find(|(n, sentence)| {
        let tokens = &prose.tokens[sentence.tokens.clone()];
        let ends = prose.sentences.get(n + 1).is_some_and(|next| next.opens);
        let words: Vec<_> = tokens.iter().filter(|token| token.is_word()).collect();
        let capital = words.iter().all(|token| {
            matches!(token.case, Case::Title | Case::Upper | Case::Initial)
                || token.sort.is_closed()
                || token.case == Case::None
        });
        let telling = words.iter().filter(|token| token.sort == Sort::Common).count();
        sentence.opens
            && ends
            && sentence.tokens.end <= most
            && (2..=14).contains(&words.len())
            && capital
            && telling * 2 >= words.len()
            && tokens.iter().all(|token| token.is_word() || token.any(&[",", "-", "'", "&", "."]))
            && words.iter().filter(|token| token.case == Case::None).count() * 3 <= words.len()
    })?;
    let tokens = found.1.tokens.clone();
    let end = if prose.tokens[tokens.end - 1].is_word() { tokens.end } else { tokens.end - 1 };
    Some(prose.span(tokens.start, end))
}

/// The first places of the names that stand there most often.
fn most(prose: &Prose, names: &[Name]) -> Vec<Span> {
    let mut counts: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    let kinds = [
        EntityKind::Person,
        EntityKind::Body,
        EntityKind::Country,
        EntityKind::Place,
        EntityKind::Ship,
        EntityKind::Operation,
        EntityKind::Weapon,
    ];
    for (n, name) in names.iter().enumerate() {
        if name.form == Form::Name && kinds.contains(&name.kind) {
            counts.entry(name.name.to_lowercase()).or_insert((0, n)).0 += 1;
        }
    }
    let mut often: Vec<(usize, usize)> = counts.into_values().filter(|(count, _)| *count >= OFTEN).collect();
    often.sort_by_key(|(count, n)| (std::cmp::Reverse(*count), *n));
    often.into_iter().take(NAMES).map(|(_, n)| prose.span(names[n].from, names[n].to)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dates::dates;
    use crate::gazetteer::Gazetteer;
    use crate::names::names;

    fn found(text: &str) -> Vec<(String, Heads)> {
        let prose = Prose::of(text, &[]);
        let names = names(&prose, Gazetteer::shipped(), &dates(&prose, None));
        let text = |span: Span| prose.slice(span.start as usize, (span.start + span.length) as usize);
        subjects(&prose, &names).into_iter().map(|(span, heads)| (text(span), heads)).collect()
    }

    #[test]
    fn the_line_that_says_so_then_the_heading_then_names() {
        let line = "FROM: Embassy\nSUBJECT: Grain exports through\nOdesa in April\nDATE: 2 May 2023\n\nAll is said below.";
        assert_eq!(found(line), [("Grain exports through Odesa in April".to_owned(), Heads::SubjectLine)]);
        let headed = "Minutes of the Harbour Board\n\nThe board met at ten. It was agreed to dredge the port before the winter.";
        assert_eq!(found(headed), [("Minutes of the Harbour Board".to_owned(), Heads::Heading)]);
        let bare = "In Turkey it is said that Turkey wants what Turkey had, and that France does not.";
        assert_eq!(found(bare), [("Turkey".to_owned(), Heads::NamedMost)]);
        assert!(found("It is said that nothing was heard of France.").is_empty());
    }
}
