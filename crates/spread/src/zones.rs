use jiff::Timestamp;
use model::{Interval, Post, PostId, When, Zone};

/// The furthest that zones lie from UTC, in minutes, to the west and to the east.
const WIDEST: i64 = 14 * 60;
/// Zones lie whole quarters of an hour from UTC.
const QUARTER: i64 = 15;

/// A post whose zone is not known and decides whether it was the first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ZoneChoice {
    /// The post.
    pub post: PostId,
    /// It came before every other candidate from this zone on eastwards, in minutes from UTC.
    pub first_from: i64,
}

/// Of posts of which each can have been the first: those for which the choice of their zone decides it (R3). Sorted by post.
pub fn zone_choices(candidates: &[&Post]) -> Vec<ZoneChoice> {
    let narrowest = |post: &Post| When::narrowest(&post.posted).map(|when| (when.zone, when.interval));
    let sure: Option<Timestamp> = candidates
        .iter()
        .filter_map(|post| narrowest(post).filter(|(zone, _)| *zone != Zone::Unknown))
        .map(|(_, interval)| interval.earliest)
        .min();
    let Some(rival) = sure else { return Vec::new() };
    let choice = |post: &&Post| {
        let (_, interval) = narrowest(post).filter(|(zone, _)| *zone == Zone::Unknown)?;
        let first_from = first_from(&interval, rival)?;
        Some(ZoneChoice { post: post.id, first_from })
    };
    let mut choices: Vec<ZoneChoice> = candidates.iter().filter_map(choice).collect();
    choices.sort_by_key(|choice| choice.post);
    choices
}

/// The westernmost offset, in whole quarters of an hour, with which a local time lies before an instant; None where every
/// offset does, or none.
fn first_from(spanning: &Interval, rival: Timestamp) -> Option<i64> {
    // The clock on the wall, read as UTC, lies 14 hours after the earliest it can mean, and its last instant 14 before the latest.
    let last_on_wall = spanning.latest.as_second() / 60 - WIDEST;
    let needed = last_on_wall - rival.as_second().div_euclid(60) + 1;
    let quarters = needed.div_euclid(QUARTER) + i64::from(needed.rem_euclid(QUARTER) != 0);
    let offset = quarters * QUARTER;
    (-WIDEST < offset && offset <= WIDEST).then_some(offset)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn the_zone_that_decides_is_told() {
        // On the wall 12:00 to 12:00:59, seen against 09:00 UTC: first from UTC+03:15 on, where it is 08:45.
        let spanning = Interval { earliest: at("2023-01-31T22:00:00Z"), latest: at("2023-02-02T02:00:59Z") };
        assert_eq!(first_from(&spanning, at("2023-02-01T09:00:00Z")), Some(195));
        assert_eq!(first_from(&spanning, at("2023-02-03T09:00:00Z")), None);
        assert_eq!(first_from(&spanning, at("2023-01-30T09:00:00Z")), None);
    }
}
