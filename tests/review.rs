//! Random commands to `core::review`, with its invariants after every one of them.
//!
//! The model is naive: labels in a map, counted anew each time, and a list of all steps.

use std::collections::BTreeMap;
use std::collections::HashSet;
use std::sync::Arc;

use proptest::prelude::*;
use rushlight::core::command::Command;
use rushlight::core::command::Direction;
use rushlight::core::label::Colour;
use rushlight::core::label::Decision;
use rushlight::core::label::Label;
use rushlight::core::label::Verdict;
use rushlight::core::order::Order;
use rushlight::core::order::Taken;
use rushlight::core::photo::PhotoId;
use rushlight::core::photo::Timestamp;
use rushlight::core::review::Counts;
use rushlight::core::review::Review;
use rushlight::core::review::Stage;
use rushlight::core::view::Viewport;

const NOW: Timestamp = Timestamp(0);

/// What may happen to a review.
#[derive(Debug, Clone)]
enum Event {
    Command(Command),
    /// Another order: the photos below a number, by time or by name, from another first one.
    Order(u32, bool, usize),
    Window(Viewport),
}

fn direction() -> impl Strategy<Value = Direction> {
    prop::sample::select(vec![
        Direction::Left,
        Direction::Right,
        Direction::Up,
        Direction::Down,
        Direction::PageUp,
        Direction::PageDown,
        Direction::Home,
        Direction::End,
    ])
}

fn decision() -> impl Strategy<Value = Decision> {
    prop::sample::select(vec![
        Decision::Keep,
        Decision::Keep,
        Decision::Trash,
        Decision::Clear,
        Decision::Stars(3),
        Decision::Stars(0),
        Decision::Colour(Colour::Red),
        Decision::Colour(Colour::Blue),
        Decision::Tag("bride".into()),
        Decision::Tag("cake".into()),
        Decision::Untag("bride".into()),
        Decision::Turn(1),
    ])
}

fn point() -> impl Strategy<Value = [f32; 2]> {
    [-100_f32..3000.0, -100_f32..3000.0]
}

fn command() -> impl Strategy<Value = Command> {
    prop_oneof![
        6 => direction().prop_map(Command::Move),
        4 => direction().prop_map(Command::Extend),
        10 => decision().prop_map(Command::Decide),
        3 => prop::sample::select(vec![Command::Undo, Command::Redo]),
        4 => prop::sample::select(vec![
            Command::NextUndecided,
            Command::PreviousUndecided,
            Command::GoTo { photo: PhotoId(3) },
            Command::NextBurst,
            Command::PreviousBurst,
            Command::Open,
            Command::Back,
            Command::ZoomIn,
            Command::ZoomOut,
            Command::SelectAll,
            Command::ToggleAutoAdvance,
            Command::ToggleActual { at_px: None },
        ]),
        1 => point().prop_map(|p| Command::ToggleActual { at_px: Some(p) }),
        1 => (0.1_f32..9.0, point()).prop_map(|(factor, at_px)| Command::ZoomAt { factor, at_px }),
        2 => (-5000_f32..5000.0).prop_map(|delta_px| Command::Scroll { delta_px }),
        1 => point().prop_map(|delta_px| Command::Pan { delta_px }),
        2 => point().prop_map(|at_px| Command::Click { at_px }),
        2 => point().prop_map(|at_px| Command::ClickExtend { at_px }),
        3 => point().prop_map(|at_px| Command::ClickToggle { at_px }),
        2 => (point(), point()).prop_map(|(from_px, to_px)| Command::SelectRect { from_px, to_px }),
    ]
}

fn viewport() -> impl Strategy<Value = Viewport> {
    let side = || prop_oneof![Just(1.0_f32), 1_f32..4000.0, Just(30_000.0_f32)];
    let scale = prop::sample::select(vec![1.0_f32, 1.5, 2.0]);
    ([side(), side()], scale, [0_f32..60.0, 0_f32..60.0], 0_f32..400.0).prop_map(
        |(size_px, scale, insets_px, right_px)| {
            let whole = Viewport::new(size_px, scale);
            Viewport { insets_px, right_px, strip_px: insets_px[1], ..whole }
        },
    )
}

fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        30 => command().prop_map(Event::Command),
        1 => (0_u32..60, any::<bool>(), 0_usize..60).prop_map(|(n, t, r)| Event::Order(n, t, r)),
        1 => viewport().prop_map(Event::Window),
    ]
}

fn order(count: u32, is_by_time: bool, first: usize) -> Arc<Order> {
    let mut photos: Vec<_> = (0..count).map(PhotoId).collect();
    let first = first.min(photos.len());
    photos.rotate_left(first);
    if !is_by_time {
        return Arc::new(Order::by_name(photos));
    }
    let taken = (0_u32..).zip(photos).map(|(at, photo)| Taken {
        photo,
        captured: (photo.0 % 7 != 0).then_some(Timestamp(i64::from(at / 4) * 20_000_000)),
        name_rank: at,
        body: at % 2,
    });
    Arc::new(Order::by_time(taken.collect()))
}

fn size_px(photo: PhotoId) -> Option<[u32; 2]> {
    match photo.0 % 3 {
        0 => Some([6000, 4000]),
        1 => Some([10, 3000]),
        _ => None,
    }
}

fn labels(review: &Review) -> Vec<Label> {
    (0..review.counts().total as u32).map(|p| review.label(PhotoId(p)).clone()).collect()
}

/// What must hold at any time.
fn check(review: &Review) {
    let labels = labels(review);
    let count = |verdict| labels.iter().filter(|l| l.verdict == verdict).count();
    let recount = Counts {
        total: labels.len(),
        kept: count(Verdict::Keep),
        trashed: count(Verdict::Trash),
        undecided: count(Verdict::Undecided),
    };
    assert_eq!(review.counts(), recount);
    let mut tags = BTreeMap::new();
    for tag in labels.iter().flat_map(Label::tags) {
        *tags.entry(Arc::clone(tag)).or_insert(0) += 1;
    }
    assert_eq!(*review.tags(), tags);

    let order = review.order();
    assert_eq!(review.current().is_some(), !order.is_empty());
    assert_eq!(review.current_index().is_some(), !order.is_empty());
    let selected = order.photos().iter().filter(|&&p| review.is_selected(p)).count();
    assert_eq!(review.selected_count(), selected, "all selected photos are in the order");

    let (grid, viewport) = (review.grid(), review.viewport());
    let mut clamped = *grid;
    clamped.clamp(viewport, review.rows());
    assert_eq!(*grid, clamped, "the scroll is within its ends");
    let visible = review.visible();
    assert!(visible.end <= order.len());
    // An area no higher than a gap may show nothing else.
    let is_high = viewport.area_px()[3] > 8.0;
    assert!(order.is_empty() || !is_high || !visible.is_empty());
    assert!(review.ahead(9).len() <= 9 && review.ahead(9).end <= order.len());
    assert!(review.behind(9).end <= visible.start || review.behind(9).start >= visible.end);
    if let (Stage::Loupe, Some(photo)) = (review.stage(), review.current()) {
        let rect = review.loupe_rect_px(photo, [6000, 4000]);
        assert_eq!(rect, rect.map(f32::round));
        let [left, top, width, height] = viewport.area_px();
        assert!(rect[0] < left + width && rect[0] + rect[2] > left, "{rect:?}");
        assert!(rect[1] < top + height && rect[1] + rect[3] > top, "{rect:?}");
    }
}

/// The photos that a decision must reach.
fn reached(review: &Review) -> HashSet<PhotoId> {
    if review.stage() == Stage::Grid && review.selected_count() > 0 {
        let photos = review.order().photos().iter().copied();
        photos.filter(|&p| review.is_selected(p)).collect()
    } else {
        review.current().into_iter().collect()
    }
}

