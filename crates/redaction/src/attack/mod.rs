//! What of a withheld region comes back.
//!
//! Each attack is what somebody with the file would do: look beneath, take the parts of the file apart, stretch the contrast,
//! read what sticks out, measure the width. A finding is grave where something that was withheld is there to be had.

pub(crate) mod boxes;
pub(crate) mod container;
mod pdf;

use image::{GrayImage, Luma, RgbImage, imageops};
use serde::{Deserialize, Serialize};

use crate::area::Area;
use crate::choose::{Terms, chosen};
use crate::ink::tips;

/// In which way a redaction is weak.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Weakness {
    /// Words of a text layer stand in the region.
    TextUnder,
    /// A withheld word stands in the text layer elsewhere.
    TextElsewhere,
    /// A box is drawn over the page; what lies under it is still in the file.
    DrawnOver,
    /// Annotations lie over the page.
    Annotations,
    /// The file holds earlier states of itself.
    Revisions,
    /// The file has parts beside its pages: attachments, forms, scripts, layers.
    Parts,
    /// Text objects or fonts in a file that ought to be pixels alone.
    TextObjects,
    /// Metadata: EXIF, XMP, text, comments, document information, times.
    Metadata,
    /// A reduced picture is kept in the file.
    Thumbnail,
    /// A part of the file shows the region as it was.
    PartShows,
    /// Bytes stand behind the end of the picture.
    Trailing,
    /// Pixels can be transparent: what lies under them is in the file.
    Transparency,
    /// The file is encrypted, or could not be taken apart to its end.
    Closed,
    /// The region is not covered.
    Uncovered,
    /// The pixels of the region are not of one colour.
    Uneven,
    /// Words were read in the region.
    Readable,
    /// Letters stick out of the region.
    SticksOut,
    /// A withheld word is still read elsewhere on the page.
    StillRead,
    /// Few of the words that may stand there are as wide as the region.
    WidthFits,
    /// Another picture of the sheet shows the place.
    Twin,
}

impl Weakness {
    /// In a few words.
    pub fn says(self) -> &'static str {
        match self {
            Self::TextUnder => "words of the file's text layer stand in the region",
            Self::TextElsewhere => "a withheld word stands in the file's text layer",
            Self::DrawnOver => "a box is drawn over the page; what lies under it is still in the file",
            Self::Annotations => "annotations lie over the page",
            Self::Revisions => "the file holds earlier states of itself",
            Self::Parts => "the file has parts beside its pages",
            Self::TextObjects => "the file holds text or fonts",
            Self::Metadata => "metadata is left",
            Self::Thumbnail => "a reduced picture is left in the file",
            Self::PartShows => "a part of the file shows the region as it was",
            Self::Trailing => "bytes stand behind the end of the picture",
            Self::Transparency => "pixels can be transparent; what lies under them is in the file",
            Self::Closed => "the file could not be taken apart to its end",
            Self::Uncovered => "the region is not covered",
            Self::Uneven => "the pixels of the region are not of one colour",
            Self::Readable => "words were read in the region",
            Self::SticksOut => "letters stick out of the region",
            Self::StillRead => "a withheld word is still read elsewhere on the page",
            Self::WidthFits => "few words that may stand there are as wide as the region",
            Self::Twin => "another picture of the sheet shows the place",
        }
    }

    /// Whether by itself it gives back what was withheld, or a part of it.
    pub fn grave(self) -> bool {
        !matches!(
            self,
            Self::Annotations
                | Self::Parts
                | Self::TextObjects
                | Self::Metadata
                | Self::Thumbnail
                | Self::Revisions
                | Self::Trailing
                | Self::DrawnOver
                | Self::Transparency
                | Self::Closed
                | Self::Uneven
                | Self::WidthFits
                | Self::SticksOut
        )
    }
}

/// What an attack found.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Finding {
    /// In which way it is weak.
    pub weakness: Weakness,
    /// The page, counted from 0; none if it is about the file.
    pub page: Option<usize>,
    /// The region.
    pub area: Option<Area>,
    /// Particulars; never the words themselves.
    pub detail: String,
}

impl Finding {
    pub(crate) fn of_file(weakness: Weakness, detail: impl Into<String>) -> Self {
        Self { weakness, page: None, area: None, detail: detail.into() }
    }

    fn at(weakness: Weakness, page: usize, area: Area, detail: impl Into<String>) -> Self {
        Self { weakness, page: Some(page), area: Some(area), detail: detail.into() }
    }

    /// In a sentence.
    pub fn says(&self) -> String {
        let mut said = self.weakness.says().to_owned();
        if !self.detail.is_empty() {
            said = format!("{said}: {}", self.detail);
        }
        if let Some(page) = self.page.filter(|page| *page > 0) {
            said = format!("{said}, on page {}", page + 1);
        }
        match self.area {
            Some(Area { x, y, width, height }) => format!("{said} ({width} x {height} at {x}, {y})"),
            None => said,
        }
    }
}

