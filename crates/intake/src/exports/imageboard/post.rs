use jiff::SignedDuration;
use model::{AttachmentState, Author, ChannelId, Declared, Post, Reply, When};
use serde::Deserialize;

use super::md5_hex;
use crate::clock;
use crate::exports::lenient::{List, Maybe, Word};
use crate::exports::markup::{Quote, plain, quoted_in, unescape};
use crate::exports::reading::{bare_post, basename, declared};

/// A post as 4chan and vichan write it.
#[derive(Deserialize)]
pub(super) struct Native<'a> {
    #[serde(borrow)]
    no: Word<'a>,
    #[serde(default, borrow)]
    resto: Word<'a>,
    #[serde(default, borrow)]
    time: Word<'a>,
    #[serde(default, borrow)]
    name: Word<'a>,
    #[serde(default, borrow)]
    trip: Word<'a>,
    #[serde(default, borrow)]
    id: Word<'a>,
    #[serde(default, borrow)]
    capcode: Word<'a>,
    #[serde(default, borrow)]
    sub: Word<'a>,
    #[serde(default, borrow)]
    com: Word<'a>,
    #[serde(default, borrow)]
    replies: Word<'a>,
    #[serde(flatten, borrow)]
    file: File<'a>,
    #[serde(default, borrow)]
    extra_files: List<File<'a>>,
}

#[derive(Deserialize)]
struct File<'a> {
    #[serde(default, borrow)]
    tim: Word<'a>,
    #[serde(default, borrow)]
    filename: Word<'a>,
    #[serde(default, borrow)]
    ext: Word<'a>,
    #[serde(default, borrow)]
    md5: Word<'a>,
    #[serde(default, borrow)]
    fsize: Word<'a>,
    #[serde(default, borrow)]
    filedeleted: Word<'a>,
}

/// A post as FoolFuuka writes it.
#[derive(Deserialize)]
pub(super) struct Archived<'a> {
    #[serde(borrow)]
    num: Word<'a>,
    #[serde(default, borrow)]
    subnum: Word<'a>,
    #[serde(default, borrow)]
    thread_num: Word<'a>,
    #[serde(default, borrow)]
    timestamp: Word<'a>,
    #[serde(default, borrow)]
    name: Word<'a>,
    #[serde(default, borrow)]
    trip: Word<'a>,
    #[serde(default, borrow)]
    poster_hash: Word<'a>,
    #[serde(default, borrow)]
    capcode: Word<'a>,
    #[serde(default, borrow)]
    title: Word<'a>,
    #[serde(default, borrow)]
    comment: Word<'a>,
    #[serde(default, borrow)]
    comment_processed: Word<'a>,
    #[serde(default, borrow)]
    deleted: Word<'a>,
    #[serde(default, borrow)]
    board: Maybe<Board<'a>>,
    #[serde(default, borrow)]
    media: Maybe<Media<'a>>,
}

#[derive(Deserialize)]
struct Board<'a> {
    #[serde(default, borrow)]
    shortname: Word<'a>,
}

#[derive(Deserialize)]
struct Media<'a> {
    #[serde(default, borrow)]
    media_orig: Word<'a>,
    #[serde(default, borrow)]
    media_filename: Word<'a>,
    #[serde(default, borrow)]
    media_size: Word<'a>,
    #[serde(default, borrow)]
    media_hash: Word<'a>,
    #[serde(default, borrow)]
    media_link: Word<'a>,
    #[serde(default, borrow)]
    remote_media_link: Word<'a>,
    #[serde(default, borrow)]
    banned: Word<'a>,
}

impl Native<'_> {
    /// The number of its thread: its own where it began one.
    pub fn thread(&self) -> Option<String> {
        let resto = self.resto.number::<u64>().filter(|n| *n > 0);
        resto.or_else(|| self.no.number()).map(|n| n.to_string())
    }

    /// How many posts the thread has by its own count, which its first post gives.
    pub fn declared_posts(&self) -> Option<u64> {
        self.replies.number::<u64>().and_then(|n| n.checked_add(1))
    }

    /// The post; None if it has no number, or nothing but one.
    pub fn post(&self, channel: ChannelId, thread: &str) -> Option<Post> {
        let number = self.no.number::<u64>()?.to_string();
        if self.time.some().is_none() && self.com.some().is_none() && self.resto.some().is_none() {
            return None;
        }
        let mut post = bare_post(channel, &number);
        post.posted.extend(clock::unix(self.time.text()));
        let tim = self.file.tim.text();
        post.posted = with_upload(post.posted, tim.split('-').next().unwrap_or(tim));
        let (text, quotes) = plain(self.com.text());
        post.text = titled(&unescape(self.sub.text()), text);
        post.reply_to = reply(quotes, thread);
        post.author = author(&unescape(self.name.text()), &self.trip, &self.id, &self.capcode, thread);
        post.attached.extend(self.file.declared());
        post.attached.extend(self.extra_files.0.iter().filter_map(File::declared));
        Some(post)
    }
}

