//! ZIP (PKWARE APPNOTE 6.3): stored and deflated entries, ZIP64, extended timestamps. The directory at the end is
//! read twice: first only the places of all entries, so that overlapping ones are known, then entry by entry.

use std::io::{self, BufReader, Read, SeekFrom};

use flate2::Crc;
use flate2::bufread::DeflateDecoder;
use jiff::civil::DateTime;
use model::{Clock, Code, When};

use super::{Packed, Stop, Unpacking};
use crate::{Input, clock};

const LOCAL: u32 = 0x0403_4B50;
const CENTRAL: u32 = 0x0201_4B50;
const END: u32 = 0x0605_4B50;
const END64: u32 = 0x0606_4B50;
const LOCATOR64: u32 = 0x0706_4B50;

/// What a header says of an entry.
#[derive(Clone, Debug, Default)]
struct Header {
    name: Vec<u8>,
    flags: u16,
    method: u16,
    dos_time: (u16, u16),
    crc: u32,
    packed: u64,
    size: u64,
    attributes: u32,
    at: u64,
    changed: Option<u32>,
    /// Bytes of the header itself.
    length: u64,
}

pub(super) fn read(input: &mut dyn Input, unpacking: &mut Unpacking) -> Result<(), Stop> {
    let Some(directory) = directory(input, unpacking.packed)? else {
        unpacking.trouble(Code::ArchiveDamaged, "no directory; entries are read in their order".to_owned());
        return in_order(input, unpacking);
    };
    let Directory { start, shift, end } = directory;
    let overlapping = overlapping(input, &directory, unpacking)?;
    let mut at = start;
    let mut number = 0;
    while at < end {
        let Some(mut header) = central(input, at)? else {
            unpacking.trouble(Code::ArchiveDamaged, format!("the directory is damaged at byte {at}"));
            break;
        };
        at = at.saturating_add(header.length);
        header.at = header.at.saturating_add(shift);
        unpacking.count()?;
        if overlapping.get(number).copied().unwrap_or(false) {
            let shown = super::path::shown(&name(&header));
            unpacking.trouble(Code::ArchiveBomb, format!("{shown}: overlaps another entry"));
        } else {
            entry(input, &header, unpacking)?;
        }
        number += 1;
    }
    Ok(())
}

/// Where the directory lies, and by how much all offsets in it fall short (bytes before the archive).
struct Directory {
    start: u64,
    end: u64,
    shift: u64,
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(at..at.checked_add(2)?)?.try_into().ok()?))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at.checked_add(4)?)?.try_into().ok()?))
}

fn u64_at(bytes: &[u8], at: usize) -> Option<u64> {
    Some(u64::from_le_bytes(bytes.get(at..at.checked_add(8)?)?.try_into().ok()?))
}

