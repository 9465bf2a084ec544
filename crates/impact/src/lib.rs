//! Whom the sheets touch, and which harm that may do.
//!
//! Comes in: what each sheet says (readings, one by one), who is named in them (mentions, entities), who is reported to have said what
//! (statements), and a table of rules. Goes out: for each person, body and country the passages that mention it with their
//! markings, the statements by, to and about it, and kinds of harm.
//! Invariant: a harm is a proposal that names the rule and the words it rests on, and becomes more than that only by an
//! analyst's act; nothing is proposed that no listed rule proposes. Deliberately absent: how grave a harm is, whether what a
//! sheet says is so, how public it is (told where spread is known).

mod affected;
mod rules;

pub use affected::{Affected, Gathering, Given, Impact, Passage, is_party};
pub use rules::{BadRule, Rules};
