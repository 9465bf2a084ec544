//! The page view: a picture set upright, its words as text that can be selected, over it what was found where, and at its
//! margin what that is. Works without scripts; with them it zooms, and notes and places light each other up.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use maud::Markup;
use model::{Picture, Quad, Reading};
use rayon::prelude::*;
use texts::{html, say};

mod found;
mod layers;

use self::found::Layer;
use self::layers::Frame;
use super::book::{Book, Sheet};
use super::shown::{number, plain};

/// Pages in a report, at most: about 4 MB.
const MOST: usize = 24;
/// Lines of the margin strip, at most.
const MARGIN: usize = 200;

/// A picture of the case that is laid open.
pub struct Opened {
    /// It, set upright: a small JPEG of our own making.
    pub upright: Vec<u8>,
    /// How it lies.
    pub picture: Picture,
    /// What was read on it, with the places of its words.
    pub reading: Option<Reading>,
}

/// A picture whose raster has an address.
pub(crate) struct Laid<'a> {
    pub source: String,
    pub picture: &'a Picture,
    pub reading: Option<&'a Reading>,
}

/// What somebody who opens a page looks for.
#[derive(Clone, Debug, Default)]
pub struct Sought {
    /// Words of a query, as [`crate::terms`] has them.
    pub terms: Vec<String>,
    /// A place that was cited, in pixels of the page.
    pub cited: Option<Quad>,
}

/// The pages that stand in a report: the best picture of each sheet, then others.
pub(crate) struct Pages<'a> {
    shown: BTreeMap<&'a str, Opened>,
    /// Pictures that have none because there are too many.
    pub left_out: usize,
}

impl<'a> Pages<'a> {
    pub fn of(book: &Book<'a>, page: &(dyn Fn(&str) -> Option<Opened> + Sync)) -> Self {
        let told = || book.sheets.iter().filter(|sheet| book.is_told(&sheet.family.id));
        let best = told().filter_map(|sheet| sheet.pictures.first());
        let others = told().flat_map(|sheet| sheet.pictures.iter().skip(1));
        let wanted: Vec<&str> = best.chain(others).copied().collect();
        let left_out = wanted.len().saturating_sub(MOST);
        let wanted = &wanted[..wanted.len() - left_out];
        let made = wanted.par_iter().with_max_len(1).filter_map(|id| Some((*id, page(id)?)));
        let shown = made.filter(|(_, page)| super::is_jpeg(&page.upright)).collect();
        Self { shown, left_out }
    }

    /// None: in a workbench each picture has a page of its own.
    pub fn elsewhere() -> Self {
        Self { shown: BTreeMap::new(), left_out: 0 }
    }

    /// Those of a sheet.
    pub fn shown(&self, book: &Book, sheet: &Sheet) -> Markup {
        let pages = sheet.pictures.iter().filter_map(|id| self.shown.get(id));
        html! {
            @for open in pages {
                details .opened {
                    summary { "Picture " (book.label(&open.picture.id.to_string())) ", what was found where on it" }
                    (page(book, &open.laid(), &Sought::default()))
                }
            }
        }
    }
}

impl Opened {
    fn laid(&self) -> Laid<'_> {
        let source = format!("data:image/jpeg;base64,{}", STANDARD.encode(&self.upright));
        Laid { source, picture: &self.picture, reading: self.reading.as_ref() }
    }
}

/// A picture as a page.
pub(crate) fn page(book: &Book, laid: &Laid, sought: &Sought) -> Markup {
    let id = laid.picture.id.to_string();
    let label = book.label(&id);
    let Some(frame) = Frame::of(laid.picture, &format!("on-{}-", label.replace('.', "-"))) else {
        return html! { p { "This picture cannot be set upright." } };
    };
    let layers = found::layers(book, laid, sought);
    html! {
        div .page {
            div {
                fieldset .layers {
                    legend { "Shown on the page" }
                    @for layer in &layers {
                        label .check { input type="checkbox" class={ "shows-" (layer.class) } checked; (say(layer.name)) " (" (number(layer.marks.len() as u64)) ")" }
                    }
                    @if laid.reading.is_some() { label .check { input type="checkbox" class="shows-word" checked; "Words, to be selected" } }
                }
                div .frame data-zoom tabindex="0" role="group" aria-label={ "Picture " (label) ", with what was found on it" } {
                    div .stage {
                        img src=(laid.source) alt={ "Picture " (label) ", upright" } width=(frame.width) height=(frame.height) decoding="async";
                        svg .overlay viewBox={ "0 0 " (frame.width) " " (frame.height) } {
                            rect .outline width=(frame.width) height=(frame.height) {}
                            @for layer in &layers { (layers::marks(&frame, layer)) }
                            @if let Some(reading) = laid.reading { (layers::words(&frame, reading)) }
                        }
                    }
                }
            }
            aside .margin aria-label={ "What was found on picture " (label) } {
                @for layer in &layers { (notes(&frame, layer, book.live)) }
                @if let Some(reading) = laid.reading {
                    details { summary { "Text as read" } @for line in reading.text.lines().take(MARGIN) { p .line { (plain(line, 400)) } } }
                }
            }
        }
    }
}

/// What a layer marks, as notes that light their places up; what is said of several places is said once.
fn notes(frame: &Frame, layer: &Layer, live: bool) -> Markup {
    let class = layer.class;
    let mut said: Vec<(&str, Vec<usize>)> = Vec::new();
    for (n, (_, says)) in layer.marks.iter().enumerate() {
        match said.iter_mut().find(|(own, _)| own == says) {
            Some((_, places)) => places.push(n),
            None => said.push((says, vec![n])),
        }
    }
    html! {
        @if live { h2 { (say(layer.name)) } } @else { h4 { (say(layer.name)) } }
        ul .about {
            @for (says, places) in said.iter().take(MARGIN) {
                @let names: Vec<String> = places.iter().map(|n| frame.name(class, *n)).collect();
                li class={ "of-" (class) } data-marks=(names.join(" ")) {
                    @if let (Some(first), Some((quad, _))) = (names.first(), places.first().and_then(|n| layer.marks.get(*n))) {
                        a href={ "#" (first) } data-at=(frame.around(quad)) { (plain(says, 160)) }
                        @if names.len() > 1 { " " span .muted { (number(names.len() as u64)) " places" } }
                    }
                }
            }
        }
        @if said.len() > MARGIN { p .note { (said.len() - MARGIN) " more are marked on the page." } }
    }
}
