//! What each command does, as scripts and pictures: a window with four columns and five rows.

mod arrivals;

use std::sync::Arc;

use super::*;
use crate::core::command::Direction;
use crate::core::edit::Act;
use crate::core::label::Colour;
use crate::core::label::Decision;
use crate::core::label::Verdict;
use crate::core::order::Taken;
use crate::core::view::Zoom;

const WINDOW: Viewport = Viewport { insets_px: [0.0, 20.0], ..Viewport::new([428.0, 540.0], 1.0) };
const NOW: Timestamp = Timestamp(77);
const SIZE_PX: [u32; 2] = [6000, 4000];

/// `count` photos in the order of their numbers, in bursts of three.
fn review(count: u32) -> Review {
    let mut review = Review::new(WINDOW);
    review.grid.cell_px = 100.0;
    review.set_order(order(0..count));
    review
}

fn order(photos: impl IntoIterator<Item = u32>) -> Arc<Order> {
    let taken = (0_u32..).zip(photos).map(|(at, photo)| Taken {
        photo: PhotoId(photo),
        captured: Some(Timestamp(i64::from(at / 3) * 60 * Timestamp::SECOND)),
        name_rank: at,
        body: 0,
    });
    Arc::new(Order::by_time(taken.collect()))
}

fn apply(review: &mut Review, command: &Command) -> Option<Step> {
    review.apply(command, |_| Some(SIZE_PX), NOW)
}

/// `<>^v` move and `S<` and so on extend; `c5`, `s5` and `x5` click on cell 5 plainly, with Shift
/// and with Ctrl; `k t u 3 red` decide, `z y` undo and redo, `a` turns auto-advance on or off,
/// `j` and `J` go to the next and previous undecided photo, `b` and `B` to the next and previous burst.
fn command(review: &Review, word: &str) -> Command {
    let at_px = || {
        let index = word[1..].parse().expect("a cell");
        let [x, y, width, height] = review.cell_rect_px(index);
        [x + width / 2.0, y + height / 2.0]
    };
    let direction = |word: &str| match word {
        "<" => Direction::Left,
        ">" => Direction::Right,
        "^" => Direction::Up,
        "v" => Direction::Down,
        "pgup" => Direction::PageUp,
        "pgdn" => Direction::PageDown,
        "home" => Direction::Home,
        "end" => Direction::End,
        _ => panic!("no command is called {word:?}"),
    };
    match word {
        "k" => Command::Decide(Decision::Keep),
        "t" => Command::Decide(Decision::Trash),
        "u" => Command::Decide(Decision::Clear),
        "3" => Command::Decide(Decision::Stars(3)),
        "red" => Command::Decide(Decision::Colour(Colour::Red)),
        "tag" => Command::Decide(Decision::Tag("bride".into())),
        "z" => Command::Undo,
        "y" => Command::Redo,
        "a" => Command::ToggleAutoAdvance,
        "j" => Command::NextUndecided,
        "J" => Command::PreviousUndecided,
        "b" => Command::NextBurst,
        "B" => Command::PreviousBurst,
        "open" => Command::Open,
        "back" => Command::Back,
        "all" => Command::SelectAll,
        _ if word.starts_with('c') => Command::Click { at_px: at_px() },
        _ if word.starts_with('s') => Command::ClickExtend { at_px: at_px() },
        _ if word.starts_with('x') => Command::ClickToggle { at_px: at_px() },
        _ => match word.strip_prefix('S') {
            Some(word) => Command::Extend(direction(word)),
            None => Command::Move(direction(word)),
        },
    }
}

fn play(review: &mut Review, script: &str) -> Vec<Step> {
    let steps = script.split_whitespace().filter_map(|word| {
        let command = command(review, word);
        apply(review, &command)
    });
    steps.collect()
}