/// Up to `count` bytes from `at`.
fn bytes_at(input: &mut dyn Input, at: u64, count: u64) -> io::Result<Vec<u8>> {
    input.seek(SeekFrom::Start(at))?;
    let mut bytes = Vec::new();
    input.take(count).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Finds the end record in the last 64 KiB.
fn directory(input: &mut dyn Input, packed: u64) -> io::Result<Option<Directory>> {
    let from = packed.saturating_sub(66_000);
    let tail = bytes_at(input, from, 66_000)?;
    let found = memchr::memmem::rfind_iter(&tail, &END.to_le_bytes()).find_map(|n| {
        let (size, start) = (u32_at(&tail, n + 12)?, u32_at(&tail, n + 16)?);
        u16_at(&tail, n + 20)?;
        Some((n, u64::from(size), u64::from(start)))
    });
    let Some((n, mut size, mut start)) = found else { return Ok(None) };
    let mut end = from + n as u64;
    let locator = n.checked_sub(20).filter(|l| u32_at(&tail, *l) == Some(LOCATOR64));
    if let Some(at) = locator.and_then(|l| u64_at(&tail, l + 8)) {
        let record = bytes_at(input, at, 56)?;
        if let (Some(END64), Some(size64), Some(start64)) =
            (u32_at(&record, 0), u64_at(&record, 40), u64_at(&record, 48))
        {
            (size, start, end) = (size64, start64, at);
        }
    }
    let Some(actual) = end.checked_sub(size) else { return Ok(None) };
    let Some(shift) = actual.checked_sub(start) else { return Ok(None) };
    let sound = size == 0 || u32_at(&bytes_at(input, actual, 4)?, 0) == Some(CENTRAL);
    Ok(sound.then_some(Directory { start: actual, end, shift }))
}

/// The directory's record at `at`.
fn central(input: &mut dyn Input, at: u64) -> io::Result<Option<Header>> {
    let fixed = bytes_at(input, at, 46)?;
    if u32_at(&fixed, 0) != Some(CENTRAL) || fixed.len() < 46 {
        return Ok(None);
    }
    let of = |at| u64::from(u16_at(&fixed, at).unwrap_or_default());
    let (name, extra, comment) = (of(28), of(30), of(32));
    let rest = bytes_at(input, at.saturating_add(46), name + extra)?;
    let mut header = common(&fixed[6..], &rest, name as usize);
    header.length = 46 + name + extra + comment;
    header.attributes = u32_at(&fixed, 38).unwrap_or_default();
    header.at = u32_at(&fixed, 42).unwrap_or_default().into();
    widen(&mut header, rest.get(name as usize..).unwrap_or_default(), true);
    Ok(Some(header))
}

/// The entry's own header at `at`.
fn local(input: &mut dyn Input, at: u64) -> io::Result<Option<Header>> {
    let fixed = bytes_at(input, at, 30)?;
    if u32_at(&fixed, 0) != Some(LOCAL) || fixed.len() < 30 {
        return Ok(None);
    }
    let of = |at| u64::from(u16_at(&fixed, at).unwrap_or_default());
    let (name, extra) = (of(26), of(28));
    let rest = bytes_at(input, at.saturating_add(30), name + extra)?;
    let mut header = common(&fixed[4..], &rest, name as usize);
    header.length = 30 + name + extra;
    header.at = at;
    widen(&mut header, rest.get(name as usize..).unwrap_or_default(), false);
    Ok(Some(header))
}

/// The fields that both headers have in one order, from "version needed" on.
fn common(fields: &[u8], rest: &[u8], name: usize) -> Header {
    let two = |at| u16_at(fields, at).unwrap_or_default();
    let four = |at| u32_at(fields, at).unwrap_or_default();
    Header {
        name: rest[..name.min(rest.len())].to_vec(),
        flags: two(2),
        method: two(4),
        dos_time: (two(8), two(6)),
        crc: four(10),
        packed: four(14).into(),
        size: four(18).into(),
        ..Header::default()
    }
}

/// Takes sizes of 64 bits and the time of change from the extra fields.
fn widen(header: &mut Header, mut extra: &[u8], central: bool) {
    while let (Some(id), Some(length)) = (u16_at(extra, 0), u16_at(extra, 2)) {
        let Some(field) = extra.get(4..4 + usize::from(length)) else { return };
        let mut wide = field;
        let mut next = |value: &mut u64, wanted: bool| {
            if wanted
                && *value == u64::from(u32::MAX)
                && let Some(real) = u64_at(wide, 0)
            {
                *value = real;
                wide = &wide[8..];
            }
        };
        match id {
            0x0001 => {
                next(&mut header.size, true);
                next(&mut header.packed, true);
                next(&mut header.at, central);
            }
            0x5455 if field.first().is_some_and(|flags| flags & 1 == 1) => header.changed = u32_at(field, 1),
            _ => {}
        }
        extra = &extra[4 + field.len()..];
    }
}

/// Which entries overlap others: of those that begin at one place, all but the first; of others, both.
fn overlapping(input: &mut dyn Input, directory: &Directory, unpacking: &Unpacking) -> io::Result<Vec<bool>> {
    let mut places: Vec<(u64, u64, usize)> = Vec::new();
    let mut at = directory.start;
    while at < directory.end && (places.len() as u64) < unpacking.limits.entries {
        let Some(header) = central(input, at)? else { break };
        at = at.saturating_add(header.length);
        let start = header.at.saturating_add(directory.shift);
        let end = start.saturating_add(30 + header.name.len() as u64).saturating_add(header.packed);
        places.push((start, end, places.len()));
    }
    let mut flags = vec![false; places.len()];
    places.sort_unstable_by_key(|(start, _, number)| (*start, *number));
    let mut widest: Option<(u64, u64, usize)> = None;
    for (start, end, number) in places {
        if let Some((before, until, other)) = widest.filter(|(_, until, _)| start < *until) {
            flags[number] = true;
            if before != start {
                flags[other] = true;
            }
            if until >= end {
                continue;
            }
        }
        widest = Some((start, end, number));
    }
    Ok(flags)
}

fn name(header: &Header) -> String {
    match std::str::from_utf8(&header.name) {
        Ok(name) => name.to_owned(),
        Err(_) if header.flags & 0x800 != 0 => String::from_utf8_lossy(&header.name).into_owned(),
        Err(_) => header.name.iter().map(|b| code_page_437(*b)).collect(),
    }
}

fn code_page_437(byte: u8) -> char {
    const UPPER: &str = "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u{A0}";
    match byte.checked_sub(0x80) {
        Some(n) => UPPER.chars().nth(n.into()).unwrap_or('\u{FFFD}'),
        None => byte.into(),
    }
}

/// Local time of the packing machine, to two seconds, unless the extra fields have the time in UTC.
fn modified(header: &Header) -> Option<When> {
    if let Some(seconds) = header.changed {
        return clock::unix(&seconds.to_string()).map(|when| When { clock: Clock::FileSystem, ..when });
    }
    let (date, time) = header.dos_time;
    let field = |of: u16, shift: u32, bits: u32| ((of >> shift) & ((1 << bits) - 1)) as i8;
    let year = 1980 + i16::from(field(date, 9, 7));
    let (hour, minute, second) = (field(time, 11, 5), field(time, 5, 6), field(time, 0, 5) * 2);
    let written = DateTime::new(year, field(date, 5, 4), field(date, 0, 5), hour, minute, second, 0).ok()?;
    let mut when = clock::wall(&written.to_string())?;
    when.interval.latest = when.interval.latest.checked_add(jiff::SignedDuration::from_secs(1)).ok()?;
    Some(When { clock: Clock::FileSystem, ..when })
}

/// Checks an entry by its header; its path, or None if it is a folder or refused.
fn admit(header: &Header, unpacking: &mut Unpacking) -> Option<String> {
    let raw = name(header);
    let path = unpacking.clean(raw.trim_end_matches(['/', '\\']))?;
    let kind = header.attributes >> 16 & 0o170_000;
    let shown = || super::path::shown(&path);
    if !matches!(kind, 0 | 0o100_000 | 0o040_000) {
        let what = if kind == 0o120_000 { "a symbolic link" } else { "a device or pipe" };
        unpacking.trouble(Code::ArchiveLink, format!("{}: {what}", shown()));
        return None;
    }
    if raw.ends_with(['/', '\\']) || kind == 0o040_000 {
        return None;
    }
    if header.flags & 0x2041 != 0 {
        unpacking.trouble(Code::ArchiveEncrypted, shown());
        return None;
    }
    if !matches!(header.method, 0 | 8) {
        unpacking.trouble(Code::ArchiveMethod, format!("{}: method {}", shown(), header.method));
        return None;
    }
    Some(path)
}

fn entry(input: &mut dyn Input, header: &Header, unpacking: &mut Unpacking) -> Result<(), Stop> {
    let Some(path) = admit(header, unpacking) else { return Ok(()) };
    let Some(own) = local(input, header.at)? else {
        let shown = super::path::shown(&path);
        unpacking.trouble(Code::ArchiveDamaged, format!("{shown}: no entry at byte {}", header.at));
        return Ok(());
    };
    if own.flags & 1 != 0 {
        unpacking.trouble(Code::ArchiveEncrypted, super::path::shown(&path));
        return Ok(());
    }
    input.seek(SeekFrom::Start(header.at.saturating_add(own.length)))?;
    let about =
        Packed { path, modified: modified(header), packed: header.packed, declared: Some(header.size) };
    let raw = BufReader::with_capacity(64 << 10, (&mut *input).take(header.packed));
    if header.method == 0 {
        let mut checked = Checked::new(raw, Some((header.size, header.crc)));
        unpacking.hand_on(about, &mut checked)
    } else {
        let mut checked = Checked::new(DeflateDecoder::new(raw), Some((header.size, header.crc)));
        unpacking.hand_on(about, &mut checked)
    }
}

/// Without a directory: one entry after the other from the beginning, as far as they can be told apart.
fn in_order(input: &mut dyn Input, unpacking: &mut Unpacking) -> Result<(), Stop> {
    let mut at = 0;
    while let Some(start) = next_local(input, at)? {
        let Some(header) = local(input, start)? else { break };
        let data = start.saturating_add(header.length);
        unpacking.count()?;
        at = match admit(&header, unpacking) {
            None => data,
            Some(path) => data.saturating_add(unsized_entry(input, &header, path, data, unpacking)?),
        };
    }
    Ok(())
}

/// Reads an entry whose size may stand only after it; how many packed bytes it took.
fn unsized_entry(
    input: &mut dyn Input,
    header: &Header,
    path: String,
    data: u64,
    unpacking: &mut Unpacking,
) -> Result<u64, Stop> {
    let streamed = header.flags & 8 != 0;
    if streamed && header.method == 0 {
        let shown = super::path::shown(&path);
        unpacking.trouble(Code::ArchiveDamaged, format!("{shown}: its size is lost with the directory"));
        return Ok(0);
    }
    input.seek(SeekFrom::Start(data))?;
    let packed = if streamed { unpacking.packed.saturating_sub(data) } else { header.packed };
    let expected = (!streamed).then_some((header.size, header.crc));
    let about = Packed { path, modified: modified(header), packed, declared: expected.map(|(size, _)| size) };
    let raw = BufReader::with_capacity(64 << 10, (&mut *input).take(packed));
    if header.method == 0 {
        unpacking.hand_on(about, &mut Checked::new(raw, expected))?;
        return Ok(packed);
    }
    let mut checked = Checked::new(DeflateDecoder::new(raw), expected);
    unpacking.hand_on(about, &mut checked)?;
    Ok(if streamed { checked.input.total_in() } else { packed })
}

/// The next entry's header at or after `at`.
fn next_local(input: &mut dyn Input, mut at: u64) -> io::Result<Option<u64>> {
    loop {
        let window = bytes_at(input, at, 64 << 10)?;
        if let Some(n) = memchr::memmem::find(&window, &LOCAL.to_le_bytes()) {
            return Ok(Some(at + n as u64));
        }
        if window.len() < 4 || (window.len() as u64) < 64 << 10 {
            return Ok(None);
        }
        at += window.len() as u64 - 3;
    }
}

/// An entry's bytes; an error where they end before their size or do not add up to their checksum.
struct Checked<R> {
    input: R,
    crc: Crc,
    expected: Option<(u64, u32)>,
    read: u64,
}

impl<R> Checked<R> {
    fn new(input: R, expected: Option<(u64, u32)>) -> Self {
        Self { input, crc: Crc::new(), expected, read: 0 }
    }
}

impl<R: Read> Read for Checked<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.input.read(into)?;
        self.crc.update(into.get(..read).unwrap_or_default());
        self.read += read as u64;
        let wrong = |why: &str| Err(io::Error::new(io::ErrorKind::InvalidData, why.to_owned()));
        match self.expected.filter(|_| read == 0 && !into.is_empty()) {
            Some((size, _)) if self.read < size => wrong("it ends before its size"),
            Some((_, crc)) if crc != self.crc.sum() => wrong("its checksum does not hold"),
            _ => Ok(read),
        }
    }
}
