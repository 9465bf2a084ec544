use model::{AttachmentState, Author, ChannelId, Declared, Post, Reply};
use serde::Deserialize;

use super::{People, Profile};
use crate::clock;
use crate::exports::lenient::{List, Maybe, Word};
use crate::exports::markup::unescape;
use crate::exports::reading::{bare_post, basename, declared};

/// What is read of a message.
#[derive(Deserialize)]
pub(super) struct Message<'a> {
    #[serde(borrow)]
    ts: Word<'a>,
    #[serde(default, borrow)]
    subtype: Word<'a>,
    #[serde(default, borrow)]
    user: Word<'a>,
    #[serde(default, borrow)]
    user_profile: Maybe<Profile<'a>>,
    #[serde(default, borrow)]
    bot_id: Word<'a>,
    #[serde(default, borrow)]
    username: Word<'a>,
    #[serde(default, borrow)]
    text: Word<'a>,
    #[serde(default, borrow)]
    thread_ts: Word<'a>,
    #[serde(default, borrow)]
    edited: Maybe<Edited<'a>>,
    #[serde(default, borrow)]
    files: List<File<'a>>,
    #[serde(default, borrow)]
    file: Maybe<File<'a>>,
    #[serde(default, borrow)]
    attachments: List<Quoted<'a>>,
    #[serde(default, borrow)]
    slackdump_thread_replies: List<Message<'a>>,
}

#[derive(Deserialize)]
struct Edited<'a> {
    #[serde(default, borrow)]
    ts: Word<'a>,
}

#[derive(Deserialize)]
struct File<'a> {
    #[serde(default, borrow)]
    id: Word<'a>,
    #[serde(default, borrow)]
    name: Word<'a>,
    #[serde(default, borrow)]
    title: Word<'a>,
    #[serde(default, borrow)]
    mode: Word<'a>,
    #[serde(default, borrow)]
    size: Word<'a>,
    #[serde(default, borrow)]
    url_private: Word<'a>,
    #[serde(default, borrow)]
    url_private_download: Word<'a>,
    #[serde(default, borrow)]
    permalink: Word<'a>,
}

/// What bots say, and what links lead to.
#[derive(Deserialize)]
struct Quoted<'a> {
    #[serde(default, borrow)]
    pretext: Word<'a>,
    #[serde(default, borrow)]
    title: Word<'a>,
    #[serde(default, borrow)]
    text: Word<'a>,
    #[serde(default, borrow)]
    fallback: Word<'a>,
}

impl Message<'_> {
    /// Answers, where they stand in the message they answer.
    pub fn answers(&self) -> &[Self] {
        &self.slackdump_thread_replies.0
    }

    /// The post; None if it has no time, which is its number.
    pub fn post(&self, channel: ChannelId, people: &People) -> Option<Post> {
        let ts = self.ts.some().filter(|ts| ts.bytes().all(|b| b.is_ascii_digit() || b == b'.'))?;
        let posted = clock::slack(ts)?;
        let mut post = bare_post(channel, ts);
        post.posted.push(posted);
        let edited = self.edited.0.as_ref();
        post.edited.extend(edited.and_then(|edited| clock::slack(edited.ts.text())));
        let kind = self.subtype.text();
        post.deleted = kind == "tombstone";
        post.author = if post.deleted { None } else { self.author(people) };
        post.text = self.words(people);
        let spoken = matches!(
            kind,
            "" | "bot_message"
                | "file_share"
                | "file_comment"
                | "file_mention"
                | "me_message"
                | "thread_broadcast"
                | "reply_broadcast"
                | "slackbot_response"
                | "tombstone"
        );
        post.service = (!spoken).then(|| kind.to_owned());
        let thread = self.thread_ts.some().filter(|thread| *thread != ts);
        post.reply_to = thread.map(|thread| Reply { native_id: thread.to_owned(), channel: None });
        post.attached.extend(self.files.0.iter().chain(self.file.0.as_ref()).map(File::declared));
        Some(post)
    }

    fn author(&self, people: &People) -> Option<Author> {
        let id = self.user.some().or(self.bot_id.some()).or(self.username.some())?;
        let shown = self.user_profile.0.as_ref().and_then(Profile::shown);
        let name = shown.or(people.name(id)).or(self.username.some()).unwrap_or(id);
        Some(Author::new("slack", id, name))
    }

    /// Its text; where it has none, what its attachments say.
    fn words(&self, people: &People) -> String {
        let mut words = plain(self.text.text(), people);
        if words.is_empty() {
            for quoted in &self.attachments.0 {
                let parts = [&quoted.pretext, &quoted.title, &quoted.text];
                let mut parts: Vec<_> = parts.iter().filter_map(|part| part.some()).collect();
                if parts.is_empty() {
                    parts.extend(quoted.fallback.some());
                }
                for part in parts {
                    if !words.is_empty() {
                        words.push('\n');
                    }
                    words.push_str(&plain(part, people));
                }
            }
        }
        words
    }
}

impl File<'_> {
    fn declared(&self) -> Declared {
        let link = self.url_private.some().or(self.url_private_download.some()).or(self.permalink.some());
        let link = link.unwrap_or_default();
        let own = basename(link.split(['?', '#']).next().unwrap_or(link));
        let name = self.name.some().or(self.title.some()).unwrap_or(own);
        let withheld = match self.mode.text() {
            "tombstone" => Some(AttachmentState::Deleted),
            "hidden_by_limit" => Some(AttachmentState::NotIncluded),
            _ => None,
        };
        let id = self.id.text();
        let mut also = vec![format!("{id}-{name}"), format!("{id}-{own}"), name.to_owned()];
        also.retain(|own| !own.is_empty() && !own.starts_with('-') && !own.ends_with('-'));
        also.dedup();
        Declared { also, withheld, ..declared(name, link, self.size.number()) }
    }
}

/// `<@U1>`, `<#C1|name>`, `<https://x|shown>` and entities, as they are shown.
fn plain(text: &str, people: &People) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, tail)) = rest.split_once('<') {
        out.push_str(before);
        let Some((inside, after)) = tail.split_once('>').filter(|(inside, _)| !inside.contains('<')) else {
            out.push('<');
            rest = tail;
            continue;
        };
        let (target, shown) =
            inside.split_once('|').map_or((inside, None), |(target, shown)| (target, Some(shown)));
        match target.chars().next() {
            Some(mark @ ('@' | '#' | '!')) => {
                out.push(if mark == '#' { '#' } else { '@' });
                let id = &target[1..];
                out.push_str(
                    shown.map(|shown| shown.trim_start_matches(mark)).or(people.name(id)).unwrap_or(id),
                );
            }
            _ => match shown.filter(|shown| *shown != target) {
                Some(shown) => {
                    out.push_str(shown);
                    out.push_str(" (");
                    out.push_str(target);
                    out.push(')');
                }
                None => out.push_str(target),
            },
        }
        rest = after;
    }
    out.push_str(rest);
    unescape(&out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_becomes_text() {
        let people = People([("U1".to_owned(), "Ann".to_owned())].into());
        let check = |text: &str, expected: &str| assert_eq!(plain(text, &people), expected);
        check(
            "<@U1>: see <https://x.org|x> &amp; <#C1|news> <!here>",
            "@Ann: see x (https://x.org) & #news @here",
        );
        check("1 < 2 <", "1 < 2 <");
        check("<@U2|bob> <http://a>", "@bob http://a");
    }
}
