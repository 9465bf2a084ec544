//! Groups picture files: `group [--overlays DIR] FILE...` prints each match with its measures and each family as lines of
//! JSON; times go to standard error, in time of the
//! processor where the system tells it (Linux), so that what else runs does not count.

use std::collections::BTreeMap;
use std::path::Path;

use families::{
    Evidence, Feature, Held, Look, Outcome, Says, across, cluster, exposures, features, propose, verify,
};
use image::RgbImage;
use model::{Contrast, Id, Match, PictureId};

struct Seen {
    file: String,
    id: PictureId,
    features: Vec<Feature>,
    look: Look,
    area: f64,
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut files: Vec<String> = std::env::args().skip(1).collect();
    let overlays =
        (files.first().map(String::as_str) == Some("--overlays")).then(|| files.drain(..2).nth(1)).flatten();
    let mut seen = Vec::new();
    let mut spent = [0.0; 5];
    for file in files {
        let raster = image::load_from_memory(&std::fs::read(&file)?)?.into_rgb8();
        let start = busy();
        let features = features(&raster);
        spent[0] += busy() - start;
        let start = busy();
        let look = Look::of(&raster);
        spent[1] += busy() - start;
        let id = PictureId::make(|id| {
            id.text(&file);
        });
        let area = f64::from(raster.width()) * f64::from(raster.height());
        seen.push(Seen { file, id, features, look, area });
    }
    let lists: Vec<&[Feature]> = seen.iter().map(|one| &one.features[..]).collect();
    let start = busy();
    let pairs = propose(&lists);
    spent[2] = busy() - start;
    let mut found = Found::default();
    for (a, b, pose, _) in &pairs {
        let start = busy();
        let outcome =
            verify((&seen[*a].features, &seen[*a].look), (&seen[*b].features, &seen[*b].look), Some(*pose));
        spent[3] += busy() - start;
        found.take(&seen[*a], &seen[*b], &outcome, overlays.as_deref())?;
    }
    let number: BTreeMap<PictureId, usize> = seen.iter().enumerate().map(|(n, one)| (one.id, n)).collect();
    let others: Vec<_> = found.others.iter().map(|contrast| (contrast.a, contrast.b)).collect();
    let more = across(&found.matches, &others, 4);
    for (a, b) in &more {
        let start = busy();
        let (a, b) = (&seen[number[a]], &seen[number[b]]);
        let outcome = verify((&a.features, &a.look), (&b.features, &b.look), None);
        spent[4] += busy() - start;
        found.take(a, b, &outcome, overlays.as_deref())?;
    }
    let area = seen.iter().map(|one| (one.id, one.area)).collect();
    let evidence = Evidence { matches: &found.matches, others: &found.others, ..Evidence::default() };
    for family in cluster(&area, evidence) {
        let files: Vec<String> =
            family.pictures.iter().map(|id| format!("{:?}", seen[number[id]].file)).collect();
        println!("{{\"family\":[{}]}}", files.join(","));
        let taken = exposures(family.id, &family.pictures, &found.matches);
        for exposure in &taken {
            let files: Vec<String> =
                exposure.pictures.iter().map(|id| format!("{:?}", seen[number[id]].file)).collect();
            let place = |id| taken.iter().position(|other| other.id == id).unwrap_or(0);
            let apart: Vec<String> =
                exposure.apart.iter().map(|(other, _)| place(*other).to_string()).collect();
            println!("{{\"exposure\":[{}],\"apart\":[{}]}}", files.join(","), apart.join(","));
        }
    }
    let count = seen.len().max(1) as f64;
    let each = |k: usize, of: f64| spent[k] * 1000.0 / of;
    eprintln!(
        "{count} pictures: features {:.1} ms, look {:.1} ms, propose {:.1} ms each; {} pairs: verify {:.1} ms each; {} pairs across; {:.1} s in all",
        each(0, count),
        each(1, count),
        each(2, count),
        pairs.len(),
        each(3, pairs.len().max(1) as f64),
        more.len(),
        spent.iter().sum::<f64>()
    );
    Ok(())
}

