//! What leaves the shoot, where to, and under which names: decided before anything is touched.
//!
//! A photo travels with its companions: its raw twin and the sidecars of both. No file lands on
//! another one: where a name is taken, the photo and all its companions get the same number, so
//! that they still belong together (`twins_get_the_same_number`).
//!
//! Pure: which files there are, how large, and which names are taken is told by `disk::export`.
//!
//! Units: sizes in bytes.

use std::collections::HashMap;
use std::collections::HashSet;
use std::ffi::OsStr;
use std::ffi::OsString;
use std::path::Path;
use std::path::PathBuf;

use super::label::Label;
use super::said::Convention;

/// Pictures that a raw file is the twin of, the likeliest twin first: a TIFF of the same name is an
/// edit.
const PICTURES: [&str; 9] = ["jpg", "jpeg", "jpe", "jfif", "mpo", "png", "webp", "tif", "tiff"];

/// Raw files.
const RAWS: [&str; 9] = ["cr2", "cr3", "nef", "arw", "raf", "orf", "rw2", "dng", "pef"];

/// What is done with photos.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// The originals stay.
    Copy,
    /// They go to another folder.
    Move,
    /// They go to the system's trash.
    Trash,
    /// They go into a hidden folder beside them, our own trash.
    TrashBeside,
}

/// One file of a photo.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Where it is.
    pub from: PathBuf,
    /// Where it goes; where it is, for the trash.
    pub to: PathBuf,
    /// Its size.
    pub bytes: u64,
}

/// A photo with all its files, the picture first.
pub type Photo = Vec<Item>;

/// A file of the shoot and its size.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// Where it is.
    pub path: PathBuf,
    /// Its size.
    pub bytes: u64,
}

/// The folder that photos go to, and what is in it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Target {
    /// The folder.
    pub folder: PathBuf,
    /// What is there: sizes by names in lower case, as some file systems know no other.
    pub taken: HashMap<OsString, u64>,
}

/// What copies of JPEGs carry within them, for programs that read no sidecar beside a JPEG.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Embed {
    /// How a verdict is said.
    pub convention: Convention,
    /// What is decided, by the photo's path. A photo without a label says what its files say.
    pub labels: HashMap<PathBuf, Label>,
}

impl Embed {
    /// What is decided about a photo.
    #[must_use]
    pub fn label(&self, photo: &[Item]) -> Option<&Label> {
        photo.iter().find_map(|item| self.labels.get(&item.from))
    }
}

/// How much longer or shorter a JPEG can be with another packet in it: a whole segment.
const PACKET_BYTES: u64 = 2 + 65_535;

/// What would happen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// What is done.
    pub action: Action,
    /// The folder that photos go to; none for the trash.
    pub target: Option<PathBuf>,
    /// The photos.
    pub photos: Vec<Photo>,
    /// How many get another name, as theirs is taken.
    pub renamed_count: usize,
    /// How many are left out, as they are in that folder already.
    pub there_count: usize,
    /// What copies of JPEGs carry within them; `None` for copies that are the same to the byte.
    pub embed: Option<Embed>,
}

impl Plan {
    /// How many files there are, companions included.
    #[must_use]
    pub fn file_count(&self) -> usize {
        self.photos.iter().map(Vec::len).sum()
    }

    /// Their sizes together.
    #[must_use]
    pub fn size_bytes(&self) -> u64 {
        self.photos.iter().flatten().map(|item| item.bytes).sum()
    }
}

/// For each file of a folder: the index of the photo that it travels with, its own for a photo,
/// `None` for what belongs to no photo.
#[must_use]
pub fn owners(names: &[OsString]) -> Vec<Option<usize>> {
    let mut by_name = HashMap::new();
    let mut by_stem: HashMap<&OsStr, (usize, usize)> = HashMap::new();
    for (at, name) in names.iter().enumerate() {
        by_name.insert(name.as_os_str(), at);
        let (Some(rank), Some(stem)) = (rank(name), Path::new(name).file_stem()) else { continue };
        let best = by_stem.entry(stem).or_insert((rank, at));
        *best = (*best).min((rank, at));
    }
    let of_stem = |stem: &OsStr| by_stem.get(stem).map(|&(_, at)| at);
    let of_photo = |at: usize| match rank(&names[at]) {
        Some(rank) if rank < PICTURES.len() => Some(at),
        Some(_) => Path::new(&names[at]).file_stem().and_then(of_stem),
        None => None,
    };
    let owner = |at: usize| {
        if !has_extension(&names[at], "xmp") {
            return of_photo(at);
        }
        // `IMG.JPG.xmp` belongs to IMG.JPG, `IMG.xmp` to whatever is called IMG.
        let stem = Path::new(&names[at]).file_stem()?;
        by_name.get(stem).and_then(|&photo| of_photo(photo)).or_else(|| of_stem(stem))
    };
    (0..names.len()).map(owner).collect()
}

