use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use model::{Account, Channel, ChannelId, Interval, Post, PostId};

/// The channels, posts and names that are held, to tell what is not.
#[derive(Default)]
pub struct Stock {
    channels: BTreeMap<ChannelId, Channel>,
    names: BTreeMap<(String, String), Vec<ChannelId>>,
    accounts: BTreeMap<(String, String), usize>,
    stand: BTreeMap<ChannelId, Row>,
}

/// The posts of a channel. There may be a million: an id that is a number is held as one.
#[derive(Default)]
struct Row {
    /// Those whose ids are counted up.
    numbers: BTreeMap<u64, Option<Interval>>,
    /// Ids that are not written as their number is.
    others: BTreeSet<String>,
}

impl Row {
    fn add(&mut self, native: &str, when: Option<Interval>) {
        match number(native) {
            Some(number) => drop(self.numbers.insert(number, when)),
            None => drop(self.others.insert(native.to_owned())),
        }
    }

    fn holds(&self, native: &str) -> bool {
        number(native).is_some_and(|number| self.numbers.contains_key(&number))
            || self.others.contains(native)
    }
}

/// The number of an id that is written as the number is.
fn number(native: &str) -> Option<u64> {
    let plain = native == "0" || !native.starts_with(['0', '+']);
    native.parse().ok().filter(|_| plain)
}

/// Where a post that is not held must have stood.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Stand {
    pub between: (Option<String>, Option<String>),
    pub after: Option<Timestamp>,
    pub before: Option<Timestamp>,
}

impl Stock {
    /// Of these channels and accounts, and no posts yet.
    pub fn new(
        channels: impl IntoIterator<Item = Channel>,
        accounts: impl IntoIterator<Item = Account>,
    ) -> Self {
        let mut stock = Self::default();
        for channel in channels {
            stock.names.entry(called(&channel.platform, &channel.name)).or_default().push(channel.id);
            stock.channels.insert(channel.id, channel);
        }
        for account in accounts {
            for name in &account.names {
                *stock.accounts.entry(called(&account.platform, name)).or_default() += 1;
            }
        }
        stock
    }

    /// Takes a post.
    pub fn add(&mut self, post: &Post) {
        let (row, when) = (self.stand.entry(post.channel).or_default(), post.when());
        row.add(&post.native_id, when);
    }

    /// A channel that is held.
    pub fn channel(&self, id: ChannelId) -> Option<&Channel> {
        self.channels.get(&id)
    }

    /// A held channel by the platform's own id.
    pub(crate) fn by_native(&self, platform: &str, native: &str) -> Option<&Channel> {
        self.channels.get(&Channel::id_of(platform, native))
    }

    /// The held channels of this name.
    pub(crate) fn by_name(&self, platform: &str, name: &str) -> &[ChannelId] {
        self.names.get(&called(platform, name)).map_or(&[], Vec::as_slice)
    }

    /// Whether an account of this name posted in what is held.
    pub(crate) fn is_account(&self, platform: &str, name: &str) -> bool {
        self.accounts.contains_key(&called(platform, name))
    }

    /// The post, if it is held.
    pub(crate) fn post(&self, channel: ChannelId, native: &str) -> Option<PostId> {
        self.stand.get(&channel)?.holds(native).then(|| Post::id_of(channel, native))
    }

    /// Where a post of this number stood, by its own number or by those that stand around it.
    pub(crate) fn stand(&self, platform: &str, channel: Option<ChannelId>, native: &str) -> Stand {
        let around = channel.and_then(|channel| self.stand.get(&channel)).zip(native.parse::<u64>().ok());
        let mut stand = Stand::default();
        if let Some((row, number)) = around {
            let before = row.numbers.range(..number).next_back();
            let after = row.numbers.range(number..).find(|(held, _)| **held != number);
            stand.between = (before.map(|(id, _)| id.to_string()), after.map(|(id, _)| id.to_string()));
            stand.after = before.and_then(|(_, when)| when.map(|when| when.earliest));
            stand.before = after.and_then(|(_, when)| when.map(|when| when.latest));
        }
        if let Some(own) = intake::number_time(platform, native) {
            (stand.after, stand.before) = (Some(own.earliest), Some(own.latest));
        }
        stand
    }
}

fn called(platform: &str, name: &str) -> (String, String) {
    (platform.to_owned(), name.trim().to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_held_as_it_is_written() {
        let mut row = Row::default();
        ["12", "007", "p-3"].into_iter().for_each(|native| row.add(native, None));
        assert!(["12", "007", "p-3"].into_iter().all(|native| row.holds(native)));
        assert!(
            ["7", "+12", "012", "p-4", "", "99999999999999999999"]
                .into_iter()
                .all(|native| !row.holds(native))
        );
    }
}
