//! What the sheets say of one party, for that party: its own passages and nothing about others.
//!
//! Comes in: a dossier and a party of it. Goes out: blocks of text, as HTML or PDF. Everything that came from a sheet or a
//! platform goes through the mask; the case's name, names of files and the analysts' words are left out altogether.

mod blocks;
mod html;
mod pdf;

pub use blocks::briefing;

use case::{Case, Done};
use model::Digest;

/// Enters in the custody log that a briefing for a party, by its printed id, was handed out as these bytes.
pub fn enter(case: &mut Case, party: &str, bytes: &[u8], actor: &str) -> Result<(), case::Error> {
    let (inputs, outputs) = (vec![party.to_owned()], vec![format!("sha256 {}", Digest::of(bytes))]);
    case.enter(Done { actor, command: "briefing", inputs, outputs })
}

/// A briefing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Briefing {
    /// Its heading.
    pub title: String,
    /// What it tells, in order.
    pub blocks: Vec<Block>,
    /// Passages in capitals: names that nobody knew of cannot be told in them by their capitals.
    pub capitals: usize,
}

/// A piece of a briefing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    /// A heading.
    Heading(String),
    /// A paragraph.
    Text(String),
    /// A passage, and what is said of it.
    Passage {
        /// Its words, others taken out.
        words: String,
        /// Marking, harms, versions, place: a line each.
        notes: Vec<String>,
    },
}

impl Briefing {
    /// All of its text, a line a piece.
    pub fn text(&self) -> String {
        let mut lines = vec![self.title.clone()];
        for block in &self.blocks {
            match block {
                Block::Heading(text) | Block::Text(text) => lines.push(text.clone()),
                Block::Passage { words, notes } => {
                    lines.push(words.clone());
                    lines.extend(notes.iter().cloned());
                }
            }
        }
        lines.join("\n")
    }

    /// One HTML file that opens offline, prints well and asks the network for nothing.
    pub fn html(&self) -> String {
        html::html(self)
    }

    /// A PDF with its text as text, in Liberation Sans.
    pub fn pdf(&self) -> Vec<u8> {
        pdf::pdf(self)
    }
}
