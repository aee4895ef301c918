//! The library of ONNX Runtime, opened once a program: the first that loads is the one.

use std::panic::AssertUnwindSafe;
use std::panic::catch_unwind;
use std::path::Path;
use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::OnceLock;
use std::sync::PoisonError;

use ort::environment::Environment;

use super::EmbedError;

/// Loads are one after the other: a library that is refused must be gone before the next is tried.
static TURN: Mutex<()> = Mutex::new(());

/// The library allows one a process; it lives as long as that.
static ENVIRONMENT: OnceLock<Environment> = OnceLock::new();

/// Opens the first of `files` that is the library. Where it is open already, whether the first of
/// `files` is there at all is still looked at, so that a mistake in the settings is told.
pub fn open(files: &[PathBuf]) -> Result<&'static Environment, EmbedError> {
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    let mut refused = EmbedError::NoLibrary;
    for path in files {
        match environment(path) {
            Ok(environment) => return Ok(environment),
            Err(reason) => refused = EmbedError::Library { reason, path: path.clone() },
        }
    }
    Err(refused)
}

fn environment(path: &Path) -> Result<&'static Environment, String> {
    // A bare name is for the system's loader to find.
    if path.is_absolute() && !path.is_file() {
        return Err("there is no such file".to_owned());
    }
    if let Some(environment) = ENVIRONMENT.get() {
        return Ok(environment);
    }
    let built = guarded(|| {
        let builder = ort::init_from(path).map_err(|error| error.to_string())?;
        builder.with_name("rushlight").build().map_err(|error| error.message().to_owned())
    });
    let built = built.and_then(|built| built)?;
    Ok(ENVIRONMENT.get_or_init(|| built))
}

/// Runs what calls into the library. A library that is not what it says makes `ort` panic where it
/// could refuse; the program goes on without it.
pub fn guarded<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(work)).map_err(|panic| {
        let words = panic.downcast_ref::<String>().map(String::as_str);
        let words = words.or_else(|| panic.downcast_ref::<&str>().copied());
        words.unwrap_or("it broke off").to_owned()
    })
}
