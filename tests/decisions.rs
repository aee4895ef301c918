//! Does a decision stay with its photo, and with no other?
//!
//! Photos here are files with their name for content; what their headers would say is made up, so
//! that a fingerprint can be shared, changed or lost at will.

#![expect(clippy::unwrap_used, reason = "a failed step of a test is a failed test")]

use std::fs;
use std::path::Path;
use std::path::PathBuf;
use std::time::Instant;

use rushlight::core::edit::Act;
use rushlight::core::edit::Edit;
use rushlight::core::edit::Lead;
use rushlight::core::edit::Step;
use rushlight::core::label::Decision;
use rushlight::core::label::Label;
use rushlight::core::photo::Fingerprint;
use rushlight::core::photo::PhotoId;
use rushlight::core::photo::Timestamp;
use rushlight::disk::DiskError;
use rushlight::disk::decisions::Decisions;
use rushlight::disk::decisions::KEPT;
use rushlight::disk::decisions::Known;
use rusqlite::Connection;
use tempfile::TempDir;

/// A folder with shoots and a store.
struct Desk {
    root: TempDir,
}

/// What a header says: the fingerprint's number, and the capture time.
type Says = (u8, Option<i64>);

impl Desk {
    fn new() -> Self {
        Self { root: tempfile::tempdir().unwrap() }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.root.path().join(name)
    }

    fn store(&self) -> PathBuf {
        self.path("store")
    }

    fn photo(&self, name: &str) -> PathBuf {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, name).unwrap();
        path
    }

    fn rename(&self, old: &str, new: &str) {
        fs::rename(self.path(old), self.path(new)).unwrap();
    }

    /// A run of the program on `folder`.
    fn open(&self, folder: &str) -> Decisions {
        let mut store = Decisions::open(&self.store()).unwrap();
        store.open_folder(&self.path(folder));
        store
    }

    /// Keeps the photo at `name` in a run of its own.
    fn keep(&self, folder: &str, name: &str, says: Says) {
        let path = self.photo(name);
        self.open(folder).append(&[step(0, &Decision::Keep)], &[known(0, &path, says)]).unwrap();
    }

    /// Whether a new run finds a decision for the photo at `name`.
    fn is_decided(&self, folder: &str, name: &str, says: Says) -> bool {
        let path = self.path(name);
        self.open(folder).look_up(&[known(0, &path, says)]).unwrap()[0].is_some()
    }

    fn row_count(&self) -> i64 {
        let db = Connection::open(self.store().join(Decisions::FILE)).unwrap();
        db.query_row("SELECT count(*) FROM photo", [], |row| row.get(0)).unwrap()
    }
}

fn known(photo: u32, path: &Path, (mark, captured): Says) -> Known<'_> {
    let fingerprint = Some(Fingerprint([mark; 16]));
    let captured = captured.map(Timestamp);
    Known { photo: PhotoId(photo), path, fingerprint, captured, serial: Some("7") }
}

fn edit(photo: u32, decision: &Decision) -> Edit {
    let before = Label::default();
    Edit { photo: PhotoId(photo), after: before.with(decision), before }
}

fn step(photo: u32, decision: &Decision) -> Step {
    Step {
        number: 1,
        act: Act::Do,
        edits: [edit(photo, decision)].into(),
        at: Timestamp(1),
        lead: Lead::Nobody,
    }
}

#[test]
fn a_renamed_folder_keeps_its_decisions() {
    let desk = Desk::new();
    desk.keep("old", "old/a.jpg", (1, Some(5)));
    desk.rename("old", "new");
    assert!(desk.is_decided("new", "new/a.jpg", (1, Some(5))));
    desk.rename("new", "third");
    assert!(desk.is_decided("third", "third/a.jpg", (1, None)));
    assert_eq!(desk.row_count(), 1, "the row has moved, nothing was copied");
}

#[test]
fn another_photo_of_the_same_name_begins_without_decisions() {
    let desk = Desk::new();
    desk.keep("card", "card/a.jpg", (1, Some(5)));
    assert!(!desk.is_decided("card", "card/a.jpg", (2, Some(6))));
    assert!(!desk.is_decided("card", "card/a.jpg", (2, None)));
    assert!(desk.is_decided("card", "card/a.jpg", (1, Some(5))), "the first one still has its own");
}

#[test]
fn two_photos_without_capture_times_are_told_apart() {
    let desk = Desk::new();
    desk.keep("card", "card/a.jpg", (1, None));
    assert!(!desk.is_decided("card", "card/a.jpg", (2, None)));
}

#[test]
fn a_header_rewritten_by_another_program_keeps_its_decisions() {
    let desk = Desk::new();
    desk.keep("shoot", "shoot/a.jpg", (1, Some(5)));
    assert!(desk.is_decided("shoot", "shoot/a.jpg", (2, Some(5))));
    desk.rename("shoot/a.jpg", "shoot/b.jpg");
    assert!(desk.is_decided("shoot", "shoot/b.jpg", (2, Some(5))), "known by the new header now");
}

