//! WhatsApp, as the app exports a chat: `_chat.txt` (iOS), `WhatsApp Chat with X.txt` (Android).
//!
//! Source of truth: WhatsApp's "How to export your chat history" and samples; there is no specification. A post has no
//! id and no zone; how the date is written follows the device. Whether the day or the month comes first is decided over
//! the whole file, and where that leaves a doubt each time holds both. A line without a head goes on the post before; a
//! head without `name: ` is a notice. What was forwarded is not marked.

use std::io::{self, SeekFrom};

use model::{AttachmentState, Author, Clock, Code, Declared, Kind, Post};

use super::lines::{Block, Lines, MAX_LINE, blocks};
use super::reading::{Header, Reading, Unnamed, bare_post, declared, folder, stem};
use super::{Abilities, Context, Format, Opening, Sink, Tell};
use crate::Input;
use crate::stamp::Stamp;

/// The format.
pub(super) struct WhatsApp;

impl Format for WhatsApp {
    fn name(&self) -> &'static str {
        "whatsapp"
    }
    fn title(&self) -> &'static str {
        "WhatsApp (exported chat, text)"
    }
    fn tells(&self) -> &'static str {
        "names, local times to the minute or second, files, that a post was edited or deleted; not: ids, the zone, replies, forwards"
    }
    fn abilities(&self) -> Abilities {
        use Tell::{No, Partly, Yes};
        Abilities::of([No, No, No, No, No, Partly, Partly, Yes])
    }
    fn recognise(&self, file: &Opening) -> bool {
        let mut lines = file.lines().filter(|line| !line.trim().is_empty()).take(200).peekable();
        let first = lines.peek().copied().unwrap_or_default();
        if file.kind != Kind::Text || head(first).is_none() || super::signal::is_head(first) {
            return false;
        }
        let heads: Vec<HeadLine> = lines.filter_map(head).collect();
        let senders: Vec<&str> = heads.iter().filter_map(|head| sender(&head.rest).0).collect();
        !senders.is_empty() && !senders.into_iter().any(is_of_a_log)
    }
    fn read(&self, input: &mut dyn Input, context: &Context, out: &mut dyn Sink) -> io::Result<()> {
        let mut reading = Reading::new(self.name(), context, out);
        let order = Order::of(input)?;
        input.seek(SeekFrom::Start(0))?;
        let name = name_of(context.path);
        let mut header = Header::new("whatsapp", &format!("?{name}"), &name);
        let channel = header.channel();
        let (mut unnamed, mut doubtful) = (Unnamed::default(), false);
        let mut read = 0;
        blocks(input, &mut |line, _| head(line), &mut |_| {}, &mut |block| {
            let stamp = order.settle(block.head.stamp);
            doubtful |= stamp.is_ambiguous();
            let post = post(channel, &block, &stamp, &mut unnamed);
            read += 1;
            reading.record(post, block.span, true)
        })?;
        header.read = read;
        if doubtful {
            reading.trouble(Code::DateAmbiguous, String::new)?;
        }
        if read > 0 {
            reading.trouble(Code::ZoneUnknown, String::new)?;
        }
        reading.listing(header, true)?;
        reading.finish_text(None)
    }
}

/// The chat's name: after its file; `_chat` is called after its folder.
fn name_of(path: &str) -> String {
    let (file, (_, folder)) = (stem(path), folder(path));
    let own = if file == "_chat" && !folder.is_empty() { folder } else { file };
    let own = own.strip_prefix("WhatsApp Chat - ").unwrap_or(own);
    own.strip_prefix("WhatsApp Chat with ").unwrap_or(own).to_owned()
}

/// Programs write their logs in much the same way.
pub(super) fn is_of_a_log(sender: &str) -> bool {
    const LEVELS: [&str; 12] = [
        "trace", "debug", "info", "notice", "warn", "warning", "error", "critical", "fatal", "severe",
        "emerg", "alert",
    ];
    let plain = sender.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    LEVELS.iter().any(|level| {
        plain == *level || plain.starts_with(&format!("{level} ")) || plain.starts_with(&format!("{level}]"))
    })
}

/// A head line.
struct HeadLine {
    verbatim: String,
    stamp: Stamp,
    /// What comes after the time.
    rest: String,
}

