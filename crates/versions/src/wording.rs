//! How readings of one place compare as words: what readers confuse, and what forgers change.

/// Whether two readings may stand for one word.
pub(crate) fn alike(a: &str, b: &str) -> bool {
    let (one, two) = (bare(a), bare(b));
    one == two || run_together(&one) == run_together(&two)
}

/// A word with the letters made one that readers run together or part: "rn" and "m".
fn run_together(bare: &str) -> String {
    bare.replace("rn", "m").replace("vv", "w").replace("c1", "d")
}

/// A Latin letter without its accent: readers see one in every speck above a letter.
fn unaccented(letter: char) -> char {
    match letter {
        'à'..='å' | 'À'..='Å' => 'a',
        'è'..='ë' | 'È'..='Ë' => 'e',
        'ì'..='ï' | 'Ì'..='Ï' => '1',
        'ò'..='ö' | 'Ò'..='Ö' => '0',
        'ù'..='ü' | 'Ù'..='Ü' => 'u',
        'ñ' | 'Ñ' => 'n',
        'ç' | 'Ç' => 'c',
        other => other,
    }
}

/// Letters and digits alone, those that readers confuse made one.
pub(crate) fn bare(text: &str) -> String {
    text.chars()
        .filter(|c| c.is_alphanumeric())
        .map(|c| match c {
            'O' | 'o' | 'Q' | 'D' => '0',
            'l' | 'I' | 'i' | '|' | '!' => '1',
            'S' | 's' => '5',
            'Z' | 'z' => '2',
            'B' => '8',
            other => unaccented(other),
        })
        .collect::<String>()
        .to_lowercase()
}

/// About the same number of letters, and figures against figures: what a fold makes of a word is seldom so.
pub(crate) fn as_long(a: &str, b: &str) -> bool {
    let (la, lb) = (bare(a).chars().count(), bare(b).chars().count());
    let figures = |t: &str| t.chars().any(|c| c.is_ascii_digit());
    figures(a) == figures(b) && (la == lb || la.min(lb) >= 4 && la.abs_diff(lb) <= 2)
}

/// One letter for another in an otherwise equal word, no figure among them: what readers do to small letters.
pub(crate) fn one_letter_off(a: &str, b: &str) -> bool {
    let (a, b): (Vec<char>, Vec<char>) = (bare(a).chars().collect(), bare(b).chars().collect());
    let mut off = a.iter().zip(&b).filter(|(p, q)| p != q);
    let first = off.next();
    let lettered = |c: &char| c.is_alphabetic();
    a.len() == b.len()
        && a.len() > 2
        && off.next().is_none()
        && first.is_some_and(|(p, q)| lettered(p) || lettered(q))
}

/// Nothing, or a lone letter that is no word: what readers make of specks and edges.
pub(crate) fn too_short(text: &str) -> bool {
    let mut chars = text.chars().filter(|c| c.is_alphanumeric());
    match (chars.next(), chars.next()) {
        (None, _) => true,
        (Some(c), None) => c.is_lowercase() && c != 'a',
        _ => false,
    }
}

/// A full stop is often read as a comma, seldom the other way round: where the two readings differ in this, both get the
/// full stop.
pub(crate) fn same_stop(a: &mut String, b: &mut String) {
    if a.ends_with(',') && b.ends_with('.') {
        a.pop();
        a.push('.');
    } else if b.ends_with(',') && a.ends_with('.') {
        b.pop();
        b.push('.');
    }
}

/// Where one side is a figure and the other, as long, would be one if read as readers confuse letters and digits: it is.
pub(crate) fn same_kind(a: &mut String, b: &mut String) {
    let figure = |t: &str| {
        let mut all = t.chars().filter(|c| c.is_alphanumeric()).peekable();
        all.peek().is_some() && all.all(|c| c.is_ascii_digit())
    };
    for _ in 0..2 {
        if figure(a) && !figure(b) && a.chars().count().abs_diff(b.chars().count()) <= 1 {
            let read: String = b
                .chars()
                .map(|c| match c {
                    'O' | 'o' | 'Q' | 'D' => '0',
                    'l' | 'I' | 'i' | 'L' | '|' | '!' => '1',
                    'S' | 's' => '5',
                    'Z' | 'z' => '2',
                    'B' => '8',
                    'g' | 'q' => '9',
                    other => other,
                })
                .collect();
            if figure(&read) && bare(&read).len() == bare(a).len() {
                *b = read;
            }
        }
        std::mem::swap(a, b);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_readers_confuse_is_alike_and_what_forgers_change_is_not() {
        assert!(alike("15en", "I5en") && alike("7,", "7.") && alike("S0", "SO"));
        assert!(
            alike("Fidél", "Fidel")
                && alike("modern", "modem")
                && !alike("4)", "47")
                && !alike("Part", "Port")
        );
        assert!(!alike("1959", "3959") && !alike("3.", "9.") && !alike("11", "12") && !alike("", "not"));
    }

    #[test]
    fn against_a_figure_a_letter_is_read_as_one() {
        let (mut one, mut other) = ("L".to_owned(), "3,".to_owned());
        same_kind(&mut one, &mut other);
        assert_eq!((one.as_str(), other.as_str()), ("1", "3,"));
        let (mut one, mut other) = ("1959".to_owned(), "JULY".to_owned());
        same_kind(&mut one, &mut other);
        assert_eq!((one.as_str(), other.as_str()), ("1959", "JULY"));
    }

    #[test]
    fn a_full_stop_outdoes_a_comma() {
        let (mut one, mut other) = ("1.".to_owned(), "7,".to_owned());
        same_stop(&mut one, &mut other);
        assert_eq!((one.as_str(), other.as_str()), ("1.", "7."));
        same_stop(&mut other, &mut "Kiew,".to_owned());
        assert_eq!(other, "7.");
    }
}
