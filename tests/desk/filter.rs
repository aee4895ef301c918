//! Filters and sorts at the desk: what is shown, what a key reaches meanwhile, and what Escape goes
//! back to.

use rushlight::app::desk::Desk;
use rushlight::app::panel::FilterLine;
use rushlight::app::panel::Over;
use rushlight::core::command::Command;
use rushlight::core::command::Direction;
use rushlight::core::label::Decision;
use rushlight::core::photo::Timestamp;
use rushlight::core::review::Stage;

use crate::RIGHT;
use crate::SMALL;
use crate::shoot::Shoot;
use crate::table::Table;
use crate::verdicts;

/// Ten photos, of which 1, 4, 5 and 8 are kept, with the second one current.
fn table() -> (Shoot, Table) {
    let shoot = Shoot::of(10, SMALL);
    let mut table = Table::ready(&shoot);
    table.command(Command::ToggleAutoAdvance);
    for number in [1, 4, 5, 8] {
        go_to(&mut table, number);
        table.decide(Decision::Keep);
    }
    go_to(&mut table, 2);
    table.command(Command::ToggleAutoAdvance);
    table.show();
    (shoot, table)
}

/// Moves to a number that is shown.
fn go_to(table: &mut Table, number: usize) {
    table.command(Command::Move(Direction::Home));
    let steps = table.order().iter().position(|&n| n == number).expect("it is shown");
    (0..steps).for_each(|_| table.command(RIGHT));
    table.show();
}

/// Shows frames until these are shown.
#[track_caller]
fn see(table: &mut Table, numbers: &[usize]) {
    let photos: Vec<_> = numbers.iter().map(|&n| table.photo(n)).collect();
    let what = format!("{numbers:?} are shown");
    table.until(&what, |desk| desk.review.order().photos() == photos);
}

fn type_in(table: &mut Table, text: &str) {
    table.desk.edit_filter_line(|line| line.type_text(text));
}

fn diagnostics(table: &Table) -> usize {
    match &table.desk.panels.over {
        Over::FilterLine(line) => line.reading.diagnostics.len(),
        _ => panic!("the line is closed"),
    }
}

#[test]
fn a_filter_is_shown_as_it_is_typed_and_kept_by_enter() {
    let (_shoot, mut table) = table();
    table.desk.open_filter_line();
    type_in(&mut table, "keep");
    see(&mut table, &[1, 4, 5, 8]);
    type_in(&mut table, " p005");
    see(&mut table, &[5]);
    assert_eq!(table.current(), Some(5));
    for _ in 0..5 {
        table.desk.edit_filter_line(FilterLine::backspace);
    }
    see(&mut table, &[1, 4, 5, 8]);
    assert_eq!(table.current(), Some(1), "the nearest to where the line was opened");
    assert!(table.says("keep▏"), "{:?}", table.lines());
    table.desk.confirm_filter_line();
    table.show();
    assert_eq!(table.desk.panels.over, Over::Nothing);
    for words in ["10 photos", "4 kept", "6 undecided", "keep   4 of 10 shown   1 of 4"] {
        assert!(table.says(words), "{words}: {:?}", table.lines());
    }
    table.command(Command::Back);
    see(&mut table, &(0..10).collect::<Vec<_>>());
    assert_eq!(table.current(), Some(1), "it matches still");
    assert!(!table.says("shown"), "{:?}", table.lines());
    table.close();
}

#[test]
fn a_mistake_is_told_and_loses_neither_view_nor_line() {
    let (_shoot, mut table) = table();
    table.desk.open_filter_line();
    type_in(&mut table, "keep");
    see(&mut table, &[1, 4, 5, 8]);
    type_in(&mut table, " p<2");
    table.show();
    table.show();
    assert_eq!((table.order(), diagnostics(&table)), (vec![1, 4, 5, 8], 1));
    assert!(table.says("p is written as in p<0.2"), "{:?}", table.lines());
    table.desk.confirm_filter_line();
    assert_eq!(diagnostics(&table), 1, "Enter leaves a mistake where it is seen");
    table.desk.edit_filter_line(FilterLine::backspace_word);
    table.show();
    assert!(!table.says("not known yet"), "{:?}", table.lines());
    table.desk.confirm_filter_line();
    assert_eq!((table.desk.filter_text(), &table.desk.panels.over), ("keep", &Over::Nothing));
    table.close();
}

