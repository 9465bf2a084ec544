//! Search over pages and posts, with facets: who, where, when, which marking and version.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, OnceLock};

use axum::response::Response;
use case::Hit;
use dossier::told::Window;
use dossier::{Found, Live, Page, shown};
use jiff::Timestamp;
use maud::Markup;
use model::{PictureId, Post, PostId};
use rayon::prelude::*;
use texts::{html, say};

use crate::acts::Refusal;
use crate::bench::Bench;
use crate::fields::Fields;
use crate::people::Person;
use crate::unpoisoned;
use crate::views::{Frame, Part, filtered, pager};

/// Hits that are counted and filtered, at most.
pub(crate) const MOST: usize = 2000;
/// Queries whose hits are kept.
const KEPT: usize = 8;
/// Values of a facet that are offered.
const OFFERED: usize = 30;

/// A hit with what it can be chosen by.
pub(crate) struct Row {
    hit: Hit,
    pub id: String,
    is_post: bool,
    channels: BTreeSet<String>,
    account: Option<(String, String)>,
    when: Option<(Timestamp, Timestamp)>,
    banner: Option<String>,
    version: Option<String>,
    family: Option<String>,
    /// Who is mentioned: on the sheet, or in the post.
    parties: BTreeMap<String, String>,
    found: OnceLock<Option<Found>>,
}

impl Row {
    fn of(bench: &Bench, live: &Live, hit: Hit) -> Option<Self> {
        if hit.kind == crate::views::POST {
            let post = bench.shelf.derived().get::<Post>(hit.key).ok()??;
            let from = post.posted.iter().map(|when| when.interval.earliest).min();
            let to = post.posted.iter().map(|when| when.interval.latest).max();
            return Some(Self {
                id: PostId::from(hit.key).to_string(),
                hit,
                is_post: true,
                channels: BTreeSet::from([post.channel.to_string()]),
                account: post.author.map(|author| (author.account.to_string(), author.name)),
                when: from.zip(to),
                banner: None,
                version: None,
                family: None,
                found: OnceLock::new(),
                parties: parties(live.named_in(&post.text)),
            });
        }
        let id = PictureId::from(hit.key).to_string();
        let picture = live.picture(&id)?;
        let sheet = picture.family.as_deref().and_then(|family| live.family(family));
        let seen = sheet.into_iter().flat_map(|sheet| &sheet.appearances).filter(|seen| seen.picture == id);
        let (mut channels, mut when) = (BTreeSet::new(), None::<(Timestamp, Timestamp)>);
        for seen in seen {
            channels.extend(seen.channel.clone());
            if let Some(at) = seen.when {
                when = Some(
                    when.map_or((at.earliest, at.latest), |(a, b)| (a.min(at.earliest), b.max(at.latest))),
                );
            }
        }
        Some(Self {
            hit,
            is_post: false,
            channels,
            account: None,
            when,
            banner: sheet.and_then(|sheet| sheet.marking.banner.clone()),
            version: picture.version.clone(),
            parties: parties(picture.family.iter().flat_map(|family| live.named_on(family).iter().copied())),
            family: picture.family.clone(),
            found: OnceLock::new(),
            id,
        })
    }

    /// The hit in words, which are looked up once for the query for which the row is kept.
    pub fn found(&self, bench: &Bench, terms: &[String], misread: bool) -> Option<&Found> {
        let looked_up = || dossier::found(bench.shelf.derived(), &self.hit, terms, misread).ok().flatten();
        self.found.get_or_init(looked_up).as_ref()
    }

