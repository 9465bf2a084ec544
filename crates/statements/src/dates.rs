//! Dates as prose has them: whole ones, and those that need the page's own date ("2 April", "last July", "mid-February",
//! "yesterday", "the 11th instant").
//!
//! In: prose and the date of the page. Out: runs of tokens, each with the days it can mean, if they can be told. Invariant: a
//! date without a zone spans every zone (UTC+14 to UTC−14). Without a date of the page, what depends on it stays open.

use jiff::civil::{Date, Weekday, date};
use jiff::tz::Offset;
use jiff::{SignedDuration, ToSpan};
use model::{Interval, Span};

use crate::text::{Case, Prose, Token};

/// A date in prose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Timed {
    /// The characters of the text.
    pub span: Span,
    /// As it stands there.
    pub verbatim: String,
    /// What it can mean, if that can be told.
    pub interval: Option<Interval>,
    pub(crate) from: usize,
    pub(crate) to: usize,
}

type Days = (Date, Date);
/// Days if they can be told, and where the run ends.
type Taken = (Option<Days>, usize);

/// All dates of a text.
pub(crate) fn dates(prose: &Prose, page: Option<Date>) -> Vec<Timed> {
    let mut found = Vec::new();
    for sentence in &prose.sentences {
        let (mut at, end) = (sentence.tokens.start, sentence.tokens.end);
        while at < end {
            let Some((days, to)) = take(&prose.tokens[..end], at, page, sentence.capitals) else {
                at += 1;
                continue;
            };
            let span = prose.span(at, to);
            let verbatim = prose.slice(span.start as usize, (span.start + span.length) as usize);
            found.push(Timed { span, verbatim, interval: days.and_then(interval), from: at, to });
            at = to;
        }
    }
    found
}

