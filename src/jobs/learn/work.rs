//! One piece of learning: a model, then what is known of it, then what it may propose.

use rayon::prelude::*;

use crate::core::guard;
use crate::core::guard::Budget;
use crate::core::guard::Case;
use crate::core::guard::Ruling;
use crate::core::learner::Fold;
use crate::core::learner::Lesson;
use crate::core::learner::Model;
use crate::core::learner::Sprout;
use crate::core::learner::Study;
use crate::core::learner::calibration::Scaling;
use crate::core::learner::table::Table;

/// A model and what it may propose.
#[derive(Debug, Clone, PartialEq)]
pub struct Learned {
    /// The model.
    pub model: Model,
    /// What is known of it from photos that it had not seen.
    pub study: Study,
    /// By row, the probability that the photo is kept.
    pub keep: Vec<f32>,
    /// Below which probability photos may be proposed as trash.
    pub trash: Ruling,
    /// Above which probability photos may be proposed as keep: the same bound on trashed photos.
    pub hold: Ruling,
}

/// Learns from lessons that are not silent. The guard looks once, with the whole confidence.
#[must_use]
pub fn learn(table: &Table, lessons: &[Lesson], budget: &Budget) -> Learned {
    let (study, model) =
        rayon::join(|| study(table, lessons), || fit(table, lessons, Scaling::default()));
    let model = model.scaled(study.scaling);
    let keep = model.predict(table);
    let [trash, hold] = rulings(&study, &keep, lessons, budget);
    Learned { model, study, keep, trash, hold }
}

/// From so many decisions on, a model after one more is at first one whose trees have not all seen it.
const MANY: usize = 500;

/// A model of all lessons, whose trees grow on all threads of the pool.
#[must_use]
pub fn fit(table: &Table, lessons: &[Lesson], scaling: Scaling) -> Model {
    Model::fit_with(table, lessons, scaling, side_by_side)
}

/// What is known of such a model from folds, on all threads of the pool.
#[must_use]
pub fn study(table: &Table, lessons: &[Lesson]) -> Study {
    let run = |folds: &mut [Fold]| folds.par_iter_mut().for_each(Fold::run);
    Study::of(table, lessons, run)
}

/// The model that is there first after a decision more: of `old`, which was learned from the same table, in a
/// part of the time. `None` where the whole one takes no longer than a person notices.
#[must_use]
pub fn renewed(old: &Model, table: &Table, lessons: &[Lesson], turn: usize) -> Option<Model> {
    (lessons.len() >= MANY).then(|| old.renewed(table, lessons, turn, side_by_side))
}

fn side_by_side(sprouts: &mut [Sprout]) {
    sprouts.par_iter_mut().for_each(Sprout::grow);
}

/// What the guard allows by a study, and by the probabilities of all rows: of trash, and of keep.
#[must_use]
pub fn rulings(study: &Study, keep: &[f32], lessons: &[Lesson], budget: &Budget) -> [Ruling; 2] {
    let mut is_decided = vec![false; keep.len()];
    lessons.iter().for_each(|lesson| is_decided[lesson.row as usize] = true);
    let undecided = || keep.iter().zip(&is_decided).filter(|(_, is_decided)| !**is_decided);
    let kept: f64 = undecided().map(|(keep, _)| f64::from(*keep)).sum();
    let trashed = undecided().count() as f64 - kept;
    let trash = guard::rule(&study.cases, kept, budget);
    let turned: Vec<Case> = study.cases.iter().map(turned).collect();
    let hold = guard::rule(&turned, trashed, budget);
    [trash, Ruling { below: hold.below.map(|below| 1.0 - below), ..hold }]
}

/// The same photo with keep and trash exchanged.
fn turned(case: &Case) -> Case {
    Case { keep: 1.0 - case.keep, is_kept: !case.is_kept, ..*case }
}

/// What a model proposes for an undecided photo.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Proposal {
    /// Trash: within the keep-loss that the person accepts.
    Trash,
    /// Keep: within the same share of the trashed photos.
    Keep,
}

/// What is proposed for a photo of this probability, by the rulings of trash and of keep.
#[must_use]
pub fn proposal(trash: &Ruling, hold: &Ruling, keep: f32) -> Option<Proposal> {
    let is_trash = trash.below.is_some_and(|below| keep < below);
    let is_keep = hold.below.is_some_and(|above| keep > above);
    match (is_trash, is_keep) {
        // Both at once would be a model that knows nothing.
        (true, true) | (false, false) => None,
        (true, false) => Some(Proposal::Trash),
        (false, true) => Some(Proposal::Keep),
    }
}

impl Learned {
    /// What is proposed for a photo of this probability.
    #[must_use]
    pub fn proposal(&self, keep: f32) -> Option<Proposal> {
        proposal(&self.trash, &self.hold, keep)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::guard::audit::mixed;
    use crate::core::learner::TURNS;

    #[test]
    fn a_decision_more_is_known_to_a_part_of_the_trees_at_once_and_to_all_in_the_end() {
        let unit = |at: usize| (mixed(3, at as u64) >> 40) as f32 / (1_u64 << 24) as f32;
        let values = (0..(MANY + 1) * 4).map(unit).collect();
        let table = Table::of_rows(4, values, (0..=MANY as u32).collect());
        let is_kept = |row: usize| table.row(row)[1] > 0.5;
        let lesson = |row| Lesson { row: row as u32, is_kept: is_kept(row), is_free: true };
        let lessons: Vec<Lesson> = (0..=MANY).map(lesson).collect();
        let whole_of = |lessons: &[Lesson]| fit(&table, lessons, Scaling::default());
        let (whole, mut model) = (whole_of(&lessons), whole_of(&lessons[..MANY]));
        for turn in 0..TURNS {
            assert_ne!(model, whole, "turn {turn}");
            model = renewed(&model, &table, &lessons, turn).unwrap();
        }
        assert_eq!(model, whole);
        assert_eq!(renewed(&model, &table, &lessons[..MANY - 1], 0), None, "few take no time");
    }
}
