//! A window at rest: nobody wakes it.

use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering;
use std::thread;
use std::time::Duration;

use rushlight::core::guard::Budget;
use rushlight::core::label::Decision;
use rushlight::disk::sidecar::settings::SidecarSettings;

use crate::SMALL;
use crate::shoot::Shoot;
use crate::table::Table;

/// Longer than whoever looks at the folder again and again waits between two looks.
const WHILE: Duration = Duration::from_millis(5200);

#[test]
fn nobody_wakes_the_window_while_nothing_changes() {
    let shoot = Shoot::of(6, SMALL);
    let mut table = Table::empty(8);
    table.learn = Some(Budget { loss: 0.02, confidence: 0.95 });
    table.sidecars = Some(SidecarSettings::default());
    let wakes = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&wakes);
    table.lay(&shoot, Arc::new(move || _ = count.fetch_add(1, Ordering::Relaxed)));
    table.settle();
    table.decide(Decision::Keep);
    let sidecar = shoot.photos().join("p000.xmp");
    table.until("it is written", |desk| sidecar.exists() && desk.unsaved_count() == 0);
    // What comes a moment later, the last of which is that nothing is unwritten any more.
    thread::sleep(Duration::from_millis(1500));
    let before = wakes.load(Ordering::Relaxed);
    thread::sleep(WHILE);
    assert_eq!(wakes.load(Ordering::Relaxed) - before, 0, "each wake is a frame");
    table.close();
}
