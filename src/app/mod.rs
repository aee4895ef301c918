//! The floor that touches the window, the clock and the terminal.
//!
//! ```text
//! cli -> commands -> open  -> window -> events -> desk -> compose -> Frame -> screen
//!                 -> sheet ----------------------^                         -> capture
//!                 -> index, demo
//! ```

pub mod cli;
pub mod commands;
pub mod compose;
pub mod desk;
mod events;
pub mod flight;
pub mod input;
mod keyboard;
pub mod opener;
pub mod panel;
pub mod pointer;
mod screen;
pub mod theme;
mod window;
pub mod words;
