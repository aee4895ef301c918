//! What comes from outside while the person works: orders, windows, and labels of the store.

use super::*;
use crate::core::edit::Edit;

fn row_top_px(review: &Review) -> f32 {
    review.cell_rect_px(review.current_index().expect("there is a current photo"))[1]
}

fn label(verdict: Verdict, stars: u8) -> Label {
    Label { verdict, stars, ..Label::default() }
}

#[test]
fn photos_come_in_under_the_first_one_until_the_person_moves() {
    let mut review = Review::new(WINDOW);
    review.set_order(order([5, 6]));
    assert_eq!(review.current(), Some(PhotoId(5)));
    review.set_order(order((10..200).chain([5, 6])));
    assert_eq!((review.current(), review.grid().scroll_px), (Some(PhotoId(10)), 0.0));
    review.set_order(order([3, 5, 6]));
    assert_eq!((review.current(), review.grid().scroll_px), (Some(PhotoId(3)), 0.0));
    play(&mut review, ">");
    review.set_order(order([1, 2, 3, 5, 6]));
    assert_eq!(review.current(), Some(PhotoId(5)));
}

#[test]
fn another_order_keeps_the_current_photo_under_the_eye() {
    let mut review = review(100);
    play(&mut review, "v v v v v v v x26");
    let before = row_top_px(&review);
    review.set_order(order((200..300).chain(0..100)));
    assert_eq!((review.current(), row_top_px(&review)), (Some(PhotoId(26)), before));
    assert!(review.is_selected(PhotoId(26)));
}

#[test]
fn another_order_keeps_what_is_looked_at_when_the_current_photo_is_not() {
    let mut review = review(400);
    apply(&mut review, &Command::Scroll { delta_px: 5000.0 });
    let middle = review.visible().start + review.visible().len() / 2;
    let (photo, before) = (review.order().photo_at(middle), review.cell_rect_px(middle)[1]);
    review.set_order(order([0].into_iter().chain(500..900).chain(1..400)));
    let index = photo.and_then(|p| review.order().index_of(p)).expect("it is still there");
    assert_eq!(review.cell_rect_px(index)[1], before);
}

#[test]
fn what_an_order_lacks_is_neither_current_nor_selected() {
    let mut review = check(6, "c1 s3", "..*.*[.*]..");
    review.set_order(order([0, 1, 4, 5]));
    assert_eq!(picture(&review), "..*[.].");
    review.set_order(order([]));
    assert_eq!((review.current(), review.reach(), review.visible()), (None, 0, 0..0));
    assert_eq!(review.counts().total, 6, "their labels stay");
}

#[test]
fn the_nearest_photo_by_the_order_before_becomes_current() {
    for (shown, expect) in
        [(vec![0, 5, 9], Some(5)), (vec![1, 3, 6, 9], Some(3)), (vec![0], Some(0)), (vec![], None)]
    {
        let mut review = review(10);
        play(&mut review, "> > > >");
        review.set_order(order(shown.clone()));
        assert_eq!(review.current().map(|p| p.0), expect, "{shown:?}");
    }
}

#[test]
fn a_look_through_other_orders_comes_back_to_where_it_began() {
    let mut review = review(100);
    play(&mut review, "v v v v v v v v v x30 x31");
    let (stand, before) = (review.stand(), picture(&review));
    let scroll_px = review.grid().scroll_px;
    let aim = review.aim();
    review.set_order_near(order([2, 80]), &stand);
    assert_eq!((review.current(), review.selected_count()), (Some(PhotoId(2)), 0));
    review.set_order_near(order([2, 40, 80]), &stand);
    assert_eq!(review.current(), Some(PhotoId(40)), "nearest to where it began, not to 2");
    review.resume(stand);
    assert_eq!((picture(&review), review.grid().scroll_px), (before, scroll_px));
    assert_ne!(review.aim(), aim, "what was shown in between was something else");
}

#[test]
fn a_decision_goes_on_to_the_next_photo_that_is_not_stale() {
    let mut review = review(6);
    for photo in [1, 2, 5] {
        review.set_stale(PhotoId(photo), true);
    }
    assert_eq!(review.stale_count(), 3);
    play(&mut review, "k");
    assert_eq!(picture(&review), "k..[.]..");
    review.set_stale(PhotoId(5), false);
    play(&mut review, "> t");
    assert_eq!(picture(&review), "k...t[.]");
    review.set_stale(PhotoId(5), true);
    play(&mut review, "< < k");
    assert_eq!(picture(&review), "k..k[t].");
    play(&mut review, "k");
    assert_eq!(picture(&review), "k..k[k].", "where all that follow are stale, it stays");
    review.set_order(order(0..6));
    assert_eq!(review.stale_count(), 0);
}

