//! Holds what `trove` kept against the truth:
//!
//!     weigh (TRUTH.json LOOKED.jsonl)... [--alone] [--show] [--traits=OUT.csv] [--doubt=FOLDER]
//!
//! Words of whole copies and of whole families (as bags of words by spaces), banners, and how doubts hold. `--alone`
//! aligns families by sequence alone, as if no geometry were known. `--doubt` writes doubt.csv and doubt.svg: of the words
//! at a doubt, over all leaks given, how many are wrong.

mod plot;

use std::collections::BTreeMap;
use std::error::Error;
use std::fs;
use std::io::Write;

use model::{FamilyId, Id, PictureId, Point, Quad, Reading};
use reading::{Looked, Member, reading, together};
use serde_json::Value;

struct Copy {
    row: Value,
    looked: Looked,
    reading: Reading,
    inverse: [[f64; 3]; 3],
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let has = |flag: &str| arguments.iter().any(|word| word == flag);
    let value = |flag: &str| arguments.iter().find_map(|word| word.strip_prefix(flag)?.strip_prefix('='));
    let files: Vec<&String> = arguments.iter().filter(|word| !word.starts_with("--")).collect();
    let mut bins = [Bin::default(); EDGES.len()];
    for pair in files.chunks(2) {
        let [truth, read] = pair else { return Err("a truth without its reading".into()) };
        let truth: Value = serde_json::from_slice(&fs::read(truth)?)?;
        let named = |name: &str| truth[name].as_array().ok_or_else(|| format!("no {name}"));
        let sheets: BTreeMap<&str, &Value> =
            named("sheets")?.iter().filter_map(|sheet| Some((sheet["sheet"].as_str()?, sheet))).collect();
        let altered: BTreeMap<&str, &Value> = named("copies")?
            .iter()
            .filter_map(|copy| Some((copy["copy"].as_str()?, &copy["alterations"])))
            .collect();
        let mut copies = Vec::new();
        for line in fs::read_to_string(read)?.lines() {
            copies.push(load(serde_json::from_str(line)?, has("--redo"))?);
        }
        copies.retain(|copy| sheets.contains_key(copy.row["sheet"].as_str().unwrap_or("")));
        singles(&copies, &sheets, has("--show"));
        families(&copies, &sheets, has("--alone"), has("--show"));
        calibration(&copies, &sheets, &altered, &mut bins);
        if let Some(out) = value("--traits") {
            traits(&copies, &sheets, out)?;
        }
    }
    println!("doubt said | share wrong | words");
    for bin in bins.iter().filter(|bin| bin.words > 0) {
        println!("{:10.4} | {:11.4} | {}", bin.said(), bin.wrong(), bin.words);
    }
    if let Some(folder) = value("--doubt") {
        fs::create_dir_all(folder)?;
        fs::write(format!("{folder}/doubt.csv"), plot::table(&bins))?;
        fs::write(format!("{folder}/doubt.svg"), plot::picture(&bins))?;
    }
    Ok(())
}

/// Upper ends of the bins of doubt.
const EDGES: [f64; 12] = [0.003, 0.005, 0.01, 0.02, 0.035, 0.06, 0.1, 0.2, 0.35, 0.5, 0.65, 1.0];

/// Words at about one doubt.
#[derive(Clone, Copy, Debug, Default)]
struct Bin {
    words: usize,
    bad: usize,
    sum: f64,
}

impl Bin {
    /// The mean doubt.
    fn said(&self) -> f64 {
        self.sum / self.words.max(1) as f64
    }

    /// The share that is wrong.
    fn wrong(&self) -> f64 {
        self.bad as f64 / self.words.max(1) as f64
    }
}

fn load(row: Value, redo: bool) -> Result<Copy, Box<dyn Error>> {
    let mut looked: Looked = serde_json::from_value(row["looked"].clone())?;
    if redo {
        looked.words.iter_mut().for_each(|word| {
            word.doubt = reading::doubt(&word.traits).max(if word.doubt == 0.6 { 0.6 } else { 0.0 })
        });
    }
    let h: [[f64; 3]; 3] = serde_json::from_value(row["H"].clone())?;
    let (width, height) =
        (row["upright"][0].as_f64().unwrap_or(1.0), row["upright"][1].as_f64().unwrap_or(1.0));
    let onto = |p: Point| apply(&h, Point { x: p.x * 1700.0 / width, y: p.y * 2200.0 / height });
    let picture = PictureId::make(|id| {
        id.text(row["copy"].as_str().unwrap_or(""));
    });
    let reading = reading(picture, &looked, height, &onto, "trove".to_owned());
    Ok(Copy { inverse: inverse(&h), row, looked, reading })
}

