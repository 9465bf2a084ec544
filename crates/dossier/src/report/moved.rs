//! How first appearances moved as material was added (R2, R20): of sheets, versions, exposures and documents.

use std::collections::BTreeMap;

use maud::Markup;
use model::{Interval, ItemId};
use texts::{filled, html, mark, say};

use super::Arrival;
use super::book::{Book, Sheet};
use super::sheets::post_link;
use super::shown::{counted, second, when};
use crate::history::{Known, Step, came, steps};
use crate::told::{Appearance, Dossier, Window};

/// Steps of one first appearance that are told, at most.
const STEPS: usize = 12;

/// For each item the number of the arrival it came with, those inside others included.
pub(crate) struct Arrived<'a> {
    arrivals: &'a [Arrival],
    step_of: BTreeMap<&'a str, usize>,
}

impl<'a> Arrived<'a> {
    pub fn of(dossier: &'a Dossier, arrivals: &'a [Arrival]) -> Self {
        let came = came(arrivals);
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

    /// When material was last added.
    pub fn last(&self) -> Option<jiff::Timestamp> {
        self.arrivals.last().map(|arrival| arrival.at)
    }

    /// Whether nothing of a sheet was there before the last arrival.
    pub fn is_new(&self, book: &Book, sheet: &Sheet) -> bool {
        let Some(last) = self.arrivals.len().checked_sub(1) else { return false };
        let items =
            sheet.pictures.iter().filter_map(|id| book.picture(id)).flat_map(|picture| &picture.items);
        self.first_of(items.map(String::as_str)) == Some(last)
    }

    /// Whether the last arrival moved its first appearance.
    pub fn just_moved(&self, book: &Book, sheet: &Sheet) -> bool {
        let steps = self.steps(book, sheet.family.appearances.iter());
        steps.len() > 1 && steps.last().map(|step| step.at) == self.last()
    }

    fn first_of<'s>(&self, items: impl Iterator<Item = &'s str>) -> Option<usize> {
        items.filter_map(|item| self.step_of.get(item)).min().copied()
    }

    /// The step from which on an appearance was known: its post and its file were there.
    fn known(&self, book: &Book, seen: &Appearance) -> Option<Known> {
        let post = book.post(&seen.post)?;
        let told = post.records.iter().filter_map(|record| record.split_once('@')).map(|(item, _)| item);
        let carried = post.attached.iter().filter(|file| file.items.contains(&seen.item));
        let held = carried.flat_map(|file| &file.items).map(String::as_str).chain([seen.item.as_str()]);
        let known = self.first_of(told)?.max(self.first_of(held)?);
        let when = seen.when.map(|when| Interval { earliest: when.earliest, latest: when.latest });
        Some((known, seen.post.parse().ok()?, when))
    }

    fn steps<'s>(&self, book: &Book, seen: impl Iterator<Item = &'s Appearance>) -> Vec<Step> {
        let seen: Vec<Known> = seen.filter_map(|one| self.known(book, one)).collect();
        steps(&seen, self.arrivals)
    }

    /// Of a sheet, and below it of its versions and exposures where theirs moved.
    pub fn told(&self, book: &Book, sheet: &Sheet) -> Markup {
        let (family, dossier) = (sheet.family, book.dossier);
        let of = |pictures: &[String]| {
            self.steps(book, family.appearances.iter().filter(|seen| pictures.contains(&seen.picture)))
        };
        let versions = dossier.versions.iter().filter(|version| version.family == family.id);
        let exposures = dossier.exposures.iter().filter(|exposure| exposure.family == family.id);
        let versions =
            versions.map(|version| (mark("The same for a version, {pictures}"), &version.pictures));
        let smaller = versions.chain(
            exposures.map(|exposure| (mark("The same for a photograph, {pictures}"), &exposure.pictures)),
        );
        let steps = self.steps(book, family.appearances.iter());
        html! {
            (list(book, say("How its first appearance moved as material was added"), &steps))
            @if steps.len() > 1 {
                @for (what, pictures) in smaller.filter(|(_, pictures)| pictures.len() < family.pictures.len()) {
                    (list(book, &filled(what, &[("pictures", &labels(book, pictures))]), &of(pictures)))
                }
            }
        }
    }

    /// Of sheets that may belong together.
    pub fn told_of(&self, book: &Book, families: &[String]) -> Markup {
        let sheets = book.sheets.iter().filter(|sheet| families.contains(&sheet.family.id));
        let steps = self.steps(book, sheets.flat_map(|sheet| &sheet.family.appearances));
        list(book, say("How the first appearance of any of these moved as material was added"), &steps)
    }
}

fn labels(book: &Book, pictures: &[String]) -> String {
    let mut labels: Vec<&str> = pictures.iter().take(STEPS).map(|picture| book.label(picture)).collect();
    labels.sort_unstable();
    labels.join(", ")
}

fn list(book: &Book, says: &str, steps: &[Step]) -> Markup {
    let window = |step: &Step| step.first.map(|at| Window { earliest: at.earliest, latest: at.latest });
    html! {
        @if steps.len() > 1 {
            details {
                summary { (says) " " span .muted { (counted(steps.len(), "step", "steps")) } }
                ul .about {
                    @for step in steps.iter().take(STEPS) {
                        li {
                            "Added " (second(step.at)) " UTC: first seen " (when(window(step).as_ref()))
                            @match step.candidates.as_slice() {
                                [only] => { ", " (post_link(book, &only.to_string())) },
                                several => { ", undecided among " (counted(several.len(), "post", "posts")) },
                            }
                        }
                    }
                }
            }
        }
    }
}
