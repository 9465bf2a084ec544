use model::{ChannelId, Declared, Post};
use serde::Deserialize;

use super::post::{author, reply, titled};
use crate::clock;
use crate::exports::lenient::{List, Maybe, Word};
use crate::exports::markup::{plain, quoted_in, unescape};
use crate::exports::reading::{bare_post, basename, declared};
use crate::stamp::Stamp;

/// What a file's root says of the board.
#[derive(Deserialize)]
pub(super) struct Root<'a> {
    #[serde(default, rename = "Board", borrow)]
    old: Word<'a>,
    #[serde(default, rename = "boardUri", borrow)]
    lynx: Word<'a>,
    #[serde(default, borrow)]
    board: Maybe<Board<'a>>,
}

#[derive(Deserialize)]
struct Board<'a> {
    #[serde(default, borrow)]
    id: Word<'a>,
}

impl Root<'_> {
    pub fn board(&self) -> Option<&str> {
        let board = self.board.0.as_ref().and_then(|board| board.id.some());
        self.old.some().or(self.lynx.some()).or(board)
    }
}

/// A post as makaba writes it.
#[derive(Deserialize)]
pub(super) struct Makaba<'a> {
    #[serde(borrow)]
    num: Word<'a>,
    #[serde(default, borrow)]
    parent: Word<'a>,
    #[serde(default, borrow)]
    comment: Word<'a>,
    #[serde(default, borrow)]
    date: Word<'a>,
    #[serde(default, borrow)]
    timestamp: Word<'a>,
    #[serde(default, borrow)]
    name: Word<'a>,
    #[serde(default, borrow)]
    trip: Word<'a>,
    #[serde(default, borrow)]
    subject: Word<'a>,
    #[serde(default, borrow)]
    thread_num: Word<'a>,
    #[serde(default, borrow)]
    files: List<MakabaFile<'a>>,
}

#[derive(Deserialize)]
struct MakabaFile<'a> {
    #[serde(default, borrow)]
    path: Word<'a>,
    #[serde(default, borrow)]
    name: Word<'a>,
    #[serde(default, borrow)]
    fullname: Word<'a>,
    #[serde(default, borrow)]
    md5: Word<'a>,
}

impl Makaba<'_> {
    /// Whether it is one, and none of FoolFuuka's.
    pub fn is_one(&self) -> bool {
        self.thread_num.some().is_none() && (self.parent.some().is_some() || self.date.some().is_some())
    }

    /// The number of its thread: its own where it began one.
    pub fn thread(&self) -> Option<String> {
        let parent = self.parent.number::<u64>().filter(|n| *n > 0);
        parent.or_else(|| self.num.number()).map(|n| n.to_string())
    }

    /// The post; None if it has no number.
    pub fn post(&self, channel: ChannelId, thread: &str) -> Option<Post> {
        let mut post = bare_post(channel, &self.num.number::<u64>()?.to_string());
        let printed = || {
            // Moscow's wall clock, which the board names nowhere.
            let stamp = Stamp::parse(self.date.text())?.settled(true);
            stamp.when(self.date.text(), model::Clock::Platform)
        };
        post.posted.extend(clock::unix(self.timestamp.text()).or_else(printed));
        let (text, quotes) = plain(self.comment.text());
        post.text = titled(&unescape(self.subject.text()), text);
        post.reply_to = reply(quotes, thread);
        let name = unescape(self.name.text());
        let name = if matches!(name.as_str(), "Аноним" | "Anonymous") { "" } else { &name };
        post.author = author(name, &self.trip, &Word::default(), &Word::default(), thread);
        post.attached.extend(self.files.0.iter().filter_map(MakabaFile::declared));
        Some(post)
    }
}

impl MakabaFile<'_> {
    fn declared(&self) -> Option<Declared> {
        let path = self.path.some()?;
        let stored = basename(path);
        let name = self.fullname.some().or(self.name.some()).unwrap_or(stored);
        let md5 = self.md5.some().filter(|md5| md5.len() == 32 && md5.bytes().all(|b| b.is_ascii_hexdigit()));
        let mut also = vec![stored.to_owned(), name.to_owned()];
        also.dedup();
        // The size is given in kilobytes and proves nothing.
        let file = declared(name, path.trim_start_matches('/'), None);
        Some(Declared { also, md5: md5.map(str::to_lowercase), ..file })
    }
}

/// A post as lynxchan writes it; the first of a thread stands at the root.
#[derive(Deserialize)]
pub(super) struct Lynx<'a> {
    #[serde(default, rename = "threadId", borrow)]
    thread_id: Word<'a>,
    #[serde(default, rename = "postId", borrow)]
    post_id: Word<'a>,
    #[serde(default, borrow)]
    creation: Word<'a>,
    #[serde(default, borrow)]
    name: Word<'a>,
    #[serde(default, rename = "signedRole", borrow)]
    role: Word<'a>,
    #[serde(default, borrow)]
    id: Word<'a>,
    #[serde(default, borrow)]
    subject: Word<'a>,
    #[serde(default, borrow)]
    message: Word<'a>,
    #[serde(default, rename = "lastEditTime", borrow)]
    edited: Word<'a>,
    #[serde(default, borrow)]
    files: List<LynxFile<'a>>,
}

#[derive(Deserialize)]
struct LynxFile<'a> {
    #[serde(default, rename = "originalName", borrow)]
    original: Word<'a>,
    #[serde(default, borrow)]
    path: Word<'a>,
    #[serde(default, borrow)]
    size: Word<'a>,
}

impl Lynx<'_> {
    /// The thread it begins.
    pub fn begins(&self) -> Option<String> {
        self.post_id.some().is_none().then(|| self.thread_id.number::<u64>())?.map(|n| n.to_string())
    }

    /// The post; None if it has no number or no time.
    pub fn post(&self, channel: ChannelId, thread: &str) -> Option<Post> {
        let number = self.post_id.number::<u64>().or_else(|| self.thread_id.number())?;
        let created = clock::iso(self.creation.text())?;
        let mut post = bare_post(channel, &number.to_string());
        post.posted.push(created);
        post.edited.extend(clock::iso(self.edited.text()));
        let text = self.message.text();
        post.reply_to = reply(quoted_in(text), thread);
        post.text = titled(self.subject.text(), text.to_owned());
        post.author = author(self.name.text(), &Word::default(), &self.id, &self.role, thread);
        post.attached.extend(self.files.0.iter().filter_map(LynxFile::declared));
        Some(post)
    }
}

impl LynxFile<'_> {
    fn declared(&self) -> Option<Declared> {
        let path = self.path.some()?;
        let stored = basename(path);
        let name = self.original.some().unwrap_or(stored);
        let mut also = vec![stored.to_owned(), name.to_owned()];
        also.dedup();
        Some(Declared { also, ..declared(name, path.trim_start_matches('/'), self.size.number()) })
    }
}
