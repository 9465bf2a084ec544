//! The time axis: where an instant stands, which ticks to draw, which empty stretches are cut out.

use jiff::ToSpan;
use jiff::civil::{Date, DateTime};
use jiff::tz::Offset;
use texts::{filled, mark, say};

use super::shown::civil;
use crate::told::Window;

/// Width of a mark that says a stretch of time is not drawn.
pub(crate) const CUT: f64 = 92.0;
/// A stretch is cut out where it would take more than this share of what is drawn, and crowd enough windows together.
const CUT_SHARE: f64 = 0.6;
const CUT_DAYS: f64 = 7.0;
const CROWD: usize = 6;
const MOST_CUTS: usize = 3;
/// Pixels between ticks, at least.
const TICK: f64 = 84.0;
const DAY: f64 = 86_400.0;

/// Instants to pixels.
pub(crate) struct Scale {
    pub pieces: Vec<Piece>,
}

/// An unbroken stretch of time.
pub(crate) struct Piece {
    /// In seconds since 1970.
    pub from: f64,
    pub to: f64,
    /// In pixels.
    pub left: f64,
    pub right: f64,
}

/// A tick: its place, its day or hour, and its year where that is new.
pub(crate) struct Tick {
    pub x: f64,
    pub label: String,
    pub year: Option<i16>,
}

impl Scale {
    /// A scale from `left` to `right` that shows every window; None without windows.
    pub fn of(windows: &[Window], left: f64, right: f64) -> Option<Self> {
        let mut covered: Vec<(f64, f64)> =
            windows.iter().map(|window| (seconds(window.earliest), seconds(window.latest))).collect();
        covered.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
        let crowd = covered.len();
        let mut stretches = vec![*covered.first()?];
        let mut gaps = Vec::new();
        for (from, to) in covered {
            let last = stretches.len() - 1;
            if from > stretches[last].1 {
                gaps.push((from - stretches[last].1, from));
                stretches.push((from, to));
            } else {
                stretches[last].1 = stretches[last].1.max(to);
            }
        }
        let end = stretches[stretches.len() - 1].1;
        let cuts = if crowd < CROWD { Vec::new() } else { cuts(&mut gaps, end - stretches[0].0) };
        let mut pieces: Vec<(f64, f64)> = Vec::new();
        for stretch in stretches {
            match pieces.last_mut() {
                Some(piece) if !cuts.contains(&stretch.0) => piece.1 = stretch.1,
                _ => pieces.push(stretch),
            }
        }
        Some(Self { pieces: laid_out(&pieces, left, right) })
    }

    /// A scale from one instant to another, without cuts.
    pub fn over(from: jiff::Timestamp, to: jiff::Timestamp, left: f64, right: f64) -> Self {
        let (from, to) = (seconds(from), seconds(to));
        Self { pieces: vec![Piece { from, to: to.max(from + 1.0), left, right }] }
    }

    /// Where an instant stands.
    pub fn x(&self, at: jiff::Timestamp) -> f64 {
        let at = seconds(at);
        let piece = self.pieces.iter().find(|piece| at <= piece.to).or(self.pieces.last());
        piece.map_or(0.0, |piece| piece.x(at))
    }

    /// The stretches that are not drawn: middle in pixels, and length in days.
    pub fn cuts(&self) -> Vec<(f64, f64)> {
        let between =
            |pair: &[Piece]| ((pair[0].right + pair[1].left) / 2.0, (pair[1].from - pair[0].to) / DAY);
        self.pieces.windows(2).map(between).collect()
    }

    pub fn ticks(&self) -> Vec<Tick> {
        let mut ticks = Vec::new();
        for piece in &self.pieces {
            let mut year = None;
            for (at, label) in piece.marks() {
                let new = year.replace(at.year()) != Some(at.year());
                let x = piece.x(instant(at));
                ticks.push(Tick { x, label, year: new.then_some(at.year()) });
            }
        }
        ticks
    }
}

impl Piece {
    fn x(&self, at: f64) -> f64 {
        let share = ((at - self.from) / (self.to - self.from)).clamp(0.0, 1.0);
        self.left + share * (self.right - self.left)
    }

