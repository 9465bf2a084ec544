//! Frames between a worker and its caller: a tag, a length (4 bytes, little endian), a body. Small bodies are JSON; the
//! caller believes none of them beyond their bounds. After a surface's frame come its pixels, bare. The other way go answers:
//! a byte that says whether there is one, its length, itself; the first of them is the job.

use std::io::{self, Read, Write};

use model::{Code, Listing, Record, Trouble};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::stage::fill;
use crate::worker::{Ask, EntryTold, SurfaceTold};

const SURFACE: u8 = 1;
const TROUBLE: u8 = 2;
const ENTRY: u8 = 3;
const DATA: u8 = 4;
const ENTRY_END: u8 = 5;
const ENTRY_BROKEN: u8 = 6;
const END: u8 = 7;
const RECORD: u8 = 8;
const LISTING: u8 = 9;
const ASK: u8 = 10;
const UNREAD: u8 = 11;

/// The largest body.
pub(crate) const MOST: usize = 160 << 20;
/// Characters kept of a trouble's particulars.
const DETAIL: usize = 300;

#[derive(Debug)]
pub(crate) enum Frame {
    Surface(SurfaceTold),
    Trouble(Trouble),
    Entry(EntryTold),
    Data(Vec<u8>),
    EntryEnd,
    EntryBroken,
    End,
    Record(Box<Record>),
    Listing(Box<Listing>),
    Ask(Ask),
    /// The file could not be read, for this reason.
    Unread(String),
}

pub(crate) fn write_frame(to: &mut dyn Write, frame: &Frame) -> io::Result<()> {
    match frame {
        Frame::Surface(told) => write_json(to, SURFACE, told),
        Frame::Trouble(trouble) => write_json(to, TROUBLE, &(trouble.code as u16, &trouble.detail)),
        Frame::Entry(told) => write_json(to, ENTRY, told),
        Frame::Data(bytes) => write_body(to, DATA, bytes),
        Frame::EntryEnd => write_body(to, ENTRY_END, &[]),
        Frame::EntryBroken => write_body(to, ENTRY_BROKEN, &[]),
        Frame::End => write_body(to, END, &[]),
        Frame::Record(record) => write_json(to, RECORD, record),
        Frame::Listing(listing) => write_json(to, LISTING, listing),
        Frame::Ask(ask) => write_json(to, ASK, ask),
        Frame::Unread(why) => write_json(to, UNREAD, why),
    }
}

/// Reads what a worker may say until it breaks off: how many frames there were. For trying what reads frames.
pub fn frames(mut from: &[u8]) -> usize {
    std::iter::from_fn(|| read_frame(&mut from).ok()).count()
}

