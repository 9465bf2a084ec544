//! Times as people and cultures print them: "Thursday, April 23, 2026 5:39 a.m.", "06-Dec-19 11:49 AM",
//! "25.10.2025 13:51:14 UTC+03:00", "1/2/21, 12:00". Where day and month can be told apart by nothing, both readings are
//! kept.

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::Offset;
use jiff::{SignedDuration, Timestamp};
use model::{Clock, Interval, When, Zone};

use crate::clock::WIDEST;

/// A printed time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Stamp {
    /// With the day before the month; the same as `month_first` where there is no doubt.
    pub day_first: Option<DateTime>,
    /// With the month before the day.
    pub month_first: Option<DateTime>,
    /// Seconds that it can mean: 1, 60, or a day.
    pub length: i64,
    /// Offset from UTC in seconds, where it is written.
    pub offset: Option<i32>,
}

const MINUTE: i64 = 60;
const DAY: i64 = 86_400;
const QUARTER: i64 = 900;

impl Stamp {
    /// Reads a printed time; None where there is no date in it.
    pub fn parse(text: &str) -> Option<Stamp> {
        let text = plain(text);
        let (time, length, offset, rest) = match clock_time(&text) {
            Some(found) => (found.time, found.length, found.offset, found.rest),
            None => (Time::midnight(), DAY, None, text),
        };
        let (day_first, month_first) = dates(&rest)?;
        let at = |date: Option<Date>| date.map(|date| date.to_datetime(time));
        let stamp = Stamp { day_first: at(day_first), month_first: at(month_first), length, offset };
        stamp.readings().next().is_some().then_some(stamp)
    }

    /// The dates it can mean.
    pub fn readings(&self) -> impl Iterator<Item = DateTime> + use<> {
        let second = self.month_first.filter(|other| Some(*other) != self.day_first);
        self.day_first.into_iter().chain(second)
    }

    /// Whether day and month could be exchanged.
    pub fn is_ambiguous(&self) -> bool {
        self.readings().count() > 1
    }

    /// With only the reading that has the day first, or the month; itself where that reading makes no date.
    pub fn settled(self, day_first: bool) -> Stamp {
        match if day_first { self.day_first } else { self.month_first } {
            Some(reading) => Stamp { day_first: Some(reading), month_first: Some(reading), ..self },
            None => self,
        }
    }

    /// As a time: as wide as its readings, its precision and, without an offset, every zone there is.
    pub fn when(&self, verbatim: &str, clock: Clock) -> Option<When> {
        let walls: Vec<Timestamp> =
            self.readings().filter_map(|wall| Offset::UTC.to_timestamp(wall).ok()).collect();
        let (first, last) = (walls.iter().min()?, walls.iter().max()?);
        let last = last.checked_add(SignedDuration::new(self.length - 1, 999_999_999)).ok()?;
        let interval = match self.offset {
            Some(east) => {
                let east = SignedDuration::from_secs(i64::from(east));
                Interval { earliest: first.checked_sub(east).ok()?, latest: last.checked_sub(east).ok()? }
            }
            None => {
                Interval { earliest: first.checked_sub(WIDEST).ok()?, latest: last.checked_add(WIDEST).ok()? }
            }
        };
        let zone = if self.offset.is_some() { Zone::Written } else { Zone::Unknown };
        Some(When { verbatim: verbatim.to_owned(), interval, clock, zone })
    }

    /// The same, of something that was printed up to ten minutes after `utc`.
    pub fn offset_after(&self, utc: Timestamp) -> Option<i32> {
        let fits = |wall: DateTime| {
            let wall = Offset::UTC.to_timestamp(wall).ok()?.as_second();
            // The printed minute can have begun before.
            let apart = wall + MINUTE - utc.as_second();
            let offset = apart.div_euclid(QUARTER) * QUARTER;
            (offset.abs() <= WIDEST.as_secs() && apart - offset <= 660).then(|| i32::try_from(offset).ok())?
        };
        (self.length <= MINUTE).then(|| self.readings().find_map(fits))?
    }

    /// The offset from UTC (seconds east, whole quarters of an hour) under which this was printed at `utc`; None if
    /// there is none.
    pub fn offset_at(&self, utc: Timestamp) -> Option<i32> {
        let fits = |wall: DateTime| {
            let wall = Offset::UTC.to_timestamp(wall).ok()?.as_second();
            let apart = wall - utc.as_second().div_euclid(self.length) * self.length;
            (apart.abs() <= WIDEST.as_secs() && apart % QUARTER == 0).then(|| i32::try_from(apart).ok())?
        };
        (self.length <= MINUTE).then(|| self.readings().find_map(fits))?
    }
}

