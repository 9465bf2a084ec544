//! Times as platforms write them, read into intervals.

use jiff::civil::DateTime;
use jiff::tz::Offset;
use jiff::{SignedDuration, Timestamp};
use model::{Clock, Interval, When, Zone};

/// The furthest that a zone lies from UTC.
pub(crate) const WIDEST: SignedDuration = SignedDuration::from_hours(14);
const DISCORD_EPOCH_MS: i64 = 1_420_070_400_000;

/// From `start`, `length` nanoseconds long; None outside of what can be counted.
pub(crate) fn interval(start: Timestamp, length: i64) -> Option<Interval> {
    let latest = start.checked_add(SignedDuration::from_nanos(length - 1)).ok()?;
    Some(Interval { earliest: start, latest })
}

/// Seconds since 1970 in UTC, as a platform writes them. Nothing before 1971: that is a zero, not a time.
pub(crate) fn unix(seconds: &str) -> Option<When> {
    let start = Timestamp::from_second(seconds.parse().ok().filter(|s| *s > 31_536_000)?).ok()?;
    let interval = interval(start, 1_000_000_000)?;
    Some(When { verbatim: seconds.to_owned(), interval, clock: Clock::Platform, zone: Zone::Utc })
}

/// Milliseconds since 1970 in UTC.
pub(crate) fn unix_ms(ms: &str) -> Option<When> {
    let start = Timestamp::from_millisecond(ms.parse().ok().filter(|ms| *ms > 31_536_000_000)?).ok()?;
    let interval = interval(start, 1_000_000)?;
    Some(When { verbatim: ms.to_owned(), interval, clock: Clock::Platform, zone: Zone::Utc })
}

/// Slack's `ts`: seconds since 1970, and after the point a count that only tells messages of one second apart.
pub(crate) fn slack(ts: &str) -> Option<When> {
    let (seconds, _) = ts.split_once('.').unwrap_or((ts, ""));
    unix(seconds).map(|when| When { verbatim: ts.to_owned(), ..when })
}

/// X's post number: milliseconds since 4 November 2010 in its upper 42 bits. Smaller numbers were counted one by one.
pub(crate) fn x_number(id: &str) -> Option<When> {
    const EPOCH_MS: i64 = 1_288_834_974_657;
    let number = id.parse::<u64>().ok().filter(|id| *id > 30_000_000_000)?;
    number_ms(id, i64::try_from(number >> 22).ok()?.checked_add(EPOCH_MS)?)
}

/// Mastodon's status number: milliseconds since 1970 in its upper 48 bits (`lib/mastodon/snowflake.rb`).
pub(crate) fn mastodon_number(id: &str) -> Option<When> {
    let ms = i64::try_from(id.parse::<u64>().ok()? >> 16).ok().filter(|ms| *ms > 1_400_000_000_000)?;
    number_ms(id, ms)
}

fn number_ms(verbatim: &str, ms: i64) -> Option<When> {
    let interval = interval(Timestamp::from_millisecond(ms).ok()?, 1_000_000)?;
    Some(When { verbatim: verbatim.to_owned(), interval, clock: Clock::MessageNumber, zone: Zone::Utc })
}

/// Discord's message number: milliseconds since 2015 in its upper 42 bits (Discord developer documentation,
/// "Snowflakes").
pub(crate) fn snowflake(id: &str) -> Option<When> {
    let ms = i64::try_from(id.parse::<u64>().ok()? >> 22).ok().filter(|ms| *ms > 0)?;
    let start = Timestamp::from_millisecond(ms.checked_add(DISCORD_EPOCH_MS)?).ok()?;
    let interval = interval(start, 1_000_000)?;
    Some(When { verbatim: id.to_owned(), interval, clock: Clock::MessageNumber, zone: Zone::Utc })
}

/// What the number of a post, file or account tells of its time, on platforms that put the time into it.
pub fn number_time(platform: &str, number: &str) -> Option<Interval> {
    let when = match platform {
        "discord" => snowflake(number),
        "x" => x_number(number),
        "mastodon" => mastodon_number(number),
        "slack" => slack(number).filter(|_| number.contains('.')),
        _ => None,
    };
    when.map(|when| when.interval)
}

