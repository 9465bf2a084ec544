//! Classification markings: banners at head and foot, portions before paragraphs.
//!
//! In: words in lines. Out: markings with what they say in the form the rules write it, what was read, and by how much the
//! two differ. Invariant: a banner is spelled in capitals and stands at the head or foot of what was read; text about
//! secrets is not a marking. Absent: whether a marking is right for what it stands on.

#[cfg(test)]
mod noise;
mod parse;
mod tables;

use model::{Marking, Stands};
use parse::{Parsed, Spelling, parse};

/// A word and the line it stands on, and how far down the sheet it is (0 top, 1 bottom), if known.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Laid<'a> {
    pub text: &'a str,
    pub line: u32,
    pub down: Option<f64>,
    /// Where it begins in the reading's text, in characters.
    pub start: u64,
}

/// The head and the foot are so much of the sheet.
const EDGE: f64 = 0.14;
/// Where places are unknown: so many lines.
const LINES: u32 = 4;

/// All markings, in reading order.
pub(crate) fn markings(words: &[Laid]) -> Vec<Marking> {
    let mut found = Vec::new();
    let last = words.last().map_or(0, |word| word.line);
    let mut start = 0;
    while start < words.len() {
        let ends = |n: &usize| {
            *n > start && (words[*n].line != words[start].line || steps(&words[*n - 1], &words[*n]))
        };
        let end = (start..words.len()).find(ends).unwrap_or(words.len());
        if let Some(stands) = edge(&words[start], last) {
            found.extend(banner(words, start, end, stands));
        }
        start = end;
    }
    found.extend(portions(words));
    found.sort_by_key(|marking| (marking.word, marking.stands));
    found
}

/// Farther below each other than words of one line are, as a share of the sheet.
const STEP: f64 = 0.012;

/// Does the line end between two words, whatever the reader took it for?
fn steps(a: &Laid, b: &Laid) -> bool {
    a.down.zip(b.down).is_some_and(|(a, b)| (a - b).abs() > STEP)
}

fn edge(word: &Laid, last: u32) -> Option<Stands> {
    match word.down {
        Some(down) if down < EDGE => Some(Stands::Head),
        Some(down) if down > 1.0 - EDGE => Some(Stands::Foot),
        Some(_) => None,
        None if word.line < LINES => Some(Stands::Head),
        None if word.line + LINES > last => Some(Stands::Foot),
        None => None,
    }
}

/// Letters in capitals without spaces, whether a space stood before each, and the word each is of.
fn squeeze(words: &[Laid]) -> (Vec<char>, Vec<bool>, Vec<usize>) {
    let (mut letters, mut breaks, mut of) = (Vec::new(), Vec::new(), Vec::new());
    for (n, word) in words.iter().enumerate() {
        for (k, letter) in word.text.chars().enumerate() {
            let plain = match letter {
                'É' | 'È' | 'Ê' | 'é' | 'è' => 'E',
                other => other.to_uppercase().next().unwrap_or(other),
            };
            letters.push(plain);
            breaks.push(k == 0);
            of.push(n);
        }
    }
    (letters, breaks, of)
}

/// The banner on one line, wherever on it it begins.
fn banner(words: &[Laid], start: usize, end: usize, stands: Stands) -> Option<Marking> {
    let mut best: Option<(f64, Parsed, usize, usize)> = None;
    let mut before = 0;
    for first in start..end {
        for junk in [None, junk(&words[first..end])] {
            let Some((parsed, count)) = begun(&words[first..end], junk, before) else { continue };
            // What it leaves unexplained before it speaks against it.
            let worth = parsed.length as f64 - 3.0 * parsed.cost - 0.5 * before.min(4) as f64;
            if best.as_ref().is_none_or(|(other, ..)| worth > *other) {
                best = Some((worth, parsed, first, count));
            }
            if junk.is_none() && best.is_some() && first > start {
                break;
            }
        }
        before += words[first].text.chars().filter(|c| c.is_alphanumeric()).count();
    }
    best.map(|(_, parsed, first, count)| marking(parsed, words, first, count, stands))
}

