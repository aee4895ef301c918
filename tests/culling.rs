//! Does a person who sits at the real window get what they ask for? Real keys, a real mouse, a real
//! screen; what is decided is read from the store, what is shown from the screen's pixels.

#![cfg(target_os = "linux")]

#[path = "support/desktop.rs"]
mod desktop;
#[path = "culling/drop.rs"]
mod drop;
#[path = "culling/evening.rs"]
mod evening;
#[path = "culling/filter.rs"]
mod filter;
#[path = "culling/keys.rs"]
mod keys;
#[path = "culling/kill.rs"]
mod kill;
#[path = "culling/mouse.rs"]
mod mouse;
#[path = "culling/photos.rs"]
mod photos;
#[expect(dead_code, reason = "other tests use the rest")]
#[path = "support/raw_writer.rs"]
mod raw_writer;
#[path = "culling/starts.rs"]
mod starts;
#[path = "culling/table.rs"]
mod table;
#[path = "culling/words.rs"]
mod words;
