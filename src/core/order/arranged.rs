//! A part of the shoot, sorted otherwise: what a filter and a sort make of the whole order.
//!
//! Nothing is compared: the whole order knows the photos by time and by name, and ranks of stars,
//! probability and sharpness are counted, so each arrangement is a walk or two over the shoot.
//!
//! - By time the bursts and sessions of the whole shoot stay what they are, each with the photos of
//!   it that are shown, which stand side by side; none is empty. Turned round, they stand in the
//!   other direction, but photos without a time stay at the end.
//! - By name, stars, probability and sharpness neighbours need not have been taken together: there are no bursts.
//! - Photos of one rank stand in the whole shoot's order, both ways.
//!
//! Invariant: an arrangement has the photos that are shown, each once, and its bursts are those of
//! the whole cut down to them (`tests/order.rs`).

use std::sync::Arc;

use super::Order;
use crate::core::photo::PhotoId;

/// What photos are sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub enum SortKey {
    /// Capture time; by name until every header has been read.
    #[default]
    Time,
    /// Natural order of the names.
    Name,
    /// Stars, the most first.
    Stars,
    /// How probably it would be kept, the most probable first; photos of which that is not known
    /// stand at the end, both ways.
    Keep,
    /// The share of the shoot that is less sharp, the sharpest first; photos of which that is not known
    /// stand at the end, both ways.
    Sharp,
}

/// An order that the person asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub struct Sort {
    /// By what.
    pub key: SortKey,
    /// Whether it is turned round.
    pub is_reversed: bool,
}

impl Sort {
    /// By the next key, in its usual direction.
    #[must_use]
    pub const fn next(self) -> Self {
        let key = match self.key {
            SortKey::Time => SortKey::Name,
            SortKey::Name => SortKey::Stars,
            SortKey::Stars => SortKey::Keep,
            SortKey::Keep => SortKey::Sharp,
            SortKey::Sharp => SortKey::Time,
        };
        Self { key, is_reversed: false }
    }

    /// By the same key, the other way round.
    #[must_use]
    pub const fn turned(self) -> Self {
        Self { is_reversed: !self.is_reversed, ..self }
    }
}

/// How many ranks there are.
const RANKS: usize = 1 << 12;

/// The rank of a photo with this probability or this share, 0 to 1: 0 where it is not known.
#[must_use]
pub fn share_rank(share: Option<f32>) -> u16 {
    share.map_or(0, |share| 1 + (share.clamp(0.0, 1.0) * (RANKS - 2) as f32).round() as u16)
}

impl Order {
    /// The photos of this order, which is the whole shoot's, that `rank_of` gives a rank for, sorted;
    /// it answers `None` for a photo that is not shown. Ranks are stars, or by probability and sharpness
    /// those of [`share_rank`]; time and name have no use for them.
    #[must_use]
    pub fn arranged(&self, sort: Sort, rank_of: impl Fn(PhotoId) -> Option<u16>) -> Self {
        let mut order = Self { named: Arc::clone(&self.named), ..Self::default() };
        let is_shown = |photo: &PhotoId| rank_of(*photo).is_some();
        match (sort.key, sort.is_reversed) {
            (SortKey::Time, _) => self.arrange_by_time(sort.is_reversed, is_shown, &mut order),
            (SortKey::Name, false) => {
                order.photos.extend(self.named.iter().copied().filter(is_shown));
            }
            (SortKey::Name, true) => {
                order.photos.extend(self.named.iter().rev().copied().filter(is_shown));
            }
            (SortKey::Stars | SortKey::Keep | SortKey::Sharp, _) => {
                order.photos = self.ranked(sort, rank_of);
            }
        }
        order.index();
        // As long as the whole shoot's: a column by photo stays one, whoever is shown.
        order.indices.resize(self.indices.len(), u32::MAX);
        order
    }