/// A banner that begins with the first word, `before` letters of its line standing before it, and how many words it takes.
/// The word numbered `junk` is passed over.
fn begun(words: &[Laid], junk: Option<usize>, before: usize) -> Option<(Parsed, usize)> {
    let (mut letters, mut breaks, mut of) = squeeze(words);
    if let Some(junk) = junk {
        let kept = |n: &usize| of[*n] != junk;
        let keep: Vec<usize> = (0..of.len()).filter(kept).collect();
        letters = keep.iter().map(|&n| letters[n]).collect();
        breaks = keep.iter().map(|&n| breaks[n]).collect();
        of = keep.iter().map(|&n| of[n]).collect();
    }
    let parsed = parse(&letters, &breaks, Spelling::Banner)?;
    // It ends where a word ends; what sticks to its last word counts as an error. Letters that stick to a level make
    // another word of it: SECRETARY.
    let last = *of.get(parsed.length - 1)?;
    let rest = &letters[parsed.length..];
    let stuck = of.iter().skip(parsed.length).take_while(|&&n| n == last).count();
    let worded = rest[..stuck].iter().any(|c| c.is_alphanumeric() && !matches!(c, 'I' | '1' | 'L' | 'J'));
    let cost = parsed.cost + stuck as f64 * 0.5 + if junk.is_some() { 0.8 } else { 0.0 };
    // A speck or two beside it does not make a line of text of it; strokes between its parts do not stand in text.
    let over = rest.iter().filter(|c| c.is_alphanumeric()).count();
    let alone = before <= 3 && over <= 3 + stuck;
    let dear = cost > 0.3 * parsed.length as f64 || stuck > 3;
    let word = worded && !parsed.slashed;
    if dear || word || !capitals(words, parsed.length) || !(alone || parsed.slashed) {
        return None;
    }
    Some((Parsed { cost, ..parsed }, last + 1))
}

/// The number of a scrap of a word that stands between TOP and SECRET, if the line begins so.
fn junk(words: &[Laid]) -> Option<usize> {
    let [top, scrap, secret, ..] = words else { return None };
    let small = |c: char| !c.is_uppercase() && !c.is_numeric();
    let scrap = scrap.text.chars().count() <= 3 && scrap.text.chars().all(small);
    let top = top.text.trim_matches(|c: char| !c.is_alphanumeric());
    (scrap && matches!(top, "TOP" | "T0P") && secret.text.starts_with(['S', '5', '$'])).then_some(1)
}

/// Nearly all of its letters are capitals as printed.
fn capitals(words: &[Laid], length: usize) -> bool {
    let letters =
        || words.iter().flat_map(|word| word.text.chars()).take(length).filter(|c| c.is_alphabetic());
    letters().filter(|c| c.is_lowercase()).count() * 5 <= letters().count()
}

fn marking(parsed: Parsed, words: &[Laid], first: usize, count: usize, stands: Stands) -> Marking {
    let taken = &words[first..first + count];
    let verbatim = taken.iter().map(|word| word.text).collect::<Vec<_>>().join(" ");
    let squeezed = |text: &str| text.chars().filter(|c| *c != ' ').collect::<String>();
    let says = if stands == Stands::Portion { format!("({})", parsed.says) } else { parsed.says };
    let corrected = crate::align::distance(&squeezed(&verbatim), &squeezed(&says)) as u32;
    let seen = parsed.texts.0.map(|text| format!("seen since {} ({})", text.year, text.name));
    let dropped = parsed.texts.1.map(|text| format!("dropped {} ({})", text.year, text.name));
    let editions = seen.into_iter().chain(dropped).collect();
    let length = verbatim.chars().count() as u64;
    let start = taken.first().map_or(0, |word| word.start);
    Marking {
        stands,
        rules: parsed.rules,
        secrecy: parsed.secrecy,
        says,
        verbatim,
        corrected,
        parts: parsed.parts,
        editions,
        unknown: parsed.unknown,
        span: model::Span { start, length },
        word: first as u32,
        count: count as u32,
    }
}

/// The longest portion in words: "(TS//SI//REL TO USA, AUS, CAN, GBR, NZL)".
const LONGEST: usize = 9;

