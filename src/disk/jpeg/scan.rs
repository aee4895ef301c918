//! The scan: MCU after MCU into strips, each strip to rows of RGB.
//!
//! A strip is one row of MCUs in every component, so that what was just decoded is still in the
//! cache when its colours are mixed.

use std::ops::Range;

use super::JpegError;
use super::Scale;
use super::bits::Bits;
use super::colour;
use super::colour::Colour;
use super::damaged;
use super::detail::DetailSums;
use super::grid::Grid;
use super::header::Header;
use super::lane::Lane;
use super::lane::Tables;
use super::window::Ended;
use super::window::Window;

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

/// The start of a segment: of the scan, or behind a restart marker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Start {
    /// In bytes from the start of the file.
    pub at: usize,
    /// Restart markers before it.
    pub restarts: usize,
}

/// All that decoding a scan needs and does not change.
pub struct Scan<'a> {
    header: &'a Header,
    bytes: &'a [u8],
    tables: Tables,
    /// How the picture is divided.
    pub grid: Grid,
    /// Width and height of the scaled picture.
    pub size_px: [u32; 2],
}

impl<'a> Scan<'a> {
    /// The scan that `header` ends with.
    ///
    /// # Errors
    /// When the file is too short for its picture.
    pub fn new(header: &'a Header, bytes: &'a [u8], scale: Scale) -> Result<Self, JpegError> {
        let grid = Grid::new(header, bytes, scale)?;
        let size_px = scale.size_px(header.size_px);
        Ok(Self { header, bytes, tables: Tables::new(header), grid, size_px })
    }

    /// Bytes of a row of the scaled picture.
    pub const fn row_bytes(&self) -> usize {
        self.size_px[0] as usize * 3
    }

    /// Room for the scaled picture.
    pub fn room(&self) -> Vec<u8> {
        vec![0; self.row_bytes() * self.size_px[1] as usize]
    }

    /// Where the scan starts.
    pub const fn start(&self) -> Start {
        Start { at: self.header.scan_at, restarts: 0 }
    }

    /// Whether rows depend on the strip below theirs.
    ///
    /// # Errors
    /// When the file lacks a table.
    pub fn leans_down(&self) -> Result<bool, JpegError> {
        let lanes = Lane::all(self.header, &self.tables, &self.grid)?;
        Ok(lanes.iter().any(|lane| lane.plane.leans_down()))
    }

    /// Decodes `strips` from `start` on, where the first of them begins, to the rows of `rgb`.
    ///
    /// # Errors
    /// When the data is damaged or ends early, or, behind the last of `strips`, misses the restart
    /// marker that must come there.
    pub fn decode(
        &self,
        start: Start,
        strips: Range<usize>,
        rgb: &mut [u8],
    ) -> Result<DetailSums, JpegError> {
        let mut lanes = Lane::all(self.header, &self.tables, &self.grid)?;
        let mut progress = Progress::new(self, start);
        let mut detail = DetailSums::new(self.grid.blocks);
        let blocks = [self.grid.mcus[0] * lanes[0].blocks[0], lanes[0].blocks[1]];
        let mut strip_detail = vec![0; blocks[0] * blocks[1]];
        let mut canvas = Canvas::new(self, &lanes, rgb);
        let stopped = |stop, strip| stopped(&stop, strip, self.grid.mcus[1]);
        for strip in strips.clone() {
            progress
                .decode_strip(&mut lanes, self.grid.mcus[0], &mut strip_detail)
                .map_err(|stop| stopped(stop, strip))?;
            for (y, bits) in strip_detail.chunks(blocks[0]).enumerate() {
                detail.add(strip * blocks[1] + y, bits);
            }
            canvas.draw(&mut lanes);
        }
        if strips.end < self.grid.mcus[1] {
            progress.restart_if_due(&mut lanes).map_err(|stop| stopped(stop, strips.end))?;
        } else {
            canvas.finish(&lanes);
        }
        Ok(detail)
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

impl<'a> Progress<'a> {
    fn new(scan: &Scan<'a>, start: Start) -> Self {
        Self {
            window: Window::new(scan.bytes, start.at),
            bits: Bits::default(),
            restart_mcus: scan.header.restart_mcus,
            until_restart: scan.header.restart_mcus,
            restarts: start.restarts,
        }
    }

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
                self.until_restart -= 1;
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
                lane.restart();
            }
        }
        Ok(())
    }
}

/// The rows that strips are drawn to, from above.
struct Canvas<'a> {
    colour: Colour,
    rows: std::slice::ChunksMut<'a, u8>,
    /// Pixels a row of the strips.
    stride: usize,
    /// Whether the picture lags by a row.
    lags: bool,
    /// Whether the row that a picture that lags begins with is still to come; it is none of its own.
    is_above: bool,
}

impl<'a> Canvas<'a> {
    fn new(scan: &Scan, lanes: &[Lane], rgb: &'a mut [u8]) -> Self {
        let lags = lanes.iter().any(|lane| lane.plane.leans_down());
        Self {
            colour: scan.header.colour(),
            rows: rgb.chunks_mut(scan.row_bytes()),
            stride: scan.grid.mcus[0] * scan.grid.mcu_px[0],
            lags,
            is_above: lags,
        }
    }

    fn draw(&mut self, lanes: &mut [Lane]) {
        let planes: Vec<&[f32]> = lanes.iter_mut().map(|lane| lane.plane.on_grid()).collect();
        let skipped = usize::from(std::mem::take(&mut self.is_above));
        for y in skipped..planes[0].len() / self.stride {
            let rows: Vec<&[f32]> =
                planes.iter().map(|plane| &plane[y * self.stride..][..self.stride]).collect();
            // The last strip may reach beyond the picture.
            let Some(out) = self.rows.next() else { break };
            colour::write_row(self.colour, &rows, out);
        }
    }

    /// Draws the row that is still to come in a picture that lags.
    fn finish(mut self, lanes: &[Lane]) {
        if let (true, Some(out)) = (self.lags, self.rows.next()) {
            let rows: Vec<&[f32]> = lanes.iter().map(|lane| lane.plane.lowest()).collect();
            colour::write_row(self.colour, &rows, out);
        }
    }
}

fn stopped(stop: &Stop, row: usize, rows: usize) -> JpegError {
    let reason = match stop {
        Stop::Ended => "its data ends too early",
        Stop::BadCode => "its data has a code that cannot be",
        Stop::NoRestart => "its data misses a restart marker",
    };
    damaged(format!("{reason}: {row} of {rows} rows of blocks are there"))
}
