//! The labels of all photos as shared pieces: a copy of a million is handed out for the price of
//! two thousand pointers, and a change copies one piece at most.
//!
//! Invariant: what has been handed out never changes (`a_copy_stays_what_it_was`).

use std::sync::Arc;

use crate::core::label::Colour;
use crate::core::label::Label;
use crate::core::label::Verdict;
use crate::core::photo::PhotoId;

/// Labels a piece: 12 KB, which a decision copies in a microsecond or two while a copy of the
/// column is out.
const PIECE: usize = 512;

/// The label of a photo that nothing is known of.
const BLANK: Label = Label {
    verdict: Verdict::Undecided,
    stars: 0,
    colour: Colour::None,
    quarter_turns: 0,
    tags: None,
};

/// What is told of a photo beyond the end.
static NOTHING: Label = BLANK;

/// What is decided, by photo. A clone is cheap and stays as it is.
#[derive(Debug, Clone, Default)]
pub struct LabelColumn {
    pieces: Vec<Arc<[Label; PIECE]>>,
    len: usize,
}

impl LabelColumn {
    /// A photo's label; a blank one for a photo beyond the end.
    #[must_use]
    pub fn get(&self, photo: PhotoId) -> &Label {
        let piece = self.pieces.get(photo.index() / PIECE);
        piece.map_or(&NOTHING, |piece| &piece[photo.index() % PIECE])
    }

    /// Makes room for `count` photos; gives how many have been added.
    pub(super) fn grow(&mut self, count: usize) -> usize {
        let added = count.saturating_sub(self.len);
        self.len += added;
        let piece_count = self.len.div_ceil(PIECE);
        if piece_count > self.pieces.len() {
            // One blank piece for all: most photos of a new shoot are blank.
            let blank = Arc::new([BLANK; PIECE]);
            self.pieces.resize(piece_count, blank);
        }
        added
    }

    /// Puts a label in place and gives the one before. The photo must be within the length.
    pub(super) fn replace(&mut self, photo: PhotoId, label: Label) -> Label {
        let piece = Arc::make_mut(&mut self.pieces[photo.index() / PIECE]);
        std::mem::replace(&mut piece[photo.index() % PIECE], label)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_stays_what_it_was() {
        let mut column = LabelColumn::default();
        assert_eq!(column.grow(1300), 1300);
        let starred = |stars| Label { stars, ..Label::default() };
        column.replace(PhotoId(1299), starred(1));
        let copy = column.clone();
        assert_eq!(column.replace(PhotoId(1299), starred(2)), starred(1));
        column.replace(PhotoId(600), starred(3));
        assert_eq!(column.grow(9000), 7700);
        let stars =
            |column: &LabelColumn| [0, 600, 1299, 8999].map(|p| column.get(PhotoId(p)).stars);
        assert_eq!(stars(&copy), [0, 0, 1, 0]);
        assert_eq!(stars(&column), [0, 3, 2, 0]);
        assert_eq!((copy.len, column.len), (1300, 9000));
    }
}
