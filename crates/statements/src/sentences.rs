use model::{Cited, FamilyReading};

use crate::page::{Places, masks};
use crate::text::Prose;

/// The sentences of a sheet in the order of its text, each with its place and its text, line ends as spaces. Markings and what
/// is printed at the edges are in none.
pub fn sentences(reading: &FamilyReading) -> Vec<(Cited, String)> {
    let prose = Prose::of(&reading.text, &masks(reading));
    let places = Places { reading };
    let spans = prose.sentences.iter().map(|one| prose.span(one.tokens.start, one.tokens.end));
    spans
        .filter(|span| span.length > 0)
        .map(|span| {
            let (start, end) = (span.start as usize, (span.start + span.length) as usize);
            (places.cited(span), prose.slice(start, end))
        })
        .collect()
}
