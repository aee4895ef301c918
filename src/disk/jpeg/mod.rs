//! Scaled JPEG decoding: a picture at 1/8, 1/4 or 1/2 of its size, straight from the entropy-coded
//! data.
//!
//! Only the coefficients that the scale needs are kept; the others are passed over several symbols
//! at a time. Each pixel is the mean of the 8x8, 4x4 or 2x2 pixels of the full picture that it
//! stands for, as a box filter would give it (`tests/jpeg.rs` compares the two), but for the chroma
//! of 4:2:2, which is as coarse as libjpeg's (`plane`): the picture is libjpeg-turbo's to less than
//! a level on average (`benches/turbo`).
//!
//! Speaks 8-bit Huffman JPEGs with all components in one scan: baseline and extended sequential,
//! gray or three components, every legal sampling, restart intervals. All else is
//! [`JpegError::Unsupported`] and goes to a full decoder. A picture that is cut off or damaged is
//! an error, never half a picture. Orientation and profiles are left to the caller. Safe code;
//! starts no thread.
//!
//! ```text
//! header -> Header --+-> huffman: tables that pass over coefficients
//!                    +-> basis: what a coefficient adds to the scaled block
//! window: bytes without stuffing -> bits -> block -> lane -> plane -> colour -> RGB
//!                                                +-> detail: AC bits per luma block
//! scan: all of it, a row of MCUs at a time; parts: the same from several restart markers on
//! ```

mod basis;
mod bits;
mod block;
mod colour;
mod detail;
mod grid;
mod header;
mod huffman;
mod lane;
mod parts;
mod plane;
mod scan;
mod window;

pub use self::detail::DetailMap;
use self::header::Header;
pub use self::parts::Part;
use self::scan::Scan;

/// How much smaller the picture becomes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scale {
    /// One pixel for each 8x8.
    Eighth,
    /// One pixel for each 4x4.
    Quarter,
    /// One pixel for each 2x2.
    Half,
}

impl Scale {
    /// From the smallest picture to the largest.
    pub const ALL: [Self; 3] = [Self::Eighth, Self::Quarter, Self::Half];

    /// Pixels of the full picture that one pixel stands for, a side.
    #[must_use]
    pub const fn divisor(self) -> u32 {
        match self {
            Self::Eighth => 8,
            Self::Quarter => 4,
            Self::Half => 2,
        }
    }

    /// Width and height of a picture of `full_size_px` at this scale; what is left over at the
    /// right and below becomes a pixel too.
    #[must_use]
    pub fn size_px(self, full_size_px: [u32; 2]) -> [u32; 2] {
        full_size_px.map(|side| side.div_ceil(self.divisor()))
    }
}

/// Why there is no picture.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum JpegError {
    /// A kind of JPEG that a full decoder may speak: progressive, arithmetic, 12 bits, CMYK.
    #[error("this decoder does not speak {0}")]
    Unsupported(&'static str),

    /// Damaged or cut off.
    #[error("{0}")]
    Damaged(String),
}

/// A picture at a part of its size.
#[derive(Debug, Clone)]
pub struct Scaled {
    /// Pixels a row.
    pub width: u32,
    /// Rows.
    pub height: u32,
    /// `width * height * 3` bytes: red, green, blue, as stored.
    pub rgb: Vec<u8>,
    /// Where the coder found detail.
    pub detail: DetailMap,
    /// Width and height of the picture in the file.
    pub full_size_px: [u32; 2],
}

/// A JPEG whose header has been read.
#[derive(Debug)]
pub struct Jpeg<'a> {
    header: Header,
    bytes: &'a [u8],
}

impl<'a> Jpeg<'a> {
    /// Reads the header, up to the first scan.
    ///
    /// # Errors
    /// When the file is damaged or of a kind that is not spoken here.
    pub fn open(bytes: &'a [u8]) -> Result<Self, JpegError> {
        Ok(Self { header: Header::read(bytes)?, bytes })
    }

    /// Width and height as the header has them; neither is 0.
    #[must_use]
    pub const fn full_size_px(&self) -> [u32; 2] {
        self.header.size_px
    }

    /// Blocks of an MCU of each component, horizontally and vertically.
    #[must_use]
    pub fn sampling(&self) -> Vec<[u8; 2]> {
        self.header.components.iter().map(|component| component.blocks).collect()
    }

    /// Decodes the picture.
    ///
    /// # Errors
    /// When the data is damaged or ends before the picture does.
    pub fn decode(&self, scale: Scale) -> Result<Scaled, JpegError> {
        self.decode_in_parts(scale, 1, |_| {})
    }

    /// Decodes the picture in at most `most` parts, where its restart markers allow two or more:
    /// `run` decodes each of them, on whatever thread it likes. The outcome is that of
    /// [`Jpeg::decode`] to the bit.
    ///
    /// # Errors
    /// As [`Jpeg::decode`].
    pub fn decode_in_parts(
        &self,
        scale: Scale,
        most: usize,
        run: impl FnOnce(&mut [Part]),
    ) -> Result<Scaled, JpegError> {
        let scan = Scan::new(&self.header, self.bytes, scale)?;
        let mut rgb = scan.room();
        let restart_mcus = self.header.restart_mcus;
        let sums = match parts::decode(&scan, restart_mcus, self.bytes, most, &mut rgb, run) {
            Some(sums) => sums,
            None => scan.decode(scan.start(), 0..scan.grid.mcus[1], &mut rgb)?,
        };
        let [width, height] = scan.size_px;
        let full_size_px = self.header.size_px;
        Ok(Scaled { width, height, rgb, detail: sums.finish(), full_size_px })
    }
}

/// Decodes a picture at `scale`.
///
/// # Errors
/// As [`Jpeg::open`] and [`Jpeg::decode`].
pub fn decode(bytes: &[u8], scale: Scale) -> Result<Scaled, JpegError> {
    Jpeg::open(bytes)?.decode(scale)
}

fn damaged(reason: impl Into<String>) -> JpegError {
    JpegError::Damaged(reason.into())
}
