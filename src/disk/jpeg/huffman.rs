//! Huffman tables: one that reads a symbol, one that leaps over several.
//!
//! ```text
//! symbol entry:  size 4 | advance 5 | bits 6     advance: coefficients, this one included;
//! leap entry:          advance 8  .. | bits 6     +128 when the block ends there
//! ```
//!
//! `bits` counts the code and the number behind it. A leap looks at 13 bits and may pass over more:
//! the number behind its last code is never looked at, so it may lie beyond the 13 bits. An entry
//! does not know where its block ends; `block` throws a leap beyond the end away and reads the last
//! symbols one by one.
//!
//! Invariants: an entry passes over at most 28 bits (leap) or 31 (symbol); an entry of 0 is no code.

use super::bits::Bits;
use super::bits::Clean;

/// Bits that a leap looks at: best of 10 to 16, for two tables of 16 KiB fit into a first-level
/// cache.
pub const LEAP_BITS: u32 = 13;

/// Bits that a symbol's table looks at; longer codes, which are rare, are searched for.
pub const SYMBOL_BITS: u32 = 10;

/// Added to the advance of a leap that ends the block.
pub const BLOCK_END: u32 = 128;

/// Advance of a leap that is none.
const NO_LEAP: u16 = 1023;

/// A table as the file has it, checked.
#[derive(Debug, Clone)]
pub struct Codes {
    /// By length: the first code, aligned to 16 bits, that is longer.
    limits: [u32; 17],
    /// By length: what to subtract from a code to have its place in `symbols`.
    offsets: [i32; 17],
    symbols: [u8; 256],
}

impl Codes {
    /// From the number of codes of each length, 1 to 16, and their symbols; `None` when there are
    /// more codes than fit, or not as many symbols.
    pub fn new(counts: [u8; 16], symbols: &[u8]) -> Option<Self> {
        let mut all = [0; 256];
        all.get_mut(..symbols.len())?.copy_from_slice(symbols);
        let (mut limits, mut offsets) = ([0; 17], [0; 17]);
        let (mut code, mut place) = (0_u32, 0_u32);
        for (length, &count) in (1_u32..).zip(&counts) {
            offsets[length as usize] = code as i32 - place as i32;
            code += u32::from(count);
            place += u32::from(count);
            if code > 1 << length {
                return None;
            }
            limits[length as usize] = code << (16 - length);
            code <<= 1;
        }
        (place as usize == symbols.len()).then_some(Self { limits, offsets, symbols: all })
    }

    /// Length and symbol of the code that the highest bits of `held` begin with.
    fn find(&self, held: u64) -> Option<(u32, u8)> {
        let next = (held >> 48) as u32;
        let length = (1..=16).find(|&length| next < self.limits[length])?;
        let place = (next >> (16 - length)) as i32 - self.offsets[length];
        Some((length as u32, self.symbols[place as usize & 255]))
    }
}

/// What a table is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// The first coefficient of each block.
    Dc,
    /// The other 63.
    Ac,
}

impl Class {
    /// The entry of a code.
    fn entry(self, (length, symbol): (u32, u8)) -> u16 {
        let (run, size) = match self {
            Self::Dc => (0, symbol & 15),
            Self::Ac => (symbol >> 4, symbol & 15),
        };
        let advance = match (self, run, size) {
            (Self::Dc, ..) => 0,
            // Sixteen zeros.
            (Self::Ac, 15, 0) => 16,
            // The end of the block. Runs of blocks are for progressive pictures only.
            (Self::Ac, _, 0) => 0,
            (Self::Ac, run, _) => u16::from(run) + 1,
        };
        let bits = length as u16 + u16::from(size);
        bits | (advance << 6) | (u16::from(size) << 11)
    }
}

/// How many bits an entry passes over.
#[inline(always)]
pub const fn bits(entry: u16) -> u32 {
    entry as u32 & 63
}

/// How many coefficients a symbol passes over, its own included; 0 at the end of the block.
#[inline(always)]
pub const fn advance(entry: u16) -> u32 {
    (entry as u32 >> 6) & 31
}

/// Bits of the number behind a symbol's code.
#[inline(always)]
pub const fn size(entry: u16) -> u32 {
    entry as u32 >> 11
}

/// Reads one symbol at a time.
#[derive(Debug)]
pub struct Symbols {
    class: Class,
    short: Box<[u16; 1 << SYMBOL_BITS]>,
    codes: Codes,
}

impl Symbols {
    /// A table for `codes`.
    pub fn new(codes: &Codes, class: Class) -> Self {
        let mut short = Box::new([0; 1 << SYMBOL_BITS]);
        lay_out::<SYMBOL_BITS>(codes, class, short.as_mut_slice());
        Self { class, short, codes: codes.clone() }
    }

