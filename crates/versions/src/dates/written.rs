//! Dates as sheets write them, and days that do not exist: 14 March 2023, March 14, 2023, 2023-03-14, 14.03.2023, 14/03/23,
//! 14MAR23, date-time groups (121530ZFEB23). Nothing is mended: what is not cleanly written is no date.

use std::ops::Range;

use jiff::civil::{Date, Weekday};

/// Which of two numbers of a date is the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    DayFirst,
    MonthFirst,
}

/// What a date says.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Day {
    /// A day of the calendar.
    Real(Date),
    /// A day of a month without a year, that the month has at least in some years.
    Yearless,
    /// A day, or month, that does not exist: the number and the largest there is.
    Never { name: &'static str, number: i16, most: i16 },
    /// A day only with the other order of day and month.
    Other,
}

/// A date in a line of words.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Written {
    pub day: Day,
    pub words: Range<usize>,
    /// A date-time group.
    pub group: bool,
}

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// The dates of a line, in order; a word is used once.
pub(super) fn written(line: &[&str], order: Order) -> Vec<Written> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < line.len() {
        let most = 4.min(line.len() - at);
        let here = (1..=most).rev().find_map(|n| Some((n, take(&line[at..at + n], order)?)));
        let yearless = || yearless(&line[at..]).map(|day| (2, (day, false)));
        match here.or_else(yearless) {
            Some((n, (day, group))) => {
                found.push(Written { day, words: at..at + n, group });
                at += n;
            }
            None => at += 1,
        }
    }
    found
}

/// A word without the signs about it.
pub(super) fn trimmed(word: &str) -> &str {
    word.trim_matches(|c: char| "()[]{}.,;:\"“”'’".contains(c))
}

fn take(words: &[&str], order: Order) -> Option<(Day, bool)> {
    // No date goes on where a clause ends.
    let ends =
        |w: &&str| w.ends_with([';', ':', ')', '"', '”']) || w.ends_with('.') && month(trimmed(w)).is_none();
    let (_, inner) = words.split_last()?;
    if inner.iter().any(ends) || words.iter().any(|w| w.len() > 40) {
        return None;
    }
    let words: Vec<&str> = words.iter().map(|w| trimmed(w)).collect();
    let plain = |day: Day| (day, false);
    let grouped = |text: &str| group(text).map(|day| (day, true));
    match words.as_slice() {
        [one] => grouped(one).or_else(|| compact(one).or_else(|| numeric(one, order)).map(plain)),
        [one, two] => {
            let whole = [*one, *two].concat();
            grouped(&whole).or_else(|| compact(&whole).map(plain))
        }
        [one, two, three] => {
            let british = || number(one).zip(month(two));
            let american = || number(two).zip(month(one));
            let named = british().or_else(american).zip(year(three));
            let short = || compact(&words.concat()).filter(|_| one.len() == 2 && three.len() == 2);
            let day = named.map(|((d, m), y)| day(y, m, d)).or_else(short);
            day.map(plain).or_else(|| grouped(&words.concat()))
        }
        [one, "of", two, three] => Some(plain(day(year(three)?, month(two)?, number(one)?))),
        _ => None,
    }
}

/// A day and a month, where the line or the clause ends behind them: "31 June," but not "31 June visits".
fn yearless(words: &[&str]) -> Option<Day> {
    let [first, name, rest @ ..] = words else { return None };
    let on = |w: &&str| matches!(*w, "to" | "and" | "at");
    let ends = name.ends_with([',', '.', ';', ')']) || rest.first().is_none_or(on);
    let number = number(first).filter(|d| ends && *d <= 31)?;
    Some(match day(2024, month(trimmed(name))?, number) {
        Day::Real(_) => Day::Yearless,
        other => other,
    })
}

/// The day, or why it does not exist.
fn day(year: i16, month: i8, number: i16) -> Day {
    if !(1..=12).contains(&month) {
        return Day::Never { name: "month", number: i16::from(month), most: 12 };
    }
    let days = Date::new(year, month, 1).map_or(31, |first| i16::from(first.days_in_month()));
    let real = i8::try_from(number).ok().and_then(|d| Date::new(year, month, d).ok());
    real.map_or(Day::Never { name: "day of the month", number, most: days }, Day::Real)
}

/// A day's number, with or without its ending.
fn number(word: &str) -> Option<i16> {
    let digits = word.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let tail = &word[digits.len()..];
    let day = two(digits)?;
    matches!(tail, "" | "st" | "nd" | "rd" | "th").then_some(day)
}

/// A number of one or two digits.
fn two(word: &str) -> Option<i16> {
    let plain = (1..=2).contains(&word.len()) && word.bytes().all(|b| b.is_ascii_digit());
    word.parse().ok().filter(|_| plain)
}

fn month(word: &str) -> Option<i8> {
    let word = word.to_lowercase();
    let short =
        |name: &str| word.len() == 3 && name.starts_with(&word) || word == "sept" && name == "september";
    MONTHS.iter().position(|name| *name == word || short(name)).map(|n| n as i8 + 1)
}

fn year(word: &str) -> Option<i16> {
    let plain = word.len() == 4 && word.bytes().all(|b| b.is_ascii_digit());
    word.parse().ok().filter(|y| plain && (1900..2100).contains(y))
}

/// A year of two digits is one from 1950 to 2049.
fn short_year(word: &str) -> Option<i16> {
    let short = || two(word).filter(|_| word.len() == 2);
    year(word).or_else(|| short().map(|y| if y < 50 { 2000 + y } else { 1900 + y }))
}