    /// Whether it is chosen by every facet but `but`.
    fn is_chosen(&self, chosen: &Chosen, but: &str) -> bool {
        let same = |name: &str, wanted: &Option<String>, has: &dyn Fn(&String) -> bool| {
            name == but || wanted.as_ref().is_none_or(has)
        };
        let own = |own: &Option<String>, wanted: &String| own.as_ref() == Some(wanted);
        same("kind", &chosen.kind, &|kind| (kind == "posts") == self.is_post)
            && same("channel", &chosen.channel, &|channel| self.channels.contains(channel))
            && same("account", &chosen.account, &|id| self.account.as_ref().is_some_and(|own| own.0 == *id))
            && same("banner", &chosen.banner, &|banner| own(&self.banner, banner))
            && same("version", &chosen.version, &|version| own(&self.version, version))
            && same("party", &chosen.party, &|id| self.parties.contains_key(id))
            && chosen.from.is_none_or(|from| self.when.is_some_and(|(_, to)| to >= from))
            && chosen.to.is_none_or(|to| self.when.is_some_and(|(from, _)| from <= to))
    }
}

fn parties<'a>(entities: impl IntoIterator<Item = &'a dossier::told::Entity>) -> BTreeMap<String, String> {
    entities.into_iter().map(|entity| (entity.id.clone(), entity.name.clone())).collect()
}

/// What is chosen of the hits.
struct Chosen {
    kind: Option<String>,
    channel: Option<String>,
    account: Option<String>,
    banner: Option<String>,
    version: Option<String>,
    from: Option<Timestamp>,
    to: Option<Timestamp>,
    party: Option<String>,
}

impl Chosen {
    fn of(fields: &Fields) -> Result<Self, Refusal> {
        let owned = |name: &str| fields.get(name).map(str::to_owned);
        Ok(Self {
            kind: owned("kind"),
            channel: owned("channel"),
            account: owned("account"),
            banner: owned("banner"),
            version: owned("version"),
            from: fields.instant("from", false)?,
            to: fields.instant("to", true)?,
            party: owned("party"),
        })
    }
}

/// What was searched for last, so that choosing among the hits of a query does not search anew.
#[derive(Default)]
pub(crate) struct Searched(Mutex<VecDeque<(Asked, Arc<Vec<Row>>)>>);

/// The account's generation, the words, and whether letters may be misread.
type Asked = (u64, String, bool);

/// The hits for what is asked.
pub(crate) struct Hits {
    pub all: Arc<Vec<Row>>,
    /// The places of those that are chosen.
    pub kept: Vec<usize>,
    chosen: Chosen,
}

/// The hits for what the fields ask.
pub(crate) fn rows(bench: &Bench, live: &Live, fields: &Fields) -> Result<Hits, Refusal> {
    let chosen = Chosen::of(fields)?;
    let query = fields.get("q").unwrap_or_default();
    if query.is_empty() {
        return Ok(Hits { all: Arc::default(), kept: Vec::new(), chosen });
    }
    let generation = bench.generation.load(Ordering::Relaxed);
    let asked = (generation, query.to_owned(), fields.is("misread") == Some(true));
    let known = unpoisoned(bench.searched.0.lock())
        .iter()
        .find(|(own, _)| *own == asked)
        .map(|(_, rows)| Arc::clone(rows));
    let rows = match known {
        Some(rows) => rows,
        None => {
            let hits = dossier::hits(bench.shelf.derived(), query, asked.2, MOST)?;
            let rows = hits.into_par_iter().filter_map(|hit| Row::of(bench, live, hit));
            let rows = Arc::new(rows.collect::<Vec<Row>>());
            let mut searched = unpoisoned(bench.searched.0.lock());
            searched.truncate(KEPT - 1);
            searched.push_front((asked, Arc::clone(&rows)));
            rows
        }
    };
    let kept = (0..rows.len())
        .filter(|place| rows.get(*place).is_some_and(|row| row.is_chosen(&chosen, "")))
        .collect();
    Ok(Hits { all: rows, kept, chosen })
}

