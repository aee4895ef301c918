//! Random names and times against the rules of `core::order` and `core::group`.

use std::cmp::Ordering;

use proptest::prelude::*;
use rushlight::core::order::Order;
use rushlight::core::order::Taken;
use rushlight::core::order::natural_cmp;
use rushlight::core::photo::PhotoId;
use rushlight::core::photo::Timestamp;

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
}
