//! Learning what a person would keep: from the board and the decisions to probabilities and proposals.
//!
//! ```text
//! paths --gather--> Board (headers, features), Order      no photo that is cached is opened
//! Board + Order --rows--> Table
//! Table + lessons --work--> Model -> probabilities          at once
//!                       \-> Study -> Ruling -> proposals    folds side by side, a moment later
//! decisions -teacher-> the same on a thread of its own, latest wins -> Outlook for the window
//! a photo ---explain---> what moved its probability, on the same thread -> Explanation
//! ```
//!
//! `core::learner` and `core::guard` decide; here are the threads and the clock that measures.

pub mod evaluate;
mod explain;
pub mod gather;
mod memory;
pub mod predict;
pub mod rows;
pub mod shelf;
pub mod teacher;
pub mod work;
