use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use model::{Appearance, Channel, ChannelId, FamilyId, Interval, ItemId, PictureId, Post, PostId, Span};

use super::sheets::{measure, told_first};
use super::{printed, sorted, window};
use crate::material::Material;
use crate::told::{
    Discrepancy, Evidence, FirstOf, Gap, Hop, Open, Reach, Reason, Relation, Seek, Seen, Why, ZoneChoice,
};

pub(super) fn gaps(material: &Material) -> Vec<Gap> {
    let reason = |reason: &model::Reason| {
        let why: Why = reason.why.into();
        Reason {
            why,
            says: why.says().to_owned(),
            cited: reason.cited.to_string(),
            words: reason.words.clone(),
            measures: reason.measures.iter().map(measure).collect(),
        }
    };
    let seek = |seek: &model::Seek| Seek {
        platform: seek.platform.clone(),
        space: seek.space.clone(),
        channel: seek.channel.clone(),
        post: seek.post.clone(),
        post_before: seek.between.0.clone(),
        post_after: seek.between.1.clone(),
        file: seek.file.clone(),
        not_before: seek.after,
        not_after: seek.before,
    };
    let rows = material.gaps.iter().map(|gap| Gap {
        id: gap.id.to_string(),
        lack: gap.lack.into(),
        sure: gap.sure,
        families: printed(&gap.families),
        pictures: gap.pictures.iter().map(ToString::to_string).collect(),
        channel: gap.channel.map(|channel| channel.to_string()),
        reasons: gap.reasons.iter().map(reason).collect(),
        seek: seek(&gap.seek),
    });
    sorted(rows, |gap| (gap.lack, !gap.sure, gap.id.clone()))
}

pub(super) fn hops(material: &Material) -> Vec<Hop> {
    let evidence = |one: &model::Evidence| Evidence {
        tie: one.tie.into(),
        family: one.family.map(|family| family.to_string()),
        from: one.from.map(|post| post.to_string()),
        to: one.to.to_string(),
        order: one.order.into(),
    };
    let rows = material.hops.iter().map(|hop| Hop {
        id: hop.id.to_string(),
        from: hop.from.to_string(),
        to: hop.to.to_string(),
        decided: hop.decided,
        families: printed(&hop.families),
        first: hop.first.map(window),
        evidence: hop.evidence.iter().map(evidence).collect(),
    });
    sorted(rows, |hop| hop.id.clone())
}

pub(super) fn relations(material: &Material, stand: &BTreeMap<PostId, ChannelId>) -> Vec<Relation> {
    let matrix = ::spread::matrix(&material.appearances, &|post| stand.get(&post).copied());
    let told = |relation: ::spread::Relation| Relation {
        one: relation.one.to_string(),
        other: relation.other.to_string(),
        both: relation.both,
        only_one: relation.only_one,
        only_other: relation.only_other,
    };
    ::spread::relations(&matrix).into_iter().map(told).collect()
}

pub(super) fn discrepancies(material: &Material) -> Vec<Discrepancy> {
    let cited = |(item, span): (ItemId, Option<Span>)| {
        span.map_or_else(|| item.to_string(), |span| model::Citation::Bytes { item, span }.to_string())
    };
    let rows = material.discrepancies.iter().map(|one| Discrepancy {
        id: one.id.to_string(),
        channel: one.channel.to_string(),
        post: one.post.to_string(),
        differs: one.differs.into(),
        earlier: cited(one.earlier),
        later: cited(one.later),
        between: one.between.map(window),
        was: one.was.clone(),
        is: one.is.clone(),
    });
    sorted(rows, |one| (one.differs, one.id.clone()))
}

/// First appearances of versions, of exposures and of documents.
pub(super) fn firsts(material: &Material) -> Vec<FirstOf> {
    let mut of_picture: BTreeMap<PictureId, Vec<&Appearance>> = BTreeMap::new();
    let mut of_family: BTreeMap<FamilyId, Vec<&Appearance>> = BTreeMap::new();
    for appearance in &material.appearances {
        of_picture.entry(appearance.picture).or_default().push(appearance);
        of_family.entry(appearance.family).or_default().push(appearance);
    }
    let told = |of: String, family: FamilyId, seen: Vec<Appearance>| FirstOf {
        of,
        first: told_first(Some(&::spread::first(family, &seen))),
    };
    let pictured = |pictures: &[PictureId]| -> Vec<Appearance> {
        pictures
            .iter()
            .filter_map(|picture| of_picture.get(picture))
            .flatten()
            .map(|seen| (*seen).clone())
            .collect()
    };
    let versions = material.versions.iter().map(|v| told(v.id.to_string(), v.family, pictured(&v.pictures)));
    let exposures =
        material.exposures.iter().map(|e| told(e.id.to_string(), e.family, pictured(&e.pictures)));
    let documents = material.documents.iter().filter_map(|document| {
        let all = document.families.iter().filter_map(|family| of_family.get(family)).flatten();
        let seen = all.map(|seen| (*seen).clone()).collect();
        Some(told(document.id.to_string(), *document.families.first()?, seen))
    });
    sorted(versions.chain(exposures).chain(documents), |first| first.of.clone())
}

