//! The light table without a display: what a key binds to, what the next frame shows, and what the
//! store is told. Which picture stands where is looked at in `pictures`.

mod audit;
mod device;
mod exchange;
mod export;
mod filter;
mod flight;
mod held;
mod imported;
mod learn;
mod narrow;
mod overlays;
mod pictures;
mod place;
mod rest;
mod second;
mod sharp;
#[path = "../support/shoot.rs"]
mod shoot;
mod strip;
#[path = "../support/table.rs"]
mod table;
mod waits;
mod why;

use std::fs;
use std::sync::Arc;
use std::sync::Condvar;
use std::sync::Mutex;
use std::thread;
use std::time::Duration;

use rushlight::app::theme;
use rushlight::core::command::Command;
use rushlight::core::command::Direction;
use rushlight::core::label::Decision;
use rushlight::core::label::Verdict;
use rushlight::core::review::Stage;
use rusqlite::Connection;

use shoot::Shoot;
use table::Badge;
use table::Table;
use table::is_worker;

const SMALL: [u32; 2] = [48, 32];
const RIGHT: Command = Command::Move(Direction::Right);

/// The verdicts by number: `k` keep, `t` trash, `.` neither.
fn verdicts(table: &Table) -> String {
    let letter = |number| match table.label(number).verdict {
        Verdict::Keep => 'k',
        Verdict::Trash => 't',
        Verdict::Undecided => '.',
    };
    (0..table.desk.board().photo_count()).map(letter).collect()
}

#[test]
fn a_badge_is_hollow_until_the_store_has_committed_it() {
    let shoot = Shoot::of(6, SMALL);
    let mut table = Table::ready(&shoot);
    let other = Connection::open(shoot.store().join("decisions.sqlite")).expect("the store exists");
    other.execute_batch("BEGIN IMMEDIATE").expect("nobody writes");
    table.decide(Decision::Keep);
    table.show();
    assert_eq!(table.badge(0), Some(Badge::Hollow(theme::KEEP)));
    assert_eq!(table.badge(1), None);
    assert!(table.says("1 kept") && table.says("5 undecided"), "{:?}", table.lines());
    assert!(!table.says("being saved"), "one decision is no queue: {:?}", table.lines());
    table.decide(Decision::Trash);
    table.show();
    assert_eq!(table.badge(1), Some(Badge::Hollow(theme::TRASH)));
    for _ in 0..2 {
        table.decide(Decision::Keep);
        table.show();
    }
    assert!(table.says("4 decisions are being saved"), "{:?}", table.lines());
    other.execute_batch("COMMIT").expect("the lock is ours");
    table.until("all are saved", |desk| desk.unsaved_count() == 0);
    table.show();
    assert_eq!(table.badge(0), Some(Badge::Solid(theme::KEEP)));
    assert_eq!(table.badge(1), Some(Badge::Solid(theme::TRASH)));
    assert!(!table.says("being saved"), "{:?}", table.lines());
    table.close();
}

#[test]
fn names_come_first_then_times_and_the_current_photo_stays_under_the_eye() {
    // More headers than all workers read in one go each, so that the gate holds the order back.
    let cores = thread::available_parallelism().map_or(2, usize::from);
    let count = 64 * (cores + 1);
    let shoot = Shoot::new();
    (0..count).for_each(|n| shoot.add(n, [8, 8], Some((count - n) as i64 * 60)));
    let gate = Arc::new((Mutex::new(false), Condvar::new()));
    let held = Arc::clone(&gate);
    let mut table = Table::empty(8);
    table.lay(
        &shoot,
        Arc::new(move || {
            if is_worker() {
                let is_open = held.0.lock().expect("nobody panics in the gate");
                drop(held.1.wait_while(is_open, |open| !*open));
            }
        }),
    );
    table.until("every name is known", |desk| desk.review.order().len() == count);
    assert_eq!(table.order(), (0..count).collect::<Vec<_>>());
    for _ in 0..count / 24 {
        table.command(Command::Move(Direction::PageDown));
    }
    table.command(RIGHT);
    table.show();
    let current = table.current().expect("there are photos");
    let y_px = table.cell(current)[1];
    assert!(!table.desk.review.order().is_by_time(), "the gate holds");
    *gate.0.lock().expect("nobody panics in the gate") = true;
    gate.1.notify_all();
    table.settle();
    assert_eq!(table.order(), (0..count).rev().collect::<Vec<_>>());
    assert_eq!((table.current(), table.cell(current)[1]), (Some(current), y_px));
    table.close();
}

