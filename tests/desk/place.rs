//! Coming back to a shoot: where the person was, or beside it.

use std::fs;
use std::sync::Arc;

use rushlight::app::desk::Desk;
use rushlight::core::command::Command;
use rushlight::core::command::Direction;
use rushlight::core::label::Decision;
use rushlight::core::order::SortKey;
use rushlight::core::photo::PhotoId;
use rushlight::core::photo::Timestamp;
use rushlight::disk::places::Place;

use crate::SMALL;
use crate::shoot::Shoot;
use crate::shoot::number_of;
use crate::table::Table;

/// A shoot that was left at a photo.
fn left_at(number: usize) -> (Shoot, Place) {
    let shoot = Shoot::of(40, SMALL);
    let mut table = Table::ready(&shoot);
    table.command(Command::GoTo { photo: table.photo(number) });
    table.show();
    let place = table.desk.place(1.0).expect("there are photos");
    table.close();
    (shoot, place)
}

fn number(desk: &Desk, photo: Option<PhotoId>) -> Option<usize> {
    photo.and_then(|photo| desk.board().slot(photo)).map(|slot| number_of(&slot.path))
}

fn back(shoot: &Shoot, place: &Place) -> Table {
    let mut table = Table::empty(8);
    table.lay_at(shoot, Some(place), Arc::new(|| {}));
    table
}

#[track_caller]
fn check_back(shoot: &Shoot, place: &Place, expect: usize) {
    let mut table = back(shoot, place);
    table.settle();
    assert_eq!(table.current(), Some(expect));
    assert!(table.is_outlined(expect), "and it is in sight");
    table.close();
}

#[test]
fn the_photo_comes_back() {
    let (shoot, place) = left_at(33);
    check_back(&shoot, &place, 33);
}

#[test]
fn of_a_photo_that_is_gone_its_neighbour_by_name() {
    let (shoot, place) = left_at(33);
    let remove = |number| {
        fs::remove_file(shoot.photos().join(format!("p{number:03}.jpg"))).expect("it is there");
    };
    (33..36).for_each(remove);
    check_back(&shoot, &place, 36);
    (36..40).for_each(remove);
    check_back(&shoot, &place, 32);
}

#[test]
fn filter_sort_and_cells_come_back_and_the_filter_is_told() {
    let shoot = Shoot::of(6, SMALL);
    let mut table = Table::ready(&shoot);
    for number in [1, 2, 4] {
        table.command(Command::GoTo { photo: table.photo(number) });
        table.show();
        table.decide(Decision::Keep);
        table.show();
    }
    table.desk.filter_by("keep");
    table.until("three are shown", |desk| desk.review.order().len() == 3);
    table.desk.sort_next(Timestamp(1));
    table.desk.turn_sort(Timestamp(1));
    table.until("they are turned round", |desk| {
        number(desk, desk.review.order().photo_at(0)) == Some(4)
    });
    table.command(Command::GoTo { photo: table.photo(2) });
    table.command(Command::ZoomOut);
    table.show();
    let place = table.desk.place(1.0).expect("there are photos");
    assert_eq!((place.filter.as_str(), place.sort.key), ("keep", SortKey::Name));
    table.close();
    let mut table = back(&shoot, &place);
    assert_eq!(table.desk.review.grid().cell_px, place.cell);
    table.show();
    assert!(table.says("the filter of last time is on: keep"), "{:?}", table.lines());
    table.until("they come back", |desk| desk.review.order().len() == 3 && desk.is_sorted());
    assert_eq!(table.order(), [4, 2, 1]);
    table.until("the photo comes back", |desk| number(desk, desk.review.current()) == Some(2));
    assert_eq!(table.desk.place(1.0), Some(place));
    table.close();
}

/// A table that shows photos, and has not taken what the scan says of the place.
fn at_the_first(shoot: &Shoot, place: &Place) -> Table {
    let mut table = back(shoot, place);
    // Of one photo nobody can move away.
    while table.desk.review.order().len() < 40 {
        table.desk.review.set_photo_count(table.desk.board().photo_count());
        table.desk.review.set_order(table.desk.board().order().clone());
    }
    assert_ne!(table.current(), Some(33));
    table
}

#[test]
fn whoever_has_begun_is_not_sent_elsewhere() {
    let (shoot, place) = left_at(33);
    let mut table = at_the_first(&shoot, &place);
    table.command(Command::Move(Direction::End));
    table.command(Command::Move(Direction::Left));
    table.settle();
    assert_ne!(table.current(), Some(33));
    table.close();
}

#[test]
fn left_again_before_the_photo_is_found_the_place_stays() {
    let (shoot, place) = left_at(33);
    let table = at_the_first(&shoot, &place);
    assert_eq!(table.desk.place(1.0).expect("there are photos").photo, place.photo);
    table.close();
}
