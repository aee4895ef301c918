//! The panel of photos on their way out: what is chosen, what would happen, how far it has come.
//!
//! Holds what is shown and typed; the desk asks the jobs and writes their answers here.

use crate::app::commands::export::list;
use crate::app::words;
use crate::core::export::Action;
use crate::jobs::export::list::Print;
use crate::jobs::export::outbox::Deed;
use crate::jobs::export::outbox::Offer;
use crate::jobs::export::outbox::Planned;
use crate::jobs::export::outbox::Which;

/// The choices of photos, in the order that they are offered.
pub const WHICH: [(Which, &str); 4] = [
    (Which::Kept, "kept"),
    (Which::Trashed, "trashed"),
    (Which::Shown, "shown"),
    (Which::Selected, "selected"),
];

/// What can be done with them, in the order that it is offered; `None` is a list.
pub const ACTIONS: [(Option<Action>, &str); 4] = [
    (Some(Action::Copy), "copy"),
    (Some(Action::Move), "move"),
    (Some(Action::Trash), "to the trash"),
    (None, "list"),
];

/// The forms of a list, each with how its file's name ends, in the order that they are offered.
pub const FORMATS: [(Print, &str, &str); 3] =
    [(list::paths, "paths", "txt"), (list::csv, "CSV", "csv"), (list::json, "JSON", "json")];

/// What copies of JPEGs are, in the order that it is offered.
pub const COPIES: [&str; 2] = ["as they are", "with what is decided in them (XMP)"];

/// A row of the panel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Row {
    /// Which photos.
    Which,
    /// What is done with them.
    Action,
    /// The folder that they go to, or the file of a list.
    Folder,
    /// What copies of JPEGs are, or the form of a list.
    Form,
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
    /// The form of a list, as an index of [`FORMATS`].
    pub format: usize,
    /// The file of a list, as it is typed.
    pub file: String,
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
    pub fn new(folder: String) -> Self {
        let file = format!("{folder}.{}", FORMATS[0].2);
        let said = [String::new(), String::new()];
        let (row, state) = (Row::Which, State::Looking);
        Self { which: 0, action: 0, copies: 0, format: 0, file, folder, row, state, said }
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
            Ok(plan) if plan.photo_count() == 0 => {
                let is_there = matches!(plan, Planned::Carry(plan) if plan.there_count > 0);
                let what = if is_there { "all are there already" } else { "no photos" };
                [format!("{what}: {}", WHICH[self.which].1), String::new()]
            }
            Ok(Planned::List(listing)) => {
                let photos = words::counted(listing.photos.len(), "photo");
                let (form, file) = (FORMATS[self.format].1, listing.file.display());
                [format!("list {photos} as {form} in {file}"), String::new()]
            }
            Ok(Planned::Carry(plan)) => {
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

    /// What is done.
    #[must_use]
    pub fn deed(&self) -> Deed {
        let list = Deed::List(FORMATS[self.format].0);
        ACTIONS[self.action].0.map_or(list, Deed::Carry)
    }

    /// Whether the photos go to a folder, or a list to a file.
    #[must_use]
    pub fn has_folder(&self) -> bool {
        ACTIONS[self.action].0 != Some(Action::Trash)
    }

    /// The folder or the file, as it is typed.
    #[must_use]
    pub fn place(&self) -> &str {
        if ACTIONS[self.action].0.is_none() { &self.file } else { &self.folder }
    }

    /// The same, to be typed in.
    pub fn place_mut(&mut self) -> &mut String {
        if ACTIONS[self.action].0.is_none() { &mut self.file } else { &mut self.folder }
    }

    /// What is offered beyond that, with its heading and what is chosen: what copies of JPEGs are, or
    /// the form of a list.
    #[must_use]
    pub fn forms(&self) -> Option<(&'static str, &'static [&'static str], usize)> {
        const NAMES: [&str; 3] = [FORMATS[0].1, FORMATS[1].1, FORMATS[2].1];
        match ACTIONS[self.action].0 {
            Some(Action::Copy) => Some(("JPEGs", &COPIES, self.copies)),
            None => Some(("as", &NAMES, self.format)),
            _ => None,
        }
    }

    /// Whether copies of JPEGs get what is decided into them.
    #[must_use]
    pub fn is_embedding(&self) -> bool {
        ACTIONS[self.action].0 == Some(Action::Copy) && self.copies == 1
    }

    /// Whether a plan is shown or being made.
    #[must_use]
    pub const fn is_planning(&self) -> bool {
        matches!(self.state, State::Looking | State::Offered(_))
    }

    /// The plan that Enter carries out.
    #[must_use]
    pub fn plan(&self) -> Option<&Planned> {
        match &self.state {
            State::Offered(offer) => offer.plan.as_ref().ok().filter(|plan| plan.photo_count() > 0),
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
            (Row::Folder | Row::Form, true) if self.forms().is_some() => Row::Form,
            (Row::Folder, true) | (Row::Form, _) => Row::Folder,
            (Row::Folder, false) => Row::Action,
        };
    }

    /// Chooses the next of the marked row, or the one before; gives whether that changed anything.
    pub fn turn(&mut self, is_right: bool) -> bool {
        let is_list = ACTIONS[self.action].0.is_none();
        let before = FORMATS[self.format].2;
        let (at, count) = match self.row {
            Row::Which => (&mut self.which, WHICH.len()),
            Row::Action => (&mut self.action, ACTIONS.len()),
            Row::Form if is_list => (&mut self.format, FORMATS.len()),
            Row::Form => (&mut self.copies, COPIES.len()),
            Row::Folder => return false,
        };
        *at = (*at + if is_right { 1 } else { count - 1 }) % count;
        // A name that ends as the old form does ends as the new one does.
        if let Some(stem) = self.file.strip_suffix(before).filter(|stem| stem.ends_with('.')) {
            self.file = format!("{stem}{}", FORMATS[self.format].2);
        }
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
        assert_eq!((panel.row, panel.is_embedding()), (Row::Form, false), "off by itself");
        assert!(panel.turn(true) && panel.is_embedding());
        (0..2).for_each(|_| panel.step(false));
        assert!(panel.turn(true));
        assert!(!panel.is_embedding(), "what is moved stays as it is");
        (0..5).for_each(|_| panel.step(true));
        assert_eq!(panel.row, Row::Folder);
    }

    #[test]
    fn a_list_has_a_file_whose_name_follows_its_form() {
        let mut panel = ExportPanel::new("/a.b/out".into());
        panel.step(true);
        assert!(panel.turn(false));
        assert_eq!(panel.place(), "/a.b/out.txt");
        panel.step(true);
        panel.step(true);
        assert!(panel.turn(true) && panel.place() == "/a.b/out.csv");
        assert!(panel.turn(true) && panel.place() == "/a.b/out.json");
        *panel.place_mut() = "/mine".into();
        assert!(panel.turn(true));
        assert_eq!((panel.place(), panel.folder.as_str()), ("/mine", "/a.b/out"));
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
        assert!(panel.turn(false) && panel.turn(false), "from the first to the last but one");
        assert!(!panel.has_folder());
        panel.step(true);
        assert_eq!(panel.row, Row::Action);
    }
}
