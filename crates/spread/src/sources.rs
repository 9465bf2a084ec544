//! Pictures that must have existed, or may have, because none of the held ones explains what was made of them (R6).
//!
//! Four traces carry it. Of one photograph, one picture shows more of the sheet and another is finer: neither was made from the
//! other. Of one photograph there are several pictures of which none is found to have been made from another. A picture was reduced
//! to the size that a platform gives, is not held from there, and no other of the sheet has its size. A picture was rounded
//! by an encoder before its last encoding, on the same grid of blocks, and no held picture of its size was encoded so.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use model::{
    Citation, Derivation, Encoding, Exposure, FamilyId, Gap, Interval, Lack, Measure, PageId, PictureId,
    Quad, Reason, Seek, Why,
};

/// By how much the finer of two is finer, and what part of the other it does not show, at least.
const FINER: f64 = 1.25;
const MORE: f64 = 0.12;
/// Of that part, where the one that shows it shows it on nearly all of its frame, so much must be shown by a picture that goes back to neither.
const ATTESTED: f64 = 0.5;
const WITHIN: f64 = 0.97;
/// Pictures of one photograph without a source, from which on one is missed. Of fewer, the source of the others is too often held and
/// merely not recognised.
const ROOTS: usize = 4;
/// Longer sides to which platforms reduce pictures, and those they give out unreduced are rarer: Telegram's "photo", WhatsApp's.
const LIMITS: [(&str, u32); 2] = [("telegram", 1280), ("whatsapp", 1600)];
/// Shorter sides that cameras and screens give with these longer ones.
const USUAL: [u32; 12] = [720, 768, 800, 900, 960, 1024, 1067, 1200, 1000, 640, 853, 854];
/// Least reduction to a platform's size that shows as one.
const REDUCED: f64 = 0.9;
/// The lowest frequencies among the 64, and the mean step from which on a platform may have rounded them: that of quality 90.
const LOWEST: [usize; 9] = [1, 8, 16, 9, 2, 3, 10, 17, 24];
const COARSE: f64 = 2.5;
/// By how much the scale of two pictures may differ that can stand on one grid of blocks, as a ratio: what registering them
/// leaves.
const SCALE: f64 = 1.03;

/// A held picture, as far as it tells from what it was made.
#[derive(Clone, Debug, PartialEq)]
pub struct Shot {
    /// The picture.
    pub picture: PictureId,
    /// Its sheet.
    pub family: FamilyId,
    /// Its page.
    pub page: PageId,
    /// Where it lies on the page.
    pub outline: Quad,
    /// Width and height of the page in pixels.
    pub size: (u32, u32),
    /// Whether it is a picture of a screen, which may show things larger than they were.
    pub screen: bool,
    /// From pixels of the page to the view that all pictures of the sheet share, if known.
    pub to_view: Option<[f64; 9]>,
    /// The platforms from which it is held; none where it is in no post.
    pub platforms: BTreeSet<String>,
    /// When a post showed it first.
    pub first: Option<Interval>,
    /// How its file was encoded, if it is a JPEG file.
    pub encoding: Option<Encoding>,
}

/// The gaps of pictures, sorted by id.
pub fn sources(shots: &[Shot], exposures: &[Exposure], derivations: &[Derivation]) -> Vec<Gap> {
    let held: BTreeMap<PictureId, &Shot> = shots.iter().map(|shot| (shot.picture, shot)).collect();
    let source: BTreeMap<PictureId, &Derivation> = derivations.iter().map(|made| (made.to, made)).collect();
    let mut gaps: Vec<Gap> = Vec::new();
    for exposure in exposures {
        let of_it: Vec<&Shot> =
            exposure.pictures.iter().filter_map(|picture| held.get(picture).copied()).collect();
        let roots: Vec<&Shot> =
            of_it.iter().copied().filter(|shot| !source.contains_key(&shot.picture)).collect();
        let apart = |a: &Shot, b: &Shot| root(&source, a.picture) != root(&source, b.picture);
        // Where nothing was found to be made of anything, nothing was looked for.
        let many = roots.len() >= ROOTS && !derivations.is_empty();
        let count =
            Measure::new("pictures without a source", roots.len() as f64, "pictures", Some(ROOTS as f64));
        match finer(&of_it, &apart) {
            Some((more, fine, measures)) => {
                let others = roots.iter().filter(|root| many && **root != more && **root != fine);
                let shots: Vec<&Shot> = [more, fine].into_iter().chain(others.copied()).collect();
                let mut found = gap(Lack::Source, false, &shots, Why::MoreAndFiner, measures);
                for reason in found.reasons.iter_mut().skip(2) {
                    (reason.why, reason.measures) = (Why::NoneFromOther, vec![count.clone()]);
                }
                gaps.push(found);
            }
            None if many => gaps.push(gap(Lack::Source, false, &roots, Why::NoneFromOther, vec![count])),
            None => {}
        }
    }
    gaps.extend(derivations.iter().filter_map(|made| reduced(made, &held)));
    let rounded: Vec<Gap> = shots.iter().filter_map(|shot| rounded(shot, shots, &held, &source)).collect();
    for gap in rounded {
        // What is told already of the same pictures.
        let told =
            |known: &Gap| known.lack == gap.lack && gap.pictures.iter().all(|p| known.pictures.contains(p));
        match gaps.iter_mut().find(|known| told(known)) {
            Some(known) => known.reasons.extend(gap.reasons),
            None => gaps.push(gap),
        }
    }
    gaps.sort_by_key(|gap| gap.id);
    gaps
}

