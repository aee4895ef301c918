//! Undo and redo, also of steps of earlier runs.
//!
//! A step is taken back as a whole: every photo in it gets the label that the step found. The
//! current photo becomes the first of the step, so that the person sees what came back, and the
//! selection goes unless that photo is in it: the next key must not reach photos out of sight.

use std::collections::VecDeque;
use std::sync::Arc;

use super::Review;
use crate::core::edit::Act;
use crate::core::edit::Edit;
use crate::core::edit::Step;
use crate::core::photo::Timestamp;

/// Steps that can be undone: a day's work with one hand.
const STEPS_MAX: usize = 1000;

/// Edits in all of them: some 120 MB, twice a million photos selected at once. The newest step is
/// kept whatever its size.
const EDITS_MAX: usize = 2_000_000;

/// One step that was made.
#[derive(Debug, Clone)]
pub(super) struct Past {
    pub(super) edits: Arc<[Edit]>,
    /// Whether this run made it.
    pub(super) is_own: bool,
}

/// The steps made and the steps taken back, the newest of each last.
#[derive(Debug, Clone, Default)]
pub(super) struct History {
    undo: VecDeque<Past>,
    redo: Vec<Past>,
    /// Edits in `undo`.
    edit_count: usize,
}

impl History {
    pub(super) fn can_undo(&self) -> bool {
        !self.undo.is_empty()
    }

    pub(super) const fn can_redo(&self) -> bool {
        !self.redo.is_empty()
    }

    /// Adds a step of this run; what had been undone before is gone.
    pub(super) fn push(&mut self, edits: Arc<[Edit]>) {
        self.redo.clear();
        self.push_past(Past { edits, is_own: true });
    }

    fn push_past(&mut self, past: Past) {
        self.edit_count += past.edits.len();
        self.undo.push_back(past);
        while self.undo.len() > STEPS_MAX || (self.edit_count > EDITS_MAX && self.undo.len() > 1) {
            let oldest = self.undo.pop_front();
            self.edit_count -= oldest.map_or(0, |p| p.edits.len());
        }
    }

    fn take_undo(&mut self) -> Option<Arc<[Edit]>> {
        let past = self.undo.pop_back()?;
        self.edit_count -= past.edits.len();
        let edits = Arc::clone(&past.edits);
        self.redo.push(past);
        Some(edits)
    }

    fn take_redo(&mut self) -> Option<Arc<[Edit]>> {
        let past = self.redo.pop()?;
        let edits = Arc::clone(&past.edits);
        self.push_past(past);
        Some(edits)
    }

    /// The steps that stand, in the order that they were made.
    pub(super) fn made_mut(&mut self) -> impl Iterator<Item = &mut Past> {
        self.undo.iter_mut()
    }

    /// The steps taken back, in the order that they were made.
    pub(super) fn undone_mut(&mut self) -> impl Iterator<Item = &mut Past> {
        self.redo.iter_mut().rev()
    }

    /// Puts older steps beneath, as many as there is room for.
    fn put_beneath(&mut self, older: Vec<Arc<[Edit]>>) {
        for edits in older.into_iter().rev() {
            if self.undo.len() >= STEPS_MAX || self.edit_count + edits.len() > EDITS_MAX {
                break;
            }
            self.edit_count += edits.len();
            self.undo.push_front(Past { edits, is_own: false });
        }
    }
}

impl Review {
    pub(super) fn undo(&mut self, now: Timestamp) -> Option<Step> {
        let edits = self.history.take_undo()?;
        let step = self.number(Act::Undo, edits, now);
        self.look_at(&step);
        Some(step)
    }

    pub(super) fn redo(&mut self, now: Timestamp) -> Option<Step> {
        let edits = self.history.take_redo()?;
        let step = self.number(Act::Redo, edits, now);
        self.look_at(&step);
        Some(step)
    }

    /// Makes the first photo of a step that is shown the current one.
    fn look_at(&mut self, step: &Step) {
        let index = step.edits.iter().find_map(|e| self.order.index_of(e.photo));
        let Some(index) = index else { return };
        if self.order.photo_at(index).is_some_and(|photo| self.selection.contains(photo)) {
            self.stay_at(index);
        } else {
            self.go_to(index);
        }
    }

    /// Takes over the steps of earlier runs, the newest of each last. Those to undo go beneath this
    /// run's own; those to redo are taken only if this run has made no step, since a step ends what
    /// could be redone.
    pub fn restore_history(&mut self, undo: Vec<Arc<[Edit]>>, redo: Vec<Arc<[Edit]>>) {
        if self.step_count == 0 {
            let pasts = redo.into_iter().map(|edits| Past { edits, is_own: false });
            self.history.redo = pasts.collect();
        }
        self.history.put_beneath(undo);
    }
}
