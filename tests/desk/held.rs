//! Held arrow keys at the desk: every photo, or faster and faster; and nothing after the key is let go.

use rushlight::core::command::Command;
use rushlight::core::command::Direction;
use rushlight::core::label::Decision;
use rushlight::core::label::Verdict;

use crate::RIGHT;
use crate::SMALL;
use crate::shoot::Shoot;
use crate::table::Table;

/// The current photos of so many frames, each as it is shown.
fn shown(table: &mut Table, frames: usize) -> Vec<usize> {
    let mut shown = Vec::new();
    for _ in 0..frames {
        table.compose();
        shown.push(table.current().expect("there are photos"));
        table.present();
    }
    shown
}

fn hold(table: &mut Table, command: &Command) {
    let now = table.now();
    table.desk.hold(command, now);
}

#[test]
fn a_held_key_shows_every_photo_once_and_none_after_it_is_let_go() {
    let shoot = Shoot::of(30, SMALL);
    let mut table = Table::ready(&shoot);
    table.command(RIGHT);
    hold(&mut table, &RIGHT);
    assert_eq!(shown(&mut table, 5), [1, 2, 3, 4, 5]);
    // The system goes on repeating: that is no second step.
    (0..20).for_each(|_| hold(&mut table, &RIGHT));
    assert_eq!(shown(&mut table, 3), [6, 7, 8]);
    table.desk.let_go();
    assert_eq!(shown(&mut table, 3), [9, 9, 9], "what is shown is what is current");
    table.decide(Decision::Keep);
    assert_eq!(table.label(9).verdict, Verdict::Keep);
    table.close();
}

#[test]
fn at_the_end_a_held_key_rests() {
    let shoot = Shoot::of(4, SMALL);
    let mut table = Table::ready(&shoot);
    hold(&mut table, &RIGHT);
    assert_eq!(shown(&mut table, 6), [0, 1, 2, 3, 3, 3]);
    table.compose();
    assert!(!table.present(), "nothing has changed: no frame is asked for");
    table.close();
}

#[test]
fn fast_travel_passes_more_photos_the_longer_the_key_is_held() {
    let shoot = Shoot::of(900, SMALL);
    let mut table = Table::ready(&shoot);
    let now = table.now();
    table.desk.toggle_fast(now);
    table.show();
    assert!(table.says("held arrow keys travel faster and faster"), "{:?}", table.lines());
    table.command(Command::Open);
    hold(&mut table, &RIGHT);
    // A frame is 16 ms after the one before: four seconds.
    let shown = shown(&mut table, 250);
    let steps: Vec<usize> = shown.windows(2).map(|pair| pair[1] - pair[0]).collect();
    let gone = |range: std::ops::Range<usize>| steps[range].iter().sum::<usize>();
    let quarters = [gone(0..60), gone(60..120), gone(120..180), gone(180..240)];
    assert!(quarters.windows(2).all(|pair| pair[1] > pair[0] * 3 / 2), "{quarters:?}");
    assert!(*steps.iter().max().expect("there are steps") > 5, "{steps:?}");
    table.desk.let_go();
    let last = self::shown(&mut table, 2);
    assert_eq!(last[0], last[1], "it stands still at once");
    table.close();
}

#[test]
fn a_deciding_key_while_another_is_held_reaches_what_is_shown() {
    let shoot = Shoot::of(30, SMALL);
    let mut table = Table::ready(&shoot);
    table.command(Command::ToggleAutoAdvance);
    hold(&mut table, &Command::Move(Direction::Right));
    let seen = *shown(&mut table, 6).last().expect("frames were shown");
    // The desk has gone on already, and no frame has shown that: the key waits for it.
    table.decide(Decision::Trash);
    table.compose();
    let aimed = table.current().expect("there are photos");
    table.present();
    assert_eq!(aimed, seen + 1);
    assert_eq!(table.label(aimed).verdict, Verdict::Trash);
    table.close();
}
