//! Pure geometry: where on the window a cell of the grid or the photo in the loupe lies, and what
//! lies at a point.
//!
//! Decides places and nothing else; who is current is `review`, what is drawn there `app::compose`.
//! Any value of a field is valid: what makes no sense is taken as the nearest that does
//! (`tests/review.rs` plays windows of one pixel and of a wall).
//!
//! Units: physical pixels of the window, y downwards, from its top left corner. Rectangles are
//! left, top, width, height and whole pixels, so that a picture drawn at 1:1 is exact.

mod grid;
mod lattice;
mod loupe;
mod rows;

pub use grid::Grid;
pub use grid::Heading;
pub use lattice::HEADING;
pub use lattice::SMALL_CELL;
pub use loupe::Loupe;
pub use loupe::Zoom;
pub use rows::Rows;

use super::frame::RectPx;

/// The part of the window that photos are shown in.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Viewport {
    /// Width and height of the window.
    pub size_px: [f32; 2],
    /// Physical pixels in a logical one.
    pub scale: f32,
    /// Height reserved at the top and at the bottom, as for the status line.
    pub insets_px: [f32; 2],
    /// Width reserved at the right, as for a panel.
    pub right_px: f32,
    /// Height reserved at the bottom while one photo is shown, above what is reserved always.
    pub strip_px: f32,
}

impl Viewport {
    /// The whole window, nothing reserved.
    #[must_use]
    pub const fn new(size_px: [f32; 2], scale: f32) -> Self {
        Self { size_px, scale, insets_px: [0.0; 2], right_px: 0.0, strip_px: 0.0 }
    }

    /// Where photos are shown: whole pixels between the insets, at least one.
    #[must_use]
    pub fn area_px(&self) -> RectPx {
        // `max` also turns a NaN into a number.
        let [width, height] = self.size_px.map(|side| side.floor().clamp(1.0, 1e6).max(1.0));
        let [top, bottom] = self.insets_px.map(|inset| inset.round().max(0.0));
        let top = top.min(height - 1.0);
        let right = self.right_px.round().max(0.0);
        [0.0, top, (width - right).max(1.0), (height - top - bottom).max(1.0)]
    }

    /// Where one photo is shown: the same, less the strip under it. A window that is not three times
    /// as high as the strip has none.
    #[must_use]
    pub fn loupe_area_px(&self) -> RectPx {
        let [left, top, width, height] = self.area_px();
        [left, top, width, height - self.strip_height(height)]
    }

    /// Where the strip is, as wide as the window allows; `None` without one.
    #[must_use]
    pub fn strip_area_px(&self) -> Option<RectPx> {
        let [left, top, width, height] = self.area_px();
        let strip = self.strip_height(height);
        (strip > 0.0).then_some([left, top + height - strip, width, strip])
    }

    fn strip_height(&self, area_height: f32) -> f32 {
        let strip = self.strip_px.round().max(0.0);
        if strip * 3.0 <= area_height { strip } else { 0.0 }
    }

    /// So many logical pixels in physical ones: whole, at least one.
    #[must_use]
    pub fn physical(&self, logical: f32) -> f32 {
        (logical * self.scale_or_one()).round().clamp(1.0, 1e6).max(1.0)
    }

    /// The scale, 1 where it makes no sense.
    #[must_use]
    pub(super) fn scale_or_one(&self) -> f32 {
        if self.scale.is_finite() && self.scale > 0.0 { self.scale } else { 1.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn insets_leave_at_least_a_pixel() {
        let whole = Viewport::new([30.5, 20.0], 1.0);
        let viewport = |insets_px| Viewport { insets_px, ..whole };
        assert_eq!(viewport([3.0, 4.0]).area_px(), [0.0, 3.0, 30.0, 13.0]);
        assert_eq!(viewport([30.0, 4.0]).area_px(), [0.0, 19.0, 30.0, 1.0]);
        let beside = |right_px| Viewport { right_px, ..whole }.area_px();
        assert_eq!(beside(10.0), [0.0, 0.0, 20.0, 20.0]);
        assert_eq!(beside(50.0), [0.0, 0.0, 1.0, 20.0]);
    }

    #[test]
    fn a_strip_takes_room_from_one_photo_only_and_never_most_of_it() {
        let viewport = |strip_px| Viewport { strip_px, ..Viewport::new([30.0, 60.0], 1.0) };
        assert_eq!(viewport(20.0).area_px(), [0.0, 0.0, 30.0, 60.0]);
        assert_eq!(viewport(20.0).loupe_area_px(), [0.0, 0.0, 30.0, 40.0]);
        assert_eq!(viewport(20.0).strip_area_px(), Some([0.0, 40.0, 30.0, 20.0]));
        assert_eq!(viewport(21.0).loupe_area_px(), [0.0, 0.0, 30.0, 60.0]);
        assert_eq!(viewport(21.0).strip_area_px(), None);
    }

    #[test]
    fn a_senseless_window_is_one_pixel() {
        let viewport = Viewport::new([f32::NAN, -4.0], f32::NAN);
        assert_eq!(viewport.area_px(), [0.0, 0.0, 1.0, 1.0]);
        assert_eq!(viewport.physical(64.0), 64.0);
    }
}
