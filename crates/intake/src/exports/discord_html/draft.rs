use model::{Author, ChannelId, Clock, Declared, Forward, Post, Reply};

use super::Role;
use crate::clock;
use crate::exports::discord;
use crate::exports::html::Tag;
use crate::exports::reading::bare_post;
use crate::stamp::Stamp;

/// A message that is being read.
pub(super) struct Draft {
    id: String,
    /// Where its element begins.
    pub start: u64,
    pub author: Option<Author>,
    /// The time as it is printed.
    pub stamp: String,
    /// Whether an attribute gave it, so that no text does.
    pub stamp_given: bool,
    edited: String,
    pub text: String,
    service: Option<&'static str>,
    reply_to: Option<String>,
    forward: Option<Forwarded>,
    files: Vec<Option<Declared>>,
}

/// `Image: page.png (1 KB)`: the name that the poster gave.
fn poster_name(title: &str) -> Option<&str> {
    let (kind, rest) = title.split_once(": ")?;
    let (name, _) = rest.rsplit_once(" (")?;
    (matches!(kind, "Image" | "Video" | "Audio") && !name.is_empty()).then_some(name)
}

/// What was forwarded.
#[derive(Default)]
pub(super) struct Forwarded {
    pub text: String,
    stamp: String,
}

impl Draft {
    pub fn new(id: &str, start: u64, author: Option<Author>) -> Self {
        Self {
            id: id.to_owned(),
            start,
            author,
            stamp: String::new(),
            stamp_given: false,
            edited: String::new(),
            text: String::new(),
            service: None,
            reply_to: None,
            forward: None,
            files: Vec::new(),
        }
    }

    pub fn forward_mut(&mut self) -> &mut Forwarded {
        self.forward.get_or_insert_default()
    }

    /// Ends a line of the text.
    pub fn line(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with('\n') {
            self.text.push('\n');
        }
    }

    /// What an element in the message is for.
    pub fn open(&mut self, tag: &Tag, outer: Role) -> Role {
        if let Some(role) = self.by_class(tag) {
            return role;
        }
        match (outer, tag.name.as_str()) {
            (Role::Content | Role::ForwardContent, name) => {
                let text = if outer == Role::Content { &mut self.text } else { &mut self.forward_mut().text };
                inline(name, tag, text);
            }
            (Role::Reply, _) => {
                self.reply_to = self.reply_to.take().or_else(|| digits_in(tag.get("onclick")));
            }
            (Role::ForwardStamp, _) if !tag.get("title").is_empty() => {
                tag.get("title").clone_into(&mut self.forward_mut().stamp);
            }
            (Role::Forward, "a") => self.files.push(file(tag)),
            (Role::File, _) => {
                let Some(last) = self.files.last_mut() else { return outer };
                *last = last.take().or_else(|| file(tag));
                if let (Some(file), Some(name)) = (last, poster_name(tag.get("title"))) {
                    name.clone_into(&mut file.name);
                }
            }
            (Role::Message, "use") => self.service = kind(tag.get("href")).or(self.service),
            _ => {}
        }
        outer
    }

    fn by_class(&mut self, tag: &Tag) -> Option<Role> {
        let class = tag.get("class").split_ascii_whitespace().find(|class| class.starts_with("chatlog__"))?;
        Some(match class.strip_prefix("chatlog__")? {
            "timestamp" | "short-timestamp" | "system-notification-timestamp" => {
                let title = tag.get("title");
                if !title.is_empty() {
                    title.clone_into(&mut self.stamp);
                    self.stamp_given = true;
                }
                Role::Stamp
            }
            "edited-timestamp" => {
                tag.get("title").clone_into(&mut self.edited);
                Role::Quiet
            }
            "content" => Role::Content,
            "system-notification-content" => {
                self.service = self.service.or(Some("notice"));
                Role::Content
            }
            "system-notification-link" => {
                let target = tag.get("href").strip_prefix("#chatlog__message-container-");
                self.reply_to = self.reply_to.take().or_else(|| digits_in(target.unwrap_or_default()));
                Role::Content
            }
            "reply" | "reference" => Role::Reply,
            "reply-link" | "reference-link" => {
                self.reply_to = self.reply_to.take().or_else(|| digits_in(tag.get("onclick")));
                Role::Reply
            }
            "forwarded" => {
                self.forward_mut();
                Role::Forward
            }
            "forwarded-content" => Role::ForwardContent,
            "forwarded-timestamp" => Role::ForwardStamp,
            "attachment" => {
                self.files.push(None);
                Role::File
            }
            class if class.starts_with("embed") => Role::Quiet,
            class if class.starts_with("reaction") || class.starts_with("sticker") => Role::Quiet,
            _ => return None,
        })
    }

    /// The post, and the offset from UTC in which its time is printed.
    pub fn post(self, channel: ChannelId) -> (Post, Option<i32>) {
        let mut post = bare_post(channel, &self.id);
        let stamp = Stamp::parse(&self.stamp);
        let number = clock::snowflake(&self.id);
        let offset = stamp.zip(number.as_ref()).and_then(|(stamp, at)| stamp.offset_at(at.interval.earliest));
        post.posted.extend(stamp.and_then(|stamp| stamp.when(self.stamp.trim(), Clock::Platform)));
        post.posted.extend(number);
        let edited = Stamp::parse(&self.edited).and_then(|stamp| stamp.when(&self.edited, Clock::Platform));
        post.edited.extend(edited);
        post.author = self.author;
        post.text = match self.service {
            Some(_) => self.text.split_whitespace().collect::<Vec<_>>().join(" "),
            None => self.text.trim().to_owned(),
        };
        post.service = self.service.map(str::to_owned);
        post.reply_to = self.reply_to.map(|native_id| Reply { native_id, channel: None });
        post.attached = self.files.into_iter().flatten().collect();
        if let Some(forward) = self.forward {
            let posted = Stamp::parse(&forward.stamp).and_then(|s| s.when(&forward.stamp, Clock::Platform));
            post.forwarded = Some(Forward { posted, ..Forward::default() });
            if post.text.is_empty() {
                forward.text.trim().clone_into(&mut post.text);
            }
        }
        (post, offset)
    }
}

fn file(tag: &Tag) -> Option<Declared> {
    let link = [tag.get("href"), tag.get("src")]
        .into_iter()
        .find(|link| !link.is_empty() && !link.starts_with('#'))?;
    Some(discord::file("", link, None))
}

/// What stands in a text and is no text.
fn inline(name: &str, tag: &Tag, text: &mut String) {
    match name {
        "br" => text.push('\n'),
        "li" => {
            if !text.is_empty() && !text.ends_with('\n') {
                text.push('\n');
            }
            text.push_str("- ");
        }
        "img" if tag.get("src").contains("/emojis/") => {
            text.push(':');
            text.push_str(tag.get("alt"));
            text.push(':');
        }
        "img" => text.push_str(tag.get("alt")),
        _ => {}
    }
}

/// The last row of digits that can be a message's number.
fn digits_in(text: &str) -> Option<String> {
    let mut rows = text.split(|c: char| !c.is_ascii_digit());
    rows.rfind(|row| (15..=20).contains(&row.len())).map(str::to_owned)
}

/// The exporter's word for what an icon stands for.
fn kind(icon: &str) -> Option<&'static str> {
    Some(match icon {
        "#join-icon" => "GuildMemberJoin",
        "#leave-icon" => "RecipientRemove",
        "#call-icon" => "Call",
        "#pencil-icon" => "ChannelNameChange",
        "#pin-icon" => "ChannelPinnedMessage",
        "#thread-icon" => "ThreadCreated",
        _ => return None,
    })
}
