//! The end of the window: what is waited for, and what is remembered.

use std::path::PathBuf;

use super::PATIENCE;
use super::Table;
use super::now;
use crate::app::commands::AppError;
use crate::core::view::SMALL_CELL;
use crate::disk::places::Places;

/// How the window ended.
pub struct Ending {
    /// Decisions that could not be written.
    pub lost_count: usize,
    /// Why there was no window, if there was none.
    pub failure: Option<AppError>,
    /// Whether something of the shoot could not be read or shown.
    pub has_faults: bool,
    /// The folders that were open last, to be remembered; empty where no photo could be shown.
    pub roots: Vec<PathBuf>,
    /// Whether a decision is followed by the next photo.
    pub auto_advance: bool,
    /// Whether held keys travel faster and faster.
    pub fast_travel: bool,
    /// The size of the cells, in logical pixels.
    pub cell: f32,
    /// Where the person was in each shoot.
    pub places: Places,
}

impl Table {
    /// Ends the table: waits for decisions that are not durable yet.
    #[must_use]
    pub fn end(mut self) -> Ending {
        let board = self.desk.board();
        let has_photos = board.photo_count() > board.failed() as usize;
        let roots = if has_photos { self.desk.roots().to_vec() } else { Vec::new() };
        let has_faults = self.desk.has_faults();
        let auto_advance = self.desk.review.is_auto_advancing();
        let fast_travel = self.desk.is_fast();
        self.note_place();
        if let Some(screen) = self.screen.take() {
            screen.tell_memory();
        }
        // The overview of this shoot is no size for another one.
        let cell = (self.desk.review.grid().cell_px / self.scale).max(SMALL_CELL);
        let mut lost_count = self.desk.close(PATIENCE, now()).err().unwrap_or(0);
        for closing in self.closing {
            // A thread that panicked has printed why; at least one decision is in doubt.
            lost_count += closing.join().map_or(1, |result| result.err().unwrap_or(0));
        }
        let (failure, places) = (self.failure, self.opener.places);
        Ending { lost_count, failure, has_faults, roots, auto_advance, fast_travel, cell, places }
    }
}
