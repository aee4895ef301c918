//! The short way from one stop to the next: a photo that flies from its cell to the whole window, from
//! there to single pixels, and back.
//!
//! What is so is so at once: who is current, what a key reaches and where a click lands never wait for
//! a flight. It is only drawn, and whatever is asked for next cuts it short. Time is an argument.

use crate::core::frame::RectPx;
use crate::core::photo::PhotoId;
use crate::core::photo::Timestamp;

/// How long a flight takes: long enough for the eye to follow, too short to wait for.
pub const MICROS: i64 = 140_000;

/// A photo on its way.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Flight {
    /// The photo.
    pub photo: PhotoId,
    /// Where it was.
    pub from_px: RectPx,
    /// When it left.
    pub begun: Timestamp,
}

impl Flight {
    /// The same at a moment; `None` once it has landed, and before it has begun: clocks are set back.
    #[must_use]
    pub fn at(&self, now: Timestamp) -> Option<Aloft> {
        let gone = now.0 - self.begun.0;
        if !(0..MICROS).contains(&gone) {
            return None;
        }
        let left = 1.0 - gone as f32 / MICROS as f32;
        // Fast at first, so that the key is felt at once, and softly down.
        let share = 1.0 - left * left * left;
        Some(Aloft { photo: self.photo, from_px: self.from_px, share })
    }
}

/// A photo at a moment of its flight.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Aloft {
    /// The photo.
    pub photo: PhotoId,
    from_px: RectPx,
    share: f32,
}

impl Aloft {
    /// Where it is on its way to `to_px`. A point that lies at one place before and after stays there.
    #[must_use]
    pub fn rect_px(&self, to_px: RectPx) -> RectPx {
        std::array::from_fn(|at| self.from_px[at] + (to_px[at] - self.from_px[at]) * self.share)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FLIGHT: Flight =
        Flight { photo: PhotoId(3), from_px: [100.0, 80.0, 40.0, 20.0], begun: Timestamp(1000) };

    fn rect(now: i64) -> Option<RectPx> {
        FLIGHT.at(Timestamp(now)).map(|aloft| aloft.rect_px([0.0, 30.0, 240.0, 120.0]))
    }

    #[test]
    fn a_flight_begins_where_the_photo_was_and_ends() {
        assert_eq!(rect(1000), Some(FLIGHT.from_px));
        assert_eq!(rect(1000 + MICROS), None);
        assert_eq!(rect(999), None, "the clock was set back");
    }

    #[test]
    fn it_comes_nearer_with_every_frame_and_keeps_its_fixed_point() {
        let mut width = 40.0;
        for now in (9000..1000 + MICROS).step_by(8000) {
            let [x, y, w, h] = rect(now).expect("it is on its way");
            assert!(w > width && w < 240.0, "{w} after {width}");
            // Half of either width from the left is 120 before and after.
            assert!((x + w / 2.0 - 120.0).abs() < 1e-3 && (y + h / 2.0 - 90.0).abs() < 1e-3);
            width = w;
        }
        assert!(width > 238.0, "softly down");
    }
}
