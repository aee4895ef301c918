//! `rushlight sheet`: what the window would show, drawn by the same code into a PNG.

use std::path::Path;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use super::AppError;
use super::AppResult;
use super::Outcome;
use super::check_paths;
use crate::app::cli::Sheet;
use crate::app::desk::Desk;
use crate::app::opener::Opener;
use crate::app::screen;
use crate::app::theme;
use crate::app::window::now;
use crate::core::command::Command;
use crate::core::photo::PhotoId;
use crate::disk::colour::settings::Theme;
use crate::disk::picture;
use crate::gpu::capture::Capture;
use crate::gpu::device::Device;
use crate::gpu::device::Preference;
use crate::gpu::renderer::Renderer;
use crate::gpu::text;
use crate::jobs::Waker;
use crate::jobs::board::Board;

/// What is drawn, and where to.
#[derive(Debug)]
pub struct Order<'a> {
    /// The PNG.
    pub output: &'a Path,
    /// Width and height in pixels.
    pub size_px: [u32; 2],
    /// Device pixels for a logical pixel.
    pub scale: f32,
    /// The photo to show alone.
    pub loupe: Option<&'a Path>,
    /// Side of a cell in pixels.
    pub cell_px: Option<f32>,
    /// What is around the photos.
    pub theme: Theme,
}

/// How long decisions may take to be read from the store before the sheet is drawn without them.
const STORE_PATIENCE: Duration = Duration::from_secs(20);

/// Draws the sheet that the command line asks for.
///
/// # Errors
/// When a path does not exist, there is no photo, no GPU, or the PNG cannot be written.
pub fn run(task: &Sheet, opener: &Opener) -> AppResult<Outcome> {
    check_paths(&task.paths)?;
    let order = Order {
        output: &task.output,
        size_px: task.size,
        scale: task.scale,
        loupe: task.loupe.as_deref(),
        cell_px: task.cell,
        theme: task.theme,
    };
    draw(opener, task.paths.clone(), &order)
}

/// Opens a shoot, waits until what is on the screen is there, and draws it.
///
/// # Errors
/// As [`run`].
pub fn draw(opener: &Opener, roots: Vec<PathBuf>, order: &Order<'_>) -> AppResult<Outcome> {
    let device = Device::offscreen(Preference::Hardware)?;
    let mut capture = Capture::new(&device, order.size_px)?;
    let page_count = screen::page_count(order.size_px);
    let mut renderer = Renderer::new(&device, Capture::FORMAT, page_count);
    renderer.use_fonts(text::load_system_fonts());
    let viewport = theme::viewport(order.size_px.map(|side| side as f32), order.scale);
    let mut desk = Desk::new(page_count, viewport);
    desk.palette = theme::palette(order.theme, false);
    desk.review.set_cell_px(order.cell_px.unwrap_or(200.0 * order.scale));
    let (bell, rings) = crossbeam_channel::bounded(1);
    let wake: Waker = Arc::new(move || _ = bell.try_send(()));
    let shoot = opener
        .look(roots.clone(), device.coding(), &wake)
        .map_err(|source| AppError::System { what: "threads", source: source.into() })?;
    desk.open(shoot, now());
    let mut studio = Studio { desk: &mut desk, renderer: &mut renderer, rings, scale: order.scale };
    studio.wait(|desk| desk.is_restored() && desk.is_sorted());
    if studio.desk.board().photo_count() == 0 {
        return Err(AppError::NoPhotos { paths: roots });
    }
    if let Some(name) = order.loupe {
        let photo = find(studio.desk.board(), name)?;
        studio.desk.review.show(photo);
        studio.desk.command(Command::Open, now());
    }
    studio.wait(Desk::is_settled);
    let (texels, _) = capture.shoot(&mut renderer, desk.frame())?;
    picture::write_png(&texels, order.output)?;
    let has_faults = desk.has_faults();
    _ = desk.close(STORE_PATIENCE, now());
    Ok(if has_faults { Outcome::Partly } else { Outcome::Done })
}

/// A desk that is looked at by nobody yet.
struct Studio<'a> {
    desk: &'a mut Desk,
    renderer: &'a mut Renderer,
    rings: crossbeam_channel::Receiver<()>,
    scale: f32,
}

impl Studio<'_> {
    /// Composes again and again, so that wishes follow what is known, until `is_ready` and all that
    /// is known is on the device.
    fn wait(&mut self, is_ready: impl Fn(&Desk) -> bool) {
        loop {
            self.desk.take_news(now());
            // Asked before and after: what came in between is not in this frame.
            let was_known = is_ready(self.desk);
            let composed = self.desk.compose(self.scale);
            // Every frame is prepared: its uploads are in no later one.
            let is_whole = self.renderer.prepare(self.desk.frame());
            let is_known = is_ready(self.desk);
            if was_known && is_known && is_whole && !composed.wants_frame {
                return;
            }
            if !is_known {
                // The jobs ring when there is news; the timeout covers a ring between two looks.
                _ = self.rings.recv_timeout(Duration::from_millis(100));
            }
        }
    }
}

/// The photo with this path, or whose path ends like it.
fn find(board: &Board, name: &Path) -> AppResult<PhotoId> {
    let count = u32::try_from(board.photo_count()).unwrap_or(u32::MAX);
    let with = |fits: &dyn Fn(&Path) -> bool| -> Vec<PhotoId> {
        (0..count)
            .map(PhotoId)
            .filter(|&photo| board.slot(photo).is_some_and(|slot| fits(&slot.path)))
            .collect()
    };
    let exact = with(&|path| path == name);
    let fitting = if exact.is_empty() { with(&|path| path.ends_with(name)) } else { exact };
    match fitting[..] {
        [photo] => Ok(photo),
        _ => Err(AppError::Ambiguous { found: fitting.len(), name: name.to_owned() }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_photo_is_found_by_its_path_or_by_an_unambiguous_name() {
        let board = Board::default();
        let photos = ["/a/1.jpg", "/b/1.jpg", "/b/2.jpg", "2.jpg"]
            .map(|path| board.add(Path::new(path).into()));
        assert_eq!(find(&board, Path::new("a/1.jpg")).unwrap(), photos[0]);
        assert_eq!(find(&board, Path::new("2.jpg")).unwrap(), photos[3]);
        for (name, count) in [("1.jpg", 2), ("3.jpg", 0)] {
            let Err(AppError::Ambiguous { found, .. }) = find(&board, Path::new(name)) else {
                panic!("{name} must not be found");
            };
            assert_eq!(found, count);
        }
    }
}
