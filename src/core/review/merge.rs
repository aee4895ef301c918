//! Labels that come from the store at the start, or from another program while this one runs.
//!
//! The store is read while the person already decides, so both may speak of one photo. What this
//! run touched stays (a verdict, the stars, the colour); what it did not touch is the store's: three
//! stars given in the first second must not wipe out last week's "keep". Tags of both are kept, and
//! turns add up. This run's steps are rewritten as if the stored label had been there from the
//! start, so that undoing them gives the stored label back.
//!
//! Invariant: nothing that the store knew is lost by a step that did not touch it
//! (`an_early_decision_keeps_what_the_store_knew`).

use std::collections::HashMap;

use super::Review;
use super::history::Past;
use crate::core::edit::Act;
use crate::core::edit::Edit;
use crate::core::edit::Step;
use crate::core::label::Label;
use crate::core::photo::PhotoId;

/// A photo's stored label, and which parts of it this run has changed up to some step.
struct Stored {
    label: Label,
    verdict: bool,
    stars: bool,
    colour: bool,
}

impl Stored {
    const fn new(label: Label) -> Self {
        Self { label, verdict: false, stars: false, colour: false }
    }

    /// A label that this run made on a blank one, as it is on the stored one.
    fn beneath(&self, own: &Label) -> Label {
        let mut label = self.label.clone();
        if self.verdict {
            label.verdict = own.verdict;
        }
        if self.stars {
            label.stars = own.stars;
        }
        if self.colour {
            label.colour = own.colour;
        }
        label.quarter_turns = (label.quarter_turns + own.quarter_turns) & 3;
        if own.tags.is_some() {
            label.set_tags(label.tags().iter().chain(own.tags()).cloned().collect());
        }
        label
    }

    fn note(&mut self, edit: &Edit) {
        self.verdict |= edit.before.verdict != edit.after.verdict;
        self.stars |= edit.before.stars != edit.after.stars;
        self.colour |= edit.before.colour != edit.after.colour;
    }
}

impl Review {
    /// Takes over labels from the store. A photo that this run has decided on already keeps what
    /// was decided and gets the rest; where that is more than its steps said, a step comes back
    /// that is to be stored too. It is not one to undo.
    pub fn restore(&mut self, labels: impl IntoIterator<Item = (PhotoId, Label)>) -> Option<Step> {
        let before = self.look();
        let mut late = HashMap::new();
        for (photo, label) in labels {
            if self.labels.step_number(photo) == 0 {
                self.labels.set(photo, label, 0);
                self.restored.insert(photo);
            } else if !self.restored.contains(photo) {
                self.restored.insert(photo);
                late.insert(photo, Stored::new(label));
            }
        }
        let step = if late.is_empty() { None } else { self.merge(late) };
        self.note_change(&before);
        step
    }

    fn merge(&mut self, mut late: HashMap<PhotoId, Stored>) -> Option<Step> {
        rewrite(self.history.made_mut(), &mut late);
        let edits: Vec<_> = late
            .iter()
            .map(|(&photo, stored)| {
                let before = self.label(photo).clone();
                Edit { photo, after: stored.beneath(&before), before }
            })
            .filter(|edit| edit.before != edit.after)
            .collect();
        // Only now: steps that are undone at present do not count for what is shown.
        rewrite(self.history.undone_mut(), &mut late);
        // A late label means that this run has made a step, and so has a time.
        let at = self.last_step_at.filter(|_| !edits.is_empty())?;
        Some(self.number(Act::Do, edits.into(), at))
    }

    /// A label from another program that has the shoot open. This run's own decision stays as long
    /// as the store has not committed it: it is the newer one.
    pub fn foreign(&mut self, photo: PhotoId, label: Label) {
        if self.labels.step_number(photo) > self.committed {
            return;
        }
        let before = self.look();
        self.labels.set(photo, label, 0);
        self.restored.insert(photo);
        self.note_change(&before);
    }

    /// Says that the store has committed all steps up to `number`: their badges are solid.
    pub fn acknowledge(&mut self, number: u64) {
        if number > self.committed {
            self.committed = number;
            self.revision += 1;
        }
    }

    /// The last step that the store has committed.
    #[must_use]
    pub const fn committed(&self) -> u64 {
        self.committed
    }
}

/// Rewrites this run's steps upon the stored labels, in the order that they were made.
fn rewrite<'a>(pasts: impl Iterator<Item = &'a mut Past>, late: &mut HashMap<PhotoId, Stored>) {
    for past in pasts.filter(|p| p.is_own) {
        if !past.edits.iter().any(|e| late.contains_key(&e.photo)) {
            continue;
        }
        let mut edits = past.edits.to_vec();
        for edit in &mut edits {
            let Some(stored) = late.get_mut(&edit.photo) else { continue };
            let before = stored.beneath(&edit.before);
            stored.note(edit);
            *edit = Edit { photo: edit.photo, before, after: stored.beneath(&edit.after) };
        }
        past.edits = edits.into();
    }
}
