use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::OnceLock;

use case::{Case, Derived, Rows};
use families::{Pose, Shared, Sketch};
use model::{Hasher, Match, Noun, PictureId, Print, Proposal, Yield};
use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::stage::{Desk, Stage};
use crate::stages::prints;

/// Finds which pictures of two blocks share places. A new picture changes one block, so that only its pairs with the others
/// are looked for again.
#[derive(Default)]
pub(crate) struct Likenesses {
    prints: OnceLock<Vec<Print>>,
    sketches: OnceLock<Vec<Sketch>>,
}

/// Two blocks of pictures, or one.
pub(crate) struct Unit {
    one: Range<usize>,
    other: Option<Range<usize>>,
    name: String,
    on: [u8; 32],
}

/// The pairs of a unit that share places: numbers in either block, votes, and how the first lies on the second.
#[derive(Serialize, Deserialize)]
struct Likeness {
    unit: String,
    pairs: Vec<[u32; 4]>,
}

impl Noun for Likeness {
    const KIND: &'static str = "likeness";

    fn key(&self) -> [u8; 32] {
        let mut key = Hasher::new("likeness");
        key.text(&self.unit);
        key.finish()
    }
}

/// The prints that are worth anything, sorted by picture.
fn good(derived: &Derived) -> Result<Vec<Print>> {
    let mut prints: Vec<Print> = derived.all()?;
    prints.retain(|print| print.quality >= families::MIN_QUALITY);
    prints.sort_by_key(|print| print.picture);
    Ok(prints)
}

/// Every pair of blocks, with a digest of what is in them.
fn units(prints: &[(PictureId, [u8; 32])]) -> Vec<Unit> {
    let ids: Vec<[u8; 32]> = prints.iter().map(|(picture, _)| (*picture).into()).collect();
    let blocks = families::blocks(&ids);
    let digests: Vec<[u8; 32]> = blocks
        .iter()
        .map(|block| {
            let mut on = Hasher::new("block");
            for (picture, features) in &prints[block.range.clone()] {
                on.id(*picture).bytes(features);
            }
            on.finish()
        })
        .collect();
    let mut units = Vec::new();
    for (i, one) in blocks.iter().enumerate() {
        for (j, other) in blocks.iter().enumerate().skip(i) {
            let mut on = Hasher::new("unit");
            on.bytes(&digests[i]).bytes(&digests[j]);
            units.push(Unit {
                one: one.range.clone(),
                other: (i != j).then(|| other.range.clone()),
                name: format!("{}-{}", one.bits, other.bits),
                on: on.finish(),
            });
        }
    }
    units
}

fn keyed(prints: &[Print]) -> Vec<(PictureId, [u8; 32])> {
    prints.iter().map(|print| (print.picture, print.features.into())).collect()
}

impl Stage for Likenesses {
    const NAME: &'static str = "likenesses";
    const VERSION: u32 = 1;
    const SAYS: &'static str = "finds pictures that share places";
    type Input = Unit;

    fn inputs(&self, case: &Case) -> Result<Vec<Unit>> {
        let prints = good(case.derived())?;
        let units = units(&keyed(&prints));
        let _ = self.prints.set(prints);
        Ok(units)
    }

    fn name(&self, unit: &Unit) -> String {
        unit.name.clone()
    }

    fn depends(&self, unit: &Unit, on: &mut Hasher) {
        on.bytes(&unit.on);
    }

    fn work(&self, unit: &Unit, desk: &Desk) -> Result<Yield<Rows>> {
        let sketches = self.sketches(desk)?;
        let part = |range: &Range<usize>| {
            sketches.get(range.clone()).ok_or_else(|| Error::Ours("a block is not there".to_owned()))
        };
        let found = match &unit.other {
            None => families::shared(part(&unit.one)?, None),
            Some(other) => families::shared(part(&unit.one)?, Some(part(other)?)),
        };
        let pairs =
            found.iter().map(|pair| [pair.a, pair.b, pair.votes, pair.pose.number() as u32]).collect();
        let mut rows = Rows::default();
        rows.put(&Likeness { unit: unit.name.clone(), pairs })?;
        Ok(Yield::clean(rows))
    }
}

impl Likenesses {
    /// What is compared of every picture, read when it is wanted first.
    fn sketches(&self, desk: &Desk) -> Result<&[Sketch]> {
        if let Some(sketches) = self.sketches.get() {
            return Ok(sketches);
        }
        let prints = self.prints.get().map_or(&[][..], Vec::as_slice);
        let sketch = |print| Ok(Sketch::of(&prints::features(desk.made, print)?));
        let sketches: Vec<Sketch> = prints.iter().map(sketch).collect::<Result<_>>()?;
        Ok(self.sketches.get_or_init(|| sketches))
    }
}

