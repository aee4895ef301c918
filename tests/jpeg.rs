//! Scaled JPEG decoding: as good as a full decode brought down, in every sampling; hostile files
//! are refused; what is cut off is an error.

#[path = "support/boxed.rs"]
mod boxed;
#[path = "support/jpeg_writer.rs"]
mod jpeg_writer;
#[path = "jpeg/parts.rs"]
mod parts;
#[path = "jpeg/photos.rs"]
mod photos;

use proptest::prelude::*;
use rushlight::disk::jpeg;
use rushlight::disk::jpeg::Jpeg;
use rushlight::disk::jpeg::JpegError;
use rushlight::disk::jpeg::Scale;

use boxed::Full;
use boxed::psnr;
use jpeg_writer::Writer;

/// The least PSNR of a smooth picture, in dB.
const SMOOTH_DB: f64 = 44.0;

/// The least of a noisy one.
const NOISY_DB: f64 = 34.0;

/// Hills of all colours, slow enough for any sampling.
fn hills(x: f64, y: f64) -> [f64; 3] {
    let wave = |a: f64, b: f64| (a * x * 6.0 + b * y * 5.0).sin();
    [80.0 * wave(1.0, 0.7), 50.0 * wave(-0.5, 1.0), 45.0 * wave(0.8, -0.9)]
}

/// RGB of `hills` about the middle of a pixel of a picture that is `size` large; each component is
/// taken in the middle of the group of `groups` pixels that the pixel is in.
fn rgb_of_hills(pixel: [usize; 2], size: [f64; 2], groups: &[[usize; 2]]) -> [f64; 3] {
    let sample = |index: usize| {
        let [x, y] = [0, 1].map(|axis| {
            let group = groups[index][axis];
            ((pixel[axis] / group * group) as f64 + group as f64 / 2.0) / size[axis]
        });
        hills(x, y)[index]
    };
    let y = sample(0);
    if groups.len() == 1 {
        return [y + 128.0; 3];
    }
    let [cb, cr] = [sample(1), sample(2)];
    [y + 1.402 * cr, y - 0.344_136 * cb - 0.714_136 * cr, y + 1.772 * cb]
        .map(|sample| (sample + 128.0).clamp(0.0, 255.0))
}

/// How many pixels at 1/8 have one sample of a component of `blocks` blocks of an MCU that has
/// `most`: two where it has half of the resolution in one direction only, as libjpeg has it.
fn group(blocks: [usize; 2], most: [usize; 2]) -> [usize; 2] {
    let mut samples = blocks;
    while samples[0] * 2 <= most[0] && samples[1] * 2 <= most[1] {
        samples = samples.map(|count| count * 2);
    }
    match [0, 1].map(|axis| most[axis] as f64 / samples[axis] as f64) {
        [2.0, 1.0] => [2, 1],
        [1.0, 2.0] => [1, 2],
        _ => [1, 1],
    }
}

#[track_caller]
fn check_sampling(sampling: &[[usize; 2]]) {
    let size_px = [203, 149];
    let bytes = Writer::new(size_px, sampling).write(hills);
    let most = [0, 1].map(|axis| sampling.iter().map(|blocks| blocks[axis]).fold(1, usize::max));
    for scale in Scale::ALL {
        let found = jpeg::decode(&bytes, scale).expect("the file is whole");
        assert_eq!([found.width, found.height], scale.size_px([203, 149]));
        assert_eq!(found.full_size_px, [203, 149]);
        let scaled = size_px.map(|side| side as f64 / f64::from(scale.divisor()));
        let groups = sampling.iter().map(|&blocks| match scale {
            Scale::Eighth => group(blocks, most),
            Scale::Quarter | Scale::Half => [1, 1],
        });
        let groups: Vec<_> = groups.collect();
        let db = psnr(&found, scale, |x, y| rgb_of_hills([x, y], scaled, &groups))
            .expect("the picture has whole blocks");
        assert!(db > SMOOTH_DB, "{sampling:?} {scale:?}: {db} dB");
    }
}

#[test]
fn every_sampling_is_decoded() {
    for luma in [[1, 1], [2, 1], [1, 2], [2, 2], [4, 1], [1, 4], [4, 2], [2, 4]] {
        check_sampling(&[luma, [1, 1], [1, 1]]);
    }
}

