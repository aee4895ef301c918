//! What does a frame cost the device at 4K, and the thread that hands it over?
//!
//! For the five levels of zoom of `benches/frame.rs` and 100,000 photos: CPU time of the thread that
//! prepares and encodes (wgpu's part, which comes on top of ours), and the device's own time for the copies
//! and the drawing, by timestamp queries. Then how long a full screen of tiles takes to come to the device.
//! Presenting is not counted: nothing is shown.
//!
//! Budget: 4 ms of the device for a frame, a quarter of what 60 a second leave, on a GPU. A device that
//! draws on the processor is measured all the same and judged by nothing: it says whether this works.
//! Without timestamps (`TIMESTAMP_QUERY` and `TIMESTAMP_QUERY_INSIDE_ENCODERS`: Vulkan, Metal and Direct3D 12
//! mostly have them, OpenGL has not) only the thread's time is told.

#[path = "support/road.rs"]
mod road;
#[path = "../tests/support/wall.rs"]
#[expect(dead_code, reason = "what is warmed here is drawn too")]
mod wall;

use std::time::Duration;

use rushlight::core::coded::Coding;
use rushlight::core::command::Command;
use rushlight::gpu::GpuResult;
use rushlight::gpu::capture::Capture;
use rushlight::gpu::device::Device;
use rushlight::gpu::device::Preference;
use rushlight::gpu::renderer::Renderer;
use rushlight::gpu::timer::Timer;

use road::LEVELS;
use road::PAGES;
use wall::SURFACE_PX;
use wall::Wall;

const PHOTOS: u32 = 100_000;
const FRAMES: u32 = 300;
/// On the processor each takes a hundred times as long.
const FRAMES_IN_SOFTWARE: u32 = 30;
const BUDGET_MS: f64 = 4.0;

/// Something to draw with, and its counters.
struct Bench {
    renderer: Renderer,
    capture: Capture,
    timer: Option<Timer>,
}

/// What a frame took: the thread that handed it over, and the device.
#[derive(Default)]
struct Times {
    encoding: Vec<Duration>,
    drawing: Vec<Duration>,
}

fn main() -> GpuResult<()> {
    // `cargo bench -- --quick` sees that it works.
    let is_quick = std::env::args().any(|arg| arg == "--quick");
    let device = Device::timed(Preference::Hardware)?;
    println!("{}", device.name());
    if device.coding() != Coding::Bc7 {
        println!("nothing is measured: it reads no BC7, in which the shoot of this bench is coded");
        return Ok(());
    }
    let mut bench = Bench::on(&device)?;
    if bench.timer.is_none() {
        println!("no time of the device: it offers no timestamp queries between commands");
    }
    let frames = match (is_quick, device.is_software()) {
        (true, _) => 4,
        (false, true) => FRAMES_IN_SOFTWARE,
        (false, false) => FRAMES,
    };
    let worst = bench.levels(frames)?;
    bench.paging()?;
    match (device.is_software(), worst <= BUDGET_MS) {
        (true, _) => println!("no budget is judged: the processor draws"),
        (false, true) => println!("p99 of the device is within {BUDGET_MS} ms"),
        (false, false) => println!("p99 of the device is over {BUDGET_MS} ms: {worst:.2}"),
    }
    Ok(())
}

impl Bench {
    fn on(device: &Device) -> GpuResult<Self> {
        Ok(Self {
            renderer: Renderer::new(device, Capture::FORMAT, PAGES),
            capture: Capture::new(device, SURFACE_PX.map(|side| side as u32))?,
            timer: Timer::of(device),
        })
    }

    /// Prints the table; gives the device's worst 99th percentile in milliseconds.
    fn levels(&mut self, frames: u32) -> GpuResult<f64> {
        println!("{PHOTOS} photos, {frames} frames a scene, ms");
        println!(
            "{:<12} {:>8}  {:<8} {:>5} {:>8} {:>8} {:>8} {:>8}",
            "level", "seen", "scene", "draws", "cpu p50", "cpu p99", "gpu p50", "gpu p99"
        );
        let mut wall = Wall::new(PHOTOS, 224.0, PAGES).in_sections(300);
        // What a warm wall has handed on is in no later frame.
        self.settle(&mut wall)?;
        let mut worst = 0.0_f64;
        for (name, cell_px) in LEVELS {
            road::go_to(&mut wall, cell_px, frames);
            self.settle(&mut wall)?;
            for (scene, commands) in road::scenes(&wall) {
                let (times, draws) = self.scene(&mut wall, frames, &commands)?;
                let seen = wall.review.visible().len();
                let [cpu50, cpu99] = road::spread(times.encoding);
                print!("{name:<12} {seen:>8}  {scene:<8} {draws:>5} {cpu50:>8.3} {cpu99:>8.3}");
                if times.drawing.is_empty() {
                    println!("{:>9}{:>9}", "-", "-");
                    continue;
                }
                let [gpu50, gpu99] = road::spread(times.drawing);
                println!(" {gpu50:>8.3} {gpu99:>8.3}");
                worst = worst.max(gpu99);
            }
        }
        Ok(worst)
    }

    fn scene(
        &mut self,
        wall: &mut Wall,
        frames: u32,
        commands: &[Command],
    ) -> GpuResult<(Times, u32)> {
        let (mut times, mut draws) = (Times::default(), 0);
        for frame in 0..frames as usize {
            if !commands.is_empty() {
                wall.command(&commands[frame % commands.len()]);
            }
            wall.compose();
            draws = draws.max(self.frame(wall, &mut times)?);
        }
        Ok((times, draws))
    }

    /// Hands a frame over and waits until the device is done with it; gives the number of draws.
    fn frame(&mut self, wall: &Wall, times: &mut Times) -> GpuResult<u32> {
        let Self { renderer, capture, timer } = self;
        let mut draws = 0;
        let mut work = || {
            let begin = road::thread_time();
            renderer.prepare(&wall.frame);
            draws = renderer.draw(capture.target()).draw_calls;
            times.encoding.push(road::thread_time() - begin);
        };
        match timer {
            Some(timer) => times.drawing.push(timer.time(&mut work)?),
            None => work(),
        }
        Ok(draws)
    }

    /// Makes and draws frames until all that is shown is on the device; gives what that took.
    fn settle(&mut self, wall: &mut Wall) -> GpuResult<(Times, u64)> {
        let (mut times, mut sent_bytes) = (Times::default(), 0);
        loop {
            let composed = wall.compose();
            let bytes: usize = wall.frame.uploads.iter().map(|up| up.coded.bytes().len()).sum();
            sent_bytes += bytes as u64;
            self.frame(wall, &mut times)?;
            if !composed.wants_frame && bytes == 0 {
                return Ok((times, sent_bytes));
            }
        }
    }

    /// A screen of cells of which nothing is on the device.
    fn paging(&mut self) -> GpuResult<()> {
        let mut wall = Wall::new(2000, 224.0, PAGES);
        let (times, sent_bytes) = self.settle(&mut wall)?;
        let total = |times: &[Duration]| times.iter().sum::<Duration>().as_secs_f64() * 1e3;
        println!(
            "a full screen of {} tiles: {:.1} MB in {} frames, thread {:.1} ms, device {:.1} ms",
            wall.review.visible().len(),
            sent_bytes as f64 / 1e6,
            times.encoding.len(),
            total(&times.encoding),
            total(&times.drawing),
        );
        Ok(())
    }
}
