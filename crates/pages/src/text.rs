//! A PDF's own text: glyphs in the order drawn, gathered into words by the gaps between them.

use hayro::hayro_interpret::font::{Glyph, GlyphRun};
use hayro::hayro_interpret::hayro_cmap::BfString;
use hayro::hayro_interpret::{
    BlendMode, ClipPath, Device, DrawMode, DrawProps, Image, ImageDrawProps, SoftMask,
};
use hayro::kurbo::{Affine, BezPath, Point as At};
use model::{Point, Quad, Span, TextLayer, TextWord};

/// Glyph space has a thousand units to the em (ISO 32000-1, 9.2.4).
const EM: f64 = 1000.0;
/// A gap wider than this share of an em parts words.
const WORD_GAP: f64 = 0.15;
/// A step across the line, or back along it, of more than this share of an em begins a new line.
const LINE_STEP: f64 = 0.5;
/// How far a word's box reaches above and below the base line, in ems.
const ABOVE: f64 = 0.75;
const BELOW: f64 = 0.25;
/// Characters kept of one page.
const MOST: usize = 1 << 20;

/// A device that draws nothing and reads the glyphs.
#[derive(Default)]
pub(crate) struct Reader {
    layer: TextLayer,
    word: Option<Word>,
    end: Option<At>,
}

struct Word {
    start: usize,
    /// The transform of its first glyph, and where its last one ends along the same base line.
    first: Affine,
    last: Affine,
    advance: f64,
}

impl Reader {
    pub(crate) fn finish(mut self) -> TextLayer {
        self.close();
        self.layer
    }

    fn glyph(&mut self, transform: Affine, advance: f64, unicode: Option<BfString>) {
        if self.layer.text.len() > MOST {
            return;
        }
        let origin = transform * At::ZERO;
        let along = transform * At::new(EM, 0.0) - origin;
        let em = along.hypot();
        if !em.is_finite() || em <= 0.0 {
            return;
        }
        let characters = match unicode {
            Some(BfString::Char(character)) => character.to_string(),
            Some(BfString::String(text)) => text,
            None => {
                self.layer.unknown_glyphs += 1;
                '\u{FFFD}'.to_string()
            }
        };
        self.step(origin, along / em, em);
        self.end = Some(transform * At::new(advance, 0.0));
        if characters.trim().is_empty() {
            self.close();
            return;
        }
        let start = self.layer.text.len();
        let word = self.word.get_or_insert(Word { start, first: transform, last: transform, advance });
        (word.last, word.advance) = (transform, advance);
        self.layer.text.extend(characters.chars().filter(|character| !character.is_control()));
    }

    /// Ends the word or the line where the pen moved further than glyphs of one word do.
    fn step(&mut self, origin: At, along: hayro::kurbo::Vec2, em: f64) {
        let Some(end) = self.end else {
            return;
        };
        let moved = origin - end;
        let (forward, across) = (moved.dot(along) / em, moved.cross(along).abs() / em);
        if across > LINE_STEP || forward < -LINE_STEP {
            self.close();
            if !self.layer.text.is_empty() && !self.layer.text.ends_with('\n') {
                if self.layer.text.ends_with(' ') {
                    self.layer.text.pop();
                }
                self.layer.text.push('\n');
            }
        } else if forward > WORD_GAP {
            self.close();
        }
    }

    fn close(&mut self) {
        let Some(word) = self.word.take() else {
            return;
        };
        let length = self.layer.text.len() - word.start;
        let corner = |transform: Affine, x: f64, y: f64| {
            let at = transform * At::new(x, y * EM);
            Point { x: at.x, y: at.y }
        };
        let quad = Quad([
            corner(word.first, 0.0, ABOVE),
            corner(word.last, word.advance, ABOVE),
            corner(word.last, word.advance, -BELOW),
            corner(word.first, 0.0, -BELOW),
        ]);
        let span = Span { start: word.start as u64, length: length as u64 };
        self.layer.words.push(TextWord { span, quad });
        self.layer.text.push(' ');
    }
}

impl<'a> Device<'a> for Reader {
    fn draw_glyph_run(&mut self, run: &GlyphRun<'_, 'a>, props: DrawProps<'a>, _: &DrawMode) {
        for glyph in run.glyphs() {
            let advance = match &**glyph {
                Glyph::Outline(outline) => outline.advance_width(),
                Glyph::Type3(drawn) => drawn.advance_width(),
            };
            let advance = f64::from(advance.unwrap_or(500.0));
            self.glyph(props.transform * glyph.transform(), advance, glyph.as_unicode());
        }
    }

    fn draw_path(&mut self, _: &BezPath, _: DrawProps<'a>, _: &DrawMode) {}
    fn push_clip_path(&mut self, _: &ClipPath) {}
    fn push_transparency_group(&mut self, _: f32, _: Option<SoftMask<'a>>, _: BlendMode) {}
    fn draw_image(&mut self, _: Image<'a, '_>, _: ImageDrawProps<'a>) {}
    fn pop_clip(&mut self) {}
    fn pop_transparency_group(&mut self) {}
}
