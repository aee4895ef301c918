//! What is learned at the desk: when there is something to say, what is proposed, and what accepting a
//! proposal reaches.
//!
//! The photographer here keeps what is bright and trashes what is dark: plain pictures, so that a
//! few decisions are enough to be right.

use rushlight::app::desk::Desk;
use rushlight::core::command::Command;
use rushlight::core::guard::Budget;
use rushlight::core::label::Decision;
use rushlight::core::label::Verdict;
use rushlight::core::photo::PhotoId;
use rushlight::core::photo::Timestamp;
use rushlight::disk::decisions::Decisions;
use rusqlite::Connection;

use crate::SMALL;
use crate::shoot::Shoot;
use crate::shoot::colour;
use crate::table::Table;

/// Whether the photographer keeps the photo of a number.
pub fn is_good(number: usize) -> bool {
    let [red, green, blue] = colour(number).map(u32::from);
    3 * red + 6 * green + blue >= 900
}

pub fn table(shoot: &Shoot) -> Table {
    let mut table = Table::empty(8);
    // A looser promise than the usual one takes fewer decisions.
    table.learn = Some(Budget { loss: 0.1, confidence: 0.9 });
    table.lay(shoot, std::sync::Arc::new(|| {}));
    table.settle();
    table
}

/// Goes to the photo of a number and decides about it as the photographer does.
fn decide(table: &mut Table, number: usize) {
    let photo = table.photo(number);
    table.command(Command::GoTo { photo });
    table.show();
    table.decide(if is_good(number) { Decision::Keep } else { Decision::Trash });
}

/// Decides about so many photos, and waits until all of that is learned.
pub fn teach(table: &mut Table, numbers: impl Iterator<Item = usize>) {
    table.command(Command::ToggleAutoAdvance);
    numbers.for_each(|number| decide(table, number));
    table.command(Command::ToggleAutoAdvance);
    wait(table);
}

/// Waits until all that is decided is learned.
fn wait(table: &mut Table) {
    let counts = table.desk.review.counts();
    let decided = counts.kept + counts.trashed;
    table.until("all is learned", |desk| {
        desk.outlook().is_some_and(|outlook| {
            let is_known = outlook.known == desk.board().photo_count();
            let is_saved = desk.unsaved_count() == 0;
            is_saved
                && is_known
                && outlook.lessons == decided
                && (outlook.silence.is_some() || outlook.report.is_some())
        })
    });
    table.show();
}

#[test]
fn it_says_how_many_decisions_it_takes_and_then_gives_probabilities() {
    let shoot = Shoot::of(60, SMALL);
    let mut table = table(&shoot);
    assert_eq!(table.desk.outlook(), None, "nothing is learned from nothing");
    teach(&mut table, 0..9);
    assert!(table.says("learns from 9 of 10 decisions"), "{:?}", table.lines());
    teach(&mut table, 9..40);
    let outlook = table.desk.outlook().expect("it has learned");
    let keep = |number| outlook.keep(table.photo(number)).expect("its features are known");
    let right = (40..60).filter(|&number| (keep(number) > 0.5) == is_good(number)).count();
    assert!(right >= 17, "{right} of 20");
    assert_eq!(outlook.proposed, [0, 0], "so few decisions support no promise");
    table.desk.toggle_learned();
    table.show();
    assert!(table.says("Decisions learned from") && table.says("40"), "{:?}", table.lines());
    assert!(table.says("Said to be kept, and kept"), "{:?}", table.lines());
    table.desk.toggle_learned();
    table.show();
    assert!(!table.says("Decisions learned from"));
    let outlook = table.desk.outlook().expect("it has learned");
    let keep = |number| outlook.keep(table.photo(number)).expect("its features are known");
    let below: Vec<usize> = table.order().into_iter().filter(|&n| keep(n) < 0.2).collect();
    assert!(!below.is_empty() && below.len() < 60, "{below:?}");
    // By time, name, stars, probability.
    (0..3).for_each(|_| table.desk.sort_next(Timestamp(0)));
    table.until("the most probable come first", |desk| {
        let keep = |photo: &PhotoId| desk.outlook().and_then(|o| o.keep(*photo)).unwrap_or(0.0);
        let photos = desk.review.order().photos();
        photos.len() == 60 && photos.is_sorted_by(|a, b| keep(a) >= keep(b) - 0.01)
    });
    table.desk.filter_by("p<0.2");
    let is_found = |desk: &Desk| desk.review.order().len() == below.len();
    table.until("only the improbable are shown", is_found);
    let shown = table.order();
    assert!(below.iter().all(|number| shown.contains(number)), "{shown:?} {below:?}");
    table.close();
}

