//! The loupe: one photo, fitted to the area or enlarged about a point.
//!
//! ```text
//!           +-- photo --------------+
//!           |      +-- area --+     |   where the photo is larger than the area, it covers it;
//!           |      |  centre  |     |   where it is smaller, it stands in the middle
//!           |      +----------+     |
//!           +-----------------------+
//! ```
//!
//! Zoom and centre belong to the loupe, not to the photo, so that they stay when the photo changes:
//! the same eye is compared from frame to frame. The centre also stays while the photo is fitted.
//!
//! Fitting never enlarges: a small photo is shown at 1:1 until the person zooms, because enlarged
//! pixels look like lost focus. A scale below the fitting one shows the photo fitted.
//!
//! Units: sizes are of the upright photo, in its own pixels; a scale is physical pixels of the
//! window for each of them.

use super::Viewport;
use crate::core::frame::RectPx;

/// The largest scale: single pixels are told apart on any display.
const SCALE_MAX: f32 = 8.0;

/// How large the photo is shown.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Zoom {
    /// As large as the area allows, at most 1:1.
    Fit,
    /// Physical pixels for each pixel of the photo; 1 is exact.
    Scale(f32),
}

/// Zoom and place of the photo in the loupe.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Loupe {
    /// How large the photo is shown.
    pub zoom: Zoom,
    /// What of the upright photo is in the middle of the area, 0 to 1 either way. Without effect
    /// where the photo is smaller than the area.
    pub centre: [f32; 2],
}

impl Default for Loupe {
    fn default() -> Self {
        Self { zoom: Zoom::Fit, centre: [0.5; 2] }
    }
}

impl Loupe {
    /// The scale at which the photo is drawn.
    #[must_use]
    pub fn scale(&self, viewport: &Viewport, photo_px: [u32; 2]) -> f32 {
        let fit = fit_scale(viewport, photo_px);
        match self.zoom {
            Zoom::Fit => fit,
            Zoom::Scale(scale) => scale.min(SCALE_MAX).max(fit),
        }
    }

    /// Shows the photo as large as the area, a small one enlarged: as the last cell of the grid does.
    pub fn fill(&mut self, viewport: &Viewport, photo_px: [u32; 2]) {
        let fill = fill_scale(viewport, photo_px);
        self.zoom = if fill > 1.0 { Zoom::Scale(fill) } else { Zoom::Fit };
    }

    /// Whether the photo is shown no larger than the last cell of the grid does.
    #[must_use]
    pub fn is_filling(&self, viewport: &Viewport, photo_px: [u32; 2]) -> bool {
        self.scale(viewport, photo_px) <= fill_scale(viewport, photo_px)
    }

    /// Where the whole photo is drawn; may reach beyond the area.
    #[must_use]
    pub fn rect_px(&self, viewport: &Viewport, photo_px: [u32; 2]) -> RectPx {
        let scale = self.scale(viewport, photo_px);
        let [left, top, width, height] = viewport.loupe_area_px();
        let sides = shown_px(photo_px, scale);
        let place = |origin: f32, room: f32, side: f32, centre: f32| {
            if side <= room {
                origin + ((room - side) / 2.0).floor()
            } else {
                let start = origin + room / 2.0 - inside(centre, side, room) * side;
                start.round().clamp(origin + room - side, origin)
            }
        };
        let x = place(left, width, sides[0], self.centre[0]);
        let y = place(top, height, sides[1], self.centre[1]);
        [x, y, sides[0], sides[1]]
    }

    /// Enlarges by `factor` and keeps the point of the photo at `at_px` there, between fitted and
    /// 8:1. On its way past 1:1 it stops there once, so that exact pixels are met without aiming.
    pub fn zoom_about(
        &mut self,
        viewport: &Viewport,
        photo_px: [u32; 2],
        factor: f32,
        at_px: [f32; 2],
    ) {
        if !(factor.is_finite() && factor > 0.0) {
            return;
        }
        let before = self.scale(viewport, photo_px);
        let after = before * factor;
        let passes_actual = (before < 1.0 && after > 1.0) || (before > 1.0 && after < 1.0);
        let after = if passes_actual { 1.0 } else { after };
        if factor < 1.0 && after <= fit_scale(viewport, photo_px) {
            self.zoom = Zoom::Fit;
        } else {
            self.scale_about(viewport, photo_px, after.min(SCALE_MAX), at_px);
        }
    }

