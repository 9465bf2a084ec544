//! What is said of a place: altered, covered, or nothing. A difference counts as an alteration only where the pixels differ
//! far beyond the noise of the pair and two readings say different words.

use std::collections::BTreeMap;

use crate::agree::{self, Split, Top};
use crate::case::Case;
use crate::density::{density, letters_alone, smeared};
use crate::place::{Area, cut_off, silence};
use crate::reread::{self, Said, Spoken};
use crate::view::View;
use crate::wording::{alike, as_long, bare, one_letter_off, same_kind, same_stop, too_short};

/// How odd the two that differ most must be, in spreads of their pair.
pub(crate) const ODD: f32 = 5.0;
/// The share of the contrast that must differ.
pub(crate) const SHARE: f32 = 0.17;
/// The doubt that the best reading of each side may have, and what it may have where the pixels differ grossly.
pub(crate) const DOUBT: f32 = 0.3;
const DOUBT_IF_GROSS: f32 = 0.65;
/// What differs grossly: oddness and share.
const GROSS: (f32, f32) = (12.0, 0.25);
/// The share that is enough where both sides are read without doubt.
const SHARE_IF_CLEAR: f32 = 0.10;
const CLEAR: f32 = 0.15;
/// What differs boldly: oddness a little below the bound, but most of the contrast.
const BOLD: (f32, f32) = (4.0, 0.5);
/// The share that must differ where the one side shows clean paper.
const ONE_SIDED: f32 = 0.3;
/// Pictures of each side that are read first, and where these do not read the same.
const READ: (usize, usize) = (1, 4);
/// Times that members are split anew, at most.
const SPLITS: usize = 4;
/// What is left of a reading's doubt for each further picture that says the same.
const AGREE: f32 = 0.75;
/// Oddness and share from which on a place is read at other sizes if the readings do not tell what differs.
const UNCLEAR: (f32, f32) = (9.0, 0.22);
/// For noisy pairs: least oddness, and the share and logarithm that are gross whatever the pair.
pub(crate) const LEAST: f32 = 1.1;
const GROSS_IN_ITSELF: (f32, f32) = (0.28, 2.4);

/// Two groups of pictures that say different words at a place.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Verdict {
    /// On the view.
    pub area: Area,
    pub sides: [Side; 2],
    pub odd: f32,
    pub share: f32,
    pub doubt: f32,
}

/// One side of it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Side {
    pub text: String,
    /// The better ones first.
    pub pictures: Vec<usize>,
}

/// Members of a case that is worth reading at other sizes: the pixels split them far beyond doubt, and the readings do not
/// say how. With how far they split.
pub(crate) fn unclear(case: &Case, held: &Held) -> Option<(f32, Vec<usize>)> {
    let top = agree::top(&case.looks, &case.panel, LEAST)?;
    if !held.verdicts.is_empty() || top.odd < UNCLEAR.0 || top.look.share < UNCLEAR.1 {
        return None;
    }
    let said: BTreeMap<usize, Said> = case.said(&case.area).collect();
    let reads = |member: &&usize| said.get(*member).is_some_and(|s| (1..=2).contains(&s.words.len()));
    let some = |group: &[usize]| -> Vec<usize> { group.iter().filter(reads).take(3).copied().collect() };
    let found = agree::sides(&case.looks, &case.panel, &top);
    let (a, b) = (some(&found.a), some(&found.b));
    (!a.is_empty() && !b.is_empty()).then(|| (top.odd * top.look.share, [a, b].concat()))
}

/// What is held of a place.
#[derive(Default)]
pub(crate) struct Held {
    pub verdicts: Vec<Verdict>,
    /// Pictures on which something covers it.
    pub covered: Vec<usize>,
}

/// What comes of looking at a place: what is held of it, or the members that must be read before that can be told.
pub(crate) enum Turn {
    Held(Held),
    Read(Vec<usize>),
}

/// Decides on all members; but a place of which those that stand for all say nothing is not looked at on the others.
pub(crate) fn decide(view: &View, case: &Case) -> Turn {
    if case.panel.len() < case.members.len() {
        match split(view, case, &case.panel) {
            (Turn::Read(unread), _) => return Turn::Read(unread),
            (Turn::Held(mut held), false) if held.verdicts.is_empty() => {
                held.covered.extend(case.also_covered(&held.covered));
                return Turn::Held(held);
            }
            _ => {}
        }
    }
    split(view, case, &case.members).0
}

