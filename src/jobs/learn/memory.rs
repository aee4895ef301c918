//! What the teacher keeps in mind from one lesson to the next: the table, the last model, and what may be proposed.

use std::collections::HashSet;
use std::sync::Arc;

use super::explain::Lore;
use super::rows;
use super::teacher::Wanted;
use super::work;
use super::work::Proposal;
use crate::core::guard::Budget;
use crate::core::guard::Ruling;
use crate::core::guard::looks::Looks;
use crate::core::label::Verdict;
use crate::core::learner;
use crate::core::learner::Lesson;
use crate::core::learner::Model;
use crate::core::learner::Study;
use crate::core::learner::calibration::Scaling;
use crate::core::learner::table::Inputs;
use crate::core::learner::table::Table;
use crate::core::learner::teach;
use crate::core::order::Order;
use crate::core::outlook::Outlook;
use crate::core::outlook::Report;
use crate::core::photo::PhotoId;
use crate::jobs::board::Board;
use crate::jobs::board::Slot;

/// Questions that an outlook has: more than a person answers until the next one.
const QUESTIONS: usize = 64;

/// What stays from one lesson to the next.
#[derive(Default)]
pub(super) struct Memory {
    pub(super) table: Table,
    /// What the table was made of.
    pub(super) made_of: (Option<Arc<Order>>, usize),
    pub(super) led: HashSet<PhotoId>,
    pub(super) scaling: Scaling,
    /// The last one; none of another table.
    pub(super) model: Option<Model>,
    pub(super) lore: Lore,
    /// Whether what earlier runs have left has been read.
    pub(super) is_reminded: bool,
    /// The looks that the guard has had, and what it let be proposed at the last one, by photo.
    pub(super) looks: Looks,
    pub(super) proposals: Vec<Verdict>,
}

impl Memory {
    /// Makes the table anew where the shoot is in another order or more is known of it.
    pub(super) fn read(&mut self, board: &Board, whole: &Arc<Order>) {
        let slots = || whole.photos().iter().filter_map(|photo| board.slot(*photo));
        let has_row = |s: &&Slot| s.features().is_some() && s.header().is_some();
        let rows = slots().filter(has_row);
        let known = rows.map(|slot| 1 + usize::from(slot.traits().is_some())).sum();
        let is_same = self.made_of.0.as_ref().is_some_and(|order| Arc::ptr_eq(order, whole));
        if !is_same || self.made_of.1 != known {
            self.table = rows::table(board, whole, Inputs::All);
            self.made_of = (Some(Arc::clone(whole)), known);
            self.model = None;
        }
    }

    pub(super) fn lessons(&self, wanted: &Wanted) -> Vec<Lesson> {
        let lesson = |(at, photo): (usize, &PhotoId)| {
            let is_kept = match wanted.labels.get(*photo).verdict {
                Verdict::Keep => true,
                Verdict::Trash => false,
                Verdict::Undecided => return None,
            };
            let row = self.table.row_of(at)? as u32;
            Some(Lesson { row, is_kept, is_free: !self.led.contains(photo) })
        };
        wanted.whole.photos().iter().enumerate().filter_map(lesson).collect()
    }

    /// Forgets what was proposed, where hardly a decision that led to it stands any more; gives whether there was
    /// something. That features of decided photos are not known yet is no reason.
    pub(super) fn withdraw(&mut self, wanted: &Wanted) -> bool {
        let is_decided =
            |photo: &&PhotoId| wanted.labels.get(**photo).verdict != Verdict::Undecided;
        let decided = wanted.whole.photos().iter().filter(is_decided).count();
        decided < learner::LEAST && !std::mem::take(&mut self.proposals).is_empty()
    }

    /// Takes over what an earlier run has left of the guard's looks; without it, none of their error is
    /// spent once more.
    pub(super) fn remind(&mut self, last: Option<(Looks, Vec<Verdict>)>, wanted: &Wanted) {
        let is_kept_freely = |photo: &&PhotoId| {
            wanted.labels.get(**photo).verdict == Verdict::Keep && !self.led.contains(photo)
        };
        let kept = || wanted.whole.photos().iter().filter(is_kept_freely).count();
        (self.looks, self.proposals) = last.unwrap_or_else(|| (Looks::unknown(kept()), Vec::new()));
    }

    /// Lets the guard look, if it is time; gives what it sees, and whether it was time.
    pub(super) fn look(
        &mut self,
        model: &Model,
        study: &Study,
        lessons: &[Lesson],
        budget: &Budget,
    ) -> (Report, bool) {
        let kept = study.cases.iter().filter(|case| case.is_kept && case.is_free).count();
        let confidence = self.looks.confidence(kept, budget.confidence);
        let budget = Budget { confidence, ..*budget };
        let keep = model.predict(&self.table);
        let [trash, hold] = work::rulings(study, &keep, lessons, &budget);
        let is_due = self.looks.is_due(kept);
        if is_due {
            self.looks = self.looks.after(kept);
            self.propose(&keep, &trash, &hold);
        }
        let until_look = self.looks.until(kept);
        let Study { figures, reliability, .. } = *study;
        (Report { figures, reliability, trash, until_look }, is_due)
    }

    /// Proposes what the rulings allow, by the probabilities of all rows.
    fn propose(&mut self, keep: &[f32], trash: &Ruling, hold: &Ruling) {
        let Some(whole) = &self.made_of.0 else { return };
        self.proposals = vec![Verdict::Undecided; whole.column_len()];
        for (at, photo) in whole.photos().iter().enumerate() {
            let Some(row) = self.table.row_of(at) else { continue };
            self.proposals[photo.index()] = match work::proposal(trash, hold, keep[row]) {
                Some(Proposal::Trash) => Verdict::Trash,
                Some(Proposal::Keep) => Verdict::Keep,
                None => Verdict::Undecided,
            };
        }
    }

    pub(super) fn outlook(&self, model: &Model, wanted: &Wanted, lessons: &[Lesson]) -> Outlook {
        let whole = &wanted.whole;
        let by_row = model.predict(&self.table);
        let mut keep = vec![f32::NAN; whole.column_len()];
        let mut photos = vec![PhotoId(0); by_row.len()];
        for (at, photo) in whole.photos().iter().enumerate() {
            if let Some(row) = self.table.row_of(at) {
                (keep[photo.index()], photos[row]) = (by_row[row], *photo);
            }
        }
        let mut is_decided = vec![false; by_row.len()];
        lessons.iter().for_each(|lesson| is_decided[lesson.row as usize] = true);
        let questions = teach::instructive(&by_row, self.table.bursts(), &is_decided, QUESTIONS);
        let proposed = |verdict| {
            let is_open = |photo| wanted.labels.get(photo).verdict == Verdict::Undecided;
            let of = |(at, p): (usize, &Verdict)| *p == verdict && is_open(PhotoId(at as u32));
            self.proposals.iter().enumerate().filter(|entry| of(*entry)).count()
        };
        Outlook {
            lessons: lessons.len(),
            known: self.table.len(),
            silence: None,
            report: None,
            keep,
            proposed: [proposed(Verdict::Trash), proposed(Verdict::Keep)],
            proposals: self.proposals.clone(),
            imported: Arc::default(),
            questions: questions.into_iter().map(|row| photos[row]).collect(),
            hidden: Arc::default(),
        }
    }
}