    /// From 1:1 to fitted, from any other zoom to 1:1; the point of the photo at `at_px` stays
    /// there. Without a point or a size, the centre of last time is looked at again.
    pub fn toggle_actual(
        &mut self,
        viewport: &Viewport,
        photo_px: Option<[u32; 2]>,
        at_px: Option<[f32; 2]>,
    ) {
        if self.zoom == Zoom::Scale(1.0) {
            self.zoom = Zoom::Fit;
        } else if let (Some(photo_px), Some(at_px)) = (photo_px, at_px) {
            self.scale_about(viewport, photo_px, 1.0, at_px);
        } else {
            self.zoom = Zoom::Scale(1.0);
        }
    }

    /// Moves the photo with the pointer.
    pub fn pan(&mut self, viewport: &Viewport, photo_px: [u32; 2], delta_px: [f32; 2]) {
        let sides = shown_px(photo_px, self.scale(viewport, photo_px));
        let [_, _, width, height] = viewport.loupe_area_px();
        for (axis, room) in [width, height].into_iter().enumerate() {
            if sides[axis] > room && delta_px[axis].is_finite() {
                // From where the photo really is: a drag back has no dead way to make up for.
                let from = inside(self.centre[axis], sides[axis], room);
                self.centre[axis] = inside(from - delta_px[axis] / sides[axis], sides[axis], room);
            }
        }
    }

    fn scale_about(
        &mut self,
        viewport: &Viewport,
        photo_px: [u32; 2],
        scale: f32,
        at_px: [f32; 2],
    ) {
        let rect = self.rect_px(viewport, photo_px);
        self.zoom = Zoom::Scale(scale);
        let sides = shown_px(photo_px, scale);
        let [left, top, width, height] = viewport.loupe_area_px();
        for (axis, (origin, room)) in [(left, width), (top, height)].into_iter().enumerate() {
            let share = ((at_px[axis] - rect[axis]) / rect[axis + 2]).clamp(0.0, 1.0).max(0.0);
            let from_middle = (origin + room / 2.0 - at_px[axis]) / sides[axis];
            let from_middle = if from_middle.is_finite() { from_middle } else { 0.0 };
            self.centre[axis] = inside(share + from_middle, sides[axis], room);
        }
    }
}

/// The scale at which the whole photo is seen, at most 1.
fn fit_scale(viewport: &Viewport, photo_px: [u32; 2]) -> f32 {
    fill_scale(viewport, photo_px).min(1.0)
}

/// The scale at which the whole photo is seen and touches two edges, as far as there are scales.
fn fill_scale(viewport: &Viewport, photo_px: [u32; 2]) -> f32 {
    let [_, _, width, height] = viewport.loupe_area_px();
    let [photo_width, photo_height] = photo_px.map(|side| side.max(1) as f32);
    (width / photo_width).min(height / photo_height).min(SCALE_MAX)
}

fn shown_px(photo_px: [u32; 2], scale: f32) -> [f32; 2] {
    photo_px.map(|side| (side.max(1) as f32 * scale).round().max(1.0))
}

/// The centre nearest to `centre` at which a photo `side` long covers `room`.
fn inside(centre: f32, side: f32, room: f32) -> f32 {
    let half = (room / side / 2.0).min(0.5);
    let centre = if centre.is_finite() { centre } else { 0.5 };
    centre.clamp(half, 1.0 - half)
}

#[cfg(test)]
mod tests {
    use super::*;

    const WINDOW: Viewport =
        Viewport { insets_px: [0.0, 40.0], ..Viewport::new([1000.0, 640.0], 2.0) };
    const PHOTO: [u32; 2] = [6000, 4000];

    fn loupe(zoom: Zoom, centre: [f32; 2]) -> Loupe {
        Loupe { zoom, centre }
    }

    /// The point of the photo, in its pixels, that lies at `at_px`.
    fn photo_at(loupe: &Loupe, at_px: [f32; 2]) -> [f32; 2] {
        let [x, y, width, _] = loupe.rect_px(&WINDOW, PHOTO);
        let scale = width / PHOTO[0] as f32;
        [(at_px[0] - x) / scale, (at_px[1] - y) / scale]
    }

    #[test]
    fn a_fitted_photo_touches_two_edges_and_stands_in_the_middle() {
        let loupe = Loupe::default();
        assert_eq!(loupe.rect_px(&WINDOW, PHOTO), [50.0, 0.0, 900.0, 600.0]);
        assert_eq!(loupe.rect_px(&WINDOW, [4000, 6000]), [300.0, 0.0, 400.0, 600.0]);
    }

