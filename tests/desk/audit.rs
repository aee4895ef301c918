//! The blind audit: what is shown of it and what is not, where its keys go, what it says at its end, and
//! that another run knows of it.

use rushlight::app::desk::Desk;
use rushlight::core::command::Command;
use rushlight::core::label::Decision;
use rushlight::core::label::Verdict;
use rushlight::core::photo::PhotoId;
use rushlight::core::photo::Timestamp;
use rushlight::core::review::Stage;
use rushlight::disk::audits;
use rushlight::disk::decisions::Decisions;
use rusqlite::Connection;

use crate::SMALL;
use crate::learn;
use crate::learn::is_good;
use crate::shoot::Shoot;
use crate::table::Table;

const NOW: Timestamp = Timestamp(1_750_000_000_000_000);

/// Begins the audit, goes on with it, or leaves it, and shows that.
fn toggle(table: &mut Table) {
    table.desk.toggle_audit(NOW);
    table.show();
}

/// Whether anything tells what the model makes of a photo.
fn is_told(desk: &Desk, photo: PhotoId) -> bool {
    desk.outlook().is_some_and(|outlook| {
        outlook.keep(photo).is_some() || outlook.proposal(photo, Verdict::Undecided).is_some()
    })
}

/// The photos that are shown.
fn shown(table: &Table) -> Vec<PhotoId> {
    table.desk.review.order().photos().to_vec()
}

/// Decides about the current photo, against what was proposed where it is one of `against`.
fn decide(table: &mut Table, against: &[usize]) {
    let number = table.current().expect("there is a photo");
    let keeps = is_good(number) != against.contains(&number);
    table.decide(if keeps { Decision::Keep } else { Decision::Trash });
    table.show();
}

fn finish(table: &mut Table, against: &[usize]) {
    for _ in 0..60 {
        if table.desk.review.order().len() == 400 {
            return;
        }
        decide(table, against);
    }
    panic!("an audit has an end");
}

fn wait_until_kept(table: &mut Table, shoot: &Shoot) {
    let file = shoot.store().join(audits::FILE);
    table.until("the audit is kept", |desk| desk.unsaved_count() == 0 && file.exists());
}

#[test]
fn without_a_proposal_there_is_nothing_to_check() {
    let shoot = Shoot::of(12, SMALL);
    let mut table = learn::table(&shoot);
    toggle(&mut table);
    assert!(table.says("nothing is proposed as trash yet"), "{:?}", table.lines());
    assert_eq!((table.desk.review.stage(), shown(&table).len()), (Stage::Grid, 12));
    table.close();
}

#[test]
fn an_audit_shows_a_sample_without_any_sign_and_tells_what_it_found() {
    let (shoot, mut table) = learn::with_proposals();
    let proposed = learn::proposed(&table);
    let before = (table.current(), table.order());
    assert!(table.says("Ctrl B checks"), "{:?}", table.lines());
    toggle(&mut table);
    let stops = shown(&table);
    assert_eq!(stops.len(), proposed.len() + proposed.len().div_ceil(2), "others are mixed in");
    assert!(proposed.iter().all(|number| stops.contains(&table.photo(*number))));
    assert!(!stops.is_sorted(), "their order tells nothing");
    assert_eq!(table.desk.review.stage(), Stage::Loupe);
    assert_eq!(table.desk.review.current(), Some(stops[0]));
    assert!(stops.iter().all(|photo| !is_told(&table.desk, *photo)));
    table.command(Command::Accept { all: false });
    table.show();
    assert!(table.says("nothing is proposed here"), "{:?}", table.lines());
    table.command(Command::Back);
    table.desk.toggle_why();
    table.until("its pictures are there", Desk::is_settled);
    assert!(table.says("You are checking what is proposed"), "{:?}", table.lines());
    let captions = &table.desk.frame().base;
    let tells = |line| captions.text_of(line).ends_with('%');
    assert!(!captions.lines.iter().any(tells), "no probability");
    table.desk.toggle_learned();
    table.command(Command::Open);
    table.show();
    // What has just been done is told for four seconds.
    (0..260).for_each(|_| table.show());
    // One of those proposed is kept after all.
    for at in 0..stops.len() {
        let told = format!("{at} of {} decided", stops.len());
        assert!(table.says(&told), "{told}: {:?}", table.lines());
        assert!(!table.says("Y accepts"), "{:?}", table.lines());
        assert!(!table.says("Real keep-loss"), "not before its end: {:?}", table.lines());
        decide(&mut table, &proposed[..1]);
        table.until("it is saved", |desk| desk.unsaved_count() == 0);
    }
    table.show();
    let found = format!("Blind check of {} proposed as trash", proposed.len());
    assert!(table.says(&found), "{:?}", table.lines());
    assert!(table.says(&format!("1 of {}", proposed.len())), "{:?}", table.lines());
    assert!(table.says("Real keep-loss"), "{:?}", table.lines());
    assert_eq!((table.desk.review.stage(), table.order()), (Stage::Grid, before.1));
    assert_eq!(table.current(), before.0, "where it was before");
    wait_until_kept(&mut table, &shoot);
    table.close();
    // They are the person's own, and calibrate nothing.
    let db = Connection::open(shoot.store().join(Decisions::FILE)).expect("the store exists");
    let sql = "SELECT count(*) FROM step WHERE origin = 'person' AND model LIKE '%audit'";
    let audited: i64 = db.query_row(sql, [], |row| row.get(0)).expect("it is SQL");
    assert_eq!(audited as usize, stops.len());
    // Another run tells it too.
    let mut table = learn::table(&shoot);
    table.desk.toggle_learned();
    table.until("it is known again", |desk| {
        let overlay = &desk.frame().overlay;
        overlay.lines.iter().any(|line| overlay.text_of(line) == found)
    });
    assert!(table.says(&format!("1 of {}", proposed.len())), "{:?}", table.lines());
    table.close();
}

