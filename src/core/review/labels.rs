//! The label of every photo, and what is counted over them, kept up with each change.
//!
//! Invariants (`tests/review.rs`, after every command): the counts and the tag vocabulary are what
//! a recount over all labels gives.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::column::LabelColumn;
use crate::core::label::Label;
use crate::core::label::Verdict;
use crate::core::photo::PhotoId;

/// How the photos are decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// All photos.
    pub total: usize,
    /// Those that stay.
    pub kept: usize,
    /// Those that go.
    pub trashed: usize,
    /// Those that are neither.
    pub undecided: usize,
}

/// The labels by photo.
#[derive(Debug, Clone, Default)]
pub(super) struct Labels {
    column: LabelColumn,
    /// By photo: the last step of this run that changed it; 0 without one.
    step_numbers: Vec<u64>,
    counts: Counts,
    /// Each tag in use with the number of photos that have it.
    tags: BTreeMap<Arc<str>, u32>,
    /// Rises with every change.
    revision: u64,
    /// The photos that changed last, in that order, some of them twice.
    journal: Vec<PhotoId>,
    /// How many changes there were before those of the journal.
    journal_start: u64,
}

/// Photos with another label than before: names that a journal still has, or too many.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Changed<'a> {
    /// These, some of them twice.
    These(&'a [PhotoId]),
    /// More than are written down: any.
    Any,
}

/// Changes that are written down: more come at once only with a decision about a large selection
/// or from the store, where looking at every label is a small part of it.
const JOURNAL_MAX: usize = 4096;

impl Labels {
    pub(super) const fn counts(&self) -> Counts {
        self.counts
    }

    pub(super) const fn tags(&self) -> &BTreeMap<Arc<str>, u32> {
        &self.tags
    }

    pub(super) const fn column(&self) -> &LabelColumn {
        &self.column
    }

    pub(super) const fn revision(&self) -> u64 {
        self.revision
    }

    /// How often any label was changed.
    pub(super) const fn change_count(&self) -> u64 {
        self.journal_start + self.journal.len() as u64
    }

    /// The photos that changed since there had been so many changes.
    pub(super) fn changed(&self, since: u64) -> Changed<'_> {
        let at = since.checked_sub(self.journal_start).and_then(|at| usize::try_from(at).ok());
        at.and_then(|at| self.journal.get(at..)).map_or(Changed::Any, Changed::These)
    }

    pub(super) fn get(&self, photo: PhotoId) -> &Label {
        self.column.get(photo)
    }

    /// The last step of this run that changed the photo; 0 without one.
    pub(super) fn step_number(&self, photo: PhotoId) -> u64 {
        self.step_numbers.get(photo.index()).copied().unwrap_or(0)
    }

    pub(super) fn grow(&mut self, count: usize) {
        let added = self.column.grow(count);
        if added > 0 {
            self.step_numbers.resize(count, 0);
            self.counts.total += added;
            self.counts.undecided += added;
            self.revision += 1;
        }
    }

    pub(super) fn set(&mut self, photo: PhotoId, label: Label, step_number: u64) {
        self.grow(photo.index() + 1);
        self.revision += 1;
        self.step_numbers[photo.index()] = step_number;
        if self.journal.len() == JOURNAL_MAX {
            self.journal_start += JOURNAL_MAX as u64;
            self.journal.clear();
        }
        self.journal.push(photo);
        let before = self.column.replace(photo, label);
        let after = self.column.get(photo);
        *self.counts.of(before.verdict) -= 1;
        *self.counts.of(after.verdict) += 1;
        if before.tags != after.tags {
            for tag in after.tags() {
                *self.tags.entry(Arc::clone(tag)).or_insert(0) += 1;
            }
            for tag in before.tags() {
                if let Some(count) = self.tags.get_mut(tag) {
                    *count -= 1;
                    if *count == 0 {
                        self.tags.remove(tag);
                    }
                }
            }
        }
    }
}

impl Counts {
    const fn of(&mut self, verdict: Verdict) -> &mut usize {
        match verdict {
            Verdict::Undecided => &mut self.undecided,
            Verdict::Keep => &mut self.kept,
            Verdict::Trash => &mut self.trashed,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::label::Decision;

    #[test]
    fn changes_are_named_until_there_are_too_many() {
        let mut labels = Labels::default();
        labels.set(PhotoId(3), Label::default(), 1);
        let at = labels.change_count();
        labels.set(PhotoId(5), Label::default(), 2);
        labels.set(PhotoId(3), Label::default(), 3);
        assert_eq!(labels.changed(at), Changed::These(&[PhotoId(5), PhotoId(3)]));
        assert_eq!(labels.changed(labels.change_count()), Changed::These(&[]));
        for step in 0..JOURNAL_MAX as u64 {
            labels.set(PhotoId(1), Label::default(), step);
        }
        assert_eq!(labels.changed(at), Changed::Any);
        assert_eq!(labels.changed(labels.change_count()), Changed::These(&[]));
        assert_eq!(labels.changed(u64::MAX), Changed::Any, "a count of other labels");
    }

    #[test]
    fn a_tag_leaves_the_vocabulary_with_its_last_photo() {
        let mut labels = Labels::default();
        let tagged = Label::default().with(&Decision::Tag("bride".into()));
        labels.set(PhotoId(3), tagged.clone(), 1);
        labels.set(PhotoId(1), tagged, 2);
        assert_eq!(labels.tags().get("bride"), Some(&2));
        assert_eq!(labels.counts(), Counts { total: 4, undecided: 4, ..Counts::default() });
        labels.set(PhotoId(3), Label::default(), 3);
        labels.set(PhotoId(1), Label::default(), 4);
        assert!(labels.tags().is_empty());
    }
}