/// The days wherever on Earth they are meant.
fn interval((first, last): Days) -> Option<Interval> {
    let start = Offset::UTC.to_timestamp(first.at(0, 0, 0, 0)).ok()?;
    let end = Offset::UTC.to_timestamp(last.at(0, 0, 0, 0)).ok()?;
    Some(Interval {
        earliest: start.checked_sub(SignedDuration::from_hours(14)).ok()?,
        latest: end
            .checked_add(SignedDuration::from_hours(38))
            .ok()?
            .checked_sub(SignedDuration::from_nanos(1))
            .ok()?,
    })
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
const DAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

fn month(token: &Token) -> Option<i8> {
    let low = token.low.trim_end_matches('.');
    if !token.is_capital() || low.len() < 3 {
        return None;
    }
    let n = MONTHS.iter().position(|name| {
        *name == low
            || low.len() == 3 && name[..3] == *low
            || low == "sept" && *name == "september"
            || low.len() > 4 && crate::lexicon::misread(low, name) == Some(1)
    })?;
    Some(n as i8 + 1)
}

fn day(token: &Token) -> Option<i8> {
    let digits = token.text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let tail = token.text[digits.len()..].to_lowercase();
    let day: i8 = (digits.len() <= 2).then(|| digits.parse().ok())??;
    ((1..=31).contains(&day) && matches!(tail.as_str(), "" | "st" | "nd" | "rd" | "th" | "d")).then_some(day)
}

fn ordinal(token: &Token) -> Option<i8> {
    const WORDS: [&str; 10] =
        ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"];
    let spelled = WORDS.iter().position(|word| token.low == *word).map(|n| n as i8 + 1);
    spelled.or_else(|| token.text.ends_with(|c: char| c.is_ascii_alphabetic()).then(|| day(token))?)
}

fn year(token: &Token) -> Option<i16> {
    let year: i16 = (token.text.len() == 4 && token.text.bytes().all(|b| b.is_ascii_digit()))
        .then(|| token.text.parse().ok())??;
    (1700..2100).contains(&year).then_some(year)
}

fn whole(year: i16, month: i8) -> Option<Days> {
    let first = Date::new(year, month, 1).ok()?;
    Some((first, first.last_of_month()))
}

fn part(which: &str, (first, last): Days) -> Days {
    let length = first
        .until(last)
        .map_or(0, |span| span.get_days() + span.get_months() * 30 + i32::from(span.get_years()) * 365);
    let on = |days: i32| first.checked_add(days.days()).unwrap_or(last).min(last);
    match which {
        "early" | "beginning" | "start" => (first, on(length / 3)),
        "mid" | "middle" => (on(length / 3), on(length * 2 / 3)),
        _ => (on(length * 2 / 3), last),
    }
}

/// A date that begins at `at`.
fn take(tokens: &[Token], at: usize, page: Option<Date>, capitals: bool) -> Option<Taken> {
    compact(tokens, at)
        .or_else(|| bounded(tokens, at, page, capitals))
        .or_else(|| full(tokens, at, page))
        .or_else(|| relative(tokens, at, page))
        .or_else(|| named(tokens, at, page, capitals))
}

/// 2023-04-20, 20.04.2023, 20APR23, 121530ZFEB23.
fn compact(tokens: &[Token], at: usize) -> Option<Taken> {
    let text = &tokens[at].text;
    let parts: Vec<&str> = text.split(['-', '.', '/']).collect();
    let number = |part: &str| part.parse::<i16>().ok();
    let days = match parts[..] {
        [y, m, d] if y.len() == 4 && m.len() <= 2 => {
            Date::new(number(y)?, number(m)? as i8, number(d)? as i8).ok().map(|day| (day, day))
        }
        [a, b, y] if y.len() == 4 && a.len() <= 2 && b.len() <= 2 => {
            let (a, b, y) = (number(a)? as i8, number(b)? as i8, number(y)?);
            let (one, other) =
                (Date::new(y, b, a).ok(), Date::new(y, a, b).ok().filter(|_| !text.contains('.')));
            let both = [one, other].into_iter().flatten();
            both.clone().min().zip(both.max())
        }
        [one] => military(one),
        _ => None,
    };
    days.filter(|(first, _)| (date(1700, 1, 1)..date(2100, 1, 1)).contains(first))
        .map(|days| (Some(days), at + 1))
}

fn military(text: &str) -> Option<Days> {
    let upper = text.to_uppercase();
    if !upper.is_ascii() {
        return None;
    }
    let digits = upper.bytes().take_while(u8::is_ascii_digit).count();
    let skip = usize::from(digits == 6 && upper.len() > 10);
    let rest = upper.get(digits + skip..)?;
    let month =
        MONTHS.iter().position(|name| rest.len() >= 5 && rest[..3] == name[..3].to_uppercase())? as i8 + 1;
    let tail = rest.get(3..)?;
    let year: i16 = tail.parse().ok()?;
    let year = match tail.len() {
        2 if year < 50 => 2000 + year,
        2 => 1900 + year,
        4 => year,
        _ => return None,
    };
    if !matches!(digits, 1 | 2 | 6) {
        return None;
    }
    let day = Date::new(year, month, upper.get(..digits.min(2))?.parse().ok()?).ok()?;
    Some((day, day))
}

/// "mid-February", "early 1962", "the end of the month", "the summer of 1960".
fn bounded(tokens: &[Token], at: usize, page: Option<Date>, capitals: bool) -> Option<Taken> {
    let mut low = tokens[at].low.as_str();
    if let Some(rest) =
        low.strip_prefix("mid-").or_else(|| low.strip_prefix("mid")).filter(|rest| rest.len() > 2)
    {
        return joined(rest, tokens.get(at + 1), page, at);
    }
    let mut next = at;
    if low == "the" {
        next += 1;
        low = tokens.get(next)?.low.as_str();
    }
    if !matches!(
        low,
        "early"
            | "late"
            | "end"
            | "beginning"
            | "middle"
            | "start"
            | "mid"
            | "summer"
            | "spring"
            | "autumn"
            | "fall"
            | "winter"
    ) {
        return None;
    }
    let season = matches!(low, "summer" | "spring" | "autumn" | "fall" | "winter");
    next += 1;
    let of = tokens.get(next)?.is("of");
    next += usize::from(of) + usize::from(tokens.get(next)?.is("-"));
    if season {
        let year = year(tokens.get(next)?)?;
        return Some((seasonal(low, year), next + 1));
    }
    if !of && !matches!(low, "early" | "late" | "mid") {
        return None;
    }
    let article = usize::from(tokens.get(next)?.any(&["the", "this", "next", "last"]));
    let unit = tokens.get(next + article)?;
    if unit.any(&["month", "year", "week", "summer", "winter", "century"]) && article > 0 {
        let days = page.and_then(|page| unit_of(&tokens[next], unit, page)).map(|days| part(low, days));
        return Some((days, next + article + 1));
    }
    if let Some(year) = year(unit) {
        return Some((
            Some(part(low, (Date::new(year, 1, 1).ok()?, Date::new(year, 12, 31).ok()?))),
            next + 1,
        ));
    }
    let (days, to) = named(tokens, next, page, capitals).or_else(|| month_of(tokens, next, page))?;
    Some((days.map(|days| part(low, days)), to))
}

/// "mid-February 1960", "mid-2007", "mid-September".
fn joined(rest: &str, next: Option<&Token>, page: Option<Date>, at: usize) -> Option<Taken> {
    if let Ok(year) = rest.parse::<i16>() {
        let days = (1700..2100)
            .contains(&year)
            .then(|| Some((Date::new(year, 1, 1).ok()?, Date::new(year, 12, 31).ok()?)))??;
        return Some((Some(part("mid", days)), at + 1));
    }
    let n = MONTHS.iter().position(|name| *name == rest || rest.len() == 3 && name[..3] == *rest)? as i8 + 1;
    let year = next.and_then(year);
    let days = year.map_or_else(|| nearest_month(n, page), |year| whole(year, n));
    Some((days.map(|days| part("mid", days)), at + 1 + usize::from(year.is_some())))
}

/// "20 April 2023", "April 20, 2023", "2 April", "April 10", "19-20 August", "the 11th instant", "July 1961".
fn full(tokens: &[Token], at: usize, page: Option<Date>) -> Option<Taken> {
    let first = &tokens[at];
    let the = usize::from(first.is("the"));
    let lead = tokens.get(at + the)?;
    if let Some(d) = day(lead).or_else(|| ordinal(lead).filter(|_| the > 0)) {
        let mut next = at + the + 1;
        next += usize::from(tokens.get(next).is_some_and(|t| t.is("of")));
        if let Some(m) = tokens.get(next).and_then(month) {
            next += 1;
            next += usize::from(
                tokens.get(next).is_some_and(|t| t.is(",")) && tokens.get(next + 1).and_then(year).is_some(),
            );
            return dated(tokens, d, m, next, page);
        }
        if the > 0
            && lead.text.ends_with(|c: char| c.is_ascii_alphabetic())
            && ordinal(lead).is_some()
            && lead.text.starts_with(|c: char| c.is_ascii_digit())
        {
            let instant = tokens
                .get(next)
                .filter(|t| t.any(&["instant", "inst", "inst.", "ultimo", "ult", "ult.", "proximo"]));
            let alone = tokens.get(next).is_none_or(|t| !t.is_word() || t.sort.is_closed());
            if instant.is_none() && !alone {
                return None;
            }
            let shift =
                instant.map_or(0, |t| if t.low.starts_with("ult") { -1 } else { i32::from(t.is("proximo")) });
            let days = page.and_then(|page| page.checked_add(shift.months()).ok()).and_then(|month| {
                let day = Date::new(month.year(), month.month(), d).ok()?;
                Some((day, day))
            });
            return Some((days, next + usize::from(instant.is_some())));
        }
        return None;
    }
    if the == 0 && first.text.contains('-') {
        let (a, b) = first.text.split_once('-')?;
        let (a, b): (i8, i8) = (a.parse().ok()?, b.parse().ok()?);
        let m = month(tokens.get(at + 1)?)?;
        let (one, to) = dated(tokens, a, m, at + 2, page)?;
        let other = dated(tokens, b, m, at + 2, page)?.0;
        return Some((one.zip(other).map(|(one, other)| (one.0, other.1)), to));
    }
    let m = month(first).filter(|_| the == 0)?;
    let next = tokens.get(at + 1)?;
    if let Some(d) = day(next) {
        let comma = usize::from(
            tokens.get(at + 2).is_some_and(|t| t.is(",")) && tokens.get(at + 3).and_then(year).is_some(),
        );
        return dated(tokens, d, m, at + 2 + comma, page);
    }
    let comma = usize::from(next.is(","));
    let year = tokens.get(at + 1 + comma).and_then(year)?;
    Some((whole(year, m), at + 2 + comma))
}

fn dated(tokens: &[Token], d: i8, m: i8, next: usize, page: Option<Date>) -> Option<Taken> {
    if let Some(year) = tokens.get(next).and_then(year) {
        let day = Date::new(year, m, d).ok()?;
        return Some((Some((day, day)), next + 1));
    }
    let near = page.and_then(|page| {
        let years = [page.year() - 1, page.year(), page.year() + 1];
        years.into_iter().filter_map(|year| Date::new(year, m, d).ok()).min_by_key(|day| distance(page, *day))
    });
    Some((near.map(|day| (day, day)), next))
}

/// How far a day is from the page's date: what is to come counts twice, since pages mostly tell of what was.
fn distance(page: Date, day: Date) -> i32 {
    let days = page.until(day).map_or(i32::MAX / 4, |span| span.get_days());
    if days > 0 { days * 2 } else { -days }
}

fn nearest_month(m: i8, page: Option<Date>) -> Option<Days> {
    let page = page?;
    let years = [page.year() - 1, page.year(), page.year() + 1];
    years.into_iter().filter_map(|year| whole(year, m)).min_by_key(|(first, last)| {
        if (*first..=*last).contains(&page) { 0 } else { distance(page, *first).min(distance(page, *last)) }
    })
}

fn seasonal(season: &str, year: i16) -> Option<Days> {
    let (from, to) = match season {
        "spring" => (3, 5),
        "summer" => (6, 8),
        "autumn" | "fall" => (9, 11),
        _ => return Some((Date::new(year, 12, 1).ok()?, Date::new(year + 1, 2, 28).ok()?)),
    };
    Some((Date::new(year, from, 1).ok()?, whole(year, to)?.1))
}

/// "yesterday", "last week", "next July", "last Thursday", "three days ago".
fn relative(tokens: &[Token], at: usize, page: Option<Date>) -> Option<Taken> {
    let token = &tokens[at];
    let shifted = |days: i32| page.and_then(|page| page.checked_add(days.days()).ok()).map(|day| (day, day));
    match token.low.as_str() {
        "yesterday" => return Some((shifted(-1), at + 1)),
        "today" | "tonight" | "to-day" | "to-night" => return Some((shifted(0), at + 1)),
        "tomorrow" | "to-morrow" => return Some((shifted(1), at + 1)),
        _ => {}
    }
    let next = tokens.get(at + 1)?;
    if token.any(&["last", "next", "this", "past"]) {
        if token.is("last") && next.any(&["night", "evening"]) {
            return Some((shifted(-1).zip(shifted(0)).map(|((first, _), (last, _))| (first, last)), at + 2));
        }
        if token.is("this") && next.any(&["morning", "afternoon", "evening"]) {
            return Some((shifted(0), at + 2));
        }
        if next.any(&["week", "month", "year"]) {
            return Some((page.and_then(|page| unit_of(token, next, page)), at + 2));
        }
        if let Some(weekday) = weekday(next) {
            return Some((page.and_then(|page| on_weekday(page, weekday, token.is("next"))), at + 2));
        }
        if let Some(m) = month(next) {
            return Some((page.and_then(|page| beside(page, token, |year| whole(year, m))), at + 2));
        }
        if next.any(&["spring", "summer", "autumn", "fall", "winter"]) {
            return Some((
                page.and_then(|page| beside(page, token, |year| seasonal(&next.low, year))),
                at + 2,
            ));
        }
        return None;
    }
    const COUNTS: [&str; 11] =
        ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];
    let count = COUNTS
        .iter()
        .position(|word| token.low == *word)
        .map(|n| n as i32)
        .or_else(|| day(token).map(i32::from))?;
    let ago = tokens.get(at + 2).is_some_and(|t| t.is("ago"));
    let unit = match next.low.trim_end_matches('s') {
        "day" => 1,
        "week" => 7,
        "month" => 30,
        "year" => 365,
        _ => return None,
    };
    ago.then(|| {
        let span = (count * unit, unit / 7);
        let days = shifted(-span.0).map(|(day, _)| {
            (day.checked_sub(span.1.days()).unwrap_or(day), day.checked_add(span.1.days()).unwrap_or(day))
        });
        (days, at + 3)
    })
}

