//! The tables, as CSV and as text, and the drawing of the calibration.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use forge::kinds::Kind;
use model::Because;

use super::plain::Beside;
use super::trial::{Harm, Outcome, Said};
use super::{Result, rows, share, tally};

/// Writes all files of the folder.
pub fn write(
    folder: &Path,
    altered: &[Outcome],
    unaltered: &[Outcome],
    beside: &[Beside],
    times: &[(usize, f64, f64)],
) -> Result<()> {
    let bins = bins(altered, unaltered);
    let put = |name: &str, text: &str| fs::write(folder.join(name), text).map_err(|error| error.to_string());
    put("alterations.csv", &csv(altered))?;
    put("unaltered.csv", &csv(unaltered))?;
    put("calibration.csv", &calibration(&bins))?;
    put("calibration.svg", &drawn(&bins))?;
    put("reports.csv", &reports(altered, unaltered))?;
    put("plain.csv", &plain(beside))?;
    self::times(folder, times)?;
    put("README.md", &page(altered, unaltered, &bins, beside, times))
}

/// The file of pairs that were not altered.
pub fn unaltered(folder: &Path, outcomes: &[Outcome]) -> Result<()> {
    fs::write(folder.join("unaltered.csv"), csv(outcomes)).map_err(|error| error.to_string())
}

/// The file of what families cost, and the page's section of it.
pub fn times(folder: &Path, times: &[(usize, f64, f64)]) -> Result<()> {
    let mut time = "pictures,seconds,processor_seconds\n".to_owned();
    times.iter().for_each(|(n, clock, cpu)| {
        let _ = writeln!(time, "{n},{clock:.2},{cpu:.2}");
    });
    fs::write(folder.join("time.csv"), time).map_err(|error| error.to_string())?;
    let page = folder.join("README.md");
    let text = fs::read_to_string(&page).unwrap_or_default();
    let before = text.split("## Time of a family").next().unwrap_or_default();
    fs::write(page, format!("{before}{}", time_table(times))).map_err(|error| error.to_string())
}

fn csv(outcomes: &[Outcome]) -> String {
    let mut out = "seed,line_height_px,damage,kind,found,read_right,falsely_said_in_trial\n".to_owned();
    for o in outcomes {
        let harm = o.harm.map_or("none", Harm::name);
        let head = format!("{},{:.1},\"{harm}\"", o.seed, o.height);
        for w in &o.wanted {
            let (found, read) = (u8::from(w.found), u8::from(w.read));
            let _ = writeln!(out, "{head},{},{found},{read},{}", w.kind.name(), o.false_places());
        }
        if o.wanted.is_empty() {
            let _ = writeln!(out, "{head},,,,{}", o.false_places());
        }
    }
    out
}

/// Every place that was reported.
fn reports(altered: &[Outcome], unaltered: &[Outcome]) -> String {
    let mut out =
        "difference,contrast_that_differs,doubt_of_the_readings,true,altered_one_told_as_later\n".to_owned();
    for s in altered.iter().chain(unaltered).flat_map(|o| &o.said) {
        let later = s.later.map_or("undecided", |right| if right { "yes" } else { "no" });
        let _ = writeln!(out, "{:.2},{:.3},{:.3},{},{later}", s.odd, s.share, s.doubt, u8::from(s.right));
    }
    out
}

/// A bin of the difference measured: from, to, said, true.
type Bin = (f64, f64, usize, usize);

/// All places that were said, by how odd the difference was.
fn bins(altered: &[Outcome], unaltered: &[Outcome]) -> Vec<Bin> {
    let said: Vec<&Said> = altered.iter().chain(unaltered).flat_map(|o| &o.said).collect();
    [(0.0, 5.0), (5.0, 8.0), (8.0, 12.0), (12.0, 18.0), (18.0, 25.0), (25.0, 1000.0)]
        .into_iter()
        .map(|(from, to)| {
            let mine: Vec<&&Said> = said.iter().filter(|s| s.odd >= from && s.odd < to).collect();
            (from, to, mine.len(), mine.iter().filter(|s| s.right).count())
        })
        .collect()
}

/// Lower end of Wilson's interval at 95 % (Wilson 1927).
fn at_least(part: usize, whole: usize) -> f64 {
    if whole == 0 {
        return 0.0;
    }
    let (n, p, z) = (whole as f64, part as f64 / whole as f64, 1.96_f64);
    let spread = z * (p * (1.0 - p) / n + z * z / (4.0 * n * n)).sqrt();
    ((p + z * z / (2.0 * n) - spread) / (1.0 + z * z / n)).max(0.0)
}

