//! The light table: equal cells in rows, scrolled and zoomed, from the whole shoot to one photo.
//!
//! ```text
//! |<- margin ->[cell] gap [cell] gap [cell]<- margin ->|  both margins equal, to a pixel
//!                gap
//!              [cell] gap ...                             the first row touches the top
//! ```
//!
//! A cell is a square of `cell_px`, but never higher or wider than the area: from the longer side
//! of the area on, one cell is the whole area. The smallest is the one at which the whole shoot fits
//! into the area. Which photo stands in which row is `rows`'.
//!
//! A zoom keeps the photo at a point there: its row by the scroll, which may then lie beyond its
//! ends, its column by the pin. Where the point would be in a margin, the margins become unequal.
//!
//! The scroll is `f64`: a million rows of 200 pixels are past what `f32` counts in pixels
//! (`a_million_rows_scroll_by_the_pixel`).

use std::ops::Range;
use std::sync::Arc;

use super::Viewport;
use super::lattice::Lattice;
use super::lattice::gap_px;
use super::lattice::largest_px;
use super::lattice::limits_px;
use super::rows::Pin;
use super::rows::Rows;
use crate::core::frame::RectPx;
use crate::core::mosaic::Band;
use crate::core::order::Order;

/// Zoom and scroll of the light table.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Grid {
    /// Side of a cell.
    pub cell_px: f32,
    /// How far the first row's top lies above the area's top.
    pub scroll_px: f64,
    /// The photo that a zoom went about.
    pin: Option<Pin>,
    /// How far the left margin is wider than the right one, half of it.
    shift_px: f64,
    /// Whether a zoom may have scrolled beyond the ends.
    is_free: bool,
}

/// The heading of a section and where it lies.
#[derive(Debug, Clone, PartialEq)]
pub struct Heading {
    /// The photos under it.
    pub indices: Range<usize>,
    /// Where it lies, as wide as the rows.
    pub rect_px: RectPx,
}

impl Grid {
    /// The grid at the top, with cells of 224 logical pixels: eight in a row of a Full HD window,
    /// large enough to judge an expression.
    #[must_use]
    pub fn new(viewport: &Viewport) -> Self {
        Self::at(viewport.physical(224.0), 0.0)
    }

    /// The grid with cells of a size, scrolled so far.
    #[must_use]
    pub const fn at(cell_px: f32, scroll_px: f64) -> Self {
        Self { cell_px, scroll_px, pin: None, shift_px: 0.0, is_free: false }
    }

    fn lattice(&self, viewport: &Viewport) -> Lattice {
        Lattice::of(viewport, self.side_px(viewport), self.scroll_px, self.shift_px)
    }

    /// Side of a cell as it is drawn, in whole pixels.
    #[must_use]
    pub fn side_px(&self, viewport: &Viewport) -> f32 {
        self.cell_px.round().clamp(1.0, largest_px(viewport)).max(1.0)
    }

    /// Between two cells.
    #[must_use]
    pub fn gap_px(&self, viewport: &Viewport) -> f32 {
        gap_px(viewport, self.side_px(viewport))
    }

    /// Fills rows as this grid wants them.
    pub fn fit(&self, viewport: &Viewport, order: &Arc<Order>, rows: &mut Rows) {
        let lattice = self.lattice(viewport);
        rows.fit(order, lattice.columns, lattice.is_headed, self.pin);
    }

    /// How many cells stand in a row, at least one.
    #[must_use]
    pub fn columns(&self, viewport: &Viewport) -> usize {
        self.lattice(viewport).columns
    }

    /// How many rows fit wholly into the area, at least one.
    #[must_use]
    pub fn rows_in_view(&self, viewport: &Viewport) -> usize {
        let lattice = self.lattice(viewport);
        (((lattice.height + lattice.gap) / lattice.pitch()[1]) as usize).max(1)
    }