#[test]
fn the_status_line_tells_counts_reach_and_place() {
    let shoot = Shoot::of(5, SMALL);
    let mut table = Table::ready(&shoot);
    table.decide(Decision::Keep);
    table.show();
    table.decide(Decision::Trash);
    table.until("the decisions are saved", |desk| desk.unsaved_count() == 0);
    for words in ["5 photos", "1 kept", "1 trashed", "3 undecided", "3 of 5"] {
        assert!(table.says(words), "{words}: {:?}", table.lines());
    }
    assert!(!table.says("reaches"));
    table.command(Command::Extend(Direction::Right));
    table.command(Command::Extend(Direction::Right));
    table.show();
    assert!(table.says("reaches 3 selected photos"), "{:?}", table.lines());
    table.command(Command::Open);
    table.show();
    assert!(!table.says("reaches"), "in the loupe a key reaches what is seen");
    table.close();
}

#[test]
fn a_broken_photo_says_so_and_the_rest_goes_on() {
    let shoot = Shoot::of(3, SMALL);
    shoot.add_broken(3);
    let mut table = Table::ready(&shoot);
    assert_eq!(table.desk.frame().tiles.len(), 3);
    assert!(table.says("cannot be shown"), "{:?}", table.lines());
    assert!(table.says("1 cannot be shown"), "{:?}", table.lines());
    table.command(Command::Move(Direction::End));
    table.command(Command::Open);
    table.show();
    let photo = table.photo(3);
    let fault = table.desk.board().slot(photo).and_then(|s| s.fault()).map(str::to_owned);
    let fault = fault.expect("a file that is no picture has a fault");
    assert!(table.says(&fault), "{:?}", table.lines());
    table.desk.toggle_info();
    table.show();
    // The loupe says it in one line, the panel in as many as it needs.
    let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    let begin = table.lines().iter().position(|line| line == "Trouble").expect("the panel says it");
    let told = words(&table.lines()[begin + 1..].join(" "));
    assert_eq!(told[0], words(&fault)[0]);
    assert!(words(&fault).iter().all(|word| told.iter().any(|t| word.contains(t.as_str()))));
    table.close();
}

#[test]
fn the_information_stands_beside_the_photos() {
    let shoot = Shoot::of(12, SMALL);
    let mut table = Table::ready(&shoot);
    let right = |table: &Table| {
        let cells = (0..12).map(|number| table.cell(number)).map(|cell| cell[0] + cell[2]);
        cells.fold(0.0, f32::max)
    };
    let before = right(&table);
    table.desk.toggle_info();
    table.settle();
    let panel = theme::info_rect(table::WINDOW_PX, 1.0);
    assert!(before > panel[0], "a column of cells had to make room");
    assert!(right(&table) <= panel[0], "{} of {panel:?}", right(&table));
    table.desk.toggle_info();
    table.show();
    assert_eq!(right(&table), before);
    table.close();
}

#[test]
fn an_empty_folder_is_called_one() {
    let mut table = Table::empty(8);
    table.show();
    assert!(table.says("Drop a folder of photos here"), "{:?}", table.lines());
    let shoot = Shoot::new();
    table.lay(&shoot, Arc::new(|| {}));
    table.until("the folder is listed", |desk| desk.is_restored() && desk.is_sorted());
    table.show();
    assert!(table.says("No photos here"), "{:?}", table.lines());
    // Keys find nothing to decide on, and do not stand in the way of leaving.
    table.decide(Decision::Keep);
    table.command(RIGHT);
    table.show();
    assert!(!table.desk.has_waiting() && table.desk.unsaved_count() == 0);
    table.close();
}

