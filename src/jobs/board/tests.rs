//! What a stage promises, and which level of a tile is drawn.

use super::*;
use crate::core::atlas::Class;
use crate::core::coded::Coded;
use crate::core::coded::Coding;
use std::thread;

fn coded(size_px: [u32; 2]) -> Arc<Coded> {
    let bytes = vec![0; Coding::Bc7.size_bytes(size_px)];
    Arc::new(Coded::new(size_px, Coding::Bc7, bytes).expect("the bytes are those of the size"))
}

fn tile(shade: u8) -> Arc<Tile> {
    let levels = [Some(coded([4, 4])), None, None];
    Arc::new(Tile { levels, mean: [shade; 3], whole_px: [4, 4], detail: None, scopes: None })
}

#[test]
fn a_stage_promises_its_payload() {
    for _ in 0..200 {
        let board = Arc::new(Board::default());
        let photo = board.add(Path::new("a.jpg").into());
        let writer = Arc::clone(&board);
        let job = thread::spawn(move || {
            let slot = writer.slot(photo).expect("the photo was added");
            slot.set_tile(tile(7), Stage::Tile);
        });
        let slot = board.slot(photo).expect("the photo was added");
        while slot.stage() == Stage::Nothing {
            std::hint::spin_loop();
        }
        assert_eq!(slot.tile().as_ref().map(|t| t.mean), Some([7; 3]));
        job.join().expect("the writer does not panic");
    }
}

#[test]
fn a_photo_fails_once() {
    let board = Board::default();
    let photo = board.add(Path::new("a.jpg").into());
    board.fail(photo, "first");
    board.fail(photo, "second");
    assert_eq!(board.failed(), 1);
    assert_eq!(board.slot(photo).and_then(Slot::fault), Some("first"));
}

#[test]
fn a_small_photo_serves_every_cell() {
    assert!(tile(1).serves(Class::Large), "a photo of 4 pixels has no larger level");
    let evicted = Tile { whole_px: [6000, 4000], ..(*tile(1)).clone() };
    assert!(!evicted.serves(Class::Small));
}

#[test]
fn a_square_photo_has_no_larger_level_than_its_area_allows() {
    let check = |whole_px, class, edge, expect| {
        let levels = [None, None, Some(coded([edge, edge]))];
        let tile = Tile { levels, mean: [0; 3], whole_px, detail: None, scopes: None };
        assert_eq!(tile.serves(class), expect, "{edge} of {whole_px:?} for {class:?}");
    };
    check([4000, 4000], Class::Large, 416, true);
    check([4000, 4000], Class::Large, 415, false);
    check([4000, 4000], Class::Medium, 208, true);
    check([300, 300], Class::Large, 300, true);
    check([300, 300], Class::Large, 208, false);
}

#[test]
fn the_nearest_level_is_the_next_smaller_one() {
    let tile = tile(1);
    assert_eq!(tile.near(Class::Large).map(|(c, _)| c), Some(Class::Small));
    assert_eq!(tile.near(Class::Small).map(|(c, _)| c), Some(Class::Small));
}
