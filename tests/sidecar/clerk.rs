//! The save thread with the files beside the photos: decisions go out, other programs' changes come in.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::path::PathBuf;
use std::sync::Arc;
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
use rushlight::core::label::Verdict;
use rushlight::core::photo::PhotoId;
use rushlight::core::photo::Timestamp;
use rushlight::core::said::Said;
use rushlight::disk::decisions::Decisions;
use rushlight::disk::decisions::Known;
use rushlight::disk::sidecar;
use rushlight::disk::sidecar::settings::Layout;
use rushlight::disk::sidecar::settings::SidecarSettings;
use rushlight::disk::xmp;
use rushlight::jobs::board::Board;
use rushlight::jobs::decode;
use rushlight::jobs::save::News;
use rushlight::jobs::save::Saver;
use rushlight::jobs::save::Setup;

use super::shoot::Shoot;

pub const PATIENCE: Duration = Duration::from_secs(20);

#[track_caller]
pub fn wait_for<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let begin = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(begin.elapsed() < PATIENCE, "waited in vain for {what}");
        thread::sleep(Duration::from_millis(2));
    }
}

/// A run of the program on a shoot, without a window.
pub struct Run {
    pub saver: Saver,
    board: Arc<Board>,
    labels: BTreeMap<PhotoId, Label>,
    number: u64,
}

impl Run {
    /// Opens the photos of a folder with the usual settings.
    pub fn open(shoot: &Shoot) -> Self {
        Self::with(&shoot.photos(), &shoot.store(), SidecarSettings::default())
    }

    pub fn with(photos: &Path, store: &Path, settings: SidecarSettings) -> Self {
        let board = Arc::new(Board::default());
        let mut paths: Vec<PathBuf> =
            fs::read_dir(photos).unwrap().map(|entry| entry.unwrap().path()).collect();
        paths.retain(|path| path.extension().is_some_and(|e| e == "jpg"));
        paths.sort();
        for path in &paths {
            let photo = board.add(path.as_path().into());
            if let Some(header) = decode::read_header(path) {
                board.slot(photo).unwrap().set_header(header);
            }
        }
        let saver = Saver::start(Setup {
            board: Arc::clone(&board),
            dir: store.to_owned(),
            folders: vec![photos.to_owned()],
            read_header: Arc::new(decode::read_header),
            wake: Arc::new(|| {}),
            now: Timestamp(0),
            sidecars: Some(settings),
        })
        .unwrap();
        saver.headers_read((0..paths.len() as u32).map(PhotoId).collect());
        saver.all_read();
        Self { saver, board, labels: BTreeMap::new(), number: 0 }
    }

    /// Takes the news in, as the window does.
    pub fn take_news(&mut self) {
        while let Some(news) = self.saver.take_news() {
            if let News::Labels(labels) | News::Foreign(labels) | News::Merged { labels, .. } = news
            {
                self.labels.extend(labels);
            }
        }
    }

    pub fn label(&mut self, photo: u32) -> Label {
        self.take_news();
        self.labels.get(&PhotoId(photo)).cloned().unwrap_or_default()
    }

    /// Decides about a photo.
    pub fn decide(&mut self, photo: u32, decision: &Decision) {
        let before = self.label(photo);
        let after = before.with(decision);
        self.number += 1;
        let edit = Edit { photo: PhotoId(photo), before, after: after.clone() };
        self.labels.insert(PhotoId(photo), after);
        let (number, at) = (self.number, Timestamp(0));
        self.saver
            .offer(Step { number, act: Act::Do, edits: [edit].into(), at, lead: Lead::Nobody })
            .unwrap();
    }

    /// The next thing that the person is told of sidecars.
    #[track_caller]
    pub fn hint(&self) -> String {
        wait_for("a hint", || self.saver.tally().hints.pop())
    }

    pub fn dispute(&self, photo: u32) -> Option<String> {
        let slot = self.board.slot(PhotoId(photo)).unwrap();
        slot.dispute().as_deref().cloned()
    }

    #[track_caller]
    pub fn end(self) {
        assert_eq!(self.saver.finish(PATIENCE), Ok(()));
    }
}

