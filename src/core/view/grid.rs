//! The light table: equal cells in rows, scrolled and zoomed.
//!
//! ```text
//! |<- margin ->[cell] gap [cell] gap [cell]<- margin ->|  both margins equal, to a pixel
//!                gap
//!              [cell] gap ...                             the first row touches the top
//! ```
//!
//! A cell is a square of `cell_px`, but never higher or wider than the area: from the longer side
//! of the area on, one cell is the whole area.
//!
//! The scroll is `f64`: a million rows of 200 pixels are past what `f32` counts in pixels
//! (`a_million_rows_scroll_by_the_pixel`).

use std::ops::Range;

use super::Viewport;
use crate::core::frame::RectPx;

/// The smallest cell, in logical pixels.
const SMALLEST_CELL: f32 = 64.0;

/// Between two cells, in logical pixels: separates pictures that fill their cells.
const GAP: f32 = 4.0;

/// Zoom and scroll of the light table.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Grid {
    /// Side of a cell.
    pub cell_px: f32,
    /// How far the first row's top lies above the area's top.
    pub scroll_px: f64,
}

/// What a grid comes to in an area, in pixels from the area's top left corner.
#[derive(Clone, Copy)]
struct Lattice {
    columns: usize,
    cell: [f64; 2],
    gap: f64,
    margin: f64,
    left: f64,
    top: f64,
    height: f64,
    scroll: f64,
}

impl Lattice {
    fn pitch(&self) -> [f64; 2] {
        self.cell.map(|side| side + self.gap)
    }

    fn row_top(&self, index: usize) -> f64 {
        (index / self.columns) as f64 * self.pitch()[1]
    }

    fn scroll_end(&self, count: usize) -> f64 {
        let rows = count.div_ceil(self.columns) as f64;
        (rows * self.pitch()[1] - self.gap - self.height).max(0.0)
    }
}

impl Grid {
    /// The grid at the top, with cells of 224 logical pixels: eight in a row of a Full HD window,
    /// large enough to judge an expression.
    #[must_use]
    pub fn new(viewport: &Viewport) -> Self {
        Self { cell_px: viewport.physical(224.0), scroll_px: 0.0 }
    }

    fn lattice(&self, viewport: &Viewport) -> Lattice {
        let [left, top, width, height] = viewport.area_px();
        let [least, most] = cell_limits_px(viewport);
        let side = self.cell_px.round().clamp(least, most).max(least);
        let cell = [side.min(width), side.min(height)].map(f64::from);
        let gap = f64::from(viewport.physical(GAP));
        let width = f64::from(width);
        let columns = (((width + gap) / (cell[0] + gap)) as usize).max(1);
        let used = columns as f64 * (cell[0] + gap) - gap;
        Lattice {
            columns,
            cell,
            gap,
            margin: ((width - used) / 2.0).floor(),
            left: f64::from(left),
            top: f64::from(top),
            height: f64::from(height),
            scroll: self.scroll_px.round(),
        }
    }

    /// How many cells stand in a row, at least one.
    #[must_use]
    pub fn columns(&self, viewport: &Viewport) -> usize {
        self.lattice(viewport).columns
    }

    /// How many rows `count` photos fill.
    #[must_use]
    pub fn row_count(&self, viewport: &Viewport, count: usize) -> usize {
        count.div_ceil(self.columns(viewport))
    }

    /// How many rows fit wholly into the area, at least one.
    #[must_use]
    pub fn rows_in_view(&self, viewport: &Viewport) -> usize {
        let lattice = self.lattice(viewport);
        (((lattice.height + lattice.gap) / lattice.pitch()[1]) as usize).max(1)
    }

    /// Where the cell of an index is drawn; may lie outside the area.
    #[must_use]
    pub fn cell_rect(&self, viewport: &Viewport, index: usize) -> RectPx {
        let lattice = self.lattice(viewport);
        let column = (index % lattice.columns) as f64;
        let x = lattice.left + lattice.margin + column * lattice.pitch()[0];
        let y = lattice.top + (lattice.row_top(index) - lattice.scroll);
        [x, y, lattice.cell[0], lattice.cell[1]].map(|v| v as f32)
    }

    /// The index of the cell at a point; `None` in a gap, in a margin and outside the area.
    #[must_use]
    pub fn index_at(&self, viewport: &Viewport, count: usize, at_px: [f32; 2]) -> Option<usize> {
        let [left, top, width, height] = viewport.area_px();
        let is_inside =
            (left..left + width).contains(&at_px[0]) && (top..top + height).contains(&at_px[1]);
        is_inside.then(|| self.cells_in(viewport, count, at_px, at_px).next())?
    }

