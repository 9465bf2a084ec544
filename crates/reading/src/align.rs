//! Several accounts of one text, laid side by side word by word.
//!
//! In: tokens of each account, with places in a common frame where these are known. Out: cells; a cell holds, of each
//! account, the tokens that stand at one place of the text (none, one, or several where one account joined what another
//! parted). Every token is in exactly one cell. The accounts are taken up one after the other (as ROVER does: J. Fiscus,
//! "A post-processing system to yield reduced word error rates", 1997): by place where places are known, and by sequence
//! (Needleman and Wunsch, with steps of one against two), the latter several times over what is left, so that blocks read
//! in another order find each other.

/// A word of one account.
#[derive(Clone, Debug)]
pub(crate) struct Token {
    pub text: String,
    pub doubt: f64,
    /// Left, top, right, bottom in the common frame, if known.
    pub place: Option<[f64; 4]>,
    pub line: u32,
    /// It begins at the left edge, or ends at the right edge, of all that its account read.
    pub edges: (bool, bool),
}

/// What stands at one place of the text.
#[derive(Clone, Debug, Default)]
pub(crate) struct Cell {
    /// Of each account the numbers of its tokens, ascending.
    pub members: Vec<Vec<usize>>,
}

impl Cell {
    fn holding(accounts: usize, account: usize, token: usize) -> Self {
        let mut members = vec![Vec::new(); accounts];
        members[account].push(token);
        Self { members }
    }

    /// The tokens of one account, by spaces.
    pub fn text(&self, account: usize, tokens: &[Token]) -> String {
        let texts: Vec<&str> = self.members[account].iter().map(|&n| tokens[n].text.as_str()).collect();
        texts.join(" ")
    }

    /// The doubt that all of one account's tokens are right.
    pub fn doubt(&self, account: usize, tokens: &[Token]) -> f64 {
        self.members[account].iter().map(|&n| tokens[n].doubt).fold(0.0, f64::max)
    }

    /// The least doubted account that has something here.
    pub fn surest(&self, accounts: &[Vec<Token>]) -> Option<usize> {
        let here = (0..accounts.len()).filter(|&a| !self.members[a].is_empty());
        here.min_by(|&a, &b| self.doubt(a, &accounts[a]).total_cmp(&self.doubt(b, &accounts[b])))
    }

    /// The middle place of its tokens, where known.
    pub fn place(&self, accounts: &[Vec<Token>]) -> Option<[f64; 4]> {
        let mut sums = ([0.0; 4], 0.0);
        for (account, members) in self.members.iter().enumerate() {
            let places = members.iter().filter_map(|&n| accounts[account][n].place);
            let hull = places.reduce(|a, b| [a[0].min(b[0]), a[1].min(b[1]), a[2].max(b[2]), a[3].max(b[3])]);
            if let Some(hull) = hull {
                sums.0.iter_mut().zip(hull).for_each(|(sum, value)| *sum += value);
                sums.1 += 1.0;
            }
        }
        (sums.1 > 0.0).then(|| sums.0.map(|sum| sum / sums.1))
    }
}

/// Lays the accounts side by side, the first of `order` first: its order of words is kept, the others' words go where
/// their neighbours went.
pub(crate) fn cells(accounts: &[Vec<Token>], order: &[usize]) -> Vec<Cell> {
    let mut cells: Vec<Cell> = Vec::new();
    for &account in order {
        let tokens = &accounts[account];
        let mut to = by_place(&cells, accounts, tokens);
        by_sequence(&cells, accounts, tokens, &mut to);
        replaced(&cells, accounts, tokens, &mut to);
        cells = take_up(cells, accounts.len(), account, &to);
    }
    cells
}

