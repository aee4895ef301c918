//! Reads a whole shoot without a window: every photo opened once and decoded once.

use std::path::Path;
use std::path::PathBuf;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering;

use rayon::prelude::*;

use super::decode;
use super::shoot::chain;
use crate::disk::DiskResult;
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

#[derive(Default)]
struct Counts {
    opens: AtomicU64,
    decodes: AtomicU64,
    bytes_read: AtomicU64,
}

/// Reads every photo under `roots`; `progress` is told how many of how many are done, from any
/// thread.
#[must_use]
pub fn index(roots: &[PathBuf], progress: &(dyn Fn(u64, u64) + Sync)) -> Summary {
    let mut paths = Vec::new();
    let mut failed = Vec::new();
    scan::scan(roots, &mut |found| {
        match found {
            Found::Photo(path) => paths.push(path),
            Found::Other => {}
            Found::Trouble(trouble) => {
                failed.push((trouble.path().to_owned(), chain(&trouble)));
            }
        }
        std::ops::ControlFlow::Continue(())
    });
    let total = paths.len() as u64;
    let done = AtomicU64::new(0);
    let counts = Counts::default();
    progress(0, total);
    failed.par_extend(paths.par_iter().filter_map(|path| {
        let outcome = decode::guarded(|| read(path, &counts));
        progress(done.fetch_add(1, Ordering::Relaxed) + 1, total);
        outcome.err().map(|reason| (path.clone(), reason))
    }));
    failed.sort();
    Summary {
        photos: total,
        failed,
        opens: counts.opens.into_inner(),
        decodes: counts.decodes.into_inner(),
        previews: 0,
        cache_hits: 0,
        bytes_read: counts.bytes_read.into_inner(),
    }
}

fn read(path: &Path, counts: &Counts) -> DiskResult<()> {
    counts.opens.fetch_add(1, Ordering::Relaxed);
    let mut source = Source::open(path)?;
    let outcome = decode_tile(&mut source, path, counts);
    counts.bytes_read.fetch_add(source.bytes_read(), Ordering::Relaxed);
    outcome
}

fn decode_tile(source: &mut Source, path: &Path, counts: &Counts) -> DiskResult<()> {
    let header = decode::header_of(source, path)?;
    let _alone = decode::alone_when_large(&header);
    let format = source.format()?;
    let bytes = source.whole()?;
    counts.decodes.fetch_add(1, Ordering::Relaxed);
    let limits = picture::Limits::default();
    picture::decode_tile(bytes, format, header.meta.turn, &limits, path).map(drop)
}
