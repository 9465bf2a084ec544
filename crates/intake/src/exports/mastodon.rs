//! Mastodon: the outbox of an account's archive (`outbox.json`), and other ActivityPub collections of its form.
//!
//! Source of truth: ActivityPub and ActivityStreams 2.0 (W3C); `app/services/backup_service.rs` and
//! `lib/mastodon/snowflake.rb` of github.com/mastodon/mastodon. A boost names the original's address and nothing else
//! of it. The number of a status holds its time. Who may read a post is told by to and cc: what is neither public nor
//! for followers is a direct message.

use std::io;

use jiff::SignedDuration;
use model::{Author, ChannelId, Code, Declared, Forward, Post, Reply};
use serde::Deserialize;

use super::each::{each, peek};
use super::lenient::{List, Word, Words};
use super::markup::plain;
use super::reading::{Channels, Header, Reading, bare_post, basename, declared};
use super::{Abilities, Context, Format, Opening, Sink, Tell};
use crate::json::{Choice, Outcome, Step};
use crate::{Input, clock};

/// The format.
pub(super) struct Mastodon;

impl Format for Mastodon {
    fn name(&self) -> &'static str {
        "mastodon"
    }
    fn title(&self) -> &'static str {
        "Mastodon (outbox of an archive)"
    }
    fn tells(&self) -> &'static str {
        "ids, the account, times to the second and by their numbers to the millisecond, replies, what was boosted, edits, files, deletions as far as the outbox lists them; not: what was deleted, earlier edits, boosted files"
    }
    fn abilities(&self) -> Abilities {
        use Tell::{Partly, Yes};
        Abilities::of([Yes, Yes, Yes, Yes, Yes, Yes, Partly, Yes])
    }
    fn recognise(&self, file: &Opening) -> bool {
        let shape = file.shape();
        let list =
            |name: &str| shape.has(&format!("{name}/*/actor")) && shape.has(&format!("{name}/*/object"));
        list("orderedItems") || list("first/orderedItems")
    }
    fn read(&self, input: &mut dyn Input, context: &Context, out: &mut dyn Sink) -> io::Result<()> {
        let mut reading = Reading::new(self.name(), context, out);
        let mut total = None;
        peek(input, &total_only, &mut |_, bytes| {
            total = serde_json::from_slice::<Word>(bytes).ok().and_then(|word| word.number());
        })?;
        let mut actors = Channels::default();
        let (mut read, mut only) = (0, None);
        let outcome = each(
            input,
            0,
            &mut reading,
            (&choose, &[["id", "type"], ["@context", "id"]]),
            &mut |reading, _, bytes, span| {
                let mut spare = Vec::new();
                let Some(activity) = reading.parse::<Activity>(bytes, &mut spare) else { return Ok(false) };
                let Some(actor) = activity.actor.some() else { return Ok(false) };
                let (place, kind) = activity.place(actor);
                let make =
                    || Header { kind: Some(kind.to_owned()), native_id: place.clone(), ..header(actor) };
                let Some(header) = actors.get(&place, make) else { return Ok(true) };
                let Some(post) = activity.post(header.channel(), actor) else { return Ok(false) };
                header.read += 1;
                read += 1;
                only = only.take().or_else(|| Some(actor.to_owned()));
                match post.posted.as_slice() {
                    [] => reading.trouble(Code::TimeUnknown, || format!("post {}", post.native_id))?,
                    [printed, number]
                        if clock::apart(&printed.interval, &number.interval)
                            > SignedDuration::from_secs(2) =>
                    {
                        reading.trouble(Code::ClocksDisagree, || {
                            format!("post {}: printed {}", post.native_id, printed.verbatim)
                        })?;
                    }
                    _ => {}
                }
                reading.record(post, span, false)?;
                Ok(true)
            },
        )?;
        let own = only.and_then(|actor| actors.get(&actor, Header::default));
        if let Some(header) = own.filter(|header| header.read == read) {
            header.declared = total;
        }
        actors.list(&mut reading, outcome == Outcome::Whole)?;
        reading.finish(outcome)
    }
}

fn total_only(path: &[Step], _first: u8) -> Choice {
    match path {
        [] => Choice::Enter,
        [key] if key.is("totalItems") => Choice::Take,
        _ => Choice::Skip,
    }
}

fn choose(path: &[Step], first: u8) -> Choice {
    match path {
        [] => Choice::Enter,
        [key] if key.is("orderedItems") || key.is("first") => Choice::Enter,
        [one, two] if one.is("first") && two.is("orderedItems") => Choice::Enter,
        [key, Step::Index(_)] if key.is("orderedItems") && first == b'{' => Choice::Take,
        [one, two, Step::Index(_)] if one.is("first") && two.is("orderedItems") && first == b'{' => {
            Choice::Take
        }
        _ => Choice::Skip,
    }
}

