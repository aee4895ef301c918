//! Is what was acknowledged still there, whatever happened in between?

#![expect(clippy::unwrap_used, reason = "a failed step of a test is a failed test")]

use std::collections::BTreeSet;
use std::env;
use std::fs;
use std::io::BufRead;
use std::io::BufReader;
use std::io::Write;
use std::path::Path;
use std::process::Child;
use std::process::Command;
use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering;
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
use rushlight::disk::decisions::Decisions;
use rushlight::jobs::board::Board;
use rushlight::jobs::board::Header;
use rushlight::jobs::save::News;
use rushlight::jobs::save::Saver;
use rushlight::jobs::save::Setup;
use rusqlite::Connection;

const PHOTOS: u32 = 16;
const PATIENCE: Duration = Duration::from_secs(20);
const DAY: i64 = 86_400;

/// A run on a shoot of which every header has been read, if `has_headers`.
fn start(root: &Path, has_headers: bool, day: i64) -> Saver {
    let board = Arc::new(Board::default());
    let header = |i: u32| Header {
        meta: PhotoMeta::default(),
        fingerprint: Fingerprint(u128::from(i).to_le_bytes()),
    };
    for i in 0..PHOTOS {
        let photo = board.add(root.join(format!("shoot/{i}.jpg")).as_path().into());
        if has_headers {
            board.slot(photo).unwrap().set_header(header(i));
        }
    }
    let read = move |path: &Path| Some(header(path.file_stem()?.to_str()?.parse().ok()?));
    Saver::start(Setup {
        board,
        dir: root.join("store"),
        folders: vec![root.join("shoot")],
        read_header: Arc::new(read),
        wake: Arc::new(|| {}),
        now: Timestamp(0).plus_seconds(day * DAY),
        sidecars: None,
    })
    .unwrap()
}

/// The step of that number: it keeps the photo or trashes it.
fn step(number: u64, at: i64) -> Step {
    let photo = PhotoId((number % u64::from(PHOTOS)) as u32);
    let [keep, trash] =
        [Decision::Keep, Decision::Trash].map(|decision| Label::default().with(&decision));
    let edit = Edit { photo, before: keep, after: trash };
    let act = if number.is_multiple_of(2) { Act::Do } else { Act::Redo };
    Step { number, act, edits: [edit].into(), at: Timestamp(at), lead: Lead::Nobody }
}

#[track_caller]
fn wait_for<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let begin = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(begin.elapsed() < PATIENCE, "waited in vain for {what}");
        thread::sleep(Duration::from_millis(1));
    }
}

/// The next news of which `pick` makes something.
#[track_caller]
fn news<T>(saver: &Saver, what: &str, mut pick: impl FnMut(News) -> Option<T>) -> T {
    wait_for(what, || saver.take_news().and_then(&mut pick))
}

fn numbers(root: &Path) -> Vec<i64> {
    let db = Connection::open(root.join("store").join(Decisions::FILE)).unwrap();
    let mut query = db.prepare("SELECT at FROM step ORDER BY id").unwrap();
    query.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
}

/// Variable that tells the child its folder, and what it adds to its numbers.
const CHILD: &str = "RUSHLIGHT_TEST_SAVE_CHILD";

/// Not a test: what `every_acknowledged_step_survives_a_kill` starts as another process.
#[test]
fn a_child_saves_until_it_is_killed() {
    let Ok(told) = env::var(CHILD) else { return };
    let (base, root) = told.split_once(' ').unwrap();
    let base: i64 = base.parse().unwrap();
    let saver = start(Path::new(root), true, 0);
    let mut told = 0;
    for number in 1.. {
        let mut next = step(number, base + number as i64);
        while let Err(back) = saver.offer(next) {
            next = back;
        }
        // One to seven steps are on their way at a time, so that transactions differ in size.
        while saver.saved_number() + number % 7 < number {
            thread::sleep(Duration::from_micros(50));
        }
        if saver.saved_number() > told {
            told = saver.saved_number();
            println!("\nsaved {told}");
        }
    }
}

#[test]
fn every_acknowledged_step_survives_a_kill() {
    let root = tempfile::tempdir().unwrap();
    let mut acknowledged = BTreeSet::new();
    for round in 0..6_i64 {
        let base = round * 1_000_000;
        let mut child = Command::new(env::current_exe().unwrap())
            .args(["--exact", "a_child_saves_until_it_is_killed", "--nocapture"])
            .env(CHILD, format!("{base} {}", root.path().display()))
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        // Moments that hit all places within a commit: 37 is prime to everything in it.
        let moment = Duration::from_micros(900 + 3_700 * round as u64);
        let told = kill_after(&mut child, 20 + 37 * round as usize, moment);
        acknowledged.extend((1..=told).map(|number| base + number));
        let found: BTreeSet<i64> = numbers(root.path()).into_iter().collect();
        assert!(told > 0 && acknowledged.is_subset(&found), "round {round}: {told} were told");
    }
    Decisions::open(&root.path().join("store")).unwrap();
}

