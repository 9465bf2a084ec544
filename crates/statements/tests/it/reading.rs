//! A text as a family's reading.

use jiff::civil::Date;
use model::{FamilyId, FamilyReading, Id, PictureId, Quad, SharedWord, Span, Word};

/// A reading of a text whose words stand in a grid, as one picture shows it.
pub fn reading(text: &str) -> FamilyReading {
    let family = FamilyId::make(|id| {
        id.text(text);
    });
    let picture = PictureId::make(|id| {
        id.text(text);
    });
    let (mut words, mut at) = (Vec::new(), 0);
    for (line, row) in text.split('\n').enumerate() {
        for word in row.split(' ') {
            let length = word.chars().count() as u64;
            if length > 0 {
                let quad = Quad::rectangle(at as f64, line as f64 * 20.0, length as f64, 10.0);
                let word = Word {
                    text: word.to_owned(),
                    span: Span { start: at, length },
                    quad,
                    doubt: 0.1,
                    line: line as u32,
                    second: false,
                };
                words.push(SharedWord { word, picture, at: words.len() as u32, agree: 1, shown: 1 });
            }
            at += length + 1;
        }
    }
    FamilyReading {
        family,
        text: text.to_owned(),
        words,
        markings: Vec::new(),
        banner: None,
        dates: Vec::new(),
        printed: Vec::new(),
        dissents: Vec::new(),
    }
}

pub fn day(text: &str) -> Option<Date> {
    text.parse().ok()
}
