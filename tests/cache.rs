//! The cache on disk, at its door: what was put is found or missed, never another photo's, under
//! whatever befalls the files.

#![expect(clippy::unwrap_used, reason = "a failed step of a test is a failed test")]

#[path = "cache/care.rs"]
mod care;
// macOS and Windows have their folders elsewhere: there the program would look after the real ones.
#[cfg(all(unix, not(target_os = "macos")))]
#[path = "cache/command.rs"]
mod command;
#[path = "cache/damage.rs"]
mod damage;
#[path = "cache/facts.rs"]
mod facts;
#[path = "cache/full.rs"]
mod full;
#[path = "cache/measures.rs"]
mod measures;
#[path = "cache/model.rs"]
mod model;
#[path = "cache/sample.rs"]
mod sample;

use std::path::Path;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;

use rushlight::core::coded::Coding;
use rushlight::core::photo::Timestamp;
use rushlight::disk::cache::Cache;
use rushlight::disk::cache::NewPhoto;
use rushlight::disk::cache::Put;
use rushlight::disk::cache::Setup;
use rushlight::disk::cache::layout::Level;

use self::sample::Sample;

/// A cap that nothing here reaches, and under which files grow by whole steps.
pub const AMPLE: u64 = 4 << 30;

/// What SQLite keeps back of a cap.
pub const SPARE: u64 = 12 << 20;

/// An hour and more apart: each look is written down.
pub fn day(number: i64) -> Timestamp {
    Timestamp(number * 86_400 * Timestamp::SECOND)
}

/// Held while a process is started or a lock is taken: until it runs its own program, a child has all
/// that its parent has open, a lock that another test has just dropped among it.
pub fn gate() -> MutexGuard<'static, ()> {
    static GATE: Mutex<()> = Mutex::new(());
    GATE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The cache in `folder`.
pub fn open(folder: &Path, cap_bytes: u64) -> Cache {
    open_coded(folder, Coding::Bc7, cap_bytes)
}

fn open_coded(folder: &Path, coding: Coding, cap_bytes: u64) -> Cache {
    let _gate = gate();
    Cache::open(&Setup { folder, coding, cap_bytes }).expect("the cache opens")
}

/// Puts a sample, which must be kept.
#[track_caller]
pub fn put(cache: &Cache, sample: &Sample, now: Timestamp) {
    assert_eq!(sample.put(cache, now), Put::Kept);
}

/// The levels of the sample that the cache has; each is compared. `-` where it is not found at all.
#[track_caller]
pub fn kept(cache: &Cache, sample: &Sample, now: Timestamp) -> String {
    let Some(found) = cache.lookup(&sample.key, now) else { return "-".to_owned() };
    assert_eq!(found.facts, sample.facts, "facts of {:?}", sample.key);
    let mut has = String::new();
    for (level, letter) in Level::ALL.into_iter().zip("lmst".chars()) {
        if let Some(read) = cache.read_level(&found, level, vec![7; 3]) {
            let expect = sample.levels.iter().find(|(l, _)| *l == level).map(|(_, coded)| coded);
            assert!(Some(&read) == expect, "{level:?} of {:?}", sample.key);
            has.push(letter);
        }
    }
    has
}

#[test]
fn what_is_put_is_found_in_this_run_and_the_next() {
    let dir = tempfile::tempdir().unwrap();
    let samples: Vec<_> = (0..20).map(Sample::new).collect();
    let cache = open(dir.path(), AMPLE);
    assert_eq!(cache.findings(), []);
    samples.iter().for_each(|s| put(&cache, s, day(1)));
    assert_eq!(kept(&cache, &samples[0], day(1)), "-", "a row is found after a commit");
    cache.commit().unwrap();
    for _ in 0..2 {
        let cache = open(dir.path(), AMPLE);
        for sample in &samples {
            assert_eq!(kept(&cache, sample, day(1)), "lmst");
            let found = cache.lookup(&sample.key, day(1)).unwrap();
            assert_eq!(cache.detail(&found), sample.detail);
        }
    }
    drop(cache);
    let cache = open(dir.path(), AMPLE);
    assert!(cache.is_writer() && cache.findings().is_empty());
    assert_eq!(kept(&cache, &samples[19], day(2)), "lmst");
}

#[test]
fn a_batch_is_written_without_being_asked_for() {
    let dir = tempfile::tempdir().unwrap();
    let cache = open(dir.path(), AMPLE);
    (0..128).for_each(|i| put(&cache, &Sample::tiny(i), day(1)));
    assert_eq!(kept(&cache, &Sample::tiny(0), day(1)), "t");
}

#[test]
fn a_replaced_file_is_a_miss_and_its_slots_are_used_again() {
    let dir = tempfile::tempdir().unwrap();
    let cache = open(dir.path(), AMPLE);
    let versions: Vec<_> = (0..300).map(|i| Sample::new(0).replaced(i)).collect();
    for pair in versions.windows(2) {
        put(&cache, &pair[0], day(1));
        cache.commit().unwrap();
        assert_eq!(kept(&cache, &pair[0], day(1)), "lmst");
        assert_eq!(kept(&cache, &pair[1], day(1)), "-");
    }
    // One step of 256 slots: without the old ones, 299 photos would need two.
    let large = std::fs::metadata(dir.path().join("bc7/large.atlas")).unwrap().len();
    assert_eq!(large, 4096 + 256 * 221_184);
}

