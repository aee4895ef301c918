//! The window that follows: it shows the current photo and what is decided about it in the frame that is
//! composed next, and has a zoom of its own.

use rushlight::app::pointer::Held;
use rushlight::core::command::Command;
use rushlight::core::command::Direction;
use rushlight::core::frame::Frame;
use rushlight::core::label::Decision;
use rushlight::core::review::Stage;

use crate::shoot::Shoot;
use crate::shoot::is_of;
use crate::table::Table;

const WINDOW_PX: [f32; 2] = [1200.0, 800.0];
/// Larger than the window that follows.
const PHOTO_PX: [u32; 2] = [1500, 1000];

fn following(shoot: &Shoot) -> Table {
    let mut table = Table::open(shoot);
    table.desk.set_second(WINDOW_PX, 1.0);
    table.settle();
    show(&mut table);
    table
}

/// Composes both windows' frames.
fn show(table: &mut Table) -> &Frame {
    table.show();
    table.desk.compose_second().expect("there is a second window").1
}

/// The photo whose picture is all that a frame shows, and where.
#[track_caller]
fn pictured(frame: &Frame) -> ([f32; 4], usize) {
    let [picture, ..] = frame.pictures.as_slice() else { panic!("a picture is shown") };
    let space = picture.texels.space();
    let middle = picture.texels.size_px().map(|side| side / 2);
    let texel = picture.texels.texel(middle[0], middle[1]);
    let number = (0..6).find(|&number| is_of(number, texel, space)).expect("it is of the shoot");
    (picture.rect_px, number)
}

#[test]
fn it_shows_the_current_photo_while_the_grid_is_in_the_first_window() {
    let shoot = Shoot::of(6, PHOTO_PX);
    let mut table = following(&shoot);
    assert_eq!(table.desk.review.stage(), Stage::Grid);
    let (rect, number) = pictured(show(&mut table));
    assert_eq!((rect, Some(number)), ([0.0, 0.0, 1200.0, 800.0], table.current()));
    table.command(Command::Move(Direction::Right));
    let frame = show(&mut table);
    let drawn = frame.pictures.len() + frame.tiles.len();
    assert!(drawn >= 1, "at once, from its tile or from what was made ahead");
    table.settle();
    assert_eq!(pictured(show(&mut table)).1, 1);
    table.decide(Decision::Keep);
    assert_eq!(table.current(), Some(2), "and on");
    table.command(Command::Move(Direction::Left));
    let marks = show(&mut table).marks.clone();
    assert!(marks.iter().any(|mark| mark.border == rushlight::app::theme::KEEP), "{marks:?}");
    table.close();
}

#[test]
fn its_picture_is_made_for_the_larger_of_both_windows() {
    let shoot = Shoot::of(3, PHOTO_PX);
    let mut table = following(&shoot);
    table.command(Command::Open);
    table.settle();
    let first = pictured(table.desk.frame()).1;
    let second = show(&mut table);
    assert_eq!(pictured(second).1, first);
    let [width, ..] = second.pictures[0].texels.size_px();
    assert_eq!(width, 1200, "of the first window it would have been less");
    table.close();
}

#[test]
fn a_click_in_it_goes_to_single_pixels_and_leaves_the_first_window_alone() {
    let shoot = Shoot::of(3, PHOTO_PX);
    let mut table = following(&shoot);
    let (held, now) = (Held::default(), table.now());
    table.desk.second_moved([300.0, 200.0], held);
    assert!(!table.desk.second_button(true, held, now));
    assert!(table.desk.second_button(false, held, now));
    table.settle();
    let frame = show(&mut table);
    let actual = frame.pictures.last().expect("every pixel of it").clone();
    assert_eq!(actual.rect_px[2..], PHOTO_PX.map(|side| side as f32));
    assert_eq!(actual.texels.size_px(), PHOTO_PX);
    assert_eq!((table.desk.review.stage(), table.current()), (Stage::Grid, Some(0)));
    assert!(table.desk.zoom_second(0.2), "the wheel goes back");
    assert_eq!(pictured(show(&mut table)).0, [0.0, 0.0, 1200.0, 800.0]);
    table.close();
}

#[test]
fn another_shoot_and_the_end_of_it_leave_nothing_of_the_old_one() {
    let (shoot, other) = (Shoot::of(3, PHOTO_PX), Shoot::new());
    other.add(5, PHOTO_PX, None);
    let mut table = following(&shoot);
    table.lay(&other, std::sync::Arc::new(|| {}));
    let frame = show(&mut table);
    assert!(frame.pictures.is_empty() && frame.tiles.is_empty(), "nothing is known yet");
    table.settle();
    assert_eq!(pictured(show(&mut table)).1, 5);
    table.desk.close_second();
    assert!(table.desk.compose_second().is_none());
    table.close();
}
