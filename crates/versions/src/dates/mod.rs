//! Dates that are right under one reading of a place and wrong under the other: a day that does not fall on the weekday that
//! is written with it, a day that does not exist, a sheet that is dated after it was first seen.
//!
//! A date whose order of day and month is open speaks only if both orders say the same. Only the sheet's own date can be
//! after its first sighting; deadlines are.

mod written;

use jiff::civil::{Date, Weekday};
use jiff::tz::Offset;
use model::Measure;

use crate::sheet::{Contrary, SheetWord, Worded, height, worded};
use written::{Day, Order, Written, trimmed, weekday, written};

/// A sheet is dated so many days after its first sighting, and no clock or time zone explains it.
const AFTER: f64 = 2.0;
const DAY: f64 = 86_400_000.0;
/// Words that make a date in a heading another than the sheet's own.
const TERMS: [&str; 16] = [
    "by",
    "nlt",
    "until",
    "till",
    "than",
    "before",
    "after",
    "from",
    "to",
    "at",
    "on",
    "due",
    "suspense",
    "effective",
    "expires",
    "expiry",
];

/// What comes of one order of day and month.
#[derive(Clone, Debug, PartialEq)]
enum Outcome {
    /// Neither reading is a date in this order.
    None,
    /// Nothing is said.
    Silent,
    Against(Contrary),
}

/// The reading that is not the right date, if the other is. `seen`: when pictures of each side were first posted, at the
/// latest, in milliseconds since 1970.
pub(crate) fn contrary(
    words: &[SheetWord],
    area: [f64; 4],
    texts: [&str; 2],
    seen: [Option<i64>; 2],
) -> Option<Contrary> {
    let sheets = [worded(words, area, texts, 0)?, worded(words, area, texts, 1)?];
    let outcome = |order: Order| {
        let [Some(a), Some(b)] = [0, 1].map(|side| said(&sheets[side], order)) else {
            return Outcome::Silent;
        };
        weigh([&a, &b], seen)
    };
    match (outcome(Order::DayFirst), outcome(Order::MonthFirst)) {
        (Outcome::Against(one), Outcome::Against(other)) if one.side == other.side => {
            Some(if one.measures.len() < other.measures.len() { other } else { one })
        }
        (Outcome::Against(one), Outcome::None) | (Outcome::None, Outcome::Against(one)) => Some(one),
        _ => None,
    }
}

/// The one date that the altered words are part of.
#[derive(Clone, Debug)]
struct Said {
    day: Day,
    weekday: Option<Weekday>,
    /// It is the sheet's own date.
    heads: bool,
}

fn said(sheet: &[Worded], order: Order) -> Option<Said> {
    let first = sheet.iter().find(|w| w.own)?;
    let line: Vec<Worded> = sheet.iter().copied().filter(|w| w.line == first.line).collect();
    let texts: Vec<&str> = line.iter().map(|w| w.text).collect();
    let dates = written(&texts, order);
    let mut all = dates.iter().filter_map(|date| {
        let of = named(&texts, date, &dates);
        let own = |n: &usize| line.get(*n).is_some_and(|w| w.own);
        let touched = date.words.clone().any(|n| own(&n)) || of.is_some_and(|(n, _)| own(&n));
        touched.then_some((date, of))
    });
    let (date, of) = all.next()?;
    if all.next().is_some() {
        return None;
    }
    let heads = heads(sheet, &line, date, of.map(|(n, _)| n), order);
    Some(Said { day: date.day, weekday: of.map(|(_, weekday)| weekday), heads })
}

