//! A blind audit under way: which photos the person walks through, in which order, and what their decisions say
//! of all that was proposed.
//!
//! ```text
//! proposed as trash --sample, each with the same chance--+
//!                                                        +--> shuffled: the stops, all of them blind
//! other undecided photos --half as many, likewise--------+
//! ```
//!
//! Whoever knows that all photos shown are proposed as trash is not blind, so that others are mixed in:
//! nothing about a stop tells which it is, and only the sampled ones count. What the person decides is their own,
//! trains the model, and **does not calibrate the guard**: the sample is random within what was proposed, which
//! the model has chosen, and the others within what it had not. Its trashed photos would be witnesses of
//! the lowest probabilities only, and would make the bound on proposals to keep too mild; its kept ones would
//! count mistakes twice. What they are good for is the estimate here, which assumes nothing of the model.
//!
//! The estimate is told when every stop is decided and not before: one that can be watched while it grows can be
//! stopped at a lucky moment. It is of the proposals as they were when the sample was drawn, whatever has become
//! of the model since.
//!
//! The keep-loss is that of the guard: over the photos that were undecided then. How many of the others will be kept
//! nobody knows yet; the model's calibrated probabilities stand for that ([`Walk::kept_elsewhere`]).

use super::audit;
use super::audit::Audit;
use super::audit::mixed;
use crate::core::label::Verdict;
use crate::core::photo::PhotoId;

/// Photos looked at, of all that are proposed: what a person looks at in a minute or two. Of a large number,
/// 30 photos all trashed say that at most 12 % of it are kept, with 95 % confidence.
pub const SAMPLE: usize = 30;

/// One photo that is walked through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stop {
    /// The photo.
    pub photo: PhotoId,
    /// Whether it was proposed as trash; else it is there so that nobody knows.
    pub is_sampled: bool,
}

/// A blind audit.
#[derive(Debug, Clone, PartialEq)]
pub struct Walk {
    /// In the order in which they are shown.
    pub stops: Vec<Stop>,
    /// How many photos were proposed as trash when the sample was drawn.
    pub proposed: usize,
    /// How many of the other photos that were undecided then are kept, by their probabilities.
    pub kept_elsewhere: f64,
}

/// How far a walk has come, and what it found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Progress {
    /// Stops that are decided, and all of them.
    pub decided: [usize; 2],
    /// Once every stop is decided: what it found.
    pub found: Option<Found>,
}

/// What a walk found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Found {
    /// Sampled photos, and how many of them were kept.
    pub looked_at: usize,
    /// How many of them were kept.
    pub kept: usize,
    /// How many were proposed.
    pub proposed: usize,
    /// The estimates.
    pub audit: Audit,
    /// The keep-loss that the person accepts, 0 to 1.
    pub accepted: f64,
}

impl Walk {
    /// Draws a sample of `proposed` photos and mixes half as many of `others` in; the same seed gives the
    /// same walk. `None` where nothing is proposed.
    #[must_use]
    pub fn draw(
        proposed: &[PhotoId],
        others: &[PhotoId],
        kept_elsewhere: f64,
        seed: u64,
    ) -> Option<Self> {
        if proposed.is_empty() {
            return None;
        }
        let of = |photos: &[PhotoId], size: usize, draw: u64| -> Vec<PhotoId> {
            let chosen = audit::sample(photos.len(), size, mixed(seed, draw));
            chosen.into_iter().map(|at| photos[at]).collect()
        };
        let sampled = of(proposed, SAMPLE, 0);
        let beside = of(others, sampled.len().div_ceil(2), 1);
        let stop = |is_sampled| move |photo| Stop { photo, is_sampled };
        let mut stops: Vec<Stop> = sampled
            .into_iter()
            .map(stop(true))
            .chain(beside.into_iter().map(stop(false)))
            .collect();
        let shuffle = mixed(seed, 2);
        stops.sort_by_key(|stop| (mixed(shuffle, u64::from(stop.photo.0)), stop.photo));
        Some(Self { stops, proposed: proposed.len(), kept_elsewhere })
    }

    /// The photos, in rising order.
    #[must_use]
    pub fn photos(&self) -> Vec<PhotoId> {
        let mut photos: Vec<PhotoId> = self.stops.iter().map(|stop| stop.photo).collect();
        photos.sort_unstable();
        photos
    }

