//! What is drawn of a photo in an overview of the whole shoot: its mean colour and its micro picture.
//!
//! Where the cache keeps the micro picture it leaves memory once the device has it, as a kilobyte a
//! photo is a hundred megabytes a shoot, and a new device has it read again. Photos beyond
//! `core::mosaic`'s limit have their mean colour alone.

use std::sync::Arc;

use crate::core::coded::Coded;
use crate::core::coded::Coding;
use crate::core::mosaic;
use crate::core::photo::PhotoId;
use crate::core::texels::Texels;
use crate::disk::picture;

/// A photo at a glance.
#[derive(Debug, Clone)]
pub struct Glance {
    /// The mean colour.
    pub mean: [u8; 3],
    /// The picture, at most [`mosaic::edge_px`] long, upright by EXIF.
    pub micro: Option<Arc<Coded>>,
    /// Whether it is of the photo itself, not of an embedded picture.
    pub is_lasting: bool,
    /// Whether the cache has the micro picture, so that it need not stay in memory.
    pub is_kept: bool,
}

impl Glance {
    /// That of a photo whose smallest cached or just decoded picture is `micro`; `is_kept` says
    /// whether the cache has it.
    #[must_use]
    pub fn lasting(photo: PhotoId, mean: [u8; 3], micro: Option<Coded>, is_kept: bool) -> Self {
        let has_seat = |coded: &Coded| photo.0 < mosaic::photo_limit(coded.coding());
        let micro = micro.filter(has_seat).and_then(seatable).map(Arc::new);
        let is_kept = is_kept && micro.is_some();
        Self { mean, micro, is_lasting: true, is_kept }
    }

    /// Whether its micro picture has left memory and can be had from the cache.
    #[must_use]
    pub const fn is_away(&self) -> bool {
        self.is_kept && self.micro.is_none()
    }

    /// That of a photo of which only an embedded picture is known.
    #[must_use]
    pub fn provisional(photo: PhotoId, texels: &Texels, coding: Coding) -> Self {
        let mean = texels.mean();
        let micro = (photo.0 < mosaic::photo_limit(coding)).then(|| {
            let mut micro = texels.halved();
            while micro.edge_px() > mosaic::edge_px(coding) {
                micro = micro.halved();
            }
            Arc::new(picture::encode(&micro, coding))
        });
        Self { mean, micro, is_lasting: false, is_kept: false }
    }
}

/// The picture as large as a seat allows; `None` where it is larger and cannot be made smaller.
fn seatable(coded: Coded) -> Option<Coded> {
    let edge_px = mosaic::edge_px(coded.coding());
    if coded.edge_px() <= edge_px {
        return Some(coded);
    }
    if coded.coding() != Coding::Rgba8 {
        return None;
    }
    let [width, height] = coded.size_px();
    let mut texels = Texels::new(width, height, coded.bytes().to_vec())?;
    while texels.edge_px() > edge_px {
        texels = texels.halved();
    }
    Some(picture::encode(&texels, Coding::Rgba8))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn micro(size_px: [u32; 2], coding: Coding) -> Coded {
        picture::encode(&Texels::filled(size_px, [80, 90, 100, 255]), coding)
    }

    #[test]
    fn a_glance_fits_its_seat_in_either_coding() {
        for coding in [Coding::Bc7, Coding::Rgba8] {
            let glance = Glance::lasting(PhotoId(7), [1; 3], Some(micro([32, 21], coding)), true);
            let micro = glance.micro.expect("the photo has a seat");
            let edge_px = mosaic::edge_px(coding);
            assert_eq!((micro.edge_px(), micro.coding()), (edge_px, coding));
            let thumbnail = Texels::filled([160, 120], [80, 90, 100, 255]);
            let glance = Glance::provisional(PhotoId(7), &thumbnail, coding);
            let micro = glance.micro.expect("the photo has a seat");
            assert!(micro.edge_px() <= edge_px, "{micro:?}");
            assert_eq!(glance.mean, [80, 90, 100]);
        }
    }

    #[test]
    fn a_photo_beyond_the_limit_keeps_its_colour() {
        let photo = PhotoId(mosaic::photo_limit(Coding::Bc7));
        let glance = Glance::lasting(photo, [5; 3], Some(micro([32, 21], Coding::Bc7)), true);
        assert_eq!((glance.mean, glance.micro.is_none()), ([5; 3], true));
    }
}
