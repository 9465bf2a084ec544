//! Sheets of paper that never existed: set in type, every word with its box.

mod page;
mod plates;
mod prose;

use crate::geometry::Homography;
use crate::ink::{self, Colour, Letters};
use crate::rng::Rng;
use crate::words::{Affair, Said};
use image::{Rgb, RgbImage};

/// Pixels of a sheet held upright: US letter at 200 dots an inch. A slide has them the other way round.
pub const SHEET: (u32, u32) = (1700, 2200);

/// How a sheet looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Look {
    /// Sans memorandum with a block of headings.
    Memo,
    /// Signal in mono type, capitals, numbered paragraphs.
    Cable,
    /// Ruled form, filled in by typewriter, with a table of figures.
    Form,
    /// Slide, landscape: bullets beside a bar chart.
    Slide,
    /// Letter in serif type with crest and signature.
    Letter,
    /// Minutes of a meeting: serif, numbered items, list of those present.
    Minutes,
    /// Sketch map with places, routes and a key.
    Map,
}

impl Look {
    /// All of them.
    pub const ALL: [Self; 7] =
        [Self::Memo, Self::Cable, Self::Form, Self::Slide, Self::Letter, Self::Minutes, Self::Map];

    /// Its name in `truth.json`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Memo => "memo",
            Self::Cable => "cable",
            Self::Form => "form",
            Self::Slide => "slide",
            Self::Letter => "letter",
            Self::Minutes => "minutes",
            Self::Map => "map",
        }
    }

    const fn size(self) -> (u32, u32) {
        if matches!(self, Self::Slide) { (SHEET.1, SHEET.0) } else { SHEET }
    }
}

/// One word on a sheet, in reading order.
#[derive(Debug, Clone, PartialEq)]
pub struct Word {
    /// What it says.
    pub text: String,
    /// `[x, y, width, height]` of its line box, in sheet pixels.
    pub area: [f64; 4],
    /// Which of the sheet's marks draws it.
    pub mark: usize,
}

/// One thing drawn on a sheet. Coordinates are sheet pixels.
#[derive(Debug, Clone, PartialEq)]
pub enum Mark {
    /// A word.
    Letters(Letters),
    /// A filled box: `[x, y, width, height]`.
    Fill([f32; 4], Colour),
    /// A line through points, with its width.
    Stroke(Vec<(f32, f32)>, f32, Colour),
    /// A ring: centre, radius, line width (a disc if the width is not less than the radius).
    Ring((f32, f32), f32, f32, Colour),
}

/// One page of a document, before any camera saw it.
#[derive(Debug, Clone, PartialEq)]
pub struct Sheet {
    /// How it looks.
    pub look: Look,
    /// Width and height in pixels.
    pub size: (u32, u32),
    /// What is drawn, in painting order.
    pub marks: Vec<Mark>,
    /// Its words, in reading order.
    pub words: Vec<Word>,
    /// Banner at head and foot.
    pub marking: String,
    /// Serial number.
    pub serial: String,
    /// The date as printed.
    pub date: String,
    /// Page number, from 1, and the number of pages.
    pub page: (usize, usize),
    /// The sentences of reported speech on it.
    pub said: Vec<Said>,
}

impl Sheet {
    /// The sheet as pixels.
    #[must_use]
    pub fn raster(&self) -> RgbImage {
        let mut image = RgbImage::from_pixel(self.size.0, self.size.1, Rgb([253, 253, 251]));
        for mark in &self.marks {
            match mark {
                Mark::Letters(letters) => letters.draw(&mut image),
                Mark::Fill(area, rgb) => ink::fill(&mut image, *area, *rgb),
                Mark::Stroke(points, width, rgb) => ink::stroke(&mut image, points, *width, *rgb, 1.0),
                Mark::Ring(centre, r, width, rgb) => ink::ring(&mut image, *centre, *r, *width, *rgb, 1.0),
            }
        }
        image
    }

    /// All words, joined by spaces.
    #[must_use]
    pub fn text(&self) -> String {
        self.words.iter().map(|w| w.text.as_str()).filter(|t| !t.is_empty()).collect::<Vec<_>>().join(" ")
    }

