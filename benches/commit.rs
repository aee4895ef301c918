//! How long after the key is a decision on the disk?
//!
//! Budget: 50 ms at the 99th percentile, from `offer` to `saved_number`, with 500 single decisions
//! in a shoot of 10,000 photos. The badge is hollow until then. The disk is that of the system's
//! folder for temporary files (`TMPDIR`): a memory disk flatters.

use std::path::Path;
use std::sync::Arc;
use std::thread;
use std::time::Duration;
use std::time::Instant;

use rushlight::core::edit::Act;
use rushlight::core::edit::Edit;
use rushlight::core::edit::Lead;
use rushlight::core::edit::Step;
use rushlight::core::label::Decision;
use rushlight::core::label::Label;
use rushlight::core::photo::Fingerprint;
use rushlight::core::photo::PhotoId;
use rushlight::core::photo::PhotoMeta;
use rushlight::core::photo::Timestamp;
use rushlight::jobs::board::Board;
use rushlight::jobs::board::Header;
use rushlight::jobs::save::Saver;
use rushlight::jobs::save::Setup;

const PHOTOS: u32 = 10_000;
const DECISIONS: u32 = 500;
const BUDGET: Duration = Duration::from_millis(50);

fn main() {
    let dir = tempfile::tempdir().expect("the system has a folder for temporary files");
    let board = Arc::new(Board::default());
    for i in 0..PHOTOS {
        let path = dir.path().join(format!("IMG_{i:05}.JPG"));
        let photo = board.add(path.as_path().into());
        let fingerprint = Fingerprint(u128::from(i).to_le_bytes());
        let slot = board.slot(photo).expect("the photo was added");
        slot.set_header(Header { meta: PhotoMeta::default(), fingerprint });
    }
    let saver = Saver::start(Setup {
        board,
        dir: dir.path().join("store"),
        folders: vec![dir.path().to_owned()],
        read_header: Arc::new(|_: &Path| None),
        wake: Arc::new(|| {}),
        now: Timestamp(0),
        sidecars: None,
    })
    .expect("the system gives a thread");
    saver.headers_read((0..PHOTOS).map(PhotoId).collect());
    // The first one waits for the store to be made.
    let mut waits: Vec<_> = (0..=DECISIONS).map(|i| decide(&saver, i)).skip(1).collect();
    waits.sort();
    let at = |percent: usize| waits[(waits.len() - 1) * percent / 100];
    println!("key to commit, {DECISIONS} single decisions: a second has {:.0}", rate(&waits));
    println!("{:>8} {:>8} {:>8} {:>8}", "p50", "p90", "p99", "worst");
    let row = [at(50), at(90), at(99), at(100)];
    println!("{}", row.map(|w| format!("{:5.1} ms", w.as_secs_f64() * 1e3)).join(" "));
    let verdict = if at(99) <= BUDGET { "within" } else { "over" };
    println!("p99 is {verdict} the budget of {BUDGET:?}");
    saver.finish(Duration::from_secs(10)).expect("the steps are written");
}

/// Decides on the photo at `at`, and waits for the disk.
fn decide(saver: &Saver, at: u32) -> Duration {
    let before = Label::default();
    let edit = Edit { photo: PhotoId(at), after: before.with(&Decision::Keep), before };
    let number = u64::from(at) + 1;
    let step =
        Step { number, act: Act::Do, edits: [edit].into(), at: Timestamp(0), lead: Lead::Nobody };
    // A pause as between keys, so that each decision has a commit of its own.
    thread::sleep(Duration::from_millis(2));
    let begin = Instant::now();
    saver.offer(step).expect("one step fits");
    while saver.saved_number() < number {
        thread::sleep(Duration::from_micros(50));
    }
    begin.elapsed()
}

fn rate(waits: &[Duration]) -> f64 {
    waits.len() as f64 / waits.iter().sum::<Duration>().as_secs_f64()
}