/// Puts each token into its cells, joining cells that share a token, and makes new cells after the token before.
fn take_up(cells: Vec<Cell>, accounts: usize, account: usize, to: &[Vec<usize>]) -> Vec<Cell> {
    let mut leader: Vec<usize> = (0..cells.len()).collect();
    for targets in to {
        if let Some((first, rest)) = targets.split_first() {
            for other in rest {
                let (a, b) = (lead(&leader, *first), lead(&leader, *other));
                leader[a.max(b)] = a.min(b);
            }
        }
    }
    // Before the first cell, and after each, the tokens that start cells of their own.
    let mut fresh: Vec<Vec<usize>> = vec![Vec::new(); cells.len() + 1];
    let mut here: Vec<Vec<usize>> = vec![Vec::new(); cells.len()];
    let mut after = 0;
    let mut waiting = Vec::new();
    for (token, targets) in to.iter().enumerate() {
        match targets.first() {
            Some(&first) => {
                let cell = lead(&leader, first);
                here[cell].push(token);
                if after == 0 {
                    fresh[cell].append(&mut waiting);
                }
                after = cell + 1;
            }
            None if after == 0 => waiting.push(token),
            None => fresh[after].push(token),
        }
    }
    fresh[cells.len()].append(&mut waiting);
    let mut merged: Vec<Cell> = vec![Cell { members: vec![Vec::new(); accounts] }; cells.len()];
    for (n, cell) in cells.into_iter().enumerate() {
        let into = &mut merged[lead(&leader, n)].members;
        into.iter_mut().zip(cell.members).for_each(|(into, from)| into.extend(from));
    }
    let mut out = Vec::with_capacity(merged.len());
    for n in 0..=merged.len() {
        out.extend(fresh[n].iter().map(|&token| Cell::holding(accounts, account, token)));
        if n < merged.len() && leader[n] == n {
            let mut cell = std::mem::take(&mut merged[n]);
            cell.members[account].append(&mut here[n]);
            cell.members.iter_mut().for_each(|members| members.sort_unstable());
            out.push(cell);
        }
    }
    out
}

fn lead(leader: &[usize], mut n: usize) -> usize {
    while leader[n] != n {
        n = leader[n];
    }
    n
}

/// A token that lies over more cells than this is a mistake of the reader.
const SPAN: usize = 4;

fn by_place(cells: &[Cell], accounts: &[Vec<Token>], tokens: &[Token]) -> Vec<Vec<usize>> {
    let places: Vec<Option<[f64; 4]>> = cells.iter().map(|cell| cell.place(accounts)).collect();
    let mut to = Vec::with_capacity(tokens.len());
    for token in tokens {
        let mut over: Vec<(f64, usize)> = Vec::new();
        if let Some(place) = token.place {
            let shares =
                places.iter().enumerate().filter_map(|(n, other)| Some((share(&place, other.as_ref()?)?, n)));
            over.extend(shares);
        }
        if over.len() > SPAN {
            over.sort_by(|a, b| b.0.total_cmp(&a.0));
            over.truncate(1);
        }
        to.push(over.into_iter().map(|(_, n)| n).collect());
    }
    to
}

/// How much of the narrower of two places lies in the other, if they stand on one line and overlap by half of it.
fn share(a: &[f64; 4], b: &[f64; 4]) -> Option<f64> {
    let (high_a, high_b) = ((a[3] - a[1]).max(1.0), (b[3] - b[1]).max(1.0));
    let down = a[3].min(b[3]) - a[1].max(b[1]);
    let across = a[2].min(b[2]) - a[0].max(b[0]);
    let narrow = (a[2] - a[0]).min(b[2] - b[0]).max(1.0);
    let alike = high_a.max(high_b) < 3.5 * high_a.min(high_b);
    (alike && down > 0.5 * high_a.min(high_b) && across > 0.5 * narrow).then(|| across / narrow)
}

/// Words that share less than this of their letters are not held to be one word.
const ALIKE: f64 = 0.5;
const GAP: f64 = -0.35;

