//! A large shoot without files or threads: every header read, every picture in memory, a third of
//! the photos decided. For what a frame costs.

use std::path::Path;
use std::sync::Arc;

use rushlight::app::compose;
use rushlight::app::compose::Composed;
use rushlight::app::compose::News;
use rushlight::app::compose::Scene;
use rushlight::app::compose::stock::Stock;
use rushlight::app::compose::why::Told;
use rushlight::app::panel::Panels;
use rushlight::app::pointer::Pointer;
use rushlight::app::theme;
use rushlight::app::theme::palette::DARK;
use rushlight::core::coded::Coded;
use rushlight::core::coded::Coding;
use rushlight::core::command::Command;
use rushlight::core::frame::Frame;
use rushlight::core::label::Decision;
use rushlight::core::label::Label;
use rushlight::core::level;
use rushlight::core::order::Order;
use rushlight::core::order::Taken;
use rushlight::core::outlook::Explained;
use rushlight::core::photo::Fingerprint;
use rushlight::core::photo::PhotoId;
use rushlight::core::photo::PhotoMeta;
use rushlight::core::photo::Timestamp;
use rushlight::core::review::Review;
use rushlight::core::texels::Texels;
use rushlight::jobs::board::Board;
use rushlight::jobs::board::Header;
use rushlight::jobs::board::Stage;
use rushlight::jobs::board::Tile;
use rushlight::jobs::board::View;
use rushlight::jobs::board::Views;
use rushlight::jobs::glance::Glance;
use rushlight::jobs::ledger::Budget;
use rushlight::jobs::ledger::Ledger;
use rushlight::jobs::plan::Wish;

/// The surface: 4K.
pub const SURFACE_PX: [f32; 2] = [3840.0, 2160.0];

/// What a frame is made from, and the frame.
pub struct Wall {
    pub review: Review,
    pub panels: Panels,
    pub frame: Frame,
    /// What is said of the current photo's probability.
    pub explained: Option<Explained>,
    board: Board,
    stock: Stock,
    pointer: Pointer,
    wish: Wish,
    frame_number: u32,
}

impl Wall {
    /// So many photos in cells of `cell_px`, with so many pages on the device.
    pub fn new(count: u32, cell_px: f32, page_count: u16) -> Self {
        let board = Board::default();
        let ledger = Ledger::new(Budget { tile_bytes: usize::MAX, view_bytes: 0 });
        let levels = level::sizes_px([6000, 4000]).map(|size_px| coded(size_px?));
        let tile = Arc::new(Tile {
            levels,
            mean: [90; 3],
            whole_px: [6000, 4000],
            detail: None,
            scopes: None,
        });
        let micro = coded([32, 21]);
        for number in 0..count {
            let photo = board.add(Path::new(&format!("shoot/IMG_{number:06}.JPG")).into());
            let slot = board.slot(photo).expect("the photo was added");
            slot.set_header(Header { meta: meta(), fingerprint: Fingerprint([0; 16]) });
            slot.set_glance(Glance {
                mean: [90; 3],
                micro: micro.clone(),
                is_lasting: true,
                is_kept: false,
            });
            ledger.put_tile(photo, slot, Arc::clone(&tile), Stage::Tile);
            board.count_header();
        }
        let mut review = Review::new(theme::viewport(SURFACE_PX, 1.0));
        review.set_order(Arc::new(order(count, u32::MAX)));
        review.set_cell_px(cell_px);
        let decisions = [Decision::Keep, Decision::Stars(3), Decision::Tag("bride".into())];
        let label = decisions.iter().fold(Label::default(), |label, d| label.with(d));
        assert_eq!(
            review.restore((0..count).step_by(3).map(|p| (PhotoId(p), label.clone()))),
            None
        );
        Self {
            review,
            panels: Panels::default(),
            frame: Frame::default(),
            explained: None,
            board,
            stock: Stock::new(page_count),
            pointer: Pointer::default(),
            wish: Wish::default(),
            frame_number: 1,
        }
    }

    /// The same photos in sections of so many.
    pub fn in_sections(mut self, section: u32) -> Self {
        let count = self.board.photo_count() as u32;
        self.review.set_order(Arc::new(order(count, section)));
        self
    }

    /// Puts large pictures of the first photos into memory.
    pub fn add_views(&self, count: u32) {
        let view = |key| View { key, texels: Arc::new(Texels::filled([300, 200], [90; 4])) };
        for photo in (0..count).map(PhotoId) {
            let slot = self.board.slot(photo).expect("the wall has so many photos");
            let [fit, full] = [0, 1].map(|at| view(u64::from(photo.0) * 2 + at + 1));
            slot.set_views(Some(Arc::new(Views { box_px: [3840, 2126], fit, full: Some(full) })));
        }
    }

    /// Does what a key or the mouse asks for.
    pub fn command(&mut self, command: &Command) {
        _ = self.review.apply(command, |_| Some([6000, 4000]), Timestamp(0));
    }

    /// Makes the next frame.
    pub fn compose(&mut self) -> Composed {
        self.frame_number += 1;
        let why = self.explained.as_ref().map_or(Told::Nothing, Told::Explained);
        let scene = Scene {
            review: &self.review,
            stage: self.review.stage(),
            viewport: self.review.viewport(),
            board: &self.board,
            panels: &self.panels,
            pointer: &self.pointer,
            news: News { has_shoot: true, why, ..News::default() },
            scale: 1.0,
            palette: &DARK,
            saved_number: 0,
            frame_number: self.frame_number,
            flight: None,
        };
        compose::compose(&scene, &mut self.stock, &mut self.frame, &mut self.wish)
    }

    /// Makes frames until everything that is shown is on the device.
    pub fn warm(&mut self) {
        while self.compose().wants_frame || !self.frame.uploads.is_empty() {}
    }
}

/// A level in blocks, all of one colour.
fn coded(size_px: [u32; 2]) -> Option<Arc<Coded>> {
    let bytes = vec![0; Coding::Bc7.size_bytes(size_px)];
    Coded::new(size_px, Coding::Bc7, bytes).map(Arc::new)
}

fn meta() -> PhotoMeta {
    PhotoMeta {
        make: Some("Canon".into()),
        model: Some("Canon EOS R5".into()),
        serial: Some("012345".into()),
        lens: Some("RF 70-200mm F2.8".into()),
        captured: Some(Timestamp(1_750_000_000_000_000)),
        size_px: Some([6000, 4000]),
        iso: Some(400),
        f_number: Some(2.8),
        exposure_seconds: Some(0.004),
        focal_mm: Some(85.0),
        bias_ev: Some(-0.3),
        flash_fired: Some(false),
        ..PhotoMeta::default()
    }
}

/// Bursts of three, a minute apart, and an hour between sections of so many photos.
fn order(count: u32, section: u32) -> Order {
    let taken = |number: u32| Taken {
        photo: PhotoId(number),
        captured: Some(Timestamp(
            i64::from(number / 3 + number / section * 60) * 60 * Timestamp::SECOND,
        )),
        name_rank: number,
        body: 0,
    };
    Order::by_time((0..count).map(taken).collect())
}
