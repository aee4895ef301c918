//! A small picture as the device reads it, and as the cache keeps it: texels, or blocks of them.
//!
//! Block compression stores 4 x 4 texels at a time, so a picture is padded to whole blocks; what
//! the padding repeats is never drawn. Who encodes is `disk::picture`, who draws is `gpu`; this file
//! only knows how many bytes belong to how many texels.

/// How texels are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Coding {
    /// Four bytes a texel, sRGB-encoded: for devices that read no blocks.
    Rgba8,
    /// BC7: 16 bytes for 4 x 4 texels, sRGB-encoded (Khronos Data Format 1.3, section 20).
    Bc7,
}

impl Coding {
    /// Bytes of a picture of `size_px`.
    #[must_use]
    pub const fn size_bytes(self, size_px: [u32; 2]) -> usize {
        let [width, height] = [size_px[0] as usize, size_px[1] as usize];
        match self {
            Self::Rgba8 => width * height * 4,
            Self::Bc7 => width.div_ceil(4) * height.div_ceil(4) * 16,
        }
    }
}

/// A picture of `size_px` texels in a [`Coding`], rows (of texels or blocks) from the top.
#[derive(Clone, PartialEq, Eq)]
pub struct Coded {
    size_px: [u32; 2],
    coding: Coding,
    bytes: Vec<u8>,
}

impl std::fmt::Debug for Coded {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Coded({} x {}, {:?})", self.size_px[0], self.size_px[1], self.coding)
    }
}

impl Coded {
    /// A picture from its bytes; `None` unless it has a texel and just the bytes that it needs.
    #[must_use]
    pub fn new(size_px: [u32; 2], coding: Coding, bytes: Vec<u8>) -> Option<Self> {
        let has_texels = size_px[0] > 0 && size_px[1] > 0;
        let fits = has_texels && bytes.len() == coding.size_bytes(size_px);
        fits.then_some(Self { size_px, coding, bytes })
    }

    /// Width and height in texels, without the padding.
    #[must_use]
    pub const fn size_px(&self) -> [u32; 2] {
        self.size_px
    }

    /// The longer side in texels.
    #[must_use]
    pub fn edge_px(&self) -> u32 {
        self.size_px[0].max(self.size_px[1])
    }

    /// How the bytes are to be read.
    #[must_use]
    pub const fn coding(&self) -> Coding {
        self.coding
    }

    /// The bytes, [`Coding::size_bytes`] of them.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_are_whole() {
        assert_eq!(Coding::Bc7.size_bytes([512, 341]), 128 * 86 * 16);
        assert_eq!(Coding::Bc7.size_bytes([1, 1]), 16);
        assert_eq!(Coding::Rgba8.size_bytes([3, 2]), 24);
    }

    #[test]
    fn the_wrong_number_of_bytes_is_no_picture() {
        assert!(Coded::new([5, 4], Coding::Bc7, vec![0; 32]).is_some());
        assert!(Coded::new([5, 4], Coding::Bc7, vec![0; 31]).is_none());
        assert!(Coded::new([0, 4], Coding::Rgba8, vec![]).is_none());
    }
}
