//! The floor that touches the window, the clock and the terminal.
