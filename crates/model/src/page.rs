use serde::{Deserialize, Serialize};

use crate::{Digest, Id, Measure, PageId, PictureId, Quad, Span, When};

/// One surface: a decoded image, or one page of a PDF. The same bytes have the same pages wherever they arrived.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Page {
    /// Made of blob and number.
    pub id: PageId,
    /// The bytes it comes from.
    pub blob: Digest,
    /// Counted from 0.
    pub number: u32,
    /// In pixels, EXIF orientation applied.
    pub width: u32,
    /// In pixels, EXIF orientation applied.
    pub height: u32,
    /// Pixels per inch where the page was rendered at one (PDF).
    pub dpi: Option<f64>,
    /// The EXIF orientation that was applied (1 to 8), 1 where there was none.
    pub orientation: u8,
    /// SHA-256 over width, height and the RGB pixels: equal for pages that look the same to the last bit.
    pub pixels: Digest,
    /// A reduced raster of ours (JPEG, longest side at most 1600 px) among the made files.
    pub proxy: Digest,
    /// Times the file itself tells (EXIF).
    pub times: Vec<When>,
    /// The software or camera the file names.
    pub software: Option<String>,
    /// A PDF's own text.
    pub text_layer: Option<TextLayer>,
}

impl Page {
    /// The id of page `number` of these bytes.
    pub fn id_of(blob: Digest, number: u32) -> PageId {
        PageId::make(|id| {
            id.id(blob).number(u64::from(number));
        })
    }
}

/// The text a PDF carries with a page.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct TextLayer {
    /// Words in the order drawn, lines apart by a line feed.
    pub text: String,
    /// Where each word stands.
    pub words: Vec<TextWord>,
    /// Glyphs whose font does not say which character they are; many of them make the layer unsound.
    pub unknown_glyphs: u32,
}

/// A word of a text layer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TextWord {
    /// Bytes of the layer's text.
    pub span: Span,
    /// On the page, in pixels.
    pub quad: Quad,
}

/// How a sheet came to be a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Capture {
    /// A picture of a screen.
    Screenshot,
    /// Photographed.
    Photo,
    /// Scanned.
    Scan,
    /// Never on paper: rendered from a file.
    BornDigital,
    /// Not looked into.
    Unknown,
}

/// One sheet seen on a page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Picture {
    /// Made of the page and the outline's number.
    pub id: PictureId,
    /// Where it lies.
    pub page: PageId,
    /// The sheet's corners in page pixels, clockwise from the sheet's own top left.
    pub outline: Quad,
    /// How it came to be.
    pub capture: Capture,
    /// What that and the outline rest on.
    pub ground: Vec<Measure>,
    /// The region of the page in which the sheet was sought; what of it lies outside the outline is the margin strip (R13).
    pub within: Quad,
    /// Whether borders were seen all around: the whole sheet is shown.
    pub whole: bool,
    /// The sheet set upright, colours kept (JPEG), among the made files.
    pub upright: Digest,
    /// Width and height of that raster in pixels.
    pub size: (u32, u32),
    /// From pixels of that raster to pixels of the page: a homography, row by row.
    pub to_page: [f64; 9],
}

impl Picture {
    /// The id of the `number`th sheet on `page`.
    pub fn id_of(page: PageId, number: u32) -> PictureId {
        PictureId::make(|id| {
            id.id(page).number(u64::from(number));
        })
    }
}
