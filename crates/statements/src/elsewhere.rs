//! What the rest of the sheet says of a name: surnames alone, initials of bodies, women and men.
//!
//! In: the names that are sure. Out: more of them, and what they were taken for put right. Invariant: a word alone becomes a name only
//! if it is a part of one that was told by something else.

use std::collections::{BTreeMap, BTreeSet};

use model::EntityKind;

use crate::lexicon::{self, Sort};
use crate::names::Name;
use crate::persons::{SURNAME_FIRST, is_particle};
use crate::text::{Case, Prose};

/// Capital words that stand alone and are a part of a person's full name elsewhere on the sheet, and of bodies and cryptonyms.
pub(crate) fn alone(prose: &Prose, found: &[Name], taken: &[bool]) -> Vec<Name> {
    let mut parts: BTreeMap<String, Option<bool>> = BTreeMap::new();
    for name in found.iter().filter(|name| name.kind == EntityKind::Person) {
        let count = name.to - name.from;
        if name.grounds.contains(&SURNAME_FIRST) {
            parts.insert(prose.tokens[name.from].low.clone(), name.woman);
        }
        for token in &prose.tokens[name.from..name.to] {
            let long = token.low.chars().count() >= 3;
            let given = count > 1 && lexicon::given(&token.low).is_some();
            if long && token.sort == Sort::Odd && !is_particle(&token.low) && !given || count == 1 {
                parts.insert(token.low.clone(), name.woman);
            }
        }
    }
    let bodies: BTreeSet<String> = found
        .iter()
        .filter(|name| name.kind == EntityKind::Body && name.to == name.from + 1)
        .map(|name| prose.tokens[name.from].low.clone())
        .collect();
    let mut more = Vec::new();
    for sentence in &prose.sentences {
        for at in sentence.tokens.clone() {
            let token = &prose.tokens[at];
            if taken[at] || !token.is_capital() || !sentence.prose && sentence.tokens.len() > 6 {
                continue;
            }
            let misread = |low: &str| {
                token.sort == Sort::Odd
                    && low.chars().count() >= 6
                    && lexicon::misread(low, &token.low) == Some(1)
            };
            let woman = parts
                .get(&token.low)
                .or_else(|| parts.iter().find(|(low, _)| misread(low)).map(|(_, woman)| woman));
            let headed = prose.tokens.get(at + 1).is_some_and(|t| {
                t.is_capital() && !sentence.capitals && t.sort == Sort::Common && !token.owns
            }) && at + 1 < sentence.tokens.end;
            if let Some(woman) = woman.filter(|_| !headed) {
                let mut name = Name::new(prose, at, at + 1, EntityKind::Person, "named in full elsewhere");
                name.woman = *woman;
                more.push(name);
            } else if bodies.contains(&token.low) && token.case == Case::Upper {
                more.push(Name::new(prose, at, at + 1, EntityKind::Body, "named elsewhere"));
            }
        }
    }
    more
}

/// Initials in brackets behind a body are the body's: "Egyptian Islamic Jihad (EIJ)".
pub(crate) fn acronyms(prose: &Prose, found: &mut Vec<Name>) {
    let mut more = Vec::new();
    for name in found.iter().filter(|name| name.kind == EntityKind::Body) {
        let inner = prose.tokens.get(name.to..name.to + 3);
        if let Some([open, initials, close]) = inner
            && open.is("(")
            && close.is(")")
            && initials.case == Case::Upper
            && !found.iter().any(|other| other.from == name.to + 1)
        {
            more.push(Name::new(prose, name.to + 1, name.to + 2, EntityKind::Body, "initials"));
        }
    }
    found.extend(more);
    found.sort_by_key(|name| name.from);
}

/// What was taken for initials of a body or for a place, and is a part of a person's full name on the sheet, is that person.
pub(crate) fn renamed(prose: &Prose, found: &mut [Name]) {
    let full = found.iter().filter(|name| name.kind == EntityKind::Person && name.to > name.from + 1);
    let last: BTreeSet<&str> =
        full.filter_map(|name| prose.tokens.get(name.to - 1)).map(|token| token.low.as_str()).collect();
    for name in found
        .iter_mut()
        .filter(|name| name.to == name.from + 1 && matches!(name.kind, EntityKind::Body | EntityKind::Place))
    {
        let weak = name.grounds.iter().any(|ground| matches!(*ground, "initials" | "word before it"));
        if weak && last.contains(prose.tokens[name.from].low.as_str()) {
            name.kind = EntityKind::Person;
            name.grounds = vec!["named in full elsewhere"];
        }
    }
}

/// A woman or a man where a title or given name says so of the same name elsewhere on the sheet.
pub(crate) fn genders(prose: &Prose, found: &mut [Name]) {
    let mut known: BTreeMap<&str, Option<bool>> = BTreeMap::new();
    for name in found.iter().filter(|name| name.kind == EntityKind::Person) {
        let Some(woman) = name.woman else { continue };
        if let Some(last) = prose.tokens.get(name.to - 1) {
            // Two of one surname and of both genders: not known.
            known
                .entry(&last.low)
                .and_modify(|one| *one = one.filter(|one| *one == woman))
                .or_insert(Some(woman));
        }
    }
    for name in found.iter_mut().filter(|name| name.kind == EntityKind::Person && name.woman.is_none()) {
        name.woman =
            prose.tokens.get(name.to - 1).and_then(|last| known.get(last.low.as_str()).copied()).flatten();
    }
}
