//! Which words of a reading are withheld: names, phrases, personal data.
//!
//! Rather a word too many than one too few: names are found within words, with letters misread, and by each of their parts.

use std::collections::BTreeSet;

/// What to look for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Term {
    /// Its words, letters and digits alone, in small letters.
    words: Vec<String>,
    /// Each of its words is withheld for itself as well.
    parts: bool,
}

/// All that is looked for, under one rule.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Terms(pub Vec<Term>);

/// A word to be withheld.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Pick {
    /// Its number among the words given.
    pub word: usize,
    /// Of which rule, counted as they are given.
    pub rule: usize,
}

/// Parts of names that are no names: they are not looked for alone.
const LINKS: [&str; 24] = [
    "of", "the", "and", "for", "van", "von", "der", "den", "del", "dos", "das", "bin", "ibn", "abu", "ben",
    "al", "el", "la", "le", "de", "da", "di", "jr", "sr",
];

impl Term {
    /// Just these words, one after the other; none if there is no letter or digit in them.
    pub fn phrase(text: &str) -> Option<Self> {
        Self::of(text, false)
    }

    /// A name: its words together, and each of them alone if it has three letters or more.
    pub fn name(text: &str) -> Option<Self> {
        Self::of(text, true)
    }

    fn of(text: &str, parts: bool) -> Option<Self> {
        let words: Vec<String> = text.split_whitespace().flat_map(pieces).collect();
        (!words.is_empty()).then_some(Self { words, parts })
    }

    /// Whether a text holds one of its words, for turning away reasons that say what is withheld.
    pub fn stands_in(&self, text: &str) -> bool {
        let words: Vec<String> = text.split_whitespace().flat_map(pieces).collect();
        let alone = |word: &String| self.lone(word) && words.iter().any(|of| same(of, word));
        words.windows(self.words.len()).any(|run| run.iter().zip(&self.words).all(|(a, b)| same(a, b)))
            || self.words.iter().any(alone)
    }

    /// Whether a word as it was read is, letter for letter, one of its words; signs around it and an ending after an apostrophe
    /// do not count.
    pub fn has(&self, word: &str) -> bool {
        pieces(word).first().is_some_and(|piece| self.words.contains(piece))
    }

    /// Its letters, with a space between words.
    pub(crate) fn letters(&self) -> usize {
        self.words.iter().map(|word| word.chars().count() + 1).sum::<usize>().saturating_sub(1)
    }

    /// Whether a word of it is looked for by itself.
    fn lone(&self, word: &str) -> bool {
        self.words.len() == 1 || self.parts && word.chars().count() >= 3 && !LINKS.contains(&word)
    }
}

/// The words at which a rule's terms stand, sorted. `rules` has the terms of each rule.
pub fn chosen(words: &[&str], rules: &[Terms]) -> Vec<Pick> {
    // Letters of each word piece by piece, and which word they are of.
    let mut tokens: Vec<(String, usize)> = Vec::new();
    for (n, word) in words.iter().enumerate() {
        tokens.extend(pieces(word).into_iter().map(|piece| (piece, n)));
    }
    let mut picks = BTreeSet::new();
    for (rule, terms) in rules.iter().enumerate() {
        for term in &terms.0 {
            whole(&tokens, term, |word| _ = picks.insert(Pick { word, rule }));
            parted(words, term, |word| _ = picks.insert(Pick { word, rule }));
            for part in term.words.iter().filter(|part| term.lone(part)) {
                let of = tokens.iter().filter(|(piece, _)| same(piece, part) || within(piece, part));
                picks.extend(of.map(|(_, word)| Pick { word: *word, rule }));
            }
        }
    }
    picks.into_iter().collect()
}

/// Words at which the whole term stands, one piece after the other.
fn whole(tokens: &[(String, usize)], term: &Term, mut take: impl FnMut(usize)) {
    for run in tokens.windows(term.words.len()) {
        if run.iter().zip(&term.words).all(|((piece, _), word)| same(piece, word)) {
            run.iter().for_each(|(_, word)| take(*word));
        }
    }
}

/// Words parted at the end of a line by a hyphen.
fn parted(words: &[&str], term: &Term, mut take: impl FnMut(usize)) {
    for (n, pair) in words.windows(2).enumerate() {
        let [head, tail] = pair else { continue };
        let Some(head) = head.strip_suffix(['-', '\u{2010}', '\u{ad}']) else { continue };
        let joined = pieces(&format!("{head}{tail}"));
        let lone = term.words.iter().filter(|word| term.lone(word));
        if lone.into_iter().any(|word| joined.iter().any(|piece| same(piece, word))) {
            take(n);
            take(n + 1);
        }
    }
}