#[test]
fn an_untouched_copy_keeps_the_decision_when_the_file_itself_is_rewritten() {
    let desk = Desk::new();
    desk.photo("backup/a.jpg");
    desk.keep("shoot", "shoot/a.jpg", (1, Some(5)));
    assert!(desk.is_decided("shoot", "shoot/a.jpg", (2, Some(5))));
    assert!(desk.is_decided("backup", "backup/a.jpg", (1, Some(5))), "the copy is as it was");
    assert!(desk.is_decided("shoot", "shoot/a.jpg", (2, Some(5))), "and so is the file");
    assert!(!desk.is_decided("backup", "backup/a.jpg", (3, Some(5))), "another photo is another");
}

#[test]
fn copies_in_one_shoot_stay_apart() {
    let desk = Desk::new();
    desk.photo("shoot/b.jpg");
    desk.keep("shoot", "shoot/a.jpg", (1, None));
    assert!(!desk.is_decided("shoot", "shoot/b.jpg", (1, None)));
}

#[test]
fn a_copy_elsewhere_begins_with_the_decision_and_goes_its_own_way() {
    let desk = Desk::new();
    let copy = desk.photo("disk/a.jpg");
    desk.keep("card", "card/a.jpg", (1, None));
    assert!(desk.is_decided("disk", "disk/a.jpg", (1, None)));
    // Made before the label was known: the keep of the other copy is not lost by the stars.
    let stars = step(0, &Decision::Stars(3));
    let now = desk.open("disk").append(&[stars], &[known(0, &copy, (1, None))]).unwrap();
    let expect = Label::default().with(&Decision::Keep).with(&Decision::Stars(3));
    assert_eq!(now, [(PhotoId(0), expect)]);
    let on_card = desk.path("card/a.jpg");
    let found = desk.open("card").look_up(&[known(0, &on_card, (1, None))]).unwrap();
    assert_eq!(found[0].as_ref().map(|d| d.label.stars), Some(0));
}

#[test]
fn copies_in_a_renamed_folder_go_with_their_names() {
    let desk = Desk::new();
    desk.photo("old/a.jpg");
    desk.keep("old", "old/b.jpg", (1, None));
    desk.rename("old", "new");
    assert!(!desk.is_decided("new", "new/a.jpg", (1, None)), "b.jpg is beside it");
    assert!(desk.is_decided("new", "new/b.jpg", (1, None)));
}

#[test]
fn the_first_of_two_takes_a_moved_row() {
    let desk = Desk::new();
    desk.keep("shoot", "shoot/a.jpg", (1, None));
    fs::remove_file(desk.path("shoot/a.jpg")).unwrap();
    let (b, c) = (desk.photo("shoot/b.jpg"), desk.photo("shoot/c.jpg"));
    let found = desk.open("shoot").look_up(&[known(0, &b, (1, None)), known(1, &c, (1, None))]);
    assert_eq!(found.unwrap().iter().map(Option::is_some).collect::<Vec<_>>(), [true, false]);
}

#[test]
fn a_photo_without_a_readable_header_is_bound_by_its_path() {
    let desk = Desk::new();
    let path = desk.photo("shoot/a.jpg");
    let blind = Known { fingerprint: None, ..known(0, &path, (0, None)) };
    desk.open("shoot").append(&[step(0, &Decision::Trash)], &[blind]).unwrap();
    assert!(desk.open("shoot").look_up(&[blind]).unwrap()[0].is_some());
    assert!(!desk.is_decided("shoot", "shoot/a.jpg", (1, Some(5))));
}

#[cfg(unix)]
#[test]
fn a_shoot_opened_by_another_road_is_the_same_shoot() {
    let desk = Desk::new();
    desk.keep("real", "real/a.jpg", (1, None));
    std::os::unix::fs::symlink(desk.path("real"), desk.path("link")).unwrap();
    assert!(desk.is_decided("link", "link/a.jpg", (1, None)));
    desk.keep("link", "link/a.jpg", (1, None));
    assert_eq!(desk.row_count(), 1);
}

