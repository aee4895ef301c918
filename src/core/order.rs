//! The order that photos are shown in, and which of them belong together.
//!
//! Natural file-name order first; capture order once every header has been read.

use std::ops::Range;

use super::photo::PhotoId;

/// The photos of the shoot in the order that they are shown, cut into sessions and bursts.
///
/// Invariant: a photo stands in it at most once, and `index_of` undoes `photo_at`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Order {
    photos: Vec<PhotoId>,
    /// By photo: its index in `photos`, or `u32::MAX`.
    indices: Vec<u32>,
    /// Index in `photos` at which each burst begins, rising.
    burst_starts: Vec<u32>,
    /// Index in `photos` at which each session begins, rising.
    session_starts: Vec<u32>,
    /// Whether it is by capture time; before that it is by name.
    is_by_time: bool,
}

impl Order {
    /// Photos by name, without sessions or bursts yet.
    #[must_use]
    pub fn by_name(photos: Vec<PhotoId>) -> Self {
        let mut order = Self { photos, ..Self::default() };
        order.index();
        order
    }

    /// How many photos there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.photos.len()
    }

    /// Whether there is no photo.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.photos.is_empty()
    }

    /// Whether the order is by capture time.
    #[must_use]
    pub const fn is_by_time(&self) -> bool {
        self.is_by_time
    }

    /// The photos, first to last.
    #[must_use]
    pub fn photos(&self) -> &[PhotoId] {
        &self.photos
    }

    /// The photo at an index.
    #[must_use]
    pub fn photo_at(&self, index: usize) -> Option<PhotoId> {
        self.photos.get(index).copied()
    }

    /// The index of a photo.
    #[must_use]
    pub fn index_of(&self, photo: PhotoId) -> Option<usize> {
        let index = *self.indices.get(photo.index())?;
        (index != u32::MAX).then_some(index as usize)
    }

    /// The indices of the burst that the photo at `index` belongs to; empty without bursts.
    #[must_use]
    pub fn burst_at(&self, index: usize) -> Range<usize> {
        span(&self.burst_starts, index, self.len())
    }

    /// The indices of the session that the photo at `index` belongs to; empty without sessions.
    #[must_use]
    pub fn session_at(&self, index: usize) -> Range<usize> {
        span(&self.session_starts, index, self.len())
    }

    fn index(&mut self) {
        let count = self.photos.iter().map(|p| p.index() + 1).max().unwrap_or(0);
        self.indices = vec![u32::MAX; count];
        for (at, photo) in (0_u32..).zip(&self.photos) {
            self.indices[photo.index()] = at;
        }
    }
}

/// The span of `starts` that `index` lies in; the last one ends at `end`.
fn span(starts: &[u32], index: usize, end: usize) -> Range<usize> {
    let after = starts.partition_point(|&s| s as usize <= index);
    if after == 0 || index >= end {
        return 0..0;
    }
    let next = starts.get(after).map_or(end, |&s| s as usize);
    starts[after - 1] as usize..next
}
