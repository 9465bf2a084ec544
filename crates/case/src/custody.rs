//! The custody log: each entry holds the digest of the one before it, so that none can be changed, moved or removed
//! without the chain showing it.

use jiff::Timestamp;
use model::{Digest, Hasher};
use serde::{Deserialize, Serialize};

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
    /// SHA-256 over all fields above, each prefixed with its length (8 bytes, big endian), in this order, after the
    /// domain "entry".
    pub digest: Digest,
}

impl Entry {
    /// The entry that follows `last`.
    pub(crate) fn after(
        last: Option<&Entry>,
        at: Timestamp,
        actor: &str,
        command: &str,
        inputs: Vec<String>,
    ) -> Self {
        let mut entry = Entry {
            seq: last.map_or(0, |last| last.seq + 1),
            at,
            actor: actor.to_owned(),
            command: command.to_owned(),
            inputs,
            previous: last.map_or(Digest::from([0; 32]), |last| last.digest),
            digest: Digest::from([0; 32]),
        };
        entry.digest = entry.compute();
        entry
    }

    fn compute(&self) -> Digest {
        let mut hasher = Hasher::new("entry");
        hasher.number(self.seq).text(&self.at.to_string()).text(&self.actor).text(&self.command);
        hasher.number(self.inputs.len() as u64);
        for input in &self.inputs {
            hasher.text(input);
        }
        hasher.id(self.previous);
        Digest::from(hasher.finish())
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
            let next = Entry::after(log.last(), Timestamp::UNIX_EPOCH, "a", "add", vec![format!("item {n}")]);
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
        let mut changed = log();
        changed[1].inputs[0].push('x');
        assert_eq!(breaks(changed), 1);
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
}