impl File<'_> {
    fn declared(&self) -> Option<Declared> {
        let (tim, ext) = (self.tim.text(), self.ext.text());
        let deleted = self.filedeleted.yes() || ext == "deleted";
        if tim.is_empty() && !deleted {
            return None;
        }
        let name = unescape(self.filename.text()) + if ext == "deleted" { "" } else { ext };
        let md5 = md5_hex(self.md5.text());
        if deleted {
            let withheld = Some(AttachmentState::Deleted);
            return Some(Declared { md5, withheld, ..declared(&name, "", self.fsize.number()) });
        }
        let reference = format!("{tim}{ext}");
        let also = if reference == name { vec![name.clone()] } else { vec![reference.clone(), name.clone()] };
        Some(Declared { also, md5, ..declared(&name, &reference, self.fsize.number()) })
    }
}

impl Archived<'_> {
    /// The number of its thread.
    pub fn thread(&self) -> Option<String> {
        let thread = self.thread_num.number::<u64>().filter(|n| *n > 0);
        thread.or_else(|| self.num.number()).map(|n| n.to_string())
    }

    /// The short name of its board.
    pub fn board(&self) -> Option<&str> {
        self.board.0.as_ref().and_then(|board| board.shortname.some())
    }

    /// The post; None if it has no number, or nothing but one. A ghost post, which only the archive has, is named by
    /// the post it follows and its own count.
    pub fn post(&self, channel: ChannelId, thread: &str) -> Option<Post> {
        let number = self.num.number::<u64>()?;
        self.timestamp.some()?;
        let native_id = match self.subnum.number::<u64>() {
            Some(ghost) if ghost > 0 => format!("{number},{ghost}"),
            _ => number.to_string(),
        };
        let mut post = bare_post(channel, &native_id);
        post.posted.extend(clock::unix(self.timestamp.text()));
        let (text, quotes) = match self.comment.some() {
            Some(comment) => (comment.to_owned(), quoted_in(comment)),
            None => plain(self.comment_processed.text()),
        };
        post.text = titled(self.title.text(), text);
        post.reply_to = reply(quotes, thread);
        let capcode = if self.capcode.text() == "N" { &Word::default() } else { &self.capcode };
        post.author = author(self.name.text(), &self.trip, &self.poster_hash, capcode, thread);
        post.deleted = self.deleted.yes();
        if let Some(media) = &self.media.0 {
            let stem = media.media_orig.text().split('.').next().unwrap_or_default();
            post.posted = with_upload(post.posted, stem);
            post.attached.extend(media.declared());
        }
        Some(post)
    }
}

impl Media<'_> {
    fn declared(&self) -> Option<Declared> {
        let kept = self.media_orig.some();
        let reference = self.media_link.some().or(self.remote_media_link.some()).or(kept).unwrap_or_default();
        let md5 = md5_hex(self.media_hash.text());
        if reference.is_empty() && md5.is_none() {
            return None;
        }
        let name = self.media_filename.some().unwrap_or_else(|| basename(reference));
        let mut also: Vec<String> = [kept.unwrap_or_default(), name].map(str::to_owned).to_vec();
        also.retain(|name| !name.is_empty());
        also.dedup();
        let withheld = self.banned.yes().then_some(AttachmentState::NotIncluded);
        Some(Declared { also, md5, withheld, ..declared(name, reference, self.media_size.number()) })
    }
}

/// Adds the time in a file's number, unless it lies more than a day from the post's: then it is no time, or the
/// poster's own.
fn with_upload(mut posted: Vec<When>, tim: &str) -> Vec<When> {
    let near = |upload: &When| {
        let day = SignedDuration::from_hours(24);
        posted.first().is_some_and(|time| clock::apart(&time.interval, &upload.interval) <= day)
    };
    if let Some(upload) = clock::upload_number(tim).filter(near) {
        posted.push(upload);
    }
    posted
}

pub(super) fn titled(title: &str, text: String) -> String {
    if title.is_empty() {
        text
    } else if text.is_empty() {
        title.to_owned()
    } else {
        format!("{title}\n{text}")
    }
}

pub(super) fn reply(quotes: Vec<Quote>, thread: &str) -> Option<Reply> {
    quotes.into_iter().next().map(|quote| {
        let channel = quote.thread.map(|(board, number)| format!("{board}/{number}"));
        let same = |c: &String| c != thread && c.split_once('/').map(|p| p.1) != thread.strip_prefix("?/");
        Reply { native_id: quote.number, channel: channel.filter(same) }
    })
}

/// Nobody, unless a trip, an id within the thread, a capcode or a name sets the poster apart from all others.
pub(super) fn author(name: &str, trip: &Word, id: &Word, capcode: &Word, thread: &str) -> Option<Author> {
    let shown = if name.is_empty() { "Anonymous" } else { name };
    let native_id = if let Some(trip) = trip.some() {
        trip.to_owned()
    } else if let Some(capcode) = capcode.some() {
        format!("{shown} ## {capcode}")
    } else if let Some(id) = id.some() {
        format!("{id} in {thread}")
    } else if shown != "Anonymous" {
        shown.to_owned()
    } else {
        return None;
    };
    Some(Author::new("imageboard", &native_id, shown))
}
