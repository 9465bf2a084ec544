//! The `result.json` of Telegram Desktop for one channel, with its photos. The exporter's clock stands three hours east of
//! UTC.

use super::{Channel, put};
use serde::Serialize;
use std::io;
use std::path::Path;

const ZONE: i64 = 3;
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
struct Message {
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
        let name = format!("photos/photo_{}@{}.jpg", k + 1, post.when.telegram(ZONE));
        let picture = post.picture.as_ref();
        let there = picture.is_some_and(|p| p.held);
        let path = format!("{}/{name}", channel.folder());
        if let Some(p) = picture.filter(|_| there) {
            put(root, &path, &p.bytes)?;
        }
        held.push(there.then_some(path));
        let from = post.forwards.as_ref().and_then(|o| all.get(o.channel));
        let number = |native: &str| native.parse::<u64>().unwrap_or_default();
        messages.push(Message {
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
            text_entities: if post.text.is_empty() {
                vec![]
            } else {
                vec![Entity { kind: "plain", text: post.text.clone() }]
            },
        });
    }
    let out = Export { name: channel.name.clone(), kind: "public_channel", id: channel.id, messages };
    put(root, &format!("{}/result.json", channel.folder()), &serde_json::to_vec_pretty(&out)?)?;
    Ok(held)
}
