//! Reads a whole shoot without a window: every photo opened once and decoded once.
//!
//! Large pictures are decoded one at a time, as each takes hundreds of megabytes. Nobody waits for
//! that one: a worker that comes by another lays it aside, open, for the end; only when too many lie
//! there it waits.

use std::cell::Cell;
use std::path::Path;
use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;
use std::sync::TryLockError;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering;

use rayon::prelude::*;

use super::cached::Cached;
use super::decode;
use super::plan::weight::Weight;
use super::shoot::chain;
use crate::core::photo::Timestamp;
use crate::disk::DiskResult;
use crate::disk::cache::layout::Level;
use crate::disk::exif;
use crate::disk::picture;
use crate::disk::scan;
use crate::disk::scan::Found;
use crate::disk::source::Source;

/// What was read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Summary {
    /// Photos found, those that cannot be shown included.
    pub photos: u64,
    /// Files and folders that could not be read, with the reason, in natural order.
    pub failed: Vec<(PathBuf, String)>,
    /// Photo files opened.
    pub opens: u64,
    /// Main pictures decoded, or tried to.
    pub decodes: u64,
    /// Embedded pictures decoded.
    pub previews: u64,
    /// Photos whose tile came from the cache on disk.
    pub cache_hits: u64,
    /// Bytes read from photo files.
    pub bytes_read: u64,
}

/// Large pictures that may lie aside, each an open file: far fewer than a program may open.
const ASIDE_LIMIT: usize = 64;

/// What the workers share.
struct Reading<'a> {
    cached: &'a Cached,
    now: Timestamp,
    cache_hits: AtomicU64,
    opens: AtomicU64,
    decodes: AtomicU64,
    bytes_read: AtomicU64,
    /// Held by whoever decodes a large picture.
    turn: Mutex<()>,
    aside: Mutex<Vec<(PathBuf, Source)>>,
}

/// Reads every photo under `roots`; `progress` is told how many of how many are done, from any
/// thread.
#[must_use]
pub fn index(
    roots: &[PathBuf],
    cached: &Cached,
    now: Timestamp,
    progress: &(dyn Fn(u64, u64) + Sync),
) -> Summary {
    let mut paths = Vec::new();
    let mut failed = Vec::new();
    scan::scan(roots, &mut |found| {
        match found {
            Found::Photo(path) => paths.push(path),
            Found::Twin(_) | Found::Other => {}
            Found::Trouble(trouble) => {
                failed.push((trouble.path().to_owned(), chain(&trouble)));
            }
        }
        std::ops::ControlFlow::Continue(())
    });
    let total = paths.len() as u64;
    let done = AtomicU64::new(0);
    let reading = Reading::new(cached, now);
    progress(0, total);
    let attempt = |path: &Path, work: &dyn Fn() -> DiskResult<bool>| {
        let outcome = decode::guarded(work);
        if outcome != Ok(false) {
            progress(done.fetch_add(1, Ordering::Relaxed) + 1, total);
        }
        outcome.err().map(|reason| (path.to_owned(), reason))
    };
    let read = |path: &PathBuf| attempt(path, &|| reading.read_or_lay_aside(path));
    failed.par_extend(paths.par_iter().filter_map(read));
    let aside = std::mem::take(&mut *lock(&reading.aside));
    failed.extend(aside.into_iter().filter_map(|(path, source)| {
        let source = Cell::new(Some(source));
        attempt(&path, &|| {
            // A second attempt is for the file as it is by then.
            let source = source.take().map_or_else(|| reading.open(&path), Ok)?;
            reading.decode(source, &path).map(|()| true)
        })
    }));
    failed.sort();
    cached.commit();
    Summary {
        photos: total,
        failed,
        opens: reading.opens.into_inner(),
        decodes: reading.decodes.into_inner(),
        previews: 0,
        cache_hits: reading.cache_hits.into_inner(),
        bytes_read: reading.bytes_read.into_inner(),
    }
}

impl<'a> Reading<'a> {
    fn new(cached: &'a Cached, now: Timestamp) -> Self {
        Self {
            cached,
            now,
            cache_hits: AtomicU64::new(0),
            opens: AtomicU64::new(0),
            decodes: AtomicU64::new(0),
            bytes_read: AtomicU64::new(0),
            turn: Mutex::new(()),
            aside: Mutex::new(Vec::new()),
        }
    }