#[test]
fn odd_samplings_are_decoded() {
    check_sampling(&[[3, 1], [1, 1], [1, 1]]);
    check_sampling(&[[3, 2], [2, 1], [1, 1]]);
    check_sampling(&[[1, 1], [2, 2], [1, 2]]);
    check_sampling(&[[2, 2], [2, 1], [1, 2]]);
    check_sampling(&[[1, 3], [1, 2], [1, 1]]);
}

#[test]
fn gray_is_decoded_whatever_its_sampling_says() {
    check_sampling(&[[1, 1]]);
    let plain = Writer::new([75, 61], &[[1, 1]]).write(hills);
    let mut odd = plain.clone();
    let frame = odd.windows(2).position(|w| w == [0xFF, 0xC0]).unwrap();
    odd[frame + 11] = 0x22;
    for scale in Scale::ALL {
        let [plain, odd] = [&plain, &odd].map(|bytes| jpeg::decode(bytes, scale).unwrap());
        assert_eq!(plain.rgb, odd.rgb);
    }
}

#[test]
fn code_lengths_and_restarts_change_no_pixel() {
    let plain = Writer::new([150, 90], &[[2, 2], [1, 1], [1, 1]]);
    let expect = Scale::ALL.map(|scale| jpeg::decode(&plain.write(hills), scale).unwrap().rgb);
    for (code_bits, restart_mcus) in [(9, 1), (10, 3), (11, 7), (13, 10), (14, 0), (16, 100)] {
        let bytes = Writer { code_bits, restart_mcus, ..plain.clone() }.write(hills);
        let found = Scale::ALL.map(|scale| jpeg::decode(&bytes, scale).unwrap().rgb);
        assert!(found == expect, "codes of {code_bits} bits, restart after {restart_mcus}");
    }
}

#[test]
fn a_picture_of_many_windows_is_decoded() {
    // Codes of 16 bits make 700 KB of it, eleven windows.
    let size_px = [800, 600];
    let noisy = |x: f64, y: f64| {
        let [luma, cb, cr] = hills(x, y);
        [luma * 0.5 + 40.0 * (x * 1700.0).sin() * (y * 1300.0).cos(), cb, cr]
    };
    let writer = Writer { step: 1, code_bits: 16, ..Writer::new(size_px, &[[1, 1]; 3]) };
    let bytes = writer.write(noisy);
    assert!(bytes.len() > 500_000, "{}", bytes.len());
    let full = Full::decode(&bytes).unwrap();
    for scale in Scale::ALL {
        let found = jpeg::decode(&bytes, scale).unwrap();
        let db = psnr(&found, scale, |x, y| full.mean(scale, x, y)).unwrap();
        assert!(db > NOISY_DB, "{scale:?}: {db}");
    }
}

#[test]
fn adobe_says_what_the_colours_are() {
    let plain = Writer::new([64, 64], &[[1, 1]; 3]);
    let grey_red = |_: f64, _: f64| [72.0, -28.0, 22.0];
    let mut adobe = vec![0xFF, 0xEE, 0, 14];
    adobe.extend(b"Adobe\0\x64\0\0\0\0\0");
    let rgb = Writer { segments: adobe.clone(), ..plain.clone() }.write(grey_red);
    assert_eq!(jpeg::decode(&rgb, Scale::Eighth).unwrap().rgb[..3], [200, 100, 150]);
    *adobe.last_mut().unwrap() = 1;
    let ycc = Writer { segments: adobe, ..plain }.write(grey_red);
    assert_eq!(jpeg::decode(&ycc, Scale::Eighth).unwrap().rgb[..3], [231, 194, 150]);
}

/// As libjpeg has it; found by the fuzz target `jpeg`, for zune-jpeg has it otherwise.
#[test]
fn jfif_is_believed_before_adobe() {
    let grey_red = |_: f64, _: f64| [72.0, -28.0, 22.0];
    let mut segments = b"\xFF\xE0\0\x10JFIF\0\x01\x02\0\0\x01\0\x01\0\0".to_vec();
    segments.extend(b"\xFF\xEE\0\x0EAdobe\0\x64\0\0\0\0\0");
    let both = Writer { segments, ..Writer::new([64, 64], &[[1, 1]; 3]) }.write(grey_red);
    assert_eq!(jpeg::decode(&both, Scale::Eighth).unwrap().rgb[..3], [231, 194, 150]);
}