/// How likely a file is the picture that others of its stem are companions of; `None` for no photo.
fn rank(name: &OsStr) -> Option<usize> {
    let extension = Path::new(name).extension()?.to_str()?;
    PICTURES.iter().chain(&RAWS).position(|known| known.eq_ignore_ascii_case(extension))
}

/// Whether a file has a JPEG's name.
#[must_use]
pub fn is_jpeg(path: &Path) -> bool {
    PICTURES[..4]
        .iter()
        .any(|known| path.extension().is_some_and(|e| e.eq_ignore_ascii_case(known)))
}

/// Whether a file has a raw file's name.
#[must_use]
pub fn is_raw(path: &Path) -> bool {
    RAWS.iter().any(|known| path.extension().is_some_and(|e| e.eq_ignore_ascii_case(known)))
}

fn has_extension(name: &OsStr, extension: &str) -> bool {
    Path::new(name).extension().is_some_and(|e| e.eq_ignore_ascii_case(extension))
}

/// Plans to trash photos in one of the two ways, each with its companions.
#[must_use]
pub fn plan_trash(action: Action, photos: Vec<Vec<Source>>) -> Plan {
    let stay = |s: Source| Item { from: s.path.clone(), to: s.path, bytes: s.bytes };
    let photos = photos.into_iter().map(|p| p.into_iter().map(stay).collect()).collect();
    Plan { action, target: None, photos, renamed_count: 0, there_count: 0, embed: None }
}

/// Plans to copy or move photos, each with its companions.
///
/// A copy that looks as if it were there already (all its names are taken by files of the same
/// sizes) keeps its names: whoever copies compares, and leaves out what is equal. Only copies carry
/// anything within them; their sizes may differ by that.
#[must_use]
pub fn plan(
    action: Action,
    photos: Vec<Vec<Source>>,
    target: Target,
    embed: Option<Embed>,
) -> Plan {
    let Target { folder, taken } = target;
    let mut used = HashSet::new();
    let (photos_out, embed) = (Vec::new(), embed.filter(|_| action == Action::Copy));
    let mut plan =
        Plan { action, target: None, photos: photos_out, renamed_count: 0, there_count: 0, embed };
    let has_embed = plan.embed.is_some();
    for files in photos {
        if files.first().is_none_or(|file| file.path.parent() == Some(&folder)) {
            plan.there_count += 1;
            continue;
        }
        let is_taken = |name: &OsStr| taken.get(&name.to_ascii_lowercase());
        let is_copied_before = action == Action::Copy
            && files.iter().all(|file| {
                let slack = if has_embed && is_jpeg(&file.path) { PACKET_BYTES } else { 0 };
                is_taken(name(&file.path)).is_some_and(|b| b.abs_diff(file.bytes) <= slack)
            })
            && files.iter().all(|file| !used.contains(&name(&file.path).to_ascii_lowercase()));
        let paths: Vec<&Path> = files.iter().map(|file| file.path.as_path()).collect();
        let names = free_names(&paths, |name| {
            (is_copied_before || is_taken(name).is_none())
                && !used.contains(&name.to_ascii_lowercase())
        });
        plan.renamed_count += usize::from(names[0] != name(&files[0].path));
        used.extend(names.iter().map(|name| name.to_ascii_lowercase()));
        let items = files.into_iter().zip(names).map(|(file, name)| Item {
            from: file.path,
            to: folder.join(name),
            bytes: file.bytes,
        });
        plan.photos.push(items.collect());
    }
    plan.target = Some(folder);
    plan
}

/// The names that the files of one photo get so that all are free: their own, or the first number
/// behind the stem that all of them can have.
pub fn free_names(paths: &[&Path], is_free: impl Fn(&OsStr) -> bool) -> Vec<OsString> {
    let stem = paths.first().and_then(|path| path.file_stem()).unwrap_or_default();
    let numbered = |path: &Path, number: u32| {
        let whole = name(path);
        // What stands behind the stem is extensions, and in ASCII.
        let rest = whole.as_encoded_bytes().strip_prefix(stem.as_encoded_bytes());
        let Some(Ok(rest)) = rest.map(str::from_utf8) else { return whole.to_owned() };
        let mut new = stem.to_owned();
        new.push(format!(" ({number}){rest}"));
        new
    };
    let own: Vec<OsString> = paths.iter().map(|path| name(path).to_owned()).collect();
    let mut tries = (2..).map(|number| paths.iter().map(|p| numbered(p, number)).collect());
    std::iter::once(own)
        .chain(&mut tries)
        .find(|names: &Vec<OsString>| names.iter().all(|name| is_free(name)))
        .unwrap_or_default()
}

