//! The dossier indexed and put in the order a reader wants it: sheets numbered, pictures labelled, posts by time.

use std::collections::{BTreeMap, BTreeSet};

use maud::Markup;
use texts::html;

use super::around::Around;
use super::shown::{anchor, name};
use crate::told::{Channel, Contrast, Dossier, Family, Item, Match, Picture, Post};

/// Sheets told in full, sheets in the gallery, posts in the list: at most so many.
pub(crate) const FULL: usize = 500;
pub(crate) const GALLERY: usize = 1000;
pub(crate) const LOGGED: usize = 2000;

pub(crate) struct Book<'a> {
    pub dossier: &'a Dossier,
    /// Sheets in reading order: first those with several pictures or appearances, then the others; each by first
    /// appearance, those never posted last.
    pub sheets: Vec<Sheet<'a>>,
    /// How many of the sheets come first.
    pub many: usize,
    /// Posts that carry pictures, by time.
    pub carriers: Vec<Carrier<'a>>,
    /// Channels that carry pictures, by their first one; then the others, by name.
    pub channels: Vec<&'a Channel>,
    by_id: BTreeMap<&'a str, &'a Channel>,
    items: BTreeMap<&'a str, &'a Item>,
    posts: BTreeMap<&'a str, &'a Post>,
    pictures: BTreeMap<&'a str, &'a Picture>,
    matches: BTreeMap<&'a str, &'a Match>,
    /// By either picture.
    contrasts: BTreeMap<&'a str, Vec<&'a Contrast>>,
    /// The number of the sheet that a picture shows.
    shows: BTreeMap<&'a str, usize>,
    labels: BTreeMap<&'a str, String>,
    logged: BTreeSet<&'a str>,
    told: BTreeSet<&'a str>,
    /// Where each sheet stands among the sheets.
    places: BTreeMap<&'a str, usize>,
    /// Whether every id and every section has a page of its own, as in the workbench; else they are places in one file.
    pub live: bool,
    /// The messages around each post; in a workbench each post has a page with them.
    pub around: Around<'a>,
}

/// A family with its place in the report.
pub(crate) struct Sheet<'a> {
    /// Counted from 1.
    pub number: usize,
    pub family: &'a Family,
    /// The best one first, the others by their first appearance.
    pub pictures: Vec<&'a str>,
}

/// A post and the pictures it carries.
pub(crate) struct Carrier<'a> {
    pub post: &'a Post,
    /// Family and picture, by sheet number.
    pub carries: Vec<(&'a Family, &'a str)>,
}

impl<'a> Book<'a> {
    pub fn of(dossier: &'a Dossier, live: bool) -> Self {
        let (sheets, many) = in_reading_order(dossier);
        let mut labels = BTreeMap::new();
        for sheet in &sheets {
            for (place, picture) in sheet.pictures.iter().enumerate() {
                labels.insert(*picture, format!("{}.{}", sheet.number, place + 1));
            }
        }
        let shows =
            sheets.iter().flat_map(|sheet| sheet.pictures.iter().map(|picture| (*picture, sheet.number)));
        let shows = shows.collect();
        let posts: BTreeMap<&str, &Post> =
            dossier.posts.iter().map(|post| (post.id.as_str(), post)).collect();
        let carriers = by_time(&sheets, &posts);
        let (full, gallery) = sheets.split_at(many);
        let told = full.iter().take(FULL).chain(gallery.iter().take(GALLERY));
        Self {
            channels: by_first_picture(dossier, &carriers),
            by_id: dossier.channels.iter().map(|channel| (channel.id.as_str(), channel)).collect(),
            items: dossier.items.iter().map(|item| (item.id.as_str(), item)).collect(),
            pictures: dossier.pictures.iter().map(|picture| (picture.id.as_str(), picture)).collect(),
            contrasts: by_picture(&dossier.contrasts),
            shows,
            matches: dossier.matches.iter().map(|found| (found.id.as_str(), found)).collect(),
            logged: carriers.iter().take(LOGGED).map(|carrier| carrier.post.id.as_str()).collect(),
            told: told.map(|sheet| sheet.family.id.as_str()).collect(),
            places: sheets
                .iter()
                .enumerate()
                .map(|(place, sheet)| (sheet.family.id.as_str(), place))
                .collect(),
            live,
            around: if live { Around::default() } else { Around::of(dossier) },
            dossier,
            sheets,
            many,
            carriers,
            posts,
            labels,
        }
    }

