//! How long do 1,000,000 photos take to filter and sort?
//!
//! Budget: 100 ms for each filter and sort, the worst of ten; of the window's thread 0.1 ms for
//! handing over a copy of the labels, and a frame of 120 Hz for taking an order over whose nearest
//! photo is far away. Every header is in memory, cameras are two, a third of the
//! photos is decided and a tenth is tagged; the files were found in another order than the
//! photos were taken in.
//!
//! All cores are used, so an idle machine is assumed.

use std::hint::black_box;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use std::time::Instant;

use rushlight::core::features::PICTURE_COUNT;
use rushlight::core::features::PictureFeatures;
use rushlight::core::filter::Filter;
use rushlight::core::label::Decision;
use rushlight::core::label::Label;
use rushlight::core::order::Order;
use rushlight::core::order::Sort;
use rushlight::core::order::SortKey;
use rushlight::core::order::Taken;
use rushlight::core::photo::Fingerprint;
use rushlight::core::photo::PhotoId;
use rushlight::core::photo::PhotoMeta;
use rushlight::core::photo::Timestamp;
use rushlight::core::review::Review;
use rushlight::core::view::Viewport;
use rushlight::jobs::board::Board;
use rushlight::jobs::board::Header;
use rushlight::jobs::sift::ClockOffsets;
use rushlight::jobs::sift::Measured;
use rushlight::jobs::sift::Wanted;
use rushlight::jobs::sift::sift;

const PHOTOS: u32 = 1_000_000;
const ROUNDS: usize = 10;
const BUDGET: Duration = Duration::from_millis(100);
const TAKING_OVER: Duration = Duration::from_millis(8);
const HANDING_OVER: Duration = Duration::from_micros(100);

const FILTERS: [&str; 9] = [
    "",
    "undecided",
    "stars>=3 or tag:cake",
    "iso>1600 f<2.8 t<1/250",
    "date:2026-05-03 camera:\"EOS R5\"",
    "0999",
    "no such words",
    "sharp<0.3 undecided",
    "not (keep or trash) burst sony",
];

/// Takes over an order of the last photo alone, with the first one current, and the whole again.
fn take_over(review: &mut Review, whole: &Arc<Order>, last: &Arc<Order>, first: PhotoId) {
    review.show(first);
    black_box(review.stand());
    review.set_order(Arc::clone(last));
    review.set_order(Arc::clone(whole));
}

fn main() {
    // `cargo bench -- --quick` sees that it works.
    let is_quick = std::env::args().any(|arg| arg == "--quick");
    let (count, rounds) = if is_quick { (20_000, 2) } else { (PHOTOS, ROUNDS) };
    let (board, whole, mut review) = shoot(count);
    println!("filter and sort {count} photos, {rounds} rounds");
    println!("{:<42} {:>6} {:>10} {:>9} {:>9}", "filter", "by", "shown", "median", "worst");
    let mut is_within = true;
    for text in FILTERS {
        for key in [SortKey::Time, SortKey::Name, SortKey::Stars, SortKey::Sharp] {
            let wanted = Wanted {
                number: 1,
                filter: Arc::new(Filter::read(text).filter),
                sort: Sort { key, is_reversed: true },
                whole: Arc::clone(&whole),
                labels: review.labels().clone(),
                outlook: None,
            };
            let mut shown = 0;
            let worst = report(rounds, || {
                // Anew each time, as if more had come to be known of the photos.
                let sharpness =
                    wanted.reads_sharpness().then(|| Measured::default().of(&board, &wanted));
                let order =
                    sift(&board, &ClockOffsets::new(), &wanted, sharpness.as_deref(), &|| false);
                shown = order.map_or(0, |order| black_box(order).len());
            });
            println!("{text:<42} {:>6} {shown:>10} {}", format!("{key:?}"), row(worst));
            is_within &= worst[1] <= BUDGET;
        }
    }
    let handed = report(rounds, || _ = black_box(review.labels().clone()));
    println!("{:<60} {}", "handing over the labels", row(handed));
    is_within &= handed[1] <= HANDING_OVER;
    let first = whole.photos()[0];
    let last = whole.photos()[whole.len() - 1];
    let only = Arc::new(whole.arranged(Sort::default(), |photo| (photo == last).then_some(0)));
    let taken = report(rounds, || take_over(&mut review, &whole, &only, first));
    println!("{:<60} {}", "taking over an order and the whole again", row(taken));
    is_within &= taken[1] <= TAKING_OVER;
    println!("{} the budget", if is_within { "within" } else { "over" });
}

/// Median and worst of some rounds.
fn report(rounds: usize, mut act: impl FnMut()) -> [Duration; 2] {
    act();
    let mut times: Vec<Duration> = (0..rounds)
        .map(|_| {
            let begin = Instant::now();
            act();
            begin.elapsed()
        })
        .collect();
    times.sort();
    [times[times.len() / 2], times[times.len() - 1]]
}

fn row(times: [Duration; 2]) -> String {
    times.map(|t| format!("{:6.2} ms", t.as_secs_f64() * 1e3)).join(" ")
}

/// A number that is far from its neighbours': folders list their files in no order.
const fn scattered(number: u32, count: u32) -> u32 {
    (number as u64 * 7_919 % count as u64) as u32
}

fn shoot(count: u32) -> (Board, Arc<Order>, Review) {
    let board = Board::default();
    let mut taken = Vec::new();
    for at in 0..count {
        let number = scattered(at, count);
        let photo = board.add(Path::new(&format!("/home/ada/shoot/IMG_{number:07}.JPG")).into());
        let meta = meta(number);
        let (captured, body) = (meta.captured, number % 2);
        taken.push(Taken { photo, captured, name_rank: number, body });
        let header = Header { meta, fingerprint: Fingerprint([0; 16]) };
        let slot = board.slot(photo).expect("the photo was added");
        slot.set_header(header);
        slot.set_features(PictureFeatures([(number % 977) as f32 / 200.0; PICTURE_COUNT]));
        board.count_measured();
    }
    let whole = Arc::new(Order::by_time(taken));
    board.set_order(Arc::clone(&whole));
    let mut review = Review::new(Viewport::new([1600.0, 1000.0], 1.0));
    review.set_order(Arc::clone(&whole));
    let decisions = [Decision::Keep, Decision::Stars(4), Decision::Tag("wedding cake".into())];
    review.restore((0..count).step_by(3).map(|at| {
        let some = if at % 10 == 0 { &decisions[..] } else { &decisions[..2] };
        (PhotoId(at), some.iter().fold(Label::default(), |label, decision| label.with(decision)))
    }));
    (board, whole, review)
}

fn meta(number: u32) -> PhotoMeta {
    let start = Timestamp::from_civil([2026, 5, 1], [8, 0, 0], 0).expect("the date exists");
    let cameras = [("Canon", "Canon EOS R5"), ("SONY", "ILCE-7M3")];
    let (make, model) = cameras[number as usize % 2];
    PhotoMeta {
        make: Some(make.into()),
        model: Some(model.into()),
        serial: Some("0123456".into()),
        lens: Some("RF70-200mm F2.8 L IS USM".into()),
        captured: Some(start.plus_seconds(i64::from(number / 3) * 20)),
        size_px: Some([6000, 4000]),
        iso: Some(100 << (number % 7)),
        f_number: Some(1.4 + (number % 9) as f32),
        exposure_seconds: Some(1.0 / f64::from(30 << (number % 6))),
        focal_mm: Some(85.0),
        ..PhotoMeta::default()
    }
}
