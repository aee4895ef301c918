//! How good the learner is on a shoot whose labels are known: it learns from a share of whole bursts and is
//! judged on the rest.

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::time::Instant;

use super::gather::Gathered;
use super::rows;
use super::work;
use super::work::Learned;
use super::work::Proposal;
use crate::core::guard::Budget;
use crate::core::guard::Ruling;
use crate::core::guard::audit::mixed;
use crate::core::learner;
use crate::core::learner::Lesson;
use crate::core::learner::Silence;
use crate::core::learner::figures::Figures;
use crate::core::learner::figures::Judged;
use crate::core::learner::table::Inputs;
use crate::core::learner::table::Table;
use crate::disk::labels::Labelled;
use crate::disk::labels::Labels;

/// How it is done.
#[derive(Debug, Clone, Copy)]
pub struct Trial {
    /// The share of the photos that is learned from, in whole bursts, 0 to 1.
    pub fraction: f64,
    /// Which bursts: the same seed takes the same ones.
    pub seed: u64,
    /// What the guard is held to.
    pub budget: Budget,
    /// What is looked at; `None` for the true faults instead, where the labels tell them.
    pub inputs: Option<Inputs>,
}

/// A labelled photo of the trial.
#[derive(Debug, Clone, PartialEq)]
pub struct Tried {
    /// Its file.
    pub path: PathBuf,
    /// Its row.
    pub row: usize,
    /// Its label.
    pub is_kept: bool,
    /// The fold that it was learned in; `None` where it was judged.
    pub fold: Option<u8>,
    /// Its probability; out of fold where it was learned from.
    pub keep: f32,
}

/// What the judged photos say of probabilities, and of proposals.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Verdict {
    /// Photos judged.
    pub photos: usize,
    /// Photos learned from.
    pub decisions: usize,
    /// The figures of the photos judged.
    pub figures: Figures,
    /// How many of them were proposed as trash.
    pub proposed: usize,
    /// Kept ones among those, over all kept ones.
    pub proposed_keep_loss: f64,
    /// Trashed ones among those, over all trashed ones.
    pub proposed_junk_caught: f64,
}

impl Verdict {
    /// Judges the photos of `tried` that were not learned from, by what the rulings of trash and of keep allow.
    #[must_use]
    pub fn of(tried: &[Tried], trash: &Ruling, hold: &Ruling) -> Self {
        let rest = || tried.iter().filter(|tried| tried.fold.is_none());
        let judged: Vec<Judged> = rest().map(|tried| (tried.keep, tried.is_kept)).collect();
        let is_proposed =
            |tried: &&Tried| work::proposal(trash, hold, tried.keep) == Some(Proposal::Trash);
        let [trashed, kept] =
            [false, true].map(|is_kept| rest().filter(|tried| tried.is_kept == is_kept).count());
        let proposed =
            |is_kept| rest().filter(|tried| tried.is_kept == is_kept).filter(is_proposed).count();
        Self {
            photos: judged.len(),
            decisions: tried.len() - judged.len(),
            figures: Figures::of(&judged),
            proposed: rest().filter(is_proposed).count(),
            proposed_keep_loss: proposed(true) as f64 / kept.max(1) as f64,
            proposed_junk_caught: proposed(false) as f64 / trashed.max(1) as f64,
        }
    }
}

/// What came of it.
#[derive(Debug, Clone)]
pub struct Evaluated {
    /// What the judged photos say.
    pub verdict: Verdict,
    /// Milliseconds until the model was there.
    pub fit_ms: f64,
    /// Milliseconds for the probabilities of all photos.
    pub predict_ms: f64,
    /// What was learned.
    pub learned: Learned,
    /// The rows.
    pub table: Table,
    /// All labelled photos.
    pub tried: Vec<Tried>,
}

