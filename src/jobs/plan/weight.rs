//! How heavy a picture is to decode.

use crate::jobs::board::Slot;

/// Pixels of the largest picture that every worker may decode at once.
const LIGHT_PIXELS: u64 = 64_000_000;

/// How much memory decoding a picture takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weight {
    /// So little that every worker may have one, or not known yet.
    Light,
    /// So much that one at a time is enough.
    Heavy,
}

impl Weight {
    /// By what the header says, if it has been read.
    #[must_use]
    pub fn of(slot: &Slot) -> Self {
        slot.header().map_or(Self::Light, |header| Self::of_size(header.meta.size_px))
    }

    /// Of a picture of this width and height.
    #[must_use]
    pub fn of_size(size_px: Option<[u32; 2]>) -> Self {
        let pixels = size_px.map_or(0, |[width, height]| u64::from(width) * u64::from(height));
        if pixels > LIGHT_PIXELS { Self::Heavy } else { Self::Light }
    }
}
