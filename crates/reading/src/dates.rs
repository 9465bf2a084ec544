//! Dates and times as sheets print them: 20 April 2023, April 20, 2023, 2023-04-20, 20.04.2023, 4/20/2023, 20APR23, and
//! date-time groups of messages (121530ZFEB23, 121530Z FEB 23; ACP 121).
//!
//! A date without a zone is the interval from its first instant anywhere on Earth to its last. A date whose order of day
//! and month is open (04/05/2023) is the interval of both.

use jiff::civil::{Date, date};
use jiff::tz::Offset;
use jiff::{SignedDuration, Timestamp};
use model::{Clock, Dated, Interval, When, Zone};

use crate::marking::Laid;
use crate::reading::span_of;

const MONTHS: [&str; 12] = [
    "JANUARY",
    "FEBRUARY",
    "MARCH",
    "APRIL",
    "MAY",
    "JUNE",
    "JULY",
    "AUGUST",
    "SEPTEMBER",
    "OCTOBER",
    "NOVEMBER",
    "DECEMBER",
];

/// All dates and times in words, in order. A run of words is used once.
pub(crate) fn dates(words: &[Laid]) -> Vec<Dated> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < words.len() {
        let here = (1..=3.min(words.len() - at)).rev().find_map(|count| {
            let texts: Vec<&str> = words[at..at + count].iter().map(|word| trimmed(word.text)).collect();
            Some((count, take(&texts)?))
        });
        match here {
            Some((count, (interval, zone, group))) => {
                let texts: Vec<&str> = words[at..at + count].iter().map(|word| word.text).collect();
                let verbatim = trimmed(&texts.join(" ")).to_owned();
                let when = When { verbatim, interval, clock: Clock::Printed, zone };
                let span = span_of(words, at, count);
                found.push(Dated { when, group, span, word: at as u32, count: count as u32 });
                at += count;
            }
            None => at += 1,
        }
    }
    found
}

fn trimmed(word: &str) -> &str {
    word.trim_matches(|c: char| "()[]{}.,;:\"“”'’*".contains(c))
}

type Taken = (Interval, Zone, bool);

fn take(words: &[&str]) -> Option<Taken> {
    let (interval, zone, group) = match words {
        [one] => group(one).or_else(|| compact(one)).or_else(|| numeric(one))?,
        [one, two] => {
            let whole = group(&[*one, *two].concat());
            whole.or_else(|| compact(&[*one, *two].concat()))?
        }
        [one, two, three] => {
            let named = day_of(one).zip(month(two)).zip(year(three)).map(|((d, m), y)| (y, m, d));
            let american = || month(one).zip(day_of(two)).zip(year(three)).map(|((m, d), y)| (y, m, d));
            match named.or_else(american) {
                Some((y, m, d)) => whole_day(Date::new(y, m, d).ok()?)?,
                None => group(&words.concat())?,
            }
        }
        _ => return None,
    };
    Some((interval, zone, group))
}

/// A month by its name or its first three letters (or four, for September).
fn month(word: &str) -> Option<i8> {
    let word = word.to_uppercase();
    if word.len() < 3 {
        return None;
    }
    let n = MONTHS.iter().position(|name| {
        *name == word || name[..3] == word || (word == "SEPT" && name.starts_with("SEPT"))
    })?;
    Some(n as i8 + 1)
}

fn day_of(word: &str) -> Option<i8> {
    let digits = word.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let tail = &word[digits.len()..];
    let day: i8 = (digits.len() <= 2).then(|| digits.parse().ok())??;
    ((1..=31).contains(&day) && matches!(tail, "" | "st" | "nd" | "rd" | "th")).then_some(day)
}

fn year(word: &str) -> Option<i16> {
    let year: i16 =
        (word.len() == 4 && word.bytes().all(|b| b.is_ascii_digit())).then(|| word.parse().ok())??;
    (1900..2100).contains(&year).then_some(year)
}

/// Two digits: from 1950 to 2049.
fn short_year(word: &str) -> Option<i16> {
    if !word.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    match word.len() {
        2 => word.parse::<i16>().ok().map(|y| if y < 50 { 2000 + y } else { 1900 + y }),
        4 => year(word),
        _ => None,
    }
}

/// 20APR23, 20APR2023, 20-Apr-2023.
fn compact(word: &str) -> Option<Taken> {
    let plain: String = word.chars().filter(|c| !matches!(c, '-' | '.' | '/')).collect();
    let digits = plain.bytes().take_while(u8::is_ascii_digit).count();
    let letters = plain.bytes().skip(digits).take_while(u8::is_ascii_alphabetic).count();
    if !(1..=2).contains(&digits) || letters < 3 || !plain.is_ascii() {
        return None;
    }
    let (day, rest) = plain.split_at(digits);
    let (name, tail) = rest.split_at(letters);
    whole_day(Date::new(short_year(tail)?, month(name)?, day.parse().ok()?).ok()?)
}

