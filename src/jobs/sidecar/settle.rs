//! One photo and the files that speak of it: what they say is taken over, what is decided is written.
//!
//! ```text
//! predecessor's list --+
//! the photo's header --+-> changes since they were last heard --onto--> the label in the store
//! sidecars, old to new-+         |                                           |
//!                                +-- a dispute: nothing is written           |
//!                                +-- a change: the store first, then again --+
//!                                +-- neither: sidecars are made to say what is decided
//! ```
//!
//! The store comes first, so a killed program has lost nothing: the next one finds the sidecar behind,
//! and writes it. Who is called when is `clerk`'s; here nothing waits and nothing is retried.

use std::collections::HashMap;
use std::ffi::OsStr;
use std::path::Path;
use std::path::PathBuf;

use crate::core::label::Label;
use crate::core::photo::PhotoId;
use crate::core::said::Changes;
use crate::core::said::Convention;
use crate::core::said::Dispute;
use crate::core::said::Merged;
use crate::core::said::Said;
use crate::disk::DiskResult;
use crate::disk::decisions::Absorbed;
use crate::disk::decisions::EMBEDDED;
use crate::disk::decisions::Heard;
use crate::disk::decisions::State;
use crate::disk::sidecar;
use crate::disk::sidecar::Stamp;
use crate::disk::sidecar::Written;
use crate::disk::sidecar::import;
use crate::disk::sidecar::import::Entry;
use crate::disk::sidecar::names;
use crate::disk::sidecar::names::Names;
use crate::disk::sidecar::settings::SidecarSettings;

/// Whose word counts in a dispute.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Side {
    /// Nobody's: it stays a dispute.
    #[default]
    Neither,
    /// What is decided here.
    Ours,
    /// What the files say.
    Theirs,
}

/// One photo with the files that it consists of.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'a> {
    /// The photo in this run.
    pub photo: PhotoId,
    /// Its file.
    pub path: &'a Path,
    /// Its raw file, where it is a pair.
    pub twin: Option<&'a Path>,
    /// What its own header says.
    pub embedded: Option<&'a Said>,
}

/// What is known of a folder: its names, and the predecessor's list.
#[derive(Debug, Default)]
pub struct Folder {
    /// The names.
    pub names: Names,
    list: HashMap<String, Entry>,
}

impl Folder {
    /// Lists a folder. What is wrong with the predecessor's list is told beside.
    ///
    /// # Errors
    /// When it cannot be listed.
    pub fn list(path: &Path) -> DiskResult<(Self, DiskResult<()>)> {
        let names = Names::list(path)?;
        let (list, outcome) = match names.has_predecessor().then(|| import::read(path)) {
            Some(Ok(list)) => (list, Ok(())),
            Some(Err(error)) => (HashMap::new(), Err(error)),
            None => (HashMap::new(), Ok(())),
        };
        Ok((Self { names, list }, outcome))
    }

    fn entry(&self, photo: &Path) -> Option<&Entry> {
        self.list.get(photo.file_name().and_then(OsStr::to_str)?)
    }
}

/// What came of it.
#[derive(Debug)]
pub enum Settled {
    /// What files say must be taken over by the store first; then the photo is settled again.
    Absorb(Absorbed),
    /// All say the same now. What was heard or written is to be remembered; how many sidecars were
    /// written, and how many would have been if they were written at all.
    Done {
        /// To be remembered.
        heard: Vec<Heard>,
        /// Sidecars written.
        written: usize,
        /// Sidecars that say less than what is decided, as none is written.
        behind: usize,
    },
    /// Both sides have changed the same to different values. Nothing was written.
    Disputed(Vec<Dispute>),
    /// Another program was writing: settle it again.
    Again,
}

/// One sidecar as it is now.
struct Present {
    path: PathBuf,
    said: Said,
    stamp: Option<Stamp>,
}

/// Settles a photo of which the store knows `state`.
///
/// # Errors
/// When a sidecar cannot be read or written, or is not understood.
pub fn settle(
    subject: &Subject<'_>,
    folder: &Folder,
    state: &State,
    settings: &SidecarSettings,
    side: Side,
) -> DiskResult<Settled> {
    let sidecars = present(subject, folder, state)?;
    let sources = sources(subject, folder, &sidecars, state.step);
    let convention = settings.verdict;
    let merged = merge(&sources, state, convention, side);
    let is_settled = merged.disputes.is_empty();
    let is_news = |heard: &Heard| {
        base(state, &heard.source)
            .is_none_or(|base| (&base.said, base.stamp) != (&heard.said, heard.stamp))
    };
    let news: Vec<Heard> = sources.into_iter().filter(is_news).collect();
    if merged.label != state.label {
        let entry = folder.entry(subject.path);
        let proposal = entry.and_then(|entry| entry.proposal);
        let change = Some((state.label.clone(), merged.label));
        // What is in dispute is not heard yet: it must come up again.
        let heard = if is_settled { news } else { Vec::new() };
        return Ok(Settled::Absorb(Absorbed { photo: subject.photo, change, heard, proposal }));
    }
    if !is_settled {
        return Ok(Settled::Disputed(merged.disputes));
    }
    if let Some(proposal) = folder.entry(subject.path).and_then(|entry| entry.proposal)
        && news.iter().any(|heard| *heard.source == *names::PREDECESSOR)
    {
        let proposal = Some(proposal);
        let absorbed = Absorbed { photo: subject.photo, change: None, heard: news, proposal };
        return Ok(Settled::Absorb(absorbed));
    }
    write(subject, folder, (&state.label, state.step), settings, (sidecars, news))
}