fn play(review: &mut Review, command: &Command) {
    let before = labels(review);
    let reached = reached(review);
    let (revision, number) = (review.revision(), review.committed());
    assert_eq!(review.reach(), reached.len());
    let step = review.apply(command, size_px, NOW);
    let changed: HashSet<_> = (0..before.len())
        .map(|at| PhotoId(at as u32))
        .filter(|p| before[p.index()] != *review.label(*p))
        .collect();
    assert!(changed.is_empty() || review.revision() > revision);
    if matches!(command, Command::Decide(_)) {
        assert!(changed.is_subset(&reached), "{command:?} changed {changed:?}");
    }
    match step {
        Some(step) => {
            assert!(command.is_deciding());
            assert_eq!(step.number, number + 1);
            review.acknowledge(step.number);
            assert!(changed.iter().all(|p| step.edits.iter().any(|e| e.photo == *p)));
            for (photo, label) in step.outcomes() {
                assert_eq!(review.label(photo), label);
            }
        }
        None => assert!(changed.is_empty(), "{command:?} changed labels without a step"),
    }
    if let (Command::Move(_) | Command::Extend(_), Some(index)) = (command, review.current_index())
    {
        assert!(review.visible().contains(&index), "{command:?} left the window");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn random_commands_keep_the_invariants(
        window in viewport(),
        count in 0_u32..60,
        events in prop::collection::vec(event(), 0..150),
    ) {
        let mut review = Review::new(window);
        review.set_photo_count(count as usize / 2);
        check(&review);
        review.set_order(order(count, false, 0));
        check(&review);
        for event in events {
            match event {
                Event::Command(command) => play(&mut review, &command),
                Event::Order(count, is_by_time, first) => {
                    review.set_order(order(count, is_by_time, first));
                }
                Event::Window(viewport) => review.set_viewport(viewport),
            }
            check(&review);
        }
        // All steps back give the start, all of them again give the end.
        let end = labels(&review);
        while review.can_redo() {
            play(&mut review, &Command::Redo);
        }
        let last = labels(&review);
        while review.can_undo() {
            play(&mut review, &Command::Undo);
        }
        prop_assert!(labels(&review).iter().all(|l| *l == Label::default()));
        while review.can_redo() {
            play(&mut review, &Command::Redo);
        }
        prop_assert_eq!(labels(&review), last);
        prop_assert_eq!(end.len(), labels(&review).len());
    }

    #[test]
    fn late_labels_lose_nothing_and_stay_consistent(
        commands in prop::collection::vec(command(), 0..40),
        stored in prop::collection::vec((0_u32..12, decision(), decision()), 0..12),
    ) {
        let mut review = Review::new(Viewport::new([500.0, 400.0], 1.0));
        review.set_order(order(12, false, 0));
        for command in &commands {
            play(&mut review, command);
        }
        let early = labels(&review);
        let stored: BTreeMap<_, _> = stored
            .into_iter()
            .map(|(photo, a, b)| (PhotoId(photo), Label::default().with(&a).with(&b)))
            .collect();
        if let Some(step) = review.restore(stored.clone()) {
            review.acknowledge(step.number);
        }
        check(&review);
        for (photo, stored) in &stored {
            let (early, merged) = (&early[photo.index()], review.label(*photo));
            prop_assert!([early.verdict, stored.verdict].contains(&merged.verdict));
            prop_assert!([early.stars, stored.stars].contains(&merged.stars));
            prop_assert!(stored.tags().iter().all(|t| merged.tags().contains(t)));
        }
        while review.can_undo() {
            play(&mut review, &Command::Undo);
        }
        for (photo, label) in (0..12).map(PhotoId).map(|p| (p, review.label(p))) {
            prop_assert_eq!(label.clone(), stored.get(&photo).cloned().unwrap_or_default());
        }
    }
}
