//! Discord's data package: what the platform gives a user of himself. One folder a channel (`messages/c123/`), with
//! `messages.json` or, before 2024, `messages.csv`.
//!
//! Source of truth: support.discord.com, "Your Discord Data Package", and the readers DiscordChatExporter,
//! discord-data-package-explorer and discord-package-parser. It holds the user's own messages alone: no answers, no
//! other people, nothing deleted. The times are in UTC, whether they say so or not. Who the user is stands in
//! `account/user.json`, what a channel is called in `channel.json` and `messages/index.json`.

use std::io;

use model::{Author, ChannelId, Clock, Code, Declared, Kind, Post, When, Zone};
use serde::Deserialize;

use super::csv::{Rows, fields};
use super::each::each;
use super::lenient::{Maybe, Word};
use super::reading::{Header, Reading, bare_post, folder};
use super::{Abilities, Alone, Beside, Context, Format, Opening, Sink, Tell, discord};
use crate::json::{Choice, Outcome, Step};
use crate::{Input, clock};

/// The format.
pub(super) struct DiscordPackage;

const MOST_BESIDE: usize = 16 << 20;

impl Format for DiscordPackage {
    fn name(&self) -> &'static str {
        "discord-package"
    }
    fn title(&self) -> &'static str {
        "Discord (data package of one user)"
    }
    fn tells(&self) -> &'static str {
        "ids, times twice over, files by their addresses; only the user's own messages; not: others' messages, replies, forwards, edits, deleted posts"
    }
    fn abilities(&self) -> Abilities {
        use Tell::{No, Partly, Yes};
        Abilities::of([Yes, Partly, Yes, No, No, No, No, Yes])
    }
    fn recognise(&self, file: &Opening) -> bool {
        let shape = file.shape();
        let json = ["ID", "Timestamp", "Contents"].iter().all(|key| shape.has(&format!("*/{key}")));
        let csv = || file.lines().next().is_some_and(is_head);
        json || (file.kind == Kind::Text && csv())
    }
    fn read(&self, input: &mut dyn Input, context: &Context, out: &mut dyn Sink) -> io::Result<()> {
        self.read_beside(input, context, &Alone, out)
    }
    fn consults(&self) -> bool {
        true
    }
    fn read_beside(
        &self,
        input: &mut dyn Input,
        context: &Context,
        beside: &dyn Beside,
        out: &mut dyn Sink,
    ) -> io::Result<()> {
        let mut reading = Reading::new(self.name(), context, out);
        let mut header = header(context.path, beside);
        let channel = header.channel();
        let author = user(context.path, beside);
        let mut keep = |reading: &mut Reading, message: &Message, span| {
            let Some(post) = message.post(channel, author.as_ref()) else { return Ok(false) };
            if let [printed, number] = post.posted.as_slice()
                && clock::apart(&printed.interval, &number.interval) > jiff::SignedDuration::from_secs(1)
            {
                reading.trouble(Code::ClocksDisagree, || {
                    format!("post {}: printed {}", post.native_id, printed.verbatim)
                })?;
            }
            header.read += 1;
            reading.record(post, span, false)?;
            Ok(true)
        };
        let mut first = [0; 1];
        let json = input.read(&mut first)? == 1 && first[0] != b'I' && first[0] != 0xEF;
        input.seek(io::SeekFrom::Start(0))?;
        let outcome = if json {
            each(
                input,
                0,
                &mut reading,
                (&choose, &[["ID", "Timestamp"]]),
                &mut |reading, _, bytes, span| {
                    let mut spare = Vec::new();
                    let Some(message) = reading.parse::<Message>(bytes, &mut spare) else { return Ok(false) };
                    keep(reading, &message, span)
                },
            )?
        } else {
            rows(input, &mut reading, &mut keep)?
        };
        let complete = outcome == Outcome::Whole;
        reading.listing(header, complete)?;
        match outcome {
            Outcome::Truncated { at } if !json => reading.finish_text(Some(at)),
            outcome => reading.finish(outcome),
        }
    }
}

fn choose(path: &[Step], first: u8) -> Choice {
    match path {
        [] => Choice::Enter,
        [Step::Index(_)] if first == b'{' => Choice::Take,
        _ => Choice::Skip,
    }
}

fn is_head(line: &str) -> bool {
    fields(line.as_bytes(), b',').starts_with(&[
        "ID".to_owned(),
        "Timestamp".to_owned(),
        "Contents".to_owned(),
    ])
}

type Keep<'k> = &'k mut dyn FnMut(&mut Reading, &Message, model::Span) -> io::Result<bool>;

