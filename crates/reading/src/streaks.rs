//! Thin upright lines that run through text (a fax's or a scanner's streaks), taken out.
//!
//! A reader takes such a line for the edge of a column and cuts every word it meets. In: a raster whose light is evened, and
//! the height of its letters. Out: the same with those lines lightened to what stands on either side of them. Invariant:
//! nothing becomes darker; lines that no letters touch (rules of a table, a frame) are left, since they do part columns.
//! Absent: lines that lie, tilted lines, patterns.

use image::GrayImage;

/// Darker than this may be a line, where paper is 245.
const INK: u8 = 190;
/// So much darker than what stands on either side.
const STEP: u8 = 45;
/// The least length of a line, all its pieces together, in heights of small letters.
const LONG: f64 = 6.0;
/// So far it must be seen without a break somewhere: letters that stand below each other at a margin are no line.
const ALONE: f64 = 3.0;
/// The least length of a piece: no letter is as high.
const PIECE: f64 = 2.6;
/// The share of its length on which it must be seen alone.
const SEEN: f64 = 0.62;
/// What may hide it at a time, in heights of small letters.
const HIDDEN: f64 = 1.5;
/// Letters that must touch it.
const TOUCHED: usize = 3;

/// A line as it is followed down the raster: its place on each row from the first on.
struct Track {
    first: usize,
    places: Vec<u32>,
    seen: usize,
    /// Rows it is seen on without a break, last and at most.
    run: usize,
    longest: usize,
}

impl Track {
    fn middle(&self) -> f64 {
        f64::from(self.places[self.places.len() / 2])
    }
}

/// Takes streaks out; tells how many pieces they had.
pub(crate) fn erase(raster: &mut GrayImage, letters: f64) -> usize {
    let (width, height) = (raster.width() as usize, raster.height() as usize);
    let aside = (0.15 * letters).round().clamp(2.0, 4.0) as usize;
    if width <= 4 * aside || (height as f64) < LONG * letters {
        return 0;
    }
    let mut tracks = tracks(raster, letters, aside);
    tracks.retain(|track| track.seen as f64 >= SEEN * track.places.len() as f64);
    let touches: Vec<usize> = tracks.iter().map(|track| touched(raster, track, letters, aside)).collect();
    // A streak comes and goes: pieces in one column are one.
    let wide = (0.25 * letters).max(2.0);
    let whole = |n: &usize| {
        let column = (0..tracks.len()).filter(|&k| (tracks[k].middle() - tracks[*n].middle()).abs() <= wide);
        let (mut long, mut touching, mut longest) = (0, 0, 0);
        for k in column {
            let length = tracks[k].places.len();
            (long, touching) = (long + length, touching + touches[k]);
            longest = longest.max(tracks[k].longest);
        }
        long as f64 >= LONG * letters && longest as f64 >= ALONE * letters && touching >= TOUCHED
    };
    let streaks: Vec<&Track> = (0..tracks.len()).filter(whole).map(|n| &tracks[n]).collect();
    let pixels: &mut [u8] = raster;
    for track in &streaks {
        for (k, &x) in track.places.iter().enumerate() {
            lighten(&mut pixels[(track.first + k) * width..][..width], x as usize, aside);
        }
    }
    streaks.len()
}

/// All pieces of lines.
fn tracks(raster: &GrayImage, letters: f64, aside: usize) -> Vec<Track> {
    let width = raster.width() as usize;
    let hidden = (HIDDEN * letters) as usize;
    let long = (PIECE * letters).ceil().max(1.0) as usize;
    let mut open: Vec<Track> = Vec::new();
    // The open track whose last place is in this column, and the row it was seen on.
    let mut at: Vec<Option<(usize, usize)>> = vec![None; width];
    for (y, row) in raster.as_raw().chunks(width).enumerate() {
        let mut x = aside;
        while x + aside < width {
            let alone = row[x] < INK
                && row[x - aside] >= row[x].saturating_add(STEP)
                && row[x + aside] >= row[x].saturating_add(STEP);
            if !alone {
                x += 1;
                continue;
            }
            // The darkest of its width.
            let middle = (x..(x + aside).min(width - aside)).min_by_key(|&k| (row[k], k)).unwrap_or(x);
            let near = [middle, middle - 1, middle + 1];
            let known =
                near.iter().find_map(|&k| at[k].filter(|(_, last)| y - last <= hidden + 1).map(|_| k));
            let (id, last) = match known.and_then(|k| at[k].take()) {
                Some(known) => known,
                None => {
                    open.push(Track { first: y, places: Vec::new(), seen: 0, run: 0, longest: 0 });
                    (open.len() - 1, y)
                }
            };
            let track = &mut open[id];
            if last < y || track.places.is_empty() {
                let before = track.places.last().copied().unwrap_or(middle as u32);
                track.places.resize(y - track.first, before);
                track.places.push(middle as u32);
                track.seen += 1;
                track.run = if y <= last + 2 { track.run + 1 } else { 1 };
                track.longest = track.longest.max(track.run);
            }
            at[middle] = Some((id, y));
            x = middle + aside;
        }
    }
    open.retain(|track| track.places.len() >= long);
    open
}

