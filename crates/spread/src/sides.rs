//! Which of two readings of an altered place a post quotes (R9).
//!
//! The place is found in the sheet's text by where its words stand on the pictures, the words of the post there by the words
//! before and after that both have. A post that has neither reading letter for letter, or quotes too little about the place,
//! is left out.

use std::collections::BTreeMap;

use model::{
    Alteration, AlterationId, Change, FamilyReading, PictureId, Placing, Point, PostId, Quad, Quote, QuoteId,
    SharedWord, Span,
};

use crate::pairs::pairs;

/// Words by which the found place may be longer or shorter at either end than its readings.
const ASIDE: usize = 2;

/// A post that quotes an altered place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sided {
    /// The place.
    pub alteration: AlterationId,
    /// The quote.
    pub quote: QuoteId,
    /// Its post.
    pub post: PostId,
    /// Whether it has what `picture` reads there, and not what `against` reads.
    pub own: bool,
    /// What it says there; empty where it has the words before and after and nothing between.
    pub says: String,
}

/// For each altered place of a sheet the quotes that have one of its readings. With each quote comes the text of its post;
/// the words of the sheet's reading must be whole.
pub fn sides(
    read: &FamilyReading,
    alterations: &[&Alteration],
    quotes: &[(&Quote, &str)],
    placings: &BTreeMap<PictureId, &Placing>,
) -> Vec<Sided> {
    let sheet = Sheet { words: read.words.iter().filter(|word| !form(&word.word.text).is_empty()).collect() };
    let quoted: Vec<Quoted> = quotes.iter().flat_map(|(quote, text)| Quoted::of(read, quote, text)).collect();
    let mut found = Vec::new();
    for alteration in alterations.iter().filter(|alteration| alteration.change != Change::Obscured) {
        let readings = [form(&alteration.reads), form(&alteration.reads_against)];
        if readings[0] == readings[1] {
            continue;
        }
        let Some(place) = sheet.place(alteration, &readings, placings) else { continue };
        let sided = quoted.iter().filter_map(|quoted| {
            let says = quoted.between(&sheet, &place)?;
            let said = form(&says);
            // Where nothing stands between, the place itself must be sure.
            let side =
                readings.iter().position(|reading| *reading == said && (place.sure || !said.is_empty()))?;
            let (quote, post) = (quoted.quote.id, quoted.quote.post);
            Some(Sided { alteration: alteration.id, quote, post, own: side == 0, says })
        });
        found.extend(sided);
    }
    found
}

/// A text as readings are held against each other: without case, and without the marks about each word.
fn form(text: &str) -> Vec<String> {
    let bare = |word: &str| word.trim_matches(|letter: char| !letter.is_alphanumeric()).to_lowercase();
    text.split_whitespace().map(bare).filter(|word| !word.is_empty()).collect()
}

/// Words of a sheet from one to before another; none where it lacks those of one reading.
struct Place {
    from: usize,
    to: usize,
    /// It holds one of the readings, or lies between two words of one line.
    sure: bool,
}

/// The words of a sheet, without those that are marks alone.
struct Sheet<'a> {
    words: Vec<&'a SharedWord>,
}

impl Sheet<'_> {
    fn place(
        &self,
        alteration: &Alteration,
        readings: &[Vec<String>; 2],
        placings: &BTreeMap<PictureId, &Placing>,
    ) -> Option<Place> {
        let at: Vec<Option<(f64, f64)>> =
            self.words.iter().map(|word| on(word, alteration, placings)).collect();
        let within = |place: &Option<(f64, f64)>| {
            place.is_some_and(|(x, y)| (0.0..=1.0).contains(&x) && (0.0..=1.0).contains(&y))
        };
        let (first, last) = (at.iter().position(within), at.iter().rposition(within));
        let Some((from, end)) = first.zip(last) else { return between(&at) };
        let to = end + 1;
        if at[from..to].iter().filter(|place| within(place)).count() != to - from {
            return None;
        }
        let exact = self.exact(from, to, readings);
        let (from, to) = exact.unwrap_or((from, to));
        Some(Place { from, to, sure: exact.is_some() })
    }

    /// The words about a place that are one of the readings; of several the nearest.
    fn exact(&self, from: usize, to: usize, readings: &[Vec<String>; 2]) -> Option<(usize, usize)> {
        let starts = from.saturating_sub(ASIDE)..to;
        let ends = |start: usize| (start.max(from) + 1)..=(to + ASIDE).min(self.words.len());
        let all = starts.flat_map(|start| ends(start).map(move |end| (start, end)));
        let is_one = |&(start, end): &(usize, usize)| {
            let said: Vec<String> =
                self.words[start..end].iter().flat_map(|word| form(&word.word.text)).collect();
            readings.contains(&said)
        };
        all.filter(is_one).min_by_key(|(start, end)| start.abs_diff(from) + end.abs_diff(to))
    }
}

