//! Arrow keys that are held: how fast one travels.
//!
//! The system's repeats only say that a key is held; how far one goes follows from the frames that were
//! shown, so that nothing piles up behind a slow frame and nothing moves after the key is let go.
//!
//! - Every photo: one step for each frame that was shown, the display's rate at most.
//! - Fast: as many steps as the time since the last frame has room for at a speed that doubles each
//!   second. The frame after shows the photo that is current then, as with a single press.

use super::Desk;
use crate::core::command::Command;
use crate::core::photo::Timestamp;

/// Photos a second when fast travel begins: about what every photo is at 60 Hz, less a third, so that it
/// begins calmly.
const SPEED: f32 = 40.0;

/// How long the speed takes to double.
const DOUBLING_SECONDS: f32 = 1.0;

/// Photos a frame at most: an hour of a wedding passes in a second, and the end of 100,000 is some
/// five seconds away.
const STEPS_MAX: f32 = 512.0;

/// A key that is held.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Travel {
    command: Command,
    since: Timestamp,
    last: Timestamp,
    /// The part of a step that is still to be gone.
    rest: f32,
}

impl Desk {
    /// A key has been held for as long as the system's keyboard settings ask before it repeats.
    pub fn hold(&mut self, command: &Command, now: Timestamp) {
        if self.travel.as_ref().is_none_or(|travel| travel.command != *command) {
            self.travel =
                Some(Travel { command: command.clone(), since: now, last: now, rest: 0.0 });
        }
    }

    /// The key was let go, or another one pressed: nothing moves any more.
    pub fn let_go(&mut self) {
        self.travel = None;
    }

    /// Whether held keys travel faster and faster instead of showing every photo.
    #[must_use]
    pub const fn is_fast(&self) -> bool {
        self.is_fast
    }

    /// Sets whether they do.
    pub const fn set_fast(&mut self, is_fast: bool) {
        self.is_fast = is_fast;
    }

    /// Changes how held keys travel, and says so.
    pub fn toggle_fast(&mut self, now: Timestamp) {
        self.is_fast = !self.is_fast;
        let words = match self.is_fast {
            true => "held arrow keys travel faster and faster",
            false => "held arrow keys show every photo",
        };
        self.tell(words, now);
    }

    /// Travels on, after a frame has been shown.
    pub(super) fn travel_on(&mut self, now: Timestamp) {
        // A decision waits for its frame: it is aimed at what is shown.
        if self.has_waiting() {
            return;
        }
        let Some(travel) = &mut self.travel else { return };
        let steps = if self.is_fast { travel.steps(now) } else { 1 };
        let command = travel.command.clone();
        for _ in 0..steps {
            self.command(command.clone(), now);
        }
    }
}

impl Travel {
    /// How many steps are due at a moment.
    fn steps(&mut self, now: Timestamp) -> usize {
        let seconds = |from: Timestamp| (now.0 - from.0).max(0) as f32 / Timestamp::SECOND as f32;
        let speed = SPEED * (seconds(self.since) / DOUBLING_SECONDS).exp2();
        let due = self.rest + (speed * seconds(self.last)).min(STEPS_MAX);
        self.rest = due.fract();
        self.last = now;
        due as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::command::Direction;

    #[test]
    fn the_speed_doubles_with_each_second_whatever_the_frames_are() {
        let gone = |frame_micros: i64, seconds: i64| {
            let command = Command::Move(Direction::Right);
            let at = Timestamp(0);
            let mut travel = Travel { command, since: at, last: at, rest: 0.0 };
            let frames = (1..=seconds * Timestamp::SECOND / frame_micros).map(|n| n * frame_micros);
            frames.map(|now| travel.steps(Timestamp(now))).sum::<usize>() as f32
        };
        for frame_micros in [8_000, 16_000, 100_000] {
            let [one, two] = [1, 2].map(|seconds| gone(frame_micros, seconds));
            // The integral of 2^t from 0 to 1 is 1 / ln 2.
            assert!((one - SPEED * std::f32::consts::LOG2_E).abs() < 4.0, "{frame_micros}: {one}");
            assert!(((two - one) / one - 2.0).abs() < 0.15, "{frame_micros}: {one} {two}");
        }
    }

    #[test]
    fn a_frame_that_came_late_does_not_fling_far() {
        let command = Command::Move(Direction::Right);
        let mut travel = Travel { command, since: Timestamp(0), last: Timestamp(0), rest: 0.0 };
        assert_eq!(travel.steps(Timestamp(60 * Timestamp::SECOND)), STEPS_MAX as usize);
        // Clocks are set back.
        assert_eq!(travel.steps(Timestamp(0)), 0);
    }
}
