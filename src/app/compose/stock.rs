//! Which tiles are on the device, and what a photo is drawn with this frame.
//!
//! Uploads are bounded a frame: a jump to unseen photos is drawn at once with what is there, and
//! sharpens over the next frames. The order of the questions is the order of the answers' worth:
//! the level that the cell needs, then any level of that photo already on the device, then nothing.

use std::sync::Arc;

use super::overview::Overview;
use crate::core::atlas::Atlas;
use crate::core::atlas::Class;
use crate::core::atlas::Place;
use crate::core::atlas::Seat;
use crate::core::coded::Coded;
use crate::core::detail::DetailTexels;
use crate::core::frame::Frame;
use crate::core::frame::RectPx;
use crate::core::frame::Tile;
use crate::core::frame::Upload;
use crate::core::level;
use crate::core::photo::PhotoId;
use crate::core::photo::Turn;
use crate::jobs::board::Slot;

/// Bytes that may travel to the device in one frame, as they are coded: 3 ms on a slow bus (4 GB/s),
/// and seventy tiles of 512 px in blocks, eighteen without.
const UPLOAD_BYTES: usize = 12 << 20;

/// Seats of the smallest class on one page.
const SEATS_A_PAGE: usize = 256;

/// The device's pages as the window knows them.
#[derive(Debug)]
pub struct Stock {
    /// What the device knows of every photo.
    pub overview: Overview,
    atlas: Atlas,
    /// Width and height of the texels in each seat.
    sizes: Vec<[u16; 2]>,
    /// Width and height of the detail in each; 0 without.
    details: Vec<[u8; 2]>,
    uploaded_bytes: usize,
    left_out: bool,
}

impl Stock {
    /// Empty pages.
    #[must_use]
    pub fn new(page_count: u16) -> Self {
        Self {
            overview: Overview::default(),
            atlas: Atlas::new(page_count),
            sizes: vec![[0; 2]; usize::from(page_count) * SEATS_A_PAGE],
            details: vec![[0; 2]; usize::from(page_count) * SEATS_A_PAGE],
            uploaded_bytes: 0,
            left_out: false,
        }
    }

    /// Forgets what is on the device: it is a new one.
    pub fn reset(&mut self) {
        self.overview.reset();
        self.atlas.reset();
    }

    /// Makes room for photos that have been found, so that placing them allocates nothing.
    pub fn grow(&mut self, photo_count: usize) {
        self.atlas.grow(photo_count);
    }

    /// Begins a frame: nothing has travelled in it yet. `is_mosaic` says whether it shows micro
    /// pictures.
    pub fn begin_frame(&mut self, is_mosaic: bool) {
        self.overview.pace(is_mosaic, self.uploaded_bytes > 0);
        self.uploaded_bytes = 0;
        self.left_out = false;
    }

    /// Ends the frame and tells whether something was left out.
    pub fn end_frame(&mut self) -> bool {
        self.atlas.end_frame();
        self.left_out
    }

    /// The tile to draw for a photo in `rect_px`, with its upload put into the frame; `None` when
    /// nothing of the photo can be drawn yet.
    pub fn tile(
        &mut self,
        photo: PhotoId,
        slot: &Slot,
        rect_px: RectPx,
        frame: &mut Frame,
    ) -> Option<Tile> {
        let class = level::class_for([rect_px[2], rect_px[3]]);
        let quality = slot.stage() as u8;
        let held = slot.tile();
        let seat = match held.as_ref().and_then(|tile| tile.near(class)) {
            Some((level, coded)) => {
                let detail = held.as_ref().and_then(|tile| tile.detail.clone());
                self.seat(photo, (level, quality), coded, detail, frame)
            }
            None => None,
        };
        let seat = seat.or_else(|| self.resident(photo, class))?;
        let [width, height] = self.sizes[index(seat)];
        Some(Tile {
            rect_px,
            seat,
            size_px: [width.into(), height.into()],
            turn: Turn::NONE,
            brightness: 1.0,
        })
    }

    /// The detail of a tile that is drawn: where it is, and width and height in cells.
    #[must_use]
    pub fn detail(&self, tile: &Tile) -> Option<(Seat, [u32; 2])> {
        let size = self.details[index(tile.seat)].map(u32::from);
        (size[0] > 0).then_some((tile.seat, size))
    }

