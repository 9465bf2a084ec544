//! The annotated passages, taken apart.

/// What is marked in a passage.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mark {
    Person,
    Body,
    Place,
    Date,
    Either,
}

/// A marked run of characters.
#[derive(Clone, Debug)]
pub struct Marked {
    pub mark: Mark,
    pub start: usize,
    pub end: usize,
    pub text: String,
}

/// A statement as annotated.
#[derive(Clone, Debug)]
pub struct Annotated {
    pub speaker: String,
    pub addressee: String,
    pub verb: String,
}

/// An event as annotated.
#[derive(Clone, Debug)]
pub struct Happened {
    /// Words of the text, any of which tells of it.
    pub words: Vec<String>,
    /// Its date as the text has it.
    pub date: Option<String>,
}

/// A passage with its annotation.
#[derive(Clone, Debug, Default)]
pub struct Passage {
    pub title: String,
    pub day: String,
    pub text: String,
    pub marked: Vec<Marked>,
    pub statements: Vec<Annotated>,
    /// Dates as the text has them, with the first and last day that they can mean.
    pub days: Vec<(String, String, String)>,
    pub events: Vec<Happened>,
    /// Words that may be taken for an event or not.
    pub perhaps: Vec<String>,
    /// What it is about: any of these.
    pub about: Vec<String>,
}

/// All passages of a file.
pub fn passages(file: &str) -> Vec<Passage> {
    let mut all = Vec::new();
    for part in file.split("### ").skip(1) {
        let (title, rest) = part.split_once('\n').unwrap();
        let mut passage = Passage { title: title.to_owned(), ..Passage::default() };
        let mut lines = Vec::new();
        for line in rest.lines() {
            if let Some(day) = line.strip_prefix("@ ") {
                passage.day = day.trim().to_owned();
            } else if let Some(days) = line.strip_prefix("% ") {
                let (date, days) = days.split_once(" = ").unwrap();
                let (first, last) = days.split_once("..").unwrap();
                passage.days.push((date.to_owned(), first.to_owned(), last.to_owned()));
            } else if let Some(statement) = line.strip_prefix("= ") {
                let (parties, verb) = statement.rsplit_once(" : ").unwrap();
                let (speaker, addressee) = parties.split_once(" > ").unwrap();
                let trimmed = |text: &str| text.trim().to_owned();
                passage.statements.push(Annotated {
                    speaker: trimmed(speaker),
                    addressee: trimmed(addressee),
                    verb: trimmed(verb),
                });
            } else if !happens(line, &mut passage) {
                lines.push(line);
            }
        }
        unmark(lines.join("\n").trim(), &mut passage);
        all.push(passage);
    }
    all
}

/// Lines about events and subjects.
fn happens(line: &str, passage: &mut Passage) -> bool {
    let owned = |text: &str| text.trim().to_owned();
    if let Some(event) = line.strip_prefix("! ") {
        let (words, date) = event.rsplit_once(" : ").unwrap();
        let date = Some(owned(date)).filter(|date| date != "-");
        passage.events.push(Happened { words: words.split('|').map(owned).collect(), date });
    } else if let Some(word) = line.strip_prefix("!? ") {
        passage.perhaps.push(owned(word));
    } else if let Some(about) = line.strip_prefix("~ ") {
        passage.about = about.split(" | ").map(owned).collect();
    } else {
        return false;
    }
    true
}

fn unmark(marked: &str, passage: &mut Passage) {
    let (mut text, mut open): (Vec<char>, Option<(Mark, usize)>) = (Vec::new(), None);
    let mut letters = marked.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '{' => {
                let mark = match letters.next() {
                    Some('p') => Mark::Person,
                    Some('b') => Mark::Body,
                    Some('l') => Mark::Place,
                    Some('d') => Mark::Date,
                    _ => Mark::Either,
                };
                letters.next();
                open = Some((mark, text.len()));
            }
            '}' => {
                let (mark, start) = open.take().unwrap();
                let end = text.len();
                passage.marked.push(Marked { mark, start, end, text: text[start..end].iter().collect() });
            }
            other => text.push(other),
        }
    }
    passage.text = text.into_iter().collect();
}
