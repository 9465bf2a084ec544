//! Figures as tables print them: 1,234.50, 1.234,50, 1 234, (12), −5, $ 900, 12.5 %.

/// Parts of one whole: figures are held as whole numbers of these.
pub(super) const PARTS: i128 = 10_000;

/// What the separators of figures mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Style {
    /// A last separator with one or two digits behind it is the decimal one, whatever it is.
    Loose,
    /// 1,234.5
    Point,
    /// 1.234,5
    Comma,
}

impl Style {
    pub const ALL: [Self; 3] = [Self::Loose, Self::Point, Self::Comma];
}

/// A figure.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Figure {
    /// In ten-thousandths.
    pub value: i128,
    pub percent: bool,
    /// A dash, where a table has nothing.
    pub nil: bool,
    /// Where its whole number ends, as a share of its width.
    pub units: f64,
    /// May be a year, or the number of a column.
    pub heading: bool,
}

const CURRENCIES: [&str; 10] = ["USD", "EUR", "GBP", "CHF", "UAH", "RUB", "PLN", "US$", "Rs", "Rs."];

/// The figure that a text is, and nothing else.
pub(super) fn figure(text: &str, style: Style) -> Option<Figure> {
    let text = text.trim();
    if matches!(text, "-" | "–" | "—" | "−") {
        return Some(Figure { value: 0, percent: false, nil: true, units: 1.0, heading: false });
    }
    if text.len() > 80 {
        return None;
    }
    let first = text.find(|c: char| c.is_ascii_digit())?;
    let last = text.rfind(|c: char| c.is_ascii_digit())?;
    let (head, body, tail) = (&text[..first], &text[first..=last], &text[last + 1..]);
    let (minus, open) = head_of(head)?;
    let (percent, closed, after) = tail_of(tail)?;
    if open != closed || u8::from(minus) + u8::from(open) + u8::from(after) > 1 {
        return None;
    }
    let (size, whole) = value(body, style)?;
    let value = if minus || open || after { -size } else { size };
    let plain = body.bytes().all(|b| b.is_ascii_digit()) && !percent;
    let year = plain && (1900 * PARTS..2100 * PARTS).contains(&value);
    let column = open && size <= 30 * PARTS;
    let units = (wide(head) + wide(&body[..whole])) / wide(text);
    Some(Figure { value, percent, nil: false, units, heading: year || column })
}

/// Whether a minus and whether a bracket stands before the digits.
fn head_of(head: &str) -> Option<(bool, bool)> {
    let head = head.trim();
    let mut open = head.starts_with('(');
    let mut rest = head.trim_start_matches('(');
    if let Some(code) = CURRENCIES.iter().find(|code| rest.trim().starts_with(**code)) {
        rest = rest.trim().trim_start_matches(*code);
    }
    let mut minus = 0;
    for c in rest.chars() {
        match c {
            '-' | '–' | '−' => minus += 1,
            '(' if !open => open = true,
            '+' | '$' | '€' | '£' | '¥' | '₽' | '₴' => {}
            c if c.is_whitespace() => {}
            _ => return None,
        }
    }
    (minus <= 1 && head.chars().count() <= 6).then_some((minus == 1, open))
}

/// Whether a percent sign, a closing bracket and a minus stand behind the digits.
fn tail_of(tail: &str) -> Option<(bool, bool, bool)> {
    let (mut percent, mut closed, mut minus) = (false, false, false);
    let stopped = tail.strip_suffix(['.', ',', ';']).unwrap_or(tail);
    for c in stopped.chars() {
        match c {
            '%' if !percent => percent = true,
            ')' if !closed => closed = true,
            '-' | '−' if !minus && !closed => minus = true,
            '*' | '€' | '$' | '£' | '₽' | '₴' => {}
            c if c.is_whitespace() => {}
            _ => return None,
        }
    }
    (stopped.chars().count() <= 6).then_some((percent, closed, minus))
}

/// A separator, those made one that are written for each other.
fn separator(c: char) -> Option<char> {
    match c {
        '.' | ',' => Some(c),
        '\'' | '’' => Some('\''),
        ' ' | '\u{a0}' | '\u{2009}' | '\u{202f}' | '\u{2007}' => Some(' '),
        _ => None,
    }
}