/// Kills the child a `moment` after its `line`th line; the last number that it told.
fn kill_after(child: &mut Child, line: usize, moment: Duration) -> i64 {
    let told = |line: &String| line.strip_prefix("saved ").and_then(|n| n.parse().ok());
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
    let first = lines.by_ref().filter_map(|l| told(&l)).take(line).last();
    thread::sleep(moment);
    child.kill().unwrap();
    child.wait().unwrap();
    // What it still told before it died counts too.
    lines.filter_map(|l| told(&l)).last().or(first).unwrap_or(0)
}

#[test]
fn what_waited_is_saved_when_the_store_works_again() {
    let root = tempfile::tempdir().unwrap();
    let saver = start(root.path(), true, 0);
    saver.offer(step(1, 1)).unwrap();
    wait_for("the first step", || (saver.saved_number() == 1).then_some(()));
    // Stands for a full disk: every commit fails.
    let other = Connection::open(root.path().join("store").join(Decisions::FILE)).unwrap();
    let full = "CREATE TRIGGER full BEFORE INSERT ON edit BEGIN SELECT RAISE(FAIL, 'full'); END";
    other.execute_batch(full).unwrap();
    for number in 2..=40 {
        saver.offer(step(number, number as i64)).unwrap();
        thread::sleep(Duration::from_millis(5));
    }
    let trouble = |news| if let News::Trouble(words) = news { Some(words) } else { None };
    let words = news(&saver, "trouble", trouble).unwrap();
    assert!(words.starts_with("cannot save the decisions: "), "{words}");
    assert_eq!((saver.saved_number(), numbers(root.path()).len()), (1, 1));
    other.execute_batch("DROP TRIGGER full").unwrap();
    assert_eq!(news(&saver, "the end of it", trouble), None);
    wait_for("the rest", || (saver.saved_number() == 40).then_some(()));
    assert_eq!(saver.finish(PATIENCE), Ok(()));
    assert_eq!(numbers(root.path()), (1..=40).collect::<Vec<_>>());
}

/// Variable that tells the child the folder in which a small file system is mounted.
const MOUNTED: &str = "RUSHLIGHT_TEST_SMALL_DISK";

/// Not a test by itself: the child of the test below.
#[test]
fn a_child_whose_store_is_on_a_full_disk() {
    let Ok(root) = env::var(MOUNTED).map(std::path::PathBuf::from) else { return };
    let saver = start(&root, true, 0);
    saver.offer(step(1, 1)).unwrap();
    wait_for("the first step", || (saver.saved_number() == 1).then_some(()));
    let filler = root.join("filler.bin");
    let mut file = fs::File::create(&filler).unwrap();
    while file.write_all(&[7; 4096]).is_ok() {}
    // What is told as saved meanwhile is there, whether it found room in the store's own files or not.
    let mut number = 1;
    let trouble = |news| match news {
        // The day's backup may run into the full disk first.
        News::Trouble(words) => words.filter(|words| !words.starts_with("cannot back up")),
        _ => None,
    };
    let words = loop {
        assert!(number < 20_000, "the disk is never full");
        number += 1;
        _ = saver.offer(step(number, number as i64)).map_err(|_| number -= 1);
        if let Some(words) = saver.take_news().and_then(trouble) {
            break words;
        }
        thread::sleep(Duration::from_millis(1));
    };
    assert!(words.starts_with("cannot save the decisions: "), "{words}");
    assert!(saver.saved_number() < number, "the last ones wait");
    drop(file);
    fs::remove_file(filler).unwrap();
    wait_for("the rest", || (saver.saved_number() == number).then_some(()));
    assert_eq!(saver.finish(PATIENCE), Ok(()));
    assert_eq!(numbers(&root), (1..=number.cast_signed()).collect::<Vec<_>>());
}

#[test]
fn a_full_disk_delays_what_is_decided_and_loses_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let script = format!(
        "mount -t tmpfs -o size=1m none '{0}' || exit 77; \
         {MOUNTED}='{0}' exec '{1}' --exact a_child_whose_store_is_on_a_full_disk --nocapture",
        dir.path().display(),
        env::current_exe().unwrap().display()
    );
    let output = Command::new("unshare").args(["-rm", "sh", "-c", &script]).output();
    let code = output.as_ref().ok().and_then(|output| output.status.code());
    match (output, code) {
        (Ok(_), Some(0)) => {}
        (Ok(output), Some(101)) => panic!("{}", String::from_utf8_lossy(&output.stderr)),
        _ => println!("skipped: no file system of one's own may be mounted here"),
    }
}

