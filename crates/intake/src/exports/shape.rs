use std::collections::BTreeSet;
use std::io;

use model::Span;

use crate::json::{Choice, Step, Visitor, walk};

/// The keys that the head of a JSON file has, as paths such as `messages/*/author`: `*` stands for any place in a
/// list and for keys made of digits.
pub(crate) struct Shape(BTreeSet<String>);

const DEPTH: usize = 7;
const MOST: usize = 4096;

impl Shape {
    /// The shape of a file that begins with `head`.
    pub fn of(head: &[u8]) -> Self {
        let mut keys = Keys(BTreeSet::new());
        let mut head = head;
        // A slice gives no errors, and neither does this visitor.
        walk(&mut head, &mut keys).ok();
        Shape(keys.0)
    }

    /// Whether it has this path.
    pub fn has(&self, path: &str) -> bool {
        self.0.contains(path)
    }

    /// Whether it has one of these paths.
    pub fn has_any(&self, paths: &[&str]) -> bool {
        paths.iter().any(|path| self.has(path))
    }
}

struct Keys(BTreeSet<String>);

impl Visitor for Keys {
    fn choose(&mut self, path: &[Step], _first: u8) -> Choice {
        let parts: Vec<&str> = path
            .iter()
            .map(|step| match step {
                Step::Key(key) if !key.is_empty() && !key.bytes().all(|b| b.is_ascii_digit()) => key,
                _ => "*",
            })
            .collect();
        let name = parts.join("/");
        if name.len() < 256 && self.0.len() < MOST {
            self.0.insert(name);
        }
        if path.len() < DEPTH { Choice::Enter } else { Choice::Skip }
    }
    fn value(&mut self, _path: &[Step], _bytes: &[u8], _span: Span) -> io::Result<bool> {
        Ok(true)
    }
    fn damage(&mut self, _span: Span, _why: &str) -> io::Result<()> {
        Ok(())
    }
}
