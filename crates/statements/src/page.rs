//! One sheet's reading to its mentions and statements.

use jiff::civil::Date;
use jiff::tz::Offset;
use model::{
    Cited, Clock, Event, FamilyReading, Imprint, Mention, MentionId, Otherwise, Party, Quad, Saying, Span,
    Speech, Spot, Stance, Statement, Subject, When, Zone,
};

use crate::dates::{Timed, dates};
use crate::events::{Happened, events};
use crate::gazetteer::Gazetteer;
use crate::lexicon::Sort;
use crate::likelihood::likelihoods;
use crate::names::names;
use crate::parties::Page;
use crate::resolve::{Meant, meant};
use crate::speech::{Said, statements};
use crate::subjects::subjects;
use crate::text::Prose;

/// What a sheet says.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Told {
    /// Names, in the order of the text.
    pub mentions: Vec<Mention>,
    /// Who is reported to have said what, in the order of the text.
    pub statements: Vec<Statement>,
    /// Dates in the prose.
    pub dates: Vec<Timed>,
    /// What it says happened, in the order of the text.
    pub events: Vec<Event>,
    /// What it is about.
    pub subjects: Vec<Subject>,
}

/// Reads what a sheet says. `day`: its date where it bears none of its own (of another page of its document).
pub fn told(reading: &FamilyReading, day: Option<Date>, gazetteer: &Gazetteer) -> Told {
    let prose = Prose::of(&reading.text, &masks(reading));
    let dates = dates(&prose, page_date(reading).or(day));
    let names = names(&prose, gazetteer, &dates);
    let page = Page::new(&prose, &names, &dates);
    let said = statements(&page);
    let parties = meant(&page, &said);
    let places = Places { reading };
    let mentions: Vec<Mention> = names
        .iter()
        .map(|name| {
            let span = prose.span(name.from, name.to);
            Mention {
                id: Mention::id_of(reading.family, name.kind, span),
                family: reading.family,
                kind: name.kind,
                form: name.form,
                name: name.name.clone(),
                role: name.role.clone(),
                cited: places.cited(span),
                grounds: name.grounds.iter().map(|ground| (*ground).to_owned()).collect(),
            }
        })
        .collect();
    let statements = said
        .iter()
        .zip(parties)
        .filter(|(said, (speaker, addressee))| {
            speaker.is_some() || addressee.is_some() || said.source.is_some() || said.speaker.is_some()
        })
        .map(|(said, parties)| statement(&page, &places, said, parties, &mentions))
        .collect();
    let events =
        events(&page, &said).iter().map(|event| happened(&page, &places, event, &mentions)).collect();
    let subjects = subjects(&prose, &names);
    let subjects = subjects.into_iter().map(|(span, heads)| Subject {
        id: Subject::id_of(reading.family, span),
        family: reading.family,
        text: prose.slice(span.start as usize, (span.start + span.length) as usize),
        heads,
        cited: places.cited(span),
    });
    let subjects = subjects.collect();
    Told { mentions, statements, events, subjects, dates }
}

fn happened(page: &Page, places: &Places, event: &Happened, mentions: &[Mention]) -> Event {
    let prose = page.prose;
    let sentence = &prose.sentences[event.sentence];
    let whole = prose.span(sentence.tokens.start, sentence.tokens.end);
    let word_span = prose.span(event.word, event.word + 1);
    let text = |span: Span| prose.slice(span.start as usize, (span.start + span.length) as usize);
    let ids = |all: &[usize]| all.iter().filter_map(|n| Some(mentions.get(*n)?.id)).collect();
    let family = places.reading.family;
    Event {
        id: Event::id_of(family, word_span),
        family,
        kind: event.kind.to_owned(),
        word: text(word_span),
        word_span,
        when: event.date.and_then(|n| printed(&page.dates[n])),
        dated: event.date.map(|n| page.dates[n].verbatim.clone()),
        who: ids(&event.who),
        places: ids(&event.places),
        quote: text(whole),
        cited: places.cited(whole),
    }
}

/// The time that a date in prose means, if that can be told.
fn printed(date: &Timed) -> Option<When> {
    let interval = date.interval?;
    Some(When { verbatim: date.verbatim.clone(), interval, clock: Clock::Printed, zone: Zone::Unknown })
}

