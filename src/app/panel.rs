//! What lies over the photos: the help, the information, the menu, the lines for tags and filters.
//!
//! At most one of help, menu and lines is open; the information may be open beside them. The
//! panels hold what is typed and which line is marked; what they ask for they hand back.

pub mod export;

use std::collections::BTreeMap;
use std::sync::Arc;

use super::input::Intent;
use crate::core::command::Command;
use crate::core::filter::Filter;
use crate::core::filter::Reading;
use crate::core::label::Decision;
use export::ExportPanel;

/// The panels that are open.
#[derive(Debug, Default)]
pub struct Panels {
    /// Whether the information about the current photo is shown.
    pub info: bool,
    /// Whether it is shown how good the learner is, in the same place.
    pub learned: bool,
    /// Whether the histogram and the parade of the current photo are shown.
    pub scopes: bool,
    /// Whether it is shown why the current photo has its probability, in the same place.
    pub why: bool,
    /// Whether nothing but photos is shown, on black.
    pub is_bare: bool,
    /// What is laid over photos.
    pub overlays: Overlays,
    /// What lies over everything and takes the keys.
    pub over: Over,
}

/// What is laid over photos to judge them by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Overlays {
    /// Where they are sharp: in the grid by the detail map, in the loupe by the pixels.
    pub is_peaking: bool,
    /// What was too bright or too dark for the file.
    pub is_clipping: bool,
    /// The detail map as a tint.
    pub is_heat: bool,
    /// Lines at a third and two thirds.
    pub is_thirds: bool,
}

/// One of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Overlay {
    /// Where photos are sharp.
    Peaking,
    /// What was too bright or too dark.
    Clipping,
    /// The detail map.
    Heat,
    /// Thirds.
    Thirds,
}

impl Overlays {
    /// Shows one, or takes it away.
    pub const fn toggle(&mut self, overlay: Overlay) {
        let is_on = match overlay {
            Overlay::Peaking => &mut self.is_peaking,
            Overlay::Clipping => &mut self.is_clipping,
            Overlay::Heat => &mut self.is_heat,
            Overlay::Thirds => &mut self.is_thirds,
        };
        *is_on = !*is_on;
    }
}

/// What lies over everything.
#[derive(Debug, Default, PartialEq)]
pub enum Over {
    /// Nothing.
    #[default]
    Nothing,
    /// The list of keys.
    Help(Help),
    /// The menu of the right button.
    Menu(Menu),
    /// The line that tags are typed in.
    TagLine(TagLine),
    /// The line that a filter is typed in.
    FilterLine(FilterLine),
    /// Photos on their way out.
    Export(Box<ExportPanel>),
}

/// The line that a filter is typed in.
#[derive(Debug, Default, PartialEq)]
pub struct FilterLine {
    /// What has been typed.
    pub text: String,
    /// What it means, with its mistakes.
    pub reading: Reading,
}

impl FilterLine {
    /// A line with a text to go on from.
    #[must_use]
    pub fn new(text: String) -> Self {
        let reading = Filter::read(&text);
        Self { text, reading }
    }

    /// Adds what was typed. Line breaks and control characters are no part of a filter.
    pub fn type_text(&mut self, text: &str) {
        self.text.extend(text.chars().filter(|c| !c.is_control()));
        self.reading = Filter::read(&self.text);
    }

    /// Takes the last character away.
    pub fn backspace(&mut self) {
        self.text.pop();
        self.reading = Filter::read(&self.text);
    }

    /// Takes the last word away, and what separates it from the one before.
    pub fn backspace_word(&mut self) {
        let kept = self.text.trim_end();
        let kept = kept.rfind(char::is_whitespace).map_or("", |at| &kept[..at]);
        self.text.truncate(kept.trim_end().len());
        self.reading = Filter::read(&self.text);
    }
}

/// The list of keys.
#[derive(Debug, Default, PartialEq)]
pub struct Help {
    /// How far it is scrolled, where the window is too small for all of it.
    pub scroll_px: f32,
}

/// The menu of the right button.
#[derive(Debug, PartialEq)]
pub struct Menu {
    /// Where its top left corner was asked for.
    pub at_px: [f32; 2],
    /// The marked line.
    pub marked: Option<usize>,
}

/// What the menu offers: the words and the same intents as the keys have.
pub static MENU: &[(&str, Intent)] = &[
    ("Keep", Intent::Command(Command::Decide(Decision::Keep))),
    ("Trash", Intent::Command(Command::Decide(Decision::Trash))),
    ("Undecided again", Intent::Command(Command::Decide(Decision::Clear))),
    ("5 stars", Intent::Command(Command::Decide(Decision::Stars(5)))),
    ("3 stars", Intent::Command(Command::Decide(Decision::Stars(3)))),
    ("No stars", Intent::Command(Command::Decide(Decision::Stars(0)))),
    ("Tags …", Intent::TagLine),
    ("Turn right", Intent::Command(Command::Decide(Decision::Turn(1)))),
    ("Turn left", Intent::Command(Command::Decide(Decision::Turn(3)))),
    ("Filter …", Intent::FilterLine),
    ("Export …", Intent::Export),
    ("Loupe", Intent::Command(Command::Open)),
    ("Information", Intent::Info),
    ("Undo", Intent::Command(Command::Undo)),
];

