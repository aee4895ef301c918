//! What a set of probabilities is worth, against what the person decided.
//!
//! Keep is the positive class in every figure. PR-AUC is average precision (the sum over recall's
//! steps, without interpolation), ROC-AUC the share of pairs in the right order, ties by half; the Brier
//! score is the mean squared error; ECE the mean distance between probability and share kept over
//! ten bins of equal width, by their photos. What nothing can be said of (no photo of a class) is NaN.

/// A photo: its probability of being kept, and whether it was.
pub type Judged = (f32, bool);

/// The figures.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Figures {
    /// Photos on the right side of one half.
    pub accuracy: f64,
    /// Kept photos under one half, over all kept.
    pub keep_loss: f64,
    /// Trashed photos over one half, over all trashed.
    pub junk_leak: f64,
    /// Kept ones among the photos over one half.
    pub precision: f64,
    /// Photos over one half among the kept ones.
    pub recall: f64,
    /// Average precision.
    pub pr_auc: f64,
    /// Pairs in the right order.
    pub roc_auc: f64,
    /// Mean squared error.
    pub brier: f64,
    /// Expected calibration error.
    pub ece: f64,
}

/// One bin of the reliability curve.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Bin {
    /// Photos in it.
    pub count: u32,
    /// Their mean probability.
    pub probability: f64,
    /// The share of them that was kept.
    pub kept: f64,
}

/// How many bins the reliability curve has.
pub const BINS: usize = 10;

impl Figures {
    /// Judges probabilities.
    #[must_use]
    pub fn of(judged: &[Judged]) -> Self {
        let count = |is_meant: fn(&Judged) -> bool| {
            judged.iter().filter(|judged| is_meant(judged)).count() as f64
        };
        let all = judged.len() as f64;
        let (kept, trashed) = (count(|j| j.1), count(|j| !j.1));
        let [true_keep, false_keep] = [count(|j| j.1 && j.0 >= 0.5), count(|j| !j.1 && j.0 >= 0.5)];
        let square =
            |(p, is_kept): &Judged| (f64::from(*p) - f64::from(u8::from(*is_kept))).powi(2);
        let (pr_auc, roc_auc) = areas(judged, kept, trashed);
        Self {
            accuracy: (true_keep + trashed - false_keep) / all,
            keep_loss: (kept - true_keep) / kept,
            junk_leak: false_keep / trashed,
            precision: true_keep / (true_keep + false_keep),
            recall: true_keep / kept,
            pr_auc,
            roc_auc,
            brier: judged.iter().map(square).sum::<f64>() / all,
            ece: ece(&reliability(judged)),
        }
    }
}

/// The reliability curve: ten bins of equal width.
#[must_use]
pub fn reliability(judged: &[Judged]) -> [Bin; BINS] {
    let mut bins = [Bin::default(); BINS];
    for (probability, is_kept) in judged {
        let bin = &mut bins[((probability * BINS as f32) as usize).min(BINS - 1)];
        bin.count += 1;
        bin.probability += f64::from(*probability);
        bin.kept += f64::from(u8::from(*is_kept));
    }
    for bin in bins.iter_mut().filter(|bin| bin.count > 0) {
        bin.probability /= f64::from(bin.count);
        bin.kept /= f64::from(bin.count);
    }
    bins
}

fn ece(bins: &[Bin]) -> f64 {
    let all: f64 = bins.iter().map(|bin| f64::from(bin.count)).sum();
    let off = |bin: &Bin| f64::from(bin.count) * (bin.probability - bin.kept).abs();
    bins.iter().map(off).sum::<f64>() / all
}

/// Average precision and the area under the ROC curve; equal probabilities are one step.
fn areas(judged: &[Judged], kept: f64, trashed: f64) -> (f64, f64) {
    let mut sorted = judged.to_vec();
    sorted.sort_unstable_by(|a, b| b.0.total_cmp(&a.0));
    let (mut precision_sum, mut order_sum) = (0.0, 0.0);
    let (mut true_keep, mut false_keep) = (0.0, 0.0);
    for step in sorted.chunk_by(|a, b| a.0 == b.0) {
        let kept_here = step.iter().filter(|judged| judged.1).count() as f64;
        let trashed_here = step.len() as f64 - kept_here;
        order_sum += kept_here * (trashed - false_keep - trashed_here / 2.0);
        true_keep += kept_here;
        false_keep += trashed_here;
        precision_sum += kept_here * true_keep / (true_keep + false_keep);
    }
    (precision_sum / kept, order_sum / (kept * trashed))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn near(found: f64, expect: f64) {
        assert!((found - expect).abs() < 1e-6, "{found}, not {expect}");
    }

    #[test]
    fn figures_are_those_worked_out_by_hand() {
        let judged = [(0.9, true), (0.8, false), (0.7, true), (0.3, true), (0.2, false)];
        let found = Figures::of(&judged);
        near(found.accuracy, 0.6);
        near(found.keep_loss, 1.0 / 3.0);
        near(found.junk_leak, 0.5);
        near(found.precision, 2.0 / 3.0);
        near(found.pr_auc, (1.0 + 2.0 / 3.0 + 0.75) / 3.0);
        near(found.roc_auc, 4.0 / 6.0);
        near(found.brier, (0.01 + 0.64 + 0.09 + 0.49 + 0.04) / 5.0);
        near(found.ece, (0.1 + 0.8 + 0.3 + 0.7 + 0.2) / 5.0);
    }

    #[test]
    fn probabilities_that_are_all_the_same_order_nothing() {
        let judged = [(0.5, true), (0.5, false), (0.5, false), (0.5, true)];
        let found = Figures::of(&judged);
        near(found.roc_auc, 0.5);
        near(found.pr_auc, 0.5);
        near(found.ece, 0.0);
    }

    #[test]
    fn of_one_class_nothing_is_said() {
        let found = Figures::of(&[(0.9, true)]);
        assert!(found.roc_auc.is_nan() && found.junk_leak.is_nan());
        near(found.recall, 1.0);
    }
}
