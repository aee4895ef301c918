//! The person's state: what is decided, what is current, what is selected, and what is looked at.
//!
//! One [`Review`] belongs to the window thread, which gives it [`Command`]s and draws what it tells;
//! the [`Step`]s that come back go to the store. It decides what a command does. Which key is which
//! command, when a key may be taken, and what a cell looks like are `app`'s; where photos lie on
//! the window is `view`'s.
//!
//! - `travel`: who is current and selected, scroll, another window;
//! - `zoom`: from the whole shoot to single pixels;
//! - `seen`: what is in the window, and where;
//! - `part`: another order, which may be a part of the shoot;
//! - `decide`: which photos a decision reaches, and what it changes;
//! - `history`: undo and redo;
//! - `merge`: labels that come from the store and from other programs.
//!
//! Invariants (`tests/review.rs`, after every command): the current photo and all selected ones
//! are in the order; a decision changes no photo but those that [`Review::reach`] counted; the
//! scroll is within its ends; undoing every step gives the labels of the start.
//!
//! No query allocates. Units: physical pixels of the window; indices are places in the order.

mod column;
mod decide;
mod history;
mod labels;
mod merge;
mod part;
mod photo_set;
mod seen;
mod travel;
mod zoom;

pub use column::LabelColumn;
pub use decide::Aim;
pub use labels::Changed;
pub use labels::Counts;
pub use part::Stand;

use std::collections::BTreeMap;
use std::sync::Arc;

use super::command::Command;
use super::edit::Step;
use super::label::Label;
use super::order::Order;
use super::photo::PhotoId;
use super::photo::Timestamp;
use super::photo::Turn;
use super::view::Grid;
use super::view::Loupe;
use super::view::Rows;
use super::view::Viewport;
use history::History;
use labels::Labels;
use photo_set::PhotoSet;

/// What the window shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Stage {
    /// The light table.
    Grid,
    /// One photo.
    Loupe,
}

/// Where the person last moved to: photos are prepared there first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Heading {
    Forward,
    Backward,
}

/// The person's state.
#[derive(Debug, Clone)]
pub struct Review {
    order: Arc<Order>,
    labels: Labels,
    history: History,
    /// Photos whose stored label has come.
    restored: PhotoSet,
    current: Option<PhotoId>,
    selection: PhotoSet,
    /// Photos of the order that would not be shown any more.
    stale: PhotoSet,
    /// Where a selection that is extended begins.
    anchor: Option<PhotoId>,
    stage: Stage,
    grid: Grid,
    /// How the photos fill the grid's rows: kept up with grid, window and order.
    rows: Rows,
    /// The cells to go back to from the loupe: those last seen that were no larger than half of the
    /// area.
    stop_px: f32,
    /// The column that moving up and down keeps to, through rows that are too short for it.
    column: Option<usize>,
    loupe: Loupe,
    viewport: Viewport,
    is_auto_advancing: bool,
    /// Whether any command has had an effect: until then photos come in under the first one.
    is_touched: bool,
    heading: Heading,
    step_count: u64,
    committed: u64,
    last_step_at: Option<Timestamp>,
    revision: u64,
}

/// What of the state can be seen: two that are equal draw the same.
#[derive(PartialEq)]
struct Look {
    current: Option<PhotoId>,
    selection: u64,
    labels: u64,
    stage: Stage,
    grid: Grid,
    loupe: Loupe,
    viewport: Viewport,
    is_auto_advancing: bool,
}

impl Review {
    /// The state before any photo has been found.
    #[must_use]
    pub fn new(viewport: Viewport) -> Self {
        let grid = Grid::new(&viewport);
        let mut rows = Rows::default();
        grid.fit(&viewport, &Arc::default(), &mut rows);
        Self {
            order: Arc::default(),
            labels: Labels::default(),
            history: History::default(),
            restored: PhotoSet::default(),
            current: None,
            selection: PhotoSet::default(),
            stale: PhotoSet::default(),
            anchor: None,
            stage: Stage::Grid,
            stop_px: grid.cell_px,
            grid,
            rows,
            column: None,
            loupe: Loupe::default(),
            viewport,
            is_auto_advancing: true,
            is_touched: false,
            heading: Heading::Forward,
            step_count: 0,
            committed: 0,
            last_step_at: None,
            revision: 0,
        }
    }

    /// Does what `command` asks, at `now` (UTC). A step that comes back is to be stored.
    ///
    /// `photo_size_px` is the size of a photo, upright by its EXIF, where it is known already;
    /// turns that the person added are applied here.
    pub fn apply(
        &mut self,
        command: &Command,
        photo_size_px: impl Fn(PhotoId) -> Option<[u32; 2]>,
        now: Timestamp,
    ) -> Option<Step> {
        let before = self.look();
        let step = match command {
            Command::Decide(decision) => self.decide(decision, now),
            Command::Undo => self.undo(now),
            Command::Redo => self.redo(now),
            Command::ToggleAutoAdvance => {
                self.is_auto_advancing = !self.is_auto_advancing;
                None
            }
            _ if self.stage == Stage::Loupe => {
                let size_px = self.current_size_px(&photo_size_px);
                self.travel_loupe(command, size_px);
                None
            }
            _ => {
                self.travel_grid(command, &photo_size_px);
                None
            }
        };
        self.is_touched |= step.is_some() || self.look() != before;
        self.note_change(&before);
        step
    }

