//! How large a slot is, and where in it a picture lies.
//!
//! Sizes follow from one rule: a picture whose class has edge E covers at most E * E * 344 / 512
//! texels, counted in whole blocks of 4 x 4. So every picture of a class fits the same part, however
//! long or square it is, and slots can be equal:
//!
//! ```text
//!            BC7 bytes                                  RGBA8: four times each
//! large  | 512 px: 176,128 | 256 px: 44,032 | - |  221,184, whole pages of 4 KiB
//! small  | 128 px:  11,264 |                        11,264
//! micro  |  32 px:   1,024 |                         1,024 (32 x 32: its rule is the square)
//! ```
//!
//! Touches no file. Units: bytes, texels.

use crate::core::atlas::Class;
use crate::core::coded::Coding;

/// A page of the disk and of SQLite, in bytes.
pub(super) const PAGE_BYTES: u64 = 4096;

/// How large a cached picture of a photo is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// At most 512 texels long.
    Large,
    /// At most 256 texels long.
    Medium,
    /// At most 128 texels long.
    Small,
    /// At most 32 texels long, for the overview of a whole shoot.
    Micro,
}

impl Level {
    /// All of them, from the largest.
    pub const ALL: [Self; 4] = [Self::Large, Self::Medium, Self::Small, Self::Micro];

    /// The longest side of its pictures in texels.
    #[must_use]
    pub const fn edge_px(self) -> u32 {
        match self {
            Self::Large => 512,
            Self::Medium => 256,
            Self::Small => 128,
            Self::Micro => 32,
        }
    }

    /// The most bytes that a picture of this level has.
    #[must_use]
    pub const fn limit_bytes(self, coding: Coding) -> usize {
        let edge_px = self.edge_px();
        let height_px = match self {
            Self::Micro => edge_px,
            Self::Large | Self::Medium | Self::Small => edge_px * 344 / 512,
        };
        // Whole blocks in either coding, so that one rule says what fits.
        coding.size_bytes([edge_px, height_px.next_multiple_of(4)])
    }

    /// The atlas that keeps it.
    pub(super) const fn tier(self) -> Tier {
        match self {
            Self::Large | Self::Medium => Tier::Large,
            Self::Small => Tier::Small,
            Self::Micro => Tier::Micro,
        }
    }

    /// Where in its slot it begins, in bytes.
    pub(super) const fn offset_bytes(self, coding: Coding) -> u64 {
        match self {
            Self::Medium => Self::Large.limit_bytes(coding) as u64,
            Self::Large | Self::Small | Self::Micro => 0,
        }
    }
}

impl From<Class> for Level {
    fn from(class: Class) -> Self {
        match class {
            Class::Large => Self::Large,
            Class::Medium => Self::Medium,
            Class::Small => Self::Small,
        }
    }
}

/// Which of the three atlases of a coding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tier {
    /// The 512 and the 256 px picture.
    Large,
    /// The 128 px picture.
    Small,
    /// The 32 px picture.
    Micro,
}

impl Tier {
    /// All of them, from the largest.
    pub const ALL: [Self; 3] = [Self::Large, Self::Small, Self::Micro];

    /// Its place in a table.
    pub(super) const fn index(self) -> usize {
        self as usize
    }
}

/// One of the six atlases.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct AtlasName {
    /// How its pictures are stored.
    pub coding: Coding,
    /// How large they are.
    pub tier: Tier,
}

/// Both codings, as they are numbered in the index.
pub(super) const CODINGS: [Coding; 2] = [Coding::Bc7, Coding::Rgba8];

/// The folder of a coding's atlases within the cache's.
pub(super) const fn folder(coding: Coding) -> &'static str {
    match coding {
        Coding::Bc7 => "bc7",
        Coding::Rgba8 => "rgba8",
    }
}

/// The number of a coding in the index and in a header.
pub(super) const fn coding_number(coding: Coding) -> u8 {
    match coding {
        Coding::Bc7 => 0,
        Coding::Rgba8 => 1,
    }
}

impl AtlasName {
    /// All six: an atlas's place here is `AtlasName::index`.
    pub const ALL: [Self; 6] = {
        let mut all = [Self { coding: Coding::Bc7, tier: Tier::Large }; 6];
        let mut at = 0;
        while at < 6 {
            all[at] = Self { coding: CODINGS[at / 3], tier: Tier::ALL[at % 3] };
            at += 1;
        }
        all
    };

    /// Its place in a table of all six.
    pub(super) const fn index(self) -> usize {
        coding_number(self.coding) as usize * 3 + self.tier.index()
    }

    /// Bytes of one slot.
    #[must_use]
    pub const fn slot_bytes(self) -> u64 {
        match self.tier {
            Tier::Large => {
                let medium = Level::Medium;
                let end = medium.offset_bytes(self.coding) + medium.limit_bytes(self.coding) as u64;
                end.next_multiple_of(PAGE_BYTES)
            }
            Tier::Small => Level::Small.limit_bytes(self.coding) as u64,
            Tier::Micro => Level::Micro.limit_bytes(self.coding) as u64,
        }
    }

    /// The file's path within the cache's folder.
    #[must_use]
    pub const fn file(self) -> &'static str {
        match (self.coding, self.tier) {
            (Coding::Bc7, Tier::Large) => "bc7/large.atlas",
            (Coding::Bc7, Tier::Small) => "bc7/small.atlas",
            (Coding::Bc7, Tier::Micro) => "bc7/micro.atlas",
            (Coding::Rgba8, Tier::Large) => "rgba8/large.atlas",
            (Coding::Rgba8, Tier::Small) => "rgba8/small.atlas",
            (Coding::Rgba8, Tier::Micro) => "rgba8/micro.atlas",
        }
    }

    /// Bytes of a file of so many slots, its header included.
    pub(super) const fn file_bytes(self, slots: u32) -> u64 {
        PAGE_BYTES + self.slot_bytes() * slots as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slots_have_the_sizes_of_the_picture_above() {
        let sizes = |coding| Tier::ALL.map(|tier| AtlasName { coding, tier }.slot_bytes());
        assert_eq!(sizes(Coding::Bc7), [221_184, 11_264, 1024]);
        assert_eq!(sizes(Coding::Rgba8), [880_640, 45_056, 4096]);
    }

    #[test]
    fn the_parts_of_a_slot_do_not_overlap() {
        for coding in CODINGS {
            for level in Level::ALL {
                let end = level.offset_bytes(coding) + level.limit_bytes(coding) as u64;
                let slot_bytes = AtlasName { coding, tier: level.tier() }.slot_bytes();
                assert!(end <= slot_bytes, "{level:?} {coding:?}");
            }
            let begin = Level::Medium.offset_bytes(coding);
            assert_eq!(begin, Level::Large.limit_bytes(coding) as u64);
        }
    }

    #[test]
    fn every_atlas_finds_its_place() {
        for (at, name) in AtlasName::ALL.into_iter().enumerate() {
            assert_eq!(name.index(), at);
        }
    }
}