#[test]
fn a_hundred_thousand_copies_are_looked_up_within_seconds() {
    const COPIES: u32 = 100_000;
    let desk = Desk::new();
    fs::create_dir(desk.path("new")).unwrap();
    let paths = |folder: &str| -> Vec<_> {
        (0..COPIES).map(|i| desk.path(&format!("{folder}/{i}.jpg"))).collect()
    };
    let (old, new) = (paths("old"), paths("new"));
    let edits = (0..COPIES).map(|i| edit(i, &Decision::Keep)).collect();
    let keep = Step { edits, ..step(0, &Decision::Keep) };
    let copies: Vec<_> = (0..).zip(&old).map(|(i, p)| known(i, p, (1, None))).collect();
    desk.open("old").append(&[keep], &copies).unwrap();
    for (folder, paths) in [("old", &old), ("new", &new)] {
        let copies: Vec<_> = (0..).zip(paths).map(|(i, p)| known(i, p, (1, None))).collect();
        let mut store = desk.open(folder);
        let begin = Instant::now();
        let found: usize =
            copies.chunks(500).map(|k| store.look_up(k).unwrap().iter().flatten().count()).sum();
        println!("{found} copies in {folder} found in {:?}", begin.elapsed());
        assert_eq!(found, COPIES as usize);
        // Wide, for an unoptimised build on a busy machine: each against each would take hours.
        assert!(begin.elapsed().as_secs() < 60, "{:?}", begin.elapsed());
    }
}

#[test]
fn two_programs_see_each_others_decisions() {
    let desk = Desk::new();
    let (a, b) = (desk.photo("shoot/a.jpg"), desk.photo("shoot/b.jpg"));
    let photos = [known(0, &a, (1, None)), known(1, &b, (2, None))];
    let [mut one, mut two] = [desk.open("shoot"), desk.open("shoot")];
    for store in [&mut one, &mut two] {
        assert_eq!(store.look_up(&photos).unwrap(), [None, None]);
        assert_eq!(store.news().unwrap(), []);
    }
    one.append(&[step(1, &Decision::Keep)], &photos[1..]).unwrap();
    let keep = Label::default().with(&Decision::Keep);
    assert_eq!(two.news().unwrap(), [(PhotoId(1), keep.clone())]);
    assert_eq!((one.news().unwrap(), two.news().unwrap()), (vec![], vec![]));
    // Whoever made the stars did not know of the keep.
    two.append(&[step(1, &Decision::Stars(2))], &[]).unwrap();
    assert_eq!(one.news().unwrap(), [(PhotoId(1), keep.with(&Decision::Stars(2)))]);
}

#[test]
fn five_backups_are_kept_and_can_be_opened() {
    let desk = Desk::new();
    desk.keep("shoot", "shoot/a.jpg", (1, None));
    let mut store = desk.open("shoot");
    assert_eq!(store.last_backup_at(), None);
    let day = |n| Timestamp::from_civil([2026, 1, n], [0, 0, 0], 0).unwrap();
    for n in 1..=7 {
        store.back_up(day(n)).unwrap();
    }
    assert_eq!(store.last_backup_at(), Some(day(7)));
    let folder = fs::read_dir(desk.path("store/backups")).unwrap();
    let mut names: Vec<_> = folder.map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    assert_eq!(names.len(), KEPT);
    assert_eq!(names[0], "decisions-20260103-000000.sqlite");
    let db = Connection::open(desk.path("store/backups").join(&names[4])).unwrap();
    let verdict: String = db.query_row("SELECT verdict FROM decided", [], |r| r.get(0)).unwrap();
    assert_eq!(verdict, "keep");
}

#[test]
fn a_damaged_store_is_refused_with_the_backups_name_and_left_alone() {
    let desk = Desk::new();
    desk.keep("shoot", "shoot/a.jpg", (1, None));
    let backup = desk.open("shoot").back_up(Timestamp(0)).unwrap();
    let file = desk.store().join(Decisions::FILE);
    let mut torn = fs::read(&file).unwrap();
    torn[4096..8192].fill(0x5A);
    for damaged in [b"no database, but long enough to be taken for one".repeat(9), torn, vec![]] {
        fs::write(&file, &damaged).unwrap();
        let error = Decisions::open(&desk.store()).unwrap_err();
        assert!(matches!(error, DiskError::StoreDamaged { .. }), "{error:?}");
        assert!(error.to_string().contains(&backup.display().to_string()), "{error}");
        assert_eq!(fs::read(&file).unwrap(), damaged);
    }
    fs::copy(&backup, &file).unwrap();
    assert!(desk.is_decided("shoot", "shoot/a.jpg", (1, None)), "as the message advises");
}

#[test]
fn a_store_of_the_first_format_is_brought_up_to_date() {
    let desk = Desk::new();
    desk.keep("shoot", "shoot/a.jpg", (1, Some(5)));
    let db = Connection::open(desk.store().join(Decisions::FILE)).unwrap();
    db.execute_batch("DROP TABLE former; PRAGMA user_version = 1;").unwrap();
    drop(db);
    assert!(desk.is_decided("shoot", "shoot/a.jpg", (2, Some(5))));
}

#[test]
fn a_newer_format_is_refused() {
    let desk = Desk::new();
    drop(desk.open("shoot"));
    let db = Connection::open(desk.store().join(Decisions::FILE)).unwrap();
    db.pragma_update(None, "user_version", 99).unwrap();
    let error = Decisions::open(&desk.store()).unwrap_err();
    assert!(matches!(error, DiskError::StoreFormat { found: 99, expected: 3, .. }), "{error:?}");
}