/// The picture that a picture goes back to, as far as descent was found.
fn root(source: &BTreeMap<PictureId, &Derivation>, picture: PictureId) -> PictureId {
    let mut at = picture;
    for _ in 0..source.len() {
        match source.get(&at) {
            Some(made) => at = made.from,
            None => break,
        }
    }
    at
}

/// One that shows more, one that is finer, and by how much.
type Pair<'a> = (&'a Shot, &'a Shot, Vec<Measure>);

/// Of pictures of one photograph, two of which one shows more and the other is finer; the clearest pair.
fn finer<'a>(shots: &[&'a Shot], apart: &dyn Fn(&Shot, &Shot) -> bool) -> Option<Pair<'a>> {
    let footprints: Vec<(&Shot, Footprint)> =
        shots.iter().filter_map(|shot| Some((*shot, Footprint::of(shot)?))).collect();
    let mut best: Option<(f64, Pair)> = None;
    for (more, wide) in &footprints {
        for (fine, narrow) in footprints.iter().filter(|(fine, _)| !fine.screen && apart(more, fine)) {
            let common = area(&clipped(&wide.on_view, &narrow.on_view));
            let beyond = 1.0 - common / wide.area.max(1e-9);
            let ratio = narrow.scale / wide.scale.max(1e-9);
            // One that shows as much and is as fine may be the source of both, though it was not recognised as such.
            let may_be_of_both = |other: &Footprint| {
                area(&clipped(&wide.on_view, &other.on_view)) > (1.0 - MORE) * wide.area
                    && narrow.scale < FINER * other.scale
            };
            // What one shows to the edges of its frame, and only that one, may be a screen or a table around the sheet.
            let attested = || {
                let page = f64::from(more.size.0) * f64::from(more.size.1);
                if wide.own < WITHIN * page {
                    return true;
                }
                let own = |other: &Shot| {
                    other.picture == more.picture || !apart(more, other) || !apart(fine, other)
                };
                let others = footprints.iter().filter(|(other, _)| !own(other));
                let rest = wide.area - common;
                others.into_iter().any(|(_, other)| {
                    let shown = clipped(&wide.on_view, &other.on_view);
                    area(&shown) - area(&clipped(&shown, &narrow.on_view)) > ATTESTED * rest
                })
            };
            // What they hardly share is not compared.
            if beyond < MORE
                || ratio < FINER
                || common < 0.5 * narrow.area
                || footprints.iter().any(|(_, other)| may_be_of_both(other))
                || !attested()
            {
                continue;
            }
            let measures = vec![
                Measure::new("of the first, not shown by the second", beyond, "share", Some(MORE)),
                Measure::new("finer the second", ratio, "ratio", Some(FINER)),
            ];
            let rank = |clear: f64, pair: (&Shot, &Shot)| (clear, pair.0.picture, pair.1.picture);
            let own = rank(beyond * ratio, (more, fine));
            if best.as_ref().is_none_or(|(clear, known)| own > rank(*clear, (known.0, known.1))) {
                best = Some((own.0, (more, fine, measures)));
            }
        }
    }
    best.map(|(_, pair)| pair)
}