/// The weekday that is written with a date, and where: before it, or in brackets behind it.
fn named(line: &[&str], date: &Written, all: &[Written]) -> Option<(usize, Weekday)> {
    let sign = |n: &usize| matches!(line[*n], "-" | "–" | "—" | "," | ":" | "the");
    let before = (0..date.words.start).rev().find(|n| !sign(n)).filter(|n| date.words.start - n <= 2);
    let paper = |n: usize| n > 0 && line[n - 1].eq_ignore_ascii_case("the");
    let clear = |n: &usize| !line[*n].ends_with([';', ')', ']']) && !paper(*n);
    if let Some(found) = before.filter(clear).and_then(|n| Some((n, weekday(line[n])?))) {
        return Some(found);
    }
    let (at, last) = (date.words.end, line[date.words.end - 1]);
    let word = line.get(at)?;
    let bracketed = word.starts_with(['(', '[']);
    let ends = last.ends_with(',') && at + 1 == line.len();
    let free = !all.iter().any(|other| other.words.start == at + 1);
    weekday(word).filter(|_| free && (bracketed || ends)).map(|weekday| (at, weekday))
}

/// Whether a date is the sheet's own: behind "Date", the first date-time group in a line of few words, or the first date of
/// the sheet and alone in its line.
fn heads(sheet: &[Worded], line: &[Worded], date: &Written, weekday: Option<usize>, order: Order) -> bool {
    let from = weekday.map_or(date.words.start, |n| n.min(date.words.start));
    let to = weekday.map_or(date.words.end, |n| (n + 1).max(date.words.end));
    let label = (0..from).rev().find(|n| !trimmed(line[*n].text).is_empty());
    let labelled = label.is_some_and(|n| {
        let dated = matches!(trimmed(line[n].text).to_lowercase().as_str(), "date" | "dated");
        let gap = |n: usize| line[n].area[0] - line[n - 1].area[2];
        dated && (n == 0 || gap(n) > 1.5 * height(&line[n].area))
    });
    if labelled {
        return true;
    }
    let others = || line[..from].iter().chain(&line[to..]);
    let bare = |w: &Worded| !TERMS.contains(&trimmed(w.text).to_lowercase().as_str());
    let form =
        if date.group { others().count() <= 4 && others().all(bare) } else { others().next().is_none() };
    form && !earlier(sheet, line, order, date.group)
}

/// Whether dates, or groups, stand on the sheet before a line.
fn earlier(sheet: &[Worded], line: &[Worded], order: Order, group: bool) -> bool {
    let Some(at) = line.first().map(|w| w.line) else { return false };
    let before: Vec<&Worded> = sheet.iter().take_while(|w| w.line != at).collect();
    before.chunk_by(|a, b| a.line == b.line).any(|line| {
        let texts: Vec<&str> = line.iter().map(|w| w.text).collect();
        written(&texts, order).iter().any(|date| date.group || !group)
    })
}

/// What two dates for one place say of each other.
fn weigh(said: [&Said; 2], seen: [Option<i64>; 2]) -> Outcome {
    let none = |day: &Day| matches!(day, Day::Never { .. } | Day::Other);
    let days = match said.map(|s| &s.day) {
        [Day::Real(a), Day::Real(b)] => [*a, *b],
        [a, b] if none(a) && none(b) => {
            let other = matches!(a, Day::Other) || matches!(b, Day::Other);
            return if other { Outcome::None } else { Outcome::Silent };
        }
        [a, b] if none(a) || none(b) => {
            let side = usize::from(none(b));
            return Outcome::Against(Contrary { side, measures: never([a, b][side]) });
        }
        _ => return Outcome::Silent,
    };
    let mut against: [Vec<Measure>; 2] = [Vec::new(), Vec::new()];
    for (side, measure) in off(said, days).into_iter().chain(late(said, days, seen)) {
        against[side].push(measure);
    }
    match against {
        [first, second] if second.is_empty() && !first.is_empty() => {
            Outcome::Against(Contrary { side: 0, measures: first })
        }
        [first, second] if first.is_empty() && !second.is_empty() => {
            Outcome::Against(Contrary { side: 1, measures: second })
        }
        _ => Outcome::Silent,
    }
}

fn never(day: &Day) -> Vec<Measure> {
    match day {
        Day::Never { name, number, most } => {
            vec![Measure::new(name, f64::from(*number), "number", Some(f64::from(*most)))]
        }
        _ => Vec::new(),
    }
}

