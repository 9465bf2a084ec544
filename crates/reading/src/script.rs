//! Which script a picture is written in, asked only where it was read badly.
//!
//! In: an upright raster, what was read on it, and the languages it was read in. Out: a script that none of these languages
//! is written in, with the package that would read it. Invariant: a picture that was read well is never asked about, and an
//! answer the detector is not sure of is none. Absent: which of a script's languages it is.
//! The detector is Tesseract's own (`--psm 0`; R. Unnikrishnan, R. Smith, "Combined script and page orientation estimation
//! using the Tesseract OCR engine", 2009); its data come with Debian's tesseract-ocr-osd.

use serde::{Deserialize, Serialize};

use crate::look::{Looked, Upright, in_doubt};
use crate::prepare::{Recipe, ready};
use crate::tesseract::{Fault, Manner, Tesseract};

/// A script that the chosen languages do not cover.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Unread {
    /// As Tesseract names it: "Cyrillic", "Greek", "Arabic", "Hebrew", "Han".
    pub script: String,
    /// Tesseract's own measure of how much better it fits than the next one: 0 and up, no probability.
    pub confidence: f64,
    /// The Debian package that reads all languages of this script: "tesseract-ocr-script-cyrl". Empty if none is known.
    pub package: &'static str,
    /// A language pack for it that is installed but was not chosen, if there is one.
    pub installed: Option<String>,
}

/// A script and what reads it.
struct Script {
    /// As the detector names it.
    name: &'static str,
    package: &'static str,
    languages: &'static [&'static str],
}

const fn script(name: &'static str, package: &'static str, languages: &'static [&'static str]) -> Script {
    Script { name, package, languages }
}

/// Scripts other than Latin, with Tesseract's names of languages written in them.
const SCRIPTS: &[Script] = &[
    script(
        "Cyrillic",
        "tesseract-ocr-script-cyrl",
        &[
            "rus", "ukr", "bel", "bul", "srp", "mkd", "kaz", "kir", "tgk", "tat", "mon", "uzb_cyrl",
            "aze_cyrl",
        ],
    ),
    script("Greek", "tesseract-ocr-script-grek", &["ell", "grc"]),
    script("Arabic", "tesseract-ocr-script-arab", &["ara", "fas", "urd", "pus", "snd", "uig"]),
    script("Hebrew", "tesseract-ocr-script-hebr", &["heb", "yid"]),
    script(
        "Han",
        "tesseract-ocr-script-hans",
        &["chi_sim", "chi_tra", "chi_sim_vert", "chi_tra_vert", "jpn", "jpn_vert"],
    ),
    script("Japanese", "tesseract-ocr-script-jpan", &["jpn", "jpn_vert"]),
    script("Hiragana", "tesseract-ocr-script-jpan", &["jpn", "jpn_vert"]),
    script("Katakana", "tesseract-ocr-script-jpan", &["jpn", "jpn_vert"]),
    script("Korean", "tesseract-ocr-script-hang", &["kor", "kor_vert"]),
    script("Hangul", "tesseract-ocr-script-hang", &["kor", "kor_vert"]),
    script("Devanagari", "tesseract-ocr-script-deva", &["hin", "mar", "nep", "san"]),
    script("Bengali", "tesseract-ocr-script-beng", &["ben", "asm"]),
    script("Thai", "tesseract-ocr-script-thai", &["tha"]),
    script("Armenian", "tesseract-ocr-script-armn", &["hye"]),
    script("Georgian", "tesseract-ocr-script-geor", &["kat", "kat_old"]),
    script("Ethiopic", "tesseract-ocr-script-ethi", &["amh", "tir"]),
    script("Tamil", "tesseract-ocr-script-taml", &["tam"]),
    script("Telugu", "tesseract-ocr-script-telu", &["tel"]),
    script("Khmer", "tesseract-ocr-script-khmr", &["khm"]),
    script("Myanmar", "tesseract-ocr-script-mymr", &["mya"]),
    script("Lao", "tesseract-ocr-script-laoo", &["lao"]),
];

/// Mean doubt from which a reading is so poor that another script may be why.
const POOR: f64 = 0.25;
/// The detector's confidence from which its answer counts.
const SURE: f64 = 2.5;

