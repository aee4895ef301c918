//! How a picture is divided: MCUs, and the pixels of the scaled picture in each.

use super::JpegError;
use super::Scale;
use super::damaged;
use super::header::Header;

/// How a picture is divided.
pub struct Grid {
    /// MCUs a row, and rows of them.
    pub mcus: [usize; 2],
    /// Pixels of the scaled picture in an MCU.
    pub mcu_px: [usize; 2],
    /// Blocks of the first component that show something of the picture.
    pub blocks: [usize; 2],
    /// Pixels of the scaled picture that a full block of 8 stands for, a side.
    pub side: usize,
}

impl Grid {
    /// The division of a picture at `scale`.
    ///
    /// # Errors
    /// When it is larger than its `bytes` can fill: a block takes at least two bits. So a small file
    /// cannot take much memory.
    pub fn new(header: &Header, bytes: &[u8], scale: Scale) -> Result<Self, JpegError> {
        let most = |axis: usize| header.components.iter().map(|c| c.blocks[axis]).max();
        let (Some(most_x), Some(most_y)) = (most(0), most(1)) else {
            return Err(damaged("it has no components"));
        };
        let most = [most_x, most_y].map(usize::from);
        let full = header.size_px.map(|side| side as usize);
        let first = header.components[0].blocks.map(usize::from);
        let axes = [0, 1];
        let grid = Self {
            mcus: axes.map(|axis| full[axis].div_ceil(most[axis] * 8)),
            mcu_px: axes.map(|axis| most[axis] * 8 / scale.divisor() as usize),
            blocks: axes.map(|axis| (full[axis] * first[axis]).div_ceil(most[axis] * 8)),
            side: 8 / scale.divisor() as usize,
        };
        let found = (bytes.len() - header.scan_at) as u64;
        let expect = grid.least_bytes(header);
        if found < expect {
            return Err(damaged(format!(
                "its data ends too early: {found} bytes, at least {expect} expected"
            )));
        }
        Ok(grid)
    }

    fn least_bytes(&self, header: &Header) -> u64 {
        let per_mcu: usize =
            header.components.iter().map(|c| usize::from(c.blocks[0] * c.blocks[1])).sum();
        self.mcus[0] as u64 * self.mcus[1] as u64 * per_mcu as u64 / 4
    }
}
