//! A JPEG's copy with what is decided in it, as an XMP packet: for programs that read no sidecar
//! beside a JPEG (Lightroom Classic).
//!
//! Only copies are made so, never an original. Everything but the segment of the packet is the
//! original's, byte for byte (`tests/export/embed.rs`), and is compared with it when the copy has been
//! read back from the disk. The base of the packet is the photo's own sidecar, then the packet that
//! is in it; what is decided goes over both.
//!
//! Of a pair with a raw file `IMG.xmp` is the raw file's: it may say how that is to be developed,
//! which is not for the JPEG. `IMG.JPG.xmp` is the JPEG's own in every case.

use std::ffi::OsString;
use std::fs;
use std::fs::Metadata;
use std::ops::Range;
use std::path::Path;
use std::path::PathBuf;

use super::copy;
use super::copy::Watch;
use crate::core::export;
use crate::core::export::Embed;
use crate::core::export::Item;
use crate::core::said::Said;
use crate::disk::DiskError;
use crate::disk::DiskResult;
use crate::disk::exif::segments;
use crate::disk::xmp;

/// The largest JPEG that is taken into memory to be made anew: many times any camera's.
const LIMIT_BYTES: u64 = 1 << 30;

/// A JPEG that gets another packet.
pub struct Made {
    original: Vec<u8>,
    /// What of the original is replaced.
    gap: Range<usize>,
    segment: Vec<u8>,
    known: Metadata,
}

impl Made {
    /// The copy's bytes in their order.
    pub(super) fn parts(&self) -> [&[u8]; 3] {
        [&self.original[..self.gap.start], &self.segment, &self.original[self.gap.end..]]
    }

    /// The original's state, which must still be the one that was read.
    pub(super) fn known(&self, from: &Path) -> DiskResult<Metadata> {
        let unread = |source| DiskError::Read { path: from.to_owned(), source };
        let now = fs::metadata(from).map_err(unread)?;
        let [found_bytes, expected_bytes] = [now.len(), self.original.len() as u64];
        if found_bytes != expected_bytes || now.modified().ok() != self.known.modified().ok() {
            return Err(DiskError::Changed { found_bytes, expected_bytes, path: from.into() });
        }
        Ok(now)
    }

    /// Whether `copy` is what was meant to be written, and the original but for the packet that is
    /// found in it by looking once more.
    pub(super) fn is_in(&self, copy: &[u8]) -> bool {
        let is_meant = blake3::hash(copy) == self.hash();
        let Ok(place) = segments::packet_place(copy) else { return false };
        let [before, behind] = [&copy[..place.segment.start], &copy[place.segment.end..]];
        let [head, _, tail] = self.parts();
        is_meant && before == head && behind == tail
    }

    /// Whether the file at `path`, no link, holds what would be written.
    ///
    /// # Errors
    /// When it cannot be read, or is no longer wanted.
    pub fn is_at(&self, path: &Path, watch: &Watch<'_>) -> DiskResult<bool> {
        let known = fs::symlink_metadata(path)
            .map_err(|source| DiskError::Read { path: path.to_owned(), source })?;
        let bytes: usize = self.parts().iter().map(|part| part.len()).sum();
        let is_alike = known.is_file() && known.len() == bytes as u64;
        Ok(is_alike && copy::digest(path, watch)? == (known.len(), self.hash()))
    }

    fn hash(&self) -> blake3::Hash {
        let mut hasher = blake3::Hasher::new();
        self.parts().iter().for_each(|part| _ = hasher.update(part));
        hasher.finalize()
    }
}

/// What a file of a photo is copied as.
pub enum Content {
    /// Byte for byte.
    AsItIs,
    /// Byte for byte, although it was to carry what is decided: why it cannot, in words.
    Without(String),
    /// With another packet.
    With(Box<Made>),
}

