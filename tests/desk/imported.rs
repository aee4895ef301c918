//! What the program before this one had proposed: shown, accepted by a key, and never a decision by itself.

use std::fs;

use rushlight::app::desk::Desk;
use rushlight::core::command::Command;
use rushlight::core::label::Decision;
use rushlight::core::label::Verdict;
use rushlight::disk::sidecar::settings::SidecarSettings;

use crate::SMALL;
use crate::shoot::Shoot;
use crate::table::Table;

fn open(shoot: &Shoot) -> Table {
    let mut table = Table::empty(3);
    table.sidecars = Some(SidecarSettings::default());
    table.lay(shoot, std::sync::Arc::new(|| {}));
    table.settle();
    table
}

fn is_proposed(desk: &Desk, verdicts: [Option<Verdict>; 3]) -> bool {
    let photos = desk.review.order().photos();
    let of = |&photo| desk.outlook()?.proposal(photo, desk.review.label(photo).verdict);
    photos.iter().map(of).eq(verdicts)
}

#[test]
fn what_was_proposed_is_shown_and_accepted_and_outlives_a_restart() {
    let shoot = Shoot::of(3, SMALL);
    let list = r#"{
        "p000.jpg": {"state": "keep", "label_source": "manual", "rating": 0, "tags": []},
        "p001.jpg": {"state": "trash", "label_source": "auto", "rating": 0, "tags": []},
        "p002.jpg": {"state": "keep", "label_source": "auto", "rating": 0, "tags": []}
    }"#;
    fs::write(shoot.photos().join(".ratings_tags.json"), list).expect("room on the disk");
    let mut table = open(&shoot);
    let [keep, trash] = [Some(Verdict::Keep), Some(Verdict::Trash)];
    table.until("both are proposed", |desk| is_proposed(desk, [None, trash, keep]));
    assert_eq!(table.label(1).verdict, Verdict::Undecided, "nobody has decided");
    table.desk.filter_by("proposed");
    table.until("they are found", |desk| desk.review.order().len() == 2);
    assert_eq!(table.order(), [1, 2]);
    table.command(Command::Accept { all: false });
    table.show();
    assert_eq!(table.label(1).verdict, Verdict::Trash);
    table.close();

    let mut table = open(&shoot);
    table.until("one is left", |desk| is_proposed(desk, [None, None, keep]));
    let photo = table.photo(2);
    table.command(Command::GoTo { photo });
    table.show();
    table.decide(Decision::Trash);
    assert!(is_proposed(&table.desk, [None; 3]), "a person has decided otherwise");
    table.close();
}
