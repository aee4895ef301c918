//! One block: its first coefficients added up, the others leapt over.
//!
//! A coefficient is numbered in zigzag order, 0 to 63; `reached` is the last one that was passed.

use super::bits::Bits;
use super::bits::Clean;
use super::huffman::BLOCK_END;
use super::huffman::LEAP_BITS;
use super::huffman::Leaps;
use super::huffman::Symbols;
use super::huffman::advance;

/// No code begins with these bits, or a run goes beyond the block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BadCode;

/// What it takes to decode the blocks of one component.
#[derive(Debug)]
pub struct Coder<'t> {
    /// For the first coefficient.
    pub dc: &'t Symbols,
    /// For the others, as long as they are kept.
    pub ac: &'t Symbols,
    /// For the rest.
    pub leaps: &'t Leaps,
    /// What one unit of each kept coefficient adds to the samples of the block, row by row.
    pub basis: Vec<f32>,
}

/// Decodes a block to a square of samples at the start of `out`, whose rows are `stride` apart, and
/// answers how many bits its AC coefficients took.
pub type DecodeBlock =
    fn(&Coder, &Clean, &mut Bits, &mut i32, &mut [f32], usize) -> Result<u32, BadCode>;

/// The decoder for blocks of `side` samples a side: 1, 2, 4 or 8.
pub fn decoder(side: usize) -> DecodeBlock {
    match side {
        1 => decode_flat,
        2 => decode::<2>,
        4 => decode::<4>,
        _ => decode::<8>,
    }
}

/// A block of one sample: its mean.
fn decode_flat(
    coder: &Coder,
    bytes: &Clean,
    bits: &mut Bits,
    dc: &mut i32,
    out: &mut [f32],
    _stride: usize,
) -> Result<u32, BadCode> {
    // A copy, so that the compiler keeps it in registers.
    let mut ahead = *bits;
    decode_dc(coder.dc, bytes, &mut ahead, dc)?;
    out[0] = *dc as f32 * coder.basis[0];
    let before = ahead.used();
    leap(coder, bytes, &mut ahead, 0)?;
    *bits = ahead;
    Ok((ahead.used() - before) as u32)
}

fn decode<const N: usize>(
    coder: &Coder,
    bytes: &Clean,
    bits: &mut Bits,
    dc: &mut i32,
    out: &mut [f32],
    stride: usize,
) -> Result<u32, BadCode> {
    let mut ahead = *bits;
    decode_dc(coder.dc, bytes, &mut ahead, dc)?;
    let before = ahead.used();
    let basis = coder.basis.as_chunks::<N>().0.as_chunks::<N>().0;
    let mut sum = [[*dc as f32 * coder.basis[0]; N]; N];
    let mut reached = 0;
    'block: loop {
        ahead.refill(bytes);
        // Two symbols of short codes take at most 50 bits; before a long one there is a refill.
        for _ in 0..2 {
            let entry = coder.ac.entry(bytes, &mut ahead);
            let number = ahead.number(entry) as f32;
            ahead.pass(entry);
            reached += advance(entry) as usize;
            if advance(entry) == 0 {
                if entry == 0 {
                    return Err(BadCode);
                }
                break 'block;
            }
            let Some(adds) = basis.get(reached) else {
                leap(coder, bytes, &mut ahead, reached as u32)?;
                break 'block;
            };
            for (row, adds) in sum.iter_mut().zip(adds) {
                for (sample, add) in row.iter_mut().zip(adds) {
                    *sample += number * add;
                }
            }
        }
    }
    *bits = ahead;
    for (row, out) in sum.iter().zip(out.chunks_mut(stride)) {
        out[..N].copy_from_slice(row);
    }
    Ok((ahead.used() - before) as u32)
}

/// Adds the difference that the block begins with to `dc`.
#[inline(always)]
fn decode_dc(dc: &Symbols, bytes: &Clean, bits: &mut Bits, last: &mut i32) -> Result<(), BadCode> {
    bits.refill(bytes);
    let entry = dc.entry(bytes, bits);
    if entry == 0 {
        return Err(BadCode);
    }
    // A hostile file may add up to anything; a sound one stays within 16 bits.
    *last = last.wrapping_add(bits.number(entry));
    bits.pass(entry);
    Ok(())
}

/// Passes over the coefficients after `reached`.
#[inline(always)]
fn leap(coder: &Coder, bytes: &Clean, bits: &mut Bits, reached: u32) -> Result<(), BadCode> {
    let mut reached = reached;
    while reached < 63 {
        bits.refill(bytes);
        // Two leaps of at most 28 bits are what a refill is good for.
        for _ in 0..2 {
            let entry = coder.leaps.entry(bits.peek::<LEAP_BITS>());
            let next = reached + (u32::from(entry) >> 6);
            if next < 63 {
                bits.pass(entry);
                reached = next;
                continue;
            }
            if next == 63 || (BLOCK_END..BLOCK_END + 63).contains(&next) {
                bits.pass(entry);
                return Ok(());
            }
            // It goes beyond the block: its last symbols belong to the next one.
            bits.refill(bytes);
            let entry = coder.ac.entry(bytes, bits);
            reached += advance(entry);
            if entry == 0 || reached > 63 {
                return Err(BadCode);
            }
            bits.pass(entry);
            if advance(entry) == 0 {
                return Ok(());
            }
            break;
        }
    }
    if reached == 63 { Ok(()) } else { Err(BadCode) }
}
