//! Spellings of one name: letters of other scripts, accents, transliterations, misread letters, initials.
//!
//! In: names. Out: keys that are equal for spellings of one name, and how far two names differ as misread letters. Invariant: a
//! key says nothing of who bears the name.

/// Letters without script, accent and the choices of those who transliterate: Zelensky, Zelenskyy, Зеленський have one key.
/// Romanisations differ in y, i, j and doubled letters (ISO 9:1995, BGN/PCGN, the Ukrainian table of 2010); these are folded.
pub(crate) fn key(name: &str) -> String {
    let mut latin = String::new();
    for letter in name.chars() {
        match cyrillic(letter) {
            Some(text) => latin.push_str(text),
            None => crate::lexicon::plain(letter, &mut latin),
        }
    }
    let mut words: Vec<String> = Vec::new();
    for word in latin.split(|c: char| c.is_whitespace() || matches!(c, '-' | '.')) {
        let word: String = word.chars().filter(|c| c.is_alphanumeric()).collect();
        if !(word.is_empty() || words.is_empty() && matches!(word.as_str(), "the" | "al" | "el")) {
            words.push(folded(&word));
        }
    }
    words.join(" ")
}

fn folded(word: &str) -> String {
    let mut text = word.to_owned();
    let digits = word.chars().filter(char::is_ascii_digit).count();
    if digits > 0 && digits * 2 < word.chars().count() {
        text = text.replace('0', "o").replace('1', "l").replace('5', "s");
    }
    for (from, to) in [
        ("kh", "h"),
        ("tz", "ts"),
        ("ck", "k"),
        ("ph", "f"),
        ("ou", "u"),
        ("oe", "o"),
        ("ee", "i"),
        ("oo", "u"),
        ("gu", "g"),
        ("dj", "j"),
        ("ie", "e"),
        ("ye", "e"),
        ("iu", "u"),
        ("yu", "u"),
        ("ia", "a"),
        ("ya", "a"),
        ("yo", "e"),
        ("y", "i"),
        ("q", "k"),
    ] {
        text = text.replace(from, to);
    }
    let mut out = String::new();
    for letter in text.chars() {
        if !out.ends_with(letter) {
            out.push(letter);
        }
    }
    // Endings: -iy, -yy, -ij are one i by now; -ov and -off, -ev and -eff.
    for (tail, to) in [("of", "ov"), ("ef", "ev"), ("ij", "i"), ("skii", "ski")] {
        if out.len() > 4 && out.ends_with(tail) {
            out.truncate(out.len() - tail.len());
            out.push_str(to);
        }
    }
    out
}

/// A Cyrillic letter as Latin ones (Ukrainian, Russian, Belarusian).
fn cyrillic(letter: char) -> Option<&'static str> {
    let lower = letter.to_lowercase().next()?;
    Some(match lower {
        'а' => "a",
        'б' => "b",
        'в' => "v",
        'г' | 'ґ' => "g",
        'д' => "d",
        'е' => "e",
        'ё' => "e",
        'є' => "ye",
        'ж' => "zh",
        'з' => "z",
        'и' => "y",
        'і' => "i",
        'ї' => "i",
        'й' => "y",
        'к' => "k",
        'л' => "l",
        'м' => "m",
        'н' => "n",
        'о' => "o",
        'п' => "p",
        'р' => "r",
        'с' => "s",
        'т' => "t",
        'у' => "u",
        'ў' => "u",
        'ф' => "f",
        'х' => "kh",
        'ц' => "ts",
        'ч' => "ch",
        'ш' => "sh",
        'щ' => "shch",
        'ъ' | 'ь' => "",
        'ы' => "y",
        'э' => "e",
        'ю' => "yu",
        'я' => "ya",
        _ => return None,
    })
}

/// Letters that readers take for each other.
const MISREAD: [(&str, &str); 26] = [
    ("l", "1"),
    ("i", "1"),
    ("l", "i"),
    ("o", "0"),
    ("s", "5"),
    ("b", "8"),
    ("e", "c"),
    ("n", "u"),
    ("rn", "m"),
    ("h", "b"),
    ("f", "t"),
    ("l", "t"),
    ("o", "c"),
    ("g", "q"),
    ("cl", "d"),
    ("ri", "n"),
    ("vv", "w"),
    ("li", "h"),
    ("ii", "u"),
    ("nn", "m"),
    ("g", "9"),
    ("z", "2"),
    ("i", "j"),
    ("v", "y"),
    ("k", "lc"),
    ("ll", "u"),
];

/// How many letters of two names differ in the way letters are misread; none if they differ otherwise, or in more than `most`.
pub(crate) fn misread(one: &str, other: &str, most: u32) -> Option<u32> {
    let plain = |text: &str| {
        let mut out = String::new();
        text.chars().for_each(|letter| crate::lexicon::plain(letter, &mut out));
        out.chars().filter(|c| c.is_alphanumeric() || *c == ' ').collect::<Vec<char>>()
    };
    walk(&plain(one), &plain(other), most)
}

fn walk(a: &[char], b: &[char], most: u32) -> Option<u32> {
    let same = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    let (a, b) = (&a[same..], &b[same..]);
    if a.is_empty() && b.is_empty() {
        return Some(0);
    }
    if most == 0 {
        return None;
    }
    let starts = |run: &[char], text: &str| {
        run.len() >= text.chars().count() && text.chars().zip(run).all(|(x, y)| x == *y)
    };
    let mut best = None;
    for (x, y) in MISREAD {
        for (x, y) in [(x, y), (y, x)] {
            if starts(a, x) && starts(b, y) {
                let rest = walk(&a[x.len()..], &b[y.len()..], most - 1).map(|count| count + 1);
                best = match (best, rest) {
                    (Some(one), Some(two)) => Some(u32::min(one, two)),
                    (one, two) => one.or(two),
                };
            }
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_name_have_one_key() {
        for row in [
            &["Zelensky", "Zelenskyy", "Zelenskiy", "Зеленський", "ZELENSKY"][..],
            &["Sergei Lavrov", "Sergey Lavrov", "Сергей Лавров"],
            &["Khrushchev", "Хрущев"],
            &["Kishinev", "Kishineff"],
            &["al-Turki", "Al Turki", "Turki"],
            &["Muñoz", "Munoz"],
        ] {
            let keys: Vec<String> = row.iter().map(|name| key(name)).collect();
            assert!(keys.iter().all(|one| *one == keys[0]), "{keys:?}");
        }
        assert_ne!(key("Novak"), key("Nowak"));
        assert_ne!(key("Anton Teller"), key("Anton Keller"));
    }

    #[test]
    fn only_misread_letters_count() {
        assert_eq!(misread("Antonio Varela", "Antonio Vare1a", 2), Some(1));
        assert_eq!(misread("Bernard", "Bemard", 2), Some(1));
        assert_eq!(misread("Mario Novak", "Maria Novak", 2), None);
        assert_eq!(misread("Lindqvist", "Lindqvist", 2), Some(0));
    }
}
