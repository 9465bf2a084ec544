//! The derived database against what the log says the stages yielded.

use std::collections::BTreeMap;

use super::{Check, integrity};
use crate::derived::{is_entered, yielded};

impl Check<'_> {
    /// `derived.db`: sound, and as the last entry that tells of it has it.
    pub(super) fn derived(&mut self) {
        let connection = match self.open("derived.db") {
            None => {
                return self.found.notes.push("derived.db is not there: `truecopy run` makes it".to_owned());
            }
            Some(Err(error)) => return self.found.derived.push(format!("derived.db: {error}")),
            Some(Ok(connection)) => connection,
        };
        let amiss = integrity(&connection);
        self.found.derived.extend(amiss.into_iter().map(|says| format!("derived.db: {says}")));
        let held = match yielded(&connection) {
            Ok(held) => held,
            Err(error) => return self.found.derived.push(format!("derived.db: {error}")),
        };
        let Some(told) = self.told() else {
            return self.found.notes.push(
                "the log does not say yet what the stages yielded; the next `truecopy run` enters it"
                    .to_owned(),
            );
        };
        let held: BTreeMap<String, String> =
            held.into_iter().map(|one| (one.stage.clone(), one.to_string())).collect();
        let stages: std::collections::BTreeSet<&String> = held.keys().chain(told.keys()).collect();
        let differ: Vec<&str> = stages
            .into_iter()
            .filter(|stage| held.get(*stage) != told.get(*stage))
            .map(String::as_str)
            .collect();
        if differ.is_empty() {
            return;
        }
        let names = differ.join(", ");
        if is_entered(&connection).unwrap_or(true) {
            self.found
                .derived
                .push(format!("derived.db: what these stages yielded is not what was entered: {names}"));
        } else {
            self.found.notes.push(format!(
                "work was done that is not entered yet, a run was cut off ({names}); the next `truecopy run` enters it"
            ));
        }
    }

    /// What the last entry that tells of stages says of each.
    fn told(&self) -> Option<BTreeMap<String, String>> {
        let of = |output: &String| {
            let stage = output.strip_prefix("stage ")?.split_once(' ')?.0;
            Some((stage.to_owned(), output.clone()))
        };
        self.entries
            .iter()
            .rev()
            .map(|entry| entry.outputs.iter().filter_map(of).collect::<BTreeMap<_, _>>())
            .find(|stages| !stages.is_empty())
    }
}
