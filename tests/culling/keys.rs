//! The keyboard: from a folder to decisions, and back to them after a restart.

use std::fs;
use std::time::Instant;

use super::desktop::Desktop;
use super::desktop::wait_for;
use super::photos;
use super::photos::Logged;
use super::table::CURRENT;
use super::table::KEEP;
use super::table::TRASH;
use super::table::Table;

const KEPT: &str = r#"{"verdict":"keep"}"#;
const TRASHED: &str = r#"{"verdict":"trash"}"#;

#[test]
fn decisions_of_one_run_are_there_in_the_next_and_can_be_taken_back() {
    let Some(desktop) = Desktop::start() else { return };
    let folder = photos::write(&desktop.path("shoot"), 12);
    let table = Table::open(&desktop, &folder, 12);
    // Six cells a row: keep 1, trash 2, three stars on 3, red on 4 (which goes nowhere), then one
    // to the right, down to 11, one to the left, and keep 10.
    desktop.keys(&["k", "t", "3", "6", "Right", "Down", "Left", "k"]);
    table.wait_for_steps(5);
    let expect =
        [(1, KEPT), (2, TRASHED), (3, r#"{"stars":3}"#), (4, r#"{"colour":"red"}"#), (10, KEPT)];
    let expect = expect.map(|(number, label)| (photos::name(number), label.to_owned()));
    assert_eq!(photos::labels(&desktop.store()), expect);
    let begin = Instant::now();
    let places = table.leave();
    assert!(begin.elapsed().as_secs() < 10, "leaving took {:?}", begin.elapsed());

    let table = Table::reopen(&desktop, &folder, places, (10, KEEP));
    table.see_mark(1, KEEP);
    table.see_mark(2, TRASH);
    table.see_no_mark(3);
    desktop.keys(&["ctrl+z"]);
    table.see_no_mark(10);
    desktop.keys(&["ctrl+shift+z"]);
    table.see_mark(10, KEEP);
    let log = table.wait_for_steps(7);
    let after = |act: &str, label: &str| Logged {
        act: act.into(),
        edits: vec![(photos::name(10), label.into())],
    };
    assert_eq!(log[5..], [after("undo", "{}"), after("redo", KEPT)]);
    table.leave();
    assert_eq!(photos::labels(&desktop.store()), expect);
}

#[test]
fn keys_that_are_faster_than_frames_decide_each_on_its_own_photo() {
    let Some(desktop) = Desktop::start() else { return };
    let folder = photos::write(&desktop.path("shoot"), 24);
    let table = Table::open(&desktop, &folder, 18);
    desktop.keys(&["k", "t"].repeat(10));
    let expect: Vec<_> =
        (1..=20).map(|number| Logged::of_one(number, [TRASHED, KEPT][number % 2])).collect();
    // All keys were pressed before this one, so all of them count.
    table.leave();
    assert_eq!(photos::log(&desktop.store()), expect);
}

#[test]
fn a_held_key_moves_on_and_on_but_decides_once() {
    let Some(desktop) = Desktop::start() else { return };
    let folder = photos::write(&desktop.path("shoot"), 9);
    let table = Table::open(&desktop, &folder, 9);
    let begin = Instant::now();
    desktop.xdotool(&["keydown", "Right"]);
    // The left side of the last cell, which this photo is as wide as.
    let [left, top, _, height] = table.places[8];
    let outline = [left - 6, top + height / 2];
    desktop.see("the outline at photo 9", |shot| shot.is(outline, CURRENT).then_some(()));
    desktop.xdotool(&["keyup", "Right"]);
    let held = begin.elapsed();
    desktop.keys(&["Home"]);
    desktop.xdotool(&["keydown", "k"]);
    let begin = Instant::now();
    // Not for its own sake: as long as it took the other key to repeat eight times.
    wait_for("the same time to pass", || (begin.elapsed() >= held).then_some(()));
    desktop.xdotool(&["keyup", "k"]);
    desktop.keys(&["t"]);
    table.leave();
    let log = photos::log(&desktop.store());
    assert_eq!(log, [Logged::of_one(1, KEPT), Logged::of_one(2, TRASHED)]);
}

#[test]
fn the_loupe_stays_at_its_zoom_while_keys_go_on() {
    let Some(desktop) = Desktop::start() else { return };
    let folder = photos::write_large(&desktop.path("shoot"), 3);
    let table = Table::open(&desktop, &folder, 3);
    let covers = |number: usize, is_whole: bool| {
        let what = format!("photo {number} large, over the whole screen: {is_whole}");
        desktop.see(&what, |shot| {
            let [left, _, width, height] = shot.find(photos::colour(number))?;
            let is_large = height > 700 && (left < 8) == is_whole && (width > 1260) == is_whole;
            is_large.then_some(())
        });
    };
    desktop.keys(&["Return"]);
    covers(1, false);
    desktop.keys(&["Right"]);
    covers(2, false);
    desktop.keys(&["z"]);
    covers(2, true);
    desktop.keys(&["k"]);
    covers(3, true);
    desktop.keys(&["Left"]);
    covers(2, true);
    desktop.keys(&["z"]);
    covers(2, false);
    desktop.keys(&["Return"]);
    table.see_mark(2, KEEP);
    table.leave();
    assert_eq!(photos::log(&desktop.store()), [Logged::of_one(2, KEPT)]);
}

#[test]
fn a_renamed_folder_keeps_its_decisions() {
    let Some(desktop) = Desktop::start() else { return };
    let folder = photos::write(&desktop.path("shoot"), 6);
    let table = Table::open(&desktop, &folder, 6);
    desktop.keys(&["k", "t"]);
    let places = table.leave();
    let renamed = desktop.path("wedding");
    fs::rename(&folder, &renamed).expect("the folder can be renamed");
    let table = Table::reopen(&desktop, &renamed, places, (1, KEEP));
    table.see_mark(2, TRASH);
    table.see_no_mark(3);
    desktop.keys(&["ctrl+z"]);
    table.see_no_mark(2);
    table.leave();
    let expect = [(photos::name(1), KEPT.to_owned())];
    assert_eq!(photos::labels(&desktop.store()), expect);
}
