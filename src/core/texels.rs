//! A small picture in memory, and the pure operations on it: turning upright, halving, framing.
//!
//! Texels are RGBA, 8 bits a channel, rows from the top, no padding, in the space that they say; sRGB
//! where nothing is said. Alpha is 255 unless said otherwise. Halving averages in linear light, as the eye does; averaging the encoded
//! values would darken fine detail.

use super::colour::Space;
use super::photo::Turn;

/// A picture of `width * height` RGBA texels.
#[derive(Clone, PartialEq, Eq)]
pub struct Texels {
    width: u32,
    height: u32,
    bytes: Vec<u8>,
    space: Space,
}

impl std::fmt::Debug for Texels {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Texels({} x {})", self.width, self.height)
    }
}

impl Texels {
    /// A picture from its bytes, `None` unless there are four for each texel and at least one texel.
    #[must_use]
    pub fn new(width: u32, height: u32, bytes: Vec<u8>) -> Option<Self> {
        let expect = u64::from(width) * u64::from(height) * 4;
        let fits = expect > 0 && bytes.len() as u64 == expect;
        fits.then_some(Self { width, height, bytes, space: Space::Srgb })
    }

    /// A picture of one colour.
    #[must_use]
    pub fn filled(size_px: [u32; 2], rgba: [u8; 4]) -> Self {
        let [width, height] = size_px.map(|side| side.max(1));
        let bytes = rgba.repeat(width as usize * height as usize);
        Self { width, height, bytes, space: Space::Srgb }
    }

    /// The same texels, said to be in another space.
    #[must_use]
    pub fn in_space(self, space: Space) -> Self {
        Self { space, ..self }
    }

    /// The space that the texels are in.
    #[must_use]
    pub const fn space(&self) -> &Space {
        &self.space
    }

    /// The texels after `change`, which has brought them to `space`.
    #[must_use]
    pub fn recoloured(mut self, space: Space, change: impl FnOnce(&mut [u8])) -> Self {
        change(&mut self.bytes);
        self.in_space(space)
    }

    /// Width and height.
    #[must_use]
    pub const fn size_px(&self) -> [u32; 2] {
        [self.width, self.height]
    }

    /// The longer side.
    #[must_use]
    pub fn edge_px(&self) -> u32 {
        self.width.max(self.height)
    }

    /// The texels as bytes, row after row.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// One texel. Panics outside the picture: a caller that asks there has a bug.
    #[must_use]
    pub fn texel(&self, x: u32, y: u32) -> [u8; 4] {
        assert!(x < self.width && y < self.height, "texel ({x}, {y}) of {self:?}");
        let at = (y as usize * self.width as usize + x as usize) * 4;
        [self.bytes[at], self.bytes[at + 1], self.bytes[at + 2], self.bytes[at + 3]]
    }

    /// The picture turned upright.
    #[must_use]
    pub fn turned(self, turn: Turn) -> Self {
        if turn == Turn::NONE {
            return self;
        }
        let stored_px = [self.width, self.height];
        let [width, height] = turn.upright(stored_px);
        let index = |[x, y]: [u32; 2]| y as isize * self.width as isize + x as isize;
        // Going right by one texel of the upright picture is the same step everywhere in the
        // stored one.
        let origin = index(source_of(turn, stored_px, [0, 0]));
        let step = index(source_of(turn, stored_px, [1.min(width - 1), 0])) - origin;
        let (stored, _) = self.bytes.as_chunks::<4>();
        let mut upright = Vec::with_capacity(stored.len());
        for y in 0..height {
            let mut at = index(source_of(turn, stored_px, [0, y]));
            for _ in 0..width {
                upright.push(stored[at as usize]);
                at += step;
            }
        }
        Self { width, height, bytes: upright.into_flattened(), space: self.space }
    }

    /// The picture at half its size (rounded up), by 2x2 box average in linear light.
    #[must_use]
    pub fn halved(&self) -> Self {
        let (width, height) = (self.width.div_ceil(2), self.height.div_ceil(2));
        let mut bytes = Vec::with_capacity(width as usize * height as usize * 4);
        for y in 0..height {
            let rows = [2 * y, (2 * y + 1).min(self.height - 1)];
            for x in 0..width {
                let columns = [2 * x, (2 * x + 1).min(self.width - 1)];
                bytes.extend_from_slice(&self.mean_of(rows, columns));
            }
        }
        Self { width, height, bytes, space: self.space.clone() }
    }

    /// The mean colour in the picture's own space, averaged in linear light.
    #[must_use]
    pub fn mean(&self) -> [u8; 3] {
        let mut sums = [0.0_f64; 3];
        for texel in self.bytes.chunks_exact(4) {
            for (sum, &value) in sums.iter_mut().zip(texel) {
                *sum += f64::from(linear_from_srgb(value));
            }
        }
        let count = (self.bytes.len() / 4) as f64;
        sums.map(|sum| srgb_from_linear((sum / count) as f32))
    }

