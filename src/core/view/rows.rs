//! How the photos of an order fill rows: one after the other, or section by section.
//!
//! ```text
//! heading of section 0
//! 0  1  2  3        row 0      a section begins a row of its own, under its heading
//! 4  5              row 1
//! heading of section 1
//! .  .  6  7        row 2      `Pin`: the photo that a zoom went about stands in the column
//! 8  9  10 11       row 3      under the pointer, and the first row of its section begins later
//! ```
//!
//! Sections are the sessions of an order by time; one section alone has no heading, and where
//! headings would not be legible there are none: photos then flow on without a break.
//!
//! Everything is found in the number of sections, or its logarithm, and not in that of photos.
//! Units: rows and columns; `grid` knows their pixels.

use std::ops::Range;
use std::sync::Arc;

use crate::core::order::Order;

/// The photo that stays in its column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pin {
    /// Its index.
    pub index: usize,
    /// Its column.
    pub column: usize,
}

/// Where a photo stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seat {
    /// Its section.
    pub section: usize,
    /// Its row, counted over all sections.
    pub row: usize,
    /// Its column.
    pub column: usize,
}

/// Rows of photos.
#[derive(Debug, Clone, Default)]
pub struct Rows {
    order: Arc<Order>,
    columns: usize,
    has_sections: bool,
    pin: Option<Pin>,
    /// The section that is pinned, and the empty cells before its first photo.
    blanks: (usize, usize),
    /// By section: its first row; then the number of rows.
    first_rows: Vec<u32>,
}

impl Rows {
    /// Fills rows of so many columns anew, unless nothing is different.
    pub fn fit(
        &mut self,
        order: &Arc<Order>,
        columns: usize,
        wants_sections: bool,
        pin: Option<Pin>,
    ) {
        let columns = columns.max(1);
        let has_sections = wants_sections && order.session_starts().len() > 1;
        let is_same = Arc::ptr_eq(order, &self.order)
            && (self.columns, self.has_sections, self.pin) == (columns, has_sections, pin);
        if is_same && !self.first_rows.is_empty() {
            return;
        }
        if !Arc::ptr_eq(order, &self.order) {
            self.order = Arc::clone(order);
        }
        (self.columns, self.has_sections, self.pin) = (columns, has_sections, pin);
        self.blanks = (0, 0);
        if let Some(pin) = pin.filter(|pin| pin.index < self.count()) {
            let section = self.section_of(pin.index);
            let ahead = pin.index - self.indices(section).start;
            let column = pin.column.min(columns - 1);
            self.blanks = (section, (column + columns - ahead % columns) % columns);
        }
        self.first_rows.clear();
        let mut row = 0;
        for section in 0..self.section_count() {
            self.first_rows.push(row as u32);
            row += (self.indices(section).len() + self.blanks_of(section)).div_ceil(columns);
        }
        self.first_rows.push(row as u32);
    }

