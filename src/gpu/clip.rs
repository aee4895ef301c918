//! What of the surface may be covered, in whole pixels and inside the surface.
//!
//! The device refuses a scissor that leaves the surface, so a [`Clip`] is made only by cutting.

use crate::core::frame::RectPx;

/// A part of the surface that is not empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Clip {
    pub left: u32,
    pub top: u32,
    pub right: u32,
    pub bottom: u32,
}

impl Clip {
    /// `rect_px` to the nearest pixel, cut to a surface of `size_px`; `None` where nothing is left.
    pub(super) fn cut(rect_px: RectPx, size_px: [u32; 2]) -> Option<Self> {
        // A cast from float saturates, and turns what is no number into 0: every rect is safe here.
        let edge = |at: f32, limit: u32| (at.round() as u32).min(limit);
        let [left, top, width, height] = rect_px;
        let clip = Self {
            left: edge(left, size_px[0]),
            top: edge(top, size_px[1]),
            right: edge(left + width, size_px[0]),
            bottom: edge(top + height, size_px[1]),
        };
        (clip.left < clip.right && clip.top < clip.bottom).then_some(clip)
    }

    /// Whether a pixel of `[left, top, right, bottom]` may lie inside.
    pub(super) fn touches(self, edges_px: [f32; 4]) -> bool {
        let [left, top, right, bottom] = edges_px;
        left < self.right as f32
            && right > self.left as f32
            && top < self.bottom as f32
            && bottom > self.top as f32
    }

    /// Lets `pass` draw inside only.
    pub(super) fn apply(self, pass: &mut wgpu::RenderPass<'_>) {
        let (width, height) = (self.right - self.left, self.bottom - self.top);
        pass.set_scissor_rect(self.left, self.top, width, height);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(rect_px: RectPx, expect: Option<[u32; 4]>) {
        let found = Clip::cut(rect_px, [100, 50]);
        assert_eq!(found.map(|c| [c.left, c.top, c.right, c.bottom]), expect, "{rect_px:?}");
    }

    #[test]
    fn a_clip_stays_on_the_surface() {
        check([10.0, 10.0, 20.0, 20.0], Some([10, 10, 30, 30]));
        check([-10.0, -10.0, 20.0, 20.0], Some([0, 0, 10, 10]));
        check([90.0, 40.0, 1e9, f32::INFINITY], Some([90, 40, 100, 50]));
        check([100.0, 0.0, 10.0, 10.0], None);
        check([10.0, 10.0, 0.2, 5.0], None);
        check([10.0, 10.0, -5.0, 5.0], None);
        check([f32::NAN, 0.0, 5.0, 5.0], None);
    }

    #[test]
    fn what_only_shares_an_edge_does_not_touch() {
        let clip = Clip::cut([10.0, 10.0, 10.0, 10.0], [100, 50]).expect("it is on the surface");
        assert!(clip.touches([0.0, 0.0, 10.5, 10.5]));
        assert!(!clip.touches([0.0, 0.0, 10.0, 40.0]));
        assert!(!clip.touches([20.0, 0.0, 30.0, 40.0]));
    }
}