fn calibration(bins: &[Bin]) -> String {
    let mut out = "difference_from,difference_to,said,true,share_true,at_least\n".to_owned();
    for (from, to, said, right) in bins {
        let share = *right as f64 / (*said).max(1) as f64;
        let _ = writeln!(out, "{from},{to},{said},{right},{share:.3},{:.3}", at_least(*right, *said));
    }
    out
}

/// Bars: of the alterations reported at a difference, how many are true; the thin line is the lower end of the interval.
fn drawn(bins: &[Bin]) -> String {
    let mut out =
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 520 260\" font-family=\"sans-serif\" \
                   font-size=\"12\">\n<rect width=\"520\" height=\"260\" fill=\"white\"/>\n"
            .to_owned();
    let _ = writeln!(
        out,
        "<text x=\"10\" y=\"18\">true, of the alterations reported at a difference (spreads)</text>"
    );
    for (n, (from, to, said, right)) in bins.iter().enumerate() {
        let x = 30 + n * 80;
        let tall = 180.0 * *right as f64 / (*said).max(1) as f64;
        let low = 220.0 - 180.0 * at_least(*right, *said);
        let _ = writeln!(
            out,
            "<rect x=\"{x}\" y=\"{:.1}\" width=\"56\" height=\"{tall:.1}\" fill=\"#4a7ba6\"/>",
            220.0 - tall
        );
        let _ = writeln!(
            out,
            "<line x1=\"{x}\" x2=\"{}\" y1=\"{low:.1}\" y2=\"{low:.1}\" stroke=\"black\"/>",
            x + 56
        );
        let upper = if *to > 100.0 { String::new() } else { format!("{to}") };
        let _ = writeln!(out, "<text x=\"{x}\" y=\"236\">{from}–{upper}</text>");
        let _ = writeln!(out, "<text x=\"{x}\" y=\"252\">{right} of {said}</text>");
    }
    out.push_str("<line x1=\"20\" x2=\"510\" y1=\"220\" y2=\"220\" stroke=\"black\"/>\n</svg>\n");
    out
}

fn plain(beside: &[Beside]) -> String {
    let mut out =
        "way,wanted,found,falsely_on_altered,altered_pairs,falsely_on_unaltered,unaltered_pairs\n".to_owned();
    for b in beside {
        let _ = writeln!(
            out,
            "\"{}\",{},{},{},{},{},{}",
            b.way, b.wanted, b.found, b.falsely.0, b.pairs.0, b.falsely.1, b.pairs.1
        );
    }
    out
}

/// One row for each value of a key: found, and falsely said for each trial.
fn by<K: Ord, L: ToString>(
    outcomes: &[Outcome],
    key: impl Fn(&Outcome) -> K,
    label: impl Fn(&Outcome) -> L,
) -> Vec<Vec<String>> {
    let mut groups: BTreeMap<K, Vec<&Outcome>> = BTreeMap::new();
    outcomes.iter().for_each(|o| groups.entry(key(o)).or_default().push(o));
    let row = |group: Vec<&Outcome>| {
        let (wanted, found, falsely, trials) = tally(group.iter().copied());
        vec![label(group[0]).to_string(), share(found, wanted), format!("{falsely} in {trials}")]
    };
    groups.into_values().map(row).collect()
}

/// Of the places truly reported: whether the altered picture was told to be the later, and what spoke for either.
fn earlier(out: &mut String, altered: &[Outcome]) {
    let said: Vec<&Said> = altered.iter().flat_map(|o| &o.said).filter(|s| s.right).collect();
    let count = |what: Option<bool>| said.iter().filter(|s| s.later == what).count();
    let _ = writeln!(
        out,
        "## Which of the two is the later\n\nOf {} places truly reported the altered picture was told to be the later on {}, \
         the other on {}, and it was left undecided on {}. What spoke for either; two \
         photographs, a finer picture and dates never decide by themselves, what was made from what only where the encodings \
         show that nothing came between:\n",
        said.len(),
        count(Some(true)),
        count(Some(false)),
        count(None),
    );
    let mut by: BTreeMap<Because, (usize, usize)> = BTreeMap::new();
    for (why, right) in said.iter().flat_map(|s| &s.reasons) {
        let known = by.entry(*why).or_default();
        if *right { known.0 += 1 } else { known.1 += 1 }
    }
    let row = |(why, (right, wrong)): (Because, (usize, usize))| {
        vec![because(why).to_owned(), right.to_string(), wrong.to_string()]
    };
    let table: Vec<Vec<String>> = by.into_iter().map(row).collect();
    rows(out, &["reason", "for the altered picture", "for the other"], &table);
}

fn because(why: Because) -> &'static str {
    match why {
        Because::Line => "letters off the line of those beside",
        Because::Letters => "letters darker, paler, sharper or softer than those beside",
        Because::Paper => "paper of another grain than that beside",
        Because::Encoding => "encoded once less than the rest of the picture",
        Because::Sum => "sums that do not add up",
        Because::Date => "dates that do not hold",
        Because::Made => "made from the other",
        Because::Alone => "two photographs show the other",
        Because::Detail => "the other is much finer",
    }
}

