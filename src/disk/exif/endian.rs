//! The order of a number's bytes in a TIFF, which its head tells (TIFF 6.0, section 2).

/// The order of a number's bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Endian {
    /// Intel's: the last byte first.
    Little,
    /// Motorola's: the first byte first.
    Big,
}

impl Endian {
    /// The order that a TIFF's head tells; `None` for another format, 64-bit TIFF among them.
    ///
    /// Raw files of Olympus (`RO`, `RS`) and Panasonic (`U`) are TIFFs with a number of their own in
    /// the place of 42.
    #[must_use]
    pub const fn of(head: &[u8]) -> Option<Self> {
        match head {
            [b'I', b'I', 42 | b'U', 0, _, _, _, _]
            | [b'I', b'I', b'R', b'O' | b'S', _, _, _, _] => Some(Self::Little),
            [b'M', b'M', 0, 42, _, _, _, _] | [b'M', b'M', b'O', b'R', _, _, _, _] => {
                Some(Self::Big)
            }
            _ => None,
        }
    }

    /// The first four bytes of a plain TIFF.
    #[must_use]
    pub const fn mark(self) -> [u8; 4] {
        match self {
            Self::Little => *b"II*\0",
            Self::Big => *b"MM\0*",
        }
    }

    /// Two bytes from `at` on, which must be there.
    #[must_use]
    pub fn u16(self, bytes: &[u8], at: usize) -> u16 {
        let pair = [bytes[at], bytes[at + 1]];
        match self {
            Self::Little => u16::from_le_bytes(pair),
            Self::Big => u16::from_be_bytes(pair),
        }
    }

    /// Four bytes from `at` on, which must be there.
    #[must_use]
    pub fn u32(self, bytes: &[u8], at: usize) -> u32 {
        let four = [bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]];
        match self {
            Self::Little => u32::from_le_bytes(four),
            Self::Big => u32::from_be_bytes(four),
        }
    }

    /// A number as two bytes.
    #[must_use]
    pub const fn bytes16(self, value: u16) -> [u8; 2] {
        match self {
            Self::Little => value.to_le_bytes(),
            Self::Big => value.to_be_bytes(),
        }
    }

    /// A number as four bytes.
    #[must_use]
    pub const fn bytes32(self, value: u32) -> [u8; 4] {
        match self {
            Self::Little => value.to_le_bytes(),
            Self::Big => value.to_be_bytes(),
        }
    }
}
