//! What does our own part of a frame cost at 4K, from the whole shoot on one screen to one photo?
//!
//! Budget: 2 ms at the 99th percentile with 100,000 photos, 5 ms with 1,000,000, at each of five
//! levels of zoom, at rest, scrolling and zooming. Counted are the command (who is current, where the
//! rows are) and the frame made from it, by the thread's own clock; every picture is in memory, and
//! what is not on the device is seated and handed on. Copying to the device is `gpu`'s and is not
//! counted, nor is presenting.

#[path = "../tests/support/wall.rs"]
mod wall;

use std::hint::black_box;
use std::time::Duration;

use rushlight::core::command::Command;
use rushlight::core::command::Direction;
use rushlight::core::review::Stage;

use wall::Wall;

const FRAMES: u32 = 500;
/// What the window takes for 4K (`a_4k_screen_of_cells_has_its_pages`).
const PAGES: u16 = 16;
const AT_PX: [f32; 2] = [1500.0, 900.0];

/// A fast wheel: a screen of 4K in seven frames.
const SCROLL: Command = Command::Scroll { delta_px: 300.0 };

/// A level of zoom: its name, and the side of its cells; none is the whole shoot.
const LEVELS: [(&str, Option<f32>); 5] = [
    ("whole shoot", None),
    ("sections", Some(36.0)),
    ("small cells", Some(64.0)),
    ("grid", Some(224.0)),
    ("one photo", Some(4000.0)),
];

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
    for (count, budget_millis) in [(100_000, 2), (1_000_000, 5)] {
        let budget = Duration::from_millis(budget_millis);
        let mut wall = Wall::new(count, 224.0, PAGES).in_sections(300);
        for (name, cell_px) in LEVELS {
            go_to(&mut wall, cell_px);
            let scroll = match wall.review.stage() {
                Stage::Grid => SCROLL,
                Stage::Loupe => Command::Move(Direction::Right),
            };
            let zoom = [1.07, 1.0 / 1.07].map(|factor| Command::ZoomAt { factor, at_px: AT_PX });
            for (scene, commands) in
                [("rest", None), ("scroll", Some(&[scroll][..])), ("zoom", Some(&zoom[..]))]
            {
                let times = time(&mut wall, frames, commands.unwrap_or(&[]));
                let at = |percent: usize| times[(times.len() - 1) * percent / 100];
                let [p50, p99] = [at(50), at(99)].map(|time| time.as_secs_f64() * 1e3);
                let seen = wall.review.visible().len();
                println!("{name:<12} {count:>9} {seen:>8}  {scene:<8} {p50:>7.3} {p99:>7.3}");
                is_within &= at(99) <= budget;
            }
        }
    }
    println!("p99 is {} the budgets of 2 and 5 ms", if is_within { "within" } else { "over" });
    println!("GPU times want a device with timestamp queries that draws in hardware");
}

/// Into the middle of the shoot at a level.
fn go_to(wall: &mut Wall, cell_px: Option<f32>) {
    wall.command(&Command::Back);
    match cell_px {
        None => wall.command(&Command::ZoomAt { factor: 1e-6, at_px: AT_PX }),
        Some(cell_px) if cell_px > 3840.0 => {
            wall.review.set_cell_px(224.0);
            wall.add_views(FRAMES + 4);
            wall.command(&Command::Open);
        }
        Some(cell_px) => wall.review.set_cell_px(cell_px),
    }
    wall.warm();
}

/// The time of each frame, shortest first.
fn time(wall: &mut Wall, frames: u32, commands: &[Command]) -> Vec<Duration> {
    // Once around, so that all memory is there.
    for command in commands {
        wall.command(command);
        wall.compose();
    }
    let mut times: Vec<_> = (0..frames as usize)
        .map(|frame| {
            let begin = thread_time();
            if !commands.is_empty() {
                wall.command(&commands[frame % commands.len()]);
            }
            black_box(wall.compose());
            thread_time() - begin
        })
        .collect();
    times.sort();
    times
}

/// CPU time of this thread.
#[cfg(target_os = "linux")]
fn thread_time() -> Duration {
    let now = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    let [seconds, nanos] = [now.tv_sec, now.tv_nsec].map(|v| u64::try_from(v).unwrap_or(0));
    Duration::from_secs(seconds) + Duration::from_nanos(nanos)
}

/// Wall time, where threads have no clock of their own: an idle machine is assumed.
#[cfg(not(target_os = "linux"))]
fn thread_time() -> Duration {
    static BEGIN: std::sync::LazyLock<std::time::Instant> =
        std::sync::LazyLock::new(std::time::Instant::now);
    BEGIN.elapsed()
}