fn apply(h: &[[f64; 3]; 3], p: Point) -> Point {
    let w = h[2][0] * p.x + h[2][1] * p.y + h[2][2];
    Point {
        x: (h[0][0] * p.x + h[0][1] * p.y + h[0][2]) / w,
        y: (h[1][0] * p.x + h[1][1] * p.y + h[1][2]) / w,
    }
}

fn inverse(m: &[[f64; 3]; 3]) -> [[f64; 3]; 3] {
    let c = |r: usize, s: usize| {
        let (a, b, d, e) = ((r + 1) % 3, (r + 2) % 3, (s + 1) % 3, (s + 2) % 3);
        m[a][d] * m[b][e] - m[a][e] * m[b][d]
    };
    let det = m[0][0] * c(0, 0) + m[0][1] * c(0, 1) + m[0][2] * c(0, 2);
    let mut out = [[0.0; 3]; 3];
    for (r, row) in out.iter_mut().enumerate() {
        for (s, v) in row.iter_mut().enumerate() {
            *v = c(s, r) / det;
        }
    }
    out
}

fn bag(text: &str) -> BTreeMap<&str, usize> {
    let mut bag = BTreeMap::new();
    text.split_whitespace().for_each(|word| *bag.entry(word).or_default() += 1);
    bag
}

/// Common, read, true.
fn held(read: &str, truth: &str) -> [usize; 3] {
    let (a, b) = (bag(read), bag(truth));
    [
        a.iter().map(|(word, n)| (*n).min(b.get(word).copied().unwrap_or(0))).sum(),
        a.values().sum(),
        b.values().sum(),
    ]
}

fn rates([k, g, w]: [usize; 3]) -> String {
    format!(
        "recall {:.4} precision {:.4} ({k} of {w}, {g} read)",
        k as f64 / w.max(1) as f64,
        k as f64 / g.max(1) as f64
    )
}

fn add(sum: &mut [usize; 3], part: [usize; 3]) {
    sum.iter_mut().zip(part).for_each(|(sum, part)| *sum += part);
}

fn singles(copies: &[Copy], sheets: &BTreeMap<&str, &Value>, show: bool) {
    let mut sum = [0; 3];
    for copy in copies.iter().filter(|copy| copy.row["whole"] == true) {
        let covered = |op: &Value| op.as_str().is_some_and(|op| op == "redacted" || op == "mosaic");
        if copy.row["ops"].as_array().is_some_and(|ops| ops.iter().any(covered)) {
            continue;
        }
        let sheet = sheets[copy.row["sheet"].as_str().unwrap_or("")];
        let part = held(&copy.reading.text, sheet["text"].as_str().unwrap_or(""));
        if show {
            println!(
                "  {} {} {} density {:.2} letters {:?} {}",
                copy.row["copy"],
                sheet["template"],
                copy.row["ops"],
                copy.row["density"].as_f64().unwrap_or(0.0),
                copy.looked.letters.map(|l| l.round()),
                rates(part)
            );
        }
        add(&mut sum, part);
    }
    println!("reading_copies  {}", rates(sum));
}

fn families(copies: &[Copy], sheets: &BTreeMap<&str, &Value>, alone: bool, show: bool) {
    let (mut sum, mut right, mut of, mut dissents) = ([0; 3], 0, 0, 0);
    for (name, sheet) in sheets {
        let family: Vec<&Copy> = copies.iter().filter(|copy| copy.row["sheet"] == **name).collect();
        if !family.iter().any(|copy| copy.row["whole"] == true) {
            continue;
        }
        let frames: Vec<_> = family
            .iter()
            .map(|copy| {
                let inverse = copy.inverse;
                move |p: Point| apply(&inverse, p)
            })
            .collect();
        let members: Vec<Member> = family
            .iter()
            .zip(&frames)
            .map(|(copy, frame)| {
                let (w, h) = (
                    copy.row["size"][0].as_f64().unwrap_or(1.0),
                    copy.row["size"][1].as_f64().unwrap_or(1.0),
                );
                let shows = Quad(Quad::rectangle(0.0, 0.0, w, h).0.map(frame));
                Member {
                    reading: &copy.reading,
                    frame: (!alone).then_some(frame as &dyn Fn(Point) -> Point),
                    shows: (!alone).then_some(shows),
                    covered: Vec::new(),
                    weight: 1.0,
                }
            })
            .collect();
        let read = together(
            FamilyId::make(|id| {
                id.text(name);
            }),
            &members,
        );
        let truth = sheet["text"].as_str().unwrap_or("");
        let part = held(&read.text, truth);
        add(&mut sum, part);
        let marking = sheet["marking"].as_str().unwrap_or("").replace(' ', "");
        let banner = read.banner.clone().unwrap_or_default().replace(' ', "");
        (right, of, dissents) =
            (right + usize::from(marking == banner), of + 1, dissents + read.dissents.len());
        if marking != banner {
            println!("  banner of {name}: {banner:?}, true {marking:?}");
        }
        if show {
            let best = family
                .iter()
                .filter(|copy| copy.row["whole"] == true)
                .map(|copy| held(&copy.reading.text, truth)[0])
                .max();
            println!(
                "  {name} {} of {} pictures {} best single {:.4}",
                sheet["template"],
                family.len(),
                rates(part),
                best.unwrap_or(0) as f64 / part[2] as f64
            );
            let (a, b) = (bag(&read.text), bag(truth));
            let less = |a: &BTreeMap<&str, usize>, b: &BTreeMap<&str, usize>| -> Vec<String> {
                a.iter()
                    .filter(|(w, n)| b.get(*w).copied().unwrap_or(0) < **n)
                    .map(|(w, _)| (*w).to_owned())
                    .collect()
            };
            println!("     missing {:?}\n     extra   {:?}", less(&b, &a), less(&a, &b));
        }
    }
    println!("reading_sheets  {}", rates(sum));
    println!("markings        {right} of {of}; dissents {dissents}");
}