    /// The indices of all cells that the rectangle between two points touches, rising. The points
    /// may lie outside the area: a drag that scrolls goes on from where it began.
    pub fn cells_in(
        &self,
        viewport: &Viewport,
        count: usize,
        from_px: [f32; 2],
        to_px: [f32; 2],
    ) -> impl Iterator<Item = usize> + use<> {
        let lattice = self.lattice(viewport);
        let origin = [lattice.left + lattice.margin, lattice.top - lattice.scroll];
        let span = |axis: usize, end: usize| {
            let [a, b] = [from_px, to_px].map(|p| f64::from(p[axis]) - origin[axis]);
            let pitch = lattice.pitch()[axis];
            // A float to `usize` saturates: what lies above or left of the first cell is 0.
            let first = ((a.min(b) + lattice.gap) / pitch).floor() as usize;
            let past = ((a.max(b) / pitch).floor() + 1.0).max(0.0) as usize;
            first..past.min(end)
        };
        let columns = span(0, lattice.columns);
        let rows = span(1, count.div_ceil(lattice.columns));
        rows.flat_map(move |row| columns.clone().map(move |column| row * lattice.columns + column))
            .take_while(move |&index| index < count)
    }

    /// The indices of which something is in the area.
    #[must_use]
    pub fn visible(&self, viewport: &Viewport, count: usize) -> Range<usize> {
        let lattice = self.lattice(viewport);
        let pitch = lattice.pitch()[1];
        let first = ((lattice.scroll + lattice.gap) / pitch).floor().max(0.0) as usize;
        let past = ((lattice.scroll + lattice.height) / pitch).ceil().max(0.0) as usize;
        let end = past.saturating_mul(lattice.columns).min(count);
        first.saturating_mul(lattice.columns).min(end)..end
    }

    /// Takes the scroll back to what the area and the photos allow. `cell_px` stays as the person
    /// chose it, so that a window made small for a moment does not lose it.
    pub fn clamp(&mut self, viewport: &Viewport, count: usize) {
        let end = self.lattice(viewport).scroll_end(count);
        self.scroll_px = self.scroll_px.max(0.0).min(end);
    }

    /// Scrolls down by so much; up where it is negative.
    pub fn scroll(&mut self, viewport: &Viewport, count: usize, delta_px: f32) {
        if delta_px.is_finite() {
            self.scroll_px += f64::from(delta_px);
        }
        self.clamp(viewport, count);
    }

    /// Scrolls least so that the row of an index is wholly in the area.
    pub fn reveal(&mut self, viewport: &Viewport, count: usize, index: usize) {
        let lattice = self.lattice(viewport);
        let top = lattice.row_top(index);
        let bottom = top + lattice.cell[1] - lattice.height;
        if top < self.scroll_px {
            self.scroll_px = top;
        } else if bottom > self.scroll_px {
            self.scroll_px = bottom;
        }
        self.clamp(viewport, count);
    }

    /// The height in the window of the middle of an index's row: what [`Self::keep_under_eye`]
    /// takes.
    #[must_use]
    pub fn eye_px(&self, viewport: &Viewport, index: usize) -> f64 {
        let lattice = self.lattice(viewport);
        lattice.top + lattice.row_top(index) + lattice.cell[1] / 2.0 - self.scroll_px
    }

    /// Scrolls so that the middle of the row of `index` is at the height `eye_px` again, as far as
    /// the ends allow: after another order, another zoom, another window.
    pub fn keep_under_eye(&mut self, viewport: &Viewport, count: usize, index: usize, eye_px: f64) {
        self.scroll_px += self.eye_px(viewport, index) - eye_px;
        self.clamp(viewport, count);
    }

    /// Makes cells larger by `factor` and keeps what lies at the height of `at_px` there: the photo
    /// nearest to the point. Sideways the rows break anew.
    pub fn zoom_about(&mut self, viewport: &Viewport, count: usize, factor: f32, at_px: [f32; 2]) {
        if !(factor.is_finite() && factor > 0.0) {
            return;
        }
        let before = self.lattice(viewport);
        let index = self.nearest(viewport, count, at_px);
        let y = f64::from(at_px[1]) - before.top;
        let share = (y + self.scroll_px - before.row_top(index)) / before.pitch()[1];
        let [least, most] = cell_limits_px(viewport);
        let cell_px = self.cell_px.clamp(least, most).max(least);
        self.cell_px = (cell_px * factor).clamp(least, most);
        let after = self.lattice(viewport);
        self.scroll_px = after.row_top(index) + share * after.pitch()[1] - y;
        self.clamp(viewport, count);
    }

    /// The index whose cell is nearest to a point; 0 without photos.
    fn nearest(&self, viewport: &Viewport, count: usize, at_px: [f32; 2]) -> usize {
        let lattice = self.lattice(viewport);
        let [pitch_x, pitch_y] = lattice.pitch();
        let x = f64::from(at_px[0]) - lattice.left - lattice.margin;
        let y = f64::from(at_px[1]) - lattice.top + self.scroll_px;
        let column = ((x / pitch_x) as usize).min(lattice.columns - 1);
        let row = (y / pitch_y) as usize;
        row.saturating_mul(lattice.columns).saturating_add(column).min(count.saturating_sub(1))
    }
}

/// The smallest and the largest cell: from 64 logical pixels to the whole area.
fn cell_limits_px(viewport: &Viewport) -> [f32; 2] {
    let [_, _, width, height] = viewport.area_px();
    let most = width.max(height);
    [viewport.physical(SMALLEST_CELL).min(most), most]
}

#[cfg(test)]
mod tests;
