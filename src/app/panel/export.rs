//! The panel of photos on their way out: what is chosen, what would happen, how far it has come.
//!
//! Holds what is shown and typed; the desk asks the jobs and writes their answers here.

use crate::app::words;
use crate::core::export::Action;
use crate::core::export::Plan;
use crate::jobs::export::outbox::Offer;
use crate::jobs::export::outbox::Which;

/// The choices of photos, in the order that they are offered.
pub const WHICH: [(Which, &str); 4] = [
    (Which::Kept, "kept"),
    (Which::Trashed, "trashed"),
    (Which::Shown, "shown"),
    (Which::Selected, "selected"),
];

/// What can be done with them, in the order that it is offered.
pub const ACTIONS: [(Action, &str); 3] =
    [(Action::Copy, "copy"), (Action::Move, "move"), (Action::Trash, "to the trash")];

/// What copies of JPEGs are, in the order that it is offered.
pub const COPIES: [&str; 2] = ["as they are", "with what is decided in them (XMP)"];

/// A row of the panel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Row {
    /// Which photos.
    Which,
    /// What is done with them.
    Action,
    /// The folder that they go to.
    Folder,
    /// What copies of JPEGs are.
    Copies,
}

/// How far it is.
#[derive(Debug, Clone, PartialEq)]
pub enum State {
    /// The plan is being made.
    Looking,
    /// What would happen.
    Offered(Box<Offer>),
    /// It happens.
    Running {
        /// Photos in all; 0 where that is not known.
        photo_count: usize,
        /// Photos that have been tried.
        tried_count: usize,
        /// Bytes in all.
        bytes: u64,
        /// Bytes that have come to their new place.
        bytes_done: u64,
        /// Whether it is paused.
        is_paused: bool,
    },
    /// What has become of it.
    Ended {
        /// In words.
        words: String,
        /// Whether there is a way back.
        can_undo: bool,
    },
}

/// The panel.
#[derive(Debug, Clone, PartialEq)]
pub struct ExportPanel {
    /// Which photos, as an index of [`WHICH`].
    pub which: usize,
    /// What is done, as an index of [`ACTIONS`].
    pub action: usize,
    /// What copies of JPEGs are, as an index of [`COPIES`].
    pub copies: usize,
    /// The folder, as it is typed.
    pub folder: String,
    /// The marked row.
    pub row: Row,
    /// How far it is.
    state: State,
    /// The state in words, and what is to be added: made when it changes, not with every frame.
    said: [String; 2],
}

impl ExportPanel {
    /// A panel for a folder to begin with.
    #[must_use]
    pub const fn new(folder: String) -> Self {
        let said = [String::new(), String::new()];
        Self {
            which: 0,
            action: 0,
            copies: 0,
            folder,
            row: Row::Which,
            state: State::Looking,
            said,
        }
    }

    /// How far it is.
    #[must_use]
    pub const fn state(&self) -> &State {
        &self.state
    }

    /// The state in words, and what is to be added to it.
    #[must_use]
    pub const fn said(&self) -> &[String; 2] {
        &self.said
    }

    /// Follows what the jobs say.
    pub fn put(&mut self, state: State) {
        if self.state != state {
            self.said = self.words(&state);
            self.state = state;
        }
    }

    fn words(&self, state: &State) -> [String; 2] {
        match state {
            State::Looking => ["looking …".to_owned(), String::new()],
            State::Offered(offer) => self.offer_words(offer),
            State::Running { photo_count, tried_count, bytes, bytes_done, is_paused } => {
                let paused = if *is_paused { "paused at " } else { "" };
                let mut said =
                    format!("{paused}{tried_count} of {}", words::counted(*photo_count, "photo"));
                if *bytes > 0 {
                    said += &format!(", {} of {}", words::size(*bytes_done), words::size(*bytes));
                }
                [String::new(), said]
            }
            State::Ended { words, .. } => [words.clone(), String::new()],
        }
    }