/// Letters that touch the line: runs of rows on which ink stands at its side that does not go on as a lying line does.
fn touched(raster: &GrayImage, track: &Track, letters: f64, aside: usize) -> usize {
    let width = raster.width() as usize;
    let (mut count, mut last) = (0, None);
    let far = (2.5 * letters) as usize;
    for (k, &x) in track.places.iter().enumerate() {
        let row = &raster.as_raw()[(track.first + k) * width..][..width];
        let x = x as usize;
        let ink = |v: &&u8| **v < INK - 40;
        let right = row[(x + aside).min(width)..].iter().take_while(ink).count();
        let left = row[..(x + 1).saturating_sub(aside)].iter().rev().take_while(ink).count();
        let letter = (left > 0 || right > 0) && left.max(right) < far;
        if letter && last.is_none_or(|last| (k - last) as f64 > letters) {
            count += 1;
        }
        if letter {
            last = Some(k);
        }
    }
    count
}

/// Nothing on the line is darker than what stands on either side of it.
fn lighten(row: &mut [u8], x: usize, aside: usize) {
    let (left, right) = (x.saturating_sub(aside), (x + aside).min(row.len() - 1));
    let (from, to) = (f32::from(row[left]), f32::from(row[right]));
    let wide = (right - left).max(1) as f32;
    for (k, v) in row.iter_mut().enumerate().take(right).skip(left + 1) {
        let side = from + (to - from) * (k - left) as f32 / wide;
        *v = (*v).max(side as u8);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::Luma;

    /// Lines of bars that stand for letters, 12 high, 30 apart.
    fn text() -> GrayImage {
        GrayImage::from_fn(400, 400, |x, y| {
            let inside = (20..380).contains(&x) && y % 30 < 12 && y > 20;
            let letter = inside && (x % 11 < 3 || (y % 30 > 9 && x % 11 < 9));
            Luma([if letter { 30 } else { 245 }])
        })
    }

    fn lined(mut raster: GrayImage, x: u32) -> GrayImage {
        (0..raster.height()).for_each(|y| raster.put_pixel(x, y, Luma([40])));
        raster
    }

    #[test]
    fn a_streak_through_text_goes_and_the_text_stays() {
        let clean = text();
        assert_eq!(erase(&mut clean.clone(), 12.0), 0);
        let mut streaked = lined(clean.clone(), 203);
        assert_eq!(erase(&mut streaked, 12.0), 1);
        let apart = streaked.iter().zip(clean.iter()).filter(|(a, b)| a.abs_diff(**b) > 60).count();
        assert!(apart < 40, "{apart} pixels are not as they were");
        let before = lined(clean, 203);
        assert!(streaked.iter().zip(before.iter()).all(|(now, before)| now >= before));
    }

    #[test]
    fn letters_below_each_other_stay() {
        let clean = GrayImage::from_fn(300, 600, |x, y| {
            let stroke = (40..43).contains(&x) && y % 28 < 19 && y > 20;
            let foot = (40..52).contains(&x) && y % 28 > 15 && y % 28 < 19;
            Luma([if stroke || foot { 30 } else { 245 }])
        });
        let mut raster = clean.clone();
        assert_eq!(erase(&mut raster, 12.0), 0);
        assert!(raster == clean);
    }

    #[test]
    fn rules_beside_text_stay_and_odd_rasters_pass() {
        let mut ruled = lined(text(), 8);
        for x in 0..400 {
            (0..400).step_by(60).for_each(|y| ruled.put_pixel(x, y, Luma([40])));
        }
        let before = ruled.clone();
        assert_eq!(erase(&mut ruled, 12.0), 0);
        assert!(ruled == before);
        for (w, h, v) in [(1, 1, 0), (20_000, 30, 9), (64, 640, 0), (3, 900, 100)] {
            assert_eq!(erase(&mut GrayImage::from_pixel(w, h, Luma([v])), 10.0), 0);
        }
    }
}
