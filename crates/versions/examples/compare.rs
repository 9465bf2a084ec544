//! Compares the pictures of one family: `compare FAMILY.json` prints alterations, versions and derivations as JSON.
//!
//! FAMILY.json: `{"sheet": [width, height], "pictures": [{"id", "file", "homography": 3 x 3 from sheet to picture}]}`.
//! Reads with Debian's `tesseract`.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};

use image::GrayImage;
use model::{FamilyId, Id, PictureId};
use serde::Deserialize;
use serde_json::json;
use versions::{Homography, Sheet, Shown, StripWord, compare};

type Fault = Box<dyn std::error::Error>;

#[derive(Deserialize)]
struct Input {
    sheet: [f64; 2],
    pictures: Vec<Given>,
}

#[derive(Deserialize)]
struct Given {
    id: String,
    file: String,
    homography: [[f64; 3]; 3],
    #[serde(default)]
    first_seen: Option<i64>,
}

fn main() -> Result<(), Fault> {
    let path = std::env::args().nth(1).ok_or("usage: compare FAMILY.json")?;
    let input: Input = serde_json::from_slice(&std::fs::read(path)?)?;
    let mut rasters = Vec::new();
    for given in &input.pictures {
        let reader = image::ImageReader::open(&given.file)?.with_guessed_format()?;
        rasters.push(reader.decode()?.to_rgb8());
    }
    let id = |name: &str| {
        PictureId::make(|id| {
            id.text(name);
        })
    };
    let names: BTreeMap<PictureId, &str> =
        input.pictures.iter().map(|p| (id(&p.id), p.id.as_str())).collect();
    let shown: Vec<Shown> = input
        .pictures
        .iter()
        .zip(&rasters)
        .map(|(p, raster)| Shown {
            picture: id(&p.id),
            raster,
            to_picture: Homography(p.homography),
            original: None,
            first_seen: p.first_seen,
        })
        .collect();
    let family = FamilyId::from([0; 32]);
    let sheet = Sheet { size: (input.sheet[0], input.sheet[1]), words: Vec::new() };
    let started = std::time::Instant::now();
    let found = compare(family, &sheet, &shown, &read);
    let alterations: Vec<_> = found
        .alterations
        .iter()
        .map(|a| {
            json!({"picture": names[&a.picture], "against": names[&a.against],
                "quad": a.quad.0.map(|p| [p.x, p.y]), "kind": a.change,
                "reads": a.reads, "reads_against": a.reads_against, "touches": a.touches, "later": a.later,
                "measures": a.measures.iter().map(|m| m.value).collect::<Vec<_>>()})
        })
        .collect();
    let versions: Vec<_> = found
        .versions
        .iter()
        .map(|v| json!({"says": v.says, "pictures": v.pictures.iter().map(|p| names[p]).collect::<Vec<_>>()}))
        .collect();
    let derivations: Vec<_> = found
        .derivations
        .iter()
        .map(|d| {
            json!({"from": names[&d.from], "to": names[&d.to], "decided": d.decided, "steps": d.steps,
                "measures": d.measures.iter().map(|m| m.value).collect::<Vec<_>>()})
        })
        .collect();
    let looked: Vec<_> = found
        .looked
        .iter()
        .map(|l| {
            let reads: Vec<_> = l.reads.iter().map(|(p, t, d)| json!([names[p], t, d])).collect();
            json!({"area": l.area, "odd": l.odd, "share": l.share, "said": l.said, "reads": reads})
        })
        .collect();
    let seconds = started.elapsed().as_secs_f64();
    println!(
        "{}",
        json!({"alterations": alterations, "versions": versions, "derivations": derivations, "looked": looked,
            "seconds": seconds})
    );
    Ok(())
}

/// One run of tesseract over a list of files.
fn read(strips: &[GrayImage]) -> Vec<Vec<StripWord>> {
    static RUNS: AtomicUsize = AtomicUsize::new(0);
    let run = RUNS.fetch_add(1, Ordering::Relaxed);
    let folder = std::env::temp_dir().join(format!("compare-{}-{run}", std::process::id()));
    let words =
        std::fs::create_dir_all(&folder).map_err(Fault::from).and_then(|()| tesseract(strips, &folder));
    let _ = std::fs::remove_dir_all(&folder);
    words.unwrap_or_else(|_| vec![Vec::new(); strips.len()])
}

fn tesseract(strips: &[GrayImage], folder: &Path) -> Result<Vec<Vec<StripWord>>, Fault> {
    let mut list = String::new();
    for (k, strip) in strips.iter().enumerate() {
        let path = folder.join(format!("{k}.png"));
        strip.save(&path)?;
        list.push_str(&format!("{}\n", path.display()));
    }
    std::fs::write(folder.join("list.txt"), list)?;
    let out = Command::new("tesseract")
        .arg(folder.join("list.txt"))
        .args(["stdout", "--psm", "7", "-l", "eng", "tsv"])
        .env("OMP_THREAD_LIMIT", "1")
        .output()?;
    let mut words = vec![Vec::new(); strips.len()];
    for line in String::from_utf8_lossy(&out.stdout).lines() {
        let fields: Vec<&str> = line.split('\t').collect();
        if fields.len() < 12 || fields[0] != "5" || fields[11].trim().is_empty() {
            continue;
        }
        let number = |k: usize| fields[k].parse::<f32>().unwrap_or(0.0);
        let (x, y) = (number(6), number(7));
        if let Some(list) = words.get_mut((number(1) as usize).wrapping_sub(1)) {
            list.push(StripWord {
                text: fields[11].trim().to_owned(),
                area: [x, y, x + number(8), y + number(9)],
                doubt: 1.0 - number(10) / 100.0,
            });
        }
    }
    Ok(words)
}
