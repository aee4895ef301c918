//! What is sifted, and when it is given up.

use super::*;
use crate::core::label::Decision;
use crate::core::photo::Fingerprint;
use crate::core::photo::PhotoMeta;
use crate::core::photo::Timestamp;
use crate::core::review::Review;
use crate::core::view::Viewport;
use crate::jobs::board::Header;
use crate::jobs::sort;
use std::path::Path;
use std::sync::mpsc;
use std::time::Duration;

/// Photos a minute apart, `IMG_1.JPG` the last one taken; every third has five stars.
fn shoot(count: u32) -> (Arc<Board>, Review) {
    let board = Board::default();
    for number in 0..count {
        let photo = board.add(Path::new(&format!("a/IMG_{}.JPG", count - number)).into());
        let captured = Timestamp::from_civil([2026, 5, 3], [0; 3], 0);
        let meta = PhotoMeta {
            model: Some("X".into()),
            iso: Some(number),
            captured: captured.map(|at| at.plus_seconds(i64::from(number) * 60)),
            ..PhotoMeta::default()
        };
        let header = Header { meta, fingerprint: Fingerprint([0; 16]) };
        board.slot(photo).unwrap().set_header(header);
    }
    board.set_order(Arc::new(sort::by_time(&board, &ClockOffsets::new())));
    let mut review = Review::new(Viewport::new([100.0; 2], 1.0));
    review.set_order(Arc::clone(&board.order()));
    let five = Label::default().with(&Decision::Stars(5));
    review.restore((0..count).step_by(3).map(|photo| (PhotoId(photo), five.clone())));
    (Arc::new(board), review)
}

fn wanted(number: u64, text: &str, key: SortKey, shoot: &(Arc<Board>, Review)) -> Wanted {
    Wanted {
        number,
        filter: Arc::new(Filter::read(text).filter),
        sort: Sort { key, is_reversed: false },
        whole: Arc::clone(&shoot.0.order()),
        labels: shoot.1.labels().clone(),
        outlook: None,
    }
}

fn sifted(text: &str, key: SortKey, offsets: &ClockOffsets) -> Vec<u32> {
    let shoot = shoot(40_000);
    let wanted = wanted(1, text, key, &shoot);
    let order = sift(&shoot.0, offsets, &wanted, None, &|| false).expect("it is wanted");
    order.photos().iter().map(|photo| photo.0).collect()
}

#[test]
fn every_part_of_a_large_shoot_is_sifted() {
    let none = ClockOffsets::new();
    let fives = sifted("stars:5", SortKey::Time, &none);
    assert!(fives.into_iter().eq((0..40_000).step_by(3)));
    let late = sifted("iso>=39997", SortKey::Name, &none);
    assert_eq!(late, [39_999, 39_998, 39_997]);
    let first = sifted("name:img_1.jpg or iso<3", SortKey::Stars, &none);
    assert_eq!(first, [0, 39_999, 1, 2]);
    assert!(sifted("iso>0 iso<1", SortKey::Time, &none).is_empty());
}

#[test]
fn a_date_is_told_by_the_clock_as_it_was_put_right() {
    let offsets = ClockOffsets::from([("X".to_owned(), -60)]);
    assert_eq!(sifted("date:2026-05-02", SortKey::Time, &offsets), [0]);
    assert!(sifted("date:2026-05-02", SortKey::Time, &ClockOffsets::new()).is_empty());
}

#[test]
fn the_latest_wish_wins_and_an_unwanted_one_is_given_up() {
    let shoot = shoot(50);
    let given_up =
        sift(&shoot.0, &ClockOffsets::new(), &wanted(1, "", SortKey::Time, &shoot), None, &|| true);
    assert_eq!(given_up, None);
    let (bell, rung) = mpsc::channel();
    let wake: Waker = Arc::new(move || _ = bell.send(()));
    let sifter = Sifter::start(Arc::clone(&shoot.0), ClockOffsets::new(), wake);
    let sifter = sifter.expect("there is a thread");
    for number in 1..=100 {
        sifter.ask(wanted(number, &format!("iso<{number}"), SortKey::Time, &shoot));
    }
    let last = loop {
        rung.recv_timeout(Duration::from_secs(30)).expect("an answer comes");
        match sifter.take() {
            Some(answer) if answer.number == 100 => break answer,
            _ => {}
        }
    };
    assert_eq!(last.order.len(), 50);
    assert!(sifter.take().is_none(), "nothing comes after the latest");
}
