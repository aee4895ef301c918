//! A killed program: what the store had committed is still there, in the order of the keys, and the
//! sidecars say it when a run has ended by itself.

use std::fs;
use std::path::Path;
use std::path::PathBuf;
use std::thread;
use std::time::Duration;

use rushlight::core::label::Verdict;
use rushlight::core::said::Convention;
use rushlight::disk::decisions::Decisions;
use rushlight::disk::sidecar;

use super::desktop::Desktop;
use super::photos;
use super::photos::Logged;
use super::table::KEEP;
use super::table::TRASH;
use super::table::Table;

const PHOTOS: usize = 12;
const ROUNDS: usize = 5;
/// More than fit into a round before it is killed.
const KEYS: usize = 80;
/// Between two keys, in milliseconds: a few to every frame.
const KEY_EVERY: &str = "12";

/// Numbers that look thrown and are the same in every run.
struct Dice(u64);

impl Dice {
    /// A number below `end`.
    fn throw(&mut self, end: u64) -> u64 {
        // Knuth's MMIX generator, of which the upper bits are the good ones.
        const FACTOR: u64 = 6_364_136_223_846_793_005;
        self.0 = self.0.wrapping_mul(FACTOR).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % end
    }
}

/// A verdict and stars, as the keys set them.
#[derive(Clone, Copy, Default, PartialEq)]
struct Label {
    verdict: Option<&'static str>,
    stars: u8,
}

impl Label {
    fn with(self, key: &str) -> Self {
        match key {
            "k" => Self { verdict: Some("keep"), ..self },
            "t" => Self { verdict: Some("trash"), ..self },
            digit => Self { stars: digit.parse().expect("the other keys are digits"), ..self },
        }
    }

    fn json(self) -> String {
        let verdict = self.verdict.map(|v| format!(r#""verdict":"{v}""#));
        let stars = (self.stars > 0).then(|| format!(r#""stars":{}"#, self.stars));
        format!("{{{}}}", verdict.into_iter().chain(stars).collect::<Vec<_>>().join(","))
    }
}

/// The steps that the keys make from the first photo on, each with the labels after it: a key goes
/// on to the next photo, and one that changes nothing makes no step.
fn play(keys: &[&str], mut labels: [Label; PHOTOS]) -> Vec<(Logged, [Label; PHOTOS])> {
    let mut steps = Vec::new();
    for (at, key) in keys.iter().enumerate() {
        let index = at.min(PHOTOS - 1);
        let after = labels[index].with(key);
        if std::mem::replace(&mut labels[index], after) != after {
            steps.push((Logged::of_one(index + 1, &after.json()), labels));
        }
    }
    steps
}

/// The keys of one round; the first one leaves a border on photo 1.
fn keys(dice: &mut Dice) -> Vec<&'static str> {
    const ALL: [&str; 7] = ["k", "t", "1", "2", "3", "4", "5"];
    (0..KEYS).map(|at| ALL[dice.throw(if at == 0 { 2 } else { 7 }) as usize]).collect()
}

/// The log as the kill left it: read from a copy, so that repairing it is left to the program.
fn log_after_kill(desktop: &Desktop) -> Vec<Logged> {
    let copy = tempfile::tempdir().expect("a folder can be made");
    for suffix in ["", "-wal"] {
        let name = format!("{}{suffix}", Decisions::FILE);
        fs::copy(desktop.store().join(&name), copy.path().join(&name)).expect("it can be copied");
    }
    photos::log(copy.path())
}

/// Presses keys and kills the program amid them; gives the log as it was last seen before.
fn kill_amid_keys(table: Table<'_>, keys: &[&str], steps: usize, dice: &mut Dice) -> Vec<Logged> {
    let desktop = table.desktop;
    let mut typing = desktop.begin_xdotool(&[&["key", "--delay", KEY_EVERY], keys].concat());
    table.wait_for_steps(steps + 1 + dice.throw(16) as usize);
    // Not waiting for anything: any moment will do, the more various the better.
    thread::sleep(Duration::from_micros(dice.throw(40_000)));
    let acknowledged = photos::log(&desktop.store());
    table.program.kill();
    typing.wait("the last key");
    acknowledged
}

/// Beside each photo that is decided on lies a sidecar that says so, and nothing else is there.
fn check_sidecars(folder: &Path, labels: &[Label; PHOTOS]) {
    for (index, label) in labels.iter().enumerate() {
        let path = folder.join(photos::name(index + 1)).with_extension("xmp");
        let found = sidecar::read(&path).expect("it is whole");
        let said = found.map(|(said, _)| said.label(Convention::Rating)).unwrap_or_default();
        let verdict = match said.verdict {
            Verdict::Undecided => None,
            Verdict::Keep => Some("keep"),
            Verdict::Trash => Some("trash"),
        };
        assert_eq!((verdict, said.stars), (label.verdict, label.stars), "{}", path.display());
    }
    let names = fs::read_dir(folder).expect("it is listed").flatten().map(|e| e.path());
    let is_stray = |path: &PathBuf| !path.extension().is_some_and(|e| e == "jpg" || e == "xmp");
    assert_eq!(names.filter(is_stray).collect::<Vec<_>>(), Vec::<PathBuf>::new());
}

#[test]
fn a_kill_amid_keys_loses_nothing_that_was_committed() {
    let Some(desktop) = Desktop::start() else { return };
    let folder = photos::write(&desktop.path("shoot"), PHOTOS);
    let mut dice = Dice(7);
    let (mut labels, mut log) = ([Label::default(); PHOTOS], Vec::new());
    let mut table = Table::open(&desktop, &folder, PHOTOS);
    for round in 0..ROUNDS {
        let places = table.places.clone();
        let keys = keys(&mut dice);
        let acknowledged = kill_amid_keys(table, &keys, log.len(), &mut dice);
        let found = log_after_kill(&desktop);
        assert!(found.starts_with(&acknowledged), "round {round}: {acknowledged:#?} {found:#?}");
        let played = play(&keys, labels);
        let news = &found[log.len()..];
        let expect: Vec<_> = played.iter().take(news.len()).map(|(step, _)| step.clone()).collect();
        assert_eq!(news, expect, "round {round}: {keys:?}");
        labels = played[news.len() - 1].1;
        log = found;
        table = Table { desktop: &desktop, program: desktop.open(&folder), places };
        table.see_mark(1, if labels[0].verdict == Some("keep") { KEEP } else { TRASH });
    }
    table.leave();
    assert_eq!(photos::log(&desktop.store()), log);
    check_sidecars(&folder, &labels);
    assert_eq!(photos::check(&desktop.store()).as_deref(), Some("ok"));
}