#[test]
fn a_picture_that_is_cut_off_is_an_error_that_tells_how_much_is_there() {
    for restart_mcus in [0, 5] {
        let plain = Writer::new([160, 160], &[[2, 2], [1, 1], [1, 1]]);
        let bytes = Writer { restart_mcus, ..plain }.write(hills);
        let scan = bytes.windows(2).position(|w| w == [0xFF, 0xDA]).unwrap() + 14;
        for length in scan..bytes.len() - 3 {
            let cut = jpeg::decode(&bytes[..length], Scale::Quarter);
            let Err(JpegError::Damaged(reason)) = cut else {
                panic!("{length} of {} bytes: {:?}", bytes.len(), cut.map(|c| c.rgb.len()));
            };
            let is_told = reason.contains("of 10 rows") || reason.contains("bytes, at least");
            assert!(is_told, "{length} of {}: {reason}", bytes.len());
        }
        // The end marker is no part of the picture.
        assert!(jpeg::decode(&bytes[..bytes.len() - 2], Scale::Quarter).is_ok());
    }
}

#[test]
fn a_small_file_cannot_say_that_it_is_large() {
    let mut bytes = Writer::new([64, 64], &[[1, 1]; 3]).write(hills);
    let frame = bytes.windows(2).position(|w| w == [0xFF, 0xC0]).unwrap();
    bytes[frame + 5..frame + 9].fill(0xFF);
    let refused = jpeg::decode(&bytes, Scale::Half).unwrap_err();
    assert!(refused.to_string().starts_with("its data ends too early"), "{refused}");
}

#[test]
fn other_kinds_are_handed_on() {
    let plain = Writer::new([64, 64], &[[1, 1]; 3]).write(hills);
    let frame = plain.windows(2).position(|w| w == [0xFF, 0xC0]).unwrap();
    for (at, byte) in [(1, 0xC2), (1, 0xC9), (1, 0xC3), (4, 12), (9, 4), (5, 0)] {
        let mut other = plain.clone();
        other[frame + at] = byte;
        other[frame + 6] *= u8::from(at != 5);
        let refused = Jpeg::open(&other).unwrap_err();
        assert!(matches!(refused, JpegError::Unsupported(_)), "{byte:02X}: {refused:?}");
    }
}

#[test]
fn detail_is_where_the_edges_are() {
    let half = |x: f64, y: f64| {
        let fine = (x * 900.0).sin() * (y * 700.0).sin();
        [if x < 0.5 { 90.0 * fine } else { 10.0 }, 0.0, 0.0]
    };
    let bytes = Writer::new([1600, 480], &[[2, 1], [1, 1], [1, 1]]).write(half);
    let map = jpeg::decode(&bytes, Scale::Eighth).unwrap().detail;
    assert_eq!([map.width, map.height, map.cell_px], [100, 30, 16]);
    for row in map.bit_pairs.chunks(100) {
        assert!(row[..50].iter().all(|&pairs| pairs > 20), "{row:?}");
        // All that a flat block takes is the code of its end: 8 bits.
        assert!(row[50..].iter().all(|&pairs| pairs == 4), "{row:?}");
    }
}

proptest! {
    #[test]
    fn no_change_of_a_file_makes_the_decoder_panic(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
        cut in prop::option::of(any::<prop::sample::Index>()),
        restart_mcus in 0_usize..4,
        which in 0_usize..4,
    ) {
        let sampling = [&[[1, 1]; 3][..], &[[2, 2], [1, 1], [1, 1]], &[[1, 1]], &[[3, 1], [1, 1], [2, 1]]][which];
        let plain = Writer { restart_mcus, step: 8, ..Writer::new([40, 24], sampling) };
        let mut bytes = plain.write(hills);
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        bytes.truncate(cut.map_or(bytes.len(), |cut| cut.index(bytes.len())));
        for scale in Scale::ALL {
            _ = jpeg::decode(&bytes, scale);
        }
    }
}
