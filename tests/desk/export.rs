//! The export panel at the desk: what is shown before it happens, and the way back.

use std::fs;

use rushlight::app::input::Key;
use rushlight::app::panel::Over;
use rushlight::app::panel::export::State;
use rushlight::core::label::Decision;
use rushlight::core::photo::Timestamp;

use crate::SMALL;
use crate::shoot::Shoot;
use crate::table::Table;

fn key(table: &mut Table, key: Key) {
    table.desk.export_key(Some(key), "", Timestamp(5));
    table.show();
}

/// Shows frames until the panel says so.
#[track_caller]
fn hear(table: &mut Table, words: &str) {
    let said = |over: &Over| match over {
        Over::Export(panel) => panel.said().join(" "),
        _ => String::new(),
    };
    table.until(&format!("it says {words:?}"), |desk| said(&desk.panels.over).contains(words));
    assert!(table.says(words), "the frame has it too: {:?}", table.lines());
}

fn count(shoot: &Shoot, folder: &str) -> usize {
    fs::read_dir(shoot.photos().with_file_name(folder)).map_or(0, Iterator::count)
}

#[test]
fn what_would_happen_is_shown_then_happens_and_is_taken_back() {
    let shoot = Shoot::of(6, SMALL);
    let mut table = Table::ready(&shoot);
    table.decide(Decision::Trash);
    table.show();
    table.desk.open_export();
    hear(&mut table, "no photos: kept");
    key(&mut table, Key::Enter);
    assert_eq!(count(&shoot, "selected"), 0, "there is nothing that Enter could do");
    key(&mut table, Key::Right);
    hear(&mut table, "copy 1 photo, 1 file, ");
    // Decided while the panel is open, by a key that waited for its frame.
    table.decide(Decision::Trash);
    hear(&mut table, "copy 2 photos, 2 files, ");
    key(&mut table, Key::Down);
    key(&mut table, Key::Right);
    hear(&mut table, "move 2 photos, 2 files, ");
    key(&mut table, Key::Down);
    table.desk.export_key(Some(Key::Char('2')), "2", Timestamp(5));
    hear(&mut table, "/selected2");
    key(&mut table, Key::Enter);
    hear(&mut table, "moved 2 photos");
    assert_eq!((count(&shoot, "photos"), count(&shoot, "selected2")), (4, 2));
    table.desk.export_chord(Key::Char('z'), Timestamp(6));
    hear(&mut table, "brought back 2 photos");
    assert_eq!((count(&shoot, "photos"), count(&shoot, "selected2")), (6, 0));
    key(&mut table, Key::Escape);
    assert_eq!(table.desk.panels.over, Over::Nothing);
    table.close();
}

#[test]
fn a_run_that_is_stopped_can_be_made_whole() {
    let shoot = Shoot::of(4, SMALL);
    let mut table = Table::ready(&shoot);
    (0..4).for_each(|_| {
        table.decide(Decision::Keep);
        table.show();
    });
    table.desk.open_export();
    hear(&mut table, "copy 4 photos");
    key(&mut table, Key::Enter);
    // It may be through already: the photos are small.
    key(&mut table, Key::Backspace);
    table.until("it has ended", |desk| match &desk.panels.over {
        Over::Export(panel) => matches!(panel.state(), State::Ended { .. }),
        _ => false,
    });
    key(&mut table, Key::Enter);
    table.until("there is a plan", |desk| match &desk.panels.over {
        Over::Export(panel) => matches!(panel.state(), State::Offered(_)),
        _ => false,
    });
    key(&mut table, Key::Enter);
    hear(&mut table, "copied 4 photos");
    assert_eq!(count(&shoot, "selected"), 4);
    table.close();
}

#[test]
fn copies_carry_what_is_decided_only_when_the_panel_says_so() {
    let shoot = Shoot::of(2, SMALL);
    let mut table = Table::ready(&shoot);
    table.decide(Decision::Keep);
    table.show();
    table.desk.open_export();
    hear(&mut table, "copy 1 photo, 1 file, ");
    (0..3).for_each(|_| key(&mut table, Key::Down));
    assert!(!table.says("JPEGs with what is decided in them"), "off by itself");
    key(&mut table, Key::Right);
    hear(&mut table, "JPEGs with what is decided in them");
    key(&mut table, Key::Enter);
    hear(&mut table, "copied 1 photo");
    let bytes = |folder| fs::read(shoot.photos().with_file_name(folder).join("p000.jpg")).unwrap();
    let holds =
        |bytes: &[u8], words: &str| bytes.windows(words.len()).any(|w| w == words.as_bytes());
    assert!(holds(&bytes("selected"), "digiKam:PickLabel=\"3\""));
    assert!(!holds(&bytes("photos"), "digiKam"), "the original stays as it is");
    table.close();
}

#[test]
fn lists_are_written_under_a_name_that_is_free() {
    let shoot = Shoot::of(3, SMALL);
    let mut table = Table::ready(&shoot);
    table.decide(Decision::Keep);
    table.show();
    table.decide(Decision::Trash);
    table.show();
    table.desk.open_export();
    key(&mut table, Key::Right);
    key(&mut table, Key::Right);
    key(&mut table, Key::Down);
    key(&mut table, Key::Left);
    hear(&mut table, "list 3 photos as paths in ");
    (0..2).for_each(|_| key(&mut table, Key::Down));
    key(&mut table, Key::Right);
    hear(&mut table, "list 3 photos as CSV in ");
    let file = shoot.photos().with_file_name("selected.csv");
    assert!(!file.exists(), "nothing happens before it is shown");
    key(&mut table, Key::Enter);
    hear(&mut table, "listed 3 photos in ");
    let text = fs::read_to_string(&file).expect("the list is there");
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines[0], "file,verdict,stars,colour,tags,by,at");
    let expect = ["p000.jpg,keep,0,,,person,", "p001.jpg,trash,0,,,person,", "p002.jpg,,0,,,,"];
    for (line, expect) in lines[1..].iter().zip(expect) {
        assert!(line.contains(expect), "{line} has {expect}");
    }
    assert_eq!(lines.len(), 4);
    assert!(!table.says("Ctrl Z brings them back"), "a list is not taken back");
    key(&mut table, Key::Enter);
    hear(&mut table, "there is a file of that name already");
    key(&mut table, Key::Enter);
    key(&mut table, Key::Right);
    hear(&mut table, "list 3 photos as JSON in ");
    key(&mut table, Key::Enter);
    hear(&mut table, "listed 3 photos in ");
    let text = fs::read_to_string(file.with_extension("json")).expect("the list is there");
    let row: serde_json::Value = text.lines().nth(1).expect("three rows").parse().expect("JSON");
    assert_eq!((&row["verdict"], &row["companions"]), (&"trash".into(), &serde_json::json!([])));
    table.close();
}
