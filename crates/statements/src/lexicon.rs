//! What a word is by itself: sorts of words, verbs of saying, titles, common words. Own tables in `tables/`.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use model::Saying;

/// What sort of word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sort {
    /// the, a, his.
    Determiner,
    /// he, them.
    Pronoun,
    /// of, with.
    Preposition,
    /// and, but.
    Conjunction,
    /// that, who, whether, because.
    Opener,
    /// was, had.
    Auxiliary,
    /// would, may.
    Modal,
    /// later, reportedly, not.
    Adverb,
    /// A sign.
    Sign,
    /// A number.
    Number,
    /// A word of everyday.
    Common,
    /// None of these: perhaps a name.
    Odd,
}

impl Sort {
    /// Whether it is a word that no name is made of.
    pub fn is_closed(self) -> bool {
        !matches!(self, Sort::Common | Sort::Odd | Sort::Number | Sort::Sign)
    }
}

/// A form of a verb.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tense {
    /// tell.
    Base,
    /// tells.
    Third,
    /// told.
    Past,
    /// written, where it is not the past.
    Participle,
    /// telling.
    Going,
}

/// A verb of saying.
#[derive(Clone, Debug)]
pub(crate) struct Verb {
    pub lemma: &'static str,
    pub saying: Saying,
    pub frame: &'static str,
    pub tense: Tense,
}

impl Verb {
    /// Whether the frame has this letter.
    pub fn has(&self, letter: char) -> bool {
        self.frame.contains(letter)
    }
}

const DETERMINERS: &str = "the a an this that these those his her its their our my your some any every each no another both all either neither such certain several many few";
const PRONOUNS: &str = "he she it they we i you him them us me who himself herself themselves hers theirs ours mine one others nobody everyone someone";
const PREPOSITIONS: &str = "of in on at by for with from to into onto about against between among during before after since until till under over through throughout within without via near toward towards per upon concerning regarding despite amid besides beyond behind beneath beside across along around outside inside than as like unlike off out up down";
const CONJUNCTIONS: &str = "and or but nor yet so";
const OPENERS: &str = "that which who whom whose whether if because although though while whereas when where why how what unless lest as";
const AUXILIARIES: &str = "is are was were be been being am has have had having do does did isn't wasn't weren't aren't hasn't haven't hadn't didn't doesn't don't";
const MODALS: &str =
    "will would shall should may might can could must cannot won't wouldn't can't couldn't shouldn't";
const ADVERBS: &str = "not never also later then again still already just only even now soon once twice ever perhaps however therefore thus moreover furthermore meanwhile instead nevertheless nonetheless too very more most further earlier thereafter today yesterday tomorrow here there often always sometimes seldom rather quite almost about well away back together twice afterwards afterward previously subsequently";

fn set(words: &'static str) -> HashSet<&'static str> {
    words.split_whitespace().filter(|word| *word != "#").collect()
}

fn lines(table: &'static str) -> impl Iterator<Item = &'static str> {
    table.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'))
}

static CLOSED: LazyLock<HashMap<&'static str, Sort>> = LazyLock::new(|| {
    let mut sorts = HashMap::new();
    for (words, sort) in [
        (ADVERBS, Sort::Adverb),
        (OPENERS, Sort::Opener),
        (CONJUNCTIONS, Sort::Conjunction),
        (PREPOSITIONS, Sort::Preposition),
        (PRONOUNS, Sort::Pronoun),
        (DETERMINERS, Sort::Determiner),
        (AUXILIARIES, Sort::Auxiliary),
        (MODALS, Sort::Modal),
    ] {
        for word in words.split(' ') {
            sorts.insert(word, sort);
        }
    }
    for word in ["that", "who"] {
        sorts.insert(word, Sort::Opener);
    }
    sorts
});

static COMMON: LazyLock<HashSet<&'static str>> = LazyLock::new(|| set(include_str!("tables/common.txt")));
static TITLES: LazyLock<HashSet<&'static str>> =
    LazyLock::new(|| lines(include_str!("tables/titles.txt")).flat_map(str::split_whitespace).collect());
static BODY_HEADS: LazyLock<HashSet<&'static str>> =
    LazyLock::new(|| lines(include_str!("tables/bodyheads.txt")).flat_map(str::split_whitespace).collect());
static PLACE_HEADS: LazyLock<HashSet<&'static str>> =
    LazyLock::new(|| lines(include_str!("tables/placeheads.txt")).flat_map(str::split_whitespace).collect());
static SURNAMES: LazyLock<HashSet<&'static str>> =
    LazyLock::new(|| lines(include_str!("tables/surnames.txt")).flat_map(str::split_whitespace).collect());
static WEAPONS: LazyLock<HashSet<&'static str>> =
    LazyLock::new(|| lines(include_str!("tables/weapons.txt")).flat_map(str::split_whitespace).collect());
