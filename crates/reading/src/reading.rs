//! The reading of one picture: words laid onto the page, and what they mark, date and number.

use model::{Dated, Marking, PictureId, Point, Printed, Quad, Reading, Span, Word};

use crate::look::Looked;
use crate::marking::{Laid, markings};
use crate::{dates, printed};

/// Makes a reading of what was looked at. `onto` takes a point of the upright raster to the page (the sheet's homography);
/// `height` is the upright raster's, in pixels; `reader` is [`Tesseract::signature`](crate::Tesseract::signature).
pub fn reading(picture: PictureId, looked: &Looked, height: f64, onto: &dyn Fn(Point) -> Point, reader: String) -> Reading {
    let texts: Vec<(&str, u32)> = looked.words.iter().map(|word| (word.text.as_str(), word.line)).collect();
    let (text, spans) = joined(&texts);
    let down = |quad: &Quad| (quad.0[0].y + quad.0[2].y) / 2.0 / height.max(1.0);
    let downs: Vec<Option<f64>> = looked.words.iter().map(|word| Some(down(&word.quad))).collect();
    let told = told(&texts, &spans, &downs);
    let words = looked.words.iter().zip(&spans).map(|(noted, &span)| Word {
        text: noted.text.clone(),
        span,
        quad: Quad(noted.quad.0.map(onto)),
        doubt: noted.doubt,
        line: noted.line,
        second: noted.second,
    });
    let words = words.collect();
    Reading { picture, text, words, markings: told.0, dates: told.1, printed: told.2, reader }
}

/// Words by spaces and lines by line feeds, and each word's characters in that.
pub(crate) fn joined(words: &[(&str, u32)]) -> (String, Vec<Span>) {
    let (mut text, mut spans, mut at) = (String::new(), Vec::with_capacity(words.len()), 0);
    for (n, (word, line)) in words.iter().enumerate() {
        if n > 0 {
            text.push(if words[n - 1].1 == *line { ' ' } else { '\n' });
            at += 1;
        }
        let length = word.chars().count() as u64;
        spans.push(Span { start: at, length });
        text.push_str(word);
        at += length;
    }
    (text, spans)
}

/// Markings, dates and printed matter in words of a text.
pub(crate) fn told(
    words: &[(&str, u32)],
    spans: &[Span],
    downs: &[Option<f64>],
) -> (Vec<Marking>, Vec<Dated>, Vec<Printed>) {
    let laid: Vec<Laid> = words
        .iter()
        .zip(spans)
        .zip(downs)
        .map(|(((text, line), span), down)| Laid { text, line: *line, down: *down, start: span.start })
        .collect();
    (markings(&laid), dates::dates(&laid), printed::printed(&laid))
}

/// The characters from the first to the last of `count` words.
pub(crate) fn span_of(words: &[Laid], first: usize, count: usize) -> Span {
    let start = words.get(first).map_or(0, |word| word.start);
    let last = words.get((first + count).saturating_sub(1));
    let end = last.map_or(start, |word| word.start + word.text.chars().count() as u64);
    Span { start, length: end.saturating_sub(start) }
}