    /// The map from the frame of `truth.json`, 1700 x 2200 whatever the sheet, to this sheet's pixels.
    /// It stretches a slide and leaves any other sheet as it is.
    #[must_use]
    pub fn frame(&self) -> Homography {
        let (w, h) = (f64::from(self.size.0), f64::from(self.size.1));
        Homography::stretch(w / f64::from(SHEET.0), h / f64::from(SHEET.1), 0.0, 0.0)
    }
}

/// A document of `pages` sheets in one look about one affair.
pub fn document(rng: &mut Rng, look: Look, pages: usize) -> Vec<Sheet> {
    let affair = Affair::new(rng);
    let style = page::Style::new(rng, look, &affair);
    (1..=pages).map(|page| set(&affair, style, look, (page, pages), rng)).collect()
}

/// A document of one sheet.
pub fn sheet(rng: &mut Rng, look: Look) -> Sheet {
    let affair = Affair::new(rng);
    let style = page::Style::new(rng, look, &affair);
    set(&affair, style, look, (1, 1), rng)
}

fn set(affair: &Affair, style: page::Style, look: Look, page: (usize, usize), rng: &mut Rng) -> Sheet {
    let mut p = page::Page::new(affair, style, look, page);
    match look {
        Look::Memo => prose::memo(&mut p, affair, rng),
        Look::Cable => prose::cable(&mut p, affair, rng),
        Look::Letter => prose::letter(&mut p, affair, rng),
        Look::Minutes => prose::minutes(&mut p, affair, rng),
        Look::Form => plates::form(&mut p, affair, rng),
        Look::Slide => plates::slide(&mut p, affair, rng),
        Look::Map => plates::map(&mut p, affair, rng),
    }
    p.finish()
}

/// A till receipt: a picture that belongs to no document.
pub fn receipt(rng: &mut Rng) -> RgbImage {
    plates::receipt(rng)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn words_lie_on_the_paper_and_on_ink() {
        for (n, look) in Look::ALL.into_iter().enumerate() {
            let sheet = sheet(&mut Rng::new(40 + n as u64), look);
            let image = sheet.raster();
            assert!(sheet.words.len() > 50, "{look:?}: {} words", sheet.words.len());
            for word in &sheet.words {
                let [x, y, w, h] = word.area;
                assert!(
                    x >= 0.0
                        && y >= 0.0
                        && x + w <= f64::from(sheet.size.0)
                        && y + h <= f64::from(sheet.size.1),
                    "{look:?} {word:?}"
                );
                let inside = |f: &dyn Fn(u8, u8) -> u8, from: u8| {
                    (y as u32..(y + h) as u32)
                        .flat_map(|py| (x as u32..(x + w) as u32).map(move |px| (px, py)))
                        .fold(from, |best, (px, py)| f(best, image.get_pixel(px, py).0[1]))
                };
                let (dark, light) = (inside(&u8::min, 255), inside(&u8::max, 0));
                assert!(light - dark > 60, "{look:?} {word:?}: {dark}..{light}");
            }
        }
    }

    #[test]
    fn two_documents_say_different_things() {
        let pairs = |seed| {
            let s = sheet(&mut Rng::new(seed), Look::Memo);
            s.words.windows(3).map(|w| [0, 1, 2].map(|k| w[k].text.clone())).collect::<BTreeSet<_>>()
        };
        let (a, b) = (pairs(1), pairs(2));
        assert!(a.intersection(&b).count() * 3 < a.len(), "{} of {}", a.intersection(&b).count(), a.len());
    }

    #[test]
    fn pages_of_a_document_share_serial_and_marking() {
        let pages = document(&mut Rng::new(9), Look::Minutes, 3);
        assert_eq!(pages.len(), 3);
        assert!(pages.iter().all(|p| p.serial == pages[0].serial && p.marking == pages[0].marking));
        assert!(pages[1].text().contains("Page 2 of 3"), "{}", pages[1].text());
    }
}
