//! Photos on their way out: what belongs to them, and one photo's way to its new place.
//!
//! A photo's files go together. A file is renamed where that is possible, which is whole or not at
//! all; else it is copied (`copy`), verified, and the originals are removed only when every file of
//! the photo is in its new place and on the disk. Where one file cannot go, those before it come
//! back. Each step can be repeated: after a crash the same call goes on from what it finds
//! (`tests/export`: photos are whole after random kills).
//!
//! What happens to many photos, and when, is decided in `jobs::export`; `journal` remembers it.

pub mod copy;
pub mod embed;
pub mod journal;

use std::collections::HashMap;
use std::ffi::OsString;
use std::fs;
use std::io;
use std::io::ErrorKind;
use std::io::Write;
use std::path::Path;
use std::path::PathBuf;

use self::copy::Watch;
use self::embed::Content;
use super::DiskError;
use super::DiskResult;
use super::decisions::sync_folder;
use crate::core::export;
use crate::core::export::Action;
use crate::core::export::Embed;
use crate::core::export::Item;
use crate::core::export::Source;
use crate::core::export::Target;

/// Finds the companions of photos; a photo that is a companion itself brings the one it belongs to.
/// The order is that of `photos`; each photo comes once.
pub fn gather(photos: &[PathBuf]) -> (Vec<Vec<Source>>, Vec<DiskError>) {
    let mut folders: HashMap<PathBuf, Folder> = HashMap::new();
    let (mut gathered, mut troubles) = (Vec::new(), Vec::new());
    for photo in photos {
        let parent = match photo.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent,
            _ => Path::new("."),
        };
        if !folders.contains_key(parent) {
            let folder = Folder::read(parent).unwrap_or_else(|error| {
                troubles.push(error);
                Folder::default()
            });
            folders.insert(parent.to_owned(), folder);
        }
        let taken = folders.get_mut(parent).and_then(|folder| folder.take(photo));
        match taken {
            Some(paths) if paths.is_empty() => {}
            Some(paths) => match measured(&paths) {
                Ok(sources) => gathered.push(sources),
                Err(error) => troubles.push(error),
            },
            None => troubles.push(DiskError::Missing { path: photo.clone() }),
        }
    }
    (gathered, troubles)
}

/// The files of a folder, by what they belong to.
#[derive(Default)]
struct Folder {
    path: PathBuf,
    names: Vec<OsString>,
    owners: Vec<Option<usize>>,
    index: HashMap<OsString, usize>,
    members: HashMap<usize, Vec<usize>>,
}

impl Folder {
    fn read(path: &Path) -> DiskResult<Self> {
        let failed = |source| DiskError::Folder { path: path.to_owned(), source };
        let mut names = Vec::new();
        for entry in fs::read_dir(path).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            if entry.file_type().is_ok_and(|kind| !kind.is_dir()) {
                names.push(entry.file_name());
            }
        }
        names.sort();
        let owners = export::owners(&names);
        let mut members: HashMap<usize, Vec<usize>> = HashMap::new();
        for (at, owner) in owners.iter().enumerate() {
            if let Some(owner) = owner.filter(|owner| *owner != at) {
                members.entry(owner).or_default().push(at);
            }
        }
        let index = names.iter().cloned().zip(0..).collect();
        Ok(Self { path: path.to_owned(), names, owners, index, members })
    }

    /// The paths of a photo and its companions, once; `None` where there is no such file.
    fn take(&mut self, photo: &Path) -> Option<Vec<PathBuf>> {
        let at = *self.index.get(photo.file_name()?)?;
        let owner = self.owners[at].unwrap_or(at);
        // `MAX` as a member says that it has been taken.
        let members = self.members.insert(owner, vec![usize::MAX]).unwrap_or_default();
        if members.first() == Some(&usize::MAX) {
            return Some(Vec::new());
        }
        let path = |at: usize| self.path.join(&self.names[at]);
        Some(std::iter::once(owner).chain(members).map(path).collect())
    }
}

fn measured(paths: &[PathBuf]) -> DiskResult<Vec<Source>> {
    let measure = |path: &PathBuf| match fs::metadata(path) {
        Ok(known) => Ok(Source { path: path.clone(), bytes: known.len() }),
        Err(source) => Err(DiskError::Read { path: path.clone(), source }),
    };
    paths.iter().map(measure).collect()
}