/// Is each word right: is it among the sheet's words near its place?
fn verdicts(copy: &Copy, sheet: &Value) -> Vec<bool> {
    let words: Vec<(&str, [f64; 4])> = sheet["words"]
        .as_array()
        .map(|words| {
            words
                .iter()
                .filter_map(|w| {
                    let n = |k: &str| w[k].as_f64();
                    Some((w["t"].as_str()?, [n("x")?, n("y")?, n("x")? + n("w")?, n("y")? + n("h")?]))
                })
                .collect()
        })
        .unwrap_or_default();
    copy.reading
        .words
        .iter()
        .map(|word| {
            let middle = word.quad.0.iter().fold((0.0, 0.0), |s, p| {
                let q = apply(&copy.inverse, *p);
                (s.0 + q.x / 4.0, s.1 + q.y / 4.0)
            });
            words.iter().any(|(text, b)| {
                *text == word.text
                    && middle.0 > b[0] - 25.0
                    && middle.0 < b[2] + 25.0
                    && middle.1 > b[1] - 25.0
                    && middle.1 < b[3] + 25.0
            })
        })
        .collect()
}

/// Sorts words into bins by their doubt. What an alteration wrote is not the sheet's own word, however well it is read: words
/// there are left out.
fn calibration(
    copies: &[Copy],
    sheets: &BTreeMap<&str, &Value>,
    altered: &BTreeMap<&str, &Value>,
    bins: &mut [Bin; EDGES.len()],
) {
    for copy in copies {
        let verdicts = verdicts(copy, sheets[copy.row["sheet"].as_str().unwrap_or("")]);
        let quads: Vec<[f64; 4]> = altered
            .get(copy.row["copy"].as_str().unwrap_or(""))
            .and_then(|rows| rows.as_array())
            .map(|rows| rows.iter().filter_map(|row| hull(&row["quad"])).collect())
            .unwrap_or_default();
        for (word, right) in copy.reading.words.iter().zip(verdicts) {
            let (a, b) = (word.quad.0[0], word.quad.0[2]);
            let apart = |q: &[f64; 4]| a.x > q[2] || b.x < q[0] || a.y > q[3] || b.y < q[1];
            if !quads.iter().all(apart) {
                continue;
            }
            let n = EDGES.iter().position(|edge| word.doubt < *edge).unwrap_or(EDGES.len() - 1);
            bins[n].words += 1;
            bins[n].bad += usize::from(!right);
            bins[n].sum += word.doubt;
        }
    }
}

fn hull(quad: &Value) -> Option<[f64; 4]> {
    let points: Vec<[f64; 2]> = serde_json::from_value(quad.clone()).ok()?;
    let first = points.first()?;
    Some(points.iter().fold([first[0], first[1], first[0], first[1]], |h, p| {
        [h[0].min(p[0]), h[1].min(p[1]), h[2].max(p[0]), h[3].max(p[1])]
    }))
}

fn traits(copies: &[Copy], sheets: &BTreeMap<&str, &Value>, out: &str) -> Result<(), Box<dyn Error>> {
    let mut file = std::io::BufWriter::new(fs::File::create(out)?);
    for copy in copies {
        let verdicts = verdicts(copy, sheets[copy.row["sheet"].as_str().unwrap_or("")]);
        for (word, right) in copy.looked.words.iter().zip(verdicts) {
            let t = word.traits;
            writeln!(
                file,
                "{},{},{},{},{},{},{},{},{},{}",
                u8::from(!right),
                t.confidence,
                t.line,
                t.letters,
                t.others,
                t.tall,
                t.misfit,
                t.odd,
                u8::from(word.second),
                copy.row["copy"].as_str().unwrap_or("")
            )?;
        }
    }
    Ok(())
}
