//! Makes the demo shoot on all cores.
//!
//! This file decides only who draws which photo and when to stop; what is drawn is `core::scene`'s,
//! what is written `disk::demo`'s. The first error stops the rest: a full disk is full for all.

use std::path::Path;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::AtomicU32;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering;

use rayon::iter::IntoParallelIterator;
use rayon::iter::ParallelIterator;

use crate::disk::DiskResult;
use crate::disk::demo::Folder;
pub use crate::disk::demo::Plan;

/// What came of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Summary {
    /// Photos in the shoot.
    pub photos: u32,
    /// Photos written by this call: 0 when the same shoot was there already.
    pub written: u32,
    /// Bytes of the photos written.
    pub size_bytes: u64,
    /// Whether `cancel` stopped it before the end; a later call makes it whole.
    pub was_cancelled: bool,
}

/// Writes the demo shoot of `plan` into `dir`, which is made where it does not exist.
///
/// `progress` is told the number of photos written so far, from any thread and not always in order.
/// Setting `cancel` stops before the next photo.
///
/// # Errors
/// A folder that is not a demo shoot, or what the system said while writing.
pub fn write(
    dir: &Path,
    plan: &Plan,
    progress: &(dyn Fn(u32) + Sync),
    cancel: &AtomicBool,
) -> DiskResult<Summary> {
    let folder = Folder::open(dir, *plan)?;
    let photos = folder.photos() as u32;
    if folder.is_complete() {
        progress(photos);
        return Ok(Summary { photos, ..Summary::default() });
    }
    let (written, size_bytes) = (AtomicU32::new(0), AtomicU64::new(0));
    (0..folder.photos()).into_par_iter().try_for_each(|index| {
        if !cancel.load(Ordering::Relaxed) {
            size_bytes.fetch_add(folder.write_photo(index)?, Ordering::Relaxed);
            progress(written.fetch_add(1, Ordering::Relaxed) + 1);
        }
        Ok(())
    })?;
    let written = written.into_inner();
    if written == photos {
        folder.finish()?;
    }
    Ok(Summary {
        photos,
        written,
        size_bytes: size_bytes.into_inner(),
        was_cancelled: written < photos,
    })
}
