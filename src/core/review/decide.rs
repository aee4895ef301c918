//! Which photos a decision reaches, and what it changes in them.
//!
//! In the grid with a selection it reaches the selection, in one step, and nothing moves, so that
//! the next key reaches the same photos. Otherwise, and always in the loupe, it reaches the current
//! photo alone: what is not seen is not decided.

use std::sync::Arc;

use super::Review;
use super::Stage;
use crate::core::edit::Act;
use crate::core::edit::Edit;
use crate::core::edit::Lead;
use crate::core::edit::Step;
use crate::core::label::Colour;
use crate::core::label::Decision;
use crate::core::label::Label;
use crate::core::photo::PhotoId;
use crate::core::photo::Timestamp;

/// What a deciding key is aimed at: while it stays equal, a key reaches the same photos.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Aim {
    current: Option<PhotoId>,
    stage: Stage,
    selection_revision: u64,
}

impl Review {
    /// What a deciding key is aimed at now.
    #[must_use]
    pub const fn aim(&self) -> Aim {
        let selection_revision = self.selection.revision();
        Aim { current: self.current, stage: self.stage, selection_revision }
    }

    /// How many photos a deciding key would reach now.
    #[must_use]
    pub fn reach(&self) -> usize {
        if self.reaches_selection() {
            self.selection.count()
        } else {
            usize::from(self.current.is_some())
        }
    }

    /// How many of the photos that a deciding key would reach have a tag: with all of them the
    /// person may want it away, otherwise given to the rest.
    #[must_use]
    pub fn tagged(&self, tag: &str) -> usize {
        let has_tag = |photo: &PhotoId| self.label(*photo).tags().iter().any(|t| **t == *tag);
        if self.reaches_selection() {
            self.selection.iter().filter(has_tag).count()
        } else {
            self.current.iter().filter(|p| has_tag(p)).count()
        }
    }

    const fn reaches_selection(&self) -> bool {
        matches!(self.stage, Stage::Grid) && !self.selection.is_empty()
    }

    /// The photos that a decision reaches, in the order shown.
    fn targets(&self) -> Vec<PhotoId> {
        if !self.reaches_selection() {
            return self.current.into_iter().collect();
        }
        let mut photos: Vec<_> = self.selection.iter().collect();
        photos.sort_unstable_by_key(|&photo| self.order.index_of(photo));
        photos
    }

    pub(super) fn decide(&mut self, decision: &Decision, now: Timestamp) -> Option<Step> {
        let photos = self.targets();
        let is_batch = self.reaches_selection();
        let change = self.change_for(decision, &photos);
        let edits: Arc<[Edit]> = photos
            .into_iter()
            .map(|photo| {
                let before = self.label(photo).clone();
                Edit { photo, after: change(&before), before }
            })
            .filter(|edit| edit.before != edit.after)
            .collect();
        let step = (!edits.is_empty()).then(|| self.number(Act::Do, edits, now));
        if let Some(step) = &step {
            self.history.push(Arc::clone(&step.edits));
        }
        if self.is_auto_advancing && decision.advances() && !is_batch {
            self.advance();
        }
        step
    }

    /// Decides about each of `decisions`' photos that has another label after it, in one step that somebody led
    /// to. Goes on to the next photo as after a key where `goes_on`.
    pub fn decide_each(
        &mut self,
        decisions: impl Iterator<Item = (PhotoId, Decision)>,
        (lead, goes_on): (Lead, bool),
        now: Timestamp,
    ) -> Option<Step> {
        let edit = |(photo, decision): (PhotoId, Decision)| {
            let before = self.label(photo).clone();
            Edit { photo, after: before.with(&decision), before }
        };
        let edits: Arc<[Edit]> = decisions.map(edit).filter(|e| e.before != e.after).collect();
        if edits.is_empty() {
            return None;
        }
        let step = Step { lead, ..self.number(Act::Do, edits, now) };
        self.history.push(Arc::clone(&step.edits));
        if self.is_auto_advancing && goes_on {
            self.advance();
        }
        self.is_touched = true;
        self.revision += 1;
        Some(step)
    }

    /// The photos that a key for a selection reaches, in the order shown.
    #[must_use]
    pub fn reached(&self) -> Vec<PhotoId> {
        self.targets()
    }

    /// What the decision does to each label. A colour that some photos lack is given to all; one
    /// that all have is taken from all: never would one key give it to some and take it from others.
    fn change_for<'a>(
        &self,
        decision: &'a Decision,
        photos: &[PhotoId],
    ) -> impl Fn(&Label) -> Label + use<'a> {
        let colour = match *decision {
            Decision::Colour(colour) => {
                let all_have_it = photos.iter().all(|&p| self.label(p).colour == colour);
                Some(if all_have_it { Colour::None } else { colour })
            }
            _ => None,
        };
        move |label| match colour {
            Some(colour) => Label { colour, ..label.clone() },
            None => label.with(decision),
        }
    }

    /// Gives a step its number and its photos the labels that they have after it.
    pub(super) fn number(&mut self, act: Act, edits: Arc<[Edit]>, at: Timestamp) -> Step {
        self.step_count += 1;
        self.last_step_at = Some(at);
        let lead = Lead::Nobody;
        let step = Step { number: self.step_count, act, edits, at, lead };
        for (photo, label) in step.outcomes() {
            self.labels.set(photo, label.clone(), step.number);
        }
        step
    }

    fn advance(&mut self) {
        if let Some(next) = self.current_index().and_then(|index| self.next_fresh(index)) {
            self.go_to(next);
        }
    }
}