/// What is in the folder that photos go to; one that does not exist is empty.
///
/// # Errors
/// When it is there and cannot be listed, or is no folder.
pub fn target(folder: &Path) -> DiskResult<Target> {
    let failed = |source| DiskError::Folder { path: folder.to_owned(), source };
    let folder_path = std::path::absolute(folder).map_err(failed)?;
    let mut taken = HashMap::new();
    match fs::read_dir(&folder_path) {
        Err(e) if e.kind() == ErrorKind::NotFound => {}
        Err(e) => return Err(failed(e)),
        Ok(entries) => {
            for entry in entries {
                let entry = entry.map_err(failed)?;
                let bytes = entry.metadata().map_or(0, |known| known.len());
                taken.insert(entry.file_name().to_ascii_lowercase(), bytes);
            }
        }
    }
    let folder = fs::canonicalize(&folder_path).unwrap_or(folder_path);
    Ok(Target { folder, taken })
}

/// Writes a list for a script, to another name first: a reader finds the old or the new, whole.
///
/// # Errors
/// When the file or its folder cannot be written.
pub fn write_list(path: &Path, bytes: &[u8]) -> DiskResult<()> {
    super::config::write_whole(path, bytes)
        .map_err(|source| DiskError::Write { path: path.to_owned(), source })
}

/// The same, under a name that must be free.
///
/// # Errors
/// When there is such a file, or it or its folder cannot be written.
pub fn write_new_list(path: &Path, bytes: &[u8]) -> DiskResult<()> {
    if exists(path) {
        return Err(taken(path));
    }
    let folder = path.parent().unwrap_or(Path::new("."));
    make_folder(folder)?;
    copy::put(path, |partial| {
        let mut file = copy::create(partial)?;
        let written = file.write_all(bytes).and_then(|()| file.sync_all());
        written.map_err(|source| write_error(partial, source))
    })?;
    sync_folder(folder).map_err(|source| write_error(folder, source))
}

/// Makes the folder that photos go to.
///
/// # Errors
/// When it cannot be made.
pub fn make_folder(path: &Path) -> DiskResult<()> {
    fs::create_dir_all(path).map_err(|source| DiskError::Write { path: path.to_owned(), source })
}

