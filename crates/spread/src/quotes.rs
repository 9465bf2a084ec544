//! Posts that say in their own text what a sheet says: typed quotes and transcripts (R8).
//!
//! Comes in: what each sheet reads, and the texts of posts, one at a time. Goes out: the passages of a post that stand on a
//! sheet word for word, or nearly: a misread letter, a slip of the typist or a word left out do not end a passage; and where they say
//! something else.
//! Invariant: a passage has at least [`LEAST`] words in common with the sheet, and all sheets that have it as fully are
//! named: where several do, it does not tell which. Deliberately absent: translations, and retellings in other words.
//!
//! Method: runs of three words are looked up in an index of all sheets, and the longest alignment through each is followed
//! word by word in both directions until more differs than agrees (as BLAST extends its seeds, Altschul and others 1990).

use std::collections::{BTreeMap, BTreeSet};

use model::{FamilyId, Span, Wording};

use crate::pairs::differences;
use crate::word::{Word, alike, span, words};

/// Words that a passage has in common with a sheet, at least, and the share of its words that those are.
const LEAST: usize = 8;
const ALIKE: f64 = 0.75;
/// Words of a run that is looked up; runs that stand at more places than this say nothing.
const RUN: usize = 3;
const COMMON: usize = 64;
/// Words of a post that are looked at.
const MOST: usize = 20_000;
/// Agreeing words that as many differing ones may cost before the end of a passage is where it was best.
const DROP: i32 = 4;

/// A passage of a post that stands on sheets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Passage {
    /// Characters of the post's text.
    pub span: Span,
    /// The sheets that have it as fully, with the characters of their texts; sorted.
    pub sheets: Vec<(FamilyId, Span)>,
    /// Words in common, and words of the passage.
    pub same: usize,
    /// Words of the passage.
    pub words: usize,
    /// Words of the first of these sheets.
    pub of: usize,
    /// Where it says something else than the first of these sheets.
    pub differs: Vec<Wording>,
}

/// What all sheets say, ready to be looked up.
pub struct Said {
    sheets: Vec<(FamilyId, String, Vec<Word>)>,
    runs: BTreeMap<[u64; RUN], Vec<(u32, u32)>>,
}

/// Where a post and a sheet run together: words of the post, words of the sheet, and how many are the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Run {
    sheet: usize,
    post: (usize, usize),
    there: (usize, usize),
    same: usize,
}

impl Said {
    /// From the text of each sheet.
    pub fn new<'a>(texts: impl IntoIterator<Item = (FamilyId, &'a str)>) -> Self {
        let mut sheets: Vec<(FamilyId, String, Vec<Word>)> =
            texts.into_iter().map(|(family, text)| (family, text.to_owned(), words(text))).collect();
        sheets.sort_by_key(|(family, ..)| *family);
        let mut runs: BTreeMap<[u64; RUN], Vec<(u32, u32)>> = BTreeMap::new();
        for (n, (.., words)) in sheets.iter().enumerate() {
            for (k, run) in words.windows(RUN).enumerate() {
                runs.entry(key(run)).or_default().push((n as u32, k as u32));
            }
        }
        runs.retain(|_, places| places.len() <= COMMON);
        Self { sheets, runs }
    }

    /// The passages of a text, in its order; no two have words in common.
    pub fn passages(&self, text: &str) -> Vec<Passage> {
        let mut post = words(text);
        post.truncate(MOST);
        if post.len() < LEAST || self.runs.is_empty() {
            return Vec::new();
        }
        let mut found = self.runs_through(&post);
        found.sort_by_key(|run| (std::cmp::Reverse(run.same), run.post, run.sheet, run.there));
        let mut taken: BTreeSet<usize> = BTreeSet::new();
        let mut passages = Vec::new();
        for run in &found {
            if (run.post.0..run.post.1).any(|word| taken.contains(&word)) {
                continue;
            }
            taken.extend(run.post.0..run.post.1);
            passages.push(self.passage(run, &found, text, &post));
        }
        passages.sort_by_key(|passage| passage.span.start);
        passages
    }

    /// Every run long and alike enough, of each sheet.
    fn runs_through(&self, post: &[Word]) -> Vec<Run> {
        let mut found: Vec<Run> = Vec::new();
        for (at, run) in post.windows(RUN).enumerate() {
            for &(sheet, place) in self.runs.get(&key(run)).map_or(&[][..], Vec::as_slice) {
                let (sheet, place) = (sheet as usize, place as usize);
                let inside = |run: &Run| {
                    run.sheet == sheet
                        && (run.post.0..run.post.1).contains(&at)
                        && (run.there.0..run.there.1).contains(&place)
                };
                if found.iter().any(inside) {
                    continue;
                }
                let run = extended(post, &self.sheets[sheet].2, sheet, at, place);
                let words = run.post.1 - run.post.0;
                if run.same >= LEAST && run.same as f64 >= ALIKE * words as f64 {
                    found.push(run);
                }
            }
        }
        found
    }

    fn passage(&self, best: &Run, found: &[Run], text: &str, post: &[Word]) -> Passage {
        let as_fully = |run: &&Run| {
            let over = run.post.1.min(best.post.1).saturating_sub(run.post.0.max(best.post.0));
            run.same >= best.same && 10 * over >= 9 * (best.post.1 - best.post.0)
        };
        let mut runs: BTreeMap<FamilyId, &Run> = BTreeMap::new();
        for run in found.iter().filter(as_fully) {
            runs.entry(self.sheets[run.sheet].0).or_insert(run);
        }
        let whole = span(post, best.post);
        let inside = |one: &Wording| {
            one.span.start >= whole.start && one.span.start + one.span.length <= whole.start + whole.length
        };
        let mut differs = runs.values().next().map_or_else(Vec::new, |run| self.differ(run, text, post));
        differs.retain(inside);
        Passage {
            span: whole,
            sheets: runs
                .iter()
                .map(|(family, run)| (*family, span(&self.sheets[run.sheet].2, run.there)))
                .collect(),
            same: best.same,
            words: best.post.1 - best.post.0,
            of: self.sheets[best.sheet].2.len(),
            differs,
        }
    }

    fn differ(&self, run: &Run, text: &str, post: &[Word]) -> Vec<Wording> {
        let (_, there, words) = &self.sheets[run.sheet];
        differences(&post[run.post.0..run.post.1], &words[run.there.0..run.there.1], (text, there))
    }
}

