//! A road of 200 frames from the whole shoot to single pixels and back, each frame looked at: the
//! photo under the pointer stays there, and every pixel of a cell is the photo's that must stand
//! there, by a second reckoning of where cells are.
//!
//! Photos are of one colour each, so that a wrong one, a missing one and one in a wrong place are
//! told apart. What is in memory grows on the way: first nothing but mean colours, then micro
//! pictures, then tiles.

#[path = "support/studio.rs"]
#[expect(dead_code, reason = "frames are composed here, not written")]
mod studio;

use std::path::Path;
use std::sync::Arc;

use rushlight::app::compose;
use rushlight::app::compose::News;
use rushlight::app::compose::Scene;
use rushlight::app::compose::stock::Stock;
use rushlight::app::panel::Panels;
use rushlight::app::pointer::Pointer;
use rushlight::app::theme;
use rushlight::app::theme::palette::DARK;
use rushlight::core::coded::Coding;
use rushlight::core::command::Command;
use rushlight::core::frame::Frame;
use rushlight::core::level;
use rushlight::core::order::Order;
use rushlight::core::order::Taken;
use rushlight::core::photo::Fingerprint;
use rushlight::core::photo::PhotoId;
use rushlight::core::photo::PhotoMeta;
use rushlight::core::photo::Timestamp;
use rushlight::core::review::Review;
use rushlight::core::review::Stage;
use rushlight::core::texels::Texels;
use rushlight::disk::picture;
use rushlight::gpu::capture::Capture;
use rushlight::jobs::board::Board;
use rushlight::jobs::board::Header;
use rushlight::jobs::board::Stage as Progress;
use rushlight::jobs::board::Tile;
use rushlight::jobs::glance::Glance;
use rushlight::jobs::ledger::Budget;
use rushlight::jobs::ledger::Ledger;
use rushlight::jobs::plan::Wish;

use studio::with_device;

const PHOTOS: u32 = 700;
const SURFACE_PX: [f32; 2] = [420.0, 330.0];
const AT_PX: [f32; 2] = [201.0, 143.0];
const PHOTO_PX: [u32; 2] = [3000, 2000];

/// A colour that no other photo near has.
fn shade(photo: u32) -> [u8; 3] {
    [(photo % 6) as u8 * 32 + 60, (photo / 6 % 6) as u8 * 32 + 60, (photo / 36 % 6) as u8 * 32 + 60]
}

fn picture_of(photo: u32, size_px: [u32; 2]) -> Texels {
    let [r, g, b] = shade(photo);
    Texels::filled(size_px, [r, g, b, 255])
}

struct Table {
    board: Board,
    ledger: Ledger,
    review: Review,
    stock: Stock,
    frame: Frame,
    wish: Wish,
    number: u32,
}

impl Table {
    fn new() -> Self {
        let board = Board::default();
        for number in 0..PHOTOS {
            let photo = board.add(Path::new(&format!("IMG_{number}.JPG")).into());
            let meta = PhotoMeta { size_px: Some(PHOTO_PX), ..PhotoMeta::default() };
            let slot = board.slot(photo).expect("it was added");
            slot.set_header(Header { meta, fingerprint: Fingerprint([0; 16]) });
        }
        let mut review = Review::new(theme::viewport(SURFACE_PX, 1.0));
        // Sections of 90 photos, whose numbers are not their indices.
        let taken = (0..PHOTOS).map(|at| Taken {
            photo: PhotoId((at * 3 + 5) % PHOTOS),
            captured: Some(Timestamp(i64::from(at + at / 90 * 3600) * Timestamp::SECOND)),
            name_rank: at,
            body: 0,
        });
        review.set_order(Arc::new(Order::by_time(taken.collect())));
        Self {
            board,
            ledger: Ledger::new(Budget { tile_bytes: usize::MAX, view_bytes: 0 }),
            review,
            stock: Stock::new(studio::PAGES),
            frame: Frame::default(),
            wish: Wish::default(),
            number: 1,
        }
    }

    /// More becomes known of a photo: its colour, its micro picture, its tile.
    fn learn(&self, photo: u32, how_much: u32) {
        let slot = self.board.slot(PhotoId(photo)).expect("there is such a photo");
        let micro = (how_much > 0)
            .then(|| Arc::new(picture::encode(&picture_of(photo, [16, 11]), Coding::Rgba8)));
        slot.set_glance(Glance {
            mean: shade(photo),
            micro,
            is_lasting: how_much > 0,
            is_kept: false,
        });
        if how_much > 1 {
            let size_px = level::size_px(rushlight::core::atlas::Class::Small, PHOTO_PX);
            let coded = Arc::new(picture::encode(&picture_of(photo, size_px), Coding::Rgba8));
            let levels = [Some(coded), None, None];
            let tile =
                Tile { levels, mean: shade(photo), whole_px: PHOTO_PX, detail: None, scopes: None };
            self.ledger.put_tile(PhotoId(photo), slot, Arc::new(tile), Progress::Tile);
        }
        self.board.note(PhotoId(photo));
    }

    fn command(&mut self, command: &Command) {
        _ = self.review.apply(command, |_| Some(PHOTO_PX), Timestamp(0));
    }

