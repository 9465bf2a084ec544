//! Words of likelihood and confidence, as Intelligence Community Directive 203 (2 January 2015, section D.6.e.2.a) has them.
//! In: a run of tokens. Out: the words with their percent. The words alone count: what they are about is the reader's to see.

use model::Likelihood;

use crate::text::Prose;

/// Words, at least, at most; longer ones first.
const WORDS: [(&str, u8, u8); 22] = [
    ("almost no chance", 1, 5),
    ("remote chance", 1, 5),
    ("remote", 1, 5),
    ("very unlikely", 5, 20),
    ("highly improbable", 5, 20),
    ("highly unlikely", 5, 20),
    ("unlikely", 20, 45),
    ("improbable", 20, 45),
    ("improbably", 20, 45),
    ("roughly even chance", 45, 55),
    ("roughly even odds", 45, 55),
    ("even chance", 45, 55),
    ("very likely", 80, 95),
    ("highly likely", 80, 95),
    ("highly probable", 80, 95),
    ("almost certain", 95, 99),
    ("almost certainly", 95, 99),
    ("nearly certain", 95, 99),
    ("likely", 55, 80),
    ("probable", 55, 80),
    ("probably", 55, 80),
    ("very probably", 80, 95),
];

/// All words of likelihood in a run of tokens.
pub(crate) fn likelihoods(prose: &Prose, from: usize, to: usize) -> Vec<Likelihood> {
    let mut found = Vec::new();
    let mut at = from;
    while at < to {
        let fits = |words: &str| {
            let count = words.split(' ').count();
            at + count <= to
                && words.split(' ').zip(&prose.tokens[at..]).all(|(word, token)| token.low == word)
        };
        let best = WORDS.iter().filter(|(words, _, _)| fits(words)).max_by_key(|(words, _, _)| words.len());
        let level = ["low", "moderate", "medium", "high"].iter().find(|level| {
            prose.tokens[at].is(level)
                && prose.tokens.get(at + 1).is_some_and(|next| next.is("confidence"))
                && at + 1 < to
        });
        let (count, percent, confidence) = match (best, level) {
            (Some((words, least, most)), _) => (words.split(' ').count(), Some((*least, *most)), None),
            (None, Some(level)) => {
                (2, None, Some(if *level == "medium" { "moderate" } else { *level }.to_owned()))
            }
            (None, None) => {
                at += 1;
                continue;
            }
        };
        let span = prose.span(at, at + count);
        found.push(Likelihood { words: prose.words(at, at + count), percent, confidence, span });
        at += count;
    }
    found
}
