//! The light table without its window: intents go in, frames come out.
//!
//! Everything that a test wants to drive without a display is here; `window` turns the windowing
//! library's events into the calls below and shows the frames.
//!
//! A decision binds to what it reached on the last frame that was *presented*: deciding commands
//! wait in `pending` until the photo or selection that they would reach is also what was shown, at
//! most one is taken a presented frame, none is dropped, and whatever was pressed behind one waits
//! behind it (`tests/desk`). Which photos are shown is decided with `sieve`.

mod air;
mod audit;
mod export;
mod held;
mod known;
mod news;
mod place;
mod room;
pub mod second;
pub mod sieve;
mod tutor;
mod why;

use std::collections::VecDeque;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering;
use std::time::Duration;

use held::Travel;
use second::Second;
use sieve::Sieve;
use tutor::Tutor;

use super::compose;
use super::compose::News;
use super::compose::Scene;
use super::compose::stock::Stock;
use super::flight::Flight;
use super::panel::Over;
use super::panel::Panels;
use super::pointer::Pointer;
use super::theme::palette::DARK;
use super::theme::palette::Palette;
use crate::core::command::Command;
use crate::core::edit::Step;
use crate::core::frame::Frame;
use crate::core::label::Decision;
use crate::core::photo::PhotoId;
use crate::core::photo::Timestamp;
use crate::core::review::Aim;
use crate::core::review::Counts;
use crate::core::review::Review;
use crate::core::view::SMALL_CELL;
use crate::core::view::Viewport;
use crate::jobs::board::Board;
use crate::jobs::export::outbox::Outbox;
use crate::jobs::plan::Wish;
use crate::jobs::shoot::Shoot;
use crate::jobs::sidecar::Tally;

/// The light table.
pub struct Desk {
    /// The person's state.
    pub review: Review,
    /// What lies over the photos.
    pub panels: Panels,
    /// The mouse.
    pub pointer: Pointer,
    /// The colours beside the photos.
    pub palette: &'static Palette,
    shoot: Option<Shoot>,
    nothing: Arc<Board>,
    stock: Stock,
    /// What a second window shows, where there is one.
    second: Option<Second>,
    frame: Frame,
    wish: Wish,
    wished: Wish,
    pending: VecDeque<Command>,
    /// What a deciding key reached on the last frame that was shown; `None` before any was.
    presented: Option<Aim>,
    composed: Option<Aim>,
    has_decided: bool,
    is_restored: bool,
    unsent: VecDeque<Step>,
    last_number: u64,
    trouble: Option<String>,
    notice: Option<(String, Timestamp)>,
    frame_number: u32,
    /// The time as it was last told.
    now: Timestamp,
    flight: Option<Flight>,
    travel: Option<Travel>,
    is_fast: bool,
    has_scan_trouble: bool,
    has_been_full: bool,
    sieve: Sieve,
    tutor: Tutor,
    outbox: Option<Outbox>,
    export_folder: Option<String>,
    /// The photo that was current in an earlier run, until it is shown.
    goal: Option<PathBuf>,
    export_total: (usize, u64),
    /// What was decided when the plan was asked for.
    export_basis: (u64, Counts),
}

impl Desk {
    /// An empty desk with so many pages on the device.
    #[must_use]
    pub fn new(page_count: u16, viewport: Viewport) -> Self {
        Self {
            review: Review::new(viewport),
            panels: Panels::default(),
            pointer: Pointer::default(),
            palette: &DARK,
            shoot: None,
            nothing: Arc::default(),
            stock: Stock::new(page_count),
            second: None,
            frame: Frame::default(),
            wish: Wish::default(),
            wished: Wish::default(),
            pending: VecDeque::new(),
            presented: None,
            composed: None,
            has_decided: false,
            is_restored: false,
            unsent: VecDeque::new(),
            last_number: 0,
            trouble: None,
            notice: None,
            frame_number: 1,
            now: Timestamp(0),
            flight: None,
            travel: None,
            is_fast: false,
            has_scan_trouble: false,
            has_been_full: false,
            sieve: Sieve::default(),
            tutor: Tutor::default(),
            outbox: None,
            export_folder: None,
            goal: None,
            export_total: (0, 0),
            export_basis: Default::default(),
        }
    }

