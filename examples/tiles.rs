//! Writes the tiles and detail maps of a folder's photos into one file: what the network is trained
//! on is what the program gives, not what another decoder would.
//!
//! ```text
//! cargo run --release --example tiles -- FOLDER OUT
//! ```
//!
//! `OUT` holds, for each JPEG of the folder in the order of their names, little-endian:
//!
//! ```text
//! name: length u32, UTF-8
//! tile: width u32, height u32 | map: columns u32, rows u32 (0, 0 where there is none), cell_px u32
//! whole picture as stored: width u32, height u32 | turn u32 (EXIF 1 to 8)
//! tile, upright: RGB, 8 bits, sRGB-encoded | map, as stored: pairs of bits, 8 bits
//! ```

use std::fs::File;
use std::io::BufWriter;
use std::io::Write;
use std::path::Path;
use std::path::PathBuf;

use anyhow::Context;
use rayon::prelude::*;

use rushlight::core::coded::Coding;
use rushlight::disk::picture;
use rushlight::disk::picture::Limits;
use rushlight::disk::picture::TileParts;
use rushlight::disk::source::Source;
use rushlight::jobs::decode;

/// Photos decoded before the file grows: what memory holds.
const AT_ONCE: usize = 64;

fn main() -> anyhow::Result<()> {
    let arguments: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    let [folder, out] = arguments.as_slice() else {
        anyhow::bail!("expected a folder and the file to write, found {}", arguments.len());
    };
    let entries = folder.read_dir().with_context(|| folder.display().to_string())?;
    let mut photos: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    photos.retain(|path| path.extension().is_some_and(|e| e.eq_ignore_ascii_case("jpg")));
    photos.sort();
    let mut file = BufWriter::new(File::create(out).with_context(|| out.display().to_string())?);
    for some in photos.chunks(AT_ONCE) {
        let records: anyhow::Result<Vec<Vec<u8>>> = some.par_iter().map(|p| record(p)).collect();
        for record in records? {
            file.write_all(&record)?;
        }
    }
    println!("{} photos", photos.len());
    Ok(file.flush()?)
}

fn record(path: &Path) -> anyhow::Result<Vec<u8>> {
    let mut source = Source::open(path)?;
    decode::header_of(&mut source, path)?;
    let (format, turn, bytes) = decode::picture_in(&mut source, path)?;
    let limits = Limits::default();
    let TileParts { largest: tile, full_size_px, detail, .. } =
        picture::decode_tile(bytes, format, turn, Coding::Rgba8, &limits, path)?;
    let name = path.file_name().context("a file has a name")?.to_string_lossy();
    let map = detail.as_ref().map_or([0; 3], |map| [map.width, map.height, map.cell_px]);
    // Turning a size twice gives it back: upright as stored.
    let stored_px = turn.upright(full_size_px);
    let mut out = Vec::new();
    let mut put = |number: u32| out.extend_from_slice(&number.to_le_bytes());
    put(name.len() as u32);
    out.extend_from_slice(name.as_bytes());
    for number in tile.size_px().into_iter().chain(map).chain(stored_px) {
        out.extend_from_slice(&number.to_le_bytes());
    }
    out.extend_from_slice(&turn.to_exif().to_le_bytes());
    for texel in tile.bytes().as_chunks::<4>().0 {
        out.extend_from_slice(&texel[..3]);
    }
    out.extend(detail.into_iter().flat_map(|map| map.bit_pairs));
    Ok(out)
}
