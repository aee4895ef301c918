//! The floor that touches the window, the clock and the terminal.

pub mod compose;
pub mod desk;
pub mod input;
pub mod panel;
pub mod pointer;
pub mod theme;