    /// The part of the picture in `[left, top, width, height]`, cut to the picture.
    #[must_use]
    pub fn cropped(&self, rect_px: [u32; 4]) -> Self {
        let left = rect_px[0].min(self.width - 1);
        let top = rect_px[1].min(self.height - 1);
        let width = rect_px[2].clamp(1, self.width - left);
        let height = rect_px[3].clamp(1, self.height - top);
        let mut bytes = Vec::with_capacity(width as usize * height as usize * 4);
        for y in top..top + height {
            let at = (y as usize * self.width as usize + left as usize) * 4;
            bytes.extend_from_slice(&self.bytes[at..at + width as usize * 4]);
        }
        Self { width, height, bytes, space: self.space.clone() }
    }

    fn mean_of(&self, rows: [u32; 2], columns: [u32; 2]) -> [u8; 4] {
        let mut mean = [0, 0, 0, 255];
        let texels = [(0, 0), (0, 1), (1, 0), (1, 1)].map(|(r, c)| self.texel(columns[c], rows[r]));
        for (channel, out) in mean.iter_mut().take(3).enumerate() {
            let sum: f32 = texels.iter().map(|t| linear_from_srgb(t[channel])).sum();
            *out = srgb_from_linear(sum / 4.0);
        }
        mean
    }
}

/// Where in a stored picture of `size_px` the texel at `upright` of the turned picture comes from.
pub(super) fn source_of(turn: Turn, size_px: [u32; 2], upright: [u32; 2]) -> [u32; 2] {
    let [width, height] = size_px;
    let [x, y] = upright;
    // A clockwise quarter turn sends stored (sx, sy) to (height - 1 - sy, sx); this undoes it.
    let [sx, sy] = match turn.quarter_count() {
        1 => [y, height - 1 - x],
        2 => [width - 1 - x, height - 1 - y],
        3 => [width - 1 - y, x],
        _ => [x, y],
    };
    if turn.is_mirrored() { [width - 1 - sx, sy] } else { [sx, sy] }
}

/// An sRGB-encoded byte as linear light, 0 to 1: IEC 61966-2-1, section 5.2.
#[must_use]
pub fn linear_from_srgb(value: u8) -> f32 {
    static TABLE: std::sync::LazyLock<[f32; 256]> = std::sync::LazyLock::new(|| {
        std::array::from_fn(|i| {
            let v = i as f32 / 255.0;
            if v <= 0.040_45 { v / 12.92 } else { ((v + 0.055) / 1.055).powf(2.4) }
        })
    });
    TABLE[value as usize]
}

/// Linear light, 0 to 1, as an sRGB-encoded byte: IEC 61966-2-1, section 5.2.
#[must_use]
pub fn srgb_from_linear(light: f32) -> u8 {
    // 4096 steps are finer than half a byte step everywhere above 1/4096, where the curve is steep.
    static TABLE: std::sync::LazyLock<Vec<u8>> = std::sync::LazyLock::new(|| {
        (0..=4096_u32)
            .map(|i| {
                let v = i as f32 / 4096.0;
                let s =
                    if v <= 0.003_130_8 { v * 12.92 } else { 1.055 * v.powf(1.0 / 2.4) - 0.055 };
                (s * 255.0 + 0.5) as u8
            })
            .collect()
    });
    TABLE[(light.clamp(0.0, 1.0) * 4096.0 + 0.5) as usize]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A picture whose red channel is written as letters, a row a word.
    fn picture(rows: &str) -> Texels {
        let rows: Vec<&[u8]> = rows.split(' ').map(str::as_bytes).collect();
        let bytes = rows.iter().flat_map(|r| r.iter().flat_map(|&c| [c, 0, 0, 255])).collect();
        Texels::new(rows[0].len() as u32, rows.len() as u32, bytes).expect("rows are equal")
    }

    #[track_caller]
    fn check_turn(exif: u32, expect: &str) {
        // The stored picture is `abc def`: two rows of three.
        assert_eq!(picture("abc def").turned(Turn::from_exif(exif)), picture(expect), "{exif}");
    }

    #[test]
    fn every_exif_orientation_stands_upright() {
        check_turn(1, "abc def");
        check_turn(2, "cba fed");
        check_turn(3, "fed cba");
        check_turn(4, "def abc");
        check_turn(5, "ad be cf");
        check_turn(6, "da eb fc");
        check_turn(7, "fc eb da");
        check_turn(8, "cf be ad");
    }

    #[test]
    fn halving_averages_light_and_rounds_up() {
        let checker = Texels::new(
            3,
            2,
            [0, 255, 255, 255, 0, 255].iter().flat_map(|&v| [v, v, v, 255]).collect(),
        )
        .expect("six texels");
        let half = checker.halved();
        assert_eq!(half.size_px(), [2, 1]);
        // Half the light is 188 in sRGB, not 128.
        assert_eq!(half.texel(0, 0), [188, 188, 188, 255]);
        assert_eq!(half.texel(1, 0), [255, 255, 255, 255]);
    }

    #[test]
    fn light_goes_there_and_back() {
        for value in 0..=255 {
            assert_eq!(srgb_from_linear(linear_from_srgb(value)), value);
        }
    }

    #[test]
    fn a_crop_stays_inside() {
        assert_eq!(picture("abc def").cropped([1, 0, 9, 9]), picture("bc ef"));
    }

    #[test]
    fn the_wrong_number_of_bytes_is_no_picture() {
        assert!(Texels::new(2, 2, vec![0; 15]).is_none());
        assert!(Texels::new(0, 2, vec![]).is_none());
    }
}
