//! The floor that touches files, mapped memory and the stores. Starts no thread, retries nothing,
//! logs nothing; what goes wrong is a [`DiskError`] with the path in it.

pub mod arrival;
pub mod audits;
pub mod cache;
pub mod colour;
pub mod config;
pub mod decisions;
pub mod demo;
pub mod exif;
pub mod export;
pub mod fingerprint;
pub mod folders;
pub mod icc;
pub mod jpeg;
pub mod labels;
pub mod learn;
pub mod listener;
pub mod looks;
pub mod model;
pub mod picture;
pub mod places;
pub mod raw;
pub mod scan;
pub mod sidecar;
pub mod source;
pub mod trash;
pub mod xmp;

use std::io;
use std::path::Path;
use std::path::PathBuf;

/// What can go wrong with files.
///
/// Each message says in the user's words what did not work, then what was found, and ends with
/// the path. The system's own words follow as `source`.
#[derive(Debug, thiserror::Error)]
pub enum DiskError {
    /// The path given does not exist.
    #[error("there is no such file or folder; path: {}", path.display())]
    Missing {
        /// As the user wrote it.
        path: PathBuf,
    },

    /// A folder cannot be listed.
    #[error("cannot read the folder; path: {}", path.display())]
    Folder {
        /// The folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },

    /// The file cannot be opened or read.
    #[error("cannot read the photo; file: {}", path.display())]
    Read {
        /// The photo.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },

    /// Another program wrote to the file while it was being read.
    #[error("the photo was changed while it was read: {}; file: {}", change(*found_bytes, *expected_bytes), path.display())]
    Changed {
        /// Its size now.
        found_bytes: u64,
        /// Its size when it was opened.
        expected_bytes: u64,
        /// The photo.
        path: PathBuf,
    },

    /// There is something else at the path than a file: a folder, a pipe, a device.
    #[error("not a file but {found}; path: {}", path.display())]
    NotFile {
        /// What it is, with its article.
        found: &'static str,
        /// The path.
        path: PathBuf,
    },

    /// The file is larger than what is read.
    #[error("the file is too large: {size_bytes} bytes, at most {limit_bytes} are read; file: {}", path.display())]
    FileTooLarge {
        /// Its size.
        size_bytes: u64,
        /// The limit.
        limit_bytes: u64,
        /// The photo.
        path: PathBuf,
    },

    /// The file has no bytes.
    #[error("the file is empty (0 bytes); file: {}", path.display())]
    Empty {
        /// The photo.
        path: PathBuf,
    },

    /// The file is none of the formats that are read.
    #[error("not a picture: begins with {found:02X?}, not like JPEG, PNG, WebP, TIFF or a camera's raw file; file: {}", path.display())]
    NotPicture {
        /// Its first bytes.
        found: Vec<u8>,
        /// The file.
        path: PathBuf,
    },

    /// A raw file in which no picture was found that could be shown.
    #[error("the raw file holds no JPEG to show; file: {}", path.display())]
    NoPicture {
        /// The file.
        path: PathBuf,
    },

    /// The picture says that it is larger than what is decoded.
    #[error("the picture is too large: {} x {} pixels, at most {limit_megapixels} megapixels are opened; file: {}", size_px[0], size_px[1], path.display())]
    TooLarge {
        /// What its header says.
        size_px: [u32; 2],
        /// The limit.
        limit_megapixels: u32,
        /// The photo.
        path: PathBuf,
    },

    /// The picture's data is damaged, cut off, or of a kind that no decoder here speaks.
    #[error("the picture is damaged: {reason}; file: {}", path.display())]
    Damaged {
        /// The decoder's words.
        reason: String,
        /// The photo.
        path: PathBuf,
    },

    /// A file of our own cannot be written.
    #[error("cannot write the file; path: {}", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },

    /// The system's trash does not take or give a file.
    #[error("the trash refused; file: {}", path.display())]
    Trash {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },

    /// The folder for the demo shoot holds something else.
    #[error("will not write a demo shoot among other files: found {found:?}, expected an empty folder or an earlier demo shoot; folder: {}", path.display())]
    NotDemo {
        /// The first file that is not ours.
        found: String,
        /// The folder.
        path: PathBuf,
    },

    /// The settings file has a mistake.
    #[error("the settings cannot be understood: {reason}; file: {}", path.display())]
    Settings {
        /// Line, key and what is wrong.
        reason: String,
        /// The settings file.
        path: PathBuf,
    },

    /// A sidecar is not understood. It is left as it is.
    #[error("the sidecar {reason}, and was left as it is; file: {}", path.display())]
    Sidecar {
        /// What is wrong with it, as the rest of a sentence.
        reason: String,
        /// The sidecar.
        path: PathBuf,
    },

    /// A display's colour profile cannot be used.
    #[error("cannot use the display's colour profile, sRGB is taken: {reason}; file: {}", path.display())]
    Profile {
        /// What is wrong with it.
        reason: String,
        /// The profile.
        path: PathBuf,
    },

    /// The decision store does not work.
    #[error("cannot {doing} the decisions: {reason}; file: {}", path.display())]
    Store {
        /// Open, read, save, back up.
        doing: &'static str,
        /// What stands in the way, in the user's words.
        reason: &'static str,
        /// The store.
        path: PathBuf,
        /// What SQLite said.
        source: rusqlite::Error,
    },

    /// The decision store is damaged. It is left as it is.
    #[error("the decisions are damaged and were left as they are; {}; file: {}", restore_advice(backup.as_deref()), path.display())]
    StoreDamaged {
        /// The newest backup, to be put in its place by the user.
        backup: Option<PathBuf>,
        /// The store.
        path: PathBuf,
        /// What SQLite said, where it is more than that the file is empty.
        source: Option<rusqlite::Error>,
    },

    /// The decision store comes from another version of the program.
    #[error("the decisions have format {found}, this program reads up to {expected}: use a newer Rushlight; file: {}", path.display())]
    StoreFormat {
        /// Format in the file.
        found: i64,
        /// Newest format of this program.
        expected: i64,
        /// The store.
        path: PathBuf,
    },

    /// The cache is on a file system that other computers share.
    #[error("will not keep tiles on a network ({kind}): name a folder on a disk of this computer in the settings, under [cache], as folder = \"/path\"; folder: {}", path.display())]
    CacheOnNetwork {
        /// The name of the file system.
        kind: String,
        /// The folder.
        path: PathBuf,
    },

    /// Another program writes to the cache.
    #[error("another Rushlight has the tile cache open: close it and try again; folder: {}", path.display())]
    CacheBusy {
        /// The folder.
        path: PathBuf,
    },

    /// The index of the cache does not work, though it is not known to be damaged.
    #[error("cannot {doing} the tile cache: {reason}; file: {}", path.display())]
    Cache {
        /// Make, open, read, write.
        doing: &'static str,
        /// What stands in the way, in the user's words.
        reason: &'static str,
        /// The index.
        path: PathBuf,
        /// What SQLite said.
        source: Box<rusqlite::Error>,
    },

    /// The network that the settings name cannot be read.
    #[error("cannot read the model; file: {}", path.display())]
    Model {
        /// Its file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },

    /// The file of labels cannot be opened or read.
    #[error("cannot read the labels; file: {}", path.display())]
    LabelsUnread {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },

    /// The file of labels says something else than keep and trash.
    #[error("the labels cannot be understood: {reason}; file: {}", path.display())]
    Labels {
        /// What was found, and what was expected.
        reason: String,
        /// The file.
        path: PathBuf,
    },

    /// The platform names no home folder to keep decisions in.
    #[error("cannot tell where to keep decisions: no home folder is known; set HOME")]
    NoHome,
}

/// The result of everything on this floor.
pub type DiskResult<T> = Result<T, DiskError>;

/// How a file has changed, as a part of a sentence.
fn change(found_bytes: u64, expected_bytes: u64) -> String {
    match found_bytes == expected_bytes {
        true => format!("it has {found_bytes} bytes as before, but was written to"),
        false => format!("it has {found_bytes} bytes and had {expected_bytes}"),
    }
}

/// How to go back to `backup`, as a part of a sentence.
fn restore_advice(backup: Option<&Path>) -> String {
    match backup {
        Some(backup) => format!(
            "to go back to the newest backup, move the file and those beside it whose names end in -wal and -shm away, then copy the backup to its name: {}",
            backup.display()
        ),
        None => "there is no backup; to begin without decisions, move the file away".to_owned(),
    }
}

impl DiskError {
    /// The file or folder that it is about; empty where it is about none.
    #[must_use]
    pub fn path(&self) -> &Path {
        match self {
            Self::Missing { path }
            | Self::Folder { path, .. }
            | Self::Read { path, .. }
            | Self::Changed { path, .. }
            | Self::NotFile { path, .. }
            | Self::FileTooLarge { path, .. }
            | Self::Empty { path }
            | Self::NotPicture { path, .. }
            | Self::NoPicture { path }
            | Self::TooLarge { path, .. }
            | Self::Damaged { path, .. }
            | Self::Write { path, .. }
            | Self::Trash { path, .. }
            | Self::NotDemo { path, .. }
            | Self::Settings { path, .. }
            | Self::Sidecar { path, .. }
            | Self::Profile { path, .. }
            | Self::Store { path, .. }
            | Self::StoreDamaged { path, .. }
            | Self::StoreFormat { path, .. }
            | Self::CacheOnNetwork { path, .. }
            | Self::CacheBusy { path }
            | Self::Model { path, .. }
            | Self::LabelsUnread { path, .. }
            | Self::Labels { path, .. }
            | Self::Cache { path, .. } => path,
            Self::NoHome => Path::new(""),
        }
    }
}
