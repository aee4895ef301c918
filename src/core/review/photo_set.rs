//! A set of photos as one bit each, with its count: the selection of a million photos is 125 KB.
//!
//! Invariant: the count is the number of bits set (`tests/review.rs`, after every command).

use crate::core::photo::PhotoId;

/// Some of the photos.
#[derive(Debug, Clone, Default)]
pub(super) struct PhotoSet {
    words: Vec<u64>,
    count: usize,
    /// Rises with every change.
    revision: u64,
}

impl PhotoSet {
    pub(super) const fn count(&self) -> usize {
        self.count
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.count == 0
    }

    pub(super) const fn revision(&self) -> u64 {
        self.revision
    }

    /// A bit a photo, the lowest first; shorter than the shoot where the rest is not in it.
    pub(super) fn words(&self) -> &[u64] {
        &self.words
    }

    pub(super) fn contains(&self, photo: PhotoId) -> bool {
        let (word, bit) = place(photo);
        self.words.get(word).is_some_and(|w| w & bit != 0)
    }

    pub(super) fn insert(&mut self, photo: PhotoId) {
        let (word, bit) = place(photo);
        if word >= self.words.len() {
            self.words.resize(word + 1, 0);
        }
        if self.words[word] & bit == 0 {
            self.words[word] |= bit;
            self.count += 1;
            self.revision += 1;
        }
    }

    pub(super) fn remove(&mut self, photo: PhotoId) {
        if self.contains(photo) {
            let (word, bit) = place(photo);
            self.words[word] &= !bit;
            self.count -= 1;
            self.revision += 1;
        }
    }

    pub(super) fn clear(&mut self) {
        if self.count > 0 {
            self.words.fill(0);
            self.count = 0;
            self.revision += 1;
        }
    }

    /// Takes over the photos of another set; its own revision goes on rising.
    pub(super) fn become_like(&mut self, other: Self) {
        let revision = self.revision.max(other.revision) + 1;
        *self = Self { revision, ..other };
    }

    /// Keeps the photos that `is_kept` says.
    pub(super) fn retain(&mut self, is_kept: impl Fn(PhotoId) -> bool) {
        for at in 0..self.words.len() {
            for photo in photos_of(at, self.words[at]) {
                if !is_kept(photo) {
                    self.remove(photo);
                }
            }
        }
    }

    /// The photos by number, lowest first.
    pub(super) fn iter(&self) -> impl Iterator<Item = PhotoId> {
        self.words.iter().enumerate().flat_map(|(at, &word)| photos_of(at, word))
    }
}

const fn place(photo: PhotoId) -> (usize, u64) {
    (photo.index() / 64, 1 << (photo.index() % 64))
}

fn photos_of(at: usize, word: u64) -> impl Iterator<Item = PhotoId> {
    let after = |w: &u64| Some(w & (w - 1)).filter(|&rest| rest != 0);
    let first = Some(word).filter(|&w| w != 0);
    std::iter::successors(first, after).map(move |w| PhotoId(at as u32 * 64 + w.trailing_zeros()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_goes_in_comes_out_once_and_in_order() {
        let mut set = PhotoSet::default();
        for photo in [130, 0, 63, 64, 130, 5] {
            set.insert(PhotoId(photo));
        }
        set.remove(PhotoId(5));
        set.remove(PhotoId(1000));
        assert_eq!(set.iter().map(|p| p.0).collect::<Vec<_>>(), [0, 63, 64, 130]);
        assert_eq!(set.count(), 4);
        set.retain(|p| p.0 > 63);
        assert_eq!((set.count(), set.contains(PhotoId(0))), (2, false));
        set.clear();
        assert!(set.is_empty() && set.iter().next().is_none());
    }
}
