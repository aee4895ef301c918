//! How much room the photos have: the window's, less what stands beside them.

use super::Desk;
use crate::app::theme;
use crate::core::view::Viewport;

impl Desk {
    /// Follows the window's size, in pixels, and scale.
    pub fn set_window(&mut self, size_px: [f32; 2], scale: f32) {
        if self.panels.is_bare {
            self.review.set_viewport(Viewport::new(size_px, scale));
            return;
        }
        let mut viewport = theme::viewport(size_px, scale);
        if self.panels.info || self.panels.learned || self.panels.why {
            viewport.right_px = theme::info_rect(size_px, scale)[2];
        }
        self.review.set_viewport(viewport);
    }

    /// Shows the information about the current photo beside the photos, or takes it away.
    pub fn toggle_info(&mut self) {
        self.panels.info = !self.panels.info;
        (self.panels.learned, self.panels.why) = (false, false);
        let viewport = self.review.viewport();
        self.set_window(viewport.size_px, viewport.scale);
    }

    /// Shows how good the learner is beside the photos, or takes it away.
    pub fn toggle_learned(&mut self) {
        self.panels.learned = !self.panels.learned;
        (self.panels.info, self.panels.why) = (false, false);
        let viewport = self.review.viewport();
        self.set_window(viewport.size_px, viewport.scale);
    }

    /// Shows why the current photo has its probability beside the photos, or takes it away.
    pub fn toggle_why(&mut self) {
        self.panels.why = !self.panels.why;
        (self.panels.info, self.panels.learned) = (false, false);
        let viewport = self.review.viewport();
        self.set_window(viewport.size_px, viewport.scale);
    }

    /// Shows nothing but photos, or everything again.
    pub fn toggle_bare(&mut self) {
        self.panels.is_bare = !self.panels.is_bare;
        let viewport = self.review.viewport();
        self.set_window(viewport.size_px, viewport.scale);
    }
}
