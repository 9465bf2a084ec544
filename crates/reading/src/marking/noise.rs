//! Banners of every kind through a model of how a reader errs, and capitals that are no banners.
//!
//! The model: slashes read as strokes or lost, look-alike letters, lost letters and spaces, specks, TOP misread or cut
//! apart, a neighbour's words on the same line.

use forge::rng::Rng;
use forge::typeset::{Look, document};

use super::{Laid, markings};

fn banners(rng: &mut Rng) -> String {
    const COMPARTMENTS: [&str; 8] = ["SI", "TK", "HCS-P", "SI-G", "SI/TK", "HCS-P/SI", "HCS-P/SI/TK", "RSV"];
    const CONTROLS: [&str; 9] = [
        "NOFORN",
        "ORCON/NOFORN",
        "REL TO USA, FVEY",
        "REL TO USA, AUS, CAN, GBR, NZL",
        "ORCON/REL TO USA, GBR",
        "RSEN/FISA",
        "RELIDO",
        "PROPIN",
        "ORCON",
    ];
    const OTHERS: [&str; 16] = [
        "TOP SECRET",
        "SECRET",
        "CONFIDENTIAL",
        "UNCLASSIFIED",
        "UNCLASSIFIED//FOR OFFICIAL USE ONLY",
        "RESTRICTED",
        "TOP SECRET UMBRA",
        "SECRET//RD",
        "SECRET//FGI",
        "OFFICIAL-SENSITIVE",
        "UK SECRET UK EYES ONLY",
        "NATO SECRET",
        "NATO RESTRICTED",
        "COSMIC TOP SECRET",
        "RESTREINT UE/EU RESTRICTED",
        "CONFIDENTIEL UE/EU CONFIDENTIAL",
    ];
    if rng.chance(0.3) {
        return (*rng.pick(&OTHERS)).to_owned();
    }
    let level = *rng.pick(&["TOP SECRET", "SECRET", "CONFIDENTIAL", "TOP SECRET"]);
    let mut says = level.to_owned();
    if level != "CONFIDENTIAL" && rng.chance(0.6) {
        says = format!("{says}//{}", rng.pick(&COMPARTMENTS));
    }
    if says == level || rng.chance(0.8) {
        says = format!("{says}//{}", rng.pick(&CONTROLS));
    }
    says
}

/// `much` is the chance of an error at a letter; slashes and TOP err more often, as they do.
fn noised(rng: &mut Rng, banner: &str, much: f64) -> String {
    let mut out = String::new();
    let mut letters = banner.replace("//", "\u{1}").chars().collect::<Vec<char>>();
    if rng.chance(3.0 * much) && banner.starts_with("TOP ") {
        let top = pick(
            rng,
            &[
                "DP", "OP", "TOP roe", "T0P", "IOP", "TCP", "TOP.", "TOP |", "7OP", "T OP", "TOF", "(OP",
                "TO P",
            ],
        );
        letters.drain(..3);
        out.push_str(top);
    }
    for letter in letters {
        match letter {
            '\u{1}' if rng.chance(15.0 * much) => {
                out.push_str(pick(rng, &["I/", "/I", "II", "I", "/", "/J", "//I", "I//", "1/", "|/", "!/"]));
            }
            '\u{1}' => out.push_str("//"),
            '/' if rng.chance(8.0 * much) => out.push_str(pick(rng, &["I", "//", "/I", "|", ""])),
            ' ' if rng.chance(2.0 * much) => {}
            ',' if rng.chance(4.0 * much) => out.push_str(pick(rng, &[".", ""])),
            _ if rng.chance(0.7 * much) => out.push_str(alike(rng, letter)),
            _ if rng.chance(0.15 * much) => {}
            _ if rng.chance(0.1 * much) => out.extend([letter, ' ']),
            _ => out.push(letter),
        }
    }
    if rng.chance(2.0 * much) {
        out = out.replace("SI//", pick(rng, &["SU/", "SV/", "SW/", "SII/", "S!//"]));
    }
    match rng.below(12) {
        0 => format!("| {out}"),
        1 => format!("{out} ."),
        2 if banner.contains("//") => format!("{out} Page 1 of 3"),
        _ => out,
    }
}

