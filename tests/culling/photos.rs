//! The photos of these tests and what has been decided about them.
//!
//! Every photo is one plain colour and no two are alike, so that a pixel of the screen tells which
//! photo it shows. None has a capture time: they stand in the order of their names.

use std::fs;
use std::path::Path;
use std::path::PathBuf;

use image::RgbImage;
use rushlight::disk::decisions::Decisions;
use rusqlite::Connection;
use rusqlite::OpenFlags;

/// Greater than the screen in both directions, so that 1:1 covers it.
const LARGE_PX: [u32; 2] = [1500, 1000];

/// The levels that colours are made of: far enough apart that none is taken for another.
const LEVELS: [u8; 4] = [50, 110, 170, 230];

/// The colour of photo `number`, from 1 to 60: no grey, which the program itself draws with.
pub fn colour(number: usize) -> [u8; 3] {
    let all = (0..64).map(|i| [LEVELS[i / 16], LEVELS[i / 4 % 4], LEVELS[i % 4]]);
    let mut coloured = all.filter(|[r, g, b]| r != g || g != b);
    coloured.nth(number - 1).expect("there are 60 colours")
}

/// The name of photo `number`.
pub fn name(number: usize) -> String {
    format!("IMG_{number}.jpg")
}

/// Writes photos 1 to `count` into a new folder: landscapes, portraits and squares that no cell
/// holds at 1:1.
pub fn write(folder: &Path, count: usize) -> PathBuf {
    let sizes = [[420, 280], [280, 420], [320, 320]];
    write_sized(folder, count, |number| sizes[number % 3])
}

/// Writes photos that are greater than the screen.
pub fn write_large(folder: &Path, count: usize) -> PathBuf {
    write_sized(folder, count, |_| LARGE_PX)
}

fn write_sized(folder: &Path, count: usize, size_px: impl Fn(usize) -> [u32; 2]) -> PathBuf {
    fs::create_dir(folder).expect("the folder can be made");
    for number in 1..=count {
        let [width, height] = size_px(number);
        let photo = RgbImage::from_pixel(width, height, image::Rgb(colour(number)));
        photo.save(folder.join(name(number))).expect("the photo is written");
    }
    folder.to_owned()
}

/// One step of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Logged {
    /// `do`, `undo` or `redo`.
    pub act: String,
    /// The photos' names and what was decided then, as JSON.
    pub edits: Vec<(String, String)>,
}

impl Logged {
    /// The step that one key makes on one photo.
    pub fn of_one(number: usize, label: &str) -> Self {
        Self { act: "do".into(), edits: vec![(name(number), label.into())] }
    }
}

/// The log of the store in `dir`, seen by a second connection; empty where there is no store yet.
pub fn log(dir: &Path) -> Vec<Logged> {
    read(dir, read_log).unwrap_or_default()
}

/// What is decided about each photo that is decided on, by name in the log's order.
pub fn labels(dir: &Path) -> Vec<(String, String)> {
    let sql = "SELECT path, label FROM label JOIN photo ON photo.id = photo
               WHERE label <> '{}' ORDER BY length(path), path";
    let rows = read(dir, |db| {
        let mut query = db.prepare(sql)?;
        query
            .query_map([], |row| Ok((file_name(&row.get::<_, String>(0)?), row.get(1)?)))?
            .collect()
    });
    rows.unwrap_or_default()
}

/// What SQLite says of the store's health.
pub fn check(dir: &Path) -> Option<String> {
    read(dir, |db| db.query_row("PRAGMA integrity_check", [], |row| row.get(0)))
}

/// `None` while there is no store, or its tables are being made.
fn read<T>(dir: &Path, ask: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Option<T> {
    // Never makes a file: that is for the program to do.
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    ask(&Connection::open_with_flags(dir.join(Decisions::FILE), flags).ok()?).ok()
}

fn read_log(db: &Connection) -> rusqlite::Result<Vec<Logged>> {
    let sql = "SELECT step.id, act, path, after FROM step JOIN edit ON edit.step = step.id
               JOIN photo ON photo.id = edit.photo ORDER BY step.id, place";
    let mut query = db.prepare(sql)?;
    let mut rows = query.query([])?;
    let (mut log, mut last) = (Vec::<Logged>::new(), None);
    while let Some(row) = rows.next()? {
        let id: i64 = row.get(0)?;
        if last.replace(id) != Some(id) {
            log.push(Logged { act: row.get(1)?, edits: Vec::new() });
        }
        let edit = (file_name(&row.get::<_, String>(2)?), row.get(3)?);
        log.last_mut().expect("one has been pushed").edits.push(edit);
    }
    Ok(log)
}

fn file_name(path: &str) -> String {
    path.rsplit('/').next().unwrap_or(path).to_owned()
}