    fn seat(
        &mut self,
        photo: PhotoId,
        (class, quality): (Class, u8),
        coded: &Arc<Coded>,
        detail: Option<Arc<DetailTexels>>,
        frame: &mut Frame,
    ) -> Option<Seat> {
        let is_there = self.atlas.seat_of(photo, class).is_some_and(|(_, q)| q >= quality);
        if !is_there && self.uploaded_bytes >= UPLOAD_BYTES {
            self.left_out = true;
            return None;
        }
        let seat = match self.atlas.place(photo, class, quality)? {
            Place::Ready(seat) => return Some(seat),
            Place::Upload(seat) => seat,
        };
        self.uploaded_bytes += coded.bytes().len();
        self.sizes[index(seat)] = coded.size_px().map(|side| side as u16);
        let detail = detail.map(|detail| match detail.fits(class.edge_px() / 4) {
            true => detail,
            false => Arc::new(detail.within(class.edge_px() / 4)),
        });
        self.details[index(seat)] =
            detail.as_ref().map_or([0; 2], |detail| detail.size().map(|side| side as u8));
        frame.uploads.push(Upload { seat, coded: Arc::clone(coded), detail });
        Some(seat)
    }

    /// Whatever of the photo is on the device, the level nearest to `class` first.
    fn resident(&mut self, photo: PhotoId, class: Class) -> Option<Seat> {
        let at = class as usize;
        let order = (at..Class::ALL.len()).chain((0..at).rev());
        let (seat, quality) =
            order.into_iter().find_map(|i| self.atlas.seat_of(photo, Class::ALL[i]))?;
        // Placing what is there keeps it there for this frame.
        match self.atlas.place(photo, seat.class, quality) {
            Some(Place::Ready(seat)) => Some(seat),
            Some(Place::Upload(_)) | None => None,
        }
    }
}

/// The place of a seat in the table of sizes.
fn index(seat: Seat) -> usize {
    usize::from(seat.page) * SEATS_A_PAGE + usize::from(seat.cell)
}

/// Whether a photo's large picture is worth having in `rect_px`: no tile has as many texels.
#[must_use]
pub fn outgrows_tiles(rect_px: RectPx) -> bool {
    !level::covers(Class::Large, [rect_px[2], rect_px[3]])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::coded::Coding;
    use crate::jobs::board::Board;
    use crate::jobs::board::Stage;
    use crate::jobs::board::Tile as BoardTile;
    use crate::jobs::ledger::Budget;
    use crate::jobs::ledger::Ledger;
    use std::path::Path;

    const CELL: RectPx = [0.0, 0.0, 100.0, 100.0];

    /// A board of photos with a tile each, and a ledger that lets them go when it is asked to.
    fn tiles(count: u32, edge: u32) -> (Board, Ledger) {
        let board = Board::default();
        let ledger = Ledger::new(Budget { tile_bytes: 0, view_bytes: 0 });
        for _ in 0..count {
            let photo = board.add(Path::new("a.jpg").into());
            let bytes = vec![9; Coding::Rgba8.size_bytes([edge, edge])];
            let coded = Coded::new([edge, edge], Coding::Rgba8, bytes).map(Arc::new);
            let levels = if edge > 256 { [None, None, coded] } else { [coded, None, None] };
            let tile = Arc::new(BoardTile {
                levels,
                mean: [9; 3],
                whole_px: [edge, edge],
                detail: None,
                scopes: None,
            });
            ledger.put_tile(photo, board.slot(photo).unwrap(), tile, Stage::Tile);
        }
        (board, ledger)
    }

    fn draw(stock: &mut Stock, board: &Board, photo: u32, frame: &mut Frame) -> Option<Tile> {
        let photo = PhotoId(photo);
        stock.tile(photo, board.slot(photo).unwrap(), CELL, frame)
    }

    #[test]
    fn a_tile_travels_once() {
        let ((board, _), mut stock) = (tiles(1, 128), Stock::new(1));
        let mut frame = Frame::default();
        for _ in 0..3 {
            stock.begin_frame(false);
            assert!(draw(&mut stock, &board, 0, &mut frame).is_some());
            stock.end_frame();
        }
        assert_eq!(frame.uploads.len(), 1);
    }

    #[test]
    fn what_is_over_the_budget_comes_in_the_next_frame() {
        let ((board, _), mut stock) = (tiles(16, 512), Stock::new(2));
        let mut drawn = Vec::new();
        for _ in 0..2 {
            let mut frame = Frame::default();
            stock.begin_frame(false);
            let tiles = (0..16).filter(|&p| draw(&mut stock, &board, p, &mut frame).is_some());
            drawn.push((tiles.count(), stock.end_frame()));
        }
        assert_eq!(drawn, [(12, true), (16, false)]);
    }

    #[test]
    fn an_evicted_photo_is_drawn_from_the_device() {
        let ((board, ledger), mut stock) = (tiles(1, 128), Stock::new(1));
        let mut frame = Frame::default();
        stock.begin_frame(false);
        let before = draw(&mut stock, &board, 0, &mut frame);
        stock.end_frame();
        ledger.settle_tiles(&board);
        assert!(board.slot(PhotoId(0)).unwrap().tile().is_none());
        stock.begin_frame(false);
        assert_eq!(draw(&mut stock, &board, 0, &mut frame), before);
    }
}
