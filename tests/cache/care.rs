//! The cap, and what a person can ask for.

use std::fs;

use rushlight::disk::DiskError;
use rushlight::disk::cache::care;
use rushlight::disk::cache::care::Holder;
use rushlight::disk::cache::care::Stats;

use super::AMPLE;
use super::SPARE;
use super::day;
use super::gate;
use super::kept;
use super::open;
use super::put;
use super::sample::Sample;

/// Room for so many photos, large pictures and all, and less than for one more.
fn cap_of(photos: u64) -> u64 {
    // Six headers, an empty index of four pages and one of rows, and what a photo takes.
    SPARE + 11 * 4096 + photos * (221_184 + 11_264 + 1024)
}

#[test]
fn the_large_picture_seen_longest_ago_goes_first() {
    let dir = tempfile::tempdir().unwrap();
    let cache = open(dir.path(), cap_of(24));
    for i in 0..20 {
        put(&cache, &Sample::new(i), day(i64::from(i)));
        cache.commit().unwrap();
    }
    // The oldest is looked at: the second oldest is the first to go.
    assert_eq!(kept(&cache, &Sample::new(0), day(30)), "lmst");
    for i in 20..30 {
        put(&cache, &Sample::new(i), day(31));
        cache.commit().unwrap();
    }
    let has: Vec<String> = (0..30).map(|i| kept(&cache, &Sample::new(i), day(31))).collect();
    let first_whole = has.iter().skip(1).position(|has| has == "lmst").unwrap() + 1;
    assert!(first_whole > 6, "of 30 photos 24 fit: {has:?}");
    assert_eq!(has[0], "lmst");
    assert!(has[1..first_whole].iter().all(|has| has == "st"), "{has:?}");
    assert!(has[first_whole..].iter().all(|has| has == "lmst"), "{has:?}");
    assert!(first_whole <= 10, "more went than had to: {has:?}");
    assert!(Stats::of(dir.path()).total_bytes() <= cap_of(24));
}

#[test]
fn a_smaller_cap_holds_from_the_next_start_on() {
    let dir = tempfile::tempdir().unwrap();
    let cache = open(dir.path(), AMPLE);
    (0..60).for_each(|i| put(&cache, &Sample::new(i), day(i64::from(i))));
    drop(cache);
    let cap = cap_of(20);
    let cache = open(dir.path(), cap);
    assert!(Stats::of(dir.path()).total_bytes() <= cap);
    let has: Vec<String> = (0..60).map(|i| kept(&cache, &Sample::new(i), day(60))).collect();
    assert_eq!(has.iter().filter(|has| *has == "-").count(), 0, "{has:?}");
    assert!(has[45..].iter().all(|has| has == "lmst"), "{has:?}");
    assert_eq!(has[0], "st");
    drop(cache);
    assert_eq!(open(dir.path(), cap).findings(), []);
}

#[test]
fn a_cap_that_holds_nothing_keeps_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let cache = open(dir.path(), 1 << 20);
    for i in 0..3 {
        assert_eq!(Sample::new(i).put(&cache, day(1)), rushlight::disk::cache::Put::NoPlace);
    }
    cache.commit().unwrap();
    assert!(Stats::of(dir.path()).total_bytes() <= 1 << 20);
}

#[test]
fn trimming_gives_bytes_back_and_leaves_the_newest() {
    let dir = tempfile::tempdir().unwrap();
    let cache = open(dir.path(), AMPLE);
    (0..60).for_each(|i| put(&cache, &Sample::new(i), day(i64::from(i))));
    let [before, after] = cache.trim(AMPLE).unwrap();
    assert!(before > after && after < 60 * 240_000 + (1 << 20), "{before} {after}: empty slots go");
    let has = |i| kept(&cache, &Sample::new(i), day(0));
    assert!((0..60).map(has).all(|has| has == "lmst"));
    let [_, after] = cache.trim(5_000_000).unwrap();
    assert!(after <= 5_000_000, "{after}");
    assert_eq!((has(0), has(59)), ("st".to_owned(), "lmst".to_owned()));
    let [_, after] = cache.trim(400_000).unwrap();
    assert!(after <= 400_000, "{after}");
    assert_eq!((has(0), has(59)), ("-".to_owned(), "st".to_owned()));
    let [_, after] = cache.trim(0).unwrap();
    assert!(after < 100_000, "{after}: an empty index and headers");
    // And it fills again.
    put(&cache, &Sample::new(1), day(61));
    cache.commit().unwrap();
    assert_eq!(has(1), "lmst");
    assert!(cache.verify(&mut |_, _| {}).unwrap().bad.is_empty());
}

