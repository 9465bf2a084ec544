//! tar: POSIX ustar and pax (IEEE 1003.1), GNU long names; v7.

use std::io::{self, Read, SeekFrom};

use model::{Clock, Code, When};

use super::{Packed, Stop, Unpacking};
use crate::{Input, clock};

const BLOCK: u64 = 512;
const LONGEST_NAME: u64 = 64 << 10;
const LARGEST_PAX: u64 = 1 << 20;

/// Whether a block of 512 bytes is a header: its checksum holds.
pub(crate) fn is_header(block: &[u8]) -> bool {
    let Some(written) = block.get(148..156).and_then(octal) else { return false };
    let sums = block.iter().enumerate().map(|(n, b)| if (148..156).contains(&n) { b' ' } else { *b });
    let (unsigned, signed) = sums.fold((0i64, 0i64), |(u, s), b| (u + i64::from(b), s + i64::from(b as i8)));
    block.len() == BLOCK as usize && block[0] != 0 && (written as i64 == unsigned || written as i64 == signed)
}

pub(super) fn read(input: &mut dyn Input, unpacking: &mut Unpacking) -> Result<(), Stop> {
    let mut at = 0u64;
    let mut extra = Extra::default();
    let mut lost = false;
    let mut ended = false;
    while let Some(block) = block_at(input, at)? {
        at = at.saturating_add(BLOCK);
        if block.iter().all(|b| *b == 0) {
            ended = true;
            continue; // some writers put archives one after another
        }
        if !is_header(&block) {
            if !lost && !ended {
                unpacking.trouble(Code::ArchiveDamaged, format!("no header at byte {}", at - BLOCK));
            }
            lost = true;
            continue;
        }
        (lost, ended) = (false, false);
        unpacking.count()?;
        let kind = block[156];
        // A sum that overflows lies beyond the file's end in any case.
        let size = extra.size.filter(|_| is_file(kind)).or_else(|| octal(&block[124..136])).unwrap_or(0);
        let next = at.saturating_add(size.div_ceil(BLOCK).saturating_mul(BLOCK));
        match kind {
            b'L' | b'x' if size <= if kind == b'L' { LONGEST_NAME } else { LARGEST_PAX } => {
                let mut data = Vec::new();
                (&mut *input).take(size).read_to_end(&mut data)?;
                if kind == b'L' { extra.name = Some(c_text(&data)) } else { extra.pax(&data) }
            }
            b'L' | b'x' => unpacking.trouble(Code::ArchiveDamaged, format!("a name of {size} bytes")),
            b'g' | b'K' | b'V' | b'M' | b'N' | b'D' | b'5' => extra.clear_unless(matches!(kind, b'g' | b'K')),
            _ => entry(input, &block, size, std::mem::take(&mut extra), unpacking)?,
        }
        at = next;
    }
    if !ended && at > unpacking.packed.div_ceil(BLOCK) * BLOCK {
        unpacking.trouble(Code::ArchiveDamaged, "ends in the middle of an entry".to_owned());
    }
    Ok(())
}

fn is_file(kind: u8) -> bool {
    !matches!(kind, b'L' | b'K' | b'x' | b'g')
}

/// A whole block, or None where the file has none.
fn block_at(input: &mut dyn Input, at: u64) -> io::Result<Option<[u8; BLOCK as usize]>> {
    input.seek(SeekFrom::Start(at))?;
    let mut block = [0; BLOCK as usize];
    match input.read_exact(&mut block) {
        Ok(()) => Ok(Some(block)),
        Err(e) if e.kind() == io::ErrorKind::UnexpectedEof => Ok(None),
        Err(e) => Err(e),
    }
}

