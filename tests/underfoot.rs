//! Photos that other programs cut off, replace, rewrite and remove while they are being decoded: each
//! answer is the old picture, the new one, or an error, never a mixture, and nothing panics.
//!
//! A picture is of one colour that belongs to its size, so a mixture of two is seen. The files are
//! small, so that hundreds of rounds take seconds, but longer than one read.

use std::fs;
use std::fs::File;
use std::io::Cursor;
use std::io::Write;
use std::path::Path;
use std::path::PathBuf;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering;
use std::thread;
use std::time::Duration;
use std::time::Instant;

use image::ImageFormat;
use image::Rgb;
use image::RgbImage;
use rushlight::core::photo::Turn;
use rushlight::disk::DiskError;
use rushlight::disk::DiskResult;
use rushlight::disk::picture;
use rushlight::disk::picture::Limits;
use rushlight::disk::source::Source;
use rushlight::jobs::decode::guarded;
use rushlight::jobs::decode::picture_in;

/// Readers at a time, and how often each looks.
const READERS: usize = 3;
const LOOKS: usize = 250;

/// Longer than a tick of any file system's clock that is likely here: 10 ms at 100 Hz.
const TICK: Duration = Duration::from_millis(12);

/// Longer than what is read first.
const FILE_BYTES: usize = 120_000;

/// Width, height and colour of the two pictures that take turns in a file.
const PICTURES: [([u32; 2], [u8; 3]); 2] =
    [([320, 240], [210, 30, 30]), ([240, 320], [30, 30, 210])];

/// The file of a picture: its size in the part that is read first, its colour in the part that is read
/// later, and both files of one length.
fn jpeg(which: usize) -> Vec<u8> {
    let ([width, height], rgb) = PICTURES[which];
    let mut bytes = Cursor::new(Vec::new());
    let picture = RgbImage::from_pixel(width, height, Rgb(rgb));
    picture.write_to(&mut bytes, ImageFormat::Jpeg).expect("it fits");
    let mut bytes = bytes.into_inner();
    let scan = bytes.windows(2).position(|two| two == [0xFF, 0xDA]).expect("there is a scan");
    let filling = |length: usize| {
        let length_bytes = u16::try_from(length).expect("it fits a segment").to_be_bytes();
        [&[0xFF, 0xEF], &length_bytes[..], &vec![0; length - 2]].concat()
    };
    let missing = FILE_BYTES - bytes.len();
    let fillings = [filling(60_000), filling(missing - 60_004)].concat();
    bytes.splice(scan..scan, fillings);
    assert_eq!(bytes.len(), FILE_BYTES);
    bytes
}

/// What a look at a photo gave.
#[derive(Debug, Default)]
struct Tally {
    pictures: [AtomicUsize; 2],
    changed: AtomicUsize,
    errors: AtomicUsize,
}

/// Decodes the photo and asks whether it is one of the two; gives which.
fn look(path: &Path, tally: &Tally) -> DiskResult<()> {
    let mut source = Source::open(path)?;
    source.header()?;
    // Another program has time to come between the two reads.
    thread::yield_now();
    let read = picture_in(&mut source, path);
    if matches!(read, Err(DiskError::Changed { .. })) {
        tally.changed.fetch_add(1, Ordering::Relaxed);
    }
    let (format, turn, bytes) = read?;
    assert_eq!(turn, Turn::NONE);
    let (texels, _) =
        picture::decode_full_and_fit(bytes, format, turn, &Limits::default(), [100, 100], path)?;
    let found = PICTURES.iter().position(|(size_px, rgb)| {
        let [width, height] = texels.size_px();
        let near = |at: [u32; 2]| {
            let [r, g, b, _] = texels.texel(at[0], at[1]);
            rgb.iter().zip([r, g, b]).all(|(a, b)| a.abs_diff(b) < 16)
        };
        texels.size_px() == *size_px
            && [[0, 0], [width / 2, height / 2], [width - 1, height - 1]].into_iter().all(near)
    });
    let found = found.unwrap_or_else(|| panic!("a mixture of {:?}", texels.size_px()));
    tally.pictures[found].fetch_add(1, Ordering::Relaxed);
    Ok(())
}