fn portions(words: &[Laid]) -> Vec<Marking> {
    let enumerated = words.iter().any(|word| matches!(word.text, "(A)" | "(B)"));
    let mut found = Vec::new();
    for first in 0..words.len() {
        if !words[first].text.starts_with('(') {
            continue;
        }
        let end = (first..words.len().min(first + LONGEST)).find(|&n| words[n].text.ends_with(')'));
        let Some(end) = end else { continue };
        let (mut letters, mut breaks, _) = squeeze(&words[first..=end]);
        letters.pop();
        letters.remove(0);
        breaks.remove(0);
        if letters.is_empty()
            || words[first..=end].iter().any(|word| word.text.chars().any(char::is_lowercase))
        {
            continue;
        }
        let Some(parsed) = parse(&letters, &breaks, Spelling::Portion) else { continue };
        let short = parsed.parts.is_empty();
        let starts = first == 0 || words[first - 1].line != words[first].line;
        let doubtful = short
            && (enumerated || !starts || parsed.cost > 0.0 || matches!(parsed.says.as_str(), "O" | "R"));
        if parsed.length == letters.len() && parsed.cost <= 1.5 && !doubtful {
            found.push(marking(parsed, words, first, end - first + 1, Stands::Portion));
        }
    }
    found
}

/// The banner that pictures of one sheet bear, from all heads and feet: each speaks by how little had to be corrected in
/// it, and half for any other that says the same and more, since readers and edges lose words and put none there. One that
/// goes on where another ends, or began before it, is taken over it if it has near as much weight.
pub(crate) fn banner_of<'a>(markings: impl Iterator<Item = (&'a Marking, f64)>) -> Option<String> {
    let mut tally: Vec<(&Marking, f64)> = Vec::new();
    for (marking, weight) in markings.filter(|(marking, _)| marking.stands != Stands::Portion) {
        let weight = weight / (1.0 + f64::from(marking.corrected))
            * if marking.unknown.is_empty() { 1.0 } else { 0.3 };
        match tally.iter_mut().find(|(other, _)| other.says == marking.says) {
            Some((_, sum)) => *sum += weight,
            None => tally.push((marking, weight)),
        }
    }
    let whole = |(marking, own): &(&'a Marking, f64)| {
        let less = tally.iter().filter(|(other, _)| more(marking, other));
        (marking.says.as_str(), own + 0.5 * less.map(|(_, weight)| weight).sum::<f64>())
    };
    let mut tally: Vec<(&str, f64)> = tally.iter().map(whole).collect();
    tally.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(b.0)));
    let (mut says, mut weight) = *tally.first()?;
    for (other, sum) in &tally {
        let goes_on = other.starts_with(says) || other.ends_with(&format!(" {says}"));
        if goes_on && other.len() > says.len() && *sum > 0.4 * weight {
            (says, weight) = (other, *sum);
        }
    }
    Some(says.to_owned())
}

