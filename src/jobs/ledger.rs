//! How much memory pictures take, and which of them must leave when it is too much.
//!
//! Tiles: the 512 px levels leave first, those longest unseen before the others; when that is not
//! enough, whole tiles leave. Large pictures: those that nobody wishes for any more leave first,
//! the farthest wish before the nearest; the first wish always stays.
//!
//! Only workers come here, so a lock is allowed. What the window draws from an evicted tile stays
//! alive until it lets go: a picture is shared, never taken away.

use std::sync::Arc;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering;

use super::board::Board;
use super::board::Slot;
use super::board::Stage;
use super::board::Tile;
use super::board::Views;
use crate::core::photo::PhotoId;

/// Memory for tiles and for large pictures, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Budget {
    /// All tiles together.
    pub tile_bytes: usize,
    /// All large pictures together.
    pub view_bytes: usize,
}

/// Who holds memory.
#[derive(Debug)]
pub struct Ledger {
    budget: Budget,
    tile_bytes: AtomicUsize,
    tiles: Mutex<Vec<PhotoId>>,
    views: Mutex<Vec<PhotoId>>,
}

impl Ledger {
    /// An empty ledger.
    #[must_use]
    pub fn new(budget: Budget) -> Self {
        Self {
            budget,
            tile_bytes: AtomicUsize::new(0),
            tiles: Mutex::new(Vec::new()),
            views: Mutex::new(Vec::new()),
        }
    }

    /// Bytes of all tiles.
    #[must_use]
    pub fn tile_bytes(&self) -> usize {
        self.tile_bytes.load(Ordering::Relaxed)
    }

    /// Whether tiles may be made that nobody has asked for yet: up to three quarters of the
    /// budget, so that what is asked for next pushes nothing out at once.
    #[must_use]
    pub fn has_room(&self) -> bool {
        self.tile_bytes() < self.budget.tile_bytes / 4 * 3
    }

    /// Gives a photo a tile in the place of the one that it has, and counts it: the only door, so
    /// that no tile is in memory uncounted, nor evicted between the count and its place.
    pub fn put_tile(&self, photo: PhotoId, slot: &Slot, tile: Arc<Tile>, stage: Stage) {
        let mut tiles = lock(&self.tiles);
        if slot.tile().is_none() {
            tiles.push(photo);
        }
        self.tile_bytes.fetch_sub(slot.tile_bytes(), Ordering::Relaxed);
        self.tile_bytes.fetch_add(tile.size_bytes(), Ordering::Relaxed);
        slot.set_tile(tile, stage);
    }

    /// Writes down that `photo` has large pictures.
    pub fn note_views(&self, photo: PhotoId) {
        let mut views = lock(&self.views);
        if !views.contains(&photo) {
            views.push(photo);
        }
    }

    /// Lets tiles go until the budget holds.
    pub fn settle_tiles(&self, board: &Board) {
        if self.tile_bytes() <= self.budget.tile_bytes {
            return;
        }
        let mut tiles = lock(&self.tiles);
        tiles.sort_by_key(|&p| board.slot(p).map_or(0, Slot::seen_frame));
        // A sixteenth below the budget, so that the next tile does not sort everything again.
        let goal = self.budget.tile_bytes / 16 * 15;
        for &photo in tiles.iter() {
            if self.tile_bytes() <= goal {
                return;
            }
            self.shrink(board, photo);
        }
        let mut gone = 0;
        while self.tile_bytes() > goal && gone < tiles.len() {
            self.drop_tile(board, tiles[gone]);
            gone += 1;
        }
        tiles.drain(..gone);
    }

    /// Lets large pictures go that are over the budget; `wanted` is a photo's place among the
    /// wishes, `None` when nobody wishes for it.
    pub fn settle_views(&self, board: &Board, wanted: impl Fn(PhotoId) -> Option<usize>) {
        let mut views = lock(&self.views);
        views.sort_by_key(|&p| wanted(p).unwrap_or(usize::MAX));
        let mut bytes = 0;
        let mut at = 0;
        views.retain(|&photo| {
            let Some(slot) = board.slot(photo) else { return false };
            bytes += slot.views().as_ref().map_or(0, |v| size_bytes(v));
            at += 1;
            let stays = at == 1 || bytes <= self.budget.view_bytes;
            if !stays {
                slot.set_views(None);
            }
            stays
        });
    }

    /// Takes the largest level away where a smaller one remains.
    fn shrink(&self, board: &Board, photo: PhotoId) {
        let Some(slot) = board.slot(photo) else { return };
        let tile = slot.tile();
        let Some(tile) = tile.as_ref() else { return };
        let [small, medium, large] = &tile.levels;
        let Some(large) = large else { return };
        if small.is_none() && medium.is_none() {
            return;
        }
        self.tile_bytes.fetch_sub(large.bytes().len(), Ordering::Relaxed);
        let levels = [small.clone(), medium.clone(), None];
        slot.evict(Some(Arc::new(Tile { levels, ..Tile::clone(tile) })));
    }

