//! A briefing as a PDF (ISO 32000-1): one font, embedded, lines broken at its widths; no metadata.

use std::collections::BTreeMap;
use std::io::Write as _;

use ab_glyph::{Font as _, FontRef, PxScale, ScaleFont as _};
use flate2::Compression;
use flate2::write::ZlibEncoder;
use pdf_writer::types::{CidFontType, FontFlags, SystemInfo, UnicodeCmap};
use pdf_writer::{Content, Filter, Finish, Name, Pdf, Rect, Ref, Str};

use super::{Block, Briefing};

const FONT: &[u8] = include_bytes!("../../../forge/fonts/LiberationSans-Regular.ttf");
const NAME: Name = Name(b"LiberationSans");
/// A4 in points, and its margin.
const PAGE: (f32, f32) = (595.0, 842.0);
const MARGIN: f32 = 62.0;
const INFO: SystemInfo = SystemInfo { registry: Str(b"Adobe"), ordering: Str(b"Identity"), supplement: 0 };

/// A line as it is set.
struct Line {
    text: String,
    size: f32,
    indent: f32,
    /// Room above it.
    above: f32,
}

pub(super) fn pdf(briefing: &Briefing) -> Vec<u8> {
    let Ok(font) = FontRef::try_from_slice(FONT) else { return Vec::new() };
    let face = Face { font };
    let mut lines = Vec::new();
    face.set(&mut lines, &briefing.title, (17.0, 0.0, 0.0));
    for block in &briefing.blocks {
        match block {
            Block::Heading(text) => face.set(&mut lines, text, (13.0, 0.0, 14.0)),
            Block::Text(text) => face.set(&mut lines, text, (10.5, 0.0, 5.0)),
            Block::Passage { words, notes } => {
                face.set(&mut lines, words, (10.5, 14.0, 9.0));
                for note in notes {
                    face.set(&mut lines, note, (8.5, 28.0, 1.0));
                }
            }
        }
    }
    face.written(&pages(lines))
}

/// Lines by page, each with its height above the foot.
fn pages(lines: Vec<Line>) -> Vec<Vec<(Line, f32)>> {
    let mut pages: Vec<Vec<(Line, f32)>> = vec![Vec::new()];
    let mut at = PAGE.1 - MARGIN;
    for line in lines {
        at -= line.above + line.size * 1.35;
        if at < MARGIN {
            pages.push(Vec::new());
            at = PAGE.1 - MARGIN - line.size * 1.35;
        }
        if let Some(page) = pages.last_mut() {
            page.push((line, at));
        }
    }
    pages
}

struct Face {
    font: FontRef<'static>,
}

impl Face {
    /// The glyph of a character; what the font has not, is a square.
    fn glyph(&self, character: char) -> u16 {
        let known = self.font.glyph_id(character).0;
        if known == 0 { self.font.glyph_id('□').0 } else { known }
    }

    /// In thousandths of the size.
    fn width(&self, character: char) -> f32 {
        let scale = PxScale::from(self.font.height_unscaled());
        let scaled = self.font.as_scaled(scale);
        let per_em = self.font.units_per_em().unwrap_or(2048.0);
        scaled.h_advance(ab_glyph::GlyphId(self.glyph(character))) * 1000.0 / per_em
    }

    fn wide(&self, text: &str, size: f32) -> f32 {
        text.chars().map(|character| self.width(character)).sum::<f32>() * size / 1000.0
    }