    /// Where the cell of an index is drawn; may lie outside the area.
    #[must_use]
    pub fn cell_rect(&self, viewport: &Viewport, rows: &Rows, index: usize) -> RectPx {
        let lattice = self.lattice(viewport);
        let seat = rows.seat(index);
        let x = lattice.left + lattice.margin + seat.column as f64 * lattice.pitch()[0];
        let headings = rows.headings_before(seat.section) as f64 * lattice.heading;
        let row_top = seat.row as f64 * lattice.pitch()[1] + headings;
        let y = lattice.top + (row_top - lattice.scroll);
        [x, y, lattice.cell[0], lattice.cell[1]].map(|v| v as f32)
    }

    /// The index of the cell at a point; `None` in a gap, in a margin and outside the area.
    #[must_use]
    pub fn index_at(&self, viewport: &Viewport, rows: &Rows, at_px: [f32; 2]) -> Option<usize> {
        let [left, top, width, height] = viewport.area_px();
        let is_inside =
            (left..left + width).contains(&at_px[0]) && (top..top + height).contains(&at_px[1]);
        is_inside.then(|| self.cells_in(viewport, rows, at_px, at_px).next())?
    }

    /// The indices of all cells that the rectangle between two points touches, rising. The points
    /// may lie outside the area: a drag that scrolls goes on from where it began.
    pub fn cells_in<'r>(
        &self,
        viewport: &Viewport,
        rows: &'r Rows,
        from_px: [f32; 2],
        to_px: [f32; 2],
    ) -> impl Iterator<Item = usize> + use<'r> {
        let lattice = self.lattice(viewport);
        let origin = [lattice.left + lattice.margin, lattice.top - lattice.scroll];
        let [x, y] = [0, 1].map(|axis| {
            let [a, b] = [from_px, to_px].map(|p| f64::from(p[axis]) - origin[axis]);
            [a.min(b), a.max(b)]
        });
        let pitch = lattice.pitch()[0];
        // A float to `usize` saturates: what lies left of the first cell is 0.
        let first = ((x[0] + lattice.gap) / pitch).floor() as usize;
        let past = ((x[1] / pitch).floor() + 1.0).max(0.0) as usize;
        let is_real = !x[0].is_nan() && !y[0].is_nan() && rows.count() > 0;
        let span =
            if is_real { lattice.row_at(rows, y[0])..lattice.row_at(rows, y[1]) + 1 } else { 0..0 };
        let is_touched = move |row: usize| {
            let top = lattice.row_top(rows, row);
            y[0] < top + lattice.cell[1] && y[1] >= top
        };
        span.filter(move |&row| is_touched(row)).flat_map(move |row| {
            let (indices, blanks) = rows.row(row);
            let at = |column: usize| indices.start + column.saturating_sub(blanks);
            at(first).min(indices.end)..at(past).min(indices.end)
        })
    }

    /// The indices of which something is in the area.
    #[must_use]
    pub fn visible(&self, viewport: &Viewport, rows: &Rows) -> Range<usize> {
        if rows.count() == 0 {
            return 0..0;
        }
        let lattice = self.lattice(viewport);
        let (top, bottom) = (lattice.scroll, lattice.scroll + lattice.height);
        let mut first = lattice.row_at(rows, top);
        if lattice.row_top(rows, first) + lattice.cell[1] <= top {
            first += 1;
        }
        let mut past = lattice.row_at(rows, bottom) + 1;
        if past > 0 && lattice.row_top(rows, past - 1) >= bottom {
            past -= 1;
        }
        if first >= past {
            let at = rows.row(first.min(rows.row_count() - 1)).0.start;
            return at..at;
        }
        rows.row(first).0.start..rows.row(past - 1).0.end
    }

    /// The headings of which something is in the area.
    pub fn headings<'r>(
        &self,
        viewport: &Viewport,
        rows: &'r Rows,
    ) -> impl Iterator<Item = Heading> + use<'r> {
        let lattice = self.lattice(viewport);
        let first = rows.section_of_row(lattice.row_at(rows, lattice.scroll));
        let end = if rows.has_headings() { rows.section_count() } else { 0 };
        let used = lattice.columns as f64 * lattice.pitch()[0] - lattice.gap;
        (first..end)
            .map(move |section| {
                let y = lattice.top + lattice.section_top(rows, section) - lattice.scroll;
                let rect = [lattice.left + lattice.margin, y, used, lattice.heading];
                Heading { indices: rows.indices(section), rect_px: rect.map(|v| v as f32) }
            })
            .take_while(move |heading| f64::from(heading.rect_px[1]) < lattice.top + lattice.height)
    }

    /// Where the visible rows lie: gives the left edge of the first column, and pushes a band for
    /// each section of which something is in the area.
    pub fn bands(&self, viewport: &Viewport, rows: &Rows, bands: &mut Vec<Band>) -> f32 {
        let lattice = self.lattice(viewport);
        let visible = self.visible(viewport, rows);
        let mut at = visible.start;
        while at < visible.end {
            let seat = rows.seat(at);
            let (indices, blanks) = rows.row(seat.row);
            let y = lattice.top + lattice.row_top(rows, seat.row) - lattice.scroll;
            bands.push(Band {
                first: indices.start as u32,
                blanks: blanks as u32,
                top_px: y as f32,
            });
            at = rows.indices(seat.section).end;
        }
        (lattice.left + lattice.margin) as f32
    }

    /// Takes the scroll back to what the area and the photos allow. `cell_px` stays as the person
    /// chose it, so that a window made small for a moment does not lose it.
    pub fn clamp(&mut self, viewport: &Viewport, rows: &Rows) {
        let lattice = self.lattice(viewport);
        let end = lattice.scroll_end(rows);
        // What a zoom went about is in the area, so the ends are less than an area away.
        let slack = if self.is_free { lattice.height - 1.0 } else { 0.0 };
        let above = (slack - rows.headings_before(0) as f64 * lattice.heading).max(0.0);
        self.scroll_px = self.scroll_px.max(-above).min(end + slack);
    }

    /// Scrolls down by so much; up where it is negative. From beyond an end only towards it.
    pub fn scroll(&mut self, viewport: &Viewport, rows: &Rows, delta_px: f32) {
        let before = self.scroll_px;
        if delta_px.is_finite() {
            self.scroll_px += f64::from(delta_px);
        }
        let end = self.lattice(viewport).scroll_end(rows);
        self.scroll_px = self.scroll_px.max(before.min(0.0)).min(before.max(end));
        self.is_free &= self.scroll_px < 0.0 || self.scroll_px > end;
        self.clamp(viewport, rows);
    }

    /// Scrolls least so that the row of an index is wholly in the area, the first of a section with
    /// its heading.
    pub fn reveal(&mut self, viewport: &Viewport, rows: &Rows, index: usize) {
        let lattice = self.lattice(viewport);
        let seat = rows.seat(index);
        let row_top = lattice.row_top(rows, seat.row);
        let is_first = seat.row == rows.rows_of(seat.section).start;
        let top = if is_first { lattice.section_top(rows, seat.section) } else { row_top };
        let bottom = row_top + lattice.cell[1] - lattice.height;
        if bottom > self.scroll_px {
            self.scroll_px = bottom;
        }
        if top < self.scroll_px {
            // A row as high as the area leaves no room for its heading.
            self.scroll_px = top.max(bottom).min(row_top);
        }
        self.is_free = false;
        self.clamp(viewport, rows);
    }

    /// The height in the window of the middle of an index's row: what [`Self::keep_under_eye`]
    /// takes.
    #[must_use]
    pub fn eye_px(&self, viewport: &Viewport, rows: &Rows, index: usize) -> f64 {
        let lattice = self.lattice(viewport);
        let row_top = lattice.row_top(rows, rows.seat(index).row);
        lattice.top + row_top + lattice.cell[1] / 2.0 - self.scroll_px
    }

    /// Scrolls so that the middle of the row of `index` is at the height `eye_px` again, as far as
    /// the ends allow: after another order, another zoom, another window.
    pub fn keep_under_eye(&mut self, viewport: &Viewport, rows: &Rows, index: usize, eye_px: f64) {
        self.scroll_px += self.eye_px(viewport, rows, index) - eye_px;
        self.is_free = false;
        self.clamp(viewport, rows);
    }

    /// Rows break as they like again: no photo keeps its column.
    pub const fn unpin(&mut self) {
        (self.pin, self.shift_px, self.is_free) = (None, 0.0, false);
    }

    /// Makes cells larger by `factor` and keeps the photo nearest to `at_px` there: its row at the
    /// very height, and the point within its cell. At the smallest cell the whole shoot is in view.
    pub fn zoom_about(
        &mut self,
        viewport: &Viewport,
        order: &Arc<Order>,
        rows: &mut Rows,
        factor: f32,
        at_px: [f32; 2],
    ) {
        if !(factor.is_finite() && factor > 0.0) || at_px.iter().any(|v| !v.is_finite()) {
            return;
        }
        let before = self.lattice(viewport);
        // A point outside would take the photos there with it.
        let [left, top, width, height] = viewport.area_px();
        let at_px = [at_px[0].clamp(left, left + width), at_px[1].clamp(top, top + height)];
        let index = self.nearest(viewport, rows, at_px);
        let y = f64::from(at_px[1]) - before.top;
        let row_top = before.row_top(rows, rows.seat(index).row);
        let share = ((y + before.scroll - row_top) / before.pitch()[1]).clamp(0.0, 1.0);
        let [least, most] = limits_px(viewport, order, rows);
        let cell_px = self.cell_px.clamp(1.0, most);
        // A cell below the least one, chosen in another window, is not enlarged by zooming out.
        let least = if factor < 1.0 { least.min(cell_px) } else { least };
        self.cell_px = (cell_px * factor).clamp(least, most);
        self.shift_px = 0.0;
        let after = self.lattice(viewport);
        let [pitch, _] = after.pitch();
        let x = f64::from(at_px[0]) - after.left - after.margin;
        let column = ((x / pitch) as usize).min(after.columns - 1);
        self.pin = Some(Pin { index, column });
        // So far that the point is in the cell, a pixel from its edge.
        let into = x - column as f64 * pitch;
        let inside = into.clamp(1.0, (after.cell[0] - 1.0).max(1.0));
        self.shift_px = into - inside;
        self.fit(viewport, order, rows);
        let after = self.lattice(viewport);
        let row_top = after.row_top(rows, rows.seat(index).row);
        self.scroll_px = row_top + share * after.pitch()[1] - y;
        self.is_free = self.cell_px > least;
        if !self.is_free {
            self.unpin();
            self.fit(viewport, order, rows);
        }
        self.clamp(viewport, rows);
    }

    /// The index whose cell is nearest to a point; 0 without photos.
    #[must_use]
    pub fn nearest(&self, viewport: &Viewport, rows: &Rows, at_px: [f32; 2]) -> usize {
        let lattice = self.lattice(viewport);
        let x = f64::from(at_px[0]) - lattice.left - lattice.margin;
        let y = f64::from(at_px[1]) - lattice.top + lattice.scroll;
        if rows.count() == 0 {
            return 0;
        }
        rows.index_near(lattice.row_at(rows, y), (x / lattice.pitch()[0]) as usize)
    }

    /// Whether cells are as large as they get: the next larger view is the photo alone.
    #[must_use]
    pub fn is_largest(&self, viewport: &Viewport) -> bool {
        self.side_px(viewport) >= largest_px(viewport)
    }
}

#[cfg(test)]
mod tests;
