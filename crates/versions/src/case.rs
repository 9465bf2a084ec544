//! A place at which pictures of a family split, with all that is found out about it.

use crate::agree::{self, Looks, Pairs, Top};
use crate::decide::{LEAST, ODD, SHARE, worth_reading};
use crate::place::Area;
use crate::reread::{self, Said, Spoken};

/// A place with all that was found out about it.
pub(crate) struct Case<'a> {
    pub area: Area,
    /// The pictures that tell, the better ones first.
    pub members: Vec<usize>,
    /// Those of them that stand for all until something is to be said.
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
        let (looks, panel) = (Looks::new(pairs, area), pairs.panel(&members, &area));
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

    /// Those of the panel that are left, and of the other members those that resemble none that was put aside. `aside`: the
    /// two that differed most, and which of them was put aside.
    pub fn whole(&self, left: &[usize], aside: &[(Top, usize)]) -> Vec<usize> {
        let mut out: Vec<usize> = self.others().collect();
        for (top, side) in aside {
            let found = agree::sides(&self.looks, &out, top);
            let alike = [&found.a, &found.b][*side];
            out.retain(|m| !alike.contains(m));
        }
        self.members.iter().copied().filter(|m| left.contains(m) || out.contains(m)).collect()
    }

    /// Those on which something covers the place, as on `covered` ones of the panel, `said` left out.
    pub fn also_covered(&self, covered: &[usize], said: &[usize]) -> Vec<usize> {
        let clear: Vec<usize> = self.panel.iter().copied().filter(|m| !covered.contains(m)).collect();
        let differs = |m: &usize| self.looks.differs(*m, &clear, (ODD, SHARE));
        let some = self.others().filter(|m| !covered.is_empty() && !said.contains(m));
        some.filter(differs).collect()
    }

    /// The members that the panel stands for.
    fn others(&self) -> impl Iterator<Item = usize> {
        self.members.iter().copied().filter(|m| !self.panel.contains(m))
    }
}