    /// Whether an earlier run has read the photo as it is now, its smallest tile is still kept, its
    /// features are those that this program measures, and its network, if there is one, has looked.
    fn is_cached(&self, path: &Path) -> bool {
        let found = self.cached.look_up(path, self.now);
        found.is_some_and(|found| {
            found.size_px(Level::Small).is_some()
                && self.cached.features(&found).is_some()
                && (self.cached.traits(&found).is_some() || !self.cached.has_network())
        })
    }

    fn open(&self, path: &Path) -> DiskResult<Source> {
        self.opens.fetch_add(1, Ordering::Relaxed);
        Source::open(path)
    }

    /// Gives whether the photo is done with.
    fn read_or_lay_aside(&self, path: &Path) -> DiskResult<bool> {
        if self.is_cached(path) {
            self.cache_hits.fetch_add(1, Ordering::Relaxed);
            return Ok(true);
        }
        let mut source = self.open(path)?;
        let read = source.format().and_then(|format| exif::read(&mut source, format, path));
        let meta = read.inspect_err(|_| self.count_bytes(&source))?;
        let _turn = match Weight::of_size(meta.size_px) {
            Weight::Light => None,
            Weight::Heavy => match self.turn.try_lock() {
                Ok(turn) => Some(turn),
                Err(TryLockError::Poisoned(turn)) => Some(turn.into_inner()),
                Err(TryLockError::WouldBlock) => {
                    let mut aside = lock(&self.aside);
                    if aside.len() < ASIDE_LIMIT {
                        aside.push((path.to_owned(), source));
                        return Ok(false);
                    }
                    drop(aside);
                    Some(lock(&self.turn))
                }
            },
        };
        self.decode(source, path).map(|()| true)
    }

    fn decode(&self, mut source: Source, path: &Path) -> DiskResult<()> {
        let outcome = decode::header_of(&mut source, path).and_then(|header| {
            let key = source.key();
            let (format, turn, bytes) = decode::picture_in(&mut source, path)?;
            self.decodes.fetch_add(1, Ordering::Relaxed);
            let (limits, coding) = (picture::Limits::default(), self.cached.coding());
            let made = picture::decode_tile(bytes, format, turn, coding, &limits, path)?;
            if let Some(key) = key {
                let traits = self.cached.look(&made, turn);
                self.cached.keep(&key, &header, (&made, traits.as_ref()), self.now);
            }
            Ok(())
        });
        self.count_bytes(&source);
        outcome
    }

    fn count_bytes(&self, source: &Source) {
        self.bytes_read.fetch_add(source.bytes_read(), Ordering::Relaxed);
    }
}

/// What the workers share is whole after every statement, so one that panicked left no damage.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::coded::Coding;
    use std::fs;

    /// The header of a JPEG of 12000 x 9000 pixels, of whose picture nothing is there.
    const HEAVY: &[u8] = &[
        0xFF, 0xD8, 0xFF, 0xC0, 0, 11, 8, 0x23, 0x28, 0x2E, 0xE0, 1, 1, 0x11, 0, 0xFF, 0xDA, 0, 8,
        1, 1, 0, 0, 63, 0,
    ];

    #[test]
    fn a_large_picture_is_laid_aside_while_another_has_its_turn() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.jpg");
        fs::write(&path, HEAVY).unwrap();
        let cached = Cached::none(Coding::Bc7);
        let reading = Reading::new(&cached, Timestamp(0));
        let turn = lock(&reading.turn);
        assert!(matches!(reading.read_or_lay_aside(&path), Ok(false)));
        assert_eq!(lock(&reading.aside).len(), 1);
        drop(turn);
        assert!(reading.read_or_lay_aside(&path).is_err(), "it is decoded, as far as it goes");
        assert_eq!(lock(&reading.aside).len(), 1);
    }

    #[test]
    fn each_large_picture_is_opened_decoded_and_told_once() {
        let folder = tempfile::tempdir().unwrap();
        let count = ASIDE_LIMIT as u64 + 20;
        for number in 0..count {
            fs::write(folder.path().join(format!("{number}.jpg")), HEAVY).unwrap();
        }
        let done = AtomicU64::new(0);
        let told = |now, total| {
            assert_eq!(total, count);
            done.fetch_max(now, Ordering::Relaxed);
        };
        let summary =
            index(&[folder.path().to_owned()], &Cached::none(Coding::Bc7), Timestamp(0), &told);
        assert_eq!((summary.opens, summary.decodes), (count, count));
        assert_eq!((summary.failed.len() as u64, done.into_inner()), (count, count));
        assert_eq!(summary.bytes_read, count * HEAVY.len() as u64);
    }
}