fn rows(input: &mut dyn Input, reading: &mut Reading, keep: Keep) -> io::Result<Outcome> {
    let mut rows = Rows::new(input, b',');
    let columns = rows.next()?.map_or(0, |head| head.fields.len());
    let mut short = None;
    while let Some(row) = rows.next()? {
        let end = row.span.start + row.span.length;
        short = (row.fields.len() < columns).then_some(end);
        let word = |n: usize| Word(row.fields.get(n).map(|field| field.as_str().into()));
        let message = Message { id: word(0), timestamp: word(1), contents: word(2), attachments: word(3) };
        if !row.whole {
            return Ok(Outcome::Truncated { at: end });
        }
        if !keep(reading, &message, row.span)? {
            reading.damaged(row.span, "not a row of a post")?;
        }
    }
    // A last row with too few fields was cut.
    Ok(short.map_or(Outcome::Whole, |at| Outcome::Truncated { at }))
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Message<'a> {
    #[serde(rename = "ID", borrow)]
    id: Word<'a>,
    #[serde(default, borrow)]
    timestamp: Word<'a>,
    #[serde(default, borrow)]
    contents: Word<'a>,
    #[serde(default, borrow)]
    attachments: Word<'a>,
}

impl Message<'_> {
    fn post(&self, channel: ChannelId, author: Option<&Author>) -> Option<Post> {
        let id = self.id.some().filter(|id| id.len() <= 20 && id.bytes().all(|b| b.is_ascii_digit()))?;
        let mut post = bare_post(channel, id);
        post.posted.extend(utc(self.timestamp.text()));
        post.posted.extend(clock::snowflake(id));
        post.author = author.cloned();
        self.contents.text().clone_into(&mut post.text);
        let links = self.attachments.text().split_ascii_whitespace();
        post.attached = links.map(|link| discord::file("", link, None)).collect::<Vec<Declared>>();
        Some(post)
    }
}

/// `2022-01-02 03:04:05.678+00:00`, or without a zone.
fn utc(text: &str) -> Option<When> {
    let whole = if text.contains(['+', 'Z']) || text.rfind('-').is_some_and(|n| n > 10) {
        text.to_owned()
    } else {
        format!("{text}Z")
    };
    let when = clock::iso(&whole.replacen(' ', "T", 1))?;
    let zone = if whole == text { Zone::Written } else { Zone::Utc };
    Some(When { verbatim: text.to_owned(), clock: Clock::Platform, zone, ..when })
}

#[derive(Deserialize)]
struct Place<'a> {
    #[serde(default, borrow)]
    id: Word<'a>,
    #[serde(default, rename = "type", borrow)]
    kind: Word<'a>,
    #[serde(default, borrow)]
    name: Word<'a>,
    #[serde(default, borrow)]
    guild: Maybe<Guild<'a>>,
}

#[derive(Deserialize)]
struct Guild<'a> {
    #[serde(default, borrow)]
    name: Word<'a>,
}

/// The channel: its folder is called `c` and its id.
fn header(path: &str, beside: &dyn Beside) -> Header {
    let (above, own) = folder(path);
    let id = own.strip_prefix('c').unwrap_or(own);
    let id = if !id.is_empty() && id.bytes().all(|b| b.is_ascii_digit()) {
        id.to_owned()
    } else {
        format!("?{own}")
    };
    let mut header = Header::new("discord", &id, own);
    let bytes = beside.bytes(&format!("{above}/channel.json"), MOST_BESIDE).unwrap_or_default();
    if let Ok(place) = serde_json::from_slice::<Place>(&bytes) {
        if header.native_id.starts_with('?') && place.id.some().is_some() {
            place.id.text().clone_into(&mut header.native_id);
        }
        header.name = place.name.owned().unwrap_or(header.name);
        header.kind = place.kind.owned();
        header.space = place.guild.0.and_then(|guild| guild.name.owned());
    }
    let (messages, _) = folder(above);
    let index = beside.bytes(&format!("{messages}/index.json"), MOST_BESIDE);
    let names = index.and_then(|bytes| {
        serde_json::from_slice::<std::collections::BTreeMap<String, Option<String>>>(&bytes).ok()
    });
    if let Some(Some(name)) = names.and_then(|names| names.get(&header.native_id).cloned())
        && header.name == own
    {
        header.name = name;
    }
    header
}

#[derive(Deserialize)]
struct User<'a> {
    #[serde(default, borrow)]
    id: Word<'a>,
    #[serde(default, borrow)]
    username: Word<'a>,
}

/// The user whom the package is of.
fn user(path: &str, beside: &dyn Beside) -> Option<Author> {
    let above = folder(folder(path).0).0; // messages
    let root = folder(above).0;
    let within = |file: &str| if root.is_empty() { file.to_owned() } else { format!("{root}/{file}") };
    let bytes = ["account/user.json", "Account/user.json"]
        .iter()
        .find_map(|file| beside.bytes(&within(file), MOST_BESIDE))?;
    let user: User = serde_json::from_slice(&bytes).ok()?;
    let id = user.id.some()?;
    Some(Author::new("discord", id, user.username.some().unwrap_or(id)))
}