/// Given names; true: a woman's.
static GIVEN: LazyLock<HashMap<&'static str, bool>> = LazyLock::new(|| {
    let mut given = HashMap::new();
    for line in lines(include_str!("tables/given.txt")) {
        let (who, names) = line.split_once(": ").unwrap_or(("m", line));
        for name in names.split_whitespace() {
            given.entry(name).or_insert(who == "f");
        }
    }
    given
});
static VERBS: LazyLock<HashMap<&'static str, Verb>> = LazyLock::new(|| {
    let mut verbs = HashMap::new();
    for line in lines(include_str!("tables/verbs.txt")) {
        let parts: Vec<&str> = line.split('|').map(str::trim).collect();
        let [saying, frame, forms] = parts[..] else { continue };
        let Some(saying) = Saying::of(saying) else { continue };
        let forms: Vec<&str> = forms.split_whitespace().collect();
        let tenses = [Tense::Base, Tense::Third, Tense::Past, Tense::Participle, Tense::Going];
        let Some(lemma) = forms.first() else { continue };
        for (form, tense) in forms.iter().zip(tenses) {
            verbs.entry(*form).or_insert(Verb { lemma, saying, frame, tense });
        }
    }
    verbs
});

/// The verb of saying that this is a form of; a letter misread is allowed in words of six letters that are no others.
pub(crate) fn verb(low: &str) -> Option<&'static Verb> {
    if let Some(verb) = VERBS.get(low) {
        return Some(verb);
    }
    let length = low.chars().count();
    if length < 6 || sort(low) != Sort::Odd {
        return None;
    }
    let mut near: Vec<&&'static str> =
        VERBS.keys().filter(|form| form.len() == length && misread(low, form) == Some(1)).collect();
    near.sort_unstable();
    near.first().and_then(|form| VERBS.get(**form)).filter(|verb| verb.tense == Tense::Past)
}

/// How many letters differ, if both are equally long.
pub(crate) fn misread(one: &str, other: &str) -> Option<usize> {
    let (mut a, mut b) = (one.chars(), other.chars());
    let mut count = 0;
    loop {
        match (a.next(), b.next()) {
            (None, None) => return Some(count),
            (Some(x), Some(y)) => count += usize::from(x != y),
            _ => return None,
        }
    }
}

/// Whether a word is a form of a verb of saying, past or present.
pub(crate) fn is_speech(low: &str) -> bool {
    VERBS.get(low).is_some_and(|verb| matches!(verb.tense, Tense::Past | Tense::Third))
}

pub(crate) fn is_title(low: &str) -> bool {
    let bare = low.trim_end_matches('.');
    TITLES.contains(bare)
}

pub(crate) fn is_body_head(low: &str) -> bool {
    BODY_HEADS.contains(low)
}

pub(crate) fn is_place_head(low: &str) -> bool {
    PLACE_HEADS.contains(low)
}

pub(crate) fn is_surname(low: &str) -> bool {
    SURNAMES.contains(low)
}

pub(crate) fn is_weapon(low: &str) -> bool {
    let bare: String = low.chars().filter(|c| c.is_alphanumeric()).collect();
    WEAPONS.contains(bare.as_str())
}

/// Whether a given name, and a woman's.
pub(crate) fn given(low: &str) -> Option<bool> {
    GIVEN.get(low).copied()
}

/// What sort of word this is by itself.
pub(crate) fn sort(low: &str) -> Sort {
    let Some(first) = low.chars().next() else { return Sort::Sign };
    if !first.is_alphanumeric() {
        return Sort::Sign;
    }
    if let Some(sort) = CLOSED.get(low) {
        return *sort;
    }
    if first.is_ascii_digit() {
        return Sort::Number;
    }
    if low.ends_with("ly")
        && low.len() > 4
        && given(low).is_none()
        && !matches!(low, "italy" | "family" | "assembly" | "reply" | "supply")
    {
        return Sort::Adverb;
    }
    if is_common(low) { Sort::Common } else { Sort::Odd }
}

/// Whether a word is one of everyday, by itself or by its ending.
fn is_common(low: &str) -> bool {
    if COMMON.contains(low) || VERBS.contains_key(low) || is_body_head(low) || is_place_head(low) {
        return true;
    }
    if low.contains('-') {
        return low
            .split('-')
            .all(|part| COMMON.contains(part) || CLOSED.contains_key(part) || PREFIXES.contains(&part));
    }
    if given(low).is_some() || is_surname(low) {
        return false;
    }
    let stem = |tail: &str, put: &str| {
        low.strip_suffix(tail)
            .is_some_and(|stem| stem.len() > 2 && COMMON.contains(format!("{stem}{put}").as_str()))
    };
    let inflected = [
        ("s", ""),
        ("es", ""),
        ("ed", ""),
        ("ed", "e"),
        ("d", ""),
        ("ing", ""),
        ("ing", "e"),
        ("er", ""),
        ("er", "e"),
        ("ers", ""),
        ("ers", "e"),
        ("ies", "y"),
        ("ied", "y"),
        ("est", ""),
        ("ness", ""),
        ("al", ""),
        ("less", ""),
        ("ful", ""),
        ("or", ""),
        ("ors", ""),
    ];
    let endings = [
        "tion", "tions", "sion", "ment", "ments", "ness", "ability", "ibility", "ically", "ization",
        "isation", "ive", "ously", "ology", "ingly", "ship",
    ];
    inflected.iter().any(|(tail, put)| stem(tail, put))
        || low.len() > 7 && endings.iter().any(|ending| low.ends_with(ending))
        || PREFIXES.iter().any(|prefix| {
            low.strip_prefix(prefix).is_some_and(|rest| rest.len() > 3 && COMMON.contains(rest))
        })
}