/// Does `whole` say all that `less` says, in its order, and more?
fn more(whole: &Marking, less: &Marking) -> bool {
    let level = |marking: &Marking| -> String { marking.says.chars().take_while(|c| *c != '/').collect() };
    let (a, b) = (level(whole), level(less));
    let mut parts = whole.parts.iter();
    whole.says != less.says
        && whole.unknown.is_empty()
        && less.unknown.is_empty()
        && (a == b || a.ends_with(&format!(" {b}")))
        && less.parts.iter().all(|part| parts.any(|other| other == part))
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{Rules, Secrecy};

    fn laid(text: &str) -> Vec<Marking> {
        let mut words = Vec::new();
        let mut start = 0;
        for (line, row) in text.lines().enumerate() {
            for word in row.split_whitespace() {
                words.push(Laid { text: word, line: line as u32, down: None, start });
                start += word.chars().count() as u64 + 1;
            }
        }
        markings(&words)
    }

    fn says(text: &str) -> Option<String> {
        laid(text).first().map(|marking| marking.says.clone())
    }

    #[test]
    fn banners_are_read_as_the_rules_write_them() {
        for banner in [
            "SECRET//REL TO USA, FVEY",
            "TOP SECRET//HCS-P/SI//ORCON/NOFORN",
            "TOP SECRET//SI-G//RSEN/FISA",
            "CONFIDENTIAL//REL TO USA, GBR",
            "SECRET//NOFORN",
            "UNCLASSIFIED//FOR OFFICIAL USE ONLY",
            "TOP SECRET//SI/TK//REL TO USA, AUS, CAN, GBR, NZL",
            "SECRET//ORCON/REL TO USA, GBR",
            "RESTRICTED",
            "TOP SECRET UMBRA",
            "OFFICIAL-SENSITIVE",
            "UK SECRET UK EYES ONLY",
            "NATO RESTRICTED",
            "COSMIC TOP SECRET",
            "RESTREINT UE/EU RESTRICTED",
            "CONFIDENTIAL",
        ] {
            assert_eq!(says(banner).as_deref(), Some(banner));
            assert_eq!(laid(banner)[0].corrected, 0, "{banner}");
        }
    }

    #[test]
    fn noise_is_undone_and_counted() {
        for (read, meant) in [
            ("SECRETI/NOFORN", "SECRET//NOFORN"),
            ("SECRET/NOFORN", "SECRET//NOFORN"),
            ("SECRET//REL TO USA. FVEY", "SECRET//REL TO USA, FVEY"),
            ("SECRET//RELTO USA, FVEY", "SECRET//REL TO USA, FVEY"),
            ("TOP SECRET//HCS-P/SIV/ORCON/NOFORN", "TOP SECRET//HCS-P/SI//ORCON/NOFORN"),
            ("TOP SECRET//HCS-P/SI/ORCON/NOF0RN", "TOP SECRET//HCS-P/SI//ORCON/NOFORN"),
            ("T0P SECRET//SI-G//RSEN/FISA", "TOP SECRET//SI-G//RSEN/FISA"),
            ("CONFIDENTIALI/REL TO USA, GBR", "CONFIDENTIAL//REL TO USA, GBR"),
            ("| TOP SECRETI/SIIINOFORN", "TOP SECRET//SI//NOFORN"),
        ] {
            assert_eq!(says(read).as_deref(), Some(meant), "{read}");
        }
        assert!(laid("SECRETI/NOFORN")[0].corrected > 0);
    }

    #[test]
    fn a_foot_taken_into_the_last_line_is_a_foot() {
        let row = [("the", 0.7), ("Council.", 0.7), ("TOP", 0.96), ("SECRETI/SIIINOFORN", 0.961)];
        let laid = row.map(|(text, down)| Laid { text, line: 9, down: Some(down), start: 0 });
        let found = markings(&laid);
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].says.as_str(), found[0].stands), ("TOP SECRET//SI//NOFORN", Stands::Foot));
        assert_eq!((found[0].word, found[0].count), (2, 2));
    }

    #[test]
    fn text_about_secrets_is_no_marking() {
        for text in [
            "Top Secret documents are kept",
            "THE SECRETARY",
            "secret",
            "NO MARKING HERE",
            "SECRETARIAT",
            "(c) the",
        ] {
            assert!(laid(text).is_empty(), "{text}: {:?}", laid(text));
        }
    }

    #[test]
    fn portions_stand_in_brackets() {
        let found =
            laid("x\nx\nx\nx\nx\n(S//NF) On 2 April\n(TS//SI//REL TO USA, FVEY) The\n(C) It\nx\nx\nx\nx\nx");
        let says: Vec<&str> = found.iter().map(|marking| marking.says.as_str()).collect();
        assert_eq!(says, ["(S//NF)", "(TS//SI//REL TO USA, FVEY)", "(C)"]);
        assert!(found.iter().all(|marking| marking.stands == Stands::Portion && marking.rules == Rules::Us));
        assert_eq!(found[1].secrecy, Secrecy::TopSecret);
    }

    #[test]
    fn editions_follow_the_parts() {
        let editions = |text: &str| laid(text)[0].editions.clone();
        assert_eq!(
            editions("TOP SECRET//HCS-P/SI//ORCON/NOFORN"),
            ["seen since 2013 (IC Markings System Register and Manual)"]
        );
        assert_eq!(editions("RESTRICTED"), ["seen since 1940 (E.O. 8381)", "dropped 1953 (E.O. 10501)"]);
        assert!(editions("OFFICIAL-SENSITIVE")[0].starts_with("seen since 2014"));
    }
}