/// `1/1/21, 12:00 - A: x` or `[15-01-20 02:22:56] Mary: x`.
fn head(line: &str) -> Option<HeadLine> {
    let line = line.trim_start_matches(['\u{200E}', '\u{200F}', '\u{FEFF}', '\u{202A}']);
    let (time, rest) = match line.strip_prefix('[') {
        Some(line) => line.split_once("] ").or_else(|| line.split_once(']'))?,
        None => line.split_once(" - ")?,
    };
    let dated = time.chars().next().is_some_and(|c| c.is_ascii_digit()) && time.len() <= 48;
    let numeric = time.bytes().take(3).any(|b| matches!(b, b'/' | b'.' | b'-'))
        || time.get(4..5).is_some_and(|c| matches!(c, "/" | "." | "-"));
    if !dated || !numeric || !time.contains(':') {
        return None;
    }
    let stamp = Stamp::parse(time).filter(|stamp| stamp.length <= 60)?;
    // Without brackets no phone writes seconds without a comma; logs do.
    if !line.starts_with('[') && stamp.length == 1 && !time.contains(',') {
        return None;
    }
    Some(HeadLine { verbatim: time.to_owned(), stamp, rest: rest.to_owned() })
}

/// What the whole file says of the order of day and month.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Order {
    DayFirst,
    MonthFirst,
    Unknown,
}

impl Order {
    /// A number over 12 decides; else the order of time does, where it is broken one way only.
    fn of(input: &mut dyn Input) -> io::Result<Self> {
        input.seek(SeekFrom::Start(0))?;
        let mut lines = Lines::new(input, 0, MAX_LINE);
        let mut line = Vec::new();
        let (mut day, mut month) = (0u64, 0u64);
        let (mut back_day, mut back_month) = (0u64, 0u64);
        let mut before: Option<Stamp> = None;
        while lines.next(&mut line)?.is_some() {
            let Some(HeadLine { stamp, .. }) = head(&String::from_utf8_lossy(&line)) else { continue };
            day += u64::from(stamp.month_first.is_none());
            month += u64::from(stamp.day_first.is_none());
            // More than a day back is no mere disorder.
            let back = |a: Option<jiff::civil::DateTime>, b: Option<jiff::civil::DateTime>| {
                u64::from(a.zip(b).is_some_and(|(a, b)| a.date() > b.date()))
            };
            if let Some(before) = before {
                back_day += back(before.day_first, stamp.day_first);
                back_month += back(before.month_first, stamp.month_first);
            }
            before = Some(stamp);
        }
        Ok(match (day > month, month > day, back_day.cmp(&back_month)) {
            (true, _, _) => Order::DayFirst,
            (_, true, _) => Order::MonthFirst,
            (_, _, std::cmp::Ordering::Less) => Order::DayFirst,
            (_, _, std::cmp::Ordering::Greater) => Order::MonthFirst,
            _ => Order::Unknown,
        })
    }

    fn settle(self, stamp: Stamp) -> Stamp {
        match self {
            Order::DayFirst => stamp.settled(true),
            Order::MonthFirst => stamp.settled(false),
            Order::Unknown => stamp,
        }
    }
}

fn post(channel: model::ChannelId, block: &Block<HeadLine>, stamp: &Stamp, unnamed: &mut Unnamed) -> Post {
    let (name, first) = sender(&block.head.rest);
    let words = format!("{first}{}", block.more);
    let words = words.trim().trim_matches(['\u{200E}', '\u{200F}']);
    // Another device may write the date otherwise.
    let time = match stamp.readings().next().filter(|_| !stamp.is_ambiguous()) {
        Some(wall) => wall.strftime("%Y-%m-%dT%H:%M").to_string(),
        None => block.head.verbatim.clone(),
    };
    let mut post = bare_post(channel, &unnamed.id(&[name.unwrap_or_default(), &time, words]));
    post.posted.extend(stamp.when(&block.head.verbatim, Clock::Platform));
    post.author = name.map(|name| Author::new("whatsapp", name, name));
    post.service = name.is_none().then(|| "notice".to_owned());
    let edited = words.strip_suffix("<This message was edited>");
    // That it was edited is told, when is not: any time from the post on.
    if let (Some(_), Some(posted)) = (edited, post.posted.first()) {
        post.edited.push(since(posted));
    }
    let words = edited.unwrap_or(words).trim_end_matches(['\u{200E}', ' ']);
    post.deleted =
        matches!(words.trim_end_matches('.'), "This message was deleted" | "You deleted this message");
    post.attached = attached(words);
    words.clone_into(&mut post.text);
    post
}