#[test]
fn another_window_keeps_the_current_photo_in_view() {
    let mut review = review(100);
    play(&mut review, "v v v v v v v v v v");
    for (size_px, scale) in [([900.0, 300.0], 1.0), ([1.0, 1.0], 1.0), ([3840.0, 2160.0], 2.0)] {
        review.set_viewport(Viewport::new(size_px, scale));
        let index = review.current_index().expect("there is a current photo");
        let [_, y, _, height] = review.cell_rect_px(index);
        assert!(y >= 0.0 && y + height <= size_px[1], "{y} in {size_px:?}");
    }
    assert_eq!(review.grid().cell_px, 200.0, "a small window does not lose the zoom");
}

#[test]
fn what_the_store_knew_is_solid_and_undecided_photos_have_no_badge() {
    let mut review = check(3, "k", "k[.].");
    assert_eq!(review.restore([(PhotoId(2), label(Verdict::Trash, 0))]), None);
    let badges = [0, 1, 2].map(|p| review.badge_number(PhotoId(p)));
    assert_eq!(badges, [Some(1), None, Some(0)]);
    assert_eq!(picture(&review), "k[.]t");
}

#[test]
fn an_early_decision_keeps_what_the_store_knew() {
    let mut review = review(3);
    play(&mut review, "3");
    let step = review.restore([(PhotoId(0), label(Verdict::Keep, 1))]);
    let edits = step.expect("the verdict is to be stored again").edits;
    let merged = label(Verdict::Keep, 3);
    let expect = Edit { photo: PhotoId(0), before: label(Verdict::Undecided, 3), after: merged };
    assert_eq!(*edits, *std::slice::from_ref(&expect));
    play(&mut review, "z");
    assert_eq!(*review.label(PhotoId(0)), label(Verdict::Keep, 1), "as the store had it");
    play(&mut review, "y");
    assert_eq!(*review.label(PhotoId(0)), expect.after);
    assert_eq!(review.restore([(PhotoId(0), label(Verdict::Trash, 0))]), None, "only once");
    assert_eq!(*review.label(PhotoId(0)), expect.after);
}

#[test]
fn a_late_label_shows_where_all_steps_are_undone() {
    let mut review = check(3, "k z", "[.]..");
    let stored = Label { colour: Colour::Blue, ..label(Verdict::Trash, 2) };
    assert!(review.restore([(PhotoId(0), stored.clone())]).is_some());
    assert_eq!(*review.label(PhotoId(0)), stored);
    play(&mut review, "y");
    assert_eq!(*review.label(PhotoId(0)), Label { verdict: Verdict::Keep, ..stored });
}

#[test]
fn another_program_wins_over_all_but_what_is_not_committed_yet() {
    let mut review = check(3, "k", "k[.].");
    review.foreign(PhotoId(0), label(Verdict::Trash, 0));
    assert_eq!(picture(&review), "k[.].");
    review.acknowledge(1);
    review.foreign(PhotoId(0), label(Verdict::Trash, 0));
    assert_eq!(picture(&review), "t[.].");
    assert_eq!(review.badge_number(PhotoId(0)), Some(0));
}

#[test]
fn steps_of_earlier_runs_lie_beneath_this_runs_own() {
    let past = |photo, stars: [u8; 2]| -> Arc<[Edit]> {
        let [before, after] = stars.map(|s| label(Verdict::Undecided, s));
        Arc::from([Edit { photo: PhotoId(photo), before, after }])
    };
    let mut fresh = review(4);
    fresh.restore_history(vec![past(1, [0, 1]), past(2, [0, 2])], vec![past(3, [0, 3])]);
    play(&mut fresh, "y");
    assert_eq!(fresh.label(PhotoId(3)).stars, 3);
    let mut late = check(4, "k", "k[.]..");
    late.restore([(PhotoId(2), label(Verdict::Undecided, 2))]);
    late.restore_history(vec![past(1, [0, 1]), past(2, [0, 2])], vec![past(3, [0, 3])]);
    assert!(!late.can_redo());
    play(&mut late, "z z");
    assert_eq!((picture(&late).as_str(), late.label(PhotoId(2)).stars), ("..[.].", 0));
}

#[test]
fn the_revision_rises_with_what_is_seen_and_only_then() {
    let mut review = review(9);
    let mut rises = |act: &dyn Fn(&mut Review)| {
        let before = review.revision();
        act(&mut review);
        review.revision() > before
    };
    for script in ["k", "v", "S<", "open", "back", "back", "z", "a"] {
        assert!(rises(&|r| _ = play(r, script)), "{script}");
    }
    assert!(rises(&|r| _ = apply(r, &Command::ZoomIn)));
    assert!(rises(&|r| r.set_viewport(Viewport::new([50.0, 50.0], 1.0))));
    assert!(rises(&|r| r.acknowledge(1)));
    assert!(rises(&|r| _ = r.restore([(PhotoId(5), label(Verdict::Keep, 0))])));
    assert!(rises(&|r| r.foreign(PhotoId(5), label(Verdict::Trash, 0))));
    assert!(rises(&|r| r.set_photo_count(10)), "the total is in the status line");
    for script in ["back", "<", "^", "z"] {
        assert!(rises(&|r| _ = play(r, "end home")));
        assert!(!rises(&|r| _ = play(r, script)), "{script}");
    }
}
