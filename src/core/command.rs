//! Everything that a person can ask for, as data: what keys, the mouse and the menu are turned into.
//!
//! Says what is wanted, not what it does: `review` does that. Which key asks for what is the table
//! in `app::input`. Leaving the program, panels and the full screen are the window's own affair and
//! are not here.
//!
//! Units: points and distances in physical pixels of the window, y downwards.

use super::label::Decision;
use super::photo::PhotoId;

/// Where to go from the current photo.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Direction {
    /// The photo before.
    Left,
    /// The photo after.
    Right,
    /// A row up.
    Up,
    /// A row down.
    Down,
    /// As many rows up as the window shows.
    PageUp,
    /// As many rows down as the window shows.
    PageDown,
    /// The first photo.
    Home,
    /// The last photo.
    End,
}

/// One thing that a person asks for.
#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    /// Make another photo the current one.
    Move(Direction),
    /// The same, and select all from the anchor to there.
    Extend(Direction),
    /// Make this photo the current one.
    GoTo {
        /// Which; one that is not shown is not gone to.
        photo: PhotoId,
    },
    /// Go to the next photo without a verdict.
    NextUndecided,
    /// Go to the one before without a verdict.
    PreviousUndecided,
    /// Go to the first photo of the next burst.
    NextBurst,
    /// Go to the first photo of the burst before.
    PreviousBurst,
    /// Show the current photo in the loupe.
    Open,
    /// From the loupe to the grid; in the grid, select nothing.
    Back,
    /// In the loupe, go to 1:1 at a point, or back.
    ToggleActual {
        /// The point that stays where it is; without it, the one looked at last.
        at_px: Option<[f32; 2]>,
    },
    /// Enlarge cells or photo by one step.
    ZoomIn,
    /// Make cells or photo smaller by one step.
    ZoomOut,
    /// Enlarge cells or photo about a point.
    ZoomAt {
        /// How much larger; below 1 it makes smaller.
        factor: f32,
        /// What stays where it is.
        at_px: [f32; 2],
    },
    /// Scroll the grid.
    Scroll {
        /// How far down the photos; negative is up.
        delta_px: f32,
    },
    /// Drag the photo or the grid with the pointer.
    Pan {
        /// How far the pointer moved.
        delta_px: [f32; 2],
    },
    /// Make the photo at a point the current one and select nothing; in the loupe, go to 1:1 there.
    Click {
        /// Where.
        at_px: [f32; 2],
    },
    /// Select all from the anchor to the photo at a point (Shift).
    ClickExtend {
        /// Where.
        at_px: [f32; 2],
    },
    /// Add the photo at a point to the selection, or take it out (Ctrl).
    ClickToggle {
        /// Where.
        at_px: [f32; 2],
    },
    /// Select every photo that a rectangle touches (Shift and drag).
    SelectRect {
        /// Where the drag began; may have been scrolled out of the window since.
        from_px: [f32; 2],
        /// Where it is.
        to_px: [f32; 2],
    },
    /// Select all photos.
    SelectAll,
    /// Decide about the selection or the current photo.
    Decide(Decision),
    /// Decide as is proposed: about the current photo, or about all that are selected.
    Accept {
        /// Whether about all.
        all: bool,
    },
    /// Go to the photo whose decision would teach most.
    Ask,
    /// Take the last step back.
    Undo,
    /// Make the step again that was taken back last.
    Redo,
    /// Turn going on by itself after a decision on or off.
    ToggleAutoAdvance,
}

impl Command {
    /// Whether it changes what is decided: at most one of these is taken a presented frame, and
    /// their auto-repeat is ignored.
    #[must_use]
    pub const fn is_deciding(&self) -> bool {
        matches!(self, Self::Decide(_) | Self::Accept { .. } | Self::Undo | Self::Redo)
    }

    /// Whether one goes on with it while its key is held.
    #[must_use]
    pub const fn is_travel(&self) -> bool {
        matches!(self, Self::Move(direction) if !matches!(direction, Direction::Home | Direction::End))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_decisions_undo_and_redo_are_deciding() {
        for command in [Command::Decide(Decision::Turn(1)), Command::Undo, Command::Redo] {
            assert!(command.is_deciding(), "{command:?}");
        }
        for command in [Command::Move(Direction::End), Command::SelectAll, Command::Open] {
            assert!(!command.is_deciding(), "{command:?}");
        }
    }
}
