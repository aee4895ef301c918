//! The pictures of a photo that are in memory: small ones for the device, large ones for the loupe.

use std::sync::Arc;

use crate::core::atlas::Class;
use crate::core::coded::Coded;
use crate::core::detail::DetailTexels;
use crate::core::level;
use crate::core::scopes::Scopes;
use crate::core::texels::Texels;

/// A photo's small picture at one to three sizes, upright, as the device reads it.
#[derive(Debug, Clone)]
pub struct Tile {
    /// By class, of the sizes that `core::level` says. The large ones are evicted first.
    pub levels: [Option<Arc<Coded>>; 3],
    /// The mean colour: drawn where not even the smallest level is in memory.
    pub mean: [u8; 3],
    /// Width and height of the whole picture, upright: what the sizes of its levels follow from.
    pub whole_px: [u32; 2],
    /// Where it has detail, where the decoder saw that.
    pub detail: Option<Arc<DetailTexels>>,
    /// Its histogram and parade, once its picture has been decoded.
    pub scopes: Option<Arc<Scopes>>,
}

/// A photo's large pictures for the loupe, upright by EXIF.
#[derive(Debug, Clone)]
pub struct Views {
    /// The box that `fit` was made for.
    pub box_px: [u32; 2],
    /// The picture as it fits into the box, never enlarged.
    pub fit: View,
    /// Every pixel, if it is wanted.
    pub full: Option<View>,
}

/// One large picture.
#[derive(Debug, Clone)]
pub struct View {
    /// Tells this picture from every other one of the run.
    pub key: u64,
    /// Its texels.
    pub texels: Arc<Texels>,
}

impl Tile {
    /// The level of `class` or, without it, the next smaller, or else the next larger one.
    #[must_use]
    pub fn near(&self, class: Class) -> Option<(Class, &Arc<Coded>)> {
        let at = class as usize;
        let order = (0..=at).rev().chain(at + 1..Class::ALL.len());
        order.into_iter().find_map(|i| self.levels[i].as_ref().map(|t| (Class::ALL[i], t)))
    }

    /// Whether a cell that needs `class` is served as well as the photo allows.
    #[must_use]
    pub fn serves(&self, class: Class) -> bool {
        let [width, height] = level::size_px(class, self.whole_px);
        let needed_px = width.max(height);
        self.levels.iter().flatten().any(|coded| coded.edge_px() >= needed_px)
    }

    /// Bytes of all levels, of the detail and of the scopes.
    #[must_use]
    pub fn size_bytes(&self) -> usize {
        let detail = self.detail.as_ref().map_or(0, |detail| detail.shares().len());
        let scopes = self.scopes.as_ref().map_or(0, |scopes| scopes.size_bytes());
        detail + scopes + self.levels.iter().flatten().map(|t| t.bytes().len()).sum::<usize>()
    }
}
