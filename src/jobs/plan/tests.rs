//! Which job comes next, one word a job.

use super::*;
use crate::core::coded::Coded;
use crate::core::coded::Coding;
use crate::core::photo::Fingerprint;
use crate::core::photo::PhotoMeta;
use crate::jobs::board::Header;
use crate::jobs::board::Tile;
use std::path::Path;
use std::sync::Arc;

fn board(count: usize) -> Board {
    let board = Board::default();
    for i in 0..count {
        board.add(Path::new(&format!("{i}.jpg")).into());
    }
    board
}

fn wish(photos: &[u32], visible_count: usize) -> Wish {
    let tiles =
        photos.iter().map(|&p| TileWish { photo: PhotoId(p), class: Class::Small }).collect();
    Wish { tiles, visible_count, views: Vec::new() }
}

/// A photo's header: nothing but a width and a height.
fn sized(board: &Board, photo: u32, size_px: Option<[u32; 2]>) {
    let meta = PhotoMeta { size_px, ..PhotoMeta::default() };
    let header = Header { meta, fingerprint: Fingerprint([0; 16]) };
    board.slot(PhotoId(photo)).unwrap().set_header(header);
}

const HEAVY_PX: Option<[u32; 2]> = Some([12_000, 9000]);

fn tile(photo: u32, weight: Weight) -> Job {
    Job::Tile { photo: PhotoId(photo), watched: Some(Class::Small), weight }
}

/// A heavy tile comes to its end.
fn finish_tile(plan: &mut Plan, board: &Board, photo: u32) {
    let coded = Coded::new([4, 4], Coding::Bc7, vec![0; 16]).map(Arc::new);
    let levels = [coded, None, None];
    let made =
        Arc::new(Tile { levels, mean: [0; 3], whole_px: [4, 4], detail: None, scopes: None });
    board.slot(PhotoId(photo)).unwrap().set_tile(made, Stage::Tile);
    plan.finish(board, &tile(photo, Weight::Heavy));
}

fn view(photo: u32) -> ViewWish {
    ViewWish { photo: PhotoId(photo), box_px: [100, 100], wants_full: false }
}

fn letter(letter: char, weight: Weight) -> char {
    if weight == Weight::Heavy { letter.to_ascii_uppercase() } else { letter }
}

/// Takes every job and writes it as a word: `h3` reads three headers, `g3` three glances, `n` is a
/// thumbnail, `t` a tile, `v` a view; `T` and `V` are heavy ones.
#[track_caller]
fn check(plan: &mut Plan, board: &Board, has_room: bool, expect: &str) {
    let mut words = Vec::new();
    while let Some(job) = plan.take(board, has_room) {
        words.push(match job {
            Job::Headers(photos) => format!("h{}", photos.len()),
            Job::Glances(photos) => format!("g{}", photos.len()),
            Job::Thumbnail(p) => format!("n{}", p.0),
            Job::Tile { photo, weight, .. } => format!("{}{}", letter('t', weight), photo.0),
            Job::View { wish, weight } => format!("{}{}", letter('v', weight), wish.photo.0),
        });
    }
    assert_eq!(words.join(" "), expect);
}

#[test]
fn what_is_on_screen_comes_before_what_is_near_and_the_rest() {
    let board = board(5);
    for photo in 0..5 {
        board.slot(PhotoId(photo)).unwrap().set_thumbnail_failed();
    }
    let mut plan = Plan::new(2);
    plan.adopt(wish(&[3, 2], 1));
    plan.add_headers(vec![PhotoId(0), PhotoId(1)]);
    plan.add_headers(vec![PhotoId(2)]);
    check(&mut plan, &board, true, "h2 t3 h1 t2 t0 t1 t4");
}

#[test]
fn glances_for_a_new_device_come_after_the_screen() {
    let board = board(600);
    for photo in 0..600 {
        board.slot(PhotoId(photo)).unwrap().set_thumbnail_failed();
    }
    let mut plan = Plan::new(2);
    plan.adopt(wish(&[3, 2], 1));
    plan.read_glances_again(&board);
    check(&mut plan, &board, false, "t3 g512 g88 t2");
}

#[test]
fn thumbnails_on_screen_come_first() {
    let mut plan = Plan::new(2);
    plan.adopt(wish(&[1, 0, 2], 2));
    plan.add_headers(vec![PhotoId(2)]);
    check(&mut plan, &board(3), false, "n1 n0 h1 t2");
}

#[test]
fn a_photo_is_given_out_once() {
    let board = board(1);
    let mut plan = Plan::new(2);
    plan.adopt(wish(&[0], 1));
    check(&mut plan, &board, true, "n0");
    plan.adopt(wish(&[0], 1));
    check(&mut plan, &board, true, "");
    board.slot(PhotoId(0)).unwrap().set_thumbnail_failed();
    plan.finish(&board, &Job::Thumbnail(PhotoId(0)));
    check(&mut plan, &board, true, "t0");
}

