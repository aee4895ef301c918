//! Rushlight: a light table for very large photo shoots.

pub mod app;
pub mod core;
pub mod disk;
pub mod gpu;
pub mod jobs;
