//! Cuttings of the places at which pictures differ.

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use maud::Markup;
use texts::html;

use super::Previews;
use super::book::{Book, address};
use super::differ;

/// Cuttings in a report, at most: about 5 MB.
const MOST: usize = 900;

/// The cuttings of a report, as text for `data:` addresses, by alteration and side.
pub(crate) struct Places {
    /// None: they are asked for one by one.
    cut: Option<BTreeMap<(String, bool), String>>,
}

impl Places {
    pub fn of(book: &Book, previews: &Previews) -> Self {
        let mut cut = BTreeMap::new();
        let rows = book.sheets.iter().flat_map(|sheet| differ::altered(book, sheet));
        for row in rows.take(MOST / 2) {
            for (own, picture, quad) in
                [(true, &row.picture, &row.quad), (false, &row.against, &row.quad_against)]
            {
                let jpeg =
                    (previews.place)(picture, quad).filter(|bytes| bytes.starts_with(&[0xff, 0xd8, 0xff]));
                cut.extend(jpeg.map(|jpeg| ((row.id.clone(), own), STANDARD.encode(jpeg))));
            }
        }
        Self { cut: Some(cut) }
    }

    /// Those that a workbench hands out.
    pub fn served() -> Self {
        Self { cut: None }
    }

    /// The place on the picture itself (`own`), or on the one it is held against.
    pub fn image(&self, alteration: &str, own: bool, label: &str) -> Markup {
        let Some(cut) = &self.cut else {
            let side = if own { "own" } else { "other" };
            return html! {
                img .cutting src={ "/raster/place/" (address(alteration)) "/" (side) } alt={ "The place on picture " (label) } loading="lazy" decoding="async";
            };
        };
        html! {
            @if let Some(jpeg) = cut.get(&(alteration.to_owned(), own)) {
                img .cutting src={ "data:image/jpeg;base64," (jpeg) } alt={ "The place on picture " (label) } loading="lazy" decoding="async";
            }
        }
    }
}