    /// Lays a shoot on the desk in the place of the one before, which is handed back to be closed.
    pub fn open(&mut self, shoot: Shoot, now: Timestamp) -> Option<Shoot> {
        self.apply_all(now);
        let viewport = *self.review.viewport();
        let is_auto_advancing = self.review.is_auto_advancing();
        let cell_px = self.review.grid().cell_px.max(viewport.physical(SMALL_CELL));
        self.review = Review::new(viewport);
        self.review.set_auto_advancing(is_auto_advancing);
        self.review.set_cell_px(cell_px);
        self.stock.reset();
        self.forget_second_device();
        self.flight = None;
        self.let_go();
        self.presented = None;
        // A frame of the old shoot may reach the screen after this: photos have numbers, and those
        // of the new shoot begin at 0 again.
        self.composed = None;
        self.has_decided = false;
        self.has_been_full = false;
        self.last_number = 0;
        self.is_restored = false;
        self.trouble = None;
        self.has_scan_trouble = false;
        self.panels.over = Over::Nothing;
        self.export_folder = None;
        self.goal = None;
        self.reset_sieve();
        self.reset_tutor();
        self.wished.clear();
        // What was not taken by the old shoot's save thread goes to it before it is closed.
        let mut old = self.shoot.replace(shoot);
        if let Some(old) = &mut old {
            old.leave(std::mem::take(&mut self.unsent));
        }
        old
    }

    /// Whether there is a shoot on the desk.
    #[must_use]
    pub const fn has_shoot(&self) -> bool {
        self.shoot.is_some()
    }

    /// Takes a command in: at once, or after what must be presented first.
    pub fn command(&mut self, command: Command, now: Timestamp) {
        if command.is_deciding() && self.pending.is_empty() {
            self.take_exchange_back();
        }
        self.pending.push_back(command);
        self.take_pending(now);
    }

    /// Adds the tag to everything that a key would reach, or takes it away where all have it.
    pub fn tag(&mut self, tag: Arc<str>, now: Timestamp) {
        let all_have_it = self.review.tagged(&tag) == self.review.reach();
        let decision = if all_have_it { Decision::Untag(tag) } else { Decision::Tag(tag) };
        self.command(Command::Decide(decision), now);
    }

    /// Makes the frame that shows what is so now.
    pub fn compose(&mut self, scale: f32) -> compose::Composed {
        self.frame_number = self.frame_number.wrapping_add(1).max(1);
        let saved_number = self.shoot.as_ref().map_or(0, Shoot::saved_number);
        let tally = self.shoot.as_ref().and_then(Shoot::tally);
        let count = |of: fn(&Tally) -> &AtomicUsize| {
            tally.map_or(0, |tally| of(tally).load(Ordering::Relaxed))
        };
        let is_learning = self.shoot.as_ref().is_none_or(|shoot| shoot.teacher().is_some());
        let news = News {
            unwritten_count: count(|tally| &tally.unwritten),
            failed_sidecar_count: count(|tally| &tally.failed),
            disputed_count: count(|tally| &tally.disputed),
            trouble: self.trouble.as_deref(),
            notice: self.notice.as_ref().map(|(words, _)| words.as_str()),
            unsaved_count: self.last_number.saturating_sub(saved_number) as usize,
            is_scanning: self.shoot.as_ref().is_some_and(Shoot::is_scanning),
            has_shoot: self.shoot.is_some(),
            filter: self.tutor.road_text().unwrap_or_else(|| self.sieve.text()),
            sort: self.sieve.sort(),
            outlook: self.tutor.outlook.as_deref(),
            audit: self.tutor.progress(),
            blind: self.tutor.road_progress(),
            why: self.tutor.told(self.review.current(), is_learning),
        };
        let scene = Scene {
            review: &self.review,
            stage: self.review.stage(),
            viewport: self.review.viewport(),
            board: self.shoot.as_ref().map_or(&*self.nothing, Shoot::board),
            panels: &self.panels,
            pointer: &self.pointer,
            news,
            scale,
            palette: self.palette,
            saved_number,
            frame_number: self.frame_number,
            flight: self.flight.and_then(|flight| flight.at(self.now)),
        };
        let composed = compose::compose(&scene, &mut self.stock, &mut self.frame, &mut self.wish);
        self.composed = Some(self.review.aim());
        self.note_outlook_composed();
        self.wish_for_second();
        self.send_wish();
        composed
    }

