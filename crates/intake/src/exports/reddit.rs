//! Reddit: answers of its API (listings, threads), Pushshift and Arctic Shift dumps (one post a line), and what URS writes.
//!
//! Source of truth: reddit.com/dev/api ("things", `t1_` comments, `t3_` submissions, base 36); `schemas` of
//! github.com/ArthurHeitmann/arctic_shift; `urs/utils/Global.py` of github.com/JosephLai241/URS, which writes
//! `created_utc` in the local time of the scraping machine. Numbers tell the order and no time. "[removed]" is a
//! moderator's deletion, "[deleted]" the author's.

use std::io;

use jiff::Timestamp;
use model::{Author, ChannelId, Clock, Code, Declared, Post, Reply, When, Zone};
use serde::Deserialize;

use super::documents::documents;
use super::each::each;
use super::lenient::{Maybe, Seconds, Word};
use super::reading::{Channels, Header, Reading, bare_post, basename, declared};
use super::{Abilities, Context, Format, Opening, Sink, Tell};
use crate::json::{Choice, Outcome, Step};
use crate::stamp::Stamp;
use crate::{Input, clock};

/// The format.
pub(super) struct Reddit;

impl Format for Reddit {
    fn name(&self) -> &'static str {
        "reddit"
    }
    fn title(&self) -> &'static str {
        "Reddit (API, Pushshift and Arctic Shift, URS)"
    }
    fn tells(&self) -> &'static str {
        "ids, authors' names, times to the second (URS: local, without a zone), replies, crossposts, edits, removals, links; not: what was removed, files themselves"
    }
    fn abilities(&self) -> Abilities {
        use Tell::{No, Partly, Yes};
        Abilities::of([Yes, No, Partly, Yes, Partly, Yes, Yes, Partly])
    }
    fn recognise(&self, file: &Opening) -> bool {
        let shape = file.shape();
        ["", "*/", "data/*/", "data/comments/*/", "data/children/*/data/", "*/data/children/*/data/"]
            .iter()
            .any(|at| {
                let has = |key: &str| shape.has(&format!("{at}{key}"));
                let own = ["link_id", "permalink", "subreddit", "subreddit_id"];
                has("created_utc") && has("id") && own.iter().any(|key| has(key))
            })
    }
    fn read(&self, input: &mut dyn Input, context: &Context, out: &mut dyn Sink) -> io::Result<()> {
        let mut reading = Reading::new(self.name(), context, out);
        let mut places = Places::default();
        let shape = {
            let mut head = Vec::new();
            io::Read::read_to_end(&mut io::Read::take(&mut *input, 64 << 10), &mut head)?;
            super::shape::Shape::of(&head)
        };
        input.seek(io::SeekFrom::Start(0))?;
        let outcome = if shape.has("created_utc") {
            documents(input, &mut reading, &mut |reading, bytes, span| places.take(reading, bytes, span))?
        } else {
            each(input, 0, &mut reading, (&choose, &[["kind", "data"]]), &mut |reading, _, bytes, span| {
                places.take(reading, bytes, span)
            })?
        };
        if places.zoneless {
            reading.trouble(Code::ZoneUnknown, String::new)?;
        }
        places.channels.list(&mut reading, outcome == Outcome::Whole)?;
        reading.finish(outcome)
    }
}

fn choose(path: &[Step], first: u8) -> Choice {
    let last = |step: &Step| step.is("data") || step.is("children") || step.is("comments");
    match path {
        [] => Choice::Enter,
        [.., step] if last(step) => Choice::Enter,
        [Step::Index(_)] if first == b'{' => Choice::Take,
        [.., list, Step::Index(_)] if last(list) && first == b'{' => Choice::Take,
        _ => Choice::Skip,
    }
}

#[derive(Default)]
struct Places {
    channels: Channels,
    zoneless: bool,
}

impl Places {
    fn take(&mut self, reading: &mut Reading, bytes: &[u8], span: model::Span) -> io::Result<bool> {
        let mut spare = Vec::new();
        let Some(thing) = reading.parse::<Thing>(bytes, &mut spare) else { return Ok(false) };
        if let Some(inner) = thing.data.0.as_deref() {
            let listed = inner.children();
            return if listed.is_empty() {
                self.keep(reading, inner, span, 0)
            } else {
                self.all(reading, &listed, span, 0)
            };
        }
        let mut spare = Vec::new();
        let Some(item) = reading.parse::<Item>(bytes, &mut spare) else { return Ok(false) };
        self.keep(reading, &item, span, 0)
    }