#[test]
fn a_store_that_cannot_be_opened_is_told_and_the_table_goes_on() {
    let shoot = Shoot::of(2, SMALL);
    fs::write(shoot.store(), b"in the way").expect("room on the disk");
    let mut table = Table::open(&shoot);
    table.settle();
    assert!(table.says("cannot write the file"), "{:?}", table.lines());
    table.decide(Decision::Keep);
    table.show();
    assert_eq!(table.badge(0), Some(Badge::Hollow(theme::KEEP)));
    // Out of the way again, the decision is saved after all.
    fs::remove_file(shoot.store()).expect("the file is ours");
    table.until("the store works", |desk| desk.unsaved_count() == 0);
    table.show();
    assert_eq!(table.badge(0), Some(Badge::Solid(theme::KEEP)));
    table.close();
}

#[test]
fn two_desks_see_each_others_decisions() {
    let shoot = Shoot::of(3, SMALL);
    let (mut one, mut two) = (Table::ready(&shoot), Table::ready(&shoot));
    one.decide(Decision::Keep);
    one.until("the decision is saved", |desk| desk.unsaved_count() == 0);
    two.until("the other's decision is here", |desk| desk.review.counts().kept == 1);
    assert_eq!((verdicts(&two), two.current()), ("k..".into(), Some(0)));
    two.show();
    assert_eq!(two.badge(0), Some(Badge::Solid(theme::KEEP)));
    two.decide(Decision::Trash);
    one.until("the answer is here", |desk| desk.review.counts().trashed == 1);
    assert_eq!(verdicts(&one), "t..");
    one.close();
    two.close();
}

#[test]
fn undo_and_redo_go_on_where_the_last_run_ended() {
    let shoot = Shoot::of(3, SMALL);
    let mut table = Table::ready(&shoot);
    for decision in [Decision::Keep, Decision::Trash] {
        table.decide(decision);
        table.show();
    }
    table.close();
    let mut table = Table::ready(&shoot);
    assert_eq!(verdicts(&table), "kt.");
    table.command(Command::Undo);
    assert_eq!(verdicts(&table), "k..");
    table.close();
    let mut table = Table::ready(&shoot);
    assert_eq!((verdicts(&table), table.desk.review.can_redo()), ("k..".into(), true));
    table.command(Command::Redo);
    assert_eq!(verdicts(&table), "kt.");
    table.close();
}

#[test]
fn another_shoot_takes_the_place_of_the_first_and_loses_none_of_its_decisions() {
    let (first, second) = (Shoot::of(4, SMALL), Shoot::of(2, SMALL));
    let mut table = Table::ready(&first);
    table.command(Command::ToggleAutoAdvance);
    table.decide(Decision::Keep);
    table.decide(Decision::Stars(3));
    assert!(table.desk.has_waiting(), "one key a frame");
    table.lay(&second, Arc::new(|| {}));
    table.decide(Decision::Trash);
    table.settle();
    assert_eq!((table.current(), verdicts(&table)), (Some(0), "t.".into()));
    assert!(!table.desk.review.is_auto_advancing(), "what is set stays set");
    table.lay(&first, Arc::new(|| {}));
    table.settle();
    let label = table.label(0);
    assert_eq!((label.verdict, label.stars), (Verdict::Keep, 3));
    assert_eq!(table.desk.review.stage(), Stage::Grid);
    table.close();
}

#[test]
fn a_frame_that_is_shown_late_decides_nothing_in_the_next_shoot() {
    // One photo each, so that it is number 0 of the board in both.
    let (first, second) = (Shoot::of(1, SMALL), Shoot::of(1, SMALL));
    let mut table = Table::ready(&first);
    table.compose();
    table.lay(&second, Arc::new(|| {}));
    table.present();
    while table.current().is_none() {
        table.compose();
        thread::sleep(Duration::from_millis(1));
    }
    table.decide(Decision::Trash);
    assert_eq!(verdicts(&table), ".");
    table.show();
    assert_eq!(verdicts(&table), "t");
    table.close();
}