/// Lower case; odd spaces plain, marks of direction dropped.
fn plain(text: &str) -> String {
    let kept = text.chars().filter(
        |c| !matches!(c, '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}'),
    );
    let plain = kept.map(|c| if c.is_whitespace() { ' ' } else { c });
    plain.take(200).collect::<String>().to_lowercase()
}

struct Found {
    time: Time,
    length: i64,
    offset: Option<i32>,
    /// The text without the time.
    rest: String,
}

/// Finds `h:mm`, `h:mm:ss` with what belongs to it.
fn clock_time(text: &str) -> Option<Found> {
    let colon = text.find(':')?;
    let start = text[..colon]
        .rfind(|c: char| !c.is_ascii_digit())
        .map_or(0, |n| n + text[n..].chars().next().map_or(1, char::len_utf8));
    let hour: i8 = text[start..colon].parse().ok()?;
    let (minute, mut end) = two_digits(text, colon + 1)?;
    let mut second = None;
    if text[end..].starts_with(':')
        && let Some((value, after)) = two_digits(text, end + 1)
    {
        (second, end) = (Some(value), after);
        if let Some(fraction) = text[end..].strip_prefix(['.', ',']) {
            end = text.len() - fraction.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        }
    }
    let after = text[end..].trim_start();
    let letter = |c: char| {
        after
            .strip_prefix(c)
            .map(|rest| rest.trim_start_matches(['.', ' ']))
            .filter(|rest| rest.starts_with('m'))
    };
    let half =
        if let Some(rest) = letter('p') { Some((12, rest)) } else { letter('a').map(|rest| (0, rest)) };
    let asian = [("오후", 12), ("오전", 0), ("下午", 12), ("上午", 0)];
    let asian = asian.iter().find(|(word, _)| text.contains(word)).map(|(_, half)| *half);
    let hour = match half.map(|(half, _)| half).or(asian) {
        Some(half) if hour <= 12 => hour % 12 + half,
        _ => hour,
    };
    let after = half.map_or(after, |(_, rest)| rest.trim_start_matches(['m', '.', ' ']));
    let (offset, after) = offset(after);
    let time = Time::new(hour, minute, second.unwrap_or(0), 0).ok()?;
    let length = if second.is_some() { 1 } else { MINUTE };
    Some(Found { time, length, offset, rest: format!("{} {after}", &text[..start]) })
}

fn two_digits(text: &str, at: usize) -> Option<(i8, usize)> {
    let digits = text.get(at..at + 2)?;
    digits.bytes().all(|b| b.is_ascii_digit()).then(|| Some((digits.parse().ok()?, at + 2)))?
}

/// `+0300`, `utc+03:00`, `utc-5`, `z` at the start of `text`, and what follows.
fn offset(text: &str) -> (Option<i32>, &str) {
    let named = text.strip_prefix("utc").or_else(|| text.strip_prefix("gmt"));
    let body = named.unwrap_or(text).trim_start();
    let east = match body.chars().next() {
        Some('+') => 1,
        Some('-' | '\u{2212}') => -1,
        _ if named.is_some() => return (Some(0), body),
        _ => return (None, text),
    };
    let digits = body.trim_start_matches(['+', '-', '\u{2212}']);
    let length = digits.find(|c: char| !c.is_ascii_digit() && c != ':').unwrap_or(digits.len());
    let (number, rest) = digits.split_at(length);
    let (hours, minutes) = match number.split_once(':') {
        Some((hours, minutes)) => (hours, minutes),
        None if number.len() > 2 => number.split_at(number.len() - 2),
        None => (number, "0"),
    };
    match (hours.parse::<i32>(), minutes.parse::<i32>()) {
        (Ok(hours), Ok(minutes)) if hours <= 15 && minutes < 60 => {
            (Some(east * (hours * 3600 + minutes * 60)), rest)
        }
        _ => (None, text),
    }
}

