//! How far proposals may go: the threshold below which photos may be proposed as trash, so that the
//! keep-loss that a person accepts is held with the confidence that they ask for.
//!
//! Distribution-free: nothing is assumed of the probabilities but that they rank, nothing of the
//! person but that the bursts still undecided are like those decided. Of the probabilities out of fold of the
//! kept photos, the k-th from below is a threshold under which k - 1 of them lie; the bound is what k
//! such a count still supports (learn then test: Angelopoulos et al., 2021; k rises while the test
//! rejects, which is its fixed sequence, so that no correction for many thresholds is due).
//!
//! # What the bound is
//!
//! Of n kept photos decided and m still undecided, k decided ones lie below the threshold; the budget is
//! broken when more than b = floor(budget m) undecided ones do. All being alike, how the k + b + 1 fall
//! to the two parts is hypergeometric, and the probability that so few of them, k, fall to the decided part must be
//! at most 1 - confidence. Taken for it is the smaller of the two binomial tails that are above it (Uhlmann, 1966):
//! over the photos below the threshold, each of which is among the undecided with m / (n + m), and over
//! the decided ones, each of which is below it with (k + b + 1) / (n + m). That bounds the loss of the very photos
//! that are still undecided, not of photos in general: for many it is the plain binomial bound (2 % at 95 % take 149
//! kept photos without one error), for few it is stricter.
//!
//! # What breaks such promises, and what is done about it
//!
//! - **Decisions that the model led to** (the photo that would teach most, an accepted proposal, a
//!   bulk step) are no sample of anything: they train and do not calibrate ([`Case::is_free`]). Nor do those of a
//!   blind audit ([`walk`]), which is a random sample of what the model has chosen.
//! - **Looking again after every key** would find a lucky moment: [`looks`] has the counts of
//!   kept photos at which the guard looks, each with its part of the whole error (alpha spending).
//!   Between two looks the proposals stay (`jobs::learn`), also when the program starts again (`disk::looks`).
//! - **The photos of a burst are no independent witnesses**: all counts are divided by a design effect
//!   (Kish, 1965; exact tails with effective counts: Korn and Graubard, 1998), measured between bursts on the
//!   tail that the threshold lies in. Or bursts are counted instead of photos, each as lost of which one kept photo
//!   is below the threshold: however alike their photos are, a photo is below it no more often than its burst
//!   has one, provided that large bursts are no worse than small ones. The better of the two counts, which
//!   is the one for photos unless those of a burst nearly always fall together.
//!
//! `tests/guard.rs` holds it by simulation, `benches/guard.rs` on a thousand photographers.

pub mod audit;
mod beta;
mod design;
pub mod looks;
pub mod walk;

use std::collections::BTreeSet;

pub use beta::beta_share;
pub use beta::clopper_pearson;

use self::design::design_effect;

/// What a person accepts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Budget {
    /// Kept photos that may be proposed as trash, over all kept ones, 0 to 1.
    pub loss: f64,
    /// How sure that is to be, 0 to 1.
    pub confidence: f64,
}

impl Default for Budget {
    /// Two in a hundred, 19 times of 20.
    fn default() -> Self {
        Self { loss: 0.02, confidence: 0.95 }
    }
}

/// A decided photo, as the guard sees it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Case {
    /// The probability that it is kept, by a model that has not seen its burst.
    pub keep: f32,
    /// Whether it was kept.
    pub is_kept: bool,
    /// Its burst.
    pub burst: u32,
    /// Whether the person came to it and decided without the model's help.
    pub is_free: bool,
}

/// What the guard allows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ruling {
    /// Photos whose probability is below this may be proposed; `None` where nothing may.
    pub below: Option<f32>,
    /// How many kept photos calibrated it.
    pub kept: usize,
    /// How many of them lie below the threshold.
    pub lost: usize,
    /// By how much fewer independent photos there are: 1 where bursts do not matter.
    pub design_effect: f64,
    /// How many more kept photos, without one below any threshold, would support the first one; 0 where
    /// there is one already.
    pub missing: usize,
}

/// Decides the threshold from decided photos; `undecided_kept` is how many of the undecided ones will be
/// kept, by the model's own probabilities.
#[must_use]
pub fn rule(cases: &[Case], undecided_kept: f64, budget: &Budget) -> Ruling {
    let mut kept: Vec<Case> = cases.iter().filter(|c| c.is_kept && c.is_free).copied().collect();
    kept.sort_by(|a, b| a.keep.total_cmp(&b.keep).then(a.burst.cmp(&b.burst)));
    let effect = design_effect(&kept, budget.loss);
    let count = kept.len();
    let bursts = kept.iter().map(|case| case.burst).collect::<BTreeSet<_>>().len();
    let bound = Bound {
        kept: count as f64,
        undecided: undecided_kept.max(1.0),
        effect,
        burst_size: count as f64 / bursts.max(1) as f64,
        budget,
    };
    let mut lost_bursts = BTreeSet::new();
    let holds = |&lost: &usize| {
        let holds = bound.holds(lost, lost_bursts.len());
        lost_bursts.insert(kept[lost].burst);
        holds
    };
    let below = (0..count).take_while(holds).last().map(|lost| kept[lost].keep);
    let missing = if below.is_some() { 0 } else { bound.missing() };
    // Those of the very same probability as the threshold are not below it.
    let lost = below.map_or(0, |below| kept.iter().filter(|case| case.keep < below).count());
    Ruling { below, kept: count, lost, design_effect: effect, missing }
}

/// The test of one threshold.
#[derive(Clone, Copy)]
struct Bound<'a> {
    /// Kept photos decided, and those expected among the undecided.
    kept: f64,
    undecided: f64,
    /// The design effect.
    effect: f64,
    /// Kept photos of a burst, on average.
    burst_size: f64,
    budget: &'a Budget,
}

