//! The order of work.
//!
//! Comes in: a case with ground. Goes out: the same case with everything derived from it.
//! Invariant: a stage's work depends on nothing but what it names in `depends`; a finished run is skipped, a killed one
//! leaves nothing, and hostile bytes are opened only in a worker process. Deliberately absent: arguments, words for
//! people, and any algorithm of an engine.
//!
//! [`run`] reads as the plan. The quick stages come first, so that first answers show early.

mod budget;
mod drive;
mod error;
pub mod redact;
mod stage;
mod stages;
pub mod worker;

pub use drive::{Event, Options, Reader, Summary, Watch, enter};
pub use error::{Error, Result};
pub use stage::{Desk, Stage};
pub use stages::matches::{Laid, Said, laid};

use case::Case;
use drive::Driver;
pub use statements::Gazetteer;

/// Does all that is missing, and nothing else. Stops early, with everything finished kept, once `options.stop` is set.
pub fn run(case: &Case, options: &Options, watch: Watch) -> Result<Summary> {
    let mut driver = Driver::new(case, options, watch)?;
    driver.drive(&stages::unpack::Unpack)?;
    driver.drive(&stages::blobs::Blobs)?;
    driver.drive(&stages::exports::Exports)?;
    driver.drive(&stages::posts::Posts)?;
    driver.drive(&stages::discrepancies::Discrepancies)?;
    driver.drive(&stages::accounts::Accounts)?;
    driver.drive(&stages::attachments::Attachments::default())?;
    driver.drive(&stages::pages::Pages)?;
    driver.drive(&stages::prints::Prints)?;
    driver.drive(&stages::proposals::Likenesses::default())?;
    driver.drive(&stages::proposals::Proposals)?;
    driver.drive(&stages::matches::Matches::default())?;
    driver.drive(&stages::matches::Bridges::default())?;
    driver.drive(&stages::families::Families::default())?;
    driver.drive(&stages::exposures::Exposures)?;
    driver.drive(&stages::spread::Spread)?;
    let reader = options.reader.as_ref();
    driver.drive(&stages::readings::Readings { reader })?;
    driver.drive(&stages::sheets::Sheets { reading: reader.is_some() })?;
    driver.drive(&stages::quotes::Quotes { reading: reader.is_some() })?;
    driver.drive(&stages::documents::Documents { reading: reader.is_some() })?;
    let gazetteer = options.gazetteer.as_ref().unwrap_or_else(|| Gazetteer::shipped());
    driver.drive(&stages::statements::Statements { gazetteer })?;
    driver.drive(&stages::statements::Entities::new(gazetteer))?;
    driver.drive(&stages::versions::Versions { reader })?;
    driver.drive(&stages::encodings::Encodings)?;
    driver.drive(&stages::hops::Hops)?;
    driver.drive(&stages::gaps::Gaps)?;
    Ok(driver.finish())
}
