//! Previews that cameras append behind the picture (CIPA DC-007): found, checked, and shown until the
//! picture is decoded, where a thumbnail is too small.
//!
//! The files are made here: a red picture with a green thumbnail and a blue preview, so that a
//! glance tells what is shown.

#[path = "support/shared.rs"]
mod shared;

use std::collections::BTreeMap;
use std::io::Cursor;
use std::path::Path;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::OnceLock;
use std::thread;
use std::time::Duration;
use std::time::Instant;

use exif::Field;
use exif::In;
use exif::Tag;
use exif::Value;
use exif::experimental::Writer;
use image::ImageFormat;
use image::Rgb;
use image::RgbImage;
use rushlight::core::atlas::Class;
use rushlight::core::coded::Coding;
use rushlight::core::photo::PhotoId;
use rushlight::core::photo::Timestamp;
use rushlight::core::photo::Turn;
use rushlight::core::texels::Texels;
use rushlight::disk::picture;
use rushlight::disk::source::HEADER_BYTES;
use rushlight::disk::source::Source;
use rushlight::jobs::board::Board;
use rushlight::jobs::cached::Cached;
use rushlight::jobs::ledger::Budget;
use rushlight::jobs::plan::TileWish;
use rushlight::jobs::plan::ViewWish;
use rushlight::jobs::plan::Wish;
use rushlight::jobs::shoot::Opening;
use rushlight::jobs::shoot::Shoot;

const RED: [u8; 3] = [220, 20, 20];
const GREEN: [u8; 3] = [20, 200, 20];
const BLUE: [u8; 3] = [20, 20, 220];

/// A JPEG of one colour, with black rows above and below.
fn jpeg([width, height]: [u32; 2], rgb: [u8; 3], bar: u32) -> Vec<u8> {
    let is_bar = |y| y < bar || y >= height - bar;
    let pixel = |_, y| Rgb(if is_bar(y) { [0; 3] } else { rgb });
    let mut bytes = Cursor::new(Vec::new());
    RgbImage::from_fn(width, height, pixel).write_to(&mut bytes, ImageFormat::Jpeg).expect("fits");
    bytes.into_inner()
}

fn segment(kind: u8, body: &[u8]) -> Vec<u8> {
    let length = u16::try_from(body.len() + 2).expect("it fits a segment");
    [&[0xFF, kind], &length.to_be_bytes()[..], body].concat()
}

/// The list of two pictures, the second `size` bytes at `offset` from its own beginning.
fn list(main_size: u32, size: u32, offset: u32) -> Vec<u8> {
    let entry = |tag: u16, kind: u16, count: u32, value: u32| {
        let [count, value] = [count, value].map(u32::to_le_bytes);
        [&tag.to_le_bytes()[..], &kind.to_le_bytes(), &count, &value].concat()
    };
    let directory = [entry(0xB001, 4, 1, 2), entry(0xB002, 7, 32, 38)].concat();
    let pictures = [[0x2003_0000, main_size, 0, 0], [0x0001_0002, size, offset, 0]];
    let pictures = pictures.as_flattened().iter().flat_map(|n| n.to_le_bytes());
    let head = [b"MPF\0II*\0\x08\0\0\0\x02\0".as_slice(), &directory, &[0; 4]].concat();
    segment(0xE2, &head.into_iter().chain(pictures).collect::<Vec<_>>())
}

/// A file as cameras write it; where the preview begins.
fn photo(main: &[u8], thumbnail: Option<&[u8]>, preview: &[u8]) -> (Vec<u8>, usize) {
    let make = Field {
        tag: Tag::Make,
        ifd_num: In::PRIMARY,
        value: Value::Ascii(vec![b"Candlemaker".to_vec()]),
    };
    let mut writer = Writer::new();
    writer.push_field(&make);
    if let Some(thumbnail) = thumbnail {
        writer.set_jpeg(thumbnail, In::THUMBNAIL);
    }
    let mut block = Cursor::new(Vec::new());
    writer.write(&mut block, true).expect("the fields are plain");
    let app1 = segment(0xE1, &[b"Exif\0\0", &block.into_inner()[..]].concat());
    let begin = [&[0xFF, 0xD8], &app1[..]].concat();
    let total = begin.len() + list(0, 0, 0).len() + main.len() - 2;
    // Behind the segment's marker, length and mark.
    let offset = total - (begin.len() + 8);
    let list = list(total as u32, preview.len() as u32, offset as u32);
    ([&begin[..], &list, &main[2..], preview].concat(), total)
}

/// A photo in a folder of its own.
struct Folder {
    dir: tempfile::TempDir,
}

