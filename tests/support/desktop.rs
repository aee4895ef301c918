//! A desktop for tests that need a real window: an X server without a screen, a window manager,
//! keys and a mouse.
//!
//! Decides nothing about what a test looks for: it starts programs, types, points and takes
//! pictures of the screen. Every desktop has a display and folders of its own, and ends exactly the
//! processes that it started; one at a time, because the machine has few cores.
//!
//! Where the programs for it or a Vulkan driver are missing, the tests skip with a printed line,
//! but fail under `CI=true`. Nothing here waits for a fixed time: what is waited for is looked at
//! again and again until a deadline.
//!
//! Units: pixels of the screen, y downwards.

use std::env;
use std::fs;
use std::fs::File;
use std::io::BufRead;
use std::io::BufReader;
use std::path::Path;
use std::path::PathBuf;
use std::process::Child;
use std::process::Command;
use std::process::ExitStatus;
use std::process::Stdio;
use std::sync::LazyLock;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;
use std::thread;
use std::time::Duration;
use std::time::Instant;

use image::RgbImage;
use rushlight::gpu::device::Device;
use rushlight::gpu::device::Preference;
use tempfile::TempDir;

/// Width and height: six cells a row and four rows; small, because everything is drawn in software.
pub const SIZE_PX: [u32; 2] = [1280, 800];

/// How long anything may take on a machine that is busy with other things.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// How often something is looked at again: often enough that no test waits long for nothing.
const LOOK_EVERY: Duration = Duration::from_millis(10);

/// What must be installed.
const PROGRAMS: [&str; 4] = ["Xvfb", "openbox", "xdotool", "import"];

/// Lends the machine to one desktop at a time.
static TURN: Mutex<()> = Mutex::new(());

/// A display with a window manager, and folders for one person's files.
pub struct Desktop {
    display: String,
    // Ended in this order, so that nothing complains of a lost display.
    _window_manager: Ended,
    _server: Ended,
    folder: TempDir,
    _turn: MutexGuard<'static, ()>,
}

/// A process that is ended when it is dropped.
pub struct Ended(Child);

impl Drop for Ended {
    fn drop(&mut self) {
        // It may have ended by itself, which is as good.
        _ = self.0.kill();
        _ = self.0.wait();
    }
}

/// What a screen shows.
pub struct Shot(RgbImage);

/// Calls `look` until it finds something, or fails the test.
#[track_caller]
pub fn wait_for<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let begin = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(begin.elapsed() < PATIENCE, "waited in vain for {what}");
        thread::sleep(LOOK_EVERY);
    }
}

impl Desktop {
    /// Starts a desktop; `None` where that cannot be done.
    #[track_caller]
    pub fn start() -> Option<Self> {
        let turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(missing) = missing() {
            assert!(!is_ci(), "{missing}");
            println!("skipped: {missing}");
            return None;
        }
        let folder = tempfile::tempdir().expect("a folder can be made");
        for name in ["data", "config", "cache", "run"] {
            fs::create_dir(folder.path().join(name)).expect("a folder can be made");
        }
        let (server, display) = start_server();
        let mut manager = Command::new("openbox");
        manager.args(["--config-file", "/dev/null"]).env("DISPLAY", &display).stdin(Stdio::null());
        let manager = manager.stdout(Stdio::null()).stderr(Stdio::null()).spawn();
        let manager = Ended(manager.expect("openbox starts"));
        Some(Self { display, _window_manager: manager, _server: server, folder, _turn: turn })
    }

    /// The display's name, for another program that shows itself there.
    pub fn display(&self) -> &str {
        &self.display
    }

    /// The number of Rushlight's window.
    #[track_caller]
    pub fn window(&self) -> u32 {
        let said = self.xdotool_says(&["search", "--onlyvisible", "--name", "^Rushlight"]);
        said.lines().next().and_then(|line| line.parse().ok()).expect("there is a window")
    }

    /// A place in the desktop's folder.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The folder of the decisions.
    pub fn store(&self) -> PathBuf {
        self.path("data/rushlight")
    }