pub(crate) fn search(bench: &Bench, who: &Person, fields: &Fields, part: Part) -> Response {
    let live = bench.live();
    let query = fields.get("q").unwrap_or_default();
    let results = match rows(bench, &live, fields) {
        Ok(hits) => shown_rows(bench, &live, fields, &hits),
        Err(refusal) => refusal.markup(),
    };
    let frame = Frame { bench, who, path: "/search", title: say("Search") };
    let form = || {
        html! {
            h1 { "Search" }
            form autocomplete="off" .filter data-live action="/search" {
                label .field { span { "Words" } input type="search" name="q" value=(query) placeholder="words, \"a phrase\", prefix*, NEAR(a b, 5)"; }
                label .field { span { "From (UTC)" } input name="from" value=[fields.get("from")]; }
                label .field { span { "To (UTC)" } input name="to" value=[fields.get("to")]; }
                label .check { input type="checkbox" name="misread" value="yes" checked[fields.is("misread") == Some(true)]; "letters may be misread" }
                @for name in ["kind", "channel", "account", "banner", "version", "party"] {
                    @if let Some(value) = fields.get(name) { input type="hidden" name=(name) value=(value); }
                }
                button type="submit" { "Search" }
            }
        }
    };
    filtered(&frame, part, form, &results)
}

fn shown_rows(bench: &Bench, live: &Live, fields: &Fields, hits: &Hits) -> Markup {
    let (rows, kept) = (&hits.all, &hits.kept);
    let page = Page::of(fields.number("page"), kept.len());
    let terms = dossier::terms(fields.get("q").unwrap_or_default());
    let misread = fields.is("misread") == Some(true);
    let query: String =
        form_urlencoded::byte_serialize(fields.get("q").unwrap_or_default().as_bytes()).collect();
    let on_page = kept.get(page.rows()).unwrap_or_default().par_iter().filter_map(|place| rows.get(*place));
    let found = on_page
        .filter_map(|row| Some(hit(live, row, row.found(bench, &terms, misread)?, &terms, misread, &query)));
    let found: Vec<Markup> = found.collect();
    html! {
        @if fields.get("q").is_none() { p { "Search in what was read on pictures and in what was posted." } }
        @else {
            p role="status" {
                (shown::counted(kept.len(), "hit", "hits"))
                @if kept.len() < rows.len() { " of " (shown::number(rows.len() as u64)) ", with what is chosen" }
                @if rows.len() >= MOST { "; only the best " (shown::number(MOST as u64)) " are looked at: say more" }
            }
        }
        div .with-side {
            (facets(live, fields, hits))
            ul .hit-list {
                @for found in &found { li data-row { (found) } }
            }
        }
        (pager(page, "/search", fields))
    }
}

fn hit(live: &Live, row: &Row, found: &Found, terms: &[String], misread: bool, query: &str) -> Markup {
    html! {
        div { @if !row.is_post { (live.thumbnail(&row.id)) } }
        div {
            @if row.is_post { (of_post(live, row)) }
            @else {
                p {
                    a href={ "/of/" (row.id) "?q=" (query) } { "Picture " (live.label(&row.id)) }
                    @if let Some(family) = &row.family { " · " (live.sheet_link(family)) }
                    @if let Some(banner) = &row.banner { " · " (shown::plain(banner, 60)) }
                }
            }
            p .snippet { (marked(&found.snippet, terms, misread)) }
        }
    }
}

/// Which post, by whom, where, when.
fn of_post(live: &Live, row: &Row) -> Markup {
    let channel = row.channels.iter().find_map(|channel| live.channel(channel));
    html! {
        p {
            a href={ "/of/" (row.id) } { "Post " (live.post_words(&row.id)) }
            @if let Some((_, name)) = &row.account { " by " (shown::name(name)) }
            @if let Some(channel) = channel { " in " (shown::name(&channel.name)) }
            @if let Some((earliest, latest)) = row.when { " · " (shown::when(Some(&Window { earliest, latest }))) }
        }
    }
}

/// The snippet with what was found marked.
fn marked(snippet: &str, terms: &[String], misread: bool) -> Markup {
    html! {
        bdi {
            @for word in snippet.split_inclusive(' ') {
                @if terms.iter().any(|term| dossier::stands(word, term, misread)) { mark { (shown::plain(word, 200)) } } @else { (shown::plain(word, 200)) }
            }
        }
    }
}

/// A value of a facet, how many hits have it, and the words for it.
type Value<'a> = (&'a str, usize, String);
/// The values that a hit has.
type Values<'a> = &'a dyn Fn(&Row) -> Vec<&str>;

