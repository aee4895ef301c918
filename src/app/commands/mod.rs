//! What the program does when it is started: one file a task. `main` prints what they return.

pub mod cache;
pub mod decisions;
pub mod demo;
pub mod evaluate;
pub mod exif;
pub mod export;
pub mod index;
pub mod open;
pub mod predict;
pub mod settings;
pub mod sheet;
pub mod sidecars;

use std::io;
use std::path::PathBuf;

use crate::disk::DiskError;
use crate::disk::scan;
use crate::gpu::GpuError;

/// How a task ended, for the exit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// All is well.
    Done,
    /// Some photos or decisions failed, and each was named.
    Partly,
}

/// Why a task could not be done at all.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    /// Files.
    #[error(transparent)]
    Disk(#[from] DiskError),

    /// The device.
    #[error(transparent)]
    Gpu(#[from] GpuError),

    /// There is nothing to show.
    #[error("no photos found (JPEG, PNG, WebP and TIFF are read); path: {}", join(paths))]
    NoPhotos {
        /// Where they were looked for.
        paths: Vec<PathBuf>,
    },

    /// The photo to be shown alone is not there, or not alone.
    #[error("{found} photos are called that, expected one: give more of its path; name: {}", name.display())]
    Ambiguous {
        /// How many there are.
        found: usize,
        /// As the person wrote it.
        name: PathBuf,
    },

    /// Nothing can be learned.
    #[error("nothing can be learned: {reason}")]
    Silent {
        /// Why, in words for the person.
        reason: String,
    },

    /// The system gives no thread, terminal or event loop.
    #[error("the system refused: {what}")]
    System {
        /// What was asked for.
        what: &'static str,
        /// What it said.
        source: Box<dyn std::error::Error + Send + Sync>,
    },

    /// There is no run of an export that could be gone on with or undone.
    #[error("there is nothing to {what}; rushlight export log tells what was done")]
    NoRun {
        /// Resume or undo.
        what: &'static str,
    },

    /// A filter cannot be understood.
    #[error("the filter cannot be understood: {words}; filter: {text}")]
    Filter {
        /// What is wrong.
        words: String,
        /// As the person wrote it.
        text: String,
    },

    /// The demo was stopped.
    #[error("stopped before the shoot was whole; delete the folder to begin anew; path: {}", path.display())]
    Stopped {
        /// The folder.
        path: PathBuf,
    },
}

/// The result of a task.
pub type AppResult<T> = Result<T, AppError>;

/// Refuses paths of which none is there, before anything is begun. One that is missing among others
/// stops nothing: the scan tells it.
///
/// # Errors
/// Why the first path cannot be read, where none can be.
pub fn check_paths(paths: &[PathBuf]) -> AppResult<()> {
    let mut checked = paths.iter().map(|path| scan::check_root(path));
    let Some(Err(first)) = checked.next() else { return Ok(()) };
    if checked.any(|outcome| outcome.is_ok()) { Ok(()) } else { Err(AppError::Disk(first)) }
}

/// What became of writing to the terminal or a pipe.
fn written(result: io::Result<()>) -> AppResult<()> {
    result.map_err(|source| AppError::System { what: "writing the output", source: source.into() })
}

fn join(paths: &[PathBuf]) -> String {
    paths.iter().map(|p| p.display().to_string()).collect::<Vec<_>>().join(", ")
}
