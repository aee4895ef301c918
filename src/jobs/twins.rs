//! Raw files that belong to photos: collected while the scan runs, given to their photos at its end.

use std::collections::HashMap;
use std::path::Path;
use std::path::PathBuf;

use super::board::Board;
use crate::core::photo::PhotoId;

/// Raw files with a picture of the same name beside them.
#[derive(Debug, Default)]
pub struct Twins(Vec<PathBuf>);

impl Twins {
    /// Takes a raw file in.
    pub fn note(&mut self, raw: PathBuf) {
        self.0.push(raw);
    }

    /// Tells every photo its raw file. Of two pictures with one name (`1.jpg`, `1.png`) both have it:
    /// nothing says which of them the camera wrote.
    pub fn give_to(self, board: &Board) {
        if self.0.is_empty() {
            return;
        }
        let raws: HashMap<(Option<&Path>, _), &PathBuf> =
            self.0.iter().map(|raw| ((raw.parent(), raw.file_stem()), raw)).collect();
        for index in 0..board.photo_count() {
            let Some(slot) = board.slot(PhotoId(index as u32)) else { continue };
            if let Some(&raw) = raws.get(&(slot.path.parent(), slot.path.file_stem())) {
                slot.set_twin(raw.as_path().into());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_photo_is_told_its_own_raw_file() {
        let board = Board::default();
        for path in ["a/1.jpg", "a/2.jpg", "b/1.jpg"] {
            board.add(Path::new(path).into());
        }
        let mut twins = Twins::default();
        twins.note("b/1.CR2".into());
        twins.note("a/2.NEF".into());
        twins.give_to(&board);
        let told = [0, 1, 2].map(|n| board.slot(PhotoId(n)).unwrap().twin());
        assert_eq!(told, [None, Some(Path::new("a/2.NEF")), Some(Path::new("b/1.CR2"))]);
    }
}
