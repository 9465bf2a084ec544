//! The cheapest way to give each of some things a source or none: a branching of least cost.
//!
//! Chu and Liu 1965, "On the shortest arborescence of a directed graph"; Edmonds 1967, "Optimum branchings". Dias, Rocha and
//! Goldenstein 2012, "Image phylogeny by minimal spanning trees", find the descent of pictures this way.

/// A way from one to another, and its cost.
#[derive(Clone, Copy, Debug)]
struct Way {
    from: usize,
    to: usize,
    cost: f32,
    /// Its place among the ways of the level above.
    above: usize,
}

/// For each of `count` things its source, or none, so that no circle arises and the sum of costs is least; to have no source
/// costs `alone`. Each way is `(source, made, cost)`; of equal ones the first counts.
pub(crate) fn branching(count: usize, ways: &[(usize, usize, f32)], alone: f32) -> Vec<Option<usize>> {
    // The root is the thing numbered `count`.
    let own = ways.iter().filter(|w| w.0 < count && w.1 < count && w.0 != w.1 && w.2 < alone);
    let roots = (0..count).map(|k| (count, k, alone));
    let all: Vec<Way> = own
        .copied()
        .chain(roots)
        .enumerate()
        .map(|(above, (from, to, cost))| Way { from, to, cost, above })
        .collect();
    let mut out = vec![None; count];
    for k in solve(count + 1, count, &all) {
        let way = all[k];
        out[way.to] = Some(way.from).filter(|from| *from != count);
    }
    out
}

/// Numbers of the ways that make the cheapest branching from `root` over `count` things.
fn solve(count: usize, root: usize, ways: &[Way]) -> Vec<usize> {
    let mut best: Vec<Option<usize>> = vec![None; count];
    for (k, way) in ways.iter().enumerate().filter(|(_, w)| w.to != root) {
        if best[way.to].is_none_or(|b| way.cost < ways[b].cost) {
            best[way.to] = Some(k);
        }
    }
    let Some(circle) = circle(count, &best, ways) else {
        return best.into_iter().flatten().collect();
    };
    // The circle becomes one thing; what is left is solved, and its way into the circle opens it.
    let mut named = vec![0; count];
    let mut next = 0;
    for (thing, name) in named.iter_mut().enumerate() {
        if !circle[thing] {
            *name = next;
            next += 1;
        }
    }
    named.iter_mut().zip(&circle).filter(|(_, inside)| **inside).for_each(|(name, _)| *name = next);
    let mut inner = Vec::new();
    for (above, way) in ways.iter().enumerate().filter(|(_, w)| !(circle[w.from] && circle[w.to])) {
        let saved = best[way.to].filter(|_| circle[way.to]).map_or(0.0, |b| ways[b].cost);
        inner.push(Way { from: named[way.from], to: named[way.to], cost: way.cost - saved, above });
    }
    let mut out: Vec<usize> =
        solve(next + 1, named[root], &inner).into_iter().map(|k| inner[k].above).collect();
    let entered: Vec<usize> = out.iter().map(|k| ways[*k].to).filter(|to| circle[*to]).collect();
    out.extend((0..count).filter(|k| circle[*k] && !entered.contains(k)).filter_map(|k| best[k]));
    out
}

/// The things of a circle that the best ways make, if there is one.
fn circle(count: usize, best: &[Option<usize>], ways: &[Way]) -> Option<Vec<bool>> {
    let source = |thing: usize| best[thing].map(|k| ways[k].from);
    for start in 0..count {
        let mut at = Some(start);
        for _ in 0..count {
            at = at.and_then(source);
        }
        // After as many steps as there are things, whoever is still on the way is in a circle.
        if let Some(inside) = at {
            let mut out = vec![false; count];
            let mut next = Some(inside);
            while let Some(thing) = next.filter(|t| !out[*t]) {
                out[thing] = true;
                next = source(thing);
            }
            return Some(out);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cheapest_sources_make_no_circle() {
        // 0 and 1 would each like to be made from the other.
        let ways = [(0, 1, 0.1), (1, 0, 0.2), (1, 2, 0.3), (2, 0, 2.0)];
        assert_eq!(branching(3, &ways, 1.0), vec![None, Some(0), Some(1)]);
        assert_eq!(branching(3, &[], 1.0), vec![None; 3]);
        assert_eq!(branching(0, &[], 1.0), Vec::<Option<usize>>::new());
    }

    #[test]
    fn no_branching_is_cheaper() {
        // All branchings of four things, against the one found.
        let ways: Vec<(usize, usize, f32)> = (0..4)
            .flat_map(|a| (0..4).map(move |b| (a, b)))
            .filter(|(a, b)| a != b)
            .map(|(a, b)| (a, b, ((a * 7 + b * 13) % 11) as f32 / 10.0))
            .collect();
        let cost = |made: &[Option<usize>]| -> f32 {
            let of = |(k, p): (usize, &Option<usize>)| {
                p.map_or(0.45, |p| ways.iter().find(|w| (w.0, w.1) == (p, k)).map_or(9.0, |w| w.2))
            };
            made.iter().enumerate().map(of).sum()
        };
        let open = |made: &[Option<usize>]| {
            (0..4).all(|k| {
                let mut at = Some(k);
                (0..5).for_each(|_| at = at.and_then(|a| made[a]));
                at.is_none()
            })
        };
        let mut least = f32::MAX;
        for n in 0..5_usize.pow(4) {
            let made: Vec<Option<usize>> =
                (0..4).map(|k| Some(n / 5_usize.pow(k) % 5).filter(|p| *p < 4)).collect();
            if open(&made) {
                least = least.min(cost(&made));
            }
        }
        let found = branching(4, &ways, 0.45);
        assert!(open(&found) && (cost(&found) - least).abs() < 1e-5, "{found:?} {least}");
    }
}