/// Each photo as shown: `k`ept, `t`rashed or `.`; `*` behind selected ones, `[]` around the current.
fn picture(review: &Review) -> String {
    let photos = review.order.photos().iter();
    photos
        .map(|&photo| {
            let verdict = match review.label(photo).verdict {
                Verdict::Keep => "k",
                Verdict::Trash => "t",
                Verdict::Undecided => ".",
            };
            let star = if review.is_selected(photo) { "*" } else { "" };
            if review.current() == Some(photo) {
                format!("[{verdict}{star}]")
            } else {
                format!("{verdict}{star}")
            }
        })
        .collect()
}

#[track_caller]
fn check(count: u32, script: &str, expect: &str) -> Review {
    let mut review = review(count);
    play(&mut review, script);
    assert_eq!(picture(&review), expect, "after {script:?}");
    review
}

#[test]
fn arrows_move_by_cells_and_rows_and_stop_at_the_ends() {
    check(10, "< ^", "[.].........");
    check(10, "> v", ".....[.]....");
    check(10, "v v", "........[.].");
    check(10, "c6 v", ".........[.]");
    check(10, "c8 v", "........[.].");
    check(10, "end ^ <", "....[.].....");
    check(10, "pgdn home pgdn pgup", "[.].........");
}

#[test]
fn a_decision_goes_on_to_the_next_photo() {
    check(3, "k t 3", "kt[.]");
    check(3, "k k k k", "kk[k]");
    check(3, "a k t", "[t]..");
    check(3, "red tag", "[.]..");
}

#[test]
fn a_decision_that_changes_nothing_is_no_step_but_goes_on() {
    let mut review = check(3, "k < k", "k[.].");
    assert_eq!(play(&mut review, "< k").len(), 0);
    assert_eq!(play(&mut review, "z").len(), 1);
    assert!(!review.can_undo(), "there was one step");
}

#[test]
fn shift_extends_from_the_anchor_and_ctrl_takes_one() {
    check(6, "> S> S>", "..*.*[.*]..");
    check(6, "c2 s4 s0", "[.*].*.*...");
    check(6, "c1 x3 x5 x3", "...[.]..*");
    check(6, "c2 S> >", "....[.].");
    check(6, "all c9", "[.].....");
}

#[test]
fn a_decision_over_a_selection_is_one_step_and_moves_nothing() {
    let mut review = check(6, "c1 s3 k", ".k*k*[k*]..");
    assert_eq!(review.reach(), 3);
    let steps = play(&mut review, "t");
    assert_eq!(steps.len(), 1);
    assert_eq!(steps[0].edits.iter().map(|e| e.photo.0).collect::<Vec<_>>(), [1, 2, 3]);
    play(&mut review, "z z");
    assert_eq!(picture(&review), ".[.*].*.*..");
}

#[test]
fn in_the_loupe_a_decision_reaches_the_current_photo_alone() {
    let review = check(6, "c1 s3 open a k", "..*.*[k*]..");
    assert_eq!(review.reach(), 1);
    check(6, "c1 s3 open k back", "...k[.].");
}

#[test]
fn a_colour_goes_to_all_of_a_selection_or_is_taken_from_all() {
    let mut review = check(4, "c1 red c0 s2", ".*.*[.*].");
    let colours = |review: &Review| [0, 1, 2].map(|p| review.label(PhotoId(p)).colour);
    play(&mut review, "red");
    assert_eq!(colours(&review), [Colour::Red; 3]);
    play(&mut review, "red");
    assert_eq!(colours(&review), [Colour::None; 3]);
}

#[test]
fn a_tag_is_given_to_those_without_it() {
    let mut review = check(4, "c1 tag c0 s2", ".*.*[.*].");
    assert_eq!(review.tagged("bride"), 1);
    let steps = play(&mut review, "tag");
    assert_eq!(steps[0].edits.len(), 2);
    assert_eq!((review.tagged("bride"), review.tags().get("bride")), (3, Some(&3)));
}