/// Splits members by what differs most; where a lone picture says nothing readable, it is put aside as covered and the
/// rest are split again. Of each side some pictures are read, and more where they do not say the same. With it, whether two
/// sides were read to say different words, though nothing be said of it.
fn split(view: &View, case: &Case, members: &[usize]) -> (Turn, bool) {
    let mut members = members.to_vec();
    let (mut held, mut contrary) = (Held::default(), false);
    for round in 0..SPLITS {
        let Some(top) = agree::top(&case.looks, &members, LEAST).filter(worth_reading) else { break };
        let found = agree::sides(&case.looks, &members, &top);
        let unread = wanted(view, case, &found);
        if !unread.is_empty() {
            return (Turn::Read(unread), contrary);
        }
        let verdicts = weigh(view, case, &found, round > 0);
        if !verdicts.is_empty() {
            let open = members.iter().filter(|m| !found.a.contains(m) && !found.b.contains(m));
            let unread = case.unread(open.copied());
            if !unread.is_empty() {
                return (Turn::Read(unread), true);
            }
            held.verdicts = verdicts;
            return (Turn::Held(held), true);
        }
        contrary |= contradict(view, case, &found);
        let aside = if found.a.len() <= found.b.len() { &found.a } else { &found.b };
        if found.look.share >= SHARE && found.odd >= ODD {
            held.covered.extend(aside);
        }
        let before = members.len();
        members.retain(|m| !aside.contains(m));
        if members.len() < 2 || members.len() == before {
            break;
        }
    }
    (Turn::Held(held), contrary)
}

/// Whether the readings of two sides alone would be an alteration.
fn contradict(view: &View, case: &Case, found: &Split) -> bool {
    let gross = found.odd >= GROSS.0 && found.look.share >= GROSS.1;
    let most = if gross { DOUBT_IF_GROSS } else { DOUBT };
    let voice = |group: &Vec<usize>| voiced(view, case, &case.area, group);
    match [&found.a, &found.b].map(voice) {
        [Some(a), Some(b)] => {
            let (ta, tb) = (joint(&a.words), joint(&b.words));
            a.doubt.max(b.doubt) <= most && !alike(&ta, &tb) && !one_letter_off(&ta, &tb)
        }
        [Some(one), None] | [None, Some(one)] => one.doubt <= DOUBT && found.look.share >= ONE_SIDED,
        [None, None] => false,
    }
}

/// The better ones of both sides that must be read yet.
fn wanted(view: &View, case: &Case, found: &Split) -> Vec<usize> {
    let some = |count: usize| {
        let best = [&found.a, &found.b].map(|group| best(case, group, count));
        case.unread(best.into_iter().flatten())
    };
    let unread = some(READ.0);
    if !unread.is_empty() {
        return unread;
    }
    let [a, b] =
        [&found.a, &found.b].map(|group| voiced(view, case, &case.area, group).map(|v| joint(&v.words)));
    if a.as_deref().zip(b.as_deref()).is_some_and(|(a, b)| alike(a, b)) || a.is_none() && b.is_none() {
        return Vec::new();
    }
    some(READ.1)
}

/// The better ones of a group.
fn best(case: &Case, group: &[usize], count: usize) -> Vec<usize> {
    case.members.iter().copied().filter(|m| group.contains(m)).take(count).collect()
}

fn joint(words: &[Spoken]) -> String {
    words.iter().map(|w| w.text.as_str()).collect::<Vec<_>>().join(" ")
}

/// Whether a split may be an alteration at all: odd for its pair, or, where a pair is noisy all over (two photographs with
/// their own folds), at least gross in itself.
pub(crate) fn worth_reading(found: &Top) -> bool {
    found.odd >= ODD || found.look.share >= GROSS_IN_ITSELF.0 && found.look.log >= GROSS_IN_ITSELF.1
}

