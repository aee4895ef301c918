//! Can every step be undone and done again after a restart, and does the log tell the labels?
//!
//! Random keys, in several runs of the program, against a model as simple as it can be.

#![expect(clippy::unwrap_used, reason = "a failed step of a test is a failed test")]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::path::PathBuf;
use std::sync::Arc;

use proptest::prelude::Just;
use proptest::prelude::ProptestConfig;
use proptest::prelude::Strategy;
use proptest::prelude::TestCaseError;
use proptest::prelude::prop;
use proptest::prop_assert_eq;
use proptest::prop_oneof;
use proptest::proptest;
use rushlight::core::edit::Act;
use rushlight::core::edit::Edit;
use rushlight::core::edit::Lead;
use rushlight::core::edit::Step;
use rushlight::core::label::Decision;
use rushlight::core::label::Label;
use rushlight::core::photo::Fingerprint;
use rushlight::core::photo::PhotoId;
use rushlight::core::photo::Timestamp;
use rushlight::disk::decisions::Decisions;
use rushlight::disk::decisions::HISTORY_STEPS;
use rushlight::disk::decisions::History;
use rushlight::disk::decisions::Known;
use rusqlite::Connection;

const PHOTOS: u8 = 4;

/// The person's side: labels and two stacks.
#[derive(Debug, Clone, Default, PartialEq)]
struct Model {
    labels: BTreeMap<PhotoId, Label>,
    history: History,
}

#[derive(Debug, Clone)]
enum Key {
    Decide(Vec<PhotoId>, Decision),
    Undo,
    Redo,
}

impl Model {
    /// The step that a key makes; `None` where there is nothing to undo.
    fn press(&mut self, key: &Key) -> Option<Step> {
        let (act, edits) = match key {
            Key::Decide(photos, decision) => {
                let change = |&photo: &PhotoId| {
                    let before = self.labels.get(&photo).cloned().unwrap_or_default();
                    Edit { photo, after: before.with(decision), before }
                };
                self.history.redo.clear();
                (Act::Do, photos.iter().map(change).collect())
            }
            Key::Undo => (Act::Undo, self.history.undo.pop()?),
            Key::Redo => (Act::Redo, self.history.redo.pop()?),
        };
        let pushed = Arc::clone(&edits);
        match act {
            Act::Undo => self.history.redo.push(pushed),
            Act::Do | Act::Redo => self.history.undo.push(pushed),
        }
        let surplus = self.history.undo.len().saturating_sub(HISTORY_STEPS);
        self.history.undo.drain(..surplus);
        let step = Step { number: 0, act, edits, at: Timestamp(0), lead: Lead::Nobody };
        self.labels.extend(step.outcomes().map(|(p, l)| (p, l.clone())));
        Some(step)
    }
}

fn keys() -> impl Strategy<Value = Vec<Key>> {
    let decision = prop::sample::select(vec![
        Decision::Keep,
        Decision::Trash,
        Decision::Stars(3),
        Decision::Tag("x".into()),
        Decision::Untag("x".into()),
        Decision::Turn(1),
    ]);
    let photos = prop::collection::btree_set(0..u32::from(PHOTOS), 1..4);
    let photos = photos.prop_map(|p| p.into_iter().map(PhotoId).collect());
    let decide = (photos, decision).prop_map(|(p, d)| Key::Decide(p, d));
    let key = prop_oneof![3 => decide, 2 => Just(Key::Undo), 1 => Just(Key::Redo)];
    prop::collection::vec(key, 1..40)
}

fn known(photo: u8, path: &Path) -> Known<'_> {
    let fingerprint = Some(Fingerprint([photo; 16]));
    Known { photo: PhotoId(photo.into()), path, fingerprint, captured: None, serial: None }
}

