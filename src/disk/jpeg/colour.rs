//! From samples to RGB bytes.
//!
//! Y'CbCr as JFIF has it (ITU-T T.871, 7): full range, BT.601. Luma is clamped to its range before
//! the colours are mixed, as a full decoder clamps its samples.

/// What the components are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Colour {
    /// One component.
    Gray,
    /// Y'CbCr.
    Ycc,
    /// Red, green, blue.
    Rgb,
}

/// Pixels at a time: two vectors of four.
const LANES: usize = 8;

/// Samples of several pixels.
type Row = [f32; LANES];

/// Writes one row of pixels; `planes` has as many samples as the picture is wide, or more.
pub fn write_row(colour: Colour, planes: &[&[f32]], out: &mut [u8]) {
    match (colour, planes) {
        (Colour::Ycc, &[y, cb, cr]) => write_ycc(y, cb, cr, out),
        (Colour::Rgb, &[r, g, b]) => write_rgb(r, g, b, out),
        (_, planes) => {
            for (pixel, &sample) in out.as_chunks_mut::<3>().0.iter_mut().zip(planes[0]) {
                *pixel = [to_byte(sample) as u8; 3];
            }
        }
    }
}

fn write_ycc(y: &[f32], cb: &[f32], cr: &[f32], out: &mut [u8]) {
    let (out_chunks, out_rest) = out.as_chunks_mut::<{ LANES * 3 }>();
    let chunks = y.as_chunks::<LANES>().0.iter();
    let chunks = chunks.zip(cb.as_chunks::<LANES>().0).zip(cr.as_chunks::<LANES>().0);
    for (((y, cb), cr), out) in chunks.zip(out_chunks.iter_mut()) {
        *out = ycc_pixels(y, cb, cr);
    }
    let done = out_chunks.len() * LANES;
    let last = ycc_pixels(&tail(y, done), &tail(cb, done), &tail(cr, done));
    out_rest.copy_from_slice(&last[..out_rest.len()]);
}

fn write_rgb(r: &[f32], g: &[f32], b: &[f32], out: &mut [u8]) {
    let pixels = out.as_chunks_mut::<3>().0.iter_mut();
    for (((pixel, &r), &g), &b) in pixels.zip(r).zip(g).zip(b) {
        *pixel = [r, g, b].map(|sample| to_byte(sample) as u8);
    }
}

/// The samples from `start` on, filled up with zeros.
fn tail(samples: &[f32], start: usize) -> Row {
    let mut row = [0.0; LANES];
    for (out, &sample) in row.iter_mut().zip(samples.get(start..).unwrap_or_default()) {
        *out = sample;
    }
    row
}

#[inline(always)]
fn ycc_pixels(y: &Row, cb: &Row, cr: &Row) -> [u8; LANES * 3] {
    let mut pixels = [0_u32; LANES];
    for (lane, pixel) in pixels.iter_mut().enumerate() {
        let y = y[lane].clamp(-128.0, 127.0);
        let (cb, cr) = (cb[lane], cr[lane]);
        let r = to_byte(y + 1.402 * cr);
        let g = to_byte(y - 0.344_136_3 * cb - 0.714_136_3 * cr);
        let b = to_byte(y + 1.772 * cb);
        *pixel = r | (g << 8) | (b << 16);
    }
    let mut bytes = [0; LANES * 3];
    for (out, pixel) in bytes.as_chunks_mut::<12>().0.iter_mut().zip(pixels.as_chunks::<4>().0) {
        let &[p, q, r, s] = pixel;
        let words = [p | (q << 24), (q >> 8) | (r << 16), (r >> 16) | (s << 8)];
        for (out, word) in out.as_chunks_mut::<4>().0.iter_mut().zip(words) {
            *out = word.to_le_bytes();
        }
    }
    bytes
}

/// A sample about 0 as a byte about 128, rounded.
#[inline(always)]
fn to_byte(sample: f32) -> u32 {
    // Above 2^23 the last bit of a float is worth 1: adding rounds, and the low bits are the
    // number. A cast would check for what cannot be and is not made for four at a time.
    const WHOLE: f32 = 8_388_608.0;
    ((sample + 128.0).clamp(0.0, 255.0) + WHOLE).to_bits() & 255
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(ycc: [f32; 3], expect: [u8; 3]) {
        // Eleven pixels: one chunk of eight, and three that are left over.
        let planes = ycc.map(|sample| vec![sample - 128.0; 16]);
        let mut out = [0; 33];
        let planes = [&planes[0][..], &planes[1][..], &planes[2][..]];
        write_row(Colour::Ycc, &planes, &mut out);
        assert_eq!(out.as_chunks::<3>().0, [expect; 11]);
    }

    #[test]
    fn the_primaries_are_those_of_the_standard() {
        check([128.0, 128.0, 128.0], [128; 3]);
        check([76.245, 84.972, 255.5], [255, 0, 0]);
        check([149.685, 43.528, 21.235], [0, 255, 0]);
        check([29.07, 255.5, 107.265], [0, 0, 255]);
        check([400.0, 128.0, 128.0], [255; 3]);
        check([-99.0, 128.0, 128.0], [0; 3]);
    }
}