    fn drop_tile(&self, board: &Board, photo: PhotoId) {
        let Some(slot) = board.slot(photo) else { return };
        if let Some(tile) = slot.tile().as_ref() {
            self.tile_bytes.fetch_sub(tile.size_bytes(), Ordering::Relaxed);
        }
        slot.evict(None);
    }
}

/// Bytes of a photo's large pictures.
fn size_bytes(views: &Views) -> usize {
    let full = views.full.as_ref().map_or(0, |v| v.texels.bytes().len());
    views.fit.texels.bytes().len() + full
}

/// The lists are whole after every statement, so a worker that panicked left no damage.
fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::coded::Coded;
    use crate::core::coded::Coding;
    use std::path::Path;
    use std::thread;

    /// A tile of 4 + 16 + 64 bytes.
    fn tile() -> Arc<Tile> {
        let coded = |edge: u32| {
            let bytes = vec![0; Coding::Rgba8.size_bytes([edge, edge])];
            Coded::new([edge, edge], Coding::Rgba8, bytes).map(Arc::new)
        };
        Arc::new(Tile {
            levels: [1, 2, 4].map(coded),
            mean: [0; 3],
            whole_px: [4, 4],
            detail: None,
            scopes: None,
        })
    }

    /// A board of photos with a tile each, seen in the frames given.
    fn shoot(seen: &[u32], tile_bytes: usize) -> (Board, Ledger) {
        let board = Board::default();
        let ledger = Ledger::new(Budget { tile_bytes, view_bytes: 0 });
        for &frame in seen {
            let photo = board.add(Path::new("a.jpg").into());
            let slot = board.slot(photo).unwrap();
            ledger.put_tile(photo, slot, tile(), Stage::Tile);
            slot.see(frame);
        }
        (board, ledger)
    }

    /// How many levels each photo has left.
    fn levels(board: &Board) -> Vec<usize> {
        (0..board.photo_count() as u32)
            .map(|p| {
                let slot = board.slot(PhotoId(p)).unwrap();
                slot.tile().as_ref().map_or(0, |t| t.levels.iter().flatten().count())
            })
            .collect()
    }

    #[test]
    fn nothing_leaves_within_the_budget() {
        let (board, ledger) = shoot(&[1, 2, 3], 3 * 84);
        ledger.settle_tiles(&board);
        assert_eq!(levels(&board), [3, 3, 3]);
    }

    #[test]
    fn what_is_counted_is_what_is_there_whoever_puts_and_evicts() {
        // Room for a single one, so that each that comes sends another one away.
        let (board, ledger) = shoot(&[1, 2, 3, 4], 84);
        thread::scope(|scope| {
            for worker in 0..4 {
                let (board, ledger) = (&board, &ledger);
                scope.spawn(move || {
                    for turn in 0..5_000 {
                        let photo = PhotoId((worker + turn) % 4);
                        let slot = board.slot(photo).unwrap();
                        ledger.put_tile(photo, slot, tile(), Stage::Tile);
                        ledger.settle_tiles(board);
                    }
                });
            }
        });
        let slots = (0..4).filter_map(|photo| board.slot(PhotoId(photo)));
        assert_eq!(slots.map(Slot::tile_bytes).sum::<usize>(), ledger.tile_bytes());
        assert!(ledger.tile_bytes() <= 84, "{} bytes", ledger.tile_bytes());
        let mut known = lock(&ledger.tiles).clone();
        known.sort();
        let has_tile = |photo: &PhotoId| board.slot(*photo).unwrap().tile().is_some();
        let there: Vec<_> = (0..4).map(PhotoId).filter(has_tile).collect();
        assert_eq!(known, there, "what is written down, and what has a tile");
    }

    #[test]
    fn the_large_level_of_the_longest_unseen_leaves_first() {
        let (board, ledger) = shoot(&[9, 1, 5], 208);
        ledger.settle_tiles(&board);
        assert_eq!(levels(&board), [3, 2, 3]);
        assert_eq!(ledger.tile_bytes(), 84 + 20 + 84);
    }

    #[test]
    fn whole_tiles_leave_when_large_levels_are_not_enough() {
        let (board, ledger) = shoot(&[9, 1, 5], 48);
        ledger.settle_tiles(&board);
        assert_eq!(levels(&board), [2, 0, 2]);
        assert_eq!(board.slot(PhotoId(1)).unwrap().stage(), Stage::Nothing);
    }
}