#[test]
fn escape_in_the_line_brings_back_what_was_before() {
    let (_shoot, mut table) = table();
    table.desk.filter_by("undecided");
    see(&mut table, &[0, 2, 3, 6, 7, 9]);
    go_to(&mut table, 6);
    table.command(Command::Extend(Direction::Right));
    table.command(Command::Open);
    table.show();
    table.desk.open_filter_line();
    type_in(&mut table, " nothing like it");
    see(&mut table, &[]);
    assert!(table.says("No photo matches") && table.says("0 of 10 shown"), "{:?}", table.lines());
    assert_eq!((table.current(), table.desk.review.reach()), (None, 0));
    table.desk.cancel_filter_line();
    table.show();
    assert_eq!(table.order(), [0, 2, 3, 6, 7, 9]);
    let review = &table.desk.review;
    assert_eq!((table.current(), review.selected_count()), (Some(7), 2));
    assert_eq!((review.stage(), table.desk.filter_text()), (Stage::Loupe, "undecided"));
    // Out of the loupe, then the selection, then the filter.
    for (stage, selected, filter) in
        [(Stage::Grid, 2, "undecided"), (Stage::Grid, 0, "undecided"), (Stage::Grid, 0, "")]
    {
        table.command(Command::Back);
        table.show();
        let review = &table.desk.review;
        assert_eq!((review.stage(), review.selected_count()), (stage, selected));
        assert_eq!(table.desk.filter_text(), filter);
    }
    table.close();
}

#[test]
fn an_order_that_was_on_its_way_comes_when_the_line_is_left() {
    let (_shoot, mut table) = table();
    table.desk.filter_by("keep");
    table.compose();
    table.desk.open_filter_line();
    type_in(&mut table, " x");
    table.desk.cancel_filter_line();
    see(&mut table, &[1, 4, 5, 8]);
    table.close();
}

#[test]
fn what_is_decided_stays_until_it_is_filtered_again_and_is_passed_over() {
    let (_shoot, mut table) = table();
    table.desk.filter_by("undecided");
    see(&mut table, &[0, 2, 3, 6, 7, 9]);
    assert_eq!(table.current(), Some(2));
    table.decide(Decision::Keep);
    table.show();
    table.decide(Decision::Trash);
    table.show();
    assert_eq!((table.order(), table.current()), (vec![0, 2, 3, 6, 7, 9], Some(6)));
    table.until("the decisions are saved", |desk| desk.unsaved_count() == 0);
    table.show();
    assert!(table.says("2 changed, F5 filters again"), "{:?}", table.lines());
    assert!(table.says("undecided   6 of 10 shown   4 of 6"), "{:?}", table.lines());
    go_to(&mut table, 0);
    table.decide(Decision::Keep);
    table.show();
    assert_eq!(table.current(), Some(6), "2 and 3 are decided");
    table.command(Command::Undo);
    table.show();
    assert_eq!(table.current(), Some(0));
    table.until("the step is saved", |desk| desk.unsaved_count() == 0);
    table.show();
    assert!(table.says("2 changed"), "0 matches again: {:?}", table.lines());
    table.desk.filter_again();
    see(&mut table, &[0, 6, 7, 9]);
    assert!(!table.says("changed"), "{:?}", table.lines());
    table.close();
}

#[test]
fn what_is_decided_right_after_a_filter_is_asked_for_stays_too() {
    let (_shoot, mut table) = table();
    table.desk.filter_by("undecided");
    table.decide(Decision::Keep);
    assert_eq!(verdicts(&table), ".kk.kk..k.");
    see(&mut table, &[0, 2, 3, 6, 7, 9]);
    assert_eq!((table.current(), table.desk.review.stale_count()), (Some(3), 1));
    table.close();
}