/// Values by which the hits can be chosen, counted over the hits that the other facets leave.
fn facets(live: &Live, fields: &Fields, hits: &Hits) -> Markup {
    let kind = |row: &Row| if row.is_post { "posts" } else { "pictures" };
    let of: [(&str, &str, Values); 6] = [
        ("kind", say("Where"), &|row| vec![kind(row)]),
        ("channel", say("Channel"), &|row| row.channels.iter().map(String::as_str).collect()),
        ("account", say("Account"), &|row| row.account.iter().map(|account| account.0.as_str()).collect()),
        ("banner", say("Marked"), &|row| row.banner.as_deref().into_iter().collect()),
        ("party", say("Mentions"), &|row| row.parties.keys().map(String::as_str).collect()),
        ("version", say("Version"), &|row| row.version.as_deref().into_iter().collect()),
    ];
    let groups = of.map(|(name, heading, of)| (name, heading, offered(live, fields, hits, name, of)));
    html! {
        aside .facets aria-label="Choose among the hits" {
            @for (name, heading, values) in &groups {
                @if values.len() > 1 || fields.get(name).is_some() || !values.is_empty() && *name == "channel" { (facet(fields, name, heading, values)) }
            }
        }
    }
}

/// The values of a facet that are offered, those of most hits first. Only they are put into words: there may be thousands.
fn offered<'a>(live: &Live, fields: &'a Fields, hits: &'a Hits, name: &str, of: Values) -> Vec<Value<'a>> {
    let mut counted: BTreeMap<&str, usize> = BTreeMap::new();
    for value in hits.all.iter().filter(|row| row.is_chosen(&hits.chosen, name)).flat_map(of) {
        *counted.entry(value).or_default() += 1;
    }
    // A version of a sheet that has no other is none to choose by.
    let words = |value: &'a str| called(live, &hits.all, name, value);
    let mut sorted: Vec<(&str, usize)> = counted.into_iter().collect();
    sorted.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(b.0)));
    let now = fields.get(name);
    // What is chosen shows where it leaves nothing, too, so that it can be let go.
    let chosen = now.map(|now| (now, sorted.iter().find(|value| value.0 == now).map_or(0, |value| value.1)));
    let others = sorted.into_iter().filter(|value| Some(value.0) != now);
    let named = others.filter_map(|(value, count)| Some((value, count, words(value)?))).take(OFFERED);
    let chosen = chosen.map(|(now, count)| (now, count, words(now).unwrap_or_else(|| now.to_owned())));
    let mut offered: Vec<Value> = chosen.into_iter().chain(named).collect();
    offered.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.2.cmp(&b.2)));
    offered
}

/// The words for a value of a facet.
fn called(live: &Live, rows: &[Row], name: &str, value: &str) -> Option<String> {
    match name {
        "kind" => Some(if value == "posts" { say("posts") } else { say("pictures") }.to_owned()),
        "channel" => live.channel(value).map(|channel| channel.name.clone()),
        "account" => rows
            .iter()
            .find_map(|row| row.account.as_ref().filter(|account| account.0 == value))
            .map(|account| account.1.clone()),
        "party" => {
            let entity = || live.dossier().entities.iter().find(|one| one.id == value);
            let named = rows.iter().find_map(|row| row.parties.get(value)).cloned();
            named.or_else(|| entity().map(|one| one.name.clone()))
        }
        "version" => {
            let version = live.dossier().versions.iter().find(|one| one.id == value)?;
            live.version_name(&version.family, value)
        }
        _ => Some(value.to_owned()),
    }
}

fn facet(fields: &Fields, name: &str, heading: &str, values: &[Value]) -> Markup {
    let now = fields.get(name);
    html! {
        h2 { (heading) }
        ul {
            @for (value, count, words) in values {
                li {
                    @if now == Some(*value) { a .chip.on aria-current="true" href={ "/search?" (fields.with(name, "")) } { (shown::plain(words, 60)) " ✕" } }
                    @else { a href={ "/search?" (fields.with(name, value)) } { (shown::plain(words, 60)) } " " span .muted { (count) } }
                }
            }
        }
    }
}
