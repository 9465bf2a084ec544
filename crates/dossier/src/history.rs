//! How first appearances moved as material was added (R2, R20). It is no part of dossier.json, which does not depend on when
//! anything arrived: the report and the command tell it.

use std::collections::{BTreeMap, BTreeSet};

use case::{Case, Error};
use jiff::Timestamp;
use model::{
    Appearance, AppearanceId, Attachment, FamilyId, Id as _, Interval, Item, ItemId, PictureId, Post, PostId,
};

use crate::report::Arrival;

/// What was known of a first appearance after one arrival.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// When the material came, by the clock of the machine.
    pub at: Timestamp,
    /// When the first post must have been, as known then.
    pub first: Option<Interval>,
    /// The posts that could have been the first.
    pub candidates: Vec<PostId>,
}

/// A picture in a post, and the arrival from which on it was known.
pub(crate) type Known = (usize, PostId, Option<Interval>);

/// The first of some appearances, as known after each arrival that changed it.
pub(crate) fn steps(seen: &[Known], arrivals: &[Arrival]) -> Vec<Step> {
    let at: BTreeSet<usize> = seen.iter().map(|(known, ..)| *known).collect();
    let mut steps: Vec<Step> = Vec::new();
    for step in at {
        let known = seen.iter().filter(|(known, ..)| *known <= step);
        let known: Vec<Appearance> = known.map(|(_, post, when)| appearance(*post, *when)).collect();
        let first = spread::first(FamilyId::make(|_| {}), &known);
        let Some(arrival) = arrivals.get(step) else { continue };
        if steps.last().is_none_or(|last| last.candidates != first.candidates) {
            steps.push(Step { at: arrival.at, first: first.interval, candidates: first.candidates });
        }
    }
    steps
}

/// For each item that arrived by itself the number of its first arrival.
pub(crate) fn came(arrivals: &[Arrival]) -> BTreeMap<ItemId, usize> {
    let mut came = BTreeMap::new();
    for (step, arrival) in arrivals.iter().enumerate() {
        for item in &arrival.items {
            came.entry(*item).or_insert(step);
        }
    }
    came
}

/// How the first of these appearances moved, read from the case.
pub fn moved(case: &Case, arrivals: &[Arrival], appearances: &[Appearance]) -> Result<Vec<Step>, Error> {
    let came = came(arrivals);
    let mut inside: BTreeMap<ItemId, Option<ItemId>> = BTreeMap::new();
    case.derived().each(|item: Item| {
        inside.insert(item.id, item.inside);
        Ok(())
    })?;
    let step = |item: ItemId| {
        let mut at = item;
        // Archives lie in each other a few deep.
        for _ in 0..32 {
            if let Some(step) = came.get(&at) {
                return Some(*step);
            }
            at = (*inside.get(&at)?)?;
        }
        None
    };
    let mut seen: Vec<Known> = Vec::new();
    for one in appearances {
        let Some(post) = case.derived().get::<Post>(one.post)? else { continue };
        let carried: Vec<Attachment> = case.derived().of(one.post)?;
        let carried = carried.iter().filter(|file| file.items.contains(&one.item));
        let held = carried.flat_map(|file| file.items.iter().copied()).chain([one.item]);
        let told = post.records.iter().filter_map(|(item, _)| step(*item)).min();
        if let Some((told, held)) = told.zip(held.filter_map(step).min()) {
            seen.push((told.max(held), one.post, one.when));
        }
    }
    Ok(steps(&seen, arrivals))
}

/// Enough of an appearance to ask which came first.
fn appearance(post: PostId, when: Option<Interval>) -> Appearance {
    Appearance {
        id: AppearanceId::make(|id| {
            id.id(post);
        }),
        family: FamilyId::make(|_| {}),
        picture: PictureId::make(|_| {}),
        item: ItemId::make(|_| {}),
        post,
        when,
    }
}
