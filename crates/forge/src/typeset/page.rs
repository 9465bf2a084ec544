//! The compositor's stick: lines, paragraphs, rules and boxes on a page that fills from the top.

use super::{Look, Mark, Sheet, Word};
use crate::ink::{Colour, Face, Letters, width};
use crate::rng::Rng;
use crate::words::{Affair, Said};

/// What the pages of one document have in common.
#[derive(Debug, Clone, Copy)]
pub(super) struct Style {
    pub face: Face,
    pub bold: Face,
    pub px: f32,
    pub banner: Colour,
    pub accent: Colour,
}

impl Style {
    pub fn new(rng: &mut Rng, look: Look, affair: &Affair) -> Self {
        let (face, bold) = match look {
            Look::Cable => (Face::Mono, Face::Mono),
            Look::Letter | Look::Minutes => (Face::Serif, Face::SerifBold),
            Look::Memo if rng.chance(0.4) => (Face::Serif, Face::SerifBold),
            _ => (Face::Sans, Face::SansBold),
        };
        let banner = match affair.marking.as_bytes()[0] {
            b'T' => [176, 84, 0],
            b'S' => [178, 18, 24],
            b'C' => [20, 60, 150],
            _ => [20, 110, 60],
        };
        let banner = if look == Look::Cable { [20; 3] } else { banner };
        Self {
            face,
            bold,
            px: if look == Look::Slide { 46.0 } else { rng.range(31.0, 37.0) as f32 },
            banner,
            accent: *rng.pick(&[[24, 54, 96], [96, 30, 40], [30, 86, 74], [66, 52, 110], [70, 70, 74]]),
        }
    }
}

/// A page being set.
pub(super) struct Page {
    sheet: Sheet,
    pub style: Style,
    pub left: f32,
    pub right: f32,
    pub y: f32,
    pub bottom: f32,
    pub rgb: Colour,
}

impl Page {
    pub fn new(affair: &Affair, style: Style, look: Look, page: (usize, usize)) -> Self {
        let size = look.size();
        let (w, h) = (size.0 as f32, size.1 as f32);
        let sheet = Sheet {
            look,
            size,
            marks: Vec::new(),
            words: Vec::new(),
            marking: affair.marking.to_owned(),
            serial: affair.serial.clone(),
            date: affair.day.long(),
            page,
            said: Vec::new(),
        };
        let mut p = Self {
            sheet,
            style,
            left: 150.0,
            right: w - 150.0,
            y: 70.0,
            bottom: h - 190.0,
            rgb: [24, 24, 26],
        };
        p.banner(70.0);
        p.y = 170.0;
        p.foot(affair, h);
        p
    }

    /// First page of its document?
    pub fn first(&self) -> bool {
        self.sheet.page.0 == 1
    }

    pub fn size(&self) -> (f32, f32) {
        (self.sheet.size.0 as f32, self.sheet.size.1 as f32)
    }

    pub fn finish(mut self) -> Sheet {
        // The foot was set first, to know where the text must end; it is read last.
        let foot = f64::from(self.sheet.size.1) - 175.0;
        self.sheet.words.sort_by_key(|w| w.area[1] > foot);
        self.sheet
    }

    /// Sets one word, whatever it holds, at a place; returns its right end.
    pub fn word(&mut self, text: &str, x: f32, y: f32, px: f32, face: Face) -> f32 {
        let letters = Letters { text: text.to_owned(), x, y, px, face, rgb: self.rgb, squeeze: 1.0 };
        let area = [f64::from(x), f64::from(y), f64::from(letters.width()), f64::from(px)];
        let end = x + letters.width();
        self.sheet.words.push(Word { text: text.to_owned(), area, mark: self.sheet.marks.len() });
        self.sheet.marks.push(Mark::Letters(letters));
        end
    }

    /// Sets a line of words from `x`; returns its right end.
    pub fn line(&mut self, text: &str, x: f32, y: f32, px: f32, face: Face) -> f32 {
        let space = width(" ", face, px);
        text.split_whitespace().fold(x - space, |x, word| self.word(word, x + space, y, px, face))
    }

    /// Sets a line about the middle `x`.
    pub fn centred(&mut self, text: &str, x: f32, y: f32, px: f32, face: Face) {
        self.line(text, x - width(text, face, px) / 2.0, y, px, face);
    }