/// What a picture shows of the view, and how many of its pixels lie along a step of the view.
struct Footprint {
    on_view: Vec<(f64, f64)>,
    area: f64,
    /// The same area in pixels of the page.
    own: f64,
    scale: f64,
}

impl Footprint {
    fn of(shot: &Shot) -> Option<Self> {
        let (width, height) = (f64::from(shot.size.0), f64::from(shot.size.1));
        let page = [(0.0, 0.0), (width, 0.0), (width, height), (0.0, height)];
        let outline: Vec<(f64, f64)> = shot.outline.0.iter().map(|corner| (corner.x, corner.y)).collect();
        let shown = clipped(&upright(outline), &page);
        let map = shot.to_view?;
        let on_view = upright(shown.iter().map(|corner| mapped(&map, *corner)).collect::<Option<Vec<_>>>()?);
        let (own, there) = (area(&shown), area(&on_view));
        (own > 1.0 && there > 1.0).then(|| Self { area: there, own, scale: (own / there).sqrt(), on_view })
    }
}

fn mapped(map: &[f64; 9], (x, y): (f64, f64)) -> Option<(f64, f64)> {
    let w = map[6] * x + map[7] * y + map[8];
    let at = ((map[0] * x + map[1] * y + map[2]) / w, (map[3] * x + map[4] * y + map[5]) / w);
    (w.abs() > 1e-12 && at.0.is_finite() && at.1.is_finite()).then_some(at)
}

/// Twice the area with the sign of the turn, halved.
fn turn(corners: &[(f64, f64)]) -> f64 {
    let next = corners.iter().skip(1).chain(corners.first());
    corners.iter().zip(next).map(|(a, b)| a.0 * b.1 - b.0 * a.1).sum::<f64>() / 2.0
}

fn area(corners: &[(f64, f64)]) -> f64 {
    turn(corners).abs()
}

/// The same corners, turning one way.
fn upright(mut corners: Vec<(f64, f64)>) -> Vec<(f64, f64)> {
    if turn(&corners) < 0.0 {
        corners.reverse();
    }
    corners
}

/// What lies within both of two convex polygons that turn one way (Sutherland and Hodgman 1974).
fn clipped(subject: &[(f64, f64)], by: &[(f64, f64)]) -> Vec<(f64, f64)> {
    let mut out = subject.to_vec();
    for (n, a) in by.iter().enumerate() {
        let b = by[(n + 1) % by.len()];
        let side = |p: &(f64, f64)| (b.0 - a.0) * (p.1 - a.1) - (b.1 - a.1) * (p.0 - a.0);
        let input = std::mem::take(&mut out);
        for (k, p) in input.iter().enumerate() {
            let q = input[(k + 1) % input.len()];
            let (sp, sq) = (side(p), side(&q));
            if sp >= 0.0 {
                out.push(*p);
            }
            if (sp >= 0.0) != (sq >= 0.0) {
                let t = sp / (sp - sq);
                out.push((p.0 + t * (q.0 - p.0), p.1 + t * (q.1 - p.1)));
            }
        }
    }
    out
}

/// A picture of a platform's size that was made from a larger one and is not held from that platform, where no other of the sheet
/// has its size.
fn reduced(made: &Derivation, held: &BTreeMap<PictureId, &Shot>) -> Option<Gap> {
    let (from, to) = (held.get(&made.from)?, held.get(&made.to)?);
    let sides = |shot: &Shot| (shot.size.0.max(shot.size.1), shot.size.0.min(shot.size.1));
    let (longer, shorter) = sides(to);
    let (platform, limit) = LIMITS.into_iter().find(|(_, limit)| longer == *limit)?;
    // One of the same size may be what it was made from, and be explained itself.
    let alike = |shot: &&Shot| {
        let own = sides(shot);
        shot.family == to.family
            && shot.picture != to.picture
            && own.0 == limit
            && own.1.abs_diff(shorter) <= 2
    };
    // A file that is in no post may be the platform's own, unless it is encoded more finely than platforms do.
    let loose = to.platforms.is_empty() && to.encoding.as_ref().is_none_or(is_coarse);
    let another = loose || to.platforms.contains(platform) || held.values().any(alike);
    let size = made.measures.iter().find(|measure| measure.name == "size of the second to the first")?;
    if another || USUAL.contains(&shorter) || size.value > REDUCED || sides(from).0 <= limit {
        return None;
    }
    let mut measures = vec![Measure::new("longer side", f64::from(limit), "px", Some(f64::from(limit)))];
    measures.extend(made.measures.iter().cloned());
    let mut gap = gap(Lack::Between, false, &[from, to], Why::Reduced, measures);
    gap.seek.platform = Some(platform.to_owned());
    gap.reasons.retain(|reason| reason.cited == (Citation::Region { page: to.page, quad: to.outline }));
    Some(gap)
}

