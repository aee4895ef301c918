//! Embedded thumbnails that the header pass has come by: kept as they lie in the file until they
//! are shown, so that showing one opens no file.
//!
//! So a photo's file is opened twice at most, for its header and for its picture
//! (`tests/opens.rs`). Only in shoots with more thumbnails than there is room for, those of photos
//! found last are read from the file when they come on the screen.
//!
//! Only workers come here, so a lock is allowed.

use std::collections::HashMap;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;

use crate::core::photo::PhotoId;

/// Bytes of all thumbnails together: those of some 8,000 photos.
const ROOM_BYTES: usize = 64 << 20;

/// Thumbnails not shown yet.
#[derive(Debug)]
pub struct Thumbnails {
    kept: Mutex<Kept>,
    room_bytes: usize,
}

#[derive(Debug, Default)]
struct Kept {
    by_photo: HashMap<PhotoId, Box<[u8]>>,
    size_bytes: usize,
}

impl Default for Thumbnails {
    fn default() -> Self {
        Self::new(ROOM_BYTES)
    }
}

impl Thumbnails {
    /// Room for so many bytes.
    #[must_use]
    pub fn new(room_bytes: usize) -> Self {
        Self { kept: Mutex::default(), room_bytes }
    }

    /// Keeps a thumbnail while there is room: what came first stays.
    pub fn keep(&self, photo: PhotoId, jpeg: &[u8]) {
        let mut kept = self.lock();
        if kept.size_bytes + jpeg.len() <= self.room_bytes
            && let None = kept.by_photo.insert(photo, jpeg.into())
        {
            kept.size_bytes += jpeg.len();
        }
    }

    /// Hands a thumbnail out and makes room for another.
    #[must_use]
    pub fn take(&self, photo: PhotoId) -> Option<Box<[u8]>> {
        let mut kept = self.lock();
        let jpeg = kept.by_photo.remove(&photo)?;
        kept.size_bytes -= jpeg.len();
        Some(jpeg)
    }

    /// What is kept is whole after every statement, so a worker that panicked left no damage.
    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_came_first_stays_and_what_was_taken_makes_room() {
        let thumbnails = Thumbnails::new(10);
        thumbnails.keep(PhotoId(0), &[1; 6]);
        thumbnails.keep(PhotoId(1), &[2; 6]);
        assert_eq!(thumbnails.take(PhotoId(1)), None);
        assert_eq!(thumbnails.take(PhotoId(0)).as_deref(), Some(&[1; 6][..]));
        assert_eq!(thumbnails.take(PhotoId(0)), None);
        thumbnails.keep(PhotoId(1), &[2; 10]);
        assert_eq!(thumbnails.take(PhotoId(1)).as_deref(), Some(&[2; 10][..]));
    }
}
