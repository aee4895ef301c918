//! The value in a row takes any bytes, and gives back what it took.

use proptest::prelude::*;
use rushlight::core::photo::Fingerprint;
use rushlight::core::photo::PhotoMeta;
use rushlight::core::photo::Timestamp;
use rushlight::core::photo::Turn;
use rushlight::core::said::Said;
use rushlight::disk::cache::facts::Detail;
use rushlight::disk::cache::facts::Facts;

fn text() -> impl Strategy<Value = Option<Box<str>>> {
    proptest::option::of(".{0,12}".prop_map(String::into_boxed_str))
}

fn meta() -> impl Strategy<Value = PhotoMeta> {
    use proptest::option::of;
    let texts = (text(), text(), text(), text());
    let numbers = (of(any::<[u32; 2]>()), of(any::<u32>()), of(any::<u32>()), of(any::<bool>()));
    let reals = (of(-1e9_f32..1e9), of(-1e9_f64..1e9), of(-1e9_f32..1e9), of(-1e9_f32..1e9));
    let says =
        (of(-1_i8..=5), of(0_u8..=5), text(), proptest::collection::btree_set("[a-z ]{1,5}", 0..3));
    let rest = (of(any::<i64>()), 1_u32..=8, of(any::<std::ops::Range<u64>>()), says);
    (texts, numbers, reals, rest).prop_map(|(texts, numbers, reals, rest)| PhotoMeta {
        make: texts.0,
        model: texts.1,
        serial: texts.2,
        lens: texts.3,
        size_px: numbers.0,
        iso: numbers.1,
        focal_35mm: numbers.2,
        flash_fired: numbers.3,
        f_number: reals.0,
        exposure_seconds: reals.1,
        focal_mm: reals.2,
        bias_ev: reals.3,
        captured: rest.0.map(Timestamp),
        turn: Turn::from_exif(rest.1),
        thumbnail: rest.2.clone(),
        preview: rest.2,
        said: said(rest.3),
    })
}

type Says = (Option<i8>, Option<u8>, Option<Box<str>>, std::collections::BTreeSet<String>);

/// What XMP says, where it says anything.
fn said((rating, stars, colour, tags): Says) -> Option<Box<Said>> {
    // No XML holds the control characters that a text may have here.
    let colour = colour.filter(|text| !text.is_empty() && !text.contains('\u{1f}'));
    let tags = tags.into_iter().map(Into::into).collect();
    let said = Said { rating, stars, pick: stars, colour: colour.map(Into::into), tags };
    (!said.is_silent()).then(|| Box::new(said))
}

proptest! {
    #[test]
    fn facts_go_there_and_back_and_no_part_of_them_does(
        meta in meta(),
        print in any::<[u8; 16]>(),
        mean in any::<[u8; 3]>(),
        size_px in proptest::option::of(any::<[u32; 2]>()),
        colours in text(),
    ) {
        let facts = Facts { meta, fingerprint: Fingerprint(print), mean, size_px, colours };
        let bytes = facts.to_bytes();
        prop_assert_eq!(Facts::parse(&bytes), Some(facts));
        for end in 0..bytes.len() {
            prop_assert_eq!(Facts::parse(&bytes[..end]), None);
        }
    }

    #[test]
    fn any_bytes_are_no_panic_and_what_is_taken_is_given_back(
        mut bytes in proptest::collection::vec(any::<u8>(), 0..120),
    ) {
        // Half of all begin well, so that the walk goes further than the version.
        if bytes.len() > 22 && bytes[1] & 1 == 0 {
            bytes[0] = 2;
            bytes[22] = 1 + bytes[22] % 8;
        }
        if let Some(facts) = Facts::parse(&bytes) {
            prop_assert_eq!(facts.to_bytes(), bytes);
        }
    }
}

#[test]
fn a_detail_map_has_a_byte_a_cell() {
    assert!(Detail::new([128, 85], vec![0; 10_880]).is_some());
    assert!(Detail::new([129, 1], vec![0; 129]).is_none());
    assert!(Detail::new([0, 1], vec![]).is_none());
    assert!(Detail::new([2, 2], vec![0; 5]).is_none());
}
