//! `rushlight evaluate`: how well the learner does on a shoot whose labels are known.

use std::io;
use std::io::Write;

use serde::Serialize;

use super::AppError;
use super::AppResult;
use super::Outcome;
use super::predict;
use super::written;
use crate::app::cli::learning::Evaluate;
use crate::app::cli::learning::Seen;
use crate::core::guard::Budget;
use crate::core::learner::table::Column;
use crate::core::learner::table::Inputs;
use crate::disk::folders::Folders;
use crate::disk::labels::Labels;
use crate::jobs::learn::evaluate;
use crate::jobs::learn::evaluate::Evaluated;
use crate::jobs::learn::evaluate::Trial;

/// The figures as they are printed. The names are an interface and stay; null is what cannot be said.
#[derive(Debug, Serialize)]
struct Report {
    photos: usize,
    decisions: usize,
    accuracy: Option<f64>,
    keep_loss: Option<f64>,
    junk_leak: Option<f64>,
    precision: Option<f64>,
    recall: Option<f64>,
    pr_auc: Option<f64>,
    roc_auc: Option<f64>,
    brier: Option<f64>,
    ece: Option<f64>,
    proposed: usize,
    proposed_keep_loss: f64,
    proposed_junk_caught: f64,
    fit_ms: f64,
    predict_ms: f64,
    /// Kept photos that would have to be decided about before anything is proposed; 0 where it is.
    missing: usize,
    /// By how much fewer independent photos there are, as bursts are alike.
    design_effect: f64,
}

impl Report {
    fn new(found: &Evaluated) -> Self {
        let (verdict, figures) = (&found.verdict, &found.verdict.figures);
        let known = |value: f64| value.is_finite().then_some(value);
        Self {
            photos: verdict.photos,
            decisions: verdict.decisions,
            accuracy: known(figures.accuracy),
            keep_loss: known(figures.keep_loss),
            junk_leak: known(figures.junk_leak),
            precision: known(figures.precision),
            recall: known(figures.recall),
            pr_auc: known(figures.pr_auc),
            roc_auc: known(figures.roc_auc),
            brier: known(figures.brier),
            ece: known(figures.ece),
            proposed: verdict.proposed,
            proposed_keep_loss: verdict.proposed_keep_loss,
            proposed_junk_caught: verdict.proposed_junk_caught,
            fit_ms: found.fit_ms,
            predict_ms: found.predict_ms,
            missing: found.learned.trash.missing,
            design_effect: found.learned.trash.design_effect,
        }
    }
}

/// Learns from a share of a labelled shoot, judges the rest, and writes the figures to `out`.
///
/// # Errors
/// When a path or the labels cannot be read, there is no photo, or nothing can be learned.
pub fn run(task: &Evaluate, out: &mut dyn Write) -> AppResult<Outcome> {
    let labels = Labels::read(&task.labels)?;
    let gathered = predict::gathered(&task.paths, &Folders::find()?)?;
    let trial = Trial {
        fraction: task.fraction,
        seed: task.seed,
        budget: Budget { loss: task.budget, ..Budget::default() },
        inputs: match task.inputs {
            Seen::All => Some(Inputs::All),
            Seen::Features => Some(Inputs::Features),
            Seen::Embedding => Some(Inputs::Embedding),
            Seen::Truth => None,
        },
    };
    let found = evaluate::evaluate(&gathered, &labels, &trial)
        .map_err(|silence| AppError::Silent { reason: predict::silence_words(silence) })?;
    written(match (task.table, task.json) {
        (true, _) => write_table(&found, out),
        (_, true) => write_json(&found, out),
        _ => write_words(&found, out),
    })?;
    Ok(if gathered.failed.is_empty() { Outcome::Done } else { Outcome::Partly })
}

fn write_json(found: &Evaluated, out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer(&mut *out, &Report::new(found))?;
    writeln!(out)
}

fn write_words(found: &Evaluated, out: &mut dyn Write) -> io::Result<()> {
    let report = serde_json::to_value(Report::new(found))?;
    for (name, value) in report.as_object().into_iter().flatten() {
        writeln!(out, "{name:<22} {value}")?;
    }
    Ok(())
}

/// What the learner saw, for other learners to be compared with: a line for each labelled photo, with
/// its fold where it was learned from, and its probability. `burst` is the first of those that are alike.
fn write_table(found: &Evaluated, out: &mut dyn Write) -> io::Result<()> {
    let mut table = csv::Writer::from_writer(out);
    let names = found.table.columns().iter().map(|column| match column {
        Column::Feature(feature) => feature.name.to_owned(),
        Column::Embedding(number) => format!("number_{number}"),
    });
    let heading = ["file", "label", "burst", "fold", "keep"].map(str::to_owned);
    table.write_record(heading.into_iter().chain(names))?;
    for tried in &found.tried {
        let label = if tried.is_kept { "keep" } else { "trash" };
        let first = [
            tried.path.display().to_string(),
            label.to_owned(),
            found.table.alike()[tried.row].to_string(),
            tried.fold.map_or_else(String::new, |fold| fold.to_string()),
            tried.keep.to_string(),
        ];
        let values = found.table.row(tried.row).iter().map(ToString::to_string);
        table.write_record(first.into_iter().chain(values))?;
    }
    table.flush()
}