    /// How far it has come by what is decided about the photos, and what it found at its end, with the
    /// confidence asked for, against a keep-loss that is accepted.
    #[must_use]
    pub fn progress(
        &self,
        verdict: impl Fn(PhotoId) -> Verdict,
        [accepted, confidence]: [f64; 2],
    ) -> Progress {
        let count = |is_meant: &dyn Fn(&Stop) -> bool| {
            self.stops.iter().filter(|stop| is_meant(stop)).count()
        };
        let decided = count(&|stop| verdict(stop.photo) != Verdict::Undecided);
        let looked_at = count(&|stop| stop.is_sampled);
        let kept = count(&|stop| stop.is_sampled && verdict(stop.photo) == Verdict::Keep);
        let (proposed, elsewhere) = (self.proposed, self.kept_elsewhere);
        let found = (decided == self.stops.len())
            .then(|| audit::audit(kept, looked_at, proposed, elsewhere, confidence))
            .flatten()
            .map(|audit| Found { looked_at, kept, proposed, audit, accepted });
        Progress { decided: [decided, self.stops.len()], found }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn photos(range: std::ops::Range<u32>) -> Vec<PhotoId> {
        range.map(PhotoId).collect()
    }

    fn walk(seed: u64) -> Walk {
        Walk::draw(&photos(0..400), &photos(400..1000), 100.0, seed).unwrap()
    }

    #[test]
    fn a_walk_has_a_sample_of_what_is_proposed_and_half_as_many_others() {
        let drawn = walk(7);
        assert_eq!((drawn.stops.len(), drawn.proposed), (45, 400));
        assert!(drawn.stops.iter().all(|stop| stop.is_sampled == (stop.photo.0 < 400)));
        assert_eq!(drawn.stops.iter().filter(|stop| stop.is_sampled).count(), SAMPLE);
        let photos = drawn.photos();
        assert!(photos.windows(2).all(|pair| pair[0] < pair[1]), "each photo once");
        assert_eq!(drawn, walk(7));
        assert_ne!(drawn, walk(8));
    }

    #[test]
    fn of_a_few_all_are_looked_at() {
        let few = Walk::draw(&photos(0..5), &photos(9..10), 1.0, 1).unwrap();
        assert_eq!(few.photos(), [0, 1, 2, 3, 4, 9].map(PhotoId));
        assert_eq!(Walk::draw(&[], &photos(0..9), 1.0, 1), None);
    }

    #[test]
    fn the_place_of_a_stop_does_not_tell_whether_it_was_proposed() {
        let mut sampled = [0_u32; 45];
        for seed in 0..900 {
            for (at, stop) in walk(seed).stops.iter().enumerate() {
                sampled[at] += u32::from(stop.is_sampled);
            }
        }
        // Two thirds of 900, with a standard deviation of 14.
        assert!(sampled.iter().all(|count| (535..665).contains(count)), "{sampled:?}");
    }

    #[test]
    fn what_was_found_is_told_at_the_end_and_is_of_the_sample_alone() {
        let drawn = walk(3);
        let kept: Vec<PhotoId> =
            drawn.stops.iter().filter(|s| s.is_sampled).map(|s| s.photo).take(3).collect();
        // All others are kept: that is no mistake of what was proposed.
        let verdict = |photo: PhotoId| match kept.contains(&photo) || photo.0 >= 400 {
            true => Verdict::Keep,
            false => Verdict::Trash,
        };
        let progress = drawn.progress(verdict, [0.02, 0.95]);
        let found = progress.found.unwrap();
        assert_eq!((progress.decided, found.looked_at, found.kept), ([45, 45], 30, 3));
        assert_eq!(found.audit, audit::audit(3, 30, 400, 100.0, 0.95).unwrap());
        assert_eq!(found.audit.kept.value, 40.0);
        let last = drawn.stops[44].photo;
        let all_but_one = |photo| if photo == last { Verdict::Undecided } else { verdict(photo) };
        let progress = drawn.progress(all_but_one, [0.02, 0.95]);
        assert_eq!(progress, Progress { decided: [44, 45], found: None });
    }
}
