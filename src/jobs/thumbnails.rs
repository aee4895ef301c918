//! Embedded thumbnails that the header pass has come by: kept as they lie in the file until they
//! are shown, so that showing one opens no file.
//!
//! So a photo's file is opened twice at most, for its header and for its picture
//! (`tests/opens.rs`). Only in shoots with more thumbnails than there is room for, those of photos
//! found last are read from the file when they come on the screen.
//!
//! Only workers come here, so a lock is allowed.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;

use crate::core::photo::PhotoId;
use crate::disk::colour::Profile;

/// Bytes of all thumbnails together: those of some 8,000 photos.
const ROOM_BYTES: usize = 64 << 20;

/// One of them.
#[derive(Debug)]
pub struct Thumbnail {
    /// As it lies in the file.
    pub jpeg: Box<[u8]>,
    /// The colours of the photo that it is of.
    pub profile: Arc<Profile>,
}

/// Thumbnails not shown yet.
#[derive(Debug)]
pub struct Thumbnails {
    kept: Mutex<Kept>,
    room_bytes: usize,
}

#[derive(Debug, Default)]
struct Kept {
    by_photo: HashMap<PhotoId, Thumbnail>,
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
    pub fn keep(&self, photo: PhotoId, thumbnail: Thumbnail) {
        let mut kept = self.lock();
        let size_bytes = thumbnail.jpeg.len();
        if kept.size_bytes + size_bytes <= self.room_bytes
            && let None = kept.by_photo.insert(photo, thumbnail)
        {
            kept.size_bytes += size_bytes;
        }
    }

    /// Hands a thumbnail out and makes room for another.
    #[must_use]
    pub fn take(&self, photo: PhotoId) -> Option<Thumbnail> {
        let mut kept = self.lock();
        let thumbnail = kept.by_photo.remove(&photo)?;
        kept.size_bytes -= thumbnail.jpeg.len();
        Some(thumbnail)
    }

    /// What is kept is whole after every statement, so a worker that panicked left no damage.
    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::disk::source::Format;

    #[test]
    fn what_came_first_stays_and_what_was_taken_makes_room() {
        let thumbnails = Thumbnails::new(10);
        let keep = |photo, jpeg: &[u8]| {
            let profile = Profile::of(jpeg, Format::Jpeg);
            thumbnails.keep(PhotoId(photo), Thumbnail { jpeg: jpeg.into(), profile });
        };
        let take = |photo| thumbnails.take(PhotoId(photo)).map(|thumbnail| thumbnail.jpeg);
        keep(0, &[1; 6]);
        keep(1, &[2; 6]);
        assert_eq!(take(1), None);
        assert_eq!(take(0).as_deref(), Some(&[1; 6][..]));
        assert_eq!(take(0), None);
        keep(1, &[2; 10]);
        assert_eq!(take(1).as_deref(), Some(&[2; 10][..]));
    }
}