/// The next frame and the length of its body.
pub(crate) fn read_frame(from: &mut dyn Read) -> io::Result<(Frame, usize)> {
    let mut head = [0; 5];
    if fill(from, &mut head)? < head.len() {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    let length = u32::from_le_bytes([head[1], head[2], head[3], head[4]]) as usize;
    if length > MOST {
        return Err(io::ErrorKind::InvalidData.into());
    }
    let body = read_body(from, length)?;
    let frame = match head[0] {
        SURFACE => Frame::Surface(read_json(&body)?),
        TROUBLE => {
            let (number, detail): (u16, String) = read_json(&body)?;
            let code = Code::from_number(number).ok_or(io::ErrorKind::InvalidData)?;
            Frame::Trouble(Trouble::new(code, shown(&detail)))
        }
        ENTRY => Frame::Entry(read_json(&body)?),
        DATA => Frame::Data(body),
        ENTRY_END => Frame::EntryEnd,
        ENTRY_BROKEN => Frame::EntryBroken,
        END => Frame::End,
        RECORD => Frame::Record(read_json(&body)?),
        LISTING => Frame::Listing(read_json(&body)?),
        ASK => Frame::Ask(read_json(&body)?),
        UNREAD => Frame::Unread(shown(&read_json::<String>(&body)?)),
        _ => return Err(io::ErrorKind::InvalidData.into()),
    };
    Ok((frame, length))
}

/// Answers a worker.
pub(crate) fn write_answer(to: &mut dyn Write, answer: Option<&[u8]>) -> io::Result<()> {
    let body = answer.unwrap_or_default();
    write_body(to, u8::from(answer.is_some()), body)
}

/// What a worker was answered.
pub(crate) fn read_answer(from: &mut dyn Read) -> io::Result<Option<Vec<u8>>> {
    let mut head = [0; 5];
    from.read_exact(&mut head)?;
    let length = u32::from_le_bytes([head[1], head[2], head[3], head[4]]) as usize;
    let body = read_body(from, length)?;
    Ok((head[0] == 1).then_some(body))
}

/// So many bytes; memory is had for them only as they come.
fn read_body(from: &mut dyn Read, length: usize) -> io::Result<Vec<u8>> {
    let mut body = Vec::with_capacity(length.min(1 << 20));
    from.take(length as u64).read_to_end(&mut body)?;
    if body.len() < length { Err(io::ErrorKind::UnexpectedEof.into()) } else { Ok(body) }
}

fn shown(detail: &str) -> String {
    detail.chars().filter(|c| !c.is_control()).take(DETAIL).collect()
}

fn write_json(to: &mut dyn Write, tag: u8, body: &impl Serialize) -> io::Result<()> {
    write_body(to, tag, &serde_json::to_vec(body)?)
}

fn write_body(to: &mut dyn Write, tag: u8, body: &[u8]) -> io::Result<()> {
    let length = u32::try_from(body.len()).map_err(io::Error::other)?;
    to.write_all(&[tag])?;
    to.write_all(&length.to_le_bytes())?;
    to.write_all(body)
}

fn read_json<T: DeserializeOwned>(body: &[u8]) -> io::Result<T> {
    serde_json::from_slice(body).map_err(io::Error::other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_are_read_back_and_what_is_none_ends_the_talk() {
        let sent = [
            Frame::Trouble(Trouble::new(Code::Empty, "colour \u{1b}[31m")),
            Frame::Entry(EntryTold { path: "a/b".to_owned(), modified: None }),
            Frame::Data(vec![7; 1000]),
            Frame::EntryEnd,
            Frame::Ask(Ask::Bytes { path: "users.json".to_owned(), most: 10 }),
            Frame::End,
        ];
        let mut bytes = Vec::new();
        sent.iter().for_each(|frame| write_frame(&mut bytes, frame).unwrap());
        assert_eq!(frames(&bytes), sent.len());
        let mut from = bytes.as_slice();
        let Ok((Frame::Trouble(trouble), _)) = read_frame(&mut from) else { panic!("no trouble") };
        assert_eq!(trouble.detail, "colour [31m", "what a terminal would obey is left out");
        // Every cut, and every byte made another: never more frames than were sent and a few.
        for at in 0..bytes.len().min(400) {
            assert!(frames(&bytes[..at]) < sent.len());
            for byte in [0, 1, 8, 0x7f, 0xff] {
                let mut other = bytes.clone();
                other[at] = byte;
                assert!(frames(&other) <= sent.len() + 200);
            }
        }
        // A length that promises more than there is costs no memory.
        assert_eq!(frames(&[DATA, 0xff, 0xff, 0xff, 0x08, 1, 2, 3]), 0);
    }

    #[test]
    fn answers_are_told_from_none() {
        let mut bytes = Vec::new();
        write_answer(&mut bytes, Some(b"here")).unwrap();
        write_answer(&mut bytes, None).unwrap();
        let mut from = bytes.as_slice();
        assert_eq!(read_answer(&mut from).unwrap().as_deref(), Some(b"here".as_slice()));
        assert_eq!(read_answer(&mut from).unwrap(), None);
    }
}