impl Folder {
    fn with(photo: &[u8]) -> Self {
        let dir = tempfile::tempdir().expect("a folder can be made");
        std::fs::create_dir(dir.path().join("photos")).expect("the folder is ours");
        std::fs::write(dir.path().join("photos/a.jpg"), photo).expect("room on the disk");
        Self { dir }
    }

    fn photos(&self) -> PathBuf {
        self.dir.path().join("photos")
    }

    /// What is shown of the photo, one after the other, until its picture is.
    fn shown(&self, wish: Wish) -> Vec<String> {
        let opened: Arc<OnceLock<Shoot>> = Arc::default();
        let seen: Arc<Mutex<Vec<String>>> = Arc::default();
        let (shoot, words) = (Arc::clone(&opened), Arc::clone(&seen));
        // Called by the worker that has just put something on the board, before it goes on.
        let wake: rushlight::jobs::Waker = Arc::new(move || {
            let mut words = words.lock().expect("no panic");
            for word in shoot.get().map(|s| state(s.board())).into_iter().flatten() {
                if !words.contains(&word) {
                    words.push(word);
                }
            }
        });
        let opening = Opening {
            roots: vec![self.photos()],
            clock_offsets_seconds: BTreeMap::new(),
            clocks_set: Vec::new(),
            cached: Arc::new(Cached::none(Coding::Rgba8)),
            // No room for tiles that nobody asks for: the order is that of the wish alone.
            budget: Budget { tile_bytes: 0, view_bytes: 64 << 20 },
            store: self.dir.path().join("store"),
            now: Timestamp(0),
            learn: None,
            sidecars: None,
        };
        let shoot = Shoot::open(opening, &wake).expect("threads are given");
        wait(|| shoot.is_sorted());
        let shoot = opened.get_or_init(|| shoot);
        shoot.wish(wish);
        let words = || seen.lock().expect("no panic").clone();
        wait(|| words().iter().any(|word| word.contains("red")));
        words()
    }
}

#[track_caller]
fn wait(is_ready: impl Fn() -> bool) {
    let begin = Instant::now();
    while !is_ready() {
        assert!(begin.elapsed() < Duration::from_secs(30), "waited in vain");
        thread::sleep(Duration::from_millis(1));
    }
}

/// The photo's pictures on the board: where, in what colour, and how long their longer side is.
fn state(board: &Board) -> Vec<String> {
    let Some(slot) = board.slot(PhotoId(0)) else { return Vec::new() };
    let name = |texels: &Texels| {
        let [width, height] = texels.size_px();
        let [r, g, b, _] = texels.texel(width / 2, height / 2);
        // Whatever space they are in, the brightest channel tells them apart.
        let near =
            |rgb: [u8; 3]| (0..3).max_by_key(|&c| rgb[c]) == (0..3).max_by_key(|&c| [r, g, b][c]);
        let colour = [("red", RED), ("green", GREEN), ("blue", BLUE)]
            .into_iter()
            .find_map(|(word, rgb)| near(rgb).then_some(word));
        format!("{} {}", colour.unwrap_or("?"), texels.edge_px())
    };
    let tile = slot.tile();
    let tile = tile.as_ref().and_then(|t| t.levels.iter().rev().flatten().next().cloned());
    let view = slot.views().as_ref().map(|views| format!("view {}", name(&views.fit.texels)));
    let tile = tile.and_then(|t| Texels::new(t.size_px()[0], t.size_px()[1], t.bytes().to_vec()));
    tile.map(|texels| format!("tile {}", name(&texels))).into_iter().chain(view).collect()
}

fn tile_wish(class: Class) -> Wish {
    Wish { tiles: vec![TileWish { photo: PhotoId(0), class }], visible_count: 1, views: vec![] }
}

fn red_green_blue() -> Folder {
    let [main, thumbnail, preview] =
        [([2400, 1800], RED), ([160, 120], GREEN), ([1440, 1080], BLUE)]
            .map(|(size_px, rgb)| jpeg(size_px, rgb, 0));
    Folder::with(&photo(&main, Some(&thumbnail), &preview).0)
}

#[test]
fn a_wide_cell_shows_thumbnail_preview_and_picture_one_after_the_other() {
    let folder = red_green_blue();
    let words = ["tile green 160", "tile blue 512", "tile red 480"];
    assert_eq!(folder.shown(tile_wish(Class::Large)), words);
    assert_eq!(folder.shown(tile_wish(Class::Medium)), words);
}

#[test]
fn no_preview_is_read_where_the_thumbnail_is_enough() {
    let words = red_green_blue().shown(tile_wish(Class::Small));
    assert_eq!(words, ["tile green 160", "tile red 480"]);
}

