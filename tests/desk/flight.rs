//! The short flight between grid and loupe: drawn, and never waited for.

use rushlight::app::flight::MICROS;
use rushlight::core::command::Command;
use rushlight::core::frame::RectPx;
use rushlight::core::label::Decision;
use rushlight::core::label::Verdict;

use crate::RIGHT;
use crate::shoot::Shoot;
use crate::table::Table;

/// Larger than the window.
const LARGE: [u32; 2] = [1500, 1000];

/// A frame is 16 ms after the one before.
const FRAMES: i64 = MICROS / 16_000 + 1;

/// The largest picture of the frame that was shown last.
fn largest(table: &Table) -> RectPx {
    let frame = table.desk.frame();
    let tiles = frame.tiles.iter().map(|tile| tile.rect_px);
    let all = tiles.chain(frame.pictures.iter().map(|picture| picture.rect_px));
    all.max_by(|a, b| (a[2] * a[3]).total_cmp(&(b[2] * b[3]))).expect("a picture is shown")
}

/// Where the photo of a number lies in the loupe once it has come down.
fn landed(table: &mut Table) -> RectPx {
    (0..FRAMES).for_each(|_| table.show());
    largest(table)
}

#[test]
fn a_photo_flies_from_its_cell_to_the_loupe_and_back() {
    let shoot = Shoot::of(6, LARGE);
    let mut table = Table::ready(&shoot);
    table.command(RIGHT);
    table.show();
    let cell = table.cell(1);
    table.command(Command::Open);
    let mut widths = Vec::new();
    for _ in 0..FRAMES {
        table.show();
        widths.push(largest(&table)[2]);
    }
    assert!(widths[0] < 0.8 * widths[widths.len() - 1], "it begins near its cell: {widths:?}");
    assert!(widths.is_sorted(), "it only grows: {widths:?}");
    let loupe = largest(&table);
    table.show();
    assert_eq!(largest(&table), loupe, "it stays where it came down");
    // And back, over the other photos.
    table.command(Command::Back);
    table.show();
    let first = largest(&table);
    assert!(first[2] > cell[2] && first[2] <= loupe[2], "{first:?} {loupe:?}");
    let in_cell = landed(&mut table);
    assert!(in_cell[2] <= cell[2], "{in_cell:?} {cell:?}");
    table.close();
}

#[test]
fn a_key_cuts_a_flight_short_and_reaches_what_it_was_for() {
    let shoot = Shoot::of(6, LARGE);
    let mut table = Table::ready(&shoot);
    table.command(Command::Open);
    let there = landed(&mut table);
    table.command(Command::Back);
    table.show();
    assert_ne!(largest(&table), there);
    table.command(Command::Open);
    table.show();
    table.decide(Decision::Keep);
    assert_eq!(table.label(0).verdict, Verdict::Keep, "decided in the air");
    table.show();
    assert_eq!((table.current(), largest(&table)), (Some(1), there), "the next one is there");
    table.close();
}

#[test]
fn nothing_moves_any_more_once_it_has_landed() {
    let shoot = Shoot::of(2, LARGE);
    let mut table = Table::ready(&shoot);
    table.command(Command::Open);
    table.compose();
    assert!(!table.desk.is_settled(), "it is in the air");
    table.present();
    _ = landed(&mut table);
    table.until("all has come down", rushlight::app::desk::Desk::is_settled);
    assert!(!table.desk.compose(1.0).wants_frame, "no frame is asked for at rest");
    table.close();
}
