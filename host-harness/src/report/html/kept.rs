//! Which events of a long run the page keeps.

use std::ops::Range;

/// Events kept on each side of one that proves a violation, at most.
const AROUND: usize = 1000;
/// Events of a run's end that are kept, at most.
const END: usize = 1000;

/// The parts of `count` events that are kept, in order and apart from each other: all of them if they are at most `cap`, else the unbroken beginning, what is
/// around each of `proofs` (places of events), and the end; together at most `cap`.
pub(super) fn parts(count: usize, cap: usize, proofs: &[usize]) -> Vec<Range<usize>> {
    if count <= cap {
        return std::iter::once(0..count).collect();
    }
    // Half for the beginning at least, so that what is in the rings is known for as long as possible.
    let rest = cap / 2;
    let mut windows = Vec::new();
    let mut used = 0;
    let mut want = |around: Range<usize>| {
        if used + around.len() <= rest {
            used += around.len();
            windows.push(around);
        }
    };
    want(count - END.min(rest / 4)..count);
    let around = AROUND.min(rest / 8).max(1);
    for proof in proofs.iter().filter(|p| **p < count) {
        want(proof.saturating_sub(around)..(proof + around).min(count));
    }
    windows.push(0..cap - used);
    windows.sort_by_key(|w| w.start);
    let mut parts: Vec<Range<usize>> = Vec::new();
    for window in windows {
        match parts.last_mut() {
            Some(last) if window.start <= last.end => last.end = last.end.max(window.end),
            _ => parts.push(window),
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_fits_is_kept_whole() {
        assert_eq!(parts(10, 10, &[3]), std::slice::from_ref(&(0..10)));
        assert_eq!(parts(0, 10, &[]), std::slice::from_ref(&(0..0)));
    }

    #[test]
    fn of_what_does_not_fit_the_beginning_the_proofs_and_the_end_are_kept() {
        let cap = 20_000;
        let kept = parts(1_000_000, cap, &[500_000, 500_100, 3]);
        assert_eq!(kept.first().unwrap().start, 0);
        assert_eq!(kept.last().unwrap().end, 1_000_000);
        assert!(kept.iter().any(|part| part.contains(&500_000) && part.contains(&500_100)));
        assert!(kept.iter().map(ExactSizeIterator::len).sum::<usize>() <= cap);
        assert!(kept.windows(2).all(|two| two[0].end < two[1].start));
    }

    #[test]
    fn many_proofs_do_not_take_all_the_room() {
        let proofs: Vec<usize> = (0..1000).map(|i| i * 900).collect();
        let kept = parts(900_000, 50_000, &proofs);
        assert!(kept.iter().map(ExactSizeIterator::len).sum::<usize>() <= 50_000);
        assert!(kept[0].len() >= 25_000);
    }
}
