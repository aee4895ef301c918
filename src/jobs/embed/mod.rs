//! The network that looks at photos, run by ONNX Runtime: an [`Embedder`], and how it is loaded beside
//! everything else.
//!
//! The library is found and opened while the program runs, so that the program starts without it. A
//! session uses the thread that calls it and no other: the pool does the parallel work, each worker
//! with a session of its own while it is at it (`sessions` holds those that nobody uses). Whatever is
//! missing or does not fit is an [`EmbedError`] in the user's words, never a panic, and everything
//! else works without it (`tests/embed.rs`).
//!
//! Who asks, when, and where the answers are kept is not decided here: `cached` asks, with each photo that
//! is decoded.

mod form;
mod library;

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::OnceLock;
use std::thread;
use std::time::Instant;

use crossbeam_queue::SegQueue;
use ort::environment::Environment;
use ort::session::Session;
use ort::session::builder::GraphOptimizationLevel;
use ort::value::TensorRef;

use self::form::Shapes;
use super::Waker;
use crate::core::embed_input;
use crate::core::embed_input::Form;
use crate::core::embed_input::Look;
use crate::core::texels::Texels;
use crate::core::traits::Packed;
use crate::core::traits::Scores;
use crate::core::traits::Traits;
use crate::disk::DiskError;
use crate::disk::folders::Folders;
use crate::disk::model;
use crate::disk::model::Model;
use crate::disk::model::settings::ModelSettings;
use crate::jobs::shoot::chain;

/// Photos that go through the network together: what they take in memory is bounded (3 MiB at our
/// size), and more are no faster on a CPU.
const AT_ONCE: usize = 8;

/// What can go wrong with the network.
#[derive(Debug, thiserror::Error)]
pub enum EmbedError {
    /// No library was found.
    #[error(
        "ONNX Runtime was not found: tools/onnxruntime.sh fetches it, or name its library in the settings, under [model], as library = \"/path\""
    )]
    NoLibrary,

    /// A library does not load, or is another one.
    #[error("cannot load ONNX Runtime: {reason}; file: {}", path.display())]
    Library {
        /// The loader's words.
        reason: String,
        /// The library.
        path: PathBuf,
    },

    /// The network's file cannot be read.
    #[error(transparent)]
    File(#[from] DiskError),

    /// The file is no network, or not one that can be put to this use.
    #[error("cannot use the model: {reason}; file: {name}")]
    Model {
        /// What was found and what was expected.
        reason: String,
        /// The file, or that it is ours.
        name: String,
    },

    /// The network failed on a photo.
    #[error("the model failed: {reason}; file: {name}")]
    Run {
        /// The library's words.
        reason: String,
        /// The file, or that it is ours.
        name: String,
    },
}

/// A network, ready to look at photos. Shared by all workers.
#[derive(Debug)]
pub struct Embedder {
    environment: &'static Environment,
    model: Model,
    shapes: Shapes,
    sessions: SegQueue<Session>,
}

impl Embedder {
    /// Finds the library and the network, and looks at a blank photo to see that they work.
    ///
    /// Takes some 50 ms: not for the window thread.
    ///
    /// # Errors
    /// When the library or the network is missing, or the network's shapes do not fit.
    pub fn load(settings: &ModelSettings, folders: Option<&Folders>) -> Result<Self, EmbedError> {
        let environment = library::open(&model::libraries(settings, folders))?;
        let model = Model::read(settings)?;
        let session = start(environment, &model)?;
        let shapes = Shapes::of(&session, settings)
            .map_err(|reason| EmbedError::Model { reason, name: model.name.clone() })?;
        let sessions = SegQueue::new();
        sessions.push(session);
        let mut embedder = Self { environment, model, shapes, sessions };
        let blank = Texels::filled([3, 2], [128, 128, 128, 255]);
        let look = Look { tile: &blank, detail: None };
        embedder.try_out(&[look, look])?;
        Ok(embedder)
    }

    /// Sees that the network gives what it says, and how long its embeddings are.
    fn try_out(&mut self, looks: &[Look]) -> Result<(), EmbedError> {
        let unfit = |reason| EmbedError::Model { reason, name: self.model.name.clone() };
        let traits = self.embed(looks).map_err(|error| unfit(error.to_string()))?;
        let found = traits.first().map_or(0, |traits| traits.embedding.len());
        self.shapes.embedding = form::embedding_length(found).map_err(unfit)?;
        Ok(())
    }

    /// Numbers of an embedding.
    #[must_use]
    pub const fn embedding_length(&self) -> usize {
        self.shapes.embedding
    }

    /// What the network sees.
    #[must_use]
    pub const fn form(&self) -> &Form {
        &self.shapes.form
    }

    /// Which network this is, and how it is fed: two of one identity give the same traits.
    #[must_use]
    pub const fn identity(&self) -> u64 {
        self.model.identity
    }

    /// What the network makes of each photo, in their order. The same photo gives the same answer
    /// whatever is beside it, on one machine.
    ///
    /// # Errors
    /// When the network fails or gives what is no number.
    pub fn embed(&self, looks: &[Look]) -> Result<Vec<Traits>, EmbedError> {
        let mut session = match self.sessions.pop() {
            Some(session) => session,
            None => start(self.environment, &self.model)?,
        };
        let step = if self.shapes.is_one_at_once { 1 } else { AT_ONCE };
        let mut traits = Vec::with_capacity(looks.len());
        for some in looks.chunks(step) {
            let found = self.run(&mut session, some);
            traits.extend(found.map_err(|reason| {
                let name = self.model.name.clone();
                EmbedError::Run { reason, name }
            })?);
        }
        self.sessions.push(session);
        Ok(traits)
    }

