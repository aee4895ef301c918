//! Random names and times against the rules of `core::order` and `core::group`.

use std::cmp::Ordering;

use proptest::prelude::*;
use rushlight::core::order::Order;
use rushlight::core::order::Sort;
use rushlight::core::order::SortKey;
use rushlight::core::order::Taken;
use rushlight::core::order::natural_cmp;
use rushlight::core::photo::PhotoId;
use rushlight::core::photo::Timestamp;

const KEYS: [SortKey; 5] =
    [SortKey::Time, SortKey::Name, SortKey::Stars, SortKey::Keep, SortKey::Sharp];

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_natural_order_is_total(names in prop::collection::vec("[aAbBéÉİ019./ _-]{0,7}", 3)) {
        let [a, b, c] = [&names[0], &names[1], &names[2]];
        prop_assert_eq!(natural_cmp(a, b) == Ordering::Equal, a == b);
        prop_assert_eq!(natural_cmp(a, b), natural_cmp(b, a).reverse());
        if natural_cmp(a, b).is_le() && natural_cmp(b, c).is_le() {
            prop_assert!(natural_cmp(a, c).is_le(), "{a:?} {b:?} {c:?}");
        }
    }

    #[test]
    fn a_shared_beginning_changes_nothing(
        folder in "[aB1é/]{0,4}",
        a in "[aB01é._-]{0,5}",
        b in "[aB01é._-]{0,5}",
    ) {
        let joined = |name: &str| format!("{folder}/{name}");
        prop_assert_eq!(natural_cmp(&joined(&a), &joined(&b)), natural_cmp(&a, &b));
    }

    #[test]
    fn spans_cover_the_order_and_nest(
        shots in prop::collection::vec((prop::option::of(0_i64..4000), 0_u32..3), 0..60),
    ) {
        let taken: Vec<_> = (0_u32..)
            .zip(&shots)
            .map(|(at, &(seconds, body))| Taken {
                photo: PhotoId(at),
                captured: seconds.map(|s| Timestamp(s * Timestamp::SECOND)),
                name_rank: at,
                body,
            })
            .collect();
        let order = Order::by_time(taken.clone());
        prop_assert_eq!(order.len(), shots.len());
        for index in 0..order.len() {
            let (burst, session) = (order.burst_at(index), order.session_at(index));
            prop_assert!(burst.contains(&index) && session.contains(&index));
            prop_assert!(session.start <= burst.start && burst.end <= session.end);
            prop_assert!(burst.clone().all(|i| order.burst_at(i) == burst));
        }
        // Two photos of one camera within 15 seconds are never in two bursts.
        let index_of = |t: &Taken| order.index_of(t.photo).expect("every photo is in the order");
        for (a, b) in taken.iter().flat_map(|a| taken.iter().map(move |b| (a, b))) {
            let (Some(at), Some(bt)) = (a.captured, b.captured) else { continue };
            if a.body == b.body && (at.0 - bt.0).abs() <= 15 * Timestamp::SECOND {
                prop_assert_eq!(order.burst_at(index_of(a)), order.burst_at(index_of(b)));
            }
        }
    }

    #[test]
    fn an_arrangement_has_what_is_shown_and_bursts_cut_down_to_it(
        shots in prop::collection::vec(
            (prop::option::of(0_i64..400), 0_u32..2, prop::option::of(0_u16..=5), any::<u32>()),
            0..60,
        ),
        key in prop::sample::select(KEYS.to_vec()),
        is_reversed: bool,
        is_sorted: bool,
    ) {
        let photos = || (0..shots.len() as u32).map(PhotoId);
        let mut named: Vec<PhotoId> = photos().collect();
        named.sort_by_key(|p| (shots[p.index()].3, *p));
        let taken = (0..).zip(&named).map(|(name_rank, &photo)| Taken {
            photo,
            captured: shots[photo.index()].0.map(|s| Timestamp(s * Timestamp::SECOND)),
            name_rank,
            body: shots[photo.index()].1,
        });
        let whole = match is_sorted {
            true => Order::by_time(taken.collect()),
            false => Order::by_name(named.clone()),
        };
        let stars_of = |photo: PhotoId| shots[photo.index()].2;
        let order = whole.arranged(Sort { key, is_reversed }, stars_of);

        // Each that is shown, once, and where it says.
        let mut expect: Vec<PhotoId> = photos().filter(|p| stars_of(*p).is_some()).collect();
        let sign = |index: usize| if is_reversed { -(index as i64) } else { index as i64 };
        expect.sort_by_key(|p| {
            let index = whole.index_of(*p).expect("the whole has every photo");
            let name_rank = named.iter().position(|n| n == p).expect("every photo has a name");
            let stars = sign(5 - usize::from(stars_of(*p).expect("it is shown")));
            let is_untimed = is_sorted && shots[p.index()].0.is_none();
            match key {
                SortKey::Time if is_untimed => (1, index as i64, 0),
                SortKey::Time => (0, sign(index), 0),
                SortKey::Name => (0, sign(name_rank), 0),
                SortKey::Stars => (0, stars, index),
                // Nothing is known of those of rank 0.
                SortKey::Keep | SortKey::Sharp if stars_of(*p) == Some(0) => (1, 0, index),
                SortKey::Keep | SortKey::Sharp => (0, stars, index),
            }
        });
        prop_assert_eq!(order.photos(), expect);
        prop_assert_eq!(order.column_len(), whole.column_len());
        for photo in photos() {
            let at = order.photos().iter().position(|p| *p == photo);
            prop_assert_eq!(order.index_of(photo), at);
        }

        // A burst is what is shown of one burst of the whole, and so is a session.
        let lengths = whole.burst_lengths();
        prop_assert_eq!(order.is_by_time(), is_sorted && key == SortKey::Time);
        for (index, &photo) in order.photos().iter().enumerate() {
            let of_whole = whole.index_of(photo).expect("the whole has every photo");
            let burst = whole.burst_at(of_whole);
            prop_assert_eq!(lengths[photo.index()] as usize, burst.len().max(1));
            let shown = |range: std::ops::Range<usize>| {
                let mut shown: Vec<_> = whole.photos()[range].to_vec();
                shown.retain(|p| stars_of(*p).is_some());
                shown.sort();
                shown
            };
            for (found, whole) in [
                (order.burst_at(index), burst),
                (order.session_at(index), whole.session_at(of_whole)),
            ] {
                let mut found = order.photos()[found].to_vec();
                found.sort();
                let expect = if order.is_by_time() { shown(whole) } else { Vec::new() };
                prop_assert_eq!(found, expect);
            }
        }
    }
}
