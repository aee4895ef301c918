//! Which photo's tile sits where in the device's pages.
//!
//! Every page is a square of [`PAGE_EDGE_PX`] texels (a layer of one texture array) that is cut
//! into equal seats of one [`Class`] when it is first needed:
//!
//! ```text
//! page 0: Large          page 1: Medium          page 2: Small
//! +----+----+----+----+  +--+--+--+--+--+-- ...  16 x 16 seats of 128
//! |512 |    |    |    |  |256|  |  ...
//! +----+----+ 4 x 4      8 x 8
//! ```
//!
//! One texture array for all classes means one binding and one instanced draw.
//!
//! This file decides who sits where and never sees a texel; `gpu::pages` copies texels to the
//! seats named here.
//!
//! Invariants:
//! 1. a photo has at most one seat of a class, a seat at most one photo (`seats_and_photos_agree`);
//! 2. a photo placed in this frame is not evicted in this frame: `place` answers `None`, and the
//!    caller draws what it has (`a_full_frame_refuses_the_newcomer`).

use super::photo::PhotoId;

/// Side of a page in texels: 2048 is offered by every device that wgpu runs on.
pub const PAGE_EDGE_PX: u32 = 2048;

/// How large the pictures of a page are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// 128 texels a side.
    Small,
    /// 256 texels a side.
    Medium,
    /// 512 texels a side.
    Large,
}

impl Class {
    /// All of them, from the smallest.
    pub const ALL: [Self; 3] = [Self::Small, Self::Medium, Self::Large];

    /// The longest side that a picture of this class has, in texels.
    #[must_use]
    pub const fn edge_px(self) -> u32 {
        match self {
            Self::Small => 128,
            Self::Medium => 256,
            Self::Large => 512,
        }
    }

    /// The smallest class that is not enlarged when its longer side covers `edge_px` pixels;
    /// the largest class where none is.
    #[must_use]
    pub fn for_edge(edge_px: f32) -> Self {
        Self::ALL.into_iter().find(|c| c.edge_px() as f32 >= edge_px).unwrap_or(Self::Large)
    }
}

/// A place for one picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Seat {
    /// Layer of the texture array.
    pub page: u16,
    /// Number of the seat in its page, by rows from the top left.
    pub cell: u16,
    /// How large the page's seats are.
    pub class: Class,
}

impl Seat {
    /// The seat's top left texel in its page.
    #[must_use]
    pub const fn origin_px(self) -> [u32; 2] {
        let edge = self.class.edge_px();
        let columns = PAGE_EDGE_PX / edge;
        [self.cell as u32 % columns * edge, self.cell as u32 / columns * edge]
    }
}
