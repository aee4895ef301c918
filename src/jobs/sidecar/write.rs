//! Sidecars of a whole shoot without a window: what files say is taken over, what is decided is
//! written.
//!
//! A batch of photos at a time: headers, what the store knows, then each photo is settled, the store
//! takes over what files say, and the photos that it did that for are settled once more.

use std::collections::HashMap;
use std::path::Path;
use std::path::PathBuf;

use rayon::prelude::*;

use super::settle;
use super::settle::Folder;
use super::settle::Settled;
use super::settle::Side;
use super::settle::Subject;
use crate::core::order::natural_cmp;
use crate::core::photo::PhotoId;
use crate::core::photo::Timestamp;
use crate::disk::DiskResult;
use crate::disk::decisions::Absorbed;
use crate::disk::decisions::Decisions;
use crate::disk::decisions::Known;
use crate::disk::decisions::State;
use crate::disk::scan;
use crate::disk::scan::Found;
use crate::disk::sidecar;
use crate::disk::sidecar::settings::SidecarSettings;
use crate::jobs::board::Header;
use crate::jobs::decode;
use crate::jobs::shoot::chain;

/// Photos looked up in one transaction: another program's commit waits for a few milliseconds.
const BATCH: usize = 512;

/// How often a photo is settled at most: once, again when the store has taken over what its files say,
/// and twice more where another program writes meanwhile.
const ROUNDS: usize = 4;

/// What was done.
#[derive(Debug, Default)]
pub struct Summary {
    /// Photos found.
    pub photos: usize,
    /// Sidecars written.
    pub written: usize,
    /// Photos of which something was taken over from a file.
    pub imported: usize,
    /// Photos of which a file says otherwise than what is decided here, in words.
    pub disputed: Vec<(PathBuf, String)>,
    /// What could not be read or written, with the reason.
    pub failed: Vec<String>,
}

/// What to work with.
#[derive(Debug)]
pub struct Task<'a> {
    /// Folders and photos.
    pub roots: &'a [PathBuf],
    /// The folder of the store.
    pub store: &'a Path,
    /// How sidecars are written.
    pub settings: &'a SidecarSettings,
    /// Whose word counts where both sides have changed the same.
    pub side: Side,
    /// The present time in UTC.
    pub now: Timestamp,
}

struct Photo {
    id: PhotoId,
    path: PathBuf,
    twin: Option<PathBuf>,
    header: Option<Header>,
}

impl Photo {
    fn known(&self) -> Known<'_> {
        let header = self.header.as_ref();
        Known {
            photo: self.id,
            path: &self.path,
            fingerprint: header.map(|h| h.fingerprint),
            captured: header.and_then(|h| h.meta.captured),
            serial: header.and_then(|h| h.meta.serial.as_deref()),
        }
    }

    fn subject(&self) -> Subject<'_> {
        let embedded = self.header.as_ref().and_then(|h| h.meta.said.as_deref());
        Subject { photo: self.id, path: &self.path, twin: self.twin.as_deref(), embedded }
    }

    fn folder(&self) -> &Path {
        self.path.parent().unwrap_or(Path::new(""))
    }
}

/// Settles every photo below the roots.
///
/// # Errors
/// When the store cannot be opened, read or written.
pub fn write(task: &Task<'_>) -> DiskResult<Summary> {
    let mut summary = Summary::default();
    let paths = paths(task.roots, &mut summary);
    summary.photos = paths.len();
    let mut store = Decisions::open(task.store)?;
    task.roots.iter().for_each(|root| store.open_folder(root));
    let mut folders = HashMap::new();
    for (number, batch) in paths.chunks(BATCH).enumerate() {
        let first = number * BATCH;
        let photos: Vec<Photo> = batch
            .par_iter()
            .enumerate()
            .map(|(index, (path, twin))| Photo {
                id: PhotoId((first + index) as u32),
                path: path.clone(),
                twin: twin.clone(),
                header: decode::read_header(path),
            })
            .collect();
        list(&photos, &mut folders, &mut summary);
        settle_batch(task, &mut store, &photos, &folders, &mut summary)?;
    }
    Ok(summary)
}

/// The photos, each with its raw file where it is a pair.
fn paths(roots: &[PathBuf], summary: &mut Summary) -> Vec<(PathBuf, Option<PathBuf>)> {
    let mut paths = Vec::new();
    let mut raws = HashMap::new();
    scan::scan(roots, &mut |found| {
        match found {
            Found::Photo(path) => paths.push(path),
            Found::Twin(raw) => _ = raws.insert(raw.with_extension(""), raw),
            Found::Other => {}
            Found::Trouble(trouble) => summary.failed.push(chain(&trouble)),
        }
        std::ops::ControlFlow::Continue(())
    });
    paths.sort_by(|a, b| {
        natural_cmp(&a.to_string_lossy(), &b.to_string_lossy()).then_with(|| a.cmp(b))
    });
    let with_twin = |path: PathBuf| {
        let twin = raws.get(&path.with_extension("")).filter(|raw| **raw != path).cloned();
        (path, twin)
    };
    paths.into_iter().map(with_twin).collect()
}

