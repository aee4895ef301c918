//! The window: from the windowing library's events to the desk's calls, and from its frames to the
//! screen.
//!
//! Draws only when something changed: an event, a job's wake-up, an upload that is not finished.
//! At rest it does nothing at all.

pub mod ending;
mod second;

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering;
use std::thread::JoinHandle;
use std::time::Duration;
use std::time::Instant;
use std::time::SystemTime;

use winit::application::ApplicationHandler;
use winit::dpi::PhysicalSize;
use winit::event::StartCause;
use winit::event::WindowEvent;
use winit::event_loop::ActiveEventLoop;
use winit::event_loop::ControlFlow;
use winit::event_loop::EventLoopProxy;
use winit::window::Fullscreen;
use winit::window::Window;
use winit::window::WindowId;

use super::commands::AppError;
use super::commands::AppResult;
use super::desk::Desk;
use super::keyboard::Keyboard;
use super::opener::Opener;
use super::screen;
use super::screen::Screen;
use super::screen::Shown;
use super::theme;
use crate::core::coded::Coding;
use crate::core::photo::Timestamp;
use crate::gpu::text;
use crate::gpu::text::FontDatabase;
use crate::jobs::Waker;
use crate::jobs::aside::Aside;
use crate::jobs::pick;
use crate::jobs::pick::Picked;
use crate::jobs::places;

/// Something on the board has changed.
#[derive(Debug, Clone, Copy)]
pub struct Wake;

/// How long the program waits at its end for decisions that are not durable yet.
const PATIENCE: Duration = Duration::from_secs(30);

/// Between two tries to draw on a surface that is not ready: about a frame.
const RETRY: Duration = Duration::from_millis(15);

/// The window's state.
pub struct Table {
    /// The light table.
    pub desk: Desk,
    /// The device.
    pub screen: Option<Screen>,
    /// The device of the window that follows, where there is one.
    second: Option<Screen>,
    /// Whether there is to be one.
    pub wants_second: bool,
    /// What is held, and which keys are down.
    pub keyboard: Keyboard,
    /// Device pixels for a logical pixel.
    pub scale: f32,
    opener: Opener,
    waker: Waker,
    is_woken: Arc<AtomicBool>,
    fonts: Aside<FontDatabase>,
    picker: Option<Aside<Picked>>,
    dropped: Vec<PathBuf>,
    closing: Vec<JoinHandle<Result<(), usize>>>,
    is_leaving: bool,
    is_forced: bool,
    is_hidden: bool,
    failure: Option<AppError>,
}

/// The time in UTC, which `app` alone reads.
#[must_use]
pub fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    Timestamp(i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
}

impl Table {
    /// A table whose window is made when the event loop begins.
    #[must_use]
    pub fn new(proxy: EventLoopProxy<Wake>, opener: Opener) -> Self {
        let is_woken = Arc::new(AtomicBool::new(false));
        let flag = Arc::clone(&is_woken);
        let waker: Waker = Arc::new(move || {
            // One event is enough for everything that happens until it is handled.
            if !flag.swap(true, Ordering::AcqRel) {
                // The loop has ended: there is nobody to wake.
                _ = proxy.send_event(Wake);
            }
        });
        // Pages for the largest display in use; the device makes room for them as they fill.
        let page_count = screen::page_count([5120, 2880]);
        let viewport = theme::viewport([1280.0, 800.0], 1.0);
        let mut desk = Desk::new(page_count, viewport);
        desk.review.set_auto_advancing(opener.settings.auto_advance);
        desk.set_fast(opener.settings.fast_travel);
        Self {
            desk,
            screen: None,
            second: None,
            wants_second: false,
            keyboard: Keyboard::default(),
            scale: 1.0,
            opener,
            fonts: Aside::run("fonts", Arc::clone(&waker), None, text::load_system_fonts),
            waker,
            is_woken,
            picker: None,
            dropped: Vec::new(),
            closing: Vec::new(),
            is_leaving: false,
            is_forced: false,
            is_hidden: false,
            failure: None,
        }
    }

    /// Asks for another frame.
    pub fn redraw(&self) {
        if let Some(screen) = &self.screen
            && !self.is_hidden
        {
            screen.window.request_redraw();
        }
        if let Some(second) = &self.second {
            second.window.request_redraw();
        }
    }

