//! Keys that come before the frame that they were meant for: which of them wait, and that all are taken.

use rushlight::core::command::Command;
use rushlight::core::command::Direction;
use rushlight::core::label::Decision;

use crate::RIGHT;
use crate::SMALL;
use crate::shoot::Shoot;
use crate::table::Table;
use crate::verdicts;

#[test]
fn a_decision_waits_until_its_photo_has_been_shown() {
    let shoot = Shoot::of(4, SMALL);
    let mut table = Table::ready(&shoot);
    table.command(RIGHT);
    table.decide(Decision::Keep);
    assert_eq!((verdicts(&table), table.desk.unsaved_count()), ("....".into(), 1));
    table.compose();
    assert_eq!(verdicts(&table), "....", "composed is not shown");
    assert!(table.is_outlined(1), "the frame composed next has the new current photo");
    assert!(table.present(), "the key waited for the frame");
    assert_eq!((verdicts(&table), table.current()), (".k..".into(), Some(2)));
    table.close();
}

#[test]
fn a_decision_waits_until_its_selection_has_been_shown() {
    let shoot = Shoot::of(4, SMALL);
    let mut table = Table::ready(&shoot);
    table.command(Command::SelectAll);
    table.decide(Decision::Trash);
    assert_eq!(verdicts(&table), "....", "no frame has shown the selection");
    table.show();
    assert_eq!(verdicts(&table), "tttt");
    // The same photo, but in the loupe a key reaches it alone, and in the grid all again.
    table.command(Command::Open);
    table.show();
    table.command(Command::Back);
    table.decide(Decision::Keep);
    assert_eq!(verdicts(&table), "tttt", "no frame has shown the grid");
    table.show();
    assert_eq!(verdicts(&table), "kkkk");
    table.close();
}

#[test]
fn twenty_fast_keys_decide_twenty_photos_in_twenty_frames() {
    let shoot = Shoot::of(25, SMALL);
    let mut table = Table::ready(&shoot);
    let keys: String = "kttkt".repeat(4);
    for key in keys.chars() {
        table.decide(if key == 'k' { Decision::Keep } else { Decision::Trash });
    }
    for frame in 1..=20 {
        let counts = table.desk.review.counts();
        assert_eq!(counts.kept + counts.trashed, frame, "after {frame} frames");
        table.show();
    }
    assert_eq!(verdicts(&table), keys + ".....");
    assert!(!table.desk.has_waiting());
    table.close();
}

#[test]
fn keys_behind_a_waiting_one_wait_too() {
    let shoot = Shoot::of(6, SMALL);
    let mut table = Table::ready(&shoot);
    table.decide(Decision::Keep);
    table.decide(Decision::Trash);
    table.command(Command::Move(Direction::End));
    table.decide(Decision::Keep);
    assert_eq!((verdicts(&table), table.current()), ("k.....".into(), Some(1)));
    table.show();
    assert_eq!((verdicts(&table), table.current()), ("kt....".into(), Some(5)));
    table.show();
    assert_eq!(verdicts(&table), "kt...k");
    table.close();
}

#[test]
fn a_key_that_changes_nothing_holds_up_none_behind_it() {
    let shoot = Shoot::of(1, SMALL);
    let mut table = Table::ready(&shoot);
    for decision in [Decision::Trash, Decision::Trash, Decision::Keep] {
        table.decide(decision);
    }
    table.compose();
    assert!(table.present(), "a key still waits, and nothing else asks for its frame");
    assert_eq!(verdicts(&table), "t");
    table.compose();
    assert!(table.present());
    assert_eq!(verdicts(&table), "k");
    table.close();
}

#[test]
fn keys_that_wait_when_the_desk_is_closed_count() {
    let shoot = Shoot::of(3, SMALL);
    let mut table = Table::ready(&shoot);
    table.decide(Decision::Keep);
    table.decide(Decision::Trash);
    table.close();
    assert_eq!(verdicts(&Table::ready(&shoot)), "kt.");
}