    /// Starts Rushlight and waits until its window has the keyboard.
    #[track_caller]
    pub fn open(&self, folder: &Path) -> Program {
        let errors = self.path("errors.txt");
        let mut command = rushlight(self.folder.path());
        command.arg(folder).env("DISPLAY", &self.display);
        command.stdout(Stdio::null()).stderr(File::create(&errors).expect("a file can be made"));
        let process = Ended(command.spawn().expect("rushlight starts"));
        let mut program = Program { process, errors };
        wait_for("a window with the keyboard", || {
            program.check_runs();
            let name = self.xdotool_says(&["getwindowfocus", "getwindowname"]);
            name.starts_with("Rushlight").then_some(())
        });
        program
    }

    /// Presses and releases keys one after the other, as fast as the display takes them.
    #[track_caller]
    pub fn keys(&self, keys: &[&str]) {
        self.xdotool(&[&["key", "--delay", "0"], keys].concat());
    }

    /// Lets xdotool do something, and waits until it has.
    #[track_caller]
    pub fn xdotool(&self, words: &[&str]) {
        let status = self.xdotool_command(words).status().expect("xdotool starts");
        assert!(status.success(), "xdotool {words:?}: {status}");
    }

    /// Lets xdotool begin something.
    pub fn begin_xdotool(&self, words: &[&str]) -> Ended {
        Ended(self.xdotool_command(words).spawn().expect("xdotool starts"))
    }

    /// What the screen shows.
    pub fn shot(&self) -> Shot {
        let mut import = Command::new("import");
        import.args(["-silent", "-window", "root", "-depth", "8", "rgb:-"]);
        let output = import.env("DISPLAY", &self.display).output().expect("import starts");
        let [width, height] = SIZE_PX;
        Shot(RgbImage::from_raw(width, height, output.stdout).expect("three bytes a pixel"))
    }

    /// Looks at the screen until `look` finds something; keeps the last picture when it does not.
    #[track_caller]
    pub fn see<T>(&self, what: &str, mut look: impl FnMut(&Shot) -> Option<T>) -> T {
        let begin = Instant::now();
        loop {
            let shot = self.shot();
            if let Some(found) = look(&shot) {
                return found;
            }
            if begin.elapsed() > PATIENCE {
                let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("culling.png");
                shot.0.save(&path).expect("the picture is written");
                let errors = fs::read_to_string(self.path("errors.txt")).unwrap_or_default();
                panic!("saw in vain for {what}; picture: {}\n{errors}", path.display());
            }
            thread::sleep(LOOK_EVERY);
        }
    }

    fn xdotool_command(&self, words: &[&str]) -> Command {
        let mut command = Command::new("xdotool");
        command.args(words).env("DISPLAY", &self.display).stdin(Stdio::null());
        command
    }

    fn xdotool_says(&self, words: &[&str]) -> String {
        let output = self.xdotool_command(words).output().expect("xdotool starts");
        String::from_utf8_lossy(&output.stdout).into_owned()
    }
}

impl Ended {
    /// Waits until the process ends by itself.
    #[track_caller]
    pub fn wait(&mut self, what: &str) -> ExitStatus {
        wait_for(what, || self.0.try_wait().expect("a child can be waited for"))
    }
}

/// Rushlight with a window.
pub struct Program {
    process: Ended,
    errors: PathBuf,
}

impl Program {
    /// Waits until the program has ended by itself; gives its exit code and what it complained of.
    #[track_caller]
    pub fn wait(mut self) -> (Option<i32>, String) {
        let status = self.process.wait("the end of rushlight");
        (status.code(), self.complaints())
    }

    /// Kills the program as a power cut would: it is told nothing.
    pub fn kill(mut self) {
        self.process.0.kill().expect("it still runs");
        self.process.0.wait().expect("a child can be waited for");
    }

    #[track_caller]
    fn check_runs(&mut self) {
        if let Some(status) = self.process.0.try_wait().expect("a child can be waited for") {
            panic!("rushlight ended, {status}: {}", self.complaints());
        }
    }

    fn complaints(&self) -> String {
        fs::read_to_string(&self.errors).unwrap_or_default()
    }
}