fn pick(rng: &mut Rng, from: &[&'static str]) -> &'static str {
    rng.pick::<&str>(from)
}

fn alike(rng: &mut Rng, letter: char) -> &'static str {
    let meant: &[&'static str] = match letter {
        'O' => &["0", "Q", "D", "C"],
        'I' => &["1", "l", "!", "|"],
        'S' => &["5", "8", "$"],
        'E' => &["F", "€", "B"],
        'R' => &["K", "P", "B"],
        'N' => &["M", "H", "W"],
        'C' => &["G", "O", "("],
        'T' => &["I", "7", "Y"],
        'P' => &["F", "R"],
        'L' => &["I", "1"],
        'U' => &["V", "LI"],
        'A' => &["4", "R"],
        'F' => &["P", "E"],
        _ => &["x"],
    };
    pick(rng, meant)
}

fn says(line: &str) -> Vec<String> {
    let mut start = 0;
    let words: Vec<Laid> = line
        .split_whitespace()
        .map(|text| {
            let laid = Laid { text, line: 0, down: Some(0.04), start };
            start += text.chars().count() as u64 + 1;
            laid
        })
        .collect();
    markings(&words).into_iter().map(|marking| marking.says).collect()
}

/// Shares of banners read exactly, and read as another one.
fn tried(much: f64, show: bool) -> (f64, f64) {
    let mut rng = Rng::new(4_177);
    let (mut right, mut wrong, count) = (0, 0, 600);
    for _ in 0..count {
        let banner = banners(&mut rng);
        let line = noised(&mut rng, &banner, much);
        let read = says(&line);
        if read == [banner.clone()] {
            right += 1;
        } else {
            wrong += usize::from(!read.is_empty());
            if show {
                println!("{banner:<52} {line:<58} {read:?}");
            }
        }
    }
    (f64::from(right) / f64::from(count), wrong as f64 / f64::from(count))
}

#[test]
fn banners_are_read_through_noise() {
    for (much, least) in [(0.0, 1.0), (0.005, 0.985), (0.02, 0.95), (0.05, 0.88)] {
        let show = std::env::var("SHOW").is_ok_and(|show| show == much.to_string());
        let (right, wrong) = tried(much, show);
        println!("{much}: {right:.3} exactly, {wrong:.3} as another");
        assert!(
            right >= least,
            "noise {much}: {right:.3} of banners are read exactly, {wrong:.3} as another"
        );
    }
}

#[test]
fn capitals_that_are_no_banners_stay_text() {
    let mut rng = Rng::new(91);
    let mut false_ones = Vec::new();
    for look in [Look::Memo, Look::Cable, Look::Slide].iter().cycle().take(12) {
        for sheet in document(&mut rng, *look, 2) {
            for line in sheet.text().lines().filter(|line| !line.contains(&sheet.marking)) {
                for line in [line.to_owned(), line.to_uppercase()] {
                    let found = says(&line).into_iter().filter(|says| !says.starts_with('('));
                    false_ones.extend(found.map(|says| (line.clone(), says)));
                }
            }
        }
    }
    for line in TRAPS {
        false_ones.extend(says(line).into_iter().map(|says| ((*line).to_owned(), says)));
    }
    assert!(false_ones.is_empty(), "{false_ones:#?}");
    for (line, right) in PLAIN {
        assert_eq!(says(line), [*right], "{line}");
    }
}

const TRAPS: &[&str] = &[
    "STOP SECRET",
    "SECRETARY",
    "THE SECRETARY",
    "TOP SECRETARY",
    "SECRETARY OF STATE",
    "SECRETARIAT",
    "SECRETS",
    "SECRETION",
    "SECRET AGENT",
    "SECRET COMMERCIAL TALKS",
    "A SECRET SENSITIVE TO ALL",
    "THE SECRET PERSONAL DIARY OF",
    "THE TOP SECRET PAPERS",
    "TOP SECRET PAPERS WERE FOUND",
    "RESTRICTED AREA KEEP OUT",
    "RESTRICTED AREA",
    "OFFICIAL BUSINESS",
    "OFFICIAL TRAVEL TO USA, GBR",
    "OFFICIALS",
    "OFFICE",
    "CONFIDENTIAL INFORMANT",
    "CONFIDENTIALITY",
    "CONFIDENTIALLY",
    "PROTECT OUR SHIPS",
    "PROTECTED",
    "PROTECTION",
    "LIMITED",
    "LIMITED OFFICIAL VISIT",
    "UNCLASSIFIABLE",
    "NATO SECRETARY GENERAL",
    "NATO SECRETARY-GENERAL",
    "UNITED STATES OF AMERICA",
    "EU RESTRICTIONS",
    "Secret",
    "Top Secret",
    "CONFIDENCE",
    "CREDENTIAL",
    "CUBA",
    "CUT",
    "CUR",
];

/// What is TOP SECRET and what is not.
const PLAIN: &[(&str, &str)] = &[
    ("SECRET", "SECRET"),
    (". SECRET '", "SECRET"),
    ("| SECRET", "SECRET"),
    ("- SECRET -", "SECRET"),
    ("3 SECRET", "SECRET"),
    ("to SECRET//NOFORN", "SECRET//NOFORN"),
    ("COPY SECRET//NOFORN", "SECRET//NOFORN"),
    ("AP SECRET//NOFORN", "SECRET//NOFORN"),
    ("TOP roe SECRET//NOFORN", "TOP SECRET//NOFORN"),
    ("DP SECRET//NOFORN", "TOP SECRET//NOFORN"),
    ("OP SECRET", "TOP SECRET"),
    ("T0P SECRET", "TOP SECRET"),
    ("TOPSECRET", "TOP SECRET"),
    ("TOP: SECRET//SI", "TOP SECRET//SI"),
];
