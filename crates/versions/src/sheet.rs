//! The sheet that all pictures of a family show, and its text with either reading of an altered place put in.

use model::Measure;

/// Words of a sheet that are looked at, at most.
const MOST: usize = 4000;

/// The frame of a sheet, and its text.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sheet {
    /// Width and height of the frame, in any unit.
    pub size: (f64, f64),
    /// Its words in reading order, as far as they are known; without them fewer reasons tell which version is the earlier.
    pub words: Vec<SheetWord>,
}

/// A word of the sheet's text, as the readings of its pictures give it.
#[derive(Clone, Debug, PartialEq)]
pub struct SheetWord {
    /// As read, without spaces.
    pub text: String,
    /// `[left, top, right, bottom]` in the sheet's frame.
    pub area: [f64; 4],
    /// Counted from 0 in reading order.
    pub line: u32,
}

/// What the rest of the sheet says against one of two readings of a place.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Contrary {
    /// 0 or 1: the reading that does not fit.
    pub side: usize,
    /// What shows it.
    pub measures: Vec<Measure>,
}

/// A word of the sheet where one reading of the place is put in.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Worded<'a> {
    pub text: &'a str,
    pub area: [f64; 4],
    pub line: u32,
    /// It is of the altered place, and the other reading has another word here.
    pub own: bool,
}

/// Whether an area is one: finite, not empty, not beyond all sheets.
pub(crate) fn sound(area: &[f64; 4]) -> bool {
    let [x0, y0, x1, y1] = *area;
    area.iter().all(|v| v.abs() < 1e7) && x1 > x0 && y1 > y0
}

pub(crate) fn height(area: &[f64; 4]) -> f64 {
    area[3] - area[1]
}

/// Whether two areas stand side by side.
pub(crate) fn same_row(a: &[f64; 4], b: &[f64; 4]) -> bool {
    a[3].min(b[3]) - a[1].max(b[1]) >= 0.5 * height(a).min(height(b))
}

fn inside(word: &[f64; 4], place: &[f64; 4]) -> bool {
    let wide = word[2].min(place[2]) - word[0].max(place[0]);
    let tall = word[3].min(place[3]) - word[1].max(place[1]);
    let size = |a: &[f64; 4]| (a[2] - a[0]) * (a[3] - a[1]);
    wide > 0.0 && tall > 0.0 && wide * tall >= 0.5 * size(word).min(size(place))
}

/// The words of the sheet in reading order, those of the place as `texts[side]` says them; `None` where there is nothing to
/// put in or the place is no place.
pub(crate) fn worded<'a>(
    words: &'a [SheetWord],
    area: [f64; 4],
    texts: [&'a str; 2],
    side: usize,
) -> Option<Vec<Worded<'a>>> {
    let [text, other] = [texts.get(side)?, texts.get(1 - side)?];
    if !sound(&area) || text.len().max(other.len()) > 500 {
        return None;
    }
    let kept = |w: &&SheetWord| sound(&w.area);
    let all: Vec<&SheetWord> = words.iter().take(MOST).filter(kept).collect();
    let replaced: Vec<&SheetWord> = all.iter().copied().filter(|w| inside(&w.area, &area)).collect();
    let line = line(&all, &replaced, &area);
    let others: Vec<&str> = other.split_whitespace().collect();
    let laid = laid(text, &area, &replaced);
    let own = |n: usize, t: &str| others.len() != laid.len() || others.get(n).is_none_or(|o| *o != t);
    let put = laid.iter().enumerate().map(|(n, (text, area))| {
        let own = own(n, text);
        Worded { text, area: *area, line, own }
    });
    let before = |w: &SheetWord| w.line < line || w.line == line && w.area[0] < area[0];
    let at = all
        .iter()
        .position(|w| inside(&w.area, &area))
        .or_else(|| all.iter().rposition(|w| before(w)).map(|n| n + 1))
        .unwrap_or(0);
    let rest = |w: &SheetWord| !inside(&w.area, &area);
    let plain = |w: &'a SheetWord| Worded { text: &w.text, area: w.area, line: w.line, own: false };
    let (head, tail) = all.split_at(at);
    let of = |part: &[&'a SheetWord]| -> Vec<Worded<'a>> {
        part.iter().copied().filter(|w| rest(w)).map(plain).collect()
    };
    Some(of(head).into_iter().chain(put).chain(of(tail)).collect())
}