/// Whether another file stands where one of the photo's files would go. Not another one: what an
/// interrupted run has brought there.
///
/// # Errors
/// When a file cannot be read.
pub fn is_in_the_way(photo: &[Item], embed: Option<&Embed>, watch: &Watch<'_>) -> DiskResult<bool> {
    for item in photo.iter().filter(|item| exists(&item.from) && exists(&item.to)) {
        let content = Content::of(item, photo, embed)?;
        if !content.is_at(&item.from, &item.to, watch)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The photo with names that are free now.
#[must_use]
pub fn renamed(photo: &[Item]) -> Vec<Item> {
    let paths: Vec<&Path> = photo.iter().map(|item| item.from.as_path()).collect();
    let folder = photo.first().and_then(|item| item.to.parent()).unwrap_or(Path::new(""));
    let names = export::free_names(&paths, |name| !exists(&folder.join(name)));
    let with = |(item, name): (&Item, OsString)| Item { to: folder.join(name), ..item.clone() };
    photo.iter().zip(names).map(with).collect()
}

/// Brings one photo with all its files to its new place, copies of JPEGs with what is to be in them.
/// Gives why one goes without that, if it does.
///
/// # Errors
/// When a file cannot go: then the others are back where they were.
pub fn carry(
    action: Action,
    photo: &[Item],
    embed: Option<&Embed>,
    watch: &Watch<'_>,
) -> DiskResult<Option<String>> {
    let embed = embed.filter(|_| action == Action::Copy);
    let mut done: Vec<(&Item, Way)> = Vec::new();
    let mut without = None;
    for item in photo {
        let content = match exists(&item.from) {
            true => Content::of(item, photo, embed),
            false => Ok(Content::AsItIs),
        };
        match content.and_then(|content| Ok((carry_file(action, item, &content, watch)?, content)))
        {
            Ok((way, content)) => {
                done.push((item, way));
                if let Content::Without(reason) = content {
                    without.get_or_insert(reason);
                }
            }
            Err(error) => {
                for (item, way) in done.into_iter().rev() {
                    take_back(item, way);
                }
                return Err(error);
            }
        }
    }
    if let Some(folder) = photo.first().and_then(|item| item.to.parent()) {
        sync_folder(folder).map_err(|source| write_error(folder, source))?;
    }
    if action == Action::Move {
        let left = done.iter().filter(|(item, way)| *way != Way::Renamed && exists(&item.from));
        for (item, _) in left {
            fs::remove_file(&item.from).map_err(|source| write_error(&item.from, source))?;
        }
        if let Some(folder) = photo.first().and_then(|item| item.from.parent()) {
            // A medium that cannot sync has its files in the new place all the same.
            _ = sync_folder(folder);
        }
    }
    Ok(without)
}

/// How a file came to its new place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    WasThere,
    Renamed,
    Copied,
}

fn carry_file(
    action: Action,
    item: &Item,
    content: &Content,
    watch: &Watch<'_>,
) -> DiskResult<Way> {
    match (exists(&item.from), exists(&item.to)) {
        (false, true) => return Ok(Way::WasThere),
        (false, false) => return Err(DiskError::Missing { path: item.from.clone() }),
        (true, true) => {
            // Compared again: only what is equal may be taken for ours.
            return match content.is_at(&item.from, &item.to, watch)? {
                true => Ok(Way::WasThere),
                false => Err(taken(&item.to)),
            };
        }
        (true, false) => {}
    }
    // A link is copied as what it leads to: it may be told from where it lies.
    let is_link = fs::symlink_metadata(&item.from).is_ok_and(|known| known.is_symlink());
    if action == Action::Move && !is_link {
        match rename_to_free(&item.from, &item.to) {
            Ok(()) => {
                watch.note(item.bytes);
                return Ok(Way::Renamed);
            }
            Err(e) if e.kind() == ErrorKind::CrossesDevices => {}
            Err(e) if e.kind() == ErrorKind::AlreadyExists => return Err(taken(&item.to)),
            Err(source) => return Err(write_error(&item.to, source)),
        }
    }
    content.put(&item.from, &item.to, watch)?;
    Ok(Way::Copied)
}

/// Undoes what was done for a file of a photo that could not go as a whole. What cannot be undone
/// either stays where it is, and is whole there.
fn take_back(item: &Item, way: Way) {
    match way {
        Way::WasThere => {}
        Way::Renamed => _ = rename_to_free(&item.to, &item.from),
        Way::Copied => _ = fs::remove_file(&item.to),
    }
}

/// Renames a file, never over another one.
///
/// # Errors
/// [`ErrorKind::AlreadyExists`] where there is another, [`ErrorKind::CrossesDevices`] where the new
/// place is on another volume.
pub fn rename_to_free(from: &Path, to: &Path) -> io::Result<()> {
    #[cfg(target_os = "linux")]
    {
        use rustix::fs;
        let flags = fs::RenameFlags::NOREPLACE;
        match fs::renameat_with(fs::CWD, from, fs::CWD, to, flags) {
            // Some network file systems know no such flag.
            Err(rustix::io::Errno::INVAL | rustix::io::Errno::NOSYS) => {}
            other => return other.map_err(Into::into),
        }
    }
    // A second name, then without the first: each step whole, and none over another file.
    match fs::hard_link(from, to) {
        Ok(()) => fs::remove_file(from),
        Err(e) if e.kind() == ErrorKind::AlreadyExists => Err(e),
        // No hard links there (exFAT): as if on another volume, so that it is copied.
        Err(_) if from.exists() && to.parent().is_some_and(Path::exists) => {
            Err(ErrorKind::CrossesDevices.into())
        }
        Err(e) => Err(e),
    }
}

/// Whether there is anything at a path, be it a link that leads nowhere.
#[must_use]
pub fn exists(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok()
}

fn taken(path: &Path) -> DiskError {
    write_error(path, ErrorKind::AlreadyExists.into())
}

fn write_error(path: &Path, source: io::Error) -> DiskError {
    DiskError::Write { path: path.to_owned(), source }
}
