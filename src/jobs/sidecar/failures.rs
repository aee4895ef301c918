//! Photos that could not be settled, and when they are tried again.
//!
//! Each waits by itself, twice as long each time. Asking who is next and how many there are costs
//! nothing: a folder that may not be written has a failure for each of its photos.

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::time::Duration;
use std::time::Instant;

use crate::core::photo::PhotoId;

/// The first and the longest wait before another attempt.
const RETRY: [Duration; 2] = [Duration::from_millis(200), Duration::from_secs(30)];

/// A photo that could not be settled.
#[derive(Debug)]
pub(super) struct Failure {
    due: Instant,
    wait: Duration,
    reason: String,
    /// Whether a decision waits for it.
    is_decided: bool,
}

/// All of them.
#[derive(Debug, Default)]
pub(super) struct Failures {
    all: BTreeMap<PhotoId, Failure>,
    due: BTreeSet<(Instant, PhotoId)>,
    decided_count: usize,
}

impl Failures {
    /// Adds a failure; `before` is the one of the attempt before it.
    pub(super) fn add(
        &mut self,
        photo: PhotoId,
        before: Option<Failure>,
        reason: String,
        is_decided: bool,
    ) {
        self.remove(photo);
        let wait = before.map_or(RETRY[0], |failure| (failure.wait * 2).min(RETRY[1]));
        let due = Instant::now() + wait;
        self.due.insert((due, photo));
        self.decided_count += usize::from(is_decided);
        self.all.insert(photo, Failure { due, wait, reason, is_decided });
    }

    pub(super) fn remove(&mut self, photo: PhotoId) -> Option<Failure> {
        let failure = self.all.remove(&photo)?;
        self.due.remove(&(failure.due, photo));
        self.decided_count -= usize::from(failure.is_decided);
        Some(failure)
    }

    /// A photo whose time has come.
    pub(super) fn due(&self, now: Instant) -> Option<PhotoId> {
        self.due.first().filter(|(due, _)| *due <= now).map(|(_, photo)| *photo)
    }

    pub(super) fn next_due(&self) -> Option<Instant> {
        self.due.first().map(|(due, _)| *due)
    }

    pub(super) const fn decided_count(&self) -> usize {
        self.decided_count
    }

    /// The photos for which a decision waits, each with the reason.
    pub(super) fn decided(&self) -> impl Iterator<Item = (PhotoId, &str)> {
        let decided = self.all.iter().filter(|(_, failure)| failure.is_decided);
        decided.map(|(&photo, failure)| (photo, failure.reason.as_str()))
    }

    /// Whether each for which a decision waits has failed more than twice.
    pub(super) fn have_been_tried_again(&self) -> bool {
        self.all.values().all(|f| !f.is_decided || f.wait > RETRY[0] * 2)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_and_end() {
        let (mut failures, photo) = (Failures::default(), PhotoId(1));
        let mut waits = Vec::new();
        for _ in 0..12 {
            let before = failures.remove(photo);
            failures.add(photo, before, "x".to_owned(), true);
            waits.push(failures.all[&photo].wait.as_millis());
        }
        assert_eq!(&waits[..4], [200, 400, 800, 1600]);
        assert_eq!(waits[11], 30_000);
    }

    #[test]
    fn the_soonest_is_next_and_the_decided_are_counted() {
        let mut failures = Failures::default();
        failures.add(PhotoId(1), None, "a".to_owned(), true);
        failures.add(PhotoId(2), None, "b".to_owned(), false);
        assert_eq!((failures.due(Instant::now()), failures.decided_count()), (None, 1));
        let later = Instant::now() + RETRY[1];
        assert_eq!(failures.due(later), Some(PhotoId(1)));
        failures.remove(PhotoId(1));
        assert_eq!((failures.due(later), failures.decided_count()), (Some(PhotoId(2)), 0));
        assert_eq!(failures.decided().count(), 0);
    }
}
