use std::collections::BTreeMap;
use std::sync::OnceLock;

use case::{Case, Derived, Rows};
use model::{Act, Document, FamilyId, FamilyReading, Hasher, Mention, RunId, Yield};
use statements::{Date, Gazetteer};

use crate::error::{Error, Result};
use crate::stage::{Desk, Stage};
use crate::stages::Everything;
use crate::stages::sheets::Sheets;

/// Finds names, statements, events and subjects in what each sheet says.
pub(crate) struct Statements<'a> {
    pub(crate) gazetteer: &'a Gazetteer,
}

/// A sheet that was read.
pub(crate) struct Spoken {
    family: FamilyId,
    run: RunId,
    /// The date of another sheet of its document, if it may bear none of its own.
    day: Option<Date>,
}

impl Stage for Statements<'_> {
    const NAME: &'static str = "statements";
    const VERSION: u32 = 3;
    const SAYS: &'static str = "finds names and statements in what sheets say";
    type Input = Spoken;

    fn inputs(&self, case: &Case) -> Result<Vec<Spoken>> {
        let days = days(case.derived())?;
        let spoken = |run: case::Finished| {
            let family: FamilyId =
                run.input.parse().map_err(|_| Error::Ours(format!("'{}' is no sheet", run.input)))?;
            Ok(Spoken { family, run: run.id, day: days.get(&family).copied() })
        };
        case.derived().finished(Sheets::NAME)?.into_iter().map(spoken).collect()
    }

    fn name(&self, spoken: &Spoken) -> String {
        spoken.family.to_string()
    }

    fn depends(&self, spoken: &Spoken, on: &mut Hasher) {
        on.id(spoken.run).text(&spoken.day.map(|day| day.to_string()).unwrap_or_default());
    }

    fn with(&self, on: &mut Hasher) {
        on.text(self.gazetteer.added());
    }

    fn work(&self, spoken: &Spoken, desk: &Desk) -> Result<Yield<Rows>> {
        let mut rows = Rows::default();
        if let Some(reading) = desk.derived.get::<FamilyReading>(spoken.family)? {
            let told = statements::told(&reading, spoken.day, self.gazetteer);
            told.mentions.iter().try_for_each(|mention| rows.put(mention))?;
            told.statements.iter().try_for_each(|statement| rows.put(statement))?;
            told.events.iter().try_for_each(|event| rows.put(event))?;
            told.subjects.iter().try_for_each(|subject| rows.put(subject))?;
        }
        Ok(Yield::clean(rows))
    }
}

/// For sheets of documents in which one date stands: that date.
fn days(derived: &Derived) -> Result<BTreeMap<FamilyId, Date>> {
    let mut days = BTreeMap::new();
    for document in derived.all::<Document>()? {
        let mut found: Vec<Date> = Vec::new();
        for family in &document.families {
            found.extend(derived.get::<FamilyReading>(*family)?.as_ref().and_then(statements::page_date));
        }
        found.sort_unstable();
        found.dedup();
        if let [day] = found[..] {
            days.extend(document.families.iter().map(|family| (*family, day)));
        }
    }
    Ok(days)
}

/// Gathers mentions of all sheets to what bears the names, as far as no analyst said otherwise.
pub(crate) struct Entities<'a> {
    gazetteer: &'a Gazetteer,
    /// What analysts said of names.
    acts: OnceLock<Vec<Act>>,
}

impl<'a> Entities<'a> {
    pub(crate) fn new(gazetteer: &'a Gazetteer) -> Self {
        Self { gazetteer, acts: OnceLock::new() }
    }
}

impl Stage for Entities<'_> {
    const NAME: &'static str = "entities";
    const VERSION: u32 = 1;
    const SAYS: &'static str = "gathers who and what is mentioned";
    type Input = Everything;

    fn inputs(&self, case: &Case) -> Result<Vec<Everything>> {
        let mut everything = Everything::of(case.derived(), &[Statements::NAME])?;
        let mut acts = case.ground().standing()?;
        acts.retain(|act| act.deed.names().is_some());
        if !acts.is_empty() {
            let ids: Vec<[u8; 32]> = acts.iter().map(|act| act.id.into()).collect();
            everything.iter_mut().for_each(|everything| everything.add(ids.iter().copied()));
        }
        let _ = self.acts.set(acts);
        Ok(everything)
    }

    fn name(&self, everything: &Everything) -> String {
        everything.name()
    }

    fn depends(&self, everything: &Everything, on: &mut Hasher) {
        on.bytes(&everything.on);
    }

    fn with(&self, on: &mut Hasher) {
        on.text(self.gazetteer.added());
    }

    fn work(&self, _: &Everything, desk: &Desk) -> Result<Yield<Rows>> {
        let mentions: Vec<Mention> = desk.derived.all()?;
        let mut rows = Rows::default();
        let acts = self.acts.get_or_init(Vec::new);
        statements::entities_by(&mentions, self.gazetteer, acts)
            .iter()
            .try_for_each(|entity| rows.put(entity))?;
        Ok(Yield::clean(rows))
    }
}
