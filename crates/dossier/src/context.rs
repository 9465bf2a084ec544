//! What a report says of its own making, as an open case has it.

use case::{Case, Error};

use crate::report::{Arrival, Context};

/// The circumstances of a report that is made now.
pub fn context(case: &Case) -> Result<Context, Error> {
    let (entries, head) = case.ground().chain()?.end();
    Ok(Context {
        made_at: case::clock::now().to_string(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        custody_entries: entries,
        custody_head: head.to_string(),
        view_all: false,
        arrivals: arrivals(case)?,
    })
}

/// What was added when, as the custody log has it.
pub fn arrivals(case: &Case) -> Result<Vec<Arrival>, Error> {
    let added = case.ground().entries()?.into_iter().filter(|entry| entry.command == "add");
    let new = added.map(|entry| Arrival {
        at: entry.at,
        items: entry.inputs.iter().filter_map(|input| input.parse().ok()).collect(),
    });
    Ok(new.filter(|arrival| !arrival.items.is_empty()).collect())
}
