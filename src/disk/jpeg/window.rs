//! The entropy-coded data with its stuffed bytes taken out, 64 KiB at a time.
//!
//! A window and not the whole scan: what was just cleaned is still in the processor's cache when it
//! is decoded, and a worker needs 64 KiB and not the size of the file.
//!
//! Invariant: before each MCU the window holds every byte that the MCU can take, or else the end of
//! its segment ([`Window::prepare`]). A segment ends at a marker or with the
//! file.

use super::bits::Bits;
use super::bits::Clean;
use super::bits::TAIL_BYTES;
use super::bits::WINDOW_BYTES;

/// The most that an MCU can take: 10 blocks of 64 coefficients of 31 bits are 2480 bytes; the
/// reservoir is up to 8 bytes ahead.
const MCU_BYTES: usize = 2560;

/// The data ended before the picture did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ended;

/// A part of the scan.
#[derive(Debug)]
pub struct Window<'a> {
    source: &'a [u8],
    /// First byte of the source that is not in the window yet.
    at: usize,
    clean: Box<Clean>,
    /// How many bytes of `clean` are data.
    end: usize,
    /// Whether the data of the segment ends with `end`.
    is_last: bool,
}

impl<'a> Window<'a> {
    /// A window whose first segment begins `at` bytes into `source`.
    pub fn new(source: &'a [u8], at: usize) -> Self {
        let clean = Box::new([0; WINDOW_BYTES + TAIL_BYTES]);
        let mut window = Self { source, at, clean, end: 0, is_last: false };
        window.fill();
        window
    }

    /// The clean bytes.
    #[inline(always)]
    pub const fn bytes(&self) -> &Clean {
        &self.clean
    }

    /// Sees to it that an MCU can be decoded.
    #[inline(always)]
    pub fn prepare(&mut self, bits: &mut Bits) -> Result<(), Ended> {
        if bits.at() + MCU_BYTES <= self.end { Ok(()) } else { self.top_up(bits) }
    }

    /// Whether no more bits were used than there are.
    pub const fn is_within(&self, bits: &Bits) -> bool {
        bits.used() <= self.end * 8
    }

    #[cold]
    fn top_up(&mut self, bits: &mut Bits) -> Result<(), Ended> {
        if !self.is_last {
            // Up to eight bytes are ahead in the reservoir: used, in part, but not yet passed.
            let done = bits.at().saturating_sub(8).min(self.end);
            self.clean.copy_within(done..self.end, 0);
            self.end -= done;
            bits.rebase(done);
            self.fill();
        }
        if self.is_within(bits) { Ok(()) } else { Err(Ended) }
    }

    /// Goes on behind the restart marker that ends the segment; `None` when the next marker is
    /// another one.
    pub fn restart(&mut self, index: usize, bits: &mut Bits) -> Option<()> {
        if !self.is_last {
            // Data may end exactly where the window did.
            self.top_up(bits).ok()?;
        }
        let expect = 0xD0 | (index & 7) as u8;
        let is_expected = self.is_last
            && self.is_within(bits)
            && self.source.get(self.at..)?.starts_with(&[0xFF, expect]);
        if !is_expected {
            return None;
        }
        self.at += 2;
        self.end = 0;
        self.is_last = false;
        *bits = Bits::default();
        self.fill();
        Some(())
    }

    /// Cleans bytes until the window is full or the segment ends.
    fn fill(&mut self) {
        while self.end < WINDOW_BYTES && !self.is_last {
            let room = WINDOW_BYTES - self.end;
            let rest = self.source.get(self.at..).unwrap_or_default();
            let part = &rest[..rest.len().min(room)];
            let run = memchr::memchr(0xFF, part).unwrap_or(part.len());
            self.clean[self.end..][..run].copy_from_slice(&part[..run]);
            self.end += run;
            self.at += run;
            if run == part.len() {
                self.is_last = part.len() == rest.len();
                continue;
            }
            match rest.get(run + 1) {
                Some(0) => {
                    self.clean[self.end] = 0xFF;
                    self.end += 1;
                    self.at += 2;
                }
                // A marker may be preceded by any number of these.
                Some(0xFF) => self.at += 1,
                Some(_) | None => self.is_last = true,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(source: &[u8], expect: &[u8]) {
        let window = Window::new(source, 0);
        assert_eq!((&window.clean[..window.end], window.is_last), (expect, true));
    }

    #[test]
    fn stuffed_bytes_are_taken_out() {
        check(&[1, 0xFF, 0, 2, 0xFF, 0, 0xFF, 0, 0xFF, 0xD9, 7], &[1, 0xFF, 2, 0xFF, 0xFF]);
        check(&[1, 2, 0xFF], &[1, 2]);
        check(&[1, 0xFF, 0xFF, 0xFF, 0, 2, 0xFF, 0xFF, 0xD9], &[1, 0xFF, 2]);
        check(&[], &[]);
    }

    #[test]
    fn every_byte_of_a_long_scan_passes_the_window_once() {
        let source: Vec<u8> = (0..200_000_u32).map(|i| (i % 251) as u8).collect();
        let mut window = Window::new(&source, 0);
        let mut bits = Bits::default();
        for &expect in &source {
            window.prepare(&mut bits).unwrap();
            bits.refill(window.bytes());
            assert_eq!(bits.peek::<8>(), usize::from(expect));
            bits.pass(8);
        }
        window.prepare(&mut bits).unwrap();
        bits.refill(window.bytes());
        bits.pass(1);
        assert_eq!(window.prepare(&mut bits), Err(Ended));
    }

    #[test]
    fn only_the_right_restart_marker_starts_a_segment() {
        let source = [1, 0xFF, 0xD0, 2, 0xFF, 0xD1, 3];
        let mut window = Window::new(&source, 0);
        let mut bits = Bits::default();
        assert_eq!(window.restart(0, &mut bits), Some(()));
        assert_eq!(window.clean[..window.end], [2]);
        assert_eq!(window.restart(0, &mut bits), None);
    }
}
