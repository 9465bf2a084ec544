//! Discord, as DiscordChatExporter writes it in CSV.
//!
//! Source of truth: `CsvMessageWriter.cs` of github.com/Tyrrrz/DiscordChatExporter: to 2.15 separated by `;`, without
//! `AuthorID` before; later by `,`. Posts have no ids here: see [`Unnamed`](super::reading::Unnamed). To about 2.40 the
//! date is in the exporter's culture and zone and to the minute, later ISO with its offset.

use std::io;

use model::{Author, Clock, Code, Declared, Kind, Span, When};

use super::csv::{Rows, fields};
use super::reading::{Header, Reading, Unnamed, bare_post};
use super::{Abilities, Context, Format, Opening, Sink, Tell, discord};
use crate::stamp::Stamp;
use crate::{Input, clock};

/// The format.
pub(super) struct DiscordCsv;

impl Format for DiscordCsv {
    fn name(&self) -> &'static str {
        "discord-csv"
    }
    fn title(&self) -> &'static str {
        "Discord (DiscordChatExporter, CSV)"
    }
    fn tells(&self) -> &'static str {
        "authors, times, files; not: ids, replies, forwards, edits, deleted posts, the zone in old versions, the channel but by the file's name"
    }
    fn abilities(&self) -> Abilities {
        use Tell::{No, Partly, Yes};
        Abilities::of([No, Partly, Partly, No, No, No, No, Yes])
    }
    fn recognise(&self, file: &Opening) -> bool {
        file.kind == Kind::Text && file.lines().next().and_then(Columns::of).is_some()
    }
    fn read(&self, input: &mut dyn Input, context: &Context, out: &mut dyn Sink) -> io::Result<()> {
        let mut reading = Reading::new(self.name(), context, out);
        let mut head = [0; 256];
        let length = input.read(&mut head)?;
        input.seek(io::SeekFrom::Start(0))?;
        let first = String::from_utf8_lossy(&head[..length]);
        let first = first.trim_start_matches('\u{FEFF}').lines().next().unwrap_or_default();
        let (native_id, name) = discord::place(context.path);
        let mut header = Header::new("discord", &native_id, &name);
        let Some(columns) = Columns::of(first) else {
            let span = Span { start: 0, length: length as u64 };
            reading.damaged(span, "the first line does not name the columns")?;
            return reading.finish_text(None);
        };
        let cut = rows(input, &columns, &mut reading, &mut header)?;
        reading.listing(header, cut.is_none())?;
        reading.finish_text(cut)
    }
}

fn rows(
    input: &mut dyn Input,
    columns: &Columns,
    reading: &mut Reading,
    header: &mut Header,
) -> io::Result<Option<u64>> {
    let mut rows = Rows::new(input, columns.separator);
    let (mut unnamed, mut zoneless) = (Unnamed::default(), false);
    let mut short = None;
    let mut at = rows.next()?.map_or(0, |head| head.span.length);
    let channel = header.channel();
    while let Some(row) = rows.next()? {
        at = row.span.start + row.span.length;
        short = (row.fields.len() < columns.count).then_some(at);
        let get = |column: Option<usize>| column.and_then(|n| row.fields.get(n)).map_or("", String::as_str);
        let date = get(columns.date);
        let posted = date_of(date);
        if posted.is_none() || !row.whole {
            if !row.whole {
                return Ok(Some(at));
            }
            reading.damaged(row.span, "not a row of a post")?;
            continue;
        }
        let (name, text) = (get(columns.author), get(columns.content));
        let mut post = bare_post(channel, &unnamed.id(&[name, date, text.trim()]));
        post.posted.extend(posted);
        let id = get(columns.author_id);
        post.author = Some(Author::new("discord", if id.is_empty() { name } else { id }, name));
        text.clone_into(&mut post.text);
        post.attached = attached(get(columns.attachments));
        let floating = post.posted.iter().any(|when| when.zone == model::Zone::Unknown);
        zoneless |= floating;
        if let Some(offset) = discord::offset_of(date, &post.attached).filter(|_| floating) {
            discord::seen_upload(header, offset);
        }
        header.read += 1;
        reading.record(post, row.span, floating)?;
    }
    if zoneless && header.offsets.is_none() {
        reading.trouble(Code::ZoneUnknown, String::new)?;
    }
    // A last row with too few fields was cut.
    Ok(if at == 0 { Some(0) } else { short })
}

/// ISO with an offset, or as a culture prints it.
pub(super) fn date_of(date: &str) -> Option<When> {
    let iso = clock::iso(date).filter(|when| when.zone == model::Zone::Written);
    iso.or_else(|| Stamp::parse(date)?.when(date, Clock::Platform))
}

/// Addresses joined by commas, which may have commas themselves: a new one begins where a scheme or a file follows one.
fn attached(list: &str) -> Vec<Declared> {
    let mut links: Vec<String> = Vec::new();
    for part in list.split(',') {
        let goes_on = links.last().is_some_and(|last| last.contains("://"))
            && !part.contains("://")
            && !part.contains(['/', '\\']);
        match links.last_mut().filter(|_| goes_on) {
            Some(last) => {
                last.push(',');
                last.push_str(part);
            }
            None => links.push(part.trim().to_owned()),
        }
    }
    links.iter().filter(|link| !link.is_empty()).map(|link| discord::file("", link, None)).collect()
}

/// Where each column stands.
struct Columns {
    separator: u8,
    count: usize,
    author_id: Option<usize>,
    author: Option<usize>,
    date: Option<usize>,
    content: Option<usize>,
    attachments: Option<usize>,
}

impl Columns {
    /// Of the first line; None if it is no head of this format.
    fn of(line: &str) -> Option<Self> {
        let separator = if line.contains(';') { b';' } else { b',' };
        let names = fields(line.as_bytes(), separator);
        let at = |name: &str| names.iter().position(|own| own == name);
        let known = at("Author").is_some() && at("Date").is_some() && at("Content").is_some();
        (known && at("Attachments").is_some()).then(|| Self {
            separator,
            count: names.len(),
            author_id: at("AuthorID"),
            author: at("Author"),
            date: at("Date"),
            content: at("Content"),
            attachments: at("Attachments"),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_keep_their_commas() {
        let names: Vec<_> = attached("https://a/1,2.png,https://b/c.png,x_Files/d.png")
            .into_iter()
            .map(|f| f.reference)
            .collect();
        assert_eq!(names, ["https://a/1,2.png", "https://b/c.png", "x_Files/d.png"]);
        assert!(attached("").is_empty());
    }
}
