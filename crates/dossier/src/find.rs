//! Search over readings and posts, each hit with its words and its place.

use std::collections::BTreeSet;

use case::{Derived, Error, Hit};
use model::{Citation, Noun, Picture, PictureId, Point, Post, PostId, Quad, Reading, Word};

/// Words shown on either side of a hit.
const AROUND: usize = 7;
/// Readings looked through for each misread word.
const CANDIDATES: usize = 2000;

/// A hit in words and with its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// The picture or the post.
    pub of: String,
    /// The words that were found, with some around them.
    pub snippet: String,
    /// Where they stand.
    pub cited: Vec<Citation>,
}

/// Hits for a query (words, "phrase", prefix*, AND, OR, NOT, NEAR(a b, 5)), the best first; with `misread` also readings in which
/// every word stands give or take a letter or two.
pub fn hits(derived: &Derived, query: &str, misread: bool, most: usize) -> Result<Vec<Hit>, Error> {
    let mut hits = derived.search(query, most)?;
    if misread {
        for hit in self::misread(derived, &terms(query))? {
            if !hits.contains(&hit) && hits.len() < most {
                hits.push(hit);
            }
        }
    }
    Ok(hits)
}

/// The words of a query, in small letters; a star at the end marks a prefix.
pub fn terms(query: &str) -> Vec<String> {
    let words = query.split(|c: char| !(c.is_alphanumeric() || c == '*')).filter(|word| !word.is_empty());
    let operators = ["AND", "OR", "NOT", "NEAR"];
    words.filter(|word| !operators.contains(word)).map(str::to_lowercase).collect()
}

/// Readings in which every term stands, give or take a letter or two.
fn misread(derived: &Derived, terms: &[String]) -> Result<Vec<Hit>, Error> {
    let mut all: Option<BTreeSet<[u8; 32]>> = None;
    for term in terms {
        let mut with_term = BTreeSet::new();
        for hit in derived.resembling(term, CANDIDATES)? {
            let reading = derived.get::<Reading>(hit.key)?;
            if reading.is_some_and(|reading| reading.words.iter().any(|word| stands(&word.text, term, true)))
            {
                with_term.insert(hit.key);
            }
        }
        all = Some(match all {
            None => with_term,
            Some(all) => all.intersection(&with_term).copied().collect(),
        });
    }
    let hit = |key| Hit { kind: Reading::KIND.to_owned(), key };
    Ok(all.unwrap_or_default().into_iter().map(hit).collect())
}

/// Whether a term stands in a word as it was read.
pub fn stands(word: &str, term: &str, misread: bool) -> bool {
    let prefix = term.strip_suffix('*');
    word.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty()).any(|part| {
        let part = part.to_lowercase();
        match prefix {
            Some(prefix) => part.starts_with(prefix),
            None => {
                part == term || misread && within(&part, term, if term.chars().count() < 8 { 1 } else { 2 })
            }
        }
    })
}

/// Whether two words differ by at most so many letters put in, left out or changed.
fn within(a: &str, b: &str, most: usize) -> bool {
    redaction::distance(a, b, most) <= most
}

/// A hit told: where most of the terms stand near each other.
pub fn found(derived: &Derived, hit: &Hit, terms: &[String], misread: bool) -> Result<Option<Found>, Error> {
    if hit.kind == Post::KIND {
        let post = derived.get::<Post>(hit.key)?;
        return Ok(post.map(|post| {
            let id = PostId::from(hit.key);
            let words: Vec<&str> = post.text.split_whitespace().collect();
            let found = words.iter().position(|word| terms.iter().any(|term| stands(word, term, misread)));
            Found {
                of: id.to_string(),
                snippet: around(&words, found.unwrap_or(0), 1),
                cited: vec![Citation::Post(id)],
            }
        }));
    }
    let Some(reading) = derived.get::<Reading>(hit.key)? else { return Ok(None) };
    let id = PictureId::from(hit.key);
    let Some(picture) = derived.get::<Picture>(id)? else { return Ok(None) };
    let found: Vec<usize> = reading
        .words
        .iter()
        .enumerate()
        .filter(|(_, word)| terms.iter().any(|term| stands(&word.text, term, misread)))
        .map(|(n, _)| n)
        .collect();
    let (first, count) = densest(&found, terms.len());
    let words: Vec<&str> = reading.words.iter().map(|word| word.text.as_str()).collect();
    let cited = reading.words.get(first..(first + count).min(words.len())).and_then(hull);
    let cited = cited.map(|quad| Citation::Region { page: picture.page, quad });
    Ok(Some(Found {
        of: id.to_string(),
        snippet: around(&words, first, count),
        cited: cited.into_iter().collect(),
    }))
}

/// The shortest run of words that holds as many found ones as there are terms: its first word and length.
fn densest(found: &[usize], terms: usize) -> (usize, usize) {
    let runs = found.windows(terms.clamp(1, found.len().max(1)));
    let best = runs.min_by_key(|run| run[run.len() - 1] - run[0]);
    best.map_or((0, 1), |run| (run[0], run[run.len() - 1] - run[0] + 1))
}

fn around(words: &[&str], first: usize, count: usize) -> String {
    let (start, end) = (first.saturating_sub(AROUND), (first + count + AROUND).min(words.len()));
    let shown = words.get(start..end).unwrap_or_default().join(" ");
    let (before, after) = (if start > 0 { "… " } else { "" }, if end < words.len() { " …" } else { "" });
    format!("{before}{shown}{after}")
}

/// The upright rectangle around words.
fn hull(words: &[Word]) -> Option<Quad> {
    let corners: Vec<Point> = words.iter().flat_map(|word| word.quad.0).collect();
    let bound = |of: fn(&Point) -> f64| {
        let values = corners.iter().map(of);
        values.clone().reduce(f64::min).zip(values.reduce(f64::max))
    };
    let ((left, right), (top, bottom)) = bound(|point| point.x).zip(bound(|point| point.y))?;
    Some(Quad::rectangle(left, top, right - left, bottom - top))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_within_a_letter_or_two() {
        assert!(within("grain", "grajn", 1) && within("grain", "gain", 1) && within("grain", "grains", 1));
        assert!(!within("grain", "green", 1) && within("grain", "green", 2));
        assert!(stands("(Harbour,", "harbour", false) && stands("Harb0ur", "harbour", true));
        assert!(stands("harbourmaster", "harb*", false) && !stands("Harb0ur", "harbour", false));
    }

    #[test]
    fn the_shortest_run_is_shown() {
        assert_eq!(densest(&[3, 40, 42, 90], 2), (40, 3));
        assert_eq!(densest(&[], 2), (0, 1));
        assert_eq!(terms("NEAR(grain ship*, 5) AND \"the port\""), ["grain", "ship*", "5", "the", "port"]);
    }
}
