//! Random scripts against a model: what was put last under a path is found, or missed.

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use proptest::prelude::*;
use proptest::test_runner::Config;
use rushlight::disk::cache::Cache;
use rushlight::disk::cache::Put;
use rushlight::disk::cache::care::Stats;

use super::SPARE;
use super::day;
use super::kept;
use super::open;
use super::sample::Sample;

/// Room for a dozen photos.
const CAP: u64 = SPARE + 3_000_000;

const PHOTOS: u32 = 24;

#[derive(Debug, Clone, Copy)]
enum Act {
    Put {
        photo: u32,
        version: u32,
    },
    PutTiny {
        photo: u32,
    },
    Look {
        photo: u32,
    },
    Commit,
    Reopen,
    Trim {
        kib: u64,
    },
    /// What a crash would leave is opened beside.
    Crash,
    /// Another reader looks at everything.
    Visit,
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        12 => (0..PHOTOS, 0_u32..3).prop_map(|(photo, version)| Act::Put { photo, version }),
        3 => (0..PHOTOS).prop_map(|photo| Act::PutTiny { photo }),
        4 => (0..PHOTOS).prop_map(|photo| Act::Look { photo }),
        6 => Just(Act::Commit),
        2 => Just(Act::Reopen),
        1 => (0_u64..3000).prop_map(|kib| Act::Trim { kib }),
        1 => Just(Act::Crash),
        1 => Just(Act::Visit),
    ]
}

/// The cache, and what the naive one would have.
struct Pair {
    dir: tempfile::TempDir,
    cache: Option<Cache>,
    /// By path: what the index was told last, and what waits.
    told: HashMap<u32, Sample>,
    waiting: HashMap<u32, Sample>,
    now: i64,
}

impl Pair {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let cache = Some(open(dir.path(), CAP));
        Self { dir, cache, told: HashMap::new(), waiting: HashMap::new(), now: 1 }
    }

    fn cache(&self) -> &Cache {
        self.cache.as_ref().unwrap()
    }

    fn play(&mut self, act: Act) {
        self.now += 1;
        match act {
            Act::Put { photo, version } => self.put(photo, Sample::new(photo).replaced(version)),
            Act::PutTiny { photo } => self.put(photo, Sample::tiny(photo)),
            Act::Look { photo } => {
                let sample = self.told.get(&photo).cloned().unwrap_or(Sample::new(photo));
                kept(self.cache(), &sample, day(self.now));
            }
            Act::Commit => {
                self.cache().commit().unwrap();
                self.told.extend(self.waiting.drain());
                let files = Stats::of(self.dir.path()).files;
                let counted = files.iter().filter(|(name, _)| !name.contains("sqlite-"));
                let total: u64 = counted.map(|(_, bytes)| bytes).sum();
                assert!(total <= CAP - SPARE, "{total} bytes beside what SQLite needs");
            }
            Act::Reopen => {
                self.cache = None;
                self.told.extend(self.waiting.drain());
                self.cache = Some(open(self.dir.path(), CAP));
                assert_eq!(self.cache().findings(), []);
            }
            Act::Trim { kib } => {
                self.told.extend(self.waiting.drain());
                let [_, after] = self.cache().trim(kib << 10).unwrap();
                assert!(after <= (kib << 10).max(100_000), "{after} of {kib} KiB");
            }
            Act::Crash => self.crash(),
            Act::Visit => self.compare(&open(self.dir.path(), CAP)),
        }
        self.compare(self.cache());
        let total = Stats::of(self.dir.path()).total_bytes();
        assert!(total <= CAP, "{total} bytes after {act:?}");
        no_slot_has_two_owners(self.dir.path());
    }

    fn put(&mut self, photo: u32, sample: Sample) {
        assert_eq!(sample.put(self.cache(), day(self.now)), Put::Kept);
        self.waiting.insert(photo, sample);
    }

    /// Whatever is found is right: `kept` compares.
    fn compare(&self, cache: &Cache) {
        for sample in self.told.values().chain(self.waiting.values()) {
            kept(cache, sample, day(0));
        }
    }

    fn crash(&self) {
        let copy = tempfile::tempdir().unwrap();
        copy_all(self.dir.path(), copy.path());
        let cache = open(copy.path(), CAP);
        assert!(cache.is_writer());
        self.compare(&cache);
        no_slot_has_two_owners(copy.path());
        assert!(Stats::of(copy.path()).total_bytes() <= CAP);
    }
}

fn copy_all(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let to = to.join(entry.file_name());
        if entry.path().is_dir() {
            fs::create_dir(&to).unwrap();
            copy_all(&entry.path(), &to);
        } else {
            fs::copy(entry.path(), to).unwrap();
        }
    }
}

fn no_slot_has_two_owners(folder: &Path) {
    let index = rusqlite::Connection::open(folder.join("index.sqlite")).unwrap();
    for tier in ["large", "small", "micro"] {
        let sql = format!(
            "SELECT count(*) FROM (SELECT 1 FROM photo WHERE {tier} IS NOT NULL
             GROUP BY coding, {tier} HAVING count(*) > 1)"
        );
        let shared: i64 = index.query_row(&sql, [], |row| row.get(0)).unwrap();
        assert_eq!(shared, 0, "{tier}");
    }
}

proptest! {
    #![proptest_config(Config { failure_persistence: None, ..Config::with_cases(24) })]
    #[test]
    fn scripts_agree_with_the_model(acts in proptest::collection::vec(act(), 1..60)) {
        let mut pair = Pair::new();
        for act in acts {
            pair.play(act);
        }
        // It has not become deaf: what comes last is kept whole.
        pair.play(Act::Put { photo: 3, version: 1 });
        pair.play(Act::Commit);
        let sample = Sample::new(3).replaced(1);
        prop_assert_eq!(kept(pair.cache(), &sample, day(pair.now)), "lmst");
        let verdict = pair.cache().verify(&mut |_, _| {}).unwrap();
        prop_assert!(verdict.bad.is_empty());
    }
}
