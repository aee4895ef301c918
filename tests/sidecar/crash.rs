//! A killed program: what was acknowledged is in the store, no sidecar is torn, no draft stays.
//!
//! The child culls as fast as the store takes decisions; the kill comes at moments of all kinds, a
//! fixed series of them. `RUSHLIGHT_TEST_KILLS` says how many; the usual few take some seconds,
//! `benches/crash.sh` runs two hundred.

use std::collections::BTreeSet;
use std::env;
use std::fs;
use std::io::BufRead;
use std::io::BufReader;
use std::path::Path;
use std::process::Child;
use std::process::Command;
use std::process::Stdio;
use std::thread;
use std::time::Duration;

use rushlight::core::label::Decision;
use rushlight::core::label::Label;
use rushlight::core::said::Convention;
use rushlight::disk::decisions::Decisions;
use rushlight::disk::sidecar;
use rushlight::disk::sidecar::settings::SidecarSettings;
use rusqlite::Connection;

use super::clerk::Run;
use super::clerk::wait_for;
use super::shoot::Shoot;

const PHOTOS: usize = 8;

/// Variable that tells the child its folders, whether it writes sidecars, and where its numbers begin.
const CHILD: &str = "RUSHLIGHT_TEST_SIDECAR_CHILD";

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

/// Not a test: what `a_kill_loses_nothing_and_tears_nothing` starts as another process.
#[test]
fn a_child_culls_until_it_is_killed() {
    let Ok(told) = env::var(CHILD) else { return };
    let mut told = told.split('|');
    let mut next = || told.next().unwrap().to_owned();
    let (photos, store, write, seed) = (next(), next(), next(), next());
    let settings = SidecarSettings { write: write == "true", ..SidecarSettings::default() };
    let mut run = Run::with(Path::new(&photos), Path::new(&store), settings);
    let mut dice = Dice(seed.parse().unwrap());
    for number in 1.. {
        let photo = dice.throw(PHOTOS as u64) as u32;
        let decision = match dice.throw(6) {
            0 => Decision::Keep,
            1 => Decision::Trash,
            2 => Decision::Clear,
            // Each step differs from the one before it, so that the log tells it.
            3 => Decision::Tag(format!("t{}", number % 9).into()),
            _ => Decision::Stars(dice.throw(6) as u8),
        };
        run.decide(photo, &decision);
        while run.saver.saved_number() + number % 5 < number {
            thread::sleep(Duration::from_micros(50));
        }
        if run.saver.saved_number() > 0 {
            println!("\nsaved {}", run.saver.saved_number());
        }
    }
}

/// Starts a child, kills it a moment after its `line`th line, and gives the last number it told.
fn kill_after(mut child: Child, line: usize, moment: Duration) -> u64 {
    let told = |line: &String| line.strip_prefix("saved ").and_then(|n| n.parse().ok());
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
    let first = lines.by_ref().filter_map(|l| told(&l)).take(line).last();
    thread::sleep(moment);
    child.kill().unwrap();
    child.wait().unwrap();
    lines.filter_map(|l| told(&l)).last().or(first).unwrap_or(0)
}

/// How many steps of persons are in the store.
fn step_count(store: &Path) -> u64 {
    let db = Connection::open(store.join(Decisions::FILE)).unwrap();
    let sql = "SELECT count(*) FROM step WHERE origin = 'person'";
    db.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap().cast_unsigned()
}

/// The files beside the photos: every sidecar can be read, and what else there is, is given.
fn strays(photos: &Path) -> BTreeSet<String> {
    let mut strays = BTreeSet::new();
    for entry in fs::read_dir(photos).unwrap() {
        let path = entry.unwrap().path();
        match path.extension().and_then(|e| e.to_str()) {
            Some("xmp") => assert!(sidecar::read(&path).is_ok(), "torn: {}", path.display()),
            Some("jpg") => {}
            _ => _ = strays.insert(path.file_name().unwrap().to_string_lossy().into_owned()),
        }
    }
    strays
}

/// A run that is not killed: all sidecars say what the store has, and nothing else stays.
fn check_afterwards(shoot: &Shoot) {
    let mut run = Run::open(shoot);
    wait_for("the sidecars to agree with the store", || {
        let agrees = (0..PHOTOS).all(|n| {
            let Label { verdict, stars, tags, .. } = run.label(n as u32);
            let path = super::clerk::sidecar(shoot, n);
            let said =
                sidecar::read(&path).unwrap().map_or_else(Default::default, |(said, _)| said);
            let found = said.label(Convention::Rating);
            (found.verdict, found.stars, found.tags) == (verdict, stars, tags)
        });
        agrees.then_some(())
    });
    run.end();
    assert_eq!(strays(&shoot.photos()), BTreeSet::new(), "no draft stays");
}

#[test]
fn a_kill_loses_nothing_and_tears_nothing() {
    let kills = env::var("RUSHLIGHT_TEST_KILLS").ok().and_then(|n| n.parse().ok()).unwrap_or(10);
    let shoot = Shoot::of(PHOTOS, [16, 12]);
    let before: Vec<_> = (0..PHOTOS)
        .map(|n| fs::read(shoot.photos().join(format!("p{n:03}.jpg"))).unwrap())
        .collect();
    let mut dice = Dice(11);
    let mut steps = 0;
    for round in 0..kills {
        // Every fourth run without sidecars: the next one catches up.
        let write = round % 4 != 3;
        let told =
            format!("{}|{}|{write}|{round}", shoot.photos().display(), shoot.store().display());
        let child = Command::new(env::current_exe().unwrap())
            .args(["--exact", "crash::a_child_culls_until_it_is_killed", "--nocapture"])
            .env(CHILD, told)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let moment = Duration::from_micros(dice.throw(30_000));
        let told = kill_after(child, 1 + dice.throw(25) as usize, moment);
        let found = step_count(&shoot.store());
        assert!(
            told > 0 && found >= steps + told,
            "round {round}: {told} told, {steps} then {found}"
        );
        steps = found;
        strays(&shoot.photos());
        if round % 5 == 4 {
            check_afterwards(&shoot);
        }
    }
    check_afterwards(&shoot);
    for (n, bytes) in before.iter().enumerate() {
        assert_eq!(&fs::read(shoot.photos().join(format!("p{n:03}.jpg"))).unwrap(), bytes);
    }
}
