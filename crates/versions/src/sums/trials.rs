//! How often random tables seem to add up, and how often tables that do tell which reading is not theirs.

use super::contrary;
use crate::sheet::SheetWord;

/// Splitmix64.
struct Rng(u64);

impl Rng {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, n: u64) -> u64 {
        self.next() % n.max(1)
    }

    fn chance(&mut self, share: f64) -> bool {
        (self.below(1_000_000) as f64) < share * 1e6
    }
}

/// A table of whole numbers; the last row and maybe the last column are totals, or seem to be.
struct Made {
    rows: Vec<Vec<u64>>,
    called: bool,
    thousands: &'static str,
    left: bool,
}

impl Made {
    fn new(rng: &mut Rng, adds_up: bool, two: bool) -> Self {
        let (height, width) = (3 + rng.below(12) as usize, 1 + rng.below(4) as usize);
        let called = rng.chance(0.5);
        let height = if called && two { 2 } else { height };
        let most: Vec<u64> = (0..width).map(|_| 10u64.pow(2 + rng.below(4) as u32)).collect();
        let figure = |rng: &mut Rng, c: usize| 1 + rng.below(most[c] - 1);
        let mut rows: Vec<Vec<u64>> =
            (0..height).map(|_| (0..width).map(|c| figure(rng, c)).collect()).collect();
        let total = |rng: &mut Rng, c: usize, rows: &[Vec<u64>]| {
            if adds_up {
                rows.iter().map(|r| r[c]).sum()
            } else {
                // As large as a sum would be.
                figure(rng, c) * (1 + rng.below(height as u64))
            }
        };
        let last: Vec<u64> = (0..width).map(|c| total(rng, c, &rows)).collect();
        rows.push(last);
        if width > 2 && rng.chance(0.3) {
            for row in &mut rows {
                let sum = row.iter().sum::<u64>();
                row.push(if adds_up { sum } else { 1 + rng.below(sum) });
            }
        }
        let thousands = ["", ",", ".", " ", "'"][rng.below(5) as usize];
        Self { rows, called, thousands, left: rng.chance(0.3) }
    }

    fn text(&self, value: u64) -> String {
        let digits = value.to_string();
        let mut out = String::new();
        for (n, c) in digits.chars().enumerate() {
            if n > 0 && (digits.len() - n).is_multiple_of(3) {
                out.push_str(self.thousands);
            }
            out.push(c);
        }
        out
    }

    fn area(&self, row: usize, column: usize, text: &str) -> [f64; 4] {
        let (edge, top) = (400.0 + 200.0 * column as f64, 300.0 + 36.0 * row as f64);
        let wide = 13.0 * text.chars().count() as f64;
        let left = if self.left { edge - 120.0 } else { edge - wide };
        [left, top, left + wide, top + 22.0]
    }

    /// The words of the sheet, each a hair off its place: a heading with a year, figures in a paragraph, the table.
    fn words(&self, rng: &mut Rng) -> Vec<SheetWord> {
        let mut out = Vec::new();
        let mut put = |text: &str, area: [f64; 4], line: usize, off: f64| {
            let area = [area[0] + off, area[1] + off, area[2] + off, area[3] + off];
            out.push(SheetWord { text: text.to_owned(), area, line: line as u32 });
        };
        for (n, text) in
            ["Return", "of", "14", "March", "2023,", "312", "crates", "in", "5", "stores"].iter().enumerate()
        {
            let left = 90.0 + 105.0 * n as f64;
            put(text, [left, 100.0, left + 13.0 * text.len() as f64, 122.0], 0, 0.0);
        }
        for (n, row) in self.rows.iter().enumerate() {
            let last = n + 1 == self.rows.len();
            let name = if last && self.called { "Total" } else { "Stores" };
            put(name, [90.0, 300.0 + 36.0 * n as f64, 160.0, 322.0 + 36.0 * n as f64], n + 1, 0.0);
            for (c, value) in row.iter().enumerate() {
                let text = self.text(*value);
                let area = self.area(n, c, &text);
                let off = rng.below(400) as f64 / 100.0 - 2.0;
                let mut left = area[0];
                for part in text.split(' ') {
                    let right = left + 13.0 * part.chars().count() as f64;
                    put(part, [left, area[1], right, area[3]], n + 1, off);
                    left = right + 13.0;
                }
            }
        }
        out
    }

    /// A figure is altered in one digit: its place and what it says now; mostly without what makes it longer.
    fn altered(&self, rng: &mut Rng) -> ([f64; 4], String, String) {
        let row = rng.below(self.rows.len() as u64) as usize;
        let column = rng.below(self.rows[row].len() as u64) as usize;
        let was = self.rows[row][column];
        let digits = was.to_string().len() as u32;
        let now = loop {
            let step = (1 + rng.below(9)) * 10u64.pow(rng.below(u64::from(digits)) as u32);
            let now = if rng.chance(0.5) { was + step } else { was.saturating_sub(step) };
            if now != was && now > 0 && now.to_string().len() as u32 == digits {
                break now;
            }
            if digits == 1 {
                break if was == 9 { 8 } else { was + 1 };
            }
        };
        let was = self.text(was);
        (self.area(row, column, &was), was, self.text(now))
    }
}

