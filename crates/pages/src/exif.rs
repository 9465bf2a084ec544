//! What EXIF tells: times and the camera or software (CIPA DC-008, Exif 2.32).

use exif::{In, Reader, Tag, Value};
use jiff::civil::DateTime;
use jiff::tz::Offset;
use jiff::{SignedDuration, Timestamp};
use model::{Clock, Interval, When, Zone};

use crate::surface::Told;

/// The widest that clocks on Earth differ from UTC.
const ZONES: SignedDuration = SignedDuration::from_hours(14);

/// Adds what the raw EXIF block tells; a damaged block tells nothing.
pub(crate) fn tell(block: Vec<u8>, told: &mut Told) {
    let Ok(exif) = Reader::new().read_raw(block) else {
        return;
    };
    let text = |tag| text(exif.get_field(tag, In::PRIMARY).map(|field| &field.value)?);
    let pairs = [
        (Tag::DateTimeOriginal, Tag::OffsetTimeOriginal, Clock::Camera),
        (Tag::DateTimeDigitized, Tag::OffsetTimeDigitized, Clock::Camera),
        (Tag::DateTime, Tag::OffsetTime, Clock::Software),
    ];
    for (time, offset, clock) in pairs {
        let when = text(time).and_then(|time| when(&time, text(offset).as_deref(), clock));
        told.times.extend(when);
    }
    let words: Vec<String> = [Tag::Make, Tag::Model, Tag::Software].into_iter().filter_map(text).collect();
    if !words.is_empty() {
        told.software = Some(words.join(" "));
    }
}

fn text(value: &Value) -> Option<String> {
    let Value::Ascii(parts) = value else {
        return None;
    };
    let whole: Vec<u8> = parts.iter().flatten().copied().take(200).collect();
    let text: String = String::from_utf8_lossy(&whole).chars().filter(|c| !c.is_control()).collect();
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// "2023:02:28 13:05:09", to the second, and "+03:00" where the zone is written.
fn when(time: &str, offset: Option<&str>, clock: Clock) -> Option<When> {
    let civil = DateTime::strptime("%Y:%m:%d %H:%M:%S", time).ok()?;
    let second = SignedDuration::from_millis(999);
    let (earliest, latest, zone) = match offset.and_then(parse_offset) {
        Some(offset) => {
            let instant = offset.to_timestamp(civil).ok()?;
            (instant, instant, Zone::Written)
        }
        None => {
            let instant: Timestamp = Offset::UTC.to_timestamp(civil).ok()?;
            (instant.checked_sub(ZONES).ok()?, instant.checked_add(ZONES).ok()?, Zone::Unknown)
        }
    };
    let verbatim = format!("{time}{}", offset.unwrap_or_default());
    let interval = Interval { earliest, latest: latest.checked_add(second).ok()? };
    Some(When { verbatim, interval, clock, zone })
}

fn parse_offset(text: &str) -> Option<Offset> {
    let (sign, rest) = match text.as_bytes().first()? {
        b'+' => (1, &text[1..]),
        b'-' => (-1, &text[1..]),
        _ => return None,
    };
    let (hours, minutes) = rest.split_once(':')?;
    let seconds = hours.parse::<i32>().ok()? * 3600 + minutes.parse::<i32>().ok()? * 60;
    Offset::from_seconds(sign * seconds).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_written_zone_narrows_the_interval() {
        let known = when("2023:02:28 13:05:09", Some("+03:00"), Clock::Camera).unwrap();
        assert_eq!(known.interval.earliest.to_string(), "2023-02-28T10:05:09Z");
        assert_eq!(known.zone, Zone::Written);
        let unknown = when("2023:02:28 13:05:09", None, Clock::Camera).unwrap();
        assert_eq!(unknown.interval.earliest.to_string(), "2023-02-27T23:05:09Z");
        assert_eq!(unknown.zone, Zone::Unknown);
        assert!(when("0000:00:00 00:00:00", None, Clock::Camera).is_none());
    }
}