/// 20APR23, 20APR2023, 20-Apr-2023.
fn compact(word: &str) -> Option<Day> {
    let plain: String = word.chars().filter(|c| !matches!(c, '-' | '.' | '/')).collect();
    if !plain.is_ascii() {
        return None;
    }
    let digits = plain.bytes().take_while(u8::is_ascii_digit).count();
    let letters = plain.bytes().skip(digits).take_while(u8::is_ascii_alphabetic).count();
    let (first, rest) = plain.split_at(digits);
    let (name, tail) = rest.split_at(letters);
    Some(day(short_year(tail)?, month(name)?, two(first)?))
}

/// 2023-04-20, 20.04.2023, 4/20/2023, 20/04/23.
fn numeric(word: &str, order: Order) -> Option<Day> {
    let separator = word.chars().find(|c| matches!(c, '-' | '.' | '/'))?;
    let parts: Vec<&str> = word.split(separator).collect();
    let [a, b, c] = parts.as_slice() else { return None };
    let month = |number: i16| i8::try_from(number).unwrap_or_default();
    if let Some(y) = year(a) {
        let (m, d) = (two(b)?, two(c)?);
        return (b.len() == 2 && c.len() == 2).then(|| day(y, month(m), d));
    }
    let y = year(c).or_else(|| short_year(c).filter(|_| separator == '/'))?;
    let (a, b) = (two(a)?, two(b)?);
    let (first, second) = (day(y, month(b), a), day(y, month(a), b));
    // Dots are written day first everywhere; but a day that is none so may be one in America.
    let (here, other) = match order {
        Order::MonthFirst if separator != '.' => (second, first),
        _ => (first, second),
    };
    match (here, other) {
        (Day::Never { .. }, Day::Never { .. }) if c.len() == 2 => None,
        (Day::Never { .. }, Day::Real(_)) if separator == '.' => None,
        (Day::Never { .. }, Day::Real(_)) => Some(Day::Other),
        _ => Some(here),
    }
}

/// A date-time group: day, hour, minute, a zone letter, month, year.
fn group(word: &str) -> Option<Day> {
    let digits = word.bytes().take_while(u8::is_ascii_digit).count();
    if !word.is_ascii() || !matches!(word.len(), 12 | 14) || digits != 6 {
        return None;
    }
    let (hour, minute) = (two(&word[2..4])?, two(&word[4..6])?);
    let day = day(short_year(&word[10..])?, month(&word[7..10])?, two(&word[..2])?);
    (word.as_bytes()[6].is_ascii_uppercase() && hour < 24 && minute < 60).then_some(day)
}

/// A day of the week by its name, in full or short.
pub(super) fn weekday(word: &str) -> Option<Weekday> {
    Some(match trimmed(word).to_lowercase().as_str() {
        "monday" | "mon" => Weekday::Monday,
        "tuesday" | "tue" | "tues" => Weekday::Tuesday,
        "wednesday" | "wed" => Weekday::Wednesday,
        "thursday" | "thu" | "thur" | "thurs" => Weekday::Thursday,
        "friday" | "fri" => Weekday::Friday,
        "saturday" | "sat" => Weekday::Saturday,
        "sunday" | "sun" => Weekday::Sunday,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn first(text: &str, order: Order) -> Option<Day> {
        let line: Vec<&str> = text.split_whitespace().collect();
        written(&line, order).first().map(|w| w.day)
    }

    fn real(text: &str) -> Option<String> {
        match first(text, Order::DayFirst)? {
            Day::Real(date) => Some(date.to_string()),
            other => Some(format!("{other:?}")),
        }
    }

    #[test]
    fn dates_of_many_forms() {
        for text in [
            "on 14 March 2023, he",
            "March 14, 2023",
            "Mar 14 2023",
            "14th of March 2023",
            "(2023-03-14)",
            "14.03.2023",
            "14/3/2023",
            "14/03/23",
            "14MAR23",
            "14-Mar-2023",
            "14 MAR23",
            "14 MAR 23",
            "141530ZMAR23",
            "141530Z MAR 23",
            "141530Z MAR 2023",
        ] {
            assert_eq!(real(text).as_deref(), Some("2023-03-14"), "{text}");
        }
        assert_eq!(first("3/14/2023", Order::DayFirst), Some(Day::Other));
        assert_eq!(first("3/14/2023", Order::MonthFirst), first("14/3/2023", Order::DayFirst));
        assert_eq!(real("29 February 2024").as_deref(), Some("2024-02-29"));
    }

    #[test]
    fn days_that_do_not_exist() {
        for (text, number, most) in [
            ("31 June 2023", 31, 30),
            ("29 February 2023", 29, 28),
            ("February 30, 2024", 30, 29),
            ("on 31 June, then", 31, 30),
            ("2023-13-01", 13, 12),
            ("14/13/2023", 13, 12),
            ("31JUN23", 31, 30),
            ("45 June 2023", 45, 30),
            ("311530ZJUN23", 31, 30),
        ] {
            let Some(Day::Never { number: n, most: m, .. }) = first(text, Order::DayFirst) else {
                panic!("{text}: {:?}", first(text, Order::DayFirst))
            };
            assert_eq!((n, m), (number, most), "{text}");
        }
    }

    #[test]
    fn what_is_no_date() {
        for text in [
            "",
            "3.14.15",
            "31 June visits",
            "45 June.",
            "May 14",
            "14 March 23,000",
            "l4 March 2023",
            "14 Marsh 2023",
            "14 March 2O23",
            "2023-3-14",
            "31/06/23",
            "10.13.2023",
            "192.168.0.1",
            "129930ZFEB23",
            "１４ March 2023",
            "No. 14. March 2023",
        ] {
            assert_eq!(first(text, Order::DayFirst), None, "{text}");
        }
    }
}
