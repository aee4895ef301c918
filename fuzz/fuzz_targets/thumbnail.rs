//! The embedded pictures that a header points at, thumbnail and preview (MPF), are decoded or refused,
//! and are never larger than asked for.

#![no_main]

use libfuzzer_sys::fuzz_target;
use rushlight::disk::exif;
use rushlight::disk::picture;
use rushlight::hostile;

fuzz_target!(|bytes: &[u8]| {
    let Some((mut source, path)) = hostile::open(bytes) else { return };
    let Ok(format) = source.format() else { return };
    let Ok(meta) = exif::read(&mut source, format, &path) else { return };
    if let Some(range) = meta.thumbnail {
        let inside = source.range(range).expect("it lies in the file");
        if let Ok(texels) = picture::decode_thumbnail(&inside, meta.turn, meta.size_px, &path) {
            assert!(texels.edge_px() <= 512, "{:?}", texels.size_px());
        }
    }
    if let Some(range) = meta.preview {
        let inside = source.range(range).expect("it lies in the file");
        let box_px = [640, 640];
        let made = picture::decode_preview(&inside, meta.turn, meta.size_px, box_px, &path);
        if let Ok(texels) = made {
            assert!(texels.edge_px() <= 640, "{:?}", texels.size_px());
        }
    }
});