fn name(path: &Path) -> &OsStr {
    path.file_name().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Who owns whom, as `owner<companion`.
    #[track_caller]
    fn check_owners(names: &[&str], expect: &[&str]) {
        let names: Vec<OsString> = names.iter().map(Into::into).collect();
        let pairs = owners(&names).into_iter().enumerate().filter(|(at, o)| *o != Some(*at));
        let words = pairs.map(|(at, owner)| {
            let owner = owner.map_or("-".into(), |owner| names[owner].to_string_lossy());
            format!("{owner}<{}", names[at].to_string_lossy())
        });
        assert_eq!(words.collect::<Vec<_>>(), expect);
    }

    fn files(paths: &[&str]) -> Vec<Source> {
        paths.iter().map(|path| Source { path: path.into(), bytes: 10 }).collect()
    }

    /// The names in the target folder, photos with `|` between.
    fn names(plan: &Plan) -> String {
        let of = |photo: &Photo| {
            let names = photo.iter().map(|item| name(&item.to).to_string_lossy().into_owned());
            names.collect::<Vec<_>>().join(" ")
        };
        plan.photos.iter().map(of).collect::<Vec<_>>().join("|")
    }

    fn target(taken: &[(&str, u64)]) -> Target {
        let taken = taken.iter().map(|&(name, bytes)| (name.into(), bytes)).collect();
        Target { folder: "/out".into(), taken }
    }

    #[test]
    fn raw_twins_and_sidecars_travel_with_the_picture() {
        check_owners(
            &["A.JPG", "A.CR2", "A.xmp", "A.JPG.xmp", "A.cr2.XMP", "A.CR2.xmp", "B.txt", "B.xmp"],
            &[
                "A.JPG<A.CR2",
                "A.JPG<A.xmp",
                "A.JPG<A.JPG.xmp",
                "-<A.cr2.XMP",
                "A.JPG<A.CR2.xmp",
                "-<B.txt",
                "-<B.xmp",
            ],
        );
    }

    #[test]
    fn a_raw_file_alone_is_a_photo_and_an_edit_keeps_its_own_sidecar() {
        check_owners(&["A.NEF", "A.xmp"], &["A.NEF<A.xmp"]);
        check_owners(
            &["A.tif", "A.tif.xmp", "A.ARW", "A.jpg", "A.xmp"],
            &["A.tif<A.tif.xmp", "A.jpg<A.ARW", "A.jpg<A.xmp"],
        );
    }

    #[test]
    fn twins_get_the_same_number() {
        let photos = vec![
            files(&["/a/I.JPG", "/a/I.CR2", "/a/I.JPG.xmp"]),
            files(&["/b/I.JPG", "/b/I.CR2"]),
            files(&["/c/i.jpg"]),
        ];
        let planned = plan(Action::Move, photos, target(&[("i.cr2", 3)]), None);
        let expect = "I (2).JPG I (2).CR2 I (2).JPG.xmp|I (3).JPG I (3).CR2|i.jpg";
        assert_eq!((names(&planned).as_str(), planned.renamed_count), (expect, 2));
        assert_eq!((planned.file_count(), planned.size_bytes()), (6, 60));
    }

    #[test]
    fn what_was_copied_before_keeps_its_name_and_what_is_moved_never_meets_another_file() {
        let there = [("i.jpg", 10), ("i.cr2", 10)];
        let photo = || vec![files(&["/a/I.JPG", "/a/I.CR2"])];
        assert_eq!(names(&plan(Action::Copy, photo(), target(&there), None)), "I.JPG I.CR2");
        assert_eq!(
            names(&plan(Action::Move, photo(), target(&there), None)),
            "I (2).JPG I (2).CR2"
        );
        let other = [("i.jpg", 10), ("i.cr2", 11)];
        assert_eq!(
            names(&plan(Action::Copy, photo(), target(&other), None)),
            "I (2).JPG I (2).CR2"
        );
    }

    #[test]
    fn a_copy_with_a_packet_in_it_may_be_there_in_another_size() {
        let photo = || vec![files(&["/a/I.JPG", "/a/I.CR2"])];
        let check = |jpeg_bytes, raw_bytes, expect: &str| {
            let there = [("i.jpg", jpeg_bytes), ("i.cr2", raw_bytes)];
            let embed = Some(Embed::default());
            assert_eq!(names(&plan(Action::Copy, photo(), target(&there), embed)), expect);
        };
        check(2000, 10, "I.JPG I.CR2");
        check(10 + PACKET_BYTES + 1, 10, "I (2).JPG I (2).CR2");
        check(10, 2000, "I (2).JPG I (2).CR2");
        let moved = plan(Action::Move, photo(), target(&[]), Some(Embed::default()));
        assert_eq!(moved.embed, None, "originals stay as they are");
    }

    #[test]
    fn what_is_in_the_folder_already_is_left_out() {
        let planned =
            plan(Action::Move, vec![files(&["/out/I.JPG"])], target(&[("i.jpg", 10)]), None);
        assert_eq!((planned.photos.len(), planned.there_count), (0, 1));
    }
}
