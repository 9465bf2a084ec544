//! Comma separated values (RFC 4180), one row at a time with its place. The separator may be any one byte.

use std::io;

use model::Span;

use super::lines::Lines;
use crate::Input;

/// A row may take so many bytes; a longer one is cut there, and what follows is read as rows again.
const MAX_ROW: usize = 4 << 20;
const MAX_FIELDS: usize = 256;

/// The rows of a file.
pub(super) struct Rows<'a> {
    lines: Lines<'a>,
    separator: u8,
    row: Vec<u8>,
    line: Vec<u8>,
}

/// One row.
pub(super) struct Row {
    pub fields: Vec<String>,
    pub span: Span,
    /// Whether every quote in it was closed.
    pub whole: bool,
}

impl<'a> Rows<'a> {
    pub fn new(input: &'a mut dyn Input, separator: u8) -> Self {
        Self { lines: Lines::new(input, 0, MAX_ROW), separator, row: Vec::new(), line: Vec::new() }
    }

    /// The next row that is not empty.
    pub fn next(&mut self) -> io::Result<Option<Row>> {
        loop {
            let Some(mut span) = self.lines.next(&mut self.row)? else { return Ok(None) };
            while is_open(&self.row) && self.row.len() < MAX_ROW {
                let Some(more) = self.lines.next(&mut self.line)? else { break };
                self.row.push(b'\n');
                self.row.extend(&self.line);
                span.length += more.length;
            }
            if !self.row.trim_ascii().is_empty() {
                let whole = !is_open(&self.row);
                return Ok(Some(Row { fields: fields(&self.row, self.separator), span, whole }));
            }
        }
    }
}

fn is_open(row: &[u8]) -> bool {
    memchr::memchr_iter(b'"', row).count() % 2 == 1
}

/// The fields of one row.
pub(super) fn fields(row: &[u8], separator: u8) -> Vec<String> {
    let mut fields = Vec::new();
    let mut field = Vec::new();
    let mut quoted = false;
    let mut at = 0;
    while let Some(&byte) = row.get(at) {
        match byte {
            b'"' if quoted && row.get(at + 1) == Some(&b'"') => {
                field.push(b'"');
                at += 1;
            }
            b'"' => quoted = !quoted,
            _ if byte == separator && !quoted && fields.len() < MAX_FIELDS => {
                fields.push(String::from_utf8_lossy(&field).into_owned());
                field.clear();
            }
            _ => field.push(byte),
        }
        at += 1;
    }
    fields.push(String::from_utf8_lossy(&field).into_owned());
    fields
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &str) -> Vec<(Vec<String>, bool)> {
        let mut input = io::Cursor::new(text.as_bytes());
        let mut rows = Rows::new(&mut input, b',');
        let mut all = Vec::new();
        while let Some(row) = rows.next().unwrap() {
            all.push((row.fields, row.whole));
        }
        all
    }

    #[test]
    fn quotes_hold_separators_and_line_ends() {
        let got = rows("\u{FEFF}a,\"b,\"\"c\"\"\nd\"\r\n\r\n\"e\",\n\"open,\nend");
        let expected = [(vec!["a", "b,\"c\"\nd"], true), (vec!["e", ""], true), (vec!["open,\nend"], false)];
        assert_eq!(got, expected.map(|(f, w)| (f.into_iter().map(str::to_owned).collect::<Vec<_>>(), w)));
    }
}
