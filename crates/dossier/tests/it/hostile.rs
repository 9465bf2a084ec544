//! Whatever is received, the report asks for nothing, runs nothing, and shows no received byte.

use dossier::told::{QuotedBy, Side};
use dossier::{
    Context, Material, Opened, Preview, Previews, gexf, graphml, people_gexf, people_graphml, report, tell,
};
use model::{Code, Marking, Problem, Quad, Reading, Rules, Secrecy, Span, Stands, Trouble, Word};

use crate::material::{self, leak};

/// JPEG begins like this; anything else is not embedded.
const JPEG: &[u8] = &[0xff, 0xd8, 0xff, 0xe0, 1, 2, 3];

const NASTY: &[&str] = &[
    "<script>alert(1)</script>",
    "\"onerror=\"alert(1)\" x=\"",
    "'><img src=https://example.org/x onerror=alert(1)>",
    "invoice\u{202e}gpj.exe",
    "nul\0and\x1b[31mred\x7f",
    "</style></title></svg><svg onload=alert(1)>",
    "javascript:alert(1) http://example.org/ url(https://example.org/x)",
    "&lt;b&gt;&amp;",
    "{{7*7}} ${7*7}",
    "",
];

fn poisoned(nasty: &str) -> Material {
    let mut leak = leak();
    let text = || nasty.to_owned();
    leak.name = text();
    leak.purpose = text();
    for item in &mut leak.items {
        (item.name, item.path) = (text(), text());
    }
    for channel in &mut leak.channels {
        (channel.name, channel.platform, channel.native_id) = (text(), text(), text());
        (channel.space, channel.kind) = (Some(text()), Some(text()));
        channel.exports[0].format = text();
    }
    for account in &mut leak.accounts {
        account.names = vec![text()];
    }
    for post in &mut leak.posts {
        (post.text, post.native_id, post.service) = (text(), text(), Some(text()));
        post.author.as_mut().unwrap().name = text();
        post.posted.iter_mut().for_each(|when| when.verbatim = text());
        post.reply_to = Some(model::Reply { native_id: text(), channel: Some(text()) });
        post.forwarded = Some(model::Forward {
            from: Some(text()),
            from_id: Some(text()),
            native_id: Some(text()),
            posted: None,
        });
    }
    for attachment in &mut leak.attachments {
        (attachment.declared.name, attachment.declared.reference) = (text(), text());
    }
    for page in &mut leak.pages {
        page.software = Some(text());
    }
    for found in &mut leak.matches {
        found.measures.iter_mut().for_each(|measure| (measure.name, measure.unit) = (text(), text()));
    }
    for altered in &mut leak.alterations {
        (altered.reads, altered.reads_against) = (text(), text());
        altered.measures.iter_mut().for_each(|measure| (measure.name, measure.unit) = (text(), text()));
    }
    for wording in leak.quotes.iter_mut().flat_map(|quote| &mut quote.differs) {
        (wording.says, wording.sheet_says) = (text(), text());
    }
    leak.versions.iter_mut().for_each(|version| version.says = vec![Some(text()), None]);
    leak.acts.iter_mut().for_each(|act| (act.actor, act.reason) = (text(), text()));
    for gap in &mut leak.gaps {
        gap.reasons.iter_mut().for_each(|reason| reason.words = Some(text()));
        gap.seek.between = (Some(text()), Some(text()));
        let seek = [
            &mut gap.seek.platform,
            &mut gap.seek.space,
            &mut gap.seek.channel,
            &mut gap.seek.post,
            &mut gap.seek.file,
        ];
        seek.into_iter().for_each(|told| *told = Some(text()));
    }
    leak.discrepancies.iter_mut().for_each(|one| (one.was, one.is) = (text(), text()));
    leak.problems.push(Problem::new(nasty, Trouble::new(Code::ArchiveEscape, nasty)));
    leak
}