/// The last or next of what comes once a year.
fn beside(page: Date, which: &Token, of: impl Fn(i16) -> Option<Days>) -> Option<Days> {
    let years = [page.year() - 1, page.year(), page.year() + 1].into_iter().filter_map(of);
    match which.low.as_str() {
        "next" => years.filter(|(first, _)| *first > page).min(),
        "this" => years.min_by_key(|(first, last)| distance(page, *first).min(distance(page, *last))),
        _ => years.filter(|(_, last)| *last < page).max(),
    }
}

fn unit_of(which: &Token, unit: &Token, page: Date) -> Option<Days> {
    let step = match which.low.as_str() {
        "last" | "past" => -1,
        "next" => 1,
        _ => 0,
    };
    match unit.low.as_str() {
        "week" => {
            let monday = page.checked_sub(i32::from(page.weekday().to_monday_zero_offset()).days()).ok()?;
            let first = monday.checked_add((step * 7).days()).ok()?;
            Some((first, first.checked_add(6.days()).ok()?))
        }
        "month" => {
            let day = page.first_of_month().checked_add(step.months()).ok()?;
            Some((day, day.last_of_month()))
        }
        "year" => {
            let year = page.year() + step as i16;
            Some((Date::new(year, 1, 1).ok()?, Date::new(year, 12, 31).ok()?))
        }
        season => seasonal(season, page.year()),
    }
}