    /// Opens other folders in the place of the ones on the desk.
    pub fn open(&mut self, roots: Vec<PathBuf>) {
        if self.note_place() {
            let (places, data) = (self.opener.places.clone(), self.opener.folders.data.clone());
            self.closing.extend(places::save_beside(places, data));
        }
        let coding = self.screen.as_ref().map_or(Coding::Bc7, Screen::coding);
        match self.opener.open(roots, coding, &self.waker) {
            Ok(shoot) => {
                if let Some(screen) = &self.screen {
                    screen.window.set_title(&screen::title(shoot.roots()));
                }
                let old = self.desk.open(shoot, now());
                self.closing.extend(old.and_then(|old| old.close_beside(PATIENCE)));
                if let Some(place) = self.opener.places.of(self.desk.roots()) {
                    self.desk.take_up(place, self.scale, now());
                }
            }
            Err(error) => self.desk.tell(error.to_string(), now()),
        }
        self.redraw();
    }

    /// Takes note of where the person is; gives whether there was anything to note.
    fn note_place(&mut self) -> bool {
        let place = self.desk.place(self.scale);
        let has_place = place.is_some();
        place.into_iter().for_each(|place| self.opener.places.note(place));
        has_place
    }

    /// Opens the desktop's folder picker, unless it is open.
    pub fn pick_folder(&mut self) {
        if self.picker.is_none() {
            self.picker = Some(pick::folder(Arc::clone(&self.waker)));
        }
    }

    /// Enters or leaves the full screen, with the window that has the keys.
    pub fn toggle_full_screen(&self) {
        let second = self.second.as_ref().filter(|second| second.window.has_focus());
        let Some(screen) = second.or(self.screen.as_ref()) else { return };
        let is_full = screen.window.fullscreen().is_some();
        screen.window.set_fullscreen((!is_full).then_some(Fullscreen::Borderless(None)));
    }

    /// Leaves as soon as every key that was pressed has been taken.
    pub fn leave(&mut self) {
        // Asked twice, it does not wait for frames that may never come; what was pressed counts.
        self.is_forced |= self.is_leaving;
        self.is_leaving = true;
        self.redraw();
    }

    fn take_picked(&mut self) {
        let Some(picked) = self.picker.as_ref().and_then(Aside::take) else { return };
        self.picker = None;
        match picked {
            Picked::Folder(folder) => self.open(vec![folder]),
            // A desktop without a picker answers as one whose picker was closed: the way that always
            // works is told.
            Picked::Nothing => {
                let hint = "no folder was chosen: drop one here, or start as: rushlight FOLDER";
                self.desk.tell(hint, now());
            }
        }
    }

    fn draw(&mut self, event_loop: &ActiveEventLoop) {
        let Some(screen) = &mut self.screen else { return };
        if let Some(fonts) = self.fonts.take() {
            self.second.iter_mut().for_each(|second| second.use_fonts(fonts.clone()));
            screen.use_fonts(fonts);
        }
        let now = now();
        self.desk.take_news(now);
        let composed = self.desk.compose(self.scale);
        let shown = match screen.show(self.desk.frame()) {
            Ok(shown) => shown,
            Err(failure) => {
                self.failure = Some(failure.into());
                event_loop.exit();
                return;
            }
        };
        self.is_hidden = shown == Shown::Hidden;
        let has_changed = match shown {
            Shown::Whole | Shown::Partly => self.desk.presented(now),
            Shown::Later | Shown::Hidden => false,
            Shown::Renewed => {
                self.desk.forget_device();
                true
            }
        };
        if has_changed || composed.wants_frame || shown == Shown::Partly {
            self.redraw();
        }
        self.rest(event_loop, shown);
    }

    /// Sleeps until an event, until something told for a while must go, or until a surface that
    /// could not be drawn on is tried again: one that stays so must not keep a core busy.
    fn rest(&self, event_loop: &ActiveEventLoop, shown: Shown) {
        let retry = (shown == Shown::Later).then_some(RETRY);
        let notice = self.desk.notice_ends().map(|until| {
            let micros = u64::try_from(until.0 - now().0).unwrap_or(0);
            Duration::from_micros(micros + 1000)
        });
        let wait = retry.into_iter().chain(notice).min();
        event_loop.set_control_flow(match wait {
            Some(wait) => ControlFlow::WaitUntil(Instant::now() + wait),
            None => ControlFlow::Wait,
        });
    }

