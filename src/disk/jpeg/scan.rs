//! The scan: MCU after MCU into strips, each strip to rows of RGB.
//!
//! A strip is one row of MCUs in every component, so that what was just decoded is still in the
//! cache when its colours are mixed.

use super::JpegError;
use super::Scale;
use super::Scaled;
use super::basis::basis;
use super::bits::Bits;
use super::bits::Clean;
use super::block::BadCode;
use super::block::Coder;
use super::block::DecodeBlock;
use super::block::decoder;
use super::colour;
use super::damaged;
use super::detail::DetailSums;
use super::header::Component;
use super::header::Header;
use super::huffman::Class;
use super::huffman::Leaps;
use super::huffman::Symbols;
use super::plane::Plane;
use super::window::Ended;
use super::window::Window;

/// Huffman tables ready to decode, by their number in the file.
struct Tables {
    dc: [Option<Symbols>; 4],
    ac: [Option<(Symbols, Leaps)>; 4],
}

impl Tables {
    /// Only those that the scan uses: one takes a tenth of a millisecond.
    fn new(header: &Header) -> Self {
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

/// One component on its way through the scan.
struct Lane<'t> {
    coder: Coder<'t>,
    decode: DecodeBlock,
    plane: Plane,
    blocks: [usize; 2],
    dc: i32,
}

impl<'t> Lane<'t> {
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
        let plane = Plane::new(grid.mcus[0], blocks, grid.mcu_px);
        let basis = basis(plane.block, quantiser);
        let coder = Coder { dc, ac, leaps, basis };
        Ok(Self { coder, decode: decoder(plane.block), plane, blocks, dc: 0 })
    }

    /// Decodes the component's blocks of MCU `column`; `detail` has the AC bits of each block of
    /// the strip.
    #[inline(always)]
    fn decode_mcu(
        &mut self,
        column: usize,
        bytes: &Clean,
        bits: &mut Bits,
        detail: &mut [u32],
    ) -> Result<(), BadCode> {
        let [nx, ny] = self.plane.block;
        let stride = self.plane.stride;
        let blocks_a_row = stride / nx;
        for y in 0..self.blocks[1] {
            for x in 0..self.blocks[0] {
                let place = column * self.blocks[0] + x;
                let out = &mut self.plane.samples[y * ny * stride + place * nx..];
                let ac_bits = (self.decode)(&self.coder, bytes, bits, &mut self.dc, out, stride)?;
                if let Some(detail) = detail.get_mut(y * blocks_a_row + place) {
                    *detail = ac_bits;
                }
            }
        }
        Ok(())
    }
}

/// How the picture is divided.
struct Grid {
    /// MCUs a row, and rows of them.
    mcus: [usize; 2],
    /// Pixels of the scaled picture in an MCU.
    mcu_px: [usize; 2],
    /// Blocks of the first component that show something of the picture.
    blocks: [usize; 2],
}

impl Grid {
    fn new(header: &Header, scale: Scale) -> Result<Self, JpegError> {
        let most = |axis: usize| header.components.iter().map(|c| c.blocks[axis]).max();
        let (Some(most_x), Some(most_y)) = (most(0), most(1)) else {
            return Err(damaged("it has no components"));
        };
        let most = [most_x, most_y].map(usize::from);
        let full = header.size_px.map(|side| side as usize);
        let first = header.components[0].blocks.map(usize::from);
        let axes = [0, 1];
        Ok(Self {
            mcus: axes.map(|axis| full[axis].div_ceil(most[axis] * 8)),
            mcu_px: axes.map(|axis| most[axis] * 8 / scale.divisor() as usize),
            blocks: axes.map(|axis| (full[axis] * first[axis]).div_ceil(most[axis] * 8)),
        })
    }

    /// Refuses a picture that is larger than its data can be: a block takes at least two bits.
    /// So a small file cannot take much memory.
    fn check(&self, header: &Header, bytes: &[u8]) -> Result<(), JpegError> {
        let per_mcu: usize =
            header.components.iter().map(|c| usize::from(c.blocks[0] * c.blocks[1])).sum();
        let blocks = self.mcus[0] as u64 * self.mcus[1] as u64 * per_mcu as u64;
        let found = (bytes.len() - header.scan_at) as u64;
        let expect = blocks / 4;
        if found < expect {
            return Err(damaged(format!(
                "its data ends too early: {found} bytes, at least {expect} expected"
            )));
        }
        Ok(())
    }
}