/// The runs of letters and digits of a word, in small letters.
fn pieces(word: &str) -> Vec<String> {
    let runs = word.split(|c: char| !c.is_alphanumeric()).filter(|run| !run.is_empty());
    runs.map(|run| run.to_lowercase()).collect()
}

/// Whether a piece is the word, give or take letters that may have been misread: one from five letters on, two from nine.
fn same(piece: &str, word: &str) -> bool {
    if piece == word {
        return true;
    }
    let count = word.chars().count();
    let most = match count {
        0..5 => 0,
        5..9 => 1,
        _ => 2,
    };
    most > 0 && !word.chars().all(|c| c.is_ascii_digit()) && distance(piece, word, most) <= most
}

/// Whether a word stands inside a longer piece: with an ending, or run together with its neighbour.
fn within(piece: &str, word: &str) -> bool {
    let count = word.chars().count();
    let longer = piece.chars().count().saturating_sub(count);
    count >= 4 && longer <= 3 && piece.starts_with(word) || count >= 6 && piece.contains(word)
}

/// Letters of two words to be put in, left out or changed (Levenshtein), of the first hundred of each; where the lengths alone
/// differ by more than `most`, `most + 1`.
pub fn distance(a: &str, b: &str, most: usize) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().take(100).collect(), b.chars().take(100).collect());
    if a.len().abs_diff(b.len()) > most {
        return most + 1;
    }
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut corner = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let changed = corner + usize::from(x != y);
            corner = row[j + 1];
            row[j + 1] = changed.min(row[j] + 1).min(corner + 1);
        }
    }
    row[b.len()]
}

/// Words that are personal data by their form: telephone numbers, e-mail addresses, long numbers (of passports, accounts,
/// files). Names are told by others.
pub fn personal(words: &[&str]) -> Vec<usize> {
    let mut found = BTreeSet::new();
    for (n, word) in words.iter().enumerate() {
        let digits = count_digits(word);
        let address = word.contains('@') && word.chars().filter(|c| c.is_alphanumeric()).count() > 3;
        if address || digits >= 7 {
            found.insert(n);
        }
        // A number in groups: "+49 30 1234 5678", "DE12 3456 7890".
        let run: Vec<usize> = (n..words.len().min(n + 8)).take_while(|k| grouped(words[*k])).collect();
        let all: usize = run.iter().map(|k| count_digits(words[*k])).sum();
        if run.len() > 1 && all >= 8 {
            found.extend(run);
        }
    }
    found.into_iter().collect()
}

fn count_digits(word: &str) -> usize {
    word.chars().filter(char::is_ascii_digit).count()
}

/// Whether a word can be one group of a number.
fn grouped(word: &str) -> bool {
    let digits = count_digits(word);
    let letters = word.chars().filter(|c| c.is_alphabetic()).count();
    digits >= 2 && letters <= 2 && word.chars().count() <= 12
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str, terms: &[Option<Term>]) -> String {
        let words: Vec<&str> = text.split_whitespace().collect();
        let terms = Terms(terms.iter().flatten().cloned().collect());
        let picks = chosen(&words, &[terms]);
        picks.iter().map(|pick| words[pick.word]).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn names_are_found_however_they_stand() {
        let name = [Term::name("Oleg van Smirnov")];
        let text =
            "Smirnov's aide met (Smirnov), Smirn0v and Smir- nov; SMIRNOVS van. Oleg theSmirnov said Smith";
        assert_eq!(found(text, &name), "Smirnov's (Smirnov), Smirn0v Smir- nov; SMIRNOVS Oleg theSmirnov");
        assert_eq!(found("the port of Kern and Kernel", &[Term::name("Kern")]), "Kern Kernel");
        assert_eq!(found("Ann Lee saw Ann", &[Term::phrase("ann lee")]), "Ann Lee");
        assert!(Term::phrase(" -- ").is_none());
    }

    #[test]
    fn a_reason_that_says_it_is_known() {
        let name = Term::name("Oleg Smirnov").unwrap();
        assert!(name.stands_in("asked for by Mr. smirnov") && !name.stands_in("a source is at risk"));
    }

    #[test]
    fn personal_data_is_told_by_its_form() {
        let told = |text: &str| {
            let words: Vec<&str> = text.split_whitespace().collect();
            personal(&words).into_iter().map(|n| words[n].to_owned()).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(told("call +49 30 1234 5678 or a.b@c.org now"), "+49 30 1234 5678 a.b@c.org");
        assert_eq!(told("in 1962 some 4,500 men and 12 ships"), "");
        assert_eq!(told("passport C01X00T478 of 17 March"), "C01X00T478");
        assert_eq!(told("account 4401923345"), "4401923345");
    }
}
