//! Small errors that the reader makes again and again, undone where the page itself tells how.
//!
//! Each rule looks at the page, never at a list of words: quotation marks as the page's other ones are; a bar between words
//! is the letter I; what a hyphen split without a gap belongs together; specks are not words.

use model::Quad;

use crate::look::{Noted, hull};

/// Applies all rules.
pub(crate) fn tidy(words: Vec<Noted>) -> Vec<Noted> {
    let mut words = without_specks(words);
    bars(&mut words);
    quotes(&mut words);
    words.iter_mut().for_each(|word| {
        capitals(&mut word.text);
        month(&mut word.text);
    });
    joined(words)
}

/// Drops marks without letters that are far from the size of text, or stand alone on their line.
fn without_specks(words: Vec<Noted>) -> Vec<Noted> {
    let lettered = |word: &Noted| word.traits.letters > 0;
    let mut lines = std::collections::BTreeMap::new();
    words.iter().filter(|word| lettered(word)).for_each(|word| *lines.entry(word.line).or_insert(0) += 1);
    let speck = |word: &Noted| {
        let alone = !lines.contains_key(&word.line);
        !lettered(word) && (alone || word.doubt > 0.6 || (word.traits.misfit > 1.2 && word.traits.odd > 0.5))
    };
    let kept = |n: usize| !speck(&words[n]) || between(&words, n);
    let keep: Vec<bool> = (0..words.len()).map(kept).collect();
    words.into_iter().zip(keep).filter_map(|(word, keep)| keep.then_some(word)).collect()
}

/// Whether a word is a bar that was typed between two others, no further from them than words are from each other and about
/// as high: the rule of a table stands further off or is longer.
fn between(words: &[Noted], n: usize) -> bool {
    let (Some(before), Some(after)) = (n.checked_sub(1).and_then(|k| words.get(k)), words.get(n + 1)) else {
        return false;
    };
    let sides = [(before, &words[n]), (&words[n], after)];
    let near = |(left, right): (&Noted, &Noted)| {
        let (a, b) = (hull(&left.quad), hull(&right.quad));
        let high = (a[3] - a[1]).max(b[3] - b[1]);
        left.line == right.line && (0.1..0.9).contains(&((b[0] - a[2]) / high.max(1.0)))
    };
    let tall = |word: &Noted| hull(&word.quad)[3] - hull(&word.quad)[1];
    let usual = tall(before).max(tall(after));
    words[n].text == "|"
        && sides.into_iter().all(near)
        && [before, after].iter().all(|word| word.traits.letters > 0 && word.doubt < 0.3)
        && (0.7..1.7).contains(&(tall(&words[n]) / usual.max(1.0)))
}

/// "|" for the letter I: within a word of letters, or between two words of one line.
fn bars(words: &mut [Noted]) {
    for n in 0..words.len() {
        if !words[n].text.contains('|') {
            continue;
        }
        let text = &words[n].text;
        if text == "|" {
            let sentence = |other: Option<&Noted>| {
                other.is_some_and(|word| {
                    word.line == words[n].line
                        && word.doubt < 0.3
                        && word.text.chars().any(char::is_lowercase)
                })
            };
            if sentence(n.checked_sub(1).and_then(|k| words.get(k))) && sentence(words.get(n + 1)) {
                words[n].text = "I".to_owned();
            }
        } else {
            let letters = text.chars().filter(|c| c.is_alphabetic()).count();
            let inside = text.trim_end_matches('|').contains('|') && !text.starts_with('|');
            if inside && letters >= 3 {
                words[n].text = text.replace('|', "I");
            }
        }
    }
}

/// Writes all quotation marks as most of the page's are, straight or curled.
fn quotes(words: &mut [Noted]) {
    let count =
        |set: &str| words.iter().flat_map(|word| word.text.chars()).filter(|c| set.contains(*c)).count();
    let (straight, curled) = (count("'\""), count("‘’“”"));
    if straight < curled || curled == 0 {
        return;
    }
    for word in words.iter_mut() {
        word.text = word.text.replace(['‘', '’'], "'").replace(['“', '”'], "\"");
    }
}

/// Writes small letters that look like their capitals as capitals in a word whose other letters are capitals: "TwO",
/// but not in names such as McNAB.
fn capitals(word: &mut String) {
    let alike = |c: char| "cosuvwxz".contains(c);
    let (small, capital) =
        (word.matches(char::is_lowercase).count(), word.matches(char::is_uppercase).count());
    let rises = word.chars().zip(word.chars().skip(1)).any(|(a, b)| a.is_lowercase() && b.is_uppercase());
    if rises
        && capital > small
        && !word.starts_with("Mc")
        && word.chars().filter(|c| c.is_lowercase()).all(alike)
    {
        *word = word.to_uppercase();
    }
}

const MONTHS: [&str; 12] =
    ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];

