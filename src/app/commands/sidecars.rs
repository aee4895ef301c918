//! `rushlight sidecars write`: what other programs wrote is taken over, what is decided is written.

use std::io;
use std::io::Write;

use serde::Serialize;

use super::AppError;
use super::AppResult;
use super::Outcome;
use super::check_paths;
use super::written;
use crate::app::cli::sidecars::Prefer;
use crate::app::cli::sidecars::SidecarsTask;
use crate::app::cli::sidecars::SidecarsWrite;
use crate::app::window::now;
use crate::disk::config::Settings;
use crate::disk::folders::Folders;
use crate::disk::sidecar::settings::SidecarSettings;
use crate::jobs::sidecar::settle::Side;
use crate::jobs::sidecar::write;
use crate::jobs::sidecar::write::Summary;

/// What is printed. The names are an interface and stay.
#[derive(Debug, Serialize)]
struct Printed {
    photos: usize,
    written: usize,
    imported: usize,
    disputed: Vec<Disputed>,
    failed: Vec<String>,
}

#[derive(Debug, Serialize)]
struct Disputed {
    file: String,
    says: String,
}

/// Does what `task` says and prints what was done.
///
/// # Errors
/// When a path does not exist, there is no photo, or the store does not work.
pub fn run(task: &SidecarsTask, out: &mut dyn Write) -> AppResult<Outcome> {
    let SidecarsTask::Write(task) = task;
    check_paths(&task.paths)?;
    let folders = Folders::find()?;
    let (settings, mistakes) = Settings::load(&folders.settings());
    for mistake in mistakes {
        tracing::warn!("{mistake}");
    }
    let summary = write::write(&write::Task {
        roots: &task.paths,
        store: &folders.data,
        // Whoever asks for them wants them.
        settings: &SidecarSettings { write: true, ..settings.sidecars },
        side: match task.prefer {
            None => Side::Neither,
            Some(Prefer::Ours) => Side::Ours,
            Some(Prefer::Theirs) => Side::Theirs,
        },
        now: now(),
    })?;
    if summary.photos == 0 && summary.failed.is_empty() {
        return Err(AppError::NoPhotos { paths: task.paths.clone() });
    }
    let is_well = summary.failed.is_empty() && summary.disputed.is_empty();
    written(print(task, summary, out))?;
    Ok(if is_well { Outcome::Done } else { Outcome::Partly })
}

fn print(task: &SidecarsWrite, summary: Summary, out: &mut dyn Write) -> io::Result<()> {
    for reason in summary.failed.iter().filter(|_| !task.json) {
        tracing::warn!("{reason}");
    }
    let Summary { photos, written, imported, disputed, failed } = summary;
    if task.json {
        let disputed = disputed.into_iter();
        let disputed = disputed
            .map(|(path, says)| Disputed { file: path.display().to_string(), says })
            .collect();
        serde_json::to_writer(&mut *out, &Printed { photos, written, imported, disputed, failed })?;
        return writeln!(out);
    }
    for (path, says) in &disputed {
        writeln!(out, "{}: {says}", path.display())?;
    }
    writeln!(out, "{photos} photos, {written} sidecars written, {imported} photos taken over")?;
    if !disputed.is_empty() {
        let count = disputed.len();
        writeln!(
            out,
            "{count} say otherwise and were left alone; settle it with --prefer ours or theirs"
        )?;
    }
    Ok(())
}
