use model::{Author, ChannelId, Declared, Digest, Forward, Post, Reply};
use serde::Deserialize;

use crate::clock;
use crate::exports::lenient::{List, Maybe, Word};
use crate::exports::reading::{bare_post, basename, declared};

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
        let url = self.url.text();
        let name =
            self.file_name.some().unwrap_or_else(|| basename(url.split(['?', '#']).next().unwrap_or(url)));
        let also = if url.contains("://") { asset_names(url) } else { vec![basename(url).to_owned()] };
        Declared { also, ..declared(name, url, self.file_size_bytes.number()) }
    }
}

/// The names under which the exporter may have kept the file at `url`: base name cut to 42 characters, the first
/// digits of the SHA-256 of the address (5 of them upper case to 2.46, 5 lower case in 2.46.1, 16 since 2.47),
/// extension. Since 2.42 an address of Discord's own network is hashed without its expiry.
fn asset_names(url: &str) -> Vec<String> {
    let (path, query) = url.split_once('?').unwrap_or((url, ""));
    let kept: Vec<_> = query
        .split('&')
        .filter(|pair| !pair.is_empty() && !["ex=", "is=", "hm="].iter().any(|key| pair.starts_with(key)))
        .collect();
    let lasting = if kept.is_empty() { path.to_owned() } else { format!("{path}?{}", kept.join("&")) };
    let base = basename(path);
    let dot = base.rfind('.').filter(|dot| base.len() - dot <= 41).unwrap_or(base.len());
    let (stem, extension) = base.split_at(dot);
    let stem: String = stem.chars().take(42).collect();
    let mut names = Vec::new();
    for address in [lasting.as_str(), url] {
        let digest = Digest::of(address.as_bytes()).to_string();
        for tail in [digest[..5].to_uppercase(), digest[..5].to_owned(), digest[..16].to_owned()] {
            let name = format!("{stem}-{tail}{extension}");
            if !names.contains(&name) {
                names.push(name);
            }
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn assets_are_named_as_the_exporter_names_them() {
        assert_eq!(asset_names("https://cdn.discordapp.com/embed/avatars/0.png")[0], "0-EB806.png");
        let expiring = asset_names("https://cdn.discordapp.com/attachments/1/2/a.png?ex=1&is=2&hm=3&");
        assert_eq!(expiring[..3], asset_names("https://cdn.discordapp.com/attachments/1/2/a.png")[..3]);
    }
}
