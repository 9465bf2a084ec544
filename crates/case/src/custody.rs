//! The custody log: each entry holds the digest of the one before it, so that none can be changed, moved or removed
//! without the chain showing it.

use jiff::Timestamp;
use model::Digest;
use serde::{Deserialize, Serialize};

use crate::clock;

/// One line of the custody log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Counted from 0 without a gap.
    pub seq: u64,
    /// When, by the clock of the machine.
    pub at: Timestamp,
    /// Who, as the machine names the user.
    pub actor: String,
    /// What was done.
    pub command: String,
    /// The ids, digests and words it was done with.
    pub inputs: Vec<String>,
    /// The digest of the entry before; of the first one 64 zeros.
    pub previous: Digest,
    /// What came of it: ids with the digest of their row, digests of files that were written, signatures.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub outputs: Vec<String>,
    /// On which machine, as it names itself; empty in logs that an earlier version wrote.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub host: String,
    /// The program and its version; empty in logs that an earlier version wrote.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub version: String,
    /// SHA-256 over all fields above in this order, each prefixed with its length (8 bytes, big endian) and lists with the
    /// number of their fields first, after the domain "entry 2". Where outputs, host and version are empty they are left
    /// out, and the domain is "entry".
    pub digest: Digest,
}

/// What an entry is to tell, before it has its place in the log.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Done<'a> {
    /// Who.
    pub actor: &'a str,
    /// What was done.
    pub command: &'a str,
    /// With what.
    pub inputs: Vec<String>,
    /// What came of it.
    pub outputs: Vec<String>,
}

impl Entry {
    /// The entry that follows `last`.
    pub(crate) fn after(last: Option<&Entry>, at: Timestamp, deed: Done) -> Self {
        let mut entry = Entry {
            seq: last.map_or(0, |last| last.seq + 1),
            at,
            actor: deed.actor.to_owned(),
            command: deed.command.to_owned(),
            inputs: deed.inputs,
            previous: last.map_or(Digest::from([0; 32]), |last| last.digest),
            outputs: deed.outputs,
            host: clock::host(),
            version: concat!("truecopy ", env!("CARGO_PKG_VERSION")).to_owned(),
            digest: Digest::from([0; 32]),
        };
        entry.digest = entry.compute();
        entry
    }

    /// Whether it was written before entries told their outputs, host and version.
    pub fn is_old(&self) -> bool {
        self.outputs.is_empty() && self.host.is_empty() && self.version.is_empty()
    }

    /// The digest that these fields have.
    pub fn compute(&self) -> Digest {
        Digest::of(&self.bytes())
    }

    /// The bytes that are hashed: the domain and all fields, each with its length before it. Anyone can hash them anew.
    pub fn bytes(&self) -> Vec<u8> {
        let mut fields = Fields::default();
        fields.text(if self.is_old() { "entry" } else { "entry 2" });
        fields.number(self.seq).text(&self.at.to_string()).text(&self.actor).text(&self.command);
        fields.list(&self.inputs).bytes(&<[u8; 32]>::from(self.previous));
        if !self.is_old() {
            fields.list(&self.outputs).text(&self.host).text(&self.version);
        }
        fields.0
    }
}

/// Fields one after the other, each with its length in eight bytes, big endian: as [`model::Hasher`] takes them.
#[derive(Default)]
struct Fields(Vec<u8>);

impl Fields {
    fn bytes(&mut self, field: &[u8]) -> &mut Self {
        self.0.extend((field.len() as u64).to_be_bytes());
        self.0.extend_from_slice(field);
        self
    }

    fn text(&mut self, field: &str) -> &mut Self {
        self.bytes(field.as_bytes())
    }

    fn number(&mut self, field: u64) -> &mut Self {
        self.bytes(&field.to_be_bytes())
    }

    fn list(&mut self, fields: &[String]) -> &mut Self {
        self.number(fields.len() as u64);
        for field in fields {
            self.text(field);
        }
        self
    }
}

/// Walks the log and says where its chain breaks.
#[derive(Debug, Default)]
pub struct Chain {
    last: Option<Entry>,
    /// One sentence for each break.
    pub breaks: Vec<String>,
}

impl Chain {
    /// Takes the next entry.
    pub fn push(&mut self, entry: Entry) {
        let seq = entry.seq;
        let expected =
            self.last.as_ref().map_or((0, Digest::from([0; 32])), |last| (last.seq + 1, last.digest));
        if expected.0 != seq {
            self.breaks.push(format!("entry {} is missing: entry {seq} stands in its place", expected.0));
        }
        if expected.1 != entry.previous {
            self.breaks.push(format!("entry {seq} does not follow from the entry before it"));
        }
        if entry.compute() != entry.digest {
            self.breaks.push(format!("entry {seq} was changed after it was written"));
        }
        self.last = Some(entry);
    }

    /// How many entries were seen, and the digest of the last one.
    pub fn end(&self) -> (u64, Digest) {
        self.last.as_ref().map_or((0, Digest::from([0; 32])), |last| (last.seq + 1, last.digest))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn log() -> Vec<Entry> {
        let mut log: Vec<Entry> = Vec::new();
        for n in 0..4 {
            let deed = Done {
                actor: "a",
                command: "add",
                inputs: vec![format!("item {n}")],
                outputs: vec![format!("row {n}")],
            };
            let mut next = Entry::after(log.last(), Timestamp::UNIX_EPOCH, deed);
            if n < 2 {
                // As earlier versions wrote them.
                (next.outputs, next.host, next.version) = Default::default();
                next.digest = next.compute();
            }
            log.push(next);
        }
        log
    }

    fn breaks(log: Vec<Entry>) -> usize {
        let mut chain = Chain::default();
        log.into_iter().for_each(|entry| chain.push(entry));
        chain.breaks.len()
    }

    #[test]
    fn the_chain_shows_every_kind_of_tampering() {
        assert_eq!(breaks(log()), 0);
        let change = |change: fn(&mut Entry), at: usize| {
            let mut changed = log();
            change(&mut changed[at]);
            breaks(changed)
        };
        for at in 0..4 {
            assert_eq!(change(|entry| entry.inputs[0].push('x'), at), 1);
            assert_eq!(change(|entry| entry.outputs.push("x".into()), at), 1);
            assert_eq!(change(|entry| entry.host.push('x'), at), 1);
            assert_eq!(change(|entry| entry.version.push('x'), at), 1);
        }
        // An entry of today that is made to look like one of before.
        assert_eq!(change(|entry| (entry.outputs, entry.host, entry.version) = Default::default(), 3), 1);
        let mut rehashed = log();
        rehashed[1].actor = "b".into();
        rehashed[1].digest = rehashed[1].compute();
        assert_eq!(breaks(rehashed), 1);
        let mut removed = log();
        removed.remove(2);
        assert!(breaks(removed) >= 2);
        let mut swapped = log();
        swapped.swap(1, 2);
        assert!(breaks(swapped) >= 2);
    }

    #[test]
    fn an_old_entry_reads_and_is_written_as_it_was() {
        // The first entry of a case made by version 0.1.
        let body = include_str!("../tests/old/entry.json").trim();
        let entry: Entry = serde_json::from_str(body).unwrap_or_else(|error| panic!("{error}"));
        assert!(entry.is_old() && entry.compute() == entry.digest);
        assert_eq!(serde_json::to_string(&entry).ok().as_deref(), Some(body));
    }
}