/// A picture of the leak as a page, on which the leak's name was read.
fn opened(leak: &Material, id: &str) -> Option<Opened> {
    let picture = leak.pictures.iter().find(|picture| picture.id.to_string() == id)?.clone();
    let word = Word {
        text: leak.name.clone(),
        span: Span { start: 0, length: 5 },
        quad: Quad::rectangle(10.0, 10.0, 80.0, 20.0),
        doubt: 0.0,
        line: 0,
        second: false,
    };
    let marking = Marking {
        stands: Stands::Head,
        rules: Rules::Us,
        secrecy: Secrecy::Secret,
        says: leak.name.clone(),
        verbatim: leak.name.clone(),
        corrected: 0,
        parts: Vec::new(),
        editions: Vec::new(),
        unknown: Vec::new(),
        span: Span { start: 0, length: 5 },
        word: 0,
        count: 1,
    };
    let reading = Reading {
        picture: picture.id,
        text: leak.name.clone(),
        words: vec![word],
        markings: vec![marking],
        dates: Vec::new(),
        printed: Vec::new(),
        reader: leak.name.clone(),
        turned: 0,
    };
    Some(Opened { upright: JPEG.to_vec(), picture, reading: Some(reading) })
}

fn previews(thumbnail: Preview<'_>) -> Previews<'_> {
    Previews {
        thumbnail,
        place: &|_, _| Some(b"<svg onload=alert(1)>".to_vec()),
        view: thumbnail,
        page: &|_| None,
    }
}

fn told(leak: &Material) -> String {
    let context = Context { made_at: leak.name.clone(), version: leak.name.clone(), ..Context::default() };
    let mut told = tell(leak);
    for altered in &mut told.alterations {
        let (post, quote, says) =
            (told.posts[0].id.clone(), told.quotes[0].id.clone(), Some(leak.name.clone()));
        altered.quoted_by = vec![QuotedBy { post, quote, side: Side::Picture, says }];
    }
    let page = |id: &str| opened(leak, id);
    report(&told, &context, &Previews { page: &page, ..previews(&|_| Some(JPEG.to_vec())) })
}

/// Tags of a page: name and attributes. Strict: fails on whatever a browser would have to guess at.
fn tags(html: &str) -> Vec<(String, Vec<(String, String)>)> {
    let mut tags = Vec::new();
    let mut rest = html;
    while let Some(open) = rest.find('<') {
        rest = &rest[open + 1..];
        let mut quoted = false;
        let close = rest
            .char_indices()
            .find(|(_, c)| {
                quoted ^= *c == '"';
                !quoted && *c == '>'
            })
            .unwrap()
            .0;
        let (tag, after) = (&rest[..close], &rest[close + 1..]);
        rest = after;
        let (name, mut attributes) = tag.split_once(' ').unwrap_or((tag, ""));
        let mut found = Vec::new();
        while let Some((key, value)) = attributes.split_once("=\"") {
            let (value, left) = value.split_once('"').unwrap();
            found.push((key.trim().to_owned(), value.to_owned()));
            attributes = left;
        }
        tags.push((name.to_owned(), found));
        if name == "style" {
            rest = &rest[rest.find("</style>").unwrap()..];
        }
    }
    tags
}

#[test]
fn hostile_text_stays_text() {
    let clean: Vec<String> = shape(&told(&poisoned("plain")));
    for nasty in NASTY.iter().copied().chain([&*"A".repeat(10_000), &*"\u{202e}".repeat(10_000)]) {
        let html = told(&poisoned(nasty));
        // Tags that an empty text leaves out, or a long one adds, are not at stake.
        if !nasty.is_empty() {
            assert!(shape(&html) == clean, "{nasty:?} changes the shape of the page");
        }
        for (name, attributes) in tags(&html) {
            assert!(
                !["script", "iframe", "object", "embed", "form", "base", "link"].contains(&&*name),
                "{name}"
            );
            assert!(attributes.iter().all(|(key, _)| !key.starts_with("on")), "{attributes:?}");
        }
        let hidden =
            |c: char| (c < ' ' && c != '\n') || ('\u{202a}'..='\u{202e}').contains(&c) || c == '\x7f';
        assert_eq!(html.find(hidden), None);
        // Wherever a text stands, it is cut: ten times as much of it makes no larger report.
        if nasty.chars().count() > 1000 {
            let tenth: String = nasty.chars().take(1000).collect();
            let least = told(&poisoned(&tenth)).len();
            assert!(html.len() < least + least / 50, "{} bytes of report, {least} for a tenth", html.len());
        }
    }
}

fn shape(html: &str) -> Vec<String> {
    tags(html).into_iter().map(|(name, _)| name).collect()
}

#[test]
fn the_report_asks_for_nothing() {
    for nasty in NASTY {
        let html = told(&poisoned(nasty));
        for (name, attributes) in tags(&html) {
            for (key, value) in attributes {
                match key.as_str() {
                    "src" => {
                        assert!(name == "img" && value.starts_with("data:image/jpeg;base64,"), "{value}")
                    }
                    "href" => assert!(value.starts_with('#'), "{value}"),
                    "style" | "srcset" | "action" | "poster" | "background" | "xlink:href" => panic!("{key}"),
                    _ => {}
                }
            }
        }
        let style = html.split_once("<style>").unwrap().1.split_once("</style>").unwrap().0;
        assert!(!style.contains("url(") && !style.contains("@import"));
        let policy = "default-src 'none'; img-src data:; style-src 'unsafe-inline'";
        assert!(html.contains(&format!("http-equiv=\"Content-Security-Policy\" content=\"{policy}\"")));
    }
}

#[test]
fn every_link_has_its_target_and_ids_are_unique() {
    for leak in [leak(), large()] {
        check_links(&told(&leak));
    }
}

/// More of everything than the report shows.
fn large() -> Material {
    let mut large = leak();
    let lounge = large.channels[0].clone();
    for n in 0..2400_u32 {
        let time = format!("2023-03-{:02}T{:02}:{:02}:00Z", 1 + n / 96, n / 4 % 24, n % 4 * 15);
        let posted = vec![material::when(&time, &time, &time, model::Zone::Utc)];
        let post = material::post(&mut large, &lounge, &format!("p{n}"), posted, "");
        if n % 100 == 0 {
            material::attach(&mut large, post, 0, "gone.png", None);
            continue;
        }
        let held =
            material::item(&mut large, &format!("more/{n}.png"), &format!("more {n}"), model::Kind::Png);
        let picture = material::picture(&mut large, held.1, 0, None);
        large.families.push(model::Family::new(vec![picture], picture));
        material::attach(&mut large, post, 0, "more.png", Some(held));
        if n < 1200 {
            material::attach(&mut large, post, 1, "more.png", Some(held));
        }
    }
    material::spread(&mut large);
    large
}

fn check_links(html: &str) {
    let all = tags(html);
    let values = |wanted: &str| -> Vec<String> {
        let of = all.iter().flat_map(|(_, attributes)| attributes);
        of.filter(|(key, _)| key == wanted).map(|(_, value)| value.clone()).collect()
    };
    let mut ids = values("id");
    for link in values("href") {
        assert!(ids.contains(&link[1..].to_owned()), "{link}");
    }
    let all = ids.len();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), all);
}