/// The words in which the two groups differ.
fn weigh(view: &View, case: &Case, found: &Split, strict: bool) -> Vec<Verdict> {
    if found.look.share < SHARE_IF_CLEAR {
        return Vec::new();
    }
    let first = [&found.a, &found.b].map(|group| voiced(view, case, &case.area, group));
    // Both sides over the same extent: that of the words of either.
    let areas = first.iter().flatten().flat_map(|v| &v.words).map(|w| w.area);
    let area = areas.reduce(joined).unwrap_or(case.area);
    // Of a word that is cut off by the picture's edge the rest says nothing.
    let whole = |group: &[usize]| group.iter().copied().filter(|p| !cut_off(view, *p, &area)).collect();
    let found = &Split { a: whole(&found.a), b: whole(&found.b), ..found.clone() };
    if found.a.is_empty() || found.b.is_empty() {
        return Vec::new();
    }
    let (a, b) = match (voiced(view, case, &area, &found.a), voiced(view, case, &area, &found.b)) {
        (Some(a), Some(b)) => (a, b),
        (Some(a), None) => return one_sided(view, case, found, &a.words, true),
        (None, Some(b)) => return one_sided(view, case, found, &b.words, false),
        (None, None) => return Vec::new(),
    };
    let (mut wa, mut wb) = (a.words.as_slice(), b.words.as_slice());
    while let (Some(p), Some(q)) = (wa.first(), wb.first())
        && alike(&p.text, &q.text)
        && (wa.len() > 1 || wb.len() > 1)
    {
        (wa, wb) = (&wa[1..], &wb[1..]);
    }
    while let (Some(p), Some(q)) = (wa.last(), wb.last())
        && alike(&p.text, &q.text)
        && (wa.len() > 1 || wb.len() > 1)
    {
        (wa, wb) = (&wa[..wa.len() - 1], &wb[..wb.len() - 1]);
    }
    let couples: Vec<(Vec<Spoken>, Vec<Spoken>)> = if wa.len() == wb.len() {
        wa.iter().zip(wb).map(|(p, q)| (vec![p.clone()], vec![q.clone()])).collect()
    } else {
        vec![(wa.to_vec(), wb.to_vec())]
    };
    let told = |group: &[usize]| group.iter().take(1).all(|p| silence(view, &[], *p, &area).is_none());
    if !told(&found.a) || !told(&found.b) {
        return Vec::new();
    }
    if let (Some(p), Some(q)) = (found.a.first(), found.b.first())
        && (smeared(view, *p, *q, &area) || smeared(view, *q, *p, &area))
    {
        return Vec::new();
    }
    let alone = doubt(&a.words).max(doubt(&b.words));
    let sides = Sides { doubts: (a.doubt, b.doubt), alone, agree: a.agree.min(b.agree), strict };
    couples.into_iter().filter_map(|(p, q)| couple(view, case, found, (&p, &q), &sides)).collect()
}

fn doubt(words: &[Spoken]) -> f32 {
    words.iter().map(|w| w.doubt).fold(0.0, f32::max)
}

/// How well the two sides are read.
struct Sides {
    doubts: (f32, f32),
    /// The larger doubt, that others agree left out.
    alone: f32,
    /// On so many pictures of the side with fewer of them the same is read.
    agree: usize,
    /// Some pictures were put aside before, for a difference that the readings do not tell.
    strict: bool,
}

fn couple(
    view: &View,
    case: &Case,
    found: &Split,
    (a, b): (&[Spoken], &[Spoken]),
    sides: &Sides,
) -> Option<Verdict> {
    let (da, db) = sides.doubts;
    let (mut ta, mut tb) = (joint(a), joint(b));
    same_kind(&mut ta, &mut tb);
    let gross = found.odd >= GROSS.0 && found.look.share >= GROSS.1;
    let enough = found.look.share >= SHARE || sides.alone <= CLEAR + 0.05;
    let bold = found.odd >= BOLD.0 && found.look.share >= BOLD.1 && da.max(db) <= 0.25;
    let odd = found.odd >= ODD || (bold || sides.alone <= CLEAR) && as_long(&ta, &tb);
    let most = if found.odd >= 20.0 && found.look.share >= 0.4 { 0.05 } else { 0.0 };
    let loud = gross && !sides.strict && da.max(db) <= DOUBT_IF_GROSS + most && da + db <= 0.75 + most;
    let sure = odd && enough && da.max(db) <= DOUBT || loud && as_long(&ta, &tb);
    let plain = found.odd >= 15.0 && found.look.share >= 0.3 && da.max(db) <= 0.12;
    let agreed = found.odd >= 8.0 && found.look.share >= 0.2 && da.max(db) <= 0.1 && sides.agree > 1;
    if alike(&ta, &tb)
        || !sure
        || one_letter_off(&ta, &tb) && !plain && !agreed
        || too_short(&ta)
        || too_short(&tb)
    {
        return None;
    }
    same_stop(&mut ta, &mut tb);
    let area = a.iter().chain(b).map(|s| s.area).reduce(joined).unwrap_or(case.area);
    if !meets(&area, &case.area) {
        return None;
    }
    if !altered(view, found, &area, [true; 2]) {
        return None;
    }
    let mut out = verdict(area, found, ta, tb, da.max(db));
    // Members that the pixels left open, by what they read.
    for (member, said) in case.said(&area) {
        let known = found.a.contains(&member) || found.b.contains(&member);
        if known || said.doubt() > DOUBT || cut_off(view, member, &area) {
            continue;
        }
        let text = said.text();
        let fits = [0, 1].map(|side| alike(&out.sides[side].text, &text));
        match fits {
            [true, false] => out.sides[0].pictures.push(member),
            [false, true] => out.sides[1].pictures.push(member),
            _ => {}
        }
    }
    Some(out)
}

/// Whether on some of the better pictures with a print and without it nothing but letters differs.
pub(crate) fn letters_only(view: &View, (speaking, silent): (&[usize], &[usize]), area: &Area) -> bool {
    let couples = speaking.iter().take(2).flat_map(|p| silent.iter().take(2).map(move |q| (*p, *q)));
    couples.into_iter().any(|(p, q)| letters_alone(view, [Some(p), None], (p, q), area))
}