/// The date in `text`, read with the day first and with the month first.
fn dates(text: &str) -> Option<(Option<Date>, Option<Date>)> {
    let mut numbers: Vec<(i16, usize)> = Vec::new();
    let mut month = None;
    for part in text.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty()) {
        let digits = part.bytes().take_while(u8::is_ascii_digit).count();
        if digits > 0 && digits <= 4 {
            numbers.push((part[..digits].parse().ok()?, digits));
        }
        // A weekday that looks like a month stands before it.
        month = month_of(&part[digits..]).or(month);
    }
    let year = |(number, digits): (i16, usize)| match (digits, number) {
        (4, _) => number,
        (_, 70..) => 1900 + number,
        _ => 2000 + number,
    };
    let date = |y, m: i16, d: i16| Date::new(year(y), i8::try_from(m).ok()?, i8::try_from(d).ok()?).ok();
    match (month, numbers.as_slice()) {
        (Some(month), [y @ (_, 4), (d, _), ..] | [(d, _), y, ..]) => {
            let date = date(*y, month, *d);
            Some((date, date))
        }
        (None, [y @ (_, 4), (m, _), (d, _), ..]) => {
            let date = date(*y, *m, *d);
            Some((date, date))
        }
        (None, [(a, 1..=2), (b, 1..=2), y, ..]) => Some((date(*y, *b, *a), date(*y, *a, *b))),
        _ => None,
    }
}

fn month_of(word: &str) -> Option<i16> {
    const MONTHS: [&[&str]; 12] = [
        &["jan", "ene", "gen", "янв", "січ"],
        &["feb", "fév", "fev", "фев", "лют"],
        &["mar", "mär", "mrt", "мар", "бер"],
        &["apr", "avr", "abr", "апр", "кві"],
        &["may", "mai", "mag", "mei", "май", "мая", "тра"],
        &["jun", "juin", "giu", "июн", "чер"],
        &["jul", "juil", "lug", "июл", "лип"],
        &["aug", "aoû", "ago", "авг", "сер"],
        &["sep", "set", "сен", "вер"],
        &["oct", "okt", "ott", "out", "окт", "жов"],
        &["nov", "ноя", "лис"],
        &["dec", "dez", "déc", "dic", "дек", "гру"],
    ];
    let at = MONTHS.iter().position(|names| names.iter().any(|name| word.starts_with(name)))?;
    i16::try_from(at + 1).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        let Some(stamp) = Stamp::parse(text) else { return "none".to_owned() };
        let readings: Vec<_> = stamp.readings().map(|wall| wall.to_string()).collect();
        format!("{} {} {:?}", readings.join(" or "), stamp.length, stamp.offset)
    }

    #[test]
    fn cultures_are_read() {
        let check = |text: &str, expected: &str| assert_eq!(shown(text), expected, "{text}");
        check("Thursday, April 23, 2026 5:39 a.m.", "2026-04-23T05:39:00 60 None");
        check("06-Dec-19 11:49 PM", "2019-12-06T23:49:00 60 None");
        check("2025-09-21 2:42 p.m.", "2025-09-21T14:42:00 60 None");
        check("25.10.2025 13:51:14 UTC+03:00", "2025-10-25T13:51:14 1 Some(10800)");
        check("Wed Oct 19 20:07:25 +0000 2022", "2022-10-19T20:07:25 1 Some(0)");
        check("1/2/21, 12:00", "2021-02-01T12:00:00 or 2021-01-02T12:00:00 60 None");
        check("12/30/2021, 10:01\u{202F}p. m.", "2021-12-30T22:01:00 60 None");
        check("\u{200E}15-01-20 02:22:56", "2020-01-15T02:22:56 1 None");
        check("2019/01/20, 00:08 a. m.", "2019-01-20T00:08:00 60 None");
        check("martes, 5 de enero de 2021 12:10 a.m.", "2021-01-05T00:10:00 60 None");
        check("вторник, 5 мая 2020 г. 7:03", "2020-05-05T07:03:00 60 None");
        check("10/24/2018", "2018-10-24T00:00:00 86400 None");
        for none in
            ["", "12:00", "a:b", "31/31/31, 12:00", "99:99", "hello: there", ":", "9999999 1:00", "é:00"]
        {
            check(none, "none");
        }
    }

    #[test]
    fn the_offset_comes_from_a_known_instant() {
        let utc: Timestamp = "2025-09-21T06:42:56.261Z".parse().unwrap();
        let stamp = |text: &str| Stamp::parse(text).unwrap();
        assert_eq!(stamp("Sunday, September 21, 2025 2:42 a.m.").offset_at(utc), Some(-4 * 3600));
        assert_eq!(stamp("9/21/2025 2:43").offset_at(utc), None);
        assert_eq!(stamp("21/09/2025 12:12").offset_at(utc), Some(5 * 3600 + 1800));
        for (printed, offset) in
            [("2:42", Some(-4)), ("2:43", Some(-4)), ("2:52", Some(-4)), ("2:54", None), ("2:41", None)]
        {
            let offset = offset.map(|hours: i32| hours * 3600);
            let printed = format!("Sunday, September 21, 2025 {printed} a.m.");
            assert_eq!(stamp(&printed).offset_after(utc), offset, "{printed}");
        }
    }
}
