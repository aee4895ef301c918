//! What a size of cells comes to in an area: columns, margins, gaps, headings, and the sizes that
//! there are.
//!
//! Units: physical pixels from the area's top left corner, y downwards.

use std::sync::Arc;

use super::Viewport;
use super::rows::Rows;
use crate::core::order::Order;

/// The smallest cell of a shoot that needs no smaller one, in logical pixels.
pub const SMALL_CELL: f32 = 64.0;

/// Between two cells of [`SMALL_CELL`] and more, in logical pixels: separates pictures that fill
/// their cells. Between smaller ones, in proportion.
const GAP: f32 = 4.0;

/// The smallest cell under a heading, in logical pixels: a heading is then about as high as a row.
const HEADED_CELL: f32 = 24.0;

/// Height of a heading, in logical pixels: a line of text with air above it.
pub const HEADING: f32 = 30.0;

/// What a grid comes to in an area, in pixels from the area's top left corner.
#[derive(Clone, Copy)]
pub(super) struct Lattice {
    pub columns: usize,
    pub cell: [f64; 2],
    pub gap: f64,
    pub margin: f64,
    pub left: f64,
    pub top: f64,
    pub height: f64,
    pub scroll: f64,
    pub heading: f64,
    pub is_headed: bool,
}

impl Lattice {
    /// The lattice of cells of `side` pixels, scrolled so far, its left margin wider by `shift`.
    pub fn of(viewport: &Viewport, side: f32, scroll: f64, shift: f64) -> Self {
        let [left, top, width, height] = viewport.area_px().map(f64::from);
        let gap = f64::from(gap_px(viewport, side));
        // The last cell on the way to the loupe is as high as the loupe is, with its strip below.
        let [_, _, _, highest] = viewport.loupe_area_px().map(f64::from);
        let cell = [f64::from(side).min(width), f64::from(side).min(highest)];
        let columns = (((width + gap) / (cell[0] + gap)) as usize).max(1);
        let used = columns as f64 * (cell[0] + gap) - gap;
        let margin = ((width - used) / 2.0).floor();
        let heading = f64::from(viewport.physical(HEADING));
        Self {
            columns,
            cell,
            gap,
            margin: (margin + shift.round()).clamp(0.0, (width - used).max(0.0).floor()),
            left,
            top,
            height,
            scroll: scroll.round(),
            heading,
            // In a low window headings would take the photos' place.
            is_headed: side >= viewport.physical(HEADED_CELL) && height >= 4.0 * heading,
        }
    }

    pub fn pitch(&self) -> [f64; 2] {
        self.cell.map(|side| side + self.gap)
    }

    /// Where the heading of a section begins, or its first row without one.
    pub fn section_top(&self, rows: &Rows, section: usize) -> f64 {
        let headings = if rows.has_headings() { section as f64 * self.heading } else { 0.0 };
        rows.rows_of(section).start as f64 * self.pitch()[1] + headings
    }

    pub fn row_top(&self, rows: &Rows, row: usize) -> f64 {
        let section = rows.section_of_row(row);
        let headings = rows.headings_before(section) as f64 * self.heading;
        row as f64 * self.pitch()[1] + headings
    }

    /// The last row that begins at or above a height.
    pub fn row_at(&self, rows: &Rows, y: f64) -> usize {
        let mut sections = 0..rows.section_count();
        while sections.len() > 1 {
            let middle = sections.start + sections.len() / 2;
            match self.section_top(rows, middle) <= y {
                true => sections.start = middle,
                false => sections.end = middle,
            }
        }
        let range = rows.rows_of(sections.start);
        let below = y - self.row_top(rows, range.start);
        // A float to `usize` saturates: what lies above the first row is in it.
        let ahead = (below / self.pitch()[1]).floor() as usize;
        (range.start + ahead).min(range.end.saturating_sub(1))
    }

    pub fn total(&self, rows: &Rows) -> f64 {
        let headings = rows.headings_before(rows.section_count() - 1) as f64;
        rows.row_count() as f64 * self.pitch()[1] + headings * self.heading - self.gap
    }

    pub fn scroll_end(&self, rows: &Rows) -> f64 {
        (self.total(rows) - self.height).max(0.0)
    }
}

/// The smallest and the largest cell: from the whole shoot in the area, or 64 logical pixels
/// where that is less, to the whole area. `rows` are tried and left as they were tried last.
pub(super) fn limits_px(viewport: &Viewport, order: &Arc<Order>, rows: &mut Rows) -> [f32; 2] {
    let most = largest_px(viewport);
    let small = viewport.physical(SMALL_CELL).min(most);
    let fits = |side: f32, rows: &mut Rows| {
        let lattice = Lattice::of(viewport, side, 0.0, 0.0);
        let flow = order.len().div_ceil(lattice.columns) as f64 * lattice.pitch()[1];
        if flow - lattice.gap > lattice.height {
            return false;
        }
        // Only where so few photos fit that there are few sections.
        rows.fit(order, lattice.columns, lattice.is_headed, None);
        lattice.total(rows) <= lattice.height
    };
    let sides = (1..=small as u32).rev().map(|side| side as f32);
    let least = sides.into_iter().find(|&side| fits(side, rows)).unwrap_or(1.0);
    [least, most]
}

/// Between two cells of so many pixels.
pub(super) fn gap_px(viewport: &Viewport, side_px: f32) -> f32 {
    let share = side_px / viewport.physical(SMALL_CELL);
    let gap = (viewport.physical(GAP) * share.min(1.0)).round();
    // A dot of photos needs no gap.
    if side_px < 6.0 { 0.0 } else { gap.max(1.0) }
}

/// The largest cell: the whole area.
pub(super) fn largest_px(viewport: &Viewport) -> f32 {
    let [_, _, width, height] = viewport.area_px();
    width.max(height)
}
