//! Never a wrong picture: random commands on shoots of plain colours, on a device with so few pages
//! that every jump evicts, and after every frame each cell shows the colour of its own photo.

use std::collections::HashMap;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use rushlight::app::compose::strip;
use rushlight::core::atlas::Class;
use rushlight::core::atlas::Seat;
use rushlight::core::coded::Coded;
use rushlight::core::colour::Space;
use rushlight::core::command::Command;
use rushlight::core::command::Direction;
use rushlight::core::frame::Frame;
use rushlight::core::frame::RectPx;
use rushlight::core::frame::Tile;
use rushlight::core::label::Decision;
use rushlight::core::review::Stage;
use rushlight::core::texels::Texels;

use crate::shoot::Shoot;
use crate::shoot::is_of;
use crate::shoot::number_of;
use crate::table::Table;
use crate::table::WINDOW_PX;
use crate::table::holds;

/// What was sent to the device, as the device keeps it: a page that is cut anew loses its seats.
#[derive(Default)]
struct Pages(HashMap<u16, (Class, HashMap<u16, Arc<Coded>>)>);

impl Pages {
    fn take(&mut self, frame: &Frame) {
        for upload in &frame.uploads {
            let Seat { page, cell, class } = upload.seat;
            let page = self.0.entry(page).or_insert_with(|| (class, HashMap::new()));
            if page.0 != class {
                *page = (class, HashMap::new());
            }
            page.1.insert(cell, Arc::clone(&upload.coded));
        }
    }

    /// The texels that a tile is drawn from.
    #[track_caller]
    fn texels(&self, tile: &Tile) -> Texels {
        let (class, seats) = &self.0[&tile.seat.page];
        assert_eq!(*class, tile.seat.class, "the page of {tile:?} is cut for another class");
        let coded = &seats[&tile.seat.cell];
        assert_eq!(coded.size_px(), tile.size_px, "{tile:?} shows more or less than was sent");
        let [width, height] = coded.size_px();
        let texels = Texels::new(width, height, coded.bytes().to_vec());
        texels.expect("the shoot is in RGBA").in_space(Space::Working)
    }
}

/// The numbers of the photos that may be shown where `rect_px` is: that of the cell, and that of a photo
/// which flies over it.
#[track_caller]
fn numbers_at(table: &Table, rect_px: RectPx) -> Vec<usize> {
    let review = &table.desk.review;
    let photo = match review.stage() {
        Stage::Loupe => match review.viewport().strip_area_px() {
            Some([_, top, _, _]) if rect_px[1] >= top => {
                let middle = [rect_px[0] + rect_px[2] / 2.0, rect_px[1] + rect_px[3] / 2.0];
                strip::photo_at(review, middle)
            }
            _ => review.current(),
        },
        Stage::Grid => review
            .visible()
            .find(|&index| holds(review.cell_rect_px(index), rect_px))
            .and_then(|index| review.order().photo_at(index)),
    };
    let is_grid = review.stage() == Stage::Grid;
    let photos = photo.into_iter().chain(table.desk.aloft().filter(|_| is_grid));
    let slots = photos.filter_map(|photo| table.desk.board().slot(photo));
    let numbers: Vec<usize> = slots.map(|slot| number_of(&slot.path)).collect();
    assert!(!numbers.is_empty(), "what is drawn is drawn in a cell");
    numbers
}

#[track_caller]
fn check_texels(numbers: &[usize], texels: &Texels) {
    let [width, height] = texels.size_px();
    let texel = texels.texel(width / 2, height / 2);
    assert!(
        numbers.iter().any(|&number| is_of(number, texel, texels.space())),
        "photo {numbers:?} is shown with another one's {texel:?}"
    );
}

/// Looks at every picture of the frame.
#[track_caller]
fn check(table: &Table, pages: &mut Pages) {
    let frame = table.desk.frame();
    pages.take(frame);
    for tile in &frame.tiles {
        check_texels(&numbers_at(table, tile.rect_px), &pages.texels(tile));
    }
    for picture in &frame.pictures {
        let numbers = numbers_at(table, picture.rect_px);
        check_texels(&numbers, &picture.texels);
        if let Some(tile) = &picture.stand_in {
            check_texels(&numbers, &pages.texels(tile));
        }
    }
    let review = &table.desk.review;
    let drawn = frame.tiles.len() + frame.pictures.len();
    // In the loupe: the picture in one or two sizes, and what a window of 1000 has room for below.
    let most = if review.stage() == Stage::Loupe { 2 + 13 } else { review.visible().len() };
    let most = most + usize::from(table.desk.aloft().is_some());
    assert!(drawn <= most, "{drawn} pictures in {most} cells");
}