/// A shoot of which so much is decided that there are proposals.
pub fn with_proposals() -> (Shoot, Table) {
    let shoot = Shoot::of(400, SMALL);
    let mut table = table(&shoot);
    teach(&mut table, 0..360);
    let proposed = table.desk.outlook().expect("it has learned").proposed;
    assert!(proposed[0] > 3, "{proposed:?} of {:?}", table.desk.outlook().map(|o| &o.report));
    (shoot, table)
}

/// The numbers of photos that are proposed as trash.
pub fn proposed(table: &Table) -> Vec<usize> {
    let outlook = table.desk.outlook().expect("it has learned");
    let verdict = |number| table.label(number).verdict;
    let is_trash = |&number: &usize| {
        outlook.proposal(table.photo(number), verdict(number)) == Some(Verdict::Trash)
    };
    (0..400).filter(is_trash).collect()
}

#[test]
fn what_is_proposed_is_accepted_by_a_key_in_one_step_and_can_be_undone() {
    let (shoot, mut table) = with_proposals();
    let numbers = proposed(&table);
    assert!(numbers.iter().all(|&number| !is_good(number)), "{numbers:?}");
    assert!(numbers.iter().all(|&number| number >= 360), "no decided photo has a proposal");
    // One photo alone.
    let photo = table.photo(numbers[0]);
    table.command(Command::GoTo { photo });
    table.show();
    table.command(Command::Accept { all: false });
    assert_eq!(table.label(numbers[0]).verdict, Verdict::Trash);
    // All that are selected, and of these only the proposed ones.
    table.command(Command::SelectAll);
    table.show();
    let before = table.desk.review.counts();
    let open: Vec<usize> = proposed(&table);
    table.command(Command::Accept { all: true });
    assert!(open.iter().all(|&number| table.label(number).verdict == Verdict::Trash));
    assert!(table.desk.review.counts().kept >= before.kept);
    table.show();
    table.command(Command::Undo);
    assert_eq!(table.desk.review.counts(), before, "one step");
    table.close();
    // The store knows who led to it.
    let db = Connection::open(shoot.store().join(Decisions::FILE)).expect("the store exists");
    let count = |sql: &str| -> i64 { db.query_row(sql, [], |row| row.get(0)).expect("it is SQL") };
    assert_eq!(count("SELECT count(*) FROM step WHERE origin = 'proposal' AND act = 'do'"), 2);
    assert_eq!(count("SELECT count(*) FROM step WHERE model IS NULL AND origin = 'proposal'"), 0);
}

#[test]
fn what_is_proposed_stays_when_the_program_starts_again_until_it_is_time_to_look() {
    let (shoot, mut table) = with_proposals();
    // A change of mind, after which a look would find much less to propose.
    let (kept, open): (Vec<_>, Vec<_>) = proposed(&table).into_iter().partition(|n| n % 2 == 0);
    for &number in &kept {
        let photo = table.photo(number);
        table.command(Command::GoTo { photo });
        table.show();
        table.decide(Decision::Keep);
    }
    wait(&mut table);
    assert_eq!(proposed(&table), open);
    table.close();
    let mut table = self::table(&shoot);
    wait(&mut table);
    assert_eq!(proposed(&table), open);
    // One decision more is a lesson, and no look.
    let is_open = |number: &usize| !kept.contains(number) && !open.contains(number);
    teach(&mut table, (360..400).find(is_open).into_iter());
    assert_eq!(proposed(&table), open);
    table.close();
    // Another promise is: what stood under the old one is not shown under it.
    let mut stricter = Table::empty(8);
    stricter.learn = Some(Budget { loss: 0.001, confidence: 0.9 });
    stricter.lay(&shoot, std::sync::Arc::new(|| {}));
    stricter.settle();
    wait(&mut stricter);
    assert_eq!(proposed(&stricter), [0; 0]);
    stricter.close();
}

#[test]
fn the_photo_asked_about_is_undecided_and_its_answer_calibrates_nothing() {
    let shoot = Shoot::of(60, SMALL);
    let mut table = table(&shoot);
    table.command(Command::Ask);
    table.show();
    assert!(table.says("there is nothing to ask yet"), "{:?}", table.lines());
    teach(&mut table, 0..30);
    let mut asked = Vec::<PhotoId>::new();
    for _ in 0..3 {
        table.command(Command::Ask);
        table.show();
        let photo = table.desk.review.current().expect("there are photos");
        assert_eq!(table.desk.review.label(photo).verdict, Verdict::Undecided);
        assert!(!asked.contains(&photo), "it was answered");
        asked.push(photo);
        table.decide(Decision::Keep);
        table.show();
    }
    table.close();
    let db = Connection::open(shoot.store().join(Decisions::FILE)).expect("the store exists");
    let led: i64 = db
        .query_row("SELECT count(*) FROM step WHERE model IS NOT NULL", [], |row| row.get(0))
        .expect("it is SQL");
    assert_eq!(led, 3, "what it asked about");
}