/// What the sidecar of a photo says; nothing where there is none.
pub fn said(path: &Path) -> Said {
    sidecar::read(path).unwrap().map_or_else(Said::default, |(said, _)| said)
}

pub fn sidecar(shoot: &Shoot, photo: usize) -> PathBuf {
    shoot.photos().join(format!("p{photo:03}.xmp"))
}

/// Another program has the sidecar say something else.
pub fn rewrite(path: &Path, change: impl FnOnce(&mut Said)) {
    let bytes = fs::read(path).ok();
    let mut said = said(path);
    change(&mut said);
    let written = xmp::rewrite(bytes.as_deref(), &said).unwrap();
    // Past the tick of the file system's clock.
    thread::sleep(Duration::from_millis(20));
    fs::write(path, written).unwrap();
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap().map(Result::unwrap);
    let mut names: Vec<_> = entries.map(|e| e.file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn a_decision_is_in_its_sidecar_when_the_program_has_ended() {
    let shoot = Shoot::of(3, [16, 12]);
    let before: Vec<_> =
        (0..3).map(|n| fs::read(shoot.photos().join(format!("p{n:03}.jpg"))).unwrap()).collect();
    let mut run = Run::open(&shoot);
    run.decide(0, &Decision::Keep);
    run.decide(1, &Decision::Stars(3));
    run.decide(1, &Decision::Trash);
    run.end();
    assert_eq!(said(&sidecar(&shoot, 0)), Said { pick: Some(3), ..Said::default() });
    let trashed = Said { rating: Some(-1), stars: Some(3), pick: Some(1), ..Said::default() };
    assert_eq!(said(&sidecar(&shoot, 1)), trashed);
    let mut run = Run::open(&shoot);
    wait_for("the stars", || (run.label(1).stars == 3).then_some(()));
    run.decide(1, &Decision::Clear);
    run.end();
    let cleared = Said { rating: Some(3), pick: Some(0), ..Said::default() };
    assert_eq!(said(&sidecar(&shoot, 1)), cleared);
    // No sidecar for what is not decided, no draft, and no photo was touched.
    let expect = ["p000.jpg", "p000.xmp", "p001.jpg", "p001.xmp", "p002.jpg"];
    assert_eq!(names(&shoot.photos()), expect);
    for (n, bytes) in before.iter().enumerate() {
        assert_eq!(&fs::read(shoot.photos().join(format!("p{n:03}.jpg"))).unwrap(), bytes);
    }
}

#[test]
fn names_follow_the_setting_and_those_that_exist_are_kept() {
    let shoot = Shoot::of(2, [16, 12]);
    let there = shoot.photos().join("p000.xmp");
    rewrite(&there, |said| said.tags = vec!["x".into()]);
    let settings = SidecarSettings { layout: Layout::Full, ..SidecarSettings::default() };
    let mut run = Run::with(&shoot.photos(), &shoot.store(), settings);
    wait_for("the tag", || (run.label(0).tags().len() == 1).then_some(()));
    run.decide(0, &Decision::Keep);
    run.decide(1, &Decision::Keep);
    run.end();
    let expect = ["p000.jpg", "p000.xmp", "p001.jpg", "p001.jpg.xmp"];
    assert_eq!(names(&shoot.photos()), expect);
    assert_eq!(said(&there), Said { pick: Some(3), tags: vec!["x".into()], ..Said::default() });
}

#[test]
fn what_another_program_changes_comes_in_while_the_program_runs() {
    let shoot = Shoot::of(2, [16, 12]);
    let mut run = Run::open(&shoot);
    run.decide(0, &Decision::Keep);
    let path = sidecar(&shoot, 0);
    wait_for("the sidecar", || path.exists().then_some(()));
    rewrite(&path, |said| said.rating = Some(4));
    wait_for("the stars", || (run.label(0).stars == 4).then_some(()));
    assert_eq!(run.label(0).verdict, Verdict::Keep);
    // A sidecar where there was none.
    rewrite(&sidecar(&shoot, 1), |said| said.rating = Some(2));
    wait_for("the other stars", || (run.label(1).stars == 2).then_some(()));
    run.end();
    // What came from outside is an import in the log.
    let store = shoot.store().join(Decisions::FILE);
    let log = rusqlite::Connection::open(store).unwrap();
    let sql = "SELECT group_concat(origin) FROM (SELECT origin FROM step ORDER BY id)";
    let by: String = log.query_row(sql, [], |row| row.get(0)).unwrap();
    assert_eq!(by, "person,import,import");
}

#[test]
fn an_undo_leaves_what_came_in_from_outside() {
    let shoot = Shoot::of(1, [16, 12]);
    let mut run = Run::open(&shoot);
    let before = run.label(0);
    run.decide(0, &Decision::Stars(3));
    let after = run.label(0);
    let path = sidecar(&shoot, 0);
    wait_for("the sidecar", || path.exists().then_some(()));
    rewrite(&path, |said| said.tags = vec!["x".into()]);
    wait_for("the tag", || (run.label(0).tags().len() == 1).then_some(()));
    // The window takes the whole step back, of which it knows no tag.
    let edits = [Edit { photo: PhotoId(0), before, after }].into();
    run.saver
        .offer(Step { number: 2, act: Act::Undo, edits, at: Timestamp(0), lead: Lead::Nobody })
        .unwrap();
    let merged = wait_for("the merged label", || match run.saver.take_news()? {
        News::Merged { labels, as_of: 2 } => Some(labels),
        _ => None,
    });
    assert_eq!(merged, [(PhotoId(0), Label::default().with(&Decision::Tag("x".into())))]);
    wait_for("the sidecar", || (said(&path).rating == Some(0)).then_some(()));
    assert_eq!(said(&path).tags, ["x".into()]);
    run.end();
}

#[test]
fn what_both_sides_changed_is_shown_and_a_key_settles_it() {
    let shoot = Shoot::of(1, [16, 12]);
    let path = sidecar(&shoot, 0);
    let mut run = Run::open(&shoot);
    run.decide(0, &Decision::Stars(3));
    run.end();
    rewrite(&path, |said| said.rating = Some(5));
    let theirs = fs::read(&path).unwrap();
    let settings = SidecarSettings { write: false, ..SidecarSettings::default() };
    let mut store = Decisions::open(&shoot.store()).unwrap();
    store.open_folder(&shoot.photos());
    keep_with(&mut store, &shoot, 1);
    drop(store);
    let mut run = Run::with(&shoot.photos(), &shoot.store(), SidecarSettings::default());
    assert_eq!(run.hint(), "p000.jpg: 1 star here, 5 in the file; a key settles it");
    assert_eq!(run.dispute(0).as_deref(), Some("1 star here, 5 in the file"));
    wait_for("our star", || (run.label(0).stars == 1).then_some(()));
    assert_eq!(run.saver.tally().disputed.load(Ordering::Relaxed), 1);
    // Another decision does not settle it.
    run.decide(0, &Decision::Keep);
    wait_for("the store", || (run.saver.saved_number() == 1).then_some(()));
    thread::sleep(Duration::from_millis(300));
    assert_eq!(fs::read(&path).unwrap(), theirs, "nothing is written while it is in dispute");
    run.decide(0, &Decision::Stars(2));
    wait_for("the sidecar", || (said(&path).rating == Some(2)).then_some(()));
    wait_for("the end of it", || run.dispute(0).is_none().then_some(()));
    run.end();
    let mut run = Run::with(&shoot.photos(), &shoot.store(), settings);
    wait_for("our stars", || (run.label(0).stars == 2).then_some(()));
    run.end();
}

/// Gives photo 0 stars in the store alone, as a run without sidecars does.
fn keep_with(store: &mut Decisions, shoot: &Shoot, stars: u8) {
    let path = shoot.photos().join("p000.jpg");
    let header = decode::read_header(&path).unwrap();
    let fingerprint = Some(header.fingerprint);
    let known = Known { photo: PhotoId(0), path: &path, fingerprint, captured: None, serial: None };
    let before = store.look_up(&[known]).unwrap()[0].clone().unwrap().label;
    let after = before.with(&Decision::Stars(stars));
    let edits = [Edit { photo: PhotoId(0), before, after }].into();
    let step = Step { number: 1, act: Act::Do, edits, at: Timestamp(0), lead: Lead::Nobody };
    store.append(&[step], &[known]).unwrap();
}

#[test]
fn the_predecessors_list_comes_in_and_what_it_set_by_itself_does_not() {
    let shoot = Shoot::of(3, [16, 12]);
    let list = r#"{
        "p000.jpg": {"state": "keep", "label_source": "manual", "rating": 4, "tags": ["x"]},
        "p001.jpg": {"state": "trash", "label_source": "auto", "rating": 0, "tags": []}
    }"#;
    fs::write(shoot.photos().join(".ratings_tags.json"), list).unwrap();
    let mut run = Run::open(&shoot);
    wait_for("the stars", || (run.label(0).stars == 4).then_some(()));
    assert_eq!((run.label(0).verdict, run.label(1)), (Verdict::Keep, Label::default()));
    run.end();
    assert!(!sidecar(&shoot, 1).exists(), "a proposal is never written");
    assert_eq!(said(&sidecar(&shoot, 0)).pick, Some(3));
    let mut store = Decisions::open(&shoot.store()).unwrap();
    store.open_folder(&shoot.photos());
    let path = shoot.photos().join("p001.jpg");
    let fingerprint = decode::read_header(&path).map(|h| h.fingerprint);
    let known = Known { photo: PhotoId(1), path: &path, fingerprint, captured: None, serial: None };
    store.look_up(&[known]).unwrap();
    assert_eq!(store.proposals().unwrap(), [(PhotoId(1), Verdict::Trash)]);
    // A decision made since is not undone by the same list.
    let mut run = Run::open(&shoot);
    wait_for("the stars", || (run.label(0).stars == 4).then_some(()));
    run.decide(0, &Decision::Stars(1));
    run.end();
    let mut run = Run::open(&shoot);
    wait_for("the star", || (run.label(0).stars == 1).then_some(()));
    run.end();
    assert_eq!(said(&sidecar(&shoot, 0)).rating, Some(1));
}

#[test]
fn ratings_in_the_photo_come_in_and_make_no_sidecar() {
    let shoot = Shoot::of(1, [16, 12]);
    let path = shoot.photos().join("p000.jpg");
    let jpeg = fs::read(&path).unwrap();
    let packet = xmp::rewrite(None, &Said { rating: Some(4), ..Said::default() }).unwrap();
    let body = [xmp::SEGMENT_MARK, &packet].concat();
    let length = (body.len() as u16 + 2).to_be_bytes();
    fs::write(&path, [&jpeg[..2], &[0xFF, 0xE1], &length, &body, &jpeg[2..]].concat()).unwrap();
    let mut run = Run::open(&shoot);
    wait_for("the stars", || (run.label(0).stars == 4).then_some(()));
    run.end();
    assert_eq!(names(&shoot.photos()), ["p000.jpg"], "the photo says it already");
    let mut run = Run::open(&shoot);
    wait_for("the stars", || (run.label(0).stars == 4).then_some(()));
    run.decide(0, &Decision::Stars(5));
    run.end();
    assert_eq!(said(&sidecar(&shoot, 0)).rating, Some(5));
}

#[test]
fn what_was_decided_without_sidecars_is_written_by_the_next_run() {
    let shoot = Shoot::of(2, [16, 12]);
    let settings = SidecarSettings { write: false, ..SidecarSettings::default() };
    let mut run = Run::with(&shoot.photos(), &shoot.store(), settings);
    run.decide(0, &Decision::Keep);
    run.end();
    assert_eq!(names(&shoot.photos()), ["p000.jpg", "p001.jpg"]);
    let run = Run::open(&shoot);
    wait_for("the sidecar", || sidecar(&shoot, 0).exists().then_some(()));
    run.end();
    assert_eq!(said(&sidecar(&shoot, 0)).pick, Some(3));
}
