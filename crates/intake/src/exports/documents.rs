//! JSON files that are one document, or one document a line.

use std::io::{self, SeekFrom};

use model::Span;

use super::each::each;
use super::lines::Lines;
use super::reading::Reading;
use crate::Input;
use crate::json::{Choice, MAX_VALUE, Outcome, Step};

/// Takes a document: false if it makes no sense.
type Document<'v, 'a> = &'v mut dyn FnMut(&mut Reading<'a>, &[u8], Span) -> io::Result<bool>;

/// Hands on each document: each line, if the first line is one; else the root, or each element of a list at the root.
/// What is no document is told as damage. Lines that do not even begin as one (streams keep silence so) are passed over.
pub(super) fn documents<'a>(
    input: &mut dyn Input,
    reading: &mut Reading<'a>,
    value: Document<'_, 'a>,
) -> io::Result<Outcome> {
    input.seek(SeekFrom::Start(0))?;
    if !is_lines(input)? {
        input.seek(SeekFrom::Start(0))?;
        let choose = |path: &[Step], first: u8| match path {
            [] if first == b'[' => Choice::Enter,
            [] | [Step::Index(_)] if first == b'{' => Choice::Take,
            _ => Choice::Skip,
        };
        return each(input, 0, reading, (&choose, &[]), &mut |reading, _, bytes, span| {
            value(reading, bytes, span)
        });
    }
    input.seek(SeekFrom::Start(0))?;
    let mut lines = Lines::new(input, 0, MAX_VALUE);
    let mut line = Vec::new();
    let mut cut = None;
    while let Some(span) = lines.next(&mut line)? {
        let text = line.trim_ascii();
        if text.first() == Some(&b'{') {
            let whole = value(reading, text, span)?;
            cut = (!whole).then_some(span);
            if let Some(span) = cut.filter(|_| line.last() == Some(&b'}')) {
                reading.damage(span, "not what the format says")?;
                cut = None;
            }
        }
    }
    Ok(cut.map_or(Outcome::Whole, |span| Outcome::Truncated { at: span.start + span.length }))
}

fn is_lines(input: &mut dyn Input) -> io::Result<bool> {
    let mut lines = Lines::new(input, 0, MAX_VALUE);
    let mut line = Vec::new();
    while lines.next(&mut line)?.is_some() {
        let text = line.trim_ascii();
        if !text.is_empty() {
            return Ok(text[0] == b'{' && serde_json::from_slice::<serde::de::IgnoredAny>(text).is_ok());
        }
    }
    Ok(false)
}