#[test]
fn an_audit_that_is_left_stays_blind_and_another_run_goes_on_with_it() {
    let (shoot, mut table) = learn::with_proposals();
    let proposed = learn::proposed(&table);
    toggle(&mut table);
    let stops = shown(&table);
    for _ in 0..2 {
        decide(&mut table, &[]);
    }
    table.command(Command::Back);
    table.show();
    table.command(Command::Back);
    table.show();
    assert_eq!((shown(&table).len(), table.desk.review.stage()), (400, Stage::Grid));
    assert!(stops.iter().all(|photo| !is_told(&table.desk, *photo)), "it is not at its end");
    // All as proposed: those are not among them.
    table.command(Command::SelectAll);
    table.show();
    table.command(Command::Accept { all: true });
    table.show();
    let is_open = |table: &Table, photo: &PhotoId| {
        table.desk.review.label(*photo).verdict == Verdict::Undecided
    };
    assert!(stops[2..].iter().all(|photo| is_open(&table, photo)));
    wait_until_kept(&mut table, &shoot);
    let walk: Vec<usize> = stops.iter().map(|photo| number(&table, *photo)).collect();
    table.close();
    let mut table = learn::table(&shoot);
    table.until("it has learned", |desk| desk.outlook().is_some_and(|o| o.report.is_some()));
    assert!(walk.iter().all(|&number| !is_told(&table.desk, table.photo(number))));
    toggle(&mut table);
    assert_eq!(table.order(), walk, "the same sample in the same order");
    assert_eq!(table.current(), Some(walk[2]), "the first that is not decided");
    finish(&mut table, &[]);
    table.show();
    assert!(table.says(&format!("0 of {}", proposed.len())), "{:?}", table.lines());
    table.close();
}

fn number(table: &Table, photo: PhotoId) -> usize {
    let numbers = (0..400).find(|&number| table.photo(number) == photo);
    numbers.expect("it is a photo of the shoot")
}

#[test]
fn a_key_reaches_what_was_shown_when_the_audit_comes_between() {
    let (_shoot, mut table) = learn::with_proposals();
    let aimed = table.photo(399);
    table.command(Command::GoTo { photo: aimed });
    table.show();
    table.desk.toggle_audit(NOW);
    table.compose();
    assert_ne!(table.desk.review.current(), Some(aimed), "the audit is there, but not shown");
    table.decide(Decision::Keep);
    assert_eq!(table.desk.review.label(aimed).verdict, Verdict::Keep);
    let decided = table.desk.review.counts();
    table.show();
    table.show();
    assert_eq!(table.desk.review.stage(), Stage::Loupe, "it comes after the key");
    assert_eq!(table.desk.review.counts(), decided);
    table.close();
}

#[test]
fn a_filter_leads_away_from_an_audit_and_keys_behind_the_last_one_reach_nothing_else() {
    let (_shoot, mut table) = learn::with_proposals();
    toggle(&mut table);
    let stops = shown(&table);
    assert!(table.says("blind check"), "{:?}", table.lines());
    table.desk.filter_by("keep");
    table.until("the filter is shown", |desk| {
        let order = desk.review.order();
        order.len() != stops.len() && order.len() < 400
    });
    table.desk.filter_by("");
    table.until("all are shown", |desk| desk.review.order().len() == 400);
    // What is gone back to is undecided, too: a key that strayed there would be seen.
    let home = (360..400).map(|number| table.photo(number)).find(|p| !stops.contains(p));
    let home = home.expect("not all of them are stops");
    table.command(Command::GoTo { photo: home });
    table.show();
    toggle(&mut table);
    assert_eq!(shown(&table), stops);
    // One key more than there are photos, faster than frames are shown.
    let kept = table.desk.review.counts().kept;
    for _ in 0..=stops.len() {
        table.decide(Decision::Keep);
    }
    table.until("no key waits", |desk| !desk.has_waiting());
    table.show();
    assert_eq!(table.desk.review.current(), Some(home));
    assert_eq!(table.desk.review.counts().kept, kept + stops.len());
    assert_eq!(shown(&table).len(), 400);
    table.close();
}
