//! The formats that are read, told from one another by their first bytes.

/// What a file is by its first bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// ITU-T T.81.
    Jpeg,
    /// W3C PNG.
    Png,
    /// RIFF with a `WEBP` form.
    WebP,
    /// TIFF 6.0, either byte order.
    Tiff,
    /// A camera's raw file, shown by the JPEG in it.
    Raw,
}

impl Format {
    /// The format that begins with `bytes`; a raw file that begins as a TIFF is told from one by its
    /// name ([`super::Source::format`]).
    #[must_use]
    pub fn of(bytes: &[u8]) -> Option<Self> {
        match bytes {
            [0xFF, 0xD8, ..] => Some(Self::Jpeg),
            [0x89, b'P', b'N', b'G', 0x0D, 0x0A, 0x1A, 0x0A, ..] => Some(Self::Png),
            [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some(Self::WebP),
            // 43 is TIFF with 64-bit offsets.
            [b'I', b'I', 42 | 43, 0, ..] | [b'M', b'M', 0, 42 | 43, ..] => Some(Self::Tiff),
            _ => None,
        }
    }
}
