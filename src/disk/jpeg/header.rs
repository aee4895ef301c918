//! The segments before the scan (ITU-T T.81, annex B): tables, sizes, what the components are.
//!
//! Decides what is spoken here; checks all numbers, so that the decoder need not. Never looks
//! behind the first SOS. Units: sizes in pixels, `scan_at` in bytes from the start of the file.

use super::JpegError;
use super::colour::Colour;
use super::damaged;
use super::huffman::Codes;

/// The most blocks that an MCU of several components may have (B.2.3).
const MCU_BLOCKS: u8 = 10;

/// One component of the picture, and where its tables are.
#[derive(Debug, Clone, Copy, Default)]
pub struct Component {
    id: u8,
    /// Blocks of an MCU, horizontally and vertically; 1 to 4.
    pub blocks: [u8; 2],
    /// Quantiser, 0 to 3.
    pub quantiser: u8,
    /// Table for first coefficients, 0 to 3.
    pub dc: u8,
    /// Table for the others, 0 to 3.
    pub ac: u8,
}

/// All that is known before the scan.
#[derive(Debug, Default)]
pub struct Header {
    /// Width and height; neither is 0.
    pub size_px: [u32; 2],
    /// One or three, in the order of the scan.
    pub components: Vec<Component>,
    /// In zigzag order.
    pub quantisers: [Option<Box<[u16; 64]>>; 4],
    /// Codes for first coefficients.
    pub dc: [Option<Codes>; 4],
    /// Codes for the others.
    pub ac: [Option<Codes>; 4],
    /// MCUs between restart markers; 0 without.
    pub restart_mcus: usize,
    /// Where the entropy-coded data begins.
    pub scan_at: usize,
    has_jfif: bool,
    adobe_transform: Option<u8>,
}

impl Header {
    /// Reads up to the first scan.
    pub fn read(bytes: &[u8]) -> Result<Self, JpegError> {
        let mut header = Self::default();
        if !bytes.starts_with(&[0xFF, 0xD8]) {
            return Err(damaged("it does not begin like a JPEG"));
        }
        let mut at = 2;
        loop {
            let (marker, body) = segment(bytes, &mut at)?;
            match marker {
                0xC0 | 0xC1 => header.read_frame(body)?,
                0xC4 => header.read_codes(body)?,
                0xDB => header.read_quantisers(body)?,
                0xDD => header.restart_mcus = usize::from(word(body, 0)?),
                0xE0 => header.has_jfif |= body.starts_with(b"JFIF\0"),
                0xEE if body.starts_with(b"Adobe") => {
                    header.adobe_transform = body.get(11).copied();
                }
                0xDA => {
                    header.read_scan(body)?;
                    header.scan_at = at;
                    return Ok(header);
                }
                0xC2 | 0xC6 | 0xCA | 0xCE => {
                    return Err(JpegError::Unsupported("progressive pictures"));
                }
                0xC3 | 0xC7 | 0xCB | 0xCF => {
                    return Err(JpegError::Unsupported("lossless pictures"));
                }
                0xC5 | 0xDE | 0xDF => {
                    return Err(JpegError::Unsupported("hierarchical pictures"));
                }
                0xC9 | 0xCC | 0xCD => return Err(JpegError::Unsupported("arithmetic coding")),
                0xD8 | 0xD9 => return Err(damaged("it ends before its picture begins")),
                _ => {}
            }
        }
    }

    fn read_frame(&mut self, body: &[u8]) -> Result<(), JpegError> {
        if !self.components.is_empty() {
            return Err(damaged("it has two frame headers"));
        }
        if byte(body, 0)? != 8 {
            return Err(JpegError::Unsupported("more than 8 bits"));
        }
        let [height, width] = [word(body, 1)?, word(body, 3)?];
        if height == 0 {
            return Err(JpegError::Unsupported("a height that is told after the picture"));
        }
        if width == 0 {
            return Err(damaged("it says that it has no pixels"));
        }
        self.size_px = [width.into(), height.into()];
        let count = byte(body, 5)?;
        if count != 1 && count != 3 {
            return Err(JpegError::Unsupported("two components, or four and more"));
        }
        for index in 0..usize::from(count) {
            let at = 6 + 3 * index;
            let (id, sampling) = (byte(body, at)?, byte(body, at + 1)?);
            let blocks = [sampling >> 4, sampling & 15];
            let quantiser = byte(body, at + 2)?;
            if blocks.iter().any(|count| !(1..=4).contains(count)) || quantiser > 3 {
                return Err(damaged("its frame header has numbers that cannot be"));
            }
            self.components.push(Component { id, blocks, quantiser, ..Component::default() });
        }
        if let [only] = &mut self.components[..] {
            // A scan of one component has MCUs of one block, whatever it says (A.2.2).
            only.blocks = [1, 1];
        }
        Ok(())
    }