/// The side whose day does not fall on its weekday, where that of the other side does.
fn off(said: [&Said; 2], days: [Date; 2]) -> Option<(usize, Measure)> {
    let away = |side: usize| Some(days[side].weekday().since(said[side].weekday?));
    let side = match (away(0)?, away(1)?) {
        (0, 0) => return None,
        (0, _) => 1,
        (_, 0) => 0,
        _ => return None,
    };
    let away = f64::from(away(side)?);
    Some((
        side,
        Measure::new("from the weekday that is written to that of the date", away, "days", Some(0.0)),
    ))
}

/// The side on which the sheet is dated after its pictures were first seen, where on the other side it is not.
fn late(said: [&Said; 2], days: [Date; 2], seen: [Option<i64>; 2]) -> Option<(usize, Measure)> {
    if !said.iter().all(|s| s.heads) {
        return None;
    }
    let after = |side: usize| Some((begins(days[side])? - seen[side]? as f64) / DAY);
    let (a, b) = (after(0)?, after(1)?);
    let side = if a > AFTER && b <= 0.0 {
        0
    } else if b > AFTER && a <= 0.0 {
        1
    } else {
        return None;
    };
    let measure =
        Measure::new("from the first sighting to the date of the sheet", a.max(b), "days", Some(AFTER));
    Some((side, measure))
}

