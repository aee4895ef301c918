//! A folder that is still filling, under a light table: what comes, goes, changes and moves.

#[expect(dead_code, reason = "other tests use the rest")]
#[path = "support/shoot.rs"]
mod shoot;
#[expect(dead_code, reason = "other tests use the rest")]
#[path = "support/table.rs"]
mod table;

use std::fs;
use std::io::Write;
use std::path::PathBuf;
use std::thread;
use std::time::Duration;
use std::time::Instant;

use rushlight::core::command::Command;
use rushlight::core::command::Direction;
use rushlight::core::label::Decision;
use rushlight::core::label::Verdict;
use shoot::Shoot;
use table::Table;

const SMALL: [u32; 2] = [48, 32];

/// From a change on the disk to the screen.
const SOON: Duration = Duration::from_secs(2);

fn path(shoot: &Shoot, number: usize) -> PathBuf {
    shoot.photos().join(format!("p{number:03}.jpg"))
}

/// Shows frames until the photos stand so; gives how long that took.
#[track_caller]
fn see(table: &mut Table, numbers: &[usize]) -> Duration {
    let start = Instant::now();
    while table.order() != numbers {
        assert!(start.elapsed() < Duration::from_secs(20), "{:?}, not {numbers:?}", table.order());
        thread::sleep(Duration::from_millis(10));
        table.show();
    }
    start.elapsed()
}

/// Shows frames for a while; the photos stand as they do.
#[track_caller]
fn see_still(table: &mut Table, numbers: &[usize], wait: Duration) {
    let start = Instant::now();
    while start.elapsed() < wait {
        assert_eq!(table.order(), numbers);
        thread::sleep(Duration::from_millis(20));
        table.show();
    }
}

/// A shoot of every second photo: 1, 3, 5 and so on, a minute apart, under a table that is watching.
fn odd(count: usize) -> (Shoot, Table) {
    let shoot = Shoot::new();
    (0..count).for_each(|at| shoot.add(2 * at + 1, SMALL, Some(120 * at as i64 + 60)));
    let mut table = Table::ready(&shoot);
    // The watcher begins when all is read; one photo that comes says that it has.
    let last = 2 * count + 1;
    shoot.add(last, SMALL, Some(120 * count as i64 + 60));
    let all: Vec<usize> = (0..=count).map(|at| 2 * at + 1).collect();
    see(&mut table, &all);
    (shoot, table)
}

#[test]
fn what_comes_stands_in_its_place_soon_and_moves_nothing_on_screen() {
    let (shoot, mut table) = odd(5);
    table.command(Command::Move(Direction::Right));
    table.command(Command::Move(Direction::Right));
    table.show();
    assert_eq!(table.current(), Some(5));
    let cell = table.cell(5);
    shoot.add(8, SMALL, Some(450));
    let took = see(&mut table, &[1, 3, 5, 7, 8, 9, 11]);
    assert!(took < SOON, "{took:?}");
    assert_eq!((table.current(), table.cell(5)), (Some(5), cell));
    // Before the current photo: it stays current, and on its row.
    shoot.add(2, SMALL, Some(90));
    see(&mut table, &[1, 2, 3, 5, 7, 8, 9, 11]);
    assert_eq!(table.current(), Some(5));
    assert_eq!(table.cell(5)[1], cell[1]);
    table.close();
}

#[test]
fn a_half_written_file_waits_until_it_is_whole() {
    let (shoot, mut table) = odd(2);
    let other = Shoot::new();
    other.add(4, [400, 300], Some(200));
    let bytes = fs::read(path(&other, 4)).unwrap();
    let mut file = fs::File::create(path(&shoot, 4)).unwrap();
    let parts = bytes.chunks(bytes.len() / 6 + 1);
    for part in parts {
        file.write_all(part).unwrap();
        if !part.ends_with(&[0xFF, 0xD9]) {
            see_still(&mut table, &[1, 3, 5], Duration::from_millis(600));
        }
    }
    drop(file);
    let took = see(&mut table, &[1, 3, 4, 5]);
    assert!(took < SOON, "{took:?}");
    table.settle();
    assert!(!table.desk.has_faults(), "it was read when it was whole");
    table.close();
}

#[test]
fn what_goes_leaves_and_comes_back_with_its_decision() {
    let (shoot, mut table) = odd(3);
    table.decide(Decision::Keep);
    table.show();
    let aside = shoot.photos().with_file_name("aside.jpg");
    fs::rename(path(&shoot, 1), &aside).unwrap();
    let took = see(&mut table, &[3, 5, 7]);
    assert!(took < SOON, "{took:?}");
    fs::rename(&aside, path(&shoot, 1)).unwrap();
    see(&mut table, &[1, 3, 5, 7]);
    assert_eq!(table.label(1).verdict, Verdict::Keep);
    table.close();
}

#[test]
fn a_photo_that_is_moved_or_rewritten_keeps_its_decision() {
    let (shoot, mut table) = odd(3);
    table.decide(Decision::Keep);
    table.show();
    table.until("it is saved", |desk| desk.unsaved_count() == 0);
    // Moved: the name tells the number, so that another name is another number to the test.
    fs::rename(path(&shoot, 1), path(&shoot, 2)).unwrap();
    see(&mut table, &[2, 3, 5, 7]);
    table.until("it is known again", |desk| desk.review.counts().kept == 2);
    assert_eq!(table.label(2).verdict, Verdict::Keep);
    // Rewritten: longer, but with the same header.
    let bytes = fs::read(path(&shoot, 2)).unwrap();
    let with_more = [&bytes[..], &vec![0; 70_000], &[0xFF, 0xD9]].concat();
    let before = table.photo(2);
    fs::write(path(&shoot, 2), with_more).unwrap();
    table.until("it is another photo", |desk| {
        desk.review.order().photos().first().is_some_and(|photo| *photo != before)
    });
    table.until("it is known again", |desk| desk.review.counts().kept == 3);
    table.close();
}

#[test]
fn a_new_folder_is_followed_and_hidden_files_are_not() {
    let (shoot, mut table) = odd(1);
    let other = Shoot::new();
    other.add(2, SMALL, Some(100));
    fs::create_dir(shoot.photos().join("day two")).unwrap();
    fs::copy(path(&other, 2), shoot.photos().join(".p005.jpg")).unwrap();
    fs::copy(path(&other, 2), shoot.photos().join("day two/p002.jpg")).unwrap();
    see(&mut table, &[1, 2, 3]);
    fs::remove_dir_all(shoot.photos().join("day two")).unwrap();
    see(&mut table, &[1, 3]);
    // All of it away, as a card that is pulled out: nothing vanishes from the screen.
    let elsewhere = shoot.photos().with_file_name("elsewhere");
    fs::rename(shoot.photos(), &elsewhere).unwrap();
    see_still(&mut table, &[1, 3], Duration::from_millis(800));
    table.close();
}

#[test]
fn a_raw_file_is_a_photo_until_its_picture_comes() {
    let (shoot, mut table) = odd(2);
    fs::write(shoot.photos().join("p009.NEF"), b"II*\0 no directory is here").unwrap();
    see(&mut table, &[1, 3, 5, 9]);
    shoot.add(9, SMALL, Some(600));
    table.until("the picture stands in the raw file's place", |desk| {
        let slot = desk.review.order().photo_at(3).and_then(|photo| desk.board().slot(photo));
        slot.is_some_and(|slot| {
            slot.path.ends_with("p009.jpg")
                && slot.twin().is_some_and(|raw| raw.ends_with("p009.NEF"))
        })
    });
    assert_eq!(table.order(), [1, 3, 5, 9]);
    table.close();
}
