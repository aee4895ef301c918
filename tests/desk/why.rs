//! The explanation of a photo: what it says while there is nothing to explain, what moved a probability, the
//! photos most like it, and that it follows the current photo and the model.

use rushlight::app::theme;
use rushlight::core::command::Command;
use rushlight::core::frame::RectPx;
use rushlight::core::label::Decision;

use crate::SMALL;
use crate::learn;
use crate::learn::is_good;
use crate::shoot::Shoot;
use crate::table;
use crate::table::Table;
use crate::table::holds;

/// Makes a photo the current one and waits for what is said about it.
fn ask(table: &mut Table, number: usize) {
    let photo = table.photo(number);
    table.command(Command::GoTo { photo });
    table.until("it is explained", |desk| is_explained(&lines(desk)));
}

fn lines(desk: &rushlight::app::desk::Desk) -> Vec<String> {
    let overlay = &desk.frame().overlay;
    overlay.lines.iter().map(|line| overlay.text_of(line).to_owned()).collect()
}

fn is_explained(lines: &[String]) -> bool {
    lines.iter().any(|line| line.starts_with("Why ") && line.ends_with(" %"))
}

/// Where the pictures in the panel lie.
fn pictures(table: &Table) -> Vec<RectPx> {
    let panel = theme::info_rect(table::WINDOW_PX, 1.0);
    let tiles = table.desk.frame().tiles.iter().map(|tile| tile.rect_px);
    tiles.filter(|rect| holds(panel, *rect)).collect()
}

/// The number of the photo whose name stands under a heading.
fn named_below(table: &Table, heading: &str) -> usize {
    let lines = table.lines();
    let at = lines.iter().position(|line| line == heading).expect("the heading is there");
    let digits: String = lines[at + 1].chars().filter(char::is_ascii_digit).collect();
    digits.parse().unwrap_or_else(|_| panic!("a name with a number: {:?}", lines[at + 1]))
}

#[test]
fn it_says_why_there_is_nothing_to_explain() {
    let shoot = Shoot::of(12, SMALL);
    let mut table = learn::table(&shoot);
    table.desk.toggle_why();
    table.show();
    assert!(table.says("Nothing is learned yet"), "{:?}", table.lines());
    learn::teach(&mut table, 0..9);
    // It may answer before the last decisions have reached it, and then once more.
    table.until("the teacher has answered", |desk| {
        let told = lines(desk).join(" ");
        told.contains("No photo has a probability yet")
            && told.contains("it learns from 9 of 10 decisions.")
    });
    assert!(pictures(&table).is_empty());
    table.close();
    let mut table = Table::ready(&shoot);
    table.desk.toggle_why();
    table.show();
    assert!(table.says("Learning is turned off"), "{:?}", table.lines());
    table.close();
}

#[test]
fn it_tells_what_moved_a_photo_and_which_are_like_it() {
    let shoot = Shoot::of(60, SMALL);
    let mut table = learn::table(&shoot);
    learn::teach(&mut table, 0..40);
    assert!(!table.says("Why "), "it is told on demand");
    table.desk.toggle_why();
    for number in [41, 44, 47, 50] {
        ask(&mut table, number);
        let because: Vec<String> =
            table.lines().into_iter().filter(|line| line.starts_with("It is ")).collect();
        assert!((1..=3).contains(&because.len()), "{because:?}");
        let keep = table.desk.outlook().and_then(|o| o.keep(table.photo(number)));
        let title = format!("Why {:.0} %", keep.expect("it has a probability") * 100.0);
        assert!(table.says(&title), "{title}: {:?}", table.lines());
        let [kept, trashed] = ["Nearest kept", "Nearest trashed"].map(|h| named_below(&table, h));
        assert!(is_good(kept) && kept < 40, "{kept}");
        assert!(!is_good(trashed) && trashed < 40, "{trashed}");
        table.until("both pictures are there", |desk| desk.frame().tiles.len() >= 2);
        assert_eq!(pictures(&table).len(), 2, "two small pictures");
    }
    // The photographer keeps what is bright: that is what it says.
    let light = (41..60).filter(|&number| {
        ask(&mut table, number);
        let words = if is_good(number) { "bright" } else { "dark" };
        let is_light = |line: &String| line.starts_with("It is ") && line.contains(words);
        table.lines().iter().any(is_light)
    });
    assert!(light.count() >= 12, "most are kept or trashed for their light");
    table.close();
}

#[test]
fn it_follows_what_is_decided_while_it_is_open() {
    let shoot = Shoot::of(60, SMALL);
    let mut table = learn::table(&shoot);
    learn::teach(&mut table, 0..30);
    table.desk.toggle_why();
    ask(&mut table, 50);
    assert!(!table.says("You have decided"), "{:?}", table.lines());
    table.command(Command::ToggleAutoAdvance);
    table.decide(if is_good(50) { Decision::Keep } else { Decision::Trash });
    table.until("the new model has answered", |desk| {
        lines(desk).iter().any(|line| line.contains("You have decided"))
    });
    assert_ne!(named_below(&table, "Nearest kept"), 50, "not the photo itself");
    assert_ne!(named_below(&table, "Nearest trashed"), 50, "not the photo itself");
    table.close();
}
