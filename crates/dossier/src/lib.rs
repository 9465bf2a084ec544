//! The account told: dossier.json for machines, one HTML report for people.
//!
//! Comes in: the nouns of a case ([`gather`], or a [`Material`] made by hand). Goes out: a [`Dossier`] ([`tell`]), written
//! as JSON ([`json`], [`schema`]) or as a report ([`report`]) that opens offline and asks the network for nothing.
//! Invariant: the same material gives the same bytes of dossier.json in whatever order it arrived; nothing in it depends on
//! when, where or by whom it was received. No received byte is shown: text is escaped, pictures are rasters of our own.
//! Deliberately absent: any verdict on a picture or a person, and any algorithm beyond counting, sorting and drawing.
//!
//! The structs of [`told`] are the public format; the serde form of `model` is not.

mod bare;
mod briefing;
pub mod cells;
mod context;
mod counts;
mod find;
mod ftm;
mod graph;
mod history;
mod json;
mod live;
mod masked;
mod material;
mod method;
pub mod named;
mod names;
mod overlay;
mod pager;
mod previews;
mod report;
mod request;
mod tell;
mod thumbnail;
pub mod told;

pub use briefing::{Block, Briefing, briefing, enter as enter_briefing};
pub use context::{arrivals, context};
pub use counts::counts;
pub use find::{Found, found, hits, stands, terms};
pub use ftm::ftm;
pub use graph::{Together, gexf, graphml, hops_csv, people_csv, people_gexf, people_graphml, together};
pub use history::{Step, moved};
pub use json::{digest, json, schema};
pub use live::{Live, Order, Wanted};
pub use material::{Material, counted, gather, gather_by};
pub use names::Names;
pub use overlay::overlay;
pub use pager::{Page, ROWS};
pub use previews::{Rasters, report_of};
pub use report::shown;
pub use report::{Arrival, Chosen, Context, Corners, Opened, Preview, Previews, STYLE, Sought, report};
pub use request::request;
pub use tell::{post as tell_post, tell};
pub use told::{Counts, Dossier, SCHEMA};
