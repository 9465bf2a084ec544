//! Time as evidence has it: what was written, the interval it can mean, whose clock, and how the zone is known.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Whose clock a time comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Clock {
    /// The platform's own record of the post.
    Platform,
    /// A number that the platform hands out and that holds a time (Discord and X snowflakes, 4chan `tim`).
    MessageNumber,
    /// A camera (EXIF).
    Camera,
    /// Software that wrote the file, an exporter among them.
    Software,
    /// Printed on the page.
    Printed,
    /// The file system the bytes came from.
    FileSystem,
    /// The clock of the machine that runs Truecopy.
    Own,
}

/// How the zone of a time is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Zone {
    /// Written beside the time.
    Written,
    /// The format counts in UTC.
    Utc,
    /// Inferred from other times of the same export.
    Inferred,
    /// Unknown: the interval spans every zone (UTC−14 to UTC+14).
    Unknown,
}

/// A closed interval of instants.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Interval {
    /// The earliest instant it can have been.
    pub earliest: Timestamp,
    /// The latest instant it can have been.
    pub latest: Timestamp,
}

/// How two intervals stand to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Order {
    /// The first ends before the second begins.
    Before,
    /// The first begins after the second ends.
    After,
    /// They overlap: the times do not decide it.
    Undecided,
}

impl Interval {
    /// Which came first; overlapping intervals are undecided, two points are never compared.
    pub fn order(&self, other: &Interval) -> Order {
        if self.latest < other.earliest {
            Order::Before
        } else if self.earliest > other.latest {
            Order::After
        } else {
            Order::Undecided
        }
    }
}

/// A time as some clock gave it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct When {
    /// The text or number as it stands in the material.
    pub verbatim: String,
    /// What it can mean, in UTC.
    pub interval: Interval,
    /// Whose clock.
    pub clock: Clock,
    /// How its zone is known.
    pub zone: Zone,
}

impl When {
    /// The narrowest of several times for one event; of equals the first.
    pub fn narrowest(times: &[When]) -> Option<&When> {
        times.iter().min_by_key(|when| {
            when.interval.latest.as_nanosecond().saturating_sub(when.interval.earliest.as_nanosecond())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn interval(earliest: i64, latest: i64) -> Interval {
        let at = |s| Timestamp::from_second(s).unwrap();
        Interval { earliest: at(earliest), latest: at(latest) }
    }

    #[test]
    fn overlap_is_undecided() {
        assert_eq!(interval(0, 5).order(&interval(6, 9)), Order::Before);
        assert_eq!(interval(6, 9).order(&interval(0, 5)), Order::After);
        assert_eq!(interval(0, 6).order(&interval(6, 9)), Order::Undecided);
    }
}