/// Why an MCU was not decoded.
enum Stop {
    Ended,
    BadCode,
    NoRestart,
}

impl From<Ended> for Stop {
    fn from(_: Ended) -> Self {
        Self::Ended
    }
}

/// The scan's own place.
struct Progress<'a> {
    window: Window<'a>,
    bits: Bits,
    /// MCUs between restart markers; 0 without.
    restart_mcus: usize,
    /// MCUs until the next one.
    until_restart: usize,
    restarts: usize,
}

impl Progress<'_> {
    /// Decodes one row of MCUs.
    fn decode_strip(
        &mut self,
        lanes: &mut [Lane],
        mcus: usize,
        detail: &mut [u32],
    ) -> Result<(), Stop> {
        for column in 0..mcus {
            if self.restart_mcus > 0 {
                self.restart_if_due(lanes)?;
            }
            self.window.prepare(&mut self.bits)?;
            let bytes = self.window.bytes();
            let mut detail = &mut *detail;
            for lane in lanes.iter_mut() {
                if lane.decode_mcu(column, bytes, &mut self.bits, detail).is_err() {
                    // Behind the end of the data no code means anything.
                    let is_within = self.window.is_within(&self.bits);
                    return Err(if is_within { Stop::BadCode } else { Stop::Ended });
                }
                // Only the first component, luma, tells of detail.
                detail = &mut [];
            }
        }
        if self.window.is_within(&self.bits) { Ok(()) } else { Err(Stop::Ended) }
    }

    fn restart_if_due(&mut self, lanes: &mut [Lane]) -> Result<(), Stop> {
        if self.until_restart == 0 {
            self.window.restart(self.restarts, &mut self.bits).ok_or(Stop::NoRestart)?;
            self.restarts += 1;
            self.until_restart = self.restart_mcus;
            for lane in lanes {
                lane.dc = 0;
            }
        }
        self.until_restart -= 1;
        Ok(())
    }
}

/// Decodes the scan that `header` ends with.
pub fn decode(header: &Header, bytes: &[u8], scale: Scale) -> Result<Scaled, JpegError> {
    let grid = Grid::new(header, scale)?;
    grid.check(header, bytes)?;
    let tables = Tables::new(header);
    let mut lanes = Vec::with_capacity(header.components.len());
    for component in &header.components {
        lanes.push(Lane::new(component, header, &tables, &grid)?);
    }
    let mut progress = Progress {
        window: Window::new(bytes, header.scan_at),
        bits: Bits::default(),
        restart_mcus: header.restart_mcus,
        until_restart: header.restart_mcus,
        restarts: 0,
    };
    let [width, height] = scale.size_px(header.size_px);
    let row_bytes = width as usize * 3;
    let mut rgb = vec![0; row_bytes * height as usize];
    let mut detail = DetailSums::new(grid.blocks);
    let blocks_a_row = grid.mcus[0] * lanes[0].blocks[0];
    let mut strip_detail = vec![0; blocks_a_row * lanes[0].blocks[1]];
    let colour = header.colour();
    for (row, out) in rgb.chunks_mut(row_bytes * grid.mcu_px[1]).enumerate() {
        progress
            .decode_strip(&mut lanes, grid.mcus[0], &mut strip_detail)
            .map_err(|stop| stopped(&stop, row, grid.mcus[1]))?;
        for (y, bits) in strip_detail.chunks(blocks_a_row).enumerate() {
            detail.add(row * lanes[0].blocks[1] + y, bits);
        }
        let planes: Vec<&[f32]> = lanes.iter_mut().map(|lane| lane.plane.on_grid()).collect();
        let stride = grid.mcus[0] * grid.mcu_px[0];
        for (y, out) in out.chunks_mut(row_bytes).enumerate() {
            let rows: Vec<&[f32]> =
                planes.iter().map(|plane| &plane[y * stride..][..stride]).collect();
            colour::write_row(colour, &rows, out);
        }
    }
    Ok(Scaled { width, height, rgb, detail: detail.finish(), full_size_px: header.size_px })
}

fn stopped(stop: &Stop, row: usize, rows: usize) -> JpegError {
    let reason = match stop {
        Stop::Ended => "its data ends too early",
        Stop::BadCode => "its data has a code that cannot be",
        Stop::NoRestart => "its data misses a restart marker",
    };
    damaged(format!("{reason}: {row} of {rows} rows of blocks are there"))
}