/// When a day begins where it begins first, in milliseconds since 1970.
fn begins(day: Date) -> Option<f64> {
    let start = Offset::UTC.to_timestamp(day.at(0, 0, 0, 0)).ok()?;
    Some(start.as_millisecond() as f64 - 14.0 * 3_600_000.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sheet::tests::{area_of, sheet};

    /// 2023-04-20 12:00 UTC.
    const SEEN: i64 = 1_681_992_000_000;

    fn told(text: &str, was: &str, now: &str, seen: [Option<i64>; 2]) -> Option<Contrary> {
        let words = sheet(text);
        let area = area_of(&words, was);
        let one = contrary(&words, area, [was, now], seen);
        let other = contrary(&words, area, [now, was], [seen[1], seen[0]]);
        assert_eq!(
            one.as_ref().map(|c| (c.side, &c.measures)),
            other.as_ref().map(|c| (1 - c.side, &c.measures)),
            "{text}: {was} {now}"
        );
        one
    }

    fn side(text: &str, was: &str, now: &str) -> Option<usize> {
        told(text, was, now, [None; 2]).map(|c| c.side)
    }

    #[test]
    fn a_weekday_fits_one_reading() {
        for (text, was, now) in [
            ("met on Tuesday, 14 March 2023 in", "14", "24"),
            ("met on Tuesday, 14 March 2023 in", "Tuesday,", "Friday,"),
            ("met on Tuesday, 14 March 2023 in", "March", "May"),
            ("met on Tuesday, 14 March 2023 in", "2023", "2022"),
            ("Tue 14 Mar 2023", "14", "11"),
            ("on 14 March 2023 (Tuesday) we", "14", "11"),
            ("on March 14, 2023 (Tuesday) we", "(Tuesday)", "(Monday)"),
            ("Tuesday, the 14th of March 2023", "14th", "15th"),
            ("Tuesday 14/03/2023", "14/03/2023", "15/03/2023"),
            ("Tue 2023-03-14", "2023-03-14", "2023-08-14"),
            ("Tuesday 14 March 2023, Wednesday 15 March 2023", "Wednesday", "Monday"),
        ] {
            assert_eq!(side(text, was, now), Some(1), "{text}: {now}");
        }
        let off = told("Tuesday, 14 March 2023", "14", "17", [None; 2]).unwrap();
        assert_eq!((off.measures[0].value, off.measures[0].bound), (3.0, Some(0.0)));
    }

    #[test]
    fn a_weekday_that_says_nothing() {
        for (text, was, now) in [
            ("Tuesday, 14 March 2023", "14", "21"),
            ("Tuesday, 15 March 2023", "15", "16"),
            ("Tuesday, 14 March 2023", "14", "l4"),
            ("Tuesday, 14 March 2023", "Tuesday,", "Tuesdav,"),
            ("14 March 2023. Tuesday is", "14", "15"),
            ("14 March 2023 Tuesday 21 March 2023", "14", "15"),
            ("The Sun, 14 March 2023", "14", "12"),
            ("Thursday 04/05/2023", "04/05/2023", "05/04/2023"),
            ("Tuesday 14 March", "14", "15"),
            ("Tuesday, 14 March 2023", "14", ""),
        ] {
            assert_eq!(side(text, was, now), None, "{text}: {now}");
        }
    }

    #[test]
    fn a_day_does_not_exist() {
        for (text, was, now) in [
            ("until 30 June 2023 at", "30", "31"),
            ("until 30 June, when", "30", "31"),
            ("until 31 July 2023", "July", "June"),
            ("until February 28, 2023", "28,", "29,"),
            ("on 2023-12-01", "2023-12-01", "2023-13-01"),
            ("on 14/12/2023", "14/12/2023", "14/13/2023"),
            ("281530ZFEB23", "281530ZFEB23", "291530ZFEB23"),
        ] {
            assert_eq!(side(text, was, now), Some(1), "{text}: {now}");
        }
        for (text, was, now) in [
            ("until 31 June 2023 at", "31", "32"),
            ("in 30 June visits", "30", "31"),
            ("in June 15 tanks", "15", "45"),
            ("on 12/03/2023", "12/03/2023", "14/03/2023"),
            ("on 14/03/2023", "14/03/2023", "03/14/2023"),
        ] {
            assert_eq!(side(text, was, now), None, "{text}: {now}");
        }
    }

    #[test]
    fn a_sheet_is_dated_after_it_was_seen() {
        let both = [Some(SEEN); 2];
        let late = |text, was, now, seen| told(text, was, now, seen).map(|c| c.side);
        for (text, was, now) in [
            ("DATE: 14 April 2023", "14", "24"),
            ("Dated 2023-04-14", "2023-04-14", "2023-11-14"),
            ("To: all    Date: 14 April 2023", "April", "June"),
            ("MEMORANDUM\n14 April 2023\nby 30 June 2023", "14", "29"),
            ("O 141530ZAPR23", "141530ZAPR23", "291530ZAPR23"),
            ("DATE: 04/05/2023", "04/05/2023", "04/05/2024"),
        ] {
            let expected = (text != "DATE: 04/05/2023").then_some(1);
            assert_eq!(late(text, was, now, both), expected, "{text}: {now}");
        }
        for (text, was, now) in [
            ("by 14 April 2023", "14", "24"),
            ("Due date: 14 April 2023", "14", "24"),
            ("on 2 April 2023\n14 April 2023", "14", "24"),
            ("NLT 141530ZAPR23", "141530ZAPR23", "291530ZAPR23"),
            ("DATE: 14 April 2023", "14", "22"),
            ("DATE: 26 April 2023", "26", "29"),
        ] {
            assert_eq!(late(text, was, now, both), None, "{text}: {now}");
        }
        assert_eq!(late("DATE: 14 April 2023", "14", "24", [Some(SEEN), None]), None);
        assert_eq!(late("DATE: 14 April 2023", "14", "24", [Some(SEEN), Some(SEEN + 864_000_000)]), None);
        assert_eq!(late("DATE: 14 April 2023", "14", "24", [Some(i64::MAX), Some(i64::MIN)]), Some(1));
    }

    #[test]
    fn reasons_that_contradict_each_other_say_nothing() {
        let text = "DATE: Tuesday 25 April 2023";
        assert_eq!(told(text, "25", "14", [Some(SEEN); 2]), None);
        let both = told("DATE: Friday 14 April 2023", "14", "24", [Some(SEEN); 2]).unwrap();
        assert_eq!((both.side, both.measures.len()), (1, 2));
    }
}
