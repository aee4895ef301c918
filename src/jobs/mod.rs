//! The floor that owns threads: one pool, one queue, the save thread, and the board they write to.

use std::sync::Arc;

pub mod aside;
pub mod board;
pub mod cached;
pub mod decided;
pub mod decode;
pub mod demo;
pub mod embed;
pub mod exif;
pub mod export;
pub mod glance;
pub mod index;
pub mod learn;
pub mod ledger;
pub mod pick;
pub mod places;
pub mod plan;
pub mod queue;
pub mod save;
pub mod shoot;
pub mod sidecar;
pub mod sift;
pub mod sort;
pub mod thumbnails;
pub mod twins;
mod watch;

/// Wakes whoever draws: something on the board has changed. Called from any thread, never waits.
pub type Waker = Arc<dyn Fn() + Send + Sync>;
