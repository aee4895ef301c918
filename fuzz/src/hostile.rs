//! Bytes as an open photo: `Source` reads files.

use std::fs;
use std::path::PathBuf;

use crate::disk::source::Source;

/// The file that this process writes its inputs to, in memory where the system has such a place.
fn path() -> PathBuf {
    let memory = PathBuf::from("/dev/shm");
    let folder = if memory.is_dir() { memory } else { std::env::temp_dir() };
    folder.join(format!("rushlight-fuzz-{}", std::process::id()))
}

/// `bytes` as an open photo, with its path; `None` for what is refused at the door.
pub fn open(bytes: &[u8]) -> Option<(Source, PathBuf)> {
    let path = path();
    fs::write(&path, bytes).expect("the folder can be written to");
    Some((Source::open(&path).ok()?, path))
}