#[test]
fn a_new_wish_voids_the_old_one() {
    let board = board(9);
    let mut plan = Plan::new(2);
    plan.adopt(wish(&[0, 1, 2], 3));
    plan.adopt(wish(&[7], 1));
    check(&mut plan, &board, false, "n7");
}

#[test]
fn what_was_evicted_waits_for_the_next_wish() {
    let board = board(1);
    board.slot(PhotoId(0)).unwrap().set_thumbnail_failed();
    let mut plan = Plan::new(2);
    plan.adopt(wish(&[0], 1));
    check(&mut plan, &board, false, "t0");
    plan.finish(&board, &tile(0, Weight::Light));
    check(&mut plan, &board, false, "");
    plan.adopt(wish(&[0], 1));
    check(&mut plan, &board, false, "t0");
}

#[test]
fn a_photo_that_failed_is_left_alone() {
    let board = board(1);
    board.fail(PhotoId(0), "cut off");
    let mut plan = Plan::new(2);
    plan.adopt(wish(&[0], 1));
    check(&mut plan, &board, true, "");
}

#[test]
fn the_loupe_comes_first_and_its_neighbours_after_the_screen() {
    let board = board(4);
    let mut plan = Plan::new(2);
    let mut both = wish(&[0], 1);
    both.views = [2, 3].map(view).into();
    plan.adopt(both);
    check(&mut plan, &board, false, "v2 n0 v3");
}

#[test]
fn only_cells_on_the_screen_are_watched() {
    let board = board(3);
    for photo in 0..3 {
        board.slot(PhotoId(photo)).unwrap().set_thumbnail_failed();
    }
    let mut plan = Plan::new(2);
    plan.adopt(wish(&[0, 1], 1));
    let watched: Vec<_> = std::iter::from_fn(|| plan.take(&board, true))
        .map(|job| match job {
            Job::Tile { photo, watched, .. } => (photo.0, watched),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(watched, [(0, Some(Class::Small)), (1, None), (2, None)]);
}

#[test]
fn large_pictures_are_given_out_one_at_a_time() {
    let board = board(5);
    for photo in [0, 1, 3] {
        sized(&board, photo, HEAVY_PX);
    }
    sized(&board, 2, Some([8000, 8000]));
    board.slot(PhotoId(4)).unwrap().set_thumbnail_failed();
    let mut plan = Plan::new(2);
    let mut both = wish(&[1, 2], 2);
    both.views = [0, 3].map(view).into();
    plan.adopt(both);
    // Photo 1 on the screen and the rest's 3 wait for the loupe's; 64 megapixels are not large.
    check(&mut plan, &board, true, "V0 t2 t4");
    plan.finish(&board, &Job::View { wish: view(0), weight: Weight::Heavy });
    check(&mut plan, &board, true, "T1");
    plan.finish(&board, &tile(2, Weight::Light));
    check(&mut plan, &board, true, "");
    finish_tile(&mut plan, &board, 1);
    check(&mut plan, &board, true, "V3");
    plan.finish(&board, &Job::View { wish: view(3), weight: Weight::Heavy });
    check(&mut plan, &board, true, "T3");
    finish_tile(&mut plan, &board, 3);
    check(&mut plan, &board, true, "");
}

#[test]
fn a_picture_that_turns_out_large_comes_again() {
    let board = board(2);
    for photo in 0..2 {
        board.slot(PhotoId(photo)).unwrap().set_thumbnail_failed();
    }
    let mut plan = Plan::new(2);
    plan.adopt(wish(&[0], 1));
    check(&mut plan, &board, true, "t0 t1");
    for photo in 0..2 {
        sized(&board, photo, HEAVY_PX);
        plan.finish(&board, &tile(photo, Weight::Light));
    }
    check(&mut plan, &board, true, "T0");
    finish_tile(&mut plan, &board, 0);
    check(&mut plan, &board, true, "T1");
}

#[test]
fn a_view_that_turns_out_large_comes_again() {
    let board = board(1);
    let mut plan = Plan::new(2);
    plan.adopt(Wish { views: vec![view(0)], ..Wish::default() });
    check(&mut plan, &board, false, "v0");
    sized(&board, 0, HEAVY_PX);
    plan.finish(&board, &Job::View { wish: view(0), weight: Weight::Light });
    check(&mut plan, &board, false, "V0");
    plan.finish(&board, &Job::View { wish: view(0), weight: Weight::Heavy });
    check(&mut plan, &board, false, "");
}
