//! One road from the whole shoot to single pixels: cells grow until one is the whole area, then the
//! photo itself grows, and back.
//!
//! ```text
//! whole shoot --- sections --- grid --- one cell = fitted photo --- 1:1 --- 8:1
//! '----------- cells about a photo -----------''---- the photo about a point ---'
//! ```
//!
//! A photo that fills the last cell lies where the loupe fits it, so that the change is not seen.
//! Going back by a key leads to cells of which more than a few are seen: those last looked at.

use super::Review;
use super::Stage;
use crate::core::photo::PhotoId;
use crate::core::view::Zoom;

/// What one press of a zoom key enlarges by: three of them about double.
pub(super) const ZOOM_STEP: f32 = 1.25;

impl Review {
    /// About the current photo, or the middle of the window where that is not seen.
    pub(super) fn zoom_grid(
        &mut self,
        factor: f32,
        photo_size_px: &dyn Fn(PhotoId) -> Option<[u32; 2]>,
    ) {
        let Some(eye) = self.eye() else { return };
        let index = self.order.index_of(eye.photo).unwrap_or(0);
        let [x, y, width, height] = self.cell_rect_px(index);
        self.zoom_grid_about(factor, [x + width / 2.0, y + height / 2.0], photo_size_px);
        let [_, top, _, room] = self.viewport.area_px();
        let [_, y, _, height] = self.cell_rect_px(index);
        if eye.is_current && (y < top || y + height > top + room) {
            self.reveal_current();
        }
    }

    /// Where the largest cells are passed, the photo nearest to the point is looked at alone.
    pub(super) fn zoom_grid_about(
        &mut self,
        factor: f32,
        at_px: [f32; 2],
        photo_size_px: &dyn Fn(PhotoId) -> Option<[u32; 2]>,
    ) {
        if factor > 1.0 && self.grid.is_largest(&self.viewport) && self.current.is_some() {
            self.set_current(self.grid.nearest(&self.viewport, &self.rows, at_px));
            self.stage = Stage::Loupe;
            self.loupe.zoom = Zoom::Fit;
            if let Some(size_px) = self.current_size_px(photo_size_px) {
                self.loupe.fill(&self.viewport, size_px);
                self.loupe.zoom_about(&self.viewport, size_px, factor, at_px);
            }
            return;
        }
        let (viewport, rows) = (&self.viewport, &mut self.rows);
        self.grid.zoom_about(viewport, &self.order, rows, factor, at_px);
        self.note_stop();
    }

    /// Remembers the size of cells, unless they are so large that few are seen.
    pub(super) fn note_stop(&mut self) {
        let [_, _, width, height] = self.viewport.area_px();
        if self.grid.cell_px <= width.max(height) / 2.0 {
            self.stop_px = self.grid.cell_px;
        }
    }

    /// Goes back to cells of which more than a few are seen.
    pub(super) fn stop(&mut self) {
        let [_, _, width, height] = self.viewport.area_px();
        if self.grid.cell_px > width.max(height) / 2.0 {
            self.grid.unpin();
            self.grid.cell_px = self.stop_px;
            self.fit();
        }
    }

    /// Below the whole photo, the largest cells follow.
    pub(super) fn zoom_loupe(&mut self, size_px: Option<[u32; 2]>, factor: f32, at_px: [f32; 2]) {
        let is_filling = |size_px| self.loupe.is_filling(&self.viewport, size_px);
        if factor < 1.0 && size_px.is_none_or(is_filling) {
            self.loupe.zoom = Zoom::Fit;
            self.stage = Stage::Grid;
            let [_, _, width, height] = self.viewport.area_px();
            self.grid.unpin();
            self.grid.cell_px = width.max(height);
            self.fit();
            self.reveal_current();
            let (viewport, rows) = (&self.viewport, &mut self.rows);
            self.grid.zoom_about(viewport, &self.order, rows, factor, at_px);
        } else if let Some(size_px) = size_px {
            self.loupe.zoom_about(&self.viewport, size_px, factor, at_px);
            if factor < 1.0 && self.loupe.is_filling(&self.viewport, size_px) {
                self.loupe.fill(&self.viewport, size_px);
            }
        }
    }

    /// Sets the side of a cell in physical pixels, as it was in an earlier run.
    pub fn set_cell_px(&mut self, cell_px: f32) {
        let before = self.look();
        let eye = self.eye();
        self.grid.cell_px = cell_px;
        self.grid.unpin();
        self.fit();
        self.note_stop();
        self.keep(eye.as_ref());
        self.note_change(&before);
    }
}
