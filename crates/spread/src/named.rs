//! What posts name and nobody holds: posts that are answered, linked or forwarded, channels, files (R6).

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use model::{
    Attachment, AttachmentState, Channel, ChannelId, Citation, FamilyId, Forward, Gap, GapId, Lack, Post,
    Reason, Reply, Seek, Why,
};

use crate::links::{Named, expiry, links};
use crate::stock::Stock;

/// Endings of files that show no page.
const NO_PAGES: &[&str] = &[
    "mp3", "ogg", "oga", "opus", "wav", "m4a", "flac", "mp4", "webm", "mov", "mkv", "avi", "m4v", "tgs",
    "gifv", "vcf",
];
/// Citations of one reason that are kept.
const CITED: usize = 200;

/// Gathers what posts name and is not held, one post at a time, in any order.
pub struct Missing<'a> {
    stock: &'a Stock,
    gaps: BTreeMap<GapId, Found>,
}

struct Found {
    gap: Gap,
    families: BTreeSet<FamilyId>,
}

/// What a reference tells of what it names.
struct Called<'a> {
    lack: Lack,
    sure: bool,
    words: [&'a str; 3],
    channel: Option<ChannelId>,
    seek: Seek,
}

/// A post by the platform's own ids.
struct At<'a> {
    platform: &'a str,
    space: Option<&'a str>,
    channel: &'a str,
    native: &'a str,
}

impl<'a> Missing<'a> {
    /// Against what is held.
    pub fn new(stock: &'a Stock) -> Self {
        Self { stock, gaps: BTreeMap::new() }
    }

    /// Takes a post, and the sheets that it shows.
    pub fn post(&mut self, post: &Post, families: &[FamilyId]) {
        let Some(channel) = self.stock.channel(post.channel) else { return };
        if let Some(reply) = &post.reply_to {
            self.answered(post, channel, reply);
        }
        if let Some(forward) = &post.forwarded {
            self.forwarded(post, channel, forward, families);
        }
        for link in links(&post.text) {
            self.linked(post, &link.names, &link.address);
        }
    }

