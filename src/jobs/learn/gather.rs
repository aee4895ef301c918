//! A shoot as the learner needs it, without a window: headers, features and traits of every photo.
//!
//! What is cached is taken from there and its file is not opened; what is not is indexed first, so that
//! it is cached from then on.

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::path::PathBuf;

use rayon::prelude::*;

use crate::core::order::Order;
use crate::core::photo::PhotoId;
use crate::core::photo::Timestamp;
use crate::disk::scan;
use crate::disk::scan::Found;
use crate::jobs::board::Board;
use crate::jobs::board::Header;
use crate::jobs::cached::Cached;
use crate::jobs::index;
use crate::jobs::sort;

/// What was gathered.
#[derive(Debug)]
pub struct Gathered {
    /// Headers, features and traits.
    pub board: Board,
    /// The photos in capture order, with their bursts.
    pub order: Order,
    /// Files of which nothing is known, with the reason.
    pub failed: Vec<(PathBuf, String)>,
}

/// Gathers what is known of the photos under `roots`; `progress` is told how many of how many are indexed,
/// where that must be done.
#[must_use]
pub fn gather(
    roots: &[PathBuf],
    cached: &Cached,
    clock_offsets_seconds: &BTreeMap<String, i64>,
    now: Timestamp,
    progress: &(dyn Fn(u64, u64) + Sync),
) -> Gathered {
    let board = Board::default();
    let mut failed = Vec::new();
    scan::scan(roots, &mut |found| {
        match found {
            Found::Photo(path) => _ = board.add(path.as_path().into()),
            Found::Twin(_) | Found::Other => {}
            Found::Trouble(trouble) => {
                failed.push((trouble.path().to_owned(), crate::jobs::shoot::chain(&trouble)));
            }
        }
        std::ops::ControlFlow::Continue(())
    });
    let all: Vec<PhotoId> = (0..board.photo_count() as u32).map(PhotoId).collect();
    let missing = missing(&board, cached, now, &all);
    if !missing.is_empty() {
        let summary = index::index(roots, cached, now, progress);
        failed.extend(summary.failed);
        let known: BTreeSet<PathBuf> = failed.iter().map(|(path, _)| path.clone()).collect();
        for photo in self::missing(&board, cached, now, &missing) {
            let path = board.slot(photo).map_or_else(PathBuf::new, |slot| slot.path.to_path_buf());
            if !known.contains(&path) {
                failed.push((path, "what was measured could not be kept in the cache".to_owned()));
            }
        }
    }
    failed.sort();
    failed.dedup();
    let order = sort::by_time(&board, clock_offsets_seconds);
    Gathered { board, order, failed }
}

/// Takes what the cache knows of photos; gives those of which it knows too little.
fn missing(board: &Board, cached: &Cached, now: Timestamp, photos: &[PhotoId]) -> Vec<PhotoId> {
    let is_missing = |photo: &&PhotoId| {
        let Some(slot) = board.slot(**photo) else { return false };
        let Some(found) = cached.look_up(&slot.path, now) else { return true };
        let Some(features) = cached.features(&found) else { return true };
        match cached.traits(&found) {
            Some(traits) => _ = slot.set_traits(traits),
            None if cached.has_network() => return true,
            None => {}
        }
        _ = slot.set_features(features);
        let facts = found.facts;
        slot.set_header(Header { meta: facts.meta, fingerprint: facts.fingerprint });
        false
    };
    photos.par_iter().filter(is_missing).copied().collect()
}