    /// How many photos there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.order.len()
    }

    /// How many rows.
    #[must_use]
    pub fn row_count(&self) -> usize {
        self.first_rows.last().map_or(0, |&row| row as usize)
    }

    /// How many sections, at least one; a single one has no heading.
    #[must_use]
    pub fn section_count(&self) -> usize {
        if self.has_sections { self.order.session_starts().len() } else { 1 }
    }

    /// How many headings stand above the first photo of a section.
    #[must_use]
    pub(super) const fn headings_before(&self, section: usize) -> usize {
        if self.has_sections { section + 1 } else { 0 }
    }

    /// Whether sections have headings.
    #[must_use]
    pub const fn has_headings(&self) -> bool {
        self.has_sections
    }

    /// The indices of a section.
    #[must_use]
    pub fn indices(&self, section: usize) -> Range<usize> {
        if !self.has_sections {
            return 0..self.count();
        }
        let starts = self.order.session_starts();
        let end = starts.get(section + 1).map_or(self.count(), |&start| start as usize);
        starts.get(section).map_or(end, |&start| start as usize)..end
    }

    /// The rows of a section.
    #[must_use]
    pub fn rows_of(&self, section: usize) -> Range<usize> {
        let at = |section: usize| self.first_rows.get(section).map_or(0, |&row| row as usize);
        at(section)..at(section + 1)
    }

    /// Empty cells before the first photo of a section.
    #[must_use]
    pub const fn blanks_of(&self, section: usize) -> usize {
        if section == self.blanks.0 { self.blanks.1 } else { 0 }
    }

    /// Where the photo at an index stands.
    #[must_use]
    pub fn seat(&self, index: usize) -> Seat {
        let section = self.section_of(index);
        let at = index.saturating_sub(self.indices(section).start) + self.blanks_of(section);
        let columns = self.columns.max(1);
        let row = self.rows_of(section).start + at / columns;
        Seat { section, row, column: at % columns }
    }

    /// The section of a row.
    #[must_use]
    pub fn section_of_row(&self, row: usize) -> usize {
        let after = self.first_rows.partition_point(|&first| first as usize <= row);
        after.saturating_sub(1).min(self.section_count() - 1)
    }

    /// The indices of the photos of a row, and the column of the first.
    #[must_use]
    pub fn row(&self, row: usize) -> (Range<usize>, usize) {
        let section = self.section_of_row(row);
        let indices = self.indices(section);
        let blanks = self.blanks_of(section);
        let at = row.saturating_sub(self.rows_of(section).start) * self.columns;
        let start = indices.start + at.saturating_sub(blanks);
        let end = indices.start + (at + self.columns).saturating_sub(blanks);
        (start.min(indices.end)..end.min(indices.end), blanks.saturating_sub(at))
    }

    /// The photo nearest to a column in a row.
    #[must_use]
    pub fn index_near(&self, row: usize, column: usize) -> usize {
        let (indices, first) = self.row(row.min(self.row_count().saturating_sub(1)));
        let at = indices.start + column.saturating_sub(first);
        at.min(indices.end.saturating_sub(1))
    }

    fn section_of(&self, index: usize) -> usize {
        if !self.has_sections {
            return 0;
        }
        let starts = self.order.session_starts();
        starts.partition_point(|&start| start as usize <= index).saturating_sub(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::order::Taken;
    use crate::core::photo::PhotoId;
    use crate::core::photo::Timestamp;

    /// Sections of so many photos, an hour apart.
    pub(crate) fn order(sections: &[u32]) -> Arc<Order> {
        let mut taken = Vec::new();
        for (hour, &count) in (0..).zip(sections) {
            for second in 0..i64::from(count) {
                let number = taken.len() as u32;
                taken.push(Taken {
                    photo: PhotoId(number),
                    captured: Some(Timestamp((hour * 3600 + second) * Timestamp::SECOND)),
                    name_rank: number,
                    body: 0,
                });
            }
        }
        Arc::new(Order::by_time(taken))
    }

    /// The rows as they are drawn: a dot for an empty cell before the first photo.
    fn drawn(rows: &Rows) -> Vec<String> {
        let row = |row| {
            let (indices, blanks) = rows.row(row);
            let numbers = indices.map(|index| {
                let seat = rows.seat(index);
                assert_eq!((seat.row, rows.section_of_row(row)), (row, seat.section));
                index.to_string()
            });
            let dots = std::iter::repeat_n(".".to_owned(), blanks);
            dots.chain(numbers).collect::<Vec<_>>().join(" ")
        };
        (0..rows.row_count()).map(row).collect()
    }

    #[track_caller]
    fn check(sections: &[u32], has_sections: bool, pin: Option<(usize, usize)>, expect: &[&str]) {
        let mut rows = Rows::default();
        let pin = pin.map(|(index, column)| Pin { index, column });
        rows.fit(&order(sections), 4, has_sections, pin);
        assert_eq!(drawn(&rows), expect);
        for index in 0..rows.count() {
            let seat = rows.seat(index);
            assert_eq!(rows.index_near(seat.row, seat.column), index);
        }
    }

    #[test]
    fn a_section_begins_a_row() {
        check(&[6, 1, 5], true, None, &["0 1 2 3", "4 5", "6", "7 8 9 10", "11"]);
        check(&[6, 1, 5], false, None, &["0 1 2 3", "4 5 6 7", "8 9 10 11"]);
        check(&[5], true, None, &["0 1 2 3", "4"]);
        check(&[], true, None, &[]);
    }

    #[test]
    fn a_pinned_photo_stands_in_its_column() {
        check(&[6, 1, 5], true, Some((4, 2)), &[". . 0 1", "2 3 4 5", "6", "7 8 9 10", "11"]);
        check(&[6, 1, 5], true, Some((6, 3)), &["0 1 2 3", "4 5", ". . . 6", "7 8 9 10", "11"]);
        check(&[3], false, Some((2, 1)), &[". . . 0", "1 2"]);
        check(&[3], false, Some((9, 1)), &["0 1 2"]);
    }

    #[test]
    fn the_nearest_photo_of_a_short_row_is_its_last() {
        let mut rows = Rows::default();
        rows.fit(&order(&[6, 1, 5]), 4, true, Some(Pin { index: 6, column: 2 }));
        assert_eq!(rows.index_near(1, 3), 5);
        assert_eq!(rows.index_near(2, 0), 6, "before the first photo of a row stands that photo");
        assert_eq!(rows.index_near(99, 3), 11);
    }
}
