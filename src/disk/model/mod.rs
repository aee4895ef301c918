//! The network's file and the library that runs it: where they are looked for.
//!
//! Our own network is part of the program, and so is never missing and never another version's. The
//! library is not: it is 24 MB, comes from another project, and where it is missing everything else
//! works.

pub mod settings;

use std::borrow::Cow;
use std::env;
use std::env::consts::DLL_PREFIX;
use std::env::consts::DLL_SUFFIX;
use std::fs;
use std::path::Path;
use std::path::PathBuf;

use xxhash_rust::xxh3::xxh3_64;
use xxhash_rust::xxh3::xxh3_64_with_seed;

use self::settings::ModelSettings;
use super::DiskError;
use super::DiskResult;
use super::folders::Folders;

/// Our network: `models/README.md` says what it is.
pub const OURS: &[u8] = include_bytes!("../../../models/embed.onnx");

/// The largest file of a network that is read, in bytes: far above what a photo in 3 ms allows.
const LIMIT_BYTES: u64 = 1 << 30;

/// A network, not looked into yet.
pub struct Model {
    /// Its file's bytes.
    pub bytes: Cow<'static, [u8]>,
    /// Its file's path, or that it is ours.
    pub name: String,
    /// Which network this is, and how the settings feed it: what was made by another is stale.
    pub identity: u64,
}

impl std::fmt::Debug for Model {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Model({}, {} bytes)", self.name, self.bytes.len())
    }
}

impl Model {
    /// The network that the settings name, else ours.
    ///
    /// # Errors
    /// When its file is missing, is none, is too large, or cannot be read.
    pub fn read(settings: &ModelSettings) -> DiskResult<Self> {
        let (bytes, name) = match &settings.path {
            Some(path) => (Cow::Owned(read(path)?), path.display().to_string()),
            None => (Cow::Borrowed(OURS), "our own, models/embed.onnx".to_owned()),
        };
        let ModelSettings { input_size, mean, std, output, .. } = settings;
        let fed = format!("{input_size:?} {mean:?} {std:?} {output:?}");
        // The seed ties the two together: other settings make another network of the same file.
        let identity = xxh3_64_with_seed(&bytes, xxh3_64(fed.as_bytes()));
        Ok(Self { bytes, name, identity })
    }
}

fn read(path: &Path) -> DiskResult<Vec<u8>> {
    let failed = |source| DiskError::Model { path: path.to_owned(), source };
    let found = fs::metadata(path).map_err(failed)?;
    let owned = path.to_owned();
    match found.len() {
        _ if !found.is_file() => {
            Err(DiskError::NotFile { found: "a folder or a device", path: owned })
        }
        0 => Err(DiskError::Empty { path: owned }),
        size_bytes if size_bytes > LIMIT_BYTES => {
            Err(DiskError::FileTooLarge { size_bytes, limit_bytes: LIMIT_BYTES, path: owned })
        }
        _ => fs::read(path).map_err(failed),
    }
}

/// Where the library of ONNX Runtime is: the files that are there, best first.
///
/// What a person names, in the settings or in `ORT_DYLIB_PATH`, is taken and nothing else, there or not:
/// a mistake in it is to be told and not to be hidden by another library. The working folder is no place
/// to look in: it may be a shoot that came from somebody else, and a library is a program.
#[must_use]
pub fn libraries(settings: &ModelSettings, folders: Option<&Folders>) -> Vec<PathBuf> {
    let named = env::var_os("ORT_DYLIB_PATH").filter(|path| !path.is_empty()).map(PathBuf::from);
    if let Some(named) = settings.library.clone().or(named) {
        return vec![named];
    }
    let program = env::current_exe().ok();
    let beside = program.as_deref().and_then(Path::parent);
    // A program under `target` belongs to the tree that `tools/onnxruntime.sh` fills.
    let target = beside.into_iter().flat_map(Path::ancestors).find(|at| at.ends_with("target"));
    let tree = target.and_then(Path::parent);
    let ours = [beside, tree].into_iter().flatten().map(|folder| folder.join(".onnxruntime"));
    let data = folders.map(|folders| folders.data.clone());
    let places = beside.map(Path::to_owned).into_iter().chain(ours).chain(data);
    let name = format!("{DLL_PREFIX}onnxruntime{DLL_SUFFIX}");
    let mut files: Vec<PathBuf> = Vec::new();
    for place in places.chain(SYSTEM.iter().map(PathBuf::from)) {
        let file = place.join(&name);
        if file.is_file() && !files.contains(&file) {
            files.push(file);
        }
    }
    files
}

/// Where systems and their package managers put libraries.
const SYSTEM: [&str; 6] = [
    "/usr/local/lib",
    "/usr/lib",
    "/usr/lib64",
    "/usr/lib/x86_64-linux-gnu",
    "/usr/lib/aarch64-linux-gnu",
    "/opt/homebrew/lib",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_named_is_taken_alone() {
        let library = PathBuf::from("/nowhere/libonnxruntime.so");
        let settings = ModelSettings { library: Some(library.clone()), ..ModelSettings::default() };
        assert_eq!(libraries(&settings, None), [library]);
    }

    #[test]
    fn a_network_that_is_not_there_is_told_with_its_path() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("net.onnx");
        let told = read(&path).unwrap_err().to_string();
        assert!(told.starts_with("cannot read the model; file: "), "{told}");
        assert!(told.ends_with("net.onnx"), "{told}");
        fs::write(&path, b"").unwrap();
        assert!(matches!(read(&path), Err(DiskError::Empty { .. })));
        assert!(matches!(read(dir.path()), Err(DiskError::NotFile { .. })));
        fs::write(&path, b"net").unwrap();
        assert_eq!(read(&path).unwrap(), b"net");
    }

    #[test]
    fn another_file_and_other_settings_are_another_network() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("net.onnx");
        fs::write(&path, b"net").unwrap();
        let ours = ModelSettings::default();
        let theirs = ModelSettings { path: Some(path), ..ours.clone() };
        let fed = ModelSettings { input_size: Some(64), ..theirs.clone() };
        let [a, b, c] = [ours, theirs, fed].map(|s| Model::read(&s).unwrap().identity);
        assert!(a != b && b != c && a != c, "{a} {b} {c}");
    }
}
