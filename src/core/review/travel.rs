//! Who is current, what is selected, and how the view follows.
//!
//! - A plain move or click selects nothing and sets the anchor; Shift selects from the anchor to
//!   where it goes; Ctrl adds or takes out one photo; scrolling changes no selection.
//! - A key that moves scrolls least so that the current row is wholly seen; a click does not scroll,
//!   so that what was clicked stays under the pointer.
//! - In the loupe every direction is the photo before or after, PageUp and PageDown too, which is
//!   what a presenter's remote sends. Zoom and centre stay.
//! - Another order or window keeps the current photo where it is on the window; where the person
//!   has scrolled away from it, the photo in the middle.

use super::Heading;
use super::Review;
use super::Stage;
use super::zoom::ZOOM_STEP;
use crate::core::command::Command;
use crate::core::command::Direction;
use crate::core::label::Verdict;
use crate::core::photo::PhotoId;
use crate::core::view::Viewport;

/// A photo and the height in the window that it is to keep.
pub(super) struct Eye {
    pub photo: PhotoId,
    pub y_px: f64,
    /// Whether it is the current photo, which must stay wholly seen.
    pub is_current: bool,
}

impl Review {
    /// `photo_size_px` is the size of a photo, upright by its EXIF, if it is known.
    pub(super) fn travel_grid(
        &mut self,
        command: &Command,
        photo_size_px: &dyn Fn(PhotoId) -> Option<[u32; 2]>,
    ) {
        match *command {
            Command::Extend(direction) => self.extend(direction),
            Command::Open if self.current.is_some() => self.stage = Stage::Loupe,
            Command::Back => self.selection.clear(),
            Command::ZoomIn => self.zoom_grid(ZOOM_STEP, photo_size_px),
            Command::ZoomOut => self.zoom_grid(ZOOM_STEP.recip(), photo_size_px),
            Command::ZoomAt { factor, at_px } => {
                self.zoom_grid_about(factor, at_px, photo_size_px);
            }
            Command::Scroll { delta_px } => self.scroll(delta_px),
            Command::Pan { delta_px } => self.scroll(-delta_px[1]),
            Command::Click { at_px } => match self.index_at(at_px) {
                Some(index) => self.pick(index),
                None => self.selection.clear(),
            },
            Command::ClickExtend { at_px } => {
                if let Some(index) = self.index_at(at_px) {
                    self.extend_to(index);
                }
            }
            Command::ClickToggle { at_px } => {
                if let Some(index) = self.index_at(at_px) {
                    self.toggle(index);
                }
            }
            Command::SelectRect { from_px, to_px } => self.select_rect(from_px, to_px),
            _ => self.travel(command),
        }
    }

    /// `size_px` is the current photo's, upright, if it is known.
    pub(super) fn travel_loupe(&mut self, command: &Command, size_px: Option<[u32; 2]>) {
        let [left, top, width, height] = self.viewport.loupe_area_px();
        let middle = [left + width / 2.0, top + height / 2.0];
        let (loupe, viewport) = (&mut self.loupe, &self.viewport);
        match (*command).clone() {
            Command::Back => {
                self.stage = Stage::Grid;
                self.stop();
                self.reveal_current();
            }
            Command::Extend(direction) => self.travel(&Command::Move(direction)),
            Command::ToggleActual { at_px } => loupe.toggle_actual(viewport, size_px, at_px),
            Command::Click { at_px } => loupe.toggle_actual(viewport, size_px, Some(at_px)),
            Command::ZoomIn => self.zoom_loupe(size_px, ZOOM_STEP, middle),
            Command::ZoomOut => self.zoom_loupe(size_px, ZOOM_STEP.recip(), middle),
            Command::ZoomAt { factor, at_px } => self.zoom_loupe(size_px, factor, at_px),
            Command::Pan { delta_px } => {
                if let Some(size_px) = size_px {
                    loupe.pan(viewport, size_px, delta_px);
                }
            }
            command => self.travel(&command),
        }
    }