#[test]
fn undo_and_redo_show_the_photo_and_select_nothing_out_of_sight() {
    let mut review = check(40, "k t end", &format!("kt{}[.]", ".".repeat(37)));
    let steps = play(&mut review, "c39 x38 z");
    assert_eq!(picture(&review), format!("k[.]{}", ".".repeat(38)));
    assert_eq!((steps[0].act, steps[0].number), (Act::Undo, 3));
    assert!(review.visible().contains(&1));
    let steps = play(&mut review, "y y");
    assert_eq!((steps.len(), steps[0].act), (1, Act::Redo));
    assert_eq!(review.label(PhotoId(1)).verdict, Verdict::Trash);
}

#[test]
fn a_new_step_ends_what_could_be_redone() {
    check(4, "k k z t y", "kt[.].");
}

#[test]
fn the_next_undecided_photo_is_found_past_the_end() {
    check(5, "k k u k end k j", "kk[.]kk");
    check(3, "k k k j", "kk[k]");
}

#[test]
fn the_undecided_photo_before_is_found_past_the_start() {
    check(5, "k u k k k J", "k[.]kkk");
    check(5, "k k k J", "kkk.[.]");
    check(5, "k k k J J", "kkk[.].");
    check(3, "k k k J", "kk[k]");
}

#[test]
fn bursts_are_walked_from_first_photo_to_first_photo() {
    check(9, "> b", "...[.].....");
    check(9, "b b b", "......[.]..");
    check(9, "b > B B", "[.]........");
    let mut by_name = Review::new(WINDOW);
    by_name.set_order(Arc::new(Order::by_name((0..4).map(PhotoId).collect())));
    play(&mut by_name, "> b B");
    assert_eq!(by_name.current_index(), Some(1), "an order by name has no bursts");
}

#[test]
fn a_key_shows_the_current_photo_and_scrolling_keeps_the_selection() {
    let mut review = check(100, "c1 s3", &format!("..*.*[.*]{}", ".".repeat(96)));
    apply(&mut review, &Command::Scroll { delta_px: 1500.0 });
    assert!(!review.visible().contains(&3));
    assert_eq!(review.selected_count(), 3);
    play(&mut review, "S>");
    assert!(review.visible().contains(&4));
    assert_eq!(review.selected_count(), 4);
}

#[test]
fn a_rectangle_selects_what_it_touches() {
    let mut review = review(20);
    let rect = Command::SelectRect { from_px: [110.0, 90.0], to_px: [250.0, 150.0] };
    apply(&mut review, &rect);
    assert_eq!(picture(&review), format!(".[.*].*...*.*.{}", ".".repeat(12)));
    let nothing = Command::SelectRect { from_px: [101.0; 2], to_px: [102.0; 2] };
    apply(&mut review, &nothing);
    assert_eq!(review.selected_count(), 0);
}

#[test]
fn back_leaves_the_loupe_then_the_selection_and_never_more() {
    let mut review = check(9, "c1 s2 open back", "..*[.*]......");
    assert_eq!(review.stage(), Stage::Grid);
    play(&mut review, "back back back");
    assert_eq!(picture(&review), "..[.]......");
}

#[test]
fn the_loupe_keeps_zoom_and_centre_from_photo_to_photo() {
    let mut review = check(9, "open", "[.]........");
    apply(&mut review, &Command::Click { at_px: [10.0, 500.0] });
    let loupe = *review.loupe();
    assert_eq!(loupe.zoom, Zoom::Scale(1.0));
    play(&mut review, "> v pgdn <");
    assert_eq!((review.current_index(), *review.loupe()), (Some(2), loupe));
    assert_eq!((review.visible(), review.ahead(2), review.behind(2)), (2..3, 0..2, 3..5));
}

#[test]
fn a_turned_photo_is_upright_in_the_loupe() {
    let mut review = check(1, "open", "[.]");
    let [_, _, width, height] = review.loupe_rect_px(PhotoId(0), SIZE_PX);
    assert!(width > height);
    apply(&mut review, &Command::Decide(Decision::Turn(1)));
    let [_, _, width, height] = review.loupe_rect_px(PhotoId(0), SIZE_PX);
    assert!(width < height);
}
