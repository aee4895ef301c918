//! The mouse: clicks, double clicks, the wheel, the menu and the rectangle.

use super::desktop::Desktop;
use super::photos;
use super::photos::Logged;
use super::table::KEEP;
use super::table::Table;

const KEPT: &str = r#"{"verdict":"keep"}"#;
const TRASHED: &str = r#"{"verdict":"trash"}"#;

/// Where the line of `app::panel::MENU` with 5 stars is, from where the menu was asked for.
const FIVE_STARS_PX: [u32; 2] = [40, 6 + 3 * 26 + 13];

fn point(table: &Table<'_>, number: usize, then: &[&str]) {
    let [x, y] = table.middle(number);
    table.desktop.xdotool(&[&["mousemove", &x, &y], then].concat());
}

fn steps(act: &str, numbers: &[usize], label: &str) -> Logged {
    let edits = numbers.iter().map(|&number| (photos::name(number), label.to_owned()));
    Logged { act: act.into(), edits: edits.collect() }
}

#[test]
fn a_click_chooses_and_a_double_click_opens_the_loupe() {
    let Some(desktop) = Desktop::start() else { return };
    let folder = photos::write(&desktop.path("shoot"), 12);
    let table = Table::open(&desktop, &folder, 12);
    point(&table, 5, &["click", "1"]);
    desktop.keys(&["k"]);
    table.see_mark(5, KEEP);
    let large = |number: usize| {
        desktop.see(&format!("photo {number} in the loupe"), |shot| {
            shot.find(photos::colour(number)).filter(|[.., height]| *height >= 279)
        })
    };
    point(&table, 9, &["click", "--repeat", "2", "--delay", "20", "1"]);
    large(9);
    desktop.keys(&["Right"]);
    large(10);
    desktop.keys(&["Escape"]);
    table.see_mark(5, KEEP);
    desktop.keys(&["t"]);
    table.leave();
    let log = photos::log(&desktop.store());
    assert_eq!(log, [Logged::of_one(5, KEPT), Logged::of_one(10, TRASHED)]);
}

#[test]
fn photos_chosen_with_ctrl_or_a_rectangle_are_decided_in_one_step() {
    let Some(desktop) = Desktop::start() else { return };
    let folder = photos::write(&desktop.path("shoot"), 18);
    let table = Table::open(&desktop, &folder, 18);
    desktop.xdotool(&["keydown", "ctrl"]);
    point(&table, 2, &["click", "1"]);
    point(&table, 4, &["click", "1"]);
    desktop.xdotool(&["keyup", "ctrl"]);
    desktop.keys(&["k"]);
    table.see_mark(2, KEEP);
    table.see_mark(4, KEEP);
    table.see_no_mark(3);
    desktop.keys(&["ctrl+z"]);
    table.see_no_mark(2);
    table.see_no_mark(4);
    desktop.xdotool(&["keydown", "shift"]);
    point(&table, 8, &["mousedown", "1"]);
    point(&table, 9, &[]);
    point(&table, 15, &["mouseup", "1"]);
    desktop.xdotool(&["keyup", "shift"]);
    desktop.keys(&["t"]);
    table.leave();
    let expect = [
        steps("do", &[2, 4], KEPT),
        steps("undo", &[2, 4], "{}"),
        steps("do", &[8, 9, 14, 15], TRASHED),
    ];
    assert_eq!(photos::log(&desktop.store()), expect);
}

#[test]
fn the_wheel_scrolls_and_the_menu_decides_on_what_it_was_opened_on() {
    let Some(desktop) = Desktop::start() else { return };
    let folder = photos::write(&desktop.path("shoot"), 48);
    let table = Table::open(&desktop, &folder, 18);
    // winit 0.30 tells an emulated notch twice, at the press and at the release, both ways
    // (https://github.com/rust-windowing/winit/pull/4386); a real wheel's once.
    point(&table, 7, &["click", "--repeat", "2", "5"]);
    let [_, before, ..] = table.places[13];
    desktop.see("photo 14 two notches higher, or four", |shot| {
        let [_, top, ..] = shot.find(photos::colour(14))?;
        [before.checked_sub(200), before.checked_sub(400)].contains(&Some(top)).then_some(())
    });
    desktop.xdotool(&["click", "--repeat", "2", "4"]);
    desktop.see("photo 14 where it was", |shot| {
        (shot.find(photos::colour(14))? == table.places[13]).then_some(())
    });
    point(&table, 7, &["click", "3"]);
    let [left, top, width, height] = table.places[6];
    let [x, y] = [left + width / 2 + FIVE_STARS_PX[0], top + height / 2 + FIVE_STARS_PX[1]];
    desktop.xdotool(&["mousemove", &x.to_string(), &y.to_string(), "click", "1"]);
    table.leave();
    assert_eq!(photos::log(&desktop.store()), [Logged::of_one(7, r#"{"stars":5}"#)]);
}
