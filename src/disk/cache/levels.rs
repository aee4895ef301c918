//! What the index knows of each cached picture of a photo: its size, and the checksum of its bytes.
//!
//! ```text
//! which u8: one bit a level, the largest lowest | for each of them: width u16, height u16, sum u64
//! ```
//!
//! Which slot they lie in stands beside it in the row, since slots change hands and this does not.

use super::bytes::Reader;
use super::bytes::Writer;
use super::layout::Level;
use crate::core::coded::Coding;

/// One cached picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Kept {
    /// Width and height in texels.
    pub(super) size_px: [u16; 2],
    /// xxh3 of its bytes.
    pub(super) sum: u64,
}

impl Kept {
    /// Width and height in texels.
    pub(super) const fn size_px(self) -> [u32; 2] {
        [self.size_px[0] as u32, self.size_px[1] as u32]
    }
}

/// The cached pictures of a photo, by level.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Levels(pub(super) [Option<Kept>; 4]);

impl Levels {
    /// What is known of one level.
    pub(super) const fn get(&self, level: Level) -> Option<Kept> {
        self.0[level as usize]
    }

    pub(super) fn to_bytes(self) -> Vec<u8> {
        let mut out = Writer::default();
        let which = self.0.iter().rev().fold(0, |sum, kept| sum << 1 | u8::from(kept.is_some()));
        out.u8(which);
        for kept in self.0.iter().flatten() {
            out.u16(kept.size_px[0]);
            out.u16(kept.size_px[1]);
            out.u64(kept.sum);
        }
        out.into_bytes()
    }

    /// The value that `bytes` are; `None` where they are none, or speak of a picture that does not
    /// fit its part of the slot.
    pub(super) fn parse(bytes: &[u8], coding: Coding) -> Option<Self> {
        let mut rest = Reader::new(bytes);
        let which = rest.u8()?;
        let mut levels = Self::default();
        for (level, place) in Level::ALL.into_iter().zip(&mut levels.0) {
            if which >> (level as u8) & 1 == 1 {
                let kept = Kept { size_px: [rest.u16()?, rest.u16()?], sum: rest.u64()? };
                let fits = !kept.size_px.contains(&0)
                    && coding.size_bytes(kept.size_px()) <= level.limit_bytes(coding);
                *place = Some(fits.then_some(kept)?);
            }
        }
        (which < 16 && rest.is_empty()).then_some(levels)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_go_there_and_back() {
        for which in 0..16_u8 {
            let kept =
                |i: u8| Kept { size_px: [u16::from(i) + 1, 4], sum: u64::MAX - u64::from(i) };
            let all = [0, 1, 2, 3].map(|i| (which >> i & 1 == 1).then(|| kept(i)));
            let bytes = Levels(all).to_bytes();
            assert_eq!(Levels::parse(&bytes, Coding::Bc7), Some(Levels(all)));
            for end in 0..bytes.len() {
                assert_eq!(Levels::parse(&bytes[..end], Coding::Bc7), None);
            }
        }
    }

    #[test]
    fn a_picture_that_fits_no_slot_is_none() {
        let with = |size_px| Levels([Some(Kept { size_px, sum: 1 }), None, None, None]).to_bytes();
        assert!(Levels::parse(&with([512, 344]), Coding::Bc7).is_some());
        assert!(Levels::parse(&with([512, 345]), Coding::Bc7).is_none());
        assert!(Levels::parse(&with([0, 8]), Coding::Bc7).is_none());
        assert!(Levels::parse(&[16], Coding::Bc7).is_none());
    }
}