const PREFIXES: [&str; 16] = [
    "un", "re", "non", "anti", "pro", "pre", "counter", "inter", "over", "under", "mis", "dis", "co", "semi",
    "self", "ex",
];

/// Whether a word at the end of a line binds it to the next one.
pub(crate) fn binds(low: &str) -> bool {
    CLOSED.get(low.trim_matches(|c: char| !c.is_alphanumeric())).is_some_and(|sort| {
        matches!(
            sort,
            Sort::Determiner
                | Sort::Preposition
                | Sort::Conjunction
                | Sort::Opener
                | Sort::Auxiliary
                | Sort::Modal
        )
    })
}

const SHORTENED: &str = "mr mrs ms dr prof gen lt col maj capt cmdr cdr adm brig sgt cpl pvt rev hon gov sen rep amb st jr sr co corp inc ltd vs etc approx dept gov't govt no nos vol fig art sec para jan feb mar apr jun jul aug sep sept oct nov dec mt ft atty asst messrs mme pres supt insp det";

/// Whether a full stop behind this word belongs to it.
pub(crate) fn shortened(text: &str, next: char, then: char) -> bool {
    let low = mended(text);
    if matches!(
        low.as_str(),
        "no" | "nos" | "art" | "sec" | "fig" | "mar" | "vol" | "co" | "dec" | "sep" | "jan" | "det"
    ) {
        let number = then.is_ascii_digit() || next.is_ascii_digit();
        return number || matches!(low.as_str(), "co" | "det") && then.is_uppercase();
    }
    let mut letters = text.chars().filter(|c| c.is_alphabetic());
    let lone = letters.next().is_some_and(char::is_uppercase)
        && letters.next().is_none()
        && text.chars().count() == 1;
    lone && (next.is_whitespace() || next.is_alphabetic()) && (then.is_uppercase() || next.is_uppercase())
        || text.contains('.') && text.chars().any(char::is_alphabetic)
        || SHORTENED.split(' ').any(|word| word == low)
}

/// In small letters, without accents, digits that stand for letters undone.
pub(crate) fn mended(text: &str) -> String {
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let mixed = digits > 0 && letters > digits && !text.contains('-');
    let mut low = String::new();
    for letter in text.chars() {
        match letter {
            '1' | '|' if mixed => low.push('l'),
            '0' if mixed => low.push('o'),
            '5' if mixed => low.push('s'),
            '8' if mixed => low.push('b'),
            _ => plain(letter, &mut low),
        }
    }
    low
}

/// A letter in small and without its accent.
pub(crate) fn plain(letter: char, to: &mut String) {
    let without = match letter {
        'á' | 'à' | 'â' | 'ä' | 'ã' | 'å' | 'ā' | 'ă' | 'ą' | 'Á' | 'À' | 'Â' | 'Ä' | 'Ã' | 'Å' | 'Ā' => {
            "a"
        }
        'é' | 'è' | 'ê' | 'ë' | 'ē' | 'ę' | 'ě' | 'É' | 'È' | 'Ê' | 'Ë' => "e",
        'í' | 'ì' | 'î' | 'ï' | 'ī' | 'ı' | 'Í' | 'İ' | 'Î' => "i",
        'ó' | 'ò' | 'ô' | 'ö' | 'õ' | 'ø' | 'ō' | 'ő' | 'Ó' | 'Ö' | 'Ø' | 'Ô' => "o",
        'ú' | 'ù' | 'û' | 'ü' | 'ū' | 'ů' | 'ű' | 'Ú' | 'Ü' => "u",
        'ç' | 'ć' | 'č' | 'Ç' | 'Ć' | 'Č' => "c",
        'ñ' | 'ń' | 'ň' | 'Ñ' | 'Ń' => "n",
        'š' | 'ś' | 'ş' | 'ș' | 'Š' | 'Ś' | 'Ş' | 'Ș' => "s",
        'ž' | 'ź' | 'ż' | 'Ž' | 'Ź' | 'Ż' => "z",
        'ł' | 'Ł' => "l",
        'ý' | 'ÿ' | 'Ý' => "y",
        'ğ' | 'Ğ' => "g",
        'ř' | 'Ř' => "r",
        'ť' | 'ţ' | 'ț' | 'Ț' => "t",
        'đ' | 'ď' | 'Đ' => "d",
        'ß' => "ss",
        'æ' | 'Æ' => "ae",
        'œ' | 'Œ' => "oe",
        'þ' | 'Þ' => "th",
        '’' | '‘' | 'ʼ' | '`' => "'",
        '‐' | '‑' => "-",
        _ => {
            to.extend(letter.to_lowercase());
            return;
        }
    };
    to.push_str(without);
}