    #[test]
    fn a_small_photo_is_never_enlarged_by_fitting() {
        assert_eq!(Loupe::default().rect_px(&WINDOW, [100, 50]), [450.0, 275.0, 100.0, 50.0]);
        assert_eq!(Loupe::default().rect_px(&WINDOW, [0, 0])[2..], [1.0, 1.0]);
    }

    #[test]
    fn actual_size_is_exact_on_whole_pixels() {
        for centre in [[0.5, 0.5], [0.1234, 0.777], [0.0, 1.0]] {
            let rect = loupe(Zoom::Scale(1.0), centre).rect_px(&WINDOW, PHOTO);
            assert_eq!(rect[2..], [6000.0, 4000.0]);
            assert_eq!(rect, rect.map(f32::round));
        }
    }

    #[test]
    fn a_large_photo_always_covers_the_area() {
        for scale in [0.2, 1.0, 8.0] {
            for centre in [[-3.0, 0.0], [0.5, 9.0], [f32::NAN, 1.0]] {
                let [x, y, w, h] = loupe(Zoom::Scale(scale), centre).rect_px(&WINDOW, PHOTO);
                assert!(x <= 0.0 && y <= 0.0 && x + w >= 1000.0 && y + h >= 600.0);
            }
        }
    }

    #[test]
    fn zooming_keeps_the_point_under_the_pointer() {
        let mut loupe = loupe(Zoom::Scale(0.5), [0.5; 2]);
        let at_px = [700.0, 200.0];
        let before = photo_at(&loupe, at_px);
        for factor in [1.5, 1.5, 3.0, 0.8] {
            loupe.zoom_about(&WINDOW, PHOTO, factor, at_px);
            let after = photo_at(&loupe, at_px);
            assert!((0..2).all(|i| (after[i] - before[i]).abs() < 3.0), "{before:?} {after:?}");
        }
    }

    #[test]
    fn zooming_stops_at_actual_size_and_at_both_ends() {
        let mut loupe = Loupe::default();
        loupe.zoom_about(&WINDOW, PHOTO, 100.0, [0.0; 2]);
        assert_eq!(loupe.zoom, Zoom::Scale(1.0));
        loupe.zoom_about(&WINDOW, PHOTO, 100.0, [0.0; 2]);
        assert_eq!(loupe.zoom, Zoom::Scale(8.0));
        loupe.zoom_about(&WINDOW, PHOTO, 0.01, [0.0; 2]);
        assert_eq!(loupe.zoom, Zoom::Scale(1.0));
        loupe.zoom_about(&WINDOW, PHOTO, 0.01, [0.0; 2]);
        assert_eq!(loupe.zoom, Zoom::Fit);
    }

    #[test]
    fn toggling_goes_to_the_point_and_back() {
        let mut loupe = Loupe::default();
        let at_px = [300.0, 450.0];
        let before = photo_at(&loupe, at_px);
        loupe.toggle_actual(&WINDOW, Some(PHOTO), Some(at_px));
        let after = photo_at(&loupe, at_px);
        assert!((0..2).all(|i| (after[i] - before[i]).abs() <= 1.0), "{before:?} {after:?}");
        let centre = loupe.centre;
        loupe.toggle_actual(&WINDOW, Some(PHOTO), Some([0.0; 2]));
        assert_eq!(loupe.zoom, Zoom::Fit);
        loupe.toggle_actual(&WINDOW, Some(PHOTO), None);
        assert_eq!((loupe.zoom, loupe.centre), (Zoom::Scale(1.0), centre));
    }

    #[test]
    fn a_drag_past_the_edge_turns_back_at_once() {
        let mut loupe = loupe(Zoom::Scale(1.0), [0.5; 2]);
        loupe.pan(&WINDOW, PHOTO, [99_999.0, 0.0]);
        assert_eq!(loupe.rect_px(&WINDOW, PHOTO)[0], 0.0);
        loupe.pan(&WINDOW, PHOTO, [-10.0, 0.0]);
        assert_eq!(loupe.rect_px(&WINDOW, PHOTO)[0], -10.0);
    }

    #[test]
    fn slow_drags_add_up() {
        let mut loupe = loupe(Zoom::Scale(1.0), [0.5; 2]);
        let before = loupe.rect_px(&WINDOW, PHOTO)[0];
        (0..100).for_each(|_| loupe.pan(&WINDOW, PHOTO, [0.25, 0.0]));
        assert_eq!(loupe.rect_px(&WINDOW, PHOTO)[0], before + 25.0);
    }
}