/// The size of a number, and the length of its whole part in bytes.
fn value(body: &str, style: Style) -> Option<(i128, usize)> {
    let mut groups = vec![(0, String::new())];
    let mut between = Vec::new();
    for (at, c) in body.char_indices() {
        match (c.is_ascii_digit(), groups.last_mut()) {
            (true, Some((_, group))) => group.push(c),
            _ => {
                between.push(separator(c)?);
                groups.push((at, String::new()));
            }
        }
    }
    let behind = groups.last().map_or(0, |(_, g)| g.len());
    let decimal = between.last().is_some_and(|last| match style {
        Style::Loose => matches!(last, '.' | ',') && (1..=2).contains(&behind),
        Style::Point => *last == '.',
        Style::Comma => *last == ',',
    });
    let (mut part, mut whole) = (String::new(), body.len());
    if decimal {
        between.pop();
        (whole, part) = groups.pop()?;
    }
    let plain = match style {
        Style::Loose => true,
        Style::Point => !between.contains(&'.'),
        Style::Comma => !between.contains(&','),
    };
    let even = between.iter().all(|s| Some(s) == between.first());
    let threes = groups.iter().skip(1).all(|(_, g)| g.len() == 3);
    let first = groups.first().map(|(_, g)| g.as_str())?;
    let zero = first.starts_with('0') && (first.len() > 1 || groups.len() > 1);
    let long = groups.len() > 1 && first.len() > 3;
    let digits: String = groups.iter().map(|(_, g)| g.as_str()).collect();
    if !plain || !even || !threes || zero || long || digits.is_empty() || digits.len() > 15 {
        return None;
    }
    if decimal && (part.is_empty() || part.len() > 4) {
        return None;
    }
    let part: i128 = format!("{part:0<4}").parse().ok()?;
    Some((digits.parse::<i128>().ok()? * PARTS + part, whole))
}

/// About how wide a text is set, in digits.
fn wide(text: &str) -> f64 {
    let letter = |c: char| match c {
        '.' | ',' | '\'' | '’' => 0.5,
        '(' | ')' | '-' => 0.6,
        '%' | '—' | '−' => 1.5,
        c if c.is_whitespace() => 0.5,
        _ => 1.0,
    };
    text.chars().map(letter).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tenths(text: &str, style: Style) -> Option<i128> {
        figure(text, style).map(|f| f.value / (PARTS / 10))
    }

    #[test]
    fn figures_of_many_forms() {
        for (text, point, comma) in [
            ("1,234", Some(12340), Some(12)),
            ("1.234,5", None, Some(12345)),
            ("1,234.5", Some(12345), None),
            ("12 345", Some(123_450), Some(123_450)),
            ("12\u{2009}345.0", Some(123_450), None),
            ("1'234'567", Some(12_345_670), Some(12_345_670)),
            ("(12)", Some(-120), Some(-120)),
            ("−5", Some(-50), Some(-50)),
            ("5-", Some(-50), Some(-50)),
            ("$900.50", Some(9005), None),
            ("USD 900", Some(9000), Some(9000)),
            ("12%", Some(120), Some(120)),
            ("47.", Some(470), Some(470)),
            ("—", Some(0), Some(0)),
        ] {
            assert_eq!((tenths(text, Style::Point), tenths(text, Style::Comma)), (point, comma), "{text}");
        }
        assert_eq!(tenths("1.234,5", Style::Loose), Some(12345));
        assert_eq!(tenths("1.234", Style::Loose), tenths("1,234", Style::Loose));
    }

    #[test]
    fn what_is_no_figure() {
        for text in [
            "",
            "()",
            "(12",
            "12)",
            "--5",
            "1,23,4",
            "12.03.2023",
            "12:30",
            "1S0",
            "007",
            "0,123,4",
            "12t",
            "٣٤",
            "1234567890123456",
            "1,2345",
            "A12",
            "12/14",
            "%",
            "9,",
            "9..",
            "(5-)",
        ] {
            let some = Style::ALL.iter().filter(|s| figure(text, **s).is_some()).count();
            assert_eq!(some > 0, matches!(text, "9," | "1,2345"), "{text}");
        }
        assert!(figure("2023", Style::Point).unwrap().heading);
        assert!(figure("(3)", Style::Point).unwrap().heading);
        assert!(!figure("2,023", Style::Point).unwrap().heading);
    }

    #[test]
    fn the_whole_number_ends_before_the_decimals() {
        let units = |text| figure(text, Style::Point).unwrap().units;
        assert!((units("1234") - 1.0).abs() < 1e-9);
        assert!((units("12.5") - 2.0 / 3.5).abs() < 1e-9);
        assert!(units("(12)") < 0.85);
    }
}
