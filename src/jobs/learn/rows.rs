//! From the board's columns to the learner's rows.

use std::ops::Range;

use crate::core::learner::table::Inputs;
use crate::core::learner::table::Known;
use crate::core::learner::table::Table;
use crate::core::order::Order;
use crate::core::photo::PhotoId;
use crate::core::traits::Packed;
use crate::core::traits::Scores;
use crate::core::traits::Traits;
use crate::jobs::board::Board;

/// The rows of the photos whose features are known, by their places in `order`, which is the whole shoot
/// in capture order.
#[must_use]
pub fn table(board: &Board, order: &Order, inputs: Inputs) -> Table {
    let photos = order.photos();
    let traits = |photo: &PhotoId| board.slot(*photo)?.traits().map(Packed::unpacked);
    let traits: Vec<Option<Traits>> = photos.iter().map(traits).collect();
    let known: Vec<Option<Known>> = photos
        .iter()
        .zip(&traits)
        .map(|(photo, traits)| {
            let slot = board.slot(*photo)?;
            Some(Known {
                features: slot.features()?,
                meta: &slot.header()?.meta,
                embedding: traits.as_ref().map(|traits| &*traits.embedding),
                scores: traits.as_ref().and_then(|traits| traits.scores).map(Scores::to_array),
            })
        })
        .collect();
    Table::new(&known, &bursts(order), inputs)
}

/// The bursts of an order; photos of one without bursts are one each.
#[must_use]
pub fn bursts(order: &Order) -> Vec<Range<usize>> {
    let mut bursts = Vec::new();
    let mut at = 0;
    while at < order.len() {
        let burst = order.burst_at(at);
        let end = burst.end.max(at + 1);
        bursts.push(at..end);
        at = end;
    }
    bursts
}
