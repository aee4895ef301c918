//! `rushlight predict`: what would be kept, by what is decided so far.

use std::io;
use std::io::Write;

use indicatif::ProgressBar;
use serde::Serialize;

use super::AppError;
use super::AppResult;
use super::Outcome;
use super::check_paths;
use super::written;
use crate::app::cli::learning::Predict;
use crate::app::window::now;
use crate::core::coded::Coding;
use crate::core::guard::Budget;
use crate::core::learner::LEAST;
use crate::core::learner::Silence;
use crate::disk::config::Settings;
use crate::disk::folders::Folders;
use crate::jobs::cached::Cached;
use crate::jobs::embed::Loading;
use crate::jobs::learn::gather;
use crate::jobs::learn::gather::Gathered;
use crate::jobs::learn::predict;
use crate::jobs::learn::predict::Predicted;
use crate::jobs::learn::predict::Predictions;
use crate::jobs::learn::work::Proposal;

/// A photo as it is printed. The names are an interface and stay.
#[derive(Debug, Serialize)]
struct Row {
    file: String,
    keep: Option<f32>,
    proposal: Option<&'static str>,
}

impl Row {
    fn new(photo: &Predicted) -> Self {
        Self {
            file: photo.path.display().to_string(),
            keep: photo.keep,
            proposal: photo.proposal.map(|proposal| match proposal {
                Proposal::Trash => "trash",
                Proposal::Keep => "keep",
            }),
        }
    }
}

/// Learns from the decisions about a shoot and writes what would be kept to `out`.
///
/// # Errors
/// When a path does not exist, there is no photo, or the decisions cannot be read.
pub fn run(task: &Predict, out: &mut dyn Write) -> AppResult<Outcome> {
    let folders = Folders::find()?;
    let gathered = gathered(&task.paths, &folders)?;
    let budget = Budget { loss: task.budget, ..Budget::default() };
    let found = predict::predict(&gathered, &task.paths, &folders.data, &budget)?;
    written(if task.json { write_json(&found, out) } else { write_words(&found, out) })?;
    Ok(if gathered.failed.is_empty() { Outcome::Done } else { Outcome::Partly })
}

/// Gathers a shoot for the learner, says what fails, and refuses one without photos.
pub fn gathered(paths: &[std::path::PathBuf], folders: &Folders) -> AppResult<Gathered> {
    check_paths(paths)?;
    let (settings, mistakes) = Settings::load(&folders.settings());
    for mistake in mistakes {
        tracing::warn!("{mistake}");
    }
    let network = Loading::later(settings.model.clone(), Some(folders.clone()));
    let cached = Cached::at(&settings.cache, folders, Coding::Bc7).seen_by(network);
    let bar = ProgressBar::new(0);
    let told = |done, total| {
        bar.set_length(total);
        bar.set_position(done);
    };
    let offsets = &settings.clock_offsets_seconds;
    let gathered = gather::gather(paths, &cached, offsets, now(), &told);
    bar.finish_and_clear();
    while let Some(hint) = cached.take_hint() {
        tracing::warn!("{hint}");
    }
    for (path, reason) in &gathered.failed {
        tracing::warn!("{reason}; file: {}", path.display());
    }
    if gathered.order.is_empty() && gathered.failed.is_empty() {
        return Err(AppError::NoPhotos { paths: paths.to_owned() });
    }
    Ok(gathered)
}

/// Why nothing is learned, in words for the person.
pub fn silence_words(silence: Silence) -> String {
    match silence {
        Silence::TooFew { decided } => {
            format!("{decided} photos are decided about, {LEAST} is the least to learn from")
        }
        Silence::NoneTrashed => {
            "all photos decided about are kept: trash some to compare".to_owned()
        }
        Silence::NoneKept => {
            "all photos decided about are trashed: keep some to compare".to_owned()
        }
    }
}

fn write_json(found: &Predictions, out: &mut dyn Write) -> io::Result<()> {
    for photo in &found.photos {
        serde_json::to_writer(&mut *out, &Row::new(photo))?;
        writeln!(out)?;
    }
    Ok(())
}

fn write_words(found: &Predictions, out: &mut dyn Write) -> io::Result<()> {
    for photo in &found.photos {
        let row = Row::new(photo);
        let keep =
            row.keep.map_or_else(|| "  -".to_owned(), |keep| format!("{:3.0}", keep * 100.0));
        writeln!(out, "{keep} %  {:<5}  {}", row.proposal.unwrap_or(""), row.file)?;
    }
    if let Some(silence) = found.silence {
        writeln!(out, "nothing is proposed: {}", silence_words(silence))?;
    }
    match &found.trash {
        Some(ruling) if ruling.missing > 0 => writeln!(
            out,
            "no trash is proposed: {} kept photos are too few, {} more without an error would do",
            ruling.kept, ruling.missing
        ),
        _ => Ok(()),
    }
}