/// Where a word stands in the frame of an altered place: its top left corner is (0, 0), the lower right one (1, 1).
fn on(
    shared: &SharedWord,
    alteration: &Alteration,
    placings: &BTreeMap<PictureId, &Placing>,
) -> Option<(f64, f64)> {
    let middle = middle(&shared.word.quad);
    if shared.picture == alteration.picture {
        return within(&alteration.quad, middle);
    }
    if shared.picture == alteration.against {
        return within(&alteration.quad_against, middle);
    }
    let (of_word, of_place) = (placings.get(&shared.picture)?, placings.get(&alteration.picture)?);
    within(&Quad(alteration.quad.0.map(|corner| onto(of_place, corner))), onto(of_word, middle))
}

fn middle(quad: &Quad) -> Point {
    let sum = quad.0.iter().fold((0.0, 0.0), |sum, corner| (sum.0 + corner.x, sum.1 + corner.y));
    Point { x: sum.0 / 4.0, y: sum.1 / 4.0 }
}

fn onto(placing: &Placing, point: Point) -> Point {
    let map = &placing.to_view;
    let along = |row: usize| map[row] * point.x + map[row + 1] * point.y + map[row + 2];
    Point { x: along(0) / along(6), y: along(3) / along(6) }
}

/// A point by the sides of a quad that meet at its top left corner.
fn within(quad: &Quad, point: Point) -> Option<(f64, f64)> {
    let [origin, right, _, below] = quad.0;
    let (u, v) = ((right.x - origin.x, right.y - origin.y), (below.x - origin.x, below.y - origin.y));
    let (x, y) = (point.x - origin.x, point.y - origin.y);
    let area = u.0 * v.1 - u.1 * v.0;
    let place = ((x * v.1 - y * v.0) / area, (u.0 * y - u.1 * x) / area);
    (place.0.is_finite() && place.1.is_finite()).then_some(place)
}

/// The place between the nearest words of its line before and behind it, where they follow each other in the text; at an
/// end of the line between the nearest word and the next line.
fn between(at: &[Option<(f64, f64)>]) -> Option<Place> {
    let on_line = |(n, place): (usize, &Option<(f64, f64)>)| {
        place.filter(|(_, y)| (0.0..=1.0).contains(y)).map(|(x, _)| (n, x))
    };
    let line: Vec<(usize, f64)> = at.iter().enumerate().filter_map(on_line).collect();
    let before = line.iter().filter(|(_, x)| *x < 0.0).max_by(|a, b| a.1.total_cmp(&b.1)).map(|(n, _)| *n);
    let behind = line.iter().filter(|(_, x)| *x > 1.0).min_by(|a, b| a.1.total_cmp(&b.1)).map(|(n, _)| *n);
    let (from, sure) = match (before, behind) {
        (Some(before), Some(behind)) => (Some(behind).filter(|_| behind == before + 1), true),
        (Some(before), None) => (Some(before + 1), false),
        (None, behind) => (behind, false),
    };
    from.map(|from| Place { from, to: from, sure })
}

/// A quote, and which of its words stand for which of the sheet's.
struct Quoted<'a> {
    quote: &'a Quote,
    text: &'a str,
    /// By the first character of the sheet's word.
    stands: BTreeMap<u64, Span>,
}

impl<'a> Quoted<'a> {
    fn of(read: &FamilyReading, quote: &'a Quote, text: &'a str) -> Option<Self> {
        let (_, there) = quote.sheets.iter().find(|(family, _)| *family == read.family)?;
        let common = pairs(&cut(text, quote.span), &cut(&read.text, *there));
        let moved = |(post, sheet): (Span, Span)| {
            (there.start + sheet.start, Span { start: quote.span.start + post.start, length: post.length })
        };
        Some(Self { quote, text, stands: common.into_iter().map(moved).collect() })
    }

    /// What it says between the words before and behind a place, where it has both.
    fn between(&self, sheet: &Sheet, place: &Place) -> Option<String> {
        let stands = |word: Option<&&SharedWord>| self.stands.get(&word?.word.span.start);
        let before = stands(sheet.words.get(place.from.checked_sub(1)?))?;
        let behind = stands(sheet.words.get(place.to))?;
        let start = before.start + before.length;
        let said = cut(self.text, Span { start, length: behind.start.checked_sub(start)? });
        Some(said.trim().to_owned())
    }
}

