//! What files say, and how it meets what is decided: hundreds of one-line cases at three doors.

use super::*;
use crate::core::label::Decision;

/// What a file says, as `rating stars pick colour tag tag`, with `-` for what it does not.
fn said(text: &str) -> Said {
    let mut words = text.split_whitespace().map(|word| Some(word).filter(|w| *w != "-"));
    let mut next = || words.next().flatten();
    let rating = next().map(|w| w.parse().unwrap());
    let stars = next().map(|w| w.parse().unwrap());
    let pick = next().map(|w| w.parse().unwrap());
    let colour = next().map(Arc::from);
    Said { rating, stars, pick, colour, tags: words.flatten().map(Arc::from).collect() }
}

/// A label, as keys would make it.
fn label(keys: &str) -> Label {
    keys.split_whitespace().fold(Label::default(), |label, key| {
        label.with(&match key {
            "k" => Decision::Keep,
            "t" => Decision::Trash,
            "red" => Decision::Colour(Colour::Red),
            "green" => Decision::Colour(Colour::Green),
            tag if tag.starts_with('#') => Decision::Tag(tag[1..].into()),
            stars => Decision::Stars(stars.parse().unwrap()),
        })
    })
}

#[track_caller]
fn check_with(now: &str, keys: &str, expect: &str) {
    let found = said(now).with(&label(keys), Convention::Rating);
    assert_eq!(found, said(expect), "{now} with {keys:?}");
    // What was written is what will be read, and is nothing to write again.
    assert_eq!(found.label(Convention::Rating), label(keys), "{keys:?}");
    assert_eq!(found.with(&label(keys), Convention::Rating), found);
}

#[test]
fn a_label_is_told_in_the_words_that_programs_share() {
    check_with("", "k", "- - 3");
    check_with("", "t", "-1 - 1");
    check_with("", "t 3", "-1 3 1");
    check_with("", "k 3 red #a #b", "3 - 3 Red a b");
    check_with("", "", "");
}

#[test]
fn what_is_taken_back_is_told_where_it_was_said() {
    check_with("-1 3 1 Red a", "3", "3 - 0");
    check_with("-1 3 1", "", "0 - 0");
    check_with("4 - 2", "", "0 - 2");
}

#[test]
fn words_of_other_programs_stay() {
    check_with("4 - - Purple", "4", "4 - - Purple");
    check_with("4 - - red", "4 red", "4 - - red");
    check_with("4 - - Purple", "4 green", "4 - - Green");
}

#[test]
fn with_labels_the_rating_is_left_alone() {
    let check = |now: &str, keys: &str, expect: &str| {
        let found = said(now).with(&label(keys), Convention::Label);
        assert_eq!(found, said(expect), "{now} with {keys:?}");
        assert_eq!(found.label(Convention::Label), label(keys));
    };
    check("2", "t 4", "2 4 1 Trash");
    check("", "k", "- - 3 Keep");
    check("- - 3 Keep", "k red", "- - 3 Red");
    check("- - - Review", "k", "- - 3 Review");
    let found = said("- - 3 Keep").with(&Label::default(), Convention::Label);
    assert_eq!(found, said("- - 0"));
}

/// `base` was read or written last, `now` is in the file, `ours` and `expect` are labels.
#[track_caller]
fn check_merge(base: &str, now: &str, ours: &str, expect: &str, disputes: &[&str]) {
    let merged = said(now).since(&said(base), Convention::Rating).onto(&label(ours));
    assert_eq!(merged.label, label(expect), "{base} -> {now} onto {ours:?}");
    let told: Vec<_> = merged.disputes.iter().map(ToString::to_string).collect();
    assert_eq!(told, disputes, "{base} -> {now} onto {ours:?}");
}

#[test]
fn what_one_side_has_changed_is_taken() {
    check_merge("", "4 - - Red a", "", "4 red #a", &[]);
    check_merge("3 - 3", "4 - 3", "k 3", "k 4", &[]);
    check_merge("3 - 3", "3 - 3", "t 3", "t 3", &[]);
    check_merge("3 - - - a b", "3 - - - b c", "3 #a #b #d", "3 #b #c #d", &[]);
    check_merge("3", "5", "3 k", "5 k", &[]);
}

#[test]
fn what_both_have_changed_alike_is_no_dispute() {
    check_merge("3", "4", "4", "4", &[]);
    check_merge("", "-1", "t", "t", &[]);
}

#[test]
fn what_both_have_changed_is_a_dispute() {
    check_merge("3", "4", "5", "5", &["5 stars here, 4 in the file"]);
    check_merge("", "-1 - - Green", "k 2", "k 2 green", &["keep here, trash in the file"]);
    check_merge("- - - Red", "- - - Green", "", "", &["no colour here, Green in the file"]);
}

#[test]
fn the_property_that_changed_tells_the_verdict() {
    // darktable rejects, and knows no PickLabel; then it takes that back.
    check_merge("3 - 3", "-1 - 3", "k 3", "t 3", &[]);
    check_merge("-1 3 1", "0 3 1", "t 3", "3", &[]);
    check_merge("-1 3 1", "2 3 1", "t 3", "2", &[]);
    // digiKam accepts or clears, and leaves the rating.
    check_merge("-1 - 1", "-1 - 3", "t", "k", &[]);
    check_merge("-1 - 1", "-1 - 0", "t", "", &[]);
    check_merge("-1 - 1", "4 - 3", "t", "k 4", &[]);
}

#[test]
fn a_rejection_from_outside_leaves_the_stars() {
    check_merge("4", "-1", "4", "t 4", &[]);
}

#[test]
fn the_stronger_of_two_files_is_heard_first() {
    let of = |text| said(text).since(&Said::default(), Convention::Rating);
    let merged = of("4 - - - a").over(of("2 - 3 Red b")).onto(&Label::default());
    assert_eq!(merged.label, label("k 4 red #a #b"));
}

#[test]
fn a_later_decision_settles_a_dispute() {
    let dispute = Dispute::Stars { ours: 5, theirs: 4 };
    assert!(dispute.is_settled_by(&label("5"), &label("3")));
    assert!(!dispute.is_settled_by(&label("5"), &label("5 k")));
}
