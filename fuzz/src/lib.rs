//! Hostile bytes for everything that reads what others wrote.
//!
//! ```text
//! cargo install cargo-fuzz
//! fuzz/seeds.py                        # collects first inputs from the photos beside the repository
//! RUSTC_BOOTSTRAP=1 cargo fuzz run jpeg fuzz/corpus/jpeg fuzz/corpus/seeds -- -max_total_time=600
//! ```
//!
//! | target | must hold |
//! | --- | --- |
//! | `jpeg` | the scaled picture is a full decode's by zune-jpeg, in parts as in sequence |
//! | `exif` | the walks through a header end, and point into the file |
//! | `thumbnail` | what they point at (EXIF thumbnail, MPF preview) is decoded, or refused |
//! | `cache_value` | a row of the cache is read as what was written, or as nothing |
//! | `xmp` | a sidecar is refused, or says afterwards what it was made to say |
//!
//! A new target is a file in `fuzz_targets` and its `[[bin]]` in `Cargo.toml`; what a target finds
//! becomes a named test of the program.
//!
//! The two floors that read files, and not the program: with its window and its device it would be
//! built for a quarter of an hour. A crate that they begin to use is named in `Cargo.toml` here too.

#[path = "../../src/core/mod.rs"]
pub mod core;
#[path = "../../src/disk/mod.rs"]
pub mod disk;

pub mod hostile;