    /// The steps of the calendar that fall into it, with their labels; where none does, its middle day.
    fn marks(&self) -> Vec<(DateTime, String)> {
        let per_second = (self.right - self.left) / (self.to - self.from);
        let step = STEPS.iter().find(|step| step.seconds() * per_second >= TICK).unwrap_or(&Step::Years(10));
        let mut marks = Vec::new();
        let mut at = step.floor(from_seconds(self.from));
        while instant(at) <= self.to && marks.len() < 100 {
            if instant(at) >= self.from {
                marks.push((at, step.label(at)));
            }
            let Ok(next) = step.after(at) else { break };
            at = next;
        }
        if marks.is_empty() {
            let middle = from_seconds((self.from + self.to) / 2.0);
            marks.push((middle, day(middle)));
        }
        marks
    }
}

/// Takes the largest gaps, one after another, while they fill too much of what would be drawn.
fn cuts(gaps: &mut [(f64, f64)], span: f64) -> Vec<f64> {
    gaps.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.total_cmp(&b.1)));
    let mut left = span;
    let mut cuts = Vec::new();
    for (length, end) in gaps.iter().take(MOST_CUTS) {
        if *length < CUT_DAYS * DAY || *length < CUT_SHARE * left {
            break;
        }
        left -= length;
        cuts.push(*end);
    }
    cuts
}

fn laid_out(pieces: &[(f64, f64)], left: f64, right: f64) -> Vec<Piece> {
    let span: f64 = pieces.iter().map(|(from, to)| to - from).sum();
    let margin = (span / 60.0).max(1800.0);
    let padded: Vec<(f64, f64)> = pieces.iter().map(|(from, to)| (from - margin, to + margin)).collect();
    let room = right - left - CUT * (pieces.len() - 1) as f64;
    let least = (room / pieces.len() as f64).min(70.0);
    let spare = room - least * pieces.len() as f64;
    let whole: f64 = padded.iter().map(|(from, to)| to - from).sum();
    let mut x = left;
    let mut laid = Vec::new();
    for (from, to) in padded {
        let wide = least + spare * (to - from) / whole;
        laid.push(Piece { from, to, left: x, right: x + wide });
        x += wide + CUT;
    }
    laid
}

/// A step of the calendar.
#[derive(Clone, Copy)]
enum Step {
    Seconds(i64),
    Minutes(i64),
    Days(i64),
    Months(i64),
    Years(i64),
}

const STEPS: &[Step] = &[
    Step::Seconds(1),
    Step::Seconds(5),
    Step::Seconds(15),
    Step::Minutes(1),
    Step::Minutes(5),
    Step::Minutes(15),
    Step::Minutes(60),
    Step::Minutes(180),
    Step::Minutes(360),
    Step::Minutes(720),
    Step::Days(1),
    Step::Days(2),
    Step::Days(7),
    Step::Days(14),
    Step::Months(1),
    Step::Months(3),
    Step::Months(6),
    Step::Years(1),
    Step::Years(2),
    Step::Years(5),
];

impl Step {
    fn seconds(self) -> f64 {
        match self {
            Step::Seconds(n) => n as f64,
            Step::Minutes(n) => n as f64 * 60.0,
            Step::Days(n) => n as f64 * DAY,
            Step::Months(n) => n as f64 * 30.4 * DAY,
            Step::Years(n) => n as f64 * 365.2 * DAY,
        }
    }

    /// The last of its steps not after `at`. Steps of days are counted from Monday, 5 January 1970.
    fn floor(self, at: DateTime) -> DateTime {
        match self {
            Step::Seconds(n) => from_seconds((instant(at) / n as f64).floor() * n as f64),
            Step::Minutes(n) => from_seconds((instant(at) / (n as f64 * 60.0)).floor() * n as f64 * 60.0),
            Step::Days(n) => {
                let (monday, step) = (4.0 * DAY, n as f64 * DAY);
                from_seconds(((instant(at) - monday) / step).floor() * step + monday)
            }
            Step::Months(n) => {
                let month = (i64::from(at.month()) - 1) / n * n + 1;
                Date::new(at.year(), month as i8, 1).map_or(at, |date| date.at(0, 0, 0, 0))
            }
            Step::Years(n) => {
                let year = i64::from(at.year()).div_euclid(n) * n;
                Date::new(year as i16, 1, 1).map_or(at, |date| date.at(0, 0, 0, 0))
            }
        }
    }

    fn after(self, at: DateTime) -> Result<DateTime, jiff::Error> {
        match self {
            Step::Seconds(n) => at.checked_add(n.seconds()),
            Step::Minutes(n) => at.checked_add(n.minutes()),
            Step::Days(n) => at.checked_add(n.days()),
            Step::Months(n) => at.checked_add(n.months()),
            Step::Years(n) => at.checked_add(n.years()),
        }
    }