#[test]
fn a_page_has_its_words_and_what_was_found_where() {
    let html = told(&poisoned("harbour"));
    let pages: Vec<&str> = html.split("class=\"opened\"").skip(1).collect();
    assert!(pages.len() > 1, "{}", pages.len());
    // Each difference is marked on the two pictures that differ, and nowhere else.
    assert_eq!(html.matches("class=\"differs\"").count(), 2 * leak().alterations.len());
    for page in pages {
        assert!(page.contains("class=\"word\"") && page.contains("harbour </text>"), "{page}");
        assert!(page.contains("class=\"marking\"") && page.contains("data-marks=\"on-"), "{page}");
    }
}

#[test]
fn graphs_hold_received_text_as_text() {
    for nasty in NASTY {
        let mut told = tell(&poisoned(nasty));
        for entity in &mut told.entities {
            entity.name = (*nasty).to_owned();
        }
        for party in &mut told.parties {
            party.name = (*nasty).to_owned();
        }
        for graph in [gexf(&told), graphml(&told), people_gexf(&told), people_graphml(&told)] {
            for tag in ["<script", "<img", "<svg", "<b>", "</style", "\0", "\x1b"] {
                assert!(!graph.contains(tag), "{tag} of {nasty:?} stands in {graph}");
            }
            assert!(!graph.contains("&lt;b&gt;&amp;"), "{nasty:?} was not escaped in {graph}");
        }
    }
}

#[test]
fn only_jpegs_are_embedded() {
    let html =
        report(&tell(&leak()), &Context::default(), &previews(&|_| Some(b"<svg onload=alert(1)>".to_vec())));
    assert!(!html.contains("<img") && html.contains("no preview"));
}

#[test]
fn the_report_gives_no_verdict() {
    let html = told(&leak()).to_lowercase();
    for word in ["fake", "authentic", "forged", "genuine", "leaker"] {
        assert!(!html.contains(word), "{word}");
    }
}
