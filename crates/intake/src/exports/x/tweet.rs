use model::{Author, ChannelId, Clock, Declared, Forward, Post, Reply};
use serde::Deserialize;

use crate::clock;
use crate::exports::lenient::{List, Maybe, Word, Words};
use crate::exports::markup::unescape;
use crate::exports::reading::{bare_post, basename, declared};
use crate::stamp::Stamp;

/// What is read of a post, of every version.
#[derive(Deserialize)]
pub(super) struct Tweet<'a> {
    #[serde(default, borrow)]
    id: Word<'a>,
    #[serde(default, borrow)]
    id_str: Word<'a>,
    #[serde(default, borrow)]
    created_at: Word<'a>,
    #[serde(default, borrow)]
    text: Word<'a>,
    #[serde(default, borrow)]
    full_text: Word<'a>,
    #[serde(default, borrow)]
    extended_tweet: Maybe<Longer<'a>>,
    #[serde(default, borrow)]
    author_id: Word<'a>,
    #[serde(default, borrow)]
    user: Maybe<User<'a>>,
    #[serde(default, borrow)]
    in_reply_to_status_id_str: Word<'a>,
    #[serde(default, borrow)]
    in_reply_to_status_id: Word<'a>,
    #[serde(default, borrow)]
    in_reply_to_user_id_str: Word<'a>,
    #[serde(default, borrow)]
    in_reply_to_user_id: Word<'a>,
    #[serde(default, borrow)]
    retweeted_status: Maybe<Box<Tweet<'a>>>,
    #[serde(default, borrow)]
    quoted_status: Maybe<Box<Tweet<'a>>>,
    #[serde(default, borrow)]
    quoted_status_id_str: Word<'a>,
    #[serde(default, borrow)]
    referenced_tweets: List<Referenced<'a>>,
    #[serde(default, borrow)]
    extended_entities: Maybe<Entities<'a>>,
    #[serde(default, borrow)]
    entities: Maybe<Entities<'a>>,
    #[serde(default, borrow)]
    attachments: Maybe<Keys<'a>>,
    #[serde(default, borrow)]
    edit_history_tweet_ids: Words<'a>,
    #[serde(default, borrow)]
    edit_info: Maybe<EditInfo<'a>>,
    /// Of the compliance stream: what was done.
    #[serde(default, borrow)]
    action: Word<'a>,
}

#[derive(Deserialize)]
struct Longer<'a> {
    #[serde(default, borrow)]
    full_text: Word<'a>,
    #[serde(default, borrow)]
    extended_entities: Maybe<Entities<'a>>,
}

#[derive(Deserialize)]
struct User<'a> {
    #[serde(default, borrow)]
    id: Word<'a>,
    #[serde(default, borrow)]
    id_str: Word<'a>,
    #[serde(default, borrow)]
    screen_name: Word<'a>,
    #[serde(default, borrow)]
    username: Word<'a>,
}

#[derive(Deserialize)]
struct Referenced<'a> {
    #[serde(default, rename = "type", borrow)]
    kind: Word<'a>,
    #[serde(default, borrow)]
    id: Word<'a>,
}

#[derive(Deserialize)]
struct Entities<'a> {
    #[serde(default, borrow)]
    media: List<Media<'a>>,
}

#[derive(Deserialize)]
struct Media<'a> {
    #[serde(default, borrow)]
    media_key: Word<'a>,
    #[serde(default, borrow)]
    media_url_https: Word<'a>,
    #[serde(default, borrow)]
    url: Word<'a>,
    #[serde(default, borrow)]
    preview_image_url: Word<'a>,
    #[serde(default, borrow)]
    video_info: Maybe<Video<'a>>,
    #[serde(default, borrow)]
    variants: List<Variant<'a>>,
}

#[derive(Deserialize)]
struct Video<'a> {
    #[serde(default, borrow)]
    variants: List<Variant<'a>>,
}

#[derive(Deserialize)]
struct Variant<'a> {
    #[serde(default, borrow)]
    bitrate: Word<'a>,
    #[serde(default, borrow)]
    bit_rate: Word<'a>,
    #[serde(default, borrow)]
    url: Word<'a>,
}