/// A word that was read, or that stands in a text layer.
#[derive(Clone, Debug, PartialEq)]
pub struct Seen {
    /// The word.
    pub text: String,
    /// Where, in pixels of the raster it was read on.
    pub area: Area,
    /// The chance that it is wrong, 0 to 1.
    pub doubt: f64,
}

/// One page of a redacted file.
pub struct Page<'a> {
    /// Counted from 0.
    pub number: usize,
    /// Its pixels.
    pub raster: &'a RgbImage,
    /// Pixels at the edges of a region that do not count: a lossy encoding (JPEG: 8) or a rendering smears them.
    pub edge: u32,
    /// The words of its text layer.
    pub layer: &'a [Seen],
    /// The regions that were withheld.
    pub regions: &'a [Area],
}

/// Reads the words on a raster.
pub type Reader<'a> = &'a mut dyn FnMut(&GrayImage) -> Vec<Seen>;

/// Levels between the darkest and the lightest pixel from which on a region is not covered.
const COVERED: u8 = 40;
/// A word counts as read from this doubt down.
const READ: f64 = 0.6;

/// Attacks one page; `withheld` are the words that must not come back, if they are known.
pub fn attack(page: &Page, withheld: &Terms, read: Reader) -> Vec<Finding> {
    let mut found = Vec::new();
    let grey = imageops::grayscale(page.raster);
    let size = page.raster.dimensions();
    let areas: Vec<Area> = page.regions.iter().filter_map(|area| area.clipped(size)).collect();
    for area in &areas {
        found.extend(beneath(page, *area));
        found.extend(pixels(page, &grey, *area, read));
        if !tips(&grey, area).is_empty() {
            found.push(Finding::at(Weakness::SticksOut, page.number, *area, ""));
        }
    }
    if elsewhere(page.layer, withheld) > 0 {
        let detail = format!("page {}", page.number + 1);
        found.push(Finding::of_file(Weakness::TextElsewhere, detail));
    }
    let whole = read(&grey);
    for seen in still_read(&whole, withheld) {
        found.push(Finding::at(Weakness::StillRead, page.number, seen, ""));
    }
    found.extend(widths(page.number, &areas, &whole, withheld));
    found.sort();
    found.dedup();
    found
}

/// Words of the text layer in a region.
fn beneath(page: &Page, area: Area) -> Option<Finding> {
    let under = page.layer.iter().filter(|word| overlap(&word.area, &area) * 3 > word.area.size()).count();
    let detail = format!("{under} of them");
    (under > 0).then(|| Finding::at(Weakness::TextUnder, page.number, area, detail))
}

fn overlap(a: &Area, b: &Area) -> u64 {
    let wide = a.right().min(b.right()).saturating_sub(a.x.max(b.x));
    let high = a.bottom().min(b.bottom()).saturating_sub(a.y.max(b.y));
    u64::from(wide) * u64::from(high)
}

/// The pixels of a region: one colour, nearly one, or not covered; and what can be read in them once they are stretched.
fn pixels(page: &Page, grey: &GrayImage, area: Area, read: Reader) -> Vec<Finding> {
    let inner = area.shrunk(page.edge).unwrap_or(area);
    let spread = spread(page.raster, inner);
    if spread == 0 {
        return Vec::new();
    }
    let at = |weakness, detail: String| Finding::at(weakness, page.number, area, detail);
    let weakness = if spread > COVERED { Weakness::Uncovered } else { Weakness::Uneven };
    let mut found = vec![at(weakness, format!("they span {spread} levels"))];
    let words: usize = stretched(grey, inner).iter().map(|raster| legible(&read(raster))).max().unwrap_or(0);
    if words > 0 {
        found.push(at(Weakness::Readable, format!("{words} of them, its contrast stretched")));
    }
    found
}

/// Levels between the darkest and the lightest pixel, in the channel in which they lie furthest apart.
fn spread(raster: &RgbImage, area: Area) -> u8 {
    let (mut least, mut most) = ([255_u8; 3], [0_u8; 3]);
    for y in area.y..area.bottom() {
        for x in area.x..area.right() {
            for (channel, level) in raster.get_pixel(x, y).0.into_iter().enumerate() {
                least[channel] = least[channel].min(level);
                most[channel] = most[channel].max(level);
            }
        }
    }
    (0..3).map(|channel| most[channel].saturating_sub(least[channel])).max().unwrap_or(0)
}

