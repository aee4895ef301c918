//! From the windowing library's keys to chords of the table.
//!
//! Presses that the library makes up when the window gains the focus are ignored. A key is first
//! looked up by what it prints; where the table has nothing for it, by its place on a US layout, so
//! that `K` keeps on a Cyrillic keyboard and `1` gives a star on a French one.

use winit::event::KeyEvent;
use winit::keyboard::Key as Printed;
use winit::keyboard::KeyCode;
use winit::keyboard::ModifiersState;
use winit::keyboard::NamedKey;
use winit::keyboard::PhysicalKey;

use super::input;
use super::input::Chord;
use super::input::Intent;
use super::input::Key;
use super::pointer::Held;

/// What is held down.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Keyboard {
    /// Ctrl (Command on a Mac) and Shift.
    pub held: Held,
    /// The key that is held to travel.
    pub travelling: Option<PhysicalKey>,
}

impl Keyboard {
    /// Follows the modifiers.
    pub fn hold(&mut self, state: ModifiersState) {
        let ctrl = if cfg!(target_os = "macos") { state.super_key() } else { state.control_key() };
        self.held = Held { ctrl, shift: state.shift_key() };
    }

    /// What a pressed key asks for.
    #[must_use]
    pub fn intent(self, event: &KeyEvent) -> Option<&'static Intent> {
        let by_print = printed(&event.logical_key).map(|key| self.chord(key));
        let by_place = placed(event.physical_key).map(|key| self.chord(key));
        by_print.and_then(input::intent).or_else(|| by_place.and_then(input::intent))
    }

    /// The key of an event, for panels that take keys themselves.
    #[must_use]
    pub fn key(event: &KeyEvent) -> Option<Key> {
        printed(&event.logical_key)
    }

    /// Shift counts for letters and for keys that print nothing; `?` is `?` with or without it.
    fn chord(self, key: Key) -> Chord {
        let counts = !matches!(key, Key::Char(c) if !c.is_alphabetic());
        Chord { key, ctrl: self.held.ctrl, shift: self.held.shift && counts }
    }
}

fn printed(key: &Printed) -> Option<Key> {
    Some(match key.as_ref() {
        Printed::Character(text) => {
            let mut lower = text.chars().flat_map(char::to_lowercase);
            Key::Char(lower.next()?)
        }
        Printed::Named(named) => match named {
            NamedKey::ArrowLeft => Key::Left,
            NamedKey::ArrowRight => Key::Right,
            NamedKey::ArrowUp => Key::Up,
            NamedKey::ArrowDown => Key::Down,
            NamedKey::PageUp => Key::PageUp,
            NamedKey::PageDown => Key::PageDown,
            NamedKey::Home => Key::Home,
            NamedKey::End => Key::End,
            NamedKey::Enter => Key::Enter,
            NamedKey::Space => Key::Space,
            NamedKey::Escape => Key::Escape,
            NamedKey::Backspace => Key::Backspace,
            NamedKey::Tab => Key::Tab,
            NamedKey::F5 => Key::F5,
            NamedKey::F1 => Key::F1,
            NamedKey::F11 => Key::F11,
            _ => return None,
        },
        _ => return None,
    })
}

/// The key at a place of a US layout: letters and digits, all that a table needs.
fn placed(key: PhysicalKey) -> Option<Key> {
    let PhysicalKey::Code(code) = key else { return None };
    const PLACES: &[(KeyCode, char)] = &[
        (KeyCode::KeyA, 'a'),
        (KeyCode::KeyB, 'b'),
        (KeyCode::KeyC, 'c'),
        (KeyCode::KeyD, 'd'),
        (KeyCode::KeyE, 'e'),
        (KeyCode::KeyF, 'f'),
        (KeyCode::KeyG, 'g'),
        (KeyCode::KeyH, 'h'),
        (KeyCode::KeyI, 'i'),
        (KeyCode::KeyJ, 'j'),
        (KeyCode::KeyK, 'k'),
        (KeyCode::KeyL, 'l'),
        (KeyCode::KeyM, 'm'),
        (KeyCode::KeyN, 'n'),
        (KeyCode::KeyO, 'o'),
        (KeyCode::KeyP, 'p'),
        (KeyCode::KeyQ, 'q'),
        (KeyCode::KeyR, 'r'),
        (KeyCode::KeyS, 's'),
        (KeyCode::KeyT, 't'),
        (KeyCode::KeyU, 'u'),
        (KeyCode::KeyV, 'v'),
        (KeyCode::KeyW, 'w'),
        (KeyCode::KeyX, 'x'),
        (KeyCode::KeyY, 'y'),
        (KeyCode::KeyZ, 'z'),
        (KeyCode::Digit0, '0'),
        (KeyCode::Digit1, '1'),
        (KeyCode::Digit2, '2'),
        (KeyCode::Digit3, '3'),
        (KeyCode::Digit4, '4'),
        (KeyCode::Digit5, '5'),
        (KeyCode::Digit6, '6'),
        (KeyCode::Digit7, '7'),
        (KeyCode::Digit8, '8'),
        (KeyCode::Digit9, '9'),
        (KeyCode::NumpadAdd, '+'),
        (KeyCode::NumpadSubtract, '-'),
    ];
    PLACES.iter().find(|(place, _)| *place == code).map(|(_, c)| Key::Char(*c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shift_counts_for_letters_only() {
        let held = Held { ctrl: false, shift: true };
        let keyboard = Keyboard { held, ..Keyboard::default() };
        assert!(keyboard.chord(Key::Char('r')).shift);
        assert!(!keyboard.chord(Key::Char('?')).shift);
        assert!(keyboard.chord(Key::Left).shift);
    }

    #[test]
    fn a_cyrillic_k_is_found_by_its_place() {
        assert_eq!(printed(&Printed::Character("Л".into())), Some(Key::Char('л')));
        assert_eq!(placed(PhysicalKey::Code(KeyCode::KeyK)), Some(Key::Char('k')));
    }
}