    fn offer_words(&self, offer: &Offer) -> [String; 2] {
        let mut said = match &offer.plan {
            Err(reason) => [reason.clone(), String::new()],
            Ok(plan) if plan.photos.is_empty() => {
                let what = if plan.there_count > 0 { "all are there already" } else { "no photos" };
                [format!("{what}: {}", WHICH[self.which].1), String::new()]
            }
            Ok(plan) => {
                let said = words::plan(plan);
                let (first, second) = said.split_once("; ").unwrap_or((&said, ""));
                [first.to_owned(), second.to_owned()]
            }
        };
        if offer.missing_count > 0 {
            let missing = words::counted(offer.missing_count, "photo");
            said[1] = format!("{missing} cannot be found: moved or deleted since");
        }
        said
    }

    /// Whether the photos go to a folder.
    #[must_use]
    pub fn has_folder(&self) -> bool {
        ACTIONS[self.action].0 != Action::Trash
    }

    /// Whether JPEGs can get what is decided into them: copies only.
    #[must_use]
    pub fn has_copies(&self) -> bool {
        ACTIONS[self.action].0 == Action::Copy
    }

    /// Whether they get it.
    #[must_use]
    pub fn is_embedding(&self) -> bool {
        self.has_copies() && self.copies == 1
    }

    /// Whether a plan is shown or being made.
    #[must_use]
    pub const fn is_planning(&self) -> bool {
        matches!(self.state, State::Looking | State::Offered(_))
    }

    /// The plan that Enter carries out.
    #[must_use]
    pub fn plan(&self) -> Option<&Plan> {
        match &self.state {
            State::Offered(offer) => {
                offer.plan.as_ref().ok().filter(|plan| !plan.photos.is_empty())
            }
            _ => None,
        }
    }

    /// Marks the row below, or above.
    pub fn step(&mut self, is_down: bool) {
        self.row = match (self.row, is_down) {
            (Row::Which, true) => Row::Action,
            (Row::Which, false) | (Row::Action, false) => Row::Which,
            (Row::Action, true) if self.has_folder() => Row::Folder,
            (Row::Action, true) => Row::Action,
            (Row::Folder, true) if self.has_copies() => Row::Copies,
            (Row::Folder, true) | (Row::Copies, false) => Row::Folder,
            (Row::Copies, true) => Row::Copies,
            (Row::Folder, false) => Row::Action,
        };
    }

    /// Chooses the next of the marked row, or the one before; gives whether that changed anything.
    pub const fn turn(&mut self, is_right: bool) -> bool {
        let (at, count) = match self.row {
            Row::Which => (&mut self.which, WHICH.len()),
            Row::Action => (&mut self.action, ACTIONS.len()),
            Row::Copies => (&mut self.copies, COPIES.len()),
            Row::Folder => return false,
        };
        *at = (*at + if is_right { 1 } else { count - 1 }) % count;
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_copies_are_is_reached_only_where_there_are_copies() {
        let mut panel = ExportPanel::new("/out".into());
        (0..5).for_each(|_| panel.step(true));
        assert_eq!((panel.row, panel.is_embedding()), (Row::Copies, false), "off by itself");
        assert!(panel.turn(true) && panel.is_embedding());
        (0..2).for_each(|_| panel.step(false));
        assert!(panel.turn(true));
        assert!(!panel.is_embedding(), "what is moved stays as it is");
        (0..5).for_each(|_| panel.step(true));
        assert_eq!(panel.row, Row::Folder);
    }

    #[test]
    fn the_folder_is_reached_only_where_photos_go_to_one() {
        let mut panel = ExportPanel::new("/out".into());
        panel.step(false);
        assert_eq!(panel.row, Row::Which);
        panel.step(true);
        panel.step(true);
        assert_eq!(panel.row, Row::Folder);
        assert!(!panel.turn(true));
        panel.step(false);
        assert!(panel.turn(false), "from the first to the last");
        assert!(!panel.has_folder());
        panel.step(true);
        assert_eq!(panel.row, Row::Action);
    }
}