#[test]
fn a_preview_stands_in_for_a_thumbnail_that_is_not_there() {
    let [main, preview] =
        [([2400, 1800], RED), ([1440, 1080], BLUE)].map(|(size_px, rgb)| jpeg(size_px, rgb, 0));
    let folder = Folder::with(&photo(&main, None, &preview).0);
    assert_eq!(folder.shown(tile_wish(Class::Small)), ["tile blue 512", "tile red 480"]);
}

#[test]
fn the_loupe_shows_the_preview_until_the_picture_is_there() {
    let views = vec![ViewWish { photo: PhotoId(0), box_px: [2000, 1600], wants_full: false }];
    let words = red_green_blue().shown(Wish { views, ..Wish::default() });
    let views: Vec<_> = words.iter().filter(|word| word.starts_with("view")).collect();
    assert_eq!(views, ["view blue 1440", "view red 2000"]);
}

#[test]
fn a_broken_preview_costs_nothing_but_itself() {
    let [main, thumbnail] =
        [([2400, 1800], RED), ([160, 120], GREEN)].map(|(size_px, rgb)| jpeg(size_px, rgb, 0));
    let folder = Folder::with(&photo(&main, Some(&thumbnail), &[0xAB; 5000]).0);
    assert_eq!(folder.shown(tile_wish(Class::Large)), ["tile green 160", "tile red 480"]);
}

/// Decodes a preview for a photo of 6000 x 4000 pixels.
fn decoded(preview: &[u8], turn: Turn) -> Option<[u32; 2]> {
    let path = Path::new("a.jpg");
    let main_px = Some([6000, 4000]);
    let texels = picture::decode_preview(preview, turn, main_px, [4000, 4000], path).ok()?;
    Some(texels.size_px())
}

#[test]
fn a_preview_has_the_pictures_shape_and_stands_upright() {
    assert_eq!(decoded(&jpeg([1620, 1080], BLUE, 0), Turn::NONE), Some([1620, 1080]));
    assert_eq!(decoded(&jpeg([1620, 1080], BLUE, 0), Turn::from_exif(6)), Some([1080, 1620]));
    assert_eq!(decoded(&jpeg([1440, 1080], BLUE, 60), Turn::NONE), Some([1440, 960]));
    assert_eq!(decoded(&jpeg([1440, 1080], BLUE, 0), Turn::NONE), None, "another picture");
    assert_eq!(decoded(&jpeg([3000, 2000], BLUE, 0), Turn::NONE), None, "as slow as a tile");
}

#[test]
fn the_header_pass_tells_where_the_preview_lies_and_reads_none_of_it() {
    let preview = jpeg([1620, 1080], BLUE, 0);
    let noise = |x: u32, y: u32| Rgb([x.wrapping_mul(y).wrapping_mul(2_654_435_761) as u8; 3]);
    let mut main = Cursor::new(Vec::new());
    RgbImage::from_fn(900, 600, noise).write_to(&mut main, ImageFormat::Jpeg).expect("it fits");
    let (bytes, start) = photo(main.get_ref(), None, &preview);
    assert!(start > 100_000, "the preview lies behind what is read, at {start}");
    let folder = Folder::with(&bytes);
    let mut source = Source::open(&folder.photos().join("a.jpg")).expect("the file opens");
    let format = source.format().expect("the file is a JPEG");
    let meta = rushlight::disk::exif::read(&mut source, format, Path::new("a.jpg"));
    let range = meta.expect("the file is read").preview.expect("there is a preview");
    assert_eq!(range, start as u64..bytes.len() as u64);
    assert_eq!(source.bytes_read(), HEADER_BYTES as u64);
    assert_eq!(source.range(range).expect("the file is read"), preview);
}

#[test]
fn a_file_without_a_list_of_pictures_has_no_preview() {
    let Some(folder) = shared::folder("cameras") else { return };
    let mut listed = 0;
    for entry in std::fs::read_dir(folder).expect("the folder is listed") {
        let path = entry.expect("the folder is listed").path();
        if path.extension().is_none_or(|e| e != "jpg") {
            continue;
        }
        let mut source = Source::open(&path).expect("the file opens");
        let Ok(format) = source.format() else { continue };
        let meta = rushlight::disk::exif::read(&mut source, format, &path).expect("it is read");
        let bytes = source.whole().expect("the file is read");
        let has_list = bytes.windows(4).any(|four| four == b"MPF\0");
        listed += u32::from(has_list);
        let Some(range) = meta.preview else { continue };
        assert!(has_list, "{}", path.display());
        let preview = &bytes[range.start as usize..range.end as usize];
        let shown = picture::decode_preview(preview, meta.turn, meta.size_px, [1024, 1024], &path);
        assert!(shown.is_ok(), "{}: {shown:?}", path.display());
    }
    println!("{listed} photos of real cameras list several pictures");
}