/// Plays `runs`, each in a run of the program, and compares labels and history before each.
fn check(runs: &[Vec<Key>]) -> Result<(), TestCaseError> {
    let root = tempfile::tempdir().unwrap();
    let paths: Vec<PathBuf> = (0..PHOTOS).map(|i| root.path().join(format!("{i}.jpg"))).collect();
    for path in &paths {
        fs::write(path, "").unwrap();
    }
    let photos: Vec<_> = (0..).zip(&paths).map(|(i, p)| known(i, p)).collect();
    let open = || {
        let mut store = Decisions::open(&root.path().join("store")).unwrap();
        store.open_folder(root.path());
        store
    };
    let mut model = Model::default();
    for run in runs.iter().chain([&Vec::new()]) {
        let mut store = open();
        let found = store.look_up(&photos).unwrap();
        let labels = photos.iter().zip(found).filter_map(|(k, d)| Some((k.photo, d?.label)));
        let stored = Model { labels: labels.collect(), history: store.history().unwrap() };
        prop_assert_eq!(&stored, &model);
        for step in run.iter().filter_map(|key| model.press(key)) {
            let is_new = |k: &&Known<'_>| {
                !store.is_bound(k.photo) && step.edits.iter().any(|e| e.photo == k.photo)
            };
            let newcomers: Vec<_> = photos.iter().filter(is_new).copied().collect();
            prop_assert_eq!(store.append(&[step], &newcomers).unwrap(), vec![]);
        }
    }
    let db = Connection::open(root.path().join("store").join(Decisions::FILE)).unwrap();
    prop_assert_eq!(
        column(&db, "SELECT photo, step || label FROM label"),
        column(&db, "SELECT photo, step || after FROM edit ORDER BY step, place")
    );
    Ok(())
}

/// The last text that `sql` gives for each photo.
fn column(db: &Connection, sql: &str) -> BTreeMap<i64, String> {
    let mut query = db.prepare(sql).unwrap();
    query.query_map([], |r| Ok((r.get(0)?, r.get(1)?))).unwrap().map(Result::unwrap).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(40) })]

    #[test]
    fn the_log_tells_the_labels(runs in prop::collection::vec(keys(), 1..4)) {
        check(&runs)?;
    }
}

#[test]
fn undo_reaches_over_a_restart() {
    let decide = |photos: &[u32], decision| {
        Key::Decide(photos.iter().map(|&p| PhotoId(p)).collect(), decision)
    };
    check(&[
        vec![decide(&[0, 1], Decision::Keep), decide(&[1], Decision::Trash), Key::Undo],
        vec![Key::Redo, Key::Undo, Key::Undo],
        vec![Key::Redo, decide(&[2], Decision::Stars(1)), Key::Redo],
    ])
    .unwrap();
}

#[test]
fn a_long_history_ends_at_its_limit() {
    let keep = |at: usize| Key::Decide(vec![PhotoId(at as u32 % 4)], Decision::Turn(1));
    let undo = vec![Key::Undo; HISTORY_STEPS + 9];
    check(&[(0..HISTORY_STEPS + 9).map(keep).collect(), undo, vec![Key::Redo; 9]]).unwrap();
}

#[test]
fn a_step_that_reaches_beyond_the_shoot_cannot_be_undone_in_it() {
    let root = tempfile::tempdir().unwrap();
    let paths: Vec<PathBuf> = (0..PHOTOS).map(|i| root.path().join(format!("{i}.jpg"))).collect();
    let photos: Vec<_> = (0..).zip(&paths).map(|(i, p)| known(i, p)).collect();
    let all =
        |photos: &[u32]| Key::Decide(photos.iter().map(|&p| PhotoId(p)).collect(), Decision::Keep);
    let mut model = Model::default();
    let keys = [all(&[0]), all(&[1]), all(&[1, 2])];
    let steps: Vec<_> = keys.iter().filter_map(|key| model.press(key)).collect();
    Decisions::open(root.path()).unwrap().append(&steps, &photos).unwrap();
    let mut store = Decisions::open(root.path()).unwrap();
    store.look_up(&photos[..2]).unwrap();
    let expect = History { undo: vec![Arc::clone(&steps[0].edits)], redo: vec![] };
    assert_eq!(store.history().unwrap(), expect);
}
