//! Frames between a worker and its caller: a tag, a length (4 bytes, little endian), a body. Small bodies are JSON; the
//! caller believes none of them beyond their bounds. After a surface's frame come its pixels, bare.

use std::io::{self, Read, Write};

use model::{Code, Trouble};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::stage::fill;
use crate::worker::{EntryTold, SurfaceTold};

const SURFACE: u8 = 1;
const TROUBLE: u8 = 2;
const ENTRY: u8 = 3;
const DATA: u8 = 4;
const ENTRY_END: u8 = 5;
const ENTRY_BROKEN: u8 = 6;
const END: u8 = 7;

/// The largest body.
const MOST: usize = 64 << 20;
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
    }
}

pub(crate) fn read_frame(from: &mut dyn Read) -> io::Result<Frame> {
    let mut head = [0; 5];
    if fill(from, &mut head)? < head.len() {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    let length = u32::from_le_bytes([head[1], head[2], head[3], head[4]]) as usize;
    if length > MOST {
        return Err(io::ErrorKind::InvalidData.into());
    }
    let mut body = vec![0; length];
    from.read_exact(&mut body)?;
    match head[0] {
        SURFACE => Ok(Frame::Surface(read_json(&body)?)),
        TROUBLE => {
            let (number, detail): (u16, String) = read_json(&body)?;
            let code = Code::from_number(number).ok_or(io::ErrorKind::InvalidData)?;
            let detail: String = detail.chars().filter(|c| !c.is_control()).take(DETAIL).collect();
            Ok(Frame::Trouble(Trouble::new(code, detail)))
        }
        ENTRY => Ok(Frame::Entry(read_json(&body)?)),
        DATA => Ok(Frame::Data(body)),
        ENTRY_END => Ok(Frame::EntryEnd),
        ENTRY_BROKEN => Ok(Frame::EntryBroken),
        END => Ok(Frame::End),
        _ => Err(io::ErrorKind::InvalidData.into()),
    }
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
