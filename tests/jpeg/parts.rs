//! Parts between restart markers, each on a thread of its own: the picture of the sequential decoder
//! to the bit, and its very words where the file is damaged.

use rushlight::disk::jpeg::Jpeg;
use rushlight::disk::jpeg::Part;
use rushlight::disk::jpeg::Scale;

use super::hills;
use super::jpeg_writer::Writer;

const SAMPLINGS: [&[[usize; 2]]; 5] = [
    &[[1, 1]],
    &[[1, 1]; 3],
    &[[2, 1], [1, 1], [1, 1]],
    &[[2, 2], [1, 1], [1, 1]],
    &[[1, 2], [1, 1], [1, 1]],
];

/// Decodes each part on its own thread; answers whether all could be decoded.
fn on_threads(parts: &mut [Part]) -> bool {
    std::thread::scope(|scope| {
        let threads: Vec<_> = parts.iter_mut().map(|part| scope.spawn(|| part.decode())).collect();
        threads.into_iter().all(|thread| thread.join().expect("no part panics"))
    })
}

/// Compares all scales with the sequential decoder; answers how many parts there were at most that
/// made a picture.
#[track_caller]
fn check(bytes: &[u8], most: usize) -> usize {
    let jpeg = Jpeg::open(bytes).expect("the header is whole");
    let mut count = 0;
    for scale in Scale::ALL {
        let parted = jpeg.decode_in_parts(scale, most, |parts| {
            if on_threads(parts) {
                count = count.max(parts.len());
            }
        });
        match (jpeg.decode(scale), parted) {
            (Ok(expect), Ok(found)) => {
                assert!(found.rgb == expect.rgb, "{scale:?}: other pixels");
                assert_eq!(found.detail, expect.detail, "{scale:?}");
            }
            (expect, found) => assert_eq!(found.err(), expect.err(), "{scale:?}"),
        }
    }
    count
}

/// 10 to 20 MCUs a row, and as many rows or half as many.
fn picture(sampling: &[[usize; 2]], restart_mcus: usize) -> Vec<u8> {
    Writer { restart_mcus, ..Writer::new([157, 149], sampling) }.write(hills)
}

#[test]
fn parts_are_the_sequential_picture_to_the_bit() {
    for sampling in SAMPLINGS {
        for restart_mcus in [1, 3, 4, 10, 20, 25] {
            for most in [2, 7, 100] {
                let count = check(&picture(sampling, restart_mcus), most);
                let is_parted = (2..=most).contains(&count);
                assert!(is_parted, "{sampling:?}, every {restart_mcus} MCUs: {count} parts");
            }
        }
    }
}

#[test]
fn a_picture_without_restart_markers_is_one() {
    assert_eq!(check(&picture(SAMPLINGS[3], 0), 8), 0);
    assert_eq!(check(&picture(SAMPLINGS[3], 10), 1), 0);
    // An interval that ends with a row of MCUs nowhere but at the end of the picture.
    assert_eq!(check(&picture(SAMPLINGS[3], 99), 8), 0);
}

/// Where the markers are.
fn markers(bytes: &[u8]) -> Vec<usize> {
    let is_marker = |at: &usize| bytes[*at] == 0xFF && (0xD0..=0xD7).contains(&bytes[at + 1]);
    (0..bytes.len() - 1).filter(is_marker).collect()
}

#[test]
fn a_damaged_marker_is_told_as_the_sequential_decoder_tells_it() {
    for sampling in [SAMPLINGS[0], SAMPLINGS[3]] {
        let whole = picture(sampling, 10);
        for at in markers(&whole) {
            let mut misnumbered = whole.clone();
            misnumbered[at + 1] ^= 3;
            let mut none = whole.clone();
            none[at + 1] = 0;
            let missing = [&whole[..at], &whole[at + 2..]].concat();
            let ended = [&whole[..at], &[0xFF, 0xD9], &whole[at + 2..]].concat();
            let double = [&whole[..at + 2], &whole[at..]].concat();
            for bytes in [misnumbered, none, missing, ended, double, whole[..at].to_vec()] {
                check(&bytes, 4);
                assert!(Jpeg::open(&bytes).unwrap().decode(Scale::Eighth).is_err());
            }
            // Fill bytes before a marker are no damage.
            let filled = [&whole[..at], &[0xFF; 3], &whole[at..]].concat();
            assert!(check(&filled, 4) > 1);
            assert!(Jpeg::open(&filled).unwrap().decode(Scale::Eighth).is_ok());
        }
    }
}

#[test]
fn damaged_data_is_told_as_the_sequential_decoder_tells_it() {
    let whole = picture(SAMPLINGS[3], 10);
    let scan = markers(&whole)[0] - 60;
    for at in (scan..whole.len()).step_by(97) {
        for byte in [0xFF, 0x00, 0x55] {
            let mut damaged = whole.clone();
            damaged[at] = byte;
            check(&damaged, 3);
        }
        check(&whole[..at], 3);
    }
}

#[test]
fn a_part_that_nobody_decodes_costs_no_pixel() {
    let bytes = picture(SAMPLINGS[2], 10);
    let jpeg = Jpeg::open(&bytes).unwrap();
    let found = jpeg.decode_in_parts(Scale::Half, 4, |parts| _ = parts[0].decode()).unwrap();
    assert!(found.rgb == jpeg.decode(Scale::Half).unwrap().rgb);
}
