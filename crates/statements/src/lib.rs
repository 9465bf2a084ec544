//! What sheets say, and of whom.
//!
//! Comes in: the readings of families, and a gazetteer. Goes out: mentions (names in the text, with kind, role and place),
//! statements (who is reported to have said what to whom, with the verb, the source, the words of likelihood), dates of the prose;
//! events and subjects; over all sheets entities, with the reasons why spellings were joined or kept apart.
//! Invariant: everything stands on characters of a reading; a speaker or addressee that the text does not name clearly is left
//! open. Deliberately absent: whether what is said is so, who somebody is outside of the texts, trained weights.
//!
//! The order of work: [`told`] takes a text apart (`text`), finds dates (`dates`) and names (`names`, `persons`, `bodies`, `figures`,
//! `elsewhere`), then verbs of saying (`speech`) with who stands before and behind them (`parties`, `hearers`), through which source the page
//! has it (`sources`), and whom pronouns mean (`resolve`); what happened (`events`) and what the sheet is about (`subjects`). [`entities`] gathers.

mod bodies;
mod dates;
mod elsewhere;
mod entities;
mod events;
mod figures;
mod ftm;
mod gazetteer;
mod hearers;
mod held;
mod lexicon;
mod likelihood;
mod names;
mod page;
mod parted;
mod parties;
mod persons;
mod resolve;
mod sentences;
mod sources;
mod speech;
mod spelling;
mod subjects;
mod text;

pub use dates::Timed;
pub use entities::{entities, entities_by};
pub use jiff::civil::Date;

pub use gazetteer::{BadRow, Gazetteer};
pub use held::held;
pub use page::{Told, page_date, told};
pub use sentences::sentences;