/// Lists the folders of photos that have not been listed yet.
fn list(photos: &[Photo], folders: &mut HashMap<PathBuf, Folder>, summary: &mut Summary) {
    for photo in photos {
        if folders.contains_key(photo.folder()) {
            continue;
        }
        sidecar::clear_leftovers(photo.folder());
        let error = match Folder::list(photo.folder()) {
            Ok((folder, list)) => {
                folders.insert(photo.folder().to_owned(), folder);
                list.err()
            }
            Err(error) => Some(error),
        };
        summary.failed.extend(error.map(|error| chain(&error)));
    }
}

fn settle_batch(
    task: &Task<'_>,
    store: &mut Decisions,
    photos: &[Photo],
    folders: &HashMap<PathBuf, Folder>,
    summary: &mut Summary,
) -> DiskResult<()> {
    let all: Vec<Known<'_>> = photos.iter().map(Photo::known).collect();
    let begun = store.look_up(&all)?;
    let mut states: HashMap<PhotoId, State> =
        store.states(photos.iter().map(|photo| photo.id))?.into_iter().collect();
    // A copy elsewhere lends its label to a photo that has no place in the store yet.
    for (photo, decided) in photos.iter().zip(begun) {
        let lent = decided.map(|d| State { label: d.label, ..State::default() });
        states.entry(photo.id).or_insert_with(|| lent.unwrap_or_default());
    }
    let mut open: Vec<&Photo> = photos.iter().collect();
    for _ in 0..ROUNDS {
        let one = |photo: &&Photo| {
            let folder = folders.get(photo.folder())?;
            let state = &states[&photo.id];
            Some(settle::settle(&photo.subject(), folder, state, task.settings, task.side))
        };
        let outcomes: Vec<_> = open.par_iter().map(one).collect();
        let mut absorbed = Vec::new();
        let mut again = Vec::new();
        for (photo, outcome) in open.into_iter().zip(outcomes) {
            let Some(outcome) = outcome else { continue };
            if note(photo, outcome, &mut absorbed, summary) {
                again.push(photo);
            }
        }
        absorb(task, store, photos, &absorbed, &mut states)?;
        open = again;
    }
    let late = open.iter().map(|photo| {
        format!("another program is writing to the sidecar; photo: {}", photo.path.display())
    });
    summary.failed.extend(late);
    Ok(())
}

/// Notes what came of a photo; gives whether it must be settled again.
fn note(
    photo: &Photo,
    outcome: DiskResult<Settled>,
    absorbed: &mut Vec<Absorbed>,
    summary: &mut Summary,
) -> bool {
    match outcome {
        Ok(Settled::Absorb(news)) => {
            summary.imported += usize::from(news.change.is_some());
            absorbed.push(news);
            true
        }
        Ok(Settled::Done { heard, written, .. }) => {
            summary.written += written;
            if !heard.is_empty() {
                absorbed.push(Absorbed { photo: photo.id, change: None, heard, proposal: None });
            }
            false
        }
        Ok(Settled::Disputed(disputes)) => {
            let words: Vec<String> = disputes.iter().map(ToString::to_string).collect();
            summary.disputed.push((photo.path.clone(), words.join("; ")));
            false
        }
        Ok(Settled::Again) => true,
        Err(error) => {
            summary.failed.push(chain(&error));
            false
        }
    }
}

/// Takes over what files say, and learns the states that come of it.
fn absorb(
    task: &Task<'_>,
    store: &mut Decisions,
    photos: &[Photo],
    absorbed: &[Absorbed],
    states: &mut HashMap<PhotoId, State>,
) -> DiskResult<()> {
    if absorbed.is_empty() {
        return Ok(());
    }
    let of: HashMap<PhotoId, &Photo> = photos.iter().map(|photo| (photo.id, photo)).collect();
    let strangers = absorbed.iter().filter(|a| !store.is_bound(a.photo));
    let newcomers: Vec<Known<'_>> = strangers.map(|a| of[&a.photo].known()).collect();
    store.absorb(absorbed, &newcomers, task.now)?;
    states.extend(store.states(absorbed.iter().map(|a| a.photo))?);
    Ok(())
}
