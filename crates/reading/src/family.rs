//! What all pictures of one sheet say together.
//!
//! In: the readings of a family's pictures, with the way from each page to a common frame where it is known, and what of
//! the frame each picture shows. Out: one text; for each word who agrees; and the places where confident readings differ.
//! Invariant: of every place with two confident variants both are handed on. Absent: which of them is the sheet's own.

use model::{
    Dissent, FamilyId, FamilyReading, Holder, PictureId, Point, Quad, Reading, SharedWord, Variant, Word,
};

use crate::align::{Cell, Token, cells};
use crate::look::{CUT, hull};
use crate::marking::banner_of;
use crate::reading::{joined, told};
use crate::vote::{Voice, absences, weigh};

/// One picture of the family.
pub struct Member<'a> {
    /// What was read on it.
    pub reading: &'a Reading,
    /// From page pixels to the family's common frame, if known. One unit of the frame should be about one pixel of a sheet
    /// some 2,000 pixels high.
    pub frame: Option<&'a dyn Fn(Point) -> Point>,
    /// The part of the frame that the picture shows, if known.
    pub shows: Option<Quad>,
    /// Parts of the frame that are covered on this picture: it does not speak for what stands there.
    pub covered: Vec<Quad>,
    /// How much its readings count; 1 for most.
    pub weight: f64,
}

/// A variant with less doubt than this is confident.
pub const CONFIDENT: f64 = 0.08;

/// Reads the pictures of a family together. Order of members does not matter.
pub fn together(family: FamilyId, members: &[Member]) -> FamilyReading {
    let mut members: Vec<&Member> =
        members.iter().filter(|member| !member.reading.words.is_empty()).collect();
    members.sort_by_key(|member| member.reading.picture);
    let accounts: Vec<Vec<Token>> = members.iter().map(|member| tokens(member)).collect();
    let weights: Vec<f64> = members.iter().map(|member| member.weight).collect();
    let mut order: Vec<usize> = (0..members.len()).collect();
    let worth = |n: usize| accounts[n].iter().map(|token| 1.0 - 1.6 * token.doubt).sum::<f64>() * weights[n];
    order.sort_by(|&a, &b| worth(b).total_cmp(&worth(a)).then(a.cmp(&b)));
    let cells = cells(&accounts, &order);
    // What a picture shows is at most what it shows words of: the rest may be a window's frame, or out of focus.
    let hulls: Vec<Option<[f64; 4]>> =
        accounts.iter().map(|tokens| all(tokens.iter().filter_map(|token| token.place))).collect();
    let shows = |account: usize, cell: &Cell| {
        let place = cell.place(&accounts)?;
        let within = hulls[account].is_none_or(|hull| {
            let near = 0.3 * (place[3] - place[1]);
            place[0] > hull[0] - near
                && place[2] < hull[2] + near
                && place[1] > hull[1] - near
                && place[3] < hull[3] + near
        });
        if within { shown(members[account], place) } else { Some(false) }
    };
    let absent = absences(&cells, &accounts, &shows);
    let lead = order.first().copied().unwrap_or(0);
    let mut text = Text::default();
    for (cell, absent) in cells.iter().zip(&absent) {
        let voices = weigh(cell, &accounts, &weights, absent);
        text.take(cell, &voices, &members, &accounts, absent, lead);
    }
    text.finish(family, &members)
}

fn tokens(member: &Member) -> Vec<Token> {
    let place = |quad: &Quad| member.frame.map(|frame| hull(&Quad(quad.0.map(frame))));
    let seen = all(member.reading.words.iter().map(|word| hull(&word.quad)));
    let token = |word: &Word| {
        let place = place(&word.quad).filter(|place| place.iter().all(|v| v.is_finite()));
        let cut = place.is_some_and(|place| member.shows.is_some_and(|shows| cut(&shows, &place)));
        let doubt = if cut { word.doubt.max(CUT) } else { word.doubt };
        let (own, high) = (hull(&word.quad), 0.5 * (word.quad.0[3].y - word.quad.0[0].y).abs());
        let edges = seen.map_or((false, false), |seen| (own[0] < seen[0] + high, own[2] > seen[2] - high));
        Token { text: word.text.clone(), doubt, place, line: word.line, edges }
    };
    member.reading.words.iter().map(token).collect()
}

/// What encloses all of them.
fn all(places: impl Iterator<Item = [f64; 4]>) -> Option<[f64; 4]> {
    places.reduce(|a, b| [a[0].min(b[0]), a[1].min(b[1]), a[2].max(b[2]), a[3].max(b[3])])
}

