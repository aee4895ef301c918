//! The table of the keys as they are at first: [`super::keys`] has those that the settings say.

use super::Binding;
use super::Chord;
use super::Intent;
use super::Key;
use super::Section;
use crate::app::panel::Overlay;
use crate::core::command::Command;
use crate::core::command::Direction;
use crate::core::label::Colour;
use crate::core::label::Decision;

pub(super) const fn plain(key: Key) -> Chord {
    Chord { key, ctrl: false, shift: false }
}

pub(super) const fn ctrl(key: Key) -> Chord {
    Chord { key, ctrl: true, shift: false }
}

const fn shift(key: Key) -> Chord {
    Chord { key, ctrl: false, shift: true }
}

const fn ch(c: char) -> Chord {
    plain(Key::Char(c))
}

const fn to(direction: Direction) -> Intent {
    Intent::Command(Command::Move(direction))
}

const fn extend(direction: Direction) -> Intent {
    Intent::Command(Command::Extend(direction))
}

const fn decide(decision: Decision) -> Intent {
    Intent::Command(Command::Decide(decision))
}

/// A line of the table: what the settings call it, what the help says, what it asks for, its keys.
macro_rules! bind {
    ($id:literal, $help:literal, $intent:expr, $($chord:expr),+) => {
        Binding { id: $id, chords: &[$($chord),+], intent: $intent, help: $help }
    };
}

