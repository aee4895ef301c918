//! From mouse buttons and movement to commands: click, double click, drag, rectangle.
//!
//! ```text
//!             press                    moved > 4 px
//! Up ------------------> Down --------------------------> Dragging
//!  ^                       | release: Click (twice: Open)     | release
//!  +-----------------------+-----------------------------------+
//! ```
//!
//! In the grid a drag scrolls, with Shift it draws a rectangle that selects; in the loupe a drag
//! pans and a click goes to 1:1 and back. Two clicks on one place within half a second are a
//! double click. Units: physical pixels.

use crate::core::command::Command;
use crate::core::photo::Timestamp;
use crate::core::review::Stage;

/// How far the pointer may stray, in logical pixels, before a click becomes a drag.
const SLOP: f32 = 4.0;

/// The longest time between the clicks of a double click: what GTK and Windows use, near enough.
const DOUBLE_CLICK_MICROS: i64 = 450_000;

/// What is held on the keyboard while the mouse acts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Held {
    /// Ctrl, or Command on a Mac.
    pub ctrl: bool,
    /// Shift.
    pub shift: bool,
}

/// The left button and where the pointer is.
#[derive(Debug, Default)]
pub struct Pointer {
    /// Where the pointer is.
    pub at_px: [f32; 2],
    state: State,
    last_click: Option<(Timestamp, [f32; 2])>,
}

#[derive(Debug, Default, Clone, Copy, PartialEq)]
enum State {
    #[default]
    Up,
    Down {
        from_px: [f32; 2],
    },
    Panning,
    Drawing {
        from_px: [f32; 2],
    },
}

impl Pointer {
    /// The pointer moved. Gives a scroll, a pan, or nothing.
    pub fn moved(
        &mut self,
        to_px: [f32; 2],
        stage: Stage,
        scale: f32,
        held: Held,
    ) -> Option<Command> {
        let from = std::mem::replace(&mut self.at_px, to_px);
        if let State::Down { from_px } = self.state {
            if distance(from_px, to_px) <= SLOP * scale {
                return None;
            }
            let is_drawing = held.shift && stage == Stage::Grid;
            self.state = if is_drawing { State::Drawing { from_px } } else { State::Panning };
        }
        if self.state != State::Panning {
            return None;
        }
        let delta_px = [to_px[0] - from[0], to_px[1] - from[1]];
        Some(match stage {
            Stage::Grid => Command::Scroll { delta_px: -delta_px[1] },
            Stage::Loupe => Command::Pan { delta_px },
        })
    }

    /// The left button went down.
    pub fn pressed(&mut self) {
        self.state = State::Down { from_px: self.at_px };
    }

    /// The left button went up.
    pub fn released(&mut self, stage: Stage, held: Held, now: Timestamp) -> Option<Command> {
        match std::mem::take(&mut self.state) {
            State::Down { .. } => Some(self.click(stage, held, now)),
            State::Drawing { from_px } => Some(Command::SelectRect { from_px, to_px: self.at_px }),
            State::Up | State::Panning => None,
        }
    }

    /// Forgets a button that is held: the window lost the focus, or a panel took the click.
    pub fn cancel(&mut self) {
        self.state = State::Up;
    }

    /// The rectangle that is being drawn: two opposite corners.
    #[must_use]
    pub const fn drawn(&self) -> Option<([f32; 2], [f32; 2])> {
        match self.state {
            State::Drawing { from_px } => Some((from_px, self.at_px)),
            _ => None,
        }
    }

    fn click(&mut self, stage: Stage, held: Held, now: Timestamp) -> Command {
        let at_px = self.at_px;
        if stage == Stage::Loupe {
            return Command::ToggleActual { at_px: Some(at_px) };
        }
        if held.shift {
            return Command::ClickExtend { at_px };
        }
        if held.ctrl {
            return Command::ClickToggle { at_px };
        }
        let is_double = self.last_click.is_some_and(|(then, place)| {
            now.0 - then.0 <= DOUBLE_CLICK_MICROS && distance(place, at_px) <= 2.0 * SLOP
        });
        self.last_click = if is_double { None } else { Some((now, at_px)) };
        if is_double { Command::Open } else { Command::Click { at_px } }
    }
}

fn distance(a: [f32; 2], b: [f32; 2]) -> f32 {
    (a[0] - b[0]).hypot(a[1] - b[1])
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOTHING: Held = Held { ctrl: false, shift: false };
    const SHIFT: Held = Held { ctrl: false, shift: true };

    fn at(millis: i64) -> Timestamp {
        Timestamp(millis * 1000)
    }

    #[test]
    fn two_clicks_on_a_photo_open_it_and_a_third_does_not() {
        let mut pointer = Pointer { at_px: [50.0, 50.0], ..Pointer::default() };
        let mut click = |millis| {
            pointer.pressed();
            pointer.released(Stage::Grid, NOTHING, at(millis))
        };
        assert_eq!(click(0), Some(Command::Click { at_px: [50.0, 50.0] }));
        assert_eq!(click(200), Some(Command::Open));
        assert_eq!(click(400), Some(Command::Click { at_px: [50.0, 50.0] }));
    }

    #[test]
    fn slow_clicks_are_two() {
        let mut pointer = Pointer::default();
        for millis in [0, 600] {
            pointer.pressed();
            let command = pointer.released(Stage::Grid, NOTHING, at(millis));
            assert_eq!(command, Some(Command::Click { at_px: [0.0, 0.0] }));
        }
    }

    #[test]
    fn a_drag_scrolls_and_is_no_click() {
        let mut pointer = Pointer::default();
        pointer.pressed();
        assert_eq!(pointer.moved([0.0, 3.0], Stage::Grid, 1.0, NOTHING), None);
        let scroll = pointer.moved([0.0, 13.0], Stage::Grid, 1.0, NOTHING);
        assert_eq!(scroll, Some(Command::Scroll { delta_px: -10.0 }));
        assert_eq!(pointer.released(Stage::Grid, NOTHING, at(0)), None);
    }

    #[test]
    fn a_drag_with_shift_draws_a_rectangle() {
        let mut pointer = Pointer::default();
        pointer.pressed();
        assert_eq!(pointer.moved([40.0, 30.0], Stage::Grid, 1.0, SHIFT), None);
        assert_eq!(pointer.drawn(), Some(([0.0, 0.0], [40.0, 30.0])));
        assert_eq!(
            pointer.released(Stage::Grid, SHIFT, at(0)),
            Some(Command::SelectRect { from_px: [0.0, 0.0], to_px: [40.0, 30.0] })
        );
    }

    #[test]
    fn a_click_in_the_loupe_goes_to_its_pixel() {
        let mut pointer = Pointer { at_px: [7.0, 8.0], ..Pointer::default() };
        pointer.pressed();
        let command = pointer.released(Stage::Loupe, NOTHING, at(0));
        assert_eq!(command, Some(Command::ToggleActual { at_px: Some([7.0, 8.0]) }));
    }
}
