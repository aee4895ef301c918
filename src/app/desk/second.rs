//! The second window as the desk sees it: the current photo on another display, with a zoom of its own.
//!
//! ```text
//! compose ---- what both windows need ----> one wish
//! compose_second, when its window draws --> a frame of its own, whose uploads are in no other
//! ```
//!
//! Keys reach what the first window last showed, whichever of the two they are pressed in.

use super::Desk;
use crate::app::compose::Composed;
use crate::app::compose::News;
use crate::app::compose::Scene;
use crate::app::compose::follow;
use crate::app::compose::stock::Stock;
use crate::app::pointer::Held;
use crate::app::pointer::Pointer;
use crate::core::command::Command;
use crate::core::frame::Frame;
use crate::core::photo::Timestamp;
use crate::core::review::Stage;
use crate::core::view::Loupe;
use crate::core::view::Viewport;
use crate::jobs::shoot::Shoot;

/// Pages on the second window's device: one photo is shown.
pub const SECOND_PAGES: u16 = 8;

/// What a second window shows.
pub(super) struct Second {
    viewport: Viewport,
    zoom: Loupe,
    pointer: Pointer,
    stock: Stock,
    frame: Frame,
}

impl Second {
    pub(super) fn forget_device(&mut self) {
        self.stock.reset();
    }
}

impl Desk {
    /// A second window of a size in pixels and a scale is there, or has changed either.
    pub fn set_second(&mut self, size_px: [f32; 2], scale: f32) {
        let viewport = Viewport::new(size_px, scale);
        match &mut self.second {
            Some(second) => second.viewport = viewport,
            None => {
                self.second = Some(Second {
                    viewport,
                    zoom: Loupe::default(),
                    pointer: Pointer::default(),
                    stock: Stock::new(SECOND_PAGES),
                    frame: Frame::default(),
                });
            }
        }
    }

    /// The second window is closed.
    pub fn close_second(&mut self) {
        self.second = None;
    }

    /// The second window's device is a new one: nothing is on it.
    pub fn forget_second_device(&mut self) {
        self.second.iter_mut().for_each(Second::forget_device);
    }

    /// Makes the second window's frame; `None` while there is no such window.
    pub fn compose_second(&mut self) -> Option<(Composed, &Frame)> {
        let mut second = self.second.take()?;
        let scene = self.second_scene(&second.viewport);
        let (stock, frame) = (&mut second.stock, &mut second.frame);
        let composed = follow::compose(&scene, &second.zoom, stock, frame);
        let second = self.second.insert(second);
        Some((composed, &second.frame))
    }

    /// Adds to the wish what the second window needs.
    pub(super) fn wish_for_second(&mut self) {
        let Some(second) = self.second.take() else { return };
        let mut wish = std::mem::take(&mut self.wish);
        follow::wish(&self.second_scene(&second.viewport), &second.zoom, &mut wish);
        (self.wish, self.second) = (wish, Some(second));
    }

    fn second_scene<'a>(&'a self, viewport: &'a Viewport) -> Scene<'a> {
        let outlook = self.tutor.outlook.as_deref();
        Scene {
            review: &self.review,
            stage: Stage::Loupe,
            viewport,
            board: self.shoot.as_ref().map_or(&*self.nothing, Shoot::board),
            panels: &self.panels,
            pointer: &self.pointer,
            news: News { has_shoot: self.shoot.is_some(), outlook, ..News::default() },
            scale: viewport.scale,
            palette: self.palette,
            saved_number: self.shoot.as_ref().map_or(0, Shoot::saved_number),
            frame_number: self.frame_number,
            flight: None,
        }
    }

    /// The pointer moved over the second window; gives whether anything changed.
    pub fn second_moved(&mut self, to_px: [f32; 2], held: Held) -> bool {
        let Some(second) = &mut self.second else { return false };
        let scale = second.viewport.scale;
        let command = second.pointer.moved(to_px, Stage::Loupe, scale, held);
        command.is_some_and(|command| self.aim_second(&command))
    }

    /// The left button went down over the second window, or up.
    pub fn second_button(&mut self, is_down: bool, held: Held, now: Timestamp) -> bool {
        let Some(second) = &mut self.second else { return false };
        if is_down {
            second.pointer.pressed();
            return false;
        }
        let command = second.pointer.released(Stage::Loupe, held, now);
        command.is_some_and(|command| self.aim_second(&command))
    }

    /// Enlarges what the second window shows about its pointer.
    pub fn zoom_second(&mut self, factor: f32) -> bool {
        let Some(second) = &self.second else { return false };
        let at_px = second.pointer.at_px;
        self.aim_second(&Command::ZoomAt { factor, at_px })
    }

    /// The pointer has left: nothing is dragged any more.
    pub fn let_go_second(&mut self) {
        self.second.iter_mut().for_each(|second| second.pointer.cancel());
    }

    /// Does to the second window's zoom what a command asks for; gives whether it was about that.
    fn aim_second(&mut self, command: &Command) -> bool {
        let Some(mut second) = self.second.take() else { return false };
        let photo_px = follow::current_px(&self.second_scene(&second.viewport));
        let (viewport, zoom) = (&second.viewport, &mut second.zoom);
        let is_about_it = match (command, photo_px) {
            (Command::ZoomAt { factor, at_px }, Some(photo_px)) => {
                zoom.zoom_about(viewport, photo_px, *factor, *at_px);
                true
            }
            (Command::ToggleActual { at_px }, _) => {
                zoom.toggle_actual(viewport, photo_px, *at_px);
                true
            }
            (Command::Pan { delta_px }, Some(photo_px)) => {
                zoom.pan(viewport, photo_px, *delta_px);
                true
            }
            _ => false,
        };
        self.second = Some(second);
        is_about_it
    }
}