impl Content {
    /// What `item` of a photo is copied as.
    ///
    /// # Errors
    /// When the original or the photo's sidecar cannot be read.
    pub fn of(item: &Item, photo: &[Item], embed: Option<&Embed>) -> DiskResult<Self> {
        let Some(embed) = embed.filter(|_| export::is_jpeg(&item.from)) else {
            return Ok(Self::AsItIs);
        };
        let unread = |path: &Path| {
            let path = path.to_owned();
            move |source| DiskError::Read { path, source }
        };
        let known = fs::metadata(&item.from).map_err(unread(&item.from))?;
        if known.len() > LIMIT_BYTES {
            return Ok(Self::without("is larger than 1 GiB", item));
        }
        let sidecar = match sidecar(item, photo) {
            Some(path) => Some(fs::read(path).map_err(unread(path))?),
            None => None,
        };
        let original = fs::read(&item.from).map_err(unread(&item.from))?;
        let place = match segments::packet_place(&original) {
            Ok(place) => place,
            Err(reason) => return Ok(Self::without(reason, item)),
        };
        let inside = place.packet.map(|range| &original[range]);
        let say = |now: &Said| match embed.label(photo) {
            Some(label) => now.with(label, embed.convention),
            None => now.clone(),
        };
        match xmp::packet(sidecar.as_deref(), inside, say) {
            Ok(None) => Ok(Self::AsItIs),
            Err(reason) => Ok(Self::without(&reason, item)),
            Ok(Some(packet)) => {
                let (gap, segment) = (place.segment, segment(&packet));
                Ok(Self::With(Box::new(Made { original, gap, segment, known })))
            }
        }
    }

    fn without(reason: &str, item: &Item) -> Self {
        Self::Without(format!(
            "copied without what is decided about it: {reason}; photo: {}",
            item.from.display()
        ))
    }

    /// Whether the file at `to` is what the one at `from` would be copied as.
    ///
    /// # Errors
    /// When one cannot be read, or is no longer wanted.
    pub fn is_at(&self, from: &Path, to: &Path, watch: &Watch<'_>) -> DiskResult<bool> {
        match self {
            Self::AsItIs | Self::Without(_) => copy::are_equal(from, to, watch),
            Self::With(made) => made.is_at(to, watch),
        }
    }

    /// Copies it.
    ///
    /// # Errors
    /// As [`copy::copy_verified`].
    pub fn put(&self, from: &Path, to: &Path, watch: &Watch<'_>) -> DiskResult<()> {
        match self {
            Self::AsItIs | Self::Without(_) => copy::copy_verified(from, to, watch),
            Self::With(made) => copy::write_verified(made, from, to, watch),
        }
    }
}

/// The JPEG's own sidecar among the files of its photo.
fn sidecar<'a>(item: &Item, photo: &'a [Item]) -> Option<&'a PathBuf> {
    let mut full = OsString::from(item.from.file_name()?);
    full.push(".xmp");
    let stem = item.from.with_extension("xmp");
    let has_raw = photo.iter().any(|other| export::is_raw(&other.from));
    let named = |name: &Path| {
        let is_it = |other: &Path| other.file_name() == name.file_name();
        let capital = name.with_extension("XMP");
        let mut paths = photo.iter().map(|other| &other.from);
        paths.find(|path| is_it(path) || path.file_name() == capital.file_name())
    };
    named(Path::new(&full)).or_else(|| named(&stem).filter(|_| !has_raw))
}

/// The packet as an APP1 segment (XMP specification part 3, 1.1.3).
fn segment(packet: &[u8]) -> Vec<u8> {
    let length = 2 + xmp::SEGMENT_MARK.len() + packet.len();
    let length = u16::try_from(length).expect("a packet is at most as long as a segment takes");
    [&[0xFF, 0xE1], &length.to_be_bytes()[..], xmp::SEGMENT_MARK, packet].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_is_believed_only_when_the_picture_and_the_packet_are_those_that_were_meant() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.jpg");
        let jpeg = b"\xFF\xD8\xFF\xE0\0\x07JFIF\0\xFF\xDA\0\x04ab picture \xFF\xD9";
        fs::write(&path, jpeg).unwrap();
        let item = Item { from: path.clone(), to: path.clone(), bytes: jpeg.len() as u64 };
        let label = crate::core::label::Label { stars: 3, ..Default::default() };
        let embed = Embed { labels: [(path.clone(), label)].into(), ..Embed::default() };
        let content = Content::of(&item, std::slice::from_ref(&item), Some(&embed)).unwrap();
        let Content::With(made) = content else { panic!("stars are to be said") };
        let whole = made.parts().concat();
        assert!(
            made.is_in(&whole) && whole.starts_with(&jpeg[..11]) && whole.ends_with(&jpeg[11..])
        );
        for at in 0..whole.len() {
            let mut torn = whole.clone();
            torn[at] ^= 1;
            assert!(!made.is_in(&torn), "byte {at}");
        }
        assert!(!made.is_in(&whole[..whole.len() - 1]) && !made.is_in(jpeg));
        assert!(made.known(&path).is_ok());
        fs::write(&path, [&jpeg[..], b"more"].concat()).unwrap();
        assert!(made.known(&path).is_err(), "it has changed since it was read");
    }
}
