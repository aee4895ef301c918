//! What the device is told of every photo, and told again when it is a new one.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::sync::Arc;

use rushlight::core::coded::Coding;
use rushlight::core::photo::PhotoId;
use rushlight::disk::cache::settings::CacheSettings;
use rushlight::disk::folders::Folders;
use rushlight::jobs::cached::Cached;

use crate::SMALL;
use crate::shoot::Shoot;
use crate::table::Table;

const COUNT: u32 = 6;

/// Shows frames until the micro picture of every photo has travelled to the device.
#[track_caller]
fn see_all(table: &mut Table) {
    let seen = RefCell::new(BTreeSet::new());
    table.until("every micro picture has travelled", |desk| {
        let slot = |photo| desk.board().slot(PhotoId(photo));
        let is_lasting = |photo| slot(photo)?.glance().as_ref().map(|glance| glance.is_lasting);
        let mut seen = seen.borrow_mut();
        seen.extend(desk.frame().mosaic.changes.micros.iter().map(|(photo, _)| *photo));
        seen.len() == COUNT as usize && (0..COUNT).all(|photo| is_lasting(photo) == Some(true))
    });
}

fn in_memory(table: &Table) -> usize {
    let slot = |photo| table.desk.board().slot(PhotoId(photo)).expect("it is on the board");
    (0..COUNT).filter(|&p| slot(p).glance().as_ref().is_some_and(|g| g.micro.is_some())).count()
}

#[test]
fn a_new_device_gets_micro_pictures_that_memory_does_not_hold() {
    let shoot = Shoot::of(COUNT as usize, SMALL);
    let home = tempfile::tempdir().expect("the system has a folder for temporary files");
    let folder = |name| home.path().join(name);
    let folders =
        Folders { data: folder("data"), cache: folder("cache"), config: folder("config") };
    // The first run decodes, the second one finds what the first has kept.
    for _ in 0..2 {
        let mut table = Table::empty(8);
        let cached = Cached::at(&CacheSettings::default(), &folders, Coding::Rgba8);
        table.cached = Arc::new(cached);
        table.lay(&shoot, Arc::new(|| {}));
        see_all(&mut table);
        table.settle();
        assert_eq!(in_memory(&table), 0, "the cache has them");
        table.desk.forget_device();
        see_all(&mut table);
        table.close();
    }
}

#[test]
fn without_a_cache_micro_pictures_stay_in_memory_for_a_new_device() {
    let shoot = Shoot::of(COUNT as usize, SMALL);
    let mut table = Table::open(&shoot);
    see_all(&mut table);
    table.settle();
    assert_eq!(in_memory(&table), COUNT as usize);
    table.desk.forget_device();
    see_all(&mut table);
    table.close();
}
