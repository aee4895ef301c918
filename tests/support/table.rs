//! A desk that shows a shoot without a display: a clock that tests turn, a waker over a channel, and
//! questions about the frame.

use std::sync::Arc;
use std::thread;
use std::time::Duration;
use std::time::Instant;

use crossbeam_channel::Receiver;
use rushlight::app::desk::Desk;
use rushlight::app::theme;
use rushlight::core::coded::Coding;
use rushlight::core::command::Command;
use rushlight::core::frame::RectPx;
use rushlight::core::frame::Rgba;
use rushlight::core::frame::Stratum;
use rushlight::core::guard::Budget as Accepted;
use rushlight::core::label::Decision;
use rushlight::core::label::Label;
use rushlight::core::photo::PhotoId;
use rushlight::core::photo::Timestamp;
use rushlight::disk::places::Place;
use rushlight::disk::sidecar::settings::SidecarSettings;
use rushlight::jobs::cached::Cached;
use rushlight::jobs::ledger::Budget;
use rushlight::jobs::shoot::Opening;

use crate::shoot::Shoot;
use crate::shoot::number_of;

/// The longest that anything may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(30);

/// The window: four columns of the usual cells.
pub const WINDOW_PX: [f32; 2] = [1000.0, 730.0];

/// A desk with what the window would keep beside it.
pub struct Table {
    pub desk: Desk,
    /// Device pixels for a logical pixel.
    pub scale: f32,
    /// What shoots that are laid from now on have been decoded to before.
    pub cached: Arc<Cached>,
    /// What may be proposed there; `None` where nothing is learned.
    pub learn: Option<Accepted>,
    /// How sidecars are written there; `None` where files beside the photos are not looked at.
    pub sidecars: Option<SidecarSettings>,
    wakes: Receiver<()>,
    now: Timestamp,
}

/// What stands for a decision in a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Badge {
    Hollow(Rgba),
    Solid(Rgba),
}

impl Table {
    /// An empty desk with so many pages.
    pub fn empty(page_count: u16) -> Self {
        let desk = Desk::new(page_count, theme::viewport(WINDOW_PX, 1.0));
        let (wakes, now) = (crossbeam_channel::never(), Timestamp(1_750_000_000_000_000));
        let cached = Arc::new(Cached::none(Coding::Rgba8));
        Self { desk, scale: 1.0, cached, learn: None, sidecars: None, wakes, now }
    }

    /// A desk on which a shoot has just been laid.
    pub fn open(shoot: &Shoot) -> Self {
        let mut table = Self::empty(8);
        table.lay(shoot, Arc::new(|| {}));
        table
    }

    /// A desk that knows and shows all of a shoot.
    pub fn ready(shoot: &Shoot) -> Self {
        let mut table = Self::open(shoot);
        table.settle();
        table
    }

    /// Lays another shoot on the desk and closes the one before; `beside` is called with each
    /// wake, on the thread that wakes.
    pub fn lay(&mut self, shoot: &Shoot, beside: Arc<dyn Fn() + Send + Sync>) {
        self.lay_at(shoot, None, beside);
    }

    /// The same, where the person was in an earlier run.
    pub fn lay_at(
        &mut self,
        shoot: &Shoot,
        place: Option<&Place>,
        beside: Arc<dyn Fn() + Send + Sync>,
    ) {
        let (wake, wakes) = crossbeam_channel::bounded(1);
        self.wakes = wakes;
        let opening = Opening {
            roots: vec![shoot.photos()],
            clock_offsets_seconds: std::collections::BTreeMap::new(),
            clocks_set: Vec::new(),
            cached: Arc::clone(&self.cached),
            budget: Budget { tile_bytes: 256 << 20, view_bytes: 64 << 20 },
            store: shoot.store(),
            now: self.now,
            learn: self.learn,
            sidecars: self.sidecars.clone(),
        };
        let waker: rushlight::jobs::Waker = Arc::new(move || {
            // One wake is enough for everything until it is taken.
            _ = wake.try_send(());
            beside();
        });
        let photo = place.and_then(|place| place.photo.clone());
        let new = rushlight::jobs::shoot::Shoot::open_at(opening, photo, &waker);
        let new = new.expect("threads are given");
        if let Some(old) = self.desk.open(new, self.now) {
            assert_eq!(old.close(PATIENCE), Ok(()), "every decision is durable");
        }
        if let Some(place) = place {
            self.desk.take_up(place, self.scale, self.now);
        }
    }

    /// Closes the desk.
    pub fn close(self) {
        assert_eq!(self.desk.close(PATIENCE, self.now), Ok(()), "every decision is durable");
    }

    /// A command, as a key gives it.
    pub fn command(&mut self, command: Command) {
        self.desk.command(command, self.now);
    }

