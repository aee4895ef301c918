//! Files that are cut off, missing, foreign or full of garbage: found, told, and begun anew; and
//! nothing that is not ours is touched.

use std::fs;
use std::fs::OpenOptions;
use std::io::Seek;
use std::io::SeekFrom;
use std::io::Write;
use std::path::Path;

use rushlight::disk::cache::Finding;
use rusqlite::Connection;

use super::AMPLE;
use super::day;
use super::kept;
use super::open;
use super::put;
use super::sample::Sample;

const PHOTOS: u32 = 6;

/// A cache with six photos and a file of somebody else's in every folder.
fn filled() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    let cache = open(dir.path(), AMPLE);
    (0..PHOTOS).for_each(|i| put(&cache, &Sample::new(i), day(1)));
    drop(cache);
    for stranger in ["holiday.jpg", "index.sqlite.bak", "bc7/holiday.jpg"] {
        fs::write(dir.path().join(stranger), "theirs").unwrap();
    }
    dir
}

/// Damages a cache, and compares what opening it says and what is left of the photos.
#[track_caller]
fn check(damage: impl Fn(&Path), findings: &[&str], left: &str) {
    let dir = filled();
    damage(dir.path());
    let cache = open(dir.path(), AMPLE);
    let told: Vec<String> = cache.findings().iter().map(ToString::to_string).collect();
    assert_eq!(told, findings);
    for i in 0..PHOTOS {
        assert_eq!(kept(&cache, &Sample::new(i), day(1)), left, "photo {i}");
    }
    // It works as before, in this run and the next.
    put(&cache, &Sample::new(0), day(1));
    put(&cache, &Sample::new(9), day(1));
    drop(cache);
    let cache = open(dir.path(), AMPLE);
    assert_eq!(cache.findings(), []);
    assert_eq!(kept(&cache, &Sample::new(0), day(1)), "lmst");
    assert_eq!(kept(&cache, &Sample::new(9), day(1)), "lmst");
    for stranger in ["holiday.jpg", "index.sqlite.bak", "bc7/holiday.jpg"] {
        assert_eq!(fs::read_to_string(dir.path().join(stranger)).unwrap(), "theirs");
    }
}

fn overwrite(path: &Path, at: u64, bytes: &[u8]) {
    let mut file = OpenOptions::new().write(true).open(path).unwrap();
    file.seek(SeekFrom::Start(at)).unwrap();
    file.write_all(bytes).unwrap();
}

fn cut(path: &Path, bytes: u64) {
    OpenOptions::new().write(true).open(path).unwrap().set_len(bytes).unwrap();
}

const DAMAGED: &str = "the tile cache begins anew: its index is damaged";
const FORMAT: &str = "the tile cache begins anew: its index has another format";

#[test]
fn an_index_that_is_not_to_be_trusted_is_begun_anew() {
    let index = |dir: &Path| dir.join("index.sqlite");
    check(|_| {}, &[], "lmst");
    check(|dir| fs::write(index(dir), [0x5A; 9000]).unwrap(), &[DAMAGED], "-");
    check(|dir| overwrite(&index(dir), 0, &[0; 16]), &[DAMAGED], "-");
    check(|dir| cut(&index(dir), 5000), &[DAMAGED], "-");
    check(|dir| cut(&index(dir), 0), &[FORMAT], "-");
    check(
        |dir| fs::remove_file(index(dir)).unwrap(),
        &["the tile cache begins anew: its index is missing"],
        "-",
    );
    // Every page but the first: the tables are known, their rows are noise.
    check(
        |dir| {
            let bytes = fs::metadata(index(dir)).unwrap().len();
            overwrite(&index(dir), 4096, &vec![0xA5; bytes as usize - 4096]);
        },
        &[DAMAGED],
        "-",
    );
}

#[test]
fn an_index_of_another_format_or_program_is_begun_anew() {
    let sql = |dir: &Path, text: &str| {
        Connection::open(dir.join("index.sqlite")).unwrap().execute_batch(text).unwrap();
    };
    check(|dir| sql(dir, "PRAGMA user_version = 1"), &[FORMAT], "-");
    check(|dir| sql(dir, "PRAGMA application_id = 7"), &[FORMAT], "-");
    check(|dir| sql(dir, "DROP TABLE photo"), &[DAMAGED], "-");
    check(|dir| sql(dir, "ALTER TABLE photo DROP COLUMN micro"), &[DAMAGED], "-");
    check(|dir| sql(dir, "DELETE FROM cache"), &[DAMAGED], "-");
}

