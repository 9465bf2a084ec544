//! The files packed in an archive, one level deep. The readers are our own, since what matters here is what others leave
//! out: entries of one name are all kept, overlapping entries are seen before anything is unpacked, a damaged directory
//! costs no entry that is still there, and memory does not grow with what an archive claims.

mod gz;
mod path;
mod tar;
mod zip;

use std::collections::BTreeSet;
use std::io::{self, Read};

use model::{Code, Digest, Kind, Trouble, When};

use crate::Input;
pub use path::is_clean;
pub(crate) use tar::is_header as is_tar_header;

/// How much an archive may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The most entries, files or not.
    pub entries: u64,
    /// The most bytes of one entry.
    pub entry_bytes: u64,
    /// The most bytes of all entries together.
    pub total_bytes: u64,
    /// Unpacked size over packed size, above which what unpacks to more than 64 MiB is a bomb.
    pub ratio: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { entries: 200_000, entry_bytes: 2 << 30, total_bytes: 8 << 30, ratio: 200 }
    }
}

/// A file in an archive.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// Where it lies: parts joined by `/`, no `.` or `..`, never absolute.
    pub path: String,
    /// When it was last changed, as the archive has it.
    pub modified: Option<When>,
}

/// Whoever takes the entries.
pub(crate) type Each<'a> = &'a mut dyn FnMut(Entry, &mut dyn Read) -> io::Result<()>;

/// Hands every file of an archive of this `kind` (or of a mail or web capture, of whatever kind it is taken for), `packed` bytes large and named `name`, to `each`; the caller unpacks
/// archives within. Where an entry is larger than the limits allow, its reader gives an error and the next one follows;
/// where its bytes are damaged, its reader ends early, and what came before is kept. An error of `each` itself ends it.
pub fn unpack(
    kind: Kind,
    input: &mut dyn Input,
    packed: u64,
    name: &str,
    limits: &Limits,
    each: &mut dyn FnMut(Entry, &mut dyn Read) -> io::Result<()>,
) -> Vec<Trouble> {
    let mut unpacking = Unpacking::new(packed, *limits, each);
    let read = match kind {
        Kind::Zip => zip::read(input, &mut unpacking),
        Kind::Tar => tar::read(input, &mut unpacking),
        Kind::Gzip => gz::read(input, name, &mut unpacking),
        _ => match packing(&head_of(input).unwrap_or_default()) {
            Some(Packing::Warc) => crate::exports::warc::unpack(input, &mut unpacking),
            Some(Packing::Mail) => crate::exports::mail::unpack(input, &mut unpacking),
            Some(Packing::Msg) => crate::exports::mail::unpack_msg(input, &mut unpacking),
            None => Ok(()),
        },
    };
    if let Err(Stop::Io(e)) = read {
        unpacking.trouble(Code::ArchiveDamaged, format!("could not be read on: {e}"));
    }
    unpacking.finish()
}

/// Whether a file of this kind that begins so holds other files: an archive, a mail, a web capture.
pub fn is_packed(kind: Kind, head: &[u8]) -> bool {
    kind.is_archive() || packing(head).is_some()
}

/// What holds files, and is no archive.
enum Packing {
    Mail,
    Msg,
    Warc,
}

fn packing(head: &[u8]) -> Option<Packing> {
    if crate::exports::warc::is_warc(head) {
        return Some(Packing::Warc);
    }
    if crate::exports::mail::is_msg(head) {
        return Some(Packing::Msg);
    }
    let mail = crate::exports::mail::is_mail(head) || crate::exports::mail::is_mailbox(head);
    mail.then_some(Packing::Mail)
}

fn head_of(input: &mut dyn Input) -> io::Result<Vec<u8>> {
    let mut head = Vec::new();
    input.seek(io::SeekFrom::Start(0))?;
    input.take(64 << 10).read_to_end(&mut head)?;
    Ok(head)
}

/// Why unpacking ends before the end.
pub(crate) enum Stop {
    /// The archive itself cannot be read on.
    Io(io::Error),
    /// A limit is reached, or `each` wants no more.
    Done,
}

impl From<io::Error> for Stop {
    fn from(e: io::Error) -> Self {
        Stop::Io(e)
    }
}

const SMALL: u64 = 64 << 20;
const MOST_TROUBLES: u64 = 1000;

/// What is kept while an archive is unpacked.
pub(crate) struct Unpacking<'a> {
    pub packed: u64,
    pub limits: Limits,
    each: Each<'a>,
    troubles: Vec<Trouble>,
    untold: u64,
    entries: u64,
    total: u64,
    taken: BTreeSet<Digest>,
}

/// What is known of an entry before it is read.
pub(crate) struct Packed {
    pub path: String,
    pub modified: Option<When>,
    /// Bytes it takes in the archive.
    pub packed: u64,
    /// Bytes it unpacks to, if it says so.
    pub declared: Option<u64>,
}