fn cut(text: &str, span: Span) -> String {
    text.chars().skip(span.start as usize).take(span.length as usize).collect()
}

#[cfg(test)]
mod tests {
    use model::{FamilyId, Id, Word};

    use super::*;

    const TEXT: &str = "Losses this week were 17,500 men by the general count, the envoy said on Monday to \
        the press and nobody has denied it so far";

    fn id<T: Id>(n: u64) -> T {
        T::make(|id| {
            id.number(n);
        })
    }

    /// Ten pixels a letter, eight words a line, lines of 20 pixels 40 apart; all of it `scale` times as large.
    fn read(text: &str, picture: u64, scale: f64) -> FamilyReading {
        let (mut words, mut at, mut x, mut line) = (Vec::new(), 0, 0.0, 0_u32);
        for (n, word) in text.split_whitespace().enumerate() {
            if n % 8 == 0 && n > 0 {
                (x, line) = (0.0, line + 1);
            }
            let length = word.chars().count() as u64;
            let wide = 10.0 * length as f64;
            let quad = Quad::rectangle(x * scale, f64::from(line) * 40.0 * scale, wide * scale, 20.0 * scale);
            let span = Span { start: at, length };
            let word = Word { text: word.to_owned(), span, quad, doubt: 0.01, line, second: false };
            words.push(SharedWord { word, picture: id(picture), at: n as u32, agree: 2, shown: 2 });
            (at, x) = (at + length + 1, x + wide + 10.0);
        }
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        FamilyReading {
            family: id(1),
            text,
            words,
            markings: vec![],
            banner: None,
            dates: vec![],
            printed: vec![],
            dissents: vec![],
        }
    }

    /// On pictures 1 and 2, the second 3 pixels further right.
    fn altered(area: [f64; 4], reads: &str, reads_against: &str) -> Alteration {
        let [x, y, wide, high] = area;
        let (quad, quad_against) =
            (Quad::rectangle(x, y, wide, high), Quad::rectangle(x + 3.0, y, wide, high));
        Alteration {
            id: id(9),
            family: id(1),
            picture: id(1),
            against: id(2),
            quad,
            quad_against,
            change: Change::Replaced,
            reads: reads.to_owned(),
            reads_against: reads_against.to_owned(),
            touches: vec![],
            later: None,
            reasons: Vec::new(),
            measures: vec![],
        }
    }

    /// What each post is found to say, and whether that is the picture's own reading.
    fn told(read: &FamilyReading, alteration: &Alteration, posts: &[&str]) -> Vec<Option<(bool, String)>> {
        let placing = |n: u64, scale: f64| Placing {
            picture: id(n),
            family: id(1),
            to_view: [scale, 0.0, 0.0, 0.0, scale, 0.0, 0.0, 0.0, 1.0],
            view: (2000.0, 1000.0),
        };
        let placings = [placing(1, 1.0), placing(2, 1.0), placing(3, 0.5)];
        let placings = placings.iter().map(|placing| (placing.picture, placing)).collect();
        let quote = |(n, text): (usize, &&str)| {
            let said = crate::Said::new([(id::<FamilyId>(1), read.text.as_str())]);
            let [passage] = said.passages(text).try_into().unwrap();
            Quote {
                id: id(n as u64),
                post: id(n as u64),
                span: passage.span,
                sheets: passage.sheets,
                same: 8,
                words: 8,
                of: 8,
                differs: passage.differs,
            }
        };
        let quotes: Vec<Quote> = posts.iter().enumerate().map(quote).collect();
        let with: Vec<(&Quote, &str)> = quotes.iter().zip(posts.iter().copied()).collect();
        let found = sides(read, &[alteration], &with, &placings);
        let of = |quote: &Quote| {
            let mut of = found.iter().filter(|one| one.quote == quote.id);
            let one = of.next().map(|one| (one.own, one.says.clone()));
            assert!(of.next().is_none());
            one
        };
        quotes.iter().map(of).collect()
    }

    fn own(says: &str) -> Option<(bool, String)> {
        Some((true, says.to_owned()))
    }

    fn other(says: &str) -> Option<(bool, String)> {
        Some((false, says.to_owned()))
    }

    /// "17,500" stands at 220 to 280 of the first line.
    const FIGURE: [f64; 4] = [215.0, -4.0, 70.0, 28.0];

