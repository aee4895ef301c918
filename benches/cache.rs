//! How fast does a known shoot come back from the cache on disk, and what does keeping it cost?
//!
//! Budget: 100,000 look-ups one by one in a second on one thread; a 512 px picture in 0.2 ms from
//! memory that the system still has; a photo with all four pictures put in 2 ms, a tenth of what its
//! decode took. The disk is that of the system's folder for temporary files (`TMPDIR`).

use std::hint::black_box;
use std::path::Path;
use std::time::Duration;
use std::time::Instant;

use rushlight::core::coded::Coded;
use rushlight::core::coded::Coding;
use rushlight::core::photo::Fingerprint;
use rushlight::core::photo::PhotoMeta;
use rushlight::core::photo::Timestamp;
use rushlight::disk::cache::Cache;
use rushlight::disk::cache::Found;
use rushlight::disk::cache::Key;
use rushlight::disk::cache::NewPhoto;
use rushlight::disk::cache::Setup;
use rushlight::disk::cache::facts::Detail;
use rushlight::disk::cache::facts::Facts;
use rushlight::disk::cache::layout::Level;

const ROWS: u32 = 100_000;
const PICTURES: u32 = 1000;
const NOW: Timestamp = Timestamp(0);

fn main() {
    let dir = tempfile::tempdir().expect("the system has a folder for temporary files");
    let cache = open(dir.path());
    put_rows(&cache);
    drop(cache);
    let cache = timed("open, 100,000 photos known", 1, 1.0, || open(dir.path()));
    look_up(&cache);
    put_pictures(&cache);
    read_pictures(&cache);
    sums();
}

fn open(folder: &Path) -> Cache {
    let setup = Setup { folder, coding: Coding::Bc7, cap_bytes: 8 << 30 };
    Cache::open(&setup).expect("the folder can be written to")
}

/// Runs `work` once and says what one of its `count` parts took, against a budget in seconds.
fn timed<T>(what: &str, count: u32, budget_seconds: f64, work: impl FnOnce() -> T) -> T {
    let begin = Instant::now();
    let made = work();
    let each = begin.elapsed() / count;
    let verdict = if each <= Duration::from_secs_f64(budget_seconds) { "within" } else { "over" };
    let rate = 1.0 / each.as_secs_f64();
    println!("{what:<36} {each:>10.1?} each, {rate:>9.0} a second, {verdict} the budget");
    made
}

fn key(number: u32) -> Key {
    let path = format!("/home/somebody/pictures/2026/05/wedding/IMG_{number:06}.JPG");
    Key::new(Path::new(&path), 10_000_000, i64::from(number))
}

fn facts(number: u32) -> Facts {
    let text = |text: &str| Some(text.into());
    let meta = PhotoMeta {
        make: text("Canon"),
        model: text("Canon EOS R5"),
        serial: text("012345678901"),
        lens: text("RF70-200mm F2.8 L IS USM"),
        captured: Some(Timestamp(i64::from(number))),
        size_px: Some([8192, 5464]),
        iso: Some(400),
        f_number: Some(2.8),
        exposure_seconds: Some(0.004),
        focal_mm: Some(200.0),
        ..PhotoMeta::default()
    };
    let fingerprint = Fingerprint(u128::from(number).to_le_bytes());
    let size_px = Some([8192, 5464]);
    Facts { meta, fingerprint, mean: [90, 80, 70], size_px, colours: None }
}

/// Rows without pictures, so that the index alone is measured.
fn put_rows(cache: &Cache) {
    timed("put of a row alone", ROWS, 0.001, || {
        for number in 0..ROWS {
            let (key, facts) = (&key(number), &facts(number));
            let photo = NewPhoto { key, facts, detail: None, measures: &[], levels: &[] };
            cache.put(&photo, NOW).expect("the disk has room");
        }
        cache.commit().expect("the disk has room");
    });
}

fn look_up(cache: &Cache) {
    let keys: Vec<Key> = (0..ROWS).map(key).collect();
    for what in ["look-up, first", "look-up, again"] {
        timed(what, ROWS, 1e-5, || {
            assert!(keys.iter().all(|key| black_box(cache.lookup(key, NOW)).is_some()));
        });
    }
}

fn noise(size_px: [u32; 2], seed: u32) -> Coded {
    let mut bytes = vec![0; Coding::Bc7.size_bytes(size_px)];
    blake3::Hasher::new().update(&seed.to_le_bytes()).finalize_xof().fill(&mut bytes);
    Coded::new(size_px, Coding::Bc7, bytes).expect("the bytes are as many as it needs")
}

fn put_pictures(cache: &Cache) {
    let sizes = [[512, 341], [256, 171], [128, 86], [32, 22]];
    let pictures: Vec<_> = sizes.iter().map(|&size_px| noise(size_px, 1)).collect();
    let levels: Vec<_> = Level::ALL.into_iter().zip(&pictures).collect();
    let detail = Detail::new([128, 86], vec![9; 128 * 86]);
    timed("put of a photo with all pictures", PICTURES, 0.002, || {
        for number in 0..PICTURES {
            let (key, facts) = (&key(number), &facts(number));
            let photo =
                NewPhoto { key, facts, detail: detail.as_ref(), measures: &[], levels: &levels };
            cache.put(&photo, NOW).expect("the disk has room");
        }
        cache.commit().expect("the disk has room");
    });
}

fn read_pictures(cache: &Cache) {
    let find = |number| cache.lookup(&key(number), NOW).expect("it was put");
    let found: Vec<Found> = (0..PICTURES).map(find).collect();
    let mut bytes = Vec::new();
    for (what, level) in
        [("read of 512 px, 176 KB", Level::Large), ("read of 128 px", Level::Small)]
    {
        timed(what, PICTURES, 0.0002, || {
            for found in &found {
                let size_px = cache.read_into(black_box(found), level, &mut bytes);
                assert!(size_px.is_some(), "it is as it was put");
            }
        });
    }
}

/// Why xxh3: the checksum is most of what a read does beside the copy.
fn sums() {
    let large = noise([512, 341], 1);
    timed("xxh3 of 512 px", PICTURES, 0.0001, || {
        (0..PICTURES)
            .for_each(|_| _ = black_box(xxhash_rust::xxh3::xxh3_64(black_box(large.bytes()))));
    });
    timed("BLAKE3 of 512 px, for comparison", PICTURES, 0.0001, || {
        (0..PICTURES).for_each(|_| _ = black_box(blake3::hash(black_box(large.bytes()))));
    });
}
