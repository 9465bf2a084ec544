//! PO, the format of gettext's translators, as far as it tells translations: entries of strings after keywords.

/// One text and its translation, in all its forms.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Entry {
    /// What tells it from another entry of the same text.
    pub(crate) context: Option<String>,
    pub(crate) text: String,
    /// For several, where it differs by number.
    pub(crate) many: Option<String>,
    pub(crate) forms: Vec<String>,
    /// Whether it is to be looked at again.
    pub(crate) fuzzy: bool,
}

/// Where the strings that follow belong.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Field {
    None,
    Context,
    Text,
    Many,
    Form(usize),
}

/// Forms of a translation, at most.
const FORMS: usize = 10;

/// All entries of a file; that of the empty text is its header. An error names the line.
pub(crate) fn entries(file: &str) -> Result<Vec<Entry>, String> {
    let mut reader = Reader { all: Vec::new(), entry: Entry::default(), field: Field::None };
    for (number, line) in file.trim_start_matches('\u{feff}').lines().enumerate() {
        reader.line(line.trim()).map_err(|why| format!("line {}: {why}", number + 1))?;
    }
    reader.end();
    Ok(reader.all)
}

struct Reader {
    all: Vec<Entry>,
    entry: Entry,
    field: Field,
}

impl Reader {
    fn line(&mut self, line: &str) -> Result<(), String> {
        if let Some(comment) = line.strip_prefix('#') {
            if matches!(self.field, Field::Form(_)) {
                self.end();
            }
            // `#~` begins what is left of an entry that is none any more.
            if let Some(flags) = comment.strip_prefix(',') {
                self.entry.fuzzy |= flags.split(',').any(|flag| flag.trim() == "fuzzy");
            }
            return Ok(());
        }
        if line.is_empty() {
            return Ok(());
        }
        let string = if line.starts_with('"') {
            line
        } else {
            let (keyword, string) = line.split_once([' ', '\t']).ok_or("a keyword without a string")?;
            self.begin(keyword)?;
            string.trim()
        };
        let text = unquoted(string)?;
        match self.field {
            Field::None => return Err("a string without a keyword".to_owned()),
            Field::Context => self.entry.context.get_or_insert_default().push_str(&text),
            Field::Text => self.entry.text.push_str(&text),
            Field::Many => self.entry.many.get_or_insert_default().push_str(&text),
            Field::Form(n) => {
                if self.entry.forms.len() <= n {
                    self.entry.forms.resize(n + 1, String::new());
                }
                if let Some(form) = self.entry.forms.get_mut(n) {
                    form.push_str(&text);
                }
            }
        }
        Ok(())
    }

    fn begin(&mut self, keyword: &str) -> Result<(), String> {
        let form = keyword.strip_prefix("msgstr[").and_then(|rest| rest.strip_suffix(']'));
        let field = match (keyword, form.and_then(|form| form.parse::<usize>().ok())) {
            ("msgctxt", _) => Field::Context,
            ("msgid", _) => Field::Text,
            ("msgid_plural", _) => Field::Many,
            ("msgstr", _) => Field::Form(0),
            (_, Some(form)) if form < FORMS => Field::Form(form),
            _ => return Err(format!("'{}' is no keyword", keyword.chars().take(40).collect::<String>())),
        };
        let follows = matches!(self.field, Field::Form(_)) && matches!(field, Field::Context | Field::Text);
        if follows {
            self.end();
        }
        let fits = match field {
            Field::Context => self.field == Field::None,
            Field::Text => matches!(self.field, Field::None | Field::Context),
            Field::Many => self.field == Field::Text,
            _ => !matches!(self.field, Field::None | Field::Context),
        };
        self.field = field;
        if fits { Ok(()) } else { Err(format!("{keyword} does not belong here")) }
    }

    /// The entry is whole.
    fn end(&mut self) {
        let entry = std::mem::take(&mut self.entry);
        if matches!(self.field, Field::Form(_)) {
            self.all.push(entry);
        }
        self.field = Field::None;
    }
}

fn unquoted(string: &str) -> Result<String, String> {
    let inside = string.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    let mut signs = inside.ok_or("a string does not stand in quotes")?.chars();
    let mut text = String::new();
    while let Some(sign) = signs.next() {
        text.push(match sign {
            '"' => return Err("a quote within a string has no \\ before it".to_owned()),
            '\\' => match signs.next() {
                Some('n') => '\n',
                Some('t') => '\t',
                Some('r') => '\r',
                Some(sign @ ('"' | '\\')) => sign,
                _ => return Err("after \\ stands none of n, t, r, \\ and \"".to_owned()),
            },
            sign => sign,
        });
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_are_parted() {
        let file = "\u{feff}# x\n#, fuzzy, c-format\n#: a.rs\n#| msgid \"old\"\nmsgctxt \"c\"\nmsgid \"a\"\n\"b\"\nmsgid_plural \"abs\"\nmsgstr[0] \"1\"\nmsgstr[1] \"\"\n\"2\"\n\
                    msgid \"next\"\r\nmsgstr \"n\\\"\\\\\\n\"\n#~ msgid \"gone\"\n#~ msgstr \"g\"\n";
        let first = Entry {
            context: Some("c".to_owned()),
            text: "ab".to_owned(),
            many: Some("abs".to_owned()),
            forms: vec!["1".to_owned(), "2".to_owned()],
            fuzzy: true,
        };
        let next = Entry { text: "next".to_owned(), forms: vec!["n\"\\\n".to_owned()], ..Entry::default() };
        assert_eq!(entries(file).unwrap(), [first, next]);
        assert!(entries("").unwrap().is_empty());
    }

    #[test]
    fn errors_name_the_line() {
        for (file, line) in [
            ("Hello", "line 1"),
            ("\n\"a\"", "line 2"),
            ("msgid \"a", "line 1"),
            ("msgid \"a\"b\"", "line 1"),
            ("msgid \"a\\x\"", "line 1"),
            ("msgid \"a\"\nmsgid \"b\"", "line 2"),
            ("msgstr \"a\"", "line 1"),
            ("msgid \"a\"\nmsgstr[99] \"b\"", "line 2"),
            ("msgid \"a\"\nmsgstr[-1] \"b\"", "line 2"),
            ("msgid \"\\\"", "line 1"),
            ("msgid \"", "line 1"),
        ] {
            let why = entries(file).unwrap_err();
            assert!(why.starts_with(line), "{file}: {why}");
        }
    }
}
