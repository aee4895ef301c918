//! From the board's columns to the learner's rows.

use std::ops::Range;

use crate::core::features::scores::SCORES;
use crate::core::learner::table::Inputs;
use crate::core::learner::table::Known;
use crate::core::learner::table::Table;
use crate::core::order::Order;
use crate::core::photo::PhotoId;
use crate::jobs::board::Board;

/// What a network made of a photo.
#[derive(Debug, Clone, PartialEq)]
pub struct Insight {
    /// Its embedding.
    pub embedding: Box<[f32]>,
    /// Defocus, motion, exposure and noise, 0 to 1, where it scores them.
    pub scores: Option<[f32; SCORES]>,
}

/// What a network made of each photo; `None` where it has not looked.
pub type Insights = dyn Fn(PhotoId) -> Option<Insight> + Sync;

/// No network.
#[must_use]
pub const fn blind(_: PhotoId) -> Option<Insight> {
    None
}

/// The rows of the photos whose features are known, by their places in `order`, which is the whole shoot
/// in capture order.
#[must_use]
pub fn table(board: &Board, order: &Order, inputs: Inputs, insights: &Insights) -> Table {
    let photos = order.photos();
    let insights: Vec<Option<Insight>> = photos.iter().map(|photo| insights(*photo)).collect();
    let known: Vec<Option<Known>> = photos
        .iter()
        .zip(&insights)
        .map(|(photo, insight)| {
            let slot = board.slot(*photo)?;
            Some(Known {
                features: slot.features()?,
                meta: &slot.header()?.meta,
                embedding: insight.as_ref().map(|insight| &*insight.embedding),
                scores: insight.as_ref().and_then(|insight| insight.scores),
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