/// Lets readers look at a photo again and again while `change` is done to it.
#[track_caller]
fn check(change: impl Fn(&Path, usize) + Sync) -> Tally {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let path = folder.path().join("a.jpg");
    fs::write(&path, jpeg(0)).expect("room on the disk");
    let (tally, left) = (Tally::default(), AtomicUsize::new(READERS));
    let is_panicked = AtomicBool::new(false);
    thread::scope(|scope| {
        for _ in 0..READERS {
            scope.spawn(|| {
                for _ in 0..LOOKS {
                    match guarded(|| look(&path, &tally)) {
                        Ok(()) => {}
                        Err(words) => {
                            is_panicked.fetch_or(words.contains("gave up"), Ordering::Relaxed);
                            tally.errors.fetch_add(1, Ordering::Relaxed);
                            // Not to spend all looks on a file that is not there yet.
                            thread::sleep(TICK / 4);
                        }
                    }
                }
                left.fetch_sub(1, Ordering::Relaxed);
            });
        }
        let begin = Instant::now();
        for round in 1.. {
            if left.load(Ordering::Relaxed) == 0 {
                break;
            }
            assert!(begin.elapsed() < Duration::from_secs(120), "a reader hangs");
            change(&path, round);
        }
    });
    assert!(!is_panicked.into_inner(), "a look panicked: {tally:?}");
    let [first, second] = &tally.pictures;
    assert!(first.load(Ordering::Relaxed) > 0, "{tally:?}");
    assert!(second.load(Ordering::Relaxed) > 0, "{tally:?}");
    println!("{tally:?}");
    tally
}

fn beside(path: &Path) -> PathBuf {
    path.with_extension("new")
}

#[test]
fn a_photo_that_is_replaced_is_the_old_one_or_the_new_one() {
    let pictures = [jpeg(0), jpeg(1)];
    let tally = check(|path, round| {
        fs::write(beside(path), &pictures[round % 2]).expect("room on the disk");
        fs::rename(beside(path), path).expect("the folder is ours");
    });
    assert_eq!(tally.errors.into_inner(), 0, "there is a whole photo at any time");
}

#[test]
fn a_photo_that_is_rewritten_in_its_place_is_never_a_mixture() {
    let pictures = [jpeg(0), jpeg(1)];
    check(|path, round| {
        let mut file = File::options().write(true).open(path).expect("it is there");
        file.write_all(&pictures[round % 2]).expect("room on the disk");
        drop(file);
        thread::sleep(TICK);
    });
}

#[test]
fn a_photo_that_is_cut_off_and_written_anew_is_never_a_mixture() {
    let pictures = [jpeg(0), jpeg(1)];
    check(|path, round| {
        let picture = &pictures[round % 2];
        let mut file = File::options().write(true).open(path).expect("it is there");
        file.set_len((picture.len() / 3) as u64).expect("the file is ours");
        thread::yield_now();
        file.set_len(0).expect("the file is ours");
        for part in picture.chunks(40_000) {
            file.write_all(part).expect("room on the disk");
            thread::yield_now();
        }
        drop(file);
        thread::sleep(TICK);
    });
}

#[test]
fn a_photo_that_is_removed_and_comes_back_is_whole_or_an_error() {
    let pictures = [jpeg(0), jpeg(1)];
    check(|path, round| {
        fs::remove_file(path).expect("it is there");
        thread::yield_now();
        fs::write(beside(path), &pictures[round % 2]).expect("room on the disk");
        fs::rename(beside(path), path).expect("the folder is ours");
        thread::sleep(TICK / 4);
    });
}
