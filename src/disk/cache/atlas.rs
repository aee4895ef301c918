//! One file of equal slots behind a page that says what it is.
//!
//! Read and written at a position, never mapped: a mapped file that another program cuts off kills
//! this one, a read past the end is an error like any other. Knows slots and bytes; whose they are is
//! `ledger`'s, whether they are good the index's checksum.

use std::fs::File;
use std::fs::OpenOptions;
use std::io;
use std::path::Path;

use xxhash_rust::xxh3::xxh3_64;

use super::bytes::Writer;
use super::layout::AtlasName;
use super::layout::PAGE_BYTES;
use super::layout::coding_number;

/// Begins every atlas.
const MAGIC: &[u8; 16] = b"RUSHLIGHT ATLAS\0";

/// Changes when slots or the header change.
const FORMAT: u32 = 1;

/// Bytes of the header that mean something.
const HEADER_BYTES: usize = 48;

/// An open atlas.
#[derive(Debug)]
pub(super) struct Atlas {
    file: File,
    name: AtlasName,
}

impl Atlas {
    /// Opens the atlas that belongs to the index numbered `cache`. `None` where there is a file that
    /// does not belong there: another cache's, another format's, garbage.
    pub(super) fn open(folder: &Path, name: AtlasName, cache: u64) -> io::Result<Option<Self>> {
        let file = OpenOptions::new().read(true).write(true).open(folder.join(name.file()))?;
        let mut found = [0; HEADER_BYTES];
        match read_at(&file, &mut found, 0) {
            Ok(()) => {}
            Err(e) if e.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
            Err(e) => return Err(e),
        }
        Ok((found[..] == header(name, cache)).then_some(Self { file, name }))
    }

    /// Makes an empty atlas, in the place of whatever has its name.
    pub(super) fn create(folder: &Path, name: AtlasName, cache: u64) -> io::Result<Self> {
        let path = folder.join(name.file());
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent)?;
        }
        // Removed, not emptied: the old one may be a link to a file that is not ours.
        remove_if_there(&path)?;
        let file = OpenOptions::new().read(true).write(true).create_new(true).open(path)?;
        let mut page = header(name, cache);
        page.resize(PAGE_BYTES as usize, 0);
        write_at(&file, &page, 0)?;
        Ok(Self { file, name })
    }

    /// How many whole slots the file has room for.
    pub(super) fn slots(&self) -> io::Result<u32> {
        let bytes = self.file.metadata()?.len().saturating_sub(PAGE_BYTES);
        Ok(u32::try_from(bytes / self.name.slot_bytes()).unwrap_or(u32::MAX))
    }

    /// Makes the file longer or shorter. What is new takes no room on the disk until it is written.
    pub(super) fn resize(&self, slots: u32) -> io::Result<()> {
        self.file.set_len(self.name.file_bytes(slots))
    }

    /// Fills `buffer` from `offset` bytes into a slot.
    pub(super) fn read(&self, slot: u32, offset: u64, buffer: &mut [u8]) -> io::Result<()> {
        read_at(&self.file, buffer, self.name.file_bytes(slot) + offset)
    }

    /// Writes `bytes` from `offset` bytes into a slot on.
    pub(super) fn write(&self, slot: u32, offset: u64, bytes: &[u8]) -> io::Result<()> {
        write_at(&self.file, bytes, self.name.file_bytes(slot) + offset)
    }

    /// Copies all of a slot to another.
    pub(super) fn copy(&self, from: u32, to: u32) -> io::Result<()> {
        let mut bytes = vec![0; self.name.slot_bytes() as usize];
        self.read(from, 0, &mut bytes)?;
        self.write(to, 0, &bytes)
    }
}

/// Removes a file of ours; none is as good.
pub(super) fn remove_if_there(path: &Path) -> io::Result<()> {
    match std::fs::remove_file(path) {
        Err(e) if e.kind() != io::ErrorKind::NotFound => Err(e),
        _ => Ok(()),
    }
}

fn header(name: AtlasName, cache: u64) -> Vec<u8> {
    let mut out = Writer::default();
    out.bytes(MAGIC);
    out.u32(FORMAT);
    out.u16(u16::from(coding_number(name.coding)));
    out.u16(name.tier.index() as u16);
    out.u64(name.slot_bytes());
    out.u64(cache);
    let mut bytes = out.into_bytes();
    bytes.extend_from_slice(&xxh3_64(&bytes).to_le_bytes());
    bytes
}

#[cfg(unix)]
fn read_at(file: &File, buffer: &mut [u8], offset: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, buffer, offset)
}

#[cfg(unix)]
fn write_at(file: &File, bytes: &[u8], offset: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::write_all_at(file, bytes, offset)
}

#[cfg(windows)]
fn read_at(file: &File, mut buffer: &mut [u8], mut offset: u64) -> io::Result<()> {
    while !buffer.is_empty() {
        match std::os::windows::fs::FileExt::seek_read(file, buffer, offset) {
            Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
            Ok(count) => {
                buffer = &mut buffer[count..];
                offset += count as u64;
            }
            Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
            Err(e) => return Err(e),
        }
    }
    Ok(())
}

#[cfg(windows)]
fn write_at(file: &File, mut bytes: &[u8], mut offset: u64) -> io::Result<()> {
    while !bytes.is_empty() {
        match std::os::windows::fs::FileExt::seek_write(file, bytes, offset) {
            Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
            Ok(count) => {
                bytes = &bytes[count..];
                offset += count as u64;
            }
            Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
            Err(e) => return Err(e),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::coded::Coding;
    use crate::disk::cache::layout::Tier;

    const NAME: AtlasName = AtlasName { coding: Coding::Bc7, tier: Tier::Small };

    #[test]
    fn an_atlas_belongs_to_one_index() {
        let dir = tempfile::tempdir().unwrap();
        let atlas = Atlas::create(dir.path(), NAME, 7).unwrap();
        atlas.resize(3).unwrap();
        atlas.write(2, 10, b"hello").unwrap();
        atlas.copy(2, 0).unwrap();
        let atlas = Atlas::open(dir.path(), NAME, 7).unwrap().unwrap();
        let mut found = [0; 5];
        atlas.read(0, 10, &mut found).unwrap();
        assert_eq!((&found, atlas.slots().unwrap()), (b"hello", 3));
        assert!(atlas.read(3, 0, &mut found).is_err());
        assert!(Atlas::open(dir.path(), NAME, 8).unwrap().is_none());
        assert!(Atlas::open(dir.path(), AtlasName { tier: Tier::Micro, ..NAME }, 7).is_err());
    }

    #[test]
    fn a_flipped_bit_in_the_header_is_another_atlas() {
        let dir = tempfile::tempdir().unwrap();
        drop(Atlas::create(dir.path(), NAME, 7).unwrap());
        let path = dir.path().join(NAME.file());
        let good = std::fs::read(&path).unwrap();
        for at in 0..HEADER_BYTES {
            let mut bad = good.clone();
            bad[at] ^= 4;
            std::fs::write(&path, bad).unwrap();
            assert!(Atlas::open(dir.path(), NAME, 7).unwrap().is_none(), "byte {at}");
        }
        std::fs::write(&path, &good[..20]).unwrap();
        assert!(Atlas::open(dir.path(), NAME, 7).unwrap().is_none());
    }
}
