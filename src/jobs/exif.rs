//! The headers of single files, for whoever asks without a shoot: every file opened once.

use std::path::PathBuf;

use rayon::prelude::*;

use super::decode;
use super::shoot::chain;
use crate::core::photo::PhotoMeta;
use crate::disk::source::Source;

/// Reads the headers of files on all cores; the answers stand in the files' order, each with the
/// reason where a file cannot be read.
#[must_use]
pub fn read(files: &[PathBuf]) -> Vec<Result<PhotoMeta, String>> {
    let headers = files.par_iter().map(|path| {
        let mut source = Source::open(path).map_err(|error| chain(&error))?;
        let header = decode::header_of(&mut source, path).map_err(|error| chain(&error))?;
        Ok(header.meta)
    });
    headers.collect()
}