fn weekday(token: &Token) -> Option<Weekday> {
    let n = DAYS.iter().position(|name| token.low == *name && token.is_capital())?;
    Weekday::from_monday_zero_offset(n as i8).ok()
}

fn on_weekday(page: Date, weekday: Weekday, next: bool) -> Option<Days> {
    let day = (1..=7)
        .filter_map(|n: i32| page.checked_add((if next { n } else { -n }).days()).ok())
        .find(|day| day.weekday() == weekday)?;
    Some((day, day))
}

/// "in September", "by Friday", "until autumn", "in 1998": names that are dates behind the right words.
fn named(tokens: &[Token], at: usize, page: Option<Date>, capitals: bool) -> Option<Taken> {
    let token = &tokens[at];
    let before = at.checked_sub(1).map(|n| &tokens[n]);
    let behind = |words: &[&str]| before.is_some_and(|before| before.any(words));
    if let Some(weekday) = weekday(token) {
        let ahead = behind(&["by", "until", "before", "next"]);
        return Some((page.and_then(|page| on_weekday(page, weekday, ahead)), at + 1));
    }
    if let Some(year) = year(token) {
        let said = behind(&[
            "in", "since", "until", "till", "by", "from", "of", "during", "before", "after", "early", "late",
            "about", "around", "circa", "to", "between",
        ]);
        let counts = tokens.get(at + 1).is_some_and(|next| {
            next.is_word() && !next.sort.is_closed() && next.case == Case::Lower
                || next.any(&["hours", "hrs", "%"])
        });
        let days = (Date::new(year, 1, 1).ok()?, Date::new(year, 12, 31).ok()?);
        return (said && !counts).then_some((Some(days), at + 1));
    }
    if token.any(&["spring", "summer", "autumn", "fall", "winter"]) {
        let year = tokens.get(at + 1).and_then(year);
        if let Some(year) = year {
            return Some((seasonal(&token.low, year), at + 2));
        }
        let the = behind(&["the"])
            && at > 1
            && tokens[at - 2].any(&["survive", "during", "until", "by", "in", "before", "after", "through"]);
        let said = behind(&["until", "by", "in", "before", "since", "during", "till", "after"])
            && !token.is("fall")
            || the;
        let ahead = behind(&["until", "by", "till"]);
        return said.then(|| {
            (page.and_then(|page| years_nearest(page, ahead, |year| seasonal(&token.low, year))), at + 1)
        });
    }
    if capitals
        && token.any(&["may", "march"])
        && !behind(&["in", "since", "until", "by", "of", "during", "last", "next"])
    {
        return None;
    }
    let said = behind(&[
        "in", "since", "until", "till", "by", "from", "of", "during", "before", "after", "late", "early",
        "through", "to", "and", "for",
    ]);
    if !said
        || before.is_some_and(|before| before.any(&["to", "and", "for", "of", "from"]))
            && matches!(token.low.as_str(), "may" | "march" | "april" | "june" | "august")
            && !month_named(tokens, at)
    {
        return None;
    }
    let ahead = behind(&["until", "by", "till"]) && tokens.get(at + 1).and_then(year).is_none();
    match (ahead, month(token), page) {
        (true, Some(m), Some(page)) => Some((years_nearest(page, true, |year| whole(year, m)), at + 1)),
        _ => month_of(tokens, at, page),
    }
}

