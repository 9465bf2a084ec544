//! Pages: a frame around what `dossier` tells, and the views that a report cannot have.

mod about;
mod channel;
mod forms;
pub(crate) mod frame;
mod history;
mod lists;
mod party;
mod picture;
mod post;
mod sheet;

pub(crate) use about::about;
pub(crate) use channel::channel;
pub(crate) use forms::{Field, act};
pub(crate) use frame::{Frame, Part, filtered, framed, missing, pager};
pub(crate) use history::history;
pub(crate) use lists::{matrix, posts, section, sheets, timeline};
pub(crate) use party::party;
pub(crate) use picture::picture;
pub(crate) use post::{KIND as POST, post};
pub(crate) use sheet::sheet;