#[test]
fn a_check_names_the_damaged_and_forgets_them() {
    let dir = tempfile::tempdir().unwrap();
    let cache = open(dir.path(), AMPLE);
    (0..300).for_each(|i| put(&cache, &Sample::tiny(i), day(1)));
    (0..4).for_each(|i| put(&cache, &Sample::new(i), day(1)));
    let mut last = (0, 0);
    let verdict = cache.verify(&mut |done, of| last = (done, of)).unwrap();
    assert_eq!((verdict.photos, verdict.pictures, last), (300, 312, (300, 300)));
    assert_eq!(verdict.bad.len(), 0);
    // The 512 px picture in the third slot, one bit.
    let path = dir.path().join("bc7/large.atlas");
    let mut bytes = fs::read(&path).unwrap();
    bytes[4096 + 2 * 221_184 + 777] ^= 1;
    fs::write(&path, bytes).unwrap();
    let verdict = cache.verify(&mut |_, _| {}).unwrap();
    assert_eq!(verdict.bad, [std::path::Path::new("/shoot/IMG_0002.JPG")]);
    assert_eq!(kept(&cache, &Sample::new(2), day(1)), "-");
    let verdict = cache.verify(&mut |_, _| {}).unwrap();
    assert_eq!((verdict.photos, verdict.bad.len()), (299, 0));
}

#[test]
fn what_is_there_is_counted_without_a_lock() {
    let dir = tempfile::tempdir().unwrap();
    let nothing = Stats::of(dir.path());
    assert_eq!((nothing.total_bytes(), nothing.counts, nothing.holder), (0, None, Holder::Nobody));
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0, "asking makes no file");
    let cache = open(dir.path(), AMPLE);
    put(&cache, &Sample::new(1), day(3));
    put(&cache, &Sample::tiny(2), day(4));
    cache.commit().unwrap();
    let stats = Stats::of(dir.path());
    let counts = stats.counts.unwrap();
    assert_eq!(
        [counts.photos, counts.large, counts.small, counts.micro, counts.rgba8],
        [2, 1, 1, 2, 0]
    );
    assert_eq!((counts.oldest, counts.newest), (Some(day(3)), Some(day(4))));
    assert_eq!(stats.holder, Holder::Program(Some(std::process::id())));
    let large = stats.files.iter().find(|(name, _)| name == "bc7/large.atlas").unwrap().1;
    assert_eq!(large, 4096 + 256 * 221_184);
}

#[test]
fn clearing_waits_for_nobody_and_deletes_only_ours() {
    let dir = tempfile::tempdir().unwrap();
    assert_eq!(care::clear(&dir.path().join("none")).unwrap(), 0);
    let cache = open(dir.path(), AMPLE);
    put(&cache, &Sample::new(1), day(1));
    fs::write(dir.path().join("holiday.jpg"), "theirs").unwrap();
    assert!(matches!(care::clear(dir.path()), Err(DiskError::CacheBusy { .. })));
    drop(cache);
    let cleared = {
        let _gate = gate();
        care::clear(dir.path()).unwrap()
    };
    assert!(cleared > 256 * 221_184);
    let mut names: Vec<_> =
        fs::read_dir(dir.path()).unwrap().map(|e| e.unwrap().file_name()).collect();
    names.sort();
    assert_eq!(names, ["CACHEDIR.TAG", "holiday.jpg", "lock"]);
    assert_eq!(open(dir.path(), AMPLE).findings(), []);
}
