//! Whatever stands in the cache's index is read as what was written, or as nothing.

#![no_main]

use libfuzzer_sys::fuzz_target;
use rushlight::disk::cache::facts::Facts;

fuzz_target!(|bytes: &[u8]| {
    if let Some(facts) = Facts::parse(bytes) {
        assert_eq!(facts.to_bytes(), bytes, "{facts:?}");
    }
});
