//! Archives whose entries lead somewhere else.

use flate2::Crc;

/// One entry of a zip file, compressed or stored already.
pub(super) struct Entry<'a> {
    pub name: &'a str,
    /// 0 stored, 8 deflated.
    pub method: u16,
    pub data: Vec<u8>,
    pub crc: u32,
    /// Length when unpacked.
    pub size: u32,
}

impl<'a> Entry<'a> {
    fn stored(name: &'a str, data: &[u8]) -> Self {
        let mut crc = Crc::new();
        crc.update(data);
        Self { name, method: 0, data: data.to_vec(), crc: crc.sum(), size: data.len() as u32 }
    }
}

/// A zip file in a zip file, `depth` of them, and a text in the innermost.
#[must_use]
pub fn zip_nested(depth: usize) -> Vec<u8> {
    let innermost = zip(&[Entry::stored("bottom.txt", b"the bottom\n")]);
    (1..depth).fold(innermost, |inner, _| zip(&[Entry::stored("inner.zip", &inner)]))
}

/// A zip file with entries that climb out of it or start at the root, one under a name a terminal would obey, two of one
/// name, and beside them a good one, `good/note.txt`.
#[must_use]
pub fn zip_slip() -> Vec<u8> {
    let names = [
        "../../climbed.txt",
        "good/../../climbed-too.txt",
        "/tmp/absolute.txt",
        "..\\..\\climbed-by-backslash.txt",
        "C:\\absolute-by-drive.txt",
        "colour\u{1b}[31m.txt",
        "twice.txt",
        "twice.txt",
    ];
    let mut entries: Vec<Entry> =
        names.iter().map(|name| Entry::stored(name, b"should never be written\n")).collect();
    entries.push(Entry::stored("good/note.txt", b"the good file\n"));
    zip(&entries)
}

/// A tar file (POSIX ustar) with links, devices and climbing names, and beside them a good file, `good/note.txt`.
#[must_use]
pub fn tar_traps() -> Vec<u8> {
    let traps: [(&str, u8, &str, &[u8]); 9] = [
        ("good/note.txt", b'0', "", b"the good file\n"),
        ("../../climbed.txt", b'0', "", b"should never be written\n"),
        ("/tmp/absolute.txt", b'0', "", b"should never be written\n"),
        ("link", b'2', "/etc/passwd", b""),
        ("link-up", b'2', "../..", b""),
        ("link-up/through.txt", b'0', "", b"should never be written\n"),
        ("hard", b'1', "/etc/passwd", b""),
        ("device", b'3', "", b""),
        ("pipe", b'6', "", b""),
    ];
    let mut out = Vec::new();
    for (name, kind, target, data) in traps {
        out.extend(tar_header(name, kind, target, data.len()));
        out.extend(data);
        out.resize(out.len().next_multiple_of(512), 0);
    }
    out.resize(out.len() + 1024, 0);
    out
}

/// A zip file (APPNOTE 6.3, no zip64, UTF-8 names) of entries dated 1 January 1980.
pub(super) fn zip(entries: &[Entry]) -> Vec<u8> {
    let (mut out, mut directory) = (Vec::new(), Vec::new());
    for entry in entries {
        let mut common = Vec::new();
        for field in [20_u16, 1 << 11, entry.method, 0, 33] {
            common.extend(field.to_le_bytes());
        }
        for field in [entry.crc, entry.data.len() as u32, entry.size] {
            common.extend(field.to_le_bytes());
        }
        common.extend((entry.name.len() as u16).to_le_bytes());
        common.extend(0_u16.to_le_bytes());
        directory.extend(b"PK\x01\x02\x14\x00");
        directory.extend(&common);
        directory.extend([0; 10]);
        directory.extend((out.len() as u32).to_le_bytes());
        directory.extend(entry.name.bytes());
        out.extend(b"PK\x03\x04");
        out.extend(common);
        out.extend(entry.name.bytes());
        out.extend(&entry.data);
    }
    let start = out.len() as u32;
    out.extend(&directory);
    out.extend(b"PK\x05\x06\x00\x00\x00\x00");
    out.extend((entries.len() as u16).to_le_bytes());
    out.extend((entries.len() as u16).to_le_bytes());
    out.extend((directory.len() as u32).to_le_bytes());
    out.extend(start.to_le_bytes());
    out.extend([0; 2]);
    out
}

fn tar_header(name: &str, kind: u8, target: &str, size: usize) -> [u8; 512] {
    let mut block = [0; 512];
    let mut set = |at: usize, bytes: &[u8]| block[at..at + bytes.len()].copy_from_slice(bytes);
    set(0, name.as_bytes());
    set(100, b"0000644\0");
    set(108, b"0000000\0");
    set(116, b"0000000\0");
    set(124, format!("{size:011o}\0").as_bytes());
    set(136, b"00000000000\0");
    set(148, b"        ");
    set(156, &[kind]);
    set(157, target.as_bytes());
    set(257, b"ustar\x0000");
    set(329, b"0000001\0");
    set(337, b"0000003\0");
    let sum: u32 = block.iter().map(|b| u32::from(*b)).sum();
    block[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    block
}
