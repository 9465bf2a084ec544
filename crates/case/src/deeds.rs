//! What an analyst asks to be done, held against the case: it becomes a deed, or an objection that says why not and the way out.
//!
//! Nothing is entered here: a deed takes effect by [`Case::act_signed`], or waits for a second key by [`Case::propose`].

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::Offset;
use model::{
    Act, ActId, Alteration, Appearance, Deed, Derivation, Discrepancy, Document, Entity, EntityKind, Event,
    Exposure, Family, Gap, Held, Hop, ImpactId, Interval, Item, Match, Mention, NOUNS, Noun, NounKind,
    Picture, PictureId, Problem, Quote, Statement, Version,
};
use serde_json::Value;

use crate::error::Error;
use crate::folder::Case;

mod objection;

pub use objection::Objection;

/// Characters of a label, at most.
pub(crate) const LABEL: usize = 60;

/// The nouns that are observed, and can be judged.
const OBSERVED: [&str; 15] = [
    Match::KIND,
    Exposure::KIND,
    Version::KIND,
    Alteration::KIND,
    Derivation::KIND,
    Document::KIND,
    Statement::KIND,
    Event::KIND,
    Mention::KIND,
    Entity::KIND,
    Quote::KIND,
    Appearance::KIND,
    Gap::KIND,
    Hop::KIND,
    Discrepancy::KIND,
];

/// What a deed or the reason for one comes to.
pub type Result<T = Deed> = std::result::Result<T, Objection>;

/// That a reason was given.
pub fn reason(text: &str) -> Result<()> {
    if text.trim().is_empty() { Err(Objection::NoReason) } else { Ok(()) }
}

/// These pictures show one sheet.
pub fn join(case: &Case, pictures: &BTreeSet<PictureId>) -> Result {
    if pictures.len() < 2 {
        return Err(Objection::FewPictures);
    }
    unopposed(case, |act| {
        matches!(&act.deed, Deed::Split { pictures: some, from }
            if some.iter().any(|id| pictures.contains(id)) && from.iter().any(|id| pictures.contains(id)))
    })?;
    Ok(Deed::Join { pictures: pictures.iter().copied().collect() })
}

/// These pictures do not show what the rest of their families shows.
pub fn split(case: &Case, pictures: &BTreeSet<PictureId>) -> Result {
    let mut from = BTreeSet::new();
    case.derived().each(|family: Family| {
        if family.pictures.iter().any(|picture| pictures.contains(picture)) {
            from.extend(family.pictures.iter().filter(|picture| !pictures.contains(picture)));
        }
        Ok(())
    })?;
    if from.is_empty() {
        return Err(Objection::NothingLeft);
    }
    unopposed(case, |act| {
        matches!(&act.deed, Deed::Join { pictures: some }
            if some.iter().any(|id| pictures.contains(id)) && some.iter().any(|id| from.contains(id)))
    })?;
    Ok(Deed::Split { pictures: pictures.iter().copied().collect(), from: from.into_iter().collect() })
}

/// These entities are one.
pub fn join_names(case: &Case, entities: &[Entity]) -> Result {
    let (kind, names) = (kind_of(entities)?, spellings(entities));
    if entities.len() < 2 || names.len() < 2 {
        return Err(Objection::FewNames);
    }
    unopposed(case, |act| {
        act.deed.names().is_some_and(|(of, some, from)| {
            of == kind
                && some.iter().any(|name| names.contains(name))
                && from.iter().any(|name| names.contains(name))
        })
    })?;
    Ok(Deed::JoinNames { kind, names: names.into_iter().collect() })
}

/// These spellings of an entity, or all of the first one, do not name what the rest, or the others, name.
pub fn split_names(case: &Case, entities: &[Entity], names: &[String]) -> Result {
    let kind = kind_of(entities)?;
    let (names, from): (BTreeSet<String>, BTreeSet<String>) = match entities {
        [entity] => {
            if let Some(name) = names.iter().find(|name| !entity.spellings.contains(name)) {
                return Err(Objection::NoSpelling { entity: Box::new(entity.clone()), name: name.clone() });
            }
            spellings(entities).into_iter().partition(|name| names.contains(name))
        }
        [first, others @ ..] if names.is_empty() => {
            (spellings(std::slice::from_ref(first)), spellings(others))
        }
        _ => return Err(Objection::SpellingsOfSeveral),
    };
    if names.is_empty() || from.is_empty() {
        return Err(Objection::AllSpellings);
    }
    unopposed(case, |act| {
        let said = act.deed.names().filter(|(of, _, apart)| *of == kind && apart.is_empty());
        said.is_some_and(|(_, some, _)| {
            some.iter().any(|name| names.contains(name)) && some.iter().any(|name| from.contains(name))
        })
    })?;
    Ok(Deed::SplitNames { kind, names: names.into_iter().collect(), from: from.into_iter().collect() })
}