    fn all(
        &mut self,
        reading: &mut Reading,
        items: &[&Item],
        span: model::Span,
        depth: usize,
    ) -> io::Result<bool> {
        for item in items {
            self.keep(reading, item, span, depth)?;
        }
        Ok(true)
    }

    /// Hands on a post and the answers within it.
    fn keep(
        &mut self,
        reading: &mut Reading,
        item: &Item,
        span: model::Span,
        depth: usize,
    ) -> io::Result<bool> {
        if !item.is_post() {
            return Ok(false);
        }
        let place = item.place();
        let native_id = place.to_lowercase();
        let Some(header) = self.channels.get(&native_id, || Header::new("reddit", &native_id, &place)) else {
            return Ok(true);
        };
        let Some(post) = item.post(header.channel()) else { return Ok(false) };
        header.read += 1;
        if post.posted.is_empty() {
            reading.trouble(Code::TimeUnknown, || format!("post {}", post.native_id))?;
        }
        let floating = post.posted.iter().any(|when| when.zone == Zone::Unknown);
        self.zoneless |= floating;
        reading.record(post, span, floating)?;
        if depth < 100 {
            self.all(reading, &item.answers(), span, depth + 1)?;
        }
        Ok(true)
    }
}

#[derive(Deserialize)]
struct Thing<'a> {
    #[serde(default, borrow)]
    data: Maybe<Box<Item<'a>>>,
}

/// A submission or a comment; or a list of them.
#[derive(Deserialize)]
struct Item<'a> {
    #[serde(default, borrow)]
    id: Word<'a>,
    #[serde(default, borrow)]
    name: Word<'a>,
    #[serde(default, borrow)]
    author: Word<'a>,
    #[serde(default, borrow)]
    created_utc: Created<'a>,
    #[serde(default, borrow)]
    edited: Created<'a>,
    #[serde(default, borrow)]
    title: Word<'a>,
    #[serde(default, borrow)]
    selftext: Word<'a>,
    #[serde(default, borrow)]
    body: Word<'a>,
    #[serde(default, borrow)]
    subreddit: Word<'a>,
    #[serde(default, borrow)]
    subreddit_id: Word<'a>,
    #[serde(default, borrow)]
    permalink: Word<'a>,
    #[serde(default, borrow)]
    parent_id: Word<'a>,
    #[serde(default, borrow)]
    link_id: Word<'a>,
    #[serde(default, borrow)]
    url: Word<'a>,
    #[serde(default, borrow)]
    is_self: Word<'a>,
    #[serde(default, borrow)]
    submission: Maybe<Above<'a>>,
    #[serde(default, borrow)]
    crosspost_parent_list: super::lenient::List<Above<'a>>,
    #[serde(default, borrow)]
    removed_by_category: Word<'a>,
    #[serde(default, borrow)]
    replies: Replies<'a>,
    #[serde(default, borrow)]
    children: super::lenient::List<Thing<'a>>,
}

/// What a post stands in, or repeats.
#[derive(Deserialize)]
struct Above<'a> {
    #[serde(default, borrow)]
    name: Word<'a>,
    #[serde(default, borrow)]
    author: Word<'a>,
    #[serde(default, borrow)]
    permalink: Word<'a>,
    #[serde(default)]
    created_utc: Seconds,
}

/// Answers: a list (URS), or a listing (API).
#[derive(Default, Deserialize)]
#[serde(untagged)]
enum Replies<'a> {
    #[serde(borrow)]
    List(Vec<Item<'a>>),
    #[serde(borrow)]
    Listing(Box<Thing<'a>>),
    Other(serde::de::IgnoredAny),
    #[default]
    None,
}

/// Seconds since 1970, or a printed time.
#[derive(Default, Deserialize)]
#[serde(untagged)]
enum Created<'a> {
    Number(f64),
    #[serde(borrow)]
    Text(std::borrow::Cow<'a, str>),
    Other(serde::de::IgnoredAny),
    #[default]
    None,
}

impl Created<'_> {
    fn when(&self) -> Option<When> {
        match self {
            Created::Number(number) if *number > 0.0 && *number < 1e11 => {
                clock::unix(&(*number as i64).to_string())
            }
            Created::Text(text) if text.bytes().all(|b| b.is_ascii_digit()) => clock::unix(text),
            // URS writes the month first.
            Created::Text(text) => Stamp::parse(text)?.settled(false).when(text, Clock::Platform),
            _ => None,
        }
    }
}

