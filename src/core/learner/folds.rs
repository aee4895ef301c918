//! Folds that never part what is alike: photos of one burst, and near-duplicates, lie in one fold.
//!
//! Groups are dealt out by a hash of their first photo, larger ones first, each to the fold that has
//! fewest photos of its classes: deterministic, and as even as groups allow.

use std::collections::BTreeMap;

use crate::core::guard::audit::mixed;

/// How many folds there are.
pub const FOLDS: usize = 5;

/// The fold of each of the photos whose groups and classes are given.
#[must_use]
pub fn folds(groups: &[u32], is_kept: &[bool]) -> Vec<u8> {
    let mut sizes: BTreeMap<u32, [u32; 2]> = BTreeMap::new();
    for (group, &is_kept) in groups.iter().zip(is_kept) {
        sizes.entry(*group).or_default()[usize::from(is_kept)] += 1;
    }
    let mut order: Vec<(u32, [u32; 2])> = sizes.into_iter().collect();
    order.sort_by_key(|(group, [trash, kept])| {
        (u32::MAX - trash - kept, mixed(0, u64::from(*group)))
    });
    let mut loads = [[0_u32; 2]; FOLDS];
    let mut of_group = BTreeMap::new();
    for (group, size) in order {
        let load_with = |fold: &usize| {
            let [trash, kept] = loads[*fold];
            // The class that the group is of counts most.
            [trash * size[0] + kept * size[1], trash + kept]
        };
        let fold = (0..FOLDS).min_by_key(load_with).unwrap_or(0);
        loads[fold] = [loads[fold][0] + size[0], loads[fold][1] + size[1]];
        of_group.insert(group, fold as u8);
    }
    groups.iter().map(|group| of_group[group]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_lies_in_one_fold_and_folds_are_even() {
        let groups: Vec<u32> = (0..400).map(|at| at / 3 * 7).collect();
        let kept: Vec<bool> = (0..400).map(|at| at % 5 < 2).collect();
        let found = folds(&groups, &kept);
        for pair in groups.iter().zip(&found).collect::<Vec<_>>().windows(2) {
            assert!(pair[0].0 != pair[1].0 || pair[0].1 == pair[1].1);
        }
        for fold in 0..FOLDS as u8 {
            let of = |class| {
                found.iter().zip(&kept).filter(|(f, k)| **f == fold && **k == class).count()
            };
            assert!((26..=38).contains(&of(true)) && (40..=56).contains(&of(false)), "{fold}");
        }
    }
}
