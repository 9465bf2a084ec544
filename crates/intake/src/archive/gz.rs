//! gzip (RFC 1952): one file, of one or more members.

use std::io::{BufReader, Read, SeekFrom};

use flate2::bufread::MultiGzDecoder;
use model::Clock;

use super::{Packed, Stop, Unpacking};
use crate::{Input, clock};

pub(super) fn read(input: &mut dyn Input, name: &str, unpacking: &mut Unpacking) -> Result<(), Stop> {
    let mut header = [0; 8];
    input.seek(SeekFrom::Start(0))?;
    let modified = input.read_exact(&mut header).ok().and_then(|()| {
        let seconds = u32::from_le_bytes([header[4], header[5], header[6], header[7]]);
        clock::unix(&seconds.to_string()).map(|when| model::When { clock: Clock::FileSystem, ..when })
    });
    input.seek(SeekFrom::Start(0))?;
    let file = crate::exports::basename(name);
    let lower = file.to_ascii_lowercase();
    let inner = match file.len() {
        length if lower.ends_with(".tgz") && length > 4 => format!("{}.tar", &file[..length - 4]),
        length if lower.ends_with(".gz") && length > 3 => file[..length - 3].to_owned(),
        _ => format!("{file}.unpacked"),
    };
    unpacking.count()?;
    let Some(path) = unpacking.clean(&inner) else { return Ok(()) };
    let packed = unpacking.packed;
    let mut content = MultiGzDecoder::new(BufReader::with_capacity(64 << 10, input));
    let entry = Packed { path, modified, packed, declared: None };
    unpacking.hand_on(entry, &mut content as &mut dyn Read)
}