impl<'a> Item<'a> {
    fn children(&self) -> Vec<&Item<'a>> {
        self.children.0.iter().filter_map(|thing| thing.data.0.as_deref()).collect()
    }

    fn answers(&self) -> Vec<&Item<'a>> {
        match &self.replies {
            Replies::List(items) => items.iter().collect(),
            Replies::Listing(thing) => thing.data.0.as_deref().map(Item::children).unwrap_or_default(),
            _ => Vec::new(),
        }
    }

    /// The community, by whatever tells it.
    fn place(&self) -> String {
        let above = self.submission.0.as_ref().map(|above| above.permalink.text()).unwrap_or_default();
        let linked = [self.permalink.text(), above]
            .into_iter()
            .find_map(|link| link.split("/r/").nth(1)?.split('/').next());
        match self.subreddit.some().or(linked) {
            Some(name) => format!("r/{name}"),
            None => self.subreddit_id.some().unwrap_or("?").to_owned(),
        }
    }

    /// Not a mark that there are more.
    fn is_post(&self) -> bool {
        self.created_utc.when().is_some() || self.author.some().is_some()
    }

    fn post(&self, channel: ChannelId) -> Option<Post> {
        let id = self.id.some().or(self.name.some())?;
        let comment = self.body.some().is_some() || self.link_id.some().is_some();
        let full = match self.name.some().filter(|name| name.starts_with("t1_") || name.starts_with("t3_")) {
            Some(name) => name.to_owned(),
            None => format!("{}{id}", if comment { "t1_" } else { "t3_" }),
        };
        let posted = self.created_utc.when();
        let mut post = bare_post(channel, &full);
        post.posted.extend(posted);
        post.edited.extend(self.edited.when());
        post.author = author(&self.author);
        let parts = [self.title.text(), self.selftext.text(), self.body.text()];
        post.text = parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n");
        let gone = [self.body.text(), self.selftext.text()]
            .iter()
            .any(|text| matches!(*text, "[removed]" | "[deleted]"));
        post.deleted = gone || self.removed_by_category.some().is_some();
        post.reply_to = self
            .parent_id
            .some()
            .filter(|_| comment)
            .map(|parent| Reply { native_id: parent.to_owned(), channel: None });
        post.forwarded = self.crosspost_parent_list.0.first().map(|origin| model::Forward {
            from: origin.author.owned(),
            from_id: origin
                .permalink
                .text()
                .split("/r/")
                .nth(1)
                .and_then(|rest| rest.split('/').next())
                .map(|name| format!("r/{name}").to_lowercase()),
            native_id: origin.name.owned(),
            posted: origin
                .created_utc
                .0
                .and_then(|s| Timestamp::from_second(s).ok())
                .and_then(|at| clock::unix(&at.as_second().to_string())),
        });
        post.attached.extend(self.link());
        Some(post)
    }

    /// The address a submission leads to, if it is a picture's or a film's.
    fn link(&self) -> Option<Declared> {
        let url = self.url.some().filter(|_| !self.is_self.yes())?;
        let name = basename(url.split(['?', '#']).next().unwrap_or(url));
        let hosted = ["//i.redd.it/", "//v.redd.it/", "//i.imgur.com/"].iter().any(|host| url.contains(host));
        let picture = [".jpg", ".jpeg", ".png", ".gif", ".webp", ".pdf", ".mp4"]
            .iter()
            .any(|end| name.to_lowercase().ends_with(end));
        (hosted || picture).then(|| Declared { also: vec![name.to_owned()], ..declared(name, url, None) })
    }
}

fn author(name: &Word) -> Option<Author> {
    let name = name.some()?;
    let name = name.strip_prefix("u/").unwrap_or(name);
    (name != "[deleted]" && !name.is_empty()).then(|| Author::new("reddit", &name.to_lowercase(), name))
}