/// What is no prose on a sheet: markings, page numbers, stamps of printers.
pub(crate) fn masks(reading: &FamilyReading) -> Vec<Span> {
    let mut masks: Vec<Span> = reading.markings.iter().map(|marking| marking.span).collect();
    let edge = |imprint: &Imprint| matches!(imprint, Imprint::Page { .. } | Imprint::Stamp(_));
    masks.extend(reading.printed.iter().filter(|printed| edge(&printed.says)).map(|printed| printed.span));
    masks
}

/// The date a page bears: behind "DATE:", of a date-time group, of "as of", or alone on a line at its head.
pub fn page_date(reading: &FamilyReading) -> Option<Date> {
    let letters: Vec<char> = reading.text.chars().collect();
    let mut best: Option<(u8, Date)> = None;
    for dated in &reading.dates {
        let start = (dated.span.start as usize).min(letters.len());
        let end = (start + dated.span.length as usize).min(letters.len());
        let line = letters[..start].iter().rposition(|c| *c == '\n').map_or(0, |n| n + 1);
        let before: String = letters[line..start].iter().collect::<String>().to_lowercase();
        let after = letters[end..].iter().take_while(|c| **c != '\n').count();
        let head = start * 3 < letters.len().max(1);
        let weight = match () {
            () if before.contains("date:") || before.trim_end().ends_with("date") => 0,
            () if dated.group => 1,
            () if before.contains("as of") || before.trim_end().ends_with("dated") && head => 2,
            () if head && before.trim().chars().count() + after < 20 => 3,
            () => continue,
        };
        let middle = dated.when.interval.earliest.checked_add(jiff::SignedDuration::from_hours(26)).ok();
        let Some(middle) = middle else { continue };
        let day = if dated.group {
            Offset::UTC.to_datetime(dated.when.interval.earliest).date()
        } else {
            Offset::UTC.to_datetime(middle).date()
        };
        if best.is_none_or(|(least, _)| weight < least) {
            best = Some((weight, day));
        }
    }
    best.map(|(_, day)| day)
}

fn statement(
    page: &Page,
    places: &Places,
    said: &Said,
    (speaker, addressee): (Option<Meant>, Option<Meant>),
    mentions: &[Mention],
) -> Statement {
    let prose = page.prose;
    let sentence = &prose.sentences[said.sentence];
    let whole = prose.span(sentence.tokens.start, sentence.tokens.end);
    let verb_span = prose.span(said.verb, said.verb + 1);
    let party = |meant: Option<Meant>| meant.map(|meant| party(meant, mentions));
    let (speaker, addressee) = (party(speaker), party(addressee));
    let (from, to) = said.content;
    let what = prose.span(from, to.max(from));
    let family = places.reading.family;
    let within: Vec<MentionId> = page
        .names
        .iter()
        .zip(mentions)
        .filter(|(name, _)| name.from >= from && name.to <= to)
        .map(|(_, mention)| mention.id)
        .collect();
    let speech = match () {
        () if said.saying == Saying::Assessed => Speech::Judged,
        () if said.quoted => Speech::Quoted,
        () => Speech::Reported,
    };
    let when = said.date.and_then(|n| printed(&page.dates[n]));
    let cited = places.cited(whole);
    Statement {
        id: Statement::id_of(family, verb_span, speaker.as_ref(), addressee.as_ref()),
        family,
        about: about(page, from, to),
        mentions: within,
        verb: prose.slice(verb_span.start as usize, (verb_span.start + verb_span.length) as usize),
        verb_span,
        saying: said.saying,
        speech,
        stance: stance(said.saying, &prose.tokens[said.verb].low),
        says: prose.slice(what.start as usize, (what.start + what.length) as usize),
        source: said.source.clone(),
        likelihood: likelihoods(prose, sentence.tokens.start, sentence.tokens.end),
        when,
        quote: prose.slice(whole.start as usize, (whole.start + whole.length) as usize),
        otherwise: places.otherwise(&cited),
        cited,
        speaker,
        addressee,
    }
}

fn party(meant: Meant, mentions: &[Mention]) -> Party {
    let mention = meant.name.and_then(|n| mentions.get(n));
    Party {
        name: mention.map(|mention| mention.name.clone()),
        role: meant.role,
        named: meant.named,
        mention: mention.map(|mention| mention.id),
    }
}