/// Does the picture show this place? None if that is not known.
fn shown(member: &Member, place: [f64; 4]) -> Option<bool> {
    let point = |x, y| Point { x, y };
    let shows = member.shows?;
    // The whole word with some paper about it: what is half seen is not read.
    let near = 0.4 * (place[3] - place[1]);
    let (left, top, right, bottom) = (place[0] - near, place[1] - near, place[2] + near, place[3] + near);
    let corners = [point(left, top), point(right, top), point(right, bottom), point(left, bottom)];
    let middle = point((left + right) / 2.0, (top + bottom) / 2.0);
    let whole = corners.iter().all(|corner| inside(&shows, *corner));
    Some(
        whole
            && !member
                .covered
                .iter()
                .any(|quad| inside(quad, middle) || corners.iter().any(|c| inside(quad, *c))),
    )
}

/// Does the edge of what is shown run through or close by this place?
fn cut(shows: &Quad, place: &[f64; 4]) -> bool {
    let near = 0.3 * (place[3] - place[1]);
    let corners = [(place[0], place[1]), (place[2], place[1]), (place[2], place[3]), (place[0], place[3])];
    (0..4).any(|k| {
        let (a, b) = (shows.0[k], shows.0[(k + 1) % 4]);
        let long = (b.x - a.x).hypot(b.y - a.y).max(1e-9);
        corners.iter().any(|(x, y)| (((b.x - a.x) * (y - a.y) - (b.y - a.y) * (x - a.x)) / long).abs() < near)
    })
}

fn inside(quad: &Quad, point: Point) -> bool {
    let side = |k: usize| {
        let (a, b) = (quad.0[k], quad.0[(k + 1) % 4]);
        (b.x - a.x) * (point.y - a.y) - (b.y - a.y) * (point.x - a.x)
    };
    (0..4).all(|k| side(k) >= 0.0) || (0..4).all(|k| side(k) <= 0.0)
}

/// The text as it grows.
#[derive(Default)]
struct Text {
    words: Vec<SharedWord>,
    dissents: Vec<Dissent>,
    /// The sheet's line of the last word, and the line of the leading reading it came from.
    line: u32,
    led: Option<u32>,
}

impl Text {
    fn take(
        &mut self,
        cell: &Cell,
        voices: &[Voice],
        members: &[&Member],
        accounts: &[Vec<Token>],
        absent: &[f64],
        lead: usize,
    ) {
        let Some(first) = voices.first() else { return };
        let start = self.words.len();
        if let Some(&n) = cell.members[lead].first() {
            let line = accounts[lead][n].line;
            if self.led.is_some_and(|led| led != line) {
                self.line += 1;
            }
            self.led = Some(line);
        }
        let best = first.by.iter().copied().min_by(|&a, &b| {
            cell.doubt(a, &accounts[a]).total_cmp(&cell.doubt(b, &accounts[b])).then(a.cmp(&b))
        });
        if let (false, Some(best)) = (first.text.is_empty(), best) {
            let shown =
                (0..members.len()).filter(|&a| !cell.members[a].is_empty() || absent[a] > 0.3).count();
            for &n in &cell.members[best] {
                let mut word = members[best].reading.words[n].clone();
                word.doubt = together_doubt(first, voices);
                word.line = self.line;
                let picture = members[best].reading.picture;
                let (agree, shown) = (first.by.len() as u32, shown as u32);
                self.words.push(SharedWord { word, picture, at: n as u32, agree, shown });
            }
        }
        self.dissent(cell, voices, members, accounts, start);
    }

    /// Notes the variants if at least two of them are confident.
    fn dissent(
        &mut self,
        cell: &Cell,
        voices: &[Voice],
        members: &[&Member],
        accounts: &[Vec<Token>],
        start: usize,
    ) {
        let confident =
            |voice: &&Voice| voice.doubt < CONFIDENT || (voice.by.len() > 1 && voice.doubt < 2.0 * CONFIDENT);
        if voices.iter().filter(confident).count() < 2 {
            return;
        }
        let holder = |account: usize| {
            let here = &cell.members[account];
            Holder {
                picture: members[account].reading.picture,
                word: here.first().map_or(0, |&n| n as u32),
                count: here.len() as u32,
                doubt: cell.doubt(account, &accounts[account]),
            }
        };
        let variant = |voice: &Voice| Variant {
            text: voice.text.clone(),
            doubt: voice.doubt,
            holders: voice.by.iter().map(|&account| holder(account)).collect(),
        };
        let variants = voices.iter().map(variant).collect();
        self.dissents.push(Dissent {
            word: start as u32,
            count: (self.words.len() - start) as u32,
            variants,
        });
    }

    fn finish(mut self, family: FamilyId, members: &[&Member]) -> FamilyReading {
        let texts: Vec<(String, u32)> =
            self.words.iter().map(|shared| (shared.word.text.clone(), shared.word.line)).collect();
        let texts: Vec<(&str, u32)> = texts.iter().map(|(text, line)| (text.as_str(), *line)).collect();
        let (text, spans) = joined(&texts);
        self.words.iter_mut().zip(&spans).for_each(|(shared, span)| shared.word.span = *span);
        let (markings, dates, printed) = told(&texts, &spans, &vec![None; texts.len()]);
        let own = members
            .iter()
            .flat_map(|member| member.reading.markings.iter().map(|marking| (marking, member.weight)));
        let banner = banner_of(own.chain(markings.iter().map(|marking| (marking, 1.0))));
        FamilyReading {
            family,
            text,
            words: self.words,
            markings,
            banner,
            dates,
            printed,
            dissents: self.dissents,
        }
    }
}

