use std::collections::BTreeMap;

use case::{Case, Rows};
use model::{Appearance, FamilyId, FamilyReading, Hasher, Imprint, Post, Yield};
use spread::Leaf;

use crate::error::Result;
use crate::stage::{Desk, Stage};
use crate::stages::Everything;
use crate::stages::sheets::Sheets;
use crate::stages::spread::Spread;

/// Proposes which sheets belong together.
pub(crate) struct Documents {
    /// Whether pictures are read at all.
    pub(crate) reading: bool,
}

impl Stage for Documents {
    const NAME: &'static str = "documents";
    const VERSION: u32 = 1;
    const SAYS: &'static str = "finds sheets that belong together";
    type Input = Everything;

    fn inputs(&self, case: &Case) -> Result<Vec<Everything>> {
        Everything::of(case.derived(), &[Sheets::NAME, Spread::NAME])
    }

    fn name(&self, everything: &Everything) -> String {
        everything.name()
    }

    fn depends(&self, everything: &Everything, on: &mut Hasher) {
        on.bytes(&everything.on);
    }

    fn ready(&self) -> bool {
        self.reading
    }

    fn work(&self, _: &Everything, desk: &Desk) -> Result<Yield<Rows>> {
        let mut leaves: BTreeMap<FamilyId, Leaf> = BTreeMap::new();
        desk.derived.each(|read: FamilyReading| {
            leaves.insert(read.family, leaf(&read));
            Ok(())
        })?;
        leaves.retain(|_, leaf| leaf.number.is_some() || leaf.banner.is_some() || leaf.paragraphs.is_some());
        let mut seen: Vec<Appearance> = Vec::new();
        desk.derived.each(|appearance: Appearance| {
            if leaves.contains_key(&appearance.family) {
                seen.push(appearance);
            }
            Ok(())
        })?;
        for appearance in seen {
            let Some(post) = desk.derived.get::<Post>(appearance.post)? else { continue };
            let author = post.author.as_ref().map(|author| author.name.clone()).unwrap_or_default();
            if let Some((leaf, when)) = leaves.get_mut(&appearance.family).zip(post.when()) {
                leaf.seen.push((post.channel, author, when.earliest.as_second()));
            }
        }
        let mut rows = Rows::default();
        spread::documents(&leaves).iter().try_for_each(|document| rows.put(document))?;
        Ok(Yield::clean(rows))
    }
}

/// What a sheet's reading tells of the document it belongs to.
fn leaf(read: &FamilyReading) -> Leaf {
    let mut leaf = Leaf {
        banner: read.banner.clone(),
        paragraphs: spread::paragraphs(&read.text),
        groups: read.dates.iter().filter(|date| date.group).map(|date| date.when.verbatim.clone()).collect(),
        ..Leaf::default()
    };
    for printed in &read.printed {
        match &printed.says {
            // "Page 2 of 5" says more than a bare number.
            Imprint::Page { number, of } if of.is_some() || leaf.of.is_none() => {
                (leaf.number, leaf.of) = (Some(*number), *of);
            }
            Imprint::Serial(serial) => drop(leaf.serials.insert(serial.clone())),
            _ => {}
        }
    }
    leaf
}
