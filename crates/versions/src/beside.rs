//! A word and the words beside it, by which it is judged: those of its line to the left and right, and the nearest of all.

use crate::features::{BARE, FOOT, Values};
use crate::place::Area;
use crate::plane::quantile;

/// Words to either side that a word is held against, and how far off they may be, in letter heights.
const BESIDE: usize = 3;
const FAR: f32 = 14.0;
/// Words about a place, on whatever line.
const NEAR: usize = 8;

/// A word, or a place, with the words beside it by their numbers.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Word {
    pub area: Area,
    /// Of its letters.
    pub height: f32,
    /// Where the boxes of its line end below.
    pub foot: f32,
    left: Vec<usize>,
    right: Vec<usize>,
    near: Vec<usize>,
}

impl Word {
    /// `all` are the words; `letters` is the height of letters for that of a word's box.
    pub fn new(area: &Area, all: &[Area], letters: f32) -> Self {
        let tall = area[3] - area[1];
        let reach = FAR * tall * letters;
        let on_line = |other: &Area| {
            let shared = area[3].min(other[3]) - area[1].max(other[1]);
            shared > 0.5 * tall.min(other[3] - other[1])
        };
        let before = |from: f32, to: f32| from - to > -0.1 * tall && from - to < reach;
        let some = |test: &dyn Fn(&Area) -> bool, far: &dyn Fn(&Area) -> f32, most: usize| -> Vec<usize> {
            let own = (0..all.len()).filter(|k| test(&all[*k]));
            let mut list: Vec<(f32, usize)> = own.map(|k| (far(&all[k]), k)).collect();
            let nearer = |a: &(f32, usize), b: &(f32, usize)| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1));
            if list.len() > most {
                list.select_nth_unstable_by(most, nearer);
                list.truncate(most);
            }
            list.sort_by(nearer);
            list.into_iter().map(|(_, k)| k).collect()
        };
        let left = some(&|o| on_line(o) && before(area[0], o[2]), &|o| area[0] - o[2], BESIDE);
        let right = some(&|o| on_line(o) && before(o[0], area[2]), &|o| o[0] - area[2], BESIDE);
        let near = some(&|o| o != area, &|o| apart(area, o), NEAR);
        let line = || left.iter().chain(&right).map(|k| all[*k]);
        let mut feet: Vec<f32> = line().map(|a| a[3]).collect();
        let mut heights: Vec<f32> = line().map(|a| a[3] - a[1]).collect();
        if feet.is_empty() {
            (feet, heights) = (vec![area[3]], vec![tall]);
        }
        let height = (letters * quantile(&mut heights, 0.5)).max(3.0);
        Self { area: *area, height, foot: quantile(&mut feet, 0.5), left, right, near }
    }

    fn middle(&self) -> f32 {
        (self.area[0] + self.area[2]) / 2.0
    }
}

/// How far two boxes lie from each other; lines count twice.
fn apart(a: &Area, b: &Area) -> f32 {
    let gap = |from: usize, to: usize| (a[from].max(b[from]) - a[to].min(b[to])).max(0.0);
    gap(0, 2) + 2.0 * gap(1, 3)
}

/// What the words beside one say it should be: the foot of its line along a slope, and what is usual among them; for bare paper
/// that about it. Only where there are words on both sides, or two on one.
pub(crate) fn beside(word: &Word, words: &[Word], values: &[Values]) -> Values {
    std::array::from_fn(|f| {
        let some = |list: &[usize]| -> Vec<(f32, f32)> {
            list.iter().filter_map(|k| Some((words[*k].middle(), values[*k][f]?))).collect()
        };
        let (left, right) =
            if f == BARE { (some(&word.near), Vec::new()) } else { (some(&word.left), some(&word.right)) };
        if f == FOOT && !left.is_empty() && !right.is_empty() {
            let (a, b) = (mean(&left), mean(&right));
            let at = (word.middle() - a.0) / (b.0 - a.0).max(1.0);
            return Some(a.1 + (b.1 - a.1) * at);
        }
        let mut all: Vec<f32> = left.iter().chain(&right).map(|v| v.1).collect();
        (all.len() >= 2).then(|| quantile(&mut all, 0.5))
    })
}

fn mean(list: &[(f32, f32)]) -> (f32, f32) {
    let n = list.len().max(1) as f32;
    (list.iter().map(|v| v.0).sum::<f32>() / n, list.iter().map(|v| v.1).sum::<f32>() / n)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(y: f32) -> Vec<Area> {
        (0..8).map(|n| [n as f32 * 60.0, y, n as f32 * 60.0 + 50.0, y + 20.0]).collect()
    }

    #[test]
    fn a_word_stands_on_the_line_of_those_beside_it() {
        let all = [line(0.0), line(40.0)].concat();
        let words: Vec<Word> = all.iter().map(|a| Word::new(a, &all, 1.0)).collect();
        let mut values = vec![Values::default(); words.len()];
        // The line rises to the right, and one word hangs below it.
        for (word, own) in words.iter().zip(&mut values) {
            own[FOOT] = Some(word.area[3] - 0.01 * word.middle());
        }
        let fits = |n: usize, values: &[Values]| beside(&words[n], &words, values)[FOOT].unwrap();
        assert!((fits(4, &values) - values[4][FOOT].unwrap()).abs() < 0.05);
        let own = values[4][FOOT].unwrap() + 3.0;
        values[4][FOOT] = Some(own);
        assert!((own - fits(4, &values) - 3.0).abs() < 0.05);
    }

    #[test]
    fn a_lone_word_has_none_beside_it() {
        let all = vec![[0.0, 0.0, 50.0, 20.0]];
        let word = Word::new(&all[0], &all, 1.0);
        assert_eq!(beside(&word, std::slice::from_ref(&word), &[Values::default()]), Values::default());
        assert_eq!((word.foot, word.height), (20.0, 20.0));
    }
}