/// The longest passage through three words in common.
fn extended(post: &[Word], there: &[Word], sheet: usize, at: usize, place: usize) -> Run {
    let ahead = follow(&post[at + RUN..], &there[place + RUN..], |words, n| words.get(n));
    let back =
        follow(&post[..at], &there[..place], |words, n| words.len().checked_sub(n + 1).map(|k| &words[k]));
    Run {
        sheet,
        post: (at - back.0, at + RUN + ahead.0),
        there: (place - back.1, place + RUN + ahead.1),
        same: RUN + ahead.2 + back.2,
    }
}

/// How far two rows of words run together: words of the one, of the other, and how many are the same. Where they differ, a
/// word of the one may stand for one of the other, or be one too many on either side.
fn follow<'a>(
    one: &'a [Word],
    other: &'a [Word],
    nth: impl Fn(&'a [Word], usize) -> Option<&'a Word>,
) -> (usize, usize, usize) {
    let same = |a: usize, b: usize| nth(one, a).zip(nth(other, b)).is_some_and(|(a, b)| alike(a, b));
    let (mut a, mut b, mut count, mut score) = (0, 0, 0, 0);
    let mut best = (0, 0, 0, 0);
    while a < one.len() && b < other.len() && score > best.3 - DROP {
        if same(a, b) {
            (a, b, count, score) = (a + 1, b + 1, count + 1, score + 1);
            if score > best.3 {
                best = (a, b, count, score);
            }
            continue;
        }
        score -= 1;
        // The nearest place from which both go on together for two words.
        let steps = [(1, 1), (1, 0), (0, 1), (2, 1), (1, 2), (2, 0), (0, 2)];
        let on = |&&(x, y): &&(usize, usize)| same(a + x, b + y) && same(a + x + 1, b + y + 1);
        let (x, y) = steps.iter().find(on).copied().unwrap_or((1, 1));
        (a, b) = (a + x, b + y);
    }
    (best.0, best.1, best.2)
}

fn key(run: &[Word]) -> [u64; RUN] {
    std::array::from_fn(|n| run.get(n).map_or(0, |word| word.hash))
}

#[cfg(test)]
mod tests {
    use model::{Change, Id};

    use super::*;
    use crate::word::hash;

    const MEMO: &str = "SECRET//NOFORN MEMORANDUM On 2 April, Permanent Representative Sofia Varga warned Special Envoy \
        Tomas Novak that the grain arrangement could not be trusted, according to a liaison report. The harbour master keeps \
        2 keys and neither door was forced that night.";
    const NEXT: &str = "SECRET//NOFORN MEMORANDUM The harbour master keeps 2 keys and neither door was forced that night. \
        Toll income fell by 20 per cent after the bridge was closed to heavy carts.";

    fn family(n: u64) -> FamilyId {
        FamilyId::make(|id| {
            id.number(n);
        })
    }