/// Whether on some of the better pictures of the two sides nothing but letters differs. `says`: which sides say something.
fn altered(view: &View, found: &Split, area: &Area, says: [bool; 2]) -> bool {
    let couples = found.a.iter().take(2).flat_map(|p| found.b.iter().take(2).map(move |q| (*p, *q)));
    couples
        .into_iter()
        .any(|(p, q)| letters_alone(view, [says[0].then_some(p), says[1].then_some(q)], (p, q), area))
}

/// The words stand where the pixels differ: not on the next line, nor beside the place.
fn meets(words: &Area, place: &Area) -> bool {
    let height = (words[3] - words[1]).min(place[3] - place[1]);
    let shared = words[3].min(place[3]) - words[1].max(place[1]);
    let beside = words[0].max(place[0]) - words[2].min(place[2]);
    shared > 0.4 * height && beside < 0.0
}

fn verdict(area: Area, found: &Split, a: String, b: String, doubt: f32) -> Verdict {
    let side = |text: String, pictures: &[usize]| Side { text, pictures: pictures.to_vec() };
    Verdict {
        area,
        sides: [side(a, &found.a), side(b, &found.b)],
        odd: found.odd,
        share: found.look.share,
        doubt,
    }
}

/// One group says a clear word and the other shows clean paper: removed or added.
fn one_sided(view: &View, case: &Case, found: &Split, voice: &[Spoken], first: bool) -> Vec<Verdict> {
    let (speaking, silent) = if first { (&found.a, &found.b) } else { (&found.b, &found.a) };
    let text = joint(voice);
    let doubt = doubt(voice);
    let area = voice.iter().map(|w| w.area).reduce(joined).unwrap_or(case.area);
    let edge = 0.033 * view.size.1 as f32;
    // Machines print their own lines at the very top and bottom.
    let own = area[1] < edge || area[3] > view.size.1 as f32 - edge;
    if own
        || found.odd < ODD
        || doubt > DOUBT
        || bare(&text).chars().count() < 2
        || found.look.share < ONE_SIDED
    {
        return Vec::new();
    }
    let inked = speaking.iter().map(|p| density(view, *p, &area).mean).fold(f32::MAX, f32::min);
    let clean = |p: &usize| {
        let found = density(view, *p, &area);
        found.mean < 0.22 * inked && found.mean > -0.3 * inked && found.dark < 0.3
    };
    if !silent.iter().all(clean) || !altered(view, found, &area, [first, !first]) {
        return Vec::new();
    }
    let (a, b) = if first { (text, String::new()) } else { (String::new(), text) };
    vec![verdict(area, found, a, b, doubt)]
}

/// What a group says.
struct Voice {
    words: Vec<Spoken>,
    /// The chance that it is wrong: less where several pictures say the same.
    doubt: f32,
    /// On how many pictures it is read.
    agree: usize,
}

/// The words on which the better members of a group agree, or the surest of one of them; `None` if none of them reads
/// anything.
fn voiced(view: &View, case: &Case, area: &Area, group: &[usize]) -> Option<Voice> {
    let again = case.again.iter().map(|(member, words)| (*member, reread::said(words, area)));
    let said: Vec<(usize, Said, f32)> = case
        .said(area)
        .chain(again)
        .filter(|(member, _)| group.contains(member))
        .filter(|(_, said)| !said.words.is_empty())
        .map(|(member, said)| {
            let weight = (view.scale[member] as f32).min(1.0) * (1.02 - said.doubt());
            (member, said, weight)
        })
        .collect();
    let mut best: Option<(f32, f32, &Said)> = None;
    for (_, one, own) in &said {
        let votes: f32 = said.iter().filter(|(_, o, _)| o.text() == one.text()).map(|(_, _, w)| w).sum();
        if best.is_none_or(|(v, o, _)| votes > v + 1e-6 || (votes - v).abs() <= 1e-6 && *own > o) {
            best = Some((votes, *own, one));
        }
    }
    let (_, _, best) = best?;
    let same = said.iter().filter(|(_, o, _)| o.text() == best.text());
    let mut members: Vec<usize> = same.map(|(member, _, _)| *member).collect();
    members.dedup();
    members.sort_unstable();
    members.dedup();
    let doubt = best.doubt() * AGREE.powi(members.len().min(4) as i32 - 1);
    Some(Voice { words: best.words.clone(), doubt, agree: members.len() })
}

fn joined(a: Area, b: Area) -> Area {
    [a[0].min(b[0]), a[1].min(b[1]), a[2].max(b[2]), a[3].max(b[3])]
}