    /// What is the same in the grid and in the loupe.
    fn travel(&mut self, command: &Command) {
        let Some(current) = self.current_index() else { return };
        match *command {
            Command::Move(direction) => {
                let column = self.column_towards(current, direction);
                self.go_to(self.index_towards(current, direction));
                self.column = column;
            }
            Command::GoTo { photo } => {
                if let Some(index) = self.order.index_of(photo) {
                    self.go_to(index);
                }
            }
            Command::NextUndecided => {
                let behind = current + 1..self.order.len();
                self.go_to_undecided(behind.chain(0..current));
            }
            Command::PreviousUndecided => {
                let behind = current + 1..self.order.len();
                self.go_to_undecided((0..current).rev().chain(behind.rev()));
            }
            Command::NextBurst => {
                let next = self.order.burst_at(current).end;
                // An order without bursts yet answers with an empty range.
                if (current + 1..self.order.len()).contains(&next) {
                    self.go_to(next);
                }
            }
            Command::PreviousBurst => {
                let start = self.order.burst_at(current).start;
                if start > 0 {
                    self.go_to(self.order.burst_at(start - 1).start);
                }
            }
            Command::SelectAll if self.stage == Stage::Grid => {
                self.select_span(0, self.order.len() - 1);
                self.anchor = self.current;
            }
            _ => {}
        }
    }

    /// Makes the photo at `index` the only one that a key reaches, and shows it.
    pub(super) fn go_to(&mut self, index: usize) {
        self.pick(index);
        self.reveal_current();
    }

    /// Makes the photo at `index` the current one within the selection, and shows it.
    pub(super) fn stay_at(&mut self, index: usize) {
        self.set_current(index);
        self.reveal_current();
    }

    fn pick(&mut self, index: usize) {
        self.set_current(index);
        self.selection.clear();
        self.anchor = self.current;
    }

    pub(super) fn set_current(&mut self, index: usize) {
        let Some(photo) = self.order.photo_at(index) else { return };
        self.column = None;
        match self.current_index() {
            Some(before) if index > before => self.heading = Heading::Forward,
            Some(before) if index < before => self.heading = Heading::Backward,
            _ => {}
        }
        self.current = Some(photo);
    }

    pub(super) fn reveal_current(&mut self) {
        if let Some(index) = self.current_index() {
            self.grid.reveal(&self.viewport, &self.rows, index);
        }
    }

    fn index_towards(&self, index: usize, direction: Direction) -> usize {
        let last = self.order.len().saturating_sub(1);
        match direction {
            Direction::Left => index.saturating_sub(1),
            Direction::Right => (index + 1).min(last),
            Direction::Home => 0,
            Direction::End => last,
            Direction::Up | Direction::PageUp if self.stage == Stage::Loupe => {
                index.saturating_sub(1)
            }
            Direction::Down | Direction::PageDown if self.stage == Stage::Loupe => {
                (index + 1).min(last)
            }
            Direction::Up => self.index_in_row(index, -1),
            Direction::Down => self.index_in_row(index, 1),
            Direction::PageUp => self.index_in_row(index, -self.page_rows()),
            Direction::PageDown => self.index_in_row(index, self.page_rows()),
        }
    }

    fn page_rows(&self) -> isize {
        isize::try_from(self.grid.rows_in_view(&self.viewport)).unwrap_or(isize::MAX)
    }

    /// The index so many rows below, in the column that moving up and down keeps to. A step stays
    /// within the rows, a longer way ends at the first or the last photo.
    fn index_in_row(&self, index: usize, rows: isize) -> usize {
        let seat = self.rows.seat(index);
        let column = self.column.unwrap_or(seat.column);
        let last = self.rows.row_count().saturating_sub(1);
        match seat.row.checked_add_signed(rows) {
            Some(row) if row <= last => self.rows.index_near(row, column),
            _ if rows.abs() == 1 => index,
            None => 0,
            Some(_) => self.order.len().saturating_sub(1),
        }
    }

    /// The column to keep to after a move from `index`: none unless it was up or down.
    fn column_towards(&self, index: usize, direction: Direction) -> Option<usize> {
        let is_vertical = matches!(
            direction,
            Direction::Up | Direction::Down | Direction::PageUp | Direction::PageDown
        );
        let column = self.column.unwrap_or_else(|| self.rows.seat(index).column);
        (is_vertical && self.stage == Stage::Grid).then_some(column)
    }

    /// Goes to the first of these without a verdict, which come round from the other end; stays where
    /// each of them has one.
    fn go_to_undecided(&mut self, mut indices: impl Iterator<Item = usize>) {
        if self.counts().undecided == 0 {
            return;
        }
        let photos = self.order.photos();
        let is_open = |&index: &usize| self.label(photos[index]).verdict == Verdict::Undecided;
        if let Some(index) = indices.find(is_open) {
            self.go_to(index);
        }
    }