    /// The size of the current photo as it is shown, if it is known.
    fn current_size_px(
        &self,
        photo_size_px: &dyn Fn(PhotoId) -> Option<[u32; 2]>,
    ) -> Option<[u32; 2]> {
        let photo = self.current?;
        Some(self.turned_px(photo, photo_size_px(photo)?))
    }

    /// Fills the rows anew after a change of grid, window or order.
    fn fit(&mut self) {
        self.grid.fit(&self.viewport, &self.order, &mut self.rows);
    }

    fn look(&self) -> Look {
        Look {
            current: self.current,
            selection: self.selection.revision(),
            labels: self.labels.revision(),
            stage: self.stage,
            grid: self.grid,
            loupe: self.loupe,
            viewport: self.viewport,
            is_auto_advancing: self.is_auto_advancing,
        }
    }

    fn note_change(&mut self, before: &Look) {
        if self.look() != *before {
            self.revision += 1;
        }
    }

    /// Rises whenever anything changes that a frame shows.
    #[must_use]
    pub const fn revision(&self) -> u64 {
        self.revision
    }

    /// The order that photos are shown in.
    #[must_use]
    pub const fn order(&self) -> &Arc<Order> {
        &self.order
    }

    /// What is decided about a photo.
    #[must_use]
    pub fn label(&self, photo: PhotoId) -> &Label {
        self.labels.get(photo)
    }

    /// What is decided about every photo. A clone of it is cheap.
    #[must_use]
    pub const fn labels(&self) -> &LabelColumn {
        self.labels.column()
    }

    /// The photos whose label changed since [`Review::labels_changed`] was `since`.
    #[must_use]
    pub fn changed_labels(&self, since: u64) -> Changed<'_> {
        self.labels.changed(since)
    }

    /// How often any label was changed.
    #[must_use]
    pub const fn labels_changed(&self) -> u64 {
        self.labels.change_count()
    }

    /// The step that the badge of a photo stands for: hollow until the store has committed this
    /// number, 0 for what came from the store. `None` where the photo has no label to show.
    #[must_use]
    pub fn badge_number(&self, photo: PhotoId) -> Option<u64> {
        let is_blank = *self.labels.get(photo) == Label::default();
        (!is_blank).then(|| self.labels.step_number(photo))
    }

    /// How the photos are decided.
    #[must_use]
    pub const fn counts(&self) -> Counts {
        self.labels.counts()
    }

    /// The tags in use, each with the number of photos that have it.
    #[must_use]
    pub const fn tags(&self) -> &BTreeMap<Arc<str>, u32> {
        self.labels.tags()
    }

    /// The current photo; `None` as long as there are no photos.
    #[must_use]
    pub const fn current(&self) -> Option<PhotoId> {
        self.current
    }

    /// The index of the current photo.
    #[must_use]
    pub fn current_index(&self) -> Option<usize> {
        self.order.index_of(self.current?)
    }

    /// Whether a photo is selected.
    #[must_use]
    pub fn is_selected(&self, photo: PhotoId) -> bool {
        self.selection.contains(photo)
    }

    /// How many photos are selected.
    #[must_use]
    pub const fn selected_count(&self) -> usize {
        self.selection.count()
    }

    /// Whether a photo is selected, a bit a photo, the lowest first; none behind the end.
    #[must_use]
    pub fn selection_words(&self) -> &[u64] {
        self.selection.words()
    }

    /// Rises with every change of the selection.
    #[must_use]
    pub const fn selection_revision(&self) -> u64 {
        self.selection.revision()
    }

    /// Whether the window shows the grid or the loupe.
    #[must_use]
    pub const fn stage(&self) -> Stage {
        self.stage
    }

    /// Zoom and scroll of the grid.
    #[must_use]
    pub const fn grid(&self) -> &Grid {
        &self.grid
    }

    /// How the photos fill the grid's rows.
    #[must_use]
    pub const fn rows(&self) -> &Rows {
        &self.rows
    }

    /// Zoom and place of the loupe.
    #[must_use]
    pub const fn loupe(&self) -> &Loupe {
        &self.loupe
    }

    /// The window as it was last told.
    #[must_use]
    pub const fn viewport(&self) -> &Viewport {
        &self.viewport
    }

    /// Whether a decision about one photo goes on to the next one.
    #[must_use]
    pub const fn is_auto_advancing(&self) -> bool {
        self.is_auto_advancing
    }

    /// Whether the person has done anything yet, or has been shown a photo.
    #[must_use]
    pub const fn is_touched(&self) -> bool {
        self.is_touched
    }

    /// Whether there is a step to undo.
    #[must_use]
    pub fn can_undo(&self) -> bool {
        self.history.can_undo()
    }

    /// Whether there is a step to redo.
    #[must_use]
    pub fn can_redo(&self) -> bool {
        self.history.can_redo()
    }

    fn turned_px(&self, photo: PhotoId, size_px: [u32; 2]) -> [u32; 2] {
        Turn::quarters(self.label(photo).quarter_turns).upright(size_px)
    }
}

#[cfg(test)]
mod tests;