/// The sidecars that exist, the oldest first: who wrote last is heard first.
fn present(subject: &Subject<'_>, folder: &Folder, state: &State) -> DiskResult<Vec<Present>> {
    let mut all = Vec::new();
    for path in folder.names.of(subject.path, subject.twin) {
        // Deleted since the folder was listed: what it said is gone, and is nobody's change.
        let Some(stamp) = sidecar::stamp(&path)? else { continue };
        let known = base(state, &source_name(&path)).filter(|heard| heard.stamp == Some(stamp));
        let read = match known {
            Some(heard) => Some((heard.said.clone(), stamp)),
            None => sidecar::read(&path)?,
        };
        all.extend(read.map(|(said, stamp)| Present { path, said, stamp: Some(stamp) }));
    }
    all.sort_by_key(|present| present.stamp);
    Ok(all)
}

/// Everything that says something of the photo, the weakest first.
fn sources(subject: &Subject<'_>, folder: &Folder, sidecars: &[Present], step: i64) -> Vec<Heard> {
    let list = folder.entry(subject.path).map(|entry| (names::PREDECESSOR, &entry.said));
    let header = subject.embedded.map(|said| (EMBEDDED, said));
    let of = |(source, said): (&str, &Said)| Heard {
        source: source.into(),
        said: said.clone(),
        stamp: None,
        step,
    };
    let sidecars = sidecars.iter().map(|sidecar| Heard {
        source: source_name(&sidecar.path),
        said: sidecar.said.clone(),
        stamp: sidecar.stamp,
        step,
    });
    [list, header].into_iter().flatten().map(of).chain(sidecars).collect()
}

fn merge(sources: &[Heard], state: &State, convention: Convention, side: Side) -> Merged {
    let silent = Said::default();
    let changes = sources.iter().fold(Changes::default(), |weaker, heard| {
        let base = base(state, &heard.source).map_or(&silent, |base| &base.said);
        let base = if is_own_writing(heard, state, convention) { &heard.said } else { base };
        heard.said.since(base, convention).over(weaker)
    });
    let merged = changes.onto(&state.label);
    match side {
        Side::Neither => merged,
        Side::Ours => Merged { disputes: Vec::new(), ..merged },
        Side::Theirs => {
            let mut label = merged.label;
            for dispute in merged.disputes {
                match dispute {
                    Dispute::Verdict { theirs, .. } => label.verdict = theirs,
                    Dispute::Stars { theirs, .. } => label.stars = theirs,
                    Dispute::Colour { theirs, .. } => label.colour = theirs,
                }
            }
            Merged { label, disputes: Vec::new() }
        }
    }
}

/// Whether a sidecar says what the photo's label was at some time since it was last heard: then a run
/// that was killed has written it, and nobody else has changed it.
fn is_own_writing(heard: &Heard, state: &State, convention: Convention) -> bool {
    let is_meant = |said: &Label| state.since.iter().any(|label| without_turn(label) == *said);
    heard.stamp.is_some() && !state.since.is_empty() && is_meant(&heard.said.label(convention))
}

/// A label as a sidecar can say it.
fn without_turn(label: &Label) -> Label {
    Label { quarter_turns: 0, ..label.clone() }
}

/// Makes every sidecar of the photo say what is decided.
fn write(
    subject: &Subject<'_>,
    folder: &Folder,
    (label, step): (&Label, i64),
    settings: &SidecarSettings,
    (mut sidecars, mut heard): (Vec<Present>, Vec<Heard>),
) -> DiskResult<Settled> {
    let convention = settings.verdict;
    // What the photo's own header says needs no sidecar to say it again.
    let is_embedded = |said: &Said| without_turn(label) == said.label(convention);
    if sidecars.is_empty() && !subject.embedded.is_some_and(is_embedded) {
        let paths = folder.names.to_make(subject.path, subject.twin, settings.layout);
        let new = |path| Present { path, said: Said::default(), stamp: None };
        sidecars.extend(paths.into_iter().map(new));
    }
    let (mut written, mut behind) = (0, 0);
    for sidecar in sidecars {
        let want = sidecar.said.with(label, convention);
        if want == sidecar.said {
            continue;
        }
        if !settings.write {
            behind += 1;
            continue;
        }
        let Written::Done(stamp) = sidecar::write(&sidecar.path, &want, sidecar.stamp)? else {
            return Ok(Settled::Again);
        };
        written += 1;
        let source = source_name(&sidecar.path);
        heard.retain(|known| known.source != source);
        heard.push(Heard { source, said: want, stamp: Some(stamp), step });
    }
    Ok(Settled::Done { heard, written, behind })
}

/// What was last heard of a source.
fn base<'a>(state: &'a State, source: &str) -> Option<&'a Heard> {
    state.heard.iter().find(|heard| *heard.source == *source)
}

fn source_name(sidecar: &Path) -> Box<str> {
    sidecar.file_name().unwrap_or_default().to_string_lossy().into()
}

/// Remembers what was heard in the place of what was heard before.
pub fn remember(state: &mut State, heard: &[Heard]) {
    state.heard.retain(|old| !heard.iter().any(|new| new.source == old.source));
    state.heard.extend_from_slice(heard);
}
