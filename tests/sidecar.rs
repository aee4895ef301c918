//! Do decisions travel with the photos, and does what other programs wrote survive us?

#![expect(clippy::unwrap_used, reason = "a failed step of a test is a failed test")]

#[path = "sidecar/clerk.rs"]
mod clerk;
#[path = "sidecar/foreign.rs"]
mod foreign;
#[path = "support/shoot.rs"]
#[expect(dead_code, reason = "other tests look at the pictures too")]
mod shoot;