#[test]
fn a_photo_of_another_coding_keeps_its_facts_and_gives_its_slots() {
    let dir = tempfile::tempdir().unwrap();
    let (blocks, texels) = (Sample::new(1), Sample::new(1).texels());
    let cache = open(dir.path(), AMPLE);
    put(&cache, &blocks, day(1));
    drop(cache);
    let cache = open_coded(dir.path(), Coding::Rgba8, AMPLE);
    assert_eq!(kept(&cache, &texels, day(1)), "");
    put(&cache, &texels, day(1));
    cache.commit().unwrap();
    assert_eq!(kept(&cache, &texels, day(1)), "lmst");
    drop(cache);
    assert_eq!(kept(&open(dir.path(), AMPLE), &blocks, day(1)), "");
}

#[test]
fn a_picture_that_does_not_fit_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let cache = open(dir.path(), AMPLE);
    let sample = Sample::new(1);
    let check = |levels: &[(Level, Coding, [u32; 2])], expect| {
        let coded: Vec<_> =
            levels.iter().map(|&(l, coding, px)| (l, sample::noise(1, coding, px))).collect();
        let levels: Vec<_> = coded.iter().map(|(level, coded)| (*level, coded)).collect();
        let photo = NewPhoto {
            key: &sample.key,
            facts: &sample.facts,
            detail: None,
            measures: &[],
            levels: &levels,
        };
        assert_eq!(cache.put(&photo, day(1)).unwrap(), expect, "{levels:?}");
    };
    let bc7 = Coding::Bc7;
    check(&[(Level::Large, bc7, [512, 344])], Put::Kept);
    check(&[(Level::Large, bc7, [344, 512]), (Level::Micro, bc7, [32, 32])], Put::Kept);
    check(&[], Put::Kept);
    check(&[(Level::Large, bc7, [512, 345])], Put::Unfit(Level::Large));
    check(
        &[(Level::Small, bc7, [128, 88]), (Level::Micro, bc7, [33, 32])],
        Put::Unfit(Level::Micro),
    );
    check(&[(Level::Medium, Coding::Rgba8, [8, 8])], Put::Unfit(Level::Medium));
    check(&[(Level::Micro, bc7, [8, 8]), (Level::Micro, bc7, [8, 8])], Put::Unfit(Level::Micro));
}

#[test]
fn one_program_writes_and_the_other_reads() {
    let dir = tempfile::tempdir().unwrap();
    let (one, two) = (Sample::new(1), Sample::new(2));
    let writer = open(dir.path(), AMPLE);
    let reader = open(dir.path(), AMPLE);
    assert!(writer.is_writer() && !reader.is_writer());
    put(&writer, &one, day(1));
    writer.commit().unwrap();
    assert_eq!(kept(&reader, &one, day(1)), "lmst");
    assert_eq!(two.put(&reader, day(1)), Put::NotWriter);
    reader.commit().unwrap();
    assert!(reader.verify(&mut |_, _| {}).is_err());
    drop(writer);
    // Whoever began as a reader stays one; who opens next writes.
    assert_eq!(two.put(&reader, day(1)), Put::NotWriter);
    assert!(open(dir.path(), AMPLE).is_writer());
}

#[test]
fn a_slot_that_changed_hands_after_the_look_is_a_miss() {
    let dir = tempfile::tempdir().unwrap();
    let cache = open(dir.path(), AMPLE);
    put(&cache, &Sample::new(1), day(1));
    cache.commit().unwrap();
    let found = cache.lookup(&Sample::new(1).key, day(1)).unwrap();
    // The second version frees the slots, the other photo takes them.
    put(&cache, &Sample::new(1).replaced(9), day(1));
    put(&cache, &Sample::new(2), day(1));
    for level in Level::ALL {
        let mut bytes = Vec::new();
        assert_eq!(cache.read_into(&found, level, &mut bytes), None);
        assert!(bytes.is_empty());
    }
}

#[test]
fn many_threads_put_and_read_at_once() {
    let dir = tempfile::tempdir().unwrap();
    let cache = open(dir.path(), SPARE + (8 << 20));
    let (cache, misses) = (&cache, &std::sync::atomic::AtomicU32::new(0));
    std::thread::scope(|scope| {
        for thread in 0..8 {
            scope.spawn(move || {
                for turn in 0..40 {
                    let sample = Sample::new(turn * 8 + thread);
                    let put = sample.put(cache, day(i64::from(turn)));
                    assert!(matches!(put, Put::Kept | Put::NoPlace), "{put:?}");
                    if turn % 16 == thread {
                        cache.commit().unwrap();
                    }
                    // Own and others': right, or a miss.
                    for other in 0..turn * 8 {
                        if kept(cache, &Sample::new(other), day(i64::from(turn))) == "-" {
                            misses.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                        }
                    }
                }
            });
        }
    });
    cache.commit().unwrap();
    let last = (0..8).filter(|i| kept(cache, &Sample::new(312 + i), day(40)) != "-").count();
    assert!(last > 0, "the newest are kept");
    assert!(cache.verify(&mut |_, _| {}).unwrap().bad.is_empty());
}
