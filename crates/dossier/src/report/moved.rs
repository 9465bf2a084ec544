//! How the first appearance of each sheet moved as material was added (R2, R20). It is told in the report only: dossier.json does
//! not depend on when anything arrived.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use maud::{Markup, html};
use model::{Appearance, AppearanceId, FamilyId, Id as _, Interval, ItemId, PictureId, PostId};

use super::Arrival;
use super::book::{Book, Sheet};
use super::sheets::post_link;
use super::shown::{counted, second, when};
use crate::told::{Dossier, Window};

/// Steps of one sheet that are told, at most.
const STEPS: usize = 12;

/// For each item the number of the arrival it came with, those inside others included.
pub(super) struct Arrived<'a> {
    arrivals: &'a [Arrival],
    step_of: BTreeMap<&'a str, usize>,
}

/// What was known after one arrival.
struct Step {
    at: Timestamp,
    first: Option<Window>,
    candidates: Vec<String>,
}

impl<'a> Arrived<'a> {
    pub fn of(dossier: &'a Dossier, arrivals: &'a [Arrival]) -> Self {
        let mut came: BTreeMap<ItemId, usize> = BTreeMap::new();
        for (step, arrival) in arrivals.iter().enumerate() {
            for item in &arrival.items {
                came.entry(*item).or_insert(step);
            }
        }
        let inside: BTreeMap<&str, Option<&str>> =
            dossier.items.iter().map(|item| (item.id.as_str(), item.inside.as_deref())).collect();
        let step = |id: &str| {
            let mut at = id;
            // Archives lie in each other a few deep.
            for _ in 0..32 {
                if let Some(step) = at.parse::<ItemId>().ok().and_then(|id| came.get(&id)) {
                    return Some(*step);
                }
                at = (*inside.get(at)?)?;
            }
            None
        };
        let steps = dossier.items.iter().filter_map(|item| Some((item.id.as_str(), step(&item.id)?)));
        Self { arrivals, step_of: steps.collect() }
    }

    fn first_of<'s>(&self, items: impl Iterator<Item = &'s str>) -> Option<usize> {
        items.filter_map(|item| self.step_of.get(item)).min().copied()
    }

    /// The step from which on an appearance was known: its post and its file were there.
    fn known(&self, book: &Book, post: &str, item: &str) -> Option<usize> {
        let post = book.post(post)?;
        let told = post.records.iter().filter_map(|record| record.split_once('@')).map(|(item, _)| item);
        let carried = post.attached.iter().filter(|file| file.items.iter().any(|held| held == item));
        let held = carried.flat_map(|file| &file.items).map(String::as_str).chain([item]);
        Some(self.first_of(told)?.max(self.first_of(held)?))
    }

    /// The first appearance of a sheet, as known after each arrival that changed it.
    fn steps(&self, book: &Book, sheet: &Sheet) -> Vec<Step> {
        let seen = sheet.family.appearances.iter().filter_map(|seen| {
            let known = self.known(book, &seen.post, &seen.item)?;
            let when = seen.when.map(|when| Interval { earliest: when.earliest, latest: when.latest });
            Some((known, appearance(seen.post.parse().ok()?, when)))
        });
        let seen: Vec<(usize, Appearance)> = seen.collect();
        let at: BTreeSet<usize> = seen.iter().map(|(known, _)| *known).collect();
        let mut steps: Vec<Step> = Vec::new();
        for step in at {
            let known: Vec<Appearance> =
                seen.iter().filter(|(known, _)| *known <= step).map(|(_, seen)| seen.clone()).collect();
            let first = spread::first(FamilyId::make(|_| {}), &known);
            let candidates: Vec<String> = first.candidates.iter().map(ToString::to_string).collect();
            let window = first.interval.map(|at| Window { earliest: at.earliest, latest: at.latest });
            if steps.last().is_none_or(|last| last.candidates != candidates) {
                steps.push(Step { at: self.arrivals[step].at, first: window, candidates });
            }
        }
        steps
    }

    pub fn told(&self, book: &Book, sheet: &Sheet) -> Markup {
        let steps = self.steps(book, sheet);
        html! {
            @if steps.len() > 1 {
                details {
                    summary { "How its first appearance moved as material was added " span .muted { (counted(steps.len(), "step", "steps")) } }
                    ul .about {
                        @for step in steps.iter().take(STEPS) {
                            li {
                                "Added " (second(step.at)) " UTC: first seen " (when(step.first.as_ref()))
                                @match step.candidates.as_slice() {
                                    [only] => { ", " (post_link(book, only)) },
                                    several => { ", undecided among " (counted(several.len(), "post", "posts")) },
                                }
                            }
                        }
                    }
                }
            }
        }
    }
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