#[test]
fn an_atlas_that_is_not_to_be_trusted_costs_its_own_pictures() {
    let lost = |file, why| {
        let part = format!("a part of the tile cache begins anew: {why}; file: {file}");
        [part, "tiles of 6 photos are lost and will be made again".to_owned()]
    };
    let check_lost = |damage: &dyn Fn(&Path), file: &'static str, why, left| {
        let told = lost(file, why);
        check(|dir| damage(&dir.join(file)), &[&told[0], &told[1]], left);
    };
    let foreign = "the file is damaged, or belongs to another cache";
    let missing = "the file is missing";
    check_lost(&|path| fs::remove_file(path).unwrap(), "bc7/large.atlas", missing, "st");
    check_lost(&|path| fs::remove_file(path).unwrap(), "bc7/micro.atlas", missing, "lms");
    check_lost(&|path| overwrite(path, 20, b"x"), "bc7/small.atlas", foreign, "lmt");
    check_lost(&|path| cut(path, 20), "bc7/small.atlas", foreign, "lmt");
    let other = filled();
    let others = |path: &Path| _ = fs::copy(other.path().join("bc7/large.atlas"), path).unwrap();
    check_lost(&others, "bc7/large.atlas", foreign, "st");
    let only_slots = "tiles of 6 photos are lost and will be made again";
    check(|dir| cut(&dir.join("bc7/large.atlas"), 4096 + 99), &[only_slots], "st");
}

#[test]
fn garbage_in_a_slot_is_a_miss_and_nothing_else() {
    let garbage = |file: &'static str| {
        move |dir: &Path| {
            let bytes = fs::metadata(dir.join(file)).unwrap().len();
            overwrite(&dir.join(file), 4096, &vec![0x3C; bytes.min(8 << 20) as usize - 4096]);
        }
    };
    check(garbage("bc7/large.atlas"), &[], "st");
    check(garbage("bc7/small.atlas"), &[], "lmt");
    check(garbage("bc7/micro.atlas"), &[], "lms");
}

#[test]
fn a_row_that_was_changed_is_a_miss() {
    for change in [
        "facts = zeroblob(length(facts))",
        "facts = substr(facts, 1, 10)",
        "levels = x'00'",
        "path = path || x'20'",
        "sum = sum + 1",
        "coding = 1",
        "facts = 'text'",
        "mtime_ns = 0.5",
    ] {
        let sql = format!("UPDATE photo SET {change}");
        let change =
            |dir: &Path| _ = Connection::open(dir.join("index.sqlite")).unwrap().execute(&sql, []);
        let dir = filled();
        change(dir.path());
        let cache = open(dir.path(), AMPLE);
        assert!(!cache.findings().iter().any(|f| matches!(f, Finding::Rebuilt { .. })), "{sql}");
        for i in 0..PHOTOS {
            assert_eq!(kept(&cache, &Sample::new(i), day(1)), "-", "{sql}");
        }
    }
}

#[test]
fn a_slot_that_is_named_twice_or_not_there_is_no_ones() {
    let sql = |text: &'static str| {
        move |dir: &Path| _ = Connection::open(dir.join("index.sqlite")).unwrap().execute(text, [])
    };
    let told = "tiles of 5 photos are lost and will be made again";
    let dir = filled();
    sql("UPDATE photo SET large = 3")(dir.path());
    let cache = open(dir.path(), AMPLE);
    assert_eq!(cache.findings()[0].to_string(), told);
    let left = |i| kept(&cache, &Sample::new(i), day(1));
    assert!((0..PHOTOS).map(left).all(|has| has == "st" || has == "lmst"));
    check(
        sql("UPDATE photo SET small = 4000000000, seen = 'soon'"),
        &["tiles of 6 photos are lost and will be made again"],
        "-",
    );
}

#[test]
fn damage_met_while_it_is_open_is_mended_at_the_next_start() {
    let dir = filled();
    let cache = open(dir.path(), AMPLE);
    let path = dir.path().join("index.sqlite");
    // The maps, which opening does not read: without the mark they would be met in every run.
    let root = "SELECT rootpage FROM sqlite_master WHERE name = 'detail'";
    let page: i64 = Connection::open(&path).unwrap().query_row(root, [], |r| r.get(0)).unwrap();
    overwrite(&path, (page as u64 - 1) * 4096, &[0xA5; 4096]);
    let found = cache.lookup(&Sample::new(0).key, day(1)).unwrap();
    assert_eq!(cache.detail(&found), None);
    drop(cache);
    let cache = open(dir.path(), AMPLE);
    assert!(matches!(cache.findings(), [Finding::Rebuilt { .. }]), "{:?}", cache.findings());
    put(&cache, &Sample::new(0), day(1));
    drop(cache);
    assert_eq!(open(dir.path(), AMPLE).findings(), []);
}

#[cfg(unix)]
#[test]
fn a_link_in_the_place_of_an_atlas_goes_and_its_target_stays() {
    let target = tempfile::NamedTempFile::new().unwrap();
    fs::write(target.path(), "theirs").unwrap();
    let dir = filled();
    let atlas = dir.path().join("bc7/large.atlas");
    fs::remove_file(&atlas).unwrap();
    std::os::unix::fs::symlink(target.path(), &atlas).unwrap();
    let cache = open(dir.path(), AMPLE);
    put(&cache, &Sample::new(0), day(1));
    drop(cache);
    assert_eq!(fs::read_to_string(target.path()).unwrap(), "theirs");
    assert_eq!(kept(&open(dir.path(), AMPLE), &Sample::new(0), day(1)), "lmst");
}
