//! The account in formats of the field, each as far as it has words for what the dossier tells.

pub(crate) mod csv;
pub(crate) mod ftm;
pub(crate) mod misp;
pub(crate) mod prov;
pub(crate) mod uco;

use std::collections::BTreeMap;

use dossier::Dossier;
use dossier::told::{Channel, Item, Picture, Post, Window};
use jiff::Timestamp;

/// The dossier by id.
pub(crate) struct Index<'a> {
    pub(crate) items: BTreeMap<&'a str, &'a Item>,
    pub(crate) posts: BTreeMap<&'a str, &'a Post>,
    pub(crate) channels: BTreeMap<&'a str, &'a Channel>,
    /// The pictures of each sheet.
    pub(crate) pictures: BTreeMap<&'a str, Vec<&'a Picture>>,
}

impl<'a> Index<'a> {
    pub(crate) fn of(dossier: &'a Dossier) -> Self {
        let mut pictures: BTreeMap<&str, Vec<&Picture>> = BTreeMap::new();
        for picture in &dossier.pictures {
            if let Some(family) = &picture.family {
                pictures.entry(family).or_default().push(picture);
            }
        }
        Self {
            items: dossier.items.iter().map(|one| (one.id.as_str(), one)).collect(),
            posts: dossier.posts.iter().map(|one| (one.id.as_str(), one)).collect(),
            channels: dossier.channels.iter().map(|one| (one.id.as_str(), one)).collect(),
            pictures,
        }
    }
}

/// The instant, where a time is known to the second: formats that have a point in time get nothing wider.
pub(crate) fn instant(window: Option<Window>) -> Option<Timestamp> {
    let window = window?;
    (window.latest.as_second() - window.earliest.as_second() <= 1).then_some(window.earliest)
}

/// A window in words.
pub(crate) fn span(window: Option<Window>) -> String {
    match window {
        Some(window) if window.earliest == window.latest => window.earliest.to_string(),
        Some(window) => format!("between {} and {}", window.earliest, window.latest),
        None => "at a time that is not known".to_owned(),
    }
}
