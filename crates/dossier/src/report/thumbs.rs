use std::collections::BTreeMap;

use maud::Markup;
use texts::html;

use super::book::{Book, address};
use super::shown::{name, plain};
use super::{Preview, embedded};

/// How many pictures get a thumbnail, at most: about 6 MB of report.
const MOST: usize = 600;
/// How many thumbnails a sheet shows, at most.
pub(crate) const IN_STRIP: usize = 24;

/// The thumbnails of a report, as text for `data:` addresses.
pub(crate) struct Thumbs<'a> {
    /// None: they are asked for one by one.
    shown: Option<BTreeMap<&'a str, String>>,
    /// How many pictures have none because there are too many.
    pub left_out: usize,
}

impl<'a> Thumbs<'a> {
    /// The best picture of every sheet first, then the others.
    pub fn of(book: &Book<'a>, thumbnail: Preview) -> Self {
        let best = book.sheets.iter().filter_map(|sheet| sheet.pictures.first());
        let others = book.sheets.iter().flat_map(|sheet| sheet.pictures.iter().take(IN_STRIP).skip(1));
        let wanted: Vec<&str> = best.chain(others).copied().collect();
        let shown = Some(embedded(thumbnail, &wanted[..wanted.len().min(MOST)]));
        Self { shown, left_out: wanted.len().saturating_sub(MOST) }
    }

    /// Those that a workbench hands out.
    pub fn served() -> Self {
        Self { shown: None, left_out: 0 }
    }

    /// A picture as an image, or as an empty frame.
    pub fn image(&self, book: &Book, picture: &str) -> Markup {
        let label = book.label(picture);
        let Some(shown) = &self.shown else {
            return html! {
                a href=(book.to(picture)) {
                    img src={ "/raster/thumb/" (address(picture)) } alt={ "Picture " (label) } loading="lazy" decoding="async";
                }
            };
        };
        match shown.get(picture) {
            Some(jpeg) => html! {
                img src={ "data:image/jpeg;base64," (jpeg) } alt={ "Picture " (label) } loading="lazy" decoding="async";
            },
            None => {
                html! { span .blank role="img" aria-label={ "Picture " (label) ", no preview" } { "no preview" } }
            }
        }
    }
}

/// What is known of a picture, in a few words.
pub(crate) fn caption(book: &Book, id: &str) -> Markup {
    let Some(picture) = book.picture(id) else {
        return html! {};
    };
    let file = picture.item.as_deref().and_then(|item| book.item(item));
    html! {
        span .muted { (picture.width) " × " (picture.height) " px" }
        @if picture.capture != crate::told::Capture::Unknown { " · " (picture.capture.shown()) }
        @if picture.page > 0 || file.is_some_and(|file| file.kind == crate::told::Kind::Pdf) {
            " · page " (picture.page + 1)
        }
        @if picture.items.len() > 1 { " · in " (picture.items.len()) " files" }
        @if let Some(file) = file { span .file title=(plain(&file.path, 400)) { (name(&file.name)) } }
    }
}
