//! Whatever a header says, reading it ends, and what it points at lies in the file.

#![no_main]

use libfuzzer_sys::fuzz_target;
use rushlight::disk::exif;
use rushlight::disk::fingerprint;
use rushlight::hostile;

fuzz_target!(|bytes: &[u8]| {
    let Some((mut source, path)) = hostile::open(bytes) else { return };
    let Ok(format) = source.format() else { return };
    let Ok(meta) = exif::read(&mut source, format, &path) else { return };
    for range in [&meta.thumbnail, &meta.preview].into_iter().flatten() {
        assert!(range.start < range.end && range.end <= bytes.len() as u64, "{range:?}");
    }
    if let Some(header) = source.header().ok() {
        _ = fingerprint::of(&meta, header);
    }
});
