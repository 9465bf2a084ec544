//! A plain pipeline on the same pairs: `plain.py` in whatever Python `TRUECOPY_PYTHON` names, with OpenCV; left out if that
//! is missing.

use std::fs;
use std::path::Path;
use std::process::Command;

use super::Result;
use super::trial::{Outcome, hits};

/// What one way found on the pairs.
pub struct Beside {
    pub way: &'static str,
    pub wanted: usize,
    pub found: usize,
    /// Falsely said on the altered pairs, and on those that were not.
    pub falsely: (usize, usize),
    pub pairs: (usize, usize),
}

/// Runs it on the pairs that were kept.
pub fn beside(altered: &[Outcome], unaltered: &[Outcome]) -> Result<Vec<Beside>> {
    let some: Vec<&Outcome> = altered.iter().chain(unaltered).filter(|o| o.pair.is_some()).collect();
    let folder = std::env::temp_dir().join(format!("truecopy-plain-{}", std::process::id()));
    fs::create_dir_all(&folder).map_err(|error| error.to_string())?;
    for (n, outcome) in some.iter().enumerate() {
        for (picture, side) in outcome.pair.iter().flat_map(|pair| pair.iter()).zip(["a", "b"]) {
            let path = folder.join(format!("{n}{side}.png"));
            picture.image.save(path).map_err(|error| error.to_string())?;
        }
    }
    let told = run(&folder);
    let _ = fs::remove_dir_all(&folder);
    let mut out = vec![ours(&some)];
    let Some(told) = told else {
        eprintln!("skipped: no Python with OpenCV for the plain pipeline; name one in TRUECOPY_PYTHON");
        return Ok(out);
    };
    for (way, key) in [("SIFT homography and SSIM", "ssim"), ("OCR of both and a text diff", "text")] {
        let places = |n: usize| -> Vec<[f64; 4]> {
            let boxes = told[n][key].as_array().map(Vec::as_slice).unwrap_or_default();
            boxes.iter().map(|b| std::array::from_fn(|k| b[k].as_f64().unwrap_or(0.0))).collect()
        };
        out.push(count(way, &some, |n, outcome| {
            let back = outcome.pair.as_ref().map(|pair| pair[0].homography.inverse());
            let onto = |[x0, y0, x1, y1]: [f64; 4]| {
                let corners = [(x0, y0), (x1, y0), (x1, y1), (x0, y1)];
                forge::geometry::bounds(&corners.map(|p| back.as_ref().map_or(p, |b| b.apply(p))))
            };
            places(n).into_iter().map(onto).collect()
        }));
    }
    Ok(out)
}

fn run(folder: &Path) -> Option<serde_json::Value> {
    let python = std::env::var("TRUECOPY_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/plain.py");
    let output = Command::new(python).arg(script).arg(folder).output().ok()?;
    serde_json::from_slice(&output.stdout).ok()
}

/// Ours, as it was counted.
fn ours(some: &[&Outcome]) -> Beside {
    count("this engine", some, |_, outcome| outcome.said.iter().map(|s| s.place).collect())
}

fn count(way: &'static str, some: &[&Outcome], places: impl Fn(usize, &Outcome) -> Vec<[f64; 4]>) -> Beside {
    let mut out = Beside { way, wanted: 0, found: 0, falsely: (0, 0), pairs: (0, 0) };
    for (n, outcome) in some.iter().enumerate() {
        let places = places(n, outcome);
        let right = |place: &[f64; 4]| outcome.edits.iter().any(|(_, e)| hits(*place, e.area));
        let falsely = places.iter().filter(|p| !right(p)).count();
        for wanted in &outcome.wanted {
            let mut mine = outcome.edits.iter().filter(|(kind, _)| *kind == wanted.kind);
            out.wanted += 1;
            out.found += usize::from(mine.any(|(_, e)| places.iter().any(|p| hits(*p, e.area))));
        }
        if outcome.harm.is_some() {
            out.falsely.0 += falsely;
            out.pairs.0 += 1;
        } else {
            out.falsely.1 += falsely;
            out.pairs.1 += 1;
        }
    }
    out
}
