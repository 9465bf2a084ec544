//! X (Twitter): the archive of an account (`tweets.js`), and answers of the API, versions 1.1 and 2, as one document or
//! one a line.
//!
//! Source of truth: the archive's `README.txt`; the API's "Tweet object" (1.1) and "Tweet" (2) references; "Twitter
//! snowflake" for the time in the number. A number is read as text, never as a float. An archive names its owner in
//! `account.js` beside it alone, and shortens what was reposted to "RT @name: …". Each edit is a post of its own number.

mod tweet;

use std::io::{self, Read as _, SeekFrom};

use jiff::SignedDuration;
use model::{Code, Kind, Span};
use serde::Deserialize;

use self::tweet::{Includes, Person, Tweet};
use super::documents::documents;
use super::each::each;
use super::lenient::{List, Many, Maybe, Word};
use super::reading::{Channels, Header, Reading, folder};
use super::{Abilities, Alone, Beside, Context, Format, Opening, Sink, Tell};
use crate::json::{Choice, Outcome, Step};
use crate::{Input, clock};

/// The format.
pub(super) struct X;

const MOST_BESIDE: usize = 1 << 20;

impl Format for X {
    fn name(&self) -> &'static str {
        "x"
    }
    fn title(&self) -> &'static str {
        "X / Twitter (archive, API v1.1 and v2)"
    }
    fn tells(&self) -> &'static str {
        "ids, accounts, times by the numbers to the millisecond, replies, reposts and quotes (in an archive only of whom), edits, files by their addresses, deletions (compliance stream, old archives); not: deleted posts otherwise"
    }
    fn abilities(&self) -> Abilities {
        use Tell::{Partly, Yes};
        Abilities::of([Yes, Yes, Yes, Yes, Partly, Yes, Partly, Yes])
    }
    fn recognise(&self, file: &Opening) -> bool {
        if let Some(name) = archived(file.bytes).filter(|_| file.kind == Kind::Text) {
            return matches!(
                name,
                "tweet" | "tweets" | "deleted_tweet" | "deleted_tweets" | "community_tweet"
            );
        }
        let shape = file.shape();
        let old = ["", "*/", "statuses/*/"]
            .iter()
            .any(|at| shape.has(&format!("{at}id_str")) && shape.has(&format!("{at}user/screen_name")));
        let new = ["data/*", "data"].iter().any(|at| {
            let has = |key: &str| shape.has(&format!("{at}/{key}"));
            has("id")
                && has("text")
                && (has("author_id") || has("edit_history_tweet_ids") || shape.has("includes/users"))
        });
        let compliance = ["id", "action", "created_at", "reason"].iter().all(|key| shape.has(key));
        old || new || compliance
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
        let reading = Reading::new(self.name(), context, out);
        let mut body = Body { reading, people: Channels::default(), owner: None, deleted: false };
        let mut head = Vec::new();
        (&mut *input).take(4096).read_to_end(&mut head)?;
        input.seek(SeekFrom::Start(0))?;
        let outcome = match archived(&head) {
            Some(name) => {
                body.deleted = name.starts_with("deleted");
                body.owner = owner(context.path, beside);
                let from = memchr::memchr(b'=', &head).map_or(0, |n| n as u64 + 1);
                body.archive(input, from)?
            }
            None => body.documents(input)?,
        };
        let Body { mut reading, people, .. } = body;
        people.list(&mut reading, outcome == Outcome::Whole)?;
        reading.finish(outcome)
    }
}

/// The name of an archive's list: `window.YTD.NAME.part0 = [`.
fn archived(head: &[u8]) -> Option<&str> {
    let head = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head);
    let rest = head.trim_ascii_start().strip_prefix(b"window.YTD.")?;
    let end = rest.iter().position(|b| matches!(b, b'.' | b' ' | b'='))?;
    std::str::from_utf8(&rest[..end]).ok()
}

#[derive(Deserialize)]
struct Account<'a> {
    #[serde(default, borrow)]
    account: Maybe<Owner<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Owner<'a> {
    #[serde(default, borrow)]
    account_id: Word<'a>,
    #[serde(default, borrow)]
    username: Word<'a>,
}

fn owner(path: &str, beside: &dyn Beside) -> Option<Person> {
    let (above, _) = folder(path);
    let path = if above.is_empty() { "account.js".to_owned() } else { format!("{above}/account.js") };
    let bytes = beside.bytes(&path, MOST_BESIDE)?;
    let from = memchr::memchr(b'=', &bytes)? + 1;
    let accounts: List<Account> = serde_json::from_slice(bytes.get(from..)?).ok()?;
    let owner = accounts.0.into_iter().next()?.account.0?;
    Some(Person { id: owner.account_id.owned()?, name: owner.username.owned() })
}

#[derive(Deserialize)]
struct Wrapped<'a> {
    #[serde(default, borrow)]
    tweet: Maybe<Tweet<'a>>,
}

/// A page of the API.
#[derive(Deserialize)]
struct Answer<'a> {
    #[serde(default, borrow)]
    data: Many<Tweet<'a>>,
    #[serde(default, borrow)]
    includes: Maybe<Includes<'a>>,
    #[serde(default, borrow)]
    statuses: List<Tweet<'a>>,
}

