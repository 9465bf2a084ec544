//! Rows on their way into the case: in memory while few, in a file without a name when many.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek, Write};

use model::Noun;

use crate::error::Result;

/// Bytes kept in memory before rows are written to disk.
const IN_MEMORY: usize = 8 << 20;

/// What a stage derived from one input, in the order it was derived.
#[derive(Debug, Default)]
pub struct Rows {
    buffer: Vec<u8>,
    spilled: Option<File>,
    count: u64,
}

/// One row as it is written.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) kind: String,
    pub(crate) key: [u8; 32],
    pub(crate) owner: Option<[u8; 32]>,
    pub(crate) body: String,
    /// The words by which it can be searched for; empty where it cannot.
    pub(crate) words: String,
}

impl Rows {
    /// Adds a noun.
    pub fn put<T: Noun>(&mut self, noun: &T) -> Result<()> {
        let body = serde_json::to_vec(noun)?;
        let owner = noun.owner();
        self.buffer.push(T::KIND.len() as u8);
        self.buffer.extend_from_slice(T::KIND.as_bytes());
        self.buffer.extend_from_slice(&noun.key());
        self.buffer.push(u8::from(owner.is_some()));
        self.buffer.extend_from_slice(&owner.unwrap_or_default());
        self.buffer.extend_from_slice(&(body.len() as u32).to_le_bytes());
        self.buffer.extend_from_slice(&body);
        let words = noun.words().unwrap_or_default();
        self.buffer.extend_from_slice(&(words.len() as u32).to_le_bytes());
        self.buffer.extend_from_slice(words.as_bytes());
        self.count += 1;
        if self.buffer.len() > IN_MEMORY {
            self.spill().map_err(io_error)?;
        }
        Ok(())
    }

    /// How many rows.
    pub fn count(&self) -> u64 {
        self.count
    }

    fn spill(&mut self) -> io::Result<()> {
        let file = match &mut self.spilled {
            Some(file) => file,
            None => self.spilled.insert(tempfile::tempfile()?),
        };
        file.write_all(&self.buffer)?;
        self.buffer.clear();
        Ok(())
    }

    /// Hands every row on, first to last.
    pub(crate) fn each(mut self, mut take: impl FnMut(Row) -> Result<()>) -> Result<()> {
        let mut from: Box<dyn Read> = match self.spilled.take() {
            None => Box::new(io::Cursor::new(std::mem::take(&mut self.buffer))),
            Some(mut file) => {
                file.write_all(&self.buffer).and_then(|()| file.rewind()).map_err(io_error)?;
                Box::new(BufReader::with_capacity(1 << 20, file))
            }
        };
        for _ in 0..self.count {
            take(read_row(&mut from).map_err(io_error)?)?;
        }
        Ok(())
    }
}

fn io_error(source: io::Error) -> crate::Error {
    crate::Error::Io { path: std::env::temp_dir(), source }
}

fn read_row(from: &mut dyn Read) -> io::Result<Row> {
    let mut length = [0; 1];
    from.read_exact(&mut length)?;
    let kind = read_text(from, usize::from(length[0]))?;
    let mut key = [0; 32];
    from.read_exact(&mut key)?;
    let (mut has_owner, mut owner) = ([0; 1], [0; 32]);
    from.read_exact(&mut has_owner)?;
    from.read_exact(&mut owner)?;
    let body = read_sized(from)?;
    let words = read_sized(from)?;
    Ok(Row { kind, key, owner: (has_owner[0] == 1).then_some(owner), body, words })
}

fn read_sized(from: &mut dyn Read) -> io::Result<String> {
    let mut size = [0; 4];
    from.read_exact(&mut size)?;
    read_text(from, u32::from_le_bytes(size) as usize)
}

fn read_text(from: &mut dyn Read, length: usize) -> io::Result<String> {
    let mut bytes = vec![0; length];
    from.read_exact(&mut bytes)?;
    String::from_utf8(bytes).map_err(io::Error::other)
}
