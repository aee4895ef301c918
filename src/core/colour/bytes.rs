//! Texels of sRGB brought to the working space, for tiles, and back, for networks. There in three look-ups
//! and two additions in, three look-ups out.
//!
//! ```text
//! a byte's share in red, green and blue of the working space's light, in one word:
//!  63    62 ............ 42    41 ............ 21    20 ............ 0
//!  -     blue, of 2^20         green, of 2^20        red, of 2^20
//! ```
//!
//! All shares are positive and those of white make 2^20, so that no field runs over into the next.
//! Off by half a byte step and a quarter at most (`every_colour_is_near_the_formulas`).

use std::sync::LazyLock;

use super::SRGB_FROM_WORKING;
use super::WORKING_FROM_SRGB;
use super::applied;
use super::encoded_of;
use super::light_of;

/// Bits of a field, one more than the sum takes.
const FIELD_BITS: u32 = 21;

/// Light of 1.
const ONE: f32 = (1 << 20) as f32;

/// Bits of light by which the encoding is looked up: a quarter of a byte step where it is steepest.
const LIGHT_BITS: u32 = 14;

/// What is left of a field's bits.
const REST_BITS: u32 = 20 - LIGHT_BITS;

struct Tables {
    /// By channel and byte: its share in the three channels of the working space.
    shares: [[u64; 256]; 3],
    /// Light in 2^14 steps as a byte.
    bytes: Box<[u8; 1 << (LIGHT_BITS + 1)]>,
}

static TABLES: LazyLock<Tables> = LazyLock::new(|| {
    let share = |channel: usize, byte: usize| {
        let mut light = [0.0; 3];
        light[channel] = light_of(byte as f32 / 255.0);
        let fields = applied(&WORKING_FROM_SRGB, light).map(|v| (v * ONE).round() as u64);
        let half = if channel == 0 { 1_u64 << (REST_BITS - 1) } else { 0 };
        let field = |at: usize| (fields[at] + half) << (FIELD_BITS * at as u32);
        field(0) | field(1) | field(2)
    };
    let mut bytes = Box::new([255; 1 << (LIGHT_BITS + 1)]);
    for (step, byte) in bytes.iter_mut().enumerate().take(1 << LIGHT_BITS) {
        let light = step as f32 / (1 << LIGHT_BITS) as f32;
        *byte = (encoded_of(light) * 255.0).round() as u8;
    }
    Tables { shares: std::array::from_fn(|c| std::array::from_fn(|byte| share(c, byte))), bytes }
});

/// Brings RGBA texels of sRGB to the working space. Alpha stays.
pub fn working_from_srgb(rgba: &mut [u8]) {
    let Tables { shares: [red, green, blue], bytes } = &*TABLES;
    let mask = (1_u64 << FIELD_BITS) - 1;
    let index_mask = bytes.len() - 1;
    for texel in rgba.as_chunks_mut::<4>().0 {
        let [r, g, b, a] = *texel;
        let sum = red[usize::from(r)] + green[usize::from(g)] + blue[usize::from(b)];
        let byte = |at: u32| {
            let field = (sum >> (FIELD_BITS * at)) & mask;
            bytes[(field >> REST_BITS) as usize & index_mask]
        };
        *texel = [byte(0), byte(1), byte(2), a];
    }
}

/// By byte, its light.
static LIGHTS: LazyLock<[f32; 256]> =
    LazyLock::new(|| std::array::from_fn(|byte| light_of(byte as f32 / 255.0)));

/// Brings RGBA texels of the working space to sRGB; what that cannot show is cut to it, channel by channel.
/// Alpha stays.
pub fn srgb_from_working(rgba: &mut [u8]) {
    let steps = (1 << LIGHT_BITS) as f32;
    for texel in rgba.as_chunks_mut::<4>().0 {
        let [r, g, b, a] = *texel;
        let light = applied(&SRGB_FROM_WORKING, [r, g, b].map(|byte| LIGHTS[usize::from(byte)]));
        let [r, g, b] = light.map(|v| TABLES.bytes[(v.clamp(0.0, 1.0) * steps).round() as usize]);
        *texel = [r, g, b, a];
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_colour_is_near_the_formulas() {
        let (mut worst, mut sum, mut count) = (0.0_f32, 0.0_f64, 0_u32);
        for r in (0..=255_u8).step_by(5) {
            for g in (0..=255_u8).step_by(5) {
                for b in (0..=255_u8).step_by(5) {
                    let mut texel = [r, g, b, 7];
                    working_from_srgb(&mut texel);
                    assert_eq!(texel[3], 7);
                    let light = [r, g, b].map(|v| light_of(f32::from(v) / 255.0));
                    let exact = applied(&WORKING_FROM_SRGB, light).map(|v| encoded_of(v) * 255.0);
                    for (exact, found) in exact.into_iter().zip(texel) {
                        let off = (exact - f32::from(found)).abs();
                        (worst, sum, count) = (worst.max(off), sum + f64::from(off), count + 1);
                    }
                }
            }
        }
        assert!(worst <= 0.75, "{worst}");
        // What rounding to bytes alone does.
        assert!(sum / f64::from(count) < 0.26, "{}", sum / f64::from(count));
    }

    #[test]
    fn colours_of_srgb_come_back_and_others_are_cut() {
        let mut texels: Vec<u8> =
            (0..=255_u8).flat_map(|v| [v / 2 + 60, 190 - v / 2, v / 4 + 70, v]).collect();
        let expect = texels.clone();
        working_from_srgb(&mut texels);
        assert_ne!(texels, expect);
        srgb_from_working(&mut texels);
        for (found, expect) in texels.iter().zip(&expect) {
            assert!(found.abs_diff(*expect) <= 2, "{found}, not {expect}");
        }
        let mut green = [0, 255, 0, 9];
        srgb_from_working(&mut green);
        assert_eq!(green, [0, 255, 0, 9]);
    }

    #[test]
    fn greys_stay_what_they_are() {
        for v in 0..=255 {
            let mut texel = [v, v, v, 255];
            working_from_srgb(&mut texel);
            assert_eq!(texel, [v, v, v, 255]);
        }
    }
}
