//! A second window on another display, which follows with the current photo alone.
//!
//! It has a device of its own: another display may hang on another GPU, and a fault of one is none of the
//! other's. Where that GPU reads tiles in another coding the window is not opened, and why is told.

use std::sync::Arc;

use winit::dpi::PhysicalSize;
use winit::event::ElementState;
use winit::event::MouseButton;
use winit::event::WindowEvent;
use winit::event_loop::ActiveEventLoop;
use winit::window::Fullscreen;
use winit::window::Window;
use winit::window::WindowId;

use super::Table;
use super::now;
use crate::app::desk::second::SECOND_PAGES;
use crate::app::events;
use crate::app::screen::Screen;
use crate::app::screen::Shown;
use crate::gpu::GpuError;

/// What it is called.
const TITLE: &str = "Rushlight: the current photo";

impl Table {
    /// Whether an event is the second window's.
    pub(super) fn is_seconds(&self, id: WindowId) -> bool {
        self.second.as_ref().is_some_and(|screen| screen.window.id() == id)
    }

    /// Opens or closes the second window, where that was asked for.
    pub(super) fn follow_on_second(&mut self, event_loop: &ActiveEventLoop) {
        if self.wants_second == self.second.is_some() {
            return;
        }
        if !self.wants_second {
            self.close_second();
        } else if let Err(reason) = self.open_second(event_loop) {
            self.wants_second = false;
            self.desk.tell(format!("no second window: {reason}"), now());
        }
        self.redraw();
    }

    /// On another display it takes all of that; on the same one it is a window beside this one.
    fn open_second(&mut self, event_loop: &ActiveEventLoop) -> Result<(), String> {
        let Some(first) = &self.screen else { return Ok(()) };
        let here = first.window.current_monitor();
        let there = event_loop.available_monitors().find(|monitor| here.as_ref() != Some(monitor));
        let is_elsewhere = here.is_some() && there.is_some();
        let attributes = Window::default_attributes()
            .with_title(TITLE)
            .with_inner_size(PhysicalSize::new(1200, 800))
            .with_fullscreen(is_elsewhere.then_some(Fullscreen::Borderless(there)));
        let window = event_loop.create_window(attributes).map_err(|e| e.to_string())?;
        let (display, colours) = (event_loop.owned_display_handle(), self.opener.display());
        let mut screen = Screen::open(Arc::new(window), display, SECOND_PAGES, colours)
            .map_err(|e| e.to_string())?;
        if screen.coding() != first.coding() {
            return Err("its display hangs on another kind of GPU".to_owned());
        }
        screen.share_fonts(first);
        self.second = Some(screen);
        self.fit_second();
        Ok(())
    }

    fn close_second(&mut self) {
        self.second = None;
        self.desk.close_second();
    }

    /// Follows the second window's size and scale.
    fn fit_second(&mut self) {
        let Some(screen) = &mut self.second else { return };
        let size_px: [u32; 2] = screen.window.inner_size().into();
        screen.resize(size_px);
        let scale = screen.window.scale_factor() as f32 * self.opener.ui_scale;
        self.desk.set_second(size_px.map(|side| side as f32), scale);
        // What fits it is wished for with the first window's frame.
        self.redraw();
    }

    /// Takes an event of the second window. Keys are the table's, whichever window has them.
    pub(super) fn take_seconds(&mut self, event: WindowEvent) {
        let held = self.keyboard.held;
        let has_changed = match event {
            WindowEvent::RedrawRequested => {
                self.draw_second();
                false
            }
            WindowEvent::CloseRequested => {
                self.wants_second = false;
                false
            }
            WindowEvent::Resized(_) | WindowEvent::ScaleFactorChanged { .. } => {
                self.fit_second();
                false
            }
            WindowEvent::CursorMoved { position, .. } => {
                self.desk.second_moved([position.x as f32, position.y as f32], held)
            }
            WindowEvent::MouseInput { state, button: MouseButton::Left, .. } => {
                self.desk.second_button(state == ElementState::Pressed, held, now())
            }
            WindowEvent::MouseWheel { delta, .. } => {
                let notches = events::notches(delta, self.scale);
                self.desk.zoom_second(events::NOTCH_ZOOM.powf(notches))
            }
            WindowEvent::PinchGesture { delta, .. } => {
                self.desk.zoom_second((1.0 + delta as f32).max(0.1))
            }
            WindowEvent::KeyboardInput { .. }
            | WindowEvent::ModifiersChanged(_)
            | WindowEvent::Focused(_) => {
                self.desk.let_go_second();
                self.take_input(event);
                false
            }
            _ => false,
        };
        if has_changed {
            self.redraw();
        }
    }

    /// Draws what follows. A device that is lost for good costs this window and nothing else.
    fn draw_second(&mut self) {
        let Some(screen) = &mut self.second else { return };
        let Some((composed, frame)) = self.desk.compose_second() else { return };
        let shown = screen.show(frame);
        if matches!(shown, Ok(Shown::Partly | Shown::Later | Shown::Renewed))
            || composed.wants_frame
        {
            screen.window.request_redraw();
        }
        match shown {
            Ok(Shown::Renewed) => self.desk.forget_second_device(),
            Err(failure) => self.lose_second(&failure),
            Ok(_) => {}
        }
    }

    fn lose_second(&mut self, failure: &GpuError) {
        self.wants_second = false;
        self.desk.tell(format!("the second window was closed: {failure}"), now());
    }
}
