//! Scripts for the atlas: what each request is answered, and who sits there in the end.

use super::*;

/// Plays `script` on an atlas of `page_count` pages and compares what it answers.
///
/// A word is a class (`l`arge: 16 seats a page, `m`edium: 64, `s`mall: 256) and a range of photos:
/// `l0-3`; `*` behind it asks for a better quality. `f3` forgets photo 3, `|` ends the frame, `!` resets.
/// The answer to a word counts its `u`ploads, `r`eady and `n`o seat: `u3n1`.
#[track_caller]
fn check(page_count: u16, script: &str, expect: &str) -> Atlas {
    let mut atlas = Atlas::new(page_count);
    let mut answers = Vec::new();
    for word in script.split_whitespace() {
        let photos = || {
            let numbers = word[1..].trim_end_matches('*');
            let (first, last) = numbers.split_once('-').unwrap_or((numbers, numbers));
            let number = |text: &str| text.parse::<u32>().expect("a number");
            (number(first)..=number(last)).map(PhotoId)
        };
        let class = match word.as_bytes()[0] {
            b'|' => {
                atlas.end_frame();
                continue;
            }
            b'!' => {
                atlas.reset();
                continue;
            }
            b'f' => {
                photos().for_each(|p| atlas.forget(p));
                continue;
            }
            b's' => Class::Small,
            b'm' => Class::Medium,
            _ => Class::Large,
        };
        let mut counts = [0; 3];
        for photo in photos() {
            counts[match atlas.place(photo, class, u8::from(word.ends_with('*'))) {
                Some(Place::Upload(_)) => 0,
                Some(Place::Ready(_)) => 1,
                None => 2,
            }] += 1;
        }
        let answer = ["u", "r", "n"].iter().zip(counts).filter(|(_, n)| *n > 0);
        answers.push(answer.map(|(what, n)| format!("{what}{n}")).collect::<String>());
    }
    assert_eq!(answers.join(" "), expect, "after {script:?}");
    atlas
}

#[test]
fn a_photo_keeps_its_seat() {
    check(1, "l0-5 l0-5 | l0-5", "u6 r6 r6");
}

#[test]
fn seats_are_taken_from_the_first_page_and_cell() {
    let atlas = check(2, "l0-16", "u17");
    let seat_of = |photo| atlas.seat_of(PhotoId(photo), Class::Large).map(|(seat, _)| seat);
    assert_eq!(seat_of(0), Some(Seat { page: 0, cell: 0, class: Class::Large }));
    assert_eq!(seat_of(15), Some(Seat { page: 0, cell: 15, class: Class::Large }));
    assert_eq!(seat_of(16), Some(Seat { page: 1, cell: 0, class: Class::Large }));
    assert_eq!(seat_of(17), None);
}

#[test]
fn a_better_picture_is_uploaded_once_and_a_worse_one_never() {
    check(1, "l0 l0* l0* l0", "u1 u1 r1 r1");
}

#[test]
fn a_photo_sits_in_every_class_that_it_is_asked_for() {
    let atlas = check(2, "l0 m0 | l0 m0", "u1 u1 r1 r1");
    assert!(atlas.seat_of(PhotoId(0), Class::Medium).is_some());
    assert_eq!(atlas.seat_of(PhotoId(0), Class::Small), None);
}

#[test]
fn a_full_frame_refuses_the_newcomer() {
    check(1, "l0-16", "u16n1");
    check(1, "l0-15 m0", "u16 n1");
    check(0, "s0", "n1");
}

#[test]
fn the_next_frame_evicts_the_photo_unseen_for_longest() {
    check(1, "l0-15 | l0 l20 | l0 l2-15 | l1", "u16 r1 u1 r1 r14 u1");
}

#[test]
fn a_page_unseen_in_this_frame_is_cut_again_for_another_class() {
    check(1, "s0-255 | l0-15 | s0", "u256 u16 u1");
    check(1, "s0-255 | s7 l0", "u256 r1 n1");
}

#[test]
fn the_page_whose_newest_use_is_oldest_is_cut_first() {
    check(2, "s0-255 m300-363 | s9 | l0 | s9 l0 m300", "u256 u64 r1 u1 r1 r1 n1");
}

#[test]
fn a_newcomer_takes_an_old_page_rather_than_a_newer_photo_of_its_class() {
    // Two pages of large ones result, and all 32 stay.
    check(2, "s0-255 | l0-15 | l16-31 | l0-31", "u256 u16 u16 r32");
}

#[test]
fn a_forgotten_photo_is_uploaded_again() {
    check(1, "l0-15 | f3 l20 l0-2 l3", "u16 u1 r3 u1");
}

#[test]
fn a_seat_forgotten_in_this_frame_stays_empty_in_it() {
    check(1, "l0-15 f3 l20 | l20", "u16 n1 u1");
    check(1, "l0-15 f0 l20 | l20", "u16 n1 u1");
    let atlas = check(1, "l0-15 f3 | l20", "u16 u1");
    assert!(atlas.seat_of(PhotoId(0), Class::Large).is_none(), "the oldest was taken");
    // The empty seat comes up in its turn.
    check(1, "l0-15 f3 | l0-2 l20 l4-15", "u16 r3 u1 r12");
}

#[test]
fn touching_keeps_a_photo() {
    let mut atlas = check(1, "l0-15", "u16");
    atlas.end_frame();
    atlas.touch(PhotoId(0), Class::Large);
    atlas.touch(PhotoId(99), Class::Large);
    assert!(atlas.place(PhotoId(20), Class::Large, 0).is_some());
    assert!(atlas.seat_of(PhotoId(0), Class::Large).is_some());
    assert!(atlas.seat_of(PhotoId(1), Class::Large).is_none());
}

#[test]
fn a_reset_forgets_everything() {
    let atlas = check(1, "l0-15 ! m0", "u16 u1");
    assert!(atlas.seat_of(PhotoId(0), Class::Large).is_none());
}
