//! Our own part of a frame allocates nothing once warm, and draws no more than is on the screen.
//!
//! Counted is what the composing thread takes from the allocator: the pool and the save thread do as
//! they please beside it.

#[path = "support/shoot.rs"]
#[expect(dead_code, reason = "tests/desk looks at colours")]
mod shoot;
#[path = "support/table.rs"]
#[expect(dead_code, reason = "tests/desk asks more of a frame")]
mod table;
#[path = "support/wall.rs"]
mod wall;

use rushlight::app::desk::Desk;
use rushlight::app::panel::FilterLine;
use rushlight::app::panel::Help;
use rushlight::app::panel::Menu;
use rushlight::app::panel::Over;
use rushlight::app::panel::TagLine;
use rushlight::app::panel::export::ExportPanel;
use rushlight::core::command::Command;
use rushlight::core::command::Direction;
use rushlight::core::label::Decision;
use rushlight::core::learner::why::Reason;
use rushlight::core::outlook::Because;
use rushlight::core::outlook::Explained;
use rushlight::core::photo::PhotoId;
use rushlight::core::photo::Timestamp;

use shoot::Shoot;
use table::Table;
use wall::Wall;

const PHOTOS: u32 = 10_000;

/// Pages for all photos at the smallest size, 256 a page.
const PAGES: u16 = 48;

const DOWN: Command = Command::Scroll { delta_px: 777.0 };
const UP: Command = Command::Scroll { delta_px: -777.0 };
const RIGHT: Command = Command::Move(Direction::Right);
const LEFT: Command = Command::Move(Direction::Left);

/// Composes a frame after each command, twice: the second time nothing may be allocated.
#[track_caller]
fn check(wall: &mut Wall, what: &str, commands: &[&Command]) {
    let play = |wall: &mut Wall| {
        for command in commands {
            wall.command(command);
            wall.warm();
        }
    };
    play(wall);
    let info = allocation_counter::measure(|| play(wall));
    assert_eq!((info.count_total, info.bytes_total), (0, 0), "{what}: allocations, bytes");
}

/// Down the whole wall and up again.
fn there_and_back() -> Vec<&'static Command> {
    let rows = PHOTOS.div_ceil(56) * 68;
    let steps = rows as usize / 777 + 2;
    [vec![&DOWN; steps], vec![&UP; steps]].concat()
}

#[test]
fn a_frame_of_the_grid_allocates_nothing() {
    let mut wall = Wall::new(PHOTOS, 64.0, PAGES);
    check(&mut wall, "at rest", &[&Command::Back]);
    check(&mut wall, "scrolling over photos on the device", &there_and_back());
    check(&mut wall, "with all selected", &[&Command::SelectAll, &Command::Back]);
    for cell_px in [224.0, 600.0] {
        wall.review.set_cell_px(cell_px);
        check(&mut wall, "cells with captions", &[&RIGHT, &DOWN, &UP]);
    }
}

#[test]
fn a_frame_of_the_whole_shoot_allocates_nothing() {
    let mut wall = Wall::new(PHOTOS, 64.0, PAGES);
    let at_px = [1200.0, 700.0];
    let zoom = |factor| Command::ZoomAt { factor, at_px };
    let (out, into) = (zoom(0.8), zoom(1.25));
    // Down to all photos, up to one, into the loupe, and back.
    let road = [vec![&out; 8], vec![&into; 24], vec![&out; 16]].concat();
    check(&mut wall, "on the road from the whole shoot to one photo", &road);
    let mut divided = Wall::new(PHOTOS, 64.0, PAGES).in_sections(300);
    check(&mut divided, "on the same road through sections", &road);
    let all = zoom(1e-3);
    check(&mut wall, "all photos", &[&all, &Command::SelectAll, &RIGHT, &LEFT]);
    assert_eq!(wall.review.visible(), 0..PHOTOS as usize);
    let frame = &wall.frame;
    assert_eq!((frame.mosaic.count, frame.tiles.len()), (PHOTOS, 0));
    assert_eq!(frame.base.quads.len() + frame.base.lines.len(), 0, "nothing of a single photo");
    assert_eq!(frame.mosaic.changes.records.len(), 0, "nothing is told twice");
    wall.command(&Command::Decide(Decision::Trash));
    wall.compose();
    assert_eq!(wall.frame.mosaic.changes.spans.len(), 1, "what has changed is told");
}

#[test]
fn a_frame_of_the_loupe_allocates_nothing() {
    let mut wall = Wall::new(PHOTOS, 224.0, PAGES);
    wall.add_views(8);
    wall.command(&Command::Open);
    check(&mut wall, "at rest", &[&Command::Open]);
    check(&mut wall, "from photo to photo", &[&RIGHT, &RIGHT, &RIGHT, &LEFT, &LEFT, &LEFT]);
    let actual = Command::ToggleActual { at_px: Some([700.0, 900.0]) };
    let pan = Command::Pan { delta_px: [-40.0, 25.0] };
    check(&mut wall, "at 1:1", &[&actual, &pan, &RIGHT, &LEFT, &actual]);
}

