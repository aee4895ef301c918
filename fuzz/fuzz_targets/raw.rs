//! Whatever a raw file says, the walk for its pictures ends, and points into the file.

#![no_main]

use libfuzzer_sys::fuzz_target;
use rushlight::disk::exif;
use rushlight::disk::raw;
use rushlight::disk::raw::Container;
use rushlight::disk::source::Format;
use rushlight::hostile;

fuzz_target!(|bytes: &[u8]| {
    let Some(container) = Container::of(bytes) else { return };
    let Some((mut source, path)) = hostile::open(bytes) else { return };
    if let Some(found) = raw::picture(&mut source, container).expect("it is read") {
        assert!(found.jpeg.end <= bytes.len() as u64, "{found:?}");
    }
    exif::read(&mut source, Format::Raw(container), &path).expect("a header that lies is no error");
});
