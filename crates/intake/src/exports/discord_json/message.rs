use model::{Author, ChannelId, Declared, Forward, Post, Reply};
use serde::Deserialize;

use crate::clock;
use crate::exports::discord;
use crate::exports::lenient::{List, Maybe, Word};
use crate::exports::reading::bare_post;

/// What is read of a message; all other keys of any version are passed over.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Message<'a> {
    #[serde(borrow)]
    id: Word<'a>,
    #[serde(default, rename = "type", borrow)]
    kind: Word<'a>,
    #[serde(default, borrow)]
    timestamp: Word<'a>,
    #[serde(default, borrow)]
    timestamp_edited: Word<'a>,
    #[serde(default, borrow)]
    content: Word<'a>,
    #[serde(default, borrow)]
    author: Maybe<Person<'a>>,
    #[serde(default, borrow)]
    attachments: List<File<'a>>,
    #[serde(default, borrow)]
    reference: Maybe<Reference<'a>>,
    #[serde(default, borrow)]
    forwarded_message: Maybe<Snapshot<'a>>,
}

#[derive(Deserialize)]
struct Person<'a> {
    #[serde(default, borrow)]
    id: Word<'a>,
    #[serde(default, borrow)]
    name: Word<'a>,
    #[serde(default, borrow)]
    nickname: Word<'a>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct File<'a> {
    #[serde(default, borrow)]
    url: Word<'a>,
    #[serde(default, borrow)]
    file_name: Word<'a>,
    #[serde(default, borrow)]
    file_size_bytes: Word<'a>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Reference<'a> {
    #[serde(default, rename = "type", borrow)]
    kind: Word<'a>,
    #[serde(default, borrow)]
    message_id: Word<'a>,
    #[serde(default, borrow)]
    channel_id: Word<'a>,
}

/// What was forwarded, as it stood when it was forwarded (since 2.47).
#[derive(Deserialize)]
struct Snapshot<'a> {
    #[serde(default, borrow)]
    timestamp: Word<'a>,
    #[serde(default, borrow)]
    content: Word<'a>,
    #[serde(default, borrow)]
    attachments: List<File<'a>>,
}

impl Message<'_> {
    /// The post; None if it has no number, or nothing but one.
    pub fn post(&self, channel: ChannelId, channel_id: &str) -> Option<Post> {
        let id = self.id.some().filter(|id| id.bytes().all(|b| b.is_ascii_digit()))?;
        if self.timestamp.some().is_none() && self.author.0.is_none() {
            return None;
        }
        let mut post = bare_post(channel, id);
        post.posted.extend(clock::iso(self.timestamp.text()));
        post.posted.extend(clock::snowflake(id));
        post.edited.extend(clock::iso(self.timestamp_edited.text()));
        post.author = self.author.0.as_ref().and_then(Person::author);
        self.content.text().clone_into(&mut post.text);
        post.attached.extend(self.attachments.0.iter().map(File::declared));
        let kind = self.kind.some().unwrap_or("Default");
        post.service = (!matches!(kind, "Default" | "Reply" | "0" | "19")).then(|| kind.to_owned());
        self.refer(&mut post, channel_id);
        Some(post)
    }

    /// A reference names what is answered, or where a forward comes from.
    fn refer(&self, post: &mut Post, channel_id: &str) {
        let reference = self.reference.0.as_ref();
        let target = reference.and_then(|r| r.message_id.owned());
        let place = reference.and_then(|r| r.channel_id.owned());
        let snapshot = self.forwarded_message.0.as_ref();
        if snapshot.is_some() || reference.is_some_and(|r| r.kind.text() == "Forward") {
            let posted = snapshot.and_then(|s| clock::iso(s.timestamp.text()));
            let posted = posted.or_else(|| target.as_deref().and_then(clock::snowflake));
            post.forwarded = Some(Forward { from: None, from_id: place, native_id: target, posted });
        } else if let Some(native_id) = target {
            post.reply_to = Some(Reply { native_id, channel: place.filter(|c| c != channel_id) });
        }
        if let Some(snapshot) = snapshot {
            post.attached.extend(snapshot.attachments.0.iter().map(File::declared));
            if post.text.is_empty() {
                snapshot.content.text().clone_into(&mut post.text);
            }
        }
    }
}

impl Person<'_> {
    fn author(&self) -> Option<Author> {
        let name = self.name.some().or(self.nickname.some());
        let id = self.id.some().or(name)?;
        Some(Author::new("discord", id, name.unwrap_or(id)))
    }
}

impl File<'_> {
    fn declared(&self) -> Declared {
        discord::file(self.file_name.text(), self.url.text(), self.file_size_bytes.number())
    }
}
