//! Which key does what: the one table that keys are read from and that the help shows.
//!
//! Keys are found by what they print, so that the table holds on every Latin layout; where that
//! finds nothing (another script, digits that need Shift), `window` asks again with what the key
//! would print on a US layout.

mod bindings;
pub mod keys;

pub use self::bindings::SECTIONS;
use super::panel::Overlay;
use crate::core::command::Command;

/// A key, by what it prints or what it is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Key {
    /// What it prints, in lower case.
    Char(char),
    Left,
    Right,
    Up,
    Down,
    PageUp,
    PageDown,
    Home,
    End,
    Enter,
    Space,
    Escape,
    Backspace,
    Tab,
    F1,
    F5,
    F11,
}

/// A key with what is held beside it. Ctrl is Command on a Mac.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Chord {
    /// The key.
    pub key: Key,
    /// Whether Ctrl is held.
    pub ctrl: bool,
    /// Whether Shift is held; `false` for characters that are not letters, which Shift makes.
    pub shift: bool,
}

/// What a key asks for.
#[derive(Debug, Clone, PartialEq)]
pub enum Intent {
    /// Something about photos.
    Command(Command),
    /// Another window state.
    FullScreen,
    /// Open or close the window that follows with the current photo.
    Second,
    /// The list of keys, or away with it.
    Help,
    /// The photo's EXIF, or away with it.
    Info,
    /// How good the learner is, or away with it.
    Learned,
    /// Something to judge photos by over them, or away with it.
    Overlay(Overlay),
    /// Histogram and parade, or away with them.
    Scopes,
    /// Held arrow keys show every photo, or travel faster and faster.
    Fast,
    /// Why the photo has its probability, or away with it.
    Why,
    /// A blind audit of what is proposed, or away from it.
    Audit,
    /// Nothing but photos, or everything again.
    Bare,
    /// The line that tags are typed in.
    TagLine,
    /// The line that a filter is typed in.
    FilterLine,
    /// The photos that this finds; all where it is empty.
    Filter(&'static str),
    /// Look anew which photos match.
    FilterAgain,
    /// Sort by the next key.
    Sort,
    /// The other way round.
    TurnSort,
    /// Photos out of the shoot.
    Export,
    /// Another folder.
    OpenFolder,
    /// The end.
    Quit,
}

/// One line of the table.
pub struct Binding {
    /// What the settings call it: short, in small letters. People have it in their files, so it must
    /// not change when the help does.
    pub id: &'static str,
    /// Any of these.
    pub chords: &'static [Chord],
    /// What they ask for.
    pub intent: Intent,
    /// What the help says.
    pub help: &'static str,
}

/// A group of lines with its heading in the help.
pub struct Section {
    /// The heading.
    pub title: &'static str,
    /// The lines.
    pub bindings: &'static [Binding],
}

/// What a chord asks for.
#[must_use]
pub fn intent(chord: Chord) -> Option<&'static Intent> {
    keys::KeyMap::in_use().intent(chord)
}

/// Appends what the help calls a chord.
pub fn write_name(chord: Chord, out: &mut String) {
    if chord.ctrl {
        out.push_str("Ctrl ");
    }
    if chord.shift {
        out.push_str("Shift ");
    }
    out.push_str(match chord.key {
        Key::Char(c) => return out.extend(c.to_uppercase()),
        Key::Left => "←",
        Key::Right => "→",
        Key::Up => "↑",
        Key::Down => "↓",
        Key::PageUp => "PgUp",
        Key::PageDown => "PgDn",
        Key::Home => "Home",
        Key::End => "End",
        Key::Enter => "Enter",
        Key::Space => "Space",
        Key::Escape => "Esc",
        Key::Backspace => "Backspace",
        Key::Tab => "Tab",
        Key::F1 => "F1",
        Key::F5 => "F5",
        Key::F11 => "F11",
    });
}

#[cfg(test)]
mod tests {
    use super::bindings::ctrl;
    use super::bindings::plain;
    use super::*;

    fn name(chord: Chord) -> String {
        let mut name = String::new();
        write_name(chord, &mut name);
        name
    }

    #[test]
    fn no_chord_asks_for_two_things() {
        let all: Vec<Chord> =
            SECTIONS.iter().flat_map(|s| s.bindings).flat_map(|b| b.chords).copied().collect();
        for (at, chord) in all.iter().enumerate() {
            assert!(!all[..at].contains(chord), "{} stands twice", name(*chord));
        }
    }

    #[test]
    fn the_help_names_chords_as_they_are_printed_on_keys() {
        assert_eq!(name(ctrl(Key::Char('q'))), "Ctrl Q");
        assert_eq!(name(Chord { key: Key::Char('z'), ctrl: true, shift: true }), "Ctrl Shift Z");
        assert_eq!(name(plain(Key::PageUp)), "PgUp");
    }
}
