//! Covering arrays of strength two: few cases in which every two levels of different factors meet.

use std::collections::BTreeSet;

/// Two levels that have to meet: (factor, level), the factor of the first being the lower.
type Pair = ((usize, usize), (usize, usize));

/// Cases, each a level for every factor, in which each pair of levels that can occur together does. `levels` says how many
/// levels each factor has; `allowed` says whether a case may be. The same arguments give the same cases.
///
/// Each case is grown from a pair that no case has yet, factor by factor, by the level that brings most new pairs.
/// Pairs that no allowed case has are left out.
pub(super) fn cover(levels: &[usize], allowed: &dyn Fn(&[usize]) -> bool) -> Vec<Vec<usize>> {
    let mut missing = pairs(levels);
    let mut cases = Vec::new();
    while let Some(&pair) = missing.iter().next() {
        let mut case = vec![None; levels.len()];
        (case[pair.0.0], case[pair.1.0]) = (Some(pair.0.1), Some(pair.1.1));
        match complete(&mut case, levels, &missing, allowed) {
            Some(case) => {
                missing.retain(|pair| !has(&case, pair));
                cases.push(case);
            }
            None => {
                missing.remove(&pair);
            }
        }
    }
    cases
}

/// Every allowed case.
pub(super) fn product(levels: &[usize], allowed: &dyn Fn(&[usize]) -> bool) -> Vec<Vec<usize>> {
    let mut cases = vec![Vec::new()];
    for &count in levels {
        cases =
            cases.into_iter().flat_map(|case| (0..count).map(move |level| [&case[..], &[level]].concat())).collect();
    }
    cases.retain(|case| allowed(case));
    cases
}

fn pairs(levels: &[usize]) -> BTreeSet<Pair> {
    let all = || levels.iter().enumerate().flat_map(|(factor, &count)| (0..count).map(move |level| (factor, level)));
    all().flat_map(|one| all().filter(move |other| one.0 < other.0).map(move |other| (one, other))).collect()
}

fn has(case: &[usize], &((f, a), (g, b)): &Pair) -> bool {
    case[f] == a && case[g] == b
}

/// Fills the open factors, best level first, going back where that leads to no allowed case.
fn complete(
    case: &mut [Option<usize>],
    levels: &[usize],
    missing: &BTreeSet<Pair>,
    allowed: &dyn Fn(&[usize]) -> bool,
) -> Option<Vec<usize>> {
    let Some(factor) = case.iter().position(Option::is_none) else {
        let whole: Vec<usize> = case.iter().flatten().copied().collect();
        return allowed(&whole).then_some(whole);
    };
    let gain = |level: usize| {
        let meets = |pair: &&Pair| {
            let (one, other) = **pair;
            (one == (factor, level) && case[other.0] == Some(other.1))
                || (other == (factor, level) && case[one.0] == Some(one.1))
        };
        missing.iter().filter(meets).count()
    };
    let mut order: Vec<(usize, usize)> = (0..levels[factor]).map(|level| (gain(level), level)).collect();
    order.sort_by_key(|&(gain, level)| (std::cmp::Reverse(gain), level));
    for (_, level) in order {
        case[factor] = Some(level);
        if let Some(whole) = complete(case, levels, missing, allowed) {
            return Some(whole);
        }
    }
    case[factor] = None;
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pair_that_can_occur_does() {
        let levels = [5, 6, 2, 2, 2, 2];
        // The last level of the first factor rules out four others.
        let allowed = |case: &[usize]| case[0] != 4 || case[2..] == [0; 4];
        let cases = cover(&levels, &allowed);
        assert!(cases.iter().all(|case| allowed(case)));
        let possible = product(&levels, &allowed);
        for pair in pairs(&levels) {
            let can = possible.iter().any(|case| has(case, &pair));
            assert_eq!(can, cases.iter().any(|case| has(case, &pair)), "{pair:?}");
        }
        assert!(cases.len() < 50 && cases.len() >= 30, "{} of {}", cases.len(), possible.len());
    }

    #[test]
    fn the_same_arguments_give_the_same_cases() {
        let levels = [3, 3, 2];
        assert_eq!(cover(&levels, &|_| true), cover(&levels, &|_| true));
    }

    #[test]
    fn the_product_is_whole() {
        assert_eq!(product(&[2, 3], &|_| true).len(), 6);
        assert_eq!(product(&[2, 3], &|case| case[0] == 1), [[1, 0], [1, 1], [1, 2]]);
        assert_eq!(product(&[], &|_| true), [Vec::<usize>::new()]);
    }
}