/// The script of a picture that was read badly in `languages` ("eng+ukr"), if it is one that none of them is written in.
/// Costs nothing for pictures read well or without letters, and about a third of a reading for others. Without the
/// detector's data there is no answer.
pub fn unread(
    tesseract: &Tesseract,
    picture: &Upright,
    looked: &Looked,
    languages: &str,
) -> Result<Option<Unread>, Fault> {
    let poor = looked.letters.is_some() && !looked.lost && in_doubt(looked) > POOR;
    if !poor || tesseract.knows("osd").is_err() {
        return Ok(None);
    }
    let made = ready(picture.raster, looked.letters, picture.density, &Recipe::FIRST).raster;
    let told = tesseract.script(&made, Manner::default().limit)?;
    Ok(told.and_then(|(script, confidence)| foreign(&script, confidence, languages, tesseract.languages())))
}

fn foreign(told: &str, confidence: f64, chosen: &str, installed: &[String]) -> Option<Unread> {
    let script = SCRIPTS.iter().find(|script| script.name == told)?;
    let reads = |language: &str| {
        script.languages.contains(&language)
            || language.strip_prefix("script/").is_some_and(|name| name == told)
    };
    if confidence < SURE || chosen.split('+').any(reads) {
        return None;
    }
    let installed = installed.iter().find(|language| reads(language)).cloned();
    Some(Unread { script: told.to_owned(), confidence, package: script.package, installed })
}

/// The script and confidence in what the detector prints.
pub(crate) fn parsed(told: &str) -> Option<(String, f64)> {
    let after = |name: &str| told.lines().find_map(|line| line.strip_prefix(name)).map(str::trim);
    let confidence = after("Script confidence:")?.parse::<f64>().ok().filter(|value| value.is_finite())?;
    Some((after("Script:")?.to_owned(), confidence))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::look::{Looks, look};
    use forge::ink::{Face, Letters};
    use image::{GrayImage, Rgb, RgbImage};

    #[test]
    fn chosen_languages_and_unsure_answers_are_passed_over() {
        let installed = ["eng", "osd", "ukr"].map(str::to_owned);
        let found = foreign("Cyrillic", 5.0, "eng", &installed).unwrap();
        assert_eq!((found.package, found.installed.as_deref()), ("tesseract-ocr-script-cyrl", Some("ukr")));
        assert!(foreign("Cyrillic", 5.0, "eng+ukr", &installed).is_none());
        assert!(foreign("Cyrillic", 5.0, "script/Cyrillic", &installed).is_none());
        assert!(foreign("Cyrillic", 0.5, "eng", &installed).is_none());
        assert!(foreign("Latin", 9.0, "eng", &installed).is_none());
        assert_eq!(parsed("Script: Greek\nScript confidence: 4.5\n"), Some(("Greek".to_owned(), 4.5)));
        assert_eq!(parsed("Too few characters"), None);
    }

    const CYRILLIC: &str = "Міністр повідомив представникам що переговори відкладено";
    const LATIN: &str = "The minister told the delegates that the talks were put off";

    fn page(line: &str) -> GrayImage {
        let mut page = RgbImage::from_pixel(1100, 900, Rgb([250; 3]));
        for n in 0..16u8 {
            let y = 40.0 + 50.0 * f32::from(n);
            let (text, rgb) = (line.to_owned(), [20; 3]);
            Letters { text, x: 60.0, y, px: 34.0, face: Face::Serif, rgb, squeeze: 1.0 }.draw(&mut page);
        }
        image::imageops::grayscale(&page)
    }

    #[test]
    fn a_page_in_another_script_is_told_and_no_other() {
        let Ok(tesseract) = Tesseract::find() else { return };
        if tesseract.knows("osd").is_err() {
            return;
        }
        for (line, script) in [(CYRILLIC, Some("Cyrillic")), (LATIN, None), ("", None)] {
            let page = page(line);
            let picture = Upright { raster: &page, density: 1.0 };
            let looked = look(&tesseract, &[picture], &Looks::default()).unwrap();
            let found = unread(&tesseract, &picture, &looked[0], "eng").unwrap();
            assert_eq!(found.as_ref().map(|found| found.script.as_str()), script);
        }
    }
}
