//! What is in the window, and where: questions that change nothing.

use std::ops::Range;

use super::Heading;
use super::Review;
use super::Stage;
use crate::core::frame::RectPx;
use crate::core::photo::PhotoId;

impl Review {
    /// The indices of which something is on the window: in the loupe, of the current photo alone.
    #[must_use]
    pub fn visible(&self) -> Range<usize> {
        match (self.stage, self.current_index()) {
            (Stage::Loupe, Some(index)) => index..index + 1,
            _ => self.grid.visible(&self.viewport, &self.rows),
        }
    }

    /// At most `count` indices next to the visible ones, on the side that the person moves to.
    #[must_use]
    pub fn ahead(&self, count: usize) -> Range<usize> {
        self.beside(count, self.heading)
    }

    /// At most `count` indices next to the visible ones, on the side that the person comes from.
    #[must_use]
    pub fn behind(&self, count: usize) -> Range<usize> {
        self.beside(
            count,
            match self.heading {
                Heading::Forward => Heading::Backward,
                Heading::Backward => Heading::Forward,
            },
        )
    }

    fn beside(&self, count: usize, heading: Heading) -> Range<usize> {
        let Range { start, end } = self.visible();
        match heading {
            Heading::Forward => end..end.saturating_add(count).min(self.order.len()),
            Heading::Backward => start.saturating_sub(count)..start,
        }
    }

    /// Whether the person last moved towards the end of the order.
    #[must_use]
    pub fn is_heading_forward(&self) -> bool {
        self.heading == Heading::Forward
    }

    /// The indices whose cells are in the window, also while the loupe is open.
    #[must_use]
    pub fn cells(&self) -> Range<usize> {
        self.grid.visible(&self.viewport, &self.rows)
    }

    /// Where the cell of an index lies in the grid; may be outside the window.
    #[must_use]
    pub fn cell_rect_px(&self, index: usize) -> RectPx {
        self.grid.cell_rect(&self.viewport, &self.rows, index)
    }

    /// The index of the grid's cell at a point.
    #[must_use]
    pub fn index_at(&self, at_px: [f32; 2]) -> Option<usize> {
        self.grid.index_at(&self.viewport, &self.rows, at_px)
    }

    /// Where the loupe shows a photo of a size that is upright by its EXIF.
    #[must_use]
    pub fn loupe_rect_px(&self, photo: PhotoId, size_px: [u32; 2]) -> RectPx {
        self.loupe.rect_px(&self.viewport, self.turned_px(photo, size_px))
    }

    /// Physical pixels for each pixel of a photo in the loupe; its size is upright by its EXIF.
    #[must_use]
    pub fn loupe_scale(&self, photo: PhotoId, size_px: [u32; 2]) -> f32 {
        self.loupe.scale(&self.viewport, self.turned_px(photo, size_px))
    }
}