    /// Takes a file that a post carries or carried, the post, and the sheets that it shows.
    pub fn file(&mut self, file: &Attachment, post: &Post) {
        let state = file.state;
        let name = &file.declared.name;
        let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase()).unwrap_or_default();
        if matches!(state, AttachmentState::Held | AttachmentState::FoundElsewhere)
            || NO_PAGES.contains(&ending.as_str())
        {
            return;
        }
        let Some(channel) = self.stock.channel(post.channel) else { return };
        let reference = &file.declared.reference;
        let when = uploaded(&channel.platform, reference).or_else(|| post.when());
        let seek = Seek {
            platform: Some(channel.platform.clone()),
            space: channel.space.clone(),
            channel: Some(channel.native_id.clone()),
            post: Some(post.native_id.clone()),
            file: Some(if reference.is_empty() { name.clone() } else { reference.clone() }),
            after: when.map(|when| when.earliest),
            before: when.map(|when| when.latest),
            ..Seek::default()
        };
        let id = file.id.to_string();
        let called =
            Called { lack: Lack::File, sure: true, words: [&id, "", ""], channel: Some(channel.id), seek };
        self.put(called, Reason::new(Why::Carried, Citation::Post(post.id), Some(name.clone())), &[]);
    }

    /// All of it, sorted by id.
    pub fn gaps(self) -> Vec<Gap> {
        let told = |found: Found| {
            let mut gap = found.gap;
            gap.families = found.families.into_iter().collect();
            gap.reasons.sort_by_key(|reason| (reason.why, reason.cited.to_string()));
            gap.reasons.dedup();
            gap.reasons.truncate(CITED);
            gap
        };
        self.gaps.into_values().map(told).collect()
    }

    fn answered(&mut self, post: &Post, channel: &Channel, reply: &Reply) {
        let native = reply.channel.as_deref().unwrap_or(&channel.native_id);
        let space = channel.space.as_deref().filter(|_| reply.channel.is_none());
        let at = At { platform: &channel.platform, space, channel: native, native: &reply.native_id };
        self.named_post(post, &at, Why::Answered, None, &[]);
    }

    fn forwarded(&mut self, post: &Post, channel: &Channel, forward: &Forward, families: &[FamilyId]) {
        let platform = &channel.platform;
        let bare = |id: &String| id.trim_start_matches(|c: char| c.is_ascii_alphabetic()).to_owned();
        let from_id =
            forward.from_id.as_ref().map(|id| if platform == "telegram" { bare(id) } else { id.clone() });
        match (&from_id, &forward.native_id, &forward.from) {
            (Some(from), Some(native), _) => {
                let at = At { platform, space: None, channel: from, native };
                self.named_post(post, &at, Why::Forwarded, forward.from.clone(), families);
            }
            (Some(from), None, name) if self.stock.by_native(platform, from).is_none() => {
                let name = name.as_deref().unwrap_or(from);
                self.named_channel(post, platform, name, Why::Forwarded, true, families);
            }
            (None, _, Some(name)) if self.stock.by_name(platform, name).is_empty() => {
                let sure = !self.stock.is_account(platform, name);
                self.named_channel(post, platform, name, Why::Forwarded, sure, families);
            }
            _ => {}
        }
    }

    fn linked(&mut self, post: &Post, names: &Named, address: &str) {
        let words = Some(address.to_owned());
        match names {
            Named::Post { platform, space, channel, post: native } => {
                let at = At { platform, space: space.as_deref(), channel, native };
                self.named_post(post, &at, Why::Linked, words, &[]);
            }
            // What is called so may be held under another name.
            Named::Called { platform, name, .. } if self.stock.by_name(platform, name).is_empty() => {
                self.named_channel(post, platform, name, Why::Linked, false, &[]);
            }
            Named::Invitation { platform, code } => {
                let name = format!("invitation {code}");
                self.named_channel(post, platform, &name, Why::Linked, false, &[]);
            }
            _ => {}
        }
    }

    /// A post that is named by its channel's and its own id.
    fn named_post(&mut self, by: &Post, at: &At, why: Why, words: Option<String>, families: &[FamilyId]) {
        let At { platform, space, channel, native } = *at;
        let held = self.stock.by_native(platform, channel);
        if held.is_some_and(|held| self.stock.post(held.id, native).is_some()) {
            return;
        }
        let stand = self.stock.stand(platform, held.map(|held| held.id), native);
        // Nobody answers, links or forwards what is not there yet.
        let latest = by.when().map(|when| when.latest);
        let seek = Seek {
            platform: Some(platform.to_owned()),
            space: held.and_then(|held| held.space.clone()).or_else(|| space.map(str::to_owned)),
            channel: Some(channel.to_owned()),
            post: Some(native.to_owned()),
            between: stand.between,
            file: None,
            after: stand.after,
            before: earlier(stand.before, latest),
        };
        let held = held.map(|held| held.id);
        let called =
            Called { lack: Lack::Post, sure: true, words: [platform, channel, native], channel: held, seek };
        self.put(called, Reason::new(why, Citation::Post(by.id), words), families);
    }

    fn named_channel(
        &mut self,
        by: &Post,
        platform: &str,
        name: &str,
        why: Why,
        sure: bool,
        families: &[FamilyId],
    ) {
        let seek = Seek {
            platform: Some(platform.to_owned()),
            channel: Some(name.to_owned()),
            before: by.when().map(|when| when.latest),
            ..Seek::default()
        };
        let lower = name.trim().to_lowercase();
        let called = Called { lack: Lack::Channel, sure, words: [platform, &lower, ""], channel: None, seek };
        self.put(called, Reason::new(why, Citation::Post(by.id), Some(name.to_owned())), families);
    }

    fn put(&mut self, called: Called, reason: Reason, families: &[FamilyId]) {
        let id = Gap::id_of(called.lack, &called.words);
        let fresh = || Found {
            gap: Gap {
                id,
                lack: called.lack,
                sure: false,
                families: Vec::new(),
                pictures: Vec::new(),
                channel: called.channel,
                reasons: Vec::new(),
                seek: called.seek.clone(),
            },
            families: BTreeSet::new(),
        };
        let found = self.gaps.entry(id).or_insert_with(fresh);
        let seek = &mut found.gap.seek;
        // The way of writing that comes first by the alphabet, whatever came first.
        if let (Some(known), Some(own)) = (&mut seek.channel, called.seek.channel) {
            *known = std::mem::take(known).min(own);
        }
        seek.space = seek.space.take().or(called.seek.space);
        seek.before = earlier(seek.before, called.seek.before);
        found.gap.sure |= called.sure;
        found.gap.reasons.push(reason);
        found.families.extend(families);
    }
}

fn earlier(a: Option<Timestamp>, b: Option<Timestamp>) -> Option<Timestamp> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    }
}

/// When a file was uploaded, by the number in its address.
fn uploaded(platform: &str, address: &str) -> Option<model::Interval> {
    intake::number_time(platform, upload_number(address)?)
}

/// The platform's own number of a file in its address: `/attachments/CHANNEL/NUMBER/NAME`.
pub fn upload_number(address: &str) -> Option<&str> {
    let (_, rest) = address.split_once("/attachments/")?;
    let number = rest.split('/').nth(1)?;
    (!number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())).then_some(number)
}