fn entry(
    input: &mut dyn Input,
    block: &[u8],
    size: u64,
    extra: Extra,
    unpacking: &mut Unpacking,
) -> Result<(), Stop> {
    let raw = extra.name.unwrap_or_else(|| {
        let (name, prefix) = (c_text(&block[..100]), c_text(&block[345..500]));
        let ustar = &block[257..263] == b"ustar\0" && !prefix.is_empty();
        if ustar { format!("{prefix}/{name}") } else { name }
    });
    let kind = block[156];
    if matches!(kind, b'0' | 0) && raw.ends_with('/') {
        return Ok(()); // a folder, as v7 writes it
    }
    let Some(path) = unpacking.clean(&raw) else { return Ok(()) };
    let refused = match kind {
        b'1' => Some((Code::ArchiveLink, "a hard link")),
        b'2' => Some((Code::ArchiveLink, "a symbolic link")),
        b'3' | b'4' => Some((Code::ArchiveLink, "a device")),
        b'6' => Some((Code::ArchiveLink, "a pipe")),
        b'S' => Some((Code::ArchiveMethod, "a sparse file")),
        _ if extra.sparse => Some((Code::ArchiveMethod, "a sparse file")),
        _ => None,
    };
    if let Some((code, why)) = refused {
        unpacking.trouble(code, format!("{}: {why}", super::path::shown(&path)));
        return Ok(());
    }
    let seconds = extra.modified.or_else(|| octal(&block[136..148]).map(|s| s.to_string()));
    let modified = seconds.and_then(|s| clock::unix(&s)).map(|w| When { clock: Clock::FileSystem, ..w });
    let mut content = Whole { input: (&mut *input).take(size) };
    unpacking.hand_on(Packed { path, modified, packed: size, declared: Some(size) }, &mut content)
}

/// Bytes of a known number; an error where the file has fewer.
struct Whole<'a> {
    input: io::Take<&'a mut dyn Input>,
}

impl Read for Whole<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.input.read(into)?;
        if read == 0 && !into.is_empty() && self.input.limit() > 0 {
            return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "the archive ends here"));
        }
        Ok(read)
    }
}

/// What headers before an entry's own say of it.
#[derive(Default)]
struct Extra {
    name: Option<String>,
    size: Option<u64>,
    modified: Option<String>,
    sparse: bool,
}

impl Extra {
    fn clear_unless(&mut self, keep: bool) {
        if !keep {
            *self = Extra::default();
        }
    }

    /// pax records: `length key=value\n`, the length counting all of it.
    fn pax(&mut self, mut data: &[u8]) {
        while let Some(space) = memchr::memchr(b' ', data) {
            let length = std::str::from_utf8(&data[..space]).ok().and_then(|n| n.parse::<usize>().ok());
            let Some(record) = length.filter(|n| *n > space + 1).and_then(|n| data.get(space + 1..n)) else {
                return;
            };
            data = data.get(length.unwrap_or(data.len())..).unwrap_or_default();
            let record = String::from_utf8_lossy(record.strip_suffix(b"\n").unwrap_or(record));
            match record.split_once('=') {
                Some(("path", path)) => self.name = Some(path.to_owned()),
                Some(("size", size)) => self.size = size.parse().ok(),
                Some(("mtime", time)) => self.modified = time.split('.').next().map(str::to_owned),
                Some((key, _)) if key.starts_with("GNU.sparse.") => self.sparse = true,
                _ => {}
            }
        }
    }
}

/// Octal digits, or GNU's base 256 where the first bit is set.
fn octal(field: &[u8]) -> Option<u64> {
    if let [first, rest @ ..] = field
        && first & 0x80 != 0
    {
        let start = u64::from(first & 0x7F);
        return rest.iter().try_fold(start, |n, b| n.checked_mul(256)?.checked_add(u64::from(*b)));
    }
    let text = std::str::from_utf8(field).ok()?.trim_matches([' ', '\0']);
    u64::from_str_radix(text, 8).ok()
}

fn c_text(field: &[u8]) -> String {
    let end = memchr::memchr(0, field).unwrap_or(field.len());
    String::from_utf8_lossy(&field[..end]).into_owned()
}
