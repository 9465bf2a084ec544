//! Versions: pictures that say the same at every place at which the family differs.

use std::collections::BTreeMap;

use crate::decide::Verdict;

/// What each picture says at each verdict: 0 or 1, or nothing.
pub(crate) fn says(verdicts: &[Verdict], pictures: usize) -> Vec<Vec<Option<u8>>> {
    let mut out = vec![vec![None; verdicts.len()]; pictures];
    for (n, verdict) in verdicts.iter().enumerate() {
        for (side, pictures) in verdict.sides.iter().enumerate() {
            for picture in &pictures.pictures {
                out[*picture][n] = Some(side as u8);
            }
        }
    }
    out
}

/// Groups by what is said; the fullest first. A picture that shows none of the places stays out (`None`), unless all the
/// family says the same.
pub(crate) fn groups(says: &[Vec<Option<u8>>]) -> Vec<Option<usize>> {
    if says.first().is_none_or(Vec::is_empty) {
        return vec![Some(0); says.len()];
    }
    let known = |k: usize| says[k].iter().flatten().count();
    let mut order: Vec<usize> = (0..says.len()).collect();
    order.sort_by(|a, b| known(*b).cmp(&known(*a)).then(a.cmp(b)));
    let mut groups: Vec<Vec<Option<u8>>> = Vec::new();
    let mut out = vec![None; says.len()];
    for k in order.into_iter().filter(|k| known(*k) > 0) {
        let agreement = |group: &[Option<u8>]| {
            let both = group.iter().zip(&says[k]).filter_map(|(g, s)| Some((*g)? == (*s)?));
            let (mut yes, mut no) = (0_usize, 0_usize);
            both.for_each(|same| if same { yes += 1 } else { no += 1 });
            (yes, no)
        };
        let fits = (0..groups.len())
            .map(|g| (agreement(&groups[g]), g))
            .filter(|((yes, no), _)| *yes > 0 && *yes > 3 * *no)
            .max_by_key(|((yes, no), g)| (yes - no, usize::MAX - g));
        let group = fits.map(|(_, g)| g).unwrap_or_else(|| {
            groups.push(vec![None; says[k].len()]);
            groups.len() - 1
        });
        for (g, s) in groups[group].iter_mut().zip(&says[k]) {
            *g = g.or(*s);
        }
        out[k] = Some(group);
    }
    out
}

/// Puts pictures that say nothing with the relatives they were made from, or that were made from them.
pub(crate) fn adopt(groups: &mut [Option<usize>], parents: &[Option<usize>]) {
    for _ in 0..groups.len() {
        let before = groups.to_vec();
        for k in 0..groups.len() {
            if groups[k].is_some() {
                continue;
            }
            let mut near: BTreeMap<usize, usize> = BTreeMap::new();
            let relatives = (0..groups.len()).filter(|o| parents[k] == Some(*o) || parents[*o] == Some(k));
            for group in relatives.filter_map(|o| before[o]) {
                *near.entry(group).or_default() += 1;
            }
            groups[k] = near.into_iter().max_by_key(|(g, n)| (*n, usize::MAX - g)).map(|(g, _)| g);
        }
        if groups == before.as_slice() {
            break;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_that_say_the_same_are_one_version() {
        let says = vec![
            vec![Some(0), Some(0)],
            vec![Some(1), Some(1)],
            vec![None, Some(1)],
            vec![Some(0), None],
            vec![None, None],
        ];
        let mut found = groups(&says);
        assert_eq!(found[0], found[3]);
        assert_eq!(found[1], found[2]);
        assert_ne!(found[0], found[1]);
        assert_eq!(found[4], None);
        adopt(&mut found, &[None, Some(0), None, None, Some(1)]);
        assert_eq!(found[4], found[1]);
    }

    #[test]
    fn without_alterations_there_is_one_version() {
        assert_eq!(groups(&vec![Vec::new(); 3]), vec![Some(0); 3]);
    }
}
