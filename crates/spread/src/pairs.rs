//! Two passages that say nearly the same, laid on each other word by word.

use model::{Change, Span, Wording};

use crate::word::{Word, alike, span, words};

/// What it costs that a word is the same but for a letter, stands for another, or for none.
const LETTER: u32 = 1;
const OTHER: u32 = 3;
const NONE: u32 = 2;
/// What no way leads to.
const FAR: u32 = u32::MAX / 2;
/// How far the way through both may lie from the straight one, in words: so much, and up to so much more where one passage
/// is longer.
const ASIDE: usize = 32;
const LONGER: usize = 224;
/// Differences of a passage that are told, at most.
const MOST: usize = 64;

/// The words that two passages have in common, in their order: characters of the one, characters of the other. Case, marks
/// and a misread letter do not count.
pub fn pairs(one: &str, other: &str) -> Vec<(Span, Span)> {
    let (one, other) = (words(one), words(other));
    let place = |words: &[Word], n: usize| span(words, (n, n + 1));
    together(&one, &other).into_iter().map(|(a, b)| (place(&one, a), place(&other, b))).collect()
}

/// Where a passage of a post says something else than the sheet, between words that they have in common.
pub(crate) fn differences(post: &[Word], sheet: &[Word], texts: (&str, &str)) -> Vec<Wording> {
    let common = together(post, sheet);
    let between = common.windows(2).filter_map(|pair| {
        let (a, b) = ((pair[0].0 + 1, pair[1].0), (pair[0].1 + 1, pair[1].1));
        let change = match (a.0 == a.1, b.0 == b.1) {
            (true, true) => return None,
            (true, false) => Change::Removed,
            (false, true) => Change::Added,
            (false, false) => Change::Replaced,
        };
        (letters(post, a) != letters(sheet, b)).then(|| {
            let (span, there) = (run(post, a), run(sheet, b));
            let (says, sheet_says) = (cut(texts.0, span), cut(texts.1, there));
            Wording { span, there, change, says, sheet_says }
        })
    });
    between.take(MOST).collect()
}

/// The characters of a run of words; of an empty one the end of the word before it.
fn run(words: &[Word], (from, to): (usize, usize)) -> Span {
    if from < to {
        return span(words, (from, to));
    }
    let end = from.checked_sub(1).and_then(|before| words.get(before)).map_or(0, |word| word.end);
    Span { start: end as u64, length: 0 }
}

/// "twenty-five" and "twenty five" are the same letters.
fn letters(words: &[Word], (from, to): (usize, usize)) -> String {
    words.get(from..to).unwrap_or_default().iter().map(|word| word.text.as_str()).collect()
}

fn cut(text: &str, span: Span) -> String {
    text.chars().skip(span.start as usize).take(span.length as usize).collect()
}

/// How a cell was reached.
#[derive(Clone, Copy, PartialEq)]
enum Step {
    Same,
    Other,
    OneOnly,
    OtherOnly,
}

/// The cheapest way through both (Needleman and Wunsch 1970), near the straight one: the words that are the same on it.
fn together(one: &[Word], other: &[Word]) -> Vec<(usize, usize)> {
    let (rows, columns) = (one.len(), other.len());
    if rows == 0 || columns == 0 {
        return Vec::new();
    }
    let aside = ASIDE + rows.abs_diff(columns).min(LONGER);
    let left = |row: usize| (row * columns / rows).saturating_sub(aside);
    let right = |row: usize| (row * columns / rows + aside).min(columns);
    let mut above: Vec<u32> = Vec::new();
    let mut steps: Vec<Vec<Step>> = Vec::with_capacity(rows + 1);
    for row in 0..=rows {
        let (mut costs, mut reached) = (Vec::new(), Vec::new());
        let over = |column: usize| -> Option<u32> {
            let before = row.checked_sub(1)?;
            above.get(column.checked_sub(left(before))?).copied()
        };
        for column in left(row)..=right(row) {
            let words = row.checked_sub(1).zip(column.checked_sub(1));
            let across = words.and_then(|(a, b)| {
                let (cost, step) = held(&one[a], &other[b]);
                Some((over(b)? + cost, step))
            });
            let down = over(column).map(|cost| (cost + NONE, Step::OneOnly));
            let along = costs.last().map(|cost| (cost + NONE, Step::OtherOnly));
            let best = [across, down, along].into_iter().flatten().min_by_key(|(cost, _)| *cost);
            let (cost, step) = best.unwrap_or((if row + column == 0 { 0 } else { FAR }, Step::Other));
            costs.push(cost);
            reached.push(step);
        }
        above = costs;
        steps.push(reached);
    }
    let (mut row, mut column, mut same) = (rows, columns, Vec::new());
    while row > 0 || column > 0 {
        let reached = column.checked_sub(left(row)).and_then(|at| steps.get(row)?.get(at)).copied();
        match reached {
            Some(Step::OneOnly) => row = row.saturating_sub(1),
            Some(Step::OtherOnly) => column = column.saturating_sub(1),
            Some(step) if row > 0 && column > 0 => {
                (row, column) = (row - 1, column - 1);
                if step == Step::Same {
                    same.push((row, column));
                }
            }
            _ => break,
        }
    }
    same.reverse();
    same
}