/// Names the pairs of pictures that are to be held against each other: of those that share places, the likeliest of each
/// picture.
pub(crate) struct Proposals;

/// The pairs whose first picture is in one block.
pub(crate) struct Chosen {
    block: String,
    pairs: Vec<(PictureId, PictureId, Pose)>,
}

impl Stage for Proposals {
    const NAME: &'static str = "proposals";
    const VERSION: u32 = 5;
    const SAYS: &'static str = "chooses pictures that look alike";
    type Input = Chosen;

    fn inputs(&self, case: &Case) -> Result<Vec<Chosen>> {
        let prints = keyed(&good(case.derived())?);
        let starts: BTreeMap<String, (usize, usize)> = units(&prints)
            .into_iter()
            .map(|unit| {
                let second = unit.other.as_ref().unwrap_or(&unit.one).start;
                (unit.name, (unit.one.start, second))
            })
            .collect();
        let mut shared = Vec::new();
        case.derived().each(|likeness: Likeness| {
            let Some((first, second)) = starts.get(&likeness.unit) else { return Ok(()) };
            let (first, second) = (*first as u32, *second as u32);
            shared.extend(likeness.pairs.iter().map(|[a, b, votes, pose]| Shared {
                a: a + first,
                b: b + second,
                votes: *votes,
                pose: Pose::ALL[*pose as usize % 8],
            }));
            Ok(())
        })?;
        let chosen = families::choose(prints.len(), &shared);
        let ids: Vec<[u8; 32]> = prints.iter().map(|(picture, _)| (*picture).into()).collect();
        let mut inputs = Vec::new();
        for block in families::blocks(&ids) {
            let of = chosen.partition_point(|pair| (pair.a as usize) < block.range.start);
            let to = chosen.partition_point(|pair| (pair.a as usize) < block.range.end);
            let pair = |pair: &Shared| (prints[pair.a as usize].0, prints[pair.b as usize].0, pair.pose);
            inputs.push(Chosen { block: block.bits, pairs: chosen[of..to].iter().map(pair).collect() });
        }
        Ok(inputs)
    }

    fn name(&self, chosen: &Chosen) -> String {
        format!("block {}", chosen.block)
    }

    fn depends(&self, chosen: &Chosen, on: &mut Hasher) {
        for (a, b, pose) in &chosen.pairs {
            on.id(*a).id(*b).number(pose.number() as u64);
        }
    }

    fn work(&self, chosen: &Chosen, _: &Desk) -> Result<Yield<Rows>> {
        let mut rows = Rows::default();
        for (a, b, pose) in &chosen.pairs {
            let (a, b) = (*a, *b);
            rows.put(&Proposal { id: Match::id_of(a, b), a, b, turns: pose.turns, negative: pose.negative })?;
        }
        Ok(Yield::clean(rows))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::Id;
    use std::collections::BTreeSet;

    fn some(count: u64) -> Vec<(PictureId, [u8; 32])> {
        let id = |n: u64| {
            PictureId::make(|id| {
                id.number(n);
            })
        };
        let mut prints: Vec<_> = (0..count).map(|n| (id(n), [n as u8; 32])).collect();
        prints.sort_unstable();
        prints
    }

    fn pairs(unit: &Unit) -> u64 {
        let (one, other) = (unit.one.len() as u64, unit.other.as_ref().map(|other| other.len() as u64));
        other.map_or(one * (one - 1) / 2, |other| one * other)
    }

    /// Share of the pairs that are looked at again when one picture is added.
    fn redone(count: u64) -> f64 {
        let before: BTreeSet<(String, [u8; 32])> =
            units(&some(count)).into_iter().map(|unit| (unit.name, unit.on)).collect();
        let after = units(&some(count + 1));
        let all: u64 = after.iter().map(pairs).sum();
        assert_eq!(all, (count + 1) * count / 2);
        let again = after.iter().filter(|unit| !before.contains(&(unit.name.clone(), unit.on)));
        again.map(pairs).sum::<u64>() as f64 / all as f64
    }

    #[test]
    fn a_picture_more_redoes_at_most_one_pair_in_a_hundred() {
        for count in [20_000, 20_007, 50_000] {
            let redone = redone(count);
            assert!(redone <= 0.01, "{count}: {redone}");
        }
    }

    #[test]
    fn blocks_of_few_pictures_are_few() {
        assert!(units(&[]).is_empty());
        assert_eq!(units(&some(40)).len(), 1);
        assert!(redone(2_000) < 0.1);
    }
}