    /// Sets a paragraph between `left + indent` and `right`, and moves down. Returns false, with nothing set, if it does
    /// not fit above the foot.
    pub fn paragraph(&mut self, text: &str, indent: f32, hanging: f32, lead: f32) -> bool {
        let (px, face) = (self.style.px, self.style.face);
        let lines = wrap(text, face, px, self.right - self.left - indent, hanging);
        if self.y + lines.len() as f32 * px * lead > self.bottom {
            return false;
        }
        for (k, line) in lines.iter().enumerate() {
            let x = self.left + indent + if k == 0 { 0.0 } else { hanging };
            self.line(line, x, self.y, px, face);
            self.y += px * lead;
        }
        true
    }

    /// Sets a sentence of reported speech as a paragraph, and remembers it if it fits.
    pub fn said(&mut self, lead_in: &str, said: Said, indent: f32, hanging: f32, lead: f32) {
        let sentence =
            if self.sheet.look == Look::Cable { said.sentence.to_uppercase() } else { said.sentence.clone() };
        if self.paragraph(format!("{lead_in} {sentence}").trim(), indent, hanging, lead) {
            self.sheet.said.push(Said { sentence, ..said });
        }
    }

    pub fn fill(&mut self, area: [f32; 4], rgb: Colour) {
        self.sheet.marks.push(Mark::Fill(area, rgb));
    }

    pub fn stroke(&mut self, points: Vec<(f32, f32)>, width: f32, rgb: Colour) {
        self.sheet.marks.push(Mark::Stroke(points, width, rgb));
    }

    pub fn ring(&mut self, centre: (f32, f32), r: f32, width: f32, rgb: Colour) {
        self.sheet.marks.push(Mark::Ring(centre, r, width, rgb));
    }

    /// The outline of a box.
    pub fn frame(&mut self, [x, y, w, h]: [f32; 4], width: f32, rgb: Colour) {
        for area in
            [[x, y, w, width], [x, y + h - width, w, width], [x, y, width, h], [x + w - width, y, width, h]]
        {
            self.fill(area, rgb);
        }
    }

    /// A rule across the text, and a little room.
    pub fn rule(&mut self, thick: f32) {
        let (left, right, y) = (self.left, self.right, self.y);
        self.fill([left, y, right - left, thick], [40; 3]);
        self.y += thick + 26.0;
    }

    /// A signature: a loose line that rises and falls.
    pub fn signature(&mut self, x: f32, y: f32, rng: &mut Rng) {
        let blue = *rng.pick(&[[28, 40, 120], [20, 20, 40], [40, 60, 140]]);
        let (a, b, f) = (rng.range(14.0, 30.0), rng.range(8.0, 24.0), rng.range(5.0, 9.0));
        let points = (0..90)
            .map(|k| {
                let t = f64::from(k) / 90.0;
                let wave = (t * f * 6.0).sin() * a * (1.0 - t) + (t * f * 2.3 + 1.0).sin() * b;
                ((f64::from(x) + t * 300.0 + (t * f * 6.0).cos() * 16.0) as f32, (f64::from(y) + wave) as f32)
            })
            .collect();
        self.stroke(points, 4.0, blue);
    }

    fn banner(&mut self, y: f32) {
        let (marking, banner, bold) = (self.sheet.marking.clone(), self.style.banner, self.style.bold);
        let middle = self.size().0 / 2.0;
        self.rgb = banner;
        self.centred(&marking, middle, y, 40.0, bold);
        self.rgb = [24, 24, 26];
    }

    fn foot(&mut self, affair: &Affair, h: f32) {
        let (n, of) = self.sheet.page;
        let face = self.style.face;
        let exercise = format!("EXERCISE {} - NOT REAL", affair.exercise);
        self.line(&exercise, self.left, h - 160.0, 24.0, face);
        let page = format!("Page {n} of {of}");
        self.line(&page, self.right - width(&page, face, 28.0), h - 162.0, 28.0, face);
        self.banner(h - 110.0);
    }
}

/// Breaks `text` into lines no wider than `room`; lines after the first are shorter by `hanging`.
pub(super) fn wrap(text: &str, face: Face, px: f32, room: f32, hanging: f32) -> Vec<String> {
    let space = width(" ", face, px);
    let mut lines: Vec<String> = Vec::new();
    let mut used = f32::MAX;
    for word in text.split_whitespace() {
        let wide = width(word, face, px);
        let limit = if lines.len() > 1 { room - hanging } else { room };
        match lines.last_mut() {
            Some(line) if used + space + wide <= limit => {
                line.push(' ');
                line.push_str(word);
                used += space + wide;
            }
            _ => {
                lines.push(word.to_owned());
                used = wide;
            }
        }
    }
    lines
}