/// Of so many trials: how often the altered side is told, how often the other one.
fn told(seed: u64, trials: usize, adds_up: bool, spoil: bool) -> (usize, usize) {
    let mut rng = Rng(seed);
    let (mut right, mut wrong) = (0, 0);
    for _ in 0..trials {
        let two = rng.chance(0.2);
        let made = Made::new(&mut rng, adds_up, two);
        let (area, was, now) = made.altered(&mut rng);
        let mut words = made.words(&mut rng);
        if spoil {
            misread(&mut words, &area, &mut rng);
        }
        let swap = rng.chance(0.5);
        let texts = if swap { [now.as_str(), was.as_str()] } else { [was.as_str(), now.as_str()] };
        match contrary(&words, area, texts).map(|c| (c.side == 0) == swap) {
            Some(true) => right += 1,
            Some(false) => wrong += 1,
            None => {}
        }
    }
    (right, wrong)
}

/// One figure elsewhere is read with another digit.
fn misread(words: &mut [SheetWord], area: &[f64; 4], rng: &mut Rng) {
    let figures: Vec<usize> = (10..words.len())
        .filter(|n| words[*n].text.starts_with(|c: char| c.is_ascii_digit()))
        .filter(|n| (words[*n].area[1] - area[1]).abs() > 10.0 || (words[*n].area[0] - area[0]).abs() > 60.0)
        .collect();
    let Some(at) = figures.get(rng.below(figures.len() as u64) as usize) else { return };
    let digits: Vec<usize> =
        words[*at].text.char_indices().filter(|(_, c)| c.is_ascii_digit()).map(|(n, _)| n).collect();
    let which = digits[rng.below(digits.len() as u64) as usize];
    let digit = (b'1' + rng.below(9) as u8) as char;
    words[*at].text.replace_range(which..=which, &digit.to_string());
}

#[test]
fn random_tables_do_not_add_up() {
    let (right, wrong) = told(7, 10_000, false, false);
    println!("random tables: {} of 10000", right + wrong);
    assert!(right + wrong <= 10, "{right} {wrong}");
}

#[test]
fn of_tables_that_add_up_the_altered_reading_is_told() {
    let (right, wrong) = told(8, 3_000, true, false);
    println!("tables that add up: {right} right, {wrong} wrong of 3000");
    assert!(right >= 2_850 && wrong == 0, "{right} {wrong}");
}

#[test]
fn a_misread_figure_elsewhere_seldom_speaks() {
    let (right, wrong) = told(9, 3_000, true, true);
    println!("with a misread figure: {right} right, {wrong} wrong of 3000");
    assert!(wrong <= 30, "{right} {wrong}");
}

/// The words of a forged sheet.
fn forged(sheet: &forge::typeset::Sheet) -> Vec<SheetWord> {
    let (mut out, mut line, mut top): (Vec<SheetWord>, u32, f64) = (Vec::new(), 0, 0.0);
    for word in &sheet.words {
        let [x, y, w, h] = word.area;
        if (y - top).abs() > 0.5 * h {
            line += 1;
        }
        top = y;
        out.push(SheetWord { text: word.text.clone(), area: [x, y, x + w, y + h], line });
    }
    out
}

/// The same figure with another digit, at the place of one of its digits.
fn other(text: &str, at: usize) -> String {
    let digits: Vec<usize> =
        text.char_indices().filter(|(_, c)| c.is_ascii_digit()).map(|(n, _)| n).collect();
    let which = digits[at % digits.len()];
    let digit = text.as_bytes()[which] - b'0';
    let mut out = text.to_owned();
    out.replace_range(which..=which, &((digit % 9) + 1).to_string());
    out
}

#[test]
fn of_forged_sheets_only_the_table_speaks() {
    let (mut right, mut figures) = (0, 0);
    for (n, look) in forge::typeset::Look::ALL.into_iter().enumerate() {
        for seed in 0..3 {
            let sheet = forge::typeset::sheet(&mut forge::rng::Rng::new(seed * 31 + n as u64), look);
            let words = forged(&sheet);
            let total = words.iter().position(|w| w.text == "Total");
            let column = |w: &SheetWord| {
                let sums = total.map(|n| &words[n + 1..n + 3]).unwrap_or_default();
                let head = words.iter().find(|w| w.text == "Crates").map_or(0.0, |w| w.area[1]);
                let plain = w.text.bytes().all(|b| b.is_ascii_digit());
                let over =
                    |s: &SheetWord| (s.area[0] - w.area[0]).abs() < 20.0 && w.area[1] <= s.area[1] + 2.0;
                plain && w.area[1] > head && sums.iter().any(over)
            };
            for (k, word) in
                words.iter().enumerate().filter(|(_, w)| w.text.contains(|c: char| c.is_ascii_digit()))
            {
                let now = other(&word.text, k);
                let told = contrary(&words, word.area, [&now, &word.text]).map(|c| c.side);
                figures += usize::from(column(word));
                right += usize::from(column(word) && told == Some(0));
                assert!(told.is_none() || column(word) && told == Some(0), "{look:?} {seed} {word:?} {now}");
            }
        }
    }
    println!("figures of forged tables: {right} of {figures}");
    assert!(figures > 40 && right * 100 >= figures * 95, "{right} of {figures}");
}