/// An imageboard's file number: Unix milliseconds (13 digits) or microseconds (16 digits) of the upload.
pub(crate) fn upload_number(tim: &str) -> Option<When> {
    let number: i64 = tim.parse().ok()?;
    let (start, length) = match tim.len() {
        13 => (Timestamp::from_millisecond(number).ok()?, 1_000_000),
        16 => (Timestamp::from_microsecond(number).ok()?, 1_000),
        _ => return None,
    };
    let interval = interval(start, length)?;
    Some(When { verbatim: tim.to_owned(), interval, clock: Clock::MessageNumber, zone: Zone::Utc })
}

/// A printed time with its offset (ISO 8601), as precise as it has digits; without an offset as `wall`. The year 1
/// stands for no time.
pub(crate) fn iso(text: &str) -> Option<When> {
    let Ok(start) = text.parse::<Timestamp>() else { return wall(text) };
    if start.as_second() < -62_000_000_000 {
        return None;
    }
    let interval = interval(start, precision(text))?;
    Some(When { verbatim: text.to_owned(), interval, clock: Clock::Platform, zone: Zone::Written })
}

/// A local time whose zone is not known: the interval spans every zone.
pub(crate) fn wall(text: &str) -> Option<When> {
    let start = wall_clock(text)?;
    let second = SignedDuration::from_nanos(precision(text) - 1);
    let earliest = start.checked_sub(WIDEST).ok()?;
    let latest = start.checked_add(WIDEST).ok()?.checked_add(second).ok()?;
    let interval = Interval { earliest, latest };
    Some(When { verbatim: text.to_owned(), interval, clock: Clock::Platform, zone: Zone::Unknown })
}

/// A local time, as if it were UTC.
pub(crate) fn wall_clock(text: &str) -> Option<Timestamp> {
    Offset::UTC.to_timestamp(text.parse::<DateTime>().ok()?).ok()
}

/// Nanoseconds that the last written digit stands for; a day where there is no time of day.
fn precision(text: &str) -> i64 {
    match text.matches(':').count() {
        0 => return 86_400_000_000_000,
        1 if !text.contains(['+', 'Z']) => return 60_000_000_000,
        _ => {}
    }
    let fraction = text.split_once('.').map_or("", |(_, rest)| rest);
    let digits = fraction.bytes().take_while(u8::is_ascii_digit).count().min(9);
    10i64.pow(9 - digits as u32)
}

/// How far two intervals lie apart; zero where they overlap.
pub(crate) fn apart(a: &Interval, b: &Interval) -> SignedDuration {
    let gap = (a.earliest.as_nanosecond() - b.latest.as_nanosecond())
        .max(b.earliest.as_nanosecond() - a.latest.as_nanosecond());
    SignedDuration::from_nanos(i64::try_from(gap.max(0)).unwrap_or(i64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(when: Option<When>) -> String {
        when.map_or("none".to_owned(), |w| {
            format!("{} {} {:?}", w.interval.earliest, w.interval.latest, w.zone)
        })
    }

    #[test]
    fn times_are_as_wide_as_they_are_vague() {
        let check = |when, expected: &str| assert_eq!(shown(when), expected);
        check(snowflake("175928847299117063"), "2016-04-30T11:18:25.796Z 2016-04-30T11:18:25.796999999Z Utc");
        check(
            iso("2023-01-06T16:11:26.414+02:00"),
            "2023-01-06T14:11:26.414Z 2023-01-06T14:11:26.414999999Z Written",
        );
        check(iso("2023-01-06T16:11:26Z"), "2023-01-06T16:11:26Z 2023-01-06T16:11:26.999999999Z Written");
        check(wall("2023-01-06T16:11:26"), "2023-01-06T02:11:26Z 2023-01-07T06:11:26.999999999Z Unknown");
        check(wall("2023-01-06"), "2023-01-05T10:00:00Z 2023-01-07T13:59:59.999999999Z Unknown");
        check(unix("1563642417"), "2019-07-20T17:06:57Z 2019-07-20T17:06:57.999999999Z Utc");
        check(upload_number("1563642402862"), "2019-07-20T17:06:42.862Z 2019-07-20T17:06:42.862999999Z Utc");
        for nonsense in ["", "0", "-5", "99999999999999999999", "0001-01-01T00:00:00+00:00", "1e9", "now"] {
            check(unix(nonsense), "none");
            check(iso(nonsense), "none");
            check(upload_number(nonsense), "none");
        }
        check(snowflake("12"), "none");
    }
}