/// 2023-04-20, 20.04.2023, 4/20/2023.
fn numeric(word: &str) -> Option<Taken> {
    let parts: Vec<&str> = word.split(['-', '.', '/']).collect();
    let [a, b, c] = parts.as_slice() else { return None };
    if let Some(y) = year(a) {
        return whole_day(Date::new(y, b.parse().ok()?, c.parse().ok()?).ok()?);
    }
    let y = year(c).or_else(|| word.contains('/').then(|| short_year(c)).flatten())?;
    let (a, b): (i8, i8) = (two(a)?, two(b)?);
    let (one, other) = (Date::new(y, b, a).ok(), Date::new(y, a, b).ok());
    // Dots are written day first everywhere.
    let other = if word.contains('.') { None } else { other };
    let (first, last) = match (one, other) {
        (Some(one), Some(other)) => (one.min(other), one.max(other)),
        (Some(day), None) | (None, Some(day)) => (day, day),
        (None, None) => return None,
    };
    Some((
        Interval { earliest: whole_day(first)?.0.earliest, latest: whole_day(last)?.0.latest },
        Zone::Unknown,
        false,
    ))
}

fn two(word: &str) -> Option<i8> {
    (1..=2).contains(&word.len()).then(|| word.parse().ok())?
}

/// The day wherever on Earth it is meant: from its start at UTC+14 to its end at UTC−14 (model's bounds for no zone).
fn whole_day(day: Date) -> Option<Taken> {
    if !(date(1900, 1, 1)..date(2100, 1, 1)).contains(&day) {
        return None;
    }
    let start = Offset::UTC.to_timestamp(day.at(0, 0, 0, 0)).ok()?;
    let earliest = start.checked_sub(SignedDuration::from_hours(14)).ok()?;
    let latest = start.checked_add(SignedDuration::from_hours(24 + 14)).ok()?;
    let latest = latest.checked_sub(SignedDuration::from_nanos(1)).ok()?;
    Some((Interval { earliest, latest }, Zone::Unknown, false))
}

/// A date-time group: DDHHMM, a zone letter, month, year. The minute is an interval.
fn group(word: &str) -> Option<Taken> {
    let word = word.to_uppercase();
    if !word.is_ascii()
        || !(12..=14).contains(&word.len())
        || !word.as_bytes()[..6].iter().all(u8::is_ascii_digit)
    {
        return None;
    }
    let number = |from: usize| word[from..from + 2].parse::<i8>().ok();
    let letter = word.as_bytes()[6];
    let day = Date::new(short_year(&word[10..])?, month(&word[7..10])?, number(0)?).ok()?;
    let civil = day.at(number(2).filter(|h| *h < 24)?, number(4).filter(|m| *m < 60)?, 0, 0);
    let minute = |earliest: Timestamp, latest: Timestamp| {
        let latest = latest.checked_add(SignedDuration::from_secs(60)).ok()?;
        Some(Interval { earliest, latest: latest.checked_sub(SignedDuration::from_nanos(1)).ok()? })
    };
    let at = |hours: i8| Offset::from_hours(hours).ok()?.to_timestamp(civil).ok();
    match military(letter) {
        Some(hours) => Some((minute(at(hours)?, at(hours)?)?, Zone::Written, true)),
        // J is the observer's own zone.
        None if letter == b'J' => Some((minute(at(14)?, at(-14)?)?, Zone::Unknown, true)),
        None => None,
    }
}

/// Hours east of Greenwich of a zone letter.
fn military(letter: u8) -> Option<i8> {
    match letter {
        b'Z' => Some(0),
        b'A'..=b'I' => Some((letter - b'A') as i8 + 1),
        b'K'..=b'M' => Some((letter - b'K') as i8 + 10),
        b'N'..=b'Y' => Some(-((letter - b'N') as i8) - 1),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<String> {
        let mut start = 0;
        let words: Vec<Laid> = text
            .split(' ')
            .map(|word| {
                let laid = Laid { text: word, line: 0, down: None, start };
                start += word.chars().count() as u64 + 1;
                laid
            })
            .collect();
        let show = |d: &Dated| {
            format!("{} = {} / {}", d.when.verbatim, d.when.interval.earliest, d.when.interval.latest)
        };
        dates(&words).iter().map(show).collect()
    }

    #[test]
    fn dates_of_many_forms() {
        let day = "2023-04-19T10:00:00Z / 2023-04-21T13:59:59.999999999Z";
        for form in [
            "20 April 2023",
            "20 Apr 2023",
            "April 20, 2023",
            "2023-04-20",
            "20.04.2023",
            "4/20/2023",
            "20APR23",
            "20-Apr-2023",
            "20 APR23",
        ] {
            let all = found(&format!("on {form}, he said"));
            assert_eq!(all.len(), 1, "{form}: {all:?}");
            assert!(all[0].ends_with(day), "{all:?}");
        }
        assert_eq!(
            found("04/05/2023"),
            ["04/05/2023 = 2023-04-04T10:00:00Z / 2023-05-05T13:59:59.999999999Z"]
        );
    }

    #[test]
    fn groups_of_messages() {
        let utc = "2023-02-12T15:30:00Z / 2023-02-12T15:30:59.999999999Z";
        for form in ["121530ZFEB23", "121530Z FEB 23", "121530Z FEB23", "121530ZFEB2023"] {
            assert!(found(form)[0].ends_with(utc), "{:?}", found(form));
        }
        assert!(found("121530BFEB23")[0].contains("2023-02-12T13:30:00Z"));
        assert!(found("321530ZFEB23").is_empty() && found("129930ZFEB23").is_empty());
    }

    #[test]
    fn what_is_no_date() {
        for text in ["3.14.15", "1/2", "B541-79/7", "36", "may be 12", "192.168.0.1", "99/99/2023", ""] {
            assert!(found(text).is_empty(), "{text}: {:?}", found(text));
        }
    }
}
