//! The floor that owns threads: one pool, one queue, the save thread, and the board they write to.

pub mod board;
pub mod decode;
pub mod demo;
pub mod prefetch;
pub mod queue;
pub mod save;

use std::sync::Arc;

/// Wakes the event loop: there is something new on the board or in the news.
pub type Waker = Arc<dyn Fn() + Send + Sync>;
