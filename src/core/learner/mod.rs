//! What a person would keep, learned from what they have kept and trashed.
//!
//! ```text
//! features, embedding -table-> rows --+-> forest, all decisions -> votes -+-> Model: probabilities, at once
//! decisions --------------------------+                          scaling -+
//!                                     +-> folds: forests that have not seen the burst -> votes out of fold
//!                                                  -> scaling, figures, cases for the guard: Study, a moment later
//! ```
//!
//! Proposals of the program's own are never lessons: [`Lesson`]s are a person's. Deterministic: what
//! looks random is a hash, and sums are made in one order. Starts no thread: whoever has some runs the folds
//! side by side ([`Fold`]). Under [`LEAST`] decisions, or with one class only, there is no model, and
//! [`Silence`] says why.

pub mod alike;
pub mod calibration;
pub mod figures;
pub mod folds;
mod forest;
pub mod table;
pub mod teach;
pub mod why;

use self::calibration::Scaling;
use self::figures::Bin;
use self::figures::Figures;
use self::figures::Judged;
use self::folds::FOLDS;
use self::forest::Forest;
use self::forest::Lessons;
pub use self::forest::Sprout;
pub use self::forest::TURNS;
use self::table::Table;
use super::guard::Case;

/// Decisions that there must be.
pub const LEAST: usize = 10;

/// Changes when the same decisions would give another model.
pub const VERSION: u32 = 3;

/// A photo that a person has decided about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lesson {
    /// Its row in the table.
    pub row: u32,
    /// Kept, or else trashed.
    pub is_kept: bool,
    /// Whether the person came to it and decided without the model's help.
    pub is_free: bool,
}

/// Why there is no model.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Silence {
    /// There are fewer decisions than it takes.
    TooFew {
        /// How many there are.
        decided: usize,
    },
    /// All photos decided about are kept.
    NoneTrashed,
    /// All photos decided about are trashed.
    NoneKept,
}

/// Whether these lessons teach nothing yet, and why.
#[must_use]
pub fn silence(lessons: &[Lesson]) -> Option<Silence> {
    let kept = lessons.iter().filter(|lesson| lesson.is_kept).count();
    match lessons.len() {
        decided if decided < LEAST => Some(Silence::TooFew { decided }),
        decided if kept == decided => Some(Silence::NoneTrashed),
        _ if kept == 0 => Some(Silence::NoneKept),
        _ => None,
    }
}

/// What has been learned.
#[derive(Debug, Clone, PartialEq)]
pub struct Model {
    forest: Forest,
    scaling: Scaling,
}

impl Model {
    /// Learns from all `lessons`, whose votes become probabilities by `scaling`: that of the last study,
    /// or the default one.
    #[must_use]
    pub fn fit(table: &Table, lessons: &[Lesson], scaling: Scaling) -> Self {
        Self::fit_with(table, lessons, scaling, forest::one_by_one)
    }

    /// The same, with trees that `run` lets grow on whatever threads it likes.
    #[must_use]
    pub fn fit_with(
        table: &Table,
        lessons: &[Lesson],
        scaling: Scaling,
        run: impl FnOnce(&mut [Sprout]),
    ) -> Self {
        let (columns, is_kept, all) = seen(table, lessons);
        let lessons = Lessons { columns: &columns, is_kept: &is_kept };
        Self { forest: Forest::fit(&lessons, &all, run), scaling }
    }

    /// The model of a moment before with one in [`TURNS`] of its trees grown anew from `lessons`, those whose
    /// `turn` it is; `table` has the columns that it was learned from. After as many turns, or once it is
    /// fitted, it knows all of them.
    #[must_use]
    pub fn renewed(
        &self,
        table: &Table,
        lessons: &[Lesson],
        turn: usize,
        run: impl FnOnce(&mut [Sprout]),
    ) -> Self {
        let (columns, is_kept, all) = seen(table, lessons);
        let lessons = Lessons { columns: &columns, is_kept: &is_kept };
        Self { forest: self.forest.renewed(&lessons, &all, turn, run), scaling: self.scaling }
    }

    /// The model with another scaling.
    #[must_use]
    pub fn scaled(self, scaling: Scaling) -> Self {
        Self { scaling, ..self }
    }

    /// The probability that each photo of a table is kept, by row.
    #[must_use]
    pub fn predict(&self, table: &Table) -> Vec<f32> {
        let mut votes = self.forest.votes(table.len(), |row| table.row(row));
        votes.iter_mut().for_each(|vote| *vote = self.scaling.probability(*vote));
        votes
    }
}

