//! The trash: the system's, or a folder `.rushlight-trash` beside the photo where there is none, as
//! on some network drives.
//!
//! That folder is on the same volume as the photo and hidden, so that the scan passes it over; what
//! is in it goes back by taking it out again, with this program or by hand.

use std::fs;
use std::path::Path;
use std::path::PathBuf;

use super::DiskError;
use super::DiskResult;
use super::export::exists;
use super::export::rename_to_free;
use crate::core::export;
use crate::core::export::Item;

/// The name of our own trash.
pub const FOLDER: &str = ".rushlight-trash";

/// Puts a file into the system's trash.
///
/// # Errors
/// When there is none for that volume, or it refuses.
pub fn delete(path: &Path) -> DiskResult<()> {
    trash::delete(path).map_err(|error| refused(path, &error))
}

/// Where the files of a photo go in our own trash, under names that are free there. Makes the
/// folder.
///
/// # Errors
/// When the folder cannot be made.
pub fn own_places(photo: &[Item]) -> DiskResult<Vec<Item>> {
    let parent = photo.first().and_then(|item| item.from.parent()).unwrap_or(Path::new("."));
    let folder = parent.join(FOLDER);
    fs::create_dir_all(&folder)
        .map_err(|source| DiskError::Write { path: folder.clone(), source })?;
    let paths: Vec<&Path> = photo.iter().map(|item| item.from.as_path()).collect();
    let names = export::free_names(&paths, |name| !exists(&folder.join(name)));
    let place = |(item, name): (&Item, _)| Item { to: folder.join(name), ..item.clone() };
    Ok(photo.iter().zip(names).map(place).collect())
}

/// Takes our own trash folders away where nothing is in them any more.
pub fn tidy(place: &Path) {
    if let Some(folder) = place.parent().filter(|f| f.file_name() == Some(FOLDER.as_ref())) {
        // One that is not empty refuses, and stays.
        _ = fs::remove_dir(folder);
    }
}

/// What is in the system's trash, to be looked through for many files.
pub struct Bin {
    #[cfg(any(target_os = "windows", all(unix, not(target_os = "macos"))))]
    items: Vec<trash::TrashItem>,
}

#[cfg(any(target_os = "windows", all(unix, not(target_os = "macos"))))]
impl Bin {
    /// Lists the trash.
    ///
    /// # Errors
    /// When it cannot be listed.
    pub fn open() -> DiskResult<Self> {
        let listed = trash::os_limited::list();
        let mut items = listed.map_err(|error| refused(Path::new("trash"), &error))?;
        items.sort_by_key(|item| item.time_deleted);
        Ok(Self { items })
    }

    /// Brings a file back from where it was: the newest of that path and size.
    ///
    /// # Errors
    /// When it is not in the trash, or another file has taken its place.
    pub fn restore(&mut self, item: &Item) -> DiskResult<()> {
        let path = real(&item.from);
        if is_placeholder(item) {
            // A restoring that was interrupted: nobody's picture has no bytes.
            fs::remove_file(&item.from)
                .map_err(|source| DiskError::Write { path: item.from.clone(), source })?;
        }
        let fits = |at: &usize| {
            let found = &self.items[*at];
            let size = || trash::os_limited::metadata(found).ok()?.size.size();
            found.original_path() == path && size() == Some(item.bytes)
        };
        let Some(at) = (0..self.items.len()).rev().find(fits) else {
            return Err(DiskError::Missing { path });
        };
        let found = self.items.remove(at);
        trash::os_limited::restore_all([found]).map_err(|error| refused(&item.from, &error))
    }
}

#[cfg(not(any(target_os = "windows", all(unix, not(target_os = "macos")))))]
impl Bin {
    /// Lists the trash.
    ///
    /// # Errors
    /// Always: this system gives nothing back to programs.
    pub fn open() -> DiskResult<Self> {
        let source = std::io::ErrorKind::Unsupported.into();
        Err(DiskError::Trash { path: PathBuf::from("trash"), source })
    }

    /// Never called, as none can be opened.
    ///
    /// # Errors
    /// Always.
    pub fn restore(&mut self, item: &Item) -> DiskResult<()> {
        Err(DiskError::Missing { path: item.from.clone() })
    }
}

/// Whether a file is the empty one that holds the place of one that is being restored.
#[must_use]
pub fn is_placeholder(item: &Item) -> bool {
    item.bytes > 0 && fs::symlink_metadata(&item.from).is_ok_and(|k| k.is_file() && k.len() == 0)
}

/// The path as the trash knows it: links in the folders resolved.
fn real(path: &Path) -> PathBuf {
    let folder = path.parent().and_then(|parent| fs::canonicalize(parent).ok());
    match (folder, path.file_name()) {
        (Some(folder), Some(name)) => folder.join(name),
        _ => std::path::absolute(path).unwrap_or_else(|_| path.to_owned()),
    }
}

/// Moves a file into or out of our own trash, never over another one.
///
/// # Errors
/// When it cannot go.
pub fn shift(from: &Path, to: &Path) -> DiskResult<()> {
    rename_to_free(from, to).map_err(|source| DiskError::Write { path: to.to_owned(), source })
}

fn refused(path: &Path, error: &trash::Error) -> DiskError {
    let source = std::io::Error::other(error.to_string());
    DiskError::Trash { path: path.to_owned(), source }
}