#[test]
fn what_is_undone_comes_back_into_sight() {
    let (_shoot, mut table) = table();
    table.desk.filter_by("undecided");
    see(&mut table, &[0, 2, 3, 6, 7, 9]);
    table.decide(Decision::Keep);
    table.show();
    table.desk.filter_again();
    see(&mut table, &[0, 3, 6, 7, 9]);
    table.command(Command::Undo);
    see(&mut table, &[0, 2, 3, 6, 7, 9]);
    assert_eq!(table.current(), Some(2));
    table.show();
    // Made again, it goes where the filter does not look: at least that is said.
    table.desk.filter_by("undecided p003");
    see(&mut table, &[3]);
    table.command(Command::Redo);
    table.until("the hidden step is told", |desk| {
        let overlay = &desk.frame().overlay;
        overlay.lines.iter().any(|l| overlay.text_of(l).contains("photos that the filter hides"))
    });
    assert_eq!(verdicts(&table), ".kk.kk..k.");
    table.close();
}

/// Composes frames without showing them until the order is another one.
fn exchange(table: &mut Table) {
    let before = table.order();
    let begin = std::time::Instant::now();
    while table.order() == before {
        table.compose();
        assert!(begin.elapsed().as_secs() < 30, "the order is not exchanged");
        std::thread::sleep(std::time::Duration::from_millis(1));
    }
}

#[test]
fn a_key_that_comes_before_the_exchanged_order_is_shown_reaches_what_was_shown() {
    let (_shoot, mut table) = table();
    assert_eq!(table.current(), Some(2));
    table.desk.filter_by("keep");
    exchange(&mut table);
    assert_eq!(table.current(), Some(1), "composed, but not shown");
    table.decide(Decision::Trash);
    assert_eq!(verdicts(&table), ".kt.kk..k.", "2 was on the screen");
    see(&mut table, &[1, 4, 5, 8]);
    table.decide(Decision::Trash);
    assert_eq!(verdicts(&table), ".kt.tk..k.", "4 was next to 3, where the key had gone on to");
    table.close();
}

#[test]
fn a_key_for_a_selection_reaches_all_of_it_or_what_is_left_and_shown() {
    let (_shoot, mut table) = table();
    go_to(&mut table, 3);
    table.command(Command::Extend(Direction::Right));
    table.show();
    table.desk.filter_by("keep");
    exchange(&mut table);
    table.decide(Decision::Stars(3));
    assert_eq!([3, 4].map(|n| table.label(n).stars), [3, 3], "both were shown as selected");
    see(&mut table, &[1, 4, 5, 8]);
    assert_eq!(table.desk.review.selected_count(), 1, "3 is not seen any more");
    table.decide(Decision::Stars(5));
    assert_eq!([3, 4].map(|n| table.label(n).stars), [3, 5]);
    table.close();
}

#[test]
fn a_key_that_waits_holds_the_exchange_back() {
    let (_shoot, mut table) = table();
    table.command(RIGHT);
    table.decide(Decision::Trash);
    assert!(table.desk.has_waiting(), "3 has not been shown");
    table.desk.filter_by("keep");
    for _ in 0..50 {
        table.compose();
        std::thread::sleep(std::time::Duration::from_millis(1));
    }
    assert_eq!((table.order().len(), table.current()), (10, Some(3)));
    table.present();
    assert_eq!(verdicts(&table), ".k.tkk..k.");
    see(&mut table, &[1, 4, 5, 8]);
    table.close();
}

#[test]
fn a_key_on_a_frame_composed_before_the_exchange_and_shown_after_it_waits_for_no_other() {
    let (_shoot, mut table) = table();
    table.command(RIGHT);
    table.compose();
    table.desk.filter_by("keep");
    let shown = table.desk.review.aim();
    while table.desk.review.aim() == shown {
        table.desk.take_news(Timestamp(0));
        std::thread::sleep(std::time::Duration::from_millis(1));
    }
    table.present();
    table.decide(Decision::Trash);
    assert_eq!(verdicts(&table), ".k.tkk..k.", "3 is on the screen");
    table.close();
}

