//! Slack: a workspace's export (one folder a channel, one file a day), and what slackdump writes (one file a channel,
//! answers inside of the messages they answer).
//!
//! Source of truth: Slack's "How to read Slack data exports" and its API's message reference (`message` and subtypes);
//! github.com/rusq/slackdump, `types`. A day's file names neither its channel's id nor its people: `channels.json`,
//! `groups.json`, `dms.json`, `mpims.json` and `users.json` beside it do. A channel without them is called by its folder.

mod message;

use std::collections::BTreeMap;
use std::io;

use model::Kind;
use serde::Deserialize;

use self::message::Message;
use super::each::{each, peek};
use super::lenient::{List, Maybe, Word};
use super::reading::{Header, Reading, folder, stem};
use super::{Abilities, Alone, Beside, Context, Format, Opening, Sink, Tell};
use crate::Input;
use crate::json::{Choice, Outcome, Step};

/// The format.
pub(super) struct Slack;

const MOST_BESIDE: usize = 64 << 20;

impl Format for Slack {
    fn name(&self) -> &'static str {
        "slack"
    }
    fn title(&self) -> &'static str {
        "Slack (workspace export, slackdump)"
    }
    fn tells(&self) -> &'static str {
        "ids, authors, times to the second, threads, edits, parents of threads that were deleted, files by their addresses; not: earlier edits, other deleted posts, forwards"
    }
    fn abilities(&self) -> Abilities {
        use Tell::{No, Partly, Yes};
        Abilities::of([Yes, Yes, Yes, Yes, No, Yes, Partly, Yes])
    }
    fn recognise(&self, file: &Opening) -> bool {
        let shape = file.shape();
        let message = |at: &str| {
            let has = |key: &str| shape.has(&format!("{at}/{key}"));
            has("ts") && has("type") && ["user", "text", "bot_id", "subtype"].iter().any(|key| has(key))
        };
        file.kind == Kind::Json && (message("*") || (message("messages/*") && !shape.has("guild")))
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
        let people = People::of(context.path, beside);
        let mut header = header(input, context.path, beside)?;
        let channel = header.channel();
        let mut read = 0;
        let outcome = each(
            input,
            0,
            &mut reading,
            (&choose, &[["type", "user"], ["client_msg_id", "type"], ["type", "subtype"]]),
            &mut |reading, _, bytes, span| {
                let mut spare = Vec::new();
                let Some(message) = reading.parse::<Message>(bytes, &mut spare) else { return Ok(false) };
                let Some(post) = message.post(channel, &people) else { return Ok(false) };
                read += 1;
                reading.record(post, span, false)?;
                for answer in message.answers() {
                    let Some(post) = answer.post(channel, &people) else { continue };
                    read += 1;
                    reading.record(post, span, false)?;
                }
                Ok(true)
            },
        )?;
        header.read = read;
        reading.listing(header, outcome == Outcome::Whole)?;
        reading.finish(outcome)
    }
}

fn choose(path: &[Step], first: u8) -> Choice {
    match path {
        [] => Choice::Enter,
        [key] if key.is("messages") => Choice::Enter,
        [Step::Index(_)] if first == b'{' => Choice::Take,
        [key, Step::Index(_)] if key.is("messages") && first == b'{' => Choice::Take,
        _ => Choice::Skip,
    }
}

/// The channel: slackdump names it in the file, an export by its folder.
fn header(input: &mut dyn Input, path: &str, beside: &dyn Beside) -> io::Result<Header> {
    let (mut id, mut name, mut listed) = (None, None, false);
    let own = |path: &[Step], first: u8| match path {
        [] if first == b'{' => Choice::Enter,
        [] => Choice::Stop,
        [key] if key.is("channel_id") || key.is("name") => Choice::Take,
        _ => Choice::Skip,
    };
    peek(input, &own, &mut |path, bytes| {
        let word = serde_json::from_slice::<Word>(bytes).ok().and_then(|word| word.owned());
        match path {
            [key] if key.is("channel_id") => id = word,
            _ => name = word,
        }
    })?;
    let (above, shown) = folder(path);
    let name =
        name.unwrap_or_else(|| if shown.is_empty() { stem(path).to_owned() } else { shown.to_owned() });
    let root = root_of(above);
    let mut header = Header::new("slack", "", &name);
    for (file, kind) in
        [("channels", "channel"), ("groups", "private channel"), ("dms", "direct"), ("mpims", "group")]
    {
        let bytes = beside.bytes(&format!("{root}{file}.json"), MOST_BESIDE).unwrap_or_default();
        let places = serde_json::from_slice::<List<Place>>(&bytes).unwrap_or_default();
        let is_it = |place: &&Place| match &id {
            Some(id) => place.id.text() == id,
            None => place.name.text() == name || place.id.text() == name,
        };
        if let Some(place) = places.0.iter().find(is_it).filter(|_| !listed) {
            listed = true;
            id = place.id.owned();
            header.name = place.name.some().unwrap_or(&name).to_owned();
            header.kind = Some(kind.to_owned());
        }
    }
    header.native_id = id.unwrap_or_else(|| format!("?{name}"));
    Ok(header)
}

/// The folder above, with its slash.
fn root_of(above: &str) -> String {
    above.rsplit_once('/').map(|(root, _)| format!("{root}/")).unwrap_or_default()
}

#[derive(Deserialize)]
struct Place<'a> {
    #[serde(default, borrow)]
    id: Word<'a>,
    #[serde(default, borrow)]
    name: Word<'a>,
}

/// Names of people.
#[derive(Default)]
struct People(BTreeMap<String, String>);

#[derive(Deserialize)]
struct User<'a> {
    #[serde(default, borrow)]
    id: Word<'a>,
    #[serde(default, borrow)]
    name: Word<'a>,
    #[serde(default, borrow)]
    real_name: Word<'a>,
    #[serde(default, borrow)]
    profile: Maybe<Profile<'a>>,
}

/// What is shown of a person.
#[derive(Deserialize)]
struct Profile<'a> {
    #[serde(default, borrow)]
    display_name: Word<'a>,
    #[serde(default, borrow)]
    real_name: Word<'a>,
    #[serde(default, borrow)]
    name: Word<'a>,
}

impl Profile<'_> {
    fn shown(&self) -> Option<&str> {
        self.display_name.some().or(self.real_name.some()).or(self.name.some())
    }
}

impl People {
    fn of(path: &str, beside: &dyn Beside) -> Self {
        let (above, _) = folder(path);
        let roots = [format!("{above}/"), root_of(above), String::new()];
        let bytes = roots.iter().find_map(|root| beside.bytes(&format!("{root}users.json"), MOST_BESIDE));
        let bytes = bytes.unwrap_or_default();
        let users = serde_json::from_slice::<List<User>>(&bytes).unwrap_or_default();
        let named = |user: &User| {
            let profile = user.profile.0.as_ref().and_then(Profile::shown);
            let name = profile.or(user.real_name.some()).or(user.name.some())?;
            Some((user.id.owned()?, name.to_owned()))
        };
        Self(users.0.iter().filter_map(named).collect())
    }

    fn name<'s>(&'s self, id: &'s str) -> Option<&'s str> {
        self.0.get(id).map(String::as_str)
    }
}