/// An act is taken back; taking that back makes it stand again.
pub fn undo(case: &Case, act: ActId) -> Result {
    let acts = case.ground().acts()?;
    if !acts.iter().any(|other| other.id == act) {
        return Err(Objection::Unknown(act.to_string()));
    }
    let back = |other: &Act| matches!(other.deed, Deed::Undo { act: of } if of == act);
    match acts.into_iter().find(back) {
        Some(by) => Err(Objection::Undone { act, by: Box::new(by) }),
        None => Ok(Deed::Undo { act }),
    }
}

/// A proposed harm is one, or is none.
pub fn judge(case: &Case, impact: ImpactId, holds: bool) -> Result {
    let before = |act: &Act| act.deed.judges().is_some_and(|(of, _)| of == impact);
    if let Some(act) = case.ground().standing()?.into_iter().find(before) {
        return Err(Objection::Judged(Box::new(act)));
    }
    Ok(if holds { Deed::Confirm { impact } } else { Deed::Reject { impact } })
}

/// Somebody says that the sheet which these pictures show was seen, at some time.
pub fn testify(case: &Case, pictures: &BTreeSet<PictureId>, when: Option<Interval>, basis: &str) -> Result {
    if pictures.is_empty() {
        return Err(Objection::NoPicture);
    }
    if basis.trim().is_empty() {
        return Err(Objection::NoBasis);
    }
    if when.is_some_and(|when| when.latest < when.earliest) {
        return Err(Objection::Backwards);
    }
    for picture in pictures {
        if case.derived().get::<Picture>(*picture)?.is_none() {
            return Err(Objection::Unknown(picture.to_string()));
        }
    }
    Ok(Deed::Testify { pictures: pictures.iter().copied().collect(), when, basis: basis.trim().to_owned() })
}

/// A note on whatever has this printed id.
pub fn note(case: &Case, on: &str) -> Result {
    let (_, noun) = known(case, on)?;
    Ok(Deed::Note { on: on.to_owned(), pictures: pictures_of(&noun) })
}

/// A label for whatever has this printed id.
pub fn label(case: &Case, on: &str, label: &str) -> Result {
    let label = label.trim();
    if label.is_empty() || label.chars().count() > LABEL || label.chars().any(char::is_control) {
        return Err(Objection::BadLabel);
    }
    let (_, noun) = known(case, on)?;
    let same =
        |act: &Act| matches!(&act.deed, Deed::Label { on: of, label: had, .. } if of == on && had == label);
    if let Some(act) = case.ground().standing()?.into_iter().find(same) {
        return Err(Objection::Labelled(Box::new(act)));
    }
    Ok(Deed::Label { on: on.to_owned(), pictures: pictures_of(&noun), label: label.to_owned() })
}

/// What an analyst holds of the observation that has this printed id.
pub fn held(case: &Case, on: &str, holds: Held) -> Result {
    let (kind, _) = known(case, on)?;
    if !OBSERVED.contains(&kind.kind) {
        return Err(Objection::NotObserved(on.to_owned()));
    }
    let before = |act: &Act| matches!(&act.deed, Deed::Judge { on: of, .. } if of == on);
    if let Some(act) = case.ground().standing()?.into_iter().find(before) {
        return Err(Objection::Judged(Box::new(act)));
    }
    Ok(Deed::Judge { on: on.to_owned(), holds })
}

/// The time from one text to another, as an analyst writes them: instants with their zone, or whole days, months and years in
/// UTC. Without a second one, what the first one can mean.
pub fn between(from: &str, to: Option<&str>) -> Result<Interval> {
    spanned(time(from)?, to.map(time).transpose()?)
}

/// The same where UTC was asked for, so that a time of day without a zone is in UTC.
pub fn between_utc(from: &str, to: Option<&str>) -> Result<Interval> {
    spanned(time_utc(from)?, to.map(time_utc).transpose()?)
}

fn spanned(first: Interval, last: Option<Interval>) -> Result<Interval> {
    let interval = Interval { earliest: first.earliest, latest: last.unwrap_or(first).latest };
    if interval.latest < interval.earliest { Err(Objection::Backwards) } else { Ok(interval) }
}

/// What a text can mean where UTC was asked for, as in [`between_utc`].
pub fn time_utc(text: &str) -> Result<Interval> {
    time(text).or_else(|objection| of_day(text.trim()).ok_or(objection))
}

fn time(text: &str) -> Result<Interval> {
    let text = text.trim();
    let bad = || Objection::BadTime(text.to_owned());
    let (first, last): (Date, Date) = match text.len() {
        4 => (whole(text, "-01-01").ok_or_else(bad)?, whole(text, "-12-31").ok_or_else(bad)?),
        7 => {
            let first = whole(text, "-01").ok_or_else(bad)?;
            (first, first.last_of_month())
        }
        10 => {
            let day = whole(text, "").ok_or_else(bad)?;
            (day, day)
        }
        _ => {
            let at: Timestamp = text.parse().map_err(|_| bad())?;
            return Ok(Interval { earliest: at, latest: at });
        }
    };
    let start = |day: Date| Offset::UTC.to_timestamp(day.at(0, 0, 0, 0));
    let earliest = start(first).map_err(|_| bad())?;
    let next = last.tomorrow().and_then(start).map_err(|_| bad())?;
    let latest = Timestamp::from_second(next.as_second() - 1).map_err(|_| bad())?;
    Ok(Interval { earliest, latest })
}

