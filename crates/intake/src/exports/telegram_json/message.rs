use model::{AttachmentState, Author, ChannelId, Declared, Forward, Post, Reply};
use serde::Deserialize;

use crate::clock;
use crate::exports::lenient::{Rich, Word, present};
use crate::exports::reading::{bare_post, basename, declared};

/// What is read of a message.
#[derive(Deserialize)]
pub(super) struct Message<'a> {
    #[serde(borrow)]
    id: Word<'a>,
    #[serde(default, rename = "type", borrow)]
    kind: Word<'a>,
    #[serde(default, borrow)]
    date: Word<'a>,
    #[serde(default, borrow)]
    date_unixtime: Word<'a>,
    #[serde(default, borrow)]
    edited: Word<'a>,
    #[serde(default, borrow)]
    edited_unixtime: Word<'a>,
    #[serde(default, borrow)]
    from: Word<'a>,
    #[serde(default, borrow)]
    from_id: Word<'a>,
    #[serde(default, borrow)]
    actor: Word<'a>,
    #[serde(default, borrow)]
    actor_id: Word<'a>,
    #[serde(default, borrow)]
    action: Word<'a>,
    #[serde(default)]
    text: Rich,
    #[serde(default)]
    text_entities: Rich,
    #[serde(default, borrow, deserialize_with = "present")]
    forwarded_from: Option<Word<'a>>,
    #[serde(default, borrow)]
    forwarded_from_id: Word<'a>,
    #[serde(default, borrow)]
    saved_from: Word<'a>,
    #[serde(default, borrow)]
    reply_to_message_id: Word<'a>,
    #[serde(default, borrow)]
    reply_to_peer_id: Word<'a>,
    #[serde(default, borrow)]
    photo: Word<'a>,
    #[serde(default, borrow)]
    photo_file_size: Word<'a>,
    #[serde(default, borrow)]
    file: Word<'a>,
    #[serde(default, borrow)]
    file_name: Word<'a>,
    #[serde(default, borrow)]
    file_size: Word<'a>,
}

impl Message<'_> {
    /// Whether the exporter knew nothing of it but its number.
    pub fn is_unsupported(&self) -> bool {
        self.kind.text() == "unsupported"
    }

    /// The post, and whether one of its times lacks a zone; None if it has no number, or nothing but one.
    pub fn post(&self, channel: ChannelId, chat: &str) -> Option<(Post, bool)> {
        let id = self.id.number::<i64>()?.to_string();
        if self.kind.some().is_none() && self.date.some().is_none() && self.date_unixtime.some().is_none() {
            return None;
        }
        let mut post = bare_post(channel, &id);
        post.posted.extend(clock::unix(self.date_unixtime.text()).or_else(|| clock::wall(self.date.text())));
        post.edited
            .extend(clock::unix(self.edited_unixtime.text()).or_else(|| clock::wall(self.edited.text())));
        let floating = post.posted.iter().chain(&post.edited).any(|when| when.zone == model::Zone::Unknown);
        let from = author(&self.from_id, &self.from);
        post.author = from.or_else(|| author(&self.actor_id, &self.actor));
        let text = if self.text.0.is_empty() { &self.text_entities.0 } else { &self.text.0 };
        post.text.clone_from(text);
        post.service = match self.kind.text() {
            "service" => Some(self.action.some().unwrap_or("service").to_owned()),
            "unsupported" => Some("unsupported".to_owned()),
            _ => None,
        };
        post.reply_to = self.reply_to_message_id.owned().map(|native_id| {
            let peer = self.reply_to_peer_id.text().trim_start_matches(|c: char| c.is_ascii_alphabetic());
            let other = !peer.is_empty() && peer != chat;
            Reply { native_id, channel: other.then(|| peer.to_owned()) }
        });
        post.forwarded = self.forward();
        post.attached.extend(media(&self.photo, "", &self.photo_file_size));
        post.attached.extend(media(&self.file, self.file_name.text(), &self.file_size));
        Some((post, floating))
    }

    /// The key alone says that it was forwarded, even where the origin is hidden.
    fn forward(&self) -> Option<Forward> {
        if self.forwarded_from.is_none() && self.saved_from.some().is_none() {
            return None;
        }
        let from = self.forwarded_from.as_ref().and_then(Word::owned).or_else(|| self.saved_from.owned());
        Some(Forward { from, from_id: self.forwarded_from_id.owned(), native_id: None, posted: None })
    }

    /// Least and greatest offset from UTC, in seconds, that the two forms of the time allow. Zones lie whole quarters
    /// of an hour from UTC.
    pub fn offset(&self) -> Option<(i32, i32)> {
        const QUARTER: i64 = 900;
        let local = clock::wall_clock(self.date.text())?.as_second();
        let utc: i64 = clock::unix(self.date_unixtime.text())?.verbatim.parse().ok()?;
        let offset = local.checked_sub(utc)?;
        if offset.abs() > clock::WIDEST.as_secs() {
            return None;
        }
        let near = (offset + QUARTER / 2).div_euclid(QUARTER) * QUARTER;
        let (least, most) =
            if (offset - near).abs() <= 60 { (near, near) } else { (near - QUARTER, near + QUARTER) };
        Some((i32::try_from(least).ok()?, i32::try_from(most).ok()?))
    }
}

/// Old exports (before 2021) write a user's id as a bare number.
fn author(id: &Word, name: &Word) -> Option<Author> {
    let native_id = match id.number::<u32>() {
        Some(user) => format!("user{user}"),
        None => id.some().or(name.some())?.to_owned(),
    };
    Some(Author::new("telegram", &native_id, name.some().unwrap_or(&native_id)))
}

/// A path, or a remark in brackets that says why there is none, which is never taken for one.
fn media(path: &Word, name: &str, size: &Word) -> Option<Declared> {
    let path = path.some()?;
    let size = size.number();
    if path.trim_start().starts_with('(') {
        let withheld = Some(AttachmentState::NotIncluded);
        return Some(Declared { withheld, ..declared(name, "", size) });
    }
    let name = if name.is_empty() { basename(path) } else { name };
    Some(Declared { also: vec![basename(path).to_owned()], ..declared(name, path, size) })
}
