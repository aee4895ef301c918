//! Do decisions travel with the photos, and does what other programs wrote survive us?

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a failed step of a test is a failed test")]

#[path = "sidecar/clerk.rs"]
mod clerk;
#[path = "sidecar/command.rs"]
mod command;
#[path = "sidecar/crash.rs"]
mod crash;
#[path = "sidecar/foreign.rs"]
mod foreign;
#[path = "sidecar/others.rs"]
mod others;
#[path = "support/shoot.rs"]
#[expect(dead_code, reason = "other tests look at the pictures too")]
mod shoot;
#[path = "sidecar/trouble.rs"]
mod trouble;
