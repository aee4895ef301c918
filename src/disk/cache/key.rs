//! What the cache knows a photo by: its path's own bytes, its size, its time of change.
//!
//! A file that was replaced has another size or time, and what was cached of the old one is a miss.
//! The path is kept as the system has it, Unicode or not; a row's number is a hash of it, so that
//! one search in one tree finds a photo. Two paths with one number (a chance of 3 in 10^10 among
//! 100,000) take turns in the one row; the path in it tells them apart.

use std::fs::Metadata;
use std::path::Path;
use std::path::PathBuf;
use std::time::SystemTime;

use xxhash_rust::xxh3::xxh3_64;

/// A photo's file at one time.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Key {
    path: Box<[u8]>,
    size_bytes: u64,
    mtime_ns: i64,
}

impl Key {
    /// The file at `path`, of which the system said `metadata`. `None` where the system keeps no
    /// time of change: such a file cannot be told from the one that replaces it.
    #[must_use]
    pub fn of(path: &Path, metadata: &Metadata) -> Option<Self> {
        Self::written_at(path, metadata.len(), metadata.modified().ok()?)
    }

    /// The file at `path` with a size and a time of change; `None` past the years 1677 and 2262.
    #[must_use]
    pub fn written_at(path: &Path, size_bytes: u64, written: SystemTime) -> Option<Self> {
        Some(Self::new(path, size_bytes, nanos(written)?))
    }

    /// The file that lies at `path` now, which is looked at and not opened; `None` where there is none.
    #[must_use]
    pub fn at(path: &Path) -> Option<Self> {
        Self::of(path, &std::fs::metadata(path).ok()?)
    }

    /// The file at `path` with a size and a time of change in nanoseconds since 1970, UTC.
    #[must_use]
    pub fn new(path: &Path, size_bytes: u64, mtime_ns: i64) -> Self {
        // A shoot that is opened from another folder is the same shoot.
        let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        Self { path: path.as_os_str().as_encoded_bytes().into(), size_bytes, mtime_ns }
    }

    /// The path's bytes, as the system has them.
    pub(super) fn path_bytes(&self) -> &[u8] {
        &self.path
    }

    pub(super) const fn size_bytes(&self) -> u64 {
        self.size_bytes
    }

    pub(super) const fn mtime_ns(&self) -> i64 {
        self.mtime_ns
    }

    /// The number of the row that belongs to the path.
    pub(super) fn row(&self) -> RowId {
        RowId(xxh3_64(&self.path).cast_signed())
    }
}

/// The number of a photo's row in the index.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct RowId(pub(super) i64);

/// Nanoseconds from 1970 to `time`; `None` past the years 1677 and 2262.
fn nanos(time: SystemTime) -> Option<i64> {
    match time.duration_since(SystemTime::UNIX_EPOCH) {
        Ok(since) => i64::try_from(since.as_nanos()).ok(),
        Err(before) => i64::try_from(before.duration().as_nanos()).ok().map(|ns| -ns),
    }
}

/// The path that bytes from the index mean, for people.
#[cfg(unix)]
pub(super) fn path_of(bytes: &[u8]) -> PathBuf {
    use std::os::unix::ffi::OsStrExt;
    std::ffi::OsStr::from_bytes(bytes).into()
}

/// The path that bytes from the index mean, for people.
#[cfg(not(unix))]
pub(super) fn path_of(bytes: &[u8]) -> PathBuf {
    String::from_utf8_lossy(bytes).into_owned().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_before_1970_is_a_time() {
        let second = std::time::Duration::from_secs(1);
        assert_eq!(nanos(SystemTime::UNIX_EPOCH - second), Some(-1_000_000_000));
        assert_eq!(nanos(SystemTime::UNIX_EPOCH + second), Some(1_000_000_000));
    }

    #[cfg(unix)]
    #[test]
    fn a_name_that_is_not_unicode_comes_back() {
        let path = path_of(b"/a/\xFF\xFE.jpg");
        assert_eq!(Key::new(&path, 1, 2).path_bytes(), b"/a/\xFF\xFE.jpg");
        assert_ne!(Key::new(&path, 1, 2).row(), Key::new(&path_of(b"/a/\xFF.jpg"), 1, 2).row());
    }
}