    /// Sets a text in lines: size, indent, room above.
    fn set(&self, lines: &mut Vec<Line>, text: &str, (size, indent, above): (f32, f32, f32)) {
        let room = PAGE.0 - 2.0 * MARGIN - indent;
        let mut line = String::new();
        let mut first = above;
        let mut end = |line: &mut String| {
            let text = std::mem::take(line);
            lines.push(Line { text, size, indent, above: std::mem::take(&mut first) });
        };
        for word in text.split_whitespace() {
            let joined = if line.is_empty() { word.to_owned() } else { format!("{line} {word}") };
            if self.wide(&joined, size) <= room {
                line = joined;
                continue;
            }
            if !line.is_empty() {
                end(&mut line);
            }
            // A word longer than a line, as citations are, is broken where it must.
            for character in word.chars() {
                line.push(character);
                if self.wide(&line, size) > room {
                    line.pop();
                    end(&mut line);
                    line.push(character);
                }
            }
        }
        end(&mut line);
    }

    fn written(&self, pages: &[Vec<(Line, f32)>]) -> Vec<u8> {
        let mut pdf = Pdf::new();
        let (catalog, tree, font) = (Ref::new(1), Ref::new(2), Ref::new(3));
        let page_of = |n: usize| (Ref::new(10 + 2 * n as i32), Ref::new(11 + 2 * n as i32));
        pdf.catalog(catalog).pages(tree);
        pdf.pages(tree).kids((0..pages.len()).map(|n| page_of(n).0)).count(pages.len() as i32);
        let mut used: BTreeMap<u16, char> = BTreeMap::new();
        for (n, lines) in pages.iter().enumerate() {
            let (id, content_id) = page_of(n);
            let mut page = pdf.page(id);
            page.media_box(Rect::new(0.0, 0.0, PAGE.0, PAGE.1)).parent(tree).contents(content_id);
            page.resources().fonts().pair(Name(b"F"), font);
            page.finish();
            let mut content = Content::new();
            for (line, at) in lines {
                let mut glyphs = Vec::new();
                for character in line.text.chars() {
                    let glyph = self.glyph(character);
                    used.entry(glyph).or_insert(character);
                    glyphs.extend(glyph.to_be_bytes());
                }
                content.begin_text().set_font(Name(b"F"), line.size);
                content.next_line(MARGIN + line.indent, *at).show(Str(&glyphs)).end_text();
            }
            pdf.stream(content_id, &content.finish());
        }
        self.embed(&mut pdf, font, &used);
        pdf.finish()
    }

    fn embed(&self, pdf: &mut Pdf, font: Ref, used: &BTreeMap<u16, char>) {
        let (cid, descriptor, cmap, file) = (Ref::new(4), Ref::new(5), Ref::new(6), Ref::new(7));
        let mut whole = pdf.type0_font(font);
        whole.base_font(NAME).encoding_predefined(Name(b"Identity-H")).descendant_font(cid).to_unicode(cmap);
        whole.finish();
        let mut of = pdf.cid_font(cid);
        of.subtype(CidFontType::Type2).base_font(NAME).system_info(INFO).font_descriptor(descriptor);
        of.cid_to_gid_map_predefined(Name(b"Identity"));
        let mut widths = of.widths();
        for (glyph, character) in used {
            widths.consecutive(*glyph, [self.width(*character)]);
        }
        widths.finish();
        of.finish();
        let mut described = pdf.font_descriptor(descriptor);
        described.name(NAME).flags(FontFlags::SYMBOLIC).bbox(Rect::new(-544.0, -303.0, 1302.0, 980.0));
        described
            .italic_angle(0.0)
            .ascent(905.0)
            .descent(-212.0)
            .cap_height(729.0)
            .stem_v(80.0)
            .font_file2(file);
        described.finish();
        let mut names = UnicodeCmap::<u16>::new(Name(b"Custom"), INFO);
        used.iter().for_each(|(glyph, character)| names.pair(*glyph, *character));
        pdf.cmap(cmap, &names.finish());
        let mut packed = ZlibEncoder::new(Vec::new(), Compression::default());
        let packed = packed.write_all(FONT).and_then(|()| packed.finish()).unwrap_or_default();
        let mut stream = pdf.stream(file, &packed);
        stream.filter(Filter::FlateDecode).pair(Name(b"Length1"), FONT.len() as i32);
        stream.finish();
    }
}
