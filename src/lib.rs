//! Rushlight: a light table for very large photo shoots. This page is the map of the house.
//!
//! # Five floors
//!
//! Each floor is the only one that touches its outside thing; the arrows point down only.
//!
//! | floor | touches | uses | never contains |
//! | --- | --- | --- | --- |
//! | [`core`] | nothing | - | a file, a thread, a device, a window, a clock, a failure |
//! | [`disk`] | files, the two stores | `core` | a thread, a retry, a log line |
//! | [`jobs`] | threads | `core`, `disk` | a texture, a window event, a decision about what is shown |
//! | [`gpu`] | the device | `core` | a path, a label's meaning, a thread |
//! | [`app`] | the window, the clock, the terminal | all | file access, a format, a lock |
//!
//! `gpu` skips `disk` and `jobs` on purpose: a [`core::frame::Frame`] written as a literal is enough to
//! test every pixel. `tests/architecture.rs` holds the floors.
//!
//! # From file to pixel
//!
//! ```text
//! folder -scan-> PhotoId -cache: known-> header, tile                     -> Board           no photo is opened
//!                        -source-> bytes +-exif-> PhotoMeta, fingerprint -> Board.header    whole shoot, first
//!                                        +-thumbnail -> provisional Tile -> Board.tile      on screen, at once
//!                                        +-picture --> Tile (BC7) --------> Board.tile, cache   ONCE per photo
//!                                                  \-> Views ------------> Board.views     the loupe
//! ============================= nothing above is ever waited for below ==============================
//! Review + Board -compose-> Frame { uploads, tiles, pictures, quads, lines } + Wish         window thread
//! Frame -pages-> texture array -tiles-> one instanced draw -> surface                       gpu
//! Wish -queue-> the pool: on screen, then near, then the rest                               jobs
//! ```
//!
//! What is shown of a photo, best first: its full picture (loupe), the picture made to fit, its tile,
//! its embedded preview or thumbnail, its empty place. Never another photo. A tile is decoded once, in
//! this run or an earlier one (`tests/opens.rs`); the loupe's pictures when they are looked at.
//!
//! # From key to disk
//!
//! ```text
//! key -input-> Command -desk (waits for its frame)-> review.apply -> Step -save thread-> SQLite, durable
//!                                                       |                                   |
//!                                             hollow badge, at once          saved_number: solid badge
//!                                                                                   |
//! other programs' changes <--three-way merge-- jobs::sidecar <--> IMG.xmp <----------+ afterwards
//! ```
//!
//! # From a filter to what is shown
//!
//! ```text
//! text -core::filter-> Filter, mistakes as data
//! Filter + Sort + whole Order + copy of the labels -jobs::sift-> part of the Order, whole
//!                                                   -desk::sieve, between two frames-> Review
//! ```
//!
//! # From a file's colours to the display's
//!
//! ```text
//! profile in the file -disk::colour-> tile: working space (Display P3), 8 bits, once -+
//!                                  -> loupe: its own numbers, and a table of light ----+-shader-> display
//! ```
//!
//! See [`core::colour`]; `tests/colour` holds it.
//!
//! # From a decision to a proposal
//!
//! ```text
//! decode -> features, tile in sRGB -jobs::embed-> Traits ------> Board, cache               once a photo
//! Board + Order -jobs::learn::rows-> Table      a person's decisions -> lessons            a proposal never is
//! Table + lessons -core::learner-> probabilities, at once
//!                                  folds -> calibration, figures -core::guard-> proposals, a moment later
//! all of it -jobs::learn::teacher-> Outlook -> app::desk -> badges, faint rings, the panels  latest wins
//! ```
//!
//! # Invariants
//!
//! 1. Every datum has one writer: [`core::review::Review`] the window thread, each
//!    [`jobs::board::Board`] column one job, the store one thread.
//! 2. The window thread waits for the display and nothing else: it takes no lock, reads no file, and its
//!    own part of a frame allocates nothing once warm (`tests/hot_path.rs`).
//! 3. A decision binds to the photo that was current on the last presented frame; at most one deciding
//!    key is taken a presented frame, none is dropped (`tests/desk`, `tests/culling.rs`), and no
//!    exchange of the photos shown changes that (`tests/desk/exchange.rs`).
//! 4. Board: payload first, then its stage with `Release`; readers load it with `Acquire`
//!    (`jobs::board`, `a_stage_promises_its_payload`).
//! 5. A [`core::photo::PhotoId`] is never written to a file. Decisions are bound to a fingerprint of
//!    the photo, or to the same path with the same capture time and serial (`tests/decisions.rs`).
//! 6. Decisions cannot be rebuilt: what a solid badge promises survives `kill -9` (`tests/save.rs`,
//!    `tests/culling.rs`). Everything else can be thrown away at any time.
//! 7. Originals are never written; of what lies beside them only sidecars are, whole or not at all, with
//!    everything that other programs wrote (`tests/sidecar.rs`).
//! 8. Time enters as a value: `app` reads the clock and passes `now` down.
//! 9. There is no `unsafe` in `src`.

pub mod app;
pub mod core;
pub mod disk;
pub mod gpu;
pub mod jobs;