#[test]
fn a_frame_with_a_panel_allocates_nothing() {
    let mut wall = Wall::new(100, 224.0, PAGES);
    wall.panels.info = true;
    check(&mut wall, "information", &[&RIGHT]);
    wall.panels.info = false;
    wall.panels.why = true;
    check(&mut wall, "nothing to explain", &[&RIGHT]);
    let reason = |words| Reason { words, moved: -0.1 };
    wall.explained = Some(Explained::Because(Because {
        keep: 0.2,
        base: 0.5,
        reasons: ["dark", "blurred by motion", "noisy"].map(reason).to_vec(),
        nearest: [Some(PhotoId(70)), Some(PhotoId(80))],
        is_lesson: false,
    }));
    check(&mut wall, "why", &[&RIGHT]);
    let overs = [
        ("help", Over::Help(Help::default())),
        ("menu", Over::Menu(Menu { at_px: [50.0; 2], marked: Some(1) })),
        ("tag line", Over::TagLine(TagLine::new(wall.review.tags()))),
        ("export", Over::Export(Box::new(ExportPanel::new("/somewhere/else".into())))),
        ("filter line", Over::FilterLine(FilterLine::new("keep p<0.2 stars>=".into()))),
    ];
    for (what, over) in overs {
        wall.panels.over = over;
        check(&mut wall, what, &[&RIGHT]);
    }
}

/// Whether nothing more will be told of any photo, which a frame would have to make room for.
fn is_known(desk: &Desk) -> bool {
    let board = desk.board();
    let is_known = |photo| {
        let slot = board.slot(PhotoId(photo)).expect("the board has so many");
        slot.glance().as_ref().is_some_and(|glance| glance.is_lasting)
    };
    (0..board.photo_count() as u32).all(is_known)
}

#[test]
fn the_desk_allocates_nothing_for_a_frame() {
    let shoot = Shoot::of(60, [48, 32]);
    let mut table = Table::ready(&shoot);
    table.until("every photo is known at a glance", is_known);
    // The way leads back to where it began, so that every round shows the same frames.
    let commands = [DOWN, UP, RIGHT, Command::Open, RIGHT, LEFT, Command::Back, LEFT];
    let play = |table: &mut Table| {
        for command in &commands {
            table.command(command.clone());
            table.show();
        }
    };
    for command in &commands {
        table.command(command.clone());
        table.settle();
    }
    play(&mut table);
    let info = allocation_counter::measure(|| (0..20).for_each(|_| play(&mut table)));
    assert_eq!((info.count_total, info.bytes_total), (0, 0), "allocations, bytes");
    table.close();
}

#[test]
fn the_desk_allocates_nothing_for_a_frame_of_a_filtered_shoot() {
    let shoot = Shoot::of(60, [48, 32]);
    let mut table = Table::ready(&shoot);
    table.decide(Decision::Keep);
    table.desk.filter_by("not trash p0");
    table.desk.sort_next(Timestamp(0));
    table.until("the filter is shown", |desk| {
        desk.unsaved_count() == 0
            && desk.review.order().len() == 60
            && !desk.review.order().is_by_time()
    });
    table.until("every photo is known at a glance", is_known);
    let commands = [DOWN, UP, RIGHT, Command::Open, RIGHT, LEFT, Command::Back, LEFT];
    let play = |table: &mut Table| {
        for command in &commands {
            table.command(command.clone());
            table.show();
        }
    };
    for command in &commands {
        table.command(command.clone());
        table.until("it is shown", Desk::is_settled);
    }
    play(&mut table);
    let info = allocation_counter::measure(|| (0..20).for_each(|_| play(&mut table)));
    assert_eq!((info.count_total, info.bytes_total), (0, 0), "allocations, bytes");
    table.close();
}

#[test]
fn a_frame_draws_each_visible_cell_once() {
    let mut wall = Wall::new(PHOTOS, 64.0, PAGES);
    let mut counts = Vec::new();
    for _ in 0..3 {
        wall.warm();
        let (frame, visible_count) = (&wall.frame, wall.review.visible().len());
        assert_eq!(visible_count, 56 * 32, "the wall is full");
        assert_eq!((frame.tiles.len(), frame.uploads.len()), (visible_count, 0));
        let quad_count = frame.base.quads.len();
        assert_eq!(quad_count, 2 * visible_count, "a background and the line of a burst a cell");
        let lines = frame.base.lines.len() + frame.overlay.lines.len();
        counts.push((frame.marks.len(), lines, frame.overlay.quads.len()));
    }
    assert_eq!(counts[0], counts[2], "frame after frame the same");
    // At the end of the wall too, where the last row is not full.
    wall.command(&Command::Move(Direction::End));
    wall.warm();
    assert_eq!(wall.frame.tiles.len(), wall.review.visible().len());
}