    fn told(text: &str) -> Vec<(String, Vec<FamilyId>)> {
        let said = Said::new([(family(1), MEMO), (family(2), NEXT)]);
        let cut = |span: Span| {
            text.chars().skip(span.start as usize).take(span.length as usize).collect::<String>()
        };
        let row = |passage: Passage| {
            (cut(passage.span), passage.sheets.iter().map(|(family, _)| *family).collect())
        };
        said.passages(text).into_iter().map(row).collect()
    }

    #[test]
    fn a_typed_quote_is_found_with_its_slips() {
        let post = "look at this: \"permanent representative Sofia Varga wamed special envoy Tomas Novak that the \
            arrangement could not be trusted, acording to a liaison report\" lol";
        let [(quote, sheets)] = told(post).try_into().unwrap();
        assert!(quote.starts_with("\"permanent") && quote.ends_with("report\""), "{quote}");
        assert_eq!(sheets, [family(1)]);
    }

    /// A word that is lacking at an end of the quote is none of its differences: the quote ends there.
    #[test]
    fn a_quote_says_where_it_differs_in_characters_of_both_texts() {
        let post = "they write: on 2 april, permanent representative Sofia Vargas warned special envoy Ruth Novak that the \
            grain arrangement could hardly ever be trusted";
        let said = Said::new([(family(1), MEMO), (family(2), NEXT)]);
        let [passage] = said.passages(post).try_into().unwrap();
        let cut = |text: &str, span: Span| -> String {
            text.chars().skip(span.start as usize).take(span.length as usize).collect()
        };
        let told: Vec<(Change, String, String)> = passage
            .differs
            .iter()
            .map(|one| (one.change, cut(post, one.span), cut(MEMO, one.there)))
            .collect();
        let row = |says: &str, sheet: &str| (Change::Replaced, says.to_owned(), sheet.to_owned());
        assert_eq!(told, [row("Ruth", "Tomas"), row("hardly ever", "not")]);
        assert_eq!(
            (passage.differs[0].says.as_str(), passage.differs[1].sheet_says.as_str()),
            ("Ruth", "not")
        );
    }

    #[test]
    fn what_two_sheets_say_names_both() {
        let [(quote, sheets)] =
            told("it says The harbour master keeps 2 keys and neither door was forced that night!")
                .try_into()
                .unwrap();
        assert!(quote.starts_with("The harbour"));
        let mut both = vec![family(1), family(2)];
        both.sort();
        assert_eq!(sheets, both);
    }

    #[test]
    fn a_few_words_or_another_figure_are_no_quote() {
        assert!(told("the harbour master keeps 2 keys, they say").is_empty());
        assert!(
            told("according to a liaison report we should all go home and sleep well tonight, friends")
                .is_empty()
        );
        let other = "The harbour master keeps 9 keys and nobody knows which of them opens the second door of the office";
        assert!(told(other).is_empty());
        assert!(told("").is_empty() && Said::new([]).passages(MEMO).is_empty());
    }

    #[test]
    fn passages_do_not_overlap_and_lie_in_the_text() {
        let text = format!("{MEMO} … {NEXT} … {MEMO}");
        let said = Said::new([(family(1), MEMO), (family(2), NEXT)]);
        let passages = said.passages(&text);
        assert!(passages.len() >= 3);
        for pair in passages.windows(2) {
            assert!(pair[0].span.start + pair[0].span.length <= pair[1].span.start);
        }
        let last = passages.last().unwrap();
        assert_eq!((last.span.start + last.span.length) as usize, text.chars().count());
    }

    /// One word in twenty misread: nearly all of a page that is typed off is found.
    #[test]
    fn noise_does_not_hide_a_transcript() {
        let text: Vec<String> = (0..400).map(|n| format!("word{} place", (n * 7919) % 1009)).collect();
        let sheet = text.join(" ").replace(|c: char| c.is_ascii_digit(), "q");
        let named: Vec<String> = (0..300_u64)
            .map(|n| {
                let letters = hash(&n.to_string());
                (0..7).map(|k| char::from(b'a' + ((letters >> (8 * k)) % 26) as u8)).collect()
            })
            .collect();
        let page = named.join(" ");
        let typed: Vec<String> = named
            .iter()
            .enumerate()
            .map(|(n, word)| if n % 20 == 7 { "zzzz".to_owned() } else { word.clone() })
            .collect();
        let said = Said::new([(family(1), page.as_str()), (family(2), sheet.as_str())]);
        let passages = said.passages(&typed.join(" "));
        assert_eq!(passages.iter().map(|passage| passage.same).sum::<usize>(), 285);
        assert_eq!(passages.len(), 1);
    }
}
