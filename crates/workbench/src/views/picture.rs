//! A picture: the page as it lies, with what was read and found on it, and what is known of it at its margin.

use axum::response::Response;
use dossier::{Live, shown};
use maud::{Markup, html};
use model::{Picture, PictureId, Quad, Reading};

use super::layers::{self, Frame as Onto};
use super::{Field, Frame, act, framed, missing};
use crate::bench::Bench;
use crate::fields::Fields;
use crate::people::Person;

/// Lines of the margin strip, at most.
const MARGIN: usize = 200;

pub(crate) fn picture(bench: &Bench, who: &Person, id: &str, fields: &Fields) -> Response {
    let key = id.parse::<PictureId>().ok();
    let Some(picture) = key.and_then(|key| bench.shelf.derived().get::<Picture>(key).ok()?) else {
        return missing(bench, who, "picture of this id");
    };
    let reading = bench.shelf.derived().get::<Reading>(picture.id).ok().flatten();
    let live = bench.live();
    let label = live.label(id).to_owned();
    let title = format!("Picture {label}");
    let found = Places::of(&live, id, &picture, reading.as_ref(), fields);
    let body = html! {
        h1 { (title) }
        (told(&live, id))
        @match Onto::of(&picture) {
            Some(onto) => (page(id, &label, &onto, reading.as_ref(), &found)),
            None => p { "This picture cannot be set upright." },
        }
        (act(who, "note", "Note on this picture", "", &[Field::Given("on", id)]))
        (act(who, "label", "Label this picture", "", &[Field::Given("on", id), Field::Line("label", "The label", true)]))
    };
    framed(&Frame { bench, who, path: "/sheets", title: &title }, &body)
}

/// What is known of the picture and of its file.
fn told(live: &Live, id: &str) -> Markup {
    let Some(row) = live.picture(id) else { return html! {} };
    html! {
        p .summary {
            @if let Some(family) = &row.family { (live.sheet_link(family)) " · " }
            (row.width) " × " (row.height) " px · " (row.capture.says())
            @if let Some(item) = row.item.as_deref().and_then(|item| live.item(item)) {
                " · " (shown::name(&item.path)) " · page " (row.page + 1) " · " code .id title=(item.sha256) { "sha256 " (item.sha256.chars().take(12).collect::<String>()) }
            }
        }
        p .ways { a href={ "/redact?id=" (id) } { "Redact" } }
    }
}

/// Places on the picture by what was found there, with what is said of each.
struct Places {
    hits: Vec<(Quad, String)>,
    mentions: Vec<(Quad, String)>,
    markings: Vec<(Quad, String)>,
    differs: Vec<(Quad, String)>,
    statements: Vec<(Quad, String)>,
    cited: Vec<(Quad, String)>,
}

impl Places {
    fn of(live: &Live, id: &str, picture: &Picture, reading: Option<&Reading>, fields: &Fields) -> Self {
        let terms = dossier::terms(fields.get("q").unwrap_or_default());
        let words = reading.map_or(&[][..], |reading| &reading.words);
        let hit = |word: &&model::Word| terms.iter().any(|term| dossier::stands(&word.text, term, true));
        let hits = words.iter().filter(hit).map(|word| (word.quad, word.text.clone())).collect();
        let account = live.dossier();
        let on = |places: &[dossier::told::Spot]| -> Vec<Quad> {
            places.iter().filter(|spot| spot.picture == id).map(|spot| quad(&spot.quad)).collect()
        };
        let mut mentions = Vec::new();
        for mention in &account.mentions {
            let says = mention
                .role
                .as_ref()
                .map_or_else(|| mention.name.clone(), |role| format!("{} ({role})", mention.name));
            mentions.extend(on(&mention.cited.places).into_iter().map(|quad| (quad, says.clone())));
        }
        let mut statements = Vec::new();
        for said in &account.statements {
            let says = format!("{} {}", said.speaker.as_deref().unwrap_or("not named"), said.verb);
            statements.extend(on(&said.cited.places).into_iter().map(|quad| (quad, says.clone())));
        }
        let mut differs = Vec::new();
        for row in &account.alterations {
            let sides =
                [(&row.picture, &row.quad, &row.against), (&row.against, &row.quad_against, &row.picture)];
            for (_, place, other) in sides.into_iter().filter(|(own, ..)| *own == id) {
                differs
                    .push((quad(place), format!("{} from picture {}", row.kind.says(), live.label(other))));
            }
        }
        let cited = fields
            .get("at")
            .and_then(|at| region(at, picture))
            .map(|quad| (quad, "the place that was cited".to_owned()));
        Self {
            hits,
            mentions,
            markings: markings(reading),
            differs,
            statements,
            cited: cited.into_iter().collect(),
        }
    }
}

