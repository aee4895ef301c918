//! When the guard looks at the decisions, and with which part of the error.
//!
//! At fixed counts of kept photos, so that nobody can look until there is a lucky moment; each look has half of
//! the error that is left (alpha spending: Lan and DeMets, 1983), so that all of them together have no more
//! than what was asked for, however many there will be. No part is spent twice, in however many runs of
//! the program.

/// The first count: 2 % take 149 kept photos at the whole error, 183 at the half of it that the first
/// look has.
const FIRST: usize = 183;

/// Looks that there are at most: the last one is at two million kept photos.
const MOST: usize = 24;

/// The looks that a shoot has had.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Looks {
    /// How many of the counts had been reached with the last look.
    pub reached: usize,
    /// How many parts of the error have been spent.
    pub spent: usize,
}

impl Looks {
    /// Those of a shoot with `kept` photos, of whose looks nothing is known: any count that they have reached
    /// may have been looked at.
    #[must_use]
    pub fn unknown(kept: usize) -> Self {
        Self { reached: 0, spent: reached(kept) }
    }

    /// The same parts spent, and a look due at once: for another promise.
    #[must_use]
    pub fn anew(self) -> Self {
        Self { reached: 0, ..self }
    }

    /// Whether it is time with so many kept photos.
    #[must_use]
    pub fn is_due(self, kept: usize) -> bool {
        reached(kept) > self.reached
    }

    /// The confidence of the look that is due with so many kept photos, or else of the last one; of the first
    /// one before any. `confidence` is what is asked for of all together.
    #[must_use]
    pub fn confidence(self, kept: usize, confidence: f64) -> f64 {
        let part = if self.is_due(kept) { self.next(kept) } else { self.spent.saturating_sub(1) };
        1.0 - (1.0 - confidence) * 0.5_f64.powi(1 + i32::try_from(part).unwrap_or(i32::MAX - 1))
    }

    /// How many photos more have to be kept until there is a look; 0 where one is due, or none will be.
    #[must_use]
    pub fn until(self, kept: usize) -> usize {
        counts().nth(self.reached).map_or(0, |count| count.saturating_sub(kept))
    }

    /// The looks after the one that is due.
    #[must_use]
    pub fn after(self, kept: usize) -> Self {
        Self { reached: reached(kept), spent: self.next(kept) + 1 }
    }

    /// The part of a look: that of its count, which no luck has a say in, if it is not spent.
    fn next(self, kept: usize) -> usize {
        self.spent.max(reached(kept).saturating_sub(1))
    }
}

/// How many of the counts so many kept photos have reached.
fn reached(kept: usize) -> usize {
    counts().take_while(|count| *count <= kept).count()
}

/// The counts of kept photos at which the guard looks.
pub fn counts() -> impl Iterator<Item = usize> {
    (0..MOST).map(|look| (FIRST as f64 * 1.5_f64.powi(look as i32)).round() as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Looks whenever it is time while photos are kept one by one; gives the parts of the error, and the looks.
    fn kept_one_by_one(mut looks: Looks, kept: std::ops::Range<usize>) -> (Vec<f64>, Looks) {
        let mut parts = Vec::new();
        for kept in kept {
            if looks.is_due(kept) {
                parts.push(1.0 - looks.confidence(kept, 0.95));
                looks = looks.after(kept);
            }
        }
        (parts, looks)
    }

    fn near(found: &[f64], expected: &[f64]) -> bool {
        found.len() == expected.len()
            && found.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-9)
    }

    #[test]
    fn all_looks_together_have_the_error_that_was_asked_for() {
        assert_eq!(counts().take(3).collect::<Vec<_>>(), [183, 275, 412]);
        let (parts, _) = kept_one_by_one(Looks::default(), 0..100_000);
        assert!(near(&parts[..3], &[0.025, 0.0125, 0.006_25]), "{parts:?}");
        assert!(parts.iter().sum::<f64>() <= 0.05);
    }

    #[test]
    fn a_program_that_starts_again_does_not_look_again() {
        let (_, looks) = kept_one_by_one(Looks::default(), 0..300);
        assert_eq!(looks, Looks { reached: 2, spent: 2 });
        assert!(!looks.is_due(300) && !looks.is_due(411) && looks.is_due(412));
        assert_eq!([300, 411, 412, 500].map(|kept| looks.until(kept)), [112, 1, 0, 0]);
        assert!(near(&[1.0 - looks.confidence(300, 0.95)], &[0.0125]), "that of the last one");
        // Nor when some decisions were taken back meanwhile.
        assert!(!looks.is_due(0));
    }

    #[test]
    fn what_is_not_known_to_be_unspent_is_not_spent() {
        assert_eq!(Looks::unknown(182), Looks::default());
        let (parts, looks) = kept_one_by_one(Looks::unknown(300), 300..500);
        assert!(
            near(&parts, &[0.006_25, 0.003_125]),
            "those of the two counts are gone: {parts:?}"
        );
        assert_eq!(looks, Looks { reached: 3, spent: 4 });
        // Another promise is another look.
        let (parts, looks) = kept_one_by_one(looks.anew(), 500..501);
        assert!(near(&parts, &[0.001_562_5]), "{parts:?}");
        assert_eq!(looks, Looks { reached: 3, spent: 5 });
        assert!(looks.confidence(500, 0.95) < 1.0 && looks.after(3_000_000).spent == MOST);
    }
}
