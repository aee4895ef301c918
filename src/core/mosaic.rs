//! The whole shoot as one drawing: what the device keeps of every photo, and how cells follow from
//! their index.
//!
//! The device has a [`Record`] of each photo, its micro picture, and the order. A frame that shows
//! any number of photos then says where the first cell of each [`Band`] lies, and nothing about a
//! single photo:
//!
//! ```text
//! band 0  top_px ->   . . 0 1 2 3    blanks: 2, columns: 6
//!                     4 5 6 7 8 9
//! band 1  top_px ->   10 11 12       a section begins a row of its own
//! ```
//!
//! Micro pictures lie in pages of [`PAGE_EDGE_PX`] as photos are numbered, [`seats`] to a page, so
//! that nobody needs to be told where. Photos beyond [`photo_limit`] are drawn as their mean colour.
//!
//! Decides geometry and what is remembered; `gpu::mosaic` copies and draws, `app::compose` fills in.
//! Units: physical pixels; a picture's own are texels.

use std::sync::Arc;

use super::atlas::PAGE_EDGE_PX;
use super::coded::Coded;
use super::coded::Coding;
use super::frame::RectPx;
use super::frame::Rgba;
use super::order::Order;

/// The most bytes that micro pictures take on the device.
pub const MICRO_BYTES: usize = 150_000_000;

/// Added before rounding to whole pixels: a half is then rounded up, however a device divides.
const HALF_UP: f32 = 0.5 + 1.0 / 64.0;

/// The longest side of a micro picture, and the side of its seat. Texels take four times the room of
/// blocks: a device without blocks keeps a quarter of them.
#[must_use]
pub const fn edge_px(coding: Coding) -> u32 {
    match coding {
        Coding::Bc7 => 32,
        Coding::Rgba8 => 16,
    }
}

/// How many micro pictures a page has.
#[must_use]
pub const fn seats(coding: Coding) -> u32 {
    let columns = PAGE_EDGE_PX / edge_px(coding);
    columns * columns
}

/// How many pages of micro pictures there are at most: 35 in blocks (36,700 photos for each 38 MB),
/// 8 without.
#[must_use]
pub const fn page_limit(coding: Coding) -> u32 {
    (MICRO_BYTES / coding.size_bytes([PAGE_EDGE_PX, PAGE_EDGE_PX])) as u32
}

/// Photos of a lower number have a micro picture: 143,360 in blocks, 131,072 without.
#[must_use]
pub const fn photo_limit(coding: Coding) -> u32 {
    seats(coding) * page_limit(coding)
}

/// What stands around a photo.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Mark {
    /// Nothing.
    #[default]
    None,
    /// The border of a photo that stays.
    Keep,
    /// The border of a photo that goes, which is dimmed.
    Trash,
}

/// What the device keeps of one photo.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Record {
    /// Drawn where there is no micro picture.
    pub mean: [u8; 3],
    /// Whether `mean` is known.
    pub has_mean: bool,
    /// Width and height as shown; only their ratio counts.
    pub size_px: [u16; 2],
    /// Width and height of the micro picture in its seat, before the turn; 0 where there is none.
    pub micro_px: [u8; 2],
    /// Clockwise quarter turns from the micro picture to what is shown.
    pub quarter_turns: u8,
    /// What stands around it.
    pub mark: Mark,
    /// Whether its cell is lighter.
    pub is_selected: bool,
}

/// Records that have changed since the last frame.
#[derive(Debug, Clone, Default)]
pub struct Changes {
    /// Whether all that was told before is forgotten: photos have other numbers.
    pub is_new: bool,
    /// First photo and number of photos, one after the other in `records`.
    pub spans: Vec<[u32; 2]>,
    /// The records of all spans.
    pub records: Vec<Record>,
    /// Micro pictures for their seats: photo and picture.
    pub micros: Vec<(u32, Arc<Coded>)>,
}

impl Changes {
    /// Adds a record; those of neighbours that follow each other travel together.
    pub fn push(&mut self, photo: u32, record: Record) {
        match self.spans.last_mut() {
            Some([first, count]) if *first + *count == photo => *count += 1,
            _ => self.spans.push([photo, 1]),
        }
        self.records.push(record);
    }

    /// Empties it and keeps its memory.
    pub fn clear(&mut self) {
        self.is_new = false;
        self.spans.clear();
        self.records.clear();
        self.micros.clear();
    }
}

/// Rows of cells without a break between them.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Band {
    /// The index of its first photo.
    pub first: u32,
    /// Empty cells before it in its row, less than there are columns.
    pub blanks: u32,
    /// Where its first row begins.
    pub top_px: f32,
}

/// Where the cells of a frame are.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Cells {
    /// Cells in a row.
    pub columns: u32,
    /// Where the first column begins.
    pub left_px: f32,
    /// Width and height of a cell.
    pub size_px: [f32; 2],
    /// Between two cells, either way.
    pub gap_px: f32,
    /// Between a cell's edge and what is in it.
    pub padding_px: f32,
    /// Height of the caption, below the picture and above the padding.
    pub caption_px: f32,
    /// Width of the border around a marked photo, inside the picture.
    pub border_px: f32,
}

