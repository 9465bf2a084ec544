//! A place at which pictures of a family split, with all that is found out about it.

use crate::agree::{self, Looks, Pairs};
use crate::decide::{LEAST, ODD, SHARE, worth_reading};
use crate::place::Area;
use crate::reread::{self, Said, Spoken};

/// A place with all that was found out about it.
pub(crate) struct Case<'a> {
    pub area: Area,
    /// The pictures that tell, the better ones first.
    pub members: Vec<usize>,
    /// Those of them that stand for all as long as they say nothing.
    pub panel: Vec<usize>,
    pub looks: Looks<'a>,
    /// What was read along the line, on each member that was read.
    pub words: Vec<Option<Vec<Spoken>>>,
    /// What was read on some of them at other sizes: member, words.
    pub again: Vec<(usize, Vec<Spoken>)>,
}

impl<'a> Case<'a> {
    /// `None` unless the members split so much that it is worth reading them.
    pub fn new(pairs: &'a Pairs<'a>, area: Area, members: Vec<usize>) -> Option<Self> {
        let (looks, panel) = (Looks::new(pairs, area), pairs.found.panel(&members, &area));
        agree::top(&looks, &panel, LEAST).filter(worth_reading)?;
        let words = vec![None; members.len()];
        Some(Self { area, members, panel, looks, words, again: Vec::new() })
    }

    /// What the members that were read say at a part of the line.
    pub fn said(&self, area: &Area) -> impl Iterator<Item = (usize, Said)> {
        let read = self.members.iter().zip(&self.words).filter_map(|(m, words)| Some((*m, words.as_ref()?)));
        read.map(move |(member, words)| (member, reread::said(words, area)))
    }

    /// Those of some members that were not read yet.
    pub fn unread(&self, of: impl IntoIterator<Item = usize>) -> Vec<usize> {
        let at = |member: &usize| self.members.iter().position(|m| m == member);
        let read = |member: &usize| at(member).is_none_or(|n| self.words[n].is_some());
        of.into_iter().filter(|member| !read(member)).collect()
    }

    /// Those for which the panel stands on which something covers the place as on `covered` ones of the panel.
    pub fn also_covered(&self, covered: &[usize]) -> Vec<usize> {
        if covered.is_empty() {
            return Vec::new();
        }
        let clear: Vec<usize> = self.panel.iter().copied().filter(|m| !covered.contains(m)).collect();
        let others = self.members.iter().copied().filter(|m| !self.panel.contains(m));
        others.filter(|m| self.looks.differs(*m, &clear, (ODD, SHARE))).collect()
    }
}