/// A time of day in UTC: without seconds it is any of that minute.
fn of_day(text: &str) -> Option<Interval> {
    let at = Offset::UTC.to_timestamp(text.parse::<DateTime>().ok()?).ok()?;
    let seconds = if text.matches(':').count() == 1 { 59 } else { 0 };
    Some(Interval {
        earliest: at,
        latest: Timestamp::new(at.as_second() + seconds, at.subsec_nanosecond()).ok()?,
    })
}

/// A day, of whose text the end is left out.
fn whole(text: &str, end: &str) -> Option<Date> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
    format!("{text}{end}").parse().ok().filter(|_| digits)
}

/// That no act which stands says the contrary.
fn unopposed(case: &Case, contrary: impl FnMut(&Act) -> bool) -> Result<()> {
    match case.ground().standing()?.into_iter().find(contrary) {
        Some(act) => Err(Objection::Contrary(Box::new(act))),
        None => Ok(()),
    }
}

fn spellings(entities: &[Entity]) -> BTreeSet<String> {
    entities.iter().flat_map(|entity| entity.spellings.iter().cloned()).collect()
}

fn kind_of(entities: &[Entity]) -> Result<EntityKind> {
    match entities {
        [] => Err(Objection::FewNames),
        [first, rest @ ..] if rest.iter().all(|entity| entity.kind == first.kind) => Ok(first.kind),
        _ => Err(Objection::TwoKinds),
    }
}

/// The noun that has a printed id, derived or of the ground, and its kind.
fn known(case: &Case, on: &str) -> Result<(&'static NounKind, Value)> {
    let unknown = || Objection::Unknown(on.to_owned());
    let (word, digits) = on.split_once(':').ok_or_else(unknown)?;
    let kind = NOUNS.iter().find(|noun| noun.prefix == word).ok_or_else(unknown)?;
    if digits.len() != 64
        || !digits.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
    {
        return Err(unknown());
    }
    if let Some(body) = case.derived().starting(kind.kind, digits, 1)?.pop() {
        return Ok((kind, serde_json::from_str(&body).map_err(Error::from)?));
    }
    let of_ground = match kind.kind {
        Item::KIND => case.ground().items()?.iter().any(|item| item.id.to_string() == on),
        Act::KIND => case.ground().acts()?.iter().any(|act| act.id.to_string() == on),
        Problem::KIND => case.ground().refused()?.iter().any(|problem| problem.id.to_string() == on),
        _ => false,
    };
    if of_ground { Ok((kind, Value::Null)) } else { Err(unknown()) }
}

/// The pictures that a noun is made of, sorted.
fn pictures_of(noun: &Value) -> Vec<PictureId> {
    let pictures = noun.get("pictures").and_then(Value::as_array).into_iter().flatten();
    let pictures: BTreeSet<PictureId> =
        pictures.filter_map(|picture| picture.as_str()?.parse().ok()).collect();
    pictures.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(from: &str, to: Option<&str>) -> String {
        match between(from, to) {
            Ok(when) => format!("{} {}", when.earliest, when.latest),
            Err(objection) => objection.to_string(),
        }
    }

    #[test]
    fn times_are_instants_or_whole_days_months_and_years() {
        assert_eq!(shown("2023-03-01T14:30:00Z", None), "2023-03-01T14:30:00Z 2023-03-01T14:30:00Z");
        assert_eq!(shown("2023-03-01T16:30+02:00", None), "2023-03-01T14:30:00Z 2023-03-01T14:30:00Z");
        assert_eq!(shown("2023-03-01", None), "2023-03-01T00:00:00Z 2023-03-01T23:59:59Z");
        assert_eq!(shown("2024-02", None), "2024-02-01T00:00:00Z 2024-02-29T23:59:59Z");
        assert_eq!(shown(" 2023 ", None), "2023-01-01T00:00:00Z 2023-12-31T23:59:59Z");
        assert_eq!(shown("2023-01", Some("2023-03")), "2023-01-01T00:00:00Z 2023-03-31T23:59:59Z");
        assert_eq!(shown("2023-03", Some("2023-01")), "the time ends before it begins");
        for bad in [
            "",
            "yesterday",
            "2023-13",
            "2023-02-30",
            "2023-03-01T14:30:00",
            "20230301",
            "2023/03/01",
            "+123",
        ] {
            assert_eq!(shown(bad, None), format!("'{bad}' is no time"));
        }
    }
}