    /// The frame that was composed last.
    #[must_use]
    pub const fn frame(&self) -> &Frame {
        &self.frame
    }

    /// Says that the frame composed last is on the screen. What waited for that is taken now;
    /// gives whether another frame must follow: something has changed, or still waits for it.
    pub fn presented(&mut self, now: Timestamp) -> bool {
        self.presented = self.composed;
        self.note_presented();
        self.note_outlook_presented();
        self.has_decided = false;
        let (cells, pictures) = (self.wish.visible_count, self.frame.tiles.len());
        if !self.has_been_full && cells > 0 && pictures >= cells {
            self.has_been_full = true;
            // Read by benches/hundred_thousand.py.
            tracing::info!(cells, "the first frame in which every cell has a picture");
        }
        let revision = self.review.revision();
        self.take_pending(now);
        self.travel_on(now);
        // A key that changed nothing asks for no frame, but the one behind it waits for one.
        revision != self.review.revision() || self.has_waiting()
    }

    /// The device is a new one: nothing is on it.
    pub fn forget_device(&mut self) {
        self.stock.reset();
        if let Some(shoot) = &self.shoot {
            shoot.read_glances_again();
        }
    }

    /// Whether a key still waits for its frame.
    #[must_use]
    pub fn has_waiting(&self) -> bool {
        !self.pending.is_empty()
    }

    /// Takes the shoot off the desk and waits until its decisions are durable, `patience` at most.
    ///
    /// # Errors
    /// How many steps could not be written.
    pub fn close(mut self, patience: Duration, now: Timestamp) -> Result<(), usize> {
        self.apply_all(now);
        if let Some(outbox) = &mut self.outbox {
            outbox.close(patience);
        }
        let Some(mut shoot) = self.shoot.take() else { return Ok(()) };
        shoot.leave(self.unsent);
        shoot.close(patience)
    }

    /// Takes what still waits: keys that were pressed before leaving count, although no frame will
    /// show them any more.
    fn apply_all(&mut self, now: Timestamp) {
        while let Some(command) = self.pending.pop_front() {
            self.apply(&command, now);
        }
    }

    fn waiting_decisions(&self) -> u64 {
        self.pending.iter().filter(|c| c.is_deciding()).count() as u64
    }

    fn take_pending(&mut self, now: Timestamp) {
        while let Some(command) = self.pending.front() {
            let must_wait = command.is_deciding()
                && (self.has_decided || self.presented != Some(self.review.aim()));
            if must_wait {
                return;
            }
            self.has_decided |= command.is_deciding();
            let Some(command) = self.pending.pop_front() else { return };
            self.apply(&command, now);
        }
    }

    fn apply(&mut self, command: &Command, now: Timestamp) {
        if self.leaves_road(command, now) || self.clear_filter(command) {
            return;
        }
        self.ask_order();
        let aim = self.review.aim();
        self.now = now;
        let from = self.whereabouts(command);
        let board = self.shoot.as_ref().map_or(&*self.nothing, Shoot::board);
        let size_px = |photo: PhotoId| {
            let meta = &board.slot(photo)?.header()?.meta;
            meta.size_px.map(|stored| meta.turn.upright(stored))
        };
        let step = match command {
            Command::Accept { all } => self.accept(*all, now),
            Command::Ask => {
                self.ask(now);
                None
            }
            _ => self.review.apply(command, size_px, now),
        };
        self.flight = self.takes_off(from);
        if self.review.aim() != aim {
            self.settle_exchange();
        }
        let Some(mut step) = step else { return };
        step.lead = self.lead_of(&step);
        self.note_lesson(&step);
        self.note_step(&step);
        self.last_number = step.number;
        self.unsent.push_back(step);
        self.take_news(now);
    }

    /// Sends the wish if it has changed. Wishes are exchanged for emptied ones, so that nothing is
    /// allocated once warm.
    fn send_wish(&mut self) {
        let Some(shoot) = &self.shoot else { return };
        if self.wish == self.wished {
            return;
        }
        self.wished.copy_from(&self.wish);
        let mut sent = shoot.blank_wish();
        sent.copy_from(&self.wish);
        shoot.wish(sent);
    }
}
