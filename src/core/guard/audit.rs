//! The blind audit: before proposed trash is acted on, the person looks at some of it without being told
//! that it was proposed.
//!
//! What they keep tells how much of the proposed trash they would have kept, with the interval of Clopper
//! and Pearson, which is on the safe side for a sample without repetition; with the number of kept photos
//! elsewhere that is the real keep-loss.

use super::clopper_pearson;

/// Which of `count` proposed photos are looked at: `size` of them, in rising order, each with the
/// same chance; all, where there are no more. The same seed gives the same sample.
#[must_use]
pub fn sample(count: usize, size: usize, seed: u64) -> Vec<usize> {
    let mut keyed: Vec<(u64, usize)> = (0..count).map(|at| (mixed(seed, at as u64), at)).collect();
    keyed.sort_unstable();
    let mut chosen: Vec<usize> = keyed.into_iter().take(size).map(|(_, at)| at).collect();
    chosen.sort_unstable();
    chosen
}

/// SplitMix64 (Steele, Lea and Flood, 2014): numbers that look random, the same on every machine.
#[must_use]
pub fn mixed(seed: u64, at: u64) -> u64 {
    let golden = 0x9E37_79B9_7F4A_7C15_u64;
    let mut z = seed.wrapping_add(at.wrapping_add(1).wrapping_mul(golden));
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

/// An estimate and where the true value lies with the confidence asked for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Estimate {
    /// The best guess.
    pub value: f64,
    /// Lower and upper end.
    pub interval: [f64; 2],
}

/// What an audit found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Audit {
    /// How many of the proposed photos would be kept.
    pub kept: Estimate,
    /// Those over all kept photos, 0 to 1.
    pub keep_loss: Estimate,
}

/// Judges a sample of which `kept` were kept, of `looked_at`, out of `proposed` photos, beside
/// which `kept_elsewhere` photos are kept. `None` where nothing was looked at.
#[must_use]
pub fn audit(
    kept: usize,
    looked_at: usize,
    proposed: usize,
    kept_elsewhere: f64,
    confidence: f64,
) -> Option<Audit> {
    if looked_at == 0 || kept > looked_at || looked_at > proposed {
        return None;
    }
    let [kept, looked_at, proposed] = [kept, looked_at, proposed].map(|count| count as f64);
    // What was looked at is known; the rest is estimated.
    let rest = proposed - looked_at;
    let among = |share: f64| kept + share * rest;
    let [low, high] = clopper_pearson(kept, looked_at, confidence);
    let lost = Estimate { value: among(kept / looked_at), interval: [among(low), among(high)] };
    let over_all = |lost: f64| if lost > 0.0 { lost / (lost + kept_elsewhere) } else { 0.0 };
    let keep_loss = Estimate { value: over_all(lost.value), interval: lost.interval.map(over_all) };
    Some(Audit { kept: lost, keep_loss })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sample_is_without_repetition_and_the_same_for_a_seed() {
        let chosen = sample(100, 10, 7);
        assert_eq!(chosen.len(), 10);
        assert!(chosen.windows(2).all(|pair| pair[0] < pair[1]) && chosen[9] < 100);
        assert_eq!(chosen, sample(100, 10, 7));
        assert_ne!(chosen, sample(100, 10, 8));
        assert_eq!(sample(3, 10, 1), [0, 1, 2]);
    }

    #[test]
    fn every_photo_has_the_same_chance() {
        let mut counts = [0_u32; 20];
        for seed in 0..4000 {
            sample(20, 5, seed).into_iter().for_each(|at| counts[at] += 1);
        }
        // A thousand each, with a standard deviation of 27.
        assert!(counts.iter().all(|count| (880..1120).contains(count)), "{counts:?}");
    }

    #[test]
    fn an_audit_of_all_knows_all() {
        let found = audit(3, 50, 50, 147.0, 0.95).unwrap();
        assert_eq!(found.kept, Estimate { value: 3.0, interval: [3.0, 3.0] });
        assert_eq!(found.keep_loss.value, 0.02);
        assert_eq!(audit(0, 0, 50, 1.0, 0.95), None);
    }

    /// How often the interval has the truth in it.
    #[test]
    fn the_interval_holds_the_truth() {
        let (proposed, truly_kept, elsewhere) = (400, 20, 500.0);
        let truth = 20.0 / 520.0;
        let holds = |seed: &u64| {
            let looked = sample(proposed, 60, *seed);
            // Kept photos lie anywhere: the sample does not know where.
            let kept = looked.iter().filter(|at| (*at * 7) % proposed < truly_kept).count();
            let found = audit(kept, 60, proposed, elsewhere, 0.95).unwrap();
            let [low, high] = found.keep_loss.interval;
            (low..=high).contains(&truth)
        };
        let held = (0..1000_u64).filter(holds).count();
        assert!(held >= 940, "{held} of 1000");
    }
}