    /// The entry for the next bits. At most 25 bits for a code in the table; for a longer one, up
    /// to 31, `bits` are filled up first.
    #[inline(always)]
    pub fn entry(&self, bytes: &Clean, bits: &mut Bits) -> u16 {
        let entry = self.short[bits.peek::<SYMBOL_BITS>()];
        if entry != 0 {
            return entry;
        }
        bits.refill(bytes);
        self.long_entry(bits.held())
    }

    #[cold]
    fn long_entry(&self, held: u64) -> u16 {
        self.codes.find(held).map_or(0, |found| self.class.entry(found))
    }
}

/// Fills `table` with the entries of the codes of at most `N` bits.
fn lay_out<const N: u32>(codes: &Codes, class: Class, table: &mut [u16]) {
    let mut place = 0;
    let mut start = 0;
    for length in 1..=N {
        let step = 1 << (N - length);
        let end = (codes.limits[length as usize] >> (16 - N)) as usize;
        while start < end {
            let symbol = codes.symbols[place & 255];
            table[start..start + step].fill(class.entry((length, symbol)));
            (start, place) = (start + step, place + 1);
        }
    }
}

/// Leaps over AC coefficients.
#[derive(Debug)]
pub struct Leaps(Box<[u16; 1 << LEAP_BITS]>);

impl Leaps {
    /// A table for the AC codes `codes`.
    pub fn new(codes: &Codes) -> Self {
        let mut single = vec![0_u16; 1 << LEAP_BITS];
        lay_out::<LEAP_BITS>(codes, Class::Ac, &mut single);
        let mut leaps = Box::new([0; 1 << LEAP_BITS]);
        for (next, leap) in leaps.iter_mut().enumerate() {
            *leap = leap_from(&single, next);
        }
        Self(leaps)
    }

    /// The entry for the next 13 bits.
    #[inline(always)]
    pub fn entry(&self, next: usize) -> u16 {
        self.0[next & ((1 << LEAP_BITS) - 1)]
    }
}

/// As many symbols as the 13 bits `next` hold, as one entry.
fn leap_from(single: &[u16], next: usize) -> u16 {
    let (mut passed, mut ahead) = (0, 0);
    while passed < LEAP_BITS {
        let entry = single[(next << passed) & (single.len() - 1)];
        let code_bits = bits(entry) - size(entry);
        if entry == 0 || passed + code_bits > LEAP_BITS || ahead + advance(entry) > 63 {
            break;
        }
        passed += bits(entry);
        if advance(entry) == 0 {
            ahead += BLOCK_END;
            break;
        }
        ahead += advance(entry);
    }
    if passed == 0 { NO_LEAP << 6 } else { (passed | (ahead << 6)) as u16 }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One code of each length in `lengths`, shortest first.
    fn codes(lengths: &[usize], symbols: &[u8]) -> Option<Codes> {
        let mut counts = [0; 16];
        for length in lengths {
            counts[length - 1] += 1;
        }
        Codes::new(counts, symbols)
    }

    #[test]
    fn tables_that_cannot_be_are_refused() {
        assert!(codes(&[1, 2, 2], &[1, 2, 3]).is_some());
        assert!(codes(&[1, 1, 2], &[1, 2, 3]).is_none());
        assert!(codes(&[1, 2], &[1, 2, 3]).is_none());
        assert!(codes(&[1, 2], &[1]).is_none());
        assert!(codes(&[], &[]).is_some());
    }

    #[test]
    fn long_codes_find_their_bits() {
        // The code of 16 zeros has a number of 15 bits behind it.
        let table = Symbols::new(&codes(&[16], &[0x0F]).unwrap(), Class::Ac);
        let clean: Clean = [0; _];
        let mut bits = Bits::default();
        bits.refill(&clean);
        for _ in 0..9 {
            let entry = table.entry(&clean, &mut bits);
            assert_eq!((super::bits(entry), advance(entry), size(entry)), (31, 1, 15));
            bits.pass(entry);
        }
        assert_eq!(bits.used(), 9 * 31);
    }

    #[test]
    fn a_leap_ends_with_its_block() {
        // 0: the block ends; 10: one bit behind it; 110: six zeros, then ten bits.
        let codes = codes(&[1, 2, 3], &[0x00, 0x01, 0x6A]).unwrap();
        let leaps = Leaps::new(&codes);
        let check = |next: &str, bits: u32, advance: u32| {
            let entry = leaps.entry(usize::from_str_radix(next, 2).unwrap());
            assert_eq!((super::bits(entry), u32::from(entry) >> 6), (bits, advance), "{next}");
        };
        check("0101101101101", 1, BLOCK_END);
        check("1011000000000", 7, BLOCK_END + 2);
        // The number of the last code lies beyond what the leap looks at.
        check("1011011011101", 22, 10);
        check("1011011011111", 9, 3);
        check("1111111111111", 0, u32::from(NO_LEAP));
    }
}