    fn compose(&mut self) {
        self.number += 1;
        let scene = Scene {
            review: &self.review,
            stage: self.review.stage(),
            viewport: self.review.viewport(),
            board: &self.board,
            panels: &Panels::default(),
            pointer: &Pointer::default(),
            news: News { has_shoot: true, ..News::default() },
            scale: 1.0,
            palette: &DARK,
            saved_number: 0,
            frame_number: self.number,
            flight: None,
        };
        compose::compose(&scene, &mut self.stock, &mut self.frame, &mut self.wish);
    }

    /// Looks at the middle of every cell, at the gaps around it, and at the photo in the loupe.
    #[track_caller]
    fn check(&self, found: &Texels) {
        let review = &self.review;
        let [_, top, width, height] = review.viewport().area_px();
        // The outline of the current photo and the line of a burst may be there.
        let current = review.current_index();
        let mut seen = 0;
        for index in review.cells() {
            let rect = match review.stage() {
                Stage::Grid => review.cell_rect_px(index),
                Stage::Loupe if Some(index) == current => {
                    review.loupe_rect_px(review.current().expect("there is one"), PHOTO_PX)
                }
                Stage::Loupe => continue,
            };
            // The middle of what of the cell is in the window.
            let [left, right] = [rect[0].max(0.0), (rect[0] + rect[2]).min(width)];
            let [above, below] = [rect[1].max(top), (rect[1] + rect[3]).min(top + height)];
            let middle = [(left + right) / 2.0, (above + below) / 2.0];
            let photo = review.order().photo_at(index).expect("it is in the order").0;
            let is_whole = rect[1] >= top && rect[1] + rect[3] <= top + height;
            if !is_whole && review.stage() == Stage::Grid {
                continue;
            }
            let texel = found.texel(middle[0] as u32, middle[1] as u32);
            let expect = shade(photo);
            let is_right = (0..3).all(|at| texel[at].abs_diff(expect[at]) <= 3);
            assert!(is_right, "photo {photo} at {middle:?}: {texel:?}, not {expect:?}, {rect:?}");
            seen += 1;
        }
        assert!(seen > 0 || review.grid().side_px(review.viewport()) > height / 2.0);
    }
}

/// In and out: 200 steps of which the middle ones are in the loupe.
fn road() -> impl Iterator<Item = f32> {
    let into = (0..100).map(|_| 1.09);
    into.chain((0..100).map(|_| 1.0 / 1.09))
}

#[test]
fn no_frame_of_a_zoom_shows_a_wrong_or_displaced_photo() {
    with_device(|device| {
        let mut table = Table::new();
        let mut renderer = studio::renderer(device);
        let size_px = SURFACE_PX.map(|side| side as u32);
        let mut capture = Capture::new(device, size_px).expect("the size is drawable");
        (0..PHOTOS).for_each(|photo| table.learn(photo, 0));
        table.command(&Command::ZoomAt { factor: 1e-4, at_px: AT_PX });
        table.compose();
        // Every composed frame goes to the device, or what it told of would be lost.
        let (found, _) = capture.shoot(&mut renderer, &table.frame).expect("it is drawn");
        table.check(&found);
        assert_eq!(table.review.visible(), 0..PHOTOS as usize, "the whole shoot is seen");
        let index = table.review.index_at(AT_PX).expect("a photo is under the pointer");
        let mut stages = Vec::new();
        for (step, factor) in road().enumerate() {
            table.command(&Command::ZoomAt { factor, at_px: AT_PX });
            let review = &table.review;
            let under = match review.stage() {
                Stage::Grid => review.index_at(AT_PX).or(Some(index)),
                Stage::Loupe => review.current_index(),
            };
            let least = review.visible().len() == PHOTOS as usize;
            assert!(least || under == Some(index), "step {step}: {under:?}, not {index}");
            stages.push(review.stage());
            for photo in (0..PHOTOS).filter(|photo| photo % 200 == step as u32) {
                table.learn(photo, 1 + u32::from(step > 60));
            }
            table.compose();
            let (found, _) = capture.shoot(&mut renderer, &table.frame).expect("it is drawn");
            table.check(&found);
        }
        assert!(stages.contains(&Stage::Loupe), "the road leads to the loupe");
        assert_eq!(stages.last(), Some(&Stage::Grid), "and back");
        assert_eq!(table.review.visible(), 0..PHOTOS as usize);
    });
}

#[test]
fn a_lost_device_gets_the_overview_and_the_place_again() {
    with_device(|device| {
        let mut table = Table::new();
        (0..PHOTOS).for_each(|photo| table.learn(photo, 1));
        table.command(&Command::ZoomAt { factor: 1e-4, at_px: AT_PX });
        table.command(&Command::ZoomAt { factor: 1.6, at_px: AT_PX });
        let visible = table.review.visible();
        let size_px = SURFACE_PX.map(|side| side as u32);
        for _ in 0..2 {
            // A new renderer has nothing of what the one before was told.
            let mut renderer = studio::renderer(device);
            let mut capture = Capture::new(device, size_px).expect("the size is drawable");
            table.stock.reset();
            table.compose();
            assert!(!table.frame.mosaic.changes.micros.is_empty(), "its pictures travel again");
            let (found, _) = capture.shoot(&mut renderer, &table.frame).expect("it is drawn");
            table.check(&found);
            assert_eq!(table.review.visible(), visible);
        }
    });
}