    fn read_quantisers(&mut self, body: &[u8]) -> Result<(), JpegError> {
        let mut at = 0;
        while at < body.len() {
            let kind = byte(body, at)?;
            at += 1;
            let mut steps = Box::new([0; 64]);
            for step in steps.iter_mut() {
                let is_wide = kind >> 4 != 0;
                *step = if is_wide { word(body, at)? } else { byte(body, at)?.into() };
                at += 1 + usize::from(is_wide);
            }
            let place = self.quantisers.get_mut(usize::from(kind & 15));
            *place.ok_or_else(|| damaged("it has a fifth quantiser"))? = Some(steps);
        }
        Ok(())
    }

    fn read_codes(&mut self, body: &[u8]) -> Result<(), JpegError> {
        let mut rest = body;
        while let Some((&kind, behind)) = rest.split_first() {
            let bad = || damaged("it has a Huffman table that cannot be");
            let (&counts, behind) = behind.split_first_chunk::<16>().ok_or_else(bad)?;
            let total = counts.iter().map(|&count| usize::from(count)).sum();
            let (symbols, behind) = behind.split_at_checked(total).ok_or_else(bad)?;
            let codes = Codes::new(counts, symbols).ok_or_else(bad)?;
            let tables = match kind >> 4 {
                0 => &mut self.dc,
                1 => &mut self.ac,
                _ => return Err(bad()),
            };
            *tables.get_mut(usize::from(kind & 15)).ok_or_else(bad)? = Some(codes);
            rest = behind;
        }
        Ok(())
    }

    fn read_scan(&mut self, body: &[u8]) -> Result<(), JpegError> {
        if self.components.is_empty() {
            return Err(damaged("it has no frame header"));
        }
        let count = usize::from(byte(body, 0)?);
        if count != self.components.len() {
            return Err(JpegError::Unsupported("a scan for each component"));
        }
        for (index, component) in self.components.iter_mut().enumerate() {
            let (id, tables) = (byte(body, 1 + 2 * index)?, byte(body, 2 + 2 * index)?);
            if id != component.id {
                // The order is that of the frame header (B.2.3).
                return Err(JpegError::Unsupported("components in another order"));
            }
            [component.dc, component.ac] = [tables >> 4, tables & 15];
        }
        let blocks: u8 = self.components.iter().map(|c| c.blocks[0] * c.blocks[1]).sum();
        if blocks > MCU_BLOCKS {
            return Err(JpegError::Unsupported("more than 10 blocks in an MCU"));
        }
        Ok(())
    }

    /// What the components are: by JFIF, by Adobe's marker, by their names.
    pub fn colour(&self) -> Colour {
        let ids: Vec<u8> = self.components.iter().map(|component| component.id).collect();
        match (ids.len(), self.has_jfif, self.adobe_transform) {
            (1, ..) => Colour::Gray,
            (_, false, Some(0)) => Colour::Rgb,
            (_, false, None) if ids == *b"RGB" => Colour::Rgb,
            _ => Colour::Ycc,
        }
    }
}

/// The next segment's marker and body; `at` goes behind it.
fn segment<'a>(bytes: &'a [u8], at: &mut usize) -> Result<(u8, &'a [u8]), JpegError> {
    let cut_off = || damaged("it is cut off in its header");
    loop {
        let rest = bytes.get(*at..).ok_or_else(cut_off)?;
        match rest {
            // Any number of these may stand before a marker.
            [0xFF, 0xFF, ..] => *at += 1,
            // Markers without a body: TEM and the restarts.
            [0xFF, 0x01 | 0xD0..=0xD7, ..] => *at += 2,
            &[0xFF, marker @ (0xD8 | 0xD9), ..] => return Ok((marker, &[])),
            &[0xFF, marker, high, low, ..] => {
                let length = usize::from(u16::from_be_bytes([high, low]));
                let body = rest.get(4..2 + length).ok_or_else(cut_off)?;
                *at += 2 + length;
                return Ok((marker, body));
            }
            [0xFF, ..] | [] => return Err(cut_off()),
            _ => return Err(JpegError::Unsupported("bytes between its segments")),
        }
    }
}

fn byte(body: &[u8], at: usize) -> Result<u8, JpegError> {
    body.get(at).copied().ok_or_else(|| damaged("a segment of its header is too short"))
}

fn word(body: &[u8], at: usize) -> Result<u16, JpegError> {
    Ok(u16::from_be_bytes([byte(body, at)?, byte(body, at + 1)?]))
}