    fn fit_viewport(&mut self, size_px: [u32; 2]) {
        self.desk.set_window(size_px.map(|side| side as f32), self.scale);
        self.redraw();
    }

    fn take_theme(&mut self, desktop: Option<winit::window::Theme>) {
        let is_light = desktop == Some(winit::window::Theme::Light);
        self.desk.palette = theme::palette(self.opener.theme, is_light);
    }

    fn make_window(&mut self, event_loop: &ActiveEventLoop) -> AppResult<()> {
        let attributes = Window::default_attributes()
            .with_title("Rushlight")
            .with_inner_size(PhysicalSize::new(1600, 1000))
            .with_fullscreen(self.opener.is_full_screen.then_some(Fullscreen::Borderless(None)));
        let window = match event_loop.create_window(attributes) {
            Ok(window) => Arc::new(window),
            Err(source) => {
                return Err(AppError::System { what: "a window", source: source.into() });
            }
        };
        self.scale = window.scale_factor() as f32 * self.opener.ui_scale;
        self.take_theme(window.theme());
        let size_px = window.inner_size().into();
        let page_count = screen::page_count([5120, 2880]);
        let display = event_loop.owned_display_handle();
        let colours = self.opener.display();
        self.screen = Some(Screen::open(window, display, page_count, colours)?);
        self.fit_viewport(size_px);
        self.desk.review.set_cell_px(self.opener.settings.cell_px.unwrap_or(200.0) * self.scale);
        Ok(())
    }
}

impl ApplicationHandler<Wake> for Table {
    fn resumed(&mut self, event_loop: &ActiveEventLoop) {
        if self.screen.is_some() {
            return;
        }
        if let Err(failure) = self.make_window(event_loop) {
            self.failure = Some(failure);
        }
        if self.screen.is_none() {
            event_loop.exit();
            return;
        }
        match std::mem::take(&mut self.opener.roots) {
            roots if roots.is_empty() => self.pick_folder(),
            roots => self.open(roots),
        }
    }

    fn new_events(&mut self, _: &ActiveEventLoop, cause: StartCause) {
        if matches!(cause, StartCause::ResumeTimeReached { .. }) {
            self.redraw();
        }
    }

    fn user_event(&mut self, _: &ActiveEventLoop, _: Wake) {
        // Before looking: what happens from here on asks for another event.
        self.is_woken.store(false, Ordering::Release);
        self.take_picked();
        self.redraw();
    }

    fn about_to_wait(&mut self, event_loop: &ActiveEventLoop) {
        if !self.dropped.is_empty() {
            let roots = std::mem::take(&mut self.dropped);
            self.open(roots);
        }
        self.follow_on_second(event_loop);
        // Keys that wait for their frame are waited for, unless no frame will come.
        let may_leave = self.is_hidden || self.is_forced || !self.desk.has_waiting();
        if self.is_leaving && may_leave {
            event_loop.exit();
        }
    }

    fn window_event(&mut self, event_loop: &ActiveEventLoop, id: WindowId, event: WindowEvent) {
        match event {
            event if self.is_seconds(id) => self.take_seconds(event),
            WindowEvent::RedrawRequested => self.draw(event_loop),
            WindowEvent::CloseRequested => self.leave(),
            WindowEvent::Resized(size) => {
                if let Some(screen) = &mut self.screen {
                    screen.resize(size.into());
                }
                self.fit_viewport(size.into());
            }
            WindowEvent::ScaleFactorChanged { scale_factor, .. } => {
                self.scale = scale_factor as f32 * self.opener.ui_scale;
                let size_px = self.screen.as_ref().map(|s| s.window.inner_size().into());
                self.fit_viewport(size_px.unwrap_or([1, 1]));
            }
            WindowEvent::ThemeChanged(desktop) => {
                self.take_theme(Some(desktop));
                self.redraw();
            }
            WindowEvent::Occluded(is_occluded) => {
                self.is_hidden = is_occluded;
                self.redraw();
            }
            WindowEvent::DroppedFile(path) => self.dropped.push(path),
            other => self.take_input(other),
        }
    }
}