#[test]
fn a_key_that_comes_while_nothing_is_shown_reaches_nothing() {
    let (_shoot, mut table) = table();
    table.desk.filter_by("trash");
    see(&mut table, &[]);
    table.show();
    table.desk.filter_by("");
    exchange(&mut table);
    table.decide(Decision::Trash);
    (0..3).for_each(|_| table.show());
    assert_eq!(verdicts(&table), ".k..kk..k.", "the screen was empty when the key came");
    table.close();
}

#[test]
fn keys_before_the_frame_do_not_hide_where_the_person_goes() {
    let (_shoot, mut table) = table();
    table.desk.filter_by("keep");
    exchange(&mut table);
    // A move is the person's own: the key behind it is for where it leads.
    table.command(RIGHT);
    table.decide(Decision::Trash);
    assert_eq!(verdicts(&table), ".k..kk..k.", "nobody has seen 4 as the current one");
    table.show();
    assert_eq!(verdicts(&table), ".k..tk..k.");
    table.close();
}

#[test]
fn sorts_go_round_and_turn_and_say_so() {
    let shoot = Shoot::new();
    (0..6).for_each(|number| shoot.add(number, SMALL, Some((number as i64 * 7 % 5) * 60)));
    let mut table = Table::ready(&shoot);
    assert_eq!(table.order(), [0, 5, 3, 1, 4, 2]);
    go_to(&mut table, 3);
    table.command(Command::ToggleAutoAdvance);
    table.decide(Decision::Stars(4));
    table.show();
    let now = Timestamp(i64::MAX / 2);
    let next: fn(&mut Desk, Timestamp) = Desk::sort_next;
    let turn: fn(&mut Desk, Timestamp) = Desk::turn_sort;
    for (sort, words, expect) in [
        (turn, "by time, last first", [2, 4, 1, 3, 5, 0]),
        (next, "by name", [0, 1, 2, 3, 4, 5]),
        (turn, "by name, Z to A", [5, 4, 3, 2, 1, 0]),
        (next, "by stars", [3, 0, 5, 1, 4, 2]),
        (turn, "by stars, fewest first", [0, 5, 1, 4, 2, 3]),
        // Nothing has been learned: all are equally probable.
        (next, "by probability", [0, 5, 3, 1, 4, 2]),
        // All are equally plain.
        (next, "by sharpness", [0, 5, 3, 1, 4, 2]),
        (next, "by time", [0, 5, 3, 1, 4, 2]),
    ] {
        sort(&mut table.desk, now);
        see(&mut table, &expect);
        assert_eq!(table.current(), Some(3), "{words}");
        assert!(table.says(&format!("sorted {words}")), "{words}: {:?}", table.lines());
    }
    table.close();
}

#[test]
fn another_shoot_begins_without_a_filter() {
    let (first, second) = (Shoot::of(3, SMALL), Shoot::of(2, SMALL));
    let mut table = Table::ready(&first);
    table.desk.filter_by("keep");
    see(&mut table, &[]);
    table.lay(&second, std::sync::Arc::new(|| {}));
    table.settle();
    assert_eq!((table.order(), table.desk.filter_text()), (vec![0, 1], ""));
    table.close();
}

#[test]
fn labels_of_earlier_runs_are_found_when_they_come() {
    let shoot = Shoot::of(4, SMALL);
    let mut table = Table::ready(&shoot);
    table.decide(Decision::Keep);
    table.show();
    table.close();
    let mut table = Table::open(&shoot);
    table.desk.filter_by("keep");
    table.until("the stored decision is found", |desk| {
        desk.is_restored() && desk.review.order().len() == 1
    });
    assert_eq!(table.order(), [0]);
    table.close();
}
