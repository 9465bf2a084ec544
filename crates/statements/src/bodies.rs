//! Bodies and units by the words they are made of: "Ministry of Industry and Trade", "Bank of Ghana", "African Union Mission",
//! "2nd Guards Tank Army". In: prose and a gazetteer. Out: runs of tokens. A head alone ("the Ministry") is no name.

use model::{EntityKind, Form};

use crate::gazetteer::Gazetteer;
use crate::lexicon::{self, Sort};
use crate::names::Name;
use crate::text::{Case, Prose, Token};

const UNITS: [&str; 18] = [
    "brigade",
    "division",
    "battalion",
    "regiment",
    "corps",
    "army",
    "fleet",
    "squadron",
    "wing",
    "company",
    "platoon",
    "flotilla",
    "brigades",
    "battery",
    "detachment",
    "legion",
    "group",
    "armies",
];
const ORDINALS: [&str; 14] = [
    "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth",
    "eleventh", "twelfth", "northern", "pacific",
];

/// A military unit: an ordinal, then words, then brigade, fleet and so on.
pub(crate) fn unit(prose: &Prose, at: usize, end: usize, capitals: bool) -> Option<Name> {
    let tokens = &prose.tokens[..end];
    let first = &tokens[at];
    let digits = first.text.chars().take_while(char::is_ascii_digit).count();
    let tail = first.text[digits..].to_lowercase();
    let numbered = (1..=4).contains(&digits) && matches!(tail.as_str(), "st" | "nd" | "rd" | "th" | "d");
    let spelled = ORDINALS.contains(&first.low.as_str()) && first.is_capital();
    if !numbered && !spelled {
        return None;
    }
    for (to, token) in tokens.iter().enumerate().take(at + 6).skip(at + 1) {
        if UNITS.contains(&token.low.as_str())
            && token.is_capital()
            && (!token.is("group") && !token.is("company") || numbered && to > at + 1)
        {
            return Some(Name::new(prose, at, to + 1, EntityKind::Unit, "head of a unit"));
        }
        let word = token.is_capital() && !token.sort.is_closed()
            || token.any(&["separate", "motorized", "mechanized", "tank", "assault", "airborne", "infantry"]);
        if !word || capitals && token.sort.is_closed() {
            return None;
        }
    }
    None
}

/// A body whose name begins at `at`.
pub(crate) fn body(
    prose: &Prose,
    gazetteer: &Gazetteer,
    at: usize,
    end: usize,
    capitals: bool,
    taken: &[bool],
) -> Option<Name> {
    let tokens = &prose.tokens[..end];
    let first = &tokens[at];
    let nation = capitals && matches!(first.text.as_str(), "US" | "UN" | "EU");
    if !first.is_capital() || first.sort.is_closed() && !nation || taken[at] {
        return None;
    }
    if lexicon::is_body_head(&first.low) && !first.owns {
        return led(prose, at, end, capitals);
    }
    let mut to = at;
    let mut head = None;
    while to < end && to < at + 7 && !taken[to] {
        let token = &tokens[to];
        if !part(token, capitals, gazetteer, &tokens[to..]) {
            let joins = token.any(&["and", "for", "on", "of", "&"])
                && !capitals
                && to > at
                && tokens.get(to + 1).is_some_and(|t| t.is_capital() && !t.sort.is_closed());
            let of = token.is("of") && head.is_none();
            if !joins || of || (token.is("and") && head.is_some()) {
                break;
            }
            if head.is_some() && !token.is("for") {
                break;
            }
            if token.any(&["for", "on"]) && head.is_none() || token.is("and") && !reaches(tokens, to + 1) {
                break;
            }
            to += 1;
            continue;
        }
        if lexicon::is_title(&token.low) && !lexicon::is_body_head(&token.low) && to > at {
            break;
        }
        to += 1;
        if to > at + 1 && lexicon::is_body_head(&token.low) {
            head = Some(to);
        }
        if token.owns {
            break;
        }
    }
    let mut to = head?;
    if lexicon::is_title(&first.low) && first.sort != Sort::Common {
        return None;
    }
    // "Commander Sixth Fleet", "Ambassador Thompson's Office" are not told by their first word.
    let all_common = tokens[at..to].iter().all(|token| token.sort == Sort::Common);
    if all_common && !capitals && to == at + 1 || capitals && plain(&tokens[at..to], gazetteer) {
        return None;
    }
    if let Some(more) = tail(tokens, to, end, capitals) {
        to = more;
    }
    Some(Name::new(prose, at, to, EntityKind::Body, "head of a body"))
}