fn quad(corners: &[[f64; 2]; 4]) -> Quad {
    Quad(corners.map(|[x, y]| model::Point { x, y }))
}

/// The region of a printed citation of this picture's page.
fn region(cited: &str, picture: &Picture) -> Option<Quad> {
    let (page, place) = cited.split_once('#')?;
    if page != picture.page.to_string() {
        return None;
    }
    let numbers: Vec<f64> = place.split([',', ';']).filter_map(|number| number.parse().ok()).collect();
    match numbers.as_slice() {
        [a, b, c, d, e, f, g, h] => Some(quad(&[[*a, *b], [*c, *d], [*e, *f], [*g, *h]])),
        _ => None,
    }
}

/// The words of which markings were read.
fn markings(reading: Option<&Reading>) -> Vec<(Quad, String)> {
    let Some(reading) = reading else { return Vec::new() };
    let spans = reading.markings.iter().map(|marking| (marking.span, marking.verbatim.clone()));
    let mut all = Vec::new();
    for (span, says) in spans {
        let own = reading.words.iter().filter(|word| {
            word.span.start < span.start + span.length && span.start < word.span.start + word.span.length
        });
        all.extend(own.map(|word| (word.quad, says.clone())));
    }
    all
}

/// Layers and the words that switch them: name, class of their marks.
const LAYERS: [(&str, &str); 6] = [
    ("Search hits", "hit"),
    ("Differences", "differs"),
    ("Mentions", "mention"),
    ("Markings", "marking"),
    ("Statements", "statement"),
    ("Citation", "cited"),
];

fn page(id: &str, label: &str, onto: &Onto, reading: Option<&Reading>, found: &Places) -> Markup {
    let layers =
        [&found.hits, &found.differs, &found.mentions, &found.markings, &found.statements, &found.cited];
    html! {
        div .page {
            div {
                fieldset .layers {
                    legend { "Shown on the page" }
                    @for ((name, class), marks) in LAYERS.iter().zip(layers) {
                        @if !marks.is_empty() {
                            label .check { input type="checkbox" class={ "shows-" (class) } checked; (name) " (" (marks.len()) ")" }
                        }
                    }
                    @if reading.is_some() { label .check { input type="checkbox" class="shows-word" checked; "Words, to be selected" } }
                }
                div .frame data-zoom tabindex="0" role="group" aria-label={ "Picture " (label) ", with what was found on it" } {
                    div .stage {
                        img src={ "/raster/upright/" (id) } alt={ "Picture " (label) ", upright" } width=(onto.width) height=(onto.height);
                        svg .overlay viewBox={ "0 0 " (onto.width) " " (onto.height) } {
                            rect .outline width=(onto.width) height=(onto.height) {}
                            @for ((_, class), marks) in LAYERS.iter().zip(layers) { (layers::marks(class, onto, marks)) }
                            @if let Some(reading) = reading { (layers::words(onto, reading)) }
                        }
                    }
                }
            }
            aside .margin aria-label="What was found" {
                @for ((name, class), marks) in LAYERS.iter().zip(layers) { (notes(name, class, onto, marks)) }
                @if let Some(reading) = reading {
                    details { summary { "Text as read" } @for line in reading.text.lines().take(MARGIN) { p .line { (shown::plain(line, 400)) } } }
                }
            }
        }
    }
}

/// What a layer marks, as notes that light their places up.
fn notes(name: &str, class: &str, onto: &Onto, marks: &[(Quad, String)]) -> Markup {
    html! {
        @if !marks.is_empty() {
            h2 { (name) }
            ul .about {
                @for (n, (quad, says)) in marks.iter().take(MARGIN).enumerate() {
                    li class={ "of-" (class) } data-marks={ (class) "-" (n) } {
                        button .quiet type="button" data-at=(onto.around(quad)) { (shown::plain(says, 160)) }
                    }
                }
            }
        }
    }
}
