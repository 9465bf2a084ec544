use model::{ChannelId, Post, Tie};

use crate::hops::Pointer;
use crate::links::{Named, links};
use crate::stock::Stock;

/// What a post names in other channels that are held: where it is forwarded from, what it links to, what it answers.
pub fn pointers(stock: &Stock, post: &Post) -> Vec<Pointer> {
    let Some(channel) = stock.channel(post.channel) else { return Vec::new() };
    let platform = channel.platform.as_str();
    let pointer = |tie, from: Option<ChannelId>, native: Option<&str>| {
        let from = from.filter(|from| *from != post.channel)?;
        Some(Pointer {
            tie,
            from: Some(from),
            target: native.and_then(|native| stock.post(from, native)),
            channel: post.channel,
            post: post.id,
            when: post.when(),
            families: Vec::new(),
        })
    };
    let mut found = Vec::new();
    if let Some(forward) = &post.forwarded {
        let bare = |id: &String| id.trim_start_matches(|c: char| c.is_ascii_alphabetic()).to_owned();
        let by_id = forward.from_id.as_ref().and_then(|id| {
            let own = stock.by_native(platform, id);
            own.or_else(|| stock.by_native(platform, &bare(id))).map(|channel| channel.id)
        });
        let by_name = || match stock.by_name(platform, forward.from.as_deref()?) {
            [only] => Some(*only),
            _ => None,
        };
        let from = if forward.from_id.is_some() { by_id } else { by_name() };
        found.extend(pointer(Tie::Forward, from, forward.native_id.as_deref()));
    }
    if let Some((reply, other)) =
        post.reply_to.as_ref().and_then(|reply| Some((reply, reply.channel.as_ref()?)))
    {
        let from = stock.by_native(platform, other).map(|channel| channel.id);
        found.extend(pointer(Tie::Reply, from, Some(&reply.native_id)));
    }
    for link in links(&post.text) {
        let (from, native) = match &link.names {
            Named::Post { platform, channel, post, .. } => {
                (stock.by_native(platform, channel), Some(post.as_str()))
            }
            Named::Called { platform, name, post } => match stock.by_name(platform, name) {
                [only] => (stock.channel(*only), post.as_deref()),
                _ => continue,
            },
            _ => continue,
        };
        found.extend(pointer(Tie::Link, from.map(|channel| channel.id), native));
    }
    found
}
