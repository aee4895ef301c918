//! Bits ahead of the decoder: 64 of them, filled eight bytes at a time.
//!
//! Knows nothing of markers or stuffed bytes: `window` hands over clean bytes. Units: `at` counts bytes of the window.

use super::huffman::bits;
use super::huffman::size;

/// Bytes of data that a window holds at most: with the tables it fits into a second-level cache.
pub const WINDOW_BYTES: usize = 64 << 10;

/// Bytes behind the data, so that the last eight can be read at once.
pub const TAIL_BYTES: usize = 8;

/// A window of clean bytes.
pub type Clean = [u8; WINDOW_BYTES + TAIL_BYTES];

/// A reservoir of bits; the next one is the highest.
#[derive(Debug, Clone, Copy, Default)]
pub struct Bits {
    held: u64,
    count: u32,
    at: usize,
}

impl Bits {
    /// Fills up to at least 56 bits. What comes behind the data is anything.
    #[inline(always)]
    pub fn refill(&mut self, bytes: &Clean) {
        // The mask costs less than a comparison; whoever goes beyond the data is stopped before
        // the next MCU.
        let start = self.at & (WINDOW_BYTES - 1);
        let next: &[u8; 8] = bytes[start..start + 8].try_into().expect("there are eight");
        // Bits that are held already are there once more in `next`, at the same place: the OR
        // changes nothing in them.
        self.held |= u64::from_be_bytes(*next) >> self.count;
        self.at += ((63 - self.count) >> 3) as usize;
        self.count |= 56;
    }

    /// The next `N` bits, left where they are.
    #[inline(always)]
    pub const fn peek<const N: u32>(&self) -> usize {
        (self.held >> (64 - N)) as usize
    }

    /// All bits; the next one is the highest.
    #[inline(always)]
    pub const fn held(&self) -> u64 {
        self.held
    }

    /// Goes on by the number of bits in the low 6 bits of `entry`, which must be held.
    #[inline(always)]
    pub const fn pass(&mut self, entry: u16) {
        self.held = self.held.wrapping_shl(entry as u32);
        self.count -= entry as u32 & 63;
    }

    /// The signed number that ends where `entry` does (ITU-T T.81, F.2.2.1).
    #[inline(always)]
    pub const fn number(&self, entry: u16) -> i32 {
        let size = size(entry);
        let aligned = self.held.wrapping_shl(bits(entry).wrapping_sub(size));
        // A number whose first bit is 0 is negative: the complement of its magnitude.
        let sign = !(aligned.cast_signed() >> 63);
        // In two shifts, for `size` may be 0.
        let magnitude = (aligned ^ sign.cast_unsigned()) >> 1 >> (63 - size);
        (magnitude as i32 ^ sign as i32).wrapping_sub(sign as i32)
    }

    /// How many bits have been used since the start of the window.
    #[inline(always)]
    pub const fn used(&self) -> usize {
        (self.at * 8).wrapping_sub(self.count as usize)
    }

    /// The first byte of the window that has not been taken in whole.
    pub const fn at(&self) -> usize {
        self.at
    }

    /// Tells that the window now begins `bytes` later.
    pub const fn rebase(&mut self, bytes: usize) {
        self.at -= bytes;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A number of `size` bits behind a code of four.
    #[track_caller]
    fn check(start: [u8; 3], size: u16, expect: i32) {
        let mut clean: Clean = [0; _];
        clean[..3].copy_from_slice(&start);
        let mut bits = Bits::default();
        bits.refill(&clean);
        assert_eq!(bits.number((size << 11) | (size + 4)), expect);
    }

    #[test]
    fn numbers_have_the_sign_of_the_standard() {
        check([0x0F, 0, 0], 0, 0);
        check([0x00, 0, 0], 0, 0);
        check([0x0F, 0, 0], 1, 1);
        check([0x07, 0, 0], 1, -1);
        check([0x0C, 0, 0], 2, 3);
        check([0x00, 0, 0], 3, -7);
        check([0x0F, 0xFF, 0xE0], 15, 32767);
        check([0x00, 0x00, 0x00], 15, -32767);
    }

    #[test]
    fn bits_come_in_their_order() {
        let clean: Clean = std::array::from_fn(|i| i as u8);
        let mut bits = Bits::default();
        let mut found = Vec::new();
        for _ in 0..64 {
            bits.refill(&clean);
            found.push(bits.peek::<5>());
            bits.pass(5);
        }
        let whole = |i: usize| clean[i / 8] >> (7 - i % 8) & 1;
        let expect = |i: usize| (0..5).fold(0, |sum, k| sum * 2 + usize::from(whole(i * 5 + k)));
        assert_eq!(found, (0..64).map(expect).collect::<Vec<_>>());
        assert_eq!(bits.used(), 320);
    }
}