struct Body<'a> {
    reading: Reading<'a>,
    people: Channels,
    owner: Option<Person>,
    deleted: bool,
}

impl Body<'_> {
    fn archive(&mut self, input: &mut dyn Input, from: u64) -> io::Result<Outcome> {
        input.seek(SeekFrom::Start(from))?;
        let choose = |path: &[Step], first: u8| match path {
            [] => Choice::Enter,
            [Step::Index(_)] if first == b'{' => Choice::Take,
            _ => Choice::Skip,
        };
        let Self { reading, people, owner, deleted } = self;
        each(input, from, reading, (&choose, &[]), &mut |reading, _, bytes, span| {
            let mut spare = Vec::new();
            let wrapped = reading.parse::<Wrapped>(bytes, &mut spare).and_then(|wrapped| wrapped.tweet.0);
            if let Some(tweet) = wrapped {
                return keep(reading, people, &tweet, (None, owner.as_ref()), span, *deleted);
            }
            let mut spare = Vec::new();
            let Some(tweet) = reading.parse::<Tweet>(bytes, &mut spare) else { return Ok(false) };
            keep(reading, people, &tweet, (None, owner.as_ref()), span, *deleted)
        })
    }

    fn documents(&mut self, input: &mut dyn Input) -> io::Result<Outcome> {
        let outcome = self.answers(input)?;
        if matches!(outcome, Outcome::Truncated { .. }) && self.people.is_empty() {
            self.cut_answer(input)?;
        }
        Ok(outcome)
    }

    /// A single answer that ends in the middle: its posts, without the people that stand behind them.
    fn cut_answer(&mut self, input: &mut dyn Input) -> io::Result<Outcome> {
        input.seek(SeekFrom::Start(0))?;
        let choose = |path: &[Step], first: u8| match path {
            [] if first == b'{' => Choice::Enter,
            [key] if key.is("data") || key.is("statuses") => Choice::Enter,
            [_, Step::Index(_)] if first == b'{' => Choice::Take,
            _ => Choice::Skip,
        };
        let Self { reading, people, .. } = self;
        each(input, 0, reading, (&choose, &[]), &mut |reading, _, bytes, span| {
            let mut spare = Vec::new();
            let Some(tweet) = reading.parse::<Tweet>(bytes, &mut spare) else { return Ok(false) };
            keep(reading, people, &tweet, (None, None), span, false)
        })
    }

    fn answers(&mut self, input: &mut dyn Input) -> io::Result<Outcome> {
        let Self { reading, people, .. } = self;
        documents(input, reading, &mut |reading, bytes, span| {
            let mut spare = Vec::new();
            let Some(answer) = reading.parse::<Answer>(bytes, &mut spare) else { return Ok(false) };
            let includes = answer.includes.0.as_ref();
            let others = includes.map(|includes| includes.tweets.0.as_slice()).unwrap_or_default();
            let all = answer.data.0.iter().chain(&answer.statuses.0);
            let mut any = false;
            for tweet in all.clone() {
                any |= keep(reading, people, tweet, (includes, None), span, false)?;
            }
            for tweet in others.iter().filter(|other| !all.clone().any(|tweet| tweet.id() == other.id())) {
                keep(reading, people, tweet, (includes, None), span, false)?;
            }
            if any {
                return Ok(true);
            }
            let mut spare = Vec::new();
            let Some(tweet) = reading.parse::<Tweet>(bytes, &mut spare) else { return Ok(false) };
            keep(reading, people, &tweet, (None, None), span, false)
        })
    }
}

/// Hands on a post, and those within it; false if it is none.
fn keep(
    reading: &mut Reading,
    people: &mut Channels,
    tweet: &Tweet,
    (includes, owner): (Option<&Includes>, Option<&Person>),
    span: Span,
    deleted: bool,
) -> io::Result<bool> {
    if tweet.id().is_none() {
        return Ok(false);
    }
    let author = tweet.author(includes).or_else(|| owner.cloned());
    let place = author.as_ref().map_or_else(|| "?".to_owned(), |person| person.id.clone());
    let shown = author
        .as_ref()
        .and_then(|person| person.name.as_ref())
        .map_or_else(|| place.clone(), |name| format!("@{name}"));
    let Some(header) = people.get(&place, || Header::new("x", &place, &shown)) else { return Ok(true) };
    let Some(mut post) = tweet.post(header.channel(), author.as_ref(), includes) else { return Ok(false) };
    header.read += 1;
    if let [printed, number] = post.posted.as_slice()
        && clock::apart(&printed.interval, &number.interval) > SignedDuration::from_secs(2)
    {
        reading.trouble(Code::ClocksDisagree, || {
            format!("post {}: printed {}", post.native_id, printed.verbatim)
        })?;
    }
    post.deleted |= deleted;
    reading.record(post, span, false)?;
    for inner in tweet.inner() {
        keep(reading, people, inner, (includes, None), span, false)?;
    }
    Ok(true)
}