    #[test]
    fn both_readings_are_told_and_what_is_unclear_is_left_out() {
        let posts = [
            "lol: losses this week were 17,500 men by the general count, the envoy said",
            "so Losses this week were “71,500” men by the general count, the envoy said!",
            // Neither reading, a quote that begins behind the place, one that begins with it, one without it.
            "losses this week were 17,600 men by the general count, the envoy said",
            "71,500, men by the general count, the envoy said on monday to the press",
            "losses this week were men by the general count, the envoy said",
        ];
        let expected = [other("17,500"), own("“71,500”"), None, None, None];
        let altered = altered(FIGURE, "71,500", "17,500");
        for picture in [1, 2] {
            assert_eq!(told(&read(TEXT, picture, 1.0), &altered, &posts), expected);
        }
        // Words that are seen best on a third picture, of twice the size.
        assert_eq!(told(&read(TEXT, 3, 2.0), &altered, &posts), expected);
        assert!(
            told(&read(TEXT, 4, 1.0), &altered, &posts).iter().all(Option::is_none),
            "no way to the place"
        );
    }

    /// A name that differs in one letter: the words are held to be the same, and yet each post has its own.
    #[test]
    fn readings_are_held_letter_by_letter() {
        let text = TEXT.replace("general", "Varga");
        let posts = [
            "this week were 17,500 men by the Vargo count, the envoy said",
            "this week were 17,500 men by the varga count, the envoy said",
            "this week were 17,500 men by the Vargu count, the envoy said",
        ];
        // "Varga" is the first word of the second line.
        let altered = altered([-4.0, 36.0, 60.0, 28.0], "Vargo", "Varga");
        assert_eq!(told(&read(&text, 1, 1.0), &altered, &posts), [own("Vargo"), other("varga"), None]);
    }

    #[test]
    fn the_found_place_is_mended_by_its_readings() {
        let posts = ["losses this week were 71,500 dead men by the general count, the envoy said"];
        let altered = altered(FIGURE, "71,500 dead", "17,500");
        assert_eq!(told(&read(TEXT, 1, 1.0), &altered, &posts), [own("71,500 dead")]);
        let text = TEXT.replace("17,500", "71,500 dead");
        let short = "losses this week were 17,500 men by the general count, the envoy said";
        assert_eq!(told(&read(&text, 1, 1.0), &altered, &[short]), [other("17,500")]);
    }

    #[test]
    fn removed_and_added_words_are_told_by_their_neighbours() {
        let with = "losses this week were not 17,500 men by the general count, the envoy said";
        let without = "losses this week were 17,500 men by the general count, the envoy said";
        let more = "losses this week were never 17,500 men by the general count, the envoy said";
        let mut altered = altered([220.0, -4.0, 30.0, 28.0], "", "not");
        altered.change = Change::Removed;
        // The sheet's text has the word.
        let text = TEXT.replace("were", "were not");
        let posts = [with, without, more];
        let expected = [other("not"), own(""), None];
        assert_eq!(told(&read(&text, 1, 1.0), &altered, &posts), expected);
        // It lacks the word, and has a gap there.
        let mut gap = read(TEXT, 1, 1.0);
        for shared in gap.words.iter_mut().filter(|shared| (4..8).contains(&shared.at)) {
            shared.word.quad.0.iter_mut().for_each(|corner| corner.x += 40.0);
        }
        assert_eq!(told(&gap, &altered, &posts), expected);
        // It has another word there: that a post has none does not tell.
        let text = TEXT.replace("were", "were net");
        assert_eq!(told(&read(&text, 1, 1.0), &altered, &posts), [other("not"), None, None]);
    }

    #[test]
    fn a_gap_at_the_end_of_a_line_tells_only_of_words_that_a_post_has() {
        let with = "losses this week were 17,500 men by the great general count, the envoy said";
        let without = "losses this week were 17,500 men by the general count, the envoy said";
        let mut altered = altered([420.0, -4.0, 60.0, 28.0], "great", "");
        altered.change = Change::Added;
        assert_eq!(told(&read(TEXT, 1, 1.0), &altered, &[with, without]), [own("great"), None]);
    }

    #[test]
    fn what_is_covered_or_reads_alike_has_no_sides() {
        let post = "losses this week were 17,500 men by the general count, the envoy said";
        let mut one = altered(FIGURE, "17,500", "“17,500”,");
        assert_eq!(told(&read(TEXT, 1, 1.0), &one, &[post]), [None]);
        one.reads_against = "71,500".to_owned();
        one.change = Change::Obscured;
        assert_eq!(told(&read(TEXT, 1, 1.0), &one, &[post]), [None]);
    }
}