pub(super) fn zone_choices(material: &Material) -> Vec<ZoneChoice> {
    let posts: BTreeMap<PostId, &Post> = material.posts.iter().map(|post| (post.id, post)).collect();
    let of = |first: &model::First| {
        let candidates: Vec<&Post> =
            first.candidates.iter().filter_map(|id| posts.get(id).copied()).collect();
        let family = first.family.to_string();
        let told = move |choice: ::spread::ZoneChoice| ZoneChoice {
            family: family.clone(),
            post: choice.post.to_string(),
            first_from: choice.first_from,
        };
        ::spread::zone_choices(&candidates).into_iter().map(told).collect::<Vec<_>>()
    };
    let several = material.firsts.iter().filter(|first| first.candidates.len() > 1);
    sorted(several.flat_map(of), |choice| (choice.family.clone(), choice.post.clone()))
}

/// How long and how widely each sheet that was posted could be seen.
pub(super) fn reach(material: &Material, stand: &BTreeMap<PostId, ChannelId>) -> Vec<Reach> {
    let channels: BTreeMap<ChannelId, &Channel> =
        material.channels.iter().map(|channel| (channel.id, channel)).collect();
    let made: BTreeMap<ItemId, Interval> = material
        .channels
        .iter()
        .flat_map(|channel| &channel.exports)
        .filter_map(|export| Some((export.item, export.exported.as_ref()?.interval)))
        .collect();
    let still: BTreeMap<PostId, Timestamp> = material
        .posts
        .iter()
        .filter_map(|post| {
            let returned = post.records.iter().filter_map(|(item, _)| made.get(item)).map(|at| at.earliest);
            Some((post.id, returned.max()?))
        })
        .collect();
    let mut of: BTreeMap<FamilyId, Vec<&Appearance>> = BTreeMap::new();
    for appearance in &material.appearances {
        of.entry(appearance.family).or_default().push(appearance);
    }
    let rows = of.into_iter().map(|(family, seen)| {
        let open = |id: &ChannelId| {
            channels
                .get(id)
                .map_or(::spread::Open::Untold, |c| ::spread::open(&c.platform, c.kind.as_deref()))
        };
        let places: BTreeSet<ChannelId> =
            seen.iter().filter_map(|one| stand.get(&one.post).copied()).collect();
        let until = |one: &&Appearance| still.get(&one.post).copied();
        let public: Vec<&Appearance> = seen
            .iter()
            .copied()
            .filter(|one| stand.get(&one.post).is_some_and(|channel| open(channel) == ::spread::Open::Public))
            .collect();
        Reach {
            family: family.to_string(),
            first: bound(&seen, |a, b| a.min(b)),
            last: bound(&seen, |a, b| a.max(b)),
            until: seen.iter().filter_map(until).max(),
            posts: seen.iter().map(|one| one.post).collect::<BTreeSet<_>>().len() as u64,
            channels: places
                .iter()
                .map(|channel| Seen { channel: channel.to_string(), open: Open::from(open(channel)) })
                .collect(),
            public_days: days(&public, &still),
        }
    });
    sorted(rows, |reach| reach.family.clone())
}

/// The earliest or latest of the times, as an interval.
fn bound(seen: &[&Appearance], pick: fn(Timestamp, Timestamp) -> Timestamp) -> Option<crate::told::Window> {
    let times = seen.iter().filter_map(|one| one.when);
    let both = times
        .reduce(|a, b| Interval { earliest: pick(a.earliest, b.earliest), latest: pick(a.latest, b.latest) });
    both.map(window)
}

/// From the latest instant at which the first can have been to the last known one.
fn days(public: &[&Appearance], still: &BTreeMap<PostId, Timestamp>) -> Option<f64> {
    let from = public.iter().filter_map(|one| one.when).map(|when| when.latest).min()?;
    let returned = public.iter().filter_map(|one| still.get(&one.post).copied());
    let seen = public.iter().filter_map(|one| one.when).map(|when| when.earliest);
    let to = returned.chain(seen).max()?;
    let seconds = (to.as_second() - from.as_second()).max(0);
    Some((seconds as f64 / 8640.0).round() / 10.0)
}
