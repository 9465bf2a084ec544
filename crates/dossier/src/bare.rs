//! Nouns read without their words: of thousands of readings the words are most of the bytes, and an account needs none of them.

use case::{Derived, Error};
use model::{
    Dated, Digest, Dissent, FamilyId, FamilyReading, Marking, Noun, Page, PageId, PictureId, Printed,
    Reading, TextLayer, When,
};
use serde::Deserialize;
use serde::de::IgnoredAny;

#[derive(Deserialize)]
struct BareReading {
    picture: PictureId,
    text: String,
    #[serde(rename = "words")]
    _words: IgnoredAny,
    markings: Vec<Marking>,
    dates: Vec<Dated>,
    printed: Vec<Printed>,
    reader: String,
    turned: u8,
}

#[derive(Deserialize)]
struct BareSheet {
    family: FamilyId,
    text: String,
    #[serde(rename = "words")]
    _words: IgnoredAny,
    markings: Vec<Marking>,
    banner: Option<String>,
    dates: Vec<Dated>,
    printed: Vec<Printed>,
    dissents: Vec<Dissent>,
}

#[derive(Deserialize)]
struct BarePage {
    id: PageId,
    blob: Digest,
    number: u32,
    width: u32,
    height: u32,
    dpi: Option<f64>,
    orientation: u8,
    pixels: Digest,
    proxy: Digest,
    times: Vec<When>,
    software: Option<String>,
    text_layer: Option<BareLayer>,
}

#[derive(Deserialize)]
struct BareLayer {
    text: String,
    unknown_glyphs: u32,
}

/// What was read on each picture, without the words' places.
pub(crate) fn readings(derived: &Derived) -> Result<Vec<Reading>, Error> {
    let mut readings = Vec::new();
    derived.each_body(Reading::KIND, |body| {
        let BareReading { picture, text, markings, dates, printed, reader, turned, .. } =
            serde_json::from_str(body)?;
        readings.push(Reading { picture, text, words: Vec::new(), markings, dates, printed, reader, turned });
        Ok(())
    })?;
    Ok(readings)
}

/// What the pictures of each sheet say together; with words where they are wanted.
pub(crate) fn sheets(
    derived: &Derived,
    with_words: impl Fn(FamilyId) -> bool,
) -> Result<Vec<FamilyReading>, Error> {
    let mut sheets = Vec::new();
    derived.each_body(FamilyReading::KIND, |body| {
        let bare: BareSheet = serde_json::from_str(body)?;
        sheets.push(if with_words(bare.family) {
            serde_json::from_str(body)?
        } else {
            let BareSheet { family, text, markings, banner, dates, printed, dissents, .. } = bare;
            FamilyReading { family, text, words: Vec::new(), markings, banner, dates, printed, dissents }
        });
        Ok(())
    })?;
    Ok(sheets)
}

/// The pages, without the places of words in their text layers.
pub(crate) fn pages(derived: &Derived) -> Result<Vec<Page>, Error> {
    let mut pages = Vec::new();
    derived.each_body(Page::KIND, |body| {
        let bare: BarePage = serde_json::from_str(body)?;
        let layer = |layer: BareLayer| TextLayer {
            text: layer.text,
            words: Vec::new(),
            unknown_glyphs: layer.unknown_glyphs,
        };
        pages.push(Page {
            id: bare.id,
            blob: bare.blob,
            number: bare.number,
            width: bare.width,
            height: bare.height,
            dpi: bare.dpi,
            orientation: bare.orientation,
            pixels: bare.pixels,
            proxy: bare.proxy,
            times: bare.times,
            software: bare.software,
            text_layer: bare.text_layer.map(layer),
        });
        Ok(())
    })?;
    Ok(pages)
}
