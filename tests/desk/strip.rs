//! The filmstrip in the loupe, and the table with nothing but photos.

use rushlight::app::compose::strip;
use rushlight::app::theme;
use rushlight::core::command::Command;
use rushlight::core::command::Direction;
use rushlight::core::frame::RectPx;
use rushlight::core::label::Decision;

use crate::SMALL;
use crate::shoot::Shoot;
use crate::table::Table;
use crate::table::WINDOW_PX;

fn strip_area(table: &Table) -> RectPx {
    table.desk.review.viewport().strip_area_px().expect("the window is high enough")
}

/// The pictures in the strip, from the left.
fn strip_tiles(table: &Table) -> Vec<RectPx> {
    let [_, top, _, _] = strip_area(table);
    let tiles = table.desk.frame().tiles.iter().map(|tile| tile.rect_px);
    let mut tiles: Vec<_> = tiles.filter(|rect| rect[1] >= top).collect();
    tiles.sort_by(|a, b| a[0].total_cmp(&b[0]));
    tiles
}

#[test]
fn the_neighbours_stand_under_the_photo_and_a_click_goes_there() {
    let shoot = Shoot::of(5, SMALL);
    let mut table = Table::ready(&shoot);
    table.command(Command::Move(Direction::Right));
    table.command(Command::Open);
    table.settle();
    let tiles = strip_tiles(&table);
    assert_eq!(tiles.len(), 5);
    let middle = |rect: &RectPx| [rect[0] + rect[2] / 2.0, rect[1] + rect[3] / 2.0];
    assert!((middle(&tiles[1])[0] - WINDOW_PX[0] / 2.0).abs() < 1.0, "{tiles:?}");

    let review = &table.desk.review;
    let clicked = strip::photo_at(review, middle(&tiles[3])).expect("a photo is there");
    assert_eq!(Some(clicked), review.order().photo_at(3));
    assert_eq!(strip::photo_at(review, [2.0, middle(&tiles[3])[1]]), None);
    assert_eq!(strip::photo_at(review, [middle(&tiles[3])[0], 20.0]), None);
    table.command(Command::GoTo { photo: clicked });
    table.show();
    assert_eq!(table.desk.review.current(), Some(clicked));
    table.close();
}

#[test]
fn the_strip_tells_what_is_decided() {
    let shoot = Shoot::of(3, SMALL);
    let mut table = Table::ready(&shoot);
    table.command(Command::Open);
    table.show();
    table.decide(Decision::Keep);
    table.show();
    table.decide(Decision::Trash);
    table.settle();
    let [_, top, _, height] = strip_area(&table);
    let lines = |colour| {
        let marks = table.desk.frame().marks.iter();
        marks.filter(|m| m.fill == colour && m.rect_px[1] > top + height / 2.0).count()
    };
    assert_eq!([lines(theme::KEEP), lines(theme::TRASH)], [1, 1]);
    let dim = table.desk.frame().tiles.iter().filter(|tile| tile.brightness < 1.0);
    assert_eq!(dim.count(), 1);
    table.close();
}

#[test]
fn nothing_but_the_photo_is_shown_on_black_when_it_is_asked_for() {
    let shoot = Shoot::of(3, SMALL);
    let mut table = Table::ready(&shoot);
    table.desk.toggle_info();
    table.command(Command::Open);
    table.settle();
    assert!(!table.lines().is_empty());
    table.desk.toggle_bare();
    table.settle();
    assert_eq!(table.lines(), Vec::<String>::new());
    assert_eq!(table.desk.frame().background, theme::BARE);
    assert_eq!(table.desk.review.viewport().loupe_area_px(), [0.0, 0.0, 1000.0, 730.0]);
    assert_eq!(table.desk.frame().tiles.len() + table.desk.frame().pictures.len(), 1);
    table.desk.toggle_bare();
    table.settle();
    assert!(!table.lines().is_empty());
    assert_eq!(strip_tiles(&table).len(), 3);
    table.close();
}
