//! What is read of one photo's file: its header, its embedded pictures, its bytes; and what is made
//! of an error on the way.

use std::panic::AssertUnwindSafe;
use std::panic::catch_unwind;
use std::path::Path;
use std::sync::Arc;

use rayon::prelude::*;

use crate::core::photo::Turn;
use crate::core::texels::Texels;
use crate::disk::DiskError;
use crate::disk::DiskResult;
use crate::disk::colour::Profile;
use crate::disk::exif;
use crate::disk::fingerprint;
use crate::disk::jpeg::Part;
use crate::disk::picture;
use crate::disk::raw;
use crate::disk::source::Format;
use crate::disk::source::Source;
use crate::jobs::board::Header;
use crate::jobs::board::Slot;
use crate::jobs::shoot::chain;
use crate::jobs::thumbnails::Thumbnail;

/// The pool that this thread belongs to, for the parts of a picture that is awaited.
pub(super) fn crew() -> picture::Crew<'static> {
    if rayon::current_thread_index().is_none() {
        return picture::Crew::ALONE;
    }
    let run = &|parts: &mut [Part]| parts.par_iter_mut().for_each(|part| _ = part.decode());
    picture::Crew { most_parts: rayon::current_num_threads() * 2, run }
}

/// Runs `work` on a photo and puts what goes wrong into words, a decoder's panic included: one bad
/// photo never stops the wall. A photo that changed while it was read is tried once more: whoever
/// wrote to it is done by then, or at it for long.
///
/// # Errors
/// The reason, in the user's words.
pub fn guarded<T>(work: impl Fn() -> DiskResult<T>) -> Result<T, String> {
    let attempt = || match work() {
        Err(DiskError::Changed { .. }) => work(),
        outcome => outcome,
    };
    match catch_unwind(AssertUnwindSafe(attempt)) {
        Ok(outcome) => outcome.map_err(|error| chain(&error)),
        Err(_) => Err("the picture cannot be decoded: the decoder gave up".to_owned()),
    }
}

/// Reads the header of a file, for whoever has only its path; `None` when it cannot be read.
#[must_use]
pub fn read_header(path: &Path) -> Option<Header> {
    let mut source = Source::open(path).ok()?;
    header_of(&mut source, path).ok()
}

/// The header of an open file.
///
/// # Errors
/// When the file cannot be read or is no picture.
pub fn header_of(source: &mut Source, path: &Path) -> DiskResult<Header> {
    let format = source.format()?;
    let meta = exif::read(source, format, path)?;
    let fingerprint = fingerprint::of(&meta, source.header()?);
    source.check_unchanged()?;
    Ok(Header { meta, fingerprint })
}

/// The whole file, or the JPEG in a raw file; what it is, and how its picture is turned by these very
/// bytes: another program may have put another file in its place since its header was read.
///
/// # Errors
/// When the file cannot be read, changes meanwhile, or is no picture.
pub fn picture_in<'a>(source: &'a mut Source, path: &Path) -> DiskResult<(Format, Turn, &'a [u8])> {
    let format = source.format()?;
    if format == Format::Raw {
        let turn = exif::read(source, format, path)?.turn;
        return Ok((Format::Jpeg, turn, raw::picture(source, path)?));
    }
    source.whole()?;
    let turn = exif::read(source, format, path)?.turn;
    Ok((format, turn, source.whole()?))
}

/// The embedded thumbnail, upright and in the working space; `None` when there is none that can be
/// shown.
pub(super) fn thumbnail_of(source: &mut Source, slot: &Slot) -> Option<Texels> {
    let header = slot.header()?;
    let jpeg = source.range(header.meta.thumbnail.clone()?).ok()?.into();
    let profile = profile_of(source)?;
    source.check_unchanged().ok()?;
    thumbnail_in(&Thumbnail { jpeg, profile }, header, &slot.path)
}

/// The same from what the header pass has kept.
pub(super) fn thumbnail_in(kept: &Thumbnail, header: &Header, path: &Path) -> Option<Texels> {
    let (meta, jpeg) = (&header.meta, &kept.jpeg);
    let texels = picture::decode_thumbnail(jpeg, meta.turn, meta.size_px, path).ok()?;
    Some(Profile::of_embedded(jpeg, &kept.profile).to_working(texels))
}

/// The preview, upright, within `box_px` and in the working space; `None` when there is none that
/// can be shown.
pub(super) fn preview_of(source: &mut Source, slot: &Slot, box_px: [u32; 2]) -> Option<Texels> {
    let meta = &slot.header()?.meta;
    let jpeg = source.range(meta.preview.clone()?).ok()?;
    let profile = profile_of(source)?;
    source.check_unchanged().ok()?;
    let texels =
        picture::decode_preview(&jpeg, meta.turn, meta.size_px, box_px, &slot.path).ok()?;
    Some(Profile::of_embedded(&jpeg, &profile).to_working(texels))
}

/// The colours of an open photo, as far as its header tells them.
pub(super) fn profile_of(source: &mut Source) -> Option<Arc<Profile>> {
    let format = source.format().ok()?;
    Some(Profile::of(source.header().ok()?, format))
}