/// The region with its contrast stretched, dark on light both ways, large enough to be read.
fn stretched(grey: &GrayImage, area: Area) -> Vec<GrayImage> {
    let cut = imageops::crop_imm(grey, area.x, area.y, area.width, area.height).to_image();
    let (least, most) =
        cut.pixels().fold((255, 0), |(least, most), pixel| (pixel[0].min(least), pixel[0].max(most)));
    if most <= least {
        return Vec::new();
    }
    let span = u32::from(most - least);
    let level = |value: u8| (u32::from(value - least) * 255 / span) as u8;
    let scale = (96 / area.height.max(1)).clamp(1, 4);
    let both = [false, true].map(|turned| {
        let wide =
            imageops::resize(&cut, area.width * scale, area.height * scale, imageops::FilterType::Triangle);
        let edge = 24;
        let mut out = GrayImage::from_pixel(wide.width() + 2 * edge, wide.height() + 2 * edge, Luma([255]));
        for (x, y, pixel) in wide.enumerate_pixels() {
            let level = level(pixel[0].clamp(least, most));
            out.put_pixel(x + edge, y + edge, Luma([if turned { 255 - level } else { level }]));
        }
        out
    });
    both.into_iter().collect()
}

/// Words that count as read: of three letters or more, without much doubt.
fn legible(seen: &[Seen]) -> usize {
    let read =
        |word: &&Seen| word.doubt <= READ && word.text.chars().filter(|c| c.is_alphanumeric()).count() >= 3;
    seen.iter().filter(read).count()
}

fn elsewhere(layer: &[Seen], withheld: &Terms) -> usize {
    let words: Vec<&str> = layer.iter().map(|word| word.text.as_str()).collect();
    chosen(&words, std::slice::from_ref(withheld)).len()
}

/// Where withheld words are still read.
fn still_read(whole: &[Seen], withheld: &Terms) -> Vec<Area> {
    let words: Vec<&str> = whole.iter().map(|word| word.text.as_str()).collect();
    let picks = chosen(&words, std::slice::from_ref(withheld));
    let read = picks.iter().filter_map(|pick| whole.get(pick.word));
    read.map(|word| word.area).collect()
}

/// Regions of which the width leaves few of the withheld terms.
fn widths(page: usize, areas: &[Area], whole: &[Seen], withheld: &Terms) -> Vec<Finding> {
    const FEW: usize = 3;
    let (letters, pixels) =
        whole.iter().filter(|word| word.doubt <= READ).fold((0, 0), |(n, width), word| {
            (n + word.text.chars().count() as u32 + 1, width + word.area.width + word.area.height / 3)
        });
    if letters < 60 || withheld.0.len() <= FEW {
        return Vec::new();
    }
    let letter = f64::from(pixels) / f64::from(letters);
    let counts: Vec<f64> = withheld.0.iter().map(|term| term.letters() as f64).collect();
    let mut found = Vec::new();
    for area in areas {
        let wide = f64::from(area.width) / letter;
        let fits = counts.iter().filter(|count| wide >= **count * 0.9 && wide <= **count * 1.1 + 3.0).count();
        if (1..=FEW).contains(&fits) {
            let detail = format!("{fits} of {}", counts.len());
            found.push(Finding::at(Weakness::WidthFits, page, *area, detail));
        }
    }
    found
}

/// What a part of a file shows of the regions of a page: the page's regions held against the part as if it showed the whole
/// page. Only a part of about the page's shape is compared.
pub fn laid_on(part: &RgbImage, what: &str, page: &Page) -> Vec<Finding> {
    let (of, size) = (page.raster.dimensions(), part.dimensions());
    let shape = |(width, height): (u32, u32)| f64::from(width) / f64::from(height.max(1));
    if size.0 < 8 || size.1 < 8 || (shape(of) / shape(size) - 1.0).abs() > 0.1 {
        return Vec::new();
    }
    let mut found = Vec::new();
    for area in page.regions {
        let Some(there) = area.clipped(of).and_then(|area| area.scaled(of, size)) else { continue };
        // The edge of a box is smeared over a pixel or two of a reduced picture.
        let inner = there.shrunk(2).or_else(|| there.shrunk(1)).unwrap_or(there);
        if spread(part, inner) > COVERED || lighter(part, inner, page.raster, *area) {
            found.push(Finding::at(Weakness::PartShows, page.number, *area, what));
        }
    }
    found
}

/// Whether a place is much lighter on the part than on the page: paper where the page has a box.
fn lighter(part: &RgbImage, there: Area, page: &RgbImage, here: Area) -> bool {
    let Some(here) = here.clipped(page.dimensions()) else { return false };
    (mean(part, there) - mean(page, here)).abs() > f64::from(COVERED)
}

fn mean(raster: &RgbImage, area: Area) -> f64 {
    let mut sum = 0_u64;
    for y in area.y..area.bottom() {
        for x in area.x..area.right() {
            sum += raster.get_pixel(x, y).0.iter().map(|level| u64::from(*level)).sum::<u64>();
        }
    }
    sum as f64 / (area.size().max(1) as f64 * 3.0)
}
