//! Five levels of the zoom with three things to do at each, and the clock that is asked: shared by the
//! benches of a frame.

use std::time::Duration;

use rushlight::core::command::Command;
use rushlight::core::command::Direction;
use rushlight::core::review::Stage;

use crate::wall::Wall;

/// What the window takes for 4K (`a_4k_screen_of_cells_has_its_pages`).
pub const PAGES: u16 = 16;

const AT_PX: [f32; 2] = [1500.0, 900.0];

/// A fast wheel: a screen of 4K in seven frames.
const SCROLL: Command = Command::Scroll { delta_px: 300.0 };

/// A level of zoom: its name, and the side of its cells; none is the whole shoot.
pub const LEVELS: [(&str, Option<f32>); 5] = [
    ("whole shoot", None),
    ("sections", Some(36.0)),
    ("small cells", Some(64.0)),
    ("grid", Some(224.0)),
    ("one photo", Some(4000.0)),
];

/// Into the middle of the shoot at a level; the loupe may step through so many photos.
pub fn go_to(wall: &mut Wall, cell_px: Option<f32>, steps: u32) {
    wall.command(&Command::Back);
    match cell_px {
        None => wall.command(&Command::ZoomAt { factor: 1e-6, at_px: AT_PX }),
        Some(cell_px) if cell_px > 3840.0 => {
            wall.review.set_cell_px(224.0);
            wall.add_views(steps + 4);
            wall.command(&Command::Open);
        }
        Some(cell_px) => wall.review.set_cell_px(cell_px),
    }
}

/// What is done at a level: nothing, scrolling (the next photo in the loupe), zooming in and out.
pub fn scenes(wall: &Wall) -> [(&'static str, Vec<Command>); 3] {
    let scroll = match wall.review.stage() {
        Stage::Grid => SCROLL,
        Stage::Loupe => Command::Move(Direction::Right),
    };
    let zoom = [1.07, 1.0 / 1.07].map(|factor| Command::ZoomAt { factor, at_px: AT_PX });
    [("rest", vec![]), ("scroll", vec![scroll]), ("zoom", zoom.to_vec())]
}

/// The median and the 99th percentile, in milliseconds.
pub fn spread(mut times: Vec<Duration>) -> [f64; 2] {
    times.sort();
    [50, 99].map(|percent| times[(times.len() - 1) * percent / 100].as_secs_f64() * 1e3)
}

/// CPU time of this thread.
#[cfg(target_os = "linux")]
pub fn thread_time() -> Duration {
    let now = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    let [seconds, nanos] = [now.tv_sec, now.tv_nsec].map(|v| u64::try_from(v).unwrap_or(0));
    Duration::from_secs(seconds) + Duration::from_nanos(nanos)
}

/// Wall time, where threads have no clock of their own: an idle machine is assumed.
#[cfg(not(target_os = "linux"))]
pub fn thread_time() -> Duration {
    static BEGIN: std::sync::LazyLock<std::time::Instant> =
        std::sync::LazyLock::new(std::time::Instant::now);
    BEGIN.elapsed()
}