    fn label(self, at: DateTime) -> String {
        match self {
            Step::Seconds(_) => format!("{:02}:{:02}:{:02}", at.hour(), at.minute(), at.second()),
            Step::Minutes(_) if (at.hour(), at.minute()) != (0, 0) => {
                format!("{} {:02}:{:02}", day(at), at.hour(), at.minute())
            }
            Step::Minutes(_) | Step::Days(_) => day(at),
            Step::Months(_) => say(MONTHS[at.month() as usize - 1]).to_owned(),
            Step::Years(_) => day(at),
        }
    }
}

const MONTHS: [&str; 12] = [
    mark("Jan"),
    mark("Feb"),
    mark("Mar"),
    mark("Apr"),
    mark("May"),
    mark("Jun"),
    mark("Jul"),
    mark("Aug"),
    mark("Sep"),
    mark("Oct"),
    mark("Nov"),
    mark("Dec"),
];

fn day(at: DateTime) -> String {
    filled("{day} {month}", &[("day", &at.day()), ("month", &say(MONTHS[at.month() as usize - 1]))])
}

fn seconds(at: jiff::Timestamp) -> f64 {
    at.as_duration().as_secs_f64()
}

fn from_seconds(at: f64) -> DateTime {
    civil(jiff::Timestamp::from_second(at as i64).unwrap_or(jiff::Timestamp::UNIX_EPOCH))
}

fn instant(at: DateTime) -> f64 {
    Offset::UTC.to_timestamp(at).map_or(0.0, seconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scale(instants: &[&str]) -> Scale {
        let at = |text: &&str| {
            let at = text.parse().unwrap();
            Window { earliest: at, latest: at }
        };
        Scale::of(&instants.iter().map(at).collect::<Vec<_>>(), 0.0, 1000.0).unwrap()
    }

    fn check(instants: &[&str], expected: &str) {
        let scale = scale(instants);
        let ticks: Vec<String> = scale
            .ticks()
            .into_iter()
            .map(|tick| {
                format!(
                    "{:.0} {}{}",
                    tick.x,
                    tick.label,
                    tick.year.map_or(String::new(), |y| format!(" {y}"))
                )
            })
            .collect();
        let cuts: Vec<String> =
            scale.cuts().iter().map(|(x, days)| format!("{x:.0}: {days:.0} days")).collect();
        assert_eq!(format!("{} | {}", ticks.join(", "), cuts.join(", ")), expected);
    }

    #[test]
    fn ticks_fall_on_the_calendar() {
        check(
            &["2023-01-27T13:56:33Z", "2023-04-14T09:00:00Z", "2023-03-01T00:00:00Z"],
            "47 30 Jan 2023, 135 6 Feb, 223 13 Feb, 311 20 Feb, 399 27 Feb, 488 6 Mar, 576 13 Mar, 664 20 Mar, 752 27 Mar, 841 3 Apr, 929 10 Apr | ",
        );
        check(
            &["2023-01-27T13:56:33Z", "2023-01-27T14:10:00Z"],
            "47 27 Jan 13:30 2023, 251 27 Jan 13:45, 455 27 Jan 14:00, 660 27 Jan 14:15, 864 27 Jan 14:30 | ",
        );
        check(
            &["2023-01-27T13:56:33Z"],
            "58 27 Jan 13:30 2023, 308 27 Jan 13:45, 558 27 Jan 14:00, 808 27 Jan 14:15 | ",
        );
    }

    #[test]
    fn long_silence_is_cut_and_order_is_kept() {
        let instants = [
            "2017-05-01T00:00:00Z",
            "2023-01-27T13:56:33Z",
            "2023-01-29T00:00:00Z",
            "2023-02-10T00:00:00Z",
            "2023-02-19T00:00:00Z",
            "2023-02-20T00:00:00Z",
        ];
        check(
            &instants,
            "47 1 May 2017, 280 30 Jan 2023, 516 6 Feb, 751 13 Feb, 987 20 Feb | 140: 2097 days",
        );
        let scale = scale(&instants);
        let places: Vec<f64> = instants.iter().map(|at| scale.x(at.parse().unwrap())).collect();
        assert!(places[0] > 0.0 && places.is_sorted_by(|a, b| a < b) && places[5] < 1000.0);
    }

    #[test]
    fn without_times_there_is_no_scale() {
        assert!(Scale::of(&[], 0.0, 1.0).is_none());
    }
}