/// One fold: a forest that is to learn from the others and vote on this one.
#[derive(Debug)]
pub struct Fold<'a> {
    table: &'a Table,
    lessons: &'a [Lesson],
    seen: &'a Lessons<'a>,
    of: &'a [u8],
    number: u8,
    /// The lessons of the fold, and the votes on them.
    votes: Vec<(u32, f32)>,
}

impl Fold<'_> {
    /// Learns and votes.
    pub fn run(&mut self) {
        let is_mine = |at: &u32| self.of[*at as usize] == self.number;
        let all = 0..self.lessons.len() as u32;
        let (mine, others): (Vec<u32>, Vec<u32>) = all.partition(is_mine);
        let forest = Forest::fit(self.seen, &others, forest::one_by_one);
        let row = |at: u32| self.table.row(self.lessons[at as usize].row as usize);
        let votes = forest.votes(mine.len(), |at| row(mine[at]));
        self.votes = mine.into_iter().zip(votes).collect();
    }
}

/// What is known of a model from photos that it had not seen.
#[derive(Debug, Clone, PartialEq)]
pub struct Study {
    /// From votes to probabilities.
    pub scaling: Scaling,
    /// By lesson: its probability out of fold, and whether it was kept.
    pub judged: Vec<Judged>,
    /// The fold of each lesson.
    pub folds: Vec<u8>,
    /// The figures out of fold.
    pub figures: Figures,
    /// The reliability curve.
    pub reliability: [Bin; figures::BINS],
    /// By lesson, what the guard calibrates with.
    pub cases: Vec<Case>,
}

impl Study {
    /// Studies lessons that are not silent. Those that are alike are not parted ([`Table::alike`]). `run` runs
    /// the folds, on whatever threads it likes.
    #[must_use]
    pub fn of(table: &Table, lessons: &[Lesson], run: impl FnOnce(&mut [Fold])) -> Self {
        let alike: Vec<u32> = lessons.iter().map(|l| table.alike()[l.row as usize]).collect();
        let (columns, is_kept, _) = seen(table, lessons);
        let of = folds::folds(&alike, &is_kept);
        let seen = Lessons { columns: &columns, is_kept: &is_kept };
        let fold = |number| {
            let (seen, of) = (&seen, of.as_slice());
            Fold { table, lessons, seen, of, number, votes: Vec::new() }
        };
        let mut all: Vec<Fold> = (0..FOLDS as u8).map(fold).collect();
        run(&mut all);
        let mut votes = vec![0.0; lessons.len()];
        for (at, vote) in all.iter().flat_map(|fold| &fold.votes) {
            votes[*at as usize] = *vote;
        }
        drop(all);
        Self::of_votes(lessons, &alike, &votes, of)
    }

    /// Studies votes that are there: on each lesson that of a learner which has not seen it, in log-odds; its group
    /// of those that are alike; and its fold.
    #[must_use]
    pub fn of_votes(lessons: &[Lesson], alike: &[u32], votes: &[f32], folds: Vec<u8>) -> Self {
        let is_kept = lessons.iter().map(|lesson| lesson.is_kept);
        let voted: Vec<Judged> = votes.iter().copied().zip(is_kept).collect();
        let scaling = Scaling::fit(&voted);
        let probable = |(vote, is_kept): &Judged| (scaling.probability(*vote), *is_kept);
        let judged: Vec<Judged> = voted.iter().map(probable).collect();
        let case = |((&(keep, is_kept), lesson), &burst): ((&Judged, &Lesson), &u32)| Case {
            keep,
            is_kept,
            burst,
            is_free: lesson.is_free,
        };
        let cases = judged.iter().zip(lessons).zip(alike).map(case).collect();
        let (figures, reliability) = (Figures::of(&judged), figures::reliability(&judged));
        Self { scaling, judged, folds, figures, reliability, cases }
    }
}

/// What a forest sees of lessons: their values, column after column, whether they were kept, and all of
/// their numbers.
fn seen(table: &Table, lessons: &[Lesson]) -> (Vec<Vec<f32>>, Vec<bool>, Vec<u32>) {
    let mut columns = vec![Vec::with_capacity(lessons.len()); table.columns().len()];
    for lesson in lessons {
        for (column, value) in columns.iter_mut().zip(table.row(lesson.row as usize)) {
            column.push(*value);
        }
    }
    let is_kept = lessons.iter().map(|lesson| lesson.is_kept).collect();
    (columns, is_kept, (0..lessons.len() as u32).collect())
}