/// An account's posts stand in one place.
fn header(actor: &str) -> Header {
    let host = actor.split("://").nth(1).and_then(|rest| rest.split('/').next());
    let name = basename(actor);
    let shown = host.map_or_else(|| name.to_owned(), |host| format!("@{name}@{host}"));
    Header {
        space: host.map(str::to_owned),
        kind: Some("outbox".to_owned()),
        ..Header::new("mastodon", actor, &shown)
    }
}

#[derive(Deserialize)]
struct Activity<'a> {
    #[serde(default, borrow)]
    id: Word<'a>,
    #[serde(default, rename = "type", borrow)]
    kind: Word<'a>,
    #[serde(default, borrow)]
    actor: Word<'a>,
    #[serde(default, borrow)]
    published: Word<'a>,
    #[serde(default, borrow)]
    to: Words<'a>,
    #[serde(default, borrow)]
    cc: Words<'a>,
    #[serde(default, borrow)]
    object: Object<'a>,
}

/// A note, or the address of one.
#[derive(Deserialize)]
#[serde(untagged)]
enum Object<'a> {
    #[serde(borrow)]
    Address(std::borrow::Cow<'a, str>),
    #[serde(borrow)]
    Note(Box<Note<'a>>),
    Other(serde::de::IgnoredAny),
}

impl Default for Object<'_> {
    fn default() -> Self {
        Object::Other(serde::de::IgnoredAny)
    }
}

#[derive(Deserialize)]
struct Note<'a> {
    #[serde(default, borrow)]
    id: Word<'a>,
    #[serde(default, borrow)]
    published: Word<'a>,
    #[serde(default, borrow)]
    updated: Word<'a>,
    #[serde(default, borrow)]
    summary: Word<'a>,
    #[serde(default, borrow)]
    content: Word<'a>,
    #[serde(default, rename = "inReplyTo", borrow)]
    answers: Word<'a>,
    #[serde(default, borrow)]
    attachment: List<File<'a>>,
}

#[derive(Deserialize)]
struct File<'a> {
    #[serde(default, borrow)]
    url: Word<'a>,
}

impl Activity<'_> {
    /// Where it stands: what only followers or those addressed can read stands apart.
    fn place(&self, actor: &str) -> (String, &'static str) {
        let names = || self.to.0.iter().chain(&self.cc.0).map(Word::text);
        if names().next().is_none()
            || names().any(|to| to.ends_with("#Public") || to == "as:Public" || to == "Public")
        {
            (actor.to_owned(), "outbox")
        } else if names().any(|to| to.ends_with("/followers")) {
            (format!("{actor}#followers"), "followers only")
        } else {
            (format!("{actor}#direct"), "direct messages")
        }
    }

    fn post(&self, channel: ChannelId, actor: &str) -> Option<Post> {
        let note = if let Object::Note(note) = &self.object { Some(note) } else { None };
        let id = note.and_then(|note| note.id.some()).or(self.id.some())?;
        let mut post = bare_post(channel, id);
        let published = note.and_then(|note| note.published.some()).or(self.published.some());
        post.posted.extend(published.and_then(clock::iso));
        post.posted.extend(number_of(id.strip_suffix("/activity").unwrap_or(id), &post.posted));
        post.author = Some(Author::new("mastodon", actor, &header(actor).name));
        if let (Object::Address(original), "Announce") = (&self.object, self.kind.text()) {
            let from = original.split_once("/statuses/").map(|(account, _)| account);
            let posted = clock::mastodon_number(basename(original));
            post.forwarded = Some(Forward {
                from: from.map(|account| header(account).name),
                from_id: from.map(str::to_owned),
                native_id: Some(original.to_string()),
                posted,
            });
        }
        post.deleted = self.kind.text() == "Delete";
        match note {
            Some(note) => {
                let (words, _) = plain(note.content.text());
                let parts = [note.summary.text(), words.trim()];
                post.text = parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n");
                post.edited.extend(clock::iso(note.updated.text()));
                post.reply_to = note.answers.some().map(|answered| Reply {
                    native_id: answered.to_owned(),
                    channel: answered
                        .split_once("/statuses/")
                        .map(|(account, _)| account.to_owned())
                        .filter(|account| account != actor),
                });
                post.attached.extend(note.attachment.0.iter().filter_map(File::declared));
            }
            None => {
                post.service = (self.kind.text() != "Announce")
                    .then(|| self.kind.some().unwrap_or("activity").to_owned())
            }
        }
        Some(post)
    }
}

/// The time in a status' number, if it is one: other programs number otherwise.
fn number_of(id: &str, posted: &[model::When]) -> Option<model::When> {
    let when = clock::mastodon_number(basename(id))?;
    let near = |printed: &model::When| {
        clock::apart(&printed.interval, &when.interval) <= SignedDuration::from_hours(24)
    };
    posted.iter().any(near).then_some(when)
}

impl File<'_> {
    /// The address is a path below the root of the archive.
    fn declared(&self) -> Option<Declared> {
        let url = self.url.some()?;
        let path = if url.contains("://") { url } else { url.trim_start_matches('/') };
        Some(Declared { also: vec![basename(path).to_owned()], ..declared(basename(path), path, None) })
    }
}
