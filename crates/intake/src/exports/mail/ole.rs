//! Compound files: a file system in a file, in which Outlook keeps a message.
//!
//! Source of truth: \[MS-CFB\] "Compound File Binary File Format", version 10.0. A reader of our own, since what is cut or
//! damaged shall still give what is whole: chains end where they leave the file or turn back, entries that make no sense
//! are passed over. Only read, never written. Absent: range lock, CLSIDs, times of storages.

use std::cell::Cell;

/// How a compound file begins.
const MAGIC: [u8; 8] = [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];
/// Sector numbers from here on mean something else: free, end of chain, part of a table.
const NO_SECTOR: u32 = 0xFFFF_FFFA;
const FREE: u32 = u32::MAX;
const NO_ENTRY: u32 = u32::MAX;
const MINI: usize = 64;
const ENTRY: usize = 128;
/// A message with more of them is read as far as these go.
const MOST_ENTRIES: usize = 1 << 17;

/// A compound file in memory.
pub(super) struct Ole<'a> {
    bytes: &'a [u8],
    /// Bytes of a sector: 512 or 4096.
    sector: usize,
    /// Of each sector the next of its chain.
    next: Vec<u32>,
    next_mini: Vec<u32>,
    small: Vec<u8>,
    cutoff: u64,
    entries: Vec<Entry>,
    /// Bytes that may still be copied: several streams can claim one chain.
    left: Cell<usize>,
    short: Cell<bool>,
}

/// A storage or a stream.
pub(super) struct Entry {
    pub name: String,
    storage: bool,
    start: u32,
    /// In bytes.
    size: u64,
    siblings: [u32; 2],
    child: u32,
}

/// Whether a file that begins so is a compound file.
pub(super) fn is_compound(head: &[u8]) -> bool {
    head.starts_with(&MAGIC)
}

impl<'a> Ole<'a> {
    /// The file that `bytes` are; None if not even its directory can be found.
    pub fn open(bytes: &'a [u8]) -> Option<Self> {
        let shift = half(bytes, 30).filter(|shift| is_compound(bytes) && matches!(shift, 9 | 12))?;
        let mut file = Self {
            bytes,
            sector: 1 << shift,
            next: Vec::new(),
            next_mini: Vec::new(),
            small: Vec::new(),
            cutoff: u64::from(word(bytes, 56)?),
            entries: Vec::new(),
            left: Cell::new(bytes.len().saturating_mul(4)),
            short: Cell::new(false),
        };
        file.next = file.table();
        let last = file.next.iter().rposition(|next| *next != FREE).unwrap_or(0);
        file.short.set(file.short.get() || bytes.len() <= (last + 1).saturating_mul(file.sector));
        let directory = file.chain(word(bytes, 48)?, u64::MAX);
        let long = file.sector > 512;
        file.entries =
            directory.chunks_exact(ENTRY).take(MOST_ENTRIES).map(|raw| Entry::of(raw, long)).collect();
        let root = file.entries.first()?;
        let (start, size) = (root.start, root.size);
        file.small = file.chain(start, size);
        let mini = file.chain(word(bytes, 60)?, u64::MAX);
        file.next_mini = mini.as_chunks().0.iter().map(|raw| u32::from_le_bytes(*raw)).collect();
        Some(file)
    }

    /// The sector table, gathered from the header's list of its sectors and the lists that follow on it.
    fn table(&self) -> Vec<u32> {
        let most = self.bytes.len() / self.sector + 1;
        let mut list: Vec<u32> = (0..109).filter_map(|n| word(self.bytes, 76 + 4 * n)).collect();
        let (mut more, mut turns) = (word(self.bytes, 68).unwrap_or(NO_SECTOR), 0);
        while more < NO_SECTOR && turns < most {
            let Some(raw) = self.at(more) else {
                self.short.set(true);
                break;
            };
            let numbers = raw.as_chunks::<4>().0.iter().map(|raw| u32::from_le_bytes(*raw));
            list.extend(numbers);
            // The last number of such a list names the next list.
            more = list.pop().unwrap_or(NO_SECTOR);
            turns += 1;
        }
        let mut table = Vec::new();
        for sector in list.into_iter().filter(|sector| *sector < NO_SECTOR).take(most) {
            match self.at(sector) {
                Some(raw) => {
                    table.extend(raw.as_chunks::<4>().0.iter().map(|raw| u32::from_le_bytes(*raw)));
                }
                None => {
                    self.short.set(true);
                    table.resize(table.len() + self.sector / 4, NO_SECTOR);
                }
            }
        }
        table
    }

