//! Spellings that analysts hold apart.
//!
//! In: acts. Out: keys of their own for spellings that would have one key with those they were split from, and the pairs of keys that
//! must not meet. Invariant: a spelling that no act names is not touched.

use std::collections::{BTreeMap, BTreeSet};

use model::{Act, EntityKind, Mention};

use crate::entities::Key;
use crate::spelling::key;

/// What analysts hold apart.
#[derive(Default)]
pub(crate) struct Parted {
    /// For each spelling that was split from others: the number of the first act that did.
    own: BTreeMap<(EntityKind, String), usize>,
    /// Spellings, and those they were split from.
    splits: Vec<(EntityKind, BTreeSet<String>, BTreeSet<String>)>,
    pairs: BTreeSet<(Key, Key)>,
}

impl Parted {
    pub fn of(acts: &[Act]) -> Self {
        let mut parted = Self::default();
        for (kind, names, from) in acts.iter().filter_map(|act| act.deed.names()) {
            if from.is_empty() {
                continue;
            }
            let n = parted.splits.len();
            for name in names {
                parted.own.entry((kind, name.clone())).or_insert(n);
            }
            parted.splits.push((kind, names.iter().cloned().collect(), from.iter().cloned().collect()));
        }
        parted
    }

    /// The key of a spelling that was split from others; one of its own where it would have theirs. Spellings that were split
    /// off together stay together as far as their letters say so.
    pub fn key_of(&self, kind: EntityKind, name: &str) -> Option<Key> {
        let act = *self.own.get(&(kind, name.to_owned()))?;
        let (_, _, from) = self.splits.get(act)?;
        let letters = key(name);
        let same = from.iter().any(|other| key(other) == letters);
        Some((kind, if same { format!("{letters} \u{1}{act}") } else { letters }))
    }

    /// Finds the keys that must not meet.
    pub fn settle(&mut self, mentions: &[&Mention], keys: &[Key]) {
        if self.splits.is_empty() {
            return;
        }
        let mut of: BTreeMap<(EntityKind, &str), &Key> = BTreeMap::new();
        for (mention, key) in mentions.iter().zip(keys) {
            of.insert((mention.kind, mention.name.as_str()), key);
        }
        for (kind, names, from) in &self.splits {
            for (one, other) in names.iter().flat_map(|one| from.iter().map(move |other| (one, other))) {
                let both = of.get(&(*kind, one.as_str())).zip(of.get(&(*kind, other.as_str())));
                if let Some((a, b)) = both.filter(|(a, b)| a != b) {
                    self.pairs.insert(((*a).clone(), (*b).clone()));
                }
            }
        }
    }

    /// Pairs of keys that must not meet.
    pub fn pairs(&self) -> impl Iterator<Item = &(Key, Key)> {
        self.pairs.iter()
    }
}