/// From a time on, up to the end of what can be written: nobody says when.
fn since(posted: &model::When) -> model::When {
    let latest = jiff::Timestamp::from_second(4_102_444_800).unwrap_or(jiff::Timestamp::MAX);
    let interval =
        model::Interval { earliest: posted.interval.earliest, latest: latest.max(posted.interval.latest) };
    model::When { verbatim: "edited".to_owned(), interval, ..posted.clone() }
}

/// The name and what was said. A name of a few words may hold a colon only with nothing behind it.
fn sender(rest: &str) -> (Option<&str>, &str) {
    let rest = rest.trim_start_matches(['\u{200E}', '\u{200F}']);
    let split = rest
        .split_once(": ")
        .or_else(|| rest.split_once(":.").map(|(name, _)| (name, &rest[name.len() + 1..])));
    let split = split.or_else(|| rest.strip_suffix(':').map(|name| (name, "")));
    match split {
        Some((name, said)) if !name.is_empty() && name.chars().count() <= 100 && !name.contains('"') => {
            (Some(name), said)
        }
        _ => (None, rest),
    }
}

/// `IMG-1.jpg (file attached)`, `<attached: 00000012-PHOTO.jpg>`, `<Media omitted>`, `image omitted`.
fn attached(words: &str) -> Vec<Declared> {
    let mut files = Vec::new();
    for line in words.lines().map(|line| line.trim_matches(['\u{200E}', '\u{200F}', ' '])) {
        let bracketed = line.strip_prefix('<').and_then(|line| line.strip_suffix('>'));
        let named = bracketed.and_then(|inner| inner.split_once(": ")).filter(|(word, name)| {
            word.chars().count() <= 20
                && !word.contains(' ')
                && name.contains('.')
                && !name.contains(['/', '\\'])
        });
        let followed = line.split_once(" (").filter(|(name, rest)| {
            rest.ends_with(')') && name.contains('.') && !name.contains([' ', '/', '\\']) && has_number(name)
        });
        if let Some(name) = named.map(|(_, name)| name).or(followed.map(|(name, _)| name)) {
            files.push(Declared { also: vec![name.to_owned()], ..declared(name, name, None) });
        } else if is_left_out(bracketed.unwrap_or(line)) {
            files.push(Declared { withheld: Some(AttachmentState::NotIncluded), ..Declared::default() });
        }
    }
    files
}

/// WhatsApp's own names have a date or a count.
fn has_number(name: &str) -> bool {
    name.bytes().filter(u8::is_ascii_digit).count() >= 4
}

fn is_left_out(line: &str) -> bool {
    let line = line.to_lowercase();
    let known = [
        "media omitted",
        "image omitted",
        "video omitted",
        "audio omitted",
        "document omitted",
        "sticker omitted",
        "gif omitted",
        "medien ausgeschlossen",
        "multimedia omitido",
        "médias omis",
        "без медиафайлов",
        "media weggelaten",
        "mídia oculta",
    ];
    known.contains(&line.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn senders_and_files() {
        assert_eq!(sender("John-John Doe: Lorem : dolor"), (Some("John-John Doe"), "Lorem : dolor"));
        assert_eq!(sender("John Doe:."), (Some("John Doe"), "."));
        assert_eq!(sender("+12 345 created group \"a: b\""), (None, "+12 345 created group \"a: b\""));
        let names = |words| {
            attached(words).into_iter().map(|f| (f.reference, f.withheld.is_some())).collect::<Vec<_>>()
        };
        assert_eq!(
            names("IMG-20230301-WA0001.jpg (file attached)\nlook"),
            [("IMG-20230301-WA0001.jpg".to_owned(), false)]
        );
        assert_eq!(
            names("\u{200E}<attached: 00000012-PHOTO-2023.jpg>"),
            [("00000012-PHOTO-2023.jpg".to_owned(), false)]
        );
        assert_eq!(names("<media omitted>"), [(String::new(), true)]);
        assert!(names("see file.txt (draft)").is_empty());
        assert!(head("2024-01-02 10:00:00 - started: yes").is_none());
        assert!(head("01/02/2021 à 12:00 - Ann: oui").is_some());
        assert!(["INFO", "[ERROR]", "warning"].into_iter().all(is_of_a_log) && !is_of_a_log("Informer"));
    }
}
