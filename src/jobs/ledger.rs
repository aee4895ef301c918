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

    /// Writes down that `photo` has `new` in the place of `old`.
    pub fn note_tile(&self, photo: PhotoId, old: Option<&Tile>, new: &Tile) {
        self.tile_bytes.fetch_add(new.size_bytes(), Ordering::Relaxed);
        match old {
            Some(old) => _ = self.tile_bytes.fetch_sub(old.size_bytes(), Ordering::Relaxed),
            None => lock(&self.tiles).push(photo),
        }
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
        // Counted anew: a tile that another worker replaced meanwhile was counted by guess.
        let bytes = tiles.iter().filter_map(|&p| board.slot(p)).map(Slot::tile_bytes).sum();
        self.tile_bytes.store(bytes, Ordering::Relaxed);
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
    use crate::core::texels::Texels;
    use crate::jobs::board::Stage;
    use std::path::Path;

    /// A board of photos with a tile of 4 + 16 + 64 bytes each, seen in the frames given.
    fn shoot(seen: &[u32], tile_bytes: usize) -> (Board, Ledger) {
        let board = Board::default();
        let ledger = Ledger::new(Budget { tile_bytes, view_bytes: 0 });
        for &frame in seen {
            let photo = board.add(Path::new("a.jpg").into());
            let levels = [1, 2, 4].map(|e| Some(Arc::new(Texels::filled([e, e], [0; 4]))));
            let tile = Arc::new(Tile { levels, mean: [0; 3], whole_edge_px: 4 });
            ledger.note_tile(photo, None, &tile);
            let slot = board.slot(photo).unwrap();
            slot.set_tile(tile, Stage::Tile);
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
