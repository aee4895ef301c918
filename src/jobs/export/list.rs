//! Lists of photos for scripts, made beside the window: what the store knows of each, then a file of
//! a name that is free.

use std::io;
use std::path::Path;
use std::path::PathBuf;
use std::sync::Arc;

use crate::core::label::Label;
use crate::core::photo::PhotoId;
use crate::core::photo::Timestamp;
use crate::core::review::LabelColumn;
use crate::disk::DiskError;
use crate::disk::DiskResult;
use crate::disk::decisions::Decided;
use crate::disk::decisions::Decisions;
use crate::disk::decisions::Origin;
use crate::disk::export;
use crate::jobs::board::Board;
use crate::jobs::decided;
use crate::jobs::decided::Read;

/// Photos looked up in one transaction: another program's commit waits for a few milliseconds.
const BATCH: usize = 1024;

/// How a list is written.
pub type Print = fn(&[Read]) -> io::Result<Vec<u8>>;

/// A list that would be written.
#[derive(Debug, Clone)]
pub struct Listing {
    /// The photos, in their order.
    pub photos: Vec<(PathBuf, PhotoId)>,
    /// The file.
    pub file: PathBuf,
    /// What is known of them.
    pub board: Arc<Board>,
    /// What is decided about them.
    pub labels: LabelColumn,
    /// How it is written.
    pub print: Print,
}

impl PartialEq for Listing {
    /// Of the same photos in the same file.
    fn eq(&self, other: &Self) -> bool {
        self.photos == other.photos && self.file == other.file
    }
}

/// Writes the list.
///
/// # Errors
/// When the store cannot be read, or the file cannot be written or is there already.
pub fn write(listing: &Listing, store: &Path, now: Timestamp) -> DiskResult<()> {
    let rows = rows(listing, store, now)?;
    let failed = |source| DiskError::Write { path: listing.file.clone(), source };
    let text = (listing.print)(&rows).map_err(failed)?;
    export::write_new_list(&listing.file, &text)
}

/// What is decided is the window's word, by whom and when is the store's.
fn rows(listing: &Listing, store: &Path, now: Timestamp) -> DiskResult<Vec<Read>> {
    let mut store = Decisions::open(store)?;
    let mut rows = Vec::with_capacity(listing.photos.len());
    for batch in listing.photos.chunks(BATCH) {
        let known: Vec<_> =
            batch.iter().map(|(path, id)| decided::of(&listing.board, *id, path)).collect();
        for ((path, photo), stored) in batch.iter().zip(store.look_up(&known)?) {
            let label = listing.labels.get(*photo);
            let decided = match stored {
                Some(stored) if stored.label == *label => Some(stored),
                // Decided just now, and not stored yet.
                _ if *label != Label::default() => {
                    let by = Origin::Person;
                    // Whether the step was about this photo alone is not known here, nor listed.
                    Some(Decided { label: label.clone(), by, at: now, is_free: false })
                }
                _ => None,
            };
            rows.push((path.clone(), decided));
        }
    }
    Ok(rows)
}