    /// The bytes of a sector; None where the file ends before it does.
    fn at(&self, sector: u32) -> Option<&'a [u8]> {
        let start = (sector as usize).checked_add(1)?.checked_mul(self.sector)?;
        self.bytes.get(start..start.checked_add(self.sector)?)
    }

    /// The bytes of the sectors from `start` on, `size` of them at most.
    fn chain(&self, start: u32, size: u64) -> Vec<u8> {
        let (mut out, mut sector) = (Vec::new(), start);
        while sector < NO_SECTOR && (out.len() as u64) < size && out.len() < self.bytes.len() {
            let Some(left) = self.left.get().checked_sub(self.sector) else { break };
            let begin = (sector as usize).saturating_add(1).saturating_mul(self.sector);
            let Some(raw) = self.bytes.get(begin..).filter(|raw| !raw.is_empty()) else {
                self.short.set(true);
                break;
            };
            let raw = raw.get(..self.sector).unwrap_or(raw);
            self.left.set(left);
            let wanted = usize::try_from(size - out.len() as u64).unwrap_or(usize::MAX).min(self.sector);
            out.extend(raw.iter().take(wanted));
            if raw.len() < wanted && size != u64::MAX {
                self.short.set(true);
            }
            sector = self.next.get(sector as usize).copied().unwrap_or(NO_SECTOR);
        }
        out
    }

    /// The bytes of a small stream, which lies in pieces of 64 bytes.
    fn small(&self, start: u32, size: u64) -> Vec<u8> {
        let (mut out, mut piece) = (Vec::new(), start);
        while piece < NO_SECTOR && (out.len() as u64) < size && out.len() < self.small.len() {
            let Some(left) = self.left.get().checked_sub(MINI) else { break };
            self.left.set(left);
            let begin = (piece as usize).saturating_mul(MINI);
            let Some(raw) = self.small.get(begin..).filter(|raw| !raw.is_empty()) else { break };
            let wanted = usize::try_from(size - out.len() as u64).unwrap_or(usize::MAX).min(MINI);
            out.extend(raw.iter().take(wanted));
            piece = self.next_mini.get(piece as usize).copied().unwrap_or(NO_SECTOR);
        }
        out
    }

    /// What lies directly in a storage (0 is the outermost), in the order of the directory.
    pub fn within(&self, storage: usize) -> Vec<usize> {
        let Some(entry) = self.entries.get(storage) else { return Vec::new() };
        let mut seen = std::collections::BTreeSet::new();
        let mut ahead = vec![entry.child];
        while let Some(number) = ahead.pop() {
            let Some(entry) = self.entries.get(number as usize).filter(|_| number != 0) else { continue };
            let Some(left) = self.left.get().checked_sub(ENTRY) else { break };
            self.left.set(left);
            if seen.insert(number as usize) {
                ahead.extend(entry.siblings.iter().filter(|other| **other != NO_ENTRY));
            }
        }
        seen.into_iter()
            .filter(|number| self.entries.get(*number).is_some_and(|e| !e.name.is_empty()))
            .collect()
    }

    /// A storage or stream by its number.
    pub fn entry(&self, number: usize) -> Option<&Entry> {
        self.entries.get(number)
    }

    /// What lies in a storage under this name, whatever its case.
    pub fn find(&self, within: &[usize], name: &str) -> Option<usize> {
        let named = |n: &usize| self.entries.get(*n).is_some_and(|e| e.name.eq_ignore_ascii_case(name));
        within.iter().copied().find(named)
    }

    /// The bytes of a stream, as many of them as are there, and whether they are all.
    pub fn stream(&self, number: usize) -> (Vec<u8>, bool) {
        let Some(entry) = self.entries.get(number).filter(|entry| !entry.storage) else {
            return (Vec::new(), false);
        };
        let bytes = if entry.size < self.cutoff {
            self.small(entry.start, entry.size)
        } else {
            self.chain(entry.start, entry.size)
        };
        let whole = bytes.len() as u64 == entry.size;
        (bytes, whole)
    }

    /// Whether the file ends before what it names.
    pub fn is_short(&self) -> bool {
        self.short.get()
    }
}

impl Entry {
    fn of(raw: &[u8], long: bool) -> Self {
        let length = usize::from(half(raw, 64).unwrap_or(0)).clamp(2, 64) - 2;
        let units = raw.get(..length).unwrap_or_default().as_chunks::<2>().0;
        let units: Vec<u16> = units.iter().map(|raw| u16::from_le_bytes(*raw)).collect();
        let kind = raw.get(66).copied().unwrap_or(0);
        let at = |place| word(raw, place).unwrap_or(NO_ENTRY);
        // Of 512-byte sectors the upper half is not always cleared.
        let upper = if long { u64::from(word(raw, 124).unwrap_or(0)) << 32 } else { 0 };
        Self {
            name: if matches!(kind, 1 | 2 | 5) { String::from_utf16_lossy(&units) } else { String::new() },
            storage: kind != 2,
            start: at(116),
            size: upper | u64::from(word(raw, 120).unwrap_or(0)),
            siblings: [at(68), at(72)],
            child: at(76),
        }
    }

    /// Its bytes, as it says.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Whether others lie in it.
    pub fn is_storage(&self) -> bool {
        self.storage
    }
}

/// Two bytes as a number, the smaller first.
pub(super) fn half(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(at..at.checked_add(2)?)?.try_into().ok()?))
}

/// Four bytes as a number, the smallest first.
pub(super) fn word(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at.checked_add(4)?)?.try_into().ok()?))
}
