//! The part of the program's `disk` floor that is measured here.

#[path = "../../../src/disk/jpeg/mod.rs"]
pub mod jpeg;
