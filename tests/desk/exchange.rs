//! Random keys, filters and frames: whatever is exchanged under them, a decision reaches what the
//! last shown frame had it reach, and nothing is lost.

use std::collections::BTreeSet;
use std::time::Duration;

use proptest::prelude::*;
use rushlight::core::command::Command;
use rushlight::core::command::Direction;
use rushlight::core::label::Decision;
use rushlight::core::label::Label;
use rushlight::core::photo::PhotoId;
use rushlight::core::photo::Timestamp;
use rushlight::core::review::Stage;

use crate::SMALL;
use crate::shoot::Shoot;
use crate::table::Table;

const COUNT: usize = 14;

/// What may happen at the table.
#[derive(Debug, Clone)]
enum Event {
    Command(Command),
    Filter(&'static str),
    /// Opens the line, types, and closes it: kept or not.
    Line(&'static str, bool),
    Again,
    Sort,
    Turn,
    Compose,
    Present,
    /// Composes until the job has had its time, and shows nothing.
    Rest,
}

fn event() -> impl Strategy<Value = Event> {
    let filters = ["", "keep", "undecided", "not trash", "stars>=3 or keep", "p00", "nothing"];
    let decisions = [
        Decision::Keep,
        Decision::Trash,
        Decision::Clear,
        Decision::Stars(3),
        Decision::Tag("p00".into()),
    ];
    let moves = [
        Command::Move(Direction::Left),
        Command::Move(Direction::Right),
        Command::Move(Direction::Down),
        Command::Extend(Direction::Right),
        Command::SelectAll,
        Command::NextUndecided,
        Command::Open,
        Command::Back,
        Command::Undo,
        Command::Redo,
    ];
    prop_oneof![
        8 => prop::sample::select(decisions.to_vec()).prop_map(|d| Event::Command(Command::Decide(d))),
        8 => prop::sample::select(moves.to_vec()).prop_map(Event::Command),
        4 => prop::sample::select(filters.to_vec()).prop_map(Event::Filter),
        2 => (prop::sample::select(filters.to_vec()), any::<bool>()).prop_map(|(f, k)| Event::Line(f, k)),
        1 => Just(Event::Again),
        1 => Just(Event::Sort),
        1 => Just(Event::Turn),
        6 => Just(Event::Compose),
        9 => Just(Event::Present),
        6 => Just(Event::Rest),
    ]
}

fn labels(table: &Table) -> Vec<Label> {
    (0..COUNT as u32).map(|p| table.desk.review.label(PhotoId(p)).clone()).collect()
}

/// What a deciding key reaches on a frame.
fn reached(table: &Table) -> BTreeSet<PhotoId> {
    let review = &table.desk.review;
    if review.stage() == Stage::Grid && review.selected_count() > 0 {
        review.order().photos().iter().copied().filter(|&p| review.is_selected(p)).collect()
    } else {
        review.current().into_iter().collect()
    }
}

fn check(table: &Table) {
    let review = &table.desk.review;
    let (order, counts) = (review.order(), review.counts());
    assert_eq!(counts.total, COUNT, "the counts are the whole shoot's");
    assert_eq!(counts.kept + counts.trashed + counts.undecided, COUNT);
    assert_eq!(review.current_index().is_some(), !order.is_empty());
    let selected = order.photos().iter().filter(|&&p| review.is_selected(p)).count();
    assert_eq!(review.selected_count(), selected, "no key reaches what is not shown");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_exchange_changes_what_a_key_decides(events in prop::collection::vec(event(), 1..120)) {
        let shoot = Shoot::of(COUNT, SMALL);
        let mut table = Table::ready(&shoot);
        let mut composed = reached(&table);
        let mut presented = composed.clone();
        // Undo and redo reach what they once changed, wherever that is.
        let mut may_be_any = false;
        // Whether the person went elsewhere since the last frame was composed, and was shown.
        let (mut is_ahead_of_composed, mut is_ahead) = (false, false);
        for event in &events {
            let before = labels(&table);
            let history = [Command::Undo, Command::Redo];
            may_be_any &= table.desk.has_waiting();
            match event {
                Event::Command(command) => {
                    may_be_any |= history.contains(command);
                    // Whatever the job has exchanged: the photo on the screen is the one meant.
                    let is_aimed = command.is_deciding() && !is_ahead && !table.desk.has_waiting();
                    table.command(command.clone());
                    prop_assert!(!is_aimed || !table.desk.has_waiting(), "{:?} waits", command);
                    (is_ahead_of_composed, is_ahead) = (true, true);
                }
                Event::Filter(text) => table.desk.filter_by(text),
                Event::Line(text, is_kept) => {
                    table.desk.open_filter_line();
                    table.desk.edit_filter_line(|line| line.type_text(text));
                    table.compose();
                    composed = reached(&table);
                    match is_kept {
                        true => table.desk.confirm_filter_line(),
                        false => table.desk.cancel_filter_line(),
                    }
                    (is_ahead_of_composed, is_ahead) = (true, true);
                }
                Event::Again => table.desk.filter_again(),
                Event::Sort => table.desk.sort_next(Timestamp(0)),
                Event::Turn => table.desk.turn_sort(Timestamp(0)),
                Event::Compose => {
                    table.compose();
                    composed = reached(&table);
                    is_ahead_of_composed = false;
                }
                Event::Present => {
                    presented = composed.clone();
                    // A key that waited is taken now, and goes on to another photo.
                    is_ahead_of_composed |= table.desk.has_waiting();
                    is_ahead = is_ahead_of_composed;
                    table.present();
                }
                Event::Rest => {
                    for _ in 0..3 {
                        table.compose();
                        std::thread::sleep(Duration::from_millis(1));
                    }
                    composed = reached(&table);
                    is_ahead_of_composed = false;
                }
            }
            check(&table);
            let after = labels(&table);
            for photo in (0..COUNT as u32).map(PhotoId) {
                let has_changed = before[photo.index()] != after[photo.index()];
                prop_assert!(
                    !has_changed || may_be_any || presented.contains(&photo),
                    "{:?} changed {:?}, shown were {:?}", event, photo, presented
                );
            }
        }
        table.close();
    }
}