impl Cells {
    /// The cell of an index in a band, which begins at or before it.
    #[must_use]
    pub fn cell(&self, band: &Band, index: u32) -> RectPx {
        let at = index - band.first + band.blanks;
        let columns = self.columns.max(1);
        let [row, column] = [at / columns, at % columns].map(|v| v as f32);
        let x = self.left_px + column * (self.size_px[0] + self.gap_px);
        let y = band.top_px + row * (self.size_px[1] + self.gap_px);
        [x, y, self.size_px[0], self.size_px[1]]
    }

    /// Where in a cell the picture of a photo of `size` lies.
    #[must_use]
    pub fn picture(&self, cell: RectPx, size: [f32; 2]) -> RectPx {
        let [left, top, width, height] = cell;
        let padding = self.padding_px;
        let room = [width - 2.0 * padding, height - 2.0 * padding - self.caption_px];
        fitted(size, [left + padding, top + padding, room[0].max(1.0), room[1].max(1.0)])
    }
}

/// The largest rectangle of the shape of `size` in `room`, in the middle, on whole pixels. The
/// shader's `fitted` is the same.
#[must_use]
pub fn fitted(size: [f32; 2], room: RectPx) -> RectPx {
    let ratio = (room[2] / size[0]).min(room[3] / size[1]);
    let side = |side: f32| (side * ratio + HALF_UP).floor().max(1.0);
    let [width, height] = size.map(side);
    let left = room[0] + ((room[2] - width) / 2.0 + HALF_UP).floor();
    let top = room[1] + ((room[3] - height) / 2.0 + HALF_UP).floor();
    [left, top, width, height]
}

/// Colours of cells and marks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Colours {
    /// A cell around its photo.
    pub cell: Rgba,
    /// The same, selected.
    pub selected: Rgba,
    /// The place of a photo that nothing is known of.
    pub place: Rgba,
    /// The border of a photo that stays.
    pub keep: Rgba,
    /// The border of a photo that goes.
    pub trash: Rgba,
}

/// The cells of a frame that are drawn from what the device keeps.
#[derive(Debug, Clone, Default)]
pub struct Mosaic {
    /// Which photo stands at which index.
    pub order: Arc<Order>,
    /// The first index that is drawn.
    pub first: u32,
    /// How many are drawn; 0 where none is.
    pub count: u32,
    /// Where they lie; the first one begins at `first`.
    pub bands: Vec<Band>,
    /// How large they are.
    pub cells: Cells,
    /// What of the surface they may cover.
    pub clip_px: RectPx,
    /// Whether only pictures are drawn: cells and marks are in the frame otherwise.
    pub is_bare: bool,
    /// Factor on what the eye sees of all photos, 0 to 1.
    pub brightness: f32,
    /// The same for those marked as trash.
    pub trashed_brightness: f32,
    /// Colours.
    pub colours: Colours,
    /// What has changed since the frame before, drawn or not.
    pub changes: Changes,
}

impl Mosaic {
    /// Draws nothing and keeps the memory.
    pub fn clear(&mut self) {
        self.count = 0;
        self.is_bare = false;
        self.bands.clear();
        self.changes.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hundred_thousand_photos_fit_the_budget() {
        for coding in [Coding::Bc7, Coding::Rgba8] {
            let page_bytes = coding.size_bytes([PAGE_EDGE_PX, PAGE_EDGE_PX]);
            assert!(photo_limit(coding) >= 100_000, "{coding:?}");
            assert!(page_limit(coding) as usize * page_bytes <= MICRO_BYTES, "{coding:?}");
        }
    }

    #[test]
    fn cells_follow_from_their_index() {
        let cells =
            Cells { columns: 6, left_px: 3.0, size_px: [8.0; 2], gap_px: 1.0, ..Cells::default() };
        let band = Band { first: 10, blanks: 2, top_px: -4.0 };
        assert_eq!(cells.cell(&band, 10), [21.0, -4.0, 8.0, 8.0]);
        assert_eq!(cells.cell(&band, 14), [3.0, 5.0, 8.0, 8.0]);
    }

    #[test]
    fn half_a_pixel_is_rounded_up() {
        // 4:3 in 6 pixels is 4.5 high, with half a pixel above.
        assert_eq!(fitted([4000.0, 3000.0], [0.0, 0.0, 6.0, 6.0]), [0.0, 1.0, 6.0, 5.0]);
        assert_eq!(fitted([3000.0, 4000.0], [0.0, 0.0, 6.0, 6.0]), [1.0, 0.0, 5.0, 6.0]);
        assert_eq!(fitted([1.0, 60_000.0], [0.0, 0.0, 6.0, 6.0]), [3.0, 0.0, 1.0, 6.0]);
    }

    #[test]
    fn neighbours_travel_together() {
        let mut changes = Changes::default();
        for photo in [3, 4, 5, 9, 10, 2] {
            changes.push(photo, Record::default());
        }
        assert_eq!(changes.spans, [[3, 3], [9, 2], [2, 1]]);
    }
}