    fn extend(&mut self, direction: Direction) {
        if let Some(current) = self.current_index() {
            let column = self.column_towards(current, direction);
            self.extend_to(self.index_towards(current, direction));
            self.reveal_current();
            self.column = column;
        }
    }

    fn extend_to(&mut self, index: usize) {
        if self.anchor.and_then(|photo| self.order.index_of(photo)).is_none() {
            self.anchor = self.current;
        }
        self.set_current(index);
        let anchor = self.anchor.and_then(|photo| self.order.index_of(photo)).unwrap_or(index);
        self.select_span(anchor.min(index), anchor.max(index));
    }

    fn select_span(&mut self, first: usize, last: usize) {
        self.selection.clear();
        for &photo in &self.order.photos()[first..=last] {
            self.selection.insert(photo);
        }
    }

    fn toggle(&mut self, index: usize) {
        self.set_current(index);
        self.anchor = self.current;
        match self.current {
            Some(photo) if self.selection.contains(photo) => self.selection.remove(photo),
            Some(photo) => self.selection.insert(photo),
            None => {}
        }
    }

    /// Selects what the rectangle touches. The current photo stays if it is among them, otherwise
    /// the first of them becomes it: keys go on from where the eye is.
    fn select_rect(&mut self, from_px: [f32; 2], to_px: [f32; 2]) {
        self.selection.clear();
        let mut first = None;
        for index in self.grid.cells_in(&self.viewport, &self.rows, from_px, to_px) {
            first = first.or(Some(index));
            if let Some(photo) = self.order.photo_at(index) {
                self.selection.insert(photo);
            }
        }
        if let Some(first) = first
            && self.current.is_none_or(|photo| !self.selection.contains(photo))
        {
            self.set_current(first);
        }
        self.anchor = self.current;
    }

    fn scroll(&mut self, delta_px: f32) {
        if delta_px != 0.0 {
            self.heading = if delta_px > 0.0 { Heading::Forward } else { Heading::Backward };
        }
        self.grid.scroll(&self.viewport, &self.rows, delta_px);
    }

    pub(super) fn eye(&self) -> Option<Eye> {
        let visible = self.grid.visible(&self.viewport, &self.rows);
        let current = self.current_index().filter(|index| visible.contains(index));
        let index = current.unwrap_or(visible.start + visible.len() / 2);
        Some(Eye {
            photo: self.order.photo_at(index)?,
            y_px: self.grid.eye_px(&self.viewport, &self.rows, index),
            is_current: current.is_some(),
        })
    }

    /// Puts what was under the eye back there.
    pub(super) fn keep(&mut self, eye: Option<&Eye>) {
        self.grid.clamp(&self.viewport, &self.rows);
        let Some(eye) = eye else { return };
        match self.order.index_of(eye.photo) {
            Some(index) => {
                self.grid.keep_under_eye(&self.viewport, &self.rows, index, eye.y_px);
                if eye.is_current {
                    self.reveal_current();
                }
            }
            None => self.reveal_current(),
        }
    }

    /// Makes a photo of the order the current one and brings it into view.
    pub fn show(&mut self, photo: PhotoId) {
        if self.order.index_of(photo).is_none() {
            return;
        }
        let before = self.look();
        self.is_touched = true;
        self.current = Some(photo);
        self.reveal_current();
        self.note_change(&before);
    }

    /// The same, and selects nothing: a key reaches that photo alone.
    pub fn show_alone(&mut self, photo: PhotoId) {
        let before = self.look();
        self.selection.clear();
        self.note_change(&before);
        self.show(photo);
    }

    /// Sets whether a decision is followed by the next photo, as it was in an earlier run.
    pub const fn set_auto_advancing(&mut self, is_auto_advancing: bool) {
        self.is_auto_advancing = is_auto_advancing;
    }

    /// Says how many photos have been found: each has a label, shown in the order already or not.
    pub fn set_photo_count(&mut self, count: usize) {
        let before = self.look();
        self.labels.grow(count);
        self.note_change(&before);
    }

    /// Takes over another size or scale of the window; cells keep their size in logical pixels.
    pub fn set_viewport(&mut self, viewport: Viewport) {
        let before = self.look();
        let eye = self.eye();
        let ratio = viewport.scale_or_one() / self.viewport.scale_or_one();
        self.grid.cell_px *= ratio;
        self.stop_px *= ratio;
        self.viewport = viewport;
        self.grid.unpin();
        self.fit();
        self.keep(eye.as_ref());
        self.note_change(&before);
    }
}
