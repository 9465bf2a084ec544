//! The reading of one picture: words laid onto the page, and what they mark, date and number.

use model::{Dated, Marking, PictureId, Point, Printed, Quad, Reading, Span, Word};

use crate::look::{Looked, Noted, hull};
use crate::marking::{Laid, markings};
use crate::{dates, printed};

/// Words at more doubt than this are not part of a reading.
pub const DROP: f64 = 0.75;

/// Makes a reading of what was looked at. `onto` takes a point of the upright raster to the page (the sheet's homography);
/// `height` is the upright raster's, in pixels; `reader` is [`Tesseract::signature`](crate::Tesseract::signature).
pub fn reading(
    picture: PictureId,
    looked: &Looked,
    height: f64,
    onto: &dyn Fn(Point) -> Point,
    reader: String,
) -> Reading {
    let down = |quad: &Quad| Some((quad.0[0].y + quad.0[2].y) / 2.0 / height.max(1.0));
    let all = |words: &[Noted]| {
        let texts: Vec<(&str, u32)> = words.iter().map(|word| (word.text.as_str(), word.line)).collect();
        let (text, spans) = joined(&texts);
        let downs: Vec<Option<f64>> = words.iter().map(|word| down(&word.quad)).collect();
        let told = told(&texts, &spans, &downs);
        (text, spans, told)
    };
    let (_, _, first) = all(&looked.words);
    let mut noted = settled(&looked.words, &first.0);
    noted.retain(|word| word.doubt <= DROP);
    let (text, spans, mut told) = all(&noted);
    // What was read before the markings were settled is kept with them.
    for (marking, before) in
        told.0.iter_mut().zip(&first.0).filter(|(after, before)| after.says == before.says)
    {
        marking.verbatim.clone_from(&before.verbatim);
        marking.corrected = before.corrected;
    }
    let words = noted.iter().zip(&spans).map(|(noted, &span)| Word {
        text: noted.text.clone(),
        span,
        quad: Quad(noted.quad.0.map(onto)),
        doubt: noted.doubt,
        line: noted.line,
        second: noted.second,
    });
    let words = words.collect();
    Reading { picture, text, words, markings: told.0, dates: told.1, printed: told.2, reader, turned: 0 }
}

/// The words with each marking that has errors of reading written as the rules write it. The places of its words are
/// shared out again by their letters.
fn settled(words: &[Noted], markings: &[Marking]) -> Vec<Noted> {
    let mut out: Vec<Noted> = Vec::with_capacity(words.len());
    let mut at = 0;
    for marking in markings.iter().filter(|marking| marking.corrected > 0) {
        let (first, end) = (marking.word as usize, (marking.word + marking.count) as usize);
        if first < at || end > words.len() || first >= end {
            continue;
        }
        out.extend_from_slice(&words[at..first]);
        let taken = &words[first..end];
        let all = taken
            .iter()
            .map(|word| hull(&word.quad))
            .reduce(|a, b| [a[0].min(b[0]), a[1].min(b[1]), a[2].max(b[2]), a[3].max(b[3])]);
        let Some(all) = all else { continue };
        let letters = marking.says.chars().count().max(1) as f64;
        let least = taken.iter().map(|word| word.doubt).fold(f64::MAX, f64::min).min(0.1);
        // What had to be corrected is doubted by how much it was.
        let doubt = least.max(0.02 * f64::from(marking.corrected));
        let mut from = 0.0;
        for text in marking.says.split(' ') {
            let count = text.chars().count() as f64;
            let (left, wide) =
                (all[0] + (all[2] - all[0]) * from / letters, (all[2] - all[0]) * count / letters);
            let quad = Quad::rectangle(left, all[1], wide, all[3] - all[1]);
            out.push(Noted { text: text.to_owned(), quad, doubt, ..taken[0].clone() });
            from += count + 1.0;
        }
        at = end;
    }
    out.extend_from_slice(&words[at..]);
    out
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
