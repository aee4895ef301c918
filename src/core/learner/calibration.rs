//! From votes to probabilities: Platt's scaling (1999), with his targets off 0 and 1, by Newton's method
//! (Lin, Lin and Weng, 2007).
//!
//! Two numbers, not a curve: with some tens of decisions isotonic regression follows every accident. What it
//! is fitted to are votes out of fold, never those of a forest that has seen the photo. Votes are
//! log-odds; all of them keep their order.

/// A logistic curve over votes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scaling {
    slope: f64,
    shift: f64,
}

impl Default for Scaling {
    /// The vote is the log-odds of the probability.
    fn default() -> Self {
        Self { slope: 1.0, shift: 0.0 }
    }
}

impl Scaling {
    /// Fits the curve to votes out of fold.
    #[must_use]
    pub fn fit(votes: &[(f32, bool)]) -> Self {
        let kept = votes.iter().filter(|(_, is_kept)| *is_kept).count() as f64;
        let trashed = votes.len() as f64 - kept;
        let targets = [1.0 / (trashed + 2.0), (kept + 1.0) / (kept + 2.0)];
        let points: Vec<[f64; 2]> = votes
            .iter()
            .map(|(v, is_kept)| [f64::from(*v), targets[usize::from(*is_kept)]])
            .collect();
        let mut at = Self { slope: 1.0, shift: 0.0 };
        for _ in 0..50 {
            let Some(next) = at.step(&points) else { break };
            let moved = (next.slope - at.slope).abs() + (next.shift - at.shift).abs();
            at = next;
            if moved < 1e-9 {
                break;
            }
        }
        // Where the votes say nothing, or the contrary, their order is still all there is.
        Self { slope: at.slope.clamp(0.05, 20.0), shift: at.shift.clamp(-20.0, 20.0) }
    }

    /// One step of Newton's, halved until it lowers the cost.
    fn step(self, points: &[[f64; 2]]) -> Option<Self> {
        // A little weight on a slope of one keeps separable votes from running away.
        let pull = 1e-3;
        let mut gradient = [pull * (self.slope - 1.0), pull * self.shift];
        let mut curvature = [pull, 0.0, pull];
        for [x, target] in points {
            let p = self.at(*x);
            let (off, weight) = (p - target, p * (1.0 - p));
            gradient = [gradient[0] + off * x, gradient[1] + off];
            curvature[0] += weight * x * x;
            curvature[1] += weight * x;
            curvature[2] += weight;
        }
        let determinant = curvature[0] * curvature[2] - curvature[1] * curvature[1];
        let slope = (curvature[2] * gradient[0] - curvature[1] * gradient[1]) / determinant;
        let shift = (curvature[0] * gradient[1] - curvature[1] * gradient[0]) / determinant;
        let cost = self.cost(points, pull);
        (0..20).map(|halving| 0.5_f64.powi(halving)).find_map(|part| {
            let next = Self { slope: self.slope - part * slope, shift: self.shift - part * shift };
            (next.cost(points, pull) <= cost).then_some(next)
        })
    }

    fn cost(self, points: &[[f64; 2]], pull: f64) -> f64 {
        let each = points.iter().map(|[x, target]| {
            let z = self.slope * x + self.shift;
            (-z.abs()).exp().ln_1p() + z.max(0.0) - target * z
        });
        each.sum::<f64>() + 0.5 * pull * ((self.slope - 1.0).powi(2) + self.shift.powi(2))
    }

    fn at(self, x: f64) -> f64 {
        1.0 / (1.0 + (-(self.slope * x + self.shift)).exp())
    }

    /// The probability that a vote stands for.
    #[must_use]
    pub fn probability(self, vote: f32) -> f32 {
        self.at(f64::from(vote)) as f32
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::guard::audit::mixed;

    /// Votes, in log-odds of a share, of which a share that follows `truth` is kept.
    fn votes(count: u64, truth: impl Fn(f64) -> f64) -> Vec<(f32, bool)> {
        let unit = |at: u64| (mixed(3, at) >> 11) as f64 / (1_u64 << 53) as f64;
        let each = |at| {
            let share = unit(2 * at);
            (log_odds(share as f32), unit(2 * at + 1) < truth(share))
        };
        (0..count).map(each).collect()
    }

    fn log_odds(share: f32) -> f32 {
        let share = share.clamp(0.01, 0.99);
        (share / (1.0 - share)).ln()
    }

    #[test]
    fn votes_that_say_too_much_are_taken_back() {
        let votes = votes(4000, |share| 0.35 + 0.3 * share);
        let scaling = Scaling::fit(&votes);
        for share in [0.1_f32, 0.5, 0.9] {
            let (found, truth) = (scaling.probability(log_odds(share)), 0.35 + 0.3 * share);
            assert!((found - truth).abs() < 0.05, "{found} for {truth}");
        }
    }

    #[test]
    fn votes_that_part_the_classes_stay_finite_and_in_order() {
        let votes: Vec<_> =
            (0..20_u8).map(|at| (log_odds(f32::from(at) / 20.0), at >= 10)).collect();
        let scaling = Scaling::fit(&votes);
        let found: Vec<_> = votes.iter().map(|(vote, _)| scaling.probability(*vote)).collect();
        assert!(found.windows(2).all(|pair| pair[0] < pair[1]));
        assert!(
            found[0] > 0.0 && found[0] < 0.1 && found[19] > 0.9 && found[19] < 1.0,
            "{found:?}"
        );
    }

    #[test]
    fn votes_that_say_nothing_give_the_share() {
        let votes: Vec<_> = (0..100_u8).map(|at| (0.0, at < 30)).collect();
        assert!((Scaling::fit(&votes).probability(0.0) - 0.3).abs() < 0.02);
    }
}
