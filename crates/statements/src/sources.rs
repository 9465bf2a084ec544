//! Through whom the page has it: "according to a liaison report", "a liaison service reported".
//!
//! In: the statements of a sentence. Out: the same with their source; "according to X" by itself is a statement of X, if X is named.

use model::Saying;

use crate::lexicon::{Sort, Tense, Verb};
use crate::parties::Who;
use crate::speech::{Reader, Said};

impl Reader<'_> {
    /// "according to X": the source of the statements of its sentence, or a speaker.
    pub(crate) fn accordingly(&self, said: &mut Vec<Said>) {
        let Some(at) =
            (self.start..self.end).find(|n| self.is(*n, &["according"]) && self.is(n + 1, &["to"]))
        else {
            self.reported_behind(said);
            return;
        };
        let Some(found) = self.source(at + 2) else { return };
        let (who, words) = found;
        for one in said.iter_mut() {
            if one.content.1 > at && one.content.0 < at {
                one.content.1 = if at > self.start && self.token(at - 1).is(",") { at - 1 } else { at };
            }
            one.source.get_or_insert_with(|| words.clone());
        }
        let content = if at == self.start {
            (self.after_comma(at), self.end)
        } else {
            (self.start, at.saturating_sub(1).max(self.start))
        };
        let named = matches!(who, Some(Who::Named(..)));
        if said.is_empty() && named {
            let verb = Verb { lemma: "accord", saying: Saying::Told, frame: "", tense: Tense::Going };
            said.push(self.put(at, &verb, who, None, content));
        } else if named && at == self.start {
            let verb = Verb { lemma: "accord", saying: Saying::Told, frame: "", tense: Tense::Going };
            let inner = said.iter().any(|one| one.verb > at);
            if inner {
                said.insert(0, self.put(at, &verb, who, None, content));
            }
        }
    }

    pub(crate) fn after_comma(&self, at: usize) -> usize {
        (at..self.end).find(|n| self.token(*n).is(",")).map_or(self.end, |n| n + 1)
    }

    /// Who or what stands behind "according to", with the words.
    pub(crate) fn source(&self, from: usize) -> Option<(Option<Who>, String)> {
        let party = self.page.behind(from, self.end, true);
        let mut to = party.as_ref().map_or(from, |one| one.to);
        while to < self.end
            && !self.token(to).any(&[",", ";", ".", ":"])
            && !self.token(to).sort.eq(&Sort::Auxiliary)
            && to < from + 14
        {
            to += 1;
        }
        (to > from).then(|| (party.map(|one| one.who), self.page.prose.words(from, to)))
    }

    /// "…, a liaison service reported.": a source behind what is said, if a statement stands before it.
    pub(crate) fn reported_behind(&self, said: &mut Vec<Said>) {
        let Some(place) = said.iter().position(|one| one.verb + 1 >= self.end && one.verb > self.start + 3)
        else {
            return;
        };
        let last = &said[place];
        let words = match &last.speaker {
            Some(Who::Described(words)) => words.clone(),
            _ => return,
        };
        let earlier = said.iter().any(|one| one.verb < last.verb);
        if earlier
            && ["service", "source", "sources", "services", "informant"]
                .iter()
                .any(|tail| words.to_lowercase().ends_with(tail))
        {
            said.remove(place);
            said.iter_mut().for_each(|one| one.source = one.source.take().or_else(|| Some(words.clone())));
        }
    }
}