/// Whether a token can stand in a body's name before its head.
fn part(token: &Token, capitals: bool, gazetteer: &Gazetteer, rest: &[Token]) -> bool {
    let nation = capitals && matches!(token.text.as_str(), "US" | "UN" | "EU");
    if !token.is_word()
        || token.sort.is_closed() && !nation
        || !token.is_capital()
        || token.case == Case::Initial && !token.text.ends_with('.')
    {
        return false;
    }
    if !capitals {
        return true;
    }
    let nation = nation && rest.get(1).is_some_and(|next| lexicon::is_body_head(&next.low));
    if nation {
        return true;
    }
    let adjective = gazetteer
        .at(rest, true)
        .is_some_and(|(known, _)| known.form == Form::Adjective || known.kind == EntityKind::Country);
    const WORDS: [&str; 34] = [
        "foreign",
        "national",
        "central",
        "interior",
        "justice",
        "state",
        "defense",
        "defence",
        "naval",
        "naval",
        "federal",
        "provincial",
        "security",
        "intelligence",
        "select",
        "senate",
        "house",
        "joint",
        "general",
        "supreme",
        "communist",
        "revolutionary",
        "people's",
        "labor",
        "labour",
        "workers",
        "students",
        "student",
        "air",
        "treasury",
        "home",
        "military",
        "socialist",
        "democratic",
    ];
    adjective
        || token.any(&WORDS)
        || token.sort == Sort::Odd && lexicon::verb(&token.low).is_none() && !lexicon::is_surname(&token.low)
        || lexicon::is_body_head(&token.low)
}

/// In capitals, where every word looks like a name: whether nothing but words of everyday stands there.
fn plain(run: &[Token], gazetteer: &Gazetteer) -> bool {
    run.len() < 2
        || !run.iter().enumerate().any(|(n, token)| {
            gazetteer.at(&run[n..], true).is_some()
                || matches!(token.text.as_str(), "US" | "UN" | "EU")
                || token.any(&[
                    "foreign",
                    "national",
                    "state",
                    "federal",
                    "select",
                    "joint",
                    "supreme",
                    "communist",
                    "home",
                    "central",
                ])
        })
}

/// Whether a head follows before the run of capitals ends: "Industry and Trade Committee".
fn reaches(tokens: &[Token], from: usize) -> bool {
    tokens[from..]
        .iter()
        .take(4)
        .take_while(|token| token.is_capital())
        .any(|token| lexicon::is_body_head(&token.low))
}

/// "Ministry of Defence", "Bank of Ghana", "Department for International Trade": a head and what it is of.
fn led(prose: &Prose, at: usize, end: usize, capitals: bool) -> Option<Name> {
    let tokens = &prose.tokens[..end];
    let mut head = at + 1;
    while head < end
        && tokens[head].is_capital()
        && lexicon::is_body_head(&tokens[head].low)
        && !tokens[head - 1].owns
    {
        head += 1;
    }
    let to = tail(tokens, head, end, capitals);
    match to {
        Some(to) => Some(Name::new(prose, at, to, EntityKind::Body, "head of a body")),
        None if head > at + 1 && !capitals => {
            Some(Name::new(prose, at, head, EntityKind::Body, "head of a body"))
        }
        None => None,
    }
}

/// Behind "of …", "for …" that belongs to the name of a body.
fn tail(tokens: &[Token], at: usize, end: usize, capitals: bool) -> Option<usize> {
    let of = tokens.get(at).filter(|token| at < end && token.any(&["of", "for", "on"]))?;
    if tokens[at - 1].owns {
        return None;
    }
    let the = usize::from(tokens.get(at + 1).is_some_and(|token| token.is("the")));
    let first = tokens.get(at + 1 + the).filter(|_| at + 1 + the < end)?;
    if !first.is_capital() || first.sort.is_closed() || capitals && !first.any(&OF) {
        return None;
    }
    if of.any(&["for", "on"]) && (first.sort != Sort::Common || capitals && !first.any(&OF)) {
        return None;
    }
    let mut to = at + 2 + the;
    while to < end && to < at + 8 && !tokens[to - 1].owns {
        let token = &tokens[to];
        let digits = token.text.chars().any(|c| c.is_ascii_digit());
        let word = token.is_capital()
            && token.is_word()
            && !token.sort.is_closed()
            && !digits
            && (!capitals || token.any(&OF) || token.is("affairs"));
        let joins = token.any(&["and", "of"])
            && tokens.get(to + 1).is_some_and(|t| {
                t.is_capital()
                    && t.sort == Sort::Common
                    && !lexicon::is_title(&t.low)
                    && !lexicon::is_body_head(&t.low)
            });
        if word && !(lexicon::is_title(&token.low) && token.sort != Sort::Common) {
            to += 1;
        } else if joins && !capitals {
            to += 2;
        } else {
            break;
        }
    }
    Some(to.min(end))
}

/// Words that a body is "of" or "for".
const OF: [&str; 40] = [
    "defence",
    "defense",
    "foreign",
    "interior",
    "internal",
    "justice",
    "state",
    "finance",
    "energy",
    "trade",
    "industry",
    "security",
    "education",
    "health",
    "commerce",
    "agriculture",
    "labor",
    "labour",
    "transport",
    "information",
    "culture",
    "economic",
    "external",
    "national",
    "intelligence",
    "naval",
    "strategic",
    "regional",
    "public",
    "home",
    "science",
    "investigation",
    "staff",
    "nations",
    "american",
    "representatives",
    "commons",
    "lords",
    "state's",
    "inquiry",
];
