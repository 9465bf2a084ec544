//! Sheets as a grid: filtered, sorted, a page at a time.

use std::collections::{BTreeMap, BTreeSet};

use maud::Markup;
use texts::html;

use crate::pager::Page;
use crate::report::book::{Book, Sheet};
use crate::report::sheets::summary;
use crate::report::shown::{plain, when};
use crate::told::AlterationKind;

/// Which sheets, and in which order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Words that stand in the text as read, or in the marking.
    pub words: String,
    /// Whose pictures differ, or do not.
    pub differs: Option<bool>,
    /// That were seen in a channel.
    pub channel: Option<String>,
    /// With this banner.
    pub banner: Option<String>,
    /// In several pictures or appearances, or once.
    pub several: Option<bool>,
    /// The order.
    pub order: Order,
    /// The page, counted from 1.
    pub page: usize,
}

/// The order of sheets.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// By their numbers, which follow the first appearance.
    #[default]
    First,
    /// Those with most pictures first.
    Pictures,
    /// Those with most versions first.
    Versions,
    /// Those with most appearances first.
    Appearances,
}

/// What is asked of every sheet, counted once.
pub(super) struct Grid {
    /// By family: versions, and whether its pictures differ.
    versions: BTreeMap<String, usize>,
    differs: BTreeSet<String>,
    /// The banners that are read, with how many sheets bear each.
    banners: BTreeMap<String, usize>,
}

impl Grid {
    pub fn of(book: &Book) -> Self {
        let mut versions: BTreeMap<String, usize> = BTreeMap::new();
        for version in &book.dossier.versions {
            *versions.entry(version.family.clone()).or_default() += 1;
        }
        let altered = book.dossier.alterations.iter().filter(|row| row.kind != AlterationKind::Obscured);
        let mut banners: BTreeMap<String, usize> = BTreeMap::new();
        for banner in book.dossier.families.iter().filter_map(|family| family.marking.banner.as_ref()) {
            *banners.entry(banner.clone()).or_default() += 1;
        }
        let differs = altered.filter_map(|row| book.picture(&row.picture)?.family.clone()).collect();
        Self { versions, differs, banners }
    }

    fn versions(&self, sheet: &Sheet) -> usize {
        self.versions.get(&sheet.family.id).copied().unwrap_or(0)
    }

    fn has(&self, sheet: &Sheet, wanted: &Wanted) -> bool {
        let family = sheet.family;
        let several = family.pictures.len() > 1 || family.appearances.len() > 1;
        let words = wanted.words.to_lowercase();
        let said = |word: &str| {
            let text = family.text.iter().chain(&family.marking.banner);
            text.map(|text| text.to_lowercase()).any(|text| text.contains(word))
        };
        wanted.differs.is_none_or(|differs| differs == self.differs.contains(&family.id))
            && wanted.several.is_none_or(|wanted| wanted == several)
            && wanted.banner.as_ref().is_none_or(|banner| family.marking.banner.as_ref() == Some(banner))
            && wanted.channel.as_ref().is_none_or(|channel| {
                family.appearances.iter().any(|seen| seen.channel.as_ref() == Some(channel))
            })
            && words.split_whitespace().all(said)
    }
}

pub(super) fn grid(book: &Book, grid: &Grid, wanted: &Wanted) -> (Markup, Page) {
    let mut sheets: Vec<&Sheet> = book.sheets.iter().filter(|sheet| grid.has(sheet, wanted)).collect();
    let most = |count: fn(&Sheet, &Grid) -> usize| {
        move |sheet: &&Sheet| (std::cmp::Reverse(count(sheet, grid)), sheet.number)
    };
    match wanted.order {
        Order::First => {}
        Order::Pictures => sheets.sort_by_key(most(|sheet, _| sheet.pictures.len())),
        Order::Versions => sheets.sort_by_key(most(|sheet, grid| grid.versions(sheet))),
        Order::Appearances => sheets.sort_by_key(most(|sheet, _| sheet.family.appearances.len())),
    }
    let page = Page::of(wanted.page, sheets.len());
    let rows = sheets.get(page.rows()).unwrap_or_default();
    let list = html! { ul .grid { @for sheet in rows { (cell(book, grid, sheet)) } } };
    (list, page)
}

fn cell(book: &Book, grid: &Grid, sheet: &Sheet) -> Markup {
    let family = sheet.family;
    let versions = grid.versions(sheet);
    html! {
        li data-row {
            img src={ "/raster/thumb/" (family.best) } alt="" loading="lazy" decoding="async";
            a href=(book.to(&family.id)) { "Sheet " (sheet.number) }
            span .small { (summary(sheet)) }
            span .small { (when(family.first.interval.as_ref())) }
            @if let Some(banner) = &family.marking.banner { span .small { (plain(banner, 80)) } }
            @if versions > 1 { span .chip { (versions) " versions" } } @else if grid.differs.contains(&family.id) { span .chip { "differs" } }
        }
    }
}

impl super::Live {
    /// The banners that are read on sheets, with how many sheets bear each.
    pub fn banners(&self) -> &BTreeMap<String, usize> {
        &self.held.borrow_dependent().grid.banners
    }
}