/// A date in one word (02OCT25, 121530ZFEB23) of which letters of the month were read as digits: "020CT25". The word is
/// digits, perhaps a zone letter, three places for the month, and the year; only a month that exists is written.
fn month(word: &mut String) {
    let core = word.trim_end_matches(|c: char| !c.is_ascii_alphanumeric());
    let n = core.len();
    if !core.is_ascii() || !(6..=14).contains(&n) {
        return;
    }
    for year in [2, 4] {
        let Some(at) = n.checked_sub(year + 3).filter(|at| (1..=7).contains(at)) else { continue };
        let (head, name, tail) = (&core[..at], &core[at..at + 3], &core[at + 3..]);
        // A letter O can only be meant as a nought where digits stand.
        let (head, tail) = (&*head.replace('O', "0"), &*tail.replace('O', "0"));
        let group = at == 7 && head.as_bytes()[6].is_ascii_uppercase();
        let digits = if group { &head[..6] } else { head };
        let all = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
        if !all(digits) || !all(tail) || !(at <= 2 || group) || !name.bytes().any(|b| b.is_ascii_uppercase())
        {
            continue;
        }
        let letters =
            name.replace('0', "O").replace('1', "J").replace('5', "S").replace('4', "A").replace('8', "B");
        let fixed = format!("{head}{letters}{tail}{}", &word[n..]);
        if fixed != *word && MONTHS.contains(&letters.as_str()) {
            *word = fixed;
            return;
        }
    }
}

/// Joins words of one line of which the first ends with a hyphen and between which there is no gap.
fn joined(words: Vec<Noted>) -> Vec<Noted> {
    let mut out: Vec<Noted> = Vec::with_capacity(words.len());
    for word in words {
        let Some(last) = out.last_mut() else {
            out.push(word);
            continue;
        };
        let (a, b) = (hull(&last.quad), hull(&word.quad));
        let high = (a[3] - a[1]).max(b[3] - b[1]);
        let lettered = last.text.ends_with('-') && last.traits.letters > 1 && word.traits.letters > 1;
        let touching = last.line == word.line && (-0.2 * high..0.15 * high).contains(&(b[0] - a[2]));
        if lettered && touching {
            last.text.push_str(&word.text);
            let (top, bottom) = (a[1].min(b[1]), a[3].max(b[3]));
            last.quad = Quad::rectangle(a[0], top, b[2] - a[0], bottom - top);
            last.doubt = last.doubt.max(word.doubt);
            last.traits.letters += word.traits.letters;
        } else {
            out.push(word);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doubt::Traits;

    fn noted(text: &str, left: f64, width: f64) -> Noted {
        let letters = text.chars().filter(|c| c.is_alphanumeric()).count();
        let others = text.chars().count() - letters;
        let traits =
            Traits { confidence: 0.9, line: 0.9, letters, others, tall: 16.0, misfit: 0.0, odd: 0.0 };
        let quad = Quad::rectangle(left, 10.0, width, 20.0);
        Noted { text: text.to_owned(), quad, doubt: 0.02, line: 0, second: false, traits }
    }

    fn texts(words: &[(&str, f64, f64)]) -> Vec<String> {
        let words = words.iter().map(|(text, left, width)| noted(text, *left, *width)).collect();
        tidy(words).into_iter().map(|word| word.text).collect()
    }

    #[test]
    fn hyphens_without_a_gap_are_joined() {
        assert_eq!(texts(&[("mid-", 0.0, 40.0), ("July", 41.0, 40.0)]), ["mid-July"]);
        assert_eq!(texts(&[("des-", 0.0, 40.0), ("ignee", 48.0, 40.0)]), ["des-", "ignee"]);
    }

    #[test]
    fn bars_and_quotes_follow_the_page() {
        assert_eq!(
            texts(&[("here", 0.0, 40.0), ("|", 50.0, 4.0), ("wonder", 60.0, 60.0)]),
            ["here", "I", "wonder"]
        );
        assert_eq!(texts(&[("'a'", 0.0, 40.0), ("Dinh’s", 50.0, 40.0)]), ["'a'", "Dinh's"]);
        assert_eq!(texts(&[("“a”", 0.0, 40.0), ("b", 50.0, 40.0)]), ["“a”", "b"]);
    }

    #[test]
    fn a_bar_typed_between_words_stays() {
        let bar = |left: f64, high: f64| {
            let mut words =
                [("Watch", 0.0, 60.0), ("|", left, 3.0), ("17", 85.0, 30.0)].map(|(t, l, w)| noted(t, l, w));
            words[1].quad = Quad::rectangle(left, 8.0, 3.0, high);
            (words[1].traits.misfit, words[1].traits.odd) = (1.5, 1.0);
            tidy(words.to_vec()).len()
        };
        assert_eq!([bar(71.0, 24.0), bar(71.0, 60.0), bar(60.0, 24.0)], [3, 2, 2]);
    }

    #[test]
    fn a_word_of_capitals_is_all_capitals() {
        let read = [("TwO", 0.0, 60.0), ("McNAB", 70.0, 60.0), ("USoC", 140.0, 60.0), ("GHz", 220.0, 60.0)];
        assert_eq!(texts(&read), ["TWO", "McNAB", "USOC", "GHz"]);
    }

    #[test]
    fn months_are_letters() {
        assert_eq!(
            texts(&[
                ("020CT25", 0.0, 60.0),
                ("23N0V25,", 70.0, 60.0),
                ("0200125", 140.0, 60.0),
                ("O4JAN26", 210.0, 60.0)
            ]),
            ["02OCT25", "23NOV25,", "0200125", "04JAN26"]
        );
    }
}
