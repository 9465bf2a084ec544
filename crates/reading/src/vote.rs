//! What several accounts say at one place, weighed.
//!
//! Each account speaks for what it reads with the log odds of its doubt; accounts that show the place but read nothing
//! there speak for nothing, as loudly as they read the words around it. What a few shaky accounts agree on outweighs what
//! one sure account reads, since errors of reading seldom agree.

use crate::align::{Cell, Token};

/// What two accounts that agree are worth beyond their odds: the log of how many wrong words there are to choose from.
const AGREE: f64 = 2.0;
/// How much of the weight against a word (accounts that show nothing there) it takes to drop it.
const ABSENT: f64 = 1.0;
/// Neighbours on either side by which an account is judged to show a place.
const NEAR: usize = 8;

/// Where an account misses more words than this in a row, it is held not to show them (a crop), unless its frame tells.
const GAP: usize = 2;

/// One way to read a place.
#[derive(Clone, Debug)]
pub(crate) struct Voice {
    /// By spaces; empty if nothing stands there.
    pub text: String,
    pub weight: f64,
    /// Accounts that say so.
    pub by: Vec<usize>,
    /// The least doubt among them.
    pub doubt: f64,
}

/// The voices at one place, the heaviest first; an empty text is among them if accounts show the place and read nothing.
pub(crate) fn weigh(cell: &Cell, accounts: &[Vec<Token>], weights: &[f64], absent: &[f64]) -> Vec<Voice> {
    let mut voices: Vec<Voice> = Vec::new();
    for (account, tokens) in accounts.iter().enumerate() {
        let (text, doubt, weight) = if cell.members[account].is_empty() {
            if absent[account] <= 0.0 {
                continue;
            }
            (String::new(), 1.0 - absent[account], 0.0)
        } else {
            let doubt = cell.doubt(account, tokens).clamp(0.005, 0.98);
            (
                cell.text(account, tokens),
                doubt,
                (((1.0 - doubt) / doubt).ln() + AGREE).max(0.1) * weights[account],
            )
        };
        match voices.iter_mut().find(|voice| voice.text == text) {
            Some(voice) => {
                voice.weight += weight;
                voice.doubt = voice.doubt.min(doubt);
                voice.by.push(account);
            }
            None => voices.push(Voice { text, weight, by: vec![account], doubt }),
        }
    }
    cut(&mut voices, cell, accounts);
    let presence: f64 = (0..accounts.len())
        .filter(|&a| !cell.members[a].is_empty())
        .map(|a| (1.0 - cell.doubt(a, &accounts[a])) * weights[a])
        .sum();
    let absence: f64 = (0..accounts.len())
        .filter(|&a| cell.members[a].is_empty())
        .map(|a| absent[a].max(0.0) * weights[a])
        .sum();
    let dropped = absence * ABSENT > presence;
    voices.sort_by(|a, b| b.weight.total_cmp(&a.weight).then_with(|| a.text.cmp(&b.text)));
    if let Some(n) = voices.iter().position(|voice| voice.text.is_empty()) {
        let nothing = voices.remove(n);
        let to = if dropped { 0 } else { voices.len() };
        voices.insert(to, Voice { weight: absence, ..nothing });
    }
    voices
}

/// What the edge of a picture cut off speaks for the whole word: "arcos" at the left edge for "Marcos". Numbers are left as
/// they are: a shorter number is another number.
fn cut(voices: &mut Vec<Voice>, cell: &Cell, accounts: &[Vec<Token>]) {
    let part = |small: &Voice, whole: &Voice| {
        let (a, b) = (&small.text, &whole.text);
        let at_edge = |left: bool| {
            small.by.iter().all(|&account| {
                let edges = cell.members[account].first().map(|&n| accounts[account][n].edges);
                edges.is_some_and(|edges| if left { edges.0 } else { edges.1 })
            })
        };
        !a.is_empty()
            && a.len() < b.len()
            && whole.doubt < 0.4
            && !b.chars().any(|c| c.is_ascii_digit())
            && ((b.ends_with(a.as_str()) && at_edge(true)) || (b.starts_with(a.as_str()) && at_edge(false)))
    };
    for n in (0..voices.len()).rev() {
        if let Some(m) = (0..voices.len()).find(|&m| m != n && part(&voices[n], &voices[m])) {
            let small = voices[n].clone();
            voices[m].weight += 0.2 * small.weight.max(0.0);
            voices.remove(n);
        }
    }
}

/// For each cell and account: how surely the account shows the cell's place though it reads nothing there, 0 to 1.
pub(crate) fn absences(
    cells: &[Cell],
    accounts: &[Vec<Token>],
    shows: &dyn Fn(usize, &Cell) -> Option<bool>,
) -> Vec<Vec<f64>> {
    let mut out = vec![vec![0.0; accounts.len()]; cells.len()];
    for (account, tokens) in accounts.iter().enumerate() {
        let sure: Vec<f64> = cells
            .iter()
            .map(
                |cell| if cell.members[account].is_empty() { 0.0 } else { 1.0 - cell.doubt(account, tokens) },
            )
            .collect();
        // Cells that only one account has do not tell whether another one shows the place.
        let common: Vec<bool> = cells
            .iter()
            .map(|cell| {
                cell.members.iter().filter(|members| !members.is_empty()).count() > 1 || accounts.len() == 2
            })
            .collect();
        for (n, cell) in cells.iter().enumerate() {
            if !cell.members[account].is_empty() {
                continue;
            }
            let before = (0..n).rev().filter(|&k| common[k]).take(NEAR);
            let after = (n + 1..cells.len()).filter(|&k| common[k]).take(NEAR);
            let (one, other) = (mean(before, &sure), mean(after, &sure));
            out[n][account] = match shows(account, cell) {
                Some(false) => 0.0,
                Some(true) => one.unwrap_or(0.0).max(other.unwrap_or(0.0)),
                None if gap(n, cells, account) > GAP => 0.0,
                None => one.unwrap_or(1.0).min(other.unwrap_or(1.0)),
            };
        }
    }
    out
}

/// How many cells in a row about cell `n` others have and this account has not.
fn gap(n: usize, cells: &[Cell], account: usize) -> usize {
    let missing = |k: &usize| cells[*k].members[account].is_empty();
    let before = (0..n).rev().take_while(missing).take(GAP + 1).count();
    let after = (n..cells.len()).take_while(missing).take(GAP + 1).count();
    before + after
}

fn mean(cells: impl Iterator<Item = usize>, sure: &[f64]) -> Option<f64> {
    let (sum, count) = cells.fold((0.0, 0), |(sum, count), k| (sum + sure[k], count + 1));
    (count > 0).then(|| sum / f64::from(count))
}