    fn run(&self, session: &mut Session, looks: &[Look]) -> Result<Vec<Traits>, String> {
        let form = &self.shapes.form;
        let mut input = vec![0.0; looks.len() * form.len()];
        for (look, input) in looks.iter().zip(input.chunks_exact_mut(form.len())) {
            embed_input::write(look, form, input);
        }
        let shape = [looks.len(), form.planes, form.side, form.side];
        let words = |error: ort::Error| error.message().to_owned();
        let tensor = TensorRef::from_array_view((shape, input.as_slice())).map_err(words)?;
        let outputs = session.run(ort::inputs![tensor]).map_err(words)?;
        let numbers = |name: &str| {
            let found = outputs[name].try_extract_tensor::<f32>().map_err(words)?.1;
            let length = found.len() / looks.len();
            let is_whole = length > 0 && length * looks.len() == found.len();
            match is_whole && found.iter().all(|n| n.is_finite()) {
                true => Ok(found.chunks_exact(length).collect::<Vec<_>>()),
                false => Err(format!("the output {name} has no finite number for each photo")),
            }
        };
        let embeddings = numbers(&self.shapes.output)?;
        let scores = self.shapes.has_scores.then(|| numbers(form::SCORES)).transpose()?;
        let scores_of = |at: usize| {
            let found = <[f32; Scores::COUNT]>::try_from(*scores.as_ref()?.get(at)?).ok()?;
            Some(Scores::from_array(found.map(|score| score.clamp(0.0, 1.0))))
        };
        let traits = embeddings.iter().enumerate().map(|(at, embedding)| Traits {
            embedding: of_length_one(embedding),
            scores: scores_of(at),
        });
        Ok(traits.collect())
    }
}

/// A direction; a network that says nothing at all of a photo leaves 0.
fn of_length_one(numbers: &[f32]) -> Box<[f32]> {
    let length = numbers.iter().map(|n| n * n).sum::<f32>().sqrt().max(f32::MIN_POSITIVE);
    numbers.iter().map(|n| n / length).collect()
}

/// A session on one thread, the caller's.
fn start(environment: &Environment, model: &Model) -> Result<Session, EmbedError> {
    let session = || -> Result<Session, ort::Error> {
        Session::builder(environment)?
            .with_optimization_level(GraphOptimizationLevel::Level3)?
            .with_intra_threads(1)?
            .with_inter_threads(1)?
            .commit_from_memory(&model.bytes)
    };
    let name = || model.name.clone();
    library::guarded(session)
        .map_err(|reason| EmbedError::Model { reason, name: name() })?
        .map_err(|error| EmbedError::Model { reason: error.message().to_owned(), name: name() })
}

/// A network that is not loaded yet, or is there, or is not to be had.
#[derive(Debug)]
pub struct Loading {
    settings: ModelSettings,
    folders: Option<Folders>,
    version: OnceLock<Option<u32>>,
    answer: OnceLock<Result<Embedder, String>>,
}

impl Loading {
    /// Is loaded by the first who waits for it.
    #[must_use]
    pub fn later(settings: ModelSettings, folders: Option<Folders>) -> Arc<Self> {
        let (version, answer) = (OnceLock::new(), OnceLock::new());
        Arc::new(Self { settings, folders, version, answer })
    }

    /// Begins to load on a thread of its own; `wake` is called when the answer is there.
    #[must_use]
    pub fn start(settings: ModelSettings, folders: Option<Folders>, wake: Waker) -> Arc<Self> {
        let loading = Self::later(settings, folders);
        let sink = Arc::clone(&loading);
        let work = move || {
            _ = sink.wait();
            wake();
        };
        if thread::Builder::new().name("embed-load".into()).spawn(work).is_err() {
            tracing::warn!("the model is loaded when it is needed: the system gives no thread");
        }
        loading
    }

    /// Changes with the network, how it is fed, and how its traits are packed: what was kept under another
    /// version is stale. `None` where the network's file cannot be read. Loads nothing.
    #[must_use]
    pub fn version(&self) -> Option<u32> {
        *self.version.get_or_init(|| {
            let identity = Model::read(&self.settings).ok()?.identity;
            Some((identity >> 32) as u32 ^ identity as u32 ^ Packed::VERSION)
        })
    }

    /// The network, or why there is none; `None` while it is being loaded. Never waits.
    #[must_use]
    pub fn get(&self) -> Option<Result<&Embedder, &str>> {
        self.answer.get().map(|answer| answer.as_ref().map_err(String::as_str))
    }

    /// The network, or why there is none. Loads it, or waits for who does: not for the window thread.
    pub fn wait(&self) -> Result<&Embedder, &str> {
        let answer = self.answer.get_or_init(|| {
            let begin = Instant::now();
            let loaded = Embedder::load(&self.settings, self.folders.as_ref());
            tracing::debug!(milliseconds = begin.elapsed().as_millis(), "the network is loaded");
            loaded.map_err(|error| chain(&error))
        });
        answer.as_ref().map_err(String::as_str)
    }

    /// What the network makes of a photo. Waits for it.
    ///
    /// # Errors
    /// Why there is no network, or how it failed, in the user's words.
    pub fn look(&self, look: &Look) -> Result<Traits, String> {
        let embedder = self.wait().map_err(str::to_owned)?;
        let looked = embedder.embed(&[*look]).map_err(|error| chain(&error))?;
        looked.into_iter().next().ok_or_else(|| "the model said nothing".to_owned())
    }
}