/// When the address of a file stops to lead anywhere, if it is signed.
pub fn expires(file: &Attachment) -> Option<Timestamp> {
    expiry(&file.declared.reference)
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{Clock, Declared, Interval, When, Zone};

    fn channel(platform: &str, native: &str, name: &str) -> Channel {
        Channel {
            id: Channel::id_of(platform, native),
            platform: platform.into(),
            native_id: native.into(),
            name: name.into(),
            space: None,
            kind: None,
            exports: vec![],
            posts: 0,
        }
    }

    fn post(channel: &Channel, native: &str, second: i64, text: &str) -> Post {
        let at = Timestamp::from_second(second).unwrap();
        let interval = Interval { earliest: at, latest: at };
        let when = When { verbatim: String::new(), interval, clock: Clock::Platform, zone: Zone::Utc };
        Post {
            id: Post::id_of(channel.id, native),
            channel: channel.id,
            native_id: native.into(),
            author: None,
            posted: vec![when],
            edited: vec![],
            text: text.into(),
            service: None,
            attached: vec![],
            reply_to: None,
            forwarded: None,
            deleted: false,
            records: vec![],
        }
    }

    fn told(posts: &[Post], channels: &[Channel]) -> Vec<Gap> {
        let mut stock = Stock::new(channels.to_vec(), []);
        posts.iter().for_each(|post| stock.add(post));
        let gather = |posts: &mut dyn Iterator<Item = &Post>| {
            let mut missing = Missing::new(&stock);
            posts.for_each(|post| missing.post(post, &[]));
            missing.gaps()
        };
        let gaps = gather(&mut posts.iter());
        assert_eq!(gaps, gather(&mut posts.iter().rev()));
        gaps
    }

    #[test]
    fn an_answered_post_that_is_not_held_stands_between_its_neighbours() {
        let quay = channel("telegram", "7", "Quay");
        let mut answer = post(&quay, "14", 400, "");
        answer.reply_to = Some(Reply { native_id: "11".into(), channel: None });
        let posts = [post(&quay, "10", 100, ""), post(&quay, "12", 200, ""), answer.clone()];
        let gaps = told(&posts, std::slice::from_ref(&quay));
        assert_eq!(gaps.len(), 1);
        let seek = &gaps[0].seek;
        assert!(gaps[0].sure && gaps[0].lack == Lack::Post && gaps[0].channel == Some(quay.id));
        assert_eq!(seek.between, (Some("10".into()), Some("12".into())));
        assert_eq!((seek.after.unwrap().as_second(), seek.before.unwrap().as_second()), (100, 200));
        // What is held is not missing.
        answer.reply_to = Some(Reply { native_id: "12".into(), channel: None });
        assert!(told(&[posts[0].clone(), posts[1].clone(), answer], &[quay]).is_empty());
    }

    #[test]
    fn a_number_that_holds_a_time_tells_when() {
        let lounge = channel("discord", "1", "lounge");
        let link = "https://discord.com/channels/5/6/1068529955224158208";
        let gaps = told(&[post(&lounge, "2", 1_700_000_000, link)], &[lounge]);
        assert_eq!(gaps.len(), 1);
        assert_eq!(gaps[0].seek.after.unwrap().to_string(), "2023-01-27T13:56:33.652Z");
        assert_eq!((gaps[0].seek.space.as_deref(), gaps[0].seek.channel.as_deref()), (Some("5"), Some("6")));
    }

    #[test]
    fn forwards_from_one_channel_are_one_gap() {
        let quay = channel("telegram", "7", "Quay");
        let forwarded = |native: &str, second, from: &str| {
            let forwarded = Some(Forward { from: Some(from.into()), ..Forward::default() });
            Post { forwarded, ..post(&quay, native, second, "") }
        };
        let posts = [
            forwarded("1", 500, "Deep Archive"),
            forwarded("2", 300, "deep archive "),
            forwarded("3", 600, "QUAY"),
        ];
        let gaps = told(&posts, std::slice::from_ref(&quay));
        assert_eq!(gaps.len(), 1, "{gaps:?}");
        assert_eq!((gaps[0].lack, gaps[0].reasons.len()), (Lack::Channel, 2));
        assert_eq!(gaps[0].seek.before.unwrap().as_second(), 300);
    }

    #[test]
    fn an_invitation_may_lead_to_what_is_held() {
        let quay = channel("telegram", "7", "Quay");
        let gaps = told(&[post(&quay, "1", 5, "https://t.me/+AbCd https://example.org/")], &[quay]);
        assert!(gaps.len() == 1 && !gaps[0].sure, "{gaps:?}");
    }

    #[test]
    fn a_file_that_is_not_held_is_asked_for_by_its_number() {
        let lounge = channel("discord", "1", "lounge");
        let post = post(&lounge, "2", 1_700_000_000, "");
        let stock = Stock::new([lounge], []);
        let file = |name: &str, state| Attachment {
            id: Attachment::id_of(post.id, 0),
            post: post.id,
            position: 0,
            declared: Declared {
                name: name.into(),
                reference: format!(
                    "https://cdn.discordapp.com/attachments/1/1068529955224158208/{name}?ex=65a1b2c3"
                ),
                ..Declared::default()
            },
            state,
            items: vec![],
            blob: None,
        };
        let gaps = |file: &Attachment| {
            let mut missing = Missing::new(&stock);
            missing.file(file, &post);
            missing.gaps()
        };
        let found = gaps(&file("a.jpg", AttachmentState::Remote));
        assert_eq!(found[0].seek.after.unwrap().to_string(), "2023-01-27T13:56:33.652Z");
        assert_eq!(expires(&file("a.jpg", AttachmentState::Remote)).unwrap().as_second(), 0x65a1_b2c3);
        assert!(gaps(&file("a.mp3", AttachmentState::Remote)).is_empty());
        assert!(gaps(&file("a.jpg", AttachmentState::Held)).is_empty());
    }
}
