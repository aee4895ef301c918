//! By how much fewer independent photos there are than photos, because those of a burst are alike.
//!
//! The design effect of a share (Kish, 1965): the variance of how many kept photos lie below a threshold,
//! measured between bursts, over what it were for independent photos. It is measured for the lowest part of the
//! photos that is as large as the budget, since that is where a threshold would break it; further up,
//! photos of a burst are alike for reasons that are not mistakes.
//!
//! Chosen by simulation: 1,500 draws each, all that is proposed below the lowest kept photo, bursts of one
//! to nine whose kept photos' scores have a correlation within the burst as given.
//!
//! ```text
//!                        share with proposals, and of all with a broken budget, in per cent
//! tail looked at         0.0          0.3          0.6          0.9            correlation
//! none (effect of 1)     100  3.8     100  4.1     100  6.1     100  9.8       some 400 kept photos
//! 2 % (the budget)       100  3.5     100  3.4      92  3.4      57  4.0
//! most of 2, 4, 6 %      100  3.2      99  2.4      79  1.7      23  0.7
//! most of 3 to 25 %      100  2.8      98  1.1      59  0.5       0  0.0
//! ```

use super::Case;

/// Photos of the tail at least: fewer tell nothing of how they lie.
const LEAST: usize = 4;

/// The design effect of kept photos, sorted by probability, in their lowest `share`; at least 1.
pub fn design_effect(kept: &[Case], share: f64) -> f64 {
    let tail = ((share * kept.len() as f64).ceil() as usize).max(LEAST);
    let share = tail as f64 / kept.len() as f64;
    let spread = kept.len() as f64 * share * (1.0 - share);
    if tail >= kept.len() || spread <= 0.0 {
        return 1.0;
    }
    let mut order: Vec<usize> = (0..kept.len()).collect();
    order.sort_by_key(|&at| (kept[at].burst, at));
    let bursts = order.chunk_by(|a, b| kept[*a].burst == kept[*b].burst);
    let squares = bursts.map(|burst| {
        let lost = burst.iter().filter(|at| **at < tail).count() as f64;
        (lost - share * burst.len() as f64).powi(2)
    });
    (squares.sum::<f64>() / spread).max(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cases(bursts: impl Iterator<Item = u32>) -> Vec<Case> {
        bursts.map(|burst| Case { keep: 0.5, is_kept: true, burst, is_free: true }).collect()
    }

    #[test]
    fn photos_alone_count_one_each() {
        let effect = design_effect(&cases(0..1000), 0.02);
        assert!((1.0..1.01).contains(&effect), "{effect}");
    }

    #[test]
    fn bursts_that_fall_together_count_as_one_photo() {
        let effect = design_effect(&cases((0..1000).map(|at| at / 4)), 0.02);
        assert!((3.8..4.1).contains(&effect), "{effect}");
    }

    #[test]
    fn too_few_to_tell_are_taken_as_they_are() {
        assert_eq!(design_effect(&[], 0.02), 1.0);
        assert_eq!(design_effect(&cases(std::iter::repeat_n(1, 4)), 0.02), 1.0);
    }
}
