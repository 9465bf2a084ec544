//! The JSON of DiscordChatExporter 2.47, with its media folder.

use super::{Attached, Channel, Post, put};
use crate::clock::{Day, Moment};
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::io;
use std::path::Path;

/// Milliseconds of 1 January 2015 UTC, where Discord's numbers begin.
pub const EPOCH: i64 = 1_420_070_400_000;

/// The number Discord gives to something made at `when`; `salt` tells things of the same millisecond apart.
#[must_use]
pub const fn snowflake(when: Moment, salt: u64) -> u64 {
    (((when.0 - EPOCH) as u64) << 22) | (salt & 0x3f_ffff)
}

/// The number of an account.
#[must_use]
pub fn account_id(name: &str) -> u64 {
    let hash = Sha256::digest(name.as_bytes());
    let days = u64::from(hash[0]) * 8 + u64::from(hash[1] & 7);
    snowflake(Moment(EPOCH + 86_400_000 * days as i64), u64::from(hash[2]) << 8 | u64::from(hash[3]))
}

/// The root of an export, fields in the exporter's order.
#[derive(Debug, Serialize)]
struct Export {
    guild: Guild,
    channel: Room,
    #[serde(rename = "dateRange")]
    range: Range,
    #[serde(rename = "exportedAt")]
    exported: String,
    messages: Vec<Message>,
    #[serde(rename = "messageCount")]
    count: usize,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Guild {
    id: String,
    name: String,
    icon_url: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Room {
    id: String,
    #[serde(rename = "type")]
    kind: &'static str,
    category_id: String,
    category: &'static str,
    name: String,
    topic: Option<String>,
}

#[derive(Debug, Serialize)]
struct Range {
    after: Option<String>,
    before: Option<String>,
}

/// One message, fields in the exporter's order.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Message {
    pub id: String,
    #[serde(rename = "type")]
    pub kind: &'static str,
    pub timestamp: String,
    pub timestamp_edited: Option<String>,
    pub call_ended_timestamp: Option<String>,
    pub is_pinned: bool,
    pub content: String,
    pub author: Author,
    pub attachments: Vec<Attachment>,
    pub embeds: [(); 0],
    pub stickers: [(); 0],
    pub reactions: [(); 0],
    pub mentions: [(); 0],
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reference: Option<Reference>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub forwarded_message: Option<Forwarded>,
    pub inline_emojis: [(); 0],
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Author {
    pub id: String,
    pub name: String,
    pub discriminator: &'static str,
    pub nickname: String,
    pub color: Option<String>,
    pub is_bot: bool,
    pub roles: [(); 0],
    pub avatar_url: String,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Attachment {
    id: String,
    url: String,
    file_name: String,
    file_size_bytes: usize,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Reference {
    #[serde(rename = "type")]
    kind: &'static str,
    message_id: String,
    channel_id: String,
    guild_id: String,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Forwarded {
    timestamp: String,
    timestamp_edited: Option<String>,
    content: String,
    attachments: Vec<Attachment>,
    embeds: [(); 0],
    stickers: [(); 0],
}

/// A plain message by `account`.
pub(crate) fn message(id: String, when: Moment, account: &str, content: String) -> Message {
    Message {
        id,
        kind: "Default",
        timestamp: when.iso(),
        timestamp_edited: None,
        call_ended_timestamp: None,
        is_pinned: false,
        content,
        author: Author {
            id: account_id(account).to_string(),
            name: account.to_owned(),
            discriminator: "0000",
            nickname: account.to_owned(),
            color: None,
            is_bot: false,
            roles: [],
            avatar_url: format!("https://cdn.discordapp.com/embed/avatars/{}.png", account_id(account) % 6),
        },
        attachments: Vec::new(),
        embeds: [],
        stickers: [],
        reactions: [],
        mentions: [],
        reference: None,
        forwarded_message: None,
        inline_emojis: [],
    }
}

/// Everything before the messages of an export of a guild's channel, up to and with `"messages": [`.
pub(crate) fn head(guild: &str, guild_id: u64, channel: &str, id: u64) -> String {
    let json = serde_json::to_string(&empty(guild, guild_id, channel, id)).unwrap_or_default();
    json.split_once("[]").map(|(head, _)| format!("{head}[")).unwrap_or_default()
}

pub(super) fn export(channel: &Channel, all: &[Channel], root: &Path) -> io::Result<Vec<Option<String>>> {
    let file = format!("{} - Text Channels - {} [{}].json", channel.guild, channel.name, channel.id);
    let mut out = empty(&channel.guild, channel.guild_id, &channel.name, channel.id);
    let mut held = Vec::new();
    for post in &channel.posts {
        let (message, path) = said(channel, post, all, &file, root)?;
        out.messages.push(message);
        held.push(path);
    }
    out.count = out.messages.len();
    let json = serde_json::to_vec_pretty(&out)?;
    put(root, &format!("{}/{file}", channel.folder()), &json)?;
    Ok(held)
}

fn empty(guild: &str, guild_id: u64, channel: &str, id: u64) -> Export {
    Export {
        guild: Guild { id: guild_id.to_string(), name: guild.to_owned(), icon_url: String::new() },
        channel: Room {
            id: id.to_string(),
            kind: "GuildTextChat",
            category_id: (guild_id + 77).to_string(),
            category: "Text Channels",
            name: channel.to_owned(),
            topic: None,
        },
        range: Range { after: None, before: None },
        exported: Moment::noon(Day::new(2026, 4, 20)).iso(),
        messages: Vec::new(),
        count: 0,
    }
}

/// A post as the exporter writes it, and the path of its picture relative to `root`, if it is held. What it answers stands in
/// `channel.posts`.
pub(crate) fn said(
    channel: &Channel,
    post: &Post,
    all: &[Channel],
    file: &str,
    root: &Path,
) -> io::Result<(Message, Option<String>)> {
    let mut m = message(post.native.clone(), post.when, &post.account, post.text.clone());
    let (mut attachments, mut held) = (Vec::new(), None);
    if let Some(picture) = &post.picture {
        let home = post.forwards.as_ref().and_then(|o| all.get(o.channel)).unwrap_or(channel);
        let (attachment, asset) = attach(home.id, post, picture, file);
        if picture.held {
            let path = format!("{}/{asset}", channel.folder());
            put(root, &path, &picture.bytes)?;
            held = Some(path);
        }
        attachments.push(attachment);
    }
    let reference = |kind, message_id: &str, channel: &Channel| {
        let (channel_id, guild_id) = (channel.id.to_string(), channel.guild_id.to_string());
        Some(Reference { kind, message_id: message_id.to_owned(), channel_id, guild_id })
    };
    if let Some(answered) = post.reply_to.and_then(|k| channel.posts.get(k)) {
        m.kind = "Reply";
        m.reference = reference("Default", &answered.native, channel);
    }
    if let Some(origin) = &post.forwards {
        m.reference = all.get(origin.channel).and_then(|from| reference("Forward", &origin.post, from));
        m.forwarded_message = Some(Forwarded {
            timestamp: origin.when.iso(),
            timestamp_edited: None,
            content: origin.text.clone(),
            attachments,
            embeds: [],
            stickers: [],
        });
    } else {
        m.attachments = attachments;
    }
    Ok((m, held))
}

/// The attachment as written, and the path of its file beside the JSON. The file is named by the first 16 hex digits of
/// the SHA-256 of its address; one that could not be fetched keeps its address.
fn attach(home: u64, post: &Post, picture: &Attached, file: &str) -> (Attachment, String) {
    let uploaded = post.forwards.as_ref().map_or(post.when, |o| o.when).plus_minutes(-0.02);
    let id = snowflake(uploaded, 5 + picture.bytes.len() as u64);
    let url = format!("https://cdn.discordapp.com/attachments/{home}/{id}/{}", picture.name);
    let (stem, ext) = picture.name.rsplit_once('.').unwrap_or((&picture.name, "jpg"));
    let hash: String = Sha256::digest(url.as_bytes()).iter().take(8).map(|b| format!("{b:02x}")).collect();
    let asset = format!("{file}_Files/{stem}-{hash}.{ext}");
    let lost = || {
        let at = Moment::noon(Day::new(2026, 4, 20)).0 / 1000;
        format!("{url}?ex={:x}&is={at:x}&hm={hash}{hash}{hash}{hash}&", at + 86_400)
    };
    let url = if picture.held { asset.clone() } else { lost() };
    let attachment = Attachment {
        id: id.to_string(),
        url,
        file_name: picture.name.clone(),
        file_size_bytes: picture.bytes.len(),
    };
    (attachment, asset)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn snowflake_holds_the_millisecond() {
        let when = Moment(1_771_000_123_456);
        let id = snowflake(when, u64::MAX);
        assert_eq!((id >> 22) as i64 + EPOCH, when.0);
        assert!(id > 1 << 53);
    }

    #[test]
    fn head_ends_in_an_open_list() {
        let head = head("Guild", 1, "room", 2);
        assert!(
            head.starts_with(r#"{"guild":{"id":"1","name":"Guild""#) && head.ends_with(r#""messages":["#),
            "{head}"
        );
    }
}