fn held(one: &Word, other: &Word) -> (u32, Step) {
    if one.hash == other.hash {
        (0, Step::Same)
    } else if alike(one, other) {
        (LETTER, Step::Same)
    } else {
        (OTHER, Step::Other)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHEET: &str = "The harbour master keeps 2 keys, and neither door was forced that night.";

    fn told(post: &str, sheet: &str) -> Vec<(Change, String, String)> {
        let found = differences(&words(post), &words(sheet), (post, sheet));
        for one in &found {
            assert_eq!(
                (cut(post, one.span), cut(sheet, one.there)),
                (one.says.clone(), one.sheet_says.clone())
            );
        }
        found.into_iter().map(|one| (one.change, one.says, one.sheet_says)).collect()
    }

    fn row(change: Change, says: &str, sheet: &str) -> (Change, String, String) {
        (change, says.to_owned(), sheet.to_owned())
    }

    #[test]
    fn other_words_are_told_with_both_readings() {
        let post = "the harbour master keeps 9 spare keys and no door was forced that night";
        let told = told(post, SHEET);
        assert_eq!(told, [row(Change::Replaced, "9 spare", "2"), row(Change::Replaced, "no", "neither")]);
    }

    #[test]
    fn missing_and_added_words_are_told_as_such() {
        let post = "The harbour master keeps keys, and neither heavy door was forced that very night";
        let expected =
            [row(Change::Removed, "", "2"), row(Change::Added, "heavy", ""), row(Change::Added, "very", "")];
        assert_eq!(told(post, SHEET), expected);
    }

    #[test]
    fn case_marks_a_letter_and_the_parting_of_words_are_no_difference() {
        let post = "“THE harbour-master keeps 2 keys … and (neither) doer was\nforced — that night!!";
        assert_eq!(told(post, SHEET), []);
        assert_eq!(told(SHEET, SHEET), []);
    }

    #[test]
    fn what_stands_beyond_the_common_words_is_no_difference() {
        assert_eq!(told("look: master keeps 2 keys lol", "harbour master keeps 2 keys, and"), []);
        assert_eq!(told("", SHEET), []);
        assert_eq!(told("nothing here in common at all", SHEET), []);
    }

    #[test]
    fn many_differences_are_bounded() {
        let sheet: Vec<String> = (0..2000).map(|n| format!("{n}")).collect();
        let post: Vec<String> =
            (0..2000).map(|n| if n % 10 == 5 { "x".to_owned() } else { format!("{n}") }).collect();
        let told = told(&post.join(" "), &sheet.join(" "));
        assert_eq!((told.len(), &told[63]), (MOST, &row(Change::Replaced, "x", "635")));
    }

    #[test]
    fn a_long_gap_is_one_difference() {
        let sheet: Vec<String> = (0..900).map(|n| format!("{n}")).collect();
        let post: Vec<&str> = sheet
            .iter()
            .enumerate()
            .filter(|(n, _)| !(400..520).contains(n))
            .map(|(_, w)| w.as_str())
            .collect();
        let (post, sheet) = (post.join(" "), sheet.join(" "));
        let told = told(&post, &sheet);
        assert_eq!(told.len(), 1);
        assert!(told[0].0 == Change::Removed && told[0].2.starts_with("400 ") && told[0].2.ends_with(" 519"));
        assert_eq!(pairs(&post, &sheet).len(), 780);
    }
}