    /// The photos by rank, the highest first, or the lowest where that is turned round.
    fn ranked(&self, sort: Sort, rank_of: impl Fn(PhotoId) -> Option<u16>) -> Vec<PhotoId> {
        // The place of a rank among the ranks as they are wanted: those not known last.
        let place_of = |rank: u16| match (usize::from(rank).min(RANKS - 1), sort.is_reversed) {
            (0, _) if sort.key != SortKey::Stars => RANKS,
            (rank, true) => rank,
            (rank, false) => RANKS - 1 - rank,
        };
        let places = || {
            let place = |&photo: &PhotoId| Some((place_of(rank_of(photo)?), photo));
            self.photos.iter().filter_map(place)
        };
        let mut starts = vec![0; RANKS + 2];
        places().for_each(|(place, _)| starts[place + 1] += 1);
        for place in 0..=RANKS {
            starts[place + 1] += starts[place];
        }
        let mut photos = vec![PhotoId(0); starts[RANKS + 1]];
        for (place, photo) in places() {
            photos[starts[place]] = photo;
            starts[place] += 1;
        }
        photos
    }

    fn arrange_by_time(
        &self,
        is_reversed: bool,
        is_shown: impl Fn(&PhotoId) -> bool,
        order: &mut Self,
    ) {
        order.is_by_time = self.is_by_time;
        if !self.is_by_time {
            let photos = self.photos.iter().copied();
            match is_reversed {
                true => order.photos.extend(photos.rev().filter(is_shown)),
                false => order.photos.extend(photos.filter(is_shown)),
            }
            return;
        }
        let mut sessions = Walk::new(&self.session_starts);
        let mut bursts = Walk::new(&self.burst_starts);
        let timed = 0..self.timed_count;
        let untimed = self.timed_count..self.len();
        let mut take = |index: usize| {
            let photo = self.photos[index];
            if is_shown(&photo) {
                sessions.note(index, order.photos.len(), &mut order.session_starts);
                bursts.note(index, order.photos.len(), &mut order.burst_starts);
                order.photos.push(photo);
                order.timed_count += usize::from(index < self.timed_count);
            }
        };
        match is_reversed {
            true => timed.rev().for_each(&mut take),
            false => timed.for_each(&mut take),
        }
        untimed.for_each(take);
    }

    /// By photo: how many photos its burst has; 1 without bursts.
    #[must_use]
    pub fn burst_lengths(&self) -> Vec<u32> {
        let mut lengths = vec![1; self.column_len()];
        let ends = self.burst_starts.iter().skip(1).map(|&start| start as usize);
        let starts = self.burst_starts.iter().map(|&start| start as usize);
        for (start, end) in starts.zip(ends.chain([self.len()])) {
            for photo in &self.photos[start..end] {
                lengths[photo.index()] = (end - start) as u32;
            }
        }
        lengths
    }
}

/// Which group a walk over the whole order is in.
struct Walk<'a> {
    starts: &'a [u32],
    /// The group's place in `starts`.
    group: usize,
    /// Whether a photo of the group has been noted.
    is_noted: bool,
}

impl<'a> Walk<'a> {
    const fn new(starts: &'a [u32]) -> Self {
        Self { starts, group: 0, is_noted: false }
    }

    /// Notes that the photo at `index` of the whole order will stand at `at`: where it is the first
    /// of its group, the group begins there. Steps rather than searches, since a walk goes on from
    /// where it was.
    fn note(&mut self, index: usize, at: usize, starts: &mut Vec<u32>) {
        let begins_by = |group: usize| self.starts.get(group).is_some_and(|&s| s as usize <= index);
        let mut group = self.group;
        while begins_by(group + 1) {
            group += 1;
        }
        while group > 0 && !begins_by(group) {
            group -= 1;
        }
        if !self.is_noted || group != self.group {
            (self.group, self.is_noted) = (group, true);
            starts.push(at as u32);
        }
    }
}
