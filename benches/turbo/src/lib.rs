//! The decoder under test, libjpeg-turbo, and a picture for both.
//!
//! The decoder is the program's own source and not the program: that would build a window and a
//! device driver along with it.

pub mod disk;
pub mod scene;
pub mod turbo;