/// Adds to `to` what the sequence tells about tokens and cells not yet matched.
fn by_sequence(cells: &[Cell], accounts: &[Vec<Token>], tokens: &[Token], to: &mut [Vec<usize>]) {
    let said: Vec<String> = cells
        .iter()
        .map(|cell| cell.surest(accounts).map(|a| cell.text(a, &accounts[a])).unwrap_or_default())
        .collect();
    let mut taken = vec![false; cells.len()];
    to.iter().flatten().for_each(|&n| taken[n] = true);
    for round in 0..4 {
        // What is matched by place stays as a landmark in the first round; afterwards only what is left is aligned.
        let left: Vec<usize> = (0..tokens.len()).filter(|&n| to[n].is_empty()).collect();
        let free: Vec<usize> =
            (0..cells.len()).filter(|&n| !taken[n] && nothing_at_all(&cells[n], accounts, tokens)).collect();
        if left.is_empty() || free.is_empty() {
            return;
        }
        let a: Vec<&str> = left.iter().map(|&n| tokens[n].text.as_str()).collect();
        let b: Vec<&str> = free.iter().map(|&n| said[n].as_str()).collect();
        let steps = trusted(sequence(&a, &b), round);
        if steps.is_empty() {
            return;
        }
        for (ours, theirs) in steps {
            for i in ours {
                to[left[i]].extend(theirs.iter().map(|&j| free[j]));
            }
            theirs.iter().for_each(|&j| taken[free[j]] = true);
        }
    }
}

/// Words that are nothing alike stand at one place if their neighbours do, on both sides: as many words here as there.
fn replaced(cells: &[Cell], accounts: &[Vec<Token>], tokens: &[Token], to: &mut [Vec<usize>]) {
    let mut taken = vec![false; cells.len()];
    to.iter().flatten().for_each(|&n| taken[n] = true);
    let mut at = 0;
    while at < to.len() {
        let end = (at..to.len()).find(|&n| !to[n].is_empty()).unwrap_or(to.len());
        let before = at.checked_sub(1).and_then(|n| to[n].iter().max().copied());
        let after = to.get(end).and_then(|targets| targets.iter().min().copied());
        if let (Some(before), Some(after), true) = (before, after, end > at && end - at <= 3) {
            let free: Vec<usize> = (before + 1..after.max(before + 1)).collect();
            let open = |n: &usize| !taken[*n] && nothing_at_all(&cells[*n], accounts, tokens);
            if free.len() == end - at && free.iter().all(open) {
                free.iter().zip(at..end).for_each(|(&cell, token)| to[token].push(cell));
            }
        }
        at = end + 1;
    }
}

/// A cell whose place is known is matched by place alone to an account whose places are known.
fn nothing_at_all(cell: &Cell, accounts: &[Vec<Token>], tokens: &[Token]) -> bool {
    let placed = tokens.first().is_some_and(|token| token.place.is_some());
    !placed || cell.place(accounts).is_none()
}

type Step = (Vec<usize>, Vec<usize>);

/// Keeps steps that have company: in the first round any, later only runs of at least three near each other.
fn trusted(steps: Vec<Step>, round: usize) -> Vec<Step> {
    if round == 0 {
        return steps;
    }
    let near = |a: &Step, b: &Step| a.0[0].abs_diff(b.0[0]) <= 3 && a.1[0].abs_diff(b.1[0]) <= 3;
    let company = |step: &Step| steps.iter().filter(|other| near(step, other)).count() >= 3;
    steps.iter().filter(|step| company(step)).cloned().collect()
}

/// The best pairing in order: one against one, one against two, two against one.
fn sequence(a: &[&str], b: &[&str]) -> Vec<Step> {
    let (n, m) = (a.len(), b.len());
    let at = |i: usize, j: usize| i * (m + 1) + j;
    let mut best = vec![0f32; (n + 1) * (m + 1)];
    let mut step = vec![0u8; (n + 1) * (m + 1)];
    let join = |x: &[&str]| x.concat();
    let (a2, b2): (Vec<String>, Vec<String>) =
        (a.windows(2).map(join).collect(), b.windows(2).map(join).collect());
    for i in 0..=n {
        for j in 0..=m {
            let mut top = (f32::MIN, 0u8);
            let mut offer = |score: f32, kind: u8| {
                if score > top.0 {
                    top = (score, kind);
                }
            };
            if i == 0 && j == 0 {
                continue;
            }
            if i > 0 && j > 0 {
                offer(best[at(i - 1, j - 1)] + worth(a[i - 1], b[j - 1], ALIKE), 1);
            }
            if i > 0 {
                offer(best[at(i - 1, j)] + GAP as f32, 2);
            }
            if j > 0 {
                offer(best[at(i, j - 1)] + GAP as f32, 3);
            }
            if i > 0 && j > 1 {
                offer(best[at(i - 1, j - 2)] + worth(a[i - 1], &b2[j - 2], 0.85), 4);
            }
            if i > 1 && j > 0 {
                offer(best[at(i - 2, j - 1)] + worth(&a2[i - 2], b[j - 1], 0.85), 5);
            }
            (best[at(i, j)], step[at(i, j)]) = top;
        }
    }
    let (mut i, mut j, mut steps) = (n, m, Vec::new());
    while i > 0 || j > 0 {
        let (di, dj) = match step[at(i, j)] {
            1 => (1, 1),
            2 => (1, 0),
            3 => (0, 1),
            4 => (1, 2),
            _ => (2, 1),
        };
        if di > 0 && dj > 0 {
            steps.push(((i - di..i).collect(), (j - dj..j).collect()));
        }
        (i, j) = (i - di, j - dj);
    }
    steps.reverse();
    steps
}

