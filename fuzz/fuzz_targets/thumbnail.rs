//! The embedded picture that a header points at is decoded or refused, and is never large.

#![no_main]

use libfuzzer_sys::fuzz_target;
use rushlight::disk::exif;
use rushlight::disk::picture;
use rushlight::hostile;

fuzz_target!(|bytes: &[u8]| {
    let Some((mut source, path)) = hostile::open(bytes) else { return };
    let Ok(format) = source.format() else { return };
    let Ok(meta) = exif::read(&mut source, format, &path) else { return };
    let Some(range) = meta.thumbnail else { return };
    let inside = source.range(range).expect("it lies in the file");
    if let Ok(texels) = picture::decode_thumbnail(&inside, meta.turn, meta.size_px, &path) {
        assert!(texels.edge_px() <= 512, "{:?}", texels.size_px());
    }
});
