//! Whatever lies beside a photo as a sidecar is refused, or says what it was made to say.

#![no_main]

use libfuzzer_sys::fuzz_target;
use rushlight::core::said::Said;
use rushlight::disk::xmp;

fuzz_target!(|bytes: &[u8]| {
    let tags = vec!["a & b".into()];
    let want = Said { rating: Some(-1), stars: Some(3), pick: Some(1), colour: None, tags };
    if let Ok(written) = xmp::rewrite(Some(bytes), &want) {
        assert_eq!(xmp::read(&written), Ok(want.clone()));
        assert_eq!(xmp::rewrite(Some(&written), &want), Ok(written));
    }
    _ = xmp::read_packet(bytes);
});