/// What pairing two words is worth; words that are less than `alike` cannot be paired.
fn worth(a: &str, b: &str, alike: f64) -> f32 {
    if a == b {
        return 1.0 + 0.05 * a.len().min(12) as f32;
    }
    let (la, lb) = (a.chars().count(), b.chars().count());
    let most = la.max(lb);
    if (la.min(lb) as f64) < alike * most as f64 || most == 0 {
        return -4.0;
    }
    let same = 1.0 - distance(a, b) as f64 / most as f64;
    if same < alike { -4.0 } else { (1.6 * same - 0.7) as f32 }
}

/// Edit distance in characters (Levenshtein).
pub(crate) fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, ca) in a.chars().enumerate() {
        let mut corner = row[0];
        row[0] = i + 1;
        for (j, cb) in b.iter().enumerate() {
            let swap = corner + usize::from(ca != *cb);
            corner = row[j + 1];
            row[j + 1] = swap.min(corner + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(text: &str) -> Vec<Token> {
        let token = |text: &str| Token {
            text: text.to_owned(),
            doubt: 0.1,
            place: None,
            line: 0,
            edges: (false, false),
        };
        text.split_whitespace().map(token).collect()
    }

    fn laid(texts: &[&str]) -> Vec<String> {
        let accounts: Vec<Vec<Token>> = texts.iter().map(|text| tokens(text)).collect();
        let order: Vec<usize> = (0..texts.len()).collect();
        let show =
            |cell: &Cell| (0..texts.len()).map(|a| cell.text(a, &accounts[a])).collect::<Vec<_>>().join("|");
        cells(&accounts, &order).iter().map(show).collect()
    }

    #[test]
    fn words_find_each_other() {
        assert_eq!(
            laid(&["a black cat sat", "a blank cat sat"]),
            ["a|a", "black|blank", "cat|cat", "sat|sat"]
        );
        assert_eq!(laid(&["REL TO USA", "RELTO USA"]), ["REL TO|RELTO", "USA|USA"]);
        assert_eq!(laid(&["the cat", "the old cat"]), ["the|the", "|old", "cat|cat"]);
        assert_eq!(laid(&["the quick cat", "the ALTERED cat"]), ["the|the", "quick|ALTERED", "cat|cat"]);
    }

    #[test]
    fn moved_blocks_find_each_other() {
        let cells =
            laid(&["one two three four five six seven eight", "five six seven eight one two three four"]);
        assert_eq!(cells.len(), 8, "{cells:?}");
    }

    #[test]
    fn every_token_is_in_one_cell() {
        let accounts = [tokens("x y z x y z"), tokens("z y x zz"), tokens(""), tokens("q")];
        let cells = cells(&accounts, &[1, 0, 2, 3]);
        for (a, tokens) in accounts.iter().enumerate() {
            let mut all: Vec<usize> = cells.iter().flat_map(|cell| cell.members[a].clone()).collect();
            all.sort_unstable();
            assert_eq!(all, (0..tokens.len()).collect::<Vec<_>>());
        }
    }
}
