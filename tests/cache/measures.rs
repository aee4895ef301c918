//! What photos were measured to be: kept, stale, damaged, gone with the photo.

use rushlight::disk::cache::Cache;
use rushlight::disk::cache::Measure;
use rushlight::disk::cache::MeasureKind;
use rusqlite::Connection;

use super::AMPLE;
use super::day;
use super::open;
use super::sample::Sample;

fn read(cache: &Cache, sample: &Sample, kind: MeasureKind, version: u32) -> Option<Vec<u8>> {
    cache.measure(&cache.lookup(&sample.key, day(1))?, kind, version)
}

fn value(byte: u8, version: u32) -> Measure {
    Measure { kind: MeasureKind::Embedding, version, bytes: vec![byte; 512] }
}

#[test]
fn a_measure_is_found_under_its_kind_and_version_alone() {
    let dir = tempfile::tempdir().unwrap();
    let cache = open(dir.path(), AMPLE);
    let samples: Vec<_> = (0..12).map(Sample::new).collect();
    for sample in &samples {
        sample.put(&cache, day(1));
    }
    cache.commit().unwrap();
    for sample in &samples {
        for kind in [MeasureKind::Features, MeasureKind::Embedding] {
            let put = sample.measures.iter().find(|m| m.kind == kind).map(|m| m.bytes.clone());
            assert_eq!(read(&cache, sample, kind, 3), put);
            assert_eq!(read(&cache, sample, kind, 2), None, "that version is stale");
        }
    }
    assert!(samples.iter().any(|s| s.measures.len() == 1), "not all photos have all kinds");
}

#[test]
fn a_measure_that_comes_later_takes_the_place_of_the_one_before() {
    let dir = tempfile::tempdir().unwrap();
    let cache = open(dir.path(), AMPLE);
    let (one, other) = (Sample::new(1), Sample::new(2));
    one.put(&cache, day(1));
    other.put(&cache, day(1));
    cache.commit().unwrap();
    let [found, left] = [&one, &other].map(|s| cache.lookup(&s.key, day(1)).unwrap());
    cache.put_measures(&[(&found, value(1, 7)), (&left, value(2, 7))]).unwrap();
    cache.put_measures(&[(&found, value(9, 8))]).unwrap();
    assert_eq!(read(&cache, &one, MeasureKind::Embedding, 8), Some(vec![9; 512]));
    assert_eq!(read(&cache, &one, MeasureKind::Embedding, 7), None);
    assert_eq!(read(&cache, &other, MeasureKind::Embedding, 7), Some(vec![2; 512]));
    // A file that was replaced is another picture: nothing of the old one holds for it.
    let mut replaced = one.replaced(5);
    replaced.measures.clear();
    replaced.put(&cache, day(1));
    cache.commit().unwrap();
    assert_eq!(read(&cache, &replaced, MeasureKind::Embedding, 8), None);
}

#[test]
fn a_damaged_measure_is_none_and_one_of_a_photo_that_left_is_dropped() {
    let dir = tempfile::tempdir().unwrap();
    let cache = open(dir.path(), AMPLE);
    let sample = Sample::new(1);
    sample.put(&cache, day(1));
    cache.commit().unwrap();
    let found = cache.lookup(&sample.key, day(1)).unwrap();
    cache.put_measures(&[(&found, value(1, 7))]).unwrap();
    let index = Connection::open(dir.path().join("index.sqlite")).unwrap();
    index.execute("UPDATE measure SET value = zeroblob(512) WHERE kind = 1", []).unwrap();
    assert_eq!(read(&cache, &sample, MeasureKind::Embedding, 7), None);
    cache.trim(0).unwrap();
    cache.put_measures(&[(&found, value(1, 7))]).unwrap();
    let left: i64 = index.query_row("SELECT count(*) FROM measure", [], |row| row.get(0)).unwrap();
    assert_eq!(left, 0);
}