#[test]
fn a_store_that_cannot_be_opened_is_waited_for() {
    let root = tempfile::tempdir().unwrap();
    let in_the_way = root.path().join("store");
    fs::write(&in_the_way, "a file where the folder should be").unwrap();
    let saver = start(root.path(), true, 0);
    saver.headers_read((0..PHOTOS).map(PhotoId).collect());
    // More than the thread and its channel hold: the rest is handed back.
    let back = (1..=4000).map(|n| step(n, n as i64)).find_map(|s| saver.offer(s).err()).unwrap();
    assert!(back.number > 1024);
    let is_trouble = |news| matches!(news, News::Trouble(Some(_))).then_some(());
    news(&saver, "trouble", is_trouble);
    fs::remove_file(&in_the_way).unwrap();
    wait_for("the steps", || (saver.saved_number() == back.number - 1).then_some(()));
    saver.offer(back).unwrap();
    assert_eq!(saver.finish(PATIENCE), Ok(()));
}

#[test]
fn what_cannot_be_saved_before_the_end_is_counted() {
    let root = tempfile::tempdir().unwrap();
    fs::write(root.path().join("store"), "a file where the folder should be").unwrap();
    let saver = start(root.path(), true, 0);
    for number in 1..=3 {
        saver.offer(step(number, 0)).unwrap();
    }
    assert_eq!(saver.finish(Duration::from_millis(300)), Err(3));
}

#[test]
fn a_photo_decided_before_its_header_is_read_is_found_by_it() {
    let root = tempfile::tempdir().unwrap();
    let saver = start(root.path(), false, 0);
    saver.offer(step(2, 0)).unwrap();
    assert_eq!(saver.finish(PATIENCE), Ok(()));
    let saver = start(root.path(), true, 0);
    saver.headers_read((0..PHOTOS).map(PhotoId).collect());
    saver.all_read();
    let labels = news(&saver, "labels", |n| if let News::Labels(l) = n { Some(l) } else { None });
    assert_eq!(labels, [(PhotoId(2), Label::default().with(&Decision::Trash))]);
    let pick = |n| if let News::History { undo, redo } = n { Some((undo, redo)) } else { None };
    assert_eq!(news(&saver, "history", pick), (vec![step(2, 0).edits], vec![]));
}

#[test]
fn another_programs_decisions_are_news() {
    let root = tempfile::tempdir().unwrap();
    let [one, two] = [(), ()].map(|()| start(root.path(), true, 0));
    let pick = |n| matches!(n, News::History { .. }).then_some(());
    for saver in [&one, &two] {
        saver.headers_read((0..PHOTOS).map(PhotoId).collect());
        saver.all_read();
        news(saver, "the end of reading", pick);
    }
    one.offer(step(4, 0)).unwrap();
    let labels = news(&two, "labels", |n| if let News::Foreign(l) = n { Some(l) } else { None });
    assert_eq!(labels, [(PhotoId(4), Label::default().with(&Decision::Trash))]);
}

#[test]
fn a_backup_is_made_daily_and_at_the_end() {
    let root = tempfile::tempdir().unwrap();
    let backups = || fs::read_dir(root.path().join("store/backups")).map_or(0, Iterator::count);
    let saver = start(root.path(), true, 0);
    saver.offer(step(1, 30 * Timestamp::SECOND)).unwrap();
    assert_eq!(saver.finish(PATIENCE), Ok(()));
    assert_eq!(backups(), 1, "something was written");
    // The step is younger than the backup, by its time, and the backup older than a day.
    let saver = start(root.path(), true, 2);
    wait_for("the daily backup", || (backups() == 2).then_some(()));
    assert_eq!(saver.finish(PATIENCE), Ok(()));
    let saver = start(root.path(), true, 9);
    saver.looker().all_read();
    thread::sleep(Duration::from_millis(700));
    assert_eq!(saver.finish(PATIENCE), Ok(()));
    assert_eq!(backups(), 2, "nothing was written since");
    let saver = start(root.path(), true, 9);
    saver.offer(step(1, 0)).unwrap();
    drop(saver);
    wait_for("the backup of a dropped handle", || (backups() == 3).then_some(()));
}

#[test]
fn the_window_is_woken_when_a_step_is_saved() {
    let root = tempfile::tempdir().unwrap();
    let board = Arc::new(Board::default());
    board.add(root.path().join("a.jpg").as_path().into());
    let woken = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&woken);
    let saver = Saver::start(Setup {
        board,
        dir: root.path().join("store"),
        folders: vec![],
        read_header: Arc::new(|_: &Path| None),
        wake: Arc::new(move || _ = count.fetch_add(1, Ordering::Relaxed)),
        now: Timestamp(0),
        sidecars: None,
    })
    .unwrap();
    saver.offer(step(u64::from(PHOTOS), 0)).unwrap();
    wait_for("the call", || (woken.load(Ordering::Relaxed) > 0).then_some(()));
    assert_eq!(saver.saved_number(), u64::from(PHOTOS));
}