/// The doubt left when several voices spoke: odds of the first against all others, bounded by what one reading can be.
fn together_doubt(first: &Voice, voices: &[Voice]) -> f64 {
    let against: f64 =
        voices.iter().skip(1).filter(|voice| !voice.text.is_empty()).map(|voice| voice.weight.exp()).sum();
    let odds = first.weight.min(12.0).exp() / (against.min(1e9) + 1.0);
    (1.0 / (1.0 + odds)).max(first.doubt * 0.02).clamp(0.0005, 0.95)
}

/// The pictures that hold a variant other than the first at some place, ascending, without repeats.
pub fn dissenters(reading: &FamilyReading) -> Vec<PictureId> {
    let others = reading.dissents.iter().flat_map(|dissent| dissent.variants.iter().skip(1));
    let mut pictures: Vec<PictureId> =
        others.flat_map(|variant| variant.holders.iter().map(|h| h.picture)).collect();
    pictures.sort();
    pictures.dedup();
    pictures
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{Id, Span};

    fn reading(n: u64, text: &str, doubt: f64) -> Reading {
        let picture = PictureId::make(|id| {
            id.number(n);
        });
        let words = text.split_whitespace().enumerate().map(|(k, text)| Word {
            text: text.to_owned(),
            span: Span { start: 0, length: 0 },
            quad: Quad::rectangle(100.0 + 60.0 * (k % 8) as f64, 50.0 * (k / 8) as f64, 50.0, 20.0),
            doubt,
            line: (k / 8) as u32,
            second: false,
        });
        let (words, text) = (words.collect(), text.to_owned());
        Reading {
            turned: 0,
            picture,
            text,
            words,
            markings: vec![],
            dates: vec![],
            printed: vec![],
            reader: String::new(),
        }
    }

    fn all(readings: &[Reading], placed: bool) -> FamilyReading {
        let same = |p: Point| p;
        let frame = placed.then_some(&same as &dyn Fn(Point) -> Point);
        let shows = placed.then(|| Quad::rectangle(0.0, -50.0, 800.0, 900.0));
        let member = |reading| Member { reading, frame, shows, covered: Vec::new(), weight: 1.0 };
        let members: Vec<Member> = readings.iter().map(member).collect();
        let family = FamilyId::make(|id| {
            id.number(1);
        });
        let read = together(family, &members);
        let turned: Vec<Member> = members.into_iter().rev().collect();
        assert_eq!(together(family, &turned), read);
        read
    }

    const TEXT: &str = "the harbour took in forty ships that day and let none of them leave before dawn";

    #[test]
    fn errors_are_voted_away_and_alterations_are_kept() {
        for placed in [false, true] {
            let readings = [
                reading(1, &TEXT.replace("forty", "ninety"), 0.01),
                reading(2, &TEXT.replace("leave", "1eave"), 0.01),
                reading(3, &TEXT.replace("dawn", "davvn"), 0.01),
                reading(4, TEXT, 0.01),
            ];
            let read = all(&readings, placed);
            assert_eq!(read.text.replace('\n', " "), TEXT);
            let variants: Vec<&str> = read.dissents.iter().map(|d| d.variants[1].text.as_str()).collect();
            assert_eq!(variants, ["ninety", "1eave", "davvn"]);
            assert_eq!(read.dissents[0].variants[1].holders[0].word, 4);
            assert!(read.words.iter().all(|shared| shared.agree >= 3));
        }
    }

    #[test]
    fn watermarks_of_one_picture_do_not_enter() {
        let marked = reading(1, &TEXT.replace("that day", "that WATERMARK day"), 0.1);
        let readings = [marked, reading(2, TEXT, 0.02), reading(3, TEXT, 0.02)];
        assert_eq!(all(&readings, false).text.replace('\n', " "), TEXT);
    }

    #[test]
    fn crops_do_not_take_words_away() {
        let crop: String = TEXT.split(' ').skip(6).take(6).collect::<Vec<_>>().join(" ");
        let readings = [reading(1, TEXT, 0.05), reading(2, &crop, 0.01), reading(3, &crop, 0.01)];
        assert_eq!(all(&readings, false).text.replace('\n', " "), TEXT);
    }

    #[test]
    fn nothing_read_is_an_empty_text() {
        assert!(all(&[], false).words.is_empty());
        assert_eq!(all(&[reading(1, "", 0.1)], false).text, "");
    }
}
