//! A step that can be undone: what changed in which photos, who did it, and when.

use std::sync::Arc;

use super::label::Label;
use super::photo::PhotoId;
use super::photo::Timestamp;

/// One photo's change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// The photo.
    pub photo: PhotoId,
    /// Its label until then.
    pub before: Label,
    /// Its label from then on.
    pub after: Label,
}

/// What the person did with a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Act {
    /// Made it: every photo has its edit's `after` now.
    Do,
    /// Took it back: every photo has its edit's `before` now.
    Undo,
    /// Made it again.
    Redo,
}

/// Who led a person to a decision. What a model led to is no sample of anything: it trains a model and
/// does not tell how good it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub enum Lead {
    /// Nobody: the person came to the photo and decided.
    #[default]
    Nobody,
    /// The model asked about the photo.
    Question,
    /// The model proposed the verdict.
    Proposal,
    /// The photo was shown blind, to see whether what is proposed holds (`core::guard::walk`).
    Audit,
}

/// What one key (or one undo, or one redo) did, to be stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Counts the steps of this run from 1; a step is acknowledged when the store has committed
    /// this number. Not written to a file.
    pub number: u64,
    /// Made, undone or redone.
    pub act: Act,
    /// The changes, one a photo. For `Undo` these are the edits that were undone, not inverted.
    pub edits: Arc<[Edit]>,
    /// When, in UTC.
    pub at: Timestamp,
    /// Who led to it.
    pub lead: Lead,
}

impl Step {
    /// Each photo of the step with the label that it has after it.
    pub fn outcomes(&self) -> impl Iterator<Item = (PhotoId, &Label)> {
        self.edits.iter().map(|e| match self.act {
            Act::Do | Act::Redo => (e.photo, &e.after),
            Act::Undo => (e.photo, &e.before),
        })
    }
}