impl Shot {
    /// Whether the pixel has this colour, nearly: JPEG rounds.
    pub fn is(&self, at: [u32; 2], colour: [u8; 3]) -> bool {
        let [x, y] = at;
        x < self.0.width() && y < self.0.height() && is_near(self.0.get_pixel(x, y).0, colour)
    }

    /// Left, top, width and height of what has this colour; `None` where nothing has.
    pub fn find(&self, colour: [u8; 3]) -> Option<[u32; 4]> {
        self.find_all(&[colour]).pop()?
    }

    /// The same for many colours in one look: the pixels of a row are taken in runs, and a row like
    /// the one above it has its runs, since tests are not optimized and screens have many pixels.
    pub fn find_all(&self, colours: &[[u8; 3]]) -> Vec<Option<[u32; 4]>> {
        let mut corners: Vec<Option<[u32; 4]>> = vec![None; colours.len()];
        let (mut above, mut runs): (&[u8], Vec<(usize, u32, u32)>) = (&[], Vec::new());
        for (y, row) in (0..).zip(self.0.chunks_exact(SIZE_PX[0] as usize * 3)) {
            if row != std::mem::replace(&mut above, row) {
                runs.clear();
                let (pixels, _) = row.as_chunks::<3>();
                let mut x = 0;
                for run in pixels.chunk_by(|a, b| a == b) {
                    let end = x + run.len() as u32;
                    let found = colours.iter().position(|&colour| is_near(run[0], colour));
                    runs.extend(found.map(|at| (at, x, end)));
                    x = end;
                }
            }
            for &(at, x, end) in &runs {
                let [left, top, right, _] = corners[at].unwrap_or([x, y, end, y]);
                corners[at] = Some([left.min(x), top, right.max(end), y + 1]);
            }
        }
        let size = |[left, top, right, bottom]: [u32; 4]| [left, top, right - left, bottom - top];
        corners.into_iter().map(|corners| corners.map(size)).collect()
    }
}

fn is_near(a: [u8; 3], b: [u8; 3]) -> bool {
    a.iter().zip(b).all(|(a, b)| a.abs_diff(b) <= 6)
}

/// Rushlight with the files of the person whose folder it is, and without a display.
pub fn rushlight(home: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rushlight"));
    let folders = ["DATA_HOME", "CONFIG_HOME", "CACHE_HOME", "RUNTIME_DIR"];
    for (name, folder) in folders.into_iter().zip(["data", "config", "cache", "run"]) {
        command.env(format!("XDG_{name}"), home.join(folder));
    }
    for name in ["DISPLAY", "WAYLAND_DISPLAY", "WAYLAND_SOCKET", "RUSHLIGHT_LOG"] {
        command.env_remove(name);
    }
    command.env("HOME", home).stdin(Stdio::null());
    command
}

/// Starts an X server on a display that is free, and gives its name.
fn start_server() -> (Ended, String) {
    let [width, height] = SIZE_PX;
    let mut server = Command::new("Xvfb");
    server.args(["-displayfd", "1", "-nolisten", "tcp", "-screen", "0"]);
    server.arg(format!("{width}x{height}x24"));
    server.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut server = Ended(server.spawn().expect("Xvfb starts"));
    let told = server.0.stdout.take().expect("it is piped");
    let mut number = String::new();
    BufReader::new(told).read_line(&mut number).expect("Xvfb tells its display");
    (server, format!(":{}", number.trim()))
}

/// What this machine lacks for a desktop, in words.
fn missing() -> Option<String> {
    let folders = env::var_os("PATH").unwrap_or_default();
    let is_there = |name: &str| env::split_paths(&folders).any(|f| f.join(name).is_file());
    let program = PROGRAMS.iter().find(|name| !is_there(name));
    program.map(|name| format!("{name} is not installed")).or_else(missing_gpu)
}

/// Why nothing can be drawn here, in words.
pub fn missing_gpu() -> Option<String> {
    static MISSING: LazyLock<Option<String>> = LazyLock::new(|| {
        Device::offscreen(Preference::Software).err().map(|error| error.to_string())
    });
    MISSING.clone()
}

/// Whether what is missing must fail the test.
pub fn is_ci() -> bool {
    env::var("CI").is_ok_and(|v| v == "true")
}
