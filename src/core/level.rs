//! How large the levels of a photo's tile are.
//!
//! A level is bounded in length, by its [`Class`]'s edge, and in area: counted in whole blocks of
//! 4 x 4 texels it has at most [`texel_limit`], which is 3:2, so that every level of a class fits into
//! an equal place on the disk, 512 x 344 texels and 176,128 bytes of BC7 for the largest.
//!
//! ```text
//! photo        3:2          4:3          1:1          3:1          200 x 150
//! Large        512 x 341    480 x 360    416 x 416    512 x 171    none: Medium is all of it
//! Medium       256 x 171    240 x 180    208 x 208    256 x 85     200 x 150
//! Small        126 x 84     117 x 88     104 x 104    128 x 43     117 x 88
//! ```
//!
//! A level is never larger than the photo, and a class whose next smaller level is the whole photo
//! already has none. Units: texels; shown sizes are pixels of the surface.

use super::atlas::Class;

/// Height and width of the shape that a level's area is that of: 3:2 in whole blocks.
const EDGE_RATIO: [u32; 2] = [344, 512];

/// The most texels that a level of `class` has, those counted that fill up its blocks.
#[must_use]
pub const fn texel_limit(class: Class) -> u32 {
    let edge = class.edge_px();
    edge * edge / EDGE_RATIO[1] * EDGE_RATIO[0]
}

/// Width and height of the level of `class` of a photo of `whole_px`: the largest of the photo's
/// shape that the class allows.
#[must_use]
pub fn size_px(class: Class, whole_px: [u32; 2]) -> [u32; 2] {
    let whole_px = whole_px.map(|side| side.max(1));
    let (long, short) = (whole_px[0].max(whole_px[1]), whole_px[0].min(whole_px[1]));
    // Without rounding and padding the area alone would end here; what is longer never fits.
    let by_area = f64::from(texel_limit(class)) * f64::from(long) / f64::from(short);
    let longest = class.edge_px().min(long).min(by_area.sqrt() as u32 + 1);
    (1..=longest)
        .rev()
        .map(|edge| with_edge(whole_px, edge))
        .find(|&[width, height]| {
            width.next_multiple_of(4) * height.next_multiple_of(4) <= texel_limit(class)
        })
        .unwrap_or([1, 1])
}

/// Width and height of all levels that a photo of `whole_px` has, by class.
#[must_use]
pub fn sizes_px(whole_px: [u32; 2]) -> [Option<[u32; 2]>; 3] {
    let mut smaller = None;
    Class::ALL.map(|class| {
        let size = size_px(class, whole_px);
        let is_new = smaller.replace(size) != Some(size);
        is_new.then_some(size)
    })
}

/// Whether a level of `class` is not enlarged where a picture covers `shown_px`, but for what rounding
/// to whole blocks takes (under 4 %, `what_a_class_covers_its_level_hardly_enlarges`).
#[must_use]
pub fn covers(class: Class, shown_px: [f32; 2]) -> bool {
    let [width, height] = shown_px;
    width.max(height) <= class.edge_px() as f32 && width * height <= texel_limit(class) as f32
}

/// The smallest class that covers `shown_px`; the largest class where none does.
#[must_use]
pub fn class_for(shown_px: [f32; 2]) -> Class {
    Class::ALL.into_iter().find(|&class| covers(class, shown_px)).unwrap_or(Class::Large)
}

/// The size of a picture of `whole_px` whose longer side is brought down to `edge_px`.
fn with_edge(whole_px: [u32; 2], edge_px: u32) -> [u32; 2] {
    let long = u64::from(whole_px[0].max(whole_px[1]));
    // Rounded to the nearest; no side is longer than `edge_px`, so it fits.
    whole_px.map(|side| ((u64::from(side) * u64::from(edge_px) + long / 2) / long).max(1) as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(whole_px: [u32; 2], expect: [Option<[u32; 2]>; 3]) {
        assert_eq!(sizes_px(whole_px), expect, "{whole_px:?}");
        let turned = |size: [u32; 2]| [size[1], size[0]];
        assert_eq!(sizes_px(turned(whole_px)), expect.map(|level| level.map(turned)));
    }

    #[test]
    fn a_level_is_as_large_as_length_and_area_allow() {
        check([6000, 4000], [Some([126, 84]), Some([256, 171]), Some([512, 341])]);
        check([4000, 3000], [Some([117, 88]), Some([240, 180]), Some([480, 360])]);
        check([4000, 4000], [Some([104, 104]), Some([208, 208]), Some([416, 416])]);
        check([9000, 3000], [Some([128, 43]), Some([256, 85]), Some([512, 171])]);
        check([65_535, 1], [Some([128, 1]), Some([256, 1]), Some([512, 1])]);
    }

    #[test]
    fn a_small_photo_has_no_level_twice() {
        check([200, 150], [Some([117, 88]), Some([200, 150]), None]);
        check([230, 230], [Some([104, 104]), Some([208, 208]), Some([230, 230])]);
        check([4, 4], [Some([4, 4]), None, None]);
        check([1, 1], [Some([1, 1]), None, None]);
    }

    #[test]
    fn no_larger_level_would_fit() {
        let allows = |class: Class, [width, height]: [u32; 2]| {
            let texels = width.next_multiple_of(4) * height.next_multiple_of(4);
            width.max(height) <= class.edge_px() && texels <= texel_limit(class)
        };
        for class in Class::ALL {
            for short in (1..=3000).step_by(13) {
                let size = size_px(class, [3000, short]);
                assert!(allows(class, size), "{size:?} of {short}");
                for edge in size[0] + 1..=512 {
                    let larger = with_edge([3000, short], edge);
                    assert!(
                        !allows(class, larger),
                        "{larger:?} of {short} is larger than {size:?}"
                    );
                }
            }
        }
    }

    #[test]
    fn equal_places_hold_a_level_each() {
        assert_eq!(Class::ALL.map(texel_limit), [11_008, 44_032, 176_128]);
    }

    #[test]
    fn a_class_is_taken_by_length_and_area() {
        for (shown_px, expect) in [
            ([128.0, 85.3], Class::Small),
            ([85.3, 128.0], Class::Small),
            ([129.0, 43.0], Class::Medium),
            ([110.0, 110.0], Class::Medium),
            ([256.0, 256.0], Class::Large),
            ([4000.0, 3000.0], Class::Large),
        ] {
            assert_eq!(class_for(shown_px), expect, "{shown_px:?}");
        }
        assert!(covers(Class::Large, [512.0, 341.3]));
        assert!(!covers(Class::Large, [450.0, 450.0]), "its level has 416 texels a side");
    }

    #[test]
    fn what_a_class_covers_its_level_hardly_enlarges() {
        for class in Class::ALL {
            for short in 40..=128 {
                // Every shape, as large as the class covers it.
                let mut shown = [128.0, short as f32].map(|side| side * 4.0);
                while !covers(class, shown) {
                    shown = shown.map(|side| side * 0.999);
                }
                let level = size_px(class, [12_800, short * 100]);
                assert!(shown[0] < 1.04 * level[0] as f32, "{level:?} for {shown:?}");
            }
        }
    }
}