/// The line that tags are typed in.
#[derive(Debug, Default, PartialEq)]
pub struct TagLine {
    /// What has been typed.
    pub text: String,
    /// Which of the offers is marked.
    pub marked: Option<usize>,
    /// Tags in use that fit what has been typed, the most used first.
    pub offers: Vec<Arc<str>>,
}

/// As many tags are offered at a time: more are read slower than one more letter is typed.
pub const OFFER_COUNT: usize = 8;

impl TagLine {
    /// An empty line that offers the most used tags.
    #[must_use]
    pub fn new(in_use: &BTreeMap<Arc<str>, u32>) -> Self {
        let mut line = Self::default();
        line.offer(in_use);
        line
    }

    /// Adds what was typed. Line breaks and control characters are no part of a tag.
    pub fn type_text(&mut self, text: &str, in_use: &BTreeMap<Arc<str>, u32>) {
        self.text.extend(text.chars().filter(|c| !c.is_control()));
        self.offer(in_use);
    }

    /// Takes the last character away.
    pub fn backspace(&mut self, in_use: &BTreeMap<Arc<str>, u32>) {
        self.text.pop();
        self.offer(in_use);
    }

    /// Marks the next offer, or the previous one.
    pub fn step(&mut self, is_down: bool) {
        let count = self.offers.len();
        if count == 0 {
            return;
        }
        self.marked = Some(match (self.marked, is_down) {
            (None, true) => 0,
            (None, false) => count - 1,
            (Some(at), true) => (at + 1) % count,
            (Some(at), false) => (at + count - 1) % count,
        });
    }

    /// Puts the marked offer (or the first) into the line.
    pub fn complete(&mut self, in_use: &BTreeMap<Arc<str>, u32>) {
        if let Some(offer) = self.offers.get(self.marked.unwrap_or(0)) {
            self.text = offer.to_string();
            self.offer(in_use);
        }
    }

    /// The tag that Enter gives: the marked offer, or what has been typed; `None` when empty.
    #[must_use]
    pub fn tag(&self) -> Option<Arc<str>> {
        if let Some(offer) = self.marked.and_then(|at| self.offers.get(at)) {
            return Some(Arc::clone(offer));
        }
        let typed = self.text.trim();
        (!typed.is_empty()).then(|| typed.into())
    }

    fn offer(&mut self, in_use: &BTreeMap<Arc<str>, u32>) {
        let typed = self.text.trim().to_lowercase();
        let mut fitting: Vec<(&Arc<str>, u32)> = in_use
            .iter()
            .filter(|(tag, count)| **count > 0 && tag.to_lowercase().contains(&typed))
            .map(|(tag, &count)| (tag, count))
            .collect();
        // What begins like the typed text is likelier meant than what merely contains it.
        fitting.sort_by_key(|(tag, count)| {
            (!tag.to_lowercase().starts_with(&typed), std::cmp::Reverse(*count))
        });
        self.offers = fitting.into_iter().take(OFFER_COUNT).map(|(t, _)| Arc::clone(t)).collect();
        self.marked = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn in_use() -> BTreeMap<Arc<str>, u32> {
        [("bride", 9), ("bridge", 2), ("abridged", 50), ("cake", 4), ("gone", 0)]
            .map(|(tag, count)| (Arc::from(tag), count))
            .into()
    }

    #[track_caller]
    fn check(typed: &str, offers: &[&str]) {
        let mut line = TagLine::new(&in_use());
        line.type_text(typed, &in_use());
        let found: Vec<&str> = line.offers.iter().map(AsRef::as_ref).collect();
        assert_eq!(found, offers, "after typing {typed:?}");
    }

    #[test]
    fn tags_that_begin_alike_come_first_then_the_most_used() {
        check("", &["abridged", "bride", "cake", "bridge"]);
        check("BRI", &["bride", "bridge", "abridged"]);
        check("zz", &[]);
    }

    #[test]
    fn enter_gives_the_marked_offer_or_the_typed_words() {
        let mut line = TagLine::new(&in_use());
        line.type_text(" first dance \n", &in_use());
        assert_eq!(line.tag().as_deref(), Some("first dance"));
        let mut line = TagLine::new(&in_use());
        line.type_text("bri", &in_use());
        line.step(true);
        line.step(true);
        assert_eq!(line.tag().as_deref(), Some("bridge"));
        line.step(true);
        line.step(true);
        assert_eq!(line.tag().as_deref(), Some("bride"));
    }

    #[test]
    fn words_of_a_filter_are_taken_away_from_its_end() {
        let mut line = FilterLine::new("keep  stars>=3 ".into());
        line.backspace_word();
        assert_eq!(line.text, "keep");
        line.type_text(" p<9\n");
        assert_eq!((line.text.as_str(), line.reading.diagnostics.len()), ("keep p<9", 1));
        line.backspace_word();
        line.backspace();
        line.backspace_word();
        assert_eq!((line.text.as_str(), line.reading), ("", Reading::default()));
    }

    #[test]
    fn an_empty_line_gives_no_tag() {
        assert_eq!(TagLine::default().tag(), None);
    }
}
