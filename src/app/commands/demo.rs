//! `rushlight demo`: writes a shoot of made-up photos.

use std::io::Write;
use std::sync::atomic::AtomicBool;

use super::AppError;
use super::AppResult;
use super::Outcome;
use super::index::progress_bar;
use crate::app::cli::Demo;
use crate::jobs::demo;
use crate::jobs::demo::Plan;

/// Writes the shoot and says where.
///
/// # Errors
/// When the folder holds something else, or cannot be written.
pub fn run(task: &Demo, out: &mut dyn Write) -> AppResult<Outcome> {
    let plan = Plan { photos: task.photos, megapixels: task.megapixels, seed: task.seed };
    let bar = progress_bar();
    bar.set_length(u64::from(task.photos));
    let never = AtomicBool::new(false);
    let written =
        demo::write(&task.folder, &plan, &|done| bar.set_position(u64::from(done)), &never);
    bar.finish_and_clear();
    written?;
    let count = task.photos;
    writeln!(out, "wrote {count} photos; open them with: rushlight {}", task.folder.display())
        .map_err(|source| AppError::System {
            what: "writing to the terminal",
            source: source.into(),
        })?;
    Ok(Outcome::Done)
}
