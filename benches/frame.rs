//! What does our own part of a frame cost at 4K, from the whole shoot on one screen to one photo?
//!
//! Budget: 2 ms at the 99th percentile with 100,000 photos, 5 ms with 1,000,000, at each of five
//! levels of zoom, at rest, scrolling and zooming. Counted are the command (who is current, where the
//! rows are) and the frame made from it, by the thread's own clock; every picture is in memory, and
//! what is not on the device is seated and handed on. Handing the frame to the device, and what that takes
//! for it, is `benches/gpu.rs`'s question.

#[path = "support/road.rs"]
mod road;
#[path = "../tests/support/wall.rs"]
mod wall;

use std::hint::black_box;
use std::time::Duration;

use rushlight::core::command::Command;

use road::LEVELS;
use road::PAGES;
use wall::Wall;

const FRAMES: u32 = 500;

fn main() {
    // `cargo bench -- --quick` sees that it works.
    let is_quick = std::env::args().any(|arg| arg == "--quick");
    let frames = if is_quick { 40 } else { FRAMES };
    println!("command and frame, {frames} frames a scene, CPU time of the thread in ms");
    println!(
        "{:<12} {:>9} {:>8}  {:<8} {:>7} {:>7}",
        "level", "photos", "seen", "scene", "p50", "p99"
    );
    let mut is_within = true;
    for (count, budget_ms) in [(100_000, 2.0), (1_000_000, 5.0)] {
        let mut wall = Wall::new(count, 224.0, PAGES).in_sections(300);
        for (name, cell_px) in LEVELS {
            road::go_to(&mut wall, cell_px, frames);
            wall.warm();
            for (scene, commands) in road::scenes(&wall) {
                let [p50, p99] = road::spread(time(&mut wall, frames, &commands));
                let seen = wall.review.visible().len();
                println!("{name:<12} {count:>9} {seen:>8}  {scene:<8} {p50:>7.3} {p99:>7.3}");
                is_within &= p99 <= budget_ms;
            }
        }
    }
    println!("p99 is {} the budgets of 2 and 5 ms", if is_within { "within" } else { "over" });
}

fn time(wall: &mut Wall, frames: u32, commands: &[Command]) -> Vec<Duration> {
    // Once around, so that all memory is there.
    for command in commands {
        wall.command(command);
        wall.compose();
    }
    let frame = |frame: usize| {
        let begin = road::thread_time();
        if !commands.is_empty() {
            wall.command(&commands[frame % commands.len()]);
        }
        black_box(wall.compose());
        road::thread_time() - begin
    };
    (0..frames as usize).map(frame).collect()
}
