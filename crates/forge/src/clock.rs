//! The story's calendar: days and milliseconds as the exporters print them. Nothing here asks what time it is.

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const DAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
const DAY_MS: i64 = 86_400_000;

/// A day of the proleptic Gregorian calendar, counted from 1 January 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day(pub i64);

impl Day {
    /// The day `year`-`month`-`day` (Hinnant, "chrono-compatible low-level date algorithms").
    #[must_use]
    pub const fn new(year: i64, month: i64, day: i64) -> Self {
        let y = if month <= 2 { year - 1 } else { year };
        let era = y.div_euclid(400);
        let yoe = y.rem_euclid(400);
        let doy = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
        Self(era * 146_097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719_468)
    }

    /// Year, month, day.
    #[must_use]
    pub const fn civil(self) -> (i64, i64, i64) {
        let z = self.0 + 719_468;
        let era = z.div_euclid(146_097);
        let doe = z.rem_euclid(146_097);
        let yoe = (doe - doe / 1460 + doe / 36_524 - doe / 146_096) / 365;
        let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
        let mp = (5 * doy + 2) / 153;
        let month = (mp + 2) % 12 + 1;
        (yoe + era * 400 + if month <= 2 { 1 } else { 0 }, month, doy - (153 * mp + 2) / 5 + 1)
    }

    /// The day `days` later.
    #[must_use]
    pub const fn plus(self, days: i64) -> Self {
        Self(self.0 + days)
    }

    /// "3 March 2026".
    #[must_use]
    pub fn long(self) -> String {
        format!("{} {}", self.long_without_year(), self.civil().0)
    }

    /// "3 March".
    #[must_use]
    pub fn long_without_year(self) -> String {
        let (_, m, d) = self.civil();
        format!("{d} {}", MONTHS[(m - 1) as usize])
    }

    /// "03MAR26", as signals write it.
    #[must_use]
    pub fn signal(self) -> String {
        let (y, m, d) = self.civil();
        format!("{d:02}{}{:02}", MONTHS[(m - 1) as usize][..3].to_uppercase(), y % 100)
    }

    /// "2026-03-03".
    #[must_use]
    pub fn iso(self) -> String {
        let (y, m, d) = self.civil();
        format!("{y}-{m:02}-{d:02}")
    }
}

/// A moment: milliseconds since 1970 UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment(pub i64);

impl Moment {
    /// Noon UTC of `day`.
    #[must_use]
    pub const fn noon(day: Day) -> Self {
        Self(day.0 * DAY_MS + DAY_MS / 2)
    }

    /// This much later.
    #[must_use]
    pub const fn plus_minutes(self, minutes: f64) -> Self {
        Self(self.0 + (minutes * 60_000.0) as i64)
    }

    /// Its day in a zone `offset` hours east of UTC.
    #[must_use]
    pub const fn day(self, offset: i64) -> Day {
        Day((self.0 + offset * 3_600_000).div_euclid(DAY_MS))
    }

    /// "2026-03-03T04:05:06.789+00:00".
    #[must_use]
    pub fn iso(self) -> String {
        let (h, m, s) = self.wall(0);
        format!("{}T{h:02}:{m:02}:{s:02}.{:03}+00:00", self.day(0).iso(), self.0.rem_euclid(1000))
    }

    /// "2026-03-03T04:05:06" by a clock `offset` hours east of UTC.
    #[must_use]
    pub fn local(self, offset: i64) -> String {
        let (h, m, s) = self.wall(offset);
        format!("{}T{h:02}:{m:02}:{s:02}", self.day(offset).iso())
    }

    /// "03-03-2026_04-05-06", as Telegram Desktop names its photos.
    #[must_use]
    pub fn telegram(self, offset: i64) -> String {
        let ((y, mo, d), (h, m, s)) = (self.day(offset).civil(), self.wall(offset));
        format!("{d:02}-{mo:02}-{y}_{h:02}-{m:02}-{s:02}")
    }

    /// "03/03/26(Tue)04:05:06" by the wall clock of New York, as imageboards print it.
    #[must_use]
    pub fn imageboard(self) -> String {
        let offset = self.new_york();
        let (day, (h, m, s)) = (self.day(offset), self.wall(offset));
        let (y, mo, d) = day.civil();
        format!("{mo:02}/{d:02}/{:02}({}){h:02}:{m:02}:{s:02}", y % 100, DAYS[day.0.rem_euclid(7) as usize])
    }

    /// Hours and minutes of the day, UTC.
    #[must_use]
    pub fn minute(self) -> String {
        let (h, m, _) = self.wall(0);
        format!("{h:02}:{m:02}")
    }

    const fn wall(self, offset: i64) -> (i64, i64, i64) {
        let s = (self.0 + offset * 3_600_000).rem_euclid(DAY_MS) / 1000;
        (s / 3600, s / 60 % 60, s % 60)
    }

    /// Offset of New York: summer time from the second Sunday of March, 07:00 UTC, to the first of November, 06:00 UTC.
    const fn new_york(self) -> i64 {
        let year = self.day(0).civil().0;
        let from = sunday(Day::new(year, 3, 8)).0 * DAY_MS + 7 * 3_600_000;
        let to = sunday(Day::new(year, 11, 1)).0 * DAY_MS + 6 * 3_600_000;
        if self.0 >= from && self.0 < to { -4 } else { -5 }
    }
}

/// The first Sunday on or after `day`.
const fn sunday(day: Day) -> Day {
    day.plus((3 - day.0).rem_euclid(7))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calendar_agrees_with_known_days() {
        assert_eq!(Day::new(2026, 3, 3).0, 20_515);
        assert_eq!(Day(20_515).civil(), (2026, 3, 3));
        assert_eq!(Day::new(2024, 2, 29).plus(1).iso(), "2024-03-01");
        let m = Moment(1_553_850_900_879); // a post of a real thread: 03/29/19(Fri)05:15:00
        assert_eq!(m.imageboard(), "03/29/19(Fri)05:15:00");
        assert_eq!(m.iso(), "2019-03-29T09:15:00.879+00:00");
        assert_eq!(Moment(1_767_225_600_000).imageboard(), "12/31/25(Wed)19:00:00");
    }
}
