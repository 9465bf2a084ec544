//! The `result.json` of Telegram Desktop for one channel, with its photos. The exporter's clock stands three hours east of
//! UTC.

use super::{Channel, Post, put};
use serde::Serialize;
use std::io;
use std::path::Path;

const ZONE: i64 = 3;
const KIND: &str = "public_channel";
const LOST: &str = "(File not included. Change data exporting settings to download.)";

#[derive(Debug, Serialize)]
struct Export {
    name: String,
    #[serde(rename = "type")]
    kind: &'static str,
    id: u64,
    messages: Vec<Message>,
}

#[derive(Debug, Serialize)]
pub(crate) struct Message {
    id: u64,
    #[serde(rename = "type")]
    kind: &'static str,
    date: String,
    date_unixtime: String,
    from: String,
    from_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    author: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    forwarded_from: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    forwarded_from_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reply_to_message_id: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    photo: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    photo_file_size: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    width: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    height: Option<u32>,
    text: String,
    text_entities: Vec<Entity>,
}

#[derive(Debug, Serialize)]
struct Entity {
    #[serde(rename = "type")]
    kind: &'static str,
    text: String,
}

pub(super) fn export(channel: &Channel, all: &[Channel], root: &Path) -> io::Result<Vec<Option<String>>> {
    let mut messages = Vec::new();
    let mut held = Vec::new();
    for (k, post) in channel.posts.iter().enumerate() {
        let (message, path) = said(channel, post, k, all, root)?;
        messages.push(message);
        held.push(path);
    }
    let out = Export { name: channel.name.clone(), kind: KIND, id: channel.id, messages };
    put(root, &format!("{}/result.json", channel.folder()), &serde_json::to_vec_pretty(&out)?)?;
    Ok(held)
}

/// Everything before the messages of an export, up to and with `"messages":[`.
pub(crate) fn head(name: &str, id: u64) -> String {
    let out = Export { name: name.to_owned(), kind: KIND, id, messages: Vec::new() };
    let json = serde_json::to_string(&out).unwrap_or_default();
    json.strip_suffix("]}").map(str::to_owned).unwrap_or_default()
}

/// A post as the `place`-th message, and the path of its photo relative to `root`, if it is held. What it answers stands in
/// `channel.posts`.
pub(crate) fn said(
    channel: &Channel,
    post: &Post,
    place: usize,
    all: &[Channel],
    root: &Path,
) -> io::Result<(Message, Option<String>)> {
    let name = format!("photos/photo_{}@{}.jpg", place + 1, post.when.telegram(ZONE));
    let picture = post.picture.as_ref();
    let there = picture.is_some_and(|p| p.held);
    let path = format!("{}/{name}", channel.folder());
    if let Some(p) = picture.filter(|_| there) {
        put(root, &path, &p.bytes)?;
    }
    let from = post.forwards.as_ref().and_then(|o| all.get(o.channel));
    let number = |native: &str| native.parse::<u64>().unwrap_or_default();
    let plain = || Entity { kind: "plain", text: post.text.clone() };
    let message = Message {
        id: number(&post.native),
        kind: "message",
        date: post.when.local(ZONE),
        date_unixtime: (post.when.0 / 1000).to_string(),
        from: channel.name.clone(),
        from_id: format!("channel{}", channel.id),
        author: Some(post.account.clone()),
        forwarded_from: from.map(|c| c.name.clone()),
        forwarded_from_id: from.map(|c| format!("channel{}", c.id)),
        reply_to_message_id: post.reply_to.and_then(|k| channel.posts.get(k)).map(|p| number(&p.native)),
        photo: picture.map(|_| if there { name } else { LOST.to_owned() }),
        photo_file_size: picture.map(|p| p.bytes.len()),
        width: picture.map(|p| p.size.0),
        height: picture.map(|p| p.size.1),
        text: post.text.clone(),
        text_entities: if post.text.is_empty() { vec![] } else { vec![plain()] },
    };
    Ok((message, there.then_some(path)))
}