/// Whether what stands around a month makes it one.
fn month_named(tokens: &[Token], at: usize) -> bool {
    at > 1
        && (tokens[at - 2].any(&["end", "beginning", "middle", "month"]) || month(&tokens[at - 2]).is_some())
}

fn month_of(tokens: &[Token], at: usize, page: Option<Date>) -> Option<Taken> {
    let m = month(tokens.get(at)?)?;
    let year = tokens.get(at + 1).and_then(year);
    let days = year.map_or_else(|| nearest_month(m, page), |year| whole(year, m));
    Some((days, at + 1 + usize::from(year.is_some())))
}

/// What comes once a year, nearest to the page's date; `ahead`: not over by then.
fn years_nearest(page: Date, ahead: bool, of: impl Fn(i16) -> Option<Days>) -> Option<Days> {
    [page.year() - 1, page.year(), page.year() + 1]
        .into_iter()
        .filter_map(of)
        .filter(|(_, last)| !ahead || *last >= page)
        .min_by_key(|(first, last)| distance(page, *first).min(distance(page, *last)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str, page: Option<Date>) -> Vec<String> {
        let show = |timed: Timed| {
            let day = |at: jiff::Timestamp, hours: i64| {
                let moved = at.checked_add(SignedDuration::from_hours(hours)).unwrap();
                Offset::UTC.to_datetime(moved).date().to_string()
            };
            let days = timed.interval.map(|i| (day(i.earliest, 14), day(i.latest, -14)));
            match days {
                Some((a, b)) if a == b => format!("{} = {a}", timed.verbatim),
                Some((a, b)) => format!("{} = {a}..{b}", timed.verbatim),
                None => timed.verbatim,
            }
        };
        dates(&Prose::of(text, &[]), page).into_iter().map(show).collect()
    }

    #[test]
    fn dates_are_held_against_the_pages_own() {
        let page = Some(date(2023, 4, 20));
        for (text, says) in [
            ("On 2 April he said", "2 April = 2023-04-02"),
            ("On 28 December he said", "28 December = 2022-12-28"),
            ("on April 10, 1963, he", "April 10, 1963 = 1963-04-10"),
            ("from 19-20 August 1967 in", "19-20 August 1967 = 1967-08-19..1967-08-20"),
            ("in mid-February he", "mid-February = 2023-02-10..2023-02-19"),
            ("as of mid-2007, but", "mid-2007 = 2007-05-02..2007-08-31"),
            ("since last July he", "last July = 2022-07-01..2022-07-31"),
            ("only last Thursday he", "last Thursday = 2023-04-13"),
            ("he left yesterday for", "yesterday = 2023-04-19"),
            ("be delayed until autumn, he", "autumn = 2023-09-01..2023-11-30"),
            ("in September he", "September = 2022-09-01..2022-09-30"),
            ("before the end of the month.", "the end of the month = 2023-04-20..2023-04-30"),
            ("on the 11th instant. He", "the 11th instant = 2023-04-11"),
            ("on 20APR23 he", "20APR23 = 2023-04-20"),
            ("in 1998, he", "1998 = 1998-01-01..1998-12-31"),
            ("three days ago he", "three days ago = 2023-04-17"),
            ("he leaves to-morrow for", "to-morrow = 2023-04-21"),
            ("it was said last night that", "last night = 2023-04-19..2023-04-20"),
            ("he came this morning to", "this morning = 2023-04-20"),
            ("in fall 2003, Tehran", "fall 2003 = 2003-09-01..2003-11-30"),
        ] {
            assert_eq!(found(text, page), [says], "{text}");
        }
    }

    #[test]
    fn without_a_date_of_the_page_they_stay_open() {
        assert_eq!(found("On 2 April he met the May committee in Room 1962.", None), ["2 April"]);
        assert!(found("He may march at 1430 hours with 2000 men, page 2 of 5.", None).is_empty());
    }
}
