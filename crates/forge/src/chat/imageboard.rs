//! One thread as the 4chan API gives it, `thread.json`, beside its files under their server names.

use super::{Channel, put};
use base64::Engine;
use md5::{Digest, Md5};
use serde::Serialize;
use std::io;
use std::path::Path;

#[derive(Debug, Serialize)]
struct Thread {
    posts: Vec<Post>,
}

#[derive(Debug, Serialize)]
struct Post {
    no: u64,
    now: String,
    name: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    com: String,
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    file: Option<File>,
    time: i64,
    resto: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    replies: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    images: Option<usize>,
}

#[derive(Debug, Serialize)]
struct File {
    filename: String,
    ext: String,
    w: u32,
    h: u32,
    tn_w: u32,
    tn_h: u32,
    tim: i64,
    md5: String,
    fsize: usize,
}

pub(super) fn export(channel: &Channel, root: &Path) -> io::Result<Vec<Option<String>>> {
    let number = |native: &str| native.parse::<u64>().unwrap_or_default();
    let images = channel.posts.iter().filter(|p| p.picture.is_some()).count();
    let first_has = channel.posts.first().is_some_and(|p| p.picture.is_some());
    let mut posts = Vec::new();
    let mut held = Vec::new();
    for (k, post) in channel.posts.iter().enumerate() {
        let file = post.picture.as_ref().map(|p| {
            let (stem, ext) = p.name.rsplit_once('.').unwrap_or((&p.name, "jpg"));
            let long = p.size.0.max(p.size.1).max(1);
            let limit = if k == 0 { 250 } else { 125 };
            File {
                filename: stem.to_owned(),
                ext: format!(".{ext}"),
                w: p.size.0,
                h: p.size.1,
                tn_w: p.size.0 * limit / long,
                tn_h: p.size.1 * limit / long,
                tim: post.when.0,
                md5: base64::engine::general_purpose::STANDARD.encode(Md5::digest(&p.bytes)),
                fsize: p.bytes.len(),
            }
        });
        let path = file.as_ref().map(|f| format!("{}/{}{}", channel.folder(), f.tim, f.ext));
        let kept = post.picture.as_ref().filter(|p| p.held).zip(path);
        if let Some((p, path)) = &kept {
            put(root, path, &p.bytes)?;
        }
        held.push(kept.map(|(_, path)| path));
        let quoted = post.reply_to.and_then(|k| channel.posts.get(k));
        let quote =
            quoted.map(|q| format!("<a href=\"#p{0}\" class=\"quotelink\">&gt;&gt;{0}</a><br>", q.native));
        posts.push(Post {
            no: number(&post.native),
            now: post.when.imageboard(),
            name: "Anonymous".to_owned(),
            com: quote.unwrap_or_default() + &post.text.replace('\'', "&#039;"),
            file,
            time: post.when.0 / 1000,
            resto: if k == 0 { 0 } else { channel.thread() },
            replies: (k == 0).then_some(channel.posts.len() - 1),
            images: (k == 0).then_some(images - usize::from(first_has)),
        });
    }
    put(root, &format!("{}/thread.json", channel.folder()), &serde_json::to_vec(&Thread { posts })?)?;
    Ok(held)
}
