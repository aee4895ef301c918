//! One component on its way through the scan: its tables, its plane, its last first coefficient.

use super::JpegError;
use super::basis::basis;
use super::bits::Bits;
use super::bits::Clean;
use super::block::BadCode;
use super::block::Coder;
use super::block::DecodeBlock;
use super::block::decoder;
use super::grid::Grid;
use super::header::Component;
use super::header::Header;
use super::huffman::Class;
use super::huffman::Leaps;
use super::huffman::Symbols;
use super::plane::Plane;

/// Huffman tables ready to decode, by their number in the file.
pub struct Tables {
    dc: [Option<Symbols>; 4],
    ac: [Option<(Symbols, Leaps)>; 4],
}

impl Tables {
    /// Only those that the scan uses: one takes a tenth of a millisecond.
    pub fn new(header: &Header) -> Self {
        let is_used = |of: fn(&Component) -> u8, index: usize| {
            header.components.iter().any(|component| usize::from(of(component)) == index)
        };
        Self {
            dc: std::array::from_fn(|index| {
                let codes = header.dc[index].as_ref().filter(|_| is_used(|c| c.dc, index))?;
                Some(Symbols::new(codes, Class::Dc))
            }),
            ac: std::array::from_fn(|index| {
                let codes = header.ac[index].as_ref().filter(|_| is_used(|c| c.ac, index))?;
                Some((Symbols::new(codes, Class::Ac), Leaps::new(codes)))
            }),
        }
    }
}

/// One component.
pub struct Lane<'t> {
    coder: Coder<'t>,
    decode: DecodeBlock,
    /// Its samples of a row of MCUs.
    pub plane: Plane,
    /// Blocks of an MCU, horizontally and vertically.
    pub blocks: [usize; 2],
    dc: i32,
}

impl<'t> Lane<'t> {
    /// A lane for each component.
    ///
    /// # Errors
    /// When the file lacks a table that the scan uses.
    pub fn all(header: &Header, tables: &'t Tables, grid: &Grid) -> Result<Vec<Self>, JpegError> {
        let lanes = header.components.iter().map(|of| Self::new(of, header, tables, grid));
        let mut lanes = lanes.collect::<Result<Vec<_>, _>>()?;
        if lanes.iter().any(|lane| lane.plane.leans_down()) {
            for lane in &mut lanes {
                lane.plane.lag(grid.mcu_px[1]);
            }
        }
        Ok(lanes)
    }

    fn new(
        component: &Component,
        header: &Header,
        tables: &'t Tables,
        grid: &Grid,
    ) -> Result<Self, JpegError> {
        // Films of JPEGs leave their tables out; a full decoder may know them.
        let missing = JpegError::Unsupported("tables that are not in the file");
        let dc = tables.dc.get(usize::from(component.dc)).and_then(Option::as_ref);
        let ac = tables.ac.get(usize::from(component.ac)).and_then(Option::as_ref);
        let quantiser = &header.quantisers[usize::from(component.quantiser)];
        let (Some(dc), Some((ac, leaps)), Some(quantiser)) = (dc, ac, quantiser) else {
            return Err(missing);
        };
        let blocks = component.blocks.map(usize::from);
        let plane = Plane::new(grid.mcus[0], blocks, grid.mcu_px, grid.side);
        let basis = basis(plane.block, quantiser);
        let coder = Coder { dc, ac, leaps, basis };
        Ok(Self { coder, decode: decoder(plane.block), plane, blocks, dc: 0 })
    }

    /// Starts anew, as behind a restart marker.
    pub const fn restart(&mut self) {
        self.dc = 0;
    }

    /// Decodes the component's blocks of MCU `column`; `detail` has the AC bits of each block of
    /// the strip.
    #[inline(always)]
    pub fn decode_mcu(
        &mut self,
        column: usize,
        bytes: &Clean,
        bits: &mut Bits,
        detail: &mut [u32],
    ) -> Result<(), BadCode> {
        let side = self.plane.block;
        let stride = self.plane.stride;
        let blocks_a_row = stride / side;
        for y in 0..self.blocks[1] {
            for x in 0..self.blocks[0] {
                let place = column * self.blocks[0] + x;
                let out = &mut self.plane.samples[y * side * stride + place * side..];
                let ac_bits = (self.decode)(&self.coder, bytes, bits, &mut self.dc, out, stride)?;
                if let Some(detail) = detail.get_mut(y * blocks_a_row + place) {
                    *detail = ac_bits;
                }
            }
        }
        Ok(())
    }
}