impl Bound<'_> {
    /// Whether `lost` photos below a threshold, of so many bursts, are few enough.
    fn holds(&self, lost: usize, lost_bursts: usize) -> bool {
        let by_photos = self.chance([self.kept, self.undecided], lost, self.effect);
        let bursts = [self.kept, self.undecided].map(|photos| photos / self.burst_size);
        let by_bursts = self.chance(bursts, lost_bursts, 1.0);
        by_photos.min(by_bursts) <= 1.0 - self.budget.confidence
    }

    /// How probable it is at most, with a broken budget, that so few of the kept are lost: photos, or
    /// bursts, `effect` of which count as one.
    fn chance(&self, [kept, undecided]: [f64; 2], lost: usize, effect: f64) -> f64 {
        let lost = lost as f64;
        let breaking = (self.budget.loss * undecided).floor() + 1.0;
        let share = undecided / (kept + undecided);
        let by_lost = beta_share(share, breaking / effect, lost / effect + 1.0);
        let below = (lost + breaking) / (kept + undecided);
        let [kept, lost] = [kept, lost].map(|count| count / effect);
        let by_kept = beta_share(1.0 - below, (kept - lost).max(1e-9), lost + 1.0);
        by_lost.min(by_kept)
    }

    fn missing(&self) -> usize {
        let with = |more: &usize| Self { kept: self.kept + *more as f64, ..*self }.holds(0, 0);
        // More than ten thousand is no number that helps a person.
        (1..10_000).find(with).unwrap_or(10_000)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `kept` photos in bursts of one, whose probabilities rise from 0 to 1.
    fn cases(kept: usize, lost_at: &[f32]) -> Vec<Case> {
        let case = |(burst, keep): (u32, f32)| Case { keep, is_kept: true, burst, is_free: true };
        let sound = (0..kept).map(|at| 0.5 + 0.5 * at as f32 / kept as f32);
        (0..).zip(lost_at.iter().copied().chain(sound)).map(case).collect()
    }

    const MANY: f64 = 1e7;

    #[test]
    fn two_in_a_hundred_take_149_kept_photos_without_an_error() {
        let budget = Budget::default();
        let ruled = rule(&cases(149, &[]), MANY, &budget);
        assert_eq!((ruled.below, ruled.lost, ruled.missing), (Some(0.5), 0, 0));
        let ruled = rule(&cases(148, &[]), MANY, &budget);
        assert_eq!((ruled.below, ruled.missing), (None, 1));
        assert_eq!(rule(&[], MANY, &budget).missing, 149);
    }

    #[test]
    fn an_error_is_paid_for_with_more_photos() {
        let budget = Budget::default();
        assert_eq!(rule(&cases(200, &[0.1]), MANY, &budget).below, Some(0.1));
        // 236 photos with one error among them support what lies above it.
        assert_eq!(rule(&cases(235, &[0.1]), MANY, &budget).below, Some(0.5));
        assert_eq!(rule(&cases(234, &[0.1]), MANY, &budget).below, Some(0.1));
    }

    #[test]
    fn few_undecided_photos_take_more_proof() {
        let budget = Budget::default();
        assert!(rule(&cases(160, &[]), MANY, &budget).below.is_some());
        // Of ten, not one may be lost.
        assert_eq!(rule(&cases(160, &[]), 10.0, &budget).below, None);
        assert!(rule(&cases(200, &[]), 10.0, &budget).below.is_some());
    }

    #[test]
    fn what_the_model_led_to_does_not_calibrate() {
        let mut led = cases(1000, &[]);
        led.iter_mut().for_each(|case| case.is_free = false);
        let ruled = rule(&led, MANY, &Budget::default());
        assert_eq!((ruled.below, ruled.kept), (None, 0));
    }

    #[test]
    fn bursts_of_equals_are_worth_one_photo_each() {
        let mut alike = cases(600, &[0.1, 0.1, 0.1]);
        for (case, at) in alike.iter_mut().zip(0..) {
            case.burst = at / 3;
            case.keep = if case.burst == 0 { 0.1 } else { 0.5 + (case.burst as f32) * 1e-3 };
        }
        let ruled = rule(&alike, MANY, &Budget::default());
        assert!(ruled.design_effect > 2.5, "{}", ruled.design_effect);
        // 200 bursts of three: as 200 photos with one error, which do not support it.
        assert_eq!(ruled.below, Some(0.1));
        let alone: Vec<_> = alike.iter().zip(0..).map(|(c, burst)| Case { burst, ..*c }).collect();
        assert!(rule(&alone, MANY, &Budget::default()).below > Some(0.1));
    }

    #[test]
    fn bursts_that_fall_together_are_counted_as_bursts_and_not_by_their_size() {
        // 160 bursts, of which the four lowest are as large as bursts come.
        let sizes = (0..160).map(|burst| (burst, if burst < 4 { 9 } else { 1 + burst % 3 }));
        let photos = sizes.flat_map(|(burst, size)| (0..size).map(move |_| burst));
        let alike: Vec<Case> = photos
            .map(|burst| Case {
                keep: 0.1 + burst as f32 * 1e-3,
                is_kept: true,
                burst,
                is_free: true,
            })
            .collect();
        let ruled = rule(&alike, MANY, &Budget::default());
        assert!(ruled.kept as f64 / ruled.design_effect < 149.0, "too few by their size");
        assert_eq!((ruled.below, ruled.missing), (Some(0.1), 0), "160 without one are enough");
        // As many photos in fewer bursts are not.
        let fewer: Vec<Case> = alike.iter().filter(|case| case.burst < 140).copied().collect();
        assert_eq!(rule(&fewer, MANY, &Budget::default()).below, None);
    }
}
