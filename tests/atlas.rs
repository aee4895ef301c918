//! Random requests to `core::atlas` against a naive list of seats.

use std::collections::HashMap;
use std::collections::HashSet;

use proptest::prelude::*;
use rushlight::core::atlas::Atlas;
use rushlight::core::atlas::Class;
use rushlight::core::atlas::Place;
use rushlight::core::atlas::Seat;
use rushlight::core::photo::PhotoId;

#[derive(Debug, Clone, Copy)]
enum Request {
    Place(u32, Class, u8),
    Touch(u32, Class),
    Forget(u32),
    EndFrame,
    Reset,
}

fn request() -> impl Strategy<Value = Request> {
    let class = prop::sample::select(Class::ALL.to_vec());
    prop_oneof![
        60 => (0_u32..80, class.clone(), 0_u8..3).prop_map(|(p, c, q)| Request::Place(p, c, q)),
        5 => (0_u32..80, class).prop_map(|(p, c)| Request::Touch(p, c)),
        5 => (0_u32..80).prop_map(Request::Forget),
        5 => Just(Request::EndFrame),
        1 => Just(Request::Reset),
    ]
}

/// The photos that this frame draws, and from where.
type Drawn = HashMap<Seat, (u32, Class)>;

fn seats_agree(atlas: &Atlas) {
    let mut taken = HashSet::new();
    let mut page_classes = HashMap::new();
    for photo in 0..80 {
        for class in Class::ALL {
            let Some((seat, _)) = atlas.seat_of(PhotoId(photo), class) else { continue };
            assert_eq!(seat.class, class);
            assert!(taken.insert(seat), "two photos sit in {seat:?}");
            let page_class = *page_classes.entry(seat.page).or_insert(class);
            assert_eq!(page_class, class, "page {} is cut for both", seat.page);
            assert!(seat.origin_px().iter().all(|o| o + class.edge_px() <= 2048));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn seats_and_photos_agree(
        pages in 0_u16..4,
        requests in prop::collection::vec(request(), 0..400),
    ) {
        let mut atlas = Atlas::new(pages);
        let mut drawn = Drawn::new();
        for request in requests {
            match request {
                Request::Place(photo, class, quality) => {
                    let before = atlas.seat_of(PhotoId(photo), class);
                    let place = atlas.place(PhotoId(photo), class, quality);
                    let after = atlas.seat_of(PhotoId(photo), class);
                    match (before, place) {
                        (Some((seat, held)), Some(place)) => {
                            let is_better = quality > held;
                            let expect =
                                if is_better { Place::Upload(seat) } else { Place::Ready(seat) };
                            prop_assert_eq!(place, expect);
                            prop_assert_eq!(after, Some((seat, held.max(quality))));
                        }
                        (None, Some(Place::Upload(seat))) => {
                            prop_assert_eq!(after, Some((seat, quality)));
                        }
                        (None, None) => prop_assert_eq!(after, None),
                        (before, place) => prop_assert!(false, "{before:?} gave {place:?}"),
                    }
                    if let Some(Place::Ready(seat) | Place::Upload(seat)) = place {
                        let drew = *drawn.entry(seat).or_insert((photo, class));
                        prop_assert_eq!(drew, (photo, class), "one seat drawn for two photos");
                    }
                }
                Request::Touch(photo, class) => {
                    atlas.touch(PhotoId(photo), class);
                    if let Some((seat, _)) = atlas.seat_of(PhotoId(photo), class) {
                        drawn.insert(seat, (photo, class));
                    }
                }
                Request::Forget(photo) => atlas.forget(PhotoId(photo)),
                Request::EndFrame => {
                    atlas.end_frame();
                    drawn.clear();
                }
                Request::Reset => {
                    atlas.reset();
                    drawn.clear();
                }
            }
            seats_agree(&atlas);
        }
    }
}
