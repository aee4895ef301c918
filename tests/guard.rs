//! The guard's promise, by simulation: the budget is broken no more often than was said, with photos
//! alike within bursts and refits along the way, and enough is proposed to be worth it.
//!
//! Ninety photographers here; `benches/guard.rs` has a thousand.

#[path = "support/photographer.rs"]
mod photographer;

use rushlight::core::guard::Budget;

use self::photographer::Make;
use self::photographer::cull;

/// Of each kind.
const PHOTOGRAPHERS: u64 = 30;

#[test]
fn the_budget_holds_and_a_third_of_the_trash_is_proposed() {
    let budget = Budget::default();
    let mut caught = Vec::new();
    for alike in [0.0, 0.3, 0.5] {
        let make = Make { photos: 1500, alike, noise: 0.15 };
        let outcomes: Vec<_> = (0..PHOTOGRAPHERS).map(|seed| cull(&make, &budget, seed)).collect();
        let broken = outcomes.iter().filter(|outcome| outcome.is_broken).count();
        println!("alike {alike}: broken {broken} of {PHOTOGRAPHERS}");
        // Five in a hundred are one or two here; five are beyond two standard errors.
        assert!(broken <= 4, "broken {broken} times at {alike}");
        caught.extend(outcomes.iter().map(|outcome| outcome.caught));
    }
    // Over all of them: the more alike photos of a burst are, the fewer of them count.
    let caught = caught.iter().sum::<f64>() / caught.len() as f64;
    assert!(caught >= 1.0 / 3.0, "{caught}");
}

#[test]
fn a_photographer_who_keeps_at_random_is_proposed_nothing_that_costs() {
    let make = Make { photos: 1000, alike: 0.5, noise: 20.0 };
    let outcomes: Vec<_> = (100..110).map(|seed| cull(&make, &Budget::default(), seed)).collect();
    let broken = outcomes.iter().filter(|outcome| outcome.is_broken).count();
    assert!(broken <= 2, "{broken} of 10");
    assert!(outcomes.iter().all(|outcome| outcome.caught < 0.3));
}