#[derive(Default)]
struct Found {
    matches: Vec<Match>,
    others: Vec<Contrast>,
}

impl Found {
    fn take(
        &mut self,
        a: &Seen,
        b: &Seen,
        outcome: &Outcome,
        overlays: Option<&str>,
    ) -> Result<(), Box<dyn std::error::Error>> {
        let (says, held) = match outcome {
            Outcome::Same(held) => ("same", held),
            Outcome::Other(held) => ("other", held),
            Outcome::Unknown(Some(held)) => ("unknown", held),
            Outcome::Unknown(None) => return Ok(()),
        };
        let measures: Vec<String> =
            held.measures.iter().map(|m| format!("{:?}:{}", m.name, m.value)).collect();
        let map = held.homography.0;
        println!(
            "{{\"says\":{says:?},\"a\":{:?},\"b\":{:?},\"map\":{map:?},\"measures\":{{{}}}}}",
            a.file,
            b.file,
            measures.join(",")
        );
        self.matches.extend(outcome.matched(a.id, b.id));
        self.others.extend(outcome.contrast(a.id, b.id));
        if let Some(folder) = overlays.filter(|_| held.cells.is_some()) {
            overlay(
                &Path::new(folder).join(format!("{says}-{}-{}.png", name(&a.file), name(&b.file))),
                a,
                b,
                held,
            )?;
        }
        Ok(())
    }
}

fn name(file: &str) -> String {
    Path::new(file).file_stem().map(|stem| stem.to_string_lossy().replace(' ', "_")).unwrap_or_default()
}

/// The first picture in red over the second in green and blue, on the one the cells are of, which are framed: green
/// the same, red other, yellow unclear, grey only one.
fn overlay(to: &Path, a: &Seen, b: &Seen, held: &Held) -> Result<(), Box<dyn std::error::Error>> {
    let Some(grid) = &held.cells else { return Ok(()) };
    let on_first = grid.on_first;
    let back = held.homography.inverse().unwrap_or(families::Homography::IDENTITY);
    let (still, other, map) = if on_first { (a, b, held.homography) } else { (b, a, back) };
    let (from, step) = (&still.look, still.look.factor());
    let mut image = RgbImage::new(from.width, from.height);
    for (x, y, pixel) in image.enumerate_pixels_mut() {
        let mine = from.levels[(y * from.width + x) as usize];
        let (u, v) = map.apply(((f64::from(x) + 0.5) / step, (f64::from(y) + 0.5) / step));
        let (u, v) = (u * other.look.factor(), v * other.look.factor());
        let inside =
            u >= 0.0 && v >= 0.0 && u < f64::from(other.look.width) && v < f64::from(other.look.height);
        let theirs =
            if inside { other.look.levels[v as usize * other.look.width as usize + u as usize] } else { 128 };
        pixel.0 = [mine, theirs, theirs];
    }
    for (row, says) in grid.rows.iter().enumerate() {
        for (column, says) in says.iter().enumerate() {
            let rgb = match says {
                None => continue,
                Some(Says::Same) => [0, 200, 0],
                Some(Says::Other) => [255, 0, 0],
                Some(Says::Unclear) => [230, 200, 0],
                Some(Says::One) => [150, 150, 150],
            };
            let at = |k: usize, from: f64| ((from + k as f64 * grid.side) * step) as u32;
            let (x, y) = (at(column, grid.corner.0), at(row, grid.corner.1));
            let side = ((grid.side * step) as u32).saturating_sub(1);
            for n in 0..side {
                for (x, y) in [(x + n, y), (x + n, y + side), (x, y + n), (x + side, y + n)] {
                    if x < from.width && y < from.height {
                        image.put_pixel(x, y, image::Rgb(rgb));
                    }
                }
            }
        }
    }
    image.save(to)?;
    Ok(())
}

/// Seconds that this thread kept a processor busy.
fn busy() -> f64 {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    told.split(' ').next().and_then(|spent| spent.parse::<f64>().ok()).unwrap_or(0.0) / 1e9
}
