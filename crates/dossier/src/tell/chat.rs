use std::collections::{BTreeMap, BTreeSet};

use model::{Attachment, ChannelId, Citation, PostId};

use super::{printed, sorted, time, times, window};
use crate::counts::is_held;
use crate::material::Material;
use crate::told::{Account, Attached, Author, Channel, Export, Forward, Post, Reply, Unseen};

pub(super) fn channels(material: &Material) -> Vec<Channel> {
    let rows = material.channels.iter().map(|channel| Channel {
        id: channel.id.to_string(),
        name: channel.name.clone(),
        platform: channel.platform.clone(),
        native_id: channel.native_id.clone(),
        space: channel.space.clone(),
        kind: channel.kind.clone(),
        posts: channel.posts,
        exports: sorted(channel.exports.iter().map(export), |export| export.item.clone()),
    });
    sorted(rows, |channel| channel.id.clone())
}

fn export(export: &model::Export) -> Export {
    Export {
        item: export.item.to_string(),
        format: export.format.clone(),
        exported: export.exported.as_ref().map(time),
        declared: export.declared,
        read: export.read,
        complete: export.complete,
    }
}

pub(super) fn accounts(material: &Material) -> Vec<Account> {
    let rows = material.accounts.iter().map(|account| Account {
        id: account.id.to_string(),
        platform: account.platform.clone(),
        native_id: account.native_id.clone(),
        names: sorted(account.names.iter().cloned(), String::clone),
        posts: account.posts,
    });
    sorted(rows, |account| account.id.clone())
}

pub(super) fn posts(material: &Material) -> Vec<Post> {
    let mut carried: BTreeMap<PostId, Vec<&Attachment>> = BTreeMap::new();
    for attachment in &material.attachments {
        carried.entry(attachment.post).or_default().push(attachment);
    }
    let replies = Replies::of(material);
    let rows = material.posts.iter().map(|one| {
        let reply = one.reply_to.as_ref().map(|reply| replies.told(one, reply));
        post(one, carried.remove(&one.id).unwrap_or_default(), reply)
    });
    sorted(rows, |post| post.id.clone())
}

/// A post with the files it carries and what it answers.
pub fn post(post: &model::Post, carried: Vec<&Attachment>, reply_to: Option<Reply>) -> Post {
    Post {
        id: post.id.to_string(),
        native_id: post.native_id.clone(),
        channel: post.channel.to_string(),
        account: post.author.as_ref().map(|author| author.account.to_string()),
        author: post
            .author
            .as_ref()
            .map(|author| Author { name: author.name.clone(), native_id: author.native_id.clone() }),
        posted: times(&post.posted),
        when: post.when().map(window),
        text: post.text.clone(),
        service: post.service.clone(),
        attached: attached(carried),
        reply_to,
        forwarded: post.forwarded.as_ref().map(|forward| Forward {
            from: forward.from.clone(),
            from_id: forward.from_id.clone(),
            native_id: forward.native_id.clone(),
            posted: forward.posted.as_ref().map(time),
        }),
        deleted: post.deleted,
        edited: times(&post.edited),
        records: printed(
            &post
                .records
                .iter()
                .map(|(item, span)| Citation::Bytes { item: *item, span: *span })
                .collect::<Vec<_>>(),
        ),
    }
}

fn attached(mut carried: Vec<&Attachment>) -> Vec<Attached> {
    carried.sort_by_key(|attachment| (attachment.position, attachment.id));
    let told = |attachment: &Attachment| Attached {
        name: attachment.declared.name.clone(),
        reference: attachment.declared.reference.clone(),
        state: attachment.state.into(),
        items: printed(&attachment.items),
        md5: attachment.declared.md5.clone(),
        size: attachment.declared.size,
    };
    carried.into_iter().map(told).collect()
}

/// Finds the post that a reply answers.
struct Replies<'a> {
    platforms: BTreeMap<ChannelId, &'a str>,
    posts: BTreeSet<PostId>,
}

impl<'a> Replies<'a> {
    fn of(material: &'a Material) -> Self {
        Self {
            platforms: material
                .channels
                .iter()
                .map(|channel| (channel.id, channel.platform.as_str()))
                .collect(),
            posts: material.posts.iter().map(|post| post.id).collect(),
        }
    }

    fn told(&self, post: &model::Post, reply: &model::Reply) -> Reply {
        let channel = match &reply.channel {
            None => Some(post.channel),
            Some(other) => {
                self.platforms.get(&post.channel).map(|platform| model::Channel::id_of(platform, other))
            }
        };
        let answered = channel
            .map(|channel| model::Post::id_of(channel, &reply.native_id))
            .filter(|answered| self.posts.contains(answered));
        Reply {
            native_id: reply.native_id.clone(),
            channel: reply.channel.clone(),
            post: answered.map(|post| post.to_string()),
        }
    }
}

pub(super) fn unseen(material: &Material, stand: &BTreeMap<PostId, ChannelId>) -> Vec<Unseen> {
    let mut missing: Vec<&Attachment> =
        material.attachments.iter().filter(|attachment| !is_held(attachment.state)).collect();
    missing.sort_by_key(|attachment| (attachment.post, attachment.position, attachment.id));
    let told = |attachment: &Attachment| Unseen {
        post: attachment.post.to_string(),
        channel: stand.get(&attachment.post).map(|channel| channel.to_string()),
        name: attachment.declared.name.clone(),
        reference: attachment.declared.reference.clone(),
        state: attachment.state.into(),
        md5: attachment.declared.md5.clone(),
        expires: spread::expires(attachment),
        size: attachment.declared.size,
    };
    missing.into_iter().map(told).collect()
}