#[derive(Deserialize)]
struct Keys<'a> {
    #[serde(default, borrow)]
    media_keys: Words<'a>,
}

#[derive(Deserialize)]
struct EditInfo<'a> {
    #[serde(default, borrow)]
    initial: Maybe<Edits<'a>>,
    #[serde(default, borrow)]
    edit: Maybe<Edit<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Edits<'a> {
    #[serde(default, borrow)]
    edit_tweet_ids: Words<'a>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Edit<'a> {
    #[serde(default, borrow)]
    edit_control_initial: Maybe<Edits<'a>>,
}

/// What a page of the API adds to its posts.
#[derive(Deserialize)]
pub(super) struct Includes<'a> {
    #[serde(default, borrow)]
    users: List<User<'a>>,
    #[serde(default, borrow)]
    media: List<Media<'a>>,
    #[serde(default, borrow)]
    pub tweets: List<Tweet<'a>>,
}

/// Someone who posts.
#[derive(Clone)]
pub(super) struct Person {
    pub id: String,
    /// The name with `@`, without it.
    pub name: Option<String>,
}

impl Tweet<'_> {
    /// Its number, as text.
    pub fn id(&self) -> Option<&str> {
        let id = self.id_str.some().or(self.id.some())?;
        (id.len() <= 20 && id.bytes().all(|b| b.is_ascii_digit())).then_some(id)
    }

    /// Posts that stand within it.
    pub fn inner(&self) -> impl Iterator<Item = &Self> {
        self.retweeted_status.0.iter().chain(&self.quoted_status.0).map(Box::as_ref)
    }

    pub fn author(&self, includes: Option<&Includes>) -> Option<Person> {
        if let Some(user) = &self.user.0 {
            let id = user.id_str.some().or(user.id.some())?;
            return Some(Person { id: id.to_owned(), name: user.screen_name.owned() });
        }
        let id = self.author_id.some()?;
        let user = includes.and_then(|includes| includes.users.0.iter().find(|user| user.id.text() == id));
        Some(Person { id: id.to_owned(), name: user.and_then(|user| user.username.owned()) })
    }

    /// The post; None if it is nothing but a number.
    pub fn post(
        &self,
        channel: ChannelId,
        author: Option<&Person>,
        includes: Option<&Includes>,
    ) -> Option<Post> {
        let id = self.id()?;
        let longer = self.extended_tweet.0.as_ref();
        let text = longer.and_then(|l| l.full_text.some()).or(self.full_text.some()).or(self.text.some());
        if text.is_none() && self.action.some().is_none() && self.created_at.some().is_none() {
            return None;
        }
        let mut post = bare_post(channel, id);
        post.deleted = matches!(self.action.text(), "delete" | "drop" | "bounce");
        if self.action.some().is_none() {
            let created = self.created_at.text();
            let iso = clock::iso(created).filter(|when| when.zone == model::Zone::Written);
            post.posted.extend(iso.or_else(|| Stamp::parse(created)?.when(created, Clock::Platform)));
        }
        post.posted.extend(clock::x_number(id));
        let name = |person: &Person| {
            person.name.clone().map_or_else(|| person.id.clone(), |name| format!("@{name}"))
        };
        post.author = author.map(|person| Author::new("x", &person.id, &name(person)));
        post.text = unescape(text.unwrap_or_default());
        let own = author.map(|person| person.id.as_str());
        post.reply_to = self.answered().map(|answered| {
            let whose = self.in_reply_to_user_id_str.some().or(self.in_reply_to_user_id.some());
            Reply {
                native_id: answered.to_owned(),
                channel: whose.filter(|id| Some(*id) != own).map(str::to_owned),
            }
        });
        post.forwarded = self.forward(text.unwrap_or_default(), includes);
        post.attached = self.media(id, includes);
        post.edited.extend(self.last_version().and_then(clock::x_number));
        Some(post)
    }

    fn answered(&self) -> Option<&str> {
        let old = self.in_reply_to_status_id_str.some().or(self.in_reply_to_status_id.some());
        let new = self.referenced_tweets.0.iter().find(|r| r.kind.text() == "replied_to");
        old.or(new.and_then(|r| r.id.some()))
    }

    /// What it repeats or quotes; in an archive only "RT @name: " tells.
    fn forward(&self, text: &str, includes: Option<&Includes>) -> Option<Forward> {
        let of = |id: &str, author: Option<Person>| Forward {
            from: author.as_ref().and_then(|person| person.name.as_ref()).map(|name| format!("@{name}")),
            from_id: author.map(|person| person.id),
            native_id: Some(id.to_owned()),
            posted: clock::x_number(id),
        };
        let nested = self.retweeted_status.0.as_ref().or(self.quoted_status.0.as_ref());
        if let Some((tweet, id)) = nested.and_then(|tweet| Some((tweet, tweet.id()?))) {
            return Some(of(id, tweet.author(includes)));
        }
        let kinds = ["retweeted", "quoted"];
        let named =
            kinds.iter().find_map(|kind| self.referenced_tweets.0.iter().find(|r| r.kind.text() == *kind));
        if let Some(id) = named.and_then(|r| r.id.some()).or(self.quoted_status_id_str.some()) {
            let tweets = includes.map(|includes| includes.tweets.0.as_slice()).unwrap_or_default();
            let tweet = tweets.iter().find(|tweet| tweet.id() == Some(id));
            return Some(of(id, tweet.and_then(|tweet| tweet.author(includes))));
        }
        let (name, _) = text.strip_prefix("RT @")?.split_once(':')?;
        let plain = !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
        plain.then(|| Forward { from: Some(format!("@{name}")), ..Forward::default() })
    }

    fn media(&self, id: &str, includes: Option<&Includes>) -> Vec<Declared> {
        let longer = self.extended_tweet.0.as_ref().and_then(|l| l.extended_entities.0.as_ref());
        let entities = longer.or(self.extended_entities.0.as_ref()).or(self.entities.0.as_ref());
        let own: Vec<Declared> =
            entities.iter().flat_map(|e| &e.media.0).filter_map(|m| m.declared(id)).collect();
        if !own.is_empty() {
            return own;
        }
        let keys = self.attachments.0.as_ref().map(|keys| keys.media_keys.0.as_slice()).unwrap_or_default();
        let all = includes.map(|includes| includes.media.0.as_slice()).unwrap_or_default();
        let named = keys.iter().filter_map(|key| all.iter().find(|m| m.media_key.text() == key.text()));
        named.filter_map(|media| media.declared(id)).collect()
    }

    /// The number of the last version, where there are several.
    fn last_version(&self) -> Option<&str> {
        let info = self.edit_info.0.as_ref();
        let first = info.and_then(|info| info.initial.0.as_ref());
        let later =
            info.and_then(|info| info.edit.0.as_ref()).and_then(|edit| edit.edit_control_initial.0.as_ref());
        let listed = first.or(later).map(|edits| &edits.edit_tweet_ids);
        let ids =
            if self.edit_history_tweet_ids.0.is_empty() { listed? } else { &self.edit_history_tweet_ids };
        if ids.0.len() > 1 { ids.0.last().and_then(Word::some) } else { None }
    }
}

impl Media<'_> {
    /// An archive keeps it under the post's number and its own name.
    fn declared(&self, post: &str) -> Option<Declared> {
        let video = self.video_info.0.as_ref().map_or(&self.variants, |video| &video.variants);
        let rate = |v: &&Variant| v.bitrate.number::<u64>().or(v.bit_rate.number()).unwrap_or(0);
        let moving =
            video.0.iter().filter(|v| v.url.some().is_some()).max_by_key(rate).and_then(|v| v.url.some());
        let still = self.media_url_https.some().or(self.url.some()).or(self.preview_image_url.some());
        let link = moving.or(still)?;
        let name = |link: &str| basename(link.split(['?', '#']).next().unwrap_or(link)).to_owned();
        let mut also = Vec::new();
        for link in [Some(link), still].into_iter().flatten() {
            for own in [format!("{post}-{}", name(link)), name(link)] {
                if !also.contains(&own) {
                    also.push(own);
                }
            }
        }
        Some(Declared { also, ..declared(&name(link), link, None) })
    }
}