    /// A deciding key.
    pub fn decide(&mut self, decision: Decision) {
        self.command(Command::Decide(decision));
    }

    /// The time at the desk.
    pub const fn now(&self) -> Timestamp {
        self.now
    }

    /// Composes a frame that is not shown yet.
    pub fn compose(&mut self) {
        self.now = Timestamp(self.now.0 + 16_000);
        self.desk.take_news(self.now);
        self.desk.compose(self.scale);
    }

    /// Shows the frame composed last; gives whether anything waited for it.
    pub fn present(&mut self) -> bool {
        self.desk.presented(self.now)
    }

    /// Composes a frame and shows it.
    pub fn show(&mut self) {
        self.compose();
        self.present();
    }

    /// Shows frames, as often as it is woken, until something is so.
    #[track_caller]
    pub fn until(&mut self, what: &str, is_so: impl Fn(&Desk) -> bool) {
        let begin = Instant::now();
        loop {
            self.show();
            if is_so(&self.desk) {
                return;
            }
            assert!(begin.elapsed() < PATIENCE, "waited in vain until {what}");
            _ = self.wakes.recv_timeout(Duration::from_millis(20));
        }
    }

    /// Shows frames until everything is known and shown.
    #[track_caller]
    pub fn settle(&mut self) {
        self.until("all is read, restored and shown", |desk| {
            desk.review.order().is_by_time() && desk.is_restored() && desk.is_settled()
        });
        // What the board has got since the last frame was composed.
        self.show();
    }

    /// The photo of a number.
    #[track_caller]
    pub fn photo(&self, number: usize) -> PhotoId {
        let board = self.desk.board();
        let is_it = |&photo: &PhotoId| {
            board.slot(photo).is_some_and(|slot| number_of(&slot.path) == number)
        };
        let mut photos = (0..board.photo_count() as u32).map(PhotoId);
        photos.find(is_it).expect("the shoot has a photo of the number")
    }

    /// What is decided about the photo of a number.
    pub fn label(&self, number: usize) -> Label {
        self.desk.review.label(self.photo(number)).clone()
    }

    /// The number of the current photo.
    pub fn current(&self) -> Option<usize> {
        let slot = self.desk.board().slot(self.desk.review.current()?)?;
        Some(number_of(&slot.path))
    }

    /// The numbers of all photos as they stand.
    pub fn order(&self) -> Vec<usize> {
        let photos = self.desk.review.order().photos().iter();
        photos.filter_map(|&photo| Some(number_of(&self.desk.board().slot(photo)?.path))).collect()
    }

    /// The cell of the photo of a number.
    pub fn cell(&self, number: usize) -> RectPx {
        let review = &self.desk.review;
        let index = review.order().index_of(self.photo(number)).expect("it is in the order");
        review.cell_rect_px(index)
    }

    /// The badge in the cell of the photo of a number.
    pub fn badge(&self, number: usize) -> Option<Badge> {
        let cell = self.cell(number);
        let is_round = |q: &&rushlight::core::frame::Quad| q.radius_px * 2.0 == q.rect_px[2];
        let marks = self.desk.frame().marks.iter().filter(|q| holds(cell, q.rect_px));
        let badge = marks.filter(is_round).find(|q| q.border[3] > 0)?;
        Some(match badge.fill == badge.border {
            true => Badge::Solid(badge.border),
            false => Badge::Hollow(badge.border),
        })
    }

    /// Whether the cell of the photo of a number has the outline of the current one.
    pub fn is_outlined(&self, number: usize) -> bool {
        let cell = self.cell(number);
        let outline = |q: &rushlight::core::frame::Quad| {
            q.rect_px == cell && q.border == theme::CURRENT && q.border_px > 0.0
        };
        self.desk.frame().marks.iter().any(outline)
    }

    /// Every line of text in the frame.
    pub fn lines(&self) -> Vec<String> {
        let frame = self.desk.frame();
        let all = |s: &Stratum| s.lines.iter().map(|l| s.text_of(l).to_owned()).collect::<Vec<_>>();
        [all(&frame.base), all(&frame.overlay)].concat()
    }

    /// Whether some line of the frame has these words in it.
    pub fn says(&self, words: &str) -> bool {
        self.lines().iter().any(|line| line.contains(words))
    }
}

/// Whether the middle of `inner` lies in `outer`.
pub fn holds(outer: RectPx, inner: RectPx) -> bool {
    let [x, y] = [0, 1].map(|axis| inner[axis] + inner[axis + 2] / 2.0);
    (outer[0]..outer[0] + outer[2]).contains(&x) && (outer[1]..outer[1] + outer[3]).contains(&y)
}

/// Whether this thread is one that decodes and reads headers.
pub fn is_worker() -> bool {
    thread::current().name().is_some_and(|name| name.starts_with("pool"))
}