impl<'a> Unpacking<'a> {
    fn new(packed: u64, limits: Limits, each: Each<'a>) -> Self {
        let (troubles, taken) = (Vec::new(), BTreeSet::new());
        Self { packed, limits, each, troubles, untold: 0, entries: 0, total: 0, taken }
    }

    pub fn trouble(&mut self, code: Code, detail: String) {
        if (self.troubles.len() as u64) < MOST_TROUBLES {
            self.troubles.push(Trouble::new(code, detail));
        } else {
            self.untold += 1;
        }
    }

    fn finish(mut self) -> Vec<Trouble> {
        if self.untold > 0 {
            self.troubles
                .push(Trouble::new(Code::ArchiveDamaged, format!("and {} more troubles", self.untold)));
        }
        self.troubles
    }

    /// Counts one more entry of whatever kind.
    pub fn count(&mut self) -> Result<(), Stop> {
        self.entries += 1;
        if self.entries > self.limits.entries {
            self.trouble(Code::ArchiveBomb, format!("more than {} entries", self.limits.entries));
            return Err(Stop::Done);
        }
        Ok(())
    }

    /// The path as it may be used; None, with a trouble told, if it leads elsewhere.
    pub fn clean(&mut self, raw: &str) -> Option<String> {
        match path::clean(raw) {
            Ok(path) => Some(path),
            Err(why) => {
                self.trouble(Code::ArchiveEscape, format!("{}: {why}", path::shown(raw)));
                None
            }
        }
    }

    /// Hands an entry on. `input` gives its unpacked bytes and ends, or gives an error, where they are damaged.
    pub fn hand_on(&mut self, entry: Packed, input: &mut dyn Read) -> Result<(), Stop> {
        let shown = path::shown(&entry.path);
        if let Some(why) = self.too_large(&entry) {
            self.trouble(Code::ArchiveBomb, format!("{shown}: {why}"));
            return Ok(());
        }
        let path = self.distinct(entry.path);
        let most = |packed: u64| self.limits.ratio.saturating_mul(packed).max(SMALL);
        let own = self.limits.entry_bytes.min(most(entry.packed)).min(entry.declared.unwrap_or(u64::MAX));
        let rest = self.limits.total_bytes.min(most(self.packed)).saturating_sub(self.total);
        let mut guard = Guard { input, left: own.min(rest), given: 0, tripped: false, damage: None };
        let took = (self.each)(Entry { path, modified: entry.modified }, &mut guard);
        let Guard { tripped, damage, given, .. } = guard;
        self.total = self.total.saturating_add(given);
        if let Some(damage) = damage {
            self.trouble(Code::ArchiveDamaged, format!("{shown}: after {given} bytes: {damage}"));
        }
        if tripped {
            self.trouble(Code::ArchiveBomb, format!("{shown}: more than {given} bytes"));
            return if rest <= own { Err(Stop::Done) } else { Ok(()) };
        }
        took.map_err(|_| Stop::Done)
    }

    fn too_large(&self, entry: &Packed) -> Option<String> {
        let declared = entry.declared?;
        let bomb = declared > SMALL && declared / self.limits.ratio.max(1) > entry.packed;
        let large = declared > self.limits.entry_bytes;
        (bomb || large).then(|| format!("declares {declared} bytes, packed in {}", entry.packed))
    }

    /// The path, numbered where an entry of that path came before.
    fn distinct(&mut self, path: String) -> String {
        let mut candidate = path.clone();
        let mut number = 2u64;
        while !self.taken.insert(Digest::of(candidate.as_bytes())) {
            candidate = path::numbered(&path, number);
            // One step for each earlier namesake would be quadratic over an archive of namesakes.
            number = if number < 64 { number + 1 } else { self.entries.max(number + 1) };
        }
        candidate
    }
}

/// An entry's bytes, no more of them than are allowed.
struct Guard<'a> {
    input: &'a mut dyn Read,
    left: u64,
    given: u64,
    tripped: bool,
    damage: Option<String>,
}

impl Read for Guard<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.tripped {
            return Err(too_much());
        }
        if self.damage.is_some() || into.is_empty() {
            return Ok(0);
        }
        let mut one = [0; 1];
        let room = usize::try_from(self.left).unwrap_or(usize::MAX).min(into.len());
        let target = if room == 0 { &mut one[..] } else { &mut into[..room] };
        let read = loop {
            match self.input.read(target) {
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                done => break done,
            }
        };
        match read {
            Ok(0) => Ok(0),
            Ok(_) if room == 0 => {
                self.tripped = true;
                Err(too_much())
            }
            Ok(read) => {
                self.left -= read as u64;
                self.given += read as u64;
                Ok(read)
            }
            Err(e) => {
                self.damage = Some(e.to_string());
                Ok(0)
            }
        }
    }
}

fn too_much() -> io::Error {
    io::Error::new(io::ErrorKind::FileTooLarge, "the entry unpacks to more than it may")
}
