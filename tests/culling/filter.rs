//! Filters at the real window: typed, decided upon, taken away again.

use super::desktop::Desktop;
use super::photos;
use super::photos::Logged;
use super::table::CURRENT;
use super::table::KEEP;
use super::table::TRASH;
use super::table::Table;

const KEPT: &str = r#"{"verdict":"keep"}"#;
const TRASHED: &str = r#"{"verdict":"trash"}"#;

/// Waits until only these photos are on the screen; the first of them lies where the first one did.
#[track_caller]
fn see_only(table: &Table<'_>, shown: &[usize], hidden: &[usize]) {
    let [left, top, ..] = table.places[0];
    let what = format!("{shown:?} on the screen and {hidden:?} not");
    let (wanted, unwanted): (Vec<_>, Vec<_>) = (
        shown.iter().map(|&n| photos::colour(n)).collect(),
        hidden.iter().map(|&n| photos::colour(n)).collect(),
    );
    table.desktop.see(&what, |shot| {
        let places: Vec<[u32; 4]> = shot.find_all(&wanted).into_iter().collect::<Option<_>>()?;
        let is_first = places.first().is_none_or(|p| p[..2] == [left, top]);
        let is_gone = shot.find_all(&unwanted).iter().all(Option::is_none);
        (is_first && is_gone).then_some(())
    });
}

#[test]
fn a_typed_filter_shows_its_photos_and_keys_decide_about_them() {
    let Some(desktop) = Desktop::start() else { return };
    let folder = photos::write(&desktop.path("shoot"), 12);
    let table = Table::open(&desktop, &folder, 12);
    // Keep 1, trash 2, keep 3.
    desktop.keys(&["k", "t", "k"]);
    table.wait_for_steps(3);
    desktop.keys(&["slash", "k", "e", "e", "p"]);
    see_only(&table, &[1, 3], &[2, 4, 5, 12]);
    // A half-typed term is no reason to lose the photos, nor does Enter take it.
    desktop.keys(&["space", "s", "t", "a", "r", "s", "greater", "Return"]);
    see_only(&table, &[1, 3], &[2, 4, 5, 12]);
    desktop.keys(&["ctrl+BackSpace", "Return"]);
    // Nearest to 4, where the filter was begun, is 3: it goes.
    desktop.keys(&["t"]);
    let log = table.wait_for_steps(4);
    assert_eq!(log[3], Logged::of_one(3, TRASHED));
    desktop.keys(&["F5"]);
    // The upper side of the first cell, which this photo is as high as.
    let [left, top, width, _] = table.places[0];
    let outline = [left + width / 2, top - 6];
    desktop.see("the outline at photo 1", |shot| shot.is(outline, CURRENT).then_some(()));
    // The only one left gets a star, then Escape brings all photos back to their places.
    desktop.keys(&["3"]);
    table.wait_for_steps(5);
    desktop.keys(&["Escape"]);
    table.see_mark(1, KEEP);
    table.see_mark(2, TRASH);
    table.see_mark(3, TRASH);
    // Trashed ones by their key, and all again by theirs.
    desktop.keys(&["ctrl+2"]);
    desktop.see("12 gone", |shot| shot.find(photos::colour(12)).is_none().then_some(()));
    desktop.keys(&["ctrl+0"]);
    desktop.see("12 back", |shot| shot.find(photos::colour(12)));
    table.leave();
    let expect = [(1, r#"{"verdict":"keep","stars":3}"#), (2, TRASHED), (3, TRASHED)];
    let expect = expect.map(|(number, label)| (photos::name(number), label.to_owned()));
    assert_eq!(photos::labels(&desktop.store()), expect);
    assert_eq!(photos::log(&desktop.store())[0], Logged::of_one(1, KEPT));
}
