//! What was found on a picture, and where: by layers, each with what is said of its places.

use model::{Point, Quad, Reading, Word};
use texts::{filled, say};

use super::{Laid, Sought};
use crate::report::book::Book;
use crate::told::Spot;

/// A place and what is said of it.
pub(super) type Mark = (Quad, String);

/// What a layer marks.
pub(super) struct Layer {
    pub name: &'static str,
    /// The class of its marks.
    pub class: &'static str,
    pub marks: Vec<Mark>,
}

/// The layers of a picture, those that mark nothing left out.
pub(super) fn layers(book: &Book, laid: &Laid, sought: &Sought) -> Vec<Layer> {
    let id = laid.picture.id.to_string();
    let cited = sought.cited.iter().map(|quad| (*quad, say("the place that was cited").to_owned()));
    let layer = |name: &'static str, class, marks| Layer { name, class, marks };
    let all = [
        layer("Search hits", "hit", hits(laid.reading, &sought.terms)),
        layer("Differences", "differs", differs(book, &id)),
        layer("Mentions", "mention", mentions(book, &id, laid.reading)),
        layer("Markings", "marking", markings(laid.reading)),
        layer("Statements", "statement", statements(book, &id)),
        layer("Citation", "cited", cited.collect()),
    ];
    all.into_iter().filter(|layer| !layer.marks.is_empty()).collect()
}

fn hits(reading: Option<&Reading>, terms: &[String]) -> Vec<Mark> {
    let words = reading.map_or(&[][..], |reading| &reading.words);
    let hit = |word: &&model::Word| terms.iter().any(|term| crate::stands(&word.text, term, true));
    words.iter().filter(hit).map(|word| (word.quad, word.text.clone())).collect()
}

/// The places on a picture, each with what is said of all.
fn on<'a>(places: &'a [Spot], id: &'a str, says: String) -> impl Iterator<Item = Mark> + 'a {
    let own = places.iter().filter(move |spot| spot.picture == id);
    own.map(move |spot| (quad(&spot.quad), says.clone()))
}

/// The whole of each name that the sheet mentions. The account cites each word on the picture that reads it best, so the other
/// words of a name are looked for beside those, and a name that is cited elsewhere in what was read here.
fn mentions(book: &Book, id: &str, reading: Option<&Reading>) -> Vec<Mark> {
    let family = book.picture(id).and_then(|picture| picture.family.as_deref());
    let words = reading.map_or(&[][..], |reading| &reading.words);
    let of_sheet = book.dossier.mentions.iter().filter(|mention| Some(mention.family.as_str()) == family);
    let told = of_sheet.flat_map(|mention| {
        let says = match &mention.role {
            Some(role) => format!("{} ({role})", mention.name),
            None => mention.name.clone(),
        };
        let cited =
            mention.cited.places.iter().filter(|spot| spot.picture == id).map(|spot| quad(&spot.quad));
        whole(words, &mention.name, cited.collect()).into_iter().map(move |place| (place, says.clone()))
    });
    let mut marks: Vec<Mark> = Vec::new();
    for mark in told {
        if !marks.contains(&mark) {
            marks.push(mark);
        }
    }
    marks
}

/// The words of a name: those around the cited ones, with letters that may be misread; else wherever it stands letter by letter.
fn whole(words: &[Word], name: &str, cited: Vec<Quad>) -> Vec<Quad> {
    let terms: Vec<Vec<String>> =
        name.split_whitespace().map(crate::terms).filter(|terms| !terms.is_empty()).collect();
    if terms.is_empty() {
        return cited;
    }
    let fits = |run: &[Word], misread: bool| {
        run.iter()
            .zip(&terms)
            .all(|(word, terms)| terms.iter().all(|term| crate::stands(&word.text, term, misread)))
    };
    let is_cited = |word: &Word| cited.iter().any(|place| near(place, &word.quad));
    let runs = words.windows(terms.len());
    let found: Vec<Quad> = if cited.is_empty() {
        runs.filter(|run| fits(run, false)).flatten().map(|word| word.quad).collect()
    } else {
        runs.filter(|run| run.iter().any(is_cited) && fits(run, true))
            .flatten()
            .map(|word| word.quad)
            .collect()
    };
    let left = cited.into_iter().filter(|place| !found.iter().any(|quad| near(place, quad)));
    let left: Vec<Quad> = left.collect();
    found.into_iter().chain(left).collect()
}

/// Whether two places are the same but for what rounding did to them, in pixels.
fn near(a: &Quad, b: &Quad) -> bool {
    a.0.iter().zip(&b.0).all(|(a, b)| (a.x - b.x).abs() < 2.0 && (a.y - b.y).abs() < 2.0)
}

fn statements(book: &Book, id: &str) -> Vec<Mark> {
    let told = book.dossier.statements.iter().flat_map(|said| {
        let says = format!("{} {}", said.speaker.as_deref().unwrap_or(say("not named")), said.verb);
        on(&said.cited.places, id, says)
    });
    told.collect()
}

fn differs(book: &Book, id: &str) -> Vec<Mark> {
    let mut all = Vec::new();
    for row in &book.dossier.alterations {
        let sides =
            [(&row.picture, &row.quad, &row.against), (&row.against, &row.quad_against, &row.picture)];
        for (_, place, other) in sides.into_iter().filter(|(own, ..)| *own == id) {
            all.push((
                quad(place),
                filled(
                    "{how}, against picture {label}",
                    &[("how", &row.kind.shown()), ("label", &book.label(other))],
                ),
            ));
        }
    }
    all
}

/// The words of which markings were read.
fn markings(reading: Option<&Reading>) -> Vec<Mark> {
    let Some(reading) = reading else { return Vec::new() };
    let told = reading.markings.iter().flat_map(|marking| {
        let own = reading.words.iter().skip(marking.word as usize).take(marking.count as usize);
        own.map(|word| (word.quad, marking.verbatim.clone()))
    });
    told.collect()
}

fn quad(corners: &[[f64; 2]; 4]) -> Quad {
    Quad(corners.map(|[x, y]| Point { x, y }))
}