/// Learns and judges.
///
/// # Errors
/// Why nothing could be learned.
pub fn evaluate(gathered: &Gathered, labels: &Labels, trial: &Trial) -> Result<Evaluated, Silence> {
    let order = &gathered.order;
    let table = match trial.inputs {
        Some(inputs) => rows::table(&gathered.board, order, inputs),
        None => true_table(gathered, labels),
    };
    let all = labelled(gathered, labels, &table);
    let taught = taught(&all, &table, trial);
    let lessons: Vec<Lesson> = all
        .iter()
        .filter(|tried| taught.contains(&table.bursts()[tried.row]))
        .map(|tried| Lesson { row: tried.row as u32, is_kept: tried.is_kept, is_free: true })
        .collect();
    if let Some(silence) = learner::silence(&lessons) {
        return Err(silence);
    }
    let learned = work::learn(&table, &lessons, &trial.budget);
    // Once more for the clock: above, the folds ran beside it.
    let begin = Instant::now();
    let model = work::fit(&table, &lessons, learned.study.scaling);
    let fit_ms = begin.elapsed().as_secs_f64() * 1e3;
    let begin = Instant::now();
    let keep = model.predict(&table);
    let predict_ms = begin.elapsed().as_secs_f64() * 1e3;
    let fold_of: BTreeMap<usize, (u8, f32)> = lessons
        .iter()
        .zip(learned.study.folds.iter().zip(&learned.study.judged))
        .map(|(lesson, (fold, judged))| (lesson.row as usize, (*fold, judged.0)))
        .collect();
    let told = |tried: Tried| match fold_of.get(&tried.row) {
        Some(&(fold, keep)) => Tried { fold: Some(fold), keep, ..tried },
        None => Tried { keep: keep[tried.row], ..tried },
    };
    let tried: Vec<Tried> = all.into_iter().map(told).collect();
    let verdict = Verdict::of(&tried, &learned.trash, &learned.hold);
    Ok(Evaluated { verdict, fit_ms, predict_ms, learned, table, tried })
}

/// The photos with labels and rows.
fn labelled(gathered: &Gathered, labels: &Labels, table: &Table) -> Vec<Tried> {
    let photos = gathered.order.photos().iter().enumerate();
    let tried = photos.filter_map(|(at, photo)| {
        let path = gathered.board.slot(*photo)?.path.to_path_buf();
        let (row, label) = (table.row_of(at)?, labels.of(&path)?);
        Some(Tried { path, row, is_kept: label.is_kept, fold: None, keep: 0.5 })
    });
    tried.collect()
}

/// The bursts that are learned from: in the order of a hash, until the share is reached.
fn taught(all: &[Tried], table: &Table, trial: &Trial) -> BTreeSet<u32> {
    let mut sizes: BTreeMap<u32, usize> = BTreeMap::new();
    for tried in all {
        *sizes.entry(table.bursts()[tried.row]).or_default() += 1;
    }
    let mut order: Vec<(u32, usize)> = sizes.into_iter().collect();
    order.sort_by_key(|(burst, _)| (mixed(trial.seed, u64::from(*burst)), *burst));
    let wanted = trial.fraction * all.len() as f64;
    let mut taken = 0;
    let is_wanted = |(burst, size): (u32, usize)| {
        let is_wanted = (taken as f64) < wanted;
        taken += size;
        is_wanted.then_some(burst)
    };
    order.into_iter().map_while(is_wanted).collect()
}

/// What a made-up shoot's own truth tells of a photo, in the place of features: the ceiling of what can be
/// learned from it.
fn true_table(gathered: &Gathered, labels: &Labels) -> Table {
    let slots = gathered.order.photos().iter().map(|photo| gathered.board.slot(*photo));
    let told: Vec<Labelled> = slots
        .map(|slot| slot.and_then(|slot| labels.of(&slot.path)).cloned().unwrap_or_default())
        .collect();
    let sources: BTreeSet<&str> = told.iter().filter_map(|l| l.source.as_deref()).collect();
    let fault = |label: &Labelled, name: &str| label.faults.get(name).copied().unwrap_or(0.0);
    let mut bursts = Vec::new();
    let mut values = Vec::new();
    for (number, range) in (0_u32..).zip(rows::bursts(&gathered.order)) {
        for label in &told[range] {
            bursts.push(number);
            let ev = fault(label, "exposure_ev");
            let faults = [fault(label, "defocus"), fault(label, "motion"), ev, ev.abs()];
            values.extend(faults.map(|fault| fault as f32));
            values.push(label.is_best.map_or(f32::NAN, f32::from));
            let is_it = |source: &&str| label.source.as_deref() == Some(*source);
            values.extend(sources.iter().map(|source| f32::from(is_it(source))));
        }
    }
    Table::of_rows(5 + sources.len(), values, bursts)
}
