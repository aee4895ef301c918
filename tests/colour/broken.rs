//! A profile that cannot be used costs its colours, never the photo, and is told.

use moxcms::ColorProfile;
use rushlight::core::colour::Space;

use super::REMEMBERED;
use super::colours;
use super::loupe_texels;
use super::profiles::encoded;
use super::profiles::jpeg;
use super::profiles::png;
use super::profiles::tabled;
use super::tile_of;
use super::tile_texels;

const EDGE: u32 = 24;

fn words(bytes: &[u8]) -> String {
    tile_of(bytes).profile.words().unwrap_or_default().to_owned()
}

#[track_caller]
fn check(icc: &[u8], expect: &str) {
    let rgb = colours(EDGE);
    let rgb = &rgb[..(EDGE * EDGE * 3) as usize];
    let bytes = png([EDGE, EDGE], rgb, Some(icc));
    let found = words(&bytes);
    assert_eq!(found, format!("taken as sRGB, the profile cannot be used: {expect}"));
    assert_eq!(*loupe_texels(&bytes).space(), Space::Srgb);
    assert_eq!(tile_texels(&bytes), tile_texels(&png([EDGE, EDGE], rgb, None)));
}

#[test]
fn a_profile_that_cannot_be_used_is_told_and_srgb_taken() {
    let adobe = encoded(&ColorProfile::new_adobe_rgb());
    check(&adobe[..10], "it is cut off");
    check(&adobe[..200], "it is damaged");
    check(&encoded(&ColorProfile::new_gray_with_gamma(2.2)), "it is for grey pictures");
    let mut inks = adobe.clone();
    inks[16..20].copy_from_slice(b"CMYK");
    check(&inks, "it is for neither RGB nor grey");
}

#[test]
fn a_profile_of_which_a_part_is_missing_is_told() {
    let rgb = vec![90; (EDGE * EDGE * 3) as usize];
    let icc = tabled(&ColorProfile::new_adobe_rgb());
    let long = [icc.clone(), vec![0; 70_000]].concat();
    let whole = jpeg([EDGE, EDGE], &rgb, Some(&long));
    assert_eq!(words(&whole), "A table");
    // The second of two parts is lost: its mark is another's now.
    let second = memchr::memmem::rfind(&whole, b"ICC_PROFILE\0").expect("there are parts");
    let mut lost = whole;
    lost[second] = b'X';
    assert_eq!(words(&lost), "taken as sRGB, the profile cannot be used: a part of it is missing");
}

#[test]
fn no_profile_whatever_its_bytes_fails_the_photo() {
    let _alone = REMEMBERED.lock();
    let rgb = vec![90; (EDGE * EDGE * 3) as usize];
    let mut state = 7_u64;
    let mut next = move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (state >> 33) as usize
    };
    for profile in
        [encoded(&ColorProfile::new_display_p3()), tabled(&ColorProfile::new_adobe_rgb())]
    {
        for _ in 0..150 {
            let mut icc = profile.clone();
            for _ in 0..=next() % 4 {
                // Most of them where the tables begin.
                let at = next() % if next() % 4 == 0 { icc.len() } else { icc.len().min(600) };
                icc[at] = next() as u8;
            }
            icc.truncate(if next() % 3 == 0 { next() % icc.len() + 1 } else { icc.len() });
            let bytes = png([EDGE, EDGE], &rgb, Some(&icc));
            assert_eq!(tile_texels(&bytes).size_px(), [EDGE, EDGE]);
            assert_eq!(loupe_texels(&bytes).size_px(), [EDGE, EDGE]);
        }
    }
}