/// Shows frames and looks at each of them, until nothing can become better.
#[track_caller]
fn show_until_settled(table: &mut Table, pages: &mut Pages) {
    for _ in 0..4000 {
        let was_settled = table.desk.review.order().is_by_time() && table.desk.is_settled();
        table.compose();
        check(table, pages);
        table.present();
        if was_settled && table.desk.is_settled() {
            return;
        }
        thread::sleep(Duration::from_millis(5));
    }
    panic!("pictures are still missing after 20 s");
}

fn command() -> impl Strategy<Value = Command> {
    let [width, height] = WINDOW_PX;
    let point = || (0.0..width, 0.0..height).prop_map(|(x, y)| [x, y]);
    let direction = prop::sample::select(vec![
        Direction::Left,
        Direction::Right,
        Direction::PageUp,
        Direction::PageDown,
        Direction::Home,
        Direction::End,
    ]);
    prop_oneof![
        3 => direction.prop_map(Command::Move),
        3 => (-1500.0_f32..1500.0).prop_map(|delta_px| Command::Scroll { delta_px }),
        1 => (0.4_f32..2.5, point()).prop_map(|(factor, at_px)| Command::ZoomAt { factor, at_px }),
        1 => point().prop_map(|at_px| Command::Click { at_px }),
        1 => Just(Command::Open),
        2 => Just(Command::Back),
        1 => Just(Command::Decide(Decision::Trash)),
        1 => Just(Command::Decide(Decision::Turn(1))),
        1 => Just(Command::Undo),
    ]
}

#[test]
fn every_cell_shows_its_own_photo_whatever_is_pressed() {
    let mut runner = TestRunner::deterministic();
    let shoot = Shoot::of(120, [600, 400]);
    let mut pages = Pages::default();
    let mut table = Table::empty(2);
    table.lay(&shoot, Arc::new(|| {}));
    for step in 0..1500 {
        table.command(command().new_tree(&mut runner).expect("nothing is filtered").current());
        table.compose();
        check(&table, &mut pages);
        table.present();
        // Now and then the jobs get time to answer.
        if step % 50 == 0 {
            thread::sleep(Duration::from_millis(20));
        }
    }
    table.command(Command::Back);
    show_until_settled(&mut table, &mut pages);
    assert!(!table.desk.frame().tiles.is_empty());
    table.close();
}

#[test]
fn another_shoot_shows_nothing_of_the_one_before() {
    let (first, second) = (Shoot::of(6, [60, 40]), Shoot::new());
    (50..56).for_each(|number| second.add(number, [60, 40], None));
    let mut pages = Pages::default();
    let mut table = Table::empty(2);
    for shoot in [&first, &second, &first] {
        table.lay(shoot, Arc::new(|| {}));
        show_until_settled(&mut table, &mut pages);
        assert_eq!(table.desk.frame().tiles.len(), 6);
    }
    table.close();
}

#[test]
fn actual_size_is_the_displays_own_pixels_at_every_scale_factor() {
    let shoot = Shoot::of(2, [1400, 1000]);
    for scale in [1.0, 1.25, 1.5, 2.0] {
        let mut table = Table::ready(&shoot);
        table.scale = scale;
        table.desk.set_window(WINDOW_PX, scale);
        table.command(Command::Open);
        table.command(Command::ToggleActual { at_px: None });
        table.until("every pixel is there", |desk| {
            desk.frame().pictures.last().is_some_and(|last| last.texels.edge_px() == 1400)
        });
        let picture = table.desk.frame().pictures.last().expect("it was just seen");
        let [left, top, width, height] = picture.rect_px;
        assert_eq!([width, height], [1400.0, 1000.0], "at a scale factor of {scale}");
        assert_eq!([left, top].map(f32::fract), [0.0; 2], "at a scale factor of {scale}");
        table.close();
    }
}