/// A picture that was encoded before on its own grid, where no held picture of its scale was encoded so. A file that was cut
/// along the grid keeps it: one of another size explains it too, where it is as fine.
fn rounded(
    shot: &Shot,
    shots: &[Shot],
    held: &BTreeMap<PictureId, &Shot>,
    source: &BTreeMap<PictureId, &Derivation>,
) -> Option<Gap> {
    let own = shot.encoding.as_ref().filter(|encoding| !encoding.earlier.is_empty())?;
    let scale = |shot: &Shot| Footprint::of(shot).map(|footprint| footprint.scale);
    let explains = |other: &&Shot| {
        let as_fine = scale(shot).zip(scale(other)).is_some_and(|(a, b)| (a / b).max(b / a) < SCALE);
        other.picture != shot.picture
            && other.family == shot.family
            && (other.size == shot.size || (other.size.1, other.size.0) == shot.size || as_fine)
            && other
                .encoding
                .as_ref()
                .is_some_and(|encoding| encoding.is_before(own) || turned(encoding).is_before(own))
    };
    if shots.iter().any(|other| explains(&other)) {
        return None;
    }
    let step = |earlier: &model::Earlier| {
        let (down, across) = (earlier.place / 8, earlier.place % 8);
        let last = own.steps.get(usize::from(earlier.place)).copied().unwrap_or(0);
        Measure::new(
            &format!("earlier step of frequency {across}, {down}"),
            f64::from(earlier.step),
            "levels",
            Some(f64::from(last)),
        )
    };
    let measures: Vec<Measure> = own.earlier.iter().map(step).collect();
    let from = source.get(&shot.picture).and_then(|made| held.get(&made.from));
    let mut gap = match from {
        Some(from) => gap(Lack::Between, false, &[from, shot], Why::RoundedBefore, measures),
        None => gap(Lack::Source, false, &[shot], Why::RoundedBefore, measures),
    };
    let own = Citation::Region { page: shot.page, quad: shot.outline };
    gap.reasons.retain(|reason| reason.cited == own);
    gap.seek.platform = None;
    Some(gap)
}

/// Whether the lowest frequencies are rounded as coarsely as platforms round them.
fn is_coarse(encoding: &Encoding) -> bool {
    let steps = LOWEST.iter().filter_map(|place| encoding.steps.get(*place));
    steps.copied().map(f64::from).sum::<f64>() >= COARSE * LOWEST.len() as f64
}

/// The encoding of a picture after a quarter turn of its pixels.
fn turned(encoding: &Encoding) -> Encoding {
    let steps = (0..encoding.steps.len()).filter_map(|place| encoding.steps.get(place % 8 * 8 + place / 8));
    Encoding { steps: steps.copied().collect(), ..encoding.clone() }
}