fn page(
    altered: &[Outcome],
    unaltered: &[Outcome],
    bins: &[Bin],
    beside: &[Beside],
    times: &[(usize, f64, f64)],
) -> String {
    let mut out = "# Versions, measured\n\nMade by `cargo xtask measure versions` on forged sheets with known truth; the \
                   rows behind every figure are in the CSV files beside. In each trial a photograph and an altered copy of it \
                   are compared; the altered copy has one alteration of each kind, went through one damage, \
                   and is so small that a line of text (ascent to descent) has the height told. A line taken out counts as \
                   found where any of its words is. Reported places on one line box count once.\n\n"
        .to_owned();
    let band = |o: &Outcome| [7.0, 9.5, 12.5, 16.0, 21.0].iter().filter(|b| o.height >= **b).count();
    let names =
        ["under 7 px", "7 to 9.5 px", "9.5 to 12.5 px", "12.5 to 16 px", "16 to 21 px", "21 px and more"];
    out.push_str("## By height of the line on the altered picture\n\n");
    rows(&mut out, &["height", "found", "falsely said, in trials"], &by(altered, band, |o| names[band(o)]));
    out.push_str("## By damage\n\n");
    let harm = |o: &Outcome| o.harm.map_or("none", Harm::name);
    rows(&mut out, &["damage", "found", "falsely said, in trials"], &by(altered, |o| o.harm, harm));
    out.push_str("## By kind\n\n");
    let kinds: Vec<Vec<String>> = Kind::ALL
        .iter()
        .map(|kind| {
            let of = |floor: f64| {
                let all = altered.iter().filter(move |o| o.height >= floor).flat_map(|o| &o.wanted);
                let mine: Vec<_> = all.filter(|w| w.kind == *kind).collect();
                (mine.iter().filter(|w| w.found).count(), mine.len(), mine.iter().filter(|w| w.read).count())
            };
            let ((found, whole, read), (large, many, _)) = (of(0.0), of(16.0));
            vec![kind.name().to_owned(), share(found, whole), share(large, many), share(read, whole)]
        })
        .collect();
    rows(&mut out, &["kind", "found", "found at 16 px and more", "both words read right"], &kinds);
    let (_, _, falsely, trials) = tally(unaltered);
    let touched = unaltered.iter().filter(|o| o.false_places() > 0).count();
    let most = unaltered.iter().map(Outcome::false_places).max().unwrap_or(0);
    let _ = writeln!(
        out,
        "## Pairs of photographs of one sheet that nobody altered\n\n{falsely} places reported on {touched} of {trials} \
         pairs, on none more than {most}.\n"
    );
    out.push_str("## Of the alterations reported at a difference, how many are true\n\n![calibration](calibration.svg)\n\n");
    let table: Vec<Vec<String>> = bins
        .iter()
        .map(|(from, to, said, right)| {
            let to = if *to > 100.0 { "more".to_owned() } else { format!("{to}") };
            vec![format!("{from} to {to}"), share(*right, *said), format!("{:.2}", at_least(*right, *said))]
        })
        .collect();
    rows(&mut out, &["difference, in spreads", "true", "at least (95 %)"], &table);
    earlier(&mut out, altered);
    out.push_str("## Beside a plain pipeline\n\n");
    let table: Vec<Vec<String>> = beside
        .iter()
        .map(|b| {
            vec![
                b.way.to_owned(),
                share(b.found, b.wanted),
                format!("{} on {} altered pairs", b.falsely.0, b.pairs.0),
                format!("{} on {} unaltered pairs", b.falsely.1, b.pairs.1),
            ]
        })
        .collect();
    rows(&mut out, &["way", "found", "falsely said", "falsely said"], &table);
    out.push_str(&time_table(times));
    out
}

/// The last section of the page.
fn time_table(times: &[(usize, f64, f64)]) -> String {
    let mut out = String::new();
    out.push_str(
        "## Time of a family\n\nPictures of a full page, some photographs of their own, some copies, two alterations among \
         them. Seconds by the clock are those of a machine that may have had other work; those of the processor count.\n\n",
    );
    let row = |(n, clock, cpu): &(usize, f64, f64)| {
        vec![n.to_string(), format!("{clock:.1}"), format!("{cpu:.1}"), format!("{:.2}", cpu / *n as f64)]
    };
    let table: Vec<Vec<String>> = times.iter().map(row).collect();
    let head =
        ["pictures", "seconds by the clock", "seconds of processor, reading included", "for each picture"];
    rows(&mut out, &head, &table);
    out
}