fn stance(saying: Saying, verb: &str) -> Stance {
    if verb.starts_with("doubt") {
        return Stance::Doubts;
    }
    match saying {
        Saying::Denied => Stance::Denies,
        Saying::Asked => Stance::Asks,
        Saying::Urged if !verb.starts_with("insist") => Stance::Wants,
        Saying::Promised if !verb.contains("assur") => Stance::Commits,
        _ => Stance::Affirms,
    }
}

/// What is said is about this: the subject of its clause, or what "about" names.
fn about(page: &Page, from: usize, to: usize) -> Option<String> {
    const MOST: usize = 12;
    let mut at = from;
    while at < to && (page.token(at).is_quote() || page.token(at).any(&["that", ":", ",", "whether", "if"])) {
        at += 1;
    }
    if at < to && page.token(at).any(&["about", "of", "against", "on"]) {
        at += 1;
        let end = (at..to)
            .find(|n| {
                !page.token(*n).is_word()
                    || matches!(page.token(*n).sort, Sort::Auxiliary | Sort::Modal | Sort::Opener)
            })
            .unwrap_or(to);
        return (end > at && end <= at + MOST).then(|| page.prose.words(at, end));
    }
    if at >= to
        || matches!(page.token(at).sort, Sort::Pronoun | Sort::Preposition | Sort::Adverb | Sort::Opener)
    {
        return None;
    }
    let past = |n: usize| {
        let token = page.token(n);
        let ed = token.low.ends_with("ed") && page.name_at[n].is_none() && n > at + 1;
        let verb = crate::lexicon::verb(&token.low)
            .is_some_and(|verb| verb.tense == crate::lexicon::Tense::Past)
            && n > at;
        matches!(token.sort, Sort::Auxiliary | Sort::Modal) || ed || verb
    };
    let end = (at..to.min(at + MOST + 1)).find(|n| past(*n))?;
    let clean = (at..end).all(|n| page.token(n).is_word() || page.token(n).text == "-");
    let bare = end == at + 1 && page.token(at).sort == Sort::Determiner;
    (end > at && clean && !bare).then(|| page.prose.words(at, end))
}

/// The words of a reading, by their characters.
pub(crate) struct Places<'a> {
    pub(crate) reading: &'a FamilyReading,
}

impl Places<'_> {
    pub(crate) fn cited(&self, span: Span) -> Cited {
        let words = &self.reading.words;
        let end = span.start + span.length;
        let first =
            words.partition_point(|shared| shared.word.span.start + shared.word.span.length <= span.start);
        let last = words.partition_point(|shared| shared.word.span.start < end).max(first);
        let mut spots: Vec<(Spot, u32)> = Vec::new();
        let mut doubt: f64 = 0.0;
        for shared in &words[first..last] {
            doubt = doubt.max(shared.word.doubt);
            let quad = shared.word.quad;
            match spots.last_mut() {
                Some((spot, line)) if spot.picture == shared.picture && *line == shared.word.line => {
                    let [a, _, _, d] = spot.quad.0;
                    let [_, b, c, _] = quad.0;
                    spot.quad = Quad([a, b, c, d]);
                }
                _ => spots.push((Spot { picture: shared.picture, quad }, shared.word.line)),
            }
        }
        let spots = spots.into_iter().map(|(spot, _)| spot).collect();
        let least =
            words[first..last].iter().min_by_key(|shared| (shared.agree, std::cmp::Reverse(shared.shown)));
        let (agree, shown) = least.map_or((0, 0), |shared| (shared.agree, shared.shown));
        Cited { span, word: first as u32, count: (last - first) as u32, spots, doubt, agree, shown }
    }

    /// Where pictures of the sheet differ on these words.
    fn otherwise(&self, cited: &Cited) -> Vec<Otherwise> {
        let end = cited.word + cited.count;
        let mut rows = Vec::new();
        for dissent in &self.reading.dissents {
            let over = dissent.word < end && dissent.word + dissent.count.max(1) > cited.word;
            let Some(here) = dissent.variants.first().filter(|_| over) else { continue };
            for variant in &dissent.variants[1..] {
                let mut pictures: Vec<_> = variant.holders.iter().map(|holder| holder.picture).collect();
                pictures.sort_unstable();
                pictures.dedup();
                rows.push(Otherwise { here: here.text.clone(), there: variant.text.clone(), pictures });
            }
        }
        rows
    }
}
