//! The floor that touches the device: it draws a `Frame` and knows no more.