/// Every key.
pub static SECTIONS: &[Section] = &[
    Section {
        title: "Move",
        bindings: &[
            bind!("left", "photo to the left", to(Direction::Left), plain(Key::Left)),
            bind!("right", "photo to the right", to(Direction::Right), plain(Key::Right)),
            bind!("up", "row above", to(Direction::Up), plain(Key::Up)),
            bind!("down", "row below", to(Direction::Down), plain(Key::Down)),
            bind!("screen-up", "screen up", to(Direction::PageUp), plain(Key::PageUp)),
            bind!("screen-down", "screen down", to(Direction::PageDown), plain(Key::PageDown)),
            bind!("first", "first photo", to(Direction::Home), plain(Key::Home)),
            bind!("last", "last photo", to(Direction::End), plain(Key::End)),
            bind!(
                "next-undecided",
                "next undecided",
                Intent::Command(Command::NextUndecided),
                ch('j')
            ),
            bind!(
                "undecided-before",
                "undecided before",
                Intent::Command(Command::PreviousUndecided),
                shift(Key::Char('j'))
            ),
            bind!("fast-travel", "held arrows: each, or fast", Intent::Fast, ch('v')),
            bind!("ask", "what teaches most", Intent::Command(Command::Ask), ch('n')),
            bind!(
                "next-burst",
                "next burst",
                Intent::Command(Command::NextBurst),
                ctrl(Key::Right),
                ctrl(Key::Down)
            ),
            bind!(
                "previous-burst",
                "previous burst",
                Intent::Command(Command::PreviousBurst),
                ctrl(Key::Left),
                ctrl(Key::Up)
            ),
        ],
    },
    Section {
        title: "Select",
        bindings: &[
            bind!("select-left", "one more to the left", extend(Direction::Left), shift(Key::Left)),
            bind!(
                "select-right",
                "one more to the right",
                extend(Direction::Right),
                shift(Key::Right)
            ),
            bind!("select-up", "one more row up", extend(Direction::Up), shift(Key::Up)),
            bind!("select-down", "one more row down", extend(Direction::Down), shift(Key::Down)),
            bind!("select-to-first", "up to the first", extend(Direction::Home), shift(Key::Home)),
            bind!("select-to-last", "down to the last", extend(Direction::End), shift(Key::End)),
            bind!("select-all", "all", Intent::Command(Command::SelectAll), ctrl(Key::Char('a'))),
        ],
    },
    Section {
        title: "Look",
        bindings: &[
            bind!(
                "loupe",
                "loupe, or back to the grid",
                Intent::Command(Command::Open),
                plain(Key::Enter),
                plain(Key::Space)
            ),
            bind!("back", "back", Intent::Command(Command::Back), plain(Key::Escape)),
            bind!(
                "actual-size",
                "1:1, or fit again",
                Intent::Command(Command::ToggleActual { at_px: None }),
                ch('z')
            ),
            bind!(
                "larger",
                "larger",
                Intent::Command(Command::ZoomIn),
                ch('+'),
                ch('='),
                ctrl(Key::Char('+')),
                ctrl(Key::Char('='))
            ),
            bind!(
                "smaller",
                "smaller",
                Intent::Command(Command::ZoomOut),
                ch('-'),
                ctrl(Key::Char('-'))
            ),
            bind!("turn-right", "turn right", decide(Decision::Turn(1)), ch('r')),
            bind!("turn-left", "turn left", decide(Decision::Turn(3)), shift(Key::Char('r'))),
            bind!("info", "camera, exposure, file", Intent::Info, ch('i')),
            bind!("learned", "what is learned", Intent::Learned, ch('m')),
            bind!("peaking", "where it is sharp", Intent::Overlay(Overlay::Peaking), ch('s')),
            bind!("clipping", "too bright, too dark", Intent::Overlay(Overlay::Clipping), ch('e')),
            bind!("detail", "where there is detail", Intent::Overlay(Overlay::Heat), ch('d')),
            bind!("thirds", "thirds", Intent::Overlay(Overlay::Thirds), ch('l')),
            bind!("histogram", "histogram, RGB parade", Intent::Scopes, ch('h')),
            bind!("why", "why it would be kept or not", Intent::Why, ch('b')),
            bind!("only-photos", "nothing but photos", Intent::Bare, plain(Key::Tab)),
            bind!("second-window", "another window with the photo", Intent::Second, ch('w')),
            bind!("full-screen", "full screen", Intent::FullScreen, ch('f'), plain(Key::F11)),
        ],
    },
    Section {
        title: "Decide",
        bindings: &[
            bind!("keep", "keep", decide(Decision::Keep), ch('k'), ch('p')),
            bind!("trash", "trash", decide(Decision::Trash), ch('t'), ch('x')),
            bind!("undecided", "undecided again", decide(Decision::Clear), ch('u')),
            bind!("stars-0", "no stars", decide(Decision::Stars(0)), ch('0')),
            bind!("stars-1", "1 star", decide(Decision::Stars(1)), ch('1')),
            bind!("stars-2", "2 stars", decide(Decision::Stars(2)), ch('2')),
            bind!("stars-3", "3 stars", decide(Decision::Stars(3)), ch('3')),
            bind!("stars-4", "4 stars", decide(Decision::Stars(4)), ch('4')),
            bind!("stars-5", "5 stars", decide(Decision::Stars(5)), ch('5')),
            bind!("red", "red", decide(Decision::Colour(Colour::Red)), ch('6')),
            bind!("yellow", "yellow", decide(Decision::Colour(Colour::Yellow)), ch('7')),
            bind!("green", "green", decide(Decision::Colour(Colour::Green)), ch('8')),
            bind!("blue", "blue", decide(Decision::Colour(Colour::Blue)), ch('9')),
            bind!(
                "accept",
                "as proposed",
                Intent::Command(Command::Accept { all: false }),
                ch('y')
            ),
            bind!(
                "accept-selected",
                "all selected as proposed",
                Intent::Command(Command::Accept { all: true }),
                shift(Key::Char('y'))
            ),
            bind!("audit", "check the proposals blind", Intent::Audit, ctrl(Key::Char('b'))),
            bind!("tags", "tags", Intent::TagLine, ctrl(Key::Char('t'))),
            bind!("undo", "undo", Intent::Command(Command::Undo), ctrl(Key::Char('z'))),
            bind!(
                "redo",
                "redo",
                Intent::Command(Command::Redo),
                Chord { key: Key::Char('z'), ctrl: true, shift: true },
                ctrl(Key::Char('y'))
            ),
            bind!(
                "auto-advance",
                "go on after a decision, or stay",
                Intent::Command(Command::ToggleAutoAdvance),
                ch('a')
            ),
        ],
    },
    Section {
        title: "Find",
        bindings: &[
            bind!(
                "filter",
                "filter: words and terms",
                Intent::FilterLine,
                ch('/'),
                ctrl(Key::Char('f'))
            ),
            bind!("only-kept", "kept", Intent::Filter("keep"), ctrl(Key::Char('1'))),
            bind!("only-trashed", "trashed", Intent::Filter("trash"), ctrl(Key::Char('2'))),
            bind!("only-undecided", "undecided", Intent::Filter("undecided"), ctrl(Key::Char('3'))),
            bind!("all", "all", Intent::Filter(""), ctrl(Key::Char('0'))),
            bind!("filter-again", "filter again", Intent::FilterAgain, plain(Key::F5)),
            bind!("sort", "by time, name, stars, probability, sharpness", Intent::Sort, ch('o')),
            bind!("turn-sort", "the other way round", Intent::TurnSort, shift(Key::Char('o'))),
        ],
    },
    Section {
        title: "Program",
        bindings: &[
            bind!("export", "copy, move, trash, list", Intent::Export, ctrl(Key::Char('e'))),
            bind!("open-folder", "open a folder", Intent::OpenFolder, ctrl(Key::Char('o'))),
            bind!("help", "this list", Intent::Help, ch('?'), plain(Key::F1)),
            bind!("leave", "leave", Intent::Quit, ctrl(Key::Char('q'))),
        ],
    },
];

#[cfg(test)]
mod tests {
    use super::super::intent;
    use super::*;

    #[test]
    fn a_key_and_its_chord_differ() {
        assert_eq!(intent(ch('t')), Some(&decide(Decision::Trash)));
        assert_eq!(intent(ctrl(Key::Char('t'))), Some(&Intent::TagLine));
        assert_eq!(intent(shift(Key::Char('k'))), None);
    }
}
