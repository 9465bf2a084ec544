//! The table of harms: shipped with the program, or the user's own in its place.

use std::sync::LazyLock;

use model::{EntityKind, Saying, Speech};

/// Rules that propose harms, in the order of their table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rules(pub(crate) Vec<Rule>);

/// A line of a table that is no rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadRule {
    /// Counted from 1.
    pub line: usize,
    /// Why not.
    pub says: String,
}

/// One rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Rule {
    /// The kind of harm.
    pub harm: String,
    /// To whom.
    pub to: To,
    /// By what.
    pub by: By,
    /// As the table has it.
    pub says: String,
}

/// To whom a harm is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum To {
    Named,
    Speaker,
    Hearer,
    SpokenOf,
}

/// By what a harm is proposed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum By {
    /// Phrases, each a list of words in small letters; a star stands for any ending.
    Words(Vec<Vec<String>>),
    /// Parts of a marking, in capitals.
    Marking(Vec<String>),
    Name(Vec<EntityKind>),
    Statement(Vec<Speech>, Vec<Saying>),
    Source,
}

/// Rules of a user's table, at most.
const MOST: usize = 10_000;

static SHIPPED: LazyLock<Rules> = LazyLock::new(|| Rules::of(include_str!("tables/harms.txt")).0);

impl Rules {
    /// Those of the program.
    pub fn shipped() -> &'static Self {
        &SHIPPED
    }

    /// The table as it is shipped, to be changed.
    pub fn table() -> &'static str {
        include_str!("tables/harms.txt")
    }

    /// The rules of a table, and the lines that are none.
    pub fn of(table: &str) -> (Self, Vec<BadRule>) {
        let (mut rules, mut bad) = (Vec::new(), Vec::new());
        for (n, line) in table.trim_start_matches('\u{feff}').lines().enumerate() {
            if line.trim().is_empty() || line.trim_start().starts_with('#') {
                continue;
            }
            match rule(line) {
                Ok(rule) if rules.len() < MOST => rules.push(rule),
                Ok(_) => bad.push(BadRule { line: n + 1, says: format!("there are more than {MOST} rules") }),
                Err(says) => bad.push(BadRule { line: n + 1, says }),
            }
        }
        (Self(rules), bad)
    }

    /// The kinds of harm, in the order of the table.
    pub fn kinds(&self) -> Vec<&str> {
        let mut kinds: Vec<&str> = Vec::new();
        for rule in &self.0 {
            if !kinds.contains(&rule.harm.as_str()) {
                kinds.push(&rule.harm);
            }
        }
        kinds
    }
}

fn rule(line: &str) -> Result<Rule, String> {
    let parts: Vec<&str> = line.split('|').map(str::trim).collect();
    let [harm, to, by, which] = parts[..] else {
        return Err("a rule is: kind | to whom | by what | which".to_owned());
    };
    if harm.is_empty() {
        return Err("the kind of harm is missing".to_owned());
    }
    let to = match to {
        "named" => To::Named,
        "speaker" => To::Speaker,
        "hearer" => To::Hearer,
        "spoken of" => To::SpokenOf,
        _ => return Err(format!("'{to}' is none of named, speaker, hearer, spoken of")),
    };
    let listed: Vec<&str> = which.split(',').map(str::trim).filter(|one| !one.is_empty()).collect();
    if listed.is_empty() && by != "source" {
        return Err("it does not say which".to_owned());
    }
    let by = match by {
        "words" => By::Words(listed.iter().map(|phrase| words(phrase)).collect()),
        "marking" => By::Marking(listed.iter().map(|part| part.to_uppercase()).collect()),
        "name" => By::Name(listed.iter().map(|kind| named(kind)).collect::<Result<_, _>>()?),
        "statement" => {
            let (mut sorts, mut sayings) = (Vec::new(), Vec::new());
            for one in listed {
                match (sort(one), Saying::of(one)) {
                    (Some(sort), _) => sorts.push(sort),
                    (None, Some(saying)) => sayings.push(saying),
                    (None, None) => return Err(format!("'{one}' is no sort of statement")),
                }
            }
            By::Statement(sorts, sayings)
        }
        "source" => By::Source,
        _ => return Err(format!("'{by}' is none of words, marking, name, statement, source")),
    };
    Ok(Rule { harm: harm.to_owned(), to, by, says: line.split_whitespace().collect::<Vec<_>>().join(" ") })
}

fn words(phrase: &str) -> Vec<String> {
    phrase.split_whitespace().map(str::to_lowercase).collect()
}

fn named(kind: &str) -> Result<EntityKind, String> {
    EntityKind::of(kind).ok_or_else(|| format!("'{kind}' is no kind of name"))
}

fn sort(word: &str) -> Option<Speech> {
    Some(match word {
        "reported" => Speech::Reported,
        "quoted" => Speech::Quoted,
        "judged" => Speech::Judged,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_table_is_all_rules() {
        let (rules, bad) = Rules::of(Rules::table());
        assert_eq!(bad, []);
        assert_eq!(&rules, Rules::shipped());
        assert_eq!(
            rules.kinds(),
            [
                "source or method revealed",
                "private conversation",
                "judgement of an ally",
                "personal data",
                "location",
                "capability"
            ]
        );
    }

    #[test]
    fn bad_lines_are_named() {
        let (rules, bad) = Rules::of(
            "# x\ngrief | named | words | lost\ngrief | all | words | x\na | named | name | fish\n|||",
        );
        assert_eq!(rules.0.len(), 1);
        assert_eq!(bad.iter().map(|bad| bad.line).collect::<Vec<_>>(), [3, 4, 5]);
    }
}