fn gap(lack: Lack, sure: bool, shots: &[&Shot], why: Why, measures: Vec<Measure>) -> Gap {
    let ids: Vec<String> = shots.iter().map(|shot| shot.picture.to_string()).collect();
    let called: Vec<&str> = ids.iter().map(String::as_str).collect();
    let reason = |shot: &&Shot| Reason {
        measures: measures.clone(),
        ..Reason::new(why, Citation::Region { page: shot.page, quad: shot.outline }, None)
    };
    // What the pictures were made from was there before the first of them was posted; what stands between, before the second.
    let made: Vec<&&Shot> =
        if lack == Lack::Between { shots.iter().skip(1).collect() } else { shots.iter().collect() };
    let before: Option<Timestamp> = made.iter().filter_map(|shot| shot.first).map(|first| first.latest).min();
    let mut platforms: BTreeSet<&str> = BTreeSet::new();
    for shot in shots {
        platforms.extend(shot.platforms.iter().map(String::as_str));
    }
    let one =
        if platforms.len() == 1 { platforms.first().map(|platform| (*platform).to_owned()) } else { None };
    Gap {
        id: Gap::id_of(lack, &called),
        lack,
        sure,
        families: shots.first().map(|shot| shot.family).into_iter().collect(),
        pictures: shots.iter().map(|shot| shot.picture).collect(),
        channel: None,
        reasons: shots.iter().map(reason).collect(),
        seek: Seek { platform: one, before, ..Seek::default() },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{Earlier, Id, Step, Tell, Trace};

    fn id<T: Id>(n: u64) -> T {
        T::make(|id| {
            id.number(n);
        })
    }

    /// A picture of so many pixels that shows the view (of 1000 by 1000) from the top down to `shows`.
    fn shot(n: u64, size: (u32, u32), shows: f64) -> Shot {
        let (width, height) = (f64::from(size.0), f64::from(size.1));
        Shot {
            picture: id(n),
            family: id(1),
            page: id(n),
            outline: Quad::rectangle(0.0, 0.0, width, height),
            size,
            screen: false,
            to_view: Some([1000.0 / width, 0.0, 0.0, 0.0, shows / height, 0.0, 0.0, 0.0, 1.0]),
            platforms: BTreeSet::from(["discord".to_owned()]),
            first: None,
            encoding: None,
        }
    }

    /// The same, encoded with one step, and before that with another at one frequency.
    fn encoded(shot: Shot, step: u16, before: Option<u16>) -> Shot {
        let earlier = before.map(|step| Earlier { place: 1, step, gain: 0.2 });
        let encoding =
            Encoding { page: shot.page, steps: vec![step; 64], earlier: earlier.into_iter().collect() };
        Shot { encoding: Some(encoding), ..shot }
    }

    fn exposure(pictures: &[u64]) -> Exposure {
        let pictures: Vec<PictureId> = pictures.iter().map(|n| id(*n)).collect();
        let held = vec![Tell { a: pictures[0], b: pictures[1], by: Trace::Shade }];
        Exposure { id: Exposure::id_of(id(1), &pictures), family: id(1), pictures, held, apart: vec![] }
    }

    fn made(from: u64, to: u64, size: f64) -> Derivation {
        let (from, to) = (id(from), id(to));
        let measures = vec![Measure::new("size of the second to the first", size, "ratio", None)];
        Derivation {
            id: Derivation::id_of(from, to),
            family: id(1),
            from,
            to,
            decided: true,
            steps: vec![Step::Crop],
            measures,
        }
    }

    fn told(shots: &[Shot], exposures: &[Exposure], derivations: &[Derivation]) -> Vec<(Lack, bool, usize)> {
        sources(shots, exposures, derivations)
            .iter()
            .map(|gap| (gap.lack, gap.sure, gap.pictures.len()))
            .collect()
    }

    #[test]
    fn a_finer_part_was_not_made_from_a_coarser_whole() {
        let (filled, part) = (shot(1, (500, 500), 1000.0), shot(2, (1000, 500), 500.0));
        let whole = Shot { outline: Quad::rectangle(10.0, 10.0, 480.0, 480.0), ..filled.clone() };
        let of = [exposure(&[1, 2])];
        assert_eq!(told(&[whole.clone(), part.clone()], &of, &[]), [(Lack::Source, false, 2)]);
        // What fills its frame may show what lies around the sheet, unless another shows it too.
        assert!(told(&[filled.clone(), part.clone()], &of, &[]).is_empty());
        let three = [filled, part.clone(), shot(3, (400, 400), 1000.0)];
        assert_eq!(told(&three, &[exposure(&[1, 2, 3])], &[]), [(Lack::Source, false, 2)]);
        // One that shows as much and is as fine may be the source of both.
        let large = [whole.clone(), part.clone(), shot(3, (1000, 1000), 1000.0)];
        assert!(told(&large, &[exposure(&[1, 2, 3])], &[]).is_empty());
        // A screen may show it larger than it was; a part as fine as the whole may be cut from it.
        let screen = Shot { screen: true, ..part.clone() };
        assert!(told(&[whole.clone(), screen], &of, &[]).is_empty());
        assert!(told(&[whole.clone(), shot(2, (500, 250), 500.0)], &of, &[]).is_empty());
        assert!(told(&[whole.clone(), shot(2, (1000, 1000), 1000.0)], &of, &[]).is_empty());
        // Further pictures without a source are named with them.
        let more: Vec<Shot> =
            (3..=4).map(|n| shot(n, (500, 500), 1000.0)).chain([whole.clone(), part.clone()]).collect();
        let named = told(&more, &[exposure(&[1, 2, 3, 4])], &[made(8, 9, 1.0)]);
        assert_eq!(named, [(Lack::Source, false, 4)]);
        // Nor is anything said where descent was found, or nothing tells that both are of one photograph.
        assert!(told(&[whole.clone(), part.clone()], &of, &[made(1, 2, 2.0)]).is_empty());
        assert!(told(&[whole, part], &[], &[]).is_empty());
    }

    #[test]
    fn four_pictures_without_a_source_may_have_one_in_common() {
        let shots: Vec<Shot> = (1..=5).map(|n| shot(n, (1000, 1000), 1000.0)).collect();
        let of = [exposure(&[1, 2, 3, 4, 5])];
        assert_eq!(told(&shots, &of, &[made(1, 2, 1.0)]), [(Lack::Source, false, 4)]);
        assert!(told(&shots, &of, &[made(1, 2, 1.0), made(1, 3, 1.0)]).is_empty());
        // Where descent was not looked into, nothing is missed.
        assert!(told(&shots, &of, &[]).is_empty());
    }

    #[test]
    fn an_earlier_encoding_that_nobody_holds_is_missed() {
        let large = encoded(shot(1, (1650, 2200), 1000.0), 2, None);
        let small = encoded(shot(2, (659, 744), 800.0), 3, Some(4));
        let made = [made(1, 2, 0.4)];
        let gaps = sources(&[large.clone(), small.clone()], &[], &made);
        assert_eq!(gaps.len(), 1);
        assert_eq!((gaps[0].lack, gaps[0].sure, gaps[0].reasons.len()), (Lack::Between, false, 1));
        assert_eq!(gaps[0].pictures, [id(1), id(2)]);
        // Without a source it is the source that is missed.
        assert_eq!(told(std::slice::from_ref(&small), &[], &[]), [(Lack::Source, false, 1)]);
        // One of the same scale that was encoded so explains it; one that was encoded otherwise, or is larger, does not.
        let held = |size, step| encoded(shot(3, size, 800.0), step, None);
        assert!(told(&[large.clone(), small.clone(), held((659, 744), 4)], &[], &made).is_empty());
        assert_eq!(told(&[large.clone(), small.clone(), held((659, 744), 5)], &[], &made).len(), 1);
        assert_eq!(told(&[large.clone(), small.clone(), held((1318, 1488), 4)], &[], &made).len(), 1);
        // One that was turned on its side is told by steps that are turned as well.
        let mut lying = held((744, 659), 5);
        lying.encoding.as_mut().unwrap().steps[8] = 4;
        assert!(told(&[large.clone(), small.clone(), lying], &[], &made).is_empty());
        // A cut as fine, of another size.
        let whole = encoded(shot(3, (659, 930), 1000.0), 4, None);
        assert!(told(&[large.clone(), small, whole], &[], &made).is_empty());
        assert!(told(&[large, encoded(shot(2, (659, 744), 800.0), 3, None)], &[], &made).is_empty());
    }

    #[test]
    fn a_picture_of_a_platforms_size_went_through_it() {
        let (large, small) = (shot(1, (1650, 2200), 1000.0), shot(2, (591, 1280), 1000.0));
        let gaps = sources(&[large.clone(), small.clone()], &[], &[made(1, 2, 0.4)]);
        assert_eq!(
            (gaps[0].lack, gaps[0].sure, gaps[0].seek.platform.as_deref()),
            (Lack::Between, false, Some("telegram"))
        );
        let from_there = Shot { platforms: BTreeSet::from(["telegram".to_owned()]), ..small.clone() };
        for other in [from_there, shot(2, (960, 1280), 1000.0), shot(2, (591, 1281), 1000.0)] {
            assert!(told(&[large.clone(), other], &[], &[made(1, 2, 0.4)]).is_empty());
        }
        // In no post it may be the platform's own, unless it is encoded more finely.
        let loose = |step| encoded(Shot { platforms: BTreeSet::new(), ..small.clone() }, step, None);
        assert!(told(&[large.clone(), loose(3)], &[], &[made(1, 2, 0.4)]).is_empty());
        assert_eq!(told(&[large.clone(), loose(1)], &[], &[made(1, 2, 0.4)]).len(), 1);
        // Another of that size may be what it was made from.
        let third =
            Shot { platforms: BTreeSet::from(["telegram".to_owned()]), ..shot(3, (1280, 591), 1000.0) };
        assert!(told(&[large, small, third], &[], &[made(1, 2, 0.4)]).is_empty());
    }
}