    pub fn item(&self, id: &str) -> Option<&'a Item> {
        self.items.get(id).copied()
    }

    pub fn post(&self, id: &str) -> Option<&'a Post> {
        self.posts.get(id).copied()
    }

    pub fn picture(&self, id: &str) -> Option<&'a Picture> {
        self.pictures.get(id).copied()
    }

    pub fn found(&self, id: &str) -> Option<&'a Match> {
        self.matches.get(id).copied()
    }

    /// What speaks against a picture's showing the sheet of another.
    pub fn contrasts(&self, picture: &str) -> &[&'a Contrast] {
        self.contrasts.get(picture).map_or(&[], Vec::as_slice)
    }

    /// The number of the sheet that a picture shows.
    pub fn sheet_of(&self, picture: &str) -> Option<usize> {
        self.shows.get(picture).copied()
    }

    pub fn channel(&self, id: &str) -> Option<&'a Channel> {
        self.by_id.get(id).copied()
    }

    /// Whether the list of posts has it, so that it can be linked.
    pub fn is_logged(&self, post: &str) -> bool {
        self.live || self.logged.contains(post)
    }

    /// Whether the sheet is told in full or stands in the gallery, so that it can be linked.
    pub fn is_told(&self, family: &str) -> bool {
        self.live || self.told.contains(family)
    }

    /// The sheet that a family is.
    pub fn sheet(&self, family: &str) -> Option<&Sheet<'a>> {
        self.sheets.get(*self.places.get(family)?)
    }

    /// Where an id is told.
    pub fn to(&self, id: &str) -> String {
        if self.live { format!("/of/{}", address(id)) } else { format!("#{}", anchor(id)) }
    }

    /// A name; where who bears it has a page, it leads there.
    pub fn bearer(&self, id: &str, called: &str) -> Markup {
        html! { @if self.live { a href=(self.to(id)) { (name(called)) } } @else { (name(called)) } }
    }

    /// In a workbench, the way to judge an observation, or to say something of it.
    pub fn ways_to_judge(&self, id: &str) -> Markup {
        html! { @if self.live { " " a .small href={ "/about/" (address(id)) } { "judge or note" } } }
    }

    /// Where a section stands.
    pub fn section(&self, id: &str) -> String {
        format!("{}{id}", if self.live { '/' } else { '#' })
    }

    /// "3.2": the second picture of sheet 3.
    pub fn label(&self, picture: &str) -> &str {
        self.labels.get(picture).map_or("?", String::as_str)
    }
}

/// An id in an address: its word and its digits, and nothing that means anything there.
pub(crate) fn address(id: &str) -> String {
    id.chars().filter(|sign| sign.is_ascii_alphanumeric() || *sign == ':').take(80).collect()
}

/// Whether a family holds more than one picture or appearance.
fn is_many(family: &Family) -> bool {
    family.pictures.len() > 1 || family.appearances.len() > 1
}

fn in_reading_order(dossier: &Dossier) -> (Vec<Sheet<'_>>, usize) {
    let mut families: Vec<&Family> = dossier.families.iter().collect();
    families.sort_by_key(|family| {
        let first = family.first.interval.map(|first| (first.earliest, first.latest));
        (!is_many(family), family.appearances.is_empty(), first.is_none(), first, &family.id)
    });
    let many = families.iter().filter(|family| is_many(family)).count();
    let sheets = families
        .into_iter()
        .enumerate()
        .map(|(place, family)| Sheet { number: place + 1, family, pictures: best_first(family) })
        .collect();
    (sheets, many)
}

fn best_first(family: &Family) -> Vec<&str> {
    let mut pictures: Vec<&str> = Vec::new();
    let mut have = BTreeSet::new();
    let seen = family.appearances.iter().map(|seen| &seen.picture);
    for picture in [&family.best].into_iter().chain(seen).chain(&family.pictures) {
        if have.insert(picture.as_str()) {
            pictures.push(picture);
        }
    }
    pictures
}

fn by_time<'a>(sheets: &[Sheet<'a>], posts: &BTreeMap<&str, &'a Post>) -> Vec<Carrier<'a>> {
    let mut carried: BTreeMap<&str, Vec<(&'a Family, &'a str)>> = BTreeMap::new();
    for sheet in sheets {
        for seen in &sheet.family.appearances {
            carried.entry(&seen.post).or_default().push((sheet.family, &seen.picture));
        }
    }
    let mut carriers: Vec<Carrier> = carried
        .into_iter()
        .filter_map(|(post, carries)| Some(Carrier { post: posts.get(post)?, carries }))
        .collect();
    carriers.sort_by_key(|carrier| {
        let when = carrier.post.when.map(|when| (when.earliest, when.latest));
        (when.is_none(), when, &carrier.post.id)
    });
    carriers
}

fn by_first_picture<'a>(dossier: &'a Dossier, carriers: &[Carrier<'_>]) -> Vec<&'a Channel> {
    let mut place: BTreeMap<&str, usize> = BTreeMap::new();
    for (n, carrier) in carriers.iter().enumerate() {
        place.entry(&carrier.post.channel).or_insert(n);
    }
    let mut channels: Vec<&Channel> = dossier.channels.iter().collect();
    channels.sort_by_key(|channel| {
        let place = place.get(channel.id.as_str());
        (place.is_none(), place, &channel.name, &channel.id)
    });
    channels
}

fn by_picture(contrasts: &[Contrast]) -> BTreeMap<&str, Vec<&Contrast>> {
    let mut all: BTreeMap<&str, Vec<&Contrast>> = BTreeMap::new();
    for contrast in contrasts {
        for picture in [&contrast.a, &contrast.b] {
            all.entry(picture).or_default().push(contrast);
        }
    }
    all
}