/// The line of the place: that of its words, or of the nearest word beside it, or one of its own.
fn line(all: &[&SheetWord], replaced: &[&SheetWord], area: &[f64; 4]) -> u32 {
    let far = |w: &SheetWord| (w.area[0] - area[2]).max(area[0] - w.area[2]);
    let beside = all.iter().filter(|w| same_row(&w.area, area));
    let nearest = beside.min_by(|a, b| far(a).total_cmp(&far(b)));
    let own = || all.iter().map(|w| w.line).max().map_or(0, |line| line.saturating_add(1));
    replaced.first().or(nearest).map_or_else(own, |w| w.line)
}

/// The words of a text where those they replace stand, or over the area by their letters.
fn laid<'a>(text: &'a str, area: &[f64; 4], replaced: &[&SheetWord]) -> Vec<(&'a str, [f64; 4])> {
    let words: Vec<&str> = text.split_whitespace().collect();
    if words.len() == replaced.len() && words.len() > 1 {
        return words.into_iter().zip(replaced.iter().map(|w| w.area)).collect();
    }
    let count = |w: &str| w.chars().count() as f64;
    let all = words.iter().map(|w| count(w) + 1.0).sum::<f64>() - 1.0;
    let letter = (area[2] - area[0]) / all.max(1.0);
    let mut left = area[0];
    let place = |word: &'a str| {
        let right = left + letter * count(word);
        let at = [left, area[1], right, area[3]];
        left = right + letter;
        (word, at)
    };
    words.into_iter().map(place).collect()
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// Words at 10 a letter and 20 high, lines at 30, each word at the column (in letters) where its line has it.
    pub(crate) fn sheet(text: &str) -> Vec<SheetWord> {
        let mut out = Vec::new();
        for (n, line) in text.lines().enumerate() {
            let letters: Vec<char> = line.chars().collect();
            let mut at = 0;
            for part in letters.split(|c| *c == ' ') {
                if !part.is_empty() {
                    let (left, top) = (at as f64 * 10.0, n as f64 * 30.0);
                    let area = [left, top, left + part.len() as f64 * 10.0, top + 20.0];
                    out.push(SheetWord { text: part.iter().collect(), area, line: n as u32 });
                }
                at += part.len() + 1;
            }
        }
        out
    }

    /// The area of the first of the words that say so.
    pub(crate) fn area_of(words: &[SheetWord], text: &str) -> [f64; 4] {
        words.iter().find(|w| w.text == text).expect("the word").area
    }

    #[test]
    fn a_reading_is_put_in_place_of_the_words_there() {
        let words = sheet("on the 14 March 2023\nwe met");
        let area = area_of(&words, "14");
        let all = worded(&words, area, ["14", "24"], 1).unwrap();
        let texts: Vec<&str> = all.iter().map(|w| w.text).collect();
        assert_eq!(texts, ["on", "the", "24", "March", "2023", "we", "met"]);
        assert!(all.iter().all(|w| w.own == (w.text == "24")) && all[2].line == 0);
        let none = worded(&words, area, ["14", ""], 1).unwrap();
        assert_eq!(none.len(), 6);
        let two = worded(&words, [100.0, 0.0, 200.0, 20.0], ["March 2023", "March 2024"], 1).unwrap();
        assert_eq!(two.iter().filter(|w| w.own).map(|w| w.text).collect::<Vec<_>>(), ["2024"]);
    }

    #[test]
    fn a_place_without_words_lies_in_its_line() {
        let words = sheet("Total       12\nSum");
        let all = worded(&words, [70.0, 1.0, 90.0, 19.0], ["99", ""], 0).unwrap();
        let texts: Vec<&str> = all.iter().map(|w| w.text).collect();
        assert_eq!(texts, ["Total", "99", "12", "Sum"]);
        assert!(worded(&words, [f64::NAN, 0.0, 1.0, 1.0], ["1", "2"], 0).is_none());
    }

    /// Both reckonings, in both directions, whatever comes of them.
    fn asked(words: &[SheetWord], area: [f64; 4], texts: [&str; 2]) {
        for seen in [[None; 2], [Some(i64::MIN), Some(i64::MAX)], [Some(0); 2]] {
            let one = crate::dates::contrary(words, area, texts, seen);
            assert!(one.is_none_or(|c| c.side < 2));
        }
        assert!(crate::sums::contrary(words, area, texts).is_none_or(|c| c.side < 2));
    }

    #[test]
    fn odd_words_and_places_do_no_harm() {
        let long = "9".repeat(600);
        let odd = [
            "",
            " ",
            "-",
            "−",
            "()",
            "(",
            "%",
            ".",
            ",,",
            "999999999999999",
            "99999999999999999999999999",
            &long,
            "٣٤٥",
            "１２",
            "12\u{202f}345",
            "\u{0}",
            "é",
            "0",
            "-0",
            "00",
            "1,",
            "31",
            "June",
            "é1 June 2023",
            "32/13/2023",
            "999999ZZZZ99",
            "121530ZéEB23",
            "2023-é-01",
            "Tue",
            "(Tue)",
            "\u{1F600}",
            "Total",
            "12 14 March 2023",
        ];
        let nan = f64::NAN;
        let areas = [
            [0.0, 0.0, 40.0, 20.0],
            [nan; 4],
            [0.0, 0.0, f64::INFINITY, 20.0],
            [40.0, 20.0, 0.0, 0.0],
            [-1e300, -1e300, 1e300, 1e300],
            [0.0; 4],
            [0.0, 0.0, 1e-300, 1e-300],
            [0.0, 0.0, 5000.0, 5000.0],
        ];
        let mut words: Vec<SheetWord> = Vec::new();
        for (n, text) in odd.iter().enumerate() {
            let (x, y) = ((n % 4) as f64 * 50.0, (n / 4) as f64 * 30.0);
            words.push(SheetWord {
                text: (*text).to_owned(),
                area: [x, y, x + 40.0, y + 20.0],
                line: n as u32 / 4,
            });
            let area = areas[n % areas.len()];
            words.push(SheetWord { text: (*text).to_owned(), area, line: u32::MAX - n as u32 });
        }
        for (n, text) in odd.iter().enumerate() {
            for area in areas.into_iter().chain([words[2 * n].area]) {
                for other in ["", "30", "Total", odd[(n + 7) % odd.len()]] {
                    asked(&words, area, [text, other]);
                    asked(&[], area, [text, other]);
                }
            }
        }
    }

    #[test]
    fn sheets_full_of_figures_are_soon_done() {
        let mut words = Vec::new();
        for n in 0..6000 {
            let (x, y) = ((n % 20) as f64 * 50.0, (n / 20) as f64 * 22.0);
            let text = ["Total", "100", "-100", "200", "14", "March", "2023"][n % 7].to_owned();
            words.push(SheetWord { text, area: [x, y, x + 40.0, y + 20.0], line: n as u32 / 20 });
        }
        asked(&words, words[2001].area, ["100", "700"]);
        asked(&words, words[5990].area, ["100", "700"]);
        for word in &mut words {
            word.area = [0.0, 0.0, 40.0, 20.0];
        }
        asked(&words, [0.0, 0.0, 40.0, 20.0], ["100 200", "700 200"]);
    }
}
